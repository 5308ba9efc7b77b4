//! Lexicons and rules, as data that a coder can read and extend.
//!
//! The files under `lexicon/` are compiled in. A user's own directory may hold files of the same names: their entries are added to
//! ours, and where both have an entry of one key, theirs wins. Each stage owns its files and the type they are parsed into; this
//! module only says where the text of a file comes from. Schemes that a user brings (an ontology, PETRARCH dictionaries) come with
//! them, so that one fingerprint covers all words and rules that made a reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Why a lexicon can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// A file of the user's directory can't be read.
    #[error("can't read lexicon {path}")]
    Read {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of the user's directory has a name that no stage knows.
    #[error("{path}: no lexicon of this name; known: {known}")]
    UnknownFile {
        /// The file.
        path: PathBuf,
        /// The names there are.
        known: String,
    },
    /// A file's content is wrong.
    #[error("{file}: {message}")]
    Content {
        /// Name of the file, `actors.toml`.
        file: String,
        /// What is wrong, with the entry or line.
        message: String,
    },
}

/// The text of every lexicon file: ours, and over it the user's.
#[derive(Clone, Debug, Default)]
pub struct Lexicons {
    user: BTreeMap<String, String>,
    schemes: Vec<SchemeFile>,
    extra: Vec<(String, String, String)>,
}

/// What a file of a user's scheme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemeKind {
    /// An ontology in TOML: see [`crate::ontology`].
    Ontology,
    /// A verb dictionary in PETRARCH's format: see [`crate::petrarch`].
    Verbs,
    /// An actor dictionary in PETRARCH's format.
    Actors,
    /// An agent dictionary in PETRARCH's format.
    Agents,
}

/// A file of a user's scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeFile {
    /// What it is.
    pub kind: SchemeKind,
    /// Its name, for messages.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// One layer of a lexicon file.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    /// File name, marked when it is the user's.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl Lexicons {
    /// Ours and the user's directory over them: its `.toml` and `.tsv` files must bear names of ours.
    ///
    /// # Errors
    /// When the directory or a file can't be read, or a name is unknown.
    pub fn with_directory(directory: &Path) -> Result<Self, LexiconError> {
        let unreadable = |source| LexiconError::Read { path: directory.to_owned(), source };
        let mut user = BTreeMap::new();
        for entry in std::fs::read_dir(directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !(name.ends_with(".toml") || name.ends_with(".tsv")) {
                continue;
            }
            if !FILES.iter().any(|(known, _)| *known == name) {
                let known = FILES.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ");
                return Err(LexiconError::UnknownFile { path, known });
            }
            let text = std::fs::read_to_string(&path).map_err(|source| LexiconError::Read { path: path.clone(), source })?;
            user.insert(name, text);
        }
        Ok(Self { user, ..Self::default() })
    }

    /// The same with a file of a user's scheme.
    #[must_use]
    pub fn with_scheme(mut self, scheme: SchemeFile) -> Self {
        self.schemes.push(scheme);
        self
    }

    /// Files of the user's schemes of one kind, in the order in which they were given.
    pub fn schemes(&self, kind: SchemeKind) -> impl Iterator<Item = &SchemeFile> {
        self.schemes.iter().filter(move |scheme| scheme.kind == kind)
    }

    /// The same with one more layer over the lexicon file `name`; `file` is what messages call it.
    pub(crate) fn with_layer(mut self, name: &str, file: &str, text: String) -> Self {
        self.extra.push((name.to_owned(), file.to_owned(), text));
        self
    }

    /// The first 16 hex digits of the SHA-256 of all files, ours and the user's, schemes among them: the same words and rules have the
    /// same one.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut enter = |part: &str| {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        };
        let ours = FILES.iter().copied();
        for (name, text) in ours.chain(self.user.iter().map(|(name, text)| (name.as_str(), text.as_str()))) {
            enter(name);
            enter(text);
        }
        // Where a file lies says nothing of what it holds.
        for scheme in &self.schemes {
            enter(match scheme.kind {
                SchemeKind::Ontology => "scheme: ontology",
                SchemeKind::Verbs => "scheme: verbs",
                SchemeKind::Actors => "scheme: actors",
                SchemeKind::Agents => "scheme: agents",
            });
            enter(&scheme.text);
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The layers of the file `name`, ours first.
    pub fn layers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Layer<'a>> {
        let ours = FILES.iter().find(|(known, _)| *known == name).map(|&(file, text)| Layer { file, text });
        debug_assert!(ours.is_some(), "{name} is not listed in FILES");
        let extra = self.extra.iter().filter(move |(over, ..)| over == name).map(|(_, file, text)| Layer { file, text });
        ours.into_iter().chain(self.user.get_key_value(name).map(|(file, text)| Layer { file, text })).chain(extra)
    }
}

/// Every lexicon file there is. Stages add theirs here, one a line, in alphabetical order.
const FILES: &[(&str, &str)] = &[
    ("actors.toml", include_str!("../../lexicon/actors.toml")),
    ("attribution.toml", include_str!("../../lexicon/attribution.toml")),
    ("cameo.tsv", include_str!("../../lexicon/cameo.tsv")),
    ("equipment.toml", include_str!("../../lexicon/equipment.toml")),
    ("event_classes.toml", include_str!("../../lexicon/event_classes.toml")),
    ("event_frames.toml", include_str!("../../lexicon/event_frames.toml")),
    ("events_conflict.toml", include_str!("../../lexicon/events_conflict.toml")),
    ("events_guards.toml", include_str!("../../lexicon/events_guards.toml")),
    ("events_material.toml", include_str!("../../lexicon/events_material.toml")),
    ("events_verbal.toml", include_str!("../../lexicon/events_verbal.toml")),
    ("factuality.toml", include_str!("../../lexicon/factuality.toml")),
    ("media.toml", include_str!("../../lexicon/media.toml")),
    ("organisations.tsv", include_str!("../../lexicon/organisations.tsv")),
    ("places.toml", include_str!("../../lexicon/places.toml")),
    ("slots.toml", include_str!("../../lexicon/slots.toml")),
    ("titles.toml", include_str!("../../lexicon/titles.toml")),
];
