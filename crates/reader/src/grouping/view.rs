//! What grouping asks of a draft.

use dateline_nlp::Doc;
use dateline_record::{Edtf, EventType, Mode};

use crate::coreference::EntityIndex;
use crate::happenings::{Happening, grammar};
use crate::slots::{Draft, Scene};

/// What grouping asks of one draft.
pub(super) struct View<'a> {
    pub(super) kind: Option<EventType>,
    pub(super) mode: Option<Mode>,
    pub(super) actor: Vec<EntityIndex>,
    pub(super) recipient: Vec<EntityIndex>,
    pub(super) place: Vec<EntityIndex>,
    pub(super) time: Option<&'a Edtf>,
    /// Lemma of the trigger, or of the noun for taking part in it: *participation in operations*.
    pub(super) word: String,
    /// Lemmas of nouns whose verb it is: *the strikes killed*.
    pub(super) deeds: Vec<String>,
    pub(super) token: usize,
    pub(super) anchor: usize,
    pub(super) sentence: usize,
    pub(super) noun: Noun,
}

/// How a noun presents its happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    /// A verb or adjective.
    None,
    /// *the capture*, *his capture*.
    Definite,
    /// *this agreement*, *these strikes*.
    Demonstrative,
    /// *an attack*.
    Indefinite,
    /// *another attack*.
    Other,
    /// *new sanctions*: other ones, unless they were called new before.
    New,
    /// *attacks*.
    Bare,
}

impl<'a> View<'a> {
    pub(super) fn new(scene: &Scene<'a>, draft: &Draft, happening: &Happening) -> Self {
        let entities = |fills: &[crate::slots::Fill]| fills.iter().map(|fill| fill.entity).collect();
        let doc = scene.doc;
        let part = grammar::part_taken(doc, happening.trigger);
        Self {
            kind: happening.kind,
            mode: happening.mode,
            actor: entities(&draft.actor),
            recipient: entities(&draft.recipient),
            place: entities(&draft.place),
            time: draft.time.and_then(|time| scene.mentions.times.get(time)).and_then(|time| time.edtf.as_ref()),
            word: doc.lemma(part.unwrap_or(happening.trigger)).to_lowercase(),
            deeds: (happening.light.iter())
                .filter(|&&token| matches!(doc.dep(token).as_str(), "nsubj" | "pobj"))
                .map(|&token| doc.lemma(token).to_lowercase())
                .collect(),
            token: happening.trigger,
            anchor: happening.anchor,
            sentence: doc.sentence_of(happening.trigger),
            noun: noun(doc, part.unwrap_or(happening.trigger)),
        }
    }
}

fn noun(doc: &Doc, trigger: usize) -> Noun {
    if !matches!(doc.pos(trigger).as_str(), "NOUN" | "PROPN") {
        return Noun::None;
    }
    let (mut definite, mut demonstrative) = (false, false);
    for child in doc.children(trigger).filter(|&child| child < trigger) {
        let word = doc.lemma(child).to_ascii_lowercase();
        match doc.dep(child).as_str() {
            "det" if matches!(word.as_str(), "a" | "an") => return Noun::Indefinite,
            "det" if word == "another" => return Noun::Other,
            "det" if word == "the" => definite = true,
            "det" if matches!(word.as_str(), "this" | "that" | "these" | "those") => demonstrative = true,
            "poss" => definite = true,
            "amod"
                if matches!(
                    word.as_str(),
                    "other" | "second" | "third" | "further" | "separate" | "previous" | "earlier" | "similar"
                ) =>
            {
                return Noun::Other;
            }
            "amod" if matches!(word.as_str(), "new" | "fresh") => return Noun::New,
            _ => {}
        }
    }
    match (demonstrative, definite) {
        (true, _) => Noun::Demonstrative,
        (_, true) => Noun::Definite,
        _ => Noun::Bare,
    }
}
