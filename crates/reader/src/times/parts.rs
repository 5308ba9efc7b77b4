//! Parts of a period: *the first week of May*, *the end of last year*, *the second quarter of 2021*, *the week of 3 May*; fiscal years.

use crate::look::Look;
use dateline_record::Edtf;

use super::calendar::{Anchor, Unit, approximately, edtf, fraction, part, unit, unit_from, week_of, weekday};
use super::{Finder, Found, back_to, on_to, year_of};
use crate::numbers;

impl Finder<'_> {
    pub(super) fn part_of(&self, i: usize) -> Option<Found> {
        let the = usize::from(self.is(i, &["the"]));
        let at = i + the;
        if self.is(at, &["fiscal", "financial", "fy"]) || self.word(at).get(..2).is_some_and(|head| head == "FY") {
            return self.fiscal(at);
        }
        if self.is(at, &["earlier", "later"]) && self.is(at + 1, &["in"]) && self.is(at + 2, &["the"]) {
            let unit = unit(self.word(at + 3)).filter(|&unit| unit != Unit::Hour && unit != Unit::Day)?;
            let singular = !self.word(at + 3).ends_with('s');
            return singular.then(|| Found::new(at + 4, unit_from(self.anchor, unit, 0), "earlier in the week"));
        }
        if self.is(at, &["early", "late", "mid"]) {
            // *late last year*, *early next month*
            let (value, end) = self.relative_period(at + 1 + usize::from(self.is(at + 1, &["in", "-"])))?;
            return Some(Found { start: Some(at), ..Found::new(end, value.map(approximately), "early, mid or late") });
        }
        if self.is(at, &["beginning", "start", "middle", "end", "close"]) && self.is(at + 1, &["of"]) {
            let (value, end) = self.period(at + 2)?;
            return Some(Found { start: Some(i), ..Found::new(end, value.map(approximately), "the end of a period") });
        }
        if the == 0 {
            return None;
        }
        if self.is(at, &["eve"]) && self.is(at + 1, &["of"]) {
            let new = at + 2 + usize::from(self.is(at + 2, &["the", "a"]));
            if self.is(new, &["new"]) && self.is(new + 1, &["year"]) {
                let eve = super::Partial { month: Some(12), day: Some(31), ..super::Partial::default() };
                return Some(Found { partial: Some(eve), ..Found::new(new + 2, self.value(at, eve), "the eve of the new year") });
            }
            return None;
        }
        if self.is(at, &["week"]) && self.is(at + 1, &["of", "to", "ending", "starting", "beginning", "from"]) {
            return self.week(at + 1);
        }
        self.share(i)
    }

    /// *the first three months of 2021*, *the last week of May*, *the second half of last year*.
    fn share(&self, i: usize) -> Option<Found> {
        let at = i + 1;
        let last = self.is(at, &["last", "final", "closing"]);
        let nth = if last || self.is(at, &["opening"]) { Some(1) } else { numbers::ordinal(self.word(at)) }?;
        let which = u8::try_from(nth).ok()?;
        if self.is(at + 1, &["half", "quarter"]) && self.is(at + 2, &["of"]) {
            let (value, end) = self.period(at + 3)?;
            let quarter = self.is(at + 1, &["quarter"]);
            let which = if last { if quarter { 4 } else { 2 } } else { which };
            let value = value.and_then(|value| fraction(&value, quarter, which));
            return Some(Found { start: Some(i), ..Found::new(end, value, "part of a year") });
        }
        // *the fourth Thursday in November*
        if let Some(wanted) = weekday(self.word(at + 1)).filter(|_| self.is(at + 2, &["in", "of"])) {
            let (value, end) = self.period(at + 3)?;
            let value = value.and_then(|value| nth_weekday(&value, wanted, which, last));
            return Some(Found { start: Some(i), ..Found::new(end, value, "weekday of a month") });
        }
        let (count, after) = match numbers::cardinal(self.doc, at + 1) {
            Some(number) => (number.value, number.end),
            None => (1, at + 1),
        };
        let unit = unit(self.word(after)).filter(|_| self.is(after + 1, &["of"]) && count < 400)?;
        let (value, end) = self.period(after + 2)?;
        let value = value.and_then(|value| match which {
            1 => part(&value, unit, count, last),
            // *the second week of May*: what is left of the first two without the first.
            _ if count == 1 => nth_part(&value, unit, i64::from(which)),
            _ => None,
        });
        Some(Found { start: Some(i), ..Found::new(end, value, "part of a period") })
    }

    /// A month, season, year, decade or century at `i`, and where it ends.
    fn period(&self, i: usize) -> Option<(Option<Edtf>, usize)> {
        if let Some(found) = self.relative_period(i) {
            return Some(found);
        }
        if self.is(i, &["the"]) {
            let word = self.word(i + 1);
            if let Some(unit) = unit(word).filter(|unit| !matches!(unit, Unit::Hour | Unit::Day) && !word.ends_with('s')) {
                return (!self.is(i + 2, &["of"])).then(|| (unit_from(self.anchor, unit, 0), i + 2));
            }
        }
        let the = usize::from(self.is(i, &["the"]));
        if let Some(found) = self.decade_or_century(i + the) {
            return Some((found.edtf, found.end));
        }
        if let Some(year) = year_of(self.word(i)) {
            return Some((edtf(&format!("{year:04}")), i + 1));
        }
        let (_, partial, end, _) = self.partial(i)?;
        (partial.day.is_none() && partial.weekday.is_none()).then(|| (self.value(i, partial), end))
    }

    /// *last year*, *this month*, *next week* as a whole.
    fn relative_period(&self, i: usize) -> Option<(Option<Edtf>, usize)> {
        let shift = match () {
            () if self.is(i, &["last"]) => -1,
            () if self.is(i, &["this"]) => 0,
            () if self.is(i, &["next"]) => 1,
            () => return None,
        };
        let word = self.word(i + 1);
        let unit = unit(word).filter(|unit| !matches!(unit, Unit::Hour | Unit::Day) && !word.ends_with('s'))?;
        Some((unit_from(self.anchor, unit, shift), i + 2))
    }

    /// *the week of 3 May*, *the week to 16 May*.
    fn week(&self, at: usize) -> Option<Found> {
        let from = at + 1 + usize::from(self.is(at + 1, &["the", "on"]) && numbers::ordinal(self.word(at + 2)).is_none());
        let (_, partial, end, _) =
            self.partial(from).filter(|(_, partial, _, _)| partial.day.is_some() || partial.weekday.is_some())?;
        let day = self.value(from, partial).map_or(Anchor::None, |value| Anchor::from_edtf(&value)).day();
        let value = day.and_then(|day| match () {
            () if self.is(at, &["of"]) => week_of(day),
            () if self.is(at, &["to", "ending"]) => edtf(&format!("{}/{day}", day.plus_days(-6))),
            () => edtf(&format!("{day}/{}", day.plus_days(6))),
        });
        Some(Found { partial: Some(partial), ..Found::new(end, value, "the week of a day") })
    }

    /// *fiscal year 2021*, *fiscal 2021*, *FY2021*: near the year, since states begin theirs in other months.
    fn fiscal(&self, i: usize) -> Option<Found> {
        if let Some(year) = self.word(i).strip_prefix("FY").and_then(year_of) {
            return Some(Found { start: Some(i), ..Found::new(i + 1, edtf(&format!("{year}~")), "fiscal year") });
        }
        let at = i + 1 + usize::from(self.is(i + 1, &["year"]));
        let year = year_of(self.word(at))?;
        Some(Found { start: Some(i), ..Found::new(at + 1, edtf(&format!("{year}~")), "fiscal year") })
    }
}

/// Weekday number `nth` of a month, or the last.
fn nth_weekday(of: &Edtf, wanted: u8, nth: u8, last: bool) -> Option<Edtf> {
    if of.as_str().len() != 7 || of.as_str().starts_with("XXXX") {
        return None;
    }
    let (Some(first), Some(end)) = of.bounds()? else { return None };
    let day = if last { back_to(end, wanted) } else { on_to(first, wanted).plus_days(7 * (i64::from(nth) - 1)) };
    (first <= day && day <= end).then(|| Edtf::from(day))
}

/// Unit number `nth` of a period.
fn nth_part(of: &Edtf, unit: Unit, nth: i64) -> Option<Edtf> {
    let upto = part(of, unit, nth, false)?;
    let days = upto.as_str().rsplit('/').next().and_then(edtf);
    let length = match unit {
        Unit::Day => 1,
        Unit::Week => 7,
        _ => return days,
    };
    let end = days?;
    let unsaid = end.as_str().starts_with("XXXX");
    let end = edtf(&end.as_str().replacen("XXXX", "2001", 1))?.bounds()?.1?;
    let from = end.plus_days(1 - length);
    let text = if length == 1 { end.to_string() } else { format!("{from}/{end}") };
    edtf(&if unsaid { text.replace("2001-", "XXXX-") } else { text })
}
