//! Which of very many pictures does a fingerprint resemble?
//!
//! [`WholeIndex`] gives the pictures whose [`Pdq`](crate::Pdq) differs in at most [`Pdq::NEAR`](crate::Pdq::NEAR) bits from that of
//! another, however mirrored and turned. [`PartIndex`] gives those that share several spots with another, likely ones first; the geometry
//! is looked at afterwards, with the stored [`Details`](crate::Details) that its caller brings.
//!
//! Both are filled one picture at a time and keep nothing in memory: their tables are [`Lists`], which a caller keeps in a database, and
//! [`Memory`] for tests and measurements. A picture is filed under 16 keys by its whole and under up to 800 by its parts.

mod lists;
mod parts;
mod whole;

pub use lists::{Lists, Memory, Space};
pub use parts::{Candidate, PartIndex, Shared};
pub use whole::{Near, WholeIndex};

/// A picture, by the number that the caller keeps it under: below 2³².
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PictureId(pub u64);
