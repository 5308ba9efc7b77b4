//! Every rule of the lexicons fires on its own examples, with the real model.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use dateline::record::{Reading, Report};
use dateline::{Dateline, ModelStore, Silent};
use dateline_reader::Lexicons;
use dateline_reader::attribution::{self, Rules};
use toml::{Table, Value};

/// A dateline and the lexicon's file `name`, parsed.
fn setup(name: &str) -> (Dateline, Table) {
    let store = ModelStore::at(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reader/lexicon").join(name);
    let lexicon = std::fs::read_to_string(path).unwrap().parse().unwrap();
    (Dateline::builder().store(store).build(&Silent).unwrap(), lexicon)
}

fn read(dateline: &Dateline, text: &str) -> Reading {
    dateline.read(&Report { text: text.to_owned(), language: Some("en".to_owned()), ..Report::default() }).unwrap()
}

fn texts<'v>(entry: &'v Value, key: &str) -> Vec<&'v str> {
    entry.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Examples on which `fires` says no, as a list to read.
fn misses(entries: &[Value], dateline: &Dateline, fires: impl Fn(&Value, &Reading) -> bool) -> (Vec<String>, usize) {
    let (mut missed, mut count) = (Vec::new(), 0);
    for entry in entries {
        for example in texts(entry, "examples") {
            count += 1;
            if !fires(entry, &read(dateline, example)) {
                let name =
                    entry.get("id").and_then(Value::as_str).or_else(|| texts(entry, "lemmas").first().copied()).unwrap_or("?");
                missed.push(format!("{name}: {example}"));
            }
        }
    }
    (missed, count)
}

fn entries<'t>(lexicon: &'t Table, kind: &str) -> &'t [Value] {
    lexicon.get(kind).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[test]
fn triggers_fire_on_their_examples() {
    let (mut all, mut failed) = (0, Vec::new());
    for file in ["events_conflict.toml", "events_material.toml", "events_verbal.toml"] {
        let (dateline, lexicon) = setup(file);
        let entries: Vec<Value> = entries(&lexicon, "entry")
            .iter()
            .filter(|entry| entry.get("code").and_then(Value::as_str) != Some("none"))
            .cloned()
            .collect();
        // An entry may leave its example to one that fits better, as long as that codes the same.
        let fires = |entry: &Value, reading: &Reading| {
            let mut code = entry["code"].as_str().unwrap_or_default().split_whitespace();
            let (kind, mode) = (code.next().unwrap_or_default(), code.next());
            reading.claims.iter().any(|claim| match kind {
                "circulation" => claim.circulation.is_some(),
                _ => {
                    claim.event.kind.is_some_and(|it| it.as_str() == kind)
                        && mode.is_none_or(|mode| claim.event.mode.is_some_and(|it| it.as_str() == mode))
                }
            })
        };
        let (missed, count) = misses(&entries, &dateline, fires);
        all += count;
        failed.extend(missed.into_iter().map(|miss| format!("{file}: {miss}")));
    }
    assert!(all > 250, "only {all} examples: are the files read right?");
    assert!(failed.is_empty(), "{} of {all} examples do not fire their entry:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn attribution_cues_fire_on_their_examples() {
    let (dateline, lexicon) = setup("attribution.toml");
    let (mut all, mut failed) = (0, Vec::new());
    // What a reading lists is the models' choice; an entry has fired when a claim in the content would hang on it.
    let rules = Rules::new(&Lexicons::default()).unwrap().alone();
    for kind in ["verb", "noun", "adjective", "adverb", "attributive", "phrase"] {
        let fires = |_: &Value, reading: &Reading| {
            let parsed = dateline.parse(&reading.document.text).unwrap();
            attribution::find(&rules, &parsed).all.iter().any(|said| !said.content.is_empty() && said.cue.is_some())
        };
        let (missed, count) = misses(entries(&lexicon, kind), &dateline, fires);
        all += count;
        failed.extend(missed.into_iter().map(|miss| format!("{kind} {miss}")));
    }
    assert!(all > 35 && failed.is_empty(), "{} of {all} examples do not fire their entry:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn factuality_cues_fire_on_their_examples() {
    let (dateline, lexicon) = setup("factuality.toml");
    let (mut all, mut failed) = (0, Vec::new());
    for kind in ["modal", "adverb", "determiner", "preposition", "mark", "adjective", "governor"] {
        let kept = |entry: &&Value| entry["effect"].as_str() != Some("certain");
        let entries: Vec<Value> = entries(&lexicon, kind).iter().filter(kept).cloned().collect();
        let fires = |entry: &Value, reading: &Reading| {
            let parsed = dateline.parse(&reading.document.text).unwrap();
            let lemma_of =
                |words: &str| (0..parsed.len()).find(|&at| parsed.word(at) == words).map(|at| parsed.lemma(at).to_lowercase());
            let lemmas = texts(entry, "lemmas");
            reading.claims.iter().flat_map(|claim| &claim.factuality.cues).flat_map(|cue| cue.text().split_whitespace()).any(
                |word| {
                    let lemma = lemma_of(word);
                    lemmas.contains(&word.to_lowercase().as_str()) || lemma.is_some_and(|lemma| lemmas.contains(&lemma.as_str()))
                },
            )
        };
        let (missed, count) = misses(&entries, &dateline, fires);
        all += count;
        failed.extend(missed.into_iter().map(|miss| format!("{kind} {miss}")));
    }
    assert!(all > 20 && failed.is_empty(), "{} of {all} examples do not fire their entry:\n{}", failed.len(), failed.join("\n"));
}
