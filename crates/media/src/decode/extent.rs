//! Where a picture ends in its file.
//!
//! Only the outer structure is followed (JPEG: ISO/IEC 10918-1 annex B; PNG, third edition, 5; GIF89a; RIFF), nothing is decoded.

use super::Format;

/// The length of the picture that these bytes begin with; none if they end before it does.
pub(super) fn extent(format: Format, bytes: &[u8]) -> Option<usize> {
    match format {
        Format::Jpeg => jpeg(bytes),
        Format::Png => png(bytes),
        Format::Gif => gif(bytes, &mut 0),
        Format::Webp => {
            let size = usize::try_from(u32::from_le_bytes(*bytes.get(4..8)?.first_chunk()?)).ok()?;
            // A chunk of odd length is followed by one byte that does not count.
            let end = size.checked_add(8 + size % 2)?;
            (end <= bytes.len()).then_some(end)
        }
        Format::Heif => Some(bytes.len()),
    }
}

fn big_endian_16(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?)))
}

fn jpeg(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        // To the next marker: through the coded picture, where a zero byte or a restart marker follows each 0xff, and through fill bytes.
        while *bytes.get(at)? != 0xff || matches!(bytes.get(at + 1)?, 0x00 | 0xff | 0xd0..=0xd7) {
            at += 1;
        }
        match bytes.get(at + 1)? {
            0xd9 => return Some(at + 2),
            // Markers without a segment.
            0x01 | 0xd8 => at += 2,
            _ => at += 2 + big_endian_16(bytes, at + 2)?.max(2),
        }
    }
}

fn png(bytes: &[u8]) -> Option<usize> {
    let mut at = 8_usize;
    loop {
        let length = usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        // Length, kind and checksum take four bytes each.
        let end = at.checked_add(length)?.checked_add(12)?;
        if end > bytes.len() {
            return None;
        }
        if kind == b"IEND" {
            return Some(end);
        }
        at = end;
    }
}

/// The pictures that follow each other in a GIF, as far as it goes.
pub(super) fn gif_frames(bytes: &[u8]) -> usize {
    let mut frames = 0;
    gif(bytes, &mut frames);
    frames
}

fn gif(bytes: &[u8], frames: &mut usize) -> Option<usize> {
    let table = |packed: u8| if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    loop {
        match bytes.get(at)? {
            0x3b => return Some(at + 1),
            0x21 => at += 2,
            0x2c => {
                *frames += 1;
                at += 11 + table(*bytes.get(at + 9)?);
            }
            _ => return None,
        }
        // Blocks of data, each after its length, up to an empty one.
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tests::encoded;

    #[test]
    fn a_picture_ends_where_its_encoder_stopped() {
        for format in [Format::Jpeg, Format::Png, Format::Gif, Format::Webp] {
            let mut bytes = encoded(format, 37, 23);
            let whole = bytes.len();
            assert_eq!(extent(format, &bytes), Some(whole), "{format}");
            assert_eq!(extent(format, &bytes[..whole - 2]), None, "{format} cut short");
            bytes.extend_from_slice(b"PK\x03\x04 something else");
            assert_eq!(extent(format, &bytes), Some(whole), "{format} with bytes after it");
        }
    }
}
