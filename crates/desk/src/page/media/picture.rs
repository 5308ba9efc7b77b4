//! One picture: where it was seen and how it travelled, what it was shown for, what its file says, what speaks against it.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use dateline::case::{DecisionLine, PictureFacts, PicturePage, PictureSighting, PictureTelling, Quotes, Veil};
use dateline::render::media::{PictureFact, credential_facts, credential_status, metadata_facts};
use maud::{Markup, html};

use super::wall::day;
use super::{Thumb, short, thumbnail};
use crate::Error;
use crate::asset::{MEDIA_STYLE, PAGES_STYLE};
use crate::form::Sent;
use crate::page::history::history;
use crate::page::report::{Reason, ReasonForm};
use crate::page::spread::drawing;
use crate::page::{Section, counted, shell_with, shown, token};
use crate::visit::{Role, Visit};

/// Sightings that are listed.
const SIGHTINGS: usize = 200;
/// Pictures like it that are shown.
const ALIKE: usize = 48;

pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let asked = id.clone();
    let (page, decisions) = visit
        .ask(move |case| {
            let sha256 = case.picture_id(&id)?;
            Ok((case.picture_page(&sha256, Quotes::NamesWithheld)?, case.picture_decisions(&sha256)?))
        })
        .await?;
    // A picture has one address.
    if asked != page.facts.sha256 {
        return Ok(Redirect::to(&format!("/media/{}", page.facts.sha256)).into_response());
    }
    Ok(lay_out(&visit, &page, &decisions).into_response())
}

/// Everybody may see the picture from now on; who said so, and why, is on record.
pub(crate) async fn unveil(visit: Visit, Path(id): Path<String>, Sent(reason): Sent<Reason>) -> Result<Redirect, Error> {
    reason.check(&visit, "say why the picture is to be seen")?;
    let sha256 = visit
        .change(move |case| {
            let sha256 = case.picture_id(&id)?;
            case.unveil_picture(&sha256, &reason.why)?;
            Ok(sha256)
        })
        .await?;
    Ok(Redirect::to(&format!("/media/{sha256}")))
}

/// The file as it came: that somebody has it is on record before it is sent. Always a download: a browser must not decode what a stranger made.
pub(crate) async fn original(visit: Visit, Path(id): Path<String>, Sent(reason): Sent<Reason>) -> Result<Response, Error> {
    reason.check(&visit, "say why you need the file")?;
    let sha256 = visit
        .change(move |case| {
            let sha256 = case.picture_id(&id)?;
            case.note_picture_original_shown(&sha256, &reason.why)?;
            Ok(sha256)
        })
        .await?;
    let name = format!("attachment; filename=\"{}.original\"", short(&sha256));
    let bytes = visit.ask(move |case| Ok(case.picture_original(&sha256)?)).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn lay_out(visit: &Visit, page: &PicturePage, decisions: &[DecisionLine]) -> Markup {
    let sha256 = &page.facts.sha256;
    let title = format!("Picture {}", short(sha256));
    shell_with(
        visit,
        &title,
        Some(Section::Media),
        &[&PAGES_STYLE, &MEDIA_STYLE],
        html! {
            header class="of-picture" {
                h1 { (title) }
                (facts(&page.facts))
                @for warning in &page.warnings { p class="warning" role="note" dir="auto" { (shown(&warning.words)) } }
                @for finding in &page.facts.findings { p class="warning" role="note" { "odd: " (shown(finding)) } }
            }
            (figure(visit, page))
            section aria-labelledby="seen" {
                h2 #seen { "Where it was seen" }
                (sightings(&page.sightings))
            }
            @if page.spread.points.len() > 1 {
                section aria-labelledby="travelled" {
                    h2 #travelled { "How it travelled" }
                    (drawing(&page.spread, "picture"))
                }
            }
            (shown_for(page))
            @if !page.cluster.is_empty() {
                section aria-labelledby="alike" {
                    h2 #alike { "Pictures like it" }
                    ul class="wall like" {
                        @for like in page.cluster.iter().take(ALIKE) {
                            li {
                                (thumbnail(&Thumb { sha256: &like.sha256, failure: None, veil: like.veil.as_ref() }))
                                p { (like.how_in_words) @if let Some(first) = &like.first_seen { "; first seen " time { (day(first)) } } }
                            }
                        }
                    }
                    @if page.cluster.len() > ALIKE { p class="from" { "And " (page.cluster.len() - ALIKE) " more." } }
                }
            }
            (carries(page))
            @if !decisions.is_empty() {
                section aria-labelledby="decided" { h2 #decided { "Who showed it, and who has the file" } (history(visit, decisions)) }
            }
            (original_form(visit, sha256))
        },
    )
}

/// Format, size, hash.
pub(super) fn facts(facts: &PictureFacts) -> Markup {
    html! {
        p class="facts" {
            span { (shown(facts.format.as_deref().unwrap_or("no picture"))) }
            @if let (Some(width), Some(height)) = (facts.width, facts.height) { span { (width) " × " (height) " pixels" } }
            span { (counted(facts.bytes, "byte")) }
            span class="hash" { "sha256:" (facts.sha256) }
        }
    }
}

fn figure(visit: &Visit, page: &PicturePage) -> Markup {
    let sha256 = &page.facts.sha256;
    let veil = page.veil.as_ref();
    let held = veil.filter(|veil| veil.holds());
    let words = page.captions.iter().find(|caption| caption.kind != "title").map(|caption| caption.words.as_str());
    html! {
        @if let Some(why) = &page.facts.failure {
            p class="warning" role="note" { "Not decoded: " (shown(why)) }
        } @else {
            figure class="picture" {
                @if held.is_some() {
                    img class="veiled" src={ "/media/" (sha256) "/view" } alt="a picture that is veiled";
                } @else {
                    img src={ "/media/" (sha256) "/view" } alt=(shown(words.unwrap_or("the picture; nothing is given for those who can't see it")));
                }
                @if let Some(words) = words { figcaption dir="auto" { (shown(words)) } }
            }
            @if let Some(veil) = veil { (veiled(visit, sha256, veil)) }
        }
    }
}

fn veiled(visit: &Visit, sha256: &str, veil: &Veil) -> Markup {
    let reports = html! {
        @for (nth, report) in veil.reports.iter().enumerate() {
            @if nth > 0 { ", " } @else { " (" } a href={ "/reports/" (report) } { (report) } @if nth + 1 == veil.reports.len() { ")" }
        }
    };
    html! {
        @match &veil.lifted {
            None => {
                p class="names" role="note" { span { "Veiled: it " (veil.words()) (reports) "." } }
                @if visit.may(Role::Editor) {
                    (ReasonForm {
                        action: &format!("/media/{sha256}/unveil"),
                        id: "unveil-why",
                        because: "It is to be seen by everybody here, because",
                        button: "Show it",
                        kept: "Who showed it, when and why is kept; it can be taken back.",
                    }.lay_out(visit))
                } @else {
                    p class="names" { "Editors may show it; who did, when and why is kept." }
                }
            }
            Some(lifted) => {
                p class="names" role="note" {
                    span {
                        "Shown since " time { (lifted.at) } " by " bdi { (shown(&lifted.by)) }
                        @if let Some(why) = &lifted.why { ": " span dir="auto" { (shown(why)) } }
                        ". It " (veil.words()) (reports) "."
                    }
                    @if visit.may(Role::Coder) {
                        form class="undo" method="post" action={ "/decisions/" (lifted.decision) "/undo" } { (token(visit)) button { "Veil it again" } }
                    }
                }
            }
        }
    }
}

/// An instant without its seconds; a date as it is.
fn to_the_minute(time: &str) -> String {
    match time.split_once('T') {
        Some((day, clock)) => format!("{day} {}", clock.get(..5).unwrap_or(clock)),
        None => time.to_owned(),
    }
}

/// Where it was seen, by time.
pub(super) fn sightings(sightings: &[PictureSighting]) -> Markup {
    html! {
        ol class="sightings" {
            @for (nth, sighting) in sightings.iter().take(SIGHTINGS).enumerate() {
                li {
                    p class="facts" {
                        time { (to_the_minute(&sighting.time)) }
                        @if nth == 0 { strong { "first seen" } }
                        @if sighting.time_is == "added" { small { "(added then; nobody says when it was published)" } }
                        bdi { (shown(sighting.outlet.as_deref().unwrap_or("unknown outlet"))) }
                        @if let Some(report) = &sighting.report { a href={ "/reports/" (report) } { (report) } }
                        @if let Some(from) = &sighting.forwarded_from { span { "forwarded from " bdi { (shown(from)) } } }
                    }
                    @if let Some(title) = sighting.title.as_ref().or(sighting.opening.as_ref()) { p dir="auto" { (shown(title)) } }
                    @for words in [&sighting.caption, &sighting.alt].into_iter().flatten() { p { q dir="auto" { (shown(words)) } } }
                    p class="from" {
                        a href={ "/media/" (sighting.picture) } { (short(&sighting.picture)) } ", " bdi { (shown(&sighting.name)) } ": " (sighting.how_in_words)
                        @if sighting.video.is_some() {
                            "; a frame of the video" @if let Some(at) = sighting.at_ms { " at " (at / 1000) "." (at % 1000 / 100) " s" }
                        }
                    }
                }
            }
        }
        @if sightings.len() > SIGHTINGS { p class="from" { "And " (sightings.len() - SIGHTINGS) " more." } }
    }
}

/// What reports show it for, side by side, with the words that go with it; where these disagree is for a person to see.
fn shown_for(page: &PicturePage) -> Markup {
    let differ = |of: fn(&PictureTelling) -> &Vec<String>| {
        let told: Vec<&Vec<String>> = page.tellings.iter().map(of).filter(|told| !told.is_empty()).collect();
        told.iter()
            .enumerate()
            .any(|(nth, one)| told.iter().skip(nth + 1).any(|two| one.iter().all(|value| !two.contains(value))))
    };
    let (places, dates) = (differ(|telling| &telling.countries), differ(|telling| &telling.dates));
    html! {
        @if !page.tellings.is_empty() {
            section aria-labelledby="shown-for" {
                h2 #shown-for { "What it is shown for" }
                @if places || dates {
                    p class="warning" role="note" {
                        "The reports that carry it differ in "
                        @match (places, dates) { (true, true) => "place and time", (true, false) => "place", _ => "time" }
                        "."
                    }
                }
                div class="wide" tabindex="0" role="region" aria-label="What reports show it for" {
                    table class="shown-for" {
                        thead {
                            tr { th scope="col" { "Report" } th scope="col" { "Words with it" } th scope="col" { "Events" } th scope="col" { "When" } th scope="col" { "Where" } }
                        }
                        tbody {
                            @for telling in &page.tellings {
                                tr {
                                    th scope="row" {
                                        a href={ "/reports/" (telling.report) } { (telling.report) } " "
                                        bdi { (shown(telling.outlet.as_deref().unwrap_or("unknown outlet"))) }
                                        small { time { (day(&telling.time)) } }
                                    }
                                    td {
                                        @for (nth, seen) in page.sightings.iter().filter(|seen| seen.report.as_ref() == Some(&telling.report)).enumerate() {
                                            @if let Some(words) = seen.title.as_ref().or(seen.opening.as_ref()).filter(|_| nth == 0) { p dir="auto" { (shown(words)) } }
                                            @for words in [&seen.caption, &seen.alt].into_iter().flatten() { p { q dir="auto" { (shown(words)) } } }
                                            @if let Some(names) = &seen.names {
                                                @for (what, words) in [("place", names.place_words()), ("time", names.date_words())] {
                                                    @if !words.is_empty() { small { (what) " named: " bdi { (shown(&words)) } } }
                                                }
                                            }
                                        }
                                    }
                                    td {
                                        @for (nth, event) in telling.events.iter().enumerate() { @if nth > 0 { ", " } a href={ "/events/" (event) } { (event) } }
                                        @if telling.evidence { small { "pictures are offered as evidence" } }
                                    }
                                    td { @if dates { strong { (telling.dates.join(", ")) } } @else { (telling.dates.join(", ")) } }
                                    td { @if places { strong { (telling.countries.join(", ")) } } @else { (telling.countries.join(", ")) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if !page.said.is_empty() {
            section aria-labelledby="said" {
                h2 #said { "What these reports say of pictures and videos" }
                ul {
                    @for said in &page.said {
                        li {
                            a href={ "/reports/" (said.report) } { (said.report) } ", " bdi { (shown(&said.medium)) } ": " span dir="auto" { (shown(&said.words)) }
                            @if let Some(when) = said.circulation.as_ref().and_then(|circulation| circulation.when.as_ref()) { ", " time { (when) } }
                            small class="from" { @if said.certain { " Of this one: " } @else { " Perhaps not of this one: " } (shown(&said.because)) "." }
                        }
                    }
                }
            }
        }
    }
}

/// What the file carries with it.
fn carries(page: &PicturePage) -> Markup {
    let metadata = page.metadata.as_ref().map(metadata_facts).unwrap_or_default();
    let in_file: Vec<&str> =
        page.captions.iter().filter(|caption| caption.of == "file").map(|caption| caption.words.as_str()).collect();
    html! {
        section aria-labelledby="carries" {
            h2 #carries { "What the file says of itself" }
            @if metadata.is_empty() && in_file.is_empty() { p { "Nothing: no time, camera, program or place. Most channels take that away." } }
            @else {
                p class="from" { "Files can be made to say anything. Coordinates are kept to a tenth of a degree; names of persons shown are not kept." }
                dl {
                    @for words in in_file { dt { "caption" } dd { q dir="auto" { (shown(words)) } } }
                    (listed(&metadata))
                }
            }
            h3 { "Text in it" }
            @match &page.words {
                None => p { "Not looked for: Tesseract was not installed, was turned off or failed when the picture was looked at." },
                Some(words) if words.text.trim().is_empty() => p { "A program found none." },
                Some(words) => {
                    blockquote dir="auto" { @for line in words.text.lines().filter(|line| !line.trim().is_empty()) { (shown(line)) br; } }
                    @if let Some(sure) = words.confidence { p class="from" { "Read by a program, which is " (sure) " % sure of a word on average." } }
                }
            }
            h3 { "Content credentials (C2PA)" }
            @match page.credentials.as_ref().and_then(|credentials| Some((credentials, credential_status(credentials)?))) {
                None => p { "None. That says nothing of the picture." },
                Some((credentials, (tone, words))) => {
                    p { span class={ "mark " (tone.class()) } { (words) } }
                    dl { (listed(&credential_facts(credentials))) }
                }
            }
            @if let Some(pdq) = &page.pdq {
                h3 { "Fingerprint" }
                p class="from" { "PDQ " span class="hash" { (pdq) } @if let Some(quality) = page.quality { ", quality " (quality) " of 100" } }
            }
        }
    }
}

fn listed(facts: &[PictureFact]) -> Markup {
    html! {
        @for fact in facts {
            dt { (fact.name) }
            dd dir="auto" { (shown(&fact.value)) @if let Some(field) = &fact.read_from { " " small { "(" (shown(field)) ")" } } }
        }
    }
}

fn original_form(visit: &Visit, sha256: &str) -> Markup {
    html! {
        @if visit.may(Role::Editor) {
            (ReasonForm {
                action: &format!("/media/{sha256}/original"),
                id: "original-why",
                because: "The file as it came is not veiled, and may be hostile. You need it, because",
                button: "Download it",
                kept: "Who has it, since when and why is kept.",
            }.lay_out(visit))
        } @else {
            p class="names" { "Editors may have the file as it came; who has it, since when and why is kept." }
        }
    }
}
