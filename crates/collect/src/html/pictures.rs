//! The pictures of a page: the one that it shows to social networks, and those within its text, with what is said of them.

use dom_query::{Document, NodeRef};
use url::Url;

use super::visible_text;
use crate::collected::{Medium, NamedMedium};
use crate::media::{base64, picture_extension};

/// Most pictures of a page; what has more is a gallery of other things.
const MAX_PICTURES: usize = 60;

/// Most elements that are looked at: a page of marks and buttons only is none of pictures.
const MAX_LOOKED_AT: usize = 5_000;

/// Longest address, and longest words, in bytes.
const MAX_ADDRESS: usize = 4_000;
const MAX_WORDS: usize = 4_000;

/// Longer side up to which a picture is a mark or a button, in pixels.
const SMALL: u32 = 64;

/// Bytes up to which a picture within the page only holds a place for one that comes later.
const PLACEHOLDER: usize = 256;

/// `meta` elements with a picture for others to show, each with the one that describes it.
const PREVIEWS: &[(&str, &str)] = &[
    ("og:image", "og:image:alt"),
    ("og:image:url", "og:image:alt"),
    ("og:image:secure_url", "og:image:alt"),
    ("twitter:image", "twitter:image:alt"),
    ("twitter:image:src", "twitter:image:alt"),
];

/// Where the text of a page stands, the most certain first.
const BODIES: &[&str] = &["[itemprop~='articleBody'] img", "article img", "main img", "[role='main'] img", "body img"];

/// Elements around a picture that say that it is none of the text.
const FURNITURE: &[&str] = &["nav", "header", "footer", "aside", "button", "form"];

/// Attributes with the address of a picture that a script shows later, before the one that is shown without.
const SOURCES: &[&str] = &["data-src", "data-original", "data-lazy-src", "data-url", "src"];

/// Attributes with addresses of several sizes.
const SETS: &[&str] = &["data-srcset", "data-lazy-srcset", "srcset"];

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    /// Pictures that it names, each with the path that it may have beside the page.
    pub(super) named: Vec<(NamedMedium, Option<String>)>,
    /// Pictures that stand in the page itself.
    pub(super) inline: Vec<Medium>,
}

impl Pictures {
    /// `address` is where the page was found; no picture within the page is decoded from more than `limit` bytes.
    pub(super) fn of(document: &Document, address: Option<&str>, limit: u64) -> Self {
        let base = address.and_then(|address| Url::parse(address).ok());
        let base =
            match document.try_select("base[href]").and_then(|found| found.nodes().first().and_then(|node| node.attr("href"))) {
                Some(href) => base.as_ref().map_or_else(|| Url::parse(&href), |base| base.join(&href)).ok().or(base),
                None => base,
            };
        let mut pictures = Self::default();
        let meta = |name: &str| {
            let found = document.try_select(&format!("meta[property='{name}'], meta[name='{name}']"))?;
            found.nodes().first().and_then(|node| node.attr("content")).map(|value| value.to_string())
        };
        for (name, alt) in PREVIEWS {
            if let Some(source) = meta(name) {
                pictures.add(&source, base.as_ref(), meta(alt), None, limit);
            }
        }
        let shown = BODIES.iter().find_map(|selector| document.try_select(selector).filter(|found| !found.nodes().is_empty()));
        for image in shown.iter().flat_map(|found| found.nodes()).take(MAX_LOOKED_AT) {
            if pictures.named.len() + pictures.inline.len() >= MAX_PICTURES {
                break;
            }
            if is_small(image) || above(image).any(|node| is_one_of(&node, FURNITURE)) {
                continue;
            }
            let Some(source) = source(image) else { continue };
            let figure = above(image).take(6).find(|node| is_one_of(node, &["figure"]));
            let caption = figure.and_then(|figure| {
                let mut within = figure.descendants_it();
                within.find(|node| is_one_of(node, &["figcaption"])).map(|node| visible_text(&node))
            });
            let alt = image.attr("alt").map(|alt| alt.to_string());
            pictures.add(&source, base.as_ref(), alt, caption, limit);
        }
        pictures
    }

    fn add(&mut self, source: &str, base: Option<&Url>, alt: Option<String>, caption: Option<String>, limit: u64) {
        let source = source.trim();
        let (alt, caption) = (alt.and_then(|words| tidy(&words)), caption.and_then(|words| tidy(&words)));
        if let Some(data) = source.strip_prefix("data:") {
            // Three bytes in four digits.
            let fits = data.len() as u64 / 4 * 3 <= limit;
            if let Some(bytes) = data.split_once(";base64,").filter(|_| fits).and_then(|(_, digits)| base64(digits))
                && bytes.len() >= PLACEHOLDER
                && let Some(extension) = picture_extension(&bytes)
            {
                let name = format!("inline-{}.{extension}", self.inline.len() + 1);
                self.inline.push(Medium { name, bytes, address: None, alt, caption });
            }
            return;
        }
        if source.is_empty() || source.len() > MAX_ADDRESS || source.starts_with('#') {
            return;
        }
        let absolute = Url::parse(source).ok();
        let path = absolute.is_none() && !source.starts_with("//");
        let address = absolute.or_else(|| base?.join(source).ok()).filter(|url| matches!(url.scheme(), "http" | "https"));
        let address = address.map(|mut url| {
            url.set_fragment(None);
            url.to_string()
        });
        // Scripts and the insides of other programs.
        let Some(name) = address.clone().or_else(|| path.then(|| source.to_owned())) else { return };
        match self.named.iter_mut().find(|(known, _)| known.name == name) {
            Some((known, _)) => {
                known.alt = known.alt.take().or(alt);
                known.caption = known.caption.take().or(caption);
            }
            None => self.named.push((NamedMedium { name, address, alt, caption }, path.then(|| local(source)))),
        }
    }
}

/// The path of a file: without question and fragment, percent signs resolved.
fn local(source: &str) -> String {
    let path = source.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        let escaped = escaped.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// The address of a picture: of the largest where several sizes are offered.
fn source(image: &NodeRef<'_>) -> Option<String> {
    let set = |node: &NodeRef<'_>| SETS.iter().find_map(|name| node.attr(name)).and_then(|set| largest(&set));
    let offered =
        image.parent().filter(|parent| is_one_of(parent, &["picture"])).into_iter().flat_map(|parent| parent.children());
    let best = offered.filter(|node| is_one_of(node, &["source"])).filter_map(|node| set(&node));
    let best = best.chain(set(image)).max_by(|a, b| a.1.total_cmp(&b.1));
    best.map(|(address, _)| address).or_else(|| {
        SOURCES.iter().filter_map(|name| image.attr(name)).map(|address| address.to_string()).find(|address| !address.is_empty())
    })
}

/// The largest of a set such as `a.jpg 480w, b.jpg 960w` or `a.jpg, b.jpg 2x`, with its size (HTML standard, srcset attribute).
fn largest(set: &str) -> Option<(String, f64)> {
    let mut best: Option<(String, f64)> = None;
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at_checked(end)?;
        if address.is_empty() {
            return best;
        }
        // A comma at the end of an address ends the candidate; one within it is part of it.
        let bare = address.trim_end_matches(',');
        let (size, after) = if bare.len() < address.len() {
            ("", after)
        } else {
            let end = after.find(',').unwrap_or(after.len());
            after.split_at_checked(end)?
        };
        let size = size.split_ascii_whitespace().filter_map(|word| word.trim_end_matches(['w', 'x']).parse::<f64>().ok());
        let size = size.filter(|size| size.is_finite()).fold(1.0, f64::max);
        if best.as_ref().is_none_or(|(_, known)| size > *known) {
            best = Some((bare.to_owned(), size));
        }
        rest = after;
    }
}

/// True when the page says that it is not larger than a mark.
fn is_small(image: &NodeRef<'_>) -> bool {
    let pixels = |name| image.attr(name).and_then(|value| value.trim().trim_end_matches("px").parse::<u32>().ok());
    match (pixels("width"), pixels("height")) {
        (Some(width), Some(height)) => width.max(height) <= SMALL,
        (Some(side), None) | (None, Some(side)) => side <= SMALL / 2,
        (None, None) => false,
    }
}

fn above<'a>(node: &NodeRef<'a>) -> impl Iterator<Item = NodeRef<'a>> {
    std::iter::successors(node.parent(), NodeRef::parent)
}

fn is_one_of(node: &NodeRef<'_>, names: &[&str]) -> bool {
    node.node_name().is_some_and(|name| names.contains(&&*name))
}

fn tidy(words: &str) -> Option<String> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty() && words.len() <= MAX_WORDS).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(html: &str, address: Option<&str>) -> Pictures {
        Pictures::of(&Document::from(html), address, 1 << 20)
    }

    fn shown(pictures: &Pictures) -> Vec<String> {
        let words = |words: &Option<String>| words.clone().unwrap_or_default();
        pictures
            .named
            .iter()
            .map(|(named, _)| format!("{}|{}|{}", named.name, words(&named.alt), words(&named.caption)))
            .collect()
    }

    #[test]
    fn pictures_of_the_text_are_found_with_their_words() {
        let html = "<head><meta property='og:image' content='/lead.jpg'><meta property='og:image:alt' content='A lead'>\
            <meta name='twitter:image' content='https://example.org/lead.jpg'></head><body><header><img src=logo.png></header><article>\
            <figure><picture><source srcset='big.webp 1600w, mid.webp 800w'><img src=small.jpg alt='A  bridge'></picture>\
            <figcaption>The bridge on <b>Friday</b></figcaption></figure><img src='spacer.gif' width=1 height=1>\
            <img data-src='later.jpg?x=1#top' src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><img src='javascript:x()'>\
            <aside><img src=advert.jpg></aside></article><img src=other.jpg></body>";
        assert_eq!(
            shown(&pictures(html, Some("https://example.org/news/a.html"))),
            [
                "https://example.org/lead.jpg|A lead|",
                "https://example.org/news/big.webp|A bridge|The bridge on Friday",
                "https://example.org/news/later.jpg?x=1||"
            ]
        );
        let alone = pictures("<body><img src='a%20b.jpg?v=2'><img src='//cdn.example.org/c.jpg'></body>", None);
        assert_eq!(shown(&alone), ["a%20b.jpg?v=2||"]);
        assert_eq!(alone.named[0].1.as_deref(), Some("a b.jpg"));
        let based = pictures("<base href='https://other.example.org/x/'><img src=a.jpg>", None);
        assert_eq!(shown(&based), ["https://other.example.org/x/a.jpg||"]);
    }

    #[test]
    fn pictures_within_the_page_are_taken_out() {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.resize(300, 7);
        let digits = {
            const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            let bits = |three: &[u8]| usize::from(three[0]) << 16 | usize::from(three[1]) << 8 | usize::from(three[2]);
            let four = |three: &[u8]| [18, 12, 6, 0].map(|by| char::from(DIGITS[bits(three) >> by & 63]));
            bytes.chunks(3).flat_map(four).collect::<String>()
        };
        let html = format!(
            "<article><img alt=Here src='data:image/png;base64,{digits}'><img src='data:text/plain;base64,AAAA'></article>"
        );
        let found = pictures(&html, None);
        assert_eq!(found.inline.len(), 1);
        let medium = &found.inline[0];
        assert_eq!((medium.name.as_str(), medium.alt.as_deref(), &medium.bytes), ("inline-1.png", Some("Here"), &bytes));
        let small = Pictures::of(&Document::from(html.as_str()), None, 100);
        assert!(small.inline.is_empty());
    }

    #[test]
    fn sets_of_sizes() {
        for (set, expected) in [
            ("a.jpg 480w, b.jpg 960w, c.jpg 720w", Some("b.jpg")),
            ("a.jpg, b.jpg 2x", Some("b.jpg")),
            ("a,b.jpg 1x,c,d.jpg 1.5x", Some("c,d.jpg")),
            ("only.jpg", Some("only.jpg")),
            ("a.jpg,", Some("a.jpg")),
            (" , ", None),
            ("a.jpg NaNw, b.jpg infx", Some("a.jpg")),
        ] {
            assert_eq!(largest(set).map(|(address, _)| address).as_deref(), expected, "{set}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_set_and_path_is_read(set: String, path in "[%a-f0-9/?#é]{0,20}") {
            let _ = (largest(&set), local(&path), local(&set));
        }
    }
}
