//! Counting what is right.

use crate::figures::{Scored, Unit};

/// Right of some, and how many more were lost with their claim.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Accuracy {
    right: f64,
    of: usize,
    pub(crate) lost: usize,
}

impl Accuracy {
    pub(crate) fn add(&mut self, right: f64) {
        self.right += right;
        self.of += 1;
    }

    fn value(self, whole: bool) -> Option<f64> {
        let of = self.of + if whole { self.lost } else { 0 };
        (of > 0).then(|| self.right / of as f64)
    }
}

/// Found of marked and predicted in pairs, and what stands outside of pairs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    right: usize,
    predicted: usize,
    marked: usize,
    pub(crate) spurious: usize,
    pub(crate) missed: usize,
}

impl Found {
    pub(crate) fn matched(&mut self, right: usize, predicted: usize, marked: usize) {
        self.right += right;
        self.predicted += predicted;
        self.marked += marked;
    }

    fn value(self, whole: bool) -> Option<f64> {
        let of = self.predicted + self.marked + if whole { self.spurious + self.missed } else { 0 };
        (of > 0).then(|| 2.0 * self.right as f64 / of as f64)
    }
}

/// The mean; 0 of nothing.
pub(crate) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, of) = values.fold((0.0, 0usize), |(sum, of), value| (sum + value, of + 1));
    if of == 0 { 0.0 } else { sum / of as f64 }
}

/// The rows of the table, in order: what is shown, and whether it is an F1.
const ROWS: [(&str, bool); 19] = [
    ("type", false),
    ("mode", false),
    ("actor", true),
    ("actor country", false),
    ("actor sector", false),
    ("recipient", true),
    ("recipient country", false),
    ("recipient sector", false),
    ("place", true),
    ("place country", false),
    ("time exact", false),
    ("time overlap", false),
    ("quantities", true),
    ("quantity values", true),
    ("source", false),
    ("outer source", false),
    ("factuality 7-way", false),
    ("factuality 3-way", false),
    ("evidence", true),
];

/// The row of a slot's country; none for evidence, which has no codes.
pub(crate) fn country_of(slot: &str) -> Option<&'static str> {
    match slot {
        "actor" => Some("actor country"),
        "recipient" => Some("recipient country"),
        "place" => Some("place country"),
        _ => None,
    }
}

/// The row of a slot's sector; none for places and evidence, which have none.
pub(crate) fn sector_of(slot: &str) -> Option<&'static str> {
    match slot {
        "actor" => Some("actor sector"),
        "recipient" => Some("recipient sector"),
        _ => None,
    }
}

/// A row's name and value.
type Row = (String, Option<f64>);

/// All counts of a set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tallies {
    accuracies: [Accuracy; ROWS.len()],
    found: [Found; ROWS.len()],
}

fn row(name: &str) -> usize {
    ROWS.iter().position(|(row, _)| *row == name).unwrap_or(0)
}

impl Tallies {
    pub(crate) fn accuracy(&mut self, name: &'static str) -> &mut Accuracy {
        &mut self.accuracies[row(name)]
    }

    pub(crate) fn f1(&mut self, name: &'static str) -> &mut Found {
        &mut self.found[row(name)]
    }

    /// The two columns of the table, and the claim score.
    pub(crate) fn into_figures(self, out: &mut Scored, matched: usize, found: usize, marked: usize) {
        let share = |of: usize| (of > 0).then(|| matched as f64 / of as f64);
        let f1 = share(found + marked).map(|share| 2.0 * share);
        let precision = Some(share(found).unwrap_or(0.0));
        let columns = [("end to end", true), ("matched", false)];
        let mut tables: Vec<(&str, Vec<Row>)> = Vec::new();
        for (column, whole) in columns {
            let mut rows = vec![
                ("claim precision".to_owned(), precision),
                ("claim recall".to_owned(), share(marked)),
                ("claim F1".to_owned(), f1),
            ];
            for (i, (name, is_f1)) in ROWS.into_iter().enumerate() {
                let coded = name.ends_with("country") || name.ends_with("sector");
                if whole && coded {
                    continue;
                }
                if is_f1 {
                    rows.push((format!("{name} F1"), self.found[i].value(whole)));
                } else {
                    rows.push((name.to_owned(), self.accuracies[i].value(whole)));
                }
            }
            tables.push((column, rows));
        }
        let part = |name: &str| tables[0].1.iter().find(|(row, _)| row == name).and_then(|(_, value)| *value);
        let parts: Vec<f64> = super::PARTS.iter().filter_map(|name| part(name)).collect();
        out.share("all", "claim_score", mean(parts.into_iter()));
        for (column, rows) in tables {
            for (name, value) in rows {
                let sums_up = column == "end to end" && !matches!(name.as_str(), "claim precision" | "claim recall");
                if sums_up {
                    out.add(column, &name, Unit::Share, value);
                } else {
                    out.detail(column, &name, value);
                }
            }
        }
    }
}
