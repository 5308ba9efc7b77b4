//! Stage 7: claims that speak of one happening.

use crate::factuality::Held;
use crate::slots::{Draft, Scene};

/// Claims of one happening, by index of their drafts, with the fields on which they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Indexes of drafts, in text order.
    pub drafts: Vec<usize>,
    /// Names of fields on which they differ, as the contract names them.
    pub disputed: Vec<&'static str>,
}

/// Every draft in a group, groups in text order of their first draft.
#[must_use]
pub fn group(_scene: &Scene<'_>, _held: &[Held], drafts: &[Draft]) -> Vec<Group> {
    (0..drafts.len()).map(|draft| Group { drafts: vec![draft], disputed: Vec::new() }).collect()
}
