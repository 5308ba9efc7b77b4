//! Bringing pictures in: with reports, and by themselves.

use std::collections::BTreeSet;

use dateline_casebook::{NewSighting, NewWords, PictureRow, Writer};
use dateline_collect::{Collected, MediaFile, is_video};
use dateline_record::Edtf;

use super::index;
use super::look::{is_picture, sha256};
use super::veil::note_picture;
use crate::case::{Case, CaseError};

/// Pictures that are looked at, and kept, at once when all are looked at again.
const PAGE: usize = 32;
/// Bytes of videos that are held at once when all are looked at again.
const PAGE_BYTES: usize = 64 << 20;

/// What became of a picture or video that was brought in by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureAdded {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Whether this sighting is new to the case.
    pub new: bool,
    /// Why it could not be decoded; it is kept all the same.
    pub failure: Option<String>,
    /// Of a video: how many key frames are new to the case, or why there are none.
    pub frames: Option<Result<u64, String>>,
    /// In words, that text could not be looked for and why, where that is wanted and the program is there.
    pub unread: Option<String>,
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
        let seen = NewSighting {
            name: &file.name,
            bytes: &file.bytes,
            source,
            published,
            modified: file.modified.as_deref(),
            frame_of: None,
        };
        let picture = (!file.video).then_some((seen.name, seen.bytes));
        let (looked, failures) = self.look_at_new(picture)?;
        if let Some(failure) = failures.first() {
            return Err(CaseError::Pictures(failure.clone()));
        }
        let sha256 = sha256(&file.bytes);
        let stamp = self.stamp();
        let new = self.book.write(|writer| {
            let new = writer.add_sighting(&seen, &stamp)?;
            put_all(writer, &looked)?;
            // One that was looked at before may go by another name now.
            note_picture(writer, &sha256)?;
            Ok::<_, CaseError>(new)
        })?;
        let failure = self.book.read().picture(&sha256)?.and_then(|row| row.failure);
        let frames = match file.video {
            true => self.take_frames(&[(&file.name, &file.bytes)])?.pop().map(|(_, taken)| taken.map_err(|why| why.to_string())),
            false => None,
        };
        Ok(PictureAdded { sha256, new, failure, frames, unread: self.unread_pictures() })
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

    /// Looks at all pictures again, takes key frames of videos that have none, and files all anew. Each picture keeps its number, so that the index
    /// of before can be asked until that of now is there.
    pub(in crate::case) fn look_at_all_again(&mut self) -> Result<LookedAgain, CaseError> {
        let (mut after, mut total) = (0, LookedAgain::default());
        // Frames that are taken on the way come up at its end: they were looked at.
        let mut fresh = BTreeSet::new();
        loop {
            let page = self.book.read().media_originals(after, PAGE, false)?;
            let Some((last, _, _)) = page.last() else { break };
            after = *last;
            let (mut pictures, mut videos, mut held) = (Vec::new(), Vec::new(), 0);
            for (_, name, sha256) in &page {
                // What is damaged is for `verify` to say.
                let bytes = self.book.read().original(sha256).ok().flatten().unwrap_or_default();
                if is_video(&bytes) {
                    held += bytes.len();
                    videos.push((name.as_str(), bytes));
                    if held >= PAGE_BYTES {
                        total.take(self, &mut fresh, &videos)?;
                        (held, videos) = (0, Vec::new());
                    }
                } else if is_picture(name, &bytes) && !bytes.is_empty() && !fresh.contains(sha256) {
                    pictures.push(bytes);
                }
            }
            total.take(self, &mut fresh, &videos)?;
            let pictures: Vec<&[u8]> = pictures.iter().map(Vec::as_slice).collect();
            let looked: Result<Vec<PictureRow>, String> = self.pictures.eyes.look_at_all(&pictures).into_iter().collect();
            let looked = looked.map_err(CaseError::Pictures)?;
            total.pictures += looked.len() as u64;
            self.book.write::<_, CaseError>(|writer| looked.iter().try_for_each(|picture| put(writer, picture).map(drop)))?;
        }
        self.book.write(index::file_all)?;
        Ok(total)
    }
}

/// What came of looking at all pictures again.
#[derive(Default)]
pub(in crate::case) struct LookedAgain {
    /// Pictures that were looked at again.
    pub(in crate::case) pictures: u64,
    /// Key frames that are new.
    pub(in crate::case) frames: u64,
    /// Videos without key frames.
    pub(in crate::case) without_frames: u64,
    /// Why the first of them has none.
    pub(in crate::case) why: Option<String>,
}

impl LookedAgain {
    fn take(&mut self, case: &mut Case, fresh: &mut BTreeSet<String>, videos: &[(&str, Vec<u8>)]) -> Result<(), CaseError> {
        let videos: Vec<(&str, &[u8])> = videos.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        for (video, taken) in case.take_frames(&videos)? {
            match taken {
                Ok(0) => {}
                Ok(new) => {
                    self.frames += new;
                    fresh.extend(case.book.read().frames(&video)?.into_iter().map(|(frame, _)| frame));
                }
                Err(why) => {
                    self.without_frames += 1;
                    self.why.get_or_insert_with(|| why.to_string());
                }
            }
        }
        Ok(())
    }
}

/// Keeps what was found in a picture; gives its number.
fn put(writer: &mut Writer<'_>, picture: &PictureRow) -> Result<u64, CaseError> {
    let id = writer.put_picture(picture)?;
    note_picture(writer, &picture.sha256)?;
    Ok(id)
}

/// Keeps what was found in pictures, and files them.
pub(in crate::case) fn put_all(writer: &mut Writer<'_>, pictures: &[PictureRow]) -> Result<(), CaseError> {
    for picture in pictures {
        let id = put(writer, picture)?;
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
