//! The `dateline` command.
#![forbid(unsafe_code)]

mod args;
mod case_args;
mod commands;
mod exit;
mod inputs;
mod media_args;
mod printer;
mod progress;
mod scheme_args;
mod settings;
mod users_args;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let printer = printer::Printer::new(args.global.quiet, args.global.color);
    exit::code_of(commands::run(args, &printer), &printer)
}
