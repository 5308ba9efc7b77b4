//! What a token may be used for.

use super::AccountError;

/// One thing that a program may do with a token, if the account that it stands for may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Ask for events, reports, sources, exports and news.
    Read,
    /// Decide on events, take decisions back, code reports, set sources.
    Review,
    /// Bring reports in.
    Add,
    /// See the names of protected persons.
    Names,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 4] = [Self::Read, Self::Review, Self::Add, Self::Names];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Review => "review",
            Self::Add => "add",
            Self::Names => "names",
        }
    }
}

/// Several of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Whether one is among them.
    #[must_use]
    pub fn hold(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// From their names.
    ///
    /// # Errors
    /// When one is none, or there is none at all.
    pub fn of<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Result<Self, AccountError> {
        let mut scopes = Vec::new();
        for name in names {
            let name = name.as_ref().trim();
            let scope = Scope::ALL.into_iter().find(|scope| scope.as_str() == name);
            scopes
                .push(scope.ok_or_else(|| AccountError::Word(format!("`{name}` is no scope; known: read, review, add, names")))?);
        }
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(AccountError::Word("a token needs at least one scope: read, review, add, names".to_owned()));
        }
        Ok(Self(scopes))
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_and_written_by_name() {
        let scopes = Scopes::of("review read read".split(' ')).unwrap();
        assert_eq!(scopes.to_string(), "read review");
        assert!(scopes.hold(Scope::Read) && !scopes.hold(Scope::Names));
        assert!(Scopes::of(["all"]).unwrap_err().to_string().contains("`all` is no scope"));
        assert!(Scopes::of([""; 0]).unwrap_err().to_string().contains("at least one"));
    }
}
