//! Words for nationalities, peoples and faiths: *Ukrainian*, *Kurds*, *Sunni*.

use dateline_gazetteer::How;
use dateline_nlp::{Doc, TokenRange};

use super::People;
use super::geography::StateForm;
use super::phrase::hyphened_before;
use super::rules::Rules;
use super::words::Words;

/// All of them, in text order. Names of states are none, and parts of names of persons are none.
pub(super) fn find(rules: &Rules, doc: &Doc, words: &Words) -> Vec<People> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < doc.len() {
        match at(rules, doc, words, i) {
            Some(people) => {
                i = people.tokens.end;
                out.push(people);
            }
            None => i += 1,
        }
    }
    out
}

fn at(rules: &Rules, doc: &Doc, words: &Words, i: usize) -> Option<People> {
    if !doc.word(i).starts_with(char::is_uppercase) {
        return None;
    }
    let entity = doc.entity_at(i);
    let label = entity.map_or("", |entity| entity.label.as_str());
    if let Some((length, state)) = rules.geography.state_at(doc, words, i) {
        let people = matches!(state.form, StateForm::Adjective | StateForm::People) && !short(doc.word(i));
        return people.then(|| People { tokens: TokenRange::new(i, i + length), country: Some(state.country) });
    }
    if label == "PERSON" {
        return None;
    }
    if rules.toponyms.people(words.folded(i)) {
        return Some(People { tokens: TokenRange::single(i), country: None });
    }
    let adjective = matches!(doc.pos(i).as_str(), "ADJ" | "PROPN") && matches!(label, "NORP" | "LOC" | "");
    if adjective {
        let length = if i + 1 < doc.len() && doc.word(i + 1).starts_with(char::is_uppercase) { 2 } else { 1 };
        for end in (i + 1..=i + length).rev() {
            let tokens = TokenRange::new(i, end);
            let named = |how: How| how == How::Adjective;
            if doc.pos(end - 1) == "ADJ" && rules.geography.gazetteer.lookup(doc.words(tokens)).any(|found| named(found.how)) {
                return Some(People { tokens, country: None });
            }
        }
    }
    let entity = entity.filter(|entity| entity.label == "NORP" && entity.tokens.start == i && !hyphened_before(doc, i))?;
    let party = entity.tokens.indices().any(|k| rules.names.longest(doc, words, k).is_some());
    (!party && entity.tokens.len() == 1).then_some(People { tokens: entity.tokens, country: None })
}

/// *U.S.* is an adjective of a state by its name.
fn short(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() < 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicons;
    use crate::testing::doc;

    #[test]
    fn nationalities_peoples_and_faiths() {
        let rules = Rules::new(&Lexicons::default()).unwrap();
        let doc = doc("The DT det 3
             Iraqi JJ amod 3
             army NN nsubj 7
             and CC cc 3
             Kurdish JJ amod 6 Kurdish NORP
             troops NNS conj 3
             guarded VBD ROOT 0
             Sunni JJ amod 9 Sunni NORP
             towns NNS dobj 7
             in IN prep 9
             Iraq NNP pobj 10 Iraq GPE
             . . punct 7");
        let found = find(&rules, &doc, &Words::of(&doc));
        let found: Vec<_> = found.iter().map(|people| (doc.words(people.tokens), people.country.is_some())).collect();
        assert_eq!(found, [("Iraqi", true), ("Kurdish", false), ("Sunni", false)]);
    }
}
