//! Blind double coding: two people or more code one report without seeing each other's codes or the machine's, and their agreement is measured.
//!
//! That a report is to be coded, and each coding, is a decision in the record. A coding is shown to nobody else until all who were asked have handed
//! theirs in; from then on none can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::{NewReview, Reader, Review, ReviewQuery, fold};
use dateline_record::{Claim, Edtf, EntityId, EventType, FactualityValue, Filler, Mode, QuantityRole, Reading};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::decide::reason;
use super::told::claims;
use super::{Case, CaseError};
use crate::agreement::{Agreement, Level, alpha, nominal_alpha};
use crate::render::person::Protected;
use crate::render::words_of;

/// How an asking is called in the record.
const ASKED: &str = "coding-asked";
/// How a coding is called in the record.
const CODED: &str = "coding";
/// Decisions that are read at a time.
const PAGE: usize = 1_000;
/// What stands where the text says nothing of a field: a code like another, so that coders can agree on it.
const NOT_SAID: &str = "not said";

/// What somebody codes of a report: its main event. What the text does not say is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coding {
    /// The report tells of no event; all else is empty then.
    pub no_event: bool,
    /// PLOVER type.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// PLOVER mode.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode: String,
    /// Who did it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub actor: String,
    /// To whom.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub recipient: String,
    /// When, in EDTF.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
    /// Where.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The dead, at least.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub killed_low: String,
    /// The dead, at most.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub killed_high: String,
    /// How the report holds it to be, after FactBank: `CT+`, `PR+`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub factuality: String,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Values {
    Words,
    Days,
    Numbers,
}

/// A field of a coding as it is compared.
type Field = (&'static str, Values, fn(&Coding) -> &str);

/// Fields of a coding, in the order of the form.
const FIELDS: [Field; 9] = [
    ("type", Values::Words, |coding| &coding.kind),
    ("mode", Values::Words, |coding| &coding.mode),
    ("actor", Values::Words, |coding| &coding.actor),
    ("recipient", Values::Words, |coding| &coding.recipient),
    ("date", Values::Days, |coding| &coding.date),
    ("place", Values::Words, |coding| &coding.place),
    ("killed at least", Values::Numbers, |coding| &coding.killed_low),
    ("killed at most", Values::Numbers, |coding| &coding.killed_high),
    ("factuality", Values::Words, |coding| &coding.factuality),
];

impl Values {
    /// The level on which they are compared.
    fn level(self) -> Level {
        if self == Self::Words { Level::Nominal } else { Level::Interval }
    }

    fn number(self, value: &str) -> Option<f64> {
        match self {
            Self::Words => None,
            Self::Numbers => value.parse::<u32>().ok().map(f64::from),
            Self::Days => {
                let (first, last) = value.parse::<Edtf>().ok()?.bounds()?;
                first.or(last).map(|day| day.to_days() as f64)
            }
        }
    }
}

impl Coding {
    /// Its fields by name, in the order of the form; empty where the text says nothing.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        FIELDS.iter().map(|(name, _, value)| (*name, value(self)))
    }

    /// The same with blanks cut off its ends, if it can be.
    ///
    /// # Errors
    /// When a code, date or number is none, the dead are fewer at most than at least, no type is given, or there is an event and none.
    pub fn checked(mut self) -> Result<Self, CaseError> {
        for field in [
            &mut self.kind,
            &mut self.mode,
            &mut self.actor,
            &mut self.recipient,
            &mut self.date,
            &mut self.place,
            &mut self.killed_low,
            &mut self.killed_high,
            &mut self.factuality,
        ] {
            *field = field.trim().to_owned();
        }
        let wrong = |why: String| Err(CaseError::Correction(why));
        if self.no_event {
            if let Some((name, value)) = self.fields().find(|(_, value)| !value.is_empty()) {
                return wrong(format!("a report without an event has no {name} (`{value}`)"));
            }
            return Ok(self);
        }
        if self.kind.is_empty() {
            return wrong("choose a type, or say that there is no event".to_owned());
        }
        let number = |value: &str| -> Result<Option<u32>, CaseError> {
            if value.is_empty() {
                return Ok(None);
            }
            value.parse().map(Some).map_err(|_| CaseError::Correction(format!("`{value}` is no number")))
        };
        if self.kind.parse::<EventType>().is_err() {
            return wrong(format!("`{}` is no PLOVER type", self.kind));
        }
        if !self.mode.is_empty() && self.mode.parse::<Mode>().is_err() {
            return wrong(format!("`{}` is no PLOVER mode", self.mode));
        }
        if !self.factuality.is_empty() && self.factuality.parse::<FactualityValue>().is_err() {
            return wrong(format!("`{}` is no factuality", self.factuality));
        }
        if !self.date.is_empty()
            && let Err(error) = self.date.parse::<Edtf>()
        {
            return wrong(format!("date: {error}"));
        }
        if let (Some(low), Some(high)) = (number(&self.killed_low)?, number(&self.killed_high)?)
            && high < low
        {
            return wrong(format!("the dead are {low} at least, and {high} at most"));
        }
        Ok(self)
    }

    /// What the machine reads of a report's main event, the one with the most claims; the names of protected persons are left out.
    fn of_machine(reading: &Reading) -> Self {
        let main = reading
            .events
            .iter()
            .filter(|event| event.kind.is_some())
            .max_by_key(|event| (event.claims.len(), std::cmp::Reverse(event.id)));
        let Some(event) = main else { return Self { no_event: true, ..Self::default() } };
        let protected = Protected::of(reading);
        let of_event: Vec<&Claim> = claims(reading, event).collect();
        let names = |slot: fn(&Claim) -> &Vec<Filler>| {
            let ids: BTreeSet<EntityId> = of_event.iter().flat_map(|claim| slot(claim)).map(|filler| filler.entity).collect();
            let entities = reading.entities.iter().filter(|entity| ids.contains(&entity.id));
            entities.map(|entity| protected.name_of(entity)).collect::<Vec<_>>().join(", ")
        };
        let killed = of_event.iter().flat_map(|claim| &claim.quantities).find(|count| count.role == QuantityRole::Killed);
        let count = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        Self {
            no_event: false,
            kind: event.kind.map(|kind| kind.to_string()).unwrap_or_default(),
            mode: of_event.iter().find_map(|claim| claim.event.mode).map(|mode| mode.to_string()).unwrap_or_default(),
            actor: names(|claim| &claim.actor),
            recipient: names(|claim| &claim.recipient),
            date: of_event
                .iter()
                .find_map(|claim| claim.time.as_ref()?.edtf.as_ref())
                .map(|date| date.as_str().to_owned())
                .unwrap_or_default(),
            place: names(|claim| &claim.place),
            killed_low: count(killed.and_then(|count| count.min)),
            killed_high: count(killed.and_then(|count| count.max)),
            factuality: of_event.first().map(|claim| claim.factuality.source.to_string()).unwrap_or_default(),
        }
    }
}

/// A report that is to be coded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodingTask {
    /// Its number: `r3` is 3.
    pub report: u64,
    /// Who was asked.
    pub coders: Vec<String>,
    /// Who of them has handed a coding in.
    pub done: Vec<String>,
}

impl CodingTask {
    /// Whether all have handed theirs in.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.coders.len() > 1 && self.coders.iter().all(|coder| self.done.contains(coder))
    }
}

/// A report that was coded by all who were asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The report's number: `r3` is 3.
    pub report: u64,
    /// Each coder with what they coded.
    pub codings: Vec<(String, Coding)>,
    /// What the machine reads; none where it has not read the report.
    pub machine: Option<Coding>,
}

/// Agreement on a field over all reports that were coded by all who were asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldAgreement {
    /// The field; `event` is whether there is one.
    pub field: &'static str,
    /// How its values differ.
    pub level: Level,
    /// Among the coders.
    pub coders: Agreement,
    /// With the machine as one more coder.
    pub with_machine: Agreement,
}

/// What the record holds of coding, by report.
#[derive(Debug, Default)]
struct Kept {
    coders: BTreeMap<u64, Vec<String>>,
    codings: BTreeMap<u64, Vec<(String, Coding)>>,
}

impl Kept {
    fn of(reader: &Reader<'_>) -> Result<Self, CaseError> {
        let mut kept = Self::default();
        for review in standing(reader, ASKED, None)?.into_iter().chain(standing(reader, CODED, None)?) {
            kept.add(&review)?;
        }
        Ok(kept)
    }

    fn of_report(reader: &Reader<'_>, report: u64) -> Result<Self, CaseError> {
        let mut kept = Self::default();
        for review in standing(reader, ASKED, Some(report))?.into_iter().chain(standing(reader, CODED, Some(report))?) {
            kept.add(&review)?;
        }
        Ok(kept)
    }

    fn add(&mut self, review: &Review) -> Result<(), CaseError> {
        let (Some(report), Some(value)) = (review.subject.get("report").and_then(Value::as_u64), &review.value) else {
            return Ok(());
        };
        if review.kind == ASKED {
            let coders = self.coders.entry(report).or_default();
            for coder in value.get("coders").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                if !coders.iter().any(|known| known == coder) {
                    coders.push(coder.to_owned());
                }
            }
        } else {
            let coding = serde_json::from_value(value.clone())?;
            self.codings.entry(report).or_default().push((review.by.clone(), coding));
        }
        Ok(())
    }

    fn task(&self, report: u64) -> Option<CodingTask> {
        let coders = self.coders.get(&report)?.clone();
        let coded = self.codings.get(&report).map(Vec::as_slice).unwrap_or_default();
        let done = coders.iter().filter(|coder| coded.iter().any(|(by, _)| by == *coder)).cloned().collect();
        Some(CodingTask { report, coders, done })
    }

    /// The codings of a report that all who were asked have coded: nothing before.
    fn compared(&self, reader: &Reader<'_>, report: u64) -> Result<Option<Compared>, CaseError> {
        let Some(task) = self.task(report).filter(CodingTask::is_complete) else { return Ok(None) };
        let codings = self.codings.get(&report).map(Vec::as_slice).unwrap_or_default();
        let codings = codings.iter().filter(|(by, _)| task.coders.contains(by)).cloned().collect();
        let machine =
            reader.reading(report)?.filter(|reading| reading.not_read.is_none()).map(|reading| Coding::of_machine(&reading));
        Ok(Some(Compared { report, codings, machine }))
    }
}

/// Decisions of a kind that stand, of one report or all.
fn standing(reader: &Reader<'_>, kind: &str, report: Option<u64>) -> Result<Vec<Review>, CaseError> {
    let mut query = ReviewQuery {
        kind: Some(kind.to_owned()),
        subject: report.map(subject),
        standing: true,
        limit: PAGE,
        ..ReviewQuery::default()
    };
    let mut found = Vec::new();
    loop {
        let page = reader.reviews(&query)?;
        let more = page.next.is_some();
        found.extend(page.rows);
        match found.last().filter(|_| more) {
            Some(last) => query.after = last.id,
            None => return Ok(found),
        }
    }
}

fn subject(report: u64) -> Value {
    json!({ "report": report })
}

/// Refuses to take a coding back for others than its coder, or when others may have seen it.
pub(super) fn may_take_back(reader: &Reader<'_>, review: &Review, by: &str) -> Result<(), CaseError> {
    let report = review.subject.get("report").and_then(Value::as_u64);
    let (true, Some(report)) = (matches!(review.kind.as_str(), CODED | ASKED), report) else { return Ok(()) };
    let task = Kept::of_report(reader, report)?.task(report);
    let refused = |why: &str| Err(CaseError::Correction(why.to_owned()));
    if review.kind == CODED && review.by != by {
        return refused("a coding is taken back by its coder alone");
    }
    match task {
        Some(task) if task.is_complete() => refused("all have coded the report: their codings can't be taken back any more"),
        Some(task) if review.kind == ASKED && !task.done.is_empty() => refused("somebody has coded the report already"),
        _ => Ok(()),
    }
}

impl Case {
    /// Asks two people or more to code a report.
    ///
    /// # Errors
    /// When there is no such report, fewer than two names are given, all who were asked before have coded it, or the record can't be written.
    pub fn ask_coding(&mut self, report: u64, coders: &[String], why: &str) -> Result<u64, CaseError> {
        let stamp = self.stamp();
        let mut names: Vec<&str> = Vec::new();
        for name in coders.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        self.book.write(|writer| {
            writer.report(report)?.ok_or_else(|| CaseError::Missing(format!("report r{report}")))?;
            let task = Kept::of_report(writer, report)?.task(report);
            if task.as_ref().is_some_and(CodingTask::is_complete) {
                return Err(CaseError::Correction(format!(
                    "r{report} was coded by all who were asked: what they coded is open by now"
                )));
            }
            if names.len() < 2 && task.is_none() || names.is_empty() {
                return Err(CaseError::Correction("name two coders or more, each another person".to_owned()));
            }
            let value = Some(json!({ "coders": names }));
            let new = NewReview { kind: ASKED.to_owned(), subject: subject(report), field: None, value, why: reason(why) };
            Ok(writer.add_review(&new, &stamp)?)
        })
    }

    /// Hands a coding of a report in.
    ///
    /// # Errors
    /// When nobody asked for it, it was handed in before, it can't be (see [`Coding::checked`]), or the record can't be written.
    pub fn code(&mut self, report: u64, coding: Coding, why: &str) -> Result<u64, CaseError> {
        let stamp = self.stamp();
        let coding = coding.checked()?;
        self.book.write(|writer| {
            let task = Kept::of_report(writer, report)?.task(report);
            let task = task.ok_or_else(|| CaseError::Missing(format!("asking for a coding of r{report}")))?;
            if !task.coders.contains(&stamp.by) {
                return Err(CaseError::Correction(format!("you were not asked to code r{report}")));
            }
            if task.done.contains(&stamp.by) {
                return Err(CaseError::Correction(format!("you have coded r{report} already")));
            }
            let value = Some(serde_json::to_value(&coding)?);
            let new = NewReview { kind: CODED.to_owned(), subject: subject(report), field: None, value, why: reason(why) };
            Ok(writer.add_review(&new, &stamp)?)
        })
    }

    /// Reports that are to be coded or were, the last first.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn coding_tasks(&self) -> Result<Vec<CodingTask>, CaseError> {
        let kept = Kept::of(&self.book.read())?;
        Ok(kept.coders.keys().rev().filter_map(|report| kept.task(*report)).collect())
    }

    /// Who is to code a report and who has.
    ///
    /// # Errors
    /// When nobody asked for it, or the record can't be read.
    pub fn coding_task(&self, report: u64) -> Result<CodingTask, CaseError> {
        let task = Kept::of_report(&self.book.read(), report)?.task(report);
        task.ok_or_else(|| CaseError::Missing(format!("asking for a coding of r{report}")))
    }

    /// Whether somebody was asked to code a report and has yet to hand a coding in: until then they must not see what the machine reads in it.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn owes_coding(&self, report: u64, name: &str) -> Result<bool, CaseError> {
        let task = Kept::of_report(&self.book.read(), report)?.task(report);
        Ok(task.is_some_and(|task| task.coders.iter().any(|coder| coder == name) && !task.done.iter().any(|coder| coder == name)))
    }

    /// A report as a coder sees it, headline and text (HTML, see [`words_of`]): nothing marked, the names of protected persons left out.
    /// None where it was not read: which names to leave out is not known then.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn blind_text(&self, report: u64) -> Result<Option<(Option<String>, String)>, CaseError> {
        let reading = self.book.read().reading(report)?;
        Ok(reading.map(|reading| {
            let protected = Protected::of(&reading);
            let title = reading.document.title.as_deref().map(|title| protected.masked(title));
            (title, words_of(&reading, &BTreeSet::new()))
        }))
    }

    /// The codings of a report beside each other; none until all who were asked have handed theirs in.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn compared(&self, report: u64) -> Result<Option<Compared>, CaseError> {
        let reader = self.book.read();
        Kept::of_report(&reader, report)?.compared(&reader, report)
    }

    /// All reports that everybody who was asked has coded, oldest first: what programs get of coding. Serializes as JSON.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn codings(&self) -> Result<Vec<Compared>, CaseError> {
        let reader = self.book.read();
        let kept = Kept::of(&reader)?;
        let mut found = Vec::new();
        for report in kept.coders.keys() {
            found.extend(kept.compared(&reader, *report)?);
        }
        Ok(found)
    }

    /// How far coders agree on each field, over reports that everybody who was asked has coded.
    #[must_use]
    pub fn agreement(compared: &[Compared]) -> Vec<FieldAgreement> {
        let units = |with_machine: bool| -> Vec<Vec<&Coding>> {
            compared
                .iter()
                .map(|report| {
                    let people = report.codings.iter().map(|(_, coding)| coding);
                    people.chain(report.machine.as_ref().filter(|_| with_machine)).collect()
                })
                .collect()
        };
        let (people, all) = (units(false), units(true));
        let presence = |units: &[Vec<&Coding>]| {
            nominal_alpha(
                &units.iter().map(|unit| unit.iter().map(|coding| coding.no_event).collect()).collect::<Vec<Vec<bool>>>(),
            )
        };
        let mut found = vec![FieldAgreement {
            field: "event",
            level: Level::Nominal,
            coders: presence(&people),
            with_machine: presence(&all),
        }];
        found.extend(FIELDS.iter().map(|&(field, values, value)| FieldAgreement {
            field,
            level: values.level(),
            coders: of_field(&people, values, value),
            with_machine: of_field(&all, values, value),
        }));
        found
    }
}

/// Agreement on one field. Whoever sees no event gives it no value. Of words, *not said* is a value like another; a date or number that is not given
/// is missing.
fn of_field(units: &[Vec<&Coding>], values: Values, value: fn(&Coding) -> &str) -> Agreement {
    let seen = |unit: &[&Coding]| -> Vec<String> {
        unit.iter().filter(|coding| !coding.no_event).map(|coding| value(coding).to_owned()).collect()
    };
    let units: Vec<Vec<String>> = units.iter().map(|unit| seen(unit)).collect();
    if values == Values::Words {
        let word = |value: &String| if value.is_empty() { NOT_SAID.to_owned() } else { fold(value) };
        return nominal_alpha(&units.iter().map(|unit| unit.iter().map(word).collect()).collect::<Vec<Vec<String>>>());
    }
    let numbers = |unit: &Vec<String>| unit.iter().filter_map(|value| values.number(value)).collect();
    alpha(values.level(), &units.iter().map(numbers).collect::<Vec<Vec<f64>>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(kind: &str, date: &str, killed: &str) -> Coding {
        let killed = killed.to_owned();
        Coding {
            kind: kind.to_owned(),
            date: date.to_owned(),
            killed_low: killed.clone(),
            killed_high: killed,
            ..Coding::default()
        }
    }

    fn compared(report: u64, left: Coding, right: Coding) -> Compared {
        Compared { report, codings: vec![("Ann".to_owned(), left), ("Ben".to_owned(), right)], machine: None }
    }

    #[test]
    fn err_codings_that_can_not_be() {
        for (coding, said) in [
            (Coding::default(), "choose a type"),
            (coding("WAR", "", ""), "no PLOVER type"),
            (coding("ASSAULT", "soon", ""), "date:"),
            (coding("ASSAULT", "", "-2"), "no number"),
            (Coding { mode: "harshly".to_owned(), ..coding("ASSAULT", "", "") }, "no PLOVER mode"),
            (Coding { factuality: "sure".to_owned(), ..coding("ASSAULT", "", "") }, "no factuality"),
            (Coding { killed_high: "1".to_owned(), ..coding("ASSAULT", "", "2") }, "2 at least"),
            (Coding { no_event: true, ..coding("ASSAULT", "", "") }, "without an event has no type"),
        ] {
            let error = coding.checked().unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let blank = Coding { actor: " the army ".to_owned(), ..coding(" ASSAULT ", "2024-12", "") }.checked().unwrap();
        assert_eq!((blank.actor.as_str(), blank.kind.as_str()), ("the army", "ASSAULT"));
        assert!(Coding { no_event: true, ..Coding::default() }.checked().is_ok());
    }

    #[test]
    fn agreement_is_measured_field_by_field() {
        let none = || Coding { no_event: true, ..Coding::default() };
        let all = vec![
            compared(1, coding("ASSAULT", "2024-12-26", "2"), coding("ASSAULT", "2024-12-26", "2")),
            compared(2, coding("PROTEST", "2024-12-20", ""), coding("PROTEST", "2024-12-20", "9")),
            compared(3, coding("ASSAULT", "2024", "4"), coding("ASSAULT", "", "4")),
            compared(4, none(), coding("COERCE", "2024-12-01", "1")),
        ];
        let found = Case::agreement(&all);
        let field = |name: &str| found.iter().find(|field| field.field == name).unwrap().coders;
        let sure = |name: &str, units: usize| {
            let found = field(name);
            assert_eq!(found.units, units, "{name}");
            assert!((found.alpha.unwrap() - 1.0).abs() < 1e-9, "{name}: {found:?}");
        };
        sure("type", 3);
        sure("date", 2);
        sure("killed at least", 2);
        assert_eq!(field("mode").alpha, None, "nobody gives a mode: all say that it is not said");
        assert_eq!((field("event").units, field("event").pairs), (4, 4));
        // One of eight sees no event: expected 8² − 7² − 1² over 7, observed 2.
        assert!((field("event").alpha.unwrap() - (1.0 - 2.0 / (14.0 / 7.0))).abs() < 1e-9);
    }
}
