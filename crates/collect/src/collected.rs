use std::ops::ControlFlow;

use dateline_record::{Provenance, Report};

/// A report as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// What is to be read.
    pub report: Report,
    /// How it came to us.
    pub provenance: Provenance,
    /// The exact bytes of the item: the file, the payload of the WARC record, the JSON of the message, the row of the table.
    pub original: Vec<u8>,
    /// Pictures, videos and files that came with it, of those that the provenance names.
    pub media: Vec<Medium>,
    /// Those that the provenance names and that are not at hand: only their address is known, or what a page calls them.
    pub named: Vec<NamedMedium>,
}

impl Collected {
    /// A report with the media that it names by address; those that came with it are added later.
    pub(crate) fn new(report: Report, provenance: Provenance, original: Vec<u8>) -> Self {
        let addresses = provenance.media.iter().filter(|name| name.contains("://"));
        let named = addresses
            .map(|name| NamedMedium { name: name.clone(), address: Some(name.clone()), ..NamedMedium::default() })
            .collect();
        Self { report, provenance, original, media: Vec::new(), named }
    }
}

/// A picture, video or file that came with a report, exactly as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    /// What the provenance of the report calls it.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where it was found, where that is known.
    pub address: Option<String>,
    /// What a page gives for those who can't see it.
    pub alt: Option<String>,
    /// What stands below it.
    pub caption: Option<String>,
}

/// A picture, video or file that a report names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedMedium {
    /// What the provenance of the report calls it.
    pub name: String,
    /// Absolute http or https address, where it can be told.
    pub address: Option<String>,
    /// What a page gives for those who can't see it.
    pub alt: Option<String>,
    /// What stands below it.
    pub caption: Option<String>,
}

impl NamedMedium {
    /// The medium, with its bytes at hand.
    pub(crate) fn with(self, bytes: Vec<u8>) -> Medium {
        Medium { name: self.name, bytes, address: self.address, alt: self.alt, caption: self.caption }
    }
}

/// Where collected reports go; it says whether to go on.
pub(crate) type Sink<'a> = dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()> + 'a;

/// An item that gave no report.
#[derive(Debug, thiserror::Error)]
#[error("{input}: {reason}")]
pub struct CollectError {
    /// The input as its user named it, and the item within it: `reports.jsonl#17`, `case.zip/page.html`.
    pub input: String,
    /// Why.
    pub reason: Reason,
}

impl CollectError {
    pub(crate) fn new(input: impl Into<String>, reason: impl Into<Reason>) -> Self {
        Self { input: input.into(), reason: reason.into() }
    }
}

/// Why an item gave no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// It could not be read to its end.
    #[error("can't be read: {0}")]
    Io(std::io::Error),
    /// No text in any encoding.
    #[error("not text: no encoding fits")]
    NotText,
    /// The encoding that was asked for is not one.
    #[error("`{0}` is no encoding known to the web")]
    UnknownEncoding(String),
    /// Larger than allowed.
    #[error("larger than {} MiB", .limit >> 20)]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Archives within archives, deeper than allowed.
    #[error("more than {limit} archives within one another")]
    TooDeep {
        /// How many are allowed.
        limit: usize,
    },
    /// Unpacks to so much more than its size that it looks made to fill a disk.
    #[error("unpacks to more than {ratio} times its size")]
    Bomb {
        /// The ratio that is allowed.
        ratio: u64,
    },
    /// It is not what it looks like; the text says what is wrong.
    #[error("malformed {format}: {detail}")]
    Malformed {
        /// What it was taken for.
        format: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// There is nothing in it.
    #[error("there is no text in it")]
    Empty,
    /// Something that is no report.
    #[error("{0} is no report")]
    Unsupported(&'static str),
    /// A whole file that is no report by itself. It may belong to one: whether a report carries the same bytes is to be seen once all are
    /// there.
    #[error("{what} is no report")]
    Medium {
        /// What it is: `a picture`, `a PDF document`.
        what: &'static str,
        /// SHA-256 of its bytes in hexadecimal.
        sha256: String,
        /// Whether it is a picture or video, of which [`media_files`](crate::media_files) would take notice.
        visual: bool,
    },
}

impl Reason {
    pub(crate) fn malformed(format: &'static str, detail: impl ToString) -> Self {
        Self::Malformed { format, detail: detail.to_string() }
    }
}

impl From<std::io::Error> for Reason {
    fn from(error: std::io::Error) -> Self {
        // Limits on what archives unpack to are kept by readers, which can only say so through an I/O error.
        match error.get_ref().and_then(|inner| inner.downcast_ref::<crate::archive::Bomb>()) {
            Some(bomb) => Self::Bomb { ratio: bomb.ratio },
            None => Self::Io(error),
        }
    }
}
