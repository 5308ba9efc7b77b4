//! What the text offers as evidence, and how media circulate.

use dateline_nlp::TokenRange;
use dateline_record::{EntityKind, SourceKind, Visibility};

use super::link::{DEPTH, Links};
use super::{Draft, Fill, Rules, Scene, Spread, add};
use crate::happenings::{Happening, Role};
use crate::mentions::Mention;

/// Evidence for each happening: media that show it, documents that tell of it, means by which it was documented.
pub(super) fn fill(rules: &Rules, scene: &Scene<'_>, links: &Links, drafts: &mut [Draft]) {
    let doc = scene.doc;
    for draft in drafts.iter_mut() {
        let Some(happening) = scene.happenings.all.get(draft.happening) else { continue };
        if happening.circulation {
            continue;
        }
        let mut offer = |fill: Fill, why: &str| {
            // A pact is no evidence for itself.
            if mention(scene, fill).is_some_and(|mention| mention.head == happening.trigger) {
                return;
            }
            if add(&mut draft.evidence, fill) {
                draft.why.push(format!("evidence: {why}"));
            }
        };
        // Upwards: what shows it, what is a picture of it, how it was documented.
        let mut at = happening.anchor;
        for _ in 0..DEPTH {
            if doc.is_root(at) {
                break;
            }
            let head = doc.head(at);
            if doc.pos(head) != "NOUN"
                && rules.show.contains(doc.lemma(head))
                && !matches!(doc.dep(at).as_str(), "nsubj" | "nsubjpass" | "advcl" | "conj")
            {
                let subject = doc.children_with(head, &["nsubj", "agent"]).find_map(|subject| shown_by(rules, scene, subject));
                // *a video showing*, *a photo that shows*.
                let modified =
                    matches!(doc.dep(head).as_str(), "acl" | "relcl").then(|| shown_by(rules, scene, doc.head(head))).flatten();
                if let Some(fill) = modified.or(subject) {
                    offer(fill, "the subject of a verb of showing");
                }
                for fill in means(scene, head) {
                    offer(fill, "the means of documenting");
                }
            } else if matches!(doc.pos(head).as_str(), "NOUN" | "PROPN")
                && matches!(doc.dep(at).as_str(), "prep" | "acl" | "relcl" | "poss" | "compound")
                && let Some(fill) = picture(rules, scene, head)
            {
                offer(fill, "a picture or record of it");
            }
            at = head;
        }
        // *documented through drone footage*, *captured on video*: on the trigger itself.
        for fill in means(scene, happening.anchor) {
            offer(fill, "media as means");
        }
        // *documents issued to*: what is issued tells of the issuing.
        for head in happening.heads(Role::Theme) {
            if let Some(fill) = scene.fill_at(head).filter(|&fill| kind(scene, fill) == Some(EntityKind::Document))
                && matches!(doc.dep(happening.anchor).as_str(), "acl" | "relcl")
                && doc.head(happening.anchor) == head
            {
                offer(fill, "the document that it is about");
            }
        }
        let modified = doc.head(happening.anchor);
        if matches!(doc.dep(happening.anchor).as_str(), "acl" | "relcl")
            && let Some(fill) = scene.fill_at(modified).filter(|&fill| kind(scene, fill) == Some(EntityKind::Document))
        {
            offer(fill, "the document that it is about");
        }
        // *according to satellite images*.
        for said in draft.chain.iter().filter_map(|&id| scene.attributions.all.get(id)) {
            if matches!(said.kind, SourceKind::Document | SourceKind::Named | SourceKind::Unnamed)
                && let Some(fill) = said.source_head.and_then(|head| shown_by(rules, scene, head))
            {
                offer(fill, "the source is a record");
            }
        }
    }
    // What holds for a happening holds for those in its phrase: *documents issued to them, falsely naming them as*.
    for id in 0..drafts.len() {
        let Some(link) = links.above.get(id).copied().flatten() else { continue };
        if link.kind == super::link::Kind::Participle
            && drafts[id].evidence.is_empty()
            && !drafts[link.parent].evidence.is_empty()
        {
            drafts[id].evidence = drafts[link.parent].evidence.clone();
            drafts[id].why.push("evidence: of the happening that this one is part of".to_owned());
        }
    }
}

fn kind(scene: &Scene<'_>, fill: Fill) -> Option<EntityKind> {
    mention(scene, fill).map(|mention| mention.kind)
}

fn mention<'a>(scene: &'a Scene<'_>, fill: Fill) -> Option<&'a Mention> {
    scene.mentions.all.get(fill.mention)
}

/// Media, or a document that is more than its issuer's words.
fn shown_by(rules: &Rules, scene: &Scene<'_>, head: usize) -> Option<Fill> {
    let fill = scene.fill_at(head)?;
    let mention = mention(scene, fill)?;
    let only_words = rules.no_evidence.contains(&scene.doc.lemma(mention.head).to_ascii_lowercase());
    match mention.kind {
        EntityKind::Media => Some(fill),
        EntityKind::Document if !only_words => Some(fill),
        _ => None,
    }
}

fn picture(rules: &Rules, scene: &Scene<'_>, head: usize) -> Option<Fill> {
    shown_by(rules, scene, head).filter(|&fill| kind(scene, fill) == Some(EntityKind::Media))
}

/// Media, documents and captured things in *through*, *on*, *with*, *in*, *by* under a verb.
fn means(scene: &Scene<'_>, verb: usize) -> Vec<Fill> {
    let doc = scene.doc;
    let mut found = Vec::new();
    for preposition in doc.children_with(verb, &["prep", "agent"]) {
        let documents =
            ["document", "prove", "confirm", "verify", "corroborate", "show", "demonstrate"].contains(&doc.lemma(verb));
        let word = doc.word(preposition).to_ascii_lowercase();
        if !matches!(word.as_str(), "through" | "on" | "with" | "in" | "by" | "via" | "using") {
            continue;
        }
        for object in doc.children_with(preposition, &["pobj"]) {
            for conjunct in doc.conjuncts(object) {
                let Some(fill) = scene.fill_at(conjunct) else { continue };
                match kind(scene, fill) {
                    Some(EntityKind::Media) if documents || matches!(word.as_str(), "on" | "in" | "via") => found.push(fill),
                    Some(EntityKind::Document | EntityKind::Equipment) if documents && word != "in" => found.push(fill),
                    _ => {}
                }
            }
        }
    }
    found
}

/// What travelled, where, how far.
pub(super) fn circulation(rules: &Rules, scene: &Scene<'_>, links: &Links, drafts: &mut [Draft]) {
    for id in 0..drafts.len() {
        let Some(happening) = scene.happenings.all.get(id).filter(|happening| happening.circulation) else { continue };
        let travelled = [Role::Theme, Role::Recipient, Role::Actor]
            .into_iter()
            .flat_map(|role| happening.heads(role))
            .filter_map(|head| scene.fill_at(head));
        let media = travelled
            .filter(|&fill| matches!(kind(scene, fill), Some(EntityKind::Media | EntityKind::Document)))
            .map(|fill| fill.entity)
            .next();
        // The second of two verbs speaks of what the first does: *was shared and later circulated*.
        let before = links
            .above
            .get(id)
            .copied()
            .flatten()
            .and_then(|link| drafts.get(link.parent))
            .and_then(|draft| draft.spread.as_ref());
        let Some(media) = media.or_else(|| before.map(|spread| spread.media)) else { continue };
        drafts[id].spread = Some(spread(rules, scene, happening, media));
        drafts[id].why.push("circulation: media are the theme".to_owned());
        drafts[id].recipient.retain(|fill| fill.entity != media);
    }
}

fn spread(rules: &Rules, scene: &Scene<'_>, happening: &Happening, media: usize) -> Spread {
    let doc = scene.doc;
    let mut out = Spread { media, platforms: Vec::new(), channel: None, visibility: None, first: false, spread: None };
    let lemma = |token: usize| doc.lemma(token).to_ascii_lowercase();
    let visible = |token: usize| rules.visibility.get(&lemma(token)).copied();
    out.visibility = visible(happening.trigger);
    let mut far: Option<TokenRange> = None;
    let reach = |far: &mut Option<TokenRange>, tokens: TokenRange| {
        *far = Some(match *far {
            Some(known) if known.end == tokens.start => TokenRange { start: known.start, end: tokens.end },
            Some(known) => known,
            None => tokens,
        });
    };
    for child in doc.children(happening.anchor) {
        match doc.dep(child).as_str() {
            "advmod" | "npadvmod" => {
                out.first |= rules.first.contains(&lemma(child));
                out.visibility = out.visibility.or_else(|| visible(child));
                if rules.spread.contains(&lemma(child)) && child > happening.trigger {
                    reach(&mut far, TokenRange::single(child));
                }
            }
            "prep" | "agent" => {
                for object in doc.children_with(child, &["pobj"]) {
                    let phrase =
                        TokenRange { start: doc.subtree(object).start, end: (object + 1).max(doc.subtree(object).start) };
                    if rules.spread.contains(&lemma(child)) {
                        reach(&mut far, TokenRange { start: child, end: phrase.end });
                        out.visibility = out.visibility.or(Some(Visibility::Public));
                    } else if rules.channel.contains(&lemma(object)) || is_platform(scene, object) {
                        out.channel = out.channel.or(Some(phrase));
                        // Who may see it is said of the channel: *a private channel*.
                        let said = phrase.indices().filter(|&token| token != object).find_map(visible);
                        out.visibility = said.or(out.visibility);
                    }
                    for token in phrase.indices().take(24) {
                        if let Some(fill) = scene
                            .mentions
                            .at_head(token)
                            .and_then(|mention| Some(Fill { entity: *scene.entities.of_mention.get(mention)?, mention }))
                            && kind(scene, fill) == Some(EntityKind::Platform)
                            && !out.platforms.contains(&fill.entity)
                        {
                            out.platforms.push(fill.entity);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    out.first |= doc.children(happening.trigger).any(|child| rules.first.contains(&lemma(child)));
    out.spread = far;
    out
}

fn is_platform(scene: &Scene<'_>, token: usize) -> bool {
    scene.fill_at(token).is_some_and(|fill| kind(scene, fill) == Some(EntityKind::Platform))
}
