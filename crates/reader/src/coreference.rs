//! Stage 2: which mentions are one thing.

use dateline_record::{Country, EntityKind, Sector};

use crate::mentions::{MentionId, Resolved};

/// Index of an entity in [`Entities::all`].
pub type EntityIndex = usize;

/// One thing, with all its mentions.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// What sort of thing.
    pub kind: EntityKind,
    /// Canonical name.
    pub name: String,
    /// Its mentions, the clearest first, then in text order.
    pub mentions: Vec<MentionId>,
    /// Actors: country.
    pub country: Option<Country>,
    /// Actors: sector.
    pub sector: Option<Sector>,
    /// Actors: the cluster that it is a part of.
    pub part_of: Option<EntityIndex>,
    /// Actors: one human being.
    pub person: bool,
    /// Actors: office or rank.
    pub title: Option<String>,
    /// Places: what it stands for.
    pub place: Option<Resolved>,
    /// Equipment: class.
    pub class: Option<String>,
}

/// All things of the document.
#[derive(Clone, Debug, Default)]
pub struct Entities {
    /// In text order of their first mention.
    pub all: Vec<Cluster>,
    /// The entity of each mention.
    pub of_mention: Vec<EntityIndex>,
}
