//! The file, its accounts and what was done to them.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior};

use super::{AccountError, Accounts, LONGEST_NAME, now, password};
use crate::Role;

/// What the file says that it is: "dtld".
const APPLICATION: i64 = 0x6474_6C64;
const VERSION: i64 = 1;
const SCHEMA: &str = "
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  password TEXT NOT NULL,
  shut_out INTEGER NOT NULL DEFAULT 0,
  made INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
  digest TEXT PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  form TEXT NOT NULL,
  begun INTEGER NOT NULL,
  seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE token (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  account INTEGER REFERENCES account (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  made INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  used INTEGER
) STRICT;
CREATE TABLE log (at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL) STRICT;
";

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// Its name, under which decisions are made.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may not come in at present.
    pub shut_out: bool,
    /// When it was made, in seconds since 1970.
    pub made: i64,
}

/// Something that was done to accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When, in seconds since 1970.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// What.
    pub what: String,
}

pub(super) fn connect(path: &Path) -> Result<Connection, AccountError> {
    let mut db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(10))?;
    let _: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    db.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;")?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number = |pragma: &str| transaction.query_row(pragma, [], |row| row.get::<_, i64>(0));
    match (number("PRAGMA application_id")?, number("PRAGMA user_version")?) {
        (0, 0) => {
            transaction.execute_batch(SCHEMA)?;
            transaction.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"))?;
        }
        (APPLICATION, VERSION) => {}
        (_, version) => return Err(AccountError::Newer(version)),
    }
    transaction.commit()?;
    private(path)?;
    Ok(db)
}

/// Only who runs the desk may read the file.
#[cfg(unix)]
fn private(path: &Path) -> Result<(), AccountError> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        .map_err(|error| AccountError::Secret(error.to_string()))
}

#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), AccountError> {
    Ok(())
}

fn account(row: &Row<'_>) -> rusqlite::Result<(Account, String)> {
    let role: String = row.get(2)?;
    // A role that nobody wrote may do least.
    let role = role.parse().unwrap_or(Role::Reader);
    Ok((Account { id: row.get(0)?, name: row.get(1)?, role, shut_out: row.get(3)?, made: row.get(4)? }, row.get(5)?))
}

const COLUMNS: &str = "SELECT id, name, role, shut_out, made, password FROM account";

fn find(db: &Connection, name: &str) -> Result<Option<(Account, String)>, AccountError> {
    Ok(db.query_row(&format!("{COLUMNS} WHERE folded = ?1"), [folded(name)], account).optional()?)
}

fn known(db: &Connection, name: &str) -> Result<Account, AccountError> {
    Ok(find(db, name)?.ok_or_else(|| AccountError::Unknown(name.to_owned()))?.0)
}

/// Names that look alike but for capitals are one.
fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

pub(super) fn note(db: &Connection, by: &str, what: &str) -> Result<(), AccountError> {
    db.execute("INSERT INTO log (at, by, what) VALUES (?1, ?2, ?3)", (now(), by, what))?;
    Ok(())
}

/// Whether no admin would be left if this account were none.
fn is_last_admin(db: &Connection, account: &Account) -> Result<bool, AccountError> {
    let sql = "SELECT count(*) FROM account WHERE role = 'admin' AND shut_out = 0 AND id <> ?1";
    let others: i64 = db.query_row(sql, [account.id], |row| row.get(0))?;
    Ok(account.role == Role::Admin && !account.shut_out && others == 0)
}

impl Accounts {
    /// Makes an account.
    ///
    /// # Errors
    /// When the name is taken or can't be one, or the password is too short or too long.
    pub fn add(&self, name: &str, role: Role, password: &str, by: &str) -> Result<(), AccountError> {
        let fits = !name.is_empty() && name == name.trim() && name.chars().count() <= LONGEST_NAME;
        if !fits || name.chars().any(char::is_control) || dateline::render::visible(name) != name {
            return Err(AccountError::Name(name.to_owned()));
        }
        let hash = password::hash(password)?;
        self.with(|db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if find(&transaction, name)?.is_some() {
                return Err(AccountError::Taken(name.to_owned()));
            }
            let sql = "INSERT INTO account (name, folded, role, password, made) VALUES (?1, ?2, ?3, ?4, ?5)";
            transaction.execute(sql, (name, folded(name), role.as_str(), hash, now()))?;
            note(&transaction, by, &format!("made the account {name}, {}", role.as_str()))?;
            Ok(transaction.commit()?)
        })
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn all(&self) -> Result<Vec<Account>, AccountError> {
        self.with(|db| {
            let mut statement = db.prepare_cached(&format!("{COLUMNS} ORDER BY folded"))?;
            let rows = statement.query_map([], |row| Ok(account(row)?.0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Gives an account another role; its sessions end.
    ///
    /// # Errors
    /// When there is none, or the last admin would be none.
    pub fn set_role(&self, name: &str, role: Role, by: &str) -> Result<(), AccountError> {
        self.change(name, by, &format!("made {name} {}", role.as_str()), role != Role::Admin, |db, account| {
            db.execute("UPDATE account SET role = ?2 WHERE id = ?1", (account.id, role.as_str()))
        })
    }

    /// Gives an account another password; its sessions end.
    ///
    /// # Errors
    /// When there is none, or the password is too short or too long.
    pub fn set_password(&self, name: &str, password: &str, by: &str) -> Result<(), AccountError> {
        let hash = password::hash(password)?;
        self.change(name, by, &format!("set the password of {name}"), false, |db, account| {
            db.execute("UPDATE account SET password = ?2 WHERE id = ?1", (account.id, hash))
        })
    }

    /// Shuts an account out, its tokens too, or lets it in again. Accounts are not removed: decisions stand under their names.
    ///
    /// # Errors
    /// When there is none, or the last admin would be shut out.
    pub fn shut_out(&self, name: &str, out: bool, by: &str) -> Result<(), AccountError> {
        let what = if out { format!("shut {name} out") } else { format!("let {name} in again") };
        self.change(name, by, &what, out, |db, account| {
            db.execute("UPDATE account SET shut_out = ?2 WHERE id = ?1", (account.id, out))
        })
    }

    fn change(
        &self,
        name: &str,
        by: &str,
        what: &str,
        takes_admin: bool,
        change: impl FnOnce(&Connection, &Account) -> rusqlite::Result<usize>,
    ) -> Result<(), AccountError> {
        self.with(|db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let account = known(&transaction, name)?;
            if takes_admin && is_last_admin(&transaction, &account)? {
                return Err(AccountError::LastAdmin(account.name));
            }
            change(&transaction, &account)?;
            transaction.execute("DELETE FROM session WHERE account = ?1", [account.id])?;
            note(&transaction, by, what)?;
            Ok(transaction.commit()?)
        })
    }

    /// The account of this name and password, if both are right and it is not shut out. It takes a tenth of a second or more, by design.
    ///
    /// # Errors
    /// When the file can't be read.
    pub(crate) fn check(&self, name: &str, password: &str) -> Result<Option<Account>, AccountError> {
        let found = self.with(|db| find(db, name))?;
        let right = password::matches(password, found.as_ref().map(|(_, hash)| hash.as_str()));
        Ok(found.map(|(account, _)| account).filter(|account| right && !account.shut_out))
    }

    /// An account by its name.
    ///
    /// # Errors
    /// When there is none.
    pub fn account(&self, name: &str) -> Result<Account, AccountError> {
        self.with(|db| known(db, name))
    }

    /// What was done to accounts, newest first, the last `limit` lines.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn log(&self, limit: usize) -> Result<Vec<LogLine>, AccountError> {
        self.with(|db| {
            let mut statement = db.prepare_cached("SELECT at, by, what FROM log ORDER BY rowid DESC LIMIT ?1")?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = statement.query_map([limit], |row| Ok(LogLine { at: row.get(0)?, by: row.get(1)?, what: row.get(2)? }))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> (tempfile::TempDir, Accounts) {
        let folder = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(folder.path()).unwrap();
        (folder, accounts)
    }

    #[test]
    fn accounts_are_made_changed_and_logged() {
        let (folder, accounts) = accounts();
        accounts.add("Ann", Role::Admin, "a long password", "setup").unwrap();
        accounts.add("Bob", Role::Reader, "another password", "Ann").unwrap();
        assert!(matches!(accounts.add("ANN ", Role::Reader, "a long password", "x"), Err(AccountError::Name(_))));
        assert!(matches!(accounts.add("ANN", Role::Reader, "a long password", "x"), Err(AccountError::Taken(_))));
        for name in ["", " x", "a\u{202e}b", "a\nb", &"x".repeat(81)] {
            assert!(matches!(accounts.add(name, Role::Reader, "a long password", "x"), Err(AccountError::Name(_))), "{name:?}");
        }
        assert!(matches!(accounts.add("Cid", Role::Reader, "short", "x"), Err(AccountError::Password)));
        assert_eq!(accounts.check("ann", "a long password").unwrap().unwrap().name, "Ann");
        assert!(accounts.check("ann", "a long passwore").unwrap().is_none());
        assert!(accounts.check("cid", "a long password").unwrap().is_none());
        assert!(matches!(accounts.set_role("Ann", Role::Editor, "Ann"), Err(AccountError::LastAdmin(_))));
        assert!(matches!(accounts.shut_out("Ann", true, "Ann"), Err(AccountError::LastAdmin(_))));
        accounts.set_role("bob", Role::Admin, "Ann").unwrap();
        accounts.shut_out("Ann", true, "Bob").unwrap();
        assert!(accounts.check("ann", "a long password").unwrap().is_none());
        accounts.set_password("Ann", "yet another password", "Bob").unwrap();
        accounts.shut_out("Ann", false, "Bob").unwrap();
        assert!(accounts.check("ann", "yet another password").unwrap().is_some());
        assert!(matches!(accounts.set_role("Zoe", Role::Admin, "Ann"), Err(AccountError::Unknown(_))));
        let log: Vec<String> = accounts.log(99).unwrap().into_iter().map(|line| format!("{}: {}", line.by, line.what)).collect();
        assert_eq!(log[..2], ["Bob: let Ann in again", "Bob: set the password of Ann"]);
        drop(accounts);
        let again = Accounts::open(folder.path()).unwrap();
        assert_eq!(again.all().unwrap().iter().map(|account| account.role).collect::<Vec<_>>(), [Role::Admin, Role::Admin]);
    }

    #[cfg(unix)]
    #[test]
    fn only_who_runs_the_desk_may_read_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, _accounts) = accounts();
        let mode = std::fs::metadata(folder.path().join(super::super::FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }

    #[test]
    fn err_a_file_of_something_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(super::super::FILE);
        Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 7; CREATE TABLE a (b);").unwrap();
        assert!(matches!(Accounts::open(folder.path()), Err(AccountError::Newer(7))));
    }
}
