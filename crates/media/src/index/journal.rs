//! Fingerprints in a file that only grows.
//!
//! The file starts with the eight bytes of [`HEADER`], whose last one is the version. Then each picture has a record: length (4 bytes), a
//! checksum (4 bytes, FNV-1a of what follows), and what follows: the picture's number (8 bytes), the quality (1 byte), the PDQ (32 bytes),
//! and the details as [`Details::to_bytes`] gives them. Numbers are little-endian. A process that died while it wrote leaves a torn record
//! at the end: [`read`] says where the sound part ends, and a writer cuts the file there before it goes on.

use super::PictureId;
use crate::fingerprint::{Details, Pdq};

/// What a journal starts with.
pub const HEADER: [u8; 8] = *b"dlmedia\x01";
/// What a record's length and checksum take.
const FRAME: usize = 8;
/// What stands in a record before the details.
const FIXED: usize = 41;
/// No record is longer: 65,535 spots are more than any picture has.
const LONGEST: usize = FIXED + 6 + 65_535 * crate::fingerprint::local::Spot::BYTES;

/// What is known of one picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which picture.
    pub id: PictureId,
    /// How much there is to see: [`Hashed::quality`](crate::fingerprint::Hashed::quality).
    pub quality: u8,
    /// The fingerprint of the whole.
    pub pdq: Pdq,
    /// The fingerprints of its parts.
    pub details: Details,
}

/// Bytes that are no journal, or one of another version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The file does not start as a journal does.
    #[error("this is no journal of fingerprints")]
    NotAJournal,
    /// The file was written by another version.
    #[error("the journal of fingerprints has version {0}, and only version 1 is known")]
    Version(u8),
}

/// The entries of a journal, and how many of its bytes are sound: all, unless the last record was not fully written.
///
/// An empty file is a journal without entries; its sound length is zero, and a writer starts with [`HEADER`].
///
/// # Errors
///
/// If the bytes are not those of a journal of this version.
pub fn read(bytes: &[u8]) -> Result<(Vec<Entry>, usize), JournalError> {
    // A writer may have died within the header.
    if bytes.len() < HEADER.len() && HEADER.starts_with(bytes) {
        return Ok((Vec::new(), 0));
    }
    let [name @ .., version] = &HEADER;
    let Some((head, mut rest)) = bytes.split_first_chunk::<8>().filter(|(head, _)| head.starts_with(name)) else {
        return Err(JournalError::NotAJournal);
    };
    if head.last() != Some(version) {
        return Err(JournalError::Version(head.last().copied().unwrap_or(0)));
    }
    let mut entries = Vec::new();
    while let Some((entry, after)) = record(rest) {
        entries.push(entry);
        rest = after;
    }
    Ok((entries, bytes.len() - rest.len()))
}

fn record(bytes: &[u8]) -> Option<(Entry, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (checksum, rest) = rest.split_first_chunk::<4>()?;
    let (record, after) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    if record.len() > LONGEST || fnv(record) != u32::from_le_bytes(*checksum) {
        return None;
    }
    let (id, rest) = record.split_first_chunk::<8>()?;
    let (&quality, rest) = rest.split_first()?;
    let (pdq, rest) = rest.split_first_chunk::<32>()?;
    let details = Details::from_bytes(rest)?;
    Some((Entry { id: PictureId(u64::from_le_bytes(*id)), quality, pdq: Pdq::from_bytes(pdq), details }, after))
}

impl Entry {
    /// The record to be appended to a journal.
    pub fn to_bytes(&self) -> Vec<u8> {
        let details = self.details.to_bytes();
        let mut record = Vec::with_capacity(FRAME + FIXED + details.len());
        record.extend(self.id.0.to_le_bytes());
        record.push(self.quality);
        record.extend(self.pdq.to_bytes());
        record.extend(details);
        let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
        [&length.to_le_bytes()[..], &fnv(&record).to_le_bytes(), &record].concat()
    }
}

/// FNV-1a of 32 bits: enough to see that a record is torn.
fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::local::tests::scene;
    use proptest::prelude::*;

    fn entries() -> Vec<Entry> {
        (0..3)
            .map(|seed| {
                let luma = scene(seed, 120, 90, |x, y| (x, y));
                let hashed = Pdq::of(&luma).unwrap();
                let details = Details::of(&luma, 20);
                Entry { id: PictureId(seed), quality: hashed.quality, pdq: hashed.pdq, details }
            })
            .collect()
    }

    fn journal(entries: &[Entry]) -> Vec<u8> {
        HEADER.into_iter().chain(entries.iter().flat_map(Entry::to_bytes)).collect()
    }

    #[test]
    fn a_torn_tail_costs_only_itself() {
        let entries = entries();
        let bytes = journal(&entries);
        let two = journal(&entries[..2]).len();
        assert_eq!(read(&bytes), Ok((entries.clone(), bytes.len())));
        for cut in two..bytes.len() {
            assert_eq!(read(&bytes[..cut]), Ok((entries[..2].to_vec(), two)), "cut at {cut}");
        }
        let mut damaged = bytes.clone();
        damaged[two + 20] ^= 1;
        assert_eq!(read(&damaged), Ok((entries[..2].to_vec(), two)));
        for cut in 0..HEADER.len() {
            assert_eq!(read(&bytes[..cut]), Ok((Vec::new(), 0)));
        }
    }

    #[test]
    fn other_files_are_named_as_such() {
        assert_eq!(read(b"something else"), Err(JournalError::NotAJournal));
        assert_eq!(read(b"dlmedia\x02"), Err(JournalError::Version(2)));
    }

    proptest! {
        /// Any bytes are a journal up to some point, or none.
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let file = [&HEADER[..], &bytes].concat();
            let (entries, sound) = read(&file).unwrap();
            prop_assert_eq!(&file[..sound], &journal(&entries)[..]);
        }
    }
}
