//! A picture where it stands in a list, and the bytes that browsers ask for.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use dateline::case::{Case, CaseError, PicturePreview, Veil, WallPicture};
use maud::{Markup, html};

use super::short;
use crate::Error;
use crate::visit::Visit;

/// What is needed to show a picture in a list.
pub(crate) struct Thumb<'a> {
    pub(crate) sha256: &'a str,
    pub(crate) failure: Option<&'a str>,
    pub(crate) veil: Option<&'a Veil>,
}

impl Thumb<'_> {
    /// What is said to those who can't see it.
    fn words(&self) -> String {
        match (self.failure, self.veil.filter(|veil| veil.holds())) {
            (Some(_), _) => format!("file {}, which could not be decoded", short(self.sha256)),
            (None, Some(veil)) => format!("picture {}, veiled: it {}", short(self.sha256), veil.words()),
            (None, None) => format!("picture {}", short(self.sha256)),
        }
    }
}

impl<'a> From<&'a WallPicture> for Thumb<'a> {
    fn from(picture: &'a WallPicture) -> Self {
        let WallPicture { facts, veil } = picture;
        Self { sha256: &facts.sha256, failure: facts.failure.as_deref(), veil: veil.as_ref() }
    }
}

/// Pictures that came with something, in a row; nothing where there are none.
pub(crate) fn thumbnails(pictures: &[WallPicture]) -> Markup {
    html! {
        @if !pictures.is_empty() {
            ul class="came" { @for picture in pictures { li { (thumbnail(&picture.into())) } } }
        }
    }
}

/// The picture in small, or what stands in for it; it leads to its page.
pub(crate) fn thumbnail(thumb: &Thumb<'_>) -> Markup {
    let veiled = thumb.veil.is_some_and(Veil::holds);
    html! {
        a class="thumb" href={ "/media/" (thumb.sha256) } {
            @if thumb.failure.is_some() {
                span class="none" { "not decoded" span class="unseen" { ": " (thumb.words()) } }
            } @else {
                img class=[veiled.then_some("veiled")] src={ "/media/" (thumb.sha256) "/preview" } alt=(thumb.words()) loading="lazy" decoding="async";
                @if veiled { span class="veil" aria-hidden="true" { "veiled" } }
            }
        }
    }
}

/// A small JPEG that we made, or what stands in for it while the picture is veiled.
pub(crate) async fn preview(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    jpeg(visit, move |case| case.picture_preview(&case.picture_id(&id)?)).await
}

/// The same as large as a page has it.
pub(crate) async fn view(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    jpeg(visit, move |case| case.picture_view(&case.picture_id(&id)?)).await
}

/// A veil may be lifted, or fall again: browsers ask each time, and are told when nothing has changed ([`crate::api::tag`]).
async fn jpeg(
    visit: Visit,
    question: impl FnOnce(&Case) -> Result<PicturePreview, CaseError> + Send + 'static,
) -> Result<Response, Error> {
    let found = visit.ask(move |case| Ok(question(case)?)).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], found.jpeg).into_response())
}
