//! What the learned part of the stage `attribution` is trained on, and what it finds: JSON Lines of parses in; see `training/attribution/README.md`.
//!
//!     attribution_rows cues PARSES                      a row for every token that may be a cue's head
//!     attribution_rows parts PARSES CUES MODELS         a row for every part of the sentences of these cues
//!     attribution_rows spread PARSES CUES MODELS        a row for every piece beside these cues' sentences
//!     attribution_rows whole PARSES MODELS              a row for every draft of an attribution
//!     attribution_rows find PARSES MODELS [TUNING]      attributions, as readings
//!
//!     attribution_rows time PARSES                      what the stage costs, with and without its learned part
//!
//! A row is `key<TAB>document<TAB>features`. CUES is JSON Lines of `{doc, cues: [{head, content: [token, …]}]}`. MODELS is a folder with
//! `cue.bin`, `part.bin`, `spread.bin`, `whole.bin`, or with such folders named `0` to `4`, the fold of a document being its line number modulo 5.

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use dateline_nlp::{Doc, TokenRange};
use dateline_reader::attribution::learned::{Models, Tuning};
use dateline_reader::learned::{Feature, Linear};
use dateline_reader::{Lexicons, attribution};
use dateline_record::{Attribution, Reading, Report, Span};
use dateline_text::TextIndex;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cues {
    doc: String,
    cues: Vec<Cue>,
}

#[derive(Clone, Deserialize)]
struct Cue {
    head: usize,
    content: Vec<usize>,
}

const FOLDS: usize = 5;

fn linear(folder: &Path, name: &str) -> Result<Linear, Box<dyn Error>> {
    let path = folder.join(name);
    let bytes = if path.exists() { std::fs::read(path)? } else { std::fs::read(folder.join("cue.bin"))? };
    Ok(Linear::from_bytes(bytes.leak())?)
}

fn models(folder: &Path, tuning: Tuning) -> Result<Models, Box<dyn Error>> {
    Ok(Models {
        cue: linear(folder, "cue.bin")?,
        part: linear(folder, "part.bin")?,
        spread: linear(folder, "spread.bin")?,
        whole: linear(folder, "whole.bin")?,
        tuning,
    })
}

fn row(out: &mut impl Write, key: &str, doc: &str, features: &[Feature]) -> std::io::Result<()> {
    write!(out, "{key}\t{doc}\t")?;
    for (at, feature) in features.iter().enumerate() {
        write!(out, "{}{}", if at == 0 { "" } else { " " }, feature.bits())?;
    }
    writeln!(out)
}

fn join(tokens: impl Iterator<Item = usize>) -> String {
    tokens.map(|at| at.to_string()).collect::<Vec<_>>().join(",")
}

/// Prints microseconds a token, the best of five rounds.
fn time(path: &str) -> Result<(), Box<dyn Error>> {
    let mut docs = Vec::new();
    for line in BufReader::new(File::open(path)?).lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        docs.push(Doc::from_json_tokens(line["text"].as_str().unwrap_or_default(), &line["tokens"])?);
    }
    let tokens: usize = docs.iter().map(Doc::len).sum();
    let rules = attribution::Rules::new(&Lexicons::default())?;
    let alone = attribution::Rules::new(&Lexicons::default())?.alone();
    for (name, rules) in [("rules alone", &alone), ("with the learned part", &rules)] {
        let round = || {
            let began = std::time::Instant::now();
            let found: usize = docs.iter().map(|doc| attribution::find(rules, doc).all.len()).sum();
            (began.elapsed().as_secs_f64() * 1e6 / tokens as f64, found)
        };
        let best = (0..5).map(|_| round()).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
        println!("{name}: {:.2} µs a token, {} attributions, {tokens} tokens", best.0, best.1);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let usage = "usage: attribution_rows cues|parts|spread|whole|find|time PARSES …";
    let (stage, path) = (args.first().ok_or(usage)?.as_str(), args.get(1).ok_or(usage)?);
    let rules = attribution::Rules::new(&Lexicons::default())?;
    if stage == "time" {
        return time(path);
    }
    let mut cues: HashMap<String, Vec<Cue>> = HashMap::new();
    if matches!(stage, "parts" | "spread") {
        for line in BufReader::new(File::open(args.get(2).ok_or(usage)?)?).lines() {
            let line: Cues = serde_json::from_str(&line?)?;
            cues.insert(line.doc, line.cues);
        }
    }
    let folder = match stage {
        "parts" | "spread" => args.get(3),
        "whole" | "find" => args.get(2),
        _ => None,
    };
    let mut tuning = Tuning::default();
    if let Some(numbers) = args.get(3).filter(|_| stage == "find") {
        let numbers: Vec<f32> = numbers.split(',').map(str::parse).collect::<Result<_, _>>()?;
        if let [whole, content, source, spread] = numbers[..] {
            tuning = Tuning { whole, content, source, spread };
        }
    }
    let mut all: Vec<Models> = Vec::new();
    if let Some(folder) = folder.map(Path::new) {
        if folder.join("0").exists() {
            for fold in 0..FOLDS {
                all.push(models(&folder.join(fold.to_string()), tuning)?);
            }
        } else {
            all.push(models(folder, tuning)?);
        }
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (number, line) in BufReader::new(File::open(path)?).lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let name = line["doc"].as_str().unwrap_or_default().to_owned();
        let report: Report = serde_json::from_value(line.clone())?;
        let doc = Doc::from_json_tokens(&report.text, &line["tokens"])?;
        let fold = if all.is_empty() { None } else { all.get(number % all.len()) };
        let cues = cues.get(&name).cloned().unwrap_or_default();
        attribution::see(&rules, &doc, |seen| -> Result<(), Box<dyn Error>> {
            match (stage, fold) {
                ("cues", _) => {
                    for (at, features) in seen.cue_rows() {
                        row(&mut out, &at.to_string(), &name, &features)?;
                    }
                }
                ("parts", Some(models)) => {
                    let scores = seen.scores(models);
                    for cue in &cues {
                        for (tokens, features) in seen.part_rows(cue.head, &scores) {
                            row(&mut out, &format!("{}:{}", cue.head, join(tokens.into_iter())), &name, &features)?;
                        }
                    }
                }
                ("spread", Some(models)) => {
                    let scores = seen.scores(models);
                    for cue in &cues {
                        let here = doc.sentences()[doc.sentence_of(cue.head)];
                        let content: Vec<usize> = cue.content.iter().copied().filter(|&at| here.contains(at)).collect();
                        let belongs = |tokens: TokenRange, _: &[Feature]| {
                            let words = tokens.indices().filter(|&at| !matches!(doc.pos(at).as_str(), "PUNCT" | "SPACE"));
                            let (all, said) = words.fold((0, 0), |(all, said), at| {
                                (all + 1, said + usize::from(cue.content.binary_search(&at).is_ok()))
                            });
                            2 * said >= all
                        };
                        for (tokens, features) in seen.spread_rows(cue.head, &content, &scores, belongs) {
                            row(&mut out, &format!("{}:{}", cue.head, join(tokens.indices())), &name, &features)?;
                        }
                    }
                }
                ("whole", Some(models)) => {
                    for (judged, features) in seen.whole_rows(models, &seen.scores(models)) {
                        let content = join(judged.content.iter().flat_map(|run| run.indices()));
                        let source = join(judged.source.iter().flat_map(|(_, tokens)| tokens.indices()));
                        row(&mut out, &format!("{}:{content}:{source}", judged.cue_head), &name, &features)?;
                    }
                }
                ("find", Some(models)) => {
                    let index = TextIndex::new(doc.text());
                    let mut reading = Reading::not_read(&report, "en", String::new());
                    for judged in seen.judge(models, &seen.scores(models)) {
                        let span = |tokens| Span::new(&index, doc.bytes(tokens));
                        reading.attributions.push(Attribution {
                            source: judged.source.and_then(|(_, tokens)| span(tokens)).map(Into::into),
                            cue: span(judged.cue),
                            content: judged.content.iter().filter_map(|&run| span(run)).collect(),
                            quote: None,
                        });
                    }
                    writeln!(out, "{}", serde_json::to_string(&reading)?)?;
                }
                _ => return Err(usage.into()),
            }
            Ok(())
        })?;
    }
    Ok(())
}
