//! Reading all reports again after an upgrade.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use dateline_casebook::{Casebook, Writer};
use dateline_corroborate::Sketch;
use dateline_record::Report;

use super::add::{AHEAD, Prepared, prepare, version_of};
use super::assess::{outlet_table, refresh};
use super::index::{Indexes, Kept};
use super::pictures::{note_captions, note_report, read_captions, words_of};
use super::told::Told;
use super::{Case, CaseError};
use crate::{Dateline, ReadError};

/// Reports that are read again in one transaction.
const BATCH: usize = 64;

/// What a new reading changed in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The report.
    pub report: u64,
    /// Happenings that are told now and were not before, in words.
    pub added: Vec<String>,
    /// Happenings that were told before and are not now.
    pub gone: Vec<String>,
    /// Happenings whose type, actors, place, time or counts are read differently.
    pub changed: Vec<String>,
    /// Decisions on events that nobody tells of any more.
    pub orphaned: Vec<u64>,
}

/// What reading again came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// Reports that were read again.
    pub read: u64,
    /// Reports that say something else now.
    pub changed: u64,
    /// Reports that could not be read.
    pub failed: u64,
}

impl Case {
    /// Reads every report again that another version has read (all of them if `all`). Decisions stay; `on` hears what changed.
    ///
    /// # Errors
    /// When the record can't be read or written; what was reported is kept, and the next call goes on.
    pub fn reread(&mut self, dateline: &Dateline, all: bool, on: &mut dyn FnMut(&Change)) -> Result<Reread, CaseError> {
        let version = version_of(dateline.versions());
        let stamp = self.stamp();
        let version = self.book.write(|writer| writer.version(&version, &stamp))?;
        let ids = Casebook::read_only(self.book.dir())?;
        let texts = Casebook::read_only(self.book.dir())?;
        let mut after = 0;
        let mut page: std::vec::IntoIter<u64> = Vec::new().into_iter();
        let inputs = std::iter::from_fn(move || {
            let id = match page.next() {
                Some(id) => id,
                None => {
                    let reader = ids.read();
                    let next =
                        if all { reader.report_ids(after, 1000) } else { reader.reports_to_read_again(version, after, 1000) };
                    page = next.ok()?.into_iter();
                    page.next()?
                }
            };
            after = id;
            let reader = texts.read();
            let report = reader.full_report(id).ok().flatten().ok_or(ReadError::Empty);
            let words = reader.words_on_media(id).unwrap_or_default();
            let words = words.iter().filter_map(|(_, shown)| words_of(shown.caption.as_deref(), shown.alt.as_deref()));
            Some((id, report.map(|report| (report, words.collect::<Vec<String>>()))))
        });
        let mut total = Reread::default();
        let mut batch: Vec<(u64, Result<Prepared, ReadError>)> = Vec::new();
        let mut result = Ok(());
        let salt = self.salt.clone();
        let book = &mut self.book;
        let mut keep = |batch: &mut Vec<(u64, Result<Prepared, ReadError>)>, total: &mut Reread| -> Result<(), CaseError> {
            let batch = std::mem::take(batch);
            let changes = book.write(|writer| {
                let outlets = outlet_table(writer)?;
                let (mut changes, mut touched) = (Vec::new(), BTreeSet::new());
                for (id, again) in batch {
                    changes.push(match again {
                        Ok(again) => Some(replace(writer, id, again, version, &stamp, &mut touched)?),
                        Err(error) => {
                            writer.put_reading_error(id, &error.to_string(), version, &stamp)?;
                            None
                        }
                    });
                }
                refresh(writer, &touched, &outlets, &stamp.at)?;
                Ok::<_, CaseError>(changes)
            })?;
            for change in changes {
                total.read += 1;
                match change {
                    Some(change) if change != (Change { report: change.report, ..Change::none() }) => {
                        total.changed += 1;
                        on(&change);
                    }
                    Some(_) => {}
                    None => total.failed += 1,
                }
            }
            Ok(())
        };
        dateline.each(
            inputs,
            AHEAD,
            |_, (report, _)| report.text.len(),
            |worker, (report, words): (Report, Vec<String>)| {
                let prepared = prepare(dateline.read_with(worker, &report)?, &salt);
                Ok(Prepared { captions: read_captions(dateline, worker, &report, words), ..prepared })
            },
            |id, again| {
                batch.push((id, again));
                if batch.len() >= BATCH {
                    result = keep(&mut batch, &mut total);
                }
                if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        result?;
        keep(&mut batch, &mut total)?;
        Ok(total)
    }
}

impl Change {
    fn none() -> Self {
        Self { report: 0, added: Vec::new(), gone: Vec::new(), changed: Vec::new(), orphaned: Vec::new() }
    }
}

/// Puts a new reading in the place of the old one. A happening whose trigger is the same keeps its id, and with it its event and all
/// that was decided of it.
fn replace(
    writer: &mut Writer<'_>,
    id: u64,
    again: Prepared,
    version: u64,
    stamp: &dateline_casebook::Stamp,
    touched: &mut BTreeSet<u64>,
) -> Result<Change, CaseError> {
    let mut change = Change { report: id, ..Change::none() };
    writer.put_reading(id, &again.reading, version, stamp)?;
    note_captions(writer, id, &again.captions)?;
    if let Some((title, text)) = &again.indexed {
        writer.index_text(id, title, text)?;
    }
    let mut indexes = Indexes::new(writer);
    if indexes.is_new_text(id)? {
        indexes.copies(id, &Sketch::of(&again.reading.document.text))?;
    }
    let mut old = Kept::of_report(writer, id)?;
    for told in again.told {
        match Kept::same_as(&old, &told).map(|at| old.remove(at)) {
            Some((happening, kept)) => {
                let differs = !kept.says_the_same(&told);
                touched.extend(happening.event);
                if differs {
                    change.changed.push(words(&told));
                }
                touched.extend(Indexes::new(writer).replace(happening.id, id, told)?);
            }
            None => {
                change.added.push(words(&told));
                touched.extend(Indexes::new(writer).enter(id, told)?);
            }
        }
    }
    for (happening, kept) in old {
        change.gone.push(format!("{} {}", kept.facts.kind.map(|kind| kind.to_string()).unwrap_or_default(), kept.facts.trigger));
        touched.extend(happening.event);
        if let Some(event) = happening.event
            && writer.happening_count(event)? == 1
        {
            change.orphaned.extend(super::decide::Decided::of_event(writer, event)?.history.iter().map(|review| review.id));
        }
        touched.extend(Indexes::new(writer).leave(happening.id)?);
    }
    note_report(writer, id)?;
    Ok(change)
}

fn words(told: &Told) -> String {
    format!("{} {}", told.facts.kind.map(|kind| kind.to_string()).unwrap_or_default(), told.facts.trigger)
}
