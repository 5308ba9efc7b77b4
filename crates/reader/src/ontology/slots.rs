//! Slots: where the words that fill one stand, and what they must be.

use dateline_nlp::TokenRange;
use dateline_record::{EntityKind, QuantityRole, Sector};

use crate::happenings::{Happening, Role, Rules, Wanted, grammar};
use crate::mentions::{Form, noun_phrase};
use crate::scheme::Value;
use crate::slots::{Draft, Fill, Scene};

/// How far from the trigger a word of the sentence may stand.
const REACH: usize = 40;

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// What the claim has in this part.
    Role(Role),
    /// What the text offers as evidence.
    Evidence,
    /// When.
    Time,
    /// What is counted, in one of these roles (none: in any).
    Count(Vec<QuantityRole>),
    /// What one of these prepositions governs.
    Preposition(Vec<String>),
    /// The grammatical subject as it stands.
    Subject,
    /// What it is done to, voice undone.
    Object,
    /// Words before the trigger that belong to it.
    Modifier,
    /// Any noun of the sentence, nearest first.
    Sentence,
    /// The trigger itself.
    Trigger,
}

/// What the words must be.
#[derive(Clone, Debug)]
struct Test {
    negated: bool,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Noun(Wanted),
    Kind(Vec<EntityKind>),
    Sector(Vec<Sector>),
    Country(Vec<String>),
    Person,
    Named,
}

/// One rule of a slot. A slot may have several: the first that finds something fills it.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) name: String,
    /// Types that it is of, narrower ones too; none: all.
    pub(super) types: Option<Vec<usize>>,
    /// The first of these that has something fitting gives it all.
    pub(super) from: Vec<From>,
    tests: Vec<Test>,
    /// The category that the words stand for.
    pub(super) value: Option<String>,
}

/// Words that may fill a slot.
struct Candidate {
    head: usize,
    tokens: TokenRange,
    fill: Option<Fill>,
    value: Option<String>,
    count: Option<usize>,
}

impl Slot {
    pub(super) fn new(
        name: String,
        types: Option<Vec<usize>>,
        from: &str,
        when: &[String],
        value: Option<String>,
        rules: &Rules,
    ) -> Result<Self, String> {
        let from = from.split_whitespace().map(parse_from).collect::<Result<Vec<_>, _>>()?;
        if from.is_empty() {
            return Err("`from` names no place to look".to_owned());
        }
        let tests = when.iter().map(|text| parse_test(text, rules)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { name, types, from, tests, value })
    }

    /// What fills it.
    pub(super) fn fill(&self, rules: &Rules, scene: &Scene<'_>, draft: &Draft, own: &Happening) -> Vec<Value> {
        for from in &self.from {
            let mut values: Vec<Value> = Vec::new();
            for candidate in candidates(scene, draft, own, from) {
                let known = values.iter().any(|value| {
                    value.tokens == candidate.tokens
                        || (value.fill.is_some() && value.fill.map(|fill| fill.entity) == candidate.fill.map(|fill| fill.entity))
                });
                if !known && self.tests.iter().all(|test| test.holds(rules, scene, &candidate)) {
                    let value = self.value.clone().or(candidate.value);
                    values.push(Value { tokens: candidate.tokens, fill: candidate.fill, value, count: candidate.count });
                }
            }
            if !values.is_empty() {
                // The sentence only stands in for grammar: its nearest word, not all of them.
                if *from == From::Sentence {
                    values.truncate(1);
                }
                return values;
            }
        }
        Vec::new()
    }
}

impl Test {
    fn holds(&self, rules: &Rules, scene: &Scene<'_>, candidate: &Candidate) -> bool {
        let mention = candidate.fill.and_then(|fill| scene.mentions.all.get(fill.mention));
        let cluster = candidate.fill.and_then(|fill| scene.entities.all.get(fill.entity));
        let holds = match &self.what {
            What::Noun(wanted) => rules.names(wanted, scene.doc, scene.mentions, candidate.head),
            What::Kind(kinds) => mention.is_some_and(|mention| kinds.contains(&mention.kind)),
            What::Sector(sectors) => cluster.and_then(|cluster| cluster.sector).is_some_and(|sector| sectors.contains(&sector)),
            What::Country(countries) => cluster
                .and_then(|cluster| cluster.country)
                .is_some_and(|country| countries.iter().any(|wanted| wanted == country.as_str())),
            What::Person => cluster.is_some_and(|cluster| cluster.person),
            What::Named => mention.is_some_and(|mention| mention.form == Form::Name),
        };
        holds != self.negated
    }
}

fn candidates(scene: &Scene<'_>, draft: &Draft, own: &Happening, from: &From) -> Vec<Candidate> {
    let doc = scene.doc;
    let base = scene.happenings.all.get(draft.happening);
    let of_fill = |fill: &Fill| {
        let mention = scene.mentions.all.get(fill.mention)?;
        Some(Candidate { head: mention.head, tokens: mention.tokens, fill: Some(*fill), value: None, count: None })
    };
    let of_head = |head: usize| {
        let fill = scene
            .mentions
            .at_head(head)
            .and_then(|mention| Some(Fill { entity: *scene.entities.of_mention.get(mention)?, mention }));
        fill.as_ref().and_then(of_fill).unwrap_or_else(|| Candidate {
            head,
            tokens: noun_phrase(doc, head),
            fill: None,
            value: None,
            count: None,
        })
    };
    let mut heads: Vec<usize> = Vec::new();
    match from {
        From::Role(role) => {
            let fills: &[Fill] = match role {
                Role::Actor => &draft.actor,
                Role::Recipient => &draft.recipient,
                Role::Place => &draft.place,
                Role::Instrument => &draft.instrument,
                Role::Theme => &[],
            };
            let mut out: Vec<Candidate> = fills.iter().filter_map(of_fill).collect();
            heads.extend(own.heads(*role));
            heads.extend(base.into_iter().flat_map(|base| base.heads(*role)));
            out.extend(heads.into_iter().map(of_head));
            return out;
        }
        From::Evidence => return draft.evidence.iter().filter_map(of_fill).collect(),
        From::Time => {
            let time = draft.time.and_then(|time| scene.mentions.times.get(time));
            let candidate = time.map(|time| Candidate {
                head: time.head,
                tokens: time.tokens,
                fill: None,
                value: time.edtf.as_ref().map(|edtf| edtf.as_str().to_owned()),
                count: None,
            });
            return candidate.into_iter().collect();
        }
        From::Count(roles) => {
            return draft
                .counts
                .iter()
                .filter(|(_, role)| roles.is_empty() || roles.contains(role))
                .filter_map(|&(id, _)| {
                    let count = scene.mentions.counts.get(id)?;
                    let fill = of_head(count.head).fill;
                    Some(Candidate { head: count.head, tokens: count.tokens, fill, value: None, count: Some(id) })
                })
                .collect();
        }
        From::Preposition(prepositions) => {
            let mut hosts = vec![own.trigger, own.anchor];
            hosts.extend(own.arguments.iter().map(|argument| argument.head));
            hosts.sort_unstable();
            hosts.dedup();
            for host in hosts {
                grammar::prepositional(doc, host, |word| prepositions.iter().any(|wanted| wanted == word), &mut heads);
            }
        }
        From::Subject => heads = grammar::surface_subject(doc, own.anchor),
        From::Object => {
            heads = if matches!(doc.pos(own.trigger).as_str(), "NOUN" | "PROPN") {
                let mut out = Vec::new();
                grammar::prepositional(doc, own.trigger, |word| matches!(word, "of" | "on" | "against" | "at"), &mut out);
                out
            } else {
                grammar::undergoer(doc, own.trigger, true)
            }
        }
        From::Modifier => {
            heads.extend(doc.children_with(own.trigger, &["compound", "amod", "nmod", "poss"]).filter(|&at| at < own.trigger));
        }
        From::Sentence => {
            let sentence = doc.sentences().get(doc.sentence_of(own.trigger)).copied().unwrap_or_default();
            let start = sentence.start.max(own.trigger.saturating_sub(REACH));
            let noun = |at: &usize| {
                matches!(doc.pos(*at).as_str(), "NOUN" | "PROPN") && *at != own.trigger && doc.dep(*at) != "compound"
            };
            heads.extend((start..sentence.end.min(own.trigger + REACH)).filter(noun));
            heads.sort_by_key(|&at| (at.abs_diff(own.trigger), at));
        }
        From::Trigger => {
            let tokens = TokenRange::single(own.trigger);
            return vec![Candidate { head: own.trigger, tokens, fill: None, value: None, count: None }];
        }
    }
    heads.into_iter().map(of_head).collect()
}

fn parse_from(word: &str) -> Result<From, String> {
    Ok(match word {
        "actor" => From::Role(Role::Actor),
        "recipient" => From::Role(Role::Recipient),
        "theme" => From::Role(Role::Theme),
        "place" => From::Role(Role::Place),
        "instrument" => From::Role(Role::Instrument),
        "evidence" => From::Evidence,
        "time" => From::Time,
        "count" => From::Count(Vec::new()),
        "subject" => From::Subject,
        "object" => From::Object,
        "modifier" => From::Modifier,
        "sentence" => From::Sentence,
        "trigger" => From::Trigger,
        other => {
            if let Some(list) = other.strip_prefix("prep:") {
                From::Preposition(list.split('|').map(str::to_lowercase).collect())
            } else if let Some(list) = other.strip_prefix("count:") {
                From::Count(list.split('|').map(role).collect::<Result<_, _>>()?)
            } else {
                return Err(format!("from `{other}`: no place to look"));
            }
        }
    })
}

fn role(word: &str) -> Result<QuantityRole, String> {
    use QuantityRole as R;
    Ok(match word {
        "killed" => R::Killed,
        "injured" => R::Injured,
        "captured" => R::Captured,
        "missing" => R::Missing,
        "displaced" => R::Displaced,
        "involved" => R::Involved,
        "equipment" => R::Equipment,
        "munitions" => R::Munitions,
        "other" => R::Other,
        unknown => return Err(format!("from `count:{unknown}`: no such role of a count")),
    })
}

fn kind(word: &str) -> Result<EntityKind, String> {
    use EntityKind as K;
    Ok(match word {
        "actor" => K::Actor,
        "place" => K::Place,
        "equipment" => K::Equipment,
        "media" => K::Media,
        "document" => K::Document,
        "platform" => K::Platform,
        unknown => return Err(format!("`{unknown}` is no kind of entity")),
    })
}

fn parse_test(text: &str, rules: &Rules) -> Result<Test, String> {
    let (negated, rest) = match text.trim().strip_prefix("no ") {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.trim()),
    };
    let (place, words) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let each = || words.split_whitespace();
    let bare = words.trim().is_empty();
    let wrong = |reason: String| format!("condition `{text}`: {reason}");
    let what = match place {
        "noun" => What::Noun(rules.wanted(words).map_err(wrong)?),
        "kind" => What::Kind(each().map(kind).collect::<Result<_, _>>().map_err(wrong)?),
        "sector" => {
            What::Sector(each().map(|code| code.parse().map_err(|error| wrong(format!("{error}")))).collect::<Result<_, _>>()?)
        }
        "country" => What::Country(each().map(str::to_owned).collect()),
        "person" => What::Person,
        "named" => What::Named,
        other => return Err(wrong(format!("`{other}` is nothing that words can be asked for"))),
    };
    if bare != matches!(what, What::Person | What::Named) {
        return Err(wrong(if bare { "what is wanted is missing".to_owned() } else { format!("`{place}` stands alone") }));
    }
    Ok(Test { negated, what })
}
