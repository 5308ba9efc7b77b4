//! Scores without the rest of dateline, for quick work on reader, parser and gazetteer:
//!
//! ```text
//! cargo run -p dateline-eval --bin score -- SET… [--errors N] [--data DIR] [--predictions FILE] [--readings FILE] [--record DATE]
//! ```
//!
//! SET: gold seed polnear toponyms plv re3d times quantities parity, or all. The model is named by `DATELINE_MODEL`, or is the one in
//! dateline's cache. `dateline eval` is the same for users.
#![forbid(unsafe_code)]

use std::error::Error;
use std::path::{Path, PathBuf};

use dateline_eval::{Baseline, Direct, Eval, Program, Recorded, Set, find_data, table};

fn model() -> Result<PathBuf, Box<dyn Error>> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(model) = set("DATELINE_MODEL") {
        return Ok(model);
    }
    let cache = set("DATELINE_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("dateline")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/dateline")))
        .ok_or("name a model with DATELINE_MODEL")?;
    Ok(cache.join("models/en_core_web_sm-3.8.0"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut sets, mut errors, mut data, mut predictions, mut readings) = (Vec::new(), 0, None, None, None);
    let mut record = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--errors" => errors = value()?.parse()?,
            "--data" => data = Some(PathBuf::from(value()?)),
            "--predictions" => predictions = Some(PathBuf::from(value()?)),
            "--readings" => readings = Some(PathBuf::from(value()?)),
            "--record" => record = Some(value()?),
            "all" => sets.extend(Set::ALL),
            name => sets.push(name.parse()?),
        }
    }
    if sets.is_empty() {
        return Err("usage: score SET… [--errors N] [--data DIR] [--predictions FILE] [--readings FILE] [--record DATE]".into());
    }
    let data = data.or_else(|| std::env::var_os("DATELINE_EVAL_DATA").map(PathBuf::from));
    let data = data.or_else(|| find_data(&std::env::current_dir().ok()?));
    let program: Box<dyn Program> = match readings {
        Some(path) => Box::new(Recorded::from_file(Path::new(&path))?),
        None => Box::new(Direct::new(&model()?, None)?),
    };
    let eval = Eval::new(&*program, data).predictions(predictions);
    let mut baseline = match Path::new("eval/baseline.json") {
        path if path.exists() => Baseline::from_file(path)?,
        _ => Baseline::embedded()?,
    };
    for set in sets {
        let scored = eval.score(set)?;
        println!("{}{}", table::figures(&scored, &baseline), table::mistakes(&scored, errors));
        if let Some(date) = &record {
            baseline.record(&scored, date, &program.made_by());
        }
    }
    if record.is_some() {
        baseline.write(Path::new("eval/baseline.json"))?;
    }
    Ok(())
}
