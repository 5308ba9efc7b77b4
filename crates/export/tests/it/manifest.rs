//! The manifest of an export.

use dateline_export::{Format, Manifest, Options};

use crate::sample::{bare, case, export, full};

#[test]
fn a_manifest_names_the_files_by_hash() {
    let mut manifest = Manifest::new(&case(), false);
    for format in [Format::Jsonl, Format::WebAnnotation] {
        let (_, written) = export(format, &[full(), bare()], &Options::default());
        manifest.add(&format!("sample.{}", format.extension()), format, &written);
    }
    let json = manifest.to_json().unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&json).unwrap(), manifest);
    insta::assert_snapshot!(json);
    insta::assert_snapshot!("citation", manifest.citation());
}

#[test]
fn a_citation_is_one_line_whatever_the_names() {
    let mut case = case();
    case.name = "Two\nlines\tand more".into();
    let citation = Manifest::new(&case, false).citation();
    assert_eq!(citation.lines().count(), 1);
    assert!(citation.contains("“Two lines and more” (case sample-1), 0 events"), "{citation}");
}
