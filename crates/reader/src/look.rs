//! Looking at the words around a place, without minding where the text ends.

use dateline_nlp::Doc;

/// A search that looks at words by their index.
pub(crate) trait Look {
    /// The parse.
    fn doc(&self) -> &Doc;

    /// The word at `i`; empty beyond the end.
    fn word(&self, i: usize) -> &str {
        if i < self.doc().len() { self.doc().word(i) } else { "" }
    }

    /// Whether the word at `i` is one of those, in any case.
    fn is(&self, i: usize, words: &[&str]) -> bool {
        let word = self.word(i);
        words.iter().any(|known| word.eq_ignore_ascii_case(known))
    }

    /// Whether the word `back` places before `i` is one of those.
    fn before(&self, i: usize, back: usize, words: &[&str]) -> bool {
        i.checked_sub(back).is_some_and(|at| self.is(at, words))
    }
}
