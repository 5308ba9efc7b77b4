//! What scoring a set gives: figures, and what was got wrong.

use serde::Serialize;

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A share between 0 and 1; more is better.
    Share,
    /// An area under an error curve; less is better.
    Error,
    /// Kilometres; less is better.
    Kilometres,
    /// How many; more is better.
    Count,
}

impl Unit {
    /// Whether less is better.
    #[must_use]
    pub fn is_cost(self) -> bool {
        matches!(self, Self::Error | Self::Kilometres)
    }

    /// The value as it is shown.
    #[must_use]
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Share | Self::Error => format!("{value:.4}"),
            Self::Kilometres => format!("{value:.1}"),
            Self::Count => format!("{value:.0}"),
        }
    }
}

/// One figure of a set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The set.
    pub set: &'static str,
    /// The part of the set's table.
    pub section: String,
    /// What is measured.
    pub name: String,
    /// The value; none when there is nothing to measure it by.
    pub value: Option<f64>,
    /// How it is written.
    pub unit: Unit,
    /// Whether it sums up: a fall of such a figure is a step back, a fall of a detail (one of precision and recall, one class, one
    /// document) need not be.
    pub headline: bool,
}

impl Figure {
    /// Under which name it is recorded: `set/section/name`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.set, self.section, self.name)
    }
}

/// Something that is marked and was missed, was found and is not marked, or is not as marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The document.
    pub document: String,
    /// `missed`, `spurious` or `wrong`.
    pub kind: &'static str,
    /// What it is about.
    pub what: String,
    /// The words in question, with what stands around them.
    pub text: String,
    /// What differs: marked and found.
    pub details: Vec<String>,
    /// Why the program decided as it did.
    pub why: Vec<String>,
}

/// A scored set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scored {
    /// The set.
    pub set: &'static str,
    /// What was scored, in words: documents, things marked, things found; what could not be read.
    pub notes: Vec<String>,
    /// The figures, in the order of the table.
    pub figures: Vec<Figure>,
    /// What was got wrong, in the set's own order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<Mistake>,
}

impl Scored {
    /// Nothing scored yet.
    #[must_use]
    pub(crate) fn new(set: &'static str) -> Self {
        Self { set, notes: Vec::new(), figures: Vec::new(), mistakes: Vec::new() }
    }

    pub(crate) fn add(&mut self, section: &str, name: &str, unit: Unit, value: Option<f64>) {
        self.push(section, name, unit, value, true);
    }

    pub(crate) fn share(&mut self, section: &str, name: &str, value: f64) {
        self.push(section, name, Unit::Share, Some(value), true);
    }

    /// A share that explains others.
    pub(crate) fn detail(&mut self, section: &str, name: &str, value: impl Into<Option<f64>>) {
        self.push(section, name, Unit::Share, value.into(), false);
    }

    /// Precision, recall and F1.
    pub(crate) fn shares(&mut self, section: &str, name: &str, [precision, recall, f1]: [f64; 3]) {
        self.detail(section, &format!("{name} precision"), precision);
        self.detail(section, &format!("{name} recall"), recall);
        self.share(section, &format!("{name} F1"), f1);
    }

    fn push(&mut self, section: &str, name: &str, unit: Unit, value: Option<f64>, headline: bool) {
        let (section, name) = (section.to_owned(), name.to_owned());
        self.figures.push(Figure { set: self.set, section, name, value, unit, headline });
    }

    /// The figures of another set as sections of this one.
    pub(crate) fn take_in(&mut self, other: Scored, prefix: &str) {
        self.notes.extend(other.notes.into_iter().map(|note| format!("{prefix}: {note}")));
        self.mistakes.extend(other.mistakes);
        for figure in other.figures {
            self.figures.push(Figure { set: self.set, section: format!("{prefix}, {}", figure.section), ..figure });
        }
    }

    /// The value of a figure.
    #[must_use]
    pub fn value(&self, section: &str, name: &str) -> Option<f64> {
        self.figures.iter().find(|figure| figure.section == section && figure.name == name)?.value
    }
}
