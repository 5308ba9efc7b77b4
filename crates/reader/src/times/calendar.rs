//! Words of the calendar, and what a date means when part of it is left out.

use dateline_record::{Date, Edtf, Report};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
}

/// A month by name or short form, 1 to 12.
pub(super) fn month(word: &str) -> Option<u8> {
    let lower = word.trim_end_matches('.').to_ascii_lowercase();
    Some(match lower.as_str() {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// A weekday by name or short form, 0 for Monday.
pub(super) fn weekday(word: &str) -> Option<u8> {
    let lower = word.trim_end_matches('.').to_ascii_lowercase();
    Some(match lower.as_str() {
        "monday" | "mon" => 0,
        "tuesday" | "tue" | "tues" => 1,
        "wednesday" | "wed" => 2,
        "thursday" | "thu" | "thurs" => 3,
        "friday" | "fri" => 4,
        "saturday" | "sat" => 5,
        "sunday" | "sun" => 6,
        _ => return None,
    })
}

/// EDTF's number of a season.
pub(super) fn season(word: &str) -> Option<u8> {
    Some(match word.to_ascii_lowercase().as_str() {
        "spring" => 21,
        "summer" => 22,
        "autumn" | "fall" => 23,
        "winter" => 24,
        _ => return None,
    })
}

/// A unit of time, singular or plural.
pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word.to_ascii_lowercase().as_str() {
        "hour" | "hours" | "hrs" | "minute" | "minutes" => Unit::Hour,
        "day" | "days" | "night" | "nights" => Unit::Day,
        "week" | "weeks" => Unit::Week,
        "month" | "months" => Unit::Month,
        "quarter" | "quarters" => Unit::Quarter,
        "year" | "years" => Unit::Year,
        "decade" | "decades" => Unit::Decade,
        _ => return None,
    })
}

/// A date with what the words give of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Partial {
    pub(super) year: Option<i32>,
    /// The last year of a span of years: *2016-17*.
    pub(super) last_year: Option<i32>,
    /// 1 to 12, or a season or quarter of EDTF.
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
    /// A weekday alone, 0 for Monday; then nothing else is set.
    pub(super) weekday: Option<u8>,
    /// The last day of a span inside one month: *3 to 5 May*.
    pub(super) last_day: Option<u8>,
    /// Days after the first in a list, which is no span: *3, 4 and 7 May*. Zero where there is none.
    pub(super) more: [u8; 4],
    /// *early*, *about*.
    pub(super) approximate: bool,
    /// Day and month may stand in either order.
    pub(super) either: bool,
}

/// When the report was written, as exactly as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    None,
    Year(i32),
    Month(i32, u8),
    Day(Date),
    /// A day of a year that nobody says. The date's own year is a leap year that stands for it.
    DayOfSomeYear(Date),
}

/// The year that stands for one that nobody says.
const SOME_YEAR: i32 = 2000;

impl Anchor {
    pub(super) fn of(report: &Report) -> Self {
        report.published.as_ref().map_or(Self::None, Self::from_edtf)
    }

    /// The day, month or year that a value is; none for what is longer, or open.
    pub(super) fn from_edtf(value: &Edtf) -> Self {
        if let Some(rest) = value.as_str().strip_prefix("XXXX-") {
            let day = edtf(&format!("{SOME_YEAR}-{rest}")).and_then(|value| value.bounds());
            return match day {
                Some((Some(first), Some(last))) if first == last => Self::DayOfSomeYear(first),
                _ => Self::None,
            };
        }
        let Some((Some(first), Some(last))) = value.bounds() else { return Self::None };
        if first == last {
            Self::Day(first)
        } else if (first.year(), first.month()) == (last.year(), last.month()) {
            Self::Month(first.year(), first.month())
        } else if first.year() == last.year() {
            Self::Year(first.year())
        } else {
            Self::None
        }
    }

    pub(super) fn day(self) -> Option<Date> {
        match self {
            Self::Day(date) => Some(date),
            _ => None,
        }
    }

    pub(super) fn month(self) -> Option<(i32, u8)> {
        match self {
            Self::Day(date) => Some((date.year(), date.month())),
            Self::Month(year, month) => Some((year, month)),
            _ => None,
        }
    }

    pub(super) fn year(self) -> Option<i32> {
        match self {
            Self::Year(year) => Some(year),
            _ => self.month().map(|(year, _)| year),
        }
    }

    /// A day that is known only as near the anchor (*today*, *on Tuesday*): the day, else the anchor's own month or year.
    pub(super) fn near(self, day: impl FnOnce(Date) -> Date) -> Option<Edtf> {
        match self {
            Self::None => None,
            Self::DayOfSomeYear(date) => {
                let day = day(date);
                edtf(&format!("XXXX-{:02}-{:02}", day.month(), day.day()))
            }
            Self::Day(date) => Some(Edtf::from(day(date))),
            Self::Month(year, month) => edtf(&format!("{year:04}-{month:02}")),
            Self::Year(year) => edtf(&format!("{year:04}")),
        }
    }
}

/// Which way an incomplete date lies from the anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Where it is nearest, the past preferred.
    Open,
    Past,
    Future,
}

impl Partial {
    /// The year that is meant where none is said: nearest to the anchor, the past preferred.
    fn year_by(self, anchor: Anchor, direction: Direction) -> Option<i32> {
        let own = anchor.year()?;
        let (Some(month), Some((_, now))) = (self.month, anchor.month()) else { return Some(own) };
        let month = if month > 12 { 3 * (month.saturating_sub(20)).min(4) } else { month };
        let now_day = anchor.day().map_or(28, Date::day);
        // Days around the year, thirty to a month: exact enough to choose a year.
        let ahead = (i32::from(month) - i32::from(now)) * 30 + self.day.map_or(0, |day| i32::from(day) - i32::from(now_day));
        let year = match direction {
            Direction::Past if ahead > 0 => own - 1,
            Direction::Future if ahead < 0 => own + 1,
            Direction::Open if ahead > 0 && 3 * ahead > 360 - ahead => own - 1,
            Direction::Open if ahead < -300 => own + 1,
            _ => own,
        };
        Some(year)
    }

    /// The date in EDTF; `XXXX` for a year that nothing gives.
    pub(super) fn resolve(self, anchor: Anchor, direction: Direction) -> Option<Edtf> {
        let year = self.year.or_else(|| self.year_by(anchor, direction));
        let shown = year.map_or("XXXX".to_owned(), |year| format!("{year:04}"));
        let mark = if self.approximate { "~" } else { "" };
        let text = match (self.month, self.day) {
            (None, _) => match (year, self.last_year) {
                (None, _) => return None,
                (Some(_), Some(last)) => format!("{shown}/{last:04}"),
                (Some(_), None) => format!("{shown}{mark}"),
            },
            (Some(month), None) => format!("{shown}-{month:02}{mark}"),
            (Some(month), Some(day)) if self.either => {
                let (one, other) = (format!("{shown}-{month:02}-{day:02}"), format!("{shown}-{day:02}-{month:02}"));
                if one < other { format!("[{one},{other}]") } else { format!("[{other},{one}]") }
            }
            (Some(month), Some(day)) => match self.last_day {
                Some(last) => format!("{shown}-{month:02}-{day:02}/{shown}-{month:02}-{last:02}"),
                None if self.more[0] > 0 => {
                    let mut list = format!("[{shown}-{month:02}-{day:02}");
                    for day in self.more.iter().filter(|&&day| day > 0) {
                        list.push_str(&format!(",{shown}-{month:02}-{day:02}"));
                    }
                    list + "]"
                }
                None => format!("{shown}-{month:02}-{day:02}{mark}"),
            },
        };
        edtf(&text)
    }
}

/// EDTF of text that is made to be EDTF; none for a day that no calendar has (*31 April*).
pub(super) fn edtf(text: &str) -> Option<Edtf> {
    text.parse().ok()
}

/// From the first to the last of two dates or intervals.
pub(super) fn through(from: Option<&Edtf>, to: Option<&Edtf>) -> Option<Edtf> {
    let first = from.map(|edtf| edtf.as_str().split('/').next().unwrap_or_default().to_owned());
    let last = to.map(|edtf| edtf.as_str().rsplit('/').next().unwrap_or_default().to_owned());
    let is_set = |end: &Option<String>| end.as_ref().is_some_and(|end| end.starts_with(['[', '{']));
    if is_set(&first) || is_set(&last) || (first.is_none() && last.is_none()) {
        return None;
    }
    edtf(&format!("{}/{}", first.as_deref().unwrap_or(".."), last.as_deref().unwrap_or("..")))
}

/// The unit that lies `shift` units from the one that holds the anchor: *last week* is -1.
pub(super) fn unit_from(anchor: Anchor, unit: Unit, shift: i64) -> Option<Edtf> {
    match unit {
        Unit::Hour | Unit::Day => anchor.near(|date| date.plus_days(if unit == Unit::Day { shift } else { 0 })),
        Unit::Week => match anchor {
            Anchor::Day(date) => week_of(date.plus_days(shift.saturating_mul(7))),
            Anchor::DayOfSomeYear(_) => None,
            other => other.near(|date| date),
        },
        Unit::Month => match anchor.month() {
            Some((year, month)) => {
                let first = Date::new(year, month, 1)?.plus_months(shift);
                edtf(&format!("{:04}-{:02}", first.year(), first.month()))
            }
            None => match anchor {
                Anchor::DayOfSomeYear(date) => edtf(&format!("XXXX-{:02}", date.plus_months(shift).month())),
                other => other.near(|date| date),
            },
        },
        Unit::Quarter => {
            let (year, month) = anchor.month()?;
            let quarter = i64::from(year) * 4 + i64::from(month - 1) / 3 + shift;
            edtf(&format!("{:04}-{}", quarter.div_euclid(4), 33 + quarter.rem_euclid(4)))
        }
        Unit::Year => edtf(&format!("{:04}", i64::from(anchor.year()?) + shift)),
        Unit::Decade => edtf(&format!("{:03}X", i64::from(anchor.year()?).div_euclid(10) + shift)),
    }
}

/// The point that lies `count` units before (negative) or after a date, as exactly as the unit is.
pub(super) fn shifted(from: Anchor, unit: Unit, count: i64) -> Option<Edtf> {
    match unit {
        Unit::Hour => from.near(|date| date.plus_days(count.div_euclid(24) + i64::from(count < 0 && count % 24 != 0))),
        Unit::Day => from.near(|date| date.plus_days(count)),
        Unit::Week => {
            let date = from.day()?.plus_days(7 * count);
            edtf(&format!("{date}~"))
        }
        Unit::Quarter => shifted(from, Unit::Month, count.checked_mul(3)?),
        Unit::Month | Unit::Year | Unit::Decade => unit_from(from, unit, count),
    }
}

/// The stretch of `count` units that ends at the anchor: *the past 24 hours*.
pub(super) fn stretch_before(anchor: Anchor, unit: Unit, count: i64) -> Option<Edtf> {
    let end = anchor.day()?;
    let start = match unit {
        Unit::Hour => end.plus_days(-(count.saturating_add(23) / 24)),
        Unit::Day => end.plus_days(-count),
        Unit::Week => end.plus_days(count.saturating_mul(-7)),
        Unit::Month => end.plus_months(-count),
        Unit::Quarter => end.plus_months(count.saturating_mul(-3)),
        Unit::Year => end.plus_months(count.saturating_mul(-12)),
        Unit::Decade => end.plus_months(count.saturating_mul(-120)),
    };
    edtf(&format!("{start}/{end}"))
}

/// The stretch of `count` units that begins at the anchor: *the next two weeks*.
pub(super) fn stretch_after(anchor: Anchor, unit: Unit, count: i64) -> Option<Edtf> {
    let start = anchor.day()?;
    let end = match unit {
        Unit::Hour => start.plus_days(count.saturating_add(23) / 24),
        Unit::Day => start.plus_days(count),
        Unit::Week => start.plus_days(count.saturating_mul(7)),
        Unit::Month => start.plus_months(count),
        Unit::Quarter => start.plus_months(count.saturating_mul(3)),
        Unit::Year => start.plus_months(count.saturating_mul(12)),
        Unit::Decade => start.plus_months(count.saturating_mul(120)),
    };
    edtf(&format!("{start}/{end}"))
}

/// The value, marked as approximate where it is one date; spans and sets bear no mark.
pub(super) fn approximately(value: Edtf) -> Edtf {
    let text = value.as_str();
    if text.ends_with(['~', '?', '%']) || text.contains(['/', '[', '{', 'T']) {
        return value;
    }
    edtf(&format!("{text}~")).unwrap_or(value)
}

/// The first or last `count` units of a period: *the first three months of 2021*, *the last week of May*.
pub(super) fn part(of: &Edtf, unit: Unit, count: i64, last: bool) -> Option<Edtf> {
    let unsaid = of.as_str().starts_with("XXXX-");
    let period = if unsaid { edtf(&of.as_str().replacen("XXXX", "2001", 1))? } else { of.clone() };
    let (Some(first), Some(end)) = period.bounds()? else { return None };
    let months = match unit {
        Unit::Month => count,
        Unit::Quarter => count.checked_mul(3)?,
        Unit::Year => count.checked_mul(12)?,
        Unit::Day | Unit::Week => {
            let days = if unit == Unit::Week { count.checked_mul(7)? } else { count };
            let (from, to) = if last { (end.plus_days(1 - days), end) } else { (first, first.plus_days(days - 1)) };
            let text = if from == to { from.to_string() } else { format!("{from}/{to}") };
            let inside = first <= from && to <= end;
            return if inside { edtf(&if unsaid { text.replace("2001-", "XXXX-") } else { text }) } else { None };
        }
        Unit::Hour | Unit::Decade => return None,
    };
    let (from, to) =
        if last { (end.plus_days(1).plus_months(-months), end) } else { (first, first.plus_months(months).plus_days(-1)) };
    if from < first || to > end {
        return None;
    }
    let years = unit == Unit::Year;
    let show = |date: Date| if years { format!("{:04}", date.year()) } else { format!("{:04}-{:02}", date.year(), date.month()) };
    let (from, to) = (show(from), show(to));
    edtf(&if from == to { from } else { format!("{from}/{to}") })
}

/// Half `which` (1, 2) or quarter (1 to 4) of a year, half of a month.
pub(super) fn fraction(of: &Edtf, quarter: bool, which: u8) -> Option<Edtf> {
    let text = of.as_str().trim_end_matches('~');
    match (text.len(), quarter) {
        (4, true) if (1..=4).contains(&which) && !text.ends_with('X') => edtf(&format!("{text}-{}", 32 + which)),
        (4, false) if (1..=2).contains(&which) && !text.ends_with('X') => edtf(&format!("{text}-{}", 39 + which)),
        (7, false) if which == 1 => edtf(&format!("{text}-01/{text}-15")),
        (7, false) if which == 2 => {
            let last = part(&edtf(text)?, Unit::Day, 1, true)?;
            edtf(&format!("{text}-16/{last}"))
        }
        _ => None,
    }
}

/// The week from Monday to Sunday that holds a day.
pub(super) fn week_of(date: Date) -> Option<Edtf> {
    let monday = date.plus_days(-i64::from(date.weekday()));
    edtf(&format!("{monday}/{}", monday.plus_days(6)))
}
