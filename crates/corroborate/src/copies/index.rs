use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Sketch;
use super::compilation::is_compilation;
use super::overlap::{Line, Match, Overlap, Text};
use super::work::Work;
use crate::store::{IndexError, Memory, Space, Store, read, write};

/// One run in this many is looked up; all are compared.
const SAMPLED: u32 = 6;
/// Texts kept for a sampled run. A run of more texts belongs to one large cluster, which these already lead to, or to a service line.
const POSTINGS: usize = 24;
/// Texts compared in full, those that share most sampled runs first.
const CANDIDATES: usize = 48;
/// Smallest share of either text that is kept as an overlap.
const OVERLAP: f32 = 0.06;
/// Fewest shared runs that mean anything: about one sentence.
const SHARED: u32 = 8;
/// Source lists longer than this are cut when a compilation is looked for.
const SOURCES: usize = 24;
/// A source's piece is its lead when it begins within so many runs of the source's start.
const LEAD: usize = 40;

/// What makes a copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CopyParams {
    /// Least share (0 to 1) of the shorter text that the longer must hold, for texts of like length. Default 0.45; lower lets
    /// articles in that quote each other at length.
    pub containment: f32,
    /// The same where the shorter is less than half of the longer. Default 0.55.
    pub truncated: f32,
    /// A line that begins or stands in at least this many clusters counts for nothing. Default 5.
    pub common_line: u32,
}

impl Default for CopyParams {
    fn default() -> Self {
        Self { containment: 0.45, truncated: 0.55, common_line: 5 }
    }
}

/// Finds copies among texts that arrive one by one.
///
/// The tables stand in a [`Store`], by default in [`Memory`]. A text of 700 words takes about 150 rows there: one for each sixth run of
/// words, one for each line, its [`Sketch`] (4 bytes a word) and its overlaps (at most 96 of about 12 bytes). Inserting takes time by the
/// length of the text and its likely copies, not by the size of the index; removing a text or finding that it is a compilation takes time
/// by the size of its cluster.
///
/// **Order.** Overlaps, and so links and clusters, are the same in any order of insertion, but for three things: a line counts as common only
/// from the moment it is; beyond 24 texts with one run, later texts are found through the earlier ones; and of texts that
/// overlap a new one only the 48 likeliest are looked at. A notice that makes up most of several short texts links them when it has not
/// been seen in five clusters before. A link made before a text is known to be a compilation is taken back.
///
/// Methods that begin with `try_` are for any store; without it, for [`Memory`], which does not fail.
#[derive(Debug, Default)]
pub struct CopyIndex<S: Store = Memory> {
    params: CopyParams,
    store: S,
}

/// What looking up a text found.
struct Found {
    /// Overlaps; the flag says whether the shared words open the asked text.
    overlaps: Vec<(Overlap, bool)>,
    /// Sampled runs whose lists are not full.
    room: Vec<u64>,
}

type Outcome<T, S> = Result<T, IndexError<<S as Store>::Error>>;

impl<S: Store> CopyIndex<S> {
    /// An index over tables that may hold texts already. Parameters should be those they were made with.
    #[must_use]
    pub fn over(store: S, params: CopyParams) -> Self {
        Self { params, store }
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

    /// Earlier texts that overlap with this one, best first by containment, then by id.
    ///
    /// # Errors
    /// When the store fails or holds a damaged value; likewise for all methods that begin with `try_`.
    pub fn try_query(&self, sketch: &Sketch) -> Outcome<Vec<Match>, S> {
        let mut work = Work::default();
        let mut found = Vec::new();
        for (overlap, _) in self.look_up(&mut work, sketch)?.overlaps {
            let compilation = work.text(&self.store, overlap.other)?.is_some_and(|text| text.compilation);
            found.push(Match {
                id: overlap.other,
                jaccard: overlap.jaccard(),
                containment: overlap.containment(),
                copy: self.is_copy(&overlap, compilation),
            });
        }
        found.sort_by(|a, b| b.containment.total_cmp(&a.containment).then(a.id.cmp(&b.id)));
        Ok(found)
    }

    /// Adds a text and says its cluster (see [`Self::try_cluster`]). A text already there stays as it is.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_insert(&mut self, id: u64, sketch: &Sketch) -> Outcome<u64, S> {
        if let Some(cluster) = self.try_cluster(id)? {
            return Ok(cluster);
        }
        let mut work = Work::default();
        let found = self.look_up(&mut work, sketch)?;
        let print = sketch.print();
        for &(overlap, lead) in &found.overlaps {
            work.change(&self.store, overlap.other, |text| text.note(overlap.reversed(id, print, lead)))?;
        }
        let overlaps: Vec<Overlap> = found.overlaps.into_iter().map(|(overlap, _)| overlap).collect();
        for run in found.room {
            self.store.post(Space::CopyRuns, run, id)?;
        }
        self.store.put(Space::CopySketches, id, &sketch.encode())?;
        work.add(id, Text::alone(id, sketch.len() as u32, print, overlaps.clone()), sketch);

        self.judge(&mut work, id)?;
        self.judge_again(&mut work, &overlaps)?;
        for overlap in &overlaps {
            if self.linked(&mut work, id, overlap)? {
                self.join(&mut work, id, overlap.other)?;
            }
        }
        self.count_lines(&mut work, id, sketch)?;
        let cluster = self.cluster_in(&mut work, id)?.unwrap_or(id);
        work.finish(&mut self.store)?;
        Ok(cluster)
    }

    /// Takes a text out, and with it the links that it made; false when it is not there. What is left of its cluster is linked anew. A
    /// line that has become common stays so.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_remove(&mut self, id: u64) -> Outcome<bool, S> {
        let mut work = Work::default();
        let Some(text) = work.text(&self.store, id)?.cloned() else { return Ok(false) };
        if let Some(sketch) = work.sketch(&self.store, id)? {
            for run in sampled(&sketch) {
                self.store.unpost(Space::CopyRuns, run, id)?;
            }
            self.forget_lines(id, &sketch)?;
        }
        let mut others = self.members(text.leader)?;
        others.retain(|&member| member != id);
        self.store.unpost(Space::CopyMembers, text.leader, id)?;
        self.store.delete(Space::CopySketches, id)?;
        self.store.delete(Space::CopyTexts, id)?;
        work.drop(id);
        for overlap in &text.overlaps {
            work.change(&self.store, overlap.other, |other| other.overlaps.retain(|known| known.other != id))?;
        }
        self.link_anew(&mut work, text.leader, &others)?;
        self.judge_again(&mut work, &text.overlaps)?;
        work.finish(&mut self.store)?;
        Ok(true)
    }

    /// The cluster of a text: the smallest id among its copies, itself included; it changes when a smaller one joins. `None` when the
    /// text is not there.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_cluster(&self, id: u64) -> Outcome<Option<u64>, S> {
        self.cluster_in(&mut Work::default(), id)
    }

    /// All copies of a text, itself included, in the order of their ids; empty when it is not there.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_copies(&self, id: u64) -> Outcome<Vec<u64>, S> {
        let Some(text) = self.text(id)? else { return Ok(Vec::new()) };
        let mut members = self.members(text.leader)?;
        members.sort_unstable();
        Ok(members)
    }

    /// Whether a text is made of several others, and so a copy of none.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_is_compilation(&self, id: u64) -> Outcome<bool, S> {
        Ok(self.text(id)?.is_some_and(|text| text.compilation))
    }

    /// Why two texts are copies or not, in words; `None` when they share too little or one is not there.
    ///
    /// # Errors
    /// As [`Self::try_query`].
    pub fn try_why(&self, a: u64, b: u64) -> Outcome<Option<String>, S> {
        let (Some(own), Some(other)) = (self.text(a)?, self.text(b)?) else { return Ok(None) };
        let between = |from: &Text, id: u64, to: &Text| {
            from.overlaps.iter().find(|overlap| overlap.other == id && overlap.print == to.print).copied()
        };
        let Some(overlap) = between(&own, b, &other).or_else(|| between(&other, a, &own)) else { return Ok(None) };
        let percent = (overlap.containment() * 100.0).round();
        let compilation = own.compilation || other.compilation;
        let verdict = match (self.is_copy(&overlap, compilation), compilation) {
            (true, _) => "copies",
            (false, true) => "no copies: one is made of several texts",
            (false, false) => "no copies",
        };
        Ok(Some(format!(
            "{percent} % of the shorter text stands in the longer ({} runs of four words): {verdict}",
            overlap.shared
        )))
    }

    fn text(&self, id: u64) -> Outcome<Option<Text>, S> {
        read(&self.store, Space::CopyTexts, id)
    }

    fn cluster_in(&self, work: &mut Work, id: u64) -> Outcome<Option<u64>, S> {
        let Some(leader) = work.text(&self.store, id)?.map(|text| text.leader) else { return Ok(None) };
        Ok(Some(work.text(&self.store, leader)?.map_or(id, |leader| leader.smallest)))
    }

    /// Texts of the cluster that this one leads.
    fn members(&self, leader: u64) -> Outcome<Vec<u64>, S> {
        let members = self.store.postings(Space::CopyMembers, leader, usize::MAX)?;
        Ok(if members.is_empty() { vec![leader] } else { members })
    }

    fn look_up(&self, work: &mut Work, sketch: &Sketch) -> Outcome<Found, S> {
        work.learn_lines(&self.store, sketch, self.params.common_line)?;
        let mut own: FxHashMap<u32, u32> = FxHashMap::with_capacity_and_hasher(sketch.len(), Default::default());
        for (position, run) in work.counted(sketch) {
            own.entry(run).or_insert(position);
        }
        let mut keys: Vec<u64> = own.keys().filter(|&&run| is_sampled(run)).map(|&run| u64::from(run)).collect();
        keys.sort_unstable();
        let lists = self.store.postings_of(Space::CopyRuns, &keys, POSTINGS)?;
        let mut hits: FxHashMap<u64, u32> = FxHashMap::default();
        let mut room = Vec::with_capacity(keys.len());
        for (&key, list) in keys.iter().zip(&lists) {
            list.iter().for_each(|&other| *hits.entry(other).or_default() += 1);
            if list.len() < POSTINGS {
                room.push(key);
            }
        }
        let mut hits: Vec<(u64, u32)> = hits.into_iter().collect();
        hits.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        hits.truncate(CANDIDATES);
        work.load_texts(&self.store, hits.iter().map(|&(other, _)| other))?;
        let mut overlaps = Vec::new();
        for (other, hits) in hits {
            let Some((runs, print)) = work.text(&self.store, other)?.map(|text| (text.runs, text.print)) else { continue };
            // The sample says how much is shared: what is surely below the least overlap is not compared. Half of what is expected must
            // be there, and short texts have too small a sample to be judged by it.
            let least = OVERLAP * own.len().min(runs as usize) as f32 / SAMPLED as f32;
            if (hits as f32) < least * 0.5 {
                continue;
            }
            let Some(theirs) = work.sketch(&self.store, other)? else { continue };
            work.learn_lines(&self.store, &theirs, self.params.common_line)?;
            overlaps.extend(compare(work, &own, other, &theirs, print));
        }
        Ok(Found { overlaps, room })
    }

    fn is_copy(&self, overlap: &Overlap, compilation: bool) -> bool {
        if compilation {
            return overlap.jaccard() >= 0.5;
        }
        let (short, long) = (overlap.own.min(overlap.others), overlap.own.max(overlap.others));
        let least = if short.saturating_mul(2) < long { self.params.truncated } else { self.params.containment };
        overlap.containment() >= least
    }

    fn linked(&self, work: &mut Work, own: u64, overlap: &Overlap) -> Outcome<bool, S> {
        let flag = work.text(&self.store, own)?.is_some_and(|text| text.compilation);
        let Some(other) = work.text(&self.store, overlap.other)?.filter(|other| other.print == overlap.print) else {
            return Ok(false);
        };
        Ok(self.is_copy(overlap, flag || other.compilation))
    }

    /// Looks again at those that a text which came or went is a part of: only that can turn them into compilations or back.
    fn judge_again(&mut self, work: &mut Work, overlaps: &[Overlap]) -> Outcome<(), S> {
        for overlap in overlaps {
            if (OVERLAP..0.5).contains(&overlap.of_other()) && self.judge(work, overlap.other)? {
                let Some(leader) = work.text(&self.store, overlap.other)?.map(|text| text.leader) else { continue };
                let members = self.members(leader)?;
                self.link_anew(work, leader, &members)?;
            }
        }
        Ok(())
    }

    /// Looks again whether a text is a compilation; true when the answer changed.
    fn judge(&mut self, work: &mut Work, own: u64) -> Outcome<bool, S> {
        let Some(text) = work.text(&self.store, own)? else { return Ok(false) };
        let before = text.compilation;
        let sources: Vec<u64> = text
            .overlaps
            .iter()
            .filter(|overlap| overlap.lead && overlap.of_own() >= OVERLAP && overlap.jaccard() < 0.5)
            .map(|overlap| overlap.other)
            .take(SOURCES)
            .collect();
        let mut covered = Vec::new();
        let mut length = 0;
        if sources.len() >= 3
            && let Some(sketch) = work.sketch(&self.store, own)?
        {
            length = sketch.len();
            work.learn_lines(&self.store, &sketch, self.params.common_line)?;
            let place: FxHashMap<u32, u32> = work.counted(&sketch).map(|(position, run)| (run, position)).collect();
            for source in sources {
                let Some(source) = work.sketch(&self.store, source)? else { continue };
                work.learn_lines(&self.store, &source, self.params.common_line)?;
                let mut positions: Vec<u32> = work.counted(&source).filter_map(|(_, run)| place.get(&run).copied()).collect();
                positions.sort_unstable();
                positions.dedup();
                covered.push(positions);
            }
        }
        let after = is_compilation(length, &mut covered);
        if before != after {
            work.change(&self.store, own, |text| text.compilation = after)?;
        }
        Ok(before != after)
    }

    /// Joins the clusters of two texts; the members of the smaller move.
    fn join(&mut self, work: &mut Work, a: u64, b: u64) -> Outcome<(), S> {
        let leader = |work: &mut Work, id: u64| -> Outcome<Option<(u64, u64, u64)>, S> {
            let Some(leader) = work.text(&self.store, id)?.map(|text| text.leader) else { return Ok(None) };
            Ok(work.text(&self.store, leader)?.map(|text| (leader, text.size, text.smallest)))
        };
        let (Some(a), Some(b)) = (leader(work, a)?, leader(work, b)?) else { return Ok(()) };
        if a.0 == b.0 {
            return Ok(());
        }
        let ((from, _, smallest), (into, size, _)) = if a.1 < b.1 { (a, b) } else { (b, a) };
        let moved = self.members(from)?;
        if size <= 1 {
            self.store.post(Space::CopyMembers, into, into)?;
        }
        for &member in &moved {
            self.store.unpost(Space::CopyMembers, from, member)?;
            self.store.post(Space::CopyMembers, into, member)?;
            work.change(&self.store, member, |text| text.leader = into)?;
        }
        work.change(&self.store, into, |text| {
            text.size = text.size.saturating_add(moved.len() as u64);
            text.smallest = text.smallest.min(smallest);
        })
    }

    /// Takes a cluster apart and links its members anew, after one of them went, or was found to be a compilation or not to be one.
    fn link_anew(&mut self, work: &mut Work, leader: u64, members: &[u64]) -> Outcome<(), S> {
        for &member in members {
            self.store.unpost(Space::CopyMembers, leader, member)?;
            work.change(&self.store, member, |text| (text.leader, text.size, text.smallest) = (member, 1, member))?;
        }
        for &member in members {
            let overlaps = work.text(&self.store, member)?.map(|text| text.overlaps.clone()).unwrap_or_default();
            for overlap in overlaps {
                if self.linked(work, member, &overlap)? {
                    self.join(work, member, overlap.other)?;
                }
            }
        }
        Ok(())
    }

    fn count_lines(&mut self, work: &mut Work, own: u64, sketch: &Sketch) -> Outcome<(), S> {
        let Some(leader) = work.text(&self.store, own)?.map(|text| text.leader) else { return Ok(()) };
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        for line in sketch.lines.iter().filter(|line| seen.insert(line.hash) && !work.is_common(line.hash)) {
            let known: Option<Line> = read(&self.store, Space::CopyLines, u64::from(line.hash))?;
            let mut known = match known {
                Some(known) if known.last == leader => continue,
                known => known.unwrap_or_default(),
            };
            known.last = leader;
            known.texts.push(own);
            write(&mut self.store, Space::CopyLines, u64::from(line.hash), &known)?;
        }
        Ok(())
    }

    /// Takes a text's part in counting lines back, so that a text that comes and goes does not make its lines common.
    fn forget_lines(&mut self, own: u64, sketch: &Sketch) -> Outcome<(), S> {
        for line in &sketch.lines {
            let key = u64::from(line.hash);
            let Some(mut known) = read::<S, Line>(&self.store, Space::CopyLines, key)? else { continue };
            if known.texts.len() >= self.params.common_line as usize || !known.texts.contains(&own) {
                continue;
            }
            known.texts.retain(|&text| text != own);
            match known.texts.last() {
                None => self.store.delete(Space::CopyLines, key)?,
                Some(&last) => {
                    known.last = last;
                    write(&mut self.store, Space::CopyLines, key, &known)?;
                }
            }
        }
        Ok(())
    }
}

impl CopyIndex {
    /// An empty index in memory.
    #[must_use]
    pub fn new(params: CopyParams) -> Self {
        Self { params, ..Self::default() }
    }

    /// How many texts it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.store.rows(Space::CopyTexts)
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// [`Self::try_query`] in memory.
    #[must_use]
    pub fn query(&self, sketch: &Sketch) -> Vec<Match> {
        self.try_query(sketch).unwrap_or_default()
    }

    /// [`Self::try_insert`] in memory.
    pub fn insert(&mut self, id: u64, sketch: &Sketch) -> u64 {
        self.try_insert(id, sketch).unwrap_or(id)
    }

    /// [`Self::try_remove`] in memory.
    pub fn remove(&mut self, id: u64) -> bool {
        self.try_remove(id).unwrap_or(false)
    }

    /// [`Self::try_cluster`] in memory.
    #[must_use]
    pub fn cluster(&self, id: u64) -> Option<u64> {
        self.try_cluster(id).unwrap_or_default()
    }

    /// [`Self::try_copies`] in memory.
    #[must_use]
    pub fn copies(&self, id: u64) -> Vec<u64> {
        self.try_copies(id).unwrap_or_default()
    }

    /// [`Self::try_is_compilation`] in memory.
    #[must_use]
    pub fn is_compilation(&self, id: u64) -> bool {
        self.try_is_compilation(id).unwrap_or(false)
    }

    /// [`Self::try_why`] in memory.
    #[must_use]
    pub fn why(&self, a: u64, b: u64) -> Option<String> {
        self.try_why(a, b).unwrap_or_default()
    }

    /// Memory that it takes, in bytes; tables are counted by what they have reserved.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.store.bytes()
    }
}

fn is_sampled(run: u32) -> bool {
    run.is_multiple_of(SAMPLED)
}

fn sampled(sketch: &Sketch) -> Vec<u64> {
    let mut keys: Vec<u64> = sketch.runs.iter().filter(|&&run| is_sampled(run)).map(|&run| u64::from(run)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// How a text whose runs stand at `own` overlaps with another; the flag says whether the shared words open it.
fn compare(work: &Work, own: &FxHashMap<u32, u32>, other: u64, theirs: &Rc<Sketch>, print: u32) -> Option<(Overlap, bool)> {
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let (mut others, mut first_there, mut first_here) = (0, u32::MAX, u32::MAX);
    for (position, run) in work.counted(theirs) {
        others += 1;
        if let Some(&here) = own.get(&run)
            && seen.insert(run)
        {
            first_there = first_there.min(position);
            first_here = first_here.min(here);
        }
    }
    let is_lead = |first: u32| (first as usize) < LEAD;
    let overlap = Overlap { other, print, shared: seen.len() as u32, own: own.len() as u32, others, lead: is_lead(first_there) };
    (overlap.shared >= SHARED && overlap.containment() >= OVERLAP).then_some((overlap, is_lead(first_here)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A text of `count` words of its own, twenty a line.
    fn text(story: u32, count: u32) -> String {
        let mut text = String::new();
        for word in 0..count {
            text.push_str(&format!("w{story}x{word}"));
            text.push(if word % 20 == 19 { '\n' } else { ' ' });
        }
        text
    }

    fn lead(story: u32) -> String {
        text(story, 60)
    }

    fn index(texts: &[String]) -> CopyIndex {
        let mut index = CopyIndex::new(CopyParams::default());
        for (id, text) in (0..).zip(texts) {
            index.insert(id, &Sketch::of(text));
        }
        index
    }

    #[test]
    fn a_truncated_text_is_a_copy_of_the_whole() {
        let index = index(&[text(1, 600), lead(1), text(2, 600)]);
        assert_eq!(index.copies(1), [0, 1]);
        assert_eq!(index.cluster(2), Some(2));
        assert_eq!(
            index.why(0, 1).unwrap(),
            "100 % of the shorter text stands in the longer (60 runs of four words): copies".replace("60", "57")
        );
    }

    #[test]
    fn a_digest_is_a_copy_of_none_and_joins_none() {
        let digest: String = (1..=4).map(lead).collect();
        for digest_at in [0, 4, 8] {
            let mut texts: Vec<String> = (1..=4).map(|story| text(story, 400)).chain((1..=4).map(lead)).collect();
            texts.insert(digest_at, digest.clone());
            let index = index(&texts);
            assert!(index.is_compilation(digest_at as u64));
            assert_eq!(index.copies(digest_at as u64), [digest_at as u64]);
            let first = texts.iter().position(|text| *text == self::text(1, 400)).unwrap();
            let short = texts.iter().position(|text| *text == lead(1)).unwrap();
            assert_eq!(index.copies(first as u64), [first.min(short) as u64, first.max(short) as u64]);
        }
    }

    #[test]
    fn borrowed_paragraphs_make_no_copy() {
        let borrowing = text(2, 400) + &text(1, 600).lines().skip(8).take(6).collect::<Vec<_>>().join("\n");
        let index = index(&[text(1, 600), borrowing]);
        assert_eq!(index.cluster(1), Some(1));
        assert!(!index.query(&Sketch::of(&text(1, 600))).is_empty());
    }

    #[test]
    fn lines_that_many_carry_link_nothing() {
        let notice = text(99, 60);
        let texts: Vec<String> = (0..12).map(|story| text(story, if story < 8 { 120 } else { 40 }) + &notice).collect();
        assert_eq!(index(&texts).cluster(11), Some(11));
        // Without the eight that make the notice known, it is most of what the short ones hold.
        assert_eq!(index(&texts[8..]).cluster(3), Some(0));
    }

    #[test]
    fn inserting_twice_changes_nothing() {
        let mut index = index(&[text(1, 100)]);
        assert_eq!(index.insert(0, &Sketch::of(&text(2, 100))), 0);
        assert_eq!(index.len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn clusters_do_not_depend_on_order(order in Just((0..9_u64).collect::<Vec<_>>()).prop_shuffle()) {
            let texts = [text(1, 300), lead(1), text(1, 200), text(2, 300), lead(2), text(3, 300), text(3, 250), lead(4), text(5, 90)];
            let mut index = CopyIndex::new(CopyParams::default());
            for &at in &order {
                index.insert(at, &Sketch::of(&texts[at as usize]));
            }
            let clusters: Vec<u64> = (0..9).map(|id| index.cluster(id).unwrap()).collect();
            prop_assert_eq!(clusters, [0, 0, 0, 3, 3, 5, 5, 7, 8]);
        }

        #[test]
        fn foreign_sketches_never_panic(runs in proptest::collection::vec(any::<u32>(), 0..40), lines in proptest::collection::vec((any::<u32>(), any::<u32>()), 0..6)) {
            let sketch = Sketch { runs, lines: lines.into_iter().map(|(hash, runs)| crate::copies::sketch::Line { hash, runs }).collect() };
            let mut index = CopyIndex::new(CopyParams::default());
            index.insert(1, &sketch);
            index.insert(2, &sketch);
            prop_assert_eq!(index.len(), 2);
        }
    }
}
