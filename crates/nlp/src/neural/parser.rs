//! The dependency parser: arc-eager (Nivre 2003; Goldberg and Nivre 2012) with sentence breaks, as spaCy does it.
//!
//! A word without a head that is popped goes back to the buffer ("unshift") instead of staying headless; crossing arcs are learned
//! with decorated labels and undone afterwards (Nivre and Nilsson 2005).

use std::ops::Range;

use super::transition::{StepCache, StepModel, read_moves};
use super::weights::Weights;
use crate::doc::Token;
use crate::label::Label;
use crate::package::{LoadError, Package};

/// Positions of the state that the model looks at.
const FEATURES: usize = 8;
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    Shift,
    Reduce,
    Left,
    Right,
    Break,
}

/// Model and moves.
#[derive(Debug)]
pub(crate) struct Parser {
    model: StepModel,
    moves: Vec<(Move, Label)>,
    /// The moves of each kind, which are neighbours.
    by_kind: Vec<(Move, Range<usize>)>,
}

/// A worker's buffers.
#[derive(Debug, Default)]
pub(crate) struct ParserCache {
    pub(crate) steps: StepCache,
    state: State,
}

impl Parser {
    pub(crate) fn load(package: &Package, name: &str, width: usize) -> Result<Self, LoadError> {
        let moves = read_moves(package, &format!("{name}/moves"))?
            .into_iter()
            .map(|(kind, label)| {
                let kind = match kind {
                    0 => Move::Shift,
                    1 => Move::Reduce,
                    2 => Move::Left,
                    3 => Move::Right,
                    4 => Move::Break,
                    _ => {
                        return Err(LoadError::content(
                            &format!("{name}/moves"),
                            format_args!("no kind of move has number {kind}"),
                        ));
                    }
                };
                if label == "subtok" {
                    return Err(LoadError::content(&format!("{name}/moves"), "sub-tokens are not supported"));
                }
                Ok((kind, Label::new(&label)))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let file = format!("{name}/model");
        let weights = Weights::load(package, &file)?;
        let mut by_kind: Vec<(Move, Range<usize>)> = Vec::new();
        for same in moves.chunk_by(|(kind, _), (next, _)| kind == next) {
            let start = by_kind.last().map_or(0, |(_, moves)| moves.end);
            by_kind.push((same[0].0, start..start + same.len()));
        }
        Ok(Self { model: StepModel::from_weights(&file, &weights, width, FEATURES, moves.len())?, moves, by_kind })
    }

    /// Prepares for the documents of a batch.
    pub(crate) fn prepare(&self, cache: &mut ParserCache, vectors: &[f32], rows: &[u32]) {
        self.model.prepare(&mut cache.steps, vectors, rows);
    }

    /// Sets head, label and sentence start of one document's tokens, which start at `first` in the batch. `is_space` by token.
    pub(crate) fn parse(&self, cache: &mut ParserCache, first: usize, tokens: &mut [Token], is_space: impl Fn(usize) -> bool) {
        let ParserCache { steps, state } = cache;
        state.start(tokens.len());
        // Far more than any sequence of moves needs; the system ends by itself.
        for _ in 0..16 * tokens.len() + 64 {
            if state.is_final() {
                break;
            }
            let features = state.features().map(|token| (token != NONE).then(|| first + token as usize));
            self.model.score(steps, features);
            let allowed = self.by_kind.iter().filter(|(kind, _)| state.allows(*kind)).flat_map(|(_, moves)| moves.clone());
            match self.model.best(steps, allowed) {
                Some(best) => state.apply(self.moves[best]),
                None => break,
            }
        }
        for (at, token) in tokens.iter_mut().enumerate() {
            let head = state.heads[at];
            (token.head, token.dep) = if head == NONE { (at as u32, root()) } else { (head, state.labels[at]) };
        }
        undo_projection(tokens, is_space);
        mark_sentences(tokens);
    }
}

fn root() -> Label {
    static ROOT: std::sync::LazyLock<Label> = std::sync::LazyLock::new(|| Label::new("ROOT"));
    *ROOT
}

/// Stack, buffer and arcs.
#[derive(Debug, Default)]
struct State {
    count: u32,
    stack: Vec<u32>,
    /// Words that went back to the buffer, nearest last.
    back: Vec<u32>,
    next: u32,
    heads: Vec<u32>,
    labels: Vec<Label>,
    /// The last word attached to each word from the left and from the right, and for each word the one attached before it.
    last_left: Vec<u32>,
    last_right: Vec<u32>,
    before: Vec<u32>,
    starts: Vec<bool>,
    unshifted: Vec<bool>,
}

impl State {
    fn start(&mut self, count: usize) {
        self.count = count as u32;
        self.stack.clear();
        self.back.clear();
        self.next = 0;
        for list in [&mut self.heads, &mut self.last_left, &mut self.last_right, &mut self.before] {
            list.clear();
            list.resize(count, NONE);
        }
        self.labels.clear();
        self.labels.resize(count, Label::NONE);
        for list in [&mut self.starts, &mut self.unshifted] {
            list.clear();
            list.resize(count, false);
        }
    }

    fn is_final(&self) -> bool {
        self.stack.is_empty() && self.buffer_len() == 0
    }

    fn buffer_len(&self) -> usize {
        (self.count - self.next) as usize + self.back.len()
    }

    /// Word `i` of the stack, from the top.
    fn stack(&self, i: usize) -> u32 {
        if i < self.stack.len() { self.stack[self.stack.len() - 1 - i] } else { NONE }
    }

    /// Word `i` of the buffer.
    fn buffer(&self, i: usize) -> u32 {
        if i < self.back.len() {
            return self.back[self.back.len() - 1 - i];
        }
        let at = self.next + (i - self.back.len()) as u32;
        if at < self.count { at } else { NONE }
    }

    fn features(&self) -> [u32; FEATURES] {
        let of = |list: &[u32], word: u32| if word == NONE { NONE } else { list[word as usize] };
        let (b0, s0) = (self.buffer(0), self.stack(0));
        [
            b0,
            self.buffer(1),
            s0,
            self.stack(1),
            self.stack(2),
            of(&self.last_left, b0),
            of(&self.last_left, s0),
            of(&self.last_right, s0),
        ]
    }

    fn is_start(&self, word: u32) -> bool {
        word != NONE && self.starts[word as usize]
    }

    fn allows(&self, kind: Move) -> bool {
        let b0 = self.buffer(0);
        match kind {
            Move::Shift => {
                self.stack.is_empty()
                    || !(self.buffer_len() < 2 || self.is_start(b0) || (b0 != NONE && self.unshifted[b0 as usize]))
            }
            Move::Reduce => !self.stack.is_empty(),
            Move::Left | Move::Right => !self.stack.is_empty() && self.buffer_len() > 0 && !self.is_start(b0),
            Move::Break => self.buffer_len() >= 2 && self.buffer(1) == b0 + 1 && !self.is_start(self.buffer(1)),
        }
    }

    fn push(&mut self) {
        let word = self.back.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        self.stack.push(word);
    }

    fn apply(&mut self, (kind, label): (Move, Label)) {
        match kind {
            Move::Shift => self.push(),
            Move::Reduce => {
                if let Some(word) = self.stack.pop()
                    && self.heads[word as usize] == NONE
                    && !self.stack.is_empty()
                {
                    self.unshifted[word as usize] = true;
                    self.back.push(word);
                }
            }
            Move::Left => {
                let (head, child) = (self.buffer(0), self.stack(0));
                self.attach(head, child, label);
                self.unshifted[head as usize] = false;
                self.stack.pop();
            }
            Move::Right => {
                let (head, child) = (self.stack(0), self.buffer(0));
                self.attach(head, child, label);
                self.push();
            }
            Move::Break => {
                let word = self.buffer(1);
                self.starts[word as usize] = true;
            }
        }
    }

    fn attach(&mut self, head: u32, child: u32, label: Label) {
        let old = self.heads[child as usize];
        if old != NONE {
            let last = if old > child { &mut self.last_left } else { &mut self.last_right };
            // spaCy forgets an arc only when it is the last of its head; others never get here.
            if last[old as usize] == child {
                last[old as usize] = self.before[child as usize];
            }
        }
        let last = if head > child { &mut self.last_left } else { &mut self.last_right };
        self.before[child as usize] = last[head as usize];
        last[head as usize] = child;
        self.heads[child as usize] = head;
        self.labels[child as usize] = label;
    }
}

/// Arcs with a decorated label `label||head's label` go to the first word of that label below the head, level by level.
fn undo_projection(tokens: &mut [Token], is_space: impl Fn(usize) -> bool) {
    if !tokens.iter().any(|token| token.dep.as_str().contains("||")) {
        return;
    }
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); tokens.len()];
    for (at, token) in tokens.iter().enumerate() {
        if token.head as usize != at {
            children[token.head as usize].push(at as u32);
        }
    }
    for at in 0..tokens.len() {
        let Some((label, wanted)) = tokens[at].dep.as_str().split_once("||") else { continue };
        let old = tokens[at].head;
        let mut level = vec![old];
        let mut seen = 0;
        let new = 'search: loop {
            let mut next = Vec::new();
            for &word in &level {
                for &child in &children[word as usize] {
                    if child as usize == at || is_space(child as usize) {
                        continue;
                    }
                    if tokens[child as usize].dep == *wanted {
                        break 'search child;
                    }
                    next.push(child);
                }
            }
            seen += next.len();
            if next.is_empty() || seen > tokens.len() {
                break old;
            }
            level = next;
        };
        tokens[at].dep = Label::new(label);
        if new != old {
            children[old as usize].retain(|&child| child as usize != at);
            let siblings = &mut children[new as usize];
            let place = siblings.partition_point(|&child| (child as usize) < at);
            siblings.insert(place, at as u32);
            tokens[at].head = new;
        }
    }
}

/// A sentence starts at the leftmost word below each root.
fn mark_sentences(tokens: &mut [Token]) {
    for token in tokens.iter_mut() {
        token.sentence_start = false;
    }
    // The root of each word, found once along each path.
    let mut roots: Vec<u32> = vec![NONE; tokens.len()];
    let mut path = Vec::new();
    for start in 0..tokens.len() {
        let mut at = start;
        while roots[at] == NONE && tokens[at].head as usize != at && path.len() <= tokens.len() {
            path.push(at);
            at = tokens[at].head as usize;
        }
        let root = if roots[at] == NONE { at as u32 } else { roots[at] };
        roots[at] = root;
        for word in path.drain(..) {
            roots[word] = root;
        }
    }
    let mut seen = vec![false; tokens.len()];
    for (at, &root) in roots.iter().enumerate() {
        if !std::mem::replace(&mut seen[root as usize], true) {
            tokens[at].sentence_start = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever moves are picked among the allowed ones, the system ends, and every word has a head or is a root.
        #[test]
        fn any_choice_of_moves_ends_in_trees(count in 0usize..40, choices in prop::collection::vec(any::<u8>(), 2000)) {
            let mut state = State::default();
            state.start(count);
            let kinds = [Move::Shift, Move::Reduce, Move::Left, Move::Right, Move::Break];
            let mut steps = 0;
            while !state.is_final() {
                let allowed: Vec<Move> = kinds.into_iter().filter(|&kind| state.allows(kind)).collect();
                prop_assert!(!allowed.is_empty(), "no move is allowed");
                let choice = choices[steps % choices.len()];
                state.apply((allowed[choice as usize % allowed.len()], Label::new("dep")));
                steps += 1;
                prop_assert!(steps <= 16 * count + 64, "more moves than the bound");
            }
            let mut tokens: Vec<Token> = (0..count)
                .map(|at| Token { head: if state.heads[at] == NONE { at as u32 } else { state.heads[at] }, ..Token::default() })
                .collect();
            mark_sentences(&mut tokens);
            for start in 0..count {
                let mut at = start;
                for _ in 0..=count {
                    at = tokens[at].head as usize;
                }
                prop_assert_eq!(tokens[at].head as usize, at, "the heads above {} run in a circle", start);
            }
            prop_assert!(count == 0 || tokens[0].sentence_start);
        }
    }
}
