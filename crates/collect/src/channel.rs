use std::ops::ControlFlow;

use dateline_record::{Provenance, Report};
use dom_query::{Document, NodeRef, Selection};

use crate::Instant;
use crate::collected::{CollectError, Collected, Reason};
use crate::html::{is_overgrown, visible_text};
use crate::text::decode_noting;

/// The messages of a saved public channel page (`https://t.me/s/NAME`), named `INPUT#ID`. Messages without text are passed over.
pub fn read_channel(
    bytes: &[u8],
    base: &Provenance,
    sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut base = Provenance { format: "telegram".to_owned(), ..base.clone() };
    let failed = |input: &str, reason: Reason| Err(CollectError::new(input, reason));
    let html = match decode_noting(bytes, None, None, &mut base) {
        Ok(decoded) => decoded.text,
        Err(reason) => return sink(failed(&base.input, reason)),
    };
    if is_overgrown(&html) {
        return sink(failed(&base.input, Reason::malformed("channel page", "too many elements within one another")));
    }
    let document = Document::from(html.as_str());
    let name = first_text(&document.select(".tgme_channel_info_header_title"));
    let messages = document.select(".tgme_widget_message[data-post]");
    if messages.is_empty() {
        return sink(failed(&base.input, Reason::malformed("channel page", "there are no messages on it")));
    }
    let mut rest = html.as_str();
    for node in messages.nodes() {
        if let Some(collected) = message(node, name.as_deref(), &base, &mut rest) {
            sink(Ok(collected))?;
        }
    }
    ControlFlow::Continue(())
}

fn message(node: &NodeRef<'_>, channel: Option<&str>, base: &Provenance, rest: &mut &str) -> Option<Collected> {
    let message = Selection::from(*node);
    // The text of the message it answers stands in the same class within the reply.
    let text = message
        .select(".tgme_widget_message_text")
        .nodes()
        .iter()
        .find(|text| !within(text, "tgme_widget_message_reply"))
        .map(visible_text)?;
    if text.is_empty() {
        return None;
    }
    let post = node.attr("data-post")?.to_string();
    let id = post.rsplit('/').next().unwrap_or(&post).to_owned();
    let mut provenance = Provenance { input: format!("{}#{id}", base.input), ..base.clone() };
    provenance.forwarded_from = first_text(&message.select(".tgme_widget_message_forwarded_from_name"));
    for photo in message.select(".tgme_widget_message_photo_wrap, .tgme_widget_message_video_thumb").nodes() {
        let style = photo.attr("style").unwrap_or_default();
        let address =
            style.split_once("url(").and_then(|(_, rest)| rest.split(')').next()).map(|url| url.trim_matches(['\'', '"']));
        provenance.media.extend(address.filter(|address| !address.is_empty()).map(str::to_owned));
    }
    for video in message.select("video[src]").nodes() {
        provenance.media.extend(video.attr("src").map(|address| address.to_string()));
    }
    let time = message.select("a.tgme_widget_message_date time[datetime], time.time[datetime]");
    let published = time.nodes().last().and_then(|time| time.attr("datetime")).and_then(|written| Instant::parse(&written));
    provenance.published_at = published.map(|instant| instant.to_string());
    if message.select(".tgme_widget_message_meta").text().contains("edited") {
        provenance.warnings.push("edited after it was first posted".to_owned());
    }
    provenance.transformations.push("text of the message's HTML".to_owned());
    let owner = first_text(&message.select(".tgme_widget_message_owner_name"));
    let report = Report {
        reference: Some(id),
        text,
        title: None,
        url: Some(format!("https://t.me/{post}")),
        source: channel.map(str::to_owned).or(owner).or_else(|| post.split('/').next().map(str::to_owned)),
        author: first_text(&message.select(".tgme_widget_message_from_author")),
        published: published.and_then(Instant::day),
        language: None,
    };
    let original = match bytes_of(rest, &post) {
        Some((saved, after)) => {
            *rest = after;
            saved.to_owned()
        }
        None => {
            provenance
                .warnings
                .push("the message's own bytes were not found in the page: kept as the parser gives them back".to_owned());
            node.html().to_string()
        }
    };
    let original = original.into_bytes();
    Some(Collected::new(report, provenance, original))
}

/// The part of the page from the message's own tag to the next message's, as it was saved, and the page from there on.
fn bytes_of<'a>(html: &'a str, post: &str) -> Option<(&'a str, &'a str)> {
    let at = html.find(&format!("data-post=\"{post}\""))?;
    let start = html.get(..at)?.rfind('<')?;
    let after = at + "data-post=".len();
    let end = match html.get(after..)?.find("data-post=\"") {
        Some(next) => html.get(..after + next)?.rfind('<')?,
        None => html.len(),
    };
    // A tag that says it twice ends where it begins.
    let saved = html.get(start..end).filter(|saved| !saved.is_empty())?;
    Some((saved, html.get(end..)?))
}

fn first_text(selection: &Selection<'_>) -> Option<String> {
    selection.nodes().first().map(visible_text).filter(|text| !text.is_empty())
}

fn within(node: &NodeRef<'_>, class: &str) -> bool {
    let mut at = node.parent();
    while let Some(node) = at {
        if node.has_class(class) {
            return true;
        }
        at = node.parent();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<Result<Collected, CollectError>> {
        let mut items = Vec::new();
        let base = Provenance { input: "page.html".into(), ..Provenance::default() };
        let _ = read_channel(html.as_bytes(), &base, &mut |item| {
            items.push(item);
            ControlFlow::Continue(())
        });
        items
    }

    const PAGE: &str = r#"<div class="tgme_channel_info_header_title"><span>Sample Channel</span></div>
        <div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="sample/17">
        <div class="tgme_widget_message_forwarded_from">Forwarded from <a class="tgme_widget_message_forwarded_from_name"><span>Other Channel</span></a></div>
        <a class="tgme_widget_message_reply"><div class="tgme_widget_message_text">Earlier</div></a>
        <a class="tgme_widget_message_photo_wrap" style="width:1px;background-image:url('https://cdn.example.org/a.jpg')"></a>
        <div class="tgme_widget_message_text js-message_text">Hit near <b>Sampletown</b><br/>Two died.</div>
        <span class="tgme_widget_message_meta">edited <a class="tgme_widget_message_date"><time datetime="2024-12-27T10:30:00+00:00">10:30</time></a></span>
        </div></div><div class="tgme_widget_message" data-post="sample/18"></div>"#;

    #[test]
    fn messages_are_reports() {
        let items = read(PAGE);
        assert_eq!(items.len(), 1);
        let Collected { report, provenance, original, .. } = items[0].as_ref().unwrap();
        assert_eq!(report.text, "Hit near Sampletown\nTwo died.");
        assert_eq!(report.url.as_deref(), Some("https://t.me/sample/17"));
        assert_eq!(report.source.as_deref(), Some("Sample Channel"));
        assert_eq!(report.published.as_ref().unwrap().as_str(), "2024-12-27");
        assert_eq!(provenance.forwarded_from.as_deref(), Some("Other Channel"));
        assert_eq!(provenance.media, ["https://cdn.example.org/a.jpg"]);
        assert!(original.starts_with(b"<div class=\"tgme_widget_message\""));
    }

    #[test]
    fn each_message_has_its_own_bytes() {
        let page = r#"<div class="tgme_widget_message" data-post='a/1'><div class="tgme_widget_message_text">One</div></div>
            <div class="tgme_widget_message" data-post="a/2" data-post="a/3"><div class="tgme_widget_message_text">Two</div></div>
            <div class="tgme_widget_message" data-post="a/4"><div class="tgme_widget_message_text">Four</div></div>"#;
        let items = read(page);
        let originals: Vec<String> = items
            .iter()
            .map(|item| String::from_utf8(item.as_ref().unwrap().original.clone()).unwrap().trim().to_owned())
            .collect();
        assert!(originals[0].contains("One") && !originals[0].contains("Two"), "{originals:?}");
        assert!(originals[1].contains("Two") && !originals[1].contains("Four"), "{originals:?}");
        assert_eq!(originals[2], page.lines().last().unwrap().trim());
        let warned: Vec<bool> = items.iter().map(|item| !item.as_ref().unwrap().provenance.warnings.is_empty()).collect();
        assert_eq!(warned, [true, true, false]);
    }

    #[test]
    fn err_a_page_without_messages() {
        assert!(read("<p>Nothing</p>")[0].is_err());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>, at in 0..PAGE.len(), byte in 0u8..128) {
            let _ = read_channel(&bytes, &Provenance::default(), &mut |_| ControlFlow::Continue(()));
            let mut changed = PAGE.as_bytes().to_vec();
            changed[at] = byte;
            read(&String::from_utf8_lossy(&changed));
        }
    }
}
