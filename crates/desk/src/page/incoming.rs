//! What came in since somebody last looked: reports, copies under their first; events; what could not be read.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use dateline::case::{Arrival, Case, Changed, Looked, NotRead, Since};
use maud::{Markup, html};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::search::words;
use super::{Section, counted, event_line, shell_with, shown, token};
use crate::Error;
use crate::asset::{LISTS_STYLE, NEWS_SCRIPT};
use crate::form::{Asked, Sent};
use crate::guard::cookie;
use crate::visit::{Role, Visit};

/// Reports on a page.
const PAGE: usize = 40;
/// Events on a page.
const EVENTS: usize = 12;
/// Reports without claims on a page, and how many reports are looked through for them.
const UNREAD: usize = 10;
const SPAN: u64 = 2_000;
/// How long a browser keeps a mark, in seconds: a year.
const KEPT: u32 = 365 * 24 * 60 * 60;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Question {
    before: Option<u64>,
    unread: Option<u64>,
}

/// What somebody has seen: up to where, and when they said so.
struct Seen {
    looked: Looked,
    at: String,
}

/// The cookie of a person for a case: a browser may know several of both.
fn cookie_name(case: &str, person: &str) -> String {
    let digest = Sha256::new().chain_update(case).chain_update([0]).chain_update(person).finalize();
    let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("seen-{hash}")
}

impl Seen {
    /// None where the browser keeps no mark, or one that we did not make.
    fn of(headers: &HeaderMap, name: &str) -> Option<Self> {
        let value = cookie(headers, name)?;
        let (looked, at) = value.split_once('~')?;
        let plain = at.chars().all(|letter| letter.is_ascii_alphanumeric() || "-:+".contains(letter));
        plain.then_some(())?;
        Some(Self { looked: looked.parse().ok()?, at: at.to_owned() })
    }
}

struct Came {
    arrivals: Vec<Arrival>,
    changed: Vec<Changed>,
    unread: (Vec<NotRead>, Option<u64>),
    all: Since,
    now: Looked,
    seen: Option<(Seen, Since)>,
}

pub(crate) async fn show(visit: Visit, headers: HeaderMap, Asked(question): Asked<Question>) -> Result<Markup, Error> {
    let person = visit.viewer.name.clone();
    let came = visit
        .ask(move |case| {
            let seen = Seen::of(&headers, &cookie_name(case.id(), &person));
            // The mark first: what comes in meanwhile is news the next time.
            let now = case.looked_now()?;
            let since = seen.as_ref().map(|seen| case.since(&seen.looked)).transpose()?;
            Ok(Came {
                arrivals: case.arrivals(question.before, PAGE)?,
                changed: case.changed(EVENTS)?,
                unread: case.unread_before(question.unread, SPAN, UNREAD)?,
                all: case.since(&Looked { report: 0, changes: String::new() })?,
                now,
                seen: seen.zip(since),
            })
        })
        .await?;
    Ok(lay_out(&visit, &question, &came))
}

fn lay_out(visit: &Visit, question: &Question, came: &Came) -> Markup {
    let looked = came.seen.as_ref().map(|(seen, _)| &seen.looked);
    let next = came.arrivals.last().filter(|_| came.arrivals.len() == PAGE).map(|last| last.number);
    // Copies stand under the first of them that is on this page, where the last of them came in.
    let mut groups: Vec<Vec<&Arrival>> = Vec::new();
    for arrival in &came.arrivals {
        match groups.iter_mut().find(|group| group.iter().any(|other| other.text == arrival.text)) {
            Some(group) => group.insert(0, arrival),
            None => groups.push(vec![arrival]),
        }
    }
    let is_new = |arrival: &&&Arrival| looked.is_some_and(|looked| arrival.number > looked.report);
    shell_with(
        visit,
        "Incoming",
        Some(Section::Incoming),
        &[&LISTS_STYLE, &NEWS_SCRIPT],
        html! {
            h1 { "What came in" }
            (news(visit, came))
            p #arrived role="status" {}
            nav class="here-on" aria-label="On this page" {
                a href="#reports" { "Reports" } " · " a href="#changed" { "New and changed events" } " · " a href="#unread" { "What could not be read" }
            }
            div class="incoming" {
                section aria-labelledby="reports" {
                    h2 #reports { "Reports" }
                    @if came.all.reports == 0 { p { "Nothing has come in yet: " a href="/add" { "bring reports in" } " here, or with " code { "dateline add" } "." } }
                    ol class="found" {
                        @for group in &groups {
                            li {
                                @if let Some(first) = group.first() { (arrival(first, looked)) }
                                @let copies = group.get(1..).unwrap_or_default();
                                @if !copies.is_empty() {
                                    @let fresh = copies.iter().filter(is_new).count();
                                    details {
                                        summary {
                                            (counted(copies.len() as u64, "more report")) " with the same text"
                                            @if fresh > 0 { " (" (fresh) " new)" }
                                        }
                                        ol { @for copy in copies { li { (arrival(copy, looked)) } } }
                                    }
                                }
                            }
                        }
                    }
                    @if let Some(next) = next { nav aria-label="Pages of reports" { a class="next" rel="next" href={ "/?before=" (next) "#reports" } { "Earlier" } } }
                }
                div {
                    section aria-labelledby="changed" {
                        h2 #changed { "New and changed events" }
                        @if came.changed.is_empty() { p { "No report tells of any event yet." } }
                        ol class="events" {
                            @for changed in &came.changed {
                                li {
                                    @if let Some(news) = looked.and_then(|looked| changed.to(looked)) { strong class="fresh" { (news) } }
                                    (event_line(&changed.event))
                                }
                            }
                        }
                        p { a class="next" href="/events?all=true&sort=updated" { "All events, last changed first" } }
                    }
                    (unread(question, &came.unread))
                }
            }
        },
    )
}

/// How much is new, and the way to say that one has seen it.
fn news(visit: &Visit, came: &Came) -> Markup {
    let Since { reports, events } = &came.all;
    html! {
        p class="total" role="status" {
            @match &came.seen {
                Some((seen, since)) => {
                    strong { (counted(since.reports, "new report")) " and " (counted(since.events, "new or changed event")) }
                    " since you last looked (" time datetime=(seen.at) { (seen.at) } "); "
                }
                None => "You have not said yet up to where you have looked. ",
            }
            (counted(*reports, "report")) ", " (counted(*events, "event")) " in this case"
        }
        @if *reports > 0 {
            form method="post" action="/seen" {
                (token(visit))
                input type="hidden" name="mark" value=(came.now);
                button { "I have seen these" }
                small { " What comes in from now on is marked as new, in this browser." }
            }
        }
    }
}

fn arrival(arrival: &Arrival, looked: Option<&Looked>) -> Markup {
    let id = format!("r{}", arrival.number);
    html! {
        article {
            h3 {
                @if looked.is_some_and(|looked| arrival.number > looked.report) { strong class="fresh" { "new" } " " }
                a href={ "/reports/" (id) } dir="auto" {
                    (words(&arrival.title, &arrival.hidden, &[]))
                }
            }
            p class="facts" {
                @if let Some(source) = &arrival.source { bdi { (shown(source)) } }
                @if let Some(published) = &arrival.published { span { "published " time { (published) } } }
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

fn unread(question: &Question, (rows, next): &(Vec<NotRead>, Option<u64>)) -> Markup {
    let before = question.before.map(|before| format!("before={before}&")).unwrap_or_default();
    html! {
        section aria-labelledby="unread" {
            h2 #unread { "What could not be read" }
            p { "They are kept, and can be searched." @if question.unread.is_some() { " These are from further back. " a href="/#unread" { "To the last ones" } } }
            @if rows.is_empty() { p { "Every report of the " (SPAN) " looked at gave claims." } }
            ol class="unread" {
                @for row in rows {
                    li {
                        a href={ "/reports/r" (row.arrival.number) } dir="auto" { (words(&row.arrival.title, &row.arrival.hidden, &[])) }
                        @if let Some(source) = &row.arrival.source { " – " bdi { (shown(source)) } }
                        ": "
                        @if row.was_read { span { (row.why) } } @else { strong class="disputed" dir="auto" { (shown(&row.why)) } }
                    }
                }
            }
            @if let Some(next) = next { nav aria-label="Pages of what could not be read" { a class="next" href={ "/?" (before) "unread=" (next) "#unread" } { "Further back" } } }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Mark {
    token: String,
    mark: String,
}

/// Keeps in the browser up to where somebody has looked.
pub(crate) async fn seen(visit: Visit, Sent(sent): Sent<Mark>) -> Result<Response, Error> {
    visit.sent(&sent.token, Role::Reader)?;
    let looked: Looked = sent.mark.parse()?;
    let case = visit.ask(|case| Ok(case.id().to_owned())).await?;
    let name = cookie_name(&case, &visit.viewer.name);
    let secure = if visit.desk.is_https() { "; Secure" } else { "" };
    let now = Case::now();
    let cookie = format!("{name}={looked}~{now}; Path=/; HttpOnly; SameSite=Strict; Max-Age={KEPT}{secure}");
    let mut response = Redirect::to("/").into_response();
    response.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(|_| Error::Internal)?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_one_persons_for_one_case() {
        let names = [cookie_name("a", "Jo"), cookie_name("a", "Al"), cookie_name("b", "Jo"), cookie_name("aJ", "o")];
        for (nth, name) in names.iter().enumerate() {
            assert!(!names.iter().skip(nth + 1).any(|other| other == name), "{names:?}");
        }
        assert_eq!(cookie_name("a", "Jo"), names[0]);
    }

    #[test]
    fn a_mark_that_is_none_is_left_alone() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&format!("other=1; seen={value}")).unwrap());
            Seen::of(&headers, "seen").map(|seen| (seen.looked.report, seen.at))
        };
        let at = "2024-12-27T10:30:00Z";
        assert_eq!(of(&format!("12.{at}~{at}")), Some((12, at.to_owned())));
        for value in ["", "12", &format!("12.{at}"), &format!("x.{at}~{at}"), &format!("12.{at}~<b>")] {
            assert_eq!(of(value), None, "{value}");
        }
    }
}
