//! The desk in a real browser: runs the tests in `e2e/` with Node.js over the built binary.
//!
//! They need Node.js, Chromium and the packages of `e2e/` (`npm ci --prefix e2e`). Where one of these is missing the test says so and is
//! passed over, unless `DATELINE_BROWSER=required`.

use std::path::Path;
use std::process::Command;

#[test]
fn every_page_works_in_a_browser() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e");
    let runs = |program: &str| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let lacks = if !runs("node") {
        Some("Node.js")
    } else if !folder.join("node_modules/playwright-core").is_dir() {
        Some("the packages of e2e/ (`npm ci --prefix e2e`)")
    } else if std::env::var_os("CHROMIUM").is_none() && !browsers.into_iter().any(runs) {
        Some("Chromium")
    } else {
        None
    };
    if let Some(lacks) = lacks {
        let required = std::env::var("DATELINE_BROWSER").is_ok_and(|value| value == "required");
        assert!(!required, "this machine lacks {lacks}");
        eprintln!("passed over: this machine lacks {lacks}");
        return;
    }
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let demo = tempfile::tempdir_in(temporary).unwrap();
    let output = Command::new("node")
        .args(["--test", "--test-reporter=spec"])
        .current_dir(&folder)
        .env("DATELINE_BIN", env!("CARGO_BIN_EXE_dateline"))
        .env("DATELINE_CACHE", temporary)
        .env("DATELINE_E2E_DEMO", demo.path().join("demo"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let passed = said.lines().find_map(|line| line.strip_prefix("ℹ pass ")).and_then(|number| number.parse::<u32>().ok());
    assert!(passed.is_some_and(|passed| passed > 0), "no test ran:\n{said}");
    println!("{said}");
}
