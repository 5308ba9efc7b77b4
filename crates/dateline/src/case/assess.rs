//! What the case says of an event, from all that was told of it and all that was decided: its row in the list of events.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::{EventRow, Happening, OutletRow, PartyRow, PlaceRow, Reader, ReportStatus, Writer, fold};
use dateline_corroborate::{
    Assessment, CaseReport, Count, EventFacts, Locality, Outlet, OutletTable, Party, Position, Statement, assess,
};
use dateline_record::{Edtf, Precision, QuantityRole};

use super::CaseError;
use super::decide::Decided;
use super::index::{Indexes, Kept};
use super::told::told;
use crate::render::wording::within_line;

/// Happenings of one event that are weighed; of an event told more often, the first so many.
pub(super) const WEIGHED: usize = 256;
/// Parties and places that a row lists.
const LISTED: usize = 24;

/// Which names of protected persons are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// Those that a reviewer has released.
    Released,
    /// None.
    Withheld,
}

/// All that is known of one event.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) event: u64,
    pub(super) happenings: Vec<(Happening, Kept)>,
    pub(super) reports: Vec<CaseReport>,
    pub(super) statements: Vec<Statement>,
    pub(super) assessment: Assessment,
    pub(super) decided: Decided,
    /// Happenings beyond those that were weighed.
    pub(super) beyond: u64,
}

/// The table of outlets of a case.
pub(super) fn outlet_table(reader: &Reader<'_>) -> Result<OutletTable, CaseError> {
    Ok(OutletTable::new(reader.outlets()?.into_iter().map(outlet_of).collect()))
}

/// An outlet as corroboration takes it.
pub(super) fn outlet_of(row: OutletRow) -> Outlet {
    Outlet {
        name: row.name,
        owner: row.owner.unwrap_or_default(),
        aliases: row.aliases,
        country: row.country.and_then(|code| code.parse().ok()),
        kind: row.kind.unwrap_or_default(),
        reliability: row.reliability.and_then(|letter| serde_json::from_value(serde_json::Value::String(letter)).ok()),
    }
}

/// Makes the rows of these events anew; events that nobody tells of any more go.
pub(super) fn refresh(writer: &mut Writer<'_>, events: &BTreeSet<u64>, outlets: &OutletTable, at: &str) -> Result<(), CaseError> {
    for &event in events {
        match Known::of(writer, event, outlets, Names::Released)? {
            Some(known) => {
                let row = known.row(at);
                writer.put_event(&row)?;
            }
            None => {
                writer.delete_event(event)?;
            }
        }
    }
    Ok(())
}

impl Known {
    /// What is known of an event; nothing when no report tells of it.
    pub(super) fn of(reader: &Reader<'_>, event: u64, outlets: &OutletTable, names: Names) -> Result<Option<Self>, CaseError> {
        let rows = reader.happenings_of_event(event, WEIGHED)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let beyond = if rows.len() < WEIGHED { 0 } else { reader.happening_count(event)?.saturating_sub(rows.len() as u64) };
        let decided = Decided::of_event(reader, event)?;
        let mut happenings = Vec::with_capacity(rows.len());
        for row in rows {
            let mut kept = Kept::decode(&row.facts)?;
            if decided.released
                && names == Names::Released
                && let Some(reading) = reader.reading(row.report)?
                && let Some(open) = told(row.report, &reading, None, "").into_iter().find(|told| told.local == row.local)
            {
                (kept.facts, kept.statements) = (open.facts, open.statements);
            }
            happenings.push((row, kept));
        }
        let ids: BTreeSet<u64> = happenings.iter().map(|(row, _)| row.report).collect();
        let mut reports = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(row) = reader.report(id)? else { continue };
            reports.push(CaseReport {
                id,
                outlet: row.source,
                published: row.published,
                copies: Indexes::cluster(reader, id)?,
                withdrawn: row.status == ReportStatus::Withdrawn,
            });
        }
        let statements: Vec<Statement> = happenings
            .iter()
            .flat_map(|(row, kept)| {
                kept.statements.iter().cloned().map(|statement| Statement { report: row.report, ..statement })
            })
            .collect();
        let assessment = assess(&reports, &statements, outlets);
        Ok(Some(Self { event, happenings, reports, statements, assessment, decided, beyond }))
    }

    /// The fullest account gives the event its words and codes.
    pub(super) fn told_by(&self) -> Option<&Kept> {
        let fullness = |facts: &EventFacts| {
            let filled = [!facts.actors.is_empty(), !facts.recipients.is_empty(), !facts.places.is_empty(), facts.when.is_some()];
            filled.iter().filter(|&&filled| filled).count() * 2 + facts.counts.len().min(1)
        };
        let told = self.happenings.iter().max_by_key(|(row, kept)| (fullness(&kept.facts), std::cmp::Reverse(row.id)));
        told.map(|(_, kept)| kept)
    }

    fn lead(&self) -> Option<&EventFacts> {
        Some(&self.told_by()?.facts)
    }

    fn facts(&self) -> impl Iterator<Item = &EventFacts> {
        self.happenings.iter().map(|(_, kept)| &kept.facts)
    }

    /// When it happened: what is said most often, and of that the narrowest.
    pub(super) fn when(&self) -> Option<Edtf> {
        if let Some(decided) = self.decided.set.get("date") {
            return decided.parse().ok();
        }
        let mut said: BTreeMap<&str, (usize, &Edtf)> = BTreeMap::new();
        for when in self.facts().filter_map(|facts| facts.when.as_ref()) {
            said.entry(when.as_str()).or_insert((0, when)).0 += 1;
        }
        let narrow = |when: &Edtf| std::cmp::Reverse(when.days().unwrap_or(i64::MAX));
        said.into_values()
            .max_by(|a, b| (narrow(a.1), a.0).cmp(&(narrow(b.1), b.0)).then_with(|| b.1.as_str().cmp(a.1.as_str())))
            .map(|(_, when)| when.clone())
    }

    /// Where it happened: the finest place, and of these the one said most often.
    pub(super) fn place(&self) -> Option<&Locality> {
        let mut said: Vec<(usize, &Locality)> = Vec::new();
        for place in self.facts().flat_map(|facts| &facts.places) {
            match said.iter_mut().find(|(_, other)| other.name == place.name && other.country == place.country) {
                Some((count, _)) => *count += 1,
                None => said.push((1, place)),
            }
        }
        said.into_iter()
            .min_by_key(|(count, place)| (coarseness(place.precision), std::cmp::Reverse(*count)))
            .map(|(_, place)| place)
    }

    /// The dead: low, best and high over the origins that affirm the event. Best is what most origins give; of two as good, the lower.
    pub(super) fn killed(&self) -> Option<[i64; 3]> {
        if let Some(killed) = self.decided.set.get("killed").and_then(|value| value.parse().ok()) {
            return Some([killed; 3]);
        }
        let counts = self.counts(QuantityRole::Killed);
        let low = counts.iter().filter_map(|count| count.min.or(count.max)).min()?;
        let high = counts.iter().filter_map(|count| count.max.or(count.min)).max()?;
        let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
        for value in counts.iter().filter_map(|count| count.min.or(count.max)) {
            *votes.entry(value).or_default() += 1;
        }
        let best = votes.into_iter().max_by_key(|&(value, votes)| (votes, std::cmp::Reverse(value))).map(|(value, _)| value)?;
        Some([low, best, high])
    }

    /// The last count in this role that each affirming origin gives.
    pub(super) fn counts(&self, role: QuantityRole) -> Vec<Count> {
        let of = |origin: &dateline_corroborate::Origin| {
            origin
                .statements
                .iter()
                .rev()
                .filter_map(|&at| self.statements.get(at))
                .find_map(|statement| statement.facts.counts.iter().copied().find(|count| count.role == role))
        };
        self.assessment.origins.iter().filter(|origin| origin.position == Position::Affirms).filter_map(of).collect()
    }

    /// Independent origins that affirm it and can be asked.
    pub(super) fn affirming(&self) -> usize {
        self.assessment.origins.iter().filter(|origin| origin.position == Position::Affirms && !origin.rumour).count()
    }

    /// How it stands, by the machine or by people.
    pub(super) fn status(&self) -> String {
        if self.decided.rejected { "rejected".to_owned() } else { word(&self.assessment.status) }
    }

    /// Credibility, 1 to 6: a reviewer's where there is one.
    pub(super) fn grade(&self) -> u8 {
        self.decided.grade.unwrap_or(self.assessment.grade.into())
    }

    /// One line: who, what, to whom, where, when.
    pub(super) fn summary(&self) -> String {
        if let Some(summary) = self.decided.set.get("summary") {
            return summary.clone();
        }
        let Some(lead) = self.lead() else { return String::new() };
        let names =
            |parties: &[Party]| parties.iter().map(|party| within_line(&party.name)).take(3).collect::<Vec<_>>().join(", ");
        let mut line = String::new();
        if !lead.actors.is_empty() {
            line.push_str(&format!("{} → ", names(&lead.actors)));
        }
        line.push_str(&lead.trigger);
        if !lead.recipients.is_empty() {
            line.push_str(&format!(" → {}", names(&lead.recipients)));
        }
        if let Some(place) =
            self.decided.set.get("place").map(String::as_str).or_else(|| self.place().map(|place| place.name.as_str()))
        {
            line.push_str(&format!(", {place}"));
        }
        if let Some(when) = self.when() {
            line.push_str(&format!(", {when}"));
        }
        line
    }

    /// The row of the list of events.
    pub(super) fn row(&self, at: &str) -> EventRow {
        let when = self.when();
        let (first_day, last_day) =
            when.as_ref().and_then(Edtf::bounds).map_or((None, None), |(first, last)| (first.or(last), last.or(first)));
        let place = if self.decided.set.contains_key("place") { None } else { self.place() };
        let published = || {
            self.reports
                .iter()
                .filter_map(|report| report.published.as_ref()?.bounds())
                .filter_map(|(first, last)| first.or(last))
        };
        let killed = self.killed();
        let set = |field: &str| self.decided.set.get(field).cloned();
        EventRow {
            id: self.event,
            kind: set("type").or_else(|| self.lead()?.kind.map(|kind| kind.to_string())),
            mode: set("mode").or_else(|| {
                let kind = self.lead()?.kind;
                self.facts().filter(|facts| facts.kind == kind).find_map(|facts| facts.mode).map(|mode| mode.to_string())
            }),
            summary: self.summary(),
            status: self.status(),
            grade: Some(self.grade().to_string()),
            origins: u32::try_from(self.affirming()).unwrap_or(u32::MAX),
            reports: u32::try_from(self.reports.len()).unwrap_or(u32::MAX),
            disputed: self.assessment.differences.disputes.iter().map(|dispute| dispute.field.clone()).collect(),
            first_day,
            last_day,
            edtf: when,
            place: set("place").or_else(|| Some(place?.name.clone())),
            country: set("country").or_else(|| place?.country.map(|country| country.to_string())),
            admin1: place.and_then(|place| place.admin1.clone()),
            lat: place.and_then(|place| place.lat).map(f64::from),
            lon: place.and_then(|place| place.lon).map(f64::from),
            precision: place.and_then(|place| place.precision).map(|precision| word(&precision)),
            killed_low: killed.map(|killed| killed[0]),
            killed_best: killed.map(|killed| killed[1]),
            killed_high: killed.map(|killed| killed[2]),
            published_first: published().min(),
            published_last: published().max(),
            reviewed: self.decided.is_reviewed(),
            updated: at.to_owned(),
            parties: self.parties(),
            places: self.places(),
            detail: Vec::new(),
        }
    }

    fn parties(&self) -> Vec<PartyRow> {
        let mut rows: Vec<PartyRow> = Vec::new();
        for facts in self.facts() {
            for (role, parties) in [("actor", &facts.actors), ("recipient", &facts.recipients)] {
                for party in parties {
                    let key = fold(&party.name);
                    if rows.len() < LISTED && !rows.iter().any(|row| row.role == role && row.key == key) {
                        rows.push(PartyRow {
                            role: role.to_owned(),
                            key,
                            name: party.name.clone(),
                            country: party.country.map(|country| country.to_string()),
                            sector: party.sector.map(|sector| sector.as_str().to_owned()),
                        });
                    }
                }
            }
        }
        rows
    }

    fn places(&self) -> Vec<PlaceRow> {
        let decided = self.decided.set.get("place").map(|name| PlaceRow {
            key: fold(name),
            name: name.clone(),
            country: self.decided.set.get("country").cloned(),
            admin1: None,
        });
        let mut rows: Vec<PlaceRow> = decided.into_iter().collect();
        for place in self.facts().flat_map(|facts| &facts.places) {
            let key = fold(&place.name);
            if rows.len() < LISTED && !rows.iter().any(|row| row.key == key) {
                rows.push(PlaceRow {
                    key,
                    name: place.name.clone(),
                    country: place.country.map(|country| country.to_string()),
                    admin1: place.admin1.clone(),
                });
            }
        }
        rows
    }
}

/// Finer first.
fn coarseness(precision: Option<Precision>) -> u8 {
    match precision {
        Some(Precision::Point | Precision::City) => 0,
        Some(Precision::Admin2) => 1,
        Some(Precision::Admin1) => 2,
        Some(Precision::Region) => 3,
        Some(Precision::Country) => 4,
        None => 5,
    }
}

/// A value as its JSON form names it.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
