//! Events of a case, written in the formats of the field.
//!
//! 1. The caller fills plain [`Event`]s: what happened, who stands behind it, in which words, by which reports.
//! 2. [`write()`] takes them one at a time and writes one of the [`Format`]s into any [`std::io::Write`]; memory stays flat.
//! 3. What it says of the bytes ([`Written`]) goes into a [`Manifest`], by which the data can be cited and rebuilt to the byte.
//!
//! Three rules hold in every format: what is unknown is empty and never 0; the name of a protected person is withheld unless
//! [`Options::release`] is set; no coordinate is finer than a settlement (two decimals). Nothing here looks at a clock: the same input gives
//! the same bytes. `docs/exports.md` says of every column where it comes from and what stays empty.
//!
//! ```
//! use dateline_export::{Case, Event, Format, Options, write};
//!
//! let event = Event { id: "e1".into(), summary: "Shells fell on Sampleton.".into(), ..Event::default() };
//! let mut out = Vec::new();
//! let events = [Ok::<_, std::io::Error>(event)];
//! let written = write(Format::Jsonl, &Case::default(), events, &Options::default(), &mut out).unwrap();
//! assert_eq!((written.rows, written.bytes), (1, out.len() as u64));
//! ```
#![forbid(unsafe_code)]

mod case;
mod country;
mod event;
mod format;
mod formats;
mod manifest;
mod place;
mod time;
mod withhold;
mod write;

pub use case::{Case, Review, Versions};
pub use event::{
    Claim, Count, Dispute, Event, Grade, Origin, Party, Place, Position, Quote, Reliability, Report, Speaker, Stance, Status,
    Value,
};
pub use format::{Format, UnknownFormat};
pub use manifest::{Licence, Manifest, ManifestFile};
pub use withhold::WITHHELD;
pub use write::{FormatError, Options, WriteError, Written, write};
