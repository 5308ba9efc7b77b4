//! Full text: what people type, made safe; the reports that match; and their words shown.

mod query;
mod snippet;
mod words;

use dateline_record::{Date, Edtf};
use rusqlite::OptionalExtension as _;

pub use snippet::Snippet;

use crate::audit::limit_of;
use crate::error::{Error, Result};
use crate::{Page, Reader, ReportRow, Total, Writer};
use query::Question;

/// How many reports that match are weighed against each other, those added last.
const WEIGHED: usize = 5_000;
/// How many that match a phrase, a beginning or many words: there we read the texts themselves.
const READ: usize = 300;
/// How many of those are counted.
const COUNTED: usize = 2_000;
/// How many words a beginning stands for at most, the first in the order of their letters.
const BEGINNING: usize = 100;

/// Which reports are searched for.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchQuery {
    /// What a person types: words that must all be there, `"phrases"`, `-without`, `this OR that`, `begin*`.
    pub text: String,
    /// Published on this day or later.
    pub from: Option<Date>,
    /// Published on this day or before.
    pub to: Option<Date>,
    /// By this outlet.
    pub source: Option<String>,
    /// In which order.
    pub sort: SearchSort,
    /// How many at most.
    pub limit: usize,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Whether the whole list is to be counted.
    pub count: bool,
}

impl Default for SearchQuery {
    fn default() -> Self {
        let text = String::new();
        Self { text, from: None, to: None, source: None, sort: SearchSort::Best, limit: 20, after: None, count: false }
    }
}

/// What a list of hits is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchSort {
    /// How well they match (BM25, words of the title counting more); of a question that thousands match, the 5,000 reports added last, or
    /// the last 300 where it has phrases, beginnings or many words.
    #[default]
    Best,
    /// By when they were added, the newest first.
    Newest,
}

/// A report that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The report.
    pub report: ReportRow,
    /// How well it matches; larger is better, 0 where it was not weighed.
    pub score: f64,
    /// The words that match, as they stand in the text.
    pub snippet: Snippet,
    /// The events that it tells of.
    pub events: Vec<u64>,
}

/// Score and id of a report that matches.
type Found = (f64, i64);

impl Writer<'_> {
    /// Makes a report's words searchable.
    pub(crate) fn index_words(&self, report: i64, title: Option<&str>, text: &str) -> Result<()> {
        self.change("INSERT INTO full_text (rowid, title, text) VALUES (?1, ?2, ?3)", (report, title, text)).map(|_| ())
    }
}

fn mark((score, id): &Found) -> String {
    format!("{:x}:{id}", score.to_bits())
}

fn parse_mark(mark: &str) -> Result<Found> {
    let parse = || {
        let (score, id) = mark.split_once(':')?;
        let score = f64::from_bits(u64::from_str_radix(score, 16).ok()?);
        (!score.is_nan()).then_some((score, id.parse().ok()?))
    };
    parse().ok_or_else(|| Error::Cursor(mark.to_owned()))
}

/// The best first, those after the mark, one more than the limit.
fn in_order(mut found: Vec<Found>, limit: usize, after: Option<Found>) -> Vec<Found> {
    let order = |a: &Found, b: &Found| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1));
    if let Some(after) = after {
        found.retain(|candidate| order(candidate, &after).is_gt());
    }
    found.sort_unstable_by(order);
    found.truncate(limit.saturating_add(1));
    found
}

fn ask(text: &str) -> Result<Question> {
    Question::parse(text).ok_or_else(|| Error::NothingAsked(text.to_owned()))
}

impl Reader<'_> {
    /// Up to `most` reports that match, those added last first.
    pub(crate) fn matching_reports(&self, text: &str, most: usize) -> Result<Vec<i64>> {
        let expression = self.expression(&ask(text)?)?;
        let sql = "SELECT rowid FROM full_text WHERE full_text MATCH ?1 ORDER BY rowid DESC LIMIT ?2";
        self.list(sql, (expression, limit_of(most)), |row| row.get(0))
    }

    fn expression(&self, question: &Question) -> Result<String> {
        question.expression(|beginning| self.words_from(beginning))
    }

    /// Words of the index that begin so.
    fn words_from(&self, beginning: &str) -> Result<Vec<String>> {
        let mut words: Vec<String> = Vec::new();
        let mut statement =
            self.db().prepare_cached("SELECT term FROM full_text_words WHERE term >= ?1 AND term <= ?2 LIMIT 1")?;
        let last = format!("{beginning}\u{10FFFF}");
        while words.len() < BEGINNING {
            // The control character comes before anything that a longer word goes on with.
            let from = words.last().map_or_else(|| beginning.to_owned(), |word| format!("{word}\u{1}"));
            match statement.query_row([&from, &last], |row| row.get(0)).optional()? {
                Some(word) => words.push(word),
                None => break,
            }
        }
        Ok(words)
    }

    /// Reports whose words match, a page at a time.
    ///
    /// # Errors
    /// When the text has nothing to search for, `after` is no mark of such a list, or the database can't be read.
    pub fn search(&self, query: &SearchQuery) -> Result<Page<Hit>> {
        let question = ask(&query.text)?;
        let after = query.after.as_deref().map(parse_mark).transpose()?;
        let expression = self.expression(&question)?;
        let (found, total) = match query.sort {
            SearchSort::Best if question.is_light() => self.best(query, &expression, after)?,
            SearchSort::Best => self.best_read(query, &question, &expression, after)?,
            SearchSort::Newest => self.newest(query, &expression, after)?,
        };
        let page = Page::cut(found, query.limit, mark);
        let mut rows = Vec::with_capacity(page.rows.len());
        for &(score, id) in &page.rows {
            let id = crate::error::row_id(id);
            let (Some(report), Some(text)) = (self.report(id)?, self.report_text(id)?) else { continue };
            let snippet = Snippet::of(&text, &question);
            rows.push(Hit { report, score, snippet, events: self.events_of_report(id)? });
        }
        Ok(Page { rows, next: page.next, total })
    }

    fn best(&self, query: &SearchQuery, expression: &str, after: Option<Found>) -> Result<(Vec<Found>, Option<Total>)> {
        let sql = "SELECT -bm25(full_text, 3.0, 1.0), rowid FROM full_text WHERE full_text MATCH ?1 ORDER BY rowid DESC LIMIT ?2";
        let mut found: Vec<Found> = self.list(sql, (expression, limit_of(WEIGHED + 1)), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let exact = found.len() <= WEIGHED;
        found.truncate(WEIGHED);
        if query.from.is_some() || query.to.is_some() || query.source.is_some() {
            let mut kept = Vec::with_capacity(found.len());
            for candidate in found {
                if self.is_wanted(query, candidate.1)? {
                    kept.push(candidate);
                }
            }
            found = kept;
        }
        let total = query.count.then_some(Total { count: found.len() as u64, exact });
        Ok((in_order(found, query.limit, after), total))
    }

    /// As [`best`](Self::best), but the texts are read.
    fn best_read(
        &self,
        query: &SearchQuery,
        question: &Question,
        expression: &str,
        after: Option<Found>,
    ) -> Result<(Vec<Found>, Option<Total>)> {
        let newest = SearchQuery { limit: READ - 1, after: None, ..query.clone() };
        let (mut found, total) = self.newest(&newest, expression, None)?;
        for (score, id) in &mut found {
            let id = crate::error::row_id(*id);
            let title = self.first("SELECT title FROM report WHERE id = ?1", [crate::error::column_id(id)?], |row| row.get(0))?;
            let title: Option<String> = title.flatten();
            *score = snippet::score(title.as_deref().unwrap_or_default(), &self.report_text(id)?.unwrap_or_default(), question);
        }
        Ok((in_order(found, query.limit, after), total))
    }

    fn newest(&self, query: &SearchQuery, expression: &str, after: Option<Found>) -> Result<(Vec<Found>, Option<Total>)> {
        let sql = "SELECT rowid FROM full_text WHERE full_text MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query((expression, after.map_or(i64::MAX, |(_, id)| id)))?;
        let (mut found, mut count, mut looks) = (Vec::new(), 0, 0);
        let mut exact = true;
        let counting = query.count && after.is_none();
        while let Some(row) = rows.next()? {
            let is_full = found.len() > query.limit;
            if is_full && (!counting || looks >= COUNTED) {
                exact = false;
                break;
            }
            looks += 1;
            let id: i64 = row.get(0)?;
            if self.is_wanted(query, id)? {
                count += 1;
                if !is_full {
                    found.push((0.0, id));
                }
            }
        }
        Ok((found, counting.then_some(Total { count, exact })))
    }

    /// True when a report is by the outlet and of the days that are asked for.
    fn is_wanted(&self, query: &SearchQuery, report: i64) -> Result<bool> {
        if query.from.is_none() && query.to.is_none() && query.source.is_none() {
            return Ok(true);
        }
        let known = self.first("SELECT source, published FROM report WHERE id = ?1", [report], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?))
        })?;
        let Some((source, published)) = known else { return Ok(false) };
        if query.source.is_some() && source != query.source {
            return Ok(false);
        }
        if query.from.is_none() && query.to.is_none() {
            return Ok(true);
        }
        let bounds = published.and_then(|text| text.parse::<Edtf>().ok()).and_then(|published| published.bounds());
        let Some((first, last)) = bounds else { return Ok(false) };
        Ok(query.from.is_none_or(|from| last.is_none_or(|last| last >= from))
            && query.to.is_none_or(|to| first.is_none_or(|first| first <= to)))
    }
}
