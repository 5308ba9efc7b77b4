//! A reading as something to look at: a [`dossier()`] for the terminal, a [`page()`] for the browser.
//!
//! Both show the same [`Summary`], which decides what is said in which words; they only lay it out. Names of people who were
//! captured, wounded or killed, and of private persons, are not repeated in it (see `person`): they stand only where the
//! text's own words are quoted.

pub mod case;
mod dossier;
mod explained;
pub mod media;
mod page;
pub(crate) mod person;
mod summary;
mod visible;
mod without;
pub(crate) mod wording;
mod wrap;

pub use dossier::dossier;
pub use explained::{Explained, Fact, Note, NoteKind, Piece, explained};
pub use page::{Fragments, fragments, page, words_of};
pub use summary::{Coded, Dispute, Excerpt, Happening, Summary, Voice};
pub use visible::visible;
pub use without::without;
pub use wording::Tone;
