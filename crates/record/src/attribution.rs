use serde::{Deserialize, Serialize};

use crate::plover::{UnknownCode, codes};
use crate::{EntityId, Span};
use std::fmt;
use std::str::FromStr;

use serde::{Deserializer, Serializer, de};

/// What kind of source it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A person or body that is named or described well enough to be asked.
    Named,
    /// *sources*, *witnesses*, *reportedly*.
    Unnamed,
    /// A report, a paper, a record.
    Document,
    /// A channel, post or account.
    SocialMedia,
    /// The author of the report.
    Author,
}

codes!(
    /// What the source does with the content.
    Act, "speech act", {
        Say = "say", Confirm = "confirm", Deny = "deny", Claim = "claim", Estimate = "estimate", Warn = "warn", Accuse = "accuse",
        Document = "document", Reportedly = "reportedly", Announce = "announce", Believe = "believe", Deem = "deem", Promise = "promise",
        Ask = "ask", Demand = "demand", Suggest = "suggest", Show = "show", Know = "know", Want = "want", Plan = "plan", Agree = "agree",
        Doubt = "doubt", Quote = "quote",
    }
);

/// How the words are carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum QuoteKind {
    /// Wholly in quotation marks.
    Direct,
    /// In the reporter's words.
    Indirect,
    /// Partly in quotation marks.
    Mixed,
}

/// An entity as the words at one place name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceRef {
    /// The entity.
    pub entity: EntityId,
    /// The words.
    pub mention: Span,
}

/// One link of the chain of those who say so; a claim holds them outermost first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttributionStep {
    /// Who; null when the text does not say (*reportedly*).
    pub source: Option<SourceRef>,
    /// What kind of source.
    pub kind: SourceKind,
    /// The words that attribute.
    pub cue: Option<Span>,
    /// What the source does with the content.
    pub act: Act,
    /// What is attributed.
    pub content: Option<Span>,
    /// How the words are carried over.
    pub quote: Option<QuoteKind>,
}

/// The words of a source: a span, which `mention` repeats, so that it reads like the source of a claim's chain too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttributedSource {
    /// The words.
    #[serde(flatten)]
    pub words: Span,
    /// The same words.
    pub mention: Span,
}

impl From<Span> for AttributedSource {
    fn from(words: Span) -> Self {
        Self { mention: words.clone(), words }
    }
}

/// An attribution anywhere in the text, also of opinions and states that are no claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attribution {
    /// The source's words, if the text has any.
    pub source: Option<AttributedSource>,
    /// The cue's words.
    pub cue: Option<Span>,
    /// What is attributed; more than one span when the cue stands in the middle.
    pub content: Vec<Span>,
    /// How the words are carried over.
    pub quote: Option<QuoteKind>,
}
