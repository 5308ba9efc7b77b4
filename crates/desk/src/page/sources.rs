//! Outlets and channels, and what people say of them.

use axum::response::Redirect;
use maud::{Markup, html};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::{Section, counted, in_address, shell, shown, token};
use crate::Error;
use crate::form::Sent;
use crate::visit::{Role, Visit};

/// What the letters mean (Admiralty scale).
const LETTERS: [(&str, &str); 6] = [
    ("A", "completely reliable"),
    ("B", "usually reliable"),
    ("C", "fairly reliable"),
    ("D", "not usually reliable"),
    ("E", "unreliable"),
    ("F", "can't be judged"),
];

pub(crate) async fn list(visit: Visit) -> Result<Markup, Error> {
    let sources = visit.ask(|case| Ok(case.sources()?)).await?;
    Ok(shell(
        &visit,
        "Sources",
        Some(Section::Sources),
        html! {
            h1 { "Sources" }
            p { "Outlets of one owner are one source. Reliability is set by people alone." }
            p class="total" role="status" { (counted(sources.len() as u64, "outlet")) }
            div class="wide" tabindex="0" role="region" aria-label="Outlets" {
                table {
                    thead { tr { th scope="col" { "Outlet" } th scope="col" { "Owner" } th scope="col" { "Kind" } th scope="col" { "Country" } th scope="col" { "Reports" } th scope="col" { "Reliability" } } }
                    tbody {
                        @for (nth, source) in sources.iter().enumerate() {
                            tr {
                                th scope="row" dir="auto" {
                                    (shown(&source.name))
                                    @if !source.aliases.is_empty() { small { "also " (shown(&source.aliases.join(", "))) } }
                                }
                                td dir="auto" { (shown(source.owner.as_deref().unwrap_or_default())) }
                                td { (shown(source.kind.as_deref().unwrap_or_default())) }
                                td { (source.country.as_deref().unwrap_or_default()) }
                                td class="number" { (source.reports) }
                                td {
                                    form method="post" action="/sources/set" {
                                        (token(&visit))
                                        input type="hidden" name="name" value=(in_address(&source.name));
                                        label class="unseen" for={ "letter" (nth) } { "Reliability of " (shown(&source.name)) }
                                        select id={ "letter" (nth) } name="reliability" {
                                            option value="" selected[source.reliability.is_none()] { "not set" }
                                            @for (letter, meaning) in LETTERS {
                                                option value=(letter) selected[source.reliability.as_deref() == Some(letter)] { (letter) " – " (meaning) }
                                            }
                                        }
                                        " " button { "Set" span class="unseen" { " reliability of " (shown(&source.name)) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        },
    ))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Set {
    token: String,
    /// As it stands in an address: names may hold characters that a form field must not show.
    name: String,
    #[serde(default)]
    reliability: String,
}

pub(crate) async fn set(visit: Visit, Sent(sent): Sent<Set>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Editor)?;
    let letter = match sent.reliability.as_str() {
        "" => None,
        known if LETTERS.iter().any(|(letter, _)| *letter == known) => Some(known.to_owned()),
        other => return Err(Error::Asked(format!("`{other}` is no reliability from A to F"))),
    };
    let name =
        percent_decode_str(&sent.name).decode_utf8().map_err(|_| Error::Asked("the name is no text".to_owned()))?.into_owned();
    if name.trim().is_empty() {
        return Err(Error::Asked("no outlet is named".to_owned()));
    }
    visit.change(move |case| case.set_outlet(&name, |row| row.reliability = letter)).await?;
    Ok(Redirect::to("/sources"))
}
