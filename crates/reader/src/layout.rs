//! Paragraphs: where a report's text starts anew.
//!
//! A headline or a line of a list has no full stop, and a parser that takes it together with the next line makes one sentence of two. Reports
//! are therefore parsed paragraph by paragraph. Lines that are only wrapped are not paragraphs: a text of which many lines go on in lower case is
//! wrapped, and in it only empty lines separate. What stands before a report's first sentence, *KYIV, Ukraine (Agency) —*, is a part of its own too.

use dateline_nlp::{Doc, Worker};

/// The parse that a report is read from: of each paragraph, and of what follows its dateline, as if it were a text of its own.
#[must_use]
pub fn parse(worker: &mut Worker<'_>, text: &str) -> Doc {
    let starts = std::iter::once(0).chain(paragraphs(text));
    let mut parts: Vec<usize> = starts.flat_map(|at| [Some(at), after_dateline(text, at)]).flatten().collect();
    parts.extend(after_notes(text));
    parts.retain(|&at| at > 0);
    parts.sort_unstable();
    parts.dedup();
    worker.parse_parts(text, &parts)
}

/// Where sentences start behind the marks of notes, `died.[3][4] A physician`: a tokenizer takes the marks and both words for one.
fn after_notes(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.match_indices(".[").filter_map(|(at, _)| {
        let marks = &text[at + 1..];
        let rest = marks.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '[' | ']'));
        let sentence = rest.trim_start();
        let parted = sentence.len() < rest.len() && sentence.starts_with(char::is_uppercase);
        parted.then(|| text.len() - sentence.len())
    })
}

/// A dateline is no longer than this, in bytes.
const LONGEST: usize = 90;

/// Where the text goes on after the dateline of the paragraph at `start`, a byte offset. A dateline is a place in capitals, or one with an agency in
/// brackets, with nothing but names, dates and brackets before a dash.
fn after_dateline(text: &str, start: usize) -> Option<usize> {
    let paragraph = text.get(start..)?;
    let line = paragraph.trim_start();
    let from = start + (paragraph.len() - line.len());
    let line = line.split('\n').next()?;
    let dash = line.char_indices().take_while(|&(at, _)| at < LONGEST).find(|&(at, letter)| {
        let spaced = || line[..at].ends_with(' ') && line[at + letter.len_utf8()..].starts_with([' ', '-']);
        matches!(letter, '—' | '–') || letter == '-' && spaced()
    });
    let (end, _) = dash?;
    let words = line[..end].split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '(' | ')' | '/' | '.'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let in_capitals =
        |word: &str| word.chars().filter(|letter| letter.is_uppercase()).count() > 2 && word.to_uppercase() == *word;
    let named = |word: &&str| word.starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit());
    let small = |word: &&str| matches!(*word, "of" | "the" | "and" | "de" | "la" | "al");
    let place = words.first().is_some_and(|word| in_capitals(word)) || line[..end].trim_end().ends_with(')');
    let rest = line[end..].trim_start_matches(['-', '—', '–', ' ', '\u{a0}']);
    let sentence = rest.split_whitespace().count() > 3;
    (place && sentence && words.first().is_some_and(named) && words.iter().all(|word| named(word) || small(word)))
        .then(|| from + line.len() - rest.len())
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
    fn a_dateline_is_a_part_of_its_own() {
        let rest = |text: &'static str| after_dateline(text, 0).and_then(|at| text.get(at..));
        assert_eq!(rest("TARMEL, Ostland - Two people were killed."), Some("Two people were killed."));
        assert_eq!(rest("TARMEL (Sample Wire) — Two people were killed."), Some("Two people were killed."));
        assert_eq!(rest("Tarmel, 3 May (Sample Wire) -- Two people were killed."), Some("Two people were killed."));
        assert_eq!(rest("(NEW TARMEL) — Two people were killed."), Some("Two people were killed."));
        assert_eq!(rest("UPDATE — 14:20"), None);
        assert_eq!(rest("The army — which took the port — said so."), None);
        assert_eq!(rest("NATO troops took the port - and held it."), None);
        assert_eq!(rest("Ostland - Westland talks begin in the port"), None);
        assert_eq!(rest("—"), None);
    }

    #[test]
    fn marks_of_notes_end_a_sentence() {
        let rests = |text: &'static str| after_notes(text).map(|at| &text[at..]).collect::<Vec<_>>();
        assert_eq!(rests("Nine died.[3][12] A nurse said so.[4]"), ["A nurse said so.[4]"]);
        assert!(rests("Nine died.[3]").is_empty());
        assert!(rests("Nine died.[a] A nurse.").is_empty());
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
