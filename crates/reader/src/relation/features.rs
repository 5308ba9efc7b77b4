//! What the model of relations looks at.

use dateline_nlp::Doc;

use super::Question;
use super::chain::{predicates, top};
use super::votes::votes;
use crate::happenings::Role;
use crate::learned::Feature;

/// A sentence with the names in it masked.
struct Masked<'a> {
    doc: &'a Doc,
    /// What stands for each token: its lemma, or a mask for a party, a name, a number.
    words: Vec<&'a str>,
    /// Tokens of the sentences in which the parties stand.
    span: std::ops::Range<usize>,
}

const SOURCE: &str = "<s>";
const TARGET: &str = "<t>";
const NAME: &str = "<n>";
const NUMBER: &str = "<d>";

fn is_mask(word: &str) -> bool {
    word.starts_with('<')
}

impl<'a> Masked<'a> {
    fn new(question: &Question<'a>) -> Self {
        let doc = question.doc;
        let mut words: Vec<&str> = (0..doc.len())
            .map(|i| match doc.pos(i).as_str() {
                "PROPN" => NAME,
                "NUM" => NUMBER,
                _ if matches!(doc.token(i).entity.as_str(), "DATE" | "TIME" | "MONEY" | "CARDINAL" | "PERCENT") => NUMBER,
                _ => doc.lemma(i),
            })
            .collect();
        for (tokens, mask) in [(question.target, TARGET), (question.source, SOURCE)] {
            for &token in tokens {
                if let Some(word) = words.get_mut(token) {
                    *word = mask;
                }
            }
        }
        let parties = || question.source.iter().chain(question.target).copied().filter(|&token| token < doc.len());
        let span = match (parties().min(), parties().max()) {
            (Some(first), Some(last)) => {
                let sentence = |token| doc.sentences().get(doc.sentence_of(token)).map(|range| range.indices());
                sentence(first).map_or(0, |range| range.start)..sentence(last).map_or(doc.len(), |range| range.end)
            }
            _ => 0..doc.len(),
        };
        Self { doc, words, span }
    }

    fn word(&self, token: usize) -> &'a str {
        self.words.get(token).copied().unwrap_or_default()
    }
}

/// All features, each once.
pub(super) fn of(question: &Question) -> Vec<Feature> {
    let masked = Masked::new(question);
    let mut out = Vec::with_capacity(400);
    bag(question, &masked, &mut out);
    runs(&masked, &mut out);
    path(question, &masked, &mut out);
    for (side, tokens) in [("s", question.source), ("t", question.target)] {
        if let Some(token) = top(question.doc, tokens) {
            hangs(&masked, side, token, &mut out);
            for predicate in predicates(question.doc, token) {
                frame(question, &masked, side, predicate, &mut out);
            }
        }
    }
    voted(question, &mut out);
    out.sort_unstable_by_key(|feature| feature.bits());
    out.dedup_by_key(|feature| feature.bits());
    out
}

/// The first five letters: *condemn* and *condemnation*, *deploy* and *deployment* share them.
fn stem(word: &str) -> &str {
    word.char_indices().nth(5).map_or(word, |(end, _)| word.get(..end).unwrap_or(word))
}

/// Content words, with where they stand; nouns and adjectives inside the parties.
fn bag(question: &Question, masked: &Masked, out: &mut Vec<Feature>) {
    let doc = masked.doc;
    let edges = |tokens: &[usize]| (tokens.first().copied().unwrap_or(0), tokens.last().copied().unwrap_or(0));
    let (source, target) = (edges(question.source), edges(question.target));
    let (left, right) = if source.0 <= target.0 { (source, target) } else { (target, source) };
    for token in masked.span.clone() {
        let word = masked.word(token);
        let pos = doc.pos(token);
        if word == SOURCE || word == TARGET {
            if matches!(pos.as_str(), "NOUN" | "ADJ" | "VERB") {
                out.push(Feature::of("in").and(word).and(doc.lemma(token)));
            }
            continue;
        }
        if is_mask(word) || !matches!(pos.as_str(), "NOUN" | "VERB" | "ADJ" | "ADV") {
            continue;
        }
        let zone = if token < left.0 {
            "before"
        } else if token > right.1 {
            "after"
        } else {
            "between"
        };
        out.push(Feature::of("word").and(word));
        out.push(Feature::of("zone").and(zone).and(word));
        if matches!(pos.as_str(), "NOUN" | "VERB") {
            out.push(Feature::of("stem").and(stem(word)));
            for kind in question.rules.kinds(word, pos == "VERB") {
                out.push(Feature::of("kinds").and(zone).and(kind.as_str()));
            }
        }
    }
}

/// Runs of two and three words, without articles, adjectives, adverbs and numbers.
fn runs(masked: &Masked, out: &mut Vec<Feature>) {
    let mut kept: Vec<&str> = Vec::with_capacity(masked.span.len());
    for token in masked.span.clone() {
        let word = masked.word(token);
        let dropped = word == NUMBER
            || (!is_mask(word) && matches!(masked.doc.pos(token).as_str(), "DET" | "PUNCT" | "ADV" | "ADJ" | "SPACE" | "NUM"));
        let again = is_mask(word) && kept.last() == Some(&word);
        if !dropped && !again {
            kept.push(word);
        }
    }
    for pair in kept.windows(2) {
        if let [a, b] = pair {
            out.push(Feature::of("two").and(a).and(b));
        }
    }
    for three in kept.windows(3) {
        if let [a, b, c] = three {
            out.push(Feature::of("three").and(a).and(b).and(c));
        }
    }
}

/// The way through the tree from the source to the target.
fn path(question: &Question, masked: &Masked, out: &mut Vec<Feature>) {
    let doc = masked.doc;
    let (Some(source), Some(target)) = (top(doc, question.source), top(doc, question.target)) else { return };
    let line = |token: usize| std::iter::once(token).chain(doc.ancestors(token)).collect::<Vec<usize>>();
    let (ups, downs) = (line(source), line(target));
    out.push(Feature::of("order").number(i64::from(source < target)));
    let Some(at) = ups.iter().position(|token| downs.contains(token)) else { return };
    let Some(&common) = ups.get(at) else { return };
    let up = ups.get(1..at).unwrap_or_default();
    let down: Vec<usize> = downs.iter().skip(1).copied().take_while(|&token| token != common).collect();
    out.push(Feature::of("common").and(masked.word(common)));
    let mut way = Feature::of("way");
    for &token in up {
        out.push(Feature::of("up").and(masked.word(token)));
        way = way.and(masked.word(token));
    }
    way = way.and("^").and(masked.word(common)).and("^");
    for &token in &down {
        out.push(Feature::of("down").and(masked.word(token)));
        out.push(Feature::of("common-down").and(masked.word(common)).and(masked.word(token)));
        way = way.and(masked.word(token));
    }
    out.push(way);
    out.push(Feature::of("length").number(up.len().min(3) as i64).number(down.len().min(4) as i64));
}

/// What a party hangs by.
fn hangs(masked: &Masked, side: &str, token: usize, out: &mut Vec<Feature>) {
    let doc = masked.doc;
    out.push(Feature::of("label").and(side).and(doc.dep(token).as_str()));
    let mut below = token;
    for (steps, above) in doc.ancestors(token).take(4).enumerate() {
        out.push(Feature::of("above").and(side).and(masked.word(above)));
        if steps < 2 {
            let step = Feature::of("above").and(side).number(steps as i64);
            out.push(step.and(masked.word(above)).and(doc.dep(below).as_str()));
        }
        below = above;
    }
    if let Some(verb) = doc.ancestors(token).find(|&above| doc.pos(above) == "VERB") {
        out.push(Feature::of("verb").and(side).and(masked.word(verb)));
    }
}

/// A predicate with what stands around it.
fn frame(question: &Question, masked: &Masked, side: &str, predicate: usize, out: &mut Vec<Feature>) {
    let doc = masked.doc;
    let verb = masked.word(predicate);
    let of = |kind: &str| Feature::of(kind).and(side);
    out.push(of("predicate").and(verb));
    out.push(of("predicate-stem").and(stem(verb)));
    for kind in question.rules.kinds(verb, true) {
        out.push(of("predicate-kind").and(kind.as_str()));
    }
    let head = doc.head(predicate);
    if head != predicate {
        out.push(of("under").and(masked.word(head)).and(verb));
    }
    for child in doc.children(predicate) {
        let word = masked.word(child);
        match doc.dep(child).as_str() {
            "aux" => {
                out.push(of("aux").and(word));
                if matches!(word, "will" | "would" | "shall" | "may" | "might" | "could" | "must" | "should") {
                    out.push(of("modal").and(word).and(verb));
                    out.push(of("meant").and(verb));
                }
            }
            "neg" => {
                out.push(of("not"));
                out.push(of("not").and(verb));
            }
            label @ ("dobj" | "attr" | "acomp" | "prt" | "nsubjpass" | "oprd" | "dative") => {
                out.push(of(label).and(word));
                out.push(of(label).and(verb).and(word));
                if label == "dobj" || label == "nsubjpass" {
                    object(question, masked, side, child, out);
                }
            }
            "prep" | "agent" => {
                out.push(of("prep").and(verb).and(word));
                for inner in doc.children(child) {
                    out.push(of("prep-object").and(word).and(masked.word(inner)));
                    out.push(of("prep-object").and(verb).and(word).and(masked.word(inner)));
                }
            }
            "xcomp" | "ccomp" => out.push(of("clause").and(verb).and(word)),
            _ => {}
        }
    }
}

/// What modifies an object.
fn object(question: &Question, masked: &Masked, side: &str, noun: usize, out: &mut Vec<Feature>) {
    let doc = masked.doc;
    let word = masked.word(noun);
    let of = |kind: &str| Feature::of(kind).and(side);
    out.push(of("object-stem").and(stem(word)));
    for kind in question.rules.kinds(word, false) {
        out.push(of("object-kind").and(kind.as_str()));
    }
    for child in doc.children(noun) {
        match doc.dep(child).as_str() {
            "compound" | "amod" => out.push(of("modified").and(masked.word(child)).and(word)),
            "prep" => {
                for inner in doc.children(child) {
                    out.push(of("of-object").and(word).and(masked.word(child)).and(masked.word(inner)));
                }
            }
            _ => {}
        }
    }
}

/// How the happenings vote.
fn voted(question: &Question, out: &mut Vec<Feature>) {
    let votes = votes(question);
    let Some(best) = votes.first() else {
        out.push(Feature::of("no vote"));
        return;
    };
    let level = i64::from(best.fit.clamp(-20, 69) / 15);
    out.push(Feature::of("vote").and(best.root));
    out.push(Feature::of("vote").and(best.root).number(level));
    out.push(Feature::of("vote by").and(best.entry()));
    out.push(Feature::of("vote word").and(best.root).and(question.doc.lemma(best.happening.trigger)));
    if let Some(mode) = best.happening.mode {
        out.push(Feature::of("vote mode").and(best.root).and(mode.as_str()));
    }
    if let Some(second) = votes.iter().find(|vote| vote.root != best.root) {
        out.push(Feature::of("second").and(second.root));
        out.push(Feature::of("votes").and(best.root).and(second.root));
    }
    for vote in &votes {
        let bears = |role: Role, tokens: &[usize]| vote.happening.heads(role).any(|head| tokens.contains(&head));
        let acts = bears(Role::Actor, question.source);
        let undergoes = bears(Role::Recipient, question.target) || bears(Role::Theme, question.target);
        out.push(Feature::of("told").and(vote.root).number(i64::from(acts)).number(i64::from(undergoes)));
    }
}
