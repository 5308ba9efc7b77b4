//! The formats, by the names that are typed.

use std::fmt;
use std::str::FromStr;

/// A format of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Our own wide table, for spreadsheets.
    Csv,
    /// Everything, one event a line.
    Jsonl,
    /// RFC 7946 feature collection.
    GeoJson,
    /// The wide table with types, and everything as JSON in its last column.
    Parquet,
    /// ACLED's 31 columns.
    Acled,
    /// The 49 columns of UCDP GED.
    Ged,
    /// PLOVER's JSON records, one a line.
    Plover,
    /// The 40 columns of POLECAT, separated by tabs.
    Polecat,
    /// FollowTheMoney entities, one a line.
    Ftm,
    /// FollowTheMoney statements.
    FtmStatements,
    /// W3C Web Annotation, one annotation a claim and line.
    WebAnnotation,
    /// schema.org ClaimReview, one reviewed event a line.
    ClaimReview,
}

/// No format of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no export format (known: {known})")]
pub struct UnknownFormat {
    name: String,
    known: String,
}

impl Format {
    /// All formats, in the order of the documentation.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &[
            Self::Csv,
            Self::Jsonl,
            Self::GeoJson,
            Self::Parquet,
            Self::Acled,
            Self::Ged,
            Self::Plover,
            Self::Polecat,
            Self::Ftm,
            Self::FtmStatements,
            Self::WebAnnotation,
            Self::ClaimReview,
        ]
    }

    /// Its name as typed on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::GeoJson => "geojson",
            Self::Parquet => "parquet",
            Self::Acled => "acled",
            Self::Ged => "ged",
            Self::Plover => "plover",
            Self::Polecat => "polecat",
            Self::Ftm => "ftm",
            Self::FtmStatements => "ftm-statements",
            Self::WebAnnotation => "webannotation",
            Self::ClaimReview => "claimreview",
        }
    }

    /// What it is, in a line for help texts.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Self::Csv => "wide table for spreadsheets, one event a row",
            Self::Jsonl => "everything, one event a line",
            Self::GeoJson => "map features: points for settlements, areas for imprecise places",
            Self::Parquet => "the wide table with types",
            Self::Acled => "ACLED's 31 columns",
            Self::Ged => "UCDP GED's 49 columns",
            Self::Plover => "PLOVER records",
            Self::Polecat => "POLECAT's 40 columns",
            Self::Ftm => "FollowTheMoney entities",
            Self::FtmStatements => "FollowTheMoney statements",
            Self::WebAnnotation => "W3C Web Annotations, one a claim",
            Self::ClaimReview => "schema.org ClaimReview of reviewed events",
        }
    }

    /// File name extension, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::GeoJson => "geojson",
            Self::Parquet => "parquet",
            Self::Acled => "acled.csv",
            Self::Ged => "ged.csv",
            Self::Plover => "plover.jsonl",
            Self::Polecat => "polecat.tsv",
            Self::Ftm => "ftm.json",
            Self::FtmStatements => "statements.csv",
            Self::WebAnnotation => "annotations.jsonl",
            Self::ClaimReview => "claimreview.jsonl",
        }
    }

    /// Media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv | Self::Acled | Self::Ged | Self::FtmStatements => "text/csv; charset=utf-8; header=present",
            Self::GeoJson => "application/geo+json",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Polecat => "text/tab-separated-values; charset=utf-8",
            Self::Jsonl | Self::Plover | Self::Ftm | Self::WebAnnotation | Self::ClaimReview => "application/x-ndjson",
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = Self::all().iter().copied().find(|format| format.name() == name);
        found.ok_or_else(|| UnknownFormat {
            name: name.chars().take(60).collect(),
            known: Self::all().iter().map(|format| format.name()).collect::<Vec<_>>().join(", "),
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_are_unique() {
        for &format in Format::all() {
            assert_eq!(format.name().parse(), Ok(format));
            assert_eq!(Format::all().iter().filter(|other| other.extension() == format.extension()).count(), 1, "{format}");
        }
    }

    #[test]
    fn err_lists_the_known_ones() {
        assert_eq!(
            "xls".parse::<Format>().unwrap_err().to_string(),
            "`xls` is no export format (known: csv, jsonl, geojson, parquet, acled, ged, plover, polecat, ftm, ftm-statements, \
             webannotation, claimreview)"
        );
    }
}
