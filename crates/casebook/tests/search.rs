//! Full text: what people type finds what they mean, in order, a page at a time, and never fails.
#![allow(clippy::unwrap_used)]

mod common;

use common::{add, report};
use dateline_casebook::{Casebook, Error, EventQuery, EventRow, NewHappening, SearchQuery, SearchSort};
use dateline_record::{Date, Report};
use proptest::prelude::*;

fn texts() -> (tempfile::TempDir, Casebook) {
    let (folder, mut case) = common::case();
    for (title, source, published, text) in [
        ("Capture near Kúrsk", "Sample Wire", "2024-12-24", "The soldier was captured near Sampleton, the army said."),
        (
            "Denial",
            "Sample Gazette",
            "2024-12-26",
            "The rebels deny that the soldier was captured. No soldier was taken prisoner of war.",
        ),
        ("Weather", "Sample Wire", "2024-12", "Rain captivated Sampleton."),
        ("Зеленський", "Placeholder Times", "2025-01", "Заява Зеленського про полонених."),
    ] {
        let report = Report {
            title: Some(title.to_owned()),
            source: Some(source.to_owned()),
            published: Some(published.parse().unwrap()),
            ..report(text)
        };
        add(&mut case, &report);
    }
    (folder, case)
}

fn ids(case: &Casebook, query: &SearchQuery) -> Vec<u64> {
    case.read().search(query).unwrap().rows.iter().map(|hit| hit.report.id).collect()
}

fn newest(case: &Casebook, text: &str) -> Vec<u64> {
    ids(case, &SearchQuery { text: text.to_owned(), sort: SearchSort::Newest, ..SearchQuery::default() })
}

#[test]
fn words_phrases_beginnings_and_words_left_out() {
    let (_folder, case) = texts();
    assert_eq!(newest(&case, "soldier"), [2, 1]);
    assert_eq!(newest(&case, "KURSK"), [1], "titles count, without their accents");
    assert_eq!(newest(&case, "soldier -rebels"), [1]);
    assert_eq!(newest(&case, "\"prisoner of war\""), [2]);
    assert_eq!(newest(&case, "\"of prisoner war\""), [0; 0]);
    assert_eq!(newest(&case, "capt*"), [3, 2, 1]);
    assert_eq!(newest(&case, "Captu* -rain"), [2, 1]);
    assert_eq!(newest(&case, "-capt* samp*"), [0; 0]);
    assert_eq!(newest(&case, "rain OR army"), [3, 1]);
    assert_eq!(newest(&case, "Зеленськ*"), [4]);
    assert_eq!(newest(&case, "prisoner-of-w*"), [2]);
    assert_eq!(newest(&case, "xylophon*"), [0; 0]);
    let nothing = case.read().search(&SearchQuery { text: "-soldier".to_owned(), ..SearchQuery::default() });
    assert!(matches!(nothing, Err(Error::NothingAsked(_))));
}

#[test]
fn the_best_come_first_whichever_way_they_are_weighed() {
    let (_folder, case) = texts();
    for text in ["denial OR soldier", "\"denial\" OR sold*"] {
        let page = case.read().search(&SearchQuery { text: text.to_owned(), count: true, ..SearchQuery::default() }).unwrap();
        assert_eq!(page.rows.iter().map(|hit| hit.report.id).collect::<Vec<_>>(), [2, 1], "{text}");
        assert!(page.rows[0].score > page.rows[1].score);
        assert_eq!(page.total.unwrap().count, 2);
        let snippet = &page.rows[1].snippet;
        assert_eq!(snippet.text.chars().skip(snippet.marks[0].start).take(snippet.marks[0].len()).collect::<String>(), "soldier");
    }
}

#[test]
fn by_outlet_and_by_day_of_publication() {
    let (_folder, case) = texts();
    let query = |from: Option<&str>, to: Option<&str>, source: Option<&str>| {
        let day = |text: Option<&str>| {
            text.and_then(|text| {
                let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
                Date::new(parts[0], parts[1] as u8, parts[2] as u8)
            })
        };
        let text = "sampleton OR soldier".to_owned();
        let query =
            SearchQuery { text, from: day(from), to: day(to), source: source.map(str::to_owned), ..SearchQuery::default() };
        let mut best = ids(&case, &query);
        let newest = ids(&case, &SearchQuery { sort: SearchSort::Newest, ..query });
        best.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(best, newest);
        newest
    };
    assert_eq!(query(None, None, Some("Sample Wire")), [3, 1]);
    assert_eq!(query(Some("2024-12-25"), None, None), [3, 2], "a month has the day in it");
    assert_eq!(query(None, Some("2024-12-24"), None), [3, 1]);
    assert_eq!(query(Some("2025-01-01"), None, None), [0; 0]);
}

#[test]
fn pages_follow_on_without_a_gap() {
    let (_folder, mut case) = common::case();
    for nth in 0..57 {
        add(&mut case, &report(&format!("Report {nth} of a strike. {}", "strike ".repeat(nth % 5))));
    }
    for sort in [SearchSort::Best, SearchSort::Newest] {
        for text in ["strike", "stri*"] {
            let mut query = SearchQuery { text: text.to_owned(), sort, limit: 10, ..SearchQuery::default() };
            let whole = ids(&case, &SearchQuery { limit: 100, ..query.clone() });
            assert_eq!(whole.len(), 57);
            let mut paged = Vec::new();
            loop {
                let page = case.read().search(&query).unwrap();
                paged.extend(page.rows.iter().map(|hit| hit.report.id));
                query.after = page.next;
                if query.after.is_none() {
                    break;
                }
            }
            assert_eq!(paged, whole, "{sort:?} {text}");
        }
    }
    let query = SearchQuery { text: "strike".to_owned(), after: Some("x".to_owned()), ..SearchQuery::default() };
    assert!(matches!(case.read().search(&query), Err(Error::Cursor(_))));
}

#[test]
fn hits_name_their_events_and_events_are_found_by_text() {
    let (_folder, mut case) = texts();
    case.write::<_, Error>(|writer| {
        for (report, event) in [(1, 7), (2, 7), (2, 8), (3, 9)] {
            let new = NewHappening { report, local: "h1", event: Some(event), claims: &["c1".to_owned()], facts: b"{}" };
            let id = writer.put_happening(&new)?;
            assert_eq!(writer.happening(id)?.unwrap().facts, b"{}");
        }
        for id in 7..10 {
            writer.put_event(&EventRow { id, ..EventRow::default() })?;
        }
        Ok(())
    })
    .unwrap();
    let reader = case.read();
    let hits = reader.search(&SearchQuery { text: "rebels".to_owned(), ..SearchQuery::default() }).unwrap().rows;
    assert_eq!(hits[0].events, [7, 8]);
    let told = |text: &str| {
        let query = EventQuery { text: Some(text.to_owned()), ascending: true, ..EventQuery::default() };
        reader.events(&query).unwrap().rows.iter().map(|event| event.id).collect::<Vec<_>>()
    };
    assert_eq!(told("soldier"), [7, 8]);
    assert_eq!(told("captivat*"), [9]);
    assert_eq!(told("nobody"), [0; 0]);
    assert_eq!(reader.reports_of_event(7).unwrap(), [1, 2]);
    assert_eq!(reader.happenings_of_event(7, 1).unwrap().len(), 1);
    assert_eq!(reader.happening_count(7).unwrap(), 2);
    drop(reader);
    let (gone, ids) = case
        .write::<_, Error>(|writer| {
            let gone = writer.delete_happenings_of(2)?;
            let new = NewHappening { report: 2, local: "h1", event: None, claims: &[], facts: b"" };
            let again = writer.put_happening(&new)?;
            writer.set_event(again, Some(9))?;
            Ok((gone, again))
        })
        .unwrap();
    assert_eq!((gone, ids), (vec![2, 3], 5), "ids are not used again");
    assert_eq!(case.read().events_of_report(2).unwrap(), [9]);
    assert_eq!(case.read().event_of(5).unwrap(), Some(9));
    assert!(case.write::<_, Error>(|writer| writer.set_event(99, None)).is_err());
    assert_eq!(case.read().event_ids(0, 9).unwrap(), [7, 9]);
    assert_eq!(case.read().happening_ids(1, 9).unwrap(), [4, 5]);
    case.write::<_, Error>(|writer| writer.clear_views()).unwrap();
    assert_eq!(case.read().event_ids(0, 9).unwrap(), [0; 0]);
    assert_eq!(case.read().happening_ids(0, 9).unwrap(), [1, 4, 5], "events are named after them");
}

#[test]
fn a_report_can_be_found_by_other_words_than_its_own() {
    let (_folder, mut case) = texts();
    case.write::<_, Error>(|writer| writer.index_text(1, "Capture", "The soldier was captured, somebody said.")).unwrap();
    assert_eq!(newest(&case, "kursk OR sampleton"), [3], "neither of report 1");
    assert_eq!(newest(&case, "somebody"), [1]);
    assert!(case.write::<_, Error>(|writer| writer.index_text(99, "", "x")).is_err());
    assert_eq!(case.read().report_text(1).unwrap().unwrap(), "The soldier was captured near Sampleton, the army said.");
    // Made anew, the words are again those that the caller gives.
    case.write::<_, Error>(|writer| {
        writer.clear_views()?;
        for report in writer.report_ids(0, 9)? {
            let words = if report == 1 { "somebody".to_owned() } else { writer.report_text(report)?.unwrap_or_default() };
            writer.index_text(report, "", &words)?;
        }
        Ok(())
    })
    .unwrap();
    assert_eq!((newest(&case, "somebody"), newest(&case, "soldier"), newest(&case, "weather")), (vec![1], vec![2], vec![]));
    assert_eq!(common::verify(&case).1, [""; 0]);
}

#[test]
fn reports_are_found_by_outlet() {
    let (_folder, mut case) = texts();
    add(&mut case, &report("That is what the Sample Gazette says."));
    assert_eq!(case.read().reports_naming("Sample Gazette").unwrap(), [2, 5]);
    assert_eq!(case.read().reports_naming("Nobody's \"Paper\"").unwrap(), [0; 0]);
    let sources = case.read().report_sources().unwrap();
    assert_eq!(sources, [("Placeholder Times".to_owned(), 1), ("Sample Gazette".to_owned(), 1), ("Sample Wire".to_owned(), 2)]);
}

#[test]
fn a_happening_can_be_changed_and_keeps_its_id() {
    let (_folder, mut case) = texts();
    let new = NewHappening { report: 1, local: "h1", event: Some(4), claims: &[], facts: b"old" };
    let changed = NewHappening { local: "h2", event: Some(5), claims: &["c9".to_owned()], facts: b"new", ..new };
    case.write::<_, Error>(|writer| {
        let id = writer.put_happening(&new)?;
        writer.change_happening(id, &changed)?;
        let kept = writer.happening(id)?.unwrap();
        assert_eq!((kept.id, kept.local.as_str(), kept.event, kept.facts.as_slice()), (id, "h2", Some(5), &b"new"[..]));
        assert!(writer.happenings_of_event(4, 9)?.is_empty());
        assert!(writer.delete_happening(id)?);
        assert!(!writer.delete_happening(id)?);
        Ok(())
    })
    .unwrap();
    assert!(case.write::<_, Error>(|writer| writer.change_happening(77, &changed)).is_err());
}

#[test]
fn index_tables_keep_what_is_filed() {
    let (_folder, mut case) = common::case();
    case.write::<_, Error>(|writer| {
        for id in [5, 1, 9, 5] {
            writer.post(1, u64::MAX - 1, id)?;
        }
        writer.post(2, u64::MAX - 1, 77)?;
        writer.post(1, 3, 8)?;
        writer.unpost(1, u64::MAX - 1, 1)?;
        writer.put(1, (1 << 56) - 1, b"old")?;
        writer.put(1, (1 << 56) - 1, b"new")?;
        writer.put(2, (1 << 56) - 1, b"another table's")?;
        writer.put(1, 4, b"gone")?;
        writer.delete(1, 4)
    })
    .unwrap();
    let reader = case.read();
    assert_eq!(reader.postings(1, u64::MAX - 1, 9).unwrap(), [9, 5]);
    assert_eq!(reader.postings(1, u64::MAX - 1, 1).unwrap(), [9]);
    assert_eq!(reader.postings_of(1, &[u64::MAX - 1, 0, 3], 9).unwrap(), [vec![9, 5], vec![], vec![8]]);
    assert_eq!((reader.get(1, (1 << 56) - 1).unwrap().as_deref(), reader.get(1, 4).unwrap()), (Some(&b"new"[..]), None));
    drop(reader);
    assert!(matches!(case.write::<_, Error>(|writer| writer.post(1, 1, u64::MAX)), Err(Error::IdTooLarge(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_that_people_type_fails(typed in prop::collection::vec(r#"([a-zéж0-9" *:^()+{}'-]|OR |NOT |\PC|\x00){0,20}"#, 20)) {
        let (_folder, case) = texts();
        for text in typed {
            for sort in [SearchSort::Best, SearchSort::Newest] {
                match case.read().search(&SearchQuery { text: text.clone(), sort, count: true, ..SearchQuery::default() }) {
                    Ok(_) | Err(Error::NothingAsked(_)) => {}
                    Err(error) => prop_assert!(false, "{text:?}: {error}"),
                }
            }
        }
    }
}

#[test]
fn by_fields_with_and_without_words() {
    let (_folder, mut case) = texts();
    let more = Report {
        title: Some("Rain again".to_owned()),
        source: Some("The Sample Gazette".to_owned()),
        author: Some("Jo Placeholder".to_owned()),
        url: Some("https://gazette.example/Rain/5".to_owned()),
        language: Some("en-GB".to_owned()),
        ..report("A soldier stood in the rain.")
    };
    add(&mut case, &more);
    let none = SearchQuery::default;
    let some = |text: &str| Some(text.to_owned());
    let names = |name: &str| vec![name.to_owned()];
    for (query, found) in [
        (SearchQuery { title: some("rain"), ..none() }, vec![5]),
        (SearchQuery { title: some("rain -again"), ..none() }, vec![]),
        (SearchQuery { title: some("kursk OR denial"), text: "soldier".to_owned(), ..none() }, vec![1, 2]),
        (SearchQuery { title: some("\"rain again\""), text: "sold*".to_owned(), ..none() }, vec![5]),
        (SearchQuery { outlets: names("gazette"), ..none() }, vec![2, 5]),
        (SearchQuery { outlets: names("sample w"), text: "rain".to_owned(), ..none() }, vec![3]),
        (SearchQuery { outlets: vec!["placeholder".to_owned(), "wire".to_owned()], ..none() }, vec![1, 3, 4]),
        (SearchQuery { outlets: names("nobody"), ..none() }, vec![]),
        (SearchQuery { source: some("Sample Gazette"), ..none() }, vec![2]),
        (SearchQuery { author: some("placeholder"), ..none() }, vec![5]),
        (SearchQuery { url: some("GAZETTE.example/rain"), ..none() }, vec![5]),
        (SearchQuery { language: some("en"), ..none() }, vec![5]),
        (SearchQuery { language: some("en"), text: "soldier".to_owned(), ..none() }, vec![5]),
        (SearchQuery { to: Date::new(2024, 12, 24), ..none() }, vec![1, 3]),
    ] {
        let mut best = ids(&case, &query);
        let newest = ids(&case, &SearchQuery { sort: SearchSort::Newest, ..query.clone() });
        best.sort_unstable();
        assert_eq!(best, found, "{query:?}");
        assert_eq!(newest.into_iter().rev().collect::<Vec<_>>(), found, "{query:?}");
    }
    for query in [
        none(),
        SearchQuery { title: some("-rain"), ..none() },
        SearchQuery { text: "-rain".to_owned(), language: some("en"), ..none() },
    ] {
        assert!(matches!(case.read().search(&query), Err(Error::NothingAsked(_))), "{query:?}");
    }
    // Page by page, by outlet alone.
    let mut query = SearchQuery { outlets: names("sample"), limit: 1, count: true, ..none() };
    let mut paged = Vec::new();
    loop {
        let page = case.read().search(&query).unwrap();
        if query.after.is_none() {
            assert_eq!(page.total.unwrap().count, 4);
        }
        paged.extend(page.rows.iter().map(|hit| hit.report.id));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(paged, [5, 3, 2, 1]);
}
