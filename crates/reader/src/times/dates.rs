//! Dates in words and digits: *14 December*, *Dec. 14, 2024*, *2024-12-14*, *mid-June*, *spring 2022*, *the 1990s*.

use crate::look::Look;
use dateline_record::{Date, Edtf};

use super::calendar::{Anchor, Direction, Partial, approximately, edtf, month, season, through, weekday};
use super::{Finder, Found, back_to, digits, on_to, year_of};
use crate::numbers;

/// A date at a token: where it starts, what it is, where it ends, and the rule.
type Dated = (usize, Partial, usize, &'static str);

/// Words after which a number is the name of a thing and no year.
const NUMBERED: &[&str] = &[
    "resolution",
    "route",
    "highway",
    "road",
    "flight",
    "article",
    "unit",
    "directive",
    "decree",
    "order",
    "regulation",
    "checkpoint",
    "hill",
    "height",
    "point",
    "room",
    "number",
    "no",
    "no.",
    "channel",
    "area",
    "block",
    "model",
    "boeing",
    "airbus",
    "gate",
    "camp",
    "building",
];

impl Finder<'_> {
    /// *the 1990s*, *the 90s*, *the early 1970s*, *mid-1970s*, *the late '70s*, *the 19th century*.
    pub(super) fn decade_or_century(&self, i: usize) -> Option<Found> {
        if self.is(i, &["the"]) {
            // The article of a century belongs to it.
            let (value, end) = self.century(i + 1)?;
            return Some(Found::new(end, Some(value), "century"));
        }
        if let Some(glued) = self.word(i).get(4..).filter(|_| self.is_mid(i)) {
            let value = decade_of(glued, true)?;
            return Some(Found::new(i + 1, Some(approximately(value)), "decade"));
        }
        let rough = usize::from(self.is(i, &["early", "late", "mid"]));
        let hyphen = usize::from(rough == 1 && self.is(i + 1, &["-"]));
        let mark = i + rough + hyphen;
        let at = mark + usize::from(self.is(mark, &["'", "’"]));
        // *the 1990's*
        if self.is(at + 1, &["'s", "’s"])
            && self.before(i, 1, &["the"])
            && self.word(at).len() == 4
            && self.word(at).ends_with('0')
            && !self.modifies(at, at + 2)
        {
            let value = decade_of(&format!("{}s", self.word(at)), false)?;
            return Some(Found::new(at + 2, Some(value), "decade"));
        }
        let short = at > mark || self.before(i, 1, &["the"]);
        if let Some(value) =
            decade_of(self.word(at).trim_start_matches(['\'', '’']), short || self.word(at).starts_with(['\'', '’']))
        {
            let value = if rough == 1 { approximately(value) } else { value };
            return Some(Found::new(at + 1, Some(value), "decade"));
        }
        let (value, end) = self.century(i)?;
        Some(Found::new(end, Some(value), "century"))
    }

    /// *19th century*, *early twentieth century*.
    fn century(&self, i: usize) -> Option<(Edtf, usize)> {
        let rough = usize::from(self.is(i, &["early", "late", "mid", "mid-"]));
        let at = i + rough + usize::from(rough == 1 && self.is(i + rough, &["-"]));
        let word = self.word(at);
        let nth = numbers::ordinal(word).filter(|nth| (2..=21).contains(nth))?;
        if !self.is(at + 1, &["century"]) {
            return None;
        }
        let value = edtf(&format!("{:02}XX", nth - 1))?;
        Some((if rough == 1 { approximately(value) } else { value }, at + 2))
    }

    fn is_mid(&self, i: usize) -> bool {
        let word = self.word(i);
        word.len() > 4 && word.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("mid-"))
    }

    pub(super) fn date(&self, i: usize) -> Option<Found> {
        let (start, mut partial, end, why) = self.partial(i)?;
        let (end, told) = match self.of_the_year(end, partial) {
            Some((after, year)) => {
                partial.year = year;
                (after, true)
            }
            None => (end, false),
        };
        if partial.year.is_none() && partial.month.is_some() && partial.day.is_some() && !told {
            let near =
                self.year.filter(|&(_, sentence)| self.doc.sentence_of(i).saturating_sub(sentence) <= 1).map(|(year, _)| year);
            // Where nothing dates the report, a year holds on for the days of its month.
            let held = self
                .dated
                .filter(|&(_, month)| partial.month == Some(month) && self.anchor.year().is_none())
                .map(|(year, _)| year);
            partial.year = near.or(held).filter(|&year| Some(year) != self.anchor.year());
        }
        let or_about =
            self.before(start, 1, &["about"]) && self.before(start, 2, &["or", "on", "in", "from", "of", "until", "since"]);
        if self.before(start, 1, &["around", "circa", "approximately", "roughly"]) || or_about {
            partial.approximate = true;
        }
        let value = self.value(i, partial);
        let joined = self.joined(i, (start, partial, end, why), value.as_ref());
        if joined.is_some() {
            return joined;
        }
        Some(Found { start: Some(start), partial: Some(partial), ..Found::new(end, value, why) })
    }

    /// *from X until Y*, *X to Y*, *between X and Y*.
    fn joined(&self, i: usize, (start, partial, end, _): Dated, value: Option<&Edtf>) -> Option<Found> {
        let between = self.before(start, 1, &["between"]) || self.before(start, 2, &["between"]);
        let from = self.before(start, 1, &["from"]) || self.before(start, 2, &["from"]);
        let joins = self.is(end, &["until", "till", "through", "–", "—", "-", "to"]) || (between && self.is(end, &["and"]));
        let single = partial.last_day.is_none() && partial.last_year.is_none() && partial.more[0] == 0;
        let told = from || between || !self.is(end, &["until", "to"]) || partial.weekday.is_some() || partial.year.is_some();
        if !(joins && single && told) {
            return None;
        }
        let after = end + 1 + usize::from(self.is(end + 1, &["the"]));
        if let Some((_, mut to, to_end, _)) = self.partial(after).filter(|(_, to, _, _)| to.last_day.is_none() && to.more[0] == 0)
        {
            let mut from = partial;
            if from.year.is_none() {
                from.year = to.year;
            }
            if to.year.is_none() {
                to.year = from.year;
            }
            let (first, last) = (self.value(i, from), self.value(after, to));
            if let (Some(mut first), Some(mut last)) = (first, last) {
                if first.bounds() > last.bounds() {
                    match (from.weekday, first.bounds(), partial.year) {
                        // *from Monday to Friday*, said on a Wednesday: the Monday before the Friday.
                        (Some(_), Some((Some(day), _)), _) => first = Edtf::from(day.plus_days(-7)),
                        // *from 30 December to 2 January 2024*: it began the year before; *from 30 December 2023 to 2 January*: it ended after.
                        (None, _, None) => {
                            first = self.value(i, Partial { year: to.year.or(year_in(&last)).map(|year| year - 1), ..from })?
                        }
                        (None, _, Some(year)) => last = self.value(after, Partial { year: Some(year + 1), ..to })?,
                        _ => {}
                    }
                }
                let value = through(Some(&first), Some(&last));
                return Some(Found {
                    start: Some(start),
                    partial: Some(to),
                    ..Found::new(to_end, value, "from one date to another")
                });
            }
        }
        if self.is(end, &["until", "till", "through", "to"]) && self.is(end + 1, &["today", "now"]) {
            let today = self.anchor.near(|date| date);
            return Some(Found::new(end + 2, through(value, today.as_ref()), "from one date to another"));
        }
        None
    }

    /// The value of a date as far as words and publication give it.
    pub(super) fn value(&self, i: usize, partial: Partial) -> Option<Edtf> {
        if let Some(wanted) = partial.weekday {
            let starting = self.before(i, 1, &["starting", "beginning", "effective"]) && !self.looks_back(i);
            let ahead = self.looks_ahead(i) || starting;
            return self
                .anchor
                .near(|date| if ahead { on_to(date, wanted) } else { back_to(date, wanted) })
                .filter(|_| self.anchor.day().is_some() || self.anchor.year().is_some());
        }
        if partial.month.is_none() && partial.day.is_some() {
            // *the 14th*: the nearest one past.
            let day = partial.day?;
            let (year, month) = self.anchor.month()?;
            let now = self.anchor.day()?;
            let ahead = self.looks_ahead(i);
            let this = Date::new(year, month, day);
            let near = match this {
                Some(date) if ahead && date < now => date.plus_months(1),
                Some(date) if !ahead && date > now => date.plus_months(-1),
                Some(date) => date,
                None => Date::new(year, month, 1)?.plus_months(-1).plus_days(i64::from(day) - 1),
            };
            return Some(Edtf::from(near));
        }
        if let (true, Some(now), Some(year), Some(month), Some(day)) =
            (partial.either, self.anchor.day(), partial.year, partial.month, partial.day)
        {
            // What has happened is not after publication: then only one order is left.
            let (one, other) = (Date::new(year, month, day)?, Date::new(year, day, month)?);
            if (one <= now) != (other <= now) && !self.looks_ahead(i) {
                return Some(Edtf::from(one.min(other)));
            }
        }
        let direction = match () {
            () if partial.year.is_some() => Direction::Open,
            () if self.looks_ahead(i) => Direction::Future,
            () if self.looks_back(i) => Direction::Past,
            () => Direction::Open,
        };
        partial.resolve(self.anchor, direction)
    }

    /// A date at `i`, with where it starts and ends.
    pub(super) fn partial(&self, i: usize) -> Option<Dated> {
        if i >= self.doc.len() {
            return None;
        }
        let word = self.word(i);
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            if word == "9/11" {
                let partial = Partial { year: Some(2001), month: Some(9), day: Some(11), ..Partial::default() };
                return Some((i, partial, i + 1, "9/11"));
            }
            if let Some((partial, end)) = self.digits(i) {
                return Some((i, partial, end, "date in digits"));
            }
        }
        if let Some(wanted) = weekday(word) {
            return self.on_weekday(i, wanted);
        }
        if self.is(i, &["early", "late", "mid", "mid-"]) || self.is_mid(i) {
            return self.roughly(i);
        }
        if let Some((partial, end)) = self.holiday(i) {
            return Some((i, partial, end, "feast day"));
        }
        let the = usize::from(self.is(i, &["the"]) && numbers::ordinal(self.word(i + 1)).is_some());
        if let Some((partial, end)) = self.words(i + the) {
            return Some((i, partial, end, "date in words"));
        }
        self.season_or_quarter(i).or_else(|| self.in_year(i))
    }

    fn on_weekday(&self, i: usize, wanted: u8) -> Option<Dated> {
        let doc = self.doc;
        let word = self.word(i);
        let nominal = matches!(doc.pos(i).as_str(), "PROPN" | "NOUN");
        let short = word.len() < 5;
        let stop = usize::from(short && self.is(i + 1, &["."]) && self.is(i + 2, &[","]));
        let comma = stop + usize::from(self.is(i + 1 + stop, &[","]));
        if !nominal && !self.is_name(i) {
            return None;
        }
        let the = usize::from(self.is(i + 1 + comma, &["the"]));
        if let Some((partial, end)) = self.words(i + 1 + comma + the).filter(|(partial, _)| partial.day.is_some()) {
            return Some((i, partial, end, "weekday and date"));
        }
        if !nominal || short && doc.token(i).entity != "DATE" && !word.ends_with('.') {
            return None;
        }
        // Names: *Bloody Sunday*, *the Friday Group*.
        let name_before = i > 0
            && doc.head(i - 1) == i
            && matches!(doc.dep(i - 1).as_str(), "compound" | "amod")
            && self.is_name(i - 1)
            && !self.is(i - 1, &["early", "late", "last", "next", "this", "past", "coming"])
            && weekday(self.word(i - 1)).is_none();
        let name_after = self.before(i, 1, &["the"])
            && doc.head(i) == i + 1
            && doc.tag(i + 1) == "NNP"
            && month(self.word(i + 1)).is_none()
            && doc.dep(i) == "compound";
        if name_before || name_after {
            return None;
        }
        Some((i, Partial { weekday: Some(wanted), ..Partial::default() }, self.part_of_day(i + 1), "weekday"))
    }

    /// Days of a feast that has its fixed date.
    pub(super) fn holiday(&self, i: usize) -> Option<(Partial, usize)> {
        if !self.is_name(i) {
            return None;
        }
        if self.before(i, 1, &["a"]) {
            return None;
        }
        let possessive = |at: usize| at + usize::from(self.is(at, &["'s", "’s", "'", "’"]));
        let (month, day, end) = match () {
            () if self.is(i, &["christmas"]) && self.is(i + 1, &["eve"]) => (12, 24, i + 2),
            () if self.is(i, &["christmas"]) && self.is(i + 1, &["day"]) => (12, 25, i + 2),
            () if self.is(i, &["boxing"]) && self.is(i + 1, &["day"]) => (12, 26, i + 2),
            () if self.is(i, &["new"]) && self.is(i + 1, &["year", "years"]) => {
                let at = possessive(i + 2);
                match () {
                    () if self.is(at, &["eve"]) => (12, 31, at + 1),
                    () if self.is(at, &["day"]) => (1, 1, at + 1),
                    () => return None,
                }
            }
            () if self.is(i, &["christmas"]) && !self.modifies(i, i + 1) => (12, 25, i + 1),
            () => return None,
        };
        let (year, end) = self.year_after(end);
        Some((Partial { year, month: Some(month), day: Some(day), ..Partial::default() }, end))
    }

    fn digits(&self, i: usize) -> Option<(Partial, usize)> {
        let start = self.doc.token(i).range.start as usize;
        let text = self.doc.text().get(start..)?;
        let (mut partial, len) = digits::date(text).or_else(|| digits::group(text))?;
        if partial.either {
            // Another date of the text may tell in which order its author writes.
            match digits::day_first(self.doc.text()) {
                Some(true) => partial.either = false,
                Some(false) => partial = Partial { month: partial.day, day: partial.month, either: false, ..partial },
                None => {}
            }
        }
        let mut end = i + 1;
        while end < self.doc.len() && (self.doc.token(end).range.start as usize) < start + len {
            end += 1;
        }
        Some((partial, end))
    }

    /// *mid-January*, *early 2023*, *late summer*.
    pub(super) fn roughly(&self, i: usize) -> Option<Dated> {
        let glued = self.word(i).get(4..).filter(|_| self.is_mid(i));
        if let Some(named) = glued.and_then(month) {
            let (year, end) = self.year_after(i + 1);
            return Some((i, Partial { month: Some(named), year, approximate: true, ..Partial::default() }, end, "mid-month"));
        }
        if let Some(year) = glued.and_then(year_of) {
            return Some((i, Partial { year: Some(year), approximate: true, ..Partial::default() }, i + 1, "mid-year"));
        }
        let at = i + 1 + usize::from(self.is(i + 1, &["-", "in"]));
        let (partial, end) = match self.words(at) {
            Some(found) => found,
            None => {
                let year = year_of(self.word(at)).filter(|_| self.doc.tag(at) == "CD");
                if let Some(year) = year {
                    (Partial { year: Some(year), ..Partial::default() }, at + 1)
                } else if let Some(wanted) = weekday(self.word(at)).filter(|_| self.doc.tag(at) == "NNP") {
                    let partial = Partial { weekday: Some(wanted), ..Partial::default() };
                    return Some((i, partial, self.part_of_day(at + 1), "weekday"));
                } else {
                    let (_, partial, end, _) = self.season_or_quarter(at)?;
                    (partial, end)
                }
            }
        };
        let approximate = partial.day.is_none();
        Some((i, Partial { approximate, ..partial }, end, "early, mid or late"))
    }

    /// *, 2024* or *2024* or *of 2024* after a month.
    pub(super) fn year_after(&self, end: usize) -> (Option<i32>, usize) {
        let skip = usize::from(self.is(end, &[",", "of"]));
        let at = end + skip;
        // *in June 2,000 troops* has a comma inside the number, *in June 2000 troops* a noun after it: only the latter needs a look.
        let counted = at + 1 < self.doc.len() && self.doc.tag(at + 1) == "NNS" && self.doc.head(at) == at + 1;
        match year_of(self.word(at)).filter(|_| !counted || skip == 1) {
            Some(year) => (Some(year), at + 1),
            None => (None, end),
        }
    }

    /// *last year*, *of this year* after a month or day: where the words end, and the year.
    fn of_the_year(&self, end: usize, partial: Partial) -> Option<(usize, Option<i32>)> {
        let at = end + usize::from(self.is(end, &["of", ","]));
        let shift = match () {
            () if self.is(at, &["last"]) => -1,
            () if self.is(at, &["this"]) => 0,
            () if self.is(at, &["next"]) => 1,
            () => return None,
        };
        let meant = partial.year.is_none() && partial.month.is_some() && self.is(at + 1, &["year"]);
        meant.then(|| (at + 2, self.anchor.year().map(|year| year + shift)))
    }

    /// A month with what stands around it: *December 14, 2024*, *14 December*, *3 to 5 May*, *June 2024*, *in June*.
    pub(super) fn words(&self, i: usize) -> Option<(Partial, usize)> {
        if i >= self.doc.len() {
            return None;
        }
        let word = self.word(i);
        if let Some(named) = month(word) {
            let dot = self.short_dot(i);
            let after = i + 1 + dot;
            if let Some((days, end)) = self.days(after) {
                let (year, end) = self.year_after(end);
                return Some((Partial { year, month: Some(named), ..days }, end));
            }
            let (year, end) = self.year_after(after);
            if year.is_some() && self.is_name(i) {
                return Some((Partial { year, month: Some(named), ..Partial::default() }, end));
            }
            // A month alone: the model must see a name (*May*, *March* are other words too), and short forms are too many things.
            let cues = [
                "in", "since", "until", "by", "last", "of", "from", "-", "mid", "early", "late", "to", "and", "between", "during",
            ];
            let named_by_tag = self.doc.tag(i) == "NNP" && self.is_name(i) && (word.len() > 3 || self.before(i, 1, &cues));
            let person = self.doc.token(i).entity != "DATE"
                && matches!(named, 3 | 4 | 5 | 6 | 8)
                && !self.before(i, 1, &["in", "since", "until", "by", "of", "from", "late", "early", "mid", "during"]);
            return (named_by_tag && !person).then_some((Partial { month: Some(named), ..Partial::default() }, after));
        }
        let (days, end) = self.days(i)?;
        let of = usize::from(self.is(end, &["of"]));
        if let Some(named) = month(self.word(end + of)).filter(|_| self.is_name(end + of)) {
            let dot = self.short_dot(end + of);
            let (year, end) = self.year_after(end + of + 1 + dot);
            return Some((Partial { year, month: Some(named), ..days }, end));
        }
        // *the 14th*, *on the 14th*, with no noun that it counts.
        let alone = word.starts_with(|c: char| c.is_ascii_digit())
            && numbers::ordinal(word).is_some()
            && self.before(i, 1, &["the"])
            && self.before(i, 2, &["on", "since", "by", "until", "from"])
            && self.ends_phrase(i + 1);
        alone.then_some((Partial { day: days.day, ..Partial::default() }, i + 1))
    }

    /// 1 where the stop of a month's short form is a token of its own: *Dec . 14*.
    fn short_dot(&self, i: usize) -> usize {
        let short = self.word(i).len() <= 4 && !self.is(i, &["may", "june", "july"]);
        usize::from(short && self.is(i + 1, &["."]) && self.word(i + 2).starts_with(|c: char| c.is_ascii_digit()))
    }

    /// A day of the month at `i`.
    fn day(&self, i: usize) -> Option<u8> {
        let word = self.word(i);
        let value = match word.len() {
            1 | 2 if word.bytes().all(|b| b.is_ascii_digit()) => word.parse().ok()?,
            3.. => numbers::ordinal(word)?,
            _ => return None,
        };
        // *May 10 people* is rare; *June 5 percent* does not come; a clock time has a colon inside its token.
        u8::try_from(value).ok().filter(|day| (1..=31).contains(day))
    }

    /// Days of a month at `i`: one, a span (*3 to 5*, *3-5*, *3/4*), a list (*3, 4 and 7*), and where they end.
    fn days(&self, i: usize) -> Option<(Partial, usize)> {
        let word = self.word(i);
        if let Some((first, last)) = word.split_once(['–', '-', '—', '/']) {
            let day = |text: &str| text.parse::<u8>().ok().filter(|day| text.len() <= 2 && (1..=31).contains(day));
            let (first, last) = (day(first)?, day(last)?);
            return (first < last).then_some((Partial { day: Some(first), last_day: Some(last), ..Partial::default() }, i + 1));
        }
        let first = self.day(i)?;
        let one = (Partial { day: Some(first), ..Partial::default() }, i + 1);
        let counts = |at: usize| at + 1 < self.doc.len() && self.doc.head(at) == at + 1 && self.doc.tag(at + 1) == "NNS";
        let next = |at: usize| {
            let at = at + 1 + usize::from(self.is(at + 1, &["the"]));
            Some((self.day(at)?, at + 1))
        };
        if self.is(i + 1, &["-", "–", "—", "to", "until", "till", "through", "/"]) {
            let span = next(i + 1).filter(|&(last, _)| last > first);
            return Some(span.map_or(one, |(last, end)| (Partial { last_day: Some(last), ..one.0 }, end)));
        }
        let (mut more, mut at, mut before) = ([0u8; 4], i + 1, first);
        for place in 0..more.len() {
            let comma = self.is(at, &[","]);
            let ending = at + usize::from(comma && self.is(at + 1, &["and", "or"]));
            let and = self.is(ending, &["and", "or", "&"]);
            // Before a noun that it counts it is no day: *on May 3 and 5 soldiers*.
            let Some((day, end)) = next(ending).filter(|&(day, end)| (comma || and) && day > before && !(and && counts(end - 1)))
            else {
                break;
            };
            if let Some(slot) = more.get_mut(place) {
                *slot = day;
            }
            (at, before) = (end, day);
            if and {
                let between = (1..=2).any(|back| self.before(i, back, &["between"])) || self.before(i, 3, &["between"]);
                if place == 0 && between {
                    return Some((Partial { last_day: Some(day), ..one.0 }, end));
                }
                return Some((Partial { more, ..one.0 }, end));
            }
        }
        Some(one)
    }

    /// *the summer of 2014*, *summer 2014*, *in the spring*, *the first quarter of 2024*, *Q1 2024*, *the first half of 2024*.
    pub(super) fn season_or_quarter(&self, i: usize) -> Option<Dated> {
        let the = usize::from(self.is(i, &["the"]));
        let at = i + the;
        if let Some(season) = season(self.word(at)) {
            let (year, mut end) = self.year_after(at + 1);
            // *the winter of 2019-20*
            if year.is_some() && self.is(end, &["-", "–", "/"]) && self.word(end + 1).len() == 2 && self.day(end + 1).is_some()
            {
                end += 2;
            }
            let cues = ["in", "since", "during", "until", "by", "early", "late", "mid", "mid-", "-", "before", "of"];
            let cued = self.before(i, 1, &cues) && !self.is(end, &["of"]) && !self.modifies(at, at + 1);
            if year.is_none() && (!cued || self.before(i, 1, &["of"]) && the == 0) {
                return None;
            }
            return Some((i, Partial { year, month: Some(season), ..Partial::default() }, end, "season"));
        }
        let (part, after) = match self.word(at) {
            "Q1" => (33, at + 1),
            "Q2" => (34, at + 1),
            "Q3" => (35, at + 1),
            "Q4" => (36, at + 1),
            _ => return None,
        };
        let (year, end) = self.year_after(after);
        Some((i, Partial { year: Some(year?), month: Some(part), ..Partial::default() }, end, "part of a year"))
    }

    /// Years at `i`: one, or a span (*2016-17*, *1984–1985*, *2020/21*).
    fn years(&self, i: usize) -> Option<(i32, Option<i32>, usize)> {
        let word = self.word(i);
        let last = |first: i32, text: &str| {
            let value: i32 = text.parse().ok()?;
            let year = match text.len() {
                2 => first - first % 100 + value,
                4 => value,
                _ => return None,
            };
            (text.bytes().all(|b| b.is_ascii_digit()) && year > first && year - first <= 60).then_some(year)
        };
        if let Some((first, second)) = word.split_once(['–', '-', '/']) {
            let first = year_of(first)?;
            return last(first, second).map(|last| (first, Some(last), i + 1));
        }
        let first = year_of(word)?;
        let glued = |at: usize| at < self.doc.len() && self.doc.token(at - 1).range.end == self.doc.token(at).range.start;
        if self.is(i + 1, &["-", "–", "/"]) && glued(i + 1) && glued(i + 2) {
            return Some(last(first, self.word(i + 2)).map_or((first, None, i + 1), |last| (first, Some(last), i + 3)));
        }
        Some((first, None, i + 1))
    }

    /// *in 2015*, *the 2011 uprising*, *2016-17*.
    fn in_year(&self, i: usize) -> Option<Dated> {
        let doc = self.doc;
        let (year, last_year, end) = self.years(i)?;
        let cues = [
            "in", "since", "by", "until", "till", "from", "during", "after", "before", "of", "early", "late", "mid", "year",
            "between", "to", "and", "circa", "through", "around", "the", "–", "-",
        ];
        let cued = self.before(i, 1, &cues);
        let dated = doc.token(i).entity == "DATE";
        let counts = end < doc.len() && doc.head(i) == end && doc.tag(end) == "NNS" && last_year.is_none();
        // *killed 2010 people*: no article, no preposition.
        let counted = counts && (i == 0 || doc.pos(i - 1) == "VERB" || doc.is_root(i));
        let part = self.is(end, &["-"]) || self.before(i, 1, &["-", "$", "€", "£"]);
        let undated = !cued || counts || part;
        let numbered = self.before(i, 1, NUMBERED);
        let clock = self.is(end, &["hours", "hrs", "local", "gmt", "utc", "zulu", "est", "bst", "cet", "%", "percent", "per"]);
        if (!dated && undated) || numbered || clock || counted {
            return None;
        }
        let approximate = self.before(i, 1, &["around", "about", "circa"]);
        Some((i, Partial { year: Some(year), last_year, approximate, ..Partial::default() }, end, "year"))
    }

    /// The anchor from which *two days later* counts in units of a day or week, and of what is longer.
    pub(super) fn told(&self, long: bool, i: usize) -> Anchor {
        // What was named long before is no longer what is spoken of.
        if self.doc.sentence_of(i).saturating_sub(self.said) > 5 {
            return Anchor::None;
        }
        if long { self.wide } else { self.last }
    }
}

/// *1990s*, and *90s* where two digits will do.
fn decade_of(word: &str, short: bool) -> Option<Edtf> {
    let digits = word.strip_suffix('s').map(|digits| digits.trim_end_matches(['\'', '’']))?;
    let known = digits.ends_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.len() {
        4 if known => edtf(&format!("{}X", digits.get(..3)?)),
        2 if known && short => edtf(&format!("19{}X", digits.get(..1)?)),
        _ => None,
    }
}

/// The year with which a value begins.
fn year_in(value: &Edtf) -> Option<i32> {
    value.as_str().get(..4)?.parse().ok()
}
