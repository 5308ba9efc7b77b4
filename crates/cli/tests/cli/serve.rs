//! The desk, served by the built binary, asked as a browser would.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::case::{capture, id, sample};
use crate::support::{CACHE, dateline};

/// A desk that is closed when the test ends.
pub(crate) struct Served {
    process: Child,
    pub(crate) address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The value of a header, by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(found, _)| found.eq_ignore_ascii_case(name)))
            .map(|pair| pair.1)
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        self
    }

    /// What forms of the page bear.
    pub(crate) fn token(&self) -> &str {
        self.body.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0
    }
}

pub(crate) fn serve(case: &Path) -> Served {
    serve_with(case, &[])
}

pub(crate) fn serve_with(case: &Path, more: &[&str]) -> Served {
    let mut process = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["serve", "--listen", "127.0.0.1:0", "--by", "Sample Editor"])
        .args(more)
        .current_dir(case)
        .env("DATELINE_CACHE", CACHE)
        .env_remove("DATELINE_CASE")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{line}");
    Served { process, address }
}

impl Served {
    /// Ends it at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        Self::answer(stream)
    }

    /// What comes until the connection is closed.
    pub(crate) fn answer(mut stream: TcpStream) -> Answer {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address))
    }

    pub(crate) fn post(&self, path: &str, more: &str, form: &str) -> Answer {
        let length = form.len();
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n{more}Content-Length: {length}\r\n\r\n{form}",
            self.address
        ))
    }
}

#[test]
fn every_page_answers_and_asks_nothing_of_other_hosts() {
    let case = sample();
    let event = id(&capture(case.path())).to_owned();
    let desk = serve(case.path());
    let style = desk.get("/").is(200).body.split_once("stylesheet\" href=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let pages = [
        "/".to_owned(),
        "/?before=3".to_owned(),
        "/events".to_owned(),
        "/events?type=ASSAULT&country=&disputed=true&sort=sources&status=contested".to_owned(),
        format!("/events/{event}"),
        "/reports/r8".to_owned(),
        "/search?q=%22North+Korean%22+-doctor".to_owned(),
        "/search?q=".to_owned(),
        "/sources".to_owned(),
        "/sources/Sample%20Wire".to_owned(),
        "/search?q=source:wire&from=2024-12".to_owned(),
        "/export?type=ASSAULT".to_owned(),
        "/about".to_owned(),
        "/decisions".to_owned(),
        "/help".to_owned(),
    ];
    for page in pages {
        let answer = desk.get(&page).is(200);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{page}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{page}");
        // Addresses of reports are shown as text; what the browser would follow or fetch by itself is in an attribute.
        for attribute in ["href=\"", "src=\"", "action=\""] {
            let foreign =
                answer.body.split(attribute).skip(1).find(|value| !value.starts_with(['/', '#']) || value.starts_with("//"));
            let foreign = foreign.filter(|value| !value.starts_with("data:,"));
            assert_eq!(foreign.map(|value| value.chars().take(60).collect::<String>()), None, "{page}");
        }
        assert!(!answer.body.contains("style=") && !answer.body.contains(" onclick"), "{page}");
    }
    // Every link on the way from the first pages leads somewhere.
    let mut seen = BTreeSet::new();
    let mut next = vec!["/".to_owned(), "/events?all=true".to_owned(), "/sources".to_owned(), "/search?q=soldier*".to_owned()];
    while let Some(page) = next.pop() {
        if seen.len() < 60 && seen.insert(page.clone()) {
            let body = desk.get(&page).is(200).body;
            let links = body.split("href=\"/").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
            next.extend(links.map(|link| format!("/{}", link.replace("&amp;", "&"))));
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
    let style = desk.get(&style).is(200);
    assert!(style.header("cache-control").unwrap().contains("immutable"));
}

#[test]
fn err_what_is_not_there_or_can_not_be_is_said() {
    let case = sample();
    let desk = serve(case.path());
    for (page, status, said) in [
        ("/nowhere", 404, "there is no page"),
        ("/events/e999", 404, "event e999"),
        ("/events/x", 400, "`x` is no event"),
        ("/reports/r999", 404, "report r999"),
        ("/events?type=WAR", 400, "`WAR` is no PLOVER type"),
        ("/events?disputed=perhaps", 400, "neither true nor false"),
        ("/events?sort=size", 400, "`size` is no order"),
        ("/events?after=%00nonsense", 400, "nonsense"),
        ("/?before=soon", 400, "invalid digit"),
        ("/assets/none.css", 404, "none.css"),
    ] {
        let answer = desk.get(page).is(status);
        assert!(answer.body.contains(said), "{page}: {}", answer.body);
    }
    assert!(desk.get("/events/e999999999999999999999").status == 400);
    assert_eq!(desk.post("/events/e1", "", "").status, 405);
}

#[test]
fn decisions_are_kept_and_can_be_taken_back() {
    let case = sample();
    let event = id(&capture(case.path())).to_owned();
    let desk = serve(case.path());
    let token = desk.get(&format!("/events/{event}")).token().to_owned();
    let decide = format!("/events/{event}/decide");
    let form = |rest: &str| format!("token={token}&why=seen+the+photo&{rest}");
    assert_eq!(
        desk.post(&decide, "", &form("kind=accept")).is(303).header("location"),
        Some(format!("/events/{event}#decisions").as_str())
    );
    desk.post(&decide, "", &form("kind=grade&grade=2")).is(303);
    desk.post(&decide, "", &form("kind=set&field=country&value=RUS")).is(303);
    desk.post(&decide, "", &form("kind=note&note=ask+again+%3Cb%3E")).is(303);
    let page = desk.get(&format!("/events/{event}")).is(200).body;
    for said in [
        "accept",
        "grade 2",
        "set country = RUS",
        "note ask again &lt;b&gt;",
        "Sample Editor",
        "seen the photo",
        "set by a person",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    for (form, said) in [
        (form("kind=grade&grade=7"), "no grade"),
        (form("kind=set&field=country&value=Russia"), "ISO 3166"),
        (form("kind=note&note=+"), "empty"),
        (form("kind=launch"), "no decision"),
        ("why=x&kind=accept".to_owned(), "token"),
    ] {
        let answer = desk.post(&decide, "", &form).is(400);
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    desk.post("/decisions/2/undo", "", &format!("token={token}")).is(303);
    assert!(desk.get("/decisions").body.contains("taken back by"));
    desk.post("/decisions/2/undo", "", &format!("token={token}")).is(409);
    // Joined with another, and a report parted from it again.
    let other = desk
        .get("/events?all=true")
        .body
        .split("/events/")
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .find(|id| id.starts_with('e') && *id != event)
        .unwrap();
    desk.post(&format!("/events/{event}/merge"), "", &format!("token={token}&event={other}&why=one")).is(303);
    desk.get(&format!("/events/{other}")).is(404);
    desk.post(&format!("/events/{event}/merge"), "", &format!("token={token}&event={event}&why=one")).is(400);
    let parted = desk.post(&format!("/events/{event}/split"), "", &format!("token={token}&report=r8&why=two")).is(303);
    desk.get(parted.header("location").unwrap()).is(200);
    desk.post(&format!("/events/{event}/split"), "", &format!("token={token}&why=two")).is(400);
    desk.post("/sources/set", "", &format!("token={token}&name=Sample+Wire&reliability=A")).is(303);
    assert!(dateline(["sources"]).dir(case.path()).run().exits(0).stdout.contains("Sample Wire"));
    dateline(["verify"]).dir(case.path()).run().exits(0);
}

#[test]
fn changes_from_elsewhere_are_refused() {
    let case = sample();
    let desk = serve(case.path());
    let token = desk.get("/events/e1").token().to_owned();
    let form = format!("token={token}&kind=reject");
    desk.post("/events/e1/decide", "", "token=guessed&kind=reject").is(403);
    desk.post("/events/e1/decide", "Origin: http://elsewhere.example\r\n", &form).is(403);
    desk.post("/events/e1/decide", "Sec-Fetch-Site: cross-site\r\n", &form).is(403);
    let elsewhere = "GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n";
    desk.ask(elsewhere).is(403);
    assert!(!desk.get("/events/e1").body.contains("reject</strong>"));
    let own = format!("Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", desk.address);
    desk.post("/events/e1/decide", &own, &form).is(303);
    let run = dateline(["serve", "--listen", "0.0.0.0:0"]).dir(case.path()).run().exits(2);
    assert!(run.stderr.contains("loopback"), "{}", run.stderr);
}

#[test]
fn hostile_text_is_shown_as_text() {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case", "--name", "<script>alert(0)</script>"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let hostile = "</p><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}gnp.exe";
    let report = serde_json::json!({
        "text": format!("The army shelled Sumy on Friday, the mayor {hostile} said. {hostile}"),
        "title": hostile, "source": hostile, "author": hostile, "url": "javascript:alert(3)", "published": "2024-12-27",
    });
    dateline(["add", "-"]).dir(&case).stdin(report.to_string()).run().exits(0);
    let desk = serve(&case);
    for page in [
        "/",
        "/events?all=true",
        "/events/e1",
        "/reports/r1",
        "/search?q=shelled",
        "/search?q=%3Cscript%3Ealert(4)%3C/script%3E",
        "/sources",
        &format!("/sources/{}", hostile.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>()),
        "/search?q=source:script",
        "/%3Cscript%3Ealert(5)%3C/script%3E",
    ] {
        let body = desk.get(page).body;
        assert!(!body.contains("<script>alert") && !body.contains("<img"), "{page}: {body}");
        assert!(!body.contains("href=\"javascript"), "{page}: {body}");
        assert!(!body.contains('\u{202e}'), "{page}: {body}");
    }
}

#[test]
fn names_of_protected_persons_are_shown_only_on_request_which_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let report = serde_json::json!({
        "text": "Ukrainian forces captured Ri Chol Sample, a North Korean soldier, in Kursk oblast on Thursday, the army said.",
        "title": "Ri Chol Sample captured in Kursk", "source": "Sample Wire", "published": "2024-12-27",
    });
    dateline(["add", "-"]).dir(&case).stdin(report.to_string()).run().exits(0);
    let desk = serve(&case);
    let api = ["/api/v1/events?all=true", "/api/v1/events/e1", "/api/v1/reports/r1", "/api/v1/search?q=captured"];
    for page in ["/", "/events?all=true", "/events/e1", "/reports/r1", "/search?q=captured"].into_iter().chain(api) {
        let body = desk.get(page).is(200).body;
        assert!(!body.contains("Ri Chol"), "{page}: {body}");
    }
    let token = desk.get("/reports/r1").token().to_owned();
    desk.post("/reports/r1/names", "", &format!("token={token}&why=+")).is(400);
    let shown = desk.post("/reports/r1/names", "", &format!("token={token}&why=to+tell+his+family")).is(200).body;
    assert!(shown.contains("Ri Chol Sample"), "{shown}");
    let kept = desk.get("/decisions").body;
    assert!(kept.contains("names-shown") && kept.contains("to tell his family") && kept.contains("/reports/r1"), "{kept}");
    assert!(!desk.get("/reports/r1").body.contains("Ri Chol"));
}

#[test]
fn programs_get_json_with_tags_cursors_and_problems() {
    let case = sample();
    let event = id(&capture(case.path())).to_owned();
    let desk = serve(case.path());
    let ask = |path: &str| -> serde_json::Value { serde_json::from_str(&desk.get(path).is(200).body).unwrap() };
    assert_eq!(ask("/api/v1/case")["reports"], 12);
    let first = ask("/api/v1/events?limit=2&all=true&sort=reports");
    let rest = ask(&format!("/api/v1/events?limit=500&all=true&sort=reports&after={}", first["next"].as_str().unwrap()));
    assert_eq!(
        first["rows"].as_array().unwrap().len() + rest["rows"].as_array().unwrap().len(),
        first["total"].as_u64().unwrap() as usize
    );
    assert_eq!(first["rows"][0]["id"], event.as_str());
    assert_eq!(ask(&format!("/api/v1/events/{event}"))["event"]["id"], event.as_str());
    let report = ask("/api/v1/reports/r8");
    assert!(report["reading"].is_null() && report["source"] == "Placeholder Radio");
    assert_eq!(ask("/api/v1/search?q=doctor&sort=newest")["rows"][0]["id"], "r7");
    assert!(!ask("/api/v1/sources")["rows"].as_array().unwrap().is_empty());
    assert!(ask("/api/v1/decisions")["rows"].as_array().unwrap().is_empty());
    let tag = desk.get("/api/v1/case").header("etag").unwrap().to_owned();
    let again =
        format!("GET /api/v1/case HTTP/1.1\r\nHost: {}\r\nIf-None-Match: {tag}\r\nConnection: close\r\n\r\n", desk.address);
    assert!(desk.ask(&again).is(304).body.is_empty());
    for (path, status, said) in [
        ("/api/v1/events/e999", 404, "event e999"),
        ("/api/v1/events?country=Russia", 400, "ISO 3166"),
        ("/api/v1/events?limit=0", 400, "between 1 and 500"),
        ("/api/v1/events?limit=many", 400, "invalid digit"),
        ("/api/v1/search?q=", 400, "word"),
        ("/api/v1/search?q=a&sort=size", 400, "unknown variant"),
        ("/api/v1/nothing", 404, "no such resource"),
    ] {
        let answer = desk.get(path).is(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        let problem: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(problem["detail"].as_str().unwrap().contains(said), "{path}: {problem}");
        assert_eq!(problem["status"], status, "{path}");
    }
}
