//! What a definite description or a pronoun looks back to.

use dateline_record::{EntityKind, Sector};

use super::{Resolver, compatible};
use crate::mentions::{Form, MentionId, Number};

/// Mentions looked at before a search is given up.
const WINDOW: usize = 80;

/// Nouns for one and the same sort of thing.
const ALIKE: &[&[&str]] = &[
    &["photo", "photograph", "picture", "image", "selfie", "snapshot"],
    &["video", "footage", "clip", "recording", "film", "tape", "videotape", "livestream"],
    &["agreement", "pact", "deal", "accord", "treaty", "memorandum"],
    &["statement", "communiqué", "release", "declaration"],
    &["letter", "message", "note", "email"],
    &["document", "passport", "certificate", "card", "paper", "file"],
    &["report", "study", "assessment", "finding", "dossier"],
    &["group", "organization", "organisation", "movement", "militia", "network", "outfit"],
    &["agency", "organization", "organisation", "body", "charity"],
    &["ship", "vessel", "boat", "tanker", "frigate", "destroyer"],
    &["plane", "aircraft", "jet", "warplane", "airliner"],
    &["drone", "uav"],
    &["ministry", "department"],
    &["newspaper", "outlet", "daily", "channel", "broadcaster"],
];

impl Resolver<'_> {
    /// Earlier mentions, nearest first, with how many sentences back they stand.
    fn back(&self, id: MentionId) -> impl Iterator<Item = (usize, MentionId)> + '_ {
        let sentence = self.doc.sentence_of(self.mention(id).head);
        (id.saturating_sub(WINDOW)..id)
            .rev()
            .map(move |before| (sentence - self.doc.sentence_of(self.mention(before).head), before))
    }

    /// True when one phrase stands inside the other.
    fn nested(&self, a: MentionId, b: MentionId) -> bool {
        let (a, b) = (self.mention(a), self.mention(b));
        a.tokens.contains(b.head) || b.tokens.contains(a.head)
    }

    pub(super) fn definite(&self, id: MentionId) -> Option<MentionId> {
        let mention = self.mention(id);
        match mention.kind {
            EntityKind::Actor => self.definite_actor(id),
            EntityKind::Place => self.definite_place(id),
            kind => {
                let head = self.words.key(mention.head);
                self.back(id).find_map(|(distance, before)| {
                    let other = self.mention(before);
                    let other_head = self.words.key(other.head);
                    let alike = other_head == head || ALIKE.iter().any(|set| set.contains(&head) && set.contains(&other_head));
                    (distance <= 12
                        && other.kind == kind
                        && other.form != Form::Pronoun
                        && alike
                        && other.plural == mention.plural
                        && !self.nested(before, id))
                    .then_some(before)
                })
            }
        }
    }

    fn definite_place(&self, id: MentionId) -> Option<MentionId> {
        let head = self.words.key(self.mention(id).head);
        let country = matches!(head, "country" | "nation");
        let settlement = matches!(head, "city" | "town" | "village" | "capital" | "settlement");
        let division = matches!(
            head,
            "region" | "province" | "oblast" | "state" | "district" | "county" | "island" | "peninsula" | "enclave"
        );
        let any = matches!(head, "area" | "scene" | "location" | "site" | "spot" | "place");
        if !(country || settlement || division || any) || self.mention(id).tokens.len() > 3 {
            return None;
        }
        use dateline_record::Precision as P;
        self.back(id).find_map(|(distance, before)| {
            let other = self.mention(before);
            if distance > 3 || other.kind != EntityKind::Place || other.form != Form::Name {
                return None;
            }
            // Of a name that the gazetteer has not only the country is known.
            let place = other.place.as_ref().filter(|place| place.precision != P::Country || place.geonames.is_some());
            let fits = match place.map(|place| place.precision) {
                Some(P::Country) => country,
                Some(P::City | P::Point) => settlement || any,
                Some(_) => division || any,
                None => self.words.key(other.head) == head || settlement || any,
            };
            fits.then_some(before)
        })
    }

    fn definite_actor(&self, id: MentionId) -> Option<MentionId> {
        let mention = self.mention(id);
        let own = &self.known[id];
        let head = self.words.key(mention.head);
        let demonstrative = self.is_demonstrative(id);
        // An owner of its own makes it another thing unless the owner is the same: *his brother*, *their troops*.
        let owned = self.doc.child(mention.head, "poss").is_some() || self.words.folded(mention.tokens.start) == "both";
        let fits = |before: MentionId| {
            let known = &self.known[self.root(before)];
            let other = self.mention(before);
            other.kind == EntityKind::Actor
                && compatible(known.country, own.country)
                && agrees(known.number, own.number)
                && compatible(known.gender, own.gender)
                && !self.nested(before, id)
        };
        // The same head noun: *soldier* … *the soldier*.
        let same_head = self.back(id).find_map(|(distance, before)| {
            let other = self.mention(before);
            let known = &self.known[self.root(before)];
            (distance <= 12
                && other.form != Form::Pronoun
                && self.words.key(other.head) == head
                && fits(before)
                && known.person == own.person
                && known.state == own.state)
                .then_some(before)
        });
        if same_head.is_some() && !owned {
            return same_head;
        }
        if owned {
            return same_head.filter(|&before| self.same_owner(before, id));
        }
        // An office: *the president* … who bears that title.
        if own.person && mention.title.is_some() {
            let bearer = self.back(id).find_map(|(distance, before)| {
                let other = self.mention(before);
                let holds = other.person
                    && other.form == Form::Name
                    && other.title.as_ref().is_some_and(|title| title.to_lowercase().split([' ', '-']).any(|word| word == head));
                (distance <= 20 && holds && fits(before)).then_some(before)
            });
            return bearer;
        }
        // A body by what sort of body it is: *the group*, *the militants* after a named group.
        let sector_fits = |known: Option<Sector>| match (known, own.sector) {
            (Some(a), Some(b)) => {
                a == b
                    || (a.is_armed() && b.is_armed() && (a == Sector::Reb) == (b == Sector::Reb))
                    || (b == Sector::Uaf && a.is_armed())
            }
            (_, None) => true,
            (None, _) => true,
        };
        let body = own.group || mention.plural;
        if body {
            let reach = if demonstrative { 4 } else { 3 };
            let kin = ALIKE.iter().find(|set| set.contains(&head));
            return self.back(id).find_map(|(distance, before)| {
                let other = self.mention(before);
                let known = &self.known[self.root(before)];
                if distance > reach || other.form == Form::Pronoun || !fits(before) || known.state || known.person {
                    return None;
                }
                let armed_alike = own.sector.is_some_and(Sector::is_armed)
                    && known.sector.is_some_and(Sector::is_armed)
                    && sector_fits(known.sector);
                let kin_alike = kin.is_some()
                    && (kin.is_some_and(|set| set.contains(&self.words.key(other.head)))
                        || (known.named
                            && known.group
                            && sector_fits(known.sector)
                            && known.country != Some(dateline_record::Country::IGO)));
                let service = matches!(head, "army" | "military" | "police" | "ministry" | "force")
                    && known.sector == own.sector
                    && known.group;
                (armed_alike || kin_alike || service).then_some(before)
            });
        }
        // One person by another noun: *the mercenary* after a soldier, *the man* after anybody.
        if own.person {
            let neutral = matches!(
                head,
                "man"
                    | "woman"
                    | "boy"
                    | "girl"
                    | "suspect"
                    | "victim"
                    | "person"
                    | "prisoner"
                    | "captive"
                    | "detainee"
                    | "hostage"
                    | "individual"
                    | "accused"
                    | "defendant"
                    | "attacker"
                    | "assailant"
                    | "gunman"
                    | "shooter"
                    | "perpetrator"
                    | "bomber"
                    | "deceased"
                    | "killer"
                    | "teenager"
                    | "youth"
            );
            return self.back(id).find_map(|(distance, before)| {
                let other = self.mention(before);
                let known = &self.known[self.root(before)];
                let close = distance <= if neutral { 4 } else { 3 };
                let alike = known.sector == own.sector && known.sector.is_some()
                    || (neutral && known.sector.is_none_or(|sector| sector != Sector::Gov) && !known.group);
                (close && known.person && other.form != Form::Pronoun && alike && fits(before) && (!known.named || neutral))
                    .then_some(before)
            });
        }
        None
    }

    fn same_owner(&self, a: MentionId, b: MentionId) -> bool {
        let owner = |id: MentionId| {
            self.doc
                .child(self.mention(id).head, "poss")
                .and_then(|token| self.mentions.at_head(token))
                .map(|owner| self.root(owner))
        };
        owner(a).is_some() && owner(a) == owner(b)
    }

    pub(super) fn pronoun(&self, id: MentionId) -> Option<MentionId> {
        let mention = self.mention(id);
        let word = self.words.folded(mention.head);
        let own = &self.known[id];
        let possessive = self.doc.tag(mention.head) == "PRP$";
        let reflexive = word.ends_with("self") || word.ends_with("selves");
        if matches!(word, "i" | "me" | "my" | "mine" | "myself") {
            let person = |&speaker: &MentionId| speaker < id && self.known[self.root(speaker)].person;
            return self.speaker(mention.head).filter(person).or_else(|| self.author(id));
        }
        if matches!(word, "we" | "us" | "our" | "ours" | "ourselves") {
            return self.speaking_body(id);
        }
        let neuter = matches!(word, "it" | "its" | "itself");
        let clause = self.clause(mention.head);
        // *X let Y go, calling them …*: who calls is not who is called.
        let mate_subject =
            if possessive || reflexive || self.doc.dep(mention.head) == "nsubj" || self.doc.dep(mention.head) == "nsubjpass" {
                usize::MAX
            } else {
                self.subject_of(clause).unwrap_or(usize::MAX)
            };
        let fits = |before: MentionId| {
            let other = self.mention(before);
            let known = &self.known[self.root(before)];
            if matches!(self.words.folded(other.head), "i" | "me" | "my" | "we" | "us" | "our") || before == mate_subject {
                return false;
            }
            if neuter {
                return !known.person
                    && known.number != Number::Plural
                    && (other.form != Form::Pronoun || matches!(self.words.folded(other.head), "it" | "its" | "itself"));
            }
            let actor = other.kind == EntityKind::Actor;
            if own.number == Number::Plural {
                return (actor || other.kind == EntityKind::Equipment)
                    && known.number != Number::Singular
                    && !known.person
                    && !known.state;
            }
            actor && known.person && compatible(known.gender, own.gender)
        };
        if reflexive || possessive {
            // The clause's own subject comes first: *Russia … in its war*, *he fears for his life*.
            let subject = self.subject_of(clause).filter(|&subject| subject < id && fits(subject));
            if subject.is_some() {
                return subject;
            }
        }
        let governor = self.doc.head(mention.head);
        let allowed = |before: MentionId| {
            let other = self.mention(before);
            let mate = !possessive
                && !reflexive
                && (self.doc.head(other.head) == governor
                    || self.clause(other.head) == clause && self.argument(other.head) && self.argument(mention.head));
            fits(before) && !mate && !(other.tokens.contains(mention.head) && other.form != Form::Pronoun)
        };
        let reach = if own.person { 4 } else { 2 };
        let mut best: Option<(i32, MentionId)> = None;
        for (distance, before) in self.back(id) {
            if distance > reach {
                break;
            }
            if !allowed(before) {
                continue;
            }
            let other = self.mention(before);
            let known = &self.known[self.root(before)];
            let subject = matches!(self.doc.dep(other.head).as_str(), "nsubj" | "nsubjpass");
            let main = subject && self.doc.is_root(self.doc.head(other.head));
            let mut score = -12 * distance as i32;
            score += i32::from(subject) * 8 + i32::from(main) * 4;
            score +=
                i32::from(other.form == Form::Pronoun && self.words.folded(other.head).chars().next() == word.chars().next()) * 6;
            score += i32::from(known.named && own.person) * 3;
            score += i32::from(self.doc.dep(other.head) == "dobj") * 2;
            score += i32::from(own.number == Number::Plural && known.number == Number::Plural) * 3;
            if matches!(self.doc.dep(other.head).as_str(), "poss" | "compound" | "amod" | "nmod") {
                score -= 4;
            }
            if neuter && !(known.group || known.state) {
                score -= 3;
            }
            if neuter && other.kind == EntityKind::Place {
                score -= 3;
            }
            // Of equals the nearest wins: the search goes backwards.
            if best.is_none_or(|(top, _)| score > top) {
                best = Some((score, before));
            }
        }
        best.map(|(_, before)| before)
    }

    /// The source of the innermost attribution that the token stands under.
    fn speaker(&self, token: usize) -> Option<MentionId> {
        let chain = self.attributions.chain(token);
        chain.iter().rev().find_map(|&id| self.mentions.at_head(self.attributions.all.get(id)?.source_head?))
    }

    /// *I* in the author's own voice: whose statement the heading says that it is, *Statement by …*, *Remarks of …*.
    fn author(&self, id: MentionId) -> Option<MentionId> {
        if !self.attributions.chain(self.mention(id).head).is_empty() {
            return None;
        }
        const HEADING: usize = 60;
        let speech = |token: usize| {
            let words = ["statement", "remark", "speech", "declaration", "message", "address", "comment", "briefing"];
            words.contains(&self.words.key(token))
        };
        (0..id).map_while(|before| Some(before).filter(|_| self.mention(before).head < HEADING)).find(|&before| {
            let other = self.mention(before);
            let person = other.kind == EntityKind::Actor && self.known[self.root(before)].person && other.form == Form::Name;
            person && self.doc.ancestors(other.head).take(4).any(speech)
        })
    }

    /// *we*: in quoted words the body that the speaker speaks for, in a statement the body whose statement it is.
    fn speaking_body(&self, id: MentionId) -> Option<MentionId> {
        let speaker = self.speaker(self.mention(id).head).filter(|&speaker| speaker < id);
        if let Some(speaker) = speaker {
            let known = &self.known[self.root(speaker)];
            if !known.person {
                return Some(speaker);
            }
            let official = matches!(known.sector, Some(Sector::Gov | Sector::Mil | Sector::Spy | Sector::Leg));
            let own = known.country.filter(|_| official).and_then(|country| self.states.get(&country).copied());
            if own.is_some() || known.country.is_some() {
                return own.or(Some(speaker));
            }
        } else if !self.attributions.chain(self.mention(id).head).is_empty() {
            return None;
        }
        let same_voice = |before: MentionId| match speaker {
            Some(speaker) => self.speaker(self.mention(before).head).is_some_and(|other| self.root(other) == self.root(speaker)),
            None => self.attributions.chain(self.mention(before).head).is_empty(),
        };
        // Whoever *we* was before in the same voice.
        let again = self.back(id).find_map(|(_, before)| {
            let we = matches!(self.words.folded(self.mention(before).head), "we" | "our" | "us");
            (we && same_voice(before)).then_some(before)
        });
        let of_person = |before: MentionId| self.known[self.root(before)].person;
        if again.is_some_and(|before| !of_person(before)) {
            return again;
        }
        // The first body of which this voice says what it does: a statement begins with whose it is.
        let mut first = None;
        for (_, before) in self.back(id) {
            let other = self.mention(before);
            let known = &self.known[self.root(before)];
            let subject = matches!(self.doc.dep(other.head).as_str(), "nsubj" | "nsubjpass");
            let verb = self.doc.head(other.head);
            // *The minister said: The UK has …*: the parser may hang the statement on the verb of saying.
            let start = other.tokens.start;
            let told = self.doc.dep(verb) == "ccomp" && start > 0 && self.doc.word(start - 1) == ":";
            let main = subject && (self.doc.is_root(verb) || told);
            let body = other.kind == EntityKind::Actor && !known.person && (known.state || known.group && known.named) && main;
            if body && same_voice(before) {
                first = Some(before);
            }
        }
        first.or(again).or(speaker)
    }

    fn argument(&self, token: usize) -> bool {
        matches!(self.doc.dep(token).as_str(), "nsubj" | "nsubjpass" | "dobj" | "dative" | "iobj")
    }

    /// The verb whose clause holds the token.
    fn clause(&self, token: usize) -> usize {
        let mut at = token;
        for _ in 0..24 {
            if self.doc.is_root(at)
                || (at != token
                    && matches!(self.doc.pos(at).as_str(), "VERB" | "AUX")
                    && !matches!(self.doc.dep(at).as_str(), "amod" | "compound" | "aux" | "auxpass"))
            {
                break;
            }
            at = self.doc.head(at);
        }
        at
    }

    /// The subject of a clause, or that of the clause that controls it: *to fund its own …*.
    fn subject_of(&self, clause: usize) -> Option<MentionId> {
        let mut at = clause;
        for _ in 0..4 {
            let subject = self.doc.children(at).find(|&child| matches!(self.doc.dep(child).as_str(), "nsubj" | "nsubjpass"));
            if let Some(subject) = subject {
                return self.mentions.at_head(subject);
            }
            match self.doc.dep(at).as_str() {
                "xcomp" | "advcl" | "conj" | "ccomp" | "pcomp" => {
                    let up = self.doc.head(at);
                    at = if self.doc.pos(up) == "ADP" { self.doc.head(up) } else { up };
                }
                "acl" | "relcl" => return self.mentions.at_head(self.doc.head(at)),
                _ => return None,
            }
        }
        None
    }
}

fn agrees(a: Number, b: Number) -> bool {
    a == b || a == Number::Either || b == Number::Either
}
