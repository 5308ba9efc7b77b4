//! Stage 6: who, to whom, where, when, with what, how many, on what evidence.

use dateline_record::{Acled, QuantityRole, Visibility};

use crate::attribution::AttributionId;
use crate::coreference::EntityIndex;
use crate::mentions::MentionId;
use dateline_nlp::TokenRange;

/// A slot's filler: the mention's words at this place, or the clearest mention of the entity where grammar only implies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The entity.
    pub entity: EntityIndex,
    /// The mention.
    pub mention: MentionId,
}

/// How media travelled, by tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// What travelled.
    pub media: EntityIndex,
    /// Platforms.
    pub platforms: Vec<EntityIndex>,
    /// The channel's words.
    pub channel: Option<TokenRange>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// The first time.
    pub first: bool,
    /// How far.
    pub spread: Option<TokenRange>,
}

/// A claim before its tokens become spans. `happening` indexes [`crate::happenings::Happenings::all`].
#[derive(Clone, Debug)]
pub struct Draft {
    /// The happening.
    pub happening: usize,
    /// ACLED's code.
    pub acled: Option<Acled>,
    /// Who does it.
    pub actor: Vec<Fill>,
    /// To whom.
    pub recipient: Vec<Fill>,
    /// Where.
    pub place: Vec<Fill>,
    /// With what.
    pub instrument: Vec<Fill>,
    /// On what evidence.
    pub evidence: Vec<Fill>,
    /// Index into `Mentions::times`.
    pub time: Option<usize>,
    /// Indexes into `Mentions::counts`, with the role in this happening.
    pub counts: Vec<(usize, QuantityRole)>,
    /// Outermost first.
    pub chain: Vec<AttributionId>,
    /// How media travelled.
    pub spread: Option<Spread>,
    /// The rules.
    pub why: Vec<String>,
}
