//! Pictures of any bytes say something of themselves, or that they are none.

use dateline_media::{Metadata, read_credentials, read_metadata};

/// Reads what a picture carries with it: no panic, no value without a place, nothing finer than a tenth of a degree.
pub fn metadata(data: &[u8]) {
    let credentials = read_credentials(data, "image/jpeg", None);
    assert!(!credentials.trust_list, "a trust list that nobody gave");
    let Ok(metadata) = read_metadata(data) else { return };
    let fields =
        [&metadata.taken, &metadata.modified, &metadata.creators, &metadata.captions, &metadata.places, &metadata.rights];
    for stated in fields.into_iter().flatten() {
        assert!(!stated.value.is_empty() && !stated.read_from.is_empty(), "a value without words or place");
        assert!(stated.value.chars().count() <= 4_001, "a value without end");
    }
    if let Some(coordinates) = metadata.coordinates {
        let tenths = |degrees: f64| (degrees * 10.0).fract().abs() < 1e-6 || (degrees * 10.0).fract().abs() > 1.0 - 1e-6;
        assert!(tenths(coordinates.latitude()) && tenths(coordinates.longitude()), "coordinates that are too fine");
    }
    let json = serde_json::to_string(&metadata).expect("metadata are JSON");
    let again: Metadata = serde_json::from_str(&json).expect("the JSON is read again");
    assert_eq!(again, metadata);
}

const XMP: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
    rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:exif='http://ns.adobe.com/exif/1.0/' \
    xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' xmlns:stEvt='http://ns.adobe.com/xap/1.0/sType/ResourceEvent#' \
    exif:GPSLatitude='48,27.4N' exif:GPSLongitude='35,2.7E'><dc:creator><rdf:Seq><rdf:li>A. Sample</rdf:li></rdf:Seq></dc:creator>\
    <xmpMM:History><rdf:Seq><rdf:li stEvt:action='saved' stEvt:when='2024-12-27T10:30:00Z'/></rdf:Seq></xmpMM:History>\
    </rdf:Description></rdf:RDF></x:xmpmeta>";

/// A little TIFF structure: a date, and a GPS directory.
fn exif() -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    block.extend(2_u16.to_le_bytes());
    block.extend(entry(0x0132, 2, 20, 100_u32.to_le_bytes()));
    block.extend(entry(0x8825, 4, 1, 38_u32.to_le_bytes()));
    block.extend([0; 4]);
    block.extend(4_u16.to_le_bytes());
    block.extend(entry(1, 2, 2, *b"N\0\0\0"));
    block.extend(entry(2, 5, 3, 120_u32.to_le_bytes()));
    block.extend(entry(3, 2, 2, *b"E\0\0\0"));
    block.extend(entry(4, 5, 3, 120_u32.to_le_bytes()));
    block.extend([0; 4]);
    block.resize(100, 0);
    block.extend(b"2024:12:27 10:30:00\0");
    for number in [48_u32, 1, 27, 1, 2_471, 100] {
        block.extend(number.to_le_bytes());
    }
    block
}

/// Sound pictures of each container, without pixels, to be damaged.
pub fn metadata_samples() -> Vec<Vec<u8>> {
    let segment = |marker: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).expect("a short segment").to_be_bytes();
        [&[0xff, marker], &length[..], data].concat()
    };
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).expect("a short chunk");
        ([&length.to_be_bytes()[..], kind, data, &[0; 4]].concat(), [kind, &length.to_le_bytes()[..], data].concat())
    };
    let iptc = b"8BIM\x04\x04\0\0\0\0\0\x18\x1c\x02\x50\0\x06Sample\x1c\x02\x37\0\x0820241227";
    let jpeg = [
        b"\xff\xd8".to_vec(),
        segment(0xe1, &[b"Exif\0\0", exif().as_slice()].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", XMP.as_bytes()].concat()),
        segment(0xed, &[b"Photoshop 3.0\0", &iptc[..]].concat()),
        segment(0xeb, b"JP\0\0\0\0\0\x01\0\0\0\x30jumb\0\0\0\x28jumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0"),
        b"\xff\xda\0\x02pixels\xff\xd9".to_vec(),
    ]
    .concat();
    let text = [b"XML:com.adobe.xmp\0\0\0\0\0", XMP.as_bytes()].concat();
    let png = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"eXIf", &exif()).0, chunk(b"iTXt", &text).0, chunk(b"IEND", b"").0].concat();
    let webp = [b"RIFF\0\0\0\0WEBP".to_vec(), chunk(b"EXIF", &exif()).1, chunk(b"XMP ", XMP.as_bytes()).1].concat();
    let trailer: Vec<u8> = std::iter::once(1).chain((0..=255).rev()).chain([0, b';']).collect();
    let gif = [b"GIF89a\x01\0\x01\0\0\0\0\x21\xff\x0bXMP DataXMP", XMP.as_bytes(), &trailer].concat();
    vec![jpeg, png, webp, gif]
}
