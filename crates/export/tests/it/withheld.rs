//! The name of a protected person stands in no format.

use dateline_export::{Dispute, Event, Format, Options, Origin, Value, WITHHELD};

use crate::sample::{NAME, export, full, parquet_rows};

/// An event with the name in every text that holds words.
fn told() -> Event {
    let mut event = full();
    event.summary = format!("{NAME} was captured, Sample Wire says of {}.", NAME.to_uppercase());
    event.grade.reasons.push(format!("{NAME} confirms it"));
    event.origins.push(Origin { name: NAME.into(), ..Origin::default() });
    let value = Value { value: NAME.into(), origins: vec![NAME.into()], ..Value::default() };
    event.counts[0].values.push(value.clone());
    event.disputed.push(Dispute { field: "recipient".into(), values: vec![value], revision: true });
    let claim = &mut event.claims[0];
    claim.quote.exact = format!("troops captured {NAME}");
    claim.quote.prefix = format!("“{NAME}");
    claim.quote.suffix = format!("{NAME}'s unit");
    claim.trigger = format!("capture of {NAME}");
    claim.evidence = vec![format!("a photo of {NAME}")];
    let report = &mut event.reports[0];
    report.title = Some(format!("{NAME} captured"));
    report.author = Some(NAME.into());
    report.source = Some(format!("{NAME}'s channel"));
    report.url = Some("https://wire.example/ola-sampleson-captured".into());
    report.archived = Some("archive/Ola_Sampleson.html".into());
    event.places[0].name = format!("the cell of {NAME}");
    event.places[1].admin1 = Some(NAME.into());
    if let Some(review) = &mut event.reviewed {
        review.decision = format!("accepted: {NAME}");
    }
    event
}

/// All text of an export, in lower case and with words apart by one space.
fn words(format: Format, options: &Options) -> String {
    let (out, _) = export(format, &[told()], options);
    let text = if format == Format::Parquet {
        parquet_rows(out).into_iter().map(|row| serde_json::Value::Object(row).to_string()).collect()
    } else {
        String::from_utf8(out).unwrap()
    };
    let letters: String = text.to_lowercase().chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn no_format_prints_the_name() {
    for &format in Format::all() {
        let words = words(format, &Options::default());
        assert!(!words.contains("ola sampleson"), "{format}: {words}");
        assert!(words.contains(WITHHELD), "{format} says that a name is withheld");
    }
}

#[test]
fn a_released_name_is_printed() {
    let release = Options { release: true, ..Options::default() };
    for &format in Format::all() {
        assert!(words(format, &release).contains("ola sampleson"), "{format}");
    }
}

#[test]
fn parquets_raw_bytes_hold_no_name() {
    // Statistics and dictionaries too.
    let (out, written) = export(Format::Parquet, &[told()], &Options::default());
    assert!(!out.windows(NAME.len()).any(|window| window == NAME.as_bytes()));
    assert_eq!(written.withheld, 1);
}

#[test]
fn a_person_in_followthemoney_only_when_released() {
    let persons = |options: &Options| {
        let (out, _) = export(Format::Ftm, &[full()], options);
        String::from_utf8(out).unwrap().matches("\"schema\":\"Person\"").count()
    };
    assert_eq!(persons(&Options::default()), 0);
    assert_eq!(persons(&Options { release: true, ..Options::default() }), 1);
}
