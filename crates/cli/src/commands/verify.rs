use std::io::Write as _;

use super::case::ask;
use crate::case_args::Verify;
use crate::exit::Outcome;
use crate::printer::Printer;

/// Checks the record.
pub(crate) fn run(args: &Verify, printer: &Printer) -> anyhow::Result<Outcome> {
    let case = ask(&args.at)?;
    let mut out = printer.data(None)?;
    let mut written = Ok(());
    let verified = case.verify(args.deep, &mut |fault| {
        let line = dateline::render::visible(&format!("{}: {}", fault.place, fault.problem)).into_owned();
        if fault.problem.is_left_over() {
            printer.warning(&line);
        } else if written.is_ok() {
            written = writeln!(out, "{line}");
        }
    })?;
    written?;
    let state = if verified.faults == 0 { "intact" } else { "NOT INTACT" };
    let faults = if verified.faults == 0 { String::new() } else { format!(", {} faults", verified.faults) };
    writeln!(
        out,
        "{state}: {} rows, {} files, {} links of the chain{faults}",
        verified.rows, verified.files, verified.audit_entries
    )?;
    if let Some(head) = &verified.head {
        writeln!(out, "head of the chain: {} {}", head.seq, head.hash)?;
    }
    out.flush()?;
    Ok(if verified.faults == 0 { Outcome::Done } else { Outcome::Wanting })
}
