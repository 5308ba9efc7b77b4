//! Pictures of a case: where one was seen first, where else, and what is said of it.
//!
//! Each new picture is decoded once, in a worker process where there is one ([`Decoding`]), and what is found in it is kept as a view:
//! fingerprints, metadata, credentials, or why it could not be decoded. In the same transaction it is filed: what it is like among those
//! that were filed before, the cluster that it belongs to, and its keys in the index that finds it again.

mod add;
mod index;
mod look;
mod page;
mod warnings;

use dateline_casebook::{PictureKey, Reader};

use super::{Case, CaseError};
use index::Fingerprints;
use look::Eyes;

pub use add::PictureAdded;
pub(super) use add::{keep_media, put_all};
pub use index::PictureMatch;
pub use look::Decoding;
pub use page::{
    FoundPicture, PictureCaption, PictureFacts, PicturePage, PictureSaid, PictureSighting, PictureWarning, Resembling,
};

/// What looks at pictures.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    eyes: Eyes,
}

impl Case {
    /// Says where pictures are decoded, and what they carry is read, from now on. A case that was just opened decodes in this process, within tight limits.
    #[must_use]
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.pictures.eyes = self.pictures.eyes.decoding(decoding);
        self
    }

    /// Says whose signatures of content credentials are trusted in pictures that are looked at from now on. Without a list no signer is.
    /// What was found in pictures before stays: [`Case::rebuild`] looks at all again.
    #[must_use]
    pub fn trusting(mut self, trust: Option<dateline_media::TrustList>) -> Self {
        self.pictures.eyes = self.pictures.eyes.trusting(trust);
        self
    }

    /// Where a picture, or one like it, was seen: the first sighting first.
    ///
    /// # Errors
    /// When the record can't be read, or no decoder can be started.
    pub fn find_picture(&self, bytes: &[u8]) -> Result<FoundPicture, CaseError> {
        let reader = self.book.read();
        let row = self.pictures.eyes.look(bytes).map_err(CaseError::Pictures)?;
        let alike = alike(&reader, &row.sha256, Fingerprints::found(&row).as_ref())?;
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
