use std::fmt;

/// A day of the proleptic Gregorian calendar, years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// First day there is.
    pub const MIN: Self = Self { year: 0, month: 1, day: 1 };
    /// Last day there is.
    pub const MAX: Self = Self { year: 9999, month: 12, day: 31 };

    /// The day, if the calendar has it.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let known = (0..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        known.then_some(Self { year, month, day })
    }

    /// Year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// Month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01 (negative before), after the well-known algorithm of Howard Hinnant, *chrono-compatible low-level date algorithms*.
    #[must_use]
    pub fn to_days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day `days` after 1970-01-01; [`Date::MIN`] or [`Date::MAX`] beyond them.
    #[must_use]
    pub fn from_days(days: i64) -> Self {
        let days = days.clamp(Self::MIN.to_days(), Self::MAX.to_days()) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year: year as i32, month: month as u8, day: day as u8 }
    }

    /// This many days later (earlier when negative), within the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_days(self.to_days().saturating_add(days))
    }

    /// The same day this many months later; the month's last day where it has no such day.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let count = (i64::from(self.year) * 12 + i64::from(self.month) - 1).saturating_add(months).clamp(0, 9999 * 12 + 11);
        let (year, month) = ((count / 12) as i32, (count % 12) as u8 + 1);
        Self { year, month, day: self.day.min(days_in_month(year, month)) }
    }

    /// Days since the Monday before, 0 for Monday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        (self.to_days() + 3).rem_euclid(7) as u8
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Days of the month `month` (1 to 12).
pub(crate) fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(year: i32, month: u8, day: u8) -> Date {
        Date::new(year, month, day).unwrap()
    }

    #[test]
    fn knows_weekdays_and_leap_days() {
        assert_eq!(date(1970, 1, 1).weekday(), 3);
        assert_eq!(date(2024, 12, 14).weekday(), 5);
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(date(2024, 3, 31).plus_months(-1), date(2024, 2, 29));
        assert_eq!(date(2024, 12, 31).plus_days(1), date(2025, 1, 1));
    }

    proptest! {
        #[test]
        fn days_round_trip(days in -719_528i64..2_932_897) {
            prop_assert_eq!(Date::from_days(days).to_days(), days);
        }

        #[test]
        fn any_shift_stays_in_the_calendar(days in any::<i64>(), months in any::<i64>()) {
            let shifted = date(2024, 2, 29).plus_days(days).plus_months(months);
            prop_assert!(Date::new(shifted.year(), shifted.month(), shifted.day()).is_some());
        }
    }
}
