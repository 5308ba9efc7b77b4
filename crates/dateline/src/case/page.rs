//! One event with its sources side by side; one report with what became of it.

use std::collections::BTreeMap;

use dateline_casebook::{Capture, OriginalRow, ReadingRow, ReportRow, Review, Version};
use dateline_corroborate::{Differences, EventFacts, Origin, similarity};
use dateline_record::Reading;
use serde::Serialize;

use super::ask::CaseEvent;
use super::assess::{Known, Names, outlet_table, word};
use super::index::Indexes;
use super::told::claims;
use super::{Case, CaseError};
use crate::render::person::Protected;
use crate::render::{Excerpt, Summary, Tone};

/// Whether what is quoted may hold the names of protected persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// As they stand in the reports.
    AsTheyStand,
    /// With those names left out.
    NamesWithheld,
}

/// An event with all that is known of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventPage {
    /// Its row.
    pub event: CaseEvent,
    /// One for each independent source, in the order in which they first spoke.
    pub accounts: Vec<Account>,
    /// Where sources differ.
    pub differences: Differences,
    /// Sources that affirm what speaks against them.
    pub admissions: Vec<String>,
    /// How status and grade come about.
    pub reasons: Vec<String>,
    /// The grade that the machine proposes.
    pub proposed_grade: u8,
    /// How pictures and documents of it travelled.
    pub circulation: Vec<String>,
    /// Reports that tell of it, by day of publication.
    pub reports: Vec<TellingReport>,
    /// Why each report's happening belongs to the event.
    pub joins: Vec<Join>,
    /// Decisions that stand, oldest first.
    pub decisions: Vec<DecisionLine>,
    /// Tellings beyond those shown.
    pub beyond: u64,
}

/// What one independent source says of the event.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The source.
    pub name: String,
    /// Where it stands to the event.
    pub stance: String,
    /// What it holds.
    pub position: String,
    /// It only passes on what nobody answers for.
    pub rumour: bool,
    /// Reliability that people gave the source, A to F.
    pub reliability: Option<String>,
    /// How the reports lead to it.
    pub reasons: Vec<String>,
    /// Its words, earliest first.
    pub told: Vec<Told>,
}

/// One claim of one report.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Told {
    /// The report, `r3`.
    pub report: String,
    /// Outlet.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// How sure, in words.
    pub certainty: String,
    /// The same for the eye.
    #[serde(skip)]
    pub tone: Option<Tone>,
    /// On whose authority, in words.
    pub who: String,
    /// Words that make it less than certain.
    pub cues: Vec<String>,
    /// The words, cut at both ends where they are long.
    pub quote: String,
    /// Where the trigger stands in `quote`, in bytes.
    #[serde(skip)]
    pub trigger: (usize, usize),
    /// Place, time and counts that it gives.
    pub values: Vec<String>,
    /// Reports that carry the same text.
    pub copies: Vec<String>,
}

/// A report that tells of an event.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TellingReport {
    /// `r3`.
    pub id: String,
    /// Outlet.
    pub source: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// The first report of which it is a copy.
    pub copy_of: Option<String>,
    /// Whether the outlet took it back.
    pub withdrawn: bool,
}

/// Why a telling belongs to an event.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Join {
    /// The report.
    pub report: String,
    /// Likeness to the event's first telling, 0 to 1.
    pub score: f32,
    /// What speaks for and against it.
    pub reasons: Vec<String>,
}

/// A decision, for people.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionLine {
    /// Its number.
    pub id: u64,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// What was decided.
    pub what: String,
    /// Why.
    pub why: Option<String>,
}

impl From<&Review> for DecisionLine {
    fn from(review: &Review) -> Self {
        let correction = super::decide::Correction::of(review).map(|correction| format!(" {}", correction.line()));
        let value = correction.unwrap_or_else(|| match (&review.field, &review.value) {
            (Some(field), Some(value)) => {
                format!(" {field} = {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            }
            (None, Some(value)) if matches!(review.kind.as_str(), "grade" | "note") => {
                format!(" {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            }
            _ => String::new(),
        });
        let undone = review.undone_by.map(|by| format!(" (taken back by {by})")).unwrap_or_default();
        Self {
            id: review.id,
            at: review.at.clone(),
            by: review.by.clone(),
            what: format!("{}{value}{undone}", review.kind),
            why: review.why.clone(),
        }
    }
}

/// A report as the case keeps it.
#[derive(Debug)]
pub struct ReportPage {
    /// What is known of it.
    pub report: ReportRow,
    /// Its archived original.
    pub original: Option<OriginalRow>,
    /// Further captures of it.
    pub captures: Vec<Capture>,
    /// Pictures, videos and files that came with it: name and SHA-256 of each, whose bytes are in the archive.
    pub media: Vec<(String, String)>,
    /// What it says.
    pub reading: Option<Reading>,
    /// What made the reading, and when.
    pub made: Option<(ReadingRow, Option<Version>)>,
    /// Reports that carry the same text, the first included.
    pub copies: Vec<u64>,
    /// Events that it tells of.
    pub events: Vec<CaseEvent>,
}

impl ReportPage {
    /// As programs get it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let row = &self.report;
        serde_json::json!({
            "id": format!("r{}", row.id),
            "title": row.title,
            "source": row.source,
            "author": row.author,
            "url": row.url,
            "published": row.published,
            "language": row.language,
            "text": format!("sha256:{}", row.text_sha256),
            "original": self.original.as_ref().map(|original| serde_json::json!({
                "sha256": original.sha256, "bytes": original.bytes, "path": original.path, "media_type": original.media_type,
            })),
            "provenance": row.provenance,
            "added": { "at": row.added_at, "by": row.added_by },
            "withdrawn": row.status_why,
            "media": self.media.iter().map(|(name, sha256)| serde_json::json!({ "name": name, "sha256": sha256 })).collect::<Vec<_>>(),
            "captures": self.captures.iter().map(|capture| serde_json::json!({
                "at": capture.at, "by": capture.by, "original": capture.original,
            })).collect::<Vec<_>>(),
            "read": self.made.as_ref().map(|(made, version)| serde_json::json!({
                "at": made.made_at,
                "error": made.error,
                "program": version.as_ref().map(|version| &version.program),
                "model": version.as_ref().map(|version| &version.model),
                "lexicons": version.as_ref().map(|version| &version.lexicons),
                "gazetteer": version.as_ref().map(|version| &version.gazetteer),
            })),
            "copies": self.copies.iter().map(|copy| format!("r{copy}")).collect::<Vec<_>>(),
            "events": self.events,
            "reading": self.reading,
        })
    }
}

impl Case {
    /// An event with its sources side by side.
    ///
    /// # Errors
    /// When there is no such event, or the record can't be read.
    pub fn event_page(&self, event: u64, quotes: Quotes) -> Result<EventPage, CaseError> {
        let reader = self.book.read();
        let row = reader.event(event)?.ok_or_else(|| CaseError::Missing(format!("event e{event}")))?;
        let outlets = outlet_table(&reader)?;
        let known =
            Known::of(&reader, event, &outlets, Names::Released)?.ok_or_else(|| CaseError::Missing(format!("event e{event}")))?;

        let mut rows: BTreeMap<u64, ReportRow> = BTreeMap::new();
        let mut readings: BTreeMap<u64, (Reading, Summary)> = BTreeMap::new();
        for report in &known.reports {
            if let Some(row) = reader.report(report.id)? {
                rows.insert(report.id, row);
            }
            if let Some(reading) = reader.reading(report.id)? {
                let mut summary = Summary::of(&reading);
                if quotes == Quotes::NamesWithheld {
                    let protected = Protected::of(&reading);
                    summary = summary.masked(&protected);
                    if let Some(title) = rows.get_mut(&report.id).and_then(|row| row.title.as_mut()) {
                        *title = protected.masked(title);
                    }
                }
                readings.insert(report.id, (reading, summary));
            }
        }
        // Statements stand in the order of happenings and claims: so each finds its words again.
        let mut told: Vec<Option<Told>> = Vec::with_capacity(known.statements.len());
        let mut circulation: Vec<String> = Vec::new();
        for (happening, kept) in &known.happenings {
            let (row, read) = (rows.get(&happening.report), readings.get(&happening.report));
            let lines = read.map(|(reading, summary)| lines_of(reading, summary, &happening.local)).unwrap_or_default();
            for (at, statement) in kept.statements.iter().enumerate() {
                told.push(lines.get(at).cloned().flatten().map(|line| Told {
                    report: format!("r{}", happening.report),
                    outlet: row.and_then(|row| row.source.clone()),
                    published: row.and_then(|row| row.published.as_ref()).map(|date| date.as_str().to_owned()),
                    values: values_of(&statement.facts),
                    ..line
                }));
            }
            let ways = read
                .into_iter()
                .flat_map(|(_, summary)| &summary.happenings)
                .filter(|happening| !happening.circulation.is_empty());
            for way in ways.flat_map(|happening| &happening.circulation) {
                let line =
                    row.and_then(|row| row.source.as_ref()).map_or_else(|| way.clone(), |source| format!("{way} ({source})"));
                if !circulation.contains(&line) {
                    circulation.push(line);
                }
            }
        }
        let cluster: BTreeMap<u64, u64> = known.reports.iter().map(|report| (report.id, report.copies)).collect();
        let accounts = known
            .assessment
            .origins
            .iter()
            .map(|origin| {
                account(origin, &known, &told, &cluster, outlets.find(&origin.name).and_then(|outlet| outlet.reliability))
            })
            .collect();
        let mut reports: Vec<TellingReport> = Vec::new();
        let mut order: Vec<&ReportRow> = rows.values().collect();
        order.sort_by_key(|row| (row.published.as_ref().map(|date| date.as_str().to_owned()), row.id));
        for row in order {
            reports.push(TellingReport {
                id: format!("r{}", row.id),
                source: row.source.clone(),
                published: row.published.as_ref().map(|date| date.as_str().to_owned()),
                title: row.title.clone(),
                url: row.url.clone(),
                copy_of: cluster.get(&row.id).filter(|&&first| first != row.id).map(|first| format!("r{first}")),
                withdrawn: row.status == dateline_casebook::ReportStatus::Withdrawn,
            });
        }
        let first = known.happenings.first().map(|(_, kept)| &kept.facts);
        let joins = known
            .happenings
            .iter()
            .skip(1)
            .filter_map(|(happening, kept)| {
                let verdict = similarity(first?, &kept.facts);
                Some(Join { report: format!("r{}", happening.report), score: verdict.score, reasons: verdict.reasons })
            })
            .collect();
        let assessment = known.assessment.clone();
        Ok(EventPage {
            event: CaseEvent::from(row),
            accounts,
            differences: assessment.differences,
            admissions: assessment.admissions,
            reasons: assessment.reasons,
            proposed_grade: assessment.grade.into(),
            circulation,
            reports,
            joins,
            decisions: known.decided.history.iter().map(DecisionLine::from).collect(),
            beyond: known.beyond,
        })
    }

    /// A report as the case keeps it.
    ///
    /// # Errors
    /// When there is no such report, or the record can't be read.
    pub fn report_page(&self, report: u64) -> Result<ReportPage, CaseError> {
        let reader = self.book.read();
        let row = reader.report(report)?.ok_or_else(|| CaseError::Missing(format!("report r{report}")))?;
        let made = reader.reading_row(report)?;
        let versions = reader.versions()?;
        let mut events = Vec::new();
        for event in reader.events_of_report(report)? {
            events.extend(reader.event(event)?.map(CaseEvent::from));
        }
        Ok(ReportPage {
            original: reader.original_row(&row.original)?,
            captures: reader.captures(report)?,
            media: reader.media(report)?,
            reading: reader.reading(report)?,
            made: made.map(|made| {
                let version = versions.into_iter().find(|(id, _)| *id == made.version).map(|(_, version)| version);
                (made, version)
            }),
            copies: Indexes::copies_of(&reader, report)?,
            events,
            report: row,
        })
    }

    /// The bytes of a report's original.
    ///
    /// # Errors
    /// When it is not there, or is not what was archived.
    pub fn original(&self, report: u64) -> Result<Vec<u8>, CaseError> {
        let reader = self.book.read();
        let row = reader.report(report)?.ok_or_else(|| CaseError::Missing(format!("report r{report}")))?;
        reader.original(&row.original)?.ok_or_else(|| CaseError::Missing(format!("original of r{report}")))
    }

    /// The event that was typed: `e12` or `12`.
    ///
    /// # Errors
    /// When it names none.
    pub fn event_id(text: &str) -> Result<u64, CaseError> {
        let digits = text.strip_prefix(['e', 'E']).unwrap_or(text);
        digits.parse().map_err(|_| CaseError::Id { given: text.to_owned(), wanted: "event" })
    }

    /// The report that was typed: `r3`, or the beginning of its text's SHA-256.
    ///
    /// # Errors
    /// When it names none, or more than one.
    pub fn report_id(&self, text: &str) -> Result<u64, CaseError> {
        if let Some(id) = text.strip_prefix(['r', 'R']).and_then(|digits| digits.parse().ok()) {
            return Ok(id);
        }
        let hex = text.strip_prefix("sha256:").unwrap_or(text);
        if hex.len() < 4 || !hex.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(CaseError::Id { given: text.to_owned(), wanted: "report" });
        }
        match self.book.read().reports_by_prefix(&hex.to_ascii_lowercase(), 8)?.as_slice() {
            [] => Err(CaseError::Missing(format!("report {text}"))),
            [one] => Ok(*one),
            many => {
                let ids = many.iter().map(|id| format!("r{id}")).collect::<Vec<_>>().join(", ");
                Err(CaseError::Ambiguous(text.to_owned(), ids))
            }
        }
    }
}

/// The words of each claim of an event, in the order of its claims.
pub(super) fn lines_of(reading: &Reading, summary: &Summary, local: &str) -> Vec<Option<Told>> {
    let Some(event) = reading.events.iter().find(|event| event.id.to_string() == local) else { return Vec::new() };
    let voices = summary.happenings.iter().filter(|happening| happening.id == local).flat_map(|happening| &happening.voices);
    let voices: Vec<_> = voices.collect();
    claims(reading, event)
        .map(|claim| {
            let (voice, excerpt) =
                voices.iter().find_map(|voice| Some((voice, voice.excerpts.iter().find(|e| e.claim == claim.id)?)))?;
            let (quote, trigger) = quoted(excerpt);
            Some(Told {
                report: String::new(),
                outlet: None,
                published: None,
                certainty: voice.certainty.clone(),
                tone: Some(voice.tone),
                who: voice.who.clone(),
                cues: if voice.tone == Tone::Certain { Vec::new() } else { voice.cues.clone() },
                quote,
                trigger,
                values: Vec::new(),
                copies: Vec::new(),
            })
        })
        .collect()
}

/// The words of an excerpt in one line, and where its trigger stands in them.
fn quoted(excerpt: &Excerpt) -> (String, (usize, usize)) {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut quote = String::new();
    if excerpt.cut_before {
        quote.push('…');
    }
    quote.push_str(&one_line(&excerpt.before));
    if !quote.is_empty() && excerpt.before.ends_with(char::is_whitespace) {
        quote.push(' ');
    }
    let start = quote.len();
    quote.push_str(&one_line(&excerpt.trigger));
    let end = quote.len();
    if excerpt.after.starts_with(char::is_whitespace) {
        quote.push(' ');
    }
    quote.push_str(&one_line(&excerpt.after));
    if excerpt.cut_after {
        quote.push('…');
    }
    (quote, (start, end))
}

/// Place, time and counts of a statement, in words.
pub(super) fn values_of(facts: &EventFacts) -> Vec<String> {
    let place = facts.places.iter().take(2).map(|place| match place.country {
        Some(country) if place.name.len() != 3 => format!("{} ({country})", place.name),
        _ => place.name.clone(),
    });
    let when = facts.when.iter().map(|when| when.as_str().to_owned());
    let counts = facts.counts.iter().map(|count| format!("{} {}", count.words(), word(&count.role)));
    place.chain(when).chain(counts).collect()
}

fn account(
    origin: &Origin,
    known: &Known,
    told: &[Option<Told>],
    cluster: &BTreeMap<u64, u64>,
    reliability: Option<dateline_corroborate::Reliability>,
) -> Account {
    let mut lines: Vec<(u64, Told)> = Vec::new();
    for &at in &origin.statements {
        let (Some(statement), Some(Some(line))) = (known.statements.get(at), told.get(at)) else { continue };
        let text = cluster.get(&statement.report).copied().unwrap_or(statement.report);
        // A copy says again what the first says: it is named there.
        match lines.iter_mut().find(|(other, first)| *other == text && (first.quote == line.quote || first.report != line.report))
        {
            Some((_, first)) if first.report != line.report => {
                if !first.copies.contains(&line.report) {
                    first.copies.push(line.report.clone());
                }
            }
            Some(_) => {}
            None => lines.push((text, line.clone())),
        }
    }
    Account {
        name: origin.name.clone(),
        stance: word(&origin.stance),
        position: word(&origin.position),
        rumour: origin.rumour,
        reliability: reliability.map(|letter| letter.as_str().to_owned()),
        reasons: origin.reasons.clone(),
        told: lines.into_iter().map(|(_, told)| told).collect(),
    }
}
