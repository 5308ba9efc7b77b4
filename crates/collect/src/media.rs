//! Media that lie beside what names them: those of a Telegram export beside its messages, those of a saved page beside the page.

use std::fs::{self, File};
use std::io::{self, BufReader, Read as _, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::collected::{Collected, NamedMedium};

/// Where the media of an export or a page lie.
#[derive(Default)]
pub(crate) enum Beside {
    /// In the folder that holds its messages.
    Folder(PathBuf),
    /// In the same zip archive, under this prefix.
    Archive(Box<zip::ZipArchive<BufReader<At>>>, String),
    /// Not at hand: the messages came alone.
    #[default]
    Nowhere,
}

impl Beside {
    /// Reads the media that a message names; what can't be had is said in a warning.
    pub(crate) fn attach(&mut self, collected: &mut Collected, limit: u64) {
        for name in collected.provenance.media.iter().filter(|name| !name.contains("://")) {
            match self.read(name, limit) {
                Ok(bytes) => collected.media.push(NamedMedium { name: name.clone(), ..NamedMedium::default() }.with(bytes)),
                Err(why) => collected.provenance.warnings.push(format!("{name} was not kept: {why}")),
            }
        }
    }

    /// Reads the pictures of a page that lie beside it, where `paths` has one for what the page names; others stay named only, as most
    /// pages are kept without. What is no picture is left where it is: a hostile page names other files of its folder. No more than
    /// `limit` bytes are read for a page.
    pub(crate) fn attach_pictures(&mut self, collected: &mut Collected, paths: &[Option<String>], limit: u64) {
        if matches!(self, Self::Nowhere) {
            return;
        }
        let mut room = limit;
        let named = std::mem::take(&mut collected.named);
        for (medium, path) in named.into_iter().zip(paths) {
            let read = path.as_deref().and_then(|path| self.read(path, room).ok());
            match read.filter(|bytes| picture_extension(bytes).is_some()) {
                Some(bytes) => {
                    room -= bytes.len() as u64;
                    collected.media.push(medium.with(bytes));
                }
                None => collected.named.push(medium),
            }
        }
    }

    fn read(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, String> {
        // A hostile export names files of the reader's own.
        if name.is_empty()
            || name.contains('\\')
            || !Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
        {
            return Err("it is named outside the export".to_owned());
        }
        let mut bytes = Vec::new();
        match self {
            Self::Nowhere => return Err("only the folder or zip archive of an export holds its media".to_owned()),
            Self::Folder(folder) => {
                let inner = folder.canonicalize().and_then(|folder| Ok((folder.join(name).canonicalize()?, folder)));
                let (path, folder) = inner.map_err(|error| error.to_string())?;
                if !path.starts_with(&folder) || !fs::metadata(&path).is_ok_and(|found| found.is_file()) {
                    return Err("it is no file within the export".to_owned());
                }
                let file = File::open(&path).map_err(|error| error.to_string())?;
                file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            }
            Self::Archive(archive, folder) => {
                let entry = archive.by_name(&format!("{folder}{name}")).map_err(|error| error.to_string())?;
                entry.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            }
        }
        if bytes.len() as u64 > limit {
            return Err(format!("it is larger than {} MiB", limit >> 20));
        }
        Ok(bytes)
    }
}

/// What files of pictures of the kind of these bytes are called; none for what is no picture.
pub(crate) fn picture_extension(bytes: &[u8]) -> Option<&'static str> {
    let is = |from: usize, word: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(word));
    if is(0, b"\xff\xd8\xff") {
        Some("jpg")
    } else if is(0, b"\x89PNG\r\n\x1a\n") {
        Some("png")
    } else if is(0, b"GIF87a") || is(0, b"GIF89a") {
        Some("gif")
    } else if is(0, b"RIFF") && is(8, b"WEBP") {
        Some("webp")
    } else if is(4, b"ftyp") {
        match bytes.get(8..12)? {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Some("heic"),
            b"avif" | b"avis" => Some("avif"),
            _ => None,
        }
    } else {
        None
    }
}

/// What files of video of the kind of these bytes are called; none for what is no video.
pub(crate) fn video_extension(bytes: &[u8]) -> Option<&'static str> {
    let is = |from: usize, word: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(word));
    if picture_extension(bytes).is_some() {
        None
    } else if is(4, b"ftyp") {
        Some("mp4")
    } else if is(0, b"\x1aE\xdf\xa3") {
        Some("webm")
    } else if is(0, b"RIFF") && is(8, b"AVI ") {
        Some("avi")
    } else {
        None
    }
}

/// Whether bytes, of which the first few are enough, begin as a video does: MP4 and its kin, WebM and Matroska, AVI.
#[must_use]
pub fn is_video(bytes: &[u8]) -> bool {
    video_extension(bytes).is_some()
}

/// Bytes of digits in base 64 (RFC 4648, section 4), white space passed over; none where a character is no digit.
pub(crate) fn base64(digits: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(digits.len() / 4 * 3), 0_u32, 0_u32);
    let digits = digits.trim_end().trim_end_matches('=');
    for byte in digits.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 & 0xff_ffff | u32::from(digit);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    // A digit alone makes no byte.
    (held < 6).then_some(bytes)
}

/// A file with a place of its own in it: an archive is read at two places at once.
#[derive(Clone)]
pub(crate) struct At {
    file: Arc<File>,
    at: u64,
}

impl At {
    pub(crate) fn start(file: File) -> Self {
        Self { file: Arc::new(file), at: 0 }
    }
}

impl io::Read for At {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(&*self.file, into, self.at)?;
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(&*self.file, into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for At {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (self.file.metadata()?.len(), by),
        };
        self.at = from.checked_add_signed(by).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_in_base_64_are_bytes() {
        for (digits, bytes) in
            [("", &b""[..]), ("Zg==", b"f"), ("Zm8=", b"fo"), ("Zm9v", b"foo"), ("Zm9v\n YmE", b"fooba"), ("-_8=", b"\xfb\xff")]
        {
            assert_eq!(base64(digits).as_deref(), Some(bytes), "{digits}");
        }
        assert_eq!((base64("Zm9vZ"), base64("Z=g=")), (None, None));
    }

    #[test]
    fn kinds_are_told_by_the_first_bytes() {
        for (bytes, picture, video) in [
            (&b"\xff\xd8\xff\xe0"[..], Some("jpg"), None),
            (b"\0\0\0\x18ftypheic", Some("heic"), None),
            (b"\0\0\0\x18ftypisom", None, Some("mp4")),
            (b"RIFF\0\0\0\0AVI LIST", None, Some("avi")),
            (b"GIF8", None, None),
            (b"", None, None),
        ] {
            assert_eq!((picture_extension(bytes), video_extension(bytes)), (picture, video), "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_words_are_bytes_or_none(words: String, digits in "[A-Za-z0-9+/]{0,40}={0,3}") {
            let _ = (base64(&words), base64(&digits));
        }
    }
}
