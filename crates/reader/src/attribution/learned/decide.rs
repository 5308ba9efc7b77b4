//! From scores to attributions: the surest cue first, so that what stands inside its content is no attribution of its own.

use dateline_nlp::TokenRange;

use super::parts::{self, Part};
use super::spread::{self, Piece, State};
use super::words::Words;
use super::{Judged, Models, Seen};
use crate::attribution::find::{normalise, trim};
use crate::learned::Feature;

/// Where the lines are drawn: added to the logits before they are compared.
#[derive(Clone, Copy, Debug)]
pub struct Tuning {
    /// For a cue to be one.
    pub cue: f32,
    /// For a part to be content.
    pub content: f32,
    /// For a part to be source.
    pub source: f32,
    /// For a piece to be more of the content.
    pub spread: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { cue: 0.5, content: 0.0, source: 0.0, spread: 0.0 }
    }
}

/// Order of the classes of the model of parts.
const CONTENT: usize = 0;
const SOURCE: usize = 1;
const CUE: usize = 2;

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

/// Everything the models find.
pub(super) fn decide(seen: &Seen<'_>, models: &Models) -> Vec<Judged> {
    let (words, tuning) = (&seen.words, &models.tuning);
    let scores = seen.scores(models);
    let mut order: Vec<usize> = (0..scores.len()).filter(|&at| scores[at] + tuning.cue > 0.0).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    let pieces = spread::pieces(words);
    let mut taken = vec![false; scores.len()];
    let mut out: Vec<Judged> = Vec::new();
    for cue in order {
        if taken[cue] {
            continue;
        }
        let Some(mut judged) = one(seen, models, &scores, &pieces, &mut taken, cue) else { continue };
        judged.score = scores[cue];
        out.push(judged);
    }
    out.sort_by_key(|judged| judged.cue_head);
    out
}

fn one(seen: &Seen<'_>, models: &Models, scores: &[f32], pieces: &[Piece], taken: &mut [bool], cue: usize) -> Option<Judged> {
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
    let best = |scores: &[f32; 4]| (0..4).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(3);
    let source = source(&parts, &roles);
    let mut content: Vec<usize> = Vec::new();
    for (part, scores) in parts.iter().zip(&roles) {
        if best(scores) == CONTENT && !source.is_some_and(|(_, tokens)| part.members.iter().any(|&at| tokens.contains(at))) {
            content.extend(part.members.iter().filter(|&&at| !taken[at]));
        }
    }
    content.sort_unstable();
    let mut runs = runs(&content);
    let more = spread(words, pieces, cue, &content, scores, |tokens, features| {
        !taken[tokens.start..tokens.end].contains(&true) && models.spread.score(features) + tuning.spread > 0.0
    });
    runs.extend(more);
    join(words, &mut runs);
    runs.retain(|run| run.indices().any(|at| !words.get(at).silent));
    if runs.is_empty() {
        return None;
    }
    let cue_tokens = cue_words(&parts, &roles, cue, |scores| best(scores) == CUE);
    for at in runs.iter().flat_map(|run| run.indices()).chain(cue_tokens.indices()) {
        if let Some(taken) = taken.get_mut(at) {
            *taken = true;
        }
    }
    if let Some((_, tokens)) = source {
        taken[tokens.start..tokens.end].fill(true);
    }
    Some(Judged { cue_head: cue, cue: cue_tokens, source, content: runs, score: 0.0 })
}

/// The part that is most surely the source, with those beside it that are source too.
fn source(parts: &[Part], roles: &[[f32; 4]]) -> Option<(usize, TokenRange)> {
    let margin = |scores: &[f32; 4]| scores[1] - scores[0].max(scores[2]).max(scores[3]);
    let (best, scores) = parts.iter().zip(roles).max_by(|a, b| margin(a.1).total_cmp(&margin(b.1)))?;
    if margin(scores) <= 0.0 {
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
    Some((best.head, tokens))
}

/// The cue's head and the parts right beside it that belong to it.
fn cue_words(parts: &[Part], roles: &[[f32; 4]], cue: usize, is_cue: impl Fn(&[f32; 4]) -> bool) -> TokenRange {
    let mut tokens = TokenRange::single(cue);
    let mut grown = true;
    while grown {
        grown = false;
        for (part, scores) in parts.iter().zip(roles) {
            if is_cue(scores) && (part.tokens.end == tokens.start || part.tokens.start == tokens.end) {
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
