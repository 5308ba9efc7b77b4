//! Tok2Vec: a vector for each token, from its form and its neighbours (spaCy's MultiHashEmbed.v2 and MaxoutWindowEncoder.v2).
//!
//! - *Embedding*: for each string feature (norm, prefix, suffix, shape…) four rows of a table, picked by hashing the feature's id, are
//!   summed (Bloom embeddings: Svenstrup et al. 2017; Serrà and Karatzoglou 2017). A maxout layer mixes the features into `width` numbers
//!   (96), the best of three pieces each; layer normalisation follows. All of it depends on the word type alone and is cached.
//! - *Encoder*: `depth` (4) times, a maxout over the token and its two neighbours, normalised, added to what was there (residual), so that
//!   a vector sees four tokens to each side; see [`window`]. Documents are set apart by rows of zeros, as in spaCy.

use rustc_hash::FxHashMap;

use super::kernel::{LANES, Panels};
use super::weights::{Array, Weights};
use super::window::{self, Buffers, EMPTY, Finish, MAX_WIDTH, PIECES, TypeLayer, WindowLayer};
use crate::lexeme::Features;
use crate::package::{LoadError, Package};

/// Word types that all workers together keep: embedding, and what the first layer makes of it (960 numbers each).
const MAX_CACHED: usize = 6_500;
/// Values of one table's column of which all workers together keep what the mixing layer makes of them (288 numbers each).
const MAX_PARTS: usize = 4_000;
/// Rows whose types are looked up before the first layer is applied to them.
const STRETCH: usize = 2_048;
/// Layers of an encoder, at most: documents stand far enough from each other for as many.
const DEEPEST: usize = 4;

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

    /// True when many word types have a value of this column in common.
    fn is_shared(self) -> bool {
        !matches!(self, Self::Norm | Self::Lower | Self::Orth)
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
    /// This table's part of the mixing layer.
    mix: Panels,
}

/// What the mixing layer makes of single values of a table's column: a prefix or a shape is shared by many word types.
#[derive(Debug, Default)]
struct Parts {
    places: FxHashMap<u64, u32>,
    products: Vec<f32>,
}

/// The weights.
#[derive(Debug)]
pub(crate) struct Tok2Vec {
    tables: Vec<Table>,
    /// Of the layer that mixes the tables' features.
    finish: Finish,
    first: TypeLayer,
    later: Vec<WindowLayer>,
    pub(crate) width: usize,
}

/// What a worker knows of the word types that it has seen, and its buffers.
#[derive(Debug, Default)]
pub(crate) struct Tok2VecCache {
    /// By table.
    parts: Vec<Parts>,
    /// By lexeme and whether a space follows.
    known: FxHashMap<(u32, bool), u32>,
    keys_of: Vec<(u32, bool)>,
    /// How often each was met since the last clearing out.
    met: Vec<u32>,
    /// Types whose numbers are there.
    made: usize,
    vectors: Vec<f32>,
    /// What the first layer makes of each.
    given: Vec<f32>,
    /// Of the batch in work: where its documents start, and what stands in each row.
    starts: Vec<usize>,
    keys: Vec<Option<(u32, bool)>>,
    types: Vec<u32>,
    buffers: Buffers,
}

impl Tok2VecCache {
    /// Forgets all types: the ids of lexemes have changed.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
        self.keys_of.clear();
        self.met.clear();
        self.made = 0;
    }

    /// The place of a type; [`Tok2Vec::fill`] puts something there.
    fn place(&mut self, key: (u32, bool)) -> u32 {
        let next = self.keys_of.len() as u32;
        let place = *self.known.entry(key).or_insert(next);
        if place == next {
            self.keys_of.push(key);
            self.met.push(0);
        }
        self.met[place as usize] += 1;
        place
    }

    /// Keeps `most` types, those that were met most often.
    fn forget_rare(&mut self, width: usize, most: usize) {
        let kept = TypeLayer::kept(width);
        let mut order: Vec<u32> = (0..self.keys_of.len() as u32).filter(|&place| self.met[place as usize] > 1).collect();
        order.sort_unstable_by_key(|&place| (std::cmp::Reverse(self.met[place as usize]), place));
        order.truncate(most);
        // In their old order every one moves to the left or stays.
        order.sort_unstable();
        for (to, from) in order.iter().map(|&place| place as usize).enumerate() {
            self.keys_of[to] = self.keys_of[from];
            self.vectors.copy_within(from * width..(from + 1) * width, to * width);
            self.given.copy_within(from * kept..(from + 1) * kept, to * kept);
        }
        self.keys_of.truncate(order.len());
        self.made = order.len();
        self.met.clear();
        self.met.resize(order.len(), 0);
        self.known = self.keys_of.iter().copied().zip(0..).collect();
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
        let mut embeddings = Vec::new();
        for node in weights.named("hashembed") {
            let number = |name: &str| weights.attr(node, name).and_then(rmpv::Value::as_u64);
            let index = number("column").unwrap_or(embeddings.len() as u64) as usize;
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
            embeddings.push((column, number("seed").unwrap_or(0) as u32, rows, &table.data));
        }
        let mut layers = Vec::new();
        for (maxout, norm) in weights.named("maxout").zip(weights.named("layernorm")) {
            let (matrix, bias) = (weights.param(maxout, "W")?, weights.param(maxout, "b")?);
            let [outputs, PIECES, inputs] = matrix.shape[..] else {
                return Err(wrong(format!("a maxout layer has shape {:?}, expected {PIECES} pieces", matrix.shape)));
            };
            bias.expect_shape(file, &[outputs, PIECES])?;
            let (gain, shift) = (weights.param(norm, "G")?, weights.param(norm, "b")?);
            gain.expect_shape(file, &[outputs])?;
            shift.expect_shape(file, &[outputs])?;
            if outputs % LANES != 0 || outputs > MAX_WIDTH {
                return Err(wrong(format!("a layer is {outputs} wide, which is no multiple of {LANES} up to {MAX_WIDTH}")));
            }
            layers.push((matrix, bias, gain, shift, inputs, outputs));
        }
        if layers.len() < 2 || embeddings.is_empty() {
            return Err(wrong("no MultiHashEmbed and MaxoutWindowEncoder".to_owned()));
        }
        let (matrix, bias, gain, shift, inputs, width) = layers.remove(0);
        if embeddings.iter().any(|(_, _, rows, data)| data.len() != rows * width) || inputs != embeddings.len() * width {
            return Err(wrong("embedding tables and mixing layer do not fit".to_owned()));
        }
        let finish = |bias: &Array, gain: &Array, shift: &Array| Finish::new(&bias.data, &gain.data, &shift.data);
        let of_mix = finish(bias, gain, shift);
        let tables = embeddings.into_iter().enumerate().map(|(at, (column, seed, rows, data))| {
            let part = window::part_of_columns(&matrix.data, inputs, at * width..(at + 1) * width);
            Table { column, seed, rows, data: data.clone(), mix: Panels::of_pieces(&part, PIECES, width, width) }
        });
        let tables = tables.collect();
        if layers.iter().any(|&(.., inputs, outputs)| inputs != 3 * width || outputs != width) {
            return Err(wrong("an encoder layer does not see one neighbour to each side".to_owned()));
        }
        if layers.len() > DEEPEST {
            return Err(wrong(format!("an encoder of {} layers, at most {DEEPEST} are supported", layers.len())));
        }
        let mut layers = layers.into_iter().map(|(matrix, bias, gain, shift, ..)| (&matrix.data, finish(bias, gain, shift)));
        let Some((matrix, finish)) = layers.next() else { return Err(wrong("an encoder without layers".to_owned())) };
        let first = TypeLayer::new(matrix, width, finish);
        let later = layers.map(|(matrix, finish)| WindowLayer::new(matrix, width, finish)).collect();
        Ok(Self { tables, finish: of_mix, first, later, width })
    }

    /// Vectors of a batch of documents, each given by its tokens' (lexeme, space after) and features.
    ///
    /// `share` caches divide what may be kept in memory between them. `out` becomes rows of `width`; token `i` of the documents taken together, in order, is at row `rows[i]`.
    pub(crate) fn encode<'d, 'f>(
        &self,
        cache: &mut Tok2VecCache,
        share: usize,
        docs: impl Iterator<Item = &'d [(u32, bool)]> + Clone,
        features: impl Fn(u32) -> &'f Features,
        out: &mut Vec<f32>,
        rows: &mut Vec<u32>,
    ) {
        let width = self.width;
        rows.clear();
        let mut starts = std::mem::take(&mut cache.starts);
        let mut keys = std::mem::take(&mut cache.keys);
        let count = window::lay_out(docs.clone().map(<[_]>::len), &mut starts);
        keys.clear();
        keys.resize(count, None);
        for (doc, &start) in docs.zip(&starts) {
            for (row, &key) in (start..).zip(doc) {
                keys[row] = Some(key);
                rows.push(row as u32);
            }
        }
        out.resize(count * width, 0.0);
        out[..width].fill(0.0);
        out[(count - 1) * width..].fill(0.0);
        let (max_cached, max_parts) = (MAX_CACHED / share, MAX_PARTS / share);
        let room = max_cached + STRETCH + 2;
        for (numbers, of_type) in [(&mut cache.given, TypeLayer::kept(width)), (&mut cache.vectors, width)] {
            // Zeros from the system take no memory before they are written.
            if numbers.len() < room * of_type {
                let mut more = vec![0.0; room * of_type];
                more[..cache.made * of_type].copy_from_slice(&numbers[..cache.made * of_type]);
                *numbers = more;
            }
        }
        cache.parts.resize_with(self.tables.len(), Parts::default);
        // A stretch at a time, so that the cache may be emptied in between however many types there are.
        let mut types = std::mem::take(&mut cache.types);
        for from in (1..count - 1).step_by(STRETCH) {
            if cache.known.len() > max_cached {
                cache.forget_rare(width, max_cached / 2);
            }
            for (table, parts) in self.tables.iter().zip(&mut cache.parts) {
                if parts.places.len() > if table.column.is_shared() { max_parts } else { 0 } {
                    parts.places.clear();
                    parts.products.clear();
                }
            }
            let to = (from + STRETCH).min(count - 1);
            types.clear();
            types.extend(keys[from - 1..=to].iter().map(|key| key.map_or(EMPTY, |key| cache.place(key))));
            self.fill(cache, &features);
            for (row, &kind) in (from..=to).zip(&types[1..]) {
                let out = &mut out[row * width..(row + 1) * width];
                match kind {
                    EMPTY => out.fill(0.0),
                    kind => out.copy_from_slice(&cache.vectors[kind as usize * width..][..width]),
                }
            }
            self.first.apply(width, &cache.given, &types, &mut out[(from - 1) * width..(to + 1) * width]);
        }
        for layer in &self.later {
            layer.apply(width, &mut cache.buffers, out);
        }
        (cache.starts, cache.keys, cache.types) = (starts, keys, types);
    }

    /// Makes what the cache has places for but does not hold yet, all at once.
    fn fill<'f>(&self, cache: &mut Tok2VecCache, features: &impl Fn(u32) -> &'f Features) {
        let (width, kept) = (self.width, TypeLayer::kept(self.width));
        let new = cache.made..cache.keys_of.len();
        if new.is_empty() {
            return;
        }
        let mut mixed = vec![0.0; new.len() * PIECES * width];
        let mut places = Vec::with_capacity(new.len());
        for (table, parts) in self.tables.iter().zip(&mut cache.parts) {
            let values = cache.keys_of[new.clone()].iter().map(|&(lexeme, space)| table.column.value(features(lexeme), space));
            table.look_up(width, parts, values, &mut places);
            for (mixed, &place) in mixed.chunks_exact_mut(PIECES * width).zip(&places) {
                let part = &parts.products[place as usize * PIECES * width..][..PIECES * width];
                mixed.iter_mut().zip(part).for_each(|(sum, number)| *sum += number);
            }
        }
        let vectors = &mut cache.vectors[new.start * width..new.end * width];
        vectors.fill(0.0);
        self.finish.apply(width, &mixed, vectors);
        self.first.give(width, vectors, &mut cache.given[new.start * kept..new.end * kept]);
        cache.made = new.end;
    }
}

impl Table {
    /// The places of these values among the parts, where those that are new are made.
    fn look_up(&self, width: usize, parts: &mut Parts, values: impl Iterator<Item = u64>, places: &mut Vec<u32>) {
        let known = parts.places.len();
        let mut sums: Vec<f32> = Vec::new();
        places.clear();
        for value in values {
            let next = parts.places.len() as u32;
            let place = *parts.places.entry(value).or_insert(next);
            places.push(place);
            if place == next {
                let rows = hash(value, self.seed).map(|key| &self.data[key as usize % self.rows * width..][..width]);
                sums.extend((0..width).map(|at| rows[0][at] + rows[1][at] + rows[2][at] + rows[3][at]));
            }
        }
        let count = parts.places.len() - known;
        parts.products.resize((known + count) * PIECES * width, 0.0);
        self.mix.multiply(&sums, width, count, &mut parts.products[known * PIECES * width..], PIECES * width);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept of a value is what is made of it alone.
    #[test]
    fn parts_do_not_depend_on_what_is_looked_up_beside_them() {
        const WIDTH: usize = 16;
        let number = |at: usize| (at * 37 % 101) as f32 / 101.0 - 0.5;
        let matrix: Vec<f32> = (0..WIDTH * PIECES * WIDTH).map(number).collect();
        let data: Vec<f32> = (0..50 * WIDTH).map(|at| number(at + 7)).collect();
        let mix = Panels::of_pieces(&matrix, PIECES, WIDTH, WIDTH);
        let table = Table { column: Column::Suffix, seed: 9, rows: 50, data, mix };
        let (mut together, mut places) = (Parts::default(), Vec::new());
        table.look_up(WIDTH, &mut together, [5, 8, 5, 13].into_iter(), &mut places);
        assert_eq!(places, [0, 1, 0, 2]);
        table.look_up(WIDTH, &mut together, [21, 8].into_iter(), &mut places);
        assert_eq!(places, [3, 1]);
        for (value, place) in [(5, 0), (8, 1), (13, 2), (21, 3)] {
            let mut alone = Parts::default();
            table.look_up(WIDTH, &mut alone, std::iter::once(value), &mut places);
            assert_eq!(alone.products, together.products[place * PIECES * WIDTH..][..PIECES * WIDTH], "value {value}");
            assert!(alone.products.iter().any(|&number| number != 0.0));
        }
    }
}
