//! Pictures of a case: where one was seen first, where else, and what is said of it.
//!
//! Each new picture is decoded once, in a worker process where there is one ([`Decoding`]), and what is found in it is kept as a view:
//! fingerprints, metadata, credentials, or why it could not be decoded. The indexes over the fingerprints are made in memory when somebody
//! first asks, and take in what came since whenever somebody asks again.

mod add;
mod captions;
mod frames;
mod index;
mod look;
mod page;
mod said;
mod text;
mod warnings;

use std::sync::{Mutex, PoisonError};

use dateline_casebook::{PictureRow, Reader};
use dateline_media::{FrameOptions, OcrOptions};

use super::{Case, CaseError};
use index::Index;
pub(super) use look::sha256;
use look::{Eyes, Fingerprints};

pub use add::PictureAdded;
pub(super) use add::{keep_media, put_all};
pub(super) use frames::reasons;
pub use index::PictureMatch;
pub use look::Decoding;
pub use page::{FoundPicture, PictureCaption, PictureFacts, PicturePage, PictureSighting, PictureWarning, Resembling};
pub use said::PictureSaid;
pub use text::PictureWords;

/// What looks at pictures, and what finds them again.
#[derive(Debug)]
pub(super) struct Pictures {
    eyes: Eyes,
    index: Mutex<Index>,
    /// How key frames are taken from videos; none where that is not wanted.
    frames: Option<FrameOptions>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { eyes: Eyes::default(), index: Mutex::default(), frames: Some(FrameOptions::default()) }
    }
}

impl Case {
    /// Says where pictures are decoded from now on. A case that was just opened decodes in this process, within tight limits.
    #[must_use]
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.pictures.eyes = std::mem::take(&mut self.pictures.eyes).decoding(decoding);
        self
    }

    /// Says how key frames are taken from videos from now on; with none, they are not. A case that was just opened takes them with the
    /// program `ffmpeg`, where the machine has it.
    #[must_use]
    pub fn video_frames(mut self, options: Option<FrameOptions>) -> Self {
        self.pictures.frames = options;
        self
    }

    /// Says how text in pictures is looked for from now on; with none, it is not, as in a case that was just opened.
    #[must_use]
    pub fn picture_text(mut self, options: Option<OcrOptions>) -> Self {
        self.pictures.eyes.text = options;
        self
    }

    /// In words, how many pictures could not be looked at for text since this was asked last.
    pub(super) fn unread_pictures(&self) -> Option<String> {
        self.pictures.eyes.unread()
    }

    /// Pictures of the case that are like one, each with how; the one itself first, if the case has it.
    fn alike(
        &self,
        reader: &Reader<'_>,
        sha256: &str,
        fingerprints: Option<&Fingerprints>,
    ) -> Result<Vec<(PictureRow, PictureMatch)>, CaseError> {
        let mut alike: Vec<(PictureRow, PictureMatch)> = Vec::new();
        alike.extend(reader.picture(sha256)?.map(|row| (row, PictureMatch::same_bytes())));
        if let Some(fingerprints) = fingerprints {
            let mut index = self.pictures.index.lock().unwrap_or_else(PoisonError::into_inner);
            index.catch_up(reader)?;
            alike.extend(index.find(reader, fingerprints)?.into_iter().filter(|(row, _)| row.sha256 != sha256));
        }
        Ok(alike)
    }

    /// Where a picture, or one like it, was seen: the first sighting first.
    ///
    /// # Errors
    /// When the record can't be read, or no decoder can be started.
    pub fn find_picture(&self, bytes: &[u8]) -> Result<FoundPicture, CaseError> {
        let reader = self.book.read();
        let (row, fingerprints) = self.pictures.eyes.look(bytes).map_err(CaseError::Pictures)?;
        let alike = self.alike(&reader, &row.sha256, fingerprints.as_ref())?;
        Ok(FoundPicture { asked: PictureFacts::of(&row, bytes.len() as u64), sightings: page::sightings(&reader, &alike)? })
    }

    /// The picture of the case whose SHA-256 begins so.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn picture_id(&self, prefix: &str) -> Result<String, CaseError> {
        let hex = prefix.trim().trim_start_matches("sha256:").to_ascii_lowercase();
        if hex.len() < 4 || !hex.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(CaseError::PictureId(prefix.to_owned()));
        }
        match self.book.read().pictures_by_prefix(&hex, 8)?.as_slice() {
            [] => Err(CaseError::Missing(format!("picture {prefix}"))),
            [one] => Ok(one.clone()),
            many => Err(CaseError::AmbiguousPicture(prefix.to_owned(), many.join(", "))),
        }
    }
}

#[cfg(test)]
mod tests;
