//! All pictures of the case, those that are alike together.

use std::collections::BTreeSet;

use dateline_casebook::{PictureKey, PictureRow, Reader};
use serde::Serialize;

use super::PictureMatch;
use super::page::{PictureFacts, PictureSighting, PictureWarning, read_carriers, sightings};
use super::said::said;
use super::veil::Veil;
use super::warnings::{carried, warnings};
use crate::case::page::Quotes;
use crate::case::{Case, CaseError};

/// Pictures of a cluster whose sightings are told.
const MOST: usize = 24;
/// Pictures of a cluster that are shown.
const SHOWN: usize = 4;
/// Outlets that are named.
const OUTLETS: usize = 6;
/// Reports of a cluster whose readings are looked at.
const READ: usize = 12;

/// A page of the wall.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wall {
    /// Clusters, the one with the newest picture first.
    pub rows: Vec<WallCluster>,
    /// What to give as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// Pictures that are alike, directly or through others, or one that is like no other.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WallCluster {
    /// Its pictures, the one that was seen first first; up to four.
    pub shown: Vec<WallPicture>,
    /// How many pictures are in it.
    pub pictures: u64,
    /// How many sightings of them are known; of a cluster of more than 24 pictures, those of the first 24.
    pub sightings: u64,
    /// When it was first seen: EDTF or RFC 3339, as `time_is` says.
    pub first_seen: Option<String>,
    /// `published` or `added`.
    pub time_is: Option<String>,
    /// Who showed it first.
    pub first_outlet: Option<String>,
    /// In which report, `r3`.
    pub first_report: Option<String>,
    /// Headline of that report, or how its text begins, without names of protected persons.
    pub title: Option<String>,
    /// What stood below it there, or was given for those who can't see it; without names of protected persons.
    pub caption: Option<String>,
    /// When it was last seen.
    pub last_seen: Option<String>,
    /// Who showed it, in the order in which they did; up to six.
    pub outlets: Vec<String>,
    /// How many outlets showed it.
    pub outlets_in_all: u64,
    /// What a person should look at, by the first reports that carry it.
    pub warnings: Vec<PictureWarning>,
}

/// A picture on the wall.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WallPicture {
    /// Its file.
    #[serde(flatten)]
    pub facts: PictureFacts,
    /// Why it is not shown to everybody; null where nothing speaks against showing it.
    pub veil: Option<Veil>,
}

impl WallPicture {
    fn of(reader: &Reader<'_>, row: &PictureRow, veil: Option<Veil>) -> Result<Self, CaseError> {
        let bytes = reader.original_row(&row.sha256)?.map_or(0, |original| original.bytes);
        Ok(Self { facts: PictureFacts::of(row, bytes), veil })
    }
}

impl Case {
    /// Those of some files that are pictures, or should be, in their order.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn pictures_among<'a>(&self, files: impl IntoIterator<Item = &'a str>) -> Result<Vec<WallPicture>, CaseError> {
        let reader = self.book.read();
        let mut pictures = Vec::new();
        for sha256 in files {
            if let Some(row) = reader.picture(sha256)? {
                pictures.push(WallPicture::of(&reader, &row, Veil::of(&reader, sha256)?)?);
            }
        }
        Ok(pictures)
    }

    /// Up to `limit` clusters of pictures; `after` is `next` of the page before, `several` leaves out what was seen only once.
    ///
    /// # Errors
    /// When `after` is no such thing, or the record can't be read.
    pub fn picture_wall(&self, after: Option<&str>, limit: usize, several: bool) -> Result<Wall, CaseError> {
        let before = match after {
            Some(after) => after.parse().map_err(|_| dateline_casebook::Error::Cursor(after.to_owned()))?,
            None => u64::MAX,
        };
        let reader = self.book.read();
        let clusters = reader.clusters(before, limit, several)?;
        let next = clusters.last().filter(|_| clusters.len() == limit).map(|last| last.newest.to_string());
        let mut rows = Vec::with_capacity(clusters.len());
        for cluster in clusters {
            let keys = match reader.cluster_of(cluster.newest)? {
                Some(cluster) => reader.cluster(cluster, 0, MOST)?,
                None => {
                    Vec::from_iter(reader.picture_sha256(cluster.newest)?.map(|sha256| PictureKey { id: cluster.newest, sha256 }))
                }
            };
            let members: Vec<(PictureKey, PictureMatch)> =
                keys.into_iter().map(|key| (key, PictureMatch::same_bytes())).collect();
            let mut seen = sightings(&reader, &members)?;
            let reads = read_carriers(&reader, &mut seen, Quotes::NamesWithheld, READ)?;
            let mut order: Vec<&str> = seen.iter().map(|sighting| sighting.picture.as_str()).collect();
            order.extend(members.iter().map(|(key, _)| key.sha256.as_str()));
            let veil = match members.first() {
                Some((first, _)) => Veil::of(&reader, &first.sha256)?,
                None => None,
            };
            let mut shown: Vec<WallPicture> = Vec::new();
            for sha256 in order {
                if shown.len() < SHOWN
                    && shown.iter().all(|known| known.facts.sha256 != sha256)
                    && let Some(row) = reader.picture(sha256)?
                {
                    let veil = veil.as_ref().map(|veil| veil.over(&reader, sha256)).transpose()?;
                    shown.push(WallPicture::of(&reader, &row, veil)?);
                }
            }
            let said = said(&reader, &seen, &reads)?;
            let warnings = warnings(&seen, &carried(&reader, &seen, &reads)?, &said, None);
            rows.push(WallCluster::of(cluster.pictures, shown, &seen, warnings));
        }
        Ok(Wall { rows, next })
    }

    /// What is seen of a picture where it stands in a list: a small JPEG, or what stands in for it while it is veiled.
    ///
    /// # Errors
    /// When there is no such picture or it was never decoded.
    pub fn picture_preview(&self, sha256: &str) -> Result<PicturePreview, CaseError> {
        let reader = self.book.read();
        let missing = || CaseError::Missing(format!("a preview of picture {sha256}"));
        let kept = reader.preview(sha256)?.ok_or_else(missing)?;
        let veiled = Veil::of(&reader, sha256)?.is_some_and(|veil| veil.holds());
        let jpeg = if veiled { kept.veil } else { kept.preview };
        Ok(PicturePreview { jpeg: jpeg.ok_or_else(missing)?, veiled })
    }

    /// A picture as it is seen on its own page, made anew from what a decoder gave; what stands in for it while it is veiled.
    ///
    /// # Errors
    /// When there is no such picture, it can't be decoded, or no decoder can be started.
    pub fn picture_view(&self, sha256: &str) -> Result<PicturePreview, CaseError> {
        let small = self.picture_preview(sha256)?;
        if small.veiled {
            return Ok(small);
        }
        let missing = || CaseError::Missing(format!("picture {sha256}"));
        let bytes = self.book.read().original(sha256)?.ok_or_else(missing)?;
        let jpeg = self.pictures.eyes.show(&bytes).map_err(CaseError::Pictures)?;
        Ok(PicturePreview { jpeg: jpeg.unwrap_or(small.jpeg), veiled: false })
    }

    /// The file of a picture, exactly as it came.
    ///
    /// # Errors
    /// When there is no such picture, or its original is damaged.
    pub fn picture_original(&self, sha256: &str) -> Result<Vec<u8>, CaseError> {
        let reader = self.book.read();
        let missing = || CaseError::Missing(format!("picture {sha256}"));
        reader.picture_number(sha256)?.ok_or_else(missing)?;
        reader.original(sha256)?.ok_or_else(missing)
    }
}

/// A picture to be shown: a JPEG that dateline made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicturePreview {
    /// Its bytes.
    pub jpeg: Vec<u8>,
    /// Whether it only stands in for the picture.
    pub veiled: bool,
}

impl WallCluster {
    fn of(pictures: u64, shown: Vec<WallPicture>, seen: &[PictureSighting], warnings: Vec<PictureWarning>) -> Self {
        let (first, last) = (seen.first(), seen.last());
        let mut known = BTreeSet::new();
        let outlets = seen.iter().filter_map(|sighting| sighting.outlet.as_deref());
        let outlets: Vec<&str> = outlets.filter(|name| known.insert(name.to_lowercase())).collect();
        Self {
            shown,
            pictures,
            sightings: seen.len() as u64,
            first_seen: first.map(|first| first.time.clone()),
            time_is: first.map(|first| first.time_is.clone()),
            first_outlet: first.and_then(|first| first.outlet.clone()),
            first_report: first.and_then(|first| first.report.clone()),
            title: first.and_then(|first| first.title.clone().or_else(|| first.opening.clone())),
            caption: first.and_then(|first| first.caption.clone().or_else(|| first.alt.clone())),
            last_seen: last.map(|last| last.time.clone()),
            outlets_in_all: outlets.len() as u64,
            outlets: outlets.into_iter().take(OUTLETS).map(str::to_owned).collect(),
            warnings,
        }
    }
}
