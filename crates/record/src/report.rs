use serde::{Deserialize, Serialize};

use crate::Edtf;

/// A report to be read: its text and what is known of its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// The sender's own name for it; comes back as `document.ref`.
    #[serde(default, alias = "id", alias = "doc", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The text, never changed.
    pub text: String,
    /// Headline, when it is not part of the text.
    #[serde(default)]
    pub title: Option<String>,
    /// Where it was published.
    #[serde(default)]
    pub url: Option<String>,
    /// Outlet or channel.
    #[serde(default)]
    pub source: Option<String>,
    /// Byline.
    #[serde(default)]
    pub author: Option<String>,
    /// When it was published; relative dates in the text are resolved against it.
    #[serde(default)]
    pub published: Option<Edtf>,
    /// BCP 47 tag, when known.
    #[serde(default)]
    pub language: Option<String>,
}
