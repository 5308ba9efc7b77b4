use std::collections::HashMap;

use dom_query::{Document, NodeRef};

/// Elements whose content nobody sees.
const UNSEEN: &[&str] =
    &["script", "style", "noscript", "template", "head", "svg", "iframe", "object", "select", "button", "textarea"];

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];

/// Elements that need no end tag, or end by what follows: they don't nest however often they are opened.
const UNNESTED: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li",
    "td", "th", "tr", "dt", "dd", "option", "script", "style",
];

/// Elements that a parser opens again in every block that follows, until they are closed (HTML standard, active formatting elements).
const FORMATTING: &[&str] = &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements within one another, or left open, beyond which a page is not taken for one that a person made; parsers go deep with it.
const MAX_NESTING: usize = 2_000;

/// Elements that a parser may make of unclosed formatting: it repeats each of them in each block.
const MAX_REPEATED: usize = 20_000_000;

/// True for a page that costs a parser more than a page should: nested very deeply, or with formatting that is opened without end.
/// An estimate from its tags that needs no parse.
pub(crate) fn is_overgrown(html: &str) -> bool {
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut depth, mut formatting, mut most, mut tags) = (0_usize, 0_usize, 0, 0_usize);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let (closing, name) = match rest.strip_prefix('/') {
            Some(name) => (true, name),
            None => (false, rest),
        };
        let length = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
        let name = name.get(..length).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() {
            continue;
        }
        tags += 1;
        if UNNESTED.contains(&name.as_str()) {
            continue;
        }
        let formats = FORMATTING.contains(&name.as_str());
        // Counted by name: an end tag that fits nothing open ends nothing.
        let count = open.entry(name).or_default();
        if closing && *count > 0 {
            *count -= 1;
            depth -= 1;
            formatting -= usize::from(formats);
        } else if !closing {
            *count += 1;
            depth += 1;
            formatting += usize::from(formats);
        }
        most = most.max(formatting);
        if depth > MAX_NESTING {
            return true;
        }
    }
    most.saturating_mul(tags) > MAX_REPEATED
}

/// The text of a piece of HTML as a person sees it: white space collapsed, a line for each block and each `br`. Links and pictures
/// leave their text only. Empty for what is nested too deeply to be made by a person.
#[must_use]
pub fn fragment_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    if is_overgrown(html) {
        return String::new();
    }
    let document = Document::from(html);
    document.select("body").nodes().first().map(visible_text).unwrap_or_default()
}

/// The text under `node`, as [`fragment_text`] gives it.
pub(crate) fn visible_text(node: &NodeRef<'_>) -> String {
    let mut out = String::new();
    // Own stack: pages nest as deep as they like.
    let mut open = vec![(*node, false)];
    while let Some((node, leaving)) = open.pop() {
        let name = node.node_name();
        let name = name.as_deref().unwrap_or_default();
        let block = BLOCKS.contains(&name);
        if leaving {
            new_line(&mut out);
            continue;
        }
        if node.is_text() {
            push_words(&mut out, &node.text());
        } else if name == "br" {
            while out.ends_with(' ') {
                out.pop();
            }
            out.push('\n');
        } else if !UNSEEN.contains(&name) {
            if block {
                new_line(&mut out);
                open.push((node, true));
            } else if matches!(name, "td" | "th") && !out.ends_with(['\n', ' ']) && !out.is_empty() {
                out.push(' ');
            }
            let children: Vec<_> = node.children();
            open.extend(children.into_iter().rev().map(|child| (child, false)));
        }
    }
    out.trim().to_owned()
}

fn new_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn push_words(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_whitespace() && c != '\u{a0}' {
            if !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_breaks_are_lines() {
        let html = "<p>One <b>two</b>\n three.</p><div>Four<br>five &amp; <a href=x>six</a><script>no()</script></div><ul><li>a<li>b</ul>";
        assert_eq!(fragment_text(html), "One two three.\nFour\nfive & six\na\nb");
        assert_eq!(fragment_text(" plain "), "plain");
    }

    #[test]
    fn sloppy_pages_are_read_and_overgrown_ones_are_not() {
        assert!(!is_overgrown(&"<p>x<br><li>".repeat(5_000)));
        assert!(!is_overgrown(&"<div><b>x</b></div>".repeat(5_000)));
        assert!(is_overgrown(&"<div></x>".repeat(5_000)));
        let formatting: String = (0..1_900).map(|n| format!("<b id={n}></i>")).collect();
        assert!(is_overgrown(&(formatting + &"<p>x".repeat(100_000))));
    }
}
