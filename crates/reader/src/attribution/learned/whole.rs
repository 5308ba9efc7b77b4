//! Features of a draft as a whole: how sure its parts are, and which other drafts it contains or stands in.

use super::Seen;
use super::draft::Draft;
use super::words::{NONE, add, bucket, level};
use crate::learned::{Feature, hash};

/// The drafts that stand in each other's way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rivals {
    /// The best draft in whose content this one's cue stands.
    outer: Option<usize>,
    /// The best draft whose cue stands in this one's content.
    inner: Option<usize>,
    /// The best draft that shares content with this one, neither cue standing in the other's content.
    beside: Option<usize>,
}

/// The rivals of each draft.
pub(super) fn rivals(tokens: usize, drafts: &[Draft]) -> Vec<Rivals> {
    let mut out = vec![Rivals::default(); drafts.len()];
    // The best draft over each token so far.
    let mut over: Vec<Option<usize>> = vec![None; tokens];
    let score = |at: usize| drafts.get(at).map_or(f32::MIN, |draft| draft.judged.score);
    let better = |slot: &mut Option<usize>, at: usize| {
        if slot.is_none_or(|other| score(at) > score(other)) {
            *slot = Some(at);
        }
    };
    for (at, draft) in drafts.iter().enumerate() {
        for &run in &draft.judged.content {
            let from = drafts.partition_point(|other| other.judged.cue_head < run.start);
            for (other, inner) in drafts.iter().enumerate().skip(from) {
                if inner.judged.cue_head >= run.end {
                    break;
                }
                if other != at {
                    if let Some(rivals) = out.get_mut(at) {
                        better(&mut rivals.inner, other);
                    }
                    if let Some(rivals) = out.get_mut(other) {
                        better(&mut rivals.outer, at);
                    }
                }
            }
            if let Some(slot) = over.get_mut(run.start) {
                better(slot, at);
            }
        }
    }
    // Contents that begin at one token are what two cues of one clause mostly share.
    for at in 0..drafts.len() {
        for run in drafts.get(at).map_or(&[][..], |draft| &draft.judged.content) {
            let best = over.get(run.start).copied().flatten().filter(|&best| best != at);
            if let (Some(best), Some(rivals)) = (best, out.get_mut(at)) {
                better(&mut rivals.beside, best);
            }
        }
    }
    out
}

/// A score in steps of a half.
fn step(score: f32) -> u64 {
    (score.clamp(-5.0, 5.0) * 2.0 + 10.0).round() as u64
}

/// A margin in a few steps.
fn margin(margin: f32) -> u64 {
    [-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.5].iter().filter(|&&line| margin > line).count() as u64
}

/// Features of a draft as an attribution.
pub(super) fn features(seen: &Seen<'_>, drafts: &[Draft], draft: &Draft, rivals: &Rivals) -> Vec<Feature> {
    let words = &seen.words;
    let doc = words.doc;
    let mut out = Vec::with_capacity(48);
    let out = &mut out;
    let judged = &draft.judged;
    let cue = *words.get(judged.cue_head);
    let score = step(judged.score);
    let coarse = level(judged.score);
    let (surest, weakest, missed) = (margin(draft.surest), margin(draft.weakest), margin(draft.missed));
    let sourced = margin(draft.source);
    let source = judged.source.map_or(0, |(head, _)| words.phrase_kind(head));
    let source_lemma = judged.source.map_or(0, |(head, _)| words.get(head).lemma);
    let head = draft.head.map_or(NONE, |head| *words.get(head));
    let length = bucket(draft.length);
    let (mut inside, mut runs) = (0, 0);
    for run in &judged.content {
        runs += 1;
        inside |= match words.quoted(&run.indices().collect::<Vec<_>>()) {
            0 => 1,
            2 => 2,
            _ => 3u64,
        };
    }
    let quotes = inside | u64::from(cue.quotation != 0) << 2;
    let pieces = draft.pieces.min(3) as u64;
    let rule = seen.verdicts.get(judged.cue_head).map_or(0, |verdict| verdict.rule);
    add!(out, "w score", score);
    add!(out, "w lemma", cue.lemma);
    add!(out, "w lemma score", cue.lemma, coarse);
    add!(out, "w act score", cue.act, score);
    add!(out, "w tag score", cue.tag, coarse);
    add!(out, "w rule score", rule, coarse);
    add!(out, "w surest", surest, coarse);
    add!(out, "w weakest", weakest, coarse);
    add!(out, "w surest weakest", surest, weakest, missed);
    add!(out, "w missed", missed, coarse);
    add!(out, "w missed weakest", missed, weakest, pieces);
    add!(out, "w source", sourced, coarse);
    add!(out, "w source kind", sourced, source);
    add!(out, "w source lemma", source_lemma);
    add!(out, "w source act", source, cue.act);
    add!(out, "w all", sourced, surest, coarse);
    add!(out, "w head", head.dep, cue.pos);
    add!(out, "w head act", head.dep, cue.act, head.tag);
    add!(out, "w head score", head.dep, coarse);
    add!(out, "w head lemma", head.dep, cue.lemma);
    add!(out, "w content lemma", head.lemma, head.dep);
    add!(out, "w length", length, coarse);
    add!(out, "w length act", length, cue.act, quotes);
    add!(out, "w quotes", quotes, coarse);
    add!(out, "w quotes act", quotes, cue.act, pieces);
    add!(out, "w pieces", pieces, (runs as u64).min(3), quotes);
    add!(out, "w place", bucket(doc.sentence_of(judged.cue_head)).min(4), cue.tag);
    rival(seen, drafts, draft, rivals.outer, 1, out);
    rival(seen, drafts, draft, rivals.inner, 2, out);
    rival(seen, drafts, draft, rivals.beside, 3, out);
    std::mem::take(out)
}

/// Features of a draft beside another that it can't stand with.
fn rival(seen: &Seen<'_>, drafts: &[Draft], draft: &Draft, rival: Option<usize>, kind: u64, out: &mut Vec<Feature>) {
    let cue = *seen.words.get(draft.judged.cue_head);
    let coarse = level(draft.judged.score);
    let Some(rival) = rival.and_then(|rival| drafts.get(rival)) else {
        add!(out, "w alone", kind, coarse);
        return;
    };
    let other = *seen.words.get(rival.judged.cue_head);
    let score = level(rival.judged.score);
    let lead = margin(draft.judged.score - rival.judged.score);
    add!(out, "w rival", kind, coarse, score);
    add!(out, "w rival lead", kind, lead);
    add!(out, "w rival act", kind, score, cue.act, other.act);
    add!(out, "w rival other", kind, other.act, other.tag, coarse);
    add!(out, "w rival sure", kind, score, margin(rival.surest), margin(rival.weakest));
    add!(out, "w rival source", kind, score, margin(rival.source));
    add!(out, "w rival dep", kind, cue.dep, score, other.dep);
    let near = bucket(draft.judged.cue_head.abs_diff(rival.judged.cue_head));
    add!(out, "w rival near", kind, near, score);
}
