use std::borrow::Cow;

/// `text` without characters that command a terminal or reorder what stands around them: each becomes `U+FFFD`. White space, tabs
/// and line ends stay, as do the marks that right-to-left text needs within a word.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unseen_command) {
        text.chars().map(|c| if is_unseen_command(c) { '\u{fffd}' } else { c }).collect::<String>().into()
    } else {
        text.into()
    }
}

/// Control characters (escape sequences begin with one) and bidirectional embeddings, overrides and isolates.
pub(super) fn is_unseen_command(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_taken_out_and_text_stays() {
        assert_eq!(visible("a\u{1b}[31mb\0\u{9b}c\u{202e}d\u{2067}"), "a\u{fffd}[31mb\u{fffd}\u{fffd}c\u{fffd}d\u{fffd}");
        assert!(matches!(visible("Київ\n\tקייב"), Cow::Borrowed(_)));
    }
}
