//! Pictures: where they were seen, what is said of them, and what was found in them.

use dateline_record::Edtf;
use rusqlite::Row;

use crate::audit::limit_of;
use crate::digest::{from_hex, sha256};
use crate::error::{Error, Result, column_id, rising, row_id};
use crate::report::{edtf_column, hex_column};
use crate::{Reader, Stamp, Writer};

/// What was found in a picture, or why nothing could be: a view, which can be made anew from the original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureRow {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Why it could not be decoded.
    pub failure: Option<String>,
    /// Its format, in the caller's word.
    pub format: Option<String>,
    /// Pixels from left to right.
    pub width: Option<u32>,
    /// Pixels from top to bottom.
    pub height: Option<u32>,
    /// PDQ of the whole picture.
    pub pdq: Option<[u8; 32]>,
    /// Its quality, 0 to 100.
    pub quality: Option<u8>,
    /// The PDQs that it would have if it were mirrored and turned, one after the other in the caller's order.
    pub turned: Option<Vec<u8>>,
    /// Fingerprints of its parts, in the caller's form.
    pub details: Option<Vec<u8>>,
    /// What is odd about the file, in JSON.
    pub findings: Option<String>,
    /// What it says of itself, in JSON.
    pub metadata: Option<String>,
    /// Its content credentials, in JSON.
    pub credentials: Option<String>,
    /// Text that was found in it, in JSON.
    pub words: Option<String>,
    /// It in small, a JPEG.
    pub preview: Option<Vec<u8>>,
    /// What stands in for it where it is not to be seen: a few pixels, a JPEG.
    pub veil: Option<Vec<u8>>,
}

/// A picture in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRow {
    /// The report's id.
    pub report: u64,
    /// What the report calls it.
    pub name: String,
    /// Where it lies.
    pub address: Option<String>,
    /// What is given for those who can't see it.
    pub alt: Option<String>,
    /// What stands below it.
    pub caption: Option<String>,
    /// What these words name, in the caller's form.
    pub named: Option<String>,
}

/// What a report says of a picture, video or file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewWords<'a> {
    /// What the report calls it.
    pub name: &'a str,
    /// Its bytes, where they were kept for the report ([`Writer::add_medium`]); none where it is only named.
    pub bytes: Option<&'a [u8]>,
    /// Where it lies.
    pub address: Option<&'a str>,
    /// What is given for those who can't see it.
    pub alt: Option<&'a str>,
    /// What stands below it.
    pub caption: Option<&'a str>,
}

/// A picture seen without a report, to be kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewSighting<'a> {
    /// Name of the file.
    pub name: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
    /// Who showed it.
    pub source: Option<&'a str>,
    /// When it was published.
    pub published: Option<&'a Edtf>,
    /// When the file was last written, as a folder or archive says.
    pub modified: Option<&'a str>,
    /// The film of which it is a frame, and when in it, in milliseconds.
    pub frame_of: Option<(&'a [u8], Option<u64>)>,
}

/// A picture seen without a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SightingRow {
    /// Its id.
    pub id: u64,
    /// Name of the file.
    pub name: String,
    /// Who showed it.
    pub source: Option<String>,
    /// When it was published.
    pub published: Option<Edtf>,
    /// When the file was last written, as a folder or archive says.
    pub modified: Option<String>,
    /// SHA-256 of the film of which it is a frame.
    pub video: Option<String>,
    /// When in the film, in milliseconds.
    pub at_ms: Option<u64>,
    /// When it was added.
    pub added_at: String,
    /// Who added it.
    pub added_by: String,
}

impl Writer<'_> {
    /// Keeps what a report says of a picture, video or file; the same again changes nothing. True when it is new.
    ///
    /// # Errors
    /// When there is no such report, the bytes were not kept for it, or the database can't be written.
    pub fn add_medium_words(&mut self, report: u64, new: &NewWords<'_>, stamp: &Stamp) -> Result<bool> {
        self.step(|writer| {
            let id = column_id(report)?;
            if writer.first("SELECT 1 FROM report WHERE id = ?1", [id], |_| Ok(()))?.is_none() {
                return Err(Error::missing("report", report));
            }
            let medium = match new.bytes {
                None => None,
                Some(bytes) => {
                    let sql = "SELECT m.id FROM medium m JOIN original o ON o.id = m.original
                               WHERE m.report = ?1 AND m.name = ?2 AND o.sha256 = ?3";
                    let found = writer.first(sql, (id, new.name, sha256(bytes)), |row| row.get::<_, i64>(0))?;
                    Some(found.ok_or_else(|| Error::missing("medium", new.name))?)
                }
            };
            let known =
                "SELECT 1 FROM medium_words WHERE report = ?1 AND medium IS ?2 AND name = ?3 AND address IS ?4 AND alt IS ?5
                         AND caption IS ?6";
            let words = (id, medium, new.name, new.address, new.alt, new.caption);
            if writer.first(known, words, |_| Ok(()))?.is_some() {
                return Ok(false);
            }
            let row = writer.run(
                "INSERT INTO medium_words (report, medium, name, address, alt, caption, added_at, added_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                (id, medium, new.name, new.address, new.alt, new.caption, &stamp.at, &stamp.by),
            )?;
            writer.audit("medium_words.add", "medium_words", row, 1, stamp)?;
            Ok(true)
        })
    }

    /// Keeps a picture that was seen without a report; the same again changes nothing. True when it is new.
    ///
    /// # Errors
    /// When the archive or the database can't be written.
    pub fn add_sighting(&mut self, new: &NewSighting<'_>, stamp: &Stamp) -> Result<bool> {
        self.step(|writer| {
            let original = writer.keep_original(sha256(new.bytes), new.bytes, None, stamp)?;
            let video = match new.frame_of {
                Some((film, _)) => Some(writer.keep_original(sha256(film), film, None, stamp)?),
                None => None,
            };
            let at_ms = new.frame_of.and_then(|(_, at)| at).map(column_id).transpose()?;
            let published = new.published.map(Edtf::as_str);
            let known =
                "SELECT 1 FROM sighting WHERE original = ?1 AND name = ?2 AND source IS ?3 AND published IS ?4 AND video IS ?5
                         AND at_ms IS ?6";
            if writer.first(known, (original, new.name, new.source, published, video, at_ms), |_| Ok(()))?.is_some() {
                return Ok(false);
            }
            let row = writer.run(
                "INSERT INTO sighting (original, name, source, published, modified, video, at_ms, added_at, added_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                (original, new.name, new.source, published, new.modified, video, at_ms, &stamp.at, &stamp.by),
            )?;
            writer.audit("sighting.add", "sighting", row, 1, stamp)?;
            Ok(true)
        })
    }

    /// Keeps what the words of this number name ([`Reader::words_on_media`]), in the caller's form, in place of what was kept before.
    ///
    /// # Errors
    /// When there are no such words, or the database can't be written.
    pub fn put_caption(&mut self, words: u64, named: &str) -> Result<()> {
        self.step(|writer| {
            writer.change("INSERT OR REPLACE INTO caption (words, named) VALUES (?1, ?2)", (column_id(words)?, named))?;
            Ok(())
        })
    }

    /// Keeps what was found in a picture, in place of what was found before; gives its number, which stays the same. One that is new is not
    /// filed yet: see [`unfiled`](Reader::unfiled).
    ///
    /// # Errors
    /// When the case has no such original, or the database can't be written.
    pub fn put_picture(&mut self, picture: &PictureRow) -> Result<u64> {
        self.step(|writer| {
            let original = match from_hex(&picture.sha256) {
                Some(digest) => writer.first("SELECT id FROM original WHERE sha256 = ?1", [digest], |row| row.get::<_, i64>(0))?,
                None => None,
            };
            let original = original.ok_or_else(|| Error::missing("original", &picture.sha256))?;
            writer.change("INSERT INTO picture (original) VALUES (?1) ON CONFLICT (original) DO NOTHING", [original])?;
            writer.change(
                "UPDATE picture SET failure = ?2, format = ?3, width = ?4, height = ?5, pdq = ?6, quality = ?7, turned = ?8, details = ?9,
                                    findings = ?10, metadata = ?11, credentials = ?12, words = ?13, preview = ?14, veil = ?15
                 WHERE original = ?1",
                (
                    original,
                    &picture.failure,
                    &picture.format,
                    picture.width,
                    picture.height,
                    picture.pdq,
                    picture.quality,
                    &picture.turned,
                    &picture.details,
                    &picture.findings,
                    &picture.metadata,
                    &picture.credentials,
                    &picture.words,
                    &picture.preview,
                    &picture.veil,
                ),
            )?;
            let id = writer.first("SELECT id FROM picture WHERE original = ?1", [original], |row| Ok(row_id(row.get(0)?)))?;
            id.ok_or_else(|| Error::missing("picture", &picture.sha256))
        })
    }
}

/// Columns of [`picture_row`].
const COLUMNS: &str =
    "o.sha256, p.failure, p.format, p.width, p.height, p.pdq, p.quality, p.details, p.findings, p.metadata, p.credentials,
     p.words, p.preview, p.veil, p.turned";

fn picture_row(row: &Row<'_>) -> rusqlite::Result<PictureRow> {
    Ok(PictureRow {
        sha256: hex_column(row, 0)?,
        failure: row.get(1)?,
        format: row.get(2)?,
        width: row.get(3)?,
        height: row.get(4)?,
        pdq: row.get(5)?,
        quality: row.get(6)?,
        details: row.get(7)?,
        findings: row.get(8)?,
        metadata: row.get(9)?,
        credentials: row.get(10)?,
        words: row.get(11)?,
        preview: row.get(12)?,
        veil: row.get(13)?,
        turned: row.get(14)?,
    })
}

/// What a report says of a picture, in six columns from `at`.
fn shown_row(row: &Row<'_>, at: usize) -> rusqlite::Result<ShownRow> {
    Ok(ShownRow {
        report: row_id(row.get(at)?),
        name: row.get(at + 1)?,
        address: row.get(at + 2)?,
        alt: row.get(at + 3)?,
        caption: row.get(at + 4)?,
        named: row.get(at + 5)?,
    })
}

impl Reader<'_> {
    /// What was found in a picture; none where nobody has looked yet.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn picture(&self, sha256: &str) -> Result<Option<PictureRow>> {
        let Some(digest) = from_hex(sha256) else { return Ok(None) };
        let sql = format!("SELECT {COLUMNS} FROM picture p JOIN original o ON o.id = p.original WHERE o.sha256 = ?1");
        self.first(&sql, [digest], picture_row)
    }

    /// SHA-256 of pictures that begin with `hex`, as people type it, with or without `sha256:`; no more than `most`. None where `hex` is no
    /// hexadecimal number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn pictures_by_prefix(&self, hex: &str, most: usize) -> Result<Vec<String>> {
        let typed = hex.trim().trim_start_matches("sha256:");
        let filled = |with: char| from_hex(&format!("{typed}{}", with.to_string().repeat(64usize.saturating_sub(typed.len()))));
        let (false, Some(low), Some(high)) = (typed.is_empty(), filled('0'), filled('f')) else { return Ok(Vec::new()) };
        let sql = "SELECT o.sha256 FROM original o JOIN picture p ON p.original = o.id WHERE o.sha256 BETWEEN ?1 AND ?2
                   ORDER BY o.sha256 LIMIT ?3";
        self.list(sql, (low, high, limit_of(most)), |row| hex_column(row, 0))
    }

    /// Reports that an original came with as a picture, video or file, in the order in which they were added, with what they say of it.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn shown(&self, sha256: &str) -> Result<Vec<ShownRow>> {
        let Some(digest) = from_hex(sha256) else { return Ok(Vec::new()) };
        let sql = "SELECT m.report, m.name, w.address, w.alt, w.caption, c.named FROM original o JOIN medium m ON m.original = o.id
                   LEFT JOIN medium_words w ON w.medium = m.id LEFT JOIN caption c ON c.words = w.id WHERE o.sha256 = ?1 ORDER BY m.id, w.id";
        self.list(sql, [digest], |row| shown_row(row, 0))
    }

    /// SHA-256 of pictures, videos and files that came with a report, with what it says of each.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn media_shown(&self, report: u64) -> Result<Vec<(String, ShownRow)>> {
        let sql =
            "SELECT o.sha256, m.report, m.name, w.address, w.alt, w.caption, c.named FROM medium m JOIN original o ON o.id = m.original
                   LEFT JOIN medium_words w ON w.medium = m.id LEFT JOIN caption c ON c.words = w.id WHERE m.report = ?1 ORDER BY m.id, w.id";
        self.list(sql, [column_id(report)?], |row| Ok((hex_column(row, 0)?, shown_row(row, 1)?)))
    }

    /// What a report says of its pictures, videos and files, each with its number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn words_on_media(&self, report: u64) -> Result<Vec<(u64, ShownRow)>> {
        let sql = "SELECT w.id, w.report, w.name, w.address, w.alt, w.caption, c.named FROM medium_words w
                   LEFT JOIN caption c ON c.words = w.id WHERE w.report = ?1 ORDER BY w.id";
        self.list(sql, [column_id(report)?], |row| Ok((row_id(row.get(0)?), shown_row(row, 1)?)))
    }

    /// Pictures, videos and files that a report names and that did not come with it.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn named_media(&self, report: u64) -> Result<Vec<ShownRow>> {
        let sql =
            "SELECT report, name, address, alt, caption, NULL FROM medium_words WHERE report = ?1 AND medium IS NULL ORDER BY id";
        self.list(sql, [column_id(report)?], |row| shown_row(row, 0))
    }

    /// Where a picture was seen without a report, in the order in which that was added.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn sightings(&self, sha256: &str) -> Result<Vec<SightingRow>> {
        let Some(digest) = from_hex(sha256) else { return Ok(Vec::new()) };
        let sql = "SELECT s.id, s.name, s.source, s.published, s.modified, v.sha256, s.at_ms, s.added_at, s.added_by
                   FROM original o JOIN sighting s ON s.original = o.id LEFT JOIN original v ON v.id = s.video
                   WHERE o.sha256 = ?1 ORDER BY s.id";
        self.list(sql, [digest], |row| {
            let video: Option<Vec<u8>> = row.get(5)?;
            Ok(SightingRow {
                id: row_id(row.get(0)?),
                name: row.get(1)?,
                source: row.get(2)?,
                published: edtf_column(row, 3)?,
                modified: row.get(4)?,
                video: video.map(|digest| crate::digest::hex(&digest)),
                at_ms: row.get::<_, Option<i64>>(6)?.map(row_id),
                added_at: row.get(7)?,
                added_by: row.get(8)?,
            })
        })
    }

    /// Frames of a video that were kept: SHA-256 and when in it, in milliseconds; each once, in their order.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn frames(&self, video: &str) -> Result<Vec<(String, Option<u64>)>> {
        let Some(digest) = from_hex(video) else { return Ok(Vec::new()) };
        let sql =
            "SELECT o.sha256, s.at_ms FROM original v JOIN sighting s ON s.video = v.id JOIN original o ON o.id = s.original
                   WHERE v.sha256 = ?1 GROUP BY o.id, s.at_ms ORDER BY s.at_ms, min(s.id)";
        self.list(sql, [digest], |row| Ok((hex_column(row, 0)?, row.get::<_, Option<i64>>(1)?.map(row_id))))
    }

    /// Up to `limit` originals that came with reports or were seen without one, above the number `after`, each with its number, a name that
    /// it goes by, and its SHA-256; with `unseen`, only those that nobody has looked at.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn media_originals(&self, after: u64, limit: usize, unseen: bool) -> Result<Vec<(u64, String, String)>> {
        let sql = "SELECT o.id, coalesce((SELECT name FROM sighting WHERE original = o.id LIMIT 1),
                                         (SELECT name FROM medium WHERE original = o.id LIMIT 1)) AS name, o.sha256
                   FROM original o WHERE o.id > ?1 AND name IS NOT NULL
                   AND NOT (?3 AND EXISTS (SELECT 1 FROM picture p WHERE p.original = o.id)) ORDER BY o.id LIMIT ?2";
        let rows = self.list(sql, (column_id(after)?, limit_of(limit), unseen), |row| {
            Ok((row_id(row.get(0)?), row.get(1)?, hex_column(row, 2)?))
        })?;
        rising("original", after, rows, |(id, _, _)| *id)
    }
}
