//! Where and when.

use dateline_nlp::Doc;
use dateline_record::{Edtf, EntityKind, EventType};

use super::link::{Above, Kind, Links};
use super::{Draft, Scene, add};
use crate::happenings::Happening;
use crate::mentions::{Form, Mention, MentionId, Time};

/// Prepositions that place something.
const LOCATIVE: &[&str] = &[
    "in",
    "at",
    "near",
    "inside",
    "outside",
    "within",
    "around",
    "across",
    "over",
    "on",
    "along",
    "throughout",
    "through",
    "off",
    "beside",
    "behind",
    "above",
    "below",
    "beyond",
    "amid",
    "outskirts",
    "alongside",
];

/// Nouns whose *of* names the place itself: *the city of Mosul*, *the outskirts of Aleppo*.
const PARTS: &[&str] = &[
    "city",
    "town",
    "village",
    "province",
    "region",
    "district",
    "state",
    "area",
    "outskirt",
    "outskirts",
    "suburb",
    "center",
    "centre",
    "part",
    "border",
    "capital",
    "port",
    "island",
    "neighbourhood",
    "neighborhood",
    "governorate",
    "oblast",
    "county",
    "camp",
    "edge",
    "coast",
    "street",
    "direction",
    "front",
    "territory",
    "side",
    "vicinity",
    "settlement",
    "municipality",
    "peninsula",
    "countryside",
    "heart",
    "north",
    "south",
    "east",
    "west",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
];

/// Places by grammar: a locative phrase belongs to the first happening above it.
pub(super) fn places(scene: &Scene<'_>, links: &Links, drafts: &mut [Draft]) {
    for (id, mention) in scene.mentions.all.iter().enumerate() {
        if mention.kind != EntityKind::Place {
            continue;
        }
        let Some((from, preposition)) = locative(scene, links, mention) else { continue };
        let happening = match links.climb(scene.doc, from) {
            Above::Happening(happening) => Some(happening),
            // A phrase within the subject speaks of the subject.
            Above::Verb(verb) if within_subject(scene.doc, from, verb) => None,
            Above::Verb(verb) => below(scene, links, verb),
            Above::Nothing => None,
        };
        let Some((happening, draft)) = happening.and_then(|at| scene.happenings.all.get(at).zip(drafts.get_mut(at))) else {
            continue;
        };
        if !places_it(happening, preposition) || !happens_somewhere(happening) && preposition != "at" && !names_it(preposition) {
            continue;
        }
        let Some(&entity) = scene.entities.of_mention.get(id) else { continue };
        if add(&mut draft.place, super::Fill { entity, mention: id }) {
            draft.why.push(format!("place: {preposition} in its phrase or clause"));
        }
    }
}

/// Places that stand inside the phrases of those who suffer it, *the residents of Mosul*, and inside the phrases of places, *an area west of
/// Damascus*: the inner one first.
pub(super) fn nested(scene: &Scene<'_>, drafts: &mut [Draft]) {
    let doc = scene.doc;
    for draft in drafts {
        let Some(happening) = scene.happenings.all.get(draft.happening).filter(|happening| happens_somewhere(happening)) else {
            continue;
        };
        let harm = matches!(happening.kind, Some(EventType::Assault | EventType::Coerce | EventType::Protest));
        let of_people = draft.recipient.iter().filter(|_| harm);
        let within: Vec<usize> = of_people
            .chain(&draft.place)
            .filter_map(|fill| scene.mentions.all.get(fill.mention))
            .map(|mention| mention.head)
            .collect();
        for head in within {
            for id in inside(scene, head) {
                let Some(&entity) = scene.entities.of_mention.get(id) else { continue };
                if add(&mut draft.place, super::Fill { entity, mention: id }) {
                    draft.why.push("place: within the phrase of a place or of who suffers it".to_owned());
                }
            }
        }
        // *Cleared territory*, *moved to safe areas*: nowhere that is meant.
        draft.place.retain(|fill| {
            let mention =
                scene.mentions.all.get(fill.mention).filter(|mention| mention.form == Form::Nominal && mention.place.is_none());
            mention.is_none_or(|mention| {
                doc.pos(mention.head) != "NOUN"
                    || doc.children_with(mention.head, &["det", "poss", "nummod", "compound"]).next().is_some()
                    || doc.children_with(mention.head, &["prep"]).next().is_some()
            })
        });
        // Anywhere is nowhere: *the area* says nothing beside a name.
        let named = |fill: &super::Fill| {
            scene.entities.all.get(fill.entity).is_some_and(|cluster| cluster.place.is_some())
                || scene
                    .mentions
                    .all
                    .get(fill.mention)
                    .is_some_and(|mention| doc.word(mention.head).starts_with(char::is_uppercase))
        };
        if draft.place.iter().any(named) {
            draft.place.retain(named);
        }
    }
}

/// Named places under prepositions of place below a noun: *of Mosul*, *in Idlib*, *west of Damascus*.
fn inside(scene: &Scene<'_>, head: usize) -> Vec<MentionId> {
    let doc = scene.doc;
    let mut found = Vec::new();
    let mut at = vec![head];
    for _ in 0..8 {
        let Some(token) = at.pop() else { break };
        for child in doc.children(token).filter(|&child| child > token) {
            match doc.dep(child).as_str() {
                "prep" if LOCATIVE.contains(&doc.word(child)) || matches!(doc.word(child), "of" | "from") => at.push(child),
                "pobj" | "conj" => {
                    let named = scene.mentions.at_head(child).filter(|&id| {
                        let mention = &scene.mentions.all[id];
                        mention.kind == EntityKind::Place && doc.word(mention.head).starts_with(char::is_uppercase)
                    });
                    found.extend(named);
                    at.push(child);
                }
                // *an area west of Damascus*: an adverb, or an adjective as the parser has it.
                "advmod" | "amod" if LOCATIVE.contains(&doc.word(child)) || PARTS.contains(&doc.word(child)) => at.push(child),
                _ => {}
            }
        }
    }
    found
}

/// Whether `from` stands below a subject of `verb` that is not of its own happening.
fn within_subject(doc: &Doc, from: usize, verb: usize) -> bool {
    std::iter::once(from)
        .chain(doc.ancestors(from))
        .take(12)
        .take_while(|&at| at != verb)
        .any(|at| doc.head(at) == verb && matches!(doc.dep(at).as_str(), "nsubj" | "nsubjpass"))
}

fn names_it(tie: &str) -> bool {
    tie.starts_with("name ")
}

/// Words are spoken nowhere in particular: *in Syria* under *condemned the attack* is said of what is condemned.
fn happens_somewhere(happening: &Happening) -> bool {
    use EventType as E;
    !matches!(happening.kind, Some(E::Accuse | E::Request | E::Reject | E::Support | E::Sanction | E::Agree | E::Threaten))
}

fn places_it(happening: &Happening, preposition: &str) -> bool {
    let kind = happening.kind;
    match preposition {
        "from" | "out" => matches!(kind, Some(EventType::Retreat | EventType::Coerce | EventType::Assault)),
        "into" | "towards" | "toward" | "onto" => {
            matches!(kind, Some(EventType::Assault | EventType::Coerce | EventType::Mobilize))
        }
        "to" => matches!(kind, Some(EventType::Mobilize)),
        // *Talks on Syria* are held elsewhere.
        "on" => kind != Some(EventType::Consult),
        "against" | "for" => matches!(kind, Some(EventType::Assault | EventType::Coerce)),
        _ => true,
    }
}

/// The token from which a place's phrase hangs, with the preposition or other tie; none when the phrase places nothing.
fn locative<'a>(scene: &'a Scene<'_>, links: &Links, mention: &Mention) -> Option<(usize, &'a str)> {
    let doc = scene.doc;
    let mut at = mention.head;
    for _ in 0..6 {
        // The second of *in Iraq and Syria* stands where the first does.
        for _ in 0..8 {
            if doc.dep(at) != "conj" {
                break;
            }
            at = doc.head(at);
        }
        if doc.is_root(at) {
            return None;
        }
        let head = doc.head(at);
        match doc.dep(at).as_str() {
            "pobj" => {
                let word = doc.word(head);
                if let Some(&known) = LOCATIVE.iter().find(|known| word.eq_ignore_ascii_case(known)) {
                    return Some((head, known));
                }
                let up = doc.head(head);
                if word.eq_ignore_ascii_case("of") && !doc.word(up).eq_ignore_ascii_case("out") {
                    if links.happening(up).is_some() {
                        return Some((up, "of"));
                    }
                    if PARTS.contains(&doc.lemma(up).to_ascii_lowercase().as_str()) {
                        if matches!(doc.dep(up).as_str(), "advmod" | "npadvmod" | "prep") {
                            return Some((up, "of"));
                        }
                        at = up;
                        continue;
                    }
                    return None;
                }
                // *key towns in the north including X and Y*
                if matches!(word, "including" | "like") || word == "as" && doc.word(up) == "such" {
                    at = if word == "as" { doc.head(up) } else { up };
                    continue;
                }
                // *pushed them out of X*
                if word.eq_ignore_ascii_case("of") && doc.word(up).eq_ignore_ascii_case("out") {
                    return Some((up, "out"));
                }
                return ["from", "into", "to", "against", "for", "towards", "toward", "onto"]
                    .into_iter()
                    .find(|known| word.eq_ignore_ascii_case(known))
                    .map(|known| (head, known));
            }
            // *the Mosul offensive*, *Mosul's fall*.
            "compound" | "nmod" | "poss" | "amod" if links.happening(head).is_some() => {
                return Some((head, "name beside the trigger"));
            }
            "compound" | "nmod" => at = head,
            // *Sarmada, Syria*: the container of a place that is said already.
            _ => return None,
        }
    }
    None
}

/// The happening that a phrase on a verb that is none speaks of: *continued to shell the town on Monday*, *the attack came on Monday*.
fn below(scene: &Scene<'_>, links: &Links, verb: usize) -> Option<usize> {
    let doc = scene.doc;
    let at = |deps: &'static [&'static str]| doc.children_with(verb, deps).find_map(|child| links.happening(child));
    at(&["xcomp"]).or_else(|| at(&["nsubj", "nsubjpass"])).or_else(|| {
        let cue = scene.attributions.all.iter().any(|said| said.cue_head == Some(verb));
        if cue { None } else { at(&["dobj", "attr"]) }
    })
}

/// *In December, state media said that a strike had hit the port*: a month or a year before the subject of a verb of saying is when it happened;
/// people say things on days.
fn told_of(scene: &Scene<'_>, links: &Links, verb: usize, time: &Time) -> Option<usize> {
    let doc = scene.doc;
    let subject = doc.children_with(verb, &["nsubj"]).next().filter(|&subject| time.head < subject)?;
    // Without a year only the form tells: `XXXX-12`.
    let month = |edtf: &Edtf| edtf.as_str().trim_end_matches(['~', '?', '%']).len() <= "XXXX-12".len();
    let wide = time.edtf.as_ref().is_some_and(|edtf| edtf.days().map_or_else(|| month(edtf), |days| days > 7));
    let cue = scene.attributions.all.iter().any(|said| said.cue_head == Some(verb));
    let complement = (subject < verb && wide && cue).then(|| doc.children_with(verb, &["ccomp"]).next()).flatten()?;
    links.happening(complement)
}

/// Times by grammar, the nearest to the trigger where there are several.
pub(super) fn times(scene: &Scene<'_>, links: &Links, drafts: &mut [Draft]) {
    let doc = scene.doc;
    for (id, time) in scene.mentions.times.iter().enumerate() {
        // *Under the agreement of 2011*, *the December agreement*: a noun's own date is nothing else's.
        let noun = doc.head(time.head);
        let own = matches!(doc.dep(time.head).as_str(), "compound" | "nmod" | "poss" | "nummod") && noun > time.head;
        if own && doc.pos(noun) == "NOUN" && links.happening(noun).is_none() {
            continue;
        }
        let happening = match links.climb(doc, time.head) {
            Above::Happening(happening) => Some(happening),
            Above::Verb(verb) => below(scene, links, verb).or_else(|| told_of(scene, links, verb, time)),
            Above::Nothing => None,
        };
        let mut take = |at: usize, why: &str| {
            let (Some(happening), Some(draft)) = (scene.happenings.all.get(at), drafts.get_mut(at)) else { return };
            let far = |id: usize| scene.mentions.times.get(id).map_or(usize::MAX, |time| time.head.abs_diff(happening.trigger));
            let valued = |id: usize| scene.mentions.times.get(id).is_some_and(|time| time.edtf.is_some());
            if draft.time.is_none_or(|known| (valued(id), far(known)) > (valued(known), far(id))) {
                draft.time = Some(id);
                draft.why.push(format!("time: {} ({why})", time.why));
            }
        };
        if let Some(at) = happening {
            take(at, "in its clause");
        }
        // *on December 14, when the president confirmed their presence*: what the clause under the date speaks of.
        for clause in time.tokens.indices().flat_map(|token| doc.children_with(token, &["relcl", "advcl"])) {
            let at = links
                .happening(clause)
                .or_else(|| doc.children_with(clause, &["dobj", "ccomp", "nsubjpass"]).find_map(|child| links.happening(child)));
            if let Some(at) = at {
                take(at, "the clause under the date");
            }
        }
    }
}

/// Places and times along the links of one sentence.
pub(super) fn inherit(scene: &Scene<'_>, links: &Links, drafts: &mut [Draft]) {
    let doc = scene.doc;
    for id in 0..drafts.len() {
        let Some(link) = links.above.get(id).copied().flatten() else { continue };
        let Some(parent) = scene.happenings.all.get(link.parent) else { continue };
        if scene.happenings.all.get(id).is_none_or(|happening| happening.circulation) || parent.circulation {
            continue;
        }
        // Before the subject it stands for all verbs that follow.
        let subject = doc.children_with(parent.anchor, &["nsubj", "nsubjpass"]).next().unwrap_or(parent.anchor);
        let initial = |head: usize| head < subject;
        let (up, place_down, time_down) = match link.kind {
            Kind::Participle | Kind::Within | Kind::Meanwhile => (true, true, true),
            Kind::Conjunct => {
                let placed = drafts[link.parent].place.first().and_then(|fill| scene.mentions.all.get(fill.mention));
                (false, placed.is_some_and(|mention| initial(mention.head)), true)
            }
            Kind::Object => (true, true, false),
            Kind::Other => (false, false, false),
        };
        let promised = matches!(
            parent.kind,
            Some(EventType::Request | EventType::Threaten | EventType::Agree | EventType::Reject | EventType::Accuse)
        );
        if place_down && drafts[id].place.is_empty() && !drafts[link.parent].place.is_empty() && !promised {
            drafts[id].place = drafts[link.parent].place.clone();
            drafts[id].why.push("place: of the happening that this one is part of".to_owned());
        } else if up && drafts[link.parent].place.is_empty() && !drafts[id].place.is_empty() && !promised {
            drafts[link.parent].place = drafts[id].place.clone();
            drafts[link.parent].why.push("place: of the happening that is part of this one".to_owned());
        }
        if time_down && drafts[id].time.is_none() && drafts[link.parent].time.is_some() && !promised {
            drafts[id].time = drafts[link.parent].time;
            drafts[id].why.push("time: of the happening that this one is part of".to_owned());
        } else if (up || link.kind == Kind::Conjunct)
            && drafts[link.parent].time.is_none()
            && drafts[id].time.is_some()
            && !promised
        {
            drafts[link.parent].time = drafts[id].time;
            drafts[link.parent].why.push("time: of the happening that is part of this one".to_owned());
        }
    }
}
