//! Content credentials (C2PA, Content Provenance and Authenticity): who signed a picture, what is declared to have been done to it, and
//! whether it has changed since.
//!
//! Read and verified by the coalition's own library behind the feature `c2pa`; without it a picture that bears credentials is said to. A
//! signature says who vouches for a file, not that what is seen on it is so; that one is missing says nothing.
//!
//! Nothing is fetched: credentials that a picture only names by address are named so, and whether a certificate was revoked is known only
//! where the credentials say it themselves. Names of persons that credentials may give (actors, identity assertions), and what they hold of
//! camera metadata, are not read.

#[cfg(not(feature = "c2pa"))]
mod disabled;
#[cfg(feature = "c2pa")]
mod enabled;

#[cfg(not(feature = "c2pa"))]
use disabled as reader;
#[cfg(feature = "c2pa")]
use enabled as reader;

use serde::{Deserialize, Serialize};

/// How far credentials hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CredentialStatus {
    /// There are none.
    #[default]
    None,
    /// The signature holds, the picture is as it was signed, and the signer's certificate leads to one of the trust list.
    Trusted,
    /// The same, but nobody on the trust list vouches for the signer; anybody can make such credentials.
    Untrusted,
    /// The picture, or what the credentials say, is not as it was signed.
    Tampered,
    /// They don't hold for another reason: a certificate that had expired, parts that are missing or break the rules.
    Invalid,
    /// There are credentials that can't be read.
    Unreadable,
    /// The picture only names an address where its credentials are; they were not fetched.
    Elsewhere,
    /// There are credentials, and this build has no reader for them.
    NotSupported,
}

/// What stands against credentials, in the terms of the C2PA specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The code: `assertion.dataHash.mismatch`, `signingCredential.untrusted`.
    pub code: String,
    /// In words, where the reader gave some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// True when it stands against a picture that went into this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_ingredient: bool,
}

/// Who signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signer {
    /// The name in the signer's certificate: a product or a service, mostly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The organisation there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Who issued the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// From when the certificate is valid (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// The algorithm: `es256`, `ed25519`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
}

/// Something that is declared to have been done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeclaredAction {
    /// What: `c2pa.created`, `c2pa.cropped`, `c2pa.edited`.
    pub action: String,
    /// When, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// With which program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
    /// More of it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How the picture came to be: a term of the IPTC vocabulary such as `digitalCapture` or `trainedAlgorithmicMedia`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_type: Option<String>,
}

/// A picture that went into this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ingredient {
    /// Its title, mostly a file's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// `parent_of` for what this one was made from, `component_of` for what was put into it, `input_to` for what a generator was given.
    pub relationship: String,
    /// True when it bears credentials of its own.
    pub has_credentials: bool,
}

/// The credentials of a picture, of which all but the status and the findings are what the signer declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Credentials {
    /// How far they hold.
    pub status: CredentialStatus,
    /// Whether a trust list was at hand. Without one no signer is trusted.
    pub trust_list: bool,
    /// What stands against them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Who signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
    /// When, where an authority for time stamps says it (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// The program that wrote the credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_generator: Option<String>,
    /// The title of the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What was done, in the order of the credentials.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<DeclaredAction>,
    /// What went into it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ingredients: Vec<Ingredient>,
    /// How many sets of credentials the picture bears: its own, and those of earlier states and of ingredients.
    pub manifests: usize,
    /// Where they are, when the picture only names an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
}

/// Certificates whose signatures are trusted: the C2PA's own list or one that a newsroom keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustList {
    pem: String,
}

/// Why a text is no trust list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustListError {
    /// There is no certificate in it.
    #[error("there is no certificate in the trust list: a PEM file is expected")]
    Empty,
    /// A certificate can't be read.
    #[error("certificate {number} of the trust list can't be read")]
    Certificate {
        /// Which, counted from 1.
        number: usize,
    },
}

impl TrustList {
    /// Takes the certificates of a PEM file, roots or the issuers' own.
    ///
    /// # Errors
    /// When there are none, or one can't be read.
    pub fn of_pem(pem: &str) -> Result<Self, TrustListError> {
        if !pem.contains("-----BEGIN CERTIFICATE-----") {
            return Err(TrustListError::Empty);
        }
        reader::check_certificates(pem)?;
        Ok(Self { pem: pem.to_owned() })
    }

    /// The certificates as they were given.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Whether this build can read credentials, and so has a use for a trust list.
    #[must_use]
    pub fn is_of_use() -> bool {
        cfg!(feature = "c2pa")
    }
}

/// Reads and verifies the content credentials of a picture; `media_type` is used where the bytes don't tell it. Any bytes give an answer.
#[must_use]
pub fn read_credentials(picture: &[u8], media_type: &str, trust: Option<&TrustList>) -> Credentials {
    Credentials { trust_list: trust.is_some(), ..reader::read(picture, media_type, trust) }
}

/// True when the bytes hold the beginning of a store of C2PA (a JUMBF description box with C2PA's identifier, ISO 19566-5).
fn has_store(picture: &[u8]) -> bool {
    picture.windows(8).any(|word| word == b"jumdc2pa")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_a_trust_list_without_certificates() {
        assert_eq!(TrustList::of_pem("").unwrap_err(), TrustListError::Empty);
        assert_eq!(TrustList::of_pem("-----BEGIN PRIVATE KEY-----").unwrap_err(), TrustListError::Empty);
    }

    #[test]
    fn what_bears_no_credentials_says_so() {
        for bytes in [&b""[..], b"\xff\xd8\xff\xd9", b"GIF89a", b"no picture"] {
            assert_eq!(read_credentials(bytes, "image/jpeg", None), Credentials::default());
        }
    }

    #[test]
    fn a_store_that_is_damaged_is_no_missing_one() {
        let bytes = b"\xff\xd8\xff\xeb\0\x20JP\0\0\0\0\0\0\0\x16jumb\0\0\0\x19jumdc2pa\0\xff\xd9";
        let expected = if cfg!(feature = "c2pa") { CredentialStatus::Unreadable } else { CredentialStatus::NotSupported };
        assert_eq!(read_credentials(bytes, "image/jpeg", None).status, expected);
    }
}
