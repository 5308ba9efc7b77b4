//! A happening as it stands in the tables: an outline of fixed length, then its facts.
//!
//! Most happenings that share a block lie on other days. The outline shows that without decoding the facts.

use super::compare::{REPORTED_LATE, family, stretch};
use crate::facts::EventFacts;
use crate::store::{IndexError, Space, decode};

/// What excludes most pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outline {
    family: Option<u8>,
    /// First and last day, and whether the report says so itself.
    days: Option<(i64, i64, bool)>,
}

/// Bytes of an outline: family, how the days are known, first and last day, least first.
const LENGTH: usize = 18;

impl Outline {
    pub(super) fn of(facts: &EventFacts) -> Self {
        Self { family: facts.kind.map(family), days: stretch(facts) }
    }

    /// Whether the two cannot be one, as [`super::similarity`] would find: it then gives a veto.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        if self.family.zip(other.family).is_some_and(|(a, b)| a != b) {
            return true;
        }
        let (Some((a0, a1, a_said)), Some((b0, b1, b_said))) = (self.days, other.days) else { return false };
        let gap = a0.max(b0).saturating_sub(a1.min(b1));
        gap > 0 && ((a_said && b_said) || gap > REPORTED_LATE)
    }

    fn encode(self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        let (first, last, known) = match self.days {
            None => (0, 0, 0),
            Some((first, last, said)) => (first, last, if said { 2 } else { 1 }),
        };
        let parts = [self.family.map_or(u8::MAX, |family| family), known]
            .into_iter()
            .chain(first.to_le_bytes())
            .chain(last.to_le_bytes());
        bytes.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        bytes
    }

    fn decode(bytes: &[u8; LENGTH]) -> Option<Self> {
        let (&[family, known], days) = bytes.split_first_chunk::<2>()?;
        let (&first, last) = days.split_first_chunk::<8>()?;
        let (first, last) = (i64::from_le_bytes(first), i64::from_le_bytes(last.try_into().ok()?));
        let days = match known {
            0 => None,
            1 | 2 => Some((first, last, known == 2)),
            _ => return None,
        };
        Some(Self { family: (family != u8::MAX).then_some(family), days })
    }
}

/// A happening for the tables.
pub(super) fn encode<E>(id: u64, facts: &EventFacts) -> Result<Vec<u8>, IndexError<E>> {
    let bytes = Outline::of(facts).encode().to_vec();
    // Only a sequence of unknown length or a full buffer can fail here, and there is neither.
    postcard::to_extend(facts, bytes).map_err(|_| IndexError::Damaged { space: Space::EventFacts, id })
}

/// The outline of a happening in the tables, and its facts for [`facts`].
pub(super) fn outline<E>(id: u64, bytes: &[u8]) -> Result<(Outline, &[u8]), IndexError<E>> {
    let parts = bytes.split_first_chunk::<LENGTH>().and_then(|(outline, facts)| Some((Outline::decode(outline)?, facts)));
    parts.ok_or(IndexError::Damaged { space: Space::EventFacts, id })
}

/// Facts from behind an outline.
pub(super) fn facts<E>(id: u64, bytes: &[u8]) -> Result<EventFacts, IndexError<E>> {
    decode(Space::EventFacts, id, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::similarity;
    use dateline_record::EventType;
    use proptest::prelude::*;
    use std::convert::Infallible;

    fn date() -> impl Strategy<Value = Option<dateline_record::Edtf>> {
        let day = (3..5, 1..29).prop_map(|(month, day)| format!("2024-{month:02}-{day:02}"));
        prop_oneof![Just(None), day.prop_map(|day| day.parse().ok()), Just("2024-03".parse().ok()), Just("2024".parse().ok())]
    }

    prop_compose! {
        fn any_facts()(kind in proptest::option::of(0..16_usize), when in date(), published in date(), old in any::<bool>()) -> EventFacts {
            let kind = kind.and_then(|kind| EventType::ALL.get(kind).copied());
            let words = if old { vec!["anniversary".into()] } else { vec!["market".into()] };
            EventFacts { kind, when, published, words, ..EventFacts::default() }
        }
    }

    proptest! {
        #[test]
        fn an_outline_excludes_only_what_likeness_vetoes(a in any_facts(), b in any_facts()) {
            let (x, y) = (Outline::of(&a), Outline::of(&b));
            prop_assert_eq!(x.excludes(&y), y.excludes(&x));
            prop_assert!(!x.excludes(&y) || similarity(&a, &b).veto);
        }

        #[test]
        fn a_happening_comes_back(held in any_facts()) {
            let bytes = encode::<Infallible>(1, &held).unwrap();
            let (shape, rest) = outline::<Infallible>(1, &bytes).unwrap();
            prop_assert_eq!(shape, Outline::of(&held));
            prop_assert_eq!(facts::<Infallible>(1, rest).unwrap(), held);
            for end in 0..bytes.len() {
                let cut = outline::<Infallible>(1, &bytes[..end]).and_then(|(_, rest)| facts(1, rest));
                prop_assert!(cut.is_err());
            }
        }
    }
}
