//! What the tests share.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::Path;

use dateline_casebook::{Added, Casebook, Error, Fault, NewReport, Stamp, Verified};
use dateline_record::{Provenance, Report};

/// A new case in a folder that lives as long as the first value.
pub(crate) fn case() -> (tempfile::TempDir, Casebook) {
    let folder = tempfile::tempdir().unwrap();
    let case = Casebook::init(&folder.path().join("case"), "Sample case", "2025-01-01T00:00:00Z", "Jo").unwrap();
    (folder, case)
}

pub(crate) fn stamp() -> Stamp {
    Stamp::new("2025-01-02T10:00:00Z", "Jo")
}

pub(crate) fn report(text: &str) -> Report {
    Report { text: text.to_owned(), ..Report::default() }
}

/// The report to be added, with its text as the original.
pub(crate) fn new<'a>(report: &'a Report, provenance: &'a Provenance) -> NewReport<'a> {
    NewReport { report, provenance, original: report.text.as_bytes(), media_type: None }
}

pub(crate) fn add(case: &mut Casebook, report: &Report) -> Added {
    let provenance = Provenance::default();
    case.write::<_, Error>(|writer| writer.add_report(&new(report, &provenance), &stamp())).unwrap()
}

/// What a deep look finds, as text.
pub(crate) fn verify(case: &Casebook) -> (Verified, Vec<String>) {
    let mut faults = Vec::new();
    let verified = case.verify(true, &mut |fault: Fault| faults.push(fault.to_string())).unwrap();
    (verified, faults)
}

/// How many files are in the archive.
pub(crate) fn archive_files(case: &Path) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(case.join("archive")).unwrap().flatten() {
        match std::fs::read_dir(entry.path()) {
            Ok(inner) => count += inner.count(),
            Err(_) => count += 1,
        }
    }
    count
}
