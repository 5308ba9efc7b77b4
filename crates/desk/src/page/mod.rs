//! Pages: one module each. They are laid out here and nowhere else.

pub(crate) mod about;
pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod add;
mod codebook;
pub(crate) mod coding;
mod copies;
pub(crate) mod decisions;
pub(crate) mod event;
pub(crate) mod events;
mod explained;
pub(crate) mod export;
mod filters;
pub(crate) mod help;
mod history;
pub(crate) mod incoming;
pub(crate) mod login;
pub(crate) mod media;
mod places;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod search;
mod sides;
pub(crate) mod source;
pub(crate) mod sources;
mod spread;
mod timeline;

use std::borrow::Cow;

use axum::http::Uri;
use dateline::case::CaseEvent;
use dateline::render::visible;
use maud::{DOCTYPE, Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::asset::Asset;
use crate::visit::{Visit, Way};
use crate::{Error, Role, asset};

/// Sections of the desk, with their addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Incoming,
    Events,
    Media,
    Review,
    Search,
    Sources,
    Decisions,
    Coding,
    Export,
    Help,
}

const SECTIONS: [(Section, &str, &str); 10] = [
    (Section::Incoming, "/", "Incoming"),
    (Section::Events, "/events", "Events"),
    (Section::Media, "/media", "Media"),
    (Section::Review, "/review", "Review"),
    (Section::Search, "/search", "Search"),
    (Section::Sources, "/sources", "Sources"),
    (Section::Decisions, "/decisions", "Decisions"),
    (Section::Coding, "/coding", "Coding"),
    (Section::Export, "/export", "Export"),
    (Section::Help, "/help", "Help"),
];

/// A page without anything around it, for those who are not let in or asked for what is not there.
pub(crate) fn alone(title: &str, of: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(title, of, html! {}))
            body { main class="alone" { (body) } }
        }
    }
}

fn head(title: &str, of: &str, assets: Markup) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (shown(title)) " – " (shown(of)) }
            link rel="icon" href="data:,";
            (asset::STYLE.tag())
            (assets)
        }
    }
}

/// A whole page around what is shown on it.
pub(crate) fn shell(visit: &Visit, title: &str, here: Option<Section>, body: Markup) -> Markup {
    shell_with(visit, title, here, &[], body)
}

/// The same for a page that needs more style sheets or scripts than all do.
pub(crate) fn shell_with(visit: &Visit, title: &str, here: Option<Section>, assets: &[&Asset], body: Markup) -> Markup {
    let desk = &visit.desk;
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(title, desk.name(), html! { (asset::SCRIPT.tag()) @for asset in assets { (asset.tag()) } }))
            body {
                a class="skip" href="#main" { "To the content" }
                header class="top" {
                    p class="case" { a href="/" { (shown(desk.name())) } }
                    nav aria-label="Sections" {
                        ul {
                            @for (section, path, name) in SECTIONS {
                                li { a href=(path) aria-current=[(here == Some(section)).then_some("page")] { (name) } }
                            }
                        }
                    }
                    @if visit.viewer.way == Way::Session {
                        form class="who" method="post" action="/logout" {
                            (token(visit))
                            a href="/account" { bdi { (shown(&visit.viewer.name)) } }
                            " (" (visit.viewer.role.as_str()) ") "
                            button { "Leave" }
                        }
                    }
                    form class="find" action="/search" role="search" {
                        label for="find" { "Search the reports" }
                        input #find type="search" name="q" placeholder="Search the reports";
                        button { "Search" }
                    }
                }
                main #main tabindex="-1" { (body) }
                footer {
                    @if visit.may(Role::Admin) && visit.desk.has_accounts() { p { a href="/accounts" { "Accounts" } } }
                    @if visit.viewer.way == Way::Alone { p { a href="/account" { "Tokens for programs" } } }
                    p {
                        "What is shown is what was reported, read by a machine: a claim is not a fact. Places: GeoNames, CC BY 4.0. "
                        a href="/about" { "About the desk and its data" }
                    }
                }
            }
        }
    }
}

/// Text from outside: characters that command or reorder are shown by their number.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    visible(text)
}

/// A value as it stands in an address.
pub(crate) fn in_address(value: &str) -> String {
    utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
}

/// How an event stands, as a mark: in words, so that colour is never all there is.
pub(crate) fn status(status: &str) -> Markup {
    html! { span class={ "status " (status) } { (status.replace('-', " ")) } }
}

/// An event in a list.
pub(crate) fn event_line(event: &CaseEvent) -> Markup {
    html! {
        article class="event" {
            h2 { a href={ "/events/" (event.id) } dir="auto" { (shown(&event.summary)) } }
            (facts(event))
        }
    }
}

/// What is known of an event, in one line.
pub(crate) fn facts(event: &CaseEvent) -> Markup {
    html! {
        p class="facts" {
            a href={ "/help#status-" (event.status) } { (status(&event.status)) }
            @if let Some(kind) = &event.kind {
                a class="code" href={ "/help#type-" (kind) } { (kind) @if let Some(mode) = &event.mode { " " (mode) } }
            }
            @if let Some(date) = &event.date { span { time { (date) } } }
            @if let Some(place) = &event.place {
                span dir="auto" { (shown(&place.name)) @if let Some(country) = &place.country { " (" (country) ")" } }
            }
            span { (counted(event.sources, "independent source")) ", " (counted(event.reports, "report")) }
            @if let Some(range) = event.killed { span { "killed " (killed(range)) } }
            @if !event.disputed.is_empty() { span class="disputed" { "disputed: " (event.disputed.join(", ")) } }
            @if event.reviewed { span class="reviewed" { "reviewed" } }
        }
    }
}

/// `3`, or `2 to 5, most say 3`.
pub(crate) fn killed(range: dateline::case::Range) -> String {
    match (range.low, range.best, range.high) {
        (Some(low), Some(best), Some(high)) if low != high => format!("{low} to {high}, most say {best}"),
        (low, best, high) => best.or(low).or(high).map(|number| number.to_string()).unwrap_or_default(),
    }
}

/// `1 report`, `2 reports`.
pub(crate) fn counted(number: impl Into<u64>, what: &str) -> String {
    let number = number.into();
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// What every form that changes something bears.
pub(crate) fn token(visit: &Visit) -> Markup {
    html! { input type="hidden" name="token" value=(visit.viewer.token); }
}

/// For addresses that lead nowhere.
pub(crate) async fn not_found(uri: Uri) -> Error {
    Error::NotFound(format!("there is no page `{}`", uri.path()))
}
