//! What the parser and the entity recogniser share: a model that scores the next move from a few tokens of the state.
//!
//! spaCy's TransitionBasedParser.v2 (Honnibal and Johnson 2015): token vectors go through a linear layer to `hidden` (64) numbers; each
//! of the state's feature positions (8 for the parser, 3 for entities) has weights of its own, whose products with every token are
//! computed once for the whole batch; a state's vector is their sum, the better of two pieces each; an upper layer scores the moves.

use rmpv::Value;

use super::kernel::{LANES, Lanes, Panels, Task, Vector, sum_panels, with_vectors};
use super::runs;
use super::weights::Weights;
use crate::package::{LoadError, Package, get};

const PIECES: usize = 2;
/// Tokens whose products are computed at once.
const AHEAD: usize = 72;

/// The scoring model of one component.
#[derive(Debug)]
pub(crate) struct StepModel {
    /// token width → hidden
    reduce: Panels,
    reduce_bias: Vec<f32>,
    /// hidden → positions × pieces × hidden
    positions: Panels,
    /// For a position without a token: positions × pieces × hidden.
    padding: Vec<f32>,
    /// pieces × hidden
    bias: Vec<f32>,
    /// By hidden input, the moves padded to whole panels.
    upper: Vec<Lanes>,
    upper_bias: Vec<Lanes>,
    width: usize,
    hidden: usize,
    features: usize,
    moves: usize,
}

/// Products of all tokens of a batch, and buffers.
#[derive(Debug, Default)]
pub(crate) struct StepCache {
    reduced: Vec<f32>,
    products: Vec<f32>,
    /// Tokens of the batch that have their products.
    multiplied: usize,
    hidden: Vec<f32>,
    /// Scores of the moves of the last state asked about.
    pub(crate) scores: Vec<Lanes>,
}

impl StepModel {
    pub(crate) fn from_weights(
        file: &str,
        weights: &Weights,
        width: usize,
        features: usize,
        moves: usize,
    ) -> Result<Self, LoadError> {
        let wrong = |what: &str| LoadError::content(file, what);
        let (lower, upper) = (weights.reference("lower"), weights.reference("upper"));
        let (Some(lower), Some(upper)) = (lower, upper) else {
            return Err(wrong("no lower and upper layer (only models with `use_upper` are supported)"));
        };
        let (matrix, bias, pad) = (weights.param(lower, "W")?, weights.param(lower, "b")?, weights.param(lower, "pad")?);
        let [of_features, hidden, PIECES, inner] = matrix.shape[..] else {
            return Err(wrong("the lower layer does not have two pieces"));
        };
        if of_features != features || inner != hidden || hidden % LANES != 0 {
            return Err(wrong("the lower layer has another number of features than the transition system, or an odd width"));
        }
        bias.expect_shape(file, &[hidden, PIECES])?;
        pad.expect_shape(file, &[1, features, hidden, PIECES])?;
        let (upper_matrix, upper_bias) = (weights.param(upper, "W")?, weights.param(upper, "b")?);
        upper_matrix.expect_shape(file, &[moves, hidden])?;
        upper_bias.expect_shape(file, &[moves])?;
        let reduce = weights
            .named("linear")
            .find(|node| !std::ptr::eq(*node, upper))
            .ok_or_else(|| wrong("no layer from tok2vec to the parser"))?;
        let (reduce_matrix, reduce_bias) = (weights.param(reduce, "W")?, weights.param(reduce, "b")?);
        reduce_matrix.expect_shape(file, &[hidden, width])?;
        reduce_bias.expect_shape(file, &[hidden])?;

        // Pieces apart, so that the better of two is taken column by column.
        let mut by_piece = Vec::with_capacity(matrix.data.len());
        for feature in 0..features {
            for piece in 0..PIECES {
                for output in 0..hidden {
                    let start = ((feature * hidden + output) * PIECES + piece) * hidden;
                    by_piece.extend_from_slice(&matrix.data[start..start + hidden]);
                }
            }
        }
        let pieces_apart = |data: &[f32]| -> Vec<f32> {
            (0..PIECES).flat_map(|piece| data.iter().skip(piece).step_by(PIECES).copied().collect::<Vec<_>>()).collect()
        };
        let padding = pad.data.chunks_exact(hidden * PIECES).flat_map(pieces_apart).collect();
        let panels = moves.div_ceil(LANES);
        let mut upper = vec![[0.0; LANES]; hidden * panels];
        for (at, row) in upper_matrix.data.chunks_exact(hidden).enumerate() {
            for (input, &weight) in row.iter().enumerate() {
                upper[input * panels + at / LANES][at % LANES] = weight;
            }
        }
        let mut packed_bias = vec![[0.0; LANES]; panels];
        for (at, &bias) in upper_bias.data.iter().enumerate() {
            packed_bias[at / LANES][at % LANES] = bias;
        }
        Ok(Self {
            reduce: Panels::new(&reduce_matrix.data, hidden, width),
            reduce_bias: reduce_bias.data.clone(),
            positions: Panels::new(&by_piece, features * PIECES * hidden, hidden),
            padding,
            bias: pieces_apart(&bias.data),
            upper,
            upper_bias: packed_bias,
            width,
            hidden,
            features,
            moves,
        })
    }

    /// Prepares for the states of these tokens: rows `rows` of `vectors`.
    pub(crate) fn prepare(&self, cache: &mut StepCache, vectors: &[f32], rows: &[u32]) {
        let hidden = self.hidden;
        cache.reduced.resize(rows.len() * hidden, 0.0);
        let mut at = 0;
        for run in runs(rows) {
            let start = run[0] as usize * self.width;
            self.reduce.multiply(&vectors[start..], self.width, run.len(), &mut cache.reduced[at * hidden..], hidden);
            at += run.len();
        }
        for row in cache.reduced.chunks_exact_mut(hidden) {
            row.iter_mut().zip(&self.reduce_bias).for_each(|(number, bias)| *number += bias);
        }
        // Zeros from the system take no memory before they are written; nothing old is worth a copy.
        if cache.products.len() < rows.len() * self.columns() {
            cache.products = Vec::new();
            cache.products = vec![0.0; rows.len() * self.columns() * 3 / 2];
        }
        cache.multiplied = 0;
        cache.hidden.resize(hidden, 0.0);
        cache.scores.resize(self.upper_bias.len(), [0.0; LANES]);
    }

    /// Products of one token.
    fn columns(&self) -> usize {
        self.features * PIECES * self.hidden
    }

    /// Multiplies on, up to some way past `token`: states look at tokens soon after they were first met, while their products are near.
    #[cold]
    #[inline(never)]
    fn multiply_up_to(&self, cache: &mut StepCache, token: usize) {
        let (hidden, columns) = (self.hidden, self.columns());
        let count = cache.reduced.len() / hidden;
        let (from, to) = (cache.multiplied, (token + 1).next_multiple_of(AHEAD).min(count));
        let (reduced, products) = (&cache.reduced[from * hidden..], &mut cache.products[from * columns..]);
        self.positions.multiply(reduced, hidden, to - from, products, columns);
        cache.multiplied = to;
    }

    /// Scores the moves of a state whose features are these tokens of the batch, into `cache.scores`.
    pub(crate) fn score<const F: usize>(&self, cache: &mut StepCache, tokens: [Option<usize>; F]) {
        debug_assert_eq!(F, self.features);
        if let Some(last) = tokens.into_iter().flatten().max()
            && last >= cache.multiplied
        {
            self.multiply_up_to(cache, last);
        }
        let size = PIECES * self.hidden;
        let parts = std::array::from_fn(|feature| match tokens[feature] {
            Some(token) => &cache.products[(token * F + feature) * size..][..size],
            None => &self.padding[feature * size..][..size],
        });
        with_vectors(Score::<F> { model: self, parts, hidden: &mut cache.hidden, scores: &mut cache.scores });
    }

    /// The best-scored of these moves; the first of equals.
    pub(crate) fn best(&self, cache: &StepCache, moves: impl Iterator<Item = usize>) -> Option<usize> {
        let scores = &cache.scores.as_flattened()[..self.moves];
        let mut best = None;
        let mut top = f32::NEG_INFINITY;
        moves.for_each(|at| {
            if scores[at] > top || best.is_none() {
                (best, top) = (Some(at), scores[at]);
            }
        });
        best
    }
}

/// One state: the sum of its features' products, the better of two pieces, the scores of all moves.
struct Score<'a, const F: usize> {
    model: &'a StepModel,
    parts: [&'a [f32]; F],
    hidden: &'a mut [f32],
    scores: &'a mut [Lanes],
}

impl<const F: usize> Task for Score<'_, F> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self { model, parts, hidden, scores } = self;
        for at in (0..model.hidden).step_by(LANES) {
            let (mut first, mut second) = (V::zero(), V::zero());
            for part in parts {
                first = first.add(V::read(&part[at..]));
                second = second.add(V::read(&part[model.hidden + at..]));
            }
            first = first.add(V::read(&model.bias[at..]));
            second = second.add(V::read(&model.bias[model.hidden + at..]));
            second.max(first).write(&mut hidden[at..]);
        }
        sum_panels::<V>(&model.upper, hidden, &model.upper_bias, scores);
    }
}

/// The moves of a transition system in the order of the model's classes: by kind, then by frequency and name, both falling.
pub(crate) fn read_moves(package: &Package, file: &str) -> Result<Vec<(u8, String)>, LoadError> {
    let wrong = |what: &str| LoadError::content(file, what);
    let value = package.read_msgpack(file)?;
    let text = get(&value, "moves").and_then(Value::as_str).ok_or_else(|| wrong("no moves"))?;
    let by_kind: std::collections::BTreeMap<String, std::collections::BTreeMap<String, i64>> =
        serde_json::from_str(text).map_err(|error| LoadError::content(file, error))?;
    let mut moves = Vec::new();
    let mut kinds = Vec::new();
    for (kind, labels) in by_kind {
        kinds.push((kind.parse::<u8>().map_err(|_| wrong("a kind of move is no number"))?, labels));
    }
    kinds.sort_by_key(|(kind, _)| *kind);
    for (kind, labels) in kinds {
        let mut labels: Vec<(i64, String)> = labels.into_iter().map(|(label, frequency)| (frequency, label)).collect();
        labels.sort();
        moves.extend(labels.into_iter().rev().map(|(_, label)| (kind, label)));
    }
    if moves.is_empty() || moves.len() > 10_000 {
        return Err(wrong("no moves, or too many"));
    }
    Ok(moves)
}
