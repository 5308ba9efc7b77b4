//! What one party of a sentence does to another: the PLOVER root for a marked source and target.
//!
//! The happenings of the sentence vote ([`votes`]); so do the words and the grammar around and between the two parties, with their names
//! masked (`features`). A linear model weighs both (Hu et al. 2024 set the task: one root for a sentence with a marked source and target).
//! The reader itself does not ask this; it is for coding marked sentences, and for checking the reader against such sets.
//!
//! Roots are PLOVER's types, but that `YIELD` stands for CONCEDE and RETREAT together, as in the sets that are coded so.

mod chain;
mod features;
mod votes;

use dateline_nlp::Doc;

pub use self::votes::{Vote, votes};
use crate::happenings::{Happenings, Rules};
use crate::learned::{Feature, Linear, ModelError};

/// The weights; `training/plover/README.md` says how they were made.
const MODEL: &[u8] = include_bytes!("../../models/relation.linear");

/// A sentence with its happenings and the two parties.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The lexicons that found the happenings.
    pub rules: &'a Rules,
    /// The parse.
    pub doc: &'a Doc,
    /// What the text presents.
    pub found: &'a Happenings,
    /// Tokens of who does it.
    pub source: &'a [usize],
    /// Tokens of whom it is done to.
    pub target: &'a [usize],
}

impl Question<'_> {
    /// What the model looks at. Training prints these, so that it sees what reading sees.
    #[must_use]
    pub fn features(&self) -> Vec<Feature> {
        features::of(self)
    }
}

/// What the source does to the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The likeliest root.
    pub root: String,
    /// All roots with their probabilities as the model has them, likeliest first.
    pub scores: Vec<(String, f32)>,
    /// The happenings that speak for the root, with their lexicon entries, and the words that join the parties.
    pub why: Vec<String>,
}

/// Codes the relation of two parties.
#[derive(Debug)]
pub struct Coder {
    model: Linear,
}

impl Coder {
    /// Reads the model that is built in.
    ///
    /// # Errors
    /// When its bytes are no model.
    pub fn new() -> Result<Self, ModelError> {
        Ok(Self { model: Linear::from_bytes(MODEL)? })
    }

    /// The root for what the source does to the target.
    #[must_use]
    pub fn code(&self, question: &Question) -> Relation {
        let logits = self.model.scores(&question.features());
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
        let mut scores: Vec<(String, f32)> =
            self.model.classes().iter().zip(&logits).map(|(class, logit)| (class.clone(), (logit - most).exp() / sum)).collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1));
        let root = scores.first().map(|(root, _)| root.clone()).unwrap_or_default();
        let mut why: Vec<String> = votes(question)
            .iter()
            .filter(|vote| vote.root == root)
            .map(|vote| format!("{}: {}", question.doc.word(vote.happening.trigger), vote.entry()))
            .collect();
        why.extend(chain::words(question));
        Relation { root, scores, why }
    }
}
