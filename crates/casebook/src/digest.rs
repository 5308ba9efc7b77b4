//! Hashes over encodings in which every part says its own length, so that no two different lists of parts look alike.

use std::fmt::Write as _;

use rusqlite::types::ValueRef;
use sha2::{Digest as _, Sha256};

/// A SHA-256.
pub(crate) type Digest = [u8; 32];

/// Of plain bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// As people see it.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// From what [`hex`] wrote, in either case of letters.
pub(crate) fn from_hex(text: &str) -> Option<Digest> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

/// A hash over parts, each with its kind and length before it.
pub(crate) struct Canonical(Sha256);

impl Canonical {
    /// `what` keeps hashes of different things apart.
    pub(crate) fn new(what: &str) -> Self {
        let mut canonical = Self(Sha256::new());
        canonical.part(b't', what.as_bytes());
        canonical
    }

    fn part(&mut self, kind: u8, bytes: &[u8]) {
        self.0.update([kind]);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.part(b't', text.as_bytes());
        self
    }

    pub(crate) fn blob(&mut self, bytes: &[u8]) -> &mut Self {
        self.part(b'b', bytes);
        self
    }

    pub(crate) fn integer(&mut self, integer: i64) -> &mut Self {
        self.part(b'i', &integer.to_be_bytes());
        self
    }

    pub(crate) fn optional(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => {
                self.part(b'0', b"");
                self
            }
        }
    }

    /// A value of a row, with its column's name; a null adds nothing, so that a column added later changes no older row's hash.
    pub(crate) fn column(&mut self, name: &str, value: ValueRef<'_>) -> &mut Self {
        match value {
            ValueRef::Null => return self,
            _ => self.part(b'c', name.as_bytes()),
        }
        match value {
            ValueRef::Null => {}
            ValueRef::Integer(integer) => self.part(b'i', &integer.to_be_bytes()),
            ValueRef::Real(real) => self.part(b'r', &real.to_bits().to_be_bytes()),
            ValueRef::Text(text) => self.part(b't', text),
            ValueRef::Blob(bytes) => self.part(b'b', bytes),
        }
        self
    }

    pub(crate) fn finish(self) -> Digest {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let of = |a: &str, b: &str| {
            let mut canonical = Canonical::new("x");
            canonical.text(a).text(b);
            canonical.finish()
        };
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_ne!(of("", "a"), of("a", ""));
    }

    #[test]
    fn hex_goes_both_ways() {
        let digest = sha256(b"a");
        assert_eq!(from_hex(&hex(&digest)), Some(digest));
        assert_eq!(from_hex("zz"), None);
        assert_eq!(from_hex(&"é".repeat(32)), None);
    }
}
