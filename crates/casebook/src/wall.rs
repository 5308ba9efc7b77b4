//! Pictures as they are looked through: the newest first, those that are alike together, and which are veiled.

use crate::audit::limit_of;
use crate::digest::from_hex;
use crate::error::{Error, Result, column_id, row_id};
use crate::report::hex_column;
use crate::{Reader, Writer};

/// A picture that is not shown to everybody, with why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VeilRow {
    /// The caller's word for the reason.
    pub reason: String,
    /// The report that gives it; none where it is what stands with the picture itself.
    pub report: Option<u64>,
    /// SHA-256 of the picture or video that it is given for: the one asked about, or one that is alike, or the film of which it is a frame.
    pub of: String,
}

/// Pictures that are alike, or one that is like no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterRow {
    /// Number of its newest picture: the next page begins below it.
    pub newest: u64,
    /// How many pictures are in it.
    pub pictures: u64,
}

/// What is seen of a picture in lists; each none where it was not decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreviewRow {
    /// It in small, a JPEG.
    pub preview: Option<Vec<u8>>,
    /// What stands in for it where it is not to be seen, a JPEG.
    pub veil: Option<Vec<u8>>,
}

/// The pictures of the cluster of picture `?1`, itself included, whether it was compared with others or not.
const CLUSTER: &str = "SELECT q.id, q.original FROM picture p JOIN picture q ON q.cluster = p.cluster WHERE p.id = ?1
                       UNION SELECT id, original FROM picture WHERE id = ?1";

impl Writer<'_> {
    /// Notes why a picture or video is not shown to everybody; the same again changes nothing, nor does one that the case does not have.
    /// `report` is who says so.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn add_veil(&mut self, sha256: &str, reason: &str, report: Option<u64>) -> Result<()> {
        self.step(|writer| {
            let digest = from_hex(sha256).ok_or_else(|| Error::missing("original", sha256))?;
            let report = report.map(column_id).transpose()?.unwrap_or(0);
            let sql = "INSERT INTO veil (original, reason, report) SELECT id, ?2, ?3 FROM original WHERE sha256 = ?1
                       ON CONFLICT DO NOTHING";
            writer.change(sql, (digest, reason, report))?;
            Ok(())
        })
    }

    /// Takes back what a report says against showing pictures: it is read anew.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn clear_veils_of_report(&mut self, report: u64) -> Result<()> {
        self.step(|writer| {
            writer.change("DELETE FROM veil WHERE report = ?1", [column_id(report)?])?;
            Ok(())
        })
    }

    /// Takes back what stands with a picture itself: it is looked at anew.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn clear_veils_of_picture(&mut self, sha256: &str) -> Result<()> {
        self.step(|writer| {
            let sql = "DELETE FROM veil WHERE report = 0 AND original = (SELECT id FROM original WHERE sha256 = ?1)";
            writer.change(sql, [from_hex(sha256)])?;
            Ok(())
        })
    }
}

impl Reader<'_> {
    /// Why a picture is not shown to everybody, in up to `limit` rows: what is given for it, for those of its cluster, and for films of
    /// which they are frames.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn veils(&self, picture: u64, limit: usize) -> Result<Vec<VeilRow>> {
        let sql = format!(
            "WITH alike (id, original) AS ({CLUSTER}),
                  shown (original) AS (SELECT original FROM alike UNION
                      SELECT s.video FROM alike a JOIN sighting s ON s.original = a.original WHERE s.video IS NOT NULL)
             SELECT v.reason, v.report, o.sha256 FROM shown s JOIN veil v ON v.original = s.original JOIN original o ON o.id = v.original
             LIMIT ?2"
        );
        self.list(&sql, (column_id(picture)?, limit_of(limit)), |row| {
            let report = row_id(row.get(1)?);
            Ok(VeilRow { reason: row.get(0)?, report: (report > 0).then_some(report), of: hex_column(row, 2)? })
        })
    }

    /// Up to `limit` clusters whose newest picture has a number below `before`, the newest first; with `several`, only those of more than
    /// one picture or report.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn clusters(&self, before: u64, limit: usize, several: bool) -> Result<Vec<ClusterRow>> {
        let sql = "SELECT p.id, max(1, (SELECT count(*) FROM picture q WHERE q.cluster = p.cluster)) AS pictures FROM picture p
                   WHERE p.id < ?1 AND NOT EXISTS (SELECT 1 FROM picture q WHERE q.cluster = p.cluster AND q.id > p.id)
                   AND (NOT ?3 OR pictures > 1 OR (SELECT count(*) FROM (SELECT 1 FROM medium m WHERE m.original = p.original UNION ALL
                       SELECT 1 FROM sighting s WHERE s.original = p.original LIMIT 2)) > 1)
                   ORDER BY p.id DESC LIMIT ?2";
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        self.list(sql, (before, limit_of(limit), several), |row| {
            Ok(ClusterRow { newest: row_id(row.get(0)?), pictures: row_id(row.get(1)?) })
        })
    }

    /// A picture in small, and what stands in for it; none where nobody has looked at it.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn preview(&self, sha256: &str) -> Result<Option<PreviewRow>> {
        let Some(digest) = from_hex(sha256) else { return Ok(None) };
        let sql = "SELECT p.preview, p.veil FROM picture p JOIN original o ON o.id = p.original WHERE o.sha256 = ?1";
        self.first(sql, [digest], |row| Ok(PreviewRow { preview: row.get(0)?, veil: row.get(1)? }))
    }
}
