//! The search: verbs of the dictionaries meet the happenings of the reader, and their patterns give the code.

use std::collections::HashSet;

use dateline_nlp::Doc;

use super::Dictionaries;
use super::matching::Bound;
use super::sight::Sights;
use super::verbs::Code;
use crate::attribution::Attributions;
use crate::coreference::Entities;
use crate::happenings::{self, Argument, Happening, Happenings, Role, grammar};
use crate::mentions::{Mentions, noun_phrase};
use crate::scheme::{Coded, Value, meet};
use crate::slots::{Draft, Fill, Scene};

/// The name of the scheme.
const CAMEO: &str = "CAMEO";

/// A verb of a dictionary, at a happening.
#[derive(Debug)]
pub(crate) struct Found {
    /// Trigger of the happening.
    trigger: usize,
    own: Happening,
    code: Code,
    bound: Bound,
}

/// Finds the verbs of the dictionaries. What they tell of becomes a happening where the reader has none and PLOVER has a type for it; words
/// that attribute make none.
pub(crate) fn find(
    dictionaries: &Dictionaries,
    doc: &Doc,
    mentions: &Mentions,
    entities: &Entities,
    attributions: &Attributions,
    happenings: &mut Happenings,
) -> Vec<Found> {
    let cues: HashSet<usize> = attributions.all.iter().filter_map(|said| said.cue_head).collect();
    let mut out: Vec<Found> = Vec::new();
    let mut seen: HashSet<usize> = HashSet::new();
    for file in &dictionaries.verbs {
        for mut own in happenings::find(&file.rules, doc, mentions, entities, attributions).all {
            let id = own.why.first().and_then(|why| why.strip_prefix("trigger: "));
            let Some(verb) = id.and_then(|id| file.by_id.get(id)).and_then(|&at| file.verbs.get(at)) else { continue };
            let pattern = file.blocks.get(verb.block).and_then(|block| block.best(doc, &file.synsets, own.trigger));
            let (code, bound) = match &pattern {
                Some((pattern, bound)) => (pattern.code.clone(), *bound),
                None => (verb.code.clone(), Bound::default()),
            };
            if code.is_null() {
                continue;
            }
            own.why = vec![format!("verbs: line {}", verb.line)];
            if let Some((pattern, _)) = pattern {
                own.why.push(format!("pattern: line {}: {}", pattern.line, pattern.text));
            }
            // What only the target does makes it the actor.
            if code.forward.is_none() {
                swap(&mut own.arguments);
            }
            let plover = code.forward.as_deref().or(code.backward.as_deref()).and_then(|code| dictionaries.cameo.event(code));
            (own.kind, own.mode) = (plover.map(|(kind, _)| kind), plover.and_then(|(_, mode)| mode));
            let enters = own.kind.is_some() && !cues.contains(&own.trigger);
            if let Some(trigger) = meet(doc, happenings, &own, enters)
                && seen.insert(trigger)
            {
                out.push(Found { trigger, own, code, bound });
            }
        }
    }
    out
}

fn swap(arguments: &mut [Argument]) {
    for argument in arguments {
        argument.role = match argument.role {
            Role::Actor => Role::Recipient,
            Role::Recipient => Role::Actor,
            other => other,
        };
    }
}

/// Codings of the drafts, in the order of the drafts.
pub(crate) fn code(
    dictionaries: &Dictionaries,
    sights: &Sights,
    scene: &Scene<'_>,
    drafts: &[Draft],
    found: &[Found],
) -> Vec<Coded> {
    let mut out: Vec<Coded> = Vec::new();
    for found in found {
        let Ok(at) = scene.happenings.all.binary_search_by_key(&found.trigger, |happening| happening.trigger) else { continue };
        let Some(draft) = drafts.get(at) else { continue };
        let day = draft
            .time
            .and_then(|time| scene.mentions.times.get(time))
            .and_then(|time| time.edtf.as_ref())
            .and_then(|date| date.bounds())
            .and_then(|(from, _)| from);
        let party = |bound: Option<usize>, fills: &[Fill], role: Role| {
            let value = |fill: Fill| {
                let tokens = scene.mentions.all.get(fill.mention)?.tokens;
                Some(Value { tokens, fill: Some(fill), value: dictionaries.actor_code(sights, scene, fill, day), count: None })
            };
            // Words that are no mention of the reader's may be a name of the dictionaries.
            let at = |head: usize| {
                scene.fill_at(head).and_then(value).unwrap_or_else(|| {
                    let tokens = noun_phrase(scene.doc, head);
                    Value { tokens, fill: None, value: dictionaries.phrase_code(sights, tokens, day), count: None }
                })
            };
            if let Some(head) = bound {
                return vec![at(head)];
            }
            let mut found_here: Vec<Value> = fills.iter().copied().filter_map(value).collect();
            if found_here.is_empty() {
                found_here.extend(found.own.heads(role).map(at));
            }
            // A town that is shelled is where it happens for PLOVER; for CAMEO it stands for those who hold it.
            if found_here.is_empty() && role == Role::Recipient {
                found_here.extend(grammar::undergoer(scene.doc, found.own.trigger, true).into_iter().map(at));
            }
            let mut values: Vec<Value> = Vec::new();
            for value in found_here {
                if !values.iter().any(|known| known.tokens == value.tokens) {
                    values.push(value);
                }
            }
            values
        };
        let mut first = party(found.bound.source, &draft.actor, Role::Actor);
        let mut second = party(found.bound.target, &draft.recipient, Role::Recipient);
        // `[:173]` was turned round when it was found: who suffers it is its source.
        if found.code.forward.is_none() && found.bound != Bound::default() {
            std::mem::swap(&mut first, &mut second);
        }
        let mut push = |code: &str, source: &[Value], target: &[Value]| {
            let slots = [("source", source), ("target", target)];
            let slots = slots.into_iter().filter(|(_, values)| !values.is_empty());
            out.push(Coded {
                draft: at,
                scheme: CAMEO.to_owned(),
                version: None,
                kind: code.to_owned(),
                broader: (2..code.len()).rev().filter_map(|length| code.get(..length)).map(str::to_owned).collect(),
                trigger: found.own.trigger,
                slots: slots.map(|(name, values)| (name.to_owned(), values.to_vec())).collect(),
                why: found.own.why.clone(),
            });
        };
        match (&found.code.forward, &found.code.backward) {
            (Some(forward), backward) => {
                push(forward, &first, &second);
                if let Some(backward) = backward {
                    push(backward, &second, &first);
                }
            }
            (None, Some(backward)) => push(backward, &first, &second),
            (None, None) => {}
        }
    }
    out.sort_by_key(|coded| coded.draft);
    out
}
