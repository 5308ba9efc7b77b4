//! Events in the formats of the field, with a manifest by which the data can be cited and checked.

use axum::response::Response;
use dateline::case::EventFilter;
use dateline::export::Format;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Section, shell_with, shown, token};
use crate::Error;
use crate::asset::LISTS_STYLE;
use crate::exporting::Wanted;
use crate::form::{Asked, Sent};
use crate::question::events_query;
use crate::visit::{Role, Visit};

pub(crate) async fn show(visit: Visit, Asked(filter): Asked<EventFilter>) -> Result<Markup, Error> {
    let query = events_query(&filter, "", 1, None)?;
    let (found, info) = visit.ask(move |case| Ok((case.events(&query)?, case.info()?))).await?;
    let asked = serde_html_form::to_string(&filter).map_err(|_| Error::Internal)?;
    let words = filter.words();
    let is_empty = found.total == Some(0);
    Ok(shell_with(
        &visit,
        "Export",
        Some(Section::Export),
        &[&LISTS_STYLE],
        html! {
            h1 { "Export" }
            p class="total" role="status" {
                @match (found.total, found.total_is_exact) {
                    (Some(1), true) => "1 event",
                    (Some(total), true) => { (total) " events" },
                    (Some(total), false) => { "more than " (total) " events" },
                    (None, _) => "Events",
                }
                @if words.is_empty() { ": all that somebody tells of" } @else { ", chosen by " code dir="auto" { (shown(&words)) } }
            }
            p { a href={ "/events?" (asked) } { "Look at them, or choose others" } }
            dl {
                dt { "case" } dd { bdi { (shown(&info.name)) } ", " (info.counts.reports) " reports, " (info.counts.events) " events" }
                dt { "head of the audit chain" } dd class="hash" { (info.head.hash) " (entry " (info.head.seq) ")" }
            }
            @if is_empty { p { "There is nothing to export." } }
            @else {
                form class="export" method="post" action={ "/export?" (asked) } {
                    (token(&visit))
                    fieldset {
                        legend { "Format" }
                        @for (nth, format) in Format::all().iter().enumerate() {
                            label class="flag" {
                                input type="radio" name="format" value=(format.name()) checked[nth == 0] required;
                                " " strong { (format.name()) } " – " (format.summary())
                            }
                        }
                    }
                    @if visit.may(Role::Editor) {
                        label class="flag" { input type="checkbox" name="released" value="true"; " with the names of protected persons that reviewers released" }
                    }
                    button { "Download" }
                }
            }
            p {
                "The download is a ZIP archive of the data and its manifest: what was asked for, the head of the audit chain, what made the readings, the licences, and the hash of the data. "
                "Names of protected persons are left out"
                @if visit.may(Role::Editor) { " unless you ask for those that were released" }
                ". That you exported, what and when is kept on record."
            }
        },
    ))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    token: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    released: String,
}

/// It is a form and no link because an export is kept on record.
pub(crate) async fn download(
    visit: Visit,
    Asked(filter): Asked<EventFilter>,
    Sent(chosen): Sent<Chosen>,
) -> Result<Response, Error> {
    visit.sent(&chosen.token, Role::Reader)?;
    let released = !chosen.released.is_empty();
    if released {
        visit.must(Role::Editor)?;
    }
    let format: Format =
        chosen.format.parse().map_err(|error: dateline::export::UnknownFormat| Error::Asked(error.to_string()))?;
    Wanted { format, filter, released }.download(&visit).await
}
