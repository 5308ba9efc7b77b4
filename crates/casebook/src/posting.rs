//! The tables of somebody else's indexes: sorted lists of ids by key, and small values by id. Keys are hashes that use all 64 bits, so
//! they are cast bit by bit.

use rusqlite::OptionalExtension as _;

use crate::audit::limit_of;
use crate::error::{Result, column_id, row_id};
use crate::{Reader, Writer};

fn key_column(key: u64) -> i64 {
    key.cast_signed()
}

impl Writer<'_> {
    /// Files `id` under `key`; filing it twice is filing it once.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn post(&mut self, space: u8, key: u64, id: u64) -> Result<()> {
        self.step(|writer| {
            let sql = "INSERT INTO posting (space, key, id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            writer.change(sql, (space, key_column(key), column_id(id)?)).map(|_| ())
        })
    }

    /// Takes `id` from under `key`.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn unpost(&mut self, space: u8, key: u64, id: u64) -> Result<()> {
        self.step(|writer| {
            let sql = "DELETE FROM posting WHERE space = ?1 AND key = ?2 AND id = ?3";
            writer.change(sql, (space, key_column(key), column_id(id)?)).map(|_| ())
        })
    }

    /// Keeps a value for `id`, in place of the one before.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn put(&mut self, space: u8, id: u64, value: &[u8]) -> Result<()> {
        self.step(|writer| {
            let sql = "INSERT INTO blob (space, id, value) VALUES (?1, ?2, ?3) ON CONFLICT (space, id) DO UPDATE SET value = ?3";
            writer.change(sql, (space, key_column(id), value)).map(|_| ())
        })
    }

    /// Removes the value of `id`.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn delete(&mut self, space: u8, id: u64) -> Result<()> {
        self.step(|writer| writer.change("DELETE FROM blob WHERE space = ?1 AND id = ?2", (space, key_column(id))).map(|_| ()))
    }
}

/// Ids under one key, largest first.
const POSTINGS: &str = "SELECT id FROM posting WHERE space = ?1 AND key = ?2 ORDER BY id DESC LIMIT ?3";

impl Reader<'_> {
    /// Up to `most` ids filed under `key`, largest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn postings(&self, space: u8, key: u64, most: usize) -> Result<Vec<u64>> {
        self.list(POSTINGS, (space, key_column(key), limit_of(most)), |row| Ok(row_id(row.get(0)?)))
    }

    /// Up to `most` ids filed under each of `keys`, largest first; one list a key, in the order of `keys`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn postings_of(&self, space: u8, keys: &[u64], most: usize) -> Result<Vec<Vec<u64>>> {
        let mut statement = self.db().prepare_cached(POSTINGS)?;
        let mut lists = vec![Vec::new(); keys.len()];
        // In the order of the table, so that keys that lie together are read together.
        let mut order: Vec<(i64, usize)> = keys.iter().enumerate().map(|(nth, &key)| (key_column(key), nth)).collect();
        order.sort_unstable();
        for (key, nth) in order {
            let mut rows = statement.query((space, key, limit_of(most)))?;
            if let Some(list) = lists.get_mut(nth) {
                while let Some(row) = rows.next()? {
                    list.push(row_id(row.get(0)?));
                }
            }
        }
        Ok(lists)
    }

    /// The value of `id`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn get(&self, space: u8, id: u64) -> Result<Option<Vec<u8>>> {
        let mut statement = self.db().prepare_cached("SELECT value FROM blob WHERE space = ?1 AND id = ?2")?;
        Ok(statement.query_row((space, key_column(id)), |row| row.get(0)).optional()?)
    }
}
