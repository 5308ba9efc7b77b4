use url::Url;

use super::{Exchange, FetchError, Limits, fetch, fetch_with, now};
use crate::poll::Poll;
use crate::robots::Robots;

/// What asking a feed brought.
#[derive(Debug)]
#[non_exhaustive]
pub enum Polled {
    /// It is not yet time; nothing was asked.
    NotDue,
    /// Nothing new since the last time.
    Unchanged,
    /// The feed, as it is now.
    Changed(Exchange),
    /// The server answered with an error.
    Refused(u16),
}

/// Asks a feed if it is due, and only for what has changed. Returns the state to keep with what came; the state is to be kept after a
/// failure too, for it says when to ask again. `interval` is in seconds.
pub fn poll(url: &str, state: &Poll, interval: u64, limits: &Limits) -> (Poll, Result<Polled, FetchError>) {
    let now = now();
    if !state.is_due(now) {
        return (state.clone(), Ok(Polled::NotDue));
    }
    let exchange = match fetch_with(url, &state.conditions(), limits) {
        Ok(exchange) => exchange,
        Err(error) => return (state.after_failure(interval, now), Err(error)),
    };
    let Some(hop) = exchange.answer() else { return (state.after_failure(interval, now), Ok(Polled::Unchanged)) };
    let next = state.after_answer(hop.status, &hop.headers, interval, now);
    let polled = match hop.status {
        304 => Polled::Unchanged,
        200..=299 => Polled::Changed(exchange),
        status => Polled::Refused(status),
    };
    (next, Ok(polled))
}

/// The rules of the site that `url` is of. Without a file everything is allowed; where the server fails, nothing is (RFC 9309
/// section 2.3.1).
///
/// # Errors
/// When `url` is no address.
pub fn fetch_robots(url: &str, limits: &Limits) -> Result<Robots, FetchError> {
    let site = Url::parse(url).map_err(|_| FetchError::Address(url.to_owned()))?;
    let file = site.join("/robots.txt").map_err(|_| FetchError::Address(url.to_owned()))?;
    let limits = Limits { redirects: limits.redirects.max(5), ..limits.clone() };
    let exchange = match fetch(file.as_str(), &limits) {
        Ok(exchange) => exchange,
        // What may not be asked for at all is refused again when it is fetched itself, and then said.
        Err(error @ (FetchError::Private { .. } | FetchError::Address(_))) => return Err(error),
        Err(_) => return Ok(closed()),
    };
    Ok(match exchange.answer().map(|hop| hop.status) {
        Some(200..=299) => exchange.payload(limits.bytes).map_or_else(|_| closed(), |bytes| Robots::parse(&bytes)),
        Some(400..=499) => Robots::default(),
        _ => closed(),
    })
}

fn closed() -> Robots {
    Robots::parse(b"User-agent: *\nDisallow: /")
}
