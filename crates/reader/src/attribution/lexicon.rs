//! `attribution.toml`, parsed and indexed by lemma.

use std::str::FromStr;

use dateline_nlp::Doc;
use dateline_record::{Act, FactualityValue};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

use super::learned::Models;
use crate::learned::ModelError;
use crate::lexicon::{Layer, LexiconError, Lexicons};

pub(super) const FILE: &str = "attribution.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    verb: Vec<RawEntry>,
    #[serde(default)]
    noun: Vec<RawEntry>,
    #[serde(default)]
    adjective: Vec<RawEntry>,
    #[serde(default)]
    adverb: Vec<RawEntry>,
    #[serde(default)]
    attributive: Vec<RawEntry>,
    #[serde(default)]
    phrase: Vec<RawEntry>,
    #[serde(default)]
    unnamed: Words,
    #[serde(default)]
    document: Words,
    #[serde(default)]
    social: Words,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    lemmas: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    act: String,
    #[serde(default, alias = "words")]
    lemmas: Vec<String>,
    #[serde(default)]
    frames: Vec<String>,
    holds: String,
    #[serde(default)]
    factive: bool,
    #[serde(default)]
    opinion: bool,
    examples: Vec<String>,
}

/// What one cue word does.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) act: Act,
    pub(crate) frames: Frames,
    /// How the source holds the content.
    pub(crate) holds: FactualityValue,
    /// The author goes along.
    pub(crate) factive: bool,
    /// An attitude or talk about something: no claim hangs on it.
    pub(crate) opinion: bool,
}

/// Where the content of a cue stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frames {
    pub(crate) clause: bool,
    pub(crate) quote: bool,
    pub(crate) infinitive: bool,
    pub(crate) object: bool,
    /// An object and what is said of it: *called the strike a crime*.
    pub(crate) predicate: bool,
    /// *appears to have fled*: subject and complement are what seems so.
    pub(crate) seeming: bool,
    pub(crate) prepositions: Vec<String>,
}

/// The lexicon, by kind of word and lemma.
#[derive(Debug, Default)]
pub struct Rules {
    pub(crate) verbs: HashMap<String, Entry>,
    /// Verbs of attitude, tried where no other entry of the verb fits.
    pub(crate) attitudes: HashMap<String, Vec<Entry>>,
    pub(crate) nouns: HashMap<String, Entry>,
    pub(crate) adjectives: HashMap<String, Entry>,
    pub(crate) adverbs: HashMap<String, Entry>,
    pub(crate) attributives: HashMap<String, Entry>,
    /// First word → all words.
    pub(crate) phrases: Vec<(Vec<String>, Entry)>,
    pub(crate) unnamed: HashSet<String>,
    pub(crate) document: HashSet<String>,
    pub(crate) social: HashSet<String>,
    /// The learned part of the stage; without it the rules stand alone.
    pub(crate) models: Option<Models>,
}

impl Rules {
    /// Parses the lexicon, the user's over ours.
    ///
    /// # Errors
    /// When an entry is wrong; the error names file and entry.
    pub fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let mut rules = Self::default();
        for layer in lexicons.layers(FILE) {
            rules.add(layer)?;
        }
        let wrong = |error: ModelError| LexiconError::Content { file: "models".to_owned(), message: error.to_string() };
        rules.models = Some(Models::embedded().map_err(wrong)?);
        Ok(rules)
    }

    /// The rules without the learned part.
    #[must_use]
    pub fn alone(self) -> Self {
        Self { models: None, ..self }
    }

    /// The entry of a cue, by its main token.
    pub(crate) fn entry(&self, doc: &Doc, cue: usize) -> Option<&Entry> {
        let lemma = doc.lemma(cue);
        match doc.pos(cue).as_str() {
            "VERB" | "AUX" => {
                let particle = doc.children(cue).find(|&child| doc.dep(child) == "prt");
                let phrase = particle.and_then(|particle| self.verbs.get(&format!("{lemma} {}", doc.lemma(particle))));
                phrase.or_else(|| self.verbs.get(lemma)).or_else(|| self.phrase(doc, cue))
            }
            "NOUN" => self.nouns.get(lemma).or_else(|| self.phrase(doc, cue)),
            "ADJ" => self.attributives.get(lemma).or_else(|| self.adjectives.get(lemma)),
            "ADV" => self.adverbs.get(&doc.word(cue).to_lowercase()).or_else(|| self.phrase(doc, cue)),
            _ => self.phrase(doc, cue),
        }
    }

    fn phrase(&self, doc: &Doc, cue: usize) -> Option<&Entry> {
        let word = doc.word(cue).to_lowercase();
        self.phrases.iter().find(|(words, _)| words[0] == word).map(|(_, entry)| entry)
    }

    fn add(&mut self, layer: Layer<'_>) -> Result<(), LexiconError> {
        let wrong = |message: String| LexiconError::Content { file: layer.file.to_owned(), message };
        let raw: Raw = toml::from_str(layer.text).map_err(|error| wrong(error.to_string()))?;
        let attitudes = &mut self.attitudes;
        let kinds = [
            (raw.verb, &mut self.verbs),
            (raw.noun, &mut self.nouns),
            (raw.adjective, &mut self.adjectives),
            (raw.adverb, &mut self.adverbs),
            (raw.attributive, &mut self.attributives),
        ];
        let mut seen = HashSet::new();
        for (at, (entries, map)) in kinds.into_iter().enumerate() {
            for entry in entries {
                let parsed = parse(&entry).map_err(wrong)?;
                if parsed.opinion {
                    for lemma in entry.lemmas {
                        attitudes.entry(lemma).or_default().push(parsed.clone());
                    }
                    continue;
                }
                for lemma in entry.lemmas {
                    // Within one file the first entry of a word wins, so that the order there is the order of preference.
                    if seen.insert((at, lemma.clone())) {
                        map.insert(lemma, parsed.clone());
                    }
                }
            }
        }
        for entry in raw.phrase {
            let parsed = parse(&entry).map_err(wrong)?;
            for words in entry.lemmas {
                self.phrases.push((words.split(' ').map(str::to_owned).collect(), parsed.clone()));
            }
        }
        self.unnamed.extend(raw.unnamed.lemmas);
        self.document.extend(raw.document.lemmas);
        self.social.extend(raw.social.lemmas);
        Ok(())
    }
}

fn parse(raw: &RawEntry) -> Result<Entry, String> {
    let name = raw.lemmas.first().map_or("?", String::as_str);
    if raw.examples.is_empty() {
        return Err(format!("the entry of `{name}` has no example"));
    }
    let act = Act::from_str(&raw.act).map_err(|error| format!("entry of `{name}`: {error}"))?;
    let holds = FactualityValue::from_str(&raw.holds).map_err(|error| format!("entry of `{name}`: {error}"))?;
    let mut frames = Frames::default();
    for frame in &raw.frames {
        match frame.as_str() {
            "clause" => frames.clause = true,
            "quote" => frames.quote = true,
            "infinitive" => frames.infinitive = true,
            "object" => frames.object = true,
            "predicate" => frames.predicate = true,
            "seeming" => frames.seeming = true,
            preposition => frames.prepositions.push(preposition.to_owned()),
        }
    }
    Ok(Entry { act, frames, holds, factive: raw.factive, opinion: raw.opinion })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_parses_and_has_an_example() {
        let rules = Rules::new(&Lexicons::default()).unwrap();
        assert_eq!(rules.verbs["say"].act, Act::Say);
        assert_eq!(rules.verbs["deny"].holds, FactualityValue::CertainNegative);
        assert!(rules.verbs.len() > 150 && rules.nouns.len() > 50);
    }

    #[test]
    fn err_names_the_entry() {
        let mut rules = Rules::default();
        let text = "[[verb]]\nact = \"mumble\"\nlemmas = [\"mutter\"]\nholds = \"CT+\"\nexamples = [\"x\"]\n";
        let error = rules.add(Layer { file: FILE, text }).unwrap_err().to_string();
        assert_eq!(error, "attribution.toml: entry of `mutter`: `mumble` is no speech act code");
    }
}
