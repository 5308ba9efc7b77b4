//! Web pages: main text, title, author, date, addresses, language, and whether a capture really holds a page.

mod fragment;
mod main_text;
mod metadata;
mod pictures;
mod suspicion;

use std::thread;

use dateline_record::{Provenance, Report};
use dom_query::Document;

use crate::collected::{Collected, Reason};
use crate::text::{decode_noting, set_published};

pub use fragment::fragment_text;
pub(crate) use fragment::{is_overgrown, visible_text};
use metadata::Metadata;
use pictures::Pictures;

/// Where an encoding must be declared to count, as browsers have it (HTML standard, encoding sniffing), with some room.
const DECLARATION_WITHIN: usize = 4096;

/// The charset that a media type or the head of a page declares.
pub(crate) fn declared_charset<'a>(media_type: Option<&'a str>, bytes: &'a [u8]) -> Option<String> {
    let after = |text: &str| {
        let at = text.to_ascii_lowercase().find("charset")?;
        let value = text.get(at + "charset".len()..)?.trim_start().strip_prefix('=')?;
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let name: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')).collect();
        (!name.is_empty()).then_some(name)
    };
    media_type.and_then(after).or_else(|| {
        let head = String::from_utf8_lossy(bytes.get(..DECLARATION_WITHIN.min(bytes.len())).unwrap_or_default());
        let lower = head.to_ascii_lowercase();
        // The first `meta` that has one; the word may also stand in a script before it.
        lower.match_indices("<meta").find_map(|(at, _)| {
            let tag = head.get(at..)?;
            after(tag.get(..tag.find('>')?)?)
        })
    })
}

/// Stack of the thread that reads a page: selectors and text collection recurse to the depth of the page.
const STACK: usize = 256 << 20;

/// A web page. What looks like an interstitial, an error page or an empty one is kept, with a warning that says so.
///
/// # Errors
/// When it is no text in any encoding, or nested too deeply to be a page.
pub fn read_page(bytes: &[u8], base: &Provenance, encoding: Option<&str>) -> Result<Collected, Reason> {
    read_page_with_paths(bytes, base, encoding).map(|(collected, _)| collected)
}

/// The same, with the path that each of the named media may have beside the page.
pub(crate) fn read_page_with_paths(
    bytes: &[u8],
    base: &Provenance,
    encoding: Option<&str>,
) -> Result<(Collected, Vec<Option<String>>), Reason> {
    // Its own thread: a stack that is deep enough, and a page that breaks a parser costs only itself.
    thread::scope(|scope| {
        let worker = thread::Builder::new().name("page".to_owned()).stack_size(STACK);
        match worker.spawn_scoped(scope, || page(bytes, base, encoding)) {
            Ok(worker) => worker.join().unwrap_or_else(|_| Err(Reason::malformed("page", "the parser failed on it"))),
            Err(error) => Err(Reason::from(error)),
        }
    })
}

fn page(bytes: &[u8], base: &Provenance, encoding: Option<&str>) -> Result<(Collected, Vec<Option<String>>), Reason> {
    let mut provenance = Provenance { format: "html".to_owned(), ..base.clone() };
    let declared = declared_charset(base.media_type.as_deref(), bytes);
    let html = decode_noting(bytes, encoding, declared.as_deref(), &mut provenance)?.text;
    if html.trim().is_empty() {
        return Err(Reason::Empty);
    }
    if is_overgrown(&html) {
        return Err(Reason::malformed("page", "too many elements within one another"));
    }
    let saved = saved_from(&html);
    let address = base.final_url.as_deref().or(base.requested_url.as_deref()).or(saved);
    let document = Document::from(html.as_str());
    let metadata = Metadata::of(&document, address);
    let main = main_text::extract(&html, address, metadata.title.as_deref());
    let text = match main {
        Ok(text) => {
            provenance.transformations.push(format!("main text by {}", main_text::EXTRACTOR));
            text
        }
        Err(why) => {
            provenance.warnings.push(format!("main text could not be told from the rest: {why}"));
            provenance.transformations.push("all visible text".to_owned());
            document.select("body").nodes().first().map(visible_text).unwrap_or_default()
        }
    };
    provenance.canonical_url = metadata.canonical.clone();
    let mut report = Report {
        text,
        title: metadata.title,
        url: report_address(address, metadata.canonical.as_deref(), &mut provenance.warnings),
        source: metadata.site,
        author: metadata.author,
        language: metadata.language,
        ..Report::default()
    };
    if let Some(written) = &metadata.published {
        set_published(&mut report, &mut provenance, written);
    } else if let Some(day) = report.url.as_deref().and_then(metadata::day_in_address) {
        set_published(&mut report, &mut provenance, &day);
        provenance.transformations.push("date of publication from the address".to_owned());
    }
    if let Some(written) = metadata.modified.as_deref().and_then(crate::Instant::parse) {
        provenance.edited_at = Some(written.to_string());
    }
    let mut visible = document.select("body").nodes().first().map(visible_text).unwrap_or_default();
    // Where the body shows nothing the extractor gives the title, even several times; it is none of the page's text.
    if visible.trim().is_empty() && report.text.split_whitespace().count() < 20 {
        report.text.clear();
    }
    if visible.split_whitespace().count() < 40 {
        // What is shown without scripts, which a capture is.
        visible.push('\n');
        visible.push_str(&document.select("noscript").text());
    }
    let found = suspicion::suspicions(report.title.as_deref(), &report.text, &visible, base.status);
    provenance.warnings.extend(found);
    let Pictures { named, inline } = Pictures::of(&document, address, bytes.len() as u64);
    provenance.media.extend(named.iter().map(|(named, _)| &named.name).chain(inline.iter().map(|medium| &medium.name)).cloned());
    let (named, paths) = named.into_iter().unzip();
    Ok((Collected { report, provenance, original: bytes.to_vec(), media: inline, named }, paths))
}

/// The address that a browser wrote into a page when saving it.
fn saved_from(html: &str) -> Option<&str> {
    let end = html.char_indices().nth(3_000).map_or(html.len(), |(at, _)| at);
    let head = html.get(..end)?;
    let after = match head.split_once("saved from url=(") {
        Some((_, after)) => after.split_once(')')?.1,
        None => head.split_once("Page saved with SingleFile")?.1.split_once("url:")?.1.trim_start(),
    };
    let address = after.split(|c: char| c.is_whitespace() || c == '>').next()?;
    address.starts_with("http").then_some(address)
}

/// The page's own address where it is one of the same site; another site's is what a copy says of its origin and only kept in the
/// provenance.
fn report_address(fetched: Option<&str>, canonical: Option<&str>, warnings: &mut Vec<String>) -> Option<String> {
    let (Some(fetched), Some(canonical)) = (fetched, canonical) else {
        return canonical.or(fetched).map(str::to_owned);
    };
    if metadata::site_of(fetched) == metadata::site_of(canonical) {
        return Some(canonical.to_owned());
    }
    warnings.push(format!("names an address of another site as its own: {canonical}"));
    Some(fetched.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Bridge hit near Sampletown | Sample Agency</title>
        <link rel="canonical" href="/news/2024/12/27/bridge"><meta property="og:site_name" content="Sample Agency">
        <meta property="article:published_time" content="2024-12-27T10:30:00+02:00"><meta name="author" content="Jo Example"></head>
        <body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Bridge hit near Sampletown</h1>
        <p>A road bridge north of Sampletown was hit by artillery on Friday morning, the regional administration said. Nobody was hurt,
        according to the head of the administration, who spoke to reporters at the scene.</p>
        <p>Repairs will take several weeks, he said, and traffic is being sent over the dam. It was the third time this year that the
        crossing had been damaged, and the second time that it had to be closed to lorries.</p>
        <p>The army did not comment on the report. Residents said that they had heard four explosions shortly before dawn, and that the
        windows of several houses along the river had been broken.</p></article><footer>Copyright Sample Agency</footer></body></html>"#;

    fn page(html: &str, url: Option<&str>) -> Collected {
        let base = Provenance { final_url: url.map(str::to_owned), ..Provenance::default() };
        read_page(html.as_bytes(), &base, None).unwrap()
    }

    #[test]
    fn an_article_gives_its_text_and_what_is_known_of_it() {
        let Collected { report, provenance, original, .. } = page(PAGE, Some("https://news.example.org/x?utm=1"));
        assert!(report.text.starts_with("A road bridge north of Sampletown"), "{}", report.text);
        assert!(report.text.trim_end().ends_with("had been broken."), "{}", report.text);
        assert_eq!(report.title.as_deref(), Some("Bridge hit near Sampletown"));
        assert_eq!(report.source.as_deref(), Some("Sample Agency"));
        assert_eq!(report.author.as_deref(), Some("Jo Example"));
        assert_eq!(report.language.as_deref(), Some("en-GB"));
        assert_eq!(report.published.unwrap().as_str(), "2024-12-27");
        assert_eq!(report.url.as_deref(), Some("https://news.example.org/news/2024/12/27/bridge"));
        assert_eq!(provenance.published_at.as_deref(), Some("2024-12-27T10:30:00+02:00"));
        assert_eq!(provenance.warnings, Vec::<String>::new());
        assert_eq!(original, PAGE.as_bytes());
    }

    #[test]
    fn the_address_dates_a_page_that_says_nothing() {
        let page = page("<p>Some words of text.</p>", Some("https://example.org/2024/12/27/story.html"));
        assert_eq!(page.report.published.unwrap().as_str(), "2024-12-27");
    }

    #[test]
    fn browsers_say_where_they_saved_a_page() {
        let page = page("<!-- saved from url=(0029)https://example.org/2024/12/27/a --><p>Some words.</p>", None);
        assert_eq!(page.report.url.as_deref(), Some("https://example.org/2024/12/27/a"));
    }

    #[test]
    fn another_sites_address_is_a_warning() {
        let html = PAGE.replace("/news/2024/12/27/bridge", "https://other.example.com/a");
        let page = page(&html, Some("https://news.example.org/x"));
        assert_eq!(page.report.url.as_deref(), Some("https://news.example.org/x"));
        assert_eq!(page.provenance.canonical_url.as_deref(), Some("https://other.example.com/a"));
        assert_eq!(page.provenance.warnings, ["names an address of another site as its own: https://other.example.com/a"]);
    }

    #[test]
    fn pages_that_hold_no_content_are_said_to_be_so() {
        for (html, expected) in [
            ("<title>Just a moment...</title><body>Checking your browser before accessing the site.</body>", "check for robots"),
            ("<title>404 Not Found</title><body><h1>Page not found</h1></body>", "error page"),
            ("<title>News</title><body><noscript>Please enable JavaScript to continue.</noscript></body>", "JavaScript"),
            ("<title>Before you continue</title><body><p>We and our partners use cookies. Accept all</p></body>", "consent"),
            ("<title>News</title><body></body>", "empty"),
        ] {
            let warnings = page(html, None).provenance.warnings;
            assert!(warnings.iter().any(|warning| warning.contains(expected)), "{html}: {warnings:?}");
        }
    }

    #[test]
    fn a_declared_charset_is_used() {
        let html = format!(
            "<head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'></head><p>{}</p>",
            "Обстрел моста. "
        );
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&html);
        let page = read_page(&bytes, &Provenance::default(), None).unwrap();
        assert!(page.report.text.contains("Обстрел моста."), "{}", page.report.text);
        assert_eq!(page.provenance.transformations[0], "decoded windows-1251");
    }

    #[test]
    fn err_a_page_nested_without_end() {
        let html = "<div>".repeat(100_000);
        assert!(matches!(read_page(html.as_bytes(), &Provenance::default(), None), Err(Reason::Malformed { .. })));
        assert!(fragment_text(&html).is_empty());
        let deep = format!("{}<p>Words within.</p>{}", "<div>".repeat(1_900), "</div>".repeat(1_900));
        assert!(page(&deep, None).report.text.contains("Words within."));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>, soup in "(<(/)?(p|div|a|table|tr|li|script|title|meta|article|b)( (content|href|name)=\"[a-z]{0,3}\")?>|[a-z .]{1,9}){0,40}") {
            let _ = read_page(&bytes, &Provenance::default(), None);
            let _ = read_page(soup.as_bytes(), &Provenance::default(), None);
            let _ = fragment_text(&soup);
        }
    }
}
