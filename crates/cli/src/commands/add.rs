use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dateline::case::{AddOutcome, Incoming, Tally, fetched};
use dateline::collect::fetch::Limits;
use dateline::collect::{self, CollectError, Collected, Columns, Input, Options, Reason};

use super::case::{open, trust};
use crate::args::Global;
use crate::case_args::{Add, Net};
use crate::exit::{Outcome, Usage};
use crate::printer::Printer;
use crate::progress::StreamBar;
use crate::settings;

/// Brings in what `args` name.
pub(crate) fn run(args: &Add, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let columns: Columns = args.columns.join(",").parse().map_err(|error| Usage(format!("`--column`: {error}")))?;
    let options = Options {
        columns,
        encoding: args.encoding.clone(),
        source: args.source.clone(),
        channel: args.channel.clone(),
        ..Options::default()
    };
    let mut case = open(&args.by)?.trusting(trust(&args.trust, printer)?);
    let dateline = settings::build(global, args.reading.builder(), printer)?;
    let limits = limits_of(&args.net);
    let published = args.published.clone();
    let incoming = inputs(args.inputs.clone(), options, limits).map(move |item| {
        let mut collected = item?;
        collected.report.published = collected.report.published.or_else(|| published.clone());
        Ok(Incoming::from(collected))
    });
    let bar = StreamBar::new(printer.draws_progress(None), "reports");
    let tally = case.add(&dateline, incoming, &mut |outcome| {
        bar.one_done();
        bar.aside(|| tell(&outcome, printer));
    })?;
    drop(bar);
    printer.data(None)?.write_all(summary(&tally).as_bytes())?;
    Ok(if tally.failed > 0 || tally.new + tally.known == 0 { Outcome::Wanting } else { Outcome::Done })
}

/// What may be taken from the network.
pub(crate) fn limits_of(net: &Net) -> Limits {
    Limits {
        bytes: net.largest << 20,
        time: Duration::from_secs(net.timeout),
        allow_private: net.allow_private,
        ..Limits::default()
    }
}

/// Says what became of an input, where that is worth a line.
pub(crate) fn tell(outcome: &AddOutcome, printer: &Printer) {
    match outcome {
        AddOutcome::New { name, not_read, warnings, .. } => {
            for remark in warnings.iter().chain(not_read) {
                printer.warning(&format!("{name}: {remark}"));
            }
        }
        AddOutcome::Known { name, warnings, .. } => {
            for remark in warnings {
                printer.warning(&format!("{name}: {remark}"));
            }
        }
        AddOutcome::Alone { name, what } => {
            printer.warning(&format!("{name}: {what} that came without a report; `dateline media add` keeps it"));
        }
        AddOutcome::Failed { name, why } => printer.error(&format!("{name}: {why}"), why.hint()),
    }
}

/// One line on all that was brought in.
pub(crate) fn summary(tally: &Tally) -> String {
    let mut line = format!("{} new", counted(tally.new, "report"));
    let parts = [
        (tally.copies, "of them copies"),
        (tally.not_read, "of them not read"),
        (tally.known, "known already"),
        (tally.failed, "failed"),
        (tally.alone, if tally.alone == 1 { "picture or video without a report" } else { "pictures or videos without a report" }),
    ];
    for (count, what) in parts.iter().filter(|(count, _)| *count > 0) {
        line.push_str(&format!(", {count} {what}"));
    }
    line.push_str(&format!(
        "; {} in {}, new or told anew",
        counted(tally.claims, "claim"),
        counted(tally.events.len() as u64, "event")
    ));
    if tally.frames > 0 {
        line.push_str(&format!("; {} of videos", counted(tally.frames, "key frame")));
    }
    line.push('\n');
    line
}

fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The reports in all inputs, taken out on a thread of their own while others are read.
fn inputs(names: Vec<String>, options: Options, limits: Limits) -> impl Iterator<Item = Result<Collected, CollectError>> + Send {
    let (sender, receiver) = mpsc::sync_channel(64);
    thread::spawn(move || {
        for name in names {
            let mut pass = |item| if sender.send(item).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
            if name.starts_with("http://") || name.starts_with("https://") {
                let items = fetched(&name, &limits, &options).unwrap_or_else(|error| {
                    let reason = Reason::Io(std::io::Error::other(error.to_string()));
                    vec![Err(CollectError { input: name.clone(), reason })]
                });
                for item in items {
                    if pass(item).is_break() {
                        return;
                    }
                }
                continue;
            }
            let input = if name == "-" { Input::Stdin } else { Input::Path(PathBuf::from(name)) };
            collect::open(&input, &options, &mut pass);
        }
    });
    receiver.into_iter()
}
