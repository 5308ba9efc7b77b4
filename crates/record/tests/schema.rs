//! `docs/reading.schema.json` is what the types say. To write it anew: `UPDATE=1 cargo test -p dateline-record`.
#![allow(clippy::unwrap_used)]

use dateline_record::Reading;

#[test]
fn schema_file_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reading.schema.json");
    let mut current = serde_json::to_string_pretty(&schemars::schema_for!(Reading)).unwrap();
    current.push('\n');
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(committed, current, "docs/reading.schema.json is not what the types say; write it anew with UPDATE=1");
}
