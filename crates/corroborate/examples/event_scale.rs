//! How long adding one happening takes when the index holds many: `event_scale [COUNT]`, figures on standard output.
use std::time::Instant;

use dateline_corroborate::{EventFacts, EventIndex, Locality};
use dateline_record::{EventType, Precision};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: u64 = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let mut state = 11_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut index = EventIndex::new();
    let mut times = Vec::new();
    for id in 0..count {
        let (town, day) = (draw(2_000), draw(720));
        let (lat, lon) = (40.0 + (town % 50) as f32 * 0.2, 20.0 + (town / 50) as f32 * 0.3);
        let facts = EventFacts {
            kind: EventType::ALL.get(draw(16) as usize).copied(),
            places: vec![Locality {
                name: format!("Town {town}"),
                country: Some("AAA".parse()?),
                lat: Some(lat),
                lon: Some(lon),
                precision: Some(Precision::City),
                ..Locality::default()
            }],
            when: Some(format!("20{:02}-{:02}-{:02}", 22 + day / 360, 1 + (day % 360) / 30, 1 + day % 28).parse()?),
            words: (0..12).map(|_| format!("word{}", draw(20_000))).collect(),
            ..EventFacts::default()
        };
        let start = Instant::now();
        index.insert(id, facts);
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let mut last = times.split_off(times.len().saturating_sub(1_000));
    last.sort_by(f64::total_cmp);
    let at = |share: f64| last.get((last.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    println!("{}", serde_json::json!({ "held": index.len(), "add_ms_p50": at(0.5), "add_ms_p99": at(0.99) }));
    Ok(())
}
