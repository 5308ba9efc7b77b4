//! Events of a case in the formats of the field.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;

use dateline_casebook::{EventQuery, EventSort, NewExport, Reader, ReportRow};
use dateline_corroborate::{Dispute, OutletTable, Party, Statement};
use dateline_export as out;
use dateline_record::{Edtf, QuantityRole, Reading};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::assess::{Known, Names, outlet_table};
use super::told::claims;
use super::{Case, CaseError, clock};
use crate::render::person::Protected;

/// Code points kept before and after a quotation, so that it is found again in a page that has changed.
const AROUND: usize = 32;
/// Events that are asked for at a time.
const PAGE: usize = 200;

/// An export that was written.
#[derive(Debug)]
pub struct Exported {
    /// Events written.
    pub events: u64,
    /// What it is, where it came from, and its hash.
    pub manifest: out::Manifest,
}

impl Case {
    /// Writes the events that `query` finds, oldest first, in a format, and logs the export. `filter` says in words what was asked for;
    /// `file` is what the manifest calls the data.
    ///
    /// # Errors
    /// When the record can't be read, or `to` can't be written.
    pub fn export(
        &mut self,
        format: out::Format,
        query: EventQuery,
        filter: &str,
        names: bool,
        file: &str,
        to: &mut (dyn Write + Send),
    ) -> Result<Exported, CaseError> {
        let exported = self.write_export(&self.by, format, query, filter, names, file, to)?;
        self.note_export(&exported)?;
        Ok(exported)
    }

    /// Logs an export that [`Case::write_export`] wrote.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn note_export(&mut self, exported: &Exported) -> Result<(), CaseError> {
        let stamp = self.stamp();
        let manifest = serde_json::to_value(&exported.manifest)?;
        self.book.write(|writer| {
            for file in &exported.manifest.files {
                let log = NewExport {
                    format: file.format.clone(),
                    filter: serde_json::Value::String(exported.manifest.case.filter.clone()),
                    rows: file.rows,
                    sha256: file.sha256.clone(),
                    manifest: manifest.clone(),
                };
                writer.log_export(&log, &stamp)?;
            }
            Ok(())
        })
    }

    /// As [`Case::export`], in the name of `by`, but nothing is written to the case: log it with [`Case::note_export`] before it goes
    /// anywhere.
    ///
    /// # Errors
    /// When the record can't be read, or `to` can't be written.
    #[expect(clippy::too_many_arguments, reason = "they are what an export is")]
    pub fn write_export(
        &self,
        by: &str,
        format: out::Format,
        query: EventQuery,
        filter: &str,
        names: bool,
        file: &str,
        to: &mut (dyn Write + Send),
    ) -> Result<Exported, CaseError> {
        let info = self.book.info()?;
        let case = out::Case {
            id: info.id,
            name: info.name,
            head: info.head.hash,
            exported_at: clock::now(),
            by: by.to_owned(),
            filter: filter.to_owned(),
        };
        let names = if names { Names::Released } else { Names::Withheld };
        let mut query = EventQuery { sort: EventSort::Date, ascending: true, limit: PAGE, after: None, count: false, ..query };
        let reader = self.book.read();
        let outlets = outlet_table(&reader)?;
        let versions: BTreeMap<u64, out::Versions> = reader
            .versions()?
            .into_iter()
            .map(|(id, version)| {
                let dateline_casebook::Version { program, model, lexicons, gazetteer } = version;
                (id, out::Versions { program, model, lexicons, gazetteer })
            })
            .collect();
        let maker = Maker { reader: &reader, outlets: &outlets, versions: &versions, names, with_claims: needs_claims(format) };
        let mut page: std::vec::IntoIter<u64> = Vec::new().into_iter();
        let mut over = false;
        let events = std::iter::from_fn(|| {
            loop {
                if let Some(event) = page.next() {
                    match maker.event(event).transpose() {
                        Some(made) => return Some(made),
                        None => continue,
                    }
                }
                if over {
                    return None;
                }
                match reader.events(&query) {
                    Ok(found) => {
                        over = found.next.is_none();
                        query.after = found.next;
                        page = found.rows.into_iter().map(|row| row.id).collect::<Vec<_>>().into_iter();
                    }
                    Err(error) => {
                        over = true;
                        return Some(Err(error.into()));
                    }
                }
            }
        });
        let released = names == Names::Released;
        let options = out::Options { release: released, ..out::Options::default() };
        let written = out::write(format, &case, events, &options, to).map_err(|error| match error {
            out::WriteError::Event { error, .. } => error,
            failed @ out::WriteError::Format { .. } => CaseError::Export(failed.to_string()),
        })?;
        drop(reader);
        let mut manifest = out::Manifest::new(&case, released);
        manifest.add(file, format, &written);
        Ok(Exported { events: written.events, manifest })
    }
}

/// Formats whose rows hold the words themselves.
fn needs_claims(format: out::Format) -> bool {
    use out::Format as F;
    matches!(format, F::Jsonl | F::Parquet | F::Plover | F::Ftm | F::FtmStatements | F::WebAnnotation | F::ClaimReview)
}

/// A value of one room's type as another's: both bear the same name in their JSON form.
fn same<T: Serialize, U: DeserializeOwned>(value: &T) -> Result<U, CaseError> {
    Ok(serde_json::from_value(serde_json::to_value(value)?)?)
}

/// Makes events for export.
struct Maker<'a, 'r> {
    reader: &'a Reader<'r>,
    outlets: &'a OutletTable,
    versions: &'a BTreeMap<u64, out::Versions>,
    names: Names,
    with_claims: bool,
}

impl Maker<'_, '_> {
    fn event(&self, event: u64) -> Result<Option<out::Event>, CaseError> {
        let Some(known) = Known::of(self.reader, event, self.outlets, self.names)? else { return Ok(None) };
        let row = known.row("");
        let mut rows: BTreeMap<u64, ReportRow> = BTreeMap::new();
        for report in &known.reports {
            rows.extend(self.reader.report(report.id)?.map(|row| (report.id, row)));
        }
        let kept = || known.happenings.iter().map(|(_, kept)| kept);
        let mut contexts = Vec::new();
        for context in kept().flat_map(|kept| &kept.contexts) {
            if !contexts.contains(context) {
                contexts.push(*context);
            }
        }
        let assessment = &known.assessment;
        let version = match known.reports.first() {
            Some(report) => self.reader.reading_row(report.id)?.and_then(|row| self.versions.get(&row.version)).cloned(),
            None => None,
        };
        let differences = &assessment.differences;
        let disputed = differences.disputes.iter().map(|dispute| (dispute, false));
        let disputed = disputed.chain(differences.revisions.iter().map(|dispute| (dispute, true)));
        let day = |date: Option<dateline_record::Date>| date.and_then(|date| date.to_string().parse::<Edtf>().ok());
        Ok(Some(out::Event {
            id: format!("e{event}"),
            kind: row.kind.as_deref().and_then(|kind| kind.parse().ok()),
            mode: row.mode.as_deref().and_then(|mode| mode.parse().ok()),
            contexts,
            acled: known.told_by().and_then(|kept| kept.acled.clone()),
            summary: known.summary(),
            when: known.when(),
            published_first: day(row.published_first),
            published_last: day(row.published_last),
            places: self.places(&known, &row),
            actors: parties(&known, |statement| &statement.facts.actors),
            recipients: parties(&known, |statement| &statement.facts.recipients),
            counts: counts(&known, differences.disputes.iter().chain(&differences.revisions)),
            status: same(&assessment.status)?,
            grade: out::Grade {
                proposed: Some(assessment.grade.into()),
                reviewed: known.decided.grade,
                reasons: assessment.reasons.clone(),
            },
            reliability: self.reliability(&known)?,
            origins: assessment
                .origins
                .iter()
                .map(|origin| {
                    let last = origin.statements.first().and_then(|&at| known.statements.get(at));
                    Ok(out::Origin {
                        name: origin.name.clone(),
                        kind: last.and_then(|statement| statement.chain.last()).map(|speaker| speaker.kind),
                        stance: same(&origin.stance)?,
                        position: same(&origin.position)?,
                        reports: origin.reports.iter().map(|report| format!("r{report}")).collect(),
                    })
                })
                .collect::<Result<_, CaseError>>()?,
            disputed: disputed.map(|(dispute, revision)| dispute_of(dispute, revision)).collect(),
            claims: if self.with_claims { self.claims(&known)? } else { Vec::new() },
            reports: rows.values().map(|row| self.report(row)).collect::<Result<_, CaseError>>()?,
            reviewed: known.decided.history.iter().rev().find(|review| review.kind != "note").map(|review| out::Review {
                by: review.by.clone(),
                at: review.at.clone(),
                decision: match review.kind.as_str() {
                    "accept" => "accepted",
                    "reject" => "rejected",
                    _ => "changed",
                }
                .to_owned(),
            }),
            versions: version.unwrap_or_default(),
        }))
    }

    fn places(&self, known: &Known, row: &dateline_casebook::EventRow) -> Vec<out::Place> {
        if let Some(name) = known.decided.set.get("place") {
            let country = row.country.as_deref().and_then(|code| code.parse().ok());
            return vec![out::Place { name: name.clone(), country, ..out::Place::default() }];
        }
        let mut places: Vec<out::Place> = Vec::new();
        let said = known.place().into_iter().chain(known.happenings.iter().flat_map(|(_, kept)| &kept.facts.places));
        for place in said {
            if !places.iter().any(|other| other.name == place.name && other.country == place.country) {
                places.push(out::Place {
                    name: place.name.clone(),
                    geonames: None,
                    country: place.country,
                    admin1: place.admin1.clone(),
                    lat: place.lat.map(f64::from),
                    lon: place.lon.map(f64::from),
                    precision: place.precision,
                });
            }
        }
        places
    }

    /// The best reliability that people gave a source which affirms the event.
    fn reliability(&self, known: &Known) -> Result<Option<out::Reliability>, CaseError> {
        let letters = known.assessment.origins.iter().filter_map(|origin| self.outlets.find(&origin.name)?.reliability);
        letters.min().map(|letter| same(&letter)).transpose()
    }

    fn report(&self, row: &ReportRow) -> Result<out::Report, CaseError> {
        let original = self.reader.original_row(&row.original)?;
        Ok(out::Report {
            id: format!("r{}", row.id),
            url: row.url.clone(),
            source: row.source.clone(),
            title: row.title.clone(),
            author: row.author.clone(),
            published: row.published.clone(),
            language: row.language.clone(),
            sha256: Some(row.original.clone()),
            archived: original.map(|original| original.path.to_string_lossy().into_owned()),
        })
    }

    fn claims(&self, known: &Known) -> Result<Vec<out::Claim>, CaseError> {
        let mut made = Vec::new();
        let mut readings: BTreeMap<u64, Option<(Reading, Protected)>> = BTreeMap::new();
        for (happening, kept) in &known.happenings {
            if let Entry::Vacant(place) = readings.entry(happening.report) {
                let reading = self.reader.reading(happening.report)?;
                place.insert(reading.map(|reading| {
                    let protected = Protected::of(&reading);
                    (reading, protected)
                }));
            }
            let Some(Some((reading, protected))) = readings.get(&happening.report) else { continue };
            let Some(event) = reading.events.iter().find(|event| event.id.to_string() == happening.local) else { continue };
            let open = known.decided.released && self.names == Names::Released;
            let shown = |words: &str| if open { words.to_owned() } else { protected.masked(words) };
            for (claim, statement) in claims(reading, event).zip(&kept.statements) {
                let sentence = reading.sentences.get(claim.sentence);
                let (start, end) = sentence.map_or((claim.trigger.start(), claim.trigger.end()), |s| (s.start, s.end));
                let slice = |from: usize, to: usize| -> String {
                    reading.document.text.chars().skip(from).take(to.saturating_sub(from)).collect()
                };
                made.push(out::Claim {
                    id: format!("r{}.{}", happening.report, claim.id),
                    kind: claim.event.kind,
                    trigger: claim.trigger.text().to_owned(),
                    quote: out::Quote {
                        exact: shown(&slice(start, end)),
                        prefix: shown(&slice(start.saturating_sub(AROUND), start)),
                        suffix: shown(&slice(end, end + AROUND)),
                        start,
                        end,
                    },
                    attribution: statement
                        .chain
                        .iter()
                        .map(|speaker| out::Speaker {
                            who: (!speaker.who.name.is_empty()).then(|| party(&speaker.who)),
                            kind: speaker.kind,
                            act: speaker.act,
                        })
                        .collect(),
                    factuality: Some(claim.factuality.source),
                    evidence: claim.evidence.iter().map(|filler| shown(filler.mention.text())).collect(),
                    report: format!("r{}", happening.report),
                });
            }
        }
        Ok(made)
    }
}

fn party(party: &Party) -> out::Party {
    out::Party { name: party.name.clone(), country: party.country, sector: party.sector, person: false, protected: false }
}

/// Parties of the statements, each once.
fn parties(known: &Known, slot: impl Fn(&Statement) -> &Vec<Party>) -> Vec<out::Party> {
    let mut found: Vec<out::Party> = Vec::new();
    for next in known.statements.iter().flat_map(slot) {
        if !found.iter().any(|other| other.name == next.name) {
            found.push(party(next));
        }
    }
    found
}

fn dispute_of(dispute: &Dispute, revision: bool) -> out::Dispute {
    out::Dispute { field: dispute.field.clone(), values: values_of(dispute), revision }
}

fn values_of(dispute: &Dispute) -> Vec<out::Value> {
    let value = |value: &dateline_corroborate::Value| out::Value {
        value: value.value.clone(),
        origins: value.origins.clone(),
        reports: value.reports.iter().map(|report| format!("r{report}")).collect(),
        first: value.first.as_ref().and_then(|date| date.parse().ok()),
    };
    dispute.values.iter().map(value).collect()
}

/// One entry a role that an affirming origin counts in.
fn counts<'a>(known: &Known, told: impl Iterator<Item = &'a Dispute> + Clone) -> Vec<out::Count> {
    use QuantityRole as Q;
    let roles = [Q::Killed, Q::Injured, Q::Captured, Q::Missing, Q::Displaced, Q::Involved, Q::Equipment, Q::Munitions];
    roles
        .into_iter()
        .filter_map(|role| {
            let given = known.counts(role);
            let low = given.iter().filter_map(|count| count.min.or(count.max)).min()?;
            let high = given.iter().filter_map(|count| count.max.or(count.min)).max()?;
            let best = if role == Q::Killed { known.killed().map(|killed| killed[1]) } else { (low == high).then_some(low) };
            let name = super::assess::word(&role);
            let values = told.clone().find(|dispute| dispute.field == name).map(values_of).unwrap_or_else(|| said(known, role));
            Some(out::Count { role, low: Some(low), best, high: Some(high), values })
        })
        .collect()
}

/// Who gives which count, where nobody differs.
fn said(known: &Known, role: QuantityRole) -> Vec<out::Value> {
    let mut values: Vec<out::Value> = Vec::new();
    for origin in &known.assessment.origins {
        for statement in origin.statements.iter().filter_map(|&at| known.statements.get(at)) {
            for count in statement.facts.counts.iter().filter(|count| count.role == role) {
                let value = count.words();
                let report = format!("r{}", statement.report);
                match values.iter_mut().find(|other| other.value == value) {
                    Some(entry) => {
                        if !entry.origins.contains(&origin.name) {
                            entry.origins.push(origin.name.clone());
                        }
                        if !entry.reports.contains(&report) {
                            entry.reports.push(report);
                        }
                    }
                    None => {
                        values.push(out::Value { value, origins: vec![origin.name.clone()], reports: vec![report], first: None })
                    }
                }
            }
        }
    }
    values
}
