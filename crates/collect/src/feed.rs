use std::ops::ControlFlow;

use dateline_record::{Provenance, Report};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use crate::collected::{CollectError, Collected, Reason, Sink};
use crate::html::fragment_text;
use crate::text::{decode_noting, set_published};

/// A text that ends like this was cut off by the feed.
const CUT: &[&str] = &["…", "...", "[…]", "[...]", "[&hellip;]", "Read more", "Continue reading"];

/// Elements of a feed and of an item, told apart by name alone: prefixes are as feeds commonly write them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title,
    Link,
    Id,
    Date,
    Updated,
    Author,
    Summary,
    Content,
    Language,
    Source,
}

fn field(name: &str) -> Option<Field> {
    Some(match name {
        "title" => Field::Title,
        "link" => Field::Link,
        "guid" | "id" => Field::Id,
        "pubDate" | "published" | "dc:date" | "issued" | "created" => Field::Date,
        "updated" | "modified" | "lastBuildDate" => Field::Updated,
        "author" | "dc:creator" | "itunes:author" => Field::Author,
        "description" | "summary" => Field::Summary,
        "content:encoded" | "content" | "yandex:full-text" | "turbo:content" => Field::Content,
        "language" | "dc:language" => Field::Language,
        "source" => Field::Source,
        _ => return None,
    })
}

/// What was gathered of the feed or of one item.
#[derive(Clone, Debug, Default)]
struct Gathered {
    title: String,
    link: String,
    id: String,
    id_is_link: bool,
    date: String,
    updated: String,
    author: String,
    summary: String,
    content: String,
    language: String,
    source: String,
    media: Vec<String>,
}

impl Gathered {
    fn slot(&mut self, field: Field) -> &mut String {
        match field {
            Field::Title => &mut self.title,
            Field::Link => &mut self.link,
            Field::Id => &mut self.id,
            Field::Date => &mut self.date,
            Field::Updated => &mut self.updated,
            Field::Author => &mut self.author,
            Field::Summary => &mut self.summary,
            Field::Content => &mut self.content,
            Field::Language => &mut self.language,
            Field::Source => &mut self.source,
        }
    }

    /// What an element says by its attributes: Atom links, media, and whether an id is an address.
    fn take_attributes(&mut self, element: &BytesStart<'_>, name: &str) {
        let attribute = |wanted: &str| {
            let found = element.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == wanted)?;
            found.normalized_value(quick_xml::XmlVersion::Explicit1_0).ok().map(|value| value.trim().to_owned())
        };
        match name {
            "link" | "atom:link" => {
                let relation = attribute("rel").unwrap_or_else(|| "alternate".to_owned());
                match (relation.as_str(), attribute("href")) {
                    ("alternate", Some(href)) if self.link.is_empty() => self.link = href,
                    ("enclosure", Some(href)) => self.media.push(href),
                    _ => {}
                }
            }
            "enclosure" | "media:content" | "media:thumbnail" => {
                let url = attribute("url").filter(|url| !url.is_empty() && !self.media.contains(url));
                self.media.extend(url);
            }
            "guid" => self.id_is_link = attribute("isPermaLink").is_none_or(|value| value != "false"),
            _ => {}
        }
    }
}

/// True when the bytes begin as RSS, RDF or Atom.
#[must_use]
pub fn is_feed(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head.get(..4096.min(head.len())).unwrap_or_default());
    let mut rest = head.as_ref();
    // The root element: the first tag that is no declaration, comment or instruction.
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.starts_with("!--") {
            rest = rest.split_once("-->").map_or("", |(_, after)| after);
        } else if !rest.starts_with(['?', '!']) {
            return ["rss", "feed", "rdf:RDF", "atom:feed"].iter().any(|root| {
                rest.strip_prefix(root).is_some_and(|after| after.starts_with(|c: char| c.is_whitespace() || c == '>'))
            });
        }
    }
    false
}

/// The items of an RSS 0.9x, 1.0 (RDF) or 2.0 or an Atom feed, in their order, named `INPUT#N` from 1.
///
/// An item that gives only a summary, or a text that is cut off, is kept with a warning: the page it links to has the whole. After an
/// error in the XML the items before it stand, and the error is the last that is handed on.
pub fn read_feed(
    bytes: &[u8],
    base: &Provenance,
    encoding: Option<&str>,
    sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut base = Provenance { format: "feed".to_owned(), ..base.clone() };
    let declared = declared_encoding(bytes).or_else(|| crate::html::declared_charset(base.media_type.as_deref(), b""));
    match decode_noting(bytes, encoding, declared.as_deref(), &mut base) {
        Ok(decoded) => items(&decoded.text, &base, sink),
        Err(reason) => sink(Err(CollectError::new(base.input, reason))),
    }
}

/// The encoding of the XML declaration.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..200.min(bytes.len()))?);
    let declaration = head.trim_start_matches('\u{feff}').trim_start().strip_prefix("<?xml")?;
    let value =
        declaration.get(..declaration.find("?>")?)?.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next().map(str::to_owned)
}

fn items(xml: &str, base: &Provenance, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().allow_dangling_amp = true;
    let (mut feed, mut item, mut number) = (Gathered::default(), None::<(Gathered, usize)>, 0_usize);
    // Names of the open elements; the field that is being read, and how deep it lies.
    let mut open: Vec<String> = Vec::new();
    let mut reading: Option<(Field, usize)> = None;
    let mut inline = String::new();
    loop {
        let before = position(&reader);
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => {
                let name = format!("{}#{}", base.input, number + 1);
                return sink(Err(CollectError::new(name, Reason::malformed("feed", error))));
            }
        };
        match event {
            Event::Start(element) => {
                let name = element.name().as_ref().to_owned();
                let name = name.strip_prefix("atom:").unwrap_or(&name).to_owned();
                if reading.is_some() {
                    // Markup inside a text (Atom's xhtml): kept as markup. An author's name and address are one field.
                    if matches!(reading, Some((Field::Content | Field::Summary | Field::Title, _))) {
                        inline.push('<');
                        inline.push_str(&name);
                        inline.push('>');
                    }
                } else if matches!(name.as_str(), "item" | "entry") && item.is_none() {
                    number += 1;
                    item = Some((Gathered::default(), before));
                } else {
                    let into = item.as_mut().map_or(&mut feed, |(item, _)| item);
                    into.take_attributes(&element, &name);
                    // Only what lies directly in the feed or the item: pictures and media groups have titles of their own.
                    let parent = open.last().map(String::as_str).unwrap_or_default();
                    let direct = matches!(parent, "channel" | "feed" | "item" | "entry" | "");
                    reading = field(&name).filter(|_| direct).map(|field| (field, open.len()));
                    inline.clear();
                }
                open.push(name);
            }
            Event::Empty(element) => {
                let name = element.name().as_ref().to_owned();
                if reading.is_some() {
                    if matches!(name.as_str(), "br" | "p" | "hr") {
                        inline.push_str("<br>");
                    }
                } else {
                    item.as_mut()
                        .map_or(&mut feed, |(item, _)| item)
                        .take_attributes(&element, name.strip_prefix("atom:").unwrap_or(&name));
                }
            }
            Event::Text(text) => inline.push_str(&text),
            Event::CData(text) => {
                // The content of CDATA is the text itself: where others wrote entities, it has the markup.
                inline.push_str(&escaped(&text, reading.map(|(field, _)| field)));
            }
            Event::GeneralRef(reference) => {
                inline.push('&');
                inline.push_str(&reference);
                inline.push(';');
            }
            Event::End(_) => {
                open.pop();
                if let Some((field, depth)) = reading
                    && open.len() <= depth
                {
                    let xhtml = inline.contains('<');
                    let text = std::mem::take(&mut inline);
                    let value = if xhtml { text } else { unescaped(&text) };
                    let slot = item.as_mut().map_or(&mut feed, |(item, _)| item).slot(field);
                    // The first counts, but for a longer content: some feeds give a short one first.
                    if slot.is_empty() || field == Field::Content && value.len() > slot.len() {
                        *slot = value.trim().to_owned();
                    }
                    reading = None;
                } else if let Some((Field::Content | Field::Summary, _)) = reading {
                    inline.push_str("<br>");
                } else if let Some((Field::Author, _)) = reading {
                    inline.push(' ');
                }
                let closes = !open.iter().any(|name| name == "item" || name == "entry");
                if closes
                    && reading.is_none()
                    && let Some((gathered, start)) = item.take()
                {
                    let original = xml.get(start..position(&reader)).unwrap_or_default();
                    let name = format!("{}#{number}", base.input);
                    sink(report(&gathered, &feed, base, &name, original).map_err(|reason| CollectError::new(name, reason)))?;
                }
            }
            _ => {}
        }
    }
    if let Some((_, _)) = item {
        let name = format!("{}#{number}", base.input);
        return sink(Err(CollectError::new(name, Reason::malformed("feed", "it breaks off within an item"))));
    }
    ControlFlow::Continue(())
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// CDATA of fields that are no HTML must survive the unescaping of the others.
fn escaped(text: &str, field: Option<Field>) -> String {
    match field {
        // HTML as it is: one level of escaping less than in an element's text.
        _ if text.contains('&') || text.contains('<') => text.replace('&', "&amp;").replace('<', "&lt;"),
        _ => text.to_owned(),
    }
}

/// One level of XML escaping taken away; entities of HTML are left for the HTML parser.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let end = rest.find(';').filter(|end| *end <= 12);
        let name = end.and_then(|end| rest.get(1..end)).unwrap_or_default();
        let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        });
        let found = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => number.and_then(char::from_u32),
        };
        match (found, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            _ => {
                out.push('&');
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn report(item: &Gathered, feed: &Gathered, base: &Provenance, name: &str, original: &str) -> Result<Collected, Reason> {
    let mut provenance = Provenance { input: name.to_owned(), media: item.media.clone(), ..base.clone() };
    let (content, summary) = (fragment_text(&item.content), fragment_text(&item.summary));
    let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let title = some(&fragment_text(&item.title));
    let whole = content.len() >= summary.len() && !content.is_empty();
    let text = if whole { content } else { summary };
    if !whole {
        provenance.warnings.push("the feed gives a summary only".to_owned());
    } else if CUT.iter().any(|cut| text.trim_end().ends_with(cut)) {
        provenance.warnings.push("the feed cuts the text off".to_owned());
    }
    // A headline alone still says what happened.
    let (text, title) = match (text.is_empty(), title) {
        (true, Some(title)) => {
            provenance.warnings.push("text is the headline only".to_owned());
            (title, None)
        }
        (true, None) => return Err(Reason::Empty),
        (false, title) => (text, title),
    };
    provenance.transformations.push("text of the feed's HTML".to_owned());
    let link = some(&item.link).or_else(|| some(&item.id).filter(|id| item.id_is_link && id.starts_with("http")));
    let origin = base
        .final_url
        .as_deref()
        .or(base.requested_url.as_deref())
        .or(some(&feed.link).as_deref())
        .and_then(|u| Url::parse(u).ok());
    let url = link.and_then(|link| match origin {
        Some(origin) => origin.join(&link).ok().map(|url| url.to_string()),
        None => Some(link),
    });
    let source = some(&item.source).or_else(|| some(&fragment_text(&feed.title)));
    let mut report = Report {
        reference: some(&item.id).or_else(|| url.clone()),
        text,
        title,
        url,
        source,
        author: some(&fragment_text(&item.author)).or_else(|| some(&fragment_text(&feed.author))),
        published: None,
        language: some(&item.language).or_else(|| some(&feed.language)),
    };
    let written = if item.date.is_empty() { &item.updated } else { &item.date };
    set_published(&mut report, &mut provenance, written);
    if !item.date.is_empty()
        && item.updated != item.date
        && let Some(edited) = crate::Instant::parse(&item.updated)
    {
        provenance.edited_at = Some(edited.to_string());
    }
    Ok(Collected::new(report, provenance, original.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Vec<Result<Collected, CollectError>> {
        let mut items = Vec::new();
        let base = Provenance { input: "feed.xml".into(), ..Provenance::default() };
        let _ = read_feed(xml.as_bytes(), &base, None, &mut |item| {
            items.push(item);
            ControlFlow::Continue(())
        });
        items
    }

    const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Sample Agency</title>
<link>https://news.example.org/</link><image><title>Logo</title></image><language>en</language>
<item><title>Dam &amp; bridge</title><link>/a?x=1&amp;y=2</link><guid isPermaLink="false">17</guid><pubDate>Fri, 27 Dec 2024 10:30:00 +0200</pubDate>
<description>Short.</description><content:encoded><![CDATA[<p>The dam &amp; the bridge were hit.</p><p>Two died.</p>]]></content:encoded>
<enclosure url="https://example.org/p.jpg" type="image/jpeg"/></item>
<item><title>Second</title><description>&lt;b&gt;Fire&lt;/b&gt; &amp;amp; smoke were seen&hellip;</description></item>
<item><title>Only this</title></item></channel></rss>"#;

    #[test]
    fn rss_items_are_reports() {
        let items = read(RSS);
        assert_eq!(items.len(), 3);
        let first = items[0].as_ref().unwrap();
        assert_eq!(first.report.text, "The dam & the bridge were hit.\nTwo died.");
        assert_eq!(first.report.title.as_deref(), Some("Dam & bridge"));
        assert_eq!(first.report.url.as_deref(), Some("https://news.example.org/a?x=1&y=2"));
        assert_eq!((first.report.reference.as_deref(), first.report.source.as_deref()), (Some("17"), Some("Sample Agency")));
        assert_eq!(first.report.published.as_ref().unwrap().as_str(), "2024-12-27");
        assert_eq!(first.provenance.published_at.as_deref(), Some("2024-12-27T10:30:00+02:00"));
        assert_eq!(first.provenance.media, ["https://example.org/p.jpg"]);
        assert_eq!(first.provenance.input, "feed.xml#1");
        assert!(first.original.starts_with(b"<item>") && first.original.ends_with(b"</item>"));
        let second = items[1].as_ref().unwrap();
        assert_eq!(second.report.text, "Fire & smoke were seen…");
        assert_eq!(second.provenance.warnings, ["the feed gives a summary only"]);
        let third = items[2].as_ref().unwrap();
        assert_eq!((third.report.text.as_str(), third.report.title.as_deref()), ("Only this", None));
    }

    #[test]
    fn atom_entries_are_reports() {
        let items = read(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">Sample &amp;amp; Co</title><author><name>Desk</name></author>
            <entry><title>Hit</title><link rel="self" href="x"/><link href="https://example.org/1"/><id>tag:1</id>
            <published>2024-12-27T10:30:00Z</published><updated>2024-12-28T10:30:00Z</updated><author><name>Jo</name></author>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &lt; two.</p><p>Three.</p></div></content></entry></feed>"#,
        );
        let first = items[0].as_ref().unwrap();
        assert_eq!(first.report.text, "One < two.\nThree.");
        assert_eq!(first.report.url.as_deref(), Some("https://example.org/1"));
        assert_eq!((first.report.author.as_deref(), first.report.source.as_deref()), (Some("Jo"), Some("Sample & Co")));
        assert_eq!(first.provenance.edited_at.as_deref(), Some("2024-12-28T10:30:00Z"));
    }

    #[test]
    fn what_stands_before_an_error_is_kept() {
        let items = read("<rss><channel><item><title>A</title></item><item><title>B</title");
        assert_eq!(items[0].as_ref().unwrap().report.text, "A");
        assert!(items[1].is_err());
    }

    #[test]
    fn feeds_are_told_by_their_root() {
        assert!(is_feed(b"<?xml version='1.0'?><!-- x > --><rss version='2.0'>"));
        assert!(is_feed(b"<rdf:RDF xmlns='x'>") && is_feed(b"\xef\xbb\xbf <feed>"));
        assert!(!is_feed(b"<html><rss>") && !is_feed(b"<feedback>") && !is_feed(b"rss"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>, soup in "(<(/)?(rss|item|entry|title|link|description|content|author)>|&[a-z#0-9]{0,5};?|[a-z]{1,5}|<!\\[CDATA\\[|\\]\\]>){0,40}") {
            let _ = read_feed(&bytes, &Provenance::default(), None, &mut |_| ControlFlow::Continue(()));
            read(&soup);
            let _ = is_feed(&bytes);
        }
    }
}
