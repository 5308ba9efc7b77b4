//! What people decided, line by line: who, when, what, why, and what was taken back.

use dateline_casebook::{Reader, Review, ReviewQuery};
use serde::Serialize;
use serde_json::{Value, json};

use super::CaseError;
use super::decide::{Correction, MOST, subject};

/// Kinds that say what somebody was shown: these can't be undone.
const SHOWN: &[&str] = &["names-shown", "original-shown"];

/// A decision, for people.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionLine {
    /// Its number.
    pub id: u64,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// What was decided.
    pub what: String,
    /// Why.
    pub why: Option<String>,
    /// Whether it stands and can be taken back.
    pub can_be_taken_back: bool,
    /// Who took it back; in a history only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<TakenBack>,
}

/// That a decision was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TakenBack {
    /// Number of the decision that took it back.
    pub id: u64,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: Option<String>,
}

impl From<&Review> for DecisionLine {
    fn from(review: &Review) -> Self {
        let undone = review.undone_by.map(|by| format!(" (taken back by {by})")).unwrap_or_default();
        let mut line = Self::plain(review);
        line.what.push_str(&undone);
        line
    }
}

impl DecisionLine {
    /// Without a word of its having been taken back.
    fn plain(review: &Review) -> Self {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let correction = Correction::of(review).map(|correction| format!(" {}", correction.line()));
        let value = correction.unwrap_or_else(|| match (&review.field, &review.value) {
            (Some(field), Some(value)) => format!(" {field} = {}", text(value)),
            (None, Some(value)) if matches!(review.kind.as_str(), "grade" | "note") => format!(" {}", text(value)),
            _ => String::new(),
        });
        Self {
            id: review.id,
            at: review.at.clone(),
            by: review.by.clone(),
            what: format!("{}{value}", review.kind),
            why: review.why.clone().filter(|why| !why.trim().is_empty()),
            can_be_taken_back: can_be_taken_back(review),
            taken_back: None,
        }
    }
}

/// Whether a decision stands and can be taken back: what somebody was shown stays on record as it was.
pub(super) fn can_be_taken_back(review: &Review) -> bool {
    review.undone_by.is_none() && review.kind != "undo" && !is_showing(&review.kind)
}

/// Whether a kind of record says what somebody was shown.
pub(super) fn is_showing(kind: &str) -> bool {
    SHOWN.contains(&kind)
}

/// All decisions on an event, those taken back too, oldest first; those too that were made while it bore another name.
pub(super) fn of_event(reader: &Reader<'_>, event: u64) -> Result<Vec<DecisionLine>, CaseError> {
    lines(reader, before(reader, event, u64::MAX)?)
}

/// Who was shown names in a report, or its original.
pub(super) fn of_report(reader: &Reader<'_>, report: u64) -> Result<Vec<DecisionLine>, CaseError> {
    let query = ReviewQuery { subject: Some(json!({ "report": report })), limit: MOST, ..ReviewQuery::default() };
    lines(reader, reader.reviews(&query)?.rows.into_iter().filter(|review| is_showing(&review.kind)).collect())
}

/// What was decided of a picture, and who was given its file.
pub(super) fn of_picture(reader: &Reader<'_>, sha256: &str) -> Result<Vec<DecisionLine>, CaseError> {
    let query = ReviewQuery { subject: Some(json!({ "picture": sha256 })), limit: MOST, ..ReviewQuery::default() };
    lines(reader, reader.reviews(&query)?.rows)
}

fn before(reader: &Reader<'_>, event: u64, end: u64) -> Result<Vec<Review>, CaseError> {
    let query = ReviewQuery { subject: Some(subject(event)), limit: MOST, ..ReviewQuery::default() };
    let mut history: Vec<Review> = Vec::new();
    for review in reader.reviews(&query)?.rows.into_iter().filter(|review| review.id < end) {
        let value = |field: &str| review.value.as_ref().and_then(|value| value.get(field));
        let number = |field: &str| value(field).and_then(Value::as_u64);
        match review.kind.as_str() {
            // Those that stayed took the decisions along under another name.
            "split" if review.undone_by.is_none() && value("name_moved") == Some(&Value::Bool(true)) => history.clear(),
            "renamed" => {
                // Names only grow, so this ends.
                if let (Some(from), Some(end)) = (number("from").filter(|&from| from < event), number("before")) {
                    history = before(reader, from, end)?;
                }
            }
            _ => {}
        }
        history.push(review);
    }
    Ok(history)
}

fn lines(reader: &Reader<'_>, reviews: Vec<Review>) -> Result<Vec<DecisionLine>, CaseError> {
    let line = |review: &Review| {
        let undo = match review.undone_by {
            Some(by) => reader.review(by)?,
            None => None,
        };
        let taken_back = undo.map(|undo| {
            let why = undo.why.filter(|why| !why.trim().is_empty());
            TakenBack { id: undo.id, at: undo.at, by: undo.by, why }
        });
        Ok(DecisionLine { taken_back, ..DecisionLine::plain(review) })
    };
    reviews.iter().map(line).collect()
}
