//! What every request must pass and every answer bears.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::InvalidHeaderValue;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::page::in_address;
use crate::visit::{Viewer, Way};
use crate::{Desk, Error, Role, Tiles, api};

const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Nothing from other hosts but the tiles that whoever runs the desk wants, no script or style in the page itself, no frame around it.
///
/// # Errors
/// When the tiles' origin can't stand in a header.
pub(crate) fn policy(tiles: Option<&Tiles>) -> Result<HeaderValue, InvalidHeaderValue> {
    let tiles = tiles.map(|tiles| format!(" {}", tiles.origin())).unwrap_or_default();
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; connect-src 'self'; font-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ))
}

/// Refuses requests under another host's name (a page elsewhere may have its name resolve to this machine), and changes that another site
/// sends; finds out who asks; adds the headers that keep pages to themselves.
pub(crate) async fn check(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_api = path == "/api" || path.starts_with("/api/");
    let mut response = match refuse(&desk, request.method(), request.headers()) {
        Some(error) => Err(error),
        None => let_in(&desk, request, next, is_api).await,
    }
    .unwrap_or_else(|error| if is_api { api::Refused(error).into_response() } else { error.into_response() });
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, desk.policy().clone());
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

async fn let_in(desk: &Arc<Desk>, mut request: Request, next: Next, is_api: bool) -> Result<Response, Error> {
    let method = request.method();
    let looks = matches!(*method, Method::GET | Method::HEAD);
    let path = request.uri().path();
    // What is shown to everybody: the way in, how pages look, what the API is like.
    let is_open = path == "/login" || path.starts_with("/assets/") || path == "/api/v1/openapi.json";
    let viewer = if is_api && let Some(given) = request.headers().get(header::AUTHORIZATION) {
        Some(bearer(desk, given).await?)
    } else if is_api && !looks {
        return Err(Error::ComeIn("a change through the API needs a token: `Authorization: Bearer …`"));
    } else if desk.has_accounts() {
        session(desk, request.headers()).await?
    } else {
        Some(desk.alone())
    };
    match viewer {
        Some(viewer) => request.extensions_mut().insert(viewer),
        None if is_open => None,
        None if is_api => return Err(Error::ComeIn("this needs a token: `Authorization: Bearer …`")),
        None if looks => {
            let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
            return Ok(Redirect::to(&format!("/login?to={}", in_address(asked))).into_response());
        }
        None => return Err(Error::ComeIn("your session has ended, and nothing was decided: come in again and decide once more")),
    };
    Ok(next.run(request).await)
}

/// The program that comes with a token.
async fn bearer(desk: &Arc<Desk>, given: &HeaderValue) -> Result<Viewer, Error> {
    let unknown = Error::ComeIn("the token is not known here, or has ended");
    let Some((scheme, token)) = given.to_str().ok().and_then(|given| given.split_once(' ')) else { return Err(unknown) };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unknown);
    }
    let token = token.trim().to_owned();
    let Some(bearer) = desk.accounts(move |accounts| accounts.bearer(&token)).await? else { return Err(unknown) };
    let (name, role) = match (bearer.account, desk.has_accounts()) {
        (Some(account), true) => account,
        (None, false) => (desk.alone().name, Role::Admin),
        // A token of an account is worth nothing where there are none, and the other way round.
        _ => return Err(unknown),
    };
    Ok(Viewer { name, role, token: String::new(), way: Way::Token(bearer.scopes) })
}

/// Who came in in this browser.
async fn session(desk: &Arc<Desk>, headers: &HeaderMap) -> Result<Option<Viewer>, Error> {
    let Some(secret) = cookie(headers, session_cookie(desk)) else { return Ok(None) };
    let found = desk.accounts(move |accounts| accounts.session(&secret)).await?;
    Ok(found.map(|session| Viewer { name: session.name, role: session.role, token: session.form, way: Way::Session }))
}

/// The name of the cookie that holds a session's secret. The prefix has browsers refuse it from another host or over plain HTTP.
pub(crate) fn session_cookie(desk: &Desk) -> &'static str {
    if desk.is_https() { "__Host-dateline" } else { "dateline" }
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_may_come_from_the_tile_server() {
        let alone = policy(None).unwrap();
        assert!(alone.to_str().unwrap().contains("img-src 'self' data:; connect-src 'self'"));
        let tiles = Tiles::new("https://tiles.example.org/{z}/{x}/{y}.png", "Somebody").unwrap();
        let policy = policy(Some(&tiles)).unwrap();
        let policy = policy.to_str().unwrap();
        assert_eq!(policy.matches("example.org").count(), 1);
        assert!(policy.contains("img-src 'self' data: https://tiles.example.org; connect-src 'self'"), "{policy}");
    }
}
