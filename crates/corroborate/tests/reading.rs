//! Facts and statements as they come out of a reading.
#![allow(clippy::unwrap_used)]

use dateline_corroborate::{CaseReport, EventFacts, OutletTable, Position, Statement, Status, assess, similarity};
use dateline_record::Reading;
use serde_json::json;

const TEXT: &str = "Red troops shelled Riverton on 5 March, killing 3 people, the Blue ministry said.";

fn span(words: &str) -> serde_json::Value {
    let start = TEXT.find(words).unwrap();
    json!({ "start": start, "end": start + words.len(), "text": words })
}

fn reading() -> Reading {
    let entity = |id: &str, kind: &str, name: &str, more: serde_json::Value| {
        let mut entity = json!({
            "id": id, "kind": kind, "name": name, "mentions": [span(name)], "country": null, "sector": null, "part_of": null,
            "title": null, "geonames": null, "admin1": null, "lat": null, "lon": null, "precision": null, "class": null,
        });
        entity.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        entity
    };
    let filler = |id: &str, words: &str| json!([{ "entity": id, "mention": span(words) }]);
    let killed = json!([{ "mention": span("3 people"), "min": 3, "max": 3, "approx": false, "of": null, "role": "killed" }]);
    let when = json!({ "mention": span("5 March"), "edtf": "2024-03-05" });
    let reading: Reading = serde_json::from_value(json!({
        "schema": "dateline.reading/1",
        "document": {
            "id": "sha256:0", "title": null, "url": null, "source": "Sample Agency", "author": null, "published": "2024-03-06",
            "language": "en", "text": TEXT,
        },
        "sentences": [{ "start": 0, "end": TEXT.len() }],
        "entities": [
            entity("e1", "actor", "Red troops", json!({ "country": "RED", "sector": "MIL" })),
            entity("e2", "place", "Riverton", json!({ "country": "BLU", "precision": "city" })),
            entity("e3", "actor", "Blue ministry", json!({ "country": "BLU", "sector": "GOV" })),
        ],
        "claims": [{
            "id": "c1", "trigger": span("shelled"), "event": { "type": "ASSAULT", "mode": "heavy-weapons", "contexts": [] },
            "acled": null, "actor": filler("e1", "Red troops"), "recipient": [], "place": filler("e2", "Riverton"), "instrument": [],
            "evidence": [], "time": when, "quantities": killed,
            "attribution": [{
                "source": { "entity": "e3", "mention": span("Blue ministry") }, "kind": "named", "cue": span("said"), "act": "say",
                "content": null, "quote": "indirect",
            }],
            "factuality": { "source": "CT+", "author": "Uu", "cues": [] }, "sentence": 0, "why": [],
        }],
        "events": [{
            "id": "v1", "claims": ["c1"], "type": "ASSAULT", "actor": ["e1"], "recipient": [], "place": ["e2"], "time": when,
            "quantities": killed, "disputed": [],
        }],
    }))
    .unwrap();
    reading.check().unwrap();
    reading
}

#[test]
fn facts_hold_what_the_reading_says() {
    let reading = reading();
    let facts = EventFacts::of(&reading, &reading.events[0]);
    assert_eq!(facts.actors[0].name, "Red troops");
    assert_eq!(facts.places[0].name, "Riverton");
    assert_eq!(facts.when.as_ref().unwrap().as_str(), "2024-03-05");
    assert_eq!(facts.counts[0].min, Some(3));
    assert_eq!(facts.trigger, "shelled");
    assert!(facts.words.contains(&"killing".to_owned()));
    let verdict = similarity(&facts, &facts);
    assert!(verdict.same && verdict.score > 0.9, "{verdict:?}");
}

#[test]
fn a_statement_leads_to_the_source_that_the_report_names() {
    let reading = reading();
    let statements = Statement::of(7, &reading, &reading.events[0]);
    assert_eq!(statements.len(), 1);
    assert_eq!(statements[0].position(), Position::Affirms);
    let report = CaseReport {
        id: 7,
        outlet: reading.document.source.clone(),
        published: reading.document.published.clone(),
        copies: 7,
        withdrawn: false,
    };
    let assessment = assess(&[report], &statements, &OutletTable::default());
    assert_eq!(assessment.origins[0].name, "Blue ministry");
    assert_eq!(assessment.status, Status::SingleSource);
    assert!(assessment.reasons.iter().any(|reason| reason.starts_with("proposed grade 3")), "{:?}", assessment.reasons);
}

#[test]
fn likeness_is_the_same_both_ways() {
    let reading = reading();
    let a = EventFacts::of(&reading, &reading.events[0]);
    for change in 0..5 {
        let mut b = a.clone();
        match change {
            0 => b.actors.clear(),
            1 => b.when = "2024-03-06".parse().ok(),
            2 => b.places[0].name = "Hillside".into(),
            3 => b.counts[0].min = Some(9),
            _ => b.words = vec!["quiet".into()],
        }
        let (forth, back) = (similarity(&a, &b), similarity(&b, &a));
        assert_eq!((forth.score, forth.same, forth.veto), (back.score, back.same, back.veto), "change {change}");
    }
}
