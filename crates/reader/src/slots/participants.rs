//! Who does it, to whom, with what; actors that grammar only implies; ACLED's code.

use dateline_record::{EntityKind, EventType, Mode, Precision};

use super::link::{Kind, Links};
use super::{Draft, Fill, Scene, add};
use crate::happenings::{self, Role, Side};

/// Arguments become entities.
pub(super) fn fill(scene: &Scene<'_>, drafts: &mut [Draft]) {
    let doc = scene.doc;
    for draft in drafts {
        let Some(happening) = scene.happenings.all.get(draft.happening) else { continue };
        let mut sent = Vec::new();
        for argument in &happening.arguments {
            let Some(fill) = scene.fill_at(argument.head) else { continue };
            let Some(mention) = scene.mentions.all.get(fill.mention) else { continue };
            let force =
                matches!(happening.kind, Some(EventType::Assault | EventType::Coerce | EventType::Retreat | EventType::Mobilize));
            // *Rocket Attack*, capitalised in a headline, is a deed and no body.
            let deed = |head: usize| scene.happenings.all.binary_search_by_key(&head, |other| other.trigger).is_ok();
            if mention.kind == EntityKind::Actor && mention.country.is_none() && mention.sector.is_none() && deed(mention.head) {
                continue;
            }
            match (argument.role, mention.kind) {
                (Role::Actor, EntityKind::Actor) => _ = add(&mut draft.actor, fill),
                (Role::Actor, EntityKind::Equipment) => _ = add(&mut draft.instrument, fill),
                (Role::Actor, EntityKind::Place) if is_country(scene, fill) => _ = add(&mut draft.actor, fill),
                // Troops that are sent are not whom they are sent to.
                (Role::Theme, EntityKind::Actor) if matches!(happening.kind, Some(EventType::Mobilize | EventType::Aid)) => {
                    sent.push(fill);
                }
                (Role::Recipient | Role::Theme, EntityKind::Actor) => _ = add(&mut draft.recipient, fill),
                // Towns, districts and fronts that are hit or taken are where it happens (DECISIONS 31).
                (Role::Recipient | Role::Theme, EntityKind::Place) if force || !is_country(scene, fill) => {
                    _ = add(&mut draft.place, fill)
                }
                (Role::Recipient, EntityKind::Place) => _ = add(&mut draft.recipient, fill),
                (Role::Place, EntityKind::Place) => _ = add(&mut draft.place, fill),
                (Role::Instrument, EntityKind::Equipment) => _ = add(&mut draft.instrument, fill),
                (Role::Theme | Role::Recipient, EntityKind::Equipment)
                    if matches!(happening.kind, Some(EventType::Aid | EventType::Mobilize | EventType::Cooperate)) =>
                {
                    _ = add(&mut draft.instrument, fill);
                }
                _ => {}
            }
        }
        // *The deployment of the brigade*: nobody else is said to have sent it.
        if draft.actor.is_empty() && happening.kind == Some(EventType::Mobilize) {
            draft.actor = sent;
        }
        // *artillery attacks*, *a drone strike*.
        let deeds = std::iter::once(happening.trigger).chain(happening.light.iter().copied());
        let named = deeds
            .flat_map(|deed| doc.children_with(deed, &["compound", "amod", "nmod"]))
            .filter_map(|child| scene.fill_at(child));
        for fill in named.filter(|fill| kind_of(scene, *fill) == Some(EntityKind::Equipment)) {
            if add(&mut draft.instrument, fill) {
                draft.why.push("instrument: compound of the trigger".to_owned());
            }
        }
        // One thing is not both sides of a deed.
        let actors: Vec<usize> = draft.actor.iter().map(|fill| fill.entity).collect();
        draft.recipient.retain(|fill| !actors.contains(&fill.entity));
    }
}

fn kind_of(scene: &Scene<'_>, fill: Fill) -> Option<EntityKind> {
    scene.mentions.all.get(fill.mention).map(|mention| mention.kind)
}

fn is_country(scene: &Scene<'_>, fill: Fill) -> bool {
    let place = scene.mentions.all.get(fill.mention).and_then(|mention| mention.place.as_ref());
    place.is_some_and(|place| place.precision == Precision::Country)
}

/// Actors along the links of one sentence, from the happening above to the one below.
pub(super) fn inherit(scene: &Scene<'_>, links: &Links, drafts: &mut [Draft]) {
    // Twice: a chain of two links is long already.
    for _ in 0..2 {
        for id in 0..drafts.len() {
            let Some(link) = links.above.get(id).copied().flatten() else { continue };
            let Some((happening, parent)) = scene.happenings.all.get(id).zip(scene.happenings.all.get(link.parent)) else {
                continue;
            };
            let implied = match link.kind {
                Kind::Participle => true,
                Kind::Within => parent.kind.is_some() && happening.trigger != parent.trigger,
                Kind::Conjunct | Kind::Object | Kind::Meanwhile | Kind::Other => false,
            };
            // A demand or an accusation speaks of what another does.
            let other = matches!(parent.kind, Some(EventType::Request | EventType::Accuse | EventType::Reject))
                || happening.circulation
                || parent.circulation;
            let passive = scene.doc.tag(happening.trigger) == "VBN"
                || scene.doc.children_with(happening.trigger, &["auxpass", "nsubjpass"]).next().is_some();
            if !implied || other || passive || happening.kind.is_none() || !drafts[id].actor.is_empty() {
                continue;
            }
            let actors: Vec<Fill> = drafts[link.parent].actor.to_vec();
            let actors: Vec<Fill> =
                actors.into_iter().filter(|fill| !drafts[id].recipient.iter().any(|known| known.entity == fill.entity)).collect();
            if !actors.is_empty() {
                drafts[id].actor = actors;
                drafts[id].why.push("actor: of the happening that this one is part of".to_owned());
            }
        }
    }
}

/// Whom an operation is against, from what it is for: *an operation aimed at neutralizing X*.
pub(super) fn purpose(scene: &Scene<'_>, links: &Links, drafts: &mut [Draft]) {
    for id in 0..drafts.len() {
        let Some(link) = links.above.get(id).copied().flatten().filter(|link| link.kind == Kind::Participle) else { continue };
        let Some((happening, parent)) = scene.happenings.all.get(id).zip(scene.happenings.all.get(link.parent)) else { continue };
        let noun = scene.doc.pos(parent.trigger) == "NOUN";
        if noun && happening.kind == parent.kind && drafts[link.parent].recipient.is_empty() && !drafts[id].recipient.is_empty() {
            drafts[link.parent].recipient = drafts[id].recipient.clone();
            drafts[link.parent].why.push("recipient: of the happening that this one is for".to_owned());
        }
    }
}

/// ACLED's code by type, mode and the two sides.
pub(super) fn acled(scene: &Scene<'_>, drafts: &mut [Draft]) {
    let side = |fills: &[Fill]| {
        let clusters = fills.iter().filter_map(|fill| scene.entities.all.get(fill.entity));
        let sectors: Vec<_> = clusters.filter_map(|cluster| cluster.sector).collect();
        let armed = sectors.iter().copied().find(|sector| sector.is_armed());
        Side { sector: armed.or_else(|| sectors.first().copied()), known: !fills.is_empty() }
    };
    for draft in drafts {
        let Some(happening) = scene.happenings.all.get(draft.happening) else { continue };
        let Some(kind) = happening.kind else { continue };
        let mutual = draft.actor.len() > 1 && draft.recipient.is_empty();
        let territory = happening.mode == Some(Mode::Seize) && !draft.place.is_empty() && draft.recipient.is_empty();
        draft.acled = happenings::acled(kind, happening.mode, side(&draft.actor), side(&draft.recipient), mutual, territory);
    }
}
