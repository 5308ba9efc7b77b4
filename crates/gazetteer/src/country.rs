//! Countries and the words that speak of them.

use crate::geo::Coordinates;
use crate::lines::{items, rows};

const COUNTRIES: &str = include_str!("../data/countries.tsv");

/// A country or territory with an ISO 3166-1 code, or Kosovo (XKX).
#[derive(Clone, Debug, PartialEq)]
pub struct Country {
    /// ISO 3166-1 alpha-2 code (XK for Kosovo).
    pub alpha2: &'static str,
    /// ISO 3166-1 alpha-3 code (XKX for Kosovo).
    pub alpha3: &'static str,
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// Name as English news text writes it.
    pub name: &'static str,
    /// Rough middle.
    pub at: Coordinates,
    /// Inhabitants.
    pub population: u32,
    /// Area in square kilometres.
    pub area_km2: u32,
    /// GeoNames continent code: AF, AN, AS, EU, NA, OC, SA.
    pub continent: &'static str,
    /// Capital, then other names of it and other seats that stand for the government.
    pub capitals: Vec<&'static str>,
    /// Adjectives (*British*).
    pub adjectives: Vec<&'static str>,
    /// Words for its people (*Briton*, *Britons*).
    pub nouns: Vec<&'static str>,
    /// Other names (*Britain*, *UK*).
    pub aliases: Vec<&'static str>,
}

/// Reads the embedded table.
pub(crate) fn embedded() -> Vec<Country> {
    rows::<13>(COUNTRIES)
        .map(|[alpha2, alpha3, geonames, name, lat, lon, population, area, capitals, continent, adjectives, nouns, aliases]| {
            Country {
                alpha2,
                alpha3,
                geonames: geonames.parse().ok(),
                name,
                at: Coordinates { lat: lat.parse().unwrap_or_default(), lon: lon.parse().unwrap_or_default() },
                population: population.parse().unwrap_or_default(),
                area_km2: area.parse::<f64>().unwrap_or_default() as u32,
                continent,
                capitals: items(capitals).collect(),
                adjectives: items(adjectives).collect(),
                nouns: items(nouns).collect(),
                aliases: items(aliases).collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::embedded;
    use std::collections::HashSet;

    #[test]
    fn codes_are_well_formed_sorted_and_unique() {
        let all = embedded();
        assert_eq!(all.len(), 250);
        assert!(all.is_sorted_by(|a, b| a.alpha2 < b.alpha2));
        let codes: HashSet<_> = all.iter().map(|c| c.alpha3).collect();
        assert_eq!(codes.len(), all.len());
        for c in &all {
            assert!(c.alpha3.len() == 3 && c.alpha3.bytes().all(|b| b.is_ascii_uppercase()), "{c:?}");
            assert!(c.at.lat.abs() <= 90.0 && c.at.lon.abs() <= 180.0 && (c.at.lat, c.at.lon) != (0.0, 0.0), "{c:?}");
        }
    }
}
