//! The trained layers: embedding and encoder (tok2vec), tagger, transition-based parser and entity recogniser.
//!
//! All arithmetic is `f32` with fused multiply-add in one fixed order for each number that comes out, whatever stands beside it in a
//! batch: the same text gives the same parse for any batch size, thread count and processor.

mod kernel;
mod ner;
mod parser;
mod tok2vec;
mod transition;
mod weights;
mod window;

pub(crate) use ner::Ner;
pub(crate) use parser::{Parser, ParserCache};
pub(crate) use tok2vec::{Tok2Vec, Tok2VecCache};
pub(crate) use transition::StepCache as NerCache;
pub(crate) use weights::Weights;

use crate::package::{LoadError, Package};
use kernel::Panels;

/// A linear layer whose best class is taken (spaCy's Tagger.v2: a softmax without normalisation is an argmax).
#[derive(Debug)]
pub(crate) struct Tagger {
    layer: Panels,
    bias: Vec<f32>,
}

impl Tagger {
    pub(crate) fn load(package: &Package, file: &str, width: usize, classes: usize) -> Result<Self, LoadError> {
        let weights = Weights::load(package, file)?;
        let (matrix, bias) = weights.linear("softmax")?;
        matrix.expect_shape(file, &[classes, width])?;
        bias.expect_shape(file, &[classes])?;
        let mut padded = bias.data;
        padded.resize(padded.len().next_multiple_of(kernel::LANES), f32::NEG_INFINITY);
        Ok(Self { layer: Panels::new(&matrix.data, classes, width), bias: padded })
    }

    /// Calls `found` with the best class of each row. A row is `width` numbers; `rows` says which rows of `vectors` count.
    pub(crate) fn predict(&self, vectors: &[f32], rows: &[u32], width: usize, mut found: impl FnMut(usize, usize)) {
        let columns = self.bias.len();
        let mut scores = vec![0.0; columns];
        for (at, &row) in rows.iter().enumerate() {
            let row = row as usize * width;
            self.layer.multiply(&vectors[row..row + width], width, 1, &mut scores, columns);
            let mut best = 0;
            for (class, score) in scores.iter_mut().enumerate() {
                *score += self.bias[class];
            }
            for class in 1..columns {
                if scores[class] > scores[best] {
                    best = class;
                }
            }
            found(at, best);
        }
    }
}
