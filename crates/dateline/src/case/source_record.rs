//! How the reports of outlets fared: how often an outlet was first, copied others, was denied or borne out later.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::Reader;
use dateline_corroborate::{CaseReport, OutletTable, Position};
use dateline_record::{Date, Edtf};
use serde::Serialize;

use super::ask::{Arrival, arrival};
use super::assess::{Known, Names, WEIGHED, outlet_table};
use super::index::{Indexes, Kept};
use super::sources::{Source, known};
use super::{Case, CaseError};

/// Copies of one text that are asked for their outlet and day, those added first.
const COPIES: usize = 64;

/// How the last reports of an outlet fared.
///
/// An outlet's reports are those under its name or one of its aliases in the table of outlets. *Earlier* is by the day of publication, and
/// within a day by the number under which the report was added; what has no date counts as latest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceRecord {
    /// Reports that were looked at: the last ones that were added, up to a bound.
    pub looked_at: u64,
    /// Of these, reports whose text other outlets carry too, none of them earlier.
    pub first_with_text: u64,
    /// Of these, reports whose text another outlet published earlier.
    pub copies_of_others: u64,
    /// Events that somebody affirms and that only reports of this outlet tell of.
    pub told_alone: u64,
    /// Events that a report of this outlet affirms and that others tell of too, none of their reports earlier.
    pub told_first: u64,
    /// Of the events told first or alone, those whose later fate is not counted because there are too many; those told of last are.
    pub not_weighed: u64,
    /// Of the events told first or alone, those that a source denies in a later report, of whatever outlet. A source that the first report
    /// itself names or is does not count.
    pub denied_later: u64,
    /// Of the same events, those that an independent source affirms which first speaks in a later report; rumours don't count.
    pub corroborated_later: u64,
}

/// How much is looked at for a [`SourceRecord`].
#[derive(Clone, Copy, Debug)]
struct Bounds {
    reports: usize,
    /// Events of which all sources are weighed against each other.
    weighed: usize,
}

/// For each of a list of outlets.
const IN_LIST: Bounds = Bounds { reports: 50, weighed: 5 };
/// For one outlet.
const ALONE: Bounds = Bounds { reports: 2_000, weighed: 100 };

/// An outlet in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceRow {
    /// The outlet.
    #[serde(flatten)]
    pub source: Source,
    /// How its last reports fared.
    pub record: SourceRecord,
}

/// A page of the list of outlets.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Outlets, those with the most reports first, then by name.
    pub rows: Vec<SourceRow>,
    /// Outlets in all that match.
    pub total: u64,
}

/// One outlet with its reports.
#[derive(Clone, Debug)]
pub struct SourcePage {
    /// The outlet.
    pub source: Source,
    /// How its last reports fared.
    pub record: SourceRecord,
    /// Other outlets of the same owner, by name.
    pub siblings: Vec<String>,
    /// Its reports that came in last, the last first.
    pub reports: Vec<Arrival>,
}

/// An outlet, and the names under which reports have it.
struct Named {
    source: Source,
    names: Vec<String>,
}

impl Case {
    /// A page of the outlets whose name or alias contains some letters (whatever their case), those with the most reports first; each with
    /// how its last 50 reports fared, and the later fate of up to 5 events. `page` counts from 0.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn source_rows(&self, letters: &str, page: usize, rows: usize) -> Result<Sources, CaseError> {
        let reader = self.book.read();
        let table = outlet_table(&reader)?;
        let mut all = named(&reader, &table)?;
        let letters = letters.trim().to_lowercase();
        if !letters.is_empty() {
            let has = |name: &String| name.to_lowercase().contains(&letters);
            all.retain(|named| has(&named.source.name) || named.source.aliases.iter().any(has));
        }
        all.sort_by(|a, b| b.source.reports.cmp(&a.source.reports).then_with(|| a.source.name.cmp(&b.source.name)));
        let total = all.len() as u64;
        let shown = all.into_iter().skip(page.saturating_mul(rows)).take(rows);
        let rows = shown.map(|named| {
            let record = record(&reader, &table, &named, IN_LIST)?;
            Ok(SourceRow { source: named.source, record })
        });
        Ok(Sources { rows: rows.collect::<Result<_, CaseError>>()?, total })
    }

    /// One outlet by its name or alias, with how its last 2,000 reports fared (with the later fate of up to 100 events), and
    /// its last `reports` reports.
    ///
    /// # Errors
    /// When neither the table nor any report has an outlet of this name, or the record can't be read.
    pub fn source_page(&self, name: &str, reports: usize) -> Result<SourcePage, CaseError> {
        let reader = self.book.read();
        let table = outlet_table(&reader)?;
        let canonical = table.find(name).map_or(name, |outlet| outlet.name.as_str());
        let all = named(&reader, &table)?;
        let siblings = |of: &Source| {
            let same = |other: &&Named| of.owner.is_some() && other.source.owner == of.owner && other.source.name != of.name;
            all.iter().filter(same).map(|other| other.source.name.clone()).collect()
        };
        let found = all.iter().find(|named| named.source.name == canonical);
        let found = found.ok_or_else(|| CaseError::Missing(format!("outlet `{name}`")))?;
        let record = record(&reader, &table, found, ALONE)?;
        let mut arrivals = Vec::new();
        for report in reader.reports_of_outlets(&found.names, reports)? {
            if let Some(row) = reader.report(report)? {
                arrivals.push(arrival(&reader, row)?);
            }
        }
        Ok(SourcePage { record, siblings: siblings(&found.source), reports: arrivals, source: found.source.clone() })
    }
}

/// All outlets: those of the table, and those that only reports name.
fn named(reader: &Reader<'_>, table: &OutletTable) -> Result<Vec<Named>, CaseError> {
    let mut all: BTreeMap<String, Named> = BTreeMap::new();
    for row in reader.outlets()? {
        all.insert(row.name.clone(), Named { source: known(row), names: Vec::new() });
    }
    for (name, reports) in reader.report_sources()? {
        let canonical = table.find(&name).map_or(name.as_str(), |outlet| outlet.name.as_str()).to_owned();
        let found = all
            .entry(canonical.clone())
            .or_insert_with(|| Named { source: Source { name: canonical, ..Source::default() }, names: Vec::new() });
        found.source.reports += reports;
        found.names.push(name);
    }
    Ok(all.into_values().collect())
}

/// Where a report stands among others in time: its day, and its number.
type Place = (i64, u64);

fn place(published: Option<Date>, report: u64) -> Place {
    (published.map_or(i64::MAX, Date::to_days), report)
}

fn record(reader: &Reader<'_>, table: &OutletTable, outlet: &Named, bounds: Bounds) -> Result<SourceRecord, CaseError> {
    let reports = reader.reports_of_outlets(&outlet.names, bounds.reports)?;
    let mut record = SourceRecord { looked_at: reports.len() as u64, ..SourceRecord::default() };
    let is_own = |source: Option<&String>| source.is_some_and(|source| outlet.names.contains(source));
    let mut left = bounds.weighed;
    let mut seen = BTreeSet::new();
    for &report in &reports {
        let copies = Indexes::copies_of(reader, report)?;
        if copies.len() > 1 {
            let mut own = None;
            let mut others = None;
            for copy in copies.into_iter().take(COPIES).chain([report]) {
                let Some((source, published)) = reader.imprint(copy)? else { continue };
                let place = place(published, copy);
                if copy == report {
                    own = Some(place);
                } else if !is_own(source.as_ref()) {
                    others = Some(others.map_or(place, |first: Place| first.min(place)));
                }
            }
            match (own, others) {
                (Some(own), Some(others)) if others < own => record.copies_of_others += 1,
                (Some(_), Some(_)) => record.first_with_text += 1,
                _ => {}
            }
        }
        for event in reader.events_of_report(report)? {
            if !seen.insert(event) {
                continue;
            }
            let Some(standing) = reader.standing(event)? else { continue };
            match standing.status.as_str() {
                "unsupported" | "rejected" => {}
                _ if standing.reports <= 1 => record.told_alone += 1,
                status => several(reader, table, event, status, &is_own, &mut left, &mut record)?,
            }
        }
    }
    Ok(record)
}

/// Counts an event of which several reports tell, one of them at least the outlet's.
fn several(
    reader: &Reader<'_>,
    table: &OutletTable,
    event: u64,
    status: &str,
    is_own: &impl Fn(Option<&String>) -> bool,
    left: &mut usize,
    record: &mut SourceRecord,
) -> Result<(), CaseError> {
    let (mut own, mut others) = (Vec::new(), None);
    for report in reader.reports_of_event(event)?.into_iter().take(WEIGHED) {
        let Some((source, published)) = reader.imprint(report)? else { continue };
        let place = place(published, report);
        if is_own(source.as_ref()) {
            own.push(place);
        } else {
            others = Some(others.map_or(place, |first: Place| first.min(place)));
        }
    }
    // Where another was earlier than the first of them, none of them was first.
    own.sort_unstable();
    let mut first = None;
    for &place in own.iter().take_while(|place| others.is_none_or(|others| **place < others)) {
        if affirms(reader, place.1, event)? {
            first = Some(place);
            break;
        }
    }
    let Some(first) = first else { return Ok(()) };
    match others {
        None => record.told_alone += 1,
        Some(_) => record.told_first += 1,
    }
    // A single source is neither denied nor joined by another.
    if status == "single-source" {
        return Ok(());
    }
    let Some(rest) = left.checked_sub(1) else {
        record.not_weighed += 1;
        return Ok(());
    };
    *left = rest;
    if let Some(known) = Known::of(reader, event, table, Names::Withheld)? {
        let fate = fate(&known, first);
        record.denied_later += u64::from(fate.denied);
        record.corroborated_later += u64::from(fate.corroborated);
    }
    Ok(())
}

/// Whether a report affirms an event.
fn affirms(reader: &Reader<'_>, report: u64, event: u64) -> Result<bool, CaseError> {
    for happening in reader.happenings_of_report_in(report, event)? {
        let kept = Kept::decode(&happening.facts)?;
        if kept.statements.iter().any(|statement| statement.position() == Position::Affirms) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What became of an event after an outlet told of it first.
#[derive(Debug, PartialEq, Eq)]
struct Fate {
    denied: bool,
    corroborated: bool,
}

fn fate(known: &Known, first: Place) -> Fate {
    let days = |report: &CaseReport| report.published.as_ref().and_then(Edtf::bounds).and_then(|(first, last)| first.or(last));
    let places: BTreeMap<u64, Place> = known.reports.iter().map(|report| (report.id, place(days(report), report.id))).collect();
    let mut fate = Fate { denied: false, corroborated: false };
    // Sources that the first report itself names or is are not other sources.
    for origin in known.assessment.origins.iter().filter(|origin| !origin.reports.contains(&first.1)) {
        let spoke = origin.reports.iter().filter_map(|report| places.get(report)).min();
        let later = |report: u64| places.get(&report).is_some_and(|place| *place > first);
        match origin.position {
            Position::Denies => {
                let mut told = origin.statements.iter().filter_map(|&at| known.statements.get(at));
                fate.denied |= told.any(|statement| statement.position() == Position::Denies && later(statement.report));
            }
            Position::Affirms => fate.corroborated |= !origin.rumour && spoke.is_some_and(|spoke| *spoke > first),
            Position::Withdrew | Position::Open => {}
        }
    }
    fate
}
