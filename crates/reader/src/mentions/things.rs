//! Things and places: equipment by class, media and documents, places and the areas around them.

use dateline_nlp::TokenRange;
use dateline_record::{Country, EntityKind, Sector};

use super::find::{Finder, Mark, Marked};
use super::geography::{StateForm, StateName};
use super::phrase::{extended, governed, hyphened, preposition};
use super::rules::{Known, MediaNoun};
use super::toponyms::Named;
use super::{Form, Mention, Number, Traits};

impl Finder<'_> {
    pub(super) fn is_locative(&self, head: usize) -> bool {
        preposition(self.doc, head).is_some_and(|(prep, _)| {
            self.rules.grammar.locative.contains(self.words.folded(prep))
                || matches!(self.words.folded(prep), "from" | "to" | "on" | "of")
        }) && preposition(self.doc, head).is_some_and(|(prep, above)| {
            let word = self.words.folded(prep);
            match word {
                // *attack on a hospital* strikes it, *standing on a bridge* does not.
                "on" => !matches!(
                    self.words.key(above),
                    "attack" | "strike" | "raid" | "assault" | "airstrike" | "fire" | "shelling" | "target" | "bombing" | "hit"
                ),
                "of" if self.words.folded(above) == "out" => true,
                "of" => {
                    !self.rules.grammar.deed.contains(self.words.key(above))
                        && self.rules.facilities.of(self.words, TokenRange::single(head), head).is_some()
                        && !matches!(
                            self.words.key(above),
                            "bombing" | "shelling" | "destruction" | "targeting" | "seizure" | "storming" | "closure"
                        )
                }
                "to" => !self.rules.grammar.giving.contains(self.words.key(above)),
                "from" => !self.rules.grammar.taking.contains(self.words.key(above)),
                "at" => !matches!(self.words.key(above), "fire" | "shoot" | "throw" | "aim" | "target"),
                _ => true,
            }
        })
    }

    /// *in X*, *near X* where the gazetteer knows X, whatever the recogniser took it for.
    pub(super) fn known_town(&self, head: usize, range: TokenRange) -> bool {
        let Some((prep, _)) = preposition(self.doc, head) else { return false };
        let near = matches!(
            self.words.folded(prep),
            "in" | "near" | "outside" | "around" | "across" | "throughout" | "toward" | "towards" | "at"
        );
        if !near || (range.start..head).any(|k| self.rules.titles.contains_key(self.words.folded(k))) {
            return false;
        }
        let start = (range.start..head).find(|&k| self.doc.pos(k) == "PROPN").unwrap_or(head);
        self.doc.word(head).starts_with(char::is_uppercase)
            && self.rules.geography.knows(self.doc.words(TokenRange::new(start, head + 1)))
    }

    /// The name of a place that ends here, if one does.
    pub(super) fn named_at(&self, head: usize) -> Option<&Named> {
        let at = self.named.partition_point(|named| named.tokens.end <= head);
        self.named.get(at).filter(|named| named.tokens.contains(head))
    }

    /// A name that is a place's by all that the report says and stands where places do, or that the text calls a town, whatever the recogniser took
    /// it for.
    pub(super) fn named_town(&self, head: usize) -> bool {
        let named = self.named_at(head).filter(|named| !named.within && named.tokens.end == head + 1);
        named.is_some_and(|named| {
            let held = self.rules.toponyms.is_held(self.doc, self.words, named.tokens.start);
            self.is_locative(head) || held || self.is_reached(head)
        }) || self.is_called_area(head)
            || self.is_named_by_of(head)
    }

    /// *the town of X*.
    fn is_named_by_of(&self, head: usize) -> bool {
        preposition(self.doc, head).is_some_and(|(prep, above)| {
            let key = self.words.key(above);
            self.words.folded(prep) == "of"
                && self.doc.pos(above) == "NOUN"
                && key != "state"
                && self.rules.toponyms.is_called(key)
        })
    }

    /// *fled X*, *entered X*.
    fn is_reached(&self, head: usize) -> bool {
        self.doc.dep(head) == "dobj" && self.rules.toponyms.reached(self.doc.lemma(self.doc.head(head)))
    }

    /// *X, a village near Y*.
    fn is_called_area(&self, head: usize) -> bool {
        let area = |at: usize| self.rules.areas.of(self.words, TokenRange::single(at), at).is_some();
        self.doc.children_with(head, &["appos"]).any(|at| at > head && self.doc.pos(at) == "NOUN" && area(at))
    }

    /// The recogniser takes rare surnames for places: this one is unknown, nothing speaks for a place, and it does or has something.
    pub(super) fn looks_like_person(&self, head: usize) -> bool {
        let name = self.doc.entity_at(head).map_or(TokenRange::single(head), |entity| entity.tokens);
        let (_, dep, _) = governed(self.doc, head);
        matches!(dep, "nsubj" | "nsubjpass" | "poss" | "dobj")
            && self.named_at(head).is_none()
            && self.marked(head).is_none()
            && name.len() <= 2
            && !self.rules.geography.knows(self.doc.words(name))
    }

    /// *KYIV (Agency) —* at the head of a paragraph.
    pub(super) fn is_dateline(&self, name: TokenRange) -> bool {
        let opens = name.start == 0 || self.doc.pos(name.start - 1) == "SPACE";
        let next = (name.end < self.doc.len()).then(|| self.doc.word(name.end));
        opens && matches!(next, Some("(" | "-" | "—" | "–" | "--" | "," | "/"))
    }

    pub(super) fn equipment_word(&self, head: usize, words_before: usize) -> bool {
        match self.words.key(head) {
            "arm" => self.doc.tag(head) == "NNS" || self.doc.tag(head) == "NNPS",
            "round" => {
                self.doc.tag(head) == "NNS" && self.doc.child(head, "prep").is_none_or(|prep| self.words.folded(prep) != "of")
            }
            "mine" | "bat" | "rock" | "club" | "stick" | "bottle" | "arrow" | "hammer" | "stone" | "brick" => {
                self.doc.tag(head) == "NNS" || words_before > 0 || self.doc.dep(head) == "pobj"
            }
            "armor" | "armour" | "hardware" | "equipment" | "uniform" => true,
            _ => true,
        }
    }

    pub(super) fn equipment(&self, head: usize, range: TokenRange, class: u32) -> Option<(Mention, Traits)> {
        let class = self.rules.classes.get(class as usize)?;
        // A type name in the phrase says more than its noun: *a BTR-82 armoured personnel carrier*.
        let model = range.indices().find_map(|k| match self.marked(k)?.mark {
            Mark::Known(Known::Model(at)) => self.rules.classes.get(at as usize),
            _ => None,
        });
        let model = model
            .or_else(|| range.indices().find_map(|k| self.rules.classes.get(self.rules.model_like(self.doc.word(k))? as usize)));
        let named = model.is_some();
        let class = model.unwrap_or(class);
        let country = self.country_of(head, range);
        let organised = country.is_some()
            || range.indices().any(|k| {
                let organisation = matches!(self.marked(k), Some(Marked { mark: Mark::Known(Known::Organisation(_)), .. }));
                k < head && (organisation || self.words.folded(k) == "coalition")
            });
        let (_, dep, verb) = governed(self.doc, head);
        // *were reported to have fired*: the subject of what is reported.
        let raised = dep == "nsubjpass" && self.doc.child(verb, "xcomp").is_some();
        let acts = matches!(dep, "nsubj" | "agent")
            || raised
            || preposition(self.doc, head).is_some_and(|(prep, _)| self.doc.dep(prep) == "agent");
        if class.platform && organised && acts && !named && class.name != "drone" {
            let mut mention = self.blank(range, head, EntityKind::Actor, Form::Nominal, "actor: force by its weapons");
            mention.country =
                country.or_else(|| range.indices().any(|k| self.words.folded(k) == "coalition").then_some(Country::IGO));
            mention.sector = self
                .sector_beside(TokenRange::new(range.start, head), head)
                .filter(|sector| sector.is_armed())
                .or(Some(Sector::Mil));
            mention.class = Some(class.name.clone());
            return Some((mention, Traits { number: Number::Either, group: true, ..Traits::default() }));
        }
        let form = if named { Form::Name } else { Form::Nominal };
        let mut mention = self.blank(range, head, EntityKind::Equipment, form, "equipment");
        mention.class = Some(class.name.clone());
        mention.country = country;
        let number = if mention.plural { Number::Plural } else { Number::Singular };
        Some((mention, Traits { number, definite: self.is_definite(range), ..Traits::default() }))
    }

    /// Words that are media or documents only with something that shows it: *order*, *post*, *record*, *channel*.
    pub(super) fn media_word(&self, head: usize) -> bool {
        match self.words.key(head) {
            "still" | "material" | "record" | "file" | "paper" | "draft" | "sample" => {
                self.doc.pos(head) == "NOUN" || self.doc.pos(head) == "PROPN"
            }
            "intelligence" => false,
            // *in order to* orders nothing.
            "order" => !(head > 0 && self.words.folded(head - 1) == "in"),
            _ => true,
        }
    }

    pub(super) fn media(&self, head: usize, range: TokenRange, what: MediaNoun) -> (Mention, Traits) {
        let kind = match what {
            MediaNoun::Media => EntityKind::Media,
            MediaNoun::Document => EntityKind::Document,
            MediaNoun::Platform => EntityKind::Platform,
        };
        let named = range.indices().any(|k| matches!(self.marked(k), Some(Marked { mark: Mark::Known(Known::Platform), .. })));
        let end = if kind == EntityKind::Media { extended(self.doc, head, &["of"]) } else { range.end };
        let form = if named && kind == EntityKind::Platform { Form::Name } else { Form::Nominal };
        let mut mention = self.blank(TokenRange::new(range.start, end), head, kind, form, "media, document or platform");
        mention.country = self.country_of(head, range);
        let number = if mention.plural { Number::Plural } else { Number::Singular };
        (mention, Traits { number, definite: self.is_definite(range), ..Traits::default() })
    }

    pub(super) fn is_definite(&self, range: TokenRange) -> bool {
        matches!(
            self.words.folded(range.start),
            "the" | "this" | "that" | "these" | "those" | "his" | "her" | "its" | "their" | "both"
        ) || self.doc.tag(range.start) == "POS"
    }

    /// The name inside a place phrase: *the Kursk oblast* → Kursk.
    pub(super) fn names_place(&self, head: usize, range: TokenRange) -> Option<usize> {
        (range.start..head).rev().find(|&k| {
            self.doc.pos(k) == "PROPN"
                && !hyphened(self.doc, k)
                && !self.rules.directions.contains(self.words.folded(k))
                && !self.marked(k).is_some_and(|marked| matches!(marked.mark, Mark::Known(_)))
                && !matches!(
                    self.marked(k),
                    Some(Marked { mark: Mark::State(StateName { form: StateForm::Adjective | StateForm::People, .. }), .. })
                )
                && self.doc.dep(k) != "poss"
        })
    }

    pub(super) fn area(&self, head: usize, range: TokenRange, toponym: Option<usize>, facility: bool) -> (Mention, Traits) {
        let named = toponym.is_some()
            || self.doc.pos(head) == "PROPN"
            || self.doc.entity_at(head).is_some_and(|entity| matches!(entity.label.as_str(), "GPE" | "LOC" | "FAC"));
        let end = extended(self.doc, head, &["of"]);
        let form = if named { Form::Name } else { Form::Nominal };
        let why = if facility { "place: site" } else { "place: area noun" };
        let mut mention = self.blank(TokenRange::new(range.start, end), head, EntityKind::Place, form, why);
        mention.country = self.country_of(head, range);
        (mention, Traits { definite: self.is_definite(range), ..Traits::default() })
    }

    pub(super) fn place(&self, head: usize, range: TokenRange, why: &str) -> (Mention, Traits) {
        let mut mention = self.blank(range, head, EntityKind::Place, Form::Name, why);
        if let Some(entity) = self.doc.entity_at(head)
            && matches!(entity.label.as_str(), "GPE" | "LOC" | "FAC")
            && entity.tokens.contains(head)
            && entity.tokens.end <= head + 6
        {
            mention.tokens.end = mention.tokens.end.max(entity.tokens.end);
        }
        mention.plural = false;
        (mention, Traits::default())
    }
}
