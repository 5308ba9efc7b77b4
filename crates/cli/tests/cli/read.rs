//! `dateline read` and `dateline parse`, on the built binary with the real model (fetched once for a build folder).

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{CACHE, dateline};
use dateline::record::Reading;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

fn readings(jsonl: &str) -> Vec<Reading> {
    jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn json_keeps_the_contract_and_takes_the_origin_from_the_command_line() {
    let run = dateline(["read", "--format", "json", "--published", "2024-12-27", "--source", "Sample Wire"])
        .arg(sample("capture.txt"))
        .run();
    let reading: Reading = serde_json::from_str(&run.exits(0).stdout).unwrap();
    reading.check().unwrap();
    assert_eq!(reading.document.published.unwrap().as_str(), "2024-12-27");
    assert_eq!(reading.document.source.as_deref(), Some("Sample Wire"));
    assert_eq!(reading.document.text, fs::read_to_string(sample("capture.txt")).unwrap());
    assert!(reading.claims.iter().any(|claim| claim.trigger.text() == "captured"), "{:?}", reading.claims);
}

#[test]
fn the_dossier_quotes_the_words() {
    let run = dateline(["read"]).arg(sample("denial.txt")).run().exits(0);
    assert!(run.stdout.contains("seized") && run.stdout.contains("“The army said on Monday"), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
    assert!(!run.stdout.contains('\u{1b}'), "colour without a terminal");
}

#[test]
fn colour_when_asked_for() {
    let run = dateline(["read", "--color", "always"]).arg(sample("denial.txt")).run().exits(0);
    assert!(run.stdout.contains("\u{1b}[1m"));
}

#[test]
fn one_reading_a_line_in_order_with_the_senders_ids() {
    let run = dateline(["read", "--format", "jsonl"]).arg(sample("reports.jsonl")).run().exits(1);
    let readings = readings(&run.stdout);
    let ids: Vec<_> = readings.iter().map(|reading| reading.document.reference.as_deref().unwrap()).collect();
    assert_eq!(ids, ["sample-capture", "sample-airstrike", "sample-denial", "sample-ukrainian"]);
    assert_eq!(readings[3].not_read.as_deref(), Some("not read: language uk"));
    assert!(run.stderr.contains("reports.jsonl:4: not read: language uk"), "{}", run.stderr);
    let one = dateline(["read", "--format", "jsonl", "--threads", "1"]).arg(sample("reports.jsonl")).run();
    assert_eq!(one.stdout, run.stdout);
}

#[test]
fn a_page_gives_its_article_with_its_origin() {
    let run = dateline(["read", "--format", "json"]).arg(sample("page.html")).run().exits(0);
    let reading: Reading = serde_json::from_str(&run.stdout).unwrap();
    reading.check().unwrap();
    assert_eq!(reading.document.source.as_deref(), Some("Sample Wire"));
    assert_eq!(reading.document.published.as_ref().map(|date| date.as_str()), Some("2024-11-12"));
    assert!(
        reading.document.text.contains("fuel depot") && !reading.document.text.contains("Sport"),
        "{}",
        reading.document.text
    );
}

#[test]
fn a_feed_in_an_archive_gives_one_reading_an_item_and_a_broken_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let item = |n: u8| {
        format!(
            "<item><title>T{n}</title><description>Troops captured the village of Sampleton {n} on Monday, the army said.</description></item>"
        )
    };
    let feed = format!("<rss version=\"2.0\"><channel><title>Sample Feed</title>{}{}</channel></rss>", item(1), item(2));
    fs::write(folder.path().join("feed.xml"), feed).unwrap();
    fs::write(folder.path().join("broken.gz"), b"\x1f\x8b\x08\x00nothing").unwrap();
    let run = dateline(["read", "--format", "jsonl"]).arg(folder.path()).run().exits(1);
    let readings = readings(&run.stdout);
    assert_eq!(readings.len(), 2, "{}", run.stderr);
    assert!(readings.iter().all(|reading| reading.document.source.as_deref() == Some("Sample Feed")));
    assert!(run.stderr.contains("broken.gz"), "{}", run.stderr);
}

#[test]
fn json_of_several_is_an_array() {
    let run = dateline(["read", "--format", "json"]).arg(sample("capture.txt")).arg(sample("denial.txt")).run().exits(0);
    let readings: Vec<Reading> = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        readings.iter().map(|reading| reading.document.reference.as_deref()).collect::<Vec<_>>(),
        [Some("capture"), Some("denial")]
    );
}

#[test]
fn stdin_text_and_stdin_lines() {
    let run = dateline(["read", "--format", "jsonl", "-"]).stdin("Troops captured the airport.").run().exits(0);
    assert_eq!(readings(&run.stdout)[0].document.reference, None);
    let lines = "{\"id\": 1, \"text\": \"Troops captured the airport.\"}\n";
    let run = dateline(["read", "--format", "jsonl", "--from", "jsonl", "-"]).stdin(lines).run().exits(0);
    assert_eq!(readings(&run.stdout)[0].document.reference.as_deref(), Some("1"));
}

#[test]
fn failing_inputs_are_named_with_why_and_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("1-binary.txt", b"\x7fELF\0\xff");
    write("2-empty.txt", b" \n");
    write(
        "3-lines.jsonl",
        b"{\"text\": \"Troops left.\"}\n{\"id\": 5}\n{\"text\": \"Troops came.\", \"published\": \"yesterday\"}\n",
    );
    write(
        "4-legacy.txt",
        &[b"caf\xe9 ".as_slice(), b"Troops captured the airport on Monday and the mayor said that it was over.\n"].concat(),
    );
    write("ignored.pdf", b"%PDF");
    let run = dateline(["read", "--format", "jsonl", "."]).arg("absent.txt").dir(folder.path()).run();
    assert_eq!(readings(&run.stdout).len(), 2, "{}", run.stdout);
    let all = run.exits(1).stderr.lines().map(|line| format!("{line}\n")).collect::<String>();
    insta::assert_snapshot!(all);
}

#[test]
fn a_page_goes_to_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let run = dateline(["read", "--format", "html", "--output"]).arg(&page).arg(sample("airstrike.txt")).run().exits(0);
    assert_eq!(run.stdout, "");
    let html = fs::read_to_string(page).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("default-src 'none'") && !html.contains("<script"));
}

#[test]
fn nothing_found_exits_with_1() {
    let run = dateline(["read", "-"]).stdin("A quiet morning.").run().exits(1);
    assert!(run.stdout.contains("Nothing found that the text presents as happening."));
}

#[test]
fn a_strangers_escape_sequences_stay_out_of_the_terminal() {
    let line = "{\"text\": \"Troops \\u001b[2Jcaptured the airport.\", \"title\": \"\\u001b]0;x\\u0007\", \"source\": \"a\\u009bb\"}\n{\"\\u001b[31m\": 1}\n";
    let run = dateline(["read", "--from", "jsonl", "-"]).stdin(line).run();
    assert!(
        !run.stdout.contains(['\u{1b}', '\u{9b}', '\u{7}']) && !run.stderr.contains('\u{1b}'),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn a_closed_pipe_is_success() {
    let folder = tempfile::tempdir().unwrap();
    let many = folder.path().join("many.jsonl");
    fs::write(&many, "{\"text\": \"Troops captured the airport on Monday.\"}\n".repeat(2000)).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["read", "--format", "jsonl"])
        .arg(&many)
        .env("DATELINE_CACHE", CACHE)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_lexicon_of_an_unknown_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.toml"), "").unwrap();
    let run = dateline(["read", "--lexicon"]).arg(folder.path()).arg(sample("denial.txt")).run().exits(1);
    assert!(run.stderr.contains("mine.toml: no lexicon of this name") && run.stderr.contains("hint: "), "{}", run.stderr);
}

#[test]
fn parse_prints_tokens_a_file_a_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.b.txt"), "\u{feff}Troops left Kyiv.\r\n").unwrap();
    fs::write(folder.path().join("bad.txt"), b"ab\xffc").unwrap();
    let run = dateline(["parse", "a.b.txt", "bad.txt"]).dir(folder.path()).run().exits(1);
    let line: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(line["doc"], "a.b");
    let words: String = line["tokens"].as_array().unwrap().iter().map(|token| token[0].as_str().unwrap()).collect();
    assert_eq!(words.replace(' ', ""), "\u{feff}TroopsleftKyiv.\r\n");
    assert_eq!(run.stderr, "error: bad.txt: not UTF-8: invalid at byte 2\n");
}
