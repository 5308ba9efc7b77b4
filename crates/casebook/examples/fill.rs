//! Fills a case with made-up reports, happenings and events, and times adding and asking.
//!
//! `cargo run --release -p dateline-casebook --example fill -- DIR [REPORTS] [POSTINGS] [HAPPENINGS]`: a new case in DIR, or the one that
//! is there; it is filled up to REPORTS (100,000) with HAPPENINGS (6) and events of two thirds of them each, and POSTINGS (0) rows of
//! index tables each.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use dateline_casebook::{
    Casebook, Error, EventQuery, EventRow, EventSort, NewHappening, NewReport, PartyRow, PlaceRow, SearchQuery, SearchSort,
    Stamp, Within,
};
use dateline_record::{Date, Provenance, Report};

const BATCH: u64 = 64;
const WORDS: u64 = 30_000;
const LENGTH: u64 = 450;

/// xorshift64*: the same case every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, most: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(most)) >> 64) as u64
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Small numbers often, large ones seldom.
    fn skewed(&mut self, most: u64) -> u64 {
        ((most as f64 + 1.0).powf(self.unit()) - 1.0) as u64
    }
}

fn word(mut number: u64) -> String {
    let mut word = String::new();
    number = number * 7 + 11;
    while number > 0 {
        word.push_str(["ka", "lo", "mi", "ter", "su", "ne", "vor", "ad", "pe", "ri", "gu", "han"][(number % 12) as usize]);
        number /= 12;
    }
    word
}

fn text(chance: &mut Chance) -> String {
    let mut text = String::new();
    for nth in 0..LENGTH {
        text.push_str(&word(chance.skewed(WORDS)));
        text.push_str(if nth % 17 == 16 { ". " } else { " " });
    }
    text
}

fn party(role: &str, chance: &mut Chance) -> PartyRow {
    let number = chance.skewed(5_000);
    let name = format!("{} {}", word(number), word(number + 77));
    let country = Some(format!("C{:02}", number % 40));
    PartyRow { role: role.to_owned(), key: name.clone(), name, country, sector: None }
}

fn event(id: u64, published: Date, chance: &mut Chance) -> EventRow {
    let place = chance.skewed(3_000);
    let country = format!("C{:02}", place % 40);
    let first = published.plus_days(-(chance.skewed(30) as i64));
    let name = word(place + 1_000);
    let origins = 1 + chance.skewed(12) as u32;
    EventRow {
        id,
        kind: Some(format!("KIND{}", chance.skewed(17))),
        mode: (chance.below(3) == 0).then(|| format!("mode{}", chance.skewed(30))),
        summary: format!("{} {} {} at {name}.", word(chance.below(900)), word(chance.below(900)), word(chance.below(900))),
        status: ["single-source", "corroborated", "contested", "confirmed-by-adversary", "retracted"][chance.skewed(4) as usize]
            .to_owned(),
        grade: Some((1 + chance.below(6)).to_string()),
        origins,
        reports: origins + chance.skewed(20) as u32,
        disputed: if chance.below(10) == 0 { vec!["killed".to_owned()] } else { Vec::new() },
        first_day: Some(first),
        last_day: Some(first.plus_days(chance.skewed(6) as i64)),
        place: Some(name.clone()),
        country: Some(country.clone()),
        lat: Some(45.0 + (place % 97) as f64 / 10.0),
        lon: Some(20.0 + (place % 211) as f64 / 10.0),
        published_first: Some(published),
        published_last: Some(published.plus_days(chance.skewed(90) as i64)),
        reviewed: chance.below(200) == 0,
        updated: format!("2025-01-01T{:02}:{:02}:00Z", chance.below(24), chance.below(60)),
        parties: vec![party("actor", chance), party("recipient", chance)],
        places: vec![PlaceRow { key: name.clone(), name, country: Some(country), admin1: None }],
        detail: vec![b'x'; 400],
        ..EventRow::default()
    }
}

/// Seconds of processor time so far, where the system says so.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields.iter().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn fill(case: &mut Casebook, reports: u64, postings: u64, happenings: u64) {
    let stamp = Stamp::new("2025-01-01T00:00:00Z", "fill");
    let start = Date::new(2022, 1, 1).unwrap();
    let mut done = case.info().unwrap().counts.reports;
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ (done + 1));
    let (mut adding, mut viewing, mut posting) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut adding_processor = 0.0;
    let began = Instant::now();
    let first = done;
    while done < reports {
        let batch: Vec<Report> = (0..BATCH.min(reports - done))
            .map(|_| Report {
                text: text(&mut chance),
                title: Some(format!("{} {}", word(chance.skewed(WORDS)), word(chance.skewed(WORDS)))),
                source: Some(format!("Sample outlet {}", chance.skewed(400))),
                published: Some(start.plus_days(chance.below(1_400) as i64).into()),
                ..Report::default()
            })
            .collect();
        let (from, from_processor) = (Instant::now(), processor());
        let provenance = Provenance { input: "made up".to_owned(), format: "text".to_owned(), ..Provenance::default() };
        let ids: Vec<u64> = case
            .write::<_, Error>(|writer| {
                let mut ids = Vec::new();
                for report in &batch {
                    let new = NewReport { report, provenance: &provenance, original: report.text.as_bytes(), media_type: None };
                    ids.push(writer.add_report(&new, &stamp)?.id);
                }
                Ok(ids)
            })
            .unwrap();
        adding += from.elapsed();
        adding_processor += processor() - from_processor;
        let from = Instant::now();
        case.write::<_, Error>(|writer| {
            for (report, id) in batch.iter().zip(&ids) {
                let published =
                    report.published.as_ref().and_then(|date| date.bounds()).and_then(|bounds| bounds.0).unwrap_or(start);
                let mut last = 0;
                for nth in 0..happenings {
                    let facts = format!("{{\"kind\":\"KIND{}\",\"words\":[\"{}\"]}}", nth, word(chance.below(WORDS)));
                    // Every third happening is of an event that is there.
                    let known = if nth % 3 == 2 { Some(last) } else { None };
                    let new = NewHappening {
                        report: *id,
                        local: "h1",
                        event: known,
                        claims: &["c1".to_owned()],
                        facts: facts.as_bytes(),
                    };
                    let happening = writer.put_happening(&new)?;
                    if known.is_none() {
                        writer.put_event(&event(happening, published, &mut chance))?;
                        writer.set_event(happening, Some(happening))?;
                        last = happening;
                    }
                }
            }
            Ok(())
        })
        .unwrap();
        viewing += from.elapsed();
        let from = Instant::now();
        if postings > 0 {
            case.write::<_, Error>(|writer| {
                for id in &ids {
                    for _ in 0..postings {
                        let key = chance.next();
                        writer.postings(1, key, 100)?;
                        writer.post(1, key, *id)?;
                    }
                }
                Ok(())
            })
            .unwrap();
        }
        posting += from.elapsed();
        done += batch.len() as u64;
        if done / 10_000 != (done - batch.len() as u64) / 10_000 || done == reports {
            let rate = |time: Duration| (done - first) as f64 / time.as_secs_f64();
            println!(
                "{done} reports, {:.0} s; adding {:.0}/s ({:.2} ms of processor each), events {:.0}/s, postings {:.0}/s",
                began.elapsed().as_secs_f64(),
                rate(adding),
                adding_processor * 1e3 / (done - first) as f64,
                rate(viewing),
                rate(posting)
            );
        }
    }
}

/// Runs one kind of question with varying values, and says how long it takes.
fn time(what: &str, all: &mut Vec<Duration>, mut ask: impl FnMut(&mut Chance) -> usize) {
    let mut chance = Chance(88_172_645_463_325_252);
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..60 {
        let from = Instant::now();
        rows += ask(&mut chance);
        times.push(from.elapsed());
    }
    all.extend(&times[10..]);
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!("{what:48} p50 {:7.2} ms  worst {:7.2} ms  {:5.1} rows", ms(times[30]), ms(times[59]), rows as f64 / 60.0);
}

fn ask(case: &Casebook) {
    let reader = case.read();
    let mut all = Vec::new();
    let base = || EventQuery { count: true, ..EventQuery::default() };
    let run = |query: EventQuery| reader.events(&query).unwrap().rows.len();
    let country = |chance: &mut Chance| format!("C{:02}", chance.skewed(40).min(39));
    let kind = |chance: &mut Chance| vec![format!("KIND{}", chance.skewed(17))];
    let day = |chance: &mut Chance| Date::new(2022, 1, 1).unwrap().plus_days(chance.below(1_400) as i64);
    time("events", &mut all, |_| run(base()));
    for sort in [EventSort::Published, EventSort::Origins, EventSort::Updated, EventSort::Reports] {
        time(&format!("events by {sort:?}"), &mut all, |_| run(EventQuery { sort, ..base() }));
        time(&format!("events by {sort:?}, country and type"), &mut all, |chance| {
            run(EventQuery { sort, country: Some(country(chance)), kinds: kind(chance), ..base() })
        });
    }
    time("country", &mut all, |chance| run(EventQuery { country: Some(country(chance)), ..base() }));
    time("country and type", &mut all, |chance| {
        run(EventQuery { country: Some(country(chance)), kinds: kind(chance), ..base() })
    });
    time("actor, a part of a name", &mut all, |chance| run(EventQuery { actor: Some(word(chance.skewed(5_000))), ..base() }));
    time("actor's country, status, type", &mut all, |chance| {
        run(EventQuery { actor: Some("C07".to_owned()), status: vec!["contested".to_owned()], kinds: kind(chance), ..base() })
    });
    time("place", &mut all, |chance| run(EventQuery { place: Some(word(chance.skewed(3_000) + 1_000)), ..base() }));
    time("within 50 km", &mut all, |chance| {
        let within = Within { lat: 45.0 + chance.unit() * 9.0, lon: 20.0 + chance.unit() * 20.0, km: 50.0 };
        run(EventQuery { within: Some(within), ..base() })
    });
    time("within 300 km, by origins", &mut all, |chance| {
        let within = Within { lat: 45.0 + chance.unit() * 9.0, lon: 20.0 + chance.unit() * 20.0, km: 300.0 };
        run(EventQuery { within: Some(within), sort: EventSort::Origins, ..base() })
    });
    time("a week", &mut all, |chance| {
        let from = day(chance);
        run(EventQuery { from: Some(from), to: Some(from.plus_days(7)), ..base() })
    });
    time("a week, by origins", &mut all, |chance| {
        let from = day(chance);
        run(EventQuery { from: Some(from), to: Some(from.plus_days(7)), sort: EventSort::Origins, ..base() })
    });
    time("a year, country, type, three origins", &mut all, |chance| {
        let from = day(chance);
        run(EventQuery {
            from: Some(from),
            to: Some(from.plus_days(365)),
            country: Some(country(chance)),
            kinds: kind(chance),
            min_origins: Some(3),
            ..base()
        })
    });
    time("ten origins or more", &mut all, |_| run(EventQuery { min_origins: Some(10), ..base() }));
    time("reviewed, disputed", &mut all, |_| run(EventQuery { reviewed: Some(true), disputed: Some(true), ..base() }));
    time("not reviewed, not disputed, country", &mut all, |chance| {
        run(EventQuery { reviewed: Some(false), disputed: Some(false), country: Some(country(chance)), ..base() })
    });
    time("text, a common word", &mut all, |chance| run(EventQuery { text: Some(word(chance.below(20))), ..base() }));
    time("text, a rare word, and country", &mut all, |chance| {
        run(EventQuery { text: Some(word(chance.below(WORDS))), country: Some(country(chance)), ..base() })
    });
    time("second page of a country", &mut all, |chance| {
        let query = EventQuery { country: Some(country(chance)), ..EventQuery::default() };
        let after = reader.events(&query).unwrap().next;
        run(EventQuery { after, ..query })
    });
    let find = |text: String, sort| {
        let query = SearchQuery { text, sort, count: true, ..SearchQuery::default() };
        reader.search(&query).unwrap().rows.len()
    };
    for sort in [SearchSort::Best, SearchSort::Newest] {
        time(&format!("search {sort:?}, a common word"), &mut all, |chance| find(word(chance.below(20)), sort));
        time(&format!("search {sort:?}, two words"), &mut all, |chance| {
            find(format!("{} {}", word(chance.skewed(WORDS)), word(chance.skewed(WORDS))), sort)
        });
        time(&format!("search {sort:?}, a rare word"), &mut all, |chance| find(word(chance.below(WORDS)), sort));
        time(&format!("search {sort:?}, a beginning"), &mut all, |chance| find(format!("{}*", word(chance.below(500))), sort));
        time(&format!("search {sort:?}, a phrase"), &mut all, |chance| {
            find(format!("\"{} {}\"", word(chance.skewed(50)), word(chance.skewed(50))), sort)
        });
    }
    all.sort_unstable();
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "all questions, warm: p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, worst {:.2} ms",
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
}

fn main() {
    let mut args = std::env::args().skip(1);
    let dir = args.next().expect("a directory for the case");
    let dir = Path::new(&dir);
    let reports = args.next().map_or(100_000, |number| number.parse().unwrap());
    let postings = args.next().map_or(0, |number| number.parse().unwrap());
    let mut case = if dir.join("case.db").exists() {
        Casebook::open(dir).unwrap()
    } else {
        Casebook::init(dir, "Made up", "2025-01-01T00:00:00Z", "fill").unwrap()
    };
    let happenings = args.next().map_or(6, |number| number.parse().unwrap());
    fill(&mut case, reports, postings, happenings);
    let from = Instant::now();
    case.optimize().unwrap();
    println!("put in order in {:.1} s", from.elapsed().as_secs_f64());
    let from = Instant::now();
    let info = case.info().unwrap();
    println!("info in {:.1} ms: {info:?}", from.elapsed().as_secs_f64() * 1e3);
    println!("database {:.0} bytes a report", info.sizes.database as f64 / info.counts.reports as f64);
    for (name, bytes) in case.table_sizes().unwrap() {
        println!("  {name:24} {:8.1} MiB", bytes as f64 / f64::from(1 << 20));
    }
    ask(&case);
    let from = Instant::now();
    let verified = case.verify(false, &mut |fault| println!("FAULT {fault}")).unwrap();
    println!("verified in {:.1} s: {verified:?}", from.elapsed().as_secs_f64());
}
