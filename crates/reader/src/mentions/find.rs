//! Finds the mentions: a pass over names, a pass over heads of noun phrases, a pass over modifiers that act (*a U.S. strike*).

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{EntityKind, Sector};

use super::geography::StateName;
use super::phrase::{base, governed, hyphened, hyphened_before, preposition};
use super::rules::{Known, Rules};
use super::toponyms::Named;
use super::words::Words;
use super::{Form, Mention, Number, Traits};

/// What a known name is, where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    Known(Known),
    State(StateName),
}

/// A known name and its tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marked {
    pub(super) tokens: TokenRange,
    pub(super) mark: Mark,
}

/// Finds mentions of one document.
pub(super) struct Finder<'a> {
    pub(super) rules: &'a Rules,
    pub(super) doc: &'a Doc,
    pub(super) words: &'a Words,
    /// Names of places, in text order.
    pub(super) named: &'a [Named],
    pub(super) marks: Vec<Marked>,
    /// Index into `marks` of each token, `u32::MAX` for none.
    pub(super) mark_of: Vec<u32>,
    /// Mentions with their traits, in the order in which they were found.
    pub(super) found: Vec<(Mention, Traits)>,
    /// Index into `found` by head token, `u32::MAX` for none.
    pub(super) at_head: Vec<u32>,
    /// Measure nouns that stand for a mention: *hundreds* of soldiers.
    pub(super) aliases: Vec<(usize, usize)>,
}

pub(super) const NONE: u32 = u32::MAX;

impl<'a> Finder<'a> {
    pub(super) fn new(rules: &'a Rules, doc: &'a Doc, words: &'a Words, named: &'a [Named]) -> Self {
        Self {
            rules,
            doc,
            words,
            named,
            marks: Vec::new(),
            mark_of: vec![NONE; doc.len()],
            found: Vec::new(),
            at_head: vec![NONE; doc.len()],
            aliases: Vec::new(),
        }
    }

    pub(super) fn run(&mut self) {
        self.mark_names();
        for head in 0..self.doc.len() {
            if self.is_nominal(head) && !self.is_modifier(head) {
                self.head(head);
            }
        }
        for at in 0..self.doc.len() {
            if self.at_head[at] == NONE && self.is_modifier(at) && !hyphened(self.doc, at) && !hyphened_before(self.doc, at) {
                self.modifier(at);
            }
        }
        self.acronyms();
    }

    /// *Special Operations Forces (SOF)*: the letters mean the same wherever they come, whatever a lexicon says of them.
    pub(super) fn acronyms(&mut self) {
        let doc = self.doc;
        let mut defined: Vec<(&str, usize)> = Vec::new();
        for at in 1..doc.len().saturating_sub(1) {
            let word = doc.word(at);
            let bracketed = doc.word(at - 1) == "(" && doc.word(at + 1) == ")";
            let letters = word.len() >= 2 && word.len() <= 10 && word.chars().all(|c| c.is_uppercase() || c == '.' || c == '-');
            if !bracketed || !letters || self.marked(at).is_some_and(|marked| matches!(marked.mark, Mark::State(_))) {
                continue;
            }
            let before = (at.saturating_sub(12)..at - 1).rev().find_map(|head| {
                let found = *self.at_head.get(head)?;
                let (mention, _) = self.found.get(found as usize)?;
                (mention.kind == EntityKind::Actor && mention.tokens.end == at - 1).then_some(found as usize)
            });
            let Some(long) = before else { continue };
            let initials_fit = self.found.get(long).is_some_and(|(mention, _)| {
                let initial = word.chars().next();
                mention.form == Form::Name && !mention.person
                    || mention.tokens.indices().any(|k| doc.word(k).chars().next() == initial && doc.pos(k) == "PROPN")
            });
            if initials_fit {
                if let Some((mention, _)) = self.found.get_mut(long) {
                    mention.acronym = Some(at);
                    mention.form = Form::Name;
                }
                defined.push((word, long));
                self.spell(at, long);
            }
        }
        if defined.is_empty() {
            return;
        }
        for at in 0..doc.len() {
            let Some(&(_, long)) = defined.iter().find(|(word, _)| *word == doc.word(at)) else { continue };
            let is_head =
                self.at_head.get(at).is_some_and(|&found| found != NONE) || (self.is_nominal(at) && !self.is_modifier(at));
            if is_head {
                self.spell(at, long);
            }
        }
    }

    /// Makes the mention at `at` speak of what the mention `long` speaks of.
    pub(super) fn spell(&mut self, at: usize, long: usize) {
        let Some((source, traits)) = self.found.get(long).cloned() else { return };
        let found = self.at_head.get(at).copied().unwrap_or(NONE);
        let tokens = match self.found.get(found as usize) {
            Some((mention, _)) => mention.tokens,
            None => TokenRange::new(base(self.doc, at).start, at + 1),
        };
        let mention = Mention {
            tokens,
            head: at,
            acronym: None,
            title: None,
            form: Form::Name,
            why: "actor: acronym explained in the text".to_owned(),
            ..source
        };
        match self.found.get_mut(found as usize) {
            Some(slot) => *slot = (mention, traits),
            None => self.push(mention, traits),
        }
    }

    pub(super) fn mark_names(&mut self) {
        let mut i = 0;
        while i < self.doc.len() {
            let known = self.rules.names.longest(self.doc, self.words, i);
            let state = self.rules.geography.state_at(self.doc, self.words, i);
            let (length, mark) = match (known, state) {
                (Some((n, _)), Some((m, state))) if m > n => (m, Mark::State(state)),
                (Some((n, at)), _) => match self.rules.known.get(at as usize) {
                    Some(&known) => (n, Mark::Known(known)),
                    None => {
                        i += 1;
                        continue;
                    }
                },
                (None, Some((m, state))) => (m, Mark::State(state)),
                (None, None) => {
                    i += 1;
                    continue;
                }
            };
            let tokens = TokenRange::new(i, i + length);
            // Part of a person's name: *Israel Katz*, *Jordan Bell*.
            let inside_person = self.doc.entity_at(i).is_some_and(|entity| {
                entity.label == "PERSON" && entity.tokens.len() > length && self.is_name_word(entity.tokens, tokens)
            });
            let lower_verb = length == 1 && self.doc.pos(i) == "VERB";
            if inside_person || lower_verb {
                i += 1;
                continue;
            }
            for k in tokens.indices() {
                self.mark_of[k] = self.marks.len() as u32;
            }
            self.marks.push(Marked { tokens, mark });
            i += length;
        }
    }

    /// The rest of the person's entity are name words, not a title (*Ukrainian President X* taken whole by the recogniser).
    pub(super) fn is_name_word(&self, entity: TokenRange, name: TokenRange) -> bool {
        if name.start > entity.start {
            return true;
        }
        let next = name.end;
        !(next < entity.end
            && (self.rules.titles.contains_key(self.words.folded(next))
                || self.rules.qualifiers.contains(self.words.folded(next))))
    }

    pub(super) fn marked(&self, token: usize) -> Option<Marked> {
        self.marks.get(*self.mark_of.get(token)? as usize).copied()
    }

    pub(super) fn is_nominal(&self, i: usize) -> bool {
        match self.doc.pos(i).as_str() {
            "NOUN" | "PROPN" | "PRON" => true,
            "NUM" => self.doc.child(i, "prep").is_some(),
            "ADJ" | "VERB" | "X" | "ADV" => {
                let nominal = matches!(
                    self.doc.dep(i).as_str(),
                    "nsubj" | "nsubjpass" | "dobj" | "pobj" | "poss" | "conj" | "appos" | "dative"
                );
                nominal && (self.doc.child(i, "det").is_some() || self.marked(i).is_some())
                    || self.marked(i).is_some_and(|m| matches!(m.mark, Mark::Known(_)))
            }
            _ => self.marked(i).is_some_and(|marked| matches!(marked.mark, Mark::Known(_)) && marked.tokens.end == i + 1),
        }
    }

    /// True when the token only modifies a noun: the head of its phrase is elsewhere.
    pub(super) fn is_modifier(&self, i: usize) -> bool {
        let (first, dep, _) = governed(self.doc, i);
        if first == i || self.doc.dep(i) == "conj" {
            return matches!(
                dep,
                "compound" | "amod" | "nmod" | "quantmod" | "nummod" | "det" | "predet" | "advmod" | "npadvmod" | "preconj"
            ) && !(dep == "npadvmod" && self.doc.pos(i) == "PROPN" && !hyphened(self.doc, i));
        }
        false
    }

    /// The noun that a modifier belongs to in the end.
    pub(super) fn top(&self, i: usize) -> usize {
        let mut at = i;
        for _ in 0..super::phrase::CLIMB {
            if !self.is_modifier(at) || self.doc.is_root(at) {
                break;
            }
            let (_, _, governor) = governed(self.doc, at);
            if governor == at {
                break;
            }
            at = governor;
        }
        at
    }

    pub(super) fn push(&mut self, mention: Mention, traits: Traits) {
        let head = mention.head;
        if let Some(slot) = self.at_head.get_mut(head).filter(|slot| **slot == NONE) {
            *slot = self.found.len() as u32;
            self.found.push((mention, traits));
        }
    }

    pub(super) fn blank(&self, tokens: TokenRange, head: usize, kind: EntityKind, form: Form, why: &str) -> Mention {
        let plural = matches!(self.doc.tag(head).as_str(), "NNS" | "NNPS")
            || matches!(self.words.key(head), "police" | "people" | "personnel" | "staff");
        Mention {
            tokens,
            head,
            kind,
            form,
            name: self.name_words(tokens),
            country: None,
            sector: None,
            person: false,
            plural,
            title: None,
            acronym: None,
            place: None,
            class: None,
            why: why.to_owned(),
        }
    }

    /// The words of a phrase without article, quantity or white space at its edges.
    pub(super) fn name_words(&self, tokens: TokenRange) -> String {
        let mut start = tokens.start;
        while start + 1 < tokens.end
            && (matches!(self.doc.pos(start).as_str(), "DET" | "PUNCT" | "SPACE")
                || self.doc.tag(start) == "PRP$"
                || self.doc.tag(start) == "PDT")
        {
            start += 1;
        }
        self.doc.words(TokenRange::new(start, tokens.end)).to_owned()
    }

    pub(super) fn head(&mut self, head: usize) {
        if self.doc.pos(head) == "PRON" {
            self.pronoun(head);
            return;
        }
        if self
            .doc
            .entity_at(head)
            .is_some_and(|entity| matches!(entity.label.as_str(), "DATE" | "TIME" | "MONEY" | "PERCENT" | "ORDINAL"))
            && !self.rules.partitives.contains(self.words.key(head))
            && self.marked(head).is_none()
            && self.rules.actors.of(self.words, TokenRange::single(head), head).is_none()
        {
            return;
        }
        if self.partitive(head) || self.inside_title(head) {
            return;
        }
        if let Some((mention, traits)) = self.classify(head) {
            self.push(mention, traits);
        }
    }

    /// *State* in *Secretary of State X*: part of a title before a name.
    pub(super) fn inside_title(&self, head: usize) -> bool {
        preposition(self.doc, head).is_some_and(|(prep, above)| {
            self.words.folded(prep) == "of"
                && self.is_modifier(above)
                && self.rules.titles.contains_key(self.words.folded(above))
                && self.marked(head).is_none()
        })
    }

    /// *hundreds of soldiers*, *a group of rebels*: the mention is the soldiers, found by either word.
    pub(super) fn partitive(&mut self, head: usize) -> bool {
        let measure = self.rules.partitives.contains(self.words.key(head)) || self.doc.pos(head) == "NUM";
        if !measure {
            return false;
        }
        let Some(of) = self
            .doc
            .children(head)
            .find(|&child| child > head && self.doc.dep(child) == "prep" && self.words.folded(child) == "of")
        else {
            return false;
        };
        let Some(object) = self.doc.child(of, "pobj").filter(|&object| object > of && object - head < 16) else { return false };
        if self.doc.pos(object) == "PRON" || self.at_head.get(object).is_none_or(|&at| at != NONE) {
            return false;
        }
        let Some((mut mention, mut traits)) = self.classify(object) else { return false };
        if !matches!(mention.kind, EntityKind::Actor | EntityKind::Equipment)
            || (mention.form == Form::Name && self.doc.pos(head) != "NUM")
        {
            return false;
        }
        // *a group of rebels* is a group with a will of its own, but it is the rebels who are the matter.
        mention.tokens = TokenRange::new(base(self.doc, head).start, mention.tokens.end);
        mention.plural = true;
        mention.person = false;
        traits.number = Number::Plural;
        mention.why = format!("{}, measured by `{}`", mention.why, self.words.key(head));
        self.push(mention, traits);
        self.aliases.push((head, object));
        true
    }

    pub(super) fn pronoun(&mut self, head: usize) {
        let word = self.words.folded(head);
        let (number, person, gender) = match word {
            "he" | "him" | "his" | "himself" => (Number::Singular, true, Some(super::rules::Gender::Male)),
            "she" | "her" | "hers" | "herself" => (Number::Singular, true, Some(super::rules::Gender::Female)),
            "they" | "them" | "their" | "theirs" | "themselves" => (Number::Plural, false, None),
            "it" | "its" | "itself" => (Number::Singular, false, None),
            "i" | "me" | "my" | "mine" | "myself" => (Number::Singular, true, None),
            "we" | "us" | "our" | "ours" | "ourselves" => (Number::Plural, false, None),
            "someone" | "somebody" | "anyone" | "everyone" | "everybody" | "nobody" => {
                let mut mention =
                    self.blank(TokenRange::single(head), head, EntityKind::Actor, Form::Nominal, "actor: indefinite pronoun");
                mention.person = true;
                self.push(mention, Traits::default());
                return;
            }
            _ => return,
        };
        if word == "us" && self.doc.word(head) != "us" {
            return;
        }
        if word == "it" && self.expletive(head) {
            return;
        }
        let mut mention = self.blank(TokenRange::single(head), head, EntityKind::Actor, Form::Pronoun, "pronoun");
        mention.person = person;
        mention.plural = number == Number::Plural;
        self.push(mention, Traits { number, gender, group: false, state: false, definite: true });
    }

    /// *it* that stands for a clause: *it is unclear whether*, *it emerged that*.
    pub(super) fn expletive(&self, it: usize) -> bool {
        if self.doc.dep(it) == "expl" {
            return true;
        }
        if !matches!(self.doc.dep(it).as_str(), "nsubj" | "nsubjpass") {
            return false;
        }
        let verb = self.doc.head(it);
        let weather = matches!(
            self.words.key(verb),
            "rain"
                | "snow"
                | "seem"
                | "appear"
                | "remain"
                | "be"
                | "emerge"
                | "transpire"
                | "happen"
                | "become"
                | "take"
                | "report"
                | "say"
                | "believe"
                | "think"
                | "know"
                | "understand"
                | "mean"
                | "matter"
                | "make"
        );
        let clause = self.doc.children(verb).any(|child| {
            matches!(self.doc.dep(child).as_str(), "ccomp" | "csubj" | "xcomp" | "advcl" | "csubjpass") && child > verb
        });
        let inner = self.doc.child(verb, "acomp").or(self.doc.child(verb, "attr")).is_some_and(|adjective| {
            self.doc
                .children(adjective)
                .any(|child| matches!(self.doc.dep(child).as_str(), "ccomp" | "xcomp" | "acl" | "relcl" | "advcl"))
        });
        weather && (clause || inner)
    }

    /// The mention that a noun phrase's head makes, if it is one of the kinds.
    pub(super) fn classify(&self, head: usize) -> Option<(Mention, Traits)> {
        let doc = self.doc;
        let range = base(doc, head);
        if let Some(marked) = self.marked(head)
            && let Some(found) = self.known_head(head, range, marked)
        {
            return Some(found);
        }
        let entity = doc.entity_at(head);
        let label = entity.map_or("", |entity| entity.label.as_str());
        let noun = self.rules.actors.of(self.words, range, head);
        let proper = doc.pos(head) == "PROPN";
        if proper
            && noun.is_none()
            && matches!(label, "PERSON" | "ORG" | "NORP" | "PRODUCT" | "")
            && (self.known_town(head, range) || self.named_town(head))
        {
            return Some(self.place(head, range, "place: known name after a preposition of place"));
        }
        if label == "PERSON"
            && proper
            && noun.is_none_or(|(before, _)| before == 0 && entity.is_some_and(|entity| entity.tokens.len() > 1))
        {
            return Some(self.person(head, range));
        }
        // Common nouns and names that end in one.
        let generic = self.rules.generic.of(self.words, range, head);
        let equipment = self.rules.equipment.of(self.words, range, head);
        let media = self.rules.media.of(self.words, range, head);
        let area = self.rules.areas.of(self.words, range, head);
        let facility = self.rules.facilities.of(self.words, range, head);
        let locative = self.is_locative(head);
        let place_words = area.map(|(n, ())| n).max(facility.map(|(n, ())| n));
        let actor_words = noun.map(|(n, _)| n).max(generic.map(|(n, _)| n));
        if let Some((n, class)) = equipment {
            let fits =
                actor_words.is_none_or(|m| n >= m) && place_words.is_none_or(|m| n >= m) && media.is_none_or(|(m, _)| n >= m);
            if fits && self.equipment_word(head, n) {
                return self.equipment(head, range, class);
            }
        }
        if let Some((n, what)) = media {
            let more = actor_words.is_none_or(|m| n > m || (n == m && noun.is_none()));
            if more && self.media_word(head) {
                return Some(self.media(head, range, what));
            }
        }
        if let Some(n) = place_words {
            let beats = actor_words.is_none_or(|m| n > m);
            let toponym = self.names_place(head, range);
            if beats || locative || (area.is_some() && toponym.is_some()) {
                return Some(self.area(head, range, toponym, facility.is_some() && area.is_none()));
            }
        }
        if noun.is_some() || generic.is_some() {
            if !self.actor_word(head, range) {
                return None;
            }
            return Some(self.actor(head, range));
        }
        match label {
            "ORG" => return Some(self.organisation(head, range)),
            "GPE" if proper && self.looks_like_person(head) => return Some(self.person(head, range)),
            "GPE" | "LOC" | "FAC" => return Some(self.place(head, range, "place: recogniser")),
            "NORP" => {
                let mut mention = self.blank(range, head, EntityKind::Actor, Form::Nominal, "actor: people by name");
                mention.sector = Some(Sector::Cvl);
                mention.country = self.country_of(head, range);
                let number = if mention.plural { Number::Plural } else { Number::Singular };
                return Some((mention, Traits { number, ..Traits::default() }));
            }
            "PERSON" if !proper => {}
            "PERSON" => return Some(self.person(head, range)),
            _ => {}
        }
        if let Some(class) = self.rules.model_like(doc.word(head)) {
            return self.equipment(head, range, class);
        }
        if proper && entity.is_none_or(|entity| matches!(entity.label.as_str(), "PRODUCT" | "WORK_OF_ART")) {
            return self.unknown_name(head, range);
        }
        None
    }

    pub(super) fn known_head(&self, head: usize, range: TokenRange, marked: Marked) -> Option<(Mention, Traits)> {
        match marked.mark {
            Mark::Known(Known::Organisation(at)) => {
                // A noun that follows the name inside the phrase is the head; here the name itself is.
                let organisation = self.rules.organisations.get(at as usize)?;
                let tokens = TokenRange::new(range.start.min(marked.tokens.start), range.end.max(marked.tokens.end));
                let mut mention = self.blank(tokens, head, EntityKind::Actor, Form::Name, "actor: organisation by name");
                mention.name.clone_from(&organisation.name);
                mention.country = organisation
                    .country
                    .or_else(|| self.country_of(head, TokenRange::new(tokens.start, marked.tokens.start.max(tokens.start))));
                mention.sector = organisation.sector;
                mention.plural = false;
                Some((mention, Traits { number: Number::Either, group: true, ..Traits::default() }))
            }
            Mark::Known(Known::Platform) => {
                let tokens = TokenRange::new(range.start.min(marked.tokens.start), range.end.max(marked.tokens.end));
                let mut mention = self.blank(tokens, head, EntityKind::Platform, Form::Name, "platform: by name");
                mention.name = self.doc.words(marked.tokens).to_owned();
                Some((mention, Traits::default()))
            }
            Mark::Known(Known::Model(class)) => self.equipment(head, range, class),
            Mark::State(state) => self.state(head, range, marked, state),
        }
    }
}

pub(super) fn named_collective(key: &str) -> bool {
    matches!(key, "police" | "people" | "personnel" | "staff" | "troop" | "military")
}
