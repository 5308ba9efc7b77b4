//! The sets, each read and scored.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use dateline_gazetteer::Gazetteer;
use dateline_record::{Edtf, Reading, Report};

use crate::claims::{self, Predicted};
use crate::error::{EvalError, bad, need};
use crate::figures::Scored;
use crate::lines::{read_lines, read_text};
use crate::place::{files, of_set, stem};
use crate::program::Program;
use crate::samples::Samples;
use crate::text::Text;
use crate::{parity, plv, polnear, re3d, seed, tables, toponyms};

/// A set of marked texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Set {
    /// Short reports of our own, with claims, attributions and place names.
    Samples,
    /// Claims marked by hand.
    Gold,
    /// The facts of one article.
    Seed,
    /// Attributions in political news.
    Polnear,
    /// Place names of three news corpora.
    Toponyms,
    /// Event types of sentences with a marked source and target.
    Plv,
    /// Entities in defence and security reporting.
    Re3d,
    /// Our table of time expressions.
    Times,
    /// Our table of counts.
    Quantities,
    /// The parse, against spaCy's.
    Parity,
}

impl Set {
    /// All of them, in the order in which they are shown.
    pub const ALL: &'static [Self] = &[
        Self::Samples,
        Self::Gold,
        Self::Seed,
        Self::Polnear,
        Self::Toponyms,
        Self::Plv,
        Self::Re3d,
        Self::Times,
        Self::Quantities,
        Self::Parity,
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Samples => "samples",
            Self::Gold => "gold",
            Self::Seed => "seed",
            Self::Polnear => "polnear",
            Self::Toponyms => "toponyms",
            Self::Plv => "plv",
            Self::Re3d => "re3d",
            Self::Times => "times",
            Self::Quantities => "quantities",
            Self::Parity => "parity",
        }
    }

    /// Whether it comes with the program; the others lie in a folder of data.
    #[must_use]
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Samples | Self::Times | Self::Quantities)
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A name that is no set's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no set `{0}`")]
pub struct UnknownSet(String);

impl FromStr for Set {
    type Err = UnknownSet;

    fn from_str(name: &str) -> Result<Self, UnknownSet> {
        Self::ALL.iter().copied().find(|set| set.as_str() == name).ok_or_else(|| UnknownSet(name.to_owned()))
    }
}

/// Scores a program.
pub struct Eval<'p> {
    program: &'p dyn Program,
    data: Option<PathBuf>,
    predictions: Option<PathBuf>,
    answers: Option<PathBuf>,
}

impl fmt::Debug for Eval<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Eval").field("data", &self.data).finish_non_exhaustive()
    }
}

impl<'p> Eval<'p> {
    /// With the sets that lie in `data`, a folder with `data` and `gold` in it; without it only our own sets can be scored.
    #[must_use]
    pub fn new(program: &'p dyn Program, data: Option<PathBuf>) -> Self {
        Self { program, data, predictions: None, answers: None }
    }

    /// Writes the answers of the set `plv` to a file, as JSON Lines of `{row, root}`.
    #[must_use]
    pub fn predictions(mut self, path: Option<PathBuf>) -> Self {
        self.predictions = path;
        self
    }

    /// Scores the answers of another program to the set `plv` instead of ours: JSON Lines of `{row, root}`.
    #[must_use]
    pub fn answers(mut self, path: Option<PathBuf>) -> Self {
        self.answers = path;
        self
    }

    /// Reads and scores a set.
    ///
    /// # Errors
    /// When its data is not there or malformed.
    pub fn score(&self, set: Set) -> Result<Scored, EvalError> {
        match set {
            Set::Samples => self.samples(),
            Set::Gold => self.gold(),
            Set::Seed => self.seed(),
            Set::Polnear => self.polnear(),
            Set::Toponyms => self.toponyms(),
            Set::Plv => self.plv(),
            Set::Re3d => self.re3d(),
            Set::Times => self.table(set, tables::TIMES, tables::times_of),
            Set::Quantities => self.table(set, tables::QUANTITIES, tables::quantities_of),
            Set::Parity => self.parity(),
        }
    }

    fn place(&self, set: Set, inner: &str) -> Result<PathBuf, EvalError> {
        let data = self.data.as_deref().unwrap_or(Path::new("../shared"));
        of_set(set.as_str(), data, inner)
    }

    /// Reads reports; what could not be read is told in words.
    fn read(&self, reports: Vec<Report>, mut each: impl FnMut(usize, &Reading)) -> Vec<String> {
        let names: Vec<String> = reports.iter().map(|report| report.reference.clone().unwrap_or_default()).collect();
        let mut unread = Vec::new();
        self.program.read(reports, &mut |at, result| match result {
            Ok(reading) => each(at, &reading),
            Err(why) => unread.push(format!("{}: not read: {why}", names.get(at).map_or("", String::as_str))),
        });
        unread.sort();
        unread
    }

    fn read_claims(&self, documents: &[claims::gold::Document]) -> (HashMap<String, Predicted>, Vec<String>) {
        let reports = documents.iter().map(report_of).collect();
        let mut readings = HashMap::new();
        let unread = self.read(reports, |at, reading| {
            if let Some(document) = documents.get(at) {
                readings.insert(document.name.clone(), Predicted::of(reading));
            }
        });
        (readings, unread)
    }

    fn samples(&self) -> Result<Scored, EvalError> {
        let samples = Samples::ours()?;
        let (mut readings, mut answers, mut found) = (HashMap::new(), toponyms::Answers::new(), HashMap::new());
        let unread = self.read(samples.claims.iter().map(report_of).collect(), |at, reading| {
            let Some(document) = samples.claims.get(at) else { return };
            readings.insert(document.name.clone(), Predicted::of(reading));
            answers.insert(document.name.clone(), toponyms::of_reading(reading, &document.text));
            found.insert(document.name.clone(), polnear::of_reading(reading));
        });
        let mut out = Scored::new("samples");
        out.take_in(claims::score("samples", &samples.claims, &readings), "claims");
        let attributed: Vec<polnear::Document> = samples
            .claims
            .iter()
            .zip(samples.attributions)
            .map(|(document, marked)| polnear::Document {
                name: document.name.clone(),
                text: document.text.clone(),
                marked,
                found: found.remove(&document.name),
            })
            .collect();
        out.take_in(polnear::score("samples", &attributed), "attributions");
        toponyms::score_found(&mut out, "places", &samples.places, &answers);
        let gazetteer = Gazetteer::embedded();
        let given = samples.places.iter().map(|document| (document.name.clone(), toponyms::resolve_given(gazetteer, document)));
        toponyms::score_given(&mut out, "places", &samples.places, &given.collect());
        out.notes.extend(unread);
        Ok(out)
    }

    fn gold(&self) -> Result<Scored, EvalError> {
        let path = self.place(Set::Gold, "gold/dev.jsonl")?;
        let documents = claims::gold::documents(&read_lines(&path)?)?;
        need(!documents.is_empty(), &path.display().to_string(), || "no gold documents".to_owned())?;
        let (readings, unread) = self.read_claims(&documents);
        let mut scored = claims::score("gold", &documents, &readings);
        scored.notes.extend(unread);
        Ok(scored)
    }

    fn seed(&self) -> Result<Scored, EvalError> {
        let script = self.place(Set::Seed, "gold/seed_rows.py")?;
        let path = self.place(Set::Seed, "gold/dev.jsonl")?;
        let documents = claims::gold::documents(&read_lines(&path)?)?;
        let Some(article) = documents.iter().find(|document| document.name == seed::ARTICLE) else {
            return bad(path.display().to_string(), format!("no document `{}`", seed::ARTICLE));
        };
        let mut reading = None;
        let unread = self.read(vec![report_of(article)], |_, read| reading = Some(read.clone()));
        match reading {
            Some(reading) => seed::score("seed", &script, &reading),
            None => Err(EvalError::Unable(unread.join("; "))),
        }
    }

    fn polnear(&self) -> Result<Scored, EvalError> {
        let folder = self.place(Set::Polnear, "data/polnear/dev")?;
        let (texts, marks) =
            (self.place(Set::Polnear, "data/polnear/dev/text")?, self.place(Set::Polnear, "data/polnear/dev/ann")?);
        let mut documents = Vec::new();
        let mut reports = Vec::new();
        for path in files(&texts, "txt")? {
            let (name, raw) = (stem(&path), read_text(&path)?);
            let text = Text::new(&raw);
            let mark = marks.join(format!("{name}.ann"));
            let marked = polnear::parse(&read_text(&mark)?, &text, &mark.display().to_string())?;
            reports.push(Report { reference: Some(name.clone()), text: raw, ..Report::default() });
            documents.push(polnear::Document { name, text, marked, found: None });
        }
        need(!documents.is_empty(), &folder.display().to_string(), || "no .txt file in text/".to_owned())?;
        let unread = self.read(reports, |at, reading| {
            if let Some(document) = documents.get_mut(at) {
                document.found = Some(polnear::of_reading(reading));
            }
        });
        let mut scored = polnear::score("polnear", &documents);
        scored.notes.extend(unread);
        Ok(scored)
    }

    fn toponyms(&self) -> Result<Scored, EvalError> {
        let mut out = Scored::new("toponyms");
        let gazetteer = Gazetteer::embedded();
        for part in ["lgl", "trnews", "gwn"] {
            let path = self.place(Set::Toponyms, &format!("data/toponyms/{part}.jsonl"))?;
            let documents = toponyms::gold::documents(&read_lines(&path)?)?;
            let report = |document: &toponyms::gold::Document| Report {
                reference: Some(document.name.clone()),
                text: document.raw.clone(),
                published: document.published.as_deref().and_then(day),
                ..Report::default()
            };
            let mut found = toponyms::Answers::new();
            let unread = self.read(documents.iter().map(report).collect(), |at, reading| {
                if let Some(document) = documents.get(at) {
                    found.insert(document.name.clone(), toponyms::of_reading(reading, &document.text));
                }
            });
            toponyms::score_found(&mut out, part, &documents, &found);
            out.notes.extend(unread);
            let given =
                documents.iter().map(|document| (document.name.clone(), toponyms::resolve_given(gazetteer, document))).collect();
            toponyms::score_given(&mut out, part, &documents, &given);
        }
        Ok(out)
    }

    fn plv(&self) -> Result<Scored, EvalError> {
        let path = self.place(Set::Plv, "data/plv/dev.tsv")?;
        let rows = plv::rows(&read_text(&path)?, &path.display().to_string())?;
        if let Some(path) = &self.answers {
            return Ok(plv::score("plv", &rows, &plv::answers(&read_lines(path)?, rows.len())?));
        }
        let coder = plv::Coder::new(&self.program.lexicons()?)?;
        let mut answers = vec![plv::Answer::default(); rows.len()];
        let mut roots: Vec<Option<String>> = vec![None; rows.len()];
        self.program.parse(rows.iter().map(|row| row.sentence.clone()).collect(), &mut |at, parsed| {
            if let (Ok(doc), Some(row), Some(answer), Some(root)) = (parsed, rows.get(at), answers.get_mut(at), roots.get_mut(at))
            {
                let coded = coder.code(&doc, &row.source, &row.target);
                *answer = plv::Answer { class: plv::class_of(Some(&coded.root), "").unwrap_or(None), why: coded.why };
                *root = Some(coded.root);
            }
        });
        if let Some(path) = &self.predictions {
            let line = |(row, root): (usize, &Option<String>)| format!("{}\n", serde_json::json!({ "row": row, "root": root }));
            let lines: String = roots.iter().enumerate().map(line).collect();
            std::fs::write(path, lines).map_err(|source| EvalError::Io { path: path.clone(), source })?;
        }
        let mut scored = plv::score("plv", &rows, &answers);
        scored.notes.push(
            "the model was fitted on the development rows too: what it scores on them says nothing of others (training/plover/README.md)"
                .to_owned(),
        );
        Ok(scored)
    }

    fn re3d(&self) -> Result<Scored, EvalError> {
        let path = self.place(Set::Re3d, "data/re3d/docs.jsonl")?;
        let documents = re3d::documents(&read_lines(&path)?)?;
        let report = |document: &re3d::Document| Report {
            reference: Some(document.name.clone()),
            text: document.raw.clone(),
            source: document.source.clone(),
            ..Report::default()
        };
        let mut docs: Vec<Option<dateline_nlp::Doc>> = vec![None; documents.len()];
        self.program.parse(documents.iter().map(|document| document.raw.clone()).collect(), &mut |at, parsed| {
            if let (Ok(doc), Some(place)) = (parsed, docs.get_mut(at)) {
                *place = Some(doc);
            }
        });
        let mut found: Vec<Option<re3d::Found>> = vec![None; documents.len()];
        let unread = self.read(documents.iter().map(report).collect(), |at, reading| {
            if let (Some(document), Some(Some(doc)), Some(place)) = (documents.get(at), docs.get(at), found.get_mut(at)) {
                *place = Some(re3d::Found {
                    reading: re3d::of_reading(reading, &document.text),
                    parse: re3d::of_parse(doc, &document.text),
                });
            }
        });
        let mut scored = re3d::score("re3d", &documents, &found);
        scored.notes.extend(unread);
        Ok(scored)
    }

    fn table(
        &self,
        set: Set,
        table: (&str, &str),
        find: fn(&dateline_nlp::Doc, &tables::Row) -> Vec<String>,
    ) -> Result<Scored, EvalError> {
        let rows = tables::rows(table)?;
        let mut found = vec![None; rows.len()];
        self.program.parse(rows.iter().map(|row| row.sentence.clone()).collect(), &mut |at, parsed| {
            if let (Ok(doc), Some(row), Some(place)) = (parsed, rows.get(at), found.get_mut(at)) {
                *place = Some(find(&doc, row));
            }
        });
        Ok(tables::score(set.as_str(), &rows, &found))
    }

    fn parity(&self) -> Result<Scored, EvalError> {
        let path = self.place(Set::Parity, "data/parity/expected.jsonl.gz")?;
        let gold = parity::documents(&read_lines(&path)?)?;
        let mut texts = Vec::new();
        for (name, _) in &gold {
            need(!name.contains(['/', '\\']), &path.display().to_string(), || format!("document {name:?}"))?;
            texts.push(read_text(&self.place(Set::Parity, &format!("data/parity/{name}.txt"))?)?);
        }
        let mut found = HashMap::new();
        let mut wrong = None;
        self.program.parse(texts.clone(), &mut |at, parsed| {
            let (Some((name, _)), Some(text), Ok(doc)) = (gold.get(at), texts.get(at), parsed) else { return };
            let rows = doc.to_json_tokens();
            let tokens = parity::tokens(rows.as_array().map_or(&[][..], Vec::as_slice), Some(&Text::new(text)), name);
            match tokens {
                Ok(tokens) => drop(found.insert(name.clone(), tokens)),
                Err(error) => wrong = Some(error),
            }
        });
        wrong.map_or_else(|| Ok(parity::score("parity", &gold, &found)), Err)
    }
}

fn report_of(document: &claims::gold::Document) -> Report {
    Report {
        reference: Some(document.name.clone()),
        text: document.raw.clone(),
        source: document.source.clone(),
        published: document.published.as_deref().and_then(day),
        ..Report::default()
    }
}

/// A date of publication that is a year, a month or a day; sets hold others that were only cut out of a page.
fn day(date: &str) -> Option<Edtf> {
    let plain = date.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    if plain && matches!(date.len(), 4 | 7 | 10) { date.parse().ok() } else { None }
}
