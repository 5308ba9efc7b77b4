//! Where an event goes on a map: never finer than a settlement, never a point for what is an area.

use dateline_record::Precision;

use crate::country;
use crate::event::Place;

/// Corners of the ring that stands for an area.
const CORNERS: u32 = 24;

/// Kilometres in one degree of latitude.
const DEGREE: f64 = 111.2;

/// What is drawn for a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A settlement: longitude, latitude.
    Point([f64; 2]),
    /// An area: a closed ring, counterclockwise, and the radius of the circle it stands for, in kilometres.
    Area { ring: Vec<[f64; 2]>, radius: f64 },
}

impl Place {
    /// How fine it is; unknown is taken as a region.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision.unwrap_or(Precision::Region)
    }

    /// A settlement.
    pub(crate) fn is_settlement(&self) -> bool {
        matches!(self.precision(), Precision::Point | Precision::City)
    }

    /// Latitude and longitude, rounded to two decimals (about a kilometre).
    pub(crate) fn coordinates(&self) -> Option<(f64, f64)> {
        let (lat, lon) = (self.lat?, self.lon?);
        let known = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        known.then(|| (rounded(lat), rounded(lon)))
    }

    /// Coordinates for tables that hold points: settlements and divisions, not countries and regions.
    pub(crate) fn table_coordinates(&self) -> Option<(f64, f64)> {
        if matches!(self.precision(), Precision::Country | Precision::Region) { None } else { self.coordinates() }
    }

    /// First-level division: the place itself where it is one.
    pub(crate) fn division1(&self) -> Option<&str> {
        self.admin1.as_deref().or_else(|| (self.precision() == Precision::Admin1).then_some(self.name.as_str()))
    }

    /// Second-level division: known only where it is the place itself.
    pub(crate) fn division2(&self) -> Option<&str> {
        (self.precision() == Precision::Admin2).then_some(self.name.as_str())
    }

    /// Name of the country.
    pub(crate) fn country_name(&self) -> Option<&'static str> {
        Some(country::find(self.country?)?.name)
    }

    /// What is drawn; none when nothing is known. The radius of a country is that of a circle of its area; of a division and a region it is a
    /// rule of thumb.
    pub(crate) fn shape(&self) -> Option<Shape> {
        let known = self.country.and_then(country::find);
        let radius = match self.precision() {
            Precision::Point | Precision::City => {
                let (lat, lon) = self.coordinates()?;
                return Some(Shape::Point([lon, lat]));
            }
            Precision::Admin2 => 30.0,
            Precision::Admin1 => 100.0,
            Precision::Region => 200.0,
            Precision::Country => (known?.area / std::f64::consts::PI).sqrt().max(1.0).round(),
        };
        let middle = self.coordinates();
        let own = (self.precision() == Precision::Country).then_some(known).flatten().map(|known| (known.lat, known.lon));
        let (lat, lon) = middle.or(own)?;
        Some(Shape::Area { ring: ring(lat, lon, radius), radius })
    }
}

/// A closed ring around a point, counterclockwise, cut at the poles and at the antimeridian.
fn ring(lat: f64, lon: f64, radius: f64) -> Vec<[f64; 2]> {
    let up = radius / DEGREE;
    let across = up / lat.to_radians().cos().max(0.05);
    let mut ring: Vec<[f64; 2]> = Vec::new();
    for corner in 0..CORNERS {
        let angle = f64::from(corner) / f64::from(CORNERS) * std::f64::consts::TAU;
        let x = rounded((lon + across * angle.cos()).clamp(-180.0, 180.0));
        let y = rounded((lat + up * angle.sin()).clamp(-90.0, 90.0));
        if ring.last() != Some(&[x, y]) {
            ring.push([x, y]);
        }
    }
    while ring.len() > 1 && ring.last() == ring.first() {
        ring.pop();
    }
    ring.extend(ring.first().copied());
    ring
}

/// Two decimals; no negative zero.
fn rounded(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PRECISIONS: [Precision; 6] =
        [Precision::Point, Precision::City, Precision::Admin2, Precision::Admin1, Precision::Country, Precision::Region];

    #[test]
    fn a_country_without_coordinates_is_drawn_around_its_middle() {
        let place = Place { country: "ISL".parse().ok(), precision: Some(Precision::Country), ..Place::default() };
        let Some(Shape::Area { radius, .. }) = place.shape() else { panic!("no area") };
        assert_eq!(radius, 181.0);
        let nowhere = Place { precision: Some(Precision::Admin1), ..Place::default() };
        assert_eq!(nowhere.shape(), None);
    }

    proptest! {
        #[test]
        fn shapes_are_coarse_closed_and_counterclockwise(
            lat in -90.0..=90.0, lon in -180.0..=180.0, at in 0usize..6, russia in any::<bool>()
        ) {
            let country = if russia { "RUS" } else { "FJI" }.parse().ok();
            let place = Place { lat: Some(lat), lon: Some(lon), precision: Some(PRECISIONS[at]), country, ..Place::default() };
            let points = match place.shape().unwrap() {
                Shape::Point(point) => {
                    prop_assert!(place.is_settlement());
                    vec![point]
                }
                Shape::Area { ring, radius } => {
                    prop_assert!(!place.is_settlement() && radius > 0.0);
                    prop_assert!(ring.len() >= 4 && ring.first() == ring.last());
                    let twice_area: f64 = ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum();
                    prop_assert!(twice_area > 0.0, "clockwise");
                    ring
                }
            };
            for [x, y] in points {
                prop_assert!((-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y));
                for degrees in [x, y] {
                    prop_assert!(format!("{degrees}").split('.').nth(1).is_none_or(|decimals| decimals.len() <= 2), "{degrees}");
                }
            }
        }
    }
}
