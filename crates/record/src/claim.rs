use serde::{Deserialize, Serialize};

use crate::{Acled, AttributionStep, ClaimId, Coding, Context, Edtf, EntityId, EventType, Factuality, Mode, Span};

/// What happened, in PLOVER's terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventCode {
    /// Null when the claim is none of PLOVER's.
    #[serde(rename = "type")]
    pub kind: Option<EventType>,
    /// Null where the text gives none.
    pub mode: Option<Mode>,
    /// What it is about.
    pub contexts: Vec<Context>,
}

/// An entity that fills a slot of a claim, with the words that name it here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Filler {
    /// The entity.
    pub entity: EntityId,
    /// The words.
    pub mention: Span,
}

/// When, resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimeValue {
    /// The words.
    pub mention: Span,
    /// The date or interval; null when nothing anchors it (*last week* in a report without a publication date).
    pub edtf: Option<Edtf>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum QuantityRole {
    /// People killed.
    Killed,
    /// People injured.
    Injured,
    /// People captured or detained.
    Captured,
    /// People missing.
    Missing,
    /// People driven from home.
    Displaced,
    /// People taking part.
    Involved,
    /// Vehicles, aircraft, ships.
    Equipment,
    /// Shells, missiles, drones used or delivered.
    Munitions,
    /// Anything else.
    Other,
}

/// A count with its bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quantity {
    /// The words: the whole noun phrase.
    pub mention: Span,
    /// At least; null when the text gives no lower bound.
    pub min: Option<i64>,
    /// At most; null when the text gives no upper bound.
    pub max: Option<i64>,
    /// *about*, *dozens*.
    pub approx: bool,
    /// What is counted.
    pub of: Option<Span>,
    /// In which role.
    pub role: QuantityRole,
}

/// Who may see a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Members only.
    Private,
    /// Anybody.
    Public,
}

/// How a photo, video or document travelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Circulation {
    /// What travelled.
    pub media: EntityId,
    /// On which platforms.
    pub platforms: Vec<EntityId>,
    /// The channel's words.
    pub channel: Option<Span>,
    /// Who may see it; null when the text does not say.
    pub visibility: Option<Visibility>,
    /// The text says that this was the first time.
    pub first: bool,
    /// Words that say how far it went.
    pub spread: Option<Span>,
}

/// What the text presents as happening, with who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claim {
    /// Its id, in text order.
    pub id: ClaimId,
    /// The word or words that name the happening.
    pub trigger: Span,
    /// Its code.
    pub event: EventCode,
    /// ACLED's code, where the crosswalk gives one.
    pub acled: Option<Acled>,
    /// Who does it.
    pub actor: Vec<Filler>,
    /// To whom.
    pub recipient: Vec<Filler>,
    /// Where it happened.
    pub place: Vec<Filler>,
    /// With what.
    pub instrument: Vec<Filler>,
    /// What the text offers as evidence for this claim.
    pub evidence: Vec<Filler>,
    /// When.
    pub time: Option<TimeValue>,
    /// What is counted.
    pub quantities: Vec<Quantity>,
    /// Who says so, outermost first; empty when the author states it as fact.
    pub attribution: Vec<AttributionStep>,
    /// How sure they are.
    pub factuality: Factuality,
    /// Index into the reading's sentences.
    pub sentence: usize,
    /// Rules that made each decision.
    pub why: Vec<String>,
    /// For claims of sharing and posting: what travelled and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circulation: Option<Circulation>,
    /// What it is in the schemes that the user brought; absent when there are none or they do not know it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
}
