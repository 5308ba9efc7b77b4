//! Reports by their words and fields.

use axum::http::StatusCode;
use dateline::case::{FoundReport, REPORT_FIELDS, ReportFilter};
use dateline::casebook::SearchSort;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Section, in_address, shell_with, shown};
use crate::Error;
use crate::asset::{LISTS_STYLE, SEARCH_SCRIPT};
use crate::form::Asked;
use crate::visit::Visit;

/// Reports on a page.
const PAGE: usize = 20;

/// What is asked for besides the filter; it stands in the same query string, but is read by itself.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Paging {
    #[serde(default)]
    sort: String,
    #[serde(default)]
    after: String,
    /// Asked by the script, which shows what is wrong itself: that is no failed request then.
    #[serde(default)]
    live: String,
}

/// A report with what must not be shown of it: stretches of headline and words, in code points.
pub(crate) struct Shown {
    pub(crate) report: FoundReport,
    title: Vec<(usize, usize)>,
    snippet: Vec<(usize, usize)>,
}

/// What came of a question.
enum Outcome {
    /// Nothing was asked.
    Blank,
    /// It can't be asked; why.
    Wrong(String),
    Found {
        rows: Vec<Shown>,
        next: Option<String>,
        total: Option<u64>,
        is_exact: bool,
    },
}

pub(crate) async fn show(
    visit: Visit,
    Asked(filter): Asked<ReportFilter>,
    Asked(paging): Asked<Paging>,
) -> Result<(StatusCode, Markup), Error> {
    let outcome = if filter.is_blank() {
        Outcome::Blank
    } else {
        match look(&visit, &filter, &paging).await {
            Ok(found) => found,
            Err(Error::Asked(why)) => Outcome::Wrong(why),
            Err(error) => return Err(error),
        }
    };
    let is_wrong = matches!(outcome, Outcome::Wrong(_)) && paging.live.is_empty();
    let status = if is_wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok((status, lay_out(&visit, &filter, &paging, &outcome)))
}

async fn look(visit: &Visit, filter: &ReportFilter, paging: &Paging) -> Result<Outcome, Error> {
    let mut query = filter.query()?;
    query.sort = match paging.sort.as_str() {
        "" | "best" => SearchSort::Best,
        "newest" => SearchSort::Newest,
        other => return Err(Error::Asked(format!("`{other}` is no order of reports"))),
    };
    query.limit = PAGE;
    query.after = (!paging.after.is_empty()).then(|| paging.after.clone());
    query.count = true;
    visit
        .ask(move |case| {
            let found = case.search(&query)?;
            let mut rows = Vec::with_capacity(found.rows.len());
            for report in found.rows {
                let id = case.report_id(&report.id)?;
                let [title, snippet] = case.names_in(id, [report.title.as_deref().unwrap_or_default(), &report.snippet])?;
                rows.push(Shown { report, title, snippet });
            }
            Ok(Outcome::Found { rows, next: found.next, total: found.total, is_exact: found.total_is_exact })
        })
        .await
}

fn lay_out(visit: &Visit, filter: &ReportFilter, paging: &Paging, outcome: &Outcome) -> Markup {
    shell_with(
        visit,
        "Search",
        Some(Section::Search),
        &[&LISTS_STYLE, &SEARCH_SCRIPT],
        html! {
            h1 { "Search" }
            (form(filter, &paging.sort))
            // It stays when the script brings other results, so that the number is read out.
            p #count class="total" role="status" { (count(outcome)) }
            div #results { (results(filter, &paging.sort, outcome)) }
        },
    )
}

fn form(filter: &ReportFilter, sort: &str) -> Markup {
    let fields = [
        ("source", "Outlet", &filter.source, "wire"),
        ("title", "Headline", &filter.title, "\"front line\""),
        ("from", "Published from", &filter.from, "2024-12"),
        ("to", "Published to", &filter.to, "2024-12-31"),
        ("language", "Language", &filter.language, "en"),
        ("author", "Byline", &filter.author, ""),
        ("url", "Host or beginning of the address", &filter.url, "news.example"),
    ];
    let is_open = fields.iter().any(|(_, _, value, _)| value.is_some());
    html! {
        form class="filters search" action="/search" aria-label="Which reports" data-live {
            div class="words" {
                label for="q" { "Words and fields" }
                input #q type="search" name="q" value=[filter.q.as_deref()] placeholder="\"front line\" OR drone*  -rumour  source:wire" autocomplete="off" spellcheck="false";
            }
            div {
                label for="sort" { "Order" }
                select #sort name="sort" { option value="best" { "best match first" } option value="newest" selected[sort == "newest"] { "last added first" } }
            }
            div class="do" { button { "Search" } " " a href="/search" { "Clear" } }
            details class="fields" open[is_open] {
                summary { "Fields" }
                div {
                    @for (name, label, value, hint) in fields {
                        div { label for=(name) { (label) } input #(name) name=(name) value=[value.as_deref()] placeholder=(hint) autocomplete="off"; }
                    }
                }
            }
        }
    }
}

fn count(outcome: &Outcome) -> Markup {
    html! {
        @match outcome {
            Outcome::Found { total: Some(0), is_exact: true, .. } => "No report is as you ask.",
            Outcome::Found { total: Some(0), .. } => "No report among those looked through is as you ask.",
            Outcome::Found { total: Some(total), is_exact, .. } => { @if !is_exact { "at least " } (total) @if *total == 1 { " report" } @else { " reports" } },
            Outcome::Found { .. } | Outcome::Blank | Outcome::Wrong(_) => {}
        }
    }
}

fn results(filter: &ReportFilter, sort: &str, outcome: &Outcome) -> Markup {
    html! {
        @match outcome {
            Outcome::Blank => {
                p { "Words that must all be there, \"phrases\", this OR that, begin*, -without. Fields may stand among them, with quotation marks where a value has spaces:" }
                dl class="fields" { @for (name, meaning) in REPORT_FIELDS { dt { code { (name) ":" } } dd { (meaning) } } }
            }
            Outcome::Wrong(why) => p class="warning" role="alert" { (shown(why)) },
            Outcome::Found { rows, next, .. } => {
                ol class="found" { @for row in rows { li { (hit(row)) } } }
                @if let Some(next) = next {
                    @let asked = serde_html_form::to_string(filter).unwrap_or_default();
                    nav aria-label="Pages" {
                        a class="next" rel="next" href={ "/search?" (asked) "&sort=" (in_address(sort)) "&after=" (in_address(next)) } {
                            @if rows.len() < PAGE { "Look further back" } @else { "Next page" }
                        }
                    }
                }
            }
        }
    }
}

fn hit(shown_report: &Shown) -> Markup {
    let report = &shown_report.report;
    html! {
        article {
            h2 {
                a href={ "/reports/" (report.id) } dir="auto" {
                    @match &report.title { Some(title) => (words(title, &shown_report.title, &[])), None => (report.id) }
                }
            }
            p class="facts" {
                @if let Some(source) = &report.source { bdi { (shown(source)) } }
                @if let Some(published) = &report.published { time { (published) } }
                @if report.withdrawn { strong { "withdrawn" } }
            }
            p class="snippet" dir="auto" { (words(&report.snippet, &shown_report.snippet, &report.marks)) }
            @if !report.events.is_empty() {
                p class="from" { "tells of " @for event in &report.events { a href={ "/events/" (event) } { (event) } " " } }
            }
        }
    }
}

/// A text with some stretches marked and others left out, both in code points, each list in order.
pub(crate) fn words(text: &str, hidden: &[(usize, usize)], marks: &[(usize, usize)]) -> Markup {
    let points: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |point: usize| points.get(point).copied().unwrap_or(text.len());
    let mut cuts: Vec<usize> =
        hidden.iter().chain(marks).flat_map(|&(start, end)| [start, end]).chain([0, points.len() - 1]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let within = |list: &[(usize, usize)], at: usize| list.iter().any(|&(start, end)| start <= at && at < end);
    html! {
        @for pair in cuts.windows(2) {
            @let piece = text.get(byte(pair[0])..byte(pair[1])).unwrap_or_default();
            @if within(hidden, pair[0]) {
                @if hidden.iter().any(|&(start, _)| start == pair[0]) { span class="withheld" title="the name of a protected person" { "…" } }
            } @else if within(marks, pair[0]) { mark { (shown(piece)) } }
            @else { (shown(piece)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_marked_and_names_left_out() {
        let html = words("é Jon Sample was <b>hit</b>", &[(2, 12)], &[(2, 5), (20, 23)]).into_string();
        assert_eq!(
            html,
            "é <span class=\"withheld\" title=\"the name of a protected person\">…</span> was &lt;b&gt;<mark>hit</mark>&lt;/b&gt;"
        );
        assert_eq!(words("", &[], &[]).into_string(), "");
        assert_eq!(
            words("ab", &[(1, 99)], &[(0, 1)]).into_string(),
            "<mark>a</mark><span class=\"withheld\" title=\"the name of a protected person\">…</span>"
        );
    }
}
