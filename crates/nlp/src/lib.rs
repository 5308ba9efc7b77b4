//! Trained spaCy CPU pipelines, run natively.
//!
//! [`Pipeline::load`] reads a package as published (the wheel itself, an unpacked package, or its inner directory); a [`Worker`] runs
//! texts through it; a [`Doc`] is what comes out: tokens with tag, part of speech, lemma, head and dependency label, sentence starts and
//! named entities, meant to agree with spaCy to the last token.
//!
//! ```no_run
//! use dateline_nlp::Pipeline;
//!
//! let pipeline = Pipeline::load("en_core_web_sm-3.8.0-py3-none-any.whl".as_ref())?;
//! let doc = pipeline.parse("Troops left the city on Monday.");
//! assert_eq!(doc.lemma(1), "leave");
//! # Ok::<(), dateline_nlp::LoadError>(())
//! ```
//!
//! The life of a text: `tokenizer` → `neural` (tok2vec, tagger, parser, entities) → `attribute_ruler` → `lemmatizer` → [`Doc`].
//! This crate knows nothing of news and may be used alone.

mod attribute_ruler;
mod config;
mod doc;
mod label;
mod lemmatizer;
mod lexeme;
mod neural;
mod package;
mod pipeline;
mod strings;
mod tokenizer;

pub use doc::{Doc, DocError, Entity, Iob, Token, TokenRange};
pub use label::Label;
pub use package::{LoadError, Package};
pub use pipeline::{ARCHITECTURES, COMPONENTS, Pipeline, Worker};
