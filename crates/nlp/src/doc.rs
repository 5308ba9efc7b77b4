use std::ops::Range;

use dateline_text::{ByteRange, TextIndex};
use serde::Deserialize;

use crate::Label;

/// Where a token stands in a named entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Iob {
    /// Outside any entity.
    #[default]
    Out,
    /// First token of an entity.
    Begin,
    /// A later token of one.
    In,
}

impl Iob {
    /// spaCy's letter for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Out => "O",
            Self::Begin => "B",
            Self::In => "I",
        }
    }
}

/// One token and everything the pipeline says of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Token {
    /// Its bytes in the text.
    pub range: ByteRange,
    /// A space follows that belongs to no token.
    pub space_after: bool,
    /// Fine-grained tag (Penn Treebank for English).
    pub tag: Label,
    /// Universal part of speech.
    pub pos: Label,
    /// Morphological features, `Key=Value` joined by `|`, in spaCy's order.
    pub morph: Label,
    /// Dependency label to the head.
    pub dep: Label,
    /// Index of the head; its own index at a root.
    pub head: u32,
    /// First token of a sentence.
    pub sentence_start: bool,
    /// Place in an entity.
    pub iob: Iob,
    /// Type of that entity, or none.
    pub entity: Label,
    /// Its lemma, as a range of the document's lemma arena.
    pub(crate) lemma: (u32, u32),
}

/// A run of tokens, half-open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenRange {
    /// First token.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl TokenRange {
    /// From `start` up to `end`, exclusive.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "tokens {start}..{end}");
        Self { start, end }
    }

    /// One token.
    #[must_use]
    pub fn single(token: usize) -> Self {
        Self { start: token, end: token + 1 }
    }

    /// True when the token lies inside.
    #[must_use]
    pub fn contains(self, token: usize) -> bool {
        self.start <= token && token < self.end
    }

    /// True when all of `other` lies inside.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// True when the two share a token.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The token indexes.
    #[must_use]
    pub fn indices(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A named entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its tokens.
    pub tokens: TokenRange,
    /// Its type, such as `GPE`.
    pub label: Label,
}

/// A parsed text.
///
/// Navigation (children, subtrees, sentences) is prepared once by `Doc::finish`; every question after that is constant time or
/// linear in its answer. Heads never leave their sentence, and every sentence has exactly one root.
#[derive(Clone, Debug, Default)]
pub struct Doc {
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    pub(crate) lemmas: String,
    sentences: Vec<TokenRange>,
    sentence_of: Vec<u32>,
    entities: Vec<Entity>,
    /// Children of all tokens, by token in text order; `child_start[i]..child_start[i + 1]` are those of token `i`.
    children: Vec<u32>,
    child_start: Vec<u32>,
    /// Leftmost and rightmost (inclusive) token of each subtree.
    edges: Vec<(u32, u32)>,
}

/// Why a parse that was read from JSON can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DocError {
    /// Not JSON, or not of the expected shape.
    #[error("not a parse: {0}")]
    Json(#[from] serde_json::Error),
    /// A token does not stand where it says.
    #[error("token {index} (`{token}`) does not stand at code point {at} of the text")]
    Misplaced {
        /// Its index.
        index: usize,
        /// Its text.
        token: String,
        /// Where it claims to be.
        at: usize,
    },
    /// A head points outside the document.
    #[error("token {index} has head {head}, but there are {count} tokens")]
    Head {
        /// The token.
        index: usize,
        /// Its head.
        head: usize,
        /// Tokens in the document.
        count: usize,
    },
}

/// One token in the JSONL form: text, idx, ws, tag, pos, lemma, dep, head, iob, entity type, sentence start.
#[derive(Deserialize)]
struct JsonToken<'a>(
    std::borrow::Cow<'a, str>,
    usize,
    bool,
    std::borrow::Cow<'a, str>,
    std::borrow::Cow<'a, str>,
    std::borrow::Cow<'a, str>,
    std::borrow::Cow<'a, str>,
    usize,
    std::borrow::Cow<'a, str>,
    std::borrow::Cow<'a, str>,
    bool,
);

impl Doc {
    /// The text, exactly as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// True when the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// All tokens, in text order.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Token `i`.
    #[must_use]
    pub fn token(&self, i: usize) -> &Token {
        &self.tokens[i]
    }

    /// The words of token `i`.
    #[must_use]
    pub fn word(&self, i: usize) -> &str {
        &self.text[self.tokens[i].range.to_usize()]
    }

    /// The lemma of token `i`.
    #[must_use]
    pub fn lemma(&self, i: usize) -> &str {
        let (start, end) = self.tokens[i].lemma;
        &self.lemmas[start as usize..end as usize]
    }

    /// The head of token `i`; itself at a root.
    #[must_use]
    pub fn head(&self, i: usize) -> usize {
        self.tokens[i].head as usize
    }

    /// Dependency label of token `i`.
    #[must_use]
    pub fn dep(&self, i: usize) -> Label {
        self.tokens[i].dep
    }

    /// Fine tag of token `i`.
    #[must_use]
    pub fn tag(&self, i: usize) -> Label {
        self.tokens[i].tag
    }

    /// Part of speech of token `i`.
    #[must_use]
    pub fn pos(&self, i: usize) -> Label {
        self.tokens[i].pos
    }

    /// True when token `i` is the root of its sentence.
    #[must_use]
    pub fn is_root(&self, i: usize) -> bool {
        self.head(i) == i
    }

    /// Bytes of a run of tokens, without the white space after the last.
    #[must_use]
    pub fn bytes(&self, range: TokenRange) -> ByteRange {
        if range.is_empty() {
            let at = self.tokens.get(range.start).map_or(self.text.len() as u32, |token| token.range.start);
            return ByteRange { start: at, end: at };
        }
        ByteRange { start: self.tokens[range.start].range.start, end: self.tokens[range.end - 1].range.end }
    }

    /// The words of a run of tokens, as they stand in the text.
    #[must_use]
    pub fn words(&self, range: TokenRange) -> &str {
        &self.text[self.bytes(range).to_usize()]
    }

    /// Sentences, in text order; together they hold every token.
    #[must_use]
    pub fn sentences(&self) -> &[TokenRange] {
        &self.sentences
    }

    /// Index of the sentence that holds token `i`.
    #[must_use]
    pub fn sentence_of(&self, i: usize) -> usize {
        self.sentence_of[i] as usize
    }

    /// Named entities, in text order, not overlapping.
    #[must_use]
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The entity that holds token `i`.
    #[must_use]
    pub fn entity_at(&self, i: usize) -> Option<Entity> {
        let after = self.entities.partition_point(|entity| entity.tokens.start <= i);
        self.entities[..after].last().copied().filter(|entity| entity.tokens.contains(i))
    }

    /// Children of token `i` in text order.
    pub fn children(&self, i: usize) -> impl DoubleEndedIterator<Item = usize> + Clone + '_ {
        self.children[self.child_start[i] as usize..self.child_start[i + 1] as usize].iter().map(|&child| child as usize)
    }

    /// First child of token `i` with this dependency label.
    #[must_use]
    pub fn child(&self, i: usize, dep: &str) -> Option<usize> {
        self.children(i).find(|&child| self.tokens[child].dep == dep)
    }

    /// Children of token `i` with any of these dependency labels.
    pub fn children_with<'a>(&'a self, i: usize, deps: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
        self.children(i).filter(move |&child| deps.contains(&self.tokens[child].dep.as_str()))
    }

    /// From the leftmost to the rightmost token below `i` (inclusive of `i`).
    #[must_use]
    pub fn subtree(&self, i: usize) -> TokenRange {
        let (left, right) = self.edges[i];
        TokenRange { start: left as usize, end: right as usize + 1 }
    }

    /// The heads above token `i`, nearest first, up to the root.
    pub fn ancestors(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(i), move |&at| (!self.is_root(at)).then(|| self.head(at))).skip(1)
    }

    /// True when `token` lies below `ancestor` in the tree, or is it.
    #[must_use]
    pub fn is_below(&self, token: usize, ancestor: usize) -> bool {
        token == ancestor || self.ancestors(token).any(|at| at == ancestor)
    }

    /// The coordinated group that starts at `i`: itself and everything joined to it by `conj`, in text order of discovery.
    #[must_use]
    pub fn conjuncts(&self, i: usize) -> Vec<usize> {
        let mut group = vec![i];
        let mut at = 0;
        while at < group.len() {
            group.extend(self.children(group[at]).filter(|&child| self.tokens[child].dep == "conj"));
            at += 1;
        }
        group
    }

    /// Builds a document from tokens whose heads, labels and lemmas are set. Broken trees (a head outside the sentence, a cycle)
    /// are mended by making the offender a root of its own kind: nothing here panics on what a parser may emit.
    pub(crate) fn finish(text: String, mut tokens: Vec<Token>, lemmas: String) -> Self {
        let count = tokens.len();
        if let Some(first) = tokens.first_mut() {
            first.sentence_start = true;
        }
        let mut sentences: Vec<TokenRange> = Vec::new();
        let mut sentence_of = Vec::with_capacity(count);
        for (i, token) in tokens.iter().enumerate() {
            if token.sentence_start {
                sentences.push(TokenRange::new(i, i));
            }
            if let Some(sentence) = sentences.last_mut() {
                sentence.end = i + 1;
            }
            sentence_of.push(sentences.len() as u32 - 1);
        }
        for i in 0..count {
            let head = tokens[i].head as usize;
            if head >= count || sentence_of[head] != sentence_of[i] {
                tokens[i].head = i as u32;
            }
        }
        break_cycles(&mut tokens);

        let mut child_start = vec![0u32; count + 1];
        for (i, token) in tokens.iter().enumerate() {
            if token.head as usize != i {
                child_start[token.head as usize + 1] += 1;
            }
        }
        for i in 0..count {
            child_start[i + 1] += child_start[i];
        }
        let mut fill = child_start.clone();
        let mut children = vec![0u32; child_start[count] as usize];
        for (i, token) in tokens.iter().enumerate() {
            let head = token.head as usize;
            if head != i {
                children[fill[head] as usize] = i as u32;
                fill[head] += 1;
            }
        }

        let mut edges: Vec<(u32, u32)> = (0..count as u32).map(|i| (i, i)).collect();
        // Children before heads: walk from the leaves by repeatedly folding a finished node into its head.
        let mut waiting: Vec<u32> = (0..count).map(|i| child_start[i + 1] - child_start[i]).collect();
        let mut ready: Vec<usize> = (0..count).filter(|&i| waiting[i] == 0).collect();
        while let Some(i) = ready.pop() {
            let head = tokens[i].head as usize;
            if head != i {
                let (left, right) = edges[i];
                edges[head] = (edges[head].0.min(left), edges[head].1.max(right));
                waiting[head] -= 1;
                if waiting[head] == 0 {
                    ready.push(head);
                }
            }
        }

        let mut entities: Vec<Entity> = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            match token.iob {
                Iob::Begin => entities.push(Entity { tokens: TokenRange::single(i), label: token.entity }),
                Iob::In => {
                    if let Some(last) = entities.last_mut().filter(|last| last.tokens.end == i) {
                        last.tokens.end = i + 1;
                    }
                }
                Iob::Out => {}
            }
        }
        Self { text, tokens, lemmas, sentences, sentence_of, entities, children, child_start, edges }
    }

    /// Reads one line of `dateline parse` (or of the spaCy script beside the parity data) over its text.
    ///
    /// # Errors
    /// When the tokens are not of that shape, do not stand in `text` where they say, or have heads outside the document.
    pub fn from_json_tokens(text: &str, tokens: &serde_json::Value) -> Result<Self, DocError> {
        let rows: Vec<JsonToken<'static>> = serde_json::from_value(tokens.clone())?;
        let index = TextIndex::new(text);
        let count = rows.len();
        let mut lemmas = String::new();
        let mut out = Vec::with_capacity(count);
        for (i, JsonToken(word, at, space_after, tag, pos, lemma, dep, head, iob, entity, sentence_start)) in
            rows.into_iter().enumerate()
        {
            let start = index.byte_of_code_point(at);
            let range = ByteRange::new(start, start + word.len());
            if range.slice(text) != Some(&*word) {
                return Err(DocError::Misplaced { index: i, token: word.into_owned(), at });
            }
            if head >= count {
                return Err(DocError::Head { index: i, head, count });
            }
            let lemma_start = lemmas.len() as u32;
            lemmas.push_str(&lemma);
            out.push(Token {
                range,
                space_after,
                tag: Label::new(&tag),
                pos: Label::new(&pos),
                morph: Label::NONE,
                dep: Label::new(&dep),
                head: head as u32,
                sentence_start,
                iob: match &*iob {
                    "B" => Iob::Begin,
                    "I" => Iob::In,
                    _ => Iob::Out,
                },
                entity: Label::new(&entity),
                lemma: (lemma_start, lemmas.len() as u32),
            });
        }
        Ok(Self::finish(text.to_owned(), out, lemmas))
    }

    /// The tokens in the JSONL form: an array of
    /// `[text, idx, ws, tag, pos, lemma, dep, head, ent_iob, ent_type, is_sent_start]`, idx in code points.
    #[must_use]
    pub fn to_json_tokens(&self) -> serde_json::Value {
        let index = TextIndex::new(&self.text);
        (0..self.len())
            .map(|i| {
                let token = &self.tokens[i];
                serde_json::json!([
                    self.word(i),
                    index.code_point(token.range.start as usize),
                    token.space_after,
                    token.tag.as_str(),
                    token.pos.as_str(),
                    self.lemma(i),
                    token.dep.as_str(),
                    token.head,
                    token.iob.as_str(),
                    token.entity.as_str(),
                    token.sentence_start
                ])
            })
            .collect()
    }
}

/// Makes every token on a head cycle a root; linear in the number of tokens.
fn break_cycles(tokens: &mut [Token]) {
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut state = vec![NEW; tokens.len()];
    let mut path = Vec::new();
    for start in 0..tokens.len() {
        let mut at = start;
        while state[at] == NEW {
            state[at] = OPEN;
            path.push(at);
            at = tokens[at].head as usize;
        }
        if state[at] == OPEN && tokens[at].head as usize != at {
            tokens[at].head = at as u32;
        }
        for node in path.drain(..) {
            state[node] = DONE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(rows: serde_json::Value, text: &str) -> Doc {
        Doc::from_json_tokens(text, &rows).unwrap()
    }

    fn sample() -> Doc {
        doc(
            serde_json::json!([
                ["Troops", 0, true, "NNS", "NOUN", "troop", "nsubj", 1, "O", "", true],
                ["left", 7, true, "VBD", "VERB", "leave", "ROOT", 1, "O", "", false],
                ["Kyiv", 12, false, "NNP", "PROPN", "Kyiv", "dobj", 1, "B", "GPE", false],
                [".", 16, false, ".", "PUNCT", ".", "punct", 1, "O", "", false]
            ]),
            "Troops left Kyiv.",
        )
    }

    #[test]
    fn navigates_the_tree() {
        let doc = sample();
        assert_eq!(doc.children(1).collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(doc.child(1, "dobj").map(|i| doc.word(i)), Some("Kyiv"));
        assert_eq!(doc.subtree(1), TokenRange::new(0, 4));
        assert_eq!(doc.entity_at(2).map(|e| doc.words(e.tokens)), Some("Kyiv"));
        assert!(doc.is_below(2, 1) && !doc.is_below(1, 2));
    }

    #[test]
    fn json_form_round_trips() {
        let doc = sample();
        let again = Doc::from_json_tokens(doc.text(), &doc.to_json_tokens()).unwrap();
        assert_eq!(doc.to_json_tokens(), again.to_json_tokens());
    }

    #[test]
    fn a_cycle_of_heads_becomes_a_root() {
        let doc = doc(
            serde_json::json!([
                ["a", 0, true, "", "", "a", "x", 1, "O", "", true],
                ["b", 2, false, "", "", "b", "x", 0, "O", "", false]
            ]),
            "a b",
        );
        assert!(doc.is_root(0));
        assert_eq!(doc.subtree(0), TokenRange::new(0, 2));
    }

    #[test]
    fn err_token_that_does_not_stand_there() {
        let rows = serde_json::json!([["b", 0, false, "", "", "", "", 0, "O", "", true]]);
        let error = Doc::from_json_tokens("a", &rows).unwrap_err();
        assert_eq!(error.to_string(), "token 0 (`b`) does not stand at code point 0 of the text");
    }
}
