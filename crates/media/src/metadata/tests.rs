use std::io::{Cursor, Write};

use ::exif::experimental::Writer;
use ::exif::{Field, In, Rational, Tag, Value};

use super::*;

fn ascii(tag: Tag, text: &str) -> Field {
    Field { tag, ifd_num: In::PRIMARY, value: Value::Ascii(vec![text.as_bytes().to_vec()]) }
}

fn degrees(tag: Tag, degrees: u32, minutes: u32, hundredths: u32) -> Field {
    let part = |num, denom| Rational { num, denom };
    Field { tag, ifd_num: In::PRIMARY, value: Value::Rational(vec![part(degrees, 1), part(minutes, 1), part(hundredths, 100)]) }
}

/// A TIFF structure with all that a telephone writes.
fn exif_block() -> Vec<u8> {
    let clock = [8, 30, 1].map(|num| Rational { num, denom: 1 }).to_vec();
    let fields = [
        ascii(Tag::Make, "Sample"),
        ascii(Tag::Model, "Sample Phone 3"),
        ascii(Tag::Software, "Firmware 1.2"),
        ascii(Tag::Artist, "Jo Example"),
        ascii(Tag::ImageDescription, "A bridge at Sampleton"),
        ascii(Tag::DateTime, "2024:12:28 09:00:00"),
        ascii(Tag::DateTimeOriginal, "2024:12:27 10:30:00"),
        ascii(Tag::OffsetTimeOriginal, "+02:00"),
        ascii(Tag::BodySerialNumber, "SERIAL-0042"),
        ascii(Tag::CameraOwnerName, "Owner Example"),
        ascii(Tag::GPSLatitudeRef, "N"),
        degrees(Tag::GPSLatitude, 48, 27, 2_471),
        ascii(Tag::GPSLongitudeRef, "E"),
        degrees(Tag::GPSLongitude, 35, 2, 4_623),
        ascii(Tag::GPSDateStamp, "2024:12:27"),
        Field { tag: Tag::GPSTimeStamp, ifd_num: In::PRIMARY, value: Value::Rational(clock) },
    ];
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = Cursor::new(Vec::new());
    writer.write(&mut block, true).unwrap();
    block.into_inner()
}

const XMP: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
   xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
   xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
   xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
   xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
   xmp:CreatorTool="Sample Editor 5" xmp:CreateDate="2024-12-27T10:30+02:00" photoshop:Credit="Sample Agency" photoshop:City="Sampleton"
   aux:SerialNumber="SERIAL-0042" exif:GPSLatitude="48,27.41N" exif:GPSLongitude="35,2.77E" Iptc4xmpCore:Location="14 Sample Street"
   xmpMM:OriginalDocumentID="xmp.did:0001"
   Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture">
  <dc:creator><rdf:Seq><rdf:li>Jo Example</rdf:li><rdf:li>Ann Sample</rdf:li></rdf:Seq></dc:creator>
  <dc:description><rdf:Alt><rdf:li xml:lang="x-default">A bridge &amp; its dam</rdf:li></rdf:Alt></dc:description>
  <Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Hidden Name</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
  <Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li><rdf:Description Iptc4xmpExt:City="Otherton" Iptc4xmpExt:Sublocation="Hidden Yard"/></rdf:li>
  </rdf:Bag></Iptc4xmpExt:LocationShown>
  <xmpMM:History><rdf:Seq>
   <rdf:li stEvt:action="created" stEvt:when="2024-12-27T11:00:00+02:00" stEvt:softwareAgent="Sample Editor 5"/>
   <rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action><stEvt:changed>/metadata</stEvt:changed></rdf:li>
  </rdf:Seq></xmpMM:History>
 </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

/// Datasets of an agency, with their resource around them.
fn iptc_resource() -> Vec<u8> {
    let mut data = b"\x1c\x01\x5a\0\x03\x1b%G".to_vec();
    for (number, text) in [
        (80, "Jo Example"),
        (90, "Sämpleton"),
        (92, "14 Sample Street"),
        (101, "Samplia"),
        (110, "Sample Agency"),
        (116, "© Sample Agency"),
        (120, "A bridge that was hit."),
        (55, "20241227"),
        (60, "103000+0200"),
    ] {
        data.extend([0x1c, 2, number]);
        data.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        data.extend(text.as_bytes());
    }
    let mut resource = b"8BIM\x04\x04\0\0".to_vec();
    resource.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    resource.extend(&data);
    resource.resize(resource.len() + data.len() % 2, 0);
    resource
}

fn segment(marker: u8, parts: &[&[u8]]) -> Vec<u8> {
    let data = parts.concat();
    let mut segment = vec![0xff, marker];
    segment.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
    segment.extend(data);
    segment
}

fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    [&[0xff, 0xd8][..], &segments.concat(), &[0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]].concat()
}

fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(*kind);
        bytes.extend(data);
        bytes.extend([0; 4]);
    }
    bytes
}

fn webp(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
    for (kind, data) in chunks {
        bytes.extend_from_slice(*kind);
        bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(data);
        bytes.resize(bytes.len() + data.len() % 2, 0);
    }
    bytes
}

fn gif(packet: &str) -> Vec<u8> {
    let mut bytes = b"GIF89a\x01\0\x01\0\x80\0\0".to_vec();
    bytes.extend([0; 6]);
    bytes.extend(b"\x21\xff\x0bXMP DataXMP");
    bytes.extend(packet.as_bytes());
    bytes.push(1);
    bytes.extend((0..=255).rev());
    bytes.push(0);
    bytes.extend(b"\x21\xfe\x05hello\0;");
    bytes
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One of each container, with all blocks that it may have.
fn samples() -> Vec<Vec<u8>> {
    vec![
        jpeg(&[
            segment(0xe1, &[b"Exif\0\0", &exif_block()]),
            segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", XMP.as_bytes()]),
            segment(0xed, &[b"Photoshop 3.0\0", &iptc_resource()]),
        ]),
        png(&[
            (b"eXIf", exif_block()),
            (b"iTXt", [b"XML:com.adobe.xmp\0\x01\0\0\0", zipped(XMP.as_bytes()).as_slice()].concat()),
            (b"tEXt", b"Software\0Sample Painter".to_vec()),
            (b"zTXt", [b"Title\0\0", zipped(b"Bridge").as_slice()].concat()),
            (b"IEND", vec![]),
        ]),
        webp(&[(b"EXIF", exif_block()), (b"XMP ", XMP.as_bytes().to_vec())]),
        gif(XMP),
    ]
}

/// `value < where`, a line each.
fn shown(field: &[Stated]) -> Vec<String> {
    field.iter().map(|stated| format!("{} < {}", stated.value, stated.read_from)).collect()
}

#[test]
fn a_picture_says_when_with_what_and_by_whom_it_was_taken() {
    let metadata = read_metadata(&samples()[0]).unwrap();
    assert_eq!(metadata.container, Some(Container::Jpeg));
    assert_eq!(
        shown(&metadata.taken),
        [
            "2024-12-27T10:30:00+02:00 < exif:DateTimeOriginal",
            "2024-12-27T08:30:01Z < exif:GPSDateStamp",
            "2024-12-27T10:30:00+02:00 < iptc:Date Created"
        ]
    );
    assert_eq!(shown(&metadata.digitized), ["2024-12-27T10:30+02:00 < xmp:xmp:CreateDate"]);
    assert_eq!(shown(&metadata.modified), ["2024-12-28T09:00:00 < exif:DateTime"]);
    assert_eq!(shown(&metadata.camera), ["Sample Phone 3 < exif:Model"]);
    assert_eq!(shown(&metadata.software), ["Firmware 1.2 < exif:Software", "Sample Editor 5 < xmp:xmp:CreatorTool"]);
    assert_eq!(
        shown(&metadata.creators),
        ["Jo Example < exif:Artist", "Jo Example < iptc:By-line", "Jo Example < xmp:dc:creator", "Ann Sample < xmp:dc:creator"]
    );
    assert_eq!(shown(&metadata.credits), ["Sample Agency < iptc:Credit", "Sample Agency < xmp:photoshop:Credit"]);
    assert_eq!(
        shown(&metadata.captions),
        [
            "A bridge at Sampleton < exif:ImageDescription",
            "A bridge that was hit. < iptc:Caption/Abstract",
            "A bridge & its dam < xmp:dc:description"
        ]
    );
    assert_eq!(shown(&metadata.rights), ["© Sample Agency < iptc:Copyright Notice"]);
    assert_eq!(
        shown(&metadata.places),
        [
            "Sämpleton < iptc:City",
            "Samplia < iptc:Country/Primary Location Name",
            "Sampleton < xmp:photoshop:City",
            "Otherton < xmp:Iptc4xmpExt:LocationShown/Iptc4xmpExt:City"
        ]
    );
    assert_eq!(shown(&metadata.origin_type), ["digitalCapture < xmp:Iptc4xmpExt:DigitalSourceType"]);
    assert_eq!(shown(&metadata.document_ids), ["xmp.did:0001 < xmp:xmpMM:OriginalDocumentID"]);
    let step = |action: &str, when: Option<&str>, software: Option<&str>, detail: Option<&str>| HistoryStep {
        action: action.into(),
        when: when.map(Into::into),
        software: software.map(Into::into),
        detail: detail.map(Into::into),
    };
    assert_eq!(
        metadata.history,
        [
            step("created", Some("2024-12-27T11:00:00+02:00"), Some("Sample Editor 5"), None),
            step("saved", None, None, Some("metadata"))
        ]
    );
    assert_eq!(metadata.warnings, Vec::<String>::new());
}

#[test]
fn what_could_find_a_person_is_said_to_be_there_and_not_shown() {
    let bytes = &samples()[0];
    let metadata = read_metadata(bytes).unwrap();
    let json = serde_json::to_string(&metadata).unwrap();
    for hidden in ["SERIAL-0042", "Owner Example", "Hidden", "Sample Street", "27.41", "24.71", "48.4", "35.04"] {
        assert!(!json.contains(hidden), "{hidden} is shown: {json}");
    }
    assert_eq!(metadata.coordinates, Coordinates::of(48.456_864, 35.046_175));
    assert!(json.contains(r#""coordinates":{"latitude":48.5,"longitude":35.0}"#), "{json}");
    let kinds: Vec<Private> = metadata.withheld.iter().map(|withheld| withheld.what).collect();
    assert_eq!(
        kinds,
        [
            Private::CameraSerial,
            Private::CameraSerial,
            Private::Owner,
            Private::ExactCoordinates,
            Private::ExactCoordinates,
            Private::PlaceWithinSettlement,
            Private::PlaceWithinSettlement,
            Private::PlaceWithinSettlement,
            Private::PersonsShown
        ]
    );
    let again: Metadata = serde_json::from_str(&json).unwrap();
    assert_eq!(again, metadata);
}

#[test]
fn other_containers_hold_the_same_blocks() {
    for (bytes, container) in samples().iter().zip([Container::Jpeg, Container::Png, Container::Webp, Container::Gif]) {
        let metadata = read_metadata(bytes).unwrap();
        assert_eq!((metadata.container, metadata.warnings.len()), (Some(container), 0), "{:?}", metadata.warnings);
        assert!(shown(&metadata.credits).contains(&"Sample Agency < xmp:photoshop:Credit".to_owned()), "{container:?}");
        let has_exif = shown(&metadata.taken).contains(&"2024-12-27T10:30:00+02:00 < exif:DateTimeOriginal".to_owned());
        assert_eq!(has_exif, container != Container::Gif, "{container:?}");
    }
    let png = read_metadata(&samples()[1]).unwrap();
    assert!(shown(&png.software).contains(&"Sample Painter < png:Software".to_owned()));
    assert!(shown(&png.headlines).contains(&"Bridge < png:Title".to_owned()));
    let gif = read_metadata(&samples()[3]).unwrap();
    assert!(shown(&gif.captions).contains(&"hello < gif:comment".to_owned()));
}

#[test]
fn a_packet_in_pieces_is_joined() {
    let packet = XMP.replace("Sample Agency", "Long Agency");
    let (first, second) = packet.split_at(700);
    let piece = |at: u32, text: &str| {
        let length = u32::try_from(packet.len()).unwrap().to_be_bytes();
        segment(0xe1, &[b"http://ns.adobe.com/xmp/extension/\0", &[b'A'; 32], &length, &at.to_be_bytes(), text.as_bytes()])
    };
    let whole = jpeg(&[piece(700, second), piece(0, first)]);
    assert_eq!(shown(&read_metadata(&whole).unwrap().credits), ["Long Agency < xmp:photoshop:Credit"]);
    let part = read_metadata(&jpeg(&[piece(700, second)])).unwrap();
    assert_eq!(part.warnings, ["a part of the XMP is missing, so that its continuation was not read"]);
}

#[test]
fn profiles_in_hexadecimal_are_read() {
    let mut text = format!("Raw profile type iptc\0\niptc\n      {}\n", iptc_resource().len());
    for byte in iptc_resource() {
        text.push_str(&format!("{byte:02x}"));
    }
    let metadata = read_metadata(&png(&[(b"tEXt", text.into_bytes())])).unwrap();
    assert_eq!(shown(&metadata.credits), ["Sample Agency < iptc:Credit"]);
}

#[test]
fn err_what_is_damaged_costs_only_itself() {
    assert_eq!(read_metadata(b"%PDF-1.7"), Err(MetadataError::UnknownFormat));
    assert_eq!(read_metadata(b""), Err(MetadataError::UnknownFormat));
    let broken = jpeg(&[
        segment(0xe1, &[b"Exif\0\0", b"II*\0\xff\xff\xff\xff"]),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", b"<x>"]),
        segment(0xed, &[b"Photoshop 3.0\0", &iptc_resource()]),
    ]);
    let metadata = read_metadata(&broken).unwrap();
    assert_eq!(metadata.warnings.len(), 2, "{:?}", metadata.warnings);
    assert_eq!(metadata.credits.len(), 1);
    let cut = &samples()[0][..40];
    assert_eq!(read_metadata(cut).unwrap().warnings, ["the file breaks off or is damaged within its segments"]);
}

#[test]
fn err_a_packed_text_that_unpacks_without_end() {
    let bomb = [b"XML:com.adobe.xmp\0\x01\0\0\0", zipped(&vec![b' '; 40 << 20]).as_slice()].concat();
    let metadata = read_metadata(&png(&[(b"iTXt", bomb)])).unwrap();
    assert_eq!(metadata.warnings, ["the file breaks off or is damaged within a packed text"]);
    // Entities that grow as they are put in are no part of XMP.
    let growing = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>";
    let metadata = read_metadata(&webp(&[(b"XMP ", growing.into())])).unwrap();
    assert!(metadata.warnings[0].starts_with("XMP could not be read"), "{:?}", metadata.warnings);
}

#[test]
fn dates_that_are_none_are_said_and_unset_clocks_are_not() {
    for (written, warnings) in [("0000:00:00 00:00:00", 0), ("2024:99:99 00:00:00", 1)] {
        let mut writer = Writer::new();
        let field = ascii(Tag::DateTimeOriginal, written);
        writer.push_field(&field);
        let mut block = Cursor::new(Vec::new());
        writer.write(&mut block, false).unwrap();
        let metadata = read_metadata(&webp(&[(b"EXIF", block.into_inner())])).unwrap();
        assert_eq!((metadata.taken.len(), metadata.warnings.len()), (0, warnings), "{written}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_err(
        start in proptest::sample::select(vec![
            &b""[..], b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"GIF89a", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif",
        ]),
        rest: Vec<u8>,
    ) {
        let _ = read_metadata(&[start, &rest].concat());
    }

    #[test]
    fn damaged_files_are_read(which in 0usize..4, changes in proptest::collection::vec((0usize..6000, proptest::num::u8::ANY), 1..8), cut in 0usize..8000) {
        let mut bytes = samples().swap_remove(which);
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(cut.max(12));
        let _ = read_metadata(&bytes);
    }

    #[test]
    fn any_block_is_read(bytes: Vec<u8>, text: String) {
        let mut metadata = Metadata::default();
        super::exif::read(&[b"II*\0\x08\0\0\0", bytes.as_slice()].concat(), &mut metadata);
        super::iptc::read(&[b"\x1c\x02", bytes.as_slice()].concat(), &mut metadata);
        super::xmp::read(&bytes, &mut metadata);
        super::xmp::read(XMP.replace("Sample Agency", &text).as_bytes(), &mut metadata);
    }
}
