//! The command line of pictures: definitions only.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueHint};
use dateline::record::Edtf;

use crate::case_args::{At, By};

/// Pictures of the case: add some, find where one was seen, show what is known of it
#[derive(Debug, ClapArgs)]
pub(crate) struct Media {
    #[command(subcommand)]
    pub(crate) action: MediaAction,
}

const ADD_EXAMPLES: &str = "\
Examples:
  dateline media add downloads/ archive.zip photo.jpg
  dateline media add --source 'Sample Channel' --published 2022-05-03 photo.jpg

Text in pictures is found if Tesseract is installed; DATELINE_OCR_LANGUAGES=eng+ukr
says in which languages, DATELINE_OCR_LANGUAGES=off turns it off.

Exit status: 0 done; 1 some inputs failed (they are named), or held no picture;
2 wrong usage.";

const FIND_EXAMPLES: &str = "\
Examples:
  dateline media find photo.jpg
  dateline media find --json photo.jpg | jq '.sightings[0]'

Exit status: 0 found; 1 seen nowhere in this case, or the file is no picture;
2 wrong usage. docs/media.md describes the JSON.";

const SHOW_EXAMPLES: &str = "\
Examples:
  dateline media show 3fa9c2
  dateline media show --json 3fa9c2

Exit status: 0 shown; 1 no such picture; 2 wrong usage. docs/media.md describes
the JSON.";

#[derive(Debug, Subcommand)]
pub(crate) enum MediaAction {
    /// Keep pictures and videos that come without a report; of videos, key frames are looked at if ffmpeg is installed
    #[command(after_help = ADD_EXAMPLES)]
    Add(MediaAdd),
    /// Where a picture was seen: it, or one cropped, stamped, mirrored, recompressed; the first sighting first
    #[command(after_help = FIND_EXAMPLES)]
    Find(MediaFind),
    /// One picture of the case: file, metadata, where it was seen, what is said of it, what speaks against it
    #[command(after_help = SHOW_EXAMPLES)]
    Show(MediaShow),
}

/// Whom pictures are believed.
#[derive(Debug, ClapArgs)]
pub(crate) struct Trust {
    /// Certificates whose signatures of content credentials (C2PA) are trusted, a PEM file [default: none is]
    #[arg(long, value_name = "FILE", env = "DATELINE_TRUST", hide_env_values = true, value_hint = ValueHint::FilePath, help_heading = "Pictures")]
    pub(crate) trust: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct MediaAdd {
    /// Pictures, videos, folders and archives of them
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub(crate) inputs: Vec<PathBuf>,
    /// Outlet or channel that showed them
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// When they were published: 2022-05-03, 2022-05 or any EDTF date
    #[arg(long, value_name = "DATE")]
    pub(crate) published: Option<Edtf>,
    #[command(flatten)]
    pub(crate) trust: Trust,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct MediaFind {
    /// The picture; the case need not have it
    #[arg(value_name = "PICTURE", value_hint = ValueHint::FilePath)]
    pub(crate) picture: PathBuf,
    /// One JSON document
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) at: At,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct MediaShow {
    /// The beginning of its SHA-256, at least four digits
    #[arg(value_name = "SHA256")]
    pub(crate) picture: String,
    /// One JSON document
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) at: At,
}

/// Decode pictures for another process of ours
#[derive(Debug, ClapArgs)]
#[command(hide = true)]
pub(crate) struct DecodePictures {}
