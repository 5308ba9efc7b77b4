use serde::{Deserialize, Serialize};

/// Overlaps kept of a text, the first that came; a source beyond them is not seen when a compilation is looked for.
const KEPT: usize = 96;

/// An earlier text that shares runs of words with the one asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Its id.
    pub id: u64,
    /// Shared runs over all runs of both.
    pub jaccard: f32,
    /// Shared runs over those of the shorter.
    pub containment: f32,
    /// Whether this makes the two copies.
    pub copy: bool,
}

/// How two texts overlap, seen from one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Overlap {
    pub(crate) other: u64,
    /// The other's [`Text::print`]: the overlap is void when another text has come under its id.
    pub(crate) print: u32,
    pub(crate) shared: u32,
    pub(crate) own: u32,
    pub(crate) others: u32,
    /// The shared words open the other text.
    pub(crate) lead: bool,
}

impl Overlap {
    pub(crate) fn of_own(&self) -> f32 {
        self.shared as f32 / self.own.max(1) as f32
    }

    pub(crate) fn of_other(&self) -> f32 {
        self.shared as f32 / self.others.max(1) as f32
    }

    pub(crate) fn containment(&self) -> f32 {
        self.shared as f32 / self.own.min(self.others).max(1) as f32
    }

    pub(crate) fn jaccard(&self) -> f32 {
        self.shared as f32 / self.own.saturating_add(self.others).saturating_sub(self.shared).max(1) as f32
    }

    /// The same seen from the other text.
    pub(crate) fn reversed(&self, own: u64, print: u32, lead: bool) -> Self {
        Self { other: own, print, shared: self.shared, own: self.others, others: self.own, lead }
    }
}

/// What is kept of a text beside its sketch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Text {
    /// Length in runs.
    pub(crate) runs: u32,
    /// [`crate::Sketch::print`].
    pub(crate) print: u32,
    pub(crate) compilation: bool,
    /// The text that leads its cluster.
    pub(crate) leader: u64,
    /// Of a leader: how many texts its cluster has.
    pub(crate) size: u64,
    /// Of a leader: the smallest id of its cluster.
    pub(crate) smallest: u64,
    pub(crate) overlaps: Vec<Overlap>,
}

impl Text {
    /// A text in a cluster of its own.
    pub(crate) fn alone(id: u64, runs: u32, print: u32, overlaps: Vec<Overlap>) -> Self {
        Self { runs, print, compilation: false, leader: id, size: 1, smallest: id, overlaps }
    }

    /// Notes an overlap with a text that came later.
    pub(crate) fn note(&mut self, overlap: Overlap) {
        if let Some(known) = self.overlaps.iter_mut().find(|known| known.other == overlap.other) {
            *known = overlap;
        } else if self.overlaps.len() < KEPT {
            self.overlaps.push(overlap);
        }
    }
}

/// Which clusters a line is new to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Leader of the cluster that had it last.
    pub(crate) last: u64,
    /// The text that brought it to each cluster, as many as make a line common.
    pub(crate) texts: Vec<u64>,
}
