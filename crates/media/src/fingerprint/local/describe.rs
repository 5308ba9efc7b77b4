//! What surrounds a spot, in bits (Lowe 2004, sections 5 and 6, with the histogram reduced to bits).

use std::f32::consts::TAU;

use super::detect::Found;
use super::scales::Scales;
use super::{Description, Spot};
use crate::decode::Luma;

/// Directions of the histogram by which the spot is turned.
const COMPASS: usize = 36;
/// Cells of a side around a spot, and directions in each.
const CELLS: usize = 4;
const DIRECTIONS: usize = 8;
const ENTRIES: usize = CELLS * CELLS * DIRECTIONS;
/// The side of a cell, in blurs of the spot.
const CELL_SIZE: f32 = 3.0;
/// How strong a second direction must be, as a part of the strongest, for the spot to be described that way too.
const SECOND: f32 = 0.85;

/// The spot, described once for its main direction and once more if a second one is nearly as strong.
pub(super) fn spots(scales: &Scales, found: &Found) -> Vec<Spot> {
    let Some(picture) = scales.octaves.get(found.octave).and_then(|pictures| pictures.get(found.step)) else { return Vec::new() };
    directions(picture, found)
        .into_iter()
        .map(|angle| {
            let sixty_fourths = |at: f32| (at * found.unit() * 64.0).round().clamp(0.0, 65_535.0) as u16;
            Spot {
                x: sixty_fourths(found.x),
                y: sixty_fourths(found.y),
                size: ((found.blur * found.unit()).log2() * 32.0).round().clamp(0.0, 255.0) as u8,
                direction: ((angle / TAU * 256.0).round() as i32).rem_euclid(256) as u8,
                description: bits(&histogram(picture, found, angle)),
            }
        })
        .collect()
}

/// Gradient of brightness at a pixel.
#[inline]
fn gradient(picture: &Luma, x: isize, y: isize) -> (f32, f32) {
    (picture.at(x + 1, y) - picture.at(x - 1, y), picture.at(x, y + 1) - picture.at(x, y - 1))
}

/// The direction of a gradient, 0 to 1 of a full turn, to about a ten-thousandth: an odd polynomial for the arc tangent up to an eighth of a
/// turn, and the symmetries of the circle for the rest. The exact function took most of the time of a description.
#[inline]
fn turn_of(x: f32, y: f32) -> f32 {
    let (across, along) = (y.abs(), x.abs());
    let larger = across.max(along);
    if larger <= 0.0 {
        return 0.0;
    }
    let ratio = across.min(along) / larger;
    let square = ratio * ratio;
    let eighth = ((-0.046_496_5 * square + 0.159_314_2) * square - 0.327_622_8) * square * ratio + ratio;
    let quarter = if across > along { TAU / 4.0 - eighth } else { eighth };
    let half = if x < 0.0 { TAU / 2.0 - quarter } else { quarter };
    let turn = if y < 0.0 { TAU - half } else { half };
    turn / TAU
}

/// A bell curve at each whole number of pixels around the middle, which lies off a pixel by this much.
fn bell(radius: isize, off: f32, sigma: f32) -> Vec<f32> {
    (-radius..=radius).map(|at| (-0.5 * ((at as f32 - off) / sigma).powi(2)).exp()).collect()
}

/// The one or two directions in which brightness rises most around a spot, in radians.
fn directions(picture: &Luma, found: &Found) -> Vec<f32> {
    let sigma = 1.5 * found.blur;
    let radius = (3.0 * sigma).round() as isize;
    let (centre_x, centre_y) = (found.x.round() as isize, found.y.round() as isize);
    let mut compass = [0.0_f32; COMPASS];
    let bell = bell(radius, 0.0, sigma);
    for (dy, down) in (-radius..=radius).zip(&bell) {
        for (dx, right) in (-radius..=radius).zip(&bell) {
            let (x, y) = (centre_x + dx, centre_y + dy);
            if x < 1 || y < 1 || x >= picture.width() as isize - 1 || y >= picture.height() as isize - 1 {
                continue;
            }
            let (gx, gy) = gradient(picture, x, y);
            let place = turn_of(gx, gy) * COMPASS as f32;
            compass[place.round() as usize % COMPASS] += right * down * (gx * gx + gy * gy).sqrt();
        }
    }
    for _ in 0..2 {
        let before = compass;
        for (at, value) in compass.iter_mut().enumerate() {
            *value = (before[(at + COMPASS - 1) % COMPASS] + before[at] * 2.0 + before[(at + 1) % COMPASS]) / 4.0;
        }
    }
    let most = compass.iter().copied().fold(0.0, f32::max);
    let mut peaks: Vec<(f32, f32)> = (0..COMPASS)
        .filter_map(|at| {
            let (before, value, after) = (compass[(at + COMPASS - 1) % COMPASS], compass[at], compass[(at + 1) % COMPASS]);
            if value <= 0.0 || value < SECOND * most || value <= before || value < after {
                return None;
            }
            let shift = 0.5 * (before - after) / (before - 2.0 * value + after);
            Some((value, (at as f32 + shift) / COMPASS as f32 * TAU))
        })
        .collect();
    peaks.sort_by(|one, two| two.0.total_cmp(&one.0));
    peaks.into_iter().take(2).map(|(_, angle)| angle).collect()
}

/// Gradients around the spot by cell and direction, both relative to the spot's own direction.
fn histogram(picture: &Luma, found: &Found, angle: f32) -> [f32; ENTRIES] {
    let cell = CELL_SIZE * found.blur;
    let radius = (cell * std::f32::consts::SQRT_2 * (CELLS as f32 + 1.0) / 2.0).round() as isize;
    let (sin, cos) = angle.sin_cos();
    let (centre_x, centre_y) = (found.x.round() as isize, found.y.round() as isize);
    let mut entries = [0.0_f32; ENTRIES];
    // Half the side of all cells is the blur of the weight.
    let sigma = cell * CELLS as f32 / 2.0;
    let (rights, downs) = (bell(radius, found.x - centre_x as f32, sigma), bell(radius, found.y - centre_y as f32, sigma));
    let own_turn = angle.rem_euclid(TAU) / TAU;
    for (dy, down) in (-radius..=radius).zip(&downs) {
        for (dx, right) in (-radius..=radius).zip(&rights) {
            let (x, y) = (centre_x + dx, centre_y + dy);
            if x < 1 || y < 1 || x >= picture.width() as isize - 1 || y >= picture.height() as isize - 1 {
                continue;
            }
            let (off_x, off_y) = (x as f32 - found.x, y as f32 - found.y);
            // Along the direction and across it, in cells from the middle.
            let along = (off_x * cos + off_y * sin) / cell;
            let across = (off_y * cos - off_x * sin) / cell;
            let (column, row) = (along + (CELLS as f32 - 1.0) / 2.0, across + (CELLS as f32 - 1.0) / 2.0);
            if column <= -1.0 || row <= -1.0 || column >= CELLS as f32 || row >= CELLS as f32 {
                continue;
            }
            let (gx, gy) = gradient(picture, x, y);
            let strength = right * down * (gx * gx + gy * gy).sqrt();
            let turn = (turn_of(gx, gy) - own_turn + 1.0).fract() * DIRECTIONS as f32;
            share_out(&mut entries, row, column, turn, strength);
        }
    }
    entries
}

/// Shares a gradient out over the entries next to it in row, column and direction.
#[inline]
fn share_out(entries: &mut [f32; ENTRIES], row: f32, column: f32, turn: f32, strength: f32) {
    let (row_below, column_below, turn_below) = (row.floor(), column.floor(), turn.floor());
    for row_step in 0..2_u8 {
        for column_step in 0..2_u8 {
            let (r, c) = (row_below + f32::from(row_step), column_below + f32::from(column_step));
            if r < 0.0 || c < 0.0 || r >= CELLS as f32 || c >= CELLS as f32 {
                continue;
            }
            let part = strength * (1.0 - (row - r).abs()) * (1.0 - (column - c).abs());
            let base = (r as usize * CELLS + c as usize) * DIRECTIONS;
            let first = turn_below as usize % DIRECTIONS;
            let beyond = turn - turn_below;
            entries[base + first] += part * (1.0 - beyond);
            entries[base + (first + 1) % DIRECTIONS] += part * beyond;
        }
    }
}

/// Which entries are above the median (the first 128 bits), and which above the upper quartile.
fn bits(entries: &[f32; ENTRIES]) -> Description {
    let mut sorted = *entries;
    sorted.sort_unstable_by(f32::total_cmp);
    let (median, quartile) = (sorted[ENTRIES / 2 - 1], sorted[ENTRIES * 3 / 4 - 1]);
    let mut description = [0; 4];
    for (at, &value) in entries.iter().enumerate() {
        description[at / 64] |= u64::from(value > median) << (at % 64);
        description[2 + at / 64] |= u64::from(value > quartile) << (at % 64);
    }
    description
}

/// The description that the spot has in a mirror: rows of cells change places, and directions change sides.
///
/// A cell is one byte, a row of cells half a word.
pub(super) fn mirrored(description: &Description) -> Description {
    let [upper, lower, upper_top, lower_top] = *description;
    [turn_row_pair(lower), turn_row_pair(upper), turn_row_pair(lower_top), turn_row_pair(upper_top)]
}

fn turn_row_pair(word: u64) -> u64 {
    let word = word.rotate_left(32);
    // In each byte, bit d goes to bit (8 - d) mod 8: reversed, then moved up by one.
    let reversed = word.reverse_bits().swap_bytes();
    ((reversed << 1) & 0xfefe_fefe_fefe_fefe) | ((reversed >> 7) & 0x0101_0101_0101_0101)
}
