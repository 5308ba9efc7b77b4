//! The rooms of ARCHITECTURE.md, held to by a test: a crate may only use crates of lower floors.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::process::Command;

/// Floor of each of our packages, by package name; the more specific rules stand in [`MAY_USE`].
const FLOORS: &[(&str, u8)] = &[
    ("dateline-text", 0),
    ("dateline-record", 1),
    ("dateline-nlp", 1),
    ("dateline-gazetteer", 1),
    ("dateline-casebook", 2),
    ("dateline-collect", 2),
    ("dateline-corroborate", 2),
    ("dateline-export", 2),
    ("dateline-media", 2),
    ("dateline-reader", 2),
    ("dateline", 3),
    // A side room: nothing but the verb `eval` needs it.
    ("dateline-eval", 3),
    ("dateline-desk", 4),
    ("dateline-cli", 5),
];

/// What each room may use of ours, where that is less than all lower floors.
const MAY_USE: &[(&str, &[&str])] = &[
    ("dateline-casebook", &["dateline-text", "dateline-record"]),
    ("dateline-export", &["dateline-text", "dateline-record"]),
    ("dateline-media", &["dateline-text", "dateline-record"]),
    ("dateline-record", &["dateline-text"]),
    ("dateline-nlp", &["dateline-text"]),
    ("dateline-gazetteer", &["dateline-text"]),
    ("dateline-eval", &["dateline-text", "dateline-record", "dateline-nlp", "dateline-gazetteer", "dateline-reader"]),
];

#[test]
fn arrows_only_point_down() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let mut checked = 0;
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let floor = *floors.get(name).unwrap_or_else(|| panic!("{name} has no floor: add it here and to ARCHITECTURE.md"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            let Some(&below) = floors.get(used) else { continue };
            // Tests and benches may look at what the room produces for others.
            if dependency["kind"] == "dev" {
                continue;
            }
            assert!(below < floor, "{name} (floor {floor}) uses {used} (floor {below}): arrows only point down");
            if let Some((_, allowed)) = MAY_USE.iter().find(|(room, _)| *room == name) {
                assert!(allowed.contains(&used), "{name} may not use {used}, only {allowed:?}");
            }
            checked += 1;
        }
    }
    assert!(checked >= 10, "only {checked} arrows found: is the metadata read right?");
}

/// The README says `cargo run` and no more: a second program in the workspace must not make it ambiguous.
#[test]
fn cargo_run_knows_the_program() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let defaults = metadata["workspace_default_members"].as_array().unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter().filter(|package| defaults.contains(&package["id"]));
    let targets = packages.flat_map(|package| package["targets"].as_array().unwrap());
    let programs: Vec<&str> = targets
        .filter(|target| target["kind"].as_array().unwrap().iter().any(|kind| kind == "bin"))
        .map(|target| target["name"].as_str().unwrap())
        .collect();
    assert_eq!(programs, ["dateline"], "`cargo run` does not know which to run");
}
