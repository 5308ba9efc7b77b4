//! Tables of expressions with what they mean, over parses made once by `scripts/parse_fixtures.py`.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use dateline_nlp::Doc;
use dateline_reader::{quantities, times};
use dateline_record::Report;

fn parses(lines: &str) -> HashMap<String, Doc> {
    let parse = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = line["text"].as_str().unwrap().to_owned();
        let doc = Doc::from_json_tokens(&text, &line["tokens"]).unwrap();
        (text, doc)
    };
    lines.lines().map(parse).collect()
}

/// Compares each row of a table with what `read` makes of its sentence and second column; tells all rows that differ.
#[track_caller]
fn check(table: &str, parses: &HashMap<String, Doc>, read: impl Fn(&Doc, &str) -> Vec<String>) {
    let (mut rows, mut wrong) = (0, Vec::new());
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (sentence, column, expected) = match fields[..] {
            [sentence, expected] => (sentence, "", expected),
            [sentence, column, expected] => (sentence, column, expected),
            _ => panic!("not two or three columns: {line}"),
        };
        let doc = parses.get(sentence).unwrap_or_else(|| panic!("no parse; run scripts/parse_fixtures.py: {sentence}"));
        let found = read(doc, column);
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join("; ") };
        rows += 1;
        if found != expected {
            wrong.push(format!("{sentence} [{column}]\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(rows >= 80, "only {rows} rows");
    assert!(wrong.is_empty(), "{} of {rows} rows differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn times_mean_what_the_table_says() {
    check(include_str!("times.tsv"), &parses(include_str!("fixtures/times.jsonl")), |doc, published| {
        let published = (published != "-").then(|| published.parse().unwrap());
        let report = Report { text: doc.text().to_owned(), published, ..Report::default() };
        times::find(&report, doc)
            .iter()
            .map(|time| format!("{}={}", doc.words(time.tokens), time.edtf.as_ref().map_or("none", |edtf| edtf.as_str())))
            .collect()
    });
}

#[test]
fn quantities_mean_what_the_table_says() {
    let bound = |bound: Option<i64>| bound.map_or(String::new(), |bound| bound.to_string());
    check(include_str!("quantities.tsv"), &parses(include_str!("fixtures/quantities.jsonl")), |doc, _| {
        quantities::find(doc)
            .iter()
            .map(|count| {
                let about = if count.approx { "~" } else { "" };
                format!("{}={about}{}..{}", doc.words(count.tokens), bound(count.min), bound(count.max))
            })
            .collect()
    });
}
