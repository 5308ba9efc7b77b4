//! Matrix products: the one place where speed is made, and the only one with `unsafe`.
//!
//! A weight matrix is packed into panels of [`LANES`] output columns (times `P` pieces that a maxout will choose from). For a block
//! of rows every output is one running sum over the inputs, in order, by fused multiply-add; vector units work on columns side by
//! side, so their width changes nothing in any sum. The same generic code is compiled for AVX-512, for AVX2 and for the plain
//! instruction set, and picked once.

/// Columns of one panel.
pub(crate) const LANES: usize = 16;

/// One vector's worth of columns.
pub(crate) type Lanes = [f32; LANES];

/// Weights of a layer with `outputs × P` columns, packed.
#[derive(Debug, Clone)]
pub(crate) struct Panels<const P: usize> {
    inputs: usize,
    /// By panel, then input: `P` runs of lanes.
    data: Vec<[Lanes; P]>,
    panels: usize,
}

impl<const P: usize> Panels<P> {
    /// Packs a row-major matrix of shape (outputs, P, inputs). Columns up to the next multiple of [`LANES`] are zero.
    pub(crate) fn new(matrix: &[f32], outputs: usize, inputs: usize) -> Self {
        assert_eq!(matrix.len(), outputs * P * inputs, "matrix of shape ({outputs}, {P}, {inputs})");
        let panels = outputs.div_ceil(LANES);
        let mut data = vec![[[0.0; LANES]; P]; panels * inputs];
        for output in 0..outputs {
            let (panel, lane) = (output / LANES, output % LANES);
            for piece in 0..P {
                for input in 0..inputs {
                    data[panel * inputs + input][piece][lane] = matrix[(output * P + piece) * inputs + input];
                }
            }
        }
        Self { inputs, data, panels }
    }

    /// Packs a row-major matrix of shape (columns, inputs) so that [`Panels::multiply`] gives the columns in their order.
    pub(crate) fn in_order(matrix: &[f32], columns: usize, inputs: usize) -> Self {
        let outputs = columns / P;
        assert!(outputs * P == columns && outputs.is_multiple_of(LANES), "{columns} columns in {P} planes of whole panels");
        let by_output = (0..outputs).flat_map(|output| (0..P).map(move |piece| piece * outputs + output));
        let mixed: Vec<f32> = by_output.flat_map(|column| &matrix[column * inputs..(column + 1) * inputs]).copied().collect();
        Self::new(&mixed, outputs, inputs)
    }

    /// `out[r][c] = max over pieces of (rows[r] · column c + bias)`; `bias` by panel and piece. Row `r` starts at `r * stride`
    /// of `rows`, and may overlap the next one. `out` has rows of `out_stride`.
    pub(crate) fn maxout(
        &self,
        rows: &[f32],
        stride: usize,
        count: usize,
        bias: &[[Lanes; P]],
        out: &mut [f32],
        out_stride: usize,
    ) {
        self.check(rows, stride, count);
        assert!(out_stride >= self.panels * LANES && count * out_stride <= out.len(), "rows leave the output");
        assert_eq!(bias.len(), self.panels);
        dispatch(Job { panels: self, rows, stride, count, bias: Some(bias), out, out_stride });
    }

    /// `out[r][p][c] = rows[r] · column c of piece p`.
    pub(crate) fn multiply(&self, rows: &[f32], stride: usize, count: usize, out: &mut [f32], out_stride: usize) {
        self.check(rows, stride, count);
        assert!(
            count == 0
                || out_stride >= P * self.panels * LANES && (count - 1) * out_stride + P * self.panels * LANES <= out.len(),
            "rows leave the output"
        );
        dispatch(Job { panels: self, rows, stride, count, bias: None, out, out_stride });
    }

    fn check(&self, rows: &[f32], stride: usize, count: usize) {
        assert!(count == 0 || (count - 1) * stride + self.inputs <= rows.len(), "rows leave the input");
    }
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
    pub(super) fn multiply<const P: usize>(job: Job<'_, P>) -> Option<Job<'_, P>> {
        match level() {
            // SAFETY: `level` found the features that the function is compiled for.
            Level::Avx512 => unsafe { multiply_avx512(job) },
            Level::Avx2 => unsafe { multiply_avx2(job) },
            Level::Plain => return Some(job),
        }
        None
    }

    #[target_feature(enable = "avx512f,avx512vl,fma")]
    fn multiply_avx512<const P: usize>(job: Job<'_, P>) {
        match P {
            1 => run::<Wide, P, 16>(job),
            2 => run::<Wide, P, 12>(job),
            _ => run::<Wide, P, 8>(job),
        }
    }

    #[target_feature(enable = "avx2,fma")]
    fn multiply_avx2<const P: usize>(job: Job<'_, P>) {
        match P {
            1 => run::<Pair, P, 6>(job),
            2 => run::<Pair, P, 3>(job),
            _ => run::<Pair, P, 2>(job),
        }
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
fn dispatch<const P: usize>(job: Job<'_, P>) {
    #[cfg(target_arch = "x86_64")]
    let Some(job) = x86::multiply(job) else { return };
    run::<Lanes, P, 2>(job);
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

struct Job<'a, const P: usize> {
    panels: &'a Panels<P>,
    rows: &'a [f32],
    stride: usize,
    count: usize,
    bias: Option<&'a [[Lanes; P]]>,
    out: &'a mut [f32],
    out_stride: usize,
}

/// Rows that are held against one panel after another, while both stay near.
const CHUNK: usize = 32;

/// Blocks of `R` rows against every panel, then the rows that are left, by four and one by one.
#[inline(always)]
fn run<V: Vector, const P: usize, const R: usize>(job: Job<'_, P>) {
    let Job { panels, rows, stride, count, bias, out, out_stride } = job;
    let inputs = panels.inputs;
    let plane = panels.panels * LANES;
    for chunk in (0..count).step_by(CHUNK) {
        let end = (chunk + CHUNK).min(count);
        for panel in 0..panels.panels {
            let weights = &panels.data[panel * inputs..(panel + 1) * inputs];
            let bias = bias.map(|bias| &bias[panel]);
            let mut row = chunk;
            while row < end {
                let input = &rows[row * stride..];
                let out = &mut out[row * out_stride + panel * LANES..];
                row += match end - row {
                    left if left >= R => {
                        tile::<V, P, R>(weights, input, stride, bias, out, out_stride, plane);
                        R
                    }
                    left if left >= 4 => {
                        tile::<V, P, 4>(weights, input, stride, bias, out, out_stride, plane);
                        4
                    }
                    _ => {
                        tile::<V, P, 1>(weights, input, stride, bias, out, out_stride, plane);
                        1
                    }
                };
            }
        }
    }
}

#[inline(always)]
fn tile<V: Vector, const P: usize, const R: usize>(
    weights: &[[Lanes; P]],
    rows: &[f32],
    stride: usize,
    bias: Option<&[Lanes; P]>,
    out: &mut [f32],
    out_stride: usize,
    plane: usize,
) {
    let inputs = weights.len();
    let mut columns = [rows; R];
    for (at, column) in columns.iter_mut().enumerate() {
        *column = &rows[at * stride..at * stride + inputs];
    }
    let mut sums = [[V::zero(); P]; R];
    for k in 0..inputs {
        let mut w = [V::zero(); P];
        for piece in 0..P {
            w[piece] = V::load(&weights[k][piece]);
        }
        for row in 0..R {
            let x = columns[row][k];
            for piece in 0..P {
                sums[row][piece] = sums[row][piece].fma(x, w[piece]);
            }
        }
    }
    let Some(bias) = bias else {
        for row in 0..R {
            for piece in 0..P {
                sums[row][piece].write(&mut out[row * out_stride + piece * plane..]);
            }
        }
        return;
    };
    for row in 0..R {
        let mut best = V::splat(f32::NEG_INFINITY);
        for piece in 0..P {
            best = sums[row][piece].add(V::load(&bias[piece])).max(best);
        }
        best.write(&mut out[row * out_stride..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The meaning, as a triple loop.
    fn by_hand(
        matrix: &[f32],
        (outputs, inputs): (usize, usize),
        (rows, stride, count): (&[f32], usize, usize),
        bias: &[f32],
    ) -> Vec<f32> {
        let mut out = Vec::new();
        for row in 0..count {
            for output in 0..outputs {
                let best = (0..3).map(|piece| {
                    let column = output * 3 + piece;
                    let sum = (0..inputs).fold(0.0f32, |sum, k| rows[row * stride + k].mul_add(matrix[column * inputs + k], sum));
                    sum + bias[column]
                });
                out.push(best.fold(f32::NEG_INFINITY, f32::max));
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

    fn pack_bias<const P: usize>(bias: &[f32], outputs: usize) -> Vec<[Lanes; P]> {
        let at = |output: usize, piece: usize| if output < outputs { bias[output * P + piece] } else { 0.0 };
        (0..outputs.div_ceil(LANES))
            .map(|panel| std::array::from_fn(|piece| std::array::from_fn(|lane| at(panel * LANES + lane, piece))))
            .collect()
    }

    proptest! {
        /// Every way of running it gives the bits of the triple loop, whatever stands beside a row.
        #[test]
        fn same_bits_as_by_hand(seed in any::<u32>(), count in 1usize..30, outputs in 1usize..40, inputs in 1usize..50, overlap in any::<bool>()) {
            let stride = if overlap { inputs.div_ceil(3) } else { inputs };
            let matrix = numbers(seed, outputs * 3 * inputs);
            let rows = numbers(seed ^ 77, (count - 1) * stride + inputs);
            let bias = numbers(seed ^ 99, outputs * 3);
            let expected = by_hand(&matrix, (outputs, inputs), (&rows, stride, count), &bias);
            let panels = Panels::<3>::new(&matrix, outputs, inputs);
            let packed = pack_bias::<3>(&bias, outputs);
            let width = outputs.next_multiple_of(LANES);
            let mut fast = vec![0.0; count * width];
            panels.maxout(&rows, stride, count, &packed, &mut fast, width);
            let mut plain = vec![0.0; count * width];
            run::<Lanes, 3, 2>(Job { panels: &panels, rows: &rows, stride, count, bias: Some(&packed), out: &mut plain, out_stride: width });
            for row in 0..count {
                for output in 0..outputs {
                    let wanted = expected[row * outputs + output].to_bits();
                    prop_assert_eq!(fast[row * width + output].to_bits(), wanted);
                    prop_assert_eq!(plain[row * width + output].to_bits(), wanted);
                }
            }
        }
    }
}
