use encoding_rs::Encoding;

use crate::feed::is_feed;
use crate::jsonl::FIELDS;

/// What kind of input some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// A saved page of a public Telegram channel.
    Channel,
    /// RSS, RDF or Atom.
    Feed,
    /// A JSON feed.
    JsonFeed,
    /// A Telegram Desktop export.
    Telegram,
    /// One JSON report a line.
    JsonLines,
    /// One JSON report, or a list of them.
    Json,
    /// CSV or TSV.
    Table,
    /// WARC, unpacked.
    Warc,
    /// Anything packed with gzip.
    Gzip,
    /// A zip archive; WACZ is one.
    Zip,
    /// A tar archive.
    Tar,
    /// What holds no reports, in words.
    Unsupported(&'static str),
}

/// Beginnings of files that are no reports.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or sound"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"SQLite format 3\0", "a database"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x7fELF", "a program"),
];

impl Format {
    /// Tells the format by the file's name and its first bytes; some 64 KiB are enough. Bytes go before names where they are plain.
    #[must_use]
    pub fn of(name: &str, head: &[u8]) -> Self {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let extension = file.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase());
        if head.starts_with(b"\x1f\x8b") {
            return Self::Gzip;
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Self::Zip;
        }
        if head.starts_with(b"WARC/") {
            return Self::Warc;
        }
        if head.get(257..262) == Some(b"ustar".as_slice()) {
            return Self::Tar;
        }
        if head.get(4..8) == Some(b"ftyp".as_slice()) {
            return Self::Unsupported("a video");
        }
        if let Some((_, what)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
            return Self::Unsupported(what);
        }
        let marked = Encoding::for_bom(head);
        if marked.is_none() && head.contains(&0) {
            return Self::Unsupported("a binary file");
        }
        let text = match marked {
            Some((encoding, length)) => encoding.decode_without_bom_handling(head.get(length..).unwrap_or_default()).0,
            None => String::from_utf8_lossy(head),
        };
        Self::of_text(file, &extension, text.trim_start())
    }

    fn of_text(file: &str, extension: &str, text: &str) -> Self {
        match extension {
            "jsonl" | "ndjson" => return Self::JsonLines,
            "csv" | "tsv" | "tab" => return Self::Table,
            "md" | "markdown" => return Self::Markdown,
            "css" | "js" | "mjs" | "map" | "svg" => return Self::Unsupported("a part of a page"),
            _ => {}
        }
        if text.starts_with('<') {
            return Self::of_markup(extension, text);
        }
        match extension {
            "html" | "htm" | "xhtml" | "shtml" => return Self::Html,
            "txt" | "text" => return Self::Text,
            _ => {}
        }
        if text.starts_with(['{', '[']) {
            return Self::of_json(file, extension, text);
        }
        if extension != "xml" && is_table(text) { Self::Table } else { Self::Text }
    }

    fn of_markup(extension: &str, text: &str) -> Self {
        if is_feed(text.as_bytes()) {
            return Self::Feed;
        }
        if text.contains("tgme_widget_message") && text.contains("data-post=") || text.contains("tgme_channel_history") {
            return Self::Channel;
        }
        let head: String = text.chars().take(4096).collect::<String>().to_ascii_lowercase();
        let marks = ["<!doctype html", "<html", "<head", "<body", "<div", "<p>", "<p ", "<article", "<meta", "<title", "<h1"];
        if matches!(extension, "html" | "htm" | "xhtml" | "shtml") || marks.iter().any(|mark| head.contains(mark)) {
            Self::Html
        } else if extension == "xml" || head.starts_with("<?xml") {
            Self::Unsupported("XML that is no feed")
        } else {
            Self::Text
        }
    }

    fn of_json(file: &str, extension: &str, text: &str) -> Self {
        if text.contains("jsonfeed.org/version") {
            return Self::JsonFeed;
        }
        let kinds =
            ["_channel\"", "_supergroup\"", "_group\"", "personal_chat\"", "saved_messages\"", "\"personal_information\""];
        let of_telegram = file == "result.json" || kinds.iter().any(|kind| text.contains(kind));
        if text.starts_with('{')
            && of_telegram
            && (text.contains("\"messages\"") || text.contains("\"chats\"") || file == "result.json")
        {
            return Self::Telegram;
        }
        let line = text.lines().next().unwrap_or_default();
        let more = text.get(line.len()..).is_some_and(|rest| rest.trim_start().starts_with('{'));
        if line.starts_with('{') && more && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok() {
            Self::JsonLines
        } else if extension == "json" || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() || looks_like_json(text) {
            Self::Json
        } else {
            Self::Text
        }
    }
}

/// True for a text that begins as an object with a key or a list of objects; a note may begin with a bracket too.
fn looks_like_json(text: &str) -> bool {
    let inner = text.strip_prefix('[').map_or(text, str::trim_start);
    inner.strip_prefix('{').is_some_and(|inner| inner.trim_start().starts_with('"'))
}

/// True when the first line has headings of which one is that of a text and another is known too.
fn is_table(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let cells: Vec<&str> = line.split([',', ';', '\t', '|']).map(|cell| cell.trim().trim_matches('"')).collect();
    let known = |field: &str| {
        FIELDS
            .iter()
            .filter(|(name, _)| *name == field)
            .any(|(_, names)| names.iter().any(|name| cells.iter().any(|cell| cell.eq_ignore_ascii_case(name))))
    };
    cells.len() > 1 && known("text") && FIELDS.iter().filter(|(name, _)| known(name)).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name_and_bytes() {
        for (name, head, expected) in [
            ("a", "Some words, and more.", Format::Text),
            ("a.md", "# Head", Format::Markdown),
            ("-", "<!DOCTYPE html><p>x", Format::Html),
            ("a.html", "no tags", Format::Html),
            ("a.xml", "<?xml version='1.0'?><rss version='2.0'>", Format::Feed),
            ("a.xml", "<?xml version='1.0'?><other/>", Format::Unsupported("XML that is no feed")),
            ("a.html", "<html><div class='tgme_widget_message' data-post='a/1'>", Format::Channel),
            ("f.json", "{\"version\": \"https://jsonfeed.org/version/1\"", Format::JsonFeed),
            ("x/result.json", "{\"name\": \"A\", \"messages\": [", Format::Telegram),
            ("other.json", "{\"type\": \"public_channel\", \"messages\": [", Format::Telegram),
            ("-", "{\"text\": \"a\"}\n{\"text\": \"b\"}\n", Format::JsonLines),
            ("-", "{\"text\":\n \"a\"}", Format::Json),
            ("-", "[Note] Some words.", Format::Text),
            ("-", "date,text\n", Format::Table),
            ("a.csv", "x", Format::Table),
            ("a.txt", "{\"text\": 1}", Format::Text),
            ("a.jpg", "\u{0}\u{1}", Format::Unsupported("a binary file")),
        ] {
            assert_eq!(Format::of(name, head.as_bytes()), expected, "{name}: {head}");
        }
        assert_eq!(Format::of("a", b"\x1f\x8b\x08"), Format::Gzip);
        assert_eq!(Format::of("a", b"\xff\xfe<\0p\0>\0"), Format::Html);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_have_a_format(name: String, bytes: Vec<u8>) {
            let _ = Format::of(&name, &bytes);
        }
    }
}
