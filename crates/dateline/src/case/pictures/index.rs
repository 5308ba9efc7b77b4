//! Which pictures of the case resemble one? The index stands in the case's database: a picture goes into it in the transaction that keeps
//! what was found in it, and nothing of it is in memory between two questions.

use std::collections::BTreeMap;

use dateline_casebook::{FingerprintRow, PictureKey, PictureRow, Reader, Writer};
use dateline_media::index::{Lists, PartIndex, PictureId, Space, WholeIndex};
use dateline_media::{Details, Pdq, Symmetry};
use serde::{Deserialize, Serialize};

use crate::case::CaseError;

/// Likenesses that are kept of a picture to those before it: the best, and that to the picture that was filed first.
const BEST: usize = 32;
/// Pictures of an older version that are filed beside new ones, in one transaction.
const CATCH_UP: usize = 32;
/// Pictures that are filed at once when all are filed anew.
const PAGE: usize = 512;
/// Pictures that are told of as like one, and others of its cluster.
const DIRECT: usize = 500;
const THROUGH_OTHERS: usize = 200;

/// How a picture is like the one that was asked about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureMatch {
    /// `same-bytes`, `same-picture` (also resized, recompressed, coloured), `mirrored-or-turned`, or `part` where both show the same in a part
    /// (cropped, stamped, in a screenshot); `through-others` where there is no such likeness, but a chain of them.
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

    /// One of the same cluster.
    fn through_others() -> Self {
        Self { kind: "through-others".to_owned(), ..Self::same_bytes() }
    }

    /// The same as seen from the other picture.
    fn reversed(self) -> Self {
        let symmetry = self.symmetry.map(|symmetry| match symmetry {
            Symmetry::Quarter => Symmetry::ThreeQuarters,
            Symmetry::ThreeQuarters => Symmetry::Quarter,
            own_inverse => own_inverse,
        });
        Self { symmetry, scale: self.scale.filter(|scale| *scale > 0.0).map(|scale| 1.0 / scale), ..self }
    }

    /// What comes first when only some are kept: whole pictures by what differs, then parts by what is the same.
    fn rank(&self) -> (u32, u32) {
        match self.distance {
            Some(distance) => (0, distance),
            None => (1, u32::MAX - self.spots.unwrap_or(0)),
        }
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
            "through-others" => "alike through others".to_owned(),
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

/// Fingerprints of a picture.
#[derive(Debug)]
pub(super) struct Fingerprints {
    /// Of the whole; none of flat pictures: those of different things have like ones, and parts alone speak for them.
    whole: Option<Whole>,
    /// Of its parts.
    parts: Details,
}

#[derive(Debug)]
struct Whole {
    pdq: Pdq,
    /// As it is and in the seven other ways, in the order of [`Symmetry::ALL`]; none where an older version looked at it.
    variants: Option<Box<[Pdq; 8]>>,
}

/// The PDQs of a picture mirrored and turned, as they are kept.
pub(super) fn turned_bytes(variants: &[Pdq; 8]) -> Vec<u8> {
    variants.iter().skip(1).flat_map(|variant| variant.to_bytes()).collect()
}

impl Fingerprints {
    fn new(pdq: Option<&[u8; 32]>, quality: Option<u8>, turned: Option<&[u8]>, details: Option<&[u8]>) -> Option<Self> {
        let parts = Details::from_bytes(details?)?;
        let whole = pdq.filter(|_| quality >= Some(Pdq::TRUSTED)).map(|pdq| {
            let turned = turned.unwrap_or_default().as_chunks::<32>().0;
            let variants: Vec<Pdq> = std::iter::once(pdq).chain(turned).map(Pdq::from_bytes).collect();
            Whole { pdq: Pdq::from_bytes(pdq), variants: variants.try_into().ok() }
        });
        Some(Self { whole, parts })
    }

    /// Those of a picture that was looked at; none where it could not be decoded.
    pub(super) fn found(row: &PictureRow) -> Option<Self> {
        Self::new(row.pdq.as_ref(), row.quality, row.turned.as_deref(), row.details.as_deref())
    }

    fn kept(row: &FingerprintRow) -> Option<Self> {
        Self::new(row.pdq.as_ref(), row.quality, row.turned.as_deref(), row.details.as_deref())
    }
}

/// The index as it stands in the case, to be asked.
pub(super) struct View<'a, 'c>(pub(super) &'a Reader<'c>);

/// The same in a transaction that writes.
struct Tables<'a, 'c>(&'a mut Writer<'c>);

impl Lists for View<'_, '_> {
    type Error = dateline_casebook::Error;

    fn read(&self, space: Space, keys: &[u32], each: &mut dyn FnMut(usize, &[u8])) -> Result<(), Self::Error> {
        self.0.keys(space.number(), keys, each)
    }

    fn append<const N: usize>(&mut self, _: Space, _: &[(u32, [u8; N])]) -> Result<(), Self::Error> {
        Err(dateline_casebook::Error::ReadOnly(std::path::PathBuf::new()))
    }

    fn pictures(&self) -> Result<u64, Self::Error> {
        self.0.last_picture()
    }
}

impl Lists for Tables<'_, '_> {
    type Error = dateline_casebook::Error;

    fn read(&self, space: Space, keys: &[u32], each: &mut dyn FnMut(usize, &[u8])) -> Result<(), Self::Error> {
        self.0.keys(space.number(), keys, each)
    }

    fn append<const N: usize>(&mut self, space: Space, entries: &[(u32, [u8; N])]) -> Result<(), Self::Error> {
        self.0.append_keys(space.number(), entries)
    }

    fn pictures(&self) -> Result<u64, Self::Error> {
        self.0.last_picture()
    }
}

/// Numbers of the filed pictures that are the same as, or show a part of, the one with these fingerprints, each with how, as seen from that
/// one; itself too, if it is filed.
pub(super) fn find(reader: &Reader<'_>, asked: &Fingerprints) -> Result<BTreeMap<u64, PictureMatch>, CaseError> {
    let mut found: BTreeMap<u64, PictureMatch> = BTreeMap::new();
    let index = WholeIndex::over(View(reader));
    let near = match &asked.whole {
        None => Vec::new(),
        Some(Whole { variants: Some(variants), .. }) => index.near_any(variants)?,
        Some(Whole { pdq, variants: None }) => index.near(pdq)?,
    };
    for near in near {
        let kind = if near.symmetry == Symmetry::Same { "same-picture" } else { "mirrored-or-turned" };
        let how = PictureMatch {
            kind: kind.to_owned(),
            distance: Some(near.distance),
            symmetry: Some(near.symmetry),
            ..PictureMatch::same_bytes()
        };
        found.insert(near.id.0, how);
    }
    let stored = |id: PictureId| Ok(reader.picture_details(id.0)?.and_then(|details| Details::from_bytes(&details)));
    for shared in PartIndex::over(View(reader)).find(&asked.parts, stored)? {
        found.entry(shared.id.0).or_insert_with(|| PictureMatch {
            kind: "part".to_owned(),
            spots: Some(shared.likeness.spots),
            mirrored: Some(shared.likeness.placement.mirrored),
            scale: Some(shared.likeness.placement.scale),
            ..PictureMatch::same_bytes()
        });
    }
    Ok(found)
}

/// Files a picture that is not filed yet: what it is like, its cluster, its keys. Part of the transaction that keeps what was found in it.
pub(super) fn file(writer: &mut Writer<'_>, id: u64) -> Result<(), CaseError> {
    let Some(row) = writer.unfiled_picture(id)? else { return Ok(()) };
    let Some(fingerprints) = Fingerprints::kept(&row) else { return Ok(writer.file_picture(id, &[])?) };
    let mut found: Vec<(u64, PictureMatch)> = find(writer, &fingerprints)?.into_iter().collect();
    let first = found.first().cloned();
    // Of a picture that was seen ten thousand times, so many are enough to make it one of them.
    found.sort_by_key(|(earlier, how)| (how.rank(), *earlier));
    found.truncate(BEST);
    if let Some(first) = first.filter(|first| !found.contains(first)) {
        found.pop();
        found.push(first);
    }
    let alike: Result<Vec<(u64, String)>, CaseError> =
        found.into_iter().map(|(earlier, how)| Ok((earlier, serde_json::to_string(&how)?))).collect();
    writer.file_picture(id, &alike?)?;
    if let Some(whole) = &fingerprints.whole {
        WholeIndex::over(Tables(writer)).insert(PictureId(id), &whole.pdq)?;
    }
    PartIndex::over(Tables(writer)).insert(PictureId(id), &fingerprints.parts)?;
    Ok(())
}

/// Files some pictures that an older version left unfiled, few enough that it costs the same in every case.
pub(super) fn catch_up(writer: &mut Writer<'_>) -> Result<(), CaseError> {
    for id in writer.unfiled(CATCH_UP)? {
        file(writer, id)?;
    }
    Ok(())
}

/// Files all pictures anew, in the order of their numbers.
pub(super) fn file_all(writer: &mut Writer<'_>) -> Result<(), CaseError> {
    writer.clear_likenesses()?;
    loop {
        let page = writer.unfiled(PAGE)?;
        for &id in &page {
            file(writer, id)?;
        }
        if page.len() < PAGE {
            return Ok(());
        }
    }
}

/// Pictures that are like one of the case.
pub(super) struct Family {
    /// Itself, and those that it is like, each with how, as seen from it.
    pub(super) direct: Vec<(PictureKey, PictureMatch)>,
    /// Others of its cluster.
    pub(super) through_others: Vec<(PictureKey, PictureMatch)>,
}

impl Family {
    /// The family of a picture that was looked at; only itself, where it is not filed.
    pub(super) fn of(reader: &Reader<'_>, sha256: &str) -> Result<Option<Self>, CaseError> {
        let Some(id) = reader.picture_number(sha256)? else { return Ok(None) };
        let mut direct = vec![(PictureKey { id, sha256: sha256.to_owned() }, PictureMatch::same_bytes())];
        for row in reader.likenesses(id, DIRECT)? {
            let how: PictureMatch = serde_json::from_str(&row.how)?;
            direct.push((row.picture, if row.later { how.reversed() } else { how }));
        }
        let mut through_others = Vec::new();
        if let Some(cluster) = reader.cluster_of(id)? {
            let known: std::collections::BTreeSet<u64> = direct.iter().map(|(key, _)| key.id).collect();
            let members = reader.cluster(cluster, 0, known.len() + THROUGH_OTHERS)?;
            let others = members.into_iter().filter(|key| !known.contains(&key.id)).take(THROUGH_OTHERS);
            through_others.extend(others.map(|key| (key, PictureMatch::through_others())));
        }
        Ok(Some(Self { direct, through_others }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reversed_twice_is_as_it_was() {
        let how =
            PictureMatch { symmetry: Some(Symmetry::Quarter), distance: Some(3), scale: Some(2.0), ..PictureMatch::same_bytes() };
        let other = how.clone().reversed();
        assert_eq!((other.symmetry, other.scale, other.distance), (Some(Symmetry::ThreeQuarters), Some(0.5), Some(3)));
        assert_eq!(other.reversed(), how);
    }
}
