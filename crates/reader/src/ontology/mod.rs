//! Schemes of a user's own, in TOML: types of happenings, the words that tell of them, and the slots that each type has.
//!
//! An [`Ontology`] adds to a reading and takes nothing from it. Its triggers are written in the language of the built-in event lexicon
//! and found by the same search; where one stands at a happening that the reader knows, that claim gets a
//! [`dateline_record::Coding`], and where it does not, a claim is made, with the PLOVER type that the ontology's crosswalk gives. The
//! file's form is described in `docs/ontology.md`.

mod file;
mod find;
mod slots;

use std::collections::HashMap;

use dateline_record::Acled;

pub(crate) use self::find::{code, find};
use self::slots::Slot;
use crate::happenings;
use crate::lexicon::{LexiconError, Lexicons, SchemeFile};

/// A type of the scheme.
#[derive(Clone, Debug)]
pub struct Type {
    /// Its name.
    pub name: String,
    /// What it is, in the words of who made the scheme.
    pub description: String,
    /// Index of the type above it.
    pub parent: Option<usize>,
    /// PLOVER type and mode, its own or those of a type above it.
    pub plover: Option<String>,
    /// ACLED's code, its own or that of a type above it.
    pub acled: Option<Acled>,
}

/// A sentence in which an entry shows itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows: `trigger hit`, `slot facility`.
    pub entry: String,
    /// The sentence.
    pub text: String,
    /// What should be read in it.
    pub wants: Wants,
}

/// What an example should give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wants {
    /// A claim of this type.
    Type(String),
    /// No claim of this scheme: the trigger is a false friend.
    Nothing,
    /// These words in this slot.
    Slot {
        /// Name of the slot.
        name: String,
        /// The words, which stand in brackets in the file.
        words: Vec<String>,
        /// The category that the rule gives them.
        value: Option<String>,
    },
}

/// A scheme, checked and indexed.
#[derive(Debug)]
pub struct Ontology {
    name: String,
    version: Option<String>,
    licence: Option<String>,
    types: Vec<Type>,
    /// Type of each trigger, by the trigger's id.
    triggers: HashMap<String, usize>,
    rules: happenings::Rules,
    slots: Vec<Slot>,
    examples: Vec<Example>,
}

impl Ontology {
    /// Reads and checks an ontology; its `@classes` are those of `lexicons` and its own.
    ///
    /// # Errors
    /// All that is wrong with the file, each with its entry and the reason.
    pub fn new(file: &SchemeFile, lexicons: &Lexicons) -> Result<Self, LexiconError> {
        file::compile(file, lexicons)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Its licence.
    #[must_use]
    pub fn licence(&self) -> Option<&str> {
        self.licence.as_deref()
    }

    /// Its types, in the order of the file.
    #[must_use]
    pub fn types(&self) -> &[Type] {
        &self.types
    }

    /// How many triggers it has.
    #[must_use]
    pub fn triggers(&self) -> usize {
        self.triggers.len()
    }

    /// Names of its slots, each once, in the order of the file.
    #[must_use]
    pub fn slots(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for slot in &self.slots {
            if !names.contains(&slot.name.as_str()) {
                names.push(&slot.name);
            }
        }
        names
    }

    /// Types that no trigger and no narrower type leads to.
    #[must_use]
    pub fn unreached(&self) -> Vec<&str> {
        let reached =
            |at: usize| self.triggers.values().any(|&kind| kind == at) || self.types.iter().any(|kind| kind.parent == Some(at));
        self.types.iter().enumerate().filter(|&(at, _)| !reached(at)).map(|(_, kind)| kind.name.as_str()).collect()
    }

    /// The sentences in which its entries show themselves.
    #[must_use]
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The types above a type, nearest first.
    fn above(&self, kind: usize) -> impl Iterator<Item = usize> + '_ {
        // Parents make no circle: the file was refused otherwise.
        std::iter::successors(Some(kind), |&at| self.types.get(at)?.parent).skip(1).take(self.types.len())
    }
}
