use std::ops::Range;

/// A half-open range of UTF-8 byte offsets into one text. Always `start <= end`.
///
/// Offsets are `u32`: a single report is far below 4 GiB, and the types that carry ranges are stored by the million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteRange {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl ByteRange {
    /// A range from `start` to `end`.
    ///
    /// # Panics
    /// If `start > end`, or an offset does not fit `u32`.
    #[track_caller]
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "range starts at {start}, after its end {end}");
        let offset = |at: usize| u32::try_from(at).expect("texts are shorter than 4 GiB");
        Self { start: offset(start), end: offset(end) }
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// True when no byte is inside.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True when the two share at least one byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// True when `other` lies wholly inside this range.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text inside the range; `None` when the range leaves `text` or cuts a character in two.
    #[must_use]
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.to_usize())
    }

    /// As a standard range, for slicing.
    #[must_use]
    pub fn to_usize(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl From<ByteRange> for Range<usize> {
    fn from(range: ByteRange) -> Self {
        range.to_usize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_ranges_do_not_overlap() {
        assert!(!ByteRange::new(0, 3).overlaps(ByteRange::new(3, 5)));
        assert!(ByteRange::new(0, 4).overlaps(ByteRange::new(3, 5)));
    }

    #[test]
    fn slice_refuses_to_cut_a_character() {
        assert_eq!(ByteRange::new(0, 1).slice("é"), None);
        assert_eq!(ByteRange::new(0, 2).slice("é"), Some("é"));
    }
}
