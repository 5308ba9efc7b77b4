use std::ops::Deref;

use rusqlite::Connection;

use crate::archive::Written;
use crate::audit::{self, Chain};
use crate::error::{Error, Result};
use crate::posting::Posted;
use crate::{Casebook, Reader};

/// When something was done, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When, an RFC 3339 instant.
    pub at: String,
    /// Who: a person's name or a program's.
    pub by: String,
}

impl Stamp {
    /// A stamp.
    #[must_use]
    pub fn new(at: impl Into<String>, by: impl Into<String>) -> Self {
        Self { at: at.into(), by: by.into() }
    }
}

/// A transaction that writes. It can ask all that a [`Reader`] can and sees what it has written.
#[derive(Debug)]
pub struct Writer<'c> {
    reader: Reader<'c>,
    chain: Chain,
    written: Written,
    pub(crate) posted: Posted,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// A step failed.
    Broken,
    /// It may turn out to have happened even when it says that it failed: the log may be on disk.
    Committing,
    Done,
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}

impl<'c> Writer<'c> {
    pub(crate) fn begin(case: &'c Casebook) -> Result<Self> {
        case.db().execute_batch("BEGIN IMMEDIATE")?;
        let mut writer = Self {
            reader: Reader::of_writer(case),
            chain: Chain::empty(),
            written: Written::default(),
            posted: Posted::default(),
            state: State::Open,
        };
        writer.chain = Chain::load(case.db())?;
        Ok(writer)
    }

    pub(crate) fn commit(mut self) -> Result<()> {
        self.step(Self::take_over)?;
        self.step(|writer| writer.chain.note(writer.db()))?;
        self.step(|writer| writer.written.sync(writer.archive()))?;
        self.state = State::Committing;
        if let Err(error) = self.db().execute_batch("COMMIT").map_err(Error::from) {
            // Where there was no room for the log, its end can't be on disk.
            if matches!(error, Error::Full | Error::Busy) {
                self.state = State::Broken;
            }
            return Err(error);
        }
        self.state = State::Done;
        std::mem::take(&mut self.written).kept();
        Ok(())
    }

    /// One step: all of it, or the whole transaction is lost.
    pub(crate) fn step<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        // After some errors SQLite ends the transaction itself; what came after would be kept row by row.
        if self.state != State::Open || self.db().is_autocommit() {
            return Err(Error::Broken);
        }
        let answer = work(self);
        if answer.is_err() {
            self.state = State::Broken;
        }
        answer
    }

    /// Runs a statement and gives the id of the row that it inserted.
    pub(crate) fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<i64> {
        let db: &Connection = self.db();
        db.prepare_cached(sql)?.execute(params)?;
        Ok(db.last_insert_rowid())
    }

    /// Runs a statement and gives the number of rows that it changed.
    pub(crate) fn change(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        Ok(self.db().prepare_cached(sql)?.execute(params)?)
    }

    /// Notes in the audit chain that the row `key` of `table` is now as it is; `change` is by how many rows the table grew.
    pub(crate) fn audit(&mut self, kind: &str, table: &str, key: impl audit::Key, change: i64, stamp: &Stamp) -> Result<()> {
        let table = audit::table(table).ok_or_else(|| Error::damaged(table, "is no table of the record"))?;
        self.chain.append(self.reader.db(), kind, (table, &key), change, stamp)
    }

    pub(crate) fn written(&mut self) -> &mut Written {
        &mut self.written
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if self.state == State::Done {
            return;
        }
        let written = std::mem::take(&mut self.written);
        if self.state == State::Committing {
            // The originals stay, with their note, until the case is opened next. What can't be rolled back now is when the connection closes.
            let _ = self.db().execute_batch("ROLLBACK");
        } else if self.db().is_autocommit() {
            // SQLite has ended the transaction itself, so the lock is gone and somebody else may be writing the same originals.
            drop(written);
            let _ = self.case().clear_up();
        } else {
            written.undone();
            let _ = self.db().execute_batch("ROLLBACK");
        }
    }
}
