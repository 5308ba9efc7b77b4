//! Whether what stands around a trigger is what an entry asks for.

use std::cell::OnceCell;

use super::classes::ClassSet;
use super::entries::{Condition, Part, Place, noun_key};
use super::finder::{Finder, SENTENCE_REACH};
use super::grammar;

/// What stands around a trigger, looked up when a condition asks.
pub(super) struct Around<'a, 'b> {
    finder: &'a Finder<'b>,
    token: usize,
    part: Part,
    subject: OnceCell<Vec<usize>>,
    object: OnceCell<Vec<usize>>,
}

impl<'a, 'b> Around<'a, 'b> {
    pub(super) fn new(finder: &'a Finder<'b>, token: usize, part: Part) -> Self {
        Self { finder, token, part, subject: OnceCell::new(), object: OnceCell::new() }
    }

    fn subject(&self) -> &[usize] {
        self.subject.get_or_init(|| match self.part {
            Part::Verb => grammar::doer(self.finder.doc, self.token),
            Part::Noun => {
                let mut out = Vec::new();
                grammar::prepositional(self.finder.doc, self.token, |word| word == "by", &mut out);
                if out.is_empty() {
                    grammar::holder(self.finder.doc, self.token, &mut out);
                }
                out
            }
            Part::Adjective => grammar::surface_subject(self.finder.doc, self.token),
        })
    }

    fn object(&self) -> &[usize] {
        self.object.get_or_init(|| match self.part {
            Part::Verb => grammar::undergoer(self.finder.doc, self.token, true),
            Part::Noun => {
                let mut out = Vec::new();
                grammar::prepositional(
                    self.finder.doc,
                    self.token,
                    |word| matches!(word, "of" | "on" | "against" | "at"),
                    &mut out,
                );
                out.extend(self.finder.doc.children(self.token).filter(|&child| self.finder.doc.dep(child) == "compound"));
                out
            }
            Part::Adjective if self.finder.doc.dep(self.token) == "amod" => vec![self.finder.doc.head(self.token)],
            Part::Adjective => grammar::surface_subject(self.finder.doc, self.token),
        })
    }

    fn any_fits(&self, heads: &[usize], condition: &Condition) -> bool {
        if condition.wanted.wants_none() && heads.is_empty() {
            return true;
        }
        let mut buffer = String::new();
        heads.iter().any(|&head| {
            let key = noun_key(self.finder.doc, head, &mut buffer);
            condition.wanted.fits(key, self.finder.classes(head))
        })
    }

    pub(super) fn holds(&self, condition: &Condition) -> bool {
        let doc = self.finder.doc;
        let wanted = &condition.wanted;
        let holds = match &condition.place {
            Place::Subject => self.any_fits(self.subject(), condition),
            Place::Object => self.any_fits(self.object(), condition),
            Place::Preposition(prepositions) => {
                let mut heads = Vec::new();
                let mut there = false;
                // The parse often hangs the recipient's preposition on the object: *returned a pendant to the museum*.
                let object = doc.child(self.token, "dobj").filter(|_| self.part == Part::Verb);
                for host in std::iter::once(self.token).chain(object) {
                    for child in doc.children(host).filter(|&child| child > self.token || host == self.token) {
                        if !matches!(doc.dep(child).as_str(), "prep" | "agent" | "dative" | "prt") {
                            continue;
                        }
                        let word = doc.word(child).to_lowercase();
                        let governs = |child: usize| {
                            doc.children(child).any(|inner| matches!(doc.token(inner).entity.as_str(), "DATE" | "TIME"))
                        };
                        if prepositions.iter().any(|wanted| **wanted == *word) && !governs(child) {
                            there = true;
                            grammar::objects_of_preposition(doc, child, &mut heads);
                        }
                    }
                }
                there && ((!wanted.has_words() && !wanted.wants_class()) || self.any_fits(&heads, condition))
            }
            Place::Sentence => {
                let sentence = doc.sentences().get(doc.sentence_of(self.token)).copied().unwrap_or_default();
                let start = sentence.start.max(self.token.saturating_sub(SENTENCE_REACH));
                let near: Vec<usize> =
                    (start..sentence.end.min(self.token + SENTENCE_REACH)).filter(|&at| at != self.token).collect();
                let mut buffer = String::new();
                near.iter().any(|&at| {
                    let noun = matches!(doc.pos(at).as_str(), "NOUN" | "PROPN" | "ADJ");
                    let classes = if noun && wanted.wants_class() { self.finder.classes(at) } else { ClassSet::EMPTY };
                    wanted.fits(noun_key(doc, at, &mut buffer), classes)
                })
            }
            Place::Modifier => {
                let modifiers: Vec<usize> = doc
                    .children(self.token)
                    .filter(|&child| {
                        child < self.token
                            && matches!(doc.dep(child).as_str(), "compound" | "amod" | "nmod" | "poss" | "advmod" | "npadvmod")
                    })
                    .collect();
                self.any_fits(&modifiers, condition)
            }
            Place::Head => !doc.is_root(self.token) && self.any_fits(&[doc.head(self.token)], condition),
            Place::Under => {
                let head = doc.head(self.token);
                doc.dep(self.token) == "pobj"
                    && wanted.fits_word(&doc.word(head).to_lowercase())
                    && !(condition.negated && self.finder.carrier(self.token).is_some())
            }
            Place::Complement => {
                let form = doc.children(self.token).find_map(|child| match doc.dep(child).as_str() {
                    "xcomp" => Some("verb"),
                    "ccomp" => Some("clause"),
                    "oprd" => Some("predicate"),
                    "acl" if self.part == Part::Noun && doc.tag(child) == "VB" => Some("verb"),
                    _ => None,
                });
                match form {
                    Some(form) => wanted.fits_word(form),
                    None => wanted.wants_none(),
                }
            }
            Place::Passive => grammar::is_passive(doc, self.token),
            Place::Negated => doc.children(self.token).any(|child| doc.dep(child) == "neg"),
            Place::Plural => matches!(doc.tag(self.token).as_str(), "NNS" | "NNPS"),
            Place::Named => self.finder.begins_name(self.token),
            Place::Label => wanted.fits_word(doc.dep(self.token).as_str()),
        };
        holds != condition.negated
    }
}
