//! Where the sets lie.

use std::path::{Path, PathBuf};

use crate::error::EvalError;

/// The folder `shared` with `data` and `gold` in it, beside the folder `here` or beside one that holds it.
#[must_use]
pub fn find_data(here: &Path) -> Option<PathBuf> {
    here.ancestors()
        .skip(1)
        .map(|folder| folder.join("shared"))
        .find(|shared| shared.join("data").is_dir() && shared.join("gold").is_dir())
}

/// A file or folder of a set; when it is not there, says what was looked for.
pub(crate) fn of_set(set: &'static str, data: &Path, inner: &str) -> Result<PathBuf, EvalError> {
    let path = data.join(inner);
    if path.exists() { Ok(path) } else { Err(EvalError::Missing { set, looked: path }) }
}

/// The files of a folder with one ending, sorted by name.
pub(crate) fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, EvalError> {
    let io = |source| EvalError::Io { path: folder.to_owned(), source };
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|end| end == ending) {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// The name of a file without folder and ending.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
