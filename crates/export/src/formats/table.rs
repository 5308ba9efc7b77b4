//! The wide table: its columns, which `csv` and `parquet` share, and the CSV for spreadsheets.

use std::io::Write;

use dateline_record::{Country, Date, QuantityRole};

use crate::event::{Event, Party, Position, Value, role_name};
use crate::formats::{cell, joined};
use crate::write::{FormatError, Rows};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Whole,
    Real,
    Day,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Unknown,
    Text(String),
    Whole(i64),
    Real(f64),
    Day(Date),
}

/// Roles that have columns.
const ROLES: [QuantityRole; 8] = [
    QuantityRole::Killed,
    QuantityRole::Injured,
    QuantityRole::Captured,
    QuantityRole::Missing,
    QuantityRole::Displaced,
    QuantityRole::Involved,
    QuantityRole::Equipment,
    QuantityRole::Munitions,
];

/// The columns and cells of an event, in order.
pub(crate) fn row(event: &Event) -> Vec<(String, Kind, Cell)> {
    let mut row = Row(Vec::with_capacity(72));
    what(event, &mut row);
    when_and_where(event, &mut row);
    who(event, &mut row);
    counts(event, &mut row);
    support(event, &mut row);
    provenance(event, &mut row);
    row.0
}

/// Names and kinds of the columns.
pub(crate) fn columns() -> Vec<(String, Kind)> {
    row(&Event::default()).into_iter().map(|(name, kind, _)| (name, kind)).collect()
}

struct Row(Vec<(String, Kind, Cell)>);

impl Row {
    fn text(&mut self, name: &str, text: String) {
        let cell = if text.is_empty() { Cell::Unknown } else { Cell::Text(text) };
        self.0.push((name.to_owned(), Kind::Text, cell));
    }

    fn whole(&mut self, name: &str, number: Option<i64>) {
        self.0.push((name.to_owned(), Kind::Whole, number.map_or(Cell::Unknown, Cell::Whole)));
    }

    fn real(&mut self, name: &str, number: Option<f64>) {
        self.0.push((name.to_owned(), Kind::Real, number.map_or(Cell::Unknown, Cell::Real)));
    }

    fn day(&mut self, name: &str, day: Option<Date>) {
        self.0.push((name.to_owned(), Kind::Day, day.map_or(Cell::Unknown, Cell::Day)));
    }
}

fn what(event: &Event, row: &mut Row) {
    row.text("id", event.id.clone());
    row.text("type", cell(event.kind));
    row.text("mode", cell(event.mode));
    row.text("contexts", joined(&event.contexts));
    row.text("acled_event_type", cell(event.acled.as_ref().map(|acled| &acled.event_type)));
    row.text("acled_sub_event_type", cell(event.acled.as_ref().map(|acled| &acled.sub_event_type)));
    row.text("summary", event.summary.clone());
}

fn when_and_where(event: &Event, row: &mut Row) {
    let (first, last) = event.days();
    row.text("when", cell(event.when.as_ref()));
    row.day("first_day", first);
    row.day("last_day", last);
    row.text("published_first", cell(event.published_first.as_ref()));
    row.text("published_last", cell(event.published_last.as_ref()));
    let place = event.place();
    let at = place.and_then(|place| place.table_coordinates());
    row.text("place", cell(place.map(|place| &place.name)));
    row.text("place_precision", cell(place.and_then(|place| place.precision).map(precision_name)));
    row.whole("geonames", place.and_then(|place| place.geonames).map(i64::from));
    row.text("admin1", cell(place.and_then(|place| place.division1())));
    row.text("country", cell(place.and_then(|place| place.country)));
    row.real("latitude", at.map(|at| at.0));
    row.real("longitude", at.map(|at| at.1));
    let others = event.places.iter().filter(|other| place.is_none_or(|place| !std::ptr::eq(*other, place)));
    row.text("other_places", joined(others.map(|place| &place.name)));
}

fn who(event: &Event, row: &mut Row) {
    for (name, parties) in [("actor", &event.actors), ("recipient", &event.recipients)] {
        row.text(&format!("{name}s"), joined(parties.iter().map(|party| &party.name)));
        row.text(&format!("{name}_countries"), countries(parties));
        row.text(&format!("{name}_sectors"), joined(parties.iter().filter_map(|party| party.sector)));
    }
}

fn countries(parties: &[Party]) -> String {
    let mut codes: Vec<Country> = Vec::new();
    for code in parties.iter().filter_map(|party| party.country) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    joined(codes)
}

fn counts(event: &Event, row: &mut Row) {
    for role in ROLES {
        let count = event.count(role);
        let name = role_name(role);
        row.whole(&format!("{name}_low"), count.and_then(|count| count.low));
        row.whole(&format!("{name}_best"), count.and_then(|count| count.best));
        row.whole(&format!("{name}_high"), count.and_then(|count| count.high));
        row.text(&format!("{name}_by"), count.map(|count| said(&count.values)).unwrap_or_default());
    }
}

/// Who said which: `3 (Sample Wire); 5 (Sample Ministry)`.
pub(crate) fn said(values: &[Value]) -> String {
    joined(values.iter().map(|value| {
        if value.origins.is_empty() { value.value.clone() } else { format!("{} ({})", value.value, value.origins.join(", ")) }
    }))
}

fn support(event: &Event, row: &mut Row) {
    let holding = |position: Position| event.origins.iter().filter(|origin| origin.position == position).count() as i64;
    let known = !event.origins.is_empty();
    row.text("status", event.status.to_string());
    row.whole("grade_proposed", event.grade.proposed.map(i64::from));
    row.whole("grade_reviewed", event.grade.reviewed.map(i64::from));
    row.text("grade_reasons", joined(&event.grade.reasons));
    row.text("reliability", cell(event.reliability));
    row.whole("origins_affirming", known.then(|| holding(Position::Affirms)));
    row.whole("origins_denying", known.then(|| holding(Position::Denies)));
    row.text(
        "origins",
        joined(event.origins.iter().map(|origin| format!("{} ({}, {})", origin.name, origin.position, origin.stance))),
    );
    let disputes = || event.disputed.iter().filter(|dispute| !dispute.revision);
    row.text("disputed", joined(disputes().map(|dispute| &dispute.field)));
    row.text("disputed_values", joined(disputes().map(|dispute| format!("{}: {}", dispute.field, said(&dispute.values)))));
    let revisions = event.disputed.iter().filter(|dispute| dispute.revision);
    row.text("revised_values", joined(revisions.map(|dispute| format!("{}: {}", dispute.field, said(&dispute.values)))));
}

fn provenance(event: &Event, row: &mut Row) {
    row.text("claim_ids", joined(event.claims.iter().map(|claim| &claim.id)));
    row.text("quotes", joined(event.claims.iter().map(|claim| &claim.quote.exact)));
    row.text("report_ids", joined(event.reports.iter().map(|report| &report.id)));
    row.text("report_sources", joined(event.outlets()));
    row.text("report_urls", joined(event.reports.iter().filter_map(|report| report.url.as_ref())));
    row.text("report_sha256", joined(event.reports.iter().filter_map(|report| report.sha256.as_ref())));
    let review = event.reviewed.as_ref();
    row.text("reviewed_by", cell(review.map(|review| &review.by)));
    row.text("reviewed_at", cell(review.map(|review| &review.at)));
    row.text("decision", cell(review.map(|review| &review.decision)));
    row.text("program", event.versions.program.clone());
    row.text("model", event.versions.model.clone());
    row.text("lexicons", event.versions.lexicons.clone());
    row.text("gazetteer", event.versions.gazetteer.clone());
}

pub(crate) fn precision_name(precision: dateline_record::Precision) -> &'static str {
    use dateline_record::Precision as P;
    match precision {
        P::Point => "point",
        P::City => "city",
        P::Admin2 => "admin2",
        P::Admin1 => "admin1",
        P::Country => "country",
        P::Region => "region",
    }
}

/// Writes `csv`.
pub(crate) struct Table<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Table<W> {
    pub(crate) fn new(out: W) -> Result<Self, FormatError> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(columns().iter().map(|(name, _)| name))?;
        Ok(Self { out })
    }
}

impl<W: Write> Rows for Table<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        self.out.write_record(row(event).into_iter().map(|(_, _, cell)| match cell {
            Cell::Unknown => String::new(),
            Cell::Text(text) => guarded(text),
            Cell::Whole(number) => number.to_string(),
            Cell::Real(number) => number.to_string(),
            Cell::Day(day) => day.to_string(),
        }))?;
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}

/// A text that a spreadsheet would take for a formula gets a single quote before it.
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_unique_and_the_same_for_every_event() {
        let columns = columns();
        for (at, (name, _)) in columns.iter().enumerate() {
            assert_eq!(columns.iter().position(|(other, _)| other == name), Some(at), "{name}");
        }
    }

    #[test]
    fn formulas_are_guarded() {
        assert_eq!(guarded("=1+1".into()), "'=1+1");
        assert_eq!(guarded("\tx".into()), "'\tx");
        assert_eq!(guarded("plain = text".into()), "plain = text");
    }
}
