//! Longest match of known names over the tokens of a text.

use std::collections::HashMap;

use dateline_nlp::Doc;

use super::words::{Words, fold};

/// One name, as the tokenizer would cut it.
#[derive(Clone, Debug)]
struct Entry {
    /// Folded tokens after the first.
    rest: Box<[Box<str>]>,
    /// The name must stand in capitals, as it does in the lexicon.
    exact: Option<Box<str>>,
    /// The lexicon writes it in lower case: no capital is asked for.
    common: bool,
    what: u32,
}

/// Names by their first token.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameIndex {
    by_first: HashMap<Box<str>, Vec<Entry>>,
}

/// Cuts a name as the tokenizer does: at spaces, at hyphens between letters, before a possessive, at brackets.
fn cut(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        let mut current = String::new();
        let chars: Vec<char> = word.chars().collect();
        for (i, &c) in chars.iter().enumerate() {
            let letter = |at: Option<&char>| at.is_some_and(|c| c.is_alphabetic());
            let between = i > 0 && letter(chars.get(i - 1)) && letter(chars.get(i + 1));
            if (matches!(c, '-' | '/') && between) || matches!(c, '(' | ')' | ',') {
                if !current.is_empty() {
                    out.push(std::mem::take(&mut current));
                }
                out.push(c.to_string());
                continue;
            }
            let possessive =
                matches!(c, '\'' | '’') && (chars.len() == i + 1 || (chars.len() == i + 2 && chars.get(i + 1) == Some(&'s')));
            if possessive && !current.is_empty() {
                out.push(std::mem::take(&mut current));
            }
            current.push(c);
        }
        if !current.is_empty() {
            out.push(current);
        }
    }
    out
}

impl NameIndex {
    /// Adds a name; a later one of the same spelling wins.
    pub(crate) fn add(&mut self, name: &str, what: u32) {
        let tokens = cut(name);
        let Some((first, rest)) = tokens.split_first() else { return };
        let letters = || name.chars().filter(|c| c.is_alphabetic());
        let acronym = tokens.len() == 1 && letters().count() > 1 && letters().all(char::is_uppercase);
        let entry = Entry {
            rest: rest.iter().map(|word| fold(word).into()).collect(),
            exact: acronym.then(|| name.replace('.', "").into()),
            common: letters().all(char::is_lowercase),
            what,
        };
        let entries = self.by_first.entry(fold(first).into()).or_default();
        entries.retain(|old| old.rest != entry.rest || old.exact != entry.exact);
        let at = entries.partition_point(|old| old.rest.len() > entry.rest.len());
        entries.insert(at, entry);
    }

    /// The longest name that starts at token `i`: how many tokens it has, and what was added with it.
    pub(crate) fn longest(&self, doc: &Doc, words: &Words, i: usize) -> Option<(usize, u32)> {
        let entries = self.by_first.get(words.folded(i))?;
        let sentence_end = doc.sentences().get(doc.sentence_of(i)).map_or(doc.len(), |sentence| sentence.end);
        entries.iter().find(|entry| entry.fits(doc, words, i, sentence_end)).map(|entry| (entry.rest.len() + 1, entry.what))
    }
}

impl Entry {
    fn fits(&self, doc: &Doc, words: &Words, i: usize, end: usize) -> bool {
        let length = self.rest.len() + 1;
        if i + length > end || !self.rest.iter().enumerate().all(|(k, word)| **word == *words.folded(i + 1 + k)) {
            return false;
        }
        match &self.exact {
            Some(exact) => {
                let word = doc.word(i);
                word == &**exact || (word.contains('.') && word.chars().filter(|&c| c != '.').eq(exact.chars()))
            }
            None => self.common || (i..i + length).any(|k| doc.word(k).starts_with(char::is_uppercase)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn names_are_cut_as_the_tokenizer_cuts_them() {
        assert_eq!(cut("al-Qaida"), ["al", "-", "Qaida"]);
        assert_eq!(cut("Lord's Resistance Army"), ["Lord", "'s", "Resistance", "Army"]);
        assert_eq!(cut("Workers' Party"), ["Workers", "'", "Party"]);
        assert_eq!(cut("Su-34"), ["Su-34"]);
        assert_eq!(cut("Da'esh"), ["Da'esh"]);
    }
}
