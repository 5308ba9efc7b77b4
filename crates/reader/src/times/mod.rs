//! Times: expressions of date and duration, resolved to EDTF against the publication date and the text.
//!
//! Word patterns, tried at each token from the longest-reaching kind to the plainest: relative expressions (*last week*, *two days
//! ago*, *the past 24 hours*), dates in words and digits, weekdays, months, years and decades. Neighbouring dates then join to
//! intervals (*from Monday until 5 May*, *between 3 and 5 May*, *since 2014*).
//!
//! What is left out of a date is taken from the publication date: a weekday is the nearest one past unless the verb looks ahead, a day
//! without a year lies where it is nearest. *a week later*, *the next day*, *that day* count from the text's last full date. What
//! nothing anchors keeps its words and has no value.

mod calendar;
mod dates;

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Date, Edtf, Report};

use crate::mentions::Time;
use crate::numbers;
use calendar::{Anchor, Direction, Partial, Unit, edtf, month, season, shifted, stretch_before, unit, unit_from, weekday};

/// Times of the report, in text order.
#[must_use]
pub fn find(report: &Report, doc: &Doc) -> Vec<Time> {
    let mut finder = Finder { doc, anchor: Anchor::of(report), last: None, year: None };
    let mut times: Vec<Time> = Vec::new();
    let mut at = 0;
    while at < doc.len() {
        let Some(found) = finder.expression(at) else {
            at += 1;
            continue;
        };
        let tokens = TokenRange { start: found.start.unwrap_or(at), end: found.end };
        finder.remember(&found, tokens.start);
        at = found.end.max(at + 1);
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
    /// The last full date that the text named.
    last: Option<Date>,
    /// A year that a near sentence named, with that sentence.
    year: Option<(i32, usize)>,
}

impl Finder<'_> {
    fn word(&self, i: usize) -> &str {
        if i < self.doc.len() { self.doc.word(i) } else { "" }
    }

    fn is(&self, i: usize, words: &[&str]) -> bool {
        let word = self.word(i);
        words.iter().any(|known| word.eq_ignore_ascii_case(known))
    }

    fn before(&self, i: usize, back: usize, words: &[&str]) -> bool {
        i.checked_sub(back).is_some_and(|at| self.is(at, words))
    }

    /// Dates that the text names serve those after them.
    fn remember(&mut self, found: &Found, at: usize) {
        let Some((Some(first), Some(last))) = found.edtf.as_ref().and_then(Edtf::bounds) else { return };
        if first == last {
            self.last = Some(first);
        }
        if let Some(year) = found.partial.and_then(|partial| partial.year) {
            self.year = Some((year, self.doc.sentence_of(at)));
        }
    }

    /// The longest expression that begins at `i`.
    fn expression(&self, i: usize) -> Option<Found> {
        let word = self.word(i);
        let first = word.bytes().next()?;
        if !first.is_ascii_alphanumeric() {
            return None;
        }
        // Names that hold a calendar word (*the Sunday Times*) are no dates.
        let entity = self.doc.token(i).entity;
        if entity == "ORG" || entity == "PRODUCT" || entity == "WORK_OF_ART" || entity == "PERSON" {
            return None;
        }
        self.relative(i).or_else(|| self.ago(i)).or_else(|| self.anaphoric(i)).or_else(|| self.decade(i)).or_else(|| self.date(i))
    }

    // ---- relative to the publication date

    fn relative(&self, i: usize) -> Option<Found> {
        let start = i;
        let mut i = i;
        let day = |end, shift: i64, why| Some(Found::new(end, self.anchor.near(|date| date.plus_days(shift)), why));
        if self.is(i, &["the"]) && self.is(i + 1, &["day"]) && self.is(i + 2, &["before", "after"]) {
            if self.is(i + 3, &["yesterday"]) {
                return day(i + 4, -2, "the day before yesterday");
            }
            if self.is(i + 3, &["tomorrow"]) {
                return day(i + 4, 2, "the day after tomorrow");
            }
        }
        if self.is(i, &["earlier", "later", "early", "late"]) {
            i += 1;
        }
        let part_of_day = |at: usize| at + usize::from(self.is(at, &["morning", "afternoon", "evening", "night"]));
        if self.is(i, &["today", "tonight"]) {
            return day(part_of_day(i + 1), 0, "today");
        }
        if self.is(i, &["yesterday"]) {
            return day(part_of_day(i + 1), -1, "yesterday");
        }
        if self.is(i, &["tomorrow"]) {
            return day(part_of_day(i + 1), 1, "tomorrow");
        }
        if self.is(i, &["overnight"]) && self.doc.pos(i) != "ADJ" {
            let value = self.anchor.day().and_then(|date| edtf(&format!("{}/{date}", date.plus_days(-1))));
            return Some(Found::new(i + 1, value, "overnight"));
        }
        let article = usize::from(self.is(i, &["the", "these"]));
        let at = i + article;
        let (shift, stretch) = match () {
            () if self.is(at, &["this", "current"]) => (0, false),
            () if self.is(at, &["last"]) => (-1, article == 1),
            () if self.is(at, &["past"]) => (-1, true),
            () if self.is(at, &["previous", "preceding"]) => (-1, article == 0),
            () if self.is(at, &["next"]) => (1, false),
            () if self.is(at, &["coming", "upcoming"]) => (1, true),
            () => return None,
        };
        let bare_this = self.is(at, &["this"]);
        let next = at + 1;
        let word = self.word(next);
        if bare_this && self.is(next, &["morning", "afternoon", "evening"]) {
            return day(next + 1, 0, "this morning");
        }
        if shift == -1 && article == 0 && self.is(next, &["night", "evening"]) {
            return day(next + 1, -1, "last night");
        }
        if self.is(next, &["weekend"]) {
            let value = self.anchor.day().and_then(|date| {
                let saturday =
                    date.plus_days(5 - i64::from(date.weekday()) + if date.weekday() >= 5 && shift == 0 { 0 } else { 7 * shift });
                edtf(&format!("{saturday}/{}", saturday.plus_days(1)))
            });
            return Some(Found::new(next + 1, value, "weekend"));
        }
        if let Some(unit) = unit(word) {
            let plural = word.ends_with(['s', 'S']);
            if plural {
                // *these past weeks*: too open to date.
                return (stretch && unit != Unit::Hour).then(|| Found::new(next + 1, None, "the past weeks"));
            }
            if unit == Unit::Hour || (article == 1 && !stretch && shift >= 0) {
                return None;
            }
            let value = match shift {
                -1 if stretch && article == 1 => stretch_before(self.anchor, unit, 1),
                _ => unit_from(self.anchor, unit, shift),
            };
            return Some(Found { start: Some(start), ..Found::new(next + 1, value, "last week") });
        }
        // *this May's* month, *last Friday*, *next summer*; *this* and a plain noun is none of them.
        if let Some(wanted) = weekday(word) {
            let value = self.anchor.near(|date| match shift {
                -1 => back_to(date.plus_days(-1), wanted),
                0 if !self.looks_ahead(next) => back_to(date, wanted),
                0 => on_to(date, wanted),
                _ => on_to(date.plus_days(1), wanted),
            });
            return Some(Found::new(part_of_day(next + 1), value, "weekday"));
        }
        let direction = match shift {
            -1 => Direction::Past,
            0 => Direction::Open,
            _ => Direction::Future,
        };
        let named =
            month(word).filter(|_| self.doc.tag(next) == "NNP" || self.doc.tag(next) == "NNPS").or_else(|| season(word))?;
        let partial = Partial { month: Some(named), ..Partial::default() };
        let value = match (shift, self.anchor.year()) {
            (0, Some(year)) => Partial { year: Some(year), ..partial }.resolve(self.anchor, direction),
            (_, None) => None,
            // *last May*, said in May, is a year ago.
            (-1, Some(year)) if self.anchor.month().is_some_and(|(_, now)| now == named) => {
                Partial { year: Some(year - 1), ..partial }.resolve(self.anchor, direction)
            }
            _ => partial.resolve(self.anchor, direction),
        };
        Some(Found::new(next + 1, value, "month or season"))
    }

    /// *two days ago*, *a week earlier*, *the past 24 hours*, *over the last two weeks*.
    fn ago(&self, i: usize) -> Option<Found> {
        let article = usize::from(self.is(i, &["the", "these"]));
        if self.is(i + article, &["last", "past", "previous", "next", "coming"]) {
            let ahead = self.is(i + article, &["next", "coming"]);
            let number = self.count(i + article + 1)?;
            let unit = unit(self.word(number.end))?;
            let value = match ahead {
                true => None,
                false => stretch_before(self.anchor, unit, number.value),
            };
            return Some(Found::new(number.end + 1, value, "stretch before"));
        }
        let number = self.count(i)?;
        let unit = unit(self.word(number.end))?;
        let at = number.end + 1;
        if self.is(at, &["ago"]) {
            return Some(Found::new(at + 1, shifted(self.anchor, unit, -number.value), "ago"));
        }
        let sign = match () {
            () if self.is(at, &["earlier", "before"]) => -1,
            () if self.is(at, &["later"]) => 1,
            () => return None,
        };
        if self.is(at, &["before"]) && !self.ends_phrase(at + 1) {
            return None;
        }
        let from = self.last.map_or(Anchor::None, Anchor::Day);
        Some(Found::new(at + 1, shifted(from, unit, sign * number.value), "counted from the text's last date"))
    }

    /// *a*, *two*, *a couple of*, *several* (no number): the count before a unit of time.
    fn count(&self, i: usize) -> Option<numbers::Number> {
        let number = |value, end| Some(numbers::Number { value, end, bare_digits: false });
        if self.is(i, &["a", "an"]) {
            if self.is(i + 1, &["couple"]) && self.is(i + 2, &["of"]) {
                return number(2, i + 3);
            }
            return number(1, i + 1);
        }
        if i >= self.doc.len() {
            return None;
        }
        // A century at most: what is longer dates nothing.
        numbers::cardinal(self.doc, i).filter(|number| number.value <= 1200)
    }

    fn ends_phrase(&self, i: usize) -> bool {
        i >= self.doc.len() || self.is(i, &[",", ".", ";", ":", ")", "and", "but"]) || self.doc.pos(i) == "VERB"
    }

    /// *that day*, *the same day*, *the next day*, *the previous night*: from the text's last date.
    fn anaphoric(&self, i: usize) -> Option<Found> {
        let from = self.last.map_or(Anchor::None, Anchor::Day);
        let (at, shift) = match () {
            () if self.is(i, &["that"]) => (i + 1, 0),
            () if self.is(i, &["the"]) && self.is(i + 1, &["same"]) => (i + 2, 0),
            () if self.is(i, &["the"]) && self.is(i + 1, &["next", "following"]) => (i + 2, 1),
            () if self.is(i, &["the"]) && self.is(i + 1, &["previous", "preceding"]) => (i + 2, -1),
            () if self.is(i, &["the"]) && self.is(i + 1, &["day"]) && self.is(i + 2, &["before", "after"]) => {
                let shift = if self.is(i + 2, &["before"]) { -1 } else { 1 };
                return self.ends_phrase(i + 3).then(|| Found::new(i + 3, shifted(from, Unit::Day, shift), "the day before"));
            }
            () => return None,
        };
        if self.is(at, &["morning", "afternoon", "evening"]) {
            return Some(Found::new(at + 1, shifted(from, Unit::Day, shift), "that morning"));
        }
        let word = self.word(at);
        let unit = unit(word).filter(|&unit| unit != Unit::Hour && !word.ends_with('s'))?;
        if shift == 0 && unit == Unit::Day && self.is(at + 1, &["to"]) {
            return None;
        }
        Some(Found::new(at + 1, unit_from(from, unit, shift), "counted from the text's last date"))
    }

    // ---- dates

    /// True when the verb that governs token `i` speaks of what is to come.
    fn looks_ahead(&self, i: usize) -> bool {
        let is_verb = |at: &usize| matches!(self.doc.pos(*at).as_str(), "VERB" | "AUX");
        let Some(verb) = self.doc.ancestors(i).take(8).find(is_verb) else { return false };
        let will = |verb: usize| {
            self.doc
                .children_with(verb, &["aux"])
                .any(|aux| self.is(aux, &["will", "shall", "'ll", "’ll", "would", "could", "may", "might"]))
        };
        let bare = self.doc.tag(verb) == "VB" && self.doc.children_with(verb, &["aux"]).any(|aux| self.is(aux, &["to"]));
        let planned = |verb: usize| matches!(self.doc.lemma(verb), "plan" | "schedule" | "expect" | "set" | "due");
        let intended = |verb: usize| {
            matches!(
                self.doc.lemma(verb),
                "intend" | "aim" | "want" | "hope" | "vow" | "agree" | "promise" | "prepare" | "threaten" | "go"
            )
        };
        let head = self.doc.head(verb);
        will(verb) || planned(verb) || (bare && (planned(head) || intended(head)))
    }
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
