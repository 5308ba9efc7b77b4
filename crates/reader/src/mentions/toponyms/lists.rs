//! The word lists of this stage, from the lexicon.

use std::collections::HashSet;

use dateline_nlp::Doc;

use super::super::words::Words;

/// Words by which names of places are known. See `places.toml`, `toponym`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub(super) street: HashSet<Box<str>>,
    pub(super) way: HashSet<Box<str>>,
    pub(super) numbered: HashSet<Box<str>>,
    pub(super) feature: HashSet<Box<str>>,
    pub(super) division: HashSet<Box<str>>,
    pub(super) body: HashSet<Box<str>>,
    pub(super) follower: HashSet<Box<str>>,
    pub(super) several: HashSet<Box<str>>,
    pub(super) placing: HashSet<Box<str>>,
    pub(super) parted: HashSet<Box<str>>,
    held: HashSet<Box<str>>,
    reached: HashSet<Box<str>>,
    called: HashSet<Box<str>>,
    pub(super) beside: HashSet<Box<str>>,
    pub(super) bearer: HashSet<Box<str>>,
    pub(super) inner: HashSet<Box<str>>,
    pub(super) small: HashSet<Box<str>>,
    people: HashSet<Box<str>>,
}

impl Lists {
    /// A people or faith that no country is named for.
    pub(crate) fn people(&self, folded: &str) -> bool {
        self.people.contains(folded)
    }

    /// *rebel-held* stands before the name that starts at `start`.
    pub(crate) fn is_held(&self, doc: &Doc, words: &Words, start: usize) -> bool {
        start > 1 && doc.word(start - 2) == "-" && self.held.contains(words.folded(start - 1))
    }

    /// A verb whose object is a place when a name is: *fled*, *entered*.
    pub(crate) fn reached(&self, lemma: &str) -> bool {
        self.reached.contains(lemma)
    }

    /// A noun that is what the name after *of* names: *the town of X*.
    pub(crate) fn is_called(&self, key: &str) -> bool {
        self.called.contains(key)
    }

    /// The list of this name in the lexicon.
    pub(crate) fn named(&mut self, name: &str) -> Option<&mut HashSet<Box<str>>> {
        Some(match name {
            "street" => &mut self.street,
            "way" => &mut self.way,
            "numbered" => &mut self.numbered,
            "feature" => &mut self.feature,
            "division" => &mut self.division,
            "body" => &mut self.body,
            "follower" => &mut self.follower,
            "several" => &mut self.several,
            "placing" => &mut self.placing,
            "parted" => &mut self.parted,
            "held" => &mut self.held,
            "reached" => &mut self.reached,
            "called" => &mut self.called,
            "beside" => &mut self.beside,
            "bearer" => &mut self.bearer,
            "inner" => &mut self.inner,
            "small" => &mut self.small,
            "people" => &mut self.people,
            _ => return None,
        })
    }
}
