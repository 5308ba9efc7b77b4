//! The description of the API (OpenAPI 3.1).

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{add, ask, coding, decide, export, media, news};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "dateline",
        description = "What is said to have happened, who says so, and how many independent sources stand behind it. Everything here is what was \
                       *reported*: a claim is not a fact. Names of protected persons are left out unless a resource says otherwise.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        ask::case,
        ask::events,
        ask::overview,
        ask::event,
        ask::report,
        ask::comparison,
        ask::search,
        ask::sources,
        ask::source,
        ask::decisions,
        add::add,
        decide::names,
        decide::withdraw,
        decide::decide,
        decide::merge,
        decide::split,
        decide::undo,
        decide::set_source,
        decide::remove_source,
        coding::codings,
        coding::ask,
        coding::hand_in,
        media::wall,
        media::picture,
        media::preview,
        media::find,
        media::unveil,
        export::export,
        news::listen,
    ),
    modifiers(&Tokens),
    security(("token" = [])),
)]
struct Document;

/// How programs say who they are.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A token from the page `Your account` or from `dateline users token`, with the scopes read, review, add, names.",
            ))
            .build();
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// Without what depends on nothing but the program: it is made once.
static JSON: LazyLock<String> = LazyLock::new(|| Document::openapi().to_pretty_json().unwrap_or_default());

/// The description of the API as JSON; also by `dateline serve --describe`.
#[must_use]
pub fn description() -> &'static str {
    &JSON
}

pub(super) async fn serve() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], description()).into_response()
}
