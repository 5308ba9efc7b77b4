use rusqlite::{Connection, Params, Row};

use crate::Casebook;
use crate::archive::Archive;
use crate::error::Result;
use crate::pack::Pack;

/// Questions to a case. While any reader of a [`Casebook`] lives, all see the state at the first question.
pub struct Reader<'c> {
    case: &'c Casebook,
    /// A writer's reader lives in the writer's transaction.
    in_snapshot: bool,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("case", &self.case).finish()
    }
}

impl<'c> Reader<'c> {
    pub(crate) fn snapshot(case: &'c Casebook) -> Self {
        let readers = case.readers();
        // Nothing is read at this point, so it can only fail where a transaction is open: then that one is the snapshot.
        let in_snapshot = readers.get() > 0 || case.db().execute_batch("BEGIN DEFERRED").is_ok();
        if in_snapshot {
            readers.set(readers.get() + 1);
        }
        Self { case, in_snapshot }
    }

    pub(crate) fn of_writer(case: &'c Casebook) -> Self {
        Self { case, in_snapshot: false }
    }

    pub(crate) fn case(&self) -> &'c Casebook {
        self.case
    }

    pub(crate) fn db(&self) -> &'c Connection {
        self.case.db()
    }

    pub(crate) fn archive(&self) -> &'c Archive {
        self.case.archive()
    }

    pub(crate) fn pack(&self) -> &'c Pack {
        self.case.pack()
    }

    /// All rows of a question.
    pub(crate) fn list<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut all = Vec::new();
        while let Some(found) = rows.next()? {
            all.push(row(found)?);
        }
        Ok(all)
    }

    /// The first row of a question, if any.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        Ok(rows.next()?.map(row).transpose()?)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if self.in_snapshot {
            let readers = self.case.readers();
            readers.set(readers.get().saturating_sub(1));
            if readers.get() == 0 {
                // A transaction that only read has nothing to lose.
                let _ = self.case.db().execute_batch("ROLLBACK");
            }
        }
    }
}
