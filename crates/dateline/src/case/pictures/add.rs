//! Bringing pictures in: with reports, and by themselves.

use std::collections::BTreeSet;

use dateline_casebook::{NewSighting, NewWords, PictureRow, Writer};
use dateline_collect::{Collected, MediaFile};
use dateline_media::{FrameOptions, key_frames};
use dateline_record::Edtf;

use super::index;
use super::look::{is_picture, sha256};
use crate::case::{Case, CaseError};

/// Pictures that are looked at, and kept, at once when all are looked at again.
const PAGE: usize = 32;

/// What became of a picture or video that was brought in by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureAdded {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Whether this sighting is new to the case.
    pub new: bool,
    /// Why it could not be decoded; it is kept all the same.
    pub failure: Option<String>,
    /// Of a video: how many key frames were kept, or why none.
    pub frames: Option<Result<u64, String>>,
}

impl Case {
    /// Keeps a picture or video that came without a report, and looks at it; of a video, at its key frames, if ffmpeg is installed. `source` is
    /// who showed it, `published` when, as far as that is known.
    ///
    /// # Errors
    /// When the record can't be written, or no decoder can be started.
    pub fn add_picture(
        &mut self,
        file: &MediaFile,
        source: Option<&str>,
        published: Option<&Edtf>,
    ) -> Result<PictureAdded, CaseError> {
        let frames = file.video.then(|| key_frames(&file.bytes, &FrameOptions::default()).map_err(|error| error.to_string()));
        let mut seen = vec![NewSighting {
            name: &file.name,
            bytes: &file.bytes,
            source,
            published,
            modified: file.modified.as_deref(),
            frame_of: None,
        }];
        for frame in frames.iter().flatten().flatten() {
            let at = frame.at.and_then(|at| u64::try_from(at.as_millis()).ok());
            seen.push(NewSighting {
                bytes: &frame.jpeg,
                frame_of: Some((&file.bytes, at)),
                modified: None,
                ..seen.first().copied().unwrap_or_default()
            });
        }
        // Frames are pictures whatever the film is called.
        let pictures: Vec<(&str, &[u8])> = seen
            .iter()
            .filter(|_| !file.video)
            .map(|new| (new.name, new.bytes))
            .chain(seen.iter().skip(1).map(|new| ("frame.jpg", new.bytes)))
            .collect();
        let (looked, failures) = self.look_at_new(pictures)?;
        if let Some(failure) = failures.first() {
            return Err(CaseError::Pictures(failure.clone()));
        }
        let sha256 = sha256(&file.bytes);
        let stamp = self.stamp();
        let new = self.book.write(|writer| {
            let mut new = false;
            for sighting in &seen {
                new |= writer.add_sighting(sighting, &stamp)?;
            }
            put_all(writer, &looked)?;
            Ok::<_, CaseError>(new)
        })?;
        let failure = self.book.read().picture(&sha256)?.and_then(|row| row.failure);
        let frames = frames.map(|frames| frames.map(|frames| frames.len() as u64));
        Ok(PictureAdded { sha256, new, failure, frames })
    }

    /// Looks at those pictures, named and with their bytes, that the case has not looked at. Where no decoder could be started, the others
    /// come with why.
    pub(in crate::case) fn look_at_new<'a>(
        &self,
        pictures: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<(Vec<PictureRow>, Vec<String>), CaseError> {
        let reader = self.book.read();
        let (mut known, mut new) = (BTreeSet::new(), Vec::new());
        for (name, bytes) in pictures {
            if is_picture(name, bytes) {
                let sha256 = sha256(bytes);
                if reader.picture(&sha256)?.is_none() && known.insert(sha256) {
                    new.push(bytes);
                }
            }
        }
        let (mut rows, mut failures) = (Vec::new(), Vec::new());
        for looked in self.pictures.eyes.look_at_all(&new) {
            match looked {
                Ok(row) => rows.push(row),
                Err(why) => failures.push(why),
            }
        }
        Ok((rows, failures))
    }

    /// Looks at all pictures again, and files them anew; gives their number. Each picture keeps its number, so that the index of before can be
    /// asked until that of now is there.
    pub(in crate::case) fn look_at_all_again(&mut self) -> Result<u64, CaseError> {
        let (mut after, mut count) = (0, 0);
        loop {
            let page = self.book.read().media_originals(after, PAGE, false)?;
            let Some((last, _, _)) = page.last() else { break };
            after = *last;
            let mut pictures = Vec::new();
            for (_, name, sha256) in &page {
                // What is damaged is for `verify` to say.
                let bytes = self.book.read().original(sha256).ok().flatten().unwrap_or_default();
                if is_picture(name, &bytes) && !bytes.is_empty() {
                    pictures.push(bytes);
                }
            }
            let pictures: Vec<&[u8]> = pictures.iter().map(Vec::as_slice).collect();
            let looked: Result<Vec<PictureRow>, String> = self.pictures.eyes.look_at_all(&pictures).into_iter().collect();
            let looked = looked.map_err(CaseError::Pictures)?;
            count += looked.len() as u64;
            self.book.write::<_, CaseError>(|writer| {
                looked.iter().try_for_each(|picture| Ok(writer.put_picture(picture).map(|_| ())?))
            })?;
        }
        self.book.write(index::file_all)?;
        Ok(count)
    }
}

/// Keeps what was found in pictures, and files them.
pub(in crate::case) fn put_all(writer: &mut Writer<'_>, pictures: &[PictureRow]) -> Result<(), CaseError> {
    for picture in pictures {
        let id = writer.put_picture(picture)?;
        index::file(writer, id)?;
    }
    index::catch_up(writer)
}

/// Keeps the media of a report, and what it says of them.
pub(in crate::case) fn keep_media(
    writer: &mut Writer<'_>,
    report: u64,
    collected: &Collected,
    stamp: &dateline_casebook::Stamp,
) -> Result<(), CaseError> {
    for medium in &collected.media {
        writer.add_medium(report, &medium.name, &medium.bytes, stamp)?;
        let (address, alt, caption) = (medium.address.as_deref(), medium.alt.as_deref(), medium.caption.as_deref());
        if address.or(alt).or(caption).is_some() {
            let words = NewWords { name: &medium.name, bytes: Some(&medium.bytes), address, alt, caption };
            writer.add_medium_words(report, &words, stamp)?;
        }
    }
    for named in &collected.named {
        let (address, alt, caption) = (named.address.as_deref(), named.alt.as_deref(), named.caption.as_deref());
        // The name alone stands in the provenance.
        let says_more = alt.or(caption).is_some() || address.is_some_and(|address| address != named.name);
        if says_more {
            writer.add_medium_words(report, &NewWords { name: &named.name, bytes: None, address, alt, caption }, stamp)?;
        }
    }
    Ok(())
}
