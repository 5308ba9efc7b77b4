use std::fs::File;
use std::io::{BufWriter, Write};

use anyhow::Context as _;
use dateline::export::Format;

use super::case::open;
use crate::case_args::Export;
use crate::exit::{Outcome, Usage};
use crate::printer::Printer;

/// Writes events in a format, and the manifest beside them.
pub(crate) fn run(args: &Export, printer: &Printer) -> anyhow::Result<Outcome> {
    let format: Format = args.format.parse().map_err(|error: dateline::export::UnknownFormat| Usage(error.to_string()))?;
    let query = args.filters.query()?;
    let mut case = open(&args.by)?;
    let filter = args.filters.filter().words();
    let Some(path) = &args.output else {
        let mut out = printer.data(None)?;
        let exported = case.export(format, query, &filter, args.released_names, "-", &mut out)?;
        out.flush()?;
        printer.note(&exported.manifest.citation());
        return Ok(done(exported.events, printer));
    };
    let mut out = BufWriter::new(File::create(path).with_context(|| format!("can't write {}", path.display()))?);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let exported = case
        .export(format, query, &filter, args.released_names, &name, &mut out)
        .with_context(|| format!("can't export to {}", path.display()))?;
    out.flush().with_context(|| format!("can't write {}", path.display()))?;
    let mut beside = path.clone().into_os_string();
    beside.push(".manifest.json");
    std::fs::write(&beside, exported.manifest.to_json()?).with_context(|| format!("can't write {}", beside.display()))?;
    printer.note(&exported.manifest.citation());
    Ok(done(exported.events, printer))
}

fn done(events: u64, printer: &Printer) -> Outcome {
    if events == 0 {
        printer.note("no event matches: the export is empty");
        return Outcome::Wanting;
    }
    Outcome::Done
}
