//! All that a picture carries with it besides its pixels.

use serde::{Deserialize, Serialize};

use crate::credentials::{CredentialStatus, Credentials, TrustList, read_credentials};
use crate::decode::Format;
use crate::metadata::{Metadata, read_metadata};

/// What a file carries with it: what it says of itself, and its content credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// What it says of itself; none of a file that is no picture of a known kind.
    pub metadata: Option<Metadata>,
    /// Its content credentials.
    pub credentials: Credentials,
}

impl Carried {
    /// Reads both. Any bytes give an answer. Foreign bytes are best read in a process of their own: [`sandbox`](crate::sandbox).
    #[must_use]
    pub fn of(bytes: &[u8], trust: Option<&TrustList>) -> Self {
        let media_type = Format::of(bytes).map_or("image/jpeg", Format::media_type);
        Self { metadata: read_metadata(bytes).ok(), credentials: read_credentials(bytes, media_type, trust) }
    }

    /// Nothing but why it could not be read.
    #[must_use]
    pub fn unread(why: &str) -> Self {
        let metadata =
            Metadata { warnings: vec![format!("what the file carries with it could not be read: {why}")], ..Metadata::default() };
        Self { metadata: Some(metadata), credentials: Credentials { status: CredentialStatus::None, ..Credentials::default() } }
    }
}
