//! Bytes to reports.
//!
//! [`open()`] takes an [`Input`] (a file, a folder, a stream), finds out what it is by name and bytes ([`Format`]), goes through folders
//! and archives, and hands on one [`Collected`] for each report: the [`Report`](dateline_record::Report) to be read, its
//! [`Provenance`](dateline_record::Provenance), and the exact bytes that it came from. What can't be read is a [`CollectError`] that
//! names the input, the item in it and the reason; the others go on. Pictures come with the report that names them, where they are at
//! hand ([`Collected::media`]); [`media_files`] lists those that lie somewhere by themselves.
//!
//! ```
//! use std::ops::ControlFlow;
//! use dateline_collect::{Input, Options, open};
//!
//! let input = Input::Bytes { name: "note.txt".into(), bytes: b"Shelling was reported near the bridge.".to_vec() };
//! let mut texts = Vec::new();
//! open(&input, &Options::default(), &mut |item| {
//!     texts.extend(item.map(|collected| collected.report.text));
//!     ControlFlow::Continue(())
//! });
//! assert_eq!(texts, ["Shelling was reported near the bridge."]);
//! ```
//!
//! One file a format. Their parsers do no I/O of their own: they take bytes, or a reader where an input can be larger than memory.
//! `fetch` (feature `fetch`) is the only part that uses the network; the rules that it follows, [`robots`] and [`poll`], are pure.
#![forbid(unsafe_code)]

mod archive;
mod channel;
mod collected;
mod encoding;
mod feed;
#[cfg(feature = "fetch")]
pub mod fetch;
mod files;
mod format;
mod html;
mod http;
mod input;
mod instant;
mod jsonfeed;
mod jsonl;
mod media;
mod open;
pub mod poll;
pub mod robots;
mod table;
mod telegram;
mod text;
mod waiting;
mod warc;

pub use channel::read_channel;
pub use collected::{CollectError, Collected, Medium, NamedMedium, Reason};
pub use encoding::{Decoded, decode};
pub use feed::{is_feed, read_feed};
pub use files::{MediaFile, media_files};
pub use format::Format;
pub use html::{fragment_text, read_page};
pub use input::{Input, Limits, Options};
pub use instant::Instant;
pub use jsonfeed::read_json_feed;
pub use jsonl::{read_json_lines, read_json_report};
pub use media::is_video;
pub use open::open;
pub use table::{Columns, ColumnsError, read_table};
pub use telegram::read_telegram;
pub use text::{read_markdown, read_text};
pub use warc::{WarcReader, WarcRecord, read_warc};
