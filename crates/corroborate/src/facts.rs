//! What one report says of one happening, cut down to what comparing needs.

use std::sync::LazyLock;

use dateline_record::{
    Act, Claim, Country, Edtf, Entity, EntityId, Event, EventType, FactualityValue, Mode, Precision, QuantityRole, Reading,
    Sector, SourceKind,
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// Who acts, suffers or speaks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// Canonical name.
    pub name: String,
    /// Country, where known.
    pub country: Option<Country>,
    /// PLOVER sector, where known.
    pub sector: Option<Sector>,
}

/// Where it happened, as finely as the report says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Locality {
    /// Name.
    pub name: String,
    /// Country.
    pub country: Option<Country>,
    /// First-level division, by name.
    pub admin1: Option<String>,
    /// Degrees.
    pub lat: Option<f32>,
    /// Degrees.
    pub lon: Option<f32>,
    /// How fine; a country or region holds everything inside.
    pub precision: Option<Precision>,
}

/// A count with its bounds; a missing bound is open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// In which role.
    pub role: QuantityRole,
    /// At least.
    #[serde(default)]
    pub min: Option<i64>,
    /// At most.
    #[serde(default)]
    pub max: Option<i64>,
    /// *about*, *dozens*.
    #[serde(default)]
    pub approx: bool,
}

impl Count {
    /// The count in words: `3`, `at least 12`, `about 5–7`.
    #[must_use]
    pub fn words(&self) -> String {
        let about = if self.approx { "about " } else { "" };
        match (self.min, self.max) {
            (Some(min), Some(max)) if min == max => format!("{about}{min}"),
            (Some(min), Some(max)) => format!("{about}{min}–{max}"),
            (Some(min), None) => format!("at least {about}{min}"),
            (None, Some(max)) => format!("at most {about}{max}"),
            (None, None) => "an unknown number".to_owned(),
        }
    }
}

/// What a report says of one happening.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventFacts {
    /// PLOVER type.
    pub kind: Option<EventType>,
    /// PLOVER mode.
    pub mode: Option<Mode>,
    /// Who does it.
    pub actors: Vec<Party>,
    /// To whom.
    pub recipients: Vec<Party>,
    /// Where.
    pub places: Vec<Locality>,
    /// When, as the report says; not the day it was published.
    pub when: Option<Edtf>,
    /// When the report was published.
    pub published: Option<Edtf>,
    /// What is counted.
    pub counts: Vec<Count>,
    /// The words that name the happening, in lower case.
    pub trigger: String,
    /// Content words of the sentences that tell of it, in lower case; see [`content_words`].
    pub words: Vec<String>,
    /// Whether the report offers evidence: a photo, a video, a document, a witness.
    pub evidence: bool,
}

/// One link of a chain of those who say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Speaker {
    /// Who; the name is empty when the report does not say.
    #[serde(default)]
    pub who: Party,
    /// What kind of source.
    pub kind: SourceKind,
    /// What the source does with the claim.
    pub act: Act,
}

/// One claim of one report about an event, with who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Id of the report.
    pub report: u64,
    /// What it says.
    pub facts: EventFacts,
    /// Who says so, outermost first; empty when the report itself does.
    pub chain: Vec<Speaker>,
    /// As the innermost source holds it.
    pub held: FactualityValue,
}

/// The words of `empty_words.txt`.
static EMPTY: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    include_str!("empty_words.txt").lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Letters-only words of at least three letters that carry content, in lower case, in text order without repeats.
#[must_use]
pub fn content_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut seen = FxHashSet::default();
    for word in text.split(|letter: char| !letter.is_alphabetic()) {
        let word = word.to_lowercase();
        if word.chars().count() >= 3 && !EMPTY.contains(word.as_str()) && seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

impl EventFacts {
    /// What a reading says of one of its events.
    #[must_use]
    pub fn of(reading: &Reading, event: &Event) -> Self {
        let entities: FxHashMap<EntityId, &Entity> = reading.entities.iter().map(|entity| (entity.id, entity)).collect();
        let claims: Vec<&Claim> = reading.claims.iter().filter(|claim| event.claims.contains(&claim.id)).collect();
        let mut facts = Self::of_claims(reading, &entities, &claims);
        facts.kind = event.kind.or(facts.kind);
        facts.when = event.time.as_ref().and_then(|time| time.edtf.clone()).or(facts.when);
        facts
    }

    fn of_claims(reading: &Reading, entities: &FxHashMap<EntityId, &Entity>, claims: &[&Claim]) -> Self {
        let unique = |ids: Vec<EntityId>| {
            let mut seen = FxHashSet::default();
            ids.into_iter().filter(|&id| seen.insert(id)).filter_map(|id| entities.get(&id).copied()).collect::<Vec<_>>()
        };
        let party = |entity: &Entity| Party { name: entity.name.clone(), country: entity.country, sector: entity.sector };
        let text: String = claims.iter().map(|claim| sentence(reading, claim.sentence)).collect::<Vec<_>>().join(" ");
        Self {
            kind: claims.iter().find_map(|claim| claim.event.kind),
            mode: claims.iter().find_map(|claim| claim.event.mode),
            actors: unique(claims.iter().flat_map(|claim| claim.actor.iter().map(|filler| filler.entity)).collect())
                .into_iter()
                .map(party)
                .collect(),
            recipients: unique(claims.iter().flat_map(|claim| claim.recipient.iter().map(|filler| filler.entity)).collect())
                .into_iter()
                .map(party)
                .collect(),
            places: unique(claims.iter().flat_map(|claim| claim.place.iter().map(|filler| filler.entity)).collect())
                .into_iter()
                .map(|entity| Locality {
                    name: entity.name.clone(),
                    country: entity.country,
                    admin1: entity.admin1.clone(),
                    lat: entity.lat,
                    lon: entity.lon,
                    precision: entity.precision,
                })
                .collect(),
            when: claims.iter().find_map(|claim| claim.time.as_ref()?.edtf.clone()),
            published: reading.document.published.clone(),
            counts: claims
                .iter()
                .flat_map(|claim| &claim.quantities)
                .map(|count| Count { role: count.role, min: count.min, max: count.max, approx: count.approx })
                .collect(),
            trigger: claims.first().map(|claim| claim.trigger.text().to_lowercase()).unwrap_or_default(),
            words: content_words(&text),
            evidence: claims.iter().any(|claim| !claim.evidence.is_empty()),
        }
    }
}

impl Statement {
    /// The statements of a reading on one of its events: one for each claim.
    #[must_use]
    pub fn of(report: u64, reading: &Reading, event: &Event) -> Vec<Self> {
        let entities: FxHashMap<EntityId, &Entity> = reading.entities.iter().map(|entity| (entity.id, entity)).collect();
        let whole = EventFacts::of(reading, event);
        let claims = reading.claims.iter().filter(|claim| event.claims.contains(&claim.id));
        claims
            .map(|claim| {
                let own = EventFacts::of_claims(reading, &entities, &[claim]);
                // A claim that leaves a field open means the event's; counts and evidence stay its own.
                let or = |own: Vec<Party>, whole: &[Party]| if own.is_empty() { whole.to_vec() } else { own };
                let facts = EventFacts {
                    kind: own.kind.or(whole.kind),
                    mode: own.mode.or(whole.mode),
                    actors: or(own.actors, &whole.actors),
                    recipients: or(own.recipients, &whole.recipients),
                    places: if own.places.is_empty() { whole.places.clone() } else { own.places },
                    when: own.when.or_else(|| whole.when.clone()),
                    ..own
                };
                let chain = claim
                    .attribution
                    .iter()
                    .map(|step| {
                        let entity = step.source.as_ref().and_then(|source| entities.get(&source.entity).copied());
                        let who = entity.map(|entity| Party {
                            name: entity.name.clone(),
                            country: entity.country,
                            sector: entity.sector,
                        });
                        Speaker { who: who.unwrap_or_default(), kind: step.kind, act: step.act }
                    })
                    .collect();
                Self { report, facts, chain, held: claim.factuality.source }
            })
            .collect()
    }
}

/// The words of a sentence; positions of a reading count code points.
fn sentence(reading: &Reading, at: usize) -> String {
    let Some(sentence) = reading.sentences.get(at) else { return String::new() };
    reading.document.text.chars().skip(sentence.start).take(sentence.end.saturating_sub(sentence.start)).collect()
}

/// A name for comparing: lower case, words only, without a leading article.
pub(crate) fn name_key(name: &str) -> String {
    let lower = name.to_lowercase().replace(['\'', '\u{2019}'], "");
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.split_first() {
        Some((&("the" | "a" | "an"), rest)) if !rest.is_empty() => rest.join(" "),
        _ => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_words_are_in_order_and_left_out() {
        let words: Vec<&str> = include_str!("empty_words.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .collect();
        assert_eq!(words.len(), EMPTY.len(), "a word stands there twice");
        assert!(words.iter().all(|word| word.len() >= 3 && word.chars().all(|letter| letter.is_ascii_lowercase())));
        assert_eq!(content_words("The mayor SAID that shells, shells fell on 2 houses."), ["mayor", "shells", "fell", "houses"]);
    }
}
