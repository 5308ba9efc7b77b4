//! Tests of a disk that is full, and of an archive that can't be written.
#![allow(clippy::unwrap_used)]

use std::fs;

use dateline_record::{Provenance, Report};

use crate::{Casebook, Error, Fault, NewReport, Stamp};

fn add(case: &mut Casebook, numbers: std::ops::Range<u64>) -> Result<(), Error> {
    let stamp = Stamp::new("2025-01-02T10:00:00Z", "Jo");
    case.write(|writer| {
        for number in numbers {
            // Words that do not compress.
            let mixed = |nth: u64| {
                (number << 16 | nth).wrapping_mul(0x9E37_79B9_7F4A_7C15)
                    ^ (number << 16 | nth).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 29
            };
            let text: String = (0..400).map(|nth| format!("{:x} ", mixed(nth))).collect();
            let report = Report { text, ..Report::default() };
            let new = NewReport {
                report: &report,
                provenance: &Provenance::default(),
                original: report.text.as_bytes(),
                media_type: None,
            };
            writer.add_report(&new, &stamp)?;
        }
        Ok(())
    })
}

fn whole(case: &Casebook) -> u64 {
    let mut faults = Vec::new();
    case.verify(true, &mut |fault: Fault| faults.push(fault.to_string())).unwrap();
    assert_eq!(faults, [""; 0]);
    case.info().unwrap().counts.reports
}

fn case() -> (tempfile::TempDir, Casebook) {
    let folder = tempfile::tempdir().unwrap();
    let case = Casebook::init(&folder.path().join("case"), "n", "2025-01-01T00:00:00Z", "Jo").unwrap();
    (folder, case)
}

#[test]
fn a_full_database_says_so_and_keeps_nothing_half() {
    let (_folder, mut case) = case();
    add(&mut case, 0..5).unwrap();
    let pages: i64 = case.db().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    // Room for a few reports more, but not for all: it is full at another place of a transaction each time.
    for more in [1, 2, 3, 5, 9, 14, 22, 40] {
        case.db().execute_batch(&format!("PRAGMA max_page_count = {}", pages + more)).unwrap();
        let error = add(&mut case, 5..60).unwrap_err();
        assert!(matches!(error, Error::Full), "{error}");
        assert_eq!(whole(&case), 5);
    }
    case.db().execute_batch("PRAGMA max_page_count = 1000000").unwrap();
    add(&mut case, 5..60).unwrap();
    assert_eq!(whole(&case), 60);
}

#[test]
fn an_archive_that_cannot_be_written_is_named_and_nothing_is_kept() {
    let (_folder, mut case) = case();
    add(&mut case, 0..5).unwrap();
    let archive = case.dir().join("archive");
    let aside = case.dir().join("aside");
    fs::rename(&archive, &aside).unwrap();
    fs::write(&archive, "no folder").unwrap();
    let error = add(&mut case, 5..9).unwrap_err();
    assert!(matches!(&error, Error::Io { path, .. } if path.starts_with(&archive)), "{error}");
    fs::remove_file(&archive).unwrap();
    fs::rename(&aside, &archive).unwrap();
    assert_eq!(whole(&case), 5);
    add(&mut case, 5..9).unwrap();
    assert_eq!(whole(&case), 9);
}

#[test]
fn one_file_that_cannot_be_written_undoes_the_others() {
    let (_folder, mut case) = case();
    let text = "Shells fell on Sampleton.";
    let digest = crate::digest::sha256(text.as_bytes());
    // Something stands where the original should go.
    fs::create_dir_all(case.archive().path(&digest)).unwrap();
    let report = |text: &str| Report { text: text.to_owned(), ..Report::default() };
    let stamp = Stamp::new("2025-01-02T10:00:00Z", "Jo");
    let answer = case.write::<_, Error>(|writer| {
        for text in ["One.", text] {
            let report = report(text);
            let new =
                NewReport { report: &report, provenance: &Provenance::default(), original: text.as_bytes(), media_type: None };
            writer.add_report(&new, &stamp)?;
        }
        Ok(())
    });
    assert!(matches!(answer, Err(Error::Io { .. })), "{answer:?}");
    fs::remove_dir(case.archive().path(&digest)).unwrap();
    assert_eq!(whole(&case), 0);
}
