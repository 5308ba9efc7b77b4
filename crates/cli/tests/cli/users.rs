//! A desk with accounts: who comes in, and what they may do.

use crate::case::sample;
use crate::serve::{Answer, Served, serve_with};
use crate::support::dateline;

const PASSWORD: &str = "a long password";

/// A desk with an account of each role, named after it.
pub(crate) fn shared(case: &std::path::Path) -> Served {
    for role in ["admin", "editor", "coder", "reader"] {
        dateline(["users", "add", role, "--role", role]).dir(case).stdin(format!("{PASSWORD}\n")).run().exits(0);
    }
    serve_with(case, &["--users"])
}

fn come_in(desk: &Served, name: &str, password: &str) -> Answer {
    desk.post("/login", "", &format!("name={name}&password={}&to=%2Fevents", password.replace(' ', "+")))
}

/// The session's cookie, as a header.
pub(crate) fn session(desk: &Served, name: &str) -> String {
    let answer = come_in(desk, name, PASSWORD).is(303);
    assert_eq!(answer.header("location"), Some("/events"));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    format!("Cookie: {}\r\n", cookie.split(';').next().unwrap())
}

pub(crate) fn get(desk: &Served, path: &str, more: &str) -> Answer {
    desk.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{more}\r\n", desk.address))
}

#[test]
fn nothing_is_shown_to_who_has_not_come_in() {
    let case = sample();
    let desk = shared(case.path());
    for page in
        ["/", "/events/e1", "/reports/r8", "/reports/r8/original", "/search?q=soldier", "/account", "/accounts", "/nowhere"]
    {
        let answer = desk.get(page).is(303);
        assert!(answer.header("location").unwrap().starts_with("/login?to=%2F"), "{page}: {}", answer.head);
        assert!(!answer.body.contains("soldier"), "{page}");
    }
    for page in ["/api/v1/case", "/api/v1/events", "/api/v1/nothing"] {
        let answer = desk.get(page).is(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }
    desk.post("/events/e1/decide", "", "token=x&kind=reject").is(401);
    desk.get("/login").is(200);
    for cookie in ["dateline=", "dateline=guessed", "dateline=%00", "other=1; dateline = x"] {
        get(&desk, "/events", &format!("Cookie: {cookie}\r\n")).is(303);
    }
}

#[test]
fn each_role_may_do_what_it_may_and_decisions_bear_the_name() {
    let case = sample();
    let desk = shared(case.path());
    let reader = session(&desk, "reader");
    let page = get(&desk, "/events/e1", &reader).is(200);
    let token = page.token().to_owned();
    let accept = |token: &str| format!("token={token}&kind=accept");
    desk.post("/events/e1/decide", &reader, &accept(&token)).is(403);
    let coder = session(&desk, "coder");
    // A form of another session is not theirs.
    desk.post("/events/e1/decide", &coder, &accept(&token)).is(403);
    let token = get(&desk, "/events/e1", &coder).token().to_owned();
    desk.post("/events/e1/decide", &coder, &accept(&token)).is(303);
    desk.post("/events/e1/decide", &coder, &format!("token={token}&kind=release")).is(403);
    desk.post("/reports/r8/names", &coder, &format!("token={token}&why=look")).is(403);
    desk.post("/reports/r8/original", &coder, &format!("token={token}&why=look")).is(403);
    let report = get(&desk, "/reports/r8", &coder).is(200).body;
    assert!(report.contains("editors may have it") && !report.contains("/reports/r8/original\""), "{report}");
    assert!(!get(&desk, "/events/e1", &coder).body.contains("Release names"));
    assert!(!get(&desk, "/events/e1", &reader).body.contains("/events/e1/decide"));
    desk.post("/sources/set", &coder, &format!("token={token}&name=Sample+Wire&reliability=A")).is(403);
    desk.post("/sources/Sample%20Wire", &coder, &format!("token={token}&do=remove")).is(403);
    assert!(!get(&desk, "/sources/Sample%20Wire", &coder).is(200).body.contains("action=\"/sources"));
    desk.post("/export", &coder, &format!("token={token}&format=csv&released=true")).is(403);
    get(&desk, "/accounts", &coder).is(403);
    desk.post("/accounts", &coder, &format!("token={token}&name=x&role=admin&password=a+long+password")).is(403);
    let decisions = get(&desk, "/decisions", &reader).is(200).body;
    assert!(decisions.contains("accept") && decisions.contains("<bdi>coder</bdi>"), "{decisions}");
    let editor = session(&desk, "editor");
    let token = get(&desk, "/sources", &editor).token().to_owned();
    desk.post("/events/e1/decide", &editor, &format!("token={token}&kind=release")).is(303);
    desk.post("/sources/set", &editor, &format!("token={token}&name=Sample+Wire&reliability=A")).is(303);
    get(&desk, "/accounts", &editor).is(403);
    dateline(["verify"]).dir(case.path()).run().exits(0);
}

#[test]
fn admins_make_change_and_shut_out_accounts() {
    let case = sample();
    let desk = shared(case.path());
    let admin = session(&desk, "admin");
    let token = get(&desk, "/accounts", &admin).is(200).token().to_owned();
    desk.post("/accounts", &admin, &format!("token={token}&name=Zo%C3%AB&role=coder&password=a+long+password")).is(303);
    let zoe = session(&desk, "zo%C3%AB");
    get(&desk, "/", &zoe).is(200);
    desk.post("/accounts/change", &admin, &format!("token={token}&what=role&name=Zo%C3%AB&role=reader")).is(303);
    get(&desk, "/", &zoe).is(303);
    let zoe = session(&desk, "Zo%C3%AB");
    desk.post("/accounts/change", &admin, &format!("token={token}&what=shut-out&name=Zo%C3%AB")).is(303);
    get(&desk, "/", &zoe).is(303);
    come_in(&desk, "Zo%C3%AB", PASSWORD).is(401);
    for (form, status, said) in [
        ("what=role&name=admin&role=reader", 400, "only admin"),
        ("what=role&name=Zo%C3%AB&role=king", 400, "no role"),
        ("what=role&name=nobody&role=reader", 404, "no account"),
        ("what=password&name=Zo%C3%AB&password=short", 400, "at least 12"),
        ("what=fire&name=Zo%C3%AB", 400, "no change"),
    ] {
        let answer = desk.post("/accounts/change", &admin, &format!("token={token}&{form}")).is(status);
        assert!(answer.body.contains(said), "{form}: {}", answer.body);
    }
    let log = dateline(["users", "log"]).dir(case.path()).run().exits(0).stdout;
    assert!(log.contains("admin: shut Zoë out") && log.contains("tester: made the account coder, coder"), "{log}");
    let list = dateline(["users", "--format", "json"]).dir(case.path()).run().exits(0).stdout;
    assert!(list.contains("\"shut_out\": true") && !list.contains("argon"), "{list}");
}

#[test]
fn one_leaves_and_changes_the_password() {
    let case = sample();
    let desk = shared(case.path());
    let coder = session(&desk, "coder");
    let token = get(&desk, "/account", &coder).is(200).token().to_owned();
    desk.post("/account/password", &coder, &format!("token={token}&old=wrong&new=another+long+one")).is(401);
    desk.post("/account/password", &coder, &format!("token={token}&old=a+long+password&new=short")).is(400);
    desk.post("/account/password", &coder, &format!("token={token}&old=a+long+password&new=another+long+one")).is(303);
    get(&desk, "/", &coder).is(303);
    come_in(&desk, "coder", PASSWORD).is(401);
    let again = come_in(&desk, "coder", "another long one").is(303);
    let coder = format!("Cookie: {}\r\n", again.header("set-cookie").unwrap().split(';').next().unwrap());
    let token = get(&desk, "/", &coder).is(200).token().to_owned();
    desk.post("/logout", &coder, "token=guessed").is(403);
    let left = desk.post("/logout", &coder, &format!("token={token}")).is(303);
    assert!(left.header("set-cookie").unwrap().contains("Max-Age=0"));
    get(&desk, "/", &coder).is(303);
}

#[test]
fn who_guesses_must_wait() {
    let case = sample();
    let desk = shared(case.path());
    for _ in 0..5 {
        let answer = come_in(&desk, "coder", "guessed password").is(401);
        assert!(answer.body.contains("name or password is wrong"));
    }
    let answer = come_in(&desk, "coder", PASSWORD).is(429);
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    // Others come in meanwhile, and a name that is not there looks like one that is.
    session(&desk, "editor");
    let nobody = come_in(&desk, "nobody", "guessed password").is(401);
    assert!(nobody.body.contains("name or password is wrong"));
}

#[test]
fn err_accounts_that_can_not_be() {
    let case = sample();
    let run = dateline(["serve", "--users"]).dir(case.path()).run().exits(2);
    assert!(run.stderr.contains("dateline users add"), "{}", run.stderr);
    let run = dateline(["users", "add", "Ann", "--role", "admin"]).dir(case.path()).stdin("short").run().exits(1);
    assert!(run.stderr.contains("at least 12 characters"), "{}", run.stderr);
    dateline(["users", "add", "Ann", "--role", "king"]).dir(case.path()).stdin(PASSWORD).run().exits(2);
    dateline(["users", "password", "Ann"]).dir(case.path()).stdin(PASSWORD).run().exits(1);
    dateline(["users"]).dir(case.path()).run().exits(1);
}

#[test]
fn over_https_the_cookie_stays_there() {
    let case = sample();
    dateline(["users", "add", "Ann", "--role", "admin"]).dir(case.path()).stdin(PASSWORD).run().exits(0);
    let desk = serve_with(case.path(), &["--users", "--https"]);
    let cookie = come_in(&desk, "Ann", PASSWORD).is(303).header("set-cookie").unwrap().to_owned();
    assert!(cookie.starts_with("__Host-dateline=") && cookie.contains("; Secure"), "{cookie}");
}
