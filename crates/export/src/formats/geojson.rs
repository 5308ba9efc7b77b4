//! RFC 7946: one feature an event; a point only for a settlement, an area for what is imprecise.

use std::io::Write;

use serde_json::{Value, json};

use crate::case::Case;
use crate::event::Event;
use crate::formats::table::{Cell, row};
use crate::place::Shape;
use crate::write::{FormatError, Rows};

/// Writes `geojson`.
pub(crate) struct GeoJson<W> {
    out: W,
    first: bool,
}

impl<W: Write> GeoJson<W> {
    pub(crate) fn new(mut out: W, case: &Case) -> Result<Self, FormatError> {
        let case = serde_json::to_string(case)?;
        write!(out, "{{\"type\":\"FeatureCollection\",\"case\":{case},\"features\":[")?;
        Ok(Self { out, first: true })
    }
}

impl<W: Write> Rows for GeoJson<W> {
    fn event(&mut self, event: &Event) -> Result<u64, FormatError> {
        let separator = if self.first { "\n" } else { ",\n" };
        self.first = false;
        write!(self.out, "{separator}{}", serde_json::to_string(&feature(event))?)?;
        Ok(1)
    }

    fn finish(mut self) -> Result<(), FormatError> {
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out.flush()?)
    }
}

fn feature(event: &Event) -> Value {
    let mut properties = serde_json::Map::new();
    for (name, _, cell) in row(event) {
        // Coordinates are the geometry's.
        if name == "latitude" || name == "longitude" {
            continue;
        }
        let value = match cell {
            Cell::Unknown => Value::Null,
            Cell::Text(text) => text.into(),
            Cell::Whole(number) => number.into(),
            Cell::Real(number) => number.into(),
            Cell::Day(day) => day.to_string().into(),
        };
        properties.insert(name, value);
    }
    let shape = event.place().and_then(crate::event::Place::shape);
    let (geometry, radius) = match shape {
        Some(Shape::Point(at)) => (json!({ "type": "Point", "coordinates": at }), None),
        Some(Shape::Area { ring, radius }) => (json!({ "type": "Polygon", "coordinates": [ring] }), Some(radius)),
        None => (Value::Null, None),
    };
    properties.insert("area_radius_km".to_owned(), radius.into());
    let note = radius.map(|_| "the place is known only to this area; its middle is no location");
    properties.insert("area_note".to_owned(), note.into());
    json!({ "type": "Feature", "id": event.id, "geometry": geometry, "properties": properties })
}
