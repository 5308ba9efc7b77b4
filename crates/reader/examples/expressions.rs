//! What is read of times and counts in texts that are parsed already: to look at, and to time.
//!
//!     expressions FILE [--bare]     FILE: JSON Lines, {"text", "published"?, "tokens"}; one line an expression, in brackets with its text around
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, missing_docs)]

use dateline_nlp::{Doc, TokenRange};
use dateline_reader::{quantities, times};
use dateline_record::Report;

fn main() {
    let file = std::env::args().nth(1).expect("a file of parses");
    let (mut spent, mut tokens) = (std::time::Duration::ZERO, 0);
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = line["text"].as_str().unwrap();
        let doc = Doc::from_json_tokens(text, &line["tokens"]).unwrap();
        let published = line["published"].as_str().and_then(|date| date.parse().ok());
        let report = Report { text: text.to_owned(), published, ..Report::default() };
        let start = std::time::Instant::now();
        let (times, counts) = (times::find(&report, &doc), quantities::find(&doc));
        spent += start.elapsed();
        tokens += doc.len();
        println!("## {} {}", line["doc"].as_str().unwrap_or_default(), line["published"].as_str().unwrap_or("-"));
        let around = |range: TokenRange| {
            let sentence = doc.sentences()[doc.sentence_of(range.start)];
            let from = sentence.start.max(range.start.saturating_sub(9));
            let to = sentence.end.min(range.end + 9).max(range.end);
            let words = |start, end| if start < end { doc.words(TokenRange { start, end }) } else { "" };
            let shown = format!("{} [[{}]] {}", words(from, range.start), doc.words(range), words(range.end, to));
            shown.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        for time in &times {
            let value = time.edtf.as_ref().map_or("none", |edtf| edtf.as_str());
            println!("T\t{value}\t{}\t{}", time.why, around(time.tokens));
        }
        for count in &counts {
            let bound = |bound: Option<i64>| bound.map_or(String::new(), |bound| bound.to_string());
            let about = if count.approx { "~" } else { "" };
            println!("Q\t{about}{}..{}\t{}\t{}", bound(count.min), bound(count.max), count.why, around(count.tokens));
        }
    }
    eprintln!("{tokens} tokens, {:.3} µs a token", spent.as_secs_f64() * 1e6 / tokens as f64);
}
