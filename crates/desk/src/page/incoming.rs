//! What came in last, copies under their first, and what could not be read.

use dateline::case::Arrival;
use maud::{Markup, html};
use serde::Deserialize;

use super::search::words;
use super::{Section, counted, shell, shown};
use crate::Error;
use crate::form::Asked;
use crate::visit::Visit;

/// Reports on a page.
const PAGE: usize = 40;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Question {
    before: Option<u64>,
}

pub(crate) async fn show(visit: Visit, Asked(question): Asked<Question>) -> Result<Markup, Error> {
    let (arrivals, counts) = visit.ask(move |case| Ok((case.arrivals(question.before, PAGE)?, case.info()?.counts))).await?;
    let next = arrivals.last().filter(|_| arrivals.len() == PAGE).map(|last| last.number);
    // Copies stand under the first of them that is on this page, where the last of them came in.
    let mut groups: Vec<Vec<&Arrival>> = Vec::new();
    for arrival in &arrivals {
        match groups.iter_mut().find(|group| group.iter().any(|other| other.text == arrival.text)) {
            Some(group) => group.insert(0, arrival),
            None => groups.push(vec![arrival]),
        }
    }
    Ok(shell(
        &visit,
        "Incoming",
        Some(Section::Incoming),
        html! {
            h1 { "What came in" }
            p class="total" role="status" { (counted(counts.reports, "report")) ", " (counted(counts.events, "event")) " in this case" }
            @if counts.reports == 0 { p { "Nothing has come in yet: bring reports in with " code { "dateline add" } "." } }
            ol class="found" {
                @for group in &groups {
                    li {
                        @if let Some(first) = group.first() { (arrival(first)) }
                        @let copies = group.get(1..).unwrap_or_default();
                        @if !copies.is_empty() {
                            details {
                                summary { (counted(copies.len() as u64, "more report")) " with the same text" }
                                ol { @for copy in copies { li { (arrival(copy)) } } }
                            }
                        }
                    }
                }
            }
            @if let Some(next) = next { nav aria-label="Pages" { a class="next" rel="next" href={ "/?before=" (next) } { "Earlier" } } }
        },
    ))
}

fn arrival(arrival: &Arrival) -> Markup {
    let id = format!("r{}", arrival.number);
    html! {
        article {
            h2 {
                a href={ "/reports/" (id) } dir="auto" {
                    (words(&arrival.title, &arrival.hidden, &[]))
                }
            }
            p class="facts" {
                @if let Some(source) = &arrival.source { bdi { (shown(source)) } }
                @if let Some(published) = &arrival.published { "published " time { (published) } }
                span { "added " time { (arrival.added_at) } }
                @if let Some(first) = arrival.copy_of { span { "a copy of " a href={ "/reports/r" (first) } { "r" (first) } } }
                @if let Some(why) = &arrival.not_read { strong class="disputed" dir="auto" { (shown(why)) } }
                @for warning in &arrival.warnings { strong class="disputed" dir="auto" { (shown(warning)) } }
            }
            @if !arrival.events.is_empty() {
                ul class="tells" {
                    @for event in &arrival.events { li { a href={ "/events/" (event.id) } dir="auto" { (shown(&event.summary)) } } }
                }
            }
        }
    }
}
