//! Stage 5: how each happening is held by its source and by the author (FactBank: Saurí and Pustejovsky 2009).

use dateline_record::FactualityValue;

/// How one happening is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// By the innermost source.
    pub source: FactualityValue,
    /// By the author.
    pub author: FactualityValue,
    /// The tokens that say so.
    pub cues: Vec<usize>,
    /// The rules.
    pub why: Vec<String>,
}
