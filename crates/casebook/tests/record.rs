//! The record: what is added is there, once, with its original; nothing half.
#![allow(clippy::unwrap_used)]

mod common;

use common::{add, case, new, report, stamp};
use dateline_casebook::{Casebook, Error, NewExport, NewReview, OutletRow, ReportStatus, ReviewQuery, UnreadWhy, Version};
use dateline_record::{Provenance, Reading, Report};
use serde_json::json;

const CAPTURE: &str = include_str!("fixtures/capture.reading.json");

fn reading() -> (Report, Reading) {
    let reading: Reading = serde_json::from_str(CAPTURE).unwrap();
    let document = reading.document.clone();
    let report = Report {
        reference: document.reference,
        text: document.text,
        title: document.title,
        url: document.url,
        source: document.source,
        author: document.author,
        published: document.published,
        language: None,
    };
    (report, reading)
}

fn version(program: &str) -> Version {
    Version { program: program.to_owned(), model: "m 1".to_owned(), lexicons: "l 1".to_owned(), gazetteer: "g 1".to_owned() }
}

#[test]
fn a_report_comes_back_as_it_was_added() {
    let (_folder, mut case) = case();
    let (mut report, _) = reading();
    report.reference = Some("sample-1".to_owned());
    report.language = Some("en".to_owned());
    let provenance = Provenance { input: "reports.jsonl#1".to_owned(), status: Some(200), ..Provenance::default() };
    let original = b"the exact bytes \x00\xff";
    let mut new = new(&report, &provenance);
    (new.original, new.media_type) = (original, Some("application/json"));
    let added = case.write::<_, Error>(|writer| writer.add_report(&new, &stamp())).unwrap();
    assert!(added.new && !added.captured);
    let reader = case.read();
    assert_eq!(reader.full_report(added.id).unwrap(), Some(report.clone()));
    let row = reader.report(added.id).unwrap().unwrap();
    assert_eq!((row.provenance, row.status, row.added_by.as_str()), (provenance, ReportStatus::Kept, "Jo"));
    assert_eq!(reader.original(&row.original).unwrap().unwrap(), original);
    let kept = reader.original_row(&row.original).unwrap().unwrap();
    assert_eq!((kept.bytes, kept.media_type.as_deref()), (18, Some("application/json")));
    assert!(case.dir().join(kept.path).is_file());
    assert_eq!(reader.find_report(&report).unwrap(), Some(added.id));
    assert_eq!(reader.reports_by_prefix(&format!("sha256:{}", &row.text_sha256[..6]), 9).unwrap(), [added.id]);
    assert_eq!(reader.reports_by_prefix("zz", 9).unwrap(), [0; 0]);
    assert_eq!(reader.reports_by_url("https://wire.example/1").unwrap(), [added.id]);
    assert_eq!(reader.reports_of_original(&row.original).unwrap(), [added.id]);
}

#[test]
fn the_same_again_is_no_new_report() {
    let (_folder, mut case) = case();
    let first = add(&mut case, &report("Shells fell on Sampleton."));
    let again = add(&mut case, &report("Shells fell on Sampleton."));
    assert_eq!((again.id, again.new, again.captured), (first.id, false, false));
    let before = case.info().unwrap();
    assert_eq!((before.counts.reports, before.counts.originals, before.counts.captures), (1, 1, 0));
    // Every part of the origin makes another report.
    let base = report("Shells fell on Sampleton.");
    let variants = [
        Report { source: Some("Sample Wire".to_owned()), ..base.clone() },
        Report { title: Some("Sample Wire".to_owned()), ..base.clone() },
        Report { author: Some("Sample Wire".to_owned()), ..base.clone() },
        Report { url: Some("Sample Wire".to_owned()), ..base.clone() },
        Report { reference: Some("Sample Wire".to_owned()), ..base.clone() },
        Report { published: Some("2024-12-01".parse().unwrap()), ..base.clone() },
        Report { title: Some(String::new()), ..base },
    ];
    for variant in variants {
        assert!(add(&mut case, &variant).new, "{variant:?}");
    }
    assert_eq!(case.info().unwrap().counts.originals, 1);
}

#[test]
fn another_original_of_a_known_report_is_a_capture() {
    let (_folder, mut case) = case();
    let report = report("Shells fell on Sampleton.");
    let id = add(&mut case, &report).id;
    let later = Provenance { captured: Some("2025-02-01T00:00:00Z".to_owned()), ..Provenance::default() };
    for expected in [true, false] {
        let mut new = new(&report, &later);
        new.original = b"<p>Shells fell on Sampleton.</p>";
        let added = case.write::<_, Error>(|writer| writer.add_report(&new, &stamp())).unwrap();
        assert_eq!((added.id, added.new, added.captured), (id, false, expected));
    }
    let captures = case.read().captures(id).unwrap();
    assert_eq!(captures.len(), 1);
    assert_eq!(captures[0].provenance, later);
    assert_eq!(case.read().original(&captures[0].original).unwrap().unwrap(), b"<p>Shells fell on Sampleton.</p>");
    assert_eq!(case.read().reports_of_original(&captures[0].original).unwrap(), [id]);
}

#[test]
fn readings_come_back_whole_and_older_ones_stay() {
    let (_folder, mut case) = case();
    let (report, first) = reading();
    let id = add(&mut case, &report).id;
    assert_eq!(case.read().unread(0, 9).unwrap()[0].why, UnreadWhy::NotYet);
    let mut second = first.clone();
    second.claims.pop();
    second.events.clear();
    second.document.language = "en-GB".to_owned();
    let (one, two) = case
        .write::<_, Error>(|writer| {
            let old = writer.version(&version("p 1"), &stamp())?;
            assert_eq!(writer.version(&version("p 1"), &stamp())?, old);
            assert_eq!(writer.reports_to_read_again(old, 0, 9)?, [id]);
            let one = writer.put_reading(id, &first, old, &stamp())?;
            assert_eq!(writer.put_reading(id, &first, old, &stamp())?, one);
            assert_eq!(writer.reports_to_read_again(old, 0, 9)?, [0; 0]);
            let new = writer.version(&version("p 2"), &stamp())?;
            assert_eq!(writer.reports_to_read_again(new, 0, 9)?, [id]);
            let two = writer.put_reading(id, &second, new, &stamp())?;
            Ok((one, two))
        })
        .unwrap();
    let reader = case.read();
    assert_eq!(reader.reading(id).unwrap(), Some(second));
    assert_eq!(reader.reading_by_id(one).unwrap(), Some(first));
    let rows = reader.readings(id).unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.id, row.current, row.superseded_by)).collect::<Vec<_>>(),
        [(one, false, Some(two)), (two, true, None)]
    );
    assert_eq!(reader.versions().unwrap().len(), 2);
}

#[test]
fn a_document_that_the_report_does_not_give_is_kept_with_the_reading() {
    let (_folder, mut case) = case();
    let (report, mut reading) = reading();
    reading.document.title = Some("Another headline".to_owned());
    let id = add(&mut case, &report).id;
    case.write::<_, Error>(|writer| {
        let version = writer.version(&version("p 1"), &stamp())?;
        writer.put_reading(id, &reading, version, &stamp())
    })
    .unwrap();
    assert_eq!(case.read().reading(id).unwrap(), Some(reading));
}

#[test]
fn err_a_reading_of_another_text_or_an_unsound_one() {
    let (_folder, mut case) = case();
    let (report, good) = reading();
    let id = add(&mut case, &report).id;
    let other = add(&mut case, &common::report("Another text.")).id;
    let mut unsound = good.clone();
    unsound.claims[0].sentence = 99;
    case.write::<_, Error>(|writer| {
        let version = writer.version(&version("p 1"), &stamp())?;
        assert!(matches!(writer.put_reading(other, &good, version, &stamp()), Err(Error::OtherText { .. })));
        assert!(matches!(writer.put_reading(id, &unsound, version, &stamp()), Err(Error::Unsound { .. })));
        assert!(matches!(writer.put_reading(77, &good, version, &stamp()), Err(Error::Missing { what: "report", .. })));
        // These are refusals, so the transaction goes on.
        writer.put_reading_error(other, "the parser gave up", version, &stamp())?;
        writer.put_reading(id, &good, version, &stamp())
    })
    .unwrap();
    let unread = case.read().unread(0, 9).unwrap();
    assert_eq!((unread[0].report, &unread[0].why), (other, &UnreadWhy::Failed("the parser gave up".to_owned())));
    assert_eq!(unread.len(), 1);
}

#[test]
fn decisions_stay_and_can_be_undone_once() {
    let (_folder, mut case) = case();
    let subject = json!({ "event": 7 });
    let grade = NewReview { kind: "grade".to_owned(), subject: subject.clone(), value: Some(json!("2")), ..NewReview::default() };
    let note = NewReview { kind: "note".to_owned(), subject: json!({ "event": 8 }), ..NewReview::default() };
    let ids = case
        .write::<_, Error>(|writer| {
            let ids = [writer.add_review(&grade, &stamp())?, writer.add_review(&note, &stamp())?];
            let undo = writer.undo_review(ids[0], "wrong event", &stamp())?;
            assert!(matches!(writer.undo_review(ids[0], "again", &stamp()), Err(Error::Undone(_))));
            assert!(matches!(writer.undo_review(undo, "no", &stamp()), Err(Error::Undone(_))));
            Ok([ids[0], ids[1], undo])
        })
        .unwrap();
    let reader = case.read();
    let found = |query: ReviewQuery| reader.reviews(&query).unwrap().rows.iter().map(|review| review.id).collect::<Vec<_>>();
    assert_eq!(found(ReviewQuery::default()), ids);
    assert_eq!(found(ReviewQuery { standing: true, ..ReviewQuery::default() }), [ids[1]]);
    assert_eq!(found(ReviewQuery { subject: Some(subject), ..ReviewQuery::default() }), [ids[0]]);
    assert_eq!(found(ReviewQuery { kind: Some("undo".to_owned()), ..ReviewQuery::default() }), [ids[2]]);
    assert_eq!(reader.review(ids[0]).unwrap().unwrap().undone_by, Some(ids[2]));
    let page = reader.reviews(&ReviewQuery { limit: 2, ..ReviewQuery::default() }).unwrap();
    assert_eq!(page.next, Some(ids[1].to_string()));
}

#[test]
fn outlets_feeds_and_exports_are_kept() {
    let (_folder, mut case) = case();
    let wire = OutletRow { name: "Sample Wire".to_owned(), aliases: vec!["SW".to_owned()], ..OutletRow::default() };
    let export =
        NewExport { format: "csv".to_owned(), filter: json!({}), rows: 3, sha256: "ab".to_owned(), manifest: json!({"a": 1}) };
    case.write::<_, Error>(|writer| {
        writer.set_outlet(&wire, &stamp())?;
        let head = writer.audit(0, 99)?.len();
        writer.set_outlet(&wire, &stamp())?;
        assert_eq!(writer.audit(0, 99)?.len(), head, "nothing changed, so nothing is noted");
        writer.set_outlet(&OutletRow { name: "Placeholder Times".to_owned(), ..OutletRow::default() }, &stamp())?;
        assert!(writer.remove_outlet("Placeholder Times", &stamp())?);
        assert!(!writer.remove_outlet("Placeholder Times", &stamp())?);
        writer.put_feed("https://wire.example/feed", &json!({"etag": "x"}))?;
        writer.put_feed("https://wire.example/feed", &json!({"etag": "y"}))?;
        assert!(writer.mark_seen("https://wire.example/feed", "1")?);
        assert!(!writer.mark_seen("https://wire.example/feed", "1")?);
        writer.log_export(&export, &stamp())
    })
    .unwrap();
    let reader = case.read();
    assert_eq!(reader.outlets().unwrap(), [wire]);
    assert_eq!(reader.feed("https://wire.example/feed").unwrap(), Some(json!({"etag": "y"})));
    assert!(reader.seen("https://wire.example/feed", "1").unwrap());
    assert_eq!(reader.exports().unwrap()[0].export, export);
}

#[test]
fn a_withdrawn_report_stays() {
    let (_folder, mut case) = case();
    let id = add(&mut case, &report("Shells fell on Sampleton.")).id;
    case.write::<_, Error>(|writer| writer.withdraw_report(id, "correction of 3 January", &stamp())).unwrap();
    let row = case.read().report(id).unwrap().unwrap();
    assert_eq!((row.status, row.status_why.as_deref()), (ReportStatus::Withdrawn, Some("correction of 3 January")));
    assert!(case.write::<_, Error>(|writer| writer.withdraw_report(99, "", &stamp())).is_err());
}

#[test]
fn a_failed_step_keeps_nothing_even_when_it_is_ignored() {
    let (_folder, mut case) = case();
    let answer = case.write::<_, Error>(|writer| {
        let provenance = Provenance::default();
        writer.add_report(&new(&report("One."), &provenance), &stamp())?;
        let _ = writer.withdraw_report(99, "", &stamp());
        Ok(())
    });
    assert!(matches!(answer, Err(Error::Broken)));
    assert_eq!(case.info().unwrap().counts.reports, 0);
    assert_eq!(common::archive_files(case.dir()), 0);
    let answer = case.write::<(), Error>(|writer| {
        writer.add_report(&new(&report("One."), &Provenance::default()), &stamp())?;
        Err(Error::Busy)
    });
    assert!(matches!(answer, Err(Error::Busy)));
    assert_eq!((case.info().unwrap().counts.originals, common::archive_files(case.dir())), (0, 0));
    assert!(add(&mut case, &report("One.")).new);
}

#[test]
fn a_panic_keeps_nothing_and_the_case_goes_on() {
    let (_folder, mut case) = case();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = case.write::<(), Error>(|writer| {
            writer.add_report(&new(&report("One."), &Provenance::default()), &stamp())?;
            panic!("on purpose")
        });
    }));
    assert!(caught.is_err());
    assert_eq!((case.info().unwrap().counts.reports, common::archive_files(case.dir())), (0, 0));
    assert!(add(&mut case, &report("One.")).new);
}

#[test]
fn err_directories_that_hold_no_case_or_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let init = |dir: &std::path::Path| Casebook::init(dir, "n", "2025-01-01T00:00:00Z", "Jo");
    assert!(matches!(Casebook::open(folder.path()), Err(Error::NoCase(_))));
    assert!(matches!(Casebook::read_only(folder.path()), Err(Error::NoCase(_))));
    std::fs::write(folder.path().join("notes.txt"), "x").unwrap();
    assert!(matches!(init(folder.path()), Err(Error::NotEmpty { found, .. }) if found == "notes.txt"));
    let dir = folder.path().join("a/b");
    drop(init(&dir).unwrap());
    assert!(matches!(init(&dir), Err(Error::Exists(_))));
    std::fs::write(dir.join("case.db"), "not a database at all, but long enough to be looked at by SQLite as if it were one")
        .unwrap();
    assert!(matches!(Casebook::open(&dir), Err(Error::Foreign { .. })));
    assert!(matches!(init(&dir), Err(Error::NotEmpty { .. })));
    // A making that was cut short can be done again.
    let short = folder.path().join("short");
    std::fs::create_dir_all(short.join("archive")).unwrap();
    std::fs::write(short.join("case.db"), "").unwrap();
    assert!(matches!(Casebook::open(&short), Err(Error::Foreign { reason, .. }) if reason.contains("cut short")));
    assert!(init(&short).is_ok());
}

#[test]
fn info_says_what_the_case_is() {
    let (_folder, mut case) = case();
    add(&mut case, &report("One."));
    let info = case.info().unwrap();
    assert_eq!((info.name.as_str(), info.created_by.as_str(), info.id.len(), info.schema), ("Sample case", "Jo", 32, 5));
    assert_eq!((info.head.seq, info.sizes.originals), (3, 4));
    assert!(info.sizes.database > 0 && info.sizes.archive > 0);
    let read_only = Casebook::read_only(case.dir()).unwrap();
    assert_eq!(read_only.info().unwrap(), info);
}
