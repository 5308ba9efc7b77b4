//! Pictures made here, and what decoding makes of them.

use super::*;
use proptest::prelude::*;

/// A picture of blocks and slopes in a format.
pub(crate) fn encoded(format: Format, width: u32, height: u32) -> Vec<u8> {
    let image = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, if (x / 5 + y / 5) % 2 == 0 { 40 } else { 200 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, format.decodable().unwrap()).unwrap();
    bytes.into_inner()
}

#[test]
fn each_format_is_decoded_to_what_it_shows() {
    for format in [Format::Jpeg, Format::Png, Format::Webp, Format::Gif] {
        let decoded = decode(&encoded(format, 640, 400), &Limits::default()).unwrap();
        assert_eq!((decoded.format, decoded.width, decoded.height), (format, 640, 400));
        assert_eq!((decoded.picture.width(), decoded.picture.height()), (512, 320), "{format}");
        assert_eq!(decoded.findings, []);
        let luma = decoded.picture.luma();
        assert!(luma.at(500, 310) > luma.at(2, 2), "{format} is bright at its bottom right");
    }
}

#[test]
fn a_picture_is_given_back_as_large_as_is_asked_for_and_no_larger_than_the_largest() {
    let bytes = encoded(Format::Png, 3_000, 600);
    for (shrink_to, width) in [(1_024, 1_024), (2_048, 2_048), (u32::MAX, 2_048), (0, 1)] {
        let picture = decode(&bytes, &Limits { shrink_to, ..Limits::default() }).unwrap().picture;
        assert_eq!(picture.width(), width, "{shrink_to}");
        assert!(picture.to_pixmap().starts_with(format!("P6 {width} ").as_bytes()));
    }
}

#[test]
fn what_is_over_a_limit_is_refused_before_it_is_decoded() {
    let bytes = encoded(Format::Png, 100, 80);
    let refusal = |limits: Limits| decode(&bytes, &limits).unwrap_err().to_string();
    let length = bytes.len();
    assert_eq!(
        refusal(Limits { bytes: 10, ..Limits::default() }),
        format!("the file has {length} bytes, more than the limit of 10")
    );
    assert_eq!(
        refusal(Limits { pixels: 7999, ..Limits::default() }),
        "the picture has 100 × 80 pixels, more than the limit of 7999"
    );
    assert_eq!(
        refusal(Limits { side: 99, ..Limits::default() }),
        "the picture has 100 × 80 pixels, and no side may be longer than 99"
    );
    assert_eq!(
        refusal(Limits { memory: 20_000, ..Limits::default() }),
        "decoding takes more than the 20000 bytes of memory that are allowed"
    );
}

/// A PNG of a few bytes that says it has more pixels than any memory.
#[test]
fn a_bomb_is_refused_by_its_header() {
    let mut bytes = encoded(Format::Png, 8, 8);
    bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let check = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&check.to_be_bytes());
    assert!(matches!(decode(&bytes, &Limits::default()), Err(Refusal::TooManyPixels { width: 60_000, height: 60_000, .. })));
}

/// The checksum of PNG chunks (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[test]
fn what_is_no_picture_is_refused() {
    assert_eq!(decode(b"", &Limits::default()).unwrap_err(), Refusal::UnknownFormat);
    assert_eq!(decode(b"just words", &Limits::default()).unwrap_err(), Refusal::UnknownFormat);
    let heic = decode(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", &Limits::default()).unwrap_err();
    assert_eq!(heic.to_string(), "HEIF pictures are not decoded");
    assert!(matches!(decode(b"GIF89a", &Limits::default()), Err(Refusal::Malformed { format: Format::Gif, .. })));
}

#[test]
fn a_picture_with_an_archive_after_it_is_decoded() {
    let file = [&encoded(Format::Jpeg, 64, 48)[..], b"PK\x03\x04"].concat();
    let decoded = decode(&file, &Limits::default()).unwrap();
    let offset = file.len() - 4;
    assert_eq!(decoded.findings, [Finding::After { offset, length: 4, content: Foreign::Zip }]);
}

#[test]
fn a_picture_is_turned_as_its_exif_asks() {
    let plain = encoded(Format::Jpeg, 64, 48);
    // TIFF header, one entry: orientation (0x0112), a short, 6: the first row is the right side.
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let file = [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat();
    let decoded = decode(&file, &Limits::default()).unwrap();
    assert_eq!((decoded.width, decoded.height), (48, 64));
    assert_eq!((decoded.picture.width(), decoded.picture.height()), (48, 64));
}

#[test]
fn of_a_moving_picture_the_first_frame_counts() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for grey in [0, 255] {
        encoder
            .encode_frame(image::Frame::new(image::RgbaImage::from_pixel(20, 10, image::Rgba([grey, grey, grey, 255]))))
            .unwrap();
    }
    drop(encoder);
    let decoded = decode(&bytes, &Limits::default()).unwrap();
    assert_eq!(decoded.findings, [Finding::Animated]);
    assert!(decoded.picture.rgb().iter().all(|&value| value == 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any bytes behind any signature are decoded or refused.
    #[test]
    fn any_bytes_are_decoded_or_refused(head in 0..6_usize, tail in prop::collection::vec(any::<u8>(), 0..300)) {
        let heads: [&[u8]; 6] = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypheic"];
        let limits = Limits { pixels: 1 << 20, memory: 1 << 24, ..Limits::default() };
        let _ = decode(&[heads[head], &tail].concat(), &limits);
    }

    /// A damaged picture is decoded or refused, never more.
    #[test]
    fn damage_is_survived(format in 0..4_usize, hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        let format = [Format::Jpeg, Format::Png, Format::Webp, Format::Gif][format];
        let mut bytes = encoded(format, 40, 30);
        for (at, value) in hits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut.index(3) == 0 {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { pixels: 1 << 20, memory: 1 << 24, ..Limits::default() };
        if let Ok(decoded) = decode(&bytes, &limits) {
            prop_assert!(decoded.picture.width().max(decoded.picture.height()) <= Picture::SIDE);
        }
    }
}
