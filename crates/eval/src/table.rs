//! Figures as people read them.

use std::fmt::Write as _;

use crate::baseline::{Baseline, Compared};
use crate::figures::Scored;

/// The table of a scored set: each figure now, as recorded, the change, and the goal.
#[must_use]
pub fn figures(scored: &Scored, baseline: &Baseline) -> String {
    let compared = baseline.compare(scored);
    let width = compared.iter().map(|one| one.figure.name.chars().count()).max().unwrap_or(0).max(18) + 2;
    let mut out = String::new();
    let _ = writeln!(out, "## {}", scored.set);
    for note in &scored.notes {
        let _ = writeln!(out, "{note}");
    }
    if let Some(recorded) = baseline.recorded.get(scored.set) {
        let _ = writeln!(out, "recorded {} with {} and {}", recorded.date, recorded.by.program, recorded.by.model);
    }
    let mut section = "";
    for one in &compared {
        if one.figure.section != section {
            section = &one.figure.section;
            let _ = writeln!(out, "\n{section:width$}  {:>9} {:>9} {:>9} {:>6}", "now", "recorded", "change", "goal");
        }
        let _ = writeln!(out, "{}", row(one, width));
    }
    out
}

fn row(one: &Compared, width: usize) -> String {
    let unit = one.figure.unit;
    let show = |value: Option<f64>| value.map_or("-".to_owned(), |value| unit.show(value));
    let (now, recorded) = (show(one.figure.value), show(one.recorded));
    let change = match one.change {
        None => String::new(),
        Some(_) if now == recorded => "=".to_owned(),
        Some(change) if change < 0.0 => unit.show(change),
        Some(change) => format!("+{}", unit.show(change)),
    };
    let goal = match (one.goal, one.figure.value) {
        (Some(goal), value) => {
            let goal_text = if unit == crate::Unit::Count {
                unit.show(goal)
            } else {
                format!("{goal:.2}").trim_start_matches('0').to_owned()
            };
            let met = value.is_some_and(|value| if unit.is_cost() { value <= goal } else { value >= goal });
            format!("{goal_text}{}", if met { " ok" } else { "" })
        }
        (None, _) => String::new(),
    };
    format!("  {:w$}  {now:>9} {recorded:>9} {change:>9} {goal:>6}", one.figure.name, w = width.saturating_sub(2))
        .trim_end()
        .to_owned()
}

/// The first mistakes of a scored set, with their words and why.
#[must_use]
pub fn mistakes(scored: &Scored, most: usize) -> String {
    let mut out = String::new();
    if most == 0 {
        return out;
    }
    let _ = writeln!(out, "\n{} of {} mistakes", most.min(scored.mistakes.len()), scored.mistakes.len());
    let mut document = "";
    for mistake in scored.mistakes.iter().take(most) {
        if mistake.document != document {
            document = &mistake.document;
            let _ = writeln!(out, "\n== {document}");
        }
        let _ = writeln!(out, "{:9} {}", mistake.kind, mistake.what);
        if !mistake.text.is_empty() {
            let _ = writeln!(out, "          {}", mistake.text);
        }
        for detail in &mistake.details {
            let _ = writeln!(out, "            {detail}");
        }
        if !mistake.why.is_empty() {
            let _ = writeln!(out, "            why: {}", mistake.why.join("; "));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MadeBy, Mistake};

    #[test]
    fn a_row_shows_now_recorded_change_and_goal() {
        let mut before = Scored::new("times");
        before.share("all", "rows right", 0.95);
        let mut baseline = Baseline::default();
        baseline.record(
            &before,
            "2026-01-02",
            &MadeBy { program: "0.1.0".to_owned(), model: "m 1".to_owned(), model_sha256: None },
        );
        let mut now = Scored::new("times");
        now.share("all", "rows right", 0.975);
        now.mistakes.push(Mistake {
            document: "row 1".to_owned(),
            kind: "wrong",
            what: "It fell.".to_owned(),
            text: String::new(),
            details: vec!["expected nothing".to_owned()],
            why: vec!["rule".to_owned()],
        });
        assert_eq!(
            figures(&now, &baseline),
            "## times\nrecorded 2026-01-02 with 0.1.0 and m 1\n\n\
             all                         now  recorded    change   goal\n  \
             rows right             0.9750    0.9500   +0.0250 .97 ok\n"
        );
        assert_eq!(
            mistakes(&now, 5),
            "\n1 of 1 mistakes\n\n== row 1\nwrong     It fell.\n            expected nothing\n            why: rule\n"
        );
        assert_eq!(mistakes(&now, 0), "");
    }
}
