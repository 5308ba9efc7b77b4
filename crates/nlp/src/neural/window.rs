//! One layer of the encoder: a maxout over each token and its two neighbours, normalised and added to what was there.
//!
//! A layer over windows of three is a convolution along the text, and Winograd's minimal filtering computes four of its outputs from six
//! products instead of twelve (F(4,3): Winograd 1980; Lavin and Gray 2016). Rows are taken in tiles of four. A tile's rows share
//! intermediate sums, so rounding may carry over within it: [`lay_out`] starts every document on a tile and keeps the next one so far away
//! that no bit of its vectors depends on its neighbours in a batch.
//!
//! The first layer sees word types only: its three products are kept by type (see `tok2vec`), and a row is the sum of three of them.

use std::ops::Range;

use super::kernel::{LANES, Panels, Task, Vector, by_lanes, with_vectors};

pub(super) const PIECES: usize = 3;
/// Outputs of a tile, and the rows that it reads.
const TILE: usize = 4;
const READS: usize = TILE + 2;
/// Tiles that are worked on together: their products stay in the processor's cache.
const BLOCK: usize = 36;
/// Empty rows before the first document, and at least as many after each.
const APART: usize = 8;
const EPSILON: f32 = 1e-8;

/// Bias and layer normalisation of a layer; the bias in the order of the products ([`by_lanes`]).
#[derive(Debug)]
pub(super) struct Finish {
    pub(super) bias: Vec<f32>,
    pub(super) gain: Vec<f32>,
    pub(super) shift: Vec<f32>,
}

/// The first layer: what a word type gives to the token before it, to itself, and to the token after.
#[derive(Debug)]
pub(super) struct TypeLayer {
    parts: [Panels; 3],
    finish: Finish,
}

/// A later layer.
#[derive(Debug)]
pub(super) struct WindowLayer {
    products: [Panels; READS],
    finish: Finish,
}

/// Buffers.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    inputs: Vec<f32>,
    products: Vec<f32>,
    /// The last row of the tiles before, as it was.
    before: Vec<f32>,
}

/// Where documents of these lengths begin, as rows, and how many rows there are. The first and the last row belong to no tile.
pub(super) fn lay_out(lengths: impl Iterator<Item = usize>, starts: &mut Vec<usize>) -> usize {
    starts.clear();
    let mut end = 1;
    for length in lengths {
        let start = (end + APART - 1).next_multiple_of(TILE) + 1;
        starts.push(start);
        end = start + length;
    }
    (end + APART - 1).next_multiple_of(TILE) + 2
}

/// Weights of shape (outputs, pieces, 3 × width) for one of three neighbours.
fn neighbour(matrix: &[f32], width: usize, which: usize) -> Vec<f32> {
    part_of_columns(matrix, 3 * width, which * width..(which + 1) * width)
}

/// Some columns of a row-major matrix that has `inputs` of them.
pub(super) fn part_of_columns(matrix: &[f32], inputs: usize, columns: Range<usize>) -> Vec<f32> {
    matrix.chunks_exact(inputs).flat_map(|row| &row[columns.clone()]).copied().collect()
}

impl TypeLayer {
    pub(super) fn new(matrix: &[f32], width: usize, finish: Finish) -> Self {
        let part = |which| Panels::of_pieces(&neighbour(matrix, width, which), PIECES, width, width);
        Self { parts: [0, 1, 2].map(part), finish }
    }

    /// Numbers that are kept for one type.
    pub(super) fn kept(width: usize) -> usize {
        3 * PIECES * width
    }

    /// What types with these embeddings give to their right, to themselves and to their left.
    pub(super) fn give(&self, width: usize, embeddings: &[f32], out: &mut [f32]) {
        let count = embeddings.len() / width;
        for (which, part) in self.parts.iter().enumerate() {
            part.multiply(embeddings, width, count, &mut out[which * PIECES * width..], Self::kept(width));
        }
    }

    /// Applies the layer to all rows between the first and the last of `x`; `types` has each row's place in `given`, or [`EMPTY`].
    pub(super) fn apply(&self, width: usize, given: &[f32], types: &[u32], x: &mut [f32]) {
        with_vectors(ByType { layer: self, width, given, types, x });
    }
}

/// No token stands in this row.
pub(super) const EMPTY: u32 = u32::MAX;

struct ByType<'a> {
    layer: &'a TypeLayer,
    width: usize,
    given: &'a [f32],
    /// By row.
    types: &'a [u32],
    x: &'a mut [f32],
}

impl Task for ByType<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self { layer, width, given, types, x } = self;
        let Finish { bias, gain, shift } = &layer.finish;
        let (part, kept) = (PIECES * width, TypeLayer::kept(width));
        let nothing = [0.0; PIECES * MAX_WIDTH];
        let of = |row: usize, which: usize| match types[row] {
            EMPTY => &nothing[..part],
            kind => &given[kind as usize * kept + which * part..][..part],
        };
        let mut best = [0.0; MAX_WIDTH];
        for row in 1..types.len() - 1 {
            let (before, own, after) = (of(row - 1, 0), of(row, 1), of(row + 1, 2));
            for at in (0..width).step_by(LANES) {
                let mut top = V::splat(f32::NEG_INFINITY);
                for piece in 0..PIECES {
                    let from = at * PIECES + piece * LANES;
                    let sum = V::read(&before[from..]).add(V::read(&own[from..])).add(V::read(&after[from..]));
                    top = sum.add(V::read(&bias[from..])).max(top);
                }
                top.write(&mut best[at..]);
            }
            normalise_and_add::<V>(&best[..width], gain, shift, &mut x[row * width..(row + 1) * width]);
        }
    }
}

/// Widest layer that the buffers on the stack hold.
pub(super) const MAX_WIDTH: usize = 512;

impl WindowLayer {
    pub(super) fn new(matrix: &[f32], width: usize, finish: Finish) -> Self {
        let [before, own, after] = [0, 1, 2].map(|which| neighbour(matrix, width, which));
        // The filter's side of F(4,3), at the points 0, ±1, ±2 and infinity; rounded once.
        const FILTER: [[f64; 3]; READS] = [
            [1.0 / 4.0, 0.0, 0.0],
            [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
            [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
            [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
            [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
            [0.0, 0.0, 1.0],
        ];
        let products = FILTER.map(|[a, b, c]| {
            let mixed: Vec<f32> = (0..before.len())
                .map(|at| (a * f64::from(before[at]) + b * f64::from(own[at]) + c * f64::from(after[at])) as f32)
                .collect();
            Panels::of_pieces(&mixed, PIECES, width, width)
        });
        Self { products, finish }
    }

    /// Applies the layer to all rows between the first and the last of `x`, whose number is a multiple of [`TILE`].
    pub(super) fn apply(&self, width: usize, buffers: &mut Buffers, x: &mut [f32]) {
        let rows = x.len() / width;
        let tiles = (rows - 2) / TILE;
        let Buffers { inputs, products, before } = buffers;
        inputs.resize(READS * BLOCK * width, 0.0);
        products.resize(READS * BLOCK * PIECES * width, 0.0);
        before.clear();
        before.extend_from_slice(&x[..width]);
        for first in (0..tiles).step_by(BLOCK) {
            let count = BLOCK.min(tiles - first);
            // These tiles see the row before them as it was, though the tiles before have written it.
            let row = first * TILE * width..(first * TILE + 1) * width;
            x[row.clone()].swap_with_slice(before);
            with_vectors(TakeIn { width, first, count, x, inputs });
            x[row].swap_with_slice(before);
            before.copy_from_slice(&x[(first + count) * TILE * width..][..width]);
            let pairs = inputs.chunks_exact(BLOCK * width).zip(products.chunks_exact_mut(BLOCK * PIECES * width));
            for (panels, (inputs, products)) in self.products.iter().zip(pairs) {
                panels.multiply(inputs, width, count, products, PIECES * width);
            }
            with_vectors(GiveOut { finish: &self.finish, width, first, count, products, x });
        }
    }
}

/// The input's side: six mixtures of the rows that a tile reads.
struct TakeIn<'a> {
    width: usize,
    first: usize,
    count: usize,
    x: &'a [f32],
    inputs: &'a mut [f32],
}

impl Task for TakeIn<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self { width, first, count, x, inputs } = self;
        for tile in 0..count {
            let rows = &x[(first + tile) * TILE * width..][..READS * width];
            for at in (0..width).step_by(LANES) {
                let mut d = [V::zero(); READS];
                for (row, d) in d.iter_mut().enumerate() {
                    *d = V::read(&rows[row * width + at..]);
                }
                let mixed = [
                    d[4].fma(4.0, d[0]).fma(-5.0, d[2]),
                    d[3].add(d[4]).fma(-4.0, d[1].add(d[2])),
                    d[4].sub(d[3]).fma(4.0, d[1].sub(d[2])),
                    d[4].sub(d[2]).fma(2.0, d[3].sub(d[1])),
                    d[4].sub(d[2]).fma(-2.0, d[3].sub(d[1])),
                    d[5].fma(4.0, d[1]).fma(-5.0, d[3]),
                ];
                for (which, mixed) in mixed.into_iter().enumerate() {
                    mixed.write(&mut inputs[(which * BLOCK + tile) * width + at..]);
                }
            }
        }
    }
}

/// The output's side: four rows of a tile from its six products; bias, maxout, normalisation, and the addition to what was there.
struct GiveOut<'a> {
    finish: &'a Finish,
    width: usize,
    first: usize,
    count: usize,
    products: &'a [f32],
    x: &'a mut [f32],
}

impl Task for GiveOut<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self { finish: Finish { bias, gain, shift }, width, first, count, products, x } = self;
        let mut best = [[0.0; MAX_WIDTH]; TILE];
        for tile in 0..count {
            for at in (0..width).step_by(LANES) {
                let mut top = [V::splat(f32::NEG_INFINITY); TILE];
                for piece in 0..PIECES {
                    let from = at * PIECES + piece * LANES;
                    let mut m = [V::zero(); READS];
                    for (which, m) in m.iter_mut().enumerate() {
                        *m = V::read(&products[(which * BLOCK + tile) * PIECES * width + from..]);
                    }
                    let (near, far) = (m[1].add(m[2]), m[3].add(m[4]));
                    let (near_odd, far_odd) = (m[1].sub(m[2]), m[3].sub(m[4]));
                    let bias = V::read(&bias[from..]);
                    let rows = [
                        m[0].add(near).add(far),
                        near_odd.fma(2.0, far_odd),
                        near.fma(4.0, far),
                        near_odd.fma(8.0, far_odd).add(m[5]),
                    ];
                    for (top, row) in top.iter_mut().zip(rows) {
                        *top = row.add(bias).max(*top);
                    }
                }
                for (best, top) in best.iter_mut().zip(top) {
                    top.write(&mut best[at..]);
                }
            }
            for (row, best) in best.iter().enumerate() {
                let at = ((first + tile) * TILE + 1 + row) * width;
                normalise_and_add::<V>(&best[..width], gain, shift, &mut x[at..at + width]);
            }
        }
    }
}

/// Layer normalisation (Ba et al. 2016) of `row`, added to `onto`. Sums run lane by lane, then over lanes in order.
#[inline(always)]
fn normalise_and_add<V: Vector>(row: &[f32], gain: &[f32], shift: &[f32], onto: &mut [f32]) {
    let count = row.len() as f32;
    let mut sum = V::zero();
    for at in (0..row.len()).step_by(LANES) {
        sum = sum.add(V::read(&row[at..]));
    }
    let mean = sum.lanes().iter().sum::<f32>() / count;
    let middle = V::splat(mean);
    let mut squares = V::zero();
    for at in (0..row.len()).step_by(LANES) {
        let apart = V::read(&row[at..]).sub(middle);
        squares = squares.add(apart.times(apart));
    }
    let scale = V::splat(1.0 / (squares.lanes().iter().sum::<f32>() / count + EPSILON).sqrt());
    for at in (0..row.len()).step_by(LANES) {
        let number = V::read(&row[at..]).sub(middle).times(scale).times(V::read(&gain[at..])).add(V::read(&shift[at..]));
        V::read(&onto[at..]).add(number).write(&mut onto[at..]);
    }
}

impl Finish {
    /// Of a layer whose bias has shape (outputs, pieces).
    pub(super) fn new(bias: &[f32], gain: &[f32], shift: &[f32]) -> Self {
        let bias = by_lanes(PIECES, gain.len()).map(|at| bias[at]).collect();
        Self { bias, gain: gain.to_vec(), shift: shift.to_vec() }
    }

    /// Adds to each row of `out` what the layer makes of a row of products.
    pub(super) fn apply(&self, width: usize, products: &[f32], out: &mut [f32]) {
        with_vectors(Rows { finish: self, width, products, out });
    }
}

struct Rows<'a> {
    finish: &'a Finish,
    width: usize,
    products: &'a [f32],
    out: &'a mut [f32],
}

impl Task for Rows<'_> {
    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self { finish: Finish { bias, gain, shift }, width, products, out } = self;
        let mut best = [0.0; MAX_WIDTH];
        for (products, out) in products.chunks_exact(PIECES * width).zip(out.chunks_exact_mut(width)) {
            for at in (0..width).step_by(LANES) {
                let mut top = V::splat(f32::NEG_INFINITY);
                for piece in 0..PIECES {
                    let from = at * PIECES + piece * LANES;
                    top = V::read(&products[from..]).add(V::read(&bias[from..])).max(top);
                }
                top.write(&mut best[at..]);
            }
            normalise_and_add::<V>(&best[..width], gain, shift, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neural::kernel::Lanes;

    const WIDTH: usize = 32;

    fn numbers(seed: u32, count: usize) -> Vec<f32> {
        let mut state = seed | 1;
        let next = move |_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state as f32 / u32::MAX as f32) - 0.5
        };
        (0..count).map(next).collect()
    }

    fn finish(seed: u32) -> Finish {
        Finish::new(&bias(seed), &numbers(seed ^ 5, WIDTH), &numbers(seed ^ 6, WIDTH))
    }

    fn bias(seed: u32) -> Vec<f32> {
        numbers(seed, WIDTH * PIECES)
    }

    /// The layer's meaning, in double precision, at one row.
    fn by_hand(matrix: &[f32], bias: &[f32], finish: &Finish, x: &[f32], row: usize) -> Vec<f64> {
        let window = &x[(row - 1) * WIDTH..(row + 2) * WIDTH];
        let best: Vec<f64> = (0..WIDTH)
            .map(|output| {
                let piece = |piece: usize| {
                    let weights = &matrix[(output * PIECES + piece) * 3 * WIDTH..][..3 * WIDTH];
                    let sum: f64 = weights.iter().zip(window).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                    sum + f64::from(bias[output * PIECES + piece])
                };
                (0..PIECES).map(piece).fold(f64::NEG_INFINITY, f64::max)
            })
            .collect();
        let mean = best.iter().sum::<f64>() / WIDTH as f64;
        let variance = best.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / WIDTH as f64;
        let scale = 1.0 / (variance + f64::from(EPSILON)).sqrt();
        (0..WIDTH)
            .map(|at| {
                let own = f64::from(x[row * WIDTH + at]);
                own + (best[at] - mean) * scale * f64::from(finish.gain[at]) + f64::from(finish.shift[at])
            })
            .collect()
    }

    #[test]
    fn tiles_give_what_windows_mean() {
        let matrix = numbers(3, WIDTH * PIECES * 3 * WIDTH);
        let layer = WindowLayer::new(&matrix, WIDTH, finish(4));
        for tiles in [1, 2, BLOCK, BLOCK + 1, 3 * BLOCK + 2] {
            let rows = tiles * TILE + 2;
            let mut x = numbers(9, rows * WIDTH);
            let before = x.clone();
            layer.apply(WIDTH, &mut Buffers::default(), &mut x);
            assert_eq!((&x[..WIDTH], &x[(rows - 1) * WIDTH..]), (&before[..WIDTH], &before[(rows - 1) * WIDTH..]));
            for row in 1..rows - 1 {
                for (got, wanted) in x[row * WIDTH..].iter().zip(by_hand(&matrix, &bias(4), &layer.finish, &before, row)) {
                    assert!((f64::from(*got) - wanted).abs() < 2e-5, "{got} for {wanted} in row {row} of {rows}");
                }
            }
        }
    }

    #[test]
    fn types_give_what_windows_mean() {
        let matrix = numbers(3, WIDTH * PIECES * 3 * WIDTH);
        let layer = TypeLayer::new(&matrix, WIDTH, finish(4));
        let embeddings = numbers(8, 2 * WIDTH);
        let kept = TypeLayer::kept(WIDTH);
        let mut given = vec![0.0; 2 * kept];
        layer.give(WIDTH, &embeddings, &mut given);
        let types = [EMPTY, 0, 1, 1, 0, EMPTY, 0, EMPTY];
        let of =
            |&kind: &u32| if kind == EMPTY { vec![0.0; WIDTH] } else { embeddings[kind as usize * WIDTH..][..WIDTH].to_vec() };
        let mut x: Vec<f32> = types.iter().flat_map(of).collect();
        let before = x.clone();
        layer.apply(WIDTH, &given, &types, &mut x);
        for row in 1..types.len() - 1 {
            for (got, wanted) in x[row * WIDTH..].iter().zip(by_hand(&matrix, &bias(4), &layer.finish, &before, row)) {
                assert!((f64::from(*got) - wanted).abs() < 1e-5, "{got} for {wanted} in row {row}");
            }
        }
    }

    #[test]
    fn documents_start_on_tiles_far_from_each_other() {
        let mut starts = Vec::new();
        let rows = lay_out([5, 0, 1, 12].into_iter(), &mut starts);
        assert_eq!(starts, [9, 25, 33, 45]);
        assert_eq!((rows - 2) % TILE, 0);
        assert!(rows >= 45 + 12 + APART);
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let layer = WindowLayer::new(&numbers(3, WIDTH * PIECES * 3 * WIDTH), WIDTH, finish(4));
        let products = numbers(11, READS * BLOCK * PIECES * WIDTH);
        let before = numbers(12, (BLOCK * TILE + 2) * WIDTH);
        let (mut fast, mut plain) = (before.clone(), before.clone());
        let task = |x| GiveOut { finish: &layer.finish, width: WIDTH, first: 0, count: BLOCK, products: &products, x };
        with_vectors(task(&mut fast));
        task(&mut plain).run::<Lanes>();
        assert_eq!(fast, plain);
        let (mut fast, mut plain) = (vec![0.0; READS * BLOCK * WIDTH], vec![0.0; READS * BLOCK * WIDTH]);
        with_vectors(TakeIn { width: WIDTH, first: 0, count: BLOCK, x: &before, inputs: &mut fast });
        TakeIn { width: WIDTH, first: 0, count: BLOCK, x: &before, inputs: &mut plain }.run::<Lanes>();
        assert_eq!(fast, plain);
    }
}
