//! Foreign pictures, and indexes of fingerprints.

use std::convert::Infallible;
use std::io::Cursor;

use dateline_media::decode::{Finding, Picture};
use dateline_media::index::{Lists, Memory, PartIndex, PictureId, Space, WholeIndex};
use dateline_media::{Details, Limits, Pdq, decode};

/// Small, so that limits are met.
const LIMITS: Limits = Limits { bytes: 1 << 20, pixels: 1 << 20, side: 4096, memory: 1 << 24, shrink_to: 512 };

/// Any bytes are a picture within the limits or are refused, twice the same; what is found in the file lies in it; and the picture has
/// fingerprints by which it is found.
///
/// The first byte says whether it is part of the file.
pub fn media(data: &[u8]) {
    let data = own(data);
    let decoded = decode(data, &LIMITS);
    assert_eq!(decoded, decode(data, &LIMITS), "decoding is not the same twice");
    let Ok(decoded) = decoded else { return };
    assert!(decoded.picture.width().max(decoded.picture.height()) <= Picture::SIDE, "the picture was not shrunk");
    for finding in &decoded.findings {
        match *finding {
            Finding::Before { length, .. } => assert!(length > 0 && length < data.len(), "{finding:?}"),
            Finding::After { offset, length, .. } => assert_eq!(offset + length, data.len(), "{finding:?}"),
            Finding::Within { offset, .. } => assert!(offset < data.len(), "{finding:?}"),
            Finding::CutShort | Finding::Animated => {}
        }
    }
    let luma = decoded.picture.luma();
    let details = Details::of(&luma, Details::MOST);
    assert!(details.spots().len() <= Details::MOST, "too many spots");
    assert_eq!(Details::from_bytes(&details.to_bytes()).as_ref(), Some(&details), "the spots do not come back");
    if let Some(hashed) = Pdq::of(&luma) {
        let mut index = WholeIndex::over(Memory::default());
        let Ok(_) = index.insert(PictureId(1), &hashed.pdq);
        let Ok(near) = index.near_any(&hashed.variants());
        assert_eq!(near.first().map(|near| (near.id, near.distance)), Some((PictureId(1), 0)));
    }
}

/// Any bytes are fingerprints or none; a picture with such fingerprints is found in the index that it was put into; and an index whose lists
/// are damaged, these bytes standing in them, gives an answer.
///
/// The first byte says whether it is part of the bytes.
pub fn media_index(data: &[u8]) {
    let data = own(data);
    let asked = Pdq::from_bytes(&std::array::from_fn(|at| data.get(at).copied().unwrap_or(0)));
    let details = Details::from_bytes(data);
    let (mut whole, mut parts) = (WholeIndex::over(Memory::default()), PartIndex::over(Memory::default()));
    let Ok(_) = whole.insert(PictureId(7), &asked);
    let Ok(near) = whole.near(&asked);
    assert!(near.iter().any(|near| near.id == PictureId(7)), "a picture that was inserted is not found");
    let Ok(_) = WholeIndex::over(Damaged(data)).near_any(&[asked; 8]);
    if let Some(details) = details {
        assert_eq!(Details::from_bytes(&details.to_bytes()).as_ref(), Some(&details), "the spots do not come back");
        let Ok(_) = parts.insert(PictureId(7), &details);
        for lists in [parts.find(&details, |_| Ok(Some(details.clone()))), PartIndex::over(Damaged(data)).find(&details, |_| Ok(None))] {
            let Ok(_) = lists;
        }
    }
}

/// Lists in each of which the same bytes stand, whatever they are.
struct Damaged<'a>(&'a [u8]);

impl Lists for Damaged<'_> {
    type Error = Infallible;

    fn read(&self, _: Space, keys: &[u32], each: &mut dyn FnMut(usize, &[u8])) -> Result<(), Infallible> {
        (0..keys.len()).for_each(|nth| each(nth, self.0));
        Ok(())
    }

    fn append<const N: usize>(&mut self, _: Space, _: &[(u32, [u8; N])]) -> Result<(), Infallible> {
        Ok(())
    }

    fn pictures(&self) -> Result<u64, Infallible> {
        Ok(self.0.len() as u64)
    }
}

/// All of the bytes, or all but the first.
fn own(data: &[u8]) -> &[u8] {
    match data.split_first() {
        Some((first, rest)) if first % 4 != 0 => rest,
        _ => data,
    }
}

/// One small picture in each format, and fingerprints of its parts.
pub fn media_samples() -> Vec<Vec<u8>> {
    let image = image::RgbImage::from_fn(48, 36, |x, y| {
        image::Rgb([(x * 5) as u8, (y * 7) as u8, if (x / 6 + y / 6) % 2 == 0 { 30 } else { 220 }])
    });
    let mut samples: Vec<Vec<u8>> =
        [image::ImageFormat::Jpeg, image::ImageFormat::Png, image::ImageFormat::WebP, image::ImageFormat::Gif]
            .into_iter()
            .map(|format| {
                let mut bytes = Cursor::new(Vec::new());
                image.write_to(&mut bytes, format).expect("a small picture can be written");
                bytes.into_inner()
            })
            .collect();
    let details = decode(samples.first().map_or(&[], Vec::as_slice), &LIMITS).map(|decoded| Details::of(&decoded.picture.luma(), 8));
    samples.extend(details.map(|details| details.to_bytes()));
    samples
}
