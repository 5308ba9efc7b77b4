//! Distances on the globe.

/// Mean radius of the Earth in kilometres.
const EARTH_RADIUS_KM: f64 = 6371.009;

/// A position in degrees, north and east positive. Never finer than a settlement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordinates {
    /// Latitude in degrees.
    pub lat: f32,
    /// Longitude in degrees.
    pub lon: f32,
}

impl Coordinates {
    /// Great-circle distance in kilometres (haversine, on a sphere with the Earth's mean radius).
    pub fn distance_km(self, other: Coordinates) -> f64 {
        let (la, lb) = (f64::from(self.lat).to_radians(), f64::from(other.lat).to_radians());
        let lo = (f64::from(other.lon) - f64::from(self.lon)).to_radians();
        let h = ((lb - la) / 2.0).sin().powi(2) + la.cos() * lb.cos() * (lo / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_KM * h.min(1.0).sqrt().asin()
    }

    /// The position as a unit vector: chords are quicker to compare than arcs.
    pub(crate) fn unit_vector(self) -> [f32; 3] {
        let (lat, lon) = (self.lat.to_radians(), self.lon.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }
}

/// Kilometres between two unit vectors (by their chord, exact for the sphere).
pub(crate) fn vector_km(a: [f32; 3], b: [f32; 3]) -> f32 {
    let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    let chord = (x * x + y * y + z * z).sqrt();
    2.0 * EARTH_RADIUS_KM as f32 * (chord / 2.0).min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::{Coordinates, vector_km};

    #[test]
    fn known_distances_come_out() {
        let kyiv = Coordinates { lat: 50.45, lon: 30.52 };
        let kharkiv = Coordinates { lat: 49.98, lon: 36.25 };
        let km = kyiv.distance_km(kharkiv);
        assert!((405.0..415.0).contains(&km), "{km}");
        assert!((f64::from(vector_km(kyiv.unit_vector(), kharkiv.unit_vector())) - km).abs() < 1.0);
        assert_eq!(kyiv.distance_km(kyiv), 0.0);
    }

    #[test]
    fn the_antimeridian_is_no_border() {
        let east = Coordinates { lat: 0.0, lon: 179.5 };
        let west = Coordinates { lat: 0.0, lon: -179.5 };
        assert!(east.distance_km(west) < 112.0);
    }
}
