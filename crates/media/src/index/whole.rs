//! The nearest of a million fingerprints of 256 bits.
//!
//! Multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing", 2014): of two
//! fingerprints that differ in at most 31 bits, one of their 16 parts of 16 bits differs in at most one bit. So it is enough to look at
//! those that have, in some part, one of 17 values. A scan of all is kept for wider searches, and as what the tests compare with.

use super::PictureId;
use crate::fingerprint::{Hashed, Pdq, Symmetry};

/// Parts of a fingerprint that have a table each, and values of one.
const PARTS: usize = 16;
const VALUES: usize = 1 << 16;
/// New fingerprints that are scanned one by one before the tables are made anew; more of them when there are many old ones.
const LEAST_RECENT: usize = 4096;

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
/// use dateline_media::{Pdq, index::{PictureId, WholeIndex}};
///
/// let mut index = WholeIndex::default();
/// index.insert(PictureId(7), Pdq::from_words([1, 2, 3, 4]));
/// index.insert(PictureId(8), Pdq::from_words([!1, !2, !3, !4]));
/// let found = index.near(&Pdq::from_words([1, 2, 3, 5]), Pdq::NEAR);
/// assert_eq!(found.len(), 1);
/// assert_eq!((found[0].id, found[0].distance), (PictureId(7), 1));
/// ```
#[derive(Debug, Clone, Default)]
pub struct WholeIndex {
    ids: Vec<PictureId>,
    fingerprints: Vec<Pdq>,
    /// How many of them are in the tables; the others were added since.
    settled: usize,
    tables: Vec<Table>,
}

/// For one part: the fingerprints ordered by its value, and where each value starts.
#[derive(Debug, Clone)]
struct Table {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl WholeIndex {
    /// Adds a picture. One that is there already is there twice.
    pub fn insert(&mut self, id: PictureId, fingerprint: Pdq) {
        self.ids.push(id);
        self.fingerprints.push(fingerprint);
        if self.fingerprints.len() - self.settled > LEAST_RECENT.max(self.settled / 8) {
            self.settle();
        }
    }

    /// Pictures in the index.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The pictures within a distance, in bits, the nearest first.
    pub fn near(&self, fingerprint: &Pdq, radius: u32) -> Vec<Near> {
        let mut found = Vec::new();
        self.collect(fingerprint, radius, Symmetry::Same, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The pictures within a distance of a picture however mirrored and turned by quarters; each once, as what it is nearest to.
    pub fn near_any(&self, hashed: &Hashed, radius: u32) -> Vec<Near> {
        let mut found = Vec::new();
        for symmetry in Symmetry::ALL {
            self.collect(&hashed.variant(symmetry), radius, symmetry, &mut found);
        }
        found.sort_unstable_by_key(|near| (near.id, near.distance, near.symmetry));
        found.dedup_by_key(|near| near.id);
        found.sort_unstable();
        found
    }

    /// The same as [`WholeIndex::near`] by a look at all.
    pub fn near_by_scan(&self, fingerprint: &Pdq, radius: u32) -> Vec<Near> {
        let mut found = Vec::new();
        self.scan(0, fingerprint, radius, Symmetry::Same, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn collect(&self, fingerprint: &Pdq, radius: u32, symmetry: Symmetry, found: &mut Vec<Near>) {
        // Wider than that, a part may differ in two bits.
        if radius >= 2 * PARTS as u32 {
            return self.scan(0, fingerprint, radius, symmetry, found);
        }
        for (part, table) in self.tables.iter().enumerate() {
            let value = part_of(fingerprint, part);
            for key in std::iter::once(value).chain((0..16).map(|bit| value ^ (1 << bit))) {
                for &member in table.members(key) {
                    let (Some(other), Some(&id)) = (self.fingerprints.get(member as usize), self.ids.get(member as usize)) else {
                        continue;
                    };
                    let distance = fingerprint.distance(other);
                    if distance <= radius {
                        found.push(Near { distance, id, symmetry });
                    }
                }
            }
        }
        self.scan(self.settled, fingerprint, radius, symmetry, found);
    }

    fn scan(&self, from: usize, fingerprint: &Pdq, radius: u32, symmetry: Symmetry, found: &mut Vec<Near>) {
        for (other, &id) in self.fingerprints.iter().zip(&self.ids).skip(from) {
            let distance = fingerprint.distance(other);
            if distance <= radius {
                found.push(Near { distance, id, symmetry });
            }
        }
    }

    /// Puts all fingerprints into the tables.
    fn settle(&mut self) {
        // The index of a picture has 32 bits: what is beyond stays with the recent ones.
        let count = u32::try_from(self.fingerprints.len()).unwrap_or(u32::MAX);
        let all = self.fingerprints.get(..count as usize).unwrap_or_default();
        self.tables = (0..PARTS).map(|part| Table::of(all, part)).collect();
        self.settled = all.len();
    }
}

impl Table {
    fn of(fingerprints: &[Pdq], part: usize) -> Self {
        let mut starts = vec![0_u32; VALUES + 1];
        for fingerprint in fingerprints {
            if let Some(start) = starts.get_mut(part_of(fingerprint, part) + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut members = vec![0; fingerprints.len()];
        for (at, fingerprint) in (0..).zip(fingerprints) {
            if let Some(place) = next.get_mut(part_of(fingerprint, part)) {
                if let Some(member) = members.get_mut(*place as usize) {
                    *member = at;
                }
                *place += 1;
            }
        }
        Self { starts, members }
    }

    fn members(&self, key: usize) -> &[u32] {
        let (Some(&start), Some(&end)) = (self.starts.get(key), self.starts.get(key + 1)) else { return &[] };
        self.members.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The value of one part: a row of frequencies.
#[inline]
fn part_of(fingerprint: &Pdq, part: usize) -> usize {
    (fingerprint.words()[(part / 4) % 4] >> (part % 4 * 16)) as usize & (VALUES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// What the tables find is what a look at all finds.
        #[test]
        fn the_tables_find_what_a_scan_finds(count in 1..9000_u64, radius in 0..40_u32, near in prop::collection::vec((any::<u64>(), prop::collection::vec(0..256_usize, 0..40)), 1..30)) {
            let mut index = WholeIndex::default();
            for seed in 0..count {
                index.insert(PictureId(seed), fingerprint(seed));
            }
            let mut asked = Vec::new();
            for (id, (seed, flips)) in (count..).zip(near) {
                let mut words = fingerprint(seed % count).words();
                for flip in flips {
                    words[flip / 64] ^= 1 << (flip % 64);
                }
                index.insert(PictureId(id), Pdq::from_words(words));
                asked.push(Pdq::from_words(words));
                asked.push(fingerprint(seed % count));
            }
            prop_assert_eq!(index.len() as u64, count + asked.len() as u64 / 2);
            for fingerprint in &asked {
                let found = index.near(fingerprint, radius);
                prop_assert!(!found.is_empty());
                prop_assert_eq!(found, index.near_by_scan(fingerprint, radius));
            }
        }
    }
}
