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
        self.check(rows, stride, count, out, out_stride);
        assert_eq!(bias.len(), self.panels);
        dispatch(Job { panels: self, rows, stride, count, bias: Some(bias), out, out_stride });
    }

    fn check(&self, rows: &[f32], stride: usize, count: usize, out: &[f32], out_stride: usize) {
        assert!(count == 0 || (count - 1) * stride + self.inputs <= rows.len(), "rows leave the input");
        assert!(out_stride >= self.panels * LANES && count * out_stride <= out.len(), "rows leave the output");
    }
}

impl Panels<1> {
    /// `out[r][c] = rows[r] · column c`.
    pub(crate) fn multiply(&self, rows: &[f32], stride: usize, count: usize, out: &mut [f32], out_stride: usize) {
        self.check(rows, stride, count, out, out_stride);
        dispatch(Job { panels: self, rows, stride, count, bias: None, out, out_stride });
    }
}

/// `scores = hidden · weights + bias` for one row; `weights` by input, then panel.
pub(crate) fn upper(weights: &[Lanes], hidden: &[f32], bias: &[Lanes], scores: &mut [Lanes]) {
    assert!(weights.len() == hidden.len() * bias.len() && scores.len() == bias.len(), "shapes of the upper layer");
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        #[expect(unsafe_code, reason = "calls a function compiled for processor features that were just detected")]
        // SAFETY: the function is safe code; it only needs AVX2 and FMA, which the line above found.
        return unsafe { upper_avx2(weights, hidden, bias, scores) };
    }
    upper_plain(weights, hidden, bias, scores);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn upper_avx2(weights: &[Lanes], hidden: &[f32], bias: &[Lanes], scores: &mut [Lanes]) {
    upper_plain(weights, hidden, bias, scores);
}

#[inline(always)]
fn upper_plain(weights: &[Lanes], hidden: &[f32], bias: &[Lanes], scores: &mut [Lanes]) {
    /// Panels that are summed side by side, so that the sums' latencies overlap.
    const SIDE: usize = 4;
    let panels = bias.len();
    let mut panel = 0;
    while panel < panels {
        let width = SIDE.min(panels - panel);
        let mut sums = [[0.0f32; LANES]; SIDE];
        for (input, &x) in hidden.iter().enumerate() {
            let row = &weights[input * panels + panel..input * panels + panel + width];
            for (sum, weights) in sums.iter_mut().zip(row) {
                for lane in 0..LANES {
                    sum[lane] = x.mul_add(weights[lane], sum[lane]);
                }
            }
        }
        for (at, sum) in sums.iter().enumerate().take(width) {
            for lane in 0..LANES {
                scores[panel + at][lane] = sum[lane] + bias[panel + at][lane];
            }
        }
        panel += width;
    }
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

/// Runs the job with the widest vectors that the processor has.
fn dispatch<const P: usize>(job: Job<'_, P>) {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            #[expect(unsafe_code, reason = "calls a function compiled for a processor feature that was just detected")]
            // SAFETY: the function is safe code; it only needs AVX-512F, which the line above found.
            return unsafe { run_avx512(job) };
        }
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
            #[expect(unsafe_code, reason = "calls a function compiled for processor features that were just detected")]
            // SAFETY: the function is safe code; it only needs AVX2 and FMA, which the line above found.
            return unsafe { run_avx2(job) };
        }
    }
    run_plain(job);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,fma")]
fn run_avx512<const P: usize>(job: Job<'_, P>) {
    match P {
        1 => run::<P, 12>(job),
        2 => run::<P, 10>(job),
        _ => run::<P, 8>(job),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2<const P: usize>(job: Job<'_, P>) {
    match P {
        1 => run::<P, 6>(job),
        2 => run::<P, 3>(job),
        _ => run::<P, 2>(job),
    }
}

fn run_plain<const P: usize>(job: Job<'_, P>) {
    run::<P, 2>(job);
}

/// Blocks of `R` rows against every panel, then the rows that are left one by one.
#[inline(always)]
fn run<const P: usize, const R: usize>(job: Job<'_, P>) {
    let Job { panels, rows, stride, count, bias, out, out_stride } = job;
    let inputs = panels.inputs;
    let mut row = 0;
    while row < count {
        let height = if count - row >= R { R } else { 1 };
        let input = &rows[row * stride..];
        for panel in 0..panels.panels {
            let weights = &panels.data[panel * inputs..(panel + 1) * inputs];
            let bias = bias.map(|bias| &bias[panel]);
            let out = &mut out[row * out_stride + panel * LANES..];
            if height == R {
                tile::<P, R>(weights, input, stride, bias, out, out_stride);
            } else {
                tile::<P, 1>(weights, input, stride, bias, out, out_stride);
            }
        }
        row += height;
    }
}

#[inline(always)]
fn tile<const P: usize, const R: usize>(
    weights: &[[Lanes; P]],
    rows: &[f32],
    stride: usize,
    bias: Option<&[Lanes; P]>,
    out: &mut [f32],
    out_stride: usize,
) {
    let inputs: [&[f32]; R] = std::array::from_fn(|row| &rows[row * stride..row * stride + weights.len()]);
    let mut sums = [[[0.0f32; LANES]; P]; R];
    for (k, weights) in weights.iter().enumerate() {
        for row in 0..R {
            let x = inputs[row][k];
            for piece in 0..P {
                for lane in 0..LANES {
                    sums[row][piece][lane] = x.mul_add(weights[piece][lane], sums[row][piece][lane]);
                }
            }
        }
    }
    for row in 0..R {
        if let Some(bias) = bias {
            for piece in 0..P {
                for lane in 0..LANES {
                    sums[row][piece][lane] += bias[piece][lane];
                }
            }
        }
        let mut best = sums[row][0];
        for piece in 1..P {
            for lane in 0..LANES {
                best[lane] = if sums[row][piece][lane] > best[lane] { sums[row][piece][lane] } else { best[lane] };
            }
        }
        out[row * out_stride..row * out_stride + LANES].copy_from_slice(&best);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The meaning, as a triple loop.
    fn by_hand(
        matrix: &[f32],
        outputs: usize,
        pieces: usize,
        inputs: usize,
        rows: &[f32],
        stride: usize,
        count: usize,
        bias: &[f32],
    ) -> Vec<f32> {
        let mut out = Vec::new();
        for row in 0..count {
            for output in 0..outputs {
                let best = (0..pieces).map(|piece| {
                    let column = output * pieces + piece;
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
            let expected = by_hand(&matrix, outputs, 3, inputs, &rows, stride, count, &bias);
            let panels = Panels::<3>::new(&matrix, outputs, inputs);
            let packed = pack_bias::<3>(&bias, outputs);
            let width = outputs.next_multiple_of(LANES);
            let mut fast = vec![0.0; count * width];
            panels.maxout(&rows, stride, count, &packed, &mut fast, width);
            let mut plain = vec![0.0; count * width];
            run_plain(Job { panels: &panels, rows: &rows, stride, count, bias: Some(&packed), out: &mut plain, out_stride: width });
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
