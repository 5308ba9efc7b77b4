//! Whether a pattern fits around a verb: its words are looked for in the verb's clause, voice undone.
//!
//! Words before `*` stand with whoever does it (and beside the verb, before it); words after `*` with what it is done to and with the
//! rest of the clause. On each side they stand in the pattern's order, with any words between. A group `(TO BORDER)` is a
//! prepositional phrase of the clause. Of the patterns that fit, the one that asks for most words wins, of two such the earlier.

use std::collections::HashMap;

use dateline_nlp::Doc;

use super::verbs::{Group, Item, Pattern, Phrase, Side, Word};
use crate::happenings::grammar;
use crate::mentions::noun_phrase;

/// How far from the verb a word of its clause may stand, in tokens.
const REACH: usize = 40;

/// Who `$` and `+` of a pattern are, by head token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) source: Option<usize>,
    pub(super) target: Option<usize>,
}

/// Patterns of one block, by a word that each needs.
#[derive(Debug, Default)]
pub(super) struct Block {
    patterns: Vec<Pattern>,
    by_word: HashMap<Box<str>, Vec<u32>>,
    /// Those that need no word.
    always: Vec<u32>,
}

impl Block {
    pub(super) fn new(patterns: Vec<Pattern>, synsets: &[Vec<Phrase>]) -> Self {
        let mut by_word: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut always = Vec::new();
        for (at, pattern) in patterns.iter().enumerate() {
            match key(pattern, synsets) {
                Some(words) => {
                    for word in words {
                        let list = by_word.entry(word.into()).or_default();
                        if list.last() != Some(&(at as u32)) {
                            list.push(at as u32);
                        }
                    }
                }
                None => always.push(at as u32),
            }
        }
        Self { patterns, by_word, always }
    }

    /// The pattern that fits best around `verb`, and whom it binds.
    pub(super) fn best(&self, doc: &Doc, synsets: &[Vec<Phrase>], verb: usize) -> Option<(&Pattern, Bound)> {
        if self.patterns.is_empty() {
            return None;
        }
        let clause = Clause::of(doc, verb);
        let mut asked: Vec<u32> = self.always.clone();
        for &token in clause.before.iter().chain(&clause.after) {
            for word in [doc.word(token).to_lowercase(), doc.lemma(token).to_lowercase()] {
                asked.extend(self.by_word.get(word.as_str()).into_iter().flatten());
            }
        }
        asked.sort_unstable();
        asked.dedup();
        let mut best: Option<(&Pattern, Bound)> = None;
        for pattern in asked.into_iter().filter_map(|at| self.patterns.get(at as usize)) {
            if best.as_ref().is_some_and(|(known, _)| known.weight >= pattern.weight) {
                continue;
            }
            if let Some(bound) = clause.fits(doc, synsets, pattern) {
                best = Some((pattern, bound));
            }
        }
        best
    }
}

/// Words one of which must stand in the clause for the pattern to fit.
fn key(pattern: &Pattern, synsets: &[Vec<Phrase>]) -> Option<Vec<String>> {
    let sides = [&pattern.after, &pattern.before];
    let words = |word: &Word| match word {
        Word::Plain(word) => vec![word.clone()],
        Word::Synset(at) => {
            let phrases = synsets.get(*at).map(Vec::as_slice).unwrap_or_default();
            phrases.iter().filter_map(|phrase| phrase.words.first().cloned()).collect()
        }
    };
    let groups = || sides.into_iter().flat_map(|side| &side.groups);
    let items = sides.into_iter().flat_map(|side| &side.items).chain(groups().flat_map(|group| &group.items));
    let named = items.filter_map(|item| match item {
        Item::Word(word) | Item::Phrase(_, word) => Some(words(word)),
        Item::Run(run) => run.first().map(words),
        Item::Source | Item::Target | Item::Both | Item::Neither => None,
    });
    named.chain(groups().map(|group| group.prepositions.clone())).min_by_key(Vec::len)
}

/// The words around a verb, in text order.
struct Clause {
    before: Vec<usize>,
    after: Vec<usize>,
    /// Prepositions of the clause.
    prepositions: Vec<usize>,
}

impl Clause {
    fn of(doc: &Doc, verb: usize) -> Self {
        let sentence = doc.sentences().get(doc.sentence_of(verb)).copied().unwrap_or_default();
        let (start, end) = (sentence.start.max(verb.saturating_sub(REACH)), sentence.end.min(verb + REACH));
        let inside = |top: usize| doc.subtree(top).indices().filter(move |&token| token >= start && token < end && token != verb);
        let (mut before, mut after): (Vec<usize>, Vec<usize>) =
            inside(verb).filter(|&token| belongs(doc, token, verb)).partition(|&token| token < verb);
        let subjects = grammar::surface_subject(doc, verb);
        let of_subject = |token: &usize| subjects.iter().any(|&subject| *token == subject || doc.is_below(*token, subject));
        // A subject that the verb shares with another stands outside its own words.
        for &subject in &subjects {
            before.extend(inside(subject).filter(|&token| belongs(doc, token, subject)));
        }
        if grammar::is_passive(doc, verb) {
            let mut agents = Vec::new();
            grammar::agent(doc, verb, &mut agents);
            let of_agent = |token: &usize| agents.iter().any(|&agent| *token == agent || doc.is_below(*token, agent));
            let (undergoer, rest): (Vec<usize>, Vec<usize>) = before.into_iter().partition(of_subject);
            let (agent, rest_after): (Vec<usize>, Vec<usize>) = after.into_iter().partition(of_agent);
            before = rest.into_iter().chain(agent).collect();
            after = undergoer.into_iter().chain(rest_after).collect();
        }
        for side in [&mut before, &mut after] {
            side.sort_unstable();
            side.dedup();
        }
        let prepositions = before.iter().chain(&after).copied();
        let prepositions = prepositions.filter(|&token| matches!(doc.dep(token).as_str(), "prep" | "agent" | "dative")).collect();
        Self { before, after, prepositions }
    }

    fn fits(&self, doc: &Doc, synsets: &[Vec<Phrase>], pattern: &Pattern) -> Option<Bound> {
        let mut bound = Bound::default();
        let look = Look { doc, synsets };
        for (side, tokens) in [(&pattern.before, &self.before), (&pattern.after, &self.after)] {
            self.side(&look, side, tokens, &mut bound)?;
        }
        Some(bound)
    }

    fn side(&self, look: &Look<'_>, side: &Side, tokens: &[usize], bound: &mut Bound) -> Option<()> {
        look.in_order(&side.items, tokens, bound)?;
        side.groups.iter().try_for_each(|group| self.group(look, group, bound))
    }

    fn group(&self, look: &Look<'_>, group: &Group, bound: &mut Bound) -> Option<()> {
        self.prepositions.iter().find_map(|&preposition| {
            let word = look.doc.word(preposition);
            if !group.prepositions.iter().any(|wanted| word.eq_ignore_ascii_case(wanted)) {
                return None;
            }
            let below: Vec<usize> =
                look.doc.subtree(preposition).indices().filter(|&token| token != preposition).take(REACH).collect();
            let mut tried = *bound;
            look.in_order(&group.items, &below, &mut tried)?;
            *bound = tried;
            Some(())
        })
    }
}

/// Whether a word belongs to the clause of `top`: no other clause stands between.
fn belongs(doc: &Doc, token: usize, top: usize) -> bool {
    let mut at = token;
    for _ in 0..REACH {
        if at == top {
            return true;
        }
        let other = match doc.dep(at).as_str() {
            "relcl" | "advcl" | "parataxis" => true,
            "conj" => matches!(doc.pos(at).as_str(), "VERB" | "AUX"),
            _ => false,
        };
        if other || doc.is_root(at) {
            return false;
        }
        at = doc.head(at);
    }
    false
}

/// Looks for words.
struct Look<'a> {
    doc: &'a Doc,
    synsets: &'a [Vec<Phrase>],
}

impl Look<'_> {
    /// Whether the items stand among the tokens in this order.
    fn in_order(&self, items: &[Item], tokens: &[usize], bound: &mut Bound) -> Option<()> {
        let mut from = 0;
        for item in items {
            let (at, length) = (from..tokens.len()).find_map(|at| Some((at, self.item(item, tokens, at)?)))?;
            if let Some(&head) = tokens.get(at) {
                match item {
                    Item::Source => bound.source = Some(head),
                    Item::Target => bound.target = Some(head),
                    Item::Both => *bound = Bound { source: Some(head), target: Some(head) },
                    _ => {}
                }
            }
            from = at + length;
        }
        Some(())
    }

    /// How many of the tokens from `at` on the item takes.
    fn item(&self, item: &Item, tokens: &[usize], at: usize) -> Option<usize> {
        let token = *tokens.get(at)?;
        match item {
            Item::Word(word) => self.word(word, token),
            Item::Run(words) => {
                let mut length = 0;
                for word in words {
                    length += self.word(word, token + length)?;
                }
                Some(length)
            }
            Item::Phrase(first, head) => {
                let length = self.word(head, token)?;
                let phrase = noun_phrase(self.doc, token + length - 1);
                let mut from = phrase.start;
                for word in first {
                    let (place, length) = (from..token).find_map(|place| Some((place, self.word(word, place)?)))?;
                    from = place + length;
                }
                Some(length)
            }
            Item::Source | Item::Target | Item::Both | Item::Neither => {
                let noun = matches!(self.doc.pos(token).as_str(), "NOUN" | "PROPN" | "PRON");
                let head = !matches!(self.doc.dep(token).as_str(), "compound" | "amod" | "poss" | "nmod");
                (noun && head).then_some(1)
            }
        }
    }

    /// How many tokens from `token` on are the word, or a phrase of the synset.
    fn word(&self, word: &Word, token: usize) -> Option<usize> {
        match word {
            Word::Plain(word) => self.is(word, token, false).then_some(1),
            Word::Synset(at) => {
                let phrases = self.synsets.get(*at)?;
                phrases.iter().filter(|phrase| self.phrase(phrase, token)).map(|phrase| phrase.words.len()).max()
            }
        }
    }

    fn phrase(&self, phrase: &Phrase, token: usize) -> bool {
        let last = phrase.words.len().saturating_sub(1);
        phrase.words.iter().enumerate().all(|(at, word)| self.is(word, token + at, phrase.exact || at < last))
    }

    fn is(&self, word: &str, token: usize, exact: bool) -> bool {
        token < self.doc.len() && (equal(word, self.doc.word(token)) || (!exact && equal(word, self.doc.lemma(token))))
    }
}

/// Whether a word of the text is this word in lower case.
fn equal(lower: &str, word: &str) -> bool {
    if word.is_ascii() { lower.eq_ignore_ascii_case(word) } else { lower.chars().eq(word.chars().flat_map(char::to_lowercase)) }
}
