use serde::{Deserialize, Serialize};

/// Roughly where, in tenths of a degree.
///
/// A tenth of a degree is 11 km from north to south and, at 50° of latitude, 7 km from east to west: the size of a settlement with what
/// lies around it. The type can't hold more, so that no caller can show more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Degrees", try_from = "Degrees")]
pub struct Coordinates {
    latitude: i16,
    longitude: i16,
}

/// The JSON form.
#[derive(Serialize, Deserialize)]
struct Degrees {
    latitude: f64,
    longitude: f64,
}

impl Coordinates {
    /// Rounds degrees, north and east positive. None for what lies on no globe, and for 0° 0°, which devices write that don't know.
    #[must_use]
    pub fn of(latitude: f64, longitude: f64) -> Option<Self> {
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) || (latitude == 0.0 && longitude == 0.0)
        {
            return None;
        }
        // In range by the lines above.
        #[allow(clippy::cast_possible_truncation)]
        let tenths = |degrees: f64| (degrees * 10.0).round() as i16;
        Some(Self { latitude: tenths(latitude), longitude: tenths(longitude) })
    }

    /// Degrees north, to one decimal place.
    #[must_use]
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude) / 10.0
    }

    /// Degrees east, to one decimal place.
    #[must_use]
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude) / 10.0
    }
}

impl From<Coordinates> for Degrees {
    fn from(coordinates: Coordinates) -> Self {
        Self { latitude: coordinates.latitude(), longitude: coordinates.longitude() }
    }
}

impl TryFrom<Degrees> for Coordinates {
    type Error = &'static str;

    fn try_from(degrees: Degrees) -> Result<Self, Self::Error> {
        // What was rounded to 0° 0° is on the globe too.
        if degrees.latitude == 0.0 && degrees.longitude == 0.0 {
            return Ok(Self { latitude: 0, longitude: 0 });
        }
        Self::of(degrees.latitude, degrees.longitude).ok_or("coordinates that lie on no globe")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_finer_than_a_tenth_of_a_degree_is_held() {
        let rough = Coordinates::of(48.456_789, -35.041_23).unwrap();
        assert_eq!((rough.latitude(), rough.longitude()), (48.5, -35.0));
        assert_eq!(serde_json::to_string(&rough).unwrap(), r#"{"latitude":48.5,"longitude":-35.0}"#);
        let read: Coordinates = serde_json::from_str(r#"{"latitude":48.456789,"longitude":-35.04}"#).unwrap();
        assert_eq!(read, rough);
    }

    #[test]
    fn what_lies_on_no_globe_is_none() {
        for (latitude, longitude) in [(0.0, 0.0), (90.1, 0.0), (0.0, -180.5), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(Coordinates::of(latitude, longitude), None);
        }
    }
}
