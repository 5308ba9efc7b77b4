use serde_json::{Value, json};

use super::*;
use crate::lines::lines_of;

const TEXT: &str = "Rebels captured Exampleville on Monday and killed 12 guards, the mayor said. The army denied it.";

fn span(words: &str) -> Value {
    let start = TEXT.find(words).unwrap();
    json!([start, start + words.len(), words])
}

fn gold() -> Value {
    let source = json!({"span": span("the mayor"), "cue": span("said")});
    let actor = json!([{"span": span("Rebels"), "country": "SYR", "sector": "REB"}]);
    json!({"doc": "a", "published": "2024-12-27", "source": null, "text": TEXT, "claims": [
        {"triggers": [span("captured")], "type": "COERCE", "mode": "seize", "alt_types": ["ASSAULT"], "actor": actor, "recipient": [],
         "place": [{"span": span("Exampleville"), "name": "Exampleville", "country": "SYR"}], "time": {"span": span("Monday"), "edtf": "2024-12-23"},
         "quantities": [], "source": source, "outer_source": null, "factuality": "CT+", "evidence": [],
         "alt_sources": [{"span": span("The army"), "cue": span("denied"), "factuality": "CT-"}]},
        {"triggers": [span("killed")], "type": "ASSAULT", "mode": null, "actor": actor,
         "recipient": [{"span": span("12 guards"), "country": null, "sector": "MIL"}], "place": [], "time": null,
         "quantities": [{"span": span("12 guards"), "min": 12, "max": 12, "role": "killed"}], "source": source, "outer_source": null,
         "factuality": "CT+", "evidence": []}]})
}

fn documents_of(value: &Value) -> Result<Vec<Document>, crate::EvalError> {
    gold::documents(&lines_of(&value.to_string(), "g.jsonl")?)
}

/// A reading that says just what is marked.
fn reading() -> Value {
    let words = |words: &str| {
        let start = TEXT.find(words).unwrap();
        json!({"start": start, "end": start + words.len(), "text": words})
    };
    let entity = |id: &str, kind: &str, name: &str, country: Value, sector: Value| {
        json!({"id": id, "kind": kind, "name": name, "mentions": [words(name)], "country": country, "sector": sector, "part_of": null,
               "person": false, "title": null, "geonames": null, "admin1": null, "lat": null, "lon": null, "precision": null, "class": null})
    };
    let chain = json!([{"source": {"entity": "e3", "mention": words("the mayor")}, "kind": "named", "cue": words("said"), "act": "say",
                        "content": null, "quote": "indirect"}]);
    let filler = |id: &str, name: &str| json!([{"entity": id, "mention": words(name)}]);
    let claim = |id: &str, trigger: &str, kind: &str| {
        json!({"id": id, "trigger": words(trigger), "event": {"type": kind, "mode": null, "contexts": []}, "acled": null, "actor": filler("e1", "Rebels"),
               "recipient": [], "place": [], "instrument": [], "evidence": [], "time": null, "quantities": [], "attribution": chain,
               "factuality": {"source": "CT+", "author": "PR+", "cues": []}, "sentence": 0, "why": ["test"]})
    };
    let mut first = claim("c1", "captured", "COERCE");
    first["event"]["mode"] = json!("seize");
    first["place"] = filler("e2", "Exampleville");
    first["time"] = json!({"mention": words("Monday"), "edtf": "2024-12-23"});
    let mut second = claim("c2", "killed", "ASSAULT");
    second["recipient"] = filler("e4", "12 guards");
    second["quantities"] =
        json!([{"mention": words("12 guards"), "min": 12, "max": 12, "approx": false, "of": null, "role": "killed"}]);
    let document = dateline_record::Document::new(&dateline_record::Report { text: TEXT.to_owned(), ..Default::default() }, "en");
    json!({"schema": "dateline.reading/1", "document": document, "sentences": [{"start": 0, "end": 76}],
           "entities": [entity("e1", "actor", "Rebels", json!("SYR"), json!("REB")), entity("e2", "place", "Exampleville", json!("SYR"), Value::Null),
                        entity("e3", "actor", "the mayor", json!("SYR"), json!("GOV")), entity("e4", "actor", "12 guards", Value::Null, json!("MIL"))],
           "claims": [first, second], "attributions": [], "events": []})
}

fn scored(reading: &Value) -> Scored {
    let reading: dateline_record::Reading = serde_json::from_value(reading.clone()).unwrap();
    reading.check().unwrap();
    let readings = HashMap::from([("a".to_owned(), Predicted::of(&reading))]);
    score("gold", &documents_of(&gold()).unwrap(), &readings)
}

#[test]
fn a_perfect_reading_gets_all() {
    let scored = scored(&reading());
    let below: Vec<_> = scored.figures.iter().filter(|figure| figure.value.is_some_and(|value| value != 1.0)).collect();
    assert!(below.is_empty() && scored.mistakes.is_empty(), "{below:?} {:?}", scored.mistakes);
    assert_eq!(scored.value("all", "claim_score"), Some(1.0));
    assert_eq!(scored.value("end to end", "evidence F1"), None);
}

#[test]
fn damage_shows_in_the_field_that_is_damaged() {
    let damaged = |damage: &dyn Fn(&mut Value), section: &str, name: &str| {
        let mut reading = reading();
        damage(&mut reading);
        scored(&reading).value(section, name)
    };
    let end = "end to end";
    assert_eq!(damaged(&|r| r["claims"][0]["event"]["type"] = json!("AID"), end, "type"), Some(0.5));
    assert_eq!(damaged(&|r| r["claims"][0]["event"]["type"] = json!("ASSAULT"), end, "type"), Some(1.0));
    assert_eq!(damaged(&|r| r["claims"][0]["actor"] = json!([]), end, "actor F1"), Some(2.0 / 3.0));
    assert_eq!(damaged(&|r| r["entities"][0]["country"] = json!("ITA"), "matched", "actor country"), Some(0.0));
    assert_eq!(damaged(&|r| r["claims"][0]["time"]["edtf"] = json!("2024-12"), end, "time exact"), Some(0.0));
    assert_eq!(damaged(&|r| r["claims"][0]["time"]["edtf"] = json!("2024-12"), end, "time overlap"), Some(1.0));
    assert_eq!(damaged(&|r| r["claims"][1]["quantities"] = json!([]), end, "quantities F1"), Some(0.0));
    assert_eq!(damaged(&|r| r["claims"][0]["attribution"] = json!([]), end, "source"), Some(0.5));
    // The army's denial is a source that will do.
    assert_eq!(damaged(&|r| r["claims"][0]["factuality"]["source"] = json!("CT-"), end, "factuality 7-way"), Some(1.0));
    assert_eq!(damaged(&|r| r["claims"][1]["factuality"]["source"] = json!("CT-"), end, "factuality 3-way"), Some(0.5));
    let removed = |r: &mut Value| drop(r["claims"].as_array_mut().map(|claims| claims.remove(1)));
    assert_eq!(damaged(&removed, end, "claim F1"), Some(2.0 / 3.0));
    assert_eq!(damaged(&removed, end, "recipient F1"), Some(0.0));
    let merged = |r: &mut Value| {
        r["events"] = json!([{"id": "v1", "claims": ["c1", "c2"], "type": "COERCE", "actor": [], "recipient": [], "place": [], "time": null,
                              "quantities": [], "disputed": []}]);
    };
    assert_eq!(damaged(&merged, end, "claim recall"), Some(0.5));
}

#[test]
fn a_document_without_reading_is_missed() {
    let scored = score("gold", &documents_of(&gold()).unwrap(), &HashMap::new());
    assert_eq!((scored.value("end to end", "claim F1"), scored.mistakes.len()), (Some(0.0), 2));
    assert_eq!(scored.value("matched", "type"), None);
}

#[test]
fn malformed_gold_is_refused_with_its_place() {
    let damages: [&dyn Fn(&mut Value); 12] = [
        &|g| g["claims"][0]["triggers"] = json!([]),
        &|g| g["claims"][0]["triggers"][0][0] = json!(9999),
        &|g| g["claims"][1]["triggers"] = g["claims"][0]["triggers"].clone(),
        &|g| g["claims"][0]["type"] = json!("TAKE"),
        &|g| g["claims"][0]["actor"][0]["country"] = json!("Syria"),
        &|g| g["claims"][0]["actor"][0]["sector"] = json!("ARMY"),
        &|g| g["claims"][0]["time"]["edtf"] = json!("Monday"),
        &|g| g["claims"][0]["factuality"] = json!("sure"),
        &|g| g["claims"][1]["quantities"][0]["min"] = json!("12"),
        &|g| g["claims"][0]["source"] = json!("the mayor"),
        &|g| drop(g["claims"][0].as_object_mut().map(|claim| claim.remove("evidence"))),
        &|g| g["published"] = json!("last week"),
    ];
    for damage in damages {
        let mut gold = gold();
        damage(&mut gold);
        let error = documents_of(&gold).unwrap_err().to_string();
        assert!(error.starts_with("g.jsonl:1 (a)"), "{error}");
    }
    assert!(documents_of(&json!({"doc": "a"})).is_err());
    let twice = format!("{}\n{}", gold(), gold());
    assert!(gold::documents(&lines_of(&twice, "g").unwrap()).is_err());
}
