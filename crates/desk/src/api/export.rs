//! Exports.

use dateline::case::EventFilter;
use serde::Deserialize;

use super::{Answer, Problem};
use crate::accounts::Scope;
use crate::exporting::Wanted;
use crate::form::Asked;
use crate::visit::Visit;
use crate::{Error, Role};

/// In which format.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct As {
    /// `csv`, `jsonl`, `geojson`, `parquet`, `acled` and others: see docs/exports.md.
    #[param(required = true, min_length = 1)]
    format: String,
}

/// Events that meet all conditions, in a format of the field, with a manifest
///
/// A ZIP archive of both. That it was exported, what and by whom is kept on record before it is answered; names of protected persons are left
/// out.
#[utoipa::path(post, path = "/api/v1/exports", tag = "events", params(EventFilter, As), responses(
    (status = 200, description = "The archive", body = Vec<u8>, content_type = "application/zip"),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn export(visit: Visit, filter: Result<Asked<EventFilter>, Error>, format: Result<Asked<As>, Error>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let (Asked(filter), Asked(As { format })) = (filter?, format?);
    let format = format.parse().map_err(|error: dateline::export::UnknownFormat| Error::Asked(error.to_string()))?;
    Ok(Wanted { format, filter, released: false }.download(&visit).await?)
}
