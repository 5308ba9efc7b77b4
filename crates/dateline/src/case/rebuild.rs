//! Making the views anew from the record: no report is read again, and what people decided stays.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::{Review, ReviewQuery, Writer};
use dateline_corroborate::Sketch;
use serde_json::Value;

use super::add::prepare;
use super::assess::{outlet_table, refresh};
use super::decide::moved;
use super::index::{Indexes, Kept};
use super::pictures::note_report;
use super::{Case, CaseError};

/// Rows that are looked up at once.
const PAGE: usize = 500;

/// What the views came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Reports.
    pub reports: u64,
    /// What they tell of.
    pub happenings: u64,
    /// Events.
    pub events: u64,
    /// Pictures that were looked at again.
    pub pictures: u64,
    /// Key frames that were taken of videos which had none.
    pub frames: u64,
    /// Videos that still have none.
    pub without_frames: u64,
    /// Why the first of them has none.
    pub why_without_frames: Option<String>,
    /// In words, how many pictures could not be looked at for text, and why, where that is wanted and the program is there.
    pub unread: Option<String>,
    /// Decisions on events that nobody tells of any more, or under another name.
    pub orphaned: Vec<u64>,
}

impl Case {
    /// Throws away what was computed (copies, events, their status, the words to search by) and makes it anew from reports, readings and
    /// decisions, as the rules of this version have it. `on` hears how many reports are done. Then each picture is looked at again, and of
    /// videos without key frames these are taken, where there is a program for it now.
    ///
    /// All but the pictures is one transaction: others see the views of before until it ends, and an interrupted one changes nothing. Events are named after
    /// the same happenings, so their ids stay where the rules join and part as before. Happenings are entered in the order of their ids,
    /// and all joins and parts by people after that.
    ///
    /// # Errors
    /// When the record can't be read or written.
    pub fn rebuild(&mut self, on: &mut dyn FnMut(u64)) -> Result<Rebuilt, CaseError> {
        let stamp = self.stamp();
        let salt = self.salt.clone();
        let total = self.book.write(|writer| {
            let updated = Updated::of(writer)?;
            writer.clear_views()?;
            let mut total = Rebuilt::default();
            pages(
                writer,
                |writer, after| Ok(writer.report_ids(after, PAGE)?),
                |writer, report| {
                    tell(writer, report, &salt)?;
                    total.reports += 1;
                    on(total.reports);
                    Ok(())
                },
            )?;
            Indexes::new(writer).mark_version()?;
            pages(
                writer,
                |writer, after| Ok(writer.happening_ids(after, PAGE)?),
                |writer, happening| {
                    total.happenings += 1;
                    Indexes::new(writer).enter_again(happening)
                },
            )?;
            pages(writer, standing, decide_again)?;
            let outlets = outlet_table(writer)?;
            pages(
                writer,
                |writer, after| Ok(writer.event_ids(after, PAGE)?),
                |writer, event| {
                    total.events += 1;
                    refresh(writer, &BTreeSet::from([event]), &outlets, updated.of_event(event).unwrap_or(&stamp.at))
                },
            )?;
            pages(writer, standing, |writer, review| {
                if is_orphaned(writer, review)? {
                    total.orphaned.push(review);
                }
                Ok(())
            })?;
            Ok::<_, CaseError>(total)
        })?;
        let looked = self.look_at_all_again()?;
        let total = Rebuilt {
            pictures: looked.pictures,
            frames: looked.frames,
            without_frames: looked.without_frames,
            why_without_frames: looked.why,
            unread: self.unread_pictures(),
            ..total
        };
        self.book.optimize()?;
        Ok(total)
    }
}

/// Goes through ids in their order, a page at a time.
fn pages(
    writer: &mut Writer<'_>,
    page: impl Fn(&Writer<'_>, u64) -> Result<Vec<u64>, CaseError>,
    mut each: impl FnMut(&mut Writer<'_>, u64) -> Result<(), CaseError>,
) -> Result<(), CaseError> {
    let mut after = 0;
    loop {
        let ids = page(writer, after)?;
        let Some(&last) = ids.last() else { return Ok(()) };
        after = last;
        for id in ids {
            each(writer, id)?;
        }
    }
}

/// Files a report's text and words, and brings its happenings in line with its reading. One whose trigger is the same keeps its id.
fn tell(writer: &mut Writer<'_>, id: u64, salt: &str) -> Result<(), CaseError> {
    let Some(report) = writer.full_report(id)? else { return Ok(()) };
    Indexes::new(writer).copies(id, &Sketch::of(&report.text))?;
    let prepared = writer.reading(id)?.map(|reading| prepare(reading, salt));
    let (told, indexed) = prepared.map(|prepared| (prepared.told, prepared.indexed)).unwrap_or_default();
    let (title, text) = indexed.unwrap_or_else(|| (report.title.unwrap_or_default(), report.text));
    writer.index_text(id, &title, &text)?;
    let mut old = Kept::of_report(writer, id)?;
    for told in told {
        let same = Kept::same_as(&old, &told).map(|at| old.remove(at).0.id);
        Indexes::new(writer).keep(same, id, None, told)?;
    }
    for (happening, _) in old {
        writer.delete_happening(happening.id)?;
    }
    note_report(writer, id)
}

/// Decisions that stand, a page of them.
fn standing(writer: &Writer<'_>, after: u64) -> Result<Vec<u64>, CaseError> {
    let query = ReviewQuery { standing: true, after, limit: PAGE, ..ReviewQuery::default() };
    Ok(writer.reviews(&query)?.rows.iter().map(|review| review.id).collect())
}

/// Joins or parts events as a decision says, if that is what it is.
fn decide_again(writer: &mut Writer<'_>, id: u64) -> Result<(), CaseError> {
    let Some(review) = writer.review(id)? else { return Ok(()) };
    let Some(event) = event_of(&review) else { return Ok(()) };
    match review.kind.as_str() {
        "merge" => {
            for (happening, _) in moved(&review)? {
                Indexes::new(writer).assign(happening, event)?;
            }
        }
        "split" => {
            Indexes::new(writer).part(event, &moved(&review)?.into_iter().map(|(happening, _)| happening).collect())?;
        }
        _ => {}
    }
    Ok(())
}

/// Whether a decision's event is gone, though nobody moved the happening that it was named after.
fn is_orphaned(writer: &mut Writer<'_>, id: u64) -> Result<bool, CaseError> {
    match writer.review(id)?.as_ref().and_then(event_of) {
        Some(event) => Ok(writer.event(event)?.is_none() && Indexes::new(writer).by_hand(event)?.is_none()),
        None => Ok(false),
    }
}

fn event_of(review: &Review) -> Option<u64> {
    review.subject.get("event").and_then(Value::as_u64)
}

/// When each event was last told anew: making views anew is no news. Events that were told in one transaction share the instant.
struct Updated {
    instants: Vec<String>,
    events: Vec<(u64, u32)>,
}

impl Updated {
    fn of(writer: &Writer<'_>) -> Result<Self, CaseError> {
        let (mut known, mut updated) = (BTreeMap::new(), Self { instants: Vec::new(), events: Vec::new() });
        let mut after = 0;
        loop {
            let page = writer.events_updated(after, PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(updated) };
            after = *last;
            for (event, at) in page {
                let nth = *known.entry(at).or_insert_with_key(|at| {
                    updated.instants.push(at.clone());
                    updated.instants.len() - 1
                });
                updated.events.push((event, nth as u32));
            }
        }
    }

    fn of_event(&self, event: u64) -> Option<&str> {
        let at = self.events.binary_search_by_key(&event, |&(event, _)| event).ok()?;
        self.instants.get(self.events.get(at)?.1 as usize).map(String::as_str)
    }
}
