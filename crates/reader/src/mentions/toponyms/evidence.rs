//! What speaks for a name being a place's, in round figures: sort of place, what the recogniser says, the words around it.
//!
//! The figures were set by hand, by classes of error; all sets of news scored alike when any one of them was moved by half a unit.

use dateline_gazetteer::{How, PlaceKind};

use super::known::{Known, LARGE, MIDDLING};

/// What a name must reach.
pub(super) const ENOUGH: f32 = 2.0;
/// What makes the same name a place's wherever else it stands in the report.
pub(super) const CERTAIN: f32 = ENOUGH + 0.8;
/// A sound form needs no more: *Mill Street*, *Clay County*.
pub(super) const FORM: f32 = 2.0;

// By the words around.
pub(super) const PLACED: f32 = 1.2;
pub(super) const OF: f32 = 0.6;
/// *rebel-held*.
pub(super) const HELD: f32 = 2.0;
pub(super) const DIRECTION: f32 = 0.8;
pub(super) const WITHIN_NEXT: f32 = 2.5;
pub(super) const AFTER_PLACE: f32 = 1.2;
pub(super) const DATELINE: f32 = 2.0;
pub(super) const BEARER: f32 = -3.0;
pub(super) const CONSTITUENCY: f32 = 2.5;
pub(super) const FOLLOWED: f32 = 1.2;
pub(super) const SEVERAL: f32 = 2.0;
pub(super) const TYPED: f32 = 2.0;
// By the longer name that it stands in.
pub(super) const BODY: f32 = 0.2;
pub(super) const BODY_NEXT: f32 = 0.6;
pub(super) const LONGER_NAME: f32 = -1.4;
pub(super) const INSIDE: f32 = -1.5;
// By what else the report says.
pub(super) const SURNAME: f32 = -1.5;
pub(super) const SURNAME_PLACED: f32 = -0.8;
pub(super) const COMMON_WORD: f32 = -1.2;
pub(super) const NO_NAME: f32 = -1.0;
pub(super) const AGAIN: f32 = 2.2;
pub(super) const COORDINATED: f32 = 1.0;
/// A neighbour vouches from here.
pub(super) const VOUCHES: f32 = ENOUGH + 0.5;
// Names that the gazetteer has not.
pub(super) const FEATURE: f32 = 2.5;
pub(super) const UNKNOWN_FEATURE: f32 = 1.2;
pub(super) const FEATURE_WORD: f32 = 1.0;
pub(super) const ACRONYM: f32 = -2.0;
pub(super) const UNKNOWN_IN: f32 = 2.1;
pub(super) const UNKNOWN_NEAR: f32 = 2.3;
pub(super) const UNKNOWN_SEVERAL: f32 = 2.1;
pub(super) const PERSON_BEFORE: f32 = -3.5;

/// What the place itself speaks: how well known it is.
pub(super) fn of_place(known: &Known, words: usize) -> f32 {
    let by_kind = match known.kind {
        PlaceKind::Country => 3.3,
        PlaceKind::Admin1 => 2.6,
        PlaceKind::Region | PlaceKind::Natural => 2.2,
        PlaceKind::Admin2 => 1.0,
        PlaceKind::Settlement if known.population >= LARGE => 2.2,
        PlaceKind::Settlement if known.population >= MIDDLING => 1.2,
        PlaceKind::Settlement => 0.6,
    };
    let by_name = match known.how {
        How::Alternate if known.population >= LARGE => -0.5,
        How::Alternate => -1.0,
        _ => 0.0,
    };
    by_kind + by_name + if words > 1 { 0.7 } else { 0.0 }
}

/// What the recogniser's label for the words speaks; `exact` when its entity is just these words.
pub(super) fn of_label(label: &str, exact: bool) -> f32 {
    match (label, exact) {
        ("GPE" | "LOC", true) => 2.0,
        ("GPE" | "LOC", false) => 1.0,
        ("FAC", _) => 0.5,
        ("PERSON", true) => -0.9,
        ("PERSON", false) => -3.5,
        ("NORP", _) => -0.5,
        ("ORG", true) => 0.1,
        ("ORG", false) => 0.2,
        ("", _) => 0.0,
        _ => -1.0,
    }
}

/// What it speaks for a name that the gazetteer has not.
pub(super) fn of_unknown(label: &str) -> Option<f32> {
    match label {
        "GPE" => Some(0.9),
        "LOC" | "FAC" => Some(1.0),
        _ => None,
    }
}
