//! FollowTheMoney: `Event`, `Article`, `Organization`, `Person` and `Note` entities.

use std::collections::HashSet;
use std::io::Write;

use serde_json::{Map, Value};
use sha1::{Digest, Sha1};

use crate::case::Case;
use crate::country;
use crate::event::{Event, Party, Report};
use crate::formats::table::said;
use crate::time::Stretch;
use crate::withhold::WITHHELD;
use crate::write::{FormatError, Rows, hex};

/// One entity: values of a property stand in the order in which they were given, without repeats.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entity {
    pub(crate) id: String,
    pub(crate) schema: &'static str,
    pub(crate) properties: Vec<(&'static str, Vec<String>)>,
}

impl Entity {
    fn new(case: &str, schema: &'static str, key: &[&str]) -> Self {
        Self { id: id(case, schema, key), schema, properties: Vec::new() }
    }

    fn add(&mut self, property: &'static str, values: impl IntoIterator<Item = impl Into<String>>) {
        for value in values.into_iter().map(Into::into).filter(|value| !value.is_empty()) {
            match self.properties.iter_mut().find(|(name, _)| *name == property) {
                Some((_, known)) if known.contains(&value) => {}
                Some((_, known)) => known.push(value),
                None => self.properties.push((property, vec![value])),
            }
        }
    }

    fn json(&self) -> Value {
        let properties: Map<String, Value> =
            self.properties.iter().map(|(name, values)| ((*name).to_owned(), values.clone().into())).collect();
        serde_json::json!({ "id": self.id, "schema": self.schema, "properties": properties })
    }
}

/// A stable id: a hash of the case, the schema and a key, as FollowTheMoney's own tools make them.
fn id(case: &str, schema: &str, key: &[&str]) -> String {
    let mut hash = Sha1::new();
    for part in [case, schema].iter().chain(key) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    format!("dateline-{}", hex(&hash.finalize()))
}

/// The name of a case as a data set: lower-case letters, digits and underscores.
pub(crate) fn dataset(case: &Case) -> String {
    let name: String =
        case.id.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' }).collect();
    format!("dateline_{name}").trim_end_matches('_').to_owned()
}

/// The type of a property, for those that are written.
pub(crate) fn property_type(property: &str) -> &'static str {
    match property {
        "name" => "name",
        "summary" | "description" | "notes" => "text",
        "date" | "startDate" | "endDate" | "publishedAt" => "date",
        "location" => "address",
        "country" => "country",
        "involved" | "proof" | "entity" => "entity",
        "sourceUrl" => "url",
        "language" => "language",
        _ => "string",
    }
}

/// Country codes are alpha-2 in lower case there.
fn country_code(code: Option<dateline_record::Country>) -> Option<String> {
    Some(code.and_then(country::find)?.alpha2.to_lowercase())
}

/// An organisation, or a person whose name may be written; withheld persons are no entities.
fn party(case: &str, party: &Party) -> Option<Entity> {
    if party.name.is_empty() || (party.person && party.protected && party.name.starts_with(WITHHELD)) {
        return None;
    }
    let schema = if party.person { "Person" } else { "Organization" };
    let code = party.country.map(|code| code.to_string()).unwrap_or_default();
    let sector = party.sector.map_or("", |sector| sector.as_str());
    let mut entity = Entity::new(case, schema, &[&party.name, &code, sector]);
    entity.add("name", [party.name.as_str()]);
    entity.add("country", country_code(party.country));
    entity.add("keywords", party.sector.map(|sector| sector.as_str()));
    Some(entity)
}

/// FollowTheMoney's dates are prefixes of ISO 8601; other dates of EDTF become their first day.
fn prefix_date(when: Option<&dateline_record::Edtf>) -> Option<String> {
    let when = when?;
    let is_prefix = when.as_str().split('-').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        && when.days().is_some_and(|days| match when.as_str().len() {
            4 => days >= 365,
            7 => (28..=31).contains(&days),
            10 => days == 1,
            _ => false,
        });
    if is_prefix { Some(when.to_string()) } else { Stretch::of(Some(when)).map(|when| when.first.to_string()) }
}

fn article(case: &str, report: &Report) -> Entity {
    let mut entity = Entity::new(case, "Article", &[&report.id]);
    entity.add("title", report.title.clone());
    entity.add("name", Some(report.title.clone().unwrap_or_else(|| report.id.clone())));
    entity.add("author", report.author.clone());
    entity.add("publisher", report.source.clone());
    entity.add("publishedAt", prefix_date(report.published.as_ref()));
    entity.add("sourceUrl", report.url.clone());
    entity.add("language", report.language.as_deref().and_then(language));
    entity.add("notes", report.sha256.as_ref().map(|hash| format!("sha256:{hash}")));
    entity
}

/// ISO 639-3 of the languages that are common in news; others are left out.
fn language(tag: &str) -> Option<&'static str> {
    Some(match tag.split('-').next()? {
        "en" => "eng",
        "uk" => "ukr",
        "ru" => "rus",
        "de" => "deu",
        "fr" => "fra",
        "es" => "spa",
        "pt" => "por",
        "it" => "ita",
        "pl" => "pol",
        "tr" => "tur",
        "ar" => "ara",
        "fa" => "fas",
        "he" => "heb",
        "zh" => "zho",
        "ja" => "jpn",
        "ko" => "kor",
        _ => return None,
    })
}

/// The entities of an event: those it points to first, itself, then a note for each of its claims.
pub(crate) fn entities(event: &Event, case: &Case) -> Vec<Entity> {
    let set = &case.id;
    let parties: Vec<Entity> = event.actors.iter().chain(&event.recipients).filter_map(|who| party(set, who)).collect();
    let articles: Vec<Entity> = event.reports.iter().map(|report| article(set, report)).collect();
    let mut own = Entity::new(set, "Event", &[&event.id]);
    own.add("name", [if event.summary.is_empty() { event.id.as_str() } else { event.summary.as_str() }]);
    own.add("summary", [event.summary.as_str()]);
    let when = Stretch::of(event.when.as_ref());
    match when {
        Some(when) if when.first == when.last => own.add("date", [when.first.to_string()]),
        _ => {
            let (first, last) = event.days();
            own.add("startDate", first.map(|day| day.to_string()));
            own.add("endDate", last.map(|day| day.to_string()));
        }
    }
    own.add("location", event.places.iter().map(|place| place.name.as_str()));
    own.add("country", event.places.iter().filter_map(|place| country_code(place.country)));
    own.add("involved", parties.iter().map(|party| party.id.as_str()));
    own.add("keywords", event.kind.map(|kind| kind.as_str()));
    own.add("keywords", event.mode.map(|mode| mode.as_str()));
    own.add("keywords", event.contexts.iter().map(|context| context.as_str()));
    own.add("notes", [format!("status: {}", event.status)]);
    own.add("notes", event.grade().map(|grade| format!("credibility (Admiralty): {grade}")));
    for count in &event.counts {
        let name = crate::event::role_name(count.role);
        let bounds = [("low", count.low), ("best", count.best), ("high", count.high)];
        let bounds: Vec<String> = bounds.iter().filter_map(|(name, value)| Some(format!("{name} {}", (*value)?))).collect();
        let by = said(&count.values);
        if !bounds.is_empty() || !by.is_empty() {
            own.add(
                "notes",
                [format!("{name}: {}; {by}", bounds.join(", ")).replace(": ; ", ": ").trim_end_matches("; ").to_owned()],
            );
        }
    }
    for who in event.actors.iter().chain(&event.recipients).filter(|who| party(set, who).is_none() && !who.name.is_empty()) {
        own.add("notes", [format!("involved: {}", who.name)]);
    }
    own.add("sourceUrl", event.reports.iter().filter_map(|report| report.url.clone()));
    own.add("publisher", event.outlets());
    own.add("proof", articles.iter().map(|article| article.id.as_str()));
    own.add("recordId", [event.id.as_str()]);
    let notes = event.claims.iter().map(|claim| {
        let mut note = Entity::new(set, "Note", &[&event.id, &claim.id]);
        let said_by = claim.said_by();
        note.add("name", [format!("claim {}", claim.id)]);
        note.add("description", [claim.quote.exact.as_str()]);
        note.add("summary", [said_by.as_str()]);
        note.add("notes", claim.factuality.map(|value| format!("factuality: {value}")));
        note.add("notes", claim.evidence.iter().map(|evidence| format!("evidence: {evidence}")));
        note.add("keywords", claim.kind.map(|kind| kind.as_str()));
        note.add("entity", [own.id.as_str()]);
        note.add("proof", event.report(&claim.report).map(|report| id(set, "Article", &[&report.id])));
        note
    });
    let notes: Vec<Entity> = notes.collect();
    parties.into_iter().chain(articles).chain([own]).chain(notes).collect()
}

/// Entities that were not written before. Remembers ids only: 20 bytes an entity.
pub(crate) struct Fresh {
    case: Case,
    seen: HashSet<[u8; 20]>,
}

impl Fresh {
    pub(crate) fn new(case: &Case) -> Self {
        Self { case: case.clone(), seen: HashSet::new() }
    }

    pub(crate) fn entities(&mut self, event: &Event) -> Vec<Entity> {
        let mut found = entities(event, &self.case);
        found.retain(|entity| self.seen.insert(Sha1::digest(entity.id.as_bytes()).into()));
        found
    }
}

/// Writes `ftm`.
pub(crate) struct Entities<W> {
    out: W,
    fresh: Fresh,
}

impl<W: Write> Entities<W> {
    pub(crate) fn new(out: W, case: &Case) -> Self {
        Self { out, fresh: Fresh::new(case) }
    }
}

impl<W: Write> Rows for Entities<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        let entities = self.fresh.entities(event);
        for entity in &entities {
            writeln!(self.out, "{}", serde_json::to_string(&entity.json())?)?;
        }
        Ok(entities.len() as u64)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}
