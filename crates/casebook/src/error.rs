use std::fmt::Display;
use std::path::{Path, PathBuf};

/// What this crate answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a case can't be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no case in the directory.
    #[error("{}: there is no case here; make one with `dateline init`", .0.display())]
    NoCase(PathBuf),
    /// A case was to be made where there is one.
    #[error("{}: there is a case here already", .0.display())]
    Exists(PathBuf),
    /// A case was to be made in a directory that holds something else.
    #[error("{}: holds other files ({found}); a case needs a new or an empty directory", .path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
        /// The name of one of them.
        found: String,
    },
    /// The file is not a case's database.
    #[error("{}: is no database of a case ({reason}); if it is one, bring it back from a backup", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// How that shows.
        reason: String,
    },
    /// A newer program wrote it.
    #[error("{}: was written by a newer dateline (schema {found}, this one knows {known}); update dateline", .path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version that is known.
        known: u32,
    },
    /// An older program wrote it, and it was opened for reading only.
    #[error("{}: was written by an older dateline (schema {found}, now {known}); open it for writing once, as `dateline add` does", .path.display())]
    Older {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The version that is needed.
        known: u32,
    },
    /// It was opened for reading only.
    #[error("{}: opened for reading only", .0.display())]
    ReadOnly(PathBuf),
    /// Another process has been writing for minutes.
    #[error("the case is being written by another process; try again when it is done")]
    Busy,
    /// No space is left, or the database may not grow.
    #[error("the disk is full: nothing of this step was kept; make room and run it again")]
    Full,
    /// A file or directory can't be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database refuses; the text says why.
    #[error("the case's database: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something was asked of a row that is not there.
    #[error("there is no {what} {id}")]
    Missing {
        /// What kind of row: `report`, `review`, …
        what: &'static str,
        /// Its id as it was given.
        id: String,
    },
    /// A row or file does not hold what it should.
    #[error("{place} is damaged: {reason}; `dateline verify` says what else is")]
    Damaged {
        /// The row (`reading/17`) or the file.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// A reading of another text was to be kept with a report.
    #[error("the reading is of another text than report {report}")]
    OtherText {
        /// The report's id.
        report: u64,
    },
    /// A reading that breaks its own contract was to be kept.
    #[error("the reading of report {report} is unsound: {reason}")]
    Unsound {
        /// The report's id.
        report: u64,
        /// What is wrong.
        reason: String,
    },
    /// A decision that was undone already, or is itself an undoing, was to be undone.
    #[error("review {0} can't be undone: it was undone already, or undoes another")]
    Undone(u64),
    /// An id beyond what the store can hold.
    #[error("{0} is too large for an id")]
    IdTooLarge(u64),
    /// What a person typed to search for is no question.
    #[error("nothing to search for in `{0}`: give at least one word that should be there")]
    NothingAsked(String),
    /// A page was asked for with a mark that no earlier page gave.
    #[error("`{0}` is no mark of a page of this list; begin with the first page")]
    Cursor(String),
    /// An earlier step of the same transaction failed, so all of it is undone.
    #[error("an earlier step failed, so nothing of this transaction is kept")]
    Broken,
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io { path, source },
        }
    }

    pub(crate) fn damaged(place: impl Display, reason: impl Display) -> Self {
        Self::Damaged { place: place.to_string(), reason: reason.to_string() }
    }

    pub(crate) fn missing(what: &'static str, id: impl Display) -> Self {
        Self::Missing { what, id: id.to_string() }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::DatabaseBusy) => Self::Busy,
            Some(rusqlite::ErrorCode::DatabaseCorrupt) => Self::damaged("case.db", error),
            _ => Self::Database(Box::new(error)),
        }
    }
}

/// Rows that are walked over page by page, with rising ids above `after`: in a damaged table they may come otherwise, and the walk would
/// never end.
pub(crate) fn rising<T>(table: &str, after: u64, rows: Vec<T>, id: impl Fn(&T) -> u64) -> Result<Vec<T>> {
    let mut before = after;
    for row in &rows {
        let id = id(row);
        if id <= before {
            return Err(Error::damaged(table, "its rows do not stand in their order"));
        }
        before = id;
    }
    Ok(rows)
}

/// An id as a column holds it.
pub(crate) fn column_id(id: u64) -> Result<i64> {
    i64::try_from(id).map_err(|_| Error::IdTooLarge(id))
}

/// An id from its column; ids are never negative, so a negative one is damage and becomes an id that nothing has.
pub(crate) fn row_id(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::rising;

    #[test]
    fn rows_out_of_order_end_a_walk() {
        let walk = |ids: Vec<u64>| rising("report", 4, ids, |&id| id);
        assert_eq!(walk(vec![5, 6, 9]).unwrap(), [5, 6, 9]);
        assert_eq!(walk(vec![]).unwrap(), [0; 0]);
        for ids in [vec![4], vec![5, 5], vec![5, 9, 8], vec![u64::MAX, 1]] {
            let error = walk(ids).unwrap_err().to_string();
            assert!(error.contains("report is damaged") && error.contains("order"), "{error}");
        }
    }
}
