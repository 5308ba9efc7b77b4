//! Tok2Vec: a vector for each token, from its form and its neighbours (spaCy's MultiHashEmbed.v2 and MaxoutWindowEncoder.v2).
//!
//! - *Embedding*: for each string feature (norm, prefix, suffix, shape…) four rows of a table, picked by hashing the feature's id, are
//!   summed (Bloom embeddings: Svenstrup et al. 2017; Serrà and Karatzoglou 2017). A maxout layer mixes the features into `width` numbers
//!   (96), the best of three pieces each; layer normalisation follows. All of it depends on the word type alone and is cached.
//! - *Encoder*: `depth` (4) times, a maxout over the token and its two neighbours, normalised, added to what was there (residual), so that
//!   a vector sees four tokens to each side. Documents are set apart by four rows of zeros, as in spaCy.

use rustc_hash::FxHashMap;

use super::kernel::{LANES, Lanes, Panels};
use super::weights::Weights;
use crate::lexeme::Features;
use crate::package::{LoadError, Package};

const PIECES: usize = 3;
const EPSILON: f32 = 1e-8;
/// Word types whose embedding a worker keeps: 96 numbers each.
const MAX_CACHED: usize = 40_000;

/// The columns that an embedding may hash.
#[derive(Clone, Copy, Debug)]
enum Column {
    Norm,
    Prefix,
    Suffix,
    Shape,
    Lower,
    Orth,
    Spacy,
    IsSpace,
}

impl Column {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "NORM" => Self::Norm,
            "PREFIX" => Self::Prefix,
            "SUFFIX" => Self::Suffix,
            "SHAPE" => Self::Shape,
            "LOWER" => Self::Lower,
            "ORTH" => Self::Orth,
            "SPACY" => Self::Spacy,
            "IS_SPACE" => Self::IsSpace,
            _ => return None,
        })
    }

    fn value(self, features: &Features, space_after: bool) -> u64 {
        match self {
            Self::Norm => features.norm,
            Self::Prefix => features.prefix,
            Self::Suffix => features.suffix,
            Self::Shape => features.shape,
            Self::Lower => features.lower,
            Self::Orth => features.orth,
            Self::Spacy => u64::from(space_after),
            Self::IsSpace => u64::from(features.is_space),
        }
    }
}

#[derive(Debug)]
struct Table {
    column: Column,
    seed: u32,
    rows: usize,
    data: Vec<f32>,
}

/// A maxout layer with its layer normalisation.
#[derive(Debug)]
struct Layer {
    panels: Panels<PIECES>,
    bias: Vec<[Lanes; PIECES]>,
    gain: Vec<f32>,
    shift: Vec<f32>,
}

/// The weights.
#[derive(Debug)]
pub(crate) struct Tok2Vec {
    tables: Vec<Table>,
    mix: Layer,
    encoder: Vec<Layer>,
    pub(crate) width: usize,
}

/// Embeddings of the word types that a worker has seen, and its buffers.
#[derive(Debug, Default)]
pub(crate) struct Tok2VecCache {
    /// By lexeme and whether a space follows.
    known: FxHashMap<(u32, bool), u32>,
    vectors: Vec<f32>,
    sums: Vec<f32>,
    next: Vec<f32>,
}

impl Tok2VecCache {
    /// Forgets everything: the ids of lexemes have changed.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
        self.vectors.clear();
    }
}

impl Tok2Vec {
    /// The tok2vec layers inside the model of `file` (a tok2vec component's own, or one inside a parser's or recogniser's model).
    pub(crate) fn load(package: &Package, file: &str) -> Result<Self, LoadError> {
        Self::from_weights(file, &Weights::load(package, file)?)
    }

    pub(crate) fn from_weights(file: &str, weights: &Weights) -> Result<Self, LoadError> {
        let wrong = |what: String| LoadError::content(file, what);
        let extract = weights.named("extract_features").next().ok_or_else(|| wrong("no layer `extract_features`".to_owned()))?;
        let columns = weights
            .attr(extract, "columns")
            .and_then(rmpv::Value::as_array)
            .ok_or_else(|| wrong("no feature columns".to_owned()))?;
        if weights.nodes.iter().any(|node| node.name.contains("static_vectors")) {
            return Err(LoadError::Unsupported {
                file: file.to_owned(),
                what: "layer",
                name: "static_vectors".to_owned(),
                supported: "MultiHashEmbed without vectors".to_owned(),
            });
        }
        let mut tables = Vec::new();
        for node in weights.named("hashembed") {
            let number = |name: &str| weights.attr(node, name).and_then(rmpv::Value::as_u64);
            let index = number("column").unwrap_or(tables.len() as u64) as usize;
            let name = columns.get(index).and_then(rmpv::Value::as_str).unwrap_or_default();
            let column = Column::of(name).ok_or_else(|| LoadError::Unsupported {
                file: file.to_owned(),
                what: "feature",
                name: name.to_owned(),
                supported: "NORM, PREFIX, SUFFIX, SHAPE, LOWER, ORTH, SPACY, IS_SPACE".to_owned(),
            })?;
            let table = weights.param(node, "E")?;
            let [rows, width] = table.shape[..] else { return Err(wrong("an embedding table is not flat".to_owned())) };
            if rows == 0 || width == 0 {
                return Err(wrong("an embedding table is empty".to_owned()));
            }
            tables.push(Table { column, seed: number("seed").unwrap_or(0) as u32, rows, data: table.data.clone() });
        }
        let mut layers = weights
            .named("maxout")
            .zip(weights.named("layernorm"))
            .map(|(maxout, norm)| {
                let (matrix, bias) = (weights.param(maxout, "W")?, weights.param(maxout, "b")?);
                let [outputs, PIECES, inputs] = matrix.shape[..] else {
                    return Err(wrong(format!("a maxout layer has shape {:?}, expected {PIECES} pieces", matrix.shape)));
                };
                bias.expect_shape(file, &[outputs, PIECES])?;
                let (gain, shift) = (weights.param(norm, "G")?, weights.param(norm, "b")?);
                gain.expect_shape(file, &[outputs])?;
                shift.expect_shape(file, &[outputs])?;
                if outputs % LANES != 0 {
                    return Err(wrong(format!("a layer is {outputs} wide, which is no multiple of {LANES}")));
                }
                let lane = |panel: usize, piece: usize, lane: usize| bias.data[(panel * LANES + lane) * PIECES + piece];
                let packed = (0..outputs / LANES)
                    .map(|panel| std::array::from_fn(|piece| std::array::from_fn(|at| lane(panel, piece, at))))
                    .collect();
                let layer = Layer {
                    panels: Panels::new(&matrix.data, outputs, inputs),
                    bias: packed,
                    gain: gain.data.clone(),
                    shift: shift.data.clone(),
                };
                Ok((layer, inputs, outputs))
            })
            .collect::<Result<Vec<_>, LoadError>>()?;
        if layers.len() < 2 || tables.is_empty() {
            return Err(wrong("no MultiHashEmbed and MaxoutWindowEncoder".to_owned()));
        }
        let (mix, inputs, width) = layers.remove(0);
        if tables.iter().any(|table| table.data.len() != table.rows * width) || inputs != tables.len() * width {
            return Err(wrong("embedding tables and mixing layer do not fit".to_owned()));
        }
        if layers.iter().any(|&(_, inputs, outputs)| inputs != 3 * width || outputs != width) {
            return Err(wrong("an encoder layer does not see one neighbour to each side".to_owned()));
        }
        Ok(Self { tables, mix, encoder: layers.into_iter().map(|(layer, ..)| layer).collect(), width })
    }

    /// Rows of zeros that stand between documents: as many as a vector sees to one side.
    pub(crate) fn padding(&self) -> usize {
        self.encoder.len()
    }

    /// Vectors of a batch of documents, each given by its tokens' (lexeme, space after) and features.
    ///
    /// `out` becomes rows of `width`; token `i` of the documents taken together, in order, is at row `rows[i]`.
    pub(crate) fn encode<'d, 'f>(
        &self,
        cache: &mut Tok2VecCache,
        docs: impl Iterator<Item = &'d [(u32, bool)]>,
        features: impl Fn(u32) -> &'f Features,
        out: &mut Vec<f32>,
        rows: &mut Vec<u32>,
    ) {
        let width = self.width;
        // One more row of zeros at both ends, so that every row has neighbours.
        let mut x = std::mem::take(out);
        x.clear();
        rows.clear();
        x.resize((1 + self.padding()) * width, 0.0);
        for doc in docs {
            for &(lexeme, space_after) in doc {
                let slot = self.embedding(cache, lexeme, space_after, features(lexeme));
                rows.push((x.len() / width) as u32);
                x.extend_from_slice(&cache.vectors[slot..slot + width]);
            }
            x.resize(x.len() + self.padding() * width, 0.0);
        }
        x.resize(x.len() + width, 0.0);
        let count = x.len() / width - 2;
        cache.sums.resize(count * width, 0.0);
        cache.next.clear();
        cache.next.resize(x.len(), 0.0);
        for layer in &self.encoder {
            layer.panels.maxout(&x, width, count, &layer.bias, &mut cache.sums, width);
            for row in 0..count {
                let sums = &mut cache.sums[row * width..(row + 1) * width];
                normalise(sums, &layer.gain, &layer.shift);
                let at = (row + 1) * width;
                for ((next, before), &sum) in cache.next[at..at + width].iter_mut().zip(&x[at..at + width]).zip(&*sums) {
                    *next = before + sum;
                }
            }
            std::mem::swap(&mut x, &mut cache.next);
        }
        *out = x;
    }

    /// Where the cache holds the embedding of a type; made if it isn't there.
    fn embedding(&self, cache: &mut Tok2VecCache, lexeme: u32, space_after: bool, features: &Features) -> usize {
        let width = self.width;
        if let Some(&slot) = cache.known.get(&(lexeme, space_after)) {
            return slot as usize * width;
        }
        let mut row = vec![0.0; self.tables.len() * width];
        for (table, out) in self.tables.iter().zip(row.chunks_exact_mut(width)) {
            for key in hash(table.column.value(features, space_after), table.seed) {
                let start = key as usize % table.rows * width;
                for (out, number) in out.iter_mut().zip(&table.data[start..start + width]) {
                    *out += number;
                }
            }
        }
        if cache.known.len() >= MAX_CACHED {
            cache.clear();
        }
        let start = cache.vectors.len();
        cache.vectors.resize(start + width, 0.0);
        let out = &mut cache.vectors[start..];
        self.mix.panels.maxout(&row, row.len(), 1, &self.mix.bias, out, width);
        normalise(out, &self.mix.gain, &self.mix.shift);
        cache.known.insert((lexeme, space_after), (start / width) as u32);
        start
    }
}

/// Layer normalisation (Ba et al. 2016) of one row, in place. Sums run lane by lane, then over lanes in order.
fn normalise(row: &mut [f32], gain: &[f32], shift: &[f32]) {
    let count = row.len() as f32;
    let mean = total(row, |number| number) / count;
    let variance = total(row, |number| (number - mean) * (number - mean)) / count + EPSILON;
    let scale = 1.0 / variance.sqrt();
    for ((number, gain), shift) in row.iter_mut().zip(gain).zip(shift) {
        *number = (*number - mean) * scale * gain + shift;
    }
}

#[inline]
fn total(row: &[f32], value: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; LANES];
    for chunk in row.chunks_exact(LANES) {
        for (lane, &number) in lanes.iter_mut().zip(chunk) {
            *lane += value(number);
        }
    }
    lanes.iter().sum()
}

/// thinc's hash of one id: the 128 bits of MurmurHash3 for an 8-byte key, as four numbers.
fn hash(id: u64, seed: u32) -> [u32; 4] {
    let mix = |mut h: u64| {
        h ^= h >> 33;
        h = h.wrapping_mul(0xff51_afd7_ed55_8ccd);
        h ^= h >> 33;
        h = h.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        h ^ (h >> 33)
    };
    let seed = u64::from(seed);
    let mut h1 = id.wrapping_mul(0x87c3_7b91_1142_53d5).rotate_left(31).wrapping_mul(0x4cf5_ad43_2745_937f) ^ seed ^ 8;
    let mut h2 = seed ^ 8;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = mix(h1);
    h2 = mix(h2);
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    [h1 as u32, (h1 >> 32) as u32, h2 as u32, (h2 >> 32) as u32]
}
