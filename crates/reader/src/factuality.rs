//! Stage 5: how each happening is held by its source and by the author (FactBank: Saurí and Pustejovsky 2009).
//!
//! | the text has | source | author |
//! | --- | --- | --- |
//! | plain statement | CT+ | the same |
//! | *not*, *no*, *failed to*, *prevented* | CT- | the same |
//! | *may*, *possible* | PS+ | the same |
//! | *reportedly*, *alleged*, *is believed to*, *likely* | PR+ | the same |
//! | *will*, *if*, *whether*, *plans to*, *ordered to*, *in order to* | Uu | the same |
//! | under a source that says or claims it | as the words inside say | Uu, or the same under a cue that the author goes along with (*confirmed*) |
//! | under a source that estimates or believes it | PR+ at most | Uu |
//! | under a source that denies it | CT- | Uu |
//! | under a source that demands, promises, wants it | Uu | Uu |
//!
//! Cues are looked for from the happening up the tree to the edge of the innermost source's words; a negation turns what it finds, a
//! weaker certainty beats a stronger one.

use std::collections::HashMap;

use dateline_nlp::Doc;
use dateline_record::{Certainty, FactualityValue, Polarity};
use serde::Deserialize;

use crate::attribution::{self, Attributions, is_passive};
use crate::happenings::{Happening, Happenings};
use crate::lexicon::{Layer, LexiconError, Lexicons};

const FILE: &str = "factuality.toml";
/// No cue is looked for further up than this.
const HEIGHT: usize = 12;

/// How one happening is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// By the innermost source.
    pub source: FactualityValue,
    /// By the author.
    pub author: FactualityValue,
    /// The tokens that say so.
    pub cues: Vec<usize>,
    /// The rules.
    pub why: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Effect {
    Negate,
    Possible,
    Probable,
    Improbable,
    Uncommitted,
    Certain,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    lemmas: Vec<String>,
    effect: Effect,
    #[serde(default)]
    passive: bool,
    examples: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    modal: Vec<Entry>,
    adverb: Vec<Entry>,
    determiner: Vec<Entry>,
    preposition: Vec<Entry>,
    mark: Vec<Entry>,
    adjective: Vec<Entry>,
    governor: Vec<Entry>,
}

/// The cues, by the place in the tree where they count.
#[derive(Debug, Default)]
pub struct Rules {
    modals: HashMap<String, Effect>,
    adverbs: HashMap<String, Effect>,
    determiners: HashMap<String, Effect>,
    prepositions: HashMap<String, Effect>,
    marks: HashMap<String, Effect>,
    adjectives: HashMap<String, Effect>,
    /// With whether the entry counts only in the passive or as a noun.
    governors: HashMap<String, Vec<(Effect, bool)>>,
}

impl Rules {
    /// Parses the lexicon, the user's over ours.
    ///
    /// # Errors
    /// When an entry is wrong; the error names file and entry.
    pub fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let mut rules = Self::default();
        for layer in lexicons.layers(FILE) {
            rules.add(layer)?;
        }
        Ok(rules)
    }

    fn add(&mut self, layer: Layer<'_>) -> Result<(), LexiconError> {
        let wrong = |message: String| LexiconError::Content { file: layer.file.to_owned(), message };
        let raw: Raw = toml::from_str(layer.text).map_err(|error| wrong(error.to_string()))?;
        let entries = [&raw.modal, &raw.adverb, &raw.determiner, &raw.preposition, &raw.mark, &raw.adjective, &raw.governor];
        if let Some(entry) = entries.into_iter().flatten().find(|entry| entry.examples.is_empty()) {
            return Err(wrong(format!("the entry of `{}` has no example", entry.lemmas.first().map_or("?", String::as_str))));
        }
        let maps = [
            (raw.modal, &mut self.modals),
            (raw.adverb, &mut self.adverbs),
            (raw.determiner, &mut self.determiners),
            (raw.preposition, &mut self.prepositions),
            (raw.mark, &mut self.marks),
            (raw.adjective, &mut self.adjectives),
        ];
        for (entries, map) in maps {
            for entry in entries {
                map.extend(entry.lemmas.into_iter().map(|lemma| (lemma, entry.effect)));
            }
        }
        for entry in raw.governor {
            for lemma in entry.lemmas {
                self.governors.entry(lemma).or_default().push((entry.effect, entry.passive));
            }
        }
        Ok(())
    }
}

/// How every happening is held, in their order.
#[must_use]
pub fn judge(
    rules: &Rules,
    attribution: &attribution::Rules,
    doc: &Doc,
    attributions: &Attributions,
    happenings: &Happenings,
) -> Vec<Held> {
    happenings.all.iter().map(|happening| Judge { rules, doc }.judge(attribution, attributions, happening)).collect()
}

struct Judge<'a> {
    rules: &'a Rules,
    doc: &'a Doc,
}

/// What the cues add up to.
struct State {
    certainty: Certainty,
    positive: bool,
    cues: Vec<usize>,
    why: Vec<String>,
}

impl State {
    fn apply(&mut self, effect: Effect, cue: usize, doc: &Doc) {
        match effect {
            Effect::Certain => return,
            Effect::Negate => self.positive = !self.positive,
            Effect::Possible => self.certainty = self.certainty.min(Certainty::Possible),
            Effect::Probable => self.certainty = self.certainty.min(Certainty::Probable),
            Effect::Improbable => {
                self.certainty = self.certainty.min(Certainty::Probable);
                self.positive = !self.positive;
            }
            Effect::Uncommitted => self.certainty = Certainty::Unknown,
        }
        if !self.cues.contains(&cue) {
            self.cues.push(cue);
            self.why.push(format!("factuality: {effect:?} by {}", doc.word(cue)).to_lowercase());
        }
    }

    fn value(&self) -> FactualityValue {
        FactualityValue::of(self.certainty, if self.positive { Polarity::Positive } else { Polarity::Negative })
    }
}

impl Judge<'_> {
    fn judge(&self, rules: &attribution::Rules, attributions: &Attributions, happening: &Happening) -> Held {
        let doc = self.doc;
        let mut state = State { certainty: Certainty::Certain, positive: true, cues: Vec::new(), why: Vec::new() };
        let chain = attributions.chain(happening.trigger);
        let innermost = chain.last().map(|&id| &attributions.all[id]);
        let inside = |token: usize| innermost.is_none_or(|said| said.content.iter().any(|run| run.contains(token)));

        let mut at = happening.anchor;
        if happening.trigger != at {
            self.around(happening.trigger, &mut state);
        }
        for &light in &happening.light {
            // *prevented an attack*: the support verb takes back what it carries.
            let mut effects = self.rules.governors.get(doc.lemma(light)).into_iter().flatten();
            if light < happening.trigger && effects.any(|&(effect, passive)| effect == Effect::Negate && !passive) {
                state.apply(Effect::Negate, light, doc);
            }
        }
        for _ in 0..HEIGHT {
            self.around(at, &mut state);
            let head = doc.head(at);
            if head == at || !inside(head) {
                break;
            }
            if happening.light.contains(&head) {
                break;
            }
            if !self.climb(at, head, &mut state) {
                break;
            }
            at = head;
        }
        if self.is_question(happening.anchor) {
            state.apply(Effect::Uncommitted, doc.sentences()[doc.sentence_of(happening.anchor)].end - 1, doc);
        }

        let inner = state.value();
        let Some(said) = innermost else { return Held { source: inner, author: inner, cues: state.cues, why: state.why } };
        let cue = said.cue_head;
        if let Some(neither) = cue.and_then(|cue| self.neither(cue)) {
            state.cues.push(neither);
            state.cues.sort_unstable();
            state.why.push(format!("factuality: open by {}", doc.word(neither)));
            return Held {
                source: FactualityValue::Uncommitted,
                author: FactualityValue::Uncommitted,
                cues: state.cues,
                why: state.why,
            };
        }
        let entry = cue.and_then(|cue| rules.entry(doc, cue));
        let (holds, factive) = entry.map_or((FactualityValue::CertainPositive, false), |entry| (entry.holds, entry.factive));
        let source = combine(inner, holds);
        if let Some(cue) = cue.filter(|_| holds != FactualityValue::CertainPositive || said.hearsay) {
            state.cues.push(cue);
            state.why.push(format!("factuality: {holds} by {}", doc.word(cue)));
        }
        // *denied*, *unclear*: a negated cue of saying leaves it open; a denied denial stays a denial.
        let negated = cue.and_then(|cue| doc.children(cue).find(|&child| doc.dep(child) == "neg"));
        let source = match negated {
            Some(neg) if !said.hearsay && holds.polarity() != Polarity::Negative => {
                state.cues.push(neg);
                FactualityValue::Uncommitted
            }
            _ => source,
        };
        // *Reports of an attack were false*: the author judges the saying.
        let judged = cue.filter(|&cue| doc.pos(cue) == "NOUN" && doc.dep(cue) == "nsubj" && chain.len() == 1).and_then(|cue| {
            let mut verdict = State { certainty: Certainty::Certain, positive: true, cues: Vec::new(), why: Vec::new() };
            self.said_of(doc.head(cue), &mut verdict);
            (!verdict.cues.is_empty()).then_some(verdict)
        });
        if let Some(verdict) = judged {
            let author = combine(inner, verdict.value());
            state.cues.extend(verdict.cues);
            state.why.extend(verdict.why);
            return Held { source, author, cues: state.cues, why: state.why };
        }
        let author = if said.hearsay || (factive && chain.len() == 1) { source } else { FactualityValue::Uncommitted };
        state.cues.sort_unstable();
        state.cues.dedup();
        Held { source, author, cues: state.cues, why: state.why }
    }

    /// *neither confirmed nor denied*, *did not confirm or deny*: the word that leaves it open.
    fn neither(&self, cue: usize) -> Option<usize> {
        let doc = self.doc;
        let first = if doc.dep(cue) == "conj" { doc.head(cue) } else { cue };
        let verbs: Vec<usize> =
            std::iter::once(first).chain(doc.children(first).filter(|&child| doc.dep(child) == "conj")).collect();
        let denies = verbs.iter().any(|&verb| matches!(doc.lemma(verb), "deny" | "refute" | "dispute" | "reject"));
        let says = verbs.iter().any(|&verb| matches!(doc.lemma(verb), "confirm" | "acknowledge" | "claim" | "admit" | "verify"));
        if !(denies && says) {
            return None;
        }
        let negates = |&child: &usize| doc.dep(child) == "neg" || matches!(doc.lemma(child), "neither" | "nor");
        verbs.iter().flat_map(|&verb| doc.children(verb)).find(negates)
    }

    /// Cues that hang on the predicate itself.
    fn around(&self, at: usize, state: &mut State) {
        let doc = self.doc;
        for child in doc.children(at) {
            let lemma = doc.lemma(child).to_lowercase();
            let found = match doc.dep(child).as_str() {
                "neg" => Some(Effect::Negate),
                "aux" if doc.tag(child) == "MD" => {
                    // *could not*, *would have*: past counterfactuals and inability are uncommitted, epistemic *must have* is probable.
                    let perfect = doc.children(at).any(|aux| doc.dep(aux) == "aux" && doc.lemma(aux) == "have");
                    match self.rules.modals.get(&lemma) {
                        Some(Effect::Uncommitted) if lemma == "must" && perfect => Some(Effect::Probable),
                        other => other.copied(),
                    }
                }
                "advmod" | "preconj" => self.rules.adverbs.get(&lemma).copied(),
                "det" => self.rules.determiners.get(&lemma).copied(),
                "mark" => self.rules.marks.get(&lemma).copied(),
                "amod" | "compound" if matches!(doc.pos(at).as_str(), "NOUN" | "PROPN") => self.adjective(child),
                "nsubj" | "nsubjpass" | "dobj" => {
                    let no = doc.children(child).find(|&inner| doc.dep(inner) == "det" && doc.lemma(inner) == "no");
                    if let Some(no) = no.filter(|_| doc.pos(at) == "VERB") {
                        state.apply(Effect::Negate, no, doc);
                    }
                    matches!(lemma.as_str(), "nobody" | "none" | "nothing").then_some(Effect::Negate)
                }
                _ => None,
            };
            if let Some(effect) = found {
                state.apply(effect, child, doc);
            }
        }
    }

    /// Cues on the way from a word to its head. False when nothing above can matter.
    fn climb(&self, at: usize, head: usize, state: &mut State) -> bool {
        let doc = self.doc;
        let dep = doc.dep(at);
        let lemma = doc.lemma(head).to_lowercase();
        match dep.as_str() {
            // A relative clause or a conjunct is held on its own, but for what its own side says.
            "relcl" | "parataxis" | "appos" => return false,
            "conj" => {
                // *will attack and seize*: the first verb's auxiliaries reach over when the second has none and no subject.
                let own =
                    doc.children(at).any(|child| matches!(doc.dep(child).as_str(), "nsubj" | "nsubjpass" | "aux" | "auxpass"));
                return !own;
            }
            "advcl" => {
                let to = doc.children(at).find(|&child| doc.tag(child) == "TO");
                // A purpose is a plan, unless it tells what a means was put to use for.
                if let Some(to) = to
                    && !matches!(lemma.as_str(), "use" | "employ")
                {
                    state.apply(Effect::Uncommitted, to, doc);
                }
                if doc.lemma(head) == "be" {
                    self.said_of(head, state);
                }
                return false;
            }
            "acl" | "xcomp" | "ccomp" | "pcomp" | "oprd" | "csubj" | "pobj" | "dobj" | "nsubj" | "nsubjpass" | "attr"
            | "acomp" | "prep" | "compound" | "amod" | "poss" | "dative" => {}
            _ => return false,
        }
        if matches!(dep.as_str(), "nsubj" | "nsubjpass" | "csubj" | "csubjpass" | "amod" | "poss" | "compound") {
            // A noun as subject: *the attack failed*, *reports are false*, *no attack took place*; else it stands for itself.
            if matches!(dep.as_str(), "nsubj" | "nsubjpass" | "csubj")
                && matches!(doc.pos(at).as_str(), "NOUN" | "PROPN" | "VERB")
            {
                self.said_of(head, state);
                if dep == "nsubjpass"
                    && matches!(
                        lemma.as_str(),
                        "foil"
                            | "thwart"
                            | "prevent"
                            | "avert"
                            | "cancel"
                            | "abort"
                            | "plan"
                            | "expect"
                            | "threaten"
                            | "propose"
                            | "schedule"
                            | "deny"
                    )
                {
                    self.govern(head, &lemma, state);
                }
                let happens = matches!(
                    lemma.as_str(),
                    "take"
                        | "occur"
                        | "happen"
                        | "be"
                        | "begin"
                        | "start"
                        | "break"
                        | "follow"
                        | "continue"
                        | "carry"
                        | "launch"
                        | "conduct"
                );
                if happens {
                    self.around(head, state);
                }
            }
            return false;
        }
        // *to counter the reported involvement*: what a definite noun names is taken for granted by a verb that does not govern it.
        let definite = doc.children(at).any(|child| {
            doc.dep(child) == "poss"
                || (doc.dep(child) == "det" && matches!(doc.lemma(child), "the" | "this" | "that" | "these" | "those"))
        });
        if dep == "dobj" && definite && doc.pos(at) == "NOUN" && !self.rules.governors.contains_key(&lemma) {
            return false;
        }
        if let Some(&effect) = self.rules.prepositions.get(&lemma)
            && dep != "prep"
        {
            state.apply(effect, head, doc);
            return effect != Effect::Certain;
        }
        if doc.pos(head) == "ADJ"
            && let Some(effect) = self.adjective(head)
        {
            state.apply(effect, head, doc);
        }
        if dep == "ccomp" && matches!(lemma.as_str(), "be" | "seem" | "appear" | "remain" | "become") {
            self.said_of(head, state);
        }
        if !matches!(dep.as_str(), "prep") && !self.govern(head, &lemma, state) {
            return false;
        }
        true
    }

    /// The effect of an adjective, or of a participle that stands as one: *planned*.
    fn adjective(&self, token: usize) -> Option<Effect> {
        let adjectives = &self.rules.adjectives;
        adjectives
            .get(self.doc.word(token).to_lowercase().as_str())
            .or_else(|| adjectives.get(&self.doc.lemma(token).to_lowercase()))
            .copied()
    }

    /// What the predicate says of its subject or clause: *is unlikely that*, *were false*.
    fn said_of(&self, predicate: usize, state: &mut State) {
        for child in
            self.doc.children(predicate).filter(|&child| matches!(self.doc.dep(child).as_str(), "acomp" | "oprd" | "attr"))
        {
            if let Some(effect) = self.adjective(child).filter(|_| self.doc.dep(child) != "attr" || self.doc.pos(child) == "ADJ")
            {
                state.apply(effect, child, self.doc);
            }
        }
    }

    /// The effect of a verb or noun on its complement; false when it asserts it.
    fn govern(&self, head: usize, lemma: &str, state: &mut State) -> bool {
        let doc = self.doc;
        for &(effect, passive) in self.rules.governors.get(lemma).into_iter().flatten() {
            if effect == Effect::Certain {
                return true;
            }
            if !passive || doc.pos(head) == "NOUN" || is_passive(doc, head) {
                state.apply(effect, head, doc);
                break;
            }
        }
        true
    }

    /// The sentence asks.
    fn is_question(&self, at: usize) -> bool {
        let doc = self.doc;
        let sentence = doc.sentences()[doc.sentence_of(at)];
        let end = sentence
            .indices()
            .rev()
            .find(|&token| !matches!(doc.word(token), "”" | "\"" | "'" | "’" | ")") && doc.pos(token) != "SPACE");
        end.is_some_and(|end| doc.word(end) == "?") && (doc.is_root(at) || doc.dep(at) == "conj" || doc.dep(at) == "ccomp")
    }
}

/// What is held inside, seen through how the source holds it.
fn combine(inner: FactualityValue, holds: FactualityValue) -> FactualityValue {
    let polarity = match (inner.polarity(), holds.polarity()) {
        (polarity, Polarity::Positive) => polarity,
        (Polarity::Positive, Polarity::Negative) => Polarity::Negative,
        (Polarity::Negative, Polarity::Negative) => Polarity::Positive,
        _ => return FactualityValue::Uncommitted,
    };
    FactualityValue::of(inner.certainty().min(holds.certainty()), polarity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_parses_and_has_an_example() {
        let rules = Rules::new(&Lexicons::default()).unwrap();
        assert_eq!(rules.modals["may"], Effect::Possible);
        assert!(rules.governors.len() > 80);
    }

    #[test]
    fn a_denial_of_what_may_be_is_a_possible_no() {
        use FactualityValue as V;
        assert_eq!(combine(V::PossiblePositive, V::CertainNegative), V::PossibleNegative);
        assert_eq!(combine(V::CertainPositive, V::CertainNegative), V::CertainNegative);
        assert_eq!(combine(V::CertainNegative, V::CertainPositive), V::CertainNegative);
        assert_eq!(combine(V::CertainPositive, V::Uncommitted), V::Uncommitted);
        assert_eq!(combine(V::CertainPositive, V::ProbablePositive), V::ProbablePositive);
    }
}
