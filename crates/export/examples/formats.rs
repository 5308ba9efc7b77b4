//! Writes every format of many copies of an invented event into a directory, and says how fast.
//!
//! Run: `cargo run --release -p dateline-export --example formats -- OUT 100000`
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

use dateline_export::{Case, Event, Format, Manifest, Options, write};

#[path = "../tests/it/sample.rs"]
#[allow(dead_code, unreachable_pub)]
mod sample;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().unwrap_or_else(|| "target/export-sample".into());
    let count: u64 = arguments.next().map_or(2, |count| count.parse().unwrap());
    std::fs::create_dir_all(&directory).unwrap();
    let case: Case = sample::case();
    let mut manifest = Manifest::new(&case, false);
    for &format in Format::all() {
        let name = format!("sample.{}", format.extension());
        let events = (0..count).map(|number| {
            let event = if number == 1 { sample::bare() } else { sample::full() };
            Ok::<_, Infallible>(Event { id: format!("e-{number}"), ..event })
        });
        let start = Instant::now();
        let out = File::create(Path::new(&directory).join(&name)).unwrap();
        let written = write(format, &case, events, &Options::default(), out).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        println!("{format:15} {:9} rows {:12} bytes {:10.0} events/s", written.rows, written.bytes, count as f64 / seconds);
        manifest.add(&name, format, &written);
    }
    std::fs::write(Path::new(&directory).join("manifest.json"), manifest.to_json().unwrap()).unwrap();
    println!("{}", manifest.citation());
}
