use std::panic::{AssertUnwindSafe, catch_unwind};

use rs_trafilatura::page_type::PageType;

/// What finds the main text, for the provenance.
pub(super) const EXTRACTOR: &str = "rs-trafilatura 0.1";

/// Lines after which a page only has links to other pages, in lower case without punctuation.
const ENDS: &[&str] = &[
    "you may also like",
    "you might also like",
    "you may also be interested in",
    "you might be interested in",
    "more from",
    "more on this",
    "more stories",
    "more news",
    "related articles",
    "related stories",
    "related news",
    "related posts",
    "related content",
    "related topics",
    "related coverage",
    "read more about",
    "read next",
    "most read",
    "most popular",
    "recommended for you",
    "recommended stories",
    "sponsored links",
    "sponsored content",
    "share this",
    "share this article",
    "sign up for our newsletter",
    "subscribe to our newsletter",
    "leave a comment",
    "leave a reply",
    "читайте также",
    "читайте також",
    "по теме",
    "lesen sie auch",
    "à lire aussi",
    "lire aussi",
    "lea también",
    "te puede interesar",
    "leia também",
    "leggi anche",
];

/// Lines that are never part of a text.
const NOISE: &[&str] = &[
    "advertisement",
    "advertisment",
    "story continues below",
    "article continues after ad",
    "iklan",
    "реклама",
    "anzeige",
    "publicité",
    "publicidad",
];

/// The main text of a page, a line a paragraph. The error says why there is none to be told.
pub(super) fn extract(html: &str, url: Option<&str>, title: Option<&str>) -> Result<String, &'static str> {
    let options = rs_trafilatura::Options {
        include_comments: false,
        url: url.map(str::to_owned),
        page_type: Some(PageType::Article),
        ..rs_trafilatura::Options::default()
    };
    // A page that breaks the extractor still has its visible text.
    match catch_unwind(AssertUnwindSafe(|| rs_trafilatura::extract_with_options(html, &options))) {
        Ok(Ok(page)) => Ok(tidy(&page.content_text, title)),
        Ok(Err(_)) => Ok(String::new()),
        Err(_) => Err("the extractor failed on it"),
    }
}

/// Takes away what is furniture by its wording: credits before the text, advertisement marks, and link lists after it.
fn tidy(text: &str, title: Option<&str>) -> String {
    let lines: Vec<String> = text.lines().map(collapsed).filter(|line| !line.is_empty()).collect();
    let total: usize = lines.iter().map(String::len).sum();
    let (mut kept, mut seen): (Vec<&str>, usize) = (Vec::new(), 0);
    for line in &lines {
        let plain = plain(line);
        // Near the top such a line stands before the text, not after it.
        if seen * 10 >= total * 4 && ENDS.iter().any(|end| plain == *end || line.len() < 60 && plain.starts_with(end)) {
            break;
        }
        seen += line.len();
        let repeats_title = kept.is_empty() && title.is_some_and(|title| self::plain(title) == plain);
        if repeats_title || NOISE.contains(&plain.as_str()) || kept.is_empty() && is_byline(line) {
            continue;
        }
        kept.push(line);
    }
    kept.join("\n")
}

fn collapsed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(line: &str) -> String {
    line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// `By Jo Example`, `By Jo Example - 27 December 2024`: short, no sentence, names in capitals.
fn is_byline(line: &str) -> bool {
    let Some(names) = line.strip_prefix("By ").or_else(|| line.strip_prefix("BY ")) else { return false };
    line.len() < 80 && !line.ends_with(['.', '?', '!', ':', '”', '"']) && names.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_around_the_text_is_taken_away() {
        let text = "Bridge hit\nBy Jo Example\nA bridge was hit on Friday, officials said.\nAdvertisement\nRepairs  take weeks.\nYou may also like...\nTen best dams";
        assert_eq!(tidy(text, Some("Bridge hit")), "A bridge was hit on Friday, officials said.\nRepairs take weeks.");
    }

    #[test]
    fn prose_that_begins_alike_is_kept() {
        let text = "By Friday the bridge was closed.\nMore from the same depot burned, in all forty trucks with their loads, the owner said on Friday.";
        assert_eq!(tidy(text, None), text);
    }
}
