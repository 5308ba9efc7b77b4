//! Claims in, links and reasons out: what stands behind an event.
//!
//! 1. [`CopyIndex`] finds copies among the texts of reports: they are one origin.
//! 2. [`EventIndex`] finds which happenings ([`EventFacts`]) are one event, by [`similarity`].
//! 3. [`assess()`] takes the [`Statement`]s on one event and says who independently stands behind it ([`origins()`]), where they differ
//!    ([`differences`]), its [`Status`], and a proposed grade ([`Credibility`]).
//!
//! Both indexes keep their tables through the trait [`Store`]: by default in [`Memory`], or in the caller's own store, so that a large case
//! needs neither memory nor a new start.
//!
//! Nothing here opens a file, a store or a socket, or looks at a clock; the same input gives the same answer. Every answer carries its
//! reasons in plain words.
//!
//! ```
//! use dateline_corroborate::{CopyIndex, CopyParams, Sketch};
//!
//! let text = "Shells fell on the market before dawn, the mayor said. Four houses burned down and two people were hurt in the fire.";
//! let mut copies = CopyIndex::new(CopyParams::default());
//! copies.insert(1, &Sketch::of(text));
//! assert_eq!(copies.insert(2, &Sketch::of(&text.to_uppercase())), 1);
//! ```
#![forbid(unsafe_code)]

mod assess;
mod copies;
mod disputes;
mod event;
mod facts;
mod hash;
mod origins;
mod outlets;
mod store;

pub use assess::{Assessment, Credibility, Status, assess};
pub use copies::{CopyIndex, CopyParams, Match, Sketch};
pub use disputes::{Differences, Dispute, Value, differences};
pub use event::{EventIndex, Stories, Verdict, similarity, trigger_key};
pub use facts::{Count, EventFacts, Locality, Party, Speaker, Statement, content_words};
pub use origins::{CaseReport, Origin, Position, Stance, origins};
pub use outlets::{Outlet, OutletError, OutletTable, Reliability};
pub use store::{IndexError, Memory, Space, Store, TABLES_VERSION};
