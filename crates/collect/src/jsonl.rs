use std::io::BufRead;
use std::ops::ControlFlow;

use dateline_record::{Provenance, Report};
use serde_json::{Map, Value};

use crate::collected::{CollectError, Collected, Reason, Sink};
use crate::text::set_published;

/// Fields of a report and the names under which data sets have them; the first that is there counts.
pub(crate) const FIELDS: &[(&str, &[&str])] = &[
    ("id", &["id", "ref", "doc", "reference", "doc_id", "article_id", "guid"]),
    ("text", &["text", "body", "content", "articleBody", "article_text", "maintext", "full_text", "article", "message"]),
    ("title", &["title", "headline", "heading"]),
    ("url", &["url", "link", "source_url", "permalink"]),
    ("source", &["source", "outlet", "publisher", "source_name", "site", "channel", "newspaper"]),
    ("author", &["author", "authors", "byline", "creator"]),
    (
        "published",
        &[
            "published",
            "date",
            "published_at",
            "publication_date",
            "date_publish",
            "pub_date",
            "pubdate",
            "datePublished",
            "timestamp",
        ],
    ),
    ("language", &["language", "lang"]),
];

/// Makes a report of named fields. `field` gives the value of one of the first names of [`FIELDS`].
pub(crate) fn from_fields(
    field: impl Fn(&str) -> Option<String>,
    mut provenance: Provenance,
    original: Vec<u8>,
) -> Result<Collected, Reason> {
    let text = field("text").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Reason::Empty);
    }
    let some = |name: &str| field(name).filter(|value| !value.trim().is_empty());
    let mut report = Report {
        reference: some("id"),
        text,
        title: some("title"),
        url: some("url"),
        source: some("source"),
        author: some("author"),
        published: None,
        language: some("language"),
    };
    if let Some(written) = some("published") {
        set_published(&mut report, &mut provenance, &written);
    }
    Ok(Collected::new(report, provenance, original))
}

/// A value as text: strings as they are, numbers as written, lists of strings joined, objects by their `name`.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => {
            let parts: Vec<String> = values.iter().filter_map(as_text).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        Value::Object(object) => object.get("name").and_then(Value::as_str).map(str::to_owned),
        Value::Null | Value::Bool(_) => None,
    }
}

/// One JSON object with a text: a line of a JSONL file, a document of a data set. Fields that are not known are passed over.
///
/// # Errors
/// When it is no JSON object, or has no text.
pub fn read_json_report(bytes: &[u8], base: &Provenance) -> Result<Collected, Reason> {
    let object: Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|error| Reason::malformed("JSON", without_line(&error)))?;
    let field = |name: &str| {
        let (_, names) = FIELDS.iter().find(|(field, _)| *field == name)?;
        names.iter().filter_map(|name| object.get(*name)).find_map(|value| {
            // A bare number as a date is seconds since 1970; as a name it is a name.
            let seconds = if name == "published" { value.as_i64().filter(|n| *n > 9999) } else { None };
            match seconds.and_then(crate::Instant::from_unix) {
                Some(instant) => Some(instant.to_string()),
                None => as_text(value),
            }
        })
    };
    if !object.contains_key("text") && field("text").is_none() {
        return Err(Reason::malformed("JSON", "there is no field `text`"));
    }
    from_fields(field, Provenance { format: "jsonl".to_owned(), ..base.clone() }, bytes.to_vec())
}

/// serde_json counts lines within the one item that it sees, which would only mislead.
pub(crate) fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(&format!(" at line {} column", error.line()), " at column")
}

/// Reads one line into `line` without its line end. False at the end of the input; an error when it is longer than `limit`.
pub(crate) fn next_line(input: &mut dyn BufRead, limit: u64, line: &mut Vec<u8>) -> Result<bool, Reason> {
    line.clear();
    let read = std::io::Read::take(&mut *input, limit + 1).read_until(b'\n', line)?;
    if read as u64 > limit {
        return Err(Reason::TooLarge { limit });
    }
    while line.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
        line.pop();
    }
    Ok(read > 0)
}

/// The reports of a JSON Lines input, one line at a time. Blank lines are passed over; a line that is no report is an error of its own
/// and the next is read. Items are named `INPUT#LINE`, from 1.
pub fn read_json_lines(
    input: &mut dyn BufRead,
    base: &Provenance,
    limit: u64,
    sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    lines(input, base, limit, sink)
}

fn lines(input: &mut dyn BufRead, base: &Provenance, limit: u64, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut line = Vec::new();
    for number in 1_usize.. {
        let name = format!("{}#{number}", base.input);
        match next_line(input, limit, &mut line) {
            Ok(true) => {}
            Ok(false) => break,
            // The rest of an endless line can't be told from the next.
            Err(reason) => return sink(Err(CollectError::new(name, reason))),
        }
        let content = line.strip_prefix("\u{feff}".as_bytes()).filter(|_| number == 1).unwrap_or(&line);
        if content.trim_ascii().is_empty() {
            continue;
        }
        let base = Provenance { input: name.clone(), ..base.clone() };
        sink(read_json_report(content, &base).map_err(|reason| CollectError::new(name, reason)))?;
    }
    ControlFlow::Continue(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &str) -> Vec<Result<Collected, CollectError>> {
        let mut items = Vec::new();
        let base = Provenance { input: "a.jsonl".into(), ..Provenance::default() };
        let _ = read_json_lines(&mut input.as_bytes(), &base, 1000, &mut |item| {
            items.push(item);
            ControlFlow::Continue(())
        });
        items
    }

    #[test]
    fn lines_carry_numbers_and_errors_do_not_stop_them() {
        let items = read(
            "{\"id\": 7, \"text\": \"a\", \"published\": \"2024-12-27T10:00:00Z\"}\n\n{\"id\": \"x\"}\nnot json\n{\"text\": \"b\"}",
        );
        let first = items[0].as_ref().unwrap();
        assert_eq!(first.provenance.input, "a.jsonl#1");
        assert_eq!(first.report.reference.as_deref(), Some("7"));
        assert_eq!(first.report.published.as_ref().unwrap().as_str(), "2024-12-27");
        assert_eq!(first.original, b"{\"id\": 7, \"text\": \"a\", \"published\": \"2024-12-27T10:00:00Z\"}");
        assert_eq!(items[1].as_ref().unwrap_err().to_string(), "a.jsonl#3: malformed JSON: there is no field `text`");
        assert!(items[2].as_ref().unwrap_err().to_string().starts_with("a.jsonl#4: malformed JSON: "));
        assert_eq!(items[3].as_ref().unwrap().report.text, "b");
    }

    #[test]
    fn a_bad_date_is_a_warning_and_edtf_is_kept() {
        let items = read(
            "{\"text\": \"a\", \"published\": \"last week\"}\n{\"text\": \"a\", \"published\": \"2024-12-2X\"}\n{\"body\": \"a\", \"date\": 1735295400}",
        );
        let first = items[0].as_ref().unwrap();
        assert_eq!((first.report.published.as_ref(), first.provenance.warnings.len()), (None, 1));
        assert_eq!(items[1].as_ref().unwrap().report.published.as_ref().unwrap().as_str(), "2024-12-2X");
        assert_eq!(items[2].as_ref().unwrap().provenance.published_at.as_deref(), Some("2024-12-27T10:30:00Z"));
    }

    #[test]
    fn err_an_endless_line_ends_the_input() {
        let items = read(&format!("{{\"text\": \"a\"}}\n\"{}", "x".repeat(2000)));
        assert_eq!(items.len(), 2);
        assert!(matches!(items[1].as_ref().unwrap_err().reason, Reason::TooLarge { limit: 1000 }));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>) {
            let _ = read_json_report(&bytes, &Provenance::default());
        }
    }
}
