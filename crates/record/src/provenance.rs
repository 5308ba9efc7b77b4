use serde::{Deserialize, Serialize};

/// How a report came to us: what was fetched or opened, when, and what was done to it before it was read. Kept apart from the working text
/// (Berkeley Protocol on Digital Open Source Investigations, paragraphs 153–167: preservation, chain of custody).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Provenance {
    /// The input as its user named it, and the item within it: a path, `feed.xml#3`, `crawl.warc.gz@1024`, a URL.
    pub input: String,
    /// What kind of input it was: `text`, `html`, `feed`, `warc`, `wacz`, `telegram`, `jsonl`, `csv`.
    pub format: String,
    /// Media type of the original bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The address that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_url: Option<String>,
    /// The address that answered, after redirects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_url: Option<String>,
    /// The address that the page gives as its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
    /// When the original was captured, as an RFC 3339 instant; of a file that says nothing of it, null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured: Option<String>,
    /// When it was published, as precisely as the original says: RFC 3339 where it gives an offset from UTC, else the same without offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// When it was last edited, in the same form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
    /// HTTP status of the capture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// HTTP headers of the capture, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The channel or person that a message was forwarded from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<String>,
    /// Pictures, videos and files that came with it, as paths or addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// What was done to the original to get the working text, in order: `decoded windows-1251`, `main text by rs-trafilatura 0.2`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transformations: Vec<String>,
    /// What a person should know of the capture: `looks like a consent page`, `text is empty`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}
