//! Looking at a picture: decoding it where it can do no harm, and noting what is found.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use dateline_casebook::PictureRow;
use dateline_media::fingerprint::Hashed;
use dateline_media::sandbox::{Confinement, Decoder, Failure};
use dateline_media::{
    CredentialStatus, Decoded, Details, Format, Limits, OcrOptions, Pdq, Picture, decode, read_credentials, read_metadata,
};
use sha2::{Digest as _, Sha256};

use super::text::Unread;

/// Where foreign pictures are decoded.
#[derive(Clone, Debug, Default)]
pub enum Decoding {
    /// In this process, within tighter limits (16 MiB of file, 24 megapixels, 256 MiB of memory): for trusted pictures, and where there is no
    /// program to be a worker.
    #[default]
    InProcess,
    /// In a worker process with limits of memory and time, which a picture may crash. The program must call
    /// [`serve`](dateline_media::sandbox::serve) when it is started with these arguments.
    Worker {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        arguments: Vec<OsString>,
    },
}

/// The longer side of previews, in pixels.
const PREVIEW: u32 = 320;
/// Most pictures that are looked at at the same time.
const MOST_AT_ONCE: usize = 8;
/// Endings of files that should be pictures, whatever is in them.
const ENDINGS: [&str; 10] = ["jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "avif"];

/// Fingerprints of a picture that was just decoded.
#[derive(Debug)]
pub(super) struct Fingerprints {
    /// Of the whole; none of what is smaller than five pixels.
    pub(super) whole: Option<Hashed>,
    /// Of its parts.
    pub(super) parts: Details,
}

/// Looks at pictures, with decoders that stay from one picture to the next.
#[derive(Debug, Default)]
pub(super) struct Eyes {
    decoding: Decoding,
    idle: Mutex<Vec<Decoder>>,
    /// Those that give pictures large enough to read print in.
    idle_large: Mutex<Vec<Decoder>>,
    /// How text in pictures is looked for; none where that is not wanted.
    pub(super) text: Option<OcrOptions>,
    pub(super) unread: Mutex<Unread>,
}

/// SHA-256 of bytes in hexadecimal.
pub(in crate::case) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a file is to be looked at: by its bytes it is a picture, or by its name it should be one.
pub(super) fn is_picture(name: &str, bytes: &[u8]) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    Format::of(bytes).is_some() || ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

impl Eyes {
    /// The same, which decode there from now on.
    pub(super) fn decoding(self, decoding: Decoding) -> Self {
        Self { decoding, idle: Mutex::default(), idle_large: Mutex::default(), ..self }
    }

    /// What is found in a picture; with its fingerprints, where it could be decoded.
    ///
    /// # Errors
    /// When there is no decoder. That is no fault of the picture.
    pub(super) fn look(&self, bytes: &[u8]) -> Result<(PictureRow, Option<Fingerprints>), String> {
        let mut row = PictureRow { sha256: sha256(bytes), ..PictureRow::default() };
        row.format = Format::of(bytes).map(|format| format.to_string());
        row.metadata = caught(|| read_metadata(bytes)).and_then(Result::ok).and_then(|found| serde_json::to_string(&found).ok());
        let media_type = Format::of(bytes).map_or("image/jpeg", Format::media_type);
        row.credentials = caught(|| read_credentials(bytes, media_type, None))
            .filter(|found| found.status != CredentialStatus::None)
            .and_then(|found| serde_json::to_string(&found).ok());
        let decoded = match self.decode(bytes) {
            Ok(decoded) => decoded,
            Err(failure @ Failure::NoWorker { .. }) => return Err(failure.to_string()),
            Err(failure) => {
                row.failure = Some(failure.to_string());
                return Ok((row, None));
            }
        };
        row.format = Some(decoded.format.to_string());
        (row.width, row.height) = (Some(decoded.width), Some(decoded.height));
        row.findings = (!decoded.findings.is_empty()).then(|| serde_json::to_string(&decoded.findings).ok()).flatten();
        (row.preview, row.veil) = (decoded.picture.to_jpeg(PREVIEW), decoded.picture.veil());
        let luma = decoded.picture.luma();
        let fingerprints = Fingerprints { whole: Pdq::of(&luma), parts: Details::of(&luma, Details::MOST) };
        if let Some(hashed) = &fingerprints.whole {
            (row.pdq, row.quality) = (Some(hashed.pdq.to_bytes()), Some(hashed.quality));
        }
        row.details = Some(fingerprints.parts.to_bytes());
        Ok((row, Some(fingerprints)))
    }

    /// A picture made anew from what the decoder gave, a JPEG whose longer side has at most 512 pixels; none where it can't be decoded.
    ///
    /// # Errors
    /// When there is no decoder.
    pub(super) fn show(&self, bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
        match self.decode(bytes) {
            Ok(decoded) => Ok(decoded.picture.to_jpeg(Picture::SIDE)),
            Err(failure @ Failure::NoWorker { .. }) => Err(failure.to_string()),
            Err(_) => Ok(None),
        }
    }

    /// What is found in many pictures, several at a time, in their order; with the text in them.
    pub(super) fn look_at_all(&self, pictures: &[&[u8]]) -> Vec<Result<PictureRow, String>> {
        at_once(pictures, |bytes| {
            let (mut row, _) = self.look(bytes)?;
            if row.failure.is_none() {
                row.words = self.text_in(bytes);
            }
            Ok(row)
        })
    }

    fn decode(&self, bytes: &[u8]) -> Result<Decoded, Failure> {
        self.decode_to(Picture::SIDE, &self.idle, bytes)
    }

    /// The same, shrunk to no less than what print takes.
    pub(super) fn decode_large(&self, bytes: &[u8]) -> Result<Decoded, Failure> {
        self.decode_to(Picture::LARGEST, &self.idle_large, bytes)
    }

    fn decode_to(&self, shrink_to: u32, idle: &Mutex<Vec<Decoder>>, bytes: &[u8]) -> Result<Decoded, Failure> {
        match &self.decoding {
            Decoding::InProcess => {
                let limits = Limits { bytes: 16 << 20, pixels: 24_000_000, memory: 256 << 20, shrink_to, ..Limits::default() };
                let crashed = || Failure::Crashed { how: "it panicked".to_owned() };
                caught(|| decode(bytes, &limits)).ok_or_else(crashed)?.map_err(Failure::from)
            }
            Decoding::Worker { program, arguments } => {
                let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let limits = Limits { shrink_to, ..Limits::default() };
                let new = || Decoder::new(program.clone(), arguments.clone(), limits, Confinement::default());
                let mut decoder = kept.unwrap_or_else(new);
                let decoded = decoder.decode(bytes);
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(decoder);
                decoded
            }
        }
    }
}

/// What work makes of each item, several at a time; in their order.
pub(super) fn at_once<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_AT_ONCE).min(items.len());
    let (next, made) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(items.len())));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    let item = work(item);
                    made.lock().unwrap_or_else(PoisonError::into_inner).push((at, item));
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, item)| item).collect()
}

/// What work gives; none when it panics: of foreign bytes, everything is to be expected.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
