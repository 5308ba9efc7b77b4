//! Noun phrases: how far they go, and how they hang in their sentence.

use dateline_nlp::{Doc, TokenRange};

/// Longest reach of a noun phrase to either side of its head, in tokens; longer ones are errors of the parse.
const REACH: usize = 24;

/// Steps upwards before a climb is given up; deeper trees are garbage.
pub(crate) const CLIMB: usize = 24;

/// The phrase of `head` without what follows it: determiners, adjectives, compounds and possessors.
pub(crate) fn base(doc: &Doc, head: usize) -> TokenRange {
    let sentence = doc.sentences().get(doc.sentence_of(head)).copied().unwrap_or(TokenRange::single(head));
    let floor = head.saturating_sub(REACH).max(sentence.start);
    let mut start = head;
    for child in doc.children(head).take_while(|&child| child < head) {
        let dep = doc.dep(child).as_str();
        if matches!(
            dep,
            "cc" | "relcl"
                | "mark"
                | "prep"
                | "parataxis"
                | "dep"
                | "intj"
                | "aux"
                | "cop"
                | "nsubj"
                | "advcl"
                | "csubj"
                | "conj"
        ) || doc.pos(child) == "SPACE"
            || (dep == "advmod"
                && doc.tag(child) == "RB"
                && !matches!(doc.word(child), "more" | "most" | "nearly" | "almost" | "about"))
        {
            continue;
        }
        start = start.min(doc.subtree(child).start.max(floor));
    }
    // A verb's own object may have its subject's words to the left; a phrase holds no finite verb.
    for k in (start..head).rev() {
        let tag = doc.tag(k);
        let clause =
            (tag == "VBD" || tag == "VBZ" || tag == "VBP" || tag == "MD") && doc.dep(k) != "amod" && doc.dep(k) != "compound";
        if clause || doc.pos(k) == "SPACE" || matches!(doc.word(k), ";" | ":") {
            start = k + 1;
            break;
        }
    }
    while start < head && is_loose(doc, start) {
        start += 1;
    }
    TokenRange::new(start, head + 1)
}

/// Punctuation that may not open a phrase; a quotation mark may when its partner stands inside.
fn is_loose(doc: &Doc, at: usize) -> bool {
    if doc.pos(at) != "PUNCT" && doc.pos(at) != "CCONJ" {
        return false;
    }
    let quote = matches!(doc.word(at), "‘" | "“" | "«" | "\"" | "'" | "„");
    !quote
        || !doc
            .children(doc.head(at))
            .any(|k| k > at && k < doc.head(at) && matches!(doc.word(k), "’" | "”" | "»" | "\"" | "'" | "“"))
}

/// End of the phrase with the prepositional phrases that these prepositions open, cut before clauses and commas.
pub(crate) fn extended(doc: &Doc, head: usize, prepositions: &[&str]) -> usize {
    let mut end = head + 1;
    let mut at = head;
    for _ in 0..3 {
        let Some(prep) =
            doc.children(at).find(|&child| child == end && doc.dep(child) == "prep" && prepositions.contains(&doc.word(child)))
        else {
            return end;
        };
        let Some(object) = doc.child(prep, "pobj").filter(|&object| object > prep && object - head <= REACH) else { return end };
        if base(doc, object).start != prep + 1 {
            return end;
        }
        end = object + 1;
        at = object;
    }
    end
}

/// The first of a coordinated group, and how it hangs: (dependency, governor).
pub(crate) fn governed(doc: &Doc, head: usize) -> (usize, &'static str, usize) {
    let mut at = head;
    for _ in 0..CLIMB {
        if !matches!(doc.dep(at).as_str(), "conj" | "appos") || doc.is_root(at) {
            break;
        }
        at = doc.head(at);
    }
    (at, doc.dep(at).as_str(), doc.head(at))
}

/// For an object of a preposition: the preposition and what it hangs on.
pub(crate) fn preposition(doc: &Doc, head: usize) -> Option<(usize, usize)> {
    let (_, dep, prep) = governed(doc, head);
    (dep == "pobj").then(|| (prep, doc.head(prep)))
}

/// True when the token is the first part of a hyphened word: *Russian-backed*, *anti-government*.
pub(crate) fn hyphened(doc: &Doc, last: usize) -> bool {
    last + 2 < doc.len()
        && matches!(doc.word(last + 1), "-" | "–" | "‑")
        && !doc.token(last).space_after
        && !doc.token(last + 1).space_after
        && doc.word(last + 2).starts_with(char::is_alphabetic)
}

/// True when the token is the last part of a hyphened word: *anti-American*.
pub(crate) fn hyphened_before(doc: &Doc, first: usize) -> bool {
    first >= 2
        && matches!(doc.word(first - 1), "-" | "–" | "‑")
        && !doc.token(first - 1).space_after
        && !doc.token(first - 2).space_after
}
