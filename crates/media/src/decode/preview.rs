//! Small pictures as files, to be shown.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, RgbImage};

use super::picture::{Picture, shrink};

/// How well a preview is kept, 1 to 100.
const QUALITY: u8 = 80;

impl Picture {
    /// The picture as a JPEG whose longer side has at most `side` pixels: nothing of the file that it came in is left but what is to be seen.
    ///
    /// ```
    /// use dateline_media::Picture;
    ///
    /// let picture = Picture::new(40, 20, vec![128; 40 * 20 * 3]).expect("as many pixels as the sides say");
    /// let jpeg = picture.to_jpeg(20).expect("it is small");
    /// assert!(jpeg.starts_with(&[0xff, 0xd8]));
    /// ```
    #[must_use]
    pub fn to_jpeg(&self, side: u32) -> Option<Vec<u8>> {
        let image = RgbImage::from_raw(self.width(), self.height(), self.rgb().to_vec())?;
        let small = shrink(DynamicImage::ImageRgb8(image), side.max(1))?;
        let mut jpeg = Vec::new();
        let encoder = &mut JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
        encoder.encode(small.rgb(), small.width(), small.height(), ExtendedColorType::Rgb8).ok()?;
        Some(jpeg)
    }

    /// The picture as a portable pixmap (PPM): a short head and its pixels as they are, which other programs read without a decoder of note.
    #[must_use]
    pub fn to_pixmap(&self) -> Vec<u8> {
        let mut pixmap = format!("P6 {} {} 255\n", self.width(), self.height()).into_bytes();
        pixmap.extend_from_slice(self.rgb());
        pixmap
    }

    /// What stands in for the picture where it is not to be seen: a JPEG of at most [`Picture::VEIL`] pixels a side, in which its colours are
    /// left and nobody is to be known.
    #[must_use]
    pub fn veil(&self) -> Option<Vec<u8>> {
        self.to_jpeg(Self::VEIL)
    }
}
