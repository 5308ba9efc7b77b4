//! Pictures as evidence: where else was this one seen?
//!
//! [`mod@decode`] turns foreign bytes into a small [`Picture`] under strict [`Limits`], and [`sandbox`] does so in a process of its own, so
//! that a decoder which crashes, hangs or eats memory costs one picture and no more. [`fingerprint`] says in a few bytes what is to be
//! seen: a [`Pdq`] of the whole picture for copies, [`Details`] of its corners and spots for parts of it (crops, mirrors, screenshots).
//! [`index`] finds those of a million pictures that a fingerprint resembles.
//!
//! Nothing here knows faces or persons: a fingerprint tells pictures apart, not people. Apart from `sandbox`, nothing does I/O.
#![forbid(unsafe_code)]

pub mod decode;
pub mod fingerprint;
pub mod index;
pub mod sandbox;

pub use decode::{Decoded, Finding, Foreign, Format, Limits, Picture, Refusal, decode};
pub use fingerprint::{Details, Likeness, Pdq, Symmetry};
