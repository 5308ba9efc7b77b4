//! Looking at a picture: decoding it where it can do no harm, and noting what is found.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use dateline_casebook::PictureRow;
use dateline_media::sandbox::{Confinement, Decoder, Failure};
use dateline_media::{
    Carried, CredentialStatus, Decoded, Details, Format, Limits, OcrOptions, Pdq, Picture, Refusal, TrustList, decode,
};
use sha2::{Digest as _, Sha256};

use super::index::turned_bytes;
use super::text::Unread;

/// Where foreign pictures are decoded, and what they carry is read.
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

/// Looks at pictures, with decoders that stay from one picture to the next.
#[derive(Debug, Default)]
pub(super) struct Eyes {
    decoding: Decoding,
    trust: Option<TrustList>,
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

    pub(super) fn trusting(self, trust: Option<TrustList>) -> Self {
        Self { trust, idle: Mutex::default(), ..self }
    }

    /// What is found in a picture.
    ///
    /// # Errors
    /// When there is no decoder. That is no fault of the picture.
    pub(super) fn look(&self, bytes: &[u8]) -> Result<PictureRow, String> {
        let mut row = PictureRow { sha256: sha256(bytes), ..PictureRow::default() };
        row.format = Format::of(bytes).map(|format| format.to_string());
        let carried = match self.carried(bytes) {
            Ok(carried) => carried,
            Err(failure @ Failure::NoWorker { .. }) => return Err(failure.to_string()),
            // Too large to be looked at at all: decoding says so.
            Err(Failure::Refused(_)) => Carried::default(),
            Err(failure) => Carried::unread(&failure.to_string()),
        };
        row.metadata = carried.metadata.and_then(|found| serde_json::to_string(&found).ok());
        row.credentials = Some(carried.credentials)
            .filter(|found| found.status != CredentialStatus::None)
            .and_then(|found| serde_json::to_string(&found).ok());
        let decoded = match self.decode(bytes) {
            Ok(decoded) => decoded,
            Err(failure @ Failure::NoWorker { .. }) => return Err(failure.to_string()),
            Err(failure) => {
                row.failure = Some(failure.to_string());
                return Ok(row);
            }
        };
        row.format = Some(decoded.format.to_string());
        (row.width, row.height) = (Some(decoded.width), Some(decoded.height));
        row.findings = (!decoded.findings.is_empty()).then(|| serde_json::to_string(&decoded.findings).ok()).flatten();
        (row.preview, row.veil) = (decoded.picture.to_jpeg(PREVIEW), decoded.picture.veil());
        let luma = decoded.picture.luma();
        if let Some(hashed) = Pdq::of(&luma) {
            (row.pdq, row.quality) = (Some(hashed.pdq.to_bytes()), Some(hashed.quality));
            row.turned = Some(turned_bytes(&hashed.variants()));
        }
        row.details = Some(Details::of(&luma, Details::MOST).to_bytes());
        Ok(row)
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
            let mut row = self.look(bytes)?;
            if row.failure.is_none() {
                row.words = self.text_in(bytes);
            }
            Ok(row)
        })
    }

    fn decode(&self, bytes: &[u8]) -> Result<Decoded, Failure> {
        self.work(bytes, Picture::SIDE, |decoder| decoder.decode(bytes), |limits| decode(bytes, limits))
    }

    /// The same, shrunk to no less than what print takes.
    pub(super) fn decode_large(&self, bytes: &[u8]) -> Result<Decoded, Failure> {
        self.work(bytes, Picture::LARGEST, |decoder| decoder.decode(bytes), |limits| decode(bytes, limits))
    }

    fn carried(&self, bytes: &[u8]) -> Result<Carried, Failure> {
        self.work(bytes, Picture::SIDE, |decoder| decoder.carried(bytes), |_| Ok(Carried::of(bytes, self.trust.as_ref())))
    }

    /// Has foreign bytes worked on, `there`, by a worker, or `here`; pictures are shrunk to so many pixels a side.
    fn work<T>(
        &self,
        bytes: &[u8],
        shrink_to: u32,
        there: impl FnOnce(&mut Decoder) -> Result<T, Failure>,
        here: impl FnOnce(&Limits) -> Result<T, Refusal>,
    ) -> Result<T, Failure> {
        match &self.decoding {
            Decoding::InProcess => {
                let limits = Limits { bytes: 16 << 20, pixels: 24_000_000, memory: 256 << 20, shrink_to, ..Limits::default() };
                let length = bytes.len() as u64;
                if length > limits.bytes {
                    return Err(Refusal::TooManyBytes { bytes: length, limit: limits.bytes }.into());
                }
                let crashed = || Failure::Crashed { how: "it panicked".to_owned() };
                caught(|| here(&limits)).ok_or_else(crashed)?.map_err(Failure::from)
            }
            Decoding::Worker { program, arguments } => {
                let idle = if shrink_to == Picture::SIDE { &self.idle } else { &self.idle_large };
                let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let limits = Limits { shrink_to, ..Limits::default() };
                let new = || {
                    Decoder::new(program.clone(), arguments.clone(), limits, Confinement::default()).trusting(self.trust.clone())
                };
                let mut decoder = kept.unwrap_or_else(new);
                let answer = there(&mut decoder);
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(decoder);
                answer
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
