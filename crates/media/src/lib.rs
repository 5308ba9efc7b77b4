//! Pictures as evidence: where else was this one seen?
//!
//! [`mod@decode`] turns foreign bytes into a small [`Picture`] under strict [`Limits`], and [`sandbox`] does so in a process of its own, so
//! that a decoder which crashes, hangs or eats memory costs one picture and no more. [`fingerprint`] says in a few bytes what is to be
//! seen: a [`Pdq`] of the whole picture for copies, [`Details`] of its corners and spots for parts of it (crops, mirrors, screenshots).
//! [`index`] finds those of a million pictures that a fingerprint resembles.
//!
//! [`read_metadata`] and [`read_credentials`] say what a picture carries with it ([`Carried`]: both, for the sandbox), [`key_frames`] takes pictures out of video, [`find_text`] reads
//! the words in one.
//!
//! Nothing here knows faces or persons: a fingerprint tells pictures apart, not people. Apart from `sandbox` and the
//! programs for video and text, nothing does I/O.
#![forbid(unsafe_code)]

mod carried;
mod credentials;
pub mod decode;
pub mod fingerprint;
pub mod index;
mod metadata;
mod ocr;
mod program;
pub mod sandbox;
mod video;

pub use carried::Carried;
pub use credentials::{
    CredentialStatus, Credentials, DeclaredAction, Finding as CredentialFinding, Ingredient, Signer, TrustList, TrustListError,
    read_credentials,
};
pub use decode::{Decoded, Finding, Foreign, Format, Limits, Picture, Refusal, decode};
pub use fingerprint::{Details, Likeness, Pdq, Symmetry};
pub use metadata::{Container, Coordinates, HistoryStep, Metadata, MetadataError, Private, Stated, Withheld, read_metadata};
pub use ocr::{FoundText, OcrOptions, find_text};
pub use program::ProgramError;
pub use video::{FrameOptions, KeyFrame, key_frames};
