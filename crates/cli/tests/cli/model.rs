//! `dateline model`: showing, fetching, checking and removing.

use std::fs;
use std::path::Path;

use crate::support::{CACHE, dateline};

const NAME: &str = "models/en_core_web_sm-3.8.0";

/// A cache of this test's own, with a copy of the model that all tests share.
fn own_cache() -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() {
                copy(&path, &target);
            } else {
                fs::copy(&path, &target).unwrap();
            }
        }
    }
    dateline(["model", "get"]).run().exits(0);
    let cache = tempfile::tempdir().unwrap();
    copy(&Path::new(CACHE).join(NAME), &cache.path().join(NAME));
    cache
}

#[test]
fn shows_verifies_and_removes() {
    let cache = own_cache();
    let model = |action: &str| dateline(["model", action, "--format", "json"]).env("DATELINE_CACHE", cache.path()).run();
    let shown: serde_json::Value = serde_json::from_str(&model("show").exits(0).stdout).unwrap();
    assert_eq!(shown["model"], "en_core_web_sm-3.8.0");
    assert_eq!(shown["path"], cache.path().join(NAME).to_str().unwrap());
    assert!(model("verify").exits(0).stdout.contains("every byte checked"));
    model("remove").exits(0);
    model("remove").exits(1);
    assert!(model("show").exits(1).stdout.contains("not there yet"));
}

#[test]
fn an_altered_model_is_found_and_named() {
    let cache = own_cache();
    let file = cache.path().join(NAME).join("ner/model");
    let mut bytes = fs::read(&file).unwrap();
    bytes[1000] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let run = dateline(["model", "verify"]).env("DATELINE_CACHE", cache.path()).run().exits(1);
    assert!(
        run.stderr.contains("is damaged: `ner/model` has been altered") && run.stderr.contains("hint: run `dateline model get`")
    );
    fs::write(&file, &bytes[..1000]).unwrap();
    let run = dateline(["read", "-"]).stdin("Troops left.").env("DATELINE_CACHE", cache.path()).run().exits(1);
    assert!(run.stderr.contains("is damaged: `ner/model` has 1000 bytes instead of "), "{}", run.stderr);
}

#[test]
fn without_model_and_network_both_ways_to_get_one_are_said() {
    let cache = tempfile::tempdir().unwrap();
    let run = dateline(["--offline", "read", "-"]).stdin("Troops left.").env("DATELINE_CACHE", cache.path()).run();
    insta::assert_snapshot!(run.all(cache.path()));
    assert!(!cache.path().join("models").exists(), "nothing is written when nothing may be fetched");
}

#[test]
fn a_cached_model_works_offline() {
    let cache = own_cache();
    let run = dateline(["--offline", "parse", "-"]).stdin("Troops left.").env("DATELINE_CACHE", cache.path()).run().exits(0);
    assert!(run.stdout.contains("Troops"));
}

#[test]
fn a_named_model_needs_no_cache() {
    let cache = own_cache();
    let model = cache.path().join(NAME);
    let run = dateline(["--offline", "--model"])
        .arg(&model)
        .arg("parse")
        .arg("-")
        .stdin("Troops left.")
        .env("DATELINE_CACHE", "/nowhere")
        .run();
    assert!(run.exits(0).stdout.contains("Troops"));
    let run = dateline(["model", "--model"]).arg(&model).run().exits(0);
    assert!(run.stdout.contains("core_web_sm"), "{}", run.stdout);
    let run = dateline(["model", "--model", "/nowhere"]).run().exits(1);
    assert!(run.stderr.contains("/nowhere"), "{}", run.stderr);
}
