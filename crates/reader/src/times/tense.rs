//! Whether the verb over a date speaks of what is to come or of what has been.

use super::Finder;
use super::calendar;
use crate::look::Look;

/// Verbs whose participle says that a thing is fixed for a later time.
const PLANNED: &[&str] = &["plan", "schedule", "expect", "set", "due", "slate"];

/// Verbs whose infinitive lies ahead.
const INTENDED: &[&str] = &[
    "intend", "aim", "want", "hope", "vow", "agree", "promise", "prepare", "threaten", "go", "plan", "schedule", "expect", "set",
    "due", "be", "pledge", "decide", "slate",
];

/// Auxiliaries that look ahead.
const MODALS: &[&str] = &["will", "wo", "shall", "'ll", "’ll", "would", "could", "may", "might", "must", "should"];

impl Finder<'_> {
    /// The nearest verb over token `i`.
    fn verb_above(&self, i: usize) -> Option<usize> {
        self.doc.ancestors(i).take(8).find(|&at| matches!(self.doc.pos(at).as_str(), "VERB" | "AUX"))
    }

    fn auxiliary(&self, verb: usize, words: &[&str]) -> bool {
        self.doc.children_with(verb, &["aux", "auxpass"]).any(|aux| self.is(aux, words))
    }

    /// True when the verb that governs token `i` speaks of what is to come.
    pub(super) fn looks_ahead(&self, i: usize) -> bool {
        let doc = self.doc;
        let Some(verb) = self.verb_above(i) else { return false };
        let perfect = self.auxiliary(verb, &["have", "'ve", "’ve"]);
        let modal =
            |verb: usize| self.auxiliary(verb, MODALS) && (!perfect || self.auxiliary(verb, &["will", "shall", "'ll", "’ll"]));
        let modal_itself = doc.pos(verb) == "AUX" && self.is(verb, MODALS);
        let tag = doc.tag(verb);
        let had = self.auxiliary(verb, &["have", "has", "had", "'ve", "’ve"]);
        let planned = PLANNED.contains(&doc.lemma(verb)) && tag == "VBN" && !had
            || doc.children_with(verb, &["acomp", "attr", "oprd"]).any(|child| self.is(child, &["due", "scheduled", "slated"]));
        let planned = planned || matches!(doc.lemma(verb), "plan" | "schedule") && matches!(tag.as_str(), "VBG" | "VBZ" | "VBP");
        let bare = tag == "VB" && self.auxiliary(verb, &["to"]);
        let head = doc.head(verb);
        let intended = bare && head != verb && INTENDED.contains(&doc.lemma(head));
        let under_way = tag == "VBG" && self.auxiliary(verb, &["is", "are", "'s", "’s", "'re", "’re"]);
        modal(verb) || modal_itself || planned || intended || under_way
    }

    /// True when token `i` stands in a phrase that hangs on a verb of the past.
    pub(super) fn looks_back(&self, i: usize) -> bool {
        let doc = self.doc;
        let mut at = i;
        for _ in 0..6 {
            let head = doc.head(at);
            if head == at && !matches!(doc.pos(at).as_str(), "VERB" | "AUX") {
                return false;
            }
            at = head;
            match doc.pos(at).as_str() {
                "ADP" | "NUM" | "SCONJ" => {}
                "NOUN" | "PROPN" | "ADV" | "ADJ" if self.is_of_the_calendar(at) => {}
                "VERB" | "AUX" => break,
                _ => return false,
            }
        }
        let tag = doc.tag(at);
        if PLANNED.contains(&doc.lemma(at)) || self.auxiliary(at, &["to"]) {
            return false;
        }
        let modal = self.auxiliary(at, MODALS) && !self.auxiliary(at, &["have"]);
        let was = self.auxiliary(at, &["was", "were"]);
        !modal && (tag == "VBD" || tag == "VBN" && !self.auxiliary(at, &["is", "are", "be"]) || tag == "VBG" && was)
    }

    fn is_of_the_calendar(&self, i: usize) -> bool {
        let word = self.word(i);
        calendar::month(word).is_some()
            || calendar::weekday(word).is_some()
            || calendar::unit(word).is_some()
            || calendar::season(word).is_some()
            || self.is(i, super::PARTS_OF_DAY)
            || self.is(i, &["early", "late", "mid", "dawn", "noon", "midnight", "beginning", "end", "start", "middle"])
    }
}
