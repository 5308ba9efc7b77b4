//! Bringing reports in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use dateline_casebook::{Casebook, NewReport, Stamp, Writer};
use dateline_collect::{CollectError, Collected, Reason, is_video};
use dateline_corroborate::{OutletTable, Sketch};
use dateline_record::{Reading, Report};

use super::assess::{outlet_table, refresh};
use super::index::Indexes;
use super::pictures::{Captions, keep_media, note_captions, note_report, put_all, read_captions, reasons, sha256, words_of};
use super::told::{Told, told};
use super::{Case, CaseError};
use crate::render::person::Protected;
use crate::stream::Ahead;
use crate::{Dateline, ReadError, Versions};

/// Reports that are kept in one transaction, at most: rows of index tables lie scattered, and pages that many reports touch are then written
/// once.
const BATCH: usize = 256;
/// The same in bytes of originals and texts.
const BATCH_BYTES: usize = 16 << 20;
/// A report waits no longer than this to be kept.
const PATIENCE: Duration = Duration::from_secs(2);
/// While one batch is written the next is read.
pub(super) const AHEAD: Ahead = Ahead { items: BATCH, bytes: BATCH_BYTES };

/// What became of one input.
#[derive(Debug)]
pub enum AddOutcome {
    /// A report was kept.
    New {
        /// Its id.
        report: u64,
        /// The input.
        name: String,
        /// The first report of which it is a copy.
        copy_of: Option<u64>,
        /// Claims read in it.
        claims: usize,
        /// Why it was not read.
        not_read: Option<String>,
        /// What a person should know of the capture.
        warnings: Vec<String>,
    },
    /// The case has it already.
    Known {
        /// Its id.
        report: u64,
        /// The input.
        name: String,
        /// What a person should know of what came with it.
        warnings: Vec<String>,
    },
    /// A picture or video by itself, which no report of the case carries: it was not kept. [`Case::add_picture`] would do that.
    Alone {
        /// The input.
        name: String,
        /// `a picture` or `a video`.
        what: &'static str,
    },
    /// Nothing could be kept.
    Failed {
        /// The input.
        name: String,
        /// Why.
        why: ReadError,
    },
}

/// What became of all inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Reports kept.
    pub new: u64,
    /// Of these, copies of others.
    pub copies: u64,
    /// Of these, not read: another language, or a failure.
    pub not_read: u64,
    /// Claims read.
    pub claims: u64,
    /// Events that are new or told anew.
    pub events: BTreeSet<u64>,
    /// Inputs that the case had already.
    pub known: u64,
    /// Inputs that gave no report.
    pub failed: u64,
    /// Pictures and videos by themselves, which no report carries: they were left.
    pub alone: u64,
    /// Key frames of videos that were kept.
    pub frames: u64,
    /// Videos that were kept without key frames: ffmpeg is not there, or found none.
    pub without_frames: u64,
    /// Whether a picture could not be looked at for text, though that is wanted and the program is there.
    pub unread: bool,
}

impl Tally {
    /// Takes in what another run brought.
    pub fn join(&mut self, other: Self) {
        self.new += other.new;
        self.copies += other.copies;
        self.not_read += other.not_read;
        self.claims += other.claims;
        self.known += other.known;
        self.failed += other.failed;
        self.alone += other.alone;
        self.frames += other.frames;
        self.without_frames += other.without_frames;
        self.unread |= other.unread;
        self.events.extend(other.events);
    }
}

/// Who is told of each input, in order, once it is kept for good.
pub type Adding<'a> = dyn FnMut(AddOutcome) + 'a;

/// A report to be brought in.
#[derive(Debug)]
pub struct Incoming {
    /// The report.
    pub collected: Collected,
    /// Feed and item, of what a feed brought: an item that was seen once is not taken again.
    pub item: Option<(String, String)>,
}

impl From<Collected> for Incoming {
    fn from(collected: Collected) -> Self {
        Self { collected, item: None }
    }
}

/// An input on its way.
enum Taken {
    Report { incoming: Box<Incoming>, known: Option<u64> },
    Failed(String),
}

impl Taken {
    /// Bytes that it holds.
    fn size(&self) -> usize {
        match self {
            Self::Report { incoming, .. } => {
                let Collected { report, original, media, .. } = &incoming.collected;
                original.len() + report.text.len() + media.iter().map(|medium| medium.bytes.len()).sum::<usize>()
            }
            Self::Failed(_) => 0,
        }
    }
}

/// An input, its report's id where the case has it already, and else what was read.
type Read = (Box<Incoming>, Option<u64>, Result<Option<Prepared>, ReadError>);

/// A report as a thread has read it.
pub(super) struct Prepared {
    pub(super) reading: Reading,
    pub(super) told: Vec<Told>,
    pub(super) indexed: Option<(String, String)>,
    pub(super) captions: Captions,
}

impl Case {
    /// Reads `inputs` with all threads of `dateline` and keeps them, in order, in transactions of up to 256 reports; `on` hears of each input
    /// when it is safe on disk. Reports that are there already are neither kept nor read again. Pictures that come with them are looked at
    /// ([`Decoding`](super::Decoding)); one that can't be decoded is kept with the reason. Of videos, key frames are kept and looked at
    /// ([`Case::video_frames`]). Files that are no reports, as the pictures of saved pages beside them, are passed over where a report carries
    /// them; the others are told of at the end.
    ///
    /// # Errors
    /// When the record can't be written; what was reported to `on` is kept.
    pub fn add(
        &mut self,
        dateline: &Dateline,
        inputs: impl Iterator<Item = Result<Incoming, CollectError>> + Send,
        on: &mut Adding<'_>,
    ) -> Result<Tally, CaseError> {
        let known = Casebook::read_only(self.book.dir())?;
        let salt = self.salt.clone();
        let inputs = inputs.map(move |item| match item {
            Ok(incoming) => {
                // Where the look-up fails, the writer finds out.
                let known = known.read().find_report(&incoming.collected.report).ok().flatten();
                let words = || captions_of(&incoming.collected);
                let report = known.is_none().then(|| (incoming.collected.report.clone(), words()));
                (Taken::Report { incoming: Box::new(incoming), known }, Ok(report))
            }
            Err(error) => (Taken::Failed(error.input), Err(ReadError::Collect(error.reason))),
        });
        let mut tally = Tally::default();
        let mut batch = Vec::new();
        let mut bytes = 0;
        let mut begun = Instant::now();
        let mut result = Ok(());
        // What is no report by itself, each once: it may come with a report that comes after.
        let mut media: BTreeMap<String, (String, Reason)> = BTreeMap::new();
        let outlets = outlet_table(&self.book.read())?;
        dateline.each(
            inputs,
            AHEAD,
            |taken, _| taken.size(),
            |worker, report: Option<(Report, Vec<String>)>| {
                let Some((report, words)) = report else { return Ok(None) };
                let prepared = prepare(dateline.read_with(worker, &report)?, &salt);
                Ok(Some(Prepared { captions: read_captions(dateline, worker, &report, words), ..prepared }))
            },
            |taken, prepared| {
                let size = taken.size();
                match (taken, prepared) {
                    (Taken::Failed(name), Err(ReadError::Collect(reason @ Reason::Medium { .. }))) => {
                        if let Reason::Medium { sha256, .. } = &reason {
                            media.entry(sha256.clone()).or_insert((name, reason));
                        }
                    }
                    (Taken::Failed(name), Err(why)) => {
                        // Order is kept: what came before is told first.
                        result = self.keep(&mut batch, dateline.versions(), &outlets, &mut tally, on);
                        tally.failed += 1;
                        on(AddOutcome::Failed { name, why });
                    }
                    (Taken::Failed(_), Ok(_)) => {}
                    (Taken::Report { incoming, known }, prepared) => {
                        if batch.is_empty() {
                            (begun, bytes) = (Instant::now(), 0);
                        }
                        batch.push((incoming, known, prepared));
                        bytes += size;
                        if batch.len() >= BATCH || bytes >= BATCH_BYTES || begun.elapsed() > PATIENCE {
                            result = self.keep(&mut batch, dateline.versions(), &outlets, &mut tally, on);
                        }
                    }
                }
                if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        result?;
        self.keep(&mut batch, dateline.versions(), &outlets, &mut tally, on)?;
        let reader = self.book.read();
        let mut left = Vec::new();
        for (sha256, (name, reason)) in media {
            if reader.shown(&sha256)?.is_empty() && reader.sightings(&sha256)?.is_empty() {
                left.push((name, reason));
            }
        }
        left.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (name, reason) in left {
            match reason {
                Reason::Medium { what, visual: true, .. } => {
                    tally.alone += 1;
                    on(AddOutcome::Alone { name, what });
                }
                why => {
                    tally.failed += 1;
                    on(AddOutcome::Failed { name, why: ReadError::Collect(why) });
                }
            }
        }
        Ok(tally)
    }

    /// Keeps a batch in one transaction.
    fn keep(
        &mut self,
        batch: &mut Vec<Read>,
        versions: &Versions,
        outlets: &OutletTable,
        tally: &mut Tally,
        on: &mut Adding<'_>,
    ) -> Result<(), CaseError> {
        if batch.is_empty() {
            return Ok(());
        }
        let stamp = self.stamp();
        let batch = std::mem::take(batch);
        let media = batch.iter().flat_map(|(incoming, _, _)| &incoming.collected.media);
        let (pictures, blind) = self.look_at_new(media.map(|medium| (medium.name.as_str(), medium.bytes.as_slice())))?;
        let (mut outcomes, touched, kept) = self.book.write(|writer| {
            let version = writer.version(&version_of(versions), &stamp)?;
            let mut touched = BTreeSet::new();
            let (mut outcomes, mut kept) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
            for (incoming, known, prepared) in batch {
                outcomes.push(keep_one(writer, &incoming, known, prepared, version, &stamp, &mut touched)?);
                kept.push(incoming);
            }
            put_all(writer, &pictures)?;
            refresh(writer, &touched, outlets, &stamp.at)?;
            Ok::<_, CaseError>((outcomes, touched, kept))
        })?;
        tally.events.extend(touched);
        self.keep_frames_of(&kept, &mut outcomes, tally)?;
        drop(kept);
        if let Some(why) = self.unread_pictures()
            && !std::mem::replace(&mut tally.unread, true)
            && let Some(AddOutcome::New { warnings, .. } | AddOutcome::Known { warnings, .. }) = outcomes.first_mut()
        {
            warnings.push(why);
        }
        if let (Some(why), Some(AddOutcome::New { warnings, .. })) = (blind.first(), outcomes.first_mut()) {
            warnings.push(format!("{} pictures were kept but not looked at: {why}", blind.len()));
        }
        for outcome in outcomes {
            match &outcome {
                AddOutcome::New { copy_of, claims, not_read, .. } => {
                    tally.new += 1;
                    tally.copies += u64::from(copy_of.is_some());
                    tally.claims += *claims as u64;
                    tally.not_read += u64::from(not_read.is_some());
                }
                AddOutcome::Known { .. } => tally.known += 1,
                AddOutcome::Failed { .. } => tally.failed += 1,
                AddOutcome::Alone { .. } => tally.alone += 1,
            }
            on(outcome);
        }
        Ok(())
    }
}

impl Case {
    /// Keeps key frames of the videos that came with reports; what stands in the way is said with the report's outcome.
    fn keep_frames_of(
        &mut self,
        kept: &[Box<Incoming>],
        outcomes: &mut [AddOutcome],
        tally: &mut Tally,
    ) -> Result<(), CaseError> {
        let media = kept.iter().flat_map(|incoming| &incoming.collected.media);
        let videos: Vec<(&str, &[u8])> = media
            .filter(|medium| is_video(&medium.bytes))
            .map(|medium| (medium.name.as_str(), medium.bytes.as_slice()))
            .collect();
        if videos.is_empty() {
            return Ok(());
        }
        let taken = self.take_frames(&videos)?;
        let said = tally.without_frames > 0;
        for (_, taken) in &taken {
            match taken {
                Ok(frames) => tally.frames += frames,
                Err(_) => tally.without_frames += 1,
            }
        }
        let mut reasons = reasons(taken, said);
        for (incoming, outcome) in kept.iter().zip(outcomes) {
            let (AddOutcome::New { warnings, .. } | AddOutcome::Known { warnings, .. }) = outcome else { continue };
            for medium in incoming.collected.media.iter().filter(|medium| is_video(&medium.bytes)) {
                if let Some(why) = reasons.remove(&sha256(&medium.bytes)) {
                    warnings.push(format!("{}: {why}", medium.name));
                }
            }
        }
        Ok(())
    }
}

/// What the record calls the versions.
pub(super) fn version_of(versions: &Versions) -> dateline_casebook::Version {
    dateline_casebook::Version {
        program: versions.program.clone(),
        model: versions.model.clone(),
        lexicons: versions.lexicons.clone(),
        gazetteer: versions.gazetteer.clone(),
    }
}

/// Takes out of a reading what the case keeps besides.
pub(super) fn prepare(reading: Reading, salt: &str) -> Prepared {
    let protected = Protected::of(&reading);
    let told = told(0, &reading, Some(&protected), salt);
    Prepared { indexed: protected.indexed(&reading), reading, told, captions: Captions::new() }
}

/// The words on the pictures that come with a report.
fn captions_of(collected: &Collected) -> Vec<String> {
    collected.media.iter().filter_map(|medium| words_of(medium.caption.as_deref(), medium.alt.as_deref())).collect()
}

fn keep_one(
    writer: &mut Writer<'_>,
    incoming: &Incoming,
    known: Option<u64>,
    prepared: Result<Option<Prepared>, ReadError>,
    version: u64,
    stamp: &Stamp,
    touched: &mut BTreeSet<u64>,
) -> Result<AddOutcome, CaseError> {
    let Collected { report, provenance, original, .. } = &incoming.collected;
    let name = provenance.input.clone();
    if let Some((feed, item)) = &incoming.item {
        writer.mark_seen(feed, item)?;
    }
    let new = NewReport { report, provenance, original, media_type: provenance.media_type.as_deref() };
    let added = writer.add_report(&new, stamp)?;
    keep_media(writer, added.id, &incoming.collected, stamp)?;
    if !added.new || known.is_some() {
        note_report(writer, added.id)?;
        return Ok(AddOutcome::Known { report: added.id, name, warnings: Vec::new() });
    }
    let id = added.id;
    let mut indexes = Indexes::new(writer);
    let cluster = indexes.copies(id, &Sketch::of(&report.text))?;
    let copy_of = (cluster != id).then_some(cluster);
    let (claims, not_read) = match prepared {
        Ok(Some(prepared)) => {
            writer.put_reading(id, &prepared.reading, version, stamp)?;
            note_captions(writer, id, &prepared.captions)?;
            if let Some((title, text)) = &prepared.indexed {
                writer.index_text(id, title, text)?;
            }
            for told in prepared.told {
                touched.extend(Indexes::new(writer).enter(id, told)?);
            }
            (prepared.reading.claims.len(), prepared.reading.not_read)
        }
        Ok(None) => (0, None),
        Err(error) => {
            let why = error.to_string();
            writer.put_reading_error(id, &why, version, stamp)?;
            (0, Some(why))
        }
    };
    note_report(writer, id)?;
    // Copies that were taken for texts of their own until now count anew.
    touched.extend(Indexes::new(writer).events_of_copies(id)?);
    Ok(AddOutcome::New { report: id, name, copy_of, claims, not_read, warnings: provenance.warnings.clone() })
}
