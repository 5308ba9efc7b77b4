//! The desk: pages over a case, for people who look, compare and decide.
//!
//! [`app()`] gives the router; whoever serves it chooses address and runtime. Every page works without scripts; nothing is asked of another
//! host, and the policy in each answer forbids it. What comes from reports is shown as text, whatever it holds, and the names of protected
//! persons are left out until somebody asks for them, which is logged.
//!
//! Programs get the same as JSON under `/api/v1`, and change it with a token.
//!
//! Handlers are thin: they read what was asked for ([`dateline::case::EventFilter`]), ask the case on a thread of its own, and lay the answer
//! out. Reading uses a pool of connections that never wait for a writer; each decision is one transaction, and is acknowledged when it is on
//! disk.

pub mod accounts;
mod adding;
mod api;
mod asset;
mod error;
mod exporting;
mod form;
mod guard;
mod page;
mod question;
mod recent;
mod state;
mod tiles;
mod visit;

use std::any::Any;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

pub use adding::ReaderMaker;
pub use api::description;
pub use error::Error;
pub use state::{Desk, Settings};
pub use tiles::Tiles;
pub use visit::Role;

/// Largest form that is taken, in bytes.
const LARGEST_FORM: usize = 256 << 10;
/// Largest upload, in bytes.
pub(crate) const LARGEST_UPLOAD: usize = 64 << 20;

/// Serves a desk until the process is interrupted; what is being answered then is answered to its end.
///
/// # Errors
/// When the listener can't be used.
pub fn serve(desk: Arc<Desk>, listener: TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let interrupted = async {
            // Where no signal can be heard the process is ended from outside.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let closing = Arc::clone(&desk);
        let interrupted = async move {
            interrupted.await;
            closing.close();
        };
        axum::serve(listener, app(desk)).with_graceful_shutdown(interrupted).await
    })
}

/// The pages of a case.
pub fn app(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(page::incoming::show))
        .route("/seen", post(page::incoming::seen))
        .route("/add", get(page::add::show).post(page::add::add).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)))
        .route("/events", get(page::events::list))
        .route("/events/{id}", get(page::event::show))
        .route("/events/{id}/decide", post(page::event::decide))
        .route("/events/{id}/merge", post(page::event::merge))
        .route("/events/{id}/split", post(page::event::split))
        .route("/media", get(page::media::wall::show))
        .route("/media/find", post(page::media::find::find).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)))
        .route("/media/{id}", get(page::media::picture::show))
        .route("/media/{id}/preview", get(page::media::preview).layer(middleware::from_fn(api::tag)))
        .route("/media/{id}/view", get(page::media::view).layer(middleware::from_fn(api::tag)))
        .route("/media/{id}/unveil", post(page::media::picture::unveil))
        .route("/media/{id}/original", post(page::media::picture::original))
        .route("/review", get(page::review::show))
        .route("/review/decide", post(page::review::decide))
        .route("/decisions", get(page::decisions::list))
        .route("/decisions/{number}/undo", post(page::decisions::undo))
        .route("/reports/{id}", get(page::report::show))
        .route("/reports/{id}/names", post(page::report::names))
        .route("/reports/{id}/original", post(page::report::original))
        .route("/search", get(page::search::show))
        .route("/sources", get(page::sources::list))
        .route("/sources/set", post(page::sources::set))
        .route("/sources/{name}", get(page::source::show).post(page::source::change))
        .route("/export", get(page::export::show).post(page::export::download))
        .route("/coding", get(page::coding::list).post(page::coding::ask))
        .route("/coding/{id}", get(page::coding::show).post(page::coding::hand_in))
        .route("/help", get(page::help::show))
        .route("/about", get(page::about::show))
        .route("/login", get(page::login::show).post(page::login::come_in))
        .route("/logout", post(page::login::leave))
        .route("/account", get(page::account::show))
        .route("/account/password", post(page::account::password))
        .route("/account/tokens", post(page::account::make_token))
        .route("/account/tokens/{id}/end", post(page::account::end_token))
        .route("/accounts", get(page::accounts::list).post(page::accounts::add))
        .route("/accounts/change", post(page::accounts::change))
        .route("/assets/{name}", get(asset::serve))
        .nest("/api/v1", api::routes())
        .fallback(page::not_found)
        .method_not_allowed_fallback(|| async { Error::Method })
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), guard::check))
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| -> Response { Error::Internal.into_response() }))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::const_new(exporting::ZIP))))
        .with_state(desk)
}
