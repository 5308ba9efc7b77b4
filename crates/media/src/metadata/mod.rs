//! What a picture carries with it besides its pixels: EXIF, XMP and IPTC-IIM, read from the raw bytes of a JPEG, PNG, WebP or GIF;
//! of HEIC and AVIF the EXIF only.
//!
//! No pixel is decoded. Each value bears where it was read, as values contradict each other and are easily set by anybody: they are what
//! the file says, never what happened.
//!
//! **Persons are protected.** Coordinates leave this module only as tenths of a degree (see [`Coordinates`]). Serial numbers of devices,
//! names of their owners, names of persons and faces that somebody marked, contact details, and places within a settlement are named as
//! being there ([`Withheld`]) and not shown; whoever may see originals finds them in the original. Makers of pictures are named by the
//! file itself and are listed: whether a private person's name is shown is for the caller to decide, as with names in reports.

mod container;
mod coordinates;
mod date;
mod exif;
mod iptc;
mod words;
mod xmp;

use serde::{Deserialize, Serialize};

pub use container::Container;
pub use coordinates::Coordinates;

/// Largest block of metadata that is read, unpacked, in bytes. Real ones have some kilobytes; edit histories go to megabytes.
const MAX_BLOCK: usize = 8 << 20;

/// Most values of one field, and most steps of a history, that are kept.
const MAX_VALUES: usize = 200;

/// Most warnings that are kept.
const MAX_WARNINGS: usize = 50;

/// A value, and where it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// The value: words as they stand, cut after 4,000 characters; dates and times in ISO 8601 as precisely as they are given, with an offset
    /// from UTC only where the file has one.
    pub value: String,
    /// The standard and the name of the field there: `exif:DateTimeOriginal`, `iptc:By-line`, `xmp:photoshop:Credit`, `png:Software`.
    pub read_from: String,
}

/// A step of the history that editing programs write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryStep {
    /// What was done, in the program's word: `created`, `converted`, `saved`, `derived`.
    pub action: String,
    /// When, as [`Stated::value`] of a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// With which program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
    /// More of it: which parts changed, or from what into what it was converted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Something that is in the file and is not shown, to protect persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// What it is.
    pub what: Private,
    /// Where it stands.
    pub read_from: String,
}

/// Kinds of what is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Private {
    /// The serial number of a camera.
    CameraSerial,
    /// The serial number of a lens.
    LensSerial,
    /// The name of the owner of a camera.
    Owner,
    /// Coordinates as exact as the file has them.
    ExactCoordinates,
    /// The name of a place within a settlement: a street, a building.
    PlaceWithinSettlement,
    /// Names of persons in the picture.
    PersonsShown,
    /// Faces marked in the picture.
    Faces,
    /// Addresses, telephone numbers, mail addresses of the maker.
    Contact,
}

/// What a picture says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// What kind of file it is.
    pub container: Option<Container>,
    /// When it was taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Stated>,
    /// When it was made a file: of a scan the day of the scan, of a camera's picture mostly when it was taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub digitized: Vec<Stated>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modified: Vec<Stated>,
    /// Maker and model of the camera or telephone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub camera: Vec<Stated>,
    /// Programs that made or changed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub software: Vec<Stated>,
    /// By-lines: who made it. Names of persons, mostly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub creators: Vec<Stated>,
    /// Credit lines: who is to be named as its provider.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Stated>,
    /// Whom it came from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Stated>,
    /// Titles and headlines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headlines: Vec<Stated>,
    /// Captions, descriptions and comments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<Stated>,
    /// Notices of copyright and terms of use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<Stated>,
    /// Names of settlements, divisions and countries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Stated>,
    /// How it came to be, where that is declared: a term of the IPTC vocabulary of digital source types such as `digitalCapture` or
    /// `trainedAlgorithmicMedia`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origin_type: Vec<Stated>,
    /// Identifiers that editing programs keep through all copies and versions of a picture.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub document_ids: Vec<Stated>,
    /// What editing programs did, in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryStep>,
    /// Roughly where it says that it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Coordinates>,
    /// What is there and is not shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Withheld>,
    /// What could not be read, and what is odd.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Why nothing could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The bytes are no picture of a kind that is known.
    #[error("it is no JPEG, PNG, WebP, GIF, HEIC or AVIF")]
    UnknownFormat,
}

/// Reads what a picture says of itself. What is damaged is passed over with a warning, and the rest is read.
///
/// # Errors
/// When the bytes are no picture of a known kind.
pub fn read_metadata(bytes: &[u8]) -> Result<Metadata, MetadataError> {
    let container = Container::of(bytes).ok_or(MetadataError::UnknownFormat)?;
    let parts = container::parts(container, bytes);
    let mut metadata = Metadata { container: Some(container), ..Metadata::default() };
    metadata.warnings = parts.warnings;
    for block in &parts.exif {
        exif::read(block, &mut metadata);
    }
    for block in &parts.iptc {
        iptc::read(block, &mut metadata);
    }
    for packet in &parts.xmp {
        xmp::read(packet, &mut metadata);
    }
    for (keyword, text) in &parts.texts {
        container::read_text(keyword, text, &mut metadata);
    }
    metadata.withheld.sort_by(|a, b| (a.what, &a.read_from).cmp(&(b.what, &b.read_from)));
    metadata.withheld.dedup();
    metadata.warnings.truncate(MAX_WARNINGS);
    Ok(metadata)
}

impl Metadata {
    /// True when the picture says nothing of itself but its kind.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { container: self.container, ..Self::default() }
    }

    fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    fn withhold(&mut self, what: Private, read_from: impl Into<String>) {
        if self.withheld.len() < MAX_VALUES {
            self.withheld.push(Withheld { what, read_from: read_from.into() });
        }
    }
}

/// Adds a value unless the field has it from there already.
fn state(field: &mut Vec<Stated>, value: String, read_from: &str) {
    if !value.is_empty()
        && field.len() < MAX_VALUES
        && !field.iter().any(|known| known.value == value && known.read_from == read_from)
    {
        field.push(Stated { value, read_from: read_from.to_owned() });
    }
}

#[cfg(test)]
mod tests;
