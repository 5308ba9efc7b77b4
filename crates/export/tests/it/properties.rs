//! Any words go through every format and come back.

use std::convert::Infallible;

use dateline_export::{Case, Claim, Event, Format, Options, Party, Quote, Report, write};
use proptest::prelude::*;

/// Words with all that trips up tables: quotes, separators, line ends, NUL, direction marks.
fn words() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just(",".to_owned()),
        Just("\t".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("\0".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("\u{2066}".to_owned()),
        Just("\\".to_owned()),
        Just("=".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

prop_compose! {
    fn event()(id in words(), summary in words(), name in words(), exact in words(), title in words(), source in words()) -> Event {
        Event {
            id,
            summary,
            actors: vec![Party { name, ..Party::default() }],
            claims: vec![Claim { id: "c1".into(), quote: Quote { exact, ..Quote::default() }, ..Claim::default() }],
            reports: vec![Report { id: "r1".into(), title: Some(title), source: Some(source), ..Report::default() }],
            ..Event::default()
        }
    }
}

fn export(format: Format, event: &Event) -> Vec<u8> {
    let mut out = Vec::new();
    write(format, &Case::default(), [Ok::<_, Infallible>(event.clone())], &Options::default(), &mut out).unwrap();
    out
}

/// The cell of a column in the only row.
fn cell(format: Format, event: &Event, column: &str) -> String {
    let delimiter = if format == Format::Polecat { b'\t' } else { b',' };
    let out = export(format, event);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(out.as_slice());
    let at = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    rows[0][at].to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn tables_give_the_words_back(event in event()) {
        prop_assert_eq!(&cell(Format::Acled, &event, "event_id_cnty"), &event.id);
        prop_assert_eq!(&cell(Format::Acled, &event, "notes"), &event.summary);
        prop_assert_eq!(&cell(Format::Ged, &event, "source_headline"), event.reports[0].title.as_ref().unwrap());
        prop_assert_eq!(&cell(Format::Polecat, &event, "Actor Name"), &event.actors[0].name);
        let summary = cell(Format::Csv, &event, "summary");
        let plain = match summary.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) && !event.summary.starts_with('\'') => rest,
            _ => summary.as_str(),
        };
        prop_assert_eq!(plain, &event.summary);
        prop_assert!(!summary.starts_with(['=', '+', '-', '@', '\t', '\r']));
    }

    #[test]
    fn json_lines_give_the_event_back(event in event()) {
        let out = String::from_utf8(export(Format::Jsonl, &event)).unwrap();
        prop_assert_eq!(out.matches('\n').count(), 1);
        prop_assert_eq!(serde_json::from_str::<Event>(&out).unwrap(), event);
    }

    #[test]
    fn every_json_format_is_json_and_every_statement_has_its_width(event in event()) {
        for format in [Format::Plover, Format::Ftm, Format::WebAnnotation] {
            let out = String::from_utf8(export(format, &event)).unwrap();
            for line in out.split_terminator('\n') {
                prop_assert!(serde_json::from_str::<serde_json::Value>(line).unwrap().is_object(), "{}", format);
            }
        }
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&export(Format::GeoJson, &event)).unwrap().is_object());
        let statements = export(Format::FtmStatements, &event);
        let mut reader = csv::Reader::from_reader(statements.as_slice());
        for row in reader.records() {
            prop_assert_eq!(row.unwrap().len(), 14);
        }
    }
}
