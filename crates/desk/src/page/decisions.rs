//! What people decided, newest first.

use axum::extract::Path;
use axum::response::Redirect;
use dateline::case::DecisionLine;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::{Section, in_address, shell, shown, token};
use crate::Error;
use crate::form::{Asked, Sent};
use crate::visit::{Role, Visit};

/// Decisions on a page.
const PAGE: usize = 100;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Question {
    before: Option<u64>,
}

pub(crate) async fn list(visit: Visit, Asked(question): Asked<Question>) -> Result<Markup, Error> {
    let before = question.before.unwrap_or(u64::MAX);
    let decisions = visit.ask(move |case| Ok(case.decisions_before(before, PAGE)?)).await?;
    let next = decisions.last().filter(|_| decisions.len() == PAGE).map(|last| last.id);
    Ok(shell(
        &visit,
        "Decisions",
        Some(Section::Decisions),
        html! {
            h1 { "Decisions" }
            p { "Each stands in the audit chain of the case. One that is taken back stays on record." }
            @if decisions.is_empty() { p { "Nobody has decided anything yet." } }
            ol class="history" {
                @for review in &decisions {
                    @let line = DecisionLine::from(review);
                    li {
                        "#" (line.id) " " strong dir="auto" { (shown(&line.what)) }
                        @if let Some(event) = review.subject.get("event").and_then(Value::as_u64) { " " a href={ "/events/e" (event) } { "e" (event) } }
                        @if let Some(report) = review.subject.get("report").and_then(Value::as_u64) { " " a href={ "/reports/r" (report) } { "r" (report) } }
                        @if let Some(picture) = review.subject.get("picture").and_then(Value::as_str) { " " a href={ "/media/" (in_address(picture)) } { "picture " (super::media::short(picture)) } }
                        " by " bdi { (shown(&line.by)) } ", " time { (line.at) }
                        @if let Some(why) = &line.why { ": " span dir="auto" { (shown(why)) } }
                        @if line.can_be_taken_back && visit.may(Role::Coder) {
                            form class="undo" method="post" action={ "/decisions/" (line.id) "/undo" } {
                                (token(&visit)) button { "Take back" span class="unseen" { " decision " (line.id) } }
                            }
                        }
                    }
                }
            }
            @if let Some(next) = next { nav aria-label="Pages" { a class="next" rel="next" href={ "/decisions?before=" (next) } { "Earlier" } } }
        },
    ))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Undone {
    token: String,
    #[serde(default)]
    why: String,
}

pub(crate) async fn undo(visit: Visit, Path(number): Path<u64>, Sent(sent): Sent<Undone>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Coder)?;
    visit.change(move |case| case.undo(number, &sent.why)).await?;
    Ok(Redirect::to("/decisions"))
}
