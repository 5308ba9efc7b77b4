//! Copies of a text, found while reports stream in.
//!
//! 1. [`Sketch`]: a text as hashes of its runs of words, line by line; typography, case, white space and service lines are gone.
//! 2. [`CopyIndex`]: finds earlier texts that share runs, links copies, and keeps clusters of linked texts.
//!
//! Containment decides, not only Jaccard: a truncated wire is a copy of the whole. A text made of the leads of several others is a
//! compilation: it is a copy of none and never joins them. Lines that many clusters carry (notices, credits) count for nothing.

mod compilation;
mod index;
mod overlap;
mod sketch;
mod work;

pub use index::{CopyIndex, CopyParams};
pub use overlap::Match;
pub use sketch::Sketch;
