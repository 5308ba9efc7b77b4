//! Whether the parse is spaCy's, token by token.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::error::{EvalError, bad, need};
use crate::figures::{Mistake, Scored};
use crate::lines::{Line, list, string};
use crate::matching::precision_recall_f1;
use crate::text::Text;

/// Fields that are compared as they are, with their place in a row.
const PLAIN: [(&str, usize); 8] =
    [("ws", 2), ("tag", 3), ("pos", 4), ("lemma", 5), ("dep", 6), ("ent_iob", 8), ("ent_type", 9), ("is_sent_start", 10)];

/// A token: words, where they begin in code points, head; and the whole row for comparing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    words: String,
    start: usize,
    end: usize,
    head: usize,
    row: Vec<Value>,
}

impl Token {
    fn key(&self) -> (usize, &str) {
        (self.start, &self.words)
    }

    fn at(&self, field: usize) -> &Value {
        self.row.get(field).unwrap_or(&Value::Null)
    }

    fn words_at(&self, field: usize) -> &str {
        self.at(field).as_str().unwrap_or_default()
    }

    fn begins_sentence(&self) -> bool {
        self.at(10) == &Value::Bool(true)
    }
}

/// The tokens of a document, `[[text, idx, ws, tag, pos, lemma, dep, head, ent_iob, ent_type, is_sent_start], …]`.
pub(crate) fn tokens(rows: &[Value], text: Option<&Text>, place: &str) -> Result<Vec<Token>, EvalError> {
    let (mut out, mut end) = (Vec::new(), 0);
    for (i, value) in rows.iter().enumerate() {
        let place = format!("{place}: token {i}");
        let Some(row) = value.as_array().filter(|row| row.len() == 11) else { return bad(place, "not a list of 11") };
        let strings = [0, 3, 4, 5, 6, 8, 9].iter().all(|&i| row.get(i).is_some_and(Value::is_string));
        let flags = [2, 10].iter().all(|&i| row.get(i).is_some_and(Value::is_boolean));
        need(strings && flags, &place, || format!("fields of other kinds: {value}"))?;
        let number = |i: usize| row.get(i).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let (Some(start), Some(head)) = (number(1), number(7).filter(|head| *head < rows.len())) else {
            return bad(place, format!("idx or head: {value}"));
        };
        let words = row.first().and_then(Value::as_str).unwrap_or_default().to_owned();
        let iob = row.get(8).and_then(Value::as_str).unwrap_or_default();
        need(matches!(iob, "B" | "I" | "O" | ""), &place, || format!("ent_iob {iob:?}"))?;
        need(!words.is_empty() && start >= end, &place, || format!("is empty or overlaps the one before, which ends at {end}"))?;
        end = start + words.chars().count();
        if let Some(text) = text {
            let there = text.slice((start, end));
            need(there == words, &place, || format!("says {words:?} at {start}, the text has {there:?}"))?;
        }
        out.push(Token { words, start, end, head, row: row.clone() });
    }
    Ok(out)
}

/// The documents of a file, by name, in its order.
pub(crate) fn documents(lines: &[Line]) -> Result<Vec<(String, Vec<Token>)>, EvalError> {
    let (mut names, mut out) = (HashSet::new(), Vec::new());
    for Line { place, object } in lines {
        let name = string(object, "doc", place)?;
        need(names.insert(name), place, || format!("{name} is given twice"))?;
        out.push((name.to_owned(), tokens(list(object, "tokens", place)?, None, place)?));
    }
    Ok(out)
}

fn entities(tokens: &[Token]) -> HashSet<(usize, usize, String)> {
    let mut out = HashSet::new();
    let mut now: Option<(usize, usize, String)> = None;
    for token in tokens {
        let (iob, label) = (token.words_at(8), token.words_at(9));
        if let Some(entity) = now.as_mut().filter(|entity| iob == "I" && entity.2 == label) {
            entity.1 = token.end;
            continue;
        }
        out.extend(now.take());
        if matches!(iob, "B" | "I") {
            now = Some((token.start, token.end, label.to_owned()));
        }
    }
    out.extend(now);
    out
}

/// Compares parses; a document that is missing is wrong throughout.
pub(crate) fn score(set: &'static str, gold: &[(String, Vec<Token>)], found: &HashMap<String, Vec<Token>>) -> Scored {
    let mut out = Scored::new(set);
    let mut same = [0usize; PLAIN.len()];
    let (mut total, mut counterparts, mut predicted, mut uas, mut las) = (0, 0, 0, 0, 0);
    let (mut sentences, mut ents) = ([0usize; 3], [0usize; 3]);
    let (mut same_tokens, mut identical) = (0, 0);
    for (name, gold) in gold {
        let there = found.get(name);
        let mine = there.map_or(&[][..], Vec::as_slice);
        let mut note = |what: &str, token: &Token, want: &str, got: &str| {
            out.mistakes.push(Mistake {
                document: name.clone(),
                kind: "wrong",
                what: format!("{what} of {:?} at {}", token.words, token.start),
                text: String::new(),
                details: vec![format!("spaCy {want:?}, here {got:?}")],
                why: Vec::new(),
            });
        };
        let place: HashMap<_, _> = mine.iter().map(|token| (token.key(), token)).collect();
        total += gold.len();
        predicted += mine.len();
        for token in gold {
            let Some(other) = place.get(&token.key()) else {
                let over = mine.iter().filter(|other| other.start < token.end && token.start < other.end);
                let over: Vec<&str> = over.map(|other| other.words.as_str()).collect();
                note("token", token, &token.words, &over.join(" | "));
                continue;
            };
            counterparts += 1;
            for (count, (field, at)) in same.iter_mut().zip(PLAIN) {
                if other.at(at) == token.at(at) {
                    *count += 1;
                } else {
                    note(field, token, &token.at(at).to_string(), &other.at(at).to_string());
                }
            }
            let (head, other_head) = (gold.get(token.head), mine.get(other.head));
            if head.map(Token::key) == other_head.map(Token::key) {
                uas += 1;
                las += usize::from(other.at(6) == token.at(6));
            } else {
                let words = |token: Option<&Token>| token.map(|token| token.words.clone()).unwrap_or_default();
                note("head", token, &words(head), &words(other_head));
            }
        }
        let starts = |tokens: &[Token]| -> HashSet<usize> {
            tokens.iter().filter(|token| token.begins_sentence()).map(|token| token.start).collect()
        };
        let (a, b) = (starts(gold), starts(mine));
        let (c, d) = (entities(gold), entities(mine));
        let both = [(a.intersection(&b).count(), b.len(), a.len()), (c.intersection(&d).count(), d.len(), c.len())];
        for (sums, (right, mine, theirs)) in [&mut sentences, &mut ents].into_iter().zip(both) {
            sums[0] += right;
            sums[1] += mine;
            sums[2] += theirs;
        }
        same_tokens += usize::from(gold.iter().map(Token::key).eq(mine.iter().map(Token::key)));
        identical += usize::from(there.is_some_and(|mine| mine == gold));
    }
    out.notes.push(format!(
        "{} documents, tokenised identically {same_tokens}, identical in everything {identical}; {total} tokens of spaCy",
        gold.len()
    ));
    let share = |of: usize| if total == 0 { 1.0 } else { of as f64 / total as f64 };
    let documents = |of: usize| if gold.is_empty() { 1.0 } else { of as f64 / gold.len() as f64 };
    out.share("all", "documents identical in everything", documents(identical));
    out.shares("all", "tokens", precision_recall_f1(counterparts, predicted, total));
    out.shares("all", "sentences", precision_recall_f1(sentences[0], sentences[1], sentences[2]));
    out.shares("all", "entities", precision_recall_f1(ents[0], ents[1], ents[2]));
    for (count, (field, _)) in same.into_iter().zip(PLAIN) {
        out.share("agreement", field, share(count));
    }
    out.share("agreement", "UAS", share(uas));
    out.share("agreement", "LAS", share(las));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(value: serde_json::Value) -> Vec<Token> {
        tokens(value.as_array().unwrap(), None, "g:1").unwrap()
    }

    fn kyiv() -> Vec<Token> {
        parsed(json!([
            ["Kyiv", 0, true, "NNP", "PROPN", "Kyiv", "nsubj", 1, "B", "GPE", true],
            ["held", 5, false, "VBD", "VERB", "hold", "ROOT", 1, "O", "", false],
            [".", 9, false, ".", "PUNCT", ".", "punct", 1, "O", "", false]
        ]))
    }

    #[test]
    fn the_same_parse_is_all_right_and_another_is_less() {
        let gold = vec![("a".to_owned(), kyiv())];
        let scored = score("parity", &gold, &HashMap::from([("a".to_owned(), kyiv())]));
        assert!(scored.figures.iter().all(|figure| figure.value == Some(1.0)), "{scored:?}");
        let mut other = kyiv();
        other[0].row[9] = json!("ORG");
        other[2].head = 0;
        let scored = score("parity", &gold, &HashMap::from([("a".to_owned(), other)]));
        assert_eq!(scored.value("agreement", "ent_type"), Some(2.0 / 3.0));
        assert_eq!(scored.value("agreement", "UAS"), Some(2.0 / 3.0));
        assert_eq!(scored.value("all", "entities F1"), Some(0.0));
        assert_eq!(scored.mistakes.len(), 2);
        let scored = score("parity", &gold, &HashMap::new());
        assert_eq!(scored.value("agreement", "tag"), Some(0.0));
    }

    #[test]
    fn malformed_rows_are_refused() {
        for row in [
            json!([["x", 0]]),
            json!([["x", 0, 1, "", "", "", "", 0, "B", "", true]]),
            json!([["x", 0, true, "", "", "", "", 9, "B", "", true]]),
            json!([["x", 0, true, "", "", "", "", 0, "Z", "", true]]),
            json!([["", 0, true, "", "", "", "", 0, "B", "", true]]),
            json!([7]),
        ] {
            assert!(tokens(row.as_array().unwrap(), None, "g:1").is_err(), "{row}");
        }
        assert!(tokens(&[json!(["x", 0, true, "", "", "", "", 0, "B", "", true])], Some(&Text::new("y")), "g:1").is_err());
    }
}
