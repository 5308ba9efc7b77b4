use dom_query::{Document, NodeRef};

use super::MAX_NESTING;

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

/// How deep the elements of a page lie within one another, at most; an estimate from its tags that never needs a parse.
pub(crate) fn nesting(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let closing = rest.starts_with('/');
        let name: &str = rest.trim_start_matches('/');
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = name.get(..length).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || UNNESTED.contains(&name.as_str()) {
            continue;
        }
        if closing {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// The text of a piece of HTML as a person sees it: white space collapsed, a line for each block and each `br`. Links and pictures
/// leave their text only. Empty for what is nested too deeply to be made by a person.
#[must_use]
pub fn fragment_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    if nesting(html) > MAX_NESTING {
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
    fn paragraphs_without_end_do_not_nest() {
        assert_eq!(nesting(&"<p>x<br>".repeat(50)), 0);
        assert_eq!(nesting("<div><div></div><div></div></div>"), 2);
    }
}
