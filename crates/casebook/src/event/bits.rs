/// A set of events, a bit for each that could be: ids of events are small, as they are ids of happenings.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// The largest id that a set takes; it then needs 8 MiB.
    pub(super) const MOST: i64 = 1 << 26;

    /// Adds an id; one that is beyond the limits is left out.
    pub(super) fn add(&mut self, id: i64) {
        if !(0..=Self::MOST).contains(&id) {
            return;
        }
        let (word, bit) = ((id / 64) as usize, id % 64);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    /// Keeps what is in the other too.
    pub(super) fn meet(&mut self, other: &Self) {
        self.0.truncate(other.0.len());
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// The ids in ascending order.
    pub(super) fn ids(&self) -> Vec<i64> {
        let mut ids = Vec::new();
        for (nth, &word) in self.0.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                ids.push(nth as i64 * 64 + i64::from(rest.trailing_zeros()));
                rest &= rest - 1;
            }
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn as_a_set_of_numbers(a in prop::collection::btree_set(0i64..400, 0..60), b in prop::collection::btree_set(0i64..300, 0..60)) {
            let bits = |ids: &BTreeSet<i64>| {
                let mut bits = Bits::default();
                ids.iter().for_each(|&id| bits.add(id));
                bits
            };
            let mut met = bits(&a);
            met.meet(&bits(&b));
            prop_assert_eq!(met.ids(), a.intersection(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(bits(&a).ids(), a.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn ids_beyond_the_limits_are_left_out() {
        let mut bits = Bits::default();
        [-1, i64::MAX, Bits::MOST + 1, 7].into_iter().for_each(|id| bits.add(id));
        assert_eq!(bits.ids(), [7]);
    }
}
