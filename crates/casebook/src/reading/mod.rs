mod strip;

use dateline_record::Reading;
use rusqlite::Row;

use crate::audit::limit_of;
use crate::digest::{hex, sha256};
use crate::error::{Error, Result, column_id, rising, row_id};
use crate::pack::Kind;
use crate::{Reader, Stamp, Writer};

/// What makes readings. The same report read by the same versions gives the same reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// The program.
    pub program: String,
    /// The language model.
    pub model: String,
    /// The lexicons.
    pub lexicons: String,
    /// The gazetteer.
    pub gazetteer: String,
}

/// A reading's data, without the reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingRow {
    /// Its id.
    pub id: u64,
    /// The report that was read.
    pub report: u64,
    /// The version that read it.
    pub version: u64,
    /// False when a later one took its place.
    pub current: bool,
    /// The later one.
    pub superseded_by: Option<u64>,
    /// How many claims it has.
    pub claims: u64,
    /// Why the text was kept but not read.
    pub not_read: Option<String>,
    /// Why reading failed; there is no reading then.
    pub error: Option<String>,
    /// When it was made.
    pub made_at: String,
    /// SHA-256 over the reading as it is kept.
    pub sha256: Option<String>,
}

/// A report that gave no claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The report's id.
    pub report: u64,
    /// Why.
    pub why: UnreadWhy,
}

/// Why a report gave no claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadWhy {
    /// Nobody has read it yet.
    NotYet,
    /// The reader would not: its words.
    NotRead(String),
    /// Reading failed: the error's words.
    Failed(String),
    /// It was read and has none.
    NoClaims,
}

/// A report's id and its reading's id, reason not to read, and error.
pub(crate) fn unread_row(row: &Row<'_>) -> rusqlite::Result<Unread> {
    let (reading, not_read, error): (Option<i64>, Option<String>, Option<String>) = (row.get(1)?, row.get(2)?, row.get(3)?);
    let why = match (reading, not_read, error) {
        (None, ..) => UnreadWhy::NotYet,
        (_, _, Some(error)) => UnreadWhy::Failed(error),
        (_, Some(why), _) => UnreadWhy::NotRead(why),
        _ => UnreadWhy::NoClaims,
    };
    Ok(Unread { report: row_id(row.get(0)?), why })
}

/// Columns of [`reading_row`].
const COLUMNS: &str = "id, report, version, current, superseded_by, claims, not_read, error, made_at, sha256";

fn reading_row(row: &Row<'_>) -> rusqlite::Result<ReadingRow> {
    Ok(ReadingRow {
        id: row_id(row.get(0)?),
        report: row_id(row.get(1)?),
        version: row_id(row.get(2)?),
        current: row.get(3)?,
        superseded_by: row.get::<_, Option<i64>>(4)?.map(row_id),
        claims: row_id(row.get(5)?),
        not_read: row.get(6)?,
        error: row.get(7)?,
        made_at: row.get(8)?,
        sha256: row.get::<_, Option<Vec<u8>>>(9)?.map(|digest| hex(&digest)),
    })
}

/// What a reading's row holds beside its ids and stamp.
#[derive(Default)]
struct Content<'a> {
    claims: usize,
    not_read: Option<&'a str>,
    error: Option<&'a str>,
    json: Option<Vec<u8>>,
}

impl Writer<'_> {
    /// The id of a version; the same again has the same id.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn version(&mut self, version: &Version, stamp: &Stamp) -> Result<u64> {
        self.step(|writer| {
            let values = (&version.program, &version.model, &version.lexicons, &version.gazetteer);
            let sql = "SELECT id FROM version WHERE program = ?1 AND model = ?2 AND lexicons = ?3 AND gazetteer = ?4";
            if let Some(id) = writer.first(sql, values, |row| row.get(0))? {
                return Ok(row_id(id));
            }
            let id = writer.run("INSERT INTO version (program, model, lexicons, gazetteer) VALUES (?1, ?2, ?3, ?4)", values)?;
            writer.audit("version.add", "version", id, 1, stamp)?;
            Ok(row_id(id))
        })
    }

    /// Keeps a reading as the report's current one; the one before stays, superseded. The same reading by the same version again changes
    /// nothing. The id of the current reading is given back.
    ///
    /// # Errors
    /// When there is no such report or version, the reading is of another text or breaks its contract, or the database can't be written.
    pub fn put_reading(&mut self, report: u64, reading: &Reading, version: u64, stamp: &Stamp) -> Result<u64> {
        let full = self.full_report(report)?.ok_or_else(|| Error::missing("report", report))?;
        let unsound = |reason: String| Error::Unsound { report, reason };
        let json = strip::strip(reading, &full).map_err(|error| unsound(error.to_string()))?;
        let json = json.ok_or(Error::OtherText { report })?;
        // What is kept has to come back.
        let back = strip::restore(&json, &full).map_err(|error| unsound(error.to_string()))?;
        back.check().map_err(|error| unsound(error.to_string()))?;
        if back != *reading {
            return Err(unsound("it can't be kept without loss".to_owned()));
        }
        let not_read = reading.not_read.as_deref();
        let content = Content { claims: reading.claims.len(), not_read, error: None, json: Some(json) };
        self.step(|writer| writer.insert_reading(report, version, &content, stamp))
    }

    /// Keeps why reading a report failed.
    ///
    /// # Errors
    /// When there is no such report or version, or the database can't be written.
    pub fn put_reading_error(&mut self, report: u64, error: &str, version: u64, stamp: &Stamp) -> Result<u64> {
        if self.report(report)?.is_none() {
            return Err(Error::missing("report", report));
        }
        let content = Content { error: Some(error), ..Content::default() };
        self.step(|writer| writer.insert_reading(report, version, &content, stamp))
    }

    fn insert_reading(&mut self, report: u64, version: u64, content: &Content<'_>, stamp: &Stamp) -> Result<u64> {
        let known = self.first("SELECT 1 FROM version WHERE id = ?1", [column_id(version)?], |_| Ok(()))?;
        known.ok_or_else(|| Error::missing("version", version))?;
        let digest = content.json.as_ref().map(|json| sha256(json));
        let before = self.reading_row(report)?;
        if let Some(before) = &before {
            let same = before.version == version
                && before.sha256 == digest.map(|digest| hex(&digest))
                && before.error.as_deref() == content.error;
            if same {
                return Ok(before.id);
            }
            self.change("UPDATE reading SET current = 0 WHERE id = ?1", [column_id(before.id)?])?;
        }
        let packed = content.json.as_ref().map(|json| self.pack().pack(Kind::Reading, json)).transpose()?;
        let id = self.run(
            "INSERT INTO reading (report, version, current, claims, not_read, error, made_at, made_by, sha256, json)
             VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                column_id(report)?,
                column_id(version)?,
                limit_of(content.claims),
                content.not_read,
                content.error,
                &stamp.at,
                &stamp.by,
                digest,
                packed,
            ),
        )?;
        self.audit("reading.add", "reading", id, 1, stamp)?;
        if let Some(before) = before {
            let before = column_id(before.id)?;
            self.change("UPDATE reading SET superseded_by = ?2 WHERE id = ?1", (before, id))?;
            self.audit("reading.supersede", "reading", before, 0, stamp)?;
        }
        Ok(row_id(id))
    }
}

impl Reader<'_> {
    /// The report's current reading, whole and checked. `None` where there is none, or reading failed.
    ///
    /// # Errors
    /// When the database can't be read, or the reading is damaged.
    pub fn reading(&self, report: u64) -> Result<Option<Reading>> {
        match self.reading_row(report)? {
            Some(row) => self.reading_of(&row),
            None => Ok(None),
        }
    }

    /// Any reading by its id, superseded or not.
    ///
    /// # Errors
    /// As [`reading`](Self::reading).
    pub fn reading_by_id(&self, reading: u64) -> Result<Option<Reading>> {
        let sql = format!("SELECT {COLUMNS} FROM reading WHERE id = ?1");
        match self.first(&sql, [column_id(reading)?], reading_row)? {
            Some(row) => self.reading_of(&row),
            None => Ok(None),
        }
    }

    fn reading_of(&self, row: &ReadingRow) -> Result<Option<Reading>> {
        let Some(json) = self.reading_json(row.id)? else { return Ok(None) };
        let place = || format!("reading/{}", row.id);
        if row.sha256.as_deref() != Some(&hex(&sha256(&json))) {
            return Err(Error::damaged(place(), "not what was kept"));
        }
        let report = self.full_report(row.report)?.ok_or_else(|| Error::damaged(place(), "its report is not there"))?;
        let reading = strip::restore(&json, &report).map_err(|error| Error::damaged(place(), error))?;
        reading.check().map_err(|error| Error::damaged(place(), error))?;
        Ok(Some(reading))
    }

    /// A reading's JSON as it is kept.
    pub(crate) fn reading_json(&self, reading: u64) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT json FROM reading WHERE id = ?1";
        let packed = self.first(sql, [column_id(reading)?], |row| row.get::<_, Option<Vec<u8>>>(0))?.flatten();
        packed.map(|packed| self.pack().unpack(&packed, || format!("reading/{reading}"))).transpose()
    }

    /// What is known of the report's current reading.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reading_row(&self, report: u64) -> Result<Option<ReadingRow>> {
        let sql = format!("SELECT {COLUMNS} FROM reading WHERE report = ?1 AND current = 1");
        self.first(&sql, [column_id(report)?], reading_row)
    }

    /// All readings of a report, oldest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn readings(&self, report: u64) -> Result<Vec<ReadingRow>> {
        let sql = format!("SELECT {COLUMNS} FROM reading WHERE report = ?1 ORDER BY id");
        self.list(&sql, [column_id(report)?], reading_row)
    }

    /// Up to `limit` reports with ids above `after` that gave no claims, and why.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn unread(&self, after: u64, limit: usize) -> Result<Vec<Unread>> {
        let sql = "SELECT r.id, g.id, g.not_read, g.error FROM report r LEFT JOIN reading g ON g.report = r.id AND g.current = 1
                   WHERE r.id > ?1 AND coalesce(g.claims, 0) = 0 ORDER BY r.id LIMIT ?2";
        let unread = self.list(sql, (column_id(after)?, limit_of(limit)), unread_row)?;
        rising("report", after, unread, |row| row.report)
    }

    /// Up to `limit` reports with ids above `after` that `version` has not read, or not as the last.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports_to_read_again(&self, version: u64, after: u64, limit: usize) -> Result<Vec<u64>> {
        let sql = "SELECT r.id FROM report r LEFT JOIN reading g ON g.report = r.id AND g.current = 1
                   WHERE r.id > ?1 AND g.version IS NOT ?2 ORDER BY r.id LIMIT ?3";
        let ids = self.list(sql, (column_id(after)?, column_id(version)?, limit_of(limit)), |row| Ok(row_id(row.get(0)?)))?;
        rising("report", after, ids, |&id| id)
    }

    /// All versions that made readings, oldest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn versions(&self) -> Result<Vec<(u64, Version)>> {
        self.list("SELECT id, program, model, lexicons, gazetteer FROM version ORDER BY id", [], |row| {
            let version = Version { program: row.get(1)?, model: row.get(2)?, lexicons: row.get(3)?, gazetteer: row.get(4)? };
            Ok((row_id(row.get(0)?), version))
        })
    }
}
