use dateline_record::{Date, Edtf};
use rusqlite::Row;

use super::query::SHORT;
use super::term::{self, Kind};
use crate::error::{Result, column_id, row_id};
use crate::report::{json_column, json_text};
use crate::{Reader, Writer, pack};

/// The day of an event that nothing dates: before all others.
pub(super) const UNDATED: i64 = -10_000_000;

/// An event, as lists show it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventRow {
    /// Its id.
    pub id: u64,
    /// PLOVER type.
    pub kind: Option<String>,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// One sentence.
    pub summary: String,
    /// What stands behind it: `single-source`, `corroborated`, …
    pub status: String,
    /// Grade.
    pub grade: Option<String>,
    /// How many independent origins.
    pub origins: u32,
    /// How many reports.
    pub reports: u32,
    /// Names of the fields on which origins differ.
    pub disputed: Vec<String>,
    /// First day; none where the beginning is open or unknown.
    pub first_day: Option<Date>,
    /// Last day; none where the end is open or unknown.
    pub last_day: Option<Date>,
    /// When, as exactly as is known.
    pub edtf: Option<Edtf>,
    /// Name of the place.
    pub place: Option<String>,
    /// Its country.
    pub country: Option<String>,
    /// Its first-level division.
    pub admin1: Option<String>,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// How exact the place is.
    pub precision: Option<String>,
    /// Lowest count of people killed.
    pub killed_low: Option<i64>,
    /// Best count of people killed.
    pub killed_best: Option<i64>,
    /// Highest count of people killed.
    pub killed_high: Option<i64>,
    /// Day of the first report.
    pub published_first: Option<Date>,
    /// Day of the last report.
    pub published_last: Option<Date>,
    /// True when a person has looked at it.
    pub reviewed: bool,
    /// When it was last computed anew or reviewed, an RFC 3339 instant.
    pub updated: String,
    /// Who did it, to whom, and others.
    pub parties: Vec<PartyRow>,
    /// Where, all places that are told.
    pub places: Vec<PlaceRow>,
    /// More of it, in the caller's form. Empty in lists.
    pub detail: Vec<u8>,
}

/// A party of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartyRow {
    /// Its part: `actor`, `recipient`, …
    pub role: String,
    /// What filters search in: the name as [`fold`](crate::fold()) makes it; empty for a name that is not to be found.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its country.
    pub country: Option<String>,
    /// Its sector.
    pub sector: Option<String>,
}

/// A place of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceRow {
    /// What filters search in: the name as [`fold`](crate::fold()) makes it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its country.
    pub country: Option<String>,
    /// Its first-level division.
    pub admin1: Option<String>,
}

impl EventRow {
    /// The day that lists are sorted by: its first day, else its last, else that of the first report.
    fn day(&self) -> i64 {
        self.first_day.or(self.last_day).or(self.published_first).map_or(UNDATED, Date::to_days)
    }

    fn published(&self) -> i64 {
        self.published_last.or(self.published_first).map_or(UNDATED, Date::to_days)
    }

    /// All that a filter can ask of it; no term twice.
    fn terms(&self) -> Vec<(Kind, String)> {
        let mut terms = vec![(Kind::Status, self.status.clone())];
        let mut add = |kind: Kind, value: Option<&str>| {
            terms.extend(value.filter(|value| !value.is_empty()).map(|value| (kind, value.to_owned())));
        };
        add(Kind::Type, self.kind.as_deref());
        add(Kind::Mode, self.mode.as_deref());
        add(Kind::Grade, self.grade.as_deref());
        add(Kind::Country, self.country.as_deref());
        add(Kind::Disputed, (!self.disputed.is_empty()).then_some("yes"));
        let length = self.first_day.zip(self.last_day).map(|(first, last)| last.to_days() - first.to_days());
        let is_dated = self.first_day.is_some() || self.last_day.is_some();
        add(Kind::Long, (is_dated && length.is_none_or(|length| !(0..=SHORT).contains(&length))).then_some("yes"));
        add(Kind::Reviewed, self.reviewed.then_some("yes"));
        for party in &self.parties {
            add(Kind::Actor, Some(&party.key));
            add(Kind::ActorCountry, party.country.as_deref());
        }
        for place in &self.places {
            add(Kind::Place, Some(&place.key));
            add(Kind::Country, place.country.as_deref());
        }
        if let (Some(lat), Some(lon)) = (self.lat, self.lon) {
            add(Kind::Point, Some(&term::point(lat, lon)));
        }
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

/// Columns of [`event_row`], the last of all left out.
const COLUMNS: &str = "id, kind, mode, summary, status, grade, origins, reports, disputed, first_day, last_day, edtf, place, country, \
                       admin1, lat, lon, precision, killed_low, killed_best, killed_high, published_first, published_last, reviewed, \
                       updated";

fn day(row: &Row<'_>, nth: usize) -> rusqlite::Result<Option<Date>> {
    Ok(row.get::<_, Option<i64>>(nth)?.map(Date::from_days))
}

fn event_row(row: &Row<'_>) -> rusqlite::Result<EventRow> {
    Ok(EventRow {
        id: row_id(row.get(0)?),
        kind: row.get(1)?,
        mode: row.get(2)?,
        summary: row.get(3)?,
        status: row.get(4)?,
        grade: row.get(5)?,
        origins: row.get(6)?,
        reports: row.get(7)?,
        disputed: json_column(row, 8)?,
        first_day: day(row, 9)?,
        last_day: day(row, 10)?,
        edtf: row.get::<_, Option<String>>(11)?.and_then(|text| text.parse().ok()),
        place: row.get(12)?,
        country: row.get(13)?,
        admin1: row.get(14)?,
        lat: row.get(15)?,
        lon: row.get(16)?,
        precision: row.get(17)?,
        killed_low: row.get(18)?,
        killed_best: row.get(19)?,
        killed_high: row.get(20)?,
        published_first: day(row, 21)?,
        published_last: day(row, 22)?,
        reviewed: row.get(23)?,
        updated: row.get(24)?,
        ..EventRow::default()
    })
}

const PUT: &str = "INSERT INTO event (id, day, first_day, last_day, origins, reports, published, updated, terms, published_first, \
     published_last, kind, mode, summary, status, grade, disputed, edtf, place, country, admin1, lat, lon, precision, killed_low, \
     killed_best, killed_high, reviewed, detail) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, \
     ?27, ?28, ?29) \
     ON CONFLICT (id) DO UPDATE SET day = ?2, first_day = ?3, last_day = ?4, origins = ?5, reports = ?6, published = ?7, updated = ?8, \
     terms = ?9, published_first = ?10, published_last = ?11, kind = ?12, mode = ?13, summary = ?14, status = ?15, grade = ?16, \
     disputed = ?17, edtf = ?18, place = ?19, country = ?20, admin1 = ?21, lat = ?22, lon = ?23, precision = ?24, killed_low = ?25, \
     killed_best = ?26, killed_high = ?27, reviewed = ?28, detail = ?29";

impl Writer<'_> {
    /// Keeps an event, in place of the one of that id.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn put_event(&mut self, event: &EventRow) -> Result<()> {
        self.step(|writer| {
            let id = column_id(event.id)?;
            let terms = writer.file(id, event.day(), &event.terms())?;
            let days = |date: Option<Date>| date.map(Date::to_days);
            let detail = writer.pack().pack(pack::Kind::Reading, &event.detail)?;
            let disputed = json_text(&event.disputed)?;
            let edtf = event.edtf.as_ref().map(Edtf::as_str);
            writer.change(
                PUT,
                rusqlite::params![
                    id,
                    event.day(),
                    days(event.first_day),
                    days(event.last_day),
                    event.origins,
                    event.reports,
                    event.published(),
                    event.updated,
                    term::pack(&terms),
                    days(event.published_first),
                    days(event.published_last),
                    event.kind,
                    event.mode,
                    event.summary,
                    event.status,
                    event.grade,
                    disputed,
                    edtf,
                    event.place,
                    event.country,
                    event.admin1,
                    event.lat,
                    event.lon,
                    event.precision,
                    event.killed_low,
                    event.killed_best,
                    event.killed_high,
                    event.reviewed,
                    detail,
                ],
            )?;
            writer.remove_parts(id)?;
            for (nth, party) in event.parties.iter().enumerate() {
                let sql =
                    "INSERT INTO event_party (event, nth, role, key, name, country, sector) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                let PartyRow { role, key, name, country, sector } = party;
                writer.run(sql, rusqlite::params![id, nth as i64, role, key, name, country, sector])?;
            }
            for (nth, place) in event.places.iter().enumerate() {
                let sql = "INSERT INTO event_place (event, nth, key, name, country, admin1) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                let PlaceRow { key, name, country, admin1 } = place;
                writer.run(sql, rusqlite::params![id, nth as i64, key, name, country, admin1])?;
            }
            Ok(())
        })
    }

    /// Removes an event; false when there was none.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn delete_event(&mut self, event: u64) -> Result<bool> {
        self.step(|writer| {
            let id = column_id(event)?;
            writer.unfile(id)?;
            writer.remove_parts(id)?;
            Ok(writer.change("DELETE FROM event WHERE id = ?1", [id])? > 0)
        })
    }

    fn remove_parts(&self, event: i64) -> Result<()> {
        self.change("DELETE FROM event_party WHERE event = ?1", [event])?;
        self.change("DELETE FROM event_place WHERE event = ?1", [event])?;
        Ok(())
    }
}

impl Reader<'_> {
    /// An event, with its detail.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn event(&self, id: u64) -> Result<Option<EventRow>> {
        let column = column_id(id)?;
        let Some(mut event) = self.event_without_detail(column)? else { return Ok(None) };
        let packed = self.first("SELECT detail FROM event WHERE id = ?1", [column], |row| row.get::<_, Vec<u8>>(0))?;
        if let Some(packed) = packed {
            event.detail = self.pack().unpack(&packed, || format!("event/{id}"))?;
        }
        Ok(Some(event))
    }

    /// An event as lists show it.
    pub(super) fn event_without_detail(&self, id: i64) -> Result<Option<EventRow>> {
        let sql = format!("SELECT {COLUMNS} FROM event WHERE id = ?1");
        let Some(mut event) = self.first(&sql, [id], event_row)? else { return Ok(None) };
        let sql = "SELECT role, key, name, country, sector FROM event_party WHERE event = ?1 ORDER BY nth";
        event.parties = self.list(sql, [id], |row| {
            let (role, key, name) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(PartyRow { role, key, name, country: row.get(3)?, sector: row.get(4)? })
        })?;
        let sql = "SELECT key, name, country, admin1 FROM event_place WHERE event = ?1 ORDER BY nth";
        event.places = self.list(sql, [id], |row| {
            Ok(PlaceRow { key: row.get(0)?, name: row.get(1)?, country: row.get(2)?, admin1: row.get(3)? })
        })?;
        Ok(Some(event))
    }
}
