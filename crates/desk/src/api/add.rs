//! Bringing reports in.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;

use dateline::collect::Options;
use serde::{Deserialize, Serialize};

use super::{Answer, Problem, answer};
use crate::accounts::Scope;
use crate::adding::{Added, Upload};
use crate::form::Asked;
use crate::visit::Visit;
use crate::{Error, Role};

/// What is sent.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct About {
    /// File name, which says what it is where the bytes do not: `page.html`, `feed.xml`, `reports.jsonl`, `export.zip`.
    name: String,
    /// Outlet, of reports that name none.
    source: Option<String>,
    /// When it was published, in EDTF, of reports that bear no date.
    published: Option<String>,
}

/// What became of each report.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Outcome {
    /// One for each report or input that failed.
    rows: Vec<Added>,
}

/// Bring reports in
///
/// The body is a file as `dateline add` takes it: text, a web page, a feed, JSON Lines, a table, a Telegram export, WARC, zip. Reports are
/// read and kept; they are on disk when this is answered.
#[utoipa::path(post, path = "/api/v1/reports", tag = "reports", params(About),
    request_body(content = String, content_type = "application/octet-stream"), responses(
    (status = 200, description = "What became of each; some may have failed", body = Outcome),
    (status = 422, description = "Nothing could be kept", body = Outcome),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "This desk does not read reports", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn add(visit: Visit, about: Result<Asked<About>, Error>, body: Result<Bytes, BytesRejection>) -> Answer {
    visit.with(Scope::Add, Role::Coder)?;
    let Asked(about) = about?;
    let body = body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Asked(error.body_text()),
    })?;
    if body.is_empty() {
        return Err(Error::Asked("nothing was sent".to_owned()).into());
    }
    let name = if about.name.trim().is_empty() { "upload".to_owned() } else { about.name.trim().to_owned() };
    let published = about
        .published
        .filter(|date| !date.trim().is_empty())
        .map(|date| date.trim().parse().map_err(|_| Error::Asked(format!("published: `{date}` is no date, as in 2024-12-27"))))
        .transpose()?;
    let options = Options { source: about.source.filter(|source| !source.trim().is_empty()), ..Options::default() };
    let upload = Upload { name, bytes: body.to_vec(), options, published };
    let rows = visit.desk.add(visit.viewer.name.clone(), vec![upload]).await?;
    let nothing = rows.iter().all(|row| matches!(row.state, "failed" | "left"));
    let mut response = answer(&Outcome { rows })?;
    if nothing {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}
