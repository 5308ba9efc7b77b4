//! Marked claims against the claims of readings.
//!
//! How a figure comes about:
//! - unit: claims of a reading by their event; a claim in no event is alone; claims without a type neither help nor hurt.
//! - alignment: a group and a marked claim may pair when their triggers overlap; most pairs, then most agreeing types, then most
//!   shared triggers.
//! - fields: type, mode, source and factuality are the share of the group's claims at the marked trigger that are right; actor,
//!   recipient, place, evidence and quantities are what all claims of the group give together.
//! - `matched` is over pairs; `end to end` counts marked claims without a pair as wrong, and for F1 what they and groups without a
//!   pair hold as missed and spurious.
//! - `claim_score` is the mean of eight end-to-end figures ([`PARTS`]).

mod edtf;
pub(crate) mod gold;
mod heads;
mod predicted;
mod tally;

use std::collections::{BTreeMap, HashMap, HashSet};

use dateline_record::{EntityId, FactualityValue, SourceKind};

use crate::figures::{Mistake, Scored};
use crate::matching::assign;
use crate::text::{Span, Text, overlap};
use gold::{Claim, Count, Document, Mention, SLOTS, Source, Step};
use heads::covers;
pub(crate) use predicted::Predicted;
pub(crate) use predicted::span as span_of;
use predicted::{Group, Said, Thing};
use tally::{Tallies, mean};

/// A trigger that is longer names nothing.
const MAX_TRIGGER: usize = 60;

/// The end-to-end figures whose mean is the claim score.
pub(crate) const PARTS: [&str; 8] =
    ["claim F1", "type", "actor F1", "recipient F1", "place F1", "time overlap", "source", "factuality 3-way"];

type Things = HashMap<EntityId, Thing>;

/// Entities in one slot of a group, with the words that name them there, in the order in which they came.
type Filled = Vec<(EntityId, Vec<Span>)>;

fn union(group: &Group, slot: usize) -> Filled {
    let mut out: Filled = Vec::new();
    for &(entity, span) in group.typed.iter().filter_map(|claim| claim.slots.get(slot)).flatten() {
        match out.iter_mut().find(|(other, _)| *other == entity) {
            Some((_, spans)) => spans.push(span),
            None => out.push((entity, vec![span])),
        }
    }
    out
}

fn counts(group: &Group) -> HashSet<Count> {
    group.typed.iter().flat_map(|claim| claim.quantities.iter().cloned()).collect()
}

fn values(counts: &HashSet<Count>) -> HashSet<(Option<u64>, Option<u64>)> {
    counts.iter().map(|(min, max, _)| (*min, *max)).collect()
}

fn type_fits(claim: &Claim, kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| kind == claim.kind || claim.others.contains(&kind))
}

/// The claims of a group that stand at a marked trigger; all of them where none does.
fn touching<'g>(claim: &Claim, group: &'g Group) -> Vec<&'g Said> {
    let at: Vec<&Said> =
        group.typed.iter().filter(|said| claim.triggers.iter().any(|&trigger| overlap(said.trigger, trigger))).collect();
    if at.is_empty() { group.typed.iter().collect() } else { at }
}

fn weight(claim: &Claim, group: &Group) -> i64 {
    let short = |said: &&Said| said.trigger.1 - said.trigger.0 <= MAX_TRIGGER;
    let hit = claim
        .triggers
        .iter()
        .filter(|&&trigger| group.all.iter().filter(short).any(|said| overlap(said.trigger, trigger)))
        .count();
    if hit == 0 {
        return 0;
    }
    let same = touching(claim, group).iter().any(|said| type_fits(claim, said.kind));
    1_000_000 + 1000 * i64::from(same) + hit.min(99) as i64
}

/// Marked mentions with the entities that are them, one to one.
fn pair_mentions<'m>(marked: &'m [Mention], found: &Filled, things: &Things, text: &Text) -> Vec<(&'m Mention, EntityId)> {
    let likeness = |mention: &Mention, (entity, spans): &(EntityId, Vec<Span>)| {
        let named = |spans: &[Span]| spans.iter().any(|&span| covers(span, mention.span, text));
        if named(spans) {
            3
        } else if things.get(entity).is_some_and(|thing| named(&thing.mentions)) {
            2
        } else {
            0
        }
    };
    let weights: Vec<Vec<i64>> = marked.iter().map(|mention| found.iter().map(|one| likeness(mention, one)).collect()).collect();
    let mut pairs: Vec<(usize, usize)> = assign(&weights).into_iter().collect();
    pairs.sort_unstable();
    pairs.into_iter().filter_map(|(i, j)| Some((marked.get(i)?, found.get(j)?.0))).collect()
}

fn source_fits(found: Option<&Step>, marked: Source, things: &Things, text: &Text) -> bool {
    match (marked, found) {
        (Source::Author, None) => true,
        (_, None) => false,
        (Source::Author, Some((kind, source))) => *kind == SourceKind::Author && source.is_none(),
        (Source::Unnamed(_), Some((kind, None))) => *kind != SourceKind::Author,
        (Source::Unnamed(cue), Some((kind, Some((_, span))))) => *kind == SourceKind::Unnamed || overlap(*span, cue),
        (Source::Named(_), Some((_, None))) => false,
        (Source::Named(words), Some((_, Some((entity, span))))) => {
            let mentions = things.get(entity).map_or(&[][..], |thing| thing.mentions.as_slice());
            std::iter::once(span).chain(mentions).any(|&span| covers(span, words, text))
        }
    }
}

/// Yes, no, open.
fn three(held: FactualityValue) -> u8 {
    match held {
        FactualityValue::CertainPositive => 0,
        held if held.as_str().ends_with('-') => 1,
        _ => 2,
    }
}

/// Whether a claim is held as one of the sources that will do holds it.
fn held_as<T: PartialEq>(said: &Said, claim: &Claim, as_what: impl Fn(FactualityValue) -> T) -> bool {
    claim.sources.iter().any(|&(source, value)| {
        let unnamed = matches!(source, Source::Unnamed(_)) && as_what(said.author) == as_what(value);
        unnamed || as_what(said.source) == as_what(value)
    })
}

/// What one pair got wrong, for the list of errors.
struct Pair<'a> {
    tallies: &'a mut Tallies,
    details: Vec<String>,
}

impl Pair<'_> {
    fn note(&mut self, name: &'static str, right: f64, marked: impl FnOnce() -> String, found: impl FnOnce() -> String) {
        self.tallies.accuracy(name).add(right);
        if right < 1.0 {
            self.details.push(format!("{name}: marked {}, found {}", marked(), found()));
        }
    }
}

fn said_by(text: &Text, source: Source) -> String {
    match source {
        Source::Author => "the report itself".to_owned(),
        Source::Unnamed(cue) => format!("unnamed ({})", text.slice(cue)),
        Source::Named(words) => text.slice(words),
    }
}

fn steps(text: &Text, steps: &[Option<&Step>]) -> String {
    let one = |step: &Option<&Step>| match step {
        None => "the report itself".to_owned(),
        Some((_, Some((_, span)))) => text.slice(*span),
        Some((kind, None)) => format!("{kind:?}").to_lowercase(),
    };
    steps.iter().map(one).collect::<Vec<_>>().join(" | ")
}

fn show_counts(counts: &HashSet<Count>) -> String {
    let bound = |bits: &Option<u64>| bits.map_or(String::new(), |bits| f64::from_bits(bits).to_string());
    let mut all: Vec<String> = counts.iter().map(|(min, max, role)| format!("{}..{} {role}", bound(min), bound(max))).collect();
    all.sort();
    all.join(" | ")
}

fn codes<T: ToString>(codes: impl Iterator<Item = Option<T>>) -> String {
    codes.map(|code| code.map_or("none".to_owned(), |code| code.to_string())).collect::<Vec<_>>().join(" | ")
}

fn score_pair(document: &Document, things: &Things, claim: &Claim, group: &Group, tallies: &mut Tallies) -> Vec<String> {
    let text = &document.text;
    let at = touching(claim, group);
    let share = |right: &dyn Fn(&Said) -> bool| mean(at.iter().map(|said| f64::from(u8::from(right(said)))));
    let mut pair = Pair { tallies, details: Vec::new() };
    let show = |code: &Option<String>| code.clone().unwrap_or_else(|| "none".to_owned());
    pair.note(
        "type",
        share(&|said| type_fits(claim, said.kind)),
        || claim.kind.to_owned(),
        || codes(at.iter().map(|said| said.kind)),
    );
    if let Some(mode) = &claim.mode {
        let main: Vec<&&Said> = at.iter().filter(|said| said.kind == Some(claim.kind)).collect();
        if !main.is_empty() || !at.iter().any(|said| type_fits(claim, said.kind)) {
            let modes: Vec<&str> = main.iter().filter_map(|said| said.mode).collect();
            let right = mean(modes.iter().map(|found| f64::from(u8::from(found == mode))));
            pair.note("mode", right, || mode.clone(), || modes.join(" | "));
        }
    }
    for (slot, name) in SLOTS.into_iter().enumerate() {
        let marked = claim.slots.get(slot).map_or(&[][..], Vec::as_slice);
        let found = union(group, slot);
        let pairs = pair_mentions(marked, &found, things, text);
        pair.tallies.f1(name).matched(pairs.len(), found.len(), marked.len());
        if pairs.len() < found.len().max(marked.len()) {
            let marked: Vec<String> = marked.iter().map(|mention| text.slice(mention.span)).collect();
            let found: Vec<String> = found.iter().filter_map(|(_, spans)| spans.first()).map(|&span| text.slice(span)).collect();
            pair.details.push(format!("{name}: marked {}, found {}", marked.join(" | "), found.join(" | ")));
        }
        let Some(country) = tally::country_of(name) else { continue };
        for (mention, entity) in pairs {
            let Some(thing) = things.get(&entity) else { continue };
            let right = f64::from(u8::from(thing.country == mention.country));
            pair.note(country, right, || show(&mention.country), || show(&thing.country));
            if let Some(sector) = tally::sector_of(name).filter(|_| mention.sector.is_some()) {
                let found = thing.sector.map(str::to_owned);
                pair.note(sector, f64::from(u8::from(found == mention.sector)), || show(&mention.sector), || show(&found));
            }
        }
    }
    score_time(claim, group, &mut pair);
    let (found, marked) = (counts(group), &claim.quantities);
    pair.tallies.f1("quantities").matched(found.intersection(marked).count(), found.len(), marked.len());
    let (found_values, marked_values) = (values(&found), values(marked));
    let both = found_values.intersection(&marked_values).count();
    pair.tallies.f1("quantity values").matched(both, found_values.len(), marked_values.len());
    if found != *marked {
        pair.details.push(format!("quantities: marked {}, found {}", show_counts(marked), show_counts(&found)));
    }
    let right = share(&|said| claim.sources.iter().any(|&(source, _)| source_fits(said.chain.last(), source, things, text)));
    let first = claim.sources.first();
    pair.note(
        "source",
        right,
        || first.map_or(String::new(), |&(source, _)| said_by(text, source)),
        || steps(text, &at.iter().map(|said| said.chain.last()).collect::<Vec<_>>()),
    );
    if let Some(outer) = claim.outer {
        let before = |said: &Said| said.chain.split_last().map_or(Vec::new(), |(_, before)| before.to_vec());
        let right = share(&|said| before(said).iter().any(|step| source_fits(Some(step), outer, things, text)));
        pair.note(
            "outer source",
            right,
            || said_by(text, outer),
            || {
                at.iter()
                    .map(|said| steps(text, &before(said).iter().map(Some).collect::<Vec<_>>()))
                    .collect::<Vec<_>>()
                    .join(" | ")
            },
        );
    }
    let marked = || first.map_or(String::new(), |(_, value)| value.to_string());
    let found = || codes(at.iter().map(|said| Some(said.source)));
    pair.note("factuality 7-way", share(&|said| held_as(said, claim, |value| value)), marked, found);
    pair.note("factuality 3-way", share(&|said| held_as(said, claim, three)), marked, found);
    pair.details
}

fn score_time(claim: &Claim, group: &Group, pair: &mut Pair<'_>) {
    // One of each date; the words of the last claim that has it.
    let mut dates: BTreeMap<&str, (&gold::Date, Span)> = BTreeMap::new();
    for (span, date) in group.typed.iter().filter_map(|said| said.time.as_ref()) {
        dates.insert(&date.text, (date, *span));
    }
    let found = || dates.keys().copied().collect::<Vec<_>>().join(" | ");
    match &claim.time {
        Some((_, Some(marked))) => {
            let exact = mean(dates.keys().map(|date| f64::from(u8::from(*date == marked.text))));
            let shared = mean(dates.values().map(|(date, _)| f64::from(u8::from(date.stretch.agrees_with(&marked.stretch)))));
            pair.note("time exact", exact, || marked.text.clone(), found);
            pair.note("time overlap", shared, || marked.text.clone(), found);
        }
        open if !dates.is_empty() => {
            let same_words = open.as_ref().is_some_and(|(words, _)| dates.values().all(|(_, span)| overlap(*span, *words)));
            if !same_words {
                pair.note("time exact", 0.0, || "none".to_owned(), found);
                pair.note("time overlap", 0.0, || "none".to_owned(), found);
            }
        }
        _ => {}
    }
}

fn lose_marked(claim: &Claim, tallies: &mut Tallies) {
    for name in ["type", "source", "factuality 7-way", "factuality 3-way"] {
        tallies.accuracy(name).lost += 1;
    }
    tallies.accuracy("mode").lost += usize::from(claim.mode.is_some());
    tallies.accuracy("outer source").lost += usize::from(claim.outer.is_some());
    if claim.time.as_ref().is_some_and(|(_, date)| date.is_some()) {
        tallies.accuracy("time exact").lost += 1;
        tallies.accuracy("time overlap").lost += 1;
    }
    for (slot, name) in SLOTS.into_iter().enumerate() {
        tallies.f1(name).missed += claim.slots.get(slot).map_or(0, Vec::len);
    }
    tallies.f1("quantities").missed += claim.quantities.len();
    tallies.f1("quantity values").missed += values(&claim.quantities).len();
}

fn lose_found(group: &Group, tallies: &mut Tallies) {
    for (slot, name) in SLOTS.into_iter().enumerate() {
        tallies.f1(name).spurious += union(group, slot).len();
    }
    let counts = counts(group);
    tallies.f1("quantities").spurious += counts.len();
    tallies.f1("quantity values").spurious += values(&counts).len();
}

fn triggers(text: &Text, spans: impl Iterator<Item = Span>) -> String {
    spans.map(|span| text.slice(span)).collect::<Vec<_>>().join(" | ")
}

fn whys<'s>(claims: impl IntoIterator<Item = &'s Said>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for why in claims.into_iter().flat_map(|said| &said.why) {
        if !out.contains(why) {
            out.push(why.clone());
        }
    }
    out
}

/// Scores readings against marked documents; a document without one counts as all missed.
pub(crate) fn score(set: &'static str, documents: &[Document], readings: &HashMap<String, Predicted>) -> Scored {
    let mut out = Scored::new(set);
    let mut tallies = Tallies::default();
    let (mut marked, mut found, mut matched) = (0, 0, 0);
    let mut rows = Vec::new();
    let nothing = Predicted::default();
    for document in documents {
        let Predicted { things, groups } = readings.get(&document.name).unwrap_or(&nothing);
        let (text, claims) = (&document.text, &document.claims);
        let weights: Vec<Vec<i64>> =
            claims.iter().map(|claim| groups.iter().map(|group| weight(claim, group)).collect()).collect();
        let pairs: BTreeMap<usize, usize> = assign(&weights).into_iter().collect();
        marked += claims.len();
        found += groups.len();
        matched += pairs.len();
        let both = claims.len() + groups.len();
        rows.push((document.name.clone(), (both > 0).then(|| 2.0 * pairs.len() as f64 / both as f64)));
        for (_, claim) in claims.iter().enumerate().filter(|(i, _)| !pairs.contains_key(i)) {
            lose_marked(claim, &mut tallies);
            let at = claim.triggers.first().copied().unwrap_or_default();
            out.mistakes.push(Mistake {
                document: document.name.clone(),
                kind: "missed",
                what: format!("{} {}", claim.kind, triggers(text, claim.triggers.iter().copied())),
                text: text.around(at),
                details: Vec::new(),
                why: Vec::new(),
            });
        }
        let taken: HashSet<usize> = pairs.values().copied().collect();
        for (_, group) in groups.iter().enumerate().filter(|(j, _)| !taken.contains(j)) {
            lose_found(group, &mut tallies);
            let first = group.typed.first();
            out.mistakes.push(Mistake {
                document: document.name.clone(),
                kind: "spurious",
                what: format!(
                    "{} {}",
                    first.and_then(|said| said.kind).unwrap_or_default(),
                    triggers(text, group.typed.iter().map(|said| said.trigger))
                ),
                text: first.map_or(String::new(), |said| text.around(said.trigger)),
                details: Vec::new(),
                why: whys(&group.typed),
            });
        }
        for (&i, &j) in &pairs {
            let (Some(claim), Some(group)) = (claims.get(i), groups.get(j)) else { continue };
            let details = score_pair(document, things, claim, group, &mut tallies);
            if !details.is_empty() {
                out.mistakes.push(Mistake {
                    document: document.name.clone(),
                    kind: "wrong",
                    what: format!("{} {}", claim.kind, triggers(text, claim.triggers.iter().copied())),
                    text: text.around(claim.triggers.first().copied().unwrap_or_default()),
                    details,
                    why: whys(touching(claim, group)),
                });
            }
        }
    }
    let read = documents.iter().filter(|document| readings.contains_key(&document.name)).count();
    out.notes
        .push(format!("{} documents, {read} read; claims: {marked} marked, {found} found, {matched} matched", documents.len()));
    tallies.into_figures(&mut out, matched, found, marked);
    for (name, f1) in rows {
        out.detail("documents", &name, f1);
    }
    out
}

#[cfg(test)]
mod tests;
