//! What is scored: something that reads and parses.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use dateline_nlp::{Doc, Pipeline, Worker};
use dateline_reader::{Lexicons, Reader, layout};
use dateline_record::{Reading, Report};

use crate::error::{EvalError, bad};

/// Gets a result with the index of what it is of; results come in any order.
pub type Sink<'s, T> = &'s mut dyn FnMut(usize, Result<T, String>);

/// What made the figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MadeBy {
    /// Version of the program.
    pub program: String,
    /// Name and version of the language model.
    pub model: String,
    /// SHA-256 of the model's wheel, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_sha256: Option<String>,
}

/// A reader and its parser, as a set needs them.
pub trait Program {
    /// Reads reports, with all cores if it can.
    fn read(&self, reports: Vec<Report>, sink: Sink<'_, Reading>);

    /// Parses texts, with all cores if it can.
    fn parse(&self, texts: Vec<String>, sink: Sink<'_, Doc>);

    /// The lexicons that it reads with.
    ///
    /// # Errors
    /// When they can't be used.
    fn lexicons(&self) -> Result<Lexicons, EvalError> {
        Ok(Lexicons::default())
    }

    /// What its figures are recorded under.
    fn made_by(&self) -> MadeBy;
}

/// Pipeline and reader put together without the rest of dateline: for quick work on either. It takes every text for English.
#[derive(Debug)]
pub struct Direct {
    pipeline: Pipeline,
    reader: Reader,
    threads: NonZeroUsize,
    model_sha256: Option<String>,
}

impl Direct {
    /// With the model at `model` and the lexicons that are built in.
    ///
    /// # Errors
    /// When model or lexicons can't be used.
    pub fn new(model: &Path, threads: Option<NonZeroUsize>) -> Result<Self, EvalError> {
        let pipeline = Pipeline::load(model).or_else(|error| bad(model.display().to_string(), error.to_string()))?;
        let threads = threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let manifest = std::fs::read(model.join("dateline-manifest.json")).ok();
        let manifest: Option<serde_json::Value> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let model_sha256 = manifest.and_then(|manifest| manifest.get("sha256")?.as_str().map(str::to_owned));
        Ok(Self { pipeline, reader: Reader::new(Lexicons::default())?, threads, model_sha256 })
    }

    fn each<T: Sync, R: Send>(
        &self,
        inputs: &[T],
        work: impl Fn(&mut Worker<'_>, &T) -> R + Sync,
        mut sink: impl FnMut(usize, R),
    ) {
        let next = AtomicUsize::new(0);
        let (next, work) = (&next, &work);
        std::thread::scope(|scope| {
            let (send, results) = mpsc::channel();
            for _ in 0..self.threads.get() {
                let send = send.clone();
                scope.spawn(move || {
                    let mut worker = self.pipeline.worker();
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(input) = inputs.get(at) else { break };
                        if send.send((at, work(&mut worker, input))).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            for (at, result) in results {
                sink(at, result);
            }
        });
    }
}

impl Program for Direct {
    fn read(&self, reports: Vec<Report>, sink: Sink<'_, Reading>) {
        let read = |worker: &mut Worker<'_>, report: &Report| {
            let doc = layout::parse(worker, &report.text);
            self.reader.read(report, &doc)
        };
        self.each(&reports, read, |at, reading| sink(at, Ok(reading)));
    }

    fn parse(&self, texts: Vec<String>, sink: Sink<'_, Doc>) {
        self.each(&texts, |worker, text: &String| worker.parse(text), |at, doc| sink(at, Ok(doc)));
    }

    fn made_by(&self) -> MadeBy {
        MadeBy {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            model: format!("{} {}", self.pipeline.name(), self.pipeline.version()),
            model_sha256: self.model_sha256.clone(),
        }
    }
}

/// Readings that were made before, known by their texts; of other texts it has none.
#[derive(Debug)]
pub struct Recorded {
    by_text: HashMap<String, Reading>,
}

impl Recorded {
    /// From a file of readings, one a line.
    ///
    /// # Errors
    /// When a line is no reading, or one that breaks the contract; file and line are named.
    pub fn from_file(path: &Path) -> Result<Self, EvalError> {
        Self::from_lines(&crate::lines::read_text(path)?, &path.display().to_string())
    }

    fn from_lines(text: &str, name: &str) -> Result<Self, EvalError> {
        let mut by_text = HashMap::new();
        for (number, line) in text.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = || format!("{name}:{}", number + 1);
            let reading: Reading = serde_json::from_str(line).or_else(|error| bad(place(), format!("no reading ({error})")))?;
            reading.check().or_else(|error| bad(place(), error.to_string()))?;
            if by_text.insert(reading.document.text.clone(), reading).is_some() {
                return bad(place(), "a second reading of this text");
            }
        }
        Ok(Self { by_text })
    }
}

impl Program for Recorded {
    fn read(&self, reports: Vec<Report>, sink: Sink<'_, Reading>) {
        for (at, report) in reports.iter().enumerate() {
            let reading = self.by_text.get(&report.text).cloned();
            sink(at, reading.ok_or_else(|| "no reading of this text in the file".to_owned()));
        }
    }

    fn parse(&self, texts: Vec<String>, sink: Sink<'_, Doc>) {
        for at in 0..texts.len() {
            sink(at, Err("a file of readings holds no parses".to_owned()));
        }
    }

    fn made_by(&self) -> MadeBy {
        MadeBy { program: "readings of a file".to_owned(), ..MadeBy::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_that_are_none_are_named_by_line() {
        for line in ["{", "[]", r#"{"schema": "other"}"#] {
            let error = Recorded::from_lines(&format!("\n{line}"), "r.jsonl").err().map(|error| error.to_string());
            assert!(error.is_some_and(|error| error.starts_with("r.jsonl:2: no reading")), "{line}");
        }
        let report = Report { text: "Troops left.".to_owned(), ..Report::default() };
        let line = serde_json::to_string(&Reading::not_read(&report, "en", "test".to_owned())).unwrap();
        let twice = Recorded::from_lines(&format!("{line}\n{line}"), "r").err().map(|error| error.to_string());
        assert_eq!(twice.as_deref(), Some("r:2: a second reading of this text"));
        let recorded = Recorded::from_lines(&line, "r").unwrap();
        let mut got = Vec::new();
        recorded.read(vec![report, Report::default()], &mut |at, result| got.push((at, result.is_ok())));
        assert_eq!(got, [(0, true), (1, false)]);
    }
}
