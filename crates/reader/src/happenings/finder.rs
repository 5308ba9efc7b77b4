//! The search itself: triggers, the support verbs that carry them, their arguments, their codes.

use std::cmp::Reverse;
use std::collections::HashMap;

use dateline_nlp::Doc;
use dateline_record::{Context, EntityKind, EventType, Mode};

use super::arguments::Build;
use super::classes::ClassSet;
use super::conditions::Around;
use super::entries::{Code, Entry, Part, Trigger, noun_key};
use super::{Argument, Happening, Happenings, Role, Rules, grammar};
use crate::attribution::Attributions;
use crate::coreference::Entities;
use crate::mentions::{Form, Mentions};

/// How far to each side of the trigger a condition on the sentence looks: sentences of broken text have no end.
pub(super) const SENTENCE_REACH: usize = 40;

/// A trigger that an entry matches.
struct Hit {
    token: usize,
    part: Part,
    entry: usize,
    parts: Vec<usize>,
}

/// How a noun hangs in its clause: the support verb that carries it.
pub(super) struct Carried {
    pub(super) verb: usize,
    pub(super) particle: Option<usize>,
    pub(super) subject: Option<Role>,
}

pub(super) struct Finder<'a> {
    pub(super) rules: &'a Rules,
    pub(super) doc: &'a Doc,
    pub(super) mentions: &'a Mentions,
    entities: &'a Entities,
    hits: Vec<Hit>,
    /// Hit of each token, plus one; zero for none.
    hit_of: Vec<u32>,
}

pub(super) fn find(
    rules: &Rules,
    doc: &Doc,
    mentions: &Mentions,
    entities: &Entities,
    attributions: &Attributions,
) -> Happenings {
    let mut finder = Finder { rules, doc, mentions, entities, hits: Vec::new(), hit_of: vec![0; doc.len()] };
    finder.triggers(attributions);
    finder.drop_lesser_words();
    finder.happenings()
}

impl Finder<'_> {
    fn triggers(&mut self, attributions: &Attributions) {
        let mut hearsay: Vec<usize> =
            attributions.all.iter().filter(|said| said.hearsay).filter_map(|said| said.cue_head).collect();
        hearsay.sort_unstable();
        for token in 0..self.doc.len() {
            if hearsay.binary_search(&token).is_ok() {
                continue;
            }
            if let Some(hit) = self.trigger(token) {
                self.hits.push(hit);
                self.hit_of[token] = self.hits.len() as u32;
            }
        }
    }

    /// *Bombing raids*, *peace talks*: where both words are triggers of one type the head speaks for both.
    fn drop_lesser_words(&mut self) {
        let kind = |finder: &Self, token: usize| finder.hit_at(token).and_then(|at| finder.kind_of(&finder.hits[at]));
        for token in 0..self.doc.len() {
            let Some(own) = kind(self, token) else { continue };
            let modifies = matches!(self.doc.dep(token).as_str(), "compound" | "nmod");
            if modifies && kind(self, self.doc.head(token)) == Some(own) {
                self.hit_of[token] = 0;
            }
        }
        // *Shot dead* is one happening.
        for part in self.hits.iter().filter(|hit| hit.part == Part::Verb).flat_map(|hit| &hit.parts) {
            self.hit_of[*part] = 0;
        }
        let hit_of = std::mem::take(&mut self.hit_of);
        let mut kept = vec![0; hit_of.len()];
        let mut hits = Vec::with_capacity(self.hits.len());
        for (id, hit) in std::mem::take(&mut self.hits).into_iter().enumerate() {
            if hit_of.get(hit.token).is_some_and(|&known| known as usize == id + 1) {
                kept[hit.token] = hits.len() as u32 + 1;
                hits.push(hit);
            }
        }
        self.hits = hits;
        self.hit_of = kept;
    }

    fn hit_at(&self, token: usize) -> Option<usize> {
        self.hit_of.get(token).and_then(|&id| (id as usize).checked_sub(1))
    }

    fn entry(&self, hit: &Hit) -> &Entry {
        &self.rules.entries.entries[hit.entry]
    }

    fn kind_of(&self, hit: &Hit) -> Option<EventType> {
        match self.entry(hit).code {
            Code::Event(kind, _) => Some(kind),
            Code::Circulation | Code::Other | Code::None => None,
        }
    }

    fn trigger(&self, token: usize) -> Option<Hit> {
        let doc = self.doc;
        let mut buffer = String::new();
        let part = match doc.pos(token).as_str() {
            // *A series of airstrikes*: the tagger takes new compounds for verbs, the parser knows better.
            "VERB" if doc.tag(token) == "VBZ" && matches!(doc.dep(token).as_str(), "pobj" | "dobj" | "nsubj" | "nsubjpass") => {
                Part::Noun
            }
            "VERB" | "AUX" => Part::Verb,
            // *March* is a month.
            "NOUN" | "PROPN" if matches!(doc.token(token).entity.as_str(), "DATE" | "TIME") => return None,
            "NOUN" => Part::Noun,
            "PROPN" if self.inside_actor(token) => return None,
            // Names hold event words that are no happenings (*Human Rights Watch*); names of operations do.
            "PROPN" if doc.token(token).entity.is_none() || doc.token(token).entity == "EVENT" || self.begins_name(token) => {
                Part::Noun
            }
            "PROPN"
                if matches!(doc.token(token).entity.as_str(), "PERSON" | "ORG" | "GPE" | "FAC" | "LOC" | "NORP" | "PRODUCT") =>
            {
                return None;
            }
            "PROPN" => Part::Noun,
            "ADJ" | "ADV" => Part::Adjective,
            _ => return None,
        };
        let key = noun_key(doc, token, &mut buffer);
        let found = match part {
            Part::Verb => self.best(token, self.rules.entries.of(key), part),
            Part::Noun if self.is_mere_modifier(token) => None,
            Part::Noun => self.best(token, self.rules.entries.of(key), part),
            Part::Adjective => self.best(token, self.rules.entries.of(key), part).or_else(|| {
                // Participles that the tagger takes for adjectives: *the wounded soldier*, *captured materials*.
                participle_stems(key).into_iter().find_map(|stem| {
                    let hit = self.best(token, self.rules.entries.of(&stem), Part::Verb)?;
                    matches!(doc.dep(token).as_str(), "amod" | "acomp" | "acl" | "conj" | "ROOT").then_some(hit)
                })
            }),
        }?;
        match self.entry(&found).code {
            Code::None => None,
            // *The alleged attack*, *the demanded sum*: a speech act before a noun is a description.
            Code::Event(kind, _) if doc.dep(token) == "amod" && found.part == Part::Verb && !is_material(kind) => None,
            _ => Some(found),
        }
    }

    /// *Operations* in *the Special Operations Forces*: part of somebody's name.
    fn inside_actor(&self, token: usize) -> bool {
        let head = self.doc.head(token);
        matches!(self.doc.dep(token).as_str(), "compound" | "nmod" | "amod")
            && self.mentions.at_head(head).and_then(|id| self.mentions.all.get(id)).is_some_and(|mention| {
                mention.kind == EntityKind::Actor && mention.form == Form::Name && mention.tokens.contains(token)
            })
    }

    /// *Operation Granite*, *Operation "Granite"*.
    pub(super) fn begins_name(&self, token: usize) -> bool {
        let doc = self.doc;
        let next =
            (token + 1..doc.len().min(token + 3)).find(|&at| !matches!(doc.word(at), "\"" | "“" | "‘" | "'" | "``" | "\"\""));
        doc.word(token).starts_with(char::is_uppercase)
            && next.is_some_and(|at| doc.pos(at) == "PROPN" && doc.word(at).starts_with(char::is_uppercase))
    }

    /// An event noun before another noun is no happening (*attack helicopter*), unless that noun says so (*bombing campaign*).
    fn is_mere_modifier(&self, token: usize) -> bool {
        let doc = self.doc;
        if self.begins_name(token) || !matches!(doc.dep(token).as_str(), "compound" | "nmod" | "npadvmod") {
            return false;
        }
        let head = doc.head(token);
        if head < token || matches!(doc.pos(head).as_str(), "VERB" | "AUX") {
            return false;
        }
        let mut buffer = String::new();
        let key = noun_key(doc, head, &mut buffer);
        !self.rules.coding.keeps_modifier(key)
    }

    fn best(&self, token: usize, triggers: &[Trigger], part: Part) -> Option<Hit> {
        if triggers.is_empty() {
            return None;
        }
        let around = Around::new(self, token, part);
        let mut best: Option<((usize, Reverse<usize>), Hit)> = None;
        for trigger in triggers.iter().filter(|trigger| trigger.part == part) {
            let Some(parts) = self.parts(token, trigger) else { continue };
            let Some(entry) = self.rules.entries.entries.get(trigger.entry) else { continue };
            // A false friend that fits outweighs every reading as a happening, but for a longer phrase.
            let guard = if entry.code == Code::None { 90 } else { 0 };
            let score = (guard + 100 * parts.len() + entry.weight + usize::from(!trigger.derived), Reverse(entry.words));
            if best.as_ref().is_some_and(|(known, _)| *known >= score) {
                continue;
            }
            if entry.conditions.iter().all(|condition| around.holds(condition)) {
                best = Some((score, Hit { token, part, entry: trigger.entry, parts }));
            }
        }
        best.map(|(_, hit)| hit)
    }

    /// The further words of a trigger, where they stand.
    fn parts(&self, token: usize, trigger: &Trigger) -> Option<Vec<usize>> {
        let doc = self.doc;
        let mut out = Vec::new();
        match trigger.part {
            Part::Verb | Part::Adjective => {
                let mut at = token;
                for word in &trigger.rest {
                    let found = grammar::part(doc, at, word).or_else(|| grammar::part(doc, token, word))?;
                    // *called him on Wednesday* is no *call on*.
                    if doc
                        .children(found)
                        .any(|child| doc.dep(child) == "pobj" && matches!(doc.token(child).entity.as_str(), "DATE" | "TIME"))
                    {
                        return None;
                    }
                    out.push(found);
                    at = found;
                }
            }
            Part::Noun => {
                let mut at = token;
                for word in trigger.rest.iter().rev() {
                    at = at.checked_sub(1)?;
                    if doc.word(at) == "-" {
                        at = at.checked_sub(1)?;
                    }
                    if !doc.word(at).eq_ignore_ascii_case(word) && doc.lemma(at) != &**word {
                        return None;
                    }
                    out.push(at);
                }
            }
        }
        Some(out)
    }

    pub(super) fn classes(&self, token: usize) -> ClassSet {
        let mut set = self.rules.classes.of(self.doc, self.mentions, token);
        // *Dozens of police cars* are cars.
        if self.rules.coding.is_partitive(self.doc.lemma(token)) || self.doc.pos(token) == "NUM" {
            let mut heads = Vec::new();
            grammar::prepositional(self.doc, token, |word| word == "of", &mut heads);
            for head in heads {
                set = set.union(self.rules.classes.of(self.doc, self.mentions, head));
            }
        }
        // A pronoun is what it stands for.
        if self.doc.pos(token) == "PRON"
            && let Some(cluster) = self
                .mentions
                .at_head(token)
                .and_then(|id| self.entities.of_mention.get(id))
                .and_then(|&at| self.entities.all.get(at))
            && let Some(&first) = cluster.mentions.first()
            && let Some(mention) = self.mentions.all.get(first)
        {
            set = set.union(self.rules.classes.of(self.doc, self.mentions, mention.head));
        }
        set
    }

    fn happenings(&self) -> Happenings {
        let mut absorbed = vec![false; self.hits.len()];
        let mut carried: Vec<Option<Carried>> = Vec::with_capacity(self.hits.len());
        for hit in &self.hits {
            let found = if hit.part == Part::Noun { self.carrier(hit.token) } else { None };
            // *Took him prisoner, the first such capture*: a verb that is a phrase of its own carries nothing else.
            let whole = |verb: usize| self.hit_at(verb).is_some_and(|at| !self.hits[at].parts.is_empty());
            let found = found.filter(|carried| !whole(carried.verb));
            // *Imposed sanctions* is one happening, *lifted the blockade* two.
            if let Some(verb) = found.as_ref().and_then(|carried| self.hit_at(carried.verb))
                && self.kind_of(&self.hits[verb]) == self.kind_of(hit)
            {
                absorbed[verb] = true;
            }
            carried.push(found);
        }
        let mut all: Vec<(usize, Happening)> = Vec::new();
        for (id, (hit, carried)) in self.hits.iter().zip(&carried).enumerate() {
            if !absorbed[id] {
                all.push((id, self.happening(hit, carried.as_ref())));
            }
        }
        for (_, happening) in &mut all {
            if let Some(part) = grammar::part_taken(self.doc, happening.trigger).filter(|&part| self.hit_at(part).is_none()) {
                happening.light.push(part);
                happening.light.sort_unstable();
            }
        }
        self.merge_nominal_subjects(&mut all);
        let mut cache: HashMap<usize, Vec<Context>> = HashMap::new();
        let mut all: Vec<Happening> = all.into_iter().map(|(_, happening)| happening).collect();
        for happening in &mut all {
            let sentence = self.doc.sentence_of(happening.trigger);
            happening.contexts = cache.entry(sentence).or_insert_with(|| self.contexts(sentence)).clone();
        }
        all.sort_by_key(|happening| happening.trigger);
        Happenings { all }
    }

    /// The support verb that carries a noun: *launched an attack*, *came under fire*, *the attack carried out by*.
    pub(super) fn carrier(&self, noun: usize) -> Option<Carried> {
        let doc = self.doc;
        let mut at = noun;
        for _ in 0..4 {
            let head = doc.head(at);
            let up = match doc.dep(at).as_str() {
                "conj" if matches!(doc.pos(head).as_str(), "NOUN" | "PROPN") => head,
                // *a series of attacks*, *an exchange of fire*
                "pobj" if doc.word(head) == "of" && self.rules.coding.is_partitive(doc.lemma(doc.head(head))) => doc.head(head),
                "compound" if self.rules.coding.keeps_modifier(doc.lemma(head)) => head,
                _ => break,
            };
            at = up;
        }
        for verb in doc.children(at).filter(|&child| matches!(doc.dep(child).as_str(), "acl" | "relcl")) {
            if grammar::is_passive(doc, verb)
                && let Some(carried) = self.light(verb, None)
            {
                return Some(carried);
            }
        }
        let head = doc.head(at);
        match doc.dep(at).as_str() {
            "dobj" | "nsubjpass" | "attr" => self.light(head, None),
            "pobj" => {
                let mut governor = doc.head(head);
                // *come under heavy fire*: the preposition may hang on a particle or noun: *take part in*
                if matches!(doc.pos(governor).as_str(), "NOUN" | "ADV" | "ADP") && doc.lemma(governor) == "part" {
                    governor = doc.head(governor);
                }
                self.light(governor, Some(doc.word(head)))
            }
            _ => None,
        }
    }

    fn light(&self, verb: usize, preposition: Option<&str>) -> Option<Carried> {
        let doc = self.doc;
        if !matches!(doc.pos(verb).as_str(), "VERB" | "AUX") {
            return None;
        }
        self.rules.coding.lights(doc.lemma(verb)).iter().find_map(|light| {
            if light.preposition.as_deref() != preposition {
                return None;
            }
            let particle = match &light.particle {
                Some(particle) => Some(grammar::part(doc, verb, particle)?),
                None => None,
            };
            Some(Carried { verb, particle, subject: light.subject })
        })
    }

    fn happening(&self, hit: &Hit, carried: Option<&Carried>) -> Happening {
        let entry = self.entry(hit);
        let (kind, mode, circulation) = match entry.code {
            Code::Event(kind, mode) => (Some(kind), mode, false),
            Code::Other => (None, None, false),
            Code::Circulation | Code::None => (None, None, true),
        };
        let mut why = vec![format!("trigger: {}", entry.id)];
        let mut build = Build { finder: self, kind, arguments: Vec::new() };
        match hit.part {
            Part::Verb => build.verb(hit.token, entry),
            Part::Noun => build.noun(hit.token, entry, carried),
            Part::Adjective => build.adjective(hit.token, entry),
        }
        let mut arguments = build.arguments;
        arguments.retain(|argument| argument.head != hit.token);
        let mut light: Vec<usize> = match hit.part {
            Part::Noun => Vec::new(),
            _ => hit
                .parts
                .iter()
                .copied()
                .filter(|&part| matches!(self.doc.dep(part).as_str(), "prt" | "prep" | "advmod" | "dobj"))
                .collect(),
        };
        let mut anchor = hit.token;
        if let Some(carried) = carried {
            anchor = carried.verb;
            light.push(carried.verb);
            light.extend(carried.particle);
            why.push(format!("support verb: {}", self.doc.lemma(carried.verb)));
        }
        light.sort_unstable();
        light.dedup();
        let mode = mode.or_else(|| kind.and_then(|kind| self.mode(kind, hit.token, anchor, &arguments, &mut why)));
        Happening { trigger: hit.token, light, anchor, kind, mode, contexts: Vec::new(), arguments, circulation, why }
    }

    /// The mode that instrument or content gives.
    fn mode(
        &self,
        kind: EventType,
        trigger: usize,
        anchor: usize,
        arguments: &[Argument],
        why: &mut Vec<String>,
    ) -> Option<Mode> {
        let doc = self.doc;
        let sentence = doc.sentences().get(doc.sentence_of(trigger)).copied()?;
        let mut clause = doc.subtree(anchor);
        clause.start = clause.start.max(sentence.start).max(trigger.saturating_sub(SENTENCE_REACH));
        clause.end = clause.end.min(sentence.end).min(trigger + SENTENCE_REACH);
        let mut buffer = String::new();
        match kind {
            EventType::Assault => {
                let mut best: Option<(u8, usize, Mode)> = None;
                let mut look = |token: usize, distance: usize| {
                    if matches!(doc.pos(token).as_str(), "NOUN" | "PROPN" | "ADJ" | "VERB") {
                        let key = noun_key(doc, token, &mut buffer);
                        if let Some((rank, mode)) = self.rules.coding.instrument(key) {
                            let found = (rank, distance, mode);
                            if best.is_none_or(|known| (known.1, known.0) > (found.1, found.0)) {
                                best = Some(found);
                            }
                        }
                    }
                };
                // Nearest first: what modifies the trigger, then subject and instrument, then the rest of its own phrase.
                for child in doc.children(trigger).filter(|&child| child < trigger) {
                    look(child, 0);
                    doc.children(child).for_each(|inner| look(inner, 0));
                }
                for argument in
                    arguments.iter().filter(|argument| matches!(argument.role, Role::Instrument | Role::Actor | Role::Theme))
                {
                    let distance = if argument.role == Role::Instrument { 1 } else { 2 };
                    look(argument.head, distance);
                    for child in doc.children(argument.head).filter(|&child| doc.dep(child) == "compound") {
                        look(child, distance);
                    }
                }
                for child in doc.children(anchor).chain(doc.children(trigger)) {
                    if matches!(doc.dep(child).as_str(), "prep" | "advcl" | "agent")
                        && matches!(doc.word(child), "with" | "by" | "using" | "from" | "in" | "employing")
                    {
                        for inner in doc.subtree(child).indices().take(SENTENCE_REACH) {
                            look(inner, 3);
                        }
                    }
                }
                let (_, _, mode) = best?;
                why.push(format!("mode by instrument: {mode}"));
                Some(mode)
            }
            EventType::Request | EventType::Reject | EventType::Threaten => {
                let found = clause.indices().filter(|&token| token != trigger && token > trigger).find_map(|token| {
                    let key = noun_key(doc, token, &mut buffer);
                    self.rules.coding.content(key, kind)
                });
                if let Some(mode) = found {
                    why.push(format!("mode by content: {mode}"));
                }
                found
            }
            _ => None,
        }
    }

    fn contexts(&self, sentence: usize) -> Vec<Context> {
        let mut out = Vec::new();
        let mut buffer = String::new();
        let Some(tokens) = self.doc.sentences().get(sentence) else { return out };
        for token in tokens.indices().take(8 * SENTENCE_REACH) {
            if matches!(self.doc.pos(token).as_str(), "NOUN" | "PROPN" | "ADJ" | "VERB") {
                out.extend_from_slice(self.rules.coding.contexts(noun_key(self.doc, token, &mut buffer)));
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Whether this noun is a trigger: *the bombing*, *their withdrawal*.
    pub(super) fn names_happening(&self, token: usize) -> bool {
        self.hit_at(token).is_some_and(|at| self.hits[at].part == Part::Noun)
    }

    /// What *a series of* is a series of.
    pub(super) fn inside_partitive(&self, token: usize) -> Vec<usize> {
        let mut out = Vec::new();
        if self.rules.coding.is_partitive(self.doc.lemma(token)) {
            grammar::prepositional(self.doc, token, |word| word == "of", &mut out);
        }
        out
    }

    /// *A U.S. strike hit two vehicles*: the verb's happening is the noun's, which knows who did it. *Killed in an airstrike*: the
    /// verb has its own count but shares actor and mode.
    fn merge_nominal_subjects(&self, all: &mut Vec<(usize, Happening)>) {
        let mut at_token: HashMap<usize, usize> = HashMap::new();
        for (at, (_, happening)) in all.iter().enumerate() {
            at_token.insert(happening.trigger, at);
        }
        let mut gone: Vec<usize> = Vec::new();
        for at in 0..all.len() {
            let happening = &all[at].1;
            if happening.kind != Some(EventType::Assault) || self.hits[all[at].0].part == Part::Noun {
                continue;
            }
            let same = |head: usize| {
                at_token.get(&head).copied().filter(|&other| {
                    other != at && all[other].1.kind == Some(EventType::Assault) && self.hits[all[other].0].part == Part::Noun
                })
            };
            let subject =
                happening.arguments.iter().filter(|argument| matches!(argument.role, Role::Actor | Role::Instrument)).find_map(
                    |argument| same(argument.head).or_else(|| self.inside_partitive(argument.head).into_iter().find_map(same)),
                );
            let mut means = Vec::new();
            grammar::prepositional(
                self.doc,
                happening.trigger,
                |word| matches!(word, "in" | "during" | "by" | "after"),
                &mut means,
            );
            let setting = means.into_iter().find_map(same);
            let Some(other) = subject.or(setting) else {
                // *Fired ten rounds, striking the man*: the participle tells the outcome of the same deed.
                let anchor = happening.anchor;
                if happening.mode.is_none() && self.doc.dep(anchor) == "advcl" && self.doc.tag(anchor) == "VBG" {
                    let deed = at_token.get(&self.doc.head(anchor)).map(|&other| &all[other].1);
                    let mode = deed.filter(|deed| deed.kind == Some(EventType::Assault)).and_then(|deed| deed.mode);
                    all[at].1.mode = mode;
                }
                continue;
            };
            let noun = all[other].1.clone();
            let verb = &mut all[at].1;
            verb.mode = verb.mode.or(noun.mode);
            if subject.is_some() {
                let series: Vec<usize> = verb
                    .arguments
                    .iter()
                    .map(|argument| argument.head)
                    .filter(|&head| self.inside_partitive(head).contains(&noun.trigger))
                    .collect();
                verb.arguments.retain(|argument| argument.head != noun.trigger && !series.contains(&argument.head));
            }
            if verb.heads(Role::Actor).next().is_none() {
                verb.arguments.extend(noun.arguments.iter().filter(|argument| argument.role == Role::Actor));
            }
            verb.why.push(format!("with {}", self.doc.lemma(noun.trigger)));
            if subject.is_some() && !gone.contains(&other) {
                verb.arguments.extend(noun.arguments.iter().filter(|argument| argument.role != Role::Actor));
                verb.light.push(noun.trigger);
                verb.light.sort_unstable();
                gone.push(other);
            }
            dedup(&mut verb.arguments);
        }
        gone.sort_unstable();
        for at in gone.into_iter().rev() {
            all.remove(at);
        }
    }
}

/// Deeds, as against words (PLOVER's material and verbal quads).
fn is_material(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::Assault
            | EventType::Coerce
            | EventType::Retreat
            | EventType::Sanction
            | EventType::Mobilize
            | EventType::Aid
            | EventType::Cooperate
            | EventType::Protest
    )
}

fn dedup(arguments: &mut Vec<Argument>) {
    let mut seen: Vec<usize> = Vec::with_capacity(arguments.len());
    arguments.retain(|argument| {
        let new = !seen.contains(&argument.head);
        seen.push(argument.head);
        new
    });
}

/// *wounded* → wound, *seized* → seiz, seize, *trapped* → trapp, trappe, trap.
fn participle_stems(word: &str) -> Vec<String> {
    let Some(stem) = word.strip_suffix("ed").filter(|stem| stem.len() > 2 && stem.is_ascii()) else { return Vec::new() };
    let mut stems = vec![stem.to_owned(), format!("{stem}e")];
    if let Some(body) = stem.strip_suffix('i') {
        stems.push(format!("{body}y"));
    }
    let bytes = stem.as_bytes();
    if bytes[bytes.len() - 1] == bytes[bytes.len() - 2] {
        stems.push(stem[..stem.len() - 1].to_owned());
    }
    stems
}
