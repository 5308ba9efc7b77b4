//! Stage 4: what happens. Triggers with their grammatical arguments, coded to PLOVER.
//!
//! A word is a trigger when an entry of the lexicon (`events_*.toml`) has its lemma and all the entry's conditions hold; the entry
//! with most conditions wins, so that *fired a missile* and *fired the minister* part. Support verbs (`event_frames.toml`) lend
//! their subject to the noun they carry.

mod arguments;
mod classes;
mod coding;
mod conditions;
mod crosswalk;
mod entries;
mod finder;
pub(crate) mod grammar;

use dateline_nlp::Doc;
use dateline_record::{Context, EventType, Mode};

pub(crate) use classes::RawClass;
pub use crosswalk::{Side, acled};
pub(crate) use entries::{RawEntry, Wanted};

use self::classes::Classes;
use self::coding::Coding;
use self::entries::{Code, Entries, Part};
use crate::attribution::Attributions;
use crate::coreference::Entities;
use crate::lexicon::{LexiconError, Lexicons};
use crate::mentions::Mentions;

/// The lexicons of this stage, indexed.
#[derive(Debug)]
pub struct Rules {
    entries: Entries,
    classes: Classes,
    coding: Coding,
}

impl Rules {
    /// Reads and indexes the lexicons.
    ///
    /// # Errors
    /// When one is wrong; the error names file and entry.
    pub fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let classes = Classes::new(lexicons)?;
        Ok(Self { entries: Entries::new(lexicons, &classes)?, coding: Coding::new(lexicons)?, classes })
    }

    /// Rules that look for the entries of a user's scheme, and for nothing else.
    ///
    /// # Errors
    /// What is wrong with the entries, one message for each.
    pub(crate) fn of_entries(lexicons: &Lexicons, entries: &[RawEntry]) -> Result<Self, Vec<String>> {
        let said = |error: LexiconError| vec![error.to_string()];
        let classes = Classes::new(lexicons).map_err(said)?;
        let coding = Coding::new(lexicons).map_err(said)?;
        Ok(Self { entries: Entries::of_entries(entries, &classes)?, coding, classes })
    }

    /// Words and `@classes` by which a noun is told.
    ///
    /// # Errors
    /// When a class is unknown.
    pub(crate) fn wanted(&self, words: &str) -> Result<Wanted, String> {
        Wanted::parse(words.split_whitespace(), &self.classes)
    }

    /// Whether the noun `token` is one of those.
    pub(crate) fn names(&self, wanted: &Wanted, doc: &Doc, mentions: &Mentions, token: usize) -> bool {
        let mut buffer = String::new();
        wanted.fits(entries::noun_key(doc, token, &mut buffer), self.classes.of(doc, mentions, token))
    }

    /// The types that a word alone may stand for, whatever else its entries ask: *shell* may be ASSAULT. In order, each once.
    pub(crate) fn kinds(&self, lemma: &str, verb: bool) -> Vec<EventType> {
        let part = if verb { Part::Verb } else { Part::Noun };
        let triggers = self.entries.of(lemma).iter().filter(|trigger| trigger.part == part && trigger.rest.is_empty());
        let codes = triggers.filter_map(|trigger| self.entries.entries.get(trigger.entry).map(|entry| entry.code));
        let mut kinds: Vec<EventType> = codes
            .filter_map(|code| match code {
                Code::Event(kind, _) => Some(kind),
                Code::Circulation | Code::Other | Code::None => None,
            })
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// The happenings that the text presents, in text order of their triggers; negated, planned and denied ones too.
#[must_use]
pub fn find(rules: &Rules, doc: &Doc, mentions: &Mentions, entities: &Entities, attributions: &Attributions) -> Happenings {
    finder::find(rules, doc, mentions, entities, attributions)
}

/// What an argument is to the happening, voice undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Who does it.
    Actor,
    /// To whom.
    Recipient,
    /// What is acted on, when it is a thing: *secured trophies*, *issued documents*.
    Theme,
    /// With what.
    Instrument,
    /// Where, when grammar ties a place to the happening.
    Place,
}

/// An argument by the head token of its phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Argument {
    /// What it is to the happening.
    pub role: Role,
    /// Head token of the noun phrase; conjuncts are arguments of their own.
    pub head: usize,
}

/// A happening that the text presents.
#[derive(Clone, Debug)]
pub struct Happening {
    /// The word that names it; a light verb stands in `light`.
    pub trigger: usize,
    /// Further trigger words: particle, light verb (*conducted a strike*).
    pub light: Vec<usize>,
    /// The token by which the happening hangs in its clause (the light verb, else the trigger).
    pub anchor: usize,
    /// PLOVER type; none for circulation of media and the like.
    pub kind: Option<EventType>,
    /// PLOVER mode.
    pub mode: Option<Mode>,
    /// PLOVER contexts.
    pub contexts: Vec<Context>,
    /// Arguments, voice undone, control and coordination resolved.
    pub arguments: Vec<Argument>,
    /// A photo, video or document is shared, posted, leaked, circulated.
    pub circulation: bool,
    /// The entry or rule that found and coded it.
    pub why: Vec<String>,
}

impl Happening {
    /// Heads of the arguments of one role.
    pub fn heads(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        self.arguments.iter().filter(move |argument| argument.role == role).map(|argument| argument.head)
    }
}

/// All happenings, in text order of their triggers.
#[derive(Clone, Debug, Default)]
pub struct Happenings {
    /// In text order.
    pub all: Vec<Happening>,
}
