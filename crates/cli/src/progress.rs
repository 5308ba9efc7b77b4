//! Progress bars, on stderr and only where somebody watches it.

use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dateline::Progress;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::printer::Printer;

const TICK: Duration = Duration::from_millis(120);

/// Draws the fetching of the model.
pub(crate) struct FetchBar<'a> {
    printer: &'a Printer,
    bar: Mutex<Option<ProgressBar>>,
}

impl<'a> FetchBar<'a> {
    pub(crate) fn new(printer: &'a Printer) -> Self {
        Self { printer, bar: Mutex::new(None) }
    }

    fn with_bar(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        act(&mut self.bar.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Progress for FetchBar<'_> {
    fn begin(&self, task: &str, bytes: Option<u64>) {
        if !self.printer.draws_fetch() {
            self.printer.note(task);
            return;
        }
        let bar = match bytes {
            Some(bytes) => ProgressBar::new(bytes).with_style(style("{msg} {bar:24} {bytes}/{total_bytes} {eta}")),
            None => ProgressBar::new_spinner().with_style(style("{spinner} {msg} {elapsed}")),
        };
        bar.set_message(task.to_owned());
        bar.enable_steady_tick(TICK);
        self.with_bar(|held| *held = Some(bar));
    }

    fn advance(&self, bytes: u64) {
        self.with_bar(|bar| {
            if let Some(bar) = bar {
                bar.inc(bytes);
            }
        });
    }

    fn end(&self) {
        self.with_bar(|bar| {
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
        });
    }

    fn note(&self, message: &str) {
        self.printer.note(message);
    }
}

/// Counts the things of a stream as they are done.
pub(crate) struct StreamBar(Option<ProgressBar>);

impl StreamBar {
    pub(crate) fn new(drawn: bool, what: &'static str) -> Self {
        Self(drawn.then(|| {
            let bar = ProgressBar::new_spinner().with_style(style("{spinner} {human_pos} {msg}, {rate}, {elapsed}").with_key(
                "rate",
                |state: &ProgressState, out: &mut dyn Write| {
                    let _ = write!(out, "{:.0}/s", state.per_sec());
                },
            ));
            bar.set_message(what);
            bar.enable_steady_tick(TICK);
            bar
        }))
    }

    pub(crate) fn one_done(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    /// Lets `say` write to stderr without the bar in its way.
    pub(crate) fn aside(&self, say: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }
}

impl Drop for StreamBar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates stand in this file; one that did not parse would fall back to a plain bar.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
