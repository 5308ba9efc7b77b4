use std::collections::HashSet;

use dateline_record::Reading;

use super::summary::{Excerpt, Happening, Summary};
use super::wording::{self, Tone};
use super::wrap::{Lines, Style, Text};

/// Columns of labels, from the left edge.
pub(super) const INDENT: usize = 15;

/// How much is quoted on each side of the trigger when the sentence has been quoted before, in characters.
const AGAIN: usize = 24;

/// The dossier of a reading: what is said to have happened, each on a few lines, for a terminal `width` columns wide.
///
/// Colour is never the only carrier of a meaning. Nothing in the text can command the terminal: see `visible`.
#[must_use]
pub fn dossier(reading: &Reading, width: usize, colour: bool) -> String {
    let mut lines = Lines::new(width, colour);
    heading(&mut lines, reading);
    if let Some(why) = &reading.not_read {
        lines.blank();
        lines.paragraph(
            &Text::new(),
            0,
            &Text::new().push(Style::Yellow, why).plain(" (the text is kept; only English is read)"),
        );
        return lines.into_string();
    }
    let summary = Summary::of(reading);
    let (coded, others): (Vec<_>, Vec<_>) = summary
        .happenings
        .iter()
        .partition(|happening| happening.code.is_some() || !happening.circulation.is_empty() || !happening.coding.is_empty());
    let mut quoted = HashSet::new();
    for (number, happening) in coded.iter().enumerate() {
        lines.blank();
        self::happening(&mut lines, number + 1, happening, &mut quoted);
    }
    if !others.is_empty() {
        lines.blank();
        lines.paragraph(&Text::new(), 0, &Text::new().push(Style::Bold, "Also said, without a code"));
        for other in others {
            brief(&mut lines, other);
        }
    }
    lines.blank();
    footer(&mut lines, &summary);
    lines.into_string()
}

fn heading(lines: &mut Lines, reading: &Reading) {
    let document = &reading.document;
    let reference = document.reference.as_deref();
    let title = wording::title(document);
    lines.paragraph(&Text::new(), 0, &Text::new().push(Style::Bold, &title));
    let mut facts: Vec<String> = Vec::new();
    facts.extend(document.source.clone());
    facts.extend(document.author.as_ref().map(|author| format!("by {author}")));
    facts.push(document.published.as_ref().map_or_else(|| "date not given".to_owned(), |date| format!("published {date}")));
    facts.extend(document.url.clone());
    facts.extend(reference.filter(|reference| *reference != title).map(str::to_owned));
    facts.push(document.id.chars().take(19).collect());
    lines.paragraph(&Text::new(), 0, &Text::new().push(Style::Dim, &facts.join(" · ")));
    rule(lines);
}

/// A line across.
pub(super) fn rule(lines: &mut Lines) {
    let rule = "─".repeat(lines.width());
    lines.paragraph(&Text::new(), 0, &Text::new().push(Style::Dim, &rule));
}

fn headline(happening: &Happening) -> Text {
    let mut text = Text::new();
    if !happening.actor.is_empty() {
        text = text.push(Style::Bold, &happening.actor.join(", ")).push(Style::Dim, " → ");
    }
    text = text.push(Style::Cyan, &happening.trigger);
    if !happening.recipient.is_empty() {
        text = text.push(Style::Dim, " → ").push(Style::Bold, &happening.recipient.join(", "));
    }
    text
}

fn happening(lines: &mut Lines, number: usize, happening: &Happening, quoted: &mut HashSet<usize>) {
    let lead = Text::new().push(Style::Bold, &format!("{number:>2} "));
    lines.paragraph(&lead, 3, &headline(happening));
    let codes: Vec<&str> = happening.code.iter().chain(&happening.acled).map(String::as_str).collect();
    if !codes.is_empty() {
        lines.paragraph(&Text::new(), 3, &Text::new().push(Style::Dim, &codes.join(" · ")));
    }
    field(lines, "where", &happening.place.join("; "));
    field(lines, "when", happening.time.as_deref().unwrap_or_default());
    field(lines, "how many", &happening.counts.join("; "));
    field(lines, "with", &happening.instrument.join("; "));
    field(lines, "evidence", &happening.evidence.join("; "));
    field(lines, "circulation", &happening.circulation.join("; "));
    happening.coding.iter().for_each(|coded| field(lines, "coded", &coded.line()));
    for voice in &happening.voices {
        let mut text = Text::new().push(style(voice.tone), &voice.certainty).plain(" · ").plain(&voice.who);
        if !voice.cues.is_empty() && voice.tone != Tone::Certain {
            text = text.push(Style::Dim, &format!(" [{}]", voice.cues.join(", ")));
        }
        lines.paragraph(&label("says"), INDENT, &text);
        let mut here: Vec<usize> = Vec::new();
        for excerpt in &voice.excerpts {
            if here.contains(&excerpt.sentence) {
                continue;
            }
            here.push(excerpt.sentence);
            // Many claims of one sentence need all its words once.
            if quoted.insert(excerpt.sentence) {
                lines.paragraph(&Text::new(), INDENT, &quotation(excerpt));
            } else {
                lines.paragraph(&Text::new(), INDENT, &quotation(&excerpt.cut(AGAIN)));
            }
        }
    }
    for dispute in &happening.disputed {
        let values: Vec<String> = dispute
            .values
            .iter()
            .map(|(value, claims)| match claims.len() {
                1 => value.clone(),
                many => format!("{value} ({many}×)"),
            })
            .collect();
        let text = Text::new().push(Style::Red, &dispute.field).plain(": ").plain(&values.join(" / "));
        lines.paragraph(&label("disputed"), INDENT, &text);
    }
}

fn brief(lines: &mut Lines, happening: &Happening) {
    let Some(voice) = happening.voices.first() else { return };
    let mut text = headline(happening).push(Style::Dim, " · ").push(style(voice.tone), &voice.certainty);
    text = text.push(Style::Dim, &format!(" · {}", voice.who));
    for detail in happening.counts.iter().chain(&happening.place).chain(&happening.time) {
        text = text.push(Style::Dim, " · ").plain(detail);
    }
    lines.paragraph(&Text::new().push(Style::Dim, " – "), 3, &text);
}

pub(super) fn label(name: &str) -> Text {
    Text::new().push(Style::Dim, &format!("   {name}"))
}

pub(super) fn field(lines: &mut Lines, name: &str, value: &str) {
    if !value.is_empty() {
        lines.paragraph(&label(name), INDENT, &Text::new().plain(value));
    }
}

fn quotation(excerpt: &Excerpt) -> Text {
    Text::new()
        .push(Style::Dim, if excerpt.cut_before { "“… " } else { "“" })
        .plain(&excerpt.before)
        .push(Style::Bold, &excerpt.trigger)
        .plain(&excerpt.after)
        .push(Style::Dim, if excerpt.cut_after { " …”" } else { "”" })
}

pub(super) fn style(tone: Tone) -> Style {
    match tone {
        Tone::Certain => Style::Green,
        Tone::Hedged => Style::Yellow,
        Tone::Negative => Style::Red,
        Tone::Open => Style::Magenta,
    }
}

fn footer(lines: &mut Lines, summary: &Summary) {
    rule(lines);
    if summary.claims == 0 {
        lines.paragraph(&Text::new(), 0, &Text::new().plain("Nothing found that the text presents as happening."));
        return;
    }
    let tone = |wanted: Tone| {
        let voices = summary.happenings.iter().flat_map(|happening| &happening.voices);
        voices.filter(|voice| voice.tone == wanted).map(|voice| voice.excerpts.len()).sum::<usize>()
    };
    let disputed = summary.happenings.iter().filter(|happening| !happening.disputed.is_empty()).count();
    let counted = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let text = format!(
        "{} in {} · {} certain, {} hedged, {} said not to have happened, {} open · {} · {disputed} disputed",
        counted(summary.claims, "claim", "claims"),
        counted(summary.happenings.len(), "happening", "happenings"),
        tone(Tone::Certain),
        tone(Tone::Hedged),
        tone(Tone::Negative),
        tone(Tone::Open),
        counted(summary.sources, "source cited", "sources cited"),
    );
    lines.paragraph(&Text::new(), 0, &Text::new().push(Style::Dim, &text));
}
