use dateline_record::Date;
use rustc_hash::FxHashSet;

use super::term::{Kind, TermSet, unpack};
use crate::audit::limit_of;
use crate::error::Result;
use crate::{Reader, fold};

/// How many reports of a text filter are looked at, the newest first.
const REPORTS: usize = 5_000;
/// Above so many reports for each that matches, they are looked up one by one, not as one range.
const SPREAD: i64 = 4;
/// Events that last longer than so many days, or have no beginning or end, are filed as long. The others are found by their first day alone.
pub(super) const SHORT: i64 = 31;

/// Which events are asked for. All conditions must hold; an empty or absent one always does.
#[derive(Clone, Debug, PartialEq)]
pub struct EventQuery {
    /// Of one of these types.
    pub kinds: Vec<String>,
    /// Of one of these modes.
    pub modes: Vec<String>,
    /// With a party whose name has these words in it, the last one perhaps only begun, or, given as a code in capitals (`UKR`), is of this
    /// country; where nobody is, the code is taken for words.
    pub actor: Option<String>,
    /// In this country (the code as the events give it).
    pub country: Option<String>,
    /// At a place of this name.
    pub place: Option<String>,
    /// Within a circle.
    pub within: Option<Within>,
    /// Not over before this day.
    pub from: Option<Date>,
    /// Begun on this day or before.
    pub to: Option<Date>,
    /// Of one of these statuses.
    pub status: Vec<String>,
    /// Of one of these grades.
    pub grade: Vec<String>,
    /// With at least so many independent origins.
    pub min_origins: Option<u32>,
    /// With at most so many.
    pub max_origins: Option<u32>,
    /// Disputed in some field, or in none.
    pub disputed: Option<bool>,
    /// Looked at by a person, or not.
    pub reviewed: Option<bool>,
    /// Told in reports that match this, as in a search; of a question that thousands of reports match, in the 5,000 added last.
    pub text: Option<String>,
    /// In which order.
    pub sort: EventSort,
    /// Smallest first.
    pub ascending: bool,
    /// How many at most.
    pub limit: usize,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Whether the whole list is to be counted, as far as that is cheap.
    pub count: bool,
}

impl Default for EventQuery {
    fn default() -> Self {
        Self {
            kinds: Vec::new(),
            modes: Vec::new(),
            actor: None,
            country: None,
            place: None,
            within: None,
            from: None,
            to: None,
            status: Vec::new(),
            grade: Vec::new(),
            min_origins: None,
            max_origins: None,
            disputed: None,
            reviewed: None,
            text: None,
            sort: EventSort::Date,
            ascending: false,
            limit: 50,
            after: None,
            count: false,
        }
    }
}

/// What a list of events is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventSort {
    /// First day, else the last, else the day of the first report; what nothing dates counts as oldest.
    #[default]
    Date,
    /// Day of the last report.
    Published,
    /// Number of independent origins.
    Origins,
    /// When it was last computed anew or reviewed.
    Updated,
    /// Number of reports.
    Reports,
}

/// A circle on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Within {
    /// Latitude of its middle in degrees.
    pub lat: f64,
    /// Longitude of its middle in degrees.
    pub lon: f64,
    /// Radius in kilometres.
    pub km: f64,
}

impl Within {
    /// By the great circle.
    pub(super) fn contains(&self, lat: f64, lon: f64) -> bool {
        let (from, to) = (self.lat.to_radians(), lat.to_radians());
        let half = |a: f64| (a / 2.0).sin().powi(2);
        let h = half(to - from) + from.cos() * to.cos() * half((lon - self.lon).to_radians());
        2.0 * 6_371.0 * h.sqrt().min(1.0).asin() <= self.km
    }
}

/// A query as tests of an event.
#[derive(Clone, Debug, Default)]
pub(super) struct Tests {
    /// It has a term of each of these sets.
    pub(super) sets: Vec<TermSet>,
    /// It has none of these.
    pub(super) without: FxHashSet<i64>,
    /// It is one of these.
    pub(super) ids: Option<Vec<i64>>,
    /// It shares a day with these.
    pub(super) days: Option<(i64, i64)>,
    /// Its sort day is one of these; they follow from `days`.
    pub(super) window: Option<(i64, i64)>,
    pub(super) origins: Option<(i64, i64)>,
}

/// What is tested of an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tested<'r> {
    pub(super) id: i64,
    pub(super) day: i64,
    pub(super) first_day: Option<i64>,
    pub(super) last_day: Option<i64>,
    pub(super) origins: i64,
    pub(super) terms: &'r [u8],
}

impl Tests {
    pub(super) fn hold(&self, event: &Tested<'_>) -> bool {
        let within = |range: Option<(i64, i64)>, value: i64| range.is_none_or(|(low, high)| low <= value && value <= high);
        let in_time = self.days.is_none_or(|(from, to)| {
            let is_dated = event.first_day.is_some() || event.last_day.is_some();
            is_dated && event.first_day.is_none_or(|first| first <= to) && event.last_day.is_none_or(|last| last >= from)
        });
        in_time
            && within(self.window, event.day)
            && within(self.origins, event.origins)
            && self.sets.iter().all(|set| unpack(event.terms).any(|term| set.ids.contains(&term)))
            && (self.without.is_empty() || !unpack(event.terms).any(|term| self.without.contains(&term)))
            && self.ids.as_ref().is_none_or(|ids| ids.binary_search(&event.id).is_ok())
    }
}

fn is_code(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase())
}

impl Reader<'_> {
    /// The tests of a query: an event that passes one of them, and no event passes two. None when no event can pass.
    pub(super) fn tests(&self, query: &EventQuery) -> Result<Vec<Tests>> {
        let mut tests = Tests::default();
        for (kind, values) in
            [(Kind::Type, &query.kinds), (Kind::Mode, &query.modes), (Kind::Status, &query.status), (Kind::Grade, &query.grade)]
        {
            if !values.is_empty() {
                tests.sets.push(self.terms(kind, values.iter().map(String::as_str))?);
            }
        }
        if let Some(actor) = &query.actor {
            let mut set = if is_code(actor) { self.terms(Kind::ActorCountry, [actor.as_str()])? } else { TermSet::default() };
            if set.ids.is_empty() {
                set = self.terms_with(Kind::Actor, &fold(actor))?;
            }
            tests.sets.push(set);
        }
        if let Some(country) = &query.country {
            tests.sets.push(self.terms(Kind::Country, [country.as_str()])?);
        }
        if let Some(place) = &query.place {
            tests.sets.push(self.terms(Kind::Place, [fold(place).as_str()])?);
        }
        if let Some(circle) = &query.within {
            tests.sets.push(self.terms_within(circle)?);
        }
        for (kind, wanted) in [(Kind::Disputed, query.disputed), (Kind::Reviewed, query.reviewed)] {
            match wanted {
                Some(true) => tests.sets.push(self.terms(kind, ["yes"])?),
                Some(false) => tests.without.extend(self.terms(kind, ["yes"])?.ids),
                None => {}
            }
        }
        if query.from.is_some() || query.to.is_some() {
            let day = |date: Option<Date>, open: Date| date.unwrap_or(open).to_days();
            tests.days = Some((day(query.from, Date::MIN), day(query.to, Date::MAX)));
        }
        if query.min_origins.is_some() || query.max_origins.is_some() {
            let high = query.max_origins.map_or(i64::MAX, i64::from);
            tests.origins = Some((query.min_origins.unwrap_or(0).into(), high));
        }
        if tests.sets.iter().any(|set| set.ids.is_empty()) {
            return Ok(Vec::new());
        }
        if let Some(text) = &query.text {
            tests.ids = Some(self.events_told(text)?);
        }
        let Some((from, to)) = tests.days else { return Ok(vec![tests]) };
        let long = self.terms(Kind::Long, ["yes"])?;
        let mut short = tests.clone();
        short.window = Some((from.saturating_sub(SHORT), to));
        short.without.extend(&long.ids);
        if long.ids.is_empty() {
            return Ok(vec![short]);
        }
        tests.sets.push(long);
        Ok(vec![short, tests])
    }

    /// Events told in reports that match, in ascending order.
    fn events_told(&self, text: &str) -> Result<Vec<i64>> {
        let mut reports = self.matching_reports(text, REPORTS)?;
        reports.sort_unstable();
        let (Some(&first), Some(&last)) = (reports.first(), reports.last()) else { return Ok(Vec::new()) };
        let sql = "SELECT report, event FROM happening WHERE report BETWEEN ?1 AND ?2 AND event IS NOT NULL ORDER BY report";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut events = Vec::new();
        let mut look = |first: i64, last: i64, told: &[i64]| -> Result<()> {
            let mut rows = statement.query([first, last])?;
            let mut told = told.iter().peekable();
            while let Some(row) = rows.next()? {
                let report: i64 = row.get(0)?;
                while told.next_if(|&&other| other < report).is_some() {}
                if told.peek() == Some(&&report) {
                    events.push(row.get(1)?);
                }
            }
            Ok(())
        };
        if (last - first) / SPREAD <= limit_of(reports.len()) {
            look(first, last, &reports)?;
        } else {
            reports.iter().try_for_each(|&report| look(report, report, &[report]))?;
        }
        events.sort_unstable();
        events.dedup();
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_measured_on_the_ground() {
        let circle = |km| Within { lat: 50.0, lon: 179.9, km };
        // A fifth of a degree of longitude across the date line, at 50 degrees north: 14.3 km.
        assert!(circle(14.4).contains(50.0, -179.9));
        assert!(!circle(14.2).contains(50.0, -179.9));
        assert!(circle(0.0).contains(50.0, 179.9));
        assert!(!circle(f64::NAN).contains(50.0, 179.9));
    }
}
