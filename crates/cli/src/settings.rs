//! What the command line and the environment mean, resolved once.

use dateline::{BuildError, Builder, Dateline, ModelError, ModelStore};

use crate::args::Global;
use crate::exit::Advised;
use crate::printer::Printer;
use crate::progress::FetchBar;

/// The place where the model is kept.
pub(crate) fn store(global: &Global) -> anyhow::Result<ModelStore> {
    let store = match &global.cache {
        Some(cache) => ModelStore::at(cache),
        None => ModelStore::of_user().map_err(advised_model)?,
    };
    Ok(store.offline(global.offline))
}

/// Loads model and lexicons, fetching the model when there is none.
pub(crate) fn build(global: &Global, builder: Builder, printer: &Printer) -> anyhow::Result<Dateline> {
    let builder = match &global.model {
        // A named model needs no cache, not even a place for one.
        Some(path) => builder.model(Some(path.clone())),
        None => builder.store(store(global)?),
    };
    let dateline = builder.build(&FetchBar::new(printer)).map_err(advised_build)?;
    for file in dateline.dictionaries().map(|dictionaries| dictionaries.files()).unwrap_or_default() {
        if !file.skipped.is_empty() {
            let count = match file.skipped.len() {
                1 => "1 line is".to_owned(),
                many => format!("{many} lines are"),
            };
            let name = dateline::render::visible(&file.file);
            printer.warning(&format!("{name}: {count} passed over; `dateline ontology check` says which and why"));
        }
    }
    Ok(dateline)
}

pub(crate) fn advised_model(error: ModelError) -> anyhow::Error {
    Advised { message: error.to_string(), hint: error.hint() }.into()
}

fn advised_build(error: BuildError) -> anyhow::Error {
    let hint = error.hint();
    // The causes below the message, such as the system's own words, belong on the same line.
    Advised { message: format!("{:#}", anyhow::Error::new(error)), hint }.into()
}
