//! The time, as records bear it.

use std::time::{SystemTime, UNIX_EPOCH};

use dateline_collect::Instant;

/// Now, as an RFC 3339 instant in UTC.
pub(super) fn now() -> String {
    before(0)
}

/// The instant so many seconds ago.
pub(super) fn before(ago: u64) -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().saturating_sub(ago));
    i64::try_from(seconds).ok().and_then(Instant::from_unix).map(|instant| instant.to_string()).unwrap_or_default()
}
