//! Pictures of reports: beside a page, in a crawl, alone in folders and archives.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;

use dateline_collect::{CollectError, Collected, Input, Limits, MediaFile, Options, media_files, open};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and pixels";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0 and pixels";

const PAGE: &str = "<!doctype html><title>Bridge hit</title><meta property='og:image' content='https://example.org/lead.jpg'><article>\
    <p>A road bridge north of Sampleton was hit by artillery on Friday morning, the regional administration said.</p>\
    <figure><img src='page_files/a%20b.png?v=1' alt='A bridge'><figcaption>The bridge on Friday</figcaption></figure></article>";

fn collect(input: &Input, options: &Options) -> Vec<Result<Collected, CollectError>> {
    let mut items = Vec::new();
    open(input, options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

fn files(input: &Input, options: &Options) -> Vec<Result<MediaFile, CollectError>> {
    let mut items = Vec::new();
    media_files(input, options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let at = zip::DateTime::from_date_and_time(2024, 12, 27, 10, 30, 0).unwrap();
        writer.start_file(*name, zip::write::SimpleFileOptions::default().last_modified_time(at)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tarred(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1_735_286_400);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Names of what came with an item, and of what is named only.
fn media(item: &Result<Collected, CollectError>) -> (Vec<&str>, Vec<&str>) {
    let collected = item.as_ref().unwrap();
    let media = collected.media.iter().map(|medium| medium.name.as_str()).collect();
    (media, collected.named.iter().map(|named| named.name.as_str()).collect())
}

#[test]
fn the_pictures_of_a_saved_page_lie_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "page.html", PAGE);
    write(folder.path(), "page_files/a b.png", PNG);
    let packed = zipped(&[("in/page.html", PAGE.as_bytes()), ("in/page_files/a b.png", PNG), ("z.html", PAGE.as_bytes())]);
    for input in [Input::Path(folder.path().to_owned()), Input::Bytes { name: "pages.zip".into(), bytes: packed }] {
        let items = collect(&input, &Options::default());
        assert_eq!(media(&items[0]), (vec!["page_files/a%20b.png?v=1"], vec!["https://example.org/lead.jpg"]), "{input:?}");
        let collected = items[0].as_ref().unwrap();
        let medium = &collected.media[0];
        assert_eq!((medium.alt.as_deref(), medium.caption.as_deref()), (Some("A bridge"), Some("The bridge on Friday")));
        assert_eq!(medium.bytes, PNG);
        assert_eq!(collected.provenance.media, ["https://example.org/lead.jpg", "page_files/a%20b.png?v=1"]);
        assert_eq!(collected.provenance.warnings, Vec::<String>::new());
        if let Some(other) = items.get(1) {
            assert!(media(other).0.is_empty(), "of another folder of the archive");
        }
    }
}

#[test]
fn err_a_page_that_names_files_of_the_reader() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "private.png", PNG);
    write(folder.path(), "in/notes.txt", "private");
    for name in [
        "../private.png",
        "%2e%2e/private.png",
        "..%2fprivate.png",
        "/etc/hostname",
        "file:///etc/hostname",
        "notes.txt",
        "link.png",
    ] {
        write(folder.path(), "in/page.html", PAGE.replace("page_files/a%20b.png?v=1", name));
        #[cfg(unix)]
        let _ = std::os::unix::fs::symlink(folder.path().join("private.png"), folder.path().join("in/link.png"));
        let items = collect(&Input::Path(folder.path().join("in/page.html")), &Options::default());
        assert!(media(&items[0]).0.is_empty(), "{name}");
    }
    // A page in an archive has nothing beside it but the archive.
    write(folder.path(), "page_files/a b.png", PNG);
    write(folder.path(), "pages.tar", tarred(&[("page.html", PAGE.as_bytes())]));
    let items = collect(&Input::Path(folder.path().join("pages.tar")), &Options::default());
    assert!(media(&items[0]).0.is_empty());
}

fn record(address: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n");
    let length = head.len() + body.len();
    let begin = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nContent-Type: application/http\r\nContent-Length: {length}\r\n\r\n{head}"
    );
    [begin.as_bytes(), body, b"\r\n\r\n"].concat()
}

#[test]
fn pictures_of_a_crawl_come_with_the_page_that_names_them() {
    let crawl = [
        record("https://example.org/lead.jpg", "image/jpeg", JPEG),
        record("https://example.org/news/a.html", "text/html", PAGE.as_bytes()),
        record("https://example.org/other.png", "image/png", PNG),
        record("https://example.org/b.txt", "text/plain", b"Words alone."),
        record("https://example.org/news/page_files/a%20b.png?v=1", "image/png", PNG),
        record("https://example.org/false.png", "image/png", b"no picture"),
    ];
    let items = collect(&Input::Bytes { name: "a.warc".into(), bytes: crawl.concat() }, &Options::default());
    assert_eq!(items.len(), 2);
    assert_eq!(
        media(&items[0]),
        (vec!["https://example.org/lead.jpg", "https://example.org/news/page_files/a%20b.png?v=1"], vec![])
    );
    let bytes: Vec<&[u8]> = items[0].as_ref().unwrap().media.iter().map(|medium| medium.bytes.as_slice()).collect();
    assert_eq!(bytes, [JPEG, PNG]);
    assert_eq!(items[1].as_ref().unwrap().report.text, "Words alone.");
}

#[test]
fn pictures_alone_are_listed_wherever_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "b/one.jpg", JPEG);
    write(folder.path(), "b/note.txt", "words");
    write(folder.path(), "b/.hidden.jpg", JPEG);
    write(folder.path(), "a.zip", zipped(&[("x/two.bin", PNG), ("three.txt", b"words"), ("__MACOSX/two.bin", PNG)]));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&tarred(&[("./film.mp4", b"\0\0\0\x18ftypisom and frames")])).unwrap();
    write(folder.path(), "c.tgz", packed.finish().unwrap());
    let root = folder.path().to_string_lossy().into_owned();
    let found = files(&Input::Path(folder.path().to_owned()), &Options::default());
    let shown: Vec<_> = found
        .iter()
        .map(|file| file.as_ref().unwrap())
        .map(|file| (file.name.strip_prefix(&root).unwrap(), file.video, file.bytes.len()))
        .collect();
    assert_eq!(shown, [("/a.zip/x/two.bin", false, PNG.len()), ("/b/one.jpg", false, JPEG.len()), ("/c.tar/film.mp4", true, 23)]);
    let modified: Vec<_> = found.iter().map(|file| file.as_ref().unwrap().modified.clone()).collect();
    assert_eq!(modified[0].as_deref(), Some("2024-12-27T10:30:00"));
    assert!(modified[1].as_deref().is_some_and(|at| at.ends_with('Z') || at.ends_with("+00:00")), "{modified:?}");
    assert!(modified[2].as_deref().is_some_and(|at| at.starts_with("2024-12-27T08:00:00")), "{modified:?}");
}

#[test]
fn err_files_that_are_too_large_too_deep_or_too_many() {
    let large = [PNG, &[0; 2_000]].concat();
    let small = |change: fn(&mut Limits)| {
        let mut options = Options::default();
        change(&mut options.limits);
        options
    };
    let input = Input::Bytes { name: "a.zip".into(), bytes: zipped(&[("a.png", &large), ("b.png", PNG)]) };
    let found = files(&input, &small(|limits| limits.item = 1_000));
    assert_eq!((found.len(), found[0].is_err(), found[1].is_ok()), (2, true, true));
    let found = files(&input, &small(|limits| limits.entries = 1));
    assert!(found.last().unwrap().as_ref().unwrap_err().to_string().contains("more than 1 entries"));
    let mut nested = zipped(&[("a.png", PNG)]);
    for _ in 0..6 {
        nested = zipped(&[("a.zip", &nested)]);
    }
    let found = files(&Input::Bytes { name: "a.zip".into(), bytes: nested }, &Options::default());
    assert!(found[0].as_ref().unwrap_err().to_string().contains("archives within one another"), "{found:?}");
    assert!(files(&Input::Path("/nowhere/at/all".into()), &Options::default())[0].is_err());
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_listed_or_not(
        name in "[a-z]{1,3}\\.(jpg|zip|tar|gz|warc)",
        start in proptest::sample::select(vec!["", "PK\u{3}\u{4}", "\u{1f}", "GIF89a", "WARC/1.0\r\n"]),
        rest: Vec<u8>,
    ) {
        files(&Input::Bytes { name, bytes: [start.as_bytes(), &rest].concat() }, &Options::default());
    }
}
