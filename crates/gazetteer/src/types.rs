//! Words that say what sort of place a name is: *Kursk oblast*, *Anbar province*, *Kharkiv front*.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::lines::rows;

const TYPE_WORDS: &str = include_str!("../data/type_words.tsv");

/// The sort of place that a type word speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypeClass {
    /// First-level division: oblast, province, governorate, state.
    Division,
    /// Second-level division: county, district, raion.
    District,
    /// City, town, village, camp.
    Settlement,
    /// Land around or part of the place: sector, front, countryside, *northern*.
    Area,
    /// No particular sort (*the*, *occupied*).
    Any,
}

/// Words that make a name one of a building, street or body, or are half a name only.
static GENERIC: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| rows::<1>(include_str!("../data/facility_words.tsv")).map(|[word]| word).collect());

/// Whether a folded word is no name by itself (*street*, *western*).
pub(crate) fn is_generic(key: &str) -> bool {
    GENERIC.contains(key)
}

struct TypeWord {
    /// With the space that joins it to the name.
    affix: String,
    after: bool,
    class: TypeClass,
}

static WORDS: LazyLock<Vec<TypeWord>> = LazyLock::new(|| {
    let mut words: Vec<TypeWord> = rows::<3>(TYPE_WORDS)
        .map(|[word, position, class]| TypeWord {
            affix: if position == "after" { format!(" {word}") } else { format!("{word} ") },
            after: position == "after",
            class: match class {
                "division" => TypeClass::Division,
                "district" => TypeClass::District,
                "settlement" => TypeClass::Settlement,
                "area" => TypeClass::Area,
                _ => TypeClass::Any,
            },
        })
        .collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.affix.len()));
    words
});

/// Takes one type word off a folded name: the words after the name first, the longest first.
pub(crate) fn strip(key: &str) -> Option<(&str, TypeClass)> {
    let take = |after: bool| {
        WORDS.iter().filter(|w| w.after == after).find_map(|w| {
            let rest = if after { key.strip_suffix(w.affix.as_str()) } else { key.strip_prefix(w.affix.as_str()) };
            rest.filter(|r| !r.is_empty()).map(|r| (r, w.class))
        })
    };
    take(true).or_else(|| take(false))
}

/// A division's folded name without its type word (*kursk oblast* → *kursk*); `None` when it has none.
pub fn without_type_word(key: &str) -> Option<&str> {
    strip(key)
        .filter(|(_, class)| matches!(class, TypeClass::Division | TypeClass::District | TypeClass::Settlement))
        .map(|(rest, _)| rest)
}

#[cfg(test)]
mod tests {
    use super::{TypeClass, strip, without_type_word};

    #[test]
    fn type_words_come_off_on_either_side() {
        assert_eq!(strip("kursk oblast"), Some(("kursk", TypeClass::Division)));
        assert_eq!(strip("kharkiv front"), Some(("kharkiv", TypeClass::Area)));
        assert_eq!(strip("state of texas"), Some(("texas", TypeClass::Division)));
        assert_eq!(strip("oblast"), None);
        assert_eq!(without_type_word("northern district"), Some("northern"));
        assert_eq!(without_type_word("kharkiv front"), None);
    }
}
