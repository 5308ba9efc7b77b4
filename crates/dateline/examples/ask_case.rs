//! How long a case takes to answer: `cargo run --release -p dateline --example ask_case -- CASE [QUESTIONS]`.
//!
//! Questions are made of what stands in the case itself: countries, actors, places and days of events drawn at random, words and pairs of
//! words of reports drawn at random. Each kind is asked `QUESTIONS` times (default 200) with other values each time, the first ten
//! unmeasured; an answer is a first page of 20 rows with the number of all, as `dateline events` and `dateline search` show.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use dateline::case::Case;
use dateline::casebook::{Casebook, EventQuery, EventSort, SearchQuery, SearchSort, Within};

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

struct Times {
    questions: usize,
    all: Vec<Duration>,
}

impl Times {
    fn kind(&mut self, what: &str, chance: &mut Chance, mut ask: impl FnMut(&mut Chance) -> usize) {
        let (mut times, mut rows) = (Vec::new(), 0);
        for _ in 0..self.questions + 10 {
            let from = Instant::now();
            rows += ask(chance);
            times.push(from.elapsed());
        }
        let mut times = times.split_off(10);
        self.all.extend(&times);
        println!("  {what:40} {}  {:5.1} rows", spread(&mut times), rows as f64 / (self.questions + 10) as f64);
    }
}

fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    format!("p50 {:6.2} ms  p99 {:6.2} ms  worst {:6.2} ms", at(0.5), at(0.99), at(1.0))
}

/// What questions are made of.
struct Values {
    countries: Vec<String>,
    actors: Vec<String>,
    places: Vec<String>,
    kinds: Vec<String>,
    days: Vec<dateline::record::Date>,
    points: Vec<(f64, f64)>,
    words: Vec<String>,
}

fn values(dir: &Path, chance: &mut Chance) -> Values {
    let book = Casebook::read_only(dir).unwrap();
    let reader = book.read();
    let counts = book.info().unwrap().counts;
    println!("{} reports, {} events", counts.reports, counts.events);
    let mut values = Values {
        countries: Vec::new(),
        actors: Vec::new(),
        places: Vec::new(),
        kinds: Vec::new(),
        days: Vec::new(),
        points: Vec::new(),
        words: Vec::new(),
    };
    let last = reader.happening_ids(0, usize::MAX).unwrap();
    while values.kinds.len() < 2_000 {
        let Some(event) = reader.event_of(*chance.of(&last)).unwrap() else { continue };
        let event = reader.event(event).unwrap().unwrap();
        values.countries.extend(event.country);
        values.actors.extend(event.parties.into_iter().map(|party| party.name));
        values.places.extend(event.place);
        values.kinds.extend(event.kind);
        values.days.extend(event.first_day);
        values.points.extend(event.lat.zip(event.lon));
    }
    for _ in 0..2_000 {
        let text = reader.report_text(1 + chance.below(counts.reports)).unwrap().unwrap();
        let words: Vec<&str> = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.len() > 1).collect();
        values.words.push((*chance.of(&words)).to_owned());
    }
    values
}

fn main() {
    let mut args = std::env::args().skip(1);
    let dir = args.next().expect("usage: ask_case CASE [QUESTIONS]");
    let questions = args.next().map_or(200, |number| number.parse().unwrap());
    let mut chance = Chance(88_172_645_463_325_252);
    let values = values(Path::new(&dir), &mut chance);
    let case = Case::read_only(Path::new(&dir)).unwrap();
    let base = || EventQuery { limit: 20, count: true, ..EventQuery::default() };
    let run = |query: EventQuery| case.events(&query).unwrap().rows.len();
    let chance = &mut chance;
    let mut events = Times { questions, all: Vec::new() };
    println!("events");
    for sort in [EventSort::Date, EventSort::Published, EventSort::Origins, EventSort::Updated, EventSort::Reports] {
        events.kind(&format!("all, by {sort:?}"), chance, |_| run(EventQuery { sort, ..base() }));
        events.kind(&format!("country and type, by {sort:?}"), chance, |chance| {
            let (country, kinds) = (Some(chance.of(&values.countries).clone()), vec![chance.of(&values.kinds).clone()]);
            run(EventQuery { sort, country, kinds, ..base() })
        });
    }
    events.kind("actor", chance, |chance| run(EventQuery { actor: Some(chance.of(&values.actors).clone()), ..base() }));
    events.kind("place", chance, |chance| run(EventQuery { place: Some(chance.of(&values.places).clone()), ..base() }));
    for km in [50.0, 300.0] {
        events.kind(&format!("within {km} km"), chance, |chance| {
            let &(lat, lon) = chance.of(&values.points);
            run(EventQuery { within: Some(Within { lat, lon, km }), ..base() })
        });
    }
    for (what, days) in [("a day", 0), ("a week", 6), ("three months", 90)] {
        events.kind(what, chance, |chance| {
            let from = *chance.of(&values.days);
            run(EventQuery { from: Some(from), to: Some(from.plus_days(days)), ..base() })
        });
    }
    events.kind("two origins or more, of a country", chance, |chance| {
        run(EventQuery { min_origins: Some(2), country: Some(chance.of(&values.countries).clone()), ..base() })
    });
    events.kind("disputed, not reviewed", chance, |_| run(EventQuery { disputed: Some(true), reviewed: Some(false), ..base() }));
    events.kind("with a word", chance, |chance| run(EventQuery { text: Some(chance.of(&values.words).clone()), ..base() }));
    events.kind("second page of a country", chance, |chance| {
        let query = EventQuery { country: Some(chance.of(&values.countries).clone()), ..base() };
        let after = case.events(&query).unwrap().next;
        run(EventQuery { after, ..query })
    });
    let mut search = Times { questions, all: Vec::new() };
    println!("search");
    for sort in [SearchSort::Best, SearchSort::Newest] {
        let find =
            |text: String| case.search(&SearchQuery { text, sort, count: true, ..SearchQuery::default() }).unwrap().rows.len();
        search.kind(&format!("a word, {sort:?}"), chance, |chance| find(chance.of(&values.words).clone()));
        search.kind(&format!("two words, {sort:?}"), chance, |chance| {
            find(format!("{} {}", chance.of(&values.words), chance.of(&values.words)))
        });
        search.kind(&format!("a phrase, {sort:?}"), chance, |chance| {
            find(format!("\"{} {}\"", chance.of(&values.words), chance.of(&values.words)))
        });
        search.kind(&format!("a beginning, {sort:?}"), chance, |chance| {
            find(format!("{}*", chance.of(&values.words).chars().take(4).collect::<String>()))
        });
    }
    println!("events, all kinds: {}", spread(&mut events.all));
    println!("search, all kinds: {}", spread(&mut search.all));
}
