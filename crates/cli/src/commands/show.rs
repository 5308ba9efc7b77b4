use std::io::Write as _;

use anyhow::Context as _;
use dateline::case::{Case, Quotes};
use dateline::render::case::{event, report};

use super::case::{ask, write_json};
use crate::case_args::{Shape, Show};
use crate::exit::Outcome;
use crate::printer::Printer;

/// Shows one event or one report.
pub(crate) fn run(args: &Show, printer: &Printer) -> anyhow::Result<Outcome> {
    let case = ask(&args.at)?;
    let mut out = printer.data(None)?;
    let (width, colour) = (printer.width(None), printer.colours(None));
    let is_event = args.id.strip_prefix(['e', 'E']).is_some_and(|id| !id.is_empty() && id.chars().all(|c| c.is_ascii_digit()));
    if is_event {
        let page = case.event_page(Case::event_id(&args.id)?, Quotes::AsTheyStand)?;
        match args.format {
            Shape::Text => out.write_all(event(&page, args.why, width, colour).as_bytes())?,
            shape => write_json(&mut out, shape, &page, std::slice::from_ref(&page))?,
        }
        out.flush()?;
        return Ok(Outcome::Done);
    }
    let id = case.report_id(&args.id)?;
    if let Some(file) = &args.original {
        let bytes = case.original(id)?;
        std::fs::write(file, &bytes).with_context(|| format!("can't write {}", file.display()))?;
        printer.note(&format!("{} bytes written to {}", bytes.len(), file.display()));
        return Ok(Outcome::Done);
    }
    let page = case.report_page(id)?;
    match args.format {
        Shape::Text => out.write_all(report(&page, width, colour).as_bytes())?,
        shape => {
            let json = page.kept(true);
            write_json(&mut out, shape, &json, std::slice::from_ref(&json))?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}
