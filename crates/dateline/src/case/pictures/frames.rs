//! Key frames of videos: each is kept as a picture of its own, which was seen wherever its video was.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::NewSighting;
use dateline_media::{KeyFrame, ProgramError, key_frames};

use super::add::put_all;
use super::look::{at_once, sha256};
use crate::case::{Case, CaseError};

/// Videos whose frames are held at once.
const AT_ONCE: usize = 4;

/// Why the case has no frames of a video.
#[derive(Clone, Debug, thiserror::Error)]
pub(in crate::case) enum NoFrames {
    /// That which takes them is not there, or not wanted: no fault of the video.
    #[error("{0}")]
    NoProgram(String),
    /// It found none.
    #[error("{0}")]
    Failed(String),
}

impl From<ProgramError> for NoFrames {
    fn from(error: ProgramError) -> Self {
        match error {
            ProgramError::NotInstalled { .. } => Self::NoProgram(error.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// SHA-256 of a video, and how many of its frames are new or why there are none.
pub(in crate::case) type Taken = (String, Result<u64, NoFrames>);

impl Case {
    /// Takes key frames of videos that the case keeps and has no frames of, looks at them and keeps them. Gives of each video, once, its
    /// SHA-256 and how many frames are new, or why there are none. No transaction is open while frames are taken: that may last a minute.
    pub(in crate::case) fn take_frames(&mut self, videos: &[(&str, &[u8])]) -> Result<Vec<Taken>, CaseError> {
        let mut taken: Vec<Taken> = Vec::new();
        let (mut known, mut new) = (BTreeSet::new(), Vec::new());
        for (name, bytes) in videos {
            let sha256 = sha256(bytes);
            if !known.insert(sha256.clone()) {
                continue;
            }
            if self.book.read().frames(&sha256)?.is_empty() {
                new.push((*name, *bytes, sha256));
            } else {
                taken.push((sha256, Ok(0)));
            }
        }
        let mut missing = None;
        for some in new.chunks(AT_ONCE) {
            let found: Vec<Result<Vec<KeyFrame>, NoFrames>> = match (&self.pictures.frames, &missing) {
                (Some(options), None) => at_once(some, |(_, bytes, _)| key_frames(bytes, options).map_err(NoFrames::from)),
                (_, missing) => {
                    let why = missing.clone().unwrap_or_else(|| NoFrames::NoProgram("that is turned off".to_owned()));
                    some.iter().map(|_| Err(why.clone())).collect()
                }
            };
            for ((name, bytes, sha256), found) in some.iter().zip(found) {
                if let Err(why @ NoFrames::NoProgram(_)) = &found {
                    missing.get_or_insert_with(|| why.clone());
                }
                taken.push((
                    sha256.clone(),
                    match found {
                        Ok(frames) => Ok(self.keep_frames(name, bytes, &frames)?),
                        Err(why) => Err(why),
                    },
                ));
            }
        }
        Ok(taken)
    }

    fn keep_frames(&mut self, name: &str, video: &[u8], frames: &[KeyFrame]) -> Result<u64, CaseError> {
        // What can't be looked at for want of a decoder is kept all the same, and looked at with the next rebuild.
        let (looked, _) = self.look_at_new(frames.iter().map(|frame| ("frame.jpg", frame.jpeg.as_slice())))?;
        let stamp = self.stamp();
        self.book.write(|writer| {
            let mut new = 0;
            for frame in frames {
                let at = frame.at.and_then(|at| u64::try_from(at.as_millis()).ok());
                let sighting = NewSighting { name, bytes: &frame.jpeg, frame_of: Some((video, at)), ..NewSighting::default() };
                new += u64::from(writer.add_sighting(&sighting, &stamp)?);
            }
            put_all(writer, &looked)?;
            Ok(new)
        })
    }
}

/// Why of some videos there are no frames, by their SHA-256; that the program is not there is said once, of the first.
pub(in crate::case) fn reasons(taken: Vec<Taken>, mut said: bool) -> BTreeMap<String, String> {
    let mut reasons = BTreeMap::new();
    for (sha256, taken) in taken {
        match taken {
            Err(NoFrames::NoProgram(why)) if !said => {
                said = true;
                let words =
                    format!("key frames of videos are not taken: {why}; `dateline rebuild` takes them once that is changed");
                reasons.insert(sha256, words);
            }
            Err(NoFrames::Failed(why)) => {
                reasons.insert(sha256, format!("no key frames of this video: {why}"));
            }
            Ok(_) | Err(NoFrames::NoProgram(_)) => {}
        }
    }
    reasons
}
