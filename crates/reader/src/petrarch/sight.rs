//! Where the names of actors and the nouns of agents stand in a text, and what they make of its mentions.

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Country, Date, EntityKind, Report, Sector};

use super::Dictionaries;
use crate::mentions::{Form, Mention, MentionId, Mentions, Number, Traits, Words};
use crate::slots::{Fill, Scene};

/// A phrase of a dictionary in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sight {
    tokens: TokenRange,
    /// Index of the actor or agent.
    what: usize,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sights {
    actors: Vec<Sight>,
    agents: Vec<Sight>,
    /// When the report was published, for codes that hold for a time.
    published: Option<Date>,
}

/// What a dictionary says of a phrase.
struct Said {
    tokens: TokenRange,
    country: Option<Country>,
    sector: Option<Sector>,
    why: String,
}

impl Sights {
    fn actor_in(&self, tokens: TokenRange) -> Option<Sight> {
        best(&self.actors, tokens)
    }

    /// The name of a mention: within its words, else around its head, where the dictionary's name has a title that the mention has not.
    fn actor_of(&self, mention: &Mention) -> Option<Sight> {
        self.actor_in(mention.tokens).or_else(|| {
            let at = self.actors.partition_point(|sight| sight.tokens.start <= mention.head).checked_sub(1)?;
            self.actors.get(at).filter(|sight| sight.tokens.contains(mention.head)).copied()
        })
    }

    fn agent_in(&self, tokens: TokenRange) -> Option<Sight> {
        best(&self.agents, tokens)
    }
}

/// The longest within a phrase; of two as long the later, which is nearer to the head.
fn best(sights: &[Sight], tokens: TokenRange) -> Option<Sight> {
    let from = sights.partition_point(|sight| sight.tokens.start < tokens.start);
    let inside = sights.iter().skip(from).take_while(|sight| sight.tokens.start < tokens.end);
    inside.filter(|sight| tokens.covers(sight.tokens)).max_by_key(|sight| (sight.tokens.len(), sight.tokens.start)).copied()
}

impl Dictionaries {
    /// Finds the names and nouns of the dictionaries, and gives mentions the country and sector that they say. A name that the reader did
    /// not take for a mention becomes one, where its code says more than a country.
    pub(crate) fn see(&self, report: &Report, doc: &Doc, mentions: &mut Mentions) -> Sights {
        let published = report.published.as_ref().and_then(|date| date.bounds()).and_then(|(from, _)| from);
        let mut sights = Sights { actors: Vec::new(), agents: Vec::new(), published };
        if self.actors.all.is_empty() && self.agents.all.is_empty() {
            return sights;
        }
        let words = Words::of(doc);
        let (mut actor_from, mut agent_from) = (0, 0);
        for at in 0..doc.len() {
            if at >= actor_from
                && let Some((length, what)) = self.actors.names.longest(doc, &words, at)
            {
                actor_from = at + length;
                sights.actors.push(Sight { tokens: TokenRange::new(at, at + length), what: what as usize });
            }
            if at >= agent_from
                && let Some((length, what)) = self.agent_at(doc, &words, at)
            {
                agent_from = at + length;
                sights.agents.push(Sight { tokens: TokenRange::new(at, at + length), what });
            }
        }
        for mention in mentions.all.iter_mut().filter(|mention| mention.kind == EntityKind::Actor) {
            self.inform(&sights, mention);
        }
        self.add_names(doc, &sights, mentions);
        sights
    }

    fn agent_at(&self, doc: &Doc, words: &Words, at: usize) -> Option<(usize, usize)> {
        let phrases = self.agents.by_first.get(words.folded(at))?;
        let fits = |rest: &[String]| rest.iter().enumerate().all(|(k, word)| *word == words.folded(at + 1 + k));
        let (rest, agent) = phrases.iter().find(|(rest, _)| at + rest.len() < doc.len() && fits(rest))?;
        Some((rest.len() + 1, *agent as usize))
    }

    fn actor_said(&self, sight: Sight, day: Option<Date>) -> Option<Said> {
        let actor = self.actors.all.get(sight.what)?;
        let (country, sector) = self.cameo.actor(actor.code(day)?);
        Some(Said { tokens: sight.tokens, country, sector, why: format!("actors: line {}", actor.line) })
    }

    fn agent_said(&self, sight: Sight) -> Option<Said> {
        let agent = self.agents.all.get(sight.what)?;
        let (_, sector) = self.cameo.actor(&agent.code);
        Some(Said { tokens: sight.tokens, country: None, sector, why: format!("agents: line {}", agent.line) })
    }

    /// What the dictionaries say of a mention's head counts for more than what the reader knows; what they say of words beside it fills
    /// what is open.
    fn inform(&self, sights: &Sights, mention: &mut Mention) {
        let actor = sights.actor_of(mention).and_then(|sight| self.actor_said(sight, sights.published));
        let agent = sights.agent_in(mention.tokens).and_then(|sight| self.agent_said(sight));
        for said in [actor, agent].into_iter().flatten() {
            let names_it = said.tokens.contains(mention.head);
            if said.country.is_some() && (names_it || mention.country.is_none()) {
                mention.country = said.country;
            }
            if said.sector.is_some() && (names_it || mention.sector.is_none()) {
                mention.sector = said.sector;
            }
            mention.why.push_str(&format!(" ({})", said.why));
        }
    }

    /// Makes mentions of names that are none yet.
    fn add_names(&self, doc: &Doc, sights: &Sights, mentions: &mut Mentions) {
        let mut new: Vec<(Mention, Traits)> = Vec::new();
        for sight in &sights.actors {
            let Some(said) = self.actor_said(*sight, sights.published).filter(|said| said.sector.is_some()) else { continue };
            let outside = |&at: &usize| doc.is_root(at) || !sight.tokens.contains(doc.head(at));
            let Some(head) = sight.tokens.indices().rev().find(outside) else { continue };
            let taken = sight.tokens.indices().any(|at| mentions.holding(at).is_some() || mentions.at_head(at).is_some());
            if taken || !matches!(doc.pos(head).as_str(), "PROPN" | "NOUN") {
                continue;
            }
            let mention = Mention {
                tokens: sight.tokens,
                head,
                kind: EntityKind::Actor,
                form: Form::Name,
                name: doc.words(sight.tokens).to_owned(),
                country: said.country,
                sector: said.sector,
                person: false,
                plural: false,
                title: None,
                acronym: None,
                place: None,
                class: None,
                why: said.why,
            };
            new.push((mention, Traits { number: Number::Either, ..Traits::default() }));
        }
        if new.is_empty() {
            return;
        }
        // Aliases point to mentions by index: they are taken along.
        let aliases: Vec<(usize, usize)> = std::mem::take(&mut mentions.aliases)
            .into_iter()
            .filter_map(|(token, mention)| Some((token, mentions.all.get(mention)?.head)))
            .collect();
        let old = std::mem::take(&mut mentions.all).into_iter().zip(std::mem::take(&mut mentions.traits));
        let mut all: Vec<(Mention, Traits)> = old.chain(new).collect();
        all.sort_by_key(|(mention, _)| mention.head);
        (mentions.all, mentions.traits) = all.into_iter().unzip();
        let at = |head: usize| mentions.all.binary_search_by_key(&head, |mention| mention.head).ok();
        mentions.aliases = aliases.into_iter().filter_map(|(token, head)| Some((token, at(head)?))).collect();
    }

    /// The code of a phrase that is no mention, by the names in it.
    pub(super) fn phrase_code(&self, sights: &Sights, tokens: TokenRange, day: Option<Date>) -> Option<String> {
        let actor = self.actors.all.get(sights.actor_in(tokens)?.what)?;
        actor.code(day.or(sights.published)).map(str::to_owned)
    }

    /// The code of an actor at a place of the text, on a day: by its names in the dictionaries, else by country and sector.
    pub(super) fn actor_code(&self, sights: &Sights, scene: &Scene<'_>, fill: Fill, day: Option<Date>) -> Option<String> {
        let cluster = scene.entities.all.get(fill.entity)?;
        let country = cluster.country.or_else(|| cluster.place.as_ref().and_then(|place| place.country));
        // The mention at hand first, then the others of the same thing, the clearest first.
        let mentions = std::iter::once(fill.mention).chain(cluster.mentions.iter().copied());
        let phrase = |id: MentionId| scene.mentions.all.get(id).map(|mention| mention.tokens);
        let named = mentions.clone().filter_map(|id| scene.mentions.all.get(id)).find_map(|mention| {
            let actor = self.actors.all.get(sights.actor_of(mention)?.what)?;
            actor.code(day.or(sights.published)).map(str::to_owned)
        });
        let role = mentions.filter_map(phrase).find_map(|tokens| self.agents.all.get(sights.agent_in(tokens)?.what));
        let mut code = match &named {
            Some(code) => code.clone(),
            // With an agent's role, the sector need not be said twice.
            None if role.is_some() => self.cameo.code(country, None).unwrap_or_default(),
            None => return self.cameo.code(country, cluster.sector),
        };
        if let Some(role) = role.filter(|role| !has(&code, &role.code)) {
            code = if role.leads { format!("{}{code}", role.code) } else { format!("{code}{}", role.code) };
        }
        (!code.is_empty()).then_some(code)
    }
}

/// Whether a code has another among its groups of three letters.
fn has(code: &str, role: &str) -> bool {
    code.len() >= role.len() && (0..=code.len() - role.len()).step_by(3).any(|at| code.get(at..at + role.len()) == Some(role))
}
