//! Everything, one event a line.

use std::io::Write;

use serde::Serialize;

use crate::event::Event;
use crate::write::{FormatError, Rows};

/// An event with the days that follow from its date.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    event: &'a Event,
    first_day: Option<String>,
    last_day: Option<String>,
}

/// The event as one line of JSON. Coordinates are those of the tables: never finer than a settlement.
pub(crate) fn line(event: &Event) -> Result<String, serde_json::Error> {
    let mut event = event.clone();
    for place in &mut event.places {
        let coordinates = place.coordinates();
        (place.lat, place.lon) = (coordinates.map(|at| at.0), coordinates.map(|at| at.1));
    }
    let (first, last) = event.days();
    serde_json::to_string(&Line {
        event: &event,
        first_day: first.map(|day| day.to_string()),
        last_day: last.map(|day| day.to_string()),
    })
}

/// Writes `jsonl`.
pub(crate) struct Jsonl<W> {
    out: W,
}

impl<W: Write> Jsonl<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Rows for Jsonl<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        writeln!(self.out, "{}", line(event)?)?;
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        Ok(self.out.flush()?)
    }
}
