//! The 40 columns of POLECAT, separated by tabs.

use std::io::Write;

use dateline_record::{Country, Sector};

use crate::event::{Event, Party, Place};
use crate::formats::plover::quad;
use crate::formats::{cell, joined};
use crate::write::{FormatError, Rows};

/// Names of the columns.
pub(crate) const COLUMNS: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

/// Writes `polecat`.
pub(crate) struct Polecat<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Polecat<W> {
    pub(crate) fn new(out: W) -> Result<Self, FormatError> {
        let mut out = csv::WriterBuilder::new().delimiter(b'\t').from_writer(out);
        out.write_record(COLUMNS)?;
        Ok(Self { out })
    }
}

impl<W: Write> Rows for Polecat<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        self.out.write_record(row(event))?;
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}

fn names(parties: &[Party]) -> String {
    joined(parties.iter().map(|party| &party.name))
}

fn countries(parties: &[Party]) -> String {
    let codes: std::collections::BTreeSet<Country> = parties.iter().filter_map(|party| party.country).collect();
    joined(codes)
}

fn sectors(parties: &[Party]) -> (Option<Sector>, String) {
    let sectors: Vec<Sector> = parties.iter().filter_map(|party| party.sector).collect();
    (sectors.first().copied(), joined(sectors))
}

fn row(event: &Event) -> [String; 40] {
    let (first, _) = event.days();
    let place = event.place();
    let at = place.and_then(Place::table_coordinates);
    let city = place.filter(|place| place.is_settlement()).map(|place| &place.name);
    let (actor_sector, actor_sectors) = sectors(&event.actors);
    let (recipient_sector, recipient_sectors) = sectors(&event.recipients);
    let report = event.reports.first();
    let people = |person: bool| {
        let parties = event.actors.iter().chain(&event.recipients).filter(move |party| party.person == person);
        joined(parties.map(|party| &party.name))
    };
    let none = String::new;
    [
        event.id.clone(),
        cell(first),
        cell(event.kind),
        cell(event.mode),
        none(),
        cell(event.kind.map(quad)),
        joined(&event.contexts),
        names(&event.actors),
        countries(&event.actors),
        none(),
        cell(actor_sector),
        actor_sectors,
        none(),
        names(&event.actors),
        none(),
        names(&event.recipients),
        countries(&event.recipients),
        none(),
        cell(recipient_sector),
        recipient_sectors,
        none(),
        names(&event.recipients),
        none(),
        cell(place.map(|place| &place.name)),
        cell(city),
        cell(place.and_then(Place::division2)),
        cell(place.and_then(Place::division1)),
        cell(place.and_then(|place| place.country)),
        cell(at.map(|at| at.0)),
        cell(at.map(|at| at.1)),
        cell(place.and_then(|place| place.geonames)),
        cell(place.map(|place| &place.name)),
        none(),
        joined(event.outlets()),
        cell(report.and_then(|report| report.published.as_ref())),
        people(true),
        people(false),
        joined(event.places.iter().map(|place| &place.name)),
        cell(report.and_then(|report| report.language.as_ref())),
        event.versions.program.clone(),
    ]
}
