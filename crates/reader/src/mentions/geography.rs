//! The seam to the gazetteer: states by their names, adjectives, peoples and capitals.

use dateline_gazetteer::Gazetteer;
use dateline_nlp::Doc;
use dateline_record::Country;

use super::names::NameIndex;
use super::words::Words;

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
}

/// States by every word for them, and the gazetteer for everything else.
pub(crate) struct Geography {
    pub(crate) gazetteer: &'static Gazetteer,
    names: NameIndex,
    states: Vec<StateName>,
}

impl std::fmt::Debug for Geography {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Geography").field("states", &self.states.len()).finish_non_exhaustive()
    }
}

impl Geography {
    pub(crate) fn new() -> Self {
        let gazetteer = Gazetteer::embedded();
        let mut geography = Self { gazetteer, names: NameIndex::default(), states: Vec::new() };
        for row in gazetteer.countries() {
            let Ok(country) = row.alpha3.parse::<Country>() else { continue };
            let names = std::slice::from_ref(&row.name);
            // The later of two equal spellings wins: a country's name before its capital (*Singapore*), adjectives before peoples.
            let lists: [(StateForm, &[&str]); 5] = [
                (StateForm::People, &row.nouns),
                (StateForm::Adjective, &row.adjectives),
                (StateForm::Capital, &row.capitals),
                (StateForm::Name, &row.aliases),
                (StateForm::Name, names),
            ];
            for (form, list) in lists {
                for name in list {
                    geography.names.add(name, geography.states.len() as u32);
                    geography.states.push(StateName { country, form });
                }
            }
        }
        geography
    }

    /// The longest name of a state that starts at token `i`: number of tokens, and the state.
    pub(crate) fn state_at(&self, doc: &Doc, words: &Words, i: usize) -> Option<(usize, StateName)> {
        let (length, at) = self.names.longest(doc, words, i)?;
        Some((length, *self.states.get(at as usize)?))
    }

    /// The state's usual English name.
    pub(crate) fn name_of(&self, country: Country) -> Option<&'static str> {
        self.gazetteer.by_alpha3(country.as_str()).map(|row| row.name)
    }

    /// True when the gazetteer has a place of this name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.gazetteer.lookup(name).next().is_some()
    }
}
