//! What is odd about a file that nevertheless is a picture.

use serde::{Deserialize, Serialize};

use super::{Format, extent::extent};

/// Something that a plain picture does not have. Not an error: the picture is decoded all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "finding")]
pub enum Finding {
    /// The file begins with something else; the picture follows.
    Before {
        /// Bytes before the picture.
        length: usize,
        /// What they look like.
        content: Foreign,
    },
    /// The file goes on after the picture's end.
    After {
        /// Where the picture ends: the count of bytes from the start of the file.
        offset: usize,
        /// Bytes after the picture.
        length: usize,
        /// What they look like.
        content: Foreign,
    },
    /// The picture's own bytes hold something that other programs would take for a file of another kind.
    Within {
        /// Where it starts, in bytes from the start of the file.
        offset: usize,
        /// What it looks like.
        content: Foreign,
    },
    /// The file ends before the picture does.
    CutShort,
    /// The picture moves; only its first frame was looked at.
    Animated,
}

/// What bytes that are no part of a picture look like, by how they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Foreign {
    /// A ZIP archive, also the form of office documents and of Java and Android programs.
    Zip,
    /// Another archive: RAR, 7-Zip, gzip, xz.
    Archive,
    /// A PDF document.
    Pdf,
    /// HTML, or a script that a browser or a server would run.
    Html,
    /// A program: ELF, Windows, Mach-O, or a shell script.
    Program,
    /// A film, as phones append to a "live" picture.
    Video,
    /// A further picture, as cameras append for a preview or a depth map.
    Picture,
    /// The same byte again and again.
    Padding,
    /// None of these.
    Unknown,
}

/// How far into a file something may be hidden and still be found by the programs that would open it.
const WINDOW: usize = 66_000;

impl Foreign {
    /// What these bytes begin as.
    fn of(bytes: &[u8]) -> Self {
        if let Some(first) = bytes.first()
            && bytes.iter().all(|byte| byte == first)
        {
            return Self::Padding;
        }
        // Line breaks and zeros may come first.
        let start = bytes.iter().position(|byte| !matches!(byte, 0 | b'\n' | b'\r' | b' ' | b'\t')).unwrap_or(0);
        let text = bytes.get(start..).unwrap_or_default();
        let begins = |signs: &[&[u8]]| signs.iter().any(|sign| text.starts_with(sign));
        if begins(&[b"PK\x03\x04", b"PK\x05\x06"]) {
            Self::Zip
        } else if begins(&[b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"\xfd7zXZ\0"]) {
            Self::Archive
        } else if begins(&[b"%PDF-"]) {
            Self::Pdf
        } else if begins(&[b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"#!/"]) {
            Self::Program
        } else if Format::of(text).is_some() {
            Self::Picture
        } else if bytes.get(4..8) == Some(b"ftyp") || begins(&[b"\x1aE\xdf\xa3"]) {
            Self::Video
        } else if markup(bytes.get(..1024).unwrap_or(bytes)).is_some() {
            Self::Html
        } else if archive_end(bytes).is_some() {
            Self::Zip
        } else {
            Self::Unknown
        }
    }
}

/// Where HTML or a script begins.
fn markup(bytes: &[u8]) -> Option<usize> {
    const SIGNS: [&[u8]; 5] = [b"<script", b"<html", b"<!doctype html", b"<?php", b"<iframe"];
    (0..bytes.len()).find(|&at| {
        bytes.get(at) == Some(&b'<')
            && SIGNS.iter().any(|sign| bytes.get(at..at + sign.len()).is_some_and(|found| found.eq_ignore_ascii_case(sign)))
    })
}

/// Where the last record of a ZIP archive stands, if it has entries and its list of them lies before it (APPNOTE 4.3.16).
fn archive_end(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(WINDOW);
    let tail = bytes.get(from..)?;
    let at = tail.windows(4).rposition(|window| window == b"PK\x05\x06")? + from;
    let entries = u16::from_le_bytes(*bytes.get(at + 10..)?.first_chunk()?);
    let size = usize::try_from(u32::from_le_bytes(*bytes.get(at + 12..)?.first_chunk()?)).ok()?;
    let list = at.checked_sub(size)?;
    (entries > 0 && bytes.get(list..list + 4) == Some(b"PK\x01\x02")).then_some(at)
}

/// Where the picture begins, and as what: at the start, or after something else within the first bytes.
pub(super) fn locate(bytes: &[u8]) -> Option<(usize, Format)> {
    if let Some(format) = Format::of(bytes) {
        return Some((0, format));
    }
    let reach = bytes.len().min(WINDOW);
    (1..reach).find_map(|at| {
        let rest = bytes.get(at..)?;
        let format = Format::of(rest)?;
        // Three bytes alone are too little of a sign in the middle of something: a segment must follow.
        let sound = match format {
            Format::Jpeg => matches!(rest.get(3), Some(0xdb | 0xc0..=0xc4 | 0xe0..=0xef)),
            Format::Png | Format::Webp => true,
            Format::Gif => extent(format, rest).is_some(),
            Format::Heif => false,
        };
        sound.then_some((at, format))
    })
}

/// What stands before, after and within the picture that begins at `start`.
pub(super) fn findings(bytes: &[u8], start: usize, format: Format) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (before, picture) = bytes.split_at(start.min(bytes.len()));
    if !before.is_empty() {
        findings.push(Finding::Before { length: start, content: Foreign::of(before) });
    }
    let end = extent(format, picture);
    let (own, after) = picture.split_at(end.unwrap_or(picture.len()));
    let first = own.get(..WINDOW).unwrap_or(own);
    if let Some(at) = first.get(..1024).unwrap_or(first).windows(5).position(|window| window == b"%PDF-") {
        findings.push(Finding::Within { offset: start + at, content: Foreign::Pdf });
    }
    if let Some(at) = markup(first) {
        findings.push(Finding::Within { offset: start + at, content: Foreign::Html });
    }
    if let Some(at) = archive_end(own) {
        findings.push(Finding::Within { offset: start + at, content: Foreign::Zip });
    }
    match end {
        None => findings.push(Finding::CutShort),
        Some(end) if !after.is_empty() => {
            findings.push(Finding::After { offset: start + end, length: after.len(), content: Foreign::of(after) })
        }
        Some(_) => {}
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tests::encoded;

    /// The end of an archive with one entry, and its list.
    const ARCHIVE: &[u8] = b"PK\x01\x02 list PK\x05\x06\0\0\0\0\x01\0\x01\0\x0a\0\0\0\0\0\0\0\0\0";

    #[test]
    fn what_is_appended_is_named() {
        for format in [Format::Jpeg, Format::Png, Format::Gif, Format::Webp] {
            let picture = encoded(format, 40, 30);
            assert_eq!(findings(&picture, 0, format), [], "{format}");
            for (tail, content) in [
                (&b"PK\x03\x04rest of an archive"[..], Foreign::Zip),
                (ARCHIVE, Foreign::Zip),
                (b"\r\n%PDF-1.7\n", Foreign::Pdf),
                (b"<!-- --><SCRIPT>alert(1)</SCRIPT>", Foreign::Html),
                (b"MZ\x90\0", Foreign::Program),
                (b"\0\0\0\x18ftypmp42", Foreign::Video),
                (b"\0\0\0\0", Foreign::Padding),
                (b"and a note", Foreign::Unknown),
            ] {
                let file = [&picture[..], tail].concat();
                let expected = Finding::After { offset: picture.len(), length: tail.len(), content };
                assert_eq!(findings(&file, 0, format), [expected], "{format} and {tail:?}");
            }
        }
    }

    #[test]
    fn a_picture_after_something_else_is_found() {
        let picture = encoded(Format::Png, 40, 30);
        for (head, content) in
            [(&b"<html><body>"[..], Foreign::Html), (b"%PDF-1.4 ", Foreign::Pdf), (b"PK\x03\x04", Foreign::Zip)]
        {
            let file = [head, &picture[..]].concat();
            assert_eq!(locate(&file), Some((head.len(), Format::Png)));
            assert_eq!(findings(&file, head.len(), Format::Png), [Finding::Before { length: head.len(), content }]);
        }
        assert_eq!(locate(b"no picture at all"), None);
    }

    #[test]
    fn what_hides_in_a_comment_is_named() {
        let picture = encoded(Format::Jpeg, 40, 30);
        let comment = |text: &[u8]| {
            let length = u16::try_from(text.len() + 2).unwrap().to_be_bytes();
            [&picture[..2], &[0xff, 0xfe], &length, text, &picture[2..]].concat()
        };
        let file = comment(b"<script>alert(1)</script>");
        assert_eq!(findings(&file, 0, Format::Jpeg), [Finding::Within { offset: 6, content: Foreign::Html }]);
        let file = comment(ARCHIVE);
        assert_eq!(findings(&file, 0, Format::Jpeg), [Finding::Within { offset: 16, content: Foreign::Zip }]);
    }

    #[test]
    fn a_picture_that_is_cut_short_says_so() {
        let picture = encoded(Format::Png, 40, 30);
        assert_eq!(findings(&picture[..picture.len() - 3], 0, Format::Png), [Finding::CutShort]);
    }
}
