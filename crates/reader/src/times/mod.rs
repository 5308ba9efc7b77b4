//! Times: expressions of date and duration, resolved to EDTF against the publication date and the text.
//!
//! Word patterns, tried at each token from the longest-reaching kind to the plainest: parts of a period (*the first week of May*),
//! relative expressions (*last week*, *two days ago*, *the past 24 hours*), dates in words and digits, weekdays, months, years and
//! decades. Neighbouring dates then join to intervals (*from Monday until 5 May*, *between 3 and 5 May*), and the words before them open
//! one end (*since 2014*, *until Friday*).
//!
//! What is left out of a date is taken from the publication date, or from the dateline where that is missing: a weekday is the nearest
//! one past unless the verb looks ahead, a day without a year lies where it is nearest, and before publication where its verb is in the
//! past. *a week later*, *the next day*, *that day* count from the text's last date. What nothing anchors keeps its words and has no
//! value. The kinds are those of TimeML (Pustejovsky et al. 2003); the table in `tests/times.tsv` says what each means here.

mod calendar;
mod dates;
mod digits;
mod parts;
mod relative;
mod tense;

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Date, Edtf, Report};

use crate::look::Look;
use crate::mentions::Time;
use calendar::{Anchor, Partial, through};

/// Times of the report, in text order.
#[must_use]
pub fn find(report: &Report, doc: &Doc) -> Vec<Time> {
    let mut finder =
        Finder { doc, anchor: Anchor::of(report), last: Anchor::None, wide: Anchor::None, year: None, dated: None, said: 0 };
    if finder.anchor.day().is_none() {
        finder.anchor = finder.dateline().unwrap_or(finder.anchor);
    }
    let mut times: Vec<Time> = Vec::new();
    let mut at = 0;
    while at < doc.len() {
        let Some(found) = finder.expression(at) else {
            at += 1;
            continue;
        };
        let start = found.start.unwrap_or(at);
        let tokens = TokenRange { start, end: found.end.max(start + 1) };
        finder.remember(&found, tokens.start);
        at = tokens.end.max(at + 1);
        times.push(Time { tokens, head: head_of(doc, tokens), edtf: found.edtf, why: found.why });
    }
    times
}

/// An expression found at some token.
struct Found {
    /// Where it begins, when that is not the token at which it was found.
    start: Option<usize>,
    end: usize,
    edtf: Option<Edtf>,
    /// The date as its words give it, for joining.
    partial: Option<Partial>,
    why: &'static str,
}

impl Found {
    fn new(end: usize, edtf: Option<Edtf>, why: &'static str) -> Self {
        Self { start: None, end, edtf, partial: None, why }
    }
}

struct Finder<'a> {
    doc: &'a Doc,
    anchor: Anchor,
    /// The last day that the text named.
    last: Anchor,
    /// The last day, month or year that the text named.
    wide: Anchor,
    /// A year that a near sentence named, with that sentence.
    year: Option<(i32, usize)>,
    /// The last month that was named with its year.
    dated: Option<(i32, u8)>,
    /// The sentence of the last day that was named.
    said: usize,
}

/// Words that name a part of the day beside a day.
const PARTS_OF_DAY: &[&str] = &["morning", "afternoon", "evening", "night"];

impl Look for Finder<'_> {
    fn doc(&self) -> &Doc {
        self.doc
    }
}

impl Finder<'_> {
    fn is_month(&self, i: usize) -> bool {
        calendar::month(self.word(i)).is_some()
    }

    fn is_name(&self, i: usize) -> bool {
        self.word(i).starts_with(|c: char| c.is_ascii_uppercase())
    }

    /// Dates that the text names serve those after them.
    fn remember(&mut self, found: &Found, at: usize) {
        if let Some(year) = found.partial.and_then(|partial| partial.year) {
            self.year = Some((year, self.doc.sentence_of(at)));
            if let Some(month) = found.partial.and_then(|partial| partial.month) {
                self.dated = Some((year, month));
            }
        }
        let Some(value) = &found.edtf else { return };
        let named = Anchor::from_edtf(value);
        if named != Anchor::None {
            self.said = self.doc.sentence_of(at);
        }
        match named {
            Anchor::None => {}
            day @ (Anchor::Day(_) | Anchor::DayOfSomeYear(_)) => (self.last, self.wide) = (day, day),
            wider => self.wide = wider,
        }
    }

    /// The expression that begins at `i`, with what the words around it make of it.
    fn expression(&self, i: usize) -> Option<Found> {
        if !begins(self.word(i)) {
            return None;
        }
        // What recurs dates nothing: *every Friday*, *each second Monday*; nor does any such day: *on a Saturday night*.
        let other = usize::from(self.before(i, 1, &["other", "second", "third"]));
        if self.before(i, 1 + other, &["every", "each"]) {
            return None;
        }
        // *every Monday and Thursday*
        let listed = self.before(i, 1, &["and"])
            && self.before(i, 3, &["every", "each"])
            && i > 1
            && calendar::weekday(self.word(i - 2)).is_some();
        if listed && calendar::weekday(self.word(i)).is_some() {
            return None;
        }
        let end = self.part_of_day(i + 1);
        if self.before(i, 1, &["a"])
            && calendar::weekday(self.word(i)).is_some()
            && !self.modifies(i, end)
            && !self.is_month(end)
            && !self.is_month(end + 1)
        {
            return None;
        }
        let found = self
            .part_of(i)
            .or_else(|| self.relative(i))
            .or_else(|| self.counted(i))
            .or_else(|| self.anaphoric(i))
            .or_else(|| self.decade_or_century(i))
            .or_else(|| self.date(i))?;
        // Names that hold a calendar word (*the Sunday Times*) are no dates; a full date that is taken for one is.
        if matches!(self.doc.token(i).entity.as_str(), "ORG" | "PRODUCT" | "WORK_OF_ART" | "PERSON") {
            let full = found.partial.is_some_and(|partial| partial.day.is_some() && partial.month.is_some());
            let whole = self.doc.entity_at(i).is_some_and(|entity| entity.tokens.end <= found.end);
            if !(full && whole) {
                return None;
            }
        }
        Some(self.opened(found, i))
    }

    /// *since*, *until*, *by*, *before*, *after* make an interval of the date that follows, *onwards* of the one before.
    fn opened(&self, found: Found, at: usize) -> Found {
        let start = found.start.unwrap_or(at);
        let Some(value) = &found.edtf else { return found };
        let mut cue = start;
        for _ in 0..4 {
            cue = cue.wrapping_sub(1);
            if !(cue < start
                && self.is(cue, &["the", "around", "about", "approximately", "roughly", "at", "least", "as", "early"]))
            {
                break;
            }
        }
        if cue >= start {
            return found;
        }
        let end = found.end;
        let (open, why) = match self.word(cue).to_ascii_lowercase().as_str() {
            "since" => {
                let today = self.anchor.near(|date| date);
                let later = today.as_ref().is_some_and(|today| value.bounds() <= today.bounds());
                (through(Some(value), today.as_ref().filter(|_| later)), "since a date")
            }
            "until" | "till" if found.why != "from one date to another" => (through(None, Some(value)), "until a date"),
            "than" if self.before(cue, 1, &["later"]) && self.before(cue, 2, &["no", "not"]) => {
                (through(None, Some(value)), "no later than a date")
            }
            "than" if self.before(cue, 1, &["earlier"]) && self.before(cue, 2, &["no", "not"]) => {
                (through(Some(value), None), "no earlier than a date")
            }
            "before" if !self.modifies(start, end) => (through(None, Some(value)), "before a date"),
            "after" if !self.modifies(start, end) => (through(Some(value), None), "after a date"),
            "from" if self.is(end, &["on", "onward", "onwards", "forward"]) => (through(Some(value), None), "from a date on"),
            "starting" | "beginning" | "effective" => (through(Some(value), None), "from a date on"),
            "on" | "from" | "in" if self.before(cue, 1, &["starting", "beginning", "effective"]) => {
                (through(Some(value), None), "from a date on")
            }
            _ => return found,
        };
        match open {
            Some(open) => Found { edtf: Some(open), why, ..found },
            None => found,
        }
    }

    /// True where a date stands before a noun, as its owner or attribute: *the 2011 uprising*, *Monday's vote*.
    fn modifies(&self, start: usize, end: usize) -> bool {
        let noun = |at: usize| matches!(self.doc.pos(at).as_str(), "NOUN" | "PROPN");
        let above = |at: usize| Some(self.doc.head(at)).filter(|&head| head >= end && head < end + 6);
        self.is(end, &["'s", "’s", "'", "’"]) || (start..end).any(|at| above(at).is_some_and(noun))
    }

    /// The day of the dateline, where the text has one: *KYIV, 14 December 2024 (Agency) —*, *BAGHDAD (Agency, May 3, 2023) -*, or a first line
    /// that is a date.
    fn dateline(&self) -> Option<Anchor> {
        let doc = self.doc;
        let shown = |at: usize| doc.token(at).range.start as usize;
        let line_ends = |at: usize| {
            at >= doc.len()
                || doc.text().get(doc.token(at - 1).range.end as usize..shown(at)).is_some_and(|gap| gap.contains('\n'))
        };
        for i in 0..doc.len().min(60) {
            if !begins(self.word(i)) {
                continue;
            }
            // *Published: 14 December 2024*
            let stamped = (1..=4).any(|back| self.before(i, back, &["published", "updated", "posted", "issued", "date"]))
                && (1..=3).any(|back| self.before(i, back, &[":", "on", "published", "updated", "posted", "issued", "date"]));
            if i >= 24 && !stamped {
                continue;
            }
            let Some((start, partial, end, _)) = self.partial(i) else { continue };
            if partial.day.is_none()
                || partial.month.is_none()
                || partial.last_day.is_some()
                || partial.more[0] > 0
                || partial.either
            {
                continue;
            }
            let dash = (end..(end + 8).min(doc.len())).find(|&at| self.is(at, &["—", "–", "--", "-"]) || line_ends(at));
            let dashed = dash.is_some_and(|at| self.is(at, &["—", "–", "--", "-"]));
            let city =
                self.word(0).len() > 1 && self.word(0).chars().all(|c| c.is_uppercase() || matches!(c, '-' | '\'' | '’' | '.'));
            let line = line_ends(end) && (start == 0 || line_ends(start)) && end < doc.len();
            if !(line || stamped || dashed && (city || start == 0)) {
                continue;
            }
            let partial = Partial { year: partial.year.or_else(|| self.anchor.year()), approximate: false, ..partial };
            return partial.resolve(Anchor::None, calendar::Direction::Open).map(|value| Anchor::from_edtf(&value));
        }
        None
    }

    /// A text without a line of its own ends where a phrase does: at a stop, a conjunction, a verb.
    fn ends_phrase(&self, i: usize) -> bool {
        i >= self.doc.len()
            || self.is(i, &[",", ".", ";", ":", ")", "and", "but"])
            || matches!(self.doc.pos(i).as_str(), "VERB" | "AUX")
    }

    /// One past a part of the day at `at`, else `at`.
    fn part_of_day(&self, at: usize) -> usize {
        at + usize::from(self.is(at, PARTS_OF_DAY))
    }
}

/// True for words with which a time may begin; most tokens are passed over here.
fn begins(word: &str) -> bool {
    let Some(first) = word.bytes().next() else { return false };
    if first.is_ascii_digit() {
        return true;
    }
    let mut lower = [0u8; 12];
    let bytes = word.as_bytes();
    let length = bytes.len().min(lower.len());
    if !first.is_ascii_alphabetic() {
        return word == "'" || word.starts_with(['\'', '’']);
    }
    for (to, from) in lower.iter_mut().zip(bytes) {
        *to = from.to_ascii_lowercase();
    }
    let Some(Ok(lower)) = lower.get(..length).map(std::str::from_utf8) else { return false };
    let stem = lower.trim_end_matches('.');
    if bytes.len() > 4 && lower.starts_with("mid-") || lower.starts_with("fy2") {
        return true;
    }
    matches!(
        stem,
        "the"
            | "a"
            | "an"
            | "this"
            | "that"
            | "these"
            | "those"
            | "last"
            | "next"
            | "past"
            | "previous"
            | "preceding"
            | "coming"
            | "upcoming"
            | "current"
            | "recent"
            | "early"
            | "late"
            | "mid"
            | "earlier"
            | "later"
            | "today"
            | "tonight"
            | "yesterday"
            | "tomorrow"
            | "overnight"
            | "couple"
            | "few"
            | "several"
            | "many"
            | "half"
            | "within"
            | "days"
            | "weeks"
            | "months"
            | "years"
            | "decades"
            | "hours"
            | "minutes"
            | "spring"
            | "summer"
            | "autumn"
            | "fall"
            | "winter"
            | "q1"
            | "q2"
            | "q3"
            | "q4"
            | "fiscal"
            | "financial"
            | "fy"
            | "christmas"
            | "new"
            | "boxing"
            | "beginning"
            | "start"
            | "middle"
            | "end"
            | "january"
            | "jan"
            | "february"
            | "feb"
            | "march"
            | "mar"
            | "april"
            | "apr"
            | "may"
            | "june"
            | "jun"
            | "july"
            | "jul"
            | "august"
            | "aug"
            | "september"
            | "sept"
            | "sep"
            | "october"
            | "oct"
            | "november"
            | "nov"
            | "december"
            | "dec"
            | "monday"
            | "mon"
            | "tuesday"
            | "tue"
            | "tues"
            | "wednesday"
            | "wed"
            | "thursday"
            | "thu"
            | "thurs"
            | "friday"
            | "fri"
            | "saturday"
            | "sat"
            | "sunday"
            | "sun"
            | "one"
            | "two"
            | "three"
            | "four"
            | "five"
            | "six"
            | "seven"
            | "eight"
            | "nine"
            | "ten"
            | "eleven"
            | "twelve"
            | "thirteen"
            | "fourteen"
            | "fifteen"
            | "sixteen"
            | "seventeen"
            | "eighteen"
            | "nineteen"
            | "twenty"
            | "thirty"
            | "forty"
            | "fifty"
            | "sixty"
            | "seventy"
            | "eighty"
            | "ninety"
            | "first"
            | "second"
            | "third"
            | "fourth"
            | "fifth"
            | "sixth"
            | "seventh"
            | "eighth"
            | "ninth"
            | "tenth"
            | "eleventh"
            | "twelfth"
            | "thirteenth"
            | "fourteenth"
            | "fifteenth"
            | "sixteenth"
            | "seventeenth"
            | "eighteenth"
            | "nineteenth"
            | "twentieth"
    ) || bytes.contains(&b'-') && small_compound(stem)
}

/// *twenty-four* and its like.
fn small_compound(word: &str) -> bool {
    word.split_once('-').is_some_and(|(tens, _)| crate::numbers::small(tens).is_some())
}

/// A year of four digits that news speak of.
fn year_of(word: &str) -> Option<i32> {
    let digits = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|year| digits && (1000..=2100).contains(year))
}

/// The last such weekday up to `date`.
fn back_to(date: Date, wanted: u8) -> Date {
    date.plus_days(-i64::from((date.weekday() + 7 - wanted) % 7))
}

/// The first such weekday from `date` on.
fn on_to(date: Date, wanted: u8) -> Date {
    date.plus_days(i64::from((wanted + 7 - date.weekday()) % 7))
}

/// The token of the range whose head lies outside it.
fn head_of(doc: &Doc, tokens: TokenRange) -> usize {
    tokens.indices().find(|&token| doc.is_root(token) || !tokens.contains(doc.head(token))).unwrap_or(tokens.start)
}
