//! Times relative to the day of publication (*last week*, *two days ago*) or to the text's last date (*the next day*, *a week later*).

use crate::look::Look;
use dateline_record::Edtf;

use super::calendar::{
    Anchor, Direction, Partial, Unit, approximately, edtf, month, season, shifted, stretch_after, stretch_before, through, unit,
    unit_from, weekday,
};
use super::{Finder, Found, back_to, on_to};
use crate::numbers;

/// Words before a count that leave it open a little.
const ABOUT: &[&str] = &["about", "around", "nearly", "almost", "roughly", "approximately", "some", "over", "than"];

/// How many units, and where the words end.
struct Count {
    least: i64,
    most: i64,
    /// *a year and a half*: half a unit more.
    half: bool,
    unit: Unit,
    end: usize,
}

impl Finder<'_> {
    pub(super) fn relative(&self, i: usize) -> Option<Found> {
        let start = i;
        let mut i = i;
        let day = |end, shift: i64, why| {
            Some(Found { start: Some(start), ..Found::new(end, self.anchor.near(|date| date.plus_days(shift)), why) })
        };
        if self.is(i, &["the"]) && self.is(i + 1, &["day"]) && self.is(i + 2, &["before", "after"]) {
            if self.is(i + 3, &["yesterday"]) {
                return day(i + 4, -2, "the day before yesterday");
            }
            if self.is(i + 3, &["tomorrow"]) {
                return day(i + 4, 2, "the day after tomorrow");
            }
        }
        // *the week before last*, *the night before last*, *the month after next*
        if self.is(i, &["the"])
            && (self.is(i + 2, &["before"]) && self.is(i + 3, &["last"])
                || self.is(i + 2, &["after"]) && self.is(i + 3, &["next"]))
            && let Some(unit) = unit(self.word(i + 1)).filter(|&unit| unit != Unit::Hour && !self.word(i + 1).ends_with('s'))
        {
            let shift = if self.is(i + 2, &["before"]) { -2 } else { 2 };
            return Some(Found::new(i + 4, unit_from(self.anchor, unit, shift), "the week before last"));
        }
        if let Some(found) = self.weekday_of_week(i) {
            return Some(found);
        }
        if self.is(i, &["earlier", "later", "early", "late"]) {
            i += 1;
        }
        if self.is(i, &["today", "tonight"]) {
            return day(self.part_of_day(i + 1), 0, "today");
        }
        if self.is(i, &["yesterday"]) {
            return day(self.part_of_day(i + 1), -1, "yesterday");
        }
        if self.is(i, &["tomorrow"]) {
            return day(self.part_of_day(i + 1), 1, "tomorrow");
        }
        if self.is(i, &["overnight"]) {
            return self.overnight(i);
        }
        let article = usize::from(self.is(i, &["the", "these"]));
        let mut at = i + article;
        // *this past Sunday*, *this coming Thursday*
        let mut leading = false;
        if self.is(at, &["this", "these"]) && self.is(at + 1, &["past", "coming"]) {
            at += 1;
            leading = true;
        }
        let (shift, stretch) = match () {
            () if self.is(at, &["this", "current"]) => (0, false),
            () if self.is(at, &["last"]) => (-1, article == 1),
            () if self.is(at, &["past"]) => (-1, true),
            () if self.is(at, &["previous", "preceding"]) && article == 0 => (-1, true),
            () if self.is(at, &["next"]) => (1, false),
            () if self.is(at, &["coming", "upcoming"]) => (1, true),
            () if self.is(at, &["recent"]) => (-1, true),
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
        if self.is(next, &["weekend"]) && !self.is(at, &["recent"]) {
            let value = self.anchor.day().and_then(|date| {
                let saturday = back_to(date, 5);
                let saturday = match shift {
                    // On a Sunday *this weekend* has begun the day before; *last weekend* is over.
                    0 if date.weekday() >= 5 => saturday,
                    -1 if date.weekday() < 5 => saturday,
                    -1 => saturday.plus_days(-7),
                    _ => saturday.plus_days(7),
                };
                edtf(&format!("{saturday}/{}", saturday.plus_days(1)))
            });
            return Some(Found::new(next + 1, value, "weekend"));
        }
        // *the past few days*, *the last several weeks*, *recent months*: too open to date.
        let vague = usize::from(self.is(next, &["few", "several", "many"]));
        if let Some(unit) = unit(self.word(next + vague)).filter(|_| self.word(next + vague).ends_with(['s', 'S'])) {
            let open = (stretch || vague == 1) && unit != Unit::Hour;
            return open.then(|| Found { start: Some(start), ..Found::new(next + vague + 1, None, "the past weeks") });
        }
        if let Some(unit) = unit(word) {
            if unit == Unit::Hour || (article == 1 && !stretch && shift >= 0) || self.is(at, &["recent"]) {
                return None;
            }
            let value = match shift {
                -1 if stretch && article == 1 => stretch_before(self.anchor, unit, 1),
                _ => unit_from(self.anchor, unit, shift),
            };
            return Some(Found { start: Some(start), ..Found::new(next + 1, value, "last week") });
        }
        // *this May's* month, *last Friday*, *next summer*; *this* and a plain noun is none of them.
        if let Some(wanted) = weekday(word).filter(|_| word.len() > 4 || self.doc.tag(next) == "NNP") {
            let value = self.anchor.day().and(self.anchor.near(|date| match shift {
                -1 => back_to(date.plus_days(-1), wanted),
                0 if !self.looks_ahead(next) => back_to(date, wanted),
                0 => on_to(date, wanted),
                _ => on_to(date.plus_days(1), wanted),
            }));
            let from = if leading { start } else { at };
            return Some(Found { start: Some(from), ..Found::new(self.part_of_day(next + 1), value, "weekday") });
        }
        self.relative_month(at, shift)
    }

    /// *last May*, *this January*, *next summer*: `at` is the word before the month.
    fn relative_month(&self, at: usize, shift: i64) -> Option<Found> {
        let next = at + 1;
        let word = self.word(next);
        let direction = match shift {
            -1 => Direction::Past,
            0 => Direction::Open,
            _ => Direction::Future,
        };
        let named =
            month(word).filter(|_| self.doc.tag(next) == "NNP" || self.doc.tag(next) == "NNPS").or_else(|| season(word))?;
        if self.is(at, &["recent", "current"]) {
            return None;
        }
        let partial = Partial { month: Some(named), ..Partial::default() };
        let now = self.anchor.month().map(|(_, month)| month);
        let value = match (shift, self.anchor.year()) {
            // In January the winter is last year's.
            (0, Some(year)) if named == 24 && now.is_some_and(|now| now < 6) => {
                Partial { year: Some(year - 1), ..partial }.resolve(self.anchor, direction)
            }
            (0, Some(year)) => Partial { year: Some(year), ..partial }.resolve(self.anchor, direction),
            (_, None) => None,
            // *last May*, said in May, is a year ago.
            (-1, Some(year)) if now == Some(named) => Partial { year: Some(year - 1), ..partial }.resolve(self.anchor, direction),
            (1, Some(year)) if now == Some(named) => Partial { year: Some(year + 1), ..partial }.resolve(self.anchor, direction),
            _ => partial.resolve(self.anchor, direction),
        };
        Some(Found { start: Some(at), ..Found::new(next + 1, value, "month or season") })
    }

    /// *overnight*, *overnight into Sunday*.
    fn overnight(&self, i: usize) -> Option<Found> {
        let attribute =
            self.doc.pos(i) == "ADJ" || matches!(self.doc.dep(i).as_str(), "amod" | "compound") && self.doc.head(i) > i;
        if self.is(i + 1, &["into", "to"])
            && let Some((_, partial, end, _)) = self.partial(i + 2)
            && let Some(value) = self.value(i + 2, partial)
            && let Anchor::Day(day) = Anchor::from_edtf(&value)
        {
            return Some(Found::new(end, edtf(&format!("{}/{day}", day.plus_days(-1))), "overnight into a day"));
        }
        let after = i + 1 + usize::from(self.is(i + 1, &["on", "from", "between"]));
        let dated = self.partial(after).is_some_and(|(_, partial, _, _)| partial.day.is_some() || partial.weekday.is_some());
        if attribute || dated {
            return None;
        }
        let value = self.anchor.day().and_then(|date| edtf(&format!("{}/{date}", date.plus_days(-1))));
        Some(Found::new(i + 1, value, "overnight"))
    }

    /// *Wednesday last week*, *Tuesday of next week*.
    fn weekday_of_week(&self, i: usize) -> Option<Found> {
        let wanted = weekday(self.word(i)).filter(|_| self.doc.pos(i) == "PROPN")?;
        let at = self.part_of_day(i + 1);
        let at = at + usize::from(self.is(at, &["of"]));
        if !self.is(at + 1, &["week"]) {
            return None;
        }
        let shift = match () {
            () if self.is(at, &["last"]) => -7,
            () if self.is(at, &["this"]) => 0,
            () if self.is(at, &["next"]) => 7,
            () => return None,
        };
        let value = self.anchor.day().map(|date| {
            let monday = back_to(date, 0);
            Edtf::from(monday.plus_days(shift + i64::from(wanted)))
        });
        Some(Found::new(at + 2, value, "weekday of a week"))
    }

    /// *two days ago*, *a week earlier*, *the past 24 hours*, *over the last two weeks*, *within 48 hours*, *in three days*.
    pub(super) fn counted(&self, i: usize) -> Option<Found> {
        let article = usize::from(self.is(i, &["the", "these"]));
        if self.is(i + article, &["last", "past", "previous", "preceding", "next", "coming"]) {
            let ahead = self.is(i + article, &["next", "coming"]);
            let count = self.count(i + article + 1)?;
            let value = match ahead {
                true => stretch_after(self.anchor, count.unit, count.most),
                false => stretch_before(self.anchor, count.unit, count.most),
            };
            return Some(Found::new(count.end, value, if ahead { "stretch after" } else { "stretch before" }));
        }
        if self.is(i, &["within"]) {
            let count = self.count(i + 1 + usize::from(self.is(i + 1, &["the", "next"])))?;
            let meant = self.looks_ahead(i) && !self.is(count.end, &["of", "after", "before", "ago", "later", "from"]);
            return meant.then(|| Found::new(count.end, stretch_after(self.anchor, count.unit, count.most), "within a stretch"));
        }
        // *years ago*, *a few days ago*, *days later*: near, but how near nobody says.
        let some = usize::from(self.is(i, &["a"]) && self.is(i + 1, &["few"]));
        let vague = some + usize::from(self.is(i + some, &["few", "several", "many"]));
        if unit(self.word(i + vague)).is_some() && self.word(i + vague).ends_with('s') {
            let after = i + vague + 1;
            let told = self.is(after, &["ago"]) || self.is(after, &["later", "earlier"]);
            return told.then(|| Found::new(after + 1, None, "some time ago"));
        }
        let count = self.count(i)?;
        let about = self.before(i, 1, ABOUT);
        let mark = |value: Option<Edtf>| if about { value.map(approximately) } else { value };
        let at = count.end;
        if self.is(at, &["ago"]) {
            return Some(Found::new(at + 1, mark(self.moved(self.anchor, &count, -1)), "ago"));
        }
        if self.is(at, &["from"]) && self.is(at + 1, &["now", "today"]) {
            return Some(Found::new(at + 2, mark(self.moved(self.anchor, &count, 1)), "from now"));
        }
        if self.before(i, 1, &["in"]) && !self.is(at, &["of", "'", "’", "'s"]) && self.looks_ahead(i) {
            return Some(Found::new(at, mark(self.moved(self.anchor, &count, 1)), "in so many units"));
        }
        let sign = match () {
            () if self.is(at, &["earlier", "before", "previously"]) => -1,
            () if self.is(at, &["later", "after", "afterwards"]) => 1,
            () => return None,
        };
        if self.is(at, &["before", "after"])
            && let Some((_, partial, end, _)) =
                self.partial(at + 1).filter(|(_, partial, _, _)| partial.day.is_some() || partial.weekday.is_some())
        {
            let day = self.value(at + 1, partial).map_or(Anchor::None, |value| Anchor::from_edtf(&value));
            return Some(Found {
                partial: Some(partial),
                ..Found::new(end, self.moved(day, &count, sign), "counted from a date")
            });
        }
        if self.is(at, &["before", "after"])
            && (!self.ends_phrase(at + 1) || at + 1 < self.doc.len() && self.doc.tag(at + 1) == "VBG")
        {
            return None;
        }
        let from = self.told(!matches!(count.unit, Unit::Hour | Unit::Day | Unit::Week), i);
        Some(Found::new(at + 1, mark(self.moved(from, &count, sign)), "counted from the text's last date"))
    }

    /// The point that lies a count of units before (`sign` -1) or after a date.
    fn moved(&self, from: Anchor, count: &Count, sign: i64) -> Option<Edtf> {
        if count.half {
            let months = match count.unit {
                Unit::Year => 6 + 12 * count.least,
                Unit::Decade => 60 + 120 * count.least,
                _ => return None,
            };
            let value = shifted(from, Unit::Month, sign * months);
            return if count.least > 0 { value.map(approximately) } else { value };
        }
        if count.least == count.most {
            return shifted(from, count.unit, sign * count.least);
        }
        let (near, far) = (shifted(from, count.unit, sign * count.least), shifted(from, count.unit, sign * count.most));
        if sign < 0 { through(Some(&far?), Some(&near?)) } else { through(Some(&near?), Some(&far?)) }
    }

    /// *two days*, *a couple of weeks*, *24 to 48 hours*, *half a year*, *a year and a half*.
    fn count(&self, i: usize) -> Option<Count> {
        let whole = |least: i64, most: i64, at: usize| {
            let unit = unit(self.word(at))?;
            Some(Count { least, most, half: false, unit, end: at + 1 })
        };
        if self.is(i, &["half"]) && self.is(i + 1, &["a", "an"]) {
            let unit = unit(self.word(i + 2))?;
            return Some(match unit {
                Unit::Year | Unit::Decade => Count { least: 0, most: 0, half: true, unit, end: i + 3 },
                _ => Count { least: 0, most: 0, half: false, unit, end: i + 3 },
            });
        }
        let a = usize::from(self.is(i, &["a", "an"]));
        if self.is(i + a, &["couple"]) {
            return whole(2, 2, i + a + 1 + usize::from(self.is(i + a + 1, &["of"])));
        }
        let count = if a == 1 {
            whole(1, 1, i + 1)?
        } else {
            // A century at most: what is longer dates nothing.
            let number = numbers::cardinal(self.doc, i).filter(|number| number.value <= 1200)?;
            let mut most = number;
            if self.is(number.end, &["or", "to", "-", "–"])
                && let Some(to) =
                    numbers::cardinal(self.doc, number.end + 1).filter(|to| to.value > number.value && to.value <= 1200)
            {
                most = to;
            }
            // *20-plus months*
            if self.is(number.end, &["-"]) && self.is(number.end + 1, &["plus", "odd"]) {
                most.end += 2;
            }
            // *two and a half years*
            if self.is(most.end, &["and"]) && self.is(most.end + 1, &["a"]) && self.is(most.end + 2, &["half"]) {
                let unit = unit(self.word(most.end + 3))?;
                return Some(Count { least: number.value, most: number.value, half: true, unit, end: most.end + 4 });
            }
            whole(number.value, most.value, most.end)?
        };
        if self.is(count.end, &["and"]) && self.is(count.end + 1, &["a"]) && self.is(count.end + 2, &["half"]) {
            return Some(Count { half: true, end: count.end + 3, ..count });
        }
        Some(count)
    }

    /// *that day*, *the same day*, *the next day*, *the previous night*: from the text's last date.
    pub(super) fn anaphoric(&self, i: usize) -> Option<Found> {
        let start = i;
        let i = i + usize::from(self.is(i, &["earlier", "later", "early", "late"]));
        let day = self.told(false, i.min(self.doc.len() - 1));
        let before = if day == Anchor::None { self.anchor } else { day };
        if self.is(i, &["the"]) && self.is(i + 1, &["day", "night"]) && self.is(i + 2, &["before", "after"]) {
            let shift = if self.is(i + 2, &["before"]) { -1 } else { 1 };
            if let Some((_, partial, end, _)) =
                self.partial(i + 3).filter(|(_, partial, _, _)| partial.day.is_some() || partial.weekday.is_some())
            {
                let from = self.value(i + 3, partial).map_or(Anchor::None, |value| Anchor::from_edtf(&value));
                return Some(Found {
                    partial: Some(partial),
                    ..Found::new(end, shifted(from, Unit::Day, shift), "the day before a date")
                });
            }
            let from = if shift < 0 { before } else { day };
            return self.ends_phrase(i + 3).then(|| Found::new(i + 3, shifted(from, Unit::Day, shift), "the day before"));
        }
        let (at, shift) = match () {
            () if self.is(i, &["that"]) => (i + 1, 0),
            () if self.is(i, &["the"]) && self.is(i + 1, &["same"]) => (i + 2, 0),
            () if self.is(i, &["the"]) && self.is(i + 1, &["next", "following"]) => (i + 2, 1),
            () if self.is(i, &["the"]) && self.is(i + 1, &["previous", "preceding"]) => (i + 2, -1),
            () => return None,
        };
        if self.is(at, &["morning", "afternoon", "evening"]) {
            let from = if shift < 0 { before } else { day };
            return Some(Found::new(at + 1, shifted(from, Unit::Day, shift), "that morning"));
        }
        let word = self.word(at);
        let unit = unit(word).filter(|&unit| unit != Unit::Hour && !word.ends_with('s'))?;
        if shift == 0 && unit == Unit::Day && self.is(at + 1, &["to"]) {
            return None;
        }
        let from = match unit {
            Unit::Day if shift < 0 => before,
            Unit::Day | Unit::Week => day,
            _ => self.told(true, start),
        };
        Some(Found {
            start: Some(start),
            ..Found::new(at + 1, unit_from(from, unit, shift), "counted from the text's last date")
        })
    }
}
