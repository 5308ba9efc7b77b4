//! Reads reports that are parsed already: JSON Lines of `{doc, text, published, source, title, url, tokens}` in, readings out.
//!
//!     cargo run -p dateline-reader --example read_parsed -- parses.jsonl > readings.jsonl

use std::error::Error;
use std::io::{BufRead, BufReader, Write};

use dateline_nlp::Doc;
use dateline_reader::{Lexicons, Reader};
use dateline_record::Report;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: read_parsed PARSES.jsonl")?;
    let reader = Reader::new(Lexicons::default())?;
    let mut out = std::io::stdout().lock();
    for line in BufReader::new(std::fs::File::open(path)?).lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let report: Report = serde_json::from_value(line.clone())?;
        let doc = Doc::from_json_tokens(&report.text, &line["tokens"])?;
        let reading = reader.read(&report, &doc);
        reading.check()?;
        serde_json::to_writer(&mut out, &reading)?;
        writeln!(out)?;
    }
    Ok(())
}
