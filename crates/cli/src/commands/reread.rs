use std::io::Write as _;

use super::case::open;
use crate::args::Global;
use crate::case_args::Reread;
use crate::exit::Outcome;
use crate::printer::Printer;
use crate::settings;

/// Reads all reports again.
pub(crate) fn run(args: &Reread, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let mut case = open(&args.by)?;
    let dateline = settings::build(global, args.reading.builder(), printer)?;
    let mut out = printer.data(None)?;
    let mut written = Ok(());
    let total =
        case.reread(&dateline, args.all, &mut |change| {
            let mut lines = Vec::new();
            for (mark, list) in [("+", &change.added), ("-", &change.gone), ("~", &change.changed)] {
                lines.extend(list.iter().map(|what| format!("r{} {mark} {what}", change.report)));
            }
            lines.extend(change.orphaned.iter().map(|number| {
                format!("r{} ! decision {number} stands on an event that nobody tells of any more", change.report)
            }));
            for line in lines {
                if written.is_ok() {
                    written = writeln!(out, "{}", dateline::render::visible(&line));
                }
            }
        })?;
    written?;
    writeln!(out, "{} reports read again, {} say something else now, {} failed", total.read, total.changed, total.failed)?;
    out.flush()?;
    Ok(if total.failed > 0 { Outcome::Wanting } else { Outcome::Done })
}
