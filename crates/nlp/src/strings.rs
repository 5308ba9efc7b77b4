//! spaCy's string ids: 64-bit MurmurHash2 (variant A, seed 1) of the UTF-8, but for a few hundred symbols numbered by hand.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static SYMBOLS: LazyLock<FxHashMap<&'static str, u64>> = LazyLock::new(|| {
    include_str!("../data/symbols.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (name, id) = line.split_once('\t')?;
            Some((name, id.parse().ok()?))
        })
        .collect()
});

/// The id under which spaCy's StringStore keeps `text`; 0 for the empty string.
pub(crate) fn string_id(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    // No symbol is longer or has anything but ASCII; most words need no look-up.
    if text.len() <= 17
        && text.is_ascii()
        && let Some(&id) = SYMBOLS.get(text)
    {
        return id;
    }
    murmur2_64a(text.as_bytes(), 1)
}

/// MurmurHash64A (Austin Appleby, public domain).
pub(crate) fn murmur2_64a(bytes: &[u8], seed: u64) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    let mut hash = seed ^ (bytes.len() as u64).wrapping_mul(M);
    let mut blocks = bytes.chunks_exact(8);
    for block in &mut blocks {
        let mut k = u64::from_le_bytes([block[0], block[1], block[2], block[3], block[4], block[5], block[6], block[7]]);
        k = k.wrapping_mul(M);
        k ^= k >> 47;
        hash = (hash ^ k.wrapping_mul(M)).wrapping_mul(M);
    }
    let tail = blocks.remainder();
    if !tail.is_empty() {
        for (i, &byte) in tail.iter().enumerate() {
            hash ^= u64::from(byte) << (8 * i);
        }
        hash = hash.wrapping_mul(M);
    }
    hash ^= hash >> 47;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> 47)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that spaCy 3.8.18 gives.
    #[test]
    fn ids_are_those_of_spacy() {
        assert_eq!(string_id(""), 0);
        assert_eq!(string_id("coffee"), 3_197_928_453_018_144_401);
        assert_eq!(string_id("NOUN"), 92);
    }
}
