//! One report: its text with what was read in it, and where it came from.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use dateline::case::{Case, Comparison, ReportPage, WallPicture};
use dateline::render::{Explained, Fragments, explained, fragments};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use super::history::history;
use super::media::thumbnails;
use super::{copies, event_line, shell_with, shown, token};
use crate::form::{Asked, Sent};
use crate::visit::{Role, Visit};
use crate::{Error, asset};

/// Copies that are listed.
const COPIES: usize = 100;

/// What a page of a report is made of.
struct Parts {
    page: ReportPage,
    /// Headline and what the text says, and the text with its marks; none when it could not be read at all.
    read: Option<(Fragments, Explained)>,
    difference: Option<Comparison>,
    pictures: Vec<WallPicture>,
}

impl Parts {
    fn of(case: &Case, report: u64, with: Option<u64>, withhold: bool) -> Result<Self, Error> {
        let page = case.report_page(report)?;
        let read = page.reading.as_ref().map(|reading| (fragments(reading, withhold), explained(reading, withhold)));
        let pictures = case.pictures_among(page.media.iter().map(|(_, sha256)| sha256.as_str()))?;
        Ok(Self { page, read, difference: case.compare(report, with)?, pictures })
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Looked {
    /// Another report to compare with.
    #[serde(default)]
    compare: String,
}

pub(crate) async fn show(visit: Visit, Path(id): Path<String>, Asked(looked): Asked<Looked>) -> Result<Response, Error> {
    let name = visit.viewer.name.clone();
    let parts = visit
        .ask(move |case| {
            let report = case.report_id(&id)?;
            if case.owes_coding(report, &name)? {
                return Ok(Err(report));
            }
            let with = Some(looked.compare.trim()).filter(|other| !other.is_empty());
            let with = with.map(|other| case.report_id(other)).transpose()?.filter(|&other| other != report);
            Parts::of(case, report, with, true).map(Ok)
        })
        .await?;
    Ok(match parts {
        Ok(parts) => lay_out(&visit, &parts).into_response(),
        // Who is to code it blind sees its text there, without what the machine reads in it.
        Err(report) => Redirect::to(&format!("/coding/r{report}")).into_response(),
    })
}

/// A form that asks why somebody needs what is not shown to all.
pub(super) struct ReasonForm<'a> {
    /// Where it is sent.
    pub(super) action: &'a str,
    /// Id of its field on the page.
    pub(super) id: &'a str,
    /// The beginning of the sentence that the reason ends.
    pub(super) because: &'a str,
    /// What the button says.
    pub(super) button: &'a str,
    /// What is kept of it.
    pub(super) kept: &'a str,
}

impl ReasonForm<'_> {
    pub(super) fn lay_out(&self, visit: &Visit) -> Markup {
        html! {
            form class="names" method="post" action=(self.action) {
                (token(visit))
                label for=(self.id) { (self.because) }
                input id=(self.id) name="why" required;
                button { (self.button) }
                small { " " (self.kept) }
            }
        }
    }
}

/// Why somebody needs what is not shown to all.
#[derive(Debug, Deserialize)]
pub(crate) struct Reason {
    token: String,
    #[serde(default)]
    pub(super) why: String,
}

impl Reason {
    /// Refuses who may not, and who gives no reason.
    pub(super) fn check(&self, visit: &Visit, empty: &str) -> Result<(), Error> {
        visit.sent(&self.token, Role::Editor)?;
        if self.why.trim().is_empty() { Err(Error::Asked(empty.to_owned())) } else { Ok(()) }
    }
}

/// The report with the names of protected persons in it; that somebody looked is on record before they are shown.
pub(crate) async fn names(visit: Visit, Path(id): Path<String>, Sent(reason): Sent<Reason>) -> Result<Markup, Error> {
    reason.check(&visit, "say why you need the names")?;
    let report = visit
        .change(move |case| {
            let report = case.report_id(&id)?;
            case.note_names_shown(report, &reason.why)?;
            Ok(report)
        })
        .await?;
    let parts = visit.ask(move |case| Parts::of(case, report, None, false)).await?;
    Ok(lay_out(&visit, &parts))
}

/// The archived bytes, in which names stand as they are: that somebody has them is on record before they are sent. Always a download: a browser must
/// not run what a stranger wrote.
pub(crate) async fn original(visit: Visit, Path(id): Path<String>, Sent(reason): Sent<Reason>) -> Result<Response, Error> {
    reason.check(&visit, "say why you need the original")?;
    let report = visit
        .change(move |case| {
            let report = case.report_id(&id)?;
            case.note_original_shown(report, &reason.why)?;
            Ok(report)
        })
        .await?;
    let bytes = visit.ask(move |case| Ok(case.original(report)?)).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"r{report}.original\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn lay_out(visit: &Visit, parts: &Parts) -> Markup {
    let Parts { page, read, difference, pictures } = parts;
    let row = &page.report;
    let id = format!("r{}", row.id);
    let title = read.as_ref().map(|(pieces, _)| pieces.title.as_str()).filter(|title| !title.is_empty()).unwrap_or(&id);
    let first = page.copies.first().filter(|&&first| first != row.id);
    shell_with(
        visit,
        title,
        None,
        &[&asset::PAGES_STYLE, &asset::PAGES_SCRIPT, &asset::MEDIA_STYLE],
        html! {
            header class="of-report" {
                p class="code" { (id) }
                h1 dir="auto" { (shown(title)) }
                p class="facts" {
                    @if let Some(source) = &row.source { bdi { (shown(source)) } }
                    @if let Some(published) = &row.published { time { (published.as_str()) } }
                    @if let Some(url) = &row.url { span class="url" dir="ltr" { (shown(url)) } }
                    @if let Some(why) = &row.status_why { strong { "withdrawn by its outlet: " (shown(why)) } }
                }
                @for warning in &row.provenance.warnings { p class="warning" role="note" dir="auto" { (shown(warning)) } }
                @if let Some(error) = page.made.as_ref().and_then(|(made, _)| made.error.as_ref().or(made.not_read.as_ref())) {
                    p class="warning" role="note" { (shown(error)) }
                }
                @if let Some(first) = first { p { "A copy of " a href={ "/reports/r" (first) } { "r" (first) } "." } }
            }
            @if let Some((pieces, explained)) = read {
                @if explained.withheld { (withheld(visit, &id)) }
                div class="reading" {
                    (super::explained::text(explained))
                    div class="beside" {
                        @if !explained.notes.is_empty() {
                            p class="hint" { "Choose a mark in the text to see what it was read as, and why. Keys: " kbd { "n" } " next, " kbd { "p" } " previous, " kbd { "Esc" } " back to the text." }
                        }
                        (super::explained::notes(explained))
                        (PreEscaped(&pieces.aside))
                    }
                }
            }
            @if !pictures.is_empty() {
                section aria-labelledby="pictures" { h2 #pictures { "Pictures that came with it" } (thumbnails(pictures)) }
            }
            @if !page.events.is_empty() {
                section aria-labelledby="events" {
                    h2 #events { "What it tells of" }
                    ol class="events" { @for event in &page.events { li { (event_line(event)) } } }
                }
            }
            section aria-labelledby="custody" {
                h2 #custody { "Where it came from" }
                (custody(page))
                (original_form(visit, page, &id))
            }
            @if let Some(difference) = difference { (copies::section(&id, difference)) }
            @if !page.shown_to.is_empty() {
                section aria-labelledby="shown-to" {
                    h2 #shown-to { "Who was shown names or the original" }
                    (history(visit, &page.shown_to))
                }
            }
        },
    )
}

fn withheld(visit: &Visit, id: &str) -> Markup {
    html! {
        @if visit.may(Role::Editor) {
            (ReasonForm {
                action: &format!("/reports/{id}/names"),
                id: "names-why",
                because: "Names of protected persons are left out. You need them, because",
                button: "Show them",
                kept: "Who looked, when and why is kept.",
            }.lay_out(visit))
        } @else {
            p class="names" { "Names of protected persons are left out. Editors may see them; who looked, when and why is kept." }
        }
    }
}

fn original_form(visit: &Visit, page: &ReportPage, id: &str) -> Markup {
    html! {
        @if page.original.is_some() {
            @if visit.may(Role::Editor) {
                (ReasonForm {
                    action: &format!("/reports/{id}/original"),
                    id: "original-why",
                    because: "In the original, names stand as they are. You need it, because",
                    button: "Download it",
                    kept: "Who has it, since when and why is kept.",
                }.lay_out(visit))
            } @else {
                p class="names" { "Names stand in the original as they are: editors may have it; who has it, since when and why is kept." }
            }
        }
    }
}

fn custody(page: &ReportPage) -> Markup {
    let row = &page.report;
    let provenance = &row.provenance;
    let facts = [
        ("input", Some(provenance.input.clone())),
        ("asked for", provenance.requested_url.clone()),
        ("answered", provenance.final_url.clone()),
        ("captured", provenance.captured.clone()),
        ("published, as it says", provenance.published_at.clone()),
        ("edited", provenance.edited_at.clone()),
        ("forwarded from", provenance.forwarded_from.clone()),
        ("byline", row.author.clone()),
        ("names media", (!provenance.media.is_empty()).then(|| provenance.media.join(", "))),
        ("done to it", (!provenance.transformations.is_empty()).then(|| provenance.transformations.join("; "))),
        ("text", Some(format!("sha256:{}", row.text_sha256))),
        ("added", Some(format!("{} by {}", row.added_at, row.added_by))),
    ];
    html! {
        dl {
            @for (name, value) in facts {
                @if let Some(value) = value.filter(|value| !value.is_empty()) { dt { (name) } dd dir="auto" { (shown(&value)) } }
            }
            @if let Some(original) = &page.original {
                dt { "original" }
                dd { (original.bytes) " bytes" @if let Some(media_type) = &original.media_type { ", " (shown(media_type)) } ", sha256:" (original.sha256) }
            }
            @if let Some((made, version)) = &page.made {
                dt { "read" }
                dd {
                    (made.made_at)
                    @if let Some(version) = version { ": program " (version.program) ", model " (version.model) ", lexicons " (version.lexicons) ", gazetteer " (version.gazetteer) }
                }
            }
            @for (name, sha256) in &page.media { dt { "came with it" } dd dir="auto" { (shown(name)) ", sha256:" (sha256) } }
            @for capture in &page.captures { dt { "captured again" } dd { (capture.at) " by " (shown(&capture.by)) ", sha256:" (capture.original) } }
            @if page.copies.len() > 1 {
                dt { "same text" }
                dd { @for copy in page.copies.iter().filter(|copy| **copy != row.id).take(COPIES) { a href={ "/reports/r" (copy) } { "r" (copy) } " " } @if page.copies.len() > COPIES + 1 { "and " (page.copies.len() - COPIES - 1) " more" } }
            }
        }
    }
}
