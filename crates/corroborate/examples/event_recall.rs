//! What the blocks of the index of happenings miss: `event_recall READINGS.jsonl`, figures on standard output.
//!
//! READINGS.jsonl is what `dateline read --format jsonl` prints. Every happening is compared with every earlier one; of the pairs that are
//! the same by [`similarity`], the share is given that the index looked at when the later one came.
use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::time::Instant;

use dateline_corroborate::{EventFacts, EventIndex, Space, similarity};
use dateline_record::Reading;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("no file")?;
    let mut happenings: Vec<EventFacts> = Vec::new();
    let mut reports = 0;
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let reading: Reading = serde_json::from_str(&line?)?;
        reports += 1;
        happenings.extend(reading.events.iter().map(|event| EventFacts::of(&reading, event)));
    }
    let mut index = EventIndex::new();
    let (mut same, mut found, mut seconds, mut looked) = (0_u64, 0_u64, 0.0, 0);
    for (id, facts) in (0_u64..).zip(&happenings) {
        let hits: BTreeSet<u64> = index.query(facts).into_iter().map(|(id, _)| id).collect();
        looked += hits.len();
        for (other, held) in (0..id).zip(&happenings) {
            if similarity(held, facts).same {
                same += 1;
                found += u64::from(hits.contains(&other));
            }
        }
        let start = Instant::now();
        index.insert(id, facts.clone());
        seconds += start.elapsed().as_secs_f64();
    }
    let events: BTreeSet<u64> = (0..happenings.len() as u64).filter_map(|id| index.event(id)).collect();
    let rows = |space: &Space| (format!("{space:?}"), index.store().rows(*space) as f64 / f64::from(reports));
    let rows: Vec<(String, f64)> = Space::ALL.iter().map(rows).filter(|(_, rows)| *rows > 0.0).collect();
    println!(
        "{}",
        serde_json::json!({
            "reports": reports, "happenings": happenings.len(), "events": events.len(), "same_pairs": same, "looked_at": found,
            "recall": found as f64 / same.max(1) as f64, "compared_each": looked / happenings.len().max(1),
            "add_ms": seconds * 1000.0 / happenings.len().max(1) as f64, "rows_each_report": rows,
        })
    );
    Ok(())
}
