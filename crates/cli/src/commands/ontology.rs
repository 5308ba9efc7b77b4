use std::io::Write as _;

use dateline::render::visible;
use dateline::scheme::{SchemeKind, misses};
use dateline::{Builder, Dateline};

use crate::args::Global;
use crate::exit::Outcome;
use crate::printer::Printer;
use crate::scheme_args::{Check, Ontology, OntologyAction};
use crate::settings;

/// Checks schemes.
pub(crate) fn run(args: &Ontology, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    match &args.action {
        OntologyAction::Check(args) => check(args, global, printer),
    }
}

fn check(args: &Check, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let named =
        args.files.iter().fold(Dateline::builder(), |builder: Builder, file| builder.scheme(SchemeKind::Ontology, file.clone()));
    let builder = args.schemes.for_reading(named).lexicon(args.lexicon.clone());
    let dateline = settings::build(global, builder, printer)?;
    let mut out = printer.data(None)?;
    let mut well = true;
    let missed = misses(&dateline)?;
    for ontology in dateline.ontologies() {
        let version = ontology.version().map(|version| format!(" {version}")).unwrap_or_default();
        let licence = ontology.licence().map(|licence| format!(" ({licence})")).unwrap_or_default();
        writeln!(
            out,
            "{}: {} types, {} triggers, {} slots, {} examples",
            visible(&format!("{}{version}{licence}", ontology.name())),
            ontology.types().len(),
            ontology.triggers(),
            ontology.slots().len(),
            ontology.examples().len()
        )?;
        for name in ontology.unreached() {
            writeln!(out, "  type `{}`: no trigger leads to it", visible(name))?;
        }
        for miss in missed.iter().filter(|miss| miss.ontology == ontology.name()) {
            well = false;
            let line = format!("  {}: “{}” gives {}, not {}", miss.entry, miss.text, miss.got, miss.wanted);
            writeln!(out, "{}", visible(&line))?;
        }
    }
    for file in dateline.dictionaries().map(|dictionaries| dictionaries.files()).unwrap_or_default() {
        writeln!(out, "{}: {}", visible(&file.file), file.holds)?;
        for skipped in &file.skipped {
            well = false;
            writeln!(out, "{}", visible(&format!("  line {}: {}", skipped.line, skipped.why)))?;
        }
    }
    out.flush()?;
    Ok(if well { Outcome::Done } else { Outcome::Wanting })
}
