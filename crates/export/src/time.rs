//! Days, spans and their codes.

use dateline_record::{Date, Edtf};

/// A stretch of days with both ends known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl Stretch {
    /// Of a date that has both ends.
    pub(crate) fn of(when: Option<&Edtf>) -> Option<Self> {
        match when?.bounds()? {
            (Some(first), Some(last)) if first <= last => Some(Self { first, last }),
            _ => None,
        }
    }

    /// How many days, at least 1.
    pub(crate) fn length(self) -> i64 {
        self.last.to_days() - self.first.to_days() + 1
    }

    /// The middle day, the earlier of two.
    pub(crate) fn middle(self) -> Date {
        self.first.plus_days((self.length() - 1) / 2)
    }

    /// The year, when it is one.
    pub(crate) fn year(self) -> Option<i32> {
        (self.first.year() == self.last.year()).then(|| self.first.year())
    }
}

/// Seconds since 1970 of an RFC 3339 instant.
pub(crate) fn unix(instant: &str) -> Option<i64> {
    let (date, clock) = instant.split_once(['T', 't', ' '])?;
    let mut parts = date.split('-').map(str::parse::<u16>);
    let mut next = || parts.next()?.ok();
    let day = Date::new(i32::from(next()?), u8::try_from(next()?).ok()?, u8::try_from(next()?).ok()?)?;
    let number = |range: std::ops::Range<usize>| clock.get(range)?.parse::<u8>().ok().map(i64::from);
    let (hours, minutes, seconds) = (number(0..2)?, number(3..5)?, number(6..8)?);
    let zone = clock.get(8..)?.trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit());
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60)
        }
    };
    (hours < 24 && minutes < 60 && seconds <= 60)
        .then_some(day.to_days() * 86_400 + hours * 3600 + minutes * 60 + seconds - offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_count_from_1970() {
        assert_eq!(unix("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(unix("2024-12-14T12:00:00.250+02:00"), Some(1_734_170_400));
        for text in ["", "2024-12-14", "2024-12-14T12:00", "2024-13-14T12:00:00Z", "2024-12-14T25:00:00Z", "2024-12-14T12:00:00é"]
        {
            assert_eq!(unix(text), None, "{text}");
        }
    }

    #[test]
    fn the_middle_of_a_month_is_the_16th_or_before() {
        let month = Stretch::of(Some(&"2024-12".parse().unwrap())).unwrap();
        assert_eq!((month.length(), month.middle().to_string()), (31, "2024-12-16".to_owned()));
        assert_eq!(Stretch::of(Some(&"2024-12/..".parse().unwrap())), None);
    }
}
