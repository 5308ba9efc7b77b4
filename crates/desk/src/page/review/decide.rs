//! What is decided in the queue. It is on disk when the next page comes.

use axum::response::Redirect;
use dateline::case::{Case, CaseError, Correction, Decision};
use dateline::casebook::EventSort;
use serde::Deserialize;
use serde_json::Value;

use super::Queue;
use crate::Error;
use crate::form::Sent;
use crate::visit::{Role, Visit};

/// A form of the queue: which button, and what stands in its fields.
#[derive(Debug, Deserialize)]
pub(crate) struct Decided {
    token: String,
    /// Where in the queue to go on, as a query string.
    #[serde(default)]
    back: String,
    /// The button: `accept`, `grade-3`, `merge-e12`, …
    kind: String,
    #[serde(default)]
    event: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    country: String,
    /// The report that the words stand in.
    #[serde(default)]
    report: String,
    #[serde(default)]
    start: Option<usize>,
    #[serde(default)]
    end: Option<usize>,
    /// An event to join, typed.
    #[serde(default)]
    other: String,
    /// Reports that tell of another event.
    #[serde(default)]
    reports: Vec<String>,
    /// A decision to take back.
    #[serde(default)]
    decision: Option<u64>,
}

/// What was done.
struct Done {
    /// The decision's number.
    review: u64,
    /// The event to stay with; none to go on to the next.
    stay: Option<u64>,
}

pub(crate) async fn decide(visit: Visit, Sent(sent): Sent<Decided>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Coder)?;
    let queue = Queue::read(&sent.back)?;
    let done = match sent.kind.split_once('-').unwrap_or((&sent.kind, "")) {
        ("undo", _) => undo(&visit, &sent).await?,
        ("merge", other) => merge(&visit, &sent, if other.is_empty() { &sent.other } else { other }).await?,
        ("split", _) => split(&visit, sent).await?,
        ("set", _) => correct(&visit, sent).await?,
        (kind, number) => simple(&visit, &sent, kind, number).await?,
    };
    let at = done.stay.map(|event| format!("e{event}")).unwrap_or_default();
    Ok(Redirect::to(&queue.path(&queue.place.after, &at, &format!("did={}", done.review))?))
}

fn is_there(case: &Case, event: u64) -> Result<bool, CaseError> {
    Ok(case.event_mark(event, EventSort::Date)?.is_some())
}

async fn simple(visit: &Visit, sent: &Decided, kind: &str, number: &str) -> Result<Done, Error> {
    let event = Case::event_id(&sent.event)?;
    let (decision, goes_on) = match kind {
        "accept" => (Decision::Accept, true),
        "reject" => (Decision::Reject, true),
        "grade" => match number.parse() {
            Ok(grade @ 1..=6) => (Decision::Grade(grade), false),
            _ => return Err(Error::Asked(format!("`{number}` is no grade from 1 to 6"))),
        },
        "note" if sent.why.trim().is_empty() => return Err(Error::Asked("the note is empty".to_owned())),
        "note" => (Decision::Note(sent.why.trim().to_owned()), false),
        other => return Err(Error::Asked(format!("`{other}` is no decision"))),
    };
    let why = if kind == "note" { String::new() } else { sent.why.clone() };
    let review = visit.change(move |case| case.decide(event, &decision, &why)).await?;
    Ok(Done { review, stay: (!goes_on).then_some(event) })
}

async fn correct(visit: &Visit, sent: Decided) -> Result<Done, Error> {
    let event = Case::event_id(&sent.event)?;
    let (Some(start), Some(end)) = (sent.start, sent.end) else {
        return Err(Error::Asked("choose the words that say so".to_owned()));
    };
    let mut correction = Correction::new(&sent.field, &sent.value)?;
    if !sent.country.trim().is_empty() {
        correction = correction.with_country(&sent.country)?;
    }
    let review = visit
        .change(move |case| {
            let words = case.words(case.report_id(&sent.report)?, start, end)?;
            case.decide(event, &Decision::Set(correction.with_words(words)), &sent.why)
        })
        .await?;
    Ok(Done { review, stay: Some(event) })
}

async fn merge(visit: &Visit, sent: &Decided, other: &str) -> Result<Done, Error> {
    if other.trim().is_empty() {
        return Err(Error::Asked("choose the event that it is the same as".to_owned()));
    }
    let (event, other) = (Case::event_id(&sent.event)?, Case::event_id(other.trim())?);
    if event == other {
        return Err(Error::Asked("an event can't be joined with itself".to_owned()));
    }
    let why = sent.why.clone();
    let review = visit.change(move |case| case.merge(event, &[other], &why)).await?;
    Ok(Done { review, stay: Some(event) })
}

async fn split(visit: &Visit, sent: Decided) -> Result<Done, Error> {
    let event = Case::event_id(&sent.event)?;
    if sent.reports.is_empty() {
        return Err(Error::Asked("no report was chosen".to_owned()));
    }
    let by = visit.viewer.name.clone();
    let (review, stay) = visit
        .change(move |case| {
            let reports = sent.reports.iter().map(|id| case.report_id(id)).collect::<Result<Vec<u64>, CaseError>>()?;
            let other = case.split(event, &reports, &sent.why)?;
            let review = case.last_decision(&by)?.map(|review| review.id).unwrap_or_default();
            // The event's name may have gone with the reports that left: what is left of it is looked at then.
            Ok((review, if is_there(case, event)? { event } else { other }))
        })
        .await?;
    Ok(Done { review, stay: Some(stay) })
}

/// Takes somebody's own last decision back, and shows its event again.
async fn undo(visit: &Visit, sent: &Decided) -> Result<Done, Error> {
    let by = visit.viewer.name.clone();
    let (named, why) = (sent.decision, sent.why.clone());
    let (review, event) = visit
        .change(move |case| {
            let nothing = || CaseError::Correction("there is nothing of yours to take back".to_owned());
            let last = case.last_decision(&by)?.ok_or_else(nothing)?;
            if named.is_some_and(|named| named != last.id) {
                return Err(CaseError::Correction("this is no longer your last decision: look again".to_owned()));
            }
            let event = last.subject.get("event").and_then(Value::as_u64);
            let undone = case.undo(last.id, &why)?;
            let stay = match event {
                Some(event) if is_there(case, event)? => Some(event),
                _ => None,
            };
            Ok((undone, stay))
        })
        .await?;
    Ok(Done { review, stay: event })
}
