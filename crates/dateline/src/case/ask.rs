//! Asking the case: lists of events and of reports.

use dateline_casebook::{EventQuery, EventRow, Hit, Page, Reader, ReportRow, ReportStatus, SearchQuery, UnreadWhy};
use dateline_corroborate::Outlet;
use dateline_gazetteer::{Gazetteer, PlaceKind};
use serde::Serialize;

use super::assess::outlet_table;
use super::index::Indexes;
use super::{Case, CaseError};
use crate::render::person::Protected;
use crate::render::without;

/// Statuses of events that somebody affirms, denies or has affirmed; what is only planned or asked for, and what a reviewer has
/// rejected, is none of them.
pub const TOLD: &[&str] = &["single-source", "corroborated", "contested", "confirmed-by-adversary", "retracted"];
/// All statuses that an event can have.
pub const STATUSES: &[&str] =
    &["single-source", "corroborated", "contested", "confirmed-by-adversary", "retracted", "unsupported", "rejected"];

/// An event as programs get it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseEvent {
    /// `e12`.
    pub id: String,
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// Who, what, to whom, where, when, in one line.
    pub summary: String,
    /// How it stands by who supports it.
    pub status: String,
    /// Credibility, 1 to 6.
    pub grade: Option<String>,
    /// Whether somebody has decided on it.
    pub reviewed: bool,
    /// Independent sources that affirm it.
    pub sources: u32,
    /// Reports that tell of it, copies included.
    pub reports: u32,
    /// Fields on which sources differ.
    pub disputed: Vec<String>,
    /// When, in EDTF.
    pub date: Option<String>,
    /// Where, as finely as is known, and no finer than a settlement.
    pub place: Option<CasePlace>,
    /// The dead.
    pub killed: Option<Range>,
    /// Day of the first report.
    pub published_first: Option<String>,
    /// Day of the last report.
    pub published_last: Option<String>,
    /// Who takes part.
    pub parties: Vec<CaseParty>,
    /// When the case last changed its mind about it.
    pub updated: String,
}

/// A place of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CasePlace {
    /// Name.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// First-level division.
    pub admin1: Option<String>,
    /// Degrees, of the settlement or the middle of the area.
    pub lat: Option<f64>,
    /// Degrees.
    pub lon: Option<f64>,
    /// How fine the reports are.
    pub precision: Option<String>,
}

/// A number between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Range {
    /// Lowest that a source gives.
    pub low: Option<i64>,
    /// What most sources give.
    pub best: Option<i64>,
    /// Highest that a source gives.
    pub high: Option<i64>,
}

/// Somebody who takes part in an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseParty {
    /// `actor` or `recipient`.
    pub role: String,
    /// Name, or a description of somebody who is protected.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
}

/// A page of answers, and how to go on.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found<T> {
    /// The answers.
    pub rows: Vec<T>,
    /// What to give as `after` for the next page; null on the last.
    pub next: Option<String>,
    /// How many there are in all, where that was asked for; a lower bound when `total_is_exact` is false.
    pub total: Option<u64>,
    /// Whether the total is exact.
    pub total_is_exact: bool,
}

/// Reports found by their words.
pub type Reports = Found<FoundReport>;

/// A report that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundReport {
    /// `r3`.
    pub id: String,
    /// Outlet.
    pub source: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// When it was published, in EDTF.
    pub published: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Whether the outlet took it back.
    pub withdrawn: bool,
    /// Words around what was found.
    pub snippet: String,
    /// Where in the snippet it was found, in code points.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<usize>>))]
    pub marks: Vec<(usize, usize)>,
    /// Events that the report tells of.
    pub events: Vec<String>,
}

/// A report as it came in.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Its number: `r3` is 3.
    pub number: u64,
    /// The first report of which it is a copy, itself if it is none: the same for all with one text.
    pub text: u64,
    /// The same where it is another one.
    pub copy_of: Option<u64>,
    /// Outlet.
    pub source: Option<String>,
    /// Headline, or the first words of the text where there is none.
    pub title: String,
    /// Where in it names of protected persons stand, in code points.
    pub hidden: Vec<(usize, usize)>,
    /// When it was published, in EDTF.
    pub published: Option<String>,
    /// When it was added, an RFC 3339 instant.
    pub added_at: String,
    /// Why it was not read.
    pub not_read: Option<String>,
    /// What a person should know of the capture.
    pub warnings: Vec<String>,
    /// Events that it tells of, the first few.
    pub events: Vec<CaseEvent>,
}

impl Arrival {
    /// The headline without the names of protected persons.
    #[must_use]
    pub fn title_without_names(&self) -> String {
        without(&self.title, &self.hidden).0
    }
}

/// Length of the words that stand in for a headline, in characters.
const HEADLINE: usize = 90;
/// Events that an [`Arrival`] lists.
const LISTED: usize = 5;

impl From<EventRow> for CaseEvent {
    fn from(row: EventRow) -> Self {
        let killed = Range { low: row.killed_low, best: row.killed_best, high: row.killed_high };
        Self {
            id: format!("e{}", row.id),
            kind: row.kind,
            mode: row.mode,
            summary: row.summary,
            status: row.status,
            grade: row.grade,
            reviewed: row.reviewed,
            sources: row.origins,
            reports: row.reports,
            disputed: row.disputed,
            date: row.edtf.map(|edtf| edtf.as_str().to_owned()),
            place: row.place.map(|name| CasePlace {
                name,
                country: row.country,
                admin1: row.admin1,
                lat: row.lat,
                lon: row.lon,
                precision: row.precision,
            }),
            killed: (killed.low.is_some() || killed.high.is_some()).then_some(killed),
            published_first: row.published_first.map(|day| day.to_string()),
            published_last: row.published_last.map(|day| day.to_string()),
            parties: row
                .parties
                .into_iter()
                .map(|party| CaseParty { role: party.role, name: party.name, country: party.country, sector: party.sector })
                .collect(),
            updated: row.updated,
        }
    }
}

impl From<Hit> for FoundReport {
    fn from(hit: Hit) -> Self {
        let report = hit.report;
        Self {
            id: format!("r{}", report.id),
            source: report.source,
            title: report.title,
            published: report.published.map(|date| date.as_str().to_owned()),
            url: report.url,
            withdrawn: report.status == ReportStatus::Withdrawn,
            marks: hit.snippet.marks.iter().map(|mark| (mark.start, mark.end)).collect(),
            snippet: hit.snippet.text,
            events: hit.events.iter().map(|event| format!("e{event}")).collect(),
        }
    }
}

fn found<R, T: From<R>>(page: Page<R>) -> Found<T> {
    Found {
        rows: page.rows.into_iter().map(T::from).collect(),
        next: page.next,
        total_is_exact: page.total.as_ref().is_none_or(|total| total.exact),
        total: page.total.map(|total| total.count),
    }
}

impl Case {
    /// Events that match.
    ///
    /// # Errors
    /// When the cursor is none, or the record can't be read.
    pub fn events(&self, query: &EventQuery) -> Result<Found<CaseEvent>, CaseError> {
        Ok(found(self.book.read().events(query)?))
    }

    /// Reports with these words. An outlet of the table that is asked for stands for all its names.
    ///
    /// # Errors
    /// When there is nothing to search for, the cursor is none, or the record can't be read.
    pub fn search(&self, query: &SearchQuery) -> Result<Reports, CaseError> {
        let reader = self.book.read();
        if query.outlets.is_empty() {
            return Ok(found(reader.search(query)?));
        }
        let table = outlet_table(&reader)?;
        let mut query = query.clone();
        let known: Vec<&Outlet> = query.outlets.iter().filter_map(|name| table.find(name)).collect();
        let names: Vec<String> = known.iter().flat_map(|outlet| outlet.aliases.iter().chain([&outlet.name])).cloned().collect();
        query.outlets.extend(names);
        Ok(found(reader.search(&query)?))
    }

    /// The reports that came in last, newest first: those before a number, or the last of all.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn arrivals(&self, before: Option<u64>, limit: usize) -> Result<Vec<Arrival>, CaseError> {
        let reader = self.book.read();
        let mut arrivals = Vec::new();
        for row in reader.reports_before(before.unwrap_or(i64::MAX as u64), limit)? {
            arrivals.push(arrival(&reader, row)?);
        }
        Ok(arrivals)
    }

    /// Where in words that a report holds (headline, text, pieces of it) the names of protected persons stand, in code points.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn names_in<const N: usize>(&self, report: u64, words: [&str; N]) -> Result<[Vec<(usize, usize)>; N], CaseError> {
        names_in(&self.book.read(), report, words)
    }

    /// Reports without claims, with why: another language, a failure, or nothing found in them.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn unread(&self, after: u64, limit: usize) -> Result<Vec<(u64, String)>, CaseError> {
        let rows = self.book.read().unread(after, limit)?;
        Ok(rows.into_iter().map(|row| (row.report, why_unread(row.why))).collect())
    }

    /// Where a place is: the most populous settlement of its name, or else division or country. Degrees north and east.
    ///
    /// # Errors
    /// When the gazetteer knows none of this name.
    pub fn locate(name: &str) -> Result<(f64, f64), CaseError> {
        let gazetteer = Gazetteer::embedded();
        let places = gazetteer.lookup(name).filter_map(|candidate| gazetteer.place(candidate.place));
        let best = places.max_by_key(|place| (place.kind == PlaceKind::Settlement, place.population));
        let at = best.ok_or_else(|| CaseError::Place(name.to_owned()))?.at;
        Ok((f64::from(at.lat), f64::from(at.lon)))
    }
}

/// Why a report gave no claims, in words.
pub(super) fn why_unread(why: UnreadWhy) -> String {
    match why {
        UnreadWhy::NotYet => "not read yet".to_owned(),
        UnreadWhy::NotRead(why) => why,
        UnreadWhy::Failed(why) => format!("failed: {why}"),
        UnreadWhy::NoClaims => "no claim found in it".to_owned(),
    }
}

/// What came of a report.
pub(super) fn arrival(reader: &Reader<'_>, row: ReportRow) -> Result<Arrival, CaseError> {
    let text = Indexes::cluster(reader, row.id)?;
    let mut events = Vec::new();
    for event in reader.events_of_report(row.id)?.into_iter().take(LISTED) {
        events.extend(reader.event(event)?.map(CaseEvent::from));
    }
    let title = match row.title {
        Some(title) => title,
        None => first_words(&reader.report_text(row.id)?.unwrap_or_default()),
    };
    let [hidden] = names_in(reader, row.id, [&title])?;
    Ok(Arrival {
        number: row.id,
        text,
        copy_of: (text != row.id).then_some(text),
        hidden,
        not_read: reader.reading_row(row.id)?.and_then(|made| made.error.or(made.not_read)),
        source: row.source,
        title,
        published: row.published.map(|date| date.as_str().to_owned()),
        added_at: row.added_at,
        warnings: row.provenance.warnings,
        events,
    })
}

fn names_in<const N: usize>(reader: &Reader<'_>, report: u64, words: [&str; N]) -> Result<[Vec<(usize, usize)>; N], CaseError> {
    let protected = reader.reading(report)?.map(|reading| Protected::of(&reading));
    Ok(words.map(|words| protected.as_ref().map(|protected| protected.spans(words)).unwrap_or_default()))
}

/// The beginning of a text in one line, cut at a word.
fn first_words(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() > HEADLINE {
            line.push_str(" …");
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
