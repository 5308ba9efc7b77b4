//! Small changes to views when a report is read anew or a name may not be searched for, and look-ups by outlet.

use crate::error::{Error, Result, column_id, row_id};
use crate::pack::Kind;
use crate::report::json_text;
use crate::{NewHappening, Reader, Writer};

/// Reports with an outlet's name among their words that are looked at, those added last.
const NAMING: usize = 5_000;

impl Writer<'_> {
    /// Changes what a happening's report says of it; its id stays.
    ///
    /// # Errors
    /// When there is no such happening.
    pub fn change_happening(&mut self, id: u64, new: &NewHappening<'_>) -> Result<()> {
        self.step(|writer| {
            let facts = writer.pack().pack(Kind::Reading, new.facts)?;
            let sql = "UPDATE happening SET report = ?2, event = ?3, local = ?4, claims = ?5, facts = ?6 WHERE id = ?1";
            let event = new.event.map(column_id).transpose()?;
            let params = (column_id(id)?, column_id(new.report)?, event, new.local, json_text(&new.claims)?, facts);
            match writer.change(sql, params)? {
                0 => Err(Error::missing("happening", id)),
                _ => Ok(()),
            }
        })
    }

    /// Removes one happening; false when it is not there.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn delete_happening(&mut self, id: u64) -> Result<bool> {
        self.step(|writer| Ok(writer.change("DELETE FROM happening WHERE id = ?1", [column_id(id)?])? > 0))
    }

    /// Makes a report findable by these words instead of its own: the caller leaves out the names of protected persons.
    ///
    /// # Errors
    /// When there is no such report, or the database can't be written.
    pub fn index_text(&mut self, report: u64, title: &str, text: &str) -> Result<()> {
        self.step(|writer| {
            let id = column_id(report)?;
            if writer.list("SELECT 1 FROM report WHERE id = ?1", [id], |_| Ok(()))?.is_empty() {
                return Err(Error::missing("report", report));
            }
            writer.change("DELETE FROM full_text WHERE rowid = ?1", [id])?;
            writer.index_words(id, (!title.is_empty()).then_some(title), text)
        })
    }
}

impl Reader<'_> {
    /// Names of outlets as reports give them, with the number of their reports, by name.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn report_sources(&self) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT source, count(*) FROM report WHERE source IS NOT NULL GROUP BY source ORDER BY source";
        self.list(sql, [], |row| Ok((row.get(0)?, row_id(row.get(1)?))))
    }

    /// Reports of an outlet, and reports that have its name among their words.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports_naming(&self, name: &str) -> Result<Vec<u64>> {
        let mut ids = self.list("SELECT id FROM report WHERE source = ?1", [name], |row| Ok(row_id(row.get(0)?)))?;
        let phrase = format!("\"{}\"", name.replace('"', " "));
        match self.matching_reports(&phrase, NAMING) {
            Ok(found) => ids.extend(found.into_iter().map(row_id)),
            Err(Error::NothingAsked(_)) => {}
            Err(error) => return Err(error),
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}
