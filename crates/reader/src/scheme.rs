//! What schemes of a user's own make of the happenings. An ontology ([`crate::ontology`]) and PETRARCH dictionaries
//! ([`crate::petrarch`]) each look for triggers of their own; here what they found meets what the reader found itself.

use dateline_nlp::{Doc, TokenRange};

use crate::happenings::{Happening, Happenings};
use crate::slots::Fill;

/// How far apart, in tokens, the words of one happening may stand.
const REACH: usize = 40;

/// What fills a slot of a scheme, by tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The words.
    pub tokens: TokenRange,
    /// The mention that they are, where they are one.
    pub fill: Option<Fill>,
    /// A code, category or date.
    pub value: Option<String>,
    /// Index into `Mentions::counts`.
    pub count: Option<usize>,
}

/// A claim in the terms of a scheme, by tokens.
#[derive(Clone, Debug)]
pub struct Coded {
    /// Index of the draft.
    pub draft: usize,
    /// Name of the scheme.
    pub scheme: String,
    /// Its version.
    pub version: Option<String>,
    /// The type or code.
    pub kind: String,
    /// The types above it, nearest first.
    pub broader: Vec<String>,
    /// The word that the type was read from.
    pub trigger: usize,
    /// Slots that are filled, each name once.
    pub slots: Vec<(String, Vec<Value>)>,
    /// Entries and rules.
    pub why: Vec<String>,
}

/// The trigger of the happening that tells of the same as `own`, which a scheme found: that of the reader where it has one at the same
/// words, else `own` itself, which then becomes one of the reader's when `enters`. `None` where it does not.
pub(crate) fn meet(doc: &Doc, happenings: &mut Happenings, own: &Happening, enters: bool) -> Option<usize> {
    let all = &happenings.all;
    let from = all.partition_point(|known| known.trigger + REACH < own.trigger);
    let near = || all.iter().skip(from).take_while(|known| known.trigger <= own.trigger + REACH);
    let modified = |known: &&Happening| {
        matches!(doc.dep(own.trigger).as_str(), "compound" | "amod" | "nmod") && doc.head(own.trigger) == known.trigger
    };
    let same = near()
        .find(|known| known.trigger == own.trigger)
        .or_else(|| near().find(|known| known.light.contains(&own.trigger)))
        .or_else(|| near().find(|known| own.light.contains(&known.trigger)))
        .or_else(|| near().find(modified));
    if let Some(known) = same {
        return Some(known.trigger);
    }
    if !enters {
        return None;
    }
    let at = all.partition_point(|known| known.trigger < own.trigger);
    happenings.all.insert(at, own.clone());
    Some(own.trigger)
}
