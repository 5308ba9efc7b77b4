//! The search: triggers of the ontologies meet the happenings of the reader, then slots are filled.

use std::collections::HashSet;

use dateline_nlp::Doc;

use super::Ontology;
use crate::attribution::Attributions;
use crate::coreference::Entities;
use crate::happenings::{self, Happening, Happenings};
use crate::mentions::Mentions;
use crate::scheme::{Coded, Value, meet};
use crate::slots::{Draft, Scene};

/// A trigger of an ontology, at a happening.
#[derive(Debug)]
pub(crate) struct Found {
    /// Index of the ontology.
    ontology: usize,
    /// Index of the type.
    kind: usize,
    /// Trigger of the happening.
    trigger: usize,
    /// What the ontology's own search found.
    own: Happening,
}

/// Finds the triggers of all ontologies; what they tell of and the reader did not find becomes a happening.
pub(crate) fn find(
    ontologies: &[Ontology],
    doc: &Doc,
    mentions: &Mentions,
    entities: &Entities,
    attributions: &Attributions,
    happenings: &mut Happenings,
) -> Vec<Found> {
    let mut out = Vec::new();
    for (at, ontology) in ontologies.iter().enumerate() {
        for own in happenings::find(&ontology.rules, doc, mentions, entities, attributions).all {
            let id = own.why.first().and_then(|why| why.strip_prefix("trigger: "));
            let Some(&kind) = id.and_then(|id| ontology.triggers.get(id)) else { continue };
            if let Some(trigger) = meet(doc, happenings, &own, true) {
                out.push(Found { ontology: at, kind, trigger, own });
            }
        }
    }
    out
}

/// Codings of the drafts, in the order of the drafts; a draft without ACLED's code gets that of the type, where it has one.
pub(crate) fn code(ontologies: &[Ontology], scene: &Scene<'_>, drafts: &mut [Draft], found: &[Found]) -> Vec<Coded> {
    let mut out: Vec<Coded> = Vec::with_capacity(found.len());
    let mut seen: HashSet<(usize, usize)> = HashSet::new();
    for found in found {
        let Some(ontology) = ontologies.get(found.ontology) else { continue };
        let Some(kind) = ontology.types.get(found.kind) else { continue };
        let Ok(at) = scene.happenings.all.binary_search_by_key(&found.trigger, |happening| happening.trigger) else { continue };
        let Some(draft) = drafts.get_mut(at) else { continue };
        // One happening, one type of a scheme: the first word that tells of it.
        if !seen.insert((at, found.ontology)) {
            continue;
        }
        let happening = scene.happenings.all.get(at);
        if draft.acled.is_none() && happening.is_some_and(|happening| happening.kind.is_some()) {
            draft.acled.clone_from(&kind.acled);
        }
        let mut why = found.own.why.clone();
        let mut slots: Vec<(String, Vec<Value>)> = Vec::new();
        for slot in &ontology.slots {
            let of_type = slot.types.as_ref().is_none_or(|types| {
                types.contains(&found.kind) || ontology.above(found.kind).any(|above| types.contains(&above))
            });
            if !of_type || slots.iter().any(|(name, _)| *name == slot.name) {
                continue;
            }
            let values = slot.fill(&ontology.rules, scene, draft, &found.own);
            if !values.is_empty() {
                why.push(format!("slot: {}", slot.name));
                slots.push((slot.name.clone(), values));
            }
        }
        out.push(Coded {
            draft: at,
            scheme: ontology.name.clone(),
            version: ontology.version.clone(),
            kind: kind.name.clone(),
            broader: ontology
                .above(found.kind)
                .filter_map(|above| ontology.types.get(above))
                .map(|kind| kind.name.clone())
                .collect(),
            trigger: found.own.trigger,
            slots,
            why,
        });
    }
    out.sort_by_key(|coded| coded.draft);
    out
}
