//! Which pictures share spots with another one?
//!
//! Of each spot, some of the bits of its description are a key (locality-sensitive hashing by bit sampling: P. Indyk, R. Motwani,
//! "Approximate Nearest Neighbors", 1998), four times with different bits. Each key is 16 bits that must be the same, and 16 more that
//! may differ in some: in few of them where there are many pictures. A picture's spots vote for the pictures whose spots have such keys.
//! Chance gives a picture a vote or two; a shared part gives it many, and then the arrangement of the spots decides.

use super::PictureId;
use super::lists::{Lists, Memory, Space};
use crate::fingerprint::local::Description;
use crate::fingerprint::{Details, Likeness};

/// Keys of a spot.
const TABLES: u32 = 4;
/// Spots with one key that have a vote. Frames of programs and printed letters recur in very many pictures and say little.
const MOST_ALIKE: u32 = 256;
/// Votes that a picture must have for its arrangement to be looked at.
const LEAST_VOTES: u32 = 3;
/// Pictures whose arrangement is looked at.
const CANDIDATES: usize = 32;
/// Up to how many pictures so many bits of the second half of a key may differ: a picture of 200 spots gets by chance, if bits were
/// random, 2.4 votes of another times the share of values that are within as many bits, and few may get to [`LEAST_VOTES`].
const SLACK: [(u64, u32); 4] = [(200, 16), (5_000, 5), (50_000, 4), (1_000_000, 3)];
/// The same for more.
const LEAST_SLACK: u32 = 2;
/// Bytes of an entry: the picture's number (4), the second half of the key (2), little-endian.
const ENTRY: usize = 6;

/// A picture that has several spots in common with the one asked about, as far as their keys say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Which picture.
    pub id: PictureId,
    /// Whether it is the mirror image of the picture asked about that votes for it.
    pub mirrored: bool,
    /// How many spots vote for it.
    pub votes: u32,
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
#[derive(Debug, Clone, Default)]
pub struct PartIndex<L = Memory> {
    lists: L,
}

/// A spot that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Asking {
    key: u32,
    rest: u16,
    mirrored: bool,
    spot: u16,
}

impl<L: Lists> PartIndex<L> {
    /// The index over these lists.
    pub fn over(lists: L) -> Self {
        Self { lists }
    }

    /// Adds a picture. False where its number is no longer one of 32 bits.
    ///
    /// # Errors
    /// As the lists say; likewise for all below.
    pub fn insert(&mut self, id: PictureId, details: &Details) -> Result<bool, L::Error> {
        let Ok(number) = u32::try_from(id.0) else { return Ok(false) };
        let keys = details.spots().iter().flat_map(|spot| (0..TABLES).map(|table| key(&spot.description, table)));
        let mut entries: Vec<(u32, [u8; ENTRY])> = keys
            .map(|(key, rest)| {
                let ([n0, n1, n2, n3], [r0, r1]) = (number.to_le_bytes(), rest.to_le_bytes());
                (key, [n0, n1, n2, n3, r0, r1])
            })
            .collect();
        entries.sort_unstable();
        entries.dedup();
        self.lists.append(Space::Part, &entries)?;
        Ok(true)
    }

    /// The pictures that may share a part with this one or its mirror image, those with the most votes first.
    ///
    /// # Errors
    /// As the lists say.
    pub fn candidates(&self, details: &Details, most: usize) -> Result<Vec<Candidate>, L::Error> {
        let pictures = self.lists.pictures()?;
        let slack = SLACK.iter().find(|(most, _)| pictures <= *most).map_or(LEAST_SLACK, |(_, slack)| *slack);
        let mut asking = Vec::with_capacity(details.spots().len() * 8);
        for (mirrored, details) in [(false, details), (true, &details.mirrored())] {
            for (number, spot) in (0..=u16::MAX).zip(details.spots()) {
                asking.extend((0..TABLES).map(|table| {
                    let (key, rest) = key(&spot.description, table);
                    Asking { key, rest, mirrored, spot: number }
                }));
            }
        }
        asking.sort_unstable();
        let groups: Vec<&[Asking]> = asking.chunk_by(|one, two| one.key == two.key).collect();
        let keys: Vec<u32> = groups.iter().filter_map(|group| group.first()).map(|first| first.key).collect();
        let mut votes: Vec<(u32, bool, u16)> = Vec::new();
        // Of the list that is being read: which it is, and the votes that each of its askers has given.
        let (mut current, mut given) = (usize::MAX, Vec::new());
        self.lists.read(Space::Part, &keys, &mut |nth, entries| {
            let Some(group) = groups.get(nth) else { return };
            if current != nth {
                current = nth;
                given.clear();
                given.resize(group.len(), 0);
            }
            for [n0, n1, n2, n3, r0, r1] in entries.as_chunks::<ENTRY>().0 {
                let (picture, rest) = (u32::from_le_bytes([*n0, *n1, *n2, *n3]), u16::from_le_bytes([*r0, *r1]));
                for (asking, given) in group.iter().zip(&mut given) {
                    if (asking.rest ^ rest).count_ones() <= slack && *given < MOST_ALIKE {
                        *given += 1;
                        votes.push((picture, asking.mirrored, asking.spot));
                    }
                }
            }
        })?;
        votes.sort_unstable();
        votes.dedup();
        let mut candidates: Vec<Candidate> = votes
            .chunk_by(|one, two| (one.0, one.1) == (two.0, two.1))
            .filter_map(|group| {
                let (&(picture, mirrored, _), votes) = (group.first()?, u32::try_from(group.len()).ok()?);
                (votes >= LEAST_VOTES).then_some(Candidate { id: PictureId(picture.into()), mirrored, votes })
            })
            .collect();
        candidates.sort_unstable_by_key(|candidate| (std::cmp::Reverse(candidate.votes), candidate.id, candidate.mirrored));
        candidates.truncate(most);
        Ok(candidates)
    }

    /// The pictures that share a part with this one, those that share most spots first.
    ///
    /// `stored` brings the details of a picture that was inserted; one that is none is passed over.
    ///
    /// # Errors
    /// As the lists and `stored` say.
    pub fn find(
        &self,
        details: &Details,
        mut stored: impl FnMut(PictureId) -> Result<Option<Details>, L::Error>,
    ) -> Result<Vec<Shared>, L::Error> {
        let mirror_image = details.mirrored();
        let mut found: Vec<Shared> = Vec::new();
        for candidate in self.candidates(details, CANDIDATES)? {
            let Some(other) = stored(candidate.id)? else { continue };
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
        Ok(found)
    }
}

/// The key of a description in one of the tables, and the bits that may differ: from its first half, which says what is above the median.
/// Each table starts at another bit and steps through the half by a number that is prime to its length, so that a key has bits of all
/// cells.
fn key(description: &Description, table: u32) -> (u32, u16) {
    let half = u128::from(description[0]) | u128::from(description[1]) << 64;
    let bits = (0..32).fold(0_u32, |key, at| key << 1 | (half >> (((table * 32 + at) * 37) % 128)) as u32 & 1);
    (table << 16 | bits >> 16, bits as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::local::tests::scene;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet, HashMap};

    #[test]
    fn a_part_is_found_among_other_pictures() {
        let mut index = PartIndex::<Memory>::default();
        let mut stored = HashMap::new();
        for seed in 0..60 {
            let details = Details::of(&scene(seed, 400, 300, |x, y| (x, y)), Details::MOST);
            assert_eq!(index.insert(PictureId(seed), &details), Ok(true));
            stored.insert(PictureId(seed), details);
        }
        for seed in [3, 40] {
            let crop = Details::of(&scene(seed, 400, 300, |x, y| (60.0 + x * 0.7, 50.0 + y * 0.7)), Details::MOST);
            let mirror = Details::of(&scene(seed, 400, 300, |x, y| (399.0 - x, y)), Details::MOST);
            for (asked, mirrored) in [(crop, false), (mirror, true)] {
                let found = index.find(&asked, |id| Ok(stored.get(&id).cloned())).unwrap();
                let ids: Vec<PictureId> = found.iter().map(|shared| shared.id).collect();
                assert_eq!(ids, [PictureId(seed)], "{found:?}");
                assert_eq!(found[0].likeness.placement.mirrored, mirrored);
            }
        }
        let other = Details::of(&scene(1000, 400, 300, |x, y| (x, y)), Details::MOST);
        assert_eq!(index.find(&other, |id| Ok(stored.get(&id).cloned())), Ok(Vec::new()));
    }

    #[test]
    fn an_empty_index_finds_nothing() {
        let details = Details::of(&scene(1, 200, 150, |x, y| (x, y)), Details::MOST);
        assert_eq!(PartIndex::<Memory>::default().find(&details, |_| Ok(None)), Ok(Vec::new()));
    }

    #[test]
    fn a_key_is_of_as_many_bits_as_it_says() {
        let [mut all, mut none] = [[u64::MAX; 4], [0; 4]];
        (all[2], none[2]) = (0, u64::MAX);
        for table in 0..TABLES {
            assert_eq!(key(&all, table), (table << 16 | 0xffff, 0xffff));
            assert_eq!(key(&none, table), (table << 16, 0));
        }
    }

    /// Details of spots with these descriptions, all at one place.
    fn details(descriptions: &[Description]) -> Details {
        let mut bytes = vec![100, 0, 100, 0, descriptions.len() as u8, 0];
        for description in descriptions {
            bytes.extend([0; 6]);
            bytes.extend(description.iter().flat_map(|word| word.to_le_bytes()));
        }
        Details::from_bytes(&bytes).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// The votes are those that a look at all spots gives.
        #[test]
        fn votes_are_those_of_a_scan(
            pictures in prop::collection::vec(prop::collection::vec((0..6_u64, prop::collection::vec(0..128_usize, 0..12)), 1..20), 1..13),
            asked in prop::collection::vec((0..6_u64, prop::collection::vec(0..128_usize, 0..12)), 1..20),
            more in prop::bool::ANY,
        ) {
            let description = |(kind, flips): &(u64, Vec<usize>)| {
                let mut words = [1, 2, 3, 4].map(|word| (kind * 4 + word).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                for flip in flips {
                    words[flip / 64] ^= 1 << (flip % 64);
                }
                words
            };
            let pictures: Vec<Details> = pictures.iter().map(|spots| details(&spots.iter().map(description).collect::<Vec<_>>())).collect();
            let asked = details(&asked.iter().map(description).collect::<Vec<_>>());
            let mut index = PartIndex::<Memory>::default();
            for (id, details) in (0..).zip(&pictures) {
                index.insert(PictureId(id), details).unwrap();
            }
            let slack = if more { 5 } else { 16 };
            if more {
                // Pictures without spots: there are more than two hundred now.
                (1000..1300).for_each(|id| { index.insert(PictureId(id), &Details::default()).unwrap(); });
            }
            let mut expected: BTreeMap<(u64, bool), BTreeSet<usize>> = BTreeMap::new();
            for (mirrored, asked) in [(false, &asked), (true, &asked.mirrored())] {
                for (number, mine) in asked.spots().iter().enumerate() {
                    for (id, details) in (0..).zip(&pictures) {
                        for theirs in details.spots() {
                            for table in 0..TABLES {
                                let ((one, rest), (two, other)) = (key(&mine.description, table), key(&theirs.description, table));
                                if one == two && (rest ^ other).count_ones() <= slack {
                                    expected.entry((id, mirrored)).or_default().insert(number);
                                }
                            }
                        }
                    }
                }
            }
            let found = index.candidates(&asked, usize::MAX).unwrap();
            let found: BTreeMap<(u64, bool), usize> =
                found.into_iter().map(|found| ((found.id.0, found.mirrored), found.votes as usize)).collect();
            let expected: BTreeMap<_, _> =
                expected.into_iter().map(|(picture, spots)| (picture, spots.len())).filter(|(_, votes)| *votes >= 3).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
