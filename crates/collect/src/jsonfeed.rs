use std::ops::ControlFlow;

use dateline_record::{Provenance, Report};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::collected::{CollectError, Collected, Reason};
use crate::html::fragment_text;
use crate::jsonl::without_line;
use crate::text::set_published;

/// A feed as jsonfeed.org has it, version 1 or 1.1.
#[derive(Deserialize)]
struct Feed<'a> {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    id: serde_json::Value,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    content_html: Option<String>,
    #[serde(default)]
    content_text: Option<String>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    date_published: Option<String>,
    #[serde(default)]
    date_modified: Option<String>,
    #[serde(default)]
    author: Option<Author>,
    #[serde(default)]
    authors: Vec<Author>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

#[derive(Deserialize)]
struct Author {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Attachment {
    url: String,
}

/// The items of a JSON feed, in their order, named `INPUT#N` from 1; an item that is malformed costs only itself.
pub fn read_json_feed(
    bytes: &[u8],
    base: &Provenance,
    sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let feed: Feed<'_> = match serde_json::from_slice(bytes) {
        Ok(feed) => feed,
        Err(error) => return sink(Err(CollectError::new(base.input.clone(), Reason::malformed("JSON feed", error)))),
    };
    for (index, raw) in feed.items.iter().enumerate() {
        let name = format!("{}#{}", base.input, index + 1);
        let item = serde_json::from_str::<Item>(raw.get()).map_err(|error| Reason::malformed("JSON feed", without_line(&error)));
        let item = item.and_then(|item| report(item, &feed, base, &name, raw.get()));
        sink(item.map_err(|reason| CollectError::new(name, reason)))?;
    }
    ControlFlow::Continue(())
}

fn report(item: Item, feed: &Feed<'_>, base: &Provenance, name: &str, original: &str) -> Result<Collected, Reason> {
    let mut provenance = Provenance { input: name.to_owned(), format: "feed".to_owned(), ..base.clone() };
    provenance.media = item.image.into_iter().chain(item.attachments.into_iter().map(|attachment| attachment.url)).collect();
    let some = |text: String| (!text.trim().is_empty()).then_some(text);
    let whole = item.content_text.and_then(some).or_else(|| item.content_html.map(|html| fragment_text(&html)).and_then(some));
    if whole.is_none() {
        provenance.warnings.push("the feed gives a summary only".to_owned());
    }
    let (text, title) = match (whole.or_else(|| item.summary.and_then(some)), item.title.and_then(some)) {
        (Some(text), title) => (text, title),
        (None, Some(title)) => {
            provenance.warnings.push("text is the headline only".to_owned());
            (title, None)
        }
        (None, None) => return Err(Reason::Empty),
    };
    let authors: Vec<String> = item.authors.into_iter().chain(item.author).filter_map(|author| author.name).collect();
    let mut report = Report {
        reference: match item.id {
            serde_json::Value::String(id) => Some(id),
            serde_json::Value::Number(id) => Some(id.to_string()),
            _ => item.url.clone(),
        },
        text,
        title,
        url: item.url,
        source: feed.title.clone(),
        author: (!authors.is_empty()).then(|| authors.join(", ")),
        published: None,
        language: item.language.or_else(|| feed.language.clone()),
    };
    set_published(&mut report, &mut provenance, item.date_published.as_deref().unwrap_or_default());
    provenance.edited_at = item.date_modified.as_deref().and_then(crate::Instant::parse).map(|instant| instant.to_string());
    Ok(Collected::new(report, provenance, original.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<Result<Collected, CollectError>> {
        let mut items = Vec::new();
        let _ = read_json_feed(bytes, &Provenance { input: "f".into(), ..Provenance::default() }, &mut |item| {
            items.push(item);
            ControlFlow::Continue(())
        });
        items
    }

    #[test]
    fn items_are_reports() {
        let items = read(
            br#"{"version":"https://jsonfeed.org/version/1.1","title":"Sample Agency","language":"en","items":[
            {"id":1,"url":"https://example.org/1","content_html":"<p>One.</p><p>Two.</p>","date_published":"2024-12-27T10:30:00Z","authors":[{"name":"Jo"}]},
            {"id":"2","title":7}, {"id":"3","title":"Head"}]}"#,
        );
        let first = items[0].as_ref().unwrap();
        assert_eq!((first.report.text.as_str(), first.report.author.as_deref()), ("One.\nTwo.", Some("Jo")));
        assert_eq!(first.report.published.as_ref().unwrap().as_str(), "2024-12-27");
        assert!(items[1].as_ref().unwrap_err().to_string().starts_with("f#2: malformed JSON feed: "));
        assert_eq!(items[2].as_ref().unwrap().report.text, "Head");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>) {
            read(&bytes);
        }
    }
}
