//! Stage 3: who says what, by which words.

mod content;
mod find;
pub mod learned;
mod lexicon;
mod quotes;

use dateline_nlp::TokenRange;
use dateline_record::{Act, QuoteKind, SourceKind};

pub(crate) use find::is_passive;
pub use find::{find, see};
pub use lexicon::Rules;

/// Index of an attribution in [`Attributions::all`].
pub type AttributionId = usize;

/// One attribution.
#[derive(Clone, Debug)]
pub struct Said {
    /// The source's noun phrase; none for *reportedly*, *it is said*.
    pub source: Option<TokenRange>,
    /// Head token of the source.
    pub source_head: Option<usize>,
    /// What kind of source.
    pub kind: SourceKind,
    /// The cue: *said*, *according to*, *reportedly*.
    pub cue: Option<TokenRange>,
    /// The cue's main token.
    pub cue_head: Option<usize>,
    /// What the source does with the content.
    pub act: Act,
    /// What is attributed: runs of tokens in text order, not overlapping.
    pub content: Vec<TokenRange>,
    /// How the words are carried over.
    pub quote: Option<QuoteKind>,
    /// The attribution inside whose content this one stands.
    pub outer: Option<AttributionId>,
    /// True for a hedge of the author's own (*reportedly*, *alleged*) that has no source at all.
    pub hearsay: bool,
    /// An attitude or talk about something (*condemned the raid*): an attribution, but no claim hangs on it.
    pub opinion: bool,
    /// It is one that people would mark, so the reading lists it. The others (such as one inside another's content) only hold claims.
    pub listed: bool,
    /// The content as people would mark it, where that is known apart from what claims hang on.
    pub marked: Option<Vec<TokenRange>>,
    /// The rule.
    pub why: String,
}

/// All attributions of the document.
#[derive(Clone, Debug, Default)]
pub struct Attributions {
    /// In text order of their contents.
    pub all: Vec<Said>,
    /// Those whose content touches each stretch of [`STRETCH`] tokens.
    by_stretch: Vec<Vec<AttributionId>>,
}

/// Tokens that share one list of the attributions over them.
const STRETCH: usize = 64;

impl Attributions {
    /// Attributions in text order of their contents.
    #[must_use]
    pub fn new(all: Vec<Said>) -> Self {
        let mut by_stretch: Vec<Vec<AttributionId>> = Vec::new();
        for (id, said) in all.iter().enumerate() {
            for run in said.content.iter().filter(|run| !run.is_empty()) {
                for stretch in run.start / STRETCH..=(run.end - 1) / STRETCH {
                    if by_stretch.len() <= stretch {
                        by_stretch.resize(stretch + 1, Vec::new());
                    }
                    if by_stretch[stretch].last() != Some(&id) {
                        by_stretch[stretch].push(id);
                    }
                }
            }
        }
        Self { all, by_stretch }
    }

    /// The attributions that a token stands under, outermost first. The words of cue and source themselves are not under their own attribution.
    #[must_use]
    pub fn chain(&self, token: usize) -> Vec<AttributionId> {
        let near = self.by_stretch.get(token / STRETCH).map_or(&[][..], Vec::as_slice);
        let over = |id: &AttributionId| !self.all[*id].opinion && self.all[*id].content.iter().any(|run| run.contains(token));
        let mut chain: Vec<AttributionId> = near.iter().copied().filter(over).collect();
        chain.sort_by_key(|&id| std::cmp::Reverse(self.all[id].content.iter().map(|run| run.len()).sum::<usize>()));
        chain
    }
}
