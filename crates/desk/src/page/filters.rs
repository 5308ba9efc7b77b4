//! The form that says which events.

use dateline::case::STATUSES;
use dateline::record::EventType;
use maud::{Markup, html};

use super::events::Address;

/// Orders of the list, with what the choice says.
const ORDERS: [(&str, &str); 5] = [
    ("date", "latest first"),
    ("published", "last reported first"),
    ("sources", "most independent sources first"),
    ("reports", "most reports first"),
    ("updated", "last changed first"),
];

pub(super) fn form(address: &Address, sort: &str) -> Markup {
    let (filter, look) = (address.filter, address.look);
    let text = |name: &str, label: &str, value: &Option<String>, hint: &str| {
        html! {
            div { label for=(name) { (label) } input #(name) name=(name) value=[value.as_deref()] placeholder=(hint); }
        }
    };
    let flag = |name: &str, label: &str, set: bool| {
        html! { label class="flag" { input type="checkbox" name=(name) value="true" checked[set]; " " (label) } }
    };
    let types: Vec<String> = EventType::ALL.iter().map(ToString::to_string).collect();
    html! {
        form class="filters" action="/events" aria-label="Which events" {
            (text("text", "Words in its reports", &filter.text, "drone OR missile"))
            (text("actor", "Who takes part", &filter.actor, "a name, or UKR"))
            (text("country", "Country", &filter.country, "UKR"))
            (text("place", "Place", &filter.place, "Kursk"))
            (text("near", "Within kilometres of", &filter.near, "Kursk,50"))
            (text("from", "From", &filter.from, "2024-12"))
            (text("to", "To", &filter.to, "2024-12-31"))
            (text("sources", "Independent sources, at least", &filter.sources, "2"))
            div {
                label for="sort" { "Order" }
                select #sort name="sort" {
                    @for (name, words) in ORDERS { option value=(name) selected[sort == name] { (words) } }
                }
            }
            (several("type", "Type", types.iter().map(String::as_str), &filter.kinds))
            (several("status", "Status", STATUSES.iter().copied(), &filter.status))
            div class="flags" {
                (flag("disputed", "disputed", filter.disputed))
                (flag("unreviewed", "not reviewed", filter.unreviewed))
                (flag("reviewed", "reviewed", filter.reviewed))
                (flag("all", "also what is only planned or was rejected", filter.all))
            }
            @for (name, value) in [("view", &look.view), ("at", &look.at)] {
                @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
            }
            div class="do" { button { "Show" } " " a href=(if look.is_map() { "/events?view=map" } else { "/events" }) { "Clear" } }
        }
    }
}

/// A choice of any number of names.
fn several<'a>(name: &str, label: &str, known: impl Iterator<Item = &'a str>, chosen: &[String]) -> Markup {
    let words = |name: &str| name.replace('-', " ");
    html! {
        details class="several" {
            summary {
                (label) ": "
                @if chosen.is_empty() { "any" } @else { (chosen.iter().map(|name| words(name)).collect::<Vec<_>>().join(", ")) }
            }
            fieldset {
                legend class="unseen" { (label) }
                @for value in known {
                    label class="flag" {
                        input type="checkbox" name=(name) value=(value) checked[chosen.iter().any(|chosen| chosen == value)];
                        " " (words(value))
                    }
                }
            }
        }
    }
}
