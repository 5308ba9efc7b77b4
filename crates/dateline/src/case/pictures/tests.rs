#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use dateline_collect::MediaFile;
use image::{DynamicImage, ImageFormat, RgbImage};

use super::look::sha256;
use super::*;

/// A scene of blobs, from a seed.
fn scene(seed: u64) -> DynamicImage {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let blobs: Vec<[f32; 4]> =
        (0..140).map(|_| [draw() * 400.0, draw() * 300.0, 3.0 + draw() * 22.0, draw() * 160.0 - 80.0]).collect();
    DynamicImage::ImageRgb8(RgbImage::from_fn(400, 300, |x, y| {
        let mut value = 128.0;
        for [bx, by, size, light] in &blobs {
            let distance = ((x as f32 - bx).powi(2) + (y as f32 - by).powi(2)) / (size * size);
            value += light / (1.0 + distance.powi(3));
        }
        image::Rgb([value.clamp(0.0, 255.0) as u8; 3])
    }))
}

fn file(name: &str, image: &DynamicImage, format: ImageFormat) -> MediaFile {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    MediaFile { name: name.to_owned(), bytes: bytes.into_inner(), video: false, modified: None }
}

fn case() -> (tempfile::TempDir, Case) {
    let folder = tempfile::tempdir().unwrap();
    let case = Case::init(&folder.path().join("case"), "Sample", "Jo").unwrap();
    (folder, case)
}

fn add(case: &mut Case, file: &MediaFile, source: &str, published: &str) -> PictureAdded {
    case.add_picture(file, Some(source), Some(&published.parse().unwrap())).unwrap()
}

#[test]
fn copies_crops_and_mirror_images_are_found_the_first_first() {
    let (_folder, mut case) = case();
    let whole = scene(3);
    let (plain, small) = (file("a.png", &whole, ImageFormat::Png), whole.thumbnail(300, 300));
    add(&mut case, &file("mirrored.png", &small.fliph(), ImageFormat::Png), "Sample Times", "2024-12-28");
    add(&mut case, &plain, "Sample Wire", "2022-05-03");
    add(&mut case, &file("other.png", &scene(4), ImageFormat::Png), "Sample Wire", "2021-01-01");
    // Asked once, so that the index must take in what comes after.
    assert_eq!(case.find_picture(&plain.bytes, Quotes::AsTheyStand).unwrap().sightings.len(), 2);
    add(&mut case, &file("part.jpg", &whole.crop_imm(60, 40, 280, 220), ImageFormat::Jpeg), "Channel", "2024-12-27");
    let found = case.find_picture(&file("x.jpg", &small, ImageFormat::Jpeg).bytes, Quotes::AsTheyStand).unwrap();
    let seen: Vec<(&str, &str, &str)> = found
        .sightings
        .iter()
        .map(|sighting| (sighting.time.as_str(), sighting.name.as_str(), sighting.how.kind.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("2022-05-03", "a.png", "same-picture"),
            ("2024-12-27", "part.jpg", "part"),
            ("2024-12-28", "mirrored.png", "mirrored-or-turned")
        ]
    );
    let page =
        case.picture_page(&case.picture_id(&sha256(&plain.bytes)[..8]).unwrap(), crate::case::Quotes::AsTheyStand).unwrap();
    assert_eq!((page.facts.width, page.facts.height, page.facts.format.as_deref()), (Some(400), Some(300), Some("PNG")));
    assert_eq!(page.cluster.len(), 2);
    assert_eq!(page.sightings[0].how.kind, "same-bytes");
}

#[test]
fn the_same_again_adds_nothing_and_a_rebuild_finds_the_same() {
    let (_folder, mut case) = case();
    let picture = file("a.png", &scene(5), ImageFormat::Png);
    assert!(add(&mut case, &picture, "Sample Wire", "2022").new);
    assert!(!add(&mut case, &picture, "Sample Wire", "2022").new);
    assert!(add(&mut case, &picture, "Sample Times", "2023").new);
    let before = case.find_picture(&picture.bytes, Quotes::AsTheyStand).unwrap();
    assert_eq!(case.rebuild(&mut |_| ()).unwrap().pictures, 1);
    assert_eq!(case.find_picture(&picture.bytes, Quotes::AsTheyStand).unwrap(), before);
    assert_eq!(before.sightings.len(), 2);
}

#[test]
fn err_what_can_t_be_decoded_is_kept_with_the_reason() {
    let (_folder, mut case) = case();
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bomb.extend([0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 6, 0, 0, 0, 0, 0, 0, 0]);
    let named =
        |name: &str, bytes: &[u8]| MediaFile { name: name.to_owned(), bytes: bytes.to_vec(), video: false, modified: None };
    let added = add(&mut case, &named("bomb.png", &bomb), "Channel", "2024");
    assert!(added.failure.is_some(), "{added:?}");
    let added = add(&mut case, &named("note.jpg", b"no picture at all"), "Channel", "2024");
    assert_eq!(added.failure.as_deref(), Some("this is no picture in a known format"));
    // By its bytes it is found all the same.
    assert_eq!(case.find_picture(&bomb, Quotes::AsTheyStand).unwrap().sightings[0].name, "bomb.png");
    assert!(matches!(case.picture_id("12"), Err(CaseError::PictureId(_))));
    assert!(matches!(case.picture_id("ffffffffffff"), Err(CaseError::Missing(_))));
}
