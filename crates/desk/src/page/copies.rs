//! Two reports of one text, with what was left out and what was put in.

use dateline::case::{Alike, Comparison, Stretch, StretchKind};
use maud::{Markup, html};

use super::{counted, shown};

/// Words on each side of a long stretch that both have; the rest is folded.
const KEPT: usize = 14;
/// Words from which a stretch is folded.
const LONG: usize = 60;

/// The section of a report's page.
pub(crate) fn section(id: &str, found: &Comparison) -> Markup {
    html! {
        section #copies aria-labelledby="copies-head" {
            h2 #copies-head { "Compared with " (named(&found.base)) }
            @if !found.copies.is_empty() {
                form class="choose" action={ "/reports/" (id) "#copies" } {
                    label for="compare" { "Compare with" }
                    select #compare name="compare" {
                        @if !found.copies.iter().any(|copy| copy.id == found.base.id) { option value=(found.base.id) selected { (option(&found.base)) } }
                        @for copy in &found.copies { option value=(copy.id) selected[copy.id == found.base.id] { (option(copy)) } }
                    }
                    button { "Compare" }
                    @if found.copies_beyond > 0 { small { "and " (found.copies_beyond) " more carry the same text" } }
                }
            }
            @if found.base.title != found.other.title {
                p {
                    "Headlines: "
                    @if let Some(title) = &found.base.title { (removed(title)) " " }
                    @if let Some(title) = &found.other.title { (added(title)) }
                }
            }
            p class="total" {
                @if found.added == 0 && found.removed == 0 { "Word for word the same: " (counted(found.same as u64, "word")) "." }
                @else {
                    (counted(found.same as u64, "word")) " in both; " (found.removed) " only in " (found.base.id) "; " (found.added) " only in "
                    (found.other.id) "."
                }
                @if let Some(words) = found.cut_at { " Only the first " (words) " words of each were compared." }
            }
            div class="difference" dir="auto" {
                @let last = found.stretches.len().saturating_sub(1);
                @for (nth, stretch) in found.stretches.iter().enumerate() {
                    @match stretch.kind {
                        StretchKind::Same => (same(stretch, nth == 0, nth == last)),
                        StretchKind::Removed => (removed(&stretch.words)),
                        StretchKind::Added => (added(&stretch.words)),
                    }
                    " "
                }
            }
        }
    }
}

fn named(report: &Alike) -> Markup {
    html! { a href={ "/reports/" (report.id) } { (report.id) } @if let Some(source) = &report.source { ", " bdi { (shown(source)) } } }
}

fn option(report: &Alike) -> Markup {
    html! {
        (report.id)
        @if let Some(source) = &report.source { " – " (shown(source)) }
        @if let Some(published) = &report.published { ", " (published) }
    }
}

fn removed(words: &str) -> Markup {
    html! { del { span class="sign" aria-hidden="true" { "−" } span class="unseen" { "left out: " } (self::words(words)) } }
}

fn added(words: &str) -> Markup {
    html! { ins { span class="sign" aria-hidden="true" { "+" } span class="unseen" { "put in: " } (self::words(words)) } }
}

/// Words that both have; of many, those next to a difference, and the rest when asked for.
fn same(stretch: &Stretch, first: bool, last: bool) -> Markup {
    let all: Vec<&str> = stretch.words.split(' ').collect();
    if stretch.count < LONG {
        return words(&stretch.words);
    }
    let head = if first { 0 } else { KEPT.min(all.len()) };
    let tail = if last { all.len() } else { all.len().saturating_sub(KEPT).max(head) };
    let part = |from: usize, to: usize| all.get(from..to).unwrap_or_default().join(" ");
    let folded = all.get(head..tail).unwrap_or_default().iter().filter(|word| **word != "¶").count();
    html! {
        (words(&part(0, head))) " "
        details { summary { "… " (counted(folded as u64, "word")) " the same …" } (words(&part(head, tail))) }
        " " (words(&part(tail, all.len())))
    }
}

/// Words with their ends of paragraphs.
fn words(words: &str) -> Markup {
    html! {
        @for (nth, part) in words.split('¶').enumerate() {
            @if nth > 0 { span class="pilcrow" { "¶" } br; }
            (shown(part.trim_matches(' ')))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_signs_and_long_stretches_are_folded() {
        let alike = |id: &str| Alike { id: id.to_owned(), source: Some("<Wire>".to_owned()), published: None, title: None };
        let long: String = (0..100).map(|n| format!("w{n} ")).collect();
        let stretch =
            |kind, words: &str| Stretch { kind, words: words.trim().to_owned(), count: words.split_whitespace().count() };
        let found = Comparison {
            base: alike("r4"),
            other: alike("r5"),
            stretches: vec![
                stretch(StretchKind::Removed, "<b>he"),
                stretch(StretchKind::Same, &long),
                stretch(StretchKind::Added, "she ¶ said"),
            ],
            same: 100,
            removed: 1,
            added: 2,
            cut_at: Some(7),
            copies: vec![alike("r4"), alike("r6")],
            copies_beyond: 3,
        };
        let html = section("r5", &found).into_string();
        for said in [
            "−</span><span class=\"unseen\">left out: </span>&lt;b&gt;he</del>",
            "+</span><span class=\"unseen\">put in: </span>she<span class=\"pilcrow\">¶</span><br>said</ins>",
            "<summary>… 72 words the same …</summary>",
            "first 7 words",
            "100 words in both; 1 only in r4; 2 only in r5.",
            "and 3 more carry the same text",
            "<option value=\"r4\" selected>",
        ] {
            assert!(html.contains(said), "{said}: {html}");
        }
        let twin = Comparison {
            stretches: vec![stretch(StretchKind::Same, "a b")],
            same: 2,
            removed: 0,
            added: 0,
            cut_at: None,
            ..found
        };
        assert!(section("r5", &twin).into_string().contains("Word for word the same: 2 words."));
    }
}
