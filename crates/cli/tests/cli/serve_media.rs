//! Pictures on the desk: the wall, veils and who lifts them, where a picture was seen, the same for programs. The case is that of the sample channels.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::media::{encoded, scene};
use crate::serve::{Answer, serve, serve_with};
use crate::serve_api::{json_of, post, send, token, upload_as};
use crate::support::dateline;
use crate::users::{get, session, shared};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pictures")
}

/// A case with the reports and pictures of three sample channels.
fn sample() -> tempfile::TempDir {
    let case = tempfile::tempdir().unwrap();
    dateline(["init", "."]).dir(case.path()).run().exits(0);
    dateline(["add"]).arg(examples()).dir(case.path()).run().exits(0);
    case
}

/// SHA-256 of a picture of the sample channels, by its name.
fn picture(case: &Path, name: &str) -> String {
    let run = dateline(["media", "find", "--json"]).arg(examples().join(name)).dir(case).run().exits(0);
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    found["asked"]["sha256"].as_str().unwrap().to_owned()
}

const DOCUMENT: &str = "sample-front/photos/document.jpg";
const BRIDGE: &str = "sample-front/photos/bridge.jpg";
const DESTROYED: &str = "steppe-watch/photos/destroyed.jpg";

/// The bytes of a picture that the desk shows, as long as they are.
fn jpeg(answer: &Answer) -> usize {
    assert_eq!(answer.header("content-type"), Some("image/jpeg"), "{}", answer.head);
    answer.header("content-length").map_or(answer.body.len(), |length| length.parse().unwrap())
}

#[test]
fn the_wall_shows_what_is_alike_together_and_leads_to_each_picture() {
    let case = sample();
    let desk = serve(case.path());
    let wall = desk.get("/media").is(200).body;
    // Five files, of which two pairs show the same.
    assert_eq!(wall.matches("<article class=\"cluster\">").count(), 3, "{wall}");
    assert!(wall.contains("2 files, seen twice by 2 outlets"), "{wall}");
    assert!(wall.contains("older than what r6 (Steppe Watch) tells of: first seen 2022-05-03"), "{wall}");
    let (bridge, destroyed) = (picture(case.path(), BRIDGE), picture(case.path(), DESTROYED));
    assert!(
        wall.contains(&format!("href=\"/media/{bridge}\"")) && wall.contains(&format!("/media/{destroyed}/preview")),
        "{wall}"
    );
    let page = desk.get(&format!("/media/{destroyed}")).is(200).body;
    for said in [
        "Where it was seen",
        "2022-05-03 08:12",
        "mirrored",
        "How the picture travelled",
        "shows it otherwise: whole, cropped, stamped",
        "What it is shown for",
        "Pictures like it",
        "Ukrainian drones struck a bridge in Rostov",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let page = desk.get(&format!("/media/{bridge}")).is(200).body;
    assert!(page.contains("2022-05-02T09:10:11 <small>(exif:DateTimeOriginal)</small>"), "{page}");
    // A beginning is enough, and leads to the one address.
    let moved = desk.get(&format!("/media/{}", &bridge[..8])).is(303);
    assert_eq!(moved.header("location"), Some(format!("/media/{bridge}").as_str()));
    assert!(desk.get("/reports/r6").is(200).body.contains(&format!("/media/{destroyed}/preview")));
    // Only what was seen more than once is left where that is asked for.
    let alone = case.path().join("alone.png");
    std::fs::write(&alone, encoded(&scene(9), image::ImageFormat::Png)).unwrap();
    dateline(["media", "add"]).arg(&alone).dir(case.path()).run().exits(0);
    assert_eq!(desk.get("/media").is(200).body.matches("<article class=\"cluster\">").count(), 4);
    let several = desk.get("/media?seen=several").is(200).body;
    assert_eq!(several.matches("<article class=\"cluster\">").count(), 3, "{several}");
}

#[test]
fn err_pictures_that_are_not_there_and_questions_that_can_not_be() {
    let case = sample();
    let desk = serve(case.path());
    let bridge = picture(case.path(), BRIDGE);
    for (page, status, said) in [
        ("/media/ffff", 404, "no picture ffff"),
        ("/media/zz", 400, "no beginning of a picture"),
        ("/media/ffffffff/preview", 404, "no picture"),
        ("/media?after=soon", 400, "soon"),
        ("/media?seen=never", 400, "never"),
    ] {
        let answer = desk.get(page).is(status);
        assert!(answer.body.contains(said), "{page}: {}", answer.body);
    }
    let token = desk.get("/media").token().to_owned();
    let unveil = format!("/media/{bridge}/unveil");
    assert!(desk.post(&unveil, "", &format!("token={token}&why=seen")).is(400).body.contains("is not veiled"));
    assert_eq!(upload_as(&desk, "/media/find", "picture", "wrong", "a.jpg", b"x").status, 403);
    assert!(upload_as(&desk, "/media/find", "picture", &token, "a.jpg", b"").is(400).body.contains("choose a picture"));
    let text = upload_as(&desk, "/media/find", "picture", &token, "a.jpg", b"no picture at all").is(200).body;
    assert!(text.contains("Looked for by its bytes only") && text.contains("Seen nowhere"), "{text}");
}

#[test]
fn a_picture_of_a_captive_is_veiled_until_an_editor_shows_it_and_that_is_on_record() {
    let case = sample();
    let document = picture(case.path(), DOCUMENT);
    let desk = shared(case.path());
    let (editor, coder, reader) = (session(&desk, "editor"), session(&desk, "coder"), session(&desk, "reader"));
    let (path, preview, view) =
        (format!("/media/{document}"), format!("/media/{document}/preview"), format!("/media/{document}/view"));
    // Whoever asks: a few pixels stand in for it, nothing else is sent.
    for who in [&editor, &reader] {
        let wall = get(&desk, "/media", who).is(200).body;
        assert!(wall.contains("veiled: it may show persons in captivity"), "{wall}");
        for address in [&preview, &view] {
            let size = jpeg(&get(&desk, address, who).is(200));
            assert!(size < 900, "{size} bytes of {address}");
        }
    }
    let page = get(&desk, &path, &reader).is(200).body;
    assert!(page.contains("Veiled: it may show persons in captivity") && !page.contains("/unveil"), "{page}");
    let form = |who: &str, why: &str| {
        let token = get(&desk, "/media", who).is(200).token().to_owned();
        format!("token={token}&why={why}")
    };
    let unveil = format!("{path}/unveil");
    desk.post(&unveil, &reader, &form(&reader, "curious")).is(403);
    desk.post(&unveil, &coder, &form(&coder, "curious")).is(403);
    assert!(desk.post(&unveil, &editor, &form(&editor, "+")).is(400).body.contains("say why"));
    desk.post(&unveil, &editor, "token=guessed&why=x").is(403);
    let shown = get(&desk, &preview, &reader);
    assert_eq!(get(&desk, &preview, &format!("{reader}If-None-Match: {}\r\n", shown.header("etag").unwrap())).status, 304);
    assert_eq!(
        desk.post(&unveil, &editor, &form(&editor, "papers+only,+no+face")).is(303).header("location"),
        Some(path.as_str())
    );
    for address in [&preview, &view] {
        let size = jpeg(&get(&desk, address, &format!("{reader}If-None-Match: {}\r\n", shown.header("etag").unwrap())).is(200));
        assert!(size > 5_000, "{size} bytes of {address}");
    }
    let page = get(&desk, &path, &reader).is(200).body;
    assert!(page.contains("by <bdi>editor</bdi>: <span dir=\"auto\">papers only, no face</span>"), "{page}");
    let decisions = get(&desk, "/decisions", &reader).is(200).body;
    assert!(decisions.contains("unveil") && decisions.contains(&format!("/media/{document}")), "{decisions}");
    assert!(dateline(["verify", "--deep"]).dir(case.path()).run().exits(0).stderr.is_empty());
    // Views made anew keep what was decided; taken back, it is veiled again.
    dateline(["rebuild"]).dir(case.path()).run().exits(0);
    assert!(jpeg(&get(&desk, &preview, &reader).is(200)) > 5_000);
    desk.post("/decisions/1/undo", &coder, &form(&coder, "a+name+can+be+read")).is(303);
    assert!(jpeg(&get(&desk, &preview, &reader).is(200)) < 900);
    // The file as it came is for editors, with a reason, and never to be opened by the browser.
    let original = format!("{path}/original");
    desk.post(&original, &coder, &form(&coder, "curious")).is(403);
    desk.post(&original, &editor, &form(&editor, "")).is(400);
    let file = desk.post(&original, &editor, &form(&editor, "to+check+it")).is(200);
    assert!(file.header("content-disposition").unwrap().starts_with("attachment;"), "{}", file.head);
    assert_eq!(file.header("content-type"), Some("application/octet-stream"));
    assert!(get(&desk, &path, &reader).is(200).body.contains("original-shown"));
}

#[test]
fn where_a_picture_was_seen_is_answered_and_it_is_not_kept() {
    let case = sample();
    let desk = serve(case.path());
    let token = desk.get("/media").token().to_owned();
    let asked = std::fs::read(examples().join(DESTROYED)).unwrap();
    let mirrored = image::load_from_memory(&asked).unwrap().fliph().thumbnail(500, 500);
    let mut bytes = std::io::Cursor::new(Vec::new());
    mirrored.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let found = upload_as(&desk, "/media/find", "picture", &token, "x.png", bytes.get_ref()).is(200).body;
    let first = found.find("Russian artillery shelled a bridge").unwrap();
    assert!(first < found.find("Ukrainian drones struck a bridge").unwrap(), "{found}");
    let count = |case: &Path| {
        dateline(["media", "find"]).arg(examples().join(BRIDGE)).dir(case).run().exits(0).stdout.matches("seen  ").count()
    };
    assert_eq!(count(case.path()), 2);
}

#[test]
fn a_picture_that_comes_without_a_report_is_kept_with_who_showed_it() {
    let case = sample();
    let desk = serve(case.path());
    let token = desk.get("/add").token().to_owned();
    let alone = encoded(&scene(11), image::ImageFormat::Png);
    let page = upload_as(&desk, "/add", "file", &token, "alone.png", &alone).is(200).body;
    assert!(page.contains("0 new reports, 1 new picture, 0 known already, 0 failed"), "{page}");
    let path = page.split_once("href=\"/media/").unwrap().1.split_once('"').unwrap().0;
    assert!(desk.get(&format!("/media/{path}")).is(200).body.contains("alone.png"));
    assert!(upload_as(&desk, "/add", "file", &token, "alone.png", &alone).is(200).body.contains("1 known already"));
    let broken = upload_as(&desk, "/add", "file", &token, "broken.png", &alone[..200]).is(200).body;
    assert!(broken.contains("not decoded"), "{broken}");
}

#[test]
fn programs_get_the_wall_each_picture_and_lift_veils_with_a_token_for_it() {
    let case = sample();
    let document = picture(case.path(), DOCUMENT);
    let (reads, names) = (token(case.path(), &["read"]), token(case.path(), &["read", "names"]));
    let desk = serve_with(case.path(), &[]);
    let wall = json_of(&send(&desk, "GET", "/media?limit=2", &reads, "", b"").is(200));
    assert_eq!(wall["rows"].as_array().unwrap().len(), 2);
    let next = wall["next"].as_str().unwrap();
    let rest = json_of(&send(&desk, "GET", &format!("/media?limit=2&after={next}"), &reads, "", b"").is(200));
    assert_eq!((rest["rows"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let veiled = |page: &Value| page["veil"]["reasons"] == json!(["captivity"]) && page["veil"]["lifted"] == Value::Null;
    let page = json_of(&send(&desk, "GET", &format!("/media/{document}"), &reads, "", b"").is(200));
    assert!(veiled(&page), "{page:#}");
    assert_eq!(page["sightings"].as_array().unwrap().len(), 2);
    assert_eq!(page["spread"]["ways"][0]["kind"], "forward");
    assert!(jpeg(&send(&desk, "GET", &format!("/media/{document}/preview"), &reads, "", b"").is(200)) < 900);
    let unveil = format!("/media/{document}/unveil");
    post(&desk, &unveil, &reads, json!({ "why": "seen" })).is(403);
    post(&desk, &unveil, &names, json!({ "why": " " })).is(400);
    let kept = json_of(&post(&desk, &unveil, &names, json!({ "why": "no face" })).is(201));
    assert!(kept["decision"].as_u64().is_some());
    let page = json_of(&send(&desk, "GET", &format!("/media/{document}"), &reads, "", b"").is(200));
    assert_eq!(page["veil"]["lifted"]["why"], "no face");
    let asked = std::fs::read(examples().join(BRIDGE)).unwrap();
    let found = json_of(&send(&desk, "POST", "/media/find", &reads, "application/octet-stream", &asked).is(200));
    assert_eq!(found["sightings"][0]["outlet"], "Sample Front");
    assert_eq!(send(&desk, "POST", "/media/find", &reads, "application/octet-stream", b"").status, 400);
}

#[test]
fn captions_that_name_other_places_and_times_are_told_side_by_side() {
    let case = tempfile::tempdir().unwrap();
    dateline(["init", "."]).dir(case.path()).run().exits(0);
    let pages = tempfile::tempdir().unwrap();
    let picture = encoded(&scene(5), image::ImageFormat::Jpeg);
    for (name, outlet, published, caption) in [
        ("old", "Sample Wire", "2022-05-04", "A bridge in Aleppo in Syria after an air strike on 3 May 2022."),
        ("new", "Sample Dispatch", "2024-12-28", "A bridge in Kharkiv in Ukraine, destroyed on 27 December 2024."),
    ] {
        let html = format!(
            "<html><head><title>{name}</title><meta property=\"og:site_name\" content=\"{outlet}\">\
             <meta property=\"article:published_time\" content=\"{published}\"></head><body><article><h1>News of {name}</h1>\
             <p>Officials spoke of the roads of the {name} country, and said that repairs would take many months and much money.</p>\
             <figure><img src=\"{name}.jpg\"><figcaption>{caption}</figcaption></figure></article></body></html>"
        );
        std::fs::write(pages.path().join(format!("{name}.html")), html).unwrap();
        std::fs::write(pages.path().join(format!("{name}.jpg")), &picture).unwrap();
        dateline(["add"]).arg(pages.path().join(format!("{name}.html"))).dir(case.path()).run().exits(0);
    }
    let warnings = || {
        let run = dateline(["media", "find", "--json"]).arg(pages.path().join("old.jpg")).dir(case.path()).run().exits(0);
        let found: Value = serde_json::from_str(&run.stdout).unwrap();
        let sha256 = found["asked"]["sha256"].as_str().unwrap().to_owned();
        let names = &found["sightings"][0]["names"];
        assert_eq!((&names["places"][0]["name"], &names["dates"]), (&json!("Aleppo"), &json!(["2022-05-03"])), "{found:#}");
        let run = dateline(["media", "show", "--json", &sha256]).dir(case.path()).run().exits(0);
        let page: Value = serde_json::from_str(&run.stdout).unwrap();
        let words = page["warnings"].as_array().unwrap().iter().map(|warning| warning["words"].as_str().unwrap().to_owned());
        words.collect::<Vec<String>>()
    };
    let told = warnings();
    let (places, times) = (
        "its captions name different places: r1 (Sample Wire): Aleppo (SYR), Syria (SYR); r2 (Sample Dispatch): Kharkiv (UKR), Ukraine (UKR)",
        "its captions give different times",
    );
    assert!(told.iter().any(|words| words == places) && told.iter().any(|words| words.starts_with(times)), "{told:#?}");
    // Views made anew, and reports read again, say the same.
    dateline(["rebuild"]).dir(case.path()).run().exits(0);
    assert_eq!(warnings(), told);
    dateline(["reread", "--all"]).dir(case.path()).run().exits(0);
    assert_eq!(warnings(), told);
}
