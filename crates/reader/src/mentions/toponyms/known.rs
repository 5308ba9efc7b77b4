//! What the gazetteer makes of a name, in brief: the likeliest sort of place, and how well known it is.

use dateline_gazetteer::{Gazetteer, How, PlaceKind};

/// The likeliest place of a name, for telling names of places from other names. Which of its namesakes is meant is decided later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Known {
    pub(super) kind: PlaceKind,
    pub(super) how: How,
    pub(super) population: u32,
}

/// Places of one name that are looked at; they come most populous first.
const NAMESAKES: usize = 12;

/// Inhabitants from which a town is known beyond its region, and from which it is in its region.
pub(super) const LARGE: u32 = 200_000;
pub(super) const MIDDLING: u32 = 20_000;
const MILLIONS: u32 = 1_000_000;

/// The best known place of this name; `None` when there is none, or the name is an adjective.
pub(super) fn known(gazetteer: &Gazetteer, name: &str) -> Option<Known> {
    let mut best: Option<(u32, Known)> = None;
    for candidate in gazetteer.lookup(name).take(NAMESAKES) {
        if candidate.how == How::Adjective {
            continue;
        }
        let Some(place) = gazetteer.place(candidate.place) else { continue };
        let known = Known { kind: place.kind, how: candidate.how, population: place.population };
        let rank = rank(&known);
        if best.is_none_or(|(most, _)| rank > most) {
            best = Some((rank, known));
        }
    }
    best.map(|(_, known)| known)
}

fn rank(known: &Known) -> u32 {
    let by_kind = match known.kind {
        PlaceKind::Country => 36,
        PlaceKind::Region | PlaceKind::Natural => 26,
        PlaceKind::Admin1 if known.population >= MILLIONS => 25,
        PlaceKind::Admin1 => 20,
        PlaceKind::Settlement if known.population >= MILLIONS => 24,
        PlaceKind::Settlement if known.population >= LARGE => 21,
        PlaceKind::Settlement if known.population >= MIDDLING => 18,
        PlaceKind::Settlement => 14,
        PlaceKind::Admin2 => 13,
    };
    match known.how {
        How::Code => by_kind + 40,
        How::Alternate => by_kind - 6,
        _ => by_kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_known_namesake_is_taken() {
        let gazetteer = Gazetteer::embedded();
        let kind = |name: &str| known(gazetteer, name).map(|known| known.kind);
        assert_eq!(kind("Georgia"), Some(PlaceKind::Country));
        assert_eq!(kind("Paris"), Some(PlaceKind::Settlement));
        assert_eq!(kind("Kursk Oblast"), Some(PlaceKind::Admin1));
        assert_eq!(kind("U.S."), Some(PlaceKind::Country));
        assert_eq!(kind("Kurdish"), None);
        assert_eq!(kind("Qwertyville"), None);
    }
}
