//! The queue: events that nobody has decided on, one at a time, for somebody who reads two hundred reports a day.
//!
//! Where somebody is stands in the address: the filter of the list, `after` (behind which event to go on), and `at` where an event is looked at again
//! or further. Each key does what a link or button of the page does; the script only presses them.

mod correct;
mod decide;

pub(crate) use decide::decide;

use dateline::case::{Case, CaseEvent, DecisionLine, EventFilter, UnderReview};
use dateline::casebook::Review;
use maud::{Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};

use super::{Section, counted, facts, shell_with, shown, token};
use crate::form::Asked;
use crate::question::events_query;
use crate::visit::{Role, Visit};
use crate::{Error, asset};
use correct::Chosen;

/// Events that are offered for joining.
const CANDIDATES: usize = 6;
/// Reports that can be chosen for a part by a digit.
const DIGITS: usize = 9;

/// Where in the queue somebody is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Place {
    #[serde(skip_serializing_if = "String::is_empty")]
    sort: String,
    /// Behind which event to go on.
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
    /// The event that is looked at, whether or not it is still to be decided on.
    #[serde(skip_serializing_if = "String::is_empty")]
    at: String,
}

/// What is looked at there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct View {
    /// The report whose text is shown.
    report: String,
    /// The decision that was made last, to say so.
    did: String,
}

/// A place in the queue with what it is a queue of.
#[derive(Clone, Debug, Default)]
struct Queue {
    filter: EventFilter,
    place: Place,
}

impl Queue {
    fn new(filter: EventFilter, place: Place) -> Self {
        // Whether somebody has decided is not asked for: nobody has.
        Self { filter: EventFilter { reviewed: false, unreviewed: false, ..filter }, place }
    }

    /// From a query string that a page of ours has made.
    fn read(query: &str) -> Result<Self, Error> {
        let wrong = |error: serde_html_form::de::Error| Error::Asked(error.to_string());
        let filter = serde_html_form::from_str(query).map_err(wrong)?;
        Ok(Self::new(filter, serde_html_form::from_str(query).map_err(wrong)?))
    }

    /// As it stands in an address.
    fn query(&self) -> Result<String, Error> {
        let filter = serde_html_form::to_string(&self.filter).map_err(|_| Error::Internal)?;
        let place = serde_html_form::to_string(&self.place).map_err(|_| Error::Internal)?;
        Ok([filter, place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&"))
    }

    /// The address of another place in the same queue, with more asked for.
    fn path(&self, after: &str, at: &str, more: &str) -> Result<String, Error> {
        let place = Place { sort: self.place.sort.clone(), after: after.to_owned(), at: at.to_owned() };
        let query = Self { filter: self.filter.clone(), place }.query()?;
        let parts: Vec<&str> = [query.as_str(), more].into_iter().filter(|part| !part.is_empty()).collect();
        Ok(if parts.is_empty() { "/review".to_owned() } else { format!("/review?{}", parts.join("&")) })
    }

    /// What this asks of the case: the next so many behind a mark, or before it.
    fn asks(&self, after: &str, backwards: bool, count: bool) -> Result<dateline::casebook::EventQuery, Error> {
        let after = (!after.is_empty()).then(|| after.to_owned());
        let query = events_query(&self.filter, &self.place.sort, 1, after)?;
        Ok(dateline::casebook::EventQuery { reviewed: Some(false), ascending: backwards, count, ..query })
    }
}

/// What a page of the queue shows.
struct Found {
    /// How many are left in the whole queue, and whether that is exact.
    left: (u64, bool),
    /// None at the end of the queue.
    event: Option<Current>,
    /// The last decision of whoever looks.
    last: Option<Review>,
    /// The decision that was made just now.
    did: Option<DecisionLine>,
}

/// The event that is looked at.
struct Current {
    under: UnderReview,
    /// Its place in the order of the list.
    mark: String,
    /// The event before it that nobody has decided on.
    before: Option<String>,
    candidates: Vec<CaseEvent>,
    chosen: Option<Chosen>,
}

pub(crate) async fn show(
    visit: Visit,
    Asked(filter): Asked<EventFilter>,
    Asked(place): Asked<Place>,
    Asked(view): Asked<View>,
    Asked(wanted): Asked<correct::Wanted>,
) -> Result<Markup, Error> {
    let queue = Queue::new(filter, place);
    let by = visit.viewer.name.clone();
    let asked = queue.clone();
    let found = visit.ask(move |case| find(case, &asked, &view, &wanted, &by)).await?;
    let title = found.event.as_ref().map_or("Review", |event| event.under.event.summary.as_str());
    Ok(shell_with(
        &visit,
        title,
        Some(Section::Review),
        &[&asset::REVIEW_STYLE, &asset::REVIEW_SCRIPT],
        lay_out(&visit, &queue, &found)?,
    ))
}

fn find(case: &Case, queue: &Queue, view: &View, wanted: &correct::Wanted, by: &str) -> Result<Found, Error> {
    let all = case.events(&queue.asks("", false, true)?)?;
    let event = if queue.place.at.is_empty() {
        let next = if queue.place.after.is_empty() {
            all.rows
        } else {
            case.events(&queue.asks(&queue.place.after, false, false)?)?.rows
        };
        next.first().map(|event| Case::event_id(&event.id)).transpose()?
    } else {
        Some(Case::event_id(&queue.place.at)?)
    };
    let event = match event {
        Some(event) => {
            let report = if view.report.is_empty() { None } else { Some(case.report_id(&view.report)?) };
            let under = case.under_review(event, report)?;
            let sort = events_query(&queue.filter, &queue.place.sort, 1, None)?.sort;
            let mark = case.event_mark(event, sort)?.unwrap_or_default();
            let before = case.events(&queue.asks(&mark, true, false)?)?.rows.into_iter().next().map(|event| event.id);
            let chosen = correct::choose(case, &under, wanted)?;
            Some(Current { under, mark, before, candidates: case.like(event, CANDIDATES)?, chosen })
        }
        None => None,
    };
    let did = match view.did.parse() {
        Ok(number) => Some(DecisionLine::from(&case.decision(number)?)),
        Err(_) => None,
    };
    Ok(Found { left: (all.total.unwrap_or_default(), all.total_is_exact), event, last: case.last_decision(by)?, did })
}

fn lay_out(visit: &Visit, queue: &Queue, found: &Found) -> Result<Markup, Error> {
    let left = match found.left {
        (number, true) => counted(number, "event"),
        (number, false) => format!("more than {number} events"),
    };
    let asked = queue.filter.words();
    let list =
        serde_html_form::to_string(EventFilter { unreviewed: true, ..queue.filter.clone() }).map_err(|_| Error::Internal)?;
    let beginning = queue.path("", "", "")?;
    Ok(html! {
        div class="queue" {
            h1 { "Review" }
            p class="left" {
                (left) " to review" @if !asked.is_empty() { ": " span class="code" { (shown(&asked)) } }
                " · " a href={ "/events?" (list) } { "As a list" }
            }
            p #said role="status" {
                @if let Some(did) = &found.did { "Kept: " (shown(&did.what)) "." @if found.last.is_some() { " " kbd { "u" } " takes your last decision back." } }
            }
            (undo(visit, queue, found)?)
        }
        @match &found.event {
            Some(event) => { (current(visit, queue, event)?) }
            None => {
                section class="empty" aria-labelledby="empty" {
                    h2 #empty { "Nothing is left to review here" }
                    @if queue.place.after.is_empty() {
                        p { "Somebody has decided on every event that is as you ask." }
                        p { a href="/review" { "All events to review" } " · " a href="/events" { "All events" } }
                    } @else {
                        p { "This is the end of the queue." @if found.left.0 > 0 { " " (left) " are left that you have skipped." } }
                        p { a href=(beginning) data-key="j" { "From the beginning" } }
                    }
                }
            }
        }
        (keys())
    })
}

/// Where a form of the page leads back to.
fn back(queue: &Queue, event: Option<&Current>) -> Result<Markup, Error> {
    let place = match event {
        Some(event) => Place { at: String::new(), after: event.mark.clone(), ..queue.place.clone() },
        None => Place { at: String::new(), ..queue.place.clone() },
    };
    let query = Queue { filter: queue.filter.clone(), place }.query()?;
    Ok(html! {
        input type="hidden" name="back" value=(query);
        @if let Some(event) = event { input type="hidden" name="event" value=(event.under.event.id); }
    })
}

fn undo(visit: &Visit, queue: &Queue, found: &Found) -> Result<Markup, Error> {
    let Some(last) = found.last.as_ref().filter(|_| visit.may(Role::Coder)) else { return Ok(html! {}) };
    let line = DecisionLine::from(last);
    Ok(html! {
        form class="undo-last" method="post" action="/review/decide" {
            (token(visit)) (back(queue, found.event.as_ref())?)
            input type="hidden" name="decision" value=(line.id);
            button name="kind" value="undo" data-key="u" { kbd { "u" } " Take back: " span dir="auto" { (shown(&line.what)) } }
            @if let Some(event) = last.subject.get("event").and_then(serde_json::Value::as_u64) { " on " a href={ "/events/e" (event) } { "e" (event) } }
        }
    })
}

fn current(visit: &Visit, queue: &Queue, current: &Current) -> Result<Markup, Error> {
    let event = &current.under.event;
    // Behind one that was decided on, the queue goes on where it was.
    let after = if event.reviewed && !queue.place.after.is_empty() { &queue.place.after } else { &current.mark };
    let next = queue.path(after, "", "")?;
    let before = current.before.as_ref().map(|before| queue.path(&queue.place.after, before, "")).transpose()?;
    Ok(html! {
        div class="desk" {
            section class="about" aria-labelledby="event" {
                p class="code" { a href={ "/events/" (event.id) } { (event.id) } }
                h2 #event tabindex="-1" dir="auto" { (shown(&event.summary)) }
                (facts(event))
                p class="grade" { "Credibility " strong { (event.grade.as_deref().unwrap_or("–")) } }
                (told(current))
                @if !current.under.decisions.is_empty() {
                    details open {
                        summary { "Decided so far" }
                        ol class="history" {
                            @for line in &current.under.decisions {
                                li { strong dir="auto" { (shown(&line.what)) } " by " bdi { (shown(&line.by)) } @if let Some(why) = &line.why { ": " span dir="auto" { (shown(why)) } } }
                            }
                        }
                    }
                }
                @if visit.may(Role::Coder) { (decisions(visit, queue, current)?) } @else { p role="note" { "You may look, but not decide: ask for the role of a coder." } }
                nav class="steps" aria-label="Events of the queue" {
                    @if let Some(before) = before { a href=(before) rel="prev" data-key="k" { kbd { "k" } " Previous" } }
                    a href=(next) rel="next" data-key="j" { kbd { "j" } " Next, without deciding" }
                }
            }
            (text(visit, queue, current)?)
        }
    })
}

fn told(current: &Current) -> Markup {
    let told = current.under.shown.as_ref().map(|shown| shown.told.as_slice()).unwrap_or_default();
    html! {
        @for told in told {
            blockquote dir="auto" {
                @let (start, end) = told.trigger;
                (shown(told.quote.get(..start).unwrap_or_default()))
                mark { (shown(told.quote.get(start..end).unwrap_or_default())) }
                (shown(told.quote.get(end..).unwrap_or_default()))
            }
            p class="from" {
                @if let Some(tone) = told.tone { span class={ "mark " (tone.class()) } { (told.certainty) } " " }
                span dir="auto" { (shown(&told.who)) }
                @if !told.cues.is_empty() { " · “" span dir="auto" { (shown(&told.cues.join("”, “"))) } "”" }
                @if !told.values.is_empty() { " · " span dir="auto" { (shown(&told.values.join(", "))) } }
            }
        }
    }
}

fn decisions(visit: &Visit, queue: &Queue, current: &Current) -> Result<Markup, Error> {
    let back = back(queue, Some(current))?;
    Ok(html! {
        form class="deciding" method="post" action="/review/decide" aria-label="Decide" {
            (token(visit)) (back)
            div class="why" {
                label for="why" { kbd { "n" } " Note, or why" }
                input #why name="why" autocomplete="off" data-key="n";
                // The first button is what Enter in the field presses.
                button name="kind" value="note" { "Keep as a note" }
            }
            div class="buttons" {
                button class="accept" name="kind" value="accept" data-key="a" { kbd { "a" } " Accept" }
                button class="reject" name="kind" value="reject" data-key="r" { kbd { "r" } " Reject" }
            }
            fieldset data-group="g" data-key="g" {
                legend { kbd { "g" } " Credibility" }
                @for (grade, means) in ["confirmed", "probably true", "possibly true", "doubtful", "improbable", "can't be judged"].iter().enumerate() {
                    @let grade = (grade + 1).to_string();
                    button name="kind" value={ "grade-" (grade) } data-digit=(grade) title=(means) aria-label={ (grade) ", " (means) } aria-pressed=[(current.under.event.grade.as_deref() == Some(grade.as_str())).then_some("true")] { (grade) }
                }
            }
        }
        (correct::fields(queue, current)?)
        details data-group="m" open[false] {
            summary data-key="m" { kbd { "m" } " It is the same as another" }
            form class="panel" method="post" action="/review/decide" {
                (token(visit)) (back)
                label for="merge-why" { "Why" } input #merge-why name="why" autocomplete="off";
                button class="unseen" name="kind" value="merge" tabindex="-1" aria-hidden="true" { "Join" }
                @if current.candidates.is_empty() { p { "No other event is near it in place and time, or told in its reports." } }
                ol class="candidates" {
                    @for (nth, other) in current.candidates.iter().enumerate() {
                        li {
                            button name="kind" value={ "merge-" (other.id) } data-digit=(nth + 1) { kbd { (nth + 1) } " Join " (other.id) }
                            " " a href={ "/events/" (other.id) } dir="auto" { (shown(&other.summary)) }
                            (facts(other))
                        }
                    }
                }
                label for="merge" { "Or this one" } input #merge name="other" placeholder="e12";
                button name="kind" value="merge" { "Join" }
            }
        }
        @if current.under.reports.len() > 1 {
            details data-group="s" {
                summary data-key="s" { kbd { "s" } " Part it: some reports tell of another" }
                form class="panel" method="post" action="/review/decide" {
                    (token(visit)) (back)
                    fieldset {
                        legend { "Reports that tell of another event" }
                        @for (nth, report) in current.under.reports.iter().enumerate() {
                            label class="flag" {
                                input type="checkbox" name="reports" value=(report.id) data-digit=[(nth < DIGITS).then_some(nth + 1)];
                                " " @if nth < DIGITS { kbd { (nth + 1) } " " } (self::report(report))
                            }
                        }
                    }
                    label for="split-why" { "Why" } input #split-why name="why" autocomplete="off";
                    button name="kind" value="split" data-enter { "Part them" }
                }
            }
        }
    })
}

/// A report in a list.
fn report(report: &dateline::case::TellingReport) -> Markup {
    html! {
        span class="code" { (report.id) }
        @if let Some(source) = &report.source { " " bdi { (shown(source)) } }
        @if let Some(published) = &report.published { " " time { (published) } }
        @if let Some(first) = &report.copy_of { " (a copy of " (first) ")" }
        @if report.withdrawn { strong { " withdrawn" } }
    }
}

fn text(visit: &Visit, queue: &Queue, current: &Current) -> Result<Markup, Error> {
    let reports = &current.under.reports;
    let id = current.under.shown.as_ref().map(|shown| format!("r{}", shown.report));
    let here = reports.iter().position(|report| Some(&report.id) == id.as_ref());
    let field = current.chosen.as_ref().map(|chosen| format!("&field={}", chosen.field)).unwrap_or_default();
    let path = |report: &str| queue.path(&queue.place.after, &current.under.event.id, &format!("report={report}{field}"));
    let step = |by: isize| -> Result<Option<String>, Error> {
        let other = here.and_then(|here| here.checked_add_signed(by)).and_then(|at| reports.get(at));
        other.map(|report| path(&report.id)).transpose()
    };
    let (before, next) = (step(-1)?, step(1)?);
    Ok(html! {
        section class="text" aria-labelledby="text" {
            @if let Some(shown_here) = &current.under.shown {
                header {
                    h2 #text dir="auto" { (shown(shown_here.title.as_deref().filter(|title| !title.is_empty()).unwrap_or("Its report"))) }
                    p class="facts" {
                        @if let Some(here) = here.and_then(|here| reports.get(here)) { a href={ "/reports/" (here.id) } { (report(here)) } }
                    }
                    @if reports.len() > 1 {
                        nav class="steps" aria-label="Reports of the event" {
                            span { "Report " (here.map_or(0, |here| here + 1)) " of " (reports.len()) }
                            @if let Some(before) = before { a href=(before) data-key="[" { kbd { "[" } " Previous report" } }
                            @if let Some(next) = next { a href=(next) data-key="]" { kbd { "]" } " Next report" } }
                        }
                    }
                }
                @if visit.may(Role::Coder) { (correct::panel(visit, queue, current, &back(queue, Some(current))?)?) }
                div #words class="words" data-report=(shown_here.report) data-choosing[current.chosen.is_some()] tabindex="0" role="group" aria-labelledby="text" aria-describedby=[current.chosen.is_some().then_some("how")] {
                    (PreEscaped(&shown_here.text))
                }
            } @else {
                h2 #text { "No report to show" }
                p { "Its reports were not read." }
            }
        }
    })
}

fn keys() -> Markup {
    let keys = [
        ("a", "accept, and go on"),
        ("r", "reject, and go on"),
        ("e", "correct a field, then its digit; then choose the words in the text"),
        ("g", "set the credibility, then 1 to 6"),
        ("m", "it is the same as another event, then the digit"),
        ("s", "part it: digits choose reports, Enter parts them"),
        ("n", "write a note, or why; Enter keeps the note, Escape leaves the field for another key"),
        ("u", "take your last decision back"),
        ("j", "next event, without deciding"),
        ("k", "previous event"),
        ("[", "previous report of the event"),
        ("]", "next report of the event"),
        ("?", "these keys"),
    ];
    html! {
        details #keys class="keys" {
            summary data-key="?" { kbd { "?" } " Keys" }
            dl { @for (key, does) in keys { dt { kbd { (key) } } dd { (does) } } }
            p { "Accepting and rejecting end with an event; after any other decision it stays in view, so that it can be corrected further. Keys do nothing while you write in a field." }
            // The script puts a switch here: without it there are no keys.
            p #switch {}
        }
    }
}
