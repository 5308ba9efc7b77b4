//! Every file of `tests/scenarios/` is a small case with what should be made of it. Reports go through copies, same event and assessment;
//! facts are given by hand, as a reader would find them.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use dateline_corroborate::{
    CaseReport, CopyIndex, CopyParams, EventFacts, EventIndex, Outlet, OutletTable, Party, Sketch, Speaker, Statement, Status,
    assess,
};
use dateline_record::{Act, Country, Edtf, FactualityValue, Sector, SourceKind};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    /// What it shows.
    about: String,
    /// Facts that every statement shares unless it says otherwise.
    #[serde(default)]
    base: toml::Table,
    #[serde(default)]
    outlets: Vec<Outlet>,
    reports: Vec<Report>,
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    id: u64,
    outlet: Option<String>,
    published: Option<Edtf>,
    /// For copies only.
    #[serde(default)]
    text: String,
    #[serde(default)]
    withdrawn: bool,
    says: Vec<Says>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Says {
    /// Outermost first.
    #[serde(default)]
    by: Vec<By>,
    #[serde(default)]
    held: Option<FactualityValue>,
    #[serde(default)]
    facts: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct By {
    #[serde(default)]
    name: String,
    country: Option<Country>,
    sector: Option<Sector>,
    kind: Option<SourceKind>,
    act: Option<Act>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    reports: BTreeSet<u64>,
    origins: Vec<String>,
    status: Status,
    grade: u8,
    #[serde(default)]
    disputes: Vec<String>,
    #[serde(default)]
    revisions: Vec<String>,
    #[serde(default)]
    admissions: Vec<String>,
    /// Words that one of the reasons must hold.
    #[serde(default)]
    why: Option<String>,
}

impl Scenario {
    fn facts(&self, says: &Says, published: Option<&Edtf>) -> EventFacts {
        let mut table = self.base.clone();
        table.extend(says.facts.clone());
        let known = toml::Table::try_from(EventFacts { kind: None, ..EventFacts::default() }).unwrap();
        let optional = ["kind", "mode", "when", "published"];
        for key in table.keys() {
            assert!(known.contains_key(key) || optional.contains(&key.as_str()), "`{key}` is no fact");
        }
        let mut facts: EventFacts = table.try_into().unwrap();
        facts.published = published.cloned();
        facts
    }

    fn statement(&self, report: &Report, says: &Says) -> Statement {
        let chain: Vec<Speaker> = says
            .by
            .iter()
            .map(|by| Speaker {
                who: Party { name: by.name.clone(), country: by.country, sector: by.sector },
                kind: by.kind.unwrap_or(if by.name.is_empty() { SourceKind::Unnamed } else { SourceKind::Named }),
                act: by.act.unwrap_or(Act::Say),
            })
            .collect();
        Statement {
            report: report.id,
            facts: self.facts(says, report.published.as_ref()),
            chain,
            held: says.held.unwrap_or(FactualityValue::CertainPositive),
        }
    }

    fn check(&self) {
        let mut copies = CopyIndex::new(CopyParams::default());
        for report in &self.reports {
            copies.insert(report.id, &Sketch::of(&report.text));
        }
        let reports: Vec<CaseReport> = self
            .reports
            .iter()
            .map(|report| CaseReport {
                id: report.id,
                outlet: report.outlet.clone(),
                published: report.published.clone(),
                copies: copies.cluster(report.id).unwrap(),
                withdrawn: report.withdrawn,
            })
            .collect();
        let statements: Vec<Statement> =
            self.reports.iter().flat_map(|report| report.says.iter().map(|says| self.statement(report, says))).collect();
        let mut events = EventIndex::new();
        let mut groups: BTreeMap<u64, Vec<Statement>> = BTreeMap::new();
        for (id, statement) in (0..).zip(&statements) {
            let event = events.insert(id, statement.facts.clone());
            groups.entry(event).or_default().push(statement.clone());
        }
        let found: BTreeSet<BTreeSet<u64>> = groups.values().map(|group| group.iter().map(|of| of.report).collect()).collect();
        let wanted: BTreeSet<BTreeSet<u64>> = self.expect.iter().map(|expected| expected.reports.clone()).collect();
        assert_eq!(found, wanted, "which reports tell of one event");
        let outlets = OutletTable::new(self.outlets.clone());
        for group in groups.values() {
            let ids: BTreeSet<u64> = group.iter().map(|of| of.report).collect();
            let expected = self.expect.iter().find(|expected| expected.reports == ids).unwrap();
            let of: Vec<CaseReport> = reports.iter().filter(|report| ids.contains(&report.id)).cloned().collect();
            let got = assess(&of, group, &outlets);
            let why = got.reasons.join("\n");
            let names: Vec<&str> = got.origins.iter().map(|origin| origin.name.as_str()).collect();
            assert_eq!(names, expected.origins, "origins of {ids:?}:\n{why}");
            assert_eq!(got.status, expected.status, "status of {ids:?}:\n{why}");
            assert_eq!(u8::from(got.grade), expected.grade, "grade of {ids:?}:\n{why}");
            let fields =
                |list: &[dateline_corroborate::Dispute]| list.iter().map(|dispute| dispute.field.clone()).collect::<Vec<_>>();
            assert_eq!(fields(&got.differences.disputes), expected.disputes, "disputes of {ids:?}:\n{why}");
            assert_eq!(fields(&got.differences.revisions), expected.revisions, "revisions of {ids:?}:\n{why}");
            assert_eq!(got.admissions, expected.admissions, "admissions of {ids:?}:\n{why}");
            if let Some(words) = &expected.why {
                let all = got.origins.iter().flat_map(|origin| &origin.reasons).chain(&got.reasons);
                assert!(
                    all.clone().any(|reason| reason.contains(words)),
                    "no reason says `{words}`: {:?}",
                    all.collect::<Vec<_>>()
                );
            }
        }
    }
}

#[test]
fn every_scenario_comes_out_as_written() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut failed = Vec::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let scenario: Scenario =
            toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!scenario.about.is_empty() && !scenario.expect.is_empty(), "{name} shows nothing");
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| scenario.check())).is_err() {
            failed.push(name);
        }
    }
    assert!(files.len() >= 25, "only {} scenarios: is the folder read right?", files.len());
    assert!(failed.is_empty(), "{} of {} scenarios failed: {failed:?}", failed.len(), files.len());
}
