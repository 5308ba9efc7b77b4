//! The record of a case: many reports kept with their originals, what was read in them, what people decided, and the views asked of it.
//!
//! A [`Casebook`] is a directory with one SQLite database and an archive of originals. It has two layers:
//!
//! - the *record*: reports, further captures, pictures, readings, reviews, outlets, exports. Nothing in it is ever computed again; every change is
//!   an entry in an audit chain, each hashed over the one before, and [`Casebook::verify`] finds what was altered, removed or added by
//!   another hand;
//! - the *views*: tables of indexes, happenings, events, fingerprints, full text. They can be emptied
//!   ([`Writer::clear_views`]) and computed again.
//!
//! All writing is done in [`Casebook::write`]: when it returns, everything in it is on disk, originals too; when it fails or the process
//! dies, nothing of it is there.
//!
//! ```
//! use dateline_casebook::{Casebook, Error, NewReport, Stamp};
//! use dateline_record::{Provenance, Report};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let dir = folder.path().join("case");
//! let mut case = Casebook::init(&dir, "Sample case", "2025-01-02T10:00:00Z", "Jo")?;
//! let report = Report { text: "Shells fell on Sampleton, the mayor said.".to_owned(), ..Report::default() };
//! let new = NewReport { report: &report, provenance: &Provenance::default(), original: report.text.as_bytes(), media_type: None };
//! let stamp = Stamp::new("2025-01-02T10:01:00Z", "Jo");
//! let added = case.write::<_, Error>(|writer| writer.add_report(&new, &stamp))?;
//! assert_eq!(case.read().full_report(added.id)?, Some(report));
//! # Ok::<(), Error>(())
//! ```
#![forbid(unsafe_code)]

mod archive;
mod audit;
mod casebook;
mod digest;
mod error;
mod event;
mod export;
mod feed;
mod fold;
#[cfg(test)]
mod full_disk;
mod happening;
mod info;
mod likeness;
mod look;
mod outlet;
mod pack;
mod page;
mod picture;
mod picture_key;
mod posting;
mod reader;
mod reading;
mod report;
mod review;
mod schema;
mod search;
mod upkeep;
mod verify;
mod views;
mod wall;
mod writer;

pub use audit::{AuditEntry, Head};
pub use casebook::Casebook;
pub use error::{Error, Result};
pub use event::{BINS, Bin, BinUnit, Cell, EventQuery, EventRow, EventSort, MapView, Overview, PartyRow, PlaceRow, Within};
pub use export::{Export, NewExport};
pub use fold::fold;
pub use happening::{Happening, NewHappening};
pub use info::{Counts, Info, Sizes};
pub use likeness::{FingerprintRow, LikenessRow, PictureKey};
pub use look::Standing;
pub use outlet::OutletRow;
pub use page::{Page, Total};
pub use picture::{NewSighting, NewWords, PictureRow, ShownRow, SightingRow};
pub use reader::Reader;
pub use reading::{ReadingRow, Unread, UnreadWhy, Version};
pub use report::{Added, Capture, NewReport, OriginalRow, ReportRow, ReportStatus};
pub use review::{NewReview, Review, ReviewQuery};
pub use search::{Hit, SearchQuery, SearchSort, Snippet};
pub use verify::{Fault, Place, Problem, Verified};
pub use wall::{ClusterRow, PreviewRow, VeilRow};
pub use writer::{Stamp, Writer};
