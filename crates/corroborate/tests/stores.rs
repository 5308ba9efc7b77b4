//! The same answers over any store, whatever the order of changes; and damaged tables end in an error or an answer, never in a panic.
#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use dateline_corroborate::{
    CopyIndex, CopyParams, Count, EventFacts, EventIndex, IndexError, Locality, Memory, Party, Sketch, Space, Store,
};
use dateline_record::{EventType, Precision, QuantityRole};
use proptest::prelude::*;

#[derive(Debug, thiserror::Error)]
#[error("the disk is full")]
struct Full;

/// Rows and values in key order, as a table of a database would hold them. Fails after so many calls, if it is told to.
#[derive(Clone, Default)]
struct Rows {
    lists: BTreeSet<(u8, u64, u64)>,
    values: BTreeMap<(u8, u64), Vec<u8>>,
    calls_left: Option<Cell<u32>>,
}

impl Rows {
    fn call(&self) -> Result<(), Full> {
        match &self.calls_left {
            Some(left) if left.get() == 0 => Err(Full),
            Some(left) => {
                left.set(left.get() - 1);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Store for Rows {
    type Error = Full;

    fn postings(&self, space: Space, key: u64, most: usize) -> Result<Vec<u64>, Full> {
        assert!(space.is_list());
        self.call()?;
        let rows = self.lists.range((space.number(), key, 0)..=(space.number(), key, u64::MAX));
        Ok(rows.rev().take(most).map(|&(_, _, id)| id).collect())
    }

    fn post(&mut self, space: Space, key: u64, id: u64) -> Result<(), Full> {
        assert!(space.is_list());
        self.call()?;
        self.lists.insert((space.number(), key, id));
        Ok(())
    }

    fn unpost(&mut self, space: Space, key: u64, id: u64) -> Result<(), Full> {
        self.call()?;
        self.lists.remove(&(space.number(), key, id));
        Ok(())
    }

    fn get(&self, space: Space, id: u64) -> Result<Option<Vec<u8>>, Full> {
        assert!(!space.is_list());
        self.call()?;
        Ok(self.values.get(&(space.number(), id)).cloned())
    }

    fn put(&mut self, space: Space, id: u64, value: &[u8]) -> Result<(), Full> {
        assert!(!space.is_list());
        self.call()?;
        self.values.insert((space.number(), id), value.to_vec());
        Ok(())
    }

    fn delete(&mut self, space: Space, id: u64) -> Result<(), Full> {
        self.call()?;
        self.values.remove(&(space.number(), id));
        Ok(())
    }
}

/// A text of `count` words of its own story, twenty a line.
fn text(story: u32, count: u32) -> String {
    (0..count).map(|word| format!("w{story}x{word}{}", if word % 20 == 19 { '\n' } else { ' ' })).collect()
}

/// Originals, cuts of them, digests of their leads, a shared notice: whatever can link, or must not.
fn texts() -> Vec<String> {
    let notice = text(99, 20);
    let mut texts = Vec::new();
    for story in 0..5 {
        texts.push(text(story, 200));
        texts.push(text(story, 60));
        texts.push(text(story, 140) + &notice);
    }
    texts.push((0..4).map(|story| text(story, 40)).collect());
    texts.push((1..5).map(|story| text(story, 40)).collect());
    texts.extend((10..16).map(|story| text(story, 25) + &notice));
    texts
}

fn facts(kind: usize, town: usize, day: usize) -> EventFacts {
    let wide = town >= 4;
    let place = Locality {
        name: if wide { "North Province".into() } else { format!("Town {town}") },
        country: "AAA".parse().ok(),
        admin1: Some("North Province".into()),
        lat: Some(10.0 + town as f32 * 0.05),
        lon: Some(20.0),
        precision: Some(if wide { Precision::Admin1 } else { Precision::City }),
    };
    EventFacts {
        kind: EventType::ALL.get(kind).copied(),
        actors: vec![Party { name: format!("Force {}", day % 2), country: "BBB".parse().ok(), sector: None }],
        places: if day.is_multiple_of(5) { vec![] } else { vec![place] },
        when: format!("2024-03-{:02}", 1 + day).parse().ok(),
        published: "2024-03-20".parse().ok(),
        counts: vec![Count { role: QuantityRole::Killed, min: Some(day as i64 % 3), max: None, approx: false }],
        words: ["market", "shelled", "dawn", "bridge", "depot", "burned"]
            .iter()
            .skip(town % 3)
            .map(|&word| word.into())
            .collect(),
        ..EventFacts::default()
    }
}

/// One change of either index; ids repeat, so that one text or happening comes under the id of another.
#[derive(Clone, Debug)]
enum Change {
    Text(u64, usize),
    NoText(u64),
    Happening(u64, (usize, usize, usize)),
    NoHappening(u64),
    Assign(u64, u64),
    Merge(u64, u64),
}

const IDS: u64 = 26;

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let id = || 0..IDS;
    let change = prop_oneof![
        5 => (id(), 0..texts().len()).prop_map(|(id, text)| Change::Text(id, text)),
        2 => id().prop_map(Change::NoText),
        5 => (id(), (0..2_usize, 0..6_usize, 0..9_usize)).prop_map(|(id, facts)| Change::Happening(id, facts)),
        2 => id().prop_map(Change::NoHappening),
        1 => (id(), id()).prop_map(|(a, b)| Change::Assign(a, b)),
        1 => (id(), id()).prop_map(|(a, b)| Change::Merge(a, b)),
    ];
    proptest::collection::vec(change, 1..90)
}

/// Makes a change and says what came of it.
fn apply<S: Store>(store: &mut S, texts: &[String], change: &Change) -> Result<Option<u64>, IndexError<S::Error>> {
    let mut copies = CopyIndex::over(&mut *store, CopyParams::default());
    match *change {
        Change::Text(id, text) => return copies.try_insert(id, &Sketch::of(&texts[text])).map(Some),
        Change::NoText(id) => return copies.try_remove(id).map(|gone| gone.then_some(id)),
        _ => {}
    }
    let mut events = EventIndex::over(store);
    match *change {
        Change::Happening(id, (kind, town, day)) => events.try_insert(id, &facts(kind, town, day)).map(Some),
        Change::NoHappening(id) => events.try_remove(id).map(|gone| gone.then_some(id)),
        Change::Assign(id, to) => events.try_assign(id, to),
        Change::Merge(a, b) => events.try_merge(a, b),
        Change::Text(..) | Change::NoText(_) => Ok(None),
    }
}

/// Every answer that the indexes give.
type Answers = Vec<(Option<u64>, Vec<u64>, bool, Option<u64>, Vec<u64>)>;

fn answers<S: Store>(store: &mut S) -> Result<Answers, IndexError<S::Error>> {
    let mut all = Vec::new();
    for id in 0..IDS {
        let copies = CopyIndex::over(&mut *store, CopyParams::default());
        let (cluster, members, compilation) = (copies.try_cluster(id)?, copies.try_copies(id)?, copies.try_is_compilation(id)?);
        let events = EventIndex::over(&mut *store);
        all.push((cluster, members, compilation, events.try_event(id)?, events.try_members(id)?));
    }
    Ok(all)
}

/// Clusters and events are partitions with one name each.
fn check(answers: &Answers) -> Result<(), TestCaseError> {
    for (id, (cluster, copies, _, event, members)) in (0..).zip(answers) {
        prop_assert_eq!(cluster.is_some(), copies.contains(&id));
        prop_assert_eq!(*cluster, copies.first().copied());
        for &copy in copies {
            prop_assert_eq!(&answers[copy as usize].1, copies);
        }
        prop_assert_eq!(event.is_some(), members.contains(&id));
        prop_assert!(event.is_none_or(|event| members.contains(&event)));
        for &member in members {
            prop_assert_eq!((&answers[member as usize].3, &answers[member as usize].4), (event, members));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_store_gives_the_same_answers(changes in changes()) {
        let texts = texts();
        let (mut memory, mut rows) = (Memory::new(), Rows::default());
        for change in &changes {
            prop_assert_eq!(apply(&mut memory, &texts, change).unwrap(), apply(&mut rows, &texts, change).unwrap(), "{:?}", change);
        }
        let found = answers(&mut rows).unwrap();
        prop_assert_eq!(&answers(&mut memory).unwrap(), &found);
        check(&found)?;
        let count: usize = Space::ALL.iter().map(|&space| memory.rows(space)).sum();
        prop_assert_eq!(count, rows.lists.len() + rows.values.len());
        for id in 0..IDS {
            apply(&mut rows, &texts, &Change::NoText(id)).unwrap();
            apply(&mut rows, &texts, &Change::NoHappening(id)).unwrap();
        }
        // Only lines that have become common stay.
        prop_assert!(rows.lists.is_empty(), "{:?}", rows.lists);
        prop_assert!(rows.values.keys().all(|&(space, _)| space == Space::CopyLines.number()), "{:?}", rows.values.keys());
    }

    #[test]
    fn damage_never_panics(
        changes in changes(), more in changes(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
    ) {
        let texts = texts();
        let mut rows = Rows::default();
        for change in &changes {
            apply(&mut rows, &texts, change).unwrap();
        }
        for (row, byte, value, how) in damage {
            let keys: Vec<(u8, u64)> = rows.values.keys().copied().collect();
            if keys.is_empty() {
                break;
            }
            let bytes = rows.values.get_mut(row.get(&keys)).unwrap();
            match how {
                0 => bytes.truncate(byte.index(bytes.len() + 1)),
                1 => bytes.push(value),
                2 if !bytes.is_empty() => *byte.get_mut(bytes) = value,
                _ => { rows.values.remove(row.get(&keys)); }
            }
            // A row that leads nowhere.
            rows.lists.insert((Space::ALL[usize::from(value) % 3].number(), u64::from(value), u64::from(value) << 20));
        }
        for change in &more {
            if let Err(error) = apply(&mut rows, &texts, change) {
                let IndexError::Damaged { .. } = error else { panic!("{error}") };
            }
        }
        let _ = answers(&mut rows);
    }
}

#[test]
fn a_damaged_value_is_named() {
    let mut rows = Rows::default();
    let change = Change::Happening(3, (0, 1, 1));
    apply(&mut rows, &[], &change).unwrap();
    rows.values.insert((Space::EventFacts.number(), 3), vec![0xff]);
    let error = apply(&mut rows, &[], &Change::Happening(4, (0, 1, 1))).unwrap_err();
    assert_eq!(error.to_string(), "table 14: the value of 3 is damaged; the tables must be made anew");
}

#[test]
fn a_store_that_fails_is_reported_at_any_call() {
    let texts = texts();
    let mut whole = Rows::default();
    for (id, text) in (0..).zip(0..6) {
        apply(&mut whole, &texts, &Change::Text(id, text)).unwrap();
    }
    let mut failed = 0;
    for calls in 0.. {
        let mut rows = Rows { calls_left: Some(Cell::new(calls)), ..whole.clone() };
        match apply(&mut rows, &texts, &Change::Text(9, 2)) {
            Ok(_) => break,
            Err(error) => assert_eq!(error.to_string(), "the tables of the index cannot be read or written: the disk is full"),
        }
        failed += 1;
    }
    assert!(failed > 10, "only {failed} calls");
}

#[test]
fn numbers_of_spaces_stay() {
    assert_eq!(Space::ALL.map(Space::number), [1, 2, 3, 4, 5, 11, 12, 13, 14, 15]);
}
