//! Countries: from alpha-3 to the codes and names that other formats use.

use std::sync::LazyLock;

use dateline_record::Country;

const COUNTRIES: &str = include_str!("../data/countries.tsv");

/// What is known of a country.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    pub(crate) alpha3: &'static str,
    pub(crate) alpha2: &'static str,
    /// ISO 3166-1 numeric; none for Kosovo.
    pub(crate) numeric: Option<u16>,
    /// As English news text writes it.
    pub(crate) name: &'static str,
    /// Rough middle, degrees.
    pub(crate) lat: f64,
    /// Rough middle, degrees.
    pub(crate) lon: f64,
    /// Square kilometres.
    pub(crate) area: f64,
}

static TABLE: LazyLock<Vec<Known>> = LazyLock::new(|| COUNTRIES.lines().filter_map(read).collect());

fn read(line: &'static str) -> Option<Known> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    if line.starts_with('#') {
        return None;
    }
    Some(Known {
        alpha3: next()?,
        alpha2: next()?,
        numeric: next()?.parse().ok(),
        name: next()?,
        lat: next()?.parse().ok()?,
        lon: next()?.parse().ok()?,
        area: next()?.parse().ok()?,
    })
}

/// The country of this code; none for bodies of states (`IGO`, `NGO`, `MNC`) and unknown codes.
pub(crate) fn find(country: Country) -> Option<&'static Known> {
    let at = TABLE.binary_search_by(|known| known.alpha3.cmp(country.as_str())).ok()?;
    TABLE.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_sorted() {
        assert_eq!(TABLE.len(), COUNTRIES.lines().filter(|line| !line.starts_with('#')).count());
        assert!(TABLE.windows(2).all(|pair| pair[0].alpha3 < pair[1].alpha3));
    }

    #[test]
    fn finds_codes_and_names() {
        let ukraine = find("UKR".parse().unwrap()).unwrap();
        assert_eq!((ukraine.alpha2, ukraine.numeric, ukraine.name), ("UA", Some(804), "Ukraine"));
        assert_eq!(find("XKX".parse().unwrap()).unwrap().numeric, None);
        assert_eq!(find(Country::IGO), None);
    }
}
