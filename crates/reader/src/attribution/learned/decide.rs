//! From scores to attributions.
//!
//! A draft is made for every token that may be a cue; a last model then judges the drafts whole, and the surest go first, so that what stands
//! inside the content of one is no attribution of its own.

use dateline_nlp::TokenRange;

use super::draft::{Draft, draft};
use super::spread;
use super::whole;
use super::{Judged, Models, Seen};
use crate::attribution::find::trim;
use crate::learned::Feature;

/// Where the lines are drawn: added to the logits before they are compared.
#[derive(Clone, Copy, Debug)]
pub struct Tuning {
    /// For a draft to be an attribution.
    pub whole: f32,
    /// For a part to be content.
    pub content: f32,
    /// For a part to be source.
    pub source: f32,
    /// For a piece to be more of the content.
    pub spread: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { whole: 0.7, content: 0.0, source: 0.5, spread: 0.0 }
    }
}

/// A token with a lower score as a cue's head is none.
const FLOOR: f32 = -2.5;

/// The drafts of a document, in text order of the cues.
pub(super) fn drafts(seen: &Seen<'_>, models: &Models, scores: &[f32]) -> Vec<Draft> {
    let pieces = spread::pieces(&seen.words);
    let cues = (0..scores.len()).filter(|&at| scores.get(at).is_some_and(|&score| score > FLOOR));
    cues.filter_map(|cue| draft(seen, models, scores, &pieces, cue)).collect()
}

/// Features of each draft as an attribution.
pub(super) fn features(seen: &Seen<'_>, drafts: &[Draft]) -> Vec<Vec<Feature>> {
    let rivals = whole::rivals(seen.words.doc.len(), drafts);
    drafts.iter().zip(&rivals).map(|(draft, rivals)| whole::features(seen, drafts, draft, rivals)).collect()
}

/// Everything the models find.
pub(super) fn decide(seen: &Seen<'_>, models: &Models, scores: &[f32]) -> Vec<Judged> {
    let drafts = drafts(seen, models, scores);
    let scores: Vec<f32> =
        features(seen, &drafts).iter().map(|features| models.whole.score(features) + models.tuning.whole).collect();
    let mut order: Vec<(f32, &Draft)> = scores.iter().copied().zip(&drafts).filter(|&(score, _)| score > 0.0).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.judged.cue_head.cmp(&b.1.judged.cue_head)));
    let mut taken = vec![false; seen.words.doc.len()];
    let mut out: Vec<Judged> = Vec::new();
    for (score, draft) in order {
        let mut judged = draft.judged.clone();
        if taken.get(judged.cue_head).copied().unwrap_or(true) {
            continue;
        }
        let size = |runs: &[TokenRange]| runs.iter().map(|run| run.len()).sum::<usize>();
        let before = size(&judged.content);
        judged.content = judged.content.iter().flat_map(|&run| free(&taken, run)).map(|run| trim(seen.words.doc, run)).collect();
        judged.content.retain(|run| run.indices().any(|at| !seen.words.get(at).silent));
        if 2 * size(&judged.content) < before || judged.content.is_empty() {
            continue;
        }
        let source = judged.source.map(|(_, tokens)| tokens);
        for at in judged.content.iter().chain([&judged.cue]).chain(&source).flat_map(|run| run.indices()) {
            if let Some(taken) = taken.get_mut(at) {
                *taken = true;
            }
        }
        judged.score = score;
        out.push(judged);
    }
    out.sort_by_key(|judged| judged.cue_head);
    out
}

/// What of a run is not taken yet.
fn free(taken: &[bool], run: TokenRange) -> Vec<TokenRange> {
    let mut out: Vec<TokenRange> = Vec::new();
    for at in run.indices().filter(|&at| !taken.get(at).copied().unwrap_or(true)) {
        match out.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => out.push(TokenRange::single(at)),
        }
    }
    out
}
