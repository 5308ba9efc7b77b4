//! Tunes the resolver's weights on documents with known places: coordinate search, one weight at a time, on accuracy within 161 km averaged over the
//! files. Input as for `resolve_toponyms`, with `lat`, `lon` and `group` in the toponyms.
//!
//!   cargo run --release -p dateline-gazetteer --example tune_resolution -- ROUNDS a.jsonl b.jsonl

use std::error::Error;

use dateline_gazetteer::{Context, Coordinates, Gazetteer, Query, Weights, says_within};
use serde::Deserialize;

#[derive(Deserialize)]
struct Document {
    text: String,
    toponyms: Vec<Toponym>,
}

#[derive(Deserialize)]
struct Toponym {
    start: usize,
    end: usize,
    lat: Option<f32>,
    lon: Option<f32>,
    group: String,
}

/// A document made ready: names with containers, and where they truly are.
struct Ready {
    names: Vec<(String, Option<String>)>,
    truth: Vec<Option<Coordinates>>,
}

fn ready(mut document: Document) -> Ready {
    document.toponyms.sort_by_key(|t| (t.start, t.end));
    let letters: Vec<char> = document.text.chars().collect();
    let slice = |start: usize, end: usize| letters.get(start..end).unwrap_or_default().iter().collect::<String>();
    let spans = &document.toponyms;
    let names = spans.iter().enumerate().map(|(i, t)| {
        let next = spans.get(i + 1).filter(|n| n.start > t.end && says_within(&slice(t.end, n.start)));
        (slice(t.start, t.end), next.map(|n| slice(n.start, n.end)))
    });
    let truth = |t: &Toponym| Some(Coordinates { lat: t.lat?, lon: t.lon? }).filter(|_| t.group != "other");
    Ready { names: names.collect(), truth: spans.iter().map(truth).collect() }
}

fn accuracy(weights: &Weights, documents: &[Ready]) -> f64 {
    let gazetteer = Gazetteer::embedded();
    let (mut right, mut all) = (0u32, 0u32);
    for document in documents {
        let queries: Vec<Query<'_>> =
            document.names.iter().map(|(name, container)| Query { name, container: container.as_deref() }).collect();
        let found = gazetteer.resolve_with(weights, &queries, &Context::default());
        for (truth, found) in document.truth.iter().zip(found) {
            if let Some(truth) = truth {
                all += 1;
                right += u32::from(found.is_some_and(|r| r.place(gazetteer).at.distance_km(*truth) <= 161.0));
            }
        }
    }
    f64::from(right) / f64::from(all.max(1))
}

type Field = (&'static str, fn(&mut Weights) -> &mut f32);

const FIELDS: [Field; 20] = [
    ("population", |w| &mut w.population),
    ("country", |w| &mut w.country),
    ("admin1", |w| &mut w.admin1),
    ("admin2", |w| &mut w.admin2),
    ("region", |w| &mut w.region),
    ("capital", |w| &mut w.capital),
    ("section", |w| &mut w.section),
    ("alternate", |w| &mut w.alternate),
    ("short", |w| &mut w.short),
    ("namesake", |w| &mut w.namesake),
    ("type_word", |w| &mut w.type_word),
    ("container", |w| &mut w.container),
    ("in_division", |w| &mut w.in_division),
    ("in_country", |w| &mut w.in_country),
    ("same_admin1", |w| &mut w.same_admin1),
    ("same_country", |w| &mut w.same_country),
    ("near", |w| &mut w.near),
    ("near_km", |w| &mut w.near_km),
    ("mentions", |w| &mut w.mentions),
    ("most_support", |w| &mut w.most_support),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let rounds: usize = args.next().ok_or("rounds wanted")?.parse()?;
    let mut sets: Vec<Vec<Ready>> = Vec::new();
    for path in args {
        let lines = std::fs::read_to_string(&path)?;
        sets.push(lines.lines().map(|l| serde_json::from_str(l).map(ready)).collect::<Result<_, _>>()?);
    }
    let score = |w: &Weights| sets.iter().map(|s| accuracy(w, s)).sum::<f64>() / sets.len().max(1) as f64;
    let mut best = Weights::default();
    let mut best_score = score(&best);
    println!("start {best_score:.4}");
    let mut step = 0.5f32;
    for round in 0..rounds {
        for (name, field) in FIELDS {
            let now = *field(&mut best.clone());
            let width = now.abs().max(1.0) * step;
            for value in [now - width, now - width / 2.0, now + width / 2.0, now + width] {
                let mut tried = best;
                *field(&mut tried) = value;
                let s = score(&tried);
                if s > best_score + 1e-9 {
                    println!("round {round}: {name} {value:.3}: {s:.4}");
                    (best, best_score) = (tried, s);
                }
            }
        }
        step *= 0.6;
    }
    println!("{best_score:.4} {best:#?}");
    Ok(())
}
