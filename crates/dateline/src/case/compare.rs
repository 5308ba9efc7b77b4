//! Two reports of one text, word by word: what stands in both, what was left out, what was put in.

use std::time::{Duration, Instant};

use dateline_casebook::{Reader, ReportRow};
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

use super::index::Indexes;
use super::{Case, CaseError};
use crate::render::person::Protected;

/// Words of each text that are compared; what follows is left out.
const WORDS: usize = 20_000;
/// How long the search for the shortest way from one to the other may take; after that a longer one is given.
const PATIENCE: Duration = Duration::from_millis(300);
/// Copies that are listed to choose from.
const LISTED: usize = 100;
/// Stands for the end of a paragraph.
const PARAGRAPH: &str = "¶";

/// What differs between two reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// The report that the other is compared with.
    pub base: Alike,
    /// The report that is looked at.
    pub other: Alike,
    /// The text in stretches, in order: what stands in both, what stands only in `base` or only in `other`.
    pub stretches: Vec<Stretch>,
    /// Words that stand in both.
    pub same: usize,
    /// Words that stand only in `base`.
    pub removed: usize,
    /// Words that stand only in `other`.
    pub added: usize,
    /// One of the texts is longer than what was compared: so many words of each.
    pub cut_at: Option<usize>,
    /// Reports that carry the text of `other`, itself left out; the first so many.
    pub copies: Vec<Alike>,
    /// Copies beyond those.
    pub copies_beyond: usize,
}

/// A report, for choosing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alike {
    /// `r3`.
    pub id: String,
    /// Outlet.
    pub source: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// Headline, without the names of protected persons.
    pub title: Option<String>,
}

/// Words that follow one another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stretch {
    /// Where they stand.
    pub kind: StretchKind,
    /// The words with single spaces; `¶` is the end of a paragraph, `…` the name of somebody protected.
    pub words: String,
    /// How many.
    pub count: usize,
}

/// Where words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum StretchKind {
    /// In both.
    Same,
    /// Only in the report that the other is compared with.
    Removed,
    /// Only in the report that is looked at.
    Added,
}

impl Case {
    /// Compares a report with another, or with the first report of the same text; the first itself with its first copy. `None` when no other is
    /// named and nobody carries the same text. The names of protected persons of either are left out of both.
    ///
    /// # Errors
    /// When there is no such report, or the record can't be read.
    pub fn compare(&self, report: u64, with: Option<u64>) -> Result<Option<Comparison>, CaseError> {
        let reader = self.book.read();
        let row = |id: u64| reader.report(id)?.ok_or_else(|| CaseError::Missing(format!("report r{id}")));
        let other = row(report)?;
        let mut copies = Indexes::copies_of(&reader, report)?;
        copies.retain(|&copy| copy != report);
        let Some(with) = with.or_else(|| copies.first().copied()) else { return Ok(None) };
        let base = row(with)?;
        let (mut left, mut right) = (text_of(&reader, &base)?, text_of(&reader, &other)?);
        let hidden: Vec<Protected> = [&left, &right].into_iter().filter_map(|text| text.1.clone()).collect();
        let masked = |text: &str| hidden.iter().fold(text.to_owned(), |text, protected| protected.masked(&text));
        left.0 = masked(&left.0);
        right.0 = masked(&right.0);
        let copies_beyond = copies.len().saturating_sub(LISTED);
        copies.truncate(LISTED);
        let mut listed = Vec::with_capacity(copies.len());
        for copy in copies {
            // Only the choice is named by it: without a headline nothing has to be masked.
            listed.extend(reader.report(copy)?.map(|row| Alike { title: None, ..alike(&row) }));
        }
        let head = |row: &ReportRow| {
            let line = alike(row);
            Alike { title: line.title.map(|title| masked(&title)), ..line }
        };
        let difference = difference(&left.0, &right.0, Instant::now().checked_add(PATIENCE));
        Ok(Some(Comparison { base: head(&base), other: head(&other), copies: listed, copies_beyond, ..difference }))
    }
}

fn alike(row: &ReportRow) -> Alike {
    Alike {
        id: format!("r{}", row.id),
        source: row.source.clone(),
        published: row.published.as_ref().map(|date| date.as_str().to_owned()),
        title: row.title.clone(),
    }
}

/// The text of a report, and who is protected in it.
fn text_of(reader: &Reader<'_>, row: &ReportRow) -> Result<(String, Option<Protected>), CaseError> {
    if let Some(reading) = reader.reading(row.id)? {
        let protected = Protected::of(&reading);
        return Ok((reading.document.text, Some(protected)));
    }
    Ok((String::new(), None))
}

/// What differs between two texts; who they are of is left empty.
fn difference(base: &str, other: &str, deadline: Option<Instant>) -> Comparison {
    let (left, right) = (words(base), words(other));
    let cut_at = (left.len() > WORDS || right.len() > WORDS).then_some(WORDS);
    let left = left.get(..WORDS).unwrap_or(&left);
    let right = right.get(..WORDS).unwrap_or(&right);
    let mut stretches = Vec::new();
    let mut counts = [0; 3];
    let mut push = |kind: StretchKind, words: &[&str]| {
        if !words.is_empty() {
            let count = words.iter().filter(|word| **word != PARAGRAPH).count();
            counts[kind as usize] += count;
            stretches.push(Stretch { kind, words: words.join(" "), count });
        }
    };
    for step in capture_diff_slices_deadline(Algorithm::Myers, left, right, deadline) {
        let (tag, old, new) = step.as_tag_tuple();
        let (old, new) = (left.get(old).unwrap_or_default(), right.get(new).unwrap_or_default());
        if tag == DiffTag::Equal {
            push(StretchKind::Same, old);
        } else {
            push(StretchKind::Removed, old);
            push(StretchKind::Added, new);
        }
    }
    let nobody = Alike { id: String::new(), source: None, published: None, title: None };
    let [same, removed, added] = counts;
    Comparison {
        base: nobody.clone(),
        other: nobody,
        stretches,
        same,
        removed,
        added,
        cut_at,
        copies: Vec::new(),
        copies_beyond: 0,
    }
}

/// The words of a text, with a mark where a blank line parts it; no more than are compared, and one.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let mut blank = 0;
    for line in text.lines() {
        if line.trim().is_empty() {
            blank += 1;
            continue;
        }
        if blank > 0 && !words.is_empty() {
            words.push(PARAGRAPH);
        }
        blank = 0;
        words.extend(line.split_whitespace().take((WORDS + 1).saturating_sub(words.len())));
        if words.len() > WORDS {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(base: &str, other: &str) -> String {
        let sign = |kind| match kind {
            StretchKind::Same => "=",
            StretchKind::Removed => "-",
            StretchKind::Added => "+",
        };
        let all = difference(base, other, None).stretches;
        all.iter().map(|stretch| format!("{}[{}]", sign(stretch.kind), stretch.words)).collect()
    }

    #[test]
    fn what_was_left_out_and_put_in_is_told_word_by_word() {
        assert_eq!(
            shown("Head line\n\nTwo men were\nhurt, he said.", "(Wire) Two men were hurt, she said.\n\nMore."),
            "-[Head line ¶]+[(Wire)]=[Two men were hurt,]-[he]+[she]=[said.]+[¶ More.]"
        );
        assert_eq!(shown("the same", " the\tsame "), "=[the same]");
        assert_eq!(shown("", "new"), "+[new]");
        assert_eq!(shown("", ""), "");
        let counted = difference("a b c", "a x y c", None);
        assert_eq!((counted.same, counted.removed, counted.added), (2, 1, 2));
    }

    #[test]
    fn huge_texts_are_compared_as_far_as_is_said_and_in_time() {
        let text = |step: usize| (0..60_000).map(|n| format!("w{} ", n * step % 977)).collect::<String>();
        let before = Instant::now();
        let found = difference(&text(3), &text(7), before.checked_add(PATIENCE));
        assert_eq!(found.cut_at, Some(WORDS));
        assert_eq!(found.same + found.removed, WORDS);
        assert_eq!(found.same + found.added, WORDS);
        assert!(before.elapsed() < Duration::from_secs(20), "{:?}", before.elapsed());
    }
}
