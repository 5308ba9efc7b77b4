//! What the marked source of a sentence does to the marked target, as PLOVER root.

use dateline_nlp::Doc;
use dateline_reader::attribution::Attributions;
use dateline_reader::coreference::Entities;
use dateline_reader::mentions::Mentions;
use dateline_reader::relation::{self, Question, tokens_of};
use dateline_reader::{Lexicons, happenings};

use crate::EvalError;

/// Codes sentences.
pub(crate) struct Coder {
    rules: happenings::Rules,
    relations: relation::Coder,
}

/// A code and why.
#[derive(Debug, Default)]
pub(crate) struct Coded {
    pub(crate) root: String,
    pub(crate) why: Vec<String>,
}

impl Coder {
    pub(crate) fn new(lexicons: &Lexicons) -> Result<Self, EvalError> {
        let relations = relation::Coder::new().map_err(|error| EvalError::Unable(format!("the relation model: {error}")))?;
        Ok(Self { rules: happenings::Rules::new(lexicons)?, relations })
    }

    /// What `source` does to `target` in a sentence; both are words of it.
    pub(crate) fn code(&self, doc: &Doc, source: &str, target: &str) -> Coded {
        let found = happenings::find(&self.rules, doc, &Mentions::default(), &Entities::default(), &Attributions::default());
        let (source, target) = (tokens_of(doc, source), tokens_of(doc, target));
        let question = Question { rules: &self.rules, doc, found: &found, source: &source, target: &target };
        let relation = self.relations.code(&question);
        Coded { root: relation.root, why: relation.why }
    }
}
