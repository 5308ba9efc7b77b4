//! The trigger lexicon: which words name a happening, under which conditions, with which code, and who is who around them.

use std::collections::HashMap;

use dateline_nlp::Doc;
use dateline_record::{EventType, Mode};
use serde::Deserialize;

use super::Role;
use super::classes::{ClassSet, Classes};
use crate::lexicon::{LexiconError, Lexicons};

/// The files of triggers, in the order in which they are consulted.
pub(crate) const FILES: [&str; 4] = ["events_conflict.toml", "events_material.toml", "events_verbal.toml", "events_guards.toml"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    entry: Vec<RawEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawEntry {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) verbs: String,
    #[serde(default)]
    pub(crate) nouns: String,
    #[serde(default)]
    pub(crate) adjectives: String,
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) when: Vec<String>,
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// False: the gerund of these verbs is no noun of this entry (*meeting*, *holding*).
    #[serde(default = "yes")]
    pub(crate) gerund: bool,
    /// Sentences of our own in which the entry fires, for people and for the test over the whole program.
    pub(crate) examples: Vec<String>,
}

fn yes() -> bool {
    true
}

/// What an entry says of the happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// A PLOVER type, perhaps with its mode.
    Event(EventType, Option<Mode>),
    /// Media or a document travels.
    Circulation,
    /// A happening that is none of PLOVER's types: the entries of a user's scheme may look for such.
    Other,
    /// A false friend: no happening.
    None,
}

/// Which part of speech a trigger has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Verb,
    Noun,
    Adjective,
}

/// Words and classes, any of which fits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    words: Vec<Box<str>>,
    classes: ClassSet,
    /// Fits only when there is nothing.
    none: bool,
}

impl Wanted {
    pub(crate) fn fits_word(&self, word: &str) -> bool {
        self.words.iter().any(|wanted| **wanted == *word)
    }

    pub(crate) fn parse<'a>(words: impl Iterator<Item = &'a str>, classes: &Classes) -> Result<Self, String> {
        let mut wanted = Self::default();
        for word in words {
            if let Some(name) = word.strip_prefix('@') {
                let set = classes.named(name).ok_or_else(|| format!("no class `{name}`"))?;
                wanted.classes = wanted.classes.union(set);
            } else if word == "none" {
                wanted.none = true;
            } else {
                wanted.words.push(word.into());
            }
        }
        Ok(wanted)
    }

    /// Whether a noun with this lemma and these classes fits.
    pub(crate) fn fits(&self, lemma: &str, classes: ClassSet) -> bool {
        self.classes.meets(classes) || self.fits_word(lemma)
    }

    pub(crate) fn wants_none(&self) -> bool {
        self.none
    }

    pub(crate) fn wants_class(&self) -> bool {
        !self.classes.is_empty()
    }

    pub(crate) fn has_words(&self) -> bool {
        !self.words.is_empty()
    }
}

/// Where a condition looks.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// Who does it, voice undone.
    Subject,
    /// What it is done to, voice undone; for nouns what *of*, *on*, *against* govern, and modifiers.
    Object,
    /// What a preposition of these governs.
    Preposition(Vec<Box<str>>),
    /// Any word of the sentence.
    Sentence,
    /// Words before the noun.
    Modifier,
    /// Lemma of the head of the trigger.
    Head,
    /// Preposition that governs the noun.
    Under,
    /// Form of complement: `verb`, `clause`.
    Complement,
    /// Passive verb.
    Passive,
    /// *not*, *never* beside the verb.
    Negated,
    /// The word itself is plural.
    Plural,
    /// The capitalised first word of a name: *Operation Granite*.
    Named,
    /// The trigger's dependency label.
    Label,
}

/// One condition.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) negated: bool,
    pub(crate) place: Place,
    pub(crate) wanted: Wanted,
}

/// Which grammatical piece bears which role.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    pub(crate) subject: Option<Option<Role>>,
    pub(crate) object: Option<Option<Role>>,
    pub(crate) of: Option<Option<Role>>,
    pub(crate) possessor: Option<Option<Role>>,
    pub(crate) modifier: Option<Option<Role>>,
    pub(crate) clause_subject: Option<Role>,
    pub(crate) clause_object: Option<Role>,
    pub(crate) prepositions: Vec<(Box<str>, Option<Role>)>,
}

/// One entry of the lexicon.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: Box<str>,
    pub(crate) code: Code,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) frame: Frame,
    /// How much its conditions ask: what must be there counts for more than what must not.
    pub(crate) weight: usize,
    /// How many words trigger it: of two that ask for as much, the one made for fewer words wins.
    pub(crate) words: usize,
}

/// One word (or particle verb) of an entry, as the index holds it.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) entry: usize,
    pub(crate) part: Part,
    /// Further words: particles after a verb, modifiers before a noun.
    pub(crate) rest: Box<[Box<str>]>,
    /// Derived gerund, weaker than a word that is written out.
    pub(crate) derived: bool,
}

/// All triggers, by lemma.
#[derive(Debug)]
pub(crate) struct Entries {
    pub(crate) entries: Vec<Entry>,
    index: HashMap<Box<str>, Vec<Trigger>>,
}

impl Entries {
    pub(crate) fn new(lexicons: &Lexicons, classes: &Classes) -> Result<Self, LexiconError> {
        let mut raw: Vec<(String, RawEntry)> = Vec::new();
        for file in FILES {
            for layer in lexicons.layers(file) {
                let wrong = |message: String| LexiconError::Content { file: layer.file.to_owned(), message };
                let parsed: RawFile = toml::from_str(layer.text).map_err(|error| wrong(error.to_string()))?;
                for entry in parsed.entry {
                    if entry.examples.iter().all(|example| example.trim().is_empty()) {
                        return Err(wrong(format!("entry `{}` has no example", entry.id)));
                    }
                    match raw.iter_mut().find(|(_, known)| known.id == entry.id) {
                        Some(slot) => *slot = (layer.file.to_owned(), entry),
                        None => raw.push((layer.file.to_owned(), entry)),
                    }
                }
            }
        }
        let mut out = Self { entries: Vec::with_capacity(raw.len()), index: HashMap::new() };
        for (file, entry) in &raw {
            out.add(entry, classes).map_err(|message| LexiconError::Content {
                file: file.clone(),
                message: format!("entry `{}`: {message}", entry.id),
            })?;
        }
        Ok(out)
    }

    /// Those of `raw` alone.
    ///
    /// # Errors
    /// What is wrong, one message for each entry.
    pub(crate) fn of_entries(raw: &[RawEntry], classes: &Classes) -> Result<Self, Vec<String>> {
        let mut out = Self { entries: Vec::with_capacity(raw.len()), index: HashMap::new() };
        let wrong: Vec<String> = raw
            .iter()
            .filter_map(|entry| out.add(entry, classes).err().map(|message| format!("trigger `{}`: {message}", entry.id)))
            .collect();
        if wrong.is_empty() { Ok(out) } else { Err(wrong) }
    }

    /// Triggers whose lemma (first word of a verb, last of a noun) is this.
    pub(crate) fn of(&self, lemma: &str) -> &[Trigger] {
        self.index.get(lemma).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, raw: &RawEntry, classes: &Classes) -> Result<(), String> {
        let code = match raw.code.as_str() {
            "none" => Code::None,
            "circulation" => Code::Circulation,
            "other" => Code::Other,
            code => {
                let mut words = code.split_whitespace();
                let kind: EventType = words.next().unwrap_or_default().parse().map_err(|error| format!("{error}"))?;
                let mode = words.next().map(str::parse::<Mode>).transpose().map_err(|error| format!("{error}"))?;
                if let Some(mode) = mode.filter(|mode| !kind.modes().contains(mode)) {
                    return Err(format!("{kind} has no mode {mode}"));
                }
                Code::Event(kind, mode)
            }
        };
        let conditions = raw.when.iter().map(|text| parse_condition(text, classes)).collect::<Result<Vec<_>, _>>()?;
        let frame = parse_frame(&raw.args)?;
        let at = self.entries.len();
        let weight = conditions.iter().map(|condition| if condition.negated { 1 } else { 10 }).sum();
        let words = [&raw.verbs, &raw.nouns, &raw.adjectives].into_iter().map(|list| list.split_whitespace().count()).sum();
        self.entries.push(Entry { id: raw.id.as_str().into(), code, conditions, frame, weight, words });
        for (part, list) in [(Part::Verb, &raw.verbs), (Part::Noun, &raw.nouns), (Part::Adjective, &raw.adjectives)] {
            for word in list.split_whitespace() {
                let mut words: Vec<Box<str>> = word.split('_').map(Into::into).collect();
                let key = if part == Part::Noun { words.pop() } else { Some(words.remove(0)) };
                let Some(key) = key.filter(|key| !key.is_empty() && words.iter().all(|word| !word.is_empty())) else {
                    return Err(format!("empty word in `{word}`"));
                };
                if part == Part::Verb && raw.gerund && words.is_empty() {
                    let trigger = Trigger { entry: at, part: Part::Noun, rest: Box::default(), derived: true };
                    self.index.entry(gerund(&key).into()).or_default().push(trigger);
                }
                self.index.entry(key).or_default().push(Trigger { entry: at, part, rest: words.into(), derived: false });
            }
        }
        Ok(())
    }
}

/// *bomb* → *bombing*, *seize* → *seizing*, *hit* → *hitting*.
fn gerund(verb: &str) -> String {
    let bytes = verb.as_bytes();
    let vowel = |byte: u8| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u');
    if let Some(stem) = verb.strip_suffix("ie") {
        return format!("{stem}ying");
    }
    if verb.ends_with('e') && !verb.ends_with("ee") && !verb.ends_with("oe") {
        return format!("{}ing", &verb[..verb.len() - 1]);
    }
    match bytes {
        [.., a, b, c] if !vowel(*a) && vowel(*b) && !vowel(*c) && !matches!(c, b'w' | b'x' | b'y') && bytes.len() <= 4 => {
            format!("{verb}{}ing", char::from(*c))
        }
        _ => format!("{verb}ing"),
    }
}

fn parse_condition(text: &str, classes: &Classes) -> Result<Condition, String> {
    let mut words = text.split_whitespace().peekable();
    let negated = words.next_if_eq(&"no").is_some();
    let place = match words.next().unwrap_or_default() {
        "subject" => Place::Subject,
        "object" => Place::Object,
        "sentence" => Place::Sentence,
        "modifier" => Place::Modifier,
        "head" => Place::Head,
        "under" => Place::Under,
        "complement" => Place::Complement,
        "passive" => Place::Passive,
        "negated" => Place::Negated,
        "plural" => Place::Plural,
        "named" => Place::Named,
        "label" => Place::Label,
        other => match other.strip_prefix("prep:") {
            Some(prepositions) => Place::Preposition(prepositions.split('|').map(Into::into).collect()),
            None => return Err(format!("condition `{text}`: `{other}` is no place to look")),
        },
    };
    Ok(Condition { negated, place, wanted: Wanted::parse(words, classes)? })
}

fn parse_role(text: &str) -> Result<Option<Role>, String> {
    Ok(Some(match text {
        "actor" => Role::Actor,
        "recipient" => Role::Recipient,
        "theme" => Role::Theme,
        "instrument" => Role::Instrument,
        "place" => Role::Place,
        "none" => return Ok(None),
        other => return Err(format!("`{other}` is no role")),
    }))
}

fn parse_frame(args: &[String]) -> Result<Frame, String> {
    let mut frame = Frame::default();
    for arg in args {
        let Some((key, role)) = arg.split_once(' ') else { return Err(format!("argument `{arg}`: no role")) };
        let role = parse_role(role.trim())?;
        match key {
            "subject" => frame.subject = Some(role),
            "object" => frame.object = Some(role),
            "of" => frame.of = Some(role),
            "poss" => frame.possessor = Some(role),
            "modifier" => frame.modifier = Some(role),
            "clause-subject" => frame.clause_subject = role,
            "clause-object" => frame.clause_object = role,
            prepositions => {
                let Some(list) = prepositions.strip_prefix("prep:") else {
                    return Err(format!("argument `{arg}`: `{key}` is no piece"));
                };
                frame.prepositions.extend(list.split('|').map(|word| (Box::from(word), role)));
            }
        }
    }
    Ok(frame)
}

/// Lemma of a noun for look-up: proper nouns keep their form in the parse, so headlines need it made here.
pub(crate) fn noun_key<'a>(doc: &'a Doc, token: usize, buffer: &'a mut String) -> &'a str {
    let lemma = doc.lemma(token);
    if !lemma.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return lemma;
    }
    buffer.clear();
    buffer.extend(lemma.chars().flat_map(char::to_lowercase));
    if doc.tag(token) == "NNPS" && buffer.ends_with('s') {
        buffer.pop();
    }
    buffer
}

#[cfg(test)]
mod tests {
    use super::gerund;

    #[test]
    fn gerunds_are_spelt_as_english_spells_them() {
        for (verb, noun) in [
            ("bomb", "bombing"),
            ("seize", "seizing"),
            ("hit", "hitting"),
            ("die", "dying"),
            ("free", "freeing"),
            ("attack", "attacking"),
        ] {
            assert_eq!(gerund(verb), noun);
        }
    }
}
