//! One's own account: the password, and tokens for programs.

use axum::extract::Path;
use axum::response::Redirect;
use dateline::collect::Instant;
use maud::{Markup, html};
use serde::Deserialize;

use super::{shell, shown, token};
use crate::accounts::{Scope, Scopes, Token};
use crate::form::Sent;
use crate::visit::{Visit, Way};
use crate::{Error, Role};

/// What a scope lets a program do.
const SCOPES: [(Scope, &str); 4] = [
    (Scope::Read, "ask for events, reports, sources, exports and news"),
    (Scope::Review, "decide, code reports, set sources"),
    (Scope::Add, "bring reports in"),
    (Scope::Names, "see the names of protected persons; each time is kept on record"),
];

pub(crate) async fn show(visit: Visit) -> Result<Markup, Error> {
    page(&visit, None).await
}

async fn page(visit: &Visit, made: Option<&str>) -> Result<Markup, Error> {
    let account = visit.account().map(str::to_owned);
    let tokens = visit.accounts(move |accounts| accounts.tokens(account.as_deref())).await?;
    Ok(shell(
        visit,
        "Your account",
        None,
        html! {
            h1 { "Your account" }
            p { bdi { (shown(&visit.viewer.name)) } ", " (visit.viewer.role.as_str()) }
            @if let Some(made) = made {
                section role="status" {
                    p { strong { "The new token. It is shown this once: " } }
                    p { code class="hash" { (made) } }
                }
            }
            section aria-labelledby="tokens" {
                h2 #tokens { "Tokens for programs" }
                p { "A program sends one with each request to " code { "/api/v1" } ": " code { "Authorization: Bearer …" } ". It may do no more than you may." }
                @if tokens.is_empty() { p { "There is none." } } @else { (list(visit, &tokens)) }
                form class="decide" method="post" action="/account/tokens" {
                    (token(visit))
                    div { label for="token-name" { "What it is for" } input #token-name name="name" required maxlength="80"; }
                    fieldset {
                        legend { "What it may be used to" }
                        @for (scope, meaning) in SCOPES {
                            label class="flag" { input type="checkbox" name="scope" value=(scope.as_str()) checked[scope == Scope::Read]; " " b { (scope.as_str()) } ": " (meaning) }
                            br;
                        }
                    }
                    div { label for="days" { "Days that it lives" } input #days name="days" type="number" min="1" max="3660" value="90" required; }
                    button { "Make a token" }
                }
            }
            @if visit.viewer.way == Way::Session {
                section aria-labelledby="password" {
                    h2 #password { "Password" }
                    form class="decide" method="post" action="/account/password" {
                        (token(visit))
                        div { label for="old" { "The present one" } input #old name="old" type="password" autocomplete="current-password" required; }
                        div { label for="new" { "The new one, at least 12 characters" } input #new name="new" type="password" autocomplete="new-password" minlength="12" required; }
                        button { "Change it" }
                        small { " You come in again with the new one, wherever you were." }
                    }
                }
            }
        },
    ))
}

fn list(visit: &Visit, tokens: &[Token]) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-label="Tokens" {
            table {
                thead { tr { th scope="col" { "For" } th scope="col" { "Scopes" } th scope="col" { "Made" } th scope="col" { "Ends" } th scope="col" { "Last used" } th scope="col" { "End" } } }
                tbody {
                    @for one in tokens {
                        tr {
                            th scope="row" dir="auto" { (shown(&one.name)) }
                            td { (one.scopes) }
                            td { (day(one.made)) }
                            td { (day(one.ends)) }
                            td { @if let Some(used) = one.used { (instant(used)) } @else { "never" } }
                            td {
                                form method="post" action={ "/account/tokens/" (one.id) "/end" } {
                                    (token(visit)) button { "End it" span class="unseen" { ": " (shown(&one.name)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A moment in seconds since 1970, for people.
pub(super) fn instant(seconds: i64) -> String {
    Instant::from_unix(seconds).map(|instant| instant.to_string()).unwrap_or_default()
}

fn day(seconds: i64) -> String {
    instant(seconds).chars().take(10).collect()
}

#[derive(Debug, Deserialize)]
pub(crate) struct NewToken {
    token: String,
    name: String,
    #[serde(default)]
    scope: Vec<String>,
    days: u32,
}

pub(crate) async fn make_token(visit: Visit, Sent(sent): Sent<NewToken>) -> Result<Markup, Error> {
    visit.sent(&sent.token, Role::Reader)?;
    let scopes = Scopes::of(&sent.scope)?;
    let (account, by) = (visit.account().map(str::to_owned), visit.viewer.name.clone());
    let made =
        visit.accounts(move |accounts| accounts.make_token(account.as_deref(), &sent.name, &scopes, sent.days, &by)).await?;
    page(&visit, Some(&made)).await
}

#[derive(Debug, Deserialize)]
pub(crate) struct Ended {
    token: String,
}

pub(crate) async fn end_token(visit: Visit, Path(id): Path<i64>, Sent(sent): Sent<Ended>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Reader)?;
    let (account, by) = (visit.account().map(str::to_owned), visit.viewer.name.clone());
    visit.accounts(move |accounts| accounts.end_token(account.as_deref(), id, &by)).await?;
    Ok(Redirect::to("/account"))
}

#[derive(Debug, Deserialize)]
pub(crate) struct NewPassword {
    token: String,
    old: String,
    new: String,
}

pub(crate) async fn password(visit: Visit, Sent(sent): Sent<NewPassword>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Reader)?;
    if visit.viewer.way != Way::Session {
        return Err(Error::Asked("this desk has no accounts".to_owned()));
    }
    // Who finds a browser open must know the password to change it, and may not guess it here either.
    let account = visit.desk.come_in(visit.viewer.name.clone(), sent.old).await?;
    visit.accounts(move |accounts| accounts.set_password(&account.name, &sent.new, &account.name)).await?;
    Ok(Redirect::to("/login"))
}
