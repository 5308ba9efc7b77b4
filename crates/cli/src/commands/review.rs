use std::io::Write as _;

use dateline::case::{Case, Decision, DecisionLine};

use super::case::{ask, open, write_json};
use crate::case_args::{Merge, Review, Shape, Split};
use crate::exit::{Outcome, Usage};
use crate::printer::Printer;

/// Records a decision, or shows those there are.
pub(crate) fn run(args: &Review, printer: &Printer) -> anyhow::Result<Outcome> {
    if args.list {
        return list(args, printer);
    }
    let mut case = open(&args.by)?;
    if let Some(number) = args.undo {
        let undo = case.undo(number, &args.why)?;
        printer.note(&format!("decision {number} is taken back (decision {undo})"));
        return Ok(Outcome::Done);
    }
    let id = args.id.as_deref().unwrap_or_default();
    if args.withdrawn {
        let report = case.report_id(id)?;
        case.withdraw(report, &args.why)?;
        printer.note(&format!("r{report} is withdrawn; the events that it tells of are assessed anew"));
        return Ok(Outcome::Done);
    }
    let event = Case::event_id(id)?;
    let decision = if args.accept {
        Decision::Accept
    } else if args.reject {
        Decision::Reject
    } else if args.release {
        Decision::Release
    } else if let Some(grade) = args.grade {
        Decision::Grade(grade)
    } else if let Some(set) = &args.set {
        Decision::Set(set.parse().map_err(|error: dateline::case::CaseError| Usage(error.to_string()))?)
    } else {
        Decision::Note(args.note.clone().unwrap_or_default())
    };
    let number = case.decide(event, &decision, &args.why)?;
    printer.note(&format!("decision {number} on e{event} is kept; `dateline review --undo {number}` takes it back"));
    Ok(Outcome::Done)
}

fn list(args: &Review, printer: &Printer) -> anyhow::Result<Outcome> {
    let case = ask(&args.by.at)?;
    let event = args.id.as_deref().map(Case::event_id).transpose()?;
    let reviews = case.decisions(event)?;
    let mut out = printer.data(None)?;
    let lines: Vec<DecisionLine> = reviews.iter().map(DecisionLine::from).collect();
    match args.format {
        Shape::Text => {
            for (review, line) in reviews.iter().zip(&lines) {
                let on = review.subject.get("event").and_then(serde_json::Value::as_u64).map(|event| format!(" e{event}"));
                let why = line.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
                let text = format!("#{}{} {} by {}, {}{why}", line.id, on.unwrap_or_default(), line.what, line.by, line.at);
                writeln!(out, "{}", dateline::render::visible(&text))?;
            }
        }
        shape => write_json(&mut out, shape, &lines, &lines)?,
    }
    out.flush()?;
    Ok(if lines.is_empty() { Outcome::Wanting } else { Outcome::Done })
}

/// Records that events are one.
pub(crate) fn merge(args: &Merge, printer: &Printer) -> anyhow::Result<Outcome> {
    let mut case = open(&args.by)?;
    let events = args.events.iter().map(|id| Case::event_id(id)).collect::<Result<Vec<u64>, _>>()?;
    let Some((&into, others)) = events.split_first() else { return Err(Usage("name at least two events".to_owned()).into()) };
    let number = case.merge(into, others, &args.why)?;
    printer
        .note(&format!("e{into} now holds the others (decision {number}); `dateline review --undo {number}` parts them again"));
    Ok(Outcome::Done)
}

/// Records that some reports tell of another event.
pub(crate) fn split(args: &Split, printer: &Printer) -> anyhow::Result<Outcome> {
    let mut case = open(&args.by)?;
    let event = Case::event_id(&args.event)?;
    let reports = args.reports.iter().map(|id| case.report_id(id)).collect::<Result<Vec<u64>, _>>()?;
    let other = case.split(event, &reports, &args.why)?;
    printer.note(&format!("these reports now tell of e{other}"));
    Ok(Outcome::Done)
}
