use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::compare::stem;

/// Word → the first word of its line in `triggers.txt`.
static FORMS: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut forms = FxHashMap::default();
    for line in include_str!("triggers.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        if let Some(first) = words.next() {
            forms.insert(first, first);
            forms.extend(words.map(|word| (word, first)));
        }
    }
    forms
});

/// A common name for the words that name a happening: *shot*, *shooting* and *opened fire* share one.
///
/// Two happenings of one story with one name are likely the same; the name alone says nothing beyond a story.
#[must_use]
pub fn trigger_key(trigger: &str) -> String {
    let lower = trigger.to_lowercase();
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let known = |word: &str| FORMS.get(word).copied();
    // Light verbs, particles and articles share the empty line's name `_`.
    let heads: Vec<&str> = words.iter().copied().filter(|word| known(word) != Some("_")).collect();
    let head = heads.iter().rev().find_map(|word| known(word));
    match head {
        Some(head) => head.to_owned(),
        None => heads.last().or(words.first()).map(|word| root(word)).unwrap_or_default(),
    }
}

/// A word without inflection and the commonest endings that make nouns of verbs.
fn root(word: &str) -> String {
    for (ending, instead) in [
        ("ation", ""),
        ("ition", ""),
        ("ution", "u"),
        ("sion", "d"),
        ("tion", "t"),
        ("ment", ""),
        ("ance", ""),
        ("ence", ""),
        ("al", ""),
    ] {
        let plural = word.strip_suffix('s').unwrap_or(word);
        if let Some(rest) = plural.strip_suffix(ending)
            && rest.chars().count() >= 4
        {
            return format!("{}{instead}", rest);
        }
    }
    let base = stem(word);
    // Doubled consonants: *robbed*, *rob*.
    let mut letters = base.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) if a == b && base != word && !matches!(a, 'l' | 's') => {
            base.strip_suffix(a).unwrap_or(base).to_owned()
        }
        (Some('i'), _) => format!("{}y", base.strip_suffix('i').unwrap_or(base)),
        _ => base.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::trigger_key;

    #[test]
    fn forms_of_one_happening_share_a_name() {
        for (a, b) in [
            ("shot", "Shooting"),
            ("was arrested", "arrests"),
            ("robbed", "robbing"),
            ("died", "death"),
            ("opened fire", "shoot"),
        ] {
            assert_eq!(trigger_key(a), trigger_key(b), "{a} and {b}");
        }
        assert_ne!(trigger_key("arrested"), trigger_key("released"));
        assert_eq!(trigger_key("..."), "");
    }
}
