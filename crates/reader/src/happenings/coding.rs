//! What refines a code: support verbs, instruments that give the mode, words of the content that give it, contexts.

use std::collections::HashMap;

use dateline_record::{Context, EventType, Mode};
use serde::Deserialize;

use super::Role;
use crate::lexicon::{LexiconError, Lexicons};

const FILE: &str = "event_frames.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    light: Vec<RawLight>,
    #[serde(default)]
    instrument: Vec<RawWords>,
    #[serde(default)]
    content: Vec<RawContent>,
    #[serde(default)]
    context: Vec<RawContext>,
    #[serde(default)]
    partitive: Vec<RawList>,
    #[serde(default)]
    modifier_head: Vec<RawList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLight {
    verbs: String,
    subject: String,
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    mode: String,
    words: String,
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawContent {
    types: String,
    mode: String,
    words: String,
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawContext {
    context: String,
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawList {
    words: String,
}

/// A support verb: *launch* (an attack), *come* *under* (fire).
#[derive(Clone, Debug)]
pub(crate) struct Light {
    /// Second word of the verb: *out* of *carry out*.
    pub(crate) particle: Option<Box<str>>,
    /// Preposition by which the noun hangs: *under* of *come under fire*.
    pub(crate) preposition: Option<Box<str>>,
    /// What the subject is to the noun's happening; none when it is nothing.
    pub(crate) subject: Option<Role>,
}

/// Everything that refines a code.
#[derive(Debug, Default)]
pub(crate) struct Coding {
    lights: HashMap<Box<str>, Vec<Light>>,
    instruments: HashMap<Box<str>, (u8, Mode)>,
    contents: HashMap<Box<str>, Vec<(EventType, Mode)>>,
    contexts: HashMap<Box<str>, Vec<Context>>,
    partitives: HashMap<Box<str>, ()>,
    modifier_heads: HashMap<Box<str>, ()>,
}

impl Coding {
    pub(crate) fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let mut out = Self::default();
        for layer in lexicons.layers(FILE) {
            let wrong = |message: String| LexiconError::Content { file: layer.file.to_owned(), message };
            let file: RawFile = toml::from_str(layer.text).map_err(|error| wrong(error.to_string()))?;
            out.add(file).map_err(wrong)?;
        }
        Ok(out)
    }

    fn add(&mut self, file: RawFile) -> Result<(), String> {
        for light in file.light {
            need_example(&light.examples, &light.verbs)?;
            let subject = match light.subject.as_str() {
                "actor" => Some(Role::Actor),
                "recipient" => Some(Role::Recipient),
                "none" => None,
                other => return Err(format!("light verbs `{}`: `{other}` is no role of a subject", light.verbs)),
            };
            for word in light.verbs.split_whitespace() {
                let (verb, preposition) =
                    word.split_once(':').map_or((word, None), |(verb, preposition)| (verb, Some(preposition.into())));
                let (lemma, particle) =
                    verb.split_once('_').map_or((verb, None), |(lemma, particle)| (lemma, Some(particle.into())));
                self.lights.entry(lemma.into()).or_default().push(Light { particle, preposition, subject });
            }
        }
        for (rank, instrument) in file.instrument.into_iter().enumerate() {
            need_example(&instrument.examples, &instrument.mode)?;
            let mode: Mode = instrument.mode.parse().map_err(|error| format!("{error}"))?;
            for word in instrument.words.split_whitespace() {
                self.instruments.entry(word.into()).or_insert((rank.min(255) as u8, mode));
            }
        }
        for content in file.content {
            need_example(&content.examples, &content.mode)?;
            let mode: Mode = content.mode.parse().map_err(|error| format!("{error}"))?;
            for kind in content.types.split_whitespace() {
                let kind: EventType = kind.parse().map_err(|error| format!("{error}"))?;
                if !kind.modes().contains(&mode) {
                    return Err(format!("{kind} has no mode {mode}"));
                }
                for word in content.words.split_whitespace() {
                    self.contents.entry(word.into()).or_default().push((kind, mode));
                }
            }
        }
        for context in file.context {
            let code: Context = context.context.parse().map_err(|error| format!("{error}"))?;
            for word in context.words.split_whitespace() {
                self.contexts.entry(word.into()).or_default().push(code);
            }
        }
        self.partitives
            .extend(file.partitive.iter().flat_map(|list| list.words.split_whitespace()).map(|word| (word.into(), ())));
        self.modifier_heads
            .extend(file.modifier_head.iter().flat_map(|list| list.words.split_whitespace()).map(|word| (word.into(), ())));
        Ok(())
    }

    pub(crate) fn lights(&self, lemma: &str) -> &[Light] {
        self.lights.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// The mode that a weapon or means gives an assault, with its rank (lower is more telling).
    pub(crate) fn instrument(&self, lemma: &str) -> Option<(u8, Mode)> {
        self.instruments.get(lemma).copied()
    }

    /// The mode that a word of the content gives a demand, threat or refusal.
    pub(crate) fn content(&self, lemma: &str, kind: EventType) -> Option<Mode> {
        self.contents.get(lemma)?.iter().find(|(known, _)| *known == kind).map(|&(_, mode)| mode)
    }

    pub(crate) fn contexts(&self, lemma: &str) -> &[Context] {
        self.contexts.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// *a series of*, *a wave of*: the noun behind *of* is what happens.
    pub(crate) fn is_partitive(&self, lemma: &str) -> bool {
        self.partitives.contains_key(lemma)
    }

    /// Nouns before which an event noun keeps its happening: *bombing campaign*.
    pub(crate) fn keeps_modifier(&self, lemma: &str) -> bool {
        self.modifier_heads.contains_key(lemma)
    }
}

fn need_example(examples: &[String], what: &str) -> Result<(), String> {
    if examples.iter().all(|example| example.trim().is_empty()) { Err(format!("`{what}` has no example")) } else { Ok(()) }
}
