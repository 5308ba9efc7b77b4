//! PLOVER's JSON records: named fields of its manual, one record a line.

use std::io::Write;

use dateline_record::{EventType, Mode, QuantityRole};
use serde_json::{Value, json};

use crate::case::Case;
use crate::country;
use crate::event::{Event, Party, Place};
use crate::formats::table::{precision_name, said};
use crate::formats::{joined, object};
use crate::write::{FormatError, Rows};

/// Writes `plover`.
pub(crate) struct Plover<W> {
    out: W,
    corpus: String,
}

impl<W: Write> Plover<W> {
    pub(crate) fn new(out: W, case: &Case) -> Self {
        Self { out, corpus: case.name.clone() }
    }
}

impl<W: Write> Rows for Plover<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        writeln!(self.out, "{}", serde_json::to_string(&record(event, &self.corpus))?)?;
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}

/// Quad category: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.
pub(crate) fn quad(kind: EventType) -> u8 {
    use EventType as E;
    match kind {
        E::Agree | E::Consult | E::Support | E::Concede => 1,
        E::Cooperate | E::Aid | E::Retreat => 2,
        E::Request | E::Accuse | E::Reject | E::Threaten => 3,
        E::Protest | E::Sanction | E::Mobilize | E::Coerce | E::Assault => 4,
    }
}

fn entity(party: &Party) -> Value {
    object([
        ("code", party.country.map(|code| code.to_string()).into()),
        ("sector", party.sector.map(|sector| sector.as_str()).into()),
        ("entity_text", party.name.clone().into()),
    ])
}

fn location(place: &Place) -> Value {
    let at = place.table_coordinates();
    object([
        ("geonameid", place.geonames.into()),
        ("name", place.name.clone().into()),
        ("latitude", at.map(|at| at.0).into()),
        ("longitude", at.map(|at| at.1).into()),
        ("country code", place.country.and_then(country::find).map(|known| known.alpha2).into()),
        ("cc3", place.country.map(|code| code.to_string()).into()),
        ("precision", place.precision.map(precision_name).into()),
    ])
}

fn record(event: &Event, corpus: &str) -> Value {
    let (first, last) = event.days();
    let day = |day: Option<dateline_record::Date>| Value::from(day.map(|day| day.to_string()));
    let best = |role: QuantityRole| event.count(role).and_then(|count| count.best);
    let arrested =
        (event.kind == Some(EventType::Coerce) && event.mode == Some(Mode::Arrest)).then(|| best(QuantityRole::Captured));
    let claim = event.claims.first();
    let report = claim.and_then(|claim| event.report(&claim.report)).or_else(|| event.reports.first());
    let reports: Vec<Value> = event.reports.iter().map(|report| report.id.clone().into()).collect();
    object([
        ("id", event.id.clone().into()),
        ("has_event", event.kind.is_some().into()),
        ("date", day(first)),
        ("enddate", if first == last { Value::Null } else { day(last) }),
        ("actor", event.actors.iter().map(entity).collect()),
        ("recipient", event.recipients.iter().map(entity).collect()),
        ("event", event.kind.iter().map(|kind| kind.as_str()).collect()),
        ("event_loc", event.place().map_or(Value::Null, location)),
        ("event_text", event.summary.clone().into()),
        ("quad_code", event.kind.map(quad).into()),
        ("mode", event.mode.iter().map(|mode| mode.as_str()).collect()),
        ("context", event.contexts.iter().map(|context| context.as_str()).collect()),
        (
            "size",
            object([
                ("dead", best(QuantityRole::Killed).into()),
                ("injured", best(QuantityRole::Injured).into()),
                ("arrested", arrested.flatten().into()),
            ]),
        ),
        ("text", claim.map(|claim| claim.quote.exact.clone()).into()),
        ("text_info", claim.map_or(Value::Null, |claim| json!({ "start": claim.quote.start, "end": claim.quote.end }))),
        (
            "cite_info",
            report.map_or(Value::Null, |report| {
                object([
                    ("corpus", corpus.into()),
                    ("citation", report.id.clone().into()),
                    ("url", report.url.clone().into()),
                    ("title", report.title.clone().into()),
                    ("language", report.language.clone().into()),
                    ("publication", report.source.clone().into()),
                    ("coder", event.versions.program.clone().into()),
                ])
            }),
        ),
        ("coder", event.versions.program.clone().into()),
        (
            "comment",
            joined(
                event
                    .counts
                    .iter()
                    .filter(|count| !count.values.is_empty())
                    .map(|count| format!("{}: {}", crate::event::role_name(count.role), said(&count.values))),
            )
            .into(),
        ),
        ("status", event.status.to_string().into()),
        ("grade", event.grade().into()),
        ("reports", reports.into()),
    ])
}
