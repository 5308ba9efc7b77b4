//! One file a verb, named as typed.

mod completions;
mod man;
mod model;
mod parse;
mod read;

use crate::args::{Args, Verb};
use crate::exit::Outcome;
use crate::printer::Printer;

pub(crate) fn run(args: Args, printer: &Printer) -> anyhow::Result<Outcome> {
    let Args { verb, global } = args;
    match verb {
        Verb::Read(args) => read::run(&args, &global, printer),
        Verb::Parse(args) => parse::run(&args, &global, printer),
        Verb::Model(args) => model::run(&args, &global, printer),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man(args) => man::run(&args),
    }
}
