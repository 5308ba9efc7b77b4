use std::io::Write as _;

use dateline::casebook::{EventQuery, EventSort};
use dateline::render::case::events;

use super::case::{ask, write_json};
use crate::case_args::{Events, Order, Shape};
use crate::exit::Outcome;
use crate::printer::Printer;

/// Lists events.
pub(crate) fn run(args: &Events, printer: &Printer) -> anyhow::Result<Outcome> {
    let case = ask(&args.at)?;
    let query = EventQuery {
        sort: match args.sort {
            Order::Date => EventSort::Date,
            Order::Published => EventSort::Published,
            Order::Sources => EventSort::Origins,
            Order::Reports => EventSort::Reports,
            Order::Updated => EventSort::Updated,
        },
        ascending: args.reverse,
        limit: args.paging.limit,
        after: args.paging.after.clone(),
        count: args.format != Shape::Jsonl,
        ..args.filters.query()?
    };
    let found = case.events(&query)?;
    let mut out = printer.data(None)?;
    match args.format {
        Shape::Text => {
            out.write_all(events(&found.rows, printer.width(None), printer.colours(None)).as_bytes())?;
            out.flush()?;
            if let (Some(total), true) = (found.total, found.next.is_some()) {
                let more = if found.total_is_exact { "" } else { "more than " };
                let next = found.next.as_deref().unwrap_or_default();
                printer.note(&format!("{} of {more}{total} events; go on with --after {next}", found.rows.len()));
            }
        }
        shape => write_json(&mut out, shape, &found, &found.rows)?,
    }
    out.flush()?;
    if found.rows.is_empty() {
        printer.note("no event matches; --all shows also what is only planned, asked for, or rejected");
        return Ok(Outcome::Wanting);
    }
    Ok(Outcome::Done)
}
