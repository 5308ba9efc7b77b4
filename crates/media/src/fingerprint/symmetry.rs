//! The eight ways to lay a rectangle on itself.

use serde::{Deserialize, Serialize};

/// How a picture was mirrored and turned: the symmetries of a square (dihedral group D4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Symmetry {
    /// Not at all.
    #[default]
    Same,
    /// Turned by a quarter, clockwise.
    Quarter,
    /// Turned upside down.
    Half,
    /// Turned by a quarter, counter-clockwise.
    ThreeQuarters,
    /// Left and right changed places, as in a mirror.
    Mirrored,
    /// Top and bottom changed places.
    Flipped,
    /// Mirrored at the diagonal from the top left.
    Transposed,
    /// Mirrored at the diagonal from the top right.
    Transversed,
}

impl Symmetry {
    /// All of them, the plain one first.
    pub const ALL: [Self; 8] = [
        Self::Same,
        Self::Quarter,
        Self::Half,
        Self::ThreeQuarters,
        Self::Mirrored,
        Self::Flipped,
        Self::Transposed,
        Self::Transversed,
    ];

    /// What it is made of, in this order: rows and columns change places; left and right do; top and bottom do.
    pub(super) fn steps(self) -> (bool, bool, bool) {
        match self {
            Self::Same => (false, false, false),
            Self::Quarter => (true, true, false),
            Self::Half => (false, true, true),
            Self::ThreeQuarters => (true, false, true),
            Self::Mirrored => (false, true, false),
            Self::Flipped => (false, false, true),
            Self::Transposed => (true, false, false),
            Self::Transversed => (true, true, true),
        }
    }

    /// Whether a mirror is part of it.
    pub fn mirrors(self) -> bool {
        matches!(self, Self::Mirrored | Self::Flipped | Self::Transposed | Self::Transversed)
    }
}
