use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::{Verdict, days, family, point, stem, stretch};
use super::similarity;
use crate::facts::EventFacts;

/// Width of a time bucket in days; a happening is filed under each bucket it touches and asked for in the next ones too.
const BUCKET_DAYS: i64 = 4;
/// A stretch longer than this many buckets is filed as undated.
const BUCKETS: i64 = 12;
/// Happenings looked at per block, latest first.
const PER_BLOCK: usize = 64;
/// Happenings compared in full.
const COMPARED: usize = 256;
/// A word in at least this many happenings is no block.
const RARE: usize = 50;
/// Members of an event that a newcomer is compared with before it joins.
const MEMBERS: usize = 16;

/// Groups happenings that arrive one by one into events.
///
/// Adding takes time by the size of the blocks looked at, which is bounded, not by the number of happenings held. A newcomer joins the event
/// with the best matching member unless a member forbids it; events once apart are not joined by a later arrival, so order can
/// matter where an early report is vague: adding the precise ones first is safest.
#[derive(Debug, Default)]
pub struct EventIndex {
    facts: Vec<EventFacts>,
    ids: Vec<u64>,
    event: Vec<u32>,
    members: Vec<Vec<u32>>,
    by_id: FxHashMap<u64, u32>,
    blocks: FxHashMap<(u8, u64, i64), Vec<u32>>,
    words: FxHashMap<u64, Vec<u32>>,
}

/// A happening that was looked at, and why it is or is not the same.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    at: u32,
    verdict: Verdict,
}

impl EventIndex {
    /// An empty index.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many happenings it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// Happenings that match, best first, each with the verdict; at most 256 are compared.
    #[must_use]
    pub fn query(&self, facts: &EventFacts) -> Vec<(u64, Verdict)> {
        self.candidates(facts).into_iter().filter_map(|found| Some((*self.ids.get(found.at as usize)?, found.verdict))).collect()
    }

    /// Adds a happening and gives the id of its event: that of the event's first happening, here itself if it is new. One already there
    /// stays as it is.
    pub fn insert(&mut self, id: u64, facts: EventFacts) -> u64 {
        if let Some(event) = self.event(id) {
            return event;
        }
        let mut chosen = None;
        for found in self.candidates(&facts).into_iter().filter(|found| found.verdict.same) {
            let Some(&event) = self.event.get(found.at as usize) else { continue };
            let members = self.members.get(event as usize).map(Vec::as_slice).unwrap_or_default();
            let forbidden = members
                .iter()
                .take(MEMBERS)
                .filter_map(|&member| self.facts.get(member as usize))
                .any(|member| similarity(member, &facts).veto);
            if !forbidden {
                chosen = Some(event);
                break;
            }
        }
        let own = self.facts.len() as u32;
        let event = chosen.unwrap_or(self.members.len() as u32);
        match self.members.get_mut(event as usize) {
            Some(members) => members.push(own),
            None => self.members.push(vec![own]),
        }
        for key in keys(&facts) {
            self.blocks.entry(key).or_default().push(own);
        }
        for word in facts.words.iter().map(|word| hash(stem(word))) {
            let list = self.words.entry(word).or_default();
            if list.len() <= RARE {
                list.push(own);
            }
        }
        self.facts.push(facts);
        self.ids.push(id);
        self.event.push(event);
        self.by_id.insert(id, own);
        self.event(id).unwrap_or(id)
    }

    /// The event of a happening: the id of its first member. `None` when the happening is not there.
    #[must_use]
    pub fn event(&self, id: u64) -> Option<u64> {
        let event = self.event.get(*self.by_id.get(&id)? as usize)?;
        let first = *self.members.get(*event as usize)?.first()?;
        self.ids.get(first as usize).copied()
    }

    /// All happenings of the event that this one belongs to, in the order they came.
    #[must_use]
    pub fn members(&self, id: u64) -> Vec<u64> {
        let event = self.by_id.get(&id).and_then(|&own| self.event.get(own as usize));
        let members = event.and_then(|&event| self.members.get(event as usize)).map(Vec::as_slice).unwrap_or_default();
        members.iter().filter_map(|&member| self.ids.get(member as usize).copied()).collect()
    }

    fn candidates(&self, facts: &EventFacts) -> Vec<Found> {
        let mut seen = FxHashSet::default();
        let mut list: Vec<u32> = Vec::new();
        let wide = keys(facts).into_iter().flat_map(|(family, place, bucket)| {
            let near = if bucket == i64::MIN { 0..=0 } else { -1..=1 };
            near.map(move |step| (family, place, bucket.saturating_add(step)))
        });
        for key in wide {
            let block = self.blocks.get(&key).map(Vec::as_slice).unwrap_or_default();
            list.extend(block.iter().rev().take(PER_BLOCK).filter(|&&at| seen.insert(at)));
        }
        let mut common: FxHashMap<u32, u32> = FxHashMap::default();
        for word in facts.words.iter().map(|word| hash(stem(word))) {
            let rare = self.words.get(&word).filter(|list| list.len() < RARE).map(Vec::as_slice).unwrap_or_default();
            rare.iter().for_each(|&at| *common.entry(at).or_default() += 1);
        }
        let mut common: Vec<(u32, u32)> = common.into_iter().filter(|&(_, count)| count >= 2).collect();
        common.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        list.extend(common.into_iter().take(PER_BLOCK).map(|(at, _)| at).filter(|&at| seen.insert(at)));
        list.truncate(COMPARED);
        let mut found: Vec<Found> = list
            .into_iter()
            .filter_map(|at| Some(Found { at, verdict: similarity(self.facts.get(at as usize)?, facts) }))
            .filter(|found| found.verdict.score > 0.0)
            .collect();
        found.sort_by(|a, b| b.verdict.score.total_cmp(&a.verdict.score).then(a.at.cmp(&b.at)));
        found
    }
}

/// Blocks of a happening: family of type × cell of one degree or name or country × time bucket.
fn keys(facts: &EventFacts) -> Vec<(u8, u64, i64)> {
    let family = facts.kind.map_or(u8::MAX, family);
    let mut cells: Vec<u64> = Vec::new();
    for place in &facts.places {
        cells.push(hash(&crate::facts::name_key(&place.name)));
        if let Some((lat, lon)) = point(place) {
            // Half-degree cells, filed under the four around the point, so that near places share one.
            for (north, east) in [(0.25, 0.25), (0.25, -0.25), (-0.25, 0.25), (-0.25, -0.25)] {
                cells.push(hash(&format!("{},{}", ((lat + north) * 2.0).floor(), ((lon + east) * 2.0).floor())));
            }
        }
        if let Some(country) = place.country {
            cells.push(hash(country.as_str()));
        }
    }
    if cells.is_empty() {
        cells.extend(facts.actors.iter().chain(&facts.recipients).filter_map(|party| Some(hash(party.country?.as_str()))));
    }
    cells.sort_unstable();
    cells.dedup();
    let buckets: Vec<i64> = match stretch(facts) {
        Some((first, last, _)) if (last - first) / BUCKET_DAYS <= BUCKETS => {
            (first.div_euclid(BUCKET_DAYS)..=last.div_euclid(BUCKET_DAYS)).collect()
        }
        _ => facts
            .published
            .as_ref()
            .and_then(days)
            .map_or_else(|| vec![i64::MIN], |(_, last)| vec![last.div_euclid(BUCKET_DAYS), i64::MIN]),
    };
    cells.iter().flat_map(|&cell| buckets.iter().map(move |&bucket| (family, cell, bucket))).collect()
}

fn hash(text: &str) -> u64 {
    use std::hash::Hasher as _;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Locality;
    use dateline_record::{EventType, Precision};

    fn strike(town: u32, day: u32) -> EventFacts {
        EventFacts {
            kind: Some(EventType::Assault),
            places: vec![Locality { name: format!("Town {town}"), precision: Some(Precision::City), ..Locality::default() }],
            when: format!("2024-{:02}-{:02}", 1 + day / 28, 1 + day % 28).parse().ok(),
            ..EventFacts::default()
        }
    }

    #[test]
    fn a_repeated_happening_joins_and_others_stay_apart() {
        let mut index = EventIndex::new();
        for (id, (town, day)) in (0..).zip((0..50).flat_map(|town| (0..20).map(move |day| (town, day)))) {
            assert_eq!(index.insert(id, strike(town, day)), id);
        }
        assert_eq!(index.insert(5000, strike(3, 7)), 3 * 20 + 7);
        assert_eq!(index.members(5000), [67, 5000]);
        assert_eq!(index.event(9999), None);
    }

    #[test]
    fn nothing_in_common_is_nothing_the_same() {
        let mut index = EventIndex::new();
        assert_eq!(index.insert(1, EventFacts::default()), 1);
        assert_eq!(index.insert(2, EventFacts::default()), 2);
    }
}
