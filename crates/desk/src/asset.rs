//! Style sheet and scripts, embedded; each has its hash in its name and may be kept for good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use sha2::{Digest as _, Sha256};

use crate::Error;

/// A file that pages use.
pub(crate) struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
    path: LazyLock<String>,
}

impl Asset {
    /// Its address.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// What brings it into a page.
    pub(crate) fn tag(&self) -> Markup {
        if self.name.ends_with(".css") {
            html! { link rel="stylesheet" href=(self.path()); }
        } else {
            html! { script src=(self.path()) defer {} }
        }
    }
}

macro_rules! asset {
    ($stem:literal, $ending:literal, $media_type:literal) => {
        Asset {
            name: concat!($stem, ".", $ending),
            media_type: $media_type,
            content: include_str!(concat!("../assets/", $stem, ".", $ending)),
            path: LazyLock::new(|| {
                let digest = Sha256::digest(include_str!(concat!("../assets/", $stem, ".", $ending)));
                let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
                format!(concat!("/assets/", $stem, ".{}.", $ending), hash)
            }),
        }
    };
}

/// How pages look.
pub(crate) static STYLE: Asset = asset!("desk", "css", "text/css; charset=utf-8");
/// What pages do beyond links and forms.
pub(crate) static SCRIPT: Asset = asset!("desk", "js", "text/javascript; charset=utf-8");
/// How the review queue and coding look.
pub(crate) static REVIEW_STYLE: Asset = asset!("review", "css", "text/css; charset=utf-8");
/// Keys of the review queue, and choosing words in a text.
pub(crate) static REVIEW_SCRIPT: Asset = asset!("review", "js", "text/javascript; charset=utf-8");

/// How the pages of an event and of a report look.
pub(crate) static PAGES_STYLE: Asset = asset!("pages", "css", "text/css; charset=utf-8");
/// Keys on the page of a report.
pub(crate) static PAGES_SCRIPT: Asset = asset!("pages", "js", "text/javascript; charset=utf-8");

/// How pictures look.
pub(crate) static MEDIA_STYLE: Asset = asset!("media", "css", "text/css; charset=utf-8");
/// How lists look: what came in, search, sources, export, the codebook.
pub(crate) static LISTS_STYLE: Asset = asset!("lists", "css", "text/css; charset=utf-8");
/// Search as one types.
pub(crate) static SEARCH_SCRIPT: Asset = asset!("search", "js", "text/javascript; charset=utf-8");
/// How the timeline and the map look. It and the next two are built in `crates/desk/web`.
pub(crate) static MAP_STYLE: Asset = asset!("map", "css", "text/css; charset=utf-8");
/// The timeline and the map.
pub(crate) static MAP_SCRIPT: Asset = asset!("map", "js", "text/javascript; charset=utf-8");
/// The world's countries (Natural Earth), as TopoJSON.
pub(crate) static WORLD: Asset = asset!("world", "json", "application/json");
/// The licences of what they hold.
static MAP_LICENCES: Asset = asset!("map-licences", "txt", "text/plain; charset=utf-8");

/// Says that more has come in.
pub(crate) static NEWS_SCRIPT: Asset = asset!("news", "js", "text/javascript; charset=utf-8");

/// All of them.
static ASSETS: &[&Asset] = &[
    &NEWS_SCRIPT,
    &STYLE,
    &SCRIPT,
    &PAGES_STYLE,
    &PAGES_SCRIPT,
    &LISTS_STYLE,
    &MEDIA_STYLE,
    &SEARCH_SCRIPT,
    &REVIEW_STYLE,
    &REVIEW_SCRIPT,
    &MAP_STYLE,
    &MAP_SCRIPT,
    &WORLD,
    &MAP_LICENCES,
];

/// Gives an asset by its name with or without the hash.
pub(crate) async fn serve(Path(name): Path<String>) -> Result<Response, Error> {
    for asset in ASSETS {
        let hashed = asset.path().strip_prefix("/assets/") == Some(name.as_str());
        if hashed || asset.name == name {
            let keep = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
            return Ok(([(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, keep)], asset.content).into_response());
        }
    }
    Err(Error::NotFound(format!("there is no `{name}`")))
}
