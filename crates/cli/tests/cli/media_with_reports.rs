//! Pictures and videos that come with reports, by each way in.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread;

use image::ImageFormat;
use serde_json::{Value, json};

use crate::media::{encoded, json as json_of, scene};
use crate::serve::serve_with;
use crate::support::dateline;

/// A Telegram export with one message for each file.
fn export(folder: &Path, files: &[(&str, &[u8])]) {
    fs::create_dir_all(folder.join("files")).unwrap();
    let mut messages = Vec::new();
    for (nth, (name, bytes)) in files.iter().enumerate() {
        fs::write(folder.join("files").join(name), bytes).unwrap();
        messages.push(json!({"id": nth + 1, "type": "message", "date": format!("2024-12-2{nth}T10:00:00"),
            "date_unixtime": format!("{}", 1_734_688_800 + 86_400 * nth), "from": "Channel", "from_id": "channel1",
            "file": format!("files/{name}"), "text": format!("Troops shelled village {nth} on Monday, the mayor said.")}));
    }
    let result = json!({"name": "Channel", "type": "public_channel", "id": 1, "messages": messages});
    fs::write(folder.join("result.json"), result.to_string()).unwrap();
}

/// A folder with a program that stands in for another, to be put before all others.
#[cfg(unix)]
fn path_with(folder: &Path, name: &str, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;

    let bin = folder.join(format!("bin-{name}"));
    fs::create_dir_all(&bin).unwrap();
    fs::write(bin.join(name), format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())
}

/// Two frames, at 0 and at 3.5 s; the second is that of a scene. With `broken` in it, a video has none.
#[cfg(unix)]
fn ffmpeg(folder: &Path, second: u64) -> String {
    let frames: Vec<PathBuf> = [40, second]
        .iter()
        .enumerate()
        .map(|(nth, seed)| {
            let path = folder.join(format!("frame{nth}.jpg"));
            fs::write(&path, encoded(&scene(*seed), ImageFormat::Jpeg)).unwrap();
            path
        })
        .collect();
    let script = format!(
        "if grep -q broken video; then echo 'Invalid data found' >&2; exit 1; fi\n\
         cp '{}' 000001.jpg; cp '{}' 000002.jpg\n\
         echo '[Parsed_showinfo_1 @ 0x1] n: 0 pts: 0 pts_time:0 duration: 1' >&2\n\
         echo '[Parsed_showinfo_1 @ 0x1] n: 1 pts: 9 pts_time:3.5 duration: 1' >&2",
        frames[0].display(),
        frames[1].display()
    );
    path_with(folder, "ffmpeg", &script)
}

const FILM: &[u8] = b"\0\0\0\x18ftypisom a film";

#[cfg(unix)]
#[test]
fn key_frames_of_videos_in_reports_are_kept_and_found() {
    let folder = tempfile::tempdir().unwrap();
    export(&folder.path().join("export"), &[("a.mp4", FILM), ("broken.mp4", b"\0\0\0\x18ftypisom broken"), ("b.mp4", FILM)]);
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let path = ffmpeg(folder.path(), 41);
    let run = dateline(["add", "../export"]).env("PATH", &path).dir(&case).run().exits(0);
    assert!(run.stdout.starts_with("3 reports new") && run.stdout.ends_with("; 2 key frames of videos\n"), "{}", run.stdout);
    assert_eq!(run.stderr.matches("no key frames of this video").count(), 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("files/broken.mp4: no key frames of this video: ffmpeg failed: Invalid data found"),
        "{}",
        run.stderr
    );
    // The same scene in another format: the frame was seen where its video was, in both reports that carry it.
    let asked = folder.path().join("asked.png");
    fs::write(&asked, encoded(&scene(41), ImageFormat::Png)).unwrap();
    let found = json_of(&dateline(["media", "find", "--json"]).arg(&asked).dir(&case).run().exits(0));
    let seen: Vec<[&Value; 5]> = found["sightings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seen| ["report", "outlet", "time_is", "name", "at_ms"].map(|name| &seen[name]))
        .collect();
    let expected = |report: &str, name: &str| [json!(report), json!("Channel"), json!("published"), json!(name), json!(3500)];
    assert_eq!(seen, [expected("r1", "files/a.mp4").each_ref(), expected("r3", "files/b.mp4").each_ref()], "{found:#}");
    let frame = found["sightings"][0]["picture"].as_str().unwrap();
    let text = dateline(["media", "show", frame]).dir(&case).run().exits(0).stdout;
    assert!(text.contains("frame of the video at"), "{text}");
    dateline(["verify", "--deep"]).dir(&case).run().exits(0);
    // Again: nothing is new, and nothing is taken twice.
    let run = dateline(["add", "../export"]).env("PATH", &path).dir(&case).run().exits(0);
    assert!(run.stdout.starts_with("0 reports new, 3 known already") && !run.stdout.contains("key frame"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn without_ffmpeg_videos_are_kept_that_is_said_once_and_a_rebuild_makes_up_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let other: &[u8] = b"\x1aE\xdf\xa3 another film";
    export(&folder.path().join("export"), &[("a.mp4", FILM), ("b.webm", other)]);
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let run = dateline(["add", "../export"]).env("PATH", &empty).dir(&case).run().exits(0);
    assert!(run.stdout.starts_with("2 reports new"), "{}", run.stdout);
    assert_eq!(run.stderr.matches("ffmpeg is not installed").count(), 1, "{}", run.stderr);
    let run = dateline(["rebuild"]).env("PATH", &empty).dir(&case).run().exits(0);
    assert!(run.stderr.contains("2 videos are without key frames: ffmpeg is not installed"), "{}", run.stderr);
    let run = dateline(["rebuild"]).env("PATH", ffmpeg(folder.path(), 42)).dir(&case).run().exits(0);
    assert!(run.stdout.contains("4 key frames of videos are new"), "{}", run.stdout);
    let asked = folder.path().join("asked.png");
    fs::write(&asked, encoded(&scene(42), ImageFormat::Png)).unwrap();
    let found = json_of(&dateline(["media", "find", "--json"]).arg(&asked).dir(&case).run().exits(0));
    assert_eq!(found["sightings"].as_array().unwrap().len(), 2, "{found:#}");
    dateline(["verify", "--deep"]).dir(&case).run().exits(0);
}

#[cfg(unix)]
#[test]
fn text_in_pictures_is_found_in_the_languages_that_are_named_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("news")).unwrap();
    fs::write(folder.path().join("news/a.html"), page("Sample Wire", "2024-12-27", "a.jpg", PLAIN)).unwrap();
    fs::write(folder.path().join("news/a.jpg"), encoded(&scene(43), ImageFormat::Jpeg)).unwrap();
    let script = "test \"$3 $4\" = '-l eng+ukr' || { echo \"asked for $*\" >&2; exit 1; }\n\
        printf '5\\t1\\t1\\t1\\t1\\t1\\t10\\t10\\t50\\t20\\t91\\tSAMPLETON\\n' > found.tsv";
    let path = path_with(folder.path(), "tesseract", script);
    for (case, languages, expected) in [
        ("with", "eng+ukr", json!({"text": "SAMPLETON", "confidence": 91})),
        ("failing", "xyz", Value::Null),
        ("without", "off", Value::Null),
    ] {
        dateline(["init", case]).dir(folder.path()).run().exits(0);
        let case = folder.path().join(case);
        let add = dateline(["add", "../news"]).env("PATH", &path).env("DATELINE_OCR_LANGUAGES", languages);
        let run = add.dir(&case).run().exits(0);
        assert_eq!(run.stderr.contains("1 picture could not be looked at for text"), languages == "xyz", "{}", run.stderr);
        let found = dateline(["media", "find", "--json", "../news/a.jpg"]).dir(&case).run().exits(0);
        let sha256 = json_of(&found)["asked"]["sha256"].as_str().unwrap().to_owned();
        let shown = json_of(&dateline(["media", "show", "--json", &sha256]).dir(&case).run().exits(0));
        assert_eq!(shown["words"], expected, "{languages}");
        assert_eq!(shown["failure"], Value::Null);
        let text = dateline(["media", "show", &sha256]).dir(&case).run().exits(0).stdout;
        assert!(text.contains(if expected.is_null() { "not looked for" } else { "“SAMPLETON”" }), "{text}");
    }
}

const PLAIN: &str = "Troops shelled the village of Sampleton on Monday, the mayor said. Two people were killed in the attack.";

fn page(outlet: &str, published: &str, picture: &str, text: &str) -> String {
    format!(
        "<html><head><title>News of the day</title><meta property=\"og:site_name\" content=\"{outlet}\">\
         <meta property=\"article:published_time\" content=\"{published}\"></head><body><article><h1>News of the day</h1>\
         <p>{text}</p><figure><img src=\"{picture}\" alt=\"A damaged bridge\"><figcaption>The bridge.</figcaption></figure>\
         </article></body></html>"
    )
}

#[test]
fn a_picture_beside_its_page_is_no_failure_and_one_that_nobody_carries_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    // Before and after the page by name; and the same bytes under two names.
    fs::write(news.join("m.html"), page("Sample Wire", "2024-12-27", "a.jpg", PLAIN)).unwrap();
    fs::write(news.join("a.jpg"), encoded(&scene(44), ImageFormat::Jpeg)).unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let run = dateline(["add", "../news"]).dir(&case).run().exits(0);
    assert!(run.stdout.starts_with("1 report new;"), "{}", run.stdout);
    assert_eq!(run.stderr, "");
    // Again, and each by its name.
    let run = dateline(["add", "../news/a.jpg", "../news/m.html"]).dir(&case).run().exits(0);
    assert!(run.stdout.starts_with("0 reports new, 1 known already;"), "{}", run.stdout);
    assert_eq!(run.stderr, "");

    let lone = encoded(&scene(45), ImageFormat::Jpeg);
    for name in ["lone.jpg", "lone again.jpg"] {
        fs::write(news.join(name), &lone).unwrap();
    }
    fs::write(news.join("paper.pdf"), "%PDF-1.7").unwrap();
    let run = dateline(["add", "../news"]).dir(&case).run().exits(1);
    assert!(run.stdout.contains("1 known already, 1 failed, 1 picture or video without a report;"), "{}", run.stdout);
    assert_eq!(run.stderr.matches("that came without a report; `dateline media add` keeps it").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("paper.pdf: a PDF document is no report"), "{}", run.stderr);
    fs::remove_file(news.join("paper.pdf")).unwrap();
    dateline(["add", "../news"]).dir(&case).run().exits(0);
    let run = dateline(["add", "../news/lone.jpg"]).dir(&case).run().exits(1);
    assert!(run.stdout.starts_with("0 reports new, 1 picture or video without a report;"), "{}", run.stdout);
    dateline(["media", "add", "../news/lone.jpg"]).dir(&case).run().exits(0);
    assert_eq!(dateline(["add", "../news"]).dir(&case).run().exits(0).stderr, "");
}

/// Digits of bytes in base 64.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut digits = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for nth in 0..4 {
            let digit = char::from(DIGITS[(bits >> (18 - 6 * nth) & 63) as usize]);
            digits.push(if nth <= three.len() { digit } else { '=' });
        }
    }
    digits
}

/// A site with a feed of one item, whose page holds a picture in itself.
fn site(picture: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let own = base.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let (mut request, mut buffer) = (Vec::new(), [0; 2048]);
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => request.extend_from_slice(&buffer[..read]),
                }
            }
            let request = String::from_utf8_lossy(&request).into_owned();
            let (kind, body) = match request.split_whitespace().nth(1).unwrap_or_default() {
                "/feed" => (
                    "application/rss+xml",
                    format!(
                        "<rss version=\"2.0\"><channel><title>Sample Feed</title><item><title>News of the day</title>\
                         <link>{own}/page</link><guid>g1</guid><description>Short</description></item></channel></rss>"
                    ),
                ),
                "/page" => {
                    let data = format!("data:image/jpeg;base64,{}", base64(&picture));
                    ("text/html", page("Sample Wire", "2024-12-27", &data, &PLAIN.repeat(4)))
                }
                _ => ("text/plain", String::new()),
            };
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    base
}

#[test]
fn a_picture_in_a_page_of_a_feed_is_kept_and_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let picture = encoded(&scene(46), ImageFormat::Jpeg);
    let base = site(picture.clone());
    let run = dateline(["watch", "--once", "--allow-private"]).arg(format!("{base}/feed")).dir(&case).run().exits(0);
    assert!(run.stdout.starts_with("1 report new"), "{}\n{}", run.stdout, run.stderr);
    let asked = folder.path().join("asked.png");
    fs::write(&asked, encoded(&scene(46).thumbnail(300, 300), ImageFormat::Png)).unwrap();
    let found = json_of(&dateline(["media", "find", "--json"]).arg(&asked).dir(&case).run().exits(0));
    let first = &found["sightings"][0];
    assert_eq!(
        ["report", "outlet", "time", "caption", "url"].map(|name| first[name].as_str().unwrap()),
        ["r1", "Sample Wire", "2024-12-27", "The bridge.", &format!("{base}/page")]
    );
    assert_eq!(first["how"]["kind"], "same-picture");
}

#[test]
fn pictures_in_an_archive_that_is_sent_to_the_desk_are_kept_and_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let run = dateline(["users", "token", "--name", "test", "--scope", "add", "--scope", "read"]).dir(&case).run().exits(0);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("news/a.html", page("Sample Wire", "2024-12-27", "a.jpg", PLAIN).into_bytes()),
        ("news/a.jpg", encoded(&scene(47), ImageFormat::Jpeg)),
        ("news/lone.jpg", encoded(&scene(48), ImageFormat::Jpeg)),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    let archive = archive.finish().unwrap().into_inner();
    let desk = serve_with(&case, &[]);
    let path = "/reports?name=news.zip";
    let answer = crate::serve_api::send(&desk, "POST", path, run.stdout.trim(), "application/octet-stream", &archive).is(200);
    let answer: Value = serde_json::from_str(&answer.body).unwrap();
    let states: Vec<&Value> = answer["rows"].as_array().unwrap().iter().map(|row| &row["state"]).collect();
    assert_eq!(states, ["new", "left"], "{answer:#}");
    assert!(answer["rows"][1]["input"].as_str().unwrap().ends_with("lone.jpg"), "{answer:#}");
    let asked = folder.path().join("asked.png");
    fs::write(&asked, encoded(&scene(47).fliph(), ImageFormat::Png)).unwrap();
    let found = json_of(&dateline(["media", "find", "--json"]).arg(&asked).dir(&case).run().exits(0));
    let first = &found["sightings"][0];
    assert_eq!((&first["how"]["kind"], &first["outlet"]), (&json!("mirrored-or-turned"), &json!("Sample Wire")), "{found:#}");
    fs::write(&asked, encoded(&scene(48), ImageFormat::Png)).unwrap();
    dateline(["media", "find"]).arg(&asked).dir(&case).run().exits(1);
}

#[test]
fn what_is_said_of_the_one_picture_of_a_report_is_said_of_it_for_certain() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    let text = "A photo that was first posted on Telegram on 27 December 2024 shows that Russian forces shelled the city of Kharkiv \
                in Ukraine, the mayor said. Six people were killed in the attack.";
    for (name, outlet, published, text, pictures) in [
        ("one", "Sample Dispatch", "2024-12-28", text, 1),
        ("several", "Placeholder Times", "2024-12-29", text, 2),
        ("old", "Sample Wire", "2022-05-03", PLAIN, 1),
    ] {
        // The words of a short page are run together with its headline.
        let mut html = page(outlet, published, "bridge.jpg", text).replace("<h1>News of the day</h1>", "");
        if pictures > 1 {
            html = html.replace("</article>", "<figure><img src=\"second.jpg\"></figure></article>");
        }
        fs::write(news.join(format!("{name}.html")), html).unwrap();
    }
    fs::write(news.join("bridge.jpg"), encoded(&scene(49), ImageFormat::Jpeg)).unwrap();
    fs::write(news.join("second.jpg"), encoded(&scene(50), ImageFormat::Jpeg)).unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    dateline(["add", "../news"]).dir(&case).run().exits(0);
    let found = json_of(&dateline(["media", "find", "--json", "../news/bridge.jpg"]).dir(&case).run().exits(0));
    let sha256 = found["asked"]["sha256"].as_str().unwrap();
    let shown = json_of(&dateline(["media", "show", "--json", sha256]).dir(&case).run().exits(0));
    let said = shown["said"].as_array().unwrap();
    let posted: Vec<&Value> = said.iter().filter(|said| !said["circulation"].is_null()).collect();
    assert_eq!(posted.len(), 2, "{shown:#}");
    for said in &posted {
        let circulation = &said["circulation"];
        assert_eq!(
            (&circulation["first"], &circulation["when"], &circulation["platforms"], &circulation["held"]),
            (&json!(true), &json!("2024-12-27"), &json!(["Telegram"]), &json!(true)),
            "{said:#}"
        );
    }
    let reasons: Vec<(&Value, &Value)> = posted.iter().map(|said| (&said["certain"], &said["because"])).collect();
    assert_eq!(
        reasons,
        [
            (&json!(true), &json!("the report carries one picture and speaks of one")),
            (&json!(false), &json!("the report carries or names 2 pictures"))
        ]
    );
    let warnings: Vec<&Value> =
        shown["warnings"].as_array().unwrap().iter().filter(|warning| warning["kind"] == "older-than-said").collect();
    assert_eq!(warnings.len(), 1, "{shown:#}");
    let words = warnings[0]["words"].as_str().unwrap();
    assert!(words.starts_with("older than said: first seen 2022-05-03, ") && words.ends_with(", on 2024-12-27"), "{words}");
    let text = dateline(["media", "show", sha256]).dir(&case).run().exits(0).stdout;
    assert!(text.contains("(meant is this one:"), "{text}");
}

#[test]
fn captions_that_name_different_places_are_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    for (outlet, published, caption) in [
        ("Sample Wire", "2022-05-03", "A bridge in Aleppo, Syria."),
        ("Sample Dispatch", "2024-12-27", "The bridge near Kharkiv on Friday."),
        ("Placeholder Times", "2024-12-28", "Smoke over a bridge in Ukraine."),
    ] {
        let html = page(outlet, published, "bridge.jpg", PLAIN).replace("The bridge.", caption);
        fs::write(news.join(format!("{outlet}.html")), html).unwrap();
    }
    let bridge = encoded(&scene(51), ImageFormat::Jpeg);
    fs::write(news.join("bridge.jpg"), &bridge).unwrap();
    let warned = |case: &str, pages: &[&str]| {
        dateline(["init", case]).dir(folder.path()).run().exits(0);
        let case = folder.path().join(case);
        for page in pages {
            dateline(["add"]).arg(news.join(page)).dir(&case).run().exits(0);
        }
        let found = json_of(&dateline(["media", "find", "--json", "../news/bridge.jpg"]).dir(&case).run().exits(0));
        let sha256 = found["asked"]["sha256"].as_str().unwrap();
        let shown = json_of(&dateline(["media", "show", "--json", sha256]).dir(&case).run().exits(0));
        let warnings = shown["warnings"].as_array().unwrap().clone();
        warnings.into_iter().filter(|warning| warning["kind"] == "captions-differ").collect::<Vec<Value>>()
    };
    let all = warned("all", &["Sample Wire.html", "Sample Dispatch.html", "Placeholder Times.html"]);
    assert_eq!(
        all[0]["words"],
        "its captions name different places: r1 (Sample Wire): Aleppo (SYR), Syria (SYR); r2 (Sample Dispatch): Kharkiv (UKR); \
         r3 (Placeholder Times): Ukraine (UKR)"
    );
    assert_eq!(warned("agreeing", &["Sample Dispatch.html", "Placeholder Times.html"]), [Value::Null; 0]);
}
