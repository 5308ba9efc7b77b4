//! Parses files: JSON Lines of `{doc, tokens}` on standard output; with `--bench N`, tokens per second instead.
//!
//!     cargo run --release -p dateline-nlp --example parse -- MODEL FILE…

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use dateline_nlp::Pipeline;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let rounds = match args.iter().position(|arg| arg == "--bench") {
        Some(at) => {
            let rounds = args.get(at + 1).ok_or("--bench takes a number")?.parse::<usize>()?;
            args.drain(at..at + 2);
            Some(rounds)
        }
        None => None,
    };
    let started = Instant::now();
    let pipeline = Pipeline::load(Path::new(args.first().ok_or("usage: parse MODEL FILE… [--bench ROUNDS]")?))?;
    let loaded = started.elapsed();
    let texts = args[1..].iter().map(std::fs::read_to_string).collect::<Result<Vec<String>, _>>()?;
    let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut worker = pipeline.worker();
    if let Some(rounds) = rounds {
        for _ in 0..rounds {
            let started = Instant::now();
            let tokens: usize = worker.parse_batch(&borrowed).iter().map(|doc| doc.len()).sum();
            let seconds = started.elapsed().as_secs_f64();
            println!("load {loaded:?}; {tokens} tokens in {seconds:.3} s: {:.0} tokens/s", tokens as f64 / seconds);
        }
        return Ok(());
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (path, doc) in args[1..].iter().zip(worker.parse_batch(&borrowed)) {
        let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
        writeln!(out, "{}", serde_json::json!({ "doc": stem, "tokens": doc.to_json_tokens() }))?;
    }
    Ok(())
}
