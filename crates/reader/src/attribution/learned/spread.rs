//! Content beyond the cue's sentence: the sentences, or quoted parts of them, before and behind, one after another for as long as each belongs to it.

use dateline_nlp::TokenRange;

use super::words::{NONE, Words, add, bucket, level};
use crate::learned::{Feature, hash};

/// No content reaches further than this many pieces from the cue's sentence.
pub(super) const REACH: usize = 24;

/// A sentence, or as much of it as stands inside or outside of quotation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) tokens: TokenRange,
    pub(super) sentence: usize,
    /// Number of its quotation; 0 outside.
    pub(super) quotation: u32,
}

/// The document in pieces; those without a word are left out.
pub(super) fn pieces(words: &Words<'_>) -> Vec<Piece> {
    let mut out = Vec::new();
    for (number, sentence) in words.doc.sentences().iter().enumerate() {
        let mut start = sentence.start;
        while start < sentence.end {
            let quotation = words.get(start).quotation;
            let mut end = start + 1;
            while end < sentence.end && words.get(end).quotation == quotation {
                end += 1;
            }
            let piece = Piece { tokens: TokenRange::new(start, end), sentence: number, quotation };
            if piece.tokens.indices().any(|at| !words.get(at).silent) {
                out.push(piece);
            }
            start = end;
        }
    }
    out
}

/// What is known when the next piece is asked for.
pub(super) struct State<'a> {
    pub(super) cue: usize,
    /// +1 behind the cue's sentence, -1 before it.
    pub(super) forward: bool,
    /// Pieces taken in this direction.
    pub(super) step: usize,
    /// The content in the cue's sentence.
    pub(super) content: &'a [usize],
    /// The piece taken before, if there is one.
    pub(super) last: Option<Piece>,
    /// Scores of cues, by token.
    pub(super) scores: &'a [f32],
}

/// Features of a piece as more of the content.
pub(super) fn features(words: &Words<'_>, pieces: &[Piece], at: usize, state: &State<'_>, out: &mut Vec<Feature>) {
    let doc = words.doc;
    let Some(piece) = pieces.get(at) else { return };
    let cue = *words.get(state.cue);
    let way = u64::from(state.forward) | (state.step.min(3) as u64) << 1;
    let edge = if state.forward { state.content.last() } else { state.content.first() };
    let edge = edge.map_or(NONE, |&edge| *words.get(edge));
    let any = state.content.iter().any(|&at| words.get(at).quotation != 0);
    let all = state.content.iter().all(|&at| words.get(at).quotation != 0 || words.get(at).silent);
    let side = state.content.first().is_some_and(|&at| at < state.cue);
    let said = match (state.content.is_empty(), any, all) {
        (true, ..) => 0,
        (_, false, _) => 1,
        (_, _, false) => 2,
        _ => 3,
    } | u64::from(side) << 2;
    let reached = state.last.map_or(edge.quotation, |last| last.quotation);
    let same = match (piece.quotation, reached) {
        (0, 0) => 0,
        (0, _) => 1,
        (_, 0) => 2,
        (here, there) if here == there => 3,
        _ => 4,
    };
    let (from, to) = if state.forward {
        (state.last.map_or(state.cue, |last| last.tokens.end), piece.tokens.start)
    } else {
        (piece.tokens.end, state.last.map_or(state.cue, |last| last.tokens.start))
    };
    let breaks = (from.min(to)..to.max(from)).filter(|&at| doc.word(at).contains('\n')).count()
        + usize::from(state.forward && doc.word(piece.tokens.start).contains('\n'));
    let breaks = breaks.min(2) as u64;
    let sentence = doc.sentences().get(piece.sentence).copied().unwrap_or_default();
    let whole = piece.tokens.indices().filter(|&at| !words.get(at).silent).count()
        == sentence.indices().filter(|&at| !words.get(at).silent).count();
    let best = |tokens: TokenRange| {
        let best = tokens.indices().filter_map(|at| state.scores.get(at)).fold(f32::MIN, |best, &score| best.max(score));
        level(best)
    };
    let own = best(piece.tokens);
    let rival = best(sentence);
    let neighbour = |index: Option<usize>| index.and_then(|index| doc.sentences().get(index)).map_or(9, |&tokens| best(tokens));
    let further = if state.forward { Some(piece.sentence + 1) } else { piece.sentence.checked_sub(1) };
    let further_rival = neighbour(further);
    let at_sentence = doc.sentence_of(state.cue);
    let near = piece.sentence.abs_diff(at_sentence).min(3) as u64;
    let first = piece.tokens.indices().find(|&at| !words.get(at).silent).map_or(NONE, |at| *words.get(at));
    let base = Feature::kind(const { hash("s") }).hashed(way).hashed(said).hashed(same).hashed(u64::from(whole));
    let base = u64::from(base.bits());
    add!(out, "s base", base);
    add!(out, "s breaks", base, breaks);
    add!(out, "s cue", base, cue.lemma);
    add!(out, "s act", base, cue.act);
    add!(out, "s own", base, own);
    add!(out, "s rival", base, rival, breaks);
    add!(out, "s rival own", base, rival, own);
    add!(out, "s further", base, further_rival, breaks);
    add!(out, "s rivals", rival, further_rival, same, way & 1, breaks);
    add!(out, "s same", same, way, breaks);
    add!(out, "s same rival", same, way & 1, rival, breaks);
    add!(out, "s said", said, same, way & 1, u64::from(whole));
    add!(out, "s near", near, same, way & 1, breaks);
    add!(out, "s near rival", near, same, way & 1, rival);
    add!(out, "s length", bucket(piece.tokens.len()), same, way & 1);
    add!(out, "s first", first.word, same, way & 1);
    add!(out, "s first tag", first.tag, same, way & 1, said);
    add!(out, "s last", words.near(piece.tokens.end, -1).word, same, way);
    add!(out, "s edge", edge.word, same, way);
    add!(out, "s cue tag", cue.tag, cue.dep, same, way & 1);
    add!(out, "s place", bucket(at_sentence).min(3), same, way & 1);
    let order = if state.forward == side { 1 } else { 0u64 };
    add!(out, "s order", order, same, breaks, u64::from(state.step == 0));
    add!(out, "s order act", order, same, cue.act);
}
