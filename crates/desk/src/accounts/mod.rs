//! Who may use a desk that several people share: accounts, sessions in browsers, tokens for programs.
//!
//! They stand in `desk.db` beside the case, apart from the record: nobody's password travels with a case that is handed on, and letting somebody
//! in does not wait while reports are added. What was done to accounts is noted in the same file ([`Accounts::log`]); decisions on the case
//! stand in the case's own audit chain, under the account's name.
//!
//! Of passwords only an Argon2id hash is kept (RFC 9106), of sessions and tokens only a SHA-256: who reads the file can't come in with it.

mod limit;
mod password;
mod scope;
mod store;
mod token;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

pub(crate) use limit::Attempts;
pub use scope::{Scope, Scopes};
pub use store::{Account, LogLine};
pub use token::Token;

/// Name of the file beside the case.
const FILE: &str = "desk.db";
/// Shortest password, in characters.
pub const SHORTEST_PASSWORD: usize = 12;
/// Longest, in bytes: hashing more is work for nothing.
const LONGEST_PASSWORD: usize = 1_024;
/// Longest name of an account, in characters.
const LONGEST_NAME: usize = 80;

/// Why accounts can't be used as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// The file can't be read or written.
    #[error("the file of accounts can't be used: {0}")]
    Store(#[from] rusqlite::Error),
    /// It was made by a newer version of the program.
    #[error("the file of accounts is of version {0}, which this program does not know")]
    Newer(i64),
    /// There is no such account.
    #[error("there is no account `{0}`")]
    Unknown(String),
    /// There is one already.
    #[error("there is an account `{0}` already")]
    Taken(String),
    /// A name that can't be.
    #[error(
        "`{0}` can't be the name of an account: one to 80 characters, none of them a control character, no space at either end"
    )]
    Name(String),
    /// A password that is too short or too long.
    #[error("a password has at least {SHORTEST_PASSWORD} characters and at most {LONGEST_PASSWORD} bytes")]
    Password,
    /// The last admin can't be shut out.
    #[error("`{0}` is the only admin: make another one first")]
    LastAdmin(String),
    /// A scope or role that is none.
    #[error("{0}")]
    Word(String),
    /// There is no such token.
    #[error("there is no token {0}")]
    NoToken(i64),
    /// The machine gives no random numbers, or a hash can't be made.
    #[error("no secret can be made on this machine: {0}")]
    Secret(String),
}

/// The accounts of a desk.
#[derive(Debug)]
pub struct Accounts {
    db: Mutex<Connection>,
}

impl Accounts {
    /// Opens the accounts beside the case in a folder; the file is made when it is not there.
    ///
    /// # Errors
    /// When it can't be opened or is of a newer version.
    pub fn open(case: &Path) -> Result<Self, AccountError> {
        Ok(Self { db: Mutex::new(store::connect(&case.join(FILE))?) })
    }

    /// Runs `work` on the file. One at a time: each look-up is a few microseconds.
    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, AccountError>) -> Result<T, AccountError> {
        work(&mut self.db.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

/// A secret of 256 bits, in hex.
pub(crate) fn secret() -> Result<String, AccountError> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| AccountError::Secret(error.to_string()))?;
    Ok(hex(&random))
}

/// What is kept of a secret.
fn digest(secret: &str) -> String {
    use sha2::Digest as _;
    hex(&sha2::Sha256::digest(secret))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
