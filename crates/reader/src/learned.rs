//! Linear models over hashed features: how a learned part of a stage decides.
//!
//! A feature is a short text such as `dep=nsubj`. It is hashed (FNV-1a, 64 bits) into one of 2^bits buckets; each bucket has a row of small weights,
//! one for each class. A score is the class's bias and the sum of its weights over the features: multinomial logistic regression, or one against
//! the rest, as the model was trained (Weinberger et al. 2009 on hashing). There is no dictionary to load, and a model is its bytes.
//!
//! The features are made here, in the stage that asks; `training/` holds the scripts that fit the weights on what an example program prints of
//! them, so that training and reading can't see different features.

use serde::Deserialize;

/// Text of the first line of a model, before its header.
const MAGIC: &[u8] = b"dateline-linear/1\n";

/// Why a model's bytes are not a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The bytes do not begin as a model does.
    #[error("not a linear model of dateline's")]
    Magic,
    /// The header is no JSON object of the kind wanted.
    #[error("header: {0}")]
    Header(#[from] serde_json::Error),
    /// Numbers in the header that do not fit each other or the weights.
    #[error("{0}")]
    Shape(&'static str),
}

/// The hash of a word, for [`Feature::hashed`] and [`Feature::kind`].
#[must_use]
pub const fn hash(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let (mut hash, mut at) = (0xcbf2_9ce4_8422_2325u64, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// A feature in the making: fed with pieces, it ends as a bucket.
#[derive(Debug, Clone, Copy)]
pub struct Feature(u64);

impl Feature {
    /// Begins a feature of this kind.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        Self(0xcbf2_9ce4_8422_2325).and(kind)
    }

    /// The feature with one more piece. Pieces are kept apart: `ab`, `c` is not `a`, `bc`.
    #[must_use]
    pub fn and(self, piece: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(step(piece.bytes().fold(self.0, step), 0x1f))
    }

    /// The feature with a small number as its next piece.
    #[must_use]
    pub fn number(self, number: i64) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(step(number.to_le_bytes().into_iter().fold(self.0, step), 0x1f))
    }

    /// The feature with a piece that was hashed before, so that a word in many features is hashed once.
    #[must_use]
    pub const fn hashed(self, piece: u64) -> Self {
        let mixed = (self.0 ^ piece).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(mixed ^ (mixed >> 32))
    }

    /// A feature whose kind was hashed before, with [`hash`].
    #[must_use]
    pub const fn kind(hash: u64) -> Self {
        Self(hash)
    }

    /// The feature's 32 bits: the bucket is their lowest ones.
    #[must_use]
    pub fn bits(self) -> u32 {
        // FNV's low bits are its weaker ones.
        (self.0 ^ (self.0 >> 32)) as u32
    }
}

#[derive(Debug, Deserialize)]
struct Header {
    /// Names of the classes, in the order of the weights of a row.
    classes: Vec<String>,
    /// The buckets are 2^bits.
    bits: u8,
    /// What one step of each class's weights is worth.
    scales: Vec<f32>,
    /// What each class scores without any feature.
    biases: Vec<f32>,
}

/// A linear model.
#[derive(Debug)]
pub struct Linear {
    classes: Vec<String>,
    scales: Vec<f32>,
    biases: Vec<f32>,
    mask: u32,
    weights: &'static [u8],
}

impl Linear {
    /// The model in `bytes`: the magic line, a line with the header as JSON (`classes`, `bits`, `scales`, `biases`; other members are for people),
    /// then the weights, a byte each, as signed numbers, bucket by bucket.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Self, ModelError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(ModelError::Magic)?;
        let end = rest.iter().position(|&byte| byte == b'\n').ok_or(ModelError::Shape("header without an end"))?;
        let (header, weights) = rest.split_at(end);
        let header: Header = serde_json::from_slice(header)?;
        let weights = &weights[1..];
        let classes = header.classes.len();
        if classes == 0 || header.scales.len() != classes || header.biases.len() != classes {
            return Err(ModelError::Shape("classes, scales and biases are not as many"));
        }
        if header.bits > 24 || weights.len() != classes << header.bits {
            return Err(ModelError::Shape("the weights are not as many as the header says"));
        }
        let mask = (1u32 << header.bits) - 1;
        Ok(Self { classes: header.classes, scales: header.scales, biases: header.biases, mask, weights })
    }

    /// Names of the classes, in the order of [`Linear::scores`].
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Each class's score for these features: a logit.
    #[must_use]
    pub fn scores(&self, features: &[Feature]) -> Vec<f32> {
        let width = self.classes.len();
        let mut sums = vec![0i32; width];
        for feature in features {
            let at = (feature.bits() & self.mask) as usize * width;
            for (sum, &weight) in sums.iter_mut().zip(self.weights.get(at..at + width).unwrap_or_default()) {
                *sum += i32::from(weight as i8);
            }
        }
        let scores = sums.iter().zip(&self.scales).zip(&self.biases);
        scores.map(|((&sum, scale), bias)| sum as f32 * scale + bias).collect()
    }

    /// The score of a model with one class: above nought when it holds.
    #[must_use]
    pub fn score(&self, features: &[Feature]) -> f32 {
        let width = self.classes.len();
        let weight =
            |feature: &Feature| self.weights.get((feature.bits() & self.mask) as usize * width).map_or(0, |&byte| byte as i8);
        let sum: i32 = features.iter().map(|feature| i32::from(weight(feature))).sum();
        sum as f32 * self.scales.first().copied().unwrap_or_default() + self.biases.first().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(header: &str, weights: &[i8]) -> Result<Linear, ModelError> {
        let bytes: Vec<u8> = MAGIC
            .iter()
            .chain(header.as_bytes())
            .chain(b"\n")
            .copied()
            .chain(weights.iter().map(|&weight| weight as u8))
            .collect();
        Linear::from_bytes(bytes.leak())
    }

    #[test]
    fn scores_are_bias_and_scaled_sum() {
        let features = [Feature::of("dep").and("nsubj"), Feature::of("lemma").and("say").number(-1)];
        let mut weights = [0i8; 2 << 8];
        for (feature, weight) in features.iter().zip([100, -128]) {
            weights[(feature.bits() & 255) as usize * 2] = weight;
        }
        let model =
            model(r#"{"classes":["yes","no"],"bits":8,"scales":[0.5,1],"biases":[1,-2],"card":"for people"}"#, &weights).unwrap();
        assert_eq!(model.scores(&features), [-13.0, -2.0]);
        assert_eq!(model.score(&features[..1]), 51.0);
        assert_eq!(model.classes(), ["yes", "no"]);
    }

    #[test]
    fn pieces_are_kept_apart() {
        let bits = |pieces: &[&str]| pieces.iter().fold(Feature::of("k"), |feature, piece| feature.and(piece)).bits();
        assert_ne!(bits(&["ab", "c"]), bits(&["a", "bc"]));
        assert_ne!(bits(&["ab"]), bits(&["a", "b"]));
    }

    #[test]
    fn what_is_no_model_says_why() {
        assert!(matches!(Linear::from_bytes(b"PK"), Err(ModelError::Magic)));
        assert!(matches!(model("{}", &[]), Err(ModelError::Header(_))));
        assert!(matches!(model(r#"{"classes":["a"],"bits":2,"scales":[1],"biases":[0]}"#, &[1]), Err(ModelError::Shape(_))));
        assert!(matches!(model(r#"{"classes":[],"bits":0,"scales":[],"biases":[]}"#, &[]), Err(ModelError::Shape(_))));
    }
}
