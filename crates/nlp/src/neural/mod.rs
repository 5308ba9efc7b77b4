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
        let mut scores = vec![0.0; TOGETHER * columns];
        let mut at = 0;
        for rows in runs(rows).flat_map(|run| run.chunks(TOGETHER)) {
            self.layer.multiply(&vectors[rows[0] as usize * width..], width, rows.len(), &mut scores, columns);
            for scores in scores.chunks_exact(columns).take(rows.len()) {
                let (mut best, mut top) = (0, f32::NEG_INFINITY);
                for (class, (score, bias)) in scores.iter().zip(&self.bias).enumerate() {
                    let score = score + bias;
                    if score > top {
                        (best, top) = (class, score);
                    }
                }
                found(at, best);
                at += 1;
            }
        }
    }
}

/// Rows whose scores are held at once.
const TOGETHER: usize = 36;

/// Rows that are neighbours, such as those of one document, are multiplied together.
fn runs(rows: &[u32]) -> impl Iterator<Item = &[u32]> {
    rows.chunk_by(|row, next| row + 1 == *next)
}
