//! One page for the browser: the text marked up, and beside it what it says.
//!
//! It asks nothing of the network and runs no script: the policy in its head forbids all but the style sheet that it carries, by
//! hash. Details open on hover, on focus and on a tap; a click on a word leads to its happening and back.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use dateline_record::{ClaimId, EntityKind, Reading, Span};
use sha2::{Digest, Sha256};

use super::person::Protected;
use super::summary::{Excerpt, Happening, Summary};
use super::visible::is_unseen_command;
use super::wording::{self, LEGEND, Tone, one_line};

const STYLE: &str = include_str!("page.css");

/// What a page of somebody else's shows of a reading: pieces of HTML, in which nothing from outside stands unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragments {
    /// The headline, plain; empty when there is none.
    pub title: String,
    /// The text marked up, an `article`.
    pub text: String,
    /// What it says, an `aside`; empty when it was not read.
    pub aside: String,
    /// Whether names of protected persons were left out of both.
    pub withheld: bool,
}

/// The pieces of a reading's page; with `withhold`, without the names of protected persons.
#[must_use]
pub fn fragments(reading: &Reading, withhold: bool) -> Fragments {
    let mut summary = Summary::of(reading);
    let mut title = one_line(reading.document.title.as_deref().unwrap_or_default());
    let mut hidden = Vec::new();
    if withhold {
        let protected = Protected::of(reading);
        hidden = protected.spans(&reading.document.text);
        summary = summary.masked(&protected);
        title = protected.masked(&title);
    }
    let mut fragments = Fragments { title, text: String::new(), aside: String::new(), withheld: !hidden.is_empty() };
    body(&mut fragments.text, reading, &summary, &Marked { hidden: &hidden, ..Marked::default() });
    if reading.not_read.is_none() {
        aside(&mut fragments.aside, &summary);
    }
    fragments
}

/// The text of a reading for somebody who decides on some of its claims or codes it: an `article` in which only these claims are marked, names of
/// protected persons are left out, and each piece says between which places of the text it stands (`data-start`, `data-end`, in code points): so
/// words chosen on a page are known in the text.
#[must_use]
pub fn words_of(reading: &Reading, claims: &BTreeSet<ClaimId>) -> String {
    let protected = Protected::of(reading);
    let summary = Summary::of(reading).masked(&protected);
    let hidden = protected.spans(&reading.document.text);
    let mut out = String::new();
    body(&mut out, reading, &summary, &Marked { hidden: &hidden, only: Some(claims) });
    out
}

/// The page of a reading: a whole HTML document, self-contained.
#[must_use]
pub fn page(reading: &Reading) -> String {
    let document = &reading.document;
    let title = wording::title(document);
    let summary = Summary::of(reading);
    let mut out = String::with_capacity(document.text.len() * 4 + 16 * 1024);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{} – dateline</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        base64(&Sha256::digest(STYLE.as_bytes())),
        Escaped(&title),
    );
    head(&mut out, reading, &title, &summary);
    out.push_str("<main>\n");
    body(&mut out, reading, &summary, &Marked::default());
    if reading.not_read.is_none() {
        aside(&mut out, &summary);
    }
    out.push_str("</main>\n");
    let _ = writeln!(
        out,
        "<footer>Read by dateline {} without a person looking at it: a claim is not a fact. Places: GeoNames, CC BY 4.0.</footer>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION")
    );
    out
}

fn head(out: &mut String, reading: &Reading, title: &str, summary: &Summary) {
    let document = &reading.document;
    let _ = write!(out, "<header>\n<h1 dir=\"auto\">{}</h1>\n<p class=\"origin\">", Escaped(title));
    let published = document.published.as_ref().map_or_else(|| "date not given".to_owned(), |date| format!("published {date}"));
    let facts = [document.source.as_deref(), document.author.as_deref(), Some(&published), document.reference.as_deref()];
    for fact in facts.into_iter().flatten().filter(|fact| *fact != title) {
        let _ = write!(out, "<bdi>{}</bdi> ", Escaped(&one_line(fact)));
    }
    if let Some(url) = &document.url {
        // Shown, not linked: nobody should open a stranger's page by a slip of the finger.
        let _ = write!(out, "<bdi class=\"url\">{}</bdi> ", Escaped(&one_line(url)));
    }
    let _ = writeln!(out, "<bdi class=\"hash\">{}</bdi></p>", Escaped(&document.id));
    match &reading.not_read {
        Some(why) => {
            let _ = writeln!(out, "<p class=\"notread\">{}. The text is kept; only English is read.</p>", Escaped(why));
        }
        None => {
            let _ = writeln!(
                out,
                "<p class=\"counts\">{} claims in {} happenings; {} sources cited</p>",
                summary.claims,
                summary.happenings.len(),
                summary.sources
            );
            out.push_str("<details class=\"legend\"><summary>What the marks mean</summary><ul>\n");
            for (tone, words, meaning) in LEGEND {
                let _ = writeln!(out, "<li><span class=\"mark {}\">{words}</span> {meaning}</li>", tone.class());
            }
            out.push_str(
                "<li><span class=\"source\">source</span> whoever says it</li>\n<li><span class=\"place\">place</span> where</li>\n\
                 <li><span class=\"time\">time</span> when</li>\n<li><span class=\"count\">count</span> how many</li>\n\
                 <li><span class=\"cue\">cue</span> words that attribute, hedge or deny</li>\n</ul></details>\n",
            );
        }
    }
    out.push_str("</header>\n");
}

/// What a stretch of the text is part of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Trigger(ClaimId),
    Source,
    Place,
    Time,
    Count,
    Cue,
}

/// What is marked in a text.
#[derive(Default)]
struct Marked<'a> {
    /// Stretches that are left out.
    hidden: &'a [(usize, usize)],
    /// Only these claims; each piece then says where it stands.
    only: Option<&'a BTreeSet<ClaimId>>,
}

fn marks(reading: &Reading, only: Option<&BTreeSet<ClaimId>>) -> Vec<(usize, usize, Mark)> {
    let mut marks = Vec::new();
    let mut mark = |span: &Span, mark: Mark| {
        if span.start() < span.end() {
            marks.push((span.start(), span.end(), mark));
        }
    };
    for claim in reading.claims.iter().filter(|claim| only.is_none_or(|only| only.contains(&claim.id))) {
        mark(&claim.trigger, Mark::Trigger(claim.id));
        claim.factuality.cues.iter().for_each(|cue| mark(cue, Mark::Cue));
        claim.time.iter().for_each(|time| mark(&time.mention, Mark::Time));
        claim.quantities.iter().for_each(|count| mark(&count.mention, Mark::Count));
        for step in &claim.attribution {
            step.cue.iter().for_each(|cue| mark(cue, Mark::Cue));
            step.source.iter().for_each(|source| mark(&source.mention, Mark::Source));
        }
        if only.is_some() {
            claim.place.iter().for_each(|place| mark(&place.mention, Mark::Place));
        }
    }
    for attribution in reading.attributions.iter().filter(|_| only.is_none()) {
        attribution.source.iter().for_each(|source| mark(&source.words, Mark::Source));
        attribution.cue.iter().for_each(|cue| mark(cue, Mark::Cue));
    }
    for place in
        reading.entities.iter().filter(|entity| only.is_none() && entity.kind == EntityKind::Place && entity.place_use.is_none())
    {
        place.mentions.iter().for_each(|mention| mark(mention, Mark::Place));
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// The text, cut where any mark begins or ends; each piece is wrapped in the marks that cover it.
fn body(out: &mut String, reading: &Reading, summary: &Summary, marked: &Marked<'_>) {
    let Marked { hidden, only } = *marked;
    let text = &reading.document.text;
    let marks = marks(reading, only);
    let notes = Notes::new(reading, summary);
    let mut cuts: BTreeSet<usize> = marks.iter().flat_map(|&(start, end, _)| [start, end]).collect();
    let characters: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let length = characters.len() - 1;
    cuts.extend([0, length]);
    cuts.extend(hidden.iter().flat_map(|&(start, end)| [start, end]));
    // What is shown by its number is longer than it is in the text: it stands by itself where places count.
    for (at, _) in text.char_indices().filter(|&(_, c)| c == '\n' || only.is_some() && is_unseen_command(c)) {
        let code_point = characters.partition_point(|&byte| byte < at);
        cuts.extend([code_point, code_point + 1]);
    }
    let cuts: Vec<usize> = cuts.into_iter().filter(|&cut| cut <= length).collect();
    out.push_str("<article aria-label=\"The text\">\n<p dir=\"auto\">");
    let mut active: Vec<(usize, usize, Mark)> = Vec::new();
    let mut next = 0;
    let mut described = BTreeSet::new();
    for pair in cuts.windows(2) {
        let &[start, end] = pair else { continue };
        active.retain(|&(_, mark_end, _)| mark_end > start);
        while let Some(&mark) = marks.get(next).filter(|&&(mark_start, ..)| mark_start <= start) {
            active.push(mark);
            next += 1;
        }
        let piece = text.get(characters[start]..characters[end]).unwrap_or_default();
        if piece == "\n" {
            out.push_str("</p>\n<p dir=\"auto\">");
            continue;
        }
        let covering = hidden.partition_point(|&(_, hidden_end)| hidden_end <= start);
        if let Some(&(hidden_start, _)) = hidden.get(covering).filter(|&&(hidden_start, _)| hidden_start <= start) {
            if hidden_start == start {
                out.push_str("<span class=\"withheld\" title=\"the name of a protected person\">…</span>");
            }
            continue;
        }
        let mut classes: Vec<&str> = active
            .iter()
            .filter_map(|(_, _, mark)| match mark {
                Mark::Trigger(_) => None,
                Mark::Source => Some("source"),
                Mark::Place => Some("place"),
                Mark::Time => Some("time"),
                Mark::Count => Some("count"),
                Mark::Cue => Some("cue"),
            })
            .collect();
        classes.sort_unstable();
        classes.dedup();
        let trigger = active.iter().find_map(|(_, _, mark)| if let Mark::Trigger(claim) = mark { Some(*claim) } else { None });
        if !classes.is_empty() {
            let _ = write!(out, "<span class=\"{}\">", classes.join(" "));
        }
        match trigger.and_then(|claim| notes.by_claim.get(&claim).map(|note| (claim, note))) {
            Some((_, note)) if only.is_some() => {
                let tone = note.tone.class();
                let _ = write!(
                    out,
                    "<span class=\"mark {tone}\" data-start=\"{start}\" data-end=\"{end}\">{}</span>",
                    Escaped(piece)
                );
            }
            Some((claim, note)) => {
                let id = if described.insert(claim) { format!(" id=\"{claim}\"") } else { String::new() };
                let _ = write!(
                    out,
                    "<a class=\"mark {}\"{id} href=\"#{}\">{}<span class=\"tip\" role=\"tooltip\">{}</span></a>",
                    note.tone.class(),
                    note.happening,
                    Escaped(piece),
                    note.html
                );
            }
            None if only.is_some() => {
                let _ = write!(out, "<span data-start=\"{start}\" data-end=\"{end}\">{}</span>", Escaped(piece));
            }
            None => {
                let _ = write!(out, "{}", Escaped(piece));
            }
        }
        if !classes.is_empty() {
            out.push_str("</span>");
        }
    }
    out.push_str("</p>\n</article>\n");
}

/// What opens over a trigger.
struct Note {
    tone: Tone,
    happening: String,
    html: String,
}

struct Notes {
    by_claim: HashMap<ClaimId, Note>,
}

impl Notes {
    fn new(reading: &Reading, summary: &Summary) -> Self {
        let mut by_claim = HashMap::with_capacity(reading.claims.len());
        for happening in &summary.happenings {
            for voice in &happening.voices {
                for excerpt in &voice.excerpts {
                    let mut html = String::new();
                    let _ = write!(html, "<b>{}</b>", Escaped(&headline(happening)));
                    if let Some(code) = &happening.code {
                        let _ = write!(html, "<i>{}</i>", Escaped(code));
                    }
                    let _ = write!(html, "<i>{} · {}</i>", Escaped(&voice.certainty), Escaped(&voice.who));
                    by_claim.insert(excerpt.claim, Note { tone: voice.tone, happening: happening.id.clone(), html });
                }
            }
        }
        Self { by_claim }
    }
}

fn headline(happening: &Happening) -> String {
    let mut parts = Vec::new();
    if !happening.actor.is_empty() {
        parts.push(happening.actor.join(", "));
    }
    parts.push(happening.trigger.clone());
    if !happening.recipient.is_empty() {
        parts.push(happening.recipient.join(", "));
    }
    parts.join(" → ")
}

fn aside(out: &mut String, summary: &Summary) {
    out.push_str("<aside aria-label=\"What it says\">\n<h2>What it says</h2>\n<ol>\n");
    for happening in &summary.happenings {
        card(out, happening);
    }
    out.push_str("</ol>\n");
    if summary.happenings.is_empty() {
        out.push_str("<p>Nothing found that the text presents as happening.</p>\n");
    }
    out.push_str("</aside>\n");
}

fn card(out: &mut String, happening: &Happening) {
    let _ = write!(out, "<li id=\"{}\" class=\"card\">\n<h3>", happening.id);
    if !happening.actor.is_empty() {
        let _ = write!(out, "<bdi>{}</bdi> <span class=\"arrow\">→</span> ", Escaped(&happening.actor.join(", ")));
    }
    let _ = write!(out, "<bdi class=\"what\">{}</bdi>", Escaped(&happening.trigger));
    if !happening.recipient.is_empty() {
        let _ = write!(out, " <span class=\"arrow\">→</span> <bdi>{}</bdi>", Escaped(&happening.recipient.join(", ")));
    }
    out.push_str("</h3>\n");
    let codes: Vec<&str> = happening.code.iter().chain(&happening.acled).map(String::as_str).collect();
    if !codes.is_empty() {
        let _ = writeln!(out, "<p class=\"code\">{}</p>", Escaped(&codes.join(" · ")));
    }
    out.push_str("<dl>\n");
    let fields = [
        ("where", happening.place.join("; ")),
        ("when", happening.time.clone().unwrap_or_default()),
        ("how many", happening.counts.join("; ")),
        ("with", happening.instrument.join("; ")),
        ("evidence", happening.evidence.join("; ")),
        ("circulation", happening.circulation.join("; ")),
    ];
    let coded = happening.coding.iter().map(|coded| ("coded", coded.line()));
    for (name, value) in fields.into_iter().chain(coded).filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "<dt>{name}</dt><dd dir=\"auto\">{}</dd>", Escaped(&value));
    }
    for dispute in &happening.disputed {
        let values: Vec<String> = dispute.values.iter().map(|(value, claims)| format!("{value} ({}×)", claims.len())).collect();
        let _ = writeln!(
            out,
            "<dt class=\"disputed\">disputed</dt><dd dir=\"auto\">{}: {}</dd>",
            Escaped(&dispute.field),
            Escaped(&values.join(" / "))
        );
    }
    out.push_str("</dl>\n");
    for voice in &happening.voices {
        let tone = voice.tone.class();
        let _ = write!(
            out,
            "<details class=\"voice\"><summary><span class=\"mark {tone}\">{}</span> <bdi>{}</bdi>",
            Escaped(&voice.certainty),
            Escaped(&voice.who)
        );
        if !voice.cues.is_empty() {
            let _ = write!(out, " <span class=\"cues\">“{}”</span>", Escaped(&voice.cues.join("”, “")));
        }
        out.push_str("</summary>\n");
        for excerpt in &voice.excerpts {
            quotation(out, excerpt);
        }
        out.push_str("</details>\n");
    }
    out.push_str("</li>\n");
}

fn quotation(out: &mut String, excerpt: &Excerpt) {
    let _ = writeln!(
        out,
        "<blockquote dir=\"auto\">{}{}<b>{}</b>{}{} <a class=\"back\" href=\"#{}\">in the text</a></blockquote>",
        if excerpt.cut_before { "… " } else { "" },
        Escaped(&excerpt.before),
        Escaped(&excerpt.trigger),
        Escaped(&excerpt.after),
        if excerpt.cut_after { " …" } else { "" },
        excerpt.claim
    );
}

/// Text for element content and quoted attributes. Characters that command or reorder are shown by their number instead of acting.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c if is_unseen_command(c) => write!(f, "[U+{:04X}]", u32::from(c))?,
                c => std::fmt::Write::write_char(f, c)?,
            }
        }
        Ok(())
    }
}

/// RFC 4648, for the hash in the page's policy.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(LETTERS[(bits >> (18 - 6 * place) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use dateline_record::Report;

    use super::*;

    fn not_read(text: &str, title: &str) -> String {
        let report = Report {
            text: text.to_owned(),
            title: Some(title.to_owned()),
            url: Some("javascript:alert(1)".to_owned()),
            ..Report::default()
        };
        page(&Reading::not_read(&report, "uk", "not read: language uk".to_owned()))
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let html = not_read("<script>alert(1)</script>\u{202e}evil\0 \"'&", "</title><script>");
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]evil[U+0000] &quot;&#39;&amp;"));
        assert!(!html.contains("href=\"javascript"));
    }

    #[test]
    fn hidden_stretches_are_left_out_of_the_text() {
        let report = Report { text: "Jon Sample, né Ex, was hurt.\nSample said so.".to_owned(), ..Report::default() };
        let reading = Reading::not_read(&report, "uk", "not read: language uk".to_owned());
        let mut html = String::new();
        body(&mut html, &reading, &Summary::of(&reading), &Marked { hidden: &[(0, 10), (29, 35)], only: None });
        assert!(!html.contains("Sample") && html.contains(", né Ex, was hurt.") && html.contains(" said so."), "{html}");
        assert_eq!(html.matches("class=\"withheld\"").count(), 2, "{html}");
    }

    #[test]
    fn pieces_say_where_they_stand_in_code_points() {
        let report = Report { text: "💥 Jon fell.\nOn \u{202e}Friday 🚁".to_owned(), ..Report::default() };
        let reading = Reading::not_read(&report, "uk", "not read: language uk".to_owned());
        let mut html = String::new();
        let marked = Marked { hidden: &[(2, 5)], only: Some(&BTreeSet::new()) };
        body(&mut html, &reading, &Summary::of(&reading), &marked);
        for piece in [
            "<span data-start=\"0\" data-end=\"2\">💥 </span><span class=\"withheld\"",
            "<span data-start=\"5\" data-end=\"11\"> fell.</span></p>",
            "<span data-start=\"12\" data-end=\"15\">On </span><span data-start=\"15\" data-end=\"16\">[U+202E]</span><span data-start=\"16\" data-end=\"24\">Friday 🚁</span>",
        ] {
            assert!(html.contains(piece), "{piece}: {html}");
        }
    }

    #[test]
    fn nothing_is_asked_of_other_hosts() {
        let html = not_read("text", "title");
        assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("@import") && !html.contains("url("));
    }

    #[test]
    fn a_huge_line_is_laid_out_in_linear_time() {
        let html = not_read(&"x ".repeat(1_000_000), "long");
        assert!(html.len() > 2_000_000);
    }
}
