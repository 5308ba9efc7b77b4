//! Dates of gold and readings, compared by the days they cover: EDTF levels 0 and 1, and the parts of 2 that dates need.

/// A date with what is left open in it: year, month or season, day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Moment {
    year: String,
    month: Option<String>,
    day: Option<String>,
}

/// A stretch of time; an end of none is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    from: Option<Moment>,
    to: Option<Moment>,
}

/// First and last month of a season, some of them in the next year.
fn season(code: i64) -> Option<(i64, i64)> {
    Some(match code {
        21 | 25 => (3, 5),
        22 | 26 => (6, 8),
        23 | 27 | 31 => (9, 11),
        24 | 28 | 32 => (12, 14),
        29 => (9, 11),
        30 => (12, 14),
        33 => (1, 3),
        34 => (4, 6),
        35 => (7, 9),
        36 => (10, 12),
        37 => (1, 4),
        38 => (5, 8),
        39 => (9, 12),
        40 => (1, 6),
        41 => (7, 12),
        _ => return None,
    })
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn last_of(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since an arbitrary day before all others.
fn number(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let months: i64 = (1..month).map(|month| last_of(year, month)).sum();
    before * 365 + before / 4 - before / 100 + before / 400 + months + day
}

fn digits(part: &str) -> Option<i64> {
    part.parse().ok()
}

impl Moment {
    /// One date; `Ok(None)` is an open end.
    fn parse(text: &str) -> Option<Option<Self>> {
        let text: String = text.trim().chars().filter(|c| !"?~%".contains(*c)).collect();
        if text.is_empty() || text == ".." {
            return Some(None);
        }
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (text.as_str(), None),
        };
        let open = |part: &&str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit() || b == b'X');
        let mut parts = date.split('-');
        let year = parts.next().filter(|part| open(part, 4))?.to_owned();
        let month = parts.next();
        let day = parts.next();
        if parts.next().is_some() || month.is_some_and(|part| !open(&part, 2)) || day.is_some_and(|part| !open(&part, 2)) {
            return None;
        }
        if let Some(time) = time
            && (day.is_none()
                || !time.bytes().all(|b| b.is_ascii_digit() || b":.Z+-".contains(&b))
                || !time.starts_with(|c: char| c.is_ascii_digit()))
        {
            return None;
        }
        let whole = |part: Option<&str>| part.filter(|part| !part.contains('X')).and_then(digits);
        if let Some(month) = whole(month)
            && !(1..=12).contains(&month)
            && season(month).is_none()
        {
            return None;
        }
        if let Some(day) = whole(day) {
            let in_month = match whole(month) {
                None => 31,
                Some(month) if month <= 12 => last_of(if year.contains('X') { 2000 } else { digits(&year)?.max(1) }, month),
                Some(_) => 0,
            };
            if day < 1 || day > in_month {
                return None;
            }
        }
        Some(Some(Self { year, month: month.map(str::to_owned), day: day.map(str::to_owned) }))
    }

    /// First or last day that it may be, where an open year is `year`.
    fn bound(&self, year: i64, last: bool) -> i64 {
        let filled = self.year.replace('X', if last { "9" } else { "0" });
        let year = if self.year == "XXXX" { year } else { digits(&filled).unwrap_or(1) };
        let mut year = year.clamp(1, 9990);
        let fits = |pattern: &str, value: i64| {
            format!("{value:02}").chars().zip(pattern.chars()).all(|(digit, open)| open == 'X' || digit == open)
        };
        let pick = |from: i64, to: i64, pattern: &str, other: i64| {
            let mut fitting = (from..=to).filter(|&value| fits(pattern, value));
            if last { fitting.next_back() } else { fitting.next() }.unwrap_or(other)
        };
        let mut month = match self.month.as_deref() {
            None | Some("XX") => {
                if last {
                    12
                } else {
                    1
                }
            }
            Some(pattern) if pattern.contains('X') => pick(1, 12, pattern, 1),
            Some(month) => {
                let month = digits(month).unwrap_or(1);
                season(month).map_or(month, |(first, end)| if last { end } else { first })
            }
        };
        if month > 12 {
            year += 1;
            month -= 12;
        }
        let end = last_of(year, month);
        let day = match self.day.as_deref() {
            None | Some("XX") => {
                if last {
                    end
                } else {
                    1
                }
            }
            Some(pattern) if pattern.contains('X') => pick(1, end, pattern, end),
            Some(day) => digits(day).unwrap_or(1).min(end),
        };
        number(year, month, day)
    }
}

impl Stretch {
    /// From EDTF; sets are the stretch from their first to their last. None when it is no date.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if text.starts_with(['[', '{']) && text.ends_with([']', '}']) && text.len() >= 2 {
            let inner = text.get(1..text.len() - 1)?;
            let parts: Vec<&str> =
                inner.split(',').flat_map(|part| part.split("..")).filter(|part| !part.trim().is_empty()).collect();
            let (first, last) = (parts.first()?, parts.last()?);
            return Some(Self { from: Moment::parse(first)?, to: Moment::parse(last)? });
        }
        if let Some((from, to)) = text.split_once('/') {
            let stretch = Self { from: Moment::parse(from)?, to: Moment::parse(to)? };
            return (stretch.from.is_some() || stretch.to.is_some()).then_some(stretch);
        }
        let moment = Moment::parse(text)??;
        Some(Self { from: Some(moment.clone()), to: Some(moment) })
    }

    fn year(&self) -> Option<i64> {
        let known = [&self.from, &self.to].into_iter().flatten().find(|moment| moment.year != "XXXX");
        known.and_then(|moment| digits(&moment.year.replace('X', "0")))
    }

    fn days(&self, year: i64) -> (Option<i64>, Option<i64>) {
        let from = self.from.as_ref().map(|moment| moment.bound(year, false));
        let mut to = self.to.as_ref().map(|moment| moment.bound(year, true));
        if let (Some(first), Some(last), Some(moment)) = (from, to, &self.to)
            && last < first
            && moment.year == "XXXX"
        {
            to = Some(moment.bound(year + 1, true));
        }
        (from, to)
    }

    /// Whether the two share a day, and this one is not much longer than `gold`: at most a year, or twice as long.
    pub(crate) fn agrees_with(&self, gold: &Self) -> bool {
        let (mine, theirs) = (self.year(), gold.year());
        let (a, b) = self.days(mine.or(theirs).unwrap_or(2000));
        let (c, d) = gold.days(theirs.or(mine).unwrap_or(2000));
        let long = |from: Option<i64>, to: Option<i64>| from.zip(to).map(|(from, to)| to - from + 1);
        let too_long = match (long(a, b), long(c, d)) {
            (Some(mine), Some(gold)) => mine > (2 * gold).max(366),
            (None, Some(_)) => true,
            (_, None) => false,
        };
        let first = a.unwrap_or(i64::MIN).max(c.unwrap_or(i64::MIN));
        !too_long && first <= b.unwrap_or(i64::MAX).min(d.unwrap_or(i64::MAX))
    }
}

/// The same date in one form: an empty end is `..`.
pub(crate) fn normal(text: &str) -> String {
    match text.trim().split_once('/') {
        Some((from, to)) => {
            let end = |end: &str| if end.is_empty() { "..".to_owned() } else { end.to_owned() };
            format!("{}/{}", end(from), end(to))
        }
        None => text.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(predicted: &str, gold: &str) -> bool {
        Stretch::parse(predicted).unwrap().agrees_with(&Stretch::parse(gold).unwrap())
    }

    #[test]
    fn dates_agree_by_their_days() {
        assert!(agree("2024-12-14", "2024-12") && agree("2024", "2024-12-14") && agree("XXXX-12-07", "2015-12-07"));
        assert!(!agree("2023/2025", "2024-12-14") && !agree("2024-12-15", "2024-12-14") && !agree("../2024", "2024-01"));
        assert!(agree("2024-24", "2025-02-28") && agree("2024-12-1X", "2024-12-14") && agree("../2024", "../2020"));
        assert!(agree("XXXX-12/XXXX-02", "2024-01") || agree("XXXX-12/XXXX-02", "2024-12"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "..",
            "../..",
            "2024-13",
            "2024-02-30",
            "20244",
            "2024/2025/2026",
            "yesterday",
            "2024-21-01",
            "[]",
            "2024-1",
            "ю/ю",
        ] {
            assert_eq!(Stretch::parse(text), None, "{text}");
        }
        assert_eq!(normal("2024/"), "2024/..");
    }
}
