//! Events of the case, as lists and filters need them.
//!
//! 1. `row`: an event's row, its parties and places, kept and read;
//! 2. `term`: the distinct values that filters ask for, and which events have them;
//! 3. `query`: what people ask for, as tests of a row;
//! 4. `plan`: which way through the indexes answers it cheapest;
//! 5. `overview`: how many there are by when and where.

mod bits;
mod overview;
mod plan;
mod query;
mod row;
mod term;
#[cfg(test)]
mod tests;

pub use overview::{BINS, Bin, BinUnit, Cell, MapView, Overview};
pub use query::{EventQuery, EventSort, Within};
pub use row::{EventRow, PartyRow, PlaceRow};
