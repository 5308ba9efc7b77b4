//! The words that a person takes a value from: where they stand, and which value they give by themselves.

use dateline_casebook::Reader;
use dateline_gazetteer::{Gazetteer, PlaceKind};
use dateline_nlp::Doc;
use dateline_record::{Country, Edtf, Reading, Report};
use serde::{Deserialize, Serialize};

use super::{Case, CaseError};
use crate::render::person::Protected;

/// Words of a report that a value was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Words {
    /// The report's number: `r3` is 3.
    pub report: u64,
    /// Where they begin in its text, in code points.
    pub start: usize,
    /// Where they end, in code points.
    pub end: usize,
    /// The words as they stand there.
    pub text: String,
}

/// The value that words give by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The value; none where the words alone give none.
    pub value: Option<String>,
    /// For a place, the country that it lies in, ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// How it comes about, or what is missing.
    pub why: String,
}

/// A report's text and where the names of protected persons stand in it.
struct Text {
    text: String,
    hidden: Vec<(usize, usize)>,
}

impl Text {
    fn of(reader: &Reader<'_>, report: u64) -> Result<Self, CaseError> {
        let missing = || CaseError::Missing(format!("report r{report}"));
        match reader.reading(report)? {
            Some(reading) => {
                let hidden = Protected::of(&reading).spans(&reading.document.text);
                Ok(Self { text: reading.document.text, hidden })
            }
            None => Ok(Self { text: reader.report_text(report)?.ok_or_else(missing)?, hidden: Vec::new() }),
        }
    }

    /// The words between two places.
    fn words(&self, report: u64, start: usize, end: usize) -> Result<Words, CaseError> {
        let text: String = self.text.chars().skip(start).take(end.saturating_sub(start)).collect();
        if text.trim().is_empty() || text.chars().count() != end - start {
            return Err(CaseError::Correction(format!("no words stand at {start} to {end} in r{report}")));
        }
        if self.hides(start, end) {
            return Err(CaseError::Correction("the words hold the name of a protected person: choose others".to_owned()));
        }
        Ok(Words { report, start, end, text })
    }

    fn hides(&self, start: usize, end: usize) -> bool {
        self.hidden.iter().any(|&(from, to)| from < end && start < to)
    }
}

/// Makes sure that words stand where they are said to, in a report that tells of the event.
pub(super) fn check(reader: &Reader<'_>, event: u64, words: &Words) -> Result<(), CaseError> {
    let report = words.report;
    if !reader.events_of_report(report)?.contains(&event) {
        return Err(CaseError::Correction(format!("r{report} does not tell of e{event}")));
    }
    if Text::of(reader, report)?.words(report, words.start, words.end)?.text != words.text {
        return Err(CaseError::Correction(format!("“{}” does not stand there in r{report}", words.text)));
    }
    Ok(())
}

impl Case {
    /// The words of a report between two places in its text, in code points.
    ///
    /// # Errors
    /// When there is no such report, no word stands there, the words hold the name of a protected person, or the record can't be read.
    pub fn words(&self, report: u64, start: usize, end: usize) -> Result<Words, CaseError> {
        Text::of(&self.book.read(), report)?.words(report, start, end)
    }

    /// Where words stand in a report's text, as they are typed but for white space: the first place where they hold no protected name.
    ///
    /// # Errors
    /// When there is no such report, the words don't stand in it, or the record can't be read.
    pub fn find_words(&self, report: u64, words: &str) -> Result<Words, CaseError> {
        let text = Text::of(&self.book.read(), report)?;
        let wanted: Vec<&str> = words.split_whitespace().collect();
        let nowhere = || CaseError::Correction(format!("“{}” does not stand in the text of r{report}", words.trim()));
        let first = wanted.first().ok_or_else(nowhere)?;
        let mut points = 0;
        let mut seen = 0;
        for (at, _) in text.text.match_indices(first) {
            let Some(length) = text.text.get(at..).and_then(|rest| length_of(rest, &wanted)) else { continue };
            points += text.text.get(seen..at).unwrap_or_default().chars().count();
            seen = at;
            let end = points + text.text.get(at..at + length).unwrap_or_default().chars().count();
            if !text.hides(points, end) {
                return text.words(report, points, end);
            }
        }
        Err(nowhere())
    }

    /// The value that words give a field by themselves: a date as it stands to the report's publication, a place as the gazetteer knows it, a
    /// number as a number, a type as the machine codes the word.
    ///
    /// # Errors
    /// When there is no such report, or the record can't be read.
    pub fn propose(&self, field: &str, words: &Words) -> Result<Proposal, CaseError> {
        let reader = self.book.read();
        Ok(match field {
            "date" => {
                let report =
                    reader.report(words.report)?.ok_or_else(|| CaseError::Missing(format!("report r{}", words.report)))?;
                date(words, report.published, reader.reading(words.report)?.as_ref())
            }
            "place" => place(&words.text),
            "country" => country(&words.text),
            "killed" => number(&words.text),
            "type" | "mode" => code(field, words, reader.reading(words.report)?.as_ref()),
            _ => Proposal {
                value: Some(words.text.split_whitespace().collect::<Vec<_>>().join(" ")),
                country: None,
                why: "the words as they stand".to_owned(),
            },
        })
    }
}

/// How long the words are at the beginning of a text, in bytes, whatever white space stands between them; none where others stand there.
fn length_of(text: &str, words: &[&str]) -> Option<usize> {
    let mut rest = text;
    for (nth, word) in words.iter().enumerate() {
        if nth > 0 {
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        rest = rest.strip_prefix(word)?;
    }
    Some(text.len() - rest.len())
}

fn date(words: &Words, published: Option<Edtf>, reading: Option<&Reading>) -> Proposal {
    // Where the machine has read these very words, it has seen the sentence around them.
    let times = reading.into_iter().flat_map(|reading| &reading.claims).filter_map(|claim| claim.time.as_ref());
    let same = |start: usize, end: usize| words.start <= start && end <= words.end;
    if let Some(read) = times.filter(|time| same(time.mention.start(), time.mention.end())).find_map(|time| time.edtf.clone()) {
        let why = "as the machine reads these words in their sentence".to_owned();
        return Proposal { value: Some(read.as_str().to_owned()), country: None, why };
    }
    let anchor =
        published.as_ref().map_or_else(|| "a report without a date".to_owned(), |date| format!("a report of {}", date.as_str()));
    let report = Report { text: words.text.clone(), published, ..Report::default() };
    let found = plain(&words.text, "DATE")
        .and_then(|doc| dateline_reader::times::find(&report, &doc).into_iter().find_map(|time| time.edtf));
    match found.or_else(|| words.text.trim().parse().ok()) {
        Some(found) => Proposal { value: Some(found.as_str().to_owned()), country: None, why: format!("as said in {anchor}") },
        None => Proposal {
            why: format!("these words give no date by themselves in {anchor}: write it in EDTF, as in 2024-12-26"),
            ..Proposal::default()
        },
    }
}

fn place(words: &str) -> Proposal {
    let gazetteer = Gazetteer::embedded();
    let name = words.trim();
    let rest = ["the ", "The ", "in ", "near "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
    let places = gazetteer.lookup(rest).filter_map(|candidate| gazetteer.place(candidate.place));
    match places.max_by_key(|place| (place.kind == PlaceKind::Settlement, place.population)) {
        Some(place) => Proposal {
            value: Some(place.name.to_owned()),
            country: place.country.map(str::to_owned),
            why: match place.country {
                Some(country) => format!("the gazetteer knows {} in {country}", place.name),
                None => format!("the gazetteer knows {}", place.name),
            },
        },
        None => Proposal {
            value: Some(rest.to_owned()),
            country: None,
            why: "the gazetteer does not know it: the words stand as the name".to_owned(),
        },
    }
}

fn country(words: &str) -> Proposal {
    let gazetteer = Gazetteer::embedded();
    let name = words.trim();
    let named = gazetteer.country_named(name).or_else(|| gazetteer.demonym(name).map(|demonym| demonym.country));
    let code =
        named.map(|country| country.alpha3.to_string()).or_else(|| name.parse::<Country>().ok().map(|code| code.to_string()));
    let lies_in = || place(name).country;
    match code.or_else(lies_in) {
        Some(code) => Proposal { value: Some(code), country: None, why: "as the gazetteer knows these words".to_owned() },
        None => Proposal {
            why: "the gazetteer knows no country by these words: write its code, as in UKR".to_owned(),
            ..Proposal::default()
        },
    }
}

fn number(words: &str) -> Proposal {
    let digits: String = words.trim().chars().filter(|c| *c != ',').collect();
    let counts = || plain(words, "").map(|doc| dateline_reader::quantities::find(&doc)).unwrap_or_default();
    let found = digits.parse::<u32>().map(i64::from).ok().or_else(|| counts().first().and_then(|count| count.min.or(count.max)));
    match found {
        Some(number) => Proposal { value: Some(number.to_string()), country: None, why: "the number of these words".to_owned() },
        None => {
            Proposal { why: "these words give no number by themselves: write it in digits".to_owned(), ..Proposal::default() }
        }
    }
}

fn code(field: &str, words: &Words, reading: Option<&Reading>) -> Proposal {
    let claims = reading.into_iter().flat_map(|reading| &reading.claims);
    let mut within = claims.filter(|claim| claim.trigger.start() < words.end && words.start < claim.trigger.end());
    let found = within.find_map(|claim| match field {
        "type" => claim.event.kind.map(|kind| kind.to_string()),
        _ => claim.event.mode.map(|mode| mode.to_string()),
    });
    match found {
        Some(code) => Proposal { why: format!("the machine codes these words {code}"), value: Some(code), country: None },
        None => Proposal { why: "the machine has no code for these words: choose one".to_owned(), ..Proposal::default() },
    }
}

/// Words without a parse: each its own root, its tag guessed from its letters. `entity` is what they are said to name.
fn plain(text: &str, entity: &str) -> Option<Doc> {
    let letters: Vec<char> = text.chars().collect();
    let mut rows = Vec::new();
    let mut at = 0;
    while let Some(&first) = letters.get(at) {
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let inner = |i: usize| {
            let (Some(&c), Some(&next)) = (letters.get(i), letters.get(i + 1)) else { return false };
            matches!(c, ',' | '.' | ':') && next.is_ascii_digit() || matches!(c, '\'' | '’') && next.is_alphanumeric()
        };
        let mut end = at + 1;
        while first.is_alphanumeric() && letters.get(end).is_some_and(|c| c.is_alphanumeric() || inner(end)) {
            end += 1;
        }
        let word: String = letters.get(at..end)?.iter().collect();
        let (tag, pos) = match first {
            c if c.is_ascii_digit() => ("CD", "NUM"),
            c if c.is_uppercase() => ("NNP", "PROPN"),
            c if c.is_alphabetic() => ("NNS", "NOUN"),
            _ => ("PUNCT", "PUNCT"),
        };
        let space = letters.get(end).is_some_and(|c| c.is_whitespace());
        let iob = if entity.is_empty() { "O" } else { "B" };
        let nth = rows.len();
        rows.push(serde_json::json!([word, at, space, tag, pos, word.to_lowercase(), "ROOT", nth, iob, entity, nth == 0]));
        at = end;
    }
    Doc::from_json_tokens(text, &serde_json::Value::Array(rows)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn dated(text: &str, published: Option<&str>, expected: Option<&str>) {
        let words = Words { report: 1, start: 0, end: text.chars().count(), text: text.to_owned() };
        let proposal = date(&words, published.map(|date| date.parse().unwrap()), None);
        assert_eq!(proposal.value.as_deref(), expected, "{text}: {}", proposal.why);
    }

    #[test]
    fn dates_stand_to_the_publication() {
        // 2024-12-27 was a Friday.
        let published = Some("2024-12-27");
        dated("Thursday", published, Some("2024-12-26"));
        dated("on Thursday", published, Some("2024-12-26"));
        dated("yesterday", published, Some("2024-12-26"));
        dated("two days ago", published, Some("2024-12-25"));
        dated("December 26", published, Some("2024-12-26"));
        dated("26 December 2023", published, Some("2023-12-26"));
        dated("2024-12-20", published, Some("2024-12-20"));
        dated("last week", None, None);
        dated("the soldier", published, None);
        dated("Friday 💥", Some("2024-12-29"), Some("2024-12-27"));
    }

    #[test]
    fn numbers_in_words_and_digits() {
        for (words, expected) in [
            ("five", Some("5")),
            ("twenty-five", Some("25")),
            ("1,200", Some("1200")),
            ("at least three soldiers", Some("3")),
            ("12 people", Some("12")),
            ("a dozen", Some("12")),
            ("the soldiers", None),
        ] {
            assert_eq!(number(words).value.as_deref(), expected, "{words}");
        }
    }

    #[test]
    fn places_and_countries_are_looked_up() {
        let kursk = place("Kursk");
        assert_eq!((kursk.value.as_deref(), kursk.country.as_deref()), (Some("Kursk"), Some("RUS")));
        let unknown = place("the Sample Hollow");
        assert_eq!((unknown.value.as_deref(), unknown.country), (Some("Sample Hollow"), None));
        assert_eq!(country("Ukrainian").value.as_deref(), Some("UKR"));
        assert_eq!(country("Ukraine").value.as_deref(), Some("UKR"));
        assert_eq!(country("Kursk").value.as_deref(), Some("RUS"));
        assert_eq!(country("nowhere at all").value, None);
    }

    #[test]
    fn words_are_found_whatever_white_space_stands_between() {
        assert_eq!(length_of("on 26\n December, he", &["on", "26", "December"]), Some("on 26\n December".len()));
        assert_eq!(length_of("on26 December", &["on", "26"]), None);
        assert_eq!(length_of("on 27", &["on", "26"]), None);
    }

    #[test]
    fn places_are_counted_in_code_points_and_hidden_ones_are_refused() {
        let text = Text { text: "💥💥 Jon Sample fell on Thursday.".to_owned(), hidden: vec![(3, 13)] };
        assert_eq!(text.words(1, 22, 30).unwrap().text, "Thursday");
        for (start, end, said) in [
            (3, 6, "protected"),
            (0, 4, "protected"),
            (12, 20, "protected"),
            (40, 50, "no words"),
            (9, 3, "no words"),
            (30, 40, "no words"),
            (2, 3, "no words"),
        ] {
            let error = text.words(1, start, end).unwrap_err().to_string();
            assert!(error.contains(said), "{start} {end}: {error}");
        }
    }
}
