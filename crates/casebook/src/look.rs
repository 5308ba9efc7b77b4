//! Small looks at the record and its views, for lists that many people load: each takes little, whatever the size of the case.

use dateline_record::{Date, Edtf};

use crate::audit::limit_of;
use crate::error::{Result, column_id, row_id};
use crate::reading::unread_row;
use crate::report::json_text;
use crate::{Reader, Unread};

/// How an event stands, in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its status.
    pub status: String,
    /// Reports that tell of it, copies included.
    pub reports: u32,
}

/// First and last day of a date. Thousands of dates are read for a list, nearly all of them plain days: those are read by themselves.
pub(crate) fn days_of(text: &str) -> Option<(Option<Date>, Option<Date>)> {
    let plain = || {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        if year.len() != 4 || month.len() != 2 || day.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return None;
        }
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    };
    if let Some(day) = plain() {
        return Some((Some(day), Some(day)));
    }
    text.parse::<Edtf>().ok()?.bounds()
}

impl Reader<'_> {
    /// The id of the report that was added last; 0 where there is none. Reports are numbered from 1 without a gap, and none ever goes.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn last_report(&self) -> Result<u64> {
        Ok(self.first("SELECT max(id) FROM report", [], |row| row.get::<_, Option<i64>>(0))?.flatten().map_or(0, row_id))
    }

    /// When the case last changed its mind about an event, an RFC 3339 instant.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn events_changed_at(&self) -> Result<Option<String>> {
        Ok(self.first("SELECT max(updated) FROM event", [], |row| row.get(0))?.flatten())
    }

    /// How many events are new or told anew after an instant.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn events_changed_since(&self, instant: &str) -> Result<u64> {
        let sql = "SELECT count(*) FROM event WHERE updated > ?1";
        Ok(self.first(sql, [instant], |row| Ok(row_id(row.get(0)?)))?.unwrap_or(0))
    }

    /// The first report that told of an event.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn first_report_of_event(&self, event: u64) -> Result<Option<u64>> {
        let sql = "SELECT min(report) FROM happening WHERE event = ?1";
        Ok(self.first(sql, [column_id(event)?], |row| row.get::<_, Option<i64>>(0))?.flatten().map(row_id))
    }

    /// How an event stands.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn standing(&self, event: u64) -> Result<Option<Standing>> {
        let sql = "SELECT status, reports FROM event WHERE id = ?1";
        self.first(sql, [column_id(event)?], |row| Ok(Standing { status: row.get(0)?, reports: row.get(1)? }))
    }

    /// Who published a report, and on which day at the earliest; none where there is no such report.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn imprint(&self, report: u64) -> Result<Option<(Option<String>, Option<Date>)>> {
        let found = self.first("SELECT source, published FROM report WHERE id = ?1", [column_id(report)?], |row| {
            Ok((row.get(0)?, row.get_ref(1)?.as_str().ok().and_then(days_of)))
        })?;
        Ok(found.map(|(source, days)| (source, days.and_then(|(first, last)| first.or(last)))))
    }

    /// The last `limit` reports of outlets with these names, the largest id first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn reports_of_outlets(&self, names: &[String], limit: usize) -> Result<Vec<u64>> {
        let sql = "SELECT id FROM report WHERE source IN (SELECT value FROM json_each(?1)) ORDER BY id DESC LIMIT ?2";
        self.list(sql, (json_text(&names)?, limit_of(limit)), |row| Ok(row_id(row.get(0)?)))
    }

    /// Up to `limit` of the `span` reports with ids below `before` that gave no claims, the largest id first, and why.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn unread_before(&self, before: u64, span: u64, limit: usize) -> Result<Vec<Unread>> {
        let sql = "SELECT r.id, g.id, g.not_read, g.error FROM report r LEFT JOIN reading g ON g.report = r.id AND g.current = 1
                   WHERE r.id < ?1 AND r.id >= ?2 AND coalesce(g.claims, 0) = 0 ORDER BY r.id DESC LIMIT ?3";
        let last = column_id(before.saturating_sub(span))?;
        self.list(sql, (column_id(before)?, last, limit_of(limit)), unread_row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_days_are_read_as_all_dates_are() {
        for text in [
            "2024-12-27",
            "2024-02-29",
            "2023-02-29",
            "2024-12",
            "2024",
            "2024-12-27?",
            "2024-12-2X",
            "-001-12-27",
            "soon",
            "2024-12-27/2024-12-29",
        ] {
            assert_eq!(days_of(text), text.parse::<Edtf>().ok().and_then(|date| date.bounds()), "{text}");
        }
    }
}
