//! A picture at all degrees of blur.

use crate::decode::Luma;

/// Degrees of blur between one halving of the picture and the next.
pub(super) const STEPS: usize = 3;
/// The blur, in pixels, of the first picture of each octave.
pub(super) const FIRST_BLUR: f32 = 1.6;
/// The blur that pictures are taken to have already.
const CAMERA_BLUR: f32 = 0.5;
/// The shortest side, in pixels, of an octave that is still looked at.
const LEAST_SIDE: usize = 12;

/// Octaves, each half the size of the one before; in each, pictures of rising blur.
pub(super) struct Scales {
    pub(super) octaves: Vec<Vec<Luma>>,
}

impl Scales {
    pub(super) fn of(luma: &Luma) -> Self {
        let mut octaves = Vec::new();
        let mut first = blurred(luma, (FIRST_BLUR.powi(2) - CAMERA_BLUR.powi(2)).sqrt());
        while first.width().min(first.height()) >= LEAST_SIDE {
            let mut pictures = vec![first];
            for step in 1..STEPS + 3 {
                let (before, after) = (blur_of(step - 1), blur_of(step));
                let next = pictures.last().map(|last| blurred(last, (after.powi(2) - before.powi(2)).sqrt()));
                pictures.extend(next);
            }
            // The picture whose blur is twice that of the first one.
            first = pictures.get(STEPS).map(halved).unwrap_or_else(|| halved(luma));
            octaves.push(pictures);
        }
        Self { octaves }
    }
}

/// The blur of a picture within its octave, in that octave's pixels.
pub(super) fn blur_of(step: usize) -> f32 {
    FIRST_BLUR * 2.0_f32.powf(step as f32 / STEPS as f32)
}

/// Every second pixel of every second row.
fn halved(luma: &Luma) -> Luma {
    let (width, height) = (luma.width().div_ceil(2), luma.height().div_ceil(2));
    let values = (0..height).flat_map(|y| luma.row(2 * y).iter().step_by(2).copied()).collect();
    Luma { width, height, values }
}

/// A Gaussian blur, along rows and then along columns; beyond the edge lies the pixel at the edge.
fn blurred(luma: &Luma, sigma: f32) -> Luma {
    let radius = (sigma * 3.5).ceil() as usize;
    let mut kernel: Vec<f32> = (0..=radius).map(|at| (-0.5 * (at as f32 / sigma).powi(2)).exp()).collect();
    let sum = kernel.iter().sum::<f32>() * 2.0 - kernel.first().copied().unwrap_or(0.0);
    kernel.iter_mut().for_each(|weight| *weight /= sum);

    let (width, height) = (luma.width(), luma.height());
    let mut along = vec![0.0_f32; luma.values.len()];
    let mut padded = vec![0.0_f32; width + 2 * radius];
    for (row, target) in luma.values.chunks_exact(width).zip(along.chunks_exact_mut(width)) {
        let (Some(&first), Some(&last)) = (row.first(), row.last()) else { continue };
        padded.fill(first);
        padded.iter_mut().skip(radius).zip(row).for_each(|(place, &value)| *place = value);
        padded.iter_mut().skip(radius + width).for_each(|place| *place = last);
        weigh(&kernel, radius, target, |offset| padded.get(offset..offset + width));
    }
    let mut values = vec![0.0_f32; luma.values.len()];
    for (y, target) in values.chunks_exact_mut(width).enumerate() {
        weigh(&kernel, radius, target, |offset| {
            let row = (y + offset).saturating_sub(radius).min(height - 1);
            along.get(row * width..(row + 1) * width)
        });
    }
    Luma { width, height, values }
}

/// Adds lines, each weighed by the kernel at its distance from the middle one, which is number `radius`.
fn weigh<'a>(kernel: &[f32], radius: usize, target: &mut [f32], line: impl Fn(usize) -> Option<&'a [f32]>) {
    for (distance, &weight) in kernel.iter().enumerate() {
        let (Some(one), Some(two)) = (line(radius - distance), line(radius + distance)) else { continue };
        if distance == 0 {
            target.iter_mut().zip(one).for_each(|(sum, value)| *sum = weight * value);
        } else {
            for ((sum, one), two) in target.iter_mut().zip(one).zip(two) {
                *sum += weight * (one + two);
            }
        }
    }
}
