//! What one reading tells of happenings, as corroboration takes it, with the names of protected persons taken out.

use std::collections::HashSet;

use dateline_corroborate::{EventFacts, Statement};
use dateline_record::{Acled, Claim, Context, EntityId, Event, Reading};
use sha2::{Digest, Sha256};

use crate::render::person::Protected;

/// One happening of a report.
#[derive(Debug)]
pub(crate) struct Told {
    /// Id of the event in the reading, `v1`.
    pub(crate) local: String,
    /// What is said of it, for comparing.
    pub(crate) facts: EventFacts,
    /// Each claim with who says so.
    pub(crate) statements: Vec<Statement>,
    /// ACLED's codes.
    pub(crate) acled: Option<Acled>,
    /// PLOVER's contexts.
    pub(crate) contexts: Vec<Context>,
    /// Triggers of its claims, in code points: by these a happening is found again in a later reading of the report.
    pub(crate) triggers: Vec<(usize, usize)>,
}

/// The happenings of a reading that have a PLOVER type.
///
/// `salt` keeps persons apart who speak without being named: two witnesses are two sources, whatever they are called.
pub(crate) fn told(report: u64, reading: &Reading, protected: Option<&Protected>, salt: &str) -> Vec<Told> {
    let shown = protected.map(|protected| withheld(reading, protected, salt));
    let reading = shown.as_ref().unwrap_or(reading);
    reading
        .events
        .iter()
        .filter(|event| event.kind.is_some())
        .map(|event| Told {
            local: event.id.to_string(),
            facts: EventFacts::of(reading, event),
            statements: Statement::of(report, reading, event),
            acled: claims(reading, event).find_map(|claim| claim.acled.clone()),
            contexts: claims(reading, event).flat_map(|claim| claim.event.contexts.iter().copied()).collect(),
            triggers: claims(reading, event).map(|claim| (claim.trigger.start(), claim.trigger.end())).collect(),
        })
        .collect()
}

/// The claims of an event of the reading.
pub(crate) fn claims<'a>(reading: &'a Reading, event: &'a Event) -> impl Iterator<Item = &'a Claim> {
    reading.claims.iter().filter(|claim| event.claims.contains(&claim.id))
}

/// The reading with every protected person called by a description.
fn withheld(reading: &Reading, protected: &Protected, salt: &str) -> Reading {
    let speakers: HashSet<EntityId> = reading
        .claims
        .iter()
        .flat_map(|claim| &claim.attribution)
        .filter_map(|step| Some(step.source.as_ref()?.entity))
        .collect();
    let mut shown = reading.clone();
    for entity in &mut shown.entities {
        let mut name = protected.name_of(entity);
        if name != entity.name && speakers.contains(&entity.id) && entity.person {
            name.push_str(&format!(" [{}]", tag(salt, &entity.name)));
        }
        entity.name = name;
    }
    shown
}

/// Four hex digits that stand for a name within one case and say nothing of it.
fn tag(salt: &str, name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt.as_bytes());
    hash.update([0]);
    hash.update(name.to_lowercase().as_bytes());
    hash.finalize().iter().take(2).map(|byte| format!("{byte:02x}")).collect()
}
