//! Both predictions for the ecbplus set: `ecbplus DOCS.jsonl documents|mentions|lemmas [CUT]`, predictions on standard output.
//!
//! Uses `text` and the spans of `mentions` alone. `lemmas` is the baseline: mentions with one stem anywhere are one event.
use std::io::{BufRead as _, Write as _};

use dateline_corroborate::{Stories, trigger_key};

#[derive(serde::Deserialize)]
struct Doc {
    doc: String,
    text: String,
    #[serde(default)]
    mentions: Vec<Mention>,
}

#[derive(serde::Deserialize)]
struct Mention {
    start: usize,
    end: usize,
    text: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let (path, what) = (arguments.get(1).ok_or("no file")?, arguments.get(2).map_or("documents", String::as_str));
    let mut docs = Vec::new();
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        docs.push(serde_json::from_str::<Doc>(&line?)?);
    }
    let mut stories = match arguments.get(3) {
        Some(cut) => Stories::new(cut.parse()?),
        None => Stories::default(),
    };
    docs.iter().for_each(|doc| stories.learn(&doc.text));
    docs.iter().for_each(|doc| {
        stories.insert(&doc.text);
    });
    stories.settle();
    let mut out = std::io::stdout().lock();
    for (at, doc) in docs.iter().enumerate() {
        let story = stories.story(at).ok_or("a report without a story")?;
        if what == "documents" {
            writeln!(out, "{}", serde_json::json!({ "doc": doc.doc, "cluster": format!("s{story}") }))?;
            continue;
        }
        let mentions: Vec<serde_json::Value> = doc
            .mentions
            .iter()
            .map(|mention| {
                let key = trigger_key(&mention.text);
                let chain = if what == "lemmas" { format!("m {key}") } else { format!("s{story} {key}") };
                serde_json::json!({ "start": mention.start, "end": mention.end, "chain": chain })
            })
            .collect();
        writeln!(out, "{}", serde_json::json!({ "doc": doc.doc, "mentions": mentions }))?;
    }
    Ok(())
}
