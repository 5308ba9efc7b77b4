//! Schemes of a user's own: the worked example of `docs/ontology.md` is what the program does.

use std::fs;
use std::path::{Path, PathBuf};

use dateline::record::Reading;

use crate::support::dateline;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sample(name: &str) -> PathBuf {
    root().join("examples/ontology").join(name)
}

/// What a command of the docs prints on stdout, run in the repository's folder.
fn printed(command: &str) -> String {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("dateline"), "{command}");
    words.fold(dateline([]), |run, word| run.arg(word)).dir(&root()).run().stdout
}

/// Every ```console block of the page is a command and what it prints. To write the page anew: `UPDATE=1 cargo test -p dateline-cli`.
#[test]
fn the_page_shows_what_the_program_prints() {
    let path = root().join("docs/ontology.md");
    let page = fs::read_to_string(&path).unwrap();
    let (mut made, mut rest, mut commands) = (String::new(), page.as_str(), 0);
    while let Some((before, block)) = rest.split_once("```console\n$ ") {
        let (shown, behind) = block.split_once("```\n").unwrap();
        let command = shown.lines().next().unwrap();
        made.push_str(&format!("{before}```console\n$ {command}\n{}```\n", printed(command)));
        rest = behind;
        commands += 1;
    }
    made.push_str(rest);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert_eq!(commands, 4);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        made,
        "docs/ontology.md is not what the program prints: UPDATE=1 writes it anew"
    );
}

#[test]
fn the_page_quotes_the_files() {
    let page = fs::read_to_string(root().join("docs/ontology.md")).unwrap();
    let ontology = fs::read_to_string(sample("health.toml")).unwrap();
    let report = fs::read_to_string(sample("report.txt")).unwrap();
    let blocks = |kind: &str| {
        let opening = format!("```{kind}\n");
        page.split(opening.as_str()).skip(1).map(|block| block.split_once("```").unwrap().0.to_owned()).collect::<Vec<_>>()
    };
    for block in blocks("toml") {
        assert!(ontology.contains(&block), "not in health.toml:\n{block}");
    }
    assert_eq!(blocks("text"), [report]);
    let run = dateline(["read", "--format", "json", "--published", "2024-12-27", "--ontology"])
        .arg(sample("health.toml"))
        .arg(sample("report.txt"))
        .run()
        .exits(0);
    let reading: Reading = serde_json::from_str(&run.stdout).unwrap();
    reading.check().unwrap();
    let detained = reading.claims.iter().find(|claim| claim.trigger.text() == "detained").unwrap();
    let shown: serde_json::Value = serde_json::from_str(&format!("{{{}}}", blocks("json")[0])).unwrap();
    assert_eq!(shown["coding"], serde_json::to_value(&detained.coding).unwrap());
}

#[test]
fn a_claim_that_only_the_scheme_finds_has_the_code_of_its_type() {
    let read = |with: bool| {
        let mut run = dateline(["read", "--format", "json"]).arg(sample("report.txt"));
        if with {
            run = run.arg("--ontology").arg(sample("health.toml"));
        }
        serde_json::from_str::<Reading>(&run.run().exits(0).stdout).unwrap()
    };
    let (without, with) = (read(false), read(true));
    assert!(without.claims.iter().all(|claim| claim.coding.is_empty()));
    let waited = |reading: &Reading| reading.claims.iter().find(|claim| claim.trigger.text() == "waited").cloned();
    let claim = waited(&with).unwrap();
    assert!(waited(&without).is_none());
    assert_eq!(claim.event.kind.unwrap().as_str(), "COERCE");
    assert_eq!(claim.coding[0].kind, "ambulance-obstructed");
    // What was there is as it was.
    for known in &without.claims {
        let same = with.claims.iter().find(|claim| claim.trigger == known.trigger).unwrap();
        assert_eq!((&same.event, &same.factuality, &same.time), (&known.event, &known.factuality, &known.time));
    }
}

#[test]
fn faults_and_examples_that_do_not_fire_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(sample("health.toml")).unwrap();
    fs::write(folder.path().join("bad.toml"), text.replace("type = \"supplies-looted\"", "type = \"looting\"")).unwrap();
    let run = dateline(["read", "--ontology", "bad.toml"]).arg(sample("report.txt")).dir(folder.path()).run().exits(1);
    for id in ["loot-facility", "take-supplies", "theft-supplies"] {
        assert!(run.stderr.contains(&format!("trigger `{id}`: `looting` is no type of this file")), "{}", run.stderr);
    }
    assert!(run.stderr.starts_with("error: bad.toml: ") && run.stderr.contains("hint: "), "{}", run.stderr);

    let odd = text.replace("\"Two shells hit the district clinic.\"", "\"Nothing hit anything.\"");
    fs::write(folder.path().join("odd.toml"), odd).unwrap();
    let run = dateline(["ontology", "check", "odd.toml"]).dir(folder.path()).run().exits(1);
    assert!(
        run.stdout.contains("trigger `hit-facility`: “Nothing hit anything.” gives nothing, not facility-hit"),
        "{}",
        run.stdout
    );
    let run = dateline(["ontology", "check", "none.toml"]).dir(folder.path()).run().exits(1);
    assert!(run.stderr.contains("none.toml"), "{}", run.stderr);
    dateline(["ontology", "check"]).run().exits(2);
}

#[test]
fn dictionaries_code_in_cameos_terms_and_say_who_is_who() {
    let run = dateline(["read", "--format", "json", "--published", "2024-12-27"])
        .arg("--verbs")
        .arg(sample("sample.verbs"))
        .arg("--actors")
        .arg(sample("sample.actors"))
        .arg("--agents")
        .arg(sample("sample.agents"))
        .arg(sample("dispatch.txt"))
        .run()
        .exits(0);
    assert!(run.stderr.contains("sample.verbs: 1 line is passed over"), "{}", run.stderr);
    let reading: Reading = serde_json::from_str(&run.stdout).unwrap();
    reading.check().unwrap();
    let coded = |trigger: &str| {
        let claim = reading.claims.iter().find(|claim| claim.trigger.text() == trigger).unwrap();
        claim
            .coding
            .iter()
            .map(|coding| {
                let party = |name: &str| {
                    let values = coding.slots.get(name).into_iter().flatten();
                    values.map(|value| value.value.clone().unwrap_or_default()).collect::<Vec<_>>().join(",")
                };
                format!("{} {}→{}", coding.kind, party("source"), party("target"))
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(coded("shelled"), ["194 RUSMIL→UKR"]);
    assert_eq!(coded("held talks"), ["046 UKRREB→GOV", "046 GOV→UKRREB"]);
    assert_eq!(coded("turned back"), ["1912 MIL→HLH"]);
    // The code of the day that the claim is of, not of publication.
    assert_eq!(coded("rounded up"), ["173 UKRGOV→HLH"]);
    let brigade = reading.entities.iter().find(|entity| entity.name == "Blue Lantern Brigade").unwrap();
    assert_eq!((brigade.country.unwrap().as_str(), brigade.sector.unwrap().as_str()), ("UKR", "REB"));
}

#[test]
fn a_case_says_by_which_scheme_its_readings_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case");
    dateline(["init"]).arg(&case).run().exits(0);
    dateline(["add", "--ontology"]).arg(sample("health.toml")).arg(sample("report.txt")).dir(&case).run().exits(0);
    let shown = dateline(["show", "r1"]).dir(&case).run().exits(0).stdout;
    assert!(shown.contains("health-attacks@1") && shown.contains("health-attacks: staff-detained"), "{shown}");
    let events = dateline(["show", "e1"]).dir(&case).run().exits(0).stdout;
    assert!(events.contains("coded") && events.contains("health-attacks: "), "{events}");
    let reread = dateline(["reread", "--all"]).dir(&case).run().exits(0).stdout;
    assert!(reread.contains("1 reports read again"), "{reread}");
    let shown = dateline(["show", "r1"]).dir(&case).run().exits(0).stdout;
    assert!(!shown.contains("health-attacks: "), "{shown}");
}
