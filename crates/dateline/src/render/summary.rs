use std::collections::{BTreeMap, HashMap};

use dateline_record::{
    Claim, ClaimId, Coding, Entity, EntityId, EntityKind, Event, FactualityValue, Filler, Quantity, Reading, SlotValue,
    SourceKind, TimeValue,
};

use super::person::Protected;
use super::wording::{self, Tone, one_line, within_line};

/// How much of a sentence is quoted, in characters; the rest is cut at word boundaries.
const EXCERPT: usize = 220;

/// What a reading says, put into words and ready to be laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// What happened, in text order; those with a code first.
    pub happenings: Vec<Happening>,
    /// Claims in all.
    pub claims: usize,
    /// Sources that the claims are attributed to, besides the report itself.
    pub sources: usize,
}

/// One happening, with everybody who speaks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Id of the event in the reading, `v1`.
    pub id: String,
    /// Who did it.
    pub actor: Vec<String>,
    /// The word that names it, from its fullest claim.
    pub trigger: String,
    /// To whom.
    pub recipient: Vec<String>,
    /// PLOVER's code, `ASSAULT abduct`.
    pub code: Option<String>,
    /// ACLED's event and sub-event type.
    pub acled: Option<String>,
    /// Where.
    pub place: Vec<String>,
    /// When.
    pub time: Option<String>,
    /// Counts.
    pub counts: Vec<String>,
    /// With what.
    pub instrument: Vec<String>,
    /// What is offered as evidence.
    pub evidence: Vec<String>,
    /// How a picture or document of it travelled.
    pub circulation: Vec<String>,
    /// Who says so, in how many ways.
    pub voices: Vec<Voice>,
    /// What it is in the schemes that the user brought.
    pub coding: Vec<Coded>,
    /// On what its claims differ.
    pub disputed: Vec<Dispute>,
}

/// A happening in the terms of a scheme of the user's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded {
    /// The scheme and the type: `health-attacks: facility-hit`.
    pub code: String,
    /// Each slot with what fills it.
    pub slots: Vec<(String, String)>,
}

impl Coded {
    /// On one line.
    #[must_use]
    pub fn line(&self) -> String {
        let slots = self.slots.iter().map(|(name, filled)| format!(" · {name}: {filled}"));
        std::iter::once(self.code.clone()).chain(slots).collect()
    }
}

/// Those of a happening's claims that say it with the same certainty on the same authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// How sure, in words.
    pub certainty: String,
    /// The same for the eye.
    pub tone: Tone,
    /// On whose authority.
    pub who: String,
    /// The words that make it less than certain.
    pub cues: Vec<String>,
    /// The claims' words.
    pub excerpts: Vec<Excerpt>,
}

/// A sentence around the trigger of a claim, exactly as it stands in the text but for cuts at its ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The claim.
    pub claim: ClaimId,
    /// Words before the trigger.
    pub before: String,
    /// The trigger.
    pub trigger: String,
    /// Words after it.
    pub after: String,
    /// Its sentence, by index.
    pub sentence: usize,
    /// Words were cut away in front.
    pub cut_before: bool,
    /// Words were cut away at the end.
    pub cut_after: bool,
}

/// A field on which the claims of one happening differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Its name.
    pub field: String,
    /// What is said of it, and by which claims.
    pub values: Vec<(String, Vec<ClaimId>)>,
}

impl Excerpt {
    /// The same with at most `room` characters on each side of the trigger, cut at word boundaries.
    #[must_use]
    pub fn cut(&self, room: usize) -> Self {
        let mut cut = self.clone();
        if let Some((at, _)) = self.before.char_indices().rev().nth(room) {
            let near = self.before.get(at..).and_then(|rest| rest.split_once(char::is_whitespace));
            cut.before = near.map_or_else(String::new, |(_, rest)| rest.to_owned());
            cut.cut_before = true;
        }
        if let Some((at, _)) = self.after.char_indices().nth(room) {
            let near = self.after.get(..at).and_then(|rest| rest.rsplit_once(char::is_whitespace));
            cut.after = near.map_or_else(String::new, |(rest, _)| rest.to_owned());
            cut.cut_after = true;
        }
        cut
    }
}

impl Summary {
    /// The summary of a reading.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        Summarizer::new(reading).summary()
    }

    /// The same with the names of protected persons left out of what is quoted too.
    pub(crate) fn masked(mut self, protected: &Protected) -> Self {
        let excerpts =
            self.happenings.iter_mut().flat_map(|happening| &mut happening.voices).flat_map(|voice| &mut voice.excerpts);
        for excerpt in excerpts {
            for words in [&mut excerpt.before, &mut excerpt.trigger, &mut excerpt.after] {
                *words = protected.masked(words);
            }
        }
        self
    }
}

struct Summarizer<'a> {
    reading: &'a Reading,
    entities: HashMap<EntityId, &'a Entity>,
    claims: HashMap<ClaimId, &'a Claim>,
    protected: Protected,
    /// Byte of every code point of the text.
    bytes: Vec<usize>,
}

impl<'a> Summarizer<'a> {
    fn new(reading: &'a Reading) -> Self {
        let text = &reading.document.text;
        Self {
            reading,
            entities: reading.entities.iter().map(|entity| (entity.id, entity)).collect(),
            claims: reading.claims.iter().map(|claim| (claim.id, claim)).collect(),
            protected: Protected::of(reading),
            bytes: text.char_indices().map(|(at, _)| at).chain([text.len()]).collect(),
        }
    }

    fn summary(&self) -> Summary {
        let mut happenings: Vec<Happening> = self.reading.events.iter().filter_map(|event| self.happening(event)).collect();
        // Stable, so that each half stays in text order.
        happenings
            .sort_by_key(|happening| happening.code.is_none() && happening.circulation.is_empty() && happening.coding.is_empty());
        let steps = || self.reading.claims.iter().flat_map(|claim| &claim.attribution);
        let mut sources: Vec<EntityId> = steps().filter_map(|step| step.source.as_ref().map(|source| source.entity)).collect();
        sources.sort_unstable();
        sources.dedup();
        Summary { happenings, claims: self.reading.claims.len(), sources: sources.len() }
    }

    fn happening(&self, event: &Event) -> Option<Happening> {
        let claims: Vec<&Claim> = event.claims.iter().filter_map(|id| self.claims.get(id).copied()).collect();
        let lead = *claims.iter().max_by_key(|claim| (fullness(claim), std::cmp::Reverse(claim.id)))?;
        let kind = event.kind.or(lead.event.kind);
        let code =
            kind.map(|kind| match claims.iter().find_map(|claim| claim.event.mode.filter(|_| claim.event.kind == Some(kind))) {
                Some(mode) => format!("{kind} {mode}"),
                None => kind.to_string(),
            });
        let acled = claims.iter().find_map(|claim| claim.acled.as_ref());
        let counts: Vec<&Quantity> = if event.quantities.is_empty() {
            claims.iter().flat_map(|claim| &claim.quantities).collect()
        } else {
            event.quantities.iter().collect()
        };
        Some(Happening {
            id: event.id.to_string(),
            actor: self.names(&event.actor),
            trigger: one_line(lead.trigger.text()),
            recipient: self.names(&event.recipient),
            code,
            acled: acled.map(|acled| format!("{} / {}", acled.event_type, acled.sub_event_type)),
            place: unique(event.place.iter().filter_map(|id| self.entities.get(id)).map(|place| place_name(place))),
            time: event.time.as_ref().or(lead.time.as_ref()).map(time_value),
            counts: unique(counts.into_iter().map(|quantity| self.protected.withhold(&count(quantity)))),
            instrument: self.mentions(&claims, |claim| &claim.instrument),
            evidence: self.mentions(&claims, |claim| &claim.evidence),
            circulation: unique(claims.iter().filter_map(|claim| self.circulation(claim))),
            voices: self.voices(&claims),
            coding: self.coding(&claims),
            disputed: event.disputed.iter().map(|field| self.dispute(field, &claims)).collect(),
        })
    }

    fn name(&self, id: EntityId) -> Option<String> {
        self.entities.get(&id).map(|entity| within_line(&self.protected.name_of(entity)))
    }

    fn names(&self, ids: &[EntityId]) -> Vec<String> {
        unique(ids.iter().filter_map(|&id| self.name(id)))
    }

    /// The words of a slot. Things are called by their words; people by what a summary may call them.
    fn mentions(&self, claims: &[&Claim], slot: impl Fn(&Claim) -> &Vec<Filler>) -> Vec<String> {
        unique(claims.iter().flat_map(|claim| slot(claim)).filter_map(|filler| match self.entities.get(&filler.entity) {
            Some(entity) if entity.kind == EntityKind::Actor => self.name(filler.entity),
            _ => Some(within_line(&self.protected.withhold(filler.mention.text()))),
        }))
    }

    /// What the schemes of the user say of the claims; those that say the same once, with all that fills their slots.
    fn coding(&self, claims: &[&Claim]) -> Vec<Coded> {
        type Filled<'s> = BTreeMap<&'s str, Vec<String>>;
        // A claim may have one code twice, with source and target changed: those stand apart.
        let mut all: Vec<((String, usize), Filled<'_>)> = Vec::new();
        let numbered = claims.iter().flat_map(|claim| {
            claim.coding.iter().enumerate().map(|(at, coding)| {
                let same = |other: &&Coding| other.ontology == coding.ontology && other.kind == coding.kind;
                (coding, claim.coding.iter().take(at).filter(same).count())
            })
        });
        for (coding, nth) in numbered {
            let key = (one_line(&format!("{}: {}", coding.ontology, coding.kind)), nth);
            let at = all.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
                all.push((key, BTreeMap::new()));
                all.len() - 1
            });
            for (name, values) in &coding.slots {
                let filled = values.iter().map(|value| self.slot_value(value));
                all[at].1.entry(name).or_default().extend(filled);
            }
        }
        let joined = |(name, values): (&str, Vec<String>)| (one_line(name), unique(values.into_iter()).join(", "));
        all.into_iter().map(|((code, _), slots)| Coded { code, slots: slots.into_iter().map(joined).collect() }).collect()
    }

    fn slot_value(&self, value: &SlotValue) -> String {
        let entity = value.entity.and_then(|id| self.entities.get(&id).copied());
        let words = match entity {
            Some(entity) if entity.kind == EntityKind::Actor && (value.min, value.max) == (None, None) => self.name(entity.id),
            _ => Some(within_line(&self.protected.withhold(value.mention.text()))),
        };
        let words = words.unwrap_or_default();
        let mut within: Vec<String> = value.value.iter().map(|value| one_line(value)).filter(|value| *value != words).collect();
        within.extend(wording::bounds(value.min, value.max, value.approx));
        if within.is_empty() { words } else { format!("{words} ({})", within.join(", ")) }
    }

    fn circulation(&self, claim: &Claim) -> Option<String> {
        let circulation = claim.circulation.as_ref()?;
        let mut words = self.name(circulation.media).unwrap_or_default();
        words.push_str(&format!(": {}", one_line(claim.trigger.text())));
        if circulation.first {
            words.push_str(" first");
        }
        match &circulation.channel {
            Some(channel) => words.push_str(&format!(" on “{}”", self.protected.withhold(channel.text()))),
            None => {
                let platforms = self.names(&circulation.platforms);
                if !platforms.is_empty() {
                    words.push_str(&format!(" on {}", platforms.join(", ")));
                }
            }
        }
        if let Some(visibility) = circulation.visibility {
            words.push_str(&format!(" ({})", wording::visibility(visibility)));
        }
        if let Some(spread) = &circulation.spread {
            words.push_str(&format!(", “{}”", self.protected.withhold(spread.text())));
        }
        Some(words)
    }

    fn voices(&self, claims: &[&Claim]) -> Vec<Voice> {
        let mut voices: Vec<Voice> = Vec::new();
        for claim in claims {
            let value = claim.factuality.source;
            let mut certainty = wording::certainty(value).to_owned();
            let author = claim.factuality.author;
            if author != value && author != FactualityValue::Uncommitted {
                certainty.push_str(&format!("; the report: {}", wording::certainty(author)));
            }
            let who = wording::who(&claim.attribution, |step| {
                let source = step.source.as_ref()?;
                // An unnamed source has no name to show: its words are all there is.
                if step.kind == SourceKind::Unnamed {
                    return Some(within_line(&self.protected.withhold(source.mention.text())));
                }
                self.name(source.entity)
            });
            let excerpt = self.excerpt(claim);
            let cues = unique(
                claim.factuality.cues.iter().map(|cue| one_line(cue.text())).filter(|cue| !who.contains(&format!("“{cue}”"))),
            );
            match voices.iter_mut().find(|voice| voice.certainty == certainty && voice.who == who) {
                Some(voice) => {
                    voice.excerpts.push(excerpt);
                    voice.cues = unique(voice.cues.drain(..).chain(cues).collect::<Vec<_>>().into_iter());
                }
                None => voices.push(Voice { certainty, tone: Tone::of(value), who, cues, excerpts: vec![excerpt] }),
            }
        }
        voices
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        let last = self.bytes.len() - 1;
        let (start, end) = (start.min(last), end.min(last));
        self.reading.document.text.get(self.bytes[start]..self.bytes[end.max(start)]).unwrap_or_default()
    }

    fn excerpt(&self, claim: &Claim) -> Excerpt {
        let trigger = &claim.trigger;
        let (start, end) = self.reading.sentences.get(claim.sentence).map_or((trigger.start(), trigger.end()), |sentence| {
            (sentence.start.min(trigger.start()), sentence.end.max(trigger.end()))
        });
        let whole = Excerpt {
            claim: claim.id,
            sentence: claim.sentence,
            before: self.slice(start, trigger.start()).trim_start().to_owned(),
            trigger: trigger.text().to_owned(),
            after: self.slice(trigger.end(), end).trim_end().to_owned(),
            cut_before: false,
            cut_after: false,
        };
        if end - start > EXCERPT { whole.cut(EXCERPT / 2) } else { whole }
    }

    fn dispute(&self, field: &str, claims: &[&Claim]) -> Dispute {
        let mut values: Vec<(String, Vec<ClaimId>)> = Vec::new();
        for claim in claims {
            let said = match field {
                "factuality" | "certainty" => wording::certainty(claim.factuality.source).to_owned(),
                "actor" => self.slot(&claim.actor),
                "recipient" => self.slot(&claim.recipient),
                "place" => self.slot(&claim.place),
                "time" => claim.time.as_ref().map(time_value).unwrap_or_default(),
                "type" => claim.event.kind.map(|kind| kind.to_string()).unwrap_or_default(),
                _ => self.protected.withhold(&claim.quantities.iter().map(count).collect::<Vec<_>>().join(", ")),
            };
            if said.is_empty() {
                continue;
            }
            match values.iter_mut().find(|(value, _)| *value == said) {
                Some((_, ids)) => ids.push(claim.id),
                None => values.push((said, vec![claim.id])),
            }
        }
        Dispute { field: if field == "factuality" { "certainty".to_owned() } else { field.to_owned() }, values }
    }

    fn slot(&self, fillers: &[Filler]) -> String {
        unique(fillers.iter().filter_map(|filler| self.name(filler.entity))).join(", ")
    }
}

/// How much a claim says: the one that says most gives its happening the headline.
fn fullness(claim: &Claim) -> usize {
    usize::from(claim.event.kind.is_some()) * 4
        + [&claim.actor, &claim.recipient, &claim.place].iter().filter(|slot| !slot.is_empty()).count() * 2
        + usize::from(claim.time.is_some())
        + claim.quantities.len().min(1)
}

fn place_name(place: &Entity) -> String {
    let mut within: Vec<String> = Vec::new();
    if let Some(admin1) = place.admin1.as_ref().filter(|admin1| **admin1 != place.name) {
        within.push(one_line(admin1));
    }
    if let Some(country) = place.country {
        within.push(country.to_string());
    }
    within.extend(place.precision.and_then(wording::precision).map(str::to_owned));
    let name = one_line(&place.name);
    if within.is_empty() { name } else { format!("{name} ({})", within.join(", ")) }
}

fn time_value(time: &TimeValue) -> String {
    let words = one_line(time.mention.text());
    match &time.edtf {
        Some(edtf) if edtf.as_str() == words => words,
        Some(edtf) => format!("{edtf} (“{words}”)"),
        None => format!("“{words}” (no date of publication to reckon from)"),
    }
}

fn count(count: &Quantity) -> String {
    let mut within: Vec<String> = wording::role(count.role).map(str::to_owned).into_iter().collect();
    within.extend(wording::bounds(count.min, count.max, count.approx));
    let words = within_line(count.mention.text());
    if within.is_empty() { words } else { format!("{words} ({})", within.join(", ")) }
}

/// Each once, in the order of first appearance.
fn unique(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for value in values {
        if !value.is_empty() && !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}
