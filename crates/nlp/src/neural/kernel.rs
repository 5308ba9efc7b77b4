//! Matrix products: the one place where speed is made, and the only one with `unsafe`.
//!
//! A weight matrix is packed into panels of [`LANES`] output columns. For a tile of rows and panels every output is one running sum over
//! the inputs, in order, by fused multiply-add; vector units work on columns side by side, so neither their width nor the tile's size
//! changes anything in any sum. The same generic code is compiled for AVX-512, for AVX2 and for the plain instruction set, and picked
//! once.

/// Columns of one panel.
pub(crate) const LANES: usize = 16;

/// One vector's worth of columns.
pub(crate) type Lanes = [f32; LANES];

/// Weights of a layer, packed.
#[derive(Debug, Clone)]
pub(crate) struct Panels {
    inputs: usize,
    /// By panel, then input.
    data: Vec<Lanes>,
    panels: usize,
}

impl Panels {
    /// Packs a row-major matrix of shape (columns, inputs). Columns up to the next multiple of [`LANES`] are zero.
    pub(crate) fn new(matrix: &[f32], columns: usize, inputs: usize) -> Self {
        assert_eq!(matrix.len(), columns * inputs, "matrix of shape ({columns}, {inputs})");
        let panels = columns.div_ceil(LANES);
        let mut data = vec![[0.0; LANES]; panels * inputs];
        for (column, weights) in matrix.chunks_exact(inputs.max(1)).enumerate() {
            for (input, &weight) in weights.iter().enumerate() {
                data[column / LANES * inputs + input][column % LANES] = weight;
            }
        }
        Self { inputs, data, panels }
    }

    /// Packs a row-major matrix of shape (outputs, pieces, inputs), outputs a multiple of [`LANES`]; columns come in [`by_lanes`].
    pub(crate) fn of_pieces(matrix: &[f32], pieces: usize, outputs: usize, inputs: usize) -> Self {
        let columns = by_lanes(pieces, outputs);
        let mixed: Vec<f32> = columns.flat_map(|column| &matrix[column * inputs..(column + 1) * inputs]).copied().collect();
        Self::new(&mixed, outputs * pieces, inputs)
    }

    /// `out[r][c] = rows[r] · column c`. Row `r` starts at `r * stride` of `rows`, and may overlap the next one. `out` has rows of
    /// `out_stride`.
    pub(crate) fn multiply(&self, rows: &[f32], stride: usize, count: usize, out: &mut [f32], out_stride: usize) {
        let columns = self.panels * LANES;
        assert!(count == 0 || (count - 1) * stride + self.inputs <= rows.len(), "rows leave the input");
        assert!(count == 0 || out_stride >= columns && (count - 1) * out_stride + columns <= out.len(), "rows leave the output");
        dispatch(Job { panels: self, rows, stride, count, out, out_stride });
    }
}

/// The order in which the columns of a maxout are kept, as places in (outputs, pieces): the first piece of [`LANES`] outputs, their second
/// piece, and so on; then the next outputs. What is compared lies side by side, and all of it is read from front to back.
pub(crate) fn by_lanes(pieces: usize, outputs: usize) -> impl Iterator<Item = usize> {
    assert!(outputs.is_multiple_of(LANES), "{outputs} outputs are not whole panels");
    let lanes = move |first, piece| (first..first + LANES).map(move |output| output * pieces + piece);
    (0..outputs).step_by(LANES).flat_map(move |first| (0..pieces).flat_map(move |piece| lanes(first, piece)))
}

/// Sixteen numbers as the processor holds them.
pub(crate) trait Vector: Copy {
    fn load(lanes: &Lanes) -> Self;
    fn zero() -> Self;
    /// The same number in each lane.
    fn splat(x: f32) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    /// By lane, this number where it is greater than the other, else the other.
    fn max(self, other: Self) -> Self;
    /// `x * weights + self`, in one rounding.
    fn fma(self, x: f32, weights: Self) -> Self;
    fn lanes(self) -> Lanes;

    /// The first numbers of `from`; zeros when there are too few.
    #[inline(always)]
    fn read(from: &[f32]) -> Self {
        match from.first_chunk() {
            Some(lanes) => Self::load(lanes),
            None => Self::zero(),
        }
    }

    /// Writes to the first numbers of `to`, if there are enough.
    #[inline(always)]
    fn write(self, to: &mut [f32]) {
        if let Some(to) = to.first_chunk_mut() {
            *to = self.lanes();
        }
    }
}

/// Work on vectors, compiled for each instruction set and run with the widest.
///
/// `run` must be `#[inline(always)]` and free of closures that touch vectors: a closure is compiled for the plain instruction set.
pub(crate) trait Task {
    fn run<V: Vector>(self);
}

/// Runs a task with the widest vectors that the processor has.
pub(crate) fn with_vectors<T: Task>(task: T) {
    #[cfg(target_arch = "x86_64")]
    let Some(task) = x86::run_task(task) else { return };
    task.run::<Lanes>();
}

impl Vector for Lanes {
    #[inline(always)]
    fn load(lanes: &Lanes) -> Self {
        *lanes
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        [x; LANES]
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        std::array::from_fn(|lane| self[lane] + other[lane])
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        std::array::from_fn(|lane| self[lane] - other[lane])
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        std::array::from_fn(|lane| self[lane] * other[lane])
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        std::array::from_fn(|lane| if self[lane] > other[lane] { self[lane] } else { other[lane] })
    }

    #[inline(always)]
    fn zero() -> Self {
        [0.0; LANES]
    }

    #[inline(always)]
    fn fma(mut self, x: f32, weights: Self) -> Self {
        for (sum, weight) in self.iter_mut().zip(weights) {
            *sum = x.mul_add(weight, *sum);
        }
        self
    }

    #[inline(always)]
    fn lanes(self) -> Lanes {
        self
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "the processor's vector instructions; called only from functions that are compiled for them")]
mod x86 {
    use std::arch::x86_64::{
        __m256, __m512, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_max_ps, _mm256_mul_ps, _mm256_set1_ps,
        _mm256_setzero_ps, _mm256_storeu_ps, _mm256_sub_ps, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_max_ps,
        _mm512_mul_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps, _mm512_sub_ps,
    };

    use super::{Job, LANES, Lanes, Task, Vector, run};

    /// AVX2: two registers of eight.
    #[derive(Clone, Copy)]
    struct Pair(__m256, __m256);

    /// AVX-512: one register.
    #[derive(Clone, Copy)]
    struct Wide(__m512);

    // SAFETY, for both: the instructions exist, since these methods are inlined only into the functions below, which are entered after
    // their features were detected; loads and stores stay inside an array of sixteen numbers and need no alignment.
    impl Vector for Pair {
        #[inline(always)]
        fn load(lanes: &Lanes) -> Self {
            unsafe { Self(_mm256_loadu_ps(lanes.as_ptr()), _mm256_loadu_ps(lanes.as_ptr().add(8))) }
        }

        #[inline(always)]
        fn zero() -> Self {
            unsafe { Self(_mm256_setzero_ps(), _mm256_setzero_ps()) }
        }

        #[inline(always)]
        fn splat(x: f32) -> Self {
            unsafe { Self(_mm256_set1_ps(x), _mm256_set1_ps(x)) }
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            unsafe { Self(_mm256_add_ps(self.0, other.0), _mm256_add_ps(self.1, other.1)) }
        }

        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            unsafe { Self(_mm256_sub_ps(self.0, other.0), _mm256_sub_ps(self.1, other.1)) }
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            unsafe { Self(_mm256_mul_ps(self.0, other.0), _mm256_mul_ps(self.1, other.1)) }
        }

        #[inline(always)]
        fn max(self, other: Self) -> Self {
            unsafe { Self(_mm256_max_ps(self.0, other.0), _mm256_max_ps(self.1, other.1)) }
        }

        #[inline(always)]
        fn fma(self, x: f32, weights: Self) -> Self {
            unsafe {
                let x = _mm256_set1_ps(x);
                Self(_mm256_fmadd_ps(x, weights.0, self.0), _mm256_fmadd_ps(x, weights.1, self.1))
            }
        }

        #[inline(always)]
        fn lanes(self) -> Lanes {
            let mut lanes = [0.0; LANES];
            unsafe {
                _mm256_storeu_ps(lanes.as_mut_ptr(), self.0);
                _mm256_storeu_ps(lanes.as_mut_ptr().add(8), self.1);
            }
            lanes
        }
    }

    impl Vector for Wide {
        #[inline(always)]
        fn load(lanes: &Lanes) -> Self {
            unsafe { Self(_mm512_loadu_ps(lanes.as_ptr())) }
        }

        #[inline(always)]
        fn zero() -> Self {
            unsafe { Self(_mm512_setzero_ps()) }
        }

        #[inline(always)]
        fn splat(x: f32) -> Self {
            unsafe { Self(_mm512_set1_ps(x)) }
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            unsafe { Self(_mm512_add_ps(self.0, other.0)) }
        }

        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            unsafe { Self(_mm512_sub_ps(self.0, other.0)) }
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            unsafe { Self(_mm512_mul_ps(self.0, other.0)) }
        }

        #[inline(always)]
        fn max(self, other: Self) -> Self {
            unsafe { Self(_mm512_max_ps(self.0, other.0)) }
        }

        #[inline(always)]
        fn fma(self, x: f32, weights: Self) -> Self {
            unsafe { Self(_mm512_fmadd_ps(_mm512_set1_ps(x), weights.0, self.0)) }
        }

        #[inline(always)]
        fn lanes(self) -> Lanes {
            let mut lanes = [0.0; LANES];
            unsafe { _mm512_storeu_ps(lanes.as_mut_ptr(), self.0) };
            lanes
        }
    }

    /// What this processor has.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) enum Level {
        Avx512,
        Avx2,
        Plain,
    }

    pub(super) fn level() -> Level {
        if std::arch::is_x86_feature_detected!("avx512f") && std::arch::is_x86_feature_detected!("avx512vl") {
            Level::Avx512
        } else if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
            Level::Avx2
        } else {
            Level::Plain
        }
    }

    /// Runs the job with vector instructions; gives it back when there are none.
    pub(super) fn multiply(job: Job<'_>) -> Option<Job<'_>> {
        match level() {
            // SAFETY: `level` found the features that the function is compiled for.
            Level::Avx512 => unsafe { multiply_avx512(job) },
            Level::Avx2 => unsafe { multiply_avx2(job) },
            Level::Plain => return Some(job),
        }
        None
    }

    // Rows and panels of a tile: as many sums as leave registers for the weights and one number of a row.

    #[target_feature(enable = "avx512f,avx512vl,fma")]
    fn multiply_avx512(job: Job<'_>) {
        run::<Wide, 12, 2>(job);
    }

    #[target_feature(enable = "avx2,fma")]
    fn multiply_avx2(job: Job<'_>) {
        run::<Pair, 6, 1>(job);
    }

    /// Runs the task with vector instructions; gives it back when there are none.
    pub(super) fn run_task<T: Task>(task: T) -> Option<T> {
        match level() {
            // SAFETY: `level` found the features that the function is compiled for.
            Level::Avx512 => unsafe { task_avx512(task) },
            Level::Avx2 => unsafe { task_avx2(task) },
            Level::Plain => return Some(task),
        }
        None
    }

    #[target_feature(enable = "avx512f,avx512vl,fma")]
    fn task_avx512<T: Task>(task: T) {
        task.run::<Wide>();
    }

    #[target_feature(enable = "avx2,fma")]
    fn task_avx2<T: Task>(task: T) {
        task.run::<Pair>();
    }
}

/// Runs the job with the widest vectors that the processor has.
fn dispatch(job: Job<'_>) {
    #[cfg(target_arch = "x86_64")]
    let Some(job) = x86::multiply(job) else { return };
    run::<Lanes, 2, 1>(job);
}

/// `scores = hidden · weights + bias` for one row; `weights` by input, then panel. Panels are summed side by side, so that the latencies of
/// the sums overlap.
#[inline(always)]
pub(crate) fn sum_panels<V: Vector>(weights: &[Lanes], hidden: &[f32], bias: &[Lanes], scores: &mut [Lanes]) {
    let panels = bias.len();
    let mut panel = 0;
    while panel < panels {
        panel += match panels - panel {
            1 => side::<V, 1>(weights, hidden, bias, scores, panel),
            2 => side::<V, 2>(weights, hidden, bias, scores, panel),
            3 => side::<V, 3>(weights, hidden, bias, scores, panel),
            4 => side::<V, 4>(weights, hidden, bias, scores, panel),
            5 => side::<V, 5>(weights, hidden, bias, scores, panel),
            6 => side::<V, 6>(weights, hidden, bias, scores, panel),
            7 => side::<V, 7>(weights, hidden, bias, scores, panel),
            _ => side::<V, 8>(weights, hidden, bias, scores, panel),
        };
    }
}

#[inline(always)]
fn side<V: Vector, const SIDE: usize>(
    weights: &[Lanes],
    hidden: &[f32],
    bias: &[Lanes],
    scores: &mut [Lanes],
    panel: usize,
) -> usize {
    let panels = bias.len();
    let mut sums = [V::zero(); SIDE];
    for (row, &x) in weights.chunks_exact(panels).zip(hidden) {
        if let Some(row) = row[panel..].first_chunk::<SIDE>() {
            for at in 0..SIDE {
                sums[at] = sums[at].fma(x, V::load(&row[at]));
            }
        }
    }
    for at in 0..SIDE {
        let sum = sums[at].lanes();
        for (score, (sum, bias)) in scores[panel + at].iter_mut().zip(sum.iter().zip(&bias[panel + at])) {
            *score = sum + bias;
        }
    }
    SIDE
}

struct Job<'a> {
    panels: &'a Panels,
    rows: &'a [f32],
    stride: usize,
    count: usize,
    out: &'a mut [f32],
    out_stride: usize,
}

/// Rows that are held against one panel after another, while both stay near: a multiple of every tile's rows.
const CHUNK: usize = 36;

/// Tiles of `R` rows and `C` panels, then the rows and the panels that are left.
#[inline(always)]
fn run<V: Vector, const R: usize, const C: usize>(mut job: Job<'_>) {
    for chunk in (0..job.count).step_by(CHUNK) {
        let end = (chunk + CHUNK).min(job.count);
        let mut panel = 0;
        while panel + C <= job.panels.panels {
            strip::<V, R, C>(&mut job, chunk, end, panel);
            panel += C;
        }
        while panel < job.panels.panels {
            strip::<V, R, 1>(&mut job, chunk, end, panel);
            panel += 1;
        }
    }
}

/// The rows `row..end` against `C` panels.
#[inline(always)]
fn strip<V: Vector, const R: usize, const C: usize>(job: &mut Job<'_>, mut row: usize, end: usize, panel: usize) {
    while row < end {
        row += match end - row {
            left if left >= R => tile::<V, R, C>(job, row, panel),
            left if left >= 4 => tile::<V, 4, C>(job, row, panel),
            left if left >= 2 => tile::<V, 2, C>(job, row, panel),
            _ => tile::<V, 1, C>(job, row, panel),
        };
    }
}

#[inline(always)]
fn tile<V: Vector, const R: usize, const C: usize>(job: &mut Job<'_>, row: usize, panel: usize) -> usize {
    let inputs = job.panels.inputs;
    let mut columns = [job.rows; R];
    for (at, column) in columns.iter_mut().enumerate() {
        *column = &job.rows[(row + at) * job.stride..][..inputs];
    }
    let mut weights = [&job.panels.data[..]; C];
    for (at, weights) in weights.iter_mut().enumerate() {
        *weights = &job.panels.data[(panel + at) * inputs..][..inputs];
    }
    let mut sums = [[V::zero(); C]; R];
    for k in 0..inputs {
        let mut w = [V::zero(); C];
        for at in 0..C {
            w[at] = V::load(&weights[at][k]);
        }
        for row in 0..R {
            let x = columns[row][k];
            for at in 0..C {
                sums[row][at] = sums[row][at].fma(x, w[at]);
            }
        }
    }
    for (at, sums) in sums.iter().enumerate() {
        let out = &mut job.out[(row + at) * job.out_stride + panel * LANES..][..C * LANES];
        for (at, sum) in sums.iter().enumerate() {
            sum.write(&mut out[at * LANES..]);
        }
    }
    R
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The meaning, as a triple loop.
    fn by_hand(matrix: &[f32], (columns, inputs): (usize, usize), (rows, stride, count): (&[f32], usize, usize)) -> Vec<f32> {
        let mut out = Vec::new();
        for row in 0..count {
            for column in 0..columns {
                let sum = |sum: f32, k: usize| rows[row * stride + k].mul_add(matrix[column * inputs + k], sum);
                out.push((0..inputs).fold(0.0, sum));
            }
        }
        out
    }

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

    proptest! {
        /// Every way of running it gives the bits of the triple loop, whatever stands beside a row.
        #[test]
        fn same_bits_as_by_hand(seed in any::<u32>(), count in 1usize..90, columns in 1usize..60, inputs in 1usize..50, overlap in any::<bool>()) {
            let stride = if overlap { inputs.div_ceil(3) } else { inputs };
            let matrix = numbers(seed, columns * inputs);
            let rows = numbers(seed ^ 77, (count - 1) * stride + inputs);
            let expected = by_hand(&matrix, (columns, inputs), (&rows, stride, count));
            let panels = Panels::new(&matrix, columns, inputs);
            let width = columns.next_multiple_of(LANES);
            let mut fast = vec![0.0; count * width];
            panels.multiply(&rows, stride, count, &mut fast, width);
            let mut plain = vec![0.0; count * width];
            run::<Lanes, 2, 1>(Job { panels: &panels, rows: &rows, stride, count, out: &mut plain, out_stride: width });
            // As on a processor with wider vectors.
            let mut wide = vec![0.0; count * width];
            run::<Lanes, 12, 2>(Job { panels: &panels, rows: &rows, stride, count, out: &mut wide, out_stride: width });
            for row in 0..count {
                for column in 0..columns {
                    let wanted = expected[row * columns + column].to_bits();
                    let at = row * width + column;
                    prop_assert_eq!([fast[at].to_bits(), plain[at].to_bits(), wide[at].to_bits()], [wanted; 3]);
                }
            }
        }

        /// The pieces of sixteen outputs lie side by side.
        #[test]
        fn pieces_lie_side_by_side(seed in any::<u32>(), pieces in 1usize..4, panels in 1usize..4, inputs in 1usize..20) {
            let outputs = panels * LANES;
            let (matrix, row) = (numbers(seed, pieces * outputs * inputs), numbers(seed ^ 5, inputs));
            let expected = by_hand(&matrix, (outputs * pieces, inputs), (&row, inputs, 1));
            let mut out = vec![0.0; outputs * pieces];
            Panels::of_pieces(&matrix, pieces, outputs, inputs).multiply(&row, inputs, 1, &mut out, outputs * pieces);
            for (at, &wanted) in expected.iter().enumerate() {
                let (output, piece) = (at / pieces, at % pieces);
                let place = output / LANES * LANES * pieces + piece * LANES + output % LANES;
                prop_assert_eq!(out[place].to_bits(), wanted.to_bits());
            }
        }
    }
}
