//! Stage 2: which mentions are one thing.
//!
//! Mentions are read in text order and joined to what stands before them: same names, acronyms, states by their names and capitals,
//! armed forces by country, appositions, definite descriptions, pronouns. Every search looks back over a bounded number of mentions, so
//! the time is linear in the text. The preferences (subjects first, near before far, no clause-mate for a plain pronoun) are those of
//! Lappin and Leass, *An algorithm for pronominal anaphora resolution* (1994), without their weights.

use std::collections::HashMap;

use dateline_nlp::Doc;
use dateline_record::{Country, EntityKind, Sector};

use crate::attribution::Attributions;
use crate::mentions::{Form, Gender, Mention, MentionId, Mentions, Number, Resolved, Rules, Words};

mod antecedent;

/// Index of an entity in [`Entities::all`].
pub type EntityIndex = usize;

/// One thing, with all its mentions.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// What sort of thing.
    pub kind: EntityKind,
    /// Canonical name.
    pub name: String,
    /// Its mentions, the clearest first, then in text order.
    pub mentions: Vec<MentionId>,
    /// Actors: country.
    pub country: Option<Country>,
    /// Actors: sector.
    pub sector: Option<Sector>,
    /// Actors: the cluster that it is a part of.
    pub part_of: Option<EntityIndex>,
    /// Actors: one human being.
    pub person: bool,
    /// Actors: office or rank.
    pub title: Option<String>,
    /// Places: what it stands for.
    pub place: Option<Resolved>,
    /// Equipment: class.
    pub class: Option<String>,
}

/// All things of the document.
#[derive(Clone, Debug, Default)]
pub struct Entities {
    /// In text order of their first mention.
    pub all: Vec<Cluster>,
    /// The entity of each mention.
    pub of_mention: Vec<EntityIndex>,
}

/// What is known of a cluster while it grows.
#[derive(Clone, Debug)]
struct Known {
    country: Option<Country>,
    sector: Option<Sector>,
    number: Number,
    gender: Option<Gender>,
    person: bool,
    group: bool,
    state: bool,
    named: bool,
}

struct Resolver<'a> {
    doc: &'a Doc,
    rules: &'a Rules,
    words: &'a Words,
    mentions: &'a Mentions,
    attributions: &'a Attributions,
    parent: Vec<usize>,
    known: Vec<Known>,
    /// Clusters by name key.
    names: HashMap<(EntityKind, String), MentionId>,
    /// Persons by each word of their names.
    persons: HashMap<String, Vec<MentionId>>,
    states: HashMap<Country, MentionId>,
    /// Armed forces and services of a country as a whole.
    forces: HashMap<(Option<Country>, Sector), MentionId>,
}

/// Joins the mentions of one thing, and gives each mention what its thing is known to be.
#[must_use]
pub fn resolve(rules: &Rules, doc: &Doc, mentions: &mut Mentions, attributions: &Attributions) -> Entities {
    let words = Words::of(doc);
    let known = mentions
        .all
        .iter()
        .enumerate()
        .map(|(id, mention)| {
            let traits = mentions.traits.get(id).copied().unwrap_or_default();
            Known {
                country: mention.country,
                sector: mention.sector,
                number: traits.number,
                gender: traits.gender,
                person: mention.person,
                group: traits.group,
                state: traits.state,
                named: mention.form == Form::Name,
            }
        })
        .collect();
    let mut resolver = Resolver {
        doc,
        rules,
        words: &words,
        mentions,
        attributions,
        parent: (0..mentions.all.len()).collect(),
        known,
        names: HashMap::new(),
        persons: HashMap::new(),
        states: HashMap::new(),
        forces: HashMap::new(),
    };
    for id in 0..mentions.all.len() {
        if let Some(before) = resolver.link(id) {
            resolver.join(before, id);
        }
        resolver.enter(id);
        resolver.inherit(id);
    }
    let roots: Vec<usize> = (0..mentions.all.len()).map(|id| resolver.root(id)).collect();
    let scene = resolver.scene();
    for id in 0..mentions.all.len() {
        let root = resolver.root(id);
        if let Some(country) = scene.filter(|_| resolver.is_local(root)) {
            resolver.known[root].country = Some(country);
        }
    }
    let wholes = resolver.wholes();
    let known = std::mem::take(&mut resolver.known);
    drop(resolver);
    build(mentions, &roots, &known, &wholes)
}

/// What two words for countries allow.
fn compatible<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

impl Resolver<'_> {
    fn mention(&self, id: MentionId) -> &Mention {
        &self.mentions.all[id]
    }

    fn root(&self, id: MentionId) -> usize {
        let mut at = id;
        while self.parent[at] != at {
            at = self.parent[at];
        }
        at
    }

    /// Joins `id` to the cluster of `before`; the earlier root stays.
    fn join(&mut self, before: MentionId, id: MentionId) {
        let (a, b) = (self.root(before), self.root(id));
        if a == b {
            return;
        }
        let (root, child) = (a.min(b), a.max(b));
        self.parent[child] = root;
        self.parent[id] = root;
        let add = self.known[child].clone();
        let into = &mut self.known[root];
        into.country = into.country.or(add.country);
        into.sector = match (into.sector, add.sector) {
            // A suspect who turns out to be a soldier is one.
            (None | Some(Sector::Cvl), Some(sector)) => Some(sector),
            (Some(_), Some(sector)) if add.named && !into.named => Some(sector),
            (kept, _) => kept,
        };
        into.gender = into.gender.or(add.gender);
        if into.number == Number::Either {
            into.number = add.number;
        }
        into.person |= add.person;
        into.group |= add.group;
        into.state |= add.state;
        into.named |= add.named;
    }

    /// The earlier mention that `id` means the same thing as.
    fn link(&self, id: MentionId) -> Option<MentionId> {
        let mention = self.mention(id);
        if mention.form == Form::Pronoun {
            return self.pronoun(id);
        }
        let traits = self.mentions.traits.get(id).copied().unwrap_or_default();
        if let Some(same) = self.same_name(id) {
            return Some(same);
        }
        if mention.kind == EntityKind::Actor {
            if traits.state {
                return mention.country.and_then(|country| self.states.get(&country).copied());
            }
            if let Some(same) = self.apposition(id) {
                return Some(same);
            }
            if let Some(key) = self.force_key(id) {
                if let Some(&same) = self.forces.get(&key) {
                    return Some(same);
                }
                if mention.country.is_some() {
                    return None;
                }
            }
        }
        if mention.form == Form::Nominal && (traits.definite || self.is_demonstrative(id)) {
            return self.definite(id);
        }
        None
    }

    fn is_demonstrative(&self, id: MentionId) -> bool {
        matches!(self.words.folded(self.mention(id).tokens.start), "this" | "these" | "that" | "those")
    }

    /// Remembers the mention for what comes after it.
    fn enter(&mut self, id: MentionId) {
        let mention = &self.mentions.all[id];
        let traits = self.mentions.traits.get(id).copied().unwrap_or_default();
        if mention.form == Form::Pronoun {
            return;
        }
        if mention.kind == EntityKind::Actor && traits.state {
            if let Some(country) = mention.country {
                self.states.entry(country).or_insert(id);
            }
            return;
        }
        if let Some(key) = self.force_key(id) {
            self.forces.entry(key).or_insert(id);
        }
        if mention.form == Form::Name || self.repeats(id) {
            self.names.entry((mention.kind, self.name_key(id))).or_insert(id);
            if let Some(token) = mention.acronym {
                self.names.insert((mention.kind, self.words.folded(token).to_owned()), id);
            }
        }
        if mention.kind == EntityKind::Actor && mention.person && mention.form == Form::Name {
            for word in mention.name.split_whitespace().filter(|word| word.len() > 1) {
                let ids = self.persons.entry(word.to_lowercase()).or_default();
                if ids.len() < 8 {
                    ids.push(id);
                }
            }
        }
    }

    /// Equipment, media and groups without a name that are one thing when the same words come again.
    fn repeats(&self, id: MentionId) -> bool {
        let mention = self.mention(id);
        match mention.kind {
            EntityKind::Equipment | EntityKind::Platform | EntityKind::Place => true,
            EntityKind::Actor => mention.plural && !self.counted(id),
            EntityKind::Media | EntityKind::Document => false,
        }
    }

    /// The phrase has a number of its own: another *three soldiers* are others.
    fn counted(&self, id: MentionId) -> bool {
        self.mention(id)
            .tokens
            .indices()
            .any(|k| self.doc.pos(k) == "NUM" || matches!(self.words.folded(k), "another" | "other" | "several" | "some"))
    }

    /// The words of a name without article, possessor, state and number, lower case.
    fn name_key(&self, id: MentionId) -> String {
        let mention = self.mention(id);
        if mention.kind == EntityKind::Actor
            && mention.form == Form::Name
            && (mention.person || mention.why.starts_with("actor: organisation by name"))
        {
            return mention.name.to_lowercase();
        }
        if mention.kind == EntityKind::Place
            && let Some(place) = &mention.place
        {
            return place.name.to_lowercase();
        }
        let mut key = String::new();
        let end = mention.head + 1;
        for k in mention.tokens.start..end.max(mention.tokens.start) {
            let skip = matches!(self.doc.pos(k).as_str(), "DET" | "NUM" | "PUNCT" | "PART" | "SPACE")
                || self.doc.dep(k) == "poss"
                || self.doc.tag(k) == "PRP$"
                || (k != mention.head
                    && self.doc.entity_at(k).is_some_and(|entity| entity.label == "NORP" || entity.label == "GPE")
                    && mention.kind != EntityKind::Place)
                || (k != mention.head
                    && matches!(
                        self.words.folded(k),
                        "more" | "than" | "over" | "about" | "nearly" | "first" | "all" | "most" | "least" | "at"
                    ));
            if !skip {
                if !key.is_empty() {
                    key.push(' ');
                }
                key.push_str(self.words.key(k));
            }
        }
        if let Some(country) = mention.country.filter(|_| mention.kind == EntityKind::Actor && mention.form == Form::Nominal) {
            key.push('/');
            key.push_str(country.as_str());
        }
        key
    }

    fn same_name(&self, id: MentionId) -> Option<MentionId> {
        let mention = self.mention(id);
        if mention.form != Form::Name && !self.repeats(id) {
            return None;
        }
        if mention.kind == EntityKind::Actor
            && mention.form == Form::Name
            && let Some(same) = self.same_person(id)
        {
            return Some(same);
        }
        let same = *self.names.get(&(mention.kind, self.name_key(id)))?;
        let known = &self.known[self.root(same)];
        let fits = compatible(known.country, mention.country) || mention.form == Form::Name && mention.kind == EntityKind::Place;
        (fits && (known.person == mention.person || mention.kind != EntityKind::Actor || !mention.person)).then_some(same)
    }

    /// *Antony Blinken* … *Blinken*: one name's words are all among the other's.
    fn same_person(&self, id: MentionId) -> Option<MentionId> {
        let mention = self.mention(id);
        let unknown = mention.why.starts_with("actor: unknown name")
            || (mention.why.starts_with("actor: organisation, recogniser") && mention.tokens.len() == 1);
        if !mention.person && !unknown {
            return None;
        }
        let own: Vec<String> = mention.name.split_whitespace().map(str::to_lowercase).collect();
        let last = own.last()?;
        let candidates = self.persons.get(last)?;
        candidates.iter().rev().copied().find(|&before| {
            let other: Vec<String> = self.mention(before).name.split_whitespace().map(str::to_lowercase).collect();
            let (short, long) = if own.len() <= other.len() { (&own, &other) } else { (&other, &own) };
            let known = &self.known[self.root(before)];
            short.iter().all(|word| long.contains(word) || word.len() <= 2) && compatible(known.gender, self.known[id].gender)
        })
    }

    /// The country's army as a whole: no word in the phrase says which part.
    fn force_key(&self, id: MentionId) -> Option<(Option<Country>, Sector)> {
        let mention = self.mention(id);
        let sector = mention.sector.filter(|sector| matches!(sector, Sector::Mil | Sector::Cop))?;
        let head = self.words.key(mention.head);
        let whole = matches!(
            head,
            "force"
                | "military"
                | "army"
                | "troop"
                | "soldier"
                | "infantry"
                | "serviceman"
                | "police"
                | "policeman"
                | "personnel"
                | "troops"
        );
        if !whole || mention.person || mention.country.is_none() || mention.country == Some(Country::IGO) {
            return None;
        }
        if head == "soldier" && !mention.plural {
            return None;
        }
        let plain = (mention.tokens.start..mention.head).all(|k| {
            matches!(self.doc.pos(k).as_str(), "DET" | "NUM" | "PUNCT" | "PART" | "SPACE" | "ADP" | "ADV" | "SCONJ")
                || self.doc.entity_at(k).is_some_and(|entity| matches!(entity.label.as_str(), "NORP" | "GPE" | "CARDINAL"))
                || matches!(
                    self.words.folded(k),
                    "armed"
                        | "defense"
                        | "defence"
                        | "military"
                        | "ground"
                        | "government"
                        | "security"
                        | "regular"
                        | "more"
                        | "many"
                        | "hundreds"
                        | "thousands"
                        | "dozens"
                        | "of"
                        | "group"
                        | "us"
                        | "state"
                        | "enemy"
                        | "army"
                        | "national"
                        | "several"
                        | "some"
                        | "federal"
                        | "local"
                        | "own"
                )
                || self.doc.pos(k) == "PROPN" && self.rules.is_state(self.doc, self.words, k)
        });
        plain.then_some((mention.country, sector))
    }

    fn apposition(&self, id: MentionId) -> Option<MentionId> {
        let mention = self.mention(id);
        if self.doc.dep(mention.head) != "appos" {
            return None;
        }
        let before = self.mentions.at_head(self.doc.head(mention.head)).filter(|&before| before < id)?;
        let other = self.mention(before);
        let (a, b) = (&self.known[self.root(before)], &self.known[id]);
        let bracket = self.doc.word(mention.tokens.start.saturating_sub(1)) == "(";
        let one_named = (mention.form == Form::Name) != (other.form == Form::Name);
        let fits = other.kind == EntityKind::Actor
            && a.person == b.person
            && compatible(a.country, b.country)
            && (one_named || bracket)
            && other.plural == mention.plural;
        fits.then_some(before)
    }

    /// A possessor or an object of *of* gives its country, and to a word without sector of its own its sector: *their leaders*.
    fn inherit(&mut self, id: MentionId) {
        let mention = &self.mentions.all[id];
        if mention.kind != EntityKind::Actor || mention.form == Form::Pronoun || mention.person && mention.form == Form::Name {
            return;
        }
        let root = self.root(id);
        if self.known[root].country.is_some() && self.known[root].sector.is_some() {
            return;
        }
        let owner = self.doc.child(mention.head, "poss").or_else(|| {
            let of = self
                .doc
                .children(mention.head)
                .find(|&child| self.doc.dep(child) == "prep" && self.words.folded(child) == "of")?;
            self.doc.child(of, "pobj")
        });
        let Some(owner) = owner.and_then(|owner| self.mentions.at_head(owner)).filter(|&owner| owner < id) else { return };
        let from = self.known[self.root(owner)].clone();
        let known = &mut self.known[root];
        known.country = known.country.or(from.country);
        if known.sector.is_none() {
            known.sector = from.sector;
        }
    }

    /// The country in which the report's places lie, when nearly all lie in one.
    fn scene(&self) -> Option<Country> {
        let mut counts: HashMap<Country, usize> = HashMap::new();
        let places = self.mentions.all.iter().filter(|mention| mention.kind == EntityKind::Place && mention.place.is_some());
        for country in places.filter_map(|mention| mention.country) {
            *counts.entry(country).or_default() += 1;
        }
        let total: usize = counts.values().sum();
        let (&country, &most) = counts.iter().max_by_key(|&(country, count)| (count, std::cmp::Reverse(country)))?;
        (most >= 2 && most * 5 >= total * 4).then_some(country)
    }

    /// People and services of the place itself, where the text gives no other origin: police, villagers, insurgents.
    fn is_local(&self, root: usize) -> bool {
        let (known, mention) = (&self.known[root], self.mention(root));
        mention.kind == EntityKind::Actor
            && mention.form == Form::Nominal
            && known.country.is_none()
            && !known.named
            && matches!(
                known.sector,
                Some(
                    Sector::Cop
                        | Sector::Cvl
                        | Sector::Leg
                        | Sector::Jud
                        | Sector::Edu
                        | Sector::Med
                        | Sector::Lab
                        | Sector::Agr
                        | Sector::Opp
                )
            )
    }

    /// For each mention, the mention of what it is a part of: *the army's 3rd brigade*, *Ukraine's Special Operations Forces*.
    fn wholes(&self) -> Vec<Option<MentionId>> {
        (0..self.mentions.all.len())
            .map(|id| {
                let mention = self.mention(id);
                if mention.kind != EntityKind::Actor || mention.form == Form::Pronoun || mention.person || self.known[id].state {
                    return None;
                }
                let armed = mention.sector == Some(Sector::Mil);
                if armed
                    && mention.form == Form::Name
                    && self.force_key(id).is_none()
                    && let Some(&whole) = mention.country.and_then(|country| self.forces.get(&(Some(country), Sector::Mil)))
                {
                    return Some(whole);
                }
                let owner = self.doc.child(mention.head, "poss").or_else(|| {
                    let of = self
                        .doc
                        .children(mention.head)
                        .find(|&child| self.doc.dep(child) == "prep" && self.words.folded(child) == "of")?;
                    self.doc.child(of, "pobj")
                })?;
                let owner = self.mentions.at_head(owner)?;
                let known = &self.known[self.root(owner)];
                (self.mention(owner).kind == EntityKind::Actor
                    && known.group
                    && !known.state
                    && self.root(owner) != self.root(id)
                    && self.known[id].group)
                    .then_some(owner)
            })
            .collect()
    }
}

/// How clearly a mention shows its thing.
fn clarity(mention: &Mention) -> usize {
    let form = match mention.form {
        Form::Name => 2000,
        Form::Nominal => 1000,
        Form::Pronoun => 0,
    };
    form + usize::from(mention.title.is_some()) * 200
        + usize::from(mention.country.is_some()) * 50
        + mention.tokens.len().min(8) * 4
}

fn build(mentions: &mut Mentions, roots: &[usize], known: &[Known], wholes: &[Option<MentionId>]) -> Entities {
    let mut entities = Entities { all: Vec::new(), of_mention: vec![0; roots.len()] };
    let mut index_of_root: HashMap<usize, EntityIndex> = HashMap::new();
    for (id, &root) in roots.iter().enumerate() {
        let mention = &mentions.all[id];
        let next = entities.all.len();
        let at = *index_of_root.entry(root).or_insert(next);
        entities.of_mention[id] = at;
        if at == next {
            entities.all.push(Cluster {
                kind: mention.kind,
                name: String::new(),
                mentions: Vec::new(),
                country: known[root].country,
                sector: known[root].sector,
                part_of: None,
                person: known[root].person && mention.kind == EntityKind::Actor,
                title: None,
                place: None,
                class: None,
            });
        }
        let cluster = &mut entities.all[at];
        cluster.mentions.push(id);
        cluster.place = cluster.place.take().or_else(|| mention.place.clone());
        cluster.class = cluster.class.take().or_else(|| mention.class.clone());
        let better = mention.title.as_ref().filter(|title| cluster.title.as_ref().is_none_or(|old| old.len() < title.len()));
        if let Some(title) = better {
            cluster.title = Some(title.clone());
        }
    }
    for cluster in &mut entities.all {
        let mut clearest = 0;
        for (at, &id) in cluster.mentions.iter().enumerate() {
            if clarity(&mentions.all[id]) > clarity(&mentions.all[cluster.mentions[clearest]]) {
                clearest = at;
            }
        }
        let first = cluster.mentions.remove(clearest);
        cluster.mentions.insert(0, first);
        let fullest = cluster
            .mentions
            .iter()
            .filter(|&&id| cluster.person && mentions.all[id].form == Form::Name)
            .max_by_key(|&&id| (mentions.all[id].name.len(), std::cmp::Reverse(id)));
        cluster.name = match (&cluster.place, fullest) {
            (Some(place), _) if cluster.kind == EntityKind::Place => place.name.clone(),
            (_, Some(&id)) => mentions.all[id].name.clone(),
            _ => mentions.all[first].name.clone(),
        };
        if cluster.kind == EntityKind::Place {
            cluster.country = cluster.place.as_ref().and_then(|place| place.country).or(cluster.country);
            cluster.sector = None;
        }
    }
    for (id, whole) in wholes.iter().enumerate() {
        let part = entities.of_mention[id];
        if let Some(whole) = whole.map(|whole| entities.of_mention[whole]).filter(|&whole| whole != part) {
            // A chain of parts never closes: a whole that is itself part of this one is left alone.
            if entities.all[whole].part_of != Some(part) && entities.all[part].part_of.is_none() {
                entities.all[part].part_of = Some(whole);
            }
        }
    }
    for (id, &at) in entities.of_mention.iter().enumerate() {
        let (mention, cluster) = (&mut mentions.all[id], &entities.all[at]);
        mention.country = mention.country.or(cluster.country);
        if mention.form != Form::Name || mention.sector.is_none() {
            mention.sector = cluster.sector.or(mention.sector);
        }
        if mention.form == Form::Pronoun {
            mention.kind = cluster.kind;
            mention.person = cluster.person;
        }
        if mention.place.is_none() && cluster.kind == EntityKind::Place {
            mention.place.clone_from(&cluster.place);
        }
    }
    entities
}
