//! Actors: people with their titles, organisations, forces and crowds; where each comes from and what sector it is of.

use dateline_nlp::TokenRange;
use dateline_record::{Country, EntityKind, Sector};

use super::find::{Finder, Mark, Marked, named_collective};
use super::geography::{StateForm, StateName};
use super::phrase::{base, extended, governed, hyphened, hyphened_before, preposition};
use super::rules::{Are, Known};
use super::{Form, Mention, Number, Traits, state};

impl Finder<'_> {
    pub(super) fn state(&self, head: usize, range: TokenRange, marked: Marked, state: StateName) -> Option<(Mention, Traits)> {
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

    pub(super) fn government(&self, tokens: TokenRange, head: usize, state: StateName, why: &str) -> (Mention, Traits) {
        let mut mention = self.blank(tokens, head, EntityKind::Actor, Form::Name, why);
        mention.country = Some(state.country);
        mention.sector = Some(Sector::Gov);
        mention.plural = false;
        if let Some(name) = self.rules.geography.name_of(state.country) {
            mention.name = format!("Government of {name}");
        }
        (mention, Traits { number: Number::Singular, group: true, state: true, ..Traits::default() })
    }

    pub(super) fn person(&self, head: usize, range: TokenRange) -> (Mention, Traits) {
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
    pub(super) fn take_title(&self, mention: &mut Mention, traits: &mut Traits, head: usize) {
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
    pub(super) fn skip_modifiers(&self, start: usize, head: usize) -> usize {
        let entity = self.doc.entity_at(head).map_or(head, |entity| entity.tokens.start);
        (start..head).find(|&k| k >= entity || (self.doc.pos(k) == "PROPN" && self.marked(k).is_none())).unwrap_or(head)
    }

    pub(super) fn unknown_name(&self, head: usize, range: TokenRange) -> Option<(Mention, Traits)> {
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

    pub(super) fn organisation(&self, head: usize, range: TokenRange) -> (Mention, Traits) {
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
    pub(super) fn actor_word(&self, head: usize, range: TokenRange) -> bool {
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

    pub(super) fn actor(&self, head: usize, range: TokenRange) -> (Mention, Traits) {
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
    pub(super) fn bare_title(&self, head: usize, range: TokenRange) -> bool {
        self.rules.titles.contains_key(self.words.folded(head))
            && self.doc.entity_at(head).is_none_or(|entity| entity.label != "ORG")
            && range.len() < 6
    }

    pub(super) fn office_words(&self, range: TokenRange, head: usize) -> Option<String> {
        self.rules.titles.contains_key(self.words.key(head)).then(|| {
            let mut start = head;
            while start > range.start && self.rules.qualifiers.contains(self.words.folded(start - 1)) {
                start -= 1;
            }
            self.doc.words(TokenRange::new(start, head + 1)).to_owned()
        })
    }

    pub(super) fn organisation_in(&self, range: TokenRange) -> Option<&super::rules::Organisation> {
        range.indices().rev().find_map(|k| match self.marked(k)?.mark {
            Mark::Known(Known::Organisation(at)) if !hyphened(self.doc, k) => self.rules.organisations.get(at as usize),
            _ => None,
        })
    }

    /// The sector that the words before a generic head give: *army* spokesman, *Taliban* leader.
    pub(super) fn sector_beside(&self, before: TokenRange, head: usize) -> Option<Sector> {
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

    pub(super) fn strong_sector(&self, before: TokenRange) -> Option<Sector> {
        before.indices().rev().find_map(|k| {
            let modifier = self.rules.modifiers.get(self.words.key(k)).or_else(|| self.rules.modifiers.get(self.words.folded(k)));
            modifier.filter(|(_, strong)| *strong && (self.doc.dep(k) != "poss")).map(|&(sector, _)| sector)
        })
    }

    /// The object of *of* or *for* after a generic head: head *of the army*, spokesman *for the ministry*.
    pub(super) fn object_after(&self, head: usize, prepositions: &[&str]) -> Option<usize> {
        let prep = self.doc.children(head).find(|&child| {
            child > head && child <= head + 2 && self.doc.dep(child) == "prep" && prepositions.contains(&self.words.folded(child))
        })?;
        self.doc.child(prep, "pobj").filter(|&object| object > prep && object - head < 12)
    }

    pub(super) fn sector_after(&self, head: usize) -> Option<Sector> {
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

    pub(super) fn country_after(&self, head: usize, sector: Option<Sector>) -> Option<Country> {
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
}
