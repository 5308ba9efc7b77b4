//! Foreign pictures, and files of fingerprints.

use std::io::Cursor;

use dateline_media::decode::{Finding, Picture};
use dateline_media::index::journal::{self, Entry};
use dateline_media::index::{PartIndex, PictureId, WholeIndex};
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
        let mut index = WholeIndex::default();
        index.insert(PictureId(1), hashed.pdq);
        assert_eq!(index.near_any(&hashed, Pdq::NEAR).first().map(|near| (near.id, near.distance)), Some((PictureId(1), 0)));
    }
}

/// Any bytes are a journal of fingerprints up to some point or none, the sound part is what its entries write, and its pictures can be
/// put into the indexes and asked about.
///
/// The first byte says whether it is part of the file.
pub fn media_journal(data: &[u8]) {
    let data = own(data);
    let file = [&journal::HEADER[..], data].concat();
    for bytes in [data, &file] {
        let Ok((entries, sound)) = journal::read(bytes) else { continue };
        let again: Vec<u8> = journal::HEADER.into_iter().chain(entries.iter().flat_map(Entry::to_bytes)).collect();
        assert!(sound == 0 || bytes.get(..sound) == Some(&again[..]), "the sound part is not what its entries write");
        let (mut whole, mut parts) = (WholeIndex::default(), PartIndex::default());
        for entry in &entries {
            whole.insert(entry.id, entry.pdq);
            parts.insert(entry.id, &entry.details);
        }
        for entry in &entries {
            assert!(whole.near(&entry.pdq, 0).iter().any(|near| near.id == entry.id), "a picture that was inserted is not found");
            parts.find(&entry.details, |id| entries.iter().find(|entry| entry.id == id).map(|entry| entry.details.clone()));
        }
    }
}

/// All of the bytes, or all but the first.
fn own(data: &[u8]) -> &[u8] {
    match data.split_first() {
        Some((first, rest)) if first % 4 != 0 => rest,
        _ => data,
    }
}

/// One small picture in each format, and records of a journal.
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
    let entries = (1..3).filter_map(|id| {
        let luma = decode(samples.first()?, &LIMITS).ok()?.picture.luma();
        let hashed = Pdq::of(&luma)?;
        Some(Entry { id: PictureId(id), quality: hashed.quality, pdq: hashed.pdq, details: Details::of(&luma, 8) }.to_bytes())
    });
    let entries: Vec<u8> = entries.flatten().collect();
    samples.push(entries);
    samples
}
