//! The lexicons of this stage, parsed and indexed.

use std::collections::{HashMap, HashSet};

use dateline_record::{Country, Sector};
use serde::Deserialize;

use super::geography::Geography;
use super::names::NameIndex;
use super::nouns::Nouns;
use super::toponyms::Lists;
use super::words::fold;
use crate::lexicon::{LexiconError, Lexicons};

/// Whether a noun counts human beings or names a body of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Are {
    People,
    Group,
}

/// What an actor noun says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActorNoun {
    pub(crate) sector: Option<Sector>,
    pub(crate) are: Are,
}

/// What a name of an organisation says.
#[derive(Clone, Debug)]
pub(crate) struct Organisation {
    pub(crate) name: String,
    pub(crate) country: Option<Country>,
    pub(crate) sector: Option<Sector>,
}

/// What a title says of its bearer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Title {
    pub(crate) sector: Option<Sector>,
    pub(crate) gender: Option<Gender>,
    pub(crate) courtesy: bool,
}

/// Which pronoun fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// *he*
    Male,
    /// *she*
    Female,
}

/// Pictures, documents and platforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaNoun {
    Media,
    Document,
    Platform,
}

/// A class of equipment.
#[derive(Clone, Debug)]
pub(crate) struct EquipmentClass {
    pub(crate) name: String,
    pub(crate) platform: bool,
}

/// What a known name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Index of an organisation.
    Organisation(u32),
    /// Index of an equipment class.
    Model(u32),
    Platform,
}

/// Everything that this stage knows, built once.
#[derive(Debug)]
pub struct Rules {
    pub(crate) names: NameIndex,
    pub(crate) known: Vec<Known>,
    pub(crate) organisations: Vec<Organisation>,
    pub(crate) actors: Nouns<ActorNoun>,
    pub(crate) generic: Nouns<Are>,
    pub(crate) modifiers: HashMap<Box<str>, (Sector, bool)>,
    pub(crate) state_nouns: HashSet<Box<str>>,
    pub(crate) partitives: HashSet<Box<str>>,
    pub(crate) titles: HashMap<Box<str>, Title>,
    pub(crate) genders: HashMap<Box<str>, Gender>,
    pub(crate) qualifiers: HashSet<Box<str>>,
    pub(crate) classes: Vec<EquipmentClass>,
    pub(crate) equipment: Nouns<u32>,
    pub(crate) model_stems: HashMap<Box<str>, u32>,
    pub(crate) media: Nouns<MediaNoun>,
    pub(crate) areas: Nouns<()>,
    pub(crate) facilities: Nouns<()>,
    pub(crate) directions: HashSet<Box<str>>,
    pub(crate) grammar: Grammar,
    pub(crate) toponyms: Lists,
    pub(crate) geography: Geography,
}

/// Word lists by which a state's or capital's name acts or is a place.
#[derive(Debug, Default)]
pub(crate) struct Grammar {
    pub(crate) locative: HashSet<Box<str>>,
    pub(crate) party: HashSet<Box<str>>,
    pub(crate) giving: HashSet<Box<str>>,
    pub(crate) taking: HashSet<Box<str>>,
    pub(crate) reaching: HashSet<Box<str>>,
    pub(crate) striking: HashSet<Box<str>>,
    pub(crate) addressing: HashSet<Box<str>>,
    pub(crate) undergoing: HashSet<Box<str>>,
    pub(crate) deed: HashSet<Box<str>>,
    pub(crate) whereabouts: HashSet<Box<str>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordList {
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NounEntry {
    #[serde(default)]
    sector: Option<String>,
    are: Are,
    words: Vec<String>,
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModifierEntry {
    sector: String,
    strong: bool,
    words: Vec<String>,
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActorsFile {
    #[serde(default)]
    noun: Vec<NounEntry>,
    #[serde(default)]
    generic: Vec<NounEntry>,
    #[serde(default)]
    modifier: Vec<ModifierEntry>,
    state: Option<WordList>,
    partitive: Option<WordList>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TitleKind {
    Office,
    Rank,
    Courtesy,
    Profession,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TitleEntry {
    kind: TitleKind,
    #[serde(default)]
    sector: Option<String>,
    #[serde(default)]
    gender: Option<Gender>,
    words: Vec<String>,
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GenderEntry {
    gender: Gender,
    words: Vec<String>,
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TitlesFile {
    #[serde(default)]
    title: Vec<TitleEntry>,
    #[serde(default)]
    gender: Vec<GenderEntry>,
    qualifier: Option<WordList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassEntry {
    name: String,
    platform: bool,
    nouns: Vec<String>,
    models: Vec<String>,
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EquipmentFile {
    #[serde(default)]
    class: Vec<ClassEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MediaFile {
    media: Option<WordList>,
    document: Option<WordList>,
    account: Option<WordList>,
    platform: Option<WordList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesFile {
    area: Option<WordList>,
    facility: Option<WordList>,
    direction: Option<WordList>,
    locative: Option<WordList>,
    party: Option<WordList>,
    giving: Option<WordList>,
    taking: Option<WordList>,
    reaching: Option<WordList>,
    striking: Option<WordList>,
    addressing: Option<WordList>,
    undergoing: Option<WordList>,
    deed: Option<WordList>,
    whereabouts: Option<WordList>,
    #[serde(default)]
    toponym: HashMap<String, WordList>,
}

fn content(file: &str, message: impl ToString) -> LexiconError {
    LexiconError::Content { file: file.to_owned(), message: message.to_string() }
}

fn sector(file: &str, code: &str, entry: &str) -> Result<Sector, LexiconError> {
    code.parse().map_err(|error| content(file, format!("entry `{entry}`: {error}")))
}

/// Every entry shows itself at work, or the file is refused.
fn shown(file: &str, entry: &str, examples: &[String]) -> Result<(), LexiconError> {
    if examples.iter().any(|example| !example.trim().is_empty()) {
        return Ok(());
    }
    Err(content(file, format!("entry `{entry}` has no example")))
}

fn first(words: &[String]) -> &str {
    words.first().map_or("", String::as_str)
}

impl Rules {
    /// Parses and indexes the lexicons of this stage.
    ///
    /// # Errors
    /// When a lexicon's content is wrong; the error names file and entry.
    pub fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let mut rules = Self {
            names: NameIndex::default(),
            known: Vec::new(),
            organisations: Vec::new(),
            actors: Nouns::default(),
            generic: Nouns::default(),
            modifiers: HashMap::new(),
            state_nouns: HashSet::new(),
            partitives: HashSet::new(),
            titles: HashMap::new(),
            genders: HashMap::new(),
            qualifiers: HashSet::new(),
            classes: Vec::new(),
            equipment: Nouns::default(),
            model_stems: HashMap::new(),
            media: Nouns::default(),
            areas: Nouns::default(),
            facilities: Nouns::default(),
            directions: HashSet::new(),
            grammar: Grammar::default(),
            toponyms: Lists::default(),
            geography: Geography::new(),
        };
        for layer in lexicons.layers("actors.toml") {
            rules.add_actors(layer.file, toml::from_str(layer.text).map_err(|error| content(layer.file, error))?)?;
        }
        for layer in lexicons.layers("organisations.tsv") {
            rules.add_organisations(layer.file, layer.text)?;
        }
        for layer in lexicons.layers("titles.toml") {
            rules.add_titles(layer.file, toml::from_str(layer.text).map_err(|error| content(layer.file, error))?)?;
        }
        for layer in lexicons.layers("equipment.toml") {
            rules.add_equipment(layer.file, toml::from_str(layer.text).map_err(|error| content(layer.file, error))?)?;
        }
        for layer in lexicons.layers("media.toml") {
            rules.add_media(layer.file, toml::from_str(layer.text).map_err(|error| content(layer.file, error))?)?;
        }
        for layer in lexicons.layers("places.toml") {
            rules.add_places(layer.file, toml::from_str(layer.text).map_err(|error| content(layer.file, error))?)?;
        }
        Ok(rules)
    }

    fn add_name(&mut self, name: &str, known: Known) {
        self.names.add(name, self.known.len() as u32);
        self.known.push(known);
    }

    fn add_actors(&mut self, file: &str, actors: ActorsFile) -> Result<(), LexiconError> {
        for entry in &actors.noun {
            shown(file, first(&entry.words), &entry.examples)?;
            let sector = entry.sector.as_deref().map(|code| sector(file, code, first(&entry.words))).transpose()?;
            for word in &entry.words {
                self.actors.add(word, ActorNoun { sector, are: entry.are });
            }
        }
        for entry in &actors.generic {
            shown(file, first(&entry.words), &entry.examples)?;
            for word in &entry.words {
                self.generic.add(word, entry.are);
            }
        }
        for entry in &actors.modifier {
            shown(file, first(&entry.words), &entry.examples)?;
            let sector = sector(file, &entry.sector, first(&entry.words))?;
            self.modifiers.extend(entry.words.iter().map(|word| (fold(word).into(), (sector, entry.strong))));
        }
        let lists = [(&mut self.state_nouns, actors.state), (&mut self.partitives, actors.partitive)];
        for (set, list) in lists {
            extend(file, set, list)?;
        }
        Ok(())
    }

    fn add_organisations(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(name), Some(country), Some(code), Some(others)) =
                (columns.next(), columns.next(), columns.next(), columns.next())
            else {
                return Err(content(
                    file,
                    format!("line {}: name, country, sector and other names, tab-separated, are asked for", at + 1),
                ));
            };
            let wrong = |error: dateline_record::UnknownCode| content(file, format!("line {}, `{name}`: {error}", at + 1));
            let country = (!country.is_empty()).then(|| country.parse::<Country>()).transpose().map_err(wrong)?;
            let sector = (!code.is_empty()).then(|| code.parse::<Sector>()).transpose().map_err(wrong)?;
            let known = Known::Organisation(self.organisations.len() as u32);
            self.organisations.push(Organisation { name: name.to_owned(), country, sector });
            for name in std::iter::once(name).chain(others.split(';')).filter(|name| !name.is_empty()) {
                self.add_name(name, known);
            }
        }
        Ok(())
    }

    fn add_titles(&mut self, file: &str, titles: TitlesFile) -> Result<(), LexiconError> {
        for entry in &titles.title {
            shown(file, first(&entry.words), &entry.examples)?;
            let sector = entry.sector.as_deref().map(|code| sector(file, code, first(&entry.words))).transpose()?;
            let title = Title { sector, gender: entry.gender, courtesy: entry.kind == TitleKind::Courtesy };
            self.titles.extend(entry.words.iter().map(|word| (fold(word).into(), title)));
        }
        for entry in &titles.gender {
            shown(file, first(&entry.words), &entry.examples)?;
            self.genders.extend(entry.words.iter().map(|word| (fold(word).into(), entry.gender)));
        }
        extend(file, &mut self.qualifiers, titles.qualifier)
    }

    fn add_equipment(&mut self, file: &str, equipment: EquipmentFile) -> Result<(), LexiconError> {
        for entry in equipment.class {
            shown(file, &entry.name, &entry.examples)?;
            let at = self.classes.len() as u32;
            for noun in &entry.nouns {
                self.equipment.add(noun, at);
            }
            for model in &entry.models {
                self.add_name(model, Known::Model(at));
                if model.contains(|c: char| c.is_ascii_digit()) && !model.contains(' ') {
                    self.model_stems.insert(fold(model).into(), at);
                }
            }
            self.classes.push(EquipmentClass { name: entry.name, platform: entry.platform });
        }
        Ok(())
    }

    fn add_media(&mut self, file: &str, media: MediaFile) -> Result<(), LexiconError> {
        let lists = [
            (media.media, MediaNoun::Media),
            (media.document, MediaNoun::Document),
            (media.account, MediaNoun::Document),
            (media.platform, MediaNoun::Platform),
        ];
        for (list, what) in lists {
            let Some(list) = list else { continue };
            shown(file, first(&list.words), &list.examples).or_else(|error| {
                // Accounts are a small closed list beside documents; the file's own examples show them.
                if what == MediaNoun::Document { Ok(()) } else { Err(error) }
            })?;
            for word in &list.words {
                self.media.add(word, what);
            }
            for name in &list.names {
                self.add_name(name, Known::Platform);
            }
        }
        Ok(())
    }

    fn add_places(&mut self, file: &str, places: PlacesFile) -> Result<(), LexiconError> {
        for (nouns, list) in [(&mut self.areas, places.area), (&mut self.facilities, places.facility)] {
            let Some(list) = list else { continue };
            shown(file, first(&list.words), &list.examples)?;
            for word in &list.words {
                nouns.add(word, ());
            }
        }
        let grammar = &mut self.grammar;
        let lists = [
            (&mut self.directions, places.direction),
            (&mut grammar.locative, places.locative),
            (&mut grammar.party, places.party),
            (&mut grammar.giving, places.giving),
            (&mut grammar.taking, places.taking),
            (&mut grammar.reaching, places.reaching),
            (&mut grammar.striking, places.striking),
            (&mut grammar.addressing, places.addressing),
            (&mut grammar.undergoing, places.undergoing),
            (&mut grammar.deed, places.deed),
            (&mut grammar.whereabouts, places.whereabouts),
        ];
        for (set, list) in lists {
            extend(file, set, list)?;
        }
        for (name, list) in places.toponym {
            let set = self.toponyms.named(&name).ok_or_else(|| content(file, format!("there is no list `toponym.{name}`")))?;
            extend(file, set, Some(list))?;
        }
        Ok(())
    }

    /// True when the token begins the name of a state, or an adjective of one.
    pub(crate) fn is_state(&self, doc: &dateline_nlp::Doc, words: &super::Words, at: usize) -> bool {
        self.geography.state_at(doc, words, at).is_some()
    }

    /// The class of a type name that the lexicon has only the stem of: *T-72B3*, *Kh-101s*.
    pub(crate) fn model_like(&self, word: &str) -> Option<u32> {
        if !word.contains(|c: char| c.is_ascii_digit()) || word.len() > 16 || !word.starts_with(char::is_uppercase) {
            return None;
        }
        let folded = fold(word);
        (2..=folded.len()).rev().filter_map(|end| folded.get(..end)).find_map(|stem| {
            let rest = folded.get(stem.len()..).unwrap_or_default();
            let closed = !rest.starts_with(|c: char| c.is_ascii_digit());
            self.model_stems.get(stem).copied().filter(|_| closed)
        })
    }
}

fn extend(file: &str, set: &mut HashSet<Box<str>>, list: Option<WordList>) -> Result<(), LexiconError> {
    if let Some(list) = list {
        shown(file, first(&list.words), &list.examples)?;
        set.extend(list.words.iter().map(|word| fold(word).into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_lexicons_are_sound() {
        let rules = Rules::new(&Lexicons::default()).unwrap();
        assert_eq!(rules.model_like("T-72B3").map(|at| rules.classes[at as usize].name.as_str()), Some("tank"));
        assert_eq!(rules.model_like("T-720"), None);
    }
}
