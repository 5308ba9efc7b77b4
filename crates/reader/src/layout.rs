//! Paragraphs: where a report's text starts anew.
//!
//! A headline or a line of a list has no full stop, and a parser that takes it together with the next line makes one sentence of two. Reports
//! are therefore parsed paragraph by paragraph. Lines that are only wrapped are not paragraphs: a text of which many lines go on in lower case is
//! wrapped, and in it only empty lines separate.

use dateline_nlp::{Doc, Worker};

/// The parse that a report is read from: of each paragraph as if it were a text of its own.
#[must_use]
pub fn parse(worker: &mut Worker<'_>, text: &str) -> Doc {
    worker.parse_parts(text, &paragraphs(text))
}

/// One line in so many that goes on in lower case makes a text a wrapped one.
const WRAPPED: usize = 5;

/// Byte offsets at which paragraphs start, without the first; in ascending order.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<usize> {
    // Offset of each line that is not empty but the first, and whether an empty line stands before it.
    let mut lines: Vec<(usize, bool)> = Vec::new();
    let (mut at, mut empty, mut any) = (0, false, false);
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            empty = any;
        } else {
            if any {
                lines.push((at + (line.len() - line.trim_start().len()), empty));
            }
            (empty, any) = (false, true);
        }
        at += line.len();
    }
    // In lower case, or with a mark that goes on: *, which*, *) and*.
    let goes_on = |at: usize| {
        let first = text[at..].chars().next();
        first.is_some_and(|letter| letter.is_lowercase() || matches!(letter, ',' | '.' | ';' | ')' | ']' | '%' | '…' | '’' | '”'))
    };
    let single = lines.iter().filter(|(_, empty)| !empty);
    let (all, lower) = single.fold((0, 0), |(all, lower), &(at, _)| (all + 1, lower + usize::from(goes_on(at))));
    let wrapped = lower * WRAPPED > all;
    lines.into_iter().filter(|&(at, empty)| !goes_on(at) && (empty || !wrapped)).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        let mut starts = vec![0];
        starts.extend(paragraphs(text));
        starts.push(text.len());
        starts.windows(2).map(|pair| text[pair[0]..pair[1]].trim()).collect()
    }

    #[test]
    fn a_headline_stands_alone() {
        assert_eq!(
            parts("Army takes port\nThe army took the port.\n\nIt said so."),
            ["Army takes port", "The army took the port.", "It said so."]
        );
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        let text = "The army took the port on\nMonday, a spokesman said, after\nthree days of fighting.\n\nThe port of\nTarmel was closed.";
        assert_eq!(parts(text).len(), 2);
    }

    #[test]
    fn a_paragraph_that_goes_on_in_lower_case_is_none() {
        assert_eq!(parts("The army took the port,\n\nwhich was closed.").len(), 1);
        assert_eq!(parts("\n\n  \n").len(), 1);
        assert_eq!(parts("One line\r\n\r\nTwo lines").len(), 2);
    }
}
