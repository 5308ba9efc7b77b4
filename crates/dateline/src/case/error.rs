use dateline_collect::fetch::FetchError;
use dateline_corroborate::OutletError;

/// Why something can't be done with a case.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaseError {
    /// The record says no.
    #[error(transparent)]
    Book(#[from] dateline_casebook::Error),
    /// Nothing in the case has this id.
    #[error("there is no {0} in this case")]
    Missing(String),
    /// What was typed names nothing.
    #[error("`{given}` is no {wanted}")]
    Id {
        /// What was typed.
        given: String,
        /// What it should have been.
        wanted: &'static str,
    },
    /// More than one report begins so.
    #[error("`{0}` is the beginning of more than one report's hash: {1}")]
    Ambiguous(String, String),
    /// What was typed is no beginning of a picture's hash.
    #[error("`{0}` is no beginning of a picture's SHA-256: at least four hexadecimal digits")]
    PictureId(String),
    /// More than one picture begins so.
    #[error("`{0}` is the beginning of more than one picture's hash: {1}")]
    AmbiguousPicture(String, String),
    /// Pictures can't be looked at.
    #[error("pictures can't be looked at: {0}")]
    Pictures(String),
    /// A correction that can't be.
    #[error("{0}")]
    Correction(String),
    /// A place that the gazetteer does not know.
    #[error("no place called `{0}` is known")]
    Place(String),
    /// A condition on events that can't be.
    #[error("{0}")]
    Filter(String),
    /// A table of outlets.
    #[error(transparent)]
    Outlets(#[from] OutletError),
    /// The network.
    #[error("{url}: {source}")]
    Fetch {
        /// What was asked for.
        url: String,
        /// What came of it.
        source: FetchError,
    },
    /// An export can't be written.
    #[error("{0}")]
    Export(String),
    /// The views were made by another version of the program.
    #[error("the case's views (copies, events, their status) were made by another version of dateline")]
    ViewsOfAnotherVersion,
    /// A view can't be made or read.
    #[error("the case's views are damaged ({0})")]
    View(String),
}

impl CaseError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Id { .. } => Some("events are e1, e2, …, reports r1, r2, … or the beginning of a report's hash".to_owned()),
            Self::Place(_) => Some("a settlement, division or country by name, such as `Kursk`".to_owned()),
            Self::View(_) => Some(
                "nothing recorded is lost: `dateline verify` checks the record, `dateline rebuild` makes the views anew from it"
                    .to_owned(),
            ),
            Self::ViewsOfAnotherVersion => Some("`dateline rebuild` makes them anew; nothing recorded changes".to_owned()),
            _ => None,
        }
    }
}

impl From<serde_json::Error> for CaseError {
    fn from(error: serde_json::Error) -> Self {
        Self::View(error.to_string())
    }
}
