//! When a feed is to be asked again, and how: conditional requests, `Retry-After`, and waiting longer after each failure. Pure
//! functions of the state before and the answer; times are seconds since 1970, UTC.

use serde::{Deserialize, Serialize};

use crate::Instant;

/// Shortest time between two requests to a feed, in seconds.
pub const SHORTEST: u64 = 60;

/// Longest time that failures may put a feed off, in seconds: it may come back.
pub const LONGEST: u64 = 24 * 3600;

/// What is kept of a feed between requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// `ETag` of the last answer, sent back as `If-None-Match`.
    #[serde(default)]
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer, sent back as `If-Modified-Since`.
    #[serde(default)]
    pub last_modified: Option<String>,
    /// When it may be asked again.
    #[serde(default)]
    pub next_due: u64,
    /// Failures in a row.
    #[serde(default)]
    pub failures: u32,
    /// True when the server said that it is gone for good (410).
    #[serde(default)]
    pub gone: bool,
}

impl Poll {
    /// Whether it is to be asked now.
    #[must_use]
    pub fn is_due(&self, now: u64) -> bool {
        !self.gone && now >= self.next_due
    }

    /// Headers that ask for the feed only if it has changed (RFC 9110 section 13.1).
    #[must_use]
    pub fn conditions(&self) -> Vec<(String, String)> {
        let etag = self.etag.iter().map(|etag| ("If-None-Match".to_owned(), etag.clone()));
        let modified = self.last_modified.iter().map(|date| ("If-Modified-Since".to_owned(), date.clone()));
        etag.chain(modified).collect()
    }

    /// The state after an answer. `interval` is how often the feed is to be asked, in seconds; the server may ask for longer.
    #[must_use]
    pub fn after_answer(&self, status: u16, headers: &[(String, String)], interval: u64, now: u64) -> Self {
        let header = |name: &str| crate::http::find(headers, name).map(str::to_owned);
        let asked = header("Retry-After").and_then(|value| retry_after(&value, now));
        match status {
            200..=299 | 304 => {
                let fresh = header("Cache-Control").and_then(|value| max_age(&value)).unwrap_or(0).min(LONGEST);
                let wait = interval.max(SHORTEST).max(fresh.min(interval.max(SHORTEST) * 4)).max(asked.unwrap_or(0));
                // A 304 need not repeat what the last answer said.
                let unchanged = status == 304;
                Self {
                    etag: header("ETag").or_else(|| self.etag.clone().filter(|_| unchanged)),
                    last_modified: header("Last-Modified").or_else(|| self.last_modified.clone().filter(|_| unchanged)),
                    next_due: now.saturating_add(wait),
                    failures: 0,
                    gone: false,
                }
            }
            410 => Self { gone: true, ..self.failed(interval, asked, now) },
            _ => self.failed(interval, asked, now),
        }
    }

    /// The state after no answer came.
    #[must_use]
    pub fn after_failure(&self, interval: u64, now: u64) -> Self {
        self.failed(interval, None, now)
    }

    fn failed(&self, interval: u64, asked: Option<u64>, now: u64) -> Self {
        let failures = self.failures.saturating_add(1);
        let wait = backoff(failures, interval).max(asked.unwrap_or(0));
        Self { next_due: now.saturating_add(wait), failures, ..self.clone() }
    }
}

/// Seconds to wait after so many failures in a row: the interval, doubled with each further one, to a day at most (or the interval,
/// where that is longer).
#[must_use]
pub fn backoff(failures: u32, interval: u64) -> u64 {
    let interval = interval.max(SHORTEST);
    let factor = 1_u64.checked_shl(failures.saturating_sub(1)).unwrap_or(u64::MAX);
    interval.saturating_mul(factor).min(LONGEST.max(interval))
}

/// `Retry-After` as seconds from `now`: a number, or a date (RFC 9110 section 10.2.3); a week at most.
#[must_use]
pub fn retry_after(value: &str, now: u64) -> Option<u64> {
    let value = value.trim();
    let seconds = match value.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => u64::try_from(Instant::parse(value)?.to_unix()).ok()?.saturating_sub(now),
    };
    Some(seconds.min(7 * 24 * 3600))
}

fn max_age(value: &str) -> Option<u64> {
    value.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_the_server_said_is_sent_back() {
        let poll = Poll::default().after_answer(
            200,
            &headers(&[("etag", "\"a\""), ("Last-Modified", "Fri, 27 Dec 2024 10:30:00 GMT")]),
            600,
            1000,
        );
        assert_eq!(poll.next_due, 1600);
        assert_eq!(
            poll.conditions(),
            headers(&[("If-None-Match", "\"a\""), ("If-Modified-Since", "Fri, 27 Dec 2024 10:30:00 GMT")])
        );
        let again = poll.after_answer(304, &[], 600, 1600);
        assert_eq!((again.etag, again.next_due), (Some("\"a\"".to_owned()), 2200));
        assert_eq!(poll.after_answer(200, &[], 600, 1600).conditions(), []);
    }

    #[test]
    fn failures_wait_longer_and_longer() {
        let mut poll = Poll::default();
        let waits: Vec<u64> = (0..12)
            .map(|_| {
                poll = poll.after_failure(600, 0);
                poll.next_due
            })
            .collect();
        assert_eq!(waits.get(..4).unwrap(), [600, 1200, 2400, 4800]);
        assert_eq!(waits.last(), Some(&LONGEST));
        assert_eq!(poll.after_answer(200, &[], 600, 0).failures, 0);
        assert_eq!(backoff(u32::MAX, 600), LONGEST);
    }

    #[test]
    fn the_server_may_ask_for_longer() {
        let poll = Poll::default().after_answer(429, &headers(&[("Retry-After", "7200")]), 600, 0);
        assert_eq!((poll.next_due, poll.failures), (7200, 1));
        assert_eq!(retry_after("Fri, 27 Dec 2024 10:30:00 GMT", 1_735_295_300), Some(100));
        assert_eq!(retry_after("soon", 0), None);
        assert!(!Poll::default().after_answer(410, &[], 600, 0).is_due(u64::MAX));
    }
}
