//! What speaks against a picture: it is older than what it is shown for, or it is shown for different places.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::{EventRow, Reader};
use dateline_media::Metadata;
use dateline_record::{Date, Edtf, EntityKind};

use super::captions::CaptionNames;
use super::page::{PictureSighting, PictureTelling, PictureWarning};
use super::said::PictureSaid;
use crate::case::CaseError;
use crate::case::sides::Read;
use crate::case::told::claims;

/// What a report that carries the picture tells of.
pub(super) struct Carried<'a> {
    sighting: &'a PictureSighting,
    /// Its events in the case, each with whether it offers a picture or video as evidence for it.
    events: Vec<(EventRow, bool)>,
}

impl Carried<'_> {
    fn shows_evidence(&self) -> bool {
        self.events.iter().any(|(_, evidence)| *evidence)
    }

    /// What the picture is shown for.
    pub(super) fn telling(&self) -> PictureTelling {
        let dated = self.told(|row| row.edtf.is_some());
        let dates: BTreeSet<&str> = dated.iter().filter_map(|row| Some(row.edtf.as_ref()?.as_str())).collect();
        PictureTelling {
            report: self.sighting.report.clone().unwrap_or_default(),
            outlet: self.sighting.outlet.clone(),
            time: self.sighting.time.clone(),
            evidence: self.shows_evidence(),
            events: self.told(|_| true).iter().map(|row| format!("e{}", row.id)).collect(),
            dates: dates.into_iter().map(str::to_owned).collect(),
            countries: self.countries().into_iter().map(str::to_owned).collect(),
        }
    }

    /// Of the events for which something is known, those that it shows the picture as evidence for; where there are none, all that it tells of.
    fn told(&self, is_known: impl Fn(&EventRow) -> bool) -> Vec<&EventRow> {
        let known = || self.events.iter().filter(|(row, _)| is_known(row));
        let shown: Vec<&EventRow> = known().filter(|(_, evidence)| *evidence).map(|(row, _)| row).collect();
        if shown.is_empty() { known().map(|(row, _)| row).collect() } else { shown }
    }

    /// Where these were.
    fn countries(&self) -> BTreeSet<&str> {
        self.told(|row| row.country.is_some()).into_iter().filter_map(|row| row.country.as_deref()).collect()
    }

    /// Who, with the report: *r3 (Sample Wire)*.
    fn name(&self) -> String {
        who(self.sighting)
    }
}

fn who(sighting: &PictureSighting) -> String {
    match (&sighting.report, &sighting.outlet) {
        (Some(report), Some(outlet)) => format!("{report} ({outlet})"),
        (Some(report), None) => report.clone(),
        (None, Some(outlet)) => format!("{} ({outlet})", sighting.name),
        (None, None) => sighting.name.clone(),
    }
}

fn warning(kind: &str, words: String) -> PictureWarning {
    PictureWarning { kind: kind.to_owned(), words }
}

/// The reports that carry a picture, those that showed it first first, with what they tell of.
pub(super) fn carried<'a>(
    reader: &Reader<'_>,
    sightings: &'a [PictureSighting],
    reads: &BTreeMap<u64, Read>,
) -> Result<Vec<Carried<'a>>, CaseError> {
    let mut carried: Vec<Carried<'_>> = Vec::new();
    for sighting in sightings {
        let Some((report, read)) = sighting.report_id.and_then(|report| Some((report, reads.get(&report)?))) else { continue };
        if carried.iter().all(|known| known.sighting.report_id != Some(report)) {
            carried.push(Carried { sighting, events: events(reader, report, read)? });
        }
    }
    Ok(carried)
}

/// What a person should look at. `sightings` are those of the picture and of pictures like it, the first first; `carried` is what their reports
/// tell of.
pub(super) fn warnings(
    sightings: &[PictureSighting],
    carried: &[Carried<'_>],
    said: &[PictureSaid],
    metadata: Option<&Metadata>,
) -> Vec<PictureWarning> {
    let mut all = Vec::new();
    // The last day that the first sighting may have been on: what is later than that is later for sure.
    let first = sightings.iter().filter_map(|sighting| Some((sighting.days.1?, sighting))).min_by_key(|(day, _)| *day);
    if let Some((day, first)) = first {
        all.extend(carried.iter().flat_map(|report| older(day, first, report)));
        all.extend(said.iter().filter_map(|said| older_than_said(day, first, said, carried)));
    }
    let taken = metadata.iter().flat_map(|metadata| &metadata.taken).filter_map(|stated| {
        let day: Edtf = stated.value.get(..10)?.parse().ok()?;
        Some((day.bounds()?.1?, stated))
    });
    if let Some((day, stated)) = taken.min_by_key(|(day, _)| *day) {
        // A day of difference is no more than another time zone.
        let before = |row: &EventRow| row.first_day.is_some_and(|first| day.plus_days(1) < first);
        for report in carried {
            for (row, _) in report.events.iter().filter(|(row, evidence)| *evidence && before(row)) {
                let (value, field, dated) = (&stated.value, &stated.read_from, dated(row));
                let name = report.name();
                all.push(warning(
                    "taken-before-event",
                    format!(
                        "the file says that it was taken {value} ({field}); {name} shows it as evidence of e{}, {dated}",
                        row.id
                    ),
                ));
            }
        }
    }
    all.extend(places(carried));
    all.extend(captions(sightings));
    all
}

/// The events that a report tells of.
fn events(reader: &Reader<'_>, report: u64, read: &Read) -> Result<Vec<(EventRow, bool)>, CaseError> {
    let reading = &read.reading;
    let is_media = |id| reading.entities.iter().any(|entity| entity.id == id && entity.kind == EntityKind::Media);
    let mut all: Vec<(EventRow, bool)> = Vec::new();
    for happening in reader.happenings_of_report(report)? {
        let Some(row) = happening.event.map(|event| reader.event(event)).transpose()?.flatten() else { continue };
        let told = reading.events.iter().find(|event| event.id.to_string() == happening.local);
        let evidence = told
            .is_some_and(|event| claims(reading, event).flat_map(|claim| &claim.evidence).any(|filler| is_media(filler.entity)));
        match all.iter_mut().find(|(known, _)| known.id == row.id) {
            Some((_, known)) => *known |= evidence,
            None => all.push((row, evidence)),
        }
    }
    Ok(all)
}

fn dated(row: &EventRow) -> String {
    row.edtf.as_ref().map_or_else(|| "undated".to_owned(), |edtf| format!("dated {}", edtf.as_str()))
}

/// Whether the picture was first seen before what a report shows it for.
fn older(day: Date, first: &PictureSighting, report: &Carried<'_>) -> Vec<PictureWarning> {
    let seen = format!("first seen {}, {}", first.day(), who(first));
    let is_later = |row: &EventRow| row.first_day.is_some_and(|first| day < first);
    let mut shown = report.events.iter().filter(|(row, evidence)| *evidence && row.first_day.is_some()).peekable();
    if shown.peek().is_some() {
        return shown
            .filter(|(row, _)| is_later(row))
            .map(|(row, _)| {
                let words = format!(
                    "older than the event: {seen}; {} offers pictures as evidence of e{}, {}",
                    report.name(),
                    row.id,
                    dated(row)
                );
                warning("older-than-event", words)
            })
            .collect();
    }
    // A report that says nothing of the picture, or not of which day, shows it for what it tells of: all of that must be later.
    let dates: Vec<Date> = report.events.iter().filter_map(|(row, _)| row.first_day).collect();
    match dates.iter().min() {
        Some(earliest) if day < *earliest => vec![warning(
            "older-than-report",
            format!("older than what {} tells of: {seen}; its events are of {earliest} or later", report.name()),
        )],
        _ => Vec::new(),
    }
}

/// Whether two captions name places, or give times, that can't both be so.
fn captions(sightings: &[PictureSighting]) -> Vec<PictureWarning> {
    type Differ = fn(&CaptionNames, &CaptionNames) -> bool;
    type Words = fn(&CaptionNames) -> String;
    let kinds: [(&str, Differ, Words); 2] = [
        ("its captions name different places", CaptionNames::places_differ, CaptionNames::place_words),
        ("its captions give different times", CaptionNames::dates_differ, CaptionNames::date_words),
    ];
    let mut all = Vec::new();
    for (what, differ, words) in kinds {
        let mut named: Vec<(String, String, &CaptionNames)> = Vec::new();
        for (sighting, names) in sightings.iter().filter_map(|sighting| Some((sighting, sighting.names.as_ref()?))) {
            let words = words(names);
            if !words.is_empty() && !named.iter().any(|(_, known, _)| *known == words) {
                named.push((who(sighting), words, names));
            }
        }
        if named.iter().enumerate().any(|(nth, (_, _, one))| named.iter().skip(nth + 1).any(|(_, _, two)| differ(one, two))) {
            let told: Vec<String> = named.iter().map(|(who, words, _)| format!("{who}: {words}")).collect();
            all.push(warning("captions-differ", format!("{what}: {}", told.join("; "))));
        }
    }
    all
}

/// Whether the picture was seen before the day on which a report says that it appeared first. Only what is said of this picture for certain
/// counts, and what the report holds to be so.
fn older_than_said(day: Date, first: &PictureSighting, said: &PictureSaid, carried: &[Carried<'_>]) -> Option<PictureWarning> {
    let circulation = said.circulation.as_ref().filter(|circulation| said.certain && circulation.first && circulation.held)?;
    let when = circulation.when.as_ref()?;
    let begins = when.parse::<Edtf>().ok()?.bounds()?.0?;
    let report = carried.iter().find(|report| report.sighting.report.as_ref() == Some(&said.report))?;
    (day < begins).then(|| {
        let (time, by, name, medium, words) = (first.day(), who(first), report.name(), &said.medium, &said.words);
        warning(
            "older-than-said",
            format!("older than said: first seen {time}, {by}; {name} says of its {medium}: {words}, on {when}"),
        )
    })
}

/// Whether reports that carry the picture tell of different countries: of what they show it as evidence for, else of all that they tell of.
fn places(carried: &[Carried<'_>]) -> Option<PictureWarning> {
    let mut told: Vec<(String, BTreeSet<&str>)> = Vec::new();
    for report in carried {
        let countries = report.countries();
        if !countries.is_empty() {
            told.push((report.name(), countries));
        }
    }
    let differ = told.iter().enumerate().any(|(nth, (_, one))| told.iter().skip(nth + 1).any(|(_, two)| one.is_disjoint(two)));
    differ.then(|| {
        let told: Vec<String> =
            told.into_iter().map(|(name, countries)| format!("{name}: {}", Vec::from_iter(countries).join(", "))).collect();
        warning("different-places", format!("shown for different places: {}", told.join("; ")))
    })
}
