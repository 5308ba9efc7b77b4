use std::io::Write as _;
use std::net::TcpListener;

use anyhow::Context as _;
use dateline::Dateline;
use dateline_desk::accounts::Accounts;
use dateline_desk::{Desk, ReaderMaker, Settings, Tiles, serve};

use super::case::{decoding, folder, picture_text, trust, who};
use crate::args::Global;
use crate::case_args::Serve;
use crate::exit::{Outcome, Usage};
use crate::printer::Printer;
use crate::settings;

/// Serves the desk until it is interrupted.
pub(crate) fn run(args: &Serve, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    if !args.users && !args.listen.ip().is_loopback() {
        let why = "without accounts whoever reaches the desk may decide, so it listens on loopback addresses only. Give `--users`, or use an \
                   SSH tunnel";
        return Err(Usage(format!("`--listen {}`: {why}", args.listen)).into());
    }
    let tiles = match (&args.tiles, &args.tiles_credit) {
        (Some(url), Some(credit)) => Some(Tiles::new(url, credit).map_err(|why| Usage(format!("`--tiles`: {why}")))?),
        _ => None,
    };
    let dir = folder(&args.by)?;
    if args.users && Accounts::open(&dir)?.all()?.is_empty() {
        return Err(Usage("nobody could come in: make an account with `dateline users add NAME --role admin`".to_owned()).into());
    }
    let global = global.clone();
    let reader = ReaderMaker::new(move || {
        // Nobody sits at the terminal when the first report is brought in.
        let printer = Printer::new(true, crate::args::Color::Never);
        settings::build(&global, Dateline::builder(), &printer).map_err(|error| format!("{error:#}"))
    });
    let settings = Settings {
        by: who(args.by.by.as_deref()),
        hosts: args.host.clone(),
        users: args.users,
        https: args.https,
        reader: Some(reader),
        tiles,
        decoding: decoding(),
        text: picture_text(),
        trust: trust(&args.trust, printer)?,
    };
    let desk = Desk::open(&dir, settings).with_context(|| format!("can't open the case in {}", dir.display()))?;
    let listener = TcpListener::bind(args.listen).with_context(|| format!("can't listen on {}", args.listen))?;
    let mut out = printer.data(None)?;
    writeln!(out, "http://{}/", listener.local_addr()?)?;
    out.flush()?;
    printer.note("the desk is open; Ctrl-C closes it");
    serve(desk, listener).context("the desk can't be served")?;
    Ok(Outcome::Done)
}
