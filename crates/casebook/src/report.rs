use std::path::PathBuf;

use dateline_record::{Edtf, Provenance, Report};
use rusqlite::Row;
use rusqlite::types::Type;

use crate::archive::Archive;
use crate::audit::limit_of;
use crate::digest::{Canonical, Digest, from_hex, hex, sha256};
use crate::error::{Error, Result, column_id, rising, row_id};
use crate::pack::{Kind, unpack_file};
use crate::{Reader, Stamp, Writer};

/// A report to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewReport<'a> {
    /// What is to be read.
    pub report: &'a Report,
    /// How it came.
    pub provenance: &'a Provenance,
    /// The exact bytes as they came.
    pub original: &'a [u8],
    /// Media type of these.
    pub media_type: Option<&'a str>,
}

/// What became of a report that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its id, of before when the case has it already.
    pub id: u64,
    /// False when the case has it already.
    pub new: bool,
    /// True when the case has it already but its original is another: logged as a further capture.
    pub captured: bool,
}

/// What stands behind a report now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportStatus {
    /// It stands.
    Kept,
    /// Its outlet took it back; it stays in the record.
    Withdrawn,
}

impl ReportStatus {
    fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A report of the case, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Its id in this case.
    pub id: u64,
    /// SHA-256 over text and origin: the same again is the same report.
    pub key: String,
    /// SHA-256 of the original that it was first read from.
    pub original: String,
    /// The sender's own name for it.
    pub reference: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Outlet or channel.
    pub source: Option<String>,
    /// Byline.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<Edtf>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// SHA-256 of the text's UTF-8: the id that a reading's document bears, without `sha256:`.
    pub text_sha256: String,
    /// How it came to us.
    pub provenance: Provenance,
    /// When it was added.
    pub added_at: String,
    /// Who added it.
    pub added_by: String,
    /// What stands behind it now.
    pub status: ReportStatus,
    /// Why it was withdrawn.
    pub status_why: Option<String>,
}

/// A further capture of a report that the case has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Its id.
    pub id: u64,
    /// The report's id.
    pub report: u64,
    /// When it was added.
    pub at: String,
    /// Who added it.
    pub by: String,
    /// SHA-256 of its original.
    pub original: String,
    /// How it came.
    pub provenance: Provenance,
}

/// An original of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalRow {
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
    /// How many in the archive, compressed.
    pub stored: u64,
    /// Media type, when known.
    pub media_type: Option<String>,
    /// When it was added.
    pub first_seen: String,
    /// Its file, within the case.
    pub path: PathBuf,
}

/// Columns of [`report_row`].
const COLUMNS: &str = "r.id, r.key, o.sha256, r.reference, r.title, r.url, r.source, r.author, r.published, r.language, r.text_sha256, \
                       r.provenance, r.added_at, r.added_by, r.status, r.status_why";

/// Identity of a report: its text and all that is known of its origin.
pub(crate) fn identity(report: &Report) -> Digest {
    let mut canonical = Canonical::new("dateline.report/1");
    canonical.text(&report.text);
    canonical.optional(report.source.as_deref()).optional(report.url.as_deref());
    canonical.optional(report.published.as_ref().map(Edtf::as_str)).optional(report.title.as_deref());
    canonical.optional(report.author.as_deref()).optional(report.reference.as_deref());
    canonical.finish()
}

/// JSON from a column.
pub(crate) fn json_column<T: serde::de::DeserializeOwned>(row: &Row<'_>, nth: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(nth)?.as_str()?;
    serde_json::from_str(text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(nth, Type::Text, Box::new(error)))
}

/// JSON for a column.
pub(crate) fn json_text(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Database(Box::new(error)))
}

/// A hash from a column, as people see it.
pub(crate) fn hex_column(row: &Row<'_>, nth: usize) -> rusqlite::Result<String> {
    Ok(hex(row.get_ref(nth)?.as_blob()?))
}

pub(crate) fn edtf_column(row: &Row<'_>, nth: usize) -> rusqlite::Result<Option<Edtf>> {
    let text: Option<String> = row.get(nth)?;
    let parse =
        |text: String| text.parse().map_err(|error| rusqlite::Error::FromSqlConversionFailure(nth, Type::Text, Box::new(error)));
    text.map(parse).transpose()
}

fn report_row(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    Ok(ReportRow {
        id: row_id(row.get(0)?),
        key: hex_column(row, 1)?,
        original: hex_column(row, 2)?,
        reference: row.get(3)?,
        title: row.get(4)?,
        url: row.get(5)?,
        source: row.get(6)?,
        author: row.get(7)?,
        published: edtf_column(row, 8)?,
        language: row.get(9)?,
        text_sha256: hex_column(row, 10)?,
        provenance: json_column(row, 11)?,
        added_at: row.get(12)?,
        added_by: row.get(13)?,
        status: match row.get_ref(14)?.as_str()? {
            "withdrawn" => ReportStatus::Withdrawn,
            _ => ReportStatus::Kept,
        },
        status_why: row.get(15)?,
    })
}

impl Writer<'_> {
    /// Keeps a report with its original. Adding what the case has already changes nothing, but for a further capture where the original's
    /// bytes are new to the report.
    ///
    /// # Errors
    /// When the archive or the database can't be written.
    pub fn add_report(&mut self, new: &NewReport<'_>, stamp: &Stamp) -> Result<Added> {
        self.step(|writer| {
            let key = identity(new.report);
            let digest = sha256(new.original);
            let known = writer.first("SELECT id, original FROM report WHERE key = ?1", [key], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })?;
            match known {
                Some((report, original)) => writer.add_capture(report, original, digest, new, stamp),
                None => writer.insert_report(key, digest, new, stamp),
            }
        })
    }

    fn insert_report(&mut self, key: Digest, digest: Digest, new: &NewReport<'_>, stamp: &Stamp) -> Result<Added> {
        let report = new.report;
        let original = self.keep_original(digest, new.original, new.media_type, stamp)?;
        let id = self.run(
            "INSERT INTO report (key, original, reference, title, url, source, author, published, language, text_sha256, added_at, \
             added_by, status, provenance, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            (
                key,
                original,
                &report.reference,
                &report.title,
                &report.url,
                &report.source,
                &report.author,
                report.published.as_ref().map(Edtf::as_str),
                &report.language,
                sha256(report.text.as_bytes()),
                &stamp.at,
                &stamp.by,
                ReportStatus::Kept.as_str(),
                json_text(new.provenance)?,
                self.pack().pack(Kind::Text, report.text.as_bytes())?,
            ),
        )?;
        self.index_words(id, report.title.as_deref(), &report.text)?;
        self.audit("report.add", "report", id, 1, stamp)?;
        Ok(Added { id: row_id(id), new: true, captured: false })
    }

    fn add_capture(&mut self, report: i64, original: i64, digest: Digest, new: &NewReport<'_>, stamp: &Stamp) -> Result<Added> {
        let mut added = Added { id: row_id(report), new: false, captured: false };
        let same = self.first(
            "SELECT 1 FROM original WHERE sha256 = ?1 AND (id = ?2 OR id IN (SELECT original FROM capture WHERE report = ?3))",
            (digest, original, report),
            |_| Ok(()),
        )?;
        if same.is_none() {
            let original = self.keep_original(digest, new.original, new.media_type, stamp)?;
            let capture = self.run(
                "INSERT INTO capture (report, at, by, original, provenance) VALUES (?1, ?2, ?3, ?4, ?5)",
                (report, &stamp.at, &stamp.by, original, json_text(new.provenance)?),
            )?;
            self.audit("capture.add", "capture", capture, 1, stamp)?;
            added.captured = true;
        }
        Ok(added)
    }

    /// The id of an original, which is put in the archive where it isn't yet.
    pub(crate) fn keep_original(&mut self, digest: Digest, bytes: &[u8], media_type: Option<&str>, stamp: &Stamp) -> Result<i64> {
        let known = self.first("SELECT id FROM original WHERE sha256 = ?1", [digest], |row| row.get::<_, i64>(0))?;
        if let Some(id) = known {
            return Ok(id);
        }
        let packed = self.pack().pack(Kind::Original, bytes)?;
        let archive = self.archive();
        archive.write(&digest, &packed, self.written())?;
        let id = self.run(
            "INSERT INTO original (sha256, bytes, stored, media_type, first_seen) VALUES (?1, ?2, ?3, ?4, ?5)",
            (digest, limit_of(bytes.len()), limit_of(packed.len()), media_type, &stamp.at),
        )?;
        self.audit("original.add", "original", id, 1, stamp)?;
        Ok(id)
    }

    /// Keeps a picture, video or file that came with a report; the same again changes nothing. True when it is new to the report.
    ///
    /// # Errors
    /// When there is no such report, or the archive or the database can't be written.
    pub fn add_medium(&mut self, report: u64, name: &str, bytes: &[u8], stamp: &Stamp) -> Result<bool> {
        self.step(|writer| {
            let id = column_id(report)?;
            if writer.list("SELECT 1 FROM report WHERE id = ?1", [id], |_| Ok(()))?.is_empty() {
                return Err(Error::missing("report", report));
            }
            let original = writer.keep_original(sha256(bytes), bytes, None, stamp)?;
            let known = "SELECT 1 FROM medium WHERE report = ?1 AND name = ?2 AND original = ?3";
            if writer.first(known, (id, name, original), |_| Ok(()))?.is_some() {
                return Ok(false);
            }
            let sql = "INSERT INTO medium (report, name, original, added_at, added_by) VALUES (?1, ?2, ?3, ?4, ?5)";
            let medium = writer.run(sql, (id, name, original, &stamp.at, &stamp.by))?;
            writer.audit("medium.add", "medium", medium, 1, stamp)?;
            Ok(true)
        })
    }

    /// Notes that the outlet took a report back. The report stays.
    ///
    /// # Errors
    /// When there is no such report.
    pub fn withdraw_report(&mut self, report: u64, why: &str, stamp: &Stamp) -> Result<()> {
        self.step(|writer| {
            let id = column_id(report)?;
            let sql = "UPDATE report SET status = ?2, status_why = ?3 WHERE id = ?1";
            if writer.change(sql, (id, ReportStatus::Withdrawn.as_str(), why))? == 0 {
                return Err(Error::missing("report", report));
            }
            writer.audit("report.withdraw", "report", id, 0, stamp)
        })
    }
}

impl Reader<'_> {
    fn report_rows(&self, rest: &str, params: impl rusqlite::Params) -> Result<Vec<ReportRow>> {
        self.list(&format!("SELECT {COLUMNS} FROM report r JOIN original o ON o.id = r.original {rest}"), params, report_row)
    }

    /// A report.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn report(&self, id: u64) -> Result<Option<ReportRow>> {
        Ok(self.report_rows("WHERE r.id = ?1", [column_id(id)?])?.pop())
    }

    /// The text of a report, checked against its hash.
    ///
    /// # Errors
    /// When the database can't be read or the text is damaged.
    pub fn report_text(&self, id: u64) -> Result<Option<String>> {
        let packed = self.first("SELECT text, text_sha256 FROM report WHERE id = ?1", [column_id(id)?], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        let Some((packed, digest)) = packed else { return Ok(None) };
        let place = || format!("report/{id}");
        let text = self.pack().unpack_text(&packed, place)?;
        if sha256(text.as_bytes())[..] != digest[..] {
            return Err(Error::damaged(place(), "its text is not the one that was added"));
        }
        Ok(Some(text))
    }

    /// A report as it was added.
    ///
    /// # Errors
    /// As [`report_text`](Self::report_text).
    pub fn full_report(&self, id: u64) -> Result<Option<Report>> {
        let (Some(row), Some(text)) = (self.report(id)?, self.report_text(id)?) else { return Ok(None) };
        let ReportRow { reference, title, url, source, author, published, language, .. } = row;
        Ok(Some(Report { reference, text, title, url, source, author, published, language }))
    }

    /// The report that the case has already, if it does.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn find_report(&self, report: &Report) -> Result<Option<u64>> {
        self.first("SELECT id FROM report WHERE key = ?1", [identity(report)], |row| Ok(row_id(row.get(0)?)))
    }

    /// Up to `limit` reports with ids above `after`, by id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports(&self, after: u64, limit: usize) -> Result<Vec<ReportRow>> {
        let rows = self.report_rows("WHERE r.id > ?1 ORDER BY r.id LIMIT ?2", (column_id(after)?, limit_of(limit)))?;
        rising("report", after, rows, |row| row.id)
    }

    /// Pictures, videos and files that came with a report, in the order in which they were added: each with its name and the SHA-256 of its
    /// bytes.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn media(&self, report: u64) -> Result<Vec<(String, String)>> {
        let sql = "SELECT m.name, o.sha256 FROM medium m JOIN original o ON o.id = m.original WHERE m.report = ?1 ORDER BY m.id";
        self.list(sql, [column_id(report)?], |row| Ok((row.get(0)?, hex_column(row, 1)?)))
    }

    /// Up to `limit` reports with ids below `before`, the largest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports_before(&self, before: u64, limit: usize) -> Result<Vec<ReportRow>> {
        self.report_rows("WHERE r.id < ?1 ORDER BY r.id DESC LIMIT ?2", (column_id(before)?, limit_of(limit)))
    }

    /// Up to `limit` ids of reports above `after`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn report_ids(&self, after: u64, limit: usize) -> Result<Vec<u64>> {
        let sql = "SELECT id FROM report WHERE id > ?1 ORDER BY id LIMIT ?2";
        let ids = self.list(sql, (column_id(after)?, limit_of(limit)), |row| Ok(row_id(row.get(0)?)))?;
        rising("report", after, ids, |&id| id)
    }

    /// Reports whose text has a hash that begins with `hex`, as people type it, with or without `sha256:`; no more than `most`. None
    /// where `hex` is no hexadecimal number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports_by_prefix(&self, hex: &str, most: usize) -> Result<Vec<u64>> {
        let typed = hex.trim().trim_start_matches("sha256:");
        let filled = |with: char| from_hex(&format!("{typed}{}", with.to_string().repeat(64usize.saturating_sub(typed.len()))));
        let (false, Some(low), Some(high)) = (typed.is_empty(), filled('0'), filled('f')) else { return Ok(Vec::new()) };
        let sql = "SELECT id FROM report WHERE text_sha256 BETWEEN ?1 AND ?2 ORDER BY text_sha256, id LIMIT ?3";
        self.list(sql, (low, high, limit_of(most)), |row| Ok(row_id(row.get(0)?)))
    }

    /// Reports that give this address as where they were published.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports_by_url(&self, url: &str) -> Result<Vec<u64>> {
        self.list("SELECT id FROM report WHERE url = ?1 ORDER BY id", [url], |row| Ok(row_id(row.get(0)?)))
    }

    /// Reports that an original gave, as their first or a further capture.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports_of_original(&self, sha256: &str) -> Result<Vec<u64>> {
        let Some(digest) = from_hex(sha256) else { return Ok(Vec::new()) };
        let sql = "SELECT r.id FROM original o JOIN report r ON r.original = o.id WHERE o.sha256 = ?1
                   UNION SELECT c.report FROM original o JOIN capture c ON c.original = o.id WHERE o.sha256 = ?1 ORDER BY 1";
        self.list(sql, [digest], |row| Ok(row_id(row.get(0)?)))
    }

    /// Further captures of a report, oldest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn captures(&self, report: u64) -> Result<Vec<Capture>> {
        let sql = "SELECT c.id, c.report, c.at, c.by, o.sha256, c.provenance FROM capture c JOIN original o ON o.id = c.original
                   WHERE c.report = ?1 ORDER BY c.id";
        self.list(sql, [column_id(report)?], |row| {
            Ok(Capture {
                id: row_id(row.get(0)?),
                report: row_id(row.get(1)?),
                at: row.get(2)?,
                by: row.get(3)?,
                original: hex_column(row, 4)?,
                provenance: json_column(row, 5)?,
            })
        })
    }

    /// What is known of an original; `None` where the case has none of that hash.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn original_row(&self, sha256: &str) -> Result<Option<OriginalRow>> {
        let Some(digest) = from_hex(sha256) else { return Ok(None) };
        let sql = "SELECT bytes, stored, media_type, first_seen FROM original WHERE sha256 = ?1";
        self.first(sql, [digest], |row| {
            Ok(OriginalRow {
                sha256: hex(&digest),
                bytes: row_id(row.get(0)?),
                stored: row_id(row.get(1)?),
                media_type: row.get(2)?,
                first_seen: row.get(3)?,
                path: Archive::relative(&digest),
            })
        })
    }

    /// The bytes of an original, checked against its hash.
    ///
    /// # Errors
    /// When its file is missing or damaged, or the database can't be read.
    pub fn original(&self, sha256: &str) -> Result<Option<Vec<u8>>> {
        let (Some(row), Some(digest)) = (self.original_row(sha256)?, from_hex(sha256)) else { return Ok(None) };
        let path = self.archive().path(&digest);
        let file = std::fs::File::open(&path).map_err(Error::io(&path))?;
        let bytes = unpack_file(file, row.bytes).map_err(|error| Error::damaged(row.path.display(), error))?;
        if crate::digest::sha256(&bytes) != digest {
            return Err(Error::damaged(row.path.display(), "not the bytes that were added"));
        }
        Ok(Some(bytes))
    }
}
