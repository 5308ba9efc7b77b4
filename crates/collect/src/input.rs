use std::path::PathBuf;

use crate::Columns;

/// What is to be opened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Input {
    /// A file or a folder.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// Bytes that are already here, under a name that may say what they are.
    Bytes {
        /// File name or address.
        name: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// How inputs are read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What is too large.
    pub limits: Limits,
    /// Which columns of a table are what.
    pub columns: Columns,
    /// Name of the encoding of texts, where the user knows better than the bytes say; strict.
    pub encoding: Option<String>,
    /// Outlet of reports that name none.
    pub source: Option<String>,
    /// Public name of the Telegram channel that an export is of, as in `https://t.me/NAME`; exports don't have it.
    pub channel: Option<String>,
    /// True to take pages of a WARC that answered with an error status too.
    pub error_pages: bool,
}

/// What is too large. Streams of any length are read in flat memory; these bound one item and what archives unpack to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest item (file, payload, line, message) in bytes.
    pub item: u64,
    /// How many archives may lie within one another.
    pub depth: usize,
    /// How many times its size an archive may unpack to; small ones (to 64 MiB unpacked) may always.
    pub ratio: u64,
    /// How many entries an archive or a folder may have.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { item: 64 << 20, depth: 4, ratio: 200, entries: 10_000_000 }
    }
}
