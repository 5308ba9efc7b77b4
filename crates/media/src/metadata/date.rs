//! Dates and times as metadata write them, in ISO 8601. What is no date gives none; nothing is added that is not there.

/// `2024:12:27 10:30:00` (EXIF 2.32, DateTimeOriginal) with an offset such as `+02:00` where the file has one. Days and months that are
/// unknown are blank or zero.
pub(super) fn of_exif(text: &str, offset: Option<&str>) -> Option<String> {
    let text = text.trim_matches(['\0', ' ']);
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, time.trim()),
        None => (text, ""),
    };
    let mut parts = day.splitn(3, [':', '-', '/']);
    let day = of_parts(parts.next()?, parts.next().unwrap_or_default(), parts.next().unwrap_or_default())?;
    Some(with_time(day, time, offset))
}

/// `2024-12-27T10:30:00.5+02:00` or less of it (XMP Specification Part 1, section 8.2.1.1).
pub(super) fn of_iso(text: &str) -> Option<String> {
    let text = text.trim();
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    // Some programs write EXIF's form into XMP.
    let mut parts = day.splitn(3, ['-', ':']);
    let day = of_parts(parts.next()?, parts.next().unwrap_or_default(), parts.next().unwrap_or_default())?;
    let at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, offset) = time.split_at_checked(at)?;
    Some(with_time(day, time, Some(offset)))
}

/// `20241227` and `103000+0200` (IPTC-IIM 4.2, datasets 2:55 and 2:60).
pub(super) fn of_iptc(day: &str, time: Option<&str>) -> Option<String> {
    let day = day.trim();
    if day.contains(['-', ':']) {
        return of_iso(&day.replace(':', "-"));
    }
    let day = of_parts(day.get(..4)?, day.get(4..6).unwrap_or_default(), day.get(6..).unwrap_or_default())?;
    let time = time.unwrap_or_default().trim();
    let at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, offset) = time.split_at_checked(at)?;
    let clock = match (clock.get(..2), clock.get(2..4), clock.get(4..6)) {
        (Some(hour), Some(minute), Some(second)) if clock.len() == 6 => format!("{hour}:{minute}:{second}"),
        _ => clock.to_owned(),
    };
    let offset = match (offset.get(..3), offset.get(3..)) {
        (Some(hours), Some(minutes)) if offset.len() == 5 => format!("{hours}:{minutes}"),
        _ => offset.to_owned(),
    };
    Some(with_time(day, &clock, Some(&offset)))
}

/// Year, month and day as far as they are known.
fn of_parts(year: &str, month: &str, day: &str) -> Option<String> {
    let number = |text: &str, most: u32| {
        let text = text.trim();
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| plain && (1..=most).contains(number))
    };
    let year = number(year, 9999).filter(|_| year.trim().len() == 4)?;
    let blank = |text: &str| text.trim().trim_matches('0').is_empty();
    if blank(month) {
        return blank(day).then(|| format!("{year:04}"));
    }
    let month = number(month, 12)?;
    if blank(day) {
        return Some(format!("{year:04}-{month:02}"));
    }
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let most = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let day = number(day, most)?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The day with the time, where both are whole; the offset only with a time.
fn with_time(day: String, time: &str, offset: Option<&str>) -> String {
    let Some(clock) = clock(time).filter(|_| day.len() == 10) else { return day };
    match offset.and_then(self::offset) {
        Some(offset) => format!("{day}T{clock}{offset}"),
        None => format!("{day}T{clock}"),
    }
}

/// `10:30:00` or `10:30`; fractions of a second are left off.
fn clock(time: &str) -> Option<String> {
    let whole = time.trim().split(['.', ',']).next()?;
    let parts: Vec<&str> = whole.split(':').collect();
    let number = |text: &str, most: u32| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| plain && *number <= most)
    };
    match parts.as_slice() {
        [hour, minute, second] => Some(format!("{:02}:{:02}:{:02}", number(hour, 23)?, number(minute, 59)?, number(second, 60)?)),
        [hour, minute] => Some(format!("{:02}:{:02}", number(hour, 23)?, number(minute, 59)?)),
        _ => None,
    }
}

/// `Z`, `+02:00`.
fn offset(text: &str) -> Option<String> {
    let text = text.trim_matches(['\0', ' ']);
    if text == "Z" {
        return Some(text.to_owned());
    }
    let rest = text.strip_prefix(['+', '-'])?;
    let sign = text.chars().next()?;
    let (hours, minutes) = rest.split_once(':')?;
    let plain = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let sound = plain(hours) && plain(minutes) && hours <= "14" && minutes <= "59";
    sound.then(|| format!("{sign}{hours}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_three_standards() {
        for (written, offset, expected) in [
            ("2024:12:27 10:30:00", None, Some("2024-12-27T10:30:00")),
            ("2024:12:27 10:30:00\0", Some("+02:00"), Some("2024-12-27T10:30:00+02:00")),
            ("2024:12:27 10:30:00", Some("   :  "), Some("2024-12-27T10:30:00")),
            ("2024:12:   :  :  ", None, Some("2024-12")),
            ("2024:12:27", Some("Z"), Some("2024-12-27")),
            ("2023:02:29 10:00:00", None, None),
            ("0000:00:00 00:00:00", None, None),
            ("    :  :     :  :  ", None, None),
            ("2024:13:01 10:00:00", None, None),
            ("2024:12:27 25:00:00", None, Some("2024-12-27")),
            ("", None, None),
        ] {
            assert_eq!(of_exif(written, offset).as_deref(), expected, "{written}");
        }
        for (written, expected) in [
            ("2024-12-27T10:30:00.250+02:00", Some("2024-12-27T10:30:00+02:00")),
            ("2024-12-27T10:30Z", Some("2024-12-27T10:30Z")),
            ("2024-12-27 10:30:00", Some("2024-12-27T10:30:00")),
            ("2024-12", Some("2024-12")),
            ("2024", Some("2024")),
            ("yesterday", None),
        ] {
            assert_eq!(of_iso(written).as_deref(), expected, "{written}");
        }
        for (day, time, expected) in [
            ("20241227", Some("103000+0200"), Some("2024-12-27T10:30:00+02:00")),
            ("20241227", None, Some("2024-12-27")),
            ("20241200", Some("103000"), Some("2024-12")),
            ("20240000", None, Some("2024")),
            ("2024-12-27", None, Some("2024-12-27")),
            ("00000000", None, None),
        ] {
            assert_eq!(of_iptc(day, time).as_deref(), expected, "{day}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_words_are_a_date_or_none(a: String, b: String, c in "[0-9:TZ +.-]{0,28}") {
            for text in [&a, &c] {
                let _ = (of_exif(text, Some(&b)), of_iso(text), of_iptc(text, Some(&b)), of_iptc(&b, Some(text)));
            }
        }
    }
}
