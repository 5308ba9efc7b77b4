//! What pages show, for programs: JSON under `/api/v1`, read only. Lists are paged by a cursor (`next`, given back as `after`), and every
//! answer has an entity tag, so that a program that asks again is told when nothing has changed.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use dateline::case::{Case, EventFilter, Quotes, event_sort};
use dateline::casebook::{EventQuery, SearchQuery, SearchSort};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::form::Asked;
use crate::visit::Visit;
use crate::{Desk, Error};

/// Rows of a page, where nothing else is asked for, and at most.
const ROWS: usize = 50;
const MOST: usize = 500;
/// Largest answer that is given an entity tag, in bytes.
const LARGEST: usize = 64 << 20;

pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/case", get(case))
        .route("/events", get(events))
        .route("/events/{id}", get(event))
        .route("/reports/{id}", get(report))
        .route("/search", get(search))
        .route("/sources", get(sources))
        .route("/decisions", get(decisions))
        .fallback(|| async { Refused(Error::NotFound("the API has no such resource".to_owned())) })
        .layer(middleware::from_fn(tag))
}

/// An error as programs get it (RFC 9457).
pub(crate) struct Refused(pub(crate) Error);

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = self.0.status();
        let problem = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": self.0.to_string(),
        });
        let mut response = (status, problem.to_string()).into_response();
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

/// Which page of a list.
#[derive(Debug, Default, Deserialize)]
struct Paging {
    #[serde(default)]
    sort: String,
    limit: Option<usize>,
    #[serde(default)]
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

async fn case(visit: Visit) -> Answer {
    let info = visit.ask(|case| Ok(case.info()?)).await?;
    answer(&json!({
        "id": info.id,
        "name": info.name,
        "created": { "at": info.created_at, "by": info.created_by },
        "head": { "entry": info.head.seq, "hash": info.head.hash },
        "reports": info.counts.reports,
        "events": info.counts.events,
        "decisions": info.counts.reviews,
    }))
}

async fn events(visit: Visit, filter: Result<Asked<EventFilter>, Error>, paging: Result<Asked<Paging>, Error>) -> Answer {
    let (Asked(filter), Asked(paging)) = (filter?, paging?);
    let order = if paging.sort.is_empty() { "date" } else { paging.sort.as_str() };
    let sort = event_sort(order).ok_or_else(|| Error::Asked(format!("`{order}` is no order of events")))?;
    let query = EventQuery { sort, limit: paging.limit()?, after: paging.after(), count: true, ..filter.query()? };
    answer(&visit.ask(move |case| Ok(case.events(&query)?)).await?)
}

async fn event(visit: Visit, Path(id): Path<String>) -> Answer {
    answer(&visit.ask(move |case| Ok(case.event_page(Case::event_id(&id)?, Quotes::NamesWithheld)?)).await?)
}

/// A report without its text and reading: those are in the export, and here only as a page that leaves names out.
async fn report(visit: Visit, Path(id): Path<String>) -> Answer {
    let report = visit
        .ask(move |case| {
            let id = case.report_id(&id)?;
            let mut report = case.report_page(id)?.to_json();
            if let Some(fields) = report.as_object_mut() {
                fields.remove("reading");
                let title = fields.get("title").and_then(serde_json::Value::as_str).map(str::to_owned);
                if let Some(title) = title {
                    let [hidden] = case.names_in(id, [&title])?;
                    fields.insert("title".to_owned(), without(&title, &hidden).0.into());
                }
            }
            Ok(report)
        })
        .await?;
    answer(&report)
}

#[derive(Debug, Default, Deserialize)]
struct Words {
    #[serde(default)]
    q: String,
    source: Option<String>,
}

async fn search(visit: Visit, words: Result<Asked<Words>, Error>, paging: Result<Asked<Paging>, Error>) -> Answer {
    let (Asked(words), Asked(paging)) = (words?, paging?);
    let sort = match paging.sort.as_str() {
        "" | "best" => SearchSort::Best,
        "newest" => SearchSort::Newest,
        other => return Err(Error::Asked(format!("`{other}` is no order of reports")).into()),
    };
    let query = SearchQuery {
        text: words.q,
        source: words.source.filter(|source| !source.is_empty()),
        sort,
        limit: paging.limit()?,
        after: paging.after(),
        count: true,
        ..SearchQuery::default()
    };
    let found = visit
        .ask(move |case| {
            let mut found = case.search(&query)?;
            for report in &mut found.rows {
                let id = case.report_id(&report.id)?;
                let title = report.title.as_deref().unwrap_or_default();
                let [in_title, in_snippet] = case.names_in(id, [title, &report.snippet])?;
                report.title = report.title.as_deref().map(|title| without(title, &in_title).0);
                let (snippet, moved) = without(&report.snippet, &in_snippet);
                report.marks = report.marks.iter().filter_map(|&(start, end)| Some((moved(start)?, moved(end)?))).collect();
                report.snippet = snippet;
            }
            Ok(found)
        })
        .await?;
    answer(&found)
}

async fn sources(visit: Visit) -> Answer {
    answer(&json!({ "rows": visit.ask(|case| Ok(case.sources()?)).await? }))
}

async fn decisions(visit: Visit) -> Answer {
    let decisions = visit.ask(|case| Ok(case.decisions(None)?)).await?;
    let rows: Vec<serde_json::Value> = decisions
        .iter()
        .map(|review| {
            let line = dateline::case::DecisionLine::from(review);
            json!({ "id": line.id, "at": line.at, "by": line.by, "what": line.what, "why": line.why, "on": review.subject })
        })
        .collect();
    answer(&json!({ "rows": rows }))
}

/// A text without some stretches, in code points and in order, and where a place in it has moved to; none where it is gone.
fn without(text: &str, hidden: &[(usize, usize)]) -> (String, impl Fn(usize) -> Option<usize> + use<>) {
    let mut kept = String::with_capacity(text.len());
    let mut places = Vec::new();
    let mut length = 0;
    for (at, letter) in text.chars().enumerate() {
        match hidden.iter().find(|&&(start, end)| start <= at && at < end) {
            Some(&(start, _)) => {
                places.push(None);
                if start == at {
                    kept.push('…');
                    length += 1;
                }
            }
            None => {
                places.push(Some(length));
                kept.push(letter);
                length += 1;
            }
        }
    }
    places.push(Some(length));
    (kept, move |place| places.get(place).copied().flatten())
}

/// Gives each answer an entity tag over its bytes, and says *not modified* to who has it already.
async fn tag(request: Request, next: Next) -> Response {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_left_out_and_places_move_with_the_text() {
        let (text, moved) = without("é Jon Sample was hit", &[(2, 12)]);
        assert_eq!(text, "é … was hit");
        assert_eq!((moved(0), moved(3), moved(17), moved(20)), (Some(0), None, Some(8), Some(11)));
        assert_eq!(without("", &[]).0, "");
    }
}
