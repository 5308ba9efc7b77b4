use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{LazyLock, Mutex};

/// A label of a trained pipeline: a tag, a part of speech, a dependency or entity label, a set of morphological features.
///
/// Labels are interned for the life of the process (a model has a few hundred), so they are `Copy`, and compare with `&str`:
/// `token.dep == "nsubj"`. The empty label means "none".
#[derive(Clone, Copy, Eq, PartialOrd, Ord)]
pub struct Label(&'static str);

static LABELS: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);

impl Label {
    /// The label that means "none".
    pub const NONE: Self = Self("");

    /// The one label of this name. Takes a lock: call it when a model is loaded, not once a token.
    #[must_use]
    pub fn new(name: &str) -> Self {
        if name.is_empty() {
            return Self::NONE;
        }
        let mut labels = LABELS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = labels.get(name) {
            return Self(known);
        }
        let name: &'static str = Box::leak(name.into());
        labels.insert(name);
        Self(name)
    }

    /// The label's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// True for the label that means "none".
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0.is_empty()
    }
}

impl Default for Label {
    fn default() -> Self {
        Self::NONE
    }
}

/// There is only one label of a name, so places are compared and hashed, not names. (The empty name is no label of the set.)
impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && (std::ptr::eq(self.0, other.0) || self.0.is_empty())
    }
}

impl Hash for Label {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let place = if self.0.is_empty() { 0 } else { self.0.as_ptr().addr() };
        state.write_usize(place);
    }
}

impl PartialEq<str> for Label {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Label {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_a_name() {
        let hash = |label: Label| std::hash::BuildHasher::hash_one(&rustc_hash::FxBuildHasher, label);
        let (made, again) = (Label::new("nsubj"), Label::new(&String::from("nsubj")));
        assert_eq!((made, hash(made)), (again, hash(again)));
        assert_ne!(made, Label::new("nsubjpass"));
        assert_ne!(made, Label::NONE);
        assert_eq!((Label::new(""), hash(Label::new(""))), (Label::NONE, hash(Label::default())));
    }
}
