//! Lists on the desk: what came in, search by fields, outlets with their record, exports, the codebook.

use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::case::sample;
use crate::serve::{Answer, Served, serve_with};
use crate::support::dateline;

fn get_with(desk: &Served, path: &str, more: &str) -> Answer {
    desk.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{more}\r\n", desk.address))
}

/// What stands between two pieces of a page.
#[track_caller]
fn between<'a>(body: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = body.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {body}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after:?} after {before:?}")).0
}

#[test]
fn what_came_in_since_one_looked_is_marked_until_one_says_so() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    // What changed in the second that is not over yet counts as not seen.
    sleep(Duration::from_millis(1100));
    let page = desk.get("/").is(200);
    assert!(page.body.contains("not said yet up to where") && !page.body.contains("class=\"fresh\""), "{}", page.body);
    let mark = between(&page.body, "name=\"mark\" value=\"", "\"").to_owned();
    desk.post("/seen", "", &format!("token=guessed&mark={mark}")).is(403);
    desk.post("/seen", "", &format!("token={}&mark=soon", page.token())).is(400);
    let answer = desk.post("/seen", "", &format!("token={}&mark={mark}", page.token())).is(303);
    let cookie = answer.header("set-cookie").unwrap();
    for part in ["seen-", "Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=31536000"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let cookie = format!("Cookie: {}\r\n", cookie.split(';').next().unwrap());
    let page = get_with(&desk, "/", &cookie).is(200).body;
    assert!(page.contains("0 new reports and 0 new or changed events"), "{page}");

    let text = "Rebels shelled the market of Sumy on Monday and killed nine people, the mayor said. The shells fell in the morning, when the stalls were full. Ambulances came from three towns.";
    let add = |text: &str, source: &str| {
        let report = json!({ "text": text, "source": source, "title": source, "published": "2025-02-03" });
        dateline(["add", "-"]).dir(case.path()).stdin(report.to_string()).run();
    };
    add(text, "Sample Wire");
    add(text, "Sample Gazette");
    add("Росія та Україна обмінялися полоненими у вівторок, повідомили в штабі. Обмін відбувся на кордоні.", "Placeholder Times");
    for _ in 0..2 {
        let page = get_with(&desk, "/", &cookie).is(200).body;
        let total = between(&page, "role=\"status\">", "</p>");
        assert!(total.contains("3 new reports and ") && !total.contains(" 0 new"), "{total}");
        let reports = between(&page, "id=\"reports\"", "id=\"changed\"");
        assert_eq!(reports.matches("class=\"fresh\">new<").count(), 3, "{reports}");
        assert!(reports.contains("1 more report with the same text (1 new)"), "{reports}");
        let changed = between(&page, "id=\"changed\"", "id=\"unread\"");
        assert!(changed.contains("class=\"fresh\">new<"), "{changed}");
        let unread = between(&page, "id=\"unread\"", "</section>");
        assert!(unread.contains("/reports/r15\"") && unread.contains("language"), "{unread}");
    }
    // A mark of another person or case, or one that is none, says nothing.
    assert!(get_with(&desk, "/", "Cookie: seen-000000000000=9.2024-01-01T00:00:00Z~x\r\n").is(200).body.contains("not said yet"));
    let name = between(&cookie, "Cookie: ", "=");
    assert!(get_with(&desk, "/", &format!("Cookie: {name}=nonsense\r\n")).is(200).body.contains("not said yet"));
}

#[test]
fn reports_are_found_by_fields_and_what_is_wrong_is_named() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let found = |asked: &str| {
        let body = desk.get(&format!("/search?{asked}")).is(200).body;
        let list = between(&body, "<ol class=\"found\">", "</ol>");
        list.split("<bdi>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("q=source:wire"), ["Sample Wire"]);
    assert_eq!(found("source=wire&q=soldier"), ["Sample Wire"]);
    assert_eq!(found("q=source:%22state+bulletin%22+captured"), ["Sample State Bulletin"]);
    // By another of its names in the table of outlets.
    assert_eq!(found("q=source:bulletin.example"), ["Sample State Bulletin"]);
    assert_eq!(found("q=title:losses+from:2024-12+to:2024-12"), ["Placeholder Times", "Sample Gazette"]);
    assert_eq!(found("title=losses&to=2024-11"), [""; 0]);
    assert_eq!(found("q=from:2025-01"), ["Example Post"]);
    for (asked, said) in [
        ("q=from:soon", "from: `soon` is no date"),
        ("q=drone+source:", "source: nothing stands after the colon"),
        ("q=-title:drone", "-title: only words can be left out"),
        ("language=%D1%83", "is no language code"),
        ("q=-drone", "give at least one word"),
        ("q=drone&sort=size", "`size` is no order of reports"),
    ] {
        let answer = desk.get(&format!("/search?{asked}")).is(400);
        assert!(answer.body.contains(said) && answer.body.contains("name=\"q\""), "{asked}: {}", answer.body);
        desk.get(&format!("/search?{asked}&live=true")).is(200);
    }
}

#[test]
fn an_outlet_has_its_record_and_editors_say_what_it_is() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let count = |page: &str, of: &str| between(page, &format!("<dt>{of}</dt><dd><strong>"), "<").parse::<u64>().unwrap();
    let page = desk.get("/sources/Sample%20Dispatch").is(200).body;
    assert_eq!(
        (count(&page, "told first"), count(&page, "denied later"), count(&page, "corroborated later")),
        (2, 1, 1),
        "{page}"
    );
    assert_eq!((count(&page, "first with a text"), count(&page, "copied others")), (0, 0));
    let page = desk.get("/sources/Sample%20Wire").is(200).body;
    assert_eq!(
        (count(&page, "first with a text"), count(&page, "copied others"), count(&page, "told first")),
        (1, 0, 0),
        "{page}"
    );
    assert_eq!(count(&desk.get("/sources/Mockup%20Online").is(200).body, "copied others"), 1);
    // By another of its names.
    assert!(desk.get("/sources/wire.example").is(200).body.contains("<h1 dir=\"auto\">Sample Wire</h1>"));
    assert!(desk.get("/sources/Nobody").is(404).body.contains("outlet `Nobody`"));

    let token = desk.get("/sources").token().to_owned();
    let form = |rest: &str| format!("token={token}&do=keep&{rest}");
    for (form, said) in [
        (form("country=Narnia"), "ISO 3166"),
        (form("reliability=G"), "`G` is no reliability"),
        (format!("token={token}&do=praise"), "`praise`"),
    ] {
        let answer = desk.post("/sources/Sample%20Wire", "", &form).is(400);
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    desk.post("/sources/Sample%20Wire", "", "token=guessed&do=keep").is(403);
    desk.post(
        "/sources/Sample%20Wire",
        "",
        &form("owner=Sample+Group&kind=agency&country=UKR&reliability=A&aliases=wire.example%0D%0A%0D%0A+SW+"),
    )
    .is(303);
    let page = desk.get("/sources/SW").is(200).body;
    for said in ["<strong>A</strong> – completely reliable", "Sample Group", "UKR", "wire.example, SW"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // One that is known from no report, with a name that is an address of the desk.
    let to = desk.post("/sources/set", "", &format!("token={token}&plain=set&reliability=C")).is(303);
    assert!(desk.get(to.header("location").unwrap()).is(200).body.contains("No report of it"));
    desk.post("/sources/Sample%20Wire", "", &format!("token={token}&do=remove")).is(303);
    desk.post("/sources/Sample%20Wire", "", &format!("token={token}&do=remove")).is(404);
    let list = desk.get("/sources?q=WIRE").is(200).body;
    assert!(list.contains("1 outlet<") || list.contains("1 outlet "), "{list}");
    dateline(["verify"]).dir(case.path()).run().exits(0);
}

/// The bytes of an answer to a form.
fn download(desk: &Served, path: &str, form: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(&desk.address).unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        desk.address,
        form.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: application/zip"), "{head}");
    assert!(head.contains("attachment; filename=\"events-") && !head.contains("content-encoding"), "{head}");
    answer.split_off(end + 4)
}

#[test]
fn an_export_comes_with_its_manifest_and_is_kept_on_record() {
    let case = sample();
    let report = json!({
        "text": "Ukrainian forces captured Jon Placeholderson, a North Korean soldier, near Kursk on Monday, the army said.",
        "source": "Sample Wire", "published": "2025-02-03",
    });
    dateline(["add", "-"]).dir(case.path()).stdin(report.to_string()).run().exits(0);
    let desk = serve_with(case.path(), &[]);
    let page = desk.get("/export?type=ASSAULT").is(200);
    let token = page.token();
    let total: u64 = between(&page.body, "role=\"status\">", " event").parse().unwrap();
    for format in ["csv", "jsonl", "geojson", "parquet", "acled", "plover", "claimreview", "ftm"] {
        let head = between(&desk.get("/export").body, "class=\"hash\">", "<").to_owned();
        let bytes = download(&desk, "/export?type=ASSAULT", &format!("token={token}&format={format}"));
        assert_ne!(between(&desk.get("/export").body, "class=\"hash\">", "<"), head, "{format} is not on record");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        let mut read = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let name = names.iter().find(|name| !name.ends_with(".manifest.json")).unwrap();
        let data = read(name);
        let manifest: Value = serde_json::from_slice(&read(&format!("{name}.manifest.json"))).unwrap();
        assert_eq!(manifest["files"][0]["bytes"], data.len());
        assert_eq!(manifest["files"][0]["events"], total, "{format}");
        assert_eq!(manifest["case"]["filter"], "--type ASSAULT");
        assert_eq!(manifest["case"]["by"], "Sample Editor");
        assert!(head.starts_with(manifest["case"]["head"].as_str().unwrap()), "{head}: {manifest}");
        assert_eq!(manifest["released"], false);
        let text = String::from_utf8_lossy(&data);
        assert!(!text.contains("Placeholderson"), "{format}: {text}");
    }
    desk.post("/export", "", "token=guessed&format=csv").is(403);
    desk.post("/export", "Sec-Fetch-Site: cross-site\r\n", &format!("token={token}&format=csv")).is(403);
    assert!(desk.post("/export", "", &format!("token={token}&format=pdf")).is(400).body.contains("`pdf` is no export format"));
    desk.post("/export?type=WAR", "", &format!("token={token}&format=csv")).is(400);
    assert!(desk.get("/export?type=AID&disputed=true").is(200).body.contains("nothing to export"));
    assert!(desk.get("/events?type=ASSAULT").body.contains("href=\"/export?type=ASSAULT\""));
    dateline(["verify"]).dir(case.path()).run().exits(0);
}

#[test]
fn every_code_that_pages_link_to_is_explained() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let help = desk.get("/help").is(200).body;
    let events = desk.get("/events?all=true").is(200).body;
    let codes: Vec<&str> = events.split("\"/help#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(
        codes.iter().any(|code| code.starts_with("type-")) && codes.iter().any(|code| code.starts_with("status-")),
        "{codes:?}"
    );
    for code in codes {
        assert!(help.contains(&format!("id=\"{code}\"")), "{code}");
    }
    let about = desk.get("/about").is(200).body;
    for said in [
        "GeoNames",
        "CC BY 4.0",
        "PLOVER",
        "CC BY-SA 4.0",
        "ACLED",
        "en_core_web_sm",
        "Natural Earth",
        "BSD 2-Clause",
        "no face recognition",
    ] {
        assert!(about.contains(said), "{said}");
    }
    assert!(desk.get("/events").body.contains("href=\"/about\""));
}
