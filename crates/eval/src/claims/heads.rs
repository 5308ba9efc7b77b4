//! Whether words that were found are the words that are marked.

use crate::text::{Span, Text, is_letter_or_number, overlap};

/// A mention that is so much longer than the marked words names something else.
const SLACK: usize = 80;

/// Words that end the core of a noun phrase.
const STOP: &str = "of in from with for at by on to near against between among across around outside inside into over under within \
throughout during after before since until including such like who whom whose which that where when while as and or but along \
alongside than via per is are was were be been being has have had will would can could may might should must does did do said";

/// Words before *of* that only count what follows.
const PARTS: &str = "hundreds thousands millions billions dozens scores tens number numbers majority most many some all several few \
couple lots each none both one two three four five six seven eight nine ten dozen hundred thousand";

fn among(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|other| other == word)
}

fn is_word(c: char) -> bool {
    c == '_' || is_letter_or_number(c)
}

/// Words, numbers with thousands' commas, and the punctuation that may end a phrase.
fn words(text: &Text, (start, end): Span) -> Vec<Span> {
    let chars = text.chars((start, end));
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let digits = |from: usize| (from..from + 4).take_while(|&i| at(i).is_ascii_digit()).count();
    let (mut out, mut i) = (Vec::new(), 0);
    while i < chars.len() {
        let from = i;
        // 10,000: up to three digits, then groups of three.
        let lead = digits(i).min(3);
        let grouped = (1..=lead).rev().find(|&lead| at(i + lead) == ',' && digits(i + lead + 1) >= 3);
        if let Some(lead) = grouped {
            i += lead;
            while at(i) == ',' && digits(i + 1) >= 3 {
                i += 4;
            }
        } else if is_word(at(i)) {
            i += 1;
            while i < chars.len() && (is_word(at(i)) || matches!(at(i), '’' | '\'' | '.' | '-')) {
                i += 1;
            }
        } else {
            i += 1;
            if !matches!(at(from), ',' | ';' | ':' | '(' | ')' | '[' | ']' | '\n' | '"' | '“' | '”' | '—' | '–') {
                continue;
            }
        }
        out.push((start + from, start + i));
    }
    out
}

fn lower(word: &str) -> String {
    word.to_lowercase()
}

/// A word without possessive or closing punctuation, by its length in code points; the whole word where nothing would be left.
fn core(word: &[char]) -> usize {
    let cut = match word {
        [.., '’' | '\'', 's'] => word.len() - 2,
        _ => word.iter().rposition(|c| !matches!(c, '’' | '\'' | '.' | '-')).map_or(0, |last| last + 1),
    };
    if cut == 0 { word.len() } else { cut }
}

/// The head word of a phrase: the last before the first preposition, bracket, comma or relative. Of *hundreds of people* the noun
/// after *of*; of *Secretary of State Antony Blinken* the name.
pub(crate) fn head(text: &Text, phrase: Span) -> Span {
    let words = words(text, phrase);
    let word = |i: usize| words.get(i).map(|&span| text.slice(span)).unwrap_or_default();
    let mut best = None;
    for (i, &(start, end)) in words.iter().enumerate() {
        let this = word(i);
        let low = lower(&this);
        let low = low.trim_matches(['’', '\'', '.']);
        if !this.starts_with(is_word) || among(STOP, low) {
            if best.is_none() {
                continue;
            }
            let before = lower(&word(i.wrapping_sub(1)));
            let counts = among(PARTS, &before) || (!before.is_empty() && before.chars().all(char::is_numeric));
            if (low == "of" && counts) || (low == "than" && matches!(before.as_str(), "more" | "less" | "fewer")) {
                best = None;
                continue;
            }
            let mut run = 0;
            for next in i + 1..words.len() {
                let next = word(next);
                if next.starts_with(char::is_uppercase) {
                    run += 1;
                } else if lower(&next) != "the" || run > 0 {
                    break;
                }
            }
            if matches!(low, "of" | "for") && run >= 3 {
                continue;
            }
            break;
        }
        best = Some((start, start + core(text.chars((start, end)))));
    }
    best.unwrap_or(phrase)
}

/// Whether `found` names what is marked: it overlaps it, covers its head word and is not much longer.
pub(crate) fn covers(found: Span, marked: Span, text: &Text) -> bool {
    let head = head(text, marked);
    overlap(found, marked) && found.0 <= head.0 && head.1 <= found.1 && found.1 - found.0 <= marked.1 - marked.0 + SLACK
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head_of(phrase: &str) -> String {
        let text = Text::new(phrase);
        text.slice(head(&text, (0, text.len())))
    }

    #[test]
    fn heads_of_phrases() {
        for (phrase, expected) in [
            ("the northern command of the army", "command"),
            ("hundreds of people in the camp", "people"),
            ("4 of the officers", "officers"),
            ("more than 10,000 soldiers", "soldiers"),
            ("Minister of State Anna Example", "Example"),
            ("the town's mayor, a doctor", "mayor"),
            ("Ukraine's", "Ukraine"),
            ("the U.S.", "U.S"),
            ("over 1,200", "1,200"),
            ("“the rebels”", "rebels"),
            ("...", "..."),
            ("of", "of"),
        ] {
            assert_eq!(head_of(phrase), expected, "{phrase}");
        }
    }

    #[test]
    fn a_find_covers_the_head_and_is_not_much_longer() {
        let text = Text::new(&format!("the northern command of the army {}", "x ".repeat(60)));
        assert!(covers((13, 20), (0, 32), &text) && covers((0, 40), (0, 20), &text));
        assert!(!covers((4, 12), (0, 32), &text) && !covers((0, 113), (0, 20), &text) && !covers((28, 32), (0, 32), &text));
    }
}
