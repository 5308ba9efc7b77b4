//! Pairs of what is marked and what was found.

use std::collections::{HashMap, HashSet};

/// Precision, recall and F1; nothing to find and nothing found is 1.
pub(crate) fn precision_recall_f1(right: usize, predicted: usize, gold: usize) -> [f64; 3] {
    if predicted == 0 && gold == 0 {
        return [1.0; 3];
    }
    let share = |of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
    let (p, r) = (share(predicted), share(gold));
    [p, r, if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }]
}

/// The one-to-one pairs with the largest sum of weights (Kuhn 1955, in the form with potentials): for each row its column.
/// A weight of 0 means that the two may not pair.
pub(crate) fn assign(weights: &[Vec<i64>]) -> HashMap<usize, usize> {
    let (rows, columns) = (weights.len(), weights.first().map_or(0, Vec::len));
    let size = rows.max(columns);
    if rows == 0 || columns == 0 {
        return HashMap::new();
    }
    let weight = |i: usize, j: usize| weights.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
    let far = i64::MAX / 4;
    let (mut u, mut v, mut p, mut way) = (vec![0; size + 1], vec![0; size + 1], vec![0; size + 1], vec![0; size + 1]);
    for i in 1..=size {
        p[0] = i;
        let mut j0 = 0;
        let (mut least, mut used) = (vec![far; size + 1], vec![false; size + 1]);
        loop {
            used[j0] = true;
            let (i0, mut delta, mut j1) = (p[j0], far, 0);
            for j in 1..=size {
                if used[j] {
                    continue;
                }
                let cost = -weight(i0 - 1, j - 1) - u[i0] - v[j];
                if cost < least[j] {
                    least[j] = cost;
                    way[j] = j0;
                }
                if least[j] < delta {
                    delta = least[j];
                    j1 = j;
                }
            }
            for j in 0..=size {
                if used[j] {
                    u[p[j]] += delta;
                    v[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            j0 = j1;
            if p[j0] == 0 {
                break;
            }
        }
        while j0 != 0 {
            let j1 = way[j0];
            p[j0] = p[j1];
            j0 = j1;
        }
    }
    (1..=size).filter(|&j| weight(p[j] - 1, j - 1) > 0).map(|j| (p[j] - 1, j - 1)).collect()
}

/// A largest one-to-one matching; `edges[i]` lists the partners that are open to `i`. Gives for each partner who has it.
pub(crate) fn most_pairs(edges: &[Vec<usize>]) -> HashMap<usize, usize> {
    fn place(i: usize, edges: &[Vec<usize>], seen: &mut HashSet<usize>, partner: &mut HashMap<usize, usize>) -> bool {
        for &j in edges.get(i).map_or(&[][..], Vec::as_slice) {
            if !seen.insert(j) {
                continue;
            }
            let free = match partner.get(&j).copied() {
                None => true,
                Some(other) => place(other, edges, seen, partner),
            };
            if free {
                partner.insert(j, i);
                return true;
            }
        }
        false
    }
    let mut partner = HashMap::new();
    for i in 0..edges.len() {
        place(i, edges, &mut HashSet::new(), &mut partner);
    }
    partner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignment_takes_the_largest_sum() {
        let pairs = assign(&[vec![5, 4], vec![4, 0], vec![0, 0]]);
        assert_eq!(pairs, HashMap::from([(0, 1), (1, 0)]));
        assert!(assign(&[]).is_empty() && assign(&[vec![], vec![]]).is_empty());
    }

    #[test]
    fn matching_moves_earlier_pairs_aside() {
        let partner = most_pairs(&[vec![0, 1], vec![0], vec![0]]);
        assert_eq!(partner, HashMap::from([(0, 1), (1, 0)]));
    }

    #[test]
    fn nothing_to_find_is_all_found() {
        assert_eq!(precision_recall_f1(0, 0, 0), [1.0; 3]);
        assert_eq!(precision_recall_f1(0, 3, 0), [0.0; 3]);
        assert_eq!(precision_recall_f1(1, 2, 1), [0.5, 1.0, 2.0 / 3.0]);
    }
}
