//! What goes through the pipes: a length in four bytes, little-endian, and as many bytes.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::Confinement;
use crate::decode::{Decoded, Finding, Format, Limits, Picture, Refusal};

/// The first thing that a worker is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Setup {
    pub(super) limits: Limits,
    pub(super) confinement: Confinement,
    /// Certificates that are trusted, in PEM.
    pub(super) trust: Option<String>,
}

/// What is to be done with the bytes in the next frame: a frame of one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// Decode them: an [`Answer`], and pixels.
    Decode,
    /// Read what they carry: a [`Carried`](crate::Carried).
    Carried,
}

impl Work {
    pub(super) fn to_byte(self) -> u8 {
        match self {
            Self::Decode => 0,
            Self::Carried => 1,
        }
    }

    pub(super) fn of(frame: &[u8]) -> Option<Self> {
        [Self::Decode, Self::Carried].into_iter().find(|work| frame == [work.to_byte()])
    }
}

/// The first thing that it answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ready {
    pub(super) confined: bool,
}

/// What it answers to a picture. The pixels follow in a frame of their own.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    Decoded { format: Format, width: u32, height: u32, findings: Vec<Finding>, small_width: u32, small_height: u32 },
    Refused(Refusal),
}

/// No answer without pixels is longer, but for what pictures carry.
pub(super) const LONGEST_ANSWER: usize = 1 << 20;
/// What a picture carries is no longer, in JSON: what would be is left out, and that is said.
pub(super) const LONGEST_CARRIED: usize = 4 << 20;
/// No setup is longer, with its trust list.
pub(super) const LONGEST_SETUP: usize = 16 << 20;
/// No small picture has more bytes.
pub(super) const MOST_PIXELS: usize = 3 * (Picture::LARGEST as usize) * (Picture::LARGEST as usize);

pub(super) fn write(output: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(bytes)?;
    output.flush()
}

/// A frame of at most so many bytes; none at the end of the input.
pub(super) fn read(input: &mut impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = usize::try_from(u32::from_le_bytes(length)).map_err(io::Error::other)?;
    if length > most {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

impl Answer {
    /// The answer, and the pixels if there are any.
    pub(super) fn of(result: Result<Decoded, Refusal>) -> (Self, Option<Picture>) {
        match result {
            Ok(Decoded { format, width, height, findings, picture }) => {
                let (small_width, small_height) = (picture.width(), picture.height());
                (Self::Decoded { format, width, height, findings, small_width, small_height }, Some(picture))
            }
            Err(refusal) => (Self::Refused(refusal), None),
        }
    }
}
