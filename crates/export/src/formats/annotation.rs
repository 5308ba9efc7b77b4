//! W3C Web Annotation: one annotation a claim, with its words by quotation and by position.

use std::io::Write;

use serde_json::{Value, json};

use crate::case::Case;
use crate::event::{Claim, Event};
use crate::formats::object;
use crate::time::Stretch;
use crate::write::{FormatError, Rows};

/// Writes `webannotation`.
pub(crate) struct Annotations<W> {
    out: W,
    case: Case,
}

impl<W: Write> Annotations<W> {
    pub(crate) fn new(out: W, case: &Case) -> Self {
        Self { out, case: case.clone() }
    }
}

impl<W: Write> Rows for Annotations<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        for claim in &event.claims {
            writeln!(self.out, "{}", serde_json::to_string(&annotation(&self.case, event, claim))?)?;
        }
        Ok(event.claims.len() as u64)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}

/// `urn:dateline:` and the parts, with all but letters, digits, `-`, `.` and `_` written as percent codes.
pub(crate) fn urn(parts: &[&str]) -> String {
    let mut urn = "urn:dateline".to_owned();
    for part in parts {
        urn.push(':');
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
                urn.push(char::from(byte));
            } else {
                urn.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    urn
}

fn annotation(case: &Case, event: &Event, claim: &Claim) -> Value {
    let report = event.report(&claim.report);
    let published = report.and_then(|report| Stretch::of(report.published.as_ref())).filter(|when| when.length() == 1);
    let cached = report.and_then(|report| report.archived.clone());
    let state = object([
        ("type", if published.is_some() || cached.is_some() { "TimeState".into() } else { Value::Null }),
        ("sourceDate", published.map(|when| format!("{}T00:00:00Z", when.first)).into()),
        ("cached", cached.into()),
    ]);
    let source = report.and_then(|report| report.url.clone()).unwrap_or_else(|| urn(&[&case.id, "report", &claim.report]));
    let quote = &claim.quote;
    let tag = |value: &str| json!({ "type": "TextualBody", "purpose": "tagging", "value": value });
    let mut bodies =
        vec![json!({ "type": "SpecificResource", "purpose": "linking", "source": urn(&[&case.id, "event", &event.id]) })];
    bodies.extend(claim.kind.map(|kind| tag(kind.as_str())));
    bodies.extend(claim.factuality.map(|value| tag(value.as_str())));
    let said = claim.said_by();
    if !said.is_empty() {
        bodies.push(json!({ "type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": said }));
    }
    object([
        ("@context", "http://www.w3.org/ns/anno.jsonld".into()),
        ("id", urn(&[&case.id, "event", &event.id, "claim", &claim.id]).into()),
        ("type", "Annotation".into()),
        ("motivation", "classifying".into()),
        ("generated", case.exported_at.clone().into()),
        (
            "generator",
            object([
                ("type", if event.versions.program.is_empty() { Value::Null } else { "Software".into() }),
                ("name", event.versions.program.clone().into()),
            ]),
        ),
        ("body", bodies.into()),
        (
            "target",
            object([
                ("type", "SpecificResource".into()),
                ("source", source.into()),
                (
                    "selector",
                    json!([
                        { "type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix },
                        { "type": "TextPositionSelector", "start": quote.start, "end": quote.end },
                    ]),
                ),
                ("state", state),
            ]),
        ),
    ])
}
