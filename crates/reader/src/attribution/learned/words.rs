//! The words of a document as the features see them: hashed once, with what the lexicon and the quotation marks say of each.

use dateline_nlp::Doc;
use dateline_record::Act;

use super::super::lexicon::Rules;
use super::super::quotes::Quotation;
use crate::learned::hash;

/// A feature of a kind from hashed pieces, put at the end of a list.
macro_rules! add {
    ($out:expr, $kind:literal $(, $piece:expr)*) => {{
        let feature = Feature::kind(const { hash($kind) })$(.hashed($piece))*;
        $out.push(feature);
    }};
}
pub(super) use add;

/// One token's hashed pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    /// Lemma, lower case.
    pub(super) lemma: u64,
    /// The word itself, lower case.
    pub(super) word: u64,
    pub(super) tag: u64,
    pub(super) pos: u64,
    pub(super) dep: u64,
    /// Type of the named entity, or 0.
    pub(super) entity: u64,
    /// What the lexicon says of a cue of this lemma and part of speech: its act; 0 when it has no entry.
    pub(super) act: u64,
    /// Number of the quotation that it stands in, from 1; 0 outside.
    pub(super) quotation: u32,
    /// It is punctuation or white space.
    pub(super) silent: bool,
    /// A verb or auxiliary.
    pub(super) verbal: bool,
}

/// The words of a document.
pub(super) struct Words<'a> {
    pub(super) doc: &'a Doc,
    pub(super) all: Vec<Word>,
}

/// Stands where there is no token.
pub(super) const NONE: Word =
    Word { lemma: 1, word: 1, tag: 1, pos: 1, dep: 1, entity: 0, act: 0, quotation: 0, silent: true, verbal: false };

impl<'a> Words<'a> {
    pub(super) fn new(rules: &Rules, doc: &'a Doc, quotations: &[Quotation]) -> Self {
        let mut all: Vec<Word> = (0..doc.len()).map(|at| word(rules, doc, at)).collect();
        for (number, quotation) in (1..).zip(quotations) {
            let tokens = quotation.tokens;
            if let Some(inside) = all.get_mut(tokens.start..tokens.end) {
                inside.iter_mut().for_each(|word| word.quotation = number);
            }
        }
        Self { doc, all }
    }

    pub(super) fn get(&self, at: usize) -> &Word {
        self.all.get(at).unwrap_or(&NONE)
    }

    /// The word so many tokens before or behind.
    pub(super) fn near(&self, at: usize, step: isize) -> &Word {
        at.checked_add_signed(step).map_or(&NONE, |at| self.get(at))
    }

    /// The kind of a noun phrase by its head: a pronoun's own word, an entity's type, or its part of speech.
    pub(super) fn phrase_kind(&self, head: usize) -> u64 {
        let word = self.get(head);
        if self.doc.pos(head) == "PRON" || self.doc.pos(head) == "DET" {
            word.word
        } else if word.entity != 0 {
            word.entity
        } else {
            word.tag
        }
    }

    /// Which quotation marks touch a token: 1 one ends right before it (a comma may stand between), 2 one begins right behind it.
    pub(super) fn quotations_beside(&self, at: usize) -> u64 {
        let here = self.get(at).quotation;
        let before = [1, 2, 3].iter().any(|&step| {
            let number = self.near(at, -step).quotation;
            number != 0 && number != here && self.quiet(at, -step)
        });
        let behind = [1, 2, 3].iter().any(|&step| {
            let number = self.near(at, step).quotation;
            number != 0 && number != here && self.quiet(at, step)
        });
        u64::from(before) | u64::from(behind) << 1
    }

    /// Only punctuation stands between a token and the one so many steps away.
    fn quiet(&self, at: usize, step: isize) -> bool {
        (1..step.abs()).all(|between| self.near(at, between * step.signum()).silent)
    }

    /// How much of some tokens stands in quotation: 0 nothing, 1 some, 2 all.
    pub(super) fn quoted(&self, tokens: &[usize]) -> u64 {
        let (mut inside, mut all) = (0, 0);
        for word in tokens.iter().map(|&at| self.get(at)).filter(|word| !word.silent) {
            all += 1;
            inside += usize::from(word.quotation != 0);
        }
        match inside {
            0 => 0,
            _ if inside == all => 2,
            _ => 1,
        }
    }
}

fn word(rules: &Rules, doc: &Doc, at: usize) -> Word {
    let pos = doc.pos(at);
    let lemma = lower(doc.lemma(at));
    let act = match pos.as_str() {
        "VERB" | "AUX" => {
            let lemma = doc.lemma(at);
            let entry = rules.verbs.get(lemma).or_else(|| rules.attitudes.get(lemma).and_then(|entries| entries.first()));
            entry.map(|entry| entry.act)
        }
        "NOUN" => rules.nouns.get(doc.lemma(at)).map(|entry| entry.act),
        "ADJ" => {
            let entry = rules.adjectives.get(doc.lemma(at)).or_else(|| rules.attributives.get(doc.lemma(at)));
            entry.map(|entry| entry.act)
        }
        "ADV" => rules.adverbs.get(doc.lemma(at)).map(|entry| entry.act),
        _ => None,
    };
    let token = doc.token(at);
    Word {
        lemma,
        word: lower(doc.word(at)),
        tag: hash(token.tag.as_str()),
        pos: hash(pos.as_str()),
        dep: hash(token.dep.as_str()),
        entity: if token.entity == "" { 0 } else { hash(token.entity.as_str()) },
        act: act.map_or(0, |act: Act| hash(act.as_str())),
        quotation: 0,
        silent: matches!(pos.as_str(), "PUNCT" | "SPACE"),
        verbal: matches!(pos.as_str(), "VERB" | "AUX"),
    }
}

/// The hash of a word in lower case; letters outside ASCII stay as they are.
fn lower(word: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
    word.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// A length or distance in a few steps.
pub(super) fn bucket(number: usize) -> u64 {
    match number {
        0..=4 => number as u64,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        25..=49 => 9,
        _ => 10,
    }
}

/// A score as a cue in a few steps.
pub(super) fn level(score: f32) -> u64 {
    [-2.5, -1.5, -0.75, 0.0, 1.0, 2.5].iter().filter(|&&line| score > line).count() as u64
}
