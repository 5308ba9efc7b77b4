use std::io::Write;

use anyhow::Context as _;
use dateline::nlp::Pipeline;
use dateline::{ModelStore, StoredModel};

use crate::args::{Global, Model, ModelAction, ModelFormat};
use crate::exit::Outcome;
use crate::printer::Printer;
use crate::progress::FetchBar;
use crate::settings::{advised_model, store};

/// Shows or manages the model.
pub(crate) fn run(args: &Model, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let action = args.action.unwrap_or(ModelAction::Show);
    if let (Some(path), ModelAction::Show) = (&global.model, action) {
        let pipeline = Pipeline::load(path).with_context(|| format!("the model at {} can't be loaded", path.display()))?;
        let facts = [
            ("model", format!("{} {}", pipeline.name(), pipeline.version())),
            ("language", pipeline.lang().to_owned()),
            ("path", path.display().to_string()),
            ("state", "named by --model or DATELINE_MODEL; it loads".to_owned()),
        ];
        return show(&facts, args.format, printer);
    }
    let store = store(global)?;
    let (model, state) = match action {
        ModelAction::Path => {
            let mut out = printer.data(None)?;
            writeln!(out, "{}", store.path().display())?;
            out.flush()?;
            return Ok(Outcome::Done);
        }
        ModelAction::Remove => {
            let removed = store.remove().map_err(advised_model)?;
            printer.note(&if removed {
                format!("removed {}", store.path().display())
            } else {
                "there was no cached model".to_owned()
            });
            return Ok(if removed { Outcome::Done } else { Outcome::Wanting });
        }
        ModelAction::Show => (store.cached().map_err(advised_model)?, "whole, by the sizes of its files"),
        ModelAction::Verify => (store.verify().map_err(advised_model)?, "whole, every byte checked"),
        ModelAction::Get => (Some(store.get(&FetchBar::new(printer)).map_err(advised_model)?), "whole, every byte checked"),
    };
    match model {
        Some(model) => show(&facts(&model, state), args.format, printer),
        None => absent(&store, args.format, printer),
    }
}

fn facts(model: &StoredModel, state: &str) -> [(&'static str, String); 6] {
    [
        ("model", model.name.clone()),
        ("path", model.path.display().to_string()),
        ("from", model.origin.clone()),
        ("sha256", model.sha256.clone()),
        ("size", format!("{:.1} MiB", model.bytes as f64 / f64::from(1 << 20))),
        ("state", state.to_owned()),
    ]
}

fn absent(store: &ModelStore, format: ModelFormat, printer: &Printer) -> anyhow::Result<Outcome> {
    let facts = [
        ("path", store.path().display().to_string()),
        ("state", "not there yet: fetched on first use, or now with `dateline model get`".to_owned()),
    ];
    show(&facts, format, printer)?;
    Ok(Outcome::Wanting)
}

fn show(facts: &[(&'static str, String)], format: ModelFormat, printer: &Printer) -> anyhow::Result<Outcome> {
    let mut out = printer.data(None)?;
    match format {
        ModelFormat::Text => {
            for (name, value) in facts {
                writeln!(out, "{name:<9} {value}")?;
            }
        }
        ModelFormat::Json => {
            let object: serde_json::Map<_, _> =
                facts.iter().map(|(name, value)| ((*name).to_owned(), serde_json::Value::from(value.as_str()))).collect();
            serde_json::to_writer_pretty(&mut out, &object)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}
