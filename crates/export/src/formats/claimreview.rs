//! schema.org ClaimReview: one line an event that a person has reviewed.

use std::io::Write;

use serde_json::{Value, json};

use crate::case::{Case, Review};
use crate::event::{Event, Position};
use crate::formats::annotation::urn;
use crate::formats::object;
use crate::write::{FormatError, Rows};

/// Writes `claimreview`.
pub(crate) struct ClaimReviews<W> {
    out: W,
    case: Case,
}

impl<W: Write> ClaimReviews<W> {
    pub(crate) fn new(out: W, case: &Case) -> Self {
        Self { out, case: case.clone() }
    }
}

impl<W: Write> Rows for ClaimReviews<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        let Some(review) = &event.reviewed else { return Ok(0) };
        writeln!(self.out, "{}", serde_json::to_string(&claim_review(&self.case, event, review))?)?;
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}

/// Credibility 1 (confirmed) to 5 (improbable) becomes a rating of 5 to 1; 6 (cannot be judged) has none.
fn rating(event: &Event) -> Value {
    let value = event.grade.reviewed.filter(|grade| (1..=5).contains(grade)).map(|grade| 6 - grade);
    let bound = |bound: u8| Value::from(value.map(|_| bound));
    object([
        ("@type", "Rating".into()),
        ("ratingValue", value.into()),
        ("bestRating", bound(5)),
        ("worstRating", bound(1)),
        ("alternateName", event.status.to_string().into()),
    ])
}

fn claim_review(case: &Case, event: &Event, review: &Review) -> Value {
    let affirming = event.origins.iter().filter(|origin| origin.position == Position::Affirms);
    let authors: Vec<Value> = affirming.map(|origin| json!({ "@type": "Thing", "name": origin.name })).collect();
    let work = |report: &crate::event::Report| {
        object([
            ("@type", "NewsArticle".into()),
            ("url", report.url.clone().into()),
            ("headline", report.title.clone().into()),
            ("datePublished", report.published.as_ref().map(ToString::to_string).into()),
            ("publisher", report.source.clone().map_or(Value::Null, |name| json!({ "@type": "Organization", "name": name }))),
        ])
    };
    object([
        ("@context", "https://schema.org".into()),
        ("@type", "ClaimReview".into()),
        ("@id", urn(&[&case.id, "event", &event.id]).into()),
        ("claimReviewed", event.summary.clone().into()),
        ("datePublished", review.at.clone().into()),
        ("author", json!({ "@type": "Person", "name": review.by })),
        ("reviewBody", review.decision.clone().into()),
        (
            "itemReviewed",
            object([
                ("@type", "Claim".into()),
                ("author", authors.into()),
                ("datePublished", event.published_first.as_ref().map(ToString::to_string).into()),
                ("appearance", event.reports.iter().map(work).collect()),
            ]),
        ),
        ("reviewRating", rating(event)),
    ])
}
