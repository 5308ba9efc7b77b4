//! Where the named places are: every toponym of the document is resolved together with the others.

use dateline_gazetteer::{Context, Precision as Fine, Query, Resolution};
use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Country, EntityKind, Precision, Sector};

use super::phrase::base;
use super::rules::Rules;
use super::words::Words;
use super::{Form, Mention, MentionId, Resolved};

/// A name to resolve and who asks.
struct Asked<'a> {
    tokens: TokenRange,
    name: &'a str,
    mention: Option<MentionId>,
    /// An actor without a country whose phrase the name stands in.
    owner: Option<MentionId>,
    /// The name was cut from a larger phrase: *northern Syria*.
    part: bool,
}

/// Resolves the places of a document; actors named by a place (*Mosul residents*) get its country.
pub(super) fn resolve(rules: &Rules, doc: &Doc, words: &Words, mentions: &mut [Mention], loose: &[(TokenRange, usize)]) {
    let mut asked: Vec<Asked<'_>> = Vec::new();
    for (id, mention) in mentions.iter().enumerate() {
        let named = mention.form == Form::Name && mention.kind == EntityKind::Place;
        let state = mention.kind == EntityKind::Actor && mention.why.starts_with("state: ");
        if named {
            let (tokens, part) = toponym(rules, doc, words, mention);
            asked.push(Asked { tokens, name: doc.words(tokens), mention: Some(id), owner: None, part });
        } else if state {
            let name = match mention.country.and_then(|country| rules.geography.name_of(country)) {
                Some(country) if doc.pos(mention.head) == "ADJ" => country,
                _ => doc.words(mention.tokens),
            };
            asked.push(Asked { tokens: mention.tokens, name, mention: Some(id), owner: None, part: false });
        }
    }
    for &(tokens, head) in loose {
        let owner = mentions.binary_search_by_key(&head, |mention| mention.head).ok();
        asked.push(Asked { tokens, name: doc.words(tokens), mention: None, owner, part: false });
    }
    if asked.is_empty() {
        return;
    }
    asked.sort_by_key(|asked| (asked.tokens.start, asked.tokens.end));
    let queries: Vec<Query<'_>> = asked
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let next = asked.get(at + 1).filter(|next| within(doc, words, one.tokens.end, next.tokens.start));
            Query { name: one.name, container: next.map(|next| next.name) }
        })
        .collect();
    let answers = rules.geography.gazetteer.resolve(&queries, &Context::default());
    for (one, answer) in asked.iter().zip(answers) {
        let Some(answer) = answer else { continue };
        let resolved = resolved(rules, &answer, one.part);
        if let Some(mention) = one.mention.and_then(|id| mentions.get_mut(id)) {
            if mention.kind == EntityKind::Place {
                mention.country = resolved.country.or(mention.country);
            }
            mention.place = Some(resolved);
        } else if let Some(owner) = one.owner.and_then(|id| mentions.get_mut(id)) {
            owner.country = owner.country.or(resolved.country);
        }
    }
    homes(doc, words, mentions);
}

/// Actors that a place after them tells the country of: *residents of Mosul*, *teachers in Oklahoma*.
fn homes(doc: &Doc, words: &Words, mentions: &mut [Mention]) {
    for id in 0..mentions.len() {
        let mention = &mentions[id];
        if mention.kind != EntityKind::Actor || mention.country.is_some() || mention.form == Form::Pronoun {
            continue;
        }
        let civil = mention.sector.is_none_or(|sector| !sector.is_armed() && sector != Sector::Crm);
        let object = doc.children(mention.head).find_map(|child| {
            let by = doc.dep(child) == "poss"
                || (doc.dep(child) == "prep"
                    && (matches!(words.folded(child), "of" | "from")
                        || civil && matches!(words.folded(child), "in" | "across" | "throughout" | "near" | "at")));
            by.then(|| if doc.dep(child) == "poss" { Some(child) } else { doc.child(child, "pobj") })?
        });
        let country = object
            .and_then(|object| mentions.binary_search_by_key(&object, |mention| mention.head).ok())
            .and_then(|at| mentions.get(at))
            .filter(|other| other.kind == EntityKind::Place)
            .and_then(|other| other.country);
        if country.is_some() {
            mentions[id].country = country;
        }
    }
}

/// The tokens between two names say that the first lies in the second.
fn within(doc: &Doc, words: &Words, from: usize, to: usize) -> bool {
    if to <= from || to - from > 3 {
        return false;
    }
    let between: Vec<&str> = (from..to).map(|k| words.folded(k)).collect();
    doc.sentence_of(from) == doc.sentence_of(to)
        && matches!(between.as_slice(), [","] | ["("] | ["in"] | [",", "in"] | ["in", "the"] | [",", "in", "the"])
}

/// The name in a place phrase: without article, directions and words of distance (*northern Syria*, *the outskirts of Homs*).
fn toponym(rules: &Rules, doc: &Doc, words: &Words, mention: &Mention) -> (TokenRange, bool) {
    let tokens = mention.tokens;
    let mut start = tokens.start;
    let mut part = false;
    while start + 1 < tokens.end {
        let word = words.folded(start);
        let capital = doc.word(start).starts_with(char::is_uppercase);
        let direction = rules.directions.contains(word);
        let whole = doc.words(TokenRange::new(start, tokens.end));
        if direction && capital && rules.geography.knows(whole) {
            break;
        }
        let loose = direction
            || matches!(doc.pos(start).as_str(), "DET" | "ADP" | "PUNCT" | "NUM" | "SPACE" | "ADV" | "PART" | "PRON")
            || (doc.pos(start) == "ADJ" && !capital)
            || (doc.pos(start) == "NOUN" && !capital)
            || (doc.pos(start) == "VERB" && !capital)
            || doc.word(start) == "-";
        if !loose {
            break;
        }
        part |= direction;
        start += 1;
    }
    // *Syria's Idlib province*: the possessor is a name of its own.
    if let Some(possessive) = (start..tokens.end.saturating_sub(1)).rev().find(|&k| doc.tag(k) == "POS" && k < mention.head) {
        start = possessive + 1;
    }
    let mut end = tokens.end;
    while end > start + 1 && matches!(doc.pos(end - 1).as_str(), "PUNCT" | "PART" | "SPACE") {
        end -= 1;
    }
    (TokenRange::new(start, end), part)
}

fn resolved(rules: &Rules, answer: &Resolution, part: bool) -> Resolved {
    let gazetteer = rules.geography.gazetteer;
    let place = gazetteer.place(answer.place);
    let precision = match answer.precision {
        Fine::City => Precision::City,
        Fine::Admin2 => Precision::Admin2,
        Fine::Admin1 => Precision::Admin1,
        Fine::Country => Precision::Country,
        Fine::Region => Precision::Region,
    };
    let admin1 = place.and_then(|place| place.admin1).and_then(|id| gazetteer.place(id));
    Resolved {
        geonames: place.and_then(|place| place.geonames),
        name: place.map_or("", |place| place.name).to_owned(),
        country: place.and_then(|place| place.country).and_then(|code| code.parse::<Country>().ok()),
        admin1: admin1.map(|place| place.name.to_owned()),
        lat: place.map(|place| place.at.lat),
        lon: place.map(|place| place.at.lon),
        precision: if part && !matches!(precision, Precision::City | Precision::Admin2) { Precision::Region } else { precision },
    }
}

/// Names of places that only modify an actor: *Oklahoma lawmakers*, *Boston police*. (Tokens of the name, head of the actor.)
pub(super) fn loose_names(rules: &Rules, doc: &Doc, words: &Words, mentions: &[Mention]) -> Vec<(TokenRange, usize)> {
    let mut out = Vec::new();
    for mention in mentions
        .iter()
        .filter(|mention| mention.kind == EntityKind::Actor && mention.country.is_none() && mention.form != Form::Pronoun)
    {
        let range = base(doc, mention.head);
        let mut k = range.start;
        while k < mention.head {
            let entity =
                doc.entity_at(k).filter(|entity| entity.tokens.start == k && matches!(entity.label.as_str(), "GPE" | "LOC"));
            let tokens = match entity {
                Some(entity) => TokenRange::new(k, entity.tokens.end.min(mention.head)),
                None => {
                    k += 1;
                    continue;
                }
            };
            if !tokens.is_empty() && rules.geography.state_at(doc, words, k).is_none() {
                out.push((tokens, mention.head));
            }
            k = tokens.end.max(k + 1);
        }
    }
    out
}
