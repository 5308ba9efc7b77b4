//! What is to be seen in a picture, in a few bytes.
//!
//! Two fingerprints answer two questions. A [`Pdq`] (256 bits) looks at the picture as a whole: copies that were resized, recompressed,
//! recoloured or lightly stamped differ from it in few bits, and those that were mirrored or turned by quarters are found through
//! [`Hashed::variant`]. [`Details`] (some kilobytes) look at up to two hundred small spots: what was cropped, framed, put into a screenshot
//! or turned by a few degrees still shows enough of them, in the same arrangement.

mod pdq;
mod symmetry;

pub mod local;

pub use local::{Details, Likeness};
pub use pdq::{Hashed, ParsePdqError, Pdq};
pub use symmetry::Symmetry;
