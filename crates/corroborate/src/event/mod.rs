//! Which reports tell of the same event.
//!
//! [`similarity`] compares two happenings field by field and says why; [`EventIndex`] groups happenings that arrive one by one, looking
//! only at those that share a block (a type, a time and a place) or a rare word.

mod blocks;
mod compare;
mod held;
mod index;
mod story;
mod trigger;

pub use compare::{Verdict, similarity};
pub(crate) use compare::{counts_clash, days, parties_differ, places_differ, range};
pub use index::EventIndex;
pub use story::Stories;
pub use trigger::trigger_key;
