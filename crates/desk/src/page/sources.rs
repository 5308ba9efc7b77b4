//! Outlets and channels, what people say of them, and how their reports fared.

use std::sync::Arc;

use axum::response::Redirect;
use dateline::case::{Source, SourceRow};
use dateline::record::Country;
use maud::{Markup, html};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::{Section, counted, in_address, shell_with, shown, token};
use crate::Error;
use crate::asset::LISTS_STYLE;
use crate::form::{Asked, Sent};
use crate::visit::{Role, Visit};

/// What the letters mean (Admiralty scale).
pub(super) const LETTERS: [(&str, &str); 6] = [
    ("A", "completely reliable"),
    ("B", "usually reliable"),
    ("C", "fairly reliable"),
    ("D", "not usually reliable"),
    ("E", "unreliable"),
    ("F", "can't be judged"),
];

/// Outlets on a page.
const PAGE: usize = 20;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Question {
    #[serde(default)]
    q: String,
    page: Option<usize>,
}

/// Where an outlet's page is. One called as an address of the desk is told apart from it.
pub(super) fn path(name: &str) -> String {
    if name == "set" { "/sources/%73et".to_owned() } else { format!("/sources/{}", in_address(name)) }
}

pub(crate) async fn list(visit: Visit, Asked(question): Asked<Question>) -> Result<Markup, Error> {
    let page = question.page.unwrap_or(1).max(1);
    let (letters, desk) = (question.q.clone(), Arc::clone(&visit.desk));
    let found = visit
        .ask(move |case| {
            desk.outlet_lists.of(case, format!("{page} {letters}"), || Ok(case.source_rows(&letters, page - 1, PAGE)?))
        })
        .await?;
    let pages = found.total.div_ceil(PAGE as u64).max(1);
    let to = |page: usize| format!("/sources?q={}&page={page}", in_address(&question.q));
    Ok(shell_with(
        &visit,
        "Sources",
        Some(Section::Sources),
        &[&LISTS_STYLE],
        html! {
            h1 { "Sources" }
            p {
                "Outlets of one owner are one source. Reliability is set by people alone. How reports fared is counted over the last 50 of each outlet, with the later fate of up to 5 events; an outlet's own page looks further and says what is counted."
            }
            form class="filters" action="/sources" aria-label="Which outlets" {
                div { label for="letters" { "Name or alias" } input #letters type="search" name="q" value=(question.q); }
                div class="do" { button { "Show" } " " a href="/sources" { "Clear" } }
            }
            p class="total" role="status" {
                (counted(found.total, "outlet"))
                @if pages > 1 { ", those with the most reports first; page " (page) " of " (pages) }
            }
            @if !found.rows.is_empty() { (table(&found.rows)) }
            @if pages > 1 {
                nav aria-label="Pages" {
                    @if page > 1 { a class="next" rel="prev" href=(to(page - 1)) { "Previous page" } " " }
                    @if (page as u64) < pages { a class="next" rel="next" href=(to(page + 1)) { "Next page" } }
                }
            }
            @if visit.may(Role::Editor) {
                section aria-labelledby="enter" {
                    h2 #enter { "Enter an outlet" }
                    form class="decide" method="post" action="/sources/set" {
                        (token(&visit))
                        div { label for="name" { "Name" } input #name name="plain" required maxlength="300"; }
                        div { label for="reliability" { "Reliability" } (letters_to_choose("reliability", None)) }
                        button { "Enter" }
                    }
                }
            }
        },
    ))
}

fn table(rows: &[SourceRow]) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-label="Outlets" {
            table class="outlets" {
                thead {
                    tr {
                        th scope="col" { "Outlet" } th scope="col" { "Owner" } th scope="col" { "Kind" } th scope="col" { "Country" }
                        th scope="col" { "Reliability" } th scope="col" { "Reports" } th scope="col" { "First with a text" }
                        th scope="col" { "Copied others" } th scope="col" { "Told first or alone" } th scope="col" { "Denied later" }
                        th scope="col" { "Corroborated later" }
                    }
                }
                tbody {
                    @for SourceRow { source, record } in rows {
                        tr {
                            th scope="row" dir="auto" {
                                a href=(path(&source.name)) { (shown(&source.name)) }
                                @if !source.aliases.is_empty() { small { "also " (shown(&source.aliases.join(", "))) } }
                            }
                            td dir="auto" { (shown(source.owner.as_deref().unwrap_or_default())) }
                            td dir="auto" { (shown(source.kind.as_deref().unwrap_or_default())) }
                            td { (shown(source.country.as_deref().unwrap_or_default())) }
                            td { (reliability(source)) }
                            td class="number" { (source.reports) }
                            td class="number" { (record.first_with_text) }
                            td class="number" { (record.copies_of_others) }
                            td class="number" { (record.told_alone + record.told_first) }
                            td class="number" { (record.denied_later) }
                            td class="number" { (record.corroborated_later) }
                        }
                    }
                }
            }
        }
    }
}

/// The letter with its meaning.
pub(super) fn reliability(source: &Source) -> Markup {
    let letter = source.reliability.as_deref();
    let meaning = LETTERS.iter().find(|(known, _)| letter == Some(*known)).map(|(_, meaning)| *meaning);
    html! {
        @match letter {
            Some(letter) => { strong { (shown(letter)) } @if let Some(meaning) = meaning { " – " (meaning) } },
            None => "not set",
        }
    }
}

/// A choice of letters under a name.
pub(super) fn letters_to_choose(name: &str, set: Option<&str>) -> Markup {
    html! {
        select id=(name) name=(name) {
            option value="" selected[set.is_none()] { "not set" }
            @for (letter, meaning) in LETTERS { option value=(letter) selected[set == Some(letter)] { (letter) " – " (meaning) } }
        }
    }
}

/// The country that was given; none for none.
pub(crate) fn country(code: &str) -> Result<Option<String>, Error> {
    match code {
        "" => Ok(None),
        known if known.parse::<Country>().is_ok() => Ok(Some(known.to_owned())),
        other => Err(Error::Asked(format!("country: `{other}` is no ISO 3166-1 alpha-3 code, as in UKR"))),
    }
}

/// The letter that was chosen; none for *not set*.
pub(crate) fn letter(chosen: &str) -> Result<Option<String>, Error> {
    match chosen {
        "" => Ok(None),
        known if LETTERS.iter().any(|(letter, _)| *letter == known) => Ok(Some(known.to_owned())),
        other => Err(Error::Asked(format!("`{other}` is no reliability from A to F"))),
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Set {
    token: String,
    /// As it stands in an address: names may hold characters that a form field must not show.
    #[serde(default)]
    name: String,
    /// As it was typed, where no name is given.
    #[serde(default)]
    plain: String,
    #[serde(default)]
    reliability: String,
}

/// Enters an outlet, or sets its letter.
pub(crate) async fn set(visit: Visit, Sent(sent): Sent<Set>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Editor)?;
    let letter = letter(&sent.reliability)?;
    let name = if sent.name.is_empty() {
        sent.plain.trim().to_owned()
    } else {
        percent_decode_str(&sent.name).decode_utf8().map_err(|_| Error::Asked("the name is no text".to_owned()))?.into_owned()
    };
    if name.trim().is_empty() {
        return Err(Error::Asked("no outlet is named".to_owned()));
    }
    let to = path(&name);
    visit.change(move |case| case.set_outlet(&name, |row| row.reliability = letter)).await?;
    Ok(Redirect::to(&to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outlet_has_a_page_of_its_own() {
        assert_eq!(path("Sample Wire"), "/sources/Sample%20Wire");
        assert_eq!(path("a/b?c"), "/sources/a%2Fb%3Fc");
        assert_eq!(path("set"), "/sources/%73et");
    }

    #[test]
    fn err_a_letter_beyond_the_scale() {
        assert_eq!((country("").unwrap(), country("UKR").unwrap().as_deref()), (None, Some("UKR")));
        assert!(country("Narnia").unwrap_err().to_string().contains("`Narnia`"));
        assert_eq!(letter("").unwrap(), None);
        assert_eq!(letter("B").unwrap().as_deref(), Some("B"));
        assert!(letter("G").unwrap_err().to_string().contains("`G`"));
    }
}
