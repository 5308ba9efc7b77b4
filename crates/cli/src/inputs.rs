//! From what was named on the command line to a stream of reports, one at a time.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use dateline::collect::{self, Format};
use dateline::record::Report;
use dateline::{MAX_TEXT, ReadError, ReportLines, decode};

use crate::args::{From, Read as ReadArgs};

/// Where a report came from, for messages.
#[derive(Debug)]
pub(crate) struct Origin {
    /// File, or file and line.
    pub(crate) name: String,
    /// Something to tell of how it was read.
    pub(crate) remark: Option<String>,
}

impl Origin {
    fn named(name: String) -> Self {
        Self { name, remark: None }
    }
}

/// One input that was asked for.
#[derive(Debug)]
enum Input {
    Stdin,
    File(PathBuf),
}

/// A report, or why there is none.
pub(crate) type Item = (Origin, Result<Report, ReadError>);

/// The reports that `args` name.
#[derive(Debug)]
pub(crate) struct Inputs<'a> {
    args: &'a ReadArgs,
    inputs: Vec<Result<Input, (String, io::Error)>>,
}

impl<'a> Inputs<'a> {
    /// Looks into folders; opens no file yet.
    pub(crate) fn new(args: &'a ReadArgs) -> Self {
        let mut inputs = Vec::new();
        for path in &args.reports {
            if path.as_os_str() == "-" {
                inputs.push(Ok(Input::Stdin));
            } else if path.is_dir() {
                match reports_in(path) {
                    Ok(files) => inputs.extend(files.into_iter().map(|file| Ok(Input::File(file)))),
                    Err(error) => inputs.push(Err((path.display().to_string(), error))),
                }
            } else {
                inputs.push(Ok(Input::File(path.clone())));
            }
        }
        Self { args, inputs }
    }

    /// True when there is exactly one report for certain.
    pub(crate) fn is_single(&self) -> bool {
        let [Ok(input)] = self.inputs.as_slice() else { return false };
        match container(input, self.args) {
            Some(format) => matches!(format, Format::Html | Format::Markdown),
            None => !is_lines(input, self.args.from),
        }
    }

    /// The reports, in order.
    pub(crate) fn into_reports(self) -> impl Iterator<Item = Item> + Send + 'a {
        let args = self.args;
        self.inputs.into_iter().flat_map(move |input| -> Box<dyn Iterator<Item = Item> + Send> {
            match input {
                Err((name, error)) => one((Origin::named(name), Err(error.into()))),
                Ok(Input::File(path)) if container(&Input::File(path.clone()), args).is_some() => collected(path, args),
                Ok(input) if is_lines(&input, args.from) => lines(input, args),
                Ok(input) => one(text(&input, args)),
            }
        })
    }
}

fn one(item: Item) -> Box<dyn Iterator<Item = Item> + Send> {
    Box::new(std::iter::once(item))
}

fn is_lines(input: &Input, from: Option<From>) -> bool {
    match (from, input) {
        (Some(from), _) => from == From::Jsonl,
        (None, Input::File(path)) => path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl") || extension.eq_ignore_ascii_case("ndjson")),
        (None, Input::Stdin) => false,
    }
}

fn name_of(input: &Input) -> String {
    match input {
        Input::Stdin => "stdin".to_owned(),
        Input::File(path) => path.display().to_string(),
    }
}

/// Endings of files that are taken from a folder.
const KNOWN: &[&str] =
    &["txt", "jsonl", "ndjson", "md", "html", "htm", "xml", "rss", "atom", "csv", "tsv", "warc", "wacz", "gz", "zip", "tar"];

/// What a file is, when it is neither plain text nor JSON Lines and the user has not said what it is.
fn container(input: &Input, args: &ReadArgs) -> Option<Format> {
    let Input::File(path) = input else { return None };
    if args.from.is_some() || args.encoding.is_some() {
        return None;
    }
    let mut head = Vec::new();
    File::open(path).ok()?.take(4096).read_to_end(&mut head).ok()?;
    let format = Format::of(&path.to_string_lossy(), &head);
    let known = matches!(
        format,
        Format::Html
            | Format::Markdown
            | Format::Channel
            | Format::Feed
            | Format::JsonFeed
            | Format::Telegram
            | Format::Table
            | Format::Warc
            | Format::Gzip
            | Format::Zip
            | Format::Tar
    );
    known.then_some(format)
}

/// The reports in a page, feed, table, archive or export; taken out on a thread of its own while others are read.
fn collected(path: PathBuf, args: &ReadArgs) -> Box<dyn Iterator<Item = Item> + Send + '_> {
    let (sender, receiver) = mpsc::sync_channel::<Item>(64);
    thread::spawn(move || {
        collect::open(&collect::Input::Path(path), &collect::Options::default(), &mut |item| {
            let item = match item {
                Ok(collected) => {
                    let remark = (!collected.provenance.warnings.is_empty()).then(|| collected.provenance.warnings.join("; "));
                    (Origin { name: collected.provenance.input, remark }, Ok(collected.report))
                }
                Err(error) => (Origin::named(error.input), Err(error.reason.into())),
            };
            if sender.send(item).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    });
    Box::new(receiver.into_iter().map(|(origin, report)| (origin, report.map(|report| with_known(report, args)))))
}

/// Files with reports right in a folder, by name.
fn reports_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file()
            && path.extension().is_some_and(|extension| KNOWN.iter().any(|known| extension.eq_ignore_ascii_case(known)))
        {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "no file with reports in this folder (.txt, .jsonl, .html, …)"));
    }
    files.sort();
    Ok(files)
}

/// All bytes of an input, up to more than any report may have.
pub(crate) fn bytes_of(mut input: impl Read) -> Result<Vec<u8>, ReadError> {
    // UTF-16 has at most two bytes for each one of UTF-8.
    let most = 2 * MAX_TEXT as u64 + 2;
    let mut bytes = Vec::new();
    input.by_ref().take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let rest = io::copy(&mut input, &mut io::sink()).unwrap_or(0);
        return Err(ReadError::TooLong { bytes: bytes.len() + usize::try_from(rest).unwrap_or(usize::MAX / 2) });
    }
    Ok(bytes)
}

fn text(input: &Input, args: &ReadArgs) -> Item {
    let mut origin = Origin::named(name_of(input));
    let report = (|| {
        let bytes = match input {
            Input::Stdin => bytes_of(io::stdin())?,
            Input::File(path) => bytes_of(File::open(path)?)?,
        };
        let decoded = decode(bytes, args.encoding.as_deref())?;
        if decoded.guessed {
            origin.remark =
                Some(format!("not UTF-8: read as {}, guessed from its bytes (`--encoding` names it for sure)", decoded.encoding));
        }
        let reference = match input {
            Input::File(path) => path.file_stem().map(|stem| stem.to_string_lossy().into_owned()),
            Input::Stdin => None,
        };
        Ok(with_known(Report { reference, text: decoded.text, ..Report::default() }, args))
    })();
    (origin, report)
}

fn lines(input: Input, args: &ReadArgs) -> Box<dyn Iterator<Item = Item> + Send + '_> {
    let name = name_of(&input);
    let reader: Box<dyn Read + Send> = match input {
        Input::Stdin => Box::new(io::stdin()),
        Input::File(path) => match File::open(&path) {
            Ok(file) => Box::new(file),
            Err(error) => return one((Origin::named(name), Err(error.into()))),
        },
    };
    Box::new(ReportLines::new(BufReader::with_capacity(1 << 16, reader)).map(move |(number, report)| {
        (Origin::named(format!("{name}:{number}")), report.map(|report| with_known(report, args)).map_err(ReadError::from))
    }))
}

/// What the command line says of reports fills in where they say nothing themselves.
fn with_known(mut report: Report, args: &ReadArgs) -> Report {
    report.published = report.published.or_else(|| args.published.clone());
    report.source = report.source.or_else(|| args.source.clone());
    report.title = report.title.or_else(|| args.title.clone());
    report
}
