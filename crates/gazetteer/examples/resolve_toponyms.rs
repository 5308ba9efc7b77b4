//! Resolves given place names: reads documents `{doc, text, toponyms: [{start, end}]}` as JSON Lines (code points), writes the same spans with
//! lat, lon, geonameid and why. A name after a comma or in brackets counts as what the name before it lies in.
//!
//!   cargo run --release -p dateline-gazetteer --example resolve_toponyms -- a.jsonl b.jsonl > predictions.jsonl

use std::error::Error;
use std::io::{BufWriter, Write};

use dateline_gazetteer::{Context, Gazetteer, Query, says_within};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Document {
    doc: String,
    text: String,
    toponyms: Vec<Span>,
}

#[derive(Deserialize, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Answer {
    start: usize,
    end: usize,
    lat: Option<f32>,
    lon: Option<f32>,
    geonameid: Option<u32>,
    /// For people: name, country, precision and what the answer rests on.
    why: Option<String>,
}

#[derive(Serialize)]
struct Answers {
    doc: String,
    toponyms: Vec<Answer>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let gazetteer = Gazetteer::embedded();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for path in std::env::args().skip(1) {
        for line in std::fs::read_to_string(&path)?.lines() {
            let document: Document = serde_json::from_str(line)?;
            let bytes: Vec<usize> = document.text.char_indices().map(|(i, _)| i).chain([document.text.len()]).collect();
            let slice = |start: usize, end: usize| -> &str {
                let at = |i: usize| bytes.get(i).copied().unwrap_or(document.text.len());
                document.text.get(at(start)..at(end)).unwrap_or("")
            };
            let mut spans = document.toponyms.clone();
            spans.sort_by_key(|s| (s.start, s.end));
            let queries: Vec<Query<'_>> = spans
                .iter()
                .enumerate()
                .map(|(i, s)| {
                    let next = spans.get(i + 1).filter(|n| n.start > s.end && says_within(slice(s.end, n.start)));
                    Query { name: slice(s.start, s.end), container: next.map(|n| slice(n.start, n.end)) }
                })
                .collect();
            let found = gazetteer.resolve(&queries, &Context::default());
            let toponyms = spans
                .iter()
                .zip(found)
                .map(|(s, r)| {
                    let place = r.map(|r| r.place(gazetteer));
                    Answer {
                        start: s.start,
                        end: s.end,
                        lat: place.map(|p| p.at.lat),
                        lon: place.map(|p| p.at.lon),
                        geonameid: place.and_then(|p| p.geonames),
                        why: r.zip(place).map(|(r, p)| {
                            format!(
                                "{}, {}, {:?}, {:?}, {:.2}",
                                p.name,
                                p.country.unwrap_or("-"),
                                r.precision,
                                r.basis,
                                r.confidence
                            )
                        }),
                    }
                })
                .collect();
            serde_json::to_writer(&mut out, &Answers { doc: document.doc, toponyms })?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    Ok(())
}
