//! Attributions: who says what, by which words.
//!
//! Tokens are runs of characters that are not white space; a token has a role when a span of that role overlaps it. A relation is
//! found when the contents share at least half of the tokens of each of them and the sources share one (or both are missing).

mod brat;

use std::collections::{BTreeSet, HashSet};

use dateline_record::{Reading, SourceKind};

use crate::error::EvalError;
use crate::figures::{Mistake, Scored};
use crate::matching::{most_pairs, precision_recall_f1};
use crate::text::{Span, Text, is_letter_or_number};

/// Source, cue and content by their spans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attribution {
    pub(crate) source: Vec<Span>,
    pub(crate) cue: Vec<Span>,
    pub(crate) content: Vec<Span>,
    /// Why the program says so; empty for marked ones.
    pub(crate) why: Vec<String>,
}

/// The marked attributions of a brat file.
pub(crate) fn parse(body: &str, text: &Text, path: &str) -> Result<Vec<Attribution>, EvalError> {
    brat::parse(body, text, path)
}

/// Sorted spans; those that overlap or touch become one.
fn join(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for (start, end) in spans {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out
}

/// The attributions of a reading: those of its claims' chains and those that stand alone. Entries with one cue are one attribution,
/// so that three claims within one quotation count once.
pub(crate) fn of_reading(reading: &Reading) -> Vec<Attribution> {
    let span = crate::claims::span_of;
    let mut found: Vec<Attribution> = Vec::new();
    let mut take = |source: Vec<Span>, cue: Vec<Span>, content: Vec<Span>, why: &[String]| {
        if cue.is_empty() && content.is_empty() {
            return;
        }
        let (source, cue, content) = (join(source), join(cue), join(content));
        let same = |other: &&mut Attribution| {
            if cue.is_empty() {
                other.cue.is_empty() && other.source == source && other.content == content
            } else {
                other.cue == cue
            }
        };
        match found.iter_mut().find(same) {
            Some(other) => {
                if other.source.is_empty() {
                    other.source = source;
                }
                other.content = join([other.content.as_slice(), &content].concat());
            }
            None => found.push(Attribution { source, cue, content, why: why.to_vec() }),
        }
    };
    for claim in &reading.claims {
        for step in &claim.attribution {
            if step.kind == SourceKind::Author && step.cue.is_none() {
                continue;
            }
            let source = step.source.iter().map(|source| span(&source.mention)).collect();
            take(source, step.cue.iter().map(span).collect(), step.content.iter().map(span).collect(), &claim.why);
        }
    }
    for attribution in &reading.attributions {
        let source = attribution.source.iter().map(|source| span(&source.mention)).collect();
        take(source, attribution.cue.iter().map(span).collect(), attribution.content.iter().map(span).collect(), &[]);
    }
    found.sort_by(|a, b| {
        let first = |one: &Attribution| one.content.first().or(one.cue.first()).copied();
        first(a).cmp(&first(b)).then_with(|| a.cue.cmp(&b.cue))
    });
    found
}

/// A document: its text, what is marked, what was found; none when it was not read.
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) text: Text,
    pub(crate) marked: Vec<Attribution>,
    pub(crate) found: Option<Vec<Attribution>>,
}

/// Indexes of the tokens that some spans overlap.
fn covered(tokens: &[Span], spans: &[Span]) -> BTreeSet<usize> {
    let mut out = BTreeSet::new();
    for &(start, end) in spans {
        let first = tokens.partition_point(|token| token.1 <= start);
        out.extend((first..tokens.len()).take_while(|&i| tokens.get(i).is_some_and(|token| token.0 < end)));
    }
    out
}

/// An attribution by its tokens: source, cue, content.
type Covered = [BTreeSet<usize>; 3];

/// Whether two attributions are one relation.
type Test<'t> = &'t dyn Fn(&Covered, &Covered) -> bool;

fn shares(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> usize {
    a.intersection(b).count()
}

fn half(a: &Covered, b: &Covered) -> bool {
    let both = shares(&a[2], &b[2]);
    both > 0 && 2 * both >= a[2].len() && 2 * both >= b[2].len()
}

fn same_source(a: &Covered, b: &Covered) -> bool {
    !a[0].is_disjoint(&b[0]) || (a[0].is_empty() && b[0].is_empty())
}

fn shown(text: &Text, attribution: &Attribution) -> String {
    let words = |spans: &[Span]| spans.iter().map(|&span| text.slice(span)).collect::<Vec<_>>().join(" … ");
    let content: String = words(&attribution.content).chars().take(160).collect();
    format!("[{}] [{}] [{content}]", words(&attribution.source), words(&attribution.cue))
}

/// Scores attributions; a document that was not read has all of its attributions missed.
pub(crate) fn score(set: &'static str, documents: &[Document]) -> Scored {
    let mut out = Scored::new(set);
    let mut counts = [[0usize; 3]; 3];
    let mut relations = [0usize; 3];
    let (mut marked, mut predicted) = (0, 0);
    for document in documents {
        let tokens = document.text.runs();
        let ink: HashSet<usize> = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| document.text.chars(**token).iter().any(|&c| is_letter_or_number(c)))
            .map(|(i, _)| i)
            .collect();
        let by_tokens = |all: &[Attribution]| -> Vec<Covered> {
            all.iter().map(|a| [&a.source, &a.cue, &a.content].map(|spans| covered(&tokens, spans))).collect()
        };
        let found = document.found.as_deref().unwrap_or_default();
        let (gold, mine) = (by_tokens(&document.marked), by_tokens(found));
        marked += gold.len();
        predicted += mine.len();
        for (role, count) in counts.iter_mut().enumerate() {
            let all = |some: &[Covered]| some.iter().filter_map(|one| one.get(role)).flatten().copied().collect::<BTreeSet<_>>();
            let (a, b) = (all(&gold), all(&mine));
            count[0] += shares(&a, &b);
            count[1] += b.len();
            count[2] += a.len();
        }
        let inked = |one: &Covered| one[2].iter().filter(|token| ink.contains(token)).copied().collect::<Vec<_>>();
        let tests: [Test<'_>; 3] = [&|a, b| half(a, b) && same_source(a, b), &half, &|a, b| {
            let content = inked(a);
            !content.is_empty() && content == inked(b)
        }];
        for (kind, fits) in tests.into_iter().enumerate() {
            let open = |a: &Covered| mine.iter().enumerate().filter(|(_, b)| fits(a, b)).map(|(j, _)| j).collect();
            let edges: Vec<Vec<usize>> = gold.iter().map(open).collect();
            let partner = most_pairs(&edges);
            if let Some(count) = relations.get_mut(kind) {
                *count += partner.len();
            }
            if kind > 0 {
                continue;
            }
            let hit: HashSet<usize> = partner.values().copied().collect();
            let mistake = |kind, one: &Attribution| Mistake {
                document: document.name.clone(),
                kind,
                what: shown(&document.text, one),
                text: document.text.around(one.cue.first().or(one.content.first()).copied().unwrap_or_default()),
                details: Vec::new(),
                why: one.why.clone(),
            };
            out.mistakes.extend(
                document.marked.iter().enumerate().filter(|(i, _)| !hit.contains(i)).map(|(_, one)| mistake("missed", one)),
            );
            out.mistakes.extend(
                found.iter().enumerate().filter(|(j, _)| !partner.contains_key(j)).map(|(_, one)| mistake("spurious", one)),
            );
        }
    }
    let unread = documents.iter().filter(|document| document.found.is_none()).count();
    out.notes
        .push(format!("{} documents ({unread} not read); attributions: {marked} marked, {predicted} found", documents.len()));
    for (name, [right, predicted, gold]) in ["source", "cue", "content"].into_iter().zip(counts) {
        out.shares("tokens", name, precision_recall_f1(right, predicted, gold));
    }
    for (name, right) in ["partial", "partial, any source", "exact content"].into_iter().zip(relations) {
        out.shares("relations", name, precision_recall_f1(right, predicted, marked));
    }
    out
}

#[cfg(test)]
mod tests;
