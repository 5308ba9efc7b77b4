use std::fmt;
use std::path::PathBuf;

use crate::Head;

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Entries of the audit chain.
    pub audit_entries: u64,
    /// Rows of the record.
    pub rows: u64,
    /// Files of the archive.
    pub files: u64,
    /// What is wrong.
    pub faults: u64,
    /// Files that a transaction which never ended left; nothing is wrong with the case.
    pub left_over: u64,
    /// Where the chain ends.
    pub head: Option<Head>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A row.
    Row {
        /// Its table.
        table: String,
        /// Its key.
        key: String,
    },
    /// An entry of the audit chain, by its number.
    Audit(u64),
    /// A file, within the case.
    File(PathBuf),
    /// The database as a whole.
    Database,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The row is not as its last entry in the chain says.
    Altered,
    /// The chain knows nothing of the row.
    Added,
    /// The chain says that the row should be there.
    Removed,
    /// The entry's hash is not that of what it says.
    EntryAltered,
    /// The entry does not follow on the one before.
    EntryOutOfLine,
    /// Entries up to the one before are missing.
    EntriesMissing {
        /// How many.
        count: u64,
    },
    /// The chain goes on beyond what the case notes as its end, or ends elsewhere.
    Head(String),
    /// The table has another number of rows than noted.
    Count {
        /// How many were noted.
        noted: u64,
        /// How many there are.
        found: u64,
    },
    /// The report's text is not the one that was added.
    Text(String),
    /// The reading is not the one that was kept.
    Reading(String),
    /// The original's file is missing.
    FileMissing,
    /// The original's file does not hold what was added.
    FileAltered(String),
    /// The file is no original of the case.
    FileAdded,
    /// The file was left by a transaction that never ended, or is being written now.
    LeftOver,
    /// The index of words does not fit the reports; it can be made anew.
    Words(&'static str),
    /// What SQLite says of its file.
    Sqlite(String),
}

impl Problem {
    /// True where nothing is wrong with the case.
    #[must_use]
    pub fn is_left_over(&self) -> bool {
        *self == Self::LeftOver
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row { table, key } => write!(f, "{table}/{key}"),
            Self::Audit(seq) => write!(f, "audit/{seq}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Database => f.write_str("case.db"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered => f.write_str("altered: not as its last entry in the audit chain says"),
            Self::Added => f.write_str("added by another hand: the audit chain knows nothing of it"),
            Self::Removed => f.write_str("removed: the audit chain says that it is there"),
            Self::EntryAltered => f.write_str("entry altered: its hash is another"),
            Self::EntryOutOfLine => f.write_str("entry does not follow on the one before"),
            Self::EntriesMissing { count } => write!(f, "{count} entries before it are missing"),
            Self::Head(what) => write!(f, "the end of the audit chain is not where it was noted: {what}"),
            Self::Count { noted, found } => write!(f, "{found} rows, where {noted} were noted"),
            Self::Text(why) => write!(f, "text damaged: {why}"),
            Self::Reading(why) => write!(f, "reading damaged: {why}"),
            Self::FileMissing => f.write_str("missing: the original is not in the archive"),
            Self::FileAltered(why) => write!(f, "altered: {why}"),
            Self::FileAdded => {
                f.write_str("belongs to no original of the case: added by another hand, or left when the machine stopped")
            }
            Self::LeftOver => f.write_str("left over from a step that was cut short, or being written now: harmless"),
            Self::Words(what) => write!(f, "full text: {what} (it can be made anew)"),
            Self::Sqlite(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}
