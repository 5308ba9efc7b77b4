//! Which pictures of the case resemble one?

use std::collections::BTreeMap;

use dateline_casebook::{PictureRow, Reader};
use dateline_media::index::{PartIndex, PictureId, WholeIndex};
use dateline_media::{Details, Pdq, Symmetry};
use serde::Serialize;

use super::look::Fingerprints;
use crate::case::CaseError;

/// Fingerprints that are read at once.
const PAGE: usize = 512;

/// How a picture is like the one that was asked about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureMatch {
    /// `same-bytes`, `same-picture` (also resized, recompressed, coloured), `mirrored-or-turned`, or `part` where both show the same in a part
    /// (cropped, stamped, in a screenshot).
    pub kind: String,
    /// Of the whole pictures: how many of the 256 bits of their fingerprints differ, 0 to 31.
    pub distance: Option<u32>,
    /// Of the whole pictures: how the one asked about must be mirrored or turned to look like the other: `quarter`, `half`, `mirrored`, …
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub symmetry: Option<Symmetry>,
    /// Of parts: how many spots of both lie alike.
    pub spots: Option<u32>,
    /// Of parts: whether the one asked about was mirrored.
    pub mirrored: Option<bool>,
    /// Of parts: how many times larger the one asked about is shown in the other.
    pub scale: Option<f32>,
}

impl PictureMatch {
    /// The picture itself.
    pub(super) fn same_bytes() -> Self {
        Self { kind: "same-bytes".to_owned(), distance: None, symmetry: None, spots: None, mirrored: None, scale: None }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        let bits = || match self.distance {
            Some(0) => "no bit of 256 differs".to_owned(),
            Some(1) => "1 bit of 256 differs".to_owned(),
            distance => format!("{} bits of 256 differ", distance.unwrap_or_default()),
        };
        match self.kind.as_str() {
            "same-bytes" => "same file".to_owned(),
            "same-picture" => format!("same picture ({})", bits()),
            "mirrored-or-turned" => {
                let how = match self.symmetry {
                    Some(Symmetry::Mirrored) => "same picture, mirrored",
                    Some(Symmetry::Flipped) => "same picture, mirrored top to bottom",
                    Some(Symmetry::Half) => "same picture, upside down",
                    Some(Symmetry::Quarter | Symmetry::ThreeQuarters) => "same picture, turned by a quarter",
                    _ => "same picture, mirrored and turned",
                };
                format!("{how} ({})", bits())
            }
            _ => {
                let mirrored = if self.mirrored == Some(true) { ", mirrored" } else { "" };
                format!("shows the same in a part{mirrored} ({} spots lie alike)", self.spots.unwrap_or_default())
            }
        }
    }
}

/// The fingerprints of the case's pictures, in memory.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The number of the last picture in it.
    last: u64,
    whole: WholeIndex,
    parts: PartIndex,
}

impl Index {
    /// Takes in the pictures that came since.
    pub(super) fn catch_up(&mut self, reader: &Reader<'_>) -> Result<(), CaseError> {
        if self.last == 0 {
            self.parts = PartIndex::for_pictures(usize::try_from(reader.picture_count()?).unwrap_or(usize::MAX));
        }
        loop {
            let page = reader.fingerprints(self.last, PAGE)?;
            for row in &page {
                self.last = row.id;
                // Flat pictures of different things have like fingerprints: parts alone speak for them.
                if let (Some(pdq), true) = (&row.pdq, row.quality >= Pdq::TRUSTED) {
                    self.whole.insert(PictureId(row.id), Pdq::from_bytes(pdq));
                }
                if let Some(details) = Details::from_bytes(&row.details) {
                    self.parts.insert(PictureId(row.id), &details);
                }
            }
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// Pictures that are the same as, or show a part of, the one with these fingerprints, each with how; itself too, if it is there.
    pub(super) fn find(&self, reader: &Reader<'_>, asked: &Fingerprints) -> Result<Vec<(PictureRow, PictureMatch)>, CaseError> {
        let mut found: BTreeMap<u64, PictureMatch> = BTreeMap::new();
        let whole = asked.whole.as_ref().filter(|hashed| hashed.quality >= Pdq::TRUSTED);
        for near in whole.map(|hashed| self.whole.near_any(hashed, Pdq::NEAR)).unwrap_or_default() {
            let kind = if near.symmetry == Symmetry::Same { "same-picture" } else { "mirrored-or-turned" };
            let how = PictureMatch {
                kind: kind.to_owned(),
                distance: Some(near.distance),
                symmetry: Some(near.symmetry),
                ..PictureMatch::same_bytes()
            };
            found.insert(near.id.0, how);
        }
        let stored = |id: PictureId| Details::from_bytes(&reader.picture_numbered(id.0).ok()??.details?);
        for shared in self.parts.find(&asked.parts, stored) {
            found.entry(shared.id.0).or_insert_with(|| PictureMatch {
                kind: "part".to_owned(),
                spots: Some(shared.likeness.spots),
                mirrored: Some(shared.likeness.placement.mirrored),
                scale: Some(shared.likeness.placement.scale),
                ..PictureMatch::same_bytes()
            });
        }
        let mut rows = Vec::new();
        for (id, how) in found {
            // One that was looked at again since is there under another number.
            rows.extend(reader.picture_numbered(id)?.map(|row| (row, how)));
        }
        Ok(rows)
    }
}
