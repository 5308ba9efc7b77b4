//! Stage 7: claims that speak of one happening.

/// Claims of one happening, by index of their drafts, with the fields on which they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Indexes of drafts, in text order.
    pub drafts: Vec<usize>,
    /// Names of fields on which they differ, as the contract names them.
    pub disputed: Vec<&'static str>,
}
