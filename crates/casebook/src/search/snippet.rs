use std::ops::Range;

use super::query::Question;
use super::words::{folds_to, words};

/// How many words are shown.
const SHOWN: usize = 36;
/// How many of them before the first that matches.
const BEFORE: usize = 6;
/// How many words a text usually has.
const USUAL: f64 = 400.0;
/// How many words that match are looked at.
const LOOKED_AT: usize = 2_000;

/// Words of a text around those that were searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The words, exactly as they stand in the report.
    pub text: String,
    /// Where the words that match are, in code points of `text`.
    pub marks: Vec<Range<usize>>,
    /// Where `text` begins in the report's text, in code points.
    pub start: usize,
}

/// A match: its first and last word, and which term it is of.
#[derive(Clone, Copy, Debug)]
struct Match {
    first: usize,
    last: usize,
    term: usize,
}

impl Snippet {
    /// The part of the text in which the most terms of the question match, the earliest where several do; the beginning where none does
    /// (the words may stand in the title).
    pub(super) fn of(text: &str, question: &Question) -> Self {
        let all: Vec<Range<usize>> = words(text).collect();
        let matches = matches(text, &all, question);
        // The window that begins at each match, judged by how many different terms lie in it.
        let mut best = (0, 0..0);
        for (nth, start) in matches.iter().enumerate() {
            let inside = matches.iter().skip(nth).take_while(|other| other.last < start.first + SHOWN - BEFORE);
            let end = nth + inside.clone().count();
            let mut terms: Vec<usize> = inside.map(|other| other.term).collect();
            terms.sort_unstable();
            terms.dedup();
            if terms.len() > best.0 {
                best = (terms.len(), nth..end);
            }
        }
        let shown = matches.get(best.1).unwrap_or_default();
        let first = shown.first().map_or(0, |found| found.first.saturating_sub(BEFORE));
        let range = all.get(first).map_or(0, |word| word.start)
            ..all.get((first + SHOWN).min(all.len()).saturating_sub(1)).map_or(text.len().min(200), |word| word.end);
        Self::cut(text, range, shown.iter().filter_map(|found| Some(all.get(found.first)?.start..all.get(found.last)?.end)))
    }

    fn cut(text: &str, range: Range<usize>, marks: impl Iterator<Item = Range<usize>>) -> Self {
        let points = |range: Range<usize>| text.get(range).map_or(0, |part| part.chars().count());
        let Some(shown) = text.get(range.clone()) else { return Self::default() };
        let mut all: Vec<Range<usize>> = Vec::new();
        for mark in marks.filter(|mark| mark.end <= range.end && mark.start >= range.start) {
            let mark = points(range.start..mark.start)..points(range.start..mark.end);
            match all.last_mut() {
                Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
                _ => all.push(mark),
            }
        }
        Self { text: shown.to_owned(), marks: all, start: points(0..range.start) }
    }
}

/// How well a report matches: BM25 of how often each term occurs, for texts of a usual length and terms that are all as rare.
pub(super) fn score(title: &str, text: &str, question: &Question) -> f64 {
    let words_of = |text: &str| words(text).collect::<Vec<_>>();
    let (in_title, in_text) = (words_of(title), words_of(text));
    let length = in_text.len() as f64 / USUAL;
    let (title, text) = (matches(title, &in_title, question), matches(text, &in_text, question));
    let mut score = 0.0;
    for term in 0..question.wanted().count() {
        let times = |found: &[Match]| found.iter().filter(|found| found.term == term).count() as f64;
        let often = 3.0 * times(&title) + times(&text);
        score += often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length));
    }
    score
}

/// Where terms of the question match, by their first word.
fn matches(text: &str, all: &[Range<usize>], question: &Question) -> Vec<Match> {
    let terms: Vec<(Vec<String>, bool)> = question.wanted().map(super::query::Term::folded).collect();
    let mut found = Vec::new();
    for first in 0..all.len() {
        for (term, (wanted, is_prefix)) in terms.iter().enumerate() {
            let Some(here) = all.get(first..first + wanted.len()) else { continue };
            let fits = here.iter().zip(wanted).enumerate().all(|(nth, (range, wanted))| {
                let word = text.get(range.clone()).unwrap_or_default();
                folds_to(word, wanted, *is_prefix && nth + 1 == here.len())
            });
            if fits {
                found.push(Match { first, last: first + wanted.len() - 1, term });
            }
        }
        if found.len() >= LOOKED_AT {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(text: &str, typed: &str) -> Vec<String> {
        let snippet = Snippet::of(text, &Question::parse(typed).unwrap());
        let points: Vec<char> = snippet.text.chars().collect();
        snippet.marks.iter().map(|mark| points[mark.clone()].iter().collect()).collect()
    }

    #[test]
    fn words_are_marked_as_they_stand() {
        let text = "Ärzte sagten: two soldiers were captured near Kúrsk. The capture was filmed.";
        assert_eq!(marked(text, "arzte kursk"), ["Ärzte", "Kúrsk"]);
        assert_eq!(marked(text, "captur*"), ["captured", "capture"]);
        assert_eq!(marked(text, "\"were captured\" -tank"), ["were captured"]);
        assert_eq!(marked(text, "absent"), [""; 0]);
    }

    #[test]
    fn the_part_with_most_terms_is_shown() {
        let filler = "word ".repeat(100);
        let text = format!("A tank. {filler}A tank was captured. {filler}");
        let snippet = Snippet::of(&text, &Question::parse("tank captured").unwrap());
        assert!(snippet.text.contains("A tank was captured."));
        assert_eq!(snippet.marks.len(), 2);
        let start: usize = snippet.start;
        assert!(text.chars().skip(start).collect::<String>().starts_with(&snippet.text));
    }

    proptest! {
        #[test]
        fn marks_lie_in_the_text(text in "(\\PC|[a-c \n]){0,200}", typed in "[a-c\"* -]{1,12}") {
            if let Some(question) = Question::parse(&typed) {
                let snippet = Snippet::of(&text, &question);
                let length = snippet.text.chars().count();
                let mut last = 0;
                for mark in &snippet.marks {
                    prop_assert!(mark.start >= last && mark.start < mark.end && mark.end <= length);
                    last = mark.end;
                }
                prop_assert!(text.chars().skip(snippet.start).collect::<String>().starts_with(&snippet.text));
            }
        }
    }
}
