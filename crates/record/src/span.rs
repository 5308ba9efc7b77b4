use dateline_text::{ByteRange, TextIndex};
use serde::{Deserialize, Serialize};

/// Words of a report's text, by position and by quote.
///
/// `start` and `end` count code points from 0, end exclusive (as W3C Web Annotation's TextPositionSelector); `text` is exactly that slice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Span {
    start: usize,
    end: usize,
    text: String,
}

impl Span {
    /// The span of the bytes `range`; `None` when the range leaves the text or cuts a character in two.
    #[must_use]
    pub fn new(index: &TextIndex<'_>, range: ByteRange) -> Option<Self> {
        let text = range.slice(index.text())?.to_owned();
        let (start, end) = index.code_points(range);
        Some(Self { start, end, text })
    }

    /// First code point.
    #[must_use]
    pub fn start(&self) -> usize {
        self.start
    }

    /// One past the last code point.
    #[must_use]
    pub fn end(&self) -> usize {
        self.end
    }

    /// The words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True when the span's words stand in `text` where it says.
    #[must_use]
    pub fn holds_in(&self, index: &TextIndex<'_>) -> bool {
        let (start, end) = (index.byte_of_code_point(self.start), index.byte_of_code_point(self.end));
        self.start <= self.end && index.text().get(start..end) == Some(&self.text)
    }
}
