//! Event types: one PLOVER root for a sentence with a marked source and target.
//!
//! CONCEDE and RETREAT count as one class, YIELD. Macro-F1 is the unweighted mean of F1 over the classes that are marked.

mod coder;

use std::collections::{BTreeMap, HashMap};

use crate::error::{EvalError, bad, need};
use crate::figures::{Mistake, Scored};
use crate::lines::{Line, field};
use crate::matching::precision_recall_f1;
pub(crate) use coder::Coder;

/// The classes with their quad, in the order of the table.
const CLASSES: [(&str, u8); 15] = [
    ("AGREE", 1),
    ("CONSULT", 1),
    ("SUPPORT", 1),
    ("COOPERATE", 2),
    ("AID", 2),
    ("YIELD", 2),
    ("ACCUSE", 3),
    ("REQUEST", 3),
    ("REJECT", 3),
    ("THREATEN", 3),
    ("PROTEST", 4),
    ("MOBILIZE", 4),
    ("SANCTION", 4),
    ("COERCE", 4),
    ("ASSAULT", 4),
];

const COLUMNS: [&str; 6] = ["sentence", "marked_sentence", "source", "target", "gold_root", "gold_penta"];

/// The class of a root; none for no code.
pub(crate) fn class_of(root: Option<&str>, place: &str) -> Result<Option<&'static str>, EvalError> {
    let name = root.map(|root| root.trim().to_uppercase()).unwrap_or_default();
    let name = match name.as_str() {
        "" | "NONE" | "NULL" | "NA" => return Ok(None),
        "CONCEDE" | "RETREAT" => "YIELD",
        name => name,
    };
    match CLASSES.iter().find(|(class, _)| *class == name) {
        Some((class, _)) => Ok(Some(class)),
        None => bad(place, format!("{name:?} is no PLOVER root")),
    }
}

/// A marked sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) sentence: String,
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) class: &'static str,
    pub(crate) quad: u8,
}

/// The marked sentences of a table.
pub(crate) fn rows(table: &str, path: &str) -> Result<Vec<Row>, EvalError> {
    let mut lines = table.split('\n').map(|line| line.trim_end_matches('\r')).enumerate();
    let header: Vec<&str> = lines.next().map(|(_, line)| line.split('\t').collect()).unwrap_or_default();
    need(header == COLUMNS, &format!("{path}:1"), || format!("the header must be {COLUMNS:?}"))?;
    let mut out = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let place = format!("{path}:{}", number + 1);
        let cells: Vec<&str> = line.split('\t').collect();
        let [sentence, _, source, target, root, quad] = cells[..] else {
            return bad(place, format!("{} columns, expected {}", cells.len(), COLUMNS.len()));
        };
        let (Some(class), Ok(quad @ 1..=4)) = (class_of(Some(root), &place)?, quad.parse::<u8>()) else {
            return bad(place, "gold_root or gold_penta is missing");
        };
        out.push(Row { sentence: sentence.to_owned(), source: source.to_owned(), target: target.to_owned(), class, quad });
    }
    need(!out.is_empty(), path, || "no rows".to_owned())?;
    Ok(out)
}

/// An answer: its class and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) class: Option<&'static str>,
    pub(crate) why: Vec<String>,
}

/// Answers of another program: JSON Lines `{row, root}`; rows that are not named have none.
pub(crate) fn answers(lines: &[Line], rows: usize) -> Result<Vec<Answer>, EvalError> {
    let mut out: HashMap<usize, Answer> = HashMap::new();
    for Line { place, object } in lines {
        let row = field(object, "row", place)?;
        let Some(at) = row.as_u64().and_then(|row| usize::try_from(row).ok()).filter(|row| *row < rows) else {
            return bad(place, format!("row {row} is no row of the gold file (0..{})", rows.saturating_sub(1)));
        };
        let root = field(object, "root", place)?;
        need(root.is_null() || root.is_string(), place, || format!("root must be a string or null, not {root}"))?;
        let answer = Answer { class: class_of(root.as_str(), place)?, why: Vec::new() };
        need(out.insert(at, answer).is_none(), place, || format!("row {at} is given twice"))?;
    }
    Ok((0..rows).map(|row| out.remove(&row).unwrap_or_default()).collect())
}

/// Scores answers, one for each row.
pub(crate) fn score(set: &'static str, rows: &[Row], answers: &[Answer]) -> Scored {
    let mut out = Scored::new(set);
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let (mut right, mut quads, mut without) = (0usize, 0usize, 0usize);
    let nothing = Answer::default();
    for (i, row) in rows.iter().enumerate() {
        let answer = answers.get(i).unwrap_or(&nothing);
        counts.entry(row.class).or_default()[2] += 1;
        match answer.class {
            None => without += 1,
            Some(class) => {
                counts.entry(class).or_default()[1] += 1;
                counts.entry(class).or_default()[0] += usize::from(class == row.class);
                right += usize::from(class == row.class);
                quads += usize::from(CLASSES.iter().any(|(name, quad)| *name == class && *quad == row.quad));
            }
        }
        if answer.class != Some(row.class) {
            out.mistakes.push(Mistake {
                document: format!("row {i}"),
                kind: if answer.class.is_none() { "missed" } else { "wrong" },
                what: format!("{} coded as {}", row.class, answer.class.unwrap_or("(none)")),
                text: row.sentence.clone(),
                details: vec![format!("source: {}", row.source), format!("target: {}", row.target)],
                why: answer.why.clone(),
            });
        }
    }
    let marked =
        CLASSES.iter().filter_map(|(class, _)| counts.get(class).map(|count| (*class, *count))).filter(|(_, c)| c[2] > 0);
    let marked: Vec<(&str, [f64; 3])> =
        marked.map(|(class, [right, said, have])| (class, precision_recall_f1(right, said, have))).collect();
    let share = |of: usize| if rows.is_empty() { 0.0 } else { of as f64 / rows.len() as f64 };
    out.notes.push(format!("{} rows, {without} without a code", rows.len()));
    out.share("all", "macro-F1", marked.iter().map(|(_, shares)| shares[2]).sum::<f64>() / marked.len().max(1) as f64);
    out.share("all", "accuracy", share(right));
    out.share("all", "accuracy on the four quads", share(quads));
    for (class, shares) in marked {
        for (name, share) in ["precision", "recall", "F1"].into_iter().zip(shares) {
            out.detail("classes", &format!("{class} {name}"), share);
        }
    }
    out
}

#[cfg(test)]
mod tests;
