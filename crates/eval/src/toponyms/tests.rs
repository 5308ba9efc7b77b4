use serde_json::{Value, json};

use super::*;
use crate::lines::lines_of;

const TEXT: &str = "😀 In Kyiv and Lviv, Ukrainian troops said Berlin, near Main Street, agreed.";

fn top(words: &str, at: Option<(f64, f64)>, group: &str) -> Value {
    let start = TEXT.find(words).map(|byte| TEXT[..byte].chars().count()).unwrap();
    let (lat, lon) = at.unzip();
    json!({"start": start, "end": start + words.len(), "text": words, "lat": lat, "lon": lon, "geonameid": 7, "group": group})
}

fn line() -> Value {
    json!({"doc": "a", "text": TEXT, "published": null, "toponyms": [
        top("Kyiv", Some((50.45, 30.52)), "unknown"), top("Lviv", Some((49.84, 24.03)), "literal"),
        top("Ukrainian", Some((49.0, 32.0)), "adjective"), top("Berlin", Some((52.52, 13.4)), "associative"),
        top("Main Street", None, "unknown"), top("troops", None, "other")]})
}

fn documents() -> Vec<Document> {
    gold::documents(&lines_of(&line().to_string(), "t").unwrap()).unwrap()
}

fn from_text(found: Vec<Toponym>) -> Scored {
    let mut out = Scored::new("toponyms");
    score_found(&mut out, "p", &documents(), &Answers::from([("a".to_owned(), found)]));
    out
}

fn given(found: Vec<Toponym>) -> Scored {
    let mut out = Scored::new("toponyms");
    score_given(&mut out, "p", &documents(), &Answers::from([("a".to_owned(), found)]));
    out
}

fn perfect() -> Vec<Toponym> {
    documents()[0].marked.iter().map(|(top, _)| top.clone()).collect()
}

#[test]
fn distances_and_areas_are_those_worked_out_by_hand() {
    assert!((km((51.5074, -0.1278), (48.8566, 2.3522)) - 343.6).abs() < 1.0);
    assert_eq!(auc(&[0.0, 0.0]), Some(0.0));
    assert!((auc(&[FAR - 1.0; 4]).unwrap() - 1.0).abs() < 1e-9);
    let e = std::f64::consts::E;
    assert!((auc(&[e * e - 1.0, 0.0, e - 1.0]).unwrap() - 2.0 / (FAR.ln() * 2.0)).abs() < 1e-12);
}

#[test]
fn perfect_answers_get_all() {
    let scored = from_text(perfect());
    for name in ["recognition, exact F1", "recognition, overlap F1", "end to end @161km F1", "accuracy@161km", "same geonameid"] {
        assert_eq!(scored.value("p, from text", name), Some(1.0), "{name}");
    }
    assert_eq!((scored.value("p, from text", "mean"), scored.value("p, from text", "AUC")), (Some(0.0), Some(0.0)));
    assert!(scored.mistakes.is_empty(), "{:?}", scored.mistakes);
    assert_eq!(given(perfect()).value("p, spans given", "accuracy@161km"), Some(1.0));
}

#[test]
fn damaged_answers_get_less() {
    let mut wrong = perfect();
    wrong[0].at = Some((-50.45, 30.52));
    assert_eq!(given(wrong.clone()).value("p, spans given", "accuracy@161km"), Some(0.75));
    let scored = from_text(wrong);
    assert_eq!(scored.value("p, from text", "recognition, exact F1"), Some(1.0));
    assert_eq!(scored.value("p, from text", "end to end @161km F1"), Some(2.0 / 3.0));
    let mut silent = perfect();
    silent.remove(0);
    assert_eq!(given(silent.clone()).value("p, spans given", "accuracy@161km of answered"), Some(1.0));
    assert_eq!(from_text(silent).value("p, from text", "recognition, exact recall"), Some(0.75));
    let mut longer = perfect();
    longer[0].span.0 -= 3;
    let scored = from_text(longer);
    assert_eq!(scored.value("p, from text", "recognition, overlap F1"), Some(1.0));
    assert_eq!(scored.value("p, from text", "recognition, exact F1"), Some(0.75));
    assert_eq!(from_text(Vec::new()).value("p, from text", "recognition, overlap F1"), Some(0.0));
}

#[test]
fn names_without_their_articles_and_pronouns_not_at_all() {
    let start = |mention: &str| name_start(&mention.chars().collect::<Vec<_>>());
    let found = ["Kyiv", "the Gulf of Aden", "there", "the city", "It", "US", "here", "The Hague", "A1"].map(start);
    assert_eq!(found, [Some(0), Some(4), None, None, None, Some(0), None, Some(4), Some(0)]);
}

#[test]
fn malformed_gold_is_refused_by_line() {
    for (field, value) in [
        ("end", json!(999)),
        ("start", json!(-1)),
        ("text", json!("Kiev")),
        ("lat", Value::Null),
        ("lat", json!(95)),
        ("lon", json!("east")),
        ("geonameid", json!("x")),
        ("group", json!("town")),
    ] {
        let mut line = line();
        line["toponyms"][0][field] = value;
        let error = gold::documents(&lines_of(&line.to_string(), "t").unwrap()).unwrap_err().to_string();
        assert!(error.starts_with("t:1: "), "{error}");
    }
    assert!(gold::documents(&lines_of(&format!("{}\n{}", line(), line()), "t").unwrap()).is_err());
}
