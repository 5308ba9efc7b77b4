//! spaCy's attribute ruler: token patterns that set part of speech, morphology, lemma, tag or label.
//!
//! All patterns are tried on the tokens as they came from tagger and parser; then what matched is applied in the order of the rules, so
//! that later ones win. The patterns are the part of spaCy's Matcher language that trained pipelines use.

use rmpv::Value;
use rustc_hash::FxHashMap;

use crate::doc::Token;
use crate::label::Label;
use crate::lexeme::{Features, Lexicon};
use crate::package::{LoadError, Package, get};
use crate::strings::string_id;
use crate::tokenizer::RawToken;

const FILE: &str = "attribute_ruler/patterns";
const KEYS: &str = "TAG, POS, DEP, LOWER, ORTH, IS_SPACE with a value, IN, NOT_IN or REGEX";

/// The rules, indexed by what their first token asks for.
#[derive(Debug, Default)]
pub(crate) struct AttributeRuler {
    rules: Vec<Rule>,
    by_tag: FxHashMap<Label, Vec<Candidate>>,
    by_dep: FxHashMap<Label, Vec<Candidate>>,
    by_lower: FxHashMap<u64, Vec<Candidate>>,
    for_space: Vec<Candidate>,
    others: Vec<Candidate>,
}

/// A pattern: rule and index of the pattern in it.
type Candidate = (u16, u16);

#[derive(Debug)]
struct Rule {
    patterns: Vec<Vec<Vec<Test>>>,
    /// Which token of the match is changed.
    target: usize,
    set: Set,
}

#[derive(Debug, Default)]
struct Set {
    tag: Option<Label>,
    pos: Option<Label>,
    morph: Option<Label>,
    dep: Option<Label>,
    lemma: Option<Box<str>>,
}

#[derive(Debug)]
enum Test {
    Label(Field, Vec<Label>, bool),
    Lower(Vec<u64>, bool),
    Orth(Vec<u64>, bool),
    LowerRegex(regex::Regex),
    Space(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Tag,
    Pos,
    Dep,
}

impl AttributeRuler {
    pub(crate) fn load(package: &Package) -> Result<Self, LoadError> {
        let value = package.read_msgpack(FILE)?;
        let mut ruler = Self::default();
        for rule in value.as_array().ok_or_else(|| LoadError::content(FILE, "no list of rules"))? {
            let rule = read_rule(rule)?;
            let id = ruler.rules.len() as u16;
            for (at, pattern) in rule.patterns.iter().enumerate() {
                ruler.index(&pattern[0], (id, at as u16));
            }
            ruler.rules.push(rule);
            if ruler.rules.len() > usize::from(u16::MAX) {
                return Err(LoadError::content(FILE, "too many rules"));
            }
        }
        Ok(ruler)
    }

    fn index(&mut self, first: &[Test], candidate: Candidate) {
        let labels = |field: Field| {
            first.iter().find_map(|test| match test {
                Test::Label(of, labels, true) if *of == field => Some(labels),
                _ => None,
            })
        };
        if let Some(tags) = labels(Field::Tag) {
            tags.iter().for_each(|&tag| self.by_tag.entry(tag).or_default().push(candidate));
        } else if let Some(words) =
            first.iter().find_map(|test| if let Test::Lower(words, true) = test { Some(words) } else { None })
        {
            words.iter().for_each(|&word| self.by_lower.entry(word).or_default().push(candidate));
        } else if let Some(deps) = labels(Field::Dep) {
            deps.iter().for_each(|&dep| self.by_dep.entry(dep).or_default().push(candidate));
        } else if first.iter().any(|test| matches!(test, Test::Space(true))) {
            self.for_space.push(candidate);
        } else {
            self.others.push(candidate);
        }
    }

    /// Applies the rules. A lemma that a rule gives goes to `lemmas`, by token.
    pub(crate) fn apply<'r>(
        &'r self,
        text: &str,
        lexicon: &Lexicon,
        raw: &[RawToken],
        tokens: &mut [Token],
        lemmas: &mut FxHashMap<usize, &'r str>,
    ) {
        let mut matches: Vec<(u16, u32)> = Vec::new();
        for at in 0..tokens.len() {
            let features = lexicon.features(raw[at].lexeme);
            let token = &tokens[at];
            let none: &[Candidate] = &[];
            let by_tag = self.by_tag.get(&token.tag).map_or(none, Vec::as_slice);
            let by_dep = self.by_dep.get(&token.dep).map_or(none, Vec::as_slice);
            let by_lower = self.by_lower.get(&features.lower).map_or(none, Vec::as_slice);
            let for_space = if features.is_space { self.for_space.as_slice() } else { none };
            for &(rule, pattern) in by_tag.iter().chain(by_dep).chain(by_lower).chain(for_space).chain(&self.others) {
                let pattern = &self.rules[usize::from(rule)].patterns[usize::from(pattern)];
                let fits = |offset: usize, tests: &[Test]| {
                    let token = &tokens[at + offset];
                    let features = lexicon.features(raw[at + offset].lexeme);
                    tests.iter().all(|test| test.holds(token, features, text))
                };
                if at + pattern.len() <= tokens.len() && pattern.iter().enumerate().all(|(offset, tests)| fits(offset, tests)) {
                    matches.push((rule, at as u32));
                }
            }
        }
        matches.sort_unstable();
        matches.dedup();
        for (rule, at) in matches {
            let rule = &self.rules[usize::from(rule)];
            let at = at as usize + rule.target;
            let Some(token) = tokens.get_mut(at) else { continue };
            let set = &rule.set;
            token.tag = set.tag.unwrap_or(token.tag);
            token.pos = set.pos.unwrap_or(token.pos);
            token.morph = set.morph.unwrap_or(token.morph);
            token.dep = set.dep.unwrap_or(token.dep);
            if let Some(lemma) = &set.lemma {
                lemmas.insert(at, lemma);
            }
        }
    }
}

impl Test {
    fn holds(&self, token: &Token, features: &Features, text: &str) -> bool {
        match self {
            Self::Label(field, labels, wanted) => {
                let label = match field {
                    Field::Tag => token.tag,
                    Field::Pos => token.pos,
                    Field::Dep => token.dep,
                };
                labels.contains(&label) == *wanted
            }
            Self::Lower(words, wanted) => words.contains(&features.lower) == *wanted,
            Self::Orth(words, wanted) => words.contains(&features.orth) == *wanted,
            Self::LowerRegex(pattern) => {
                let form = token.range.slice(text).unwrap_or_default();
                // Patterns of this kind are for short contractions; long forms needn't be lower-cased.
                form.len() <= 32 && pattern.is_match(&form.to_lowercase())
            }
            Self::Space(wanted) => features.is_space == *wanted,
        }
    }
}

fn read_rule(value: &Value) -> Result<Rule, LoadError> {
    let wrong = |what: &str| LoadError::content(FILE, format_args!("a rule {what}"));
    let patterns = get(value, "patterns").and_then(Value::as_array).ok_or_else(|| wrong("has no patterns"))?;
    let patterns = patterns
        .iter()
        .map(|pattern| {
            let tokens = pattern.as_array().filter(|tokens| !tokens.is_empty()).ok_or_else(|| wrong("has an empty pattern"))?;
            tokens.iter().map(read_tests).collect::<Result<Vec<_>, _>>()
        })
        .collect::<Result<Vec<_>, LoadError>>()?;
    let index = get(value, "index").and_then(Value::as_i64).unwrap_or(0);
    let shortest = patterns.iter().map(Vec::len).min().unwrap_or(0) as i64;
    let target = if index < 0 { shortest + index } else { index };
    if !(0..shortest).contains(&target) {
        return Err(wrong("changes a token outside its pattern"));
    }
    let mut set = Set::default();
    for (key, value) in get(value, "attrs").and_then(Value::as_map).ok_or_else(|| wrong("sets nothing"))? {
        let (key, text) =
            (key.as_str().unwrap_or_default(), value.as_str().ok_or_else(|| wrong("sets something that is no text"))?);
        match key {
            "TAG" => set.tag = Some(Label::new(text)),
            "POS" => set.pos = Some(Label::new(text)),
            "MORPH" => set.morph = Some(if text == "_" { Label::NONE } else { Label::new(text) }),
            "DEP" => set.dep = Some(Label::new(text)),
            "LEMMA" => set.lemma = Some(text.into()),
            other => return Err(unsupported("attribute to set", other, "TAG, POS, MORPH, DEP, LEMMA")),
        }
    }
    Ok(Rule { patterns, target: target as usize, set })
}

fn read_tests(value: &Value) -> Result<Vec<Test>, LoadError> {
    let tests = value.as_map().ok_or_else(|| LoadError::content(FILE, "a token pattern is no map"))?;
    tests.iter().map(|(key, value)| read_test(key.as_str().unwrap_or_default(), value)).collect()
}

fn read_test(key: &str, value: &Value) -> Result<Test, LoadError> {
    if key == "IS_SPACE" {
        return Ok(Test::Space(value.as_bool().ok_or_else(|| LoadError::content(FILE, "IS_SPACE is no truth value"))?));
    }
    let (texts, wanted): (Vec<&str>, bool) = match value {
        Value::String(text) => (text.as_str().into_iter().collect(), true),
        Value::Map(entries) if entries.len() == 1 => {
            let (operator, operand) = &entries[0];
            let list = || operand.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            match operator.as_str().unwrap_or_default() {
                "IN" => (list(), true),
                "NOT_IN" => (list(), false),
                "REGEX" if key == "LOWER" => {
                    let pattern = regex::Regex::new(operand.as_str().unwrap_or_default())
                        .map_err(|error| LoadError::content(FILE, error))?;
                    return Ok(Test::LowerRegex(pattern));
                }
                other => return Err(unsupported("pattern operator", other, KEYS)),
            }
        }
        _ => return Err(unsupported("pattern value for", key, KEYS)),
    };
    let labels = || texts.iter().map(|text| Label::new(text)).collect();
    let ids = || texts.iter().map(|text| string_id(text)).collect();
    Ok(match key {
        "TAG" => Test::Label(Field::Tag, labels(), wanted),
        "POS" => Test::Label(Field::Pos, labels(), wanted),
        "DEP" => Test::Label(Field::Dep, labels(), wanted),
        "LOWER" => Test::Lower(ids(), wanted),
        "ORTH" | "TEXT" => Test::Orth(ids(), wanted),
        other => return Err(unsupported("pattern key", other, KEYS)),
    })
}

fn unsupported(what: &'static str, name: &str, supported: &str) -> LoadError {
    LoadError::Unsupported { file: FILE.to_owned(), what, name: name.to_owned(), supported: supported.to_owned() }
}
