//! Help is a page that people read: its wording is kept by snapshots.

use crate::support::dateline;

#[test]
fn help_of_the_command() {
    insta::assert_snapshot!(dateline(["--help"]).run().exits(0).stdout);
}

#[test]
fn short_help_of_the_command() {
    insta::assert_snapshot!(dateline(["-h"]).run().exits(0).stdout);
}

#[test]
fn help_of_read() {
    insta::assert_snapshot!(dateline(["read", "--help"]).run().exits(0).stdout);
}

#[test]
fn help_of_parse() {
    insta::assert_snapshot!(dateline(["parse", "-h"]).run().exits(0).stdout);
}

#[test]
fn help_of_eval() {
    insta::assert_snapshot!(dateline(["eval", "--help"]).run().exits(0).stdout);
}

#[test]
fn help_of_model() {
    insta::assert_snapshot!(dateline(["model", "-h"]).run().exits(0).stdout);
}

#[test]
fn the_long_version_names_those_whose_data_it_uses() {
    let version = dateline(["--version"]).run().exits(0).stdout;
    for name in [env!("CARGO_PKG_VERSION"), "GeoNames", "CC BY 4.0", "en_core_web_sm", "PLOVER"] {
        assert!(version.contains(name), "{version}");
    }
    assert_eq!(dateline(["-V"]).run().exits(0).stdout, concat!("dateline ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn completions_and_man_pages_are_made_from_the_same_definitions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(dateline(["completions", shell]).run().exits(0).stdout.contains("published"), "{shell}");
    }
    assert!(dateline(["man"]).run().exits(0).stdout.contains(".TH dateline 1"));
    let folder = tempfile::tempdir().unwrap();
    dateline(["man", "--dir"]).arg(folder.path()).run().exits(0);
    assert!(folder.path().join("dateline-read.1").is_file());
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [["read", "--format"], ["raed", "x"], ["--color", "sometimes"]] {
        let run = dateline(arguments).run().exits(2);
        assert_eq!(run.stdout, "");
    }
    let run = dateline(["read", "--format", "html", "a.txt", "b.txt"]).run().exits(2);
    assert!(run.stderr.starts_with("error: `--format html` makes a page of one report"), "{}", run.stderr);
}
