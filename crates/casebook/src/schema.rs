//! Versions of the database, and the steps from each to the next.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Error, Result};

/// `application_id` of a case: "dtln".
pub(crate) const APPLICATION: i32 = 0x6474_6C6E;

/// SQL that brings a database from the version before to the next; the first makes an empty one.
pub(crate) const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
];

/// The version that this program writes.
pub(crate) const CURRENT: u32 = STEPS.len() as u32;

/// `application_id` and `user_version`.
pub(crate) fn marks(db: &Connection) -> rusqlite::Result<(i32, u32)> {
    let number = |pragma: &str| db.query_row(pragma, [], |row| row.get::<_, i32>(0));
    Ok((number("PRAGMA application_id")?, u32::try_from(number("PRAGMA user_version")?).unwrap_or(u32::MAX)))
}

/// Refuses what is no case and what is newer; `path` is for the error. The version is given back.
pub(crate) fn check(db: &Connection, path: &Path, known: u32) -> Result<u32> {
    let foreign = |reason: String| Error::Foreign { path: path.to_owned(), reason };
    let (application, version) = match marks(db) {
        Ok(marks) => marks,
        Err(error) => match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => return Err(foreign("no SQLite database".to_owned())),
            _ => return Err(error.into()),
        },
    };
    match (application, version) {
        (APPLICATION, 0) => Err(foreign("it says that it is a case but of no version".to_owned())),
        (APPLICATION, version) if version > known => Err(Error::Newer { path: path.to_owned(), found: version, known }),
        (APPLICATION, version) => Ok(version),
        (0, 0) => Err(foreign("an empty database: the making of the case was cut short; make it again".to_owned())),
        (other, _) => Err(foreign(format!("its application id is {other:#x}"))),
    }
}

/// Makes an empty database of the newest version, within the caller's transaction.
pub(crate) fn build(db: &Connection) -> Result<()> {
    for step in STEPS {
        db.execute_batch(step)?;
    }
    Ok(db.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {CURRENT};"))?)
}

/// Brings the database to the newest version, a transaction a step; another process that does the same at once is waited for.
pub(crate) fn migrate(db: &mut Connection, steps: &[&str]) -> Result<()> {
    loop {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (_, version) = marks(&transaction)?;
        let Some(step) = steps.get(version as usize) else { return Ok(()) };
        transaction.execute_batch(step)?;
        transaction.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {};", version + 1))?;
        transaction.commit()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(db: &Connection) -> u32 {
        marks(db).unwrap().1
    }

    #[test]
    fn an_older_database_is_brought_up_step_by_step_and_keeps_its_rows() {
        let mut db = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x INTEGER)", "ALTER TABLE a ADD COLUMN y INTEGER", "UPDATE a SET y = x * 2"];
        migrate(&mut db, &steps[..1]).unwrap();
        db.execute("INSERT INTO a VALUES (21)", []).unwrap();
        assert_eq!(version(&db), 1);
        migrate(&mut db, &steps).unwrap();
        assert_eq!(version(&db), 3);
        assert_eq!(db.query_row("SELECT y FROM a", [], |row| row.get::<_, i64>(0)).unwrap(), 42);
        migrate(&mut db, &steps).unwrap();
        assert_eq!(version(&db), 3);
    }

    #[test]
    fn values_of_version_1_are_found_by_space_and_id() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db, &STEPS[..1]).unwrap();
        db.execute_batch("INSERT INTO blob VALUES (3, 7, x'01'), (200, 7, x'02'), (3, (1 << 56) - 1, x'03'), (3, -1, x'04')")
            .unwrap();
        db.execute_batch("INSERT INTO posting VALUES (1, -5, 7)").unwrap();
        migrate(&mut db, STEPS).unwrap();
        let value = |id: u64| {
            db.query_row("SELECT value FROM value_of WHERE id = ?1", [id.cast_signed()], |row| row.get::<_, Vec<u8>>(0)).ok()
        };
        assert_eq!(value(3 << 56 | 7), Some(vec![1]));
        assert_eq!(value(200 << 56 | 7), Some(vec![2]));
        assert_eq!(value((4 << 56) - 1), Some(vec![3]));
        let rows = "SELECT (SELECT count(*) FROM value_of), (SELECT count(*) FROM posting), (SELECT recent FROM posting_turn)";
        let rows: (i64, i64, i64) = db.query_row(rows, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        assert_eq!(rows, (3, 1, 0));
    }

    #[test]
    fn media_of_version_3_stay_and_have_no_words_yet() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db, &STEPS[..3]).unwrap();
        db.execute_batch(
            "INSERT INTO original VALUES (1, x'aa', 1, 1, NULL, 't');
             INSERT INTO report VALUES (1, x'aa', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, x'aa', 't', 'b', 'kept', NULL, '{}', x'00');
             INSERT INTO medium VALUES (1, 1, 'a.jpg', 1, 't', 'b')",
        )
        .unwrap();
        migrate(&mut db, STEPS).unwrap();
        let sql = "SELECT (SELECT count(*) FROM medium), (SELECT count(*) FROM medium_words), (SELECT count(*) FROM sighting),
                   (SELECT count(*) FROM picture)";
        let rows: (i64, i64, i64, i64) =
            db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
        assert_eq!((rows, version(&db)), ((1, 0, 0, 0), CURRENT));
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_before() {
        let mut db = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x INTEGER)", "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1)"];
        assert!(migrate(&mut db, &steps).is_err());
        assert_eq!(version(&db), 1);
        assert!(db.query_row("SELECT count(*) FROM b", [], |row| row.get::<_, i64>(0)).is_err());
    }

    #[test]
    fn err_newer_foreign_or_cut_short() {
        let mut db = Connection::open_in_memory().unwrap();
        let path = Path::new("case.db");
        assert!(matches!(check(&db, path, CURRENT), Err(Error::Foreign { .. })));
        migrate(&mut db, STEPS).unwrap();
        assert_eq!(check(&db, path, CURRENT).unwrap(), CURRENT);
        assert!(matches!(check(&db, path, CURRENT - 1), Err(Error::Newer { found: CURRENT, known, .. }) if known == CURRENT - 1));
        db.execute_batch("PRAGMA application_id = 7").unwrap();
        assert!(matches!(check(&db, path, CURRENT), Err(Error::Foreign { .. })));
    }
}
