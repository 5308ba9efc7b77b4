//! Agreement between coders: Krippendorff's alpha.
//!
//! Alpha is one minus the disagreement that is observed within units over the disagreement that would be expected if values had fallen on units by
//! chance: 1 is perfect agreement, 0 what chance gives, below 0 systematic disagreement. It takes any number of coders and missing values: a unit
//! counts with the values that it has, and a unit with fewer than two values says nothing. After K. Krippendorff, *Content Analysis* (2004), chapter
//! 11, and *Computing Krippendorff's Alpha-Reliability* (2011), whose worked example is a test below.

use std::collections::BTreeMap;

use serde::Serialize;

/// How values of a field differ from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// They are the same or not.
    Nominal,
    /// By how many values lie between their ranks.
    Ordinal,
    /// By the square of their difference.
    Interval,
    /// By the square of their difference over their sum.
    Ratio,
}

/// How far coders agree on a field.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agreement {
    /// Alpha; null where it has no value: nothing was coded twice, or all values are the same, so that there is nothing to agree on.
    pub alpha: Option<f64>,
    /// Units with two values or more.
    pub units: usize,
    /// Values in these units.
    pub values: usize,
    /// Pairs of values within units.
    pub pairs: usize,
}

/// Alpha of units, each with the values that its coders gave; missing values are left out, and values that are no numbers count as missing.
///
/// Costs as much as sorting the values; on the ratio level, the square of the number of distinct values.
#[must_use]
pub fn alpha(level: Level, units: &[Vec<f64>]) -> Agreement {
    let mut units: Vec<Vec<f64>> =
        units.iter().map(|unit| unit.iter().copied().filter(|value| value.is_finite()).collect()).collect();
    units.retain(|unit| unit.len() >= 2);
    if level == Level::Ordinal {
        to_ranks(&mut units);
    }
    let all: Vec<f64> = units.concat();
    let observed: f64 = units.iter().map(|unit| spread(level, unit) / (unit.len() - 1) as f64).sum();
    let expected = if all.is_empty() { 0.0 } else { spread(level, &all) / (all.len() - 1) as f64 };
    Agreement {
        alpha: (expected > 0.0).then(|| 1.0 - observed / expected),
        units: units.len(),
        values: all.len(),
        pairs: units.iter().map(|unit| unit.len() * (unit.len() - 1) / 2).sum(),
    }
}

/// Alpha of units whose values are words, on the nominal level.
#[must_use]
pub fn nominal_alpha<T: Ord>(units: &[Vec<T>]) -> Agreement {
    let mut known: BTreeMap<&T, f64> = units.iter().flatten().map(|value| (value, 0.0)).collect();
    for (nth, number) in known.values_mut().enumerate() {
        *number = nth as f64;
    }
    let numbered: Vec<Vec<f64>> =
        units.iter().map(|unit| unit.iter().filter_map(|value| known.get(value).copied()).collect()).collect();
    alpha(Level::Nominal, &numbered)
}

/// Values in order, each with how often it is there.
fn counted(values: &[f64]) -> Vec<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut counted: Vec<(f64, f64)> = Vec::new();
    for value in sorted {
        match counted.last_mut().filter(|(last, _)| *last == value) {
            Some((_, count)) => *count += 1.0,
            None => counted.push((value, 1.0)),
        }
    }
    counted
}

/// The sum of the differences over all ordered pairs of values.
fn spread(level: Level, values: &[f64]) -> f64 {
    let many = values.len() as f64;
    match level {
        Level::Nominal => many * many - counted(values).iter().map(|(_, count)| count * count).sum::<f64>(),
        // Squares of differences, from the middle, so that large values lose nothing. Ordinal values are ranks by now.
        Level::Ordinal | Level::Interval => {
            let mean = values.iter().sum::<f64>() / many;
            2.0 * many * values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
        }
        Level::Ratio => {
            let counted = counted(values);
            let mut sum = 0.0;
            for (nth, (a, of_a)) in counted.iter().enumerate() {
                for (b, of_b) in counted.iter().skip(nth + 1) {
                    if a + b != 0.0 {
                        sum += 2.0 * of_a * of_b * ((a - b) / (a + b)).powi(2);
                    }
                }
            }
            sum
        }
    }
}

/// Puts the middle of its ranks in the place of each value: the ordinal difference is the square of the difference of these.
fn to_ranks(units: &mut [Vec<f64>]) {
    let counted = counted(&units.concat());
    let mut before = 0.0;
    let ranks: Vec<(f64, f64)> = counted
        .into_iter()
        .map(|(value, count)| {
            before += count;
            (value, before - count / 2.0)
        })
        .collect();
    for value in units.iter_mut().flatten() {
        if let Some((_, rank)) = ranks.get(ranks.partition_point(|(known, _)| known < value)) {
            *value = *rank;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How far two values are apart.
    type Far<'a> = &'a dyn Fn(f64, f64) -> f64;

    /// The example of Krippendorff (2011): four observers, twelve units, `-` for what is missing.
    fn example() -> Vec<Vec<f64>> {
        let observers = ["123321412---", "1233224125-3", "-3332342251-", "12332441251-"];
        (0..12)
            .map(|unit| {
                observers.iter().filter_map(|row| row.chars().nth(unit)?.to_digit(10)).map(f64::from).collect::<Vec<f64>>()
            })
            .collect()
    }

    #[test]
    fn the_published_example_comes_out() {
        for (level, published) in
            [(Level::Nominal, 0.743), (Level::Ordinal, 0.815), (Level::Interval, 0.849), (Level::Ratio, 0.797)]
        {
            let found = alpha(level, &example());
            assert_eq!((found.units, found.values), (11, 40), "{level:?}");
            let alpha = found.alpha.unwrap();
            assert!((alpha - published).abs() < 0.0005, "{level:?}: {alpha} is not {published}");
        }
    }

    #[test]
    fn where_there_is_nothing_to_agree_on_there_is_no_alpha() {
        for units in [vec![], vec![vec![1.0], vec![2.0]], vec![vec![1.0, 1.0], vec![1.0, 1.0]], vec![vec![f64::NAN, 1.0]]] {
            for level in [Level::Nominal, Level::Ordinal, Level::Interval, Level::Ratio] {
                assert_eq!(alpha(level, &units).alpha, None, "{level:?} {units:?}");
            }
        }
    }

    #[test]
    fn words_are_compared_as_they_are() {
        let units = vec![vec!["ASSAULT", "ASSAULT"], vec!["PROTEST", "PROTEST"], vec!["ASSAULT", "PROTEST"]];
        let found = nominal_alpha(&units);
        assert_eq!((found.units, found.pairs), (3, 3));
        // Of six values, three each: expected 18/5, observed 2.
        assert!((found.alpha.unwrap() - (1.0 - 2.0 / (18.0 / 5.0))).abs() < 1e-12);
    }

    fn levels() -> impl Strategy<Value = Level> {
        prop_oneof![Just(Level::Nominal), Just(Level::Ordinal), Just(Level::Interval), Just(Level::Ratio)]
    }

    proptest! {
        #[test]
        fn perfect_agreement_is_one(level in levels(), values in prop::collection::vec(0u16..50, 2..40), coders in 2usize..5) {
            prop_assume!(values.iter().any(|value| *value != values[0]));
            let units: Vec<Vec<f64>> = values.iter().map(|&value| vec![f64::from(value); coders]).collect();
            let found = alpha(level, &units).alpha.unwrap();
            prop_assert!((found - 1.0).abs() < 1e-9, "{found}");
        }

        #[test]
        fn who_coded_first_changes_nothing(
            level in levels(),
            units in prop::collection::vec(prop::collection::vec(0u16..9, 0..5), 1..30),
            turn in 0usize..5,
        ) {
            let units: Vec<Vec<f64>> = units.into_iter().map(|unit| unit.into_iter().map(f64::from).collect()).collect();
            let turned: Vec<Vec<f64>> = units
                .iter()
                .map(|unit| {
                    let mut unit = unit.clone();
                    if !unit.is_empty() {
                        let by = turn % unit.len();
                        unit.rotate_left(by);
                    }
                    unit
                })
                .collect();
            let (a, b) = (alpha(level, &units), alpha(level, &turned));
            prop_assert_eq!((a.units, a.values, a.pairs), (b.units, b.values, b.pairs));
            match (a.alpha, b.alpha) {
                (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-9, "{} {}", a, b),
                (a, b) => prop_assert_eq!(a, b),
            }
        }

        /// The quick sums are those of the definition, a coincidence at a time.
        #[test]
        fn it_is_that_of_the_definition(units in prop::collection::vec(prop::collection::vec(0u16..9, 2..5), 1..20)) {
            let units: Vec<Vec<f64>> = units.into_iter().map(|unit| unit.into_iter().map(f64::from).collect()).collect();
            let pairs = |values: &[f64], far: &dyn Fn(f64, f64) -> f64| {
                values.iter().flat_map(|a| values.iter().map(move |b| (*a, *b))).map(|(a, b)| far(a, b)).sum::<f64>()
            };
            let plain = |far: &dyn Fn(f64, f64) -> f64| {
                let all = units.concat();
                let observed: f64 = units.iter().map(|unit| pairs(unit, far) / (unit.len() - 1) as f64).sum();
                let expected = pairs(&all, far) / (all.len() - 1) as f64;
                (expected > 0.0).then(|| 1.0 - observed / expected)
            };
            let all = units.concat();
            let times = |value: f64| all.iter().filter(|&&other| other == value).count() as f64;
            let ranks = |a: f64, b: f64| {
                let (low, high) = (a.min(b), a.max(b));
                let mut distinct: Vec<f64> = all.iter().copied().filter(|value| (low..=high).contains(value)).collect();
                distinct.sort_unstable_by(f64::total_cmp);
                distinct.dedup();
                (distinct.into_iter().map(times).sum::<f64>() - (times(a) + times(b)) / 2.0).powi(2)
            };
            let ratio = |a: f64, b: f64| if a + b == 0.0 { 0.0 } else { ((a - b) / (a + b)).powi(2) };
            let far: [(Level, Far<'_>); 4] = [
                (Level::Nominal, &|a, b| f64::from(a != b)),
                (Level::Ordinal, &ranks),
                (Level::Interval, &|a, b| (a - b).powi(2)),
                (Level::Ratio, &ratio),
            ];
            for (level, far) in far {
                match (alpha(level, &units).alpha, plain(far)) {
                    (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-9, "{:?}: {} {}", level, a, b),
                    (a, b) => prop_assert_eq!(a, b),
                }
            }
        }
    }
}
