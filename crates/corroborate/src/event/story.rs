use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::stem;
use crate::facts::content_words;

/// Words of the start of a report that count double: the headline and lead say which event it is about.
const LEAD_WORDS: usize = 40;
/// Words kept of a report, the weightiest first.
const KEPT: usize = 120;
/// Rounds of [`Stories::settle`].
const ROUNDS: usize = 4;

/// A weighted bag of words of length 1.
type Vector = FxHashMap<u32, f32>;

#[derive(Debug, Default)]
struct Story {
    sum: Vector,
    members: FxHashSet<u32>,
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
}

impl Default for Stories {
    fn default() -> Self {
        Self::new(0.14)
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
        let story = self.best(&vector, None).unwrap_or(self.stories.len() as u32);
        self.story_of.push(story);
        self.put(own, story, &vector, 1.0);
        own as usize
    }

    /// The story of a report: the number of its first member. `None` when there is no such report.
    #[must_use]
    pub fn story(&self, report: usize) -> Option<usize> {
        let story = self.stories.get(*self.story_of.get(report)? as usize)?;
        story.members.iter().min().map(|&first| first as usize)
    }

    /// Places all reports anew by what is known of words by now: joins stories that are as like as their reports, and moves reports to the
    /// story that they are most like. Takes time by the number of reports and of stories that share words.
    pub fn settle(&mut self) {
        for _ in 0..ROUNDS {
            let vectors: Vec<Vector> = self.counts.iter().map(|counts| self.vector(counts)).collect();
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
                let after = self.best(vector, None).unwrap_or_else(|| self.empty(before));
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

    /// The story most like a report, if it is like enough.
    fn best(&self, vector: &Vector, except: Option<u32>) -> Option<u32> {
        let likeness = |story: &Story| dot(vector, &story.sum) / story.members.len().max(1) as f32;
        let stories = (0..).zip(&self.stories).filter(|(at, story)| Some(*at) != except && !story.members.is_empty());
        let best =
            stories.map(|(at, story): (u32, _)| (at, likeness(story))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.filter(|&(_, likeness)| likeness >= self.cut).map(|(at, _)| at)
    }

    /// Joins the two most alike stories as long as they are like enough; true when any were.
    fn join_stories(&mut self) -> bool {
        let mean = |a: &Story, b: &Story| {
            let (small, large) = if a.sum.len() < b.sum.len() { (a, b) } else { (b, a) };
            dot(&small.sum, &large.sum) / (a.members.len() * b.members.len()).max(1) as f32
        };
        let mut joined = false;
        let mut live: Vec<u32> =
            (0..).zip(&self.stories).filter(|(_, story)| !story.members.is_empty()).map(|(at, _)| at).collect();
        // The best partner of each story; only those of a joined story are looked for again.
        let partner = |stories: &[Story], live: &[u32], at: u32| {
            let own = stories.get(at as usize)?;
            let others = live
                .iter()
                .filter(|&&other| other != at)
                .filter_map(|&other| Some((other, mean(own, stories.get(other as usize)?))));
            others.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        };
        let mut partners: FxHashMap<u32, (u32, f32)> =
            live.iter().filter_map(|&at| Some((at, partner(&self.stories, &live, at)?))).collect();
        loop {
            let best = live.iter().filter_map(|at| partners.get(at).map(|&(other, likeness)| (*at, other, likeness)));
            let best = best.max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)));
            let Some((into, from, likeness)) = best.filter(|&(_, _, likeness)| likeness >= self.cut) else { return joined };
            debug_assert!(likeness >= self.cut);
            joined = true;
            let Some(gone) = self.stories.get_mut(from as usize).map(std::mem::take) else { return joined };
            for &member in &gone.members {
                if let Some(story) = self.story_of.get_mut(member as usize) {
                    *story = into;
                }
            }
            if let Some(story) = self.stories.get_mut(into as usize) {
                for (word, weight) in gone.sum {
                    *story.sum.entry(word).or_default() += weight;
                }
                story.members.extend(gone.members);
            }
            live.retain(|&at| at != from);
            partners.remove(&from);
            let stale: Vec<u32> = live
                .iter()
                .copied()
                .filter(|at| *at == into || partners.get(at).is_some_and(|&(other, _)| other == from || other == into))
                .collect();
            for at in stale {
                match partner(&self.stories, &live, at) {
                    Some(found) => partners.insert(at, found),
                    None => partners.remove(&at),
                };
            }
        }
    }

    /// Words of a text with how often they stand there, the lead's doubled.
    fn count(&mut self, text: &str) -> Vec<(u32, f32)> {
        let mut counts: FxHashMap<u32, f32> = FxHashMap::default();
        let keep: FxHashSet<String> = content_words(text).into_iter().collect();
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        for (at, word) in words.enumerate() {
            let lower = word.to_lowercase();
            // Numbers tell events of one kind apart: ages, tolls, magnitudes.
            if !keep.contains(&lower) && !(lower.len() > 1 && lower.chars().all(|letter| letter.is_ascii_digit())) {
                continue;
            }
            let next = self.frequency.len() as u32;
            let word = *self.vocabulary.entry(stem(&lower).to_owned()).or_insert(next);
            if word == next {
                self.frequency.push(0);
            }
            *counts.entry(word).or_default() += if at < LEAD_WORDS { 2.0 } else { 1.0 };
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
        let norm = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        weights.into_iter().map(|(word, weight)| (word, weight / norm)).collect()
    }
}

fn dot(small: &Vector, large: &Vector) -> f32 {
    // Sorted, so that the sum does not depend on the table's order.
    let mut words: Vec<u32> = small.keys().copied().collect();
    words.sort_unstable();
    words.iter().filter_map(|word| Some(small.get(word)? * large.get(word)?)).sum()
}
