//! What one party of a sentence does to another: the PLOVER root for a marked source and target.
//!
//! The happenings of the sentence vote ([`votes()`]); so do the words and the grammar around and between the two parties, with their names
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

/// Tokens of the first occurrence of `words` in the text, as a marked party is given; none when it does not hold them.
#[must_use]
pub fn tokens_of(doc: &Doc, words: &str) -> Vec<usize> {
    let words = words.trim();
    let Some(start) = doc.text().find(words) else { return Vec::new() };
    let end = start + words.len();
    (0..doc.len()).filter(|&i| (doc.token(i).range.start as usize) < end && (doc.token(i).range.end as usize) > start).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::Attributions;
    use crate::coreference::Entities;
    use crate::happenings;
    use crate::lexicon::Lexicons;
    use crate::mentions::Mentions;
    use crate::testing::doc;

    fn code(doc: &Doc, source: &[usize], target: &[usize]) -> Relation {
        let rules = Rules::new(&Lexicons::default()).unwrap();
        let found = happenings::find(&rules, doc, &Mentions::default(), &Entities::default(), &Attributions::default());
        let question = Question { rules: &rules, doc, found: &found, source, target };
        Coder::new().unwrap().code(&question)
    }

    #[test]
    fn a_deed_is_told_from_the_threat_of_it() {
        let done = doc("Rebels NNS nsubj 2 rebel\nshelled VBD ROOT 0 shell\nHalbury NNP dobj 2 Halbury GPE");
        let meant = doc(
            "Rebels NNS nsubj 2 rebel\nthreatened VBD ROOT 0 threaten\nto TO aux 4\nshell VB xcomp 2 shell\nHalbury NNP dobj 4 Halbury GPE",
        );
        let done = code(&done, &[0], &[2]);
        assert_eq!(done.root, "ASSAULT");
        assert!(done.why.iter().any(|why| why.starts_with("shelled: ")), "{:?}", done.why);
        assert_eq!(code(&meant, &[0], &[4]).root, "THREATEN");
    }

    #[test]
    fn scores_are_probabilities_in_order() {
        let doc = doc("Norland NNP nsubj 2 Norland GPE\ncondemned VBD ROOT 0 condemn\nSudria NNP dobj 2 Sudria GPE");
        let relation = code(&doc, &[0], &[2]);
        assert_eq!(relation.root, "ACCUSE");
        assert_eq!(relation.scores.len(), 15);
        assert!((relation.scores.iter().map(|(_, score)| score).sum::<f32>() - 1.0).abs() < 1e-4);
        assert!(relation.scores.windows(2).all(|pair| pair[0].1 >= pair[1].1));
    }

    #[test]
    fn names_do_not_count() {
        let one = doc("Norland NNP nsubj 2 Norland GPE\nfreed VBD ROOT 0 free\nSudria NNP dobj 2 Sudria GPE");
        let other = doc("Estmark NNP nsubj 2 Estmark GPE\nfreed VBD ROOT 0 free\nVestia NNP dobj 2 Vestia GPE");
        assert_eq!(code(&one, &[0], &[2]), code(&other, &[0], &[2]));
    }

    #[test]
    fn parties_that_are_not_there_do_no_harm() {
        let doc = doc("Norland NNP nsubj 2 Norland GPE\nfreed VBD ROOT 0 free\nSudria NNP dobj 2 Sudria GPE");
        let _ = code(&doc, &[], &[]);
        let _ = code(&doc, &[0], &[]);
    }
}
