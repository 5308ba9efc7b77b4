//! A process that is killed at any instant loses nothing that it said was kept, and leaves nothing half; writers wait for each other.
//!
//! The processes that are killed are this test binary itself, told by the environment to run one of the ignored tests below.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::{new, report, stamp};
use dateline_casebook::{Casebook, Error};
use dateline_record::{Provenance, Report};

const DIR: &str = "CASEBOOK_TEST_DIR";
const FIRST: &str = "CASEBOOK_TEST_FIRST";
const LAST: &str = "CASEBOOK_TEST_LAST";

/// The report of a number; of different lengths, so that a kill meets files and pages half written.
fn numbered(number: u64) -> Report {
    report(&format!("Report {number}. {}", "Shells fell on Sampleton again. ".repeat((number % 40 * 20) as usize)))
}

fn start(dir: &Path, first: u64, last: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "adder", "--ignored", "--nocapture", "--test-threads=1"])
        .envs([(DIR, dir.display().to_string()), (FIRST, first.to_string()), (LAST, last.to_string())])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a child says was kept, as it says it: numbers and ids.
fn acknowledged(child: &mut Child) -> impl Iterator<Item = (u64, u64)> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let parse = |line: String| {
        // The last line of a killed process may be cut.
        let (number, id) = line.strip_prefix("kept ")?.strip_suffix('.')?.split_once(' ')?;
        Some((number.parse().ok()?, id.parse().ok()?))
    };
    lines.filter_map(parse)
}

#[test]
#[ignore = "run by the tests below in a process of its own"]
fn adder() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let number = |name: &str| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let mut case = Casebook::open(Path::new(&dir)).unwrap();
    let mut next = number(FIRST);
    println!();
    while next < number(LAST) {
        let batch = 1 + next % 7;
        let kept = case
            .write::<_, Error>(|writer| {
                let mut kept = Vec::new();
                for number in next..next + batch {
                    kept.push((number, writer.add_report(&new(&numbered(number), &Provenance::default()), &stamp())?.id));
                    writer.put(1, number, b"a value of a view")?;
                }
                Ok(kept)
            })
            .unwrap();
        next += batch;
        for (number, id) in kept {
            println!("kept {number} {id}.");
        }
    }
}

/// Small and the same every time.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn check(case: &Casebook, kept: &BTreeMap<u64, u64>) {
    let reader = case.read();
    for (&number, &id) in kept {
        let row = reader.report(id).unwrap().unwrap_or_else(|| panic!("report {number} was said to be kept as {id}"));
        let report = reader.full_report(id).unwrap().unwrap();
        assert_eq!(report, numbered(number));
        assert_eq!(reader.original(&row.original).unwrap().unwrap(), report.text.as_bytes());
    }
}

#[test]
fn killed_at_any_instant_nothing_is_lost_or_doubled() {
    let (_folder, case) = common::case();
    let dir = case.dir().to_owned();
    drop(case);
    let mut kept = BTreeMap::new();
    let mut state = 7;
    let mut cut_short = 0;
    for round in 0..220 {
        let first = kept.keys().last().map_or(0, |last| last + 1);
        let mut child = start(&dir, first, first + 100_000);
        let mut saying = acknowledged(&mut child);
        let mut said = Vec::new();
        // Some die at any time after their start, most while they write.
        if round % 4 > 0 {
            said.extend(saying.next());
        }
        std::thread::sleep(Duration::from_micros(random(&mut state) % 12_000));
        child.kill().unwrap();
        child.wait().unwrap();
        said.extend(saying);
        let notes = std::fs::read_dir(dir.join("archive")).unwrap().flatten();
        cut_short += notes.filter(|entry| entry.file_name().to_string_lossy().starts_with("writing.")).count();
        if round % 20 == 0 {
            // Before anybody opens it for writing.
            let case = Casebook::read_only(&dir).unwrap();
            let (verified, faults) = common::verify(&case);
            assert_eq!(verified.faults, 0, "{faults:?}");
            check(&case, &said.iter().copied().collect());
        }
        kept.extend(said);
    }
    assert!(kept.len() > 200, "only {} reports were kept: the test does not test", kept.len());
    assert!(cut_short > 20, "only {cut_short} kills met a transaction: the test does not test");
    let case = Casebook::open(&dir).unwrap();
    let (verified, faults) = common::verify(&case);
    assert_eq!((verified.faults, verified.left_over), (0, 0), "{faults:?}");
    check(&case, &kept);
    // What was kept without being said so is whole too, and nothing is there twice.
    let info = case.info().unwrap();
    let ids = case.read().report_ids(0, usize::MAX).unwrap();
    let mut texts: Vec<String> = ids.iter().map(|&id| case.read().report_text(id).unwrap().unwrap()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len() as u64, info.counts.reports);
    assert_eq!(common::archive_files(&dir) as u64, info.counts.originals);
}

#[test]
fn two_processes_write_at_once_and_nothing_is_doubled() {
    let (_folder, case) = common::case();
    // They overlap: 100 to 149 are added by both.
    let mut children = [start(case.dir(), 0, 150), start(case.dir(), 100, 250)];
    let mut kept = BTreeMap::new();
    for child in &mut children {
        for (number, id) in acknowledged(child) {
            assert_eq!(*kept.entry(number).or_insert(id), id, "one report has one id");
        }
        assert!(child.wait().unwrap().success());
    }
    check(&case, &kept);
    assert_eq!(kept.len() as u64, case.info().unwrap().counts.reports);
    let (verified, faults) = common::verify(&case);
    assert_eq!((verified.faults, verified.left_over), (0, 0), "{faults:?}");
}

#[test]
fn readers_go_on_while_somebody_writes() {
    let (_folder, mut case) = common::case();
    common::add(&mut case, &report("One."));
    let other = Casebook::read_only(case.dir()).unwrap();
    case.write::<_, Error>(|writer| {
        writer.add_report(&new(&report("Two."), &Provenance::default()), &stamp())?;
        assert_eq!(writer.report_ids(0, 9)?.len(), 2);
        assert_eq!(other.read().report_ids(0, 9)?.len(), 1);
        // Somebody who opens it now leaves the archive of the open transaction alone.
        drop(Casebook::open(other.dir())?);
        Ok(())
    })
    .unwrap();
    let old = other.read();
    assert_eq!(old.report_ids(0, 9).unwrap().len(), 2);
    common::add(&mut case, &report("Three."));
    assert_eq!(old.report_ids(0, 9).unwrap().len(), 2, "one state as long as the reader lives");
    assert_eq!(other.read().report_ids(0, 9).unwrap().len(), 2);
    drop(old);
    assert_eq!(other.read().report_ids(0, 9).unwrap().len(), 3);
    assert!(matches!(Casebook::read_only(case.dir()).unwrap().write::<(), Error>(|_| Ok(())), Err(Error::ReadOnly(_))));
    assert_eq!(common::verify(&case).1, [""; 0]);
}
