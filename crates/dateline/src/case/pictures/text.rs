//! Text in pictures, by Tesseract where the machine has it.

use std::sync::PoisonError;

use dateline_media::{FoundText, ProgramError, find_text};
use serde::Serialize;

use super::look::Eyes;
use crate::case::page::Quotes;
use crate::render::person::Protected;

/// Pixels of a side below which no word can be read.
const LEAST_SIDE: u32 = 32;

/// Text that was found in a picture: by a program, which errs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureWords {
    /// The words, a line each line, an empty line between paragraphs. Empty where it was looked for and there is none.
    pub text: String,
    /// How sure the program is of a word on average, in percent; none without words.
    pub confidence: Option<u8>,
}

/// Pictures whose text could not be looked for: how many, and why the first.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread {
    count: u64,
    why: Option<String>,
}

impl Eyes {
    /// The text in a picture that can be decoded, in JSON. None where that is not wanted, the program is not there, or it fails: for want of
    /// text no picture is lost.
    pub(super) fn text_in(&self, bytes: &[u8]) -> Option<String> {
        let options = self.text.as_ref()?;
        let picture = self.decode_large(bytes).ok()?.picture;
        if picture.width().min(picture.height()) < LEAST_SIDE {
            return serde_json::to_string(&FoundText::default()).ok();
        }
        // What was decoded is written anew: the program never meets the file itself.
        match find_text(&picture.to_pixmap(), options) {
            Ok(found) => serde_json::to_string(&found).ok(),
            Err(ProgramError::NotInstalled { .. }) => None,
            Err(error) => {
                let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
                unread.count += 1;
                unread.why.get_or_insert_with(|| error.to_string());
                None
            }
        }
    }

    /// In words, how many pictures could not be looked at for text since this was asked last; none where all could.
    pub(super) fn unread(&self) -> Option<String> {
        let unread = std::mem::take(&mut *self.unread.lock().unwrap_or_else(PoisonError::into_inner));
        let pictures = if unread.count == 1 { "1 picture".to_owned() } else { format!("{} pictures", unread.count) };
        unread.why.map(|why| format!("{pictures} could not be looked at for text: {why}"))
    }
}

/// Text that was found in a picture, from the JSON that is kept, with the names of those whom the reports that show it protect left out where
/// they are withheld.
pub(super) fn words<'a>(
    json: Option<&str>,
    quotes: Quotes,
    reports: impl Iterator<Item = &'a Protected>,
) -> Option<PictureWords> {
    let FoundText { mut text, confidence } = serde_json::from_str(json?).ok()?;
    if quotes == Quotes::NamesWithheld {
        for protected in reports {
            text = protected.masked_loosely(&text);
        }
    }
    Some(PictureWords { text, confidence })
}
