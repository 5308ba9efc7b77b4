//! Entities in defence and security reporting, by type, of the reading and of the parse under it.
//!
//! Leading articles are cut off on both sides, since the set marks some with and some without. `exact` asks for the same words,
//! `overlap` for a shared one, one to one.

use std::collections::{BTreeSet, HashSet};

use dateline_nlp::Doc;
use dateline_reader::times;
use dateline_record::{EntityKind, Reading, Report};
use dateline_text::TextIndex;

use crate::error::{EvalError, need};
use crate::figures::{Mistake, Scored};
use crate::lines::{Line, field, list, maybe_string, object, span_of, string};
use crate::matching::precision_recall_f1;
use crate::text::{Span, Text};

/// The types of the set that are scored, in the order of the table. Vehicles are left out: nearly all of their marks are off.
const TYPES: [&str; 10] = [
    "Organisation",
    "Location",
    "Person",
    "Nationality",
    "Temporal",
    "Quantity",
    "Money",
    "Weapon",
    "MilitaryPlatform",
    "DocumentReference",
];

/// A span with its type.
pub(crate) type Named = (Span, &'static str);

/// A marked document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) raw: String,
    pub(crate) source: Option<String>,
    pub(crate) text: Text,
    pub(crate) marked: Vec<Named>,
}

/// The marked documents of some lines.
pub(crate) fn documents(lines: &[Line]) -> Result<Vec<Document>, EvalError> {
    let (mut names, mut out) = (HashSet::new(), Vec::new());
    for Line { place, object: line } in lines {
        let name = string(line, "doc", place)?;
        need(names.insert(name), place, || format!("{name} is given twice"))?;
        let raw = string(line, "text", place)?;
        let text = Text::new(raw);
        let mut marked = BTreeSet::new();
        for value in list(line, "entities", place)? {
            let entity = object(value, place)?;
            let (start, end) = (field(entity, "start", place)?.as_u64(), field(entity, "end", place)?.as_u64());
            let (start, end) = (start.unwrap_or(u64::MAX), end.unwrap_or(u64::MAX));
            let span = span_of(start, end, maybe_string(entity, "text", place)?, &text, place)?;
            let kind = string(entity, "type", place)?;
            if let Some(kind) = TYPES.into_iter().find(|known| *known == kind) {
                marked.insert((without_article(&text, span), kind));
            }
        }
        out.push(Document {
            name: name.to_owned(),
            raw: raw.to_owned(),
            source: maybe_string(line, "source", place)?.map(str::to_owned),
            text,
            marked: marked.into_iter().collect(),
        });
    }
    Ok(out)
}

fn without_article(text: &Text, (start, end): Span) -> Span {
    let words = text.slice((start, end)).to_lowercase();
    for article in ["the ", "a ", "an "] {
        if words.starts_with(article) && words.chars().count() > article.len() {
            return (start + article.len(), end);
        }
    }
    (start, end)
}

/// The type of the set that an entity label of the parse comes nearest to.
fn of_label(label: &str) -> Option<&'static str> {
    Some(match label {
        "ORG" => "Organisation",
        "GPE" | "LOC" | "FAC" => "Location",
        "PERSON" => "Person",
        "NORP" => "Nationality",
        "DATE" | "TIME" => "Temporal",
        "CARDINAL" | "QUANTITY" | "PERCENT" => "Quantity",
        "MONEY" => "Money",
        "PRODUCT" => "MilitaryPlatform",
        "WORK_OF_ART" | "LAW" => "DocumentReference",
        _ => return None,
    })
}

/// The parse's own entities, which are spaCy's.
pub(crate) fn of_parse(doc: &Doc, text: &Text) -> Vec<Named> {
    let index = TextIndex::new(doc.text());
    let mut out = BTreeSet::new();
    for entity in doc.entities() {
        if let Some(kind) = of_label(&entity.label.to_string()) {
            out.insert((without_article(text, index.code_points(doc.bytes(entity.tokens))), kind));
        }
    }
    out.into_iter().collect()
}

/// What the reading names: actors, places, weapons and documents of the reading, its times, and from the parse what it leaves to it.
pub(crate) fn of_reading(reading: &Reading, report: &Report, doc: &Doc, text: &Text) -> Vec<Named> {
    let index = TextIndex::new(doc.text());
    let mut out = BTreeSet::new();
    for entity in &reading.entities {
        let kind = match (entity.kind, entity.class.as_deref()) {
            (EntityKind::Actor, _) if entity.person => "Person",
            (EntityKind::Actor, _) => "Organisation",
            (EntityKind::Place, _) => "Location",
            (EntityKind::Equipment, Some(class)) if is_platform(class) => "MilitaryPlatform",
            (EntityKind::Equipment, _) => "Weapon",
            (EntityKind::Document, _) => "DocumentReference",
            (EntityKind::Media | EntityKind::Platform, _) => continue,
        };
        for mention in &entity.mentions {
            if !is_pronoun(mention.text()) {
                out.insert((without_article(text, (mention.start(), mention.end())), kind));
            }
        }
    }
    for time in times::find(report, doc) {
        out.insert((without_article(text, index.code_points(doc.bytes(time.tokens))), "Temporal"));
    }
    let left = ["Nationality", "Quantity", "Money"];
    out.extend(of_parse(doc, text).into_iter().filter(|(_, kind)| left.contains(kind)));
    out.into_iter().collect()
}

fn is_platform(class: &str) -> bool {
    ["vehicle", "carrier", "tank", "aircraft", "helicopter", "ship", "vessel", "drone", "plane", "jet", "submarine"]
        .iter()
        .any(|word| class.contains(word))
}

fn is_pronoun(words: &str) -> bool {
    const PRONOUNS: &str = "he she it they we i you him her them us me his hers its their theirs our ours this that these those who \
                            which whom whose there here where himself herself itself themselves";
    let words = words.to_lowercase();
    PRONOUNS.split_ascii_whitespace().any(|pronoun| pronoun == words)
}

/// One-to-one pairs of spans of one type: the same first, then those that share most.
fn pairs(marked: &[Span], found: &[Span], loosely: bool) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    for (i, a) in marked.iter().enumerate() {
        for (j, b) in found.iter().enumerate() {
            let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
            if a == b || (loosely && shared > 0) {
                open.push((a != b, std::cmp::Reverse(shared), i, j));
            }
        }
    }
    open.sort_unstable();
    let (mut used, mut taken, mut out) = (HashSet::new(), HashSet::new(), Vec::new());
    for (_, _, i, j) in open {
        if !used.contains(&i) && !taken.contains(&j) {
            used.insert(i);
            taken.insert(j);
            out.push((i, j));
        }
    }
    out
}

/// What was found in one document, by the reading and by the parse.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) reading: Vec<Named>,
    pub(crate) parse: Vec<Named>,
}

/// Scores both.
pub(crate) fn score(set: &'static str, documents: &[Document], found: &[Option<Found>]) -> Scored {
    let mut out = Scored::new(set);
    let nothing = Found::default();
    let marked: usize = documents.iter().map(|document| document.marked.len()).sum();
    let mut notes = Vec::new();
    for (who, of) in
        [("reading", (|found| &found.reading) as fn(&Found) -> &Vec<Named>), ("spaCy's entities", |found| &found.parse)]
    {
        for (how, loosely) in [("overlap", true), ("exact", false)] {
            let section = format!("{who}, {how}");
            let mut all = [0usize; 3];
            let mut rows = Vec::new();
            for kind in TYPES {
                let mut sums = [0usize; 3];
                for (i, document) in documents.iter().enumerate() {
                    let mine = of(found.get(i).and_then(Option::as_ref).unwrap_or(&nothing));
                    let spans =
                        |named: &[Named]| named.iter().filter(|(_, other)| *other == kind).map(|(span, _)| *span).collect();
                    let (a, b): (Vec<Span>, Vec<Span>) = (spans(&document.marked), spans(mine));
                    let both = pairs(&a, &b, loosely);
                    sums[0] += both.len();
                    sums[1] += b.len();
                    sums[2] += a.len();
                    if who == "reading" && loosely {
                        note(&mut out, document, kind, &a, &b, &both);
                    }
                }
                rows.push((kind, precision_recall_f1(sums[0], sums[1], sums[2])));
                for (sum, part) in all.iter_mut().zip(sums) {
                    *sum += part;
                }
            }
            if !loosely {
                notes.push(format!("{who}: {} found", all[1]));
            }
            out.shares(&section, "all types", precision_recall_f1(all[0], all[1], all[2]));
            for (kind, [_, _, f1]) in rows {
                out.detail(&section, &format!("{kind} F1"), f1);
            }
        }
    }
    out.notes.push(format!("{} documents, {marked} entities marked; {}", documents.len(), notes.join(", ")));
    out
}

fn note(out: &mut Scored, document: &Document, kind: &str, marked: &[Span], found: &[Span], both: &[(usize, usize)]) {
    let mut add = |what: &'static str, span: Span| {
        out.mistakes.push(Mistake {
            document: document.name.clone(),
            kind: what,
            what: format!("{kind} {:?}", document.text.slice(span)),
            text: document.text.around(span),
            details: Vec::new(),
            why: Vec::new(),
        });
    };
    for (i, &span) in marked.iter().enumerate().filter(|(i, _)| !both.iter().any(|(other, _)| other == i)) {
        let _ = i;
        add("missed", span);
    }
    for (_, &span) in found.iter().enumerate().filter(|(j, _)| !both.iter().any(|(_, other)| other == j)) {
        add("spurious", span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::lines_of;

    fn marked() -> Vec<Document> {
        let line = serde_json::json!({"doc": "a", "text": "The army held Exampleville on Monday.", "entities": [
            {"start": 0, "end": 8, "text": "The army", "type": "Organisation"},
            {"start": 14, "end": 26, "text": "Exampleville", "type": "Location"},
            {"start": 30, "end": 36, "text": "Monday", "type": "Temporal"}]});
        documents(&lines_of(&line.to_string(), "r").unwrap()).unwrap()
    }

    #[test]
    fn perfect_entities_get_all_and_damaged_ones_less() {
        let documents = marked();
        let perfect = documents[0].marked.clone();
        assert_eq!(perfect[0], ((4, 8), "Organisation"));
        let found = Found { reading: perfect.clone(), parse: perfect[..2].to_vec() };
        let scored = score("re3d", &documents, &[Some(found)]);
        assert_eq!(scored.value("reading, exact", "all types F1"), Some(1.0));
        assert_eq!(scored.value("spaCy's entities, exact", "all types recall"), Some(2.0 / 3.0));
        let longer = vec![((0, 8), "Organisation"), ((14, 26), "Person")];
        let scored = score("re3d", &documents, &[Some(Found { reading: longer, parse: Vec::new() })]);
        assert_eq!(scored.value("reading, overlap", "Organisation F1"), Some(1.0));
        assert_eq!(scored.value("reading, exact", "Organisation F1"), Some(0.0));
        assert_eq!(score("re3d", &documents, &[None]).value("reading, overlap", "all types F1"), Some(0.0));
    }

    #[test]
    fn malformed_gold_is_refused() {
        for entity in [
            r#"{"start": 0, "end": 99, "type": "Person"}"#,
            r#"{"start": 0, "end": 3, "text": "And", "type": "Person"}"#,
            "7",
            "{}",
        ] {
            let line = format!(r#"{{"doc": "a", "text": "The army", "entities": [{entity}]}}"#);
            assert!(documents(&lines_of(&line, "r").unwrap()).is_err(), "{entity}");
        }
    }
}
