//! Questions.

use axum::extract::Path;
use dateline::case::{
    Case, CaseEvent, Comparison, EventFilter, EventPage, Found, FoundReport, KeptBy, KeptReport, Overview, Quotes, ReportFilter,
    Source, SourceRecord,
};
use dateline::casebook::{EventQuery, EventSort, MapView, SearchQuery, SearchSort};
use dateline::render::without;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Answer, Paging, Problem, answer};
use crate::accounts::Scope;
use crate::form::Asked;
use crate::visit::Visit;
use crate::{Error, Role};

/// The case as a whole.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CaseInfo {
    /// 128 random bits in hexadecimal.
    id: String,
    /// Its name.
    name: String,
    /// When it was made, and by whom.
    created: KeptBy,
    /// Where the audit chain ends.
    head: ChainHead,
    /// Reports in it.
    reports: u64,
    /// Events in it.
    events: u64,
    /// Decisions of people in it.
    decisions: u64,
}

/// An entry of the audit chain.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ChainHead {
    /// Its number.
    entry: u64,
    /// SHA-256 over it and all before it, in hexadecimal.
    hash: String,
}

/// What the case is, and where it stands
#[utoipa::path(get, path = "/api/v1/case", tag = "case", responses(
    (status = 200, description = "The case", body = CaseInfo),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn case(visit: Visit) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let info = visit.ask(|case| Ok(case.info()?)).await?;
    answer(&CaseInfo {
        id: info.id,
        name: info.name,
        created: KeptBy { at: info.created_at, by: info.created_by },
        head: ChainHead { entry: info.head.seq, hash: info.head.hash },
        reports: info.counts.reports,
        events: info.counts.events,
        decisions: info.counts.reviews,
    })
}

/// In which order events come.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum EventOrder {
    /// Latest first.
    #[default]
    Date,
    /// Last reported first.
    Published,
    /// Most independent sources first.
    Sources,
    /// Most reports first.
    Reports,
    /// Last changed first.
    Updated,
}

/// In which order.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct EventSorting {
    /// `date` (the default): latest first; `published`: last reported first; `sources`, `reports`: most of them first; `updated`: last
    /// changed first.
    #[param(inline)]
    sort: EventOrder,
}

/// Events that meet all conditions
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(EventFilter, EventSorting, Paging), responses(
    (status = 200, description = "A page of events", body = Found<CaseEvent>),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn events(
    visit: Visit,
    filter: Result<Asked<EventFilter>, Error>,
    sorting: Result<Asked<EventSorting>, Error>,
    paging: Result<Asked<Paging>, Error>,
) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let (Asked(filter), Asked(sorting), Asked(paging)) = (filter?, sorting?, paging?);
    let sort = match sorting.sort {
        EventOrder::Date => EventSort::Date,
        EventOrder::Published => EventSort::Published,
        EventOrder::Sources => EventSort::Origins,
        EventOrder::Reports => EventSort::Reports,
        EventOrder::Updated => EventSort::Updated,
    };
    let query = EventQuery { sort, limit: paging.limit()?, after: paging.after(), count: true, ..filter.query()? };
    answer(&visit.ask(move |case| Ok(case.events(&query)?)).await?)
}

/// What is seen of a map.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct View {
    /// `west,south,east,north` in degrees; none: the whole world.
    #[param(pattern = r"^(-?[0-9]{1,3}(\.[0-9]{1,12})?,){3}-?[0-9]{1,3}(\.[0-9]{1,12})?$")]
    bbox: Option<String>,
    /// Of a map whose world is 256 pixels wide at zoom 0; clusters are some 64 pixels apart.
    #[param(minimum = 0, maximum = 12, default = 2)]
    zoom: Option<u8>,
}

/// Events that meet all conditions, counted by when and where
///
/// For a timeline and a map: bars of one length, and clusters of events near each other. It holds no more the more events there are.
#[utoipa::path(get, path = "/api/v1/events/overview", tag = "events", params(EventFilter, View), responses(
    (status = 200, description = "The counts", body = Overview),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn overview(
    visit: Visit,
    filter: Result<Asked<EventFilter>, Error>,
    view: Result<Asked<View>, Error>,
) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let (Asked(filter), Asked(view)) = (filter?, view?);
    let (query, view) = (filter.query()?, view.map()?);
    let desk = std::sync::Arc::clone(&visit.desk);
    answer(&*visit.ask(move |case| crate::question::overview(&desk, case, &query, view)).await?)
}

impl View {
    fn map(&self) -> Result<MapView, Error> {
        let zoom = match self.zoom {
            None => MapView::WORLD.zoom,
            Some(zoom @ 0..=12) => zoom,
            Some(other) => return Err(Error::Asked(format!("zoom: {other} does not lie between 0 and 12"))),
        };
        let Some(bbox) = self.bbox.as_deref().filter(|bbox| !bbox.is_empty()) else {
            return Ok(MapView { zoom, ..MapView::WORLD });
        };
        let degrees: Vec<f64> =
            bbox.split(',').map_while(|part| part.trim().parse().ok()).filter(|degrees: &f64| degrees.is_finite()).collect();
        match *degrees.as_slice() {
            [west, south, east, north] if bbox.split(',').count() == 4 => Ok(MapView { west, south, east, north, zoom }),
            _ => Err(Error::Asked(format!("bbox: `{bbox}` is not `west,south,east,north` in degrees"))),
        }
    }
}

/// One event with its sources side by side
#[utoipa::path(get, path = "/api/v1/events/{id}", tag = "events", params(("id" = String, Path, description = "`e12`", pattern = "^[eE]?[0-9]{1,15}$")), responses(
    (status = 200, description = "The event", body = EventPage),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn event(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    answer(&visit.ask(move |case| Ok(case.event_page(Case::event_id(&id)?, Quotes::NamesWithheld)?)).await?)
}

/// One report: where it came from, what it tells of
///
/// Its text and reading hold names as they stand: see `/reports/{id}/names`.
#[utoipa::path(get, path = "/api/v1/reports/{id}", tag = "reports",
    params(("id" = String, Path, description = "`r3`, or the beginning of its text's SHA-256", pattern = "^([rR][0-9]{1,15}|(sha256:)?[0-9a-fA-F]{4,64})$")), responses(
    (status = 200, description = "The report", body = KeptReport),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn report(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let report = visit
        .ask(move |case| {
            let id = case.report_id(&id)?;
            let mut report = case.report_page(id)?.kept(false);
            if let Some(title) = &mut report.title {
                let [hidden] = case.names_in(id, [title])?;
                *title = without(title, &hidden).0;
            }
            Ok(report)
        })
        .await?;
    answer(&report)
}

/// In which order reports come.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum ReportOrder {
    /// Best match first.
    #[default]
    Best,
    /// Last added first.
    Newest,
}

/// In which order reports come.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportSorting {
    /// `best` match first (the default), or `newest`: last added first.
    #[param(inline)]
    sort: ReportOrder,
}

/// Reports by their words and by what is known of them
#[utoipa::path(get, path = "/api/v1/search", tag = "reports", params(ReportFilter, ReportSorting, Paging), responses(
    (status = 200, description = "A page of reports", body = Found<FoundReport>),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn search(
    visit: Visit,
    filter: Result<Asked<ReportFilter>, Error>,
    sorting: Result<Asked<ReportSorting>, Error>,
    paging: Result<Asked<Paging>, Error>,
) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let (Asked(filter), Asked(sorting), Asked(paging)) = (filter?, sorting?, paging?);
    let sort = match sorting.sort {
        ReportOrder::Best => SearchSort::Best,
        ReportOrder::Newest => SearchSort::Newest,
    };
    let query = SearchQuery { sort, limit: paging.limit()?, after: paging.after(), count: true, ..filter.query()? };
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

/// A whole list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Rows<T> {
    /// Its rows.
    rows: Vec<T>,
}

/// All outlets that the table has or reports come from
#[utoipa::path(get, path = "/api/v1/sources", tag = "sources", responses(
    (status = 200, description = "The outlets", body = Rows<Source>),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn sources(visit: Visit) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    answer(&Rows { rows: visit.ask(|case| Ok(case.sources()?)).await? })
}

/// An outlet and how its reports fared.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OutletRecord {
    /// The outlet.
    source: Source,
    /// How its last 2,000 reports fared.
    record: SourceRecord,
    /// Other outlets of the same owner, by name.
    siblings: Vec<String>,
}

/// One outlet: how often it was first, copied others, was denied or borne out later
#[utoipa::path(get, path = "/api/v1/sources/{name}", tag = "sources", params(("name" = String, Path, description = "Its name")), responses(
    (status = 200, description = "The outlet", body = OutletRecord),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn source(visit: Visit, Path(name): Path<String>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let page = visit.ask(move |case| Ok(case.source_page(&name, 0)?)).await?;
    answer(&OutletRecord { source: page.source, record: page.record, siblings: page.siblings })
}

/// With which report another is compared.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct With {
    /// A report; none: the first one with the same text.
    #[param(pattern = "^([rR][0-9]{1,15}|(sha256:)?[0-9a-fA-F]{4,64})$")]
    with: Option<String>,
}

/// Two reports word by word, without the names of protected persons
#[utoipa::path(get, path = "/api/v1/reports/{id}/comparison", tag = "reports",
    params(("id" = String, Path, description = "`r3`, or the beginning of its text's SHA-256", pattern = "^([rR][0-9]{1,15}|(sha256:)?[0-9a-fA-F]{4,64})$"), With), responses(
    (status = 200, description = "What they share and what not; null where there is no other report to compare with", body = Option<Comparison>),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn comparison(visit: Visit, Path(id): Path<String>, with: Result<Asked<With>, Error>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let Asked(with) = with?;
    answer(
        &visit
            .ask(move |case| {
                let base = with.with.as_deref().map(|id| case.report_id(id)).transpose()?;
                Ok(case.compare(case.report_id(&id)?, base)?)
            })
            .await?,
    )
}

/// A page of decisions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DecisionPage {
    /// The decisions.
    rows: Vec<DecisionRow>,
    /// What to give as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A decision of a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DecisionRow {
    /// Its number.
    id: u64,
    /// When, an RFC 3339 instant.
    at: String,
    /// By whom.
    by: String,
    /// What was decided.
    what: String,
    /// Why.
    why: Option<String>,
    /// What it is about: `{"event": 12}`, `{"report": 3}`, or the number of the decision that it takes back.
    on: Value,
    /// The decision that took it back.
    undone_by: Option<u64>,
}

/// Which page of decisions.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct DecisionPaging {
    /// How many rows.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
    /// `next` of the page before.
    #[param(minimum = 0)]
    after: Option<u64>,
}

/// Decisions, oldest first; those taken back too
#[utoipa::path(get, path = "/api/v1/decisions", tag = "decisions", params(DecisionPaging), responses(
    (status = 200, description = "A page of decisions", body = DecisionPage),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn decisions(visit: Visit, paging: Result<Asked<DecisionPaging>, Error>) -> Answer {
    visit.with(Scope::Read, Role::Reader)?;
    let Asked(DecisionPaging { limit, after }) = paging?;
    let limit = Paging { limit, ..Paging::default() }.limit()?;
    let after = after.unwrap_or(0);
    if i64::try_from(after).is_err() {
        return Err(Error::Asked(format!("after: {after} is the number of no decision")).into());
    }
    let decisions = visit.ask(move |case| Ok(case.decisions_after(after, limit)?)).await?;
    let next = decisions.last().filter(|_| decisions.len() == limit).map(|last| last.id.to_string());
    let rows = decisions
        .into_iter()
        .map(|review| {
            let line = dateline::case::DecisionLine::from(&review);
            DecisionRow {
                id: line.id,
                at: line.at,
                by: line.by,
                what: line.what,
                why: line.why,
                on: review.subject,
                undone_by: review.undone_by,
            }
        })
        .collect();
    answer(&DecisionPage { rows, next })
}
