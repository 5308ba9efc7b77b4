use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Date;
use crate::date::days_in_month;

/// A date, interval or set in EDTF (ISO 8601-2:2019, levels 0 and 1 and the parts of 2 that reported dates need), kept as it is written.
///
/// What is read: `2024`, `2024-06`, `2024-06-03`, a time of day after it (kept, not interpreted), seasons and quarters (`2024-21` to
/// `2024-41`), unspecified digits (`201X`, `2024-06-XX`, `XXXX-12-07`), qualifiers `?` `~` `%` at the end of a date or of a part of it,
/// intervals (`2024-06-03/2024-06-05`, `2024-06/..`, `/2024`), sets (`[2024-06-03,2024-06-05]`, `{2015..2017}`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edtf(String);

/// Not a date in EDTF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no EDTF date (examples: 2024-12-14, 2024-12, 2024-12-14~, 2024-12-01/2024-12-07, XXXX-12-07)")]
pub struct EdtfError(String);

/// One date as it is written: digits or `X`; month may be a season or quarter (21 to 41).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    year: [u8; 4],
    month: Option<[u8; 2]>,
    day: Option<[u8; 2]>,
}

/// First and last date, none where the end is open; the same for a single date.
type Ends = (Option<Part>, Option<Part>);

impl Part {
    fn parse(text: &str) -> Option<Self> {
        let date = text.split_once('T').map_or(Some(text), |(date, time)| is_time(time).then_some(date))?;
        let mut groups = date.split('-').map(str::as_bytes);
        let year = <[u8; 4]>::try_from(unqualified(groups.next()?)).ok()?;
        let pair = |group: Option<&[u8]>| match group {
            None => Some(None),
            Some(group) => <[u8; 2]>::try_from(unqualified(group)).ok().map(Some),
        };
        let (month, day) = (pair(groups.next())?, pair(groups.next())?);
        let part = Self { year, month, day };
        let digits = year.iter().chain(month.iter().flatten()).chain(day.iter().flatten());
        let known = groups.next().is_none() && digits.clone().all(|b| b.is_ascii_digit() || *b == b'X');
        (known && (date.len() == text.len() || day.is_some()) && part.is_possible()).then_some(part)
    }

    /// True when some day of the calendar fits.
    fn is_possible(&self) -> bool {
        match (self.month, self.day) {
            (None, _) => true,
            (Some(month), None) => {
                month.contains(&b'X') && fitting(month, 1, 12).is_some() || matches!(value(month), 1..=12 | 21..=41)
            }
            (Some(_), Some(_)) => self.bound(2000, false).is_some(),
        }
    }

    fn has_year(&self) -> bool {
        self.year != *b"XXXX"
    }

    /// The first or last day; `year` stands in for a year that is wholly unspecified.
    fn bound(&self, year: i32, last: bool) -> Option<Date> {
        let filled = |b: u8| i32::from(if b == b'X' { if last { 9 } else { 0 } } else { b.wrapping_sub(b'0') });
        let mut year = if self.has_year() { self.year.iter().fold(0, |sum, &b| sum * 10 + filled(b)) } else { year };
        let ends = |(first, end)| if last { end } else { first };
        let mut month = match self.month {
            None => ends((1, 12)),
            Some(month) if month.contains(&b'X') => ends(fitting(month, 1, 12)?),
            Some(month) => match value(month) {
                season @ 21..=41 => ends(SEASONS[usize::from(season - 21)]),
                month => month,
            },
        };
        if month > 12 {
            (year, month) = (year + 1, month - 12);
        }
        if !(1..=12).contains(&month) {
            return None;
        }
        let length = days_in_month(year, month);
        let day = match self.day {
            None => ends((1, length)),
            Some(day) => {
                // 29 February without a year is a day all the same.
                let (first, end) =
                    fitting(day, 1, if self.has_year() { length } else { length.max(if month == 2 { 29 } else { 0 }) })?;
                ends((first, end)).min(length)
            }
        };
        Date::new(year.clamp(0, 9999), month, day)
    }
}

/// First and last month of the seasons and quarters 21 to 41 (ISO 8601-2, table of sub-year groupings; northern seasons where the
/// hemisphere is not said). Winter ends in the next year: months above 12.
#[rustfmt::skip]
const SEASONS: [(u8, u8); 21] = [
    (3, 5), (6, 8), (9, 11), (12, 14),
    (3, 5), (6, 8), (9, 11), (12, 14),
    (9, 11), (12, 14), (3, 5), (6, 8),
    (1, 3), (4, 6), (7, 9), (10, 12),
    (1, 4), (5, 8), (9, 12),
    (1, 6), (7, 12),
];

/// A group of digits without the qualifiers before or after it.
fn unqualified(group: &[u8]) -> &[u8] {
    let is_mark = |b: &u8| b"?~%".contains(b);
    let start = usize::from(group.first().is_some_and(is_mark));
    let end = group.len() - usize::from(group.len() > start && group.last().is_some_and(is_mark));
    &group[start..end]
}

/// `05:00`, `05:00:30Z`, `05:00+03:00`.
fn is_time(time: &str) -> bool {
    let time = unqualified(time.as_bytes());
    let clock = time.split(|b| b"Z+-".contains(b)).next().unwrap_or_default();
    matches!(clock.len(), 5 | 8) && time.iter().all(|b| b.is_ascii_digit() || b":Z+-".contains(b)) && time.len() <= 14
}

fn value(digits: [u8; 2]) -> u8 {
    digits.iter().fold(0u8, |sum, b| sum.wrapping_mul(10).wrapping_add(b.wrapping_sub(b'0')))
}

/// The first and last number from `low` to `high` whose two digits fit the pattern.
fn fitting(pattern: [u8; 2], low: u8, high: u8) -> Option<(u8, u8)> {
    let fits = |n: &u8| [n / 10, n % 10].iter().zip(pattern).all(|(&digit, b)| b == b'X' || b == b'0' + digit);
    Some(((low..=high).find(fits)?, (low..=high).rev().find(fits)?))
}

fn ends(text: &str) -> Option<Ends> {
    let end = |text: &str| match text.trim() {
        "" | ".." => Some(None),
        date => Part::parse(date).map(Some),
    };
    let set = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(set) = set.or_else(|| text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))) {
        let mut members = Vec::new();
        for member in set.split(',') {
            for date in member.split("..").filter(|date| !date.trim().is_empty()) {
                members.push(Part::parse(date.trim())?);
            }
        }
        let (first, last) = (*members.first()?, *members.last()?);
        let open_start = set.trim_start().starts_with("..");
        let open_end = set.trim_end().ends_with("..");
        return (!(open_start && open_end)).then_some(((!open_start).then_some(first), (!open_end).then_some(last)));
    }
    if let Some((from, to)) = text.split_once('/') {
        let ends = (end(from)?, end(to)?);
        return (ends.0.is_some() || ends.1.is_some()).then_some(ends);
    }
    let date = Part::parse(text)?;
    Some((Some(date), Some(date)))
}

impl Edtf {
    /// The EDTF text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First and last day, both inclusive; none where the end is open. `None` when the year is unspecified (`XXXX-12-07`).
    #[must_use]
    pub fn bounds(&self) -> Option<(Option<Date>, Option<Date>)> {
        let ends = ends(&self.0)?;
        [ends.0, ends.1].iter().flatten().any(Part::has_year).then(|| stretch(&ends, year_of(&ends).unwrap_or(0)))
    }

    /// How many days it spans; `None` when an end is open or the year unspecified.
    #[must_use]
    pub fn days(&self) -> Option<i64> {
        let (Some(first), Some(last)) = self.bounds()? else { return None };
        Some(last.to_days() - first.to_days() + 1)
    }

    /// True when the two share a day; a year that one leaves unspecified is taken from the other.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let (Some(ours), Some(theirs)) = (ends(&self.0), ends(&other.0)) else { return false };
        let year = |own: &Ends, other: &Ends| year_of(own).or(year_of(other)).unwrap_or(2000);
        let (a, b) = stretch(&ours, year(&ours, &theirs));
        let (c, d) = stretch(&theirs, year(&theirs, &ours));
        a.max(c).unwrap_or(Date::MIN) <= b.unwrap_or(Date::MAX).min(d.unwrap_or(Date::MAX))
    }
}

fn year_of(ends: &Ends) -> Option<i32> {
    [ends.0, ends.1].iter().flatten().find(|part| part.has_year()).and_then(|part| part.bound(0, false)).map(Date::year)
}

fn stretch(ends: &Ends, year: i32) -> (Option<Date>, Option<Date>) {
    let first = ends.0.and_then(|part| part.bound(year, false));
    let last = ends.1.and_then(|part| part.bound(year, true));
    match (first, last, ends.1) {
        // Without years, an interval that ends before it begins runs into the next.
        (Some(from), Some(to), Some(part)) if to < from && !part.has_year() => (first, part.bound(year + 1, true)),
        _ => (first, last),
    }
}

impl From<Date> for Edtf {
    fn from(date: Date) -> Self {
        Self(date.to_string())
    }
}

impl FromStr for Edtf {
    type Err = EdtfError;

    fn from_str(text: &str) -> Result<Self, EdtfError> {
        let text = text.trim();
        if text.len() > 80 || ends(text).is_none() {
            return Err(EdtfError(text.chars().take(80).collect()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Edtf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Edtf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Edtf {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Edtf".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "EDTF (ISO 8601-2): a date, interval or set" })
    }
}

impl<'de> Deserialize<'de> for Edtf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edtf(text: &str) -> Edtf {
        text.parse().unwrap()
    }

    fn bounds(text: &str) -> String {
        let Some((first, last)) = edtf(text).bounds() else { return "no year".to_owned() };
        let show = |date: Option<Date>| date.map_or("..".to_owned(), |date| date.to_string());
        format!("{} {}", show(first), show(last))
    }

    #[test]
    fn ok_bounds() {
        assert_eq!(bounds("2024-12-14"), "2024-12-14 2024-12-14");
        assert_eq!(bounds("2024-02"), "2024-02-01 2024-02-29");
        assert_eq!(bounds("199X"), "1990-01-01 1999-12-31");
        assert_eq!(bounds("2023~"), "2023-01-01 2023-12-31");
        assert_eq!(bounds("2014-22"), "2014-06-01 2014-08-31");
        assert_eq!(bounds("2014-24"), "2014-12-01 2015-02-28");
        assert_eq!(bounds("2024-34"), "2024-04-01 2024-06-30");
        assert_eq!(bounds("2024-06-XX"), "2024-06-01 2024-06-30");
        assert_eq!(bounds("2024-05-03/2024-05-05"), "2024-05-03 2024-05-05");
        assert_eq!(bounds("2024-05-03/.."), "2024-05-03 ..");
        assert_eq!(bounds("/2011"), ".. 2011-12-31");
        assert_eq!(bounds("[2015,2017]"), "2015-01-01 2017-12-31");
        assert_eq!(bounds("2024-12-14T05:00Z"), "2024-12-14 2024-12-14");
        assert_eq!(bounds("XXXX-12-07"), "no year");
    }

    #[test]
    fn err_what_no_calendar_has() {
        for text in [
            "",
            "2024-13",
            "2024-02-30",
            "2023-02-29",
            "24-01-01",
            "2024-1-1",
            "yesterday",
            "../..",
            "2024/2025/2026",
            "2024-42",
            "20X4-",
            "2024T05:00",
            "XXXX-02-30",
        ] {
            assert!(text.parse::<Edtf>().is_err(), "{text}");
        }
        assert!("XXXX-02-29".parse::<Edtf>().is_ok());
    }

    #[test]
    fn an_unspecified_year_is_taken_from_the_other_side() {
        assert!(edtf("XXXX-12-07").overlaps(&edtf("2015-12-07")));
        assert!(!edtf("XXXX-12-07").overlaps(&edtf("2015-11")));
        assert!(edtf("2024-05/..").overlaps(&edtf("2025")));
        assert!(!edtf("2024-05/..").overlaps(&edtf("2024-04-30")));
    }

    proptest! {
        #[test]
        fn what_parses_shows_as_it_was_written(text in "[0-9X?~%/.,\\[\\]{}T:Z-]{0,24}") {
            if let Ok(date) = text.parse::<Edtf>() {
                prop_assert_eq!(date.to_string(), text.trim());
                let _ = date.bounds();
            }
        }

        #[test]
        fn any_text_is_taken_or_refused(text in any::<String>()) {
            let _ = text.parse::<Edtf>();
        }

        #[test]
        fn a_date_overlaps_its_own_month_and_year(days in -719_528i64..2_932_897) {
            let date = Date::from_days(days);
            let day = Edtf::from(date);
            prop_assert_eq!(day.days(), Some(1));
            prop_assert!(day.overlaps(&edtf(&day.as_str()[..7])) && edtf(&day.as_str()[..4]).overlaps(&day));
        }
    }
}
