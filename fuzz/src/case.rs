//! Damaged cases, and anything that people may type into a search.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use dateline_casebook::{Casebook, Error, EventQuery, EventRow, NewReport, SearchQuery, SearchSort, Stamp, Version};
use dateline_record::{Provenance, Report};

const TEXTS: &[&str] = &[
    "Shells fell on Sampleton on Friday, the mayor said.",
    "The army denied that it had shelled Sampleton.",
    "Обстріл Зразкового тривав дві години, повідомив мер.",
];

/// A sound case: its folder, kept for the life of the process, and the bytes of its database.
static BASE: LazyLock<(tempfile::TempDir, Vec<u8>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for the case");
    let dir = folder.path().join("case");
    build(&dir).expect("the case can be made");
    let bytes = fs::read(dir.join("case.db")).expect("the case was made");
    (folder, bytes)
});

fn build(dir: &Path) -> Result<(), Error> {
    let stamp = Stamp::new("2025-01-02T10:00:00Z", "Jo");
    let mut case = Casebook::init(dir, "Sample", &stamp.at, &stamp.by)?;
    case.write::<_, Error>(|writer| {
        let version = writer.version(&Version::default(), &stamp)?;
        for (nth, text) in (1..).zip(TEXTS) {
            let report = Report { text: (*text).to_owned(), source: Some(format!("Outlet {nth}")), ..Report::default() };
            let provenance = Provenance::default();
            let new = NewReport { report: &report, provenance: &provenance, original: text.as_bytes(), media_type: None };
            let id = writer.add_report(&new, &stamp)?.id;
            writer.put_reading_error(id, "not read", version, &stamp)?;
            for key in 0..60 {
                writer.post(1, key, nth)?;
            }
            writer.put(3, nth, text.as_bytes())?;
            writer.put_event(&EventRow {
                id: nth,
                kind: Some("ASSAULT".to_owned()),
                summary: (*text).to_owned(),
                status: "single-source".to_owned(),
                country: Some("UKR".to_owned()),
                updated: stamp.at.clone(),
                ..EventRow::default()
            })?;
        }
        Ok(())
    })?;
    case.optimize()
}

/// A case with damaged bytes is opened or refused, looked through and verified without a panic, and no question whatever breaks a sound one.
///
/// The first byte chooses: a question to the sound case made of the rest, or changes of four bytes each (place, new value).
pub fn case(data: &[u8]) {
    let Some((&mode, rest)) = data.split_first() else { return };
    let (folder, sound) = &*BASE;
    let text = String::from_utf8_lossy(rest);
    if mode % 2 == 0 {
        let case = Casebook::read_only(&folder.path().join("case")).expect("the sound case opens");
        if let Err(error) = ask(&case, &text)
            && !matches!(error, Error::NothingAsked(_) | Error::Cursor(_))
        {
            panic!("a question broke the case: {error}");
        }
        return;
    }
    let other = tempfile::tempdir().expect("a folder for the damaged case");
    let mut bytes = sound.clone();
    for change in rest.chunks_exact(4) {
        let place = change[..3].iter().fold(0usize, |number, &byte| number << 8 | usize::from(byte)) % bytes.len();
        bytes[place] = change[3];
    }
    if mode % 8 == 1 {
        bytes.truncate(rest.iter().fold(0usize, |number, &byte| number << 8 | usize::from(byte)) % sound.len());
    }
    fs::write(other.path().join("case.db"), bytes).expect("the damaged case can be written");
    for open in [Casebook::read_only, Casebook::open] {
        let Ok(mut case) = open(other.path()) else { continue };
        let _ = case.info();
        let _ = ask(&case, "shells OR зразкового");
        let _ = case.verify(true, &mut |_| ());
        let reader = case.read();
        for id in 1..4 {
            let _ = reader.full_report(id);
            let _ = reader.postings(1, id, 9);
            let _ = reader.get(3, id);
        }
        drop(reader);
        let stamp = Stamp::new("2025-01-03T10:00:00Z", "Jo");
        let report = Report { text: "Another one.".to_owned(), ..Report::default() };
        let provenance = Provenance::default();
        let new = NewReport { report: &report, provenance: &provenance, original: b"Another one.", media_type: None };
        let _ = case.write::<_, Error>(|writer| writer.add_report(&new, &stamp));
    }
}

fn ask(case: &Casebook, text: &str) -> Result<(), Error> {
    let reader = case.read();
    for sort in [SearchSort::Best, SearchSort::Newest] {
        let found =
            reader.search(&SearchQuery { text: text.to_owned(), sort, limit: 1, count: true, ..SearchQuery::default() })?;
        for hit in &found.rows {
            let snippet = &hit.snippet;
            let length = snippet.text.chars().count();
            assert!(
                snippet.marks.iter().all(|mark| mark.start < mark.end && mark.end <= length),
                "a mark outside the words shown"
            );
        }
        reader.search(&SearchQuery { text: text.to_owned(), sort, after: found.next, ..SearchQuery::default() })?;
    }
    reader.events(&EventQuery { text: Some(text.to_owned()), count: true, ..EventQuery::default() })?;
    reader.events(&EventQuery { actor: Some(text.to_owned()), ..EventQuery::default() })?;
    reader.events(&EventQuery { place: Some(text.to_owned()), after: Some(text.to_owned()), ..EventQuery::default() })?;
    Ok(())
}
