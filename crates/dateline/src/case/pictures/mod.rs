//! Pictures of a case: where one was seen first, where else, and what is said of it.
//!
//! Each new picture is decoded once, in a worker process where there is one ([`Decoding`]), and what is found in it is kept as a view:
//! fingerprints, metadata, credentials, or why it could not be decoded. In the same transaction it is filed: what it is like among those
//! that were filed before, the cluster that it belongs to, and its keys in the index that finds it again.

mod add;
mod captions;
mod frames;
mod index;
mod look;
mod page;
mod said;
mod text;
mod veil;
mod wall;
mod warnings;

use dateline_casebook::{PictureKey, Reader};
use dateline_media::{FrameOptions, OcrOptions};

use super::page::Quotes;
use super::{Case, CaseError};
use index::Fingerprints;
use look::Eyes;
pub(super) use look::sha256;

pub use add::PictureAdded;
pub(super) use add::{keep_media, put_all};
pub use captions::CaptionNames;
pub(super) use captions::{Captions, note_captions, read_captions, words_of};
pub(super) use frames::reasons;
pub use index::PictureMatch;
pub use look::Decoding;
pub use page::{
    FoundPicture, PictureCaption, PictureFacts, PicturePage, PictureSighting, PictureTelling, PictureWarning, Resembling,
};
pub use said::PictureSaid;
pub use text::PictureWords;
pub(super) use veil::note_report;
pub use veil::{Veil, VeilLifted, VeilReason};
pub use wall::{PicturePreview, Wall, WallCluster, WallPicture};

/// What looks at pictures.
#[derive(Debug)]
pub(super) struct Pictures {
    eyes: Eyes,
    /// How key frames are taken from videos; none where that is not wanted.
    frames: Option<FrameOptions>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { eyes: Eyes::default(), frames: Some(FrameOptions::default()) }
    }
}

impl Case {
    /// Says where pictures are decoded, and what they carry is read, from now on. A case that was just opened decodes in this process, within tight limits.
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

    /// Says whose signatures of content credentials are trusted in pictures that are looked at from now on. Without a list no signer is.
    /// What was found in pictures before stays: [`Case::rebuild`] looks at all again.
    #[must_use]
    pub fn trusting(mut self, trust: Option<dateline_media::TrustList>) -> Self {
        self.pictures.eyes = std::mem::take(&mut self.pictures.eyes).trusting(trust);
        self
    }

    /// Where a picture, or one like it, was seen: the first sighting first.
    ///
    /// # Errors
    /// When the record can't be read, or no decoder can be started.
    pub fn find_picture(&self, bytes: &[u8], quotes: Quotes) -> Result<FoundPicture, CaseError> {
        let reader = self.book.read();
        let row = self.pictures.eyes.look(bytes).map_err(CaseError::Pictures)?;
        let alike = alike(&reader, &row.sha256, Fingerprints::found(&row).as_ref())?;
        let mut sightings = page::sightings(&reader, &alike)?;
        page::read_carriers(&reader, &mut sightings, quotes, page::MOST_READ)?;
        Ok(FoundPicture { asked: PictureFacts::of(&row, bytes.len() as u64), sightings })
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

/// Pictures of the case that are like one, each with how; the one itself first, if the case has it.
fn alike(
    reader: &Reader<'_>,
    sha256: &str,
    fingerprints: Option<&Fingerprints>,
) -> Result<Vec<(PictureKey, PictureMatch)>, CaseError> {
    let own = reader.picture_number(sha256)?;
    let mut alike: Vec<(PictureKey, PictureMatch)> = Vec::new();
    alike.extend(own.map(|id| (PictureKey { id, sha256: sha256.to_owned() }, PictureMatch::same_bytes())));
    if let Some(fingerprints) = fingerprints {
        for (id, how) in index::find(reader, fingerprints)? {
            if Some(id) != own {
                alike.extend(reader.picture_sha256(id)?.map(|sha256| (PictureKey { id, sha256 }, how)));
            }
        }
    }
    Ok(alike)
}

#[cfg(test)]
mod measure;
#[cfg(test)]
mod tests;
