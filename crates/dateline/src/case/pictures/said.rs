//! What reports that carry a picture say of pictures and videos, and whether it is this one that they mean.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::Reader;
use dateline_record::{EntityId, EntityKind, Reading};
use serde::Serialize;

use super::page::PictureSighting;
use crate::case::CaseError;
use crate::case::media::{MediaCirculation, Mentioned, mentioned};
use crate::case::sides::Read;

/// Words for one picture and for one video. What speaks of none in particular (*footage*, *imagery*) is not among them.
const PICTURE: [&str; 8] = ["photo", "photograph", "picture", "image", "screenshot", "snapshot", "selfie", "still"];
const VIDEO: [&str; 6] = ["video", "clip", "recording", "film", "videotape", "livestream"];
/// Words before them by which another is meant, or none, or one of several.
const NOT_THIS: [&str; 9] = ["another", "other", "no", "every", "each", "any", "earlier", "previous", "separate"];
/// Endings of files that are videos.
const VIDEO_ENDINGS: [&str; 10] = ["mp4", "m4v", "mov", "webm", "mkv", "avi", "3gp", "mpg", "mpeg", "ogv"];
/// Endings of files that are neither picture nor video.
const OTHER_ENDINGS: [&str; 12] = ["pdf", "doc", "docx", "txt", "mp3", "ogg", "oga", "opus", "m4a", "wav", "zip", "json"];

/// What a report that carries the picture says of pictures and videos: how they travelled, what they are evidence of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureSaid {
    /// `r3`.
    pub report: String,
    /// What the report calls the medium.
    pub medium: String,
    /// What is said of it.
    pub words: String,
    /// Whether it is the picture that this report carries, or the video of which it carries a frame, that is meant: the report carries one of
    /// its kind and speaks of one. Else nobody but a reader can say.
    pub certain: bool,
    /// Why that is certain, or why it is not.
    pub because: String,
    /// How it travelled, where that is what is said.
    pub circulation: Option<MediaCirculation>,
}

/// A picture or a video.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Picture,
    Video,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Video => "video",
        }
    }

    fn singular(self) -> &'static [&'static str] {
        match self {
            Self::Picture => &PICTURE,
            Self::Video => &VIDEO,
        }
    }
}

/// What reports that carry a picture say of pictures and videos, each once.
pub(super) fn said(
    reader: &Reader<'_>,
    sightings: &[PictureSighting],
    reads: &BTreeMap<u64, Read>,
) -> Result<Vec<PictureSaid>, CaseError> {
    let mut all: Vec<PictureSaid> = Vec::new();
    let mut seen = BTreeSet::new();
    for sighting in sightings {
        let Some((report, read)) = sighting.report_id.and_then(|report| Some((report, reads.get(&report)?))) else { continue };
        if !seen.insert(report) {
            continue;
        }
        // A frame counts as the video that the report carries.
        let kinds: BTreeSet<bool> =
            sightings.iter().filter(|other| other.report_id == Some(report)).map(|other| other.video.is_some()).collect();
        let kind = match kinds.first() {
            _ if kinds.len() > 1 => None,
            Some(true) => Some(Kind::Video),
            _ => Some(Kind::Picture),
        };
        let carried = kind.map(|kind| carried(reader, report, kind)).transpose()?;
        let events: Vec<String> = read.reading.events.iter().map(|event| event.id.to_string()).collect();
        let locals: Vec<&str> = events.iter().map(String::as_str).collect();
        for Mentioned { name, kind: of, words, entity, circulation } in mentioned(read, &locals) {
            if of != "media" {
                continue;
            }
            let why = match (kind, carried) {
                (Some(kind), Some(carried)) => meant(&read.reading, entity, kind, carried),
                _ => Err("the report carries it as a picture and in a video".to_owned()),
            };
            let certain = why.is_ok();
            let because = why.unwrap_or_else(|why| why);
            let said = PictureSaid { report: format!("r{report}"), medium: name, words, certain, because, circulation };
            if !all.contains(&said) {
                all.push(said);
            }
        }
    }
    Ok(all)
}

/// How many pictures or videos a report carries or names. What may be of the kind counts, so that too many are counted rather than too few.
fn carried(reader: &Reader<'_>, report: u64, kind: Kind) -> Result<usize, CaseError> {
    let files = reader.media(report)?;
    let mut hashes = BTreeSet::new();
    let mut count = 0;
    for (name, sha256) in &files {
        let found = if reader.picture(sha256)?.is_some() {
            Some(Kind::Picture)
        } else if ends_in(name, &VIDEO_ENDINGS) || !reader.frames(sha256)?.is_empty() {
            Some(Kind::Video)
        } else {
            None
        };
        if found == Some(kind) && hashes.insert(sha256) {
            count += 1;
        }
    }
    let named: BTreeSet<String> = match reader.report(report)? {
        Some(row) => row.provenance.media.into_iter().filter(|name| !files.iter().any(|(file, _)| file == name)).collect(),
        None => BTreeSet::new(),
    };
    let may_be = |name: &&String| match (ends_in(name, &VIDEO_ENDINGS), ends_in(name, &OTHER_ENDINGS)) {
        (true, _) => kind == Kind::Video,
        (false, other) => kind == Kind::Picture && !other,
    };
    Ok(count + named.iter().filter(may_be).count())
}

fn ends_in(name: &str, endings: &[&str]) -> bool {
    let path = name.split(['?', '#']).next().unwrap_or(name);
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending.to_ascii_lowercase().as_str()))
}

/// Whether a medium that a report speaks of is the one that it carries; why, or why not.
fn meant(reading: &Reading, medium: EntityId, kind: Kind, carried: usize) -> Result<String, String> {
    let noun = kind.name();
    if carried != 1 {
        return Err(format!("the report carries or names {carried} {noun}s"));
    }
    let media = || reading.entities.iter().filter(|entity| entity.kind == EntityKind::Media);
    // Of each thing that it speaks of: whether it is one of the kind, and whether it may be.
    let words = |id: EntityId| media().filter(move |entity| entity.id == id).flat_map(|entity| &entity.mentions);
    let mut singular = false;
    for mention in words(medium) {
        match number(mention.text(), kind) {
            Some(true) => singular = true,
            Some(false) => return Err(format!("it is not spoken of as one {noun}: “{}”", mention.text())),
            None => {}
        }
    }
    if !singular {
        return Err(format!("it is not spoken of as one {noun}"));
    }
    let others = media().filter(|entity| entity.id != medium);
    let same_kind = others.filter(|entity| entity.mentions.iter().any(|mention| is_of_kind(mention.text(), kind))).count();
    if same_kind > 0 {
        return Err(format!("the report speaks of more than one {noun}"));
    }
    Ok(format!("the report carries one {noun} and speaks of one"))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether words name one picture or video: true for *the photo*, false for *photos*, *another photo* and *footage*, none where nothing is
/// said of it (*it*, *which*).
fn number(text: &str, kind: Kind) -> Option<bool> {
    let words = words(text);
    if words.iter().any(|word| NOT_THIS.contains(&word.as_str())) {
        return Some(false);
    }
    let last = words.last()?;
    if kind.singular().contains(&last.as_str()) {
        return Some(true);
    }
    // The head stands last in what a reading calls a mention; where it does not, a word of the kind in it is enough.
    match words.iter().any(|word| kind.singular().contains(&word.as_str())) {
        true => Some(true),
        false if matches!(last.as_str(), "it" | "which" | "that" | "this" | "one") => None,
        false => Some(false),
    }
}

/// Whether words may name a picture or video of the kind, one or many.
fn is_of_kind(text: &str, kind: Kind) -> bool {
    let open = match kind {
        Kind::Picture => ["imagery", "photo", "picture"],
        Kind::Video => ["footage", "video", "cctv"],
    };
    words(text).iter().any(|word| {
        let one = word.strip_suffix('s').unwrap_or(word);
        kind.singular().contains(&word.as_str()) || kind.singular().contains(&one) || open.contains(&word.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_one_are_told_from_words_for_many() {
        for (text, kind, expected) in [
            ("a photo", Kind::Picture, Some(true)),
            ("The photo", Kind::Picture, Some(true)),
            ("a photo of the bridge", Kind::Picture, Some(true)),
            ("photos", Kind::Picture, Some(false)),
            ("another photo", Kind::Picture, Some(false)),
            ("a video", Kind::Picture, Some(false)),
            ("a video", Kind::Video, Some(true)),
            ("footage", Kind::Video, Some(false)),
            ("it", Kind::Video, None),
        ] {
            assert_eq!(number(text, kind), expected, "{text}");
        }
        assert!(is_of_kind("two photos", Kind::Picture) && is_of_kind("drone footage", Kind::Video));
        assert!(!is_of_kind("the video", Kind::Picture) && !is_of_kind("the report", Kind::Video));
    }

    #[test]
    fn files_are_told_by_their_endings() {
        assert!(ends_in("https://a.example/b.MP4?x=1.jpg", &VIDEO_ENDINGS));
        assert!(!ends_in("photo", &VIDEO_ENDINGS) && !ends_in("a.jpg", &VIDEO_ENDINGS));
    }
}
