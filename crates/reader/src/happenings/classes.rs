//! What sort of thing a noun names, as far as coding needs it: armed, person, place, arms, money, text…

use std::collections::HashMap;

use dateline_nlp::Doc;
use dateline_record::{EntityKind, Precision, Sector};
use serde::{Deserialize, Serialize};

use crate::lexicon::{LexiconError, Lexicons};
use crate::mentions::Mentions;

const FILE: &str = "event_classes.toml";

/// A set of noun classes, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClassSet(u64);

impl ClassSet {
    pub(crate) const EMPTY: Self = Self(0);

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    class: HashMap<String, RawClass>,
}

/// A class as files write it.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawClass {
    #[serde(default)]
    words: String,
    /// Classes that are parts of this one.
    #[serde(default)]
    includes: String,
}

/// The classes that the program itself assigns; a lexicon file must have them.
#[derive(Clone, Copy, Debug)]
struct Known {
    person: ClassSet,
    group: ClassSet,
    state: ClassSet,
    armed: ClassSet,
    police: ClassSet,
    place: ClassSet,
    money: ClassSet,
    time: ClassSet,
    media: ClassSet,
    document: ClassSet,
    arms: ClassSet,
}

/// Noun classes by lemma.
#[derive(Debug)]
pub(crate) struct Classes {
    by_lemma: HashMap<Box<str>, ClassSet>,
    bits: HashMap<String, ClassSet>,
    known: Known,
    /// Composite classes that decide roles.
    pub(crate) agent: ClassSet,
    pub(crate) thing: ClassSet,
    pub(crate) place: ClassSet,
    pub(crate) institution: ClassSet,
    pub(crate) weapon: ClassSet,
    pub(crate) state: ClassSet,
    pub(crate) armed: ClassSet,
    pub(crate) police: ClassSet,
    pub(crate) time: ClassSet,
}

impl Classes {
    pub(crate) fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let mut merged: HashMap<String, (String, String)> = HashMap::new();
        for layer in lexicons.layers(FILE) {
            let file: RawFile = toml::from_str(layer.text)
                .map_err(|error| LexiconError::Content { file: layer.file.to_owned(), message: error.to_string() })?;
            for (name, class) in file.class {
                let slot = merged.entry(name).or_default();
                slot.0.push(' ');
                slot.0.push_str(&class.words);
                slot.1.push(' ');
                slot.1.push_str(&class.includes);
            }
        }
        let wrong = |message: String| LexiconError::Content { file: FILE.to_owned(), message };
        let mut names: Vec<&String> = merged.keys().collect();
        names.sort();
        if names.len() > 64 {
            return Err(wrong(format!("{} classes; there is room for 64", names.len())));
        }
        let single: HashMap<&str, ClassSet> =
            names.iter().enumerate().map(|(at, name)| (name.as_str(), ClassSet(1 << at))).collect();
        let mut bits: HashMap<String, ClassSet> = HashMap::new();
        for (name, (_, includes)) in &merged {
            let mut set = single.get(name.as_str()).copied().unwrap_or_default();
            for part in includes.split_whitespace() {
                let Some(&bit) = single.get(part) else {
                    return Err(wrong(format!("class {name} includes {part}, which is none")));
                };
                set.add(bit);
            }
            bits.insert(name.clone(), set);
        }
        let mut by_lemma: HashMap<Box<str>, ClassSet> = HashMap::new();
        for (name, (words, _)) in &merged {
            for word in words.split_whitespace() {
                by_lemma.entry(word.into()).or_default().add(single.get(name.as_str()).copied().unwrap_or_default());
            }
        }
        let own = |name: &str| single.get(name).copied().ok_or_else(|| wrong(format!("class {name} is missing")));
        let whole = |name: &str| bits.get(name).copied().ok_or_else(|| wrong(format!("class {name} is missing")));
        let known = Known {
            person: own("person")?,
            group: own("group")?,
            state: own("state")?,
            armed: own("armed")?,
            police: own("police")?,
            place: own("place")?,
            money: own("money")?,
            time: own("time")?,
            media: own("media")?,
            document: own("document")?,
            arms: own("arms")?,
        };
        let (agent, thing, place, institution) = (whole("agent")?, whole("thing")?, whole("location")?, whole("institution")?);
        let (weapon, state) = (whole("weapon")?, whole("state")?);
        let (armed, police, time) = (known.armed, known.police, known.time);
        Ok(Self { by_lemma, bits, known, agent, thing, place, institution, weapon, state, armed, police, time })
    }

    /// The class of this name, with what it includes.
    pub(crate) fn named(&self, name: &str) -> Option<ClassSet> {
        self.bits.get(name).copied()
    }

    /// What the noun `token` is: by its lemma, its entity label and the mention that it heads.
    pub(crate) fn of(&self, doc: &Doc, mentions: &Mentions, token: usize) -> ClassSet {
        let lemma = doc.lemma(token);
        let mut set = match self.by_lemma.get(lemma) {
            Some(&set) => set,
            None if lemma.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                let lower = lemma.to_lowercase();
                let singular = lower.strip_suffix('s').unwrap_or(&lower);
                self.by_lemma.get(lower.as_str()).or_else(|| self.by_lemma.get(singular)).copied().unwrap_or_default()
            }
            None => ClassSet::EMPTY,
        };
        if doc.pos(token) == "PRON" {
            match doc.word(token).to_lowercase().as_str() {
                "he" | "she" | "him" | "her" | "who" | "whom" | "i" | "me" | "you" | "himself" | "herself" => {
                    set.add(self.known.person)
                }
                "they" | "them" | "we" | "us" | "themselves" | "those" | "others" | "many" | "some" | "several" => {
                    set.add(self.known.group)
                }
                _ => {}
            }
        }
        let known = &self.known;
        match doc.token(token).entity.as_str() {
            "PERSON" => set.add(known.person),
            "NORP" | "ORG" => set.add(known.group),
            "GPE" => set.add(known.place),
            "LOC" | "FAC" => set.add(known.place),
            "MONEY" => set.add(known.money),
            "DATE" | "TIME" => set.add(known.time),
            _ => {}
        }
        if let Some(mention) = mentions.at_head(token).and_then(|id| mentions.all.get(id)) {
            match mention.kind {
                EntityKind::Actor => {
                    set.add(if mention.person { known.person } else { known.group });
                    match mention.sector {
                        Some(Sector::Cop) => set.add(known.police),
                        Some(sector) if sector.is_armed() => set.add(known.armed),
                        Some(Sector::Gov) if !mention.person => set.add(known.state),
                        _ => {}
                    }
                }
                EntityKind::Place => {
                    set.add(known.place);
                    let country = mention.place.as_ref().is_some_and(|place| place.precision == Precision::Country);
                    if country {
                        set.add(known.state);
                    }
                }
                EntityKind::Media => set.add(known.media),
                EntityKind::Document => set.add(known.document),
                EntityKind::Equipment => set.add(known.arms),
                EntityKind::Platform => set.add(known.group),
            }
        }
        set
    }
}
