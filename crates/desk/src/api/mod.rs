//! What the desk shows and does, for programs: JSON under `/api/v1`, described by OpenAPI at `/api/v1/openapi.json`.
//!
//! Lists are paged by a cursor (`next`, given back as `after`); every answer has an entity tag, so that a program that asks again is told
//! when nothing has changed. Changes need a token with the scope for them (see [`crate::accounts`]), and are on disk when they are
//! acknowledged.

mod add;
mod ask;
mod coding;
mod decide;
mod document;
mod export;
mod media;
mod news;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

pub use document::description;

use crate::{Desk, Error};

/// Rows of a page, where nothing else is asked for, and at most.
const ROWS: usize = 50;
const MOST: usize = 500;
/// Largest answer that is given an entity tag, in bytes.
const LARGEST: usize = 64 << 20;

pub(crate) fn routes() -> Router<Arc<Desk>> {
    let asking = Router::new()
        .route("/openapi.json", get(document::serve))
        .route("/case", get(ask::case))
        .route("/events", get(ask::events))
        .route("/events/overview", get(ask::overview))
        .route("/events/{id}", get(ask::event))
        .route("/reports/{id}", get(ask::report))
        .route("/reports/{id}/comparison", get(ask::comparison))
        .route("/search", get(ask::search))
        .route("/codings", get(coding::codings))
        .route("/sources", get(ask::sources))
        .route("/decisions", get(ask::decisions))
        .route("/media", get(media::wall))
        .route("/media/{sha256}", get(media::picture))
        .route("/media/{sha256}/preview", get(media::preview))
        .layer(middleware::from_fn(tag));
    Router::new()
        .merge(asking)
        .route("/reports", post(add::add).layer(DefaultBodyLimit::max(crate::LARGEST_UPLOAD)))
        .route("/reports/{id}/names", post(decide::names))
        .route("/reports/{id}/coders", post(coding::ask))
        .route("/reports/{id}/codings", post(coding::hand_in))
        .route("/media/find", post(media::find).layer(DefaultBodyLimit::max(crate::LARGEST_UPLOAD)))
        .route("/media/{sha256}/unveil", post(media::unveil))
        .route("/exports", post(export::export))
        .route("/reports/{id}/withdrawal", post(decide::withdraw))
        .route("/events/{id}/decisions", post(decide::decide))
        .route("/events/{id}/merge", post(decide::merge))
        .route("/events/{id}/split", post(decide::split))
        .route("/decisions/{number}/undo", post(decide::undo))
        .route("/sources/{name}", get(ask::source).put(decide::set_source).delete(decide::remove_source))
        .route("/news", get(news::listen))
        .fallback(|| async { Refused(Error::NotFound("the API has no such resource".to_owned())) })
        .method_not_allowed_fallback(|| async { Refused(Error::Method) })
}

/// An error as programs get it (RFC 9457).
pub(crate) struct Refused(pub(crate) Error);

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Why something was not done (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Problem {
    /// `about:blank`: the title says what the status says.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: String,
    /// The status.
    status: u16,
    /// What is wrong, and with what.
    detail: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = self.0.status();
        let problem = Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: self.0.to_string(),
        };
        let mut response = (status, json!(problem).to_string()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        self.0.add_headers(response.headers_mut());
        response
    }
}

type Answer = Result<Response, Refused>;

fn answer(value: &impl Serialize) -> Answer {
    let bytes = serde_json::to_vec(value).map_err(|_| Error::Internal)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// What was sent, as JSON.
pub(crate) struct Given<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Given<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let is_json = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            let essence = value.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/json")
        });
        if !is_json {
            return Err(Refused(Error::NotJson));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|error| Error::Asked(error.to_string()))?;
        let given: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| Error::Asked(error.to_string()))?;
        // Fields in a row, without their names, would be taken too.
        if !given.is_object() {
            return Err(Refused(Error::Asked("send a JSON object".to_owned())));
        }
        Ok(Self(T::deserialize(given).map_err(|error| Error::Asked(error.to_string()))?))
    }
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Paging {
    /// How many rows.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
    /// `next` of the page before.
    after: String,
}

impl Paging {
    fn after(&self) -> Option<String> {
        (!self.after.is_empty()).then(|| self.after.clone())
    }

    fn limit(&self) -> Result<usize, Error> {
        match self.limit {
            None => Ok(ROWS),
            Some(limit @ 1..=MOST) => Ok(limit),
            Some(other) => Err(Error::Asked(format!("limit: {other} does not lie between 1 and {MOST}"))),
        }
    }
}

/// Gives each answer an entity tag over its bytes, and says *not modified* to who has it already.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, LARGEST).await else { return Refused(Error::Internal).into_response() };
    let hash: String = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // Weak: it may be packed on its way.
    let Ok(tag) = HeaderValue::from_str(&format!("W/\"{hash}\"")) else { return Refused(Error::Internal).into_response() };
    let same = known.as_ref().and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known.split(',').any(|one| one.trim() == "*" || one.trim().trim_start_matches("W/").trim_matches('"') == hash)
    });
    parts.headers.insert(header::ETAG, tag);
    if same {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, axum::body::Body::empty());
    }
    Response::from_parts(parts, axum::body::Body::from(bytes))
}
