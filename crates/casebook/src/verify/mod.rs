//! Is the record as it was written? The chain, the rows, the texts and readings, the archive.

mod archive;
mod chain;
mod fault;

pub use fault::{Fault, Place, Problem, Verified};

use crate::error::{Error, Result, column_id, rising, row_id};
use crate::{Casebook, Reader};

/// What is found goes here, and is counted.
pub(crate) struct Finder<'f> {
    found: &'f mut dyn FnMut(Fault),
    verified: Verified,
}

impl Finder<'_> {
    fn fault(&mut self, place: Place, problem: Problem) {
        match problem.is_left_over() {
            true => self.verified.left_over += 1,
            false => self.verified.faults += 1,
        }
        (self.found)(Fault { place, problem });
    }

    fn row(&mut self, table: &str, key: impl ToString, problem: Problem) {
        self.fault(Place::Row { table: table.to_owned(), key: key.to_string() }, problem);
    }
}

impl Casebook {
    /// Looks for anything that is not as it was written: every entry of the audit chain, every row of the record against its last entry,
    /// every text and reading against its hash, that every original is in the archive and nothing else. `deep` also unpacks and hashes
    /// every original and has SQLite check its pages, its indexes and the index of words. What is wrong goes to `found`, one by one.
    ///
    /// Somebody who can change the whole case can also write a new chain from its first entry; whoever has noted an earlier [`Head`]
    /// (every export does) can tell.
    ///
    /// # Errors
    /// When the database can't be read at all. Damage is no error here but a fault.
    ///
    /// [`Head`]: crate::Head
    pub fn verify(&self, deep: bool, found: &mut dyn FnMut(Fault)) -> Result<Verified> {
        let mut finder = Finder { found, verified: Verified::default() };
        let strays = {
            let reader = self.read();
            if deep {
                database(&reader, &mut finder)?;
            }
            chain::check(&reader, &mut finder)?;
            contents(&reader, &mut finder)?;
            archive::check(&reader, deep, &mut finder)?
        };
        // A file that came in after the snapshot has its row by now, or is being written.
        let reader = self.read();
        archive::strays(&reader, strays, &mut finder)?;
        Ok(finder.verified)
    }
}

/// What SQLite says of its own file, and of the index of words.
fn database(reader: &Reader<'_>, finder: &mut Finder<'_>) -> Result<()> {
    for pragma in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
        let mut statement = reader.db().prepare(pragma)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut words = Vec::new();
            for nth in 0..columns {
                words.push(match row.get_ref(nth)? {
                    rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    rusqlite::types::ValueRef::Integer(integer) => integer.to_string(),
                    _ => String::new(),
                });
            }
            let words = words.join(" ");
            if words != "ok" {
                finder.fault(Place::Database, Problem::Sqlite(format!("{}: {words}", pragma.trim_start_matches("PRAGMA "))));
            }
        }
    }
    words_are_whole(reader, finder)
}

/// The index of words has the reports and no others; its own structure is looked at by SQLite's check.
fn words_are_whole(reader: &Reader<'_>, finder: &mut Finder<'_>) -> Result<()> {
    let sql = "SELECT id, 'missing' FROM report WHERE id NOT IN (SELECT id FROM full_text_docsize)
               UNION ALL SELECT id, 'extra' FROM full_text_docsize WHERE id NOT IN (SELECT id FROM report)";
    let wrong = reader.list(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
    match wrong {
        Ok(wrong) => {
            for (id, what) in wrong {
                finder.row(
                    "full_text",
                    id,
                    Problem::Words(if what == "extra" { "words of no report" } else { "its words are missing" }),
                );
            }
        }
        Err(error) => finder.fault(Place::Database, Problem::Sqlite(error.to_string())),
    }
    Ok(())
}

/// Every text and reading against its hash.
fn contents(reader: &Reader<'_>, finder: &mut Finder<'_>) -> Result<()> {
    let mut after = 0;
    loop {
        let ids = match reader.report_ids(after, 1_000) {
            Ok(ids) => ids,
            // The rest can't be walked over; other tables can.
            Err(error @ Error::Damaged { .. }) => {
                finder.fault(Place::Database, Problem::Sqlite(error.to_string()));
                break;
            }
            Err(error) => return Err(error),
        };
        let Some(&last) = ids.last() else { break };
        after = last;
        for id in ids {
            if let Err(error) = reader.report_text(id) {
                finder.row("report", id, Problem::Text(error.to_string()));
            }
        }
    }
    let sql = "SELECT id, sha256 FROM reading WHERE id > ?1 AND json IS NOT NULL ORDER BY id LIMIT 1000";
    let mut after = 0;
    loop {
        let readings = reader
            .list(sql, [column_id(after)?], |row| Ok((row_id(row.get(0)?), row.get::<_, Option<Vec<u8>>>(1)?)))
            .and_then(|readings| rising("reading", after, readings, |(id, _)| *id));
        let readings = match readings {
            Ok(readings) => readings,
            Err(error @ Error::Damaged { .. }) => {
                finder.fault(Place::Database, Problem::Sqlite(error.to_string()));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let Some((last, _)) = readings.last() else { return Ok(()) };
        after = *last;
        for (id, digest) in readings {
            match reader.reading_json(id) {
                Ok(json) if json.as_deref().map(|json| crate::digest::sha256(json).to_vec()) == digest => {}
                Ok(_) => finder.row("reading", id, Problem::Reading("not what was kept".to_owned())),
                Err(error) => finder.row("reading", id, Problem::Reading(error.to_string())),
            }
        }
    }
}
