//! spaCy's rule lemmatizer: suffix rules over an index of known forms, exceptions first; decided by part of speech and morphology.

use rmpv::Value;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::doc::Token;
use crate::label::Label;
use crate::lexeme::is_alpha;
use crate::package::{LoadError, Package};
use crate::strings::string_id;

const FILE: &str = "lemmatizer/lookups/lookups.bin";
const POS: &[&str] = &[
    "ADJ", "ADP", "ADV", "AUX", "CONJ", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
    "VERB", "X",
];
/// Bound of a worker's cache; passed, it is emptied.
const MAX_CACHED: usize = 150_000;

/// The tables, by part of speech.
#[derive(Debug, Default)]
pub(crate) struct Lemmatizer {
    tables: FxHashMap<Label, Table>,
}

#[derive(Debug, Default)]
struct Table {
    index: FxHashSet<Box<str>>,
    exceptions: FxHashMap<Box<str>, Vec<Box<str>>>,
    rules: Vec<(Box<str>, Box<str>)>,
}

/// Lemmas that one worker has seen, by form, part of speech and morphology.
#[derive(Debug, Default)]
pub(crate) struct LemmaCache {
    known: FxHashMap<(u64, Label, Label), (u32, u32)>,
    arena: String,
}

impl Lemmatizer {
    pub(crate) fn load(package: &Package) -> Result<Self, LoadError> {
        let value = package.read_msgpack(FILE)?;
        let wrong = |what: &str| LoadError::content(FILE, what);
        let mut by_id: FxHashMap<u64, Label> = FxHashMap::default();
        for pos in POS {
            by_id.insert(string_id(&pos.to_lowercase()), Label::new(pos));
        }
        let mut lemmatizer = Self::default();
        for (name, table) in value.as_map().ok_or_else(|| wrong("no tables"))? {
            let name = name.as_str().unwrap_or_default();
            for (pos, entries) in table.as_map().ok_or_else(|| wrong("a table is no map"))? {
                let pos = pos.as_u64().and_then(|id| by_id.get(&id)).or_else(|| by_id.get(&string_id(pos.as_str()?)));
                let Some(&pos) = pos else { continue };
                let table = lemmatizer.tables.entry(pos).or_default();
                match name {
                    "lemma_index" => table.index = texts(entries).map(Into::into).collect(),
                    "lemma_exc" => {
                        let entries = entries.as_map().ok_or_else(|| wrong("exceptions are no map"))?;
                        let read = |(form, lemmas): &(Value, Value)| {
                            Some((form.as_str()?.into(), texts(lemmas).map(Into::into).collect()))
                        };
                        table.exceptions = entries.iter().filter_map(read).collect();
                    }
                    "lemma_rules" => {
                        let entries = entries.as_array().ok_or_else(|| wrong("rules are no list"))?;
                        let read = |rule: &Value| {
                            let rule = rule.as_array()?;
                            Some((rule.first()?.as_str()?.into(), rule.get(1)?.as_str()?.into()))
                        };
                        table.rules = entries.iter().filter_map(read).collect();
                    }
                    _ => {}
                }
            }
        }
        if lemmatizer.tables.is_empty() {
            return Err(wrong("no lemma tables"));
        }
        Ok(lemmatizer)
    }

    /// Writes the token's lemma at the end of `out`.
    pub(crate) fn push(&self, cache: &mut LemmaCache, orth: u64, form: &str, token: &Token, out: &mut String) {
        let key = (orth, token.pos, token.morph);
        if let Some(&(start, end)) = cache.known.get(&key) {
            out.push_str(&cache.arena[start as usize..end as usize]);
            return;
        }
        let lemma = self.lemma(form, token.pos, token.morph);
        out.push_str(&lemma);
        if cache.known.len() >= MAX_CACHED {
            cache.known.clear();
            cache.arena.clear();
        }
        if lemma.len() <= 64 {
            let start = cache.arena.len() as u32;
            cache.arena.push_str(&lemma);
            cache.known.insert(key, (start, cache.arena.len() as u32));
        }
    }

    fn lemma(&self, form: &str, pos: Label, morph: Label) -> String {
        let lower = form.to_lowercase();
        if pos.is_none() || pos == "SPACE" || pos == "EOL" || is_base_form(pos, morph) {
            return lower;
        }
        let Some(table) = self.tables.get(&pos).filter(|table| !table.is_empty()) else {
            return if pos == "PROPN" { form.to_owned() } else { lower };
        };
        // Known forms go in front one by one, so that the last known one leads; exceptions go before them all.
        let (mut known, mut others, mut unknown) = (Vec::<String>::new(), Vec::<String>::new(), Vec::<String>::new());
        for (old, new) in &table.rules {
            let Some(stem) = lower.strip_suffix(&**old) else { continue };
            let candidate = format!("{stem}{new}");
            if candidate.is_empty() {
                continue;
            }
            if table.index.contains(candidate.as_str()) {
                known.insert(0, candidate);
            } else if !candidate.chars().all(is_alpha) {
                others.push(candidate);
            } else {
                unknown.push(candidate);
            }
        }
        let mut forms: Vec<String> = Vec::new();
        for candidate in known.into_iter().chain(others) {
            if !forms.contains(&candidate) {
                forms.push(candidate);
            }
        }
        for exception in table.exceptions.get(lower.as_str()).into_iter().flatten() {
            if !forms.iter().any(|known| **known == **exception) {
                forms.insert(0, exception.to_string());
            }
        }
        forms.into_iter().chain(unknown).next().unwrap_or_else(|| form.to_owned())
    }
}

impl Table {
    fn is_empty(&self) -> bool {
        self.index.is_empty() && self.exceptions.is_empty() && self.rules.is_empty()
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().into_iter().flatten();
    let keys = value.as_map().into_iter().flatten().map(|(key, _)| key);
    list.chain(keys).chain(value.as_str().is_some().then_some(value)).filter_map(Value::as_str)
}

/// English: forms that their morphology already says to be uninflected.
fn is_base_form(pos: Label, morph: Label) -> bool {
    let feature = |name: &str| morph.as_str().split('|').find_map(|feature| feature.strip_prefix(name)?.strip_prefix('='));
    let verb_form = feature("VerbForm");
    (pos == "NOUN" && feature("Number") == Some("Sing"))
        || (pos == "VERB" && verb_form == Some("Fin") && feature("Tense") == Some("Pres") && feature("Number").is_none())
        || matches!(verb_form, Some("Inf" | "None"))
        || feature("Degree") == Some("Pos")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verbs() -> Lemmatizer {
        let table = Table {
            index: ["seize", "shell"].into_iter().map(Into::into).collect(),
            exceptions: [("struck".into(), vec!["strike".into()])].into_iter().collect(),
            rules: [("ed", "e"), ("ed", ""), ("s", "")].into_iter().map(|(old, new)| (old.into(), new.into())).collect(),
        };
        Lemmatizer { tables: [(Label::new("VERB"), table)].into_iter().collect() }
    }

    #[test]
    fn known_forms_beat_guesses_and_exceptions_beat_all() {
        let (lemmatizer, verb) = (verbs(), Label::new("VERB"));
        let past = Label::new("Tense=Past|VerbForm=Fin");
        for (form, lemma) in [("seized", "seize"), ("Shelled", "shell"), ("struck", "strike"), ("droned", "drone")] {
            assert_eq!(lemmatizer.lemma(form, verb, past), lemma, "{form}");
        }
    }

    #[test]
    fn parts_of_speech_without_tables() {
        let lemmatizer = verbs();
        assert_eq!(lemmatizer.lemma("Kyiv", Label::new("PROPN"), Label::NONE), "Kyiv");
        assert_eq!(lemmatizer.lemma("The", Label::new("DET"), Label::NONE), "the");
    }
}
