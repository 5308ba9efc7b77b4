//! Short reports of our own with marked claims, attributions and place names: small enough for every change, and free to ship.

use serde_json::Value;

use crate::claims::gold;
use crate::error::{EvalError, need};
use crate::lines::{Line, field, lines_of, list, object, worded_span};
use crate::polnear::Attribution;
use crate::text::{Span, Text};
use crate::toponyms::gold as places;

/// Where the marks stand in the repository.
const NAME: &str = "eval/samples/samples.jsonl";
const LINES: &str = include_str!("../../../eval/samples/samples.jsonl");

/// The reports with all their marks, in one order.
#[derive(Debug)]
pub(crate) struct Samples {
    pub(crate) claims: Vec<gold::Document>,
    pub(crate) attributions: Vec<Vec<Attribution>>,
    pub(crate) places: Vec<places::Document>,
}

fn attribution(value: &Value, text: &Text, place: &str) -> Result<Attribution, EvalError> {
    let marked = object(value, place)?;
    let one = |name: &str| -> Result<Vec<Span>, EvalError> {
        match field(marked, name, place)? {
            Value::Null => Ok(Vec::new()),
            span => Ok(vec![worded_span(span, text, place)?]),
        }
    };
    let content: Vec<Span> =
        list(marked, "content", place)?.iter().map(|span| worded_span(span, text, place)).collect::<Result<_, _>>()?;
    need(!content.is_empty(), place, || "an attribution without content".to_owned())?;
    Ok(Attribution { source: one("source")?, cue: one("cue")?, content, why: Vec::new() })
}

impl Samples {
    /// Those that come with the program.
    pub(crate) fn ours() -> Result<Self, EvalError> {
        Self::of(&lines_of(LINES, NAME)?)
    }

    fn of(lines: &[Line]) -> Result<Self, EvalError> {
        let (claims, places) = (gold::documents(lines)?, places::documents(lines)?);
        let mut attributions = Vec::new();
        for (Line { place, object }, document) in lines.iter().zip(&claims) {
            let marked = list(object, "attributions", place)?;
            attributions.push(marked.iter().map(|one| attribution(one, &document.text, place)).collect::<Result<_, _>>()?);
        }
        Ok(Self { claims, attributions, places })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_samples_can_be_read() {
        let samples = Samples::ours().unwrap();
        assert!((8..=12).contains(&samples.claims.len()));
        let words = |raw: &str| raw.split_whitespace().count();
        assert!(samples.claims.iter().all(|document| (50..=150).contains(&words(&document.raw)) && document.claims.len() >= 2));
        assert!(samples.attributions.iter().all(|marked| !marked.is_empty()));
        assert!(samples.places.iter().all(|document| !document.marked.is_empty()));
    }

    #[test]
    fn malformed_samples_are_refused_by_line() {
        let good = LINES.lines().next().unwrap();
        for (from, to) in
            [("\"attributions\"", "\"a\""), ("\"toponyms\"", "\"t\""), ("\"claims\"", "\"c\""), ("\"COERCE\"", "\"TAKE\"")]
        {
            let line = good.replace(from, to);
            let error = lines_of(&line, "s.jsonl").and_then(|lines| Samples::of(&lines)).unwrap_err().to_string();
            assert!(error.starts_with("s.jsonl:1"), "{error}");
        }
    }
}
