//! Claims in, links and reasons out.
#![forbid(unsafe_code)]

mod copies;

pub use copies::{CopyIndex, CopyParams, Match, Sketch};
