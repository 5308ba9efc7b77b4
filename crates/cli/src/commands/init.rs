use anyhow::Context as _;
use dateline::case::Case;

use super::case::who;
use crate::case_args::Init;
use crate::exit::Outcome;
use crate::printer::Printer;

/// Makes a case.
pub(crate) fn run(args: &Init, printer: &Printer) -> anyhow::Result<Outcome> {
    let folder = std::path::absolute(&args.dir).unwrap_or_else(|_| args.dir.clone());
    let name = args.name.clone().or_else(|| Some(folder.file_name()?.to_string_lossy().into_owned())).unwrap_or_default();
    Case::init(&args.dir, &name, &who(args.by.as_deref()))
        .with_context(|| format!("can't make a case in {}", args.dir.display()))?;
    printer.note(&format!("made the case `{name}` in {}; bring reports in with `dateline add`", args.dir.display()));
    Ok(Outcome::Done)
}
