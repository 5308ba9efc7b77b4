//! Trained spaCy CPU pipelines, run natively.
//!
//! A [`Doc`] is what a pipeline makes of a text: tokens with tag, part of speech, lemma, head and dependency label, sentence
//! starts and named entities.
//!
//! This crate knows nothing of news and may be used alone.

mod doc;
mod label;

pub use doc::{Doc, DocError, Entity, Iob, Token, TokenRange};
pub use label::Label;
