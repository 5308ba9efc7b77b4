//! Whether the spots of two pictures lie in the same arrangement.

use super::{Details, Spot};

/// The most bits, of 256, in which the descriptions of the same spot differ.
const MOST_BITS: u32 = 76;
/// How much nearer, at least, the best match is than the best one elsewhere: the surest sign that it is no chance (Lowe 2004, 7.1).
const RATIO: f32 = 0.9;
/// How far a spot may lie from where it is expected, in pixels of the picture of the larger scale: at first, and when all spots have
/// their say in the arrangement.
const ROUGH: f32 = 18.0;
const FINE: f32 = 7.0;
/// How far sizes may differ from what the arrangement says, in 32nds of an octave.
const SIZE_SLACK: f32 = 18.0;
/// The same of directions, in 256ths of a turn.
const DIRECTION_SLACK: i32 = 22;
/// The most that a picture may be enlarged or reduced, as a binary logarithm.
const MOST_SCALE: f32 = 3.0;
/// Cells of a side by which the common part is looked through for contradiction.
const CELLS: usize = 6;

/// How a picture lies in another one: its points are scaled, turned and then shifted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Whether it was mirrored (left and right) first.
    pub mirrored: bool,
    /// How many times larger it is shown.
    pub scale: f32,
    /// By how much it is turned, in degrees clockwise, -180 to 180.
    pub angle: f32,
    /// Where its top left corner comes to lie, in pixels from the left.
    pub x: f32,
    /// The same from the top.
    pub y: f32,
}

/// How well two pictures agree in a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Spots of both that lie in the same arrangement.
    pub spots: u32,
    /// Of the common part, where both have spots, how much is supported by such spots: 0 to 1. What two pictures share that is only a
    /// stamp or the frame of a program leaves most of it without support.
    pub support: f32,
    /// How the first picture lies in the second.
    pub placement: Placement,
}

impl Likeness {
    /// From how many spots on which support is enough, the most first. The fewer spots, the less may speak against them: frames of programs
    /// and stamps give up to twenty. Set by the table in the README of this crate.
    const ENOUGH: [(u32, f32); 3] = [(24, 0.45), (16, 0.55), (10, 0.8)];

    /// The same, said of the picture whose mirror image was looked at.
    pub(crate) fn of_mirror_image(self) -> Self {
        Self { placement: Placement { mirrored: true, ..self.placement }, ..self }
    }

    /// Whether the two pictures show the same, as far as spots can say.
    pub fn is_match(&self) -> bool {
        Self::ENOUGH.iter().find(|(spots, _)| self.spots >= *spots).is_some_and(|(_, support)| self.support >= *support)
    }
}

impl Details {
    /// The arrangement in which most spots of this picture, or of its mirror image, are found in another one; none if fewer than four
    /// agree in any. [`Likeness::is_match`] says whether that is enough.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        let plain = self.likeness_as_is(other);
        let mirrored = self.mirrored().likeness_as_is(other).map(Likeness::of_mirror_image);
        match (plain, mirrored) {
            (Some(plain), Some(mirrored)) => Some(if mirrored.spots > plain.spots { mirrored } else { plain }),
            (plain, mirrored) => plain.or(mirrored),
        }
    }

    /// The same without a look at the mirror image.
    pub fn likeness_as_is(&self, other: &Self) -> Option<Likeness> {
        arrangement(self, other)
    }
}

/// Two spots that look the same.
#[derive(Clone, Copy)]
struct Pair {
    one: Point,
    two: Point,
    /// Size of the second less that of the first, in 32nds of an octave; direction likewise, in 256ths of a turn.
    size: f32,
    direction: u8,
}

#[derive(Clone, Copy)]
struct Point {
    x: f32,
    y: f32,
}

impl Point {
    fn of(spot: &Spot) -> Self {
        Self { x: f32::from(spot.x) / 64.0, y: f32::from(spot.y) / 64.0 }
    }

    fn distance_squared(self, other: Self) -> f32 {
        (self.x - other.x).powi(2) + (self.y - other.y).powi(2)
    }
}

/// Scale and rotation as a complex number, then a shift.
#[derive(Clone, Copy)]
struct Similarity {
    re: f32,
    im: f32,
    x: f32,
    y: f32,
}

impl Similarity {
    fn apply(self, point: Point) -> Point {
        Point { x: self.re * point.x - self.im * point.y + self.x, y: self.im * point.x + self.re * point.y + self.y }
    }

    fn scale(self) -> f32 {
        self.re.hypot(self.im)
    }

    fn inverse(self) -> Self {
        let square = (self.re * self.re + self.im * self.im).max(1e-12);
        let (re, im) = (self.re / square, -self.im / square);
        Self { re, im, x: -(re * self.x - im * self.y), y: -(im * self.x + re * self.y) }
    }

    /// What a single pair says.
    fn of(pair: &Pair) -> Self {
        let scale = (pair.size / 32.0).exp2();
        let (sin, cos) = (f32::from(pair.direction) / 256.0 * std::f32::consts::TAU).sin_cos();
        let turned = Self { re: scale * cos, im: scale * sin, x: 0.0, y: 0.0 };
        let at = turned.apply(pair.one);
        Self { x: pair.two.x - at.x, y: pair.two.y - at.y, ..turned }
    }

    /// The one that brings the pairs together with the least sum of squares.
    fn fitting(pairs: &[Pair]) -> Option<Self> {
        let count = pairs.len() as f32;
        let mean = |point: fn(&Pair) -> Point| {
            let sum = pairs.iter().map(point).fold((0.0, 0.0), |sum, point| (sum.0 + point.x, sum.1 + point.y));
            Point { x: sum.0 / count, y: sum.1 / count }
        };
        let (from, to) = (mean(|pair| pair.one), mean(|pair| pair.two));
        let (mut re, mut im, mut square) = (0.0, 0.0, 0.0);
        for pair in pairs {
            let (ax, ay) = (pair.one.x - from.x, pair.one.y - from.y);
            let (bx, by) = (pair.two.x - to.x, pair.two.y - to.y);
            re += ax * bx + ay * by;
            im += ax * by - ay * bx;
            square += ax * ax + ay * ay;
        }
        if square < 1.0 {
            return None;
        }
        let turned = Self { re: re / square, im: im / square, x: 0.0, y: 0.0 };
        let at = turned.apply(from);
        Some(Self { x: to.x - at.x, y: to.y - at.y, ..turned })
    }

    /// The pairs that it brings together to within some pixels.
    fn agreeing(self, pairs: &[Pair], slack: f32) -> impl Iterator<Item = Pair> + '_ {
        let scale = self.scale();
        let size = scale.max(1e-6).log2() * 32.0;
        let direction = (self.im.atan2(self.re) / std::f32::consts::TAU * 256.0).round() as i32;
        let limit = (slack * scale.max(1.0)).powi(2);
        pairs.iter().copied().filter(move |pair| {
            let turn = (i32::from(pair.direction) - direction).rem_euclid(256);
            (pair.size - size).abs() <= SIZE_SLACK
                && turn.min(256 - turn) <= DIRECTION_SLACK
                && self.apply(pair.one).distance_squared(pair.two) <= limit
        })
    }
}

fn arrangement(one: &Details, two: &Details) -> Option<Likeness> {
    let pairs = pairs(one.spots(), two.spots());
    // Each pair says by itself how the pictures lie; the one that most others agree with is the start.
    let mut best: Option<(usize, Similarity)> = None;
    for pair in &pairs {
        if pair.size.abs() > MOST_SCALE * 32.0 {
            continue;
        }
        let guess = Similarity::of(pair);
        let count = guess.agreeing(&pairs, ROUGH).count();
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, guess));
        }
    }
    let (_, guess) = best?;
    let mut agreeing: Vec<Pair> = guess.agreeing(&pairs, ROUGH).collect();
    let mut fit = guess;
    for slack in [ROUGH, FINE, FINE, FINE] {
        if agreeing.len() < 4 {
            return None;
        }
        fit = Similarity::fitting(&agreeing)?;
        agreeing = fit.agreeing(&pairs, slack).collect();
    }
    let spots = distinct(agreeing.iter().map(|pair| pair.one)).min(distinct(agreeing.iter().map(|pair| pair.two)));
    if spots < 4 || fit.scale().log2().abs() > MOST_SCALE {
        return None;
    }
    let support = support(one, two, fit, &agreeing);
    let angle = fit.im.atan2(fit.re).to_degrees();
    Some(Likeness { spots, support, placement: Placement { mirrored: false, scale: fit.scale(), angle, x: fit.x, y: fit.y } })
}

/// For each spot of the first picture the one of the second that looks most like it, where that is clear enough.
fn pairs(one: &[Spot], two: &[Spot]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let places: Vec<Point> = two.iter().map(Point::of).collect();
    let mut distances = vec![0_u32; two.len()];
    for spot in one {
        for (distance, other) in distances.iter_mut().zip(two) {
            *distance = spot.description.iter().zip(&other.description).map(|(one, two)| (one ^ two).count_ones()).sum();
        }
        let Some((at, &nearest)) = distances.iter().enumerate().min_by_key(|&(_, distance)| distance) else { continue };
        if nearest > MOST_BITS {
            continue;
        }
        let (Some(&place), Some(other)) = (places.get(at), two.get(at)) else { continue };
        let elsewhere = distances
            .iter()
            .zip(&places)
            .filter(|(_, there)| there.distance_squared(place) > 36.0)
            .map(|(&distance, _)| distance)
            .min()
            .unwrap_or(256);
        if nearest as f32 <= RATIO * elsewhere as f32 {
            pairs.push(Pair {
                one: Point::of(spot),
                two: place,
                size: f32::from(other.size) - f32::from(spot.size),
                direction: other.direction.wrapping_sub(spot.direction),
            });
        }
    }
    pairs
}

/// How many of these places lie more than a few pixels apart.
fn distinct(places: impl Iterator<Item = Point>) -> u32 {
    let mut seen: Vec<Point> = Vec::new();
    for place in places {
        if seen.iter().all(|other| other.distance_squared(place) > 16.0) {
            seen.push(place);
        }
    }
    seen.len() as u32
}

/// Of the cells of the common part in which both pictures have spots, the share in which some agree, each by how much it has to say.
fn support(one: &Details, two: &Details, fit: Similarity, agreeing: &[Pair]) -> f32 {
    let back = fit.inverse();
    let inside = |point: Point, of: &Details| {
        point.x >= 0.0 && point.y >= 0.0 && point.x < f32::from(of.width()) && point.y < f32::from(of.height())
    };
    // The common part as the first picture shows it.
    let mine: Vec<Point> = one.spots().iter().map(Point::of).filter(|&point| inside(fit.apply(point), two)).collect();
    let theirs: Vec<Point> =
        two.spots().iter().map(|spot| back.apply(Point::of(spot))).filter(|&point| inside(point, one)).collect();
    let bounds = |points: &[Point], along: fn(&Point) -> f32| {
        points.iter().map(along).fold((f32::MAX, f32::MIN), |(least, most), at| (least.min(at), most.max(at)))
    };
    let (left, right) = bounds(&mine, |point| point.x);
    let (top, bottom) = bounds(&mine, |point| point.y);
    let cell = |point: Point| {
        let place = |at: f32, least: f32, most: f32| {
            let part = (at - least) / (most - least).max(1.0) * CELLS as f32;
            (part.max(0.0) as usize).min(CELLS - 1)
        };
        place(point.y, top, bottom) * CELLS + place(point.x, left, right)
    };
    let mut counts = [(0_u32, 0_u32, 0_u32); CELLS * CELLS];
    for &point in &mine {
        counts[cell(point)].0 += 1;
    }
    for &point in &theirs {
        counts[cell(point)].1 += 1;
    }
    for pair in agreeing {
        counts[cell(pair.one)].2 += 1;
    }
    let (mut supported, mut all) = (0, 0);
    for (mine, theirs, agreeing) in counts {
        let weight = mine.min(theirs).min(4);
        all += weight;
        if agreeing > 0 {
            supported += weight;
        }
    }
    if all == 0 { 0.0 } else { supported as f32 / all as f32 }
}
