use std::fmt;

use dateline_record::{Date, Edtf};

/// A moment as an outlet writes it: a day, and where it says so the time of day with its offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    date: Date,
    /// Seconds after midnight, in the writer's own time.
    seconds: Option<u32>,
    /// Minutes east of UTC; none where nothing says.
    offset: Option<i32>,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Instant {
    /// Reads ISO 8601 (`2024-12-27T10:30:00+02:00`, `2024-12-27 10:30`, `20241227T103000Z`, `2024-12-27`), the form of mail and RSS
    /// (`Fri, 27 Dec 2024 10:30:00 +0200`, RFC 5322) and the plain English form (`December 27, 2024`, `27 December 2024`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::iso(text).or_else(|| Self::compact(text)).or_else(|| Self::words(text))
    }

    /// A moment given in seconds since 1970, UTC.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        // Beyond the year 9999 a date has no EDTF form.
        let days = seconds.div_euclid(86_400);
        (-719_162..2_932_897).contains(&days).then(|| Self {
            date: Date::from_days(days),
            seconds: u32::try_from(seconds.rem_euclid(86_400)).ok(),
            offset: Some(0),
        })
    }

    /// Seconds since 1970, UTC; a time without offset is taken as UTC, a day as its beginning.
    #[must_use]
    pub fn to_unix(self) -> i64 {
        self.date.to_days() * 86_400 + i64::from(self.seconds.unwrap_or(0)) - i64::from(self.offset.unwrap_or(0)) * 60
    }

    /// The day in the writer's own time, as EDTF.
    #[must_use]
    pub fn day(self) -> Option<Edtf> {
        self.date_text().parse().ok()
    }

    /// RFC 3339, where both time of day and offset are known.
    #[must_use]
    pub fn rfc3339(self) -> Option<String> {
        (self.seconds.is_some() && self.offset.is_some()).then(|| self.to_string())
    }

    fn date_text(self) -> String {
        format!("{:04}-{:02}-{:02}", self.date.year(), self.date.month(), self.date.day())
    }

    fn iso(text: &str) -> Option<Self> {
        let (day, rest) = (text.get(..10)?, text.get(10..)?);
        let separators =
            day.as_bytes().get(4) == day.as_bytes().get(7) && matches!(day.as_bytes().get(4), Some(b'-' | b'/' | b'.'));
        if !separators {
            return None;
        }
        let date = Self::calendar(number(day.get(..4)?)?, number(day.get(5..7)?)?, number(day.get(8..10)?)?)?;
        let rest = rest.strip_prefix(['T', 't', ' ', ',']).map_or(rest, str::trim_start);
        if rest.is_empty() {
            return Some(Self { date, seconds: None, offset: None });
        }
        let (seconds, zone) = clock(rest)?;
        Some(Self { date, seconds: Some(seconds), offset: offset(zone.trim())? })
    }

    /// `20241227`, `20241227T103000Z`, `20241227103000` as in WARC indexes.
    fn compact(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if digits != 8 && digits != 14 {
            return None;
        }
        let date = Self::calendar(number(text.get(..4)?)?, number(text.get(4..6)?)?, number(text.get(6..8)?)?)?;
        let rest = text.get(8..)?;
        if rest.is_empty() {
            return Some(Self { date, seconds: None, offset: None });
        }
        let time = rest.strip_prefix('T').unwrap_or(rest);
        let pair = |at: usize| time.get(at..at + 2).and_then(number);
        let seconds = of_day(pair(0)?, pair(2)?, pair(4).unwrap_or(0))?;
        let zone = time.get(6..).unwrap_or_default().trim();
        let offset = if digits == 14 && zone.is_empty() { Some(0) } else { offset(zone)? };
        Some(Self { date, seconds: Some(seconds), offset })
    }

    fn words(text: &str) -> Option<Self> {
        let (mut day, mut month, mut year, mut time, mut zone) = (None, None, None, None, None);
        for word in text.split([' ', ',', '\u{a0}', '\t']).filter(|word| !word.is_empty()) {
            let lower = word.to_ascii_lowercase();
            if word.contains(':') && time.is_none() {
                let (seconds, rest) = clock(word)?;
                (time, zone) = (Some(seconds), (!rest.is_empty()).then(|| rest.to_owned()));
            } else if time.is_some() && matches!(lower.as_str(), "am" | "a.m." | "pm" | "p.m.") {
                let (hours, rest) = (time? / 3600, time? % 3600);
                time = Some((hours % 12 + if lower.starts_with('p') { 12 } else { 0 }) * 3600 + rest);
            } else if time.is_some() && zone.is_none() && (word.starts_with(['+', '-']) || offset(word).flatten().is_some()) {
                zone = Some(word.to_owned());
            } else if let Some(index) = MONTHS.iter().position(|name| lower.starts_with(name)).filter(|_| month.is_none()) {
                // `mon`, `mar` and the like are told apart by three letters; weekdays share none with months.
                month = u8::try_from(index + 1).ok();
            } else if let Some(value) = number(word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.')) {
                match value {
                    1..=31 if day.is_none() => day = Some(value),
                    1000..=9999 if year.is_none() => year = Some(value),
                    // Two digits as RFC 5322 section 4.3 reads them.
                    0..=99 if day.is_some() && year.is_none() => {
                        year = Some(if value < 50 { 2000 + value } else { 1900 + value })
                    }
                    _ => return None,
                }
            } else if month.is_some()
                && day.is_some()
                && year.is_some()
                && time.is_none()
                && !matches!(lower.as_str(), "at" | "-" | "–" | "|" | "·")
            {
                break;
            }
        }
        let date = Self::calendar(year?, u32::from(month?), day?)?;
        let offset = zone.and_then(|zone| offset(&zone)).flatten();
        Some(Self { date, seconds: time, offset })
    }

    fn calendar(year: u32, month: u32, day: u32) -> Option<Date> {
        let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.date_text())?;
        let Some(seconds) = self.seconds else { return Ok(()) };
        write!(f, "T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(east) => {
                let sign = if east < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", east.abs() / 60, east.abs() % 60)
            }
        }
    }
}

fn number(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn of_day(hours: u32, minutes: u32, seconds: u32) -> Option<u32> {
    (hours < 24 && minutes < 60 && seconds <= 60).then(|| hours * 3600 + minutes * 60 + seconds.min(59))
}

/// `10:30`, `10:30:15`, `10:30:15.250`, and what follows it.
fn clock(text: &str) -> Option<(u32, &str)> {
    let (hours, rest) = text.split_once(':')?;
    let minutes = rest.get(..2).and_then(number)?;
    let mut rest = rest.get(2..)?;
    let mut seconds = 0;
    if let Some(after) = rest.strip_prefix(':') {
        seconds = after.get(..2).and_then(number)?;
        rest = after.get(2..)?;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    Some((of_day(number(hours.trim())?, minutes, seconds)?, rest))
}

/// Minutes east; `Some(None)` when nothing is said, none when what is said can't be read.
fn offset(zone: &str) -> Option<Option<i32>> {
    let named = match zone.to_ascii_uppercase().as_str() {
        "" => return Some(None),
        "Z" | "UT" | "UTC" | "GMT" => Some(0),
        // The zones that RFC 5322 section 4.3 gives a meaning.
        "EST" | "CDT" => Some(-300),
        "EDT" => Some(-240),
        "CST" | "MDT" => Some(-360),
        "MST" | "PDT" => Some(-420),
        "PST" => Some(-480),
        _ => None,
    };
    if named.is_some() {
        return Some(named);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = zone.get(1..)?.chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (number(&digits)?, 0),
        4 => (number(digits.get(..2)?)?, number(digits.get(2..)?)?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then(|| Some(sign * i32::try_from(hours * 60 + minutes).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Instant::parse(text).map(|instant| instant.to_string())
    }

    #[test]
    fn iso_forms() {
        for (text, expected) in [
            ("2024-12-27", "2024-12-27"),
            ("2024-12-27T10:30:00Z", "2024-12-27T10:30:00Z"),
            ("2024-12-27T10:30:00.250+0200", "2024-12-27T10:30:00+02:00"),
            ("2024-12-27 10:30", "2024-12-27T10:30:00"),
            ("20241227103000", "2024-12-27T10:30:00Z"),
            ("20241227", "2024-12-27"),
            ("2024/12/27 10:30:00 +05:30", "2024-12-27T10:30:00+05:30"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn forms_of_mail_and_of_people() {
        for (text, expected) in [
            ("Fri, 27 Dec 2024 10:30:00 +0200", "2024-12-27T10:30:00+02:00"),
            ("Fri, 27 Dec 24 10:30 GMT", "2024-12-27T10:30:00Z"),
            ("27 Dec 2024 10:30:00 EST", "2024-12-27T10:30:00-05:00"),
            ("December 27, 2024", "2024-12-27"),
            ("March 3rd, 2024 at 4:05 pm", "2024-03-03T16:05:00"),
            ("Monday, 4 March 2024", "2024-03-04"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn err_no_dates() {
        for text in ["", "yesterday", "2024-13-01", "2024-02-30", "32 Dec 2024", "12:30", "2024-12-27T99:00"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_day_is_the_writers_own() {
        let instant = Instant::parse("2024-12-27T00:30:00+02:00").unwrap();
        assert_eq!(instant.day().unwrap().as_str(), "2024-12-27");
        assert_eq!(Instant::from_unix(instant.to_unix()).unwrap().to_string(), "2024-12-26T22:30:00Z");
    }

    proptest::proptest! {
        #[test]
        fn any_text_parses_or_not(text in "\\PC{0,40}") {
            let _ = Instant::parse(&text);
        }

        #[test]
        fn what_is_written_is_read_again(seconds in -62_135_596_800i64..253_402_300_800) {
            let instant = Instant::from_unix(seconds).unwrap();
            proptest::prop_assert_eq!(Instant::parse(&instant.to_string()), Some(instant));
            proptest::prop_assert_eq!(instant.to_unix(), seconds);
        }
    }
}
