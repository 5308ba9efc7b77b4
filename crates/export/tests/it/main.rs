//! Whole exports: every format on two invented events, and on any events.
#![allow(clippy::unwrap_used)]

mod formats;
mod manifest;
mod properties;
mod sample;
mod withheld;
