//! Stage 7: claims that speak of one happening.
//!
//! Drafts are taken in text order; each joins the earlier group that speaks best for it, or opens its own. Shared participants, words
//! of one family, the same time, and definite nouns that refer back (*the capture*, *this agreement*) speak for it; other
//! participants, a place far away, a date apart, another manner and indefinite or *another* speak against ([`Weights`]). Work is bounded:
//! only the last `WINDOW` groups are looked at.

mod view;

use std::collections::HashSet;

use dateline_gazetteer::Coordinates;
use dateline_nlp::Doc;
use dateline_record::{Edtf, EventType, Mode, Polarity, Precision};

use crate::coreference::{Entities, EntityIndex};
use crate::factuality::Held;
use crate::mentions::Resolved;
use crate::slots::{Draft, Scene};
use view::{Noun, View};

/// Claims of one happening, by index of their drafts, with the fields on which they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Indexes of drafts, in text order.
    pub drafts: Vec<usize>,
    /// Names of fields on which they differ, as the contract names them.
    pub disputed: Vec<&'static str>,
}

/// How many groups back a draft may look for its own.
const WINDOW: usize = 48;

/// Every draft in a group, groups in text order of their first draft.
#[must_use]
pub fn group(scene: &Scene<'_>, held: &[Held], drafts: &[Draft]) -> Vec<Group> {
    group_with(&Weights::default(), scene, held, drafts)
}

/// [`group`] with other weights, for fitting them.
#[must_use]
pub fn group_with(weights: &Weights, scene: &Scene<'_>, held: &[Held], drafts: &[Draft]) -> Vec<Group> {
    let mut open: Vec<Open<'_>> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let Some(happening) = scene.happenings.all.get(draft.happening) else { continue };
        let view = View::new(scene, draft, happening);
        let from = open.len().saturating_sub(WINDOW);
        let mut best: Option<(f32, usize)> = None;
        for (index, group) in open.iter().enumerate().skip(from) {
            let Some(score) = group.score(weights, scene, &view) else { continue };
            if score >= weights.threshold && best.is_none_or(|(known, _)| score >= known) {
                best = Some((score, index));
            }
        }
        match best {
            Some((_, index)) => open[index].join(at, view),
            None => open.push(Open::new(at, view)),
        }
    }
    open.into_iter().map(|open| Group { disputed: disputed(scene, held, drafts, &open.drafts), drafts: open.drafts }).collect()
}

/// What speaks for or against two claims being of one happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// An actor in common.
    SharedActor,
    /// A recipient in common.
    SharedRecipient,
    /// Participants that are part and whole, or of one country and sector.
    RelatedParticipant,
    /// Actors of which none is another's.
    OtherActor,
    /// Recipients of which none is another's.
    OtherRecipient,
    /// The one's actor is the other's recipient.
    Crossed,
    /// The same word.
    SameWord,
    /// A word of one family.
    WordFamily,
    /// The same manner.
    SameMode,
    /// Neither says a manner.
    NoMode,
    /// Another manner.
    OtherMode,
    /// Places far apart.
    FarPlace,
    /// Times that meet.
    SameTime,
    /// Times that do not.
    OtherTime,
    /// A definite noun.
    RefersBack,
    /// A noun with *this* or *these*.
    PointsBack,
    /// A noun with *a*.
    Indefinite,
    /// *another*, *a second*.
    Another,
    /// Below it in its clause: purpose, part, result.
    UnderIt,
    /// Joined to it by *and* or a comma.
    Conjoined,
    /// Another type that a careful coder may give.
    NearType,
    /// The happening of the headline, in the first sentences.
    Headline,
    /// Sentences between, at most eight.
    Apart,
}

/// How much each sign weighs, and how much must come together. The defaults were fitted by `examples/tune_grouping.rs` on within-document
/// coreference of ECB+'s development half and of the project's gold claims.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    /// In order of the names of [`Weights::NAMES`].
    pub signs: [f32; Weights::COUNT],
    /// A claim joins a happening when its signs come to this much.
    pub threshold: f32,
}

impl Weights {
    /// How many signs there are.
    pub const COUNT: usize = 23;
    /// Names of the signs.
    pub const NAMES: [&str; Weights::COUNT] = [
        "shared actor",
        "shared recipient",
        "related participant",
        "other actor",
        "other recipient",
        "crossed",
        "same word",
        "word family",
        "same mode",
        "no mode",
        "other mode",
        "far place",
        "same time",
        "other time",
        "refers back",
        "points back",
        "indefinite",
        "another",
        "under it",
        "conjoined",
        "near type",
        "headline",
        "apart",
    ];
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            signs: [
                0.2, 2.7, 0.3, -4.0, -3.7, 0.5, 3.8, 2.5, 1.3, 1.5, -4.0, -4.0, 0.3, -3.0, 3.5, 3.5, -1.0, -4.0, 1.5, -1.0, -2.0,
                -0.5, -0.1,
            ],
            threshold: 3.0,
        }
    }
}

struct Open<'a> {
    drafts: Vec<usize>,
    kinds: Vec<EventType>,
    modes: Vec<Mode>,
    actor: HashSet<EntityIndex>,
    recipient: HashSet<EntityIndex>,
    place: HashSet<EntityIndex>,
    times: Vec<&'a Edtf>,
    lemmas: Vec<String>,
    anchors: Vec<usize>,
    /// One was called new.
    new: bool,
    /// Sentence of the first claim.
    first: usize,
    /// Sentence of the last.
    sentence: usize,
}

impl<'a> Open<'a> {
    fn new(at: usize, view: View<'a>) -> Self {
        let mut open = Self {
            drafts: Vec::new(),
            kinds: Vec::new(),
            modes: Vec::new(),
            actor: HashSet::new(),
            recipient: HashSet::new(),
            place: HashSet::new(),
            times: Vec::new(),
            lemmas: Vec::new(),
            anchors: Vec::new(),
            new: false,
            first: view.sentence,
            sentence: 0,
        };
        open.join(at, view);
        open
    }

    fn join(&mut self, at: usize, view: View<'a>) {
        self.drafts.push(at);
        self.kinds.extend(view.kind.filter(|kind| !self.kinds.contains(kind)));
        self.modes.extend(view.mode.filter(|mode| !self.modes.contains(mode)));
        self.actor.extend(view.actor);
        self.recipient.extend(view.recipient);
        self.place.extend(view.place);
        self.times.extend(view.time);
        if !self.lemmas.contains(&view.word) {
            self.lemmas.push(view.word);
        }
        self.anchors.extend([view.token, view.anchor]);
        self.new |= view.noun == Noun::New;
        self.sentence = view.sentence;
    }

    /// What speaks for the draft being of this group; none when nothing ties them.
    fn score(&self, weights: &Weights, scene: &Scene<'_>, view: &View<'_>) -> Option<f32> {
        let mut score = 0.0;
        let mut sign = |sign: Sign| score += weights.signs[sign as usize];
        let kind = view.kind?;
        // Drafts come in text order: of an earlier sentence are all anchors of a group that ends there.
        let here = || self.anchors.iter().filter(|&&anchor| scene.doc.sentence_of(anchor) == view.sentence);
        if self.sentence == view.sentence && here().any(|&anchor| at_other_times(scene.doc, anchor, view.anchor)) {
            return None;
        }
        let same = self.lemmas.contains(&view.word);
        let family = same
            || self
                .lemmas
                .iter()
                .any(|lemma| akin(lemma, &view.word) || view.deeds.iter().any(|deed| lemma == deed || akin(lemma, deed)));
        let mut tied = false;
        if !self.kinds.contains(&kind) {
            if !self.kinds.iter().any(|&known| near(known, kind, view.mode)) {
                return None;
            }
            sign(Sign::NearType);
        }
        let sides = [
            (&self.actor, &view.actor, Sign::SharedActor, Sign::OtherActor),
            (&self.recipient, &view.recipient, Sign::SharedRecipient, Sign::OtherRecipient),
        ];
        let mut common = false;
        for (ours, theirs, shared, other) in sides {
            match relation(scene.entities, ours, theirs) {
                Relation::Unsaid => {}
                Relation::Shared => {
                    common = true;
                    sign(shared);
                }
                // One wounded soldier is not the thousands of another sentence.
                Relation::Related if other == Sign::OtherRecipient && one_and_many(scene.entities, ours, theirs) => sign(other),
                Relation::Related => {
                    common = true;
                    sign(Sign::RelatedParticipant);
                }
                Relation::Other => sign(other),
            }
        }
        let crossed = |ours: &HashSet<EntityIndex>, theirs: &[EntityIndex]| theirs.iter().any(|entity| ours.contains(entity));
        if !common && (crossed(&self.actor, &view.recipient) || crossed(&self.recipient, &view.actor)) {
            sign(Sign::Crossed);
        }
        match (same, family) {
            (true, _) => sign(Sign::SameWord),
            (_, true) => sign(Sign::WordFamily),
            _ => {}
        }
        match view.mode {
            Some(mode) if self.modes.contains(&mode) => sign(Sign::SameMode),
            Some(_) if !self.modes.is_empty() && !family => sign(Sign::OtherMode),
            None if self.modes.is_empty() => sign(Sign::NoMode),
            _ => {}
        }
        if place(scene.entities, &self.place, &view.place) == Relation::Other {
            sign(Sign::FarPlace);
        }
        if let Some(time) = view.time.filter(|_| !self.times.is_empty()) {
            let meets = self.times.iter().any(|known| known.overlaps(time));
            sign(if meets { Sign::SameTime } else { Sign::OtherTime });
        }
        let apart = view.sentence.saturating_sub(self.sentence) as f32;
        let general = GENERAL.contains(&view.word.as_str());
        match view.noun {
            // Points at the last of its kind, whatever it was called.
            Noun::Demonstrative if apart < 3.0 && self.kinds.contains(&kind) => {
                tied = true;
                sign(Sign::PointsBack);
            }
            Noun::Definite if family || (apart < 4.0 && (common || general)) => {
                tied = true;
                sign(Sign::RefersBack);
            }
            Noun::Indefinite => sign(Sign::Indefinite),
            Noun::Other => sign(Sign::Another),
            Noun::New if !self.new => sign(Sign::Another),
            _ => {}
        }
        // *conducted a strike to destroy*, *attacks … to target*: purpose and part of the same deed.
        let dep = scene.doc.dep(view.anchor);
        let under = scene.doc.ancestors(view.anchor).take(6).any(|up| self.anchors.contains(&up));
        if under && !matches!(dep.as_str(), "conj" | "relcl" | "ccomp") {
            tied = true;
            sign(Sign::UnderIt);
        } else if dep == "conj" && self.anchors.contains(&scene.doc.head(view.anchor)) {
            tied = true;
            sign(Sign::Conjoined);
        }
        let headline = self.first == 0 && view.sentence > 0 && view.sentence < 4;
        if headline {
            sign(Sign::Headline);
        }
        score += weights.signs[Sign::Apart as usize] * apart.min(8.0);
        (tied || common || family || headline).then_some(score)
    }
}

/// Words between what came first and what came then.
const SEQUENCE: &[&str] = &["after", "before", "following", "since", "until", "till"];

/// *The shooting comes after the killing of X*: one of two happenings of a sentence stands under a word of sequence that the other does not.
fn at_other_times(doc: &Doc, one: usize, other: usize) -> bool {
    let parted = |a: usize, b: usize| {
        std::iter::once(a).chain(doc.ancestors(a)).take(6).any(|at| {
            let word = match doc.dep(at).as_str() {
                "pobj" | "pcomp" => Some(doc.head(at)),
                "advcl" => doc.children_with(at, &["mark", "prep"]).next(),
                _ => None,
            };
            let word = word.filter(|&word| SEQUENCE.iter().any(|known| doc.word(word).eq_ignore_ascii_case(known)));
            word.is_some() && !doc.is_below(b, at)
        })
    };
    one != other && (parted(one, other) || parted(other, one))
}

/// Nouns for any deed of a kind.
const GENERAL: &[&str] = &[
    "operation",
    "attack",
    "assault",
    "offensive",
    "incident",
    "violence",
    "campaign",
    "action",
    "mission",
    "agreement",
    "deal",
    "protest",
    "movement",
    "talk",
    "meeting",
    "conflict",
    "fighting",
    "sanction",
    "measure",
    "assistance",
    "aid",
    "support",
    "effort",
    "shooting",
    "killing",
];

/// Types that a careful coder may give to one happening.
fn near(a: EventType, b: EventType, mode: Option<Mode>) -> bool {
    use EventType as E;
    let pair = |x, y| (a == x && b == y) || (a == y && b == x);
    let taking = matches!(mode, Some(Mode::Abduct | Mode::Arrest | Mode::Seize));
    (pair(E::Assault, E::Coerce) && taking)
        || pair(E::Retreat, E::Concede)
        || pair(E::Aid, E::Cooperate)
        || pair(E::Agree, E::Cooperate)
        || pair(E::Sanction, E::Coerce)
        || pair(E::Support, E::Aid)
}

/// Words of one family: *capture* and *captured*, *strike* and *airstrike*, *bombard* and *bombardment*, *expel* and *expulsion*.
fn akin(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let shorter = a.len().min(b.len());
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    (common >= 5 && shorter <= common + 3)
        || (shorter >= 4 && (a.ends_with(b) || b.ends_with(a)))
        || (shorter >= 4 && common >= 4 && shorter == common)
        || [
            ("expel", "expulsion"),
            ("participation", "involvement"),
            ("presence", "involvement"),
            ("deployment", "presence"),
            ("strike", "bombing"),
            ("ceasefire", "truce"),
            ("die", "death"),
            ("kill", "killing"),
            ("fight", "fighting"),
            ("talk", "talks"),
            ("meet", "meeting"),
        ]
        .iter()
        .any(|&(x, y)| (a == x && b == y) || (a == y && b == x))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// One side says nothing.
    Unsaid,
    /// One entity in common.
    Shared,
    /// A part and its whole, or two of one country and sector.
    Related,
    /// Different ones.
    Other,
}

fn relation(entities: &Entities, ours: &HashSet<EntityIndex>, theirs: &[EntityIndex]) -> Relation {
    if ours.is_empty() || theirs.is_empty() {
        return Relation::Unsaid;
    }
    if theirs.iter().any(|entity| ours.contains(entity)) {
        return Relation::Shared;
    }
    let related = theirs.iter().any(|&b| {
        ours.iter().any(|&a| {
            let (Some(x), Some(y)) = (entities.all.get(a), entities.all.get(b)) else { return false };
            let part = x.part_of == Some(b) || y.part_of == Some(a) || (x.part_of.is_some() && x.part_of == y.part_of);
            let alike = x.country.is_some()
                && x.country == y.country
                && (x.sector == y.sector || x.sector.is_none() || y.sector.is_none());
            // Nothing known of one but that it is somebody: *people*, *the group*.
            let vague = (x.country.is_none() && y.country.is_none()) && x.sector == y.sector && !x.person && !y.person;
            part || alike || vague
        })
    });
    if related { Relation::Related } else { Relation::Other }
}

/// Human beings on one side, bodies or numbers on the other.
fn one_and_many(entities: &Entities, ours: &HashSet<EntityIndex>, theirs: &[EntityIndex]) -> bool {
    let person = |at: &EntityIndex| entities.all.get(*at).is_some_and(|cluster| cluster.person);
    let (any, all) = (ours.iter().any(person), ours.iter().all(person));
    (all && !theirs.iter().any(person)) || (!any && theirs.iter().all(person))
}

fn place(entities: &Entities, ours: &HashSet<EntityIndex>, theirs: &[EntityIndex]) -> Relation {
    match relation(entities, ours, theirs) {
        Relation::Other | Relation::Related => {}
        known => return known,
    }
    let resolved = |entity: &EntityIndex| entities.all.get(*entity).and_then(|cluster| cluster.place.as_ref());
    let near = theirs.iter().filter_map(resolved).any(|b| ours.iter().filter_map(resolved).any(|a| reconcilable(a, b)));
    let known = theirs.iter().any(|entity| resolved(entity).is_some()) && ours.iter().any(|entity| resolved(entity).is_some());
    match (near, known) {
        (true, _) => Relation::Related,
        (false, true) => Relation::Other,
        (false, false) => Relation::Unsaid,
    }
}

/// One may lie in the other, or they are neighbours.
fn reconcilable(a: &Resolved, b: &Resolved) -> bool {
    if a.country.is_some() && b.country.is_some() && a.country != b.country {
        return false;
    }
    let wide = |place: &Resolved| matches!(place.precision, Precision::Country | Precision::Region);
    if wide(a) || wide(b) {
        return true;
    }
    if a.precision == Precision::Admin1 || b.precision == Precision::Admin1 {
        return a.admin1 == b.admin1 || a.admin1.is_none() || b.admin1.is_none();
    }
    match (a.lat, a.lon, b.lat, b.lon) {
        (Some(a_lat), Some(a_lon), Some(b_lat), Some(b_lon)) => {
            Coordinates { lat: a_lat, lon: a_lon }.distance_km(Coordinates { lat: b_lat, lon: b_lon }) < 60.0
        }
        _ => a.name == b.name,
    }
}

/// Fields on which the claims of one group differ.
fn disputed(scene: &Scene<'_>, held: &[Held], drafts: &[Draft], members: &[usize]) -> Vec<&'static str> {
    let members: Vec<&Draft> = members.iter().filter_map(|&at| drafts.get(at)).collect();
    let mut fields = Vec::new();
    if members.len() < 2 {
        return fields;
    }
    let differ = |fills: fn(&Draft) -> &[crate::slots::Fill],
                  how: fn(&Entities, &HashSet<EntityIndex>, &[EntityIndex]) -> Relation| {
        let mut known: HashSet<EntityIndex> = HashSet::new();
        members.iter().any(|draft| {
            let entities: Vec<EntityIndex> = fills(draft).iter().map(|fill| fill.entity).collect();
            let other = how(scene.entities, &known, &entities) == Relation::Other;
            known.extend(entities);
            other
        })
    };
    if differ(|draft| &draft.actor, relation) {
        fields.push("actor");
    }
    if differ(|draft| &draft.recipient, relation) {
        fields.push("recipient");
    }
    if differ(|draft| &draft.place, place) {
        fields.push("place");
    }
    let times: Vec<&Edtf> = members.iter().filter_map(|draft| scene.mentions.times.get(draft.time?)?.edtf.as_ref()).collect();
    if times.iter().skip(1).any(|time| !time.overlaps(times[0])) {
        fields.push("time");
    }
    let counts: Vec<_> = members
        .iter()
        .flat_map(|draft| &draft.counts)
        .filter_map(|&(id, role)| {
            scene.mentions.counts.get(id).map(|count| (role, scene.doc.lemma(count.head), count.min, count.max))
        })
        .collect();
    let clash = counts.iter().enumerate().any(|(at, a)| {
        let apart = |b: &&(_, _, Option<i64>, Option<i64>)| a.3.is_some_and(|most| b.2.is_some_and(|least| least > most));
        counts.iter().take(64).enumerate().any(|(other, b)| other != at && (a.0, a.1) == (b.0, b.1) && (apart(&b)))
    });
    if clash {
        fields.push("quantities");
    }
    let values: Vec<_> = members.iter().filter_map(|draft| held.get(draft.happening)).map(|held| held.source).collect();
    let denied = values.iter().any(|value| value.polarity() == Polarity::Negative)
        && values.iter().any(|value| value.polarity() == Polarity::Positive);
    if denied || values.iter().any(|value| values.first().is_some_and(|first| value.certainty() != first.certainty())) {
        fields.push("factuality");
    }
    fields
}
