//! Bringing reports in.

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use dateline::collect::Options;
use dateline::record::Edtf;
use maud::{Markup, html};

use super::{counted, shell, shown, token};
use crate::adding::{Added, Upload};
use crate::visit::Visit;
use crate::{Error, LARGEST_UPLOAD, Role};

pub(crate) async fn show(visit: Visit) -> Result<Markup, Error> {
    visit.must(Role::Coder)?;
    Ok(page(&visit, None))
}

fn page(visit: &Visit, added: Option<&[Added]>) -> Markup {
    shell(
        visit,
        "Bring reports in",
        None,
        html! {
            h1 { "Bring reports in" }
            @if let Some(added) = added { (outcome(added)) }
            form class="decide upload" method="post" action="/add" enctype="multipart/form-data" {
                (token(visit))
                div {
                    label for="files" { "Files: text, web pages, feeds, JSON Lines, tables, Telegram exports, WARC, zip, pictures; up to " (LARGEST_UPLOAD >> 20) " MiB" }
                    input #files name="file" type="file" multiple;
                }
                div { label for="text" { "Or the words of one report" } textarea #text name="text" rows="6" dir="auto" {} }
                div { label for="source" { "Outlet, where they do not say" } input #source name="source"; }
                div { label for="published" { "Published, where they do not say" } input #published name="published" placeholder="2024-12-27"; }
                button { "Bring in" }
            }
            p { "What is brought in is archived as it is, read, and can't be taken out again." }
        },
    )
}

fn outcome(added: &[Added]) -> Markup {
    let count = |state: &str| added.iter().filter(|row| row.state == state).count() as u64;
    let pictures = added.iter().filter(|row| row.state == "new" && row.picture.is_some()).count() as u64;
    html! {
        section aria-labelledby="outcome" {
            h2 #outcome { "What became of them" }
            p role="status" { (counted(count("new") - pictures, "new report")) ", " @if pictures > 0 { (counted(pictures, "new picture")) ", " } (count("known")) " known already, " (count("failed")) " failed" }
            ol class="history" {
                @for row in added.iter().take(SHOWN) {
                    li {
                        @if row.state == "failed" { strong class="warning" { "failed" } } @else { (row.state) }
                        @if let Some(picture) = &row.picture { " " a href={ "/media/" (picture) } { "picture " (super::media::short(picture)) } }
                        @if let Some(report) = &row.report { " " a href={ "/reports/" (report) } { (report) } }
                        " " bdi { (shown(&row.input)) }
                        @if let Some(first) = &row.copy_of { ", a copy of " a href={ "/reports/" (first) } { (first) } }
                        @if let Some(claims) = row.claims { ", " (counted(claims as u64, "claim")) }
                        @for remark in &row.remarks { ": " span dir="auto" { (shown(remark)) } }
                    }
                }
            }
            @if added.len() > SHOWN { p { "and " (added.len() - SHOWN) " more" } }
        }
    }
}

/// Outcomes that are listed.
const SHOWN: usize = 500;

pub(crate) async fn add(visit: Visit, mut parts: Multipart) -> Result<Markup, Error> {
    let mut uploads: Vec<(String, Vec<u8>)> = Vec::new();
    let (mut source, mut published) = (None, None);
    let mut checked = false;
    while let Some(part) = parts.next_field().await.map_err(wrong)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(wrong)?;
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            // It stands first in the form: nothing is kept of what comes without it.
            "token" => {
                visit.sent(&text(), Role::Coder)?;
                checked = true;
            }
            _ if !checked => return Err(Error::Forbidden("this form was not made here")),
            "file" if !bytes.is_empty() => uploads.push((file.unwrap_or_default(), bytes.to_vec())),
            "text" if !text().is_empty() => uploads.push(("typed.txt".to_owned(), text().into_bytes())),
            "source" if !text().is_empty() => source = Some(text()),
            "published" if !text().is_empty() => {
                let date: Edtf =
                    text().parse().map_err(|_| Error::Asked(format!("published: `{}` is no date, as in 2024-12-27", text())))?;
                published = Some(date);
            }
            _ => {}
        }
    }
    if !checked {
        return Err(Error::Forbidden("this form was not made here"));
    }
    if uploads.is_empty() {
        return Err(Error::Asked("choose a file, or type the words of a report".to_owned()));
    }
    let uploads = uploads.into_iter().map(|(name, bytes)| Upload {
        // A browser may send a path; what is in front of the last part says nothing of the file.
        name: name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
        bytes,
        options: Options { source: source.clone(), ..Options::default() },
        published: published.clone(),
    });
    let added = visit.desk.add(visit.viewer.name.clone(), uploads.collect()).await?;
    Ok(page(&visit, Some(&added)))
}

/// What is wrong with an upload.
pub(super) fn wrong(error: MultipartError) -> Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE { Error::TooLarge } else { Error::Asked(error.body_text()) }
}
