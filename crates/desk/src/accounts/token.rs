//! Sessions of browsers and tokens of programs.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use super::scope::Scopes;
use super::store::note;
use super::{Account, AccountError, Accounts, digest, now, secret};
use crate::Role;

/// A session ends when nothing was asked in it for so long, in seconds.
const IDLE: i64 = 12 * 3_600;
/// And after so long in any case.
const LONGEST: i64 = 7 * 24 * 3_600;
/// How exactly it is noted when a session or token was used last, in seconds: not each request is a write.
const NOTED: i64 = 60;
/// What a token begins with, so that it is known for one where it should not be (in a repository, say).
const PREFIX: &str = "dateline_";
/// Longest life of a token, in days.
const LONGEST_DAYS: u32 = 3_660;

/// A session, as a request shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Stands in the forms that are made in it.
    pub(crate) form: String,
}

/// A program that came with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bearer {
    /// Whose it is; none of a desk without accounts.
    pub(crate) account: Option<(String, Role)>,
    /// What it is called.
    pub(crate) name: String,
    pub(crate) scopes: Scopes,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// The account that it stands for; none of a desk without accounts.
    pub account: Option<String>,
    /// What it is called.
    pub name: String,
    /// What it may be used for.
    pub scopes: String,
    /// When it was made, in seconds since 1970.
    pub made: i64,
    /// When it ends.
    pub ends: i64,
    /// When it was last used, to the minute.
    pub used: Option<i64>,
}

fn account_id(db: &Connection, name: Option<&str>) -> Result<Option<i64>, AccountError> {
    let Some(name) = name else { return Ok(None) };
    let id = db.query_row("SELECT id FROM account WHERE name = ?1", [name], |row| row.get(0)).optional()?;
    Ok(Some(id.ok_or_else(|| AccountError::Unknown(name.to_owned()))?))
}

impl Accounts {
    /// Begins a session and gives its secret, which the browser keeps.
    pub(crate) fn begin(&self, account: &Account) -> Result<String, AccountError> {
        let (secret, form) = (secret()?, secret()?);
        self.with(|db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let now = now();
            transaction.execute("DELETE FROM session WHERE seen < ?1 OR begun < ?2", [now - IDLE, now - LONGEST])?;
            let sql = "INSERT INTO session (digest, account, form, begun, seen) VALUES (?1, ?2, ?3, ?4, ?4)";
            transaction.execute(sql, (digest(&secret), account.id, form, now))?;
            note(&transaction, &account.name, "came in")?;
            Ok(transaction.commit()?)
        })?;
        Ok(secret)
    }

    /// The session of this secret, if it has not ended.
    pub(crate) fn session(&self, secret: &str) -> Result<Option<Session>, AccountError> {
        let digest = digest(secret);
        let now = now();
        self.with(|db| {
            let sql = "SELECT name, role, form, seen FROM session JOIN account ON account.id = session.account \
                       WHERE digest = ?1 AND shut_out = 0 AND seen >= ?2 AND begun >= ?3";
            let mut statement = db.prepare_cached(sql)?;
            let found = statement.query_row((&digest, now - IDLE, now - LONGEST), |row| {
                let role: String = row.get(1)?;
                let role = role.parse().unwrap_or(Role::Reader);
                Ok((Session { name: row.get(0)?, role, form: row.get(2)? }, row.get::<_, i64>(3)?))
            });
            let Some((session, seen)) = found.optional()? else { return Ok(None) };
            if now - seen >= NOTED {
                db.prepare_cached("UPDATE session SET seen = ?2 WHERE digest = ?1")?.execute((&digest, now))?;
            }
            Ok(Some(session))
        })
    }

    /// Ends the session of this secret.
    pub(crate) fn end(&self, secret: &str) -> Result<(), AccountError> {
        self.with(|db| {
            db.execute("DELETE FROM session WHERE digest = ?1", [digest(secret)])?;
            Ok(())
        })
    }

    /// Makes a token and gives it: it is shown this once. `account` is whose it is, none on a desk without accounts.
    ///
    /// # Errors
    /// When there is no such account, the name is empty or long, or it would not end within ten years.
    pub fn make_token(
        &self,
        account: Option<&str>,
        name: &str,
        scopes: &Scopes,
        days: u32,
        by: &str,
    ) -> Result<String, AccountError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(AccountError::Word("say in at most 80 characters what the token is for".to_owned()));
        }
        if !(1..=LONGEST_DAYS).contains(&days) {
            return Err(AccountError::Word(format!("a token lives from 1 to {LONGEST_DAYS} days, not {days}")));
        }
        let token = format!("{PREFIX}{}", secret()?);
        self.with(|db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let id = account_id(&transaction, account)?;
            let now = now();
            let sql = "INSERT INTO token (digest, account, name, scopes, made, ends) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let ends = now + i64::from(days) * 24 * 3_600;
            transaction.execute(sql, (digest(&token), id, name, scopes.to_string(), now, ends))?;
            note(&transaction, by, &format!("made the token `{name}` ({scopes}) for {}", account.unwrap_or("this desk")))?;
            Ok(transaction.commit()?)
        })?;
        Ok(token)
    }

    /// Who comes with this token, if it has not ended and the account is not shut out.
    pub(crate) fn bearer(&self, token: &str) -> Result<Option<Bearer>, AccountError> {
        let now = now();
        self.with(|db| {
            let sql = "SELECT token.id, token.name, scopes, used, account.name, role FROM token LEFT JOIN account ON account.id = token.account \
                       WHERE digest = ?1 AND ends > ?2 AND coalesce(shut_out, 0) = 0";
            let mut statement = db.prepare_cached(sql)?;
            let found = statement.query_row((digest(token), now), |row| {
                let account: Option<String> = row.get(4)?;
                let role: Option<String> = row.get(5)?;
                let role = role.and_then(|name| name.parse().ok()).unwrap_or(Role::Reader);
                let scopes: String = row.get(2)?;
                let scopes = Scopes::of(scopes.split(' ')).unwrap_or_default();
                let bearer = Bearer { account: account.map(|name| (name, role)), name: row.get(1)?, scopes };
                Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(3)?, bearer))
            });
            let Some((id, used, bearer)) = found.optional()? else { return Ok(None) };
            if used.is_none_or(|used| now - used >= NOTED) {
                db.prepare_cached("UPDATE token SET used = ?2 WHERE id = ?1")?.execute([id, now])?;
            }
            Ok(Some(bearer))
        })
    }

    /// Tokens that have not ended, of one account (none: those of a desk without accounts), oldest first.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn tokens(&self, account: Option<&str>) -> Result<Vec<Token>, AccountError> {
        self.with(|db| {
            let sql = "SELECT token.id, account.name, token.name, scopes, token.made, ends, used FROM token \
                       LEFT JOIN account ON account.id = token.account WHERE account.name IS ?1 AND ends > ?2 ORDER BY token.id";
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map((account, now()), |row| {
                Ok(Token {
                    id: row.get(0)?,
                    account: row.get(1)?,
                    name: row.get(2)?,
                    scopes: row.get(3)?,
                    made: row.get(4)?,
                    ends: row.get(5)?,
                    used: row.get(6)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Ends a token of an account (none: of a desk without accounts).
    ///
    /// # Errors
    /// When the account has no token of this number.
    pub fn end_token(&self, account: Option<&str>, id: i64, by: &str) -> Result<(), AccountError> {
        self.with(|db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let owner = account_id(&transaction, account)?;
            let name = transaction
                .query_row("SELECT name FROM token WHERE id = ?1 AND account IS ?2", (id, owner), |row| row.get::<_, String>(0))
                .optional()?
                .ok_or(AccountError::NoToken(id))?;
            transaction.execute("DELETE FROM token WHERE id = ?1", [id])?;
            note(&transaction, by, &format!("ended the token `{name}`"))?;
            Ok(transaction.commit()?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> (tempfile::TempDir, Accounts) {
        let folder = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(folder.path()).unwrap();
        accounts.add("Ann", Role::Admin, "a long password", "setup").unwrap();
        accounts.add("Bob", Role::Coder, "a long password", "setup").unwrap();
        (folder, accounts)
    }

    #[test]
    fn a_session_lasts_until_it_is_ended_or_the_account_changes() {
        let (_folder, accounts) = accounts();
        let bob = accounts.account("Bob").unwrap();
        let (one, two) = (accounts.begin(&bob).unwrap(), accounts.begin(&bob).unwrap());
        let session = accounts.session(&one).unwrap().unwrap();
        assert_eq!((session.name.as_str(), session.role), ("Bob", Role::Coder));
        assert_ne!(session.form, accounts.session(&two).unwrap().unwrap().form);
        assert_eq!(accounts.session("guessed").unwrap(), None);
        accounts.end(&one).unwrap();
        assert_eq!(accounts.session(&one).unwrap(), None);
        assert!(accounts.session(&two).unwrap().is_some());
        accounts.set_role("Bob", Role::Reader, "Ann").unwrap();
        assert_eq!(accounts.session(&two).unwrap(), None);
    }

    #[test]
    fn sessions_end_by_themselves() {
        let (_folder, accounts) = accounts();
        let secret = accounts.begin(&accounts.account("Bob").unwrap()).unwrap();
        let age = |seen: i64, begun: i64| {
            accounts
                .with(|db| Ok(db.execute("UPDATE session SET seen = ?1, begun = ?2", [now() - seen, now() - begun])?))
                .unwrap();
        };
        age(IDLE - 5, LONGEST - 5);
        assert!(accounts.session(&secret).unwrap().is_some());
        age(IDLE + 5, 0);
        assert_eq!(accounts.session(&secret).unwrap(), None);
        age(0, LONGEST + 5);
        assert_eq!(accounts.session(&secret).unwrap(), None);
    }

    #[test]
    fn tokens_stand_for_their_account_and_can_be_ended() {
        let (folder, accounts) = accounts();
        let scopes = Scopes::of(["read", "review"]).unwrap();
        let token = accounts.make_token(Some("Bob"), "nightly", &scopes, 30, "Bob").unwrap();
        assert!(token.starts_with("dateline_"));
        let bearer = accounts.bearer(&token).unwrap().unwrap();
        assert_eq!(bearer.account, Some(("Bob".to_owned(), Role::Coder)));
        assert_eq!(bearer.scopes, scopes);
        assert_eq!(accounts.bearer("dateline_guessed").unwrap(), None);
        accounts.shut_out("Bob", true, "Ann").unwrap();
        assert_eq!(accounts.bearer(&token).unwrap(), None);
        accounts.shut_out("Bob", false, "Ann").unwrap();
        let listed = accounts.tokens(Some("Bob")).unwrap();
        assert_eq!((listed.len(), listed[0].scopes.as_str(), listed[0].used.is_some()), (1, "read review", true));
        assert!(matches!(accounts.end_token(Some("Ann"), listed[0].id, "Ann"), Err(AccountError::NoToken(_))));
        accounts.end_token(Some("Bob"), listed[0].id, "Bob").unwrap();
        assert_eq!(accounts.bearer(&token).unwrap(), None);
        let own = accounts.make_token(None, "script", &scopes, 1, "Sample").unwrap();
        assert_eq!(accounts.bearer(&own).unwrap().unwrap().account, None);
        accounts.with(|db| Ok(db.execute("UPDATE token SET ends = ?1", [now()])?)).unwrap();
        assert_eq!(accounts.bearer(&own).unwrap(), None);
        for (name, days) in [(" ", 1), ("x", 0), ("x", 100_000)] {
            assert!(matches!(accounts.make_token(None, name, &scopes, days, "x"), Err(AccountError::Word(_))), "{name} {days}");
        }
        // Neither password nor secret stands in the file.
        drop(accounts);
        let bytes: Vec<u8> = ["desk.db", "desk.db-wal"]
            .iter()
            .flat_map(|name| std::fs::read(folder.path().join(name)).unwrap_or_default())
            .collect();
        for secret in [&token, "a long password"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }
    }
}
