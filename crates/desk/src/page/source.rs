//! One outlet: what people say of it, how its reports fared, what came from it last.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Redirect;
use dateline::case::{SourcePage, SourceRecord};
use maud::{Markup, html};
use serde::Deserialize;

use super::search::words;
use super::sources::{country, letter, letters_to_choose, path, reliability};
use super::{Section, counted, in_address, shell_with, shown, token};
use crate::Error;
use crate::asset::LISTS_STYLE;
use crate::form::Sent;
use crate::visit::{Role, Visit};

/// Reports that are listed.
const LISTED: usize = 20;

pub(crate) async fn show(visit: Visit, Path(name): Path<String>) -> Result<Markup, Error> {
    let desk = Arc::clone(&visit.desk);
    let page = visit.ask(move |case| desk.outlets.of(case, name.clone(), || Ok(case.source_page(&name, LISTED)?))).await?;
    let source = &page.source;
    Ok(shell_with(
        &visit,
        &source.name,
        Some(Section::Sources),
        &[&LISTS_STYLE],
        html! {
            p { a href="/sources" { "All sources" } }
            h1 dir="auto" { (shown(&source.name)) }
            section aria-labelledby="what" {
                h2 #what { "What people say of it" }
                @if !source.known { p { "Nobody has entered it yet; it is known from reports alone." } }
                dl {
                    dt { "reliability" } dd { (reliability(source)) }
                    dt { "owner" } dd dir="auto" { (shown(source.owner.as_deref().unwrap_or("not known"))) }
                    @if !page.siblings.is_empty() {
                        dt { "of the same owner" }
                        dd { @for (nth, name) in page.siblings.iter().enumerate() { @if nth > 0 { ", " } a href=(path(name)) dir="auto" { (shown(name)) } } }
                    }
                    dt { "kind" } dd dir="auto" { (shown(source.kind.as_deref().unwrap_or("not known"))) }
                    dt { "country" } dd { (shown(source.country.as_deref().unwrap_or("not known"))) }
                    dt { "other names" } dd dir="auto" { @if source.aliases.is_empty() { "none" } @else { (shown(&source.aliases.join(", "))) } }
                }
                @if visit.may(Role::Editor) { (form(&visit, &page)) }
            }
            (record(&page.record, source.reports))
            section aria-labelledby="reports" {
                h2 #reports { "What came from it last" }
                @if page.reports.is_empty() { p { "No report of it is in this case." } }
                ol class="reports" {
                    @for report in &page.reports {
                        li class=[report.copy_of.map(|_| "copy")] {
                            @if let Some(published) = &report.published { time { (published) } " " }
                            a href={ "/reports/r" (report.number) } dir="auto" { (words(&report.title, &report.hidden, &[])) }
                            @if let Some(first) = report.copy_of { " – a copy of " a href={ "/reports/r" (first) } { "r" (first) } }
                        }
                    }
                }
                @if page.reports.len() == LISTED {
                    p { a class="next" href={ "/search?sort=newest&source=" (in_address(&source.name)) } { "All of its reports" } }
                }
            }
        },
    ))
}

fn record(record: &SourceRecord, reports: u64) -> Markup {
    html! {
        section aria-labelledby="record" {
            h2 #record { "How its reports fared" }
            p {
                (counted(reports, "report")) " in this case. "
                @if record.looked_at < reports { "Counted over the last " (record.looked_at) " of them." } @else { "Counted over all of them." }
                @if record.not_weighed > 0 { " Of the events told first or alone, the later fate of the " (record.not_weighed) " told of longest ago is not counted." }
            }
            dl class="record" {
                dt { "first with a text" } dd { strong { (record.first_with_text) } " – reports whose text other outlets carry too, none of them earlier" }
                dt { "copied others" } dd { strong { (record.copies_of_others) } " – reports whose text another outlet published earlier" }
                dt { "told alone" } dd { strong { (record.told_alone) } " – events that somebody affirms and that only its reports tell of" }
                dt { "told first" } dd { strong { (record.told_first) } " – events that it affirms and that others tell of too, none of them earlier" }
                dt { "denied later" } dd { strong { (record.denied_later) } " – of the events told first or alone: another source denies them in a later report" }
                dt { "corroborated later" } dd { strong { (record.corroborated_later) } " – of the same events: an independent source, first heard in a later report, affirms them" }
            }
            p class="from" {
                "Earlier is by the day of publication, and within a day by the order in which reports came in. The counts say what this case holds: they are no measure of reliability, which people set."
            }
        }
    }
}

fn form(visit: &Visit, page: &SourcePage) -> Markup {
    let source = &page.source;
    let text = |name: &str, label: &str, value: &Option<String>, hint: &str| {
        html! { div { label for=(name) { (label) } input #(name) name=(name) value=(shown(value.as_deref().unwrap_or_default())) placeholder=(hint) maxlength="300"; } }
    };
    html! {
        form class="decide outlet" method="post" action=(path(&source.name)) aria-label="Say what it is" {
            (token(visit))
            div { label for="reliability" { "Reliability" } (letters_to_choose("reliability", source.reliability.as_deref())) }
            (text("owner", "Owner", &source.owner, "who owns or runs it"))
            (text("kind", "Kind", &source.kind, "agency, paper, channel"))
            (text("country", "Country", &source.country, "UKR"))
            div class="tall" { label for="aliases" { "Other names, one a line" } textarea #aliases name="aliases" rows="3" { (shown(&source.aliases.join("\n"))) } }
            div class="buttons" {
                button name="do" value="keep" { @if source.known { "Keep" } @else { "Enter it" } }
                @if source.known { button name="do" value="remove" { "Take it out of the table" } }
            }
            small { "Events with its reports are assessed anew. Who changed what and when is in the audit chain." }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    token: String,
    #[serde(default, rename = "do")]
    act: String,
    #[serde(default)]
    reliability: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    aliases: String,
}

/// Says what an outlet is, or takes it out of the table.
pub(crate) async fn change(visit: Visit, Path(name): Path<String>, Sent(sent): Sent<Change>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Editor)?;
    if name.trim().is_empty() {
        return Err(Error::Asked("no outlet is named".to_owned()));
    }
    let to = path(&name);
    match sent.act.as_str() {
        "keep" => {
            let letter = letter(&sent.reliability)?;
            let filled = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
            let country = country(sent.country.trim())?;
            let aliases: Vec<String> = sent.aliases.lines().filter_map(filled).collect();
            let (owner, kind) = (filled(&sent.owner), filled(&sent.kind));
            visit
                .change(move |case| {
                    case.set_outlet(&name, |row| {
                        (row.owner, row.kind, row.country) = (owner, kind, country);
                        (row.aliases, row.reliability) = (aliases, letter);
                    })
                })
                .await?;
            Ok(Redirect::to(&to))
        }
        "remove" => {
            let asked = name.clone();
            if !visit.change(move |case| case.remove_outlet(&asked)).await? {
                return Err(Error::NotFound(format!("`{name}` is not in the table of outlets")));
            }
            Ok(Redirect::to("/sources"))
        }
        other => Err(Error::Asked(format!("`{other}` is nothing that can be done with an outlet"))),
    }
}
