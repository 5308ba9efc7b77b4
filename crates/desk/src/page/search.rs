//! Reports by their words.

use dateline::case::FoundReport;
use dateline::casebook::{SearchQuery, SearchSort};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Section, in_address, shell, shown};
use crate::Error;
use crate::form::Asked;
use crate::visit::Visit;

/// Reports on a page.
const PAGE: usize = 20;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Question {
    #[serde(default)]
    q: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    after: String,
}

/// A report with what must not be shown of it: stretches of headline and words, in code points.
pub(crate) struct Shown {
    pub(crate) report: FoundReport,
    title: Vec<(usize, usize)>,
    snippet: Vec<(usize, usize)>,
}

pub(crate) async fn show(visit: Visit, Asked(question): Asked<Question>) -> Result<Markup, Error> {
    let Question { q, source, sort, after } = question;
    let text = |value: &str| (!value.trim().is_empty()).then(|| value.trim().to_owned());
    let query = SearchQuery {
        text: q.clone(),
        source: text(&source),
        sort: if sort == "newest" { SearchSort::Newest } else { SearchSort::Best },
        limit: PAGE,
        after: text(&after),
        count: true,
        ..SearchQuery::default()
    };
    let asked = text(&q).is_some();
    let found = if asked {
        Some(
            visit
                .ask(move |case| {
                    let found = case.search(&query)?;
                    let mut rows = Vec::with_capacity(found.rows.len());
                    for report in found.rows {
                        let id = case.report_id(&report.id)?;
                        let [title, snippet] =
                            case.names_in(id, [report.title.as_deref().unwrap_or_default(), &report.snippet])?;
                        rows.push(Shown { report, title, snippet });
                    }
                    Ok((rows, found.next, found.total, found.total_is_exact))
                })
                .await?,
        )
    } else {
        None
    };
    Ok(shell(
        &visit,
        "Search",
        Some(Section::Search),
        html! {
            h1 { "Search" }
            form class="filters" action="/search" aria-label="Which reports" {
                div { label for="q" { "Words" } input #q type="search" name="q" value=(q) placeholder="\"front line\" OR drone*  -rumour"; }
                div { label for="source" { "Outlet" } input #source name="source" value=(source); }
                div {
                    label for="sort" { "Order" }
                    select #sort name="sort" { option value="best" { "best match first" } option value="newest" selected[sort == "newest"] { "last added first" } }
                }
                div class="do" { button { "Search" } }
            }
            @match &found {
                None => p { "Words that must all be there, \"phrases\", this OR that, begin*, -without." },
                Some((rows, next, total, exact)) => {
                    p class="total" role="status" {
                        @match total {
                            Some(0) => "No report has these words.",
                            Some(total) => { @if !exact { "more than " } (total) @if *total == 1 { " report" } @else { " reports" } },
                            None => {}
                        }
                    }
                    ol class="found" { @for row in rows { li { (hit(row)) } } }
                    @if let Some(next) = next {
                        nav aria-label="Pages" {
                            a class="next" rel="next" href={ "/search?q=" (in_address(&q)) "&source=" (in_address(&source)) "&sort=" (in_address(&sort)) "&after=" (in_address(next)) } { "Next page" }
                        }
                    }
                }
            }
        },
    ))
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
