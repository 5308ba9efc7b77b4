//! Pictures of a case, on the built binary with the real model. The pictures are made here.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat, RgbImage};
use serde_json::Value;

use crate::support::{Run, dateline};

/// A scene of blobs, from a seed.
pub(crate) fn scene(seed: u64) -> DynamicImage {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let blobs: Vec<[f32; 4]> =
        (0..140).map(|_| [draw() * 400.0, draw() * 300.0, 3.0 + draw() * 22.0, draw() * 160.0 - 80.0]).collect();
    DynamicImage::ImageRgb8(RgbImage::from_fn(400, 300, |x, y| {
        let mut value = 128.0;
        for [bx, by, size, light] in &blobs {
            let distance = ((x as f32 - bx).powi(2) + (y as f32 - by).powi(2)) / (size * size);
            value += light / (1.0 + distance.powi(3));
        }
        image::Rgb([value.clamp(0.0, 255.0) as u8; 3])
    }))
}

pub(crate) fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A saved page with a picture beside it.
fn page(folder: &Path, name: &str, outlet: &str, published: &str, text: &str, picture: &[u8]) {
    let html = format!(
        "<html><head><title>{name}</title><meta property=\"og:site_name\" content=\"{outlet}\">\
         <meta property=\"article:published_time\" content=\"{published}\">\
         <link rel=\"canonical\" href=\"https://{name}.example/story\"></head><body><article><h1>News of the day</h1><p>{text}</p>\
         <figure><img src=\"{name}.jpg\" alt=\"A damaged bridge\"><figcaption>The bridge, as {outlet} shows it.</figcaption></figure>\
         </article></body></html>"
    );
    fs::write(folder.join(format!("{name}.html")), html).unwrap();
    fs::write(folder.join(format!("{name}.jpg")), picture).unwrap();
}

pub(crate) fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
}

/// A case with three pages that show one scene: as it is, cropped, mirrored.
fn sample() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (whole, pages) = (scene(3), folder.path().join("pages"));
    fs::create_dir(&pages).unwrap();
    page(
        &pages,
        "mirrored",
        "Placeholder Times",
        "2024-12-28",
        "Russian forces shelled the city of Kharkiv in Ukraine on Friday, the mayor said. Six people were killed.",
        &encoded(&whole.fliph(), ImageFormat::Jpeg),
    );
    page(
        &pages,
        "first",
        "Sample Wire",
        "2022-05-03",
        "Government forces shelled the city of Aleppo in Syria on Monday, a monitoring group said. Two people were killed.",
        &encoded(&whole, ImageFormat::Jpeg),
    );
    page(
        &pages,
        "cropped",
        "Sample Dispatch",
        "2024-12-27",
        "Russian forces shelled the city of Kharkiv in Ukraine on 27 December 2024, a photo posted on Telegram shows. \
         Six people were killed in the attack, the mayor said.",
        &encoded(&whole.crop_imm(60, 40, 280, 220), ImageFormat::Jpeg),
    );
    dateline(["init", "case", "--name", "Sample"]).dir(folder.path()).run().exits(0);
    dateline(["add", "../pages/mirrored.html", "../pages/first.html", "../pages/cropped.html"])
        .dir(&folder.path().join("case"))
        .run()
        .exits(0);
    folder
}

#[test]
fn a_picture_is_found_again_the_first_sighting_first_and_is_older_than_its_event() {
    let folder = sample();
    let case = folder.path().join("case");
    let asked = folder.path().join("asked.png");
    fs::write(&asked, encoded(&scene(3).thumbnail(350, 350), ImageFormat::Png)).unwrap();
    let found = json(&dateline(["media", "find", "--json"]).arg(&asked).dir(&case).run().exits(0));
    let seen: Vec<(&str, &str, &str)> = found["sightings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seen| {
            let text = |name: &str| seen[name].as_str().unwrap();
            (text("outlet"), &text("time")[..10], seen["how"]["kind"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("Sample Wire", "2022-05-03", "same-picture"),
            ("Sample Dispatch", "2024-12-27", "part"),
            ("Placeholder Times", "2024-12-28", "mirrored-or-turned")
        ]
    );
    assert_eq!(found["sightings"][0]["caption"], "The bridge, as Sample Wire shows it.");
    let text = dateline(["media", "find"]).arg(&asked).dir(&case).run().exits(0).stdout;
    assert!(text.contains("first seen") && text.contains("same picture, mirrored"), "{text}");

    let cropped = found["sightings"][1]["picture"].as_str().unwrap();
    let page = json(&dateline(["media", "show", "--json", &cropped[..10]]).dir(&case).run().exits(0));
    let warnings: Vec<&str> =
        page["warnings"].as_array().unwrap().iter().map(|warning| warning["kind"].as_str().unwrap()).collect();
    assert!(warnings.contains(&"older-than-event"), "{page:#}");
    assert!(warnings.contains(&"older-than-report"), "{page:#}");
    assert!(warnings.contains(&"different-places"), "{page:#}");
    assert_eq!(page["cluster"].as_array().unwrap().len(), 2);
    let text = dateline(["media", "show", &cropped[..10]]).dir(&case).run().exits(0).stdout;
    assert!(text.contains("older than the event: first seen 2022-05-03"), "{text}");
    assert!(dateline(["verify", "--deep"]).dir(&case).run().exits(0).stderr.is_empty());

    let before = dateline(["media", "find"]).arg(&asked).dir(&case).run().exits(0).stdout;
    let rebuilt = dateline(["rebuild"]).dir(&case).run().exits(0).stdout;
    assert!(rebuilt.contains("3 pictures were looked at again"), "{rebuilt}");
    assert_eq!(dateline(["media", "find"]).arg(&asked).dir(&case).run().exits(0).stdout, before);
}

/// The head of a PNG that says it has 60,000 pixels a side.
pub(crate) fn bomb() -> Vec<u8> {
    let mut bytes = encoded(&DynamicImage::new_rgb8(8, 8), ImageFormat::Png);
    bytes[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    // The checksum of the header, over its type and content.
    let mut sum = u32::MAX;
    for byte in &bytes[12..29] {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    bytes[29..33].copy_from_slice(&(!sum).to_be_bytes());
    bytes
}

#[test]
fn hostile_pictures_do_not_stop_what_comes_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    fs::create_dir_all(export.join("photos")).unwrap();
    let good = encoded(&scene(7), ImageFormat::Jpeg);
    fs::write(export.join("photos/bomb.png"), bomb()).unwrap();
    fs::write(export.join("photos/cut.jpg"), &good[..300]).unwrap();
    fs::write(export.join("photos/note.jpg"), "This is a note and no picture.").unwrap();
    fs::write(export.join("photos/good.jpg"), &good).unwrap();
    let messages: Vec<Value> = ["bomb.png", "cut.jpg", "note.jpg", "good.jpg"]
        .iter()
        .enumerate()
        .map(|(nth, name)| {
            serde_json::json!({"id": nth + 1, "type": "message", "date": format!("2024-12-2{nth}T10:00:00"),
                "date_unixtime": format!("{}", 1_734_688_800 + 86_400 * nth), "from": "Channel", "from_id": "channel1",
                "photo": format!("photos/{name}"), "text": "Troops shelled the village on Monday, the mayor said."})
        })
        .collect();
    let result = serde_json::json!({"name": "Channel", "type": "public_channel", "id": 1, "messages": messages});
    fs::write(export.join("result.json"), result.to_string()).unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let run = dateline(["add", "../export/result.json"]).dir(&case).run().exits(0);
    assert!(run.stdout.starts_with("4 reports new"), "{}\n{}", run.stdout, run.stderr);
    for (name, reason) in
        [("bomb.png", "more than the limit of"), ("cut.jpg", "malformed"), ("note.jpg", "this is no picture in a known format")]
    {
        let path = export.join("photos").join(name);
        let found = json(&dateline(["media", "find", "--json"]).arg(&path).dir(&case).run().exits(0));
        assert!(found["asked"]["failure"].as_str().unwrap().contains(reason), "{name}: {found:#}");
        let sha256 = found["asked"]["sha256"].as_str().unwrap();
        let shown = dateline(["media", "show", sha256]).dir(&case).run().exits(0).stdout;
        assert!(shown.contains("not decoded") && shown.contains("Channel"), "{shown}");
    }
    let found = json(&dateline(["media", "find", "--json"]).arg(export.join("photos/good.jpg")).dir(&case).run().exits(0));
    assert_eq!(found["sightings"][0]["how"]["kind"], "same-bytes");
}

#[test]
fn pictures_are_added_by_themselves_and_bad_inputs_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    fs::write(files.join("a.png"), encoded(&scene(8), ImageFormat::Png)).unwrap();
    fs::write(files.join("bomb.png"), bomb()).unwrap();
    fs::write(folder.path().join("note.jpg"), "no picture").unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let add =
        ["media", "add", "../note.jpg", "../missing.jpg", "../files", "--source", "Sample Channel", "--published", "2022-05-03"];
    let run = dateline(add).dir(&case).run().exits(1);
    assert_eq!(run.stdout, "2 pictures or videos new, 2 failed\n");
    assert!(run.stderr.contains("../note.jpg: by its bytes it is no picture or video"), "{}", run.stderr);
    assert!(run.stderr.contains("../missing.jpg: can't be read"), "{}", run.stderr);
    assert!(run.stderr.contains("bomb.png: kept, but not decoded: the picture has 60000 × 60000 pixels"), "{}", run.stderr);
    let again = dateline(["media", "add", "../files", "--source", "Sample Channel", "--published", "2022-05-03"]);
    assert_eq!(again.dir(&case).run().exits(0).stdout, "0 pictures or videos new, 2 known already\n");
    let found = json(&dateline(["media", "find", "--json", "../files/a.png"]).dir(&case).run().exits(0));
    let first = &found["sightings"][0];
    assert_eq!(
        (&first["time"], &first["outlet"], &first["report"]),
        (&"2022-05-03".into(), &"Sample Channel".into(), &Value::Null)
    );
    dateline(["verify", "--deep"]).dir(&case).run().exits(0);

    fs::write(folder.path().join("other.png"), encoded(&scene(9), ImageFormat::Png)).unwrap();
    let run = dateline(["media", "find", "../other.png"]).dir(&case).run().exits(1);
    assert!(run.stderr.contains("seen nowhere in this case"), "{}", run.stderr);
    dateline(["media", "find", "../missing.jpg"]).dir(&case).run().exits(1);
    let run = dateline(["media", "show", "xyz"]).dir(&case).run().exits(1);
    assert!(run.stderr.contains("`xyz` is no beginning of a picture's SHA-256"), "{}", run.stderr);
    let run = dateline(["media", "show", "00000000"]).dir(&case).run().exits(1);
    assert!(run.stderr.contains("there is no picture 00000000 in this case"), "{}", run.stderr);
    let help = dateline(["media", "find", "--help"]).run().exits(0).stdout;
    assert!(help.contains("dateline media find photo.jpg"), "{help}");
}
