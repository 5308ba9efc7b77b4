use std::io::Write as _;

use dateline::casebook::SearchQuery;
use dateline::render::case::reports;

use super::case::{ask, write_json};
use crate::case_args::{Search, Shape};
use crate::exit::Outcome;
use crate::printer::Printer;

/// Finds reports by their words.
pub(crate) fn run(args: &Search, printer: &Printer) -> anyhow::Result<Outcome> {
    let case = ask(&args.at)?;
    let bounds = |date: &Option<dateline::record::Edtf>| date.as_ref().and_then(dateline::record::Edtf::bounds);
    let query = SearchQuery {
        text: args.query.join(" "),
        from: bounds(&args.from).and_then(|(first, last)| first.or(last)),
        to: bounds(&args.to).and_then(|(first, last)| last.or(first)),
        source: args.source.clone(),
        limit: args.paging.limit,
        after: args.paging.after.clone(),
        count: args.format != Shape::Jsonl,
        ..SearchQuery::default()
    };
    let found = case.search(&query)?;
    let mut out = printer.data(None)?;
    match args.format {
        Shape::Text => {
            out.write_all(reports(&found.rows, printer.width(None), printer.colours(None)).as_bytes())?;
            out.flush()?;
            if let (Some(total), Some(next)) = (found.total, &found.next) {
                let more = if found.total_is_exact { "" } else { "more than " };
                printer.note(&format!("{} of {more}{total} reports; go on with --after {next}", found.rows.len()));
            }
        }
        shape => write_json(&mut out, shape, &found, &found.rows)?,
    }
    out.flush()?;
    if found.rows.is_empty() {
        printer.note("no report matches");
        return Ok(Outcome::Wanting);
    }
    Ok(Outcome::Done)
}
