//! A reading without what the report says already: the words of its spans and the data of its document.

use dateline_record::{Document, Reading, Report};
use dateline_text::TextIndex;
use serde_json::{Map, Value};

/// The JSON of a reading, smaller by the words of its spans, which stand in the text, and by its document. `None` where it isn't a reading
/// of the text of `report`.
pub(crate) fn strip(reading: &Reading, report: &Report) -> serde_json::Result<Option<Vec<u8>>> {
    if reading.document.text != report.text {
        return Ok(None);
    }
    let mut json = serde_json::to_value(reading)?;
    if let Value::Object(fields) = &mut json {
        let mut document = Map::new();
        document.insert("language".to_owned(), Value::from(reading.document.language.as_str()));
        if rebuilt(report, &reading.document.language) != reading.document {
            let mut whole = serde_json::to_value(&reading.document)?;
            if let Value::Object(whole) = &mut whole {
                whole.remove("text");
                document.append(whole);
            }
        }
        fields.insert("document".to_owned(), Value::Object(document));
    }
    let index = TextIndex::new(&report.text);
    each_span(&mut json, &mut |span| {
        let same = words(span, &index).is_some_and(|words| span.get("text").and_then(Value::as_str) == Some(words));
        if same {
            span.insert("text".to_owned(), Value::from(0));
        }
    });
    serde_json::to_vec(&json).map(Some)
}

/// The reading again.
pub(crate) fn restore(json: &[u8], report: &Report) -> serde_json::Result<Reading> {
    let mut json: Value = serde_json::from_slice(json)?;
    let index = TextIndex::new(&report.text);
    each_span(&mut json, &mut |span| {
        if span.get("text").is_some_and(Value::is_number)
            && let Some(words) = words(span, &index).map(Value::from)
        {
            span.insert("text".to_owned(), words);
        }
    });
    if let Some(Value::Object(document)) = json.get_mut("document") {
        if document.len() == 1 {
            let language = document.get("language").and_then(Value::as_str).unwrap_or_default();
            if let Value::Object(whole) = serde_json::to_value(rebuilt(report, language))? {
                *document = whole;
            }
        } else {
            document.insert("text".to_owned(), Value::from(report.text.as_str()));
        }
    }
    serde_json::from_value(json)
}

/// The document that a reader makes of a report that it takes to be in `language`.
fn rebuilt(report: &Report, language: &str) -> Document {
    let mut document = Document::new(report, language);
    document.language = language.to_owned();
    document
}

fn words<'t>(span: &Map<String, Value>, index: &TextIndex<'t>) -> Option<&'t str> {
    let position = |name: &str| span.get(name).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
    let (start, end) = (position("start")?, position("end")?);
    let text = index.text();
    if start > end {
        return None;
    }
    text.get(index.byte_of_code_point(start)..index.byte_of_code_point(end))
}

/// Calls `change` with every object that has a start, an end and a text.
fn each_span(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| each_span(value, change)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|value| each_span(value, change));
            if fields.contains_key("start") && fields.contains_key("end") && fields.contains_key("text") {
                change(fields);
            }
        }
        _ => {}
    }
}
