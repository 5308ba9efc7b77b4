use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::stem;
use crate::facts::content_words;

/// Words of the start of a report that count double: the headline and lead say which event it is about.
const LEAD_WORDS: usize = 40;
/// Names count so much more than other words: events of one kind differ in who and where.
const NAME: f32 = 1.5;
/// Words kept of a report, the weightiest first.
const KEPT: usize = 400;
/// Rounds of [`Stories::settle`].
const ROUNDS: usize = 4;

/// Stories are looked up by so many of a report's weightiest words.
const KEYS: usize = 16;
/// Stories filed under one word, the first to have it; a word of more is too common to lead anywhere.
const FILED: usize = 256;

/// A weighted bag of words; those that other reports have too make up a length of 1.
type Vector = FxHashMap<u32, f32>;

#[derive(Debug, Default)]
struct Story {
    sum: Vector,
    members: BTreeSet<u32>,
}

/// Groups whole reports by the event that they are about: TF-IDF likeness, average link.
///
/// Word frequencies are learned from the stream ([`Self::learn`]), so early reports are placed by less knowledge than late ones;
/// [`Self::settle`] places all anew. Learning a sample first makes the order of reports matter little.
#[derive(Debug)]
pub struct Stories {
    cut: f32,
    vocabulary: FxHashMap<String, u32>,
    frequency: Vec<u32>,
    learned: u32,
    counts: Vec<Vec<(u32, f32)>>,
    story_of: Vec<u32>,
    stories: Vec<Story>,
    /// Weighty word → stories that have it; may name stories that are empty by now.
    filed: FxHashMap<u32, Vec<u32>>,
}

impl Default for Stories {
    fn default() -> Self {
        Self::new(0.26)
    }
}

impl Stories {
    /// No stories yet. `cut` is the least mean likeness (0 to 1) of a report to those of its story; lower makes larger stories.
    #[must_use]
    pub fn new(cut: f32) -> Self {
        Self {
            cut,
            vocabulary: FxHashMap::default(),
            frequency: Vec::new(),
            learned: 0,
            counts: Vec::new(),
            story_of: Vec::new(),
            stories: Vec::new(),
            filed: FxHashMap::default(),
        }
    }

    /// Learns from a text how frequent its words are.
    pub fn learn(&mut self, text: &str) {
        self.learned += 1;
        let seen: FxHashSet<u32> = self.count(text).into_iter().map(|(word, _)| word).collect();
        for word in seen {
            if let Some(frequency) = self.frequency.get_mut(word as usize) {
                *frequency += 1;
            }
        }
    }

    /// Adds a report and gives its number, counted from 0.
    pub fn insert(&mut self, text: &str) -> usize {
        let counts = self.count(text);
        let vector = self.vector(&counts);
        let own = self.counts.len() as u32;
        self.counts.push(counts);
        let story = self.best(&vector).unwrap_or(self.stories.len() as u32);
        self.story_of.push(story);
        self.put(own, story, &vector, 1.0);
        own as usize
    }

    /// The story of a report: the number of its first member. `None` when there is no such report.
    #[must_use]
    pub fn story(&self, report: usize) -> Option<usize> {
        let story = self.stories.get(*self.story_of.get(report)? as usize)?;
        story.members.first().map(|&first| first as usize)
    }

    /// Places all reports anew by what is known of words by now: joins stories that are as like as their reports, and moves reports to the
    /// story that they are most like. Takes time by the number of reports and of stories that share words.
    pub fn settle(&mut self) {
        // From single reports on: what was joined early by little knowledge would stay together otherwise.
        self.story_of = (0..self.counts.len() as u32).collect();
        for _ in 0..ROUNDS {
            let vectors: Vec<Vector> = self.counts.iter().map(|counts| self.vector(counts)).collect();
            self.filed.clear();
            for story in &mut self.stories {
                story.sum.clear();
                story.members.clear();
            }
            for (own, vector) in vectors.iter().enumerate() {
                let Some(&story) = self.story_of.get(own) else { continue };
                self.put(own as u32, story, vector, 1.0);
            }
            let joined = self.join_stories();
            let mut moved = false;
            for (own, vector) in vectors.iter().enumerate() {
                let Some(&before) = self.story_of.get(own) else { continue };
                self.put(own as u32, before, vector, -1.0);
                let after = self.best(vector).unwrap_or_else(|| self.empty(before));
                self.put(own as u32, after, vector, 1.0);
                if let Some(story) = self.story_of.get_mut(own) {
                    *story = after;
                }
                moved |= before != after;
            }
            if !joined && !moved {
                break;
            }
        }
    }

    /// A story without members: the given one if it is empty, else a new one.
    fn empty(&self, story: u32) -> u32 {
        let is_empty = self.stories.get(story as usize).is_some_and(|story| story.members.is_empty());
        if is_empty { story } else { self.stories.len() as u32 }
    }

    fn put(&mut self, own: u32, story: u32, vector: &Vector, sign: f32) {
        while self.stories.len() <= story as usize {
            self.stories.push(Story::default());
        }
        if sign > 0.0 {
            self.file(story, vector);
        }
        let Some(story) = self.stories.get_mut(story as usize) else { return };
        for (&word, &weight) in vector {
            *story.sum.entry(word).or_default() += sign * weight;
        }
        if sign > 0.0 {
            story.members.insert(own);
        } else {
            story.members.remove(&own);
        }
    }

    fn file(&mut self, story: u32, vector: &Vector) {
        for word in weightiest(vector) {
            let list = self.filed.entry(word).or_default();
            if list.len() < FILED && !list.contains(&story) {
                list.push(story);
            }
        }
    }

    /// Stories that share a weighty word, sorted.
    fn near(&self, vector: &Vector) -> Vec<u32> {
        let lists = weightiest(vector).into_iter().filter_map(|word| self.filed.get(&word));
        let mut near: Vec<u32> = lists.flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        near.retain(|&at| self.stories.get(at as usize).is_some_and(|story| !story.members.is_empty()));
        near
    }

    /// The story most like a report, if it is like enough.
    fn best(&self, vector: &Vector) -> Option<u32> {
        let likeness = |story: &Story| dot(vector, &story.sum) / story.members.len().max(1) as f32;
        let near = self.near(vector).into_iter().filter_map(|at| Some((at, likeness(self.stories.get(at as usize)?))));
        let best = near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.filter(|&(_, likeness)| likeness >= self.cut).map(|(at, _)| at)
    }

    /// Joins the two most alike stories as long as they are like enough; true when any were.
    fn join_stories(&mut self) -> bool {
        let mean = |a: &Story, b: &Story| {
            let (small, large) = if a.sum.len() < b.sum.len() { (a, b) } else { (b, a) };
            dot(&small.sum, &large.sum) / (a.members.len() * b.members.len()).max(1) as f32
        };
        let mut joined = false;
        let mut queue: BinaryHeap<Pair> = BinaryHeap::new();
        // A pair whose stories have changed since is passed over; a joined story is paired anew.
        let mut version = vec![0_u32; self.stories.len()];
        let pairs = |this: &Self, at: u32, version: &[u32], only_above: bool, queue: &mut BinaryHeap<Pair>| {
            let Some(own) = this.stories.get(at as usize) else { return };
            for other in this.near(&own.sum).into_iter().filter(|&other| if only_above { other > at } else { other != at }) {
                let Some(likeness) = this.stories.get(other as usize).map(|other| mean(own, other)) else { continue };
                if likeness >= this.cut {
                    let of = |at: u32| version.get(at as usize).copied().unwrap_or(0);
                    queue.push(Pair {
                        likeness,
                        a: at.min(other),
                        b: at.max(other),
                        versions: (of(at.min(other)), of(at.max(other))),
                    });
                }
            }
        };
        for at in 0..self.stories.len() as u32 {
            pairs(self, at, &version, true, &mut queue);
        }
        while let Some(pair) = queue.pop() {
            let of = |at: u32| version.get(at as usize).copied().unwrap_or(0);
            if (of(pair.a), of(pair.b)) != pair.versions {
                continue;
            }
            let Some(gone) = self.stories.get_mut(pair.b as usize).map(std::mem::take) else { return joined };
            joined = true;
            self.file(pair.a, &gone.sum);
            for &member in &gone.members {
                if let Some(story) = self.story_of.get_mut(member as usize) {
                    *story = pair.a;
                }
            }
            if let Some(story) = self.stories.get_mut(pair.a as usize) {
                for (word, weight) in gone.sum {
                    *story.sum.entry(word).or_default() += weight;
                }
                story.members.extend(gone.members);
            }
            for at in [pair.a, pair.b] {
                if let Some(version) = version.get_mut(at as usize) {
                    *version += 1;
                }
            }
            pairs(self, pair.a, &version, false, &mut queue);
        }
        joined
    }

    /// Words of a text with how often they stand there, the lead's doubled.
    fn count(&mut self, text: &str) -> Vec<(u32, f32)> {
        let mut counts: FxHashMap<u32, f32> = FxHashMap::default();
        let keep: FxHashSet<String> = content_words(text).into_iter().collect();
        let (mut at, mut begins) = (0, true);
        for piece in text.split_inclusive(|letter: char| !letter.is_alphanumeric()) {
            let word = piece.trim_end_matches(|letter: char| !letter.is_alphanumeric());
            let ends = matches!(piece.chars().next_back(), Some('.' | '!' | '?' | '"' | '\n'));
            if word.is_empty() {
                begins |= ends;
                continue;
            }
            // The first word of a sentence has a capital in any case.
            let is_name = !begins && word.chars().next().is_some_and(char::is_uppercase);
            let lead = at < LEAD_WORDS;
            (at, begins) = (at + 1, ends);
            let lower = word.to_lowercase();
            // Numbers tell events of one kind apart: ages, tolls, magnitudes.
            let is_number = lower.len() > 1 && lower.chars().all(|letter| letter.is_ascii_digit());
            if !is_number && !keep.contains(&lower) {
                continue;
            }
            let next = self.frequency.len() as u32;
            let word = *self.vocabulary.entry(stem(&lower).to_owned()).or_insert(next);
            if word == next {
                self.frequency.push(0);
            }
            *counts.entry(word).or_default() += if lead { 2.0 } else { 1.0 } * if is_name { NAME } else { 1.0 };
        }
        let mut counts: Vec<(u32, f32)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|&(word, _)| word);
        counts
    }

    fn vector(&self, counts: &[(u32, f32)]) -> Vector {
        let total = f64::from(self.learned.max(1)) + 1.0;
        let mut weights: Vec<(u32, f32)> = counts
            .iter()
            .map(|&(word, count)| {
                let frequency = f64::from(self.frequency.get(word as usize).copied().unwrap_or(0)) + 0.5;
                (word, (1.0 + count.ln()) * (total / frequency).ln().max(0.0) as f32)
            })
            .collect();
        weights.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weights.truncate(KEPT);
        // What one report alone says makes it no less like the others. While little is known, most words are of that kind: the length
        // is then that of all words, as far as half.
        let norm = |only_shared: bool| {
            let shared = |word: u32| self.frequency.get(word as usize).is_some_and(|&frequency| frequency >= 2);
            let counted = weights.iter().filter(|(word, _)| !only_shared || shared(*word));
            counted.map(|(_, weight)| weight * weight).sum::<f32>().sqrt()
        };
        let norm = norm(true).max(norm(false) / 2.0).max(f32::MIN_POSITIVE);
        weights.into_iter().map(|(word, weight)| (word, weight / norm)).collect()
    }
}

fn dot(small: &Vector, large: &Vector) -> f32 {
    // Sorted, so that the sum does not depend on the table's order.
    let mut words: Vec<u32> = small.keys().copied().collect();
    words.sort_unstable();
    words.iter().filter_map(|word| Some(small.get(word)? * large.get(word)?)).sum()
}

/// The weightiest words of a vector, most weighty first.
fn weightiest(vector: &Vector) -> Vec<u32> {
    let mut words: Vec<(u32, f32)> = vector.iter().map(|(&word, &weight)| (word, weight)).collect();
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if words.len() > KEYS {
        words.select_nth_unstable_by(KEYS, order);
        words.truncate(KEYS);
    }
    words.sort_unstable_by(order);
    words.into_iter().map(|(word, _)| word).collect()
}

/// Two stories that may be joined, ordered by likeness.
struct Pair {
    likeness: f32,
    a: u32,
    b: u32,
    versions: (u32, u32),
}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        self.likeness.total_cmp(&other.likeness).then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pair {}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORTS: [&str; 6] = [
        "Earthquake shakes Riverton. The quake brought down the old bridge of Riverton and cut the railway.",
        "Singer arrested in Hillside. Police in Hillside held the singer after a brawl in a bar.",
        "Riverton counts its losses after the earthquake; the old bridge lies in the river and the railway is cut.",
        "The singer held in Hillside after a bar brawl was freed by police.",
        "Parliament votes on the fishing law after long debate among members.",
        "Riverton railway reopens in part after the earthquake that felled the old bridge.",
    ];

    fn groups(order: &[usize]) -> Vec<Vec<usize>> {
        let mut stories = Stories::default();
        REPORTS.iter().for_each(|report| stories.learn(report));
        order.iter().for_each(|&at| {
            stories.insert(REPORTS[at]);
        });
        stories.settle();
        let mut groups: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        for (number, &at) in order.iter().enumerate() {
            groups.entry(stories.story(number).unwrap()).or_default().push(at);
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.sort();
        groups
    }

    #[test]
    fn reports_of_one_event_come_together_in_any_order() {
        let expected = [vec![0, 2, 5], vec![1, 3], vec![4]];
        assert_eq!(groups(&[0, 1, 2, 3, 4, 5]), expected);
        assert_eq!(groups(&[5, 3, 4, 1, 0, 2]), expected);
    }
}
