//! Finds the mentions: a pass over names, a pass over heads of noun phrases, a pass over modifiers that act (*a U.S. strike*).

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Country, EntityKind, Sector};

use super::geography::{StateForm, StateName};
use super::phrase::{base, extended, governed, hyphened, hyphened_before, preposition};
use super::rules::{Are, Known, MediaNoun, Rules};
use super::state;
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

const NONE: u32 = u32::MAX;

impl<'a> Finder<'a> {
    pub(super) fn new(rules: &'a Rules, doc: &'a Doc, words: &'a Words) -> Self {
        Self {
            rules,
            doc,
            words,
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
    fn acronyms(&mut self) {
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
    fn spell(&mut self, at: usize, long: usize) {
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

    fn mark_names(&mut self) {
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
    fn is_name_word(&self, entity: TokenRange, name: TokenRange) -> bool {
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

    fn is_nominal(&self, i: usize) -> bool {
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
    fn is_modifier(&self, i: usize) -> bool {
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
    fn top(&self, i: usize) -> usize {
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

    fn push(&mut self, mention: Mention, traits: Traits) {
        let head = mention.head;
        if let Some(slot) = self.at_head.get_mut(head).filter(|slot| **slot == NONE) {
            *slot = self.found.len() as u32;
            self.found.push((mention, traits));
        }
    }

    fn blank(&self, tokens: TokenRange, head: usize, kind: EntityKind, form: Form, why: &str) -> Mention {
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
    fn name_words(&self, tokens: TokenRange) -> String {
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

    fn head(&mut self, head: usize) {
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
    fn inside_title(&self, head: usize) -> bool {
        preposition(self.doc, head).is_some_and(|(prep, above)| {
            self.words.folded(prep) == "of"
                && self.is_modifier(above)
                && self.rules.titles.contains_key(self.words.folded(above))
                && self.marked(head).is_none()
        })
    }

    /// *hundreds of soldiers*, *a group of rebels*: the mention is the soldiers, found by either word.
    fn partitive(&mut self, head: usize) -> bool {
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

    fn pronoun(&mut self, head: usize) {
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
    fn expletive(&self, it: usize) -> bool {
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
    fn classify(&self, head: usize) -> Option<(Mention, Traits)> {
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
        if proper && noun.is_none() && matches!(label, "PERSON" | "ORG" | "NORP" | "PRODUCT" | "") && self.known_town(head, range)
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

    fn is_locative(&self, head: usize) -> bool {
        preposition(self.doc, head).is_some_and(|(prep, _)| {
            self.rules.grammar.locative.contains(self.words.folded(prep))
                || matches!(self.words.folded(prep), "from" | "to" | "on" | "of")
        }) && preposition(self.doc, head).is_some_and(|(prep, above)| {
            let word = self.words.folded(prep);
            match word {
                // *attack on a hospital* strikes it, *standing on a bridge* does not.
                "on" => !matches!(
                    self.words.key(above),
                    "attack" | "strike" | "raid" | "assault" | "airstrike" | "fire" | "shelling" | "target" | "bombing" | "hit"
                ),
                "of" => {
                    !self.rules.grammar.deed.contains(self.words.key(above))
                        && self.rules.facilities.of(self.words, TokenRange::single(head), head).is_some()
                        && !matches!(
                            self.words.key(above),
                            "bombing" | "shelling" | "destruction" | "targeting" | "seizure" | "storming" | "closure"
                        )
                }
                "to" => !self.rules.grammar.giving.contains(self.words.key(above)),
                "from" => !self.rules.grammar.taking.contains(self.words.key(above)),
                "at" => !matches!(self.words.key(above), "fire" | "shoot" | "throw" | "aim" | "target"),
                _ => true,
            }
        })
    }

    /// *in X*, *near X* where the gazetteer knows X, whatever the recogniser took it for.
    fn known_town(&self, head: usize, range: TokenRange) -> bool {
        let Some((prep, _)) = preposition(self.doc, head) else { return false };
        let near = matches!(
            self.words.folded(prep),
            "in" | "near" | "outside" | "around" | "across" | "throughout" | "toward" | "towards" | "at"
        );
        if !near || (range.start..head).any(|k| self.rules.titles.contains_key(self.words.folded(k))) {
            return false;
        }
        let start = (range.start..head).find(|&k| self.doc.pos(k) == "PROPN").unwrap_or(head);
        self.doc.word(head).starts_with(char::is_uppercase)
            && self.rules.geography.knows(self.doc.words(TokenRange::new(start, head + 1)))
    }

    fn known_head(&self, head: usize, range: TokenRange, marked: Marked) -> Option<(Mention, Traits)> {
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

    fn state(&self, head: usize, range: TokenRange, marked: Marked, state: StateName) -> Option<(Mention, Traits)> {
        let tokens = TokenRange::new(range.start.min(marked.tokens.start), range.end.max(marked.tokens.end));
        match state.form {
            StateForm::People | StateForm::Adjective => {
                let plural = !matches!(self.doc.tag(head).as_str(), "NN" | "NNP") || self.doc.word(head).ends_with('s');
                let the = self.words.folded(tokens.start) == "the" && tokens.len() == 2;
                let adjective = state.form == StateForm::Adjective && !self.doc.word(head).ends_with('s');
                let mut mention = self.blank(tokens, head, EntityKind::Actor, Form::Nominal, "actor: people by country");
                mention.country = Some(state.country);
                // *The British said* is the state, *two Syrians* are people.
                let government = adjective && the;
                mention.sector = Some(if government { Sector::Gov } else { Sector::Cvl });
                mention.plural = plural || government;
                mention.person = !mention.plural;
                let number = if mention.plural { Number::Plural } else { Number::Singular };
                Some((mention, Traits { number, state: government, ..Traits::default() }))
            }
            StateForm::Name | StateForm::Capital => {
                // *northern Syria* is a place whatever it does.
                let part = tokens.start < marked.tokens.start
                    && (tokens.start..marked.tokens.start).any(|k| self.rules.directions.contains(self.words.folded(k)));
                let decided = if part || self.is_dateline(marked.tokens) {
                    None
                } else {
                    state::acts(self.rules, self.doc, self.words, head, state.form)
                };
                let Some(why) = decided else {
                    let mut found = self.place(head, tokens, "place: state or capital");
                    found.0.country = Some(state.country);
                    return Some(found);
                };
                Some(self.government(tokens, head, state, why))
            }
        }
    }

    fn government(&self, tokens: TokenRange, head: usize, state: StateName, why: &str) -> (Mention, Traits) {
        let mut mention = self.blank(tokens, head, EntityKind::Actor, Form::Name, why);
        mention.country = Some(state.country);
        mention.sector = Some(Sector::Gov);
        mention.plural = false;
        if let Some(name) = self.rules.geography.name_of(state.country) {
            mention.name = format!("Government of {name}");
        }
        (mention, Traits { number: Number::Singular, group: true, state: true, ..Traits::default() })
    }

    /// *KYIV (Agency) —* at the head of a paragraph.
    fn is_dateline(&self, name: TokenRange) -> bool {
        let opens = name.start == 0 || self.doc.pos(name.start - 1) == "SPACE";
        let next = (name.end < self.doc.len()).then(|| self.doc.word(name.end));
        opens && matches!(next, Some("(" | "-" | "—" | "–" | "--" | "," | "/"))
    }

    fn person(&self, head: usize, range: TokenRange) -> (Mention, Traits) {
        let doc = self.doc;
        let name = doc.entity_at(head).map_or(TokenRange::single(head), |entity| entity.tokens);
        let tokens = TokenRange::new(range.start.min(name.start), range.end.max(name.end));
        let mut mention = self.blank(tokens, head, EntityKind::Actor, Form::Name, "actor: person by name");
        mention.person = true;
        mention.plural = false;
        let mut traits = Traits { number: Number::Singular, ..Traits::default() };
        self.take_title(&mut mention, &mut traits, head);
        mention.country = self.country_of(head, tokens);
        (mention, traits)
    }

    /// Reads office, rank, sector and gender from the words before a person's name, and takes them off the name.
    fn take_title(&self, mention: &mut Mention, traits: &mut Traits, head: usize) {
        let (doc, words) = (self.doc, self.words);
        let tokens = mention.tokens;
        let mut last_title = None;
        for k in tokens.start..head {
            let known = self.rules.titles.contains_key(words.folded(k))
                || self
                    .rules
                    .actors
                    .of(words, TokenRange::new(tokens.start, k + 1), k)
                    .is_some_and(|(_, noun)| noun.are == Are::People)
                || self.rules.generic.of(words, TokenRange::new(tokens.start, k + 1), k).is_some();
            if known && !hyphened(doc, k) && doc.dep(k) != "poss" {
                last_title = Some(k);
            }
        }
        let Some(title) = last_title else {
            mention.name = self.name_words(TokenRange::new(self.skip_modifiers(tokens.start, head), tokens.end));
            return;
        };
        let mut name_start = title + 1;
        if words.folded(name_start) == "of" {
            let until = doc.entity_at(head).map_or(head, |entity| entity.tokens.start.max(name_start));
            name_start = until;
        }
        while name_start < head && (doc.word(name_start) == "." || doc.pos(name_start) == "PUNCT") {
            name_start += 1;
        }
        mention.name = doc.words(TokenRange::new(name_start.min(head), tokens.end)).to_owned();
        let mut start = tokens.start;
        for k in tokens.start..title {
            let inside_title = self.rules.qualifiers.contains(words.folded(k))
                || self.rules.titles.contains_key(words.folded(k))
                || doc.word(k) == "-";
            if !inside_title {
                start = k + 1;
            }
        }
        let known = self.rules.titles.get(words.folded(title));
        let noun = self.rules.actors.of(words, TokenRange::new(tokens.start, title + 1), title);
        if known.is_none_or(|title| !title.courtesy) {
            let words = doc.words(TokenRange::new(start.min(title), name_start.min(head).max(title + 1)));
            mention.title = Some(words.trim_end_matches([',', ' ']).to_owned());
        }
        traits.gender = known.and_then(|title| title.gender).or_else(|| self.rules.genders.get(words.folded(title)).copied());
        let generic = self.rules.generic.of(words, TokenRange::new(tokens.start, title + 1), title).is_some();
        let beside = self.sector_beside(TokenRange::new(tokens.start, title), title);
        mention.sector = match noun {
            Some((_, noun)) if !(generic || noun.sector == Some(Sector::Cvl)) => noun.sector,
            _ => beside.or(noun.and_then(|(_, noun)| noun.sector)).or(known.and_then(|title| title.sector)),
        };
        if let Some(strong) = self
            .strong_sector(TokenRange::new(tokens.start, title))
            .filter(|_| known.is_some_and(|title| title.sector == Some(Sector::Mil)) || generic)
        {
            mention.sector = Some(strong);
        }
        if (tokens.start..title).any(|k| matches!(words.folded(k), "former" | "ex" | "ousted" | "deposed"))
            && matches!(mention.sector, Some(Sector::Gov | Sector::Leg))
        {
            mention.sector = Some(Sector::Eli);
        }
    }

    /// Leaves articles, adjectives and known states before a bare name.
    fn skip_modifiers(&self, start: usize, head: usize) -> usize {
        let entity = self.doc.entity_at(head).map_or(head, |entity| entity.tokens.start);
        (start..head).find(|&k| k >= entity || (self.doc.pos(k) == "PROPN" && self.marked(k).is_none())).unwrap_or(head)
    }

    fn equipment_word(&self, head: usize, words_before: usize) -> bool {
        match self.words.key(head) {
            "arm" => self.doc.tag(head) == "NNS" || self.doc.tag(head) == "NNPS",
            "round" => {
                self.doc.tag(head) == "NNS" && self.doc.child(head, "prep").is_none_or(|prep| self.words.folded(prep) != "of")
            }
            "mine" | "bat" | "rock" | "club" | "stick" | "bottle" | "arrow" | "hammer" | "stone" | "brick" => {
                self.doc.tag(head) == "NNS" || words_before > 0 || self.doc.dep(head) == "pobj"
            }
            "armor" | "armour" | "hardware" | "equipment" | "uniform" => true,
            _ => true,
        }
    }

    fn equipment(&self, head: usize, range: TokenRange, class: u32) -> Option<(Mention, Traits)> {
        let class = self.rules.classes.get(class as usize)?;
        // A type name in the phrase says more than its noun: *a BTR-82 armoured personnel carrier*.
        let model = range.indices().find_map(|k| match self.marked(k)?.mark {
            Mark::Known(Known::Model(at)) => self.rules.classes.get(at as usize),
            _ => None,
        });
        let model = model
            .or_else(|| range.indices().find_map(|k| self.rules.classes.get(self.rules.model_like(self.doc.word(k))? as usize)));
        let named = model.is_some();
        let class = model.unwrap_or(class);
        let country = self.country_of(head, range);
        let organised = country.is_some()
            || range.indices().any(|k| {
                let organisation = matches!(self.marked(k), Some(Marked { mark: Mark::Known(Known::Organisation(_)), .. }));
                k < head && (organisation || self.words.folded(k) == "coalition")
            });
        let acts = matches!(governed(self.doc, head).1, "nsubj" | "agent")
            || preposition(self.doc, head).is_some_and(|(prep, _)| self.doc.dep(prep) == "agent");
        if class.platform && organised && acts && !named && class.name != "drone" {
            let mut mention = self.blank(range, head, EntityKind::Actor, Form::Nominal, "actor: force by its weapons");
            mention.country =
                country.or_else(|| range.indices().any(|k| self.words.folded(k) == "coalition").then_some(Country::IGO));
            mention.sector = self
                .sector_beside(TokenRange::new(range.start, head), head)
                .filter(|sector| sector.is_armed())
                .or(Some(Sector::Mil));
            mention.class = Some(class.name.clone());
            return Some((mention, Traits { number: Number::Either, group: true, ..Traits::default() }));
        }
        let form = if named { Form::Name } else { Form::Nominal };
        let mut mention = self.blank(range, head, EntityKind::Equipment, form, "equipment");
        mention.class = Some(class.name.clone());
        mention.country = country;
        let number = if mention.plural { Number::Plural } else { Number::Singular };
        Some((mention, Traits { number, definite: self.is_definite(range), ..Traits::default() }))
    }

    /// Words that are media or documents only with something that shows it: *order*, *post*, *record*, *channel*.
    fn media_word(&self, head: usize) -> bool {
        match self.words.key(head) {
            "still" | "material" | "record" | "file" | "paper" | "draft" | "sample" => {
                self.doc.pos(head) == "NOUN" || self.doc.pos(head) == "PROPN"
            }
            "intelligence" => false,
            _ => true,
        }
    }

    fn media(&self, head: usize, range: TokenRange, what: MediaNoun) -> (Mention, Traits) {
        let kind = match what {
            MediaNoun::Media => EntityKind::Media,
            MediaNoun::Document => EntityKind::Document,
            MediaNoun::Platform => EntityKind::Platform,
        };
        let named = range.indices().any(|k| matches!(self.marked(k), Some(Marked { mark: Mark::Known(Known::Platform), .. })));
        let end = if kind == EntityKind::Media { extended(self.doc, head, &["of"]) } else { range.end };
        let form = if named && kind == EntityKind::Platform { Form::Name } else { Form::Nominal };
        let mut mention = self.blank(TokenRange::new(range.start, end), head, kind, form, "media, document or platform");
        mention.country = self.country_of(head, range);
        let number = if mention.plural { Number::Plural } else { Number::Singular };
        (mention, Traits { number, definite: self.is_definite(range), ..Traits::default() })
    }

    pub(super) fn is_definite(&self, range: TokenRange) -> bool {
        matches!(
            self.words.folded(range.start),
            "the" | "this" | "that" | "these" | "those" | "his" | "her" | "its" | "their" | "both"
        ) || self.doc.tag(range.start) == "POS"
    }

    /// The name inside a place phrase: *the Kursk oblast* → Kursk.
    fn names_place(&self, head: usize, range: TokenRange) -> Option<usize> {
        (range.start..head).rev().find(|&k| {
            self.doc.pos(k) == "PROPN"
                && !hyphened(self.doc, k)
                && !self.rules.directions.contains(self.words.folded(k))
                && !self.marked(k).is_some_and(|marked| matches!(marked.mark, Mark::Known(_)))
                && !matches!(
                    self.marked(k),
                    Some(Marked { mark: Mark::State(StateName { form: StateForm::Adjective | StateForm::People, .. }), .. })
                )
                && self.doc.dep(k) != "poss"
        })
    }

    fn area(&self, head: usize, range: TokenRange, toponym: Option<usize>, facility: bool) -> (Mention, Traits) {
        let named = toponym.is_some()
            || self.doc.pos(head) == "PROPN"
            || self.doc.entity_at(head).is_some_and(|entity| matches!(entity.label.as_str(), "GPE" | "LOC" | "FAC"));
        let end = extended(self.doc, head, &["of"]);
        let form = if named { Form::Name } else { Form::Nominal };
        let why = if facility { "place: site" } else { "place: area noun" };
        let mut mention = self.blank(TokenRange::new(range.start, end), head, EntityKind::Place, form, why);
        mention.country = self.country_of(head, range);
        (mention, Traits { definite: self.is_definite(range), ..Traits::default() })
    }

    fn place(&self, head: usize, range: TokenRange, why: &str) -> (Mention, Traits) {
        let mut mention = self.blank(range, head, EntityKind::Place, Form::Name, why);
        if let Some(entity) = self.doc.entity_at(head)
            && matches!(entity.label.as_str(), "GPE" | "LOC" | "FAC")
            && entity.tokens.contains(head)
            && entity.tokens.end <= head + 6
        {
            mention.tokens.end = mention.tokens.end.max(entity.tokens.end);
        }
        mention.plural = false;
        (mention, Traits::default())
    }

    fn unknown_name(&self, head: usize, range: TokenRange) -> Option<(Mention, Traits)> {
        if !self.doc.word(head).starts_with(char::is_uppercase)
            || self.doc.entity_at(head).is_some_and(|entity| entity.label == "WORK_OF_ART")
        {
            return None;
        }
        let titled = (range.start..head).any(|k| self.rules.titles.contains_key(self.words.folded(k)));
        let (_, dep, governor) = governed(self.doc, head);
        if titled {
            return Some(self.person(head, range));
        }
        if self.is_locative(head)
            && preposition(self.doc, head).is_some_and(|(prep, _)| self.rules.grammar.locative.contains(self.words.folded(prep)))
        {
            return Some(self.place(head, range, "place: name after a preposition of place"));
        }
        let agent = preposition(self.doc, head).is_some_and(|(prep, _)| self.doc.dep(prep) == "agent");
        let suffers = matches!(dep, "nsubjpass" | "dobj")
            || (dep == "nsubj" && self.rules.grammar.undergoing.contains(self.words.key(governor)));
        if suffers && !agent {
            let start = (range.start..head).find(|&k| self.doc.pos(k) == "PROPN" && !hyphened(self.doc, k)).unwrap_or(head);
            if self.rules.geography.knows(self.doc.words(TokenRange::new(start, head + 1))) {
                return Some(self.place(head, TokenRange::new(start, head + 1), "place: known name that suffers"));
            }
        }
        if agent || (matches!(dep, "nsubj" | "nsubjpass" | "poss" | "dobj" | "appos") && self.doc.pos(governor) != "ADP") {
            let mut mention = self.blank(range, head, EntityKind::Actor, Form::Name, "actor: unknown name");
            mention.country = self.country_of(head, range);
            return Some((mention, Traits { number: Number::Either, ..Traits::default() }));
        }
        None
    }

    fn organisation(&self, head: usize, range: TokenRange) -> (Mention, Traits) {
        let entity = self.doc.entity_at(head).map_or(range, |entity| entity.tokens);
        let mut end = range.end.max(if entity.start <= head { entity.end } else { range.end });
        while end > head + 1 && matches!(self.doc.pos(end - 1).as_str(), "PART" | "PUNCT" | "SPACE") {
            end -= 1;
        }
        let tokens = TokenRange::new(range.start, end.min(head + 12));
        let mut mention = self.blank(tokens, head, EntityKind::Actor, Form::Name, "actor: organisation, recogniser");
        let text = |k: usize| self.words.folded(k);
        mention.sector = self.sector_beside(TokenRange::new(range.start, head + 1), head).or_else(|| {
            tokens.indices().find_map(|k| match text(k) {
                "news" | "times" | "post" | "herald" | "tribune" | "tv" | "radio" | "gazette" | "telegraph" | "broadcasting"
                | "chronicle" | "journal" | "press" => Some(Sector::Jrn),
                "inc" | "corp" | "ltd" | "co" | "llc" | "plc" | "ag" | "gmbh" | "holdings" | "industries" | "airlines"
                | "motors" | "energy" => Some(Sector::Bus),
                "party" => Some(Sector::Pty),
                "university" | "college" => Some(Sector::Edu),
                "forces" | "brigade" | "battalion" | "regiment" | "army" | "corps" => Some(Sector::Mil),
                "ministry" | "department" => Some(Sector::Gov),
                "court" => Some(Sector::Jud),
                "hospital" => Some(Sector::Med),
                _ => None,
            })
        });
        mention.country = self.country_of(head, tokens);
        mention.plural = false;
        (mention, Traits { number: Number::Either, group: true, ..Traits::default() })
    }

    /// Words that are actors only in part of their uses.
    fn actor_word(&self, head: usize, range: TokenRange) -> bool {
        let plural = matches!(self.doc.tag(head).as_str(), "NNS" | "NNPS");
        match self.words.key(head) {
            "force" | "power" | "side" | "industry" | "general" => plural || range.len() > 1,
            "other" | "figure" | "power station" => plural,
            "head" | "chief" | "chair" => true,
            "medium" => plural || self.words.folded(head) == "media",
            "justice" => self.doc.pos(head) == "PROPN" || plural,
            "business" | "state" | "service" | "mission" | "command" | "position" | "target" | "base" => {
                plural || range.len() > 1 || self.doc.pos(head) == "PROPN"
            }
            "general secretary" => true,
            _ => true,
        }
    }

    fn actor(&self, head: usize, range: TokenRange) -> (Mention, Traits) {
        let (doc, words) = (self.doc, self.words);
        let noun = self.rules.actors.of(words, range, head);
        let generic = self.rules.generic.of(words, range, head);
        let use_noun = noun.filter(|(n, _)| generic.is_none_or(|(m, _)| *n >= m));
        let named = doc.pos(head) == "PROPN" && doc.word(head).starts_with(char::is_uppercase) && !self.bare_title(head, range);
        let end = extended(doc, head, &["of", "from", "for"]);
        let tokens = TokenRange::new(range.start, end);
        let form = if named { Form::Name } else { Form::Nominal };
        let are = use_noun.map_or(generic.map_or(Are::Group, |(_, are)| are), |(_, noun)| noun.are);
        let mut mention = self.blank(tokens, head, EntityKind::Actor, form, "actor: noun");
        let before = TokenRange::new(range.start, head);
        let own = use_noun.and_then(|(_, noun)| noun.sector);
        let beside = self.sector_beside(before, head);
        mention.sector = match own {
            Some(sector) => {
                let overruled = self.strong_sector(before).filter(|_| {
                    sector == Sector::Mil
                        && use_noun.is_some_and(|(n, _)| n == 0 || words.key(head) == "force" || words.key(head) == "unit")
                });
                let organised = self
                    .organisation_in(before)
                    .and_then(|organisation| organisation.sector)
                    .filter(|armed| armed.is_armed() && (sector.is_armed() || sector == Sector::Crm));
                let office = matches!(sector, Sector::Mil).then_some(organised).flatten();
                Some(overruled.or(office).or(organised.filter(|_| sector == Sector::Reb)).unwrap_or(sector))
            }
            None => beside.or_else(|| self.sector_after(head)),
        };
        let combined = use_noun.map_or(0, |(n, _)| n);
        if combined == 0
            && (before.indices()).any(|k| matches!(words.folded(k), "former" | "ex"))
            && matches!(mention.sector, Some(Sector::Gov | Sector::Leg))
        {
            mention.sector = Some(Sector::Eli);
        }
        mention.country = self.country_of(head, range).or_else(|| self.country_after(head, mention.sector));
        if words.key(head) == "coalition" || before.indices().any(|k| words.folded(k) == "coalition") && mention.country.is_none()
        {
            let domestic = before.indices().any(|k| {
                matches!(
                    words.folded(k),
                    "ruling" | "governing" | "opposition" | "party" | "government" | "national" | "centrist" | "rebel"
                )
            });
            if !domestic {
                mention.country = Some(Country::IGO);
                mention.sector =
                    if use_noun.is_none() || mention.sector == Some(Sector::Mil) { Some(Sector::Mil) } else { mention.sector };
            }
        }
        if mention.sector.is_none()
            && mention.country.is_some_and(|country| country != Country::IGO && country != Country::NGO)
            && matches!(
                words.key(head),
                "leader" | "spokesman" | "spokeswoman" | "spokesperson" | "chief" | "deputy" | "negotiator" | "leadership"
            )
        {
            mention.sector = Some(Sector::Gov);
        }
        if words.key(head) == "enemy" || (range.len() > 1 && words.folded(head - 1) == "enemy") {
            mention.sector = mention.sector.or(Some(Sector::Mil));
        }
        if doc.tag(head) == "NNPS" {
            mention.plural = true;
        }
        mention.person = are == Are::People && !mention.plural && !named_collective(words.key(head));
        let number = match (are, mention.plural) {
            (_, true) => Number::Plural,
            (Are::Group, false) => Number::Either,
            (Are::People, false) => Number::Singular,
        };
        let state = self.rules.state_nouns.contains(words.key(head))
            && mention.country.is_some()
            && mention.sector == Some(Sector::Gov)
            && combined == 0;
        if state && let Some(name) = mention.country.and_then(|country| self.rules.geography.name_of(country)) {
            mention.name = format!("Government of {name}");
        }
        let gender = self.rules.genders.get(words.key(head)).copied();
        if mention.person && matches!(mention.sector, Some(Sector::Gov | Sector::Mil | Sector::Leg | Sector::Jud | Sector::Cop)) {
            mention.title = self.office_words(range, head);
        }
        (mention, Traits { number, gender, group: are == Are::Group, state, definite: self.is_definite(range) })
    }

    /// A title that stands alone: *the President*, *Foreign Secretary*.
    fn bare_title(&self, head: usize, range: TokenRange) -> bool {
        self.rules.titles.contains_key(self.words.folded(head))
            && self.doc.entity_at(head).is_none_or(|entity| entity.label != "ORG")
            && range.len() < 6
    }

    fn office_words(&self, range: TokenRange, head: usize) -> Option<String> {
        self.rules.titles.contains_key(self.words.key(head)).then(|| {
            let mut start = head;
            while start > range.start && self.rules.qualifiers.contains(self.words.folded(start - 1)) {
                start -= 1;
            }
            self.doc.words(TokenRange::new(start, head + 1)).to_owned()
        })
    }

    fn organisation_in(&self, range: TokenRange) -> Option<&super::rules::Organisation> {
        range.indices().rev().find_map(|k| match self.marked(k)?.mark {
            Mark::Known(Known::Organisation(at)) if !hyphened(self.doc, k) => self.rules.organisations.get(at as usize),
            _ => None,
        })
    }

    /// The sector that the words before a generic head give: *army* spokesman, *Taliban* leader.
    fn sector_beside(&self, before: TokenRange, head: usize) -> Option<Sector> {
        let words = self.words;
        for k in (before.start..before.end.min(head)).rev() {
            if hyphened(self.doc, k) {
                continue;
            }
            if let Some(Marked { mark: Mark::Known(Known::Organisation(at)), .. }) = self.marked(k) {
                return self.rules.organisations.get(at as usize).and_then(|organisation| organisation.sector);
            }
            if let Some(&(sector, _)) =
                self.rules.modifiers.get(words.key(k)).or_else(|| self.rules.modifiers.get(words.folded(k)))
            {
                return Some(sector);
            }
            if self.doc.dep(k) != "amod"
                && let Some((_, noun)) = self
                    .rules
                    .actors
                    .of(words, TokenRange::new(before.start, k + 1), k)
                    .filter(|(_, noun)| noun.sector != Some(Sector::Cvl))
            {
                return noun.sector;
            }
        }
        None
    }

    fn strong_sector(&self, before: TokenRange) -> Option<Sector> {
        before.indices().rev().find_map(|k| {
            let modifier = self.rules.modifiers.get(self.words.key(k)).or_else(|| self.rules.modifiers.get(self.words.folded(k)));
            modifier.filter(|(_, strong)| *strong && (self.doc.dep(k) != "poss")).map(|&(sector, _)| sector)
        })
    }

    /// The object of *of* or *for* after a generic head: head *of the army*, spokesman *for the ministry*.
    fn object_after(&self, head: usize, prepositions: &[&str]) -> Option<usize> {
        let prep = self.doc.children(head).find(|&child| {
            child > head && child <= head + 2 && self.doc.dep(child) == "prep" && prepositions.contains(&self.words.folded(child))
        })?;
        self.doc.child(prep, "pobj").filter(|&object| object > prep && object - head < 12)
    }

    fn sector_after(&self, head: usize) -> Option<Sector> {
        let object = self.object_after(head, &["of", "for", "from", "in", "with"])?;
        let range = base(self.doc, object);
        if let Some(Marked { mark: Mark::Known(Known::Organisation(at)), .. }) = self.marked(object) {
            return self.rules.organisations.get(at as usize).and_then(|organisation| organisation.sector);
        }
        self.rules
            .actors
            .of(self.words, range, object)
            .and_then(|(_, noun)| noun.sector)
            .filter(|&sector| sector != Sector::Cvl)
            .or_else(|| self.sector_beside(TokenRange::new(range.start, object), object))
    }

    fn country_after(&self, head: usize, sector: Option<Sector>) -> Option<Country> {
        let civil = matches!(
            sector,
            Some(Sector::Cvl | Sector::Ref | Sector::Med | Sector::Edu | Sector::Rel | Sector::Agr | Sector::Lab | Sector::Jrn)
        );
        let prepositions: &[&str] =
            if civil { &["of", "from", "in", "across", "for", "throughout", "around"] } else { &["of", "from", "for"] };
        let object = self.object_after(head, prepositions)?;
        match self.marked(object).map(|marked| marked.mark) {
            Some(Mark::State(state)) => return Some(state.country),
            Some(Mark::Known(Known::Organisation(at))) => {
                return self.rules.organisations.get(at as usize).and_then(|organisation| organisation.country);
            }
            _ => {}
        }
        self.country_of(object, base(self.doc, object))
    }

    /// The country that the words before a head give: the nearest state, possessor or named body that is not part of a hyphened word
    /// (*the Russian-backed Syrian army* is Syrian).
    pub(super) fn country_of(&self, head: usize, range: TokenRange) -> Option<Country> {
        let mut found: Option<Country> = None;
        let mut k = range.end.min(head);
        while k > range.start {
            k -= 1;
            let Some(marked) = self.marked(k) else { continue };
            let last = marked.tokens.end - 1;
            if hyphened(self.doc, last) || hyphened_before(self.doc, marked.tokens.start) {
                k = marked.tokens.start;
                continue;
            }
            let country = match marked.mark {
                Mark::State(state) => Some(state.country),
                Mark::Known(Known::Organisation(at)) => match self.rules.organisations.get(at as usize) {
                    Some(organisation) => {
                        if organisation.country.is_none() {
                            return found;
                        }
                        organisation.country
                    }
                    None => None,
                },
                Mark::Known(_) => None,
            };
            if let Some(country) = country {
                match found {
                    None => found = Some(country),
                    // *Russian and Belarusian troops* belong to neither alone.
                    Some(other) if other != country && self.coordinated(marked.tokens, k) => return None,
                    Some(_) => return found,
                }
            }
            k = marked.tokens.start;
        }
        found
    }

    fn coordinated(&self, name: TokenRange, _at: usize) -> bool {
        name.end < self.doc.len() && matches!(self.words.folded(name.end), "and" | "," | "/" | "-")
    }

    /// A modifier that names a doer or a weapon beside a noun that is neither: *a U.S. strike*, *a drone attack*.
    fn modifier(&mut self, at: usize) {
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
    fn adjective(&mut self, at: usize) {
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
    fn modifier_range(&self, at: usize) -> TokenRange {
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
    fn is_abbreviation(&self, name: TokenRange) -> bool {
        name.len() == 1 && {
            let word = self.doc.word(name.start);
            word.chars().filter(|c| c.is_alphabetic()).count() <= 4 && word.chars().all(|c| c.is_uppercase() || c == '.')
        }
    }
}

fn named_collective(key: &str) -> bool {
    matches!(key, "police" | "people" | "personnel" | "staff" | "troop" | "military")
}
