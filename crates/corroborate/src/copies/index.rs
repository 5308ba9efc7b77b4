use rustc_hash::{FxHashMap, FxHashSet};

use super::Sketch;
use super::compilation::is_compilation;

/// One run in this many is looked up; all are compared.
const SAMPLED: u32 = 4;
/// Texts kept for a sampled run. A run of more texts belongs to one large cluster, which these already lead to, or to a service line.
const POSTINGS: u32 = 24;
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

/// An earlier text that shares runs of words with the one asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Its id.
    pub id: u64,
    /// Shared runs over all runs of both.
    pub jaccard: f32,
    /// Shared runs over those of the shorter.
    pub containment: f32,
    /// Whether this makes the two copies.
    pub copy: bool,
}

/// How two texts overlap, seen from one of them.
#[derive(Clone, Copy, Debug)]
struct Overlap {
    other: u32,
    shared: u32,
    own: u32,
    others: u32,
    /// The shared words open the other text.
    lead: bool,
}

impl Overlap {
    fn of_own(&self) -> f32 {
        self.shared as f32 / self.own.max(1) as f32
    }

    fn containment(&self) -> f32 {
        self.shared as f32 / self.own.min(self.others).max(1) as f32
    }

    fn jaccard(&self) -> f32 {
        self.shared as f32 / (self.own + self.others).saturating_sub(self.shared).max(1) as f32
    }

    fn reversed(&self, own: u32, lead: bool) -> Self {
        Self { other: own, shared: self.shared, own: self.others, others: self.own, lead }
    }
}

#[derive(Debug)]
struct Entry {
    id: u64,
    sketch: Sketch,
    overlaps: Vec<Overlap>,
    compilation: bool,
    cluster: u32,
}

/// Finds copies among texts that arrive one by one.
///
/// A text costs its [`Sketch`] (4 bytes a word), an entry in the look-up for each fourth word (about 5 bytes a word) and its overlaps
/// (20 bytes each): about 7 KB for a report of 700 words. Inserting takes time by the length of the text and its likely copies, not by
/// the size of the index.
///
/// **Order.** Overlaps, and so links and clusters, are the same in any order of insertion, but for three things: a line counts as common only
/// from the moment it is; beyond 24 texts with one run, later texts are found through the earlier ones; and of texts that
/// overlap a new one only the 48 likeliest are looked at. A notice that makes up most of several short texts links them when it has not
/// been seen in five clusters before. A link made before a text is known to be a compilation is taken back.
#[derive(Debug, Default)]
pub struct CopyIndex {
    params: CopyParams,
    entries: Vec<Entry>,
    by_id: FxHashMap<u64, u32>,
    /// Sampled run → first posting and their number; postings are a linked list.
    heads: FxHashMap<u32, (u32, u32)>,
    postings: Vec<(u32, u32)>,
    /// Line → number of clusters it was new to, and the cluster that had it last.
    lines: FxHashMap<u32, (u32, u32)>,
    members: FxHashMap<u32, Vec<u32>>,
    /// Smallest id of each cluster.
    smallest: FxHashMap<u32, u64>,
}

impl CopyIndex {
    /// An empty index.
    #[must_use]
    pub fn new(params: CopyParams) -> Self {
        Self { params, ..Self::default() }
    }

    /// How many texts it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Earlier texts that overlap with this one, best first by containment, then by id.
    #[must_use]
    pub fn query(&self, sketch: &Sketch) -> Vec<Match> {
        let mut found: Vec<Match> = self
            .overlaps(sketch)
            .into_iter()
            .filter_map(|(overlap, _)| {
                let entry = self.entries.get(overlap.other as usize)?;
                let copy = self.is_copy(&overlap, entry.compilation);
                Some(Match { id: entry.id, jaccard: overlap.jaccard(), containment: overlap.containment(), copy })
            })
            .collect();
        found.sort_by(|a, b| b.containment.total_cmp(&a.containment).then(a.id.cmp(&b.id)));
        found
    }

    /// Adds a text and says its cluster (see [`Self::cluster`]). A text already there stays as it is.
    pub fn insert(&mut self, id: u64, sketch: &Sketch) -> u64 {
        if let Some(cluster) = self.cluster(id) {
            return cluster;
        }
        let own = self.entries.len() as u32;
        let found = self.overlaps(sketch);
        for &(overlap, lead) in &found {
            if let Some(other) = self.entries.get_mut(overlap.other as usize) {
                other.overlaps.push(overlap.reversed(own, lead));
            }
        }
        let overlaps: Vec<Overlap> = found.into_iter().map(|(overlap, _)| overlap).collect();
        self.entries.push(Entry { id, sketch: sketch.clone(), overlaps: overlaps.clone(), compilation: false, cluster: own });
        self.by_id.insert(id, own);
        self.members.insert(own, vec![own]);
        self.smallest.insert(own, id);
        self.post(own, sketch);

        self.judge(own);
        for overlap in &overlaps {
            // Only a new partial source can turn a text into a compilation.
            let share = overlap.shared as f32 / overlap.others.max(1) as f32;
            if (OVERLAP..0.5).contains(&share) && self.judge(overlap.other) {
                self.regroup(overlap.other);
            }
        }
        for overlap in &overlaps {
            if self.linked(own, overlap) {
                self.join(own, overlap.other);
            }
        }
        self.count_lines(own, sketch);
        self.cluster(id).unwrap_or(id)
    }

    /// The cluster of a text: the smallest id among its copies, itself included; it changes when a smaller one joins. `None` when the
    /// text is not there.
    #[must_use]
    pub fn cluster(&self, id: u64) -> Option<u64> {
        let entry = self.entries.get(*self.by_id.get(&id)? as usize)?;
        self.smallest.get(&entry.cluster).copied()
    }

    /// All copies of a text, itself included, in the order of their ids; empty when it is not there.
    #[must_use]
    pub fn copies(&self, id: u64) -> Vec<u64> {
        let Some(entry) = self.by_id.get(&id).and_then(|&own| self.entries.get(own as usize)) else { return Vec::new() };
        let members = self.members.get(&entry.cluster).map(Vec::as_slice).unwrap_or_default();
        let mut ids: Vec<u64> = members.iter().filter_map(|&member| Some(self.entries.get(member as usize)?.id)).collect();
        ids.sort_unstable();
        ids
    }

    /// Whether a text is made of several others, and so a copy of none.
    #[must_use]
    pub fn is_compilation(&self, id: u64) -> bool {
        self.by_id.get(&id).and_then(|&own| self.entries.get(own as usize)).is_some_and(|entry| entry.compilation)
    }

    /// Why two texts are copies or not, in words; `None` when they share too little or one is not there.
    #[must_use]
    pub fn why(&self, a: u64, b: u64) -> Option<String> {
        let (&own, &other) = (self.by_id.get(&a)?, self.by_id.get(&b)?);
        let overlap = self.entries.get(own as usize)?.overlaps.iter().find(|overlap| overlap.other == other)?;
        let percent = (overlap.containment() * 100.0).round();
        let verdict = if self.linked(own, overlap) {
            "copies"
        } else if self.is_compilation(a) || self.is_compilation(b) {
            "no copies: one is made of several texts"
        } else {
            "no copies"
        };
        Some(format!("{percent} % of the shorter text stands in the longer ({} runs of four words): {verdict}", overlap.shared))
    }

    /// Memory that sketches, look-up and overlaps take, in bytes; tables are counted by what they have reserved.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let entries: usize =
            self.entries.iter().map(|entry| entry.sketch.bytes() + entry.overlaps.capacity() * size_of::<Overlap>() + 64).sum();
        entries
            + self.heads.capacity() * 13
            + self.postings.capacity() * 8
            + self.lines.capacity() * 13
            + self.members.capacity() * 40
    }

    fn is_common(&self, line: u32) -> bool {
        self.lines.get(&line).is_some_and(|&(clusters, _)| clusters >= self.params.common_line)
    }

    /// Runs that count, with their position.
    fn counted<'a>(&'a self, sketch: &'a Sketch) -> impl Iterator<Item = (u32, u32)> + 'a {
        let mut at = 0_usize;
        sketch.lines.iter().flat_map(move |line| {
            let start = at;
            at = at.saturating_add(line.runs as usize);
            let runs = if self.is_common(line.hash) { &[] } else { sketch.runs.get(start..at).unwrap_or_default() };
            runs.iter().enumerate().map(move |(offset, &run)| ((start + offset) as u32, run))
        })
    }

    /// Overlaps with texts in the index; the flag says whether the shared words open the asked text.
    fn overlaps(&self, sketch: &Sketch) -> Vec<(Overlap, bool)> {
        let mut hits: FxHashMap<u32, u32> = FxHashMap::default();
        let mut own: FxHashMap<u32, u32> = FxHashMap::with_capacity_and_hasher(sketch.len(), Default::default());
        for (position, run) in self.counted(sketch) {
            own.entry(run).or_insert(position);
            if run % SAMPLED != 0 {
                continue;
            }
            let mut next = self.heads.get(&run).map_or(u32::MAX, |&(head, _)| head);
            while let Some(&(other, following)) = self.postings.get(next as usize) {
                *hits.entry(other).or_default() += 1;
                next = following;
            }
        }
        // The sample says how much is shared: what is surely below the least overlap is not compared. Half of what is expected must
        // be there, and short texts have too small a sample to be judged by it.
        let mut candidates: Vec<(u32, u32)> = hits
            .into_iter()
            .filter(|&(other, hits)| {
                let others = self.entries.get(other as usize).map_or(0, |entry| entry.sketch.len());
                let least = OVERLAP * own.len().min(others) as f32 / SAMPLED as f32;
                hits as f32 >= least * 0.5
            })
            .collect();
        candidates.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates.truncate(CANDIDATES);
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let mut found = Vec::new();
        for (other, _) in candidates {
            let Some(entry) = self.entries.get(other as usize) else { continue };
            seen.clear();
            let (mut others, mut first_there, mut first_here) = (0, u32::MAX, u32::MAX);
            for (position, run) in self.counted(&entry.sketch) {
                others += 1;
                if let Some(&here) = own.get(&run)
                    && seen.insert(run)
                {
                    first_there = first_there.min(position);
                    first_here = first_here.min(here);
                }
            }
            let shared = seen.len() as u32;
            let is_lead = |first: u32| (first as usize) < LEAD;
            let overlap = Overlap { other, shared, own: own.len() as u32, others, lead: is_lead(first_there) };
            if shared >= SHARED && overlap.containment() >= OVERLAP {
                found.push((overlap, is_lead(first_here)));
            }
        }
        found
    }

    fn is_copy(&self, overlap: &Overlap, compilation: bool) -> bool {
        if compilation {
            return overlap.jaccard() >= 0.5;
        }
        let (short, long) = (overlap.own.min(overlap.others), overlap.own.max(overlap.others));
        let least = if short * 2 < long { self.params.truncated } else { self.params.containment };
        overlap.containment() >= least
    }

    fn linked(&self, own: u32, overlap: &Overlap) -> bool {
        let flag = |at: u32| self.entries.get(at as usize).is_some_and(|entry| entry.compilation);
        self.is_copy(overlap, flag(own) || flag(overlap.other))
    }

    /// Looks again whether a text is a compilation; true when the answer changed.
    fn judge(&mut self, own: u32) -> bool {
        let Some(entry) = self.entries.get(own as usize) else { return false };
        let sources: Vec<u32> = entry
            .overlaps
            .iter()
            .filter(|overlap| overlap.lead && overlap.of_own() >= OVERLAP && overlap.jaccard() < 0.5)
            .map(|overlap| overlap.other)
            .take(SOURCES)
            .collect();
        let mut covered = Vec::new();
        if sources.len() >= 3 {
            let place: FxHashMap<u32, u32> = self.counted(&entry.sketch).map(|(position, run)| (run, position)).collect();
            for source in sources {
                let Some(source) = self.entries.get(source as usize) else { continue };
                let mut positions: Vec<u32> =
                    self.counted(&source.sketch).filter_map(|(_, run)| place.get(&run).copied()).collect();
                positions.sort_unstable();
                positions.dedup();
                covered.push(positions);
            }
        }
        let compilation = is_compilation(entry.sketch.len(), &mut covered);
        let Some(entry) = self.entries.get_mut(own as usize) else { return false };
        std::mem::replace(&mut entry.compilation, compilation) != compilation
    }

    fn join(&mut self, a: u32, b: u32) {
        let cluster = |at: u32| self.entries.get(at as usize).map(|entry| entry.cluster);
        let (Some(a), Some(b)) = (cluster(a), cluster(b)) else { return };
        if a == b {
            return;
        }
        let size = |cluster: u32| self.members.get(&cluster).map_or(0, Vec::len);
        let (from, into) = if size(a) < size(b) { (a, b) } else { (b, a) };
        let moved = self.members.remove(&from).unwrap_or_default();
        self.assign(&moved, into);
        if let Some(id) = self.smallest.remove(&from) {
            self.smallest.entry(into).and_modify(|smallest| *smallest = (*smallest).min(id)).or_insert(id);
        }
        self.members.entry(into).or_default().extend(moved);
    }

    fn assign(&mut self, members: &[u32], cluster: u32) {
        for &member in members {
            if let Some(entry) = self.entries.get_mut(member as usize) {
                entry.cluster = cluster;
            }
        }
    }

    /// Takes a text's cluster apart and links it anew, after the text was found to be a compilation or not to be one.
    fn regroup(&mut self, own: u32) {
        let Some(cluster) = self.entries.get(own as usize).map(|entry| entry.cluster) else { return };
        let members = self.members.remove(&cluster).unwrap_or_default();
        self.smallest.remove(&cluster);
        for &member in &members {
            if let Some(entry) = self.entries.get(member as usize) {
                self.smallest.insert(member, entry.id);
            }
            self.assign(&[member], member);
            self.members.insert(member, vec![member]);
        }
        let mut links = Vec::new();
        for &member in &members {
            let Some(entry) = self.entries.get(member as usize) else { continue };
            links.extend(
                entry.overlaps.iter().filter(|overlap| self.linked(member, overlap)).map(|overlap| (member, overlap.other)),
            );
        }
        for (a, b) in links {
            self.join(a, b);
        }
    }

    fn post(&mut self, own: u32, sketch: &Sketch) {
        for &run in sketch.runs.iter().filter(|&&run| run % SAMPLED == 0) {
            let (head, count) = self.heads.entry(run).or_insert((u32::MAX, 0));
            // A run that comes twice in one text is posted once.
            let last = self.postings.get(*head as usize).map(|&(other, _)| other);
            if *count < POSTINGS && last != Some(own) {
                let next = std::mem::replace(head, self.postings.len() as u32);
                self.postings.push((own, next));
                *count += 1;
            }
        }
    }

    fn count_lines(&mut self, own: u32, sketch: &Sketch) {
        let Some(cluster) = self.entries.get(own as usize).map(|entry| entry.cluster) else { return };
        for line in &sketch.lines {
            let (clusters, last) = self.lines.entry(line.hash).or_insert((0, u32::MAX));
            if *last != cluster {
                *clusters += 1;
                *last = cluster;
            }
        }
    }
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
