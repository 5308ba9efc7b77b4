use std::io::Write as _;
use std::net::TcpListener;

use anyhow::Context as _;
use dateline_desk::{Desk, Settings, serve};

use super::case::{folder, who};
use crate::case_args::Serve;
use crate::exit::{Outcome, Usage};
use crate::printer::Printer;

/// Serves the desk until it is interrupted.
pub(crate) fn run(args: &Serve, printer: &Printer) -> anyhow::Result<Outcome> {
    if !args.listen.ip().is_loopback() {
        let why = "the desk has no accounts yet: whoever reaches it may decide. It listens on loopback addresses only; to reach it from \
                   elsewhere use an SSH tunnel";
        return Err(Usage(format!("`--listen {}`: {why}", args.listen)).into());
    }
    let dir = folder(&args.by)?;
    let settings = Settings { by: who(args.by.by.as_deref()), hosts: args.host.clone() };
    let desk = Desk::open(&dir, settings).with_context(|| format!("can't open the case in {}", dir.display()))?;
    let listener = TcpListener::bind(args.listen).with_context(|| format!("can't listen on {}", args.listen))?;
    let mut out = printer.data(None)?;
    writeln!(out, "http://{}/", listener.local_addr()?)?;
    out.flush()?;
    printer.note("the desk is open; Ctrl-C closes it");
    serve(desk, listener).context("the desk can't be served")?;
    Ok(Outcome::Done)
}
