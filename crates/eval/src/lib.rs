//! Scores what dateline reads against sets that people marked, so that each change shows its effect.
//!
//! [`Eval::score`] reads the documents of a [`Set`] with a [`Program`] and gives its [`Figure`]s and [`Mistake`]s; a [`Baseline`]
//! holds the figures that were recorded last; [`table`] prints both. The figures agree with those of the scorers that come with the
//! sets, to the digits that those print; docs/eval.md says what is measured and where the data lies. This is a side room: nothing
//! of dateline needs it but the verb `eval`.
#![forbid(unsafe_code)]

mod baseline;
mod claims;
mod error;
mod figures;
mod lines;
mod matching;
mod parity;
mod place;
mod plv;
mod polnear;
mod program;
mod re3d;
mod samples;
mod seed;
mod sets;
pub mod table;
mod tables;
mod text;
mod toponyms;

/// Lexicons that a program reads with.
pub use dateline_reader::Lexicons;

pub use baseline::{Baseline, Compared, goal};
pub use error::EvalError;
pub use figures::{Figure, Mistake, Scored, Unit};
pub use place::find_data;
pub use program::{Direct, MadeBy, Program, Recorded, Sink};
pub use sets::{Eval, Set, UnknownSet};
