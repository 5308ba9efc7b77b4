//! Names of places wherever they stand: places, governments named by their capital, and parts of other names (*Boston police*).
//!
//! A walk over runs of capitalised words looks every name up and sums up what speaks for it (`scan`, `evidence`); then the report speaks as a
//! whole: a name that is certainly a place's in one sentence is one in the next, and so is what it is listed with. The ideas are old in the
//! field: Leidner 2007, *Toponym Resolution in Text*; Lieberman and Samet 2011, *Multifaceted toponym recognition for streaming news*.

mod evidence;
mod known;
mod lists;
mod scan;

use std::collections::HashSet;

use dateline_nlp::{Doc, TokenRange};

pub(crate) use self::lists::Lists;
use self::scan::{Found, Scan};
use super::rules::Rules;
use super::words::Words;

/// A name of a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    /// Its tokens, without article.
    pub(super) tokens: TokenRange,
    /// It stands within a longer name.
    pub(super) within: bool,
    /// The rule.
    pub(super) why: &'static str,
}

/// All names of places, in text order; none overlaps another.
pub(super) fn find(rules: &Rules, doc: &Doc, words: &Words) -> Vec<Named> {
    let found = Scan::new(rules, doc, words).run();
    select(words, doc, &found)
}

fn select(words: &Words, doc: &Doc, found: &[Found]) -> Vec<Named> {
    let certain: HashSet<String> =
        found.iter().filter(|found| found.score >= evidence::CERTAIN).map(|found| key(words, found.tokens)).collect();
    let scores: Vec<f32> = found
        .iter()
        .map(|found| {
            let again = found.score < evidence::ENOUGH && !found.person && certain.contains(&key(words, found.tokens));
            found.score + if again { evidence::AGAIN } else { 0.0 }
        })
        .collect();
    let vouches = |at: usize| scores.get(at).is_some_and(|&score| score >= evidence::VOUCHES);
    let mut out: Vec<Named> = Vec::new();
    for (at, (one, &score)) in found.iter().zip(&scores).enumerate() {
        let mut score = score;
        if score < evidence::ENOUGH {
            let before = at.checked_sub(1).and_then(|at| found.get(at).filter(|_| vouches(at)));
            let after = found.get(at + 1).filter(|_| vouches(at + 1));
            let listed = before.is_some_and(|other| listed(doc, words, other.tokens.end, one.tokens.start))
                || after.is_some_and(|other| listed(doc, words, one.tokens.end, other.tokens.start));
            score += if listed { evidence::COORDINATED } else { 0.0 };
        }
        if score >= evidence::ENOUGH && out.last().is_none_or(|last| last.tokens.end <= one.tokens.start) {
            out.push(Named { tokens: one.tokens, within: one.within, why: one.why });
        }
    }
    out
}

/// A name's folded words.
fn key(words: &Words, tokens: TokenRange) -> String {
    let mut key = String::new();
    for k in tokens.indices() {
        key.push_str(words.folded(k));
        key.push(' ');
    }
    key
}

/// Only commas and conjunctions stand between two names.
fn listed(doc: &Doc, words: &Words, from: usize, to: usize) -> bool {
    let between = |k: usize| if doc.word(k) == "," { "," } else { words.folded(k) };
    match to.checked_sub(from) {
        Some(1) => matches!(between(from), "," | "and" | "or"),
        Some(2) => between(from) == "," && between(from + 1) == "and",
        _ => false,
    }
}

#[cfg(test)]
mod tests;
