//! What is new, as it comes: server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use dateline::case::{News, NewsMark};
use futures_util::stream;
use serde::{Deserialize, Serialize};

use super::{Problem, Refused};
use crate::accounts::Scope;
use crate::form::Asked;
use crate::visit::Visit;
use crate::{Error, Role};

/// How often the case is asked.
const PAUSE: Duration = Duration::from_secs(1);
/// Reports and decisions that are taken at a time.
const AT_A_TIME: usize = 100;

/// From where on.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// The id of the last piece of news that is known; the header `Last-Event-ID` wins. Without either: from now on.
    after: String,
}

/// Somebody who listens.
struct Listener {
    visit: Visit,
    mark: NewsMark,
    waiting: VecDeque<Event>,
}

/// What is new, as it comes
///
/// A stream of server-sent events named `report`, `decision` and `event`, each with JSON as data: a report that came in, a decision, an event
/// as it now stands. The id of each can be given back to go on from there; nothing is missed, whoever adds reports meanwhile.
#[utoipa::path(get, path = "/api/v1/news", tag = "news", params(Since), responses(
    (status = 200, description = "The stream", body = String, content_type = "text/event-stream"),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn listen(visit: Visit, headers: HeaderMap, since: Result<Asked<Since>, Error>) -> Result<Response, Refused> {
    visit.with(Scope::Read, Role::Reader)?;
    let Asked(since) = since?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).unwrap_or(&since.after);
    let mark = match last.trim() {
        "" => visit.ask(|case| Ok(case.news_mark()?)).await?,
        given => given.parse()?,
    };
    let turn = visit.desk.listen()?;
    let listener = Listener { visit, mark, waiting: VecDeque::from([Event::default().comment("listening")]) };
    let news = stream::unfold((listener, turn), |(mut listener, turn)| async move {
        let event = next(&mut listener).await?;
        Some((Ok::<_, Infallible>(event), (listener, turn)))
    });
    Ok(Sse::new(news).keep_alive(KeepAlive::default()).into_response())
}

/// The next piece of news; waits for it. None ends the stream: what can't be asked now can be asked again from the same place.
async fn next(listener: &mut Listener) -> Option<Event> {
    loop {
        if let Some(event) = listener.waiting.pop_front() {
            return Some(event);
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = listener.visit.desk.closing() => return None,
        }
        let mark = listener.mark;
        let news = listener.visit.ask(move |case| Ok(case.news(mark, AT_A_TIME)?)).await.ok()?;
        if !news.is_empty() {
            listener.mark = news.next;
            listener.waiting = told(&news)?;
        }
    }
}

/// News as events. Only the last bears the mark: who stops before it gets all of them again.
fn told(news: &News) -> Option<VecDeque<Event>> {
    fn one(name: &str, value: &impl Serialize) -> Option<Event> {
        Some(Event::default().event(name).data(serde_json::to_string(value).ok()?))
    }
    let reports = news.reports.iter().map(|report| one("report", report));
    let decisions = news.decisions.iter().map(|decision| one("decision", decision));
    let events = news.events.iter().map(|event| one("event", event));
    let mut all = reports.chain(decisions).chain(events).collect::<Option<VecDeque<Event>>>()?;
    if let Some(last) = all.pop_back() {
        all.push_back(last.id(news.next.to_string()));
    }
    Some(all)
}
