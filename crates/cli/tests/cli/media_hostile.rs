//! Hostile pictures that come with good reports: each costs itself, and nothing else.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use image::ImageFormat;
use serde_json::Value;

use crate::media::{bomb, encoded, json, scene};
use crate::support::dateline;

/// A ZIP archive with a page in it, as it is put behind a picture.
fn archive() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("index.html", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(b"<script>1</script>").unwrap();
    writer.finish().unwrap().into_inner()
}

fn page(folder: &Path, pictures: &[(&str, Vec<u8>)]) {
    let mut figures = String::new();
    for (name, bytes) in pictures {
        figures += &format!("<figure><img src=\"{name}\" alt=\"Damage\"><figcaption>Seen in {name}.</figcaption></figure>");
        fs::write(folder.join(name), bytes).unwrap();
    }
    let html = format!(
        "<html><head><title>News of the day</title><meta property=\"og:site_name\" content=\"Sample Wire\">\
         <meta property=\"article:published_time\" content=\"2024-12-27\"></head><body><article><h1>News of the day</h1>\
         <p>Troops shelled the village of Sampleton on Monday, the mayor said. Two people were killed.</p>{figures}\
         </article></body></html>"
    );
    fs::write(folder.join("page.html"), html).unwrap();
}

/// What `media show` says of a file's picture.
fn shown(case: &Path, file: &Path) -> Value {
    let found = json(&dateline(["media", "find", "--json"]).arg(file).dir(case).run().exits(0));
    json(&dateline(["media", "show", "--json", found["asked"]["sha256"].as_str().unwrap()]).dir(case).run().exits(0))
}

/// The worker of a build with debug assertions aborts and hangs at pictures that say so: no file is known at which our decoders do.
#[cfg(debug_assertions)]
#[test]
fn pictures_that_kill_the_worker_or_hang_it_cost_themselves_only() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    let good = |seed| encoded(&scene(seed), ImageFormat::Jpeg);
    let marked = |seed, word: &str| [good(seed), format!("dateline rehearsal: {word}").into_bytes()].concat();
    let polyglot = [good(4), archive()].concat();
    let pictures = [
        ("abort.jpg", marked(1, "abort")),
        ("bomb.png", bomb()),
        ("cut.jpg", good(2)[..300].to_vec()),
        ("good.jpg", good(3)),
        ("hang.jpg", marked(5, "hang")),
        ("polyglot.jpg", polyglot),
        ("zgood.jpg", good(6)),
    ];
    page(&news, &pictures);
    fs::write(news.join("note.txt"), "Shells hit the town of Exampleville on Tuesday, the governor said.").unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let run = dateline(["add", "../news"]).dir(&case).run().exits(0);
    assert!(run.stdout.starts_with("2 reports new;"), "{}", run.stdout);
    assert_eq!(run.stderr, "");

    // Asking decodes anew: what hung is asked by its bytes, of the case.
    let page = json(&dateline(["show", "r2", "--format", "json"]).dir(&case).run().exits(0));
    let page = if page["media"].as_array().is_some_and(|media| media.len() == 7) {
        page
    } else {
        json(&dateline(["show", "r1", "--format", "json"]).dir(&case).run().exits(0))
    };
    let of = |name: &str| {
        let medium = page["media"].as_array().unwrap().iter().find(|medium| medium["name"] == name).unwrap();
        json(&dateline(["media", "show", "--json", medium["sha256"].as_str().unwrap()]).dir(&case).run().exits(0))
    };
    for (name, reason) in [
        ("abort.jpg", "the decoder crashed: signal: 6"),
        ("bomb.png", "the picture has 60000 × 60000 pixels, more than the limit of 100000000"),
        ("cut.jpg", "the JPEG file is malformed"),
        ("hang.jpg", "decoding took more than 20 seconds and was stopped"),
    ] {
        let shown = of(name);
        assert!(shown["failure"].as_str().unwrap().starts_with(reason), "{name}: {shown:#}");
        assert_eq!(shown["sightings"][0]["caption"], format!("Seen in {name}."));
        let text = dateline(["media", "show", shown["sha256"].as_str().unwrap()]).dir(&case).run().exits(0).stdout;
        assert!(text.contains("not decoded") && text.contains(&reason[..20]), "{text}");
    }
    for name in ["good.jpg", "polyglot.jpg", "zgood.jpg"] {
        let shown = of(name);
        assert_eq!((&shown["failure"], &shown["width"]), (&Value::Null, &400.into()), "{name}: {shown:#}");
    }
    let odd = of("polyglot.jpg")["findings"].to_string();
    assert!(odd.contains("after the picture: a ZIP archive"), "{odd}");
    dateline(["verify", "--deep"]).dir(&case).run().exits(0);
}

#[test]
fn a_picture_with_an_archive_behind_it_is_found_by_what_it_shows() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    page(&news, &[("polyglot.jpg", [encoded(&scene(4), ImageFormat::Jpeg), archive()].concat())]);
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    dateline(["add", "../news"]).dir(&case).run().exits(0);
    let plain = folder.path().join("plain.png");
    fs::write(&plain, encoded(&scene(4), ImageFormat::Png)).unwrap();
    let found = json(&dateline(["media", "find", "--json"]).arg(&plain).dir(&case).run().exits(0));
    assert_eq!(found["sightings"][0]["how"]["kind"], "same-picture", "{found:#}");
    let odd = shown(&case, &news.join("polyglot.jpg"))["findings"].to_string();
    assert!(odd.contains("after the picture: a ZIP archive"), "{odd}");
}
