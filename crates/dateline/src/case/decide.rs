//! What people decide. Decisions are records: they outrank the machine, survive a new reading, and can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::{NewReview, Reader, Review, ReviewQuery};
use dateline_record::{Country, Edtf, EventType, Mode};
use serde_json::{Value, json};

use super::assess::{outlet_table, refresh};
use super::coding;
use super::history::is_showing;
use super::index::Indexes;
use super::words::{self, Words};
use super::{Case, CaseError};

/// Reviews of one event that are looked at.
pub(super) const MOST: usize = 10_000;

/// A decision on an event or a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// The event stands as it is.
    Accept,
    /// The event is none, or read wrongly.
    Reject,
    /// Credibility on the Admiralty scale, 1 to 6.
    Grade(u8),
    /// A field is to be as a person says.
    Set(Correction),
    /// A remark.
    Note(String),
    /// Names of protected persons may be shown.
    Release,
}

/// A corrected field, checked; with the words that it was taken from where somebody chose them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    field: String,
    value: String,
    /// For a place, the country that it lies in.
    country: Option<String>,
    words: Option<Words>,
}

impl std::str::FromStr for Correction {
    type Err = CaseError;

    /// From `field=value`.
    fn from_str(text: &str) -> Result<Self, CaseError> {
        let wrong = |why: String| CaseError::Correction(why);
        let (field, value) = text
            .split_once('=')
            .ok_or_else(|| wrong(format!("`{text}` is no correction: write FIELD=VALUE, as in date=2024-12-26")))?;
        Self::new(field, value)
    }
}

impl Correction {
    /// Fields that can be corrected.
    pub const FIELDS: &[&str] = &["type", "mode", "date", "place", "country", "summary", "killed"];

    /// A field and what it is to be.
    ///
    /// # Errors
    /// When the field can't be corrected, or can't be that.
    pub fn new(field: &str, value: &str) -> Result<Self, CaseError> {
        let wrong = |why: String| CaseError::Correction(why);
        let (field, value) = (field.trim(), value.trim());
        let bad = |what: &str| wrong(format!("{field}: `{value}` is no {what}"));
        match field {
            "type" => value.parse::<EventType>().map(drop).map_err(|_| bad("PLOVER type"))?,
            "mode" => value.parse::<Mode>().map(drop).map_err(|_| bad("PLOVER mode"))?,
            "date" => value.parse::<Edtf>().map(drop).map_err(|error| wrong(format!("date: {error}")))?,
            "country" => value.parse::<Country>().map(drop).map_err(|_| bad("ISO 3166-1 alpha-3 code"))?,
            "killed" => value.parse::<u32>().map(drop).map_err(|_| bad("number"))?,
            "place" | "summary" if !value.is_empty() => {}
            "place" | "summary" => return Err(bad("text")),
            _ => {
                return Err(wrong(format!("`{field}` can't be corrected; fields are {}", Self::FIELDS.join(", "))));
            }
        }
        Ok(Self { field: field.to_owned(), value: value.to_owned(), country: None, words: None })
    }

    /// The same with the words that it was taken from.
    #[must_use]
    pub fn with_words(self, words: Words) -> Self {
        Self { words: Some(words), ..self }
    }

    /// A place with the country that it lies in; the country of an event goes with its place.
    ///
    /// # Errors
    /// When it is no ISO 3166-1 alpha-3 code, or the field is not the place.
    pub fn with_country(self, country: &str) -> Result<Self, CaseError> {
        if self.field != "place" {
            return Err(CaseError::Correction("only a place lies in a country".to_owned()));
        }
        let Self { field, value, words, .. } = self;
        let country = Self::new("country", country)?.value;
        Ok(Self { field, value, country: Some(country), words })
    }

    /// As the record keeps it: the value alone, or with what belongs to it.
    fn kept(&self) -> Value {
        if self.country.is_none() && self.words.is_none() {
            return json!(self.value);
        }
        let mut kept = json!({ "value": self.value });
        if let (Some(country), Value::Object(kept)) = (&self.country, &mut kept) {
            kept.insert("country".to_owned(), json!(country));
        }
        if let (Some(words), Value::Object(kept)) = (&self.words, &mut kept) {
            kept.insert("words".to_owned(), json!(words));
        }
        kept
    }

    /// What a decision corrects, in either form in which the record keeps it; none where it is no correction.
    #[must_use]
    pub fn of(review: &Review) -> Option<Self> {
        if review.kind != "set" {
            return None;
        }
        let (field, kept) = (review.field.clone()?, review.value.as_ref()?);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let part = |name: &str| kept.get(name);
        Some(Self {
            field,
            value: text(kept).or_else(|| text(part("value")?))?,
            country: part("country").and_then(text),
            words: part("words").and_then(|words| serde_json::from_value(words.clone()).ok()),
        })
    }

    /// Which field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What it is to be.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The words that it was taken from.
    #[must_use]
    pub fn words(&self) -> Option<&Words> {
        self.words.as_ref()
    }

    /// For people: `date = 2024-12-26, from “Thursday” in r3`.
    #[must_use]
    pub fn line(&self) -> String {
        let country = self.country.as_ref().map(|country| format!(" ({country})")).unwrap_or_default();
        let words = self.words.as_ref().map(|words| {
            let quoted = words.text.split_whitespace().collect::<Vec<_>>().join(" ");
            format!(", from “{quoted}” in r{} ({}–{})", words.report, words.start, words.end)
        });
        format!("{} = {}{country}{}", self.field, self.value, words.unwrap_or_default())
    }
}

/// What stands decided of an event.
#[derive(Clone, Debug, Default)]
pub(super) struct Decided {
    pub(super) accepted: Option<(String, String)>,
    pub(super) rejected: bool,
    pub(super) grade: Option<u8>,
    pub(super) set: BTreeMap<String, String>,
    pub(super) released: bool,
    pub(super) history: Vec<Review>,
}

impl Decided {
    pub(super) fn of_event(reader: &Reader<'_>, event: u64) -> Result<Self, CaseError> {
        Self::before(reader, event, u64::MAX)
    }

    /// What was decided of an event before the review of this number.
    fn before(reader: &Reader<'_>, event: u64, end: u64) -> Result<Self, CaseError> {
        let query = ReviewQuery { subject: Some(subject(event)), standing: true, limit: MOST, ..ReviewQuery::default() };
        let mut decided = Self::default();
        let mut country_of_place = false;
        for review in reader.reviews(&query)?.rows.into_iter().filter(|review| review.id < end) {
            let number = |field: &str| review.value.as_ref().and_then(|value| value.get(field)).and_then(Value::as_u64);
            match review.kind.as_str() {
                // Those that stayed took the decisions along under another name.
                "split" if review.value.as_ref().and_then(|value| value.get("name_moved")) == Some(&Value::Bool(true)) => {
                    decided = Self::default();
                }
                "renamed" => {
                    // Names only grow, so this ends.
                    if let (Some(from), Some(before)) = (number("from").filter(|&from| from < event), number("before")) {
                        decided = Self::before(reader, from, before)?;
                    }
                }
                "accept" => {
                    decided.rejected = false;
                    decided.accepted = Some((review.at.clone(), review.by.clone()));
                }
                "reject" => {
                    decided.rejected = true;
                    decided.accepted = None;
                }
                "grade" => {
                    decided.grade = review.value.as_ref().and_then(Value::as_u64).and_then(|grade| u8::try_from(grade).ok())
                }
                "set" => {
                    if let Some(Correction { field, value, country, .. }) = Correction::of(&review) {
                        // A country that came with a place goes with it.
                        match (field.as_str(), country) {
                            ("place", Some(country)) => {
                                decided.set.insert("country".to_owned(), country);
                                country_of_place = true;
                            }
                            ("place", None) if country_of_place => {
                                decided.set.remove("country");
                            }
                            ("country", _) => country_of_place = false,
                            _ => {}
                        }
                        decided.set.insert(field, value);
                    }
                }
                "release" => decided.released = true,
                _ => {}
            }
            decided.history.push(review);
        }
        Ok(decided)
    }

    /// Whether somebody has looked at it and said more than a remark.
    pub(super) fn is_reviewed(&self) -> bool {
        self.accepted.is_some() || self.rejected || self.grade.is_some() || !self.set.is_empty()
    }
}

/// How reviews name an event.
pub(super) fn subject(event: u64) -> Value {
    json!({ "event": event })
}

impl Case {
    /// Records a decision on an event and gives its number.
    ///
    /// # Errors
    /// When there is no such event, or the record can't be written.
    pub fn decide(&mut self, event: u64, decision: &Decision, why: &str) -> Result<u64, CaseError> {
        let (kind, field, value) = match decision {
            Decision::Accept => ("accept", None, None),
            Decision::Reject => ("reject", None, None),
            Decision::Grade(grade) => ("grade", None, Some(json!(grade))),
            Decision::Set(correction) => ("set", Some(correction.field.clone()), Some(correction.kept())),
            Decision::Note(text) => ("note", None, Some(json!(text))),
            Decision::Release => ("release", None, None),
        };
        let stamp = self.stamp();
        self.book.write(|writer| {
            writer.event(event)?.ok_or_else(|| CaseError::Missing(format!("event e{event}")))?;
            if let Decision::Set(Correction { words: Some(words), .. }) = decision {
                words::check(writer, event, words)?;
            }
            let new = NewReview { kind: kind.to_owned(), subject: subject(event), field, value, why: reason(why) };
            let review = writer.add_review(&new, &stamp)?;
            let outlets = outlet_table(writer)?;
            refresh(writer, &BTreeSet::from([event]), &outlets, &stamp.at)?;
            Ok(review)
        })
    }

    /// Takes a decision back.
    ///
    /// # Errors
    /// When there is none of this number, it is taken back already, says what somebody was shown, or joined or parted events and can't be
    /// undone by itself.
    pub fn undo(&mut self, review: u64, why: &str) -> Result<u64, CaseError> {
        let stamp = self.stamp();
        self.book.write(|writer| {
            let old = writer.review(review)?.ok_or_else(|| CaseError::Missing(format!("decision {review}")))?;
            if is_showing(&old.kind) {
                return Err(CaseError::Correction(format!(
                    "decision {review} says what somebody was shown: that stays on record and can't be taken back"
                )));
            }
            coding::may_take_back(writer, &old, &stamp.by)?;
            let undo = writer.undo_review(review, why, &stamp)?;
            let touched: BTreeSet<u64> = match old.kind.as_str() {
                "merge" | "split" => Indexes::new(writer).take_back(&old)?,
                _ => old.subject.get("event").and_then(Value::as_u64).into_iter().collect(),
            };
            let outlets = outlet_table(writer)?;
            refresh(writer, &touched, &outlets, &stamp.at)?;
            Ok(undo)
        })
    }

    /// Records that an outlet took a report back; the events that it tells of are assessed anew.
    ///
    /// # Errors
    /// When there is no such report, or the record can't be written.
    pub fn withdraw(&mut self, report: u64, why: &str) -> Result<(), CaseError> {
        let stamp = self.stamp();
        self.book.write(|writer| {
            writer.report(report)?.ok_or_else(|| CaseError::Missing(format!("report r{report}")))?;
            writer.withdraw_report(report, why, &stamp)?;
            let touched = writer.events_of_report(report)?.into_iter().collect();
            let outlets = outlet_table(writer)?;
            refresh(writer, &touched, &outlets, &stamp.at)
        })
    }

    /// Records that events are one; the first keeps its id.
    ///
    /// # Errors
    /// When one of them is not there, or the record can't be written.
    pub fn merge(&mut self, into: u64, events: &[u64], why: &str) -> Result<u64, CaseError> {
        let stamp = self.stamp();
        self.book.write(|writer| {
            for &event in std::iter::once(&into).chain(events) {
                writer.event(event)?.ok_or_else(|| CaseError::Missing(format!("event e{event}")))?;
            }
            let mut moved = Vec::new();
            for &event in events.iter().filter(|&&event| event != into) {
                moved.extend(writer.happenings_of_event(event, usize::MAX)?.into_iter().map(|happening| (happening.id, event)));
            }
            let value = json!({ "moved": moved });
            let new =
                NewReview { kind: "merge".to_owned(), subject: subject(into), field: None, value: Some(value), why: reason(why) };
            let review = writer.add_review(&new, &stamp)?;
            let mut touched: BTreeSet<u64> = events.iter().copied().chain([into]).collect();
            for (happening, _) in moved {
                touched.insert(Indexes::new(writer).assign(happening, into)?);
            }
            let outlets = outlet_table(writer)?;
            refresh(writer, &touched, &outlets, &stamp.at)?;
            Ok(review)
        })
    }

    /// Records that what some reports tell is another event, and gives the other event's id.
    ///
    /// # Errors
    /// When a report does not tell of the event, all do, or the record can't be written.
    pub fn split(&mut self, event: u64, reports: &[u64], why: &str) -> Result<u64, CaseError> {
        let stamp = self.stamp();
        self.book.write(|writer| {
            let happenings = writer.happenings_of_event(event, usize::MAX)?;
            if happenings.is_empty() {
                return Err(CaseError::Missing(format!("event e{event}")));
            }
            for report in reports {
                if !happenings.iter().any(|happening| happening.report == *report) {
                    return Err(CaseError::Correction(format!("r{report} does not tell of e{event}")));
                }
            }
            let ids = |told_by_these: bool| {
                let ids = happenings.iter().filter(move |happening| reports.contains(&happening.report) == told_by_these);
                ids.map(|happening| happening.id).collect::<BTreeSet<u64>>()
            };
            let (moved, stay) = (ids(true), ids(false));
            let (Some(&first), Some(&kept)) = (moved.first(), stay.first()) else {
                return Err(CaseError::Correction(format!("all reports of e{event} are named: nothing would be left of it")));
            };
            // Undone, each goes back to those that stay.
            let pairs: Vec<(u64, u64)> = moved.iter().map(|&id| (id, kept)).collect();
            let value = json!({ "moved": pairs, "name_moved": moved.contains(&event) });
            let new = NewReview {
                kind: "split".to_owned(),
                subject: subject(event),
                field: None,
                value: Some(value),
                why: reason(why),
            };
            let split = writer.add_review(&new, &stamp)?;
            let touched = Indexes::new(writer).part(event, &moved)?;
            // The happening that the event was named after has left: what was decided stays with those that stay.
            if let Some(renamed) = writer.event_of(kept)?.filter(|&renamed| renamed != event) {
                let value = json!({ "from": event, "before": split });
                let new = NewReview {
                    kind: "renamed".to_owned(),
                    subject: subject(renamed),
                    field: None,
                    value: Some(value),
                    why: None,
                };
                writer.add_review(&new, &stamp)?;
            }
            let outlets = outlet_table(writer)?;
            refresh(writer, &touched, &outlets, &stamp.at)?;
            Ok(writer.event_of(first)?.unwrap_or(first))
        })
    }

    /// Records that somebody is shown the names of protected persons in a report, before they are.
    ///
    /// # Errors
    /// When there is no such report, or the record can't be written.
    pub fn note_names_shown(&mut self, report: u64, why: &str) -> Result<u64, CaseError> {
        self.note_shown("names-shown", report, why)
    }

    /// Records that somebody is given the original of a report, in which names stand as they are, before it is.
    ///
    /// # Errors
    /// When there is no such report, or the record can't be written.
    pub fn note_original_shown(&mut self, report: u64, why: &str) -> Result<u64, CaseError> {
        self.note_shown("original-shown", report, why)
    }

    fn note_shown(&mut self, kind: &str, report: u64, why: &str) -> Result<u64, CaseError> {
        let stamp = self.stamp();
        self.book.write(|writer| {
            writer.report(report)?.ok_or_else(|| CaseError::Missing(format!("report r{report}")))?;
            let subject = json!({ "report": report });
            let new = NewReview { kind: kind.to_owned(), subject, field: None, value: None, why: reason(why) };
            Ok(writer.add_review(&new, &stamp)?)
        })
    }

    /// Decisions, of one event or all, oldest first; those taken back too.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn decisions(&self, event: Option<u64>) -> Result<Vec<Review>, CaseError> {
        let query = ReviewQuery { subject: event.map(subject), limit: MOST, ..ReviewQuery::default() };
        Ok(self.book.read().reviews(&query)?.rows)
    }

    /// Up to `limit` decisions with numbers above `after`, oldest first; those taken back too.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn decisions_after(&self, after: u64, limit: usize) -> Result<Vec<Review>, CaseError> {
        let query = ReviewQuery { after: after.min(i64::MAX as u64), limit, ..ReviewQuery::default() };
        Ok(self.book.read().reviews(&query)?.rows)
    }

    /// Up to `limit` decisions with numbers below `before`, newest first; those taken back too.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn decisions_before(&self, before: u64, limit: usize) -> Result<Vec<Review>, CaseError> {
        Ok(self.book.read().reviews_before(before.min(i64::MAX as u64), limit)?)
    }
}

/// Which happenings a merge or split moved, each with what undoing it needs: the event that it was in, or a happening of that event.
pub(super) fn moved(review: &Review) -> Result<Vec<(u64, u64)>, CaseError> {
    match review.value.as_ref().and_then(|value| value.get("moved")) {
        Some(moved) => Ok(serde_json::from_value(moved.clone())?),
        None => Ok(Vec::new()),
    }
}

pub(super) fn reason(why: &str) -> Option<String> {
    (!why.trim().is_empty()).then(|| why.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(value: Value) -> Review {
        Review {
            id: 1,
            at: String::new(),
            by: String::new(),
            kind: "set".to_owned(),
            subject: subject(1),
            field: Some("date".to_owned()),
            value: Some(value),
            why: None,
            undone_by: None,
        }
    }

    #[test]
    fn corrections_are_read_in_both_forms() {
        let plain = Correction::of(&review(json!("2024-12-26"))).unwrap();
        assert_eq!(plain, "date = 2024-12-26".parse().unwrap());
        assert_eq!(plain.line(), "date = 2024-12-26");
        let words = Words { report: 3, start: 7, end: 15, text: "Thurs\nday".to_owned() };
        let full = plain.clone().with_words(words);
        assert_eq!(Correction::of(&review(full.kept())), Some(full.clone()));
        assert_eq!(full.line(), "date = 2024-12-26, from “Thurs day” in r3 (7–15)");
        let place = Correction::new("place", "Kursk").unwrap().with_country("RUS").unwrap();
        assert_eq!(place.kept(), json!({ "value": "Kursk", "country": "RUS" }));
        for (kept, why) in [(json!(5), "a number"), (json!({ "words": {} }), "no value"), (Value::Null, "nothing")] {
            assert_eq!(Correction::of(&review(kept)), None, "{why}");
        }
    }

    #[test]
    fn err_what_can_not_be_is_said() {
        for (field, value, said) in [
            ("date", "soon", "date:"),
            ("country", "Russia", "ISO"),
            ("killed", "many", "number"),
            ("actor", "x", "fields are type"),
        ] {
            let error = Correction::new(field, value).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert!(Correction::new("place", "Kursk").unwrap().with_country("Russia").is_err());
        assert!(Correction::new("date", "2024").unwrap().with_country("RUS").is_err());
    }
}
