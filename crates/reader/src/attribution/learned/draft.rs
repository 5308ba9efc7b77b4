//! A draft: what an attribution would be if a token were its cue.

use dateline_nlp::TokenRange;

use super::parts::{self, Part};
use super::spread::{self, Piece, State};
use super::words::Words;
use super::{Judged, Models, Seen};
use crate::attribution::find::{normalise, trim};
use crate::attribution::quotes;
use crate::learned::Feature;

/// Order of the classes of the model of parts.
const CONTENT: usize = 0;
const SOURCE: usize = 1;
const CUE: usize = 2;

/// An attribution as it would be, and how sure its parts are.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) judged: Judged,
    /// Head tokens of the part that is most surely content.
    pub(super) head: Option<usize>,
    /// By how much that part is content rather than anything else.
    pub(super) surest: f32,
    /// The same for the part of the content of which it is least sure.
    pub(super) weakest: f32,
    /// By how much the source is one; far below nought without one.
    pub(super) source: f32,
    /// How near the part that was nearest to being content, and is not, came.
    pub(super) missed: f32,
    /// Pieces of content beyond the sentence.
    pub(super) pieces: usize,
    /// Words of the content.
    pub(super) length: usize,
}

/// Follows the content out of the cue's sentence, both ways, while `belongs` says so.
pub(super) fn spread(
    words: &Words<'_>,
    pieces: &[Piece],
    cue: usize,
    content: &[usize],
    scores: &[f32],
    mut belongs: impl FnMut(TokenRange, &[Feature]) -> bool,
) -> Vec<TokenRange> {
    let sentence = words.doc.sentence_of(cue);
    let from = pieces.partition_point(|piece| piece.sentence < sentence);
    let to = pieces.partition_point(|piece| piece.sentence <= sentence);
    let mut out = Vec::new();
    let mut features = Vec::with_capacity(32);
    for forward in [true, false] {
        let mut state = State { cue, forward, step: 0, content, last: None, scores };
        while state.step < spread::REACH {
            let at = if forward { to + state.step } else { from.wrapping_sub(1 + state.step) };
            let Some(&piece) = pieces.get(at) else { break };
            features.clear();
            spread::features(words, pieces, at, &state, &mut features);
            if !belongs(piece.tokens, &features) {
                break;
            }
            out.push(piece.tokens);
            state.last = Some(piece);
            state.step += 1;
        }
    }
    out
}

/// The draft of a cue; none without content.
pub(super) fn draft(seen: &Seen<'_>, models: &Models, scores: &[f32], pieces: &[Piece], cue: usize) -> Option<Draft> {
    let (words, tuning) = (&seen.words, &models.tuning);
    let parts = parts::parts(words, cue);
    let features = parts::features(words, cue, &parts, &seen.given(cue), scores);
    let roles: Vec<[f32; 4]> = features
        .iter()
        .map(|features| {
            let scores = models.part.scores(features);
            let at = |class: usize| scores.get(class).copied().unwrap_or(-30.0);
            [at(CONTENT) + tuning.content, at(SOURCE) + tuning.source, at(CUE), at(3)]
        })
        .collect();
    let source = source(words, &parts, &roles);
    let mut content: Vec<usize> = Vec::new();
    let (mut surest, mut weakest, mut missed, mut head) = (-9.0f32, 9.0f32, -9.0f32, None);
    for (part, scores) in parts.iter().zip(&roles) {
        let margin = margin(scores, CONTENT);
        let of_source = source.is_some_and(|(_, tokens, _)| part.members.iter().any(|&at| tokens.contains(at)));
        if margin <= 0.0 {
            missed = missed.max(margin);
        } else if !of_source {
            content.extend(&part.members);
            weakest = weakest.min(margin);
            if margin > surest {
                (surest, head) = (margin, Some(part.head));
            }
        }
    }
    content.sort_unstable();
    let mut runs = runs(&content);
    let more = spread(words, pieces, cue, &content, scores, |_, features| models.spread.score(features) + tuning.spread > 0.0);
    let beyond = more.len();
    runs.extend(more);
    join(words, &mut runs);
    mark(seen, &mut runs);
    runs.retain(|run| run.indices().any(|at| !words.get(at).silent));
    if runs.is_empty() {
        return None;
    }
    let mut cue_tokens = cue_words(&parts, &roles, cue);
    // *confirmed on Friday*: a preposition belongs to the cue when what it governs is content or source.
    let next = TokenRange::single(cue_tokens.end);
    let said = runs.iter().any(|run| run.overlaps(next)) || source.is_some_and(|(_, tokens, _)| tokens.overlaps(next));
    if !said
        && cue_tokens.end > cue + 1
        && words.doc.pos(cue_tokens.end - 1) == "ADP"
        && words.doc.dep(cue_tokens.end - 1) == "prep"
    {
        cue_tokens.end -= 1;
    }
    let length = runs.iter().flat_map(|run| run.indices()).filter(|&at| !words.get(at).silent).count();
    Some(Draft {
        head,
        surest,
        weakest,
        source: source.map_or(-9.0, |(.., margin)| margin),
        missed,
        pieces: beyond,
        length,
        judged: Judged {
            cue_head: cue,
            cue: cue_tokens,
            source: source.map(|(head, tokens, _)| (head, tokens)),
            content: runs,
            score: scores.get(cue).copied().unwrap_or(-30.0),
        },
    })
}

/// By how much a class is above all others.
fn margin(scores: &[f32; 4], class: usize) -> f32 {
    let others = (0..4).filter(|&other| other != class).map(|other| scores[other]);
    scores[class] - others.fold(f32::MIN, f32::max)
}

/// The part that is most surely the source, with those beside it that are source too, and how sure that is.
fn source(words: &Words<'_>, parts: &[Part], roles: &[[f32; 4]]) -> Option<(usize, TokenRange, f32)> {
    let margin = |scores: &[f32; 4]| margin(scores, SOURCE);
    let (best, scores) = parts.iter().zip(roles).max_by(|a, b| margin(a.1).total_cmp(&margin(b.1)))?;
    let surest = margin(scores);
    if surest <= 0.0 {
        return None;
    }
    let mut tokens = best.tokens;
    let mut grown = true;
    while grown {
        grown = false;
        for (part, scores) in parts.iter().zip(roles) {
            let beside = part.tokens.start <= tokens.end + 1 && part.tokens.end + 1 >= tokens.start;
            if margin(scores) > 0.0 && beside && !tokens.covers(part.tokens) {
                tokens = TokenRange::new(tokens.start.min(part.tokens.start), tokens.end.max(part.tokens.end));
                grown = true;
            }
        }
    }
    let tokens = trim(words.doc, tokens);
    (!tokens.is_empty()).then_some((best.head, tokens, surest))
}

/// The cue's head and the parts right beside it that belong to it.
fn cue_words(parts: &[Part], roles: &[[f32; 4]], cue: usize) -> TokenRange {
    let mut tokens = TokenRange::single(cue);
    let mut grown = true;
    while grown {
        grown = false;
        for (part, scores) in parts.iter().zip(roles) {
            if margin(scores, CUE) > 0.0 && (part.tokens.end == tokens.start || part.tokens.start == tokens.end) {
                tokens = TokenRange::new(tokens.start.min(part.tokens.start), tokens.end.max(part.tokens.end));
                grown = true;
            }
        }
    }
    tokens
}

/// Neighbouring tokens as runs.
fn runs(tokens: &[usize]) -> Vec<TokenRange> {
    let mut out: Vec<TokenRange> = Vec::new();
    for &at in tokens {
        match out.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => out.push(TokenRange::single(at)),
        }
    }
    out
}

/// Quotations whose words are all content are content with their marks.
fn mark(seen: &Seen<'_>, runs: &mut Vec<TokenRange>) {
    let held = |at: usize| runs.iter().any(|run| run.contains(at)) || seen.words.get(at).silent;
    let whole: Vec<TokenRange> = runs
        .iter()
        .flat_map(|&run| quotes::within(&seen.finder.quotations, run))
        .map(|quotation| quotation.tokens)
        .filter(|tokens| tokens.indices().all(held))
        .collect();
    if !whole.is_empty() {
        runs.extend(whole);
        normalise(runs);
    }
}

/// Sorted; joined over punctuation and white space; without loose commas and stops at the edges.
fn join(words: &Words<'_>, runs: &mut Vec<TokenRange>) {
    normalise(runs);
    let mut out: Vec<TokenRange> = Vec::new();
    for run in runs.drain(..) {
        match out.last_mut() {
            Some(last) if (last.end..run.start).all(|at| words.get(at).silent) => last.end = run.end,
            _ => out.push(run),
        }
    }
    runs.extend(out.into_iter().map(|run| trim(words.doc, run)).filter(|run| !run.is_empty()));
}
