//! Views as a whole: thrown away, made anew, kept in order.

use crate::error::Result;
use crate::{Casebook, Error};

impl Casebook {
    /// Empties all views, so that they can be computed again from the record. The words of reports stay searchable.
    ///
    /// # Errors
    /// When the case is read-only or can't be written.
    pub fn clear_views(&mut self) -> Result<()> {
        self.write(|writer| {
            writer.step(|writer| {
                for table in ["posting", "blob", "happening", "event", "event_party", "event_place", "facet", "term"] {
                    writer.change(&format!("DELETE FROM {table}"), [])?;
                }
                Ok(())
            })
        })
    }

    /// Makes the index of words anew from the reports; how many there are is given back.
    ///
    /// # Errors
    /// When the case is read-only or can't be written, or a text is damaged.
    pub fn rebuild_full_text(&mut self) -> Result<u64> {
        self.write(|writer| {
            writer.step(|writer| writer.change("INSERT INTO full_text (full_text) VALUES ('delete-all')", []))?;
            let (mut after, mut count) = (0, 0);
            loop {
                let reports = writer.reports(after, 500)?;
                let Some(last) = reports.last() else { return Ok::<u64, Error>(count) };
                after = last.id;
                for report in &reports {
                    let text = writer.report_text(report.id)?.unwrap_or_default();
                    let id = crate::error::column_id(report.id)?;
                    writer.step(|writer| writer.index_words(id, report.title.as_deref(), &text))?;
                    count += 1;
                }
            }
        })
    }

    /// Puts the database in order after much was added: statistics for queries, the index of words in one piece, the log emptied.
    ///
    /// # Errors
    /// When the case is read-only or can't be written.
    pub fn optimize(&mut self) -> Result<()> {
        self.must_write()?;
        let db = self.db();
        db.execute_batch("INSERT INTO full_text (full_text) VALUES ('optimize'); PRAGMA optimize;")?;
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}
