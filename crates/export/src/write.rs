//! The one entry point: events in, bytes of a format out.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::case::{Case, Versions};
use crate::event::Event;
use crate::format::Format;
use crate::formats::{
    acled::Acled, annotation::Annotations, claimreview::ClaimReviews, ftm::Entities, ged::Ged, geojson::GeoJson, jsonl::Jsonl,
    parquet::Parquet, plover::Plover, polecat::Polecat, statements::Statements, table::Table,
};
use crate::withhold;

/// How to export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Write the names of protected persons. Only when a reviewer has released them.
    pub release: bool,
    /// Rows in a row group of Parquet: what is held in memory at once.
    pub row_group: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { release: false, row_group: 2048 }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Events taken.
    pub events: u64,
    /// Rows, lines or features written: as many as events, but for formats of claims, entities and statements.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, in hexadecimal digits.
    pub sha256: String,
    /// Names of protected persons were withheld from this many events.
    pub withheld: u64,
    /// What made the rows, where it is said: more than one where a case was read by several versions.
    pub versions: BTreeSet<Versions>,
}

/// A row could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The output refused bytes.
    #[error("cannot write: {0}")]
    Io(#[from] io::Error),
    /// The CSV writer refused a row.
    #[error("cannot write a row: {0}")]
    Csv(#[from] csv::Error),
    /// A value has no JSON form.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The Parquet writer refused a row group.
    #[error("cannot write a row group: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
}

/// An export that did not end well.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    /// The caller's events ended in an error.
    #[error("event {number}: {error}")]
    Event {
        /// Which event, from 1.
        number: u64,
        /// The caller's error.
        error: E,
    },
    /// An event, the head or the end of the file could not be written.
    #[error("{format} export, after {events} events: {error}")]
    Format {
        /// The format.
        format: Format,
        /// Events written before.
        events: u64,
        /// Why.
        error: FormatError,
    },
}

/// A format at work: takes events one at a time.
pub(crate) trait Rows {
    /// Writes one event; says how many rows it made.
    fn event(&mut self, event: &Event) -> Result<u64, FormatError>;

    /// Writes what closes the file, and flushes.
    fn finish(self) -> Result<(), FormatError>;
}

/// Writes events of a case in a format, one at a time.
///
/// # Errors
/// The caller's error at an event, with its number; an error of the output, with the format and how many events were written before.
/// What was written up to then stands in `out`: callers write to a temporary file and rename it.
pub fn write<E>(
    format: Format,
    case: &Case,
    events: impl IntoIterator<Item = Result<Event, E>>,
    options: &Options,
    out: impl Write + Send,
) -> Result<Written, WriteError<E>> {
    let mut counted = Counted { inner: out, bytes: 0, hash: Sha256::new() };
    let mut written = Written { events: 0, rows: 0, bytes: 0, sha256: String::new(), withheld: 0, versions: BTreeSet::default() };
    let target = BufWriter::with_capacity(1 << 16, &mut counted);
    let (state, events) = (&mut written, events.into_iter());
    match format {
        Format::Csv => drive(format, Table::new(target), events, options, state),
        Format::Jsonl => drive(format, Ok(Jsonl::new(target)), events, options, state),
        Format::GeoJson => drive(format, GeoJson::new(target, case), events, options, state),
        Format::Parquet => drive(format, Parquet::new(target, case, options), events, options, state),
        Format::Acled => drive(format, Acled::new(target, case), events, options, state),
        Format::Ged => drive(format, Ged::new(target), events, options, state),
        Format::Plover => drive(format, Ok(Plover::new(target, case)), events, options, state),
        Format::Polecat => drive(format, Polecat::new(target), events, options, state),
        Format::Ftm => drive(format, Ok(Entities::new(target, case)), events, options, state),
        Format::FtmStatements => drive(format, Statements::new(target, case), events, options, state),
        Format::WebAnnotation => drive(format, Ok(Annotations::new(target, case)), events, options, state),
        Format::ClaimReview => drive(format, Ok(ClaimReviews::new(target, case)), events, options, state),
    }?;
    written.bytes = counted.bytes;
    written.sha256 = hex(&counted.hash.finalize());
    Ok(written)
}

fn drive<R: Rows, E>(
    format: Format,
    rows: Result<R, FormatError>,
    events: impl Iterator<Item = Result<Event, E>>,
    options: &Options,
    written: &mut Written,
) -> Result<(), WriteError<E>> {
    let failed = |events: u64, error: FormatError| WriteError::Format { format, events, error };
    let mut rows = rows.map_err(|error| failed(0, error))?;
    for event in events {
        let mut event = event.map_err(|error| WriteError::Event { number: written.events + 1, error })?;
        if !options.release && withhold::has_withheld(&event) {
            event = withhold::withheld(&event);
            written.withheld += 1;
        }
        written.rows += rows.event(&event).map_err(|error| failed(written.events, error))?;
        written.events += 1;
        if event.versions != Versions::default() && !written.versions.contains(&event.versions) {
            written.versions.insert(event.versions);
        }
    }
    rows.finish().map_err(|error| failed(written.events, error))
}

/// Counts and hashes what goes through.
struct Counted<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or(bytes));
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
