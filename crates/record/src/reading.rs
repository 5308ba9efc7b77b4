use std::collections::HashSet;
use std::fmt::Write as _;

use dateline_text::{ByteRange, TextIndex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Attribution, Claim, ClaimId, Edtf, Entity, EntityId, EventId, EventType, People, Quantity, Report, Span, TimeValue};

/// The version of the JSON form.
pub const SCHEMA: &str = "dateline.reading/1";

/// The report that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Document {
    /// `sha256:` and the hex digest of the UTF-8 text.
    pub id: String,
    /// The sender's own name for it.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Outlet or channel.
    pub source: Option<String>,
    /// Byline.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<Edtf>,
    /// BCP 47 tag.
    pub language: String,
    /// The text.
    pub text: String,
}

impl Document {
    /// The document of a report; its language as the report gives it, else `language`.
    #[must_use]
    pub fn new(report: &Report, language: &str) -> Self {
        let mut id = String::from("sha256:");
        for byte in Sha256::digest(report.text.as_bytes()) {
            let _ = write!(id, "{byte:02x}");
        }
        Self {
            id,
            reference: report.reference.clone(),
            title: report.title.clone(),
            url: report.url.clone(),
            source: report.source.clone(),
            author: report.author.clone(),
            published: report.published.clone(),
            language: report.language.clone().unwrap_or_else(|| language.to_owned()),
            text: report.text.clone(),
        }
    }
}

/// A sentence, in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sentence {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Sentence {
    /// From bytes.
    #[must_use]
    pub fn new(index: &TextIndex<'_>, range: ByteRange) -> Self {
        let (start, end) = index.code_points(range);
        Self { start, end }
    }
}

/// Claims of one document that speak of the same happening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// Its id within the reading.
    pub id: EventId,
    /// Its claims.
    pub claims: Vec<ClaimId>,
    /// Its type, when its claims agree or the fullest of them says.
    #[serde(rename = "type")]
    pub kind: Option<EventType>,
    /// All actors.
    pub actor: Vec<EntityId>,
    /// All recipients.
    pub recipient: Vec<EntityId>,
    /// All places.
    pub place: Vec<EntityId>,
    /// The most exact time.
    pub time: Option<TimeValue>,
    /// All counts.
    pub quantities: Vec<Quantity>,
    /// Names of the fields on which its claims differ.
    pub disputed: Vec<String>,
}

/// What a report says: the reader's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reading {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// What was read.
    pub document: Document,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
    /// What it names.
    pub entities: Vec<Entity>,
    /// What it presents as happening.
    pub claims: Vec<Claim>,
    /// Who says what, claims or not.
    #[serde(default)]
    pub attributions: Vec<Attribution>,
    /// Claims of one happening, together.
    pub events: Vec<Event>,
    /// Every time that the text gives, of claims or not; the value is null where the words give none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<TimeValue>,
    /// Every count and sum that the text gives, of claims or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quantities: Vec<Quantity>,
    /// Every word for a nationality, people or faith.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peoples: Vec<People>,
    /// Why the text was kept but not read, such as `not read: language uk`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_read: Option<String>,
}

/// What makes a reading break its contract.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    /// Another version, or no reading at all.
    #[error("schema is `{0}`, expected `dateline.reading/1`")]
    Schema(String),
    /// A span does not hold the words it says.
    #[error("{place}: the text at {start}..{end} is not `{text}`")]
    Span {
        /// Where in the reading.
        place: String,
        /// First code point.
        start: usize,
        /// One past the last.
        end: usize,
        /// The words it claims.
        text: String,
    },
    /// Something refers to an entity, claim or sentence that is not there.
    #[error("{place}: there is no {what}")]
    Dangling {
        /// Where in the reading.
        place: String,
        /// What is missing.
        what: String,
    },
}

impl Reading {
    /// A reading of nothing: the document is kept, and `why` says why it was not read.
    #[must_use]
    pub fn not_read(report: &Report, language: &str, why: String) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            document: Document::new(report, language),
            sentences: Vec::new(),
            entities: Vec::new(),
            claims: Vec::new(),
            attributions: Vec::new(),
            events: Vec::new(),
            times: Vec::new(),
            quantities: Vec::new(),
            peoples: Vec::new(),
            not_read: Some(why),
        }
    }

    /// Checks the contract: every span's text is its slice, every reference leads somewhere.
    ///
    /// # Errors
    /// The first breach found.
    pub fn check(&self) -> Result<(), ReadingError> {
        if self.schema != SCHEMA {
            return Err(ReadingError::Schema(self.schema.clone()));
        }
        let index = TextIndex::new(&self.document.text);
        let span = |place: &str, span: &Span| {
            if span.holds_in(&index) {
                return Ok(());
            }
            Err(ReadingError::Span {
                place: place.to_owned(),
                start: span.start(),
                end: span.end(),
                text: span.text().to_owned(),
            })
        };
        let entities: HashSet<EntityId> = self.entities.iter().map(|entity| entity.id).collect();
        let known = |place: &str, id: EntityId| {
            if entities.contains(&id) {
                return Ok(());
            }
            Err(ReadingError::Dangling { place: place.to_owned(), what: format!("entity {id}") })
        };
        for entity in &self.entities {
            let place = entity.id.to_string();
            entity.mentions.iter().try_for_each(|mention| span(&place, mention))?;
            entity.part_of.map_or(Ok(()), |whole| known(&place, whole))?;
        }
        for claim in &self.claims {
            let place = claim.id.to_string();
            span(&place, &claim.trigger)?;
            if claim.sentence >= self.sentences.len() {
                return Err(ReadingError::Dangling { place, what: format!("sentence {}", claim.sentence) });
            }
            for filler in [&claim.actor, &claim.recipient, &claim.place, &claim.instrument, &claim.evidence].into_iter().flatten()
            {
                known(&place, filler.entity)?;
                span(&place, &filler.mention)?;
            }
            for step in &claim.attribution {
                if let Some(source) = &step.source {
                    known(&place, source.entity)?;
                    span(&place, &source.mention)?;
                }
                step.cue.iter().chain(&step.content).try_for_each(|words| span(&place, words))?;
            }
            claim.factuality.cues.iter().try_for_each(|cue| span(&place, cue))?;
            claim.time.iter().try_for_each(|time| span(&place, &time.mention))?;
            for quantity in &claim.quantities {
                std::iter::once(&quantity.mention).chain(&quantity.of).try_for_each(|words| span(&place, words))?;
            }
            if let Some(circulation) = &claim.circulation {
                known(&place, circulation.media)?;
                circulation.platforms.iter().try_for_each(|&platform| known(&place, platform))?;
                circulation.channel.iter().chain(&circulation.spread).try_for_each(|words| span(&place, words))?;
            }
            for coding in &claim.coding {
                span(&place, &coding.trigger)?;
                for value in coding.slots.values().flatten() {
                    span(&place, &value.mention)?;
                    value.entity.map_or(Ok(()), |entity| known(&place, entity))?;
                }
            }
        }
        for attribution in &self.attributions {
            let words = attribution.source.iter().map(|source| &source.words).chain(&attribution.cue).chain(&attribution.content);
            words.into_iter().try_for_each(|words| span("attributions", words))?;
        }
        self.times.iter().try_for_each(|time| span("times", &time.mention))?;
        self.peoples.iter().try_for_each(|people| span("peoples", &people.mention))?;
        for quantity in &self.quantities {
            std::iter::once(&quantity.mention).chain(&quantity.of).try_for_each(|words| span("quantities", words))?;
        }
        let claims: HashSet<ClaimId> = self.claims.iter().map(|claim| claim.id).collect();
        for event in &self.events {
            let place = event.id.to_string();
            for claim in &event.claims {
                if !claims.contains(claim) {
                    return Err(ReadingError::Dangling { place, what: format!("claim {claim}") });
                }
            }
            event.actor.iter().chain(&event.recipient).chain(&event.place).try_for_each(|&id| known(&place, id))?;
            event.time.iter().try_for_each(|time| span(&place, &time.mention))?;
            event.quantities.iter().try_for_each(|quantity| span(&place, &quantity.mention))?;
        }
        Ok(())
    }
}
