//! The list of events.

use dateline::case::{EventFilter, STATUSES};
use dateline::record::EventType;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Section, event_line, in_address, shell};
use crate::Error;
use crate::form::Asked;
use crate::question::{ORDER, events_query};
use crate::visit::Visit;

/// Events on a page.
const PAGE: usize = 30;
/// Orders of the list, with what the choice says.
const ORDERS: [(&str, &str); 5] = [
    ("date", "latest first"),
    ("published", "last reported first"),
    ("sources", "most independent sources first"),
    ("reports", "most reports first"),
    ("updated", "last changed first"),
];

/// What is asked for besides the filter. It stands in the same query string, but is read by itself: lists don't go through a flattened field.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Paging {
    #[serde(default)]
    sort: String,
    #[serde(default)]
    after: String,
}

pub(crate) async fn list(visit: Visit, Asked(filter): Asked<EventFilter>, Asked(paging): Asked<Paging>) -> Result<Markup, Error> {
    let order = if paging.sort.is_empty() { ORDER } else { paging.sort.as_str() };
    let after = (!paging.after.is_empty()).then(|| paging.after.clone());
    let query = events_query(&filter, order, PAGE, after)?;
    let found = visit.ask(move |case| Ok(case.events(&query)?)).await?;
    let total = found.total.map(|total| if found.total_is_exact { total.to_string() } else { format!("more than {total}") });
    let asked = serde_html_form::to_string(&filter).map_err(|_| Error::Internal)?;
    let next = found.next.as_deref().map(|next| format!("/events?{asked}&sort={order}&after={}", in_address(next)));
    Ok(shell(
        &visit,
        "Events",
        Some(Section::Events),
        html! {
            h1 { "Events" }
            (filters(&filter, order))
            p class="total" role="status" {
                @match total.as_deref() {
                    Some("0") => { "No event is as you ask." @if !filter.all { " What is only planned, asked for or rejected is not shown unless you ask for all." } }
                    Some("1") => { "1 event" }
                    Some(total) => { (total) " events" }
                    None => {}
                }
            }
            p { a href={ "/review?" (asked) "&sort=" (order) } { "Review these" } " · " a href={ "/export?" (asked) } { "Export these" } }
            ol class="events" { @for event in &found.rows { li { (event_line(event)) } } }
            @if let Some(next) = next { nav aria-label="Pages" { a class="next" rel="next" href=(next) { "Next page" } } }
        },
    ))
}

fn filters(filter: &EventFilter, sort: &str) -> Markup {
    let kind = filter.kinds.first().map(String::as_str);
    let status = filter.status.first().map(String::as_str);
    let text = |name: &str, label: &str, value: &Option<String>, hint: &str| {
        html! {
            div { label for=(name) { (label) } input #(name) name=(name) value=[value.as_deref()] placeholder=(hint); }
        }
    };
    let flag = |name: &str, label: &str, set: bool| {
        html! { label class="flag" { input type="checkbox" name=(name) value="true" checked[set]; " " (label) } }
    };
    html! {
        form class="filters" action="/events" aria-label="Which events" {
            (text("text", "Words in its reports", &filter.text, "drone OR missile"))
            div {
                label for="type" { "Type" }
                select #type name="type" {
                    option value="" { "any" }
                    @for known in EventType::ALL {
                        @let name = known.to_string();
                        option value=(name) selected[kind == Some(name.as_str())] { (name) }
                    }
                }
            }
            (text("actor", "Who takes part", &filter.actor, "a name, or UKR"))
            (text("country", "Country", &filter.country, "UKR"))
            (text("place", "Place", &filter.place, "Kursk"))
            (text("near", "Within kilometres of", &filter.near, "Kursk,50"))
            (text("from", "From", &filter.from, "2024-12"))
            (text("to", "To", &filter.to, "2024-12-31"))
            div {
                label for="status" { "Status" }
                select #status name="status" {
                    option value="" { "any" }
                    @for known in STATUSES { option value=(known) selected[status == Some(known)] { (known.replace('-', " ")) } }
                }
            }
            (text("sources", "Independent sources, at least", &filter.sources, "2"))
            div {
                label for="sort" { "Order" }
                select #sort name="sort" {
                    @for (name, words) in ORDERS { option value=(name) selected[sort == name] { (words) } }
                }
            }
            div class="flags" {
                (flag("disputed", "disputed", filter.disputed))
                (flag("unreviewed", "not reviewed", filter.unreviewed))
                (flag("reviewed", "reviewed", filter.reviewed))
                (flag("all", "also what is only planned or was rejected", filter.all))
            }
            div class="do" { button { "Show" } " " a href="/events" { "Clear" } }
        }
    }
}
