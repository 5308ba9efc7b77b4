//! Events one at a time, for somebody who decides on them.

use std::collections::BTreeSet;

use dateline_casebook::{EventQuery, EventSort, ReportStatus, Review};
use dateline_record::{ClaimId, Date};

use super::ask::CaseEvent;
use super::assess::WEIGHED;
use super::decide::Decided;
use super::history::DecisionLine;
use super::index::{Indexes, Kept};
use super::page::{Quotes, TellingReport};
use super::sides::{Read, Told, values_of};
use super::told::claims;
use super::{Case, CaseError};
use crate::render::words_of;

/// Days before and after an event in which others may be the same.
const NEAR: i64 = 3;
/// Reports of an event whose other events are looked at.
const LOOKED_AT: usize = 20;
/// Decisions that are read at a time, backwards, to find somebody's last one.
const BACK: usize = 200;
/// Decisions among which somebody's last one is looked for.
const FAR: usize = 5_000;

/// An event as somebody decides on it.
#[derive(Clone, Debug)]
pub struct UnderReview {
    /// Its row.
    pub event: CaseEvent,
    /// Reports that tell of it, by day of publication. Their headlines are left out.
    pub reports: Vec<TellingReport>,
    /// The one that is shown; none where no report is kept any more.
    pub shown: Option<Shown>,
    /// Decisions that stand, oldest first.
    pub decisions: Vec<DecisionLine>,
}

/// A report with what it says of one event. Names of protected persons are left out of all of it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its number: `r3` is 3.
    pub report: u64,
    /// Headline.
    pub title: Option<String>,
    /// The text, in which this event's claims are marked: HTML, see [`words_of`].
    pub text: String,
    /// The claims of the event.
    pub told: Vec<Told>,
}

impl Case {
    /// What to give as `after` to go on behind an event in a list of this order, in either direction.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn event_mark(&self, event: u64, sort: EventSort) -> Result<Option<String>, CaseError> {
        Ok(self.book.read().event_mark(event, sort)?)
    }

    /// An event with one of its reports: the one that is named if it tells of the event, else the first.
    ///
    /// # Errors
    /// When there is no such event, or the record can't be read.
    pub fn under_review(&self, event: u64, report: Option<u64>) -> Result<UnderReview, CaseError> {
        let reader = self.book.read();
        let row = reader.event(event)?.ok_or_else(|| CaseError::Missing(format!("event e{event}")))?;
        let happenings = reader.happenings_of_event(event, WEIGHED)?;
        let ids: BTreeSet<u64> = happenings.iter().map(|happening| happening.report).collect();
        let mut reports = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(row) = reader.report(id)? else { continue };
            let first = Indexes::cluster(&reader, id)?;
            let telling = TellingReport {
                id: format!("r{id}"),
                source: row.source,
                published: row.published.map(|date| date.as_str().to_owned()),
                title: None,
                url: None,
                copy_of: (first != id).then(|| format!("r{first}")),
                withdrawn: row.status == ReportStatus::Withdrawn,
            };
            reports.push((id, telling));
        }
        reports.sort_by(|(a, left), (b, right)| (&left.published, a).cmp(&(&right.published, b)));
        let named = reports.iter().find(|(id, _)| Some(*id) == report);
        let chosen = named.or_else(|| reports.first()).map(|(id, _)| *id);
        let shown = match chosen {
            Some(id) => match reader.reading(id)? {
                Some(reading) => {
                    let read = Read::new(reading, Quotes::NamesWithheld);
                    let (mut told, mut marked): (Vec<Told>, BTreeSet<ClaimId>) = Default::default();
                    for happening in happenings.iter().filter(|happening| happening.report == id) {
                        let kept = Kept::decode(&happening.facts)?;
                        let lines = read.lines(&happening.local, None);
                        told.extend(lines.into_iter().zip(&kept.statements).filter_map(|(line, statement)| {
                            Some(Told { report: format!("r{id}"), values: values_of(&statement.facts), ..line? })
                        }));
                        let event = read.reading.events.iter().find(|event| event.id.to_string() == happening.local);
                        marked.extend(event.into_iter().flat_map(|event| claims(&read.reading, event)).map(|claim| claim.id));
                    }
                    let title = read.reading.document.title.as_deref().map(|title| read.protected.masked(title));
                    Some(Shown { report: id, title, text: words_of(&read.reading, &marked), told })
                }
                None => None,
            },
            None => None,
        };
        let decided = Decided::of_event(&reader, event)?;
        Ok(UnderReview {
            event: CaseEvent::from(row),
            reports: reports.into_iter().map(|(_, telling)| telling).collect(),
            shown,
            decisions: decided.history.iter().map(DecisionLine::from).collect(),
        })
    }

    /// Events that may be the same as one: of its own type, told in the same reports or at the same place within a few days; the likeliest first.
    ///
    /// # Errors
    /// When there is no such event, or the record can't be read.
    pub fn like(&self, event: u64, most: usize) -> Result<Vec<CaseEvent>, CaseError> {
        let reader = self.book.read();
        let row = reader.event(event)?.ok_or_else(|| CaseError::Missing(format!("event e{event}")))?;
        let mut found: Vec<CaseEvent> = Vec::new();
        let mut seen = BTreeSet::from([event]);
        let days = row.first_day.or(row.last_day).zip(row.last_day.or(row.first_day));
        if let (Some(place), Some((first, last)), Some(kind)) = (&row.place, days, &row.kind) {
            let query = EventQuery {
                kinds: vec![kind.clone()],
                place: Some(place.clone()),
                from: Some(first.plus_days(-NEAR)),
                to: Some(last.plus_days(NEAR)),
                limit: most + 1,
                ..EventQuery::default()
            };
            for other in reader.events(&query)?.rows {
                if seen.insert(other.id) {
                    found.push(other.into());
                }
            }
        }
        let mut in_reports: Vec<(bool, CaseEvent)> = Vec::new();
        for report in reader.reports_of_event(event)?.into_iter().take(LOOKED_AT) {
            for other in reader.events_of_report(report)? {
                if seen.insert(other)
                    && let Some(other) = reader.event(other)?
                {
                    let same_type = other.kind == row.kind;
                    let apart = |a: Option<Date>, b: Option<Date>| Some((a?.to_days() - b?.to_days()).abs() > NEAR);
                    if apart(other.first_day, row.first_day) != Some(true) {
                        in_reports.push((!same_type, other.into()));
                    }
                }
            }
        }
        in_reports.sort_by_key(|(other_type, _)| *other_type);
        found.extend(in_reports.into_iter().map(|(_, event)| event));
        found.truncate(most);
        Ok(found)
    }

    /// The last decision of somebody on an event that stands, among the last few thousand of all.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn last_decision(&self, by: &str) -> Result<Option<Review>, CaseError> {
        let reader = self.book.read();
        let (mut before, mut looked_at) = (i64::MAX as u64, 0);
        while looked_at < FAR {
            let reviews = reader.reviews_before(before, BACK)?;
            let Some(last) = reviews.last() else { return Ok(None) };
            (before, looked_at) = (last.id, looked_at + reviews.len());
            let is_own = |review: &Review| {
                review.by == by
                    && review.undone_by.is_none()
                    && matches!(review.kind.as_str(), "accept" | "reject" | "grade" | "set" | "note" | "merge" | "split")
            };
            if let Some(own) = reviews.into_iter().find(is_own) {
                return Ok(Some(own));
            }
        }
        Ok(None)
    }

    /// A decision for people, by its number.
    ///
    /// # Errors
    /// When there is none of this number, or the record can't be read.
    pub fn decision(&self, number: u64) -> Result<Review, CaseError> {
        self.book.read().review(number)?.ok_or_else(|| CaseError::Missing(format!("decision {number}")))
    }
}
