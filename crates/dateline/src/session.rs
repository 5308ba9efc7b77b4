use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use dateline_nlp::{Doc, Pipeline};
use dateline_reader::ontology::Ontology;
use dateline_reader::petrarch::{self, Dictionaries};
use dateline_reader::{LexiconError, Lexicons, Reader, SchemeFile, SchemeKind};
use dateline_record::{Reading, Report};

use crate::language::{Language, language_of};
use crate::model::{ModelError, ModelStore};
use crate::parser::{ParseWorker, Parser};
use crate::progress::Progress;
use crate::stream::{Ahead, in_order};
use crate::{InputError, LineError, MAX_TEXT};

/// Why nothing can be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No language model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model is there but can't be used.
    #[error(transparent)]
    Load(#[from] dateline_nlp::LoadError),
    /// A lexicon is wrong.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// An ontology or dictionary of the user's own is wrong.
    #[error("{0}")]
    Scheme(String),
}

impl BuildError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Model(error) => error.hint(),
            Self::Load(_) => None,
            Self::Lexicon(_) => {
                Some("fix the file, or leave `--lexicon` out to read with the lexicons that are built in".to_owned())
            }
            Self::Scheme(_) => Some("what an ontology file holds is described in docs/ontology.md".to_owned()),
        }
    }
}

/// Why one report can't be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The input can't be opened or read.
    #[error("can't read it: {0}")]
    Io(#[from] std::io::Error),
    /// The bytes are no text.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The line of a JSONL input is no report.
    #[error(transparent)]
    Line(#[from] LineError),
    /// A page, feed, archive or export gives no report.
    #[error(transparent)]
    Collect(#[from] dateline_collect::Reason),
    /// There is nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// The text is longer than [`MAX_TEXT`].
    #[error("the text is too long: {bytes} bytes, at most {MAX_TEXT} are read")]
    TooLong {
        /// Its length in bytes of UTF-8.
        bytes: usize,
    },
    /// A fault of ours: the reader gave up on this text.
    #[error("internal error while reading it (a bug in dateline): {0}")]
    Internal(String),
}

impl ReadError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Input(error) => error.hint(),
            Self::Line(LineError::Json(_)) => {
                Some("each line is an object with at least `text`: {\"id\": …, \"text\": …, \"published\": …}")
            }
            Self::Line(LineError::Published(_)) => Some("write dates as 2024-12-27, 2024-12 or 2024"),
            Self::TooLong { .. } => Some("split it into the reports that it holds"),
            _ => None,
        }
    }
}

/// Settings of a [`Dateline`], resolved once by [`Builder::build`].
#[derive(Clone, Debug, Default)]
pub struct Builder {
    model: Option<PathBuf>,
    store: Option<ModelStore>,
    lexicon: Option<PathBuf>,
    schemes: Vec<(SchemeKind, PathBuf)>,
    threads: Option<NonZeroUsize>,
}

impl Builder {
    /// The language model: a wheel, an unpacked package or the folder that holds `config.cfg`. Without it the cached model is
    /// used, or fetched.
    #[must_use]
    pub fn model(mut self, path: Option<PathBuf>) -> Self {
        self.model = path;
        self
    }

    /// Where the model is kept and fetched from; the user's cache directory and the official release without it.
    #[must_use]
    pub fn store(mut self, store: ModelStore) -> Self {
        self.store = Some(store);
        self
    }

    /// A directory of lexicons that are laid over ours.
    #[must_use]
    pub fn lexicon(mut self, directory: Option<PathBuf>) -> Self {
        self.lexicon = directory;
        self
    }

    /// A file of a scheme of the user's own: an ontology, or a dictionary in a format of PETRARCH's. May be called several times.
    #[must_use]
    pub fn scheme(mut self, kind: SchemeKind, file: PathBuf) -> Self {
        self.schemes.push((kind, file));
        self
    }

    /// How many threads read; one for each core without it.
    #[must_use]
    pub fn threads(mut self, threads: Option<NonZeroUsize>) -> Self {
        self.threads = threads;
        self
    }

    /// Loads lexicons and model, fetching the model when there is none yet.
    ///
    /// # Errors
    /// When there is no model and none can be had, or when model or lexicons can't be used.
    pub fn build(self, progress: &dyn Progress) -> Result<Dateline, BuildError> {
        let reader = self.reader()?;
        let path = match &self.model {
            Some(path) => path.clone(),
            None => match &self.store {
                Some(store) => store.ensure(progress)?.path,
                None => ModelStore::of_user()?.ensure(progress)?.path,
            },
        };
        let pipeline = Pipeline::load(&path)?;
        Ok(self.assemble(reader, Box::new(pipeline)))
    }

    /// With a parser of the caller's own, and no language model.
    ///
    /// # Errors
    /// When the lexicons can't be used.
    pub fn build_with(self, parser: Box<dyn Parser>) -> Result<Dateline, BuildError> {
        let reader = self.reader()?;
        Ok(self.assemble(reader, parser))
    }

    fn reader(&self) -> Result<(Reader, String), BuildError> {
        let lexicons = match &self.lexicon {
            Some(directory) => Lexicons::with_directory(directory)?,
            None => Lexicons::default(),
        };
        let mut lexicons = lexicons;
        for (kind, path) in &self.schemes {
            lexicons = lexicons.with_scheme(scheme_file(*kind, path)?);
        }
        let mut fingerprint = lexicons.fingerprint();
        let reader = Reader::new(lexicons).map_err(|error| match &error {
            LexiconError::Content { file, .. } if self.schemes.iter().any(|(_, path)| path.to_string_lossy() == *file) => {
                BuildError::Scheme(error.to_string())
            }
            _ => BuildError::Lexicon(error),
        })?;
        // A person who looks at a case should see by which schemes its readings were made.
        for ontology in reader.ontologies() {
            fingerprint.push_str(&format!(" {}", ontology.name()));
            fingerprint.push_str(&ontology.version().map(|version| format!("@{version}")).unwrap_or_default());
        }
        if reader.dictionaries().is_some() {
            fingerprint.push_str(" CAMEO");
        }
        Ok((reader, fingerprint))
    }

    fn assemble(&self, (reader, lexicons): (Reader, String), parser: Box<dyn Parser>) -> Dateline {
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let versions = Versions {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            model: parser.version(),
            lexicons,
            gazetteer: dateline_gazetteer::VERSION.to_owned(),
        };
        Dateline { reader, parser, threads, versions }
    }
}

/// What makes a reading: the same versions give the same reading of the same report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// This program's.
    pub program: String,
    /// Name and version of the language model.
    pub model: String,
    /// Fingerprint of the lexicons, the user's own and those of schemes included, and the names of the schemes.
    pub lexicons: String,
    /// What the gazetteer was made from.
    pub gazetteer: String,
}

/// Reads reports: model and lexicons, loaded once and shared by all threads.
pub struct Dateline {
    reader: Reader,
    parser: Box<dyn Parser>,
    threads: NonZeroUsize,
    versions: Versions,
}

impl std::fmt::Debug for Dateline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dateline").field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl Dateline {
    /// Settings to build one from.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// How many threads read.
    #[must_use]
    pub fn threads(&self) -> NonZeroUsize {
        self.threads
    }

    /// What its readings are made by.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// The user's own ontologies.
    #[must_use]
    pub fn ontologies(&self) -> &[Ontology] {
        self.reader.ontologies()
    }

    /// The user's dictionaries in PETRARCH's formats.
    #[must_use]
    pub fn dictionaries(&self) -> Option<&Dictionaries> {
        self.reader.dictionaries()
    }

    /// What `report` says.
    ///
    /// A report in a language other than English is kept: its reading has no claims and says `not read: language …`.
    ///
    /// # Errors
    /// When the text is empty or too long.
    pub fn read(&self, report: &Report) -> Result<Reading, ReadError> {
        self.read_with(&mut *self.parser.worker(), report)
    }

    /// The parse of `text`.
    ///
    /// # Errors
    /// When the text is too long.
    pub fn parse(&self, text: &str) -> Result<Doc, ReadError> {
        parse_with(&mut *self.parser.worker(), text)
    }

    /// Reads a stream of reports with all threads; `sink` gets every result in the order of `inputs`, on the calling thread, and
    /// may break off. Only a few inputs are in hand at any time, however long the stream. Each input carries a key of the
    /// caller's, such as its file's name; one that could not be had is passed through with its error.
    pub fn read_each<K: Send>(
        &self,
        inputs: impl Iterator<Item = (K, Result<Report, ReadError>)> + Send,
        sink: impl FnMut(K, Result<Reading, ReadError>) -> ControlFlow<()>,
    ) {
        let ahead = Ahead::for_threads(self.threads);
        self.each(inputs, ahead, |_, report| report.text.len(), |worker, report| self.read_with(worker, &report), sink);
    }

    /// Parses a stream of texts, as [`Dateline::read_each`] reads one of reports.
    pub fn parse_each<K: Send>(
        &self,
        inputs: impl Iterator<Item = (K, Result<String, ReadError>)> + Send,
        sink: impl FnMut(K, Result<Doc, ReadError>) -> ControlFlow<()>,
    ) {
        let ahead = Ahead::for_threads(self.threads);
        self.each(inputs, ahead, |_, text| text.len(), |worker, text| parse_with(worker, &text), sink);
    }

    /// Works on a stream of inputs with all threads, as [`Dateline::read_each`] does, and takes no more than `ahead` of what is done.
    pub(crate) fn each<K: Send, T: Send, R: Send>(
        &self,
        inputs: impl Iterator<Item = (K, Result<T, ReadError>)> + Send,
        ahead: Ahead,
        size: impl Fn(&K, &T) -> usize + Sync,
        work: impl Fn(&mut dyn ParseWorker, T) -> Result<R, ReadError> + Sync,
        mut sink: impl FnMut(K, Result<R, ReadError>) -> ControlFlow<()>,
    ) {
        in_order(
            inputs,
            self.threads,
            ahead,
            |(key, input)| input.as_ref().map_or(0, |input| size(key, input)),
            || self.parser.worker(),
            |worker, (key, input)| (key, input.and_then(|input| work(&mut **worker, input))),
            |(key, result)| sink(key, result),
        );
    }

    pub(crate) fn read_with(&self, worker: &mut dyn ParseWorker, report: &Report) -> Result<Reading, ReadError> {
        check_length(&report.text)?;
        if report.text.trim().is_empty() {
            return Err(ReadError::Empty);
        }
        let tag = report.language.as_deref().map_or_else(|| language_of(&report.text).tag, primary_tag);
        if !tag.eq_ignore_ascii_case(Language::ENGLISH.tag) {
            return Ok(Reading::not_read(report, tag, format!("not read: language {tag}")));
        }
        guarded(|| {
            let doc = worker.parse_report(&report.text);
            self.reader.read(report, &doc)
        })
    }
}

/// A file of a scheme. Ontologies are UTF-8; dictionaries may be Latin-1, as old ones are.
fn scheme_file(kind: SchemeKind, path: &Path) -> Result<SchemeFile, BuildError> {
    let bytes = std::fs::read(path).map_err(|source| LexiconError::Read { path: path.to_owned(), source })?;
    let file = path.to_string_lossy().into_owned();
    let text = match kind {
        SchemeKind::Ontology => String::from_utf8(bytes).map_err(|error| {
            BuildError::Scheme(format!("{file}: not UTF-8: invalid at byte {}", error.utf8_error().valid_up_to()))
        })?,
        SchemeKind::Verbs | SchemeKind::Actors | SchemeKind::Agents => petrarch::decode(&bytes),
    };
    Ok(SchemeFile { kind, file, text })
}

/// `en` of `en-GB`.
fn primary_tag(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

fn check_length(text: &str) -> Result<(), ReadError> {
    if text.len() > MAX_TEXT { Err(ReadError::TooLong { bytes: text.len() }) } else { Ok(()) }
}

fn parse_with(worker: &mut dyn ParseWorker, text: &str) -> Result<Doc, ReadError> {
    check_length(text)?;
    guarded(|| worker.parse(text))
}

/// One report that trips over a bug of ours must not take a stream of a million down with it. Workers only hold buffers and
/// caches that every text overwrites, so they may be used again.
fn guarded<R>(work: impl FnOnce() -> R) -> Result<R, ReadError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let message = panic
            .downcast_ref::<&str>()
            .map(|message| (*message).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        ReadError::Internal(message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trips over some texts.
    struct Brittle;

    impl Parser for Brittle {
        fn worker(&self) -> Box<dyn ParseWorker + '_> {
            Box::new(Self)
        }
    }

    impl ParseWorker for Brittle {
        fn parse(&mut self, text: &str) -> Doc {
            assert!(!text.contains("mine"), "tripped");
            Doc::default()
        }
    }

    #[test]
    fn a_bug_in_one_report_does_not_stop_the_stream() {
        let dateline = Dateline::builder().build_with(Box::new(Brittle)).unwrap();
        let inputs = ["a", "a mine", "b"].map(|text| ((), Ok(text.to_owned())));
        let mut seen = Vec::new();
        dateline.parse_each(inputs.into_iter(), |(), result| {
            seen.push(result.map(|_| ()).map_err(|error| error.to_string()));
            ControlFlow::Continue(())
        });
        let tripped = Err("internal error while reading it (a bug in dateline): tripped".to_owned());
        assert_eq!(seen, [Ok(()), tripped, Ok(())]);
    }
}
