//! Small pictures, all that fingerprints look at.

use image::DynamicImage;
use serde::{Deserialize, Serialize};

/// A picture in sRGB, three bytes a pixel, row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Picture {
    /// The longer side, in pixels, that pictures are shrunk to before they are looked at.
    pub const SIDE: u32 = 512;
    /// The longer side, in pixels, of the largest picture that is given back: print is read in those.
    pub const LARGEST: u32 = 2_048;
    /// The longer side, in pixels, of what stands in for a picture that is not to be seen.
    pub const VEIL: u32 = 8;

    /// A picture of these pixels; none if their count is not that of the sides, or a side is zero.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let count = u64::from(width) * u64::from(height) * 3;
        (count > 0 && u64::try_from(rgb.len()) == Ok(count)).then_some(Self { width, height, rgb })
    }

    /// Pixels from left to right.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels from top to bottom.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Red, green and blue of each pixel.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// How bright each pixel is.
    ///
    /// ```
    /// use dateline_media::Picture;
    ///
    /// let picture = Picture::new(2, 1, vec![255, 255, 255, 0, 0, 0]).expect("two pixels");
    /// assert_eq!(picture.luma().at(0, 0).round(), 255.0);
    /// assert_eq!(picture.luma().at(1, 0), 0.0);
    /// ```
    pub fn luma(&self) -> Luma {
        // The weights of ITU-R BT.601, as in Meta's description of PDQ.
        let values = self
            .rgb
            .chunks_exact(3)
            .map(|pixel| match pixel {
                [red, green, blue] => 0.299 * f32::from(*red) + 0.587 * f32::from(*green) + 0.114 * f32::from(*blue),
                _ => 0.0,
            })
            .collect();
        Luma { width: self.width as usize, height: self.height as usize, values }
    }
}

/// The brightness of a picture, 0 (black) to 255 (white), row by row from the top left.
#[derive(Debug, Clone, PartialEq)]
pub struct Luma {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

impl Luma {
    /// Brightness of these pixels, made by a function of column and row.
    pub fn from_fn(width: usize, height: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let values = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect();
        Self { width, height, values }
    }

    /// Pixels from left to right.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels from top to bottom.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Brightness at a column and a row; outside the picture, that of the nearest pixel.
    #[inline]
    pub fn at(&self, x: isize, y: isize) -> f32 {
        let column = x.clamp(0, self.width as isize - 1) as usize;
        let row = y.clamp(0, self.height as isize - 1) as usize;
        self.values.get(row * self.width + column).copied().unwrap_or(0.0)
    }

    /// One row of pixels; empty outside the picture.
    #[inline]
    pub(crate) fn row(&self, y: usize) -> &[f32] {
        self.values.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }
}

/// Shrinks a decoded picture to at most `side` pixels on its longer side; each pixel of the result is the mean of the area that it covers.
/// What is transparent lies on white. A picture that is small already keeps its size.
pub(super) fn shrink(image: DynamicImage, side: u32) -> Option<Picture> {
    let (width, height) = (image.width(), image.height());
    let longer = width.max(height);
    let (to_width, to_height) = if longer <= side {
        (width, height)
    } else {
        let part = |length: u32| ((f64::from(length) * f64::from(side) / f64::from(longer)).round() as u32).max(1);
        (part(width), part(height))
    };
    match image {
        DynamicImage::ImageLuma8(image) => average::<1>(width, height, image.as_raw(), to_width, to_height),
        DynamicImage::ImageLumaA8(image) => average::<2>(width, height, image.as_raw(), to_width, to_height),
        DynamicImage::ImageRgb8(image) => average::<3>(width, height, image.as_raw(), to_width, to_height),
        DynamicImage::ImageRgba8(image) => average::<4>(width, height, image.as_raw(), to_width, to_height),
        other if other.color().has_alpha() => average::<4>(width, height, other.into_rgba8().as_raw(), to_width, to_height),
        other => average::<3>(width, height, other.into_rgb8().as_raw(), to_width, to_height),
    }
}

/// Red, green and blue of one pixel of `N` channels, laid on white.
#[inline]
fn on_white<const N: usize>(pixel: &[u8; N]) -> [f32; 3] {
    let over = |value: u8, alpha: u8| 255.0 - (255.0 - f32::from(value)) * f32::from(alpha) / 255.0;
    match *pixel.as_slice() {
        [grey] => [f32::from(grey); 3],
        [grey, alpha] => [over(grey, alpha); 3],
        [red, green, blue] => [f32::from(red), f32::from(green), f32::from(blue)],
        [red, green, blue, alpha] => [over(red, alpha), over(green, alpha), over(blue, alpha)],
        _ => [0.0; 3],
    }
}

/// The mean over areas, first along each row, then over rows.
fn average<const N: usize>(width: u32, height: u32, pixels: &[u8], to_width: u32, to_height: u32) -> Option<Picture> {
    let (across, down) = (spans(width, to_width), spans(height, to_height));
    let row_bytes = width as usize * N;
    let mut rgb = Vec::with_capacity(to_width as usize * to_height as usize * 3);
    let mut narrow = vec![[0.0_f32; 3]; to_width as usize];
    let mut sums = vec![[0.0_f32; 3]; to_width as usize];
    let mut held = usize::MAX;
    for span in &down {
        sums.fill([0.0; 3]);
        for (row, share) in span.parts() {
            // A row on the border of two areas is asked for twice.
            if row != held {
                let (source, _) = pixels.get(row * row_bytes..(row + 1) * row_bytes)?.as_chunks::<N>();
                for (target, span) in narrow.iter_mut().zip(&across) {
                    let mut sum = [0.0_f32; 3];
                    let covered = source.get(span.first..=span.last)?;
                    if let [only] = covered {
                        sum = on_white(only).map(|value| value * span.first_share);
                    } else if let [first, middle @ .., last] = covered {
                        let (head, tail) = (on_white(first), on_white(last));
                        for pixel in middle {
                            let value = on_white(pixel);
                            sum = [sum[0] + value[0], sum[1] + value[1], sum[2] + value[2]];
                        }
                        for channel in 0..3 {
                            sum[channel] += head[channel] * span.first_share + tail[channel] * span.last_share;
                        }
                    }
                    *target = sum.map(|value| value / span.length);
                }
                held = row;
            }
            for (sum, value) in sums.iter_mut().zip(&narrow) {
                for channel in 0..3 {
                    sum[channel] += value[channel] * share;
                }
            }
        }
        rgb.extend(sums.iter().flatten().map(|sum| (sum / span.length).round().clamp(0.0, 255.0) as u8));
    }
    Picture::new(to_width, to_height, rgb)
}

/// The pixels of a longer line that one pixel of a shorter one covers; the first and the last may be covered in part.
struct Span {
    first: usize,
    last: usize,
    first_share: f32,
    last_share: f32,
    length: f32,
}

impl Span {
    /// Each pixel with the share that is covered.
    fn parts(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        (self.first..=self.last).map(|at| {
            let share = if at == self.first {
                self.first_share
            } else if at == self.last {
                self.last_share
            } else {
                1.0
            };
            (at, share)
        })
    }
}

fn spans(from: u32, to: u32) -> Vec<Span> {
    let scale = f64::from(from) / f64::from(to);
    (0..to)
        .map(|at| {
            let (start, end) = (f64::from(at) * scale, f64::from(at + 1) * scale);
            let first = start.floor();
            let last = (end.ceil() - 1.0).clamp(first, f64::from(from - 1));
            let (first_share, last_share) = if first == last { (end - start, 0.0) } else { (first + 1.0 - start, end - last) };
            Span {
                first: first as usize,
                last: last as usize,
                first_share: first_share as f32,
                last_share: last_share as f32,
                length: (end - start) as f32,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shrunk_pixel_is_the_mean_of_its_area() {
        let image = image::GrayImage::from_fn(4, 2, |x, y| image::Luma([(x * 10 + y * 100) as u8]));
        let picture = shrink(DynamicImage::ImageLuma8(image), 2).unwrap();
        assert_eq!((picture.width(), picture.height()), (2, 1));
        assert_eq!(picture.rgb(), [55, 55, 55, 75, 75, 75]);
    }

    #[test]
    fn a_side_that_does_not_divide_keeps_the_mean() {
        let image = image::RgbImage::from_fn(1000, 700, |x, y| image::Rgb([(x % 251) as u8, (y % 241) as u8, 7]));
        let mean = |rgb: &[u8]| rgb.iter().map(|&value| f64::from(value)).sum::<f64>() / rgb.len() as f64;
        let before = mean(image.as_raw());
        let picture = shrink(DynamicImage::ImageRgb8(image), 512).unwrap();
        assert_eq!((picture.width(), picture.height()), (512, 358));
        assert!((mean(picture.rgb()) - before).abs() < 0.5);
    }

    #[test]
    fn what_is_transparent_lies_on_white() {
        let image = image::RgbaImage::from_pixel(3, 3, image::Rgba([0, 0, 0, 0]));
        assert_eq!(shrink(DynamicImage::ImageRgba8(image), 512).unwrap().rgb(), [255; 27]);
    }

    #[test]
    fn a_line_of_pixels_stays_a_line() {
        let image = image::GrayImage::new(5000, 1);
        let picture = shrink(DynamicImage::ImageLuma8(image), 512).unwrap();
        assert_eq!((picture.width(), picture.height()), (512, 1));
    }
}
