//! Sources side by side: one row each, with the words that every value was read from.

use dateline::case::{Account, EventPage, Given, Link};
use dateline::render::Tone;
use maud::{Markup, html};

use super::shown;

/// Columns of values.
const COLUMNS: [&str; 4] = ["Who and whom", "When", "Where", "How many"];

/// In which column a field stands.
fn column(field: &str) -> &'static str {
    match field {
        "actor" | "recipient" => "Who and whom",
        "date" => "When",
        "place" => "Where",
        _ => "How many",
    }
}

/// The table of sources; on a phone each row becomes a card.
pub(crate) fn table(page: &EventPage) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-label="Sources side by side" {
            table class="sides" {
                thead {
                    tr {
                        th scope="col" { "Source" }
                        th scope="col" { "Holds" }
                        @for name in COLUMNS { th scope="col" { (name) } }
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
                @for chain in &account.chains {
                    p class="chain" {
                        // An outlet that answers for itself is no chain.
                        @if chain.len() == 1 && chain.iter().all(|link| link.name.as_ref() == Some(&account.name)) { "says so itself" }
                        @else { (self::chain(chain)) }
                    }
                }
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
            @for name in COLUMNS {
                td { span class="label" { (name) } (values(account.given.iter().filter(|given| column(&given.field) == name))) }
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
                        @if !matches!(given.field.as_str(), "date" | "place") { small { (name_of(&given.field)) " " } }
                        @match &given.value {
                            Some(value) if same(value, &given.words) => q class="same" dir="auto" { (shown(&given.words)) },
                            Some(value) => { b dir="auto" { (shown(value)) } " " q dir="auto" { (shown(&given.words)) } },
                            None => { i { "not resolved" } " " q dir="auto" { (shown(&given.words)) } },
                        }
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

/// Whether the words say the value as it stands.
fn same(value: &str, words: &str) -> bool {
    value.to_lowercase() == words.to_lowercase()
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
