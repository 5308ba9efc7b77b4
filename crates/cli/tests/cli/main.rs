//! The built binary, driven as a user drives it. Tests that need the language model get it through the binary's own supply, once
//! for a build folder.
#![allow(clippy::unwrap_used)]

mod case;
mod eval;
mod help;
mod media;
mod media_hostile;
mod media_with_reports;
mod model;
mod ontology;
mod read;
mod serve;
mod serve_api;
mod serve_lists;
mod serve_map;
mod serve_media;
mod serve_pages;
mod serve_review;
mod support;
mod users;
