//! The way in and out of a desk that several people share.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{alone, shown};
use crate::form::{Asked, Sent};
use crate::guard::{cookie, session_cookie};
use crate::visit::Visit;
use crate::{Desk, Error, Role};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Question {
    #[serde(default)]
    to: String,
}

pub(crate) async fn show(State(desk): State<Arc<Desk>>, Asked(question): Asked<Question>) -> Response {
    if !desk.has_accounts() {
        return Redirect::to("/").into_response();
    }
    form(&desk, &question.to, "", None).into_response()
}

#[derive(Debug, Deserialize)]
pub(crate) struct Given {
    name: String,
    password: String,
    #[serde(default)]
    to: String,
}

pub(crate) async fn come_in(State(desk): State<Arc<Desk>>, Sent(given): Sent<Given>) -> Result<Response, Error> {
    if !desk.has_accounts() {
        return Err(Error::NotFound("this desk has no accounts".to_owned()));
    }
    let account = match desk.come_in(given.name.clone(), given.password).await {
        Ok(account) => account,
        Err(error @ (Error::ComeIn(_) | Error::Wait(_))) => {
            let mut response = (error.status(), form(&desk, &given.to, &given.name, Some(&error.to_string()))).into_response();
            error.add_headers(response.headers_mut());
            return Ok(response);
        }
        Err(other) => return Err(other),
    };
    let secret = desk.accounts(move |accounts| accounts.begin(&account)).await?;
    let mut response = Redirect::to(local(&given.to)).into_response();
    set_cookie(&desk, response.headers_mut(), &secret, 7 * 24 * 3_600)?;
    Ok(response)
}

#[derive(Debug, Deserialize)]
pub(crate) struct Left {
    token: String,
}

pub(crate) async fn leave(visit: Visit, headers: HeaderMap, Sent(left): Sent<Left>) -> Result<Response, Error> {
    visit.sent(&left.token, Role::Reader)?;
    if let Some(secret) = cookie(&headers, session_cookie(&visit.desk)) {
        visit.accounts(move |accounts| accounts.end(&secret)).await?;
    }
    let mut response = Redirect::to("/login").into_response();
    set_cookie(&visit.desk, response.headers_mut(), "", 0)?;
    Ok(response)
}

fn set_cookie(desk: &Desk, headers: &mut HeaderMap, secret: &str, seconds: u32) -> Result<(), Error> {
    let secure = if desk.is_https() { "; Secure" } else { "" };
    let cookie = format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", session_cookie(desk));
    headers.insert(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(|_| Error::Internal)?);
    Ok(())
}

/// An address of this desk; its first page for what is none.
fn local(to: &str) -> &str {
    let is_local = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n', '\t']);
    if is_local { to } else { "/" }
}

fn form(desk: &Desk, to: &str, name: &str, wrong: Option<&str>) -> Markup {
    alone(
        "Come in",
        desk.name(),
        html! {
            h1 { (shown(desk.name())) }
            form class="login" method="post" action="/login" {
                @if let Some(wrong) = wrong { p class="warning" role="alert" { (wrong) } }
                input type="hidden" name="to" value=(local(to));
                label for="name" { "Name" }
                input #name name="name" value=(name) autocomplete="username" required;
                label for="password" { "Password" }
                input #password name="password" type="password" autocomplete="current-password" required;
                button { "Come in" }
            }
            p { "Who may come in is said by the admins of this desk." }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        for (to, leads) in [
            ("/events?type=ASSAULT", "/events?type=ASSAULT"),
            ("", "/"),
            ("https://elsewhere.example/", "/"),
            ("//elsewhere.example/", "/"),
            ("/\\elsewhere.example/", "/"),
            ("/\t/elsewhere.example/", "/"),
            ("/a\r\nSet-Cookie: b", "/"),
        ] {
            assert_eq!(local(to), leads, "{to:?}");
        }
    }
}
