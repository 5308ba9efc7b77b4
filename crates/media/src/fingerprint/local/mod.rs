//! Fingerprints of parts: spots of a picture that are found again in a crop, a mirror image or a screenshot of it.
//!
//! Why this and not more PDQs of tiles: tiles fail as soon as a crop, a border or a few degrees of rotation shift their raster, and a set
//! of tiles for all shifts and sizes is larger than two hundred spots. The spots are blobs and corners found in scale space with their
//! size and direction (D. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004; its patent ran out in 2020), so that
//! each brings its own raster. What surrounds one is described by a histogram of directions, of which only 256 bits are kept: which
//! entries are above the median, and which above the upper quartile. A mirror only changes the places of these bits, so that pictures
//! are looked for mirrored at no cost ([`Spot::mirrored`]).
//!
//! That two pictures share a part is then a matter of geometry: [`Details::likeness`] looks for one shift, size and rotation that brings
//! many spots of one onto their likes in the other. Everything is deterministic, and nothing is learned.

mod agreement;
mod describe;
mod detect;
mod scales;

use crate::decode::Luma;

pub use agreement::{Likeness, Placement};

/// 256 bits that say what surrounds a spot.
pub type Description = [u64; 4];

/// A place in a picture that can be found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// From the left, in 64ths of a pixel.
    pub x: u16,
    /// From the top, in 64ths of a pixel.
    pub y: u16,
    /// How large: the binary logarithm of the blur at which it stands out, in 32nds, where 0 is one pixel.
    pub size: u8,
    /// Which way the brightness rises: 256ths of a full turn, clockwise from the right.
    pub direction: u8,
    /// What surrounds it.
    pub description: Description,
}

impl Spot {
    /// Bytes of one spot as stored.
    pub const BYTES: usize = 38;

    /// The same spot as the mirror image of a picture of this width would show it.
    pub fn mirrored(&self, width: u16) -> Self {
        let edge = (u32::from(width) * 64).saturating_sub(64);
        Self {
            x: u16::try_from(edge.saturating_sub(u32::from(self.x))).unwrap_or(u16::MAX),
            y: self.y,
            size: self.size,
            direction: 128_u8.wrapping_sub(self.direction),
            description: describe::mirrored(&self.description),
        }
    }
}

/// The spots of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    width: u16,
    height: u16,
    spots: Vec<Spot>,
}

impl Details {
    /// Spots that are kept of a picture that goes into an index.
    pub const MOST: usize = 200;

    /// The up to `most` spots of a picture that are likeliest to be found again, spread over its area and over sizes.
    ///
    /// The picture should be shrunk to [`Picture::SIDE`](crate::Picture::SIDE); one with a side of more than 1,000 pixels has none.
    pub fn of(luma: &Luma, most: usize) -> Self {
        let (Ok(width), Ok(height)) = (u16::try_from(luma.width()), u16::try_from(luma.height())) else { return Self::default() };
        if width > 1000 || height > 1000 {
            return Self::default();
        }
        let scales = scales::Scales::of(luma);
        let found = detect::spread(detect::detect(&scales), luma.width(), luma.height(), most);
        let mut spots: Vec<Spot> = found.iter().flat_map(|found| describe::spots(&scales, found)).collect();
        spots.truncate(most);
        Self { width, height, spots }
    }

    /// Pixels of the picture from left to right.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Pixels of the picture from top to bottom.
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The spots, the likeliest to be found again first.
    pub fn spots(&self) -> &[Spot] {
        &self.spots
    }

    /// The spots as the mirror image would show them.
    pub fn mirrored(&self) -> Self {
        let spots = self.spots.iter().map(|spot| spot.mirrored(self.width)).collect();
        Self { width: self.width, height: self.height, spots }
    }

    /// A plain form to be stored: width, height and count, then 38 bytes a spot; all little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(6 + self.spots.len() * Spot::BYTES);
        let count = u16::try_from(self.spots.len()).unwrap_or(u16::MAX);
        for value in [self.width, self.height, count] {
            bytes.extend(value.to_le_bytes());
        }
        for spot in self.spots.iter().take(usize::from(count)) {
            bytes.extend(spot.x.to_le_bytes());
            bytes.extend(spot.y.to_le_bytes());
            bytes.extend([spot.size, spot.direction]);
            bytes.extend(spot.description.iter().flat_map(|word| word.to_le_bytes()));
        }
        bytes
    }

    /// What [`Details::to_bytes`] stored; none if these are not such bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<6>()?;
        let [w0, w1, h0, h1, c0, c1] = *head;
        let (spots, left) = rest.as_chunks::<{ Spot::BYTES }>();
        if spots.len() != usize::from(u16::from_le_bytes([c0, c1])) || !left.is_empty() {
            return None;
        }
        let spots = spots
            .iter()
            .map(|spot| {
                let [x0, x1, y0, y1, size, direction, ref words @ ..] = *spot;
                let mut description = [0; 4];
                for (word, source) in description.iter_mut().zip(words.as_chunks::<8>().0) {
                    *word = u64::from_le_bytes(*source);
                }
                Spot { x: u16::from_le_bytes([x0, x1]), y: u16::from_le_bytes([y0, y1]), size, direction, description }
            })
            .collect();
        Some(Self { width: u16::from_le_bytes([w0, w1]), height: u16::from_le_bytes([h0, h1]), spots })
    }
}

#[cfg(test)]
pub(crate) mod tests;
