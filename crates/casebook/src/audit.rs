//! The audit chain: one entry for every change of a recorded row, each hashed over the one before.

use std::collections::BTreeMap;
use std::fmt::Display;

use rusqlite::{Connection, OptionalExtension as _, ToSql};
use serde::{Deserialize, Serialize};

use crate::digest::{Canonical, Digest, from_hex, hex};
use crate::error::{Error, Result, column_id, rising, row_id};
use crate::{Reader, Stamp};

/// A table whose rows stand in the chain.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Column of the primary key.
    pub(crate) key: &'static str,
    /// What a row's digest covers, the key included. Compressed columns are covered by the hash of what is in them.
    pub(crate) columns: &'static str,
}

/// All of them.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "original", key: "id", columns: "id, sha256, bytes, stored, media_type, first_seen" },
    Table {
        name: "report",
        key: "id",
        columns: "id, key, original, reference, title, url, source, author, published, language, text_sha256, added_at, added_by, \
                  status, status_why, provenance",
    },
    Table { name: "capture", key: "id", columns: "id, report, at, by, original, provenance" },
    Table { name: "medium", key: "id", columns: "id, report, name, original, added_at, added_by" },
    Table { name: "medium_words", key: "id", columns: "id, report, medium, name, address, alt, caption, added_at, added_by" },
    Table {
        name: "sighting",
        key: "id",
        columns: "id, original, name, source, published, modified, video, at_ms, added_at, added_by",
    },
    Table { name: "version", key: "id", columns: "id, program, model, lexicons, gazetteer" },
    Table {
        name: "reading",
        key: "id",
        columns: "id, report, version, current, superseded_by, claims, not_read, error, made_at, made_by, sha256",
    },
    Table { name: "review", key: "id", columns: "id, at, by, kind, subject, field, value, why, undone_by" },
    Table { name: "outlet", key: "name", columns: "name, owner, aliases, country, kind, reliability" },
    Table { name: "export", key: "id", columns: "id, at, by, format, filter, rows, sha256, manifest" },
];

/// A primary key, in the database and in a subject.
pub(crate) trait Key: ToSql + Display {}

impl<K: ToSql + Display> Key for K {}

/// The table of that name.
pub(crate) fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

impl Table {
    /// Digest of a row whose columns are `columns`, in their order.
    pub(crate) fn digest(&self, row: &rusqlite::Row<'_>) -> rusqlite::Result<Digest> {
        let mut canonical = Canonical::new(self.name);
        for (nth, name) in self.columns.split(',').enumerate() {
            canonical.column(name.trim(), row.get_ref(nth)?);
        }
        Ok(canonical.finish())
    }

    /// Digest of a row that is not there.
    pub(crate) fn digest_of_none(&self) -> Digest {
        Canonical::new(self.name).finish()
    }

    fn digest_now(&self, db: &Connection, key: &dyn Key) -> Result<Digest> {
        let sql = format!("SELECT {} FROM {} WHERE {} = ?1", self.columns, self.name, self.key);
        let digest = db.prepare_cached(&sql)?.query_row([key], |row| self.digest(row)).optional()?;
        Ok(digest.unwrap_or_else(|| self.digest_of_none()))
    }
}

/// The last entry of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number; entries are numbered from 1.
    pub seq: u64,
    /// Its hash: whoever notes it down can tell later that nothing up to it was changed.
    pub hash: String,
}

/// The head as the case itself notes it down, with how many rows each table has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Noted {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) rows: BTreeMap<String, u64>,
}

/// One entry of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Its number.
    pub seq: u64,
    /// When, an RFC 3339 instant.
    pub at: String,
    /// Who.
    pub by: String,
    /// What was done: `report.add`, `review.undo`, …
    pub kind: String,
    /// The row: its table and key, such as `report/12`.
    pub subject: String,
    /// SHA-256 over the row as it then was.
    pub digest: String,
    /// Hash of the entry before; zeros for the first.
    pub prev: String,
    /// SHA-256 over all of these.
    pub hash: String,
}

/// Hash of an entry.
pub(crate) fn entry_hash(seq: i64, stamp: (&str, &str), kind: &str, subject: &str, digest: &[u8], prev: &[u8]) -> Digest {
    let mut canonical = Canonical::new("dateline.audit/1");
    canonical.integer(seq).text(stamp.0).text(stamp.1).text(kind).text(subject).blob(digest).blob(prev);
    canonical.finish()
}

/// The growing end of the chain within a transaction.
#[derive(Debug)]
pub(crate) struct Chain {
    seq: i64,
    hash: Digest,
    rows: BTreeMap<String, u64>,
    grown: bool,
}

impl Chain {
    /// A chain without entries.
    pub(crate) fn empty() -> Self {
        Self { seq: 0, hash: [0; 32], rows: BTreeMap::new(), grown: false }
    }

    /// Where the chain ends now.
    pub(crate) fn load(db: &Connection) -> Result<Self> {
        let noted = noted(db)?;
        let Some(noted) = noted else { return Ok(Self::empty()) };
        let hash = from_hex(&noted.head.hash).ok_or_else(|| Error::damaged("meta/head", "its hash is none"))?;
        Ok(Self { seq: column_id(noted.head.seq)?, hash, rows: noted.rows, grown: false })
    }

    /// Adds an entry about the row as it now is. `change` is by how many rows the table grew.
    pub(crate) fn append(
        &mut self,
        db: &Connection,
        kind: &str,
        (table, key): (&Table, &dyn Key),
        change: i64,
        stamp: &Stamp,
    ) -> Result<()> {
        let digest = table.digest_now(db, key)?;
        self.append_digest(db, kind, &format!("{}/{key}", table.name), digest, stamp)?;
        let rows = self.rows.entry(table.name.to_owned()).or_default();
        *rows = rows.saturating_add_signed(change);
        Ok(())
    }

    pub(crate) fn append_digest(
        &mut self,
        db: &Connection,
        kind: &str,
        subject: &str,
        digest: Digest,
        stamp: &Stamp,
    ) -> Result<()> {
        let seq = self.seq + 1;
        let hash = entry_hash(seq, (&stamp.at, &stamp.by), kind, subject, &digest, &self.hash);
        db.prepare_cached(
            "INSERT INTO audit (seq, at, by, kind, subject, digest, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((seq, &stamp.at, &stamp.by, kind, subject, digest, self.hash, hash))?;
        (self.seq, self.hash, self.grown) = (seq, hash, true);
        Ok(())
    }

    /// Notes the head down, before the commit.
    pub(crate) fn note(&self, db: &Connection) -> Result<()> {
        if !self.grown {
            return Ok(());
        }
        let noted = Noted { head: Head { seq: row_id(self.seq), hash: hex(&self.hash) }, rows: self.rows.clone() };
        let text = serde_json::to_string(&noted).map_err(|error| Error::Database(Box::new(error)))?;
        db.execute("INSERT INTO meta (name, value) VALUES ('head', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1", [text])?;
        Ok(())
    }
}

/// The head as the case notes it.
pub(crate) fn noted(db: &Connection) -> Result<Option<Noted>> {
    let text: Option<String> =
        db.prepare_cached("SELECT value FROM meta WHERE name = 'head'")?.query_row([], |row| row.get(0)).optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| Error::damaged("meta/head", error))).transpose()
}

impl Reader<'_> {
    /// The head of the audit chain.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn head(&self) -> Result<Head> {
        Ok(noted(self.db())?.map_or_else(|| Head { seq: 0, hash: hex(&[0; 32]) }, |noted| noted.head))
    }

    /// Up to `limit` entries of the audit chain after the one numbered `after`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditEntry>> {
        let sql = "SELECT seq, at, by, kind, subject, digest, prev, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let entries = self.list(sql, (column_id(after)?, limit_of(limit)), |row| {
            let digest = |nth| row.get_ref(nth)?.as_blob().map(hex).map_err(rusqlite::Error::from);
            Ok(AuditEntry {
                seq: row_id(row.get(0)?),
                at: row.get(1)?,
                by: row.get(2)?,
                kind: row.get(3)?,
                subject: row.get(4)?,
                digest: digest(5)?,
                prev: digest(6)?,
                hash: digest(7)?,
            })
        })?;
        rising("audit", after, entries, |entry| entry.seq)
    }
}

/// A limit as SQL takes it.
pub(crate) fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
