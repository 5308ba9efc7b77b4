//! Foreign files: anything that `collect` opens.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use dateline_collect::{Collected, Input, Limits, Options, fragment_text, open, poll, robots::Robots};

/// Names that say what a file is, or nothing.
const NAMES: &[&str] =
    &["x", "x.txt", "x.html", "x.xml", "x.json", "x.jsonl", "x.csv", "result.json", "x.md", "x.warc", "x.gz", "x.wacz"];

/// Small, so that limits are met.
const LIMITS: Limits = Limits { item: 1 << 16, depth: 2, ratio: 50, entries: 64 };

/// Any bytes under any name give reports with text in them, a warning that there is none, or a reason; the same ones twice; and it stops when
/// told to.
///
/// The first byte chooses the name.
pub fn collect(data: &[u8]) {
    let Some((&name, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(name) % NAMES.len()];
    let input = Input::Bytes { name: name.to_owned(), bytes: bytes.to_vec() };
    let options = Options { limits: LIMITS, ..Options::default() };
    let all = |most: usize| {
        let mut items: Vec<Result<Collected, String>> = Vec::new();
        open(&input, &options, &mut |item| {
            items.push(item.map_err(|error| error.to_string()));
            if items.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        items
    };
    // What lies in a packed file is called by the name without its last ending.
    let stem = name.split('.').next().unwrap_or_default();
    let items = all(usize::MAX);
    assert_eq!(all(usize::MAX), items, "read twice, it is something else");
    assert!(all(1).len() <= 1, "it goes on after it was told to stop");
    for item in &items {
        match item {
            Ok(collected) => {
                // A page that holds nothing is evidence too, and is said to hold nothing.
                let empty = collected.report.text.trim().is_empty();
                assert!(!empty || !collected.provenance.warnings.is_empty(), "a report without text and without a warning");
                assert!(!collected.original.is_empty(), "a report without an original");
                let item = &collected.provenance.input;
                assert!(item.starts_with(stem), "{item} does not name its input");
            }
            Err(error) => assert!(error.starts_with(stem), "the error does not name its input: {error}"),
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = fragment_text(&text);
    let _ = poll::retry_after(&text, 1_700_000_000);
    let robots = Robots::parse(bytes);
    let _ = (robots.allowed("dateline", text.get(..40).unwrap_or("/a")), robots.delay("dateline"));
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory can be written")
}

fn zipped(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("a name");
    writer.write_all(bytes).expect("memory can be written");
    writer.finish().expect("memory can be written").into_inner()
}

fn warc(body: &str) -> String {
    let block =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nDate: Fri, 27 Dec 2024 08:00:00 GMT\r\n\r\n{body}");
    let length = block.len();
    format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-12-27T08:00:00Z\r\n\
         WARC-Target-URI: https://example.org/a\r\nContent-Type: application/http\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\n"
    )
}

/// Sound files of each kind, to be damaged.
pub fn samples() -> Vec<Vec<u8>> {
    const WORDS: &str =
        "Shells fell on Sampleton on Friday, the mayor said. Two people were hurt, a spokesperson of the army said later.";
    let page = format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Shells fell</title><meta property=\"article:published_time\" \
         content=\"2024-12-27T08:00:00+02:00\"><link rel=canonical href=\"/a\"><script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\
         \"datePublished\":\"2024-12-27\",\"author\":{{\"name\":\"A. Sample\"}}}}</script></head><body><nav><a href=/>Home</a></nav><article>\
         <h1>Shells fell</h1><p>{WORDS}</p><p>{WORDS}</p></article><footer>All rights</footer></body></html>"
    );
    let rss = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>Sample Wire</title><link>https://example.org/</link><item><guid>1</guid><title>Shells fell</title><link>https://example.org/a</link>\
         <pubDate>Fri, 27 Dec 2024 08:00:00 +0200</pubDate><description><![CDATA[<p>{WORDS}</p>]]></description></item></channel></rss>"
    );
    let atom = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>S</title><entry><id>a</id><title type=\"html\">T&amp;lt;</title>\
         <link href=\"/a\"/><updated>2024-12-27T08:00:00Z</updated><content type=\"xhtml\"><div><p>{WORDS}</p></div></content></entry></feed>"
    );
    let json_feed = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"S\",\"items\":[{{\"id\":\"1\",\"url\":\"https://example.org/a\",\
         \"content_html\":\"<p>{WORDS}</p>\",\"date_published\":\"2024-12-27T08:00:00+02:00\"}}]}}"
    );
    let telegram = format!(
        "{{\"name\":\"Sample Channel\",\"type\":\"public_channel\",\"id\":1,\"messages\":[{{\"id\":5,\"type\":\"message\",\"date\":\"2024-12-27T08:00:00\",\
         \"date_unixtime\":\"1735286400\",\"from\":\"Sample\",\"forwarded_from\":\"Other\",\"photo\":\"photos/a.jpg\",\"text\":[\"{WORDS}\",\
         {{\"type\":\"bold\",\"text\":\"More.\"}}]}}]}}"
    );
    let channel = format!(
        "<html><body><div class=\"tgme_widget_message_wrap\"><div class=\"tgme_widget_message\" data-post=\"sample/5\"><div \
         class=\"tgme_widget_message_text\">{WORDS}<br/>More.</div><a class=\"tgme_widget_message_date\" href=\"https://example.org/sample/5\">\
         <time datetime=\"2024-12-27T08:00:00+00:00\"></time></a></div></div></body></html>"
    );
    let lines = format!(
        "{{\"id\":\"1\",\"source\":\"A\",\"published\":\"2024-12-27\",\"text\":\"{WORDS}\"}}\n{{\"text\":\"{WORDS}\"}}\n"
    );
    let table =
        format!("date,source,title,text\n2024-12-27,A,\"Shells, again\",\"{WORDS}\"\n2024-12-28,B,,\"He said \"\"no\"\".\"\n");
    let crawl = warc(&page);
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(page.len() as u64);
    tar.append_data(&mut header, "a/page.html", page.as_bytes()).expect("memory can be written");
    let tar = tar.into_inner().expect("memory can be written");
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(WORDS.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let mut all = vec![
        packed(crawl.as_bytes()),
        zipped("archive/data.warc.gz", &packed(crawl.as_bytes())),
        zipped("result.json", telegram.as_bytes()),
        packed(&tar),
        tar,
        wide,
        b"User-agent: *\nDisallow: /private*\nAllow: /private/a$\nCrawl-delay: 5\n".to_vec(),
        format!("# Shells fell\n\n{WORDS}\n\n- one\n- two\n").into_bytes(),
    ];
    all.extend([page, rss, atom, json_feed, telegram, channel, lines, table, crawl].map(String::into_bytes));
    all
}
