//! Changes. Each is on disk when it is acknowledged, in the name of the token's account.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use dateline::case::{Case, CaseError, Correction, Decision, KeptReport};
use serde::{Deserialize, Serialize};

use super::{Answer, Given, Problem, answer};
use crate::accounts::Scope;
use crate::page::sources::{country, letter};
use crate::visit::Visit;
use crate::{Error, Role};

/// A decision on an event.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum NewDecision {
    /// The event stands as it is.
    Accept {
        /// Why.
        #[serde(default)]
        why: String,
    },
    /// The event is none, or read wrongly.
    Reject {
        /// Why.
        #[serde(default)]
        why: String,
    },
    /// Credibility on the Admiralty scale.
    Grade {
        /// 1 to 6.
        #[schema(minimum = 1, maximum = 6)]
        grade: u8,
        /// Why.
        #[serde(default)]
        why: String,
    },
    /// A field is to be as a person says.
    Set {
        /// Which.
        field: Field,
        /// Its value.
        value: String,
        /// The words that say so, if one wants to give them.
        #[serde(default)]
        words: Option<TakenFrom>,
        /// Why.
        #[serde(default)]
        why: String,
    },
    /// A remark.
    Note {
        /// Its words.
        #[schema(min_length = 1, pattern = "\\S")]
        note: String,
        /// Why.
        #[serde(default)]
        why: String,
    },
    /// Names of protected persons may be shown. For editors.
    Release {
        /// Why.
        #[serde(default)]
        why: String,
    },
}

/// Words of a report that tells of the event.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TakenFrom {
    /// The report.
    report: ReportName,
    /// Where they begin in its text, in code points.
    start: usize,
    /// Where they end, in code points.
    #[schema(minimum = 1)]
    end: usize,
}

/// A field that can be corrected.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Field {
    /// PLOVER type.
    Type,
    /// PLOVER mode.
    Mode,
    /// When, in EDTF.
    Date,
    /// Where, by name.
    Place,
    /// Where, ISO 3166-1 alpha-3.
    Country,
    /// In one sentence.
    Summary,
    /// How many were killed.
    Killed,
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Mode => "mode",
            Self::Date => "date",
            Self::Place => "place",
            Self::Country => "country",
            Self::Summary => "summary",
            Self::Killed => "killed",
        }
    }
}

/// A decision that was kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Kept {
    /// Its number.
    decision: u64,
}

pub(super) fn kept(decision: u64) -> Answer {
    let mut response = answer(&Kept { decision })?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Decide on an event
#[utoipa::path(post, path = "/api/v1/events/{id}/decisions", tag = "decisions", request_body = NewDecision,
    params(("id" = String, Path, description = "`e12`", pattern = "^[eE]?[0-9]{1,15}$")), responses(
    (status = 201, description = "It is kept", body = Kept),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn decide(visit: Visit, Path(id): Path<String>, Given(given): Given<NewDecision>) -> Answer {
    let release = matches!(given, NewDecision::Release { .. });
    visit.with(Scope::Review, if release { Role::Editor } else { Role::Coder })?;
    let event = Case::event_id(&id)?;
    let (decision, why) = match given {
        NewDecision::Accept { why } => (Decision::Accept, why),
        NewDecision::Reject { why } => (Decision::Reject, why),
        NewDecision::Grade { grade: grade @ 1..=6, why } => (Decision::Grade(grade), why),
        NewDecision::Grade { grade, .. } => return Err(Error::Asked(format!("`{grade}` is no grade from 1 to 6")).into()),
        NewDecision::Set { field, value, words, why } => {
            let correction = Correction::new(field.name(), &value)?;
            let correction = match words {
                None => correction,
                Some(TakenFrom { report: ReportName(report), start, end }) => {
                    let words = visit.ask(move |case| Ok(case.words(case.report_id(&report)?, start, end)?)).await?;
                    correction.with_words(words)
                }
            };
            (Decision::Set(correction), why)
        }
        NewDecision::Note { note, .. } if note.trim().is_empty() => {
            return Err(Error::Asked("the remark is empty".to_owned()).into());
        }
        NewDecision::Note { note, why } => (Decision::Note(note.trim().to_owned()), why),
        NewDecision::Release { why } => (Decision::Release, why),
    };
    kept(visit.change(move |case| case.decide(event, &decision, &why)).await?)
}

/// An event by its id.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(value_type = String, pattern = "^[eE]?[0-9]{1,15}$", example = "e12")]
pub(super) struct EventName(String);

/// A report by its id, or the beginning of its text's SHA-256.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(value_type = String, pattern = "^([rR][0-9]{1,15}|(sha256:)?[0-9a-fA-F]{4,64})$", example = "r3")]
pub(super) struct ReportName(String);

/// Other events that are the same.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Merge {
    /// `e12` and others.
    #[schema(min_items = 1)]
    events: Vec<EventName>,
    /// Why.
    #[schema(min_length = 1, pattern = "\\S")]
    why: String,
}

/// Join events with this one, which keeps its id
#[utoipa::path(post, path = "/api/v1/events/{id}/merge", tag = "decisions", request_body = Merge,
    params(("id" = String, Path, description = "`e12`", pattern = "^[eE]?[0-9]{1,15}$")), responses(
    (status = 201, description = "It is kept", body = Kept),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn merge(visit: Visit, Path(id): Path<String>, Given(given): Given<Merge>) -> Answer {
    visit.with(Scope::Review, Role::Coder)?;
    let event = Case::event_id(&id)?;
    let others = given.events.iter().map(|EventName(id)| Case::event_id(id)).collect::<Result<Vec<u64>, CaseError>>()?;
    if others.is_empty() || others.contains(&event) {
        return Err(Error::Asked("name other events to join with this one".to_owned()).into());
    }
    reason(&given.why)?;
    kept(visit.change(move |case| case.merge(event, &others, &given.why)).await?)
}

/// Reports that tell of another event.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Split {
    /// `r3` and others.
    #[schema(min_items = 1)]
    reports: Vec<ReportName>,
    /// Why.
    #[schema(min_length = 1, pattern = "\\S")]
    why: String,
}

/// An event that was parted from another.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Parted {
    /// Its id.
    event: String,
}

/// Part reports that tell of another event from this one
#[utoipa::path(post, path = "/api/v1/events/{id}/split", tag = "decisions", request_body = Split,
    params(("id" = String, Path, description = "`e12`", pattern = "^[eE]?[0-9]{1,15}$")), responses(
    (status = 201, description = "The other event", body = Parted),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn split(visit: Visit, Path(id): Path<String>, Given(given): Given<Split>) -> Answer {
    visit.with(Scope::Review, Role::Coder)?;
    let event = Case::event_id(&id)?;
    if given.reports.is_empty() {
        return Err(Error::Asked("no report is named".to_owned()).into());
    }
    reason(&given.why)?;
    let other = visit
        .change(move |case| {
            let reports =
                given.reports.iter().map(|ReportName(id)| case.report_id(id)).collect::<Result<Vec<u64>, CaseError>>()?;
            case.split(event, &reports, &given.why)
        })
        .await?;
    let mut response = answer(&Parted { event: format!("e{other}") })?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Why something is done, if one wants to say.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Remark {
    /// In words.
    why: String,
}

/// Why something is done.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    /// In words.
    #[schema(min_length = 1, pattern = "\\S")]
    pub(super) why: String,
}

/// Take a decision back
#[utoipa::path(post, path = "/api/v1/decisions/{number}/undo", tag = "decisions", request_body = Remark,
    params(("number" = u64, Path, description = "The decision's number")), responses(
    (status = 201, description = "It is taken back", body = Kept),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn undo(visit: Visit, Path(number): Path<String>, Given(given): Given<Remark>) -> Answer {
    visit.with(Scope::Review, Role::Coder)?;
    let number = number.parse().map_err(|_| Error::Asked(format!("`{number}` is no number of a decision")))?;
    kept(visit.change(move |case| case.undo(number, &given.why)).await?)
}

/// A report as its outlet published it, names and all.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WithNames {
    /// The report, with `reading`.
    report: KeptReport,
}

/// A report with its text, its reading and all names in them
///
/// For editors. That somebody looked, when and why is on record before this is answered.
#[utoipa::path(post, path = "/api/v1/reports/{id}/names", tag = "reports", request_body = Reason,
    params(("id" = String, Path, description = "`r3`, or the beginning of its text's SHA-256", pattern = "^([rR][0-9]{1,15}|(sha256:)?[0-9a-fA-F]{4,64})$")), responses(
    (status = 200, description = "The report", body = WithNames),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn names(visit: Visit, Path(id): Path<String>, Given(given): Given<Reason>) -> Answer {
    visit.with(Scope::Names, Role::Editor)?;
    reason(&given.why)?;
    let report = visit
        .change(move |case| {
            let report = case.report_id(&id)?;
            case.note_names_shown(report, &given.why)?;
            Ok(report)
        })
        .await?;
    answer(&WithNames { report: visit.ask(move |case| Ok(case.report_page(report)?.kept(true))).await? })
}

/// Record that its outlet took a report back
#[utoipa::path(post, path = "/api/v1/reports/{id}/withdrawal", tag = "reports", request_body = Reason,
    params(("id" = String, Path, description = "`r3`, or the beginning of its text's SHA-256", pattern = "^([rR][0-9]{1,15}|(sha256:)?[0-9a-fA-F]{4,64})$")), responses(
    (status = 204, description = "It is kept"),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn withdraw(visit: Visit, Path(id): Path<String>, Given(given): Given<Reason>) -> Answer {
    visit.with(Scope::Review, Role::Coder)?;
    reason(&given.why)?;
    visit.change(move |case| case.withdraw(case.report_id(&id)?, &given.why)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What is known of an outlet; what is left out stays as it is, what is empty is no longer known.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SourceChange {
    /// Who owns or runs it.
    owner: Option<String>,
    /// Other names, host names, handles.
    aliases: Option<Vec<String>>,
    /// Where it is at home, ISO 3166-1 alpha-3.
    country: Option<String>,
    /// What it is.
    kind: Option<String>,
    /// A to F.
    reliability: Option<String>,
}

/// Say what an outlet is
///
/// For editors. Events with its reports are assessed anew.
#[utoipa::path(put, path = "/api/v1/sources/{name}", tag = "sources", request_body = SourceChange,
    params(("name" = String, Path, description = "Its name")), responses(
    (status = 204, description = "It is kept"),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn set_source(visit: Visit, Path(name): Path<String>, Given(given): Given<SourceChange>) -> Answer {
    visit.with(Scope::Review, Role::Editor)?;
    if name.trim().is_empty() || name.trim() != name {
        return Err(Error::Asked("an outlet's name is not empty and has no space at either end".to_owned()).into());
    }
    country(given.country.as_deref().unwrap_or_default())?;
    letter(given.reliability.as_deref().unwrap_or_default())?;
    visit
        .change(move |case| {
            case.set_outlet(&name, |row| {
                let set = |field: &mut Option<String>, given: Option<String>| {
                    if let Some(given) = given {
                        *field = (!given.trim().is_empty()).then(|| given.trim().to_owned());
                    }
                };
                set(&mut row.owner, given.owner);
                set(&mut row.country, given.country);
                set(&mut row.kind, given.kind);
                set(&mut row.reliability, given.reliability);
                if let Some(aliases) = given.aliases {
                    row.aliases = aliases.into_iter().filter(|alias| !alias.trim().is_empty()).collect();
                }
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Take an outlet out of the table
///
/// For editors. Its reports stay.
#[utoipa::path(delete, path = "/api/v1/sources/{name}", tag = "sources",
    params(("name" = String, Path, description = "Its name")), responses(
    (status = 204, description = "It is out"),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn remove_source(visit: Visit, Path(name): Path<String>) -> Result<Response, super::Refused> {
    visit.with(Scope::Review, Role::Editor)?;
    let asked = name.clone();
    if visit.change(move |case| case.remove_outlet(&asked)).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Err(Error::NotFound(format!("`{name}` is not in the table of outlets")).into())
}

pub(super) fn reason(why: &str) -> Result<(), Error> {
    if why.trim().is_empty() { Err(Error::Asked("say why".to_owned())) } else { Ok(()) }
}
