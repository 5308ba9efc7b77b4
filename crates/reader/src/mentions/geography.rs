//! The seam to the gazetteer: states by their names, adjectives, peoples and capitals.

use dateline_nlp::Doc;
use dateline_record::Country;

use super::names::NameIndex;
use super::words::Words;
use crate::lexicon::{LexiconError, Lexicons};

/// How a word names a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateForm {
    /// *Ukraine*
    Name,
    /// *Ukrainian*
    Adjective,
    /// *Ukrainians*
    People,
    /// *Kyiv*
    Capital,
}

/// A word or words that name a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateName {
    pub(crate) country: Country,
    pub(crate) form: StateForm,
    /// Also a town or first-level division of another state: *Georgia*.
    pub(crate) row: u32,
}

/// States by every word for them.
#[derive(Debug)]
pub(crate) struct Geography {
    names: NameIndex,
    states: Vec<StateName>,
    rows: Vec<(Country, String)>,
}

impl Geography {
    pub(crate) fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let mut geography = Self { names: NameIndex::default(), states: Vec::new(), rows: Vec::new() };
        for layer in lexicons.layers("countries.tsv") {
            for line in layer.text.lines().filter(|line| !line.starts_with('#')) {
                let columns: Vec<&str> = line.split('\t').collect();
                let &[_, alpha3, _, name, _, _, _, _, capital, _, adjectives, nouns, aliases, ..] = columns.as_slice() else {
                    continue;
                };
                let Ok(country) = alpha3.parse::<Country>() else { continue };
                let row = geography.rows.len() as u32;
                geography.rows.push((country, name.to_owned()));
                let lists = [
                    (StateForm::People, nouns),
                    (StateForm::Adjective, adjectives),
                    (StateForm::Capital, capital),
                    (StateForm::Name, aliases),
                    (StateForm::Name, name),
                ];
                for (form, list) in lists {
                    for name in list.split(';').filter(|name| !name.is_empty()) {
                        geography.names.add(name, geography.states.len() as u32);
                        geography.states.push(StateName { country, form, row });
                    }
                }
            }
        }
        Ok(geography)
    }

    /// The longest name of a state that starts at token `i`: number of tokens, and the state.
    pub(crate) fn state_at(&self, doc: &Doc, words: &Words, i: usize) -> Option<(usize, StateName)> {
        let (length, at) = self.names.longest(doc, words, i)?;
        Some((length, *self.states.get(at as usize)?))
    }

    /// The state's usual English name.
    pub(crate) fn name_of(&self, country: Country) -> Option<&str> {
        self.rows.iter().find(|(code, _)| *code == country).map(|(_, name)| name.as_str())
    }
}
