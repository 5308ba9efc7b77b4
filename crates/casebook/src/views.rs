//! Views as a whole: thrown away, made anew, kept in order.

use dateline_record::Report;

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

    /// Makes the index of words anew. `words` gives the title and the text under which a report is to be found, which need not be its own:
    /// see [`Writer::index_text`]. How many reports there are is given back.
    ///
    /// # Errors
    /// Those of `words`; when the case is read-only or can't be written, or a text is damaged.
    ///
    /// [`Writer::index_text`]: crate::Writer::index_text
    pub fn rebuild_full_text<E: From<Error>>(
        &mut self,
        mut words: impl FnMut(u64, Report) -> Result<(Option<String>, String), E>,
    ) -> Result<u64, E> {
        self.write(|writer| {
            // Not 'delete-all': it leaves the marks of deleted rows behind.
            writer.step(|writer| writer.change("DELETE FROM full_text WHERE rowid IN (SELECT id FROM full_text_docsize)", []))?;
            let (mut after, mut count) = (0, 0);
            loop {
                let reports = writer.report_ids(after, 500)?;
                let Some(&last) = reports.last() else { return Ok(count) };
                after = last;
                for report in reports {
                    let Some(full) = writer.full_report(report)? else { continue };
                    let (title, text) = words(report, full)?;
                    let id = crate::error::column_id(report)?;
                    writer.step(|writer| writer.index_words(id, title.as_deref(), &text))?;
                    count += 1;
                }
            }
        })
    }

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
