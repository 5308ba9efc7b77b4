//! The walk over a report's capitalised names.

use std::collections::HashMap;

use dateline_gazetteer::{How, PlaceKind};
use dateline_nlp::{Doc, Entity, TokenRange};

use super::super::rules::Rules;
use super::super::words::Words;
use super::evidence as e;
use super::known::{Known, known};

/// Most tokens of a name.
const LONGEST: usize = 7;
/// Most tokens of a street's name.
const LONGEST_STREET: usize = 5;

/// A name that may be a place's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) tokens: TokenRange,
    pub(super) score: f32,
    /// The recogniser holds it for a person.
    pub(super) person: bool,
    /// More of a name follows, or stands before: *Boston* Globe.
    pub(super) within: bool,
    pub(super) why: &'static str,
}

/// What the report does with a word elsewhere.
#[derive(Clone, Copy, Debug, Default)]
struct Elsewhere {
    in_person: bool,
    lower: bool,
}

/// A run of capitalised tokens, and where in it the walk stands.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: usize,
    at: usize,
    end: usize,
}

pub(super) struct Scan<'a> {
    rules: &'a Rules,
    doc: &'a Doc,
    words: &'a Words,
    names: Vec<bool>,
    elsewhere: HashMap<&'a str, Elsewhere>,
    found: Vec<Found>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(rules: &'a Rules, doc: &'a Doc, words: &'a Words) -> Self {
        let mut scan = Self { rules, doc, words, names: Vec::new(), elsewhere: HashMap::new(), found: Vec::new() };
        scan.names = (0..doc.len()).map(|i| scan.is_name(i)).collect();
        for i in (0..doc.len()).filter(|&i| scan.names[i]) {
            scan.elsewhere.entry(words.folded(i)).or_default();
        }
        for person in doc.entities().iter().filter(|entity| entity.label == "PERSON" && entity.tokens.len() > 1) {
            for k in person.tokens.indices().filter(|&k| capital(doc, k)) {
                scan.elsewhere.entry(words.folded(k)).or_default().in_person = true;
            }
        }
        for i in (0..doc.len()).filter(|&i| doc.word(i).starts_with(char::is_lowercase)) {
            if let Some(known) = scan.elsewhere.get_mut(words.folded(i)) {
                known.lower = true;
            }
        }
        scan
    }

    pub(super) fn run(mut self) -> Vec<Found> {
        let mut i = 0;
        while i < self.doc.len() {
            if !self.names[i] {
                i += 1;
                continue;
            }
            let mut run = Run { first: i, at: i, end: self.run_end(i) };
            while run.at < run.end {
                run.at = self.step(run).max(run.at + 1);
            }
            i = run.at.max(run.end);
        }
        self.found
    }

    /// A capitalised token that may be part of a name.
    fn is_name(&self, i: usize) -> bool {
        if !capital(self.doc, i) {
            return false;
        }
        match self.doc.pos(i).as_str() {
            "PRON" | "CCONJ" | "AUX" | "PART" => {
                self.doc.entity_at(i).is_some() && !self.rules.toponyms.small.contains(self.words.folded(i))
            }
            "PUNCT" | "SPACE" | "SYM" => self.doc.entity_at(i).is_some(),
            "ADP" | "SCONJ" | "DET" => !self.rules.toponyms.small.contains(self.words.folded(i)),
            _ => true,
        }
    }

    /// Where the run of names that starts here ends: hyphens, ampersands and the full stop of *St.* do not end it.
    fn run_end(&self, start: usize) -> usize {
        let doc = self.doc;
        let mut r = start;
        while r < doc.len() {
            let next = || self.names.get(r + 1).copied().unwrap_or(false);
            let joined = r > start
                && next()
                && match doc.word(r) {
                    "-" => !doc.token(r - 1).space_after && !doc.token(r).space_after,
                    "&" => true,
                    "." => self.is_saint(r - 1),
                    _ => false,
                };
            if !self.names[r] && !joined {
                break;
            }
            r += 1;
            if r < doc.len() && self.opens_sentence(r) && !abbreviated(doc.word(r - 1)) && !self.is_saint_stop(r - 1) {
                break;
            }
        }
        r
    }

    fn is_saint(&self, i: usize) -> bool {
        matches!(self.words.folded(i), "st" | "mt" | "ft")
    }

    fn is_saint_stop(&self, i: usize) -> bool {
        self.doc.word(i) == "." && i > 0 && self.is_saint(i - 1)
    }

    fn opens_sentence(&self, i: usize) -> bool {
        self.doc.sentences().get(self.doc.sentence_of(i)).is_some_and(|sentence| sentence.start == i)
    }

    fn text(&self, start: usize, end: usize) -> &'a str {
        self.doc.words(TokenRange::new(start, end))
    }

    fn folded(&self, i: usize) -> &'a str {
        if i < self.doc.len() { self.words.folded(i) } else { "" }
    }

    fn known(&self, start: usize, end: usize) -> Option<Known> {
        known(self.rules.geography.gazetteer, self.text(start, end))
    }

    fn is_generic(&self, i: usize) -> bool {
        self.rules.geography.gazetteer.is_generic_word(self.doc.word(i))
    }

    fn is_demonym(&self, start: usize, end: usize) -> bool {
        self.rules.geography.gazetteer.demonym(self.text(start, end)).is_some()
    }

    /// The longest known name that starts here: its end, and what it is.
    fn longest(&self, start: usize) -> Option<(usize, Known)> {
        let doc = self.doc;
        let mut longest = None;
        for k in start..doc.len().min(start + LONGEST) {
            let word = doc.word(k);
            if k > start && self.opens_sentence(k) && !doc.word(k - 1).ends_with('.') {
                break;
            }
            if !capital(doc, k) {
                let inside = k > start
                    && (self.rules.toponyms.inner.contains(self.words.folded(k))
                        || matches!(word, "-" | "–" | "’" | "'" | "'s" | "’s")
                        || self.is_saint_stop(k));
                let number = k == start && word.starts_with(|c: char| c.is_ascii_digit());
                if inside || number {
                    continue;
                }
                break;
            }
            if let Some(known) = self.known(start, k + 1) {
                longest = Some((k + 1, known));
            }
        }
        longest
    }

    fn add(&mut self, start: usize, mut end: usize, score: f32, within: bool, why: &'static str) {
        // The tokenizer parts the last full stop of *W.Va.* from it.
        let doc = self.doc;
        if end < doc.len() && doc.word(end) == "." && doc.word(end - 1).contains('.') && !doc.token(end - 1).space_after {
            end += 1;
        }
        let person = (start..end).find_map(|k| doc.entity_at(k)).is_some_and(|entity| entity.label == "PERSON");
        self.found.push(Found { tokens: TokenRange::new(start, end), score, person, within, why });
    }

    /// What the words about a name speak.
    fn context(&self, start: usize, end: usize) -> f32 {
        let (doc, lists) = (self.doc, &self.rules.toponyms);
        let mut score = 0.0;
        let mut before = start.checked_sub(1).map_or("", |k| self.folded(k));
        if before == "the" && start > 1 {
            before = self.folded(start - 2);
        }
        if lists.placing.contains(before) {
            score += e::PLACED;
        } else if before == "of" {
            let part = start > 1 && lists.parted.contains(self.folded(start - 2));
            score += if part { e::PLACED } else { e::OF };
        } else if lists.beside.contains(before) {
            score += e::DIRECTION;
        }
        if lists.bearer.contains(before) {
            score += e::BEARER;
        }
        if lists.is_held(doc, self.words, start) {
            score += e::HELD;
        }
        let opens = end < doc.len() && matches!(doc.word(end), "," | "(");
        if opens && self.names.get(end + 1).copied().unwrap_or(false) {
            let container = self.longest(end + 1).is_some_and(|(_, known)| {
                matches!(known.kind, PlaceKind::Admin1 | PlaceKind::Country) && known.how != How::Alternate
            });
            score += if container { e::WITHIN_NEXT } else { 0.0 };
        }
        if start >= 2 && doc.word(start - 1) == "," && self.found.iter().rev().take(2).any(|found| found.tokens.end == start - 1)
        {
            score += e::AFTER_PLACE;
        }
        let head = start == 0 || doc.pos(start - 1) == "SPACE" || self.opens_sentence(start);
        let word = doc.word(start);
        if head
            && end < doc.len()
            && matches!(doc.word(end), "(" | "—" | "–" | "--" | "-" | ",")
            && word.len() > 2
            && all_capitals(word)
        {
            score += e::DATELINE;
        }
        score
    }

    /// Looks for a place's name at one token of a run and says where to go on.
    fn step(&mut self, run: Run) -> usize {
        let i = run.at;
        let longest = self.longest(i);
        if let Some(end) = self.street(run).filter(|&end| longest.is_none_or(|(known, _)| end >= known))
            && let Some(next) = self.add_street(i, end)
        {
            return next;
        }
        let numbered = self.doc.len() > i + 1 && self.doc.word(i + 1).starts_with(|c: char| c.is_ascii_digit());
        if numbered && self.rules.toponyms.numbered.contains(self.folded(i)) {
            self.add(i, i + 2, e::FORM, false, "place: numbered road");
            return i + 2;
        }
        match longest.filter(|&(end, known)| self.may_be_place(i, end, known)) {
            Some((end, known)) => self.known_name(run, end, known),
            None => self.unknown_name(run),
        }
    }

    fn may_be_place(&self, start: usize, end: usize, known: Known) -> bool {
        let wide = matches!(known.kind, PlaceKind::Country | PlaceKind::Region | PlaceKind::Natural);
        if end == start + 1 && !wide && self.is_generic(start) {
            return false;
        }
        let named = matches!(known.kind, PlaceKind::Country | PlaceKind::Region) && matches!(known.how, How::Primary | How::Code);
        named || !self.is_demonym(start, end)
    }

    /// End of the street's name that the run goes on with.
    fn street(&self, run: Run) -> Option<usize> {
        let lists = &self.rules.toponyms;
        (run.at + 1..run.end)
            .find(|&k| {
                let last = k + 1 == run.end;
                lists.street.contains(self.folded(k)) && (last || self.folded(k) != "st")
                    || last && lists.way.contains(self.folded(k))
            })
            .map(|k| k + 1)
    }

    fn add_street(&mut self, start: usize, mut end: usize) -> Option<usize> {
        let doc = self.doc;
        let last = self.folded(end - 1);
        // *Virginia L. Lane* and *Larry Place* are people.
        let bearer = matches!(last, "lane" | "place" | "drive" | "park")
            && doc
                .entity_at(start)
                .is_some_and(|entity| entity.label == "PERSON" && entity.tokens.start <= start && entity.tokens.end == end);
        let mut first = start;
        while first + 1 < end && (doc.word(first) == "-" || doc.pos(first) == "NUM") {
            first += 1;
        }
        if self.rules.toponyms.numbered.contains(last)
            && end < doc.len()
            && doc.word(end).starts_with(|c: char| c.is_ascii_digit())
        {
            end += 1;
        }
        if bearer || end - first > LONGEST_STREET {
            return None;
        }
        self.add(first, end, e::FORM, false, "place: street by its form");
        Some(end)
    }

    fn known_name(&mut self, run: Run, mut end: usize, known: Known) -> usize {
        let (doc, rules) = (self.doc, self.rules);
        let lists = &rules.toponyms;
        let mut start = run.at;
        let mut score = e::of_place(&known, end - start);
        if known.how == How::Code {
            score += self.code(start, end, known);
        }
        let bare = end;
        while end < run.end && lists.division.contains(self.folded(end)) {
            end += 1;
        }
        let typed = end > bare || lists.division.contains(self.folded(end - 1));
        if end < run.end && lists.feature.contains(self.folded(end)) {
            let mut last = end + 1;
            while last < run.end && lists.feature.contains(self.folded(last)) {
                last += 1;
            }
            if last == run.end || !lists.body.contains(self.folded(last)) {
                let score = e::FEATURE + self.context(start, last);
                self.add(start, last, score, false, "place: feature by its form");
                return last;
            }
        }
        if end - start > 2 && self.folded(start) == "city" && self.folded(start + 1) == "of" {
            start += 2;
        }
        if end - start > 1
            && self.folded(end - 1) == "city"
            && end < run.end
            && lists.body.contains(self.folded(end))
            && self.known(start, end - 1).is_some()
        {
            end -= 1;
        }
        let prepositions = [start.checked_sub(1), start.checked_sub(2)];
        let placed = prepositions.into_iter().flatten().any(|k| lists.placing.contains(self.folded(k)));
        if !placed && rules.geography.gazetteer.metonym(self.text(start, end)).is_some() {
            return end;
        }
        let saint = matches!(self.folded(start), "st" | "saint" | "ste");
        if saint && matches!(self.folded(end), "'s" | "'") {
            return end;
        }
        let context = self.context(start, end);
        let entity = (start..end).find_map(|k| doc.entity_at(k));
        let label = entity.map_or("", |entity| entity.label.as_str());
        score += context + e::of_label(label, entity.is_some_and(|entity| self.is_just(entity, start, end)));
        if typed {
            score += e::TYPED;
        }
        let tail = end < run.end;
        if tail {
            score += if (end..run.end).any(|k| lists.body.contains(self.folded(k))) {
                e::BODY + if lists.body.contains(self.folded(end)) { e::BODY_NEXT } else { 0.0 }
            } else {
                e::LONGER_NAME
            };
        } else if lists.follower.contains(self.folded(end)) {
            score += e::FOLLOWED;
        }
        let hyphened = start > 0 && doc.word(start - 1) == "-";
        if hyphened && start > 1 && matches!(self.folded(start - 2), "d" | "r" | "dfl" | "i" | "gop" | "ind") {
            score += e::CONSTITUENCY;
        }
        let inside = start > run.first && !hyphened && self.found.last().is_none_or(|found| found.tokens.end != start);
        if inside {
            score += e::INSIDE;
        }
        if self.several_follow(end) {
            score += e::SEVERAL;
        }
        if end == start + 1 {
            score += self.single(start, known, label, context);
        }
        self.add(start, end, score, tail || inside, "place: known name");
        if score >= e::ENOUGH { end } else { run.at + 1 }
    }

    /// Two capitals are a state only where one is looked for: *IN*, *OR*.
    fn code(&self, start: usize, end: usize, known: Known) -> f32 {
        let text = self.text(start, end);
        if matches!(known.kind, PlaceKind::Country | PlaceKind::Region) || text.contains('.') {
            return 0.0;
        }
        if start > 0 && matches!(self.doc.word(start - 1), "," | "(") {
            return 1.0;
        }
        let gpe = self.doc.entity_at(start).is_some_and(|entity| entity.label == "GPE");
        if gpe { -1.5 } else { -3.0 }
    }

    /// What a single word speaks against itself.
    fn single(&self, at: usize, known: Known, label: &str, context: f32) -> f32 {
        let elsewhere = self.elsewhere.get(self.folded(at)).copied().unwrap_or_default();
        let mut score = 0.0;
        if elsewhere.in_person {
            score += match label {
                "GPE" if context == 0.0 => e::SURNAME_PLACED,
                "GPE" => 0.0,
                _ => e::SURNAME,
            };
        }
        if known.kind != PlaceKind::Country {
            score += if elsewhere.lower { e::COMMON_WORD } else { 0.0 };
            score += if self.doc.pos(at) == "PROPN" { 0.0 } else { e::NO_NAME };
        }
        score
    }

    /// *X and Y counties*, *X counties*.
    fn several_follow(&self, end: usize) -> bool {
        let several = &self.rules.toponyms.several;
        several.contains(self.folded(end)) || self.folded(end) == "and" && several.contains(self.folded(end + 2))
    }

    /// The recogniser's entity is these words, but for an article or a possessive.
    fn is_just(&self, entity: Entity, start: usize, end: usize) -> bool {
        let opens = entity.tokens.start == start || (entity.tokens.start + 1 == start && self.folded(start - 1) == "the");
        let possessive = entity.tokens.end == end + 1 && matches!(self.folded(end), "'s" | "'");
        opens && (entity.tokens.end == end || possessive)
    }

    fn unknown_name(&mut self, run: Run) -> usize {
        let doc = self.doc;
        let i = run.at;
        if !capital(doc, i) {
            return i + 1;
        }
        let entity = doc.entity_at(i);
        if let Some(entity) = entity
            && let Some(base) = e::of_unknown(entity.label.as_str())
            && (entity.tokens.start..i).all(|k| !self.names[k])
            && let Some(next) = self.recognised(i, entity, base)
        {
            return next;
        }
        if let Some(next) = self.by_last_word(run) {
            return next;
        }
        self.placed_name(run).unwrap_or(i + 1)
    }

    /// A place for the recogniser that the gazetteer has not.
    fn recognised(&mut self, start: usize, entity: Entity, base: f32) -> Option<usize> {
        let (doc, lists) = (self.doc, &self.rules.toponyms);
        let mut end = entity.tokens.end.min(start + LONGEST);
        while end > start
            && (matches!(self.folded(end - 1), "'s" | "'") || matches!(doc.pos(end - 1).as_str(), "SPACE" | "PUNCT"))
        {
            end -= 1;
        }
        if end <= start || (start..end).all(|k| self.is_generic(k)) || self.is_demonym(start, end) {
            return None;
        }
        let word = doc.word(start);
        let acronym = end == start + 1 && word.len() < 6 && all_capitals(word);
        let in_person = (start..end).any(|k| self.elsewhere.get(self.folded(k)).is_some_and(|elsewhere| elsewhere.in_person));
        let last = self.folded(end - 1);
        let formed = lists.feature.contains(last)
            || lists.street.contains(last)
            || lists.way.contains(last)
            || lists.division.contains(last);
        let score = base
            + self.context(start, end)
            + if acronym { e::ACRONYM } else { 0.0 }
            + if in_person { e::SURNAME } else { 0.0 }
            + if formed { e::FEATURE_WORD } else { 0.0 };
        self.add(start, end, score, false, "place: recogniser, unknown name");
        Some(end)
    }

    /// *Spice Run Wilderness*, *Clay County*: the last word says what the name is.
    fn by_last_word(&mut self, run: Run) -> Option<usize> {
        let (doc, lists) = (self.doc, &self.rules.toponyms);
        for k in run.at + 1..run.end {
            let word = self.folded(k);
            let next = if k + 1 < run.end { self.folded(k + 1) } else { "" };
            if lists.feature.contains(word) && !lists.feature.contains(next) {
                if lists.body.contains(next) {
                    return None;
                }
                let person = doc.entity_at(run.at).is_some_and(|entity| entity.label == "PERSON" && entity.tokens.end <= k);
                let score = e::UNKNOWN_FEATURE + self.context(run.at, k + 1) + if person { e::PERSON_BEFORE } else { 0.0 };
                self.add(run.at, k + 1, score, false, "place: feature by its form, unknown name");
                return Some(k + 1);
            }
            if matches!(word, "county" | "township" | "parish") {
                let mut start = run.at;
                while start < k
                    && (doc.word(start) == "-"
                        || doc.pos(start) == "NUM"
                        || self.is_generic(start) && self.known(start + 1, k + 1).is_some())
                {
                    start += 1;
                }
                if start == k {
                    return None;
                }
                self.add(start, k + 1, e::FORM, false, "place: division by its form");
                return Some(k + 1);
            }
        }
        None
    }

    /// *in X*, *near X*, *X and Y streets*, where nothing is known of X.
    fn placed_name(&mut self, run: Run) -> Option<usize> {
        let (doc, lists) = (self.doc, &self.rules.toponyms);
        let (start, end) = (run.at, run.end);
        let fits = run.first == start
            && start > 0
            && end - start <= 2
            && (start..end).all(|k| doc.pos(k) == "PROPN" && !all_capitals(doc.word(k)))
            && !(start..end).all(|k| self.is_generic(k) || lists.body.contains(self.folded(k)))
            && !self.is_demonym(start, end)
            && doc.entity_at(start).is_none_or(|entity| {
                matches!(entity.label.as_str(), "ORG" | "PERSON" | "PRODUCT" | "NORP")
                    && entity.tokens.start == start
                    && entity.tokens.end <= end + 1
            });
        if !fits {
            return None;
        }
        let in_person = (start..end).any(|k| self.elsewhere.get(self.folded(k)).is_some_and(|elsewhere| elsewhere.in_person));
        let score = match self.folded(start - 1) {
            "in" if !in_person => e::UNKNOWN_IN,
            "of" if !in_person && start > 1 && self.folded(start - 2) == "out" => e::UNKNOWN_IN,
            "near" | "outside" if !in_person => e::UNKNOWN_NEAR,
            _ if self.several_follow(end) && self.folded(end) != "states" => e::UNKNOWN_SEVERAL,
            _ if lists.is_held(doc, self.words, start) => e::CERTAIN,
            _ if in_person || end - start > 1 => return None,
            _ if doc.dep(start) == "dobj"
                && lists.reached(doc.lemma(doc.head(start)))
                && doc.lemma(doc.head(start)) != "leave" =>
            {
                e::UNKNOWN_NEAR
            }
            // A place only if it certainly is one elsewhere.
            _ => 0.0,
        };
        self.add(start, end, score, false, "place: unknown name by what stands before it");
        if let Some(found) = self.found.last_mut().filter(|found| found.tokens.start == start) {
            found.person &= in_person || end - start > 1;
        }
        Some(end)
    }
}

fn capital(doc: &Doc, i: usize) -> bool {
    doc.word(i).starts_with(char::is_uppercase)
}

fn all_capitals(word: &str) -> bool {
    word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}

/// *St.*, *N.*, *Va.*: a sentence that begins after it begins too early.
fn abbreviated(word: &str) -> bool {
    word.len() < 5 && word.ends_with('.') && word.len() > 1
}
