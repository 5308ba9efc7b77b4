//! Views as a whole: emptied, to be made anew, and kept in order.

use crate::audit::limit_of;
use crate::error::{Result, column_id, rising, row_id};
use crate::{Casebook, Reader, Writer};

impl Casebook {
    /// Puts the database in order after much was added: the index of words in one piece, the log emptied.
    ///
    /// # Errors
    /// When the case is read-only or can't be written.
    pub fn optimize(&mut self) -> Result<()> {
        self.must_write()?;
        let db = self.db();
        db.execute_batch("INSERT INTO full_text (full_text) VALUES ('optimize')")?;
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

impl Writer<'_> {
    /// Empties all views, so that they can be made anew from the record in the same transaction. Happenings stay, without an event: events
    /// are named after them, and decisions know events by their names.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn clear_views(&mut self) -> Result<()> {
        self.step(|writer| {
            for table in ["posting", "posting_recent", "value_of", "event", "event_party", "event_place", "facet", "term", "veil"]
            {
                writer.change(&format!("DELETE FROM {table}"), [])?;
            }
            writer.forget_postings();
            writer.change("UPDATE happening SET event = NULL WHERE event IS NOT NULL", [])?;
            // Not 'delete-all': it leaves the marks of deleted rows behind.
            writer.change("DELETE FROM full_text WHERE rowid IN (SELECT id FROM full_text_docsize)", [])?;
            Ok(())
        })
    }
}

impl Reader<'_> {
    /// When each event was made or last told anew, as an RFC 3339 instant; by id, the first `limit` after `after`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn events_updated(&self, after: u64, limit: usize) -> Result<Vec<(u64, String)>> {
        let sql = "SELECT id, updated FROM event WHERE id > ?1 ORDER BY id LIMIT ?2";
        let rows = self.list(sql, (column_id(after)?, limit_of(limit)), |row| Ok((row_id(row.get(0)?), row.get(1)?)))?;
        rising("event", after, rows, |(id, _)| *id)
    }

    /// Events that happenings belong to, by id, the first `limit` after `after`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn event_ids(&self, after: u64, limit: usize) -> Result<Vec<u64>> {
        let sql = "SELECT DISTINCT event FROM happening WHERE event > ?1 ORDER BY event LIMIT ?2";
        let ids = self.list(sql, (column_id(after)?, limit_of(limit)), |row| Ok(row_id(row.get(0)?)))?;
        rising("happening", after, ids, |&id| id)
    }

    /// Ids of happenings, the first `limit` after `after`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn happening_ids(&self, after: u64, limit: usize) -> Result<Vec<u64>> {
        let sql = "SELECT id FROM happening WHERE id > ?1 ORDER BY id LIMIT ?2";
        let ids = self.list(sql, (column_id(after)?, limit_of(limit)), |row| Ok(row_id(row.get(0)?)))?;
        rising("happening", after, ids, |&id| id)
    }
}
