//! One report: its text with what was read in it, and where it came from.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use dateline::case::ReportPage;
use dateline::render::{Fragments, fragments};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use super::{event_line, shell, shown, token};
use crate::Error;
use crate::form::Sent;
use crate::visit::{Role, Visit};

pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Markup, Error> {
    let (page, pieces) = visit
        .ask(move |case| {
            let page = case.report_page(case.report_id(&id)?)?;
            let pieces = page.reading.as_ref().map(|reading| fragments(reading, true));
            Ok((page, pieces))
        })
        .await?;
    Ok(lay_out(&visit, &page, pieces.as_ref()))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    token: String,
    #[serde(default)]
    why: String,
}

/// The report with the names of protected persons in it; that somebody looked is on record before they are shown.
pub(crate) async fn names(visit: Visit, Path(id): Path<String>, Sent(asked): Sent<Asked>) -> Result<Markup, Error> {
    visit.sent(&asked.token, Role::Editor)?;
    if asked.why.trim().is_empty() {
        return Err(Error::Asked("say why you need the names".to_owned()));
    }
    let report = visit
        .change(move |case| {
            let report = case.report_id(&id)?;
            case.note_names_shown(report, &asked.why)?;
            Ok(report)
        })
        .await?;
    let (page, pieces) = visit
        .ask(move |case| {
            let page = case.report_page(report)?;
            let pieces = page.reading.as_ref().map(|reading| fragments(reading, false));
            Ok((page, pieces))
        })
        .await?;
    Ok(lay_out(&visit, &page, pieces.as_ref()))
}

/// The archived bytes, always as a download: a browser must not run what a stranger wrote.
pub(crate) async fn original(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let (name, bytes) = visit
        .ask(move |case| {
            let report = case.report_id(&id)?;
            Ok((format!("r{report}.original"), case.original(report)?))
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

fn lay_out(visit: &Visit, page: &ReportPage, pieces: Option<&Fragments>) -> Markup {
    let row = &page.report;
    let id = format!("r{}", row.id);
    let title = pieces.map(|pieces| pieces.title.as_str()).filter(|title| !title.is_empty()).unwrap_or(&id);
    let first = page.copies.first().filter(|&&first| first != row.id);
    shell(
        visit,
        title,
        None,
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
            @if let Some(pieces) = pieces {
                @if pieces.withheld {
                    form class="names" method="post" action={ "/reports/" (id) "/names" } {
                        (token(visit))
                        label for="names-why" { "Names of protected persons are left out. You need them, because" }
                        input #names-why name="why" required;
                        button { "Show them" }
                        small { " Who looked, when and why is kept." }
                    }
                }
                div class="reading" { (PreEscaped(&pieces.text)) (PreEscaped(&pieces.aside)) }
            }
            @if !page.events.is_empty() {
                section aria-labelledby="events" {
                    h2 #events { "What it tells of" }
                    ol class="events" { @for event in &page.events { li { (event_line(event)) } } }
                }
            }
            section aria-labelledby="custody" {
                h2 #custody { "Where it came from" }
                (custody(page, &id))
            }
        },
    )
}

fn custody(page: &ReportPage, id: &str) -> Markup {
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
                dd { a href={ "/reports/" (id) "/original" } { (original.bytes) " bytes" } ", sha256:" (original.sha256) }
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
                dd { @for copy in &page.copies { @if *copy != row.id { a href={ "/reports/r" (copy) } { "r" (copy) } " " } } }
            }
        }
    }
}
