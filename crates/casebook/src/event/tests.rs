//! All ways to a page of events give the answer of a plain one that looks at every event; and none of them reads a whole table.
#![allow(clippy::unwrap_used)]

use dateline_record::Date;
use proptest::prelude::*;
use proptest::sample::select;

use super::bits::Bits;
use super::plan::{Found, Key, Way, walk_sql};
use super::query::Tests;
use super::{EventQuery, EventRow, EventSort, MapView, PartyRow, PlaceRow, Within};
use crate::{Casebook, Error};

fn case() -> (tempfile::TempDir, Casebook) {
    let folder = tempfile::tempdir().unwrap();
    let case = Casebook::init(&folder.path().join("case"), "n", "2025-01-01T00:00:00Z", "Jo").unwrap();
    (folder, case)
}

fn put(case: &mut Casebook, events: &[EventRow]) {
    case.write::<_, Error>(|writer| events.iter().try_for_each(|event| writer.put_event(event))).unwrap();
}

fn date(day: i64) -> Date {
    Date::from_days(20_000 + day)
}

fn some<T: Clone + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = Option<T>> {
    prop::option::of(select(values))
}

fn owned(value: Option<&str>) -> Option<String> {
    value.map(str::to_owned)
}

/// Few values, so that they meet.
fn event() -> impl Strategy<Value = EventRow> {
    let what = (some(&["ASSAULT", "AID", "COERCE"]), some(&["airstrike", "arrest"]), select(&["single-source", "contested"][..]));
    let when = (prop::option::of(0i64..40), prop::option::of(0i64..900), prop::option::of(0i64..40), 0u32..9);
    let who = prop::collection::vec((select(&["ukraine", "russian army", "north korea"][..]), some(&["UKR", "RUS"])), 0..3);
    let place = (some(&["kursk", "sumy"]), some(&["UKR", "RUS"]), prop::option::of((50.0f64..51.0, 35.0f64..36.0)));
    let rest = (0u32..5, 0u32..9, any::<bool>(), any::<bool>(), some(&["1", "3"]));
    (what, when, who, place, rest).prop_map(|(what, when, who, place, rest)| EventRow {
        kind: owned(what.0),
        mode: owned(what.1),
        status: what.2.to_owned(),
        first_day: when.0.map(date),
        last_day: when.1.map(|length| date(when.0.unwrap_or(0) + length)),
        published_first: when.2.map(date),
        updated: format!("2025-01-0{}", when.3 + 1),
        parties: who
            .into_iter()
            .map(|(name, country)| PartyRow {
                role: "actor".to_owned(),
                key: name.to_owned(),
                name: name.to_uppercase(),
                country: owned(country),
                sector: None,
            })
            .collect(),
        places: place
            .0
            .map(|key| PlaceRow { key: key.to_owned(), name: key.to_owned(), ..PlaceRow::default() })
            .into_iter()
            .collect(),
        country: owned(place.1),
        lat: place.2.map(|point| point.0),
        lon: place.2.map(|point| point.1),
        origins: rest.0,
        reports: rest.1,
        disputed: if rest.2 { vec!["killed".to_owned()] } else { Vec::new() },
        reviewed: rest.3,
        grade: owned(rest.4),
        ..EventRow::default()
    })
}

fn query() -> impl Strategy<Value = EventQuery> {
    let what = (
        prop::collection::vec(select(&["ASSAULT", "AID", "UNKNOWN"][..]), 0..2),
        some(&["airstrike", "arrest"]),
        some(&["contested"]),
        some(&["1", "3"]),
    );
    let whom =
        (some(&["UKR", "rus", "Army", "orea", "xyz"]), some(&["UKR", "RUS"]), some(&["Kursk"]), prop::option::of(5.0f64..80.0));
    let bounds = (prop::option::of(0i64..60), prop::option::of(0i64..60), prop::option::of(0u32..4), prop::option::of(1u32..5));
    let flags = (prop::option::of(any::<bool>()), prop::option::of(any::<bool>()));
    let sort = select(&[EventSort::Date, EventSort::Published, EventSort::Origins, EventSort::Updated, EventSort::Reports][..]);
    (what, whom, bounds, flags, (sort, any::<bool>(), 1usize..6)).prop_map(|(what, whom, bounds, flags, list)| EventQuery {
        kinds: what.0.into_iter().map(str::to_owned).collect(),
        modes: owned(what.1).into_iter().collect(),
        status: owned(what.2).into_iter().collect(),
        grade: owned(what.3).into_iter().collect(),
        actor: owned(whom.0),
        country: owned(whom.1),
        place: owned(whom.2),
        within: whom.3.map(|km| Within { lat: 50.5, lon: 35.5, km }),
        from: bounds.0.map(date),
        to: bounds.1.map(date),
        min_origins: bounds.2,
        max_origins: bounds.3,
        disputed: flags.0,
        reviewed: flags.1,
        sort: list.0,
        ascending: list.1,
        limit: list.2,
        count: true,
        ..EventQuery::default()
    })
}

/// What the query's documentation says, event by event.
fn fits(event: &EventRow, query: &EventQuery, all: &[EventRow]) -> bool {
    let one_of =
        |wanted: &[String], value: Option<&String>| wanted.is_empty() || value.is_some_and(|value| wanted.contains(value));
    let is_of = |event: &EventRow, country: &str| event.parties.iter().any(|party| party.country.as_deref() == Some(country));
    let actor = |actor: &String| match actor.as_str() {
        // Where nobody is of this country, a code is the beginning of a name.
        "UKR" if all.iter().any(|event| is_of(event, "UKR")) => is_of(event, "UKR"),
        part => event.parties.iter().any(|party| format!(" {}", party.key).contains(&format!(" {}", part.to_lowercase()))),
    };
    let is_dated = event.first_day.is_some() || event.last_day.is_some();
    one_of(&query.kinds, event.kind.as_ref())
        && one_of(&query.modes, event.mode.as_ref())
        && one_of(&query.status, Some(&event.status))
        && one_of(&query.grade, event.grade.as_ref())
        && query.actor.as_ref().is_none_or(actor)
        && query.country.as_ref().is_none_or(|country| event.country.as_ref() == Some(country))
        && query.place.as_ref().is_none_or(|place| event.places.iter().any(|other| other.key == place.to_lowercase()))
        && query.within.is_none_or(|circle| event.lat.zip(event.lon).is_some_and(|(lat, lon)| circle.contains(lat, lon)))
        && query.from.is_none_or(|from| is_dated && event.last_day.is_none_or(|last| last >= from))
        && query.to.is_none_or(|to| is_dated && event.first_day.is_none_or(|first| first <= to))
        && query.min_origins.is_none_or(|least| event.origins >= least)
        && query.max_origins.is_none_or(|most| event.origins <= most)
        && query.disputed.is_none_or(|disputed| event.disputed.is_empty() != disputed)
        && query.reviewed.is_none_or(|reviewed| event.reviewed == reviewed)
}

fn plain(events: &[EventRow], query: &EventQuery) -> Vec<u64> {
    let days = |date: Option<Date>| date.map_or(i64::MIN, Date::to_days);
    let mut found: Vec<(i64, &str, u64)> = events
        .iter()
        .filter(|event| fits(event, query, events))
        .map(|event| match query.sort {
            EventSort::Date => (days(event.first_day.or(event.last_day).or(event.published_first)), "", event.id),
            EventSort::Published => (days(event.published_last.or(event.published_first)), "", event.id),
            EventSort::Origins => (i64::from(event.origins), "", event.id),
            EventSort::Reports => (i64::from(event.reports), "", event.id),
            EventSort::Updated => (0, event.updated.as_str(), event.id),
        })
        .collect();
    found.sort_unstable();
    if !query.ascending {
        found.reverse();
    }
    found.into_iter().map(|(.., id)| id).collect()
}

/// All pages, by one way or by the one that is taken by itself.
fn paged(case: &Casebook, query: &EventQuery, choose: impl Fn(&Tests) -> Option<Way>) -> Vec<u64> {
    let reader = case.read();
    let tests = reader.tests(query).unwrap();
    let way = |tests: &Tests| choose(tests).map_or_else(|| reader.way(query, tests), Ok);
    let mut query = query.clone();
    let mut ids = Vec::new();
    loop {
        let page = reader.events_by(&query, &tests, way).unwrap();
        assert!(page.rows.len() <= query.limit);
        ids.extend(page.rows.iter().map(|event| event.id));
        query.after = page.next;
        if query.after.is_none() {
            return ids;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_way_gives_the_plain_answer(
        events in prop::collection::vec(event(), 1..40),
        changed in prop::collection::vec((0usize..40, event()), 0..8),
        gone in prop::collection::vec(1u64..40, 0..5),
        queries in prop::collection::vec(query(), 12),
    ) {
        let (_folder, mut case) = case();
        let mut events: Vec<EventRow> = events.into_iter().zip(1..).map(|(event, id)| EventRow { id, ..event }).collect();
        put(&mut case, &events);
        for (nth, event) in changed {
            if let Some(old) = events.get_mut(nth) {
                *old = EventRow { id: old.id, ..event };
                put(&mut case, std::slice::from_ref(old));
            }
        }
        for id in gone {
            let was = events.iter().any(|event| event.id == id);
            events.retain(|event| event.id != id);
            prop_assert_eq!(case.write::<_, Error>(|writer| writer.delete_event(id)).unwrap(), was);
        }
        for query in queries {
            let expected = plain(&events, &query);
            let own = paged(&case, &query, |_| None);
            prop_assert_eq!(&own, &expected, "{:?}", query);
            let walked = paged(&case, &query, |_| Some(Way::Walk));
            prop_assert_eq!(&walked, &expected, "walk {:?}", query);
            let gathered = paged(&case, &query, |tests| {
                (!tests.sets.is_empty() || tests.window.is_some() || tests.origins.is_some()).then_some(Way::Gather)
            });
            prop_assert_eq!(&gathered, &expected, "gather {:?}", query);
            let by_term = paged(&case, &query, |tests| {
                let set = tests.sets.iter().find(|set| set.ids.len() == 1)?;
                (query.sort == EventSort::Date).then_some(Way::Term(*set.ids.iter().next()?))
            });
            prop_assert_eq!(&by_term, &expected, "term {:?}", query);
            let page = case.read().events(&query).unwrap();
            let seen = case.read().overview(&query, MapView::WORLD).unwrap();
            let matching: Vec<&EventRow> = events.iter().filter(|event| fits(event, &query, &events)).collect();
            let dated = matching.iter().filter(|event| event.first_day.is_some() || event.last_day.is_some()).count();
            let placed = matching.iter().filter(|event| event.lat.is_some()).count();
            prop_assert_eq!((seen.total, seen.dated, seen.placed), (matching.len() as u64, dated as u64, placed as u64), "{:?}", query);
            prop_assert_eq!(seen.bins.iter().map(|bin| bin.count).sum::<u64>() + seen.earlier + seen.later, dated as u64);
            prop_assert_eq!(seen.cells.iter().map(|cell| cell.count).sum::<u64>(), placed as u64);
            for bin in &seen.bins {
                let day = |event: &&&EventRow| event.first_day.or(event.last_day).is_some_and(|day| bin.from <= day && day <= bin.to);
                prop_assert_eq!(bin.count, matching.iter().filter(day).count() as u64, "{:?}", bin);
            }
            let total = page.total.unwrap();
            prop_assert!(total.count as usize == expected.len() || (!total.exact && total.count as usize <= expected.len()));
        }
        // What is filed is what the events have, and nothing is left of what went.
        let (terms, facets): (i64, i64) = case.db().query_row(
            "SELECT (SELECT count(*) FROM term WHERE uses <> (SELECT count(*) FROM facet WHERE term = term.id) AND kind > 0),
                    (SELECT count(*) FROM facet f JOIN event e ON e.id = f.event WHERE e.day <> f.day)
                  + (SELECT count(*) FROM facet WHERE event NOT IN (SELECT id FROM event))",
            [], |row| Ok((row.get(0)?, row.get(1)?)),
        ).unwrap();
        prop_assert_eq!((terms, facets), (0, 0));
        for event in &events {
            let kept = case.read().event(event.id).unwrap();
            prop_assert_eq!(kept.as_ref(), Some(event));
        }
    }
}

#[test]
fn an_event_of_any_id_is_counted_and_listed() {
    let (_folder, mut case) = case();
    let ids = [7, Bits::MOST.cast_unsigned() + 1];
    let events =
        ids.map(|id| EventRow { id, country: owned(Some("UKR")), status: "contested".to_owned(), ..EventRow::default() });
    put(&mut case, &events);
    let query = EventQuery { country: owned(Some("UKR")), ..EventQuery::default() };
    assert_eq!(case.read().events(&query).unwrap().rows.len(), ids.len());
    assert_eq!(case.read().overview(&query, MapView::WORLD).unwrap().total, ids.len() as u64);
}

#[test]
fn err_a_mark_of_another_list() {
    let (_folder, mut case) = case();
    let rows: Vec<EventRow> = (1..=3).map(|id| EventRow { id, ..EventRow::default() }).collect();
    put(&mut case, &rows);
    let query = EventQuery { limit: 1, ..EventQuery::default() };
    let next = case.read().events(&query).unwrap().next;
    let other = EventQuery { sort: EventSort::Origins, after: next, ..query };
    assert!(matches!(case.read().events(&other), Err(Error::Cursor(_))));
    let nonsense = EventQuery { after: Some("d:x".to_owned()), ..EventQuery::default() };
    assert!(matches!(case.read().events(&nonsense), Err(Error::Cursor(_))));
}

fn plan(case: &Casebook, sql: &str, bound: Vec<rusqlite::types::Value>) -> String {
    let mut statement = case.db().prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = statement.query_map(rusqlite::params_from_iter(bound), |row| row.get::<_, String>(3)).unwrap();
    steps.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

#[test]
fn no_question_reads_a_whole_table_or_sorts_one() {
    let (_folder, case) = case();
    for sort in [EventSort::Date, EventSort::Published, EventSort::Origins, EventSort::Updated, EventSort::Reports] {
        for (ascending, days, marked) in [(true, true, true), (false, true, false), (false, false, true), (false, false, false)] {
            for term in [None, Some(3)].into_iter().take(if sort == EventSort::Date { 2 } else { 1 }) {
                let query = EventQuery { sort, ascending, ..EventQuery::default() };
                let after: Found = (if sort == EventSort::Updated { Key::Text("x".to_owned()) } else { Key::Number(4) }, 9);
                let (sql, bound) = walk_sql(&query, days.then_some((1, 2)), marked.then_some(&after), term);
                let plan = plan(&case, &sql, bound);
                assert!(!plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
                assert!(
                    plan.contains("USING INDEX event_") || plan.contains("SEARCH f USING PRIMARY KEY (term=?"),
                    "{sql}\n{plan}"
                );
                if marked {
                    assert!(plan.contains('<') || plan.contains('>'), "the mark is gone to directly: {sql}\n{plan}");
                }
            }
        }
    }
    for sql in [
        "SELECT id FROM happening WHERE event = ?1 ORDER BY report, id LIMIT 5",
        "SELECT id FROM happening WHERE report = ?1 ORDER BY id",
        "SELECT DISTINCT event FROM happening WHERE report = ?1 AND event IS NOT NULL ORDER BY event",
        "SELECT DISTINCT report FROM happening WHERE event = ?1 ORDER BY report",
        "SELECT event FROM facet WHERE term = ?1",
        "SELECT id, terms FROM event INDEXED BY event_overview WHERE day BETWEEN ?1 AND 9",
        "SELECT id, uses FROM term WHERE kind = ?1 AND value = 'x'",
        "SELECT id FROM posting WHERE space = ?1 AND key = 5 ORDER BY id DESC LIMIT 9",
        "SELECT id FROM reading WHERE report = ?1 AND current = 1",
        "SELECT id FROM report WHERE text_sha256 BETWEEN ?1 AND x'ff' ORDER BY text_sha256, id LIMIT 3",
        "SELECT id FROM report WHERE url = ?1 ORDER BY id",
    ] {
        let plan = plan(&case, sql, vec![rusqlite::types::Value::Integer(1)]);
        assert!(plan.contains("SEARCH") && !plan.contains("SCAN"), "{sql}\n{plan}");
    }
}
