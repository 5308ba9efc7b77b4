//! One file a verb, named as typed.

mod add;
mod case;
mod completions;
mod demo;
mod eval;
mod events;
mod export;
mod init;
mod man;
mod media;
mod model;
mod ontology;
mod parse;
mod read;
mod rebuild;
#[cfg(debug_assertions)]
mod rehearsal;
mod reread;
mod review;
mod search;
mod serve;
mod show;
mod sources;
mod users;
mod verify;
mod watch;

use crate::args::{Args, Verb};
use crate::exit::Outcome;
use crate::printer::Printer;

pub(crate) fn run(args: Args, printer: &Printer) -> anyhow::Result<Outcome> {
    let Args { verb, global } = args;
    match verb {
        Verb::Read(args) => read::run(&args, &global, printer),
        Verb::Demo(args) => demo::run(&args, &global, printer),
        Verb::Init(args) => init::run(&args, printer),
        Verb::Add(args) => add::run(&args, &global, printer),
        Verb::Watch(args) => watch::run(&args, &global, printer),
        Verb::Events(args) => events::run(&args, printer),
        Verb::Show(args) => show::run(&args, printer),
        Verb::Search(args) => search::run(&args, printer),
        Verb::Media(args) => media::run(&args, printer),
        Verb::Sources(args) => sources::run(&args, printer),
        Verb::Review(args) => review::run(&args, printer),
        Verb::Merge(args) => review::merge(&args, printer),
        Verb::Split(args) => review::split(&args, printer),
        Verb::Export(args) => export::run(&args, printer),
        Verb::Reread(args) => reread::run(&args, &global, printer),
        Verb::Rebuild(args) => rebuild::run(&args, printer),
        Verb::Verify(args) => verify::run(&args, printer),
        Verb::Serve(args) => serve::run(&args, &global, printer),
        Verb::Users(args) => users::run(&args, printer),
        Verb::Ontology(args) => ontology::run(&args, &global, printer),
        Verb::Parse(args) => parse::run(&args, &global, printer),
        Verb::Eval(args) => eval::run(&args, &global, printer),
        Verb::Model(args) => model::run(&args, &global, printer),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man(args) => man::run(&args),
        Verb::DecodePictures(_) => media::decode_pictures(),
    }
}
