//! What every request must pass and every answer bears.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::{Desk, Error};

/// Nothing from other hosts, no script or style in the page itself, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Refuses requests under another host's name (a page elsewhere may have its name resolve to this machine), and changes that another site
/// sends; adds the headers that keep pages to themselves.
pub(crate) async fn check(State(desk): State<Arc<Desk>>, mut request: Request, next: Next) -> Response {
    let refused = refuse(&desk, request.method(), request.headers());
    let mut response = match refused {
        Some(error) => error.into_response(),
        None => {
            request.extensions_mut().insert(desk.alone());
            next.run(request).await
        }
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

fn refuse(desk: &Desk, method: &Method, headers: &HeaderMap) -> Option<Error> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    if !desk.answers_to(host) {
        return Some(Error::Forbidden("the desk does not answer under this host name; see `dateline serve --help`"));
    }
    if matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let same_site = text(HeaderName::from_static("sec-fetch-site")).is_none_or(|site| site == "same-origin");
    let same_origin = text(header::ORIGIN).is_none_or(|origin| origin.split_once("://").is_some_and(|(_, from)| from == host));
    (!same_site || !same_origin).then_some(Error::Forbidden("a change must come from the desk's own pages"))
}
