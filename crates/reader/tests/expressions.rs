//! Tables of expressions with what they mean, over parses made once by `scripts/parse_fixtures.py`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::HashMap;

use dateline_nlp::Doc;
use dateline_reader::{quantities, times};
use dateline_record::{Edtf, Report};
use proptest::prelude::*;

fn parses(lines: &str) -> HashMap<String, Doc> {
    let parse = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = line["text"].as_str().unwrap().to_owned();
        let doc = Doc::from_json_tokens(&text, &line["tokens"]).unwrap();
        (text, doc)
    };
    lines.lines().map(parse).collect()
}

/// The share of rows that must be right.
const GOAL: f64 = 0.97;

/// Compares each row of a table with what `read` makes of its sentence and second column. Prints every row that differs; fails where their
/// share is above what the goal allows, where a row differs that is not in `known`, and where one in `known` is right.
#[track_caller]
fn check(table: &str, least: usize, known: &[&str], parses: &HashMap<String, Doc>, read: impl Fn(&Doc, &str) -> Vec<String>) {
    let (mut rows, mut wrong, mut news) = (0, Vec::new(), Vec::new());
    let mut kind = "";
    let mut unseen: Vec<&str> = known.to_vec();
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(comment) = line.strip_prefix("# ") {
            kind = comment;
            continue;
        }
        if line.starts_with('#') {
            continue;
        }
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
            wrong.push(format!("{sentence} [{column}] ({kind})\n  expected {expected}\n  found    {found}"));
            unseen.retain(|row| *row != sentence);
            if !known.contains(&sentence) {
                news.push(sentence);
            }
        }
    }
    let right = 1.0 - wrong.len() as f64 / rows as f64;
    println!("{} of {rows} rows differ, {right:.3} are right:\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows >= least, "only {rows} rows");
    assert!(right >= GOAL, "{right:.3} of {rows} rows are right, {GOAL} is the goal");
    assert!(news.is_empty(), "rows that were right before: {news:#?}");
    assert!(unseen.is_empty(), "rows that are right now; take them off the list: {unseen:#?}");
}

/// Rows of `times.tsv` that are read wrongly.
const WRONG_TIMES: &[&str] = &[
    // The parse glues the full stop to the clock time.
    "The sensor failed at 2023-09-03T05:40Z.",
    // The parse takes *dinars* for the verb, and the recogniser the sum for a year.
    "Fuel costs 2010 dinars a barrel.",
    // The tokenizer parts *Wed.* as *we'd* without its apostrophe.
    "A grenade went off in the bazaar on Wed., Nov. 9.",
];

/// Rows of `quantities.tsv` that are read wrongly.
const WRONG_QUANTITIES: &[&str] = &[];

#[test]
fn times_mean_what_the_table_says() {
    check(include_str!("times.tsv"), 300, WRONG_TIMES, &parses(include_str!("fixtures/times.jsonl")), |doc, published| {
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
    check(include_str!("quantities.tsv"), 200, WRONG_QUANTITIES, &parses(include_str!("fixtures/quantities.jsonl")), |doc, _| {
        quantities::find(doc)
            .iter()
            .map(|count| {
                let about = if count.approx { "~" } else { "" };
                format!("{}={about}{}..{}", doc.words(count.tokens), bound(count.min), bound(count.max))
            })
            .collect()
    });
}

/// Words of which times and counts are made, and others.
const WORDS: &[&str] = &[
    "the",
    "a",
    "of",
    "in",
    "on",
    "by",
    "since",
    "until",
    "from",
    "to",
    "and",
    "or",
    ",",
    ".",
    "-",
    "–",
    "/",
    "'s",
    "between",
    "before",
    "after",
    "last",
    "next",
    "this",
    "past",
    "first",
    "second",
    "14th",
    "week",
    "weeks",
    "month",
    "day",
    "days",
    "hours",
    "years",
    "ago",
    "later",
    "earlier",
    "half",
    "quarter",
    "early",
    "late",
    "mid",
    "mid-May",
    "May",
    "Dec.",
    "December",
    "March",
    "Monday",
    "Friday",
    "14",
    "3",
    "31",
    "29",
    "2024",
    "1999",
    "2016-17",
    "1990s",
    "'",
    "70s",
    "century",
    "31/04/2024",
    "3/4/24",
    "141500ZDEC24",
    "2024-02-29",
    "9999",
    "0000",
    "spring",
    "winter",
    "today",
    "yesterday",
    "overnight",
    "into",
    "that",
    "same",
    "previous",
    "few",
    "couple",
    "dozens",
    "hundreds",
    "tens",
    "thousands",
    "million",
    "billion",
    "dozen",
    "more",
    "than",
    "least",
    "at",
    "up",
    "over",
    "under",
    "about",
    "fewer",
    "no",
    "not",
    "soldiers",
    "people",
    "killed",
    "was",
    "will",
    "one",
    "two",
    "twenty",
    "99999999999999999",
    "$",
    "€",
    "1.2",
    "1,50,000",
    "strong",
    "member",
    "plus",
    "odd",
    "+",
    "out",
    "them",
    "eve",
    "new",
    "year",
    "New",
    "Year",
    "Christmas",
    "Day",
    "fiscal",
    "FY2021",
    "now",
    "within",
    "every",
    "ä–ö",
    "🚁",
    "14–16",
    "200–250",
    "１２",
    "st",
    "beginning",
    "end",
    "so",
    "%",
    "km",
    "third",
    "others",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever the words and however wrong their parse: no panic, spans inside the text, bounds in order, dates that are dates.
    #[test]
    fn any_parse_is_read(
        rows in prop::collection::vec((0..WORDS.len(), 0usize..40, 0usize..9, 0usize..8, 0usize..6, any::<bool>()), 1..40),
        published in prop::option::of("(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?"),
    ) {
        let tags = ["NN", "NNS", "NNP", "CD", "VBD", "VB", "IN", "JJ", "RB"];
        let poses = ["NOUN", "NOUN", "PROPN", "NUM", "VERB", "VERB", "ADP", "ADJ", "ADV"];
        let deps = ["nsubj", "dobj", "pobj", "nummod", "prep", "amod", "compound", "aux"];
        let entities = ["", "", "DATE", "CARDINAL", "ORG", "MONEY"];
        let (mut text, mut tokens) = (String::new(), Vec::new());
        let count = rows.len();
        for (at, (word, head, tag, dep, entity, space)) in rows.into_iter().enumerate() {
            let word = WORDS[word];
            let begin = text.chars().count();
            text.push_str(word);
            if space {
                text.push(' ');
            }
            let iob = if entities[entity].is_empty() { "O" } else { "B" };
            tokens.push(serde_json::json!([
                word, begin, space, tags[tag], poses[tag], word.to_lowercase(), deps[dep], head.min(count - 1), iob, entities[entity], at % 13 == 0
            ]));
        }
        let doc = Doc::from_json_tokens(&text, &serde_json::Value::Array(tokens)).unwrap();
        let published: Option<Edtf> = published.map(|date| date.parse().unwrap());
        let report = Report { text: text.clone(), published, ..Report::default() };
        let mut before = 0;
        for time in times::find(&report, &doc) {
            prop_assert!(before <= time.tokens.start && time.tokens.start < time.tokens.end && time.tokens.end <= doc.len());
            prop_assert!(time.tokens.contains(time.head));
            if let Some(edtf) = &time.edtf {
                prop_assert!(edtf.as_str().parse::<Edtf>().is_ok());
            }
            before = time.tokens.end;
        }
        for count in quantities::find(&doc) {
            prop_assert!(count.tokens.start < count.tokens.end && count.tokens.end <= doc.len() && count.head < doc.len());
            prop_assert!(count.min.is_some() || count.max.is_some());
            if let (Some(min), Some(max)) = (count.min, count.max) {
                prop_assert!(min <= max, "{} {min}..{max}", doc.words(count.tokens));
            }
        }
    }
}
