//! Blind double coding.

use axum::extract::Path;
use dateline::case::{Case, Coding, Compared, FieldAgreement};
use serde::{Deserialize, Serialize};

use super::decide::{Kept, kept, reason};
use super::{Answer, Given, Problem, answer};
use crate::Role;
use crate::accounts::Scope;
use crate::visit::Visit;

/// A report that is to be coded, or was.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Task {
    /// `r3`.
    report: String,
    /// Who was asked.
    coders: Vec<String>,
    /// Who of them has handed a coding in.
    done: Vec<String>,
}

/// What one person coded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Handed {
    /// Who.
    coder: String,
    /// What.
    coding: Coding,
}

/// A report that was coded by all who were asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CodedReport {
    /// `r3`.
    report: String,
    /// What each coder handed in.
    codings: Vec<Handed>,
    /// What the machine reads.
    machine: Option<Coding>,
}

/// Codings and how far they agree.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Codings {
    /// All reports that are to be coded or were, the last first.
    tasks: Vec<Task>,
    /// Those that everybody who was asked has coded, oldest first. What others coded is not told before.
    reports: Vec<CodedReport>,
    /// Krippendorff's alpha for each field, over these.
    agreement: Vec<FieldAgreement>,
}

/// What is to be coded, what was, and how far coders agree
#[utoipa::path(get, path = "/api/v1/codings", tag = "coding", responses(
    (status = 200, description = "Tasks, codings and agreement", body = Codings),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn codings(visit: Visit) -> Answer {
    visit.with(Scope::Read, Role::Coder)?;
    let (tasks, compared) = visit.ask(|case| Ok((case.coding_tasks()?, case.codings()?))).await?;
    let agreement = Case::agreement(&compared);
    let tasks = tasks.into_iter().map(|task| Task { report: format!("r{}", task.report), coders: task.coders, done: task.done });
    let coded = |Compared { report, codings, machine }: Compared| CodedReport {
        report: format!("r{report}"),
        codings: codings.into_iter().map(|(coder, coding)| Handed { coder, coding }).collect(),
        machine,
    };
    answer(&Codings { tasks: tasks.collect(), reports: compared.into_iter().map(coded).collect(), agreement })
}

/// Who is to code a report.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Names of accounts, two or more.
    #[schema(min_items = 2)]
    coders: Vec<String>,
    /// Why.
    #[schema(min_length = 1, pattern = "\\S")]
    why: String,
}

/// Ask people to code a report without seeing each other's codes
///
/// For editors.
#[utoipa::path(post, path = "/api/v1/reports/{id}/coders", tag = "coding", request_body = Asked,
    params(("id" = String, Path, description = "`r3`, or the beginning of its text's SHA-256", pattern = "^([rR][0-9]{1,15}|(sha256:)?[0-9a-fA-F]{4,64})$")), responses(
    (status = 201, description = "They are asked", body = Kept),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn ask(visit: Visit, Path(id): Path<String>, Given(asked): Given<Asked>) -> Answer {
    visit.with(Scope::Review, Role::Editor)?;
    reason(&asked.why)?;
    kept(visit.change(move |case| case.ask_coding(case.report_id(&id)?, &asked.coders, &asked.why)).await?)
}

/// A coding that is handed in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandIn {
    /// What one codes.
    coding: Coding,
    /// A remark.
    #[serde(default)]
    why: String,
}

/// Hand one's own coding of a report in
#[utoipa::path(post, path = "/api/v1/reports/{id}/codings", tag = "coding", request_body = HandIn,
    params(("id" = String, Path, description = "`r3`, or the beginning of its text's SHA-256", pattern = "^([rR][0-9]{1,15}|(sha256:)?[0-9a-fA-F]{4,64})$")), responses(
    (status = 201, description = "It is kept", body = Kept),
    (status = "4XX", description = "It was not done", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn hand_in(visit: Visit, Path(id): Path<String>, Given(given): Given<HandIn>) -> Answer {
    visit.with(Scope::Review, Role::Coder)?;
    kept(visit.change(move |case| case.code(case.report_id(&id)?, given.coding, &given.why)).await?)
}
