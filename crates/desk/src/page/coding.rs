//! Blind double coding: who is to code which report, the form, and what came of it.

use axum::extract::Path;
use axum::response::Redirect;
use dateline::agreement::{Agreement, Level};
use dateline::case::{Case, Coding, CodingTask, Compared, FieldAgreement};
use dateline::record::{EventType, FactualityValue, Mode};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use super::{Section, counted, shell_with, shown, token};
use crate::form::Sent;
use crate::visit::{Role, Visit};
use crate::{Error, asset};

/// Reports that a page lists.
const LISTED: usize = 200;
/// Names that can be given at once.
const CODERS: usize = 3;

pub(crate) async fn list(visit: Visit) -> Result<Markup, Error> {
    let (tasks, agreement, compared) = visit
        .ask(|case| {
            let compared = case.codings()?;
            Ok((case.coding_tasks()?, Case::agreement(&compared), compared.len()))
        })
        .await?;
    let names = match visit.desk.has_accounts() {
        true => visit.accounts(|accounts| Ok(accounts.all()?.into_iter().map(|account| account.name).collect())).await?,
        false => Vec::new(),
    };
    let body = html! {
        h1 { "Coding" }
        p { "Two people or more code one report, each without seeing what the others or the machine make of it. When all have handed theirs in, the codings are shown beside each other, and count for the agreement." }
        @if !visit.desk.has_accounts() {
            p role="note" class="warning" { "Here everybody is " bdi { (shown(&visit.viewer.name)) } ": for blind coding two people need accounts of their own (dateline serve --users)." }
        }
        (own(&visit, &tasks))
        @if visit.may(Role::Editor) { (asking(&visit, &names)) }
        section aria-labelledby="agreement" {
            h2 #agreement { "Agreement" }
            @if compared == 0 { p { "No report was coded by all who were asked yet." } } @else { (self::agreement(&agreement, compared)) }
        }
        section aria-labelledby="all" {
            h2 #all { "Reports" }
            @if tasks.is_empty() { p { "Nobody was asked to code a report yet." } }
            ul class="reports" {
                @for task in tasks.iter().take(LISTED) {
                    li {
                        a href={ "/coding/r" (task.report) } { "r" (task.report) } ": "
                        @for (nth, coder) in task.coders.iter().enumerate() {
                            @if nth > 0 { ", " } bdi { (shown(coder)) } @if task.done.contains(coder) { " (done)" }
                        }
                        @if task.is_complete() { " – " strong { "to compare" } }
                    }
                }
            }
            @if tasks.len() > LISTED { p { (tasks.len() - LISTED) " more are not listed." } }
        }
    };
    Ok(shell_with(&visit, "Coding", Some(Section::Coding), &[&asset::REVIEW_STYLE], body))
}

/// What whoever looks is still to code.
fn own(visit: &Visit, tasks: &[CodingTask]) -> Markup {
    let name = &visit.viewer.name;
    let mine = tasks.iter().filter(|task| task.coders.contains(name) && !task.done.contains(name));
    let mine: Vec<_> = mine.collect();
    html! {
        section aria-labelledby="mine" {
            h2 #mine { "For you to code" }
            @if mine.is_empty() { p { "Nothing." } }
            ul { @for task in mine.iter().take(LISTED) { li { a href={ "/coding/r" (task.report) } { "r" (task.report) } } } }
        }
    }
}

fn asking(visit: &Visit, names: &[String]) -> Markup {
    html! {
        section aria-labelledby="asking" {
            h2 #asking { "Ask for a coding" }
            form class="decide ask" method="post" action="/coding" {
                (token(visit))
                div { label for="report" { "Report" } input #report name="report" required placeholder="r3"; }
                @for nth in 1..=CODERS {
                    div { label for={ "coder-" (nth) } { "Coder " (nth) } input id={ "coder-" (nth) } name="coder" list="names" required[nth < CODERS] autocomplete="off"; }
                }
                datalist #names { @for name in names { option value=(name) {} } }
                button { "Ask them" }
            }
        }
    }
}

fn agreement(fields: &[FieldAgreement], reports: usize) -> Markup {
    let alpha = |agreement: &Agreement| match agreement.alpha {
        Some(alpha) => format!("{alpha:.3}"),
        None => "–".to_owned(),
    };
    html! {
        p { "Krippendorff's alpha over " (counted(reports as u64, "report")) " that all who were asked have coded: 1 is perfect agreement, 0 what chance gives. A dash: the values do not differ, or too few were given. For words, “not said” is a value like another; a date or number that was not given counts as missing, and so does every field where a coder sees no event. Dates differ by days." }
        div class="wide" tabindex="0" role="region" aria-label="Agreement by field" {
            table {
                thead { tr { th scope="col" { "Field" } th scope="col" { "Level" } th scope="col" class="number" { "Alpha" } th scope="col" class="number" { "Units" } th scope="col" class="number" { "Pairs" } th scope="col" class="number" { "Alpha with the machine" } } }
                tbody {
                    @for field in fields {
                        tr {
                            th scope="row" { (field.field) }
                            td { @match field.level { Level::Nominal => "nominal", Level::Ordinal => "ordinal", Level::Interval => "interval", Level::Ratio => "ratio" } }
                            td class="number" { (alpha(&field.coders)) }
                            td class="number" { (field.coders.units) }
                            td class="number" { (field.coders.pairs) }
                            td class="number" { (alpha(&field.with_machine)) }
                        }
                    }
                }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asking {
    token: String,
    report: String,
    #[serde(default)]
    coder: Vec<String>,
}

pub(crate) async fn ask(visit: Visit, Sent(sent): Sent<Asking>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Editor)?;
    visit
        .change(move |case| {
            let report = case.report_id(sent.report.trim())?;
            case.ask_coding(report, &sent.coder, "")
        })
        .await?;
    Ok(Redirect::to("/coding"))
}

/// What somebody may see of a report that is coded.
enum Stage {
    /// Its text and the form.
    Code(Option<(Option<String>, String)>),
    /// Others are still to code it.
    Wait,
    Compare(Box<Compared>),
}

pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Markup, Error> {
    let name = visit.viewer.name.clone();
    let (task, stage) = visit
        .ask(move |case| {
            let report = case.report_id(&id)?;
            let task = case.coding_task(report)?;
            let stage = match case.compared(report)? {
                Some(compared) => Stage::Compare(Box::new(compared)),
                None if task.coders.contains(&name) && !task.done.contains(&name) => Stage::Code(case.blind_text(report)?),
                None => Stage::Wait,
            };
            Ok((task, stage))
        })
        .await?;
    let title = format!("Coding r{}", task.report);
    let body = html! {
        @match &stage {
            Stage::Code(text) => { h1 { (title) } (form(&visit, &task, text.as_ref())) }
            Stage::Wait => {
                h1 { (title) }
                p role="status" { "Handed in: " (task.done.len()) " of " (task.coders.len()) ". The codings are shown when all have handed theirs in." }
                ul { @for coder in &task.coders { li { bdi { (shown(coder)) } @if task.done.contains(coder) { " – done" } @else { " – still to code" } } } }
                p { a href="/coding" { "All coding" } }
            }
            Stage::Compare(compared) => { h1 { (title) } (comparison(compared)) }
        }
    };
    Ok(shell_with(&visit, &title, Some(Section::Coding), &[&asset::REVIEW_STYLE], body))
}

fn form(visit: &Visit, task: &CodingTask, text: Option<&(Option<String>, String)>) -> Markup {
    let choice = |name: &str, label: &str, codes: &[&str]| {
        html! {
            label for=(name) { (label) }
            select #(name) name=(name) { option value="" { "not said" } @for code in codes { option value=(code) { (code) } } }
        }
    };
    let words = |name: &str, label: &str, hint: &str| {
        html! { label for=(name) { (label) } input #(name) name=(name) placeholder=(hint) autocomplete="off"; }
    };
    let types: Vec<&str> = EventType::ALL.iter().map(|code| code.as_str()).collect();
    let modes: Vec<&str> = Mode::ALL.iter().map(|code| code.as_str()).collect();
    let held: Vec<&str> = FactualityValue::ALL.iter().map(|code| code.as_str()).collect();
    html! {
        p { "Code its main event, the one that the report is mostly about, from its words alone: please don't look the report up in the desk before. Leave out what the text does not say." }
        div class="coding" {
            section aria-label="The report" {
                @match text {
                    Some((title, text)) => {
                        @if let Some(title) = title { h2 dir="auto" { (shown(title)) } }
                        div class="words" tabindex="0" role="group" aria-label="Text" { (PreEscaped(text)) }
                    }
                    None => { p { "It was not read, so that it is not known which names to leave out: it can't be coded blind yet." } }
                }
            }
            form method="post" action={ "/coding/r" (task.report) } aria-label="Coding" {
                (token(visit))
                label class="flag whole" { input type="checkbox" name="no_event" value="true"; " It tells of no event" }
                (choice("type", "Type", &types)) (choice("mode", "Mode", &modes))
                (words("actor", "Who", "as the text calls them")) (words("recipient", "To whom", "as the text calls them"))
                (words("date", "When", "2024-12-26")) (words("place", "Where", "the finest place"))
                (words("killed_low", "Killed, at least", "")) (words("killed_high", "Killed, at most", ""))
                (choice("factuality", "Held to be", &held))
                p class="whole" { small { "CT certain, PR probable, PS possible; + it happened, - it did not; Uu left open." } }
                label for="why" { "Remark" } input #why name="why" autocomplete="off";
                p class="whole" { button { "Hand it in" } " " small { "It can't be changed when all have handed theirs in." } }
            }
        }
    }
}

fn comparison(compared: &Compared) -> Markup {
    let none = Coding::default();
    let columns: Vec<(&str, &Coding)> = compared.codings.iter().map(|(by, coding)| (by.as_str(), coding)).collect();
    let machine = compared.machine.as_ref();
    let field = |coding: &Coding, nth: usize| coding.fields().nth(nth).map(|(_, value)| value.to_owned()).unwrap_or_default();
    let cell = |value: &str| html! { @if value.is_empty() { span class="code" { "not said" } } @else { (shown(value)) } };
    html! {
        p { a href={ "/reports/r" (compared.report) } { "r" (compared.report) } ", as everybody who was asked has coded it, and as the machine reads it." }
        div class="wide" tabindex="0" role="region" aria-label="Codings beside each other" {
            table {
                thead { tr {
                    th scope="col" { "Field" }
                    @for (by, _) in &columns { th scope="col" { bdi { (shown(by)) } } }
                    th scope="col" { "the machine" }
                    th scope="col" { "Coders" }
                } }
                tbody {
                    tr {
                        th scope="row" { "event" }
                        @for (_, coding) in &columns { td { (if coding.no_event { "none" } else { "yes" }) } }
                        td { (machine.map_or("not read", |coding| if coding.no_event { "none" } else { "yes" })) }
                        (agree(columns.iter().all(|(_, coding)| Some(coding.no_event) == columns.first().map(|(_, first)| first.no_event))))
                    }
                    @for (nth, (name, _)) in none.fields().enumerate() {
                        @let values: Vec<String> = columns.iter().map(|(_, coding)| field(coding, nth)).collect();
                        tr {
                            th scope="row" { (name) }
                            @for value in &values { td dir="auto" { (cell(value)) } }
                            td dir="auto" { (cell(&machine.map(|coding| field(coding, nth)).unwrap_or_default())) }
                            (agree(values.iter().all(|value| values.first().is_some_and(|first| first.to_lowercase() == value.to_lowercase()))))
                        }
                    }
                }
            }
        }
        p { a href="/coding#agreement" { "Agreement over all reports" } }
    }
}

fn agree(same: bool) -> Markup {
    html! { @if same { td { "agree" } } @else { td class="differs" { "differ" } } }
}

#[derive(Debug, Deserialize)]
pub(crate) struct HandedIn {
    token: String,
    #[serde(default)]
    no_event: bool,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    recipient: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    killed_low: String,
    #[serde(default)]
    killed_high: String,
    #[serde(default)]
    factuality: String,
    #[serde(default)]
    why: String,
}

pub(crate) async fn hand_in(visit: Visit, Path(id): Path<String>, Sent(sent): Sent<HandedIn>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Coder)?;
    let HandedIn { no_event, kind, mode, actor, recipient, date, place, killed_low, killed_high, factuality, why, .. } = sent;
    let coding = Coding { no_event, kind, mode, actor, recipient, date, place, killed_low, killed_high, factuality };
    let report = visit
        .change(move |case| {
            let report = case.report_id(&id)?;
            case.code(report, coding, &why)?;
            Ok(report)
        })
        .await?;
    Ok(Redirect::to(&format!("/coding/r{report}")))
}
