//! Positions in text.
//!
//! Inside dateline every position is a UTF-8 byte offset ([`ByteRange`]); outside (readings, annotations) it is a count of
//! Unicode code points. [`TextIndex`] converts between the two, and to UTF-16 units and lines, in constant or logarithmic time.
//! No I/O happens here.
#![forbid(unsafe_code)]

mod index;
mod range;

pub use index::{Position, TextIndex};
pub use range::ByteRange;
