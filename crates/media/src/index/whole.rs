//! The nearest of a million fingerprints of 256 bits.
//!
//! Multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing", 2014): of two
//! fingerprints that differ in at most 31 bits, one of their 16 parts of 16 bits differs in at most one bit. So it is enough to look at
//! those that have, in some part, one of 17 values.
//!
//! A part is a row of frequencies. A mirror turns every second bit of it, turning upside down all or the others, but for the few that
//! lie at the median. So the four values that a part may have so are one key: the lists that the eight ways ask for are mostly the same,
//! and each is read once. The whole fingerprint stands in each entry, so that nothing else need be read.

use super::PictureId;
use super::lists::{Lists, Memory, Space};
use crate::fingerprint::{Pdq, Symmetry};

/// Parts of a fingerprint.
const PARTS: usize = 16;
/// Bytes of an entry: the picture's number (4), the words of its fingerprint (32), little-endian.
const ENTRY: usize = 36;

/// A picture that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near {
    /// Bits that differ.
    pub distance: u32,
    /// Which picture.
    pub id: PictureId,
    /// How the picture that was asked about must be mirrored or turned to look like this one.
    pub symmetry: Symmetry,
}

/// Fingerprints of whole pictures, to be searched by distance.
///
/// ```
/// use dateline_media::{Pdq, index::{Memory, PictureId, WholeIndex}};
///
/// let mut index = WholeIndex::<Memory>::default();
/// index.insert(PictureId(7), &Pdq::from_words([1, 2, 3, 4]))?;
/// index.insert(PictureId(8), &Pdq::from_words([!1, !2, !3, !4]))?;
/// let found = index.near(&Pdq::from_words([1, 2, 3, 5]))?;
/// assert_eq!(found.len(), 1);
/// assert_eq!((found[0].id, found[0].distance), (PictureId(7), 1));
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct WholeIndex<L = Memory> {
    lists: L,
}

impl<L: Lists> WholeIndex<L> {
    /// The index over these lists.
    pub fn over(lists: L) -> Self {
        Self { lists }
    }

    /// Adds a picture. False where its number is no longer one of 32 bits.
    ///
    /// # Errors
    /// As the lists say; likewise for all below.
    pub fn insert(&mut self, id: PictureId, fingerprint: &Pdq) -> Result<bool, L::Error> {
        let Ok(number) = u32::try_from(id.0) else { return Ok(false) };
        let mut entry = [0; ENTRY];
        let bytes =
            [number.to_le_bytes()].into_iter().flatten().chain(fingerprint.words().into_iter().flat_map(u64::to_le_bytes));
        entry.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
        let entries: Vec<_> = (0..PARTS).map(|part| (key(part, value(fingerprint, part)), entry)).collect();
        self.lists.append(Space::Whole, &entries)?;
        Ok(true)
    }

    /// The pictures within [`Pdq::NEAR`] bits, the nearest first.
    ///
    /// # Errors
    /// As the lists say.
    pub fn near(&self, fingerprint: &Pdq) -> Result<Vec<Near>, L::Error> {
        self.search(&[(Symmetry::Same, *fingerprint)])
    }

    /// The pictures within [`Pdq::NEAR`] bits of a picture however mirrored and turned by quarters, the nearest first; each once, as what
    /// it is nearest to. The fingerprints are in the order of [`Symmetry::ALL`], as [`Hashed::variants`](crate::fingerprint::Hashed::variants)
    /// gives them.
    ///
    /// # Errors
    /// As the lists say.
    pub fn near_any(&self, variants: &[Pdq; 8]) -> Result<Vec<Near>, L::Error> {
        let asked: Vec<_> = Symmetry::ALL.into_iter().zip(*variants).collect();
        self.search(&asked)
    }

    fn search(&self, asked: &[(Symmetry, Pdq)]) -> Result<Vec<Near>, L::Error> {
        // Who asks for which list, a bit each.
        let mut wanted: Vec<(u32, u8)> = Vec::with_capacity(asked.len() * PARTS * 17);
        for (nth, (_, fingerprint)) in asked.iter().enumerate() {
            for part in 0..PARTS {
                let value = value(fingerprint, part);
                let values = std::iter::once(value).chain((0..16).map(|bit| value ^ (1 << bit)));
                wanted.extend(values.map(|value| (key(part, value), 1 << nth)));
            }
        }
        wanted.sort_unstable();
        let (mut keys, mut askers): (Vec<u32>, Vec<u8>) = (Vec::new(), Vec::new());
        for (key, asker) in wanted {
            match (keys.last(), askers.last_mut()) {
                (Some(last), Some(askers)) if *last == key => *askers |= asker,
                _ => {
                    keys.push(key);
                    askers.push(asker);
                }
            }
        }
        let mut found = Vec::new();
        self.lists.read(Space::Whole, &keys, &mut |nth, entries| {
            let askers = askers.get(nth).copied().unwrap_or(0);
            for entry in entries.as_chunks::<ENTRY>().0 {
                let (id, fingerprint) = read(entry);
                for (bit, (symmetry, asked)) in asked.iter().enumerate() {
                    if askers & (1 << bit) != 0
                        && let Some(distance) = within(asked, &fingerprint)
                    {
                        found.push(Near { distance, id, symmetry: *symmetry });
                    }
                }
            }
        })?;
        found.sort_unstable_by_key(|near| (near.id, near.distance, near.symmetry));
        found.dedup_by_key(|near| near.id);
        found.sort_unstable();
        Ok(found)
    }
}

/// The distance, where it is not above [`Pdq::NEAR`]. Of most pictures half of the bits are enough to see that it is.
#[inline]
fn within(one: &Pdq, two: &Pdq) -> Option<u32> {
    let ([a, b, c, d], [e, f, g, h]) = (one.words(), two.words());
    let half = (a ^ e).count_ones() + (b ^ f).count_ones();
    if half > Pdq::NEAR {
        return None;
    }
    Some(half + (c ^ g).count_ones() + (d ^ h).count_ones()).filter(|distance| *distance <= Pdq::NEAR)
}

fn read(entry: &[u8; ENTRY]) -> (PictureId, Pdq) {
    let [n0, n1, n2, n3, rest @ ..] = entry;
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(rest.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    (PictureId(u32::from_le_bytes([*n0, *n1, *n2, *n3]).into()), Pdq::from_words(words))
}

/// The value of one part: a row of frequencies.
#[inline]
fn value(fingerprint: &Pdq, part: usize) -> u16 {
    (fingerprint.words()[(part / 4) % 4] >> (part % 4 * 16)) as u16
}

/// The list of a part's value and of those that mirrors make of it.
#[inline]
fn key(part: usize, mut value: u16) -> u32 {
    if value & 0x8000 != 0 {
        value ^= 0xaaaa;
    }
    if value & 0x4000 != 0 {
        value ^= 0x5555;
    }
    (part as u32) << 14 | u32::from(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::local::tests::scene;
    use proptest::prelude::*;

    /// Numbers that look random.
    fn mix(mut state: u64) -> u64 {
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^ (state >> 31)
    }

    fn fingerprint(seed: u64) -> Pdq {
        Pdq::from_words([1, 2, 3, 4].map(|word| mix(seed.wrapping_mul(4).wrapping_add(word))))
    }

    /// What the index should find, by a look at all.
    fn scan(all: &[Pdq], asked: &[(Symmetry, Pdq)]) -> Vec<Near> {
        let mut found = Vec::new();
        for (id, fingerprint) in (0..).map(PictureId).zip(all) {
            let nearest =
                asked.iter().map(|(symmetry, asked)| Near { distance: asked.distance(fingerprint), id, symmetry: *symmetry });
            found.extend(nearest.min().filter(|near| near.distance <= Pdq::NEAR));
        }
        found.sort_unstable();
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// What the lists find is what a look at all finds, one way and eight ways.
        #[test]
        fn the_lists_find_what_a_scan_finds(
            count in 1..3000_u64,
            near in prop::collection::vec((any::<u64>(), prop::collection::vec(0..256_usize, 0..44)), 1..30),
        ) {
            let mut all: Vec<Pdq> = (0..count).map(fingerprint).collect();
            let mut asked = Vec::new();
            for (seed, flips) in near {
                let mut words = fingerprint(seed % count).words();
                for flip in flips {
                    words[flip / 64] ^= 1 << (flip % 64);
                }
                all.push(Pdq::from_words(words));
                asked.extend([Pdq::from_words(words), fingerprint(seed % count)]);
            }
            let mut index = WholeIndex::<Memory>::default();
            for (id, fingerprint) in (0..).zip(&all) {
                index.insert(PictureId(id), fingerprint).unwrap();
            }
            for fingerprint in &asked {
                let found = index.near(fingerprint).unwrap();
                prop_assert!(!found.is_empty());
                prop_assert_eq!(found, scan(&all, &[(Symmetry::Same, *fingerprint)]));
            }
            for eight in asked.chunks_exact(8) {
                let eight: [Pdq; 8] = eight.try_into().unwrap();
                let ways: Vec<_> = Symmetry::ALL.into_iter().zip(eight).collect();
                prop_assert_eq!(index.near_any(&eight).unwrap(), scan(&all, &ways));
            }
        }
    }

    #[test]
    fn a_picture_is_found_from_each_of_its_mirror_images() {
        let picture = Pdq::of(&scene(5, 300, 200, |x, y| (x, y))).unwrap();
        let mut index = WholeIndex::<Memory>::default();
        for (id, variant) in (0..).zip(picture.variants()) {
            index.insert(PictureId(id), &variant).unwrap();
        }
        let found = index.near_any(&picture.variants()).unwrap();
        assert_eq!(found.len(), 8);
        for near in found {
            assert_eq!((near.distance, Some(&near.symmetry)), (0, Symmetry::ALL.get(near.id.0 as usize)));
        }
    }

    #[test]
    fn the_lists_of_mirror_images_are_mostly_the_same() {
        let picture = Pdq::of(&scene(6, 300, 200, |x, y| (x, y))).unwrap();
        let keys = |symmetry| -> Vec<u32> {
            let fingerprint = picture.variant(symmetry);
            (0..PARTS).map(|part| key(part, value(&fingerprint, part))).collect()
        };
        let same = |one: Vec<u32>, two: Vec<u32>| one.iter().zip(&two).filter(|(one, two)| one == two).count();
        assert!(same(keys(Symmetry::Same), keys(Symmetry::Mirrored)) >= 8);
        assert!(same(keys(Symmetry::Transposed), keys(Symmetry::Quarter)) >= 8);
    }

    #[test]
    fn a_number_that_is_too_large_is_said_to_be() {
        let mut index = WholeIndex::<Memory>::default();
        assert_eq!(index.insert(PictureId(1 << 32), &fingerprint(1)), Ok(false));
        assert_eq!(index.near(&fingerprint(1)), Ok(Vec::new()));
    }
}
