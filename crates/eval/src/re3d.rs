//! Entities in defence and security reporting, by type, of the reading and of the parse under it, by one mapping.
//!
//! A leading article and a trailing possessive are cut off all spans, marked and found, and off numbers and times the words that bound
//! them (*over*, *at least*) and a trailing *of*. `exact` asks for the same words, `overlap` for a shared letter, one to one.
//!
//! From a reading: actors that are persons are Person, others Organisation; places Location; peoples Nationality; times Temporal; counts
//! Quantity without the words of what is counted, or Money with a currency; documents DocumentReference; equipment MilitaryPlatform when
//! its class carries people or weapons, else Weapon. From the parse's labels: see [`of_label`].

use std::collections::{BTreeSet, HashSet};

use dateline_nlp::Doc;
use dateline_record::{EntityKind, Reading};
use dateline_text::TextIndex;
use serde_json::Value;

use crate::error::{EvalError, need};
use crate::figures::{Mistake, Scored};
use crate::lines::{Line, field, list, maybe_string, object, span_of, string};
use crate::matching::precision_recall_f1;
use crate::text::{Span, Text, is_space};

/// The types of the set that are scored, in the order of the table. Vehicles are left out: nearly all of their marks are off.
const TYPES: [&str; 10] = [
    "Organisation",
    "Location",
    "Person",
    "Nationality",
    "Temporal",
    "Quantity",
    "Money",
    "DocumentReference",
    "MilitaryPlatform",
    "Weapon",
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
                marked.extend(trimmed(&text, span, kind).map(|span| (span, kind)));
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

/// The length of one of some lead words and the white space after it.
fn lead(chars: &[char], words: &[&str]) -> usize {
    let starts =
        |word: &&&str| word.chars().count() <= chars.len() && word.chars().zip(chars).all(|(a, b)| a.eq_ignore_ascii_case(b));
    let spaces = |from: usize| chars.iter().skip(from).take_while(|c| is_space(**c)).count();
    let mut lengths = words.iter().filter(starts).map(|word| word.chars().count());
    lengths.find(|&length| spaces(length) > 0).map_or(0, |length| length + spaces(length))
}

/// A span without article, possessive, bound and white space; none when nothing is left.
fn trimmed(text: &Text, (mut start, mut end): Span, kind: &str) -> Option<Span> {
    const BOUNDS: [&str; 16] = [
        "over",
        "about",
        "around",
        "nearly",
        "almost",
        "approximately",
        "some",
        "at least",
        "at most",
        "up to",
        "more than",
        "less than",
        "fewer than",
        "as many as",
        "only",
        "roughly",
    ];
    let bare = |start: usize, end: usize| {
        let chars = text.chars((start, end));
        start + chars.iter().rposition(|c| !is_space(*c)).map_or(0, |last| last + 1)
    };
    start += text.chars((start, end)).iter().take_while(|c| is_space(**c)).count();
    if matches!(kind, "Quantity" | "Temporal") {
        start += lead(text.chars((start, end)), &BOUNDS);
    }
    start += lead(text.chars((start, end)), &["the", "a", "an"]);
    let last = bare(start, end);
    if let (true, [.., space, 'o' | 'O', 'f' | 'F']) = (kind == "Quantity", text.chars((start, last)))
        && is_space(*space)
    {
        end = bare(start, last - 2);
    }
    let last = bare(start, end);
    end = match text.chars((start, last)) {
        [.., '\'' | '’', 's'] => last - 2,
        [.., '\'' | '’'] => last - 1,
        _ => end,
    };
    end = bare(start, end);
    (start < end).then_some((start, end))
}

/// The type of the set that an entity label of the parse comes nearest to.
fn of_label(label: &str) -> Option<&'static str> {
    Some(match label {
        "ORG" => "Organisation",
        "GPE" | "LOC" | "FAC" => "Location",
        "PERSON" => "Person",
        "NORP" => "Nationality",
        "DATE" | "TIME" => "Temporal",
        "CARDINAL" | "QUANTITY" | "PERCENT" | "ORDINAL" => "Quantity",
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
            let span = trimmed(text, index.code_points(doc.bytes(entity.tokens)), kind);
            out.extend(span.map(|span| (span, kind)));
        }
    }
    out.into_iter().collect()
}

/// What the reading names.
pub(crate) fn of_reading(reading: &Reading, text: &Text) -> Vec<Named> {
    let mut out = BTreeSet::new();
    let mut add = |span: Span, kind| out.extend(trimmed(text, span, kind).map(|span| (span, kind)));
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
            add((mention.start(), mention.end()), kind);
        }
    }
    // As JSON, since a reading may list more than its claims hold: peoples, times, quantities.
    let json = serde_json::to_value(reading).unwrap_or_default();
    let listed = |name: &str| json.get(name).and_then(Value::as_array).into_iter().flatten();
    for span in listed("peoples").filter_map(|people| span_at(people, "mention")) {
        add(span, "Nationality");
    }
    let of_claims = listed("claims").filter_map(|claim| claim.get("time"));
    for span in listed("times").chain(of_claims).filter_map(|time| span_at(time, "mention")) {
        add(span, "Temporal");
    }
    let of_claims = listed("claims").filter_map(|claim| claim.get("quantities")?.as_array()).flatten();
    for quantity in listed("quantities").chain(of_claims) {
        let Some((start, end)) = span_at(quantity, "mention") else { continue };
        if is_money(&text.slice((start, end))) {
            add((start, end), "Money");
        } else {
            let of = span_at(quantity, "of").map(|of| of.0).filter(|of| *of > start);
            add((start, of.unwrap_or(end)), "Quantity");
        }
    }
    out.into_iter().collect()
}

fn span_at(value: &Value, name: &str) -> Option<Span> {
    let span = value.get(name)?;
    let end = |name: &str| span.get(name)?.as_u64().and_then(|end| usize::try_from(end).ok());
    Some((end("start")?, end("end")?))
}

fn is_money(words: &str) -> bool {
    const CURRENCIES: &str = "dollar euro pound rouble ruble hryvnia lira dinar rial riyal yuan yen cent";
    let currency = |word: &str| {
        let word = word.to_lowercase();
        let one = word.strip_suffix('s').unwrap_or(&word);
        CURRENCIES.split_ascii_whitespace().any(|currency| currency == word || currency == one)
    };
    words.contains(['$', '€', '£', '¥', '₴', '₽']) || words.split(|c: char| !c.is_alphanumeric()).any(currency)
}

fn is_platform(class: &str) -> bool {
    const PLATFORMS: &str = "vehicle carrier tank aircraft helicopter ship vessel boat submarine drone jet plane truck convoy";
    PLATFORMS.split_ascii_whitespace().any(|word| class.contains(word))
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
    for (_, &span) in marked.iter().enumerate().filter(|(i, _)| !both.iter().any(|(other, _)| other == i)) {
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
    fn spans_are_trimmed_alike() {
        let trim = |words: &str, kind: &str| {
            let text = Text::new(words);
            trimmed(&text, (0, text.len()), kind).map(|span| text.slice(span))
        };
        for (words, kind, expected) in [
            ("The army's", "Organisation", Some("army")),
            ("an aid group", "Organisation", Some("aid group")),
            ("anarchists’ ", "Organisation", Some("anarchists")),
            ("At least the 300", "Quantity", Some("300")),
            ("hundreds of", "Quantity", Some("hundreds")),
            ("over a year", "Temporal", Some("year")),
            ("over there", "Location", Some("over there")),
            ("'s", "Person", None),
            ("the ", "Person", None),
        ] {
            assert_eq!(trim(words, kind).as_deref(), expected, "{words}");
        }
        assert!(is_money("5 million euros") && is_money("€5") && !is_money("5 centimetres"));
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
