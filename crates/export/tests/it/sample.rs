//! Two invented events: one full, one of which nearly nothing is known.

use std::convert::Infallible;

use bytes::Bytes;
use dateline_export::{
    Case, Claim, Count, Dispute, Event, Format, Grade, Options, Origin, Party, Place, Position, Quote, Reliability, Report,
    Review, Speaker, Stance, Status, Value, Versions, Written, write,
};
use dateline_record::{Acled, Act, Context, EventType, FactualityValue, Mode, Precision, QuantityRole, Sector, SourceKind};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// The name that must never be written.
pub(crate) const NAME: &str = "Ola Sampleson";

pub(crate) fn case() -> Case {
    Case {
        id: "sample-1".into(),
        name: "Sample case".into(),
        head: "c0ffee".into(),
        exported_at: "2025-01-02T10:00:00Z".into(),
        by: "A. Coder".into(),
        filter: "--country UKR".into(),
    }
}

fn value(value: &str, origin: &str, report: &str, first: &str) -> Value {
    Value { value: value.into(), origins: vec![origin.into()], reports: vec![report.into()], first: first.parse().ok() }
}

pub(crate) fn full() -> Event {
    let ministry = Party {
        name: "Sample Ministry of Defence".into(),
        country: "UKR".parse().ok(),
        sector: Some(Sector::Mil),
        ..Party::default()
    };
    let soldier =
        Party { name: NAME.into(), country: "PRK".parse().ok(), sector: Some(Sector::Mil), person: true, protected: true };
    Event {
        id: "e-17".into(),
        kind: Some(EventType::Assault),
        mode: Some(Mode::Abduct),
        contexts: vec![Context::Military, Context::Territory],
        acled: Some(Acled::new("Strategic developments", "Arrests")),
        summary: "Sample troops are reported to have captured a soldier near Sampleton, \"alive\".".into(),
        when: "2024-12-13/2024-12-14".parse().ok(),
        published_first: "2024-12-14".parse().ok(),
        published_last: "2024-12-16".parse().ok(),
        places: vec![
            Place {
                name: "Sample Oblast".into(),
                country: "UKR".parse().ok(),
                lat: Some(50.0),
                lon: Some(36.0),
                precision: Some(Precision::Admin1),
                ..Place::default()
            },
            Place {
                name: "Sampleton".into(),
                geonames: Some(999_999_001),
                country: "UKR".parse().ok(),
                admin1: Some("Sample Oblast".into()),
                lat: Some(51.123_456),
                lon: Some(-0.004_9),
                precision: Some(Precision::City),
            },
        ],
        actors: vec![ministry.clone()],
        recipients: vec![soldier.clone()],
        counts: vec![
            Count {
                role: QuantityRole::Killed,
                low: Some(2),
                best: Some(3),
                high: None,
                values: vec![
                    value("at least 2", "Sample Wire", "r1", "2024-12-14"),
                    value("3", "Sample Channel", "r2", "2024-12-16"),
                ],
            },
            Count {
                role: QuantityRole::Captured,
                low: Some(1),
                best: Some(1),
                high: Some(1),
                values: vec![value("1", "Sample Wire", "r1", "2024-12-14")],
            },
        ],
        status: Status::Corroborated,
        grade: Grade { proposed: Some(2), reviewed: Some(1), reasons: vec!["two independent origins".into()] },
        reliability: Some(Reliability::B),
        origins: vec![
            Origin {
                name: "Sample Wire".into(),
                kind: Some(SourceKind::Named),
                stance: Stance::ThirdParty,
                position: Position::Affirms,
                reports: vec!["r1".into()],
            },
            Origin {
                name: "Sample Channel".into(),
                kind: Some(SourceKind::SocialMedia),
                stance: Stance::Acting,
                position: Position::Denies,
                reports: vec!["r2".into()],
            },
        ],
        disputed: vec![Dispute {
            field: "killed".into(),
            values: vec![
                value("at least 2", "Sample Wire", "r1", "2024-12-14"),
                value("3", "Sample Channel", "r2", "2024-12-16"),
            ],
            revision: false,
        }],
        claims: vec![Claim {
            id: "c1".into(),
            kind: Some(EventType::Assault),
            trigger: "captured".into(),
            quote: Quote {
                exact: "troops captured a soldier, “alive”".into(),
                prefix: "The ministry said ".into(),
                suffix: ".\nNobody".into(),
                start: 18,
                end: 52,
            },
            attribution: vec![
                Speaker { who: Some(ministry), kind: SourceKind::Named, act: Act::Say },
                Speaker { who: Some(soldier), kind: SourceKind::Named, act: Act::Confirm },
            ],
            factuality: Some(FactualityValue::CertainPositive),
            evidence: vec!["a photo".into()],
            report: "r1".into(),
        }],
        reports: vec![
            Report {
                id: "r1".into(),
                url: Some("https://wire.example/news/1".into()),
                source: Some("Sample Wire".into()),
                title: Some("=Soldier, captured".into()),
                author: Some("B. Writer".into()),
                published: "2024-12-14".parse().ok(),
                language: Some("en".into()),
                sha256: Some("ab".repeat(32)),
                archived: Some("archive/ab/abab".into()),
            },
            Report {
                id: "r2".into(),
                source: Some("Sample Channel".into()),
                published: "2024-12-16".parse().ok(),
                ..Report::default()
            },
        ],
        reviewed: Some(Review { by: "A. Coder".into(), at: "2024-12-20T08:00:00Z".into(), decision: "accepted".into() }),
        versions: Versions {
            program: "dateline 0.1.0".into(),
            model: "sample-model 1".into(),
            lexicons: "lex-1".into(),
            gazetteer: "gaz-1".into(),
        },
    }
}

pub(crate) fn bare() -> Event {
    Event { id: "e-18".into(), ..Event::default() }
}

pub(crate) fn export(format: Format, events: &[Event], options: &Options) -> (Vec<u8>, Written) {
    let mut out = Vec::new();
    let events = events.iter().cloned().map(Ok::<_, Infallible>);
    let written = write(format, &case(), events, options, &mut out).unwrap();
    assert_eq!(written.bytes, out.len() as u64);
    (out, written)
}

pub(crate) fn text(format: Format, events: &[Event]) -> String {
    String::from_utf8(export(format, events, &Options::default()).0).unwrap()
}

/// The rows of a Parquet file, read by the crate's own reader.
pub(crate) fn parquet_rows(file: Vec<u8>) -> Vec<serde_json::Map<String, serde_json::Value>> {
    let reader = SerializedFileReader::new(Bytes::from(file)).unwrap();
    let value = |field: &Field| match field {
        Field::Null => serde_json::Value::Null,
        Field::Str(text) => text.as_str().into(),
        Field::Long(number) => (*number).into(),
        Field::Double(number) => (*number).into(),
        Field::Date(days) => dateline_record::Date::from_days(i64::from(*days)).to_string().into(),
        other => panic!("no column holds {other:?}"),
    };
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    rows.map(|row| row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect()).collect()
}
