use std::io::{Read as _, Write as _};

use anyhow::Context as _;
use dateline::case::Source;

use super::case::{ask, open, write_json};
use crate::case_args::{Shape, Sources, SourcesAction};
use crate::exit::{Outcome, Usage};
use crate::printer::Printer;

/// Shows or changes the table of outlets.
pub(crate) fn run(args: &Sources, printer: &Printer) -> anyhow::Result<Outcome> {
    match &args.action {
        None | Some(SourcesAction::List) => list(args, printer),
        Some(SourcesAction::Export) => {
            let csv = ask(&args.by.at)?.outlets_csv()?;
            let mut out = printer.data(None)?;
            out.write_all(csv.as_bytes())?;
            out.flush()?;
            Ok(Outcome::Done)
        }
        Some(SourcesAction::Import { file }) => {
            let text = if file.as_os_str() == "-" {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text).context("can't read stdin")?;
                text
            } else {
                std::fs::read_to_string(file).with_context(|| format!("can't read {}", file.display()))?
            };
            let count = open(&args.by)?.import_outlets(&text).with_context(|| format!("can't take over {}", file.display()))?;
            printer.note(&format!("{count} outlets entered; events with reports of theirs are assessed anew"));
            Ok(Outcome::Done)
        }
        Some(SourcesAction::Remove { name }) => {
            if open(&args.by)?.remove_outlet(name)? {
                return Ok(Outcome::Done);
            }
            printer.error(&format!("`{name}` is not in the table"), None);
            Ok(Outcome::Wanting)
        }
        Some(SourcesAction::Set(set)) => {
            let mut case = open(&args.by)?;
            let reliability = set.reliability.map(|letter| letter.to_ascii_uppercase().to_string());
            if let Some(letter) = reliability.as_deref().filter(|letter| !"ABCDEF".contains(*letter)) {
                return Err(Usage(format!("`--reliability {letter}`: reliability is a letter from A to F")).into());
            }
            case.set_outlet(&set.name, |outlet| {
                if let Some(owner) = &set.owner {
                    outlet.owner = (!owner.is_empty()).then(|| owner.clone());
                }
                for alias in &set.aliases {
                    if !outlet.aliases.contains(alias) {
                        outlet.aliases.push(alias.clone());
                    }
                }
                if let Some(country) = set.country {
                    outlet.country = Some(country.to_string());
                }
                if let Some(kind) = &set.kind {
                    outlet.kind = Some(kind.clone());
                }
                if reliability.is_some() {
                    outlet.reliability.clone_from(&reliability);
                }
            })?;
            Ok(Outcome::Done)
        }
    }
}

fn list(args: &Sources, printer: &Printer) -> anyhow::Result<Outcome> {
    let sources: Vec<Source> = ask(&args.by.at)?.sources()?;
    let mut out = printer.data(None)?;
    match args.format {
        Shape::Text => {
            for source in &sources {
                let mut line = source.name.clone();
                let owner = source.owner.as_ref().map(|owner| format!("belongs to {owner}"));
                let aliases = (!source.aliases.is_empty()).then(|| format!("also {}", source.aliases.join(", ")));
                let letter = source.reliability.as_ref().map(|letter| format!("reliability {letter}"));
                let counts = format!("{} reports", source.reports);
                let parts = [source.kind.clone(), source.country.clone(), letter, owner, aliases, Some(counts)];
                line.push_str("  ");
                line.push_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
                writeln!(out, "{}", dateline::render::visible(&line))?;
            }
        }
        shape => write_json(&mut out, shape, &sources, &sources)?,
    }
    out.flush()?;
    Ok(if sources.is_empty() { Outcome::Wanting } else { Outcome::Done })
}
