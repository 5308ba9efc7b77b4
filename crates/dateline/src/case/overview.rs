//! Events by when and by where, for a timeline and a map.

use dateline_casebook::{BinUnit, EventQuery, MapView};
use serde::Serialize;

use super::{Case, CaseError};

/// Events that match, counted by when and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// All that match.
    pub total: u64,
    /// Of these, with a date.
    pub dated: u64,
    /// Of these, with a place that is known.
    pub placed: u64,
    /// How long a bar is: `day`, `week`, `month`, `year` or `decade`, so that there are at most 120.
    pub unit: &'static str,
    /// Bars one after the other, oldest first, empty ones too.
    pub bins: Vec<OverviewBin>,
    /// Dated events before the first bar: of many, the earliest hundredth may be, so that one wrong year does not flatten the rest.
    pub earlier: u64,
    /// Dated events after the last bar.
    pub later: u64,
    /// Events near each other on the map, most of them first.
    pub cells: Vec<OverviewCell>,
    /// Placed events that are not seen.
    pub outside: u64,
}

/// A bar of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverviewBin {
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// Events whose first day (or last, where no first is known) is in it.
    pub count: u64,
}

/// Events near each other on the map.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverviewCell {
    /// How many.
    pub count: u64,
    /// Their mean position in degrees; places are no finer than a settlement.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
    /// How many places they are at.
    pub places: u64,
    /// The place, where it is one; of the 300 clusters with most events.
    pub place: Option<OverviewPlace>,
    /// The event, `e12`, where it is one.
    pub event: Option<String>,
    /// What they cover: west, south, east, north in degrees.
    pub bbox: [f64; 4],
}

/// A place by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverviewPlace {
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
}

impl Case {
    /// Events that match, counted by when and where; the order and page of the query do not matter.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn overview(&self, query: &EventQuery, view: MapView) -> Result<Overview, CaseError> {
        let found = self.book.read().overview(query, view)?;
        Ok(Overview {
            total: found.total,
            dated: found.dated,
            placed: found.placed,
            unit: match found.unit {
                BinUnit::Day => "day",
                BinUnit::Week => "week",
                BinUnit::Month => "month",
                BinUnit::Year => "year",
                BinUnit::Decade => "decade",
            },
            bins: found
                .bins
                .into_iter()
                .map(|bin| OverviewBin { from: bin.from.to_string(), to: bin.to.to_string(), count: bin.count })
                .collect(),
            earlier: found.earlier,
            later: found.later,
            cells: found
                .cells
                .into_iter()
                .map(|cell| OverviewCell {
                    count: cell.count,
                    lat: cell.lat,
                    lon: cell.lon,
                    places: cell.places,
                    place: cell.place.map(|(name, country)| OverviewPlace { name, country }),
                    event: cell.event.map(|event| format!("e{event}")),
                    bbox: cell.bounds,
                })
                .collect(),
            outside: found.outside,
        })
    }
}
