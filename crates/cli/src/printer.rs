//! stdout is data, stderr is talk: both are decided here once.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use anyhow::Context as _;
use dateline::render::visible;

use crate::args::Color;

/// Width of a dossier where there is no terminal to ask.
const WIDTH: usize = 80;

/// Says things on stderr, and opens the way for data.
#[derive(Debug)]
pub(crate) struct Printer {
    quiet: bool,
    color: Color,
}

impl Printer {
    pub(crate) fn new(quiet: bool, color: Color) -> Self {
        Self { quiet, color }
    }

    /// Something went wrong. Said even when quiet.
    pub(crate) fn error(&self, message: &str, hint: Option<&str>) {
        self.say("\u{1b}[1;31merror:\u{1b}[0m", message, hint);
    }

    /// Something that may surprise.
    pub(crate) fn warning(&self, message: &str) {
        if !self.quiet {
            self.say("\u{1b}[1;33mwarning:\u{1b}[0m", message, None);
        }
    }

    /// What is going on.
    pub(crate) fn note(&self, message: &str) {
        if !self.quiet {
            self.say("\u{1b}[2mnote:\u{1b}[0m", message, None);
        }
    }

    fn say(&self, label: &str, message: &str, hint: Option<&str>) {
        let mut stderr = AutoStream::new(io::stderr(), self.choice(io::stderr().is_terminal()));
        // File names and messages may hold what a stranger wrote: no escape sequence of theirs gets through. Nobody is left to
        // tell when stderr is gone.
        let _ = writeln!(stderr, "{label} {}", visible(message));
        if let Some(hint) = hint {
            let _ = writeln!(stderr, "  hint: {}", visible(hint));
        }
    }

    /// True when progress may be drawn: somebody watches stderr, and no data runs over the same screen.
    pub(crate) fn draws_progress(&self, output: Option<&Path>) -> bool {
        self.draws_fetch() && (output.is_some() || !io::stdout().is_terminal())
    }

    /// True when the progress of a download may be drawn.
    pub(crate) fn draws_fetch(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Where data goes.
    pub(crate) fn data(&self, output: Option<&Path>) -> anyhow::Result<Box<dyn Write + Send>> {
        Ok(match output {
            Some(path) => {
                Box::new(BufWriter::new(File::create(path).with_context(|| format!("can't write {}", path.display()))?))
            }
            None => Box::new(BufWriter::new(io::stdout())),
        })
    }

    /// Whether data for people is coloured.
    pub(crate) fn colours(&self, output: Option<&Path>) -> bool {
        match self.choice(output.is_none() && io::stdout().is_terminal()) {
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
            ColorChoice::Auto | ColorChoice::Never => false,
        }
    }

    /// How wide text for people may be.
    pub(crate) fn width(&self, output: Option<&Path>) -> usize {
        if output.is_some() || !io::stdout().is_terminal() {
            return WIDTH;
        }
        terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0))
    }

    fn choice(&self, is_terminal: bool) -> ColorChoice {
        // https://no-color.org: set and not empty, whatever its value.
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self.color {
            Color::Always => ColorChoice::Always,
            Color::Auto if is_terminal && !unwanted && !dumb => ColorChoice::Always,
            Color::Auto | Color::Never => ColorChoice::Never,
        }
    }
}
