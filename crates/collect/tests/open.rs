//! Inputs of every kind through the one door: files, folders, archives within one another, streams.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;

use dateline_collect::{CollectError, Collected, Input, Limits, Options, Reason, open};

fn collect(input: &Input, options: &Options) -> Vec<Result<Collected, CollectError>> {
    let mut items = Vec::new();
    open(input, options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

fn bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input::Bytes { name: name.to_owned(), bytes: bytes.into() }
}

/// Inputs and texts of what was read, errors as they are written.
fn shown(items: &[Result<Collected, CollectError>]) -> Vec<String> {
    items
        .iter()
        .map(|item| match item {
            Ok(collected) => format!("{} = {}", collected.provenance.input, collected.report.text),
            Err(error) => error.to_string(),
        })
        .collect()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
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
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

const EXPORT: &str = r#"{"name":"Sample Channel","type":"public_channel","id":1,"messages":[{"id":5,"type":"message","text":"Posted.","photo":"photos/a.jpg"}]}"#;

fn warc(text: &str) -> String {
    let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{text}");
    format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    )
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn folders_are_read_in_the_order_of_names() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "b.txt", "Second.");
    write(folder.path(), "a.txt.gz", packed(b"First."));
    write(folder.path(), "c/lines.jsonl", "{\"text\": \"Third.\"}\n{\"no\": 1}\n{\"text\": \"Fourth.\"}");
    write(folder.path(), ".hidden", "no");
    write(folder.path(), "d.html", "<title>Page</title><p>Fifth words are here.</p>");
    write(folder.path(), "d_files/ad.html", "<p>no</p>");
    write(folder.path(), "e.pdf", "%PDF-1.7");
    write(folder.path(), "f.jpg", b"\xff\xd8\xff");
    write(folder.path(), "export/result.json", EXPORT);
    write(folder.path(), "export/photos/a.jpg", b"\xff\xd8\xff");
    let root = folder.path().to_string_lossy().into_owned();
    let items = collect(&Input::Path(folder.path().to_owned()), &Options::default());
    let found: Vec<String> = shown(&items).iter().map(|line| line.replace(&root, "~")).collect();
    assert_eq!(
        found,
        [
            "~/a.txt = First.",
            "~/b.txt = Second.",
            "~/c/lines.jsonl#1 = Third.",
            "~/c/lines.jsonl#2: malformed JSON: there is no field `text`",
            "~/c/lines.jsonl#3 = Fourth.",
            "~/d.html = Fifth words are here.",
            "~/e.pdf: a PDF document is no report",
            "~/export/result.json#5 = Posted.",
            "~/f.jpg: a picture is no report",
        ]
    );
    let picture = items.last().unwrap().as_ref().unwrap_err();
    assert!(
        matches!(&picture.reason, Reason::Medium { what: "a picture", visual: true, sha256 } if sha256.starts_with("6e568e1f")),
        "{picture:?}"
    );
}

#[test]
fn archives_are_read_within_one_another() {
    let inner = zipped(&[("z.txt", b"Z."), ("a.md", b"# Title\nA.")]);
    let outer = packed(&tarred(&[("x/in.zip", &inner), ("x/.hidden", b"no"), ("x/n.txt", b"N.")]));
    let items = collect(&bytes("case.tar.gz", outer), &Options::default());
    assert_eq!(shown(&items), ["case.tar/x/in.zip/a.md = A.", "case.tar/x/in.zip/z.txt = Z.", "case.tar/x/n.txt = N."]);
}

#[test]
fn a_zipped_export_is_its_messages() {
    let archive = zipped(&[("e/photos/a.jpg", b"\xff\xd8\xff"), ("e/result.json", EXPORT.as_bytes()), ("note.txt", b"Note.")]);
    let options = Options { channel: Some("sample".into()), ..Options::default() };
    let items = collect(&bytes("e.zip", archive), &options);
    assert_eq!(shown(&items), ["e.zip/e/result.json#5 = Posted.", "e.zip/note.txt = Note."]);
    assert_eq!(items[0].as_ref().unwrap().report.url.as_deref(), Some("https://t.me/sample/5"));
}

#[test]
fn a_wacz_is_the_pages_of_its_archives() {
    let archive = [packed(warc("One.").as_bytes()), packed(warc("Two.").as_bytes())].concat();
    let second = packed(warc("One.").as_bytes()).len();
    let wacz =
        zipped(&[("datapackage.json", b"{}"), ("archive/data.warc.gz", &archive), ("pages/pages.jsonl", b"{\"text\": \"no\"}")]);
    let items = collect(&bytes("a.wacz", wacz), &Options::default());
    assert_eq!(
        shown(&items),
        ["a.wacz/archive/data.warc.gz@0 = One.".to_owned(), format!("a.wacz/archive/data.warc.gz@{second} = Two.")]
    );
    assert!(items.iter().all(|item| item.as_ref().unwrap().provenance.format == "wacz"));
}

#[test]
fn a_warc_packed_as_a_whole_still_names_each_record() {
    let packed = packed([warc("One."), warc("Two.")].concat().as_bytes());
    let names = shown(&collect(&bytes("a.warc.gz", packed), &Options::default()));
    assert_eq!(names, ["a.warc.gz@0 = One.".to_owned(), format!("a.warc.gz@0+{} = Two.", warc("One.").len())]);
}

#[test]
fn tables_and_lists_are_read_by_what_they_are() {
    let items = collect(&bytes("a.csv", "outlet,body\nSample Agency,Row.\n"), &Options::default());
    assert_eq!(shown(&items), ["a.csv#1 = Row."]);
    let wide: Vec<u8> =
        b"\xff\xfe".iter().copied().chain("text,id\nWide.,1\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(shown(&collect(&bytes("a.csv", wide), &Options::default())), ["a.csv#1 = Wide."]);
    let items = collect(&bytes("a.json", "[{\"text\": \"One.\"}, 7, {\"text\": \"Two.\"}]"), &Options::default());
    assert_eq!((items.len(), items[1].is_err()), (3, true));
    assert_eq!(items[2].as_ref().unwrap().original, b"{\"text\": \"Two.\"}");
}

#[test]
fn the_source_of_the_options_stands_in_where_none_is_named() {
    let options = Options { source: Some("Sample Agency".into()), ..Options::default() };
    let items = collect(&bytes("a.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\", \"source\": \"Other\"}"), &options);
    let sources: Vec<_> = items.iter().map(|item| item.as_ref().unwrap().report.source.clone().unwrap()).collect();
    assert_eq!(sources, ["Sample Agency", "Other"]);
}

#[test]
fn err_archives_too_deep_too_large_or_made_to_burst() {
    let mut nested = b"deep".to_vec();
    for _ in 0..6 {
        nested = packed(&nested);
    }
    let items = collect(&bytes("a.gz", nested), &Options::default());
    assert!(matches!(items[0].as_ref().unwrap_err().reason, Reason::TooDeep { limit: 4 }));
    let bomb = vec![b' '; 100 << 20];
    let large = Options { limits: Limits { item: 1 << 30, ..Limits::default() }, ..Options::default() };
    for archive in [packed(&bomb), zipped(&[("a.txt", &bomb)])] {
        let items = collect(&bytes("a", archive), &large);
        assert!(
            matches!(items[0].as_ref().unwrap_err().reason, Reason::Bomb { ratio: 200 }),
            "{}",
            items[0].as_ref().unwrap_err()
        );
    }
    let small = Options { limits: Limits { item: 10, ..Limits::default() }, ..Options::default() };
    let items = collect(&bytes("a.txt", "more than ten bytes"), &small);
    assert!(matches!(items[0].as_ref().unwrap_err().reason, Reason::TooLarge { limit: 10 }));
}

#[test]
fn err_what_is_not_there_or_broken_is_named() {
    let missing = collect(&Input::Path("no-such-folder/no-such-file".into()), &Options::default());
    assert!(missing[0].as_ref().unwrap_err().to_string().starts_with("no-such-folder/no-such-file: can't be read: "));
    let mut broken = zipped(&[("a.txt", b"words words words")]);
    broken.truncate(40);
    assert!(collect(&bytes("a.zip", broken), &Options::default())[0].is_err());
    let mut cut = packed(b"words words words");
    cut.truncate(15);
    assert!(collect(&bytes("a.gz", cut), &Options::default())[0].is_err());
}

#[test]
fn the_sink_ends_the_reading() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}");
    write(folder.path(), "b.txt", "c");
    let mut count = 0;
    open(&Input::Path(folder.path().to_owned()), &Options::default(), &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!(count, 1);
}

proptest::proptest! {
    #[test]
    fn any_bytes_under_any_name_are_read_or_err(
        name in "[a-z]{1,3}\\.(txt|md|html|xml|json|jsonl|csv|warc|gz|zip|tar|wacz)",
        start in proptest::sample::select(vec!["", "{", "<rss>", "WARC/1.0\r\n", "PK\u{3}\u{4}", "<html>"]),
        rest: Vec<u8>,
    ) {
        collect(&bytes(&name, [start.as_bytes(), &rest].concat()), &Options::default());
    }
}

/// Names and bytes of the media of the first report, and what is said against the others.
fn media(items: &[Result<Collected, CollectError>]) -> (Vec<(String, Vec<u8>)>, Vec<String>) {
    let first = items[0].as_ref().unwrap();
    let media = first.media.iter().map(|medium| (medium.name.clone(), medium.bytes.clone())).collect();
    (media, first.provenance.warnings.clone())
}

#[test]
fn the_media_of_an_export_come_with_its_messages() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "export/result.json", EXPORT);
    write(folder.path(), "export/photos/a.jpg", "picture");
    let export = folder.path().join("export");
    let expected = vec![("photos/a.jpg".to_owned(), b"picture".to_vec())];
    for path in [export.clone(), export.join("result.json")] {
        let (found, warnings) = media(&collect(&Input::Path(path), &Options::default()));
        assert_eq!((&found, warnings.len()), (&expected, 0));
    }
    let packed = zipped(&[("e/result.json", EXPORT.as_bytes()), ("e/photos/a.jpg", b"picture")]);
    let (found, warnings) = media(&collect(&bytes("export.zip", packed.clone()), &Options::default()));
    assert_eq!((found, warnings.len()), (expected, 0));
    // Alone, or larger than allowed, it is said that they are not kept.
    let (found, warnings) = media(&collect(&bytes("result.json", EXPORT), &Options::default()));
    assert!(found.is_empty() && warnings[0].contains("photos/a.jpg was not kept"), "{warnings:?}");
    let large = zipped(&[("result.json", EXPORT.as_bytes()), ("photos/a.jpg", &[7; 2000])]);
    let limits = Limits { item: 1000, ..Limits::default() };
    let (found, warnings) = media(&collect(&bytes("export.zip", large), &Options { limits, ..Options::default() }));
    assert!(found.is_empty() && warnings[0].contains("larger than"), "{warnings:?}");
}

#[test]
fn err_an_export_that_names_files_of_the_reader() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "secret.txt", "secret");
    for name in ["../secret.txt", "/etc/hostname", "photos/../../secret.txt", "link.jpg", "photos", "C:\\\\secret"] {
        write(folder.path(), "export/result.json", EXPORT.replace("photos/a.jpg", name));
        write(folder.path(), "export/photos/b.jpg", "x");
        #[cfg(unix)]
        let _ = std::os::unix::fs::symlink(folder.path().join("secret.txt"), folder.path().join("export/link.jpg"));
        let (found, warnings) = media(&collect(&Input::Path(folder.path().join("export")), &Options::default()));
        assert!(found.is_empty() && warnings.len() == 1, "{name}: {found:?} {warnings:?}");
    }
}
