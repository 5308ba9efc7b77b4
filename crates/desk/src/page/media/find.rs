//! Where else was a picture seen? Somebody sends one; it is not kept.

use axum::extract::Multipart;
use dateline::case::{FoundPicture, Quotes};
use maud::{Markup, html};

use super::picture::{facts, sightings};
use crate::asset::MEDIA_STYLE;
use crate::page::add::wrong;
use crate::page::{Section, shell_with, token};
use crate::visit::{Role, Visit};
use crate::{Error, LARGEST_UPLOAD};

/// The form by which somebody sends a picture.
pub(super) fn form(visit: &Visit) -> Markup {
    html! {
        form class="decide" method="post" action="/media/find" enctype="multipart/form-data" aria-label="Find a picture" {
            (token(visit))
            div {
                label for="picture" { "Where was a picture seen? It is not kept; up to " (LARGEST_UPLOAD >> 20) " MiB" }
                input #picture name="picture" type="file" accept="image/*" required;
            }
            button { "Find it" }
        }
    }
}

pub(crate) async fn find(visit: Visit, mut parts: Multipart) -> Result<Markup, Error> {
    let (mut checked, mut picture) = (false, None);
    while let Some(part) = parts.next_field().await.map_err(wrong)? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(wrong)?;
        match name.as_str() {
            // It stands first in the form: nothing is looked at that comes without it.
            "token" => {
                visit.sent(String::from_utf8_lossy(&bytes).trim(), Role::Reader)?;
                checked = true;
            }
            "picture" if checked && !bytes.is_empty() => picture = Some(bytes),
            _ => {}
        }
    }
    if !checked {
        return Err(Error::Forbidden("this form was not made here"));
    }
    let picture = picture.ok_or_else(|| Error::Asked("choose a picture".to_owned()))?;
    let found = visit.ask(move |case| Ok(case.find_picture(&picture, Quotes::NamesWithheld)?)).await?;
    Ok(lay_out(&visit, &found))
}

fn lay_out(visit: &Visit, found: &FoundPicture) -> Markup {
    shell_with(
        visit,
        "Where a picture was seen",
        Some(Section::Media),
        &[&MEDIA_STYLE],
        html! {
            h1 { "Where a picture was seen" }
            (facts(&found.asked))
            @if let Some(why) = &found.asked.failure { p class="warning" role="note" { "Looked for by its bytes only: " (why) } }
            @if found.sightings.is_empty() {
                p role="status" { "Seen nowhere in this case." }
            } @else {
                (sightings(&found.sightings))
            }
            (form(visit))
            p { a href="/media" { "To all pictures" } }
        },
    )
}
