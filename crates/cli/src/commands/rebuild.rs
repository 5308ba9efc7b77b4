use std::io::Write as _;

use super::case::{open_to_rebuild, trust};
use crate::case_args::Rebuild;
use crate::exit::Outcome;
use crate::printer::Printer;

/// Makes the views of a case anew.
pub(crate) fn run(args: &Rebuild, printer: &Printer) -> anyhow::Result<Outcome> {
    let mut case = open_to_rebuild(&args.by)?.trusting(trust(&args.trust, printer)?);
    let total = case.rebuild(&mut |reports| {
        if reports % 10_000 == 0 {
            printer.note(&format!("{reports} reports filed"));
        }
    })?;
    let mut out = printer.data(None)?;
    for number in &total.orphaned {
        writeln!(out, "! decision {number} stands on an event that is none any more")?;
    }
    writeln!(out, "{} reports tell of {} happenings, which are {} events", total.reports, total.happenings, total.events)?;
    if total.pictures > 0 {
        writeln!(out, "{} pictures were looked at again", total.pictures)?;
    }
    if total.frames > 0 {
        writeln!(out, "{} key frames of videos are new", total.frames)?;
    }
    if let Some(why) = &total.why_without_frames {
        let videos =
            if total.without_frames == 1 { "1 video is".to_owned() } else { format!("{} videos are", total.without_frames) };
        printer.warning(&format!("{videos} without key frames: {why}"));
    }
    if let Some(why) = &total.unread {
        printer.warning(why);
    }
    out.flush()?;
    Ok(Outcome::Done)
}
