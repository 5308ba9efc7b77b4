use rustc_hash::FxHashSet;

use super::query::Within;
use crate::error::Result;
use crate::{Reader, Writer};

/// What a term is about; the numbers stand in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Kind {
    /// Every event has it: its uses are the number of events. It is not filed.
    All = 0,
    Type = 1,
    Mode = 2,
    Actor = 3,
    ActorCountry = 4,
    Country = 5,
    Place = 6,
    Point = 7,
    Status = 8,
    Grade = 9,
    Disputed = 10,
    Reviewed = 11,
    /// It lasts longer than a month, or has no known beginning or end.
    Long = 12,
}

/// Terms of which an event must have one.
#[derive(Clone, Debug, Default)]
pub(super) struct TermSet {
    pub(super) ids: FxHashSet<i64>,
    /// How many events have one of them, at most.
    pub(super) uses: u64,
}

/// A point as a term.
pub(super) fn point(lat: f64, lon: f64) -> String {
    format!("{lat:.4},{lon:.4}")
}

/// Ids of terms in few bytes: seven bits a byte, the lowest first, the top bit set where more follow.
pub(super) fn pack(terms: &[i64]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(terms.len() * 3);
    for &term in terms {
        let mut rest = term.cast_unsigned();
        while rest >= 0x80 {
            packed.push((rest & 0x7F) as u8 | 0x80);
            rest >>= 7;
        }
        packed.push(rest as u8);
    }
    packed
}

/// The ids again; damage gives other ids, which nothing is asked for.
pub(super) fn unpack(packed: &[u8]) -> impl Iterator<Item = i64> {
    let mut bytes = packed.iter();
    std::iter::from_fn(move || {
        let (mut term, mut shift) = (0u64, 0u32);
        loop {
            let byte = *bytes.next()?;
            term |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(term.cast_signed());
            }
        }
    })
}

impl Writer<'_> {
    /// Files an event under its terms and no others, and gives their ids in ascending order.
    pub(super) fn file(&mut self, event: i64, day: i64, terms: &[(Kind, String)]) -> Result<Vec<i64>> {
        let before = self.filed(event)?;
        let mut now = Vec::with_capacity(terms.len());
        for (kind, value) in terms {
            now.push(self.term(*kind, value)?);
        }
        now.sort_unstable();
        let (old_day, old) = match before {
            Some((day, terms)) => (Some(day), terms),
            None => {
                self.use_term(self.term(Kind::All, "")?, 1)?;
                (None, Vec::new())
            }
        };
        for &term in &now {
            let is_new = old.binary_search(&term).is_err();
            if is_new {
                self.use_term(term, 1)?;
            }
            if is_new || old_day != Some(day) {
                self.change(
                    "INSERT INTO facet (term, day, event) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    (term, day, event),
                )?;
            }
        }
        for &term in &old {
            let is_gone = now.binary_search(&term).is_err();
            if is_gone || old_day != Some(day) {
                self.change("DELETE FROM facet WHERE term = ?1 AND day = ?2 AND event = ?3", (term, old_day, event))?;
            }
            if is_gone {
                self.use_term(term, -1)?;
            }
        }
        Ok(now)
    }

    /// Takes an event from under all terms.
    pub(super) fn unfile(&mut self, event: i64) -> Result<()> {
        let Some((day, terms)) = self.filed(event)? else { return Ok(()) };
        for term in terms {
            self.change("DELETE FROM facet WHERE term = ?1 AND day = ?2 AND event = ?3", (term, day, event))?;
            self.use_term(term, -1)?;
        }
        self.use_term(self.term(Kind::All, "")?, -1)
    }

    /// The day and the terms that an event is filed under, these in ascending order.
    fn filed(&self, event: i64) -> Result<Option<(i64, Vec<i64>)>> {
        self.first("SELECT day, terms FROM event WHERE id = ?1", [event], |row| {
            Ok((row.get(0)?, unpack(row.get_ref(1)?.as_blob()?).collect()))
        })
    }

    fn term(&self, kind: Kind, value: &str) -> Result<i64> {
        let params = (kind as u8, value);
        match self.first("SELECT id FROM term WHERE kind = ?1 AND value = ?2", params, |row| row.get(0))? {
            Some(id) => Ok(id),
            None => self.run("INSERT INTO term (kind, value, uses) VALUES (?1, ?2, 0)", params),
        }
    }

    fn use_term(&self, term: i64, change: i64) -> Result<()> {
        self.change("UPDATE term SET uses = uses + ?2 WHERE id = ?1", (term, change))?;
        if change < 0 {
            self.change("DELETE FROM term WHERE id = ?1 AND uses <= 0", [term])?;
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// How many events there are.
    pub(super) fn event_count(&self) -> Result<u64> {
        Ok(self.terms(Kind::All, [""])?.uses)
    }

    /// The terms of exactly these values.
    pub(super) fn terms<'a>(&self, kind: Kind, values: impl IntoIterator<Item = &'a str>) -> Result<TermSet> {
        let mut set = TermSet::default();
        for value in values {
            let sql = "SELECT id, uses FROM term WHERE kind = ?1 AND value = ?2";
            if let Some((id, uses)) = self.first(sql, (kind as u8, value), |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))? {
                set.add(id, uses);
            }
        }
        Ok(set)
    }

    /// The terms in which `part` occurs from the beginning of a word on: *korean* in *north korean soldiers*, and no *we* in *powell*.
    pub(super) fn terms_with(&self, kind: Kind, part: &str) -> Result<TermSet> {
        let mut set = TermSet::default();
        let sql = "SELECT id, uses FROM term WHERE kind = ?1 AND instr(' ' || value, ' ' || ?2) > 0";
        for (id, uses) in self.list(sql, (kind as u8, part), |row| Ok((row.get(0)?, row.get(1)?)))? {
            set.add(id, uses);
        }
        Ok(set)
    }

    /// The points of a circle.
    pub(super) fn terms_within(&self, circle: &Within) -> Result<TermSet> {
        let mut set = TermSet::default();
        let mut statement = self.db().prepare_cached("SELECT id, uses, value FROM term WHERE kind = ?1")?;
        let mut rows = statement.query([Kind::Point as u8])?;
        while let Some(row) = rows.next()? {
            let Some((lat, lon)) = row.get_ref(2)?.as_str().unwrap_or_default().split_once(',') else { continue };
            if let (Ok(lat), Ok(lon)) = (lat.parse(), lon.parse())
                && circle.contains(lat, lon)
            {
                set.add(row.get(0)?, row.get(1)?);
            }
        }
        Ok(set)
    }
}

impl TermSet {
    fn add(&mut self, id: i64, uses: i64) {
        if self.ids.insert(id) {
            self.uses = self.uses.saturating_add(u64::try_from(uses).unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ids_come_back(terms in prop::collection::vec(0..i64::MAX, 0..20)) {
            prop_assert_eq!(unpack(&pack(&terms)).collect::<Vec<_>>(), terms);
        }

        #[test]
        fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert!(unpack(&bytes).count() <= bytes.len());
        }
    }
}
