//! Sources side by side: one row each, with the words that every value was read from.

use dateline::case::{Account, EventPage, Given, Link};
use dateline::render::Tone;
use maud::{Markup, html};

use super::shown;

/// Which fields stand in which column.
const COLUMNS: [(&str, fn(&str) -> bool); 4] = [
    ("Who and whom", |field| matches!(field, "actor" | "recipient")),
    ("When", |field| field == "date"),
    ("Where", |field| field == "place"),
    ("How many", |field| !matches!(field, "actor" | "recipient" | "date" | "place")),
];

/// The table of sources; on a phone each row becomes a card.
pub(crate) fn table(page: &EventPage) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-label="Sources side by side" {
            table class="sides" {
                thead {
                    tr {
                        th scope="col" { "Source" }
                        th scope="col" { "Holds" }
                        @for (name, _) in COLUMNS { th scope="col" { (name) } }
                        th scope="col" { "Evidence" }
                        th scope="col" { "Published" }
                    }
                }
                tbody { @for account in &page.accounts { (row(account)) } }
            }
        }
    }
}

fn row(account: &Account) -> Markup {
    html! {
        tr class={ "side " (account.position) } {
            th scope="row" {
                span class="name" dir="auto" { (shown(&account.name)) }
                small {
                    (account.stance.replace('-', " "))
                    @if let Some(letter) = &account.reliability { ", reliability " (letter) }
                }
                @for chain in &account.chains { p class="chain" { (self::chain(chain)) } }
            }
            td {
                span class="label" { "Holds" }
                strong class="position" { (account.position.replace('-', " ")) }
                @if account.rumour { p class="disputed" { "only passes on what nobody answers for" } }
                ul class="plain" {
                    @for held in &account.held {
                        li {
                            span class={ "mark " (held.tone.map_or("open", Tone::class)) } { (held.certainty) }
                            @if !held.cues.is_empty() { " " q dir="auto" { (shown(&held.cues.join("”, “"))) } }
                            " " (reports(&held.reports))
                        }
                    }
                }
            }
            @for (name, takes) in COLUMNS {
                td { span class="label" { (name) } (values(account.given.iter().filter(|given| takes(&given.field)))) }
            }
            td {
                span class="label" { "Evidence" }
                @if account.evidence.is_empty() { (none()) }
                @else { ul class="plain" { @for words in &account.evidence { li { q dir="auto" { (shown(words)) } } } } }
            }
            td {
                span class="label" { "Published" }
                @match (&account.first, &account.last) {
                    (Some(first), Some(last)) if first != last => { time { (first) } " to " time { (last) } },
                    (Some(first), _) => time { (first) },
                    _ => (none()),
                }
            }
        }
    }
}

fn values<'a>(given: impl Iterator<Item = &'a Given>) -> Markup {
    let given: Vec<&Given> = given.collect();
    html! {
        @if given.is_empty() { (none()) } @else {
            ul class="plain" {
                @for given in given {
                    li {
                        span dir="auto" {
                            @if !matches!(given.field.as_str(), "date" | "place") { small { (name_of(&given.field)) " " } }
                            @match &given.value { Some(value) => b { (shown(value)) }, None => i { "not resolved" } }
                        }
                        " " q dir="auto" { (shown(&given.words)) }
                        " " (reports(&given.reports))
                        @if given.elsewhere { small { " (in another sentence)" } }
                        @if !given.others.is_empty() {
                            p class="disputed" {
                                "disputed: "
                                @for (nth, other) in given.others.iter().enumerate() {
                                    @if nth > 0 { "; " }
                                    bdi { (shown(&other.value)) } " (" bdi { (shown(&other.origins.join(", "))) } ")"
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn name_of(field: &str) -> &str {
    match field {
        "actor" => "by",
        "recipient" => "to",
        other => other,
    }
}

fn none() -> Markup {
    html! { span class="none" { "–" span class="unseen" { " nothing said" } } }
}

fn reports(reports: &[String]) -> Markup {
    html! { small { @for report in reports { a href={ "/reports/" (report) } { (report) } " " } } }
}

/// *ministry “said” ← agency “reported” ← this outlet*.
pub(crate) fn chain(links: &[Link]) -> Markup {
    html! {
        @for (nth, link) in links.iter().enumerate() {
            @if nth > 0 { span class="by" { " ← " span class="unseen" { "passed on by " } } }
            @match &link.name {
                Some(name) => bdi { (shown(name)) },
                None if nth + 1 == links.len() => "an outlet without a name",
                None => i { "nobody named" },
            }
            @if link.unnamed && link.name.is_some() { small { " (not named)" } }
            @if let Some(cue) = &link.cue { " " q dir="auto" { (shown(cue)) } }
        }
    }
}
