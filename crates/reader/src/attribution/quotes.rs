//! Quotation marks: which tokens stand in quotation.
//!
//! All kinds of marks; apostrophes are told apart by what stands beside them. A quotation that is still open at the end of a paragraph
//! goes on if the next paragraph opens with a mark again (each paragraph of a long quotation opens, only the last one closes); else it
//! ends there, so that one forgotten mark can't swallow the text.

use dateline_nlp::{Doc, TokenRange};

/// A quotation, marks included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// From the opening mark to the closing one.
    pub(crate) tokens: TokenRange,
    /// It was closed by a mark.
    pub(crate) closed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open(char),
    Close(char),
    /// Straight marks open and close alike.
    Either(char),
}

/// Double marks are quotations; single ones count only outside of double ones.
fn mark(doc: &Doc, at: usize) -> Option<Mark> {
    let word = doc.word(at);
    let mut chars = word.chars();
    let first = chars.next()?;
    if chars.next().is_some() && word != "``" && word != "''" {
        return None;
    }
    let glued_left = at > 0 && doc.token(at - 1).range.end == doc.token(at).range.start;
    let glued_right = at + 1 < doc.len() && doc.token(at + 1).range.start == doc.token(at).range.end;
    let word_left = glued_left && doc.word(at - 1).chars().next_back().is_some_and(char::is_alphanumeric);
    let word_right = glued_right && doc.word(at + 1).chars().next().is_some_and(char::is_alphanumeric);
    Some(match (first, word) {
        (_, "``") => Mark::Open('"'),
        (_, "''") => Mark::Close('"'),
        ('"', _) => Mark::Either('"'),
        ('“' | '„' | '‟', _) => Mark::Open('"'),
        ('”', _) => Mark::Close('"'),
        ('«' | '‹', _) => Mark::Open('«'),
        ('»' | '›', _) => Mark::Close('«'),
        ('‘' | '‚', _) if word_right => Mark::Open('\''),
        ('’', _) if glued_left && !word_right && doc.tag(at) == "''" => Mark::Close('\''),
        ('\'', _) if word_right && !word_left && doc.tag(at) != "POS" => Mark::Open('\''),
        ('\'', _) if glued_left && !word_right && doc.tag(at) == "''" => Mark::Close('\''),
        _ => return None,
    })
}

/// Those of the quotations of a text that overlap `tokens`.
pub(crate) fn within(quotations: &[Quotation], tokens: TokenRange) -> &[Quotation] {
    let from = quotations.partition_point(|quotation| quotation.tokens.end <= tokens.start);
    let to = quotations.partition_point(|quotation| quotation.tokens.start < tokens.end);
    quotations.get(from..to).unwrap_or_default()
}

/// All quotations of the text, outermost only, in order.
pub(crate) fn find(doc: &Doc) -> Vec<Quotation> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut at = 0;
    while at < doc.len() {
        let paragraph_break = doc.word(at).contains('\n');
        if paragraph_break && let Some((start, kind)) = open {
            let next = (at + 1 < doc.len()).then(|| mark(doc, at + 1)).flatten();
            let goes_on = kind != '\'' && matches!(next, Some(Mark::Open(other) | Mark::Either(other)) if other == kind);
            if goes_on {
                // The new paragraph's opening mark belongs to the same quotation.
                at += 2;
                continue;
            }
            found.push(Quotation { tokens: TokenRange::new(start, at), closed: false });
            open = None;
        }
        match (mark(doc, at), open) {
            (Some(Mark::Open(kind) | Mark::Either(kind)), None) => open = Some((at, kind)),
            (Some(Mark::Close(kind) | Mark::Either(kind)), Some((start, expected))) if kind == expected => {
                found.push(Quotation { tokens: TokenRange::new(start, at + 1), closed: true });
                open = None;
            }
            // A double mark inside single ones: the single one was none.
            (Some(Mark::Open('"') | Mark::Either('"')), Some((_, '\''))) => open = Some((at, '"')),
            _ => {}
        }
        at += 1;
    }
    if let Some((start, kind)) = open
        && kind != '\''
    {
        found.push(Quotation { tokens: TokenRange::new(start, doc.len()), closed: false });
    }
    // A forgotten mark opens nothing worth having: an unclosed quotation of a few tokens, or a single-quoted word or two.
    found.retain(|quotation| quotation.tokens.len() >= 3);
    found
}
