use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::hash::{SEED, fold, join, step};

/// Words in a run.
const RUN: usize = 4;
/// A line longer than this is text, whatever phrases it holds.
const SERVICE_WORDS: usize = 40;
/// A first line of at most this many words is a headline, which copies rewrite; it is left out when enough text follows.
const HEADLINE_WORDS: usize = 18;
/// What counts as enough text after a headline, in words.
const BODY_WORDS: usize = 20;

/// Phrases of `boilerplate.txt` as hashes of their words, by the first.
static SERVICE: LazyLock<FxHashMap<u64, Vec<Vec<u64>>>> = LazyLock::new(|| {
    let mut phrases: FxHashMap<u64, Vec<Vec<u64>>> = FxHashMap::default();
    for line in include_str!("boilerplate.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = Vec::new();
        hash_words(line, &mut words);
        if let Some(&first) = words.first() {
            phrases.entry(first).or_default().push(words);
        }
    }
    phrases
});

/// A line of a sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Hash of its words.
    pub(crate) hash: u32,
    /// How many runs begin in it.
    pub(crate) runs: u32,
}

/// A text as 32-bit hashes of its runs of four words, in text order, with the lines they begin in.
///
/// Takes 4 bytes a word and 8 bytes a line: about 3 KB for a report of 700 words. Two texts that differ only in case, typography,
/// punctuation or white space within lines have the same sketch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    pub(crate) runs: Vec<u32>,
    pub(crate) lines: Vec<Line>,
}

impl Sketch {
    /// The sketch of a text, whose first line may be its headline.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut words = Vec::with_capacity(text.len() / 6);
        let mut lines: Vec<(usize, usize)> = Vec::new();
        for line in text.lines() {
            let start = words.len();
            hash_words(line, &mut words);
            if words.len() == start {
                continue;
            }
            if words.get(start..).is_some_and(is_service) {
                words.truncate(start);
            } else {
                lines.push((start, words.len()));
            }
        }
        let headline = match lines.first() {
            Some(&(_, end)) if lines.len() > 1 && end <= HEADLINE_WORDS && words.len() - end >= BODY_WORDS => 1,
            _ => 0,
        };
        let mut sketch = Self { runs: Vec::with_capacity(words.len()), lines: Vec::with_capacity(lines.len()) };
        for &(start, end) in lines.iter().skip(headline) {
            let own = words.get(start..end).unwrap_or_default();
            let hash = own.iter().fold(SEED, |hash, &word| join(hash, word));
            let before = sketch.runs.len();
            for at in start..end {
                // Runs go on into the next line: where paragraphs break is typography.
                if let Some(run) = words.get(at..at + RUN) {
                    sketch.runs.push(run_hash(run));
                }
            }
            sketch.lines.push(Line { hash: fold(hash), runs: (sketch.runs.len() - before) as u32 });
        }
        sketch
    }

    /// How many runs of words it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether the text was too short to compare: fewer than four words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Memory that it takes, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.runs.len() * size_of::<u32>() + self.lines.len() * size_of::<Line>()
    }

    /// Tells a sketch from others.
    pub(crate) fn print(&self) -> u32 {
        fold(self.runs.iter().fold(SEED, |hash, &run| join(hash, u64::from(run))))
    }

    /// As it stands in the tables: number of runs, runs, hash and runs of each line; 4 bytes each, least first.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 + self.runs.len() * 4 + self.lines.len() * 8);
        bytes.extend_from_slice(&(self.runs.len() as u32).to_le_bytes());
        self.runs.iter().for_each(|run| bytes.extend_from_slice(&run.to_le_bytes()));
        for line in &self.lines {
            bytes.extend_from_slice(&line.hash.to_le_bytes());
            bytes.extend_from_slice(&line.runs.to_le_bytes());
        }
        bytes
    }

    /// The sketch of [`Self::encode`]; `None` when its parts are not all there.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<4>();
        let (&count, numbers) = numbers.split_first()?;
        let (runs, lines) = numbers.split_at_checked(u32::from_le_bytes(count) as usize)?;
        let (lines, odd) = lines.as_chunks::<2>();
        if !rest.is_empty() || !odd.is_empty() {
            return None;
        }
        Some(Self {
            runs: runs.iter().map(|&run| u32::from_le_bytes(run)).collect(),
            lines: lines
                .iter()
                .map(|&[hash, runs]| Line { hash: u32::from_le_bytes(hash), runs: u32::from_le_bytes(runs) })
                .collect(),
        })
    }

    /// Whether lines and runs agree; a sketch read from outside may not.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.lines.iter().map(|line| line.runs as usize).try_fold(0_usize, usize::checked_add) == Some(self.runs.len())
    }
}

/// Whether a line is a notice, a credit or an invitation.
fn is_service(line: &[u64]) -> bool {
    line.len() <= SERVICE_WORDS
        && line.iter().enumerate().any(|(at, word)| {
            let rest = line.get(at..).unwrap_or_default();
            SERVICE.get(word).is_some_and(|phrases| phrases.iter().any(|phrase| rest.starts_with(phrase)))
        })
}

/// Appends the hash of each word: letters and digits in lower case; apostrophes vanish, all else divides.
fn hash_words(text: &str, words: &mut Vec<u64>) {
    let mut hash = SEED;
    for byte_or_char in text.chars() {
        if byte_or_char.is_ascii_alphanumeric() {
            hash = step(hash, u64::from(byte_or_char.to_ascii_lowercase()));
        } else if matches!(byte_or_char, '\'' | '\u{2019}' | '\u{2018}' | '\u{ad}' | '\u{200b}') {
        } else if !byte_or_char.is_ascii() && byte_or_char.is_alphanumeric() {
            hash = byte_or_char.to_lowercase().fold(hash, |hash, lower| step(hash, u64::from(lower)));
        } else if hash != SEED {
            words.push(hash);
            hash = SEED;
        }
    }
    if hash != SEED {
        words.push(hash);
    }
}

fn run_hash(run: &[u64]) -> u32 {
    fold(run.iter().fold(0, |hash: u64, &word| join(hash, word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typography_and_case_do_not_matter() {
        let plain = "The army's spokesman said \"nobody was hurt\" in the village on Monday.";
        let dressed = "THE ARMY\u{2019}S  spokesman said \u{201c}nobody was hurt\u{201d} in the village, on Monday";
        assert_eq!(Sketch::of(plain), Sketch::of(dressed));
        assert_ne!(Sketch::of(plain), Sketch::of("The army's spokesman said nobody was hurt in the town on Monday."));
    }

    #[test]
    fn service_lines_are_left_out() {
        let body = "Shells fell on the market of the village before dawn and four houses burned down, the mayor said.";
        let dressed = format!("{body}\nSign up for our newsletter and get it daily.\nFollow us on all channels");
        assert_eq!(Sketch::of(body), Sketch::of(&dressed));
    }

    #[test]
    fn headline_is_left_out_only_before_a_body() {
        let body = "Shells fell on the market of the village before dawn and four houses burned down, the mayor of the village said on Monday.";
        assert_eq!(Sketch::of(&format!("Market shelled\n{body}")), Sketch::of(body));
        assert!(!Sketch::of("Market shelled before dawn today\nFour houses burn").is_empty());
    }

    proptest! {
        #[test]
        fn bytes_are_a_sketch_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Some(sketch) = Sketch::decode(&bytes) {
                prop_assert_eq!(sketch.encode(), bytes);
            }
        }

        #[test]
        fn any_text_gives_a_sound_sketch(text in "\\PC{0,300}(\n\\PC{0,80}){0,6}") {
            let sketch = Sketch::of(&text);
            prop_assert!(sketch.is_sound());
            prop_assert!(sketch.len() <= text.chars().count());
            prop_assert_eq!(Sketch::decode(&sketch.encode()), Some(sketch));
        }
    }
}
