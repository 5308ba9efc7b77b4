//! Under which keys a happening is filed, and under which it is looked for.
//!
//! Each key becomes a row of a table for good, so a happening is filed under few and looked for under many: its own name of the place, its
//! own cell, the next larger area, the first bucket of its time; neighbouring cells, containing areas and overlapping times are asked for.

use super::compare::{NEAR_KM, REPORTED_LATE, days, family, point, stem, stretch, wide};
use crate::facts::{EventFacts, Locality, name_key};
use crate::hash::{join, of_text};
use dateline_record::{Country, Precision};

/// Cells a degree, north and east.
const CELLS: f64 = 2.0;
/// Kilometres a degree of latitude.
const KM: f64 = 111.2;
/// Places of a happening that count, the first ones.
const PLACES: usize = 2;
/// Countries of the parties that stand for a missing place.
const COUNTRIES: usize = 2;
/// Words that a happening may be filed under, weightiest first.
const WORDS: usize = 12;
/// Stretches of time by length: width of a bucket, and the longest stretch filed under such buckets, in days. A longer one is undated.
const SCALES: [(i64, i64); 2] = [(4, 8), (32, 62)];

/// Buckets of time; `None` is undated.
type Bucket = Option<(usize, i64)>;

/// Keys that a happening is filed under.
pub(super) fn filed(facts: &EventFacts) -> Vec<u64> {
    let family = facts.kind.map_or(u64::from(u8::MAX), |kind| u64::from(family(kind)));
    let mut areas = Vec::new();
    for place in facts.places.iter().take(PLACES) {
        areas.push(area(place));
        areas.extend(point(place).filter(|_| !wide(place)).map(|(lat, lon)| cell(index(lat), index(lon))));
        areas.extend(container(place));
    }
    areas.extend(countries_of_parties(facts));
    let bucket = bucket(facts);
    finish(areas.into_iter().map(|area| key(family, area, bucket)).collect())
}

/// Keys under which happenings that may be the same are filed, likeliest first.
pub(super) fn asked(facts: &EventFacts) -> Vec<u64> {
    let family = facts.kind.map_or(u64::from(u8::MAX), |kind| u64::from(family(kind)));
    let mut areas = Vec::new();
    let places = || facts.places.iter().take(PLACES);
    areas.extend(places().map(area));
    areas.extend(places().filter(|place| !wide(place)).filter_map(point).flat_map(near_cells));
    areas.extend(places().filter_map(container));
    areas.extend(places().filter_map(|place| place.country).map(of_country));
    areas.extend(countries_of_parties(facts));
    let buckets = near_buckets(facts);
    let mut seen = rustc_hash::FxHashSet::default();
    let keys = areas.into_iter().flat_map(|area| buckets.iter().map(move |&bucket| key(family, area, bucket)));
    keys.filter(|&key| seen.insert(key)).collect()
}

/// Words that a happening may be filed under, weightiest first: those of the names of its parties, then long ones.
pub(super) fn weighty(facts: &EventFacts) -> Vec<u64> {
    let names: rustc_hash::FxHashSet<String> = facts
        .actors
        .iter()
        .chain(&facts.recipients)
        .flat_map(|party| name_key(&party.name).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut words: Vec<(bool, usize, &str)> =
        facts.words.iter().map(|word| (!names.contains(word), usize::MAX - word.chars().count(), stem(word))).collect();
    words.sort_unstable();
    words.dedup_by(|a, b| a.2 == b.2);
    words.into_iter().take(WORDS).map(|(_, _, word)| of_text(word)).collect()
}

/// All words of a happening, as they may have been filed.
pub(super) fn words(facts: &EventFacts) -> Vec<u64> {
    finish(facts.words.iter().map(|word| of_text(stem(word))).collect())
}

fn finish(mut keys: Vec<u64>) -> Vec<u64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn key(family: u64, area: u64, bucket: Bucket) -> u64 {
    let (scale, number) = bucket.map_or((u64::MAX, 0), |(scale, number)| (scale as u64, number as u64));
    [area, scale, number].into_iter().fold(join(0, family), join)
}

/// The place itself: a country by its code, all else by name.
fn area(place: &Locality) -> u64 {
    match place.country {
        Some(country) if place.precision == Some(Precision::Country) => of_country(country),
        _ => of_text(&name_key(&place.name)),
    }
}

/// The next larger area that is known to hold it.
fn container(place: &Locality) -> Option<u64> {
    match (place.precision, &place.admin1, place.country) {
        (Some(Precision::Country), _, _) => None,
        (Some(Precision::Admin1), _, country) | (_, None, country) => country.map(of_country),
        (_, Some(name), _) => Some(of_text(&name_key(name))),
    }
}

fn of_country(country: Country) -> u64 {
    join(1, of_text(country.as_str()))
}

/// Countries of the parties, for a happening without a place.
fn countries_of_parties(facts: &EventFacts) -> Vec<u64> {
    if !facts.places.is_empty() {
        return Vec::new();
    }
    let mut seen = rustc_hash::FxHashSet::default();
    let countries = facts.actors.iter().chain(&facts.recipients).filter_map(|party| party.country);
    countries.map(of_country).filter(|&country| seen.insert(country)).take(COUNTRIES).collect()
}

fn index(degrees: f64) -> i64 {
    (degrees * CELLS).floor() as i64
}

fn cell(north: i64, east: i64) -> u64 {
    let around = (360.0 * CELLS) as i64;
    join(join(2, north as u64), east.rem_euclid(around) as u64)
}

/// Cells that hold places near a point.
fn near_cells((lat, lon): (f64, f64)) -> Vec<u64> {
    let north = NEAR_KM / KM;
    // Near the poles a step east is short; there only so many cells are asked for.
    let east = (north / lat.to_radians().cos().max(0.1)).min(1.0);
    let rows = index(lat - north)..=index(lat + north);
    rows.take(3).flat_map(|row| (index(lon - east)..=index(lon + east)).take(6).map(move |column| cell(row, column))).collect()
}

/// First day and, where it says something of the length, last day.
fn dated(facts: &EventFacts) -> Option<(i64, i64)> {
    let longest = SCALES.iter().map(|&(_, longest)| longest).max().unwrap_or(0);
    match stretch(facts) {
        Some((first, last, _)) if last.saturating_sub(first) <= longest => Some((first, last)),
        _ => facts.published.as_ref().and_then(days).map(|(_, last)| (last, last)),
    }
}

/// The bucket of the first day.
fn bucket(facts: &EventFacts) -> Bucket {
    let (first, last) = dated(facts)?;
    let (scale, &(width, _)) = SCALES.iter().enumerate().find(|(_, (_, longest))| last.saturating_sub(first) <= *longest)?;
    Some((scale, first.div_euclid(width)))
}

/// Buckets of happenings whose time overlaps.
fn near_buckets(facts: &EventFacts) -> Vec<Bucket> {
    let mut buckets = Vec::new();
    let dated = dated(facts);
    if let Some((first, last)) = dated {
        for (scale, &(width, longest)) in SCALES.iter().enumerate() {
            let from = first.saturating_sub(REPORTED_LATE).saturating_sub(longest).div_euclid(width);
            let to = last.saturating_add(REPORTED_LATE).div_euclid(width);
            buckets.extend((from..=to).rev().map(|number| Some((scale, number))));
        }
    }
    if dated.is_none() || stretch(facts).is_none_or(|(first, last, _)| dated != Some((first, last))) {
        buckets.push(None);
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;
    use dateline_record::EventType;
    use proptest::prelude::*;

    fn at(lat: f32, lon: f32, when: &str) -> EventFacts {
        EventFacts {
            kind: Some(EventType::Assault),
            places: vec![Locality { name: format!("{lat} {lon}"), lat: Some(lat), lon: Some(lon), ..Locality::default() }],
            when: when.parse().ok(),
            ..EventFacts::default()
        }
    }

    fn meet(asking: &EventFacts, held: &EventFacts) -> bool {
        let keys = asked(asking);
        filed(held).iter().any(|key| keys.contains(key))
    }

    #[test]
    fn few_keys_are_filed() {
        let mut facts = at(48.0, 37.0, "2024-03-05");
        facts.places[0].admin1 = Some("North Province".into());
        facts.places[0].country = "AAA".parse().ok();
        assert_eq!(filed(&facts).len(), 3);
        assert!(asked(&facts).len() <= 90, "{}", asked(&facts).len());
    }

    #[test]
    fn a_town_finds_what_is_said_of_its_country() {
        let mut town = at(48.0, 37.0, "2024-03-05");
        town.places[0].country = "AAA".parse().ok();
        let mut country = at(50.0, 30.0, "2024-03-05");
        country.places[0] = Locality { precision: Some(Precision::Country), country: "AAA".parse().ok(), ..Locality::default() };
        assert!(meet(&town, &country) && meet(&country, &town));
    }

    #[test]
    fn a_month_and_a_day_in_it_meet() {
        let (month, day) = (at(1.0, 1.0, "2024-03"), at(1.0, 1.0, "2024-03-30"));
        assert!(meet(&month, &day) && meet(&day, &month));
        assert!(!meet(&month, &at(1.0, 1.0, "2024-06-30")));
    }

    proptest! {
        /// Cells and buckets lose nothing that [`crate::similarity`] takes for near.
        #[test]
        fn what_is_near_is_asked_for(
            lat in -70.0_f32..70.0, lon in -180.0_f32..180.0, north in -0.09_f32..0.09, east in -0.04_f32..0.04,
            month in 1..13, day in 1..29_i32, later in 0..6_i32,
        ) {
            let when = format!("2024-{month:02}-{day:02}");
            let week = format!("{when}/2024-{month:02}-{:02}", day + later.min(29 - day));
            let (a, b) = (at(lat, lon, &when), at(lat + north, lon + east, &week));
            prop_assert!(meet(&a, &b) && meet(&b, &a));
        }

        #[test]
        fn any_coordinates_have_keys(lat in any::<f32>(), lon in any::<f32>()) {
            let facts = at(lat, lon, "2024-03-05");
            prop_assert!(filed(&facts).len() <= 3 && asked(&facts).len() <= 400);
        }
    }
}
