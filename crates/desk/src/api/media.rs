//! Pictures: the wall, each with what is known of it, where one was seen.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;
use dateline::case::{FoundPicture, PicturePage, Quotes, Wall};
use serde::Deserialize;

use super::decide::{Kept, Reason, kept};
use super::{Answer, Given, Paging, Problem, Refused, answer};
use crate::accounts::Scope;
use crate::form::Asked;
use crate::visit::Visit;
use crate::{Error, Role};

/// Which pictures.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Seen {
    /// Only what was seen more than once.
    #[param(default = false)]
    several: bool,
    /// How many rows.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
    /// `next` of the page before.
    #[param(minimum = 0)]
    after: Option<u64>,
}

/// All pictures, those that show the same together, the newest first
#[utoipa::path(get, path = "/api/v1/media", tag = "media", params(Seen), responses(
    (status = 200, description = "A page of clusters", body = Wall),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn wall(visit: Visit, seen: Result<Asked<Seen>, Error>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let Asked(Seen { several, limit, after }) = seen?;
    let limit = Paging { limit, ..Paging::default() }.limit()?;
    let after = after.map(|after| after.to_string());
    answer(&visit.ask(move |case| Ok(case.picture_wall(after.as_deref(), limit, several)?)).await?)
}

/// One picture: where it was seen, how it travelled, what it was shown for, what its file carries; without names of protected persons
#[utoipa::path(get, path = "/api/v1/media/{sha256}", tag = "media",
    params(("sha256" = String, Path, description = "The beginning of its SHA-256", pattern = "^(sha256:)?[0-9a-fA-F]{4,64}$")), responses(
    (status = 200, description = "The picture", body = PicturePage),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn picture(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    answer(&visit.ask(move |case| Ok(case.picture_page(&case.picture_id(&id)?, Quotes::NamesWithheld)?)).await?)
}

/// The picture in small, made anew; a few pixels that stand in for it while it is veiled
#[utoipa::path(get, path = "/api/v1/media/{sha256}/preview", tag = "media",
    params(("sha256" = String, Path, description = "The beginning of its SHA-256", pattern = "^(sha256:)?[0-9a-fA-F]{4,64}$")), responses(
    (status = 200, description = "A JPEG whose longer side has at most 320 pixels", body = Vec<u8>, content_type = "image/jpeg"),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn preview(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let found = visit.ask(move |case| Ok(case.picture_preview(&case.picture_id(&id)?)?)).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], found.jpeg).into_response())
}

/// Where a picture, or one like it, was seen; what is sent is not kept
#[utoipa::path(post, path = "/api/v1/media/find", tag = "media",
    request_body(content = Vec<u8>, description = "The picture's bytes, up to 64 MiB", content_type = "application/octet-stream"), responses(
    (status = 200, description = "Its sightings, the first first", body = FoundPicture),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn find(visit: Visit, bytes: Result<Bytes, axum::extract::rejection::BytesRejection>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let bytes = bytes.map_err(|error| match error.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => Refused(Error::TooLarge),
        _ => Refused(Error::Asked(error.body_text())),
    })?;
    if bytes.is_empty() {
        return Err(Error::Asked("send the picture's bytes".to_owned()).into());
    }
    answer(&visit.ask(move |case| Ok(case.find_picture(&bytes, Quotes::NamesWithheld)?)).await?)
}

/// Lets everybody see a veiled picture; for editors
#[utoipa::path(post, path = "/api/v1/media/{sha256}/unveil", tag = "media",
    params(("sha256" = String, Path, description = "The beginning of its SHA-256", pattern = "^(sha256:)?[0-9a-fA-F]{4,64}$")),
    request_body = Reason, responses(
    (status = 201, description = "It is seen from now on", body = Kept),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn unveil(visit: Visit, Path(id): Path<String>, given: Result<Given<Reason>, Refused>) -> Answer {
    visit.with(Scope::Names, Role::Editor)?;
    let Given(given) = given?;
    let decision = visit.change(move |case| case.unveil_picture(&case.picture_id(&id)?, &given.why)).await?;
    kept(decision)
}
