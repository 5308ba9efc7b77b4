//! Stage 6: who, to whom, where, when, with what, how many, on what evidence.

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Acled, QuantityRole, Visibility};

use crate::attribution::{AttributionId, Attributions};
use crate::coreference::{Entities, EntityIndex};
use crate::happenings::{Happenings, Role};
use crate::lexicon::{LexiconError, Lexicons};
use crate::mentions::{MentionId, Mentions};

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

/// What the stages before found in one report.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The parse.
    pub doc: &'a Doc,
    /// Stage 1.
    pub mentions: &'a Mentions,
    /// Stage 2.
    pub entities: &'a Entities,
    /// Stage 3.
    pub attributions: &'a Attributions,
    /// Stage 4.
    pub happenings: &'a Happenings,
}

/// The rules of this stage.
#[derive(Debug)]
pub struct Rules {}

impl Rules {
    /// From the lexicons.
    ///
    /// # Errors
    /// When a lexicon's content is wrong.
    pub fn new(_: &Lexicons) -> Result<Self, LexiconError> {
        Ok(Self {})
    }
}

impl Scene<'_> {
    /// The thing that the noun phrase headed by `head` names.
    fn fill_at(&self, head: usize) -> Option<Fill> {
        let mention = self.mentions.at_head(head)?;
        Some(Fill { entity: *self.entities.of_mention.get(mention)?, mention })
    }
}

/// One draft for each happening, in text order.
#[must_use]
pub fn fill(_rules: &Rules, scene: &Scene<'_>) -> Vec<Draft> {
    scene
        .happenings
        .all
        .iter()
        .enumerate()
        .map(|(at, happening)| {
            let fills = |role| happening.heads(role).filter_map(|head| scene.fill_at(head)).collect();
            Draft {
                happening: at,
                acled: None,
                actor: fills(Role::Actor),
                recipient: fills(Role::Recipient),
                place: fills(Role::Place),
                instrument: fills(Role::Instrument),
                evidence: Vec::new(),
                time: None,
                counts: Vec::new(),
                chain: scene.attributions.chain(happening.trigger),
                spread: None,
                why: Vec::new(),
            }
        })
        .collect()
}
