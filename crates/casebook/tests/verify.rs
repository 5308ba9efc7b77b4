//! Whatever another hand changes in the record is found and named.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use common::{add, report, stamp};
use dateline_casebook::{Casebook, Error, NewReview, NewSighting, NewWords, OutletRow, PictureRow, Version};
use dateline_record::Reading;

/// A case with three reports, a reading, a review and an outlet that was removed.
fn sample() -> (tempfile::TempDir, Casebook) {
    let (folder, mut case) = common::case();
    for text in ["One.", "Two.", "Three."] {
        add(&mut case, &report(text));
    }
    case.write::<_, Error>(|writer| {
        let version = writer.version(&Version { program: "p 1".to_owned(), ..Version::default() }, &stamp())?;
        let first = Reading::not_read(&report("One."), "en", "not read: too short".to_owned());
        writer.put_reading(1, &first, version, &stamp())?;
        writer.put_reading(
            1,
            &Reading::not_read(&report("One."), "uk", "not read: language uk".to_owned()),
            version,
            &stamp(),
        )?;
        let review = writer.add_review(&NewReview { kind: "note".to_owned(), ..NewReview::default() }, &stamp())?;
        writer.undo_review(review, "wrong", &stamp())?;
        writer.set_outlet(&OutletRow { name: "Sample Wire".to_owned(), ..OutletRow::default() }, &stamp())?;
        writer.set_outlet(&OutletRow { name: "Placeholder Times".to_owned(), ..OutletRow::default() }, &stamp())?;
        writer.remove_outlet("Placeholder Times", &stamp())?;
        writer.withdraw_report(3, "taken back", &stamp())
    })
    .unwrap();
    (folder, case)
}

/// What verify finds after somebody ran this SQL on the database.
fn after(sql: &str) -> Vec<String> {
    let (_folder, case) = sample();
    let db = rusqlite::Connection::open(case.dir().join("case.db")).unwrap();
    db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
    assert!(db.changes() > 0, "{sql}");
    let mut quick = Vec::new();
    case.verify(false, &mut |fault| quick.push(fault.to_string())).unwrap();
    let (verified, deep) = common::verify(&case);
    assert_eq!(verified.faults as usize, deep.len());
    assert!(quick.iter().all(|fault| deep.contains(fault)), "a deep look finds what a quick one does: {quick:?} {deep:?}");
    assert!(!quick.is_empty(), "a quick look finds it too: {sql}");
    deep
}

#[track_caller]
fn finds(sql: &str, expected: &[&str]) {
    let found = after(sql);
    for expected in expected {
        assert!(found.iter().any(|fault| fault.contains(expected)), "{sql}\nexpected: {expected}\nfound: {found:#?}");
    }
}

#[test]
fn an_untouched_case_is_whole() {
    let (_folder, case) = sample();
    let (verified, faults) = common::verify(&case);
    assert_eq!(faults, [""; 0]);
    assert_eq!((verified.files, verified.rows), (3, 3 + 3 + 1 + 2 + 2 + 1));
    assert_eq!(verified.head, Some(case.info().unwrap().head));
    assert_eq!(verified.audit_entries, case.read().audit(0, 999).unwrap().len() as u64);
}

#[test]
fn altered_rows_are_found() {
    finds("UPDATE report SET source = 'Somebody else' WHERE id = 2", &["report/2: altered"]);
    finds("UPDATE report SET status = 'kept', status_why = NULL WHERE id = 3", &["report/3: altered"]);
    finds("UPDATE report SET provenance = '{\"input\":\"x\",\"format\":\"y\"}' WHERE id = 1", &["report/1: altered"]);
    finds("UPDATE original SET first_seen = '1999-01-01T00:00:00Z' WHERE id = 1", &["original/1: altered"]);
    finds("UPDATE reading SET claims = 9 WHERE id = 2", &["reading/2: altered"]);
    finds("UPDATE review SET undone_by = NULL WHERE id = 1", &["review/1: altered"]);
    finds("UPDATE version SET model = 'better' WHERE id = 1", &["version/1: altered"]);
    finds("UPDATE outlet SET owner = 'Nobody' WHERE name = 'Sample Wire'", &["outlet/Sample Wire: altered"]);
    finds("UPDATE meta SET value = 'Another case' WHERE name = 'name'", &["meta/name, id, created_at, created_by: altered"]);
}

#[test]
fn altered_texts_and_readings_are_found() {
    finds("UPDATE report SET text = (SELECT text FROM report WHERE id = 2) WHERE id = 1", &["report/1: text damaged"]);
    finds("UPDATE report SET text = x'00' WHERE id = 1", &["report/1: text damaged", "no zstd frame"]);
    finds("UPDATE reading SET json = (SELECT json FROM reading WHERE id = 1) WHERE id = 2", &["reading/2: reading damaged"]);
    finds(
        "UPDATE reading SET json = (SELECT json FROM reading WHERE id = 1), sha256 = (SELECT sha256 FROM reading WHERE id = 1) WHERE id = 2",
        &["reading/2: altered"],
    );
}

#[test]
fn rows_that_came_or_went_are_found() {
    finds(
        "DELETE FROM report WHERE id = 2",
        &["report/2: removed", "report/*: 2 rows, where 3 were noted", "full_text/2: full text"],
    );
    finds("DELETE FROM reading WHERE id = 1", &["reading/1: removed"]);
    finds(
        "INSERT INTO report (key, original, text_sha256, added_at, added_by, status, provenance, text)
         SELECT x'00', original, text_sha256, added_at, added_by, status, provenance, text FROM report WHERE id = 1",
        &[
            "report/4: added by another hand",
            "report/*: 4 rows, where 3 were noted",
            "full_text/4: full text: its words are missing",
        ],
    );
    finds("INSERT INTO outlet (name, aliases) VALUES ('Placeholder Times', '[]')", &["outlet/Placeholder Times: added"]);
    finds("INSERT INTO outlet (name, aliases) VALUES ('New', '[]')", &["outlet/New: added"]);
    finds("UPDATE review SET id = 7 WHERE id = 1", &["review/7: added", "review/1: removed"]);
}

#[test]
fn a_chain_that_was_touched_is_found() {
    finds("UPDATE audit SET by = 'Somebody else' WHERE seq = 3", &["audit/3: entry altered"]);
    finds("UPDATE audit SET digest = x'00' WHERE seq = 4", &["audit/4: entry altered"]);
    finds("UPDATE audit SET hash = zeroblob(32) WHERE seq = 4", &["audit/4: entry altered", "audit/5: entry does not follow"]);
    finds("DELETE FROM audit WHERE seq = 4", &["audit/5: 1 entries before it are missing"]);
    finds("DELETE FROM audit WHERE seq > 10", &["entries after it are missing", "added by another hand"]);
    finds("UPDATE audit SET hash = x'00' WHERE seq = (SELECT max(seq) FROM audit)", &["another hash than noted"]);
    finds("DELETE FROM meta WHERE name = 'head'", &["none is noted"]);
    finds("UPDATE meta SET value = 'x' WHERE name = 'head'", &["end of the audit chain"]);
    finds(
        "INSERT INTO audit SELECT max(seq) + 1, 'now', 'me', 'report.add', 'report/9', x'00', x'00', x'00' FROM audit",
        &["does not follow", "entry altered", "report/9: removed", "it was noted to end with"],
    );
}

/// The archive's files.
fn files(case: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in std::fs::read_dir(case.join("archive")).unwrap().flatten() {
        files.extend(std::fs::read_dir(folder.path()).unwrap().flatten().map(|file| file.path()));
    }
    files.sort_unstable();
    files
}

fn shown(case: &Path, file: &Path) -> String {
    file.strip_prefix(case).unwrap().display().to_string()
}

#[test]
fn a_touched_archive_is_found() {
    let (_folder, case) = sample();
    let files = files(case.dir());
    std::fs::remove_file(&files[0]).unwrap();
    let same_length = std::fs::read(&files[1]).unwrap().len();
    std::fs::write(&files[1], vec![b'x'; same_length]).unwrap();
    std::fs::write(&files[2], "short").unwrap();
    std::fs::write(case.dir().join("archive/00/added"), "x").unwrap_or_else(|_| {
        std::fs::create_dir_all(case.dir().join("archive/00")).unwrap();
        std::fs::write(case.dir().join("archive/00/added"), "x").unwrap();
    });
    let (verified, faults) = common::verify(&case);
    assert_eq!(verified.faults, 4, "{faults:?}");
    let has = |file: &Path, what: &str| {
        let expected = format!("{}: {what}", shown(case.dir(), file));
        assert!(faults.iter().any(|fault| fault.starts_with(&expected)), "{expected}\n{faults:?}");
    };
    has(&files[0], "missing");
    has(&files[1], "altered");
    has(&files[2], "altered: 5 bytes");
    has(&case.dir().join("archive/00/added"), "belongs to no original");
    let reader = case.read();
    let failing = [1u64, 2, 3].iter().filter(|&&id| {
        let row = reader.report(id).unwrap().unwrap();
        reader.original(&row.original).is_err()
    });
    assert_eq!(failing.count(), 3, "nobody is given an original that is not the one that was added");
}

#[test]
fn another_text_under_the_name_of_an_original_is_found() {
    let (_folder, case) = sample();
    let files = files(case.dir());
    // The same length, a sound frame, other bytes.
    let packed = zstd::bulk::compress(b"0ne.", 3).unwrap();
    let one = files.iter().find(|file| std::fs::read(file).unwrap() == zstd::bulk::compress(b"One.", 3).unwrap()).unwrap();
    std::fs::write(one, packed).unwrap();
    let (_, faults) = common::verify(&case);
    assert_eq!(faults, [format!("{}: altered: it does not hold the bytes that were added", shown(case.dir(), one))]);
    let mut quick = 0;
    case.verify(false, &mut |_| quick += 1).unwrap();
    assert_eq!(quick, 0, "that takes a deep look");
}

#[test]
fn what_a_killed_transaction_left_is_no_tampering_and_goes_with_the_next_opening() {
    let (_folder, case) = sample();
    let dir = case.dir().to_owned();
    let name = "ab".to_owned() + &"0".repeat(62);
    std::fs::create_dir_all(dir.join("archive/ab")).unwrap();
    std::fs::write(dir.join(format!("archive/ab/{name}.zst")), "half").unwrap();
    // The note names it, and an original that was kept after all.
    let kept = files(&dir).into_iter().find(|file| !file.to_string_lossy().contains(&name)).unwrap();
    let kept_name = kept.file_stem().unwrap().to_string_lossy().into_owned();
    std::fs::write(dir.join("archive/writing.1"), format!("{name}\n{kept_name}\nab00")).unwrap();
    let (verified, faults) = common::verify(&case);
    assert_eq!((verified.faults, verified.left_over), (0, 2), "{faults:?}");
    assert!(faults.iter().all(|fault| fault.contains("left over")));
    drop(case);
    let case = Casebook::open(&dir).unwrap();
    let (verified, faults) = common::verify(&case);
    assert_eq!((verified.faults, verified.left_over), (0, 0), "{faults:?}");
    assert!(kept.exists());
}

#[test]
fn views_are_no_evidence() {
    let (_folder, mut case) = sample();
    case.write::<_, Error>(|writer| {
        writer.post(1, u64::MAX, 5)?;
        writer.put(2, 5, b"x")
    })
    .unwrap();
    case.write::<_, Error>(|writer| writer.clear_views()).unwrap();
    assert_eq!(case.read().postings(1, u64::MAX, 9).unwrap(), [0; 0]);
    assert_eq!(case.read().get(2, 5).unwrap(), None);
    let faults = common::verify(&case).1;
    assert!(faults.len() == 3 && faults.iter().all(|fault| fault.contains("can be made anew")), "{faults:?}");
    case.write::<_, Error>(|writer| {
        let reports = writer.report_ids(0, 9)?;
        reports.into_iter().try_for_each(|id| writer.index_text(id, "", "words"))
    })
    .unwrap();
    assert_eq!(common::verify(&case).1, [""; 0]);
}

#[test]
fn media_are_kept_once_and_watched_over() {
    let (_folder, mut case) = sample();
    let add = |case: &mut Casebook, name: &str, bytes: &[u8]| {
        case.write::<_, Error>(|writer| writer.add_medium(1, name, bytes, &common::stamp())).unwrap()
    };
    assert!(add(&mut case, "photos/a.jpg", b"picture") && !add(&mut case, "photos/a.jpg", b"picture"));
    assert!(add(&mut case, "photos/a.jpg", b"another") && add(&mut case, "b.jpg", b"picture"));
    let media = case.read().media(1).unwrap();
    assert_eq!(media.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["photos/a.jpg", "photos/a.jpg", "b.jpg"]);
    assert_eq!(case.read().original(&media[2].1).unwrap().unwrap(), b"picture");
    assert!(case.write::<_, Error>(|writer| writer.add_medium(99, "a", b"x", &common::stamp())).is_err());
    assert_eq!(common::verify(&case).1, [""; 0]);
    let db = rusqlite::Connection::open(case.dir().join("case.db")).unwrap();
    db.execute("UPDATE medium SET name = 'c.jpg' WHERE id = 3", []).unwrap();
    let faults = common::verify(&case).1;
    assert!(faults.iter().any(|fault| fault.contains("medium/3")), "{faults:?}");
}

#[test]
fn words_on_media_and_sightings_are_kept_once_and_watched_over() {
    let (_folder, mut case) = sample();
    let stamp = common::stamp();
    let words = NewWords { name: "a.jpg", bytes: Some(b"picture"), caption: Some("The bridge"), ..NewWords::default() };
    let named = NewWords { name: "b.jpg", address: Some("https://sample.example/b.jpg"), ..NewWords::default() };
    let published = "2022-05-03".parse().unwrap();
    let sighting = NewSighting {
        name: "found.jpg",
        bytes: b"picture",
        source: Some("Sample Wire"),
        published: Some(&published),
        frame_of: Some((b"film", Some(2_000))),
        ..NewSighting::default()
    };
    // Words on what was not kept.
    assert!(case.write::<_, Error>(|writer| writer.add_medium_words(1, &words, &stamp)).is_err());
    let again = case
        .write::<_, Error>(|writer| {
            writer.add_medium(1, "a.jpg", b"picture", &stamp)?;
            let mut new = Vec::new();
            for _ in 0..2 {
                new.push(writer.add_medium_words(1, &words, &stamp)?);
                new.push(writer.add_medium_words(1, &named, &stamp)?);
                new.push(writer.add_sighting(&sighting, &stamp)?);
            }
            Ok(new)
        })
        .unwrap();
    assert_eq!(again, [true, true, true, false, false, false]);
    let sha256 = case.read().media(1).unwrap()[0].1.clone();
    let shown = case.read().shown(&sha256).unwrap();
    assert_eq!((shown[0].report, shown[0].caption.as_deref()), (1, Some("The bridge")));
    assert_eq!(case.read().named_media(1).unwrap()[0].name, "b.jpg");
    let seen = case.read().sightings(&sha256).unwrap();
    assert_eq!(
        (seen[0].source.as_deref(), seen[0].published.clone(), seen[0].at_ms),
        (Some("Sample Wire"), Some(published), Some(2_000))
    );
    let video = seen[0].video.as_ref().unwrap();
    assert_eq!(case.read().original(video).unwrap().unwrap(), b"film");
    assert_eq!(case.read().frames(video).unwrap(), [(sha256.clone(), Some(2_000))]);
    assert_eq!(case.read().frames(&sha256).unwrap(), []);
    assert_eq!(common::verify(&case).1, [""; 0]);
    let db = rusqlite::Connection::open(case.dir().join("case.db")).unwrap();
    db.execute_batch("UPDATE sighting SET published = '2024'; UPDATE medium_words SET caption = 'x' WHERE id = 1").unwrap();
    let faults = common::verify(&case).1;
    assert!(faults.iter().any(|fault| fault.contains("sighting/1: altered")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("medium_words/1: altered")), "{faults:?}");
}

#[test]
fn what_is_found_in_pictures_can_be_found_anew() {
    let (_folder, mut case) = sample();
    let stamp = common::stamp();
    case.write::<_, Error>(|writer| {
        writer.add_medium(1, "a.jpg", b"picture", &stamp)?;
        writer.add_medium(2, "notes.pdf", b"document", &stamp)
    })
    .unwrap();
    let unseen = case.read().media_originals(0, 9, true).unwrap();
    assert_eq!(unseen.iter().map(|(_, name, _)| name.as_str()).collect::<Vec<_>>(), ["a.jpg", "notes.pdf"]);
    let sha256 = unseen[0].2.clone();
    let found = PictureRow { sha256: sha256.clone(), pdq: Some([7; 32]), details: Some(vec![1, 2]), ..PictureRow::default() };
    let number = case.write::<_, Error>(|writer| writer.put_picture(&found)).unwrap();
    assert_eq!(case.read().picture(&sha256).unwrap(), Some(found.clone()));
    assert_eq!(case.read().pictures_by_prefix(&sha256[..6], 9).unwrap(), std::slice::from_ref(&sha256));
    assert_eq!(case.read().media_originals(0, 9, true).unwrap().len(), 1);
    let again = PictureRow { details: Some(vec![3]), ..found };
    assert_eq!(case.write::<_, Error>(|writer| writer.put_picture(&again)).unwrap(), number);
    assert_eq!(case.read().picture(&sha256).unwrap(), Some(again));
    let unknown = PictureRow { sha256: "00".repeat(32), ..PictureRow::default() };
    assert!(case.write::<_, Error>(|writer| writer.put_picture(&unknown)).is_err());
    assert_eq!(common::verify(&case).1, [""; 0]);
}
