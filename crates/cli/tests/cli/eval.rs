//! `dateline eval`: figures of the samples that come with it, held to those recorded; and what is said when something is wrong.

use std::fs;

use crate::support::dateline;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../eval/baseline.json");

/// The slice that runs with every change. A figure may fall only together with a new recording (`dateline eval samples times quantities
/// --record`), which then shows in the diff.
#[test]
fn no_figure_of_the_samples_and_tables_falls() {
    let run = dateline(["eval", "samples", "times", "quantities", "--strict=0.002", "--baseline", BASELINE]).run();
    let run = run.exits(0);
    for section in ["claims, end to end", "attributions, relations", "places, from text", "## times", "## quantities"] {
        assert!(run.stdout.contains(section), "{section}: {}", run.stdout);
    }
}

#[test]
fn a_figure_that_fell_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("baseline.json");
    fs::write(&path, r#"{"recorded": {}, "figures": {"times/all/rows right": 1.5}}"#).unwrap();
    let run = dateline(["eval", "times", "--strict", "--baseline"]).arg(&path).run().exits(1);
    assert!(run.stderr.contains("error: times/all/rows right fell from 1.5000 to "), "{}", run.stderr);
    dateline(["eval", "times", "--baseline"]).arg(&path).run().exits(0);
}

#[test]
fn figures_are_recorded_with_day_program_and_model() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("baseline.json");
    dateline(["eval", "quantities", "--record", "--date", "2026-01-02", "--baseline"]).arg(&path).run().exits(0);
    let baseline: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let recorded = &baseline["recorded"]["quantities"];
    assert_eq!((recorded["date"].as_str(), recorded["program"].as_str()), (Some("2026-01-02"), Some(env!("CARGO_PKG_VERSION"))));
    assert!(recorded["model_sha256"].as_str().is_some_and(|hash| hash.len() == 64), "{recorded}");
    let run = dateline(["eval", "quantities", "--format", "json", "--baseline"]).arg(&path).run().exits(0);
    let sets: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let figure = &sets[0]["figures"][0];
    assert_eq!((figure["key"].as_str(), figure["change"].as_f64()), (Some("quantities/all/rows right"), Some(0.0)));
}

#[test]
fn what_is_missing_or_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let run = dateline(["eval", "gold", "--data"]).arg(folder.path()).run().exits(1);
    assert!(run.stderr.contains("no data for the set `gold`: looked for ") && run.stderr.contains("hint: "), "{}", run.stderr);
    fs::create_dir(folder.path().join("gold")).unwrap();
    fs::write(folder.path().join("gold/dev.jsonl"), "\n{\"doc\": 1}\n").unwrap();
    let run = dateline(["eval", "gold", "--data"]).arg(folder.path()).run().exits(1);
    assert!(run.stderr.contains("dev.jsonl:2: `doc` must be a string"), "{}", run.stderr);
    let run = dateline(["eval", "silver"]).run().exits(2);
    assert!(run.stderr.contains("there is no set `silver`: there are samples, gold, "), "{}", run.stderr);
    dateline(["eval"]).run().exits(2);
    dateline(["eval", "times", "--strict=2"]).run().exits(2);
    dateline(["eval", "times", "--predictions", "x"]).run().exits(2);
    dateline(["eval", "times", "--record"]).dir(folder.path()).run().exits(2);
}
