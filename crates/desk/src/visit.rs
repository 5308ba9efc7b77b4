//! Who asks, and what they may do.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use dateline::case::{Case, CaseError};

use crate::accounts::{AccountError, Accounts, Scope, Scopes};
use crate::{Desk, Error};

/// What somebody may do; each may do what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Look, search, export.
    Reader,
    /// Bring reports in, decide on events, code reports.
    Coder,
    /// See and release the names of protected persons, have originals, say what outlets are and how reliable.
    Editor,
    /// Say who may do what.
    Admin,
}

impl Role {
    /// All roles, in order.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Coder, Self::Editor, Self::Admin];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Coder => "coder",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = AccountError;

    fn from_str(name: &str) -> Result<Self, AccountError> {
        let role = Self::ALL.into_iter().find(|role| role.as_str() == name);
        role.ok_or_else(|| AccountError::Word(format!("`{name}` is no role; known: reader, coder, editor, admin")))
    }
}

/// Somebody who was let in.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    /// In whose name decisions are made.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Stands in every form that is made for them, so that no other site can make one.
    pub(crate) token: String,
    pub(crate) way: Way,
}

/// How somebody came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The desk is one person's.
    Alone,
    /// In a browser, with name and password.
    Session,
    /// A program with a token for these things.
    Token(Scopes),
}

/// One request: the desk, and who asks. Handlers take it in place of the desk.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) desk: Arc<Desk>,
    pub(crate) viewer: Viewer,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit
where
    Arc<Desk>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let viewer = parts.extensions.get::<Viewer>().cloned().ok_or(Error::Internal)?;
        Ok(Self { desk: Arc::from_ref(state), viewer })
    }
}

impl Visit {
    /// Whether they may do what this role may.
    pub(crate) fn may(&self, role: Role) -> bool {
        self.viewer.role >= role
    }

    /// Refuses those who may not do what this role may.
    pub(crate) fn must(&self, role: Role) -> Result<(), Error> {
        if self.may(role) {
            return Ok(());
        }
        Err(Error::Forbidden(match role {
            Role::Reader | Role::Coder => "readers may look, but not decide: ask for the role of a coder",
            Role::Editor => "this is for editors: ask one, or ask for the role",
            Role::Admin => "this is for admins",
        }))
    }

    /// Refuses programs whose token is not for this, and those who may not do what this role may.
    pub(crate) fn with(&self, scope: Scope, role: Role) -> Result<(), Error> {
        if let Way::Token(scopes) = &self.viewer.way
            && !scopes.hold(scope)
        {
            return Err(Error::Forbidden(match scope {
                Scope::Read => "this token is not for reading: it lacks the scope `read`",
                Scope::Review => "this token is not for deciding: it lacks the scope `review`",
                Scope::Add => "this token is not for bringing reports in: it lacks the scope `add`",
                Scope::Names => "this token is not for names of protected persons: it lacks the scope `names`",
            }));
        }
        self.must(role)
    }

    /// Whose accounts and tokens are theirs: none on a desk without accounts.
    pub(crate) fn account(&self) -> Option<&str> {
        self.desk.has_accounts().then_some(self.viewer.name.as_str())
    }

    /// Refuses a form that was not made for them here, and those who may not do what this role may.
    pub(crate) fn sent(&self, token: &str, role: Role) -> Result<(), Error> {
        if token != self.viewer.token {
            return Err(Error::Forbidden("this page is older than your session here: load it again and decide once more"));
        }
        self.must(role)
    }

    /// Asks the case, on a thread where waiting for the disk keeps nobody up.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Case) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.desk.ask(question).await
    }

    /// Changes the case in their name; when this returns, the change is on disk.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Case) -> Result<T, CaseError> + Send + 'static,
    ) -> Result<T, Error> {
        self.desk.change(self.viewer.name.clone(), change).await
    }

    /// Asks or changes the accounts, on a thread where waiting for the disk keeps nobody up.
    pub(crate) async fn accounts<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Accounts) -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, Error> {
        self.desk.accounts(work).await
    }
}
