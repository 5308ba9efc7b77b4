//! What people decided, newest first.

use axum::extract::Path;
use axum::response::Redirect;
use dateline::case::DecisionLine;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::{Section, shell, shown, token};
use crate::Error;
use crate::form::Sent;
use crate::visit::{Role, Visit};

pub(crate) async fn list(visit: Visit) -> Result<Markup, Error> {
    let mut decisions = visit.ask(|case| Ok(case.decisions(None)?)).await?;
    decisions.reverse();
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
