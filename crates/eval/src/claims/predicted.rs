//! Claims of a reading, in groups of one happening.

use std::collections::{HashMap, HashSet};

use dateline_record::{Claim, EntityId, FactualityValue, Filler, QuantityRole, Reading};

use super::edtf::Stretch;
use super::gold::{Count, Date, Step, plain};
use crate::text::Span;

/// An entity, as far as it is scored.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) mentions: Vec<Span>,
    pub(crate) country: Option<String>,
    pub(crate) sector: Option<&'static str>,
}

/// A claim, as far as it is scored.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) trigger: Span,
    pub(crate) kind: Option<&'static str>,
    pub(crate) mode: Option<&'static str>,
    /// Actor, recipient, place, evidence.
    pub(crate) slots: [Vec<(EntityId, Span)>; 4],
    pub(crate) time: Option<(Span, Date)>,
    pub(crate) quantities: HashSet<Count>,
    pub(crate) chain: Vec<Step>,
    pub(crate) source: FactualityValue,
    pub(crate) author: FactualityValue,
    pub(crate) why: Vec<String>,
}

/// Claims of one happening; those with a type are what is scored.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) all: Vec<Said>,
    pub(crate) typed: Vec<Said>,
}

/// A reading, as far as it is scored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Predicted {
    pub(crate) things: HashMap<EntityId, Thing>,
    pub(crate) groups: Vec<Group>,
}

pub(crate) fn span(span: &dateline_record::Span) -> Span {
    (span.start(), span.end())
}

fn role(role: QuantityRole) -> String {
    serde_json::to_value(role).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn said(claim: &Claim) -> Said {
    let slot = |fillers: &[Filler]| fillers.iter().map(|filler| (filler.entity, span(&filler.mention))).collect();
    let bound = |bound: Option<i64>| bound.map(|n| (n as f64).to_bits());
    let time = claim.time.as_ref().and_then(|time| {
        let edtf = time.edtf.as_ref()?.as_str();
        let stretch = Stretch::parse(edtf)?;
        Some((span(&time.mention), Date { text: super::edtf::normal(edtf), stretch }))
    });
    Said {
        trigger: span(&claim.trigger),
        kind: claim.event.kind.map(plain),
        mode: claim.event.mode.map(dateline_record::Mode::as_str),
        slots: [slot(&claim.actor), slot(&claim.recipient), slot(&claim.place), slot(&claim.evidence)],
        time,
        quantities: claim.quantities.iter().map(|count| (bound(count.min), bound(count.max), role(count.role))).collect(),
        chain: claim
            .attribution
            .iter()
            .map(|step| (step.kind, step.source.as_ref().map(|source| (source.entity, span(&source.mention)))))
            .collect(),
        source: claim.factuality.source,
        author: claim.factuality.author,
        why: claim.why.clone(),
    }
}

impl Predicted {
    /// From a reading that holds to its contract.
    pub(crate) fn of(reading: &Reading) -> Self {
        let things = reading.entities.iter().map(|entity| {
            let thing = Thing {
                mentions: entity.mentions.iter().map(span).collect(),
                country: entity.country.map(|country| country.to_string()),
                sector: entity.sector.map(dateline_record::Sector::as_str),
            };
            (entity.id, thing)
        });
        let claims: HashMap<_, _> = reading.claims.iter().map(|claim| (claim.id, claim)).collect();
        let mut used = HashSet::new();
        let mut groups: Vec<Vec<Said>> = Vec::new();
        for event in &reading.events {
            groups.push(
                event
                    .claims
                    .iter()
                    .filter(|&&id| used.insert(id))
                    .filter_map(|id| claims.get(id))
                    .map(|claim| said(claim))
                    .collect(),
            );
        }
        groups.extend(reading.claims.iter().filter(|claim| !used.contains(&claim.id)).map(|claim| vec![said(claim)]));
        let typed = |all: Vec<Said>| Group { typed: all.iter().filter(|claim| claim.kind.is_some()).cloned().collect(), all };
        let mut groups: Vec<Group> = groups.into_iter().map(typed).filter(|group| !group.typed.is_empty()).collect();
        groups.sort_by_key(|group| group.typed.iter().map(|claim| claim.trigger).min());
        Self { things: things.collect(), groups }
    }
}
