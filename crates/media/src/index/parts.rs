//! Which pictures share spots with another one?
//!
//! Of each spot, some of the bits of its description are a key (locality-sensitive hashing by bit sampling: P. Indyk, R. Motwani,
//! "Approximate Nearest Neighbors", 1998), four times with different bits. A picture's spots vote for the pictures whose spots have the
//! same keys. Chance gives a picture a vote or two; a shared part gives it many, and then the arrangement of the spots decides.

use super::PictureId;
use crate::fingerprint::local::Description;
use crate::fingerprint::{Details, Likeness};

/// Keys of a spot.
const TABLES: usize = 4;
/// Spots with the same key that are looked at, the newest first. Frames of programs and printed letters recur in very many pictures and
/// say little.
const MOST_ALIKE: usize = 256;
/// Votes that a picture must have for its arrangement to be looked at.
const LEAST_VOTES: u16 = 3;
/// Pictures whose arrangement is looked at.
const CANDIDATES: usize = 32;
/// Ordinals of spots are rounded up to these for each picture, so that the picture of a spot is found by a division.
const BLOCK: usize = 8;
const NONE: u32 = u32::MAX;

/// A picture that has several spots in common with the one asked about, as far as their keys say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Which picture.
    pub id: PictureId,
    /// Whether it is the mirror image of the picture asked about that votes for it.
    pub mirrored: bool,
    /// How many spots vote for it.
    pub votes: u16,
}

/// A picture that shares a part with the one asked about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shared {
    /// Which picture.
    pub id: PictureId,
    /// How the picture asked about lies in it.
    pub likeness: Likeness,
}

/// Keys of the spots of many pictures.
#[derive(Debug, Clone)]
pub struct PartIndex {
    ids: Vec<PictureId>,
    /// The picture (its place in `ids`) of each block of spots.
    owners: Vec<u32>,
    tables: Vec<Table>,
    /// Bits of a key.
    bits: u32,
}

/// Spots by key: chains through all spots, each from the newest to the oldest.
#[derive(Debug, Clone)]
struct Table {
    newest: Vec<u32>,
    older: Vec<u32>,
}

impl Default for PartIndex {
    fn default() -> Self {
        Self::for_pictures(0)
    }
}

impl PartIndex {
    /// An index with keys as long as so many pictures need. With many more pictures it still works, but takes longer to answer.
    pub fn for_pictures(pictures: usize) -> Self {
        let spots = pictures.saturating_mul(Details::MOST);
        let bits = spots.checked_ilog2().unwrap_or(0).clamp(16, 24);
        let table = Table { newest: vec![NONE; 1 << bits], older: Vec::new() };
        Self { ids: Vec::new(), owners: Vec::new(), tables: vec![table; TABLES], bits }
    }

    /// Pictures in the index.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds a picture. False if there is room for no more: an index holds some four thousand million spots.
    pub fn insert(&mut self, id: PictureId, details: &Details) -> bool {
        let first = self.owners.len() * BLOCK;
        let room = details.spots().len().next_multiple_of(BLOCK);
        let (Ok(picture), true) = (u32::try_from(self.ids.len()), first + room < NONE as usize) else { return false };
        self.ids.push(id);
        self.owners.extend(std::iter::repeat_n(picture, room / BLOCK));
        for (number, table) in self.tables.iter_mut().enumerate() {
            table.older.resize(first + room, NONE);
            for (at, spot) in (first..).zip(details.spots()) {
                let key = key(&spot.description, number, self.bits);
                if let (Some(newest), Some(older), Ok(at)) =
                    (table.newest.get_mut(key), table.older.get_mut(at), u32::try_from(at))
                {
                    *older = std::mem::replace(newest, at);
                }
            }
        }
        true
    }

    /// The pictures that may share a part with this one or its mirror image, those with the most votes first.
    pub fn candidates(&self, details: &Details, most: usize) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let mut votes = vec![0_u16; self.ids.len()];
        let mut voter = vec![0_u16; self.ids.len()];
        for (mirrored, details) in [(false, details), (true, &details.mirrored())] {
            votes.fill(0);
            voter.fill(0);
            for (number, spot) in (1..=u16::MAX).zip(details.spots()) {
                self.vote(&spot.description, number, &mut votes, &mut voter);
            }
            candidates.extend(
                votes.iter().zip(&self.ids).filter(|(votes, _)| **votes >= LEAST_VOTES).map(|(&votes, &id)| Candidate {
                    id,
                    mirrored,
                    votes,
                }),
            );
        }
        candidates.sort_unstable_by_key(|candidate| (std::cmp::Reverse(candidate.votes), candidate.id, candidate.mirrored));
        candidates.truncate(most);
        candidates
    }

    /// One spot votes for each picture that has a spot of the same key.
    fn vote(&self, description: &Description, number: u16, votes: &mut [u16], voter: &mut [u16]) {
        for (at, table) in self.tables.iter().enumerate() {
            let mut spot = table.newest.get(key(description, at, self.bits)).copied().unwrap_or(NONE);
            for _ in 0..MOST_ALIKE {
                let Some(&picture) = self.owners.get(spot as usize / BLOCK) else { break };
                if let (Some(votes), Some(voter)) = (votes.get_mut(picture as usize), voter.get_mut(picture as usize))
                    && *voter != number
                {
                    *voter = number;
                    *votes += 1;
                }
                spot = table.older.get(spot as usize).copied().unwrap_or(NONE);
            }
        }
    }

    /// The pictures that share a part with this one, those that share most spots first.
    ///
    /// `stored` brings the details of a picture that was inserted; one that is none is passed over.
    pub fn find(&self, details: &Details, mut stored: impl FnMut(PictureId) -> Option<Details>) -> Vec<Shared> {
        let mirror_image = details.mirrored();
        let mut found: Vec<Shared> = Vec::new();
        for candidate in self.candidates(details, CANDIDATES) {
            let Some(other) = stored(candidate.id) else { continue };
            let likeness = if candidate.mirrored {
                mirror_image.likeness_as_is(&other).map(Likeness::of_mirror_image)
            } else {
                details.likeness_as_is(&other)
            };
            let Some(likeness) = likeness.filter(Likeness::is_match) else { continue };
            match found.iter_mut().find(|shared| shared.id == candidate.id) {
                Some(shared) if shared.likeness.spots >= likeness.spots => {}
                Some(shared) => shared.likeness = likeness,
                None => found.push(Shared { id: candidate.id, likeness }),
            }
        }
        found.sort_by_key(|shared| (std::cmp::Reverse(shared.likeness.spots), shared.id));
        found
    }
}

/// The key of a description in one of the tables: bits from its first half, which says what is above the median. Each table starts at
/// another bit and steps through the half by a number that is prime to its length, so that a key has bits of all cells.
fn key(description: &Description, table: usize, bits: u32) -> usize {
    let half = u128::from(description[0]) | u128::from(description[1]) << 64;
    (0..bits as usize).fold(0, |key, at| {
        let bit = ((table * 32 + at) * 37) % 128;
        key << 1 | (half >> bit) as usize & 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::local::tests::scene;
    use std::collections::HashMap;

    #[test]
    fn a_part_is_found_among_other_pictures() {
        let mut index = PartIndex::for_pictures(60);
        let mut stored = HashMap::new();
        for seed in 0..60 {
            let details = Details::of(&scene(seed, 400, 300, |x, y| (x, y)), Details::MOST);
            assert!(index.insert(PictureId(seed), &details));
            stored.insert(PictureId(seed), details);
        }
        for seed in [3, 40] {
            let crop = Details::of(&scene(seed, 400, 300, |x, y| (60.0 + x * 0.7, 50.0 + y * 0.7)), Details::MOST);
            let mirror = Details::of(&scene(seed, 400, 300, |x, y| (399.0 - x, y)), Details::MOST);
            for (asked, mirrored) in [(crop, false), (mirror, true)] {
                let found = index.find(&asked, |id| stored.get(&id).cloned());
                let ids: Vec<PictureId> = found.iter().map(|shared| shared.id).collect();
                assert_eq!(ids, [PictureId(seed)], "{found:?}");
                assert_eq!(found[0].likeness.placement.mirrored, mirrored);
            }
        }
        let other = Details::of(&scene(1000, 400, 300, |x, y| (x, y)), Details::MOST);
        assert_eq!(index.find(&other, |id| stored.get(&id).cloned()), []);
    }

    #[test]
    fn an_empty_index_finds_nothing() {
        let details = Details::of(&scene(1, 200, 150, |x, y| (x, y)), Details::MOST);
        assert_eq!(PartIndex::default().find(&details, |_| None), []);
    }
}
