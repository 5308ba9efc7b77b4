//! Which happening a token belongs to, and how happenings of one sentence hang together.

use dateline_nlp::Doc;

use super::Scene;
use crate::happenings::grammar;

/// Nothing climbs further up the tree than this.
pub(super) const DEPTH: usize = 32;

/// How a happening hangs under another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// *…, killing three*; *began to shell*; *aimed at freeing*.
    Participle,
    /// *broke the siege of*.
    Object,
    /// *…, when a drone struck*: at one time and place with it.
    Meanwhile,
    /// *during an operation in*.
    Within,
    /// *attacked and burned*.
    Conjunct,
    /// Anything else.
    Other,
}

/// The happening above another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) parent: usize,
    pub(super) kind: Kind,
}

/// Happenings by their tokens, and the happening above each.
#[derive(Debug)]
pub(super) struct Links {
    /// The happening whose trigger, light verb or anchor a token is, plus one; 0 for none.
    at: Vec<u32>,
    /// In order of happenings.
    pub(super) above: Vec<Option<Link>>,
}

/// Where climbing from a token ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Above {
    /// At a happening.
    Happening(usize),
    /// At a verb that is none.
    Verb(usize),
    /// Nowhere.
    Nothing,
}

impl Links {
    pub(super) fn new(scene: &Scene<'_>) -> Self {
        let mut at = vec![0u32; scene.doc.len()];
        let all = &scene.happenings.all;
        let mut mark = |token: usize, happening: usize| {
            if let Some(slot) = at.get_mut(token).filter(|slot| **slot == 0) {
                *slot = happening as u32 + 1;
            }
        };
        all.iter().enumerate().for_each(|(id, happening)| mark(happening.trigger, id));
        for (id, happening) in all.iter().enumerate() {
            mark(happening.anchor, id);
            happening.light.iter().for_each(|&token| mark(token, id));
        }
        let mut links = Self { at, above: Vec::with_capacity(all.len()) };
        for (id, happening) in all.iter().enumerate() {
            let link = links.link(scene.doc, id, happening.anchor);
            links.above.push(link);
        }
        links
    }

    /// The happening that a token names.
    pub(super) fn happening(&self, token: usize) -> Option<usize> {
        self.at.get(token).filter(|&&id| id > 0).map(|&id| id as usize - 1)
    }

    /// The first happening at or above `token`; verbs that are no happenings end the climb.
    pub(super) fn climb(&self, doc: &Doc, token: usize) -> Above {
        let mut at = token;
        for _ in 0..DEPTH {
            if let Some(happening) = self.happening(at) {
                return Above::Happening(happening);
            }
            // Auxiliaries below a verb are no verbs of their own.
            let verb = matches!(doc.pos(at).as_str(), "VERB" | "AUX")
                && !matches!(doc.dep(at).as_str(), "aux" | "auxpass" | "amod" | "compound");
            if verb {
                return Above::Verb(at);
            }
            if doc.is_root(at) {
                break;
            }
            at = doc.head(at);
        }
        Above::Nothing
    }

    fn link(&self, doc: &Doc, id: usize, anchor: usize) -> Option<Link> {
        let mut at = anchor;
        let mut kind = None;
        for _ in 0..DEPTH {
            if doc.is_root(at) {
                return None;
            }
            let (dep, head) = (doc.dep(at), doc.head(at));
            if grammar::gerund_object(doc, at).is_some() {
                (at, kind) = (at - 1, Some(Kind::Participle));
                continue;
            }
            let here = match dep.as_str() {
                "conj" => Kind::Conjunct,
                "xcomp" | "pcomp" => Kind::Participle,
                "dobj" => Kind::Object,
                "advcl" | "acl" if doc.tag(at) == "VBG" || doc.tag(at) == "VB" => Kind::Participle,
                "advcl"
                    if doc.children(at).any(|child| child < at && matches!(doc.word(child), "when" | "When" | "as" | "As")) =>
                {
                    Kind::Meanwhile
                }
                "acl" if matches!(doc.lemma(at), "aim" | "intend" | "mean" | "design" | "direct") => Kind::Participle,
                "pobj" => {
                    let within = [
                        "during",
                        "in",
                        "amid",
                        "amidst",
                        "throughout",
                        "within",
                        "through",
                        "as",
                        "of",
                        "under",
                        "with",
                        "by",
                        "via",
                    ];
                    let word = doc.word(head);
                    match within.iter().any(|known| word.eq_ignore_ascii_case(known)) {
                        true if doc.dep(head) == "prep" => Kind::Within,
                        _ => Kind::Other,
                    }
                }
                "prep" | "agent" => kind.unwrap_or(Kind::Other),
                _ => Kind::Other,
            };
            kind = Some(match kind {
                None => here,
                Some(known) if known == here || dep == "prep" => known,
                // *aimed at neutralizing*: a chain of participles is one.
                Some(Kind::Participle) if here == Kind::Participle => Kind::Participle,
                Some(Kind::Conjunct) => Kind::Other,
                Some(_) => Kind::Other,
            });
            if let Some(parent) = self.happening(head).filter(|&parent| parent != id) {
                return Some(Link { parent, kind: kind.unwrap_or(Kind::Other) });
            }
            at = head;
        }
        None
    }
}
