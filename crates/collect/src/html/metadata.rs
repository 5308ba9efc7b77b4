use dom_query::{Document, Matcher};
use serde_json::Value;
use url::Url;

use crate::Instant;

/// What a page says of itself.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    /// As it is written.
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    /// Absolute http or https address.
    pub(super) canonical: Option<String>,
    pub(super) site: Option<String>,
    /// BCP 47.
    pub(super) language: Option<String>,
}

/// Longest value that is taken for a name, a title or a date, in bytes.
const MAX_VALUE: usize = 1_000;

/// Names of `meta` elements with the date of publication, most certain first.
const DATES: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "dcterms.date",
    "publication_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "publish_date",
    "published_time",
    "cxenseparse:recs:publishtime",
    "article.published",
    "date",
];

impl Metadata {
    /// Reads it from the parsed page; `address` is where it was found.
    pub(super) fn of(document: &Document, address: Option<&str>) -> Self {
        let metas = metas(document);
        let meta = |names: &[&str]| {
            names.iter().find_map(|name| metas.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()))
        };
        let linked = Linked::of(document);
        let address = address.and_then(|address| Url::parse(address).ok());
        let absolute = |href: String| {
            let url = match &address {
                Some(base) => base.join(&href).ok()?,
                None => Url::parse(&href).ok()?,
            };
            (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then(|| url.to_string())
        };
        let canonical = attribute(document, "link[rel~='canonical'][href]", "href").and_then(absolute);
        let canonical =
            canonical.or_else(|| meta(&["og:url"]).and_then(absolute)).or_else(|| linked.url.clone().and_then(absolute));
        let host = || {
            let url = canonical.as_deref().and_then(|url| Url::parse(url).ok());
            address.as_ref().or(url.as_ref()).and_then(Url::host_str).map(|host| host.trim_start_matches("www.").to_owned())
        };
        let site = meta(&["og:site_name", "application-name", "twitter:app:name:iphone"]).or(linked.publisher).or_else(host);
        let title = meta(&["og:title", "twitter:title", "dc.title", "parsely-title"]).or(linked.headline);
        let title = title.or_else(|| only_text(document, "h1")).or_else(|| only_text(document, "title"));
        let readable = |date: &String| Instant::parse(date).is_some();
        let published = metas_in_order(&metas, DATES).find(readable).or(linked.published.filter(readable));
        let published = published.or_else(|| marked_date(document));
        let author =
            meta(&["author", "byl", "parsely-author", "dc.creator", "article:author", "sailthru.author", "citation_author"]);
        let author = linked.author.or_else(|| author.filter(|name| !name.starts_with("http")));
        let author =
            author.or_else(|| only_text(document, "[itemprop='author'] [itemprop='name'], [rel='author'], .byline-name"));
        Self {
            title: title.map(|title| without_site(&title, site.as_deref())),
            author: author.map(|name| without_by(&name)).filter(|name| !name.is_empty() && name.len() < 200),
            published,
            modified: meta(&["article:modified_time", "og:updated_time", "last-modified"]).or(linked.modified),
            canonical,
            site,
            language: attribute(document, "html[lang]", "lang")
                .or_else(|| attribute(document, "html", "xml:lang"))
                .or_else(|| meta(&["content-language", "og:locale", "dc.language"]))
                .and_then(|tag| language_tag(&tag)),
        }
    }
}

/// Names (lower case) and values of the `meta` elements, in their order.
fn metas(document: &Document) -> Vec<(String, String)> {
    let Ok(matcher) = Matcher::new("meta[content]") else { return Vec::new() };
    let mut metas = Vec::new();
    for node in document.select_matcher(&matcher).nodes() {
        let name = ["property", "name", "itemprop", "http-equiv"].iter().find_map(|key| node.attr(key));
        if let (Some(name), Some(value)) = (name, node.attr("content"))
            && let Some(value) = short(&value)
        {
            metas.push((name.trim().to_lowercase(), value));
        }
    }
    metas
}

fn metas_in_order<'a>(metas: &'a [(String, String)], names: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    names.iter().filter_map(|name| metas.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()))
}

fn short(value: &str) -> Option<String> {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty() && value.len() <= MAX_VALUE).then_some(value)
}

fn attribute(document: &Document, selector: &str, name: &str) -> Option<String> {
    document.try_select(selector).and_then(|found| found.nodes().first().and_then(|node| node.attr(name))).and_then(|v| short(&v))
}

/// The text of the first such element, if there is a short one.
fn only_text(document: &Document, selector: &str) -> Option<String> {
    document.try_select(selector).and_then(|found| found.nodes().first().map(|node| node.text())).and_then(|text| short(&text))
}

/// A date that the page shows, in an element that is marked as the date of publication.
fn marked_date(document: &Document) -> Option<String> {
    let marked = [
        "[itemprop~='datePublished']",
        "time[pubdate]",
        "article time[datetime]",
        "header time[datetime]",
        "main time[datetime]",
    ];
    marked.iter().find_map(|selector| {
        let found = document.try_select(selector)?;
        let node = found.nodes().first()?;
        let values = [node.attr("datetime"), node.attr("content"), Some(node.text())];
        values.into_iter().flatten().filter_map(|value| short(&value)).find(|value| Instant::parse(value).is_some())
    })
}

/// What the page says in JSON-LD (schema.org `NewsArticle` and its kin).
#[derive(Debug, Default)]
struct Linked {
    headline: Option<String>,
    author: Option<String>,
    published: Option<String>,
    modified: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
}

impl Linked {
    fn of(document: &Document) -> Self {
        let Some(scripts) = document.try_select("script[type='application/ld+json']") else { return Self::default() };
        for script in scripts.nodes() {
            let text = script.text();
            let text = text.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>");
            let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
            let nodes: Vec<&Value> = match &value {
                Value::Array(values) => values.iter().collect(),
                Value::Object(object) => match object.get("@graph") {
                    Some(Value::Array(values)) => values.iter().collect(),
                    _ => vec![&value],
                },
                _ => continue,
            };
            if let Some(article) = nodes.into_iter().find(|node| is_article(node)) {
                let text = |key: &str| article.get(key).and_then(Value::as_str).and_then(short);
                let address =
                    article.get("mainEntityOfPage").and_then(|page| page.as_str().or_else(|| page.get("@id")?.as_str()));
                return Self {
                    headline: text("headline").map(|headline| super::fragment_text(&headline)),
                    author: article.get("author").and_then(names),
                    published: text("datePublished"),
                    modified: text("dateModified"),
                    publisher: article.get("publisher").and_then(names),
                    url: text("url").or_else(|| address.and_then(short)),
                };
            }
        }
        Self::default()
    }
}

fn is_article(node: &Value) -> bool {
    let known = |kind: &str| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report";
    match node.get("@type") {
        Some(Value::String(kind)) => known(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(known),
        _ => false,
    }
}

/// The name or names of a person or organisation; an address is no name.
fn names(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => short(name).filter(|name| !name.starts_with("http")),
        Value::Object(object) => object.get("name").and_then(|name| if name.is_object() { None } else { names(name) }),
        Value::Array(values) => {
            let all: Vec<String> = values.iter().filter(|value| !value.is_array()).filter_map(names).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        _ => None,
    }
}

/// `Bridge hit | Sample Agency` without the outlet's name, where that is known to be one.
fn without_site(title: &str, site: Option<&str>) -> String {
    let Some(site) = site else { return title.to_owned() };
    for separator in [" | ", " - ", " – ", " — ", " :: ", " » "] {
        if let Some((head, tail)) = title.rsplit_once(separator)
            && !head.trim().is_empty()
            && tail.trim().eq_ignore_ascii_case(site.trim())
        {
            return head.trim().to_owned();
        }
    }
    title.to_owned()
}

fn without_by(name: &str) -> String {
    let rest = name.strip_prefix("By ").or_else(|| name.strip_prefix("by ")).or_else(|| name.strip_prefix("BY "));
    rest.unwrap_or(name).trim().to_owned()
}

/// `en_GB`, `en-gb` as `en-GB`; none for what is no tag.
fn language_tag(tag: &str) -> Option<String> {
    let mut parts = tag.trim().split(['-', '_', '.']);
    let language = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    match parts.next() {
        Some(region) if region.len() == 2 && region.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Some(format!("{language}-{}", region.to_ascii_uppercase()))
        }
        _ => Some(language),
    }
}

/// Host without `www.`, to tell sites apart.
pub(super) fn site_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.to_ascii_lowercase();
    let host = ["www.", "m.", "amp.", "mobile."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(&host);
    Some(host.to_owned())
}

/// The day in an address such as `/2024/12/27/` or `/2024-12-27-`, as news sites build them.
pub(super) fn day_in_address(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let segments: Vec<&str> = url.path_segments()?.collect();
    let plausible = |text: String| {
        Instant::parse(&text).and_then(Instant::day).filter(|day| ("1990".."2100").contains(&day.as_str())).map(|_| text)
    };
    let of_three = segments.windows(3).find_map(|window| match window {
        [year, month, day] if year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len()) => {
            plausible(format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => None,
    });
    of_three.or_else(|| {
        segments.iter().find_map(|segment| {
            let day = segment.get(..10).filter(|day| day.as_bytes().get(4) == Some(&b'-'))?;
            plausible(day.to_owned())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linked_data_is_read_through_graphs_and_lists() {
        let html = r#"<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":["NewsArticle"],"headline":"Dam &amp; bridge",
            "author":[{"name":"Jo Example"},{"name":["A","B"]}],"datePublished":"2024-12-27","publisher":{"name":"Sample Agency"}}]}</script>"#;
        let metadata = Metadata::of(&Document::from(html), None);
        assert_eq!(metadata.title.as_deref(), Some("Dam & bridge"));
        assert_eq!(metadata.author.as_deref(), Some("Jo Example, A, B"));
        assert_eq!((metadata.published.as_deref(), metadata.site.as_deref()), (Some("2024-12-27"), Some("Sample Agency")));
    }

    #[test]
    fn days_in_addresses() {
        assert_eq!(day_in_address("https://example.org/news/2024/1/7/a").as_deref(), Some("2024-01-07"));
        assert_eq!(day_in_address("https://example.org/2024-12-27-a.html").as_deref(), Some("2024-12-27"));
        assert_eq!(day_in_address("https://example.org/2024/99/27/a"), None);
        assert_eq!(day_in_address("https://example.org/a/12/27"), None);
    }

    #[test]
    fn language_tags_are_put_right() {
        assert_eq!(language_tag("en_gb").as_deref(), Some("en-GB"));
        assert_eq!(language_tag("uk").as_deref(), Some("uk"));
        assert_eq!(language_tag("english"), None);
    }
}
