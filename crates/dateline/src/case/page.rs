//! One event with its sources side by side; one report with what became of it.

use std::collections::{BTreeMap, BTreeSet};

use dateline_casebook::{Capture, OriginalRow, ReadingRow, ReportRow, Version};
use dateline_corroborate::{Differences, similarity};
use dateline_record::Reading;
use serde::Serialize;

use super::ask::CaseEvent;
use super::assess::{Known, Names, outlet_table};
use super::history::{self, DecisionLine};
use super::index::Indexes;
use super::media::{self, EventMedium};
use super::sides::{Account, Read, Told, account, certainty, values_of};
use super::spread::Spread;
use super::unclear::{Unclear, unclear};
use super::{Case, CaseError};

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
    /// How sure its sources are together, in one sentence.
    pub certainty: String,
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
    /// What it is in schemes of the user's own, with the outlet whose report was coded so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coded: Vec<String>,
    /// Reports that tell of it, by day of publication.
    pub reports: Vec<TellingReport>,
    /// The same as a graph: first report, copies, citations, forwards.
    pub spread: Spread,
    /// Pictures, videos and documents that they show or mention.
    pub media: Vec<EventMedium>,
    /// What they leave open, do not say, or say that they do not know.
    pub unclear: Vec<Unclear>,
    /// How much more is not clear than is listed.
    pub unclear_beyond: usize,
    /// Why each report's happening belongs to the event.
    pub joins: Vec<Join>,
    /// Decisions that stand, oldest first.
    pub decisions: Vec<DecisionLine>,
    /// All decisions, those taken back too, oldest first.
    pub history: Vec<DecisionLine>,
    /// Tellings beyond those shown.
    pub beyond: u64,
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
    /// Who was shown its original or the names of protected persons in it, oldest first.
    pub shown_to: Vec<DecisionLine>,
}

impl Case {
    /// An event with its sources side by side.
    ///
    /// # Errors
    /// When there is no such event, or the record can't be read.
    pub fn event_page(&self, event: u64, quotes: Quotes) -> Result<EventPage, CaseError> {
        let reader = self.book.read();
        let event_id = event;
        let row = reader.event(event)?.ok_or_else(|| CaseError::Missing(format!("event e{event}")))?;
        let outlets = outlet_table(&reader)?;
        let known =
            Known::of(&reader, event, &outlets, Names::Released)?.ok_or_else(|| CaseError::Missing(format!("event e{event}")))?;

        let mut rows: BTreeMap<u64, ReportRow> = BTreeMap::new();
        let mut reads: BTreeMap<u64, Read> = BTreeMap::new();
        for report in &known.reports {
            if let Some(row) = reader.report(report.id)? {
                rows.insert(report.id, row);
            }
            if let Some(reading) = reader.reading(report.id)? {
                let read = Read::new(reading, quotes);
                if quotes == Quotes::NamesWithheld
                    && let Some(title) = rows.get_mut(&report.id).and_then(|row| row.title.as_mut())
                {
                    *title = read.protected.masked(title);
                }
                reads.insert(report.id, read);
            }
        }
        // Statements stand in the order of happenings and claims: so each finds its words again.
        let mut told: Vec<Option<Told>> = Vec::with_capacity(known.statements.len());
        let mut circulation: Vec<String> = Vec::new();
        let mut coded: Vec<String> = Vec::new();
        for (happening, kept) in &known.happenings {
            let (row, read) = (rows.get(&happening.report), reads.get(&happening.report));
            let outlet = row.and_then(|row| row.source.as_deref());
            let lines = read.map(|read| read.lines(&happening.local, outlet)).unwrap_or_default();
            for (at, statement) in kept.statements.iter().enumerate() {
                told.push(lines.get(at).cloned().flatten().map(|line| Told {
                    report: format!("r{}", happening.report),
                    outlet: outlet.map(str::to_owned),
                    published: row.and_then(|row| row.published.as_ref()).map(|date| date.as_str().to_owned()),
                    values: values_of(&statement.facts),
                    ..line
                }));
            }
            let ways =
                read.into_iter().flat_map(|read| &read.summary.happenings).filter(|happening| !happening.circulation.is_empty());
            for way in ways.flat_map(|happening| &happening.circulation) {
                let line =
                    row.and_then(|row| row.source.as_ref()).map_or_else(|| way.clone(), |source| format!("{way} ({source})"));
                if !circulation.contains(&line) {
                    circulation.push(line);
                }
            }
            let own = read.into_iter().flat_map(|read| &read.summary.happenings).filter(|own| own.id == happening.local);
            for coding in own.flat_map(|own| &own.coding) {
                let line = outlet.map_or_else(|| coding.line(), |outlet| format!("{} ({outlet})", coding.line()));
                if !coded.contains(&line) {
                    coded.push(line);
                }
            }
        }
        let cluster: BTreeMap<u64, u64> = known.reports.iter().map(|report| (report.id, report.copies)).collect();
        let first_of = |report: u64| cluster.get(&report).copied().unwrap_or(report);
        let accounts: Vec<Account> = known
            .assessment
            .origins
            .iter()
            .map(|origin| {
                account(origin, &known, &told, first_of, outlets.find(&origin.name).and_then(|outlet| outlet.reliability))
            })
            .collect();
        // One report for each text: the first here, where the first of all is not.
        let mut texts: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
        for (happening, _) in &known.happenings {
            let one = *seen.entry(first_of(happening.report)).or_insert(happening.report);
            if one == happening.report {
                texts.entry(one).or_default().push(happening.local.as_str());
            }
        }
        let mut reports: Vec<TellingReport> = Vec::new();
        let mut order: Vec<&ReportRow> = rows.values().collect();
        order.sort_by_key(|row| (row.published.as_ref().map(|date| date.as_str().to_owned()), row.id));
        for row in &order {
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
        let media = media::media(&reader, &order, &texts, &reads)?;
        let event = CaseEvent::from(row);
        let by_text: Vec<(u64, &Read, Vec<&str>)> =
            texts.iter().filter_map(|(&report, locals)| Some((report, reads.get(&report)?, locals.clone()))).collect();
        let led: BTreeSet<usize> = known.assessment.origins.iter().flat_map(|origin| origin.statements.iter().copied()).collect();
        let ids: BTreeSet<String> = texts.keys().map(|report| format!("r{report}")).collect();
        let is_text = |told: &&Told| ids.contains(&told.report);
        let nobodys = told.iter().enumerate().filter(|(at, _)| !led.contains(at)).filter_map(|(_, told)| told.as_ref());
        let nobodys: Vec<&Told> = nobodys.filter(is_text).collect();
        let (unclear, unclear_beyond) = unclear(&event, &accounts, &nobodys, &by_text, &rows);
        let assessment = known.assessment.clone();
        Ok(EventPage {
            certainty: certainty(&accounts),
            spread: Spread::of(&known, &rows, &outlets),
            media,
            unclear,
            unclear_beyond,
            history: history::of_event(&reader, event_id)?,
            event,
            accounts,
            differences: assessment.differences,
            admissions: assessment.admissions,
            reasons: assessment.reasons,
            proposed_grade: assessment.grade.into(),
            circulation,
            coded,
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
            shown_to: history::of_report(&reader, report)?,
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
