//! How many, and in which role.

use dateline_record::{EntityKind, EventType, Mode, QuantityRole};

use super::link::{Above, Links};
use super::{Draft, Rules, Scene};
use crate::happenings::{Happening, Role};
use crate::mentions::Count;

/// Counts in the phrases of the arguments, and those of the happenings themselves (*15 strikes*).
pub(super) fn fill(rules: &Rules, scene: &Scene<'_>, links: &Links, drafts: &mut [Draft]) {
    let doc = scene.doc;
    let mut users: Vec<Vec<(usize, QuantityRole)>> = vec![Vec::new(); scene.mentions.counts.len()];
    // Counts by head, for the arguments that name them.
    let by_head = |head: usize| {
        let counts = &scene.mentions.counts;
        let from = counts.partition_point(|count| count.tokens.end <= head);
        (from..counts.len())
            .take_while(move |&id| counts[id].tokens.start <= head)
            .filter(move |&id| counts[id].head == head || counts[id].tokens.contains(head))
    };
    for (at, happening) in scene.happenings.all.iter().enumerate() {
        for argument in &happening.arguments {
            for id in by_head(argument.head) {
                users[id].push((at, role(rules, scene, happening, Some(argument.role), &scene.mentions.counts[id])));
            }
        }
        for id in by_head(happening.trigger) {
            users[id].push((at, role(rules, scene, happening, None, &scene.mentions.counts[id])));
        }
    }
    for (id, count) in scene.mentions.counts.iter().enumerate() {
        if users[id].is_empty() {
            // An object that no argument names: directly under a verb, or in one of its prepositional phrases.
            let mut top = count.head;
            for _ in 0..8 {
                if doc.dep(top) != "conj" {
                    break;
                }
                top = doc.head(top);
            }
            let direct = matches!(
                doc.dep(top).as_str(),
                "dobj" | "nsubjpass" | "nsubj" | "attr" | "oprd" | "dative" | "appos" | "pobj" | "npadvmod"
            );
            let Above::Happening(at) = (if direct { links.climb(doc, top) } else { Above::Nothing }) else { continue };
            if let Some(happening) = scene.happenings.all.get(at).filter(|happening| happening.anchor.abs_diff(count.head) < 25) {
                let side = match doc.dep(top).as_str() {
                    "nsubj" => Some(Role::Actor),
                    "dobj" | "nsubjpass" => Some(Role::Recipient),
                    _ => None,
                };
                users[id].push((at, role(rules, scene, happening, side, count)));
            }
        }
        let killed = users[id].iter().any(|&(_, role)| role == QuantityRole::Killed);
        let injured = users[id].iter().any(|&(_, role)| role == QuantityRole::Injured);
        for &(at, role) in &users[id] {
            // Killed and wounded under one number: neither (DECISIONS 33).
            let role = if killed && injured { QuantityRole::Other } else { role };
            if let Some(draft) = drafts.get_mut(at).filter(|draft| !draft.counts.iter().any(|&(known, _)| known == id)) {
                draft.counts.push((id, role));
                draft.why.push(format!("quantity: {}", count.why));
            }
        }
    }
}

fn role(rules: &Rules, scene: &Scene<'_>, happening: &Happening, side: Option<Role>, count: &Count) -> QuantityRole {
    let doc = scene.doc;
    let noun = doc.lemma(count.head).to_ascii_lowercase();
    if count.why == "sum of money" {
        return QuantityRole::Other;
    }
    if let Some(&role) = rules.by_noun.get(&noun) {
        return role;
    }
    let mention = scene.fill_at(count.head).and_then(|fill| scene.mentions.all.get(fill.mention));
    if let Some(mention) = mention.filter(|mention| mention.kind == EntityKind::Equipment) {
        let class = mention.class.as_deref().unwrap_or_default();
        let munition = ["missile", "munition", "rocket", "bomb", "shell", "mine", "drone", "ammunition", "explosive"];
        return if munition.iter().any(|word| class.contains(word)) { QuantityRole::Munitions } else { QuantityRole::Equipment };
    }
    let trigger = doc.lemma(happening.trigger).to_ascii_lowercase();
    let people = mention.is_none_or(|mention| mention.kind == EntityKind::Actor);
    if !people {
        return QuantityRole::Other;
    }
    let suffers = rules.by_trigger.get(&trigger).copied();
    match (side, suffers) {
        (Some(Role::Recipient | Role::Theme), Some(role)) => return role,
        // *Twelve people died*, *thousands fled*: who does it is who suffers it.
        (Some(Role::Actor), Some(role @ (QuantityRole::Killed | QuantityRole::Missing | QuantityRole::Displaced)))
            if intransitive(scene, happening) =>
        {
            return role;
        }
        _ => {}
    }
    let captured = matches!(happening.mode, Some(Mode::Abduct | Mode::Arrest));
    match side {
        Some(Role::Recipient | Role::Theme) if captured => QuantityRole::Captured,
        Some(Role::Actor) => QuantityRole::Involved,
        Some(Role::Recipient | Role::Theme) if matches!(happening.kind, Some(EventType::Mobilize | EventType::Aid)) => {
            QuantityRole::Involved
        }
        _ => QuantityRole::Other,
    }
}

fn intransitive(scene: &Scene<'_>, happening: &Happening) -> bool {
    happening.heads(Role::Recipient).next().is_none() && scene.doc.child(happening.trigger, "dobj").is_none()
}
