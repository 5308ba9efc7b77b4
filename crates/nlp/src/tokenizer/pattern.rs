//! The affix patterns of a tokenizer: long Python alternations, searched with plain finite automata.
//!
//! spaCy's patterns use look-around in one shape only: a look-behind at the front and a look-ahead at the end of an alternative.
//! Those are turned into ordinary patterns with context (`(?<=X)Y(?=Z)` becomes `(?:X)(Y)(?:Z)`), which the `regex` crate searches
//! in linear time. An alternative of any other shape goes to `fancy-regex`.

use crate::package::LoadError;

/// One alternation, as segments in their order; the leftmost match wins, at the same place the earliest segment.
#[derive(Debug)]
pub(super) struct Searcher {
    segments: Vec<Segment>,
}

#[derive(Debug)]
enum Segment {
    /// Alternatives without look-around.
    Plain(regex::Regex),
    /// Group 1 is the match; `behind` is the number of characters of context before it.
    Context { pattern: regex::Regex, behind: usize },
    /// Anything else.
    Fancy(fancy_regex::Regex),
}

impl Searcher {
    /// Compiles a Python alternation. `file` and `key` are for the error.
    pub(super) fn new(file: &str, key: &str, python: &str) -> Result<Self, LoadError> {
        let fail = |error: &dyn std::fmt::Display| LoadError::content(file, format_args!("pattern `{key}`: {error}"));
        let mut segments = Vec::new();
        let mut plain: Vec<String> = Vec::new();
        let flush = |plain: &mut Vec<String>, segments: &mut Vec<Segment>| -> Result<(), LoadError> {
            if !plain.is_empty() {
                let pattern = regex::Regex::new(&plain.join("|")).map_err(|error| fail(&error))?;
                segments.push(Segment::Plain(pattern));
                plain.clear();
            }
            Ok(())
        };
        for alternative in alternatives(python) {
            let translated = translate(alternative);
            if !has_lookaround(&translated) {
                plain.push(translated);
                continue;
            }
            flush(&mut plain, &mut segments)?;
            segments.push(match with_context(&translated) {
                Some((pattern, behind)) => {
                    Segment::Context { pattern: regex::Regex::new(&pattern).map_err(|error| fail(&error))?, behind }
                }
                None => Segment::Fancy(fancy_regex::Regex::new(&translated).map_err(|error| fail(&error))?),
            });
        }
        flush(&mut plain, &mut segments)?;
        Ok(Self { segments })
    }

    /// The leftmost match that starts at or after byte `from`.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let mut best: Option<(usize, usize)> = None;
        for segment in &self.segments {
            let found = match segment {
                Segment::Plain(pattern) => pattern.find_at(text, from).map(|found| (found.start(), found.end())),
                Segment::Context { pattern, behind } => {
                    let start = text[..from].char_indices().rev().nth(behind.saturating_sub(1)).map_or(0, |(at, _)| at);
                    let start = if *behind == 0 { from } else { start };
                    pattern.captures_at(text, start).and_then(|found| found.get(1)).map(|found| (found.start(), found.end()))
                }
                Segment::Fancy(pattern) => {
                    pattern.find_from_pos(text, from).ok().flatten().map(|found| (found.start(), found.end()))
                }
            };
            if let Some(found) = found
                && best.is_none_or(|best| found.0 < best.0)
            {
                best = Some(found);
            }
        }
        best
    }
}

/// A pattern that is asked only whether it matches from the start (Python's `re.match`).
#[derive(Debug)]
pub(super) struct Matcher(fancy_regex::Regex);

impl Matcher {
    pub(super) fn new(file: &str, key: &str, python: &str) -> Result<Self, LoadError> {
        // Python's `match` anchors at the start only.
        let anchored = format!("\\A(?:{})", translate(python).trim_start_matches("(?u)"));
        let anchored = match python.strip_prefix("(?iu)") {
            Some(rest) => format!("(?i)\\A(?:{})", translate(rest)),
            None => anchored,
        };
        let pattern = fancy_regex::Regex::new(&anchored);
        Ok(Self(pattern.map_err(|error| LoadError::content(file, format_args!("pattern `{key}`: {error}")))?))
    }

    /// A pattern that backtracks beyond its limit counts as no match.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text).unwrap_or(false)
    }
}

/// Splits at the `|` that stand outside groups and classes.
fn alternatives(pattern: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut class, mut escaped) = (Vec::new(), 0, 0i32, false, false);
    for (at, byte) in pattern.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' => escaped = true,
            b']' if class => class = false,
            _ if class => {}
            b'[' => class = true,
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'|' if depth == 0 => {
                parts.push(&pattern[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&pattern[start..]);
    parts
}

/// Python's syntax to that of the `regex` crate: inside classes `[`, `&`, `~` are plain characters in Python.
fn translate(python: &str) -> String {
    let mut out = String::with_capacity(python.len() + 16);
    let mut class_start: Option<usize> = None;
    let mut chars = python.char_indices();
    while let Some((_, c)) = chars.next() {
        match (c, class_start) {
            ('\\', _) => {
                out.push('\\');
                if let Some((_, next)) = chars.next() {
                    // `\<`, `\>` mean word edges in the regex crate, characters in Python; non-ASCII needs no escape.
                    if next == '<' || next == '>' || !next.is_ascii() {
                        out.pop();
                    }
                    out.push(next);
                }
            }
            ('[', None) => {
                class_start = Some(out.len() + 1);
                out.push(c);
            }
            ('[' | '&' | '~', Some(_)) => {
                out.push('\\');
                out.push(c);
            }
            (']', Some(start)) => {
                // The first character of a class is literal even if it is `]`.
                if out.len() == start || out[start..] == *"^" {
                    out.push('\\');
                } else {
                    class_start = None;
                }
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

fn has_lookaround(pattern: &str) -> bool {
    ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|mark| pattern.contains(mark))
}

/// `^? (?<=X)? Y ( (?=Z) | (?!Z) )?` as `(?:X)(Y)(?:Z)`, with the number of characters of X; None for other shapes.
fn with_context(alternative: &str) -> Option<(String, usize)> {
    let (mut behind, mut width, mut body, mut ahead) = (String::new(), 0, alternative, String::new());
    if let Some(rest) = body.strip_prefix("(?<=") {
        let end = group_end(rest)?;
        width = fixed_width(&rest[..end])?;
        behind = format!("(?:{})", &rest[..end]);
        body = &rest[end + 1..];
    }
    for (mark, negative) in [("(?=", false), ("(?!", true)] {
        if let Some(at) = body.rfind(mark) {
            let inner = &body[at + 3..];
            let end = group_end(inner)?;
            if end + 1 != inner.len() {
                return None;
            }
            let inner = &inner[..end];
            ahead = match (negative, inner.strip_prefix('[')) {
                (false, _) => format!("(?:{inner})"),
                // Not followed by one of a class: followed by one outside it, or by nothing.
                (true, Some(class)) if fixed_width(inner) == Some(1) && !class.starts_with('^') => format!("(?:[^{class}|\\z)"),
                _ => return None,
            };
            body = &body[..at];
            break;
        }
    }
    if has_lookaround(body) {
        return None;
    }
    let (anchor, body) = body.strip_prefix('^').map_or(("", body), |rest| ("^", rest));
    Some((format!("{anchor}{behind}({body}){ahead}"), width))
}

/// Byte position of the bracket that closes a group whose inside starts at 0.
fn group_end(inside: &str) -> Option<usize> {
    let (mut depth, mut class, mut escaped) = (0, false, false);
    for (at, byte) in inside.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' => escaped = true,
            b']' if class => class = false,
            _ if class => {}
            b'[' => class = true,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Number of characters that a sequence of plain characters and classes matches; None when it is anything else.
fn fixed_width(pattern: &str) -> Option<usize> {
    let (mut width, mut chars, mut class) = (0, pattern.chars(), false);
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next()?;
                width += usize::from(!class);
            }
            ']' if class => {
                class = false;
                width += 1;
            }
            _ if class => {}
            '[' => class = true,
            '(' | ')' | '*' | '+' | '?' | '{' | '|' | '^' | '$' => return None,
            _ => width += 1,
        }
    }
    (!class).then_some(width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATTERN: &str = r"\.\.+|(?<=[0-9])[+\-\*^](?=[0-9-])|(?<=°[FC])\.|-(?![0-9])|,";

    #[test]
    fn context_is_no_part_of_the_match() {
        let searcher = Searcher::new("tokenizer", "infix_finditer", PATTERN).unwrap();
        assert_eq!(searcher.find("1+2", 0), Some((1, 2)));
        assert_eq!(searcher.find("a+2", 0), None);
        assert_eq!(searcher.find("20°C.", 0), Some(("20°C".len(), "20°C.".len())));
        assert_eq!(searcher.find("1+2+3", 2), Some((3, 4)));
    }

    #[test]
    fn classes_with_brackets_are_python_s() {
        let searcher = Searcher::new("tokenizer", "prefix_search", r"^[[&~]|^\<|^\'").unwrap();
        for text in ["[a", "&a", "~a", "<a", "'a"] {
            assert_eq!(searcher.find(text, 0), Some((0, 1)), "{text}");
        }
    }

    #[test]
    fn err_names_the_pattern() {
        let error = Searcher::new("tokenizer", "suffix_search", "(").unwrap_err().to_string();
        assert!(error.contains("`tokenizer`") && error.contains("`suffix_search`"), "{error}");
    }

    proptest! {
        /// The fast search agrees with a backtracking engine on the pattern as it is written.
        #[test]
        fn agrees_with_backtracking(text in "[0-9+*^.,°FCa-]{0,12}") {
            let searcher = Searcher::new("tokenizer", "infix_finditer", PATTERN).unwrap();
            let plain = fancy_regex::Regex::new(PATTERN).unwrap();
            for from in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                let expected = plain.find_from_pos(&text, from).unwrap().map(|found| (found.start(), found.end()));
                prop_assert_eq!(searcher.find(&text, from), expected, "from {}", from);
            }
        }
    }
}
