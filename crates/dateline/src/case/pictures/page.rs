//! What is told of a picture.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::{PictureRow, Reader, ReportRow};
use dateline_media::decode::Finding;
use dateline_media::{Credentials, Foreign, Metadata, Pdq};
use dateline_record::{Date, Edtf};
use serde::Serialize;

use super::index::PictureMatch;
use super::said::{PictureSaid, said};
use super::text::{PictureWords, words};
use super::warnings::warnings;
use crate::case::page::Quotes;
use crate::case::sides::Read;
use crate::case::{Case, CaseError};

/// Reports whose readings are looked at for a picture's page, those that showed it first.
const MOST_READ: usize = 60;

/// What is known of a picture's file.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
pub struct PictureSighting {
    /// When: what the report was published (EDTF), else when it was added to the case (RFC 3339).
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
    /// Address of the report.
    pub url: Option<String>,
    /// Address of the picture.
    pub address: Option<String>,
    /// What was given for those who can't see it.
    pub alt: Option<String>,
    /// What stood below it.
    pub caption: Option<String>,
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
}

/// Where a picture was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundPicture {
    /// The picture that was asked about.
    pub asked: PictureFacts,
    /// Where it, or one like it, was seen, the first first.
    pub sightings: Vec<PictureSighting>,
}

/// A picture like the one shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resembling {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How it is like the one shown.
    pub how: PictureMatch,
    /// The same in words.
    pub how_in_words: String,
    /// When it was first seen.
    pub first_seen: Option<String>,
}

/// Words that go with a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
pub struct PictureWarning {
    /// `older-than-event`, `older-than-report`, `older-than-said`, `taken-before-event`, `different-places` or
    /// `captions-differ`.
    pub kind: String,
    /// In words.
    pub words: String,
}

/// A picture with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PicturePage {
    /// The file.
    #[serde(flatten)]
    pub facts: PictureFacts,
    /// Its PDQ in hexadecimal.
    pub pdq: Option<String>,
    /// How much the PDQ says, 0 to 100.
    pub quality: Option<u8>,
    /// What a person should look at.
    pub warnings: Vec<PictureWarning>,
    /// Where it, or one like it, was seen, the first first.
    pub sightings: Vec<PictureSighting>,
    /// Pictures like it.
    pub cluster: Vec<Resembling>,
    /// Words that go with it.
    pub captions: Vec<PictureCaption>,
    /// Text that was found in it; none where nobody has looked for any.
    pub words: Option<PictureWords>,
    /// What reports that carry it say of pictures and videos.
    pub said: Vec<PictureSaid>,
    /// What the file says of itself.
    pub metadata: Option<Metadata>,
    /// Its content credentials (C2PA), if it bears any.
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
pub(super) fn sightings(reader: &Reader<'_>, alike: &[(PictureRow, PictureMatch)]) -> Result<Vec<PictureSighting>, CaseError> {
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
                time,
                time_is: time_is.to_owned(),
                picture: row.sha256.clone(),
                how: how.clone(),
                how_in_words: how.words(),
                name,
                report: None,
                report_id: None,
                title: None,
                outlet: None,
                forwarded_from: None,
                url: None,
                address: None,
                alt: None,
                caption: None,
                video: frame.map(|_| file.clone()),
                at_ms: frame.flatten(),
                added_by,
            };
            for shown in reader.shown(file)? {
                if let std::collections::btree_map::Entry::Vacant(entry) = reports.entry(shown.report) {
                    entry.insert(reader.report(shown.report)?);
                }
                let Some(Some(report)) = reports.get(&shown.report) else { continue };
                let published = report.published.as_ref().map(|date| date.as_str().to_owned());
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
    // By the day, then by what is written: a time of day follows its day.
    all.sort_by(|a, b| {
        let day = |sighting: &PictureSighting| sighting.days.0.or(sighting.days.1).unwrap_or(Date::MAX);
        (day(a), &a.time, a.report_id).cmp(&(day(b), &b.time, b.report_id))
    });
    Ok(all)
}

impl Case {
    /// A picture of the case with all that is known of it.
    ///
    /// # Errors
    /// When there is no such picture, its original is damaged, or no decoder can be started.
    pub fn picture_page(&self, sha256: &str, quotes: Quotes) -> Result<PicturePage, CaseError> {
        let reader = self.book.read();
        let missing = || CaseError::Missing(format!("picture {sha256}"));
        let row = reader.picture(sha256)?.ok_or_else(missing)?;
        let bytes = reader.original(sha256)?.ok_or_else(missing)?;
        // What mirrors and turns it can't be told from what is kept: it is decoded once more.
        let fingerprints = match row.failure {
            Some(_) => None,
            None => self.pictures.eyes.look(&bytes).map_err(CaseError::Pictures)?.1,
        };
        let alike = self.alike(&reader, sha256, fingerprints.as_ref())?;
        let mut sightings = sightings(&reader, &alike)?;
        let mut reads: BTreeMap<u64, Read> = BTreeMap::new();
        for report in sightings.iter().filter_map(|sighting| sighting.report_id) {
            if reads.len() < MOST_READ
                && !reads.contains_key(&report)
                && let Some(reading) = reader.reading(report)?
            {
                reads.insert(report, Read::new(reading, quotes));
            }
        }
        if quotes == Quotes::NamesWithheld {
            for sighting in &mut sightings {
                if let Some(read) = sighting.report_id.and_then(|report| reads.get(&report)) {
                    for words in [&mut sighting.title, &mut sighting.alt, &mut sighting.caption].into_iter().flatten() {
                        *words = read.protected.masked(words);
                    }
                }
            }
        }
        let metadata: Option<Metadata> = row.metadata.as_ref().and_then(|json| serde_json::from_str(json).ok());
        let cluster = alike.iter().filter(|(row, _)| row.sha256 != sha256).map(|(row, how)| Resembling {
            sha256: row.sha256.clone(),
            how: how.clone(),
            how_in_words: how.words(),
            first_seen: sightings.iter().find(|sighting| sighting.picture == row.sha256).map(|first| first.time.clone()),
        });
        let facts = PictureFacts::of(&row, bytes.len() as u64);
        let said = said(&reader, &sightings, &reads)?;
        Ok(PicturePage {
            facts,
            pdq: row.pdq.as_ref().map(|pdq| Pdq::from_bytes(pdq).to_string()),
            quality: row.quality,
            warnings: warnings(&reader, &sightings, &reads, &said, metadata.as_ref())?,
            cluster: cluster.collect(),
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
