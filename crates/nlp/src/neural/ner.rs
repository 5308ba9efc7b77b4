//! The entity recogniser: a transition system over BILUO tags (Ratinov and Roth 2009), as spaCy does it.

use super::transition::{StepCache, StepModel, read_moves};
use super::weights::Weights;
use crate::doc::{Iob, Token};
use crate::label::Label;
use crate::package::{LoadError, Package};

/// Positions of the state that the model looks at: this token, the first of the open entity, the one before this in it.
const FEATURES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    Begin,
    In,
    Last,
    Unit,
    Out,
}

/// Model and moves.
#[derive(Debug)]
pub(crate) struct Ner {
    model: StepModel,
    moves: Vec<(Move, Label)>,
}

impl Ner {
    /// Reads moves and model; `weights` are those of `NAME/model`, which hold the tok2vec layers too.
    pub(crate) fn load(package: &Package, name: &str, weights: &Weights, width: usize) -> Result<Self, LoadError> {
        let file = format!("{name}/moves");
        let mut moves = Vec::new();
        for (kind, label) in read_moves(package, &file)? {
            let kind = match kind {
                0 => continue,
                1 => Move::Begin,
                2 => Move::In,
                3 => Move::Last,
                4 => Move::Unit,
                5 if label.is_empty() => Move::Out,
                5 => continue,
                _ => return Err(LoadError::content(&file, format_args!("no kind of move has number {kind}"))),
            };
            moves.push((kind, Label::new(&label)));
        }
        Ok(Self { model: StepModel::from_weights(&format!("{name}/model"), weights, width, FEATURES, moves.len())?, moves })
    }

    /// Prepares for the documents of a batch.
    pub(crate) fn prepare(&self, cache: &mut StepCache, vectors: &[f32], rows: &[u32]) {
        self.model.prepare(cache, vectors, rows);
    }

    /// Sets the entities of one document's tokens, which start at `first` in the batch and have their sentence starts.
    pub(crate) fn find(&self, cache: &mut StepCache, first: usize, tokens: &mut [Token], is_space: impl Fn(usize) -> bool) {
        let mut open: Option<(usize, Label)> = None;
        for at in 0..tokens.len() {
            let start = open.map(|(start, _)| first + start);
            self.model.score(cache, [Some(first + at), start, start.map(|_| first + at - 1)]);
            let goes_on = at + 1 < tokens.len() && !tokens[at + 1].sentence_start;
            let space = is_space(at);
            let label = open.map(|(_, label)| label);
            let allowed = (0..self.moves.len()).filter(|&of| allows(self.moves[of], label, goes_on, space));
            let best = self.model.best(cache, allowed);
            let Some((kind, label)) = best.map(|best| self.moves[best]) else { break };
            match kind {
                Move::Begin => open = Some((at, label)),
                Move::In | Move::Out => {}
                Move::Last | Move::Unit => {
                    let start = if kind == Move::Unit { at } else { open.map_or(at, |(start, _)| start) };
                    for (i, token) in tokens[start..=at].iter_mut().enumerate() {
                        token.iob = if i == 0 { Iob::Begin } else { Iob::In };
                        token.entity = label;
                    }
                    open = None;
                }
            }
        }
    }
}

/// `goes_on`: there is a next token, in the same sentence.
fn allows((kind, label): (Move, Label), open: Option<Label>, goes_on: bool, space: bool) -> bool {
    match kind {
        Move::Begin => open.is_none() && goes_on && !space && !label.is_none(),
        Move::In => open == Some(label) && goes_on && !label.is_none(),
        Move::Last => open == Some(label) && !label.is_none(),
        Move::Unit => open.is_none() && !space && !label.is_none(),
        Move::Out => open.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_move() {
        let label = Label::new("ORG");
        let moves = [(Move::Begin, label), (Move::In, label), (Move::Last, label), (Move::Unit, label), (Move::Out, Label::NONE)];
        for open in [None, Some(label)] {
            for (goes_on, space) in [(false, false), (false, true), (true, false), (true, true)] {
                let allowed = moves.iter().filter(|&&of| allows(of, open, goes_on, space)).count();
                assert!(allowed > 0, "open {open:?}, goes on {goes_on}, space {space}");
            }
        }
    }

    #[test]
    fn an_open_entity_ends_with_its_sentence() {
        let label = Label::new("GPE");
        assert!(!allows((Move::In, label), Some(label), false, false));
        assert!(allows((Move::Last, label), Some(label), false, false));
        assert!(!allows((Move::Last, Label::new("ORG")), Some(label), false, false));
    }
}
