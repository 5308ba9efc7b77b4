use rustc_hash::{FxHashMap, FxHashSet};

use super::blocks::{asked, filed, weighty, words};
use super::compare::Verdict;
use super::held::{self, Outline};
use super::similarity;
use crate::facts::EventFacts;
use crate::store::{IndexError, Memory, Space, Store, read, write};

/// Happenings looked at per block, latest first.
const PER_BLOCK: usize = 64;
/// Happenings compared in full.
const COMPARED: usize = 256;
/// Happenings compared for their words alone, those that share most first.
const BY_WORDS: usize = 48;
/// A word of so many happenings is no block.
const RARE: usize = 50;
/// Words that a happening is filed under.
const WORDS: usize = 5;
/// Members of an event that a newcomer is compared with before it joins: the one that names it, and the latest.
const MEMBERS: usize = 16;

/// Groups happenings that arrive one by one into events.
///
/// The tables stand in a [`Store`], by default in [`Memory`]. A happening takes about 8 rows there: its facts, up to 3 blocks a place, up
/// to 5 rare words, and 2 when it joins an event. Adding takes time by the size of the blocks looked at, which is bounded, not by the
/// number of happenings held. A newcomer joins the event with the best matching member unless a member forbids it; events once apart are
/// not joined by a later arrival, so order can matter where an early report is vague: adding the precise ones first is safest.
///
/// **Names.** An event is named after its first happening, and keeps the name while that stays. When it goes, the smallest id of those
/// left names the event.
///
/// **Decisions.** [`Self::try_assign`] and [`Self::try_merge`] do what a person decides. Nothing undoes that: only newcomers are
/// placed by likeness. A happening that is removed and comes again is a newcomer; whoever keeps the decision assigns it anew.
///
/// Methods that begin with `try_` are for any store; without it, for [`Memory`], which does not fail.
#[derive(Debug, Default)]
pub struct EventIndex<S: Store = Memory> {
    store: S,
}

/// A happening that was looked at, and why it is or is not the same.
struct Found {
    id: u64,
    verdict: Verdict,
}

type Outcome<T, S> = Result<T, IndexError<<S as Store>::Error>>;

impl<S: Store> EventIndex<S> {
    /// An index over tables that may hold happenings already.
    #[must_use]
    pub fn over(store: S) -> Self {
        Self { store }
    }

    /// The tables.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Gives the tables back.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    /// Happenings that match, best first, each with the verdict; at most 256 are compared.
    ///
    /// # Errors
    /// When the store fails or holds a damaged value; likewise for all methods that begin with `try_`.
    pub fn try_query(&self, facts: &EventFacts) -> Outcome<Vec<(u64, Verdict)>, S> {
        Ok(self.candidates(facts)?.into_iter().map(|found| (found.id, found.verdict)).collect())
    }

    /// Adds a happening and gives the id of its event: that of the event's first happening, here itself if it is new. One already there
    /// stays as it is.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_insert(&mut self, id: u64, facts: &EventFacts) -> Outcome<u64, S> {
        if let Some(event) = self.try_event(id)? {
            return Ok(event);
        }
        let mut asked = FxHashSet::default();
        let mut chosen = None;
        for found in self.candidates(facts)?.into_iter().filter(|found| found.verdict.same) {
            let Some(event) = self.try_event(found.id)? else { continue };
            // An event is asked once, whichever of its members matched.
            if asked.insert(event) && !self.forbids(event, facts)? {
                chosen = Some(event);
                break;
            }
        }
        for key in filed(facts) {
            self.store.post(Space::EventBlocks, key, id)?;
        }
        let mut free = WORDS;
        for word in weighty(facts) {
            if free > 0 && self.store.postings(Space::EventWords, word, RARE)?.len() < RARE {
                self.store.post(Space::EventWords, word, id)?;
                free -= 1;
            }
        }
        self.store.put(Space::EventFacts, id, &held::encode(id, facts)?)?;
        match chosen {
            Some(event) => self.put_in(id, event),
            None => Ok(id),
        }
    }

    /// Takes a happening out; false when it is not there.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_remove(&mut self, id: u64) -> Outcome<bool, S> {
        let Some(facts) = self.try_facts(id)? else { return Ok(false) };
        self.take_out(id)?;
        for key in filed(&facts) {
            self.store.unpost(Space::EventBlocks, key, id)?;
        }
        for word in weighty(&facts) {
            self.store.unpost(Space::EventWords, word, id)?;
        }
        self.store.delete(Space::EventFacts, id)?;
        Ok(true)
    }

    /// Moves one happening to the event of another, as a person decided, and gives that event; to itself: into an event of its own. An
    /// event that loses the happening it is named after takes the smallest id of those left. `None` when one of the two is not there.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_assign(&mut self, id: u64, to: u64) -> Outcome<Option<u64>, S> {
        let (Some(from), Some(event)) = (self.try_event(id)?, self.try_event(to)?) else { return Ok(None) };
        if id == to {
            self.take_out(id)?;
            return Ok(Some(id));
        }
        if from == event {
            return Ok(Some(event));
        }
        self.take_out(id)?;
        self.put_in(id, event).map(Some)
    }

    /// Joins the events of two happenings, as a person decided, under the name of the first. `None` when one of the two is not there.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_merge(&mut self, a: u64, b: u64) -> Outcome<Option<u64>, S> {
        let (Some(event), Some(gone)) = (self.try_event(a)?, self.try_event(b)?) else { return Ok(None) };
        if event != gone {
            for member in self.store.postings(Space::EventMembers, gone, usize::MAX)? {
                self.store.unpost(Space::EventMembers, gone, member)?;
                self.put_in(member, event)?;
            }
            self.put_in(gone, event)?;
        }
        Ok(Some(event))
    }

    /// The event of a happening: the id of its first member. `None` when the happening is not there.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_event(&self, id: u64) -> Outcome<Option<u64>, S> {
        if let Some(event) = read(&self.store, Space::EventOf, id)? {
            return Ok(Some(event));
        }
        Ok(self.store.get(Space::EventFacts, id)?.map(|_| id))
    }

    /// All happenings of the event that this one belongs to, in the order of their ids; empty when it is not there.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_members(&self, id: u64) -> Outcome<Vec<u64>, S> {
        let Some(event) = self.try_event(id)? else { return Ok(Vec::new()) };
        let mut members = self.store.postings(Space::EventMembers, event, usize::MAX)?;
        members.push(event);
        members.sort_unstable();
        Ok(members)
    }

    /// The facts of a happening, as they were added.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_facts(&self, id: u64) -> Outcome<Option<EventFacts>, S> {
        let Some(bytes) = self.store.get(Space::EventFacts, id)? else { return Ok(None) };
        let (_, facts) = held::outline(id, &bytes)?;
        held::facts(id, facts).map(Some)
    }

    /// Whether a member of an event excludes these facts.
    fn forbids(&self, event: u64, facts: &EventFacts) -> Outcome<bool, S> {
        let mut members = self.store.postings(Space::EventMembers, event, MEMBERS - 1)?;
        members.push(event);
        let own = Outline::of(facts);
        for (&member, bytes) in members.iter().zip(self.store.get_all(Space::EventFacts, &members)?) {
            let Some(bytes) = bytes else { continue };
            let (outline, rest) = held::outline(member, &bytes)?;
            if own.excludes(&outline) || similarity(&held::facts(member, rest)?, facts).veto {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn put_in(&mut self, id: u64, event: u64) -> Outcome<u64, S> {
        self.store.post(Space::EventMembers, event, id)?;
        write(&mut self.store, Space::EventOf, id, &event)?;
        Ok(event)
    }

    /// Makes a happening an event of its own.
    fn take_out(&mut self, id: u64) -> Outcome<(), S> {
        if let Some(event) = read::<S, u64>(&self.store, Space::EventOf, id)? {
            self.store.unpost(Space::EventMembers, event, id)?;
            self.store.delete(Space::EventOf, id)?;
            return Ok(());
        }
        let others = self.store.postings(Space::EventMembers, id, usize::MAX)?;
        let Some(&heir) = others.iter().min() else { return Ok(()) };
        for other in others {
            self.store.unpost(Space::EventMembers, id, other)?;
            if other == heir {
                self.store.delete(Space::EventOf, heir)?;
            } else {
                self.put_in(other, heir)?;
            }
        }
        Ok(())
    }

    fn candidates(&self, facts: &EventFacts) -> Outcome<Vec<Found>, S> {
        let mut seen = FxHashSet::default();
        let mut list: Vec<u64> = Vec::new();
        let keys = asked(facts);
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        let blocks: FxHashMap<u64, Vec<u64>> =
            sorted.iter().copied().zip(self.store.postings_of(Space::EventBlocks, &sorted, PER_BLOCK)?).collect();
        for block in keys.iter().filter_map(|key| blocks.get(key)) {
            list.extend(block.iter().filter(|&&id| seen.insert(id)));
        }
        list.truncate(COMPARED - BY_WORDS);
        let mut common: FxHashMap<u64, u32> = FxHashMap::default();
        for rare in self.store.postings_of(Space::EventWords, &words(facts), RARE)?.iter().filter(|list| list.len() < RARE) {
            rare.iter().for_each(|&id| *common.entry(id).or_default() += 1);
        }
        let mut common: Vec<(u64, u32)> = common.into_iter().filter(|(id, _)| !seen.contains(id)).collect();
        common.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(b.0.cmp(&a.0)));
        list.extend(common.into_iter().take(BY_WORDS).map(|(id, _)| id));
        let own = Outline::of(facts);
        let mut found = Vec::new();
        for (&id, bytes) in list.iter().zip(self.store.get_all(Space::EventFacts, &list)?) {
            let Some(bytes) = bytes else { continue };
            let (outline, rest) = held::outline(id, &bytes)?;
            if own.excludes(&outline) {
                continue;
            }
            let verdict = similarity(&held::facts(id, rest)?, facts);
            if verdict.score > 0.0 {
                found.push(Found { id, verdict });
            }
        }
        found.sort_by(|a, b| b.verdict.score.total_cmp(&a.verdict.score).then(a.id.cmp(&b.id)));
        Ok(found)
    }
}

impl EventIndex {
    /// An empty index in memory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many happenings it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.store.rows(Space::EventFacts)
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// [`Self::try_query`] in memory.
    #[must_use]
    pub fn query(&self, facts: &EventFacts) -> Vec<(u64, Verdict)> {
        self.try_query(facts).unwrap_or_default()
    }

    /// [`Self::try_insert`] in memory.
    pub fn insert(&mut self, id: u64, facts: EventFacts) -> u64 {
        self.try_insert(id, &facts).unwrap_or(id)
    }

    /// [`Self::try_remove`] in memory.
    pub fn remove(&mut self, id: u64) -> bool {
        self.try_remove(id).unwrap_or(false)
    }

    /// [`Self::try_assign`] in memory.
    pub fn assign(&mut self, id: u64, to: u64) -> Option<u64> {
        self.try_assign(id, to).unwrap_or_default()
    }

    /// [`Self::try_merge`] in memory.
    pub fn merge(&mut self, a: u64, b: u64) -> Option<u64> {
        self.try_merge(a, b).unwrap_or_default()
    }

    /// [`Self::try_event`] in memory.
    #[must_use]
    pub fn event(&self, id: u64) -> Option<u64> {
        self.try_event(id).unwrap_or_default()
    }

    /// [`Self::try_members`] in memory.
    #[must_use]
    pub fn members(&self, id: u64) -> Vec<u64> {
        self.try_members(id).unwrap_or_default()
    }

    /// Memory that it takes, in bytes; tables are counted by what they have reserved.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.store.bytes()
    }
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

    /// Five reports of a strike on town 1 (ids 10, 4, 7, 12, 15) and one of another (20).
    fn five() -> EventIndex {
        let mut index = EventIndex::new();
        for id in [10, 4, 7, 12, 15] {
            assert_eq!(index.insert(id, strike(1, 1)), 10);
        }
        assert_eq!(index.insert(20, strike(2, 1)), 20);
        index
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

    #[test]
    fn an_event_keeps_its_name_until_its_first_happening_goes() {
        let mut index = five();
        assert!(index.remove(4) && !index.remove(4));
        assert_eq!(index.members(12), [7, 10, 12, 15]);
        assert_eq!(index.event(12), Some(10));
        assert!(index.remove(10));
        assert_eq!(index.event(12), Some(7));
        assert_eq!(index.insert(10, strike(1, 1)), 7);
        assert_eq!(index.members(7), [7, 10, 12, 15]);
    }

    #[test]
    fn what_is_removed_leaves_no_row() {
        let mut index = five();
        for id in [10, 4, 7, 12, 15, 20] {
            index.remove(id);
        }
        let rows: usize = Space::ALL.iter().map(|&space| index.store().rows(space)).sum();
        assert_eq!(rows, 0);
    }

    #[test]
    fn a_person_moves_splits_and_merges() {
        let mut index = five();
        assert_eq!(index.assign(10, 10), Some(10));
        assert_eq!(index.members(10), [10]);
        assert_eq!(index.event(15), Some(4));
        assert_eq!(index.assign(4, 20), Some(20));
        assert_eq!(index.members(20), [4, 20]);
        assert_eq!(index.members(15), [7, 12, 15]);
        assert_eq!(index.assign(7, 15), Some(7));
        assert_eq!(index.merge(20, 12), Some(20));
        assert_eq!(index.members(7), [4, 7, 12, 15, 20]);
        assert_eq!(index.event(7), Some(20));
        assert_eq!(index.assign(99, 7), None);
        assert_eq!(index.merge(7, 99), None);
        // A newcomer joins the best match and moves nobody.
        index.insert(30, strike(1, 1));
        assert_eq!(index.event(10), Some(10));
    }
}
