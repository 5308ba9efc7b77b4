//! PDQ against Meta's published picture and against `pdqhash`, Meta's own code behind Python.
#![allow(clippy::unwrap_used)]

use dateline_media::decode::Luma;
use dateline_media::fingerprint::Hashed;
use dateline_media::{Limits, Pdq, Picture, Symmetry, decode};
use proptest::prelude::*;

/// `bridge-1-original.jpg` of facebook/ThreatExchange; see tests/data/README.md.
const BRIDGE: &[u8] = include_bytes!("data/bridge-1-original.jpg");
const PUBLISHED: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

fn bridge() -> Picture {
    let image = image::load_from_memory(BRIDGE).unwrap().into_rgb8();
    Picture::new(image.width(), image.height(), image.into_raw()).unwrap()
}

fn distance(fingerprint: Pdq, published: &str) -> u32 {
    fingerprint.distance(&published.parse().unwrap())
}

#[test]
fn the_published_picture_has_the_published_fingerprint() {
    let hashed = Pdq::of(&bridge().luma()).unwrap();
    // JPEG decoders differ in the last bit of a pixel, and values at the median may then fall to either side.
    assert!(distance(hashed.pdq, PUBLISHED) <= 2, "{}", hashed.pdq);
    assert_eq!(hashed.quality, 100);
    let shrunk = Pdq::of(&decode(BRIDGE, &Limits::default()).unwrap().picture.luma()).unwrap();
    assert!(distance(shrunk.pdq, PUBLISHED) <= 10, "{}", shrunk.pdq);
}

/// What `pdqhash` says of the bridge when its pixels are turned and mirrored first.
#[test]
fn variants_are_those_of_the_turned_picture() {
    let hashed = Pdq::of(&bridge().luma()).unwrap();
    for (symmetry, published) in [
        (Symmetry::Same, PUBLISHED),
        (Symmetry::Quarter, "a5f0a457a48995e8c9065c275aaa5498b61ba4bdf8fcf80387c32f8b1bfc4f05"),
        (Symmetry::Half, "adad5a64b5a142e55b62a09857da8d5ae63b847fc23794b766b319361bc93188"),
        (Symmetry::ThreeQuarters, "30a10efd71c83f429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af"),
        (Symmetry::Mirrored, "0dad2599b1a1bd1a5362576752da32a5e63b7380c2374b4866b346c91bc9ce77"),
        (Symmetry::Flipped, "f8f80f31e0f417b20e37f5cd028f980fb36ed02a9662c1e233e64c634e9c64dd"),
        (Symmetry::Transposed, "f0a5e102f1ccc0bd945308720fff038de34ef1e8ada9a956d2967ade5ea91a50"),
        (Symmetry::Transversed, "a5f05aa8a4896a17c906a3d85aaaab07b61b5b42f8fc07fc87c3d0741bfcb0fa"),
    ] {
        let off = distance(hashed.variant(symmetry), published);
        assert!(off <= 10, "{symmetry:?}: {off} bits off");
    }
}

/// A picture of whole numbers only, so that other languages make the same one.
fn made(seed: i64, width: usize, height: usize) -> Luma {
    Luma::from_fn(width, height, |x, y| {
        let (x, y) = (x as i64, y as i64);
        let wave = (x * x * (seed + 3) / 97 + y * y * (seed + 5) / 89 + x * y * (7 - seed % 5) / 61) % 512;
        let board = (x / (11 + seed) + y / (17 + 2 * seed)) % 2 * 60;
        ((wave - 256).abs() / 2 + board + (x * seed / 7 + y) % 40).clamp(0, 255) as f32
    })
}

/// Made with `pdqhash` 0.2.8 from the same pictures, as grey RGB.
#[test]
fn made_pictures_have_the_fingerprints_that_pdqhash_gives() {
    for ((seed, width, height), published, quality) in [
        ((1, 256, 192), "fff780001ff73b8b7002e3ff07fe07046f010604241f043f267f247f267f247c", 100),
        ((2, 512, 384), "00280200012202a90f37177f0fbb1ff65f7b1fb62f7b1fb17f243f9877241bd2", 100),
        ((3, 64, 64), "52d39d8f9a1be2f03d4a6a1c16aa154ee2b365741f4965509e0b154e62f5eab3", 100),
        ((4, 301, 511), "a03fc07fc07fc07f80ff807fc0ff807f00fe83fe82fe007880fc83fc80f88370", 100),
        ((5, 500, 100), "5b29490b4929410959694d490000efff0000ffff400100002fff5ffffffffff8", 100),
        ((6, 33, 47), "9e89d1bb6f04ac7f91d1769c80b6b9a9664a4676999101bf6664999b999a6664", 79),
    ] {
        let hashed = Pdq::of(&made(seed, width, height)).unwrap();
        let off = distance(hashed.pdq, published);
        assert!(off <= 2, "{seed}: {off} bits off, {}", hashed.pdq);
        assert!(hashed.quality.abs_diff(quality) <= 1, "{seed}: quality {}", hashed.quality);
    }
}

#[test]
fn a_picture_of_a_few_pixels_has_no_fingerprint() {
    assert_eq!(Pdq::of(&made(1, 4, 300)), None);
    assert!(Pdq::of(&made(1, 5, 5)).is_some());
}

#[test]
fn a_flat_picture_is_of_no_quality() {
    assert_eq!(Pdq::of(&Luma::from_fn(100, 100, |_, _| 77.0)).map(|hashed| hashed.quality), Some(0));
}

#[test]
fn words_bytes_and_digits_are_one_thing() {
    let fingerprint: Pdq = PUBLISHED.parse().unwrap();
    assert_eq!(fingerprint.to_string(), PUBLISHED);
    assert_eq!(Pdq::from_bytes(&fingerprint.to_bytes()), fingerprint);
    assert_eq!(fingerprint.to_bytes()[..2], [0xf8, 0xf8]);
    assert_eq!(Pdq::from_words(fingerprint.words()), fingerprint);
    for wrong in ["", "f8", &PUBLISHED[1..], &PUBLISHED.replace('f', "g"), &PUBLISHED.replace("f8f8", "é8f")] {
        assert!(wrong.parse::<Pdq>().is_err(), "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(30) })]

    /// The fingerprint of a turned picture is the turned fingerprint, but for values at the median and windows that reach further to one side.
    #[test]
    fn turning_the_picture_turns_the_fingerprint(waves in prop::collection::vec((0.2..30.0_f32, 0.2..30.0_f32, 0.0..6.0_f32), 40..60), width in 256..512_usize, height in 256..512_usize) {
        let plain = Luma::from_fn(width, height, |x, y| {
            let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
            128.0 + waves.iter().map(|(across, down, shift)| 12.0 * (across * x + down * y + shift).cos()).sum::<f32>()
        });
        let hashed = Pdq::of(&plain).unwrap();
        let at = |x: usize, y: usize| plain.at(x as isize, y as isize);
        let turned: [(Symmetry, Luma); 3] = [
            (Symmetry::Mirrored, Luma::from_fn(width, height, |x, y| at(width - 1 - x, y))),
            (Symmetry::Half, Luma::from_fn(width, height, |x, y| at(width - 1 - x, height - 1 - y))),
            (Symmetry::Quarter, Luma::from_fn(height, width, |x, y| at(y, height - 1 - x))),
        ];
        for (symmetry, luma) in turned {
            let off = hashed.variant(symmetry).distance(&Pdq::of(&luma).unwrap().pdq);
            prop_assert!(off <= Pdq::NEAR, "{:?}: {} bits", symmetry, off);
        }
    }

    /// Any brightness gives a fingerprint of which at most half of the bits are set.
    #[test]
    fn any_picture_has_a_fingerprint(width in 5..90_usize, height in 5..90_usize, values in prop::collection::vec(0..=255_u8, 1..200)) {
        let luma = Luma::from_fn(width, height, |x, y| f32::from(values[(y * width + x) % values.len()]));
        let hashed: Hashed = Pdq::of(&luma).unwrap();
        for variant in hashed.variants() {
            prop_assert!(variant.words().iter().map(|word| word.count_ones()).sum::<u32>() <= 128);
        }
    }
}
