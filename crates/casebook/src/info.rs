use rusqlite::OptionalExtension as _;

use crate::audit::Head;
use crate::error::{Error, Result, row_id};
use crate::{Casebook, schema};

/// What a case is and how large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Its name.
    pub name: String,
    /// 128 random bits in hexadecimal, given when it was made.
    pub id: String,
    /// When it was made.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// Version of the database.
    pub schema: u32,
    /// Rows.
    pub counts: Counts,
    /// Where the audit chain ends.
    pub head: Head,
    /// Bytes.
    pub sizes: Sizes,
}

/// How many of each there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Counts {
    pub originals: u64,
    pub reports: u64,
    pub captures: u64,
    pub readings: u64,
    pub reviews: u64,
    pub outlets: u64,
    pub exports: u64,
    pub versions: u64,
    pub feeds: u64,
    pub happenings: u64,
    pub events: u64,
}

/// Sizes in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The database.
    pub database: u64,
    /// The archive, compressed.
    pub archive: u64,
    /// The originals, uncompressed.
    pub originals: u64,
}

impl Casebook {
    /// What the case is and how large. Takes a time that grows with the case (a few milliseconds for 100,000 reports).
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn info(&self) -> Result<Info> {
        let reader = self.read();
        let db = reader.db();
        let meta = |name: &str| -> Result<String> {
            let value: Option<String> =
                db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()?;
            value.ok_or_else(|| Error::damaged(format_args!("meta/{name}"), "is missing"))
        };
        let number = |sql: &str| -> Result<u64> { Ok(db.query_row(sql, [], |row| row.get(0)).map(row_id)?) };
        let rows = |table: &str| number(&format!("SELECT count(*) FROM {table}"));
        let counts = Counts {
            originals: rows("original")?,
            reports: rows("report")?,
            captures: rows("capture")?,
            readings: rows("reading")?,
            reviews: rows("review")?,
            outlets: rows("outlet")?,
            exports: rows("export")?,
            versions: rows("version")?,
            feeds: rows("feed")?,
            happenings: rows("happening")?,
            events: rows("event")?,
        };
        let sizes = Sizes {
            database: number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
            archive: number("SELECT coalesce(sum(stored), 0) FROM original")?,
            originals: number("SELECT coalesce(sum(bytes), 0) FROM original")?,
        };
        Ok(Info {
            name: meta("name")?,
            id: meta("id")?,
            created_at: meta("created_at")?,
            created_by: meta("created_by")?,
            schema: schema::marks(db)?.1,
            counts,
            head: reader.head()?,
            sizes,
        })
    }

    /// Bytes of each table and index of the database, the largest first. Reads all of it.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn table_sizes(&self) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = TRUE GROUP BY name ORDER BY 2 DESC, 1";
        self.read().list(sql, [], |row| Ok((row.get(0)?, row_id(row.get(1)?))))
    }
}
