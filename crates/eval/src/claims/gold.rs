//! Marked claims, as they stand in a file.

use std::collections::HashSet;

use dateline_record::{EntityId, EventType, FactualityValue, Sector, SourceKind};
use serde_json::{Map, Value};

use super::edtf::{Stretch, normal};
use crate::error::{EvalError, bad, need};
use crate::lines::{Line, field, list, maybe_string, object, string, worded_span};
use crate::text::{Span, Text};

/// A count by its bounds and role; bounds by their bits, so that counts can be compared.
pub(crate) type Count = (Option<u64>, Option<u64>, String);

/// A marked mention with its codes.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub(crate) span: Span,
    pub(crate) country: Option<String>,
    pub(crate) sector: Option<String>,
}

/// Who a marked claim is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The report itself.
    Author,
    /// Somebody, by the cue's words.
    Unnamed(Span),
    /// These words.
    Named(Span),
}

/// A marked claim.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) triggers: Vec<Span>,
    pub(crate) kind: &'static str,
    pub(crate) others: Vec<&'static str>,
    pub(crate) mode: Option<String>,
    /// Actor, recipient, place, evidence.
    pub(crate) slots: [Vec<Mention>; 4],
    pub(crate) time: Option<(Span, Option<Date>)>,
    pub(crate) quantities: HashSet<Count>,
    /// Each source that will do, with what it holds.
    pub(crate) sources: Vec<(Source, FactualityValue)>,
    pub(crate) outer: Option<Source>,
}

/// A date as written and as compared.
#[derive(Clone, Debug)]
pub(crate) struct Date {
    pub(crate) text: String,
    pub(crate) stretch: Stretch,
}

/// Names of the slots, in the order of [`Claim::slots`].
pub(crate) const SLOTS: [&str; 4] = ["actor", "recipient", "place", "evidence"];

/// A marked document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) published: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) raw: String,
    pub(crate) text: Text,
    pub(crate) claims: Vec<Claim>,
}

/// A type, CONCEDE taken as RETREAT, which the gold does not tell apart.
pub(crate) fn plain(kind: EventType) -> &'static str {
    if kind == EventType::Concede { EventType::Retreat.as_str() } else { kind.as_str() }
}

fn kind_of(value: &Value, place: &str) -> Result<&'static str, EvalError> {
    let kind = value.as_str().and_then(|name| name.parse::<EventType>().ok());
    kind.map_or_else(|| bad(place, format!("unknown type {value}")), |kind| Ok(plain(kind)))
}

pub(crate) fn date_of(text: &str, place: &str) -> Result<Date, EvalError> {
    match Stretch::parse(text) {
        Some(stretch) => Ok(Date { text: normal(text), stretch }),
        None => bad(place, format!("not an EDTF date: {text:?}")),
    }
}

fn source_of(value: &Value, text: &Text, place: &str) -> Result<Source, EvalError> {
    if value.is_null() {
        return Ok(Source::Author);
    }
    let source = object(value, place)?;
    let span = |name: &str| match field(source, name, place)? {
        Value::Null => Ok(None),
        value => worded_span(value, text, &format!("{place}.{name}")).map(Some),
    };
    Ok(match (span("span")?, span("cue")?) {
        (Some(span), _) => Source::Named(span),
        (None, Some(cue)) => Source::Unnamed(cue),
        (None, None) => Source::Author,
    })
}

fn held(value: &Value, place: &str) -> Result<FactualityValue, EvalError> {
    let held = value.as_str().and_then(|name| name.parse().ok());
    held.map_or_else(|| bad(place, format!("unknown factuality {value}")), Ok)
}

fn mentions(claim: &Map<String, Value>, slot: &str, text: &Text, place: &str) -> Result<Vec<Mention>, EvalError> {
    let here = format!("{place}.{slot}");
    let one = |value: &Value| {
        let mention = object(value, &here)?;
        let span = worded_span(field(mention, "span", &here)?, text, &here)?;
        field(mention, "country", &here)?;
        let country = maybe_string(mention, "country", &here)?;
        need(country.is_none_or(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())), &here, || {
            format!("country {country:?}")
        })?;
        let sector = maybe_string(mention, "sector", &here)?;
        need(sector.is_none_or(|code| code.parse::<Sector>().is_ok()), &here, || format!("sector {sector:?}"))?;
        Ok(Mention { span, country: country.map(str::to_owned), sector: sector.map(str::to_owned) })
    };
    list(claim, slot, place)?.iter().map(one).collect()
}

fn bound(count: &Map<String, Value>, name: &str, place: &str) -> Result<Option<u64>, EvalError> {
    match field(count, name, place)? {
        Value::Null => Ok(None),
        value => value.as_f64().map_or_else(|| bad(place, format!("`{name}` of a quantity: {value}")), |n| Ok(Some(n.to_bits()))),
    }
}

fn quantities(claim: &Map<String, Value>, text: &Text, place: &str) -> Result<HashSet<Count>, EvalError> {
    const ROLES: [&str; 9] =
        ["killed", "injured", "captured", "missing", "displaced", "involved", "equipment", "munitions", "other"];
    let here = format!("{place}.quantities");
    let one = |value: &Value| {
        let count = object(value, &here)?;
        worded_span(field(count, "span", &here)?, text, &here)?;
        let role = string(count, "role", &here)?;
        need(ROLES.contains(&role), &here, || format!("role {role:?}"))?;
        Ok((bound(count, "min", &here)?, bound(count, "max", &here)?, role.to_owned()))
    };
    list(claim, "quantities", place)?.iter().map(one).collect()
}

fn claim_of(value: &Value, text: &Text, seen: &mut HashSet<Span>, place: &str) -> Result<Claim, EvalError> {
    let claim = object(value, place)?;
    let triggers = list(claim, "triggers", place)?;
    need(!triggers.is_empty(), place, || "no triggers".to_owned())?;
    let triggers: Vec<Span> =
        triggers.iter().map(|span| worded_span(span, text, &format!("{place}.triggers"))).collect::<Result<_, _>>()?;
    for &trigger in &triggers {
        need(seen.insert(trigger), place, || format!("trigger {:?} at {} is given twice", text.slice(trigger), trigger.0))?;
    }
    let others = match claim.get("alt_types") {
        None | Some(Value::Null) => Vec::new(),
        Some(_) => list(claim, "alt_types", place)?.iter().map(|kind| kind_of(kind, place)).collect::<Result<_, _>>()?,
    };
    field(claim, "mode", place)?;
    let slot = |name: &str| mentions(claim, name, text, place);
    let time = match field(claim, "time", place)? {
        Value::Null => None,
        value => {
            let here = format!("{place}.time");
            let time = object(value, &here)?;
            field(time, "edtf", &here)?;
            let date = maybe_string(time, "edtf", &here)?.map(|date| date_of(date, &here)).transpose()?;
            Some((worded_span(field(time, "span", &here)?, text, &here)?, date))
        }
    };
    let value = held(field(claim, "factuality", place)?, place)?;
    let mut sources = vec![(source_of(field(claim, "source", place)?, text, &format!("{place}.source"))?, value)];
    if let Some(Value::Array(more)) = claim.get("alt_sources") {
        let here = format!("{place}.alt_sources");
        for other in more {
            let value = other.get("factuality").map_or(Ok(value), |value| held(value, &here))?;
            sources.push((source_of(other, text, &here)?, value));
        }
    }
    let outer = match field(claim, "outer_source", place)? {
        Value::Null => None,
        value => Some(source_of(value, text, &format!("{place}.outer_source"))?),
    };
    let here = format!("{place}.evidence");
    let evidence: Vec<Mention> = list(claim, "evidence", place)?
        .iter()
        .map(|span| Ok(Mention { span: worded_span(span, text, &here)?, country: None, sector: None }))
        .collect::<Result<_, EvalError>>()?;
    Ok(Claim {
        triggers,
        kind: kind_of(field(claim, "type", place)?, place)?,
        others,
        mode: maybe_string(claim, "mode", place)?.map(str::to_owned),
        slots: [slot("actor")?, slot("recipient")?, slot("place")?, evidence],
        time,
        quantities: quantities(claim, text, place)?,
        sources,
        outer,
    })
}

/// The marked documents of some lines; `place` of each is kept in front of what is wrong.
pub(crate) fn documents(lines: &[Line]) -> Result<Vec<Document>, EvalError> {
    let (mut names, mut texts, mut out) = (HashSet::new(), HashSet::new(), Vec::new());
    for Line { place, object } in lines {
        let name = string(object, "doc", place)?;
        need(!name.is_empty() && names.insert(name), place, || format!("doc is empty or given twice: {name:?}"))?;
        let place = format!("{place} ({name})");
        let raw = string(object, "text", &place)?;
        need(!raw.is_empty() && texts.insert(raw), &place, || "text is empty or given twice".to_owned())?;
        let text = Text::new(raw);
        field(object, "published", &place)?;
        field(object, "source", &place)?;
        let published = maybe_string(object, "published", &place)?;
        if let Some(date) = published {
            date_of(date, &format!("{place}.published"))?;
        }
        let mut seen = HashSet::new();
        let claims = list(object, "claims", &place)?
            .iter()
            .enumerate()
            .map(|(i, claim)| claim_of(claim, &text, &mut seen, &format!("{place}.claims[{i}]")))
            .collect::<Result<_, _>>()?;
        out.push(Document {
            name: name.to_owned(),
            published: published.map(str::to_owned),
            source: maybe_string(object, "source", &place)?.map(str::to_owned),
            raw: raw.to_owned(),
            text,
            claims,
        });
    }
    Ok(out)
}

/// A source of a reading's chain: its kind and, where it has words, entity and span.
pub(crate) type Step = (SourceKind, Option<(EntityId, Span)>);
