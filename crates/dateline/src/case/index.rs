//! The indexes of corroboration, with their tables in the case: which texts are copies, which happenings are one event.

use std::collections::BTreeSet;
use std::path::PathBuf;

use dateline_casebook::{Happening, NewHappening, Reader, Review, Writer};
use dateline_corroborate::{
    CopyIndex, CopyParams, EventFacts, EventIndex, IndexError, Sketch, Space, Statement, Store, TABLES_VERSION,
};
use dateline_record::{Acled, Context};
use serde::{Deserialize, Serialize};

use super::CaseError;
use super::decide::moved;
use super::told::Told;

/// Table of the events that people have put happenings into; beside those of [`Space`].
const BY_HAND: u8 = 100;
/// Table with one value: the version of all tables.
const VERSION: u8 = 101;

/// What is kept of a happening: all that assessing an event needs, without the reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) facts: EventFacts,
    pub(super) statements: Vec<Statement>,
    pub(super) acled: Option<Acled>,
    pub(super) contexts: Vec<Context>,
    pub(super) triggers: Vec<(usize, usize)>,
}

impl From<Told> for Kept {
    fn from(told: Told) -> Self {
        let Told { facts, statements, acled, contexts, triggers, .. } = told;
        Self { facts, statements, acled, contexts, triggers }
    }
}

impl Kept {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, CaseError> {
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The happenings of a report.
    pub(super) fn of_report(reader: &Reader<'_>, report: u64) -> Result<Vec<(Happening, Self)>, CaseError> {
        let happenings = reader.happenings_of_report(report)?.into_iter();
        happenings.map(|happening| Self::decode(&happening.facts).map(|kept| (happening, kept))).collect()
    }

    /// Which of some happenings a later reading tells of: the one with the same trigger.
    pub(super) fn same_as(happenings: &[(Happening, Self)], told: &Told) -> Option<usize> {
        happenings.iter().position(|(_, kept)| kept.triggers.iter().any(|trigger| told.triggers.contains(trigger)))
    }

    /// Whether a later telling gives the same values.
    pub(super) fn says_the_same(&self, told: &Told) -> bool {
        self.facts == told.facts && self.statements == told.statements
    }
}

/// The indexes over a transaction.
pub(super) struct Indexes<'a, 'c> {
    writer: &'a mut Writer<'c>,
}

/// Tables that are written in a transaction.
struct Tables<'a, 'c>(&'a mut Writer<'c>);

/// Tables that are only read.
struct View<'a, 'c>(&'a Reader<'c>);

impl<'a, 'c> Indexes<'a, 'c> {
    pub(super) fn new(writer: &'a mut Writer<'c>) -> Self {
        Self { writer }
    }

    /// Says that the tables are of this version.
    pub(super) fn mark_version(&mut self) -> Result<(), CaseError> {
        Ok(self.writer.put(VERSION, 0, &TABLES_VERSION.to_le_bytes())?)
    }

    /// Refuses tables of another version; the first wrote none.
    pub(super) fn check_version(reader: &Reader<'_>) -> Result<(), CaseError> {
        let found = reader.get(VERSION, 0)?.and_then(|bytes| bytes.try_into().ok()).map_or(1, u32::from_le_bytes);
        if found == TABLES_VERSION { Ok(()) } else { Err(CaseError::ViewsOfAnotherVersion) }
    }

    /// Enters a text and gives the first report of which it is a copy, itself if it is none.
    pub(super) fn copies(&mut self, report: u64, sketch: &Sketch) -> Result<u64, CaseError> {
        Ok(CopyIndex::over(Tables(self.writer), CopyParams::default()).try_insert(report, sketch)?)
    }

    /// Whether a report's text has not been entered yet.
    pub(super) fn is_new_text(&self, report: u64) -> Result<bool, CaseError> {
        Ok(CopyIndex::over(View(self.writer), CopyParams::default()).try_cluster(report)?.is_none())
    }

    /// The first report of which this one is a copy, itself if it is none.
    pub(super) fn cluster(reader: &Reader<'_>, report: u64) -> Result<u64, CaseError> {
        Ok(CopyIndex::over(View(reader), CopyParams::default()).try_cluster(report)?.unwrap_or(report))
    }

    /// Reports that carry the same text, itself included.
    pub(super) fn copies_of(reader: &Reader<'_>, report: u64) -> Result<Vec<u64>, CaseError> {
        Ok(CopyIndex::over(View(reader), CopyParams::default()).try_copies(report)?)
    }

    /// Events that copies of a report tell of.
    pub(super) fn events_of_copies(&self, report: u64) -> Result<BTreeSet<u64>, CaseError> {
        let mut events = BTreeSet::new();
        // Of a text that hundreds carry, those that came last are looked at: the others have been.
        for copy in Self::copies_of(self.writer, report)?.into_iter().rev().take(8) {
            events.extend(self.writer.events_of_report(copy)?);
        }
        Ok(events)
    }

    /// Enters a happening and gives its event.
    pub(super) fn enter(&mut self, report: u64, told: Told) -> Result<Option<u64>, CaseError> {
        let facts = told.facts.clone();
        let id = self.keep(None, report, None, told)?;
        self.place(id, facts)
    }

    /// Keeps what a report tells of a happening, under an id that it has or a new one, as part of an event or of none, without
    /// entering it; gives the id.
    pub(super) fn keep(&mut self, id: Option<u64>, report: u64, event: Option<u64>, told: Told) -> Result<u64, CaseError> {
        let local = told.local.clone();
        let kept = serde_json::to_vec(&Kept::from(told))?;
        let new = NewHappening { report, local: &local, event, claims: &[], facts: &kept };
        Ok(match id {
            Some(id) => {
                self.writer.change_happening(id, &new)?;
                id
            }
            None => self.writer.put_happening(&new)?,
        })
    }

    /// Enters a happening that is kept and in no event.
    pub(super) fn enter_again(&mut self, id: u64) -> Result<(), CaseError> {
        if let Some(happening) = self.writer.happening(id)? {
            self.place(id, Kept::decode(&happening.facts)?.facts)?;
        }
        Ok(())
    }

    /// Puts another telling in the place of a happening's, which keeps its id; gives the events that changed.
    pub(super) fn replace(&mut self, id: u64, report: u64, told: Told) -> Result<BTreeSet<u64>, CaseError> {
        let facts = told.facts.clone();
        let old = self.writer.happening(id)?;
        let same_facts = match &old {
            Some(old) => Kept::decode(&old.facts)?.facts == facts,
            None => false,
        };
        let event = old.as_ref().and_then(|old| old.event);
        self.keep(Some(id), report, event, told)?;
        let mut touched: BTreeSet<u64> = event.into_iter().collect();
        if !same_facts {
            let others: Vec<u64> = self.index().try_members(id)?.into_iter().filter(|&member| member != id).collect();
            touched.extend(self.leave_index(id)?);
            touched.extend(self.place(id, facts)?);
            // An event that people made holds together: its members may forbid what the index would join.
            let mut by_hand = self.by_hand(id)?.is_some();
            for &other in &others {
                by_hand |= self.by_hand(other)?.is_some();
            }
            if let (true, Some(&other)) = (by_hand, others.first()) {
                self.index().try_assign(id, other)?;
                touched.extend(self.follow(id)?);
            }
            if event == Some(id) {
                touched.extend(self.keep_name(id, &others)?);
            }
        }
        Ok(touched)
    }

    /// Gives an event back the name of a happening that was read anew, where it is still one with the others or people said so: by that
    /// name decisions know it.
    fn keep_name(&mut self, id: u64, others: &[u64]) -> Result<BTreeSet<u64>, CaseError> {
        // Asked before anything moves: with its namesake an event's name goes.
        let own = self.index().try_event(id)?;
        let mut together = Vec::new();
        for &other in others {
            if self.index().try_event(other)? == own || self.by_hand(other)? == Some(id) {
                together.push(other);
            }
        }
        if !together.is_empty() && own != Some(id) {
            self.index().try_assign(id, id)?;
        }
        for &other in &together {
            self.index().try_assign(other, id)?;
        }
        let mut touched = BTreeSet::new();
        for &member in others.iter().chain([&id]) {
            touched.extend(self.writer.event_of(member)?);
            touched.extend(self.follow(member)?);
        }
        Ok(touched)
    }

    /// The event that people put a happening into.
    pub(super) fn by_hand(&self, id: u64) -> Result<Option<u64>, CaseError> {
        Ok(self.writer.get(BY_HAND, id)?.and_then(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?))))
    }

    /// Takes a happening out; gives the events that changed.
    pub(super) fn leave(&mut self, id: u64) -> Result<BTreeSet<u64>, CaseError> {
        let touched = self.leave_index(id)?;
        self.writer.delete_happening(id)?;
        Ok(touched)
    }

    /// Puts a happening into an event by a person's decision.
    pub(super) fn assign(&mut self, happening: u64, event: u64) -> Result<u64, CaseError> {
        self.writer.put(BY_HAND, happening, &event.to_le_bytes())?;
        self.index().try_assign(happening, event)?;
        self.follow(happening)?;
        Ok(self.writer.event_of(happening)?.unwrap_or(event))
    }

    /// Makes an event of its own of some of an event's happenings; gives the events that changed.
    pub(super) fn part(&mut self, event: u64, happenings: &BTreeSet<u64>) -> Result<BTreeSet<u64>, CaseError> {
        let Some(&first) = happenings.first() else { return Ok(BTreeSet::new()) };
        let all: BTreeSet<u64> =
            self.writer.happenings_of_event(event, usize::MAX)?.into_iter().map(|happening| happening.id).collect();
        let mut touched = BTreeSet::from([event]);
        for &happening in happenings {
            touched.insert(self.assign(happening, first)?);
        }
        for &happening in all.difference(happenings) {
            touched.extend(self.follow(happening)?);
        }
        Ok(touched)
    }

    /// Undoes what a merge or split moved; gives the events that changed.
    pub(super) fn take_back(&mut self, review: &Review) -> Result<BTreeSet<u64>, CaseError> {
        let mut touched = BTreeSet::new();
        // An event's namesake first: the others follow it.
        let (names, others): (Vec<_>, Vec<_>) = moved(review)?.into_iter().partition(|(happening, event)| happening == event);
        for (happening, event) in names.into_iter().chain(others) {
            touched.extend(self.writer.event_of(happening)?);
            touched.insert(self.assign(happening, event)?);
            self.writer.delete(BY_HAND, happening)?;
        }
        Ok(touched)
    }

    fn index(&mut self) -> EventIndex<Tables<'_, 'c>> {
        EventIndex::over(Tables(self.writer))
    }

    fn place(&mut self, id: u64, facts: EventFacts) -> Result<Option<u64>, CaseError> {
        let event = self.index().try_insert(id, &facts)?;
        self.writer.set_event(id, Some(event))?;
        // What people decided of it holds when its report is read anew.
        match self.by_hand(id)? {
            Some(decided) if decided != event => Ok(Some(self.assign(id, decided)?)),
            _ => Ok(Some(event)),
        }
    }

    /// Takes a happening out of the index; its event may be named after another one then.
    fn leave_index(&mut self, id: u64) -> Result<BTreeSet<u64>, CaseError> {
        let members = self.index().try_members(id)?;
        let mut touched: BTreeSet<u64> = self.writer.event_of(id)?.into_iter().collect();
        self.index().try_remove(id)?;
        self.writer.set_event(id, None)?;
        let rest: Vec<u64> = members.into_iter().filter(|&member| member != id).collect();
        for &member in &rest {
            touched.extend(self.follow(member)?);
        }
        Ok(touched)
    }

    /// Brings what the record says of a happening's event in line with the index.
    fn follow(&mut self, happening: u64) -> Result<Option<u64>, CaseError> {
        let event = self.index().try_event(happening)?;
        if event != self.writer.event_of(happening)? {
            self.writer.set_event(happening, event)?;
        }
        Ok(event)
    }
}

impl From<IndexError<dateline_casebook::Error>> for CaseError {
    fn from(error: IndexError<dateline_casebook::Error>) -> Self {
        match error {
            IndexError::Store(error) => Self::Book(error),
            damaged @ IndexError::Damaged { .. } => Self::View(damaged.to_string()),
        }
    }
}

impl Store for Tables<'_, '_> {
    type Error = dateline_casebook::Error;

    fn postings(&self, space: Space, key: u64, most: usize) -> Result<Vec<u64>, Self::Error> {
        self.0.postings(space.number(), key, most)
    }

    fn postings_of(&self, space: Space, keys: &[u64], most: usize) -> Result<Vec<Vec<u64>>, Self::Error> {
        self.0.postings_of(space.number(), keys, most)
    }

    fn post(&mut self, space: Space, key: u64, id: u64) -> Result<(), Self::Error> {
        self.0.post(space.number(), key, id)
    }

    fn unpost(&mut self, space: Space, key: u64, id: u64) -> Result<(), Self::Error> {
        self.0.unpost(space.number(), key, id)
    }

    fn get(&self, space: Space, id: u64) -> Result<Option<Vec<u8>>, Self::Error> {
        self.0.get(space.number(), id)
    }

    fn put(&mut self, space: Space, id: u64, value: &[u8]) -> Result<(), Self::Error> {
        self.0.put(space.number(), id, value)
    }

    fn delete(&mut self, space: Space, id: u64) -> Result<(), Self::Error> {
        self.0.delete(space.number(), id)
    }
}

impl Store for View<'_, '_> {
    type Error = dateline_casebook::Error;

    fn postings(&self, space: Space, key: u64, most: usize) -> Result<Vec<u64>, Self::Error> {
        self.0.postings(space.number(), key, most)
    }

    fn get(&self, space: Space, id: u64) -> Result<Option<Vec<u8>>, Self::Error> {
        self.0.get(space.number(), id)
    }

    fn post(&mut self, _: Space, _: u64, _: u64) -> Result<(), Self::Error> {
        Err(dateline_casebook::Error::ReadOnly(PathBuf::new()))
    }

    fn unpost(&mut self, _: Space, _: u64, _: u64) -> Result<(), Self::Error> {
        Err(dateline_casebook::Error::ReadOnly(PathBuf::new()))
    }

    fn put(&mut self, _: Space, _: u64, _: &[u8]) -> Result<(), Self::Error> {
        Err(dateline_casebook::Error::ReadOnly(PathBuf::new()))
    }

    fn delete(&mut self, _: Space, _: u64) -> Result<(), Self::Error> {
        Err(dateline_casebook::Error::ReadOnly(PathBuf::new()))
    }
}
