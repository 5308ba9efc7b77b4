//! Times: expressions of date and duration, resolved to EDTF against the publication date and the text.

use dateline_nlp::Doc;
use dateline_record::Report;

use crate::mentions::Time;

/// Times of the report, in text order.
#[must_use]
pub fn find(_report: &Report, _doc: &Doc) -> Vec<Time> {
    Vec::new()
}
