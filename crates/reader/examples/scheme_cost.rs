//! What schemes of a user's own cost: time to load them, and time a token, with and without.
//!
//!     cargo run --release -p dateline-reader --example scheme_cost -- parses.jsonl [examples/ontology]
//!
//! The last rows are for made-up dictionaries as large as those that PETRARCH2 is used with.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use dateline_nlp::Doc;
use dateline_reader::{Lexicons, Reader, SchemeFile, SchemeKind};
use dateline_record::Report;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("usage: scheme_cost PARSES.jsonl [FOLDER]")?;
    let folder = args.next().unwrap_or_else(|| "examples/ontology".to_owned());
    let mut docs: Vec<(Report, Doc)> = Vec::new();
    for line in BufReader::new(std::fs::File::open(path)?).lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let report: Report = serde_json::from_value(line.clone())?;
        let doc = Doc::from_json_tokens(&report.text, &line["tokens"])?;
        docs.push((report, doc));
    }
    let tokens: usize = docs.iter().map(|(_, doc)| doc.len()).sum();
    let sample = |kind, name: &str| -> Result<SchemeFile, Box<dyn Error>> {
        let text = std::fs::read_to_string(Path::new(&folder).join(name))?;
        Ok(SchemeFile { kind, file: name.to_owned(), text })
    };
    let ontology = sample(SchemeKind::Ontology, "health.toml")?;
    let small = [
        sample(SchemeKind::Verbs, "sample.verbs")?,
        sample(SchemeKind::Actors, "sample.actors")?,
        sample(SchemeKind::Agents, "sample.agents")?,
    ];
    let large = large(&docs);
    let rows: [(&str, Vec<SchemeFile>); 4] = [
        ("no scheme", Vec::new()),
        ("sample ontology", vec![ontology]),
        ("sample dictionaries", small.to_vec()),
        ("large dictionaries", large.to_vec()),
    ];
    println!("{tokens} tokens in {} documents", docs.len());
    for (name, files) in rows {
        let bytes: usize = files.iter().map(|file| file.text.len()).sum();
        let lexicons = files.into_iter().fold(Lexicons::default(), Lexicons::with_scheme);
        let began = Instant::now();
        let reader = Reader::new(lexicons)?;
        let loaded = began.elapsed();
        let (mut best, mut codings) = (Duration::MAX, 0);
        for _ in 0..3 {
            let began = Instant::now();
            codings = 0;
            for (report, doc) in &docs {
                codings += reader.read(report, doc).claims.iter().map(|claim| claim.coding.len()).sum::<usize>();
            }
            best = best.min(began.elapsed());
        }
        let each = best.as_secs_f64() * 1e6 / tokens.max(1) as f64;
        println!("{name:20} {:8} bytes  loads in {loaded:8.1?}  {each:.3} µs a token  {codings} codings", bytes);
    }
    Ok(())
}

/// Dictionaries of 3,000 verbs with 12,000 patterns, of 60,000 names and 1,500 nouns; the verbs, and the words of patterns, are those of the
/// documents, so that they are met.
fn large(docs: &[(Report, Doc)]) -> [SchemeFile; 3] {
    let mut lemmas: Vec<(String, bool)> = Vec::new();
    for (_, doc) in docs {
        for at in 0..doc.len() {
            let (verb, noun) = (doc.pos(at) == "VERB", doc.pos(at) == "NOUN");
            let lemma = doc.lemma(at);
            if (verb || noun) && lemma.bytes().all(|byte| byte.is_ascii_lowercase()) && lemma.len() > 3 {
                lemmas.push((lemma.to_uppercase(), verb));
            }
        }
    }
    lemmas.sort_unstable();
    lemmas.dedup();
    let of = |wanted: bool| lemmas.iter().filter(move |(_, verb)| *verb == wanted).map(|(lemma, _)| lemma.as_str());
    let nouns: Vec<&str> = of(false).collect();
    let noun = |at: usize| nouns.get(at % nouns.len().max(1)).copied().unwrap_or("MEN");
    let mut verbs = String::from("&SET\n+GUN\n+HEAVY_MORTAR\n+TANK\n\n");
    for (at, verb) in of(true).take(3000).enumerate() {
        let _ = writeln!(verbs, "--- {verb} [{:02}0] ---\n{verb}", 2 + at % 18);
        for k in 0..4 {
            let (one, two) = (noun(7 * at + k), noun(13 * at + k));
            let pattern = ["* N", "* {M N}", "* (WITH &SET)", "N * (TO M)"][k].replace('N', one).replace('M', two);
            let _ = writeln!(verbs, "- {pattern} [{:02}1]", 3 + (at + k) % 17);
        }
    }
    let (mut actors, mut agents) = (String::new(), String::new());
    for at in 0..60_000 {
        let _ = writeln!(actors, "{}_{}_NAME{at}_ [UKRMIL <20200101]\n\t[UKRGOV >20200102]", noun(at), noun(at / 7));
    }
    for at in 0..1500 {
        let _ = writeln!(agents, "{} [~CVL]", noun(3 * at));
    }
    let file = |kind, text| SchemeFile { kind, file: "large".to_owned(), text };
    [file(SchemeKind::Verbs, verbs), file(SchemeKind::Actors, actors), file(SchemeKind::Agents, agents)]
}
