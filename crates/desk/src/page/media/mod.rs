//! Pictures: all of them, and each with where it was seen.

pub(crate) mod find;
pub(crate) mod picture;
mod thumbnail;
pub(crate) mod wall;

pub(crate) use thumbnail::{Thumb, preview, thumbnail, thumbnails, view};

/// Digits of a SHA-256 by which a page calls a picture.
const SHORT: usize = 12;

/// What a page calls a picture.
pub(crate) fn short(sha256: &str) -> &str {
    sha256.get(..SHORT).unwrap_or(sha256)
}
