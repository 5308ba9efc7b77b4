//! Where metadata lie in files of pictures. Blocks are found by walking the files' own structure; nothing is searched for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde::{Deserialize, Serialize};

use super::{MAX_BLOCK, Metadata, date, state, words};

/// Kinds of files of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Container {
    /// JPEG (ISO/IEC 10918).
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// HEIC and its kin (HEIF, ISO/IEC 23008-12).
    Heic,
    /// AVIF.
    Avif,
}

impl Container {
    /// The kind that the first bytes of a file say; none for all else.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let is = |from: usize, word: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(word));
        if is(0, b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if is(0, b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if is(0, b"RIFF") && is(8, b"WEBP") {
            Some(Self::Webp)
        } else if is(0, b"GIF87a") || is(0, b"GIF89a") {
            Some(Self::Gif)
        } else if is(4, b"ftyp") {
            match bytes.get(8..12)? {
                b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Some(Self::Heic),
                b"avif" | b"avis" => Some(Self::Avif),
                _ => None,
            }
        } else {
            None
        }
    }

    /// The media type: `image/jpeg`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
        }
    }
}

/// The blocks of metadata of a file.
#[derive(Default)]
pub(super) struct Parts<'a> {
    /// TIFF structures.
    pub(super) exif: Vec<Cow<'a, [u8]>>,
    /// XMP packets.
    pub(super) xmp: Vec<Cow<'a, [u8]>>,
    /// Runs of IPTC-IIM datasets.
    pub(super) iptc: Vec<Vec<u8>>,
    /// Texts with their keyword, as in `png:Software`.
    pub(super) texts: Vec<(String, String)>,
    pub(super) warnings: Vec<String>,
}

/// Most blocks of one kind that are read.
const MAX_BLOCKS: usize = 100;

/// Largest EXIF block in bytes; in a JPEG it can't be larger than 64 KiB.
const MAX_EXIF: usize = 512 << 10;

impl<'a> Parts<'a> {
    fn exif(&mut self, block: impl Into<Cow<'a, [u8]>>) {
        let block = block.into();
        if block.len() > MAX_EXIF {
            self.warnings.push("EXIF is larger than 512 KiB and was not read".to_owned());
        } else if self.exif.len() < MAX_BLOCKS {
            self.exif.push(block);
        }
    }

    fn xmp(&mut self, packet: impl Into<Cow<'a, [u8]>>) {
        let packet = packet.into();
        if packet.len() > MAX_BLOCK {
            self.warnings.push(format!("XMP is larger than {} MiB and was not read", MAX_BLOCK >> 20));
        } else if self.xmp.len() < MAX_BLOCKS {
            self.xmp.push(packet);
        }
    }

    fn text(&mut self, keyword: String, text: String) {
        if self.texts.len() < MAX_BLOCKS && !text.is_empty() {
            self.texts.push((keyword, text));
        }
    }

    fn broken(&mut self, what: &str) {
        self.warnings.push(format!("the file breaks off or is damaged within {what}"));
    }
}

pub(super) fn parts(container: Container, bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    match container {
        Container::Jpeg => jpeg(bytes, &mut parts),
        Container::Png => png(bytes, &mut parts),
        Container::Webp => webp(bytes, &mut parts),
        Container::Gif => gif(bytes, &mut parts),
        Container::Heic | Container::Avif => {
            if let Ok(found) = ::exif::Reader::new().read_from_container(&mut Cursor::new(bytes)) {
                parts.exif(found.buf().to_vec());
            }
        }
    }
    parts
}

/// Takes bytes off the front of a slice.
fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

fn big16(rest: &mut &[u8]) -> Option<usize> {
    take(rest, 2).and_then(|bytes| bytes.try_into().ok()).map(|bytes| usize::from(u16::from_be_bytes(bytes)))
}

fn big32(rest: &mut &[u8]) -> Option<usize> {
    take(rest, 4).and_then(|bytes| bytes.try_into().ok()).and_then(|bytes| usize::try_from(u32::from_be_bytes(bytes)).ok())
}

fn little32(rest: &mut &[u8]) -> Option<usize> {
    take(rest, 4).and_then(|bytes| bytes.try_into().ok()).and_then(|bytes| usize::try_from(u32::from_le_bytes(bytes)).ok())
}

/// Pieces of a packet that is too long for one segment: where each stands in it.
type Pieces<'a> = BTreeMap<&'a [u8], Vec<(usize, &'a [u8])>>;

/// Segments up to the picture's own data (ITU T.81, annex B).
fn jpeg<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let (mut rest, mut extended, mut photoshop) = (bytes.get(2..).unwrap_or_default(), Pieces::new(), Vec::new());
    loop {
        let Some([0xff, marker]) = rest.first_chunk() else {
            parts.broken("its segments");
            break;
        };
        match marker {
            0xff => {
                take(&mut rest, 1);
                continue;
            }
            0x01 | 0xd0..=0xd8 => {
                take(&mut rest, 2);
                continue;
            }
            0xd9 | 0xda => break,
            _ => {}
        }
        let marker = *marker;
        take(&mut rest, 2);
        let segment = big16(&mut rest).and_then(|length| take(&mut rest, length.checked_sub(2)?));
        let Some(segment) = segment else {
            parts.broken("its segments");
            break;
        };
        match marker {
            0xe1 => {
                if let Some(block) = segment.strip_prefix(b"Exif\0\0") {
                    parts.exif(block);
                } else if let Some(packet) = segment.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                    parts.xmp(packet);
                } else if let Some(mut piece) = segment.strip_prefix(b"http://ns.adobe.com/xmp/extension/\0")
                    && let (Some(id), Some(_), Some(at)) = (take(&mut piece, 32), big32(&mut piece), big32(&mut piece))
                {
                    extended.entry(id).or_default().push((at, piece));
                }
            }
            0xed => photoshop.extend_from_slice(segment.strip_prefix(b"Photoshop 3.0\0").unwrap_or_default()),
            0xfe => parts.text("jpeg:comment".to_owned(), words::decoded(segment)),
            _ => {}
        }
    }
    for (_, mut pieces) in extended {
        pieces.sort_by_key(|(at, _)| *at);
        let mut packet = Vec::new();
        let whole = pieces.iter().all(|(at, piece)| {
            packet.extend_from_slice(piece);
            at + piece.len() == packet.len() && packet.len() <= MAX_BLOCK
        });
        if whole {
            parts.xmp(packet);
        } else {
            parts.warnings.push("a part of the XMP is missing, so that its continuation was not read".to_owned());
        }
    }
    resources(&photoshop, parts);
}

/// Photoshop's image resources, of which one holds IPTC-IIM (Adobe Photoshop File Formats Specification, image resource blocks).
fn resources(mut rest: &[u8], parts: &mut Parts<'_>) {
    while !rest.is_empty() {
        let resource = (|| {
            take(&mut rest, 4).filter(|word| *word == b"8BIM")?;
            let id = big16(&mut rest)?;
            // A name with its length before it, filled up to an even length.
            let name = usize::from(*take(&mut rest, 1)?.first()?);
            take(&mut rest, name + (name + 1) % 2)?;
            let size = big32(&mut rest)?;
            let data = take(&mut rest, size)?;
            let filling = (size % 2).min(rest.len());
            take(&mut rest, filling)?;
            Some((id, data))
        })();
        match resource {
            Some((0x0404, data)) => parts.iptc.push(data.to_vec()),
            Some(_) => {}
            None => return parts.broken("its Photoshop resources"),
        }
    }
}

/// Chunks (PNG, third edition, section 5).
fn png<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let mut rest = bytes.get(8..).unwrap_or_default();
    while !rest.is_empty() {
        let chunk = (|| {
            let length = big32(&mut rest)?;
            let kind = take(&mut rest, 4)?;
            let data = take(&mut rest, length)?;
            take(&mut rest, 4)?;
            Some((kind, data))
        })();
        let Some((kind, data)) = chunk else { return parts.broken("its chunks") };
        match kind {
            b"IEND" => return,
            b"eXIf" => parts.exif(data),
            b"tEXt" => {
                if let Some((keyword, text)) = split_at_zero(data) {
                    png_text(keyword, text.into(), false, parts);
                }
            }
            b"zTXt" => {
                if let Some((keyword, [0, packed @ ..])) = split_at_zero(data) {
                    match inflated(packed) {
                        Some(text) => png_text(keyword, text.into(), false, parts),
                        None => parts.broken("a packed text"),
                    }
                }
            }
            b"iTXt" => international(data, parts),
            _ => {}
        }
    }
}

/// A text with its language, packed or not.
fn international<'a>(data: &'a [u8], parts: &mut Parts<'a>) {
    let Some((keyword, [packed, _method, rest @ ..])) = split_at_zero(data) else { return };
    let Some((_language, rest)) = split_at_zero(rest) else { return };
    let Some((_translated, text)) = split_at_zero(rest) else { return };
    if *packed == 0 {
        png_text(keyword, text.into(), true, parts);
    } else {
        match inflated(text) {
            Some(text) => png_text(keyword, text.into(), true, parts),
            None => parts.broken("a packed text"),
        }
    }
}

fn png_text<'a>(keyword: &[u8], text: Cow<'a, [u8]>, utf8: bool, parts: &mut Parts<'a>) {
    let keyword = words::latin1(keyword.get(..79.min(keyword.len())).unwrap_or_default());
    match keyword.as_str() {
        "XML:com.adobe.xmp" => parts.xmp(text),
        "Raw profile type exif" | "Raw profile type APP1" => {
            if let Some(block) = raw_profile(&text) {
                if let Some(packet) = block.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                    parts.xmp(packet.to_vec());
                } else {
                    parts.exif(block.strip_prefix(b"Exif\0\0").unwrap_or(&block).to_vec());
                }
            }
        }
        "Raw profile type iptc" => {
            if let Some(block) = raw_profile(&text) {
                resources(&block, parts);
            }
        }
        "Raw profile type xmp" => {
            if let Some(packet) = raw_profile(&text) {
                parts.xmp(packet);
            }
        }
        _ => {
            let text = if utf8 { words::decoded(&text) } else { words::latin1(&text) };
            parts.text(format!("png:{keyword}"), text);
        }
    }
}

/// A block in hexadecimal digits after its name and length, as ImageMagick writes it.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.splitn(4, |byte| *byte == b'\n').skip(2);
    let length: usize = std::str::from_utf8(lines.next()?).ok()?.trim().parse().ok()?;
    let mut digits = lines.next()?.iter().filter_map(|byte| char::from(*byte).to_digit(16));
    let mut block = Vec::new();
    while let (true, Some(high)) = (block.len() < length, digits.next()) {
        block.push(u8::try_from(high * 16 + digits.next()?).ok()?);
    }
    (block.len() == length).then_some(block)
}

fn split_at_zero(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = data.iter().position(|byte| *byte == 0)?;
    Some((data.get(..at)?, data.get(at + 1..)?))
}

/// What zlib packed, up to the limit; none when it is damaged or larger.
fn inflated(packed: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(packed).take(MAX_BLOCK as u64 + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() <= MAX_BLOCK).then_some(bytes)
}

/// Chunks of a RIFF file (RFC 9649).
fn webp<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let mut rest = bytes.get(12..).unwrap_or_default();
    while !rest.is_empty() {
        let chunk = (|| {
            let kind = take(&mut rest, 4)?;
            let length = little32(&mut rest)?;
            let data = take(&mut rest, length)?;
            let filling = (length % 2).min(rest.len());
            take(&mut rest, filling)?;
            Some((kind, data))
        })();
        match chunk {
            Some((b"EXIF", data)) => parts.exif(data.strip_prefix(b"Exif\0\0").unwrap_or(data)),
            Some((b"XMP ", data)) => parts.xmp(data),
            Some(_) => {}
            None => return parts.broken("its chunks"),
        }
    }
}

/// Blocks (GIF89a specification); XMP lies in an application extension, followed by bytes that lead a reader to its end.
fn gif<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let mut rest = bytes.get(6..).unwrap_or_default();
    let outcome = (|| {
        let screen = take(&mut rest, 7)?;
        skip_colours(&mut rest, *screen.get(4)?)?;
        loop {
            match take(&mut rest, 1)?.first()? {
                0x3b => return Some(()),
                0x2c => {
                    let descriptor = take(&mut rest, 9)?;
                    skip_colours(&mut rest, *descriptor.get(8)?)?;
                    take(&mut rest, 1)?;
                    sub_blocks(&mut rest, None)?;
                }
                0x21 => match take(&mut rest, 1)?.first()? {
                    0xfe => {
                        let mut comment = Vec::new();
                        sub_blocks(&mut rest, Some(&mut comment))?;
                        parts.text("gif:comment".to_owned(), words::decoded(&comment));
                    }
                    0xff if rest.starts_with(b"\x0bXMP DataXMP") => {
                        take(&mut rest, 12)?;
                        let from = rest;
                        sub_blocks(&mut rest, None)?;
                        let length = from.len() - rest.len();
                        // The packet stands as it is, then 258 bytes: 1, 255 … 0, 0.
                        parts.xmp(from.get(..length.checked_sub(258)?)?);
                    }
                    _ => sub_blocks(&mut rest, None)?,
                },
                _ => return None,
            }
        }
    })();
    if outcome.is_none() {
        parts.broken("its blocks");
    }
}

fn skip_colours(rest: &mut &[u8], flags: u8) -> Option<()> {
    if flags & 0x80 != 0 {
        take(rest, 3 << ((flags & 7) + 1))?;
    }
    Some(())
}

fn sub_blocks(rest: &mut &[u8], mut into: Option<&mut Vec<u8>>) -> Option<()> {
    loop {
        let length = usize::from(*take(rest, 1)?.first()?);
        if length == 0 {
            return Some(());
        }
        let data = take(rest, length)?;
        if let Some(into) = into.as_deref_mut().filter(|into| into.len() < 1 << 16) {
            into.extend_from_slice(data);
        }
    }
}

/// Texts under keywords that PNG defines (section 11.3.3), and comments.
pub(super) fn read_text(keyword: &str, text: &str, metadata: &mut Metadata) {
    let words = text.to_owned();
    match keyword {
        "png:Title" => state(&mut metadata.headlines, words, keyword),
        "png:Author" => state(&mut metadata.creators, words, keyword),
        "png:Description" | "png:Comment" | "jpeg:comment" | "gif:comment" => state(&mut metadata.captions, words, keyword),
        "png:Copyright" | "png:Disclaimer" => state(&mut metadata.rights, words, keyword),
        "png:Software" => state(&mut metadata.software, words, keyword),
        "png:Source" => state(&mut metadata.camera, words, keyword),
        "png:Creation Time" | "png:date:create" => {
            if let Some(date) = date::of_iso(text).or_else(|| date::of_exif(text, None)) {
                state(&mut metadata.digitized, date, keyword);
            }
        }
        // Where generators of pictures keep what they were asked for.
        "png:parameters" | "png:prompt" | "png:workflow" | "png:invokeai_metadata" | "png:sd-metadata" => {
            state(&mut metadata.origin_type, "words given to a generator of pictures".to_owned(), keyword);
        }
        _ => {}
    }
}
