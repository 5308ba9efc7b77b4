//! Correcting a field by the words of a report that say so.

use dateline::case::{Case, Correction, Proposal, UnderReview, Words};
use dateline::record::{EventType, Mode};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Current, Queue};
use crate::Error;
use crate::page::{shown, token};
use crate::visit::Visit;

/// What is to be corrected, and by which words: chosen in the text, or typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    field: String,
    start: String,
    end: String,
    words: String,
}

/// A field that is being corrected.
pub(super) struct Chosen {
    pub(super) field: String,
    /// What was typed.
    typed: String,
    /// The words, with what they give; or why they can't be taken.
    found: Option<Result<(Words, Proposal), String>>,
}

/// What was chosen so far.
pub(super) fn choose(case: &Case, under: &UnderReview, wanted: &Wanted) -> Result<Option<Chosen>, Error> {
    if wanted.field.is_empty() {
        return Ok(None);
    }
    if !Correction::FIELDS.contains(&wanted.field.as_str()) {
        return Err(Error::Asked(format!("`{}` can't be corrected", wanted.field)));
    }
    let number = |text: &str| text.parse::<usize>().map_err(|_| Error::Asked(format!("`{text}` is no place in a text")));
    let report = under.shown.as_ref().map(|shown| shown.report);
    let words = match report {
        Some(report) if !wanted.start.is_empty() => Some(case.words(report, number(&wanted.start)?, number(&wanted.end)?)),
        Some(report) if !wanted.words.trim().is_empty() => Some(case.find_words(report, &wanted.words)),
        _ => None,
    };
    let found = match words {
        Some(Ok(words)) => {
            let proposal = case.propose(&wanted.field, &words)?;
            Some(Ok((words, proposal)))
        }
        // What can't be taken is said beside the field, where it can be put right.
        Some(Err(error @ dateline::case::CaseError::Correction(_))) => Some(Err(error.to_string())),
        Some(Err(error)) => return Err(error.into()),
        None => None,
    };
    let typed = match &found {
        Some(Ok((words, _))) => words.text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => wanted.words.clone(),
    };
    Ok(Some(Chosen { field: wanted.field.clone(), typed, found }))
}

/// What a field is now.
fn value_of(current: &Current, field: &str) -> Option<String> {
    let event = &current.under.event;
    match field {
        "type" => event.kind.clone(),
        "mode" => event.mode.clone(),
        "date" => event.date.clone(),
        "place" => event.place.as_ref().map(|place| place.name.clone()),
        "country" => event.place.as_ref().and_then(|place| place.country.clone()),
        "summary" => Some(event.summary.clone()),
        "killed" => event.killed.map(crate::page::killed),
        _ => None,
    }
}

/// The address of the event with a report and a field, none for none.
fn path(queue: &Queue, current: &Current, field: &str) -> Result<String, Error> {
    let report = current.under.shown.as_ref().map(|shown| format!("report=r{}", shown.report));
    let field = (!field.is_empty()).then(|| format!("field={field}"));
    let more = report.into_iter().chain(field).collect::<Vec<_>>().join("&");
    queue.path(&queue.place.after, &current.under.event.id, &more)
}

/// The fields that can be corrected, with what they are now.
pub(super) fn fields(queue: &Queue, current: &Current) -> Result<Markup, Error> {
    let chosen = current.chosen.as_ref().map(|chosen| chosen.field.as_str());
    let fields = Correction::FIELDS.iter().map(|field| Ok((*field, path(queue, current, field)?, value_of(current, field))));
    let fields = fields.collect::<Result<Vec<_>, Error>>()?;
    Ok(html! {
        details data-group="e" open[chosen.is_some()] {
            summary data-key="e" { kbd { "e" } " Correct a field" }
            ol class="fields" {
                @for (nth, (field, path, value)) in fields.iter().enumerate() {
                    li {
                        a href=(path) data-digit=(nth + 1) aria-current=[(chosen == Some(*field)).then_some("true")] { kbd { (nth + 1) } " " (field) }
                        " " span class="value" dir="auto" { (shown(value.as_deref().unwrap_or("–"))) }
                    }
                }
            }
        }
    })
}

/// Above the text: which words say the field that is chosen, and the value that they give.
pub(super) fn panel(visit: &Visit, queue: &Queue, current: &Current, back: &Markup) -> Result<Markup, Error> {
    let (Some(chosen), Some(shown)) = (&current.chosen, &current.under.shown) else { return Ok(html! {}) };
    let leave = path(queue, current, "")?;
    Ok(words(visit, queue, current, chosen, &format!("r{}", shown.report), &leave, back))
}

fn words(visit: &Visit, queue: &Queue, current: &Current, chosen: &Chosen, report: &str, leave: &str, back: &Markup) -> Markup {
    let field = chosen.field.as_str();
    let hidden = |name: &str, value: &str| html! { @if !value.is_empty() { input type="hidden" name=(name) value=(value); } };
    // A form that asks leaves the rest of the address out: it is repeated in it.
    let pairs: Vec<(String, String)> =
        queue.query().ok().and_then(|query| serde_html_form::from_str(&query).ok()).unwrap_or_default();
    html! {
        form #choose class="panel" action="/review" aria-label="Words that say so" {
            @for (name, value) in pairs.iter().filter(|(name, _)| name != "at") { (hidden(name, value)) }
            (hidden("at", &current.under.event.id)) (hidden("report", report)) (hidden("field", field))
            p #how {
                "Which words of " (report) " say the " strong { (field) } "? "
                span class="by-keys" { "In the text, arrow keys go from word to word, Space begins and ends what you choose, Enter takes it, Escape leaves. Or mark the words with the mouse." }
            }
            label for="typed" { "Words, as they stand in the text" }
            input #typed name="words" value=(shown(&chosen.typed)) autocomplete="off" required;
            button { "Find them" }
            " " a href=(leave) data-leave { "Leave it" }
        }
        @match &chosen.found {
            Some(Ok((words, proposal))) => {
                form class="panel" #value-form method="post" action="/review/decide" aria-label="The value" {
                    (token(visit)) (back)
                    input type="hidden" name="field" value=(field);
                    input type="hidden" name="report" value=(report);
                    input type="hidden" name="start" value=(words.start);
                    input type="hidden" name="end" value=(words.end);
                    p dir="auto" { "“" mark { (shown(&words.text)) } "” – " (shown(&proposal.why)) "." }
                    label for="value" { (field) }
                    (value_field(field, proposal.value.as_deref()))
                    @if field == "place" {
                        label for="country" { "in" }
                        input #country name="country" value=[proposal.country.as_deref()] placeholder="UKR" size="4";
                    }
                    button name="kind" value="set" { "Correct" }
                }
            }
            Some(Err(why)) => { p class="warning" role="alert" dir="auto" { (shown(why)) } }
            None => {}
        }
    }
}

fn value_field(field: &str, value: Option<&str>) -> Markup {
    let codes: Vec<&str> = match field {
        "type" => EventType::ALL.iter().map(|code| code.as_str()).collect(),
        "mode" => Mode::ALL.iter().map(|code| code.as_str()).collect(),
        _ => Vec::new(),
    };
    html! {
        @if codes.is_empty() {
            input #value name="value" value=[value.map(shown)] required autocomplete="off" placeholder=[(field == "date").then_some("2024-12-26")] inputmode=[(field == "killed").then_some("numeric")];
        } @else {
            select #value name="value" required {
                option value="" { "choose" }
                @for code in codes { option value=(code) selected[value == Some(code)] { (code) } }
            }
        }
    }
}
