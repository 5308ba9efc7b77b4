use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::archive::{Archive, sync_folder};
use crate::audit::Chain;
use crate::digest::{Canonical, Digest};
use crate::error::{Error, Result};
use crate::pack::Pack;
use crate::{Reader, Stamp, Writer, schema};

/// How long one writer waits for another.
const PATIENCE: Duration = Duration::from_secs(300);
/// Pages of the database kept in memory, in KiB.
const CACHE_KIB: u32 = 64 << 10;
/// Pages of the log after which it is worked into the database. Transactions change many pages of many indexes, and mostly the same.
const CHECKPOINT: u32 = 8_000;
/// Bytes of the database that are read through a map: the index of pictures touches a thousand pages a question, far apart, and copying each
/// takes longer than looking at it. On a medium that fails while it is read, the process ends instead of getting an error.
const MAPPED: u32 = (2 << 30) - (64 << 10);
/// Statements kept prepared.
const STATEMENTS: usize = 160;

/// A case: a directory with `case.db` and `archive/`.
///
/// One value is one connection: it can be sent to another thread but not shared; open the case once a thread. Any number of processes may
/// have it open. Readers see the state at their first question and go on while somebody writes; writers wait for each other.
pub struct Casebook {
    dir: PathBuf,
    db: Connection,
    archive: Archive,
    pack: Pack,
    readers: Cell<u32>,
    read_only: bool,
}

impl std::fmt::Debug for Casebook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Casebook").field("dir", &self.dir).field("read_only", &self.read_only).finish_non_exhaustive()
    }
}

fn database(dir: &Path) -> PathBuf {
    dir.join("case.db")
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    // Plans are the ones that the tests look at, whatever values are asked for, and are made once a statement.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(db)
}

/// Settings of a connection; those that stand in the file come with the schema.
fn settle(db: &Connection) -> Result<()> {
    db.execute_batch(&format!(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{CACHE_KIB}; \
         PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = {CHECKPOINT}; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = {MAPPED}; PRAGMA cell_size_check = ON;"
    ))?;
    Ok(())
}

impl Casebook {
    /// Makes a case in a new or empty directory. `at` (an RFC 3339 instant) and `by` are noted as the first entry of the audit chain.
    ///
    /// # Errors
    /// When there is a case or anything else in the directory, or it can't be written.
    pub fn init(dir: &Path, name: &str, at: &str, by: &str) -> Result<Self> {
        fs::create_dir_all(dir).map_err(Error::io(dir))?;
        let path = database(dir);
        for entry in fs::read_dir(dir).map_err(Error::io(dir))? {
            let found = entry.map_err(Error::io(dir))?.file_name().to_string_lossy().into_owned();
            if !["case.db", "case.db-wal", "case.db-shm", "case.db-journal", "archive"].contains(&found.as_str()) {
                return Err(Error::NotEmpty { path: dir.to_owned(), found });
            }
        }
        let mut db = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        // What an earlier attempt left that was cut short is empty and may be gone on with.
        let empty = |db: &Connection| -> rusqlite::Result<bool> {
            Ok(schema::marks(db)? == (0, 0) && db.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?)
        };
        match empty(&db) {
            Ok(true) => {}
            Ok(false) if schema::check(&db, &path, u32::MAX).is_ok() => return Err(Error::Exists(dir.to_owned())),
            _ => return Err(Error::NotEmpty { path: dir.to_owned(), found: "case.db".to_owned() }),
        }
        db.execute_batch("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;")?;
        settle(&db)?;
        {
            let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            if !empty(&transaction)? {
                return Err(Error::Exists(dir.to_owned()));
            }
            schema::build(&transaction)?;
            let id: String = transaction.query_row("SELECT lower(hex(randomblob(16)))", [], |row| row.get(0))?;
            for (key, value) in [("name", name), ("id", &id), ("created_at", at), ("created_by", by)] {
                transaction.execute("INSERT INTO meta (name, value) VALUES (?1, ?2)", [key, value])?;
            }
            let mut chain = Chain::load(&transaction)?;
            let stamp = Stamp::new(at, by);
            chain.append_digest(&transaction, "case.init", "case/1", case_digest(&transaction)?, &stamp)?;
            chain.note(&transaction)?;
            transaction.commit()?;
        }
        let archive = Archive::new(dir);
        fs::create_dir_all(archive.root()).map_err(Error::io(archive.root()))?;
        sync_folder(dir)?;
        Ok(Self::new(dir, db, false))
    }

    /// Opens a case for reading and writing. What an interrupted transaction left in the archive is cleared up.
    ///
    /// # Errors
    /// When there is no case, the file is something else, or a newer program wrote it; each says what to do.
    pub fn open(dir: &Path) -> Result<Self> {
        let path = database(dir);
        if !path.is_file() {
            return Err(Error::NoCase(dir.to_owned()));
        }
        let mut db = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let version = schema::check(&db, &path, schema::CURRENT)?;
        settle(&db)?;
        if version < schema::CURRENT {
            schema::migrate(&mut db, schema::STEPS)?;
        }
        let case = Self::new(dir, db, false);
        case.clear_up()?;
        Ok(case)
    }

    /// Opens a case for reading. It may stand on a medium that can't be written.
    ///
    /// # Errors
    /// As [`open`](Self::open); also when an older program wrote it.
    pub fn read_only(dir: &Path) -> Result<Self> {
        let path = database(dir);
        if !path.is_file() {
            return Err(Error::NoCase(dir.to_owned()));
        }
        let mut db = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let cannot_open = |db: &Connection| {
            schema::marks(db)
                .err()
                .and_then(|error| error.sqlite_error_code())
                .is_some_and(|code| matches!(code, rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly))
        };
        // Without a log beside it nobody writes, and on a read-only medium nobody can begin to.
        if cannot_open(&db) && fs::metadata(dir.join("case.db-wal")).map_or(0, |wal| wal.len()) == 0 {
            let shown = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            db = connect(Path::new(&format!("file:{shown}?immutable=1")), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        }
        let found = schema::check(&db, &path, schema::CURRENT)?;
        if found < schema::CURRENT {
            return Err(Error::Older { path, found, known: schema::CURRENT });
        }
        settle(&db)?;
        Ok(Self::new(dir, db, true))
    }

    fn new(dir: &Path, db: Connection, read_only: bool) -> Self {
        Self { dir: dir.to_owned(), db, archive: Archive::new(dir), pack: Pack::default(), readers: Cell::new(0), read_only }
    }

    /// The directory of the case.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn db(&self) -> &Connection {
        &self.db
    }

    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    pub(crate) fn pack(&self) -> &Pack {
        &self.pack
    }

    pub(crate) fn readers(&self) -> &Cell<u32> {
        &self.readers
    }

    pub(crate) fn must_write(&self) -> Result<()> {
        if self.read_only { Err(Error::ReadOnly(self.dir.clone())) } else { Ok(()) }
    }

    /// Questions to the case, all answered from one state of it.
    #[must_use]
    pub fn read(&self) -> Reader<'_> {
        Reader::snapshot(self)
    }

    /// Does `work` in one transaction: all of it is kept, durably, when this returns `Ok`, and nothing of it otherwise. Another writer is
    /// waited for.
    ///
    /// # Errors
    /// Those of `work`; and when the case is read-only, the disk is full, or another process writes for minutes. After a step of `work`
    /// has failed nothing can be kept, even if `work` goes on and returns `Ok`.
    pub fn write<T, E: From<Error>>(&mut self, work: impl FnOnce(&mut Writer<'_>) -> Result<T, E>) -> Result<T, E> {
        self.must_write()?;
        let mut writer = Writer::begin(self)?;
        let answer = work(&mut writer)?;
        writer.commit()?;
        Ok(answer)
    }

    /// Removes what interrupted transactions left in the archive, unless somebody is writing.
    pub(crate) fn clear_up(&self) -> Result<()> {
        if self.archive.notes().is_empty() {
            return Ok(());
        }
        self.db.busy_timeout(Duration::ZERO)?;
        let begun = self.db.execute_batch("BEGIN IMMEDIATE");
        self.db.busy_timeout(PATIENCE)?;
        if begun.is_err() {
            return Ok(());
        }
        let cleared = self.archive.clear_up(|digest| is_kept(&self.db, digest));
        self.db.execute_batch("ROLLBACK")?;
        cleared
    }
}

/// True when an original of that hash has a row.
pub(crate) fn is_kept(db: &Connection, digest: &Digest) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM original WHERE sha256 = ?1")?.query_row([digest], |_| Ok(())).optional()?.is_some())
}

/// Digest of what was noted when the case was made.
pub(crate) fn case_digest(db: &Connection) -> Result<Digest> {
    let mut canonical = Canonical::new("case");
    for key in ["name", "id", "created_at", "created_by"] {
        let value: Option<String> = db.query_row("SELECT value FROM meta WHERE name = ?1", [key], |row| row.get(0)).optional()?;
        canonical.text(key).optional(value.as_deref());
    }
    Ok(canonical.finish())
}
