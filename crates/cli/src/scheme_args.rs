//! Schemes of a user's own: definitions only.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueHint};
use dateline::Builder;
use dateline::scheme::SchemeKind;

/// Files of schemes that reports are coded by, besides ours.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "Schemes of your own")]
pub(crate) struct Schemes {
    /// Types, triggers and slots of your own, in TOML (may be given several times; see docs/ontology.md)
    #[arg(long = "ontology", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ontologies: Vec<PathBuf>,
    /// Verb dictionary in a format of PETRARCH's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) verbs: Vec<PathBuf>,
    /// Actor dictionary in PETRARCH's format
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) actors: Vec<PathBuf>,
    /// Agent dictionary in PETRARCH's format
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) agents: Vec<PathBuf>,
}

impl Schemes {
    /// The files, for a reader.
    pub(crate) fn for_reading(&self, builder: Builder) -> Builder {
        let kinds = [
            (SchemeKind::Ontology, &self.ontologies),
            (SchemeKind::Verbs, &self.verbs),
            (SchemeKind::Actors, &self.actors),
            (SchemeKind::Agents, &self.agents),
        ];
        let files = kinds.into_iter().flat_map(|(kind, files)| files.iter().map(move |file| (kind, file)));
        files.fold(builder, |builder, (kind, file)| builder.scheme(kind, file.clone()))
    }
}

/// Work on schemes of your own
#[derive(Debug, ClapArgs)]
pub(crate) struct Ontology {
    #[command(subcommand)]
    pub(crate) action: OntologyAction,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  dateline ontology check my-ontology.toml
  dateline ontology check --verbs my.verbs --actors my.actors --agents my.agents

Exit status: 0 all is well; 1 a file is wrong, an example does not fire, or a line
was passed over (all are named); 2 wrong usage.";

#[derive(Debug, Subcommand)]
pub(crate) enum OntologyAction {
    /// Say what schemes hold, whether each example gives what it should, and which lines of dictionaries are passed over
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// Ontologies in TOML
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present_any = ["ontologies", "verbs", "actors", "agents"])]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) schemes: Schemes,
    /// Folder with lexicons of your own, laid over those built in
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) lexicon: Option<PathBuf>,
}
