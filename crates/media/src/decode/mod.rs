//! Foreign bytes to small pictures, within limits.
//!
//! [`decode()`] finds out by the bytes what a file is, reads how large the picture would be, refuses what is over the [`Limits`], and only
//! then decodes. The crate `image` does the decoding, with the few formats named by [`Format`] and nothing else. A file that is more than
//! a picture (an archive or a page appended to it) is decoded as what it shows, and the rest is a [`Finding`].
//!
//! Untrusted files should be decoded in a process of their own: [`sandbox`](crate::sandbox).

mod extent;
mod finding;
mod format;
mod picture;
mod preview;

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader};
use serde::{Deserialize, Serialize};

pub use finding::{Finding, Foreign};
pub use format::Format;
pub use picture::{Luma, Picture};

/// What a picture may cost at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Pixels, width times height.
    pub pixels: u64,
    /// Pixels of one side.
    pub side: u32,
    /// Bytes that decoding may ask for. The decoders keep to it as far as they count their memory; the sandbox has a limit that holds.
    pub memory: u64,
    /// Pixels of the longer side of what is given back; larger pictures are shrunk to it. No more than [`Picture::LARGEST`].
    pub shrink_to: u32,
}

impl Default for Limits {
    /// 64 MiB, 100 megapixels, 65,535 pixels a side, 1 GiB of memory; shrunk to 512 pixels ([`Picture::SIDE`]).
    fn default() -> Self {
        Self { bytes: 64 << 20, pixels: 100_000_000, side: 65_535, memory: 1 << 30, shrink_to: Picture::SIDE }
    }
}

/// Why a file is not decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum Refusal {
    /// The bytes are those of no picture.
    #[error("this is no picture in a known format")]
    UnknownFormat,
    /// The bytes are those of a picture that can't be decoded here.
    #[error("{format} pictures are not decoded")]
    NotDecoded {
        /// Its format.
        format: Format,
    },
    /// The file is too long.
    #[error("the file has {bytes} bytes, more than the limit of {limit}")]
    TooManyBytes {
        /// Bytes that it has.
        bytes: u64,
        /// Bytes that it may have.
        limit: u64,
    },
    /// The picture is too large.
    #[error("the picture has {width} × {height} pixels, more than the limit of {limit}")]
    TooManyPixels {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// Pixels that it may have.
        limit: u64,
    },
    /// One side of the picture is too long.
    #[error("the picture has {width} × {height} pixels, and no side may be longer than {limit}")]
    SideTooLong {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// Pixels that a side may have.
        limit: u32,
    },
    /// Decoding would take more memory than is allowed.
    #[error("decoding takes more than the {limit} bytes of memory that are allowed")]
    TooMuchMemory {
        /// Bytes that it may take.
        limit: u64,
    },
    /// The picture has no pixels.
    #[error("the picture has no pixels")]
    Empty,
    /// The bytes break the rules of their format.
    #[error("the {format} file is malformed: {reason}")]
    Malformed {
        /// The format that they begin as.
        format: Format,
        /// What the decoder says.
        reason: String,
    },
}

/// A decoded picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Its format, by its bytes.
    pub format: Format,
    /// Pixels from left to right, as it is to be shown.
    pub width: u32,
    /// Pixels from top to bottom, as it is to be shown.
    pub height: u32,
    /// What is odd about the file.
    pub findings: Vec<Finding>,
    /// The picture, turned as its EXIF data ask, its longer side at most [`Picture::SIDE`].
    pub picture: Picture,
}

/// Decodes a picture and shrinks it.
///
/// # Errors
///
/// A [`Refusal`] that says what is wrong with the file, or which limit it is over.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, Refusal> {
    let length = bytes.len() as u64;
    if length > limits.bytes {
        return Err(Refusal::TooManyBytes { bytes: length, limit: limits.bytes });
    }
    let (start, format) = finding::locate(bytes).ok_or(Refusal::UnknownFormat)?;
    let kind = format.decodable().ok_or(Refusal::NotDecoded { format })?;
    let refused = |error: ImageError| refusal(format, limits, &error);

    let own = bytes.get(start..).unwrap_or_default();
    let mut reader = ImageReader::with_format(Cursor::new(own), kind);
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(limits.memory);
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, limits)?;
    if decoder.total_bytes() > limits.memory {
        return Err(Refusal::TooMuchMemory { limit: limits.memory });
    }
    // An orientation that can't be read is none.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(refused)?;

    let mut findings = finding::findings(bytes, start, format);
    if moves(format, own) {
        findings.push(Finding::Animated);
    }
    let small = picture::shrink(image, limits.shrink_to.clamp(1, Picture::LARGEST)).ok_or(Refusal::Empty)?;
    let (picture, turned) = oriented(small, orientation).ok_or(Refusal::Empty)?;
    let (width, height) = if turned { (height, width) } else { (width, height) };
    Ok(Decoded { format, width, height, findings, picture })
}

fn check_size(width: u32, height: u32, limits: &Limits) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::Empty);
    }
    if width.max(height) > limits.side {
        return Err(Refusal::SideTooLong { width, height, limit: limits.side });
    }
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(Refusal::TooManyPixels { width, height, limit: limits.pixels });
    }
    Ok(())
}

fn refusal(format: Format, limits: &Limits, error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::TooMuchMemory { limit: limits.memory },
        // What the decoders say may quote the file: one short line is enough.
        other => {
            let reason: String = other.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
            Refusal::Malformed { format, reason }
        }
    }
}

/// Turns a picture as it is to be shown, and says whether width and height changed places.
fn oriented(picture: Picture, orientation: image::metadata::Orientation) -> Option<(Picture, bool)> {
    if orientation == image::metadata::Orientation::NoTransforms {
        return Some((picture, false));
    }
    let (width, height) = (picture.width(), picture.height());
    let mut image = DynamicImage::ImageRgb8(image::RgbImage::from_raw(width, height, picture.rgb().to_vec())?);
    image.apply_orientation(orientation);
    use image::metadata::Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    let turned = matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH);
    let picture = Picture::new(image.width(), image.height(), image.into_rgb8().into_raw())?;
    Some((picture, turned))
}

/// Whether a picture has more than one frame, as far as its structure says.
fn moves(format: Format, bytes: &[u8]) -> bool {
    match format {
        Format::Gif => extent::gif_frames(bytes) > 1,
        Format::Webp => image::codecs::webp::WebPDecoder::new(Cursor::new(bytes)).is_ok_and(|decoder| decoder.has_animation()),
        Format::Png => {
            image::codecs::png::PngDecoder::new(Cursor::new(bytes)).and_then(|decoder| decoder.is_apng()).unwrap_or(false)
        }
        Format::Jpeg | Format::Heif => false,
    }
}

#[cfg(test)]
mod tests;
