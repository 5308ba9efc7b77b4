use rusqlite::Row;

use crate::audit::limit_of;
use crate::error::{Error, Result, column_id, row_id};
use crate::pack::Kind;
use crate::report::{json_column, json_text};
use crate::{Reader, Writer};

/// What one report says of one happening, to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewHappening<'a> {
    /// The report's id.
    pub report: u64,
    /// The happening's id within the reading, such as `h1`.
    pub local: &'a str,
    /// The event that it is part of, when known already.
    pub event: Option<u64>,
    /// Ids of its claims within the reading.
    pub claims: &'a [String],
    /// What is compared with other happenings, in the caller's form.
    pub facts: &'a [u8],
}

/// What one report says of one happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Its id in this case; ids grow and are never used again.
    pub id: u64,
    /// The report's id.
    pub report: u64,
    /// Its id within the reading.
    pub local: String,
    /// The event that it is part of.
    pub event: Option<u64>,
    /// Ids of its claims within the reading.
    pub claims: Vec<String>,
    /// What is compared with other happenings, in the caller's form.
    pub facts: Vec<u8>,
}

impl Writer<'_> {
    /// Keeps a happening, and gives its id.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn put_happening(&mut self, new: &NewHappening<'_>) -> Result<u64> {
        self.step(|writer| {
            let facts = writer.pack().pack(Kind::Reading, new.facts)?;
            let id = writer.run(
                "INSERT INTO happening (report, event, local, claims, facts) VALUES (?1, ?2, ?3, ?4, ?5)",
                (column_id(new.report)?, new.event.map(column_id).transpose()?, new.local, json_text(&new.claims)?, facts),
            )?;
            Ok(row_id(id))
        })
    }

    /// Removes the happenings of a report, and gives their ids.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn delete_happenings_of(&mut self, report: u64) -> Result<Vec<u64>> {
        self.step(|writer| {
            let report = [column_id(report)?];
            let mut gone =
                writer.list("DELETE FROM happening WHERE report = ?1 RETURNING id", report, |row| Ok(row_id(row.get(0)?)))?;
            gone.sort_unstable();
            Ok(gone)
        })
    }

    /// Makes a happening part of an event, or of none.
    ///
    /// # Errors
    /// When there is no such happening.
    pub fn set_event(&mut self, happening: u64, event: Option<u64>) -> Result<()> {
        self.step(|writer| {
            let params = (column_id(happening)?, event.map(column_id).transpose()?);
            match writer.change("UPDATE happening SET event = ?2 WHERE id = ?1", params)? {
                0 => Err(Error::missing("happening", happening)),
                _ => Ok(()),
            }
        })
    }
}

impl Reader<'_> {
    fn happenings(&self, rest: &str, params: impl rusqlite::Params) -> Result<Vec<Happening>> {
        let sql = format!("SELECT id, report, event, local, claims, facts FROM happening {rest}");
        let found = self.list(&sql, params, |row: &Row<'_>| {
            Ok(Happening {
                id: row_id(row.get(0)?),
                report: row_id(row.get(1)?),
                event: row.get::<_, Option<i64>>(2)?.map(row_id),
                local: row.get(3)?,
                claims: json_column(row, 4)?,
                facts: row.get(5)?,
            })
        })?;
        let unpacked = found.into_iter().map(|mut happening| {
            happening.facts = self.pack().unpack(&happening.facts, || format!("happening/{}", happening.id))?;
            Ok(happening)
        });
        unpacked.collect()
    }

    fn ids(&self, sql: &str, id: u64) -> Result<Vec<u64>> {
        self.list(sql, [column_id(id)?], |row| Ok(row_id(row.get(0)?)))
    }

    /// A happening.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn happening(&self, id: u64) -> Result<Option<Happening>> {
        Ok(self.happenings("WHERE id = ?1", [column_id(id)?])?.pop())
    }

    /// The happenings of a report, by id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn happenings_of_report(&self, report: u64) -> Result<Vec<Happening>> {
        self.happenings("WHERE report = ?1 ORDER BY id", [column_id(report)?])
    }

    /// What a report says of an event, by id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn happenings_of_report_in(&self, report: u64, event: u64) -> Result<Vec<Happening>> {
        self.happenings("WHERE report = ?1 AND event = ?2 ORDER BY id", (column_id(report)?, column_id(event)?))
    }

    /// Up to `most` happenings of an event, by report.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn happenings_of_event(&self, event: u64, most: usize) -> Result<Vec<Happening>> {
        self.happenings("WHERE event = ?1 ORDER BY report, id LIMIT ?2", (column_id(event)?, limit_of(most)))
    }

    /// How many happenings an event has.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn happening_count(&self, event: u64) -> Result<u64> {
        let counted = self.ids("SELECT count(*) FROM happening WHERE event = ?1", event)?;
        Ok(counted.first().copied().unwrap_or(0))
    }

    /// The event that a happening is part of.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn event_of(&self, happening: u64) -> Result<Option<u64>> {
        Ok(self.ids("SELECT event FROM happening WHERE id = ?1 AND event IS NOT NULL", happening)?.pop())
    }

    /// Events that a report tells of, by id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn events_of_report(&self, report: u64) -> Result<Vec<u64>> {
        self.ids("SELECT DISTINCT event FROM happening WHERE report = ?1 AND event IS NOT NULL ORDER BY event", report)
    }

    /// Reports that tell of an event, by id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports_of_event(&self, event: u64) -> Result<Vec<u64>> {
        self.ids("SELECT DISTINCT report FROM happening WHERE event = ?1 ORDER BY report", event)
    }
}
