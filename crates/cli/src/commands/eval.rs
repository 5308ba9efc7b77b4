use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dateline::nlp::Doc;
use dateline::record::{Reading, Report};
use dateline::{Dateline, ReadError};
use dateline_eval::{Baseline, Eval, EvalError, Lexicons, MadeBy, Program, Recorded, Scored, Set, Sink, find_data, table};

use crate::args::{Eval as Args, EvalFormat, Global};
use crate::exit::{Advised, Outcome, Usage};
use crate::printer::Printer;
use crate::settings;

/// Where the repository keeps the recorded figures.
const BASELINE: &str = "eval/baseline.json";

/// Scores the sets that `args` name.
pub(crate) fn run(args: &Args, global: &Global, printer: &Printer) -> anyhow::Result<Outcome> {
    let sets = sets(args)?;
    let recording = recording(args)?;
    let mut baseline = match &args.baseline {
        Some(path) if path.exists() || !args.record => Baseline::from_file(path),
        Some(_) => Ok(Baseline::default()),
        None if Path::new(BASELINE).exists() => Baseline::from_file(Path::new(BASELINE)),
        None => Baseline::embedded(),
    }
    .map_err(advised)?;
    let program: Box<dyn Program> = match &args.readings {
        Some(path) => Box::new(Recorded::from_file(path).map_err(advised)?),
        None => {
            let builder = Dateline::builder().lexicon(args.lexicon.clone()).threads(args.threads);
            let model_sha256 = match &global.model {
                Some(_) => None,
                None => settings::store(global)?.cached().ok().flatten().map(|model| model.sha256),
            };
            Box::new(Whole { dateline: settings::build(global, builder, printer)?, lexicon: args.lexicon.clone(), model_sha256 })
        }
    };
    let data = args.data.clone().or_else(|| find_data(&std::env::current_dir().ok()?));
    let eval = Eval::new(&*program, data).predictions(args.predictions.clone()).answers(args.answers.clone());
    let mut out = printer.data(None)?;
    let mut fallen = 0usize;
    let mut all = Vec::new();
    for set in sets {
        let scored = eval.score(set).map_err(advised)?;
        if let Some(tolerance) = args.strict {
            for one in baseline.fallen(&scored, tolerance) {
                fallen += 1;
                let show = |value: Option<f64>| value.map_or("-".to_owned(), |value| one.figure.unit.show(value));
                printer.error(&format!("{} fell from {} to {}", one.key, show(one.recorded), show(one.figure.value)), None);
            }
        }
        match args.format {
            EvalFormat::Text => {
                write!(out, "{}{}", table::figures(&scored, &baseline), table::mistakes(&scored, args.errors))?;
                writeln!(out)?;
                out.flush()?;
            }
            EvalFormat::Json => all.push(json(&scored, &baseline, args.errors)),
        }
        if let Some((_, date)) = &recording {
            baseline.record(&scored, date, &program.made_by());
        }
    }
    if args.format == EvalFormat::Json {
        serde_json::to_writer_pretty(&mut out, &all)?;
        writeln!(out)?;
    }
    out.flush()?;
    if let Some((path, _)) = &recording {
        baseline.write(path).map_err(advised)?;
        printer.note(&format!("figures recorded in {}", path.display()));
    }
    Ok(if fallen > 0 { Outcome::Wanting } else { Outcome::Done })
}

fn sets(args: &Args) -> anyhow::Result<Vec<Set>> {
    let mut out = Vec::new();
    for name in &args.sets {
        match name.as_str() {
            "all" => out.extend(Set::ALL),
            name => out.push(name.parse().map_err(|error| {
                let names: Vec<&str> = Set::ALL.iter().map(|set| set.as_str()).collect();
                Usage(format!("{error}: there are {}, all", names.join(", ")))
            })?),
        }
    }
    let plv = out.contains(&Set::Plv);
    if !plv && (args.predictions.is_some() || args.answers.is_some()) {
        return Err(Usage("`--predictions` and `--answers` are for the set `plv`".to_owned()).into());
    }
    Ok(out)
}

/// Where and under which day figures are recorded, when they are.
fn recording(args: &Args) -> anyhow::Result<Option<(PathBuf, String)>> {
    if !args.record {
        return Ok(None);
    }
    let path = match &args.baseline {
        Some(path) => path.clone(),
        None if Path::new(BASELINE).exists() => PathBuf::from(BASELINE),
        None => {
            return Err(Usage(format!(
                "`--record` writes {BASELINE} of the repository: run it there, or name a file with `--baseline`"
            ))
            .into());
        }
    };
    let date = args.date.as_ref().map_or_else(today, ToString::to_string);
    Ok(Some((path, date)))
}

/// The day by the clock, in UTC.
fn today() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = i64::try_from(seconds / 86_400).unwrap_or(0);
    dateline::record::Date::from_days(days).to_string()
}

fn json(scored: &Scored, baseline: &Baseline, errors: usize) -> serde_json::Value {
    serde_json::json!({
        "set": scored.set,
        "notes": scored.notes,
        "recorded": baseline.recorded.get(scored.set),
        "figures": baseline.compare(scored),
        "mistakes": scored.mistakes.iter().take(errors).collect::<Vec<_>>(),
    })
}

fn advised(error: EvalError) -> anyhow::Error {
    let hint = error.hint().map(str::to_owned);
    Advised { message: error.to_string(), hint }.into()
}

/// The whole program, as `dateline read` and `dateline parse` run it.
struct Whole {
    dateline: Dateline,
    lexicon: Option<PathBuf>,
    model_sha256: Option<String>,
}

fn told<T>(result: Result<T, ReadError>) -> Result<T, String> {
    result.map_err(|error| error.to_string())
}

impl Program for Whole {
    fn read(&self, reports: Vec<Report>, sink: Sink<'_, Reading>) {
        let inputs = reports.into_iter().map(Ok).enumerate();
        self.dateline.read_each(inputs, |at, result| {
            let result = told(result).and_then(|reading| match &reading.not_read {
                Some(why) => Err(why.clone()),
                None => Ok(reading),
            });
            sink(at, result);
            ControlFlow::Continue(())
        });
    }

    fn parse(&self, texts: Vec<String>, sink: Sink<'_, Doc>) {
        self.dateline.parse_each(texts.into_iter().map(Ok).enumerate(), |at, result| {
            sink(at, told(result));
            ControlFlow::Continue(())
        });
    }

    fn lexicons(&self) -> Result<Lexicons, EvalError> {
        Ok(match &self.lexicon {
            Some(directory) => Lexicons::with_directory(directory)?,
            None => Lexicons::default(),
        })
    }

    fn made_by(&self) -> MadeBy {
        let versions = self.dateline.versions();
        MadeBy { program: versions.program.clone(), model: versions.model.clone(), model_sha256: self.model_sha256.clone() }
    }
}
