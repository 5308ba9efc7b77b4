//! Stage 6: who, to whom, where, when, with what, how many, on what evidence.
//!
//! Grammar decides: an argument is what happenings found it to be; a place, a time or a count belongs to the first happening above it in
//! the tree. What grammar only implies (the actor of *during an operation in*, the time of a second verb joined by *and*) is passed
//! along the links between happenings of one sentence, and `why` says so. Nothing crosses from another sentence: that is for
//! grouping.

mod counts;
mod evidence;
mod lexicon;
mod link;
mod participants;
mod setting;

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Acled, QuantityRole, Visibility};

use crate::attribution::{AttributionId, Attributions};
use crate::coreference::{Entities, EntityIndex};
use crate::happenings::Happenings;
use crate::mentions::{MentionId, Mentions};

pub use lexicon::Rules;

use link::Links;

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

impl Scene<'_> {
    /// The thing that the noun phrase headed by `head` names: its own mention, the one that it measures (*hundreds* of soldiers), or the
    /// smallest mention around it.
    pub(crate) fn fill_at(&self, head: usize) -> Option<Fill> {
        let mention = self.mentions.at_head(head).or_else(|| self.around(head))?;
        Some(Fill { entity: *self.entities.of_mention.get(mention)?, mention })
    }

    /// The smallest mention that holds a token, looked for among those whose heads are near.
    fn around(&self, token: usize) -> Option<MentionId> {
        const REACH: usize = 12;
        let all = &self.mentions.all;
        let from = all.partition_point(|mention| mention.head + REACH < token);
        (from..all.len())
            .take_while(|&id| all[id].head <= token + REACH)
            .filter(|&id| all[id].tokens.contains(token) && self.doc.is_below(all[id].head, token))
            .min_by_key(|&id| all[id].tokens.len())
    }
}

/// One draft for each happening, in text order.
#[must_use]
pub fn fill(rules: &Rules, scene: &Scene<'_>) -> Vec<Draft> {
    let links = Links::new(scene);
    let mut drafts: Vec<Draft> = scene
        .happenings
        .all
        .iter()
        .enumerate()
        .map(|(at, happening)| Draft {
            happening: at,
            acled: None,
            actor: Vec::new(),
            recipient: Vec::new(),
            place: Vec::new(),
            instrument: Vec::new(),
            evidence: Vec::new(),
            time: None,
            counts: Vec::new(),
            chain: scene.attributions.chain(happening.trigger),
            spread: None,
            why: Vec::new(),
        })
        .collect();
    participants::fill(scene, &mut drafts);
    setting::places(scene, &links, &mut drafts);
    setting::nested(scene, &mut drafts);
    setting::times(scene, &links, &mut drafts);
    evidence::fill(rules, scene, &links, &mut drafts);
    evidence::circulation(rules, scene, &links, &mut drafts);
    participants::inherit(scene, &links, &mut drafts);
    participants::purpose(scene, &links, &mut drafts);
    setting::inherit(scene, &links, &mut drafts);
    counts::fill(rules, scene, &links, &mut drafts);
    participants::acled(scene, &mut drafts);
    drafts
}

/// Adds a filler that is not there yet.
fn add(fills: &mut Vec<Fill>, fill: Fill) -> bool {
    let new = !fills.iter().any(|known| known.entity == fill.entity);
    if new {
        fills.push(fill);
    }
    new
}
