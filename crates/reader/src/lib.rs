//! From the parse of a report to sourced claims.
//!
//! [`Reader::read`] runs the stages in order; each is a module with one public function from what came before to its own type.
//! Stages share the parse ([`dateline_nlp::Doc`]) and never reach forward:
//!
//! 1. `mentions`: actors, places, equipment, media, documents, platforms, times, quantities → [`mentions::Mentions`]
//! 2. `coreference`: which mentions are one thing → [`coreference::Entities`]
//! 3. `attribution`: who says what, by which words → [`attribution::Attributions`]
//! 4. `happenings`: triggers and their grammatical arguments, coded to PLOVER → [`happenings::Happenings`]
//! 5. `factuality`: how each happening is held → [`factuality::Held`]
//! 6. `slots`: actor, recipient, place, time, instrument, quantities, evidence, circulation of each → [`slots::Draft`]
//! 7. `grouping`: drafts that speak of one happening → [`grouping::Group`]
//! 8. `assembly` and `listing`: tokens become spans, drafts become a [`dateline_record::Reading`]
//!
//! Beside them, [`relation`] codes what one marked party of a sentence does to another.
//!
//! Lexicons and rules are data: see [`lexicon`]. The reader is a pure function: no I/O, clock or environment.
#![forbid(unsafe_code)]

pub mod assembly;
pub mod attribution;
pub mod coreference;
pub mod factuality;
pub mod grouping;
pub mod happenings;
pub mod layout;
pub mod learned;
pub mod lexicon;
mod listing;
mod look;
pub mod mentions;
mod numbers;
pub mod quantities;
pub mod relation;
pub mod slots;
pub mod times;

pub mod ontology;
pub mod petrarch;
mod read;
pub mod scheme;
#[cfg(test)]
mod testing;

pub use lexicon::{LexiconError, Lexicons, SchemeFile, SchemeKind};
pub use read::Reader;
