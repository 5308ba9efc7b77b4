//! FollowTheMoney statements: one row a value of a property of an entity.

use std::io::Write;

use sha1::{Digest, Sha1};

use crate::case::Case;
use crate::event::Event;
use crate::formats::ftm::{Fresh, dataset, property_type};
use crate::write::{FormatError, Rows, hex};

/// Names of the columns.
pub(crate) const COLUMNS: [&str; 14] = [
    "canonical_id",
    "entity_id",
    "prop",
    "prop_type",
    "schema",
    "value",
    "dataset",
    "origin",
    "lang",
    "original_value",
    "external",
    "first_seen",
    "last_seen",
    "id",
];

/// Writes `ftm-statements`.
pub(crate) struct Statements<W: Write> {
    out: csv::Writer<W>,
    fresh: Fresh,
    dataset: String,
    seen: String,
}

impl<W: Write> Statements<W> {
    pub(crate) fn new(out: W, case: &Case) -> Result<Self, FormatError> {
        // Every field in quotes, as FollowTheMoney's own writer has it.
        let mut out = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(out);
        out.write_record(COLUMNS)?;
        Ok(Self { out, fresh: Fresh::new(case), dataset: dataset(case), seen: case.exported_at.clone() })
    }
}

impl<W: Write> Rows for Statements<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        let mut rows = 0;
        for entity in self.fresh.entities(event) {
            for (property, values) in &entity.properties {
                for value in values {
                    let key = format!("{}.{}.{property}.{value}", self.dataset, entity.id);
                    self.out.write_record([
                        entity.id.as_str(),
                        &entity.id,
                        property,
                        property_type(property),
                        entity.schema,
                        value,
                        &self.dataset,
                        "",
                        "",
                        "",
                        "f",
                        &self.seen,
                        &self.seen,
                        &hex(&Sha1::digest(key.as_bytes())),
                    ])?;
                    rows += 1;
                }
            }
        }
        Ok(rows)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}
