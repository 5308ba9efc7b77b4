//! The lexicon of slots (`slots.toml`), indexed by lemma.

use std::collections::{HashMap, HashSet};

use dateline_record::{QuantityRole, Visibility};
use serde::Deserialize;

use crate::lexicon::{LexiconError, Lexicons};

const FILE: &str = "slots.toml";

/// The rules of this stage: roles of counts, words of evidence and of circulation.
#[derive(Debug, Default)]
pub struct Rules {
    /// Role of a count of people by the lemma of the trigger.
    pub(super) by_trigger: HashMap<String, QuantityRole>,
    /// Role of a count by the lemma of what is counted.
    pub(super) by_noun: HashMap<String, QuantityRole>,
    pub(super) show: HashSet<String>,
    pub(super) no_evidence: HashSet<String>,
    pub(super) channel: HashSet<String>,
    pub(super) visibility: HashMap<String, Visibility>,
    pub(super) first: HashSet<String>,
    pub(super) spread: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    count: Vec<Entry>,
    #[serde(default)]
    thing: Vec<Entry>,
    #[serde(default)]
    show: Vec<Entry>,
    #[serde(default)]
    no_evidence: Vec<Entry>,
    #[serde(default)]
    channel: Vec<Entry>,
    #[serde(default)]
    visibility: Vec<Entry>,
    #[serde(default)]
    first: Vec<Entry>,
    #[serde(default)]
    spread: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    role: Option<QuantityRole>,
    value: Option<Visibility>,
    #[serde(default, alias = "triggers", alias = "nouns", alias = "verbs")]
    words: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
}

impl Rules {
    /// From the lexicons.
    ///
    /// # Errors
    /// When `slots.toml` is wrong: not TOML, an unknown field, an entry without words or without an example.
    pub fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let mut rules = Self::default();
        for layer in lexicons.layers(FILE) {
            let wrong = |message: String| LexiconError::Content { file: layer.file.to_owned(), message };
            let file: File = toml::from_str(layer.text).map_err(|error| wrong(error.to_string()))?;
            let lists = [
                &file.count,
                &file.thing,
                &file.show,
                &file.no_evidence,
                &file.channel,
                &file.visibility,
                &file.first,
                &file.spread,
            ];
            for entry in lists.into_iter().flatten() {
                if entry.words.is_empty() || entry.examples.is_empty() {
                    let name = entry.words.first().map_or("an entry", String::as_str);
                    return Err(wrong(format!("{name}: words and at least one example are needed")));
                }
            }
            let role = |entry: &Entry| entry.role.ok_or_else(|| wrong(format!("{}: no role", entry.words.join(" "))));
            for entry in &file.count {
                let role = role(entry)?;
                rules.by_trigger.extend(entry.words.iter().map(|word| (word.clone(), role)));
            }
            for entry in &file.thing {
                let role = role(entry)?;
                rules.by_noun.extend(entry.words.iter().map(|word| (word.clone(), role)));
            }
            for entry in &file.visibility {
                let value = entry.value.ok_or_else(|| wrong(format!("{}: no value", entry.words.join(" "))))?;
                rules.visibility.extend(entry.words.iter().map(|word| (word.clone(), value)));
            }
            let words = |entries: &[Entry]| entries.iter().flat_map(|entry| entry.words.clone()).collect::<Vec<_>>();
            rules.show.extend(words(&file.show));
            rules.no_evidence.extend(words(&file.no_evidence));
            rules.channel.extend(words(&file.channel));
            rules.first.extend(words(&file.first));
            rules.spread.extend(words(&file.spread));
        }
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_lexicon_loads() {
        let rules = Rules::new(&Lexicons::default()).unwrap();
        assert_eq!(rules.by_trigger["kill"], QuantityRole::Killed);
        assert_eq!(rules.visibility["private"], Visibility::Private);
    }
}
