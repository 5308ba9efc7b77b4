use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A name as filters compare it: lower case, without diacritics, words apart by single spaces.
///
/// ```
/// assert_eq!(dateline_casebook::fold("  São  Tomé "), "sao tome");
/// ```
#[must_use]
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.nfd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase).nfc());
    }
    folded
}
