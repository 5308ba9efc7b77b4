//! The 49 columns of UCDP's Georeferenced Event Dataset.

use std::io::Write;

use dateline_record::{EventType, Precision, QuantityRole, Sector};

use crate::event::{Event, Party};
use crate::formats::{cell, joined};
use crate::time::Stretch;
use crate::write::{FormatError, Rows};

/// Names of the columns.
pub(crate) const COLUMNS: [&str; 49] = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
];

/// Writes `ged`.
pub(crate) struct Ged<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Ged<W> {
    pub(crate) fn new(out: W) -> Result<Self, FormatError> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(COLUMNS)?;
        Ok(Self { out })
    }
}

impl<W: Write> Rows for Ged<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        self.out.write_record(row(event))?;
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}

/// 1 state-based, 2 non-state, 3 one-sided; empty where the sides are not known to be armed, a state, or civilians.
fn violence(event: &Event, one: &[&Party], two: &[&Party]) -> &'static str {
    if event.kind != Some(EventType::Assault) {
        return "";
    }
    let is = |side: &[&Party], sectors: &[Sector]| side.iter().any(|party| party.sector.is_some_and(|s| sectors.contains(&s)));
    let state = [Sector::Gov, Sector::Mil, Sector::Cop, Sector::Spy];
    let group = [Sector::Reb, Sector::Prm];
    let civilian =
        [Sector::Cvl, Sector::Ref, Sector::Med, Sector::Edu, Sector::Jrn, Sector::Lab, Sector::Agr, Sector::Rel, Sector::Soc];
    let armed = |side: &[&Party]| is(side, &state) || is(side, &group);
    if armed(one) && armed(two) {
        if is(one, &state) || is(two, &state) { "1" } else { "2" }
    } else if armed(one) && is(two, &civilian) {
        "3"
    } else {
        ""
    }
}

/// Number of the PRIO-GRID cell, half a degree wide, counted from the south-west corner of the world.
fn priogrid(lat: f64, lon: f64) -> Option<i64> {
    let cell = |degrees: f64, cells: f64| ((degrees * 2.0).floor() as i64).clamp(0, cells as i64 - 1);
    Some(cell(lat + 90.0, 360.0) * 720 + cell(lon + 180.0, 720.0) + 1)
}

fn row(event: &Event) -> [String; 49] {
    let (one, two) = event.sides();
    let names = |side: &[&Party]| joined(side.iter().map(|party| &party.name));
    let (side_a, side_b) = (names(&one), names(&two));
    let dyad = if side_a.is_empty() || side_b.is_empty() { String::new() } else { format!("{side_a} - {side_b}") };
    let when = Stretch::of(event.when.as_ref());
    let date_prec = match when.map(Stretch::length) {
        Some(1) => "1",
        Some(2..=6) => "2",
        Some(7) => "3",
        Some(8..=31) => "4",
        Some(32..=366) => "5",
        _ => "",
    };
    let place = event.place();
    let where_prec = match place.map(|place| place.precision()) {
        Some(Precision::Point | Precision::City) => "1",
        Some(Precision::Admin2) => "3",
        Some(Precision::Admin1) => "4",
        Some(Precision::Region) => "5",
        Some(Precision::Country) => "6",
        None => "",
    };
    let at = place.and_then(|place| place.table_coordinates());
    let grid = at.filter(|_| where_prec == "1").and_then(|(lat, lon)| priogrid(lat, lon));
    let clear = if date_prec == "1" && where_prec == "1" { "1" } else { "" };
    let article = |report: &crate::event::Report| {
        let known = [report.source.clone(), report.published.as_ref().map(ToString::to_string), report.title.clone()];
        known.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let sources = (!event.origins.is_empty()).then_some(event.origins.len());
    let killed = event.count(QuantityRole::Killed);
    let instant = |day: dateline_record::Date| format!("{day} 00:00:00.000");
    let none = String::new;
    [
        event.id.clone(),
        none(),
        cell(when.and_then(Stretch::year)),
        none(),
        none(),
        violence(event, &one, &two).to_owned(),
        none(),
        none(),
        none(),
        none(),
        none(),
        dyad,
        none(),
        none(),
        side_a,
        none(),
        none(),
        side_b,
        cell(sources),
        joined(event.reports.iter().map(article)),
        joined(event.outlets()),
        joined(event.reports.iter().filter_map(|report| report.published.as_ref())),
        joined(event.reports.iter().filter_map(|report| report.title.as_ref())),
        joined(event.origins.iter().map(|origin| &origin.name)),
        where_prec.to_owned(),
        cell(place.map(|place| &place.name)),
        joined(event.places.iter().map(|place| &place.name)),
        cell(place.and_then(|place| place.division1())),
        cell(place.and_then(|place| place.division2())),
        cell(at.map(|at| at.0)),
        cell(at.map(|at| at.1)),
        cell(at.map(|(lat, lon)| format!("POINT ({lon} {lat})"))),
        cell(grid),
        cell(place.and_then(|place| place.country_name())),
        none(),
        none(),
        clear.to_owned(),
        date_prec.to_owned(),
        cell(when.map(|when| instant(when.first))),
        cell(when.map(|when| instant(when.last))),
        none(),
        none(),
        none(),
        cell(killed.and_then(|count| count.best)),
        cell(killed.and_then(|count| count.best)),
        cell(killed.and_then(|count| count.high)),
        cell(killed.and_then(|count| count.low)),
        none(),
        none(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_cells_are_prios() {
        // The south-west corner, and the cell 49182 whose middle is 55.75° S 69.25° W.
        assert_eq!(priogrid(-90.0, -180.0), Some(1));
        assert_eq!(priogrid(-55.75, -69.25), Some(49_182));
        assert_eq!(priogrid(90.0, 180.0), Some(259_200));
    }
}
