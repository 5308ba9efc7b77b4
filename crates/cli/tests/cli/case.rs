//! The verbs on a case, on the built binary with the real model: each test makes a case of its own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use dateline_casebook::{Casebook, Writer};
use serde_json::Value;

use crate::support::{CACHE, Run, dateline};

const REPORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/case/reports.jsonl");
const OUTLETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/case/outlets.csv");

/// A case with the sample reports, copied for each test that changes it.
static SAMPLE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case", "--name", "Sample"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    dateline(["sources", "import", OUTLETS]).dir(&case).run().exits(0);
    dateline(["add", REPORTS]).dir(&case).run().exits(0);
    folder
});

pub(crate) fn sample() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&SAMPLE.path().join("case"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
}

/// The event that the most reports tell of: the capture.
pub(crate) fn capture(case: &Path) -> Value {
    let found = json(&dateline(["events", "--sort", "reports", "-n", "1", "--format", "json"]).dir(case).run().exits(0));
    found["rows"][0].clone()
}

pub(crate) fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

#[test]
fn the_demo_builds_its_case_and_shows_the_event() {
    let folder = tempfile::tempdir().unwrap();
    let run = dateline(["demo", "case", "--quiet"]).dir(folder.path()).run().exits(0);
    insta::assert_snapshot!(run.stdout);
    let again = dateline(["demo", "case"]).dir(folder.path()).run().exits(1);
    assert!(again.stderr.contains("there is a case here already"), "{}", again.stderr);
}

#[test]
fn adding_the_same_again_adds_nothing() {
    let case = sample();
    let run = dateline(["add", REPORTS]).dir(case.path()).run().exits(0);
    assert!(run.stdout.starts_with("0 reports new, 12 known already"), "{}", run.stdout);
    let count = json(&dateline(["search", "soldier*", "--format", "json", "-n", "50"]).dir(case.path()).run().exits(0));
    assert_eq!(count["total"], 12);
}

#[test]
fn what_fails_is_named_and_the_rest_is_kept() {
    let case = sample();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.txt"), "Shells hit a market in Kharkiv on Monday, the mayor said.").unwrap();
    fs::write(folder.path().join("picture.txt"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    fs::write(folder.path().join("ukrainian.txt"), "Війська захопили село у понеділок, повідомив генеральний штаб.").unwrap();
    let run = dateline(["add"]).arg(folder.path()).arg("absent.txt").dir(case.path()).run().exits(1);
    assert!(run.stdout.starts_with("2 reports new, 1 of them not read, 1 failed"), "{}\n{}", run.stdout, run.stderr);
    for named in ["picture.txt: a picture that came without a report", "absent.txt", "ukrainian.txt: not read: language uk"] {
        assert!(run.stderr.contains(named), "{named} is not named: {}", run.stderr);
    }
    let found = json(&dateline(["search", "захопили", "--format", "json"]).dir(case.path()).run().exits(0));
    assert_eq!(found["rows"].as_array().unwrap().len(), 1, "a report that is not read can be found");
}

#[test]
fn events_are_filtered_sorted_and_paged() {
    let case = sample();
    let ask = |arguments: &[&str]| {
        let mut run = dateline(["events", "--format", "json", "--all"]).dir(case.path());
        for argument in arguments {
            run = run.arg(argument);
        }
        json(&run.run())["rows"].as_array().unwrap().iter().map(|row| id(row).to_owned()).collect::<Vec<_>>()
    };
    let all = ask(&["-n", "100"]);
    assert!(all.len() >= 6, "{all:?}");
    let first = dateline(["events", "--format", "json", "--all", "-n", "3"]).dir(case.path()).run().exits(0);
    let next = json(&first)["next"].as_str().unwrap().to_owned();
    assert_eq!(ask(&["-n", "100", "--after", &next]), all[3..]);
    let capture = capture(case.path());
    for filter in [
        &["--type", "ASSAULT", "--country", "RUS"][..],
        &["--near", "Kursk,120"],
        &["--actor", "ukrain", "--place", "Kursk Oblast"],
        &["--from", "2024-12-26", "--to", "2024-12-26"],
        &["--disputed", "--actor", "PRK"][..0],
        &["--text", "photo \"wounded man\""],
    ] {
        assert!(ask(filter).contains(&id(&capture).to_owned()), "{filter:?} does not find {capture}");
    }
    for filter in [&["--country", "USA"][..], &["--near", "Kyiv,50"], &["--from", "2025-02"], &["--reviewed"]] {
        assert!(!ask(filter).contains(&id(&capture).to_owned()), "{filter:?} finds {capture}");
    }
    dateline(["events", "--status", "dubious"]).dir(case.path()).run().exits(2);
    dateline(["events", "--near", "Nowhereville-upon-Nothing,5"]).dir(case.path()).run().exits(1);
}

#[test]
fn an_event_shows_its_sources_and_says_why() {
    let case = sample();
    let capture = capture(case.path());
    assert_eq!((capture["type"].as_str(), capture["mode"].as_str()), (Some("ASSAULT"), Some("abduct")));
    assert_eq!(capture["status"], "contested", "{capture}");
    let page = json(&dateline(["show", id(&capture), "--format", "json"]).dir(case.path()).run().exits(0));
    let names: Vec<&str> = page["accounts"].as_array().unwrap().iter().map(|account| account["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"Sample Dispatch") && names.contains(&"Sample State Bulletin"), "{names:?}");
    assert!(
        !names.contains(&"Sample Wire") && !names.contains(&"Specimen Herald"),
        "a wire that cites the channel, and its copy, are no origins: {names:?}"
    );
    let copies = page["reports"].as_array().unwrap().iter().filter(|report| !report["copy_of"].is_null()).count();
    assert_eq!(copies, 3, "{page}");
    let text = dateline(["show", id(&capture), "--why"]).dir(case.path()).run().exits(0).stdout;
    assert!(text.contains("is a copy of") && text.contains("proposed grade"), "{text}");
    dateline(["show", "e99999"]).dir(case.path()).run().exits(1);
    let wrong = dateline(["show", "zzz"]).dir(case.path()).run().exits(1);
    assert!(wrong.stderr.contains("hint: events are e1"), "{}", wrong.stderr);
}

#[test]
fn a_report_shows_its_custody_and_gives_its_original_back() {
    let case = sample();
    let page = json(&dateline(["show", "r1", "--format", "json"]).dir(case.path()).run().exits(0));
    assert_eq!(page["added"]["by"], "tester");
    let hash = page["text"].as_str().unwrap().trim_start_matches("sha256:");
    let by_hash = json(&dateline(["show", &hash[..12], "--format", "json"]).dir(case.path()).run().exits(0));
    assert_eq!(by_hash["id"], "r1");
    let original = case.path().join("out.json");
    dateline(["show", "r1", "--original"]).arg(&original).dir(case.path()).run().exits(0);
    let line = fs::read_to_string(REPORTS).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(fs::read_to_string(original).unwrap().trim_end(), line);
}

#[test]
fn decisions_outrank_the_machine_survive_a_new_reading_and_can_be_taken_back() {
    let case = sample();
    let event = id(&capture(case.path())).to_owned();
    let review = |arguments: &[&str]| {
        let mut run = dateline(["review"]).dir(case.path());
        for argument in arguments {
            run = run.arg(argument);
        }
        run.run()
    };
    review(&[&event, "--grade", "2", "--why", "seen by us"]).exits(0);
    review(&[&event, "--set", "date=2024-12-25", "--why", "the picture says so"]).exits(0);
    review(&[&event, "--set", "date=yesterday"]).exits(2);
    review(&[&event, "--set", "colour=red"]).exits(2);
    review(&[&event]).exits(2);
    let row = || capture(case.path());
    assert_eq!(
        (row()["grade"].as_str(), row()["date"].as_str(), row()["reviewed"].as_bool()),
        (Some("2"), Some("2024-12-25"), Some(true))
    );
    let reread = dateline(["reread", "--all"]).dir(case.path()).run().exits(0);
    assert!(reread.stdout.ends_with("12 reports read again, 0 say something else now, 0 failed\n"), "{}", reread.stdout);
    assert_eq!(row()["date"], "2024-12-25", "a decision is gone after a new reading");
    review(&["--undo", "2", "--why", "a slip"]).exits(0);
    assert_eq!(row()["date"], "2024-12-26");
    assert!(review(&["--undo", "2"]).exits(1).stderr.contains("can't be undone"));
    review(&[&event, "--reject", "--why", "a test"]).exits(0);
    assert_ne!(id(&capture(case.path())), event, "a rejected event is still listed");
    let list = review(&["--list", &event]).exits(0).stdout;
    assert!(list.contains("#2") && list.contains("taken back by 3") && list.contains("seen by us"), "{list}");
}

#[test]
fn events_are_joined_and_parted_by_hand() {
    let case = sample();
    let rows = json(&dateline(["events", "--all", "--format", "json", "-n", "100"]).dir(case.path()).run().exits(0));
    let ids: Vec<String> = rows["rows"].as_array().unwrap().iter().map(|row| id(row).to_owned()).collect();
    let (into, other) = (&ids[0], &ids[1]);
    let reports = |event: &str| {
        let page = json(&dateline(["show", event, "--format", "json"]).dir(case.path()).run().exits(0));
        page["reports"].as_array().unwrap().iter().map(|report| id(report).to_owned()).collect::<Vec<_>>()
    };
    let (mine, others) = (reports(into), reports(other));
    dateline(["merge", into, other, "--why", "one and the same"]).dir(case.path()).run().exits(0);
    let mut both = [mine.clone(), others.clone()].concat();
    both.sort();
    both.dedup();
    let mut merged = reports(into);
    merged.sort();
    assert_eq!(merged, both);
    dateline(["show", other]).dir(case.path()).run().exits(1);
    dateline(["review", "--undo", "1"]).dir(case.path()).run().exits(0);
    assert_eq!((reports(into), reports(other)), (mine, others));
    let event = id(&capture(case.path())).to_owned();
    let telling = reports(&event);
    let run = dateline(["split", &event, &telling[0], "--why", "another one"]).dir(case.path()).run().exits(0);
    assert!(run.stderr.contains("now tell of e"), "{}", run.stderr);
    assert!(!reports(&event).contains(&telling[0]) || reports(&event).len() < telling.len());
    let all: Vec<&str> = std::iter::once("split").chain([event.as_str()]).chain(telling.iter().map(String::as_str)).collect();
    let mut run = dateline([]).dir(case.path());
    for argument in all {
        run = run.arg(argument);
    }
    run.run().exits(1);
}

#[test]
fn events_joined_by_hand_stay_joined_when_a_new_reading_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case");
    dateline(["init"]).arg(&case).run().exits(0);
    for text in [
        "The Specimen Legion shelled Kharkiv on January 3, the mayor said.",
        "The Specimen Legion shelled Kharkiv on January 3, a doctor said.",
        "The Specimen Legion attacked the town of Kupiansk on January 5, killing 3 soldiers, the army said.",
    ] {
        dateline(["add", "--published", "2025-01-06", "--source", "Sample Wire", "-"]).stdin(text).dir(&case).run().exits(0);
    }
    let ids = || {
        let found = json(&dateline(["events", "--format", "json", "--reverse", "--type", "ASSAULT"]).dir(&case).run().exits(0));
        found["rows"].as_array().unwrap().iter().map(|row| id(row).to_owned()).collect::<Vec<_>>()
    };
    let apart = ids();
    assert!(apart.len() >= 2, "{apart:?}");
    dateline(["review", &apart[0], "--grade", "2"]).dir(&case).run().exits(0);
    let mut merge = dateline(["merge", "--why", "one operation"]).dir(&case);
    for event in &apart {
        merge = merge.arg(event);
    }
    merge.run().exits(0);
    assert_eq!(ids().len(), 1);
    let lexicon = folder.path().join("lexicon");
    fs::create_dir(&lexicon).unwrap();
    fs::write(lexicon.join("organisations.tsv"), "Specimen Legion\tUKR\tMIL\t\n").unwrap();
    let reread = dateline(["reread", "--lexicon"]).arg(&lexicon).dir(&case).run().exits(0);
    for report in ["r1 ~ ASSAULT", "r3 ~ ASSAULT"] {
        assert!(reread.stdout.contains(report), "the new lexicon does not change {report}: {}", reread.stdout);
    }
    assert_eq!(ids(), apart[..1], "a new reading parts what was joined by hand, or gives the event another name");
    assert_eq!(capture(&case)["grade"], "2", "a decision is gone after a new reading");
}

#[test]
fn views_are_made_anew_from_the_record_and_decisions_hold() {
    let case = sample();
    let event = id(&capture(case.path())).to_owned();
    let rows = json(&dateline(["events", "--all", "--format", "json", "-n", "100"]).dir(case.path()).run().exits(0));
    let others: Vec<&str> = rows["rows"].as_array().unwrap().iter().map(id).filter(|other| *other != event).collect();
    dateline(["review", &event, "--grade", "2"]).dir(case.path()).run().exits(0);
    dateline(["merge", others[0], others[1], "--why", "one and the same"]).dir(case.path()).run().exits(0);
    let telling = json(&dateline(["show", &event, "--format", "json"]).dir(case.path()).run().exits(0));
    let last = telling["reports"].as_array().unwrap().last().map(id).unwrap();
    dateline(["split", &event, last, "--why", "another one"]).dir(case.path()).run().exits(0);
    let asked = || {
        let ask: [&[&str]; 4] = [
            &["events", "--all", "--format", "json", "-n", "100"],
            &["show", &event, "--format", "json"],
            &["search", "soldier", "--format", "json"],
            &["sources", "--format", "json"],
        ];
        ask.map(|question| {
            let run = question.iter().fold(dateline([]).dir(case.path()), |run, word| run.arg(word));
            run.run().exits(0).stdout
        })
    };
    let before = asked();
    let change = |work: &dyn Fn(&mut Writer<'_>) -> Result<(), dateline_casebook::Error>| {
        Casebook::open(case.path()).unwrap().write(|writer| work(writer)).unwrap();
    };
    change(&|writer| writer.clear_views());
    dateline(["events", "--all"]).dir(case.path()).run().exits(1);
    let run = dateline(["rebuild"]).dir(case.path()).run().exits(0);
    assert!(!run.stdout.contains('!'), "decisions lost their events: {}", run.stdout);
    // Only when events were last told anew is gone with the views.
    let undated =
        |answers: [String; 4]| answers.map(|text| text.lines().filter(|line| !line.contains("\"updated\"")).collect::<String>());
    let after = asked();
    for (was, is) in undated(before).into_iter().zip(undated(after.clone())) {
        assert_eq!(is, was);
    }
    // Over sound views nothing changes at all.
    dateline(["rebuild"]).dir(case.path()).run().exits(0);
    for (was, is) in after.into_iter().zip(asked()) {
        assert_eq!(is, was);
    }
    dateline(["verify", "--deep"]).dir(case.path()).run().exits(0);
    // A copy is known as one.
    let reports: Vec<Value> =
        fs::read_to_string(REPORTS).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let copy = serde_json::json!({ "text": reports[0]["text"], "source": "Sample Copyist", "published": "2025-02-01" });
    let run = dateline(["add", "-"]).dir(case.path()).stdin(copy.to_string()).run().exits(0);
    assert!(run.stdout.contains("1 of them copies"), "{}{}", run.stdout, run.stderr);
    // What another version filed is not mixed with this one's.
    change(&|writer| writer.put(101, 0, &9_u32.to_le_bytes()));
    let run = dateline(["merge", &event, others[2]]).dir(case.path()).run().exits(1);
    assert!(run.stderr.contains("dateline rebuild"), "{}", run.stderr);
    dateline(["rebuild"]).dir(case.path()).run().exits(0);
    dateline(["merge", &event, others[2]]).dir(case.path()).run().exits(0);
}

#[test]
fn a_withdrawn_report_no_longer_supports_its_event() {
    let case = sample();
    let found = json(
        &dateline(["search", "Two", "\"North Korean soldiers captured\"", "--format", "json"]).dir(case.path()).run().exits(0),
    );
    let (report, event) = (id(&found["rows"][0]), found["rows"][0]["events"][0].as_str().unwrap());
    dateline(["review", report, "--withdrawn", "--why", "taken off the site"]).dir(case.path()).run().exits(0);
    let page = json(&dateline(["show", event, "--format", "json"]).dir(case.path()).run().exits(0));
    assert_eq!(page["event"]["status"], "retracted", "{page}");
}

#[test]
fn every_format_is_exported_with_a_manifest_and_logged() {
    let case = sample();
    for format in
        ["csv", "jsonl", "geojson", "parquet", "acled", "ged", "plover", "polecat", "ftm", "ftm-statements", "webannotation"]
    {
        let file = case.path().join(format!("out.{format}"));
        dateline(["export", "--format", format, "--output"]).arg(&file).dir(case.path()).run().exits(0);
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.is_empty(), "{format}");
        let manifest: Value = serde_json::from_slice(&fs::read(format!("{}.manifest.json", file.display())).unwrap()).unwrap();
        assert_eq!(manifest["files"][0]["bytes"], bytes.len(), "{format}");
    }
    let acled = fs::read_to_string(case.path().join("out.acled")).unwrap();
    assert_eq!(acled.lines().next().unwrap().split(',').count(), 31);
    let unknown = dateline(["export", "--format", "xls"]).dir(case.path()).run().exits(2);
    assert!(unknown.stderr.contains("known: csv"), "{}", unknown.stderr);
    let none = dateline(["export", "--format", "csv", "--reviewed"]).dir(case.path()).run().exits(1);
    assert_eq!(none.stdout.lines().count(), 1, "only the head of the table");
    dateline(["verify", "--deep"]).dir(case.path()).run().exits(0);
}

#[test]
fn names_of_protected_persons_are_neither_listed_nor_found_nor_exported_until_released() {
    let case = sample();
    let text = "Ukrainian soldiers captured Jon Sampleson near Kursk on January 3, the army said. Jon Sampleson was wounded.";
    dateline(["add", "--published", "2025-01-04", "--source", "Sample Wire", "-"]).stdin(text).dir(case.path()).run().exits(0);
    dateline(["search", "Sampleson"]).dir(case.path()).run().exits(1);
    dateline(["events", "--actor", "Sampleson"]).dir(case.path()).run().exits(1);
    for format in ["csv", "jsonl", "webannotation", "ftm"] {
        let run = dateline(["export", "--format", format]).dir(case.path()).run().exits(0);
        assert!(!run.stdout.contains("Sampleson"), "{format}: {}", run.stdout);
    }
    let found = json(
        &dateline(["events", "--from", "2025-01-03", "--to", "2025-01-03", "--format", "json"]).dir(case.path()).run().exits(0),
    );
    let event = id(&found["rows"][0]).to_owned();
    dateline(["review", &event, "--release", "--why", "the family wants it known"]).dir(case.path()).run().exits(0);
    let run = dateline(["export", "--format", "jsonl"]).dir(case.path()).run().exits(0);
    assert!(!run.stdout.contains("Sampleson"), "released, but not asked for: {}", run.stdout);
    let run = dateline(["export", "--format", "jsonl", "--released-names"]).dir(case.path()).run().exits(0);
    assert!(run.stdout.contains("Sampleson"), "{}", run.stdout);
}

#[test]
fn a_channel_s_export_is_kept_with_its_media() {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let export = folder.path().join("export");
    fs::create_dir_all(export.join("photos")).unwrap();
    fs::write(export.join("photos/a.jpg"), "picture").unwrap();
    let message = r#"{"name": "Sample Channel", "type": "public_channel", "id": 1, "messages": [{"id": 5, "type": "message",
        "date": "2024-12-27T10:00:00", "forwarded_from": "Other Channel", "text": "Two shells hit Sumy today.", "photo": "photos/a.jpg"}]}"#;
    fs::write(export.join("result.json"), message).unwrap();
    dateline(["add", "../export"]).dir(&case).run().exits(0);
    let page = json(&dateline(["show", "r1", "--format", "json"]).dir(&case).run().exits(0));
    assert_eq!(page["media"][0]["name"], "photos/a.jpg");
    assert_eq!(page["provenance"]["forwarded_from"], "Other Channel");
    let hash = page["media"][0]["sha256"].as_str().unwrap();
    assert!(case.join("archive").join(&hash[..2]).join(format!("{hash}.zst")).is_file());
    assert!(dateline(["show", "r1"]).dir(&case).run().exits(0).stdout.contains("photos/a.jpg"));
    dateline(["verify", "--deep"]).dir(&case).run().exits(0);
    assert!(dateline(["add", "../export"]).dir(&case).run().exits(0).stdout.contains("0 reports new"));
}

#[test]
fn tampering_is_found_and_named() {
    let case = sample();
    let archive = case.path().join("archive");
    let folder = fs::read_dir(&archive).unwrap().next().unwrap().unwrap().path();
    let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(&file).unwrap();
    let run = dateline(["verify"]).dir(case.path()).run().exits(1);
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    assert!(run.stdout.contains(&name) && run.stdout.contains("NOT INTACT"), "{}", run.stdout);
}

#[test]
fn without_a_case_it_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let run = dateline(["events"]).dir(folder.path()).run().exits(2);
    assert!(run.stderr.contains("dateline init"), "{}", run.stderr);
    fs::write(folder.path().join("case.db"), "something else").unwrap();
    dateline(["events"]).dir(folder.path()).run().exits(1);
}

/// A site on this machine with a feed of two items and their pages; counts how often each path was asked for.
fn site() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let pages = Arc::new(AtomicUsize::new(0));
    let (own, counted) = (base.clone(), Arc::clone(&pages));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = Vec::new();
            let mut buffer = [0; 2048];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => request.extend_from_slice(&buffer[..read]),
                }
            }
            let request = String::from_utf8_lossy(&request).into_owned();
            let path = request.split_whitespace().nth(1).unwrap_or_default().to_owned();
            let article = |n: u8| {
                let words = format!("Troops captured the village of Sampleton {n} on Monday, the army said. ").repeat(6);
                format!(
                    "<html><head><title>Village {n}</title></head><body><article><h1>Village {n}</h1><p>{words}</p></article></body></html>"
                )
            };
            let (kind, body) = match path.as_str() {
                "/feed" => {
                    let item = |n: u8| {
                        format!(
                            "<item><title>Village {n}</title><link>{own}/page{n}</link><guid>g{n}</guid><description>Short {n}</description></item>"
                        )
                    };
                    (
                        "application/rss+xml",
                        format!("<rss version=\"2.0\"><channel><title>Sample Feed</title>{}{}</channel></rss>", item(1), item(2)),
                    )
                }
                "/robots.txt" => ("text/plain", "User-agent: *\nDisallow: /page2\n".to_owned()),
                "/page1" | "/page2" => {
                    counted.fetch_add(1, Ordering::SeqCst);
                    ("text/html", article(if path == "/page1" { 1 } else { 2 }))
                }
                _ => ("text/plain", "?".to_owned()),
            };
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    (base, pages)
}

#[test]
fn a_feed_is_followed_politely_and_no_item_is_taken_twice() {
    let case = sample();
    let (base, pages) = site();
    let feed = format!("{base}/feed");
    let refused = dateline(["watch", &feed, "--once"]).dir(case.path()).run().exits(1);
    assert!(refused.stderr.contains("not on the public internet"), "{}", refused.stderr);
    let fresh = sample();
    let run = dateline(["watch", &feed, "--once", "--allow-private", "--every", "1"]).dir(fresh.path()).run();
    assert!(run.stdout.starts_with("2 reports new"), "{}\n{}", run.stdout, run.stderr);
    assert_eq!(pages.load(Ordering::SeqCst), 1, "robots.txt closes the second page: {}", run.stderr);
    assert!(run.stderr.contains("robots.txt"), "{}", run.stderr);
    let list = dateline(["watch", "--list"]).dir(fresh.path()).run().exits(0).stdout;
    assert!(list.starts_with(&feed), "{list}");
    // Asked again at once it is not due; forgotten and followed anew it is, and brings nothing that was seen.
    let soon = dateline(["watch", "--once", "--allow-private"]).dir(fresh.path()).run().exits(0);
    assert_eq!(soon.stdout, "");
    dateline(["watch", "--forget", &feed]).dir(fresh.path()).run().exits(0);
    let again = dateline(["watch", &feed, "--once", "--allow-private"]).dir(fresh.path()).run();
    assert!(again.stdout.starts_with("0 reports new"), "{}\n{}", again.stdout, again.stderr);
    let page = format!("{base}/page1");
    let add = dateline(["add", "--allow-private", &page]).dir(fresh.path()).run().exits(0);
    assert!(add.stdout.starts_with("1 report new"), "{}", add.stdout);
    let found = json(&dateline(["search", "Sampleton", "--format", "json"]).dir(fresh.path()).run().exits(0));
    let report = found["rows"].as_array().unwrap().iter().find(|row| row["url"] == page.as_str()).unwrap();
    let original = fresh.path().join("page.warc");
    dateline(["show", id(report), "--original"]).arg(&original).dir(fresh.path()).run().exits(0);
    assert!(fs::read_to_string(&original).unwrap().starts_with("WARC/1.1\r\nWARC-Type: response"));
}

#[test]
fn killed_while_adding_it_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let case: PathBuf = folder.path().join("case");
    dateline(["init"]).arg(&case).run().exits(0);
    let reports = folder.path().join("many.jsonl");
    let lines: String = (0..400)
        .map(|n| format!("{{\"id\":\"{n}\",\"source\":\"Outlet {}\",\"published\":\"2025-01-0{}\",\"text\":\"Shells hit house {n} in Kharkiv on Monday, killing {} people, the mayor said.\"}}\n", n % 7, 1 + n % 9, 1 + n % 5))
        .collect();
    fs::write(&reports, lines).unwrap();
    for round in 0..12_u64 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
            .args(["add", "--quiet"])
            .arg(&reports)
            .current_dir(&case)
            .env("DATELINE_CACHE", CACHE)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(150 + round * 53));
        let _ = child.kill();
        child.wait().unwrap();
        dateline(["verify"]).dir(&case).run().exits(0);
    }
    dateline(["add"]).arg(&reports).dir(&case).run().exits(0);
    let count = json(&dateline(["search", "Kharkiv", "--format", "json"]).dir(&case).run().exits(0));
    assert_eq!(count["total"], 400, "a report is lost or doubled");
    dateline(["verify", "--deep"]).dir(&case).run().exits(0);
}
