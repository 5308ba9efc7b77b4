//! The API: what a token opens, and what is kept of what programs do.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::case::sample;
use crate::serve::{Answer, Served, serve_with};
use crate::support::dateline;

/// A token of a desk without accounts.
fn token(case: &Path, scopes: &[&str]) -> String {
    let mut run = dateline(["users", "token", "--name", "test"]).dir(case);
    for scope in scopes {
        run = run.arg("--scope").arg(scope);
    }
    run.run().exits(0).stdout.trim().to_owned()
}

pub(crate) fn send(desk: &Served, method: &str, path: &str, token: &str, kind: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(&desk.address).unwrap();
    let head = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        desk.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // It may be refused before all of it is taken.
    let _ = stream.write_all(body);
    Served::answer(stream)
}

fn post(desk: &Served, path: &str, token: &str, body: Value) -> Answer {
    send(desk, "POST", path, token, "application/json", body.to_string().as_bytes())
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

#[test]
fn programs_decide_with_a_token_and_take_it_back() {
    let case = sample();
    let token = token(case.path(), &["read", "review"]);
    let desk = serve_with(case.path(), &[]);
    let kept = json_of(&post(&desk, "/events/e1/decisions", &token, json!({ "kind": "accept", "why": "seen" })).is(201));
    assert_eq!(kept["decision"], 1);
    for decision in [
        json!({ "kind": "grade", "grade": 2 }),
        json!({ "kind": "set", "field": "country", "value": "RUS" }),
        json!({ "kind": "note", "note": "ask again" }),
        json!({ "kind": "release", "why": "he agreed" }),
    ] {
        post(&desk, "/events/e1/decisions", &token, decision).is(201);
    }
    post(&desk, "/decisions/2/undo", &token, json!({ "why": "no" })).is(201);
    let rows = json_of(&desk.get("/api/v1/decisions").is(200))["rows"].as_array().unwrap().clone();
    let what: Vec<&str> = rows.iter().map(|row| row["what"].as_str().unwrap()).collect();
    assert_eq!(what.len(), 6, "{what:?}");
    assert!(what[1].starts_with("grade 2") && what[2] == "set country = RUS" && what[4] == "release", "{what:?}");
    assert_eq!((&rows[1]["undone_by"], &rows[0]["by"]), (&json!(6), &json!("Sample Editor")));
    let other = json_of(&desk.get("/api/v1/events?all=true&sort=reports&limit=500").is(200));
    let ids: Vec<&str> = other["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    let (first, second) = (ids[0], *ids.iter().find(|id| **id != ids[0] && **id != "e1").unwrap());
    post(&desk, &format!("/events/{first}/merge"), &token, json!({ "events": [second], "why": "one" })).is(201);
    let parted =
        json_of(&post(&desk, &format!("/events/{first}/split"), &token, json!({ "reports": ["r8"], "why": "two" })).is(201));
    desk.get(&format!("/api/v1/events/{}", parted["event"].as_str().unwrap())).is(200);
    post(&desk, "/reports/r3/withdrawal", &token, json!({ "why": "their correction" })).is(204);
    send(&desk, "PUT", "/sources/Sample%20Wire", &token, "application/json", br#"{"owner": "Sample Group", "reliability": "B"}"#)
        .is(204);
    let sources = json_of(&desk.get("/api/v1/sources").is(200));
    let wire = sources["rows"].as_array().unwrap().iter().find(|row| row["name"] == "Sample Wire").unwrap();
    assert_eq!((&wire["owner"], &wire["reliability"]), (&json!("Sample Group"), &json!("B")));
    send(&desk, "DELETE", "/sources/Sample%20Wire", &token, "application/json", b"").is(204);
    send(&desk, "DELETE", "/sources/Sample%20Wire", &token, "application/json", b"").is(404);
    dateline(["verify"]).dir(case.path()).run().exits(0);
}

#[test]
fn err_what_a_token_is_not_for_and_what_can_not_be() {
    let case = sample();
    let (read, review) = (token(case.path(), &["read"]), token(case.path(), &["review"]));
    let desk = serve_with(case.path(), &[]);
    for (answer, status, said) in [
        (post(&desk, "/events/e1/decisions", &read, json!({ "kind": "accept" })), 403, "scope `review`"),
        (post(&desk, "/events/e1/decisions", "guessed", json!({ "kind": "accept" })), 401, "not known"),
        (post(&desk, "/reports/r1/names", &review, json!({ "why": "x" })), 403, "scope `names`"),
        (send(&desk, "POST", "/reports", &review, "text/plain", b"x"), 403, "scope `add`"),
        (send(&desk, "GET", "/case", &review, "", b""), 403, "scope `read`"),
        (post(&desk, "/events/e999/decisions", &review, json!({ "kind": "accept" })), 404, "event e999"),
        (post(&desk, "/events/e1/decisions", &review, json!({ "kind": "launch" })), 400, "unknown variant"),
        (post(&desk, "/events/e1/decisions", &review, json!({ "kind": "grade", "grade": 7 })), 400, "no grade"),
        (
            post(&desk, "/events/e1/decisions", &review, json!({ "kind": "set", "field": "actor", "value": "x" })),
            400,
            "unknown variant",
        ),
        (post(&desk, "/events/e1/decisions", &review, json!({ "kind": "note", "note": " " })), 400, "empty"),
        (post(&desk, "/events/e1/merge", &review, json!({ "events": ["e1"], "why": "x" })), 400, "other events"),
        (post(&desk, "/events/e1/split", &review, json!({ "reports": [], "why": "x" })), 400, "no report"),
        (post(&desk, "/events/e1/split", &review, json!({ "reports": ["r1"], "why": " " })), 400, "say why"),
        (post(&desk, "/decisions/99/undo", &review, json!({})), 404, "decision 99"),
        (send(&desk, "POST", "/events/e1/decisions", &review, "text/plain", b"{}"), 415, "application/json"),
        (send(&desk, "PUT", "/sources/X", &review, "application/json", br#"{"reliability": "Z"}"#), 400, "A to F"),
        (send(&desk, "PUT", "/sources/X", &review, "application/json", br#"{"country": "Narnia"}"#), 400, "ISO 3166"),
        (send(&desk, "PATCH", "/case", &review, "application/json", b""), 405, "method"),
    ] {
        let answer = answer.is(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{said}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    // Without a token nothing changes, not even on one's own machine.
    let bare = format!(
        "POST /api/v1/events/e1/decisions HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        desk.address
    );
    desk.ask(&bare).is(401);
    assert!(json_of(&desk.get("/api/v1/decisions"))["rows"].as_array().unwrap().is_empty());
}

#[test]
fn reports_are_brought_in_read_and_kept() {
    let case = sample();
    let token = token(case.path(), &["add", "read"]);
    let desk = serve_with(case.path(), &[]);
    let lines = "{\"text\": \"Shelling killed four people in Sumy on Friday, the mayor said.\", \"source\": \"Upload Wire\", \"published\": \"2024-12-28\"}\n{broken\n";
    let rows =
        json_of(&send(&desk, "POST", "/reports?name=new.jsonl", &token, "application/octet-stream", lines.as_bytes()).is(200));
    let rows = rows["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["state"], &rows[1]["state"]), (2, &json!("new"), &json!("failed")), "{rows:?}");
    assert!(rows[0]["claims"].as_u64().unwrap() > 0 && !rows[1]["remarks"].as_array().unwrap().is_empty(), "{rows:?}");
    let id = rows[0]["report"].as_str().unwrap();
    assert_eq!(json_of(&desk.get(&format!("/api/v1/reports/{id}")).is(200))["added"]["by"], "Sample Editor");
    let again =
        json_of(&send(&desk, "POST", "/reports?name=new.jsonl", &token, "application/octet-stream", lines.as_bytes()).is(200));
    assert_eq!(again["rows"][0]["state"], "known");
    send(&desk, "POST", "/reports?name=a.jsonl", &token, "application/octet-stream", b"{").is(422);
    send(&desk, "POST", "/reports?published=soon", &token, "application/octet-stream", b"x").is(400);
    send(&desk, "POST", "/reports", &token, "application/octet-stream", b"").is(400);
    send(&desk, "POST", "/reports", &token, "application/octet-stream", &vec![b'x'; (64 << 20) + 1]).is(413);
    dateline(["verify"]).dir(case.path()).run().exits(0);
}

/// A form with a file, as a browser sends it.
fn upload(desk: &Served, token: &str, name: &str, bytes: &[u8]) -> Answer {
    let mut body = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--XX--\r\n");
    let mut stream = TcpStream::connect(&desk.address).unwrap();
    let head = format!(
        "POST /add HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: {}\r\n\r\n",
        desk.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let _ = stream.write_all(&body);
    Served::answer(stream)
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn hostile_uploads_do_no_harm_and_are_named() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let token = desk.get("/add").is(200).token().to_owned();
    // Two hundred megabytes of nothing in a few hundred kilobytes, once more packed.
    let bomb = zipped(&[("zeros.txt", &vec![b'0'; 200 << 20])]);
    assert!(bomb.len() < 1 << 20);
    let answer = upload(&desk, &token, "bomb.zip", &bomb).is(200);
    assert!(answer.body.contains("0 new reports") && answer.body.contains("1 failed"), "{}", answer.body);
    let nested = zipped(&[("inner.zip", &bomb), ("good.txt", b"Shelling killed four people in Sumy on Friday, the mayor said.")]);
    let answer = upload(&desk, &token, "nested.zip", &nested).is(200);
    assert!(answer.body.contains("1 new report,"), "{}", answer.body);
    let outside = zipped(&[("../../outside.txt", b"Troops shelled the town on Friday, the governor said.")]);
    upload(&desk, &token, "outside.zip", &outside).is(200);
    assert!(!case.path().parent().unwrap().join("outside.txt").exists());
    let script = "<script>alert(1)</script>\u{202e}.html";
    let answer = upload(&desk, &token, &script.replace('"', ""), b"\x00\xff\xfe broken").is(200);
    assert!(!answer.body.contains("<script>alert") && !answer.body.contains('\u{202e}'), "{}", answer.body);
    for bytes in [&b"PK\x03\x04"[..], b"\x1f\x8b\x08", b"<html", b"%PDF-1.7", &[0xff; 4096]] {
        upload(&desk, &token, "odd.bin", bytes).is(200);
    }
    upload(&desk, "guessed", "a.txt", b"x").is(403);
    let no_token = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--XX--\r\n";
    let head = format!(
        "POST /add HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: {}\r\n\r\n{no_token}",
        desk.address,
        no_token.len()
    );
    desk.ask(&head).is(403);
    desk.get("/").is(200);
    dateline(["verify"]).dir(case.path()).run().exits(0);
}

#[test]
fn news_come_as_they_happen_and_go_on_from_where_one_stopped() {
    let case = sample();
    let token = token(case.path(), &["review"]);
    let desk = serve_with(case.path(), &[]);
    let listen = |more: &str| {
        let mut stream = TcpStream::connect(&desk.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!("GET /api/v1/news HTTP/1.1\r\nHost: {}\r\n{more}\r\n", desk.address);
        stream.write_all(head.as_bytes()).unwrap();
        BufReader::new(stream)
    };
    let until = |stream: &mut BufReader<TcpStream>, wanted: &str| {
        let mut seen = String::new();
        while !seen.lines().any(|line| line.starts_with(wanted)) {
            let mut line = String::new();
            assert!(stream.read_line(&mut line).unwrap() > 0, "the stream ended: {seen}");
            seen.push_str(&line);
        }
        seen
    };
    let mut news = listen("");
    until(&mut news, ": listening");
    post(&desk, "/events/e1/decisions", &token, json!({ "kind": "accept", "why": "seen" })).is(201);
    let seen = until(&mut news, "id:");
    assert!(seen.contains("event: decision") && seen.contains("event: event") && seen.contains("\"id\":\"e1\""), "{seen}");
    let id = seen.lines().find_map(|line| line.strip_prefix("id:")).unwrap().trim().to_owned();
    drop(news);
    let report = json!({ "text": "Shelling killed four people in Sumy on Friday, the mayor said.", "source": "Later Wire", "published": "2024-12-28" });
    dateline(["add", "-"]).dir(case.path()).stdin(report.to_string()).run().exits(0);
    let seen = until(&mut listen(&format!("Last-Event-ID: {id}\r\n")), "id:");
    assert!(seen.contains("event: report") && seen.contains("Later Wire") && !seen.contains("event: decision"), "{seen}");
    desk.get("/api/v1/news?after=nonsense").is(400);
}

#[test]
fn a_decision_that_was_acknowledged_outlives_the_server() {
    let case = sample();
    let token = token(case.path(), &["review"]);
    for round in 0..4 {
        let mut desk = serve_with(case.path(), &[]);
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (address, kept, ended, secret) = (desk.address.clone(), Arc::clone(&acknowledged), Arc::clone(&stop), token.clone());
        let client = std::thread::spawn(move || {
            for nth in 0.. {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let body = json!({ "kind": "note", "note": format!("round {round} note {nth}.") }).to_string();
                let Ok(mut stream) = TcpStream::connect(&address) else { break };
                let head = format!(
                    "POST /api/v1/events/e1/decisions HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                let mut answer = String::new();
                if stream.write_all(head.as_bytes()).is_err() || std::io::Read::read_to_string(&mut stream, &mut answer).is_err()
                {
                    break;
                }
                if answer.starts_with("HTTP/1.1 201") {
                    kept.lock().unwrap().push(format!("round {round} note {nth}."));
                }
            }
        });
        std::thread::sleep(Duration::from_millis(300 + 137 * round));
        desk.kill();
        stop.store(true, Ordering::Relaxed);
        client.join().unwrap();
        let acknowledged = acknowledged.lock().unwrap();
        assert!(!acknowledged.is_empty(), "no decision was acknowledged in round {round}");
        let shown = dateline(["show", "e1", "--format", "json"]).dir(case.path()).run().exits(0).stdout;
        for note in acknowledged.iter() {
            assert!(shown.contains(note.as_str()), "{note} was acknowledged and is not there");
        }
        dateline(["verify"]).dir(case.path()).run().exits(0);
    }
}

#[test]
fn events_are_counted_by_when_and_where() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let all = json_of(&desk.get("/api/v1/events/overview?all=true").is(200));
    let listed = json_of(&desk.get("/api/v1/events?all=true&limit=500").is(200));
    assert_eq!(all["total"], listed["total"]);
    let sum = |list: &Value| list.as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(Some(sum(&all["bins"])), all["dated"].as_u64());
    assert_eq!(Some(sum(&all["cells"])), all["placed"].as_u64());
    assert!(sum(&all["cells"]) > 0 && sum(&all["bins"]) > 0, "{all}");
    let kursk = json_of(&desk.get("/api/v1/events/overview?all=true&bbox=30,48,40,54&zoom=6").is(200));
    assert!(sum(&kursk["cells"]) > 0, "{kursk}");
    assert_eq!(Some(sum(&kursk["cells"]) + kursk["outside"].as_u64().unwrap()), kursk["placed"].as_u64());
    let west = json_of(&desk.get("/api/v1/events/overview?all=true&bbox=-120,0,-60,50").is(200));
    assert_eq!(sum(&west["cells"]), 0);
    for (wrong, said) in [
        ("bbox=1,2,3", "west,south"),
        ("bbox=a,b,c,d", "west,south"),
        ("zoom=13", "zoom"),
        ("zoom=x", "invalid digit"),
        ("type=WAR", "PLOVER"),
    ] {
        let answer = desk.get(&format!("/api/v1/events/overview?{wrong}")).is(400);
        assert!(answer.body.contains(said), "{wrong}: {}", answer.body);
    }
}

#[test]
fn what_pages_show_programs_get_too() {
    let case = sample();
    let (read, review) = (token(case.path(), &["read"]), token(case.path(), &["review"]));
    let desk = serve_with(case.path(), &[]);
    let found = json_of(&desk.get("/api/v1/search?q=soldier&source=radio").is(200));
    assert!(found["rows"].as_array().unwrap().iter().all(|row| row["source"] == "Placeholder Radio"), "{found}");
    assert!(!found["rows"].as_array().unwrap().is_empty());
    let wire = json_of(&desk.get("/api/v1/sources/Sample%20Wire").is(200));
    assert!(wire["record"]["looked_at"].as_u64().unwrap() > 0 && wire["source"]["name"] == "Sample Wire", "{wire}");
    desk.get("/api/v1/sources/Nobody").is(404);
    let compared = json_of(&desk.get("/api/v1/reports/r5/comparison").is(200));
    assert!(compared["same"].as_u64().unwrap() > 10 && compared["base"]["id"] == "r4", "{compared}");
    assert!(json_of(&desk.get("/api/v1/reports/r8/comparison").is(200)).is_null());
    // A correction with its words: they must stand there.
    let event = json_of(&desk.get("/api/v1/reports/r8").is(200))["events"][0]["id"].as_str().unwrap().to_owned();
    let set = |start: usize, end: usize| json!({ "kind": "set", "field": "date", "value": "2024-12-26", "words": { "report": "r8", "start": start, "end": end }, "why": "it says so" });
    post(&desk, &format!("/events/{event}/decisions"), &review, set(0, 11)).is(201);
    post(&desk, &format!("/events/{event}/decisions"), &review, set(900_000, 900_004)).is(400);
    let kept = json_of(&desk.get("/api/v1/decisions").is(200));
    assert!(kept["rows"][0]["what"].as_str().unwrap().starts_with("set date = 2024-12-26"), "{kept}");
    let zip = send(&desk, "POST", "/exports?format=csv&type=ASSAULT", &read, "application/json", b"").is(200);
    assert_eq!(zip.header("content-type"), Some("application/zip"));
    assert!(zip.body.starts_with("PK"), "{}", zip.head);
    send(&desk, "POST", "/exports?format=tarot", &read, "application/json", b"").is(400);
}

#[test]
fn coding_stays_blind_for_programs() {
    let case = sample();
    for name in ["Ann", "Ben", "Eve"] {
        let role = if name == "Eve" { "editor" } else { "coder" };
        dateline(["users", "add", name, "--role", role]).dir(case.path()).stdin("a long password").run().exits(0);
    }
    let token = |name: &str| {
        let run = dateline(["users", "token", name, "--name", "test", "--scope", "read", "--scope", "review"]).dir(case.path());
        run.run().exits(0).stdout.trim().to_owned()
    };
    let (ann, ben, eve) = (token("Ann"), token("Ben"), token("Eve"));
    let desk = serve_with(case.path(), &["--users"]);
    let coders = json!({ "coders": ["Ann", "Ben"], "why": "to measure" });
    post(&desk, "/reports/r8/coders", &ann, coders.clone()).is(403);
    post(&desk, "/reports/r8/coders", &eve, coders).is(201);
    let coding = |place: &str| json!({ "coding": { "type": "ASSAULT", "place": place } });
    post(&desk, "/reports/r8/codings", &eve, coding("Kursk")).is(400);
    post(&desk, "/reports/r8/codings", &ann, coding("Annsville")).is(201);
    post(&desk, "/reports/r8/codings", &ann, coding("Annsville")).is(400);
    for who in [&ben, &eve] {
        for path in ["/codings", "/decisions", "/reports/r8"] {
            let answer = send(&desk, "GET", path, who, "", b"").is(200);
            assert!(!answer.body.contains("Annsville"), "{path}: {}", answer.body);
        }
    }
    post(&desk, "/reports/r8/codings", &ben, coding("Kursk")).is(201);
    let all = json_of(&send(&desk, "GET", "/codings", &eve, "", b"").is(200));
    assert_eq!(all["reports"][0]["codings"][0]["coding"]["place"], "Annsville", "{all}");
    assert!(all["agreement"].as_array().unwrap().iter().any(|field| field["field"] == "place"), "{all}");
}

#[test]
fn the_api_is_described() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let document = json_of(&desk.get("/api/v1/openapi.json").is(200));
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 14, "{:?}", paths.keys().collect::<Vec<_>>());
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{method} {path} has no summary");
        }
    }
}

fn collect_references(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            into.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect_references(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_references(value, into)),
        _ => {}
    }
}
