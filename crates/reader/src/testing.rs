//! Tiny parses for unit tests, written by hand.

use dateline_nlp::Doc;

/// A document from lines of `word tag dep head`, with optional `lemma` and entity type after them; head counts from 1 within the
/// sentence (0 is the root); an empty line ends a sentence. Coarse part of speech follows from the tag. Words are parted by one space.
///
/// # Panics
/// When a line is not of that form.
#[track_caller]
pub(crate) fn doc(lines: &str) -> Doc {
    let (mut text, mut rows) = (String::new(), Vec::new());
    let mut sentence = 0;
    let mut starts = true;
    let mut entity_before = String::new();
    for line in lines.lines().map(str::trim) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [word, tag, dep, head, rest @ ..] = &fields[..] else {
            assert!(fields.is_empty(), "not `word tag dep head`: {line}");
            sentence = rows.len();
            starts = true;
            continue;
        };
        if !text.is_empty() {
            text.push(' ');
        }
        let at = text.chars().count();
        text.push_str(word);
        let head: usize = head.parse().expect("head is a number");
        let head = if head == 0 { rows.len() } else { sentence + head - 1 };
        let lemma = rest.first().map_or_else(|| lemma(word, tag), |&lemma| lemma.to_owned());
        let entity = rest.get(1).copied().unwrap_or_default();
        let iob = match entity {
            "" => "O",
            entity if entity == entity_before && !starts => "I",
            _ => "B",
        };
        entity_before = entity.to_owned();
        rows.push(serde_json::json!([word, at, true, tag, pos(tag, dep), lemma, dep, head, iob, entity, starts]));
        starts = false;
    }
    if let Some(last) = rows.last_mut() {
        last[2] = false.into();
    }
    Doc::from_json_tokens(&text, &serde_json::Value::Array(rows)).expect("rows are made to fit")
}

fn pos(tag: &str, dep: &str) -> &'static str {
    match tag {
        "NN" | "NNS" => "NOUN",
        "NNP" | "NNPS" => "PROPN",
        "MD" => "AUX",
        _ if tag.starts_with("VB") && matches!(dep, "aux" | "auxpass") => "AUX",
        _ if tag.starts_with("VB") => "VERB",
        _ if tag.starts_with("JJ") => "ADJ",
        _ if tag.starts_with("RB") => "ADV",
        "PRP" | "PRP$" | "WP" | "EX" => "PRON",
        "DT" | "WDT" => "DET",
        "IN" | "RP" => "ADP",
        "CD" => "NUM",
        "CC" => "CCONJ",
        "TO" | "POS" => "PART",
        _ => "PUNCT",
    }
}

fn lemma(word: &str, tag: &str) -> String {
    match tag {
        "NNP" | "NNPS" => word.to_owned(),
        _ => word.to_lowercase(),
    }
}
