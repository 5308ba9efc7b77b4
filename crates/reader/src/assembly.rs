//! Stage 8: tokens become spans, drafts become a reading.
//!
//! Entities that no claim refers to and that the text never names are left out; a source that is no mention (*a statement on its
//! website*) becomes an entity of its own, so that every chain leads somewhere.

use std::collections::{BTreeMap, HashMap};

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{
    Attribution, AttributionStep, Circulation, Claim, ClaimId, Coding, Document, Entity, EntityId, EntityKind, Event, EventCode,
    EventId, EventType, Factuality, FactualityValue, Filler, Quantity, QuantityRole, Reading, Report, SCHEMA, Sentence,
    SlotValue, SourceRef, Span, TimeValue,
};
use dateline_text::TextIndex;

use crate::attribution::{Attributions, Said};
use crate::coreference::{Cluster, Entities, EntityIndex};
use crate::factuality::Held;
use crate::grouping::Group;
use crate::happenings::{Happening, Happenings};
use crate::listing;
use crate::mentions::places::with_division;
use crate::mentions::{Form, MentionId, Mentions, Resolved};
use crate::scheme::Coded;
use crate::slots::{Draft, Fill};

/// What the stages found in one report.
#[derive(Clone, Copy, Debug)]
pub struct Stages<'a> {
    /// The report.
    pub report: &'a Report,
    /// Its parse.
    pub doc: &'a Doc,
    /// Stage 1.
    pub mentions: &'a Mentions,
    /// Stage 2.
    pub entities: &'a Entities,
    /// Stage 3.
    pub attributions: &'a Attributions,
    /// Stage 4.
    pub happenings: &'a Happenings,
    /// Stage 5, one for each happening.
    pub held: &'a [Held],
    /// Stage 6.
    pub drafts: &'a [Draft],
    /// Stage 7.
    pub groups: &'a [Group],
    /// What the user's schemes say, in the order of the drafts.
    pub codings: &'a [Coded],
}

/// The reading. Claims and entities are numbered in text order; every span is made from the text, so none can lie.
#[must_use]
pub fn assemble(stages: &Stages<'_>) -> Reading {
    let index = TextIndex::new(stages.doc.text());
    let mut assembler = Assembler { stages, index: &index, ids: Vec::new(), sources: HashMap::new(), entities: Vec::new() };
    assembler.number_entities();
    let mut claims = Vec::with_capacity(stages.drafts.len());
    let mut claim_of_draft = vec![None; stages.drafts.len()];
    for (at, draft) in stages.drafts.iter().enumerate() {
        let id = ClaimId(claims.len() as u32 + 1);
        if let Some(claim) = assembler.claim(id, at, draft) {
            claim_of_draft[at] = Some(claims.len());
            claims.push(claim);
        }
    }
    let attributions =
        stages.attributions.all.iter().filter(|said| said.listed).filter_map(|said| assembler.attribution(said)).collect();
    let mut events = Vec::with_capacity(stages.groups.len());
    for group in stages.groups {
        let members: Vec<&Claim> = group
            .drafts
            .iter()
            .filter_map(|&draft| claim_of_draft.get(draft).copied().flatten().and_then(|claim| claims.get(claim)))
            .collect();
        if !members.is_empty() {
            events.push(event(EventId(events.len() as u32 + 1), &members, &group.disputed));
        }
    }
    assembler.name_places();
    assembler.name_documents();
    let span = |tokens: TokenRange| assembler.span(tokens);
    let (times, quantities, peoples) =
        (listing::times(stages, &span), listing::quantities(stages, &span), listing::peoples(stages, &span));
    let sentences = stages.doc.sentences().iter().map(|&tokens| Sentence::new(&index, stages.doc.bytes(tokens))).collect();
    Reading {
        schema: SCHEMA.to_owned(),
        document: Document::new(stages.report, "en"),
        sentences,
        entities: assembler.entities,
        claims,
        attributions,
        events,
        times,
        quantities,
        peoples,
        not_read: None,
    }
}

struct Assembler<'a, 't> {
    stages: &'a Stages<'a>,
    index: &'a TextIndex<'t>,
    /// The id of each cluster that the reading keeps.
    ids: Vec<Option<EntityId>>,
    /// Entities made of sources that are no mentions, by their head token.
    sources: HashMap<usize, EntityId>,
    entities: Vec<Entity>,
}

fn is_first_person(doc: &Doc, token: usize) -> bool {
    ["i", "we"].iter().any(|word| doc.word(token).eq_ignore_ascii_case(word))
}

impl Assembler<'_, '_> {
    /// The words of a run of tokens; none for an empty run.
    fn span(&self, tokens: TokenRange) -> Option<Span> {
        if tokens.start >= tokens.end || tokens.end > self.stages.doc.len() {
            return None;
        }
        Span::new(self.index, self.stages.doc.bytes(tokens)).filter(|span| span.start() < span.end())
    }

    fn number_entities(&mut self) {
        let Stages { doc, mentions, entities, drafts, attributions, codings, .. } = *self.stages;
        // A place is shown by its name, not by all of its phrase.
        let names: HashMap<MentionId, TokenRange> = mentions
            .toponyms
            .iter()
            .filter_map(|toponym| Some((toponym.mention?, with_division(doc, &mentions.all, toponym))))
            .collect();
        let named = |id: MentionId| match mentions.all.get(id) {
            Some(mention) if mention.kind == EntityKind::Place => names.contains_key(&id),
            Some(mention) => mention.form == Form::Name,
            None => false,
        };
        let mut kept: Vec<bool> = entities.all.iter().map(|cluster| cluster.mentions.iter().any(|&id| named(id))).collect();
        let mut keep = |entity: EntityIndex| {
            if let Some(slot) = kept.get_mut(entity) {
                *slot = true;
            }
        };
        for draft in drafts {
            let fills = [&draft.actor, &draft.recipient, &draft.place, &draft.instrument, &draft.evidence];
            fills.into_iter().flatten().for_each(|fill| keep(fill.entity));
            if let Some(spread) = &draft.spread {
                keep(spread.media);
                spread.platforms.iter().for_each(|&platform| keep(platform));
            }
            for said in draft.chain.iter().filter_map(|&id| attributions.all.get(id)) {
                if let Some(fill) = self.source_mention(said) {
                    keep(fill.entity);
                }
            }
        }
        let values = codings.iter().flat_map(|coded| &coded.slots).flat_map(|(_, values)| values);
        values.filter_map(|value| value.fill).for_each(|fill| keep(fill.entity));
        for at in 0..entities.all.len() {
            // A whole is named before its part as a rule, but not always: walk up, at most as many steps as there are entities.
            let mut whole = entities.all[at].part_of.filter(|_| kept[at]);
            let mut steps = 0;
            while let Some(up) = whole.filter(|&up| up < kept.len() && !kept[up] && steps < kept.len()) {
                kept[up] = true;
                whole = entities.all[up].part_of;
                steps += 1;
            }
        }
        self.ids = vec![None; entities.all.len()];
        for (at, cluster) in entities.all.iter().enumerate() {
            let spans: Vec<Span> = cluster
                .mentions
                .iter()
                .filter_map(|&id| self.span(names.get(&id).copied().or_else(|| self.description(id))?))
                .collect();
            if kept[at] && !spans.is_empty() {
                let id = EntityId(self.entities.len() as u32 + 1);
                self.ids[at] = Some(id);
                self.entities.push(entity(id, cluster, spans));
            }
        }
        for (at, cluster) in entities.all.iter().enumerate() {
            let whole = cluster.part_of.and_then(|whole| self.ids.get(whole).copied().flatten());
            let part = self.ids[at].and_then(|id| self.entities.get_mut(id.0 as usize - 1));
            if let Some(part) = part.filter(|part| whole != Some(part.id)) {
                part.part_of = whole;
            }
        }
    }

    /// The words of a mention; of a place described by other places only the description (*the villages* of Nuli, Syria's *largest city*),
    /// for these are named themselves.
    fn description(&self, id: MentionId) -> Option<TokenRange> {
        let Stages { doc, mentions, .. } = *self.stages;
        let mention = mentions.all.get(id)?;
        let TokenRange { mut start, mut end } = mention.tokens;
        if mention.kind != EntityKind::Place {
            return Some(mention.tokens);
        }
        let from = mentions.toponyms.partition_point(|toponym| toponym.tokens.end <= start);
        for toponym in mentions.toponyms.get(from..)?.iter().take_while(|toponym| toponym.tokens.start < mention.tokens.end) {
            if toponym.tokens.end <= mention.head {
                start = start.max(toponym.tokens.end);
            } else if toponym.tokens.start > mention.head {
                end = end.min(toponym.tokens.start);
            }
        }
        let small = |k: usize| matches!(doc.pos(k).as_str(), "ADP" | "DET" | "PART" | "PUNCT" | "CCONJ" | "SPACE");
        while end < mention.tokens.end && end > mention.head + 1 && small(end - 1) {
            end -= 1;
        }
        while start > mention.tokens.start && start < mention.head && small(start) {
            start += 1;
        }
        Some(TokenRange::new(start, end))
    }

    /// Places whose name stands where no mention of a place does: with the place's other mentions, or apart when it is not meant.
    fn name_places(&mut self) {
        let mentions = self.stages.mentions;
        for toponym in mentions.toponyms.iter().filter(|toponym| toponym.mention.is_none()) {
            let Some(span) = self.span(toponym.tokens) else { continue };
            let name = toponym.place.as_ref().map_or(span.text(), |place| place.name.as_str());
            let geonames = toponym.place.as_ref().and_then(|place| place.geonames);
            let country = toponym.place.as_ref().and_then(|place| place.country);
            let known = self.entities.iter_mut().find(|entity| {
                entity.kind == EntityKind::Place
                    && entity.place_use == toponym.place_use
                    && entity.name == name
                    && entity.geonames == geonames
                    && entity.country == country
            });
            if let Some(known) = known {
                if !known.mentions.contains(&span) {
                    known.mentions.push(span);
                }
                continue;
            }
            let id = EntityId(self.entities.len() as u32 + 1);
            let mut entity = Entity::new(id, EntityKind::Place, name.to_owned());
            if let Some(place) = &toponym.place {
                locate(&mut entity, place);
            }
            entity.place_use = toponym.place_use;
            entity.mentions.push(span);
            self.entities.push(entity);
        }
    }

    /// Documents by name that no mention stands for.
    fn name_documents(&mut self) {
        for tokens in listing::documents(self.stages) {
            let Some(span) = self.span(tokens) else { continue };
            let same = |entity: &&mut Entity| entity.kind == EntityKind::Document && entity.name == span.text();
            if let Some(known) = self.entities.iter_mut().find(same) {
                known.mentions.push(span);
                continue;
            }
            let id = EntityId(self.entities.len() as u32 + 1);
            let mut entity = Entity::new(id, EntityKind::Document, span.text().to_owned());
            entity.mentions.push(span);
            self.entities.push(entity);
        }
    }

    /// The mention that is the source of an attribution.
    fn source_mention(&self, said: &Said) -> Option<Fill> {
        let mention = self.stages.mentions.at_head(said.source_head?)?;
        let entity = *self.stages.entities.of_mention.get(mention)?;
        Some(Fill { entity, mention })
    }

    fn filler(&self, fill: &Fill) -> Option<Filler> {
        let entity = self.ids.get(fill.entity).copied().flatten()?;
        let mention = self.span(self.stages.mentions.all.get(fill.mention)?.tokens)?;
        Some(Filler { entity, mention })
    }

    fn fillers(&self, fills: &[Fill]) -> Vec<Filler> {
        let mut out: Vec<Filler> = Vec::with_capacity(fills.len());
        for filler in fills.iter().filter_map(|fill| self.filler(fill)) {
            if !out.contains(&filler) {
                out.push(filler);
            }
        }
        out
    }

    fn claim(&mut self, id: ClaimId, at: usize, draft: &Draft) -> Option<Claim> {
        let Stages { doc, mentions, happenings, held, attributions, .. } = *self.stages;
        let happening = happenings.all.get(draft.happening)?;
        let trigger = self.span(trigger_tokens(happening, doc.len()))?;
        let certain = FactualityValue::CertainPositive;
        let factuality = match held.get(draft.happening) {
            Some(held) => Factuality { source: held.source, author: held.author, cues: self.cues(&held.cues) },
            None => Factuality { source: certain, author: certain, cues: Vec::new() },
        };
        let chain: Vec<AttributionStep> = draft
            .chain
            .iter()
            .filter_map(|&said| attributions.all.get(said))
            .enumerate()
            // *«We have agreed to target X», the minister said*: the minister says it, *we* are no further source.
            .filter(|&(at, said)| at == 0 || !said.source_head.is_some_and(|head| is_first_person(doc, head)))
            .map(|(_, said)| self.step(said, happening.trigger))
            .collect();
        let mut why = happening.why.clone();
        why.extend(held.get(draft.happening).into_iter().flat_map(|held| held.why.iter().cloned()));
        why.extend(draft.chain.iter().filter_map(|&said| attributions.all.get(said)).map(|said| said.why.clone()));
        why.extend(draft.why.iter().cloned());
        Some(Claim {
            id,
            trigger,
            event: EventCode { kind: happening.kind, mode: happening.mode, contexts: happening.contexts.clone() },
            acled: draft.acled.clone(),
            actor: self.fillers(&draft.actor),
            recipient: self.fillers(&draft.recipient),
            place: self.fillers(&draft.place),
            instrument: self.fillers(&draft.instrument),
            evidence: self.fillers(&draft.evidence),
            time: draft
                .time
                .and_then(|time| mentions.times.get(time))
                .and_then(|time| Some(TimeValue { mention: self.span(time.tokens)?, edtf: time.edtf.clone() })),
            quantities: draft.counts.iter().filter_map(|&(count, role)| self.quantity(count, role)).collect(),
            attribution: chain,
            factuality,
            sentence: doc.sentence_of(happening.trigger),
            why,
            circulation: draft.spread.as_ref().and_then(|spread| {
                Some(Circulation {
                    media: self.ids.get(spread.media).copied().flatten()?,
                    platforms: spread.platforms.iter().filter_map(|&at| self.ids.get(at).copied().flatten()).collect(),
                    channel: spread.channel.and_then(|tokens| self.span(tokens)),
                    visibility: spread.visibility,
                    first: spread.first,
                    spread: spread.spread.and_then(|tokens| self.span(tokens)),
                })
            }),
            coding: self.codings(at),
        })
    }

    /// What the user's schemes say of the draft `at`.
    fn codings(&self, at: usize) -> Vec<Coding> {
        let all = self.stages.codings;
        let from = all.partition_point(|coded| coded.draft < at);
        let own = all.iter().skip(from).take_while(|coded| coded.draft == at);
        own.filter_map(|coded| {
            let mut slots: BTreeMap<String, Vec<SlotValue>> = BTreeMap::new();
            for (name, values) in &coded.slots {
                let values = values.iter().filter_map(|value| {
                    let count = value.count.and_then(|count| self.stages.mentions.counts.get(count));
                    Some(SlotValue {
                        mention: self.span(value.tokens)?,
                        entity: value.fill.and_then(|fill| self.ids.get(fill.entity).copied().flatten()),
                        value: value.value.clone(),
                        min: count.and_then(|count| count.min),
                        max: count.and_then(|count| count.max),
                        approx: count.is_some_and(|count| count.approx),
                    })
                });
                slots.entry(name.clone()).or_default().extend(values);
            }
            slots.retain(|_, values| !values.is_empty());
            Some(Coding {
                ontology: coded.scheme.clone(),
                version: coded.version.clone(),
                kind: coded.kind.clone(),
                broader: coded.broader.clone(),
                trigger: self.span(TokenRange::single(coded.trigger))?,
                slots,
                why: coded.why.clone(),
            })
        })
        .collect()
    }

    fn quantity(&self, count: usize, role: QuantityRole) -> Option<Quantity> {
        let count = self.stages.mentions.counts.get(count)?;
        Some(Quantity {
            mention: self.span(count.tokens)?,
            min: count.min,
            max: count.max,
            approx: count.approx,
            of: count.of.and_then(|tokens| self.span(tokens)),
            role,
        })
    }

    /// Cues as spans; neighbouring tokens join into one.
    fn cues(&self, tokens: &[usize]) -> Vec<Span> {
        let mut tokens = tokens.to_vec();
        tokens.sort_unstable();
        tokens.dedup();
        let mut runs: Vec<TokenRange> = Vec::new();
        for token in tokens {
            match runs.last_mut() {
                Some(last) if last.end == token => last.end = token + 1,
                _ => runs.push(TokenRange::single(token)),
            }
        }
        runs.into_iter().filter_map(|run| self.span(run)).collect()
    }

    fn step(&mut self, said: &Said, trigger: usize) -> AttributionStep {
        let source = match self.source_mention(said).and_then(|fill| self.filler(&fill)) {
            // The mention's own words, but the source's span where attribution saw more of it (titles, appositions).
            Some(filler) => {
                let mention = said.source.and_then(|tokens| self.span(tokens)).unwrap_or(filler.mention);
                Some(SourceRef { entity: filler.entity, mention })
            }
            None => self.unmentioned_source(said),
        };
        let marked = said.marked.iter().flatten().find(|run| run.contains(trigger));
        let content = marked.or_else(|| said.content.iter().find(|run| run.contains(trigger))).or(said.content.first());
        AttributionStep {
            source,
            kind: said.kind,
            cue: said.cue.and_then(|tokens| self.span(tokens)),
            act: said.act,
            content: content.and_then(|&run| self.span(run)),
            quote: said.quote,
        }
    }

    fn unmentioned_source(&mut self, said: &Said) -> Option<SourceRef> {
        let mention = self.span(said.source?)?;
        let head = said.source_head.unwrap_or(said.source?.start);
        let next = EntityId(self.entities.len() as u32 + 1);
        let id = *self.sources.entry(head).or_insert(next);
        if id == next {
            let kind = match said.kind {
                dateline_record::SourceKind::Document => EntityKind::Document,
                dateline_record::SourceKind::SocialMedia => EntityKind::Media,
                _ => EntityKind::Actor,
            };
            let mut entity = Entity::new(id, kind, mention.text().to_owned());
            entity.mentions.push(mention.clone());
            self.entities.push(entity);
        }
        Some(SourceRef { entity: id, mention })
    }

    fn attribution(&self, said: &Said) -> Option<Attribution> {
        let content: Vec<Span> = said.marked.as_ref().unwrap_or(&said.content).iter().filter_map(|&run| self.span(run)).collect();
        let attribution = Attribution {
            source: said.source.and_then(|tokens| self.span(tokens)).map(Into::into),
            cue: said.cue.and_then(|tokens| self.span(tokens)),
            content,
            quote: said.quote,
        };
        (attribution.source.is_some() || attribution.cue.is_some()).then_some(attribution)
    }
}

/// The trigger with the particle that follows it (*carried out*); a light verb elsewhere in the clause is no part of it.
fn trigger_tokens(happening: &Happening, len: usize) -> TokenRange {
    let mut end = happening.trigger + 1;
    while end < len && happening.light.contains(&end) {
        end += 1;
    }
    TokenRange { start: happening.trigger, end }
}

fn entity(id: EntityId, cluster: &Cluster, mentions: Vec<Span>) -> Entity {
    let mut entity = Entity::new(id, cluster.kind, cluster.name.clone());
    entity.mentions = mentions;
    entity.country = cluster.country;
    entity.sector = cluster.sector;
    entity.person = cluster.person;
    entity.title = cluster.title.clone();
    entity.class = cluster.class.clone();
    if cluster.kind == EntityKind::Place
        && let Some(place) = &cluster.place
    {
        locate(&mut entity, place);
    }
    entity
}

fn locate(entity: &mut Entity, place: &Resolved) {
    entity.geonames = place.geonames;
    entity.country = entity.country.or(place.country);
    entity.admin1 = place.admin1.clone();
    entity.lat = place.lat;
    entity.lon = place.lon;
    entity.precision = Some(place.precision);
}

fn event(id: EventId, claims: &[&Claim], disputed: &[&'static str]) -> Event {
    fn entities<'a>(fillers: impl Iterator<Item = &'a Filler>) -> Vec<EntityId> {
        let mut out = Vec::new();
        for filler in fillers {
            if !out.contains(&filler.entity) {
                out.push(filler.entity);
            }
        }
        out
    }
    let mut kinds: Vec<(EventType, usize)> = Vec::new();
    for kind in claims.iter().filter_map(|claim| claim.event.kind) {
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, votes)) => *votes += 1,
            None => kinds.push((kind, 1)),
        }
    }
    let most = kinds.iter().map(|&(_, votes)| votes).max();
    let mut quantities: Vec<Quantity> = Vec::new();
    for quantity in claims.iter().flat_map(|claim| &claim.quantities) {
        if !quantities.iter().any(|known| (known.min, known.max, known.role) == (quantity.min, quantity.max, quantity.role)) {
            quantities.push(quantity.clone());
        }
    }
    let time = claims
        .iter()
        .filter_map(|claim| claim.time.as_ref())
        .min_by_key(|time| time.edtf.as_ref().and_then(dateline_record::Edtf::days).unwrap_or(i64::MAX))
        .cloned();
    Event {
        id,
        claims: claims.iter().map(|claim| claim.id).collect(),
        kind: kinds.iter().find(|&&(_, votes)| Some(votes) == most).map(|&(kind, _)| kind),
        actor: entities(claims.iter().flat_map(|claim| &claim.actor)),
        recipient: entities(claims.iter().flat_map(|claim| &claim.recipient)),
        place: entities(claims.iter().flat_map(|claim| &claim.place)),
        time,
        quantities,
        disputed: disputed.iter().map(|&field| field.to_owned()).collect(),
    }
}
