use serde::{Deserialize, Serialize};

/// Event type and sub-event type in the terms of ACLED's codebook.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Acled {
    /// One of ACLED's six event types, such as `Battles`.
    pub event_type: String,
    /// One of its 25 sub-event types, such as `Armed clash`.
    pub sub_event_type: String,
}

impl Acled {
    /// A pair of codes.
    #[must_use]
    pub fn new(event_type: &str, sub_event_type: &str) -> Self {
        Self { event_type: event_type.to_owned(), sub_event_type: sub_event_type.to_owned() }
    }
}
