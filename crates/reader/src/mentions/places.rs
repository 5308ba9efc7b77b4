//! Where the named places are: every toponym of the document is resolved together with the others.

use dateline_gazetteer::{Basis, Context, Precision as Fine, Query, Resolution};
use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Country, EntityKind, PlaceUse, Precision, Sector};

use super::phrase::base;
use super::rules::Rules;
use super::toponyms::Named;
use super::words::Words;
use super::{Form, Mention, MentionId, Resolved, Toponym};

/// A name to resolve and who asks.
struct Asked<'a> {
    tokens: TokenRange,
    name: &'a str,
    mention: Option<MentionId>,
    /// An actor without a country whose phrase the name stands in.
    owner: Option<MentionId>,
    /// The name was cut from a larger phrase: *northern Syria*.
    part: bool,
    /// Which of the names of places it is.
    toponym: Option<usize>,
}

/// Resolves the places of a document, mentions and other names of places together; actors named by a place (*Mosul residents*) get its
/// country. Gives the names with what they are of.
pub(super) fn resolve(rules: &Rules, doc: &Doc, words: &Words, mentions: &mut [Mention], named: &[Named]) -> Vec<Toponym> {
    let mut toponyms = attach(mentions, named);
    let mut asked: Vec<Asked<'_>> = Vec::new();
    let mut settled = vec![false; mentions.len()];
    for (at, toponym) in toponyms.iter().enumerate() {
        let inside =
            |mention: &Mention| mention.kind == EntityKind::Actor && mention.country.is_none() && mention.form != Form::Pronoun;
        let owner = toponym.mention.is_none().then(|| owner(doc, mentions, toponym.tokens, inside)).flatten();
        let part = toponym.mention.and_then(|id| mentions.get(id)).is_some_and(|mention| {
            (mention.tokens.start..toponym.tokens.start).any(|k| rules.directions.contains(words.folded(k)))
        });
        if let Some(slot) = toponym.mention.and_then(|id| settled.get_mut(id)) {
            *slot = true;
        }
        let name = doc.words(with_division(doc, mentions, toponym));
        asked.push(Asked { tokens: toponym.tokens, name, mention: toponym.mention, owner, part, toponym: Some(at) });
    }
    for (id, mention) in mentions.iter().enumerate().filter(|&(id, _)| settled.get(id) == Some(&false)) {
        let named = mention.form == Form::Name && mention.kind == EntityKind::Place;
        let state = mention.kind == EntityKind::Actor && mention.why.starts_with("state: ");
        if named {
            let (tokens, part) = toponym(rules, doc, words, mention);
            asked.push(Asked { tokens, name: doc.words(tokens), mention: Some(id), owner: None, part, toponym: None });
        } else if state {
            let name = match mention.country.and_then(|country| rules.geography.name_of(country)) {
                Some(country) if doc.pos(mention.head) == "ADJ" => country,
                _ => doc.words(mention.tokens),
            };
            asked.push(Asked { tokens: mention.tokens, name, mention: Some(id), owner: None, part: false, toponym: None });
        }
    }
    if asked.is_empty() {
        return toponyms;
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
        let resolved = resolved(rules, one.name, &answer, one.part);
        if let Some(mention) = one.mention.and_then(|id| mentions.get_mut(id)) {
            if mention.kind == EntityKind::Place {
                mention.country = resolved.country.or(mention.country);
            }
            mention.place = Some(resolved.clone());
        } else if let Some(owner) = one.owner.and_then(|id| mentions.get_mut(id)) {
            owner.country = owner.country.or(resolved.country);
        }
        if let Some(toponym) = one.toponym.and_then(|at| toponyms.get_mut(at)) {
            toponym.place = Some(resolved);
        }
    }
    named_by_of(rules, doc, words, mentions);
    homes(doc, words, mentions);
    toponyms
}

/// *The town of X* is X, wherever X is.
fn named_by_of(rules: &Rules, doc: &Doc, words: &Words, mentions: &mut [Mention]) {
    for id in 0..mentions.len() {
        let mention = &mentions[id];
        if mention.kind != EntityKind::Place || mention.place.is_some() || !rules.toponyms.is_called(words.key(mention.head)) {
            continue;
        }
        let of = doc.children_with(mention.head, &["prep"]).find(|&child| words.folded(child) == "of");
        let inner = of
            .and_then(|of| doc.child(of, "pobj"))
            .and_then(|object| mentions.binary_search_by_key(&object, |mention| mention.head).ok())
            .and_then(|at| mentions.get(at))
            .filter(|inner| inner.kind == EntityKind::Place && inner.form == Form::Name);
        if let Some(inner) = inner.cloned() {
            let mention = &mut mentions[id];
            mention.name = inner.name;
            mention.country = inner.country.or(mention.country);
            mention.place = inner.place;
            mention.form = Form::Name;
        }
    }
}

/// The name with the word in lower case after it that says what it is: *Kursk oblast* is not the city of Kursk.
pub(crate) fn with_division(doc: &Doc, mentions: &[Mention], toponym: &Toponym) -> TokenRange {
    let head = toponym.mention.and_then(|id| mentions.get(id)).map(|mention| mention.head);
    let division = |&head: &usize| {
        let words =
            ["oblast", "province", "region", "sector", "governorate", "prefecture", "raion", "voivodeship", "canton", "krai"];
        head == toponym.tokens.end && words.contains(&doc.word(head))
    };
    head.filter(division).map_or(toponym.tokens, |head| TokenRange::new(toponym.tokens.start, head + 1))
}

/// Which mention each name is the name of, and what it is used for where it is of none.
fn attach(mentions: &[Mention], named: &[Named]) -> Vec<Toponym> {
    let mut taken = vec![false; mentions.len()];
    let mut toponyms: Vec<Toponym> = named
        .iter()
        .map(|named| {
            let heads = mentions.partition_point(|mention| mention.head < named.tokens.start)
                ..mentions.partition_point(|mention| mention.head < named.tokens.end);
            let mention =
                heads.clone().rev().find(|&id| mentions.get(id).is_some_and(|mention| mention.kind == EntityKind::Place));
            if let Some(slot) = mention.and_then(|id| taken.get_mut(id)) {
                *slot = true;
            }
            let state = heads.clone().any(|id| mentions.get(id).is_some_and(|mention| mention.why.starts_with("state: ")));
            let actor = heads.clone().any(|id| mentions.get(id).is_some_and(|mention| mention.kind == EntityKind::Actor));
            let place_use = match mention {
                Some(_) => None,
                None if state => Some(PlaceUse::Metonymic),
                None if named.within => Some(PlaceUse::Modifier),
                None if actor => Some(PlaceUse::Metonymic),
                None => None,
            };
            Toponym { tokens: named.tokens, mention, place_use, place: None, why: named.why }
        })
        .collect();
    for toponym in
        toponyms.iter_mut().filter(|toponym| toponym.mention.is_none() && toponym.place_use != Some(PlaceUse::Metonymic))
    {
        let holder = holders(mentions, toponym.tokens)
            .filter(|(id, mention)| {
                mention.kind == EntityKind::Place && mention.form == Form::Name && taken.get(*id) == Some(&false)
            })
            .min_by_key(|(_, mention)| mention.tokens.len());
        match holder {
            Some((id, _)) => {
                if let Some(slot) = taken.get_mut(id) {
                    *slot = true;
                }
                toponym.mention = Some(id);
                toponym.place_use = None;
            }
            None => {
                let phrase = holders(mentions, toponym.tokens).any(|(_, mention)| {
                    mention.head >= toponym.tokens.end
                        && matches!(mention.kind, EntityKind::Actor | EntityKind::Document | EntityKind::Media)
                });
                if phrase {
                    toponym.place_use = Some(PlaceUse::Modifier);
                }
            }
        }
    }
    toponyms
}

/// Mentions whose phrase holds these tokens.
fn holders(mentions: &[Mention], tokens: TokenRange) -> impl Iterator<Item = (MentionId, &Mention)> {
    let from = mentions.partition_point(|mention| mention.head + super::WIDEST < tokens.start);
    let near =
        mentions.get(from..).unwrap_or_default().iter().take_while(move |mention| mention.head <= tokens.end + super::WIDEST);
    (from..).zip(near).filter(move |(_, mention)| mention.tokens.covers(tokens))
}

/// The actor that a name before its head modifies: *Oklahoma lawmakers*, *Boston police*.
fn owner(doc: &Doc, mentions: &[Mention], name: TokenRange, fits: impl Fn(&Mention) -> bool) -> Option<MentionId> {
    holders(mentions, name)
        .filter(|(_, mention)| mention.head >= name.end && fits(mention) && base(doc, mention.head).covers(name))
        .min_by_key(|(_, mention)| mention.tokens.len())
        .map(|(id, _)| id)
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

fn resolved(rules: &Rules, name: &str, answer: &Resolution, part: bool) -> Resolved {
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
    // Of a name that is not known only the surroundings are: it is no mention of the place beside it.
    let beside = answer.basis == Basis::Nearby;
    Resolved {
        geonames: place.filter(|_| !beside).and_then(|place| place.geonames),
        name: if beside { name } else { place.map_or("", |place| place.name) }.to_owned(),
        country: place.and_then(|place| place.country).and_then(|code| code.parse::<Country>().ok()),
        admin1: admin1.map(|place| place.name.to_owned()),
        lat: place.map(|place| place.at.lat),
        lon: place.map(|place| place.at.lon),
        precision: if part && !matches!(precision, Precision::City | Precision::Admin2) { Precision::Region } else { precision },
    }
}
