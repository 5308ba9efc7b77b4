//! Parses reports as `dateline read` does, paragraph by paragraph: JSON Lines with `text` in, the same objects with `tokens` out.
//!
//!     cargo run --release -p dateline-reader --example parse_reports -- MODEL reports.jsonl > parses.jsonl

use std::error::Error;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use dateline_nlp::Pipeline;
use dateline_reader::layout;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (model, path) = args.next().zip(args.next()).ok_or("usage: parse_reports MODEL reports.jsonl")?;
    let pipeline = Pipeline::load(Path::new(&model))?;
    let mut worker = pipeline.worker();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in BufReader::new(std::fs::File::open(path)?).lines() {
        let mut line: serde_json::Value = serde_json::from_str(&line?)?;
        let text = line["text"].as_str().unwrap_or_default();
        let doc = layout::parse(&mut worker, text);
        line["tokens"] = doc.to_json_tokens();
        serde_json::to_writer(&mut out, &line)?;
        writeln!(out)?;
    }
    Ok(())
}
