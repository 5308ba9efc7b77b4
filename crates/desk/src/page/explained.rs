//! The text of a report with its marks, and beside it what each was read as and why.

use std::collections::{BTreeMap, BTreeSet};

use dateline::render::{Explained, Note, NoteKind, Piece, Tone};
use maud::{Markup, html};

use super::shown;

/// The text; each mark leads to its note.
pub(crate) fn text(explained: &Explained) -> Markup {
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut lines: Vec<Vec<Markup>> = vec![Vec::new()];
    for run in runs(&explained.pieces) {
        let Some(line) = lines.last_mut() else { continue };
        match run {
            Run::Line => lines.push(Vec::new()),
            Run::Withheld => {
                line.push(html! { span class="withheld" title="the name of a protected person" { "…" } });
            }
            Run::Words { note, notes, text } => {
                let Some((at, note)) = note.and_then(|at| Some((at, explained.notes.get(at)?))) else {
                    line.push(html! { (shown(&text)) });
                    continue;
                };
                let id = seen.insert(at).then_some(note.id.as_str());
                let class = classes(explained, note, &notes);
                line.push(html! { a class=(class) id=[id] href={ "#why-" (note.id) } title=(titled(note)) { (shown(&text)) } });
            }
        }
    }
    html! {
        article aria-label="The text" {
            @for line in &lines { p dir="auto" { @for piece in line { (piece) } } }
        }
    }
}

/// Pieces that lead to the same note are one link.
enum Run {
    Words { note: Option<usize>, notes: BTreeSet<usize>, text: String },
    Line,
    Withheld,
}

fn runs(pieces: &[Piece]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Line => runs.push(Run::Line),
            Piece::Withheld => runs.push(Run::Withheld),
            Piece::Words { text, notes } => {
                let leads = notes.first().copied();
                match runs.last_mut() {
                    Some(Run::Words { note, notes: known, text: before }) if *note == leads => {
                        before.push_str(text);
                        known.extend(notes);
                    }
                    _ => runs.push(Run::Words { note: leads, notes: notes.iter().copied().collect(), text: text.clone() }),
                }
            }
        }
    }
    runs
}

fn classes(explained: &Explained, note: &Note, notes: &BTreeSet<usize>) -> String {
    let mut classes = vec!["read"];
    if note.kind == NoteKind::Claim {
        classes.extend(["mark", note.tone.map_or("open", Tone::class)]);
    } else {
        classes.extend(notes.iter().filter_map(|&at| explained.notes.get(at)).map(|note| note.kind.as_str()));
        classes.sort_unstable();
        classes.dedup();
    }
    classes.join(" ")
}

fn titled(note: &Note) -> &'static str {
    match note.kind {
        NoteKind::Claim => "claim: see the reading and why",
        NoteKind::Time => "time: see the reading and why",
        NoteKind::Count => "count: see the reading and why",
        NoteKind::Place => "place: see the reading and why",
        NoteKind::Source => "source: see the reading and why",
        NoteKind::Cue => "words that attribute, hedge or deny: see the reading and why",
    }
}

/// What each mark was read as. A note opens when it is led to; so this works without scripts.
pub(crate) fn notes(explained: &Explained) -> Markup {
    let beside = beside(&explained.pieces);
    let last = explained.notes.len().saturating_sub(1);
    html! {
        section class="notes" aria-label="The reading of a mark, and why" {
            @for (at, note) in explained.notes.iter().enumerate() {
                article class="note" id={ "why-" (note.id) } tabindex="-1" {
                    h2 { span class="kind" { (note.kind.as_str()) } " " q dir="auto" { (shown(&note.words)) } }
                    dl {
                        @for fact in &note.facts {
                            dt { (fact.name) }
                            dd dir="auto" { (shown(&fact.value)) @if let Some(words) = &fact.words { " " q { (shown(words)) } } }
                        }
                    }
                    @if !note.why.is_empty() {
                        h3 { "Why" }
                        dl class="why" { @for (what, rule) in &note.why { dt { (shown(what)) } dd dir="auto" { (shown(rule)) } } }
                    }
                    @let near: BTreeSet<usize> = note.claims.iter().copied().chain(beside.get(&at).into_iter().flatten().copied()).collect();
                    @if !near.is_empty() {
                        p class="near" {
                            "See also "
                            @for (nth, other) in near.iter().filter_map(|&other| explained.notes.get(other)).take(12).enumerate() {
                                @if nth > 0 { ", " }
                                a href={ "#why-" (other.id) } { (other.kind.as_str()) " “" bdi { (shown(&other.words)) } "”" }
                            }
                        }
                    }
                    nav aria-label={ "Marks around " (note.id) } {
                        @if at > 0 { @if let Some(before) = explained.notes.get(at - 1) { a class="before" href={ "#why-" (before.id) } { "previous" } } }
                        a class="close" href={ "#" (note.id) } { "in the text" }
                        @if at < last { @if let Some(next) = explained.notes.get(at + 1) { a class="after" href={ "#why-" (next.id) } { "next" } } }
                    }
                }
            }
        }
    }
}

/// Which notes stand on the same words.
fn beside(pieces: &[Piece]) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut beside: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for piece in pieces {
        let Piece::Words { notes, .. } = piece else { continue };
        // Only the first is led to by these words; it leads on to the others, and they back.
        for &other in notes.iter().skip(1) {
            if let Some(&first) = notes.first() {
                beside.entry(first).or_default().insert(other);
                beside.entry(other).or_default().insert(first);
            }
        }
    }
    beside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(id: &str, kind: NoteKind, words: &str) -> Note {
        Note {
            id: id.to_owned(),
            kind,
            words: words.to_owned(),
            tone: (kind == NoteKind::Claim).then_some(Tone::Hedged),
            facts: Vec::new(),
            why: vec![("trigger".to_owned(), "shell <b>".to_owned())],
            claims: Vec::new(),
        }
    }

    fn words(text: &str, notes: &[usize]) -> Piece {
        Piece::Words { text: text.to_owned(), notes: notes.to_vec() }
    }

    #[test]
    fn each_mark_leads_to_its_note_and_back() {
        let explained = Explained {
            pieces: vec![
                words("the ", &[0]),
                words("Kursk", &[1, 0]),
                words(" army ", &[0]),
                words("<shelled>", &[2]),
                Piece::Line,
                Piece::Withheld,
            ],
            notes: vec![
                note("m1", NoteKind::Source, "the Kursk army"),
                note("m2", NoteKind::Place, "Kursk"),
                note("c1", NoteKind::Claim, "shelled"),
            ],
            withheld: true,
        };
        let html = text(&explained).into_string();
        assert!(html.contains("<a class=\"read source\" id=\"m1\" href=\"#why-m1\""), "{html}");
        assert!(html.contains("<a class=\"place read source\" id=\"m2\""), "{html}");
        assert!(html.contains("<a class=\"read mark hedged\" id=\"c1\""), "{html}");
        assert!(html.contains("&lt;shelled&gt;</a></p><p dir=\"auto\"><span class=\"withheld\""), "{html}");
        // An id stands once, however often the mark is interrupted.
        assert_eq!((html.matches("id=\"m1\"").count(), html.matches("#why-m1").count()), (1, 2), "{html}");
        let notes = notes(&explained).into_string();
        assert!(notes.contains("id=\"why-c1\"") && notes.contains("shell &lt;b&gt;"), "{notes}");
        assert!(notes.contains("<a href=\"#why-m1\">source “<bdi>the Kursk army</bdi>”</a>"), "{notes}");
    }
}
