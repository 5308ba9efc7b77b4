//! Pictures as they are looked through: clusters a page at a time, and what is veiled for whose sake.
#![allow(clippy::unwrap_used)]

mod common;

use common::{add, report, stamp};
use dateline_casebook::{Casebook, Error, NewSighting, NewWords, PictureRow};

/// Five pictures, `p1` to `p5`, of a report; the second to the fourth are alike. Gives the SHA-256 of each.
fn sample() -> (tempfile::TempDir, Casebook, Vec<String>) {
    let (folder, mut case) = common::case();
    add(&mut case, &report("One."));
    add(&mut case, &report("Two."));
    let names = ["p1", "p2", "p3", "p4", "p5"];
    case.write::<_, Error>(|writer| {
        names.iter().try_for_each(|name| writer.add_medium(1, name, name.as_bytes(), &stamp()).map(drop))
    })
    .unwrap();
    let all: Vec<String> = case.read().media_originals(0, 9, true).unwrap().into_iter().map(|(_, _, sha256)| sha256).collect();
    case.write::<_, Error>(|writer| {
        all.iter().try_for_each(|sha256| {
            writer.put_picture(&PictureRow { sha256: sha256.clone(), preview: Some(vec![1]), ..PictureRow::default() }).map(drop)
        })
    })
    .unwrap();
    case.write::<_, Error>(|writer| {
        let like = |id: u64| vec![(id, "{}".to_owned())];
        [(1, vec![]), (2, vec![]), (3, like(2)), (4, like(3)), (5, vec![])]
            .iter()
            .try_for_each(|(id, alike)| writer.file_picture(*id, alike))
    })
    .unwrap();
    (folder, case, all)
}

#[test]
fn clusters_come_newest_first_a_page_at_a_time_each_once() {
    let (_folder, mut case, _) = sample();
    let page = |before, limit, several| {
        let rows = case.read().clusters(before, limit, several).unwrap();
        rows.iter().map(|row| (row.newest, row.pictures)).collect::<Vec<_>>()
    };
    assert_eq!(page(u64::MAX, 9, false), [(5, 1), (4, 3), (1, 1)]);
    assert_eq!(page(u64::MAX, 2, false), [(5, 1), (4, 3)]);
    assert_eq!(page(4, 2, false), [(1, 1)]);
    assert_eq!(page(u64::MAX, 9, true), [(4, 3)]);
    // A single picture that a second report carries was seen more than once too.
    case.write::<_, Error>(|writer| writer.add_medium(2, "again", b"p5", &stamp()).map(drop)).unwrap();
    let several = case.read().clusters(u64::MAX, 9, true).unwrap();
    assert_eq!(several.iter().map(|row| row.newest).collect::<Vec<_>>(), [5, 4]);
}

#[test]
fn a_veil_holds_for_what_is_alike_and_for_frames_of_a_film() {
    let (_folder, mut case, all) = sample();
    case.write::<_, Error>(|writer| {
        writer.add_veil(&all[1], "dead", Some(1))?;
        writer.add_veil(&all[1], "dead", Some(1))?;
        writer.add_veil(&"00".repeat(32), "dead", None)?;
        writer.add_medium(2, "film.mp4", b"film", &stamp())?;
        let frame = NewSighting { name: "frame", bytes: b"p5", frame_of: Some((b"film", Some(40))), ..NewSighting::default() };
        writer.add_sighting(&frame, &stamp())
    })
    .unwrap();
    let reasons = |case: &Casebook, picture| {
        let rows = case.read().veils(picture, 9).unwrap();
        rows.into_iter().map(|row| (row.reason, row.report)).collect::<Vec<_>>()
    };
    assert_eq!(reasons(&case, 2), [("dead".to_owned(), Some(1))]);
    assert_eq!(reasons(&case, 4), [("dead".to_owned(), Some(1))], "it is alike");
    assert_eq!((reasons(&case, 1), reasons(&case, 5)), (vec![], vec![]));
    let film = case.read().media(2).unwrap()[0].1.clone();
    case.write::<_, Error>(|writer| writer.add_veil(&film, "captivity", None)).unwrap();
    assert_eq!(reasons(&case, 5), [("captivity".to_owned(), None)], "it is a frame of the film");
    case.write::<_, Error>(|writer| {
        writer.clear_veils_of_picture(&film)?;
        writer.clear_veils_of_report(1)
    })
    .unwrap();
    assert_eq!((reasons(&case, 2), reasons(&case, 5)), (vec![], vec![]));
    // Views say nothing to the audit chain.
    assert_eq!(common::verify(&case).1, [""; 0]);
}

#[test]
fn what_captions_name_goes_with_their_words() {
    let (_folder, mut case, all) = sample();
    let caption = NewWords { name: "p1", bytes: Some(b"p1"), caption: Some("A bridge in Sampleton."), ..NewWords::default() };
    case.write::<_, Error>(|writer| writer.add_medium_words(1, &caption, &stamp()).map(drop)).unwrap();
    let (id, words) = case.read().words_on_media(1).unwrap().remove(0);
    assert_eq!((words.caption.as_deref(), words.named), (Some("A bridge in Sampleton."), None));
    for named in ["[\"A\"]", "[\"B\"]"] {
        case.write::<_, Error>(|writer| writer.put_caption(id, named)).unwrap();
        assert_eq!(case.read().shown(&all[0]).unwrap()[0].named.as_deref(), Some(named));
    }
    let of_report: Vec<_> =
        case.read().media_shown(1).unwrap().into_iter().map(|(sha256, shown)| (sha256, shown.named)).collect();
    assert_eq!(of_report[0], (all[0].clone(), Some("[\"B\"]".to_owned())));
    assert_eq!((of_report.len(), of_report[1].1.as_ref()), (5, None));
    assert!(case.write::<_, Error>(|writer| writer.put_caption(99, "[]")).is_err(), "there are no such words");
}
