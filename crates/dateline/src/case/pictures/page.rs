//! What is told of a picture.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::{PictureKey, PictureRow, Reader, ReportRow};
use dateline_media::decode::Finding;
use dateline_media::{Credentials, Foreign, Metadata, Pdq};
use dateline_record::{Date, Edtf};
use serde::Serialize;

use super::captions::CaptionNames;
use super::index::{Family, PictureMatch};
use super::said::{PictureSaid, said};
use super::text::{PictureWords, words};
use super::veil::Veil;
use super::warnings::{Carried, carried, warnings};
use crate::case::assess::outlet_table;
use crate::case::index::Indexes;
use crate::case::page::Quotes;
use crate::case::sides::Read;
use crate::case::spread::{PictureShown, Spread, instant};
use crate::case::{Case, CaseError};

/// Reports whose readings are looked at for a picture's page, those that showed it first.
pub(super) const MOST_READ: usize = 60;
/// Characters of a text that stand for a headline.
const OPENING: usize = 240;

/// What is known of a picture's file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureFacts {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
    /// Its format by its bytes: `JPEG`, `PNG`, `WebP`, `GIF`, `HEIF`.
    pub format: Option<String>,
    /// Pixels from left to right.
    pub width: Option<u32>,
    /// Pixels from top to bottom.
    pub height: Option<u32>,
    /// Why it could not be decoded; such a picture is found by its bytes only.
    pub failure: Option<String>,
    /// What is odd about the file, in words: an archive after the picture's end, a file that was cut short.
    pub findings: Vec<String>,
}

/// Where a picture was seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureSighting {
    /// When: what the report says that it was published (RFC 3339, or EDTF where only the day is known), else when it was added to the case.
    pub time: String,
    /// `published` or `added`.
    pub time_is: String,
    /// SHA-256 of the picture that was seen.
    pub picture: String,
    /// How that is like the one asked about.
    pub how: PictureMatch,
    /// The same in words.
    pub how_in_words: String,
    /// What the report calls it, or the name of its file.
    pub name: String,
    /// The report, `r3`; none of a picture that was added by itself.
    pub report: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Who showed it: the outlet or channel.
    pub outlet: Option<String>,
    /// Whom the outlet had it from, where it was forwarded.
    pub forwarded_from: Option<String>,
    /// How its text begins, where it has no headline.
    pub opening: Option<String>,
    /// Address of the report.
    pub url: Option<String>,
    /// Address of the picture.
    pub address: Option<String>,
    /// What was given for those who can't see it.
    pub alt: Option<String>,
    /// What stood below it.
    pub caption: Option<String>,
    /// What these words name; null where there are none.
    pub names: Option<CaptionNames>,
    /// SHA-256 of the video of which it is a frame.
    pub video: Option<String>,
    /// When in the video, in milliseconds.
    pub at_ms: Option<u64>,
    /// Who added it to the case.
    pub added_by: String,
    /// Number of the report.
    #[serde(skip)]
    pub(super) report_id: Option<u64>,
    /// First and last day that `time` may mean.
    #[serde(skip)]
    pub(super) days: (Option<Date>, Option<Date>),
    /// Minutes since 1970 where the time of day is known.
    #[serde(skip)]
    pub(super) minute: Option<i64>,
}

impl PictureSighting {
    /// The day of an instant; a date as it is.
    #[must_use]
    pub fn day(&self) -> &str {
        self.time.split_once('T').map_or(self.time.as_str(), |(day, _)| day)
    }
}

/// Where a picture was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundPicture {
    /// The picture that was asked about.
    pub asked: PictureFacts,
    /// Where it, or one like it, was seen, the first first.
    pub sightings: Vec<PictureSighting>,
}

/// A picture like the one shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resembling {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How it is like the one shown.
    pub how: PictureMatch,
    /// The same in words.
    pub how_in_words: String,
    /// When it was first seen.
    pub first_seen: Option<String>,
    /// Why it is not shown to everybody; null where nothing speaks against showing it.
    pub veil: Option<Veil>,
}

/// Words that go with a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureCaption {
    /// `r3`, or `file` for what the picture itself says.
    pub of: String,
    /// `caption`, `alt` or `title`.
    pub kind: String,
    /// The words.
    pub words: String,
}

/// Something that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureWarning {
    /// `older-than-event`, `older-than-report`, `older-than-said`, `taken-before-event`, `different-places` or
    /// `captions-differ`.
    pub kind: String,
    /// In words.
    pub words: String,
}

/// What a report shows the picture for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureTelling {
    /// `r3`.
    pub report: String,
    /// Its outlet.
    pub outlet: Option<String>,
    /// When it showed it, as its sighting has it.
    pub time: String,
    /// Whether it offers pictures or videos as evidence of these events; else these are all that it tells of.
    pub evidence: bool,
    /// The events, `e12`.
    pub events: Vec<String>,
    /// When they were (EDTF), each once.
    pub dates: Vec<String>,
    /// Where they were: countries by ISO 3166-1 alpha-3, each once.
    pub countries: Vec<String>,
}

/// A picture with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PicturePage {
    /// The file.
    #[serde(flatten)]
    pub facts: PictureFacts,
    /// Its PDQ in hexadecimal.
    pub pdq: Option<String>,
    /// How much the PDQ says, 0 to 100.
    pub quality: Option<u8>,
    /// Why it is not shown to everybody; null where nothing speaks against showing it.
    pub veil: Option<Veil>,
    /// What a person should look at.
    pub warnings: Vec<PictureWarning>,
    /// Where it, or one like it, was seen, the first first.
    pub sightings: Vec<PictureSighting>,
    /// Pictures like it, no more than 500; then those that are like it only through others, no more than 200.
    pub cluster: Vec<Resembling>,
    /// Words that go with it.
    pub captions: Vec<PictureCaption>,
    /// What the reports that carry it show it for, those that showed it first first.
    pub tellings: Vec<PictureTelling>,
    /// How it travelled, as a graph over time.
    pub spread: Spread,
    /// Text that was found in it; none where nobody has looked for any.
    pub words: Option<PictureWords>,
    /// What reports that carry it say of pictures and videos.
    pub said: Vec<PictureSaid>,
    /// What the file says of itself.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub metadata: Option<Metadata>,
    /// Its content credentials (C2PA), if it bears any.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub credentials: Option<Credentials>,
}

impl PictureFacts {
    pub(super) fn of(row: &PictureRow, bytes: u64) -> Self {
        let findings: Vec<Finding> = row.findings.as_ref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        Self {
            sha256: row.sha256.clone(),
            bytes,
            format: row.format.clone(),
            width: row.width,
            height: row.height,
            failure: row.failure.clone(),
            findings: findings.iter().map(in_words).collect(),
        }
    }
}

/// A finding in words.
fn in_words(finding: &Finding) -> String {
    let content = |content: &Foreign| match content {
        Foreign::Zip => "a ZIP archive (or a document or program in that form)",
        Foreign::Archive => "an archive",
        Foreign::Pdf => "a PDF document",
        Foreign::Html => "a web page or script",
        Foreign::Program => "a program",
        Foreign::Video => "a video",
        Foreign::Picture => "another picture",
        Foreign::Padding => "padding",
        Foreign::Unknown => "something unknown",
    };
    match finding {
        Finding::Before { length, content: what } => format!("{length} bytes before the picture: {}", content(what)),
        Finding::After { length, content: what, .. } => format!("{length} bytes after the picture: {}", content(what)),
        Finding::Within { offset, content: what } => format!("within the picture, at byte {offset}: {}", content(what)),
        Finding::CutShort => "the file ends before the picture does".to_owned(),
        Finding::Animated => "it moves; its first frame was looked at".to_owned(),
    }
}

/// First and last day that a time may mean.
fn days_of(time: &str) -> (Option<Date>, Option<Date>) {
    // Of an instant, the day is enough.
    let day = time.split_once('T').map_or(time, |(day, _)| day);
    let edtf: Option<Edtf> = time.parse().ok().or_else(|| day.parse().ok());
    edtf.and_then(|edtf| edtf.bounds()).unwrap_or_default()
}

/// All sightings of some pictures, by time. A frame was seen wherever its video was; of frames of one video that are alike, the one that comes
/// first in `alike` counts.
pub(super) fn sightings(reader: &Reader<'_>, alike: &[(PictureKey, PictureMatch)]) -> Result<Vec<PictureSighting>, CaseError> {
    let mut all = Vec::new();
    let mut reports: BTreeMap<u64, Option<ReportRow>> = BTreeMap::new();
    let mut videos = BTreeSet::new();
    for (row, how) in alike {
        // The picture itself, and each video of which it is a frame, with when.
        let mut files: Vec<(String, Option<Option<u64>>)> = vec![(row.sha256.clone(), None)];
        for seen in reader.sightings(&row.sha256)? {
            if let Some(video) = seen.video
                && videos.insert(video.clone())
            {
                files.push((video, Some(seen.at_ms)));
            }
        }
        for (file, frame) in &files {
            let base = |time: String, time_is: &str, name: String, added_by: String| PictureSighting {
                days: days_of(&time),
                minute: instant(&time),
                time,
                time_is: time_is.to_owned(),
                picture: row.sha256.clone(),
                how: how.clone(),
                how_in_words: how.words(),
                name,
                report: None,
                report_id: None,
                title: None,
                opening: None,
                outlet: None,
                forwarded_from: None,
                url: None,
                address: None,
                alt: None,
                caption: None,
                names: None,
                video: frame.map(|_| file.clone()),
                at_ms: frame.flatten(),
                added_by,
            };
            for shown in reader.shown(file)? {
                if let std::collections::btree_map::Entry::Vacant(entry) = reports.entry(shown.report) {
                    entry.insert(reader.report(shown.report)?);
                }
                let Some(Some(report)) = reports.get(&shown.report) else { continue };
                let exact = report.provenance.published_at.clone().filter(|at| instant(at).is_some());
                let published = exact.or_else(|| report.published.as_ref().map(|date| date.as_str().to_owned()));
                let time_is = if published.is_some() { "published" } else { "added" };
                let time = published.unwrap_or_else(|| report.added_at.clone());
                all.push(PictureSighting {
                    report: Some(format!("r{}", shown.report)),
                    report_id: Some(shown.report),
                    title: report.title.clone(),
                    outlet: report.source.clone(),
                    forwarded_from: report.provenance.forwarded_from.clone(),
                    url: report.url.clone(),
                    address: shown.address,
                    alt: shown.alt,
                    caption: shown.caption,
                    names: shown.named.and_then(|json| serde_json::from_str(&json).ok()),
                    ..base(time, time_is, shown.name, report.added_by.clone())
                });
            }
            for seen in reader.sightings(file)?.into_iter().filter(|seen| seen.video.is_none()) {
                let published = seen.published.as_ref().map(|date| date.as_str().to_owned());
                let time_is = if published.is_some() { "published" } else { "added" };
                let time = published.unwrap_or(seen.added_at);
                all.push(PictureSighting { outlet: seen.source, ..base(time, time_is, seen.name, seen.added_by) });
            }
        }
    }
    // Of one day, those whose time of day is known come first.
    all.sort_by(|a, b| {
        let day = |sighting: &PictureSighting| sighting.days.0.or(sighting.days.1).unwrap_or(Date::MAX);
        let minute = |sighting: &PictureSighting| sighting.minute.unwrap_or(i64::MAX);
        (day(a), minute(a), &a.time, a.report_id).cmp(&(day(b), minute(b), &b.time, b.report_id))
    });
    Ok(all)
}

/// The readings of up to `most` reports that carry a picture, those that showed it first; with `quotes`, the words of the sightings are as they
/// may be shown. Where names may have to be left out and the report was not looked at, its words are.
pub(super) fn read_carriers(
    reader: &Reader<'_>,
    sightings: &mut [PictureSighting],
    quotes: Quotes,
    most: usize,
) -> Result<BTreeMap<u64, Read>, CaseError> {
    let mut reads: BTreeMap<u64, Read> = BTreeMap::new();
    let mut unread: BTreeSet<u64> = BTreeSet::new();
    for report in sightings.iter().filter_map(|sighting| sighting.report_id) {
        if reads.len() < most && !reads.contains_key(&report) && !unread.contains(&report) {
            match reader.reading(report)? {
                Some(reading) => drop(reads.insert(report, Read::new(reading, quotes))),
                None => drop(unread.insert(report)),
            }
        }
    }
    for sighting in sightings.iter_mut().filter(|sighting| sighting.title.is_none()) {
        let read = sighting.report_id.and_then(|report| reads.get(&report));
        sighting.opening = read.map(|read| opening(&read.words(&read.reading.document.text)));
    }
    if quotes == Quotes::NamesWithheld {
        for sighting in sightings {
            let Some(report) = sighting.report_id.filter(|report| !unread.contains(report)) else { continue };
            let read = reads.get(&report);
            let words = [&mut sighting.title, &mut sighting.alt, &mut sighting.caption, &mut sighting.address];
            for words in words.into_iter().filter(|words| words.is_some()) {
                *words = read.zip(words.as_ref()).map(|(read, words)| read.protected.masked(words));
            }
            sighting.name = read.map_or_else(|| "picture".to_owned(), |read| read.protected.masked(&sighting.name));
        }
    }
    Ok(reads)
}

/// How a text begins, at most 240 characters of it.
fn opening(text: &str) -> String {
    match text.char_indices().nth(OPENING) {
        Some((end, _)) => {
            let begun = text.get(..end).unwrap_or(text);
            format!("{} …", begun.rsplit_once(' ').map_or(begun, |(whole, _)| whole))
        }
        None => text.to_owned(),
    }
}

/// How a picture travelled: who showed it when, whose message was passed on, where reports say that it was posted.
fn spread(reader: &Reader<'_>, sightings: &[PictureSighting], said: &[PictureSaid]) -> Result<Spread, CaseError> {
    let mut shown: Vec<PictureShown> = Vec::new();
    for sighting in sightings {
        let altered = sighting.how.kind != "same-bytes";
        if let Some(known) = shown.iter_mut().find(|known| known.report.is_some() && known.report == sighting.report_id) {
            known.altered &= altered;
            continue;
        }
        let row = sighting.report_id.map(|report| reader.report(report)).transpose()?.flatten();
        let copy_of = match sighting.report_id {
            Some(report) => Some(Indexes::cluster(reader, report)?).filter(|&first| first != report),
            None => None,
        };
        shown.push(PictureShown {
            report: sighting.report_id,
            file: sighting.name.clone(),
            outlet: sighting.outlet.clone(),
            published: (sighting.time_is == "published").then(|| sighting.time.clone()),
            copy_of,
            posted_by: sighting.report.as_ref().map(|report| posted_by(said, report)).unwrap_or_default(),
            forwarded_from: sighting.forwarded_from.clone(),
            withdrawn: row.is_some_and(|row| row.status_why.is_some()),
            altered,
        });
    }
    Ok(Spread::of_picture(shown, &outlet_table(reader)?))
}

/// Where a report says that its pictures and videos were posted: the channel, who posted them, the platform, whatever is nearest.
fn posted_by(said: &[PictureSaid], report: &str) -> Vec<String> {
    let told = said.iter().filter(|said| said.report == report).filter_map(|said| said.circulation.as_ref());
    let mut names: Vec<String> = Vec::new();
    for circulation in told.filter(|circulation| circulation.held) {
        let nearest = circulation.channel.iter().chain(&circulation.by).chain(&circulation.platforms).next();
        if let Some(name) = nearest.filter(|name| !names.contains(name)) {
            names.push(name.clone());
        }
    }
    names
}

impl Case {
    /// A picture of the case with all that is known of it.
    ///
    /// # Errors
    /// When there is no such picture, or its original is damaged.
    pub fn picture_page(&self, sha256: &str, quotes: Quotes) -> Result<PicturePage, CaseError> {
        let reader = self.book.read();
        let missing = || CaseError::Missing(format!("picture {sha256}"));
        let row = reader.picture(sha256)?.ok_or_else(missing)?;
        let bytes = reader.original(sha256)?.ok_or_else(missing)?;
        let family = Family::of(&reader, sha256)?.ok_or_else(missing)?;
        let of_others = sightings(&reader, &family.through_others)?;
        let mut sightings = sightings(&reader, &family.direct)?;
        let reads = read_carriers(&reader, &mut sightings, quotes, MOST_READ)?;
        let carried = carried(&reader, &sightings, &reads)?;
        let mut metadata: Option<Metadata> = row.metadata.as_ref().and_then(|json| serde_json::from_str(json).ok());
        if let (Some(metadata), Quotes::NamesWithheld) = (&mut metadata, quotes) {
            for stated in [&mut metadata.captions, &mut metadata.headlines].into_iter().flatten() {
                stated.value =
                    reads.values().fold(std::mem::take(&mut stated.value), |words, read| read.protected.masked(&words));
            }
        }
        let veil = Veil::of(&reader, sha256)?;
        let mut cluster = Vec::new();
        for (key, how) in family.direct.iter().filter(|(key, _)| key.sha256 != sha256).chain(&family.through_others) {
            let first = sightings.iter().chain(&of_others).find(|sighting| sighting.picture == key.sha256);
            cluster.push(Resembling {
                sha256: key.sha256.clone(),
                how: how.clone(),
                how_in_words: how.words(),
                first_seen: first.map(|first| first.time.clone()),
                veil: veil.as_ref().map(|veil| veil.over(&reader, &key.sha256)).transpose()?,
            });
        }
        let facts = PictureFacts::of(&row, bytes.len() as u64);
        let said = said(&reader, &sightings, &reads)?;
        Ok(PicturePage {
            facts,
            pdq: row.pdq.as_ref().map(|pdq| Pdq::from_bytes(pdq).to_string()),
            quality: row.quality,
            veil,
            warnings: warnings(&sightings, &carried, &said, metadata.as_ref()),
            tellings: carried.iter().map(Carried::telling).collect(),
            spread: spread(&reader, &sightings, &said)?,
            cluster,
            captions: captions(&sightings, metadata.as_ref()),
            words: words(row.words.as_deref(), quotes, reads.values().map(|read| &read.protected)),
            said,
            credentials: row.credentials.as_ref().and_then(|json| serde_json::from_str(json).ok()),
            metadata,
            sightings,
        })
    }
}

/// Words that go with a picture, each once.
fn captions(sightings: &[PictureSighting], metadata: Option<&Metadata>) -> Vec<PictureCaption> {
    let mut all: Vec<PictureCaption> = Vec::new();
    for sighting in sightings {
        let Some(report) = &sighting.report else { continue };
        for (kind, words) in [("title", &sighting.title), ("caption", &sighting.caption), ("alt", &sighting.alt)] {
            if let Some(words) = words {
                let caption = PictureCaption { of: report.clone(), kind: kind.to_owned(), words: words.clone() };
                if !all.contains(&caption) {
                    all.push(caption);
                }
            }
        }
    }
    for stated in metadata.iter().flat_map(|metadata| &metadata.captions) {
        all.push(PictureCaption { of: "file".to_owned(), kind: "caption".to_owned(), words: stated.value.clone() });
    }
    all
}
