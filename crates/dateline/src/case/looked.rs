//! Up to where somebody has looked, and what came since.

use std::str::FromStr;

use dateline_casebook::{EventQuery, EventSort, UnreadWhy};
use dateline_collect::Instant;
use serde::Serialize;

use super::ask::{Arrival, CaseEvent, arrival, why_unread};
use super::{Case, CaseError, clock};

/// Up to where somebody has looked: the last report, and the last change of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// Number of the report that was the last; 0 for none.
    pub report: u64,
    /// Events that changed at this RFC 3339 instant or before have been seen.
    pub changes: String,
}

impl std::fmt::Display for Looked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.report, self.changes)
    }
}

impl FromStr for Looked {
    type Err = CaseError;

    fn from_str(text: &str) -> Result<Self, CaseError> {
        let read = || {
            let (report, changes) = text.split_once('.')?;
            // Read and written again, so that it compares as those of the case do.
            let changes = Instant::parse(changes)?.to_string();
            Some(Self { report: report.parse().ok()?, changes })
        };
        read().ok_or_else(|| CaseError::Filter(format!("`{text}` is no mark of what was looked at")))
    }
}

/// What came since somebody looked.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Since {
    /// Reports that came in.
    pub reports: u64,
    /// Events that are new, or told or decided anew.
    pub events: u64,
}

/// An event that changed lately.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changed {
    /// The event.
    pub event: CaseEvent,
    /// Number of the first report that tells of it.
    pub first_report: u64,
}

impl Changed {
    /// What it is to somebody who has looked: `new`, `changed`, or nothing new.
    #[must_use]
    pub fn to(&self, looked: &Looked) -> Option<&'static str> {
        match () {
            () if self.event.updated <= looked.changes => None,
            () if self.first_report > looked.report => Some("new"),
            () => Some("changed"),
        }
    }
}

/// A report that gave no claims.
#[derive(Clone, Debug)]
pub struct NotRead {
    /// The report.
    pub arrival: Arrival,
    /// Why.
    pub why: String,
    /// Whether it was read, and there is just nothing in it.
    pub was_read: bool,
}

impl Case {
    /// The mark of somebody who has looked at everything now.
    ///
    /// Instants are whole seconds: what changed in the second that is not over yet counts as not seen, so that nothing is missed.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn looked_now(&self) -> Result<Looked, CaseError> {
        let reader = self.book.read();
        let before = clock::before(1);
        let changes = reader.events_changed_at()?.filter(|last| *last <= before).unwrap_or(before);
        Ok(Looked { report: reader.last_report()?, changes })
    }

    /// How much came since somebody looked.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn since(&self, looked: &Looked) -> Result<Since, CaseError> {
        let reader = self.book.read();
        Ok(Since {
            reports: reader.last_report()?.saturating_sub(looked.report),
            events: reader.events_changed_since(&looked.changes)?,
        })
    }

    /// The events that changed last, whatever their status.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn changed(&self, limit: usize) -> Result<Vec<Changed>, CaseError> {
        let reader = self.book.read();
        let query = EventQuery { sort: EventSort::Updated, limit, ..EventQuery::default() };
        let rows = reader.events(&query)?.rows;
        let changed = rows.into_iter().map(|row| {
            let first_report = reader.first_report_of_event(row.id)?.unwrap_or(0);
            Ok(Changed { event: CaseEvent::from(row), first_report })
        });
        changed.collect()
    }

    /// Reports without claims among the `span` before a number (or the last of all), the last first, up to `limit`; and the number to go
    /// on before, where earlier reports have not been looked at.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn unread_before(&self, before: Option<u64>, span: u64, limit: usize) -> Result<(Vec<NotRead>, Option<u64>), CaseError> {
        let reader = self.book.read();
        let before = before.unwrap_or(i64::MAX as u64).min(reader.last_report()?.saturating_add(1));
        let rows = reader.unread_before(before, span, limit)?;
        let looked_to = match rows.last() {
            Some(last) if rows.len() == limit => last.report,
            _ => before.saturating_sub(span),
        };
        let mut unread = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(report) = reader.report(row.report)? else { continue };
            let was_read = row.why == UnreadWhy::NoClaims;
            unread.push(NotRead { arrival: arrival(&reader, report)?, why: why_unread(row.why), was_read });
        }
        Ok((unread, (looked_to > 1).then_some(looked_to)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_they_are_written() {
        let looked: Looked = "12.2024-12-27T10:30:00Z".parse().unwrap();
        assert_eq!((looked.report, looked.changes.as_str()), (12, "2024-12-27T10:30:00Z"));
        assert_eq!(looked.to_string(), "12.2024-12-27T10:30:00Z");
        for text in ["", "12", "12.", ".2024-12-27T10:30:00Z", "12.soon", "-1.2024-12-27T10:30:00Z", "1.1.1"] {
            assert!(text.parse::<Looked>().is_err(), "{text}");
        }
    }
}
