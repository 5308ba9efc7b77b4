//! Marked place names, and place names that were found.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::error::{EvalError, bad, need};
use crate::lines::{Line, field, list, maybe_string, object, span_of, string};
use crate::text::{Span, Text};

/// What kind of place name is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// The set does not say.
    Unknown,
    /// A place is meant.
    Literal,
    /// What acts for the place.
    Associative,
    /// *Russian*.
    Adjective,
    /// Demonyms, languages, homonyms: never scored.
    Other,
}

/// A place name, and where it is, if that is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Toponym {
    pub(crate) span: Span,
    /// Latitude and longitude in degrees.
    pub(crate) at: Option<(f64, f64)>,
    pub(crate) geonames: Option<u64>,
}

/// A marked document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) raw: String,
    pub(crate) text: Text,
    pub(crate) published: Option<String>,
    pub(crate) marked: Vec<(Toponym, Group)>,
}

fn degrees(top: &Map<String, Value>, name: &str, most: f64, place: &str) -> Result<Option<f64>, EvalError> {
    match top.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64().filter(|degrees| degrees.abs() <= most) {
            Some(degrees) => Ok(Some(degrees)),
            None => bad(place, format!("`{name}` is {value}")),
        },
    }
}

pub(crate) fn toponym(value: &Value, text: &Text, place: &str) -> Result<(Toponym, Group), EvalError> {
    let top = object(value, place)?;
    let (start, end) = (field(top, "start", place)?.as_u64(), field(top, "end", place)?.as_u64());
    let (Some(start), Some(end)) = (start, end) else { return bad(place, "a toponym needs integer start and end") };
    let span = span_of(start, end, Some(string(top, "text", place)?), text, place)?;
    let at = match (degrees(top, "lat", 90.0, place)?, degrees(top, "lon", 180.0, place)?) {
        (Some(lat), Some(lon)) => Some((lat, lon)),
        (None, None) => None,
        _ => return bad(place, "lat without lon or lon without lat"),
    };
    let geonames = match top.get("geonameid") {
        None | Some(Value::Null) => None,
        Some(value) => match value.as_u64() {
            Some(id) => Some(id),
            None => return bad(place, format!("geonameid {value} is no number")),
        },
    };
    let group = match string(top, "group", place)? {
        "unknown" => Group::Unknown,
        "literal" => Group::Literal,
        "associative" => Group::Associative,
        "adjective" => Group::Adjective,
        "other" => Group::Other,
        other => return bad(place, format!("group {other:?}")),
    };
    Ok((Toponym { span, at, geonames }, group))
}

/// The marked documents of some lines.
pub(crate) fn documents(lines: &[Line]) -> Result<Vec<Document>, EvalError> {
    let (mut names, mut out) = (HashSet::new(), Vec::new());
    for Line { place, object } in lines {
        let name = string(object, "doc", place)?;
        need(names.insert(name), place, || format!("{name} is given twice"))?;
        let raw = string(object, "text", place)?;
        let text = Text::new(raw);
        let marked = list(object, "toponyms", place)?.iter().map(|top| toponym(top, &text, place)).collect::<Result<_, _>>()?;
        out.push(Document {
            name: name.to_owned(),
            raw: raw.to_owned(),
            text,
            published: maybe_string(object, "published", place)?.map(str::to_owned),
            marked,
        });
    }
    Ok(out)
}
