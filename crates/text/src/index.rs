use crate::ByteRange;

/// How many bytes lie between two check-points of the index.
const STRIDE: usize = 64;

/// A line and column, both counted from 0; the column in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 0.
    pub line: usize,
    /// Code points since the start of the line.
    pub column: usize,
}

/// Converts positions of one text between bytes, code points, UTF-16 units and lines.
///
/// Built in one pass; a conversion looks at no more than 64 bytes (plus a binary search when it starts from code points or UTF-16
/// units). An offset inside a character counts as the start of that character; one past the end as the end.
#[derive(Clone, Debug)]
pub struct TextIndex<'t> {
    text: &'t str,
    /// Code points before byte `i * STRIDE` (characters that begin before it).
    chars: Vec<u32>,
    /// UTF-16 units before byte `i * STRIDE`.
    utf16: Vec<u32>,
    /// Byte offset at which each line starts.
    lines: Vec<u32>,
    ascii: bool,
}

impl<'t> TextIndex<'t> {
    /// Indexes `text`.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let ascii = text.is_ascii();
        let (mut chars, mut utf16, mut lines) = (Vec::new(), Vec::new(), vec![0]);
        let (mut points, mut units) = (0u32, 0u32);
        for (at, byte) in text.bytes().enumerate() {
            if at % STRIDE == 0 && !ascii {
                chars.push(points);
                utf16.push(units);
            }
            // Every byte but a continuation byte begins a character; four-byte characters take two UTF-16 units.
            if byte & 0xC0 != 0x80 {
                points += 1;
                units += if byte >= 0xF0 { 2 } else { 1 };
            }
            if byte == b'\n' {
                lines.push(at as u32 + 1);
            }
        }
        Self { text, chars, utf16, lines, ascii }
    }

    /// The text that is indexed.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Code points before byte offset `byte`.
    #[must_use]
    pub fn code_point(&self, byte: usize) -> usize {
        self.count(byte, &self.chars, |_| 1)
    }

    /// UTF-16 units before byte offset `byte`.
    #[must_use]
    pub fn utf16(&self, byte: usize) -> usize {
        self.count(byte, &self.utf16, char::len_utf16)
    }

    /// Start and end of `range` in code points.
    #[must_use]
    pub fn code_points(&self, range: ByteRange) -> (usize, usize) {
        (self.code_point(range.start as usize), self.code_point(range.end as usize))
    }

    /// Byte offset at which code point number `point` starts; the end of the text when there are fewer.
    #[must_use]
    pub fn byte_of_code_point(&self, point: usize) -> usize {
        self.find(point, &self.chars, |_| 1)
    }

    /// Byte offset of the character that holds UTF-16 unit number `unit`; the end of the text when there are fewer.
    #[must_use]
    pub fn byte_of_utf16(&self, unit: usize) -> usize {
        self.find(unit, &self.utf16, char::len_utf16)
    }

    /// Line and column of byte offset `byte`.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let byte = self.floor(byte);
        let line = self.lines.partition_point(|&start| start as usize <= byte) - 1;
        Position { line, column: self.code_point(byte) - self.code_point(self.lines[line] as usize) }
    }

    /// The nearest character boundary at or before `byte`.
    fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }

    fn count(&self, byte: usize, marks: &[u32], width: fn(char) -> usize) -> usize {
        let byte = self.floor(byte);
        if self.ascii {
            return byte;
        }
        let Some(&mark) = marks.get((byte / STRIDE).min(marks.len().saturating_sub(1))) else { return 0 };
        let mut from = (byte / STRIDE).min(marks.len() - 1) * STRIDE;
        // A mark counts the characters that begin before it: one that straddles it is counted already, so skip its rest.
        while from < byte && !self.text.is_char_boundary(from) {
            from += 1;
        }
        mark as usize + self.text[from..byte].chars().map(width).sum::<usize>()
    }

    fn find(&self, wanted: usize, marks: &[u32], width: fn(char) -> usize) -> usize {
        if self.ascii {
            return wanted.min(self.text.len());
        }
        let block = marks.partition_point(|&mark| mark as usize <= wanted).saturating_sub(1);
        let Some(&mark) = marks.get(block) else { return 0 };
        let mut at = block * STRIDE;
        while at < self.text.len() && !self.text.is_char_boundary(at) {
            at += 1;
        }
        let mut left = wanted - mark as usize;
        for c in self.text[at..].chars() {
            if left < width(c) {
                break;
            }
            left -= width(c);
            at += c.len_utf8();
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_past_a_character_that_straddles_a_mark() {
        let text = format!("{}é{}", "a".repeat(63), "b".repeat(70));
        let index = TextIndex::new(&text);
        assert_eq!(index.code_point(65), 64);
        assert_eq!(index.code_point(text.len()), 134);
        assert_eq!(index.byte_of_code_point(64), 65);
    }

    #[test]
    fn lines_and_columns_count_from_zero() {
        let index = TextIndex::new("Ке́рч\nхліб\n");
        assert_eq!(index.position(0), Position { line: 0, column: 0 });
        assert_eq!(index.position("Ке́рч\nхл".len()), Position { line: 1, column: 2 });
        assert_eq!(index.position(10_000), Position { line: 2, column: 0 });
    }

    proptest! {
        #[test]
        fn agrees_with_counting_by_hand(text in any::<String>(), at in 0usize..400) {
            let index = TextIndex::new(&text);
            let byte = index.floor(at);
            prop_assert_eq!(index.code_point(at), text[..byte].chars().count());
            prop_assert_eq!(index.utf16(at), text[..byte].encode_utf16().count());
            let by_hand = text.char_indices().nth(at).map_or(text.len(), |(i, _)| i);
            prop_assert_eq!(index.byte_of_code_point(at), by_hand);
            prop_assert_eq!(index.byte_of_code_point(index.code_point(byte)), byte);
            prop_assert_eq!(index.byte_of_utf16(index.utf16(byte)), byte);
        }
    }
}
