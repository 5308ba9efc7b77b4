//! Word types and the string features that the embedding layers hash.

use rustc_hash::FxHashMap;
use unicode_general_category::{GeneralCategory as G, get_general_category};

use crate::strings::string_id;

/// What the embedding needs to know of one word type, as string ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Features {
    pub(crate) norm: u64,
    pub(crate) prefix: u64,
    pub(crate) suffix: u64,
    pub(crate) shape: u64,
    pub(crate) lower: u64,
    pub(crate) orth: u64,
    pub(crate) is_space: bool,
}

/// Word types seen so far by one worker. A type is its form together with the norm that a tokenizer exception may have given it.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    by_orth: FxHashMap<Box<str>, u32>,
    with_norm: FxHashMap<(Box<str>, u64), u32>,
    features: Vec<Features>,
}

/// Norms of forms, by language and package; the rest is the lower-cased form.
#[derive(Debug, Default)]
pub(crate) struct Norms {
    pub(crate) by_id: FxHashMap<u64, u64>,
}

impl Norms {
    /// The norms that all languages share.
    pub(crate) fn base() -> Self {
        let lines = include_str!("../data/base_norms.tsv").lines().filter(|line| !line.starts_with("# "));
        let by_id =
            lines.filter_map(|line| line.split_once('\t')).map(|(form, norm)| (string_id(form), string_id(norm))).collect();
        Self { by_id }
    }
}

impl Lexicon {
    /// Id of the type of this form.
    pub(crate) fn get(&mut self, norms: &Norms, form: &str) -> u32 {
        if let Some(&id) = self.by_orth.get(form) {
            return id;
        }
        let id = self.add(features(norms, form, None));
        self.by_orth.insert(form.into(), id);
        id
    }

    /// Id of the type of this form with a norm of its own.
    pub(crate) fn get_with_norm(&mut self, norms: &Norms, form: &str, norm: u64) -> u32 {
        let key = (form.into(), norm);
        if let Some(&id) = self.with_norm.get(&key) {
            return id;
        }
        let id = self.add(features(norms, form, Some(norm)));
        self.with_norm.insert(key, id);
        id
    }

    fn add(&mut self, features: Features) -> u32 {
        self.features.push(features);
        self.features.len() as u32 - 1
    }

    pub(crate) fn features(&self, id: u32) -> &Features {
        &self.features[id as usize]
    }

    /// Number of types.
    pub(crate) fn len(&self) -> usize {
        self.features.len()
    }

    /// Forgets every type; ids given before are void.
    pub(crate) fn clear(&mut self) {
        self.by_orth.clear();
        self.with_norm.clear();
        self.features.clear();
    }
}

fn features(norms: &Norms, form: &str, norm: Option<u64>) -> Features {
    let orth = string_id(form);
    let lower_form = form.to_lowercase();
    let lower = string_id(&lower_form);
    let suffix_start = form.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
    let prefix_end = form.chars().next().map_or(0, char::len_utf8);
    Features {
        norm: norm.unwrap_or_else(|| norms.by_id.get(&orth).copied().unwrap_or(lower)),
        prefix: string_id(&form[..prefix_end]),
        suffix: string_id(&form[suffix_start..]),
        shape: string_id(&word_shape(form)),
        lower,
        orth,
        is_space: !form.is_empty() && form.chars().all(is_space),
    }
}

/// Python's `str.isspace` for one character.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Python's `str.isalpha` for one character: a letter by general category.
pub(crate) fn is_alpha(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    use G::{LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter};
    matches!(get_general_category(c), LowercaseLetter | ModifierLetter | OtherLetter | TitlecaseLetter | UppercaseLetter)
}

/// Python's `str.isdigit` for one character: decimals, and digits such as superscripts and circled ones.
fn is_digit(c: char) -> bool {
    const DIGITS: &[(u32, u32)] = &[
        (0xb2, 0xb3),
        (0xb9, 0xb9),
        (0x1369, 0x1371),
        (0x19da, 0x19da),
        (0x2070, 0x2070),
        (0x2074, 0x2079),
        (0x2080, 0x2089),
        (0x2460, 0x2468),
        (0x2474, 0x247c),
        (0x2488, 0x2490),
        (0x24ea, 0x24ea),
        (0x24f5, 0x24fd),
        (0x24ff, 0x24ff),
        (0x2776, 0x277e),
        (0x2780, 0x2788),
        (0x278a, 0x2792),
        (0x10a40, 0x10a43),
        (0x10e60, 0x10e68),
        (0x11052, 0x1105a),
        (0x1f100, 0x1f10a),
    ];
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    let code = c as u32;
    get_general_category(c) == G::DecimalNumber || DIGITS.iter().any(|&(low, high)| (low..=high).contains(&code))
}

/// spaCy's word shape: letters become `x` or `X`, digits `d`, runs are cut at four; `LONG` from 100 characters on.
fn word_shape(form: &str) -> String {
    if form.len() >= 100 && form.chars().count() >= 100 {
        return "LONG".to_owned();
    }
    let mut shape = String::with_capacity(form.len());
    let (mut last, mut run) = (None, 0);
    for c in form.chars() {
        let mapped = if is_alpha(c) {
            if c.is_uppercase() { 'X' } else { 'x' }
        } else if is_digit(c) {
            'd'
        } else {
            c
        };
        if last == Some(mapped) {
            run += 1;
        } else {
            run = 0;
            last = Some(mapped);
        }
        if run < 4 {
            shape.push(mapped);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_those_of_spacy() {
        for (form, shape) in
            [("Kyiv", "Xxxx"), ("C3Po", "XdXx"), ("destroyed", "xxxx"), ("1,000", "d,ddd"), ("²", "d"), ("№5", "№d"), ("ʼ", "x")]
        {
            assert_eq!(word_shape(form), shape, "{form}");
        }
    }

    #[test]
    fn suffix_counts_characters() {
        let norms = Norms::base();
        let features = features(&norms, "Київ", None);
        assert_eq!(features.suffix, string_id("иїв"));
        assert_eq!(features.prefix, string_id("К"));
        assert_eq!(features.norm, string_id("київ"));
    }
}
