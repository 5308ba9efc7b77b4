//! Prints the main text of web pages as JSON Lines `{"id", "text"}`, for a scorer: `extract PAGE.html[.gz]...`
//!
//! With `--meta` it prints what else is known of each page instead.

use std::ops::ControlFlow;
use std::path::PathBuf;

use dateline_collect::{Input, Options, open};

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let meta = arguments.iter().any(|argument| argument == "--meta");
    arguments.retain(|argument| argument != "--meta");
    for path in arguments {
        let path = PathBuf::from(path);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let id = name.trim_end_matches(".gz").trim_end_matches(".html").to_owned();
        open(&Input::Path(path), &Options::default(), &mut |item| {
            match item {
                Ok(collected) if meta => {
                    let mut report = collected.report;
                    report.text.clear();
                    println!("{}", serde_json::json!({"id": id, "report": report, "provenance": collected.provenance}));
                }
                Ok(collected) => println!("{}", serde_json::json!({"id": id, "text": collected.report.text})),
                Err(error) => eprintln!("{error}"),
            }
            ControlFlow::Continue(())
        });
    }
}
