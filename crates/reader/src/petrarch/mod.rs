//! Dictionaries in the formats of PETRARCH and PETRARCH2 (and, as far as those read them, of TABARI): verbs with patterns, actors, agents.
//!
//! Verb dictionaries code claims in CAMEO's terms: each gets a [`dateline_record::Coding`] with the code, its source and its target; the
//! table `cameo.tsv` gives the PLOVER type, by which a verb that the reader's own lexicon does not have makes a claim. Actor and agent
//! dictionaries say who is what: they give entities their country and sector, and codings the codes of source and target. What the
//! parsers do not understand is passed over and named ([`File::skipped`]); they never fail on any bytes.
//!
//! The formats are described in the documentation of PETRARCH2 (Open Event Data Alliance) and in `docs/ontology.md`, with what differs.

mod actors;
mod agents;
mod cameo;
mod code;
mod lines;
mod matching;
mod sight;
mod verbs;

use std::collections::HashMap;

use self::actors::Actors;
use self::agents::Agents;
use self::cameo::Cameo;
pub(crate) use self::code::{code, find};
use self::matching::Block;
use self::verbs::{Phrase, Verb, VerbFile};
use crate::happenings::{self, RawEntry};
use crate::lexicon::{LexiconError, Lexicons, SchemeKind};

/// A line that is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Counted from 1.
    pub line: usize,
    /// Why.
    pub why: String,
}

/// What a dictionary file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub file: String,
    /// How much of what, for people.
    pub holds: String,
    /// Lines that are passed over, in order.
    pub skipped: Vec<Skipped>,
}

/// Verbs, indexed.
#[derive(Debug)]
struct Verbs {
    verbs: Vec<Verb>,
    /// Index of the verb by the id of its entry.
    by_id: HashMap<String, usize>,
    blocks: Vec<Block>,
    synsets: Vec<Vec<Phrase>>,
    rules: happenings::Rules,
}

/// The user's dictionaries, parsed and indexed.
#[derive(Debug)]
pub struct Dictionaries {
    verbs: Vec<Verbs>,
    actors: Actors,
    agents: Agents,
    cameo: Cameo,
    files: Vec<File>,
}

/// The text of a dictionary: UTF-8, else Latin-1, in which every byte is a character.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

impl Dictionaries {
    /// The dictionaries among the user's schemes; none where there are none.
    ///
    /// # Errors
    /// When a file holds nothing that its format has, or `cameo.tsv` is wrong.
    pub fn new(lexicons: &Lexicons) -> Result<Option<Self>, LexiconError> {
        let given = |kind| lexicons.schemes(kind).next().is_some();
        if ![SchemeKind::Verbs, SchemeKind::Actors, SchemeKind::Agents].into_iter().any(given) {
            return Ok(None);
        }
        let mut out = Self {
            verbs: Vec::new(),
            actors: Actors::default(),
            agents: Agents::default(),
            cameo: Cameo::new(lexicons)?,
            files: Vec::new(),
        };
        for scheme in lexicons.schemes(SchemeKind::Verbs) {
            let mut skipped = Vec::new();
            let file = verbs::parse(&scheme.text, &mut skipped);
            let patterns: usize = file.blocks.iter().map(Vec::len).sum();
            let counts = [(file.verbs.len(), "verb"), (patterns, "pattern"), (file.synsets.len(), "synset")];
            out.enter(&scheme.file, &counts, skipped)?;
            let verbs = out
                .verbs(file, lexicons)
                .map_err(|messages| LexiconError::Content { file: scheme.file.clone(), message: messages.join("\n") })?;
            out.verbs.push(verbs);
        }
        for scheme in lexicons.schemes(SchemeKind::Actors) {
            let (actors, names) = (out.actors.all.len(), out.actors.count);
            let mut skipped = Vec::new();
            out.actors.add(&scheme.text, &mut skipped);
            let counts = [(out.actors.all.len() - actors, "actor"), (out.actors.count - names, "name")];
            out.enter(&scheme.file, &counts, skipped)?;
        }
        for scheme in lexicons.schemes(SchemeKind::Agents) {
            let agents = out.agents.all.len();
            let mut skipped = Vec::new();
            out.agents.add(&scheme.text, &mut skipped);
            let counts = [(out.agents.all.len() - agents, "agent")];
            out.enter(&scheme.file, &counts, skipped)?;
        }
        Ok(Some(out))
    }

    /// What the files hold, and what in them is passed over.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Notes a file; one that holds nothing is wrong.
    fn enter(&mut self, file: &str, counts: &[(usize, &str)], mut skipped: Vec<Skipped>) -> Result<(), LexiconError> {
        let Some(&(first, noun)) = counts.first() else { return Ok(()) };
        skipped.sort_by_key(|skipped| skipped.line);
        if first == 0 {
            let first = skipped.first().map(|skipped| format!(": line {}: {}", skipped.line, skipped.why)).unwrap_or_default();
            return Err(LexiconError::Content { file: file.to_owned(), message: format!("there is no {noun} in it{first}") });
        }
        let counted = |&(count, noun): &(usize, &str)| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let mut holds = counts.iter().map(counted).collect::<Vec<_>>().join(", ");
        if !skipped.is_empty() {
            holds.push_str(&format!("; {} passed over", counted(&(skipped.len(), "line"))));
        }
        self.files.push(File { file: file.to_owned(), holds, skipped });
        Ok(())
    }

    /// Indexes a verb dictionary: its verbs are looked for as the entries of the event lexicon are.
    fn verbs(&self, file: VerbFile, lexicons: &Lexicons) -> Result<Verbs, Vec<String>> {
        let VerbFile { verbs, blocks, synsets } = file;
        let mut entries: Vec<RawEntry> = Vec::with_capacity(verbs.len());
        let mut by_id = HashMap::with_capacity(verbs.len());
        for (at, verb) in verbs.iter().enumerate() {
            let id = format!("line {}", verb.line);
            let code = verb.code.forward.as_deref().or(verb.code.backward.as_deref()).and_then(|code| self.cameo.event(code));
            let code = match code {
                Some((kind, Some(mode))) => format!("{kind} {mode}"),
                Some((kind, None)) => kind.to_string(),
                None => "other".to_owned(),
            };
            by_id.insert(id.clone(), at);
            entries.push(RawEntry {
                id,
                verbs: verb.forms.join(" "),
                nouns: String::new(),
                adjectives: String::new(),
                code,
                when: Vec::new(),
                args: Vec::new(),
                gerund: false,
                examples: Vec::new(),
            });
        }
        let rules = happenings::Rules::of_entries(lexicons, &entries)?;
        let blocks = blocks.into_iter().map(|patterns| Block::new(patterns, &synsets)).collect();
        Ok(Verbs { verbs, by_id, blocks, synsets, rules })
    }
}
