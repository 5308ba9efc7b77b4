//! A case on the terminal: lists of events and reports, one event with its sources side by side, one report with its custody.

use super::Tone;
use super::dossier::{INDENT, dossier, field, label, rule, style};
use super::wrap::{Lines, Style, Text};
use crate::case::{Account, CaseEvent, EventPage, FoundReport, ReportPage, Telling};

/// Events, one on a few lines.
#[must_use]
pub fn events(events: &[CaseEvent], width: usize, colour: bool) -> String {
    let mut lines = Lines::new(width, colour);
    for event in events {
        let id = format!("{:<7}", event.id);
        lines.paragraph(&Text::new().push(Style::Bold, &id), 8, &Text::new().plain(&event.summary));
        lines.paragraph(&Text::new(), 8, &standing(event));
    }
    lines.into_string()
}

/// Code, status, grade, sources, on one line.
fn standing(event: &CaseEvent) -> Text {
    let code = [event.kind.as_deref(), event.mode.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut text = Text::new().push(Style::Dim, &code).push(Style::Dim, " · ").push(status_style(&event.status), &event.status);
    if let Some(grade) = &event.grade {
        text = text.push(Style::Dim, &format!(" · grade {grade}{}", if event.reviewed { " (reviewed)" } else { "" }));
    }
    text = text.push(
        Style::Dim,
        &format!(" · {} in {}", counted(event.sources, "independent source"), counted(event.reports, "report")),
    );
    if !event.disputed.is_empty() {
        text = text.push(Style::Red, &format!(" · differ on {}", event.disputed.join(", ")));
    }
    text
}

fn status_style(status: &str) -> Style {
    match status {
        "corroborated" | "confirmed-by-adversary" => Style::Green,
        "contested" | "retracted" | "rejected" => Style::Red,
        "single-source" => Style::Yellow,
        _ => Style::Magenta,
    }
}

/// Reports that were found, each with the words around.
#[must_use]
pub fn reports(reports: &[FoundReport], width: usize, colour: bool) -> String {
    let mut lines = Lines::new(width, colour);
    for report in reports {
        let head = [report.source.as_deref(), report.published.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let mut text = Text::new().push(Style::Bold, report.title.as_deref().unwrap_or("(no headline)"));
        text = text.push(Style::Dim, &format!(" · {head}"));
        if report.withdrawn {
            text = text.push(Style::Red, " · withdrawn");
        }
        lines.paragraph(&Text::new().push(Style::Bold, &format!("{:<7}", report.id)), 8, &text);
        lines.paragraph(&Text::new(), 8, &snippet(report));
        if !report.events.is_empty() {
            lines.paragraph(&Text::new(), 8, &Text::new().push(Style::Dim, &format!("tells of {}", report.events.join(", "))));
        }
    }
    lines.into_string()
}

fn snippet(report: &FoundReport) -> Text {
    let letters: Vec<char> = report.snippet.chars().collect();
    let slice = |from: usize, to: usize| letters.get(from..to.min(letters.len())).unwrap_or_default().iter().collect::<String>();
    let (mut text, mut at) = (Text::new(), 0);
    for &(start, end) in &report.marks {
        if start >= at {
            text = text.plain(&slice(at, start)).push(Style::Bold, &slice(start, end));
            at = end;
        }
    }
    text.plain(&slice(at, letters.len()))
}

/// An event with its sources side by side; with `why`, how everything came about.
#[must_use]
pub fn event(page: &EventPage, why: bool, width: usize, colour: bool) -> String {
    let mut lines = Lines::new(width, colour);
    let event = &page.event;
    lines.paragraph(&Text::new().push(Style::Bold, &format!("{} ", event.id)), 4, &Text::new().push(Style::Bold, &event.summary));
    lines.paragraph(&Text::new(), 4, &standing(event));
    rule(&mut lines);
    field(&mut lines, "where", &place(event));
    field(&mut lines, "when", event.date.as_deref().unwrap_or_default());
    if let Some(killed) = &event.killed {
        let number = |value: Option<i64>| value.map_or_else(|| "?".to_owned(), |value| value.to_string());
        field(
            &mut lines,
            "killed",
            &format!("low {} · best {} · high {}", number(killed.low), number(killed.best), number(killed.high)),
        );
    }
    for role in ["actor", "recipient"] {
        let names: Vec<String> = event
            .parties
            .iter()
            .filter(|party| party.role == role)
            .map(|party| {
                let codes =
                    [party.country.as_deref(), party.sector.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
                if codes.is_empty() { party.name.clone() } else { format!("{} ({codes})", party.name) }
            })
            .collect();
        field(&mut lines, role, &names.join("; "));
    }
    field(&mut lines, "circulation", &page.circulation.join("; "));
    page.coded.iter().for_each(|coded| field(&mut lines, "coded", coded));
    for account in &page.accounts {
        lines.blank();
        self::account(&mut lines, account, why);
    }
    if page.beyond > 0 {
        lines.blank();
        lines.paragraph(
            &Text::new(),
            0,
            &Text::new().push(Style::Dim, &format!("and {} more tellings that are not weighed", page.beyond)),
        );
    }
    let differences = &page.differences;
    if !differences.disputes.is_empty() || !differences.revisions.is_empty() {
        lines.blank();
        for dispute in &differences.disputes {
            lines.paragraph(&label("disputed"), INDENT, &Text::new().push(Style::Red, &dispute.reason));
        }
        for revision in &differences.revisions {
            lines.paragraph(&label("revised"), INDENT, &Text::new().plain(&revision.reason));
        }
    }
    lines.blank();
    for report in &page.reports {
        let mut text = Text::new().plain(report.source.as_deref().unwrap_or("(no outlet)"));
        let rest = [report.published.as_deref(), report.title.as_deref(), report.url.as_deref()];
        for part in rest.into_iter().flatten() {
            text = text.push(Style::Dim, " · ").push(Style::Dim, part);
        }
        if let Some(first) = &report.copy_of {
            text = text.push(Style::Yellow, &format!(" · copy of {first}"));
        }
        if report.withdrawn {
            text = text.push(Style::Red, " · withdrawn");
        }
        lines.paragraph(&label(&report.id), INDENT, &text);
    }
    if !page.decisions.is_empty() {
        lines.blank();
        for decision in &page.decisions {
            let why = decision.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            let text = format!("#{} {} by {}, {}{why}", decision.id, decision.what, decision.by, decision.at);
            lines.paragraph(&label("decided"), INDENT, &Text::new().plain(&text));
        }
    }
    if why {
        lines.blank();
        for reason in &page.reasons {
            lines.paragraph(&label("why"), INDENT, &Text::new().plain(reason));
        }
        for join in &page.joins {
            let text = format!("{} belongs to it ({:.2}): {}", join.report, join.score, join.reasons.join("; "));
            lines.paragraph(&label("same event"), INDENT, &Text::new().plain(&text));
        }
    } else {
        lines.paragraph(&Text::new(), 0, &Text::new().push(Style::Dim, "--why says how this came about"));
    }
    lines.into_string()
}

fn place(event: &CaseEvent) -> String {
    let Some(place) = &event.place else { return String::new() };
    let within = [place.admin1.as_deref().filter(|admin1| *admin1 != place.name), place.country.as_deref()];
    let within = within.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if within.is_empty() { place.name.clone() } else { format!("{} ({within})", place.name) }
}

fn account(lines: &mut Lines, account: &Account, why: bool) {
    let (mark, style) = match account.position.as_str() {
        "affirms" => ("affirms", Style::Green),
        "denies" => ("denies", Style::Red),
        "withdrew" => ("took it back", Style::Red),
        _ => ("leaves it open", Style::Magenta),
    };
    let mut text = Text::new().push(Style::Bold, &account.name).plain(" ").push(style, mark);
    let stance = match account.stance.as_str() {
        "acting" => "party that acts",
        "suffering" => "party that suffers",
        _ => "third party",
    };
    text = text.push(Style::Dim, &format!(" · {stance}"));
    if let Some(letter) = &account.reliability {
        text = text.push(Style::Dim, &format!(" · reliability {letter}"));
    }
    if account.rumour {
        text = text.push(Style::Yellow, " · rumour: nobody who can be asked stands behind it");
    }
    lines.paragraph(&Text::new().push(Style::Bold, " ■ "), 3, &text);
    for told in &account.told {
        self::told(lines, told);
    }
    if why {
        for reason in &account.reasons {
            lines.paragraph(&label("why"), INDENT, &Text::new().push(Style::Dim, reason));
        }
    }
}

fn told(lines: &mut Lines, told: &Telling) {
    let tone = told.tone.unwrap_or(Tone::Open);
    let mut text = Text::new().push(style(tone), &told.certainty).plain(" · ").plain(&told.who);
    if !told.cues.is_empty() {
        text = text.push(Style::Dim, &format!(" [{}]", told.cues.join(", ")));
    }
    let mut origin = vec![told.outlet.clone().unwrap_or_else(|| "(no outlet)".to_owned())];
    origin.extend(told.published.clone());
    text = text.push(Style::Dim, &format!(" · {}", origin.join(", ")));
    if !told.copies.is_empty() {
        text = text.push(Style::Yellow, &format!(" · copied by {}", told.copies.join(", ")));
    }
    lines.paragraph(&label(&told.report), INDENT, &text);
    let (start, end) = told.trigger;
    let part = |from: usize, to: usize| told.quote.get(from..to).unwrap_or_default();
    let quote = Text::new()
        .push(Style::Dim, "“")
        .plain(part(0, start))
        .push(Style::Bold, part(start, end))
        .plain(part(end, told.quote.len()))
        .push(Style::Dim, "”");
    lines.paragraph(&Text::new(), INDENT, &quote);
    if !told.values.is_empty() {
        lines.paragraph(&Text::new(), INDENT, &Text::new().push(Style::Dim, &told.values.join(" · ")));
    }
}

/// A report: where it came from, what was done to it, and what it says.
#[must_use]
pub fn report(page: &ReportPage, width: usize, colour: bool) -> String {
    let mut lines = Lines::new(width, colour);
    let row = &page.report;
    lines.paragraph(
        &Text::new().push(Style::Bold, &format!("r{} ", row.id)),
        4,
        &Text::new().push(Style::Bold, row.title.as_deref().unwrap_or("(no headline)")),
    );
    if let Some(why) = &row.status_why {
        lines.paragraph(&Text::new(), 4, &Text::new().push(Style::Red, &format!("withdrawn: {why}")));
    }
    rule(&mut lines);
    let origin = &row.provenance;
    field(&mut lines, "outlet", row.source.as_deref().unwrap_or_default());
    field(&mut lines, "published", row.published.as_ref().map_or("", |date| date.as_str()));
    field(&mut lines, "address", row.url.as_deref().unwrap_or_default());
    field(&mut lines, "input", &format!("{} ({})", origin.input, origin.format));
    field(&mut lines, "forwarded", origin.forwarded_from.as_deref().unwrap_or_default());
    field(&mut lines, "captured", origin.captured.as_deref().unwrap_or_default());
    field(&mut lines, "added", &format!("{} by {}", row.added_at, row.added_by));
    if let Some(original) = &page.original {
        field(
            &mut lines,
            "original",
            &format!("{} ({} bytes, sha256:{})", original.path.display(), original.bytes, original.sha256),
        );
    }
    field(&mut lines, "text", &format!("sha256:{}", row.text_sha256));
    field(&mut lines, "done to it", &origin.transformations.join("; "));
    field(&mut lines, "note", &origin.warnings.join("; "));
    for (name, sha256) in &page.media {
        field(&mut lines, "media", &format!("{name} (sha256:{sha256})"));
    }
    for capture in &page.captures {
        field(&mut lines, "captured again", &format!("{} by {}, sha256:{}", capture.at, capture.by, capture.original));
    }
    if let Some((made, version)) = &page.made {
        let by = version.as_ref().map(|version| {
            format!("dateline {}, {}, lexicons {}, {}", version.program, version.model, version.lexicons, version.gazetteer)
        });
        field(&mut lines, "read", &format!("{} by {}", made.made_at, by.unwrap_or_default()));
        field(&mut lines, "failed", made.error.as_deref().unwrap_or_default());
    }
    let others: Vec<String> = page.copies.iter().filter(|&&copy| copy != row.id).map(|copy| format!("r{copy}")).collect();
    field(&mut lines, "same text", &others.join(", "));
    let mut shown = lines.into_string();
    if !page.events.is_empty() {
        shown.push('\n');
        shown.push_str(&events(&page.events, width, colour));
    }
    if let Some(reading) = &page.reading {
        shown.push('\n');
        shown.push_str(&dossier(reading, width, colour));
    }
    shown
}

fn counted(count: u32, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
