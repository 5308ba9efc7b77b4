//! Codes sentences with a marked source and target, as the `plv` set has them: what the one does to the other.
//!
//!     cargo run -p dateline-reader --example plv -- plv-parses.jsonl > predictions.jsonl
//!     cargo run -p dateline-reader --example plv -- parses.jsonl --features > rows.txt
//!
//! In: JSON Lines of `{doc, text, source_actor, target_actor, gold_root?, tokens}`, `doc` ending in the row's number. Out: `{row, root}`.
//! With `--rules` the best happening decides alone; with `--why` scores and reasons come too; with `--features` the rows that
//! `training/plover` fits on: `root<TAB>doc<TAB>features`. `--no-votes` hides the happenings, to see what the words alone can do.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};

use dateline_nlp::Doc;
use dateline_reader::Lexicons;
use dateline_reader::attribution::Attributions;
use dateline_reader::coreference::Entities;
use dateline_reader::happenings;
use dateline_reader::mentions::Mentions;
use dateline_reader::relation::{Coder, Question, tokens_of, votes};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: plv PARSES.jsonl [--rules | --why | --features]")?;
    let wants = |flag: &str| std::env::args().any(|argument| argument == flag);
    let (by_rules, why, features) = (wants("--rules"), wants("--why"), wants("--features"));
    let rules = happenings::Rules::new(&Lexicons::default())?;
    let coder = Coder::new()?;
    let mut out = std::io::stdout().lock();
    for line in BufReader::new(std::fs::File::open(path)?).lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let words = |key: &str| line[key].as_str().unwrap_or_default();
        let row: u64 = words("doc").rsplit('-').next().unwrap_or_default().parse()?;
        let doc = Doc::from_json_tokens(words("text"), &line["tokens"])?;
        let mut found = happenings::find(&rules, &doc, &Mentions::default(), &Entities::default(), &Attributions::default());
        if wants("--no-votes") {
            found.all.clear();
        }
        let source = tokens_of(&doc, words("source_actor"));
        let target = tokens_of(&doc, words("target_actor"));
        let question = Question { rules: &rules, doc: &doc, found: &found, source: &source, target: &target };
        if features {
            let features: Vec<String> = question.features().iter().map(|feature| feature.bits().to_string()).collect();
            writeln!(out, "{}\t{}\t{}", words("gold_root"), words("doc"), features.join(" "))?;
            continue;
        }
        let votes = votes(&question);
        let relation = coder.code(&question);
        let root = if by_rules { votes.first().map(|vote| vote.root.to_owned()) } else { Some(relation.root) };
        let mut answer = serde_json::json!({ "row": row, "root": root });
        if why {
            for key in ["gold_root", "text", "source_actor", "target_actor"] {
                answer[key] = line[key].clone();
            }
            answer["scores"] = relation.scores.iter().take(3).map(|(root, score)| serde_json::json!([root, score])).collect();
            answer["why"] = relation.why.into();
            answer["votes"] = votes
                .iter()
                .map(|vote| serde_json::json!([doc.word(vote.happening.trigger), vote.root, vote.entry(), vote.fit]))
                .collect();
        }
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)?;
    }
    Ok(())
}
