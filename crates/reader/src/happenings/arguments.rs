//! Who does it, to whom, with what, where: arguments from grammar, by the entry's frame.

use dateline_record::EventType;

use super::entries::Entry;
use super::finder::{Carried, Finder};
use super::{Argument, Role, grammar};

/// Collects the arguments of one happening.
pub(super) struct Build<'a, 'b> {
    pub(super) finder: &'a Finder<'b>,
    pub(super) kind: Option<EventType>,
    pub(super) arguments: Vec<Argument>,
}

impl Build<'_, '_> {
    fn push(&mut self, role: Role, head: usize) {
        if !self.arguments.iter().any(|known| known.head == head) {
            self.arguments.push(Argument { role, head });
        }
    }

    /// Puts a phrase into a role, or into the one that its class gives it: places are where, things are what.
    fn settle(&mut self, role: Role, head: usize) {
        // *A series of strikes*, *the same number of envoys*: what is counted, unless the whole phrase is a mention.
        if self.finder.mentions.at_head(head).is_none() {
            let counted = self.finder.inside_partitive(head);
            if !counted.is_empty() {
                for head in counted {
                    self.settle_one(role, head);
                }
                return;
            }
        }
        self.settle_one(role, head);
    }

    fn settle_one(&mut self, role: Role, head: usize) {
        let (doc, rules) = (self.finder.doc, self.finder.rules);
        let classes = self.finder.classes(head);
        match role {
            Role::Recipient => {
                let force =
                    matches!(self.kind, Some(EventType::Assault | EventType::Coerce | EventType::Mobilize | EventType::Retreat));
                let (agent, place) = (classes.meets(rules.classes.agent), classes.meets(rules.classes.place));
                // A state or nothing that acts: a town is where it happens even when it stands as object.
                let mere_place = place && (!agent || classes.meets(rules.classes.state));
                if force && mere_place && !classes.meets(rules.classes.institution) {
                    let whole_state = classes.meets(rules.classes.state) && self.kind == Some(EventType::Assault);
                    self.push(if whole_state { Role::Recipient } else { Role::Place }, head);
                    self.owner(head, true);
                } else if !agent && (classes.meets(rules.classes.thing) || self.finder.names_happening(head)) {
                    self.push(Role::Theme, head);
                    self.owner(head, false);
                } else {
                    self.push(Role::Recipient, head);
                    if !force && !agent {
                        // *Condemned Assad's policies*: whose they are.
                        self.owner(head, false);
                    }
                }
            }
            Role::Actor => {
                let agent = classes.meets(rules.classes.agent);
                if !agent && classes.meets(rules.classes.weapon) {
                    self.push(Role::Instrument, head);
                    let mut sides = Vec::new();
                    grammar::holder(doc, head, &mut sides);
                    for side in sides {
                        self.push(Role::Actor, side);
                    }
                } else {
                    // Towns and hours do nothing; a named place stands for its government or people.
                    let idle = classes.meets(rules.classes.time)
                        || (classes.meets(rules.classes.place) && doc.token(head).entity != "GPE");
                    if agent || !idle {
                        self.push(Role::Actor, head);
                    }
                }
            }
            Role::Place if !classes.meets(rules.classes.place) => {}
            other => self.push(other, head),
        }
    }

    /// Whose the thing is that was struck or taken: *two al-Qaida vehicles*, *Hezbollah's depot*; who did the deed that is condemned.
    /// Of a place only a possessor counts: *the Syrian town* is not Syria's to lose.
    fn owner(&mut self, thing: usize, possessor_only: bool) {
        let doc = self.finder.doc;
        let mut sides = Vec::new();
        grammar::holder(doc, thing, &mut sides);
        if !possessor_only && self.finder.names_happening(thing) {
            grammar::prepositional(doc, thing, |word| word == "by", &mut sides);
        }
        for side in sides {
            let possessor = doc.dep(side) == "poss" && doc.tag(side) != "PRP$";
            let named = matches!(doc.token(side).entity.as_str(), "NORP" | "ORG" | "GPE") || doc.dep(doc.head(side)) == "poss";
            if possessor || (named && !possessor_only) || doc.dep(side) == "pobj" {
                self.push(Role::Recipient, side);
            }
        }
    }

    /// *Sent a thousand missiles to the front*: the parse often hangs a declared preposition on the object.
    fn prepositions_of_object(&mut self, objects: &[usize], verb: usize, entry: &Entry) {
        let doc = self.finder.doc;
        for child in objects.iter().filter(|&&object| object > verb).flat_map(|&object| doc.children(object)) {
            if doc.dep(child) != "prep" {
                continue;
            }
            let word = doc.word(child).to_lowercase();
            let role =
                entry.frame.prepositions.iter().find(|(preposition, _)| **preposition == *word).and_then(|&(_, role)| role);
            if let Some(role) = role.filter(|_| word != "of" && word != "in") {
                let mut heads = Vec::new();
                grammar::objects_of_preposition(doc, child, &mut heads);
                for head in heads {
                    self.settle(role, head);
                }
            }
        }
    }

    fn prepositions(&mut self, token: usize, after: usize, entry: &Entry, noun: bool) {
        let doc = self.finder.doc;
        let rules = self.finder.rules;
        for child in doc.children(token) {
            if child < after || !matches!(doc.dep(child).as_str(), "prep" | "dative" | "agent") {
                continue;
            }
            let word = doc.word(child).to_lowercase();
            let mut heads = Vec::new();
            grammar::objects_of_preposition(doc, child, &mut heads);
            let frame = &entry.frame;
            let given = frame.prepositions.iter().find(|(preposition, _)| **preposition == *word).map(|&(_, role)| role);
            let role = match given {
                Some(role) => role,
                None => match word.as_str() {
                    "by" if noun => Some(Role::Actor),
                    "of" if noun => frame.of.unwrap_or(Some(Role::Recipient)),
                    "between" | "among" => Some(Role::Actor),
                    "against" | "upon" => Some(Role::Recipient),
                    "on" | "at" if noun && self.kind == Some(EventType::Assault) => Some(Role::Recipient),
                    _ => None,
                },
            };
            for head in heads {
                match role {
                    Some(role) => {
                        let classes = self.finder.classes(head);
                        if !classes.meets(rules.classes.time) || classes.meets(rules.classes.agent) {
                            self.settle(role, head);
                        }
                    }
                    None if given.is_some() => {}
                    None => {
                        let classes = self.finder.classes(head);
                        if matches!(word.as_str(), "with" | "using" | "by") && classes.meets(rules.classes.weapon) {
                            self.push(Role::Instrument, head);
                        } else if matches!(
                            word.as_str(),
                            "in" | "at" | "near" | "on" | "outside" | "inside" | "around" | "across" | "over"
                        ) && classes.meets(rules.classes.place)
                        {
                            self.push(Role::Place, head);
                        }
                    }
                }
            }
            // *using drones*: a participle that works as a preposition
        }
        // *Artillery and mines were employed to stop them*.
        let employed = doc.head(token);
        if matches!(doc.dep(token).as_str(), "xcomp" | "advcl")
            && matches!(doc.lemma(employed), "use" | "employ" | "deploy" | "utilize" | "utilise")
        {
            for tool in grammar::undergoer(doc, employed, false) {
                if self.finder.classes(tool).meets(rules.classes.weapon) {
                    self.push(Role::Instrument, tool);
                }
            }
        }
        for child in doc
            .children(token)
            .filter(|&child| matches!(doc.dep(child).as_str(), "advcl" | "acl") && matches!(doc.lemma(child), "use" | "employ"))
        {
            for tool in grammar::undergoer(doc, child, false) {
                if self.finder.classes(tool).meets(rules.classes.weapon) {
                    self.push(Role::Instrument, tool);
                }
            }
        }
    }

    pub(super) fn verb(&mut self, verb: usize, entry: &Entry) {
        let doc = self.finder.doc;
        let frame = &entry.frame;
        // *The wounded man*: an adjective to the tagger, and he did nothing.
        let suffered = doc.tag(verb) == "JJ" && doc.dep(verb) == "amod" && self.kind == Some(EventType::Assault);
        let subject = if suffered { Role::Recipient } else { Role::Actor };
        if let Some(role) = frame.subject.unwrap_or(Some(subject)) {
            for head in grammar::doer(doc, verb) {
                self.settle(role, head);
            }
        }
        let dative: Vec<usize> =
            doc.children(verb).filter(|&child| doc.dep(child) == "dative" && doc.pos(child) != "ADP").collect();
        for &head in &dative {
            let mut heads = Vec::new();
            grammar::with_conjuncts(doc, head, &mut heads);
            for head in heads {
                self.settle(Role::Recipient, head);
            }
        }
        let dative_passive = grammar::is_passive(doc, verb) && doc.child(verb, "dobj").is_some();
        if let Some(role) = frame.object.unwrap_or(Some(Role::Recipient)) {
            let role = if !dative.is_empty() { Role::Theme } else { role };
            let objects = grammar::undergoer(doc, verb, true);
            self.prepositions_of_object(&objects, verb, entry);
            for head in objects {
                self.settle(if dative_passive { Role::Recipient } else { role }, head);
            }
        }
        self.prepositions(verb, 0, entry, false);
        self.clause(verb, entry);
    }

    /// Who is asked, threatened or accused may stand in the complement: *demanded that X withdraw*, *threatened to attack X*.
    fn clause(&mut self, trigger: usize, entry: &Entry) {
        let doc = self.finder.doc;
        let frame = &entry.frame;
        if frame.clause_subject.is_none() && frame.clause_object.is_none() {
            return;
        }
        for complement in doc
            .children(trigger)
            .filter(|&child| matches!(doc.dep(child).as_str(), "ccomp" | "xcomp" | "acl" | "pcomp" | "advcl"))
        {
            if let Some(role) = frame.clause_subject {
                for subject in doc.children(complement).filter(|&child| matches!(doc.dep(child).as_str(), "nsubj" | "nsubjpass"))
                {
                    self.settle(role, subject);
                }
            }
            if let Some(role) = frame.clause_object {
                // *They would be targets*, *they will pay for it*, *they will be punished*: whom it will befall.
                let befalls = doc.lemma(complement) == "be"
                    || matches!(doc.lemma(complement), "face" | "suffer" | "pay" | "regret" | "die" | "lose" | "burn")
                    || grammar::is_passive(doc, complement);
                let mut heads =
                    if befalls { grammar::surface_subject(doc, complement) } else { grammar::undergoer(doc, complement, false) };
                grammar::prepositional(
                    doc,
                    complement,
                    |word| matches!(word, "against" | "on" | "with" | "to" | "at"),
                    &mut heads,
                );
                for head in heads {
                    if self.finder.classes(head).meets(self.finder.rules.classes.agent) {
                        self.settle(role, head);
                    }
                }
            }
        }
    }

    pub(super) fn noun(&mut self, noun: usize, entry: &Entry, carried: Option<&Carried>) {
        let doc = self.finder.doc;
        let frame = &entry.frame;
        if let Some(carried) = carried {
            if let Some(role) = carried.subject {
                for head in grammar::doer(doc, carried.verb) {
                    if head != noun {
                        self.settle(role, head);
                    }
                }
            }
            for child in doc.children(carried.verb).filter(|&child| doc.dep(child) == "dative" && doc.pos(child) != "ADP") {
                self.settle(Role::Recipient, child);
            }
        }
        // Possessor and side before the noun: *Russia's attack*, *Israeli strike*, *police raid*; for *X's murder* the patient.
        let of_follows = doc.children(noun).any(|child| doc.dep(child) == "prep" && doc.word(child) == "of");
        for child in doc.children(noun) {
            let role = match doc.dep(child).as_str() {
                "poss" if of_follows => Some(Role::Actor),
                "poss" => frame.possessor.unwrap_or(Some(Role::Actor)),
                "compound" | "amod" | "nmod" if !self.finder.begins_name(noun) => {
                    let classes = self.finder.classes(child);
                    let side = grammar::names_a_side(doc, child);
                    // *Police raid*, *rebel attack*; *terrorist attack* and *military operation* only say of what kind.
                    let described = doc.dep(child) == "amod" || matches!(doc.lemma(child), "terrorist" | "military" | "terror");
                    if side || (classes.meets(self.finder.rules.classes.agent) && !described) {
                        let bears_arms =
                            classes.meets(self.finder.rules.classes.armed) || classes.meets(self.finder.rules.classes.police);
                        let patient = !side && !bears_arms;
                        frame.modifier.unwrap_or(if patient {
                            frame.possessor.unwrap_or(Some(Role::Actor))
                        } else {
                            Some(Role::Actor)
                        })
                    } else {
                        // *U.S.-led*, *Russian-backed*: the side stands inside the compound.
                        for inner in
                            doc.children(child).filter(|&inner| grammar::names_a_side(doc, inner) && doc.pos(child) == "VERB")
                        {
                            self.push(Role::Actor, inner);
                        }
                        None
                    }
                }
                _ => None,
            };
            if let Some(role) = role {
                let mut heads = Vec::new();
                grammar::with_conjuncts(doc, child, &mut heads);
                for head in heads {
                    self.settle(role, head);
                }
            }
        }
        self.prepositions(noun, 0, entry, true);
        if let Some(part) = grammar::part_taken(doc, noun) {
            let mut sides = Vec::new();
            grammar::holder(doc, part, &mut sides);
            grammar::prepositional(doc, part, |word| matches!(word, "of" | "by"), &mut sides);
            for side in sides {
                self.settle(Role::Actor, side);
            }
        }
        // *a series of attacks on X*: what follows may hang on the first noun.
        if doc.dep(noun) == "pobj" && self.finder.rules.coding.is_partitive(doc.lemma(doc.head(doc.head(noun)))) {
            let series = doc.head(doc.head(noun));
            self.prepositions(series, noun, entry, true);
            let mut sides = Vec::new();
            if self.arguments.iter().all(|argument| argument.role != Role::Actor) && grammar::holder(doc, series, &mut sides) {
                for side in sides {
                    self.settle(Role::Actor, side);
                }
            }
        }
        if let Some(carried) = carried {
            self.prepositions(carried.verb, 0, entry, true);
        }
        self.clause(noun, entry);
        // *an attack that killed X*: left to the verb. *an attack by X*: done above. Participle: *the attack blamed on X* is no agent.
    }

    pub(super) fn adjective(&mut self, adjective: usize, entry: &Entry) {
        let doc = self.finder.doc;
        let role = entry.frame.object.unwrap_or(Some(Role::Recipient));
        let heads =
            if doc.dep(adjective) == "amod" { vec![doc.head(adjective)] } else { grammar::surface_subject(doc, adjective) };
        if let Some(role) = role {
            for head in heads {
                self.settle(role, head);
            }
        }
    }
}
