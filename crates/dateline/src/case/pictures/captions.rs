//! What the words on pictures name: they are read as the report is, for places and times alone.

use dateline_casebook::Writer;
use dateline_gazetteer::Coordinates;
use dateline_record::{Date, Edtf, Entity, EntityKind, Precision, Reading, Report};
use serde::{Deserialize, Serialize};

use crate::case::CaseError;
use crate::{Dateline, ParseWorker};

/// Captions of one report that are read.
const MOST: usize = 200;

/// Kilometres from which two settlements can't be one place.
const APART: f64 = 100.0;

/// What the words on a picture name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaptionNames {
    /// Places, each once.
    pub places: Vec<CaptionPlace>,
    /// Times that they give (EDTF), each once.
    pub dates: Vec<String>,
}

/// A place that the words on a picture name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaptionPlace {
    /// Its name.
    pub name: String,
    /// The country that it lies in, by ISO 3166-1 alpha-3.
    pub country: String,
    /// Latitude of a settlement, in degrees; null for what is larger.
    pub lat: Option<f32>,
    /// Its longitude.
    pub lon: Option<f32>,
}

impl CaptionPlace {
    fn of(entity: &Entity) -> Option<Self> {
        let is_settlement = matches!(entity.precision, Some(Precision::Point | Precision::City));
        let (lat, lon) = if is_settlement { (entity.lat, entity.lon) } else { (None, None) };
        Some(Self { name: entity.name.clone(), country: entity.country?.to_string(), lat, lon })
    }

    /// Whether the other can't be the same place: it lies in another country, or both are settlements that lie far apart.
    fn is_apart(&self, other: &Self) -> bool {
        let at = |place: &Self| Some(Coordinates { lat: place.lat?, lon: place.lon? });
        self.country != other.country || at(self).zip(at(other)).is_some_and(|(one, two)| one.distance_km(two) >= APART)
    }
}

impl CaptionNames {
    pub(super) fn of(reading: &Reading) -> Self {
        let named = reading.entities.iter().filter(|entity| entity.kind == EntityKind::Place && entity.place_use.is_none());
        let mut places: Vec<CaptionPlace> = Vec::new();
        for place in named.filter_map(CaptionPlace::of) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let mut dates: Vec<String> =
            reading.times.iter().filter_map(|time| Some(time.edtf.as_ref()?.as_str().to_owned())).collect();
        dates.sort_unstable();
        dates.dedup();
        Self { places, dates }
    }

    /// Whether both name places, and none of one can be one of the other.
    pub(super) fn places_differ(&self, other: &Self) -> bool {
        let apart = |one: &CaptionPlace| other.places.iter().all(|two| one.is_apart(two));
        !self.places.is_empty() && !other.places.is_empty() && self.places.iter().all(apart)
    }

    /// Whether both give times, and none of one has a day in common with one of the other.
    pub(super) fn dates_differ(&self, other: &Self) -> bool {
        let apart = |one: &String| other.dates.iter().all(|two| never_meet(one, two));
        !self.dates.is_empty() && !other.dates.is_empty() && self.dates.iter().all(apart)
    }

    /// The places in words: *Aleppo (SYR), Syria*.
    #[must_use]
    pub fn place_words(&self) -> String {
        let words = |place: &CaptionPlace| format!("{} ({})", place.name, place.country);
        self.places.iter().map(words).collect::<Vec<_>>().join(", ")
    }

    /// The times in words.
    #[must_use]
    pub fn date_words(&self) -> String {
        self.dates.join(", ")
    }
}

/// Whether two dates (EDTF) have no day in common.
fn never_meet(one: &str, two: &str) -> bool {
    let bounds = |date: &str| date.parse::<Edtf>().ok()?.bounds();
    let (Some((first, last)), Some((other_first, other_last))) = (bounds(one), bounds(two)) else { return false };
    let before = |last: Option<Date>, first: Option<Date>| last.zip(first).is_some_and(|(last, first)| last < first);
    before(last, other_first) || before(other_last, first)
}

/// Captions as a thread has read them: the words, and what they name.
pub(in crate::case) type Captions = Vec<(String, CaptionNames)>;

/// Reads the words on pictures of a report, whose date and language hold for them too. What can't be read names nothing.
pub(in crate::case) fn read_captions(
    dateline: &Dateline,
    worker: &mut dyn ParseWorker,
    report: &Report,
    words: Vec<String>,
) -> Captions {
    let mut read = Captions::new();
    for words in words.into_iter().take(MOST) {
        if read.iter().any(|(known, _)| *known == words) {
            continue;
        }
        let caption = Report { text: words, title: None, reference: None, ..report.clone() };
        let names = dateline.read_with(worker, &caption).map(|reading| CaptionNames::of(&reading)).unwrap_or_default();
        read.push((caption.text, names));
    }
    read
}

/// The words on a picture as they are read: what stands below it, then what is given for those who can't see it.
pub(in crate::case) fn words_of(caption: Option<&str>, alt: Option<&str>) -> Option<String> {
    let mut parts: Vec<&str> = [caption, alt].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.dedup();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// Notes what the words on a report's pictures name.
pub(in crate::case) fn note_captions(writer: &mut Writer<'_>, report: u64, read: &Captions) -> Result<(), CaseError> {
    if read.is_empty() {
        return Ok(());
    }
    for (id, shown) in writer.words_on_media(report)? {
        let Some(words) = words_of(shown.caption.as_deref(), shown.alt.as_deref()) else { continue };
        if let Some((_, names)) = read.iter().find(|(known, _)| *known == words) {
            writer.put_caption(id, &serde_json::to_string(names)?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, country, and latitude and longitude of a settlement.
    type Place<'a> = (&'a str, &'a str, Option<(f32, f32)>);

    fn names(places: &[Place<'_>], dates: &[&str]) -> CaptionNames {
        let place = |&(name, country, at): &Place<'_>| CaptionPlace {
            name: name.to_owned(),
            country: country.to_owned(),
            lat: at.map(|(lat, _)| lat),
            lon: at.map(|(_, lon)| lon),
        };
        CaptionNames { places: places.iter().map(place).collect(), dates: dates.iter().map(|&date| date.to_owned()).collect() }
    }

    #[test]
    fn places_differ_by_country_and_settlements_by_distance_too() {
        let (kharkiv, suburb, odesa) = ((50.0, 36.2), (50.1, 36.3), (46.5, 30.7));
        let one = names(&[("Kharkiv", "UKR", Some(kharkiv))], &[]);
        for (other, differ, why) in [
            (names(&[("Aleppo", "SYR", Some((36.2, 37.2)))], &[]), true, "another country"),
            (names(&[("Odesa", "UKR", Some(odesa))], &[]), true, "far apart"),
            (names(&[("Sampleton", "UKR", Some(suburb))], &[]), false, "near"),
            (names(&[("Ukraine", "UKR", None)], &[]), false, "it lies there"),
            (names(&[("Aleppo", "SYR", None), ("Kharkiv", "UKR", Some(kharkiv))], &[]), false, "one of them is the same"),
            (names(&[], &["2024"]), false, "it names none"),
        ] {
            assert_eq!((one.places_differ(&other), other.places_differ(&one)), (differ, differ), "{why}");
        }
    }

    #[test]
    fn times_differ_where_no_day_is_in_both() {
        let one = names(&[], &["2022-05-03"]);
        for (date, differ) in
            [("2024-12-27", true), ("2022-05", false), ("2022", false), ("2022-05-04/2022-05-09", true), ("soon", false)]
        {
            assert_eq!(one.dates_differ(&names(&[], &[date])), differ, "{date}");
        }
        assert!(!one.dates_differ(&names(&[], &[])) && !one.dates_differ(&names(&[], &["2024", "2022"])));
    }
}
