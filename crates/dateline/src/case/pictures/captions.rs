//! What the words on pictures name: they are read as the report is, for places and times alone.

use dateline_casebook::Writer;
use dateline_record::{EntityKind, Reading, Report};
use serde::{Deserialize, Serialize};

use crate::case::CaseError;
use crate::{Dateline, ParseWorker};

/// Captions of one report that are read.
const MOST: usize = 200;

/// What the words on a picture name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaptionNames {
    /// Countries in which the places that they name lie, by ISO 3166-1 alpha-3, each once.
    pub countries: Vec<String>,
    /// Times that they give (EDTF), each once.
    pub dates: Vec<String>,
}

impl CaptionNames {
    fn of(reading: &Reading) -> Self {
        let places = reading.entities.iter().filter(|entity| entity.kind == EntityKind::Place && entity.place_use.is_none());
        let mut countries: Vec<String> = places.filter_map(|place| Some(place.country?.to_string())).collect();
        let mut dates: Vec<String> =
            reading.times.iter().filter_map(|time| Some(time.edtf.as_ref()?.as_str().to_owned())).collect();
        for names in [&mut countries, &mut dates] {
            names.sort_unstable();
            names.dedup();
        }
        Self { countries, dates }
    }
}

/// Captions as a thread has read them: the words, and what they name.
pub(in crate::case) type Captions = Vec<(String, CaptionNames)>;

/// Reads the words on pictures of a report, whose date and language hold for them too. What can't be read names nothing.
pub(in crate::case) fn read_captions(
    dateline: &Dateline,
    worker: &mut dyn ParseWorker,
    report: &Report,
    words: Vec<String>,
) -> Captions {
    let mut read = Captions::new();
    for words in words.into_iter().take(MOST) {
        if read.iter().any(|(known, _)| *known == words) {
            continue;
        }
        let caption = Report { text: words, title: None, reference: None, ..report.clone() };
        let names = dateline.read_with(worker, &caption).map(|reading| CaptionNames::of(&reading)).unwrap_or_default();
        read.push((caption.text, names));
    }
    read
}

/// The words on a picture as they are read: what stands below it, then what is given for those who can't see it.
pub(in crate::case) fn words_of(caption: Option<&str>, alt: Option<&str>) -> Option<String> {
    let mut parts: Vec<&str> = [caption, alt].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.dedup();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// Notes what the words on a report's pictures name.
pub(in crate::case) fn note_captions(writer: &mut Writer<'_>, report: u64, read: &Captions) -> Result<(), CaseError> {
    if read.is_empty() {
        return Ok(());
    }
    for (id, shown) in writer.words_on_media(report)? {
        let Some(words) = words_of(shown.caption.as_deref(), shown.alt.as_deref()) else { continue };
        if let Some((_, names)) = read.iter().find(|(known, _)| *known == words) {
            writer.put_caption(id, &serde_json::to_string(names)?)?;
        }
    }
    Ok(())
}
