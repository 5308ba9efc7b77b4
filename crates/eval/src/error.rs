use std::io;
use std::path::PathBuf;

/// Why a set could not be scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// The set's data is not there.
    #[error("no data for the set `{set}`: looked for {}", .looked.display())]
    Missing {
        /// The set.
        set: &'static str,
        /// The first file or folder that is missing.
        looked: PathBuf,
    },
    /// Gold or predictions are not what they should be.
    #[error("{place}: {what}")]
    Malformed {
        /// File and line, and where in the line.
        place: String,
        /// What is wrong there.
        what: String,
    },
    /// A file can't be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another program that a set needs could not be run.
    #[error("can't run {program}: {why}")]
    Tool {
        /// The program.
        program: String,
        /// Why.
        why: String,
    },
    /// The lexicons can't be used.
    #[error(transparent)]
    Lexicon(#[from] dateline_reader::LexiconError),
    /// The scored program can't do what the set asks for.
    #[error("{0}")]
    Unable(String),
}

impl EvalError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Missing { .. } => Some(
                "name the folder that holds `data` and `gold` with `--data DIR` or `DATELINE_EVAL_DATA`; docs/eval.md says what is where",
            ),
            _ => None,
        }
    }
}

/// A fault at a place of a file.
pub(crate) fn bad<T>(place: impl Into<String>, what: impl Into<String>) -> Result<T, EvalError> {
    Err(EvalError::Malformed { place: place.into(), what: what.into() })
}

/// `what` is wrong at `place` unless `ok`.
pub(crate) fn need(ok: bool, place: &str, what: impl FnOnce() -> String) -> Result<(), EvalError> {
    if ok { Ok(()) } else { bad(place, what()) }
}
