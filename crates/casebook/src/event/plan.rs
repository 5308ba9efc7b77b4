//! Three ways to a page of events, of which the cheapest is taken by how many events have which terms:
//!
//! - *walk* the index of the order that is asked for and test each event, until the page is full;
//! - *walk one term* in the order of days;
//! - *gather* the ids of all events that have the terms, meet them, then fetch, test and sort what is left.
//!
//! All give the same answer.

use std::fmt::Write as _;

use rusqlite::Row;
use rusqlite::types::Value;

use super::bits::Bits;
use super::query::{EventQuery, EventSort, Tested, Tests};
use super::row::EventRow;
use crate::error::{Error, Result, column_id};
use crate::{Page, Reader, Total};

/// A set of events larger than this is not gathered.
const GATHER: u64 = 100_000;
/// A range of days or of numbers of origins that has more events than this is not, and not counted further.
const RANGE: u64 = 20_000;
/// Cost of looking at one event through a gathered index, where fetching it to test it costs 1.
const GLANCE: f64 = 0.08;
/// How far a page's list is counted beyond it.
const COUNT: usize = 1_000;
/// How many events are looked at for counting.
const COUNT_LOOKS: usize = 5_000;

/// What an event is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(i64),
    Text(String),
}

/// An event that passes the tests.
pub(super) type Found = (Key, i64);

/// The way that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Walk,
    Term(i64),
    Gather,
}

impl EventSort {
    /// The column, the mark of its pages.
    fn column(self) -> (&'static str, char) {
        match self {
            Self::Date => ("day", 'd'),
            Self::Published => ("published", 'p'),
            Self::Origins => ("origins", 'o'),
            Self::Updated => ("updated", 'u'),
            Self::Reports => ("reports", 'r'),
        }
    }
}

impl Key {
    fn read(row: &Row<'_>, nth: usize) -> rusqlite::Result<Self> {
        Ok(match row.get(nth)? {
            Value::Integer(number) => Self::Number(number),
            Value::Text(text) => Self::Text(text),
            _ => Self::Number(0),
        })
    }

    fn value(&self) -> Value {
        match self {
            Self::Number(number) => Value::Integer(*number),
            Self::Text(text) => Value::Text(text.clone()),
        }
    }
}

/// `next` of a page that ends with this event.
fn mark(sort: EventSort, (key, id): &Found) -> String {
    match key {
        Key::Number(number) => format!("{}:{number}:{id}", sort.column().1),
        Key::Text(text) => format!("{}:{text}:{id}", sort.column().1),
    }
}

fn parse_mark(sort: EventSort, mark: &str) -> Result<Found> {
    let parse = || {
        let (key, id) = mark.strip_prefix(sort.column().1)?.strip_prefix(':')?.rsplit_once(':')?;
        let key = if sort == EventSort::Updated { Key::Text(key.to_owned()) } else { Key::Number(key.parse().ok()?) };
        Some((key, id.parse().ok()?))
    };
    parse().ok_or_else(|| Error::Cursor(mark.to_owned()))
}

/// The SQL of a walk, with what it binds.
pub(super) fn walk_sql(
    query: &EventQuery,
    days: Option<(i64, i64)>,
    after: Option<&Found>,
    term: Option<i64>,
) -> (String, Vec<Value>) {
    let (order, beyond) = if query.ascending { ("ASC", '>') } else { ("DESC", '<') };
    let column = query.sort.column().0;
    let mut bound = Vec::new();
    let mut conditions = String::from("1");
    let (from, key, id) = match term {
        Some(term) => {
            conditions.push_str(" AND f.term = ?");
            bound.push(Value::Integer(term));
            ("facet f CROSS JOIN event e ON e.id = f.event".to_owned(), "f.day".to_owned(), "f.event")
        }
        None => (format!("event e INDEXED BY event_{column}"), format!("e.{column}"), "e.id"),
    };
    if let (Some((low, high)), EventSort::Date) = (days, query.sort) {
        let _ = write!(conditions, " AND {key} BETWEEN ? AND ?");
        bound.extend([Value::Integer(low), Value::Integer(high)]);
    }
    if let Some((mark, last)) = after {
        let _ = write!(conditions, " AND ({key}, {id}) {beyond} (?, ?)");
        bound.extend([mark.value(), Value::Integer(*last)]);
    }
    let sql = format!(
        "SELECT e.id, {key}, e.day, e.first_day, e.last_day, e.origins, e.terms FROM {from} WHERE {conditions} \
         ORDER BY {key} {order}, {id} {order}"
    );
    (sql, bound)
}

/// The tested part of a row of `id, key, day, first_day, last_day, origins, terms`.
fn tested<'r>(row: &'r Row<'_>) -> rusqlite::Result<Tested<'r>> {
    Ok(Tested {
        id: row.get(0)?,
        day: row.get(2)?,
        first_day: row.get(3)?,
        last_day: row.get(4)?,
        origins: row.get(5)?,
        terms: row.get_ref(6)?.as_blob()?,
    })
}

impl Reader<'_> {
    /// Events that match, a page at a time.
    ///
    /// # Errors
    /// When `after` is no mark of this list, `text` has nothing to search for, or the database can't be read.
    pub fn events(&self, query: &EventQuery) -> Result<Page<EventRow>> {
        self.events_by(query, &self.tests(query)?, |tests| self.way(query, tests))
    }

    /// What to give as `after` to go on behind an event in a list of this order, in either direction; none where there is no such event.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn event_mark(&self, event: u64, sort: EventSort) -> Result<Option<String>> {
        let column = sort.column().0;
        let sql = format!("SELECT {column}, id FROM event WHERE id = ?1");
        let found = self.first(&sql, [column_id(event)?], |row| Ok((Key::read(row, 0)?, row.get(1)?)))?;
        Ok(found.map(|found| mark(sort, &found)))
    }

    pub(super) fn events_by(
        &self,
        query: &EventQuery,
        tests: &[Tests],
        choose: impl Fn(&Tests) -> Result<Way>,
    ) -> Result<Page<EventRow>> {
        let after = query.after.as_deref().map(|mark| parse_mark(query.sort, mark)).transpose()?;
        let (mut found, mut total) = (Vec::new(), Page::<()>::empty().total.filter(|_| query.count && after.is_none()));
        for tests in tests {
            let (more, counted) = match choose(tests)? {
                Way::Gather => self.gather(query, tests, after.as_ref())?,
                Way::Walk => self.walk(query, tests, after.as_ref(), None)?,
                Way::Term(term) => self.walk(query, tests, after.as_ref(), Some(term))?,
            };
            found.extend(more);
            total = total.zip(counted).map(|(a, b)| Total { count: a.count + b.count, exact: a.exact && b.exact });
        }
        sort(&mut found, query);
        let page = Page::cut(found, query.limit, |last| mark(query.sort, last));
        let mut rows = Vec::with_capacity(page.rows.len());
        for (_, id) in &page.rows {
            rows.extend(self.event_without_detail(*id)?);
        }
        Ok(Page { rows, next: page.next, total })
    }

    /// The cheapest way by what is known of the terms, taken as independent.
    pub(super) fn way(&self, query: &EventQuery, tests: &Tests) -> Result<Way> {
        let all = self.event_count()?.max(1) as f64;
        let limit = (query.limit + 1) as f64 * if query.count { 4.0 } else { 1.0 };
        let share = |uses: u64| (uses as f64 / all).min(1.0);
        let days = tests.window.map(|range| self.count_in("day", range)).transpose()?;
        let origins = tests.origins.map(|range| self.count_in("origins", range)).transpose()?;
        let ids = tests.ids.as_ref().map(|ids| ids.len() as u64);
        let ranges = [days, origins, ids];
        let sets = tests.sets.iter().map(|set| set.uses);
        let shares: f64 = sets.clone().chain(ranges.into_iter().flatten()).map(share).product();
        // A walk in the order of days only looks at the days that are asked for.
        let in_days = if query.sort == EventSort::Date { days.map_or(1.0, share) } else { 1.0 };
        let looks = |share_walked: f64| (limit * share_walked / shares.max(1e-12)).min(all * share_walked);
        let mut best = (looks(in_days), Way::Walk);
        if query.sort == EventSort::Date {
            for set in &tests.sets {
                if let (1, Some(&term)) = (set.ids.len(), set.ids.iter().next()) {
                    let cost = looks(in_days * share(set.uses));
                    if cost < best.0 {
                        best = (cost, Way::Term(term));
                    }
                }
            }
        }
        let narrow = ranges.into_iter().flatten().filter(|&count| count <= RANGE);
        let gathered: Vec<u64> = sets.filter(|&uses| uses <= GATHER).chain(narrow).collect();
        if !gathered.is_empty() && self.last_event()? <= Bits::MOST {
            let glances = gathered.iter().sum::<u64>() as f64 * GLANCE;
            let cost = glances + all * gathered.iter().map(|&uses| share(uses)).product::<f64>();
            if cost < best.0 {
                best = (cost, Way::Gather);
            }
        }
        Ok(best.1)
    }

    /// How many events lie in a range, counted no further than to what is gathered.
    fn count_in(&self, column: &str, (low, high): (i64, i64)) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM event INDEXED BY event_{column} WHERE {column} BETWEEN ?1 AND ?2 LIMIT {})",
            RANGE + 1
        );
        Ok(self.first(&sql, [low, high], |row| row.get::<_, i64>(0))?.map_or(0, crate::error::row_id))
    }

    fn walk(
        &self,
        query: &EventQuery,
        tests: &Tests,
        after: Option<&Found>,
        term: Option<i64>,
    ) -> Result<(Vec<Found>, Option<Total>)> {
        let (sql, bound) = walk_sql(query, tests.window, after, term);
        let mut statement = self.db().prepare_cached(&sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(bound))?;
        let mut found: Vec<Found> = Vec::new();
        let (mut count, mut looks) = (0, 0);
        let mut exact = true;
        let counting = query.count && after.is_none();
        while let Some(row) = rows.next()? {
            let wanted = found.len() <= query.limit;
            if !wanted && (!counting || count >= COUNT || looks >= COUNT_LOOKS) {
                exact = false;
                break;
            }
            looks += 1;
            if tests.hold(&tested(row)?) {
                count += 1;
                if wanted {
                    found.push((Key::read(row, 1)?, row.get(0)?));
                }
            }
        }
        let mut total = counting.then_some(Total { count: count as u64, exact });
        // Where one term is all that is asked for, its uses are the count.
        let only_sets = tests.ids.is_none() && tests.days.is_none() && tests.origins.is_none() && tests.without.is_empty();
        if counting && only_sets {
            match tests.sets.as_slice() {
                [] => total = Some(Total { count: self.event_count()?, exact: true }),
                [set] if set.ids.len() == 1 => total = Some(Total { count: set.uses, exact: true }),
                _ => {}
            }
        }
        Ok((found, total))
    }

    fn gather(&self, query: &EventQuery, tests: &Tests, after: Option<&Found>) -> Result<(Vec<Found>, Option<Total>)> {
        let ids = self.met(tests)?;
        let column = query.sort.column().0;
        let sql = format!("SELECT id, {column}, day, first_day, last_day, origins, terms FROM event WHERE id = ?1");
        let mut statement = self.db().prepare_cached(&sql)?;
        let mut found: Vec<Found> = Vec::new();
        for id in ids {
            let mut rows = statement.query([id])?;
            if let Some(row) = rows.next()?
                && tests.hold(&tested(row)?)
            {
                found.push((Key::read(row, 1)?, id));
            }
        }
        let total = (query.count && after.is_none()).then_some(Total { count: found.len() as u64, exact: true });
        found.retain(|event| after.is_none_or(|after| if query.ascending { event > after } else { event < after }));
        sort(&mut found, query);
        Ok((found, total))
    }

    /// Ids of events that have a term of each set that is small enough and lie in the ranges that are; in ascending order. Only to be asked
    /// where no event's id is beyond [`Bits::MOST`]: such ids are left out.
    pub(super) fn met(&self, tests: &Tests) -> Result<Vec<i64>> {
        let mut met: Option<Bits> = None;
        let mut meet = |bits: Bits| match &mut met {
            Some(met) => met.meet(&bits),
            None => met = Some(bits),
        };
        if let Some(ids) = &tests.ids {
            let mut bits = Bits::default();
            ids.iter().for_each(|&id| bits.add(id));
            meet(bits);
        }
        for set in tests.sets.iter().filter(|set| set.uses <= GATHER) {
            let mut bits = Bits::default();
            for term in &set.ids {
                self.collect("SELECT event FROM facet WHERE term = ?1", [*term], &mut bits)?;
            }
            meet(bits);
        }
        for (column, range) in [("day", tests.window), ("origins", tests.origins)] {
            let Some((low, high)) = range else { continue };
            if self.count_in(column, (low, high))? <= RANGE {
                let mut bits = Bits::default();
                let sql = format!("SELECT id FROM event INDEXED BY event_{column} WHERE {column} BETWEEN ?1 AND ?2");
                self.collect(&sql, (low, high), &mut bits)?;
                meet(bits);
            }
        }
        Ok(met.unwrap_or_default().ids())
    }

    fn collect(&self, sql: &str, params: impl rusqlite::Params, bits: &mut Bits) -> Result<()> {
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            bits.add(row.get(0)?);
        }
        Ok(())
    }

    pub(super) fn last_event(&self) -> Result<i64> {
        Ok(self.first("SELECT max(id) FROM event", [], |row| row.get::<_, Option<i64>>(0))?.flatten().unwrap_or(0))
    }
}

/// In the order that is asked for, no more than the page and one.
fn sort(found: &mut Vec<Found>, query: &EventQuery) {
    if query.ascending {
        found.sort_unstable();
    } else {
        found.sort_unstable_by(|a, b| b.cmp(a));
    }
    found.truncate(query.limit.saturating_add(1));
}
