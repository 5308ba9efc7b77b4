//! Dates in words and digits: *14 December*, *Dec. 14, 2024*, *2024-12-14*, *mid-June*, *spring 2022*, *the 1990s*.

use dateline_record::{Date, Edtf};

use super::calendar::{Direction, Partial, edtf, month, season, through, weekday};
use super::{Finder, Found, back_to, calendar, on_to, year_of};
use crate::numbers;

impl Finder<'_> {
    /// *the 1990s*, *the 90s*.
    pub(super) fn decade(&self, i: usize) -> Option<Found> {
        let word = self.word(i);
        let digits = word.strip_suffix('s').map(|digits| digits.trim_end_matches(['\'', '’']))?;
        let known = digits.ends_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        let value = match digits.len() {
            4 if known => edtf(&format!("{}X", digits.get(..3)?)),
            2 if known && self.before(i, 1, &["the"]) => edtf(&format!("19{}X", digits.get(..1)?)),
            _ => return None,
        };
        Some(Found::new(i + 1, Some(value?), "decade"))
    }

    pub(super) fn date(&self, i: usize) -> Option<Found> {
        let (start, mut partial, end, why) = self.partial(i)?;
        let first = start;
        let near_year = self.year.filter(|&(_, sentence)| self.doc.sentence_of(i).saturating_sub(sentence) <= 1);
        if partial.year.is_none() && partial.month.is_some() && partial.day.is_some() {
            partial.year = near_year.map(|(year, _)| year).filter(|&year| Some(year) != self.anchor.year());
        }
        let value = self.value(i, partial);
        // *from X until Y*, *X to Y*, *between X and Y*.
        let between = self.before(first, 1, &["between"]) || self.before(first, 2, &["between"]);
        let from = self.before(first, 1, &["from"]) || self.before(first, 2, &["from"]);
        let joins = self.is(end, &["until", "till", "through", "–", "—", "-", "to"]) || (between && self.is(end, &["and"]));
        let single = partial.last_day.is_none();
        if joins
            && single
            && (from || between || !self.is(end, &["until", "to"]) || partial.weekday.is_some() || partial.year.is_some())
        {
            let after = end + 1 + usize::from(self.is(end + 1, &["the", "early", "late", "mid"]));
            if let Some((_, mut to, to_end, _)) = self.partial(after).filter(|(_, to, _, _)| to.last_day.is_none()) {
                let mut from = partial;
                if from.year.is_none() {
                    from.year = to.year;
                }
                if to.year.is_none() {
                    to.year = from.year;
                }
                let (first, last) = (self.value(i, from), self.value(after, to));
                if let (Some(mut first), Some(last)) = (first, last) {
                    // *from Monday to Friday*, said on a Wednesday: the Monday before the Friday.
                    if let (true, Some((Some(day), _))) = (first > last && from.weekday.is_some(), first.bounds()) {
                        first = Edtf::from(day.plus_days(-7));
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
                return Some(Found::new(end + 2, through(value.as_ref(), today.as_ref()), "from a date to today"));
            }
        }
        let preposition = |words: &[&str]| {
            self.before(first, 1, words)
                || (self.before(first, 1, &["the", "early", "late", "mid"]) && self.before(first, 2, words))
        };
        let (value, why) = match value {
            Some(value) if preposition(&["since"]) => {
                let today = self.anchor.near(|date| date);
                let later = today.as_ref().is_some_and(|today| value.bounds() <= today.bounds());
                (through(Some(&value), today.as_ref().filter(|_| later)), "since a date")
            }
            Some(value) if preposition(&["until", "till"]) && !from => (through(None, Some(&value)), "until a date"),
            Some(value) if preposition(&["before"]) && partial.day.is_none() => (through(None, Some(&value)), "before a date"),
            value => (value, why),
        };
        Some(Found { start: Some(start), partial: Some(partial), ..Found::new(end, value, why) })
    }

    /// The value of a date as far as words and publication give it.
    pub(super) fn value(&self, i: usize, partial: Partial) -> Option<Edtf> {
        if let Some(wanted) = partial.weekday {
            let ahead = self.looks_ahead(i);
            return self.anchor.near(|date| if ahead { on_to(date.plus_days(1), wanted) } else { back_to(date, wanted) });
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
        let direction = if partial.year.is_none() && self.looks_ahead(i) { Direction::Future } else { Direction::Open };
        partial.resolve(self.anchor, direction)
    }

    /// A date at `i`, with where it starts and ends.
    pub(super) fn partial(&self, i: usize) -> Option<(usize, Partial, usize, &'static str)> {
        if i >= self.doc.len() {
            return None;
        }
        let word = self.word(i);
        let digit = word.starts_with(|c: char| c.is_ascii_digit());
        if digit && let Some((partial, end)) = self.numeric(i) {
            return Some((i, partial, end, "date in digits"));
        }
        if word == "9/11" {
            let partial = Partial { year: Some(2001), month: Some(9), day: Some(11), ..Partial::default() };
            return Some((i, partial, i + 1, "9/11"));
        }
        if let Some(wanted) = weekday(word).filter(|_| self.doc.pos(i) == "PROPN" || self.doc.pos(i) == "NOUN") {
            if word.len() < 4 && self.doc.token(i).entity != "DATE" {
                return None;
            }
            let comma = usize::from(self.is(i + 1, &[","]));
            let the = usize::from(self.is(i + 1 + comma, &["the"]));
            if let Some((partial, end)) = self.words(i + 1 + comma + the).filter(|(partial, _)| partial.day.is_some()) {
                return Some((i, partial, end, "weekday and date"));
            }
            let part = usize::from(self.is(i + 1, &["morning", "afternoon", "evening", "night"]));
            return Some((i, Partial { weekday: Some(wanted), ..Partial::default() }, i + 1 + part, "weekday"));
        }
        if self.is(i, &["early", "late", "mid", "mid-"])
            || word.len() > 4 && word.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("mid-"))
        {
            return self.roughly(i);
        }
        let the = usize::from(self.is(i, &["the"]));
        if let Some((partial, end)) = self.words(i + the) {
            return Some((i, partial, end, "date in words"));
        }
        self.season_or_quarter(i).or_else(|| self.year_or_decade(i))
    }

    pub(super) fn numeric(&self, i: usize) -> Option<(Partial, usize)> {
        let start = self.doc.token(i).range.start as usize;
        let (partial, len) = calendar::numeric(self.doc.text().get(start..)?)?;
        let mut end = i + 1;
        while end < self.doc.len() && (self.doc.token(end).range.start as usize) < start + len {
            end += 1;
        }
        Some((partial, end))
    }

    /// *mid-January*, *early 2023*, *late summer*.
    pub(super) fn roughly(&self, i: usize) -> Option<(usize, Partial, usize, &'static str)> {
        let word = self.word(i);
        let glued = word.get(4..).filter(|_| word.len() > 4);
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
                    let part = usize::from(self.is(at + 1, &["morning", "afternoon", "evening", "night"]));
                    return Some((i, Partial { weekday: Some(wanted), ..Partial::default() }, at + 1 + part, "weekday"));
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
        match year_of(self.word(at)).filter(|_| !counted) {
            Some(year) => (Some(year), at + 1),
            None => (None, end),
        }
    }

    /// A month with what stands around it: *December 14, 2024*, *14 December*, *3 to 5 May*, *June 2024*, *in June*.
    pub(super) fn words(&self, i: usize) -> Option<(Partial, usize)> {
        let word = self.word(i);
        if let Some(named) = month(word) {
            let dot = self.short_dot(i);
            let after = i + 1 + dot;
            if let Some(day) = self.day(after) {
                let mut end = after + 1;
                let (last_day, list) = self.last_day(&mut end);
                let (year, end) = self.year_after(end);
                return Some((Partial { year, month: Some(named), day: Some(day), last_day, list, ..Partial::default() }, end));
            }
            let (year, end) = self.year_after(after);
            if year.is_some() {
                return Some((Partial { year, month: Some(named), ..Partial::default() }, end));
            }
            // A month alone: the model must see a name (*May*, *March* are other words too), and short forms are too many things.
            let named_by_tag = self.doc.tag(i) == "NNP"
                && (word.len() > 3 || self.before(i, 1, &["in", "since", "until", "by", "last", "of", "from", "-", "mid"]));
            let person = self.doc.token(i).entity != "DATE"
                && matches!(named, 3 | 4 | 5 | 6 | 8)
                && !self.before(i, 1, &["in", "since", "until", "by", "of", "from", "late", "early"]);
            return (named_by_tag && !person).then_some((Partial { month: Some(named), ..Partial::default() }, after));
        }
        let day = self.day(i)?;
        let mut end = i + 1;
        let (last_day, list) = self.last_day(&mut end);
        let of = usize::from(self.is(end, &["of"]));
        if let Some(named) =
            month(self.word(end + of)).filter(|_| self.word(end + of).starts_with(|c: char| c.is_ascii_uppercase()))
        {
            let dot = self.short_dot(end + of);
            let (year, end) = self.year_after(end + of + 1 + dot);
            return Some((Partial { year, month: Some(named), day: Some(day), last_day, list, ..Partial::default() }, end));
        }
        // *the 14th*, *on the 14th*, with no noun that it counts.
        let word = self.word(i);
        let alone = word.starts_with(|c: char| c.is_ascii_digit())
            && numbers::ordinal(word).is_some()
            && self.before(i, 1, &["the"])
            && self.before(i, 2, &["on", "since", "by", "until", "from"])
            && self.ends_phrase(i + 1);
        alone.then_some((Partial { day: Some(day), ..Partial::default() }, i + 1))
    }

    /// 1 where the stop of a month's short form is a token of its own: *Dec . 14*.
    pub(super) fn short_dot(&self, i: usize) -> usize {
        let short = self.word(i).len() <= 4 && !self.is(i, &["may", "june", "july"]);
        usize::from(short && self.is(i + 1, &["."]) && self.word(i + 2).starts_with(|c: char| c.is_ascii_digit()))
    }

    /// A day of the month at `i`.
    pub(super) fn day(&self, i: usize) -> Option<u8> {
        let word = self.word(i);
        let value = match word.len() {
            1 | 2 if word.bytes().all(|b| b.is_ascii_digit()) => word.parse().ok()?,
            3.. => numbers::ordinal(word)?,
            _ => return None,
        };
        // *May 10 people* is rare; *June 5 percent* does not come; a clock time has a colon inside its token.
        u8::try_from(value).ok().filter(|day| (1..=31).contains(day))
    }

    /// The end of a span of days that begins before `end`, which moves past it.
    pub(super) fn last_day(&self, end: &mut usize) -> (Option<u8>, bool) {
        let span = self.is(*end, &["-", "–", "—", "to", "until", "till", "through"]);
        let and = self.is(*end, &["and"]);
        if !(span || and) {
            return (None, false);
        }
        let the = usize::from(self.is(*end + 1, &["the"]));
        let Some(day) = self.day(*end + 1 + the) else { return (None, false) };
        let between = (1..=4).any(|back| self.before(*end, back, &["between"]));
        // Before a noun that it counts it is no day: *on May 3 and 5 soldiers*.
        let at = *end + 1 + the;
        if and && at + 1 < self.doc.len() && self.doc.head(at) == at + 1 && self.doc.tag(at + 1) == "NNS" {
            return (None, false);
        }
        *end = at + 1;
        (Some(day), and && !between)
    }

    /// *the summer of 2014*, *summer 2014*, *the first quarter of 2024*, *Q1 2024*, *the first half of 2024*.
    pub(super) fn season_or_quarter(&self, i: usize) -> Option<(usize, Partial, usize, &'static str)> {
        let the = usize::from(self.is(i, &["the"]));
        let at = i + the;
        if let Some(season) = season(self.word(at)) {
            let (year, end) = self.year_after(at + 1);
            let found = Partial { year: Some(year?), month: Some(season), ..Partial::default() };
            return Some((i, found, end, "season"));
        }
        let (part, after) = match self.word(at) {
            "Q1" => (33, at + 1),
            "Q2" => (34, at + 1),
            "Q3" => (35, at + 1),
            "Q4" => (36, at + 1),
            word => {
                let which = numbers::ordinal(word).and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=4).contains(n))?;
                match () {
                    () if self.is(at + 1, &["quarter"]) => (32 + which, at + 2),
                    () if self.is(at + 1, &["half"]) && which < 3 => (39 + which, at + 2),
                    () => return None,
                }
            }
        };
        let (year, end) = self.year_after(after);
        Some((i, Partial { year: Some(year?), month: Some(part), ..Partial::default() }, end, "part of a year"))
    }

    /// *in 2015*, *the 2011 uprising*, *the 1990s*.
    pub(super) fn year_or_decade(&self, i: usize) -> Option<(usize, Partial, usize, &'static str)> {
        let word = self.word(i);
        let year = year_of(word)?;
        let cued = self.before(
            i,
            1,
            &[
                "in", "since", "by", "until", "till", "from", "during", "after", "before", "of", "early", "late", "mid", "year",
                "between", "to", "and", "circa", "through", "around", "the", "–", "-",
            ],
        );
        let dated = self.doc.token(i).entity == "DATE";
        let counts = i + 1 < self.doc.len() && self.doc.head(i) == i + 1 && self.doc.tag(i + 1) == "NNS";
        let part = self.is(i + 1, &["-"]) || self.before(i, 1, &["-", "$", "€", "£"]);
        let undated = !cued || counts || part;
        if (!dated && undated) || self.is(i + 1, &["%", "percent", "per"]) {
            return None;
        }
        let approximate = self.before(i, 1, &["around", "about", "circa"]);
        Some((i, Partial { year: Some(year), approximate, ..Partial::default() }, i + 1, "year"))
    }
}
