//! Features of a token as the head of a cue.

use dateline_nlp::TokenRange;

use super::super::find::{Finder, is_passive};
use super::words::{NONE, Word, Words, add, bucket};
use crate::learned::{Feature, hash};

/// What the rules found at a token.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Verdict {
    /// Kind of the rule, hashed; 0 when none fired.
    pub(super) rule: u64,
    /// It stands inside another attribution's content.
    pub(super) inside: bool,
    /// It has a source.
    pub(super) sourced: bool,
}

/// The token may be a cue's head.
pub(super) fn is_candidate(words: &Words<'_>, at: usize) -> bool {
    let doc = words.doc;
    match doc.pos(at).as_str() {
        "VERB" | "ADJ" | "NOUN" => true,
        "AUX" => !matches!(doc.dep(at).as_str(), "aux" | "auxpass"),
        "ADP" => doc.children(at).next().is_some(),
        "PUNCT" => doc.word(at) == ":",
        "PROPN" => doc.children(at).next().is_some() && !matches!(doc.dep(at).as_str(), "compound" | "pobj"),
        "ADV" | "SCONJ" => words.get(at).act != 0,
        _ => false,
    }
}

/// What a verb governs, as one piece: its complements in order, prepositions and particles by their words.
fn frame(words: &Words<'_>, at: usize) -> u64 {
    let doc = words.doc;
    let mut frame = 7u64;
    for child in doc.children(at) {
        let word = words.get(child);
        let piece = match doc.dep(child).as_str() {
            "ccomp" | "xcomp" | "dobj" | "oprd" | "attr" | "acomp" | "parataxis" | "dative" | "agent" => word.dep,
            "prep" | "prt" if child > at => word.lemma,
            _ => continue,
        };
        frame = (frame.rotate_left(5) ^ piece).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    frame
}

/// Features of the token as a cue's head.
pub(super) fn features(finder: &Finder<'_>, words: &Words<'_>, verdicts: &[Verdict], at: usize, out: &mut Vec<Feature>) {
    let doc = words.doc;
    let this = *words.get(at);
    let head_at = doc.head(at);
    let head = if head_at == at { NONE } else { *words.get(head_at) };
    let (before, behind) = (*words.near(at, -1), *words.near(at, 1));
    add!(out, "lemma", this.lemma);
    add!(out, "lemma tag", this.lemma, this.tag);
    add!(out, "lemma dep", this.lemma, this.dep);
    add!(out, "word", this.word);
    add!(out, "tag dep", this.tag, this.dep);
    add!(out, "act", this.act);
    add!(out, "act tag dep", this.act, this.tag, this.dep);
    add!(out, "head", head.lemma, this.dep);
    add!(out, "lemma head", this.lemma, head.lemma, this.dep);
    add!(out, "head tag", head.tag, this.dep, this.pos);
    add!(out, "head act", head.act, this.dep, this.pos, this.act);
    add!(out, "lemma head act", head.act, this.dep, this.lemma);
    add!(out, "deps", this.dep, head.dep, this.pos);
    add!(out, "before", before.word, this.pos);
    add!(out, "behind", behind.word, this.pos);
    add!(out, "lemma before", this.lemma, before.word);
    add!(out, "lemma behind", this.lemma, behind.word);
    add!(out, "act behind", this.act, behind.word);
    add!(out, "tags around", before.tag, this.tag, behind.tag);
    add!(out, "before 2", words.near(at, -2).word, before.word);
    add!(out, "behind 2", behind.word, words.near(at, 2).word);
    verdict(verdicts, at, &this, out);
    let passive = is_passive(doc, at);
    subject(finder, words, at, passive, out);
    complements(words, at, &this, out);
    governors(words, verdicts, at, &this, out);
    surroundings(words, at, &this, out);
}

fn verdict(verdicts: &[Verdict], at: usize, this: &Word, out: &mut Vec<Feature>) {
    let verdict = verdicts.get(at).copied().unwrap_or_default();
    add!(out, "rule", verdict.rule, u64::from(verdict.sourced));
    add!(out, "rule inside", verdict.rule, u64::from(verdict.inside));
    if verdict.rule != 0 {
        add!(out, "rule lemma", verdict.rule, this.lemma);
        add!(out, "rule act", verdict.rule, this.act, u64::from(verdict.inside));
    }
}

/// Who would be the source.
fn subject(finder: &Finder<'_>, words: &Words<'_>, at: usize, passive: bool, out: &mut Vec<Feature>) {
    let doc = words.doc;
    let this = words.get(at);
    if !this.verbal {
        return;
    }
    let own = doc.children(at).find(|&child| matches!(doc.dep(child).as_str(), "nsubj" | "nsubjpass" | "csubj" | "expl"));
    let found = own.or_else(|| finder.source_of(at, passive));
    let flags = u64::from(passive) | u64::from(own.is_some()) << 1 | u64::from(found.is_some()) << 2;
    add!(out, "voice", flags, this.tag, this.dep);
    add!(out, "lemma voice", flags, this.lemma);
    if let Some(subject) = found {
        let kind = words.phrase_kind(subject);
        let lemma = words.get(subject).lemma;
        add!(out, "subject", lemma, flags);
        add!(out, "subject kind", kind, flags);
        add!(out, "lemma subject kind", this.lemma, kind);
        add!(out, "lemma subject", this.lemma, lemma);
        add!(out, "act subject", this.act, lemma);
        add!(out, "act subject kind", this.act, kind, this.tag);
        if let Some(det) = doc.children(subject).find(|&child| matches!(doc.dep(child).as_str(), "det" | "poss" | "nummod")) {
            add!(out, "subject det", words.get(det).word);
        }
    }
    let mut aux = 3u64;
    for child in doc.children(at).filter(|&child| matches!(doc.dep(child).as_str(), "aux" | "auxpass" | "neg")) {
        add!(out, "aux", words.get(child).lemma);
        add!(out, "act aux", words.get(child).lemma, this.act);
        aux = aux.rotate_left(7) ^ words.get(child).lemma;
    }
    add!(out, "auxes", aux, this.tag);
    add!(out, "lemma auxes", aux, this.lemma);
}

/// What it governs.
fn complements(words: &Words<'_>, at: usize, this: &Word, out: &mut Vec<Feature>) {
    let doc = words.doc;
    let frame = frame(words, at);
    add!(out, "frame", frame, this.pos);
    add!(out, "lemma frame", frame, this.lemma);
    add!(out, "act frame", frame, this.act);
    for child in doc.children(at) {
        let word = words.get(child);
        let dep = doc.dep(child);
        if dep == "punct" {
            continue;
        }
        let side = u64::from(child > at);
        add!(out, "child", word.dep, this.pos, side);
        add!(out, "lemma child", word.dep, this.lemma, side);
        add!(out, "act child tag", word.dep, word.tag, this.act);
        match dep.as_str() {
            "prep" | "prt" | "mark" | "advmod" | "dobj" | "acomp" | "attr" | "det" | "poss" | "amod" | "oprd" | "agent"
            | "dative" | "xcomp" | "ccomp" | "pobj" => {
                add!(out, "child lemma", word.dep, word.lemma, this.pos);
                add!(out, "lemma child lemma", word.dep, word.lemma, this.lemma);
                add!(out, "act child lemma", word.dep, word.lemma, this.act);
            }
            _ => {}
        }
        match dep.as_str() {
            "dobj" | "attr" | "acomp" | "pobj" | "dative" | "oprd" => {
                add!(out, "object kind", word.dep, words.phrase_kind(child), this.lemma);
                add!(out, "object act", word.dep, word.act, this.lemma);
                for inner in doc.children(child) {
                    let inner = words.get(inner);
                    add!(out, "object's child", word.dep, inner.dep, this.act, word.act);
                }
            }
            "prep" => {
                if let Some(object) = doc.children(child).find(|&inner| matches!(doc.dep(inner).as_str(), "pobj" | "pcomp")) {
                    let object = words.get(object);
                    add!(out, "prep object", word.lemma, object.lemma, this.act);
                    add!(out, "prep object kind", word.lemma, object.dep, object.pos, this.lemma);
                }
            }
            "ccomp" | "xcomp" | "acl" | "relcl" => {
                let mark = doc.children(child).find(|&inner| inner < child && matches!(doc.dep(inner).as_str(), "mark" | "aux"));
                let mark = mark.map_or(2, |mark| words.get(mark).lemma);
                add!(out, "clause mark", word.dep, mark, side, this.act);
                add!(out, "lemma clause mark", word.dep, mark, this.lemma);
                add!(out, "clause tag", word.dep, word.tag, side, this.pos);
            }
            _ => {}
        }
    }
}

/// The cues that it may stand under: an attribution inside another's content is no attribution of its own.
fn governors(words: &Words<'_>, verdicts: &[Verdict], at: usize, this: &Word, out: &mut Vec<Feature>) {
    let doc = words.doc;
    let mut below = at;
    let mut path = 5u64;
    for (step, above) in doc.ancestors(at).take(6).enumerate() {
        let word = words.get(above);
        let dep = words.get(below).dep;
        path = (path.rotate_left(9) ^ dep).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if step > 0 {
            add!(out, "path", path, this.pos);
        }
        let inside = u64::from(above < at);
        if word.act != 0 {
            let rule = verdicts.get(above).copied().unwrap_or_default().rule;
            add!(out, "governor", word.lemma, dep, inside);
            add!(out, "governor act", word.act, dep, inside, this.act);
            add!(out, "governor rule", rule, dep, inside, u64::from(this.act != 0));
            add!(out, "governor path", path, word.act);
            break;
        }
        below = above;
    }
    if let Some(below) = doc.children(at).find(|&child| {
        matches!(doc.dep(child).as_str(), "ccomp" | "xcomp" | "conj" | "advcl" | "parataxis") && words.get(child).act != 0
    }) {
        let word = words.get(below);
        add!(out, "governs", word.act, word.dep, this.act);
        add!(out, "lemma governs", word.lemma, word.dep, this.act);
    }
}

/// Quotation marks, place in sentence and text.
fn surroundings(words: &Words<'_>, at: usize, this: &Word, out: &mut Vec<Feature>) {
    let doc = words.doc;
    let number = doc.sentence_of(at);
    let sentence = doc.sentences().get(number).copied().unwrap_or_default();
    let inside = u64::from(this.quotation != 0);
    let beside = words.quotations_beside(at);
    let other = others(words, at, sentence);
    let quotes = inside | beside << 1 | other << 3;
    add!(out, "quotes", quotes, this.pos);
    add!(out, "lemma quotes", quotes, this.lemma);
    add!(out, "act quotes", quotes, this.act, this.dep);
    let place = bucket(number).min(4);
    add!(out, "place", place, this.pos, this.dep);
    add!(out, "act place", place, this.act);
    let left = bucket(at - sentence.start);
    let right = bucket(sentence.end.saturating_sub(at + 1));
    add!(out, "left", left, this.act, this.pos);
    add!(out, "right", right, this.act, this.pos);
    add!(out, "length", bucket(sentence.len()), this.pos);
    let last = sentence.end.checked_sub(1).map_or(NONE, |last| *words.get(last));
    add!(out, "full stop", last.word, this.pos, place.min(1));
}

/// Quotations in the sentence that do not hold the token: before it, behind it.
fn others(words: &Words<'_>, at: usize, sentence: TokenRange) -> u64 {
    let here = words.get(at).quotation;
    let any = |from: usize, to: usize| {
        words
            .all
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .any(|word| word.quotation != 0 && word.quotation != here && !word.silent)
    };
    u64::from(any(sentence.start, at)) | u64::from(any(at, sentence.end)) << 1
}

/// The kind of a rule, from what it says of itself: the text behind its first word without the lemma.
pub(super) fn rule_kind(why: &str) -> u64 {
    let kind = why.split_once(" + ").map_or_else(|| why.split(' ').take(2).last().unwrap_or(why), |(_, rule)| rule);
    hash(kind)
}
