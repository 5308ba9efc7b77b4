//! The nouns of dateline, and their JSON form.
//!
//! A [`Report`] goes into the reader, a [`Reading`] comes out: the [`Claim`]s that the report makes, each with who says so
//! ([`AttributionStep`]), how sure they are ([`Factuality`]), and the words it was read from ([`Span`]).
//!
//! The JSON form is version 1 of the contract `dateline.reading/1`: fields may be added, the meaning of one that exists never
//! changes. Positions in it count Unicode code points. A [`Span`] can only be made from the text it points into, so nothing in a
//! reading lacks its words.
#![forbid(unsafe_code)]

mod acled;
mod attribution;
mod claim;
mod coding;
mod country;
mod date;
mod edtf;
mod entity;
mod factuality;
mod id;
mod plover;
mod provenance;
mod reading;
mod report;
mod span;

pub use acled::Acled;
pub use attribution::{Act, AttributedSource, Attribution, AttributionStep, QuoteKind, SourceKind, SourceRef};
pub use claim::{Circulation, Claim, EventCode, Filler, Quantity, QuantityRole, TimeValue, Visibility};
pub use coding::{Coding, SlotValue};
pub use country::{Alpha3, Country};
pub use date::Date;
pub use edtf::{Edtf, EdtfError};
pub use entity::{Entity, EntityKind, People, PlaceUse, Precision};
pub use factuality::{Certainty, Factuality, FactualityValue, Polarity};
pub use id::{ClaimId, EntityId, EventId};
pub use plover::{Context, EventType, Mode, Sector, UnknownCode};
pub use provenance::Provenance;
pub use reading::{Document, Event, Reading, ReadingError, SCHEMA, Sentence};
pub use report::Report;
pub use span::Span;
