//! Parses files: JSON Lines of `{doc, tokens}` on standard output, with one thread.
//!
//!     cargo run --release -p dateline-nlp --example parse -- MODEL FILE…
//!
//! With `--bench THREADS`, times instead: for each line on standard input all files are parsed once, and one line
//! `{"load_s", "tokens", "seconds"}` comes back (`scripts/bench_against_spacy.py` drives it so, in turn with spaCy).

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use dateline_nlp::{Pipeline, Worker};

/// Texts that a thread takes from the others' at once.
const SHARE: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let threads = match args.iter().position(|arg| arg == "--bench") {
        Some(at) => args.drain(at..(at + 2).min(args.len())).nth(1).map(|threads| threads.parse::<usize>()).transpose()?,
        None => None,
    };
    let started = Instant::now();
    let pipeline = Pipeline::load(Path::new(args.first().ok_or("usage: parse MODEL FILE… [--bench THREADS]")?))?;
    let loaded = started.elapsed();
    let texts = args[1..].iter().map(std::fs::read_to_string).collect::<Result<Vec<String>, _>>()?;
    let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
    let Some(threads) = threads else {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for (path, doc) in args[1..].iter().zip(pipeline.worker().parse_batch(&borrowed)) {
            let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
            writeln!(out, "{}", serde_json::json!({ "doc": stem, "tokens": doc.to_json_tokens() }))?;
        }
        return Ok(());
    };
    let mut workers: Vec<Worker<'_>> = (0..threads.max(1)).map(|_| pipeline.worker()).collect();
    for line in std::io::stdin().lines() {
        line?;
        let started = Instant::now();
        let tokens = parse_all(&mut workers, &borrowed);
        let seconds = started.elapsed().as_secs_f64();
        println!("{}", serde_json::json!({ "load_s": loaded.as_secs_f64(), "tokens": tokens, "seconds": seconds }));
    }
    Ok(())
}

/// Parses all texts, each worker on a thread of its own, and counts tokens.
fn parse_all(workers: &mut [Worker<'_>], texts: &[&str]) -> usize {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let next = &next;
    std::thread::scope(|scope| {
        let take = || texts.chunks(SHARE).nth(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let running: Vec<_> = workers
            .iter_mut()
            .map(|worker| {
                scope.spawn(move || {
                    let mut tokens = 0;
                    while let Some(share) = take() {
                        tokens += worker.parse_batch(share).iter().map(dateline_nlp::Doc::len).sum::<usize>();
                    }
                    tokens
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    })
}
