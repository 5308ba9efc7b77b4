//! Full text: what people type, made safe; the reports that match; and their words shown.

mod query;
mod snippet;
mod words;

use dateline_record::Date;
use rusqlite::OptionalExtension as _;
use rustc_hash::FxHashSet;

pub use snippet::Snippet;

use crate::audit::limit_of;
use crate::error::{Error, Result};
use crate::look::days_of;
use crate::report::json_text;
use crate::{Page, Reader, ReportRow, Total, Writer};
use query::Question;
use words::{folded, folds_to, words};

/// How many reports that match are weighed against each other, those added last.
const WEIGHED: usize = 5_000;
/// How many that match a phrase, a beginning or many words: there we read the texts themselves.
const READ: usize = 300;
/// How many of those are counted.
const COUNTED: usize = 2_000;
/// How many reports are looked at for one page where conditions leave few; the next page goes on from there.
const LOOKED_AT: usize = 20_000;
/// How many outlets a name may stand for, the first by their names.
const OUTLETS: usize = 2_000;
/// How many words a beginning stands for at most, the first in the order of their letters.
const BEGINNING: usize = 100;

/// Which reports are searched for.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchQuery {
    /// What a person types: words that must all be there, `"phrases"`, `-without`, `this OR that`, `begin*`. It may be empty where
    /// something else is asked for.
    pub text: String,
    /// With these words in the title, typed likewise.
    pub title: Option<String>,
    /// Published on this day or later.
    pub from: Option<Date>,
    /// Published on this day or before.
    pub to: Option<Date>,
    /// By the outlet of exactly this name.
    pub source: Option<String>,
    /// By an outlet whose name has one of these in it: its words in their order, the last one perhaps only begun. Empty for any outlet.
    pub outlets: Vec<String>,
    /// With this in its byline, likewise.
    pub author: Option<String>,
    /// At this host, or a part of it, or at an address that begins so, with or without its scheme, whatever the case of its letters. Not by
    /// just any part: addresses may spell out names that are not searched for.
    pub url: Option<String>,
    /// In this language, by its code: `en` for `en-GB` too.
    pub language: Option<String>,
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
        Self {
            text: String::new(),
            title: None,
            from: None,
            to: None,
            source: None,
            outlets: Vec::new(),
            author: None,
            url: None,
            language: None,
            sort: SearchSort::Best,
            limit: 20,
            after: None,
            count: false,
        }
    }
}

impl SearchQuery {
    /// Whether something besides words is asked for.
    fn has_conditions(&self) -> bool {
        self.source.is_some() || !self.outlets.is_empty() || self.needs_row()
    }

    /// Whether a report's row tells if it is wanted.
    fn needs_row(&self) -> bool {
        [&self.author, &self.url, &self.language].iter().any(|field| field.is_some()) || self.from.is_some() || self.to.is_some()
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

    /// Reports that match, a page at a time. Where no words are asked for, they come in the order in which they were added, the newest
    /// first; where other conditions leave few, a page may hold less than asked for although the list goes on.
    ///
    /// # Errors
    /// When there is nothing to search for, `after` is no mark of such a list, or the database can't be read.
    pub fn search(&self, query: &SearchQuery) -> Result<Page<Hit>> {
        let text = Question::parse(&query.text);
        let title = query.title.as_deref().map(ask).transpose()?;
        if text.is_none() && (!query.text.trim().is_empty() || (title.is_none() && !query.has_conditions())) {
            return Err(Error::NothingAsked(query.text.clone()));
        }
        let after = query.after.as_deref().map(parse_mark).transpose()?;
        let outlets = self.outlets_named(&query.outlets)?;
        if outlets.as_ref().is_some_and(FxHashSet::is_empty) {
            return Ok(Page::empty());
        }
        let is_light = [&text, &title].into_iter().flatten().all(Question::is_light);
        let way = match (&text, &title) {
            (Some(text), None) => Way::Words(self.expression(text)?),
            (Some(text), Some(title)) => {
                Way::Words(format!("({}) AND {{title}} : ({})", self.expression(text)?, self.expression(title)?))
            }
            (None, Some(title)) => Way::Words(format!("{{title}} : ({})", self.expression(title)?)),
            (None, None) => match (&outlets, &query.source) {
                (Some(names), _) => Way::Outlets(json_text(&names)?),
                (None, Some(name)) => Way::Outlets(json_text(&[name])?),
                (None, None) => Way::All,
            },
        };
        let asked = Asked { query, outlets };
        let question = text.or(title).unwrap_or_default();
        let (found, total, looked_to) = match (query.sort, &way) {
            (SearchSort::Best, Way::Words(expression)) if is_light => self.best(&asked, expression, after)?,
            (SearchSort::Best, Way::Words(_)) => self.best_read(&asked, &question, &way, after)?,
            _ => self.newest(&asked, &way, after)?,
        };
        let page = Page::cut(found, query.limit, mark);
        let mut rows = Vec::with_capacity(page.rows.len());
        for &(score, id) in &page.rows {
            let id = crate::error::row_id(id);
            let (Some(report), Some(text)) = (self.report(id)?, self.report_text(id)?) else { continue };
            let snippet = Snippet::of(&text, &question);
            rows.push(Hit { report, score, snippet, events: self.events_of_report(id)? });
        }
        Ok(Page { rows, next: page.next.or_else(|| looked_to.map(|id| mark(&(0.0, id)))), total })
    }

    /// Outlets of reports whose name has one of these in it; none where any outlet will do.
    fn outlets_named(&self, wanted: &[String]) -> Result<Option<FxHashSet<String>>> {
        if wanted.is_empty() {
            return Ok(None);
        }
        let wanted: Vec<Vec<String>> = wanted.iter().map(|name| parts(name)).collect();
        let mut named = FxHashSet::default();
        // From one name to the next, not from one report to the next.
        let mut statement = self.db().prepare_cached("SELECT source FROM report WHERE source > ?1 ORDER BY source LIMIT 1")?;
        let mut last = String::new();
        while named.len() < OUTLETS
            && let Some(name) = statement.query_row([&last], |row| row.get::<_, String>(0)).optional()?
        {
            if wanted.iter().any(|wanted| has(&name, wanted)) {
                named.insert(name.clone());
            }
            last = name;
        }
        Ok(Some(named))
    }

    fn best(&self, asked: &Asked<'_>, expression: &str, after: Option<Found>) -> Result<Weighed> {
        let query = asked.query;
        let sql = "SELECT -bm25(full_text, 3.0, 1.0), rowid FROM full_text WHERE full_text MATCH ?1 ORDER BY rowid DESC LIMIT ?2";
        let mut found: Vec<Found> = self.list(sql, (expression, limit_of(WEIGHED + 1)), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let exact = found.len() <= WEIGHED;
        found.truncate(WEIGHED);
        if query.has_conditions() {
            let mut kept = Vec::with_capacity(found.len());
            for candidate in found {
                if self.is_wanted(asked, candidate.1)? {
                    kept.push(candidate);
                }
            }
            found = kept;
        }
        let total = query.count.then_some(Total { count: found.len() as u64, exact });
        Ok((in_order(found, query.limit, after), total, None))
    }

    /// As [`best`](Self::best), but the texts are read.
    fn best_read(&self, asked: &Asked<'_>, question: &Question, way: &Way, after: Option<Found>) -> Result<Weighed> {
        let query = asked.query;
        let newest = SearchQuery { limit: READ - 1, after: None, ..query.clone() };
        let (mut found, total, _) = self.newest(&Asked { query: &newest, outlets: asked.outlets.clone() }, way, None)?;
        for (score, id) in &mut found {
            let id = crate::error::row_id(*id);
            let title = self.first("SELECT title FROM report WHERE id = ?1", [crate::error::column_id(id)?], |row| row.get(0))?;
            let title: Option<String> = title.flatten();
            *score = snippet::score(title.as_deref().unwrap_or_default(), &self.report_text(id)?.unwrap_or_default(), question);
        }
        Ok((in_order(found, query.limit, after), total, None))
    }

    fn newest(&self, asked: &Asked<'_>, way: &Way, after: Option<Found>) -> Result<Weighed> {
        let query = asked.query;
        let (sql, what) = match way {
            Way::Words(expression) => (
                "SELECT rowid FROM full_text WHERE full_text MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3",
                Some(expression),
            ),
            Way::Outlets(names) => (
                "SELECT id FROM report WHERE source IN (SELECT value FROM json_each(?1)) AND id < ?2 ORDER BY id DESC LIMIT ?3",
                Some(names),
            ),
            Way::All => ("SELECT id FROM report WHERE ?1 IS NULL AND id < ?2 ORDER BY id DESC LIMIT ?3", None),
        };
        let mut statement = self.db().prepare_cached(sql)?;
        let before = after.map_or(i64::MAX, |(_, id)| id);
        // One more, to know whether the list goes on.
        let mut rows = statement.query((what, before, limit_of(LOOKED_AT + 1)))?;
        let (mut found, mut count, mut looks) = (Vec::new(), 0, 0);
        let mut exact = true;
        let mut looked_to = None;
        let counting = query.count && after.is_none();
        while let Some(row) = rows.next()? {
            let is_full = found.len() > query.limit;
            if (is_full && (!counting || looks >= COUNTED)) || looks >= LOOKED_AT {
                exact = false;
                break;
            }
            looks += 1;
            let id: i64 = row.get(0)?;
            looked_to = Some(id);
            if self.is_wanted(asked, id)? {
                count += 1;
                if !is_full {
                    found.push((0.0, id));
                }
            }
        }
        Ok((found, counting.then_some(Total { count, exact }), looked_to.filter(|_| !exact)))
    }

    /// True when a report is as the conditions besides words ask.
    fn is_wanted(&self, asked: &Asked<'_>, report: i64) -> Result<bool> {
        let query = asked.query;
        if !query.has_conditions() {
            return Ok(true);
        }
        let sql = "SELECT source, published, author, url, language FROM report WHERE id = ?1";
        let mut statement = self.db().prepare_cached(sql)?;
        let mut rows = statement.query([report])?;
        let Some(row) = rows.next()? else { return Ok(false) };
        let text = |column: usize| row.get_ref(column).map(|value| value.as_str().ok());
        let source = text(0)?;
        if query.source.as_deref().is_some_and(|wanted| source != Some(wanted))
            || asked.outlets.as_ref().is_some_and(|names| !source.is_some_and(|source| names.contains(source)))
        {
            return Ok(false);
        }
        if !query.needs_row() {
            return Ok(true);
        }
        if let Some(author) = &query.author
            && !text(2)?.is_some_and(|found| has(found, &parts(author)))
        {
            return Ok(false);
        }
        if let Some(url) = &query.url
            && !text(3)?.is_some_and(|found| lies_at(found, url))
        {
            return Ok(false);
        }
        if let Some(language) = &query.language
            && !text(4)?.is_some_and(|found| speaks(found, language))
        {
            return Ok(false);
        }
        if query.from.is_none() && query.to.is_none() {
            return Ok(true);
        }
        let Some((first, last)) = text(1)?.and_then(days_of) else { return Ok(false) };
        Ok(query.from.is_none_or(|from| last.is_none_or(|last| last >= from))
            && query.to.is_none_or(|to| first.is_none_or(|first| first <= to)))
    }
}

/// A query with what follows from it once.
struct Asked<'q> {
    query: &'q SearchQuery,
    /// Names of the outlets that will do; none where any will.
    outlets: Option<FxHashSet<String>>,
}

/// Where reports that may match are taken from.
enum Way {
    /// The index of words, by an expression.
    Words(String),
    /// The outlets with these names, in JSON.
    Outlets(String),
    /// All of them.
    All,
}

/// Reports in order, their number where it is asked for, and how far back was looked where that was not to the end.
type Weighed = (Vec<Found>, Option<Total>, Option<i64>);

/// The words of a name, as names are compared.
fn parts(name: &str) -> Vec<String> {
    words(name).filter_map(|range| name.get(range)).map(folded).collect()
}

/// Whether a name has these words in it, one after another, the last perhaps only begun. Without words, every name has.
fn has(name: &str, wanted: &[String]) -> bool {
    let Some((last, before)) = wanted.split_last() else { return true };
    let parts: Vec<&str> = words(name).filter_map(|range| name.get(range)).collect();
    parts.windows(wanted.len()).any(|window| {
        window.split_last().is_some_and(|(end, start)| {
            folds_to(end, last, true) && start.iter().zip(before).all(|(part, wanted)| folds_to(part, wanted, false))
        })
    })
}

/// Whether an address is at a host with these letters in it, or, where they have a slash, begins with them.
fn lies_at(address: &str, wanted: &str) -> bool {
    let bare = |text: &str| {
        let text = text.to_lowercase();
        text.split_once("://").map_or(text.clone(), |(_, rest)| rest.to_owned())
    };
    let (address, wanted) = (bare(address), bare(wanted));
    if wanted.contains('/') {
        address.starts_with(&wanted)
    } else {
        address.split('/').next().is_some_and(|host| host.contains(&wanted))
    }
}

/// Whether a language, by its code, is this one or a kind of it.
fn speaks(found: &str, wanted: &str) -> bool {
    let rest = found.get(..wanted.len()).filter(|head| head.eq_ignore_ascii_case(wanted)).and(found.get(wanted.len()..));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_words() {
        for (name, wanted, is_there) in [
            ("Sample News World", "news", true),
            ("Sample News World", "SAMPLE n", true),
            ("Sample News World", "sample world", false),
            ("Sportweek", "rt", false),
            ("Télé Dépêche", "depeche", true),
            ("@sample_channel", "channel", true),
            ("Sample", "", true),
        ] {
            assert_eq!(has(name, &parts(wanted)), is_there, "{name}: {wanted}");
        }
    }

    #[test]
    fn addresses_are_found_by_their_host_and_beginning() {
        let address = "https://News.example/world/Jon-Sample";
        for wanted in ["example", "NEWS.", "news.example/world", "https://news.example/", "http://news.example/world/jon"] {
            assert!(lies_at(address, wanted), "{wanted}");
        }
        for wanted in ["jon-sample", "world/jon", "other.example", "news.example/home"] {
            assert!(!lies_at(address, wanted), "{wanted}");
        }
    }

    #[test]
    fn a_language_is_one_of_its_kinds() {
        for (found, wanted, same) in
            [("en", "en", true), ("en-GB", "EN", true), ("eng", "en", false), ("e", "en", false), ("uk", "en", false)]
        {
            assert_eq!(speaks(found, wanted), same, "{found}: {wanted}");
        }
    }
}
