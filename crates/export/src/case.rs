//! The case that is exported, and who and what made its rows.

use serde::{Deserialize, Serialize};

/// The case that is exported, and the export itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    /// Its stable id.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// Hash at the head of the audit chain when the export was made: it names the state of the record.
    pub head: String,
    /// When it was exported, as an RFC 3339 instant. The only time that an export knows of.
    pub exported_at: String,
    /// Who exported it.
    pub by: String,
    /// The filter that chose the events, as it was typed; empty for all.
    pub filter: String,
}

/// What made a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Versions {
    /// Version of dateline.
    pub program: String,
    /// Name and version of the language model.
    pub model: String,
    /// Version of the lexicons.
    pub lexicons: String,
    /// Version of the gazetteer.
    pub gazetteer: String,
}

/// A coder's decision on an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Review {
    /// Who decided.
    pub by: String,
    /// When, as an RFC 3339 instant.
    pub at: String,
    /// What: `accepted`, `changed`, `rejected`, or the caller's own word.
    pub decision: String,
}
