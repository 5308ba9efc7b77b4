//! Modifiers that are mentions: *a U.S. strike*, *the army's raid*, *Russian-backed*.

use dateline_nlp::TokenRange;
use dateline_record::EntityKind;

use super::find::{Finder, Mark};
use super::geography::StateForm;
use super::phrase::hyphened_before;
use super::rules::Known;
use super::state;

impl Finder<'_> {
    pub(super) fn coordinated(&self, name: TokenRange, _at: usize) -> bool {
        name.end < self.doc.len() && matches!(self.words.folded(name.end), "and" | "," | "/" | "-")
    }

    /// A modifier that names a doer or a weapon beside a noun that is neither: *a U.S. strike*, *a drone attack*.
    pub(super) fn modifier(&mut self, at: usize) {
        let top = self.top(at);
        let over = self.at_head.get(top).and_then(|&found| self.found.get(found as usize)).map(|(mention, _)| mention.kind);
        if top == at || matches!(over, Some(EntityKind::Actor)) {
            return;
        }
        if let Some(marked) = self.marked(at) {
            if marked.tokens.end != at + 1 || self.doc.entity_at(at).is_some_and(|entity| entity.label == "LANGUAGE") {
                return;
            }
            match marked.mark {
                Mark::State(state) => {
                    if over == Some(EntityKind::Place) {
                        return;
                    }
                    let acts = state.form == StateForm::Adjective
                        || state.form == StateForm::People
                        || self.is_abbreviation(marked.tokens)
                        || state::acts(self.rules, self.doc, self.words, at, state.form).is_some();
                    if acts {
                        let (mention, traits) = self.government(marked.tokens, at, state, "state: before a noun");
                        self.push(mention, traits);
                    } else {
                        let mut found = self.place(at, marked.tokens, "place: before a noun");
                        found.0.tokens = marked.tokens;
                        found.0.country = Some(state.country);
                        self.push(found.0, found.1);
                    }
                }
                Mark::Known(known) => {
                    let range = marked.tokens;
                    if let Some((mut mention, traits)) = self.known_head(at, range, marked) {
                        if matches!(
                            (known, over),
                            (Known::Model(_), Some(EntityKind::Equipment)) | (Known::Platform, Some(EntityKind::Platform))
                        ) {
                            return;
                        }
                        mention.tokens = range;
                        self.push(mention, traits);
                    }
                }
            }
            return;
        }
        if over.is_some() && over != Some(EntityKind::Media) {
            return;
        }
        if self.doc.pos(at) != "NOUN" && self.doc.pos(at) != "PROPN" {
            if self.doc.pos(at) == "ADJ" && self.doc.entity_at(at).is_none() {
                self.adjective(at);
            }
            return;
        }
        if let Some(entity) = self.doc.entity_at(at).filter(|entity| entity.tokens.end == at + 1) {
            let found = match entity.label.as_str() {
                "GPE" | "LOC" => {
                    let mut found = self.place(at, entity.tokens, "place: before a noun, recogniser");
                    found.0.tokens = entity.tokens;
                    Some(found)
                }
                "PERSON" if !entity.tokens.contains(top) => Some(self.person(at, entity.tokens)),
                "ORG" if !entity.tokens.contains(top) => Some(self.organisation(at, entity.tokens)),
                _ => None,
            };
            if let Some((mention, traits)) = found {
                self.push(mention, traits);
                return;
            }
        }
        let range = self.modifier_range(at);
        if let Some((n, class)) = self.rules.equipment.of(self.words, range, at) {
            if (self.equipment_word(at, n) || self.words.key(at) == "arm")
                && let Some((mention, traits)) = self.equipment(at, range, class)
            {
                self.push(mention, traits);
            }
        } else if over.is_none()
            && self.doc.pos(at) == "NOUN"
            && !matches!(
                self.words.key(at),
                "terrorist"
                    | "criminal"
                    | "human"
                    | "power"
                    | "industry"
                    | "business"
                    | "state"
                    | "party"
                    | "media"
                    | "press"
                    | "school"
                    | "security"
            )
            && self.rules.actors.of(self.words, range, at).is_some()
        {
            let (mut mention, traits) = self.actor(at, range);
            mention.tokens = range;
            self.push(mention, traits);
        }
    }

    /// *rebel*, *militant*, *civilian* as adjectives beside a deed: *civilian casualties*, *militant attack*.
    pub(super) fn adjective(&mut self, at: usize) {
        if self.rules.actors.of(self.words, TokenRange::single(at), at).is_none() || hyphened_before(self.doc, at) {
            return;
        }
        if matches!(
            self.words.key(at),
            "military"
                | "private"
                | "national"
                | "public"
                | "general"
                | "local"
                | "other"
                | "human"
                | "daily"
                | "minor"
                | "executive"
                | "dead"
                | "foreign"
                | "adult"
                | "conservative"
                | "academic"
                | "weekly"
                | "regular"
                | "representative"
                | "radical"
        ) {
            return;
        }
        let (mut mention, traits) = self.actor(at, TokenRange::single(at));
        mention.tokens = TokenRange::single(at);
        mention.plural = true;
        mention.person = false;
        self.push(mention, traits);
    }

    /// A modifier with the compounds and states right before it: *Russian troop* in *Russian troop withdrawal*.
    pub(super) fn modifier_range(&self, at: usize) -> TokenRange {
        let mut start = at;
        while start > 0
            && at - start < 6
            && self.doc.sentence_of(start - 1) == self.doc.sentence_of(at)
            && (matches!(self.doc.dep(start - 1).as_str(), "compound" | "nmod")
                || self.marked(start - 1).is_some_and(|marked| matches!(marked.mark, Mark::State(_))))
            && self.doc.pos(start - 1) != "PUNCT"
            && !self.doc.is_root(start - 1)
        {
            start -= 1;
        }
        TokenRange::new(start, at + 1)
    }

    /// *U.S.*, *UK*: names that have no adjective of their own in headlines and news style.
    pub(super) fn is_abbreviation(&self, name: TokenRange) -> bool {
        name.len() == 1 && {
            let word = self.doc.word(name.start);
            word.chars().filter(|c| c.is_alphabetic()).count() <= 4 && word.chars().all(|c| c.is_uppercase() || c == '.')
        }
    }
}
