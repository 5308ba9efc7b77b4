//! The learned part of the stage: which tokens are cues, and which parts of their sentences, and of those beside them, are source and content.
//!
//! Four linear models over hashed features decide, in this order: is this token the head of a cue; what is each part of the cue's sentence to
//! it; does the content go on into the next sentence; is the
//! whole an attribution. The rules go first, and what they found is among the features. The models were trained on
//! PolNeAR (Newell, Margolin and Ruths 2018); `training/attribution/README.md` says how.

mod cues;
mod decide;
mod draft;
mod merge;
mod parts;
mod spread;
#[cfg(test)]
mod tests;
mod whole;
mod words;

use dateline_nlp::{Doc, TokenRange};

use super::Attributions;
use super::find::Finder;
use super::lexicon::Rules;
use crate::learned::{Feature, Linear, ModelError};

pub use decide::Tuning;
pub(super) use merge::merge;
use parts::Given;
use words::Words;

/// The models of the stage.
#[derive(Debug)]
pub struct Models {
    /// Is the token the head of a cue? One class.
    pub cue: Linear,
    /// What is a part to a cue? Classes `content`, `source`, `cue` and `none`.
    pub part: Linear,
    /// Does the content go on into a piece? One class.
    pub spread: Linear,
    /// Is the draft of an attribution one? One class.
    pub whole: Linear,
    /// Where the lines are drawn.
    pub tuning: Tuning,
}

impl Models {
    /// The models that come with the reader.
    ///
    /// # Errors
    /// When one is no model, which a test rules out.
    pub fn embedded() -> Result<Self, ModelError> {
        Ok(Self {
            cue: Linear::from_bytes(include_bytes!("../../../models/attribution-cue.linear"))?,
            part: Linear::from_bytes(include_bytes!("../../../models/attribution-part.linear"))?,
            spread: Linear::from_bytes(include_bytes!("../../../models/attribution-spread.linear"))?,
            whole: Linear::from_bytes(include_bytes!("../../../models/attribution-whole.linear"))?,
            tuning: Tuning::default(),
        })
    }
}

/// An attribution that the models found.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// The cue's main token.
    pub cue_head: usize,
    /// The cue.
    pub cue: TokenRange,
    /// The source's main token and words.
    pub source: Option<(usize, TokenRange)>,
    /// What is attributed: runs of tokens in text order, not overlapping.
    pub content: Vec<TokenRange>,
    /// The score as a cue: a logit.
    pub score: f32,
}

/// A document as the models see it.
pub struct Seen<'a> {
    finder: &'a Finder<'a>,
    words: Words<'a>,
    verdicts: Vec<cues::Verdict>,
    given: Vec<(usize, Given)>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(finder: &'a Finder<'a>, rules: &Rules, doc: &'a Doc, found: &Attributions) -> Self {
        let words = Words::new(rules, doc, &finder.quotations);
        let mut verdicts = vec![cues::Verdict::default(); doc.len()];
        let mut given: Vec<(usize, Given)> = Vec::new();
        for said in &found.all {
            let Some(cue) = said.cue_head else { continue };
            let rule = cues::rule_kind(&said.why);
            if let Some(verdict) = verdicts.get_mut(cue).filter(|verdict| verdict.rule == 0) {
                *verdict = cues::Verdict { rule, inside: said.outer.is_some(), sourced: said.source.is_some() };
                given.push((cue, Given { rule, source: said.source_head, content: said.content.clone() }));
            }
        }
        given.sort_by_key(|&(cue, _)| cue);
        Self { finder, words, verdicts, given }
    }

    fn given(&self, cue: usize) -> Given {
        let at = self.given.binary_search_by_key(&cue, |&(cue, _)| cue);
        at.ok().and_then(|at| self.given.get(at)).map(|(_, given)| given.clone()).unwrap_or_default()
    }

    /// Every token that may be a cue's head, with its features.
    #[must_use]
    pub fn cue_rows(&self) -> Vec<(usize, Vec<Feature>)> {
        let candidates = (0..self.words.doc.len()).filter(|&at| cues::is_candidate(&self.words, at));
        candidates
            .map(|at| {
                let mut out = Vec::with_capacity(96);
                cues::features(self.finder, &self.words, &self.verdicts, at, &mut out);
                (at, out)
            })
            .collect()
    }

    /// The parts of a cue's sentence: the tokens of each, with its features. `scores` are the cue scores of all tokens.
    #[must_use]
    pub fn part_rows(&self, cue: usize, scores: &[f32]) -> Vec<(Vec<usize>, Vec<Feature>)> {
        let parts = parts::parts(&self.words, cue);
        let features = parts::features(&self.words, cue, &parts, &self.given(cue), scores);
        parts.into_iter().map(|part| part.members).zip(features).collect()
    }

    /// The pieces before and behind the sentence of a cue with this content, as far as `belongs` says yes and the first that it denies, with
    /// their features. `scores` are the cue scores of all tokens.
    #[must_use]
    pub fn spread_rows(
        &self,
        cue: usize,
        content: &[usize],
        scores: &[f32],
        mut belongs: impl FnMut(TokenRange, &[Feature]) -> bool,
    ) -> Vec<(TokenRange, Vec<Feature>)> {
        let pieces = spread::pieces(&self.words);
        let mut rows = Vec::new();
        draft::spread(&self.words, &pieces, cue, content, scores, |tokens, features| {
            rows.push((tokens, features.to_vec()));
            belongs(tokens, features)
        });
        rows
    }

    /// The score of every token as a cue's head: a logit, far below nought for those that can't be one.
    #[must_use]
    pub fn scores(&self, models: &Models) -> Vec<f32> {
        let mut scores = vec![-30.0; self.words.doc.len()];
        let mut features = Vec::with_capacity(128);
        for at in (0..self.words.doc.len()).filter(|&at| cues::is_candidate(&self.words, at)) {
            features.clear();
            cues::features(self.finder, &self.words, &self.verdicts, at, &mut features);
            if let Some(score) = scores.get_mut(at) {
                *score = models.cue.score(&features);
            }
        }
        scores
    }

    /// Every draft of an attribution, with its features as a whole. `scores` are the cue scores of all tokens.
    #[must_use]
    pub fn whole_rows(&self, models: &Models, scores: &[f32]) -> Vec<(Judged, Vec<Feature>)> {
        let drafts = decide::drafts(self, models, scores);
        let features = decide::features(self, &drafts);
        drafts.into_iter().map(|draft| draft.judged).zip(features).collect()
    }

    /// What the models make of the document, in text order of the cues. `scores` are the cue scores of all tokens.
    #[must_use]
    pub fn judge(&self, models: &Models, scores: &[f32]) -> Vec<Judged> {
        decide::decide(self, models, scores)
    }
}
