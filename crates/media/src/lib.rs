//! Pictures and video of reports: what they carry with them.
#![forbid(unsafe_code)]

mod credentials;
mod metadata;
mod ocr;
mod program;
mod video;

pub use credentials::{
    CredentialStatus, Credentials, DeclaredAction, Finding, Ingredient, Signer, TrustList, TrustListError, read_credentials,
};
pub use metadata::{Container, Coordinates, HistoryStep, Metadata, MetadataError, Private, Stated, Withheld, read_metadata};
pub use ocr::{FoundText, OcrOptions, find_text};
pub use program::ProgramError;
pub use video::{FrameOptions, KeyFrame, key_frames};
