//! The facts that a reading of one article must hold.
//!
//! They are about an article that may not be shipped, and name its words; so they stay where it lies: the set's own script is run on
//! our reading, and its rows are taken as they come. It needs `python3`, with nothing installed.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use dateline_record::Reading;

use crate::error::EvalError;
use crate::figures::{Mistake, Scored, Unit};

/// The article's name among the marked documents.
pub(crate) const ARTICLE: &str = "kursk-pow";

/// Runs `script` on a reading.
pub(crate) fn score(set: &'static str, script: &Path, reading: &Reading) -> Result<Scored, EvalError> {
    let tool = |why: String| EvalError::Tool { program: format!("python3 {}", script.display()), why };
    let mut file = tempfile::Builder::new().suffix(".json").tempfile().map_err(|error| tool(error.to_string()))?;
    let json = serde_json::to_vec(reading).map_err(|error| tool(error.to_string()))?;
    file.write_all(&json).and_then(|()| file.flush()).map_err(|error| tool(error.to_string()))?;
    let output = Command::new("python3").arg(script).arg(file.path()).output().map_err(|error| tool(error.to_string()))?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        return Err(tool(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    rows_of(set, &String::from_utf8_lossy(&output.stdout)).ok_or_else(|| tool("it printed no rows".to_owned()))
}

/// From `PASS 1 [1] what` and `FAIL …` lines.
fn rows_of(set: &'static str, printed: &str) -> Option<Scored> {
    let mut out = Scored::new(set);
    let (mut passed, mut all) = (0u32, 0u32);
    for line in printed.lines() {
        let (pass, row) = match (line.strip_prefix("PASS"), line.strip_prefix("FAIL")) {
            (Some(row), _) => (true, row),
            (_, Some(row)) => (false, row),
            _ => continue,
        };
        all += 1;
        passed += u32::from(pass);
        if !pass {
            let number: String = row.trim().chars().take_while(char::is_ascii_digit).collect();
            out.mistakes.push(Mistake {
                document: ARTICLE.to_owned(),
                kind: "missed",
                what: format!("row {number}"),
                text: row.trim().to_owned(),
                details: Vec::new(),
                why: Vec::new(),
            });
        }
    }
    out.notes.push(format!("{passed} of {all} rows pass (by the set's own script, with python3)"));
    out.add("all", "rows passed", Unit::Count, Some(f64::from(passed)));
    (all > 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_as_the_script_prints_them() {
        let scored = rows_of("seed", "PASS  1 [1] a\nFAIL  2 [1] b\nrows passed: 1 of 2\n").unwrap();
        assert_eq!((scored.value("all", "rows passed"), scored.mistakes[0].text.as_str()), (Some(1.0), "2 [1] b"));
        assert_eq!(rows_of("seed", "Traceback\n"), None);
    }
}
