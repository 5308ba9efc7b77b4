//! Texts made of several others: digests, round-ups, live pages.

/// A compilation has no source that gives this share of it.
const LARGEST_PIECE: f32 = 0.5;
/// A piece adds at least this share of the compilation that no larger piece covers.
const SMALLEST_PIECE: f32 = 0.08;
/// All pieces together make up at least this share.
const TOGETHER: f32 = 0.45;
/// From so many sources.
const PIECES: usize = 3;

/// Whether a text of `length` runs is made of several sources; each of `covered` holds the positions of the runs that one source
/// gives. Copies of one source cover the same positions and count once.
pub(crate) fn is_compilation(length: usize, covered: &mut [Vec<u32>]) -> bool {
    if length == 0 || covered.len() < PIECES {
        return false;
    }
    let share = |runs: usize| runs as f32 / length as f32;
    if covered.iter().any(|positions| share(positions.len()) >= LARGEST_PIECE) {
        return false;
    }
    covered.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let mut taken = vec![false; length];
    let (mut pieces, mut together) = (0, 0);
    for positions in covered.iter() {
        let fresh = positions.iter().filter(|&&at| taken.get(at as usize) == Some(&false)).count();
        if share(fresh) < SMALLEST_PIECE || fresh * 2 < positions.len() {
            continue;
        }
        pieces += 1;
        together += fresh;
        for &at in positions {
            if let Some(slot) = taken.get_mut(at as usize) {
                *slot = true;
            }
        }
    }
    pieces >= PIECES && share(together) >= TOGETHER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_disjoint_sources_make_a_compilation() {
        let mut covered = vec![(0..20).collect(), (25..45).collect(), (50..70).collect()];
        assert!(is_compilation(80, &mut covered));
    }

    #[test]
    fn copies_of_one_source_are_one_piece() {
        let mut covered = vec![(0..30).collect(), (0..30).collect(), (0..29).collect(), (1..30).collect()];
        assert!(!is_compilation(80, &mut covered));
    }

    #[test]
    fn one_main_source_makes_a_copy() {
        let mut covered = vec![(0..50).collect(), (50..65).collect(), (65..80).collect()];
        assert!(!is_compilation(80, &mut covered));
    }
}
