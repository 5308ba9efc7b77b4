//! Numbers in words and digits: *1,200*, *1.2 million*, *twenty-five*, *two hundred and fifty*, *14th*, *three dozen*.

use dateline_nlp::Doc;

/// A number and the token after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// Its value.
    pub(crate) value: i64,
    /// One past its last token.
    pub(crate) end: usize,
    /// Written with digits only, without separators or scale words: may be a year, a unit's number, an age.
    pub(crate) bare_digits: bool,
}

/// The value of one word: *seven*, *twenty*, *ninety*.
pub(crate) fn small(word: &str) -> Option<i64> {
    let value = match word.len() {
        3..=9 => match word.to_ascii_lowercase().as_str() {
            "one" => 1,
            "two" => 2,
            "three" => 3,
            "four" => 4,
            "five" => 5,
            "six" => 6,
            "seven" => 7,
            "eight" => 8,
            "nine" => 9,
            "ten" => 10,
            "eleven" => 11,
            "twelve" => 12,
            "thirteen" => 13,
            "fourteen" => 14,
            "fifteen" => 15,
            "sixteen" => 16,
            "seventeen" => 17,
            "eighteen" => 18,
            "nineteen" => 19,
            "twenty" => 20,
            "thirty" => 30,
            "forty" => 40,
            "fifty" => 50,
            "sixty" => 60,
            "seventy" => 70,
            "eighty" => 80,
            "ninety" => 90,
            _ => return None,
        },
        _ => return None,
    };
    Some(value)
}

/// A scale word in the singular: *hundred*, *thousand*, *million*, *dozen*, *score*.
pub(crate) fn scale(word: &str) -> Option<i64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "dozen" => 12,
        "score" => 20,
        "hundred" => 100,
        "thousand" | "k" => 1_000,
        "million" | "mn" => 1_000_000,
        "billion" | "bn" => 1_000_000_000,
        "trillion" => 1_000_000_000_000,
        "lakh" => 100_000,
        "crore" => 10_000_000,
        _ => return None,
    })
}

/// The ordinal of one word: *14th*, *third*, *twelfth*.
pub(crate) fn ordinal(word: &str) -> Option<i64> {
    let lower = word.to_ascii_lowercase();
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|suffix| lower.strip_suffix(suffix));
    if let Some(digits) = digits.filter(|digits| (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())) {
        return digits.parse().ok();
    }
    Some(match lower.as_str() {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return None,
    })
}

/// The number that begins at token `i`.
pub(crate) fn cardinal(doc: &Doc, i: usize) -> Option<Number> {
    let word = at_word(doc, i)?;
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return digits(doc, i, word);
    }
    let first = small(word).or_else(|| hyphenated(word))?;
    let (mut total, mut group, mut at) = (0i64, first, i + 1);
    if first >= 20 && first % 10 == 0 {
        // "twenty-five" is one token or three.
        let unit = match at + 1 < doc.len() && doc.word(at) == "-" {
            true => small(doc.word(at + 1)).map(|unit| (unit, at + 2)),
            false => at_word(doc, at).and_then(small).map(|unit| (unit, at + 1)),
        };
        if let Some((unit, end)) = unit.filter(|&(unit, _)| unit < 10) {
            (group, at) = (first + unit, end);
        }
    }
    // "two hundred and fifty thousand": a scale multiplies the group; what follows a smaller group is added.
    while let Some(word) = at_word(doc, at) {
        if let Some(factor) = scale(word).filter(|_| word.len() > 2) {
            if factor == 100 {
                group = group.checked_mul(100)?;
            } else {
                total = total.checked_add(group.checked_mul(factor)?)?;
                group = 0;
            }
            at += 1;
            continue;
        }
        let joined = usize::from(word.eq_ignore_ascii_case("and"));
        let next = at_word(doc, at + joined).and_then(|word| small(word).or_else(|| hyphenated(word)));
        let follows = (group >= 100 && group % 100 == 0) || (group == 0 && total > 0);
        let Some(next) = next.filter(|_| follows) else { break };
        if joined == 1 && !(group >= 100 || total >= 100) {
            break;
        }
        group += next;
        at += joined + 1;
    }
    Some(Number { value: total.checked_add(group)?, end: at, bare_digits: false })
}

/// A decimal of that many: *1.2* of a million.
pub(crate) fn decimal(word: &str, factor: i64) -> Option<i64> {
    let (whole, fraction) = word.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let parts = fraction.parse::<i64>().ok()?.checked_mul(factor)? / 10i64.checked_pow(fraction.len() as u32)?;
    whole.parse::<i64>().ok()?.checked_mul(factor)?.checked_add(parts)
}

/// *twenty-five* as one token.
fn hyphenated(word: &str) -> Option<i64> {
    let (tens, unit) = word.split_once('-')?;
    let (tens, unit) = (small(tens)?, small(unit)?);
    (tens >= 20 && tens % 10 == 0 && unit < 10).then_some(tens + unit)
}

fn at_word(doc: &Doc, i: usize) -> Option<&str> {
    (i < doc.len()).then(|| doc.word(i))
}

fn digits(doc: &Doc, i: usize, word: &str) -> Option<Number> {
    let (mut end, mut bare) = (i + 1, true);
    let mut whole = String::with_capacity(word.len());
    let mut fraction = String::new();
    let suffix = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.');
    let number = &word[..word.len() - suffix.len()];
    let mut factor = match suffix {
        "" => 1,
        "k" | "K" => 1_000,
        "m" | "mn" => 1_000_000,
        "bn" | "b" => 1_000_000_000,
        _ => return None,
    };
    let groups: Vec<&str> = number.split([',', '.']).collect();
    let last = groups.last().map_or(0, |group| group.len());
    // Groups of three, or of two before the last three as in India: *1,50,000*.
    let threes = groups.iter().skip(1).all(|group| group.len() == 3);
    let twos = groups.len() > 2
        && last == 3
        && !number.contains('.')
        && groups[1..groups.len() - 1].iter().all(|group| group.len() == 2);
    let thousands = groups.len() > 1 && (threes && groups[0].len() <= 3 || twos && groups[0].len() <= 2) && !groups[0].is_empty();
    // *1.3m people* may be two tokens; *1.3 m* is a length.
    let glued = end < doc.len() && doc.token(i).range.end == doc.token(end).range.start;
    if glued
        && factor == 1
        && at_word(doc, end) == Some("m")
        && doc.pos((end + 1).min(doc.len() - 1)) == "NOUN"
        && end + 1 < doc.len()
    {
        factor = 1_000_000;
        end += 1;
    }
    let scaled = at_word(doc, end).and_then(scale).filter(|&factor| factor > 20);
    if thousands && !(scaled.is_some() && groups.len() == 2 && number.contains('.')) {
        whole.extend(groups.iter().copied());
        bare = false;
    } else if let [first] = groups[..] {
        whole.push_str(first);
        // "10 000": groups of three parted by (thin) spaces.
        let open = first.len() <= 3;
        // What a letter follows at once is a calibre: *40 155mm shells*.
        let apart = |end: usize| {
            let after = doc.token(end).range.end as usize;
            !doc.text().get(after..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        };
        while let Some(next) =
            at_word(doc, end).filter(|next| open && next.len() == 3 && next.bytes().all(|b| b.is_ascii_digit()) && apart(end))
        {
            whole.push_str(next);
            end += 1;
            bare = false;
        }
    } else if let [first, second] = groups[..] {
        // "1.2 million", "1,5 million": only before a scale; else a share, a size, a section.
        if scaled.is_none() && factor == 1 {
            return None;
        }
        whole.push_str(first);
        fraction.push_str(second);
    } else {
        return None;
    }
    if factor > 1 {
        bare = false;
    }
    while let Some(next) = at_word(doc, end).and_then(scale).filter(|&scale| scale > 1) {
        // "1.2 hundred thousand" is possible, a third scale word is not.
        factor = next.checked_mul(factor)?;
        end += 1;
        bare = false;
        if end > i + 6 {
            break;
        }
    }
    if whole.len() > 18 || fraction.len() > 9 {
        return None;
    }
    let mut value = whole.parse::<i64>().ok()?.checked_mul(factor)?;
    if !fraction.is_empty() {
        let parts = fraction.parse::<i64>().ok()?.checked_mul(factor)?;
        value = value.checked_add(parts / 10i64.checked_pow(fraction.len() as u32)?)?;
    }
    Some(Number { value, end, bare_digits: bare })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(words: &str) -> Option<(i64, usize)> {
        let lines: String = words.split(' ').map(|word| format!("{word} CD nummod 0\n")).collect();
        cardinal(&crate::testing::doc(&lines), 0).map(|number| (number.value, number.end))
    }

    #[test]
    fn reads_numbers_in_words_and_digits() {
        assert_eq!(value("seven people"), Some((7, 1)));
        assert_eq!(value("twenty - five men"), Some((25, 3)));
        assert_eq!(value("twenty-five men"), Some((25, 1)));
        assert_eq!(value("two hundred and fifty thousand men"), Some((250_000, 5)));
        assert_eq!(value("one thousand two hundred men"), Some((1200, 4)));
        assert_eq!(value("1,200 men"), Some((1200, 1)));
        assert_eq!(value("1.200 men"), Some((1200, 1)));
        assert_eq!(value("1.2 million men"), Some((1_200_000, 2)));
        assert_eq!(value("1.125 million men"), Some((1_125_000, 2)));
        assert_eq!(value("10 000 men"), Some((10_000, 2)));
        assert_eq!(value("two dozen men"), Some((24, 2)));
        assert_eq!(value("3k men"), Some((3000, 1)));
        assert_eq!(value("2.5 kilometres"), None);
        assert_eq!(value("five and six men"), Some((5, 1)));
        assert_eq!(value("99999999999999999999 men"), None);
        assert_eq!(value("9999999999999 billion billion men"), None);
    }

    #[test]
    fn reads_ordinals() {
        assert_eq!(ordinal("14th"), Some(14));
        assert_eq!(ordinal("Third"), Some(3));
        assert_eq!(ordinal("earth"), None);
    }
}
