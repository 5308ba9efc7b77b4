//! Which events are asked for, as people write it: on the command line, in an address, in a form.

use dateline_casebook::{EventQuery, EventSort, Within};
use dateline_record::{Country, Edtf, EventType};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};

use super::{Case, CaseError, STATUSES, TOLD};

/// Conditions that events must meet, all of them; empty for all events that somebody tells of.
///
/// It is read from a query string as forms send it: what is left blank is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(default)]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct EventFilter {
    /// PLOVER types, any of them.
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty", deserialize_with = "filled")]
    pub kinds: Vec<String>,
    /// Somebody who takes part: words of the name, or a country code.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub actor: Option<String>,
    /// Country where it happened, ISO 3166-1 alpha-3.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub country: Option<String>,
    /// Place where it happened, by name.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub place: Option<String>,
    /// Place and kilometres around it: `Kursk,50`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub near: Option<String>,
    /// Not before this date, in EDTF.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub from: Option<String>,
    /// Not after this date, in EDTF.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub to: Option<String>,
    /// Statuses, any of them; none given: all of [`TOLD`].
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "filled")]
    pub status: Vec<String>,
    /// At least so many independent sources.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub sources: Option<String>,
    /// Only events on which sources differ.
    #[serde(skip_serializing_if = "std::ops::Not::not", deserialize_with = "checked")]
    pub disputed: bool,
    /// Only events that nobody has decided on.
    #[serde(skip_serializing_if = "std::ops::Not::not", deserialize_with = "checked")]
    pub unreviewed: bool,
    /// Only events that somebody has accepted or corrected.
    #[serde(skip_serializing_if = "std::ops::Not::not", deserialize_with = "checked")]
    pub reviewed: bool,
    /// Told in reports with these words.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    pub text: Option<String>,
    /// Also what is only planned, asked for or threatened, and what was rejected.
    #[serde(skip_serializing_if = "std::ops::Not::not", deserialize_with = "checked")]
    pub all: bool,
}

impl EventFilter {
    /// The question that it means.
    ///
    /// # Errors
    /// When a condition can't be: an unknown type, status, country or place, or no date or number.
    pub fn query(&self) -> Result<EventQuery, CaseError> {
        let wrong = |name: &str, value: &str, what: &str| CaseError::Filter(format!("{name}: `{value}` is no {what}"));
        for status in &self.status {
            if !STATUSES.contains(&status.as_str()) {
                return Err(CaseError::Filter(format!("`{status}` is no status; known: {}", STATUSES.join(", "))));
            }
        }
        for kind in &self.kinds {
            kind.parse::<EventType>().map_err(|_| wrong("type", kind, "PLOVER type"))?;
        }
        if let Some(country) = &self.country {
            country.parse::<Country>().map_err(|_| wrong("country", country, "ISO 3166-1 alpha-3 code"))?;
        }
        let day = |name: &str, date: &Option<String>, last: bool| -> Result<_, CaseError> {
            let Some(date) = date else { return Ok(None) };
            let read: Edtf = date.parse().map_err(|_| wrong(name, date, "date, as in 2024-12-27 or 2024-12"))?;
            let (from, to) = read.bounds().ok_or_else(|| wrong(name, date, "date with a day, month or year"))?;
            Ok(if last { to.or(from) } else { from.or(to) })
        };
        let sources = self.sources.as_ref().map(|number| number.parse().map_err(|_| wrong("sources", number, "number")));
        Ok(EventQuery {
            kinds: self.kinds.clone(),
            actor: self.actor.clone(),
            country: self.country.clone(),
            place: self.place.clone(),
            within: self.near.as_deref().map(near).transpose()?,
            from: day("from", &self.from, false)?,
            to: day("to", &self.to, true)?,
            status: if self.status.is_empty() && !self.all {
                TOLD.iter().map(|status| (*status).to_owned()).collect()
            } else {
                self.status.clone()
            },
            min_origins: sources.transpose()?,
            disputed: self.disputed.then_some(true),
            reviewed: if self.reviewed { Some(true) } else { self.unreviewed.then_some(false) },
            text: self.text.clone(),
            ..EventQuery::default()
        })
    }

    /// What is asked for, as it is typed; empty for all.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut add = |name: &str, value: Option<&String>| words.extend(value.map(|value| format!("--{name} {value}")));
        self.kinds.iter().for_each(|kind| add("type", Some(kind)));
        add("actor", self.actor.as_ref());
        add("country", self.country.as_ref());
        add("place", self.place.as_ref());
        add("near", self.near.as_ref());
        add("from", self.from.as_ref());
        add("to", self.to.as_ref());
        self.status.iter().for_each(|status| add("status", Some(status)));
        add("sources", self.sources.as_ref());
        add("text", self.text.as_ref());
        let flags =
            [(self.disputed, "disputed"), (self.unreviewed, "unreviewed"), (self.reviewed, "reviewed"), (self.all, "all")];
        words.extend(flags.iter().filter(|(set, _)| *set).map(|(_, name)| format!("--{name}")));
        words.join(" ")
    }
}

/// How a list of events is sorted, by its name: `date`, `published`, `sources`, `reports`, `updated`.
#[must_use]
pub fn event_sort(name: &str) -> Option<EventSort> {
    Some(match name {
        "date" => EventSort::Date,
        "published" => EventSort::Published,
        "sources" => EventSort::Origins,
        "reports" => EventSort::Reports,
        "updated" => EventSort::Updated,
        _ => return None,
    })
}

/// `Kursk,50`.
fn near(text: &str) -> Result<Within, CaseError> {
    let wrong = || CaseError::Filter(format!("near: `{text}`: write a place and kilometres, as in Kursk,50"));
    let (place, km) = text.rsplit_once(',').ok_or_else(wrong)?;
    let km: f64 = km.trim().parse().map_err(|_| wrong())?;
    if !(1.0..=20_000.0).contains(&km) {
        return Err(CaseError::Filter(format!("near: `{text}`: the radius must lie between 1 and 20000 km")));
    }
    let (lat, lon) = Case::locate(place.trim())?;
    Ok(Within { lat, lon, km })
}

pub(super) fn some<'de, D: Deserializer<'de>>(field: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(field)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

fn filled<'de, D: Deserializer<'de>>(field: D) -> Result<Vec<String>, D::Error> {
    Ok(Vec::<String>::deserialize(field)?.into_iter().filter(|text| !text.trim().is_empty()).collect())
}

fn checked<'de, D: Deserializer<'de>>(field: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Box {
        Said(bool),
        Typed(String),
    }
    match Box::deserialize(field)? {
        Box::Said(set) => Ok(set),
        Box::Typed(text) => match text.as_str() {
            "on" | "true" | "1" | "yes" => Ok(true),
            "" | "false" | "0" | "no" | "off" => Ok(false),
            _ => Err(D::Error::custom(format!("`{text}` is neither true nor false"))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_not_asked_for_and_words_say_what_is() {
        let filter: EventFilter = serde_json::from_str(
            r#"{"type": ["ASSAULT", ""], "actor": " ", "country": "UKR", "from": "2024-12", "to": "2024-12", "disputed": "on", "sources": "2"}"#,
        )
        .unwrap();
        let query = filter.query().unwrap();
        assert_eq!((query.kinds.len(), query.actor, query.min_origins, query.disputed), (1, None, Some(2), Some(true)));
        assert_eq!(query.from.unwrap().to_string(), "2024-12-01");
        assert_eq!(query.to.unwrap().to_string(), "2024-12-31");
        assert_eq!(query.status, TOLD);
        assert_eq!(filter.words(), "--type ASSAULT --country UKR --from 2024-12 --to 2024-12 --sources 2 --disputed");
        assert_eq!(serde_json::to_value(EventFilter::default()).unwrap(), serde_json::json!({}));
    }

    #[test]
    fn err_what_can_not_be_is_named() {
        for (filter, said) in [
            (EventFilter { kinds: vec!["WAR".to_owned()], ..EventFilter::default() }, "`WAR` is no PLOVER type"),
            (EventFilter { status: vec!["sure".to_owned()], ..EventFilter::default() }, "`sure` is no status"),
            (EventFilter { country: Some("Russia".to_owned()), ..EventFilter::default() }, "`Russia` is no ISO"),
            (EventFilter { from: Some("soon".to_owned()), ..EventFilter::default() }, "from: `soon` is no date"),
            (EventFilter { sources: Some("-1".to_owned()), ..EventFilter::default() }, "sources: `-1` is no number"),
            (EventFilter { near: Some("Kursk".to_owned()), ..EventFilter::default() }, "as in Kursk,50"),
            (EventFilter { near: Some("Kursk,0".to_owned()), ..EventFilter::default() }, "between 1 and 20000"),
            (EventFilter { near: Some("Nowhere at all,5".to_owned()), ..EventFilter::default() }, "Nowhere at all"),
        ] {
            let error = filter.query().unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
