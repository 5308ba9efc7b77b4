use serde::{Deserialize, Serialize};

use crate::Span;
use crate::plover::{UnknownCode, codes};
use std::fmt;
use std::str::FromStr;

use serde::{Deserializer, Serializer, de};

codes!(
    /// How a happening is held to be, after FactBank (Saurí and Pustejovsky 2009): certainty and polarity.
    FactualityValue, "factuality", {
        /// Certainly happened.
        CertainPositive = "CT+",
        /// Probably happened.
        ProbablePositive = "PR+",
        /// Possibly happened.
        PossiblePositive = "PS+",
        /// Certainly did not happen.
        CertainNegative = "CT-",
        /// Probably did not.
        ProbableNegative = "PR-",
        /// Possibly did not.
        PossibleNegative = "PS-",
        /// Known whether, but not said.
        CertainUnknown = "CTu",
        /// Uncommitted: questions, conditions, plans, threats, *unclear whether*.
        Uncommitted = "Uu",
    }
);

/// How sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Not committed at all.
    Unknown,
    /// *may*, *might*.
    Possible,
    /// *reportedly*, *likely*.
    Probable,
    /// Stated flatly.
    Certain,
}

/// Whether it happened or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// It happened.
    Positive,
    /// It did not.
    Negative,
    /// Left open.
    Unknown,
}

impl FactualityValue {
    /// From its two parts; combinations that FactBank does not have become `Uu`.
    #[must_use]
    pub fn of(certainty: Certainty, polarity: Polarity) -> Self {
        match (certainty, polarity) {
            (Certainty::Certain, Polarity::Positive) => Self::CertainPositive,
            (Certainty::Probable, Polarity::Positive) => Self::ProbablePositive,
            (Certainty::Possible, Polarity::Positive) => Self::PossiblePositive,
            (Certainty::Certain, Polarity::Negative) => Self::CertainNegative,
            (Certainty::Probable, Polarity::Negative) => Self::ProbableNegative,
            (Certainty::Possible, Polarity::Negative) => Self::PossibleNegative,
            (Certainty::Certain, Polarity::Unknown) => Self::CertainUnknown,
            _ => Self::Uncommitted,
        }
    }

    /// How sure.
    #[must_use]
    pub fn certainty(self) -> Certainty {
        match self {
            Self::CertainPositive | Self::CertainNegative | Self::CertainUnknown => Certainty::Certain,
            Self::ProbablePositive | Self::ProbableNegative => Certainty::Probable,
            Self::PossiblePositive | Self::PossibleNegative => Certainty::Possible,
            Self::Uncommitted => Certainty::Unknown,
        }
    }

    /// Whether it happened.
    #[must_use]
    pub fn polarity(self) -> Polarity {
        match self {
            Self::CertainPositive | Self::ProbablePositive | Self::PossiblePositive => Polarity::Positive,
            Self::CertainNegative | Self::ProbableNegative | Self::PossibleNegative => Polarity::Negative,
            Self::CertainUnknown | Self::Uncommitted => Polarity::Unknown,
        }
    }
}

/// How a claim is held by those who make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Factuality {
    /// As the innermost source holds it.
    pub source: FactualityValue,
    /// As the author of the report holds it.
    pub author: FactualityValue,
    /// The words that say so: *not*, *may*, *reportedly*, *unclear whether*.
    pub cues: Vec<Span>,
}
