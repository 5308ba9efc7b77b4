//! Texts by code points, as gold sets count them.

use unicode_general_category::{GeneralCategory as G, get_general_category};

/// First code point, and one past the last.
pub(crate) type Span = (usize, usize);

/// A text whose code points are numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    chars: Vec<char>,
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The code points of a span, cut to the text.
    pub(crate) fn chars(&self, (start, end): Span) -> &[char] {
        let end = end.min(self.chars.len());
        self.chars.get(start.min(end)..end).unwrap_or_default()
    }

    /// The words of a span.
    pub(crate) fn slice(&self, span: Span) -> String {
        self.chars(span).iter().collect()
    }

    /// The words around a span, the span itself in brackets, on one line.
    pub(crate) fn around(&self, (start, end): Span) -> String {
        let before = self.slice((start.saturating_sub(70), start));
        let after = self.slice((end, end + 70));
        let all = format!("{before}[{}]{after}", self.slice((start, end)));
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Maximal runs of characters that are not white space.
    pub(crate) fn runs(&self) -> Vec<Span> {
        let (mut out, mut start) = (Vec::new(), None);
        for (i, &c) in self.chars.iter().enumerate() {
            match (is_space(c), start) {
                (true, Some(from)) => {
                    out.push((from, i));
                    start = None;
                }
                (false, None) => start = Some(i),
                _ => {}
            }
        }
        out.extend(start.map(|from| (from, self.chars.len())));
        out
    }
}

/// White space as Python has it: Unicode's and four separators of ASCII.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A letter or a number, by Unicode's general category.
pub(crate) fn is_letter_or_number(c: char) -> bool {
    is_letter(c) || matches!(get_general_category(c), G::DecimalNumber | G::LetterNumber | G::OtherNumber)
}

fn is_letter(c: char) -> bool {
    use G::{LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter};
    matches!(get_general_category(c), LowercaseLetter | ModifierLetter | OtherLetter | TitlecaseLetter | UppercaseLetter)
}

/// Whether two spans share a code point.
pub(crate) fn overlap(a: Span, b: Span) -> bool {
    a.0 < b.1 && b.0 < a.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_count_code_points_and_never_leave_the_text() {
        let text = Text::new("Київ 😀\u{a0}fell.");
        assert_eq!((text.len(), text.slice((0, 4)), text.slice((5, 99))), (12, "Київ".to_owned(), "😀\u{a0}fell.".to_owned()));
        assert_eq!(text.runs(), [(0, 4), (5, 6), (7, 12)]);
        assert_eq!(text.around((7, 11)), "Київ 😀 [fell].");
        assert_eq!(text.slice((40, 50)), "");
    }
}
