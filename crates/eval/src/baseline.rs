//! The figures that were recorded last.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{EvalError, bad};
use crate::figures::{Figure, Scored, Unit};
use crate::program::MadeBy;

/// What came with the program.
const EMBEDDED: &str = include_str!("../../../eval/baseline.json");

/// What a figure should come to; none where no goal is set.
#[must_use]
pub fn goal(key: &str) -> Option<f64> {
    Some(match key {
        "gold/all/claim_score" => 0.70,
        "seed/all/rows passed" => 42.0,
        "polnear/tokens/content F1" => 0.80,
        "polnear/tokens/source F1" => 0.75,
        "polnear/relations/partial F1" => 0.70,
        "toponyms/lgl, from text/recognition, overlap F1"
        | "toponyms/trnews, from text/recognition, overlap F1"
        | "toponyms/gwn, from text/recognition, overlap F1" => 0.80,
        "toponyms/lgl, spans given/accuracy@161km" => 0.83,
        "toponyms/trnews, spans given/accuracy@161km" => 0.88,
        "toponyms/gwn, spans given/accuracy@161km" => 0.94,
        "plv/all/macro-F1" => 0.82,
        "times/all/rows right" | "quantities/all/rows right" => 0.97,
        _ => return None,
    })
}

/// When and by what the figures of a set were made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// The day, `2026-11-26`.
    pub date: String,
    /// The program.
    #[serde(flatten)]
    pub by: MadeBy,
}

/// Recorded figures, by [`Figure::key`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// For each set, when and by what.
    pub recorded: BTreeMap<String, Recording>,
    /// The figures.
    pub figures: BTreeMap<String, f64>,
}

/// A figure beside the recorded one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The figure.
    #[serde(flatten)]
    pub figure: Figure,
    /// Its key.
    pub key: String,
    /// What was recorded.
    pub recorded: Option<f64>,
    /// Now less recorded.
    pub change: Option<f64>,
    /// What it should come to.
    pub goal: Option<f64>,
}

impl Compared {
    /// How much worse than recorded it is, as a share; kilometres count a thousandth each, a missing row of a count counts whole.
    #[must_use]
    pub fn fall(&self) -> f64 {
        let change = match (self.figure.value, self.recorded) {
            (Some(now), Some(before)) => now - before,
            (None, Some(before)) if !self.figure.unit.is_cost() => -before,
            _ => return 0.0,
        };
        let fall = if self.figure.unit.is_cost() { change } else { -change };
        if self.figure.unit == Unit::Kilometres { fall / 1000.0 } else { fall }
    }
}

impl Baseline {
    /// The figures that came with the program.
    ///
    /// # Errors
    /// Never, unless the program was built with a broken file.
    pub fn embedded() -> Result<Self, EvalError> {
        Self::parse(EMBEDDED, "eval/baseline.json")
    }

    /// The figures of a file.
    ///
    /// # Errors
    /// When it can't be read or is no baseline.
    pub fn from_file(path: &Path) -> Result<Self, EvalError> {
        Self::parse(&crate::lines::read_text(path)?, &path.display().to_string())
    }

    fn parse(text: &str, name: &str) -> Result<Self, EvalError> {
        serde_json::from_str(text).or_else(|error| bad(format!("{name}:{}", error.line()), format!("no baseline ({error})")))
    }

    /// The figures of a scored set, each beside what was recorded.
    #[must_use]
    pub fn compare(&self, scored: &Scored) -> Vec<Compared> {
        let one = |figure: &Figure| {
            let key = figure.key();
            let recorded = self.figures.get(&key).copied();
            let change = figure.value.zip(recorded).map(|(now, before)| now - before);
            // Where the set scores spaCy too, that is what is to be beaten.
            let beat = figure.section.strip_prefix("reading, ").filter(|_| figure.name.ends_with("F1"));
            let beat = beat.and_then(|how| scored.value(&format!("spaCy's entities, {how}"), &figure.name));
            Compared { figure: figure.clone(), recorded, change, goal: goal(&key).or(beat), key }
        };
        scored.figures.iter().map(one).collect()
    }

    /// Headline figures of a scored set that are worse than recorded by more than `tolerance`; also those that were recorded and are no more.
    #[must_use]
    pub fn fallen(&self, scored: &Scored, tolerance: f64) -> Vec<Compared> {
        let compared = self.compare(scored).into_iter();
        // Recorded figures are rounded.
        compared.filter(|one| one.figure.headline && one.fall() > tolerance + 1e-6).collect()
    }

    /// Takes the figures of a scored set for those recorded.
    pub fn record(&mut self, scored: &Scored, date: &str, by: &MadeBy) {
        let prefix = format!("{}/", scored.set);
        self.figures.retain(|key, _| !key.starts_with(&prefix));
        let rounded = |value: f64| (value * 1e6).round() / 1e6;
        self.figures.extend(scored.figures.iter().filter_map(|figure| Some((figure.key(), rounded(figure.value?)))));
        self.recorded.insert(scored.set.to_owned(), Recording { date: date.to_owned(), by: by.clone() });
    }

    /// Writes it to a file.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, path: &Path) -> Result<(), EvalError> {
        let io = |source| EvalError::Io { path: path.to_owned(), source };
        let mut text = serde_json::to_string_pretty(self).map_err(|error| io(error.into()))?;
        text.push('\n');
        std::fs::write(path, text).map_err(io)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(value: f64, km: f64) -> Scored {
        let mut scored = Scored::new("times");
        scored.share("all", "rows right", value);
        scored.add("all", "mean", Unit::Kilometres, Some(km));
        scored.detail("all", "one class", 0.0);
        scored
    }

    #[test]
    fn a_fall_is_found_and_a_rise_is_none() {
        let mut baseline = Baseline::default();
        baseline.record(&scored(0.98, 100.0), "2026-01-02", &MadeBy::default());
        let fallen = |value, km, tolerance| {
            baseline.fallen(&scored(value, km), tolerance).iter().map(|one| one.key.clone()).collect::<Vec<_>>()
        };
        assert!(
            fallen(0.98, 100.0, 0.0).is_empty() && fallen(1.0, 50.0, 0.0).is_empty() && fallen(0.975, 104.0, 0.01).is_empty()
        );
        assert_eq!(fallen(0.97, 100.0, 0.005), ["times/all/rows right"]);
        assert_eq!(fallen(0.98, 110.0, 0.005), ["times/all/mean"]);
        assert_eq!(baseline.compare(&scored(0.99, 0.0))[0].goal, Some(0.97));
    }

    #[test]
    fn it_is_kept_and_read_again_and_a_broken_one_is_named() {
        let mut baseline = Baseline::embedded().unwrap();
        baseline.record(&scored(0.5, 1.0), "2026-01-02", &MadeBy::default());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.json");
        baseline.write(&path).unwrap();
        assert_eq!(Baseline::from_file(&path).unwrap(), baseline);
        let error = Baseline::parse("{\n\"figures\": 3}", "b.json").unwrap_err().to_string();
        assert!(error.starts_with("b.json:2: no baseline"), "{error}");
    }
}
