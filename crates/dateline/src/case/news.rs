//! What is new in a case since somebody last asked.

use std::collections::BTreeSet;
use std::str::FromStr;

use dateline_casebook::ReviewQuery;
use serde::Serialize;
use serde_json::Value;

use super::ask::{CaseEvent, arrival};
use super::history::DecisionLine;
use super::{Case, CaseError};

/// Up to where somebody knows a case: its last report and its last decision.
///
/// Both are numbered in the order in which they are kept, so nothing is missed and nothing comes twice, whoever writes meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewsMark {
    report: u64,
    decision: u64,
}

impl std::fmt::Display for NewsMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.report, self.decision)
    }
}

impl FromStr for NewsMark {
    type Err = CaseError;

    fn from_str(text: &str) -> Result<Self, CaseError> {
        let read = || {
            let (report, decision) = text.split_once('.')?;
            Some(Self { report: report.parse().ok()?, decision: decision.parse().ok()? })
        };
        read().ok_or_else(|| CaseError::Filter(format!("`{text}` is no mark in the news")))
    }
}

/// A report that came in.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewsReport {
    /// `r3`.
    pub id: String,
    /// Outlet.
    pub source: Option<String>,
    /// Headline or first words, without the names of protected persons.
    pub title: String,
    /// When it was published, in EDTF.
    pub published: Option<String>,
    /// When it was added.
    pub added: String,
    /// The first report of which it is a copy.
    pub copy_of: Option<String>,
    /// Why it was not read.
    pub not_read: Option<String>,
    /// Events that it tells of, the first few.
    pub events: Vec<String>,
}

/// What is new.
#[derive(Clone, Debug)]
pub struct News {
    /// Reports that came in, oldest first.
    pub reports: Vec<NewsReport>,
    /// Decisions, oldest first.
    pub decisions: Vec<DecisionLine>,
    /// Events that these reports tell of or these decisions are about, as they stand now.
    pub events: Vec<CaseEvent>,
    /// Up to where this is.
    pub next: NewsMark,
}

impl News {
    /// Whether nothing is new.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reports.is_empty() && self.decisions.is_empty()
    }
}

impl Case {
    /// The mark of a case as it stands.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn news_mark(&self) -> Result<NewsMark, CaseError> {
        let reader = self.book.read();
        let report = reader.reports_before(i64::MAX as u64, 1)?.first().map_or(0, |row| row.id);
        Ok(NewsMark { report, decision: reader.last_review()? })
    }

    /// What is new since a mark, up to `limit` reports and as many decisions.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn news(&self, since: NewsMark, limit: usize) -> Result<News, CaseError> {
        let reader = self.book.read();
        let mut news = News { reports: Vec::new(), decisions: Vec::new(), events: Vec::new(), next: since };
        let mut touched = BTreeSet::new();
        for id in reader.report_ids(since.report.min(i64::MAX as u64), limit)? {
            let Some(row) = reader.report(id)? else { continue };
            let arrival = arrival(&reader, row)?;
            touched.extend(reader.events_of_report(id)?);
            news.next.report = id;
            news.reports.push(NewsReport {
                id: format!("r{id}"),
                title: arrival.title_without_names(),
                source: arrival.source,
                published: arrival.published,
                added: arrival.added_at,
                copy_of: arrival.copy_of.map(|first| format!("r{first}")),
                not_read: arrival.not_read,
                events: arrival.events.iter().map(|event| event.id.clone()).collect(),
            });
        }
        let query = ReviewQuery { after: since.decision.min(i64::MAX as u64), limit, ..ReviewQuery::default() };
        for review in reader.reviews(&query)?.rows {
            touched.extend(review.subject.get("event").and_then(Value::as_u64));
            news.next.decision = review.id;
            news.decisions.push(DecisionLine::from(&review));
        }
        for event in touched {
            news.events.extend(reader.event(event)?.map(CaseEvent::from));
        }
        Ok(news)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_written_and_read() {
        let mark: NewsMark = "12.3".parse().unwrap();
        assert_eq!(mark, NewsMark { report: 12, decision: 3 });
        assert_eq!(mark.to_string(), "12.3");
        for wrong in ["", "12", "12.", ".3", "-1.0", "12.3.4", "a.b"] {
            assert!(wrong.parse::<NewsMark>().is_err(), "{wrong}");
        }
    }
}
