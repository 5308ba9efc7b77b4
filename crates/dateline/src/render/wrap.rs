use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::visible;

/// How a run of text looks; every meaning is also in words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Style {
    #[default]
    Plain,
    Bold,
    Dim,
    Green,
    Yellow,
    Red,
    Magenta,
    Cyan,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Green => "32",
            Self::Yellow => "33",
            Self::Red => "31",
            Self::Magenta => "35",
            Self::Cyan => "36",
        }
    }
}

/// Text in runs of one style each. White space between words is laid out anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Text(Vec<(Style, String)>);

impl Text {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn push(mut self, style: Style, text: &str) -> Self {
        self.0.push((style, visible(text).into_owned()));
        self
    }

    pub(super) fn plain(self, text: &str) -> Self {
        self.push(Style::Plain, text)
    }

    /// Words; a word may consist of pieces of several styles.
    fn words(&self) -> Vec<Vec<(Style, &str)>> {
        let mut words: Vec<Vec<(Style, &str)>> = Vec::new();
        let mut open = false;
        for (style, text) in &self.0 {
            for (i, part) in text.split(char::is_whitespace).enumerate() {
                open &= i == 0;
                if part.is_empty() {
                    continue;
                }
                match words.last_mut().filter(|_| open) {
                    Some(word) => word.push((*style, part)),
                    None => words.push(vec![(*style, part)]),
                }
                open = true;
            }
            open &= !text.ends_with(char::is_whitespace);
        }
        words
    }
}

/// Lines of text no wider than the terminal where words allow it.
#[derive(Debug)]
pub(super) struct Lines {
    out: String,
    width: usize,
    colour: bool,
}

impl Lines {
    pub(super) fn new(width: usize, colour: bool) -> Self {
        Self { out: String::new(), width: width.clamp(40, 160), colour }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn into_string(self) -> String {
        self.out
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A paragraph: `lead` stands before its first line, and the others are indented to the lead's width.
    pub(super) fn paragraph(&mut self, lead: &Text, indent: usize, text: &Text) {
        let lead_width: usize = lead.0.iter().map(|(_, text)| text.width()).sum();
        for (style, text) in &lead.0 {
            self.styled(*style, text);
        }
        let _ = write!(self.out, "{:1$}", "", indent.saturating_sub(lead_width));
        let mut column = indent.max(lead_width);
        let mut first = true;
        for word in text.words() {
            let width: usize = word.iter().map(|(_, part)| part.width()).sum();
            if !first {
                if column + 1 + width > self.width {
                    let _ = write!(self.out, "\n{:1$}", "", indent);
                    column = indent;
                } else {
                    self.out.push(' ');
                    column += 1;
                }
            }
            for (style, part) in word {
                self.styled(style, part);
            }
            column += width;
            first = false;
        }
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        self.out.push('\n');
    }

    fn styled(&mut self, style: Style, text: &str) {
        if self.colour && style != Style::Plain && !text.trim().is_empty() {
            let _ = write!(self.out, "\u{1b}[{}m{text}\u{1b}[0m", style.code());
        } else {
            self.out.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(width: usize, colour: bool, text: &Text) -> String {
        let mut lines = Lines::new(width, colour);
        lines.paragraph(&Text::new().plain("x "), 4, text);
        lines.into_string()
    }

    #[test]
    fn wraps_at_the_width_with_a_hanging_indent() {
        let text = Text::new().plain("one two\nthree four five six seven eight nine ten eleven");
        let out = laid_out(40, false, &text);
        assert_eq!(out, "x   one two three four five six seven\n    eight nine ten eleven\n");
    }

    #[test]
    fn styles_do_not_count_and_do_not_cut_words() {
        let text = Text::new().plain("“").push(Style::Bold, "captured it").plain("”, he said");
        assert_eq!(laid_out(40, false, &text), "x   “captured it”, he said\n");
        assert_eq!(laid_out(40, true, &text), "x   “\u{1b}[1mcaptured\u{1b}[0m \u{1b}[1mit\u{1b}[0m”, he said\n");
    }

    #[test]
    fn no_escape_sequence_of_the_text_gets_through() {
        assert!(!laid_out(40, true, &Text::new().plain("\u{1b}[2Jgone")).contains('\u{1b}'));
    }
}
