//! Fetching addresses: one request at a time, bounded in time and size, never to a private network unless allowed.
//!
//! Redirects are followed by hand and each is checked like the first address. Names are resolved once and the connection goes to the
//! addresses that were checked, so a name that changes its address in between (DNS rebinding) reaches nothing. Proxies of the
//! environment are not used: behind one, addresses could not be checked.

mod address;
mod exchange;
mod polling;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

pub use address::is_public;
pub use exchange::{Exchange, Hop};
pub use polling::{Polled, fetch_robots, poll};

use crate::Instant;
use crate::http::bounded;

/// What a fetch may take, and how it presents itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest body in bytes, as sent and as unpacked.
    pub bytes: u64,
    /// Longest time for all of it, redirects included.
    pub time: Duration,
    /// Most redirects.
    pub redirects: usize,
    /// True to allow loopback, private, link-local and other addresses that are not on the public internet.
    pub allow_private: bool,
    /// `User-Agent`.
    pub agent: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            time: Duration::from_secs(60),
            redirects: 8,
            allow_private: false,
            agent: concat!("dateline/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// It can't be an address to fetch.
    #[error("`{0}` is no http or https address")]
    Address(String),
    /// It leads into a network that is not public.
    #[error("{host} is at {address}, which is not on the public internet")]
    Private {
        /// The host as it is named.
        host: String,
        /// What it resolves to.
        address: std::net::IpAddr,
    },
    /// It leads on and on.
    #[error("more than {0} redirects")]
    Redirects(usize),
    /// The answer is too large.
    #[error("the answer is larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// It took too long.
    #[error("no whole answer within {} s", .0.as_secs())]
    TooSlow(Duration),
    /// The connection failed; the text says how.
    #[error("{0}")]
    Failed(String),
}

/// Fetches an address, following redirects; whatever the status of the last answer.
///
/// # Errors
/// When the address is none that may be fetched, or no answer comes within the limits.
pub fn fetch(url: &str, limits: &Limits) -> Result<Exchange, FetchError> {
    fetch_with(url, &[], limits)
}

/// Fetches with further request headers, such as conditions.
///
/// # Errors
/// As [`fetch`].
pub fn fetch_with(url: &str, headers: &[(String, String)], limits: &Limits) -> Result<Exchange, FetchError> {
    let begun = std::time::Instant::now();
    let mut next = checked(url)?;
    let mut hops = Vec::new();
    loop {
        let left =
            limits.time.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()).ok_or(FetchError::TooSlow(limits.time))?;
        let hop = ask(&next, headers, limits, left)?;
        let location =
            matches!(hop.status, 301 | 302 | 303 | 307 | 308).then(|| hop.header("location").map(str::to_owned)).flatten();
        hops.push(hop);
        let Some(location) = location else { break };
        if hops.len() > limits.redirects {
            return Err(FetchError::Redirects(limits.redirects));
        }
        let target = next.join(&location).map_err(|_| FetchError::Address(location.clone()))?;
        next = checked(target.as_str())?;
    }
    Ok(Exchange { requested_url: url.to_owned(), hops })
}

/// Seconds since 1970, UTC.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn checked(url: &str) -> Result<Url, FetchError> {
    let refused = || FetchError::Address(url.to_owned());
    let mut parsed = Url::parse(url).map_err(|_| refused())?;
    let plain = matches!(parsed.scheme(), "http" | "https") && parsed.host_str().is_some_and(|host| !host.is_empty());
    // Passwords in an address would end up in the record.
    if !plain || !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(refused());
    }
    parsed.set_fragment(None);
    Ok(parsed)
}

fn ask(url: &Url, headers: &[(String, String)], limits: &Limits, left: Duration) -> Result<Hop, FetchError> {
    let resolver = Checked::new(limits.allow_private);
    let seen = Arc::clone(&resolver.seen);
    let config = ureq::Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_global(Some(left))
        .timeout_connect(Some(left.min(Duration::from_secs(15))))
        .build();
    let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
    let mut sent = vec![
        ("User-Agent".to_owned(), limits.agent.clone()),
        (
            "Accept".to_owned(),
            "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5".to_owned(),
        ),
        ("Accept-Encoding".to_owned(), "gzip".to_owned()),
    ];
    sent.extend_from_slice(headers);
    let mut request = agent.get(url.as_str());
    for (name, value) in &sent {
        request = request.header(name, value);
    }
    let captured = i64::try_from(now()).ok().and_then(Instant::from_unix).map(|instant| instant.to_string()).unwrap_or_default();
    let response = request.call().map_err(|error| failure(error, limits))?;
    let (parts, body) = response.into_parts();
    let value = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let received = parts.headers.iter().map(|(name, v)| (name.as_str().to_owned(), value(v))).collect();
    let mut body = body;
    let reader = body.with_config().limit(limits.bytes.saturating_add(2)).reader();
    let body = bounded(reader, limits.bytes).map_err(|reason| match reason {
        crate::Reason::TooLarge { limit } => FetchError::TooLarge(limit),
        crate::Reason::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => FetchError::TooSlow(limits.time),
        reason => FetchError::Failed(format!("the answer broke off: {reason}")),
    })?;
    let address = *seen.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Hop { url: url.to_string(), address, sent, status: parts.status.as_u16(), headers: received, body, captured })
}

fn failure(error: ureq::Error, limits: &Limits) -> FetchError {
    match error {
        ureq::Error::Timeout(_) => FetchError::TooSlow(limits.time),
        ureq::Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>()) {
            Some(Refused { host, address }) => FetchError::Private { host: host.clone(), address: *address },
            None => FetchError::Failed(error.to_string()),
        },
        error => FetchError::Failed(error.to_string()),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{host} is at {address}, which is not on the public internet")]
struct Refused {
    host: String,
    address: std::net::IpAddr,
}

/// Resolves as usual and refuses names that have any address which is not public.
#[derive(Debug)]
struct Checked {
    inner: DefaultResolver,
    allow_private: bool,
    /// The address that was connected to, where there was only one.
    seen: Arc<Mutex<Option<std::net::IpAddr>>>,
}

impl Checked {
    fn new(allow_private: bool) -> Self {
        Self { inner: DefaultResolver::default(), allow_private, seen: Arc::default() }
    }
}

impl Resolver for Checked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if !self.allow_private
            && let Some(address) = found.iter().map(|socket| socket.ip()).find(|address| !is_public(*address))
        {
            let host = uri.host().unwrap_or_default().to_owned();
            return Err(ureq::Error::Io(std::io::Error::new(std::io::ErrorKind::PermissionDenied, Refused { host, address })));
        }
        if let [only] = found.as_ref() {
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(only.ip());
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
