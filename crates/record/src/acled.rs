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

    /// The pair of a sub-event type; `None` when the codebook has no such one.
    #[must_use]
    pub fn of_sub_event(sub_event_type: &str) -> Option<Self> {
        let (event, _) = SUB_EVENTS.iter().find(|(_, subs)| subs.contains(&sub_event_type))?;
        Some(Self::new(event, sub_event_type))
    }
}

/// ACLED's event types, each with its sub-event types (codebook of 2023).
const SUB_EVENTS: &[(&str, &[&str])] = &[
    ("Battles", &["Government regains territory", "Non-state actor overtakes territory", "Armed clash"]),
    ("Protests", &["Excessive force against protesters", "Protest with intervention", "Peaceful protest"]),
    ("Riots", &["Violent demonstration", "Mob violence"]),
    (
        "Explosions/Remote violence",
        &[
            "Chemical weapon",
            "Air/drone strike",
            "Suicide bomb",
            "Shelling/artillery/missile attack",
            "Remote explosive/landmine/IED",
            "Grenade",
        ],
    ),
    ("Violence against civilians", &["Sexual violence", "Attack", "Abduction/forced disappearance"]),
    (
        "Strategic developments",
        &[
            "Agreement",
            "Arrests",
            "Change to group/activity",
            "Disrupted weapons use",
            "Headquarters or base established",
            "Looting/property destruction",
            "Non-violent transfer of territory",
            "Other",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sub_event_type_has_one_event_type() {
        assert_eq!(Acled::of_sub_event("Grenade"), Some(Acled::new("Explosions/Remote violence", "Grenade")));
        assert_eq!(Acled::of_sub_event("Battles"), None);
        assert_eq!(SUB_EVENTS.iter().map(|(_, subs)| subs.len()).sum::<usize>(), 25);
    }
}
