//! One event: its sources side by side, why it stands as it does, and what people decide of it.

use axum::extract::Path;
use axum::response::Redirect;
use dateline::case::{Account, Case, CaseError, Decision, EventPage, Quotes, Telling, TellingReport, WallPicture, WayKind};
use maud::{Markup, html};
use serde::Deserialize;

use super::history::history;
use super::media::thumbnails;
use super::{counted, facts, shell_with, shown, sides, spread, token};
use crate::Error;
use crate::asset;
use crate::form::Sent;
use crate::visit::{Role, Visit};

pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Markup, Error> {
    let (page, pictures) = visit
        .ask(move |case| {
            let page = case.event_page(Case::event_id(&id)?, Quotes::NamesWithheld)?;
            let pictures = case.pictures_among(page.media.iter().filter_map(|medium| medium.sha256.as_deref()))?;
            Ok((page, pictures))
        })
        .await?;
    let event = &page.event;
    Ok(shell_with(
        &visit,
        &event.summary,
        None,
        &[&asset::PAGES_STYLE, &asset::MEDIA_STYLE],
        html! {
            header class="of-event" {
                p class="code" { (event.id) }
                h1 dir="auto" { (shown(&event.summary)) }
                p class="certainty" dir="auto" { (shown(&page.certainty)) }
                (facts(event))
                (first_words(&page))
                p {
                    "Credibility "
                    strong { (event.grade.as_deref().unwrap_or("–")) }
                    @if event.grade.as_deref() != Some(page.proposed_grade.to_string().as_str()) {
                        " (set by a person; the machine proposes " (page.proposed_grade) ")"
                    }
                    " on the Admiralty scale, where 1 is confirmed and 6 can't be judged."
                }
                details { summary { "Why" } ul { @for reason in &page.reasons { li dir="auto" { (shown(reason)) } } @for admission in &page.admissions { li dir="auto" { "Against its own interest: " (shown(admission)) } } } }
            }
            @if !page.accounts.is_empty() {
                section aria-labelledby="sides" {
                    h2 #sides { "Side by side: " (counted(page.accounts.len() as u64, "source")) }
                    (sides::table(&page))
                    @if page.beyond > 0 { p { (page.beyond) " more tellings are not weighed here." } }
                }
            }
            (differences(&page))
            (unclear(&page))
            (reports(&visit, &page))
            (media(&page, &pictures))
            @if !page.accounts.is_empty() {
                section aria-labelledby="sources" {
                    h2 #sources { "In their own words" }
                    div class="accounts" { @for account in &page.accounts { (self::account(account)) } }
                }
            }
            (decisions(&visit, &page))
        },
    ))
}

/// The earliest words of a source that affirms it, else of any.
fn first_words(page: &EventPage) -> Markup {
    let told = |affirms: bool| {
        let accounts = page.accounts.iter().filter(move |account| !affirms || account.position == "affirms");
        accounts.filter_map(|account| account.told.first()).min_by_key(|told| (told.published.is_none(), told.published.clone()))
    };
    html! {
        @if let Some(first) = told(true).or_else(|| told(false)) {
            figure class="first" {
                blockquote dir="auto" { (quoted(first)) }
                figcaption {
                    bdi { (shown(first.outlet.as_deref().unwrap_or("unknown outlet"))) }
                    @if let Some(published) = &first.published { ", " time { (published) } }
                    ", " a href={ "/reports/" (first.report) } { (first.report) }
                }
            }
        }
    }
}

fn quoted(told: &Telling) -> Markup {
    let (start, end) = told.trigger;
    let part = |from: usize, to: usize| told.quote.get(from..to).unwrap_or_default().to_owned();
    html! { (shown(&part(0, start))) b { (shown(&part(start, end))) } (shown(&part(end, told.quote.len()))) }
}

fn unclear(page: &EventPage) -> Markup {
    html! {
        section aria-labelledby="unclear" {
            h2 #unclear { "What is unclear" }
            @if page.unclear.is_empty() { p { "The machine found no open question in the reports. Look at the quoted words all the same." } }
            ul class="unclear" {
                @for one in &page.unclear {
                    li {
                        span dir="auto" { (shown(&one.what)) }
                        @if let Some(words) = &one.words { " " q dir="auto" { (shown(words)) } }
                        @if let Some(report) = &one.report {
                            " " small {
                                @if let Some(outlet) = &one.outlet { bdi { (shown(outlet)) } ", " }
                                a href={ "/reports/" (report) } { (report) }
                            }
                        }
                    }
                }
            }
            @if page.unclear_beyond > 0 { p { "And " (page.unclear_beyond) " more." } }
        }
    }
}

/// Pictures and the like by name and hash: none is shown, so that nobody sees what they did not ask for.
fn media(page: &EventPage, pictures: &[WallPicture]) -> Markup {
    html! {
        @if !page.media.is_empty() {
            section aria-labelledby="media" {
                h2 #media { "Pictures, videos and documents" }
                p class="from" { "None is shown here. Files stand with their name, size and SHA-256; their bytes are in the archive." }
                (thumbnails(pictures))
                ul class="media" {
                    @for medium in &page.media {
                        li {
                            strong dir="auto" { (shown(&medium.name)) } " "
                            small {
                                @match medium.kind.as_str() {
                                    "file" => "file that came with a report",
                                    "address" => "named by a report; its bytes were not kept",
                                    other => { "spoken of (" (other) ")" },
                                }
                            }
                            @if !medium.said.is_empty() { ul { @for said in &medium.said { li dir="auto" { (shown(said)) } } } }
                            @if let Some(sha256) = &medium.sha256 {
                                p class="hash" { @if let Some(bytes) = medium.bytes { (counted(bytes, "byte")) ", " } "sha256:" (sha256) }
                            }
                            p class="from" {
                                @for (nth, by) in medium.shown_by.iter().enumerate() {
                                    @if nth == 0 { "first here by " } @else { "; then by " }
                                    bdi { (shown(by.outlet.as_deref().unwrap_or("unknown outlet"))) }
                                    @if let Some(published) = &by.published { ", " time { (published) } }
                                    " (" a href={ "/reports/" (by.report) } { (by.report) } ")"
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn differences(page: &EventPage) -> Markup {
    let disputes = &page.differences.disputes;
    html! {
        @if !disputes.is_empty() {
            section aria-labelledby="disputed" {
                h2 #disputed { "Where sources differ" }
                table {
                    thead { tr { th scope="col" { "Field" } th scope="col" { "Value" } th scope="col" { "Who says so" } } }
                    @for dispute in disputes {
                        tbody {
                            @for (nth, value) in dispute.values.iter().enumerate() {
                                tr {
                                    @if nth == 0 { th scope="rowgroup" rowspan=(dispute.values.len()) { (dispute.field) } }
                                    td dir="auto" { (shown(&value.value)) }
                                    td dir="auto" { (shown(&value.origins.join(", "))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn account(account: &Account) -> Markup {
    html! {
        article class={ "account " (account.position) } {
            h3 dir="auto" { (shown(&account.name)) }
            p class="facts" {
                span class="position" { (account.position.replace('-', " ")) }
                span { (account.stance.replace('-', " ")) }
                @if let Some(letter) = &account.reliability { span { "reliability " (letter) } }
                @if account.rumour { span class="disputed" { "only passes on what nobody answers for" } }
            }
            @for told in &account.told { (self::told(told)) }
            @if !account.reasons.is_empty() {
                details { summary { "Why this is one source" } ul { @for reason in &account.reasons { li dir="auto" { (shown(reason)) } } } }
            }
        }
    }
}

fn told(told: &Telling) -> Markup {
    let tone = told.tone.map_or("open", dateline::render::Tone::class);
    html! {
        div class="told" {
            p class="facts" {
                span class={ "mark " (tone) } { (told.certainty) }
                span dir="auto" { (shown(&told.who)) }
                @if !told.cues.is_empty() { span class="cues" dir="auto" { "“" (shown(&told.cues.join("”, “"))) "”" } }
            }
            blockquote dir="auto" { (quoted(told)) }
            @if !told.values.is_empty() { p class="values" dir="auto" { (shown(&told.values.join(" · "))) } }
            p class="from" {
                a href={ "/reports/" (told.report) } { (told.report) }
                @if let Some(outlet) = &told.outlet { " " bdi { (shown(outlet)) } }
                @if let Some(published) = &told.published { ", " time { (published) } }
                @if !told.copies.is_empty() {
                    "; the same text in " @for (nth, copy) in told.copies.iter().enumerate() { @if nth > 0 { ", " } a href={ "/reports/" (copy) } { (copy) } }
                }
            }
        }
    }
}

fn reports(visit: &Visit, page: &EventPage) -> Markup {
    let event = &page.event.id;
    let parts = page.reports.len() > 1 && visit.may(Role::Coder);
    html! {
        section aria-labelledby="reports" {
            h2 #reports { "How the news travelled" }
            (spread::drawing(&page.spread, "news"))
            form method="post" action={ "/events/" (event) "/split" } {
                (token(visit))
                ol class="reports" {
                    @for report in &page.reports {
                        li class=[report.copy_of.as_ref().map(|_| "copy")] {
                            @if parts { input type="checkbox" name="report" value=(report.id) aria-label={ "Part " (report.id) } ; " " }
                            @if let Some(published) = &report.published { time { (published) } " " }
                            bdi { (shown(report.source.as_deref().unwrap_or("unknown outlet"))) } ": "
                            a href={ "/reports/" (report.id) } dir="auto" { (shown(report.title.as_deref().unwrap_or(&report.id))) }
                            @if report.title.is_some() { " " small { (report.id) } }
                            (rests(page, report))
                            @if report.withdrawn { strong { " – withdrawn by its outlet" } }
                            @if let Some(join) = page.joins.iter().find(|join| join.report == report.id) {
                                details { summary { "Why it tells of the same" } ul { @for reason in &join.reasons { li dir="auto" { (shown(reason)) } } } }
                            }
                        }
                    }
                }
                @if parts {
                    div class="decide" {
                        label for="split-why" { "Those chosen tell of another event, because" }
                        input #split-why name="why" required;
                        button { "Part them" }
                    }
                }
            }
        }
    }
}

/// On what a report rests, in words: what the drawing shows by lines.
fn rests(page: &EventPage, report: &TellingReport) -> Markup {
    let spread = &page.spread;
    let at = spread.points.iter().position(|point| point.report.as_ref() == Some(&report.id));
    let point = at.and_then(|at| spread.points.get(at));
    let firsts = spread.points.iter().filter(|point| point.first).count();
    let ways = spread.ways.iter().filter(|way| Some(way.from) == at && way.kind != WayKind::Copy);
    html! {
        @if point.is_some_and(|point| point.first) {
            strong class="is-first" { @if firsts == 1 { " – the first" } @else { " – perhaps the first" } }
        }
        @if let Some(first) = &report.copy_of {
            " – a copy of " a href={ "/reports/" (report.id) "?compare=" (first) "#copies" } { (first) span class="unseen" { ": see how " (report.id) " differs" } }
        }
        @for way in ways {
            @let of = spread.points.get(way.to).and_then(|point| point.report.as_deref());
            @if way.kind == WayKind::Forward { " – passes on a message of " } @else { " – cites " }
            bdi { (shown(&way.name)) }
            @if let Some(of) = of { " (" (of) ")" }
        }
    }
}

fn decisions(visit: &Visit, page: &EventPage) -> Markup {
    html! {
        section aria-labelledby="decisions" {
            h2 #decisions { "Decisions" }
            @if page.history.is_empty() { p { "Nobody has decided on it yet." } }
            (history(visit, &page.history))
            @if visit.may(Role::Coder) { (forms(visit, page)) } @else { p { "Coders and editors decide; readers look." } }
        }
    }
}

fn forms(visit: &Visit, page: &EventPage) -> Markup {
    let event = &page.event.id;
    html! {
            form class="decide" method="post" action={ "/events/" (event) "/decide" } {
                (token(visit))
                div { label for="why" { "Why" } input #why name="why"; }
                div class="buttons" {
                    button name="kind" value="accept" accesskey="a" { "Accept" }
                    button name="kind" value="reject" accesskey="r" { "Reject" }
                    @if visit.may(Role::Editor) { button name="kind" value="release" { "Release names" } }
                }
                div {
                    label for="grade" { "Credibility" }
                    select #grade name="grade" { @for grade in 1..=6 { option selected[page.event.grade.as_deref() == Some(grade.to_string().as_str())] { (grade) } } }
                    button name="kind" value="grade" { "Set" }
                }
                div {
                    label for="field" { "Correct" }
                    select #field name="field" { @for field in ["type", "mode", "date", "place", "country", "summary", "killed"] { option { (field) } } }
                    label class="unseen" for="value" { "to" }
                    input #value name="value";
                    button name="kind" value="set" { "Correct" }
                }
                div { label for="note" { "Remark" } input #note name="note"; button name="kind" value="note" { "Keep" } }
            }
            form class="decide" method="post" action={ "/events/" (event) "/merge" } {
                (token(visit))
                label for="merge" { "It is the same as" }
                input #merge name="event" required placeholder="e12";
                label for="merge-why" { "because" }
                input #merge-why name="why" required;
                button { "Join them" }
            }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Decided {
    token: String,
    kind: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    grade: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    note: String,
}

pub(crate) async fn decide(visit: Visit, Path(id): Path<String>, Sent(sent): Sent<Decided>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Coder)?;
    let decision = match sent.kind.as_str() {
        "accept" => Decision::Accept,
        "reject" => Decision::Reject,
        "release" => {
            visit.must(Role::Editor)?;
            Decision::Release
        }
        "grade" => match sent.grade.parse() {
            Ok(grade @ 1..=6) => Decision::Grade(grade),
            _ => return Err(Error::Asked(format!("`{}` is no grade from 1 to 6", sent.grade))),
        },
        "set" => Decision::Set(format!("{}={}", sent.field, sent.value).parse::<dateline::case::Correction>()?),
        "note" if !sent.note.trim().is_empty() => Decision::Note(sent.note.trim().to_owned()),
        "note" => return Err(Error::Asked("the remark is empty".to_owned())),
        other => return Err(Error::Asked(format!("`{other}` is no decision"))),
    };
    let event = Case::event_id(&id)?;
    visit.change(move |case| case.decide(event, &decision, &sent.why)).await?;
    Ok(Redirect::to(&format!("/events/e{event}#decisions")))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Merged {
    token: String,
    event: String,
    #[serde(default)]
    why: String,
}

pub(crate) async fn merge(visit: Visit, Path(id): Path<String>, Sent(sent): Sent<Merged>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Coder)?;
    let (event, other) = (Case::event_id(&id)?, Case::event_id(sent.event.trim())?);
    if event == other {
        return Err(Error::Asked("an event can't be joined with itself".to_owned()));
    }
    visit.change(move |case| case.merge(event, &[other], &sent.why)).await?;
    Ok(Redirect::to(&format!("/events/e{event}")))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Parted {
    token: String,
    #[serde(default)]
    report: Vec<String>,
    #[serde(default)]
    why: String,
}

pub(crate) async fn split(visit: Visit, Path(id): Path<String>, Sent(sent): Sent<Parted>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Coder)?;
    let event = Case::event_id(&id)?;
    if sent.report.is_empty() {
        return Err(Error::Asked("no report was chosen".to_owned()));
    }
    let other = visit
        .change(move |case| {
            let reports = sent.report.iter().map(|id| case.report_id(id)).collect::<Result<Vec<u64>, CaseError>>()?;
            case.split(event, &reports, &sent.why)
        })
        .await?;
    Ok(Redirect::to(&format!("/events/e{other}")))
}
