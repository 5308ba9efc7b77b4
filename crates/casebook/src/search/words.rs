use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The words of a text as byte ranges: runs of letters and digits, with the marks that follow them.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, c)| c.is_alphanumeric() || is_combining_mark(*c)) {
            end = at + c.len_utf8();
        }
        Some(start..end)
    })
}

/// True when `word` folds to what begins with, or is, `wanted`, which is folded.
pub(super) fn folds_to(word: &str, wanted: &str, is_prefix: bool) -> bool {
    if !word.is_ascii() {
        let word = folded(word);
        return if is_prefix { word.starts_with(wanted) } else { word == wanted };
    }
    let head = if is_prefix { word.get(..wanted.len()) } else { Some(word) };
    head.is_some_and(|head| head.eq_ignore_ascii_case(wanted))
}

/// A word as the index compares it, nearly: lower case, without marks.
pub(super) fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase).collect()
}
