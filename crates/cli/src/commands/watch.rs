use std::io::Write as _;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dateline::case::Watching;
use dateline::collect::Options;

use super::add::{limits_of, summary, tell};
use super::case::{open, trust};
use crate::args::Global;
use crate::case_args::Watch;
use crate::exit::{Outcome, Usage};
use crate::printer::Printer;
use crate::settings;

/// Longest sleep in one go, in seconds: another process may follow a feed in the meantime.
const NAP: u64 = 60;

/// Follows feeds.
pub(crate) fn run(args: &Watch, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let mut case = open(&args.by)?.trusting(trust(&args.trust, printer)?);
    let mut out = printer.data(None)?;
    if let Some(feed) = &args.forget {
        if !case.forget(feed)? {
            printer.error(&format!("{feed} is not followed"), Some("`dateline watch --list` shows what is"));
            return Ok(Outcome::Wanting);
        }
        return Ok(Outcome::Done);
    }
    for feed in &args.feeds {
        if !(feed.starts_with("http://") || feed.starts_with("https://")) {
            return Err(Usage(format!("`{feed}` is no http or https address")).into());
        }
        case.follow(feed, args.every, !args.no_pages)?;
    }
    let feeds = case.feeds()?;
    if args.list {
        for feed in &feeds {
            let state = match (feed.poll.gone, feed.poll.failures) {
                (true, _) => "gone".to_owned(),
                (false, 0) => "well".to_owned(),
                (false, times) => format!("failed {times} times"),
            };
            let pages = if feed.pages { "with pages" } else { "items only" };
            writeln!(out, "{}  every {} s, {pages}, {state}", feed.url, feed.every)?;
        }
        out.flush()?;
        return Ok(if feeds.is_empty() { Outcome::Wanting } else { Outcome::Done });
    }
    if feeds.is_empty() {
        return Err(Usage("no feed is followed: name one".to_owned()).into());
    }
    let dateline = settings::build(global, args.reading.builder(), printer)?;
    let limits = limits_of(&args.net);
    loop {
        let watched = case.watch(&dateline, &limits, &Options::default(), &mut |what| match what {
            Watching::Asked { url, outcome, failed: true } => printer.error(&format!("{url}: {outcome}"), None),
            Watching::Asked { url, outcome, .. } => printer.note(&format!("{url}: {outcome}")),
            Watching::Item(outcome) => tell(&outcome, printer),
        })?;
        if watched.asked > 0 {
            out.write_all(summary(&watched.tally).as_bytes())?;
            out.flush()?;
        }
        if args.once {
            return Ok(if watched.failed > 0 || watched.tally.failed > 0 { Outcome::Wanting } else { Outcome::Done });
        }
        let Some(due) = watched.next_due else { return Ok(Outcome::Wanting) };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        thread::sleep(Duration::from_secs(due.saturating_sub(now).clamp(1, NAP)));
    }
}
