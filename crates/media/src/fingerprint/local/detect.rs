//! Where the spots are: extrema of the difference between neighbouring degrees of blur (Lowe 2004, sections 3 and 4).

use super::scales::{STEPS, Scales, blur_of};
use crate::decode::Luma;

/// The least difference of brightness, of 255, at a spot.
const LEAST_CONTRAST: f32 = 2.2;
/// How much longer than wide a spot may be: places along an edge look all the same.
const LEAST_ROUNDNESS: f32 = 10.0;

/// A spot before it is described.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Which halving of the picture it was found in, and near which degree of blur.
    pub(super) octave: usize,
    pub(super) step: usize,
    /// Place in that octave's pixels.
    pub(super) x: f32,
    pub(super) y: f32,
    /// Blur at which it stands out, in that octave's pixels.
    pub(super) blur: f32,
    /// How much it stands out.
    pub(super) contrast: f32,
}

impl Found {
    /// The size of one pixel of its octave, in pixels of the picture.
    pub(super) fn unit(&self) -> f32 {
        (1_u32 << self.octave) as f32
    }
}

/// All spots of a picture.
pub(super) fn detect(scales: &Scales) -> Vec<Found> {
    let mut found = Vec::new();
    for (octave, pictures) in scales.octaves.iter().enumerate() {
        let differences: Vec<Luma> = pictures
            .windows(2)
            .filter_map(|pair| match pair {
                [less, more] => {
                    let values = less.values.iter().zip(&more.values).map(|(less, more)| more - less).collect();
                    Some(Luma { width: less.width, height: less.height, values })
                }
                _ => None,
            })
            .collect();
        for step in 1..=STEPS {
            if let Some(layers) = differences.get(step - 1..step + 2).and_then(|layers| layers.first_chunk::<3>()) {
                extrema(layers, octave, step, &mut found);
            }
        }
    }
    found
}

/// Pixels next to the edge of the picture that are passed over.
const MARGIN: usize = 4;

fn extrema(layers: &[Luma; 3], octave: usize, step: usize, found: &mut Vec<Found>) {
    let middle = &layers[1];
    let (width, height) = (middle.width(), middle.height());
    for y in MARGIN..height.saturating_sub(MARGIN) {
        let rows = layers.each_ref().map(|layer| [layer.row(y - 1), layer.row(y), layer.row(y + 1)]);
        for x in MARGIN..width.saturating_sub(MARGIN) {
            let value = middle.row(y).get(x).copied().unwrap_or(0.0);
            if value.abs() < 0.6 * LEAST_CONTRAST {
                continue;
            }
            let near = |row: &&[f32]| row.get(x - 1..x + 2).and_then(|near| near.first_chunk::<3>().copied()).unwrap_or_default();
            let around = rows.each_ref().map(|rows| rows.each_ref().map(near));
            let sign = value.signum();
            // Of equal neighbours, none is an extremum.
            let beaten = around.iter().flatten().flatten().filter(|other| **other * sign >= value * sign).count();
            if beaten == 1 {
                found.extend(refined(&around, octave, step, x, y));
            }
        }
    }
}

/// Where between the pixels and the degrees of blur the extremum lies, by a parabola along each of the three axes.
fn refined(around: &[[[f32; 3]; 3]; 3], octave: usize, step: usize, x: usize, y: usize) -> Option<Found> {
    let value = around[1][1][1];
    let peak = |before: f32, after: f32| {
        let (slope, bend) = ((after - before) / 2.0, after + before - 2.0 * value);
        let shift = if bend.abs() < 1e-6 { 0.0 } else { (-slope / bend).clamp(-0.5, 0.5) };
        (shift, slope, bend)
    };
    let (dx, slope_x, bend_x) = peak(around[1][1][0], around[1][1][2]);
    let (dy, slope_y, bend_y) = peak(around[1][0][1], around[1][2][1]);
    let (ds, slope_s, _) = peak(around[0][1][1], around[2][1][1]);
    let contrast = (value + 0.5 * (slope_x * dx + slope_y * dy + slope_s * ds)).abs();
    if contrast < LEAST_CONTRAST {
        return None;
    }
    let twist = (around[1][2][2] + around[1][0][0] - around[1][0][2] - around[1][2][0]) / 4.0;
    let (trace, determinant) = (bend_x + bend_y, bend_x * bend_y - twist * twist);
    if determinant <= 0.0 || trace * trace * LEAST_ROUNDNESS >= (LEAST_ROUNDNESS + 1.0).powi(2) * determinant {
        return None;
    }
    let blur = blur_of(step) * 2.0_f32.powf(ds / STEPS as f32);
    Some(Found { octave, step, x: x as f32 + dx, y: y as f32 + dy, blur, contrast })
}

/// Cells of a side that the picture is divided into, so that no corner of it takes all the places.
const CELLS: usize = 5;

/// Chooses spots in turns: in each, every cell of the picture gives the one that stands out most among its finer, its middle and its
/// coarser spots. A crop keeps the spots of its own cells, and a picture shown small keeps its coarse ones.
pub(super) fn spread(mut found: Vec<Found>, width: usize, height: usize, most: usize) -> Vec<Found> {
    // A strict order, so that the same picture always gives the same spots.
    found.sort_by(|one, two| {
        two.contrast
            .total_cmp(&one.contrast)
            .then(one.octave.cmp(&two.octave))
            .then(one.y.total_cmp(&two.y))
            .then(one.x.total_cmp(&two.x))
            .then(one.step.cmp(&two.step))
    });
    let mut cells: Vec<Vec<Found>> = vec![Vec::new(); CELLS * CELLS * 3];
    for found in found {
        let place = |at: f32, length: usize| ((at * found.unit() * CELLS as f32 / length as f32) as usize).min(CELLS - 1);
        let cell = (place(found.y, height) * CELLS + place(found.x, width)) * 3 + found.octave.min(2);
        if let Some(cell) = cells.get_mut(cell) {
            cell.push(found);
        }
    }
    let mut chosen = Vec::with_capacity(most);
    let mut turn = 0;
    while chosen.len() < most {
        let before = chosen.len();
        chosen.extend(cells.iter().filter_map(|cell| cell.get(turn)).copied());
        if chosen.len() == before {
            break;
        }
        turn += 1;
    }
    chosen.truncate(most);
    chosen
}
