//! Bytes of metadata as words.

/// Longest value that is kept, in characters.
const MAX_CHARS: usize = 4_000;

/// The words of a text: without control characters, trimmed, cut to a length. Empty for what only fills a field.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    let mut room = MAX_CHARS;
    for c in text.trim_matches(|c: char| c.is_whitespace() || c == '\0').chars() {
        if room == 0 {
            tidy.push('…');
            break;
        }
        room -= 1;
        match c {
            '\n' | '\t' => tidy.push(c),
            // Ends of lines of other systems; marks that turn the direction of what follows could make it read otherwise than it is.
            '\r' => {}
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => tidy.push(' '),
            c => tidy.push(c),
        }
    }
    tidy.trim().to_owned()
}

/// Words of bytes that are UTF-8 or, where they are not, taken for Latin-1.
pub(super) fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => tidy(text),
        Err(_) => latin1(bytes),
    }
}

/// Words of bytes in Latin-1 (ISO 8859-1).
pub(super) fn latin1(bytes: &[u8]) -> String {
    tidy(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
}

/// Words of bytes in UTF-16.
pub(super) fn utf16(bytes: &[u8], big_endian: bool) -> String {
    let units = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| if big_endian { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
    tidy(&char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>())
}
