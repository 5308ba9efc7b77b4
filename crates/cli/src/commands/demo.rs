use std::io::Write as _;

use anyhow::Context as _;
use dateline::Dateline;
use dateline::case::{Case, Incoming, Quotes};
use dateline::casebook::{EventQuery, EventSort};
use dateline::collect::{Input, Options, open};
use dateline::render::case::{event, events};

use super::add::{summary, tell};
use super::case::who;
use crate::args::Global;
use crate::case_args::Demo;
use crate::exit::Outcome;
use crate::printer::Printer;
use crate::settings;

/// A dozen reports by invented outlets on the first reported capture of a North Korean soldier in Kursk oblast, December 2024.
const REPORTS: &str = include_str!("../../../../examples/case/reports.jsonl");
/// The outlets.
const OUTLETS: &str = include_str!("../../../../examples/case/outlets.csv");

/// Builds the sample case, and shows what it comes to.
pub(crate) fn run(args: &Demo, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let dateline = settings::build(global, Dateline::builder(), printer)?;
    let mut case = Case::init(&args.dir, "Sample case: a capture in Kursk oblast", &who(None))
        .with_context(|| format!("can't make the sample case in {}", args.dir.display()))?;
    case.import_outlets(OUTLETS)?;
    let input = Input::Bytes { name: "reports.jsonl".to_owned(), bytes: REPORTS.as_bytes().to_vec() };
    let mut found = Vec::new();
    open(&input, &Options::default(), &mut |item| {
        found.push(item.map(Incoming::from));
        std::ops::ControlFlow::Continue(())
    });
    let tally = case.add(&dateline, found.into_iter(), &mut |outcome| tell(&outcome, printer))?;
    let mut out = printer.data(None)?;
    let (width, colour) = (printer.width(None), printer.colours(None));
    out.write_all(summary(&tally).as_bytes())?;
    let query = EventQuery { sort: EventSort::Reports, limit: 5, ..EventQuery::default() };
    let most = case.events(&query)?;
    writeln!(out, "\nEvents that most reports tell of (`dateline events --sort reports`):\n")?;
    out.write_all(events(&most.rows, width, colour).as_bytes())?;
    if let Some(first) = most.rows.first() {
        writeln!(out, "\nThe first of them (`dateline show {} --why`):\n", first.id)?;
        let page = case.event_page(Case::event_id(&first.id)?, Quotes::AsTheyStand)?;
        out.write_all(event(&page, true, width, colour).as_bytes())?;
    }
    out.flush()?;
    printer.note(&format!("the case is in {}; ask it from there, or with --case {0}", args.dir.display()));
    Ok(Outcome::Done)
}
