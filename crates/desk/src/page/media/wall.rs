//! The media wall: all pictures of the case, those that are alike together, the newest first.

use dateline::case::{Wall, WallCluster};
use maud::{Markup, html};
use serde::Deserialize;

use super::{find, thumbnail};
use crate::Error;
use crate::asset::MEDIA_STYLE;
use crate::form::Asked;
use crate::page::{Section, counted, in_address, shell_with, shown};
use crate::visit::Visit;

/// Clusters on a page.
const PAGE: usize = 24;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Question {
    #[serde(default)]
    after: String,
    /// `several`: only what was seen more than once.
    #[serde(default)]
    seen: String,
}

pub(crate) async fn show(visit: Visit, Asked(question): Asked<Question>) -> Result<Markup, Error> {
    let several = match question.seen.as_str() {
        "" | "all" => false,
        "several" => true,
        other => return Err(Error::Asked(format!("seen: `{other}` is neither `all` nor `several`"))),
    };
    let after = (!question.after.is_empty()).then(|| question.after.clone());
    let is_first = after.is_none();
    let wall = visit.ask(move |case| Ok(case.picture_wall(after.as_deref(), PAGE, several)?)).await?;
    Ok(shell_with(
        &visit,
        "Media",
        Some(Section::Media),
        &[&MEDIA_STYLE],
        html! {
            h1 { "Media" }
            p {
                "Pictures that came with reports, or were brought in by themselves, and key frames of videos. Those that show the same stand together, cropped, stamped, mirrored or recompressed ones too. "
                "Pictures that may show persons in captivity or the dead are veiled until an editor has looked."
            }
            form class="filters" action="/media" aria-label="Which pictures" {
                div {
                    label for="seen" { "Seen" }
                    select #seen name="seen" {
                        option value="all" selected[!several] { "once or more often" }
                        option value="several" selected[several] { "more than once" }
                    }
                }
                div class="do" { button { "Show" } " " a href="/media" { "Clear" } }
            }
            (find::form(&visit))
            @if wall.rows.is_empty() {
                p { @if is_first { "No pictures yet: they come with reports (" code { "dateline add" } "), or by themselves (" code { "dateline media add" } ")." } @else { "There are no more." } }
            } @else {
                (self::wall(&wall))
            }
            @if let Some(next) = &wall.next {
                nav aria-label="Pages" {
                    a class="next" rel="next" href={ "/media?seen=" (if several { "several" } else { "all" }) "&after=" (in_address(next)) } { "Earlier" }
                }
            }
        },
    ))
}

fn wall(wall: &Wall) -> Markup {
    html! { ol class="wall" { @for row in &wall.rows { li { (cluster(row)) } } } }
}

fn cluster(row: &WallCluster) -> Markup {
    let Some(first) = row.shown.first() else { return html! {} };
    let more = row.pictures.saturating_sub(row.shown.len() as u64);
    let name = row.caption.as_deref().or(row.title.as_deref());
    html! {
        article class="cluster" {
            (thumbnail(&first.into()))
            @if row.shown.len() > 1 {
                div class="alike" {
                    @for other in row.shown.iter().skip(1) {
                        (thumbnail(&other.into()))
                    }
                    @if more > 0 { a class="more" href={ "/media/" (first.facts.sha256) } { "+" (more) span class="unseen" { " pictures like it" } } }
                }
            }
            @if let Some(name) = name { p class="words" dir="auto" { (shown(name)) } }
            p class="facts" {
                @if let Some(time) = &row.first_seen {
                    span {
                        @if row.time_is.as_deref() == Some("added") { "added " } @else { "first seen " }
                        time { (day(time)) }
                        @if let Some(outlet) = &row.first_outlet { ", " bdi { (shown(outlet)) } }
                        @if let Some(report) = &row.first_report { " (" a href={ "/reports/" (report) } { (report) } ")" }
                    }
                }
                @if row.pictures > 1 || row.sightings > 1 {
                    span {
                        @if row.pictures > 1 { (counted(row.pictures, "file")) ", " }
                        "seen " (times(row.sightings))
                        @if row.outlets_in_all > 1 { " by " (counted(row.outlets_in_all, "outlet")) }
                    }
                }
            }
            @for warning in &row.warnings { p class="warning" { (shown(&warning.words)) } }
        }
    }
}

fn times(number: u64) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        number => format!("{number} times"),
    }
}

/// The day of an instant; a date as it is.
pub(super) fn day(time: &str) -> &str {
    match time.split_once('T') {
        Some((day, _)) => day,
        None => time,
    }
}
