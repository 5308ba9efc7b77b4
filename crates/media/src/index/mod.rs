//! Which of very many pictures does a fingerprint resemble?
//!
//! [`WholeIndex`] holds a [`Pdq`](crate::Pdq) of each picture and gives those within some bits of another, without fail. [`PartIndex`]
//! holds short keys of spots and gives those pictures that share several with another, likely ones first; the geometry is looked at
//! afterwards, with the stored [`Details`](crate::Details) that its caller brings. Both are filled one picture at a time. [`journal`] is the form in which the
//! fingerprints are kept in a file; the indexes are made from it when it is opened.

pub mod journal;
mod parts;
mod whole;

pub use parts::{Candidate, PartIndex, Shared};
pub use whole::{Near, WholeIndex};

/// A picture, by the number that the caller keeps it under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PictureId(pub u64);
