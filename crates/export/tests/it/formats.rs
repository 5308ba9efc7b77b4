//! Each format as a whole, and what its own specification asks.

use std::io;

use bytes::Bytes;
use dateline_export::{Count, Event, Format, Options, Party, Place, WriteError, write};
use dateline_record::{Acled, EventType, Precision, QuantityRole, Sector};
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;

use crate::sample::{bare, case, export, full, parquet_rows, text};

fn rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Columns beside the values of both events, so that a snapshot reads.
fn columns(text: &str, delimiter: u8) -> String {
    let rows = rows(text, delimiter);
    let width = rows[0].len();
    (0..width).map(|at| rows.iter().map(|row| format!("{:?}", row[at])).collect::<Vec<_>>().join(" | ") + "\n").collect()
}

fn cell(format: Format, event: &Event, column: &str) -> String {
    let text = text(format, std::slice::from_ref(event));
    let rows = rows(&text, if format == Format::Polecat { b'\t' } else { b',' });
    let at = rows[0].iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"));
    rows[1][at].clone()
}

macro_rules! tables {
    ($($name:ident: $format:ident, $delimiter:literal, $width:literal;)+) => {$(
        #[test]
        fn $name() {
            let text = text(Format::$format, &[full(), bare()]);
            assert_eq!(rows(&text, $delimiter).iter().map(Vec::len).collect::<Vec<_>>(), [$width; 3]);
            insta::assert_snapshot!(columns(&text, $delimiter));
        }
    )+};
}

tables! {
    csv_table: Csv, b',', 82;
    acled: Acled, b',', 31;
    ged: Ged, b',', 49;
    polecat: Polecat, b'\t', 40;
}

macro_rules! lines {
    ($($name:ident: $format:ident, $lines:literal;)+) => {$(
        #[test]
        fn $name() {
            let text = text(Format::$format, &[full(), bare()]);
            let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(lines.len(), $lines);
            insta::assert_json_snapshot!(lines);
        }
    )+};
}

lines! {
    jsonl: Jsonl, 2;
    plover: Plover, 2;
    ftm: Ftm, 6;
    webannotation: WebAnnotation, 1;
    claimreview: ClaimReview, 1;
}

#[test]
fn ftm_statements() {
    let text = text(Format::FtmStatements, &[full(), bare()]);
    assert!(rows(&text, b',').iter().all(|row| row.len() == 14));
    insta::assert_snapshot!(text);
}

#[test]
fn geojson() {
    let value: Value = serde_json::from_str(&text(Format::GeoJson, &[full(), bare()])).unwrap();
    insta::assert_json_snapshot!(value);
    let none: Value = serde_json::from_str(&text(Format::GeoJson, &[])).unwrap();
    assert_eq!(none["features"], serde_json::json!([]));
}

#[test]
fn a_geojson_area_is_a_closed_counterclockwise_ring() {
    let mut event = full();
    event.places.truncate(1);
    let value: Value = serde_json::from_str(&text(Format::GeoJson, &[event])).unwrap();
    let feature = &value["features"][0];
    assert_eq!(
        (feature["geometry"]["type"].as_str(), feature["properties"]["area_radius_km"].as_f64()),
        (Some("Polygon"), Some(100.0))
    );
    let ring: Vec<[f64; 2]> = serde_json::from_value(feature["geometry"]["coordinates"][0].clone()).unwrap();
    assert_eq!(ring.first(), ring.last());
    assert!(ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum::<f64>() > 0.0);
}

#[test]
fn parquet_is_read_back() {
    let options = Options { row_group: 2, ..Options::default() };
    let (out, written) = export(Format::Parquet, &[full(), bare(), full()], &options);
    let reader = SerializedFileReader::new(Bytes::from(out.clone())).unwrap();
    assert_eq!((reader.metadata().num_row_groups(), written.rows), (2, 3));
    let rows = parquet_rows(out);
    assert_eq!(rows[0], rows[2]);
    let json: Event = serde_json::from_str(rows[1]["json"].as_str().unwrap()).unwrap();
    assert_eq!(json, bare());
    let columns: Vec<String> = rows[0]
        .iter()
        .filter(|(name, _)| *name != "json")
        .map(|(name, value)| format!("{name}: {value} | {}\n", rows[1][name]))
        .collect();
    insta::assert_snapshot!(columns.concat());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for &format in Format::all() {
        let once = export(format, &[full(), bare(), full()], &Options::default());
        assert_eq!(once, export(format, &[full(), bare(), full()], &Options::default()), "{format}");
        assert_eq!(once.1.sha256.len(), 64);
        assert_eq!(once.1.events, 3);
    }
}

#[test]
fn unknown_is_empty_and_nought_is_nought() {
    let mut event = bare();
    assert_eq!((cell(Format::Acled, &event, "fatalities"), cell(Format::Ged, &event, "best")), (String::new(), String::new()));
    event.counts = vec![Count { role: QuantityRole::Killed, low: Some(0), best: Some(0), high: Some(0), values: Vec::new() }];
    assert_eq!((cell(Format::Acled, &event, "fatalities"), cell(Format::Ged, &event, "best")), ("0".into(), "0".into()));
    let line: Value = serde_json::from_str(&text(Format::Plover, &[event])).unwrap();
    assert_eq!(line["size"], serde_json::json!({ "dead": 0 }));
}

#[test]
fn dates_bear_the_precision_of_the_codebooks() {
    let coded = |when: &str| {
        let event = Event { when: when.parse().ok(), ..bare() };
        [
            cell(Format::Acled, &event, "event_date"),
            cell(Format::Acled, &event, "time_precision"),
            cell(Format::Ged, &event, "date_prec"),
            cell(Format::Ged, &event, "date_start"),
        ]
        .join(" ")
    };
    assert_eq!(coded("2024-12-14"), "2024-12-14 1 1 2024-12-14 00:00:00.000");
    assert_eq!(coded("2024-12-09/2024-12-11"), "2024-12-10 2 2 2024-12-09 00:00:00.000");
    assert_eq!(coded("2024-12-09/2024-12-15"), "2024-12-12 2 3 2024-12-09 00:00:00.000");
    assert_eq!(coded("2024-11"), "2024-11-15 3 4 2024-11-01 00:00:00.000");
    assert_eq!(coded("2024"), "  5 2024-01-01 00:00:00.000");
    assert_eq!(coded("2024-12/.."), "   ");
}

#[test]
fn places_bear_the_precision_of_the_codebooks() {
    let coded = |precision: Precision| {
        let place =
            Place { name: "Sample".into(), lat: Some(1.0), lon: Some(2.0), precision: Some(precision), ..Place::default() };
        let event = Event { places: vec![place], ..bare() };
        [
            cell(Format::Acled, &event, "geo_precision"),
            cell(Format::Acled, &event, "latitude"),
            cell(Format::Ged, &event, "where_prec"),
            cell(Format::Ged, &event, "geom_wkt"),
        ]
        .join(",")
    };
    assert_eq!(coded(Precision::City), "1,1,1,POINT (2 1)");
    assert_eq!(coded(Precision::Admin2), "2,1,3,POINT (2 1)");
    assert_eq!(coded(Precision::Admin1), "3,1,4,POINT (2 1)");
    assert_eq!(coded(Precision::Region), ",,5,");
    assert_eq!(coded(Precision::Country), ",,6,");
}

#[test]
fn acled_says_who_meets_whom() {
    let party = |sector: Sector, country: &str| Party { sector: Some(sector), country: country.parse().ok(), ..Party::default() };
    let place = Place { country: "UKR".parse().ok(), precision: Some(Precision::Country), ..Place::default() };
    let interaction = |actors: &[Party], recipients: &[Party], kind: &str, sub: &str| {
        let event = Event {
            acled: Some(Acled::new(kind, sub)),
            actors: actors.to_vec(),
            recipients: recipients.to_vec(),
            places: vec![place.clone()],
            ..bare()
        };
        format!("{}; {}", cell(Format::Acled, &event, "interaction"), cell(Format::Acled, &event, "civilian_targeting"))
    };
    let (home, abroad) = (party(Sector::Mil, "UKR"), party(Sector::Mil, "RUS"));
    let people = party(Sector::Cvl, "UKR");
    assert_eq!(
        interaction(&[abroad.clone(), home.clone()], &[], "Battles", "Armed clash"),
        "State forces-External/Other forces; "
    );
    let attack = interaction(&[abroad], std::slice::from_ref(&people), "Violence against civilians", "Attack");
    assert_eq!(attack, "Civilians-External/Other forces; Civilian targeting");
    assert_eq!(interaction(&[people], &[], "Protests", "Peaceful protest"), "Protesters only; ");
    let nowhere = Party { sector: Some(Sector::Mil), ..Party::default() };
    assert_eq!(interaction(&[nowhere], &[home], "Battles", "Armed clash"), "; ");
}

#[test]
fn ged_knows_three_kinds_of_violence() {
    let party = |sector: Sector| vec![Party { sector: Some(sector), ..Party::default() }];
    let kind = |one: Sector, two: Sector| {
        let event = Event { kind: Some(EventType::Assault), actors: party(one), recipients: party(two), ..bare() };
        cell(Format::Ged, &event, "type_of_violence")
    };
    assert_eq!(kind(Sector::Mil, Sector::Reb), "1");
    assert_eq!(kind(Sector::Reb, Sector::Reb), "2");
    assert_eq!(kind(Sector::Reb, Sector::Cvl), "3");
    assert_eq!(kind(Sector::Uaf, Sector::Cvl), "");
}

#[test]
fn an_error_of_the_caller_names_the_event() {
    let events = vec![Ok(bare()), Err(io::Error::other("the database is gone"))];
    let error = write(Format::Jsonl, &case(), events, &Options::default(), Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "event 2: the database is gone");
}

#[test]
fn a_full_disk_is_said() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for &format in Format::all() {
        let events = (0..3).map(|_| Ok::<_, io::Error>(full()));
        match write(format, &case(), events, &Options::default(), Full) {
            Err(WriteError::Format { format: named, .. }) => assert_eq!(named, format),
            other => panic!("{format}: {other:?}"),
        }
    }
}

#[test]
fn formulas_are_guarded_in_our_own_table_only() {
    let event = Event { summary: "=HYPERLINK(\"x\")".into(), ..bare() };
    assert_eq!(cell(Format::Csv, &event, "summary"), "'=HYPERLINK(\"x\")");
    assert_eq!(cell(Format::Acled, &event, "notes"), "=HYPERLINK(\"x\")");
    let place = Place { lat: Some(-12.5), lon: Some(-3.0), precision: Some(Precision::City), ..Place::default() };
    let event = Event { places: vec![place], ..bare() };
    assert_eq!(cell(Format::Csv, &event, "latitude"), "-12.5");
}
