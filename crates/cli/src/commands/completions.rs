use std::io::{self, Write};

use clap::CommandFactory as _;

use crate::args::{Args, Completions};
use crate::exit::Outcome;

/// Prints the completion script of a shell.
pub(crate) fn run(args: &Completions) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "dateline", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Outcome::Done)
}
