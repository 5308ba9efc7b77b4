use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{EntityId, Span};

/// What fills a slot of a user's scheme: words of the text, and what they were read as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SlotValue {
    /// The words.
    pub mention: Span,
    /// The entity that they name, where they name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityId>,
    /// A code or category that the scheme gives, or a date (EDTF).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Of a count: at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Of a count: at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Of a count: *about*, *dozens*.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approx: bool,
}

/// A claim in the terms of a scheme that its user brought: an ontology of their own, or dictionaries in PETRARCH's formats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coding {
    /// Name of the scheme; `CAMEO` for PETRARCH dictionaries.
    pub ontology: String,
    /// Its version, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The type, as the scheme names it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The types above it, nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broader: Vec<String>,
    /// The word that the type was read from.
    pub trigger: Span,
    /// The scheme's slots that the text fills.
    pub slots: BTreeMap<String, Vec<SlotValue>>,
    /// Entries and rules that decided.
    pub why: Vec<String>,
}
