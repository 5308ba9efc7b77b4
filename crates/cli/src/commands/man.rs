use std::io::{self, Write};

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::args::{Args, Man};
use crate::exit::Outcome;

/// Prints the main man page, or writes one for each verb.
pub(crate) fn run(args: &Man) -> anyhow::Result<Outcome> {
    match &args.dir {
        Some(folder) => {
            clap_mangen::generate_to(Args::command(), folder).with_context(|| format!("can't write to {}", folder.display()))?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page)?;
            io::stdout().write_all(&page)?;
        }
    }
    Ok(Outcome::Done)
}
