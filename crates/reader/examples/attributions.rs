//! Attributions alone, as readings: JSON Lines of `{doc, text, tokens}` in, for scoring on PolNeAR.
//!
//!     cargo run --release -p dateline-reader --example attributions -- parses.jsonl > readings.jsonl

use std::error::Error;
use std::io::{BufRead, BufReader, Write};

use dateline_nlp::Doc;
use dateline_reader::{Lexicons, attribution};
use dateline_record::{Attribution, Reading, Report, Span};
use dateline_text::TextIndex;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: attributions PARSES.jsonl")?;
    let rules = attribution::Rules::new(&Lexicons::default())?;
    let mut out = std::io::stdout().lock();
    for line in BufReader::new(std::fs::File::open(path)?).lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let report: Report = serde_json::from_value(line.clone())?;
        let doc = Doc::from_json_tokens(&report.text, &line["tokens"])?;
        let index = TextIndex::new(doc.text());
        let mut reading = Reading::not_read(&report, "en", String::new());
        for said in attribution::find(&rules, &doc).all.into_iter().filter(|said| said.listed) {
            let span = |tokens| Span::new(&index, doc.bytes(tokens));
            reading.attributions.push(Attribution {
                source: said.source.and_then(span).map(Into::into),
                cue: said.cue.and_then(span),
                content: said.marked.as_ref().unwrap_or(&said.content).iter().filter_map(|&run| span(run)).collect(),
                quote: said.quote,
            });
        }
        writeln!(out, "{}", serde_json::to_string(&reading)?)?;
    }
    Ok(())
}
