//! Hashes that are kept in tables on disk: the same on any machine and in any release.

/// Where a word begins.
pub(crate) const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// One letter or byte more (FNV-1a).
pub(crate) fn step(hash: u64, letter: u64) -> u64 {
    (hash ^ letter).wrapping_mul(0x0000_0100_0000_01b3)
}

/// One word or number more.
pub(crate) fn join(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// 32 well-mixed bits of 64.
pub(crate) fn fold(hash: u64) -> u32 {
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (mixed >> 32) as u32
}

/// A text of any length.
pub(crate) fn of_text(text: &str) -> u64 {
    text.bytes().fold(SEED, |hash, byte| step(hash, u64::from(byte)))
}
