//! Files of JSON Lines, with a place for every complaint.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::{Map, Value};

use crate::error::{EvalError, bad, need};
use crate::text::{Span, Text};

/// The longest file that is taken in, unpacked: far more than any set holds, less than would fill the memory.
const MAX_BYTES: u64 = 1 << 30;

/// The text of a file, unpacked when it is gzip.
pub(crate) fn read_text(path: &Path) -> Result<String, EvalError> {
    let io = |source| EvalError::Io { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(io)?;
    let mut bytes = Vec::new();
    let packed = path.extension().is_some_and(|end| end == "gz");
    let read = if packed {
        GzDecoder::new(file).take(MAX_BYTES + 1).read_to_end(&mut bytes)
    } else {
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)
    };
    read.map_err(io)?;
    need(bytes.len() as u64 <= MAX_BYTES, &path.display().to_string(), || "longer than 1 GiB".to_owned())?;
    String::from_utf8(bytes).or_else(|error| bad(path.display().to_string(), format!("not UTF-8 text ({})", error.utf8_error())))
}

/// An object of a file, and the place where it stands.
pub(crate) struct Line {
    /// `FILE:LINE`.
    pub(crate) place: String,
    /// The object.
    pub(crate) object: Map<String, Value>,
}

/// The objects of a file of JSON Lines; blank lines are passed over.
pub(crate) fn read_lines(path: &Path) -> Result<Vec<Line>, EvalError> {
    lines_of(&read_text(path)?, &path.display().to_string())
}

/// The objects of JSON Lines that come from `name`.
pub(crate) fn lines_of(text: &str, name: &str) -> Result<Vec<Line>, EvalError> {
    let mut out = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let place = format!("{name}:{}", number + 1);
        match serde_json::from_str(line) {
            Ok(Value::Object(object)) => out.push(Line { place, object }),
            Ok(_) => return bad(place, "expected a JSON object"),
            Err(error) => return bad(place, format!("not JSON ({error})")),
        }
    }
    Ok(out)
}

/// A field that must be there.
pub(crate) fn field<'v>(object: &'v Map<String, Value>, name: &str, place: &str) -> Result<&'v Value, EvalError> {
    object.get(name).map_or_else(|| bad(place, format!("no field `{name}`")), Ok)
}

/// A field that must be a string.
pub(crate) fn string<'v>(object: &'v Map<String, Value>, name: &str, place: &str) -> Result<&'v str, EvalError> {
    field(object, name, place)?.as_str().map_or_else(|| bad(place, format!("`{name}` must be a string")), Ok)
}

/// A field that must be a string or null; null when it is not there.
pub(crate) fn maybe_string<'v>(object: &'v Map<String, Value>, name: &str, place: &str) -> Result<Option<&'v str>, EvalError> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => bad(place, format!("`{name}` must be a string or null")),
    }
}

/// A field that must be a list.
pub(crate) fn list<'v>(object: &'v Map<String, Value>, name: &str, place: &str) -> Result<&'v [Value], EvalError> {
    field(object, name, place)?
        .as_array()
        .map_or_else(|| bad(place, format!("`{name}` must be a list")), |list| Ok(list.as_slice()))
}

/// The object that a value must be.
pub(crate) fn object<'v>(value: &'v Value, place: &str) -> Result<&'v Map<String, Value>, EvalError> {
    value.as_object().map_or_else(|| bad(place, "expected a JSON object"), Ok)
}

/// A span `[start, end, "words"]` that must hold these words.
pub(crate) fn worded_span(value: &Value, text: &Text, place: &str) -> Result<Span, EvalError> {
    let Some([start, end, words]) = value.as_array().map(Vec::as_slice) else {
        return bad(place, format!("a span must be [start, end, text], not {value}"));
    };
    let (Some(start), Some(end), Some(words)) = (start.as_u64(), end.as_u64(), words.as_str()) else {
        return bad(place, format!("a span must be [start, end, text], not {value}"));
    };
    span_of(start, end, Some(words), text, place)
}

/// A span by its ends, within the text and with the words that it says.
pub(crate) fn span_of(start: u64, end: u64, words: Option<&str>, text: &Text, place: &str) -> Result<Span, EvalError> {
    let at = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    let span = (at(start), at(end));
    need(span.0 < span.1 && span.1 <= text.len(), place, || {
        format!("span {start}..{end} is outside the text ({} code points)", text.len())
    })?;
    let there = text.slice(span);
    need(words.is_none_or(|words| words == there), place, || {
        format!("span {start}..{end} says {:?}, but the text there is {there:?}", words.unwrap_or_default())
    })?;
    Ok(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_name_file_and_line() {
        let wrong = |text: &str| lines_of(text, "gold.jsonl").err().map(|error| error.to_string()).unwrap_or_default();
        assert!(wrong("{}\n\n{\"a\":").starts_with("gold.jsonl:3: not JSON"));
        assert_eq!(wrong("[1]"), "gold.jsonl:1: expected a JSON object");
        let text = Text::new("Troops left.");
        let span = |value| worded_span(&value, &text, "g:1").map_err(|error| error.to_string());
        assert_eq!(span(serde_json::json!([0, 6, "Troops"])), Ok((0, 6)));
        assert_eq!(
            span(serde_json::json!([0, 6, "troops"])),
            Err("g:1: span 0..6 says \"troops\", but the text there is \"Troops\"".into())
        );
        for value in [
            serde_json::json!([0, 60, "x"]),
            serde_json::json!([6, 0, ""]),
            serde_json::json!([-1, 2, ""]),
            serde_json::json!("x"),
        ] {
            assert!(span(value).is_err());
        }
    }
}
