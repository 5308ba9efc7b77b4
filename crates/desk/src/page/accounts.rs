//! Who may do what, for admins.

use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;

use super::account::instant;
use super::{counted, shell, shown, token};
use crate::form::Sent;
use crate::visit::Visit;
use crate::{Error, Role};

/// What each role may do.
const ROLES: [(Role, &str); 4] = [
    (Role::Reader, "looks, searches, exports"),
    (Role::Coder, "also brings reports in, decides on events, codes reports"),
    (Role::Editor, "also sees and releases names of protected persons, has originals, sets sources"),
    (Role::Admin, "also says who may do what"),
];
/// Lines of the log that are shown.
const LOG: usize = 200;

pub(crate) async fn list(visit: Visit) -> Result<Markup, Error> {
    visit.must(Role::Admin)?;
    let (accounts, log) = visit.accounts(|accounts| Ok((accounts.all()?, accounts.log(LOG)?))).await?;
    Ok(shell(
        &visit,
        "Accounts",
        None,
        html! {
            h1 { "Accounts" }
            @if !visit.desk.has_accounts() { p { "This desk is one person's: it was started without " code { "--users" } ", and the accounts are not asked for." } }
            p class="total" role="status" { (counted(accounts.len() as u64, "account")) }
            div class="wide" tabindex="0" role="region" aria-label="Accounts" {
                table {
                    thead { tr { th scope="col" { "Name" } th scope="col" { "Made" } th scope="col" { "Role" } th scope="col" { "Password" } th scope="col" { "May come in" } } }
                    tbody {
                        @for (nth, account) in accounts.iter().enumerate() {
                            tr {
                                th scope="row" dir="auto" { (shown(&account.name)) @if account.shut_out { small { "shut out" } } }
                                td { (instant(account.made)) }
                                td {
                                    form method="post" action="/accounts/change" {
                                        (token(&visit))
                                        input type="hidden" name="name" value=(account.name);
                                        label class="unseen" for={ "role" (nth) } { "Role of " (shown(&account.name)) }
                                        select id={ "role" (nth) } name="role" { @for role in Role::ALL { option selected[role == account.role] { (role.as_str()) } } }
                                        " " button name="what" value="role" { "Set" span class="unseen" { " role of " (shown(&account.name)) } }
                                    }
                                }
                                td {
                                    form method="post" action="/accounts/change" {
                                        (token(&visit))
                                        input type="hidden" name="name" value=(account.name);
                                        label class="unseen" for={ "password" (nth) } { "New password of " (shown(&account.name)) }
                                        input id={ "password" (nth) } name="password" type="password" autocomplete="new-password" minlength="12" required;
                                        " " button name="what" value="password" { "Set" span class="unseen" { " password of " (shown(&account.name)) } }
                                    }
                                }
                                td {
                                    form method="post" action="/accounts/change" {
                                        (token(&visit))
                                        input type="hidden" name="name" value=(account.name);
                                        button name="what" value=(if account.shut_out { "let-in" } else { "shut-out" }) {
                                            (if account.shut_out { "Let in again" } else { "Shut out" }) span class="unseen" { ": " (shown(&account.name)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            section aria-labelledby="new" {
                h2 #new { "A new account" }
                form class="decide" method="post" action="/accounts" {
                    (token(&visit))
                    div { label for="name" { "Name" } input #name name="name" required maxlength="80" autocomplete="off"; }
                    div { label for="role" { "Role" } select #role name="role" { @for (role, meaning) in ROLES { option value=(role.as_str()) { (role.as_str()) " – " (meaning) } } } }
                    div { label for="password" { "Password, at least 12 characters" } input #password name="password" type="password" autocomplete="new-password" minlength="12" required; }
                    button { "Make it" }
                }
            }
            section aria-labelledby="log" {
                h2 #log { "What was done" }
                ol class="history" { @for line in &log { li { time { (instant(line.at)) } " " bdi { (shown(&line.by)) } ": " span dir="auto" { (shown(&line.what)) } } } }
            }
        },
    ))
}

#[derive(Debug, Deserialize)]
pub(crate) struct New {
    token: String,
    name: String,
    role: String,
    password: String,
}

pub(crate) async fn add(visit: Visit, Sent(sent): Sent<New>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Admin)?;
    let (role, by) = (sent.role.parse()?, visit.viewer.name.clone());
    visit.accounts(move |accounts| accounts.add(&sent.name, role, &sent.password, &by)).await?;
    Ok(Redirect::to("/accounts"))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Changed {
    token: String,
    name: String,
    what: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    password: String,
}

pub(crate) async fn change(visit: Visit, Sent(sent): Sent<Changed>) -> Result<Redirect, Error> {
    visit.sent(&sent.token, Role::Admin)?;
    let by = visit.viewer.name.clone();
    match sent.what.as_str() {
        "role" => {
            let role = sent.role.parse()?;
            visit.accounts(move |accounts| accounts.set_role(&sent.name, role, &by)).await?;
        }
        "password" => visit.accounts(move |accounts| accounts.set_password(&sent.name, &sent.password, &by)).await?,
        "shut-out" => visit.accounts(move |accounts| accounts.shut_out(&sent.name, true, &by)).await?,
        "let-in" => visit.accounts(move |accounts| accounts.shut_out(&sent.name, false, &by)).await?,
        other => return Err(Error::Asked(format!("`{other}` is no change to an account"))),
    }
    Ok(Redirect::to("/accounts"))
}
