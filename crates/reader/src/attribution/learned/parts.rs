//! The parts of a cue's sentence: what hangs on the cue, and on each head above it. Together they hold every token of the sentence, so that
//! telling each part's role (content, source, cue, none) tells who says what.

use dateline_nlp::TokenRange;

use super::super::find::is_passive;
use super::words::{NONE, Words, add, bucket, level};
use crate::learned::{Feature, hash};

/// Heads above the cue that are looked at one by one; what hangs higher is one part.
const LEVELS: usize = 7;

/// A part of the sentence of a cue.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its head token.
    pub(super) head: usize,
    /// How far up the tree it hangs: 0 on the cue itself.
    pub(super) level: usize,
    /// A head above the cue, alone.
    pub(super) above: bool,
    /// It was split off a larger part, whose head is this token.
    pub(super) of: Option<usize>,
    /// It is the half of a larger part that holds no head, cut off where a quotation begins or ends.
    pub(super) cut: bool,
    /// Its tokens from first to last; others may stand between.
    pub(super) tokens: TokenRange,
    /// Its tokens.
    pub(super) members: Vec<usize>,
}

/// The sentence of a cue in parts. The cue's own token is in none.
pub(super) fn parts(words: &Words<'_>, cue: usize) -> Vec<Part> {
    let doc = words.doc;
    let sentence = doc.sentences().get(doc.sentence_of(cue)).copied().unwrap_or_default();
    let mut owner = vec![usize::MAX; sentence.len()];
    let mut parts: Vec<Part> = Vec::new();
    let mut paint = |parts: &mut Vec<Part>, tokens: TokenRange, head: usize, level: usize, above: bool, of: Option<usize>| {
        for at in tokens.indices() {
            if let Some(owner) = at.checked_sub(sentence.start).and_then(|at| owner.get_mut(at)) {
                *owner = parts.len();
            }
        }
        parts.push(Part { head, level, above, of, cut: false, tokens, members: Vec::new() });
    };
    let mut path: Vec<usize> = vec![cue];
    path.extend(doc.ancestors(cue).take(LEVELS));
    if let Some(&top) = path.last()
        && !doc.is_root(top)
    {
        paint(&mut parts, sentence, doc.head(top), LEVELS + 1, true, None);
    }
    for (level, &at) in path.iter().enumerate().rev() {
        let below = level.checked_sub(1).and_then(|below| path.get(below)).copied();
        for child in doc.children(at).filter(|&child| Some(child) != below) {
            paint(&mut parts, doc.subtree(child), child, level, false, None);
            if level > 1 {
                continue;
            }
            for inner in doc.children(child) {
                if !splits(words, child, inner) {
                    continue;
                }
                paint(&mut parts, doc.subtree(inner), inner, level, false, Some(child));
                if doc.dep(inner) == "pobj" {
                    for deep in doc.children(inner).filter(|&deep| splits(words, inner, deep)) {
                        paint(&mut parts, doc.subtree(deep), deep, level, false, Some(inner));
                    }
                }
            }
        }
        paint(&mut parts, TokenRange::single(at), at, level, true, None);
    }
    for (at, &owner) in sentence.indices().zip(&owner) {
        if let Some(part) = parts.get_mut(owner) {
            part.members.push(at);
        }
    }
    parts.retain(|part| part.head != cue && part.members.iter().any(|&at| !words.get(at).silent));
    cut_at_quotations(words, cue, &mut parts);
    for part in &mut parts {
        if let (Some(&first), Some(&last)) = (part.members.first(), part.members.last()) {
            part.tokens = TokenRange::new(first, last + 1);
        }
    }
    parts
}

/// Parts that stand before the cue or hang above it are cut where a quotation begins or ends: the parse often joins what is said to what
/// stands before it.
fn cut_at_quotations(words: &Words<'_>, cue: usize, parts: &mut Vec<Part>) {
    let mut more = Vec::new();
    for part in parts.iter_mut() {
        if part.level == 0 && part.head > cue {
            continue;
        }
        let of_head = words.get(part.head).quotation;
        let same = |at: &usize| words.get(*at).quotation == of_head || words.get(*at).silent;
        if part.members.iter().all(same) {
            continue;
        }
        let (members, rest): (Vec<usize>, Vec<usize>) = part.members.iter().partition(|&&at| words.get(at).quotation == of_head);
        part.members = members;
        more.push(Part { cut: true, members: rest, ..part.clone() });
    }
    parts.extend(more);
    parts.retain(|part| !part.members.is_empty());
}

/// A dependent that is looked at apart from what it hangs on, since people often mark only one of the two.
fn splits(words: &Words<'_>, head: usize, inner: usize) -> bool {
    let doc = words.doc;
    let dep = doc.dep(inner);
    match doc.dep(head).as_str() {
        "prep" | "agent" => matches!(dep.as_str(), "pobj" | "pcomp" | "prep"),
        "dobj" | "attr" | "acomp" | "oprd" | "pobj" | "dative" | "npadvmod" | "advmod" => {
            matches!(dep.as_str(), "acl" | "relcl" | "ccomp" | "xcomp" | "advcl" | "prep" | "appos")
        }
        "nsubj" | "nsubjpass" => matches!(dep.as_str(), "acl" | "relcl" | "appos" | "prep") && inner > head,
        "ccomp" | "xcomp" | "conj" | "advcl" => matches!(dep.as_str(), "advcl" | "conj" | "parataxis" | "ccomp"),
        _ => false,
    }
}

/// What the rules made of the cue.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    /// Kind of the rule, hashed; 0 when none fired.
    pub(super) rule: u64,
    /// Head token of the source.
    pub(super) source: Option<usize>,
    /// The content.
    pub(super) content: Vec<TokenRange>,
}

/// What is the same for all parts of a cue.
struct Around {
    lemma: u64,
    act: u64,
    dep: u64,
    passive: u64,
    quoted: u64,
    /// What kinds of dependents the cue has.
    frame: u64,
    /// Quotation elsewhere in the sentence, before and behind.
    quotes: u64,
}

/// Features of the parts of a cue, one list a part.
pub(super) fn features(words: &Words<'_>, cue: usize, parts: &[Part], given: &Given, scores: &[f32]) -> Vec<Vec<Feature>> {
    let doc = words.doc;
    let this = *words.get(cue);
    let mut frame = 0u64;
    for child in doc.children(cue) {
        frame |= match doc.dep(child).as_str() {
            "ccomp" => 1,
            "xcomp" => 2,
            "dobj" => 4,
            "nsubj" => 8,
            "nsubjpass" => 16,
            "prep" => 32,
            "acomp" | "attr" | "oprd" => 64,
            "parataxis" => 128,
            "agent" => 256,
            "pobj" | "pcomp" => 512,
            _ => 0,
        };
    }
    let quotes = parts.iter().fold(0, |quotes, part| {
        let quoted = words.quoted(&part.members);
        if quoted == 0 || this.quotation != 0 { quotes } else { quotes | 1 << u64::from(part.tokens.start > cue) }
    });
    let around = Around {
        lemma: this.lemma,
        act: this.act,
        dep: this.dep,
        passive: u64::from(is_passive(doc, cue)),
        quoted: u64::from(this.quotation != 0),
        frame,
        quotes,
    };
    parts.iter().map(|part| one(words, cue, &this, part, &around, given, scores)).collect()
}

fn one(
    words: &Words<'_>,
    cue: usize,
    this: &super::words::Word,
    part: &Part,
    around: &Around,
    given: &Given,
    scores: &[f32],
) -> Vec<Feature> {
    let doc = words.doc;
    let mut out = Vec::with_capacity(64);
    let out = &mut out;
    let head = *words.get(part.head);
    let up_at = part.of.unwrap_or_else(|| doc.head(part.head));
    let up = if part.of.is_some() || part.level > 0 { *words.get(up_at) } else { NONE };
    let behind_cue = u64::from(part.head > cue);
    // Where the part hangs: how high, by which dependency, on which side.
    let rel = Feature::kind(const { hash("rel") })
        .hashed(part.level.min(3) as u64)
        .hashed(u64::from(part.above))
        .hashed(head.dep)
        .hashed(behind_cue | u64::from(part.cut) << 1)
        .hashed(part.of.map_or(0, |of| words.get(of).dep));
    let rel = u64::from(rel.bits());
    let first = part.members.iter().find(|&&at| !words.get(at).silent).map_or(NONE, |&at| *words.get(at));
    let mark = doc.children(part.head).find(|&child| matches!(doc.dep(child).as_str(), "mark"));
    let mark = mark.map_or(0, |mark| words.get(mark).lemma);
    let quoted = words.quoted(&part.members);
    let quote = quoted | around.quoted << 2 | around.quotes << 3;
    let kind = words.phrase_kind(part.head);
    let before = part.tokens.start.checked_sub(1).map_or(NONE, |at| *words.get(at));
    let after = *words.get(part.tokens.end);
    let last = part.tokens.end.checked_sub(1).map_or(NONE, |at| *words.get(at));
    let length = bucket(part.members.len());
    let gap = if part.tokens.start > cue { part.tokens.start - cue } else { cue.saturating_sub(part.tokens.end - 1) };
    let gap = bucket(gap) << 1 | behind_cue;
    add!(out, "p", rel);
    add!(out, "p cue", rel, around.lemma);
    add!(out, "p act", rel, around.act);
    add!(out, "p cue dep", rel, around.dep);
    add!(out, "p cue dep up", rel, around.dep, up.dep);
    add!(out, "p cue tag", rel, this.tag, around.passive);
    add!(out, "p lemma", rel, head.lemma);
    add!(out, "p cue lemma", rel, around.lemma, head.lemma);
    add!(out, "p tag", rel, head.tag);
    add!(out, "p tag frame", rel, head.tag, around.frame);
    add!(out, "p kind", rel, kind);
    add!(out, "p kind cue", rel, kind, around.lemma);
    add!(out, "p kind act", rel, kind, around.act, around.passive);
    add!(out, "p frame", rel, around.frame);
    add!(out, "p cue frame", rel, around.frame, around.lemma);
    add!(out, "p act frame", rel, around.frame, around.act);
    add!(out, "p up", rel, up.lemma);
    add!(out, "p up cue", rel, up.lemma, around.lemma);
    add!(out, "p up pos", rel, up.pos, head.pos, around.dep);
    add!(out, "p first", rel, first.word);
    add!(out, "p first cue", rel, first.word, around.lemma);
    add!(out, "p mark", rel, mark, around.act);
    add!(out, "p before", rel, before.word);
    add!(out, "p after", rel, after.word);
    add!(out, "p last", rel, last.word);
    add!(out, "p edges", before.word, after.word, behind_cue, u64::from(part.above));
    add!(out, "p length", rel, length);
    add!(out, "p length act", length, behind_cue, around.act, head.dep);
    add!(out, "p gap", rel, gap);
    add!(out, "p quote", rel, quote);
    add!(out, "p quote side", quote, behind_cue, part.level.min(2) as u64, head.pos);
    add!(out, "p quote cue", quote, behind_cue, around.lemma, u64::from(part.above));
    add!(out, "p quote act dep", quote, rel, around.act);
    add!(out, "p quote frame", quote, around.frame, behind_cue, part.level.min(2) as u64);
    add!(out, "p lemma only", head.lemma, head.dep);
    add!(out, "p act head", head.act, rel, around.act);
    let score = |at: usize| level(scores.get(at).copied().unwrap_or(-30.0));
    let own = if part.cut { 0 } else { score(part.head) };
    let best = part.members.iter().map(|&at| score(at)).max().unwrap_or(0);
    let barrier = doc.ancestors(cue).take(part.level).map(score).max().unwrap_or(0);
    add!(out, "p score", rel, own);
    add!(out, "p score side", own, head.dep, behind_cue, around.act);
    add!(out, "p best", rel, best);
    add!(out, "p best quote", best, quote, behind_cue);
    add!(out, "p barrier", rel, barrier);
    add!(out, "p barrier quote", barrier, quote, behind_cue, part.level.min(2) as u64);
    let rule_source =
        given.source.is_some_and(|source| source == part.head || part.of.is_none() && part.members.contains(&source));
    let inside = part.members.iter().filter(|&&at| !words.get(at).silent);
    let (mut all, mut said) = (0usize, 0usize);
    for &at in inside {
        all += 1;
        said += usize::from(given.content.iter().any(|run| run.contains(at)));
    }
    let rule_content = if said == 0 { 0 } else { 1 + u64::from(2 * said >= all) + u64::from(said == all) };
    let verdict = rule_content << 1 | u64::from(rule_source);
    let whole = u64::from(given.source.is_some()) | u64::from(!given.content.is_empty()) << 1;
    add!(out, "p rule", given.rule, verdict, whole);
    add!(out, "p rule rel", rel, verdict, whole);
    add!(out, "p rule cue", around.lemma, verdict, given.rule);
    add!(out, "p rule dep", given.rule, verdict, head.dep, behind_cue);
    for child in doc.children(part.head).filter(|_| !part.above) {
        let word = words.get(child);
        match doc.dep(child).as_str() {
            "punct" => {}
            "det" | "poss" | "aux" | "mark" | "neg" | "prep" => add!(out, "p child", rel, word.dep, word.lemma),
            "nsubj" | "nsubjpass" => add!(out, "p child", word.dep, words.phrase_kind(child), head.dep),
            _ => add!(out, "p child", rel, word.dep),
        }
    }
    std::mem::take(out)
}
