use dateline_record::{Provenance, Report};

use crate::collected::{Collected, Reason};
use crate::encoding::{Decoded, decode, decode_as};
use crate::instant::Instant;

/// Decodes and notes in `provenance` what was done.
pub(crate) fn decode_noting(
    bytes: &[u8],
    forced: Option<&str>,
    declared: Option<&str>,
    provenance: &mut Provenance,
) -> Result<Decoded, Reason> {
    let decoded = match forced {
        Some(name) => decode_as(bytes, name)?,
        None => decode(bytes, declared)?,
    };
    provenance.transformations.extend(decoded.transformation());
    provenance.warnings.extend(decoded.warning());
    Ok(decoded)
}

/// Fills in the date of publication: EDTF as it is, else the day of a timestamp, whose moment goes to the provenance. What is no date
/// becomes a warning, not the loss of the report.
pub(crate) fn set_published(report: &mut Report, provenance: &mut Provenance, written: &str) {
    let written = written.trim();
    if written.is_empty() {
        return;
    }
    if let Some(instant) = Instant::parse(written) {
        let moment = instant.to_string();
        report.published = instant.day();
        if moment.contains('T') {
            provenance.published_at = Some(moment);
        }
    } else if let Ok(date) = written.parse() {
        report.published = Some(date);
    } else {
        let shown: String = written.chars().take(60).collect();
        provenance.warnings.push(format!("`published` is no date: {shown}"));
    }
}

/// A plain text file: the whole is the text, unchanged. `encoding` forces one.
///
/// # Errors
/// When it is no text, or empty.
pub fn read_text(bytes: &[u8], base: &Provenance, encoding: Option<&str>) -> Result<Collected, Reason> {
    let mut provenance = Provenance { format: "text".to_owned(), ..base.clone() };
    let text = decode_noting(bytes, encoding, None, &mut provenance)?.text;
    if text.trim().is_empty() {
        return Err(Reason::Empty);
    }
    let report = Report { text, url: provenance.final_url.clone(), ..Report::default() };
    Ok(Collected::new(report, provenance, bytes.to_vec()))
}

/// A Markdown file: marks are removed, so that sentences read as prose; front matter (`title: …` between `---` lines) and else the
/// first heading give the title.
///
/// # Errors
/// When it is no text, or empty.
pub fn read_markdown(bytes: &[u8], base: &Provenance, encoding: Option<&str>) -> Result<Collected, Reason> {
    let mut provenance = Provenance { format: "text".to_owned(), ..base.clone() };
    let source = decode_noting(bytes, encoding, None, &mut provenance)?.text;
    let mut report = Report { url: provenance.final_url.clone(), ..Report::default() };
    let (matter, body) = front_matter(&source);
    for line in matter.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim().trim_matches(['"', '\'']).to_owned();
        if value.is_empty() {
            continue;
        }
        match key.trim().to_ascii_lowercase().as_str() {
            "title" => report.title = Some(value),
            "author" | "byline" => report.author = Some(value),
            "date" | "published" => set_published(&mut report, &mut provenance, &value),
            "source" | "outlet" | "site" => report.source = Some(value),
            "url" | "link" | "canonical" => report.url = Some(value),
            "lang" | "language" => report.language = Some(value),
            _ => {}
        }
    }
    let mut text = String::with_capacity(body.len());
    let mut fenced = false;
    for line in body.lines() {
        let bare = line.trim_start();
        if bare.starts_with("```") || bare.starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        let hashes = bare.bytes().take_while(|b| *b == b'#').count();
        if !fenced && (1..=6).contains(&hashes) && bare.get(hashes..).is_some_and(|rest| rest.starts_with(' ')) {
            let heading = without_marks(bare.get(hashes..).unwrap_or_default().trim().trim_end_matches('#').trim_end());
            if hashes == 1 && report.title.is_none() && text.trim().is_empty() {
                report.title = Some(heading);
            } else {
                text.push_str(&heading);
            }
        } else if fenced {
            text.push_str(line);
        } else if bare.len() >= 3 && bare.bytes().all(|b| matches!(b, b'-' | b'*' | b'_' | b'=' | b' ')) {
            // A rule, or the underline of a heading.
        } else {
            let quoted = bare.trim_start_matches(['>', ' ']);
            let item = ["- ", "* ", "+ "].iter().find_map(|mark| quoted.strip_prefix(mark)).unwrap_or(quoted);
            text.push_str(&without_marks(item));
        }
        text.push('\n');
    }
    let text = text.trim().to_owned();
    if text.is_empty() {
        return Err(Reason::Empty);
    }
    provenance.transformations.push("Markdown marks removed".to_owned());
    Ok(Collected::new(Report { text, ..report }, provenance, bytes.to_vec()))
}

fn front_matter(source: &str) -> (&str, &str) {
    let Some(rest) = source.strip_prefix("---\n").or_else(|| source.strip_prefix("---\r\n")) else { return ("", source) };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return (rest.get(..at).unwrap_or_default(), rest.get(at + line.len()..).unwrap_or_default());
        }
        at += line.len();
    }
    ("", source)
}

/// Emphasis, code marks and links of one line taken away; a picture leaves nothing.
fn without_marks(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let picture = rest.starts_with("![");
        if picture || first == '[' {
            let from = if picture { 2 } else { 1 };
            let parts =
                rest.get(from..).and_then(|inner| inner.split_once("](")).filter(|(label, _)| !label.contains(['[', ']']));
            if let Some((label, after)) = parts
                && let Some((_, after)) = after.split_once(')')
            {
                if !picture {
                    out.push_str(label);
                }
                rest = after;
                continue;
            }
        }
        let next = rest.get(first.len_utf8()..).unwrap_or_default();
        match first {
            '\\' if next.starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.extend(next.chars().next());
                rest = next.get(1..).unwrap_or_default();
                continue;
            }
            '*' | '`' => {}
            // Inside a word an underscore is part of it.
            '_' if !(out.ends_with(char::is_alphanumeric) && next.starts_with(char::is_alphanumeric)) => {}
            other => out.push(other),
        }
        rest = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_as_it_is() {
        let collected = read_text(b"Line one.\r\n\r\n Line two. ", &Provenance::default(), None).unwrap();
        assert_eq!(collected.report.text, "Line one.\r\n\r\n Line two. ");
        assert_eq!(collected.provenance.transformations, Vec::<String>::new());
        assert!(matches!(read_text(b" \n ", &Provenance::default(), None), Err(Reason::Empty)));
    }

    #[test]
    fn markdown_gives_title_date_and_prose() {
        let source = "---\ntitle: \"Two bridges hit\"\ndate: 2024-12-27T08:00:00Z\nsource: Sample Agency\n---\n\n# Head\n\nThe **north** bridge \
                      was [hit](https://example.org/a), file a_b.\n\n> - said *officials*\n\n![map](m.png)\n";
        let collected = read_markdown(source.as_bytes(), &Provenance::default(), None).unwrap();
        let report = collected.report;
        assert_eq!(report.text, "Head\n\nThe north bridge was hit, file a_b.\n\nsaid officials");
        assert_eq!((report.title.as_deref(), report.source.as_deref()), (Some("Two bridges hit"), Some("Sample Agency")));
        assert_eq!(report.published.unwrap().as_str(), "2024-12-27");
        assert_eq!(collected.provenance.published_at.as_deref(), Some("2024-12-27T08:00:00Z"));
    }

    #[test]
    fn a_bad_date_is_a_warning() {
        let collected = read_markdown(b"---\ndate: some day\n---\nText.", &Provenance::default(), None).unwrap();
        assert_eq!(collected.provenance.warnings, ["`published` is no date: some day"]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>, text in "[-#*_`>\\[\\]()!a\\\\ \n]{0,60}") {
            let _ = read_text(&bytes, &Provenance::default(), None);
            let _ = read_markdown(&bytes, &Provenance::default(), None);
            let _ = read_markdown(text.as_bytes(), &Provenance::default(), None);
        }
    }
}
