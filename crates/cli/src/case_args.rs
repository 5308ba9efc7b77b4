//! The command line of the verbs that work on a case: definitions only.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum, ValueHint};
use dateline::record::{Country, Edtf, EventType};

use crate::media_args::Trust;

/// Where the case is.
#[derive(Debug, ClapArgs)]
pub(crate) struct At {
    /// Folder of the case [default: the current folder, or the nearest above it that holds one]
    #[arg(long, global = true, value_name = "DIR", env = "DATELINE_CASE", hide_env_values = true, value_hint = ValueHint::DirPath, help_heading = "Case")]
    pub(crate) case: Option<PathBuf>,
}

/// Where the case is, and who decides.
#[derive(Debug, ClapArgs)]
pub(crate) struct By {
    #[command(flatten)]
    pub(crate) at: At,
    /// Who does it, for the record [default: the user's name on this machine]
    #[arg(long, global = true, value_name = "NAME", env = "DATELINE_USER", hide_env_values = true, help_heading = "Case")]
    pub(crate) by: Option<String>,
}

/// How answers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
}

/// Make a case: a folder that keeps reports, what they say, and every decision
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: dateline init kursk --name 'Kursk, winter 2024'")]
pub(crate) struct Init {
    /// The folder; made if need be, and empty
    #[arg(default_value = ".", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
    /// What to call the case [default: the folder's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Who does it, for the record [default: the user's name on this machine]
    #[arg(long, value_name = "NAME", env = "DATELINE_USER", hide_env_values = true)]
    pub(crate) by: Option<String>,
}

const ADD_EXAMPLES: &str = "\
Examples:
  dateline add reports/ export/result.json crawl.warc.gz
      Files, folders, Telegram exports, archives
  dateline add --source 'Sample Wire' --published 2024-12-27 statement.txt
      What the file does not say itself
  dateline add --column text=body --column published=date rows.csv
      A table with headings of its own
  dateline add https://news.example/article
      Fetches the page, and keeps the whole exchange as a WARC record

Adding the same again adds nothing. Pictures and videos beside pages and messages come with
them; those that no report carries are named, and left to `dateline media add`. The text in
pictures is found if Tesseract is installed: DATELINE_OCR_LANGUAGES=eng+ukr says in which
languages, DATELINE_OCR_LANGUAGES=off turns it off.

Exit status: 0 done; 1 some inputs failed (they are named), or there was nothing to add;
2 wrong usage.";

/// Bring reports into the case: keep the originals, read them, and see what they corroborate
///
/// INPUT is what `dateline read` takes, or an http(s) address. Reports that are there already are passed over; copies are kept and
/// counted once. A report in a language that is not read is kept and marked.
#[derive(Debug, ClapArgs)]
#[command(after_help = "See `dateline add --help` for examples.", after_long_help = ADD_EXAMPLES)]
pub(crate) struct Add {
    /// Files, folders, addresses, or - for stdin
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub(crate) inputs: Vec<String>,
    /// When reports were published that do not say it themselves
    #[arg(long, value_name = "DATE", help_heading = "What is known of the reports")]
    pub(crate) published: Option<Edtf>,
    /// Outlet or channel of reports that name none
    #[arg(long, value_name = "NAME", help_heading = "What is known of the reports")]
    pub(crate) source: Option<String>,
    /// Public name of the Telegram channel that an export is of, as in t.me/NAME
    #[arg(long, value_name = "NAME", help_heading = "What is known of the reports")]
    pub(crate) channel: Option<String>,
    /// Which column of a table is what: text, title, url, source, author, published, language, id
    #[arg(long = "column", value_name = "FIELD=HEADING", help_heading = "What is known of the reports")]
    pub(crate) columns: Vec<String>,
    /// Encoding of texts, strictly
    #[arg(long, value_name = "NAME", help_heading = "What is known of the reports")]
    pub(crate) encoding: Option<String>,
    #[command(flatten)]
    pub(crate) net: Net,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) trust: Trust,
    #[command(flatten)]
    pub(crate) by: By,
}

/// How the network is used.
#[derive(Debug, ClapArgs)]
pub(crate) struct Net {
    /// Allow addresses in private, loopback and link-local networks
    #[arg(long, help_heading = "Network")]
    pub(crate) allow_private: bool,
    /// Longest time for one fetch, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, help_heading = "Network")]
    pub(crate) timeout: u64,
    /// Largest answer, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 32, help_heading = "Network")]
    pub(crate) largest: u64,
}

/// How reports are read.
#[derive(Debug, ClapArgs)]
pub(crate) struct Reading {
    /// Folder with lexicons of your own, laid over those built in
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) lexicon: Option<PathBuf>,
    /// How many threads read [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) schemes: crate::scheme_args::Schemes,
}

impl Reading {
    /// The settings of a reader.
    pub(crate) fn builder(&self) -> dateline::Builder {
        let builder = dateline::Dateline::builder().lexicon(self.lexicon.clone()).threads(self.threads);
        self.schemes.for_reading(builder)
    }
}

const WATCH_EXAMPLES: &str = "\
Examples:
  dateline watch https://news.example/rss --every 600
      Follow a feed from now on, and go on watching
  dateline watch --once
      Ask all feeds that are due, and stop: for cron
  dateline watch --list
  dateline watch --forget https://news.example/rss

Feeds are asked politely: conditional requests, robots.txt, longer waits after
failures. No item is taken twice, whatever happens in between.";

/// Follow feeds: take each new item, and the page that it links to
#[derive(Debug, ClapArgs)]
#[command(after_help = "See `dateline watch --help` for examples.", after_long_help = WATCH_EXAMPLES)]
pub(crate) struct Watch {
    /// Addresses of feeds to follow from now on
    #[arg(value_name = "FEED", value_hint = ValueHint::Url)]
    pub(crate) feeds: Vec<String>,
    /// How often to ask a feed, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    pub(crate) every: u64,
    /// Ask what is due once, and stop
    #[arg(long)]
    pub(crate) once: bool,
    /// Take the items as the feed has them; do not fetch the pages that they link to
    #[arg(long)]
    pub(crate) no_pages: bool,
    /// Show the feeds that are followed, and stop
    #[arg(long, conflicts_with_all = ["feeds", "once"])]
    pub(crate) list: bool,
    /// Follow this feed no longer, and stop
    #[arg(long, value_name = "FEED", conflicts_with_all = ["feeds", "once", "list"])]
    pub(crate) forget: Option<String>,
    #[command(flatten)]
    pub(crate) net: Net,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) trust: Trust,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Which events.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Which events")]
pub(crate) struct Filters {
    /// PLOVER type: ASSAULT, AGREE, … (may be given several times)
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kinds: Vec<EventType>,
    /// Somebody who takes part: words of the name, or a country code
    #[arg(long, value_name = "WHO")]
    pub(crate) actor: Option<String>,
    /// Country where it happened, ISO 3166-1 alpha-3
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<Country>,
    /// Place where it happened, by name
    #[arg(long, value_name = "NAME")]
    pub(crate) place: Option<String>,
    /// Within so many kilometres of a place: Kursk,50
    #[arg(long, value_name = "PLACE,KM")]
    pub(crate) near: Option<String>,
    /// Not before this date
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Edtf>,
    /// Not after this date
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Edtf>,
    /// single-source, corroborated, contested, confirmed-by-adversary, retracted, unsupported
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Vec<String>,
    /// At least so many independent sources
    #[arg(long, value_name = "N")]
    pub(crate) sources: Option<u32>,
    /// Only events on which sources differ
    #[arg(long)]
    pub(crate) disputed: bool,
    /// Only events that nobody has decided on
    #[arg(long, conflicts_with = "reviewed")]
    pub(crate) unreviewed: bool,
    /// Only events that somebody has accepted or corrected
    #[arg(long)]
    pub(crate) reviewed: bool,
    /// Told in reports with these words
    #[arg(long, value_name = "QUERY")]
    pub(crate) text: Option<String>,
    /// Also what is only planned, asked for or threatened, and affirmed by nobody
    #[arg(long)]
    pub(crate) all: bool,
}

/// How much, in which order.
#[derive(Debug, ClapArgs)]
pub(crate) struct Paging {
    /// How many at most
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Go on after a page: what the last one gave as `next`
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// Latest first
    Date,
    /// Last reported first
    Published,
    /// Most independent sources first
    Sources,
    /// Most reports first
    Reports,
    /// Last changed first
    Updated,
}

const EVENTS_EXAMPLES: &str = "\
Examples:
  dateline events --type ASSAULT --country RUS --from 2024-12
  dateline events --near Kursk,50 --sources 2 --sort sources
  dateline events --disputed --unreviewed --format json";

/// What the case says happened
#[derive(Debug, ClapArgs)]
#[command(after_help = EVENTS_EXAMPLES)]
pub(crate) struct Events {
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// In which order
    #[arg(long, value_name = "BY", default_value = "date")]
    pub(crate) sort: Order,
    /// The other way round
    #[arg(long)]
    pub(crate) reverse: bool,
    #[command(flatten)]
    pub(crate) paging: Paging,
    /// How to show them
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) at: At,
}

/// One event with its sources side by side, or one report
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  dateline show e12 --why\n  dateline show r3\n  dateline show e73b2a1b  (a report by the beginning of its hash)"
)]
pub(crate) struct Show {
    /// An event (e12), a report (r3), or the beginning of a report's SHA-256
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Say why: how reports became one event, which count as one source, how status and grade come about
    #[arg(long)]
    pub(crate) why: bool,
    /// How to show it
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Shape,
    /// Write the archived original of a report to a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) original: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) at: At,
}

/// Find reports by their words
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Words are all wanted; \"words in a row\", -without, either OR other, begin*.\n\nExample: dateline search 'capture* \"North Korean\" -denied'"
)]
pub(crate) struct Search {
    /// The words
    #[arg(required = true, value_name = "QUERY", num_args = 1..)]
    pub(crate) query: Vec<String>,
    /// Only of this outlet
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Published not before this date
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Edtf>,
    /// Published not after this date
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Edtf>,
    #[command(flatten)]
    pub(crate) paging: Paging,
    /// How to show them
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) at: At,
}

const SOURCES_EXAMPLES: &str = "\
Examples:
  dateline sources
  dateline sources set 'Sample Wire' --owner 'Sample Group' --alias wire.example --kind agency --reliability B
  dateline sources import outlets.csv
  dateline sources export > outlets.csv";

/// Outlets and channels: owners, other names, places, kinds, reliability; outlets of one owner count as one source
#[derive(Debug, ClapArgs)]
#[command(after_help = SOURCES_EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Sources {
    #[command(subcommand)]
    pub(crate) action: Option<SourcesAction>,
    /// How to show them
    #[arg(long, short, value_name = "FORMAT", default_value = "text", global = true)]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SourcesAction {
    /// All of them (the default)
    List,
    /// Enter one, or change what is known of it
    Set(SetSource),
    /// Take one out of the table
    Remove {
        /// Its name
        name: String,
    },
    /// Read a table: CSV with the columns name, owner, aliases (divided by ;), country, kind, reliability
    Import {
        /// The table, or - for stdin
        file: PathBuf,
    },
    /// Write the table as CSV
    Export,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SetSource {
    /// Its name
    pub(crate) name: String,
    /// Who owns or runs it; '' for nobody
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// Another name, host name or handle (may be given several times)
    #[arg(long = "alias", value_name = "NAME")]
    pub(crate) aliases: Vec<String>,
    /// Where it is at home, ISO 3166-1 alpha-3
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<Country>,
    /// agency, newspaper, broadcaster, channel, official, state, …
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// A (completely reliable) to E (unreliable), F (cannot be judged)
    #[arg(long, value_name = "A-F")]
    pub(crate) reliability: Option<char>,
}

const REVIEW_EXAMPLES: &str = "\
Examples:
  dateline review e12 --accept --why 'three agencies, geolocated by us'
  dateline review e12 --grade 2 --why 'two independent sources'
  dateline review e12 --set date=2024-12-26 --why 'the ministry gives the day'
  dateline review r3 --withdrawn --why 'the outlet took it back on its site'
  dateline review --list
  dateline review --undo 7 --why 'wrong event'";

/// Decide: accept, reject, correct, grade, note, undo; every decision is kept with who, when and why
#[derive(Debug, ClapArgs)]
#[command(after_help = "See `dateline review --help` for examples.", after_long_help = REVIEW_EXAMPLES)]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["accept", "reject", "grade", "set", "note", "withdrawn", "release", "undo", "list"]))]
pub(crate) struct Review {
    /// An event (e12) or a report (r3)
    #[arg(value_name = "ID", required_unless_present_any = ["undo", "list"])]
    pub(crate) id: Option<String>,
    /// The event stands as it is
    #[arg(long)]
    pub(crate) accept: bool,
    /// The event is none, or read wrongly
    #[arg(long)]
    pub(crate) reject: bool,
    /// Credibility on the Admiralty scale, 1 (confirmed) to 6 (cannot be judged)
    #[arg(long, value_name = "1-6", value_parser = clap::value_parser!(u8).range(1..=6))]
    pub(crate) grade: Option<u8>,
    /// Correct a field: type, mode, date, place, country, summary, killed
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(crate) set: Option<String>,
    /// A remark; changes nothing
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// The outlet has taken the report back
    #[arg(long)]
    pub(crate) withdrawn: bool,
    /// Names of protected persons in this event may be shown and exported
    #[arg(long)]
    pub(crate) release: bool,
    /// Take a decision back, by its number
    #[arg(long, value_name = "NUMBER")]
    pub(crate) undo: Option<u64>,
    /// Show decisions, of ID or all
    #[arg(long)]
    pub(crate) list: bool,
    /// Why; kept with the decision
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) why: String,
    /// How to show decisions
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Say that events are one
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: dateline merge e12 e40 --why 'the same strike, told by district and by town'")]
pub(crate) struct Merge {
    /// The event that stays, then those that go into it
    #[arg(required = true, num_args = 2.., value_name = "EVENT")]
    pub(crate) events: Vec<String>,
    /// Why; kept with the decision
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) why: String,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Say that some reports of an event tell of another one
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: dateline split e12 r7 r9 --why 'the second strike, in the evening'")]
pub(crate) struct Split {
    /// The event
    #[arg(value_name = "EVENT")]
    pub(crate) event: String,
    /// The reports that tell of another one
    #[arg(required = true, num_args = 1.., value_name = "REPORT")]
    pub(crate) reports: Vec<String>,
    /// Why; kept with the decision
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) why: String,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Write events in a format of the field, with a manifest so that the set can be cited and rebuilt
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  dateline export --format acled --country RUS --reviewed --output kursk.csv\n  dateline export --format geojson --output events.geojson\n\nThe manifest is written beside the file, as FILE.manifest.json. docs/exports.md says where each column comes from."
)]
pub(crate) struct Export {
    /// csv, jsonl, geojson, parquet, acled, ged, plover, polecat, ftm, ftm-statements, webannotation, …
    #[arg(long, short, value_name = "FORMAT")]
    pub(crate) format: String,
    /// The file [default: stdout, without a manifest file]
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// Print names of persons whom a reviewer has released; all others stay withheld
    #[arg(long)]
    pub(crate) released_names: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Check that nothing was altered, lost or added: archive, rows, and the chain of records
#[derive(Debug, ClapArgs)]
#[command(after_help = "Exit status: 0 intact; 1 something is not as it was recorded (each is named); 2 wrong usage.")]
pub(crate) struct Verify {
    /// Unpack and hash every archived original too
    #[arg(long)]
    pub(crate) deep: bool,
    #[command(flatten)]
    pub(crate) at: At,
}

/// Read all reports again after an upgrade; decisions stay, and what changed is shown
#[derive(Debug, ClapArgs)]
pub(crate) struct Reread {
    /// Read again even what this version has read
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Make copies, events and search anew from the reports and readings kept
///
/// For after an upgrade that joins events by other rules, or when `show` or `search` say that views are damaged. No report is read again,
/// decisions stay and events keep their ids where they stay together. Others see the case as it was until it is done. Then pictures are
/// looked at again, and text in them and key frames of videos are found if there is a program for it now.
#[derive(Debug, ClapArgs)]
pub(crate) struct Rebuild {
    #[command(flatten)]
    pub(crate) trust: Trust,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Open the desk: pages over a case, for a browser
///
/// It asks nothing of any other host. Without accounts it is one person's: it answers on loopback addresses only, and decisions are made in
/// the name of --by. With --users people come in by name and password; put a proxy with TLS before it (docs/desk.md). Reports may be added
/// meanwhile by `dateline add` and `dateline watch`, or on the desk itself.
#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8470")]
    pub(crate) listen: SocketAddr,
    /// Another host name under which the desk is reached, as through a proxy on this machine
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// People come in with name and password (see `dateline users`)
    #[arg(long)]
    pub(crate) users: bool,
    /// It is reached over HTTPS, through a proxy: browsers then keep its cookie from plain HTTP
    #[arg(long, requires = "users")]
    pub(crate) https: bool,
    /// Tile server that the map asks for pictures, as in `https://tiles.example.org/{z}/{x}/{y}.png`; it learns what is looked at [default:
    /// none, the map comes from the desk]
    #[arg(long, value_name = "URL", requires = "tiles_credit")]
    pub(crate) tiles: Option<String>,
    /// How the makers of the tiles ask to be named
    #[arg(long, value_name = "TEXT", requires = "tiles")]
    pub(crate) tiles_credit: Option<String>,
    #[command(flatten)]
    pub(crate) trust: Trust,
    #[command(flatten)]
    pub(crate) by: By,
}

/// Build a sample case of a dozen invented reports, and show its main event
#[derive(Debug, ClapArgs)]
pub(crate) struct Demo {
    /// Folder for the case [default: dateline-demo in the current folder]
    #[arg(default_value = "dateline-demo", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
}
