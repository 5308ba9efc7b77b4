use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dateline::case::CaseError;
use maud::html;

use crate::accounts::AccountError;

/// Why a page can't be shown or a decision can't be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such page, event or report.
    #[error("{0}")]
    NotFound(String),
    /// What was asked for can't be; the text says what is wrong.
    #[error("{0}")]
    Asked(String),
    /// It can't be as things stand: it is done already, or it names more than one.
    #[error("{0}")]
    Conflict(String),
    /// It came from another site, or from a page that was made before the desk was started anew.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Somebody must come in first, or could not.
    #[error("{0}")]
    ComeIn(&'static str),
    /// Too many tries; in so many seconds another may be made.
    #[error("too many tries: wait {0} seconds")]
    Wait(u64),
    /// A resource that does not take this method.
    #[error("this resource does not take that method")]
    Method,
    /// A change through the API that is no JSON.
    #[error("send JSON, with `Content-Type: application/json`")]
    NotJson,
    /// More was sent than is taken.
    #[error("this is more than is taken at a time ({} MiB): use `dateline add` for it", crate::LARGEST_UPLOAD >> 20)]
    TooLarge,
    /// Too many listen to the news already.
    #[error("too many listen to the news already: try again later")]
    Crowded,
    /// Reports can't be brought in here.
    #[error("this desk can't read reports: {0}")]
    NoReader(String),
    /// The accounts say no.
    #[error("{0}")]
    Accounts(AccountError),
    /// The case says no.
    #[error("{0}")]
    Case(CaseError),
    /// A bug of ours.
    #[error("something went wrong inside the desk (a bug); nothing was decided")]
    Internal,
}

impl From<CaseError> for Error {
    fn from(error: CaseError) -> Self {
        use dateline::casebook::Error as Book;
        match error {
            CaseError::Missing(_) | CaseError::Book(Book::Missing { .. }) => Self::NotFound(error.to_string()),
            CaseError::Id { .. }
            | CaseError::PictureId(_)
            | CaseError::Correction(_)
            | CaseError::Filter(_)
            | CaseError::Place(_)
            | CaseError::Outlets(_)
            | CaseError::Book(Book::NothingAsked(_) | Book::Cursor(_) | Book::IdTooLarge(_)) => Self::Asked(error.to_string()),
            CaseError::Ambiguous(..) | CaseError::AmbiguousPicture(..) | CaseError::Book(Book::Undone(_)) => {
                Self::Conflict(error.to_string())
            }
            other => Self::Case(other),
        }
    }
}

impl From<AccountError> for Error {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Unknown(_) | AccountError::NoToken(_) => Self::NotFound(error.to_string()),
            AccountError::Store(_) | AccountError::Newer(_) | AccountError::Secret(_) => Self::Accounts(error),
            other => Self::Asked(other.to_string()),
        }
    }
}

impl Error {
    pub(crate) fn status(&self) -> StatusCode {
        use dateline::casebook::Error as Book;
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Asked(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::ComeIn(_) => StatusCode::UNAUTHORIZED,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Crowded | Self::NoReader(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Case(CaseError::Book(Book::Busy)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Case(CaseError::Book(Book::Full)) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Case(_) | Self::Accounts(_) | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Error {
    /// Headers that its status asks for.
    pub(crate) fn add_headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::ComeIn(_) => headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Self::Wait(seconds) => headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds)),
            _ => None,
        };
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let hint = if let Self::Case(error) = &self { error.hint() } else { None };
        let page = crate::page::alone(
            status.as_str(),
            "dateline",
            html! {
                h1 { (status.canonical_reason().unwrap_or("Error")) }
                p role="alert" { (dateline::render::visible(&self.to_string())) }
                @if let Some(hint) = hint { p { (hint) } }
                @if matches!(self, Self::ComeIn(_)) { p { a href="/login" { "Come in" } } }
                p { a href="/" { "To what came in" } " · " a href="/events" { "To the events" } }
            },
        );
        let mut response = (status, page.into_string()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        self.add_headers(response.headers_mut());
        response
    }
}
