//! PDQ: 256 bits for a whole picture.
//!
//! After the description in "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (Facebook, 2019): brightness is
//! smoothed by a tent filter, reduced to 64 × 64 samples and transformed (DCT-II); the 16 × 16 lowest frequencies without the constant
//! ones are kept, and each bit says whether one is above their median. Two pictures are taken for copies up to a distance of 31.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use super::Symmetry;
use crate::decode::Luma;

/// Samples of a side that the transform sees.
const SAMPLES: usize = 64;
/// Frequencies of a side that are kept.
const KEPT: usize = 16;

/// The fingerprint of a whole picture.
///
/// ```
/// use dateline_media::{Pdq, decode::Luma};
///
/// let slope = Luma::from_fn(200, 100, |x, y| (x + y) as f32 * 0.8);
/// let fingerprint = Pdq::of(&slope).expect("large enough").pdq;
/// assert_eq!(fingerprint.to_string().len(), 64);
/// assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
/// assert_eq!(fingerprint.distance(&fingerprint), 0);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pdq {
    /// Bit `k`, of the frequency in row `k / 16` and column `k % 16`, is bit `k % 64` of word `k / 64`.
    words: [u64; 4],
}

/// A picture's PDQ with what else its making shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Hashed {
    /// The fingerprint.
    pub pdq: Pdq,
    /// How much there is to see, 0 to 100. Below 50, flat pictures of different things look alike, and the fingerprint says little.
    pub quality: u8,
    frequencies: Box<[[f32; KEPT]; KEPT]>,
}

impl Pdq {
    /// The distance, in bits, up to which Meta takes two pictures for copies. That of unrelated pictures is near 128.
    pub const NEAR: u32 = 31;
    /// The quality below which a fingerprint should not be trusted alone.
    pub const TRUSTED: u8 = 50;
    /// Pixels that a side must have.
    pub const LEAST_SIDE: usize = 5;

    /// The fingerprint of a picture; none if a side has fewer than [`Pdq::LEAST_SIDE`] pixels.
    ///
    /// The picture should be shrunk to [`Picture::SIDE`](crate::Picture::SIDE), as Meta's own programs shrink larger ones first.
    pub fn of(luma: &Luma) -> Option<Hashed> {
        if luma.width().min(luma.height()) < Self::LEAST_SIDE {
            return None;
        }
        let samples = samples(luma);
        let frequencies = Box::new(frequencies(&samples));
        Some(Hashed { pdq: above_median(&frequencies), quality: quality(&samples), frequencies })
    }

    /// The count of bits that differ, 0 to 256.
    #[inline]
    pub fn distance(&self, other: &Self) -> u32 {
        self.words.iter().zip(&other.words).map(|(one, two)| (one ^ two).count_ones()).sum()
    }

    /// The bits, lowest frequency first from the lowest bit of the first word.
    #[inline]
    pub fn words(&self) -> [u64; 4] {
        self.words
    }

    /// A fingerprint of these words, as [`Pdq::words`] gives them.
    pub fn from_words(words: [u64; 4]) -> Self {
        Self { words }
    }

    /// The bits as Meta writes them: the highest frequency first, from the highest bit of the first byte.
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (target, word) in bytes.chunks_exact_mut(8).zip(self.words.iter().rev()) {
            target.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    /// A fingerprint of these bytes, as [`Pdq::to_bytes`] gives them.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, source) in words.iter_mut().rev().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_be_bytes(*source);
        }
        Self { words }
    }
}

impl Hashed {
    /// The fingerprint that the picture would have if it were mirrored or turned, from the same frequencies.
    pub fn variant(&self, symmetry: Symmetry) -> Pdq {
        let (transpose, mirror, flip) = symmetry.steps();
        let mut frequencies = [[0.0; KEPT]; KEPT];
        for (row, line) in frequencies.iter_mut().enumerate() {
            for (column, value) in line.iter_mut().enumerate() {
                let source = if transpose { self.frequencies[column][row] } else { self.frequencies[row][column] };
                // A mirror turns the sign of the odd waves, and those have an even place as the constant one is left out.
                let turned = (mirror && column % 2 == 0) != (flip && row % 2 == 0);
                *value = if turned { -source } else { source };
            }
        }
        above_median(&frequencies)
    }

    /// The fingerprints under all symmetries, in the order of [`Symmetry::ALL`].
    pub fn variants(&self) -> [Pdq; 8] {
        Symmetry::ALL.map(|symmetry| self.variant(symmetry))
    }
}

/// Smoothed brightness at 64 × 64 places.
fn samples(luma: &Luma) -> [[f32; SAMPLES]; SAMPLES] {
    let (width, height) = (luma.width(), luma.height());
    let mut values = luma.values.clone();
    let mut room = vec![0.0; values.len()];
    // Two means over a window make a tent.
    let window = |length: usize| length.div_ceil(2 * SAMPLES).max(1);
    for _ in 0..2 {
        mean_along_rows(&values, &mut room, width, window(width));
        mean_along_columns(&room, &mut values, width, height, window(height));
    }
    let place = |at: usize, length: usize| ((2 * at + 1) * length) / (2 * SAMPLES);
    let mut samples = [[0.0; SAMPLES]; SAMPLES];
    for (row, line) in samples.iter_mut().enumerate() {
        let y = place(row, height);
        for (column, value) in line.iter_mut().enumerate() {
            *value = values.get(y * width + place(column, width)).copied().unwrap_or(0.0);
        }
    }
    samples
}

/// How far a window reaches to the left and to the right of its place. One of even length reaches further to the right.
fn reach(window: usize) -> (usize, usize) {
    ((window - 1) / 2, window / 2)
}

/// The mean over a window around each value of each row; at the ends, over what there is of it.
fn mean_along_rows(values: &[f32], means: &mut [f32], width: usize, window: usize) {
    let (left, right) = reach(window);
    for (row, means) in values.chunks_exact(width).zip(means.chunks_exact_mut(width)) {
        let mut sum: f32 = row.iter().take(right).sum();
        for (at, mean) in means.iter_mut().enumerate() {
            sum += row.get(at + right).copied().unwrap_or(0.0);
            if let Some(gone) = at.checked_sub(left + 1).and_then(|gone| row.get(gone)) {
                sum -= gone;
            }
            let count = at.min(left) + 1 + right.min(width - 1 - at);
            *mean = sum / count as f32;
        }
    }
}

/// The same along columns, row by row for the sake of the cache.
fn mean_along_columns(values: &[f32], means: &mut [f32], width: usize, height: usize, window: usize) {
    let (above, below) = reach(window);
    let row = |at: usize| values.get(at * width..(at + 1) * width);
    let mut sums = vec![0.0_f32; width];
    let change = |sums: &mut Vec<f32>, at: Option<usize>, sign: f32| {
        if let Some(row) = at.and_then(row) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += sign * value;
            }
        }
    };
    for at in 0..below.min(height) {
        change(&mut sums, Some(at), 1.0);
    }
    for (at, means) in means.chunks_exact_mut(width).enumerate() {
        change(&mut sums, Some(at + below), 1.0);
        change(&mut sums, at.checked_sub(above + 1), -1.0);
        let count = (at.min(above) + 1 + below.min(height - 1 - at)) as f32;
        for (mean, sum) in means.iter_mut().zip(&sums) {
            *mean = sum / count;
        }
    }
}

/// Frequencies 1 to 16 of the cosine transform in both directions.
fn frequencies(samples: &[[f32; SAMPLES]; SAMPLES]) -> [[f32; KEPT]; KEPT] {
    static WAVES: LazyLock<[[f32; SAMPLES]; KEPT]> = LazyLock::new(|| {
        let mut waves = [[0.0; SAMPLES]; KEPT];
        for (frequency, wave) in waves.iter_mut().enumerate() {
            for (place, value) in wave.iter_mut().enumerate() {
                let angle = std::f64::consts::PI / (2 * SAMPLES) as f64 * ((frequency + 1) * (2 * place + 1)) as f64;
                *value = ((2.0 / SAMPLES as f64).sqrt() * angle.cos()) as f32;
            }
        }
        waves
    });
    let mut down = [[0.0_f32; SAMPLES]; KEPT];
    for (wave, target) in WAVES.iter().zip(&mut down) {
        for (factor, line) in wave.iter().zip(samples) {
            for (sum, value) in target.iter_mut().zip(line) {
                *sum += factor * value;
            }
        }
    }
    let mut both = [[0.0; KEPT]; KEPT];
    for (line, target) in down.iter().zip(&mut both) {
        for (value, wave) in target.iter_mut().zip(WAVES.iter()) {
            *value = line.iter().zip(wave).map(|(value, factor)| value * factor).sum();
        }
    }
    both
}

fn above_median(frequencies: &[[f32; KEPT]; KEPT]) -> Pdq {
    let mut sorted: Vec<f32> = frequencies.iter().flatten().copied().collect();
    // Of the two in the middle, the lower one: at most half of the bits are set.
    let (_, &mut median, _) = sorted.select_nth_unstable_by(KEPT * KEPT / 2 - 1, f32::total_cmp);
    let mut words = [0_u64; 4];
    for (at, &value) in frequencies.iter().flatten().enumerate() {
        words[at / 64] |= u64::from(value > median) << (at % 64);
    }
    Pdq { words }
}

/// The sum of the steps between neighbouring samples, scaled so that most photographs reach 100.
fn quality(samples: &[[f32; SAMPLES]; SAMPLES]) -> u8 {
    let step = |one: f32, two: f32| ((one - two) * 100.0 / 255.0).trunc().abs() as u32;
    let mut sum = 0;
    for (row, line) in samples.iter().enumerate() {
        for (column, &value) in line.iter().enumerate() {
            if let Some(next) = samples.get(row + 1) {
                sum += step(value, next[column]);
            }
            if let Some(&next) = line.get(column + 1) {
                sum += step(value, next);
            }
        }
    }
    u8::try_from(sum / 90).unwrap_or(u8::MAX).min(100)
}

impl fmt::Display for Pdq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.iter().rev().try_for_each(|word| write!(f, "{word:016x}"))
    }
}

impl fmt::Debug for Pdq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pdq({self})")
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PDQ fingerprint is written in 64 hexadecimal digits")]
pub struct ParsePdqError;

impl FromStr for Pdq {
    type Err = ParsePdqError;

    fn from_str(text: &str) -> Result<Self, ParsePdqError> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParsePdqError);
        }
        let mut words = [0; 4];
        for (at, word) in words.iter_mut().rev().enumerate() {
            let digits = text.get(at * 16..at * 16 + 16).ok_or(ParsePdqError)?;
            *word = u64::from_str_radix(digits, 16).map_err(|_| ParsePdqError)?;
        }
        Ok(Self { words })
    }
}
