//! Common nouns by class: a small dictionary of heads with the words that may have to stand before them.

use std::collections::HashMap;

use dateline_nlp::TokenRange;

use super::words::Words;

/// The words that have to stand before a head, and what it then is.
type Entry<T> = (Box<[Box<str>]>, T);

/// Entries by head noun; of several that fit, the one that asks for most words wins.
#[derive(Clone, Debug)]
pub(crate) struct Nouns<T> {
    by_head: HashMap<Box<str>, Vec<Entry<T>>>,
}

impl<T> Default for Nouns<T> {
    fn default() -> Self {
        Self { by_head: HashMap::new() }
    }
}

impl<T: Copy> Nouns<T> {
    /// Adds an entry of one or more words in dictionary form. A later one of the same words wins.
    pub(crate) fn add(&mut self, entry: &str, what: T) {
        let words: Vec<&str> = entry.split([' ', '-']).filter(|word| !word.is_empty()).collect();
        let Some((head, before)) = words.split_last() else { return };
        let before: Box<[Box<str>]> = before.iter().map(|&word| word.into()).collect();
        let entries = self.by_head.entry((*head).into()).or_default();
        entries.retain(|(old, _)| *old != before);
        let at = entries.partition_point(|(old, _)| old.len() > before.len());
        entries.insert(at, (before, what));
    }

    /// What the noun phrase `range` with head `head` is: (words that stood before the head, what).
    pub(crate) fn of(&self, words: &Words, range: TokenRange, head: usize) -> Option<(usize, T)> {
        let entries = self.by_head.get(words.key(head)).or_else(|| self.by_head.get(words.folded(head)))?;
        let fits = |before: &[Box<str>]| {
            before.iter().all(|word| {
                (range.start.max(head.saturating_sub(8))..head).any(|k| **word == *words.key(k) || **word == *words.folded(k))
            })
        };
        entries.iter().find(|(before, _)| fits(before)).map(|(before, what)| (before.len(), *what))
    }
}
