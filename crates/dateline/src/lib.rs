//! Reads reports of armed conflict: what is said to have happened, who says so, and how sure they are.
//!
//! This is the library behind the `dateline` command and the only place where the rooms below it are put together:
//! bytes become text ([`decode`], [`ReportLines`]), text that is English ([`language_of`]) is parsed and read ([`Dateline`]), many
//! reports stream through all cores in order ([`Dateline::read_each`]), and a [`Reading`](record::Reading) becomes something to
//! look at ([`render`]). The language model arrives by itself ([`ModelStore`]).
//!
//! ```no_run
//! use dateline::{Dateline, Silent, record::Report};
//!
//! let dateline = Dateline::builder().build(&Silent)?;
//! let report = Report { text: "Troops captured the airport on Monday, the ministry said.".into(), ..Report::default() };
//! for claim in dateline.read(&report)?.claims {
//!     println!("{}: {}", claim.factuality.author, claim.trigger.text());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod agreement;
pub mod case;
mod input;
mod language;
mod model;
mod parser;
mod progress;
pub mod render;
pub mod scheme;
mod session;
mod stream;

/// The record of a case: queries and rows.
pub use dateline_casebook as casebook;
/// Reports out of pages, feeds, archives and exports.
pub use dateline_collect as collect;
/// Formats that events are written in.
pub use dateline_export as export;
/// Pictures: decoding within limits, fingerprints, what they carry.
pub use dateline_media as media;
/// The parse under a reading.
pub use dateline_nlp as nlp;
/// The nouns: reports, readings, claims.
pub use dateline_record as record;

pub use input::{Decoded, InputError, LineError, MAX_TEXT, ReportLines, decode};
pub use language::{Language, language_of};
pub use model::{Damage, ModelError, ModelOrigin, ModelStore, StoredModel};
pub use parser::{ParseWorker, Parser};
pub use progress::{Progress, Silent};
pub use session::{BuildError, Builder, Dateline, ReadError, Versions};
