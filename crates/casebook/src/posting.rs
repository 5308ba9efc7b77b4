//! The tables of somebody else's indexes: sorted lists of ids by key, and small values by id. Keys are hashes that use all 64 bits, so
//! they are cast bit by bit.
//!
//! A list stands in two tables. What is filed goes into `posting_recent`, which is small enough to stay in memory; once that has
//! [`KEPT`] rows, each transaction takes as many over into `posting` as it filed, in the order of their keys, from where the one before
//! ended. A page of the large table so takes many rows at once, and no transaction does more than its share.

use rusqlite::OptionalExtension as _;

use crate::audit::limit_of;
use crate::error::{Error, Result, column_id, row_id};
use crate::{Reader, Writer};

/// Rows that stay in `posting_recent`: some 12 MiB. With more, more pages of it change in a transaction; with fewer, more of `posting`.
const KEPT: i64 = if cfg!(test) { 64 } else { 1 << 19 };

/// What a transaction did to `posting_recent`.
#[derive(Debug, Default)]
pub(crate) struct Posted {
    /// Rows that it grew by.
    grown: i64,
    /// Whether it was emptied first.
    emptied: bool,
}

fn key_column(key: u64) -> i64 {
    key.cast_signed()
}

/// Space and id of a value in one number, the space in the first byte.
fn value_column(space: u8, id: u64) -> Result<i64> {
    match id >> 56 {
        0 => Ok((u64::from(space) << 56 | id).cast_signed()),
        _ => Err(Error::IdTooLarge(id)),
    }
}

impl Writer<'_> {
    /// Files `id` under `key`; filing it twice is filing it once.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn post(&mut self, space: u8, key: u64, id: u64) -> Result<()> {
        self.step(|writer| {
            let sql = "INSERT INTO posting_recent (space, key, id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            writer.posted.grown += writer.change(sql, (space, key_column(key), column_id(id)?))? as i64;
            Ok(())
        })
    }

    /// Takes `id` from under `key`.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn unpost(&mut self, space: u8, key: u64, id: u64) -> Result<()> {
        self.step(|writer| {
            let row = (space, key_column(key), column_id(id)?);
            let recent = "DELETE FROM posting_recent WHERE space = ?1 AND key = ?2 AND id = ?3";
            writer.posted.grown -= writer.change(recent, row)? as i64;
            // It may stand in both, if it was filed twice.
            writer.change("DELETE FROM posting WHERE space = ?1 AND key = ?2 AND id = ?3", row).map(|_| ())
        })
    }

    /// Keeps a value for `id`, which is below 2⁵⁶, in place of the one before.
    ///
    /// # Errors
    /// When the id is larger, or the database can't be written.
    pub fn put(&mut self, space: u8, id: u64, value: &[u8]) -> Result<()> {
        self.step(|writer| {
            let sql = "INSERT INTO value_of (id, value) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET value = ?2";
            writer.change(sql, (value_column(space, id)?, value)).map(|_| ())
        })
    }

    /// Removes the value of `id`.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn delete(&mut self, space: u8, id: u64) -> Result<()> {
        self.step(|writer| writer.change("DELETE FROM value_of WHERE id = ?1", [value_column(space, id)?]).map(|_| ()))
    }
}

impl Writer<'_> {
    /// Notes that both tables of postings were emptied.
    pub(crate) fn forget_postings(&mut self) {
        self.posted = Posted { grown: 0, emptied: true };
    }

    /// Takes recent postings over into the large table; the last step but one of a transaction.
    pub(crate) fn take_over(&mut self) -> Result<()> {
        let Posted { grown, emptied } = std::mem::take(&mut self.posted);
        if grown == 0 && !emptied {
            return Ok(());
        }
        let mut recent = grown;
        if !emptied {
            recent += self.db().prepare_cached("SELECT recent FROM posting_turn")?.query_row([], |row| row.get::<_, i64>(0))?;
        }
        let mut due = recent - KEPT;
        // At the end it begins again from the start, once.
        for _ in 0..2 {
            if due <= 0 {
                break;
            }
            let moved = self.take_over_from_turn(due)?;
            due -= moved;
            recent -= moved;
        }
        self.change("UPDATE posting_turn SET recent = ?1", [recent]).map(|_| ())
    }

    /// Takes over up to `most` rows from the turn on and notes where the next begins; gives their number.
    fn take_over_from_turn(&mut self, most: i64) -> Result<i64> {
        let end: Option<(i64, i64, i64)> = self
            .db()
            .prepare_cached(
                "SELECT space, key, id FROM posting_recent WHERE (space, key, id) >= (SELECT space, key, id FROM posting_turn) \
                 ORDER BY space, key, id LIMIT 1 OFFSET ?1",
            )?
            .query_row([most], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let last = end.unwrap_or((i64::MAX, i64::MAX, i64::MAX));
        const STRETCH: &str = "(space, key, id) >= (SELECT space, key, id FROM posting_turn) AND (space, key, id) < (?1, ?2, ?3)";
        let copy = format!(
            "INSERT INTO posting SELECT space, key, id FROM posting_recent WHERE {STRETCH} ORDER BY space, key, id ON CONFLICT DO NOTHING"
        );
        self.change(&copy, last)?;
        let moved = self.change(&format!("DELETE FROM posting_recent WHERE {STRETCH}"), last)?;
        self.change("UPDATE posting_turn SET space = ?1, key = ?2, id = ?3", end.unwrap_or((0, 0, 0)))?;
        Ok(moved as i64)
    }
}

/// Ids under one key, largest first: of those filed lately, and of all else.
const POSTINGS: [&str; 2] = [
    "SELECT id FROM posting_recent WHERE space = ?1 AND key = ?2 ORDER BY id DESC LIMIT ?3",
    "SELECT id FROM posting WHERE space = ?1 AND key = ?2 ORDER BY id DESC LIMIT ?3",
];

impl Reader<'_> {
    /// Up to `most` ids filed under `key`, largest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn postings(&self, space: u8, key: u64, most: usize) -> Result<Vec<u64>> {
        Ok(self.postings_of(space, &[key], most)?.pop().unwrap_or_default())
    }

    /// Up to `most` ids filed under each of `keys`, largest first; one list a key, in the order of `keys`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn postings_of(&self, space: u8, keys: &[u64], most: usize) -> Result<Vec<Vec<u64>>> {
        let mut lists = vec![Vec::new(); keys.len()];
        // In the order of the tables, so that keys that lie together are read together.
        let mut order: Vec<(i64, usize)> = keys.iter().enumerate().map(|(nth, &key)| (key_column(key), nth)).collect();
        order.sort_unstable();
        for sql in POSTINGS {
            let mut statement = self.db().prepare_cached(sql)?;
            for &(key, nth) in &order {
                let mut rows = statement.query((space, key, limit_of(most)))?;
                if let Some(list) = lists.get_mut(nth) {
                    while let Some(row) = rows.next()? {
                        list.push(row_id(row.get(0)?));
                    }
                }
            }
        }
        for list in &mut lists {
            list.sort_unstable_by(|a, b| b.cmp(a));
            list.dedup();
            list.truncate(most);
        }
        Ok(lists)
    }

    /// The value of `id`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn get(&self, space: u8, id: u64) -> Result<Option<Vec<u8>>> {
        let mut statement = self.db().prepare_cached("SELECT value FROM value_of WHERE id = ?1")?;
        Ok(statement.query_row([value_column(space, id)?], |row| row.get(0)).optional()?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use crate::{Casebook, Error};

    /// Rows of both tables, and how many the turn says that the small one has.
    fn rows(case: &Casebook) -> (i64, i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM posting_recent), (SELECT count(*) FROM posting), recent FROM posting_turn";
        case.db().query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Whatever is filed and taken out, in transactions of any size, lists are what a set of rows would give.
        #[test]
        fn two_tables_answer_as_one(
            transactions in prop::collection::vec(prop::collection::vec((any::<bool>(), 0u8..3, 0u64..12, 0u64..40), 1..90), 1..12),
            cleared in prop::option::of(0usize..12),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut case = Casebook::init(&folder.path().join("case"), "Sample", "2025-01-01T00:00:00Z", "Jo").unwrap();
            let mut model = BTreeSet::new();
            let key = |key: u64| key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for (nth, transaction) in transactions.into_iter().enumerate() {
                if cleared == Some(nth) {
                    case.write::<_, Error>(|writer| writer.clear_views()).unwrap();
                    model.clear();
                }
                case.write::<_, Error>(|writer| {
                    for (add, space, list, id) in transaction {
                        if add {
                            writer.post(space, key(list), id)?;
                            model.insert((space, list, id));
                        } else {
                            writer.unpost(space, key(list), id)?;
                            model.remove(&(space, list, id));
                        }
                    }
                    Ok(())
                }).unwrap();
                let (recent, _, noted) = rows(&case);
                prop_assert_eq!(recent, noted);
                prop_assert!(recent <= super::KEPT);
            }
            let reader = case.read();
            for space in 0..3 {
                let keys: Vec<u64> = (0..12).map(key).collect();
                for most in [1, 5, 100] {
                    let lists = reader.postings_of(space, &keys, most).unwrap();
                    for (list, found) in (0..12).zip(lists) {
                        let expected: Vec<u64> =
                            model.range((space, list, 0)..=(space, list, u64::MAX)).rev().map(|row| row.2).take(most).collect();
                        prop_assert_eq!(found, expected);
                    }
                }
            }
        }
    }

    #[test]
    fn rows_go_over_a_share_at_a_time_and_come_round() {
        let folder = tempfile::tempdir().unwrap();
        let mut case = Casebook::init(&folder.path().join("case"), "Sample", "2025-01-01T00:00:00Z", "Jo").unwrap();
        for report in 0..100u64 {
            case.write::<_, Error>(|writer| (0..10u64).try_for_each(|key| writer.post(1, key << 60, report))).unwrap();
            let filed = 10 * (report as i64 + 1);
            let recent = filed.min(super::KEPT);
            assert_eq!(rows(&case), (recent, filed - recent, recent));
        }
        assert_eq!(case.read().postings(1, 3 << 60, 1000).unwrap(), (0..100).rev().collect::<Vec<u64>>());
    }
}
