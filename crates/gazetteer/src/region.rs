//! Places that are no country, division or settlement, and buildings that stand for governments.

use crate::geo::Coordinates;
use crate::lines::{items, rows};

const REGIONS: &str = include_str!("../data/regions.tsv");
const METONYMS: &str = include_str!("../data/metonyms.tsv");

/// A region, sea, river, mountain range…
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Name as English news text writes it.
    pub name: &'static str,
    /// Water, mountains, deserts, islands; otherwise land with a name.
    pub natural: bool,
    /// Rough middle.
    pub at: Coordinates,
    /// Countries it lies in or touches, alpha-3, the principal one first; empty for continents and oceans.
    pub countries: Vec<&'static str>,
    /// Inhabitants, roughly; 0 when it makes no sense.
    pub population: u32,
    /// Adjectives (*Kurdish*).
    pub adjectives: Vec<&'static str>,
    /// Other names.
    pub aliases: Vec<&'static str>,
}

/// A building, street or seat that stands for a body of government (*the Kremlin said*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metonym {
    /// The name, without article.
    pub name: &'static str,
    /// Country, alpha-3; `None` for international bodies.
    pub country: Option<&'static str>,
    /// PLOVER sector code (GOV, MIL, SPY, COP, LEG, JUD, IGO).
    pub sector: &'static str,
    /// The body, in words.
    pub body: &'static str,
}

pub(crate) fn regions() -> Vec<Region> {
    rows::<8>(REGIONS)
        .map(|[name, kind, lat, lon, countries, population, adjectives, aliases]| Region {
            // A bracket tells namesakes of the table apart; it is no part of the name.
            name: name.split(" (").next().unwrap_or(name),
            natural: kind == "natural",
            at: Coordinates { lat: lat.parse().unwrap_or(f32::NAN), lon: lon.parse().unwrap_or(f32::NAN) },
            countries: items(countries).collect(),
            population: population.parse().unwrap_or_default(),
            adjectives: items(adjectives).collect(),
            aliases: items(aliases).collect(),
        })
        .collect()
}

pub(crate) fn metonyms() -> Vec<Metonym> {
    rows::<4>(METONYMS)
        .map(|[name, country, sector, body]| Metonym { name, country: Some(country).filter(|c| !c.is_empty()), sector, body })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{metonyms, regions};
    use crate::country;
    use std::collections::HashSet;

    #[test]
    fn every_region_has_a_middle_and_known_countries() {
        let known: HashSet<_> = country::embedded().iter().map(|c| c.alpha3).collect();
        for r in regions() {
            assert!(r.at.lat.abs() <= 90.0 && r.at.lon.abs() <= 180.0, "{r:?}");
            assert!(r.countries.iter().all(|c| known.contains(c)), "{r:?}");
        }
    }

    #[test]
    fn every_metonym_has_a_known_country_and_sector() {
        let known: HashSet<_> = country::embedded().iter().map(|c| c.alpha3).collect();
        let sectors = ["GOV", "MIL", "SPY", "COP", "LEG", "JUD", "IGO"];
        for m in metonyms() {
            assert!(m.country.is_none_or(|c| known.contains(c)) && sectors.contains(&m.sector), "{m:?}");
        }
    }
}
