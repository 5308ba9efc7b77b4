//! Dates in digits: *2024-12-14*, *14.12.2024*, *3/5/24*, *03-Sep-2023*, and the military date-time group *141500ZDEC24*.

use dateline_record::Date;

use super::calendar::{Partial, month};

/// A number of one to four digits at the start of `text`, and its length.
fn number(text: &str) -> Option<(i32, usize)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..len)?.parse::<i32>().ok().filter(|_| len <= 4).map(|value| (value, len))
}

/// True where no word goes on at byte `at`.
fn ends(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// The date that a year, month and day make, if the calendar has it.
fn dated(year: i32, month: i32, day: i32, either: bool) -> Option<Partial> {
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    Date::new(year, month, day)?;
    Some(Partial { year: Some(year), month: Some(month), day: Some(day), either, ..Partial::default() })
}

/// A date in digits at the start of `text`, and its length in bytes.
pub(super) fn date(text: &str) -> Option<(Partial, usize)> {
    let (first, first_len) = number(text)?;
    let mark = *text.as_bytes().get(first_len)?;
    if !b"-./".contains(&mark) {
        return None;
    }
    let rest = text.get(first_len + 1..)?;
    if first_len <= 2
        && let Some(found) = with_month(first, rest, first_len + 1)
    {
        return Some(found);
    }
    let (second, second_len) = number(rest)?;
    let at = first_len + 1 + second_len;
    if text.as_bytes().get(at) != Some(&mark) || second_len > 2 {
        return None;
    }
    let (third, third_len) = number(text.get(at + 1..)?)?;
    let mut end = at + 1 + third_len;
    // A time of day may hang on it: *2024-12-14T05:00Z*.
    if text.as_bytes().get(end) == Some(&b'T') {
        let clock = text.get(end + 1..)?;
        let len = clock.bytes().take_while(|b| b.is_ascii_digit() || b":Z+".contains(b)).count();
        end += if len >= 4 { len + 1 } else { 0 };
    }
    let goes_on = text.as_bytes().get(end) == Some(&mark) && text.as_bytes().get(end + 1).is_some_and(u8::is_ascii_digit);
    if !ends(text, end) || goes_on {
        return None;
    }
    let partial = match (first_len, third_len, mark) {
        (4, 1 | 2, _) => dated(first, second, third, false)?,
        (1 | 2, 4, _) | (1 | 2, 2, b'.' | b'/') => {
            let year = if third_len == 4 { third } else { 2000 + third };
            // With dots the day stands first; with strokes or hyphens either may.
            if second > 12 && mark != b'.' {
                dated(year, first, second, false)?
            } else {
                dated(year, second, first, mark != b'.' && first <= 12 && first != second)?
            }
        }
        _ => return None,
    };
    Some((partial, end))
}

/// Whether the dates in digits of a text have the day first, where one of them tells: *30/04/2018*. None where none does, or both are used.
pub(super) fn day_first(text: &str) -> Option<bool> {
    let (mut day, mut month) = (false, false);
    let bytes = text.as_bytes();
    for (at, _) in bytes.iter().enumerate().filter(|(_, b)| **b == b'/') {
        // The stroke after the first number of a date.
        let start = bytes.get(..at)?.iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |before| before + 1);
        if at - start > 2
            || start == at
            || start > 0 && bytes.get(start - 1).is_some_and(|b| b"/-.".contains(b) || b.is_ascii_alphanumeric())
        {
            continue;
        }
        if let Some((partial, _)) = text.get(start..).and_then(date).filter(|(partial, _)| !partial.either) {
            let first: Option<u8> = text.get(start..at).and_then(|first| first.parse().ok());
            if partial.day != partial.month {
                day |= first == partial.day;
                month |= first == partial.month;
            }
        }
    }
    (day != month).then_some(day)
}

/// *Sep-2023* after the day and its mark, which are `before` bytes.
fn with_month(day: i32, rest: &str, before: usize) -> Option<(Partial, usize)> {
    let len = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let named = month(rest.get(..len).filter(|name| name.len() >= 3)?)?;
    rest.as_bytes().get(len).filter(|mark| b"-/.".contains(mark))?;
    let (year, year_len) = number(rest.get(len + 1..)?)?;
    let year = match year_len {
        2 => 2000 + year,
        4 => year,
        _ => return None,
    };
    let end = len + 1 + year_len;
    ends(rest, end).then_some(())?;
    Some((dated(year, i32::from(named), day, false)?, before + end))
}

/// A date-time group (day, hour and minute, zone, month, year) at the start of `text`, and its length: *141500ZDEC24*, *141500Z DEC 2024*.
pub(super) fn group(text: &str) -> Option<(Partial, usize)> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits != 6 || !bytes.get(6)?.is_ascii_uppercase() {
        return None;
    }
    let space = |at: usize| at + usize::from(bytes.get(at) == Some(&b' '));
    let at = space(7);
    let name = text.get(at..at + 3)?;
    let named = month(name).filter(|_| name.bytes().all(|b| b.is_ascii_uppercase()))?;
    let day: i32 = text.get(..2)?.parse().ok()?;
    let (hour, minute): (u8, u8) = (text.get(2..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?);
    let (year, len) = number(text.get(space(at + 3)..)?)?;
    let end = space(at + 3) + len;
    let year = match len {
        2 => 2000 + year,
        4 => year,
        _ => return None,
    };
    (hour < 24 && minute < 60 && ends(text, end)).then_some(())?;
    Some((dated(year, i32::from(named), day, false)?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(i32, u8, u8, usize)> {
        let (partial, len) = date(text).or_else(|| group(text))?;
        Some((partial.year?, partial.month?, partial.day?, len))
    }

    #[test]
    fn reads_digits() {
        assert_eq!(read("2024-12-14 and"), Some((2024, 12, 14, 10)));
        assert_eq!(read("2024-12-14T05:00Z."), Some((2024, 12, 14, 17)));
        assert_eq!(read("14.12.24"), Some((2024, 12, 14, 8)));
        assert_eq!(read("12/14/2024"), Some((2024, 12, 14, 10)));
        assert_eq!(read("03-Sep-2023,"), Some((2023, 9, 3, 11)));
        assert_eq!(read("141500ZDEC24"), Some((2024, 12, 14, 12)));
        assert_eq!(read("141500Z DEC 2024"), Some((2024, 12, 14, 16)));
        assert_eq!(read("10.12.20.5"), None);
        assert_eq!(read("31/04/2024"), None);
        assert_eq!(read("2024-12-144"), None);
        assert_eq!(read("149900ZDEC24"), None);
    }
}
