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
    #[param(
        required = true,
        pattern = "^(csv|jsonl|geojson|parquet|acled|ged|plover|polecat|ftm|ftm-statements|webannotation|claimreview)$"
    )]
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

#[cfg(test)]
mod tests {
    use utoipa::IntoParams as _;

    use super::*;

    #[test]
    fn every_format_is_described() {
        let params = serde_json::to_value(As::into_params(|| None)).unwrap();
        let pattern = params[0]["schema"]["pattern"].as_str().unwrap();
        let described: Vec<&str> = pattern.trim_start_matches("^(").trim_end_matches(")$").split('|').collect();
        let known: Vec<&str> = dateline::export::Format::all().iter().map(|format| format.name()).collect();
        assert_eq!(described, known);
    }
}
