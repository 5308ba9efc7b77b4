//! Quantities: counts with bounds and approximation.
//!
//! A number in words or digits, a round word (*dozens*, *hundreds of thousands*) or a span (*between 20 and 30*), with the words that
//! bound it (*more than*, *at least*, *up to*, *about*) and the noun that it counts. Dates, ages, shares, sizes, clock times and the
//! numbers of roads, units and resolutions are no counts. Round words stand for twice their unit, upwards: *dozens* is 24 or more.

mod amounts;
mod words;

use dateline_nlp::{Doc, TokenRange};
use dateline_record::QuantityRole;

use crate::look::Look;
use crate::mentions::Count;
use crate::numbers::{cardinal, ordinal};
use amounts::{Amount, bounded};
use words::{Bound, MEASURES, NUMBERED, PARTIES, SIZES, STREETS, TOLLS};

/// Counts of the document, in text order. Their roles are left to what happens to those who are counted.
#[must_use]
pub fn find(doc: &Doc) -> Vec<Count> {
    let finder = Finder { doc };
    let mut counts: Vec<Count> = Vec::new();
    let mut at = 0;
    while at < doc.len() {
        match finder.count(at) {
            Some((count, end)) => {
                at = end.max(at + 1);
                counts.extend(count);
            }
            None => at += 1,
        }
    }
    counts
}

/// Months, beside which a number is a day.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan.",
    "feb.",
    "mar.",
    "apr.",
    "aug.",
    "sept.",
    "oct.",
    "nov.",
    "dec.",
    "jan",
    "feb",
    "aug",
    "sept",
    "oct",
    "nov",
    "dec",
];

struct Finder<'a> {
    doc: &'a Doc,
}

impl Look for Finder<'_> {
    fn doc(&self) -> &Doc {
        self.doc
    }
}

impl Finder<'_> {
    /// The count whose number begins at `i`, and where to read on. A number that counts nothing is stepped over.
    fn count(&self, i: usize) -> Option<(Option<Count>, usize)> {
        let first = self.word(i).bytes().next()?;
        if !first.is_ascii_alphanumeric() {
            return None;
        }
        if let Some(found) = self.fraction(i) {
            return Some(found);
        }
        let amount = self.amount(i)?;
        // *one in four families*: a ratio, of which neither number counts.
        if amount.max == Some(1) && self.is(amount.end, &["in"]) {
            let of = cardinal(self.doc, amount.end + 1).filter(|of| of.value >= 2);
            if let Some(of) = of.filter(|of| !matches!(self.doc.pos(of.end.min(self.doc.len() - 1)).as_str(), "PROPN")) {
                return Some((None, of.end));
            }
        }
        // *nine out of 10 voters*: likewise.
        if self.is(amount.end, &["out"]) && self.is(amount.end + 1, &["of"]) && amount.max.is_some_and(|most| most <= 100) {
            let of = cardinal(self.doc, amount.end + 2).filter(|of| matches!(of.value, 10 | 100));
            if let Some(of) = of {
                return Some((None, of.end));
            }
        }
        if let Some(found) = self.size(i, &amount) {
            return Some(found);
        }
        let (count, end) = self.counted(i, &amount).map_or((None, amount.end), |(count, end)| (Some(count), end));
        Some((count, end))
    }

    /// *half of the 60 prisoners*, *a third of the 90 prisoners*: the part, where it is a whole number.
    fn fraction(&self, i: usize) -> Option<(Option<Count>, usize)> {
        let (share, after) = match () {
            () if self.is(i, &["half"]) => ((1, 2), i + 1),
            () if self.is(i, &["a", "one"]) && self.is(i + 1, &["third", "quarter", "fifth"]) => {
                let parts = if self.is(i + 1, &["quarter"]) { 4 } else { ordinal(self.word(i + 1))? };
                ((1, parts), i + 2)
            }
            () if self.is(i, &["two"]) && self.is(i + 1, &["thirds"]) => ((2, 3), i + 2),
            () => return None,
        };
        let at = after + usize::from(self.is(after, &["of"])) + 1;
        if !self.is(at - 1, &["the", "those", "these", "its", "their"]) {
            return None;
        }
        let whole = cardinal(self.doc, at)?;
        let amount = Amount { min: None, max: None, approx: false, end: whole.end, bare: false };
        let noun = self.noun(at, &amount, false)?;
        if MEASURES.contains(&self.doc.lemma(noun).to_ascii_lowercase().as_str()) {
            return Some((None, noun + 1));
        }
        let value = whole.value.checked_mul(share.0)?;
        let part = Some(value / share.1).filter(|_| value % share.1 == 0);
        let (bound, start) = self.bound(i);
        let (min, max) = part.and_then(|part| bounded(bound, part, part, false)).unwrap_or_default();
        let amount = Amount { min, max, approx: bound == Bound::About, end: whole.end, bare: false };
        let of = TokenRange { start: after, end: noun + 1 };
        let count = self.make(TokenRange { start, end: noun + 1 }, noun, Some(of), &amount, "part of a known whole");
        Some((part.map(|_| count), noun + 1))
    }

    /// *a 12-member family*, *a 5,000-strong force*, *5,000 strong*: a group as large as its members are.
    fn size(&self, i: usize, amount: &Amount) -> Option<(Option<Count>, usize)> {
        let doc = self.doc;
        let hyphen = usize::from(self.is(amount.end, &["-"]));
        let unit = amount.end + hyphen;
        if !self.is(unit, SIZES) || hyphen == 0 && !self.is(unit, &["strong"]) {
            return None;
        }
        let (_, start) = self.bound(i);
        if hyphen == 0 {
            return Some((Some(self.make(TokenRange { start, end: unit + 1 }, unit, None, amount, "size of a group")), unit + 1));
        }
        let sentence = doc.sentences().get(doc.sentence_of(i))?;
        let nominal = |at: usize| at < sentence.end && matches!(doc.pos(at).as_str(), "NOUN" | "PROPN" | "ADJ");
        let noun = (unit + 1..unit + 5).take_while(|&at| nominal(at)).filter(|&at| doc.pos(at) != "ADJ").last()?;
        let of = TokenRange { start: unit, end: noun + 1 };
        let count = self.make(TokenRange { start, end: noun + 1 }, noun, Some(of), amount, "size of a group");
        Some((Some(count), noun + 1))
    }

    /// The count, if the number counts anything, and where to read on.
    fn counted(&self, i: usize, amount: &Amount) -> Option<(Count, usize)> {
        let doc = self.doc;
        let currency = |at: usize| matches!(doc.tag(at).as_str(), "$") || self.is(at, &["$", "€", "£", "US$", "¥", "₴", "₽"]);
        let money = i.checked_sub(1).is_some_and(currency);
        let (bound, mut start) = self.bound(i);
        let bounded_sum;
        let mut amount = amount;
        if money {
            // *more than $5 million*: the bound stands before the sign.
            let (sign, begins) = self.bound(i - 1);
            start = if sign == Bound::Exact { i - 1 } else { begins };
            if let (Some(low), Some(high)) = (amount.min, amount.max) {
                let (min, max) = bounded(sign, low, high, false)?;
                bounded_sum = Amount { min, max, approx: sign == Bound::About, ..*amount };
                amount = &bounded_sum;
            }
        }
        let label = doc.token(i).entity;
        // The recogniser takes many a count for a date: only words of the calendar in it make it one.
        let calendar = |at: usize| doc.tag(at) == "NNP" || MEASURES.contains(&doc.lemma(at).to_ascii_lowercase().as_str());
        let dated = (label == "DATE" || label == "TIME")
            && doc.entity_at(i).is_some_and(|entity| {
                entity.tokens.indices().any(calendar) || entity.tokens.len() <= amount.end - i && !self.before_noun(amount.end)
            });
        if dated || label == "PERCENT" || label == "ORDINAL" {
            return None;
        }
        // The whole that a part is taken from: *two of the six posts*.
        if self.before(i, 1, &["the", "these", "those"])
            && self.before(i, 2, &["of"])
            && i > 2
            && (doc.pos(i - 3) == "NUM"
                || self.is(i - 3, &["most", "all", "some", "many", "none", "half", "third", "quarter", "percent", "%"]))
        {
            return None;
        }
        // *23 December*, *December 23*, *the 38 th*; *Phase 2*; *the Final Four*.
        let month = |at: usize| MONTHS.iter().any(|name| self.is(at, &[name]));
        let day = amount.bare && amount.max.is_some_and(|most| most <= 31);
        let begins = doc.sentences().get(doc.sentence_of(i)).is_some_and(|sentence| sentence.start == i);
        let capital = |at: usize| self.word(at).starts_with(|c: char| c.is_ascii_uppercase());
        if day && (month(amount.end) || i > 0 && month(i - 1))
            || amount.bare && self.is(amount.end, &["st", "nd", "rd", "th"])
            || amount.bare && i > 0 && capital(i - 1) && self.is(i - 1, NUMBERED)
            || !begins && i > 0 && capital(i) && capital(i - 1) && doc.pos(i - 1) == "PROPN"
        {
            return None;
        }
        // *14 Garden Street*
        if amount.bare
            && (amount.end..(amount.end + 4).min(doc.len()))
                .take_while(|&at| doc.pos(at) == "PROPN")
                .any(|at| self.is(at, STREETS))
        {
            return None;
        }
        // A part of a name, a model, a compound (*12-year*, *two-thirds*), a decimal section.
        if self.is(amount.end, &["-", "/", "%", ":", "°", "°C"])
            || (i > 0 && self.is(i - 1, &["-", "/", "#", "№", "№.", "No.", "aged", "age", "number"]))
        {
            return None;
        }
        if self.before(i, 1, &["–", "+"])
            || MEASURES.contains(&doc.lemma(amount.end.min(doc.len() - 1)).to_ascii_lowercase().as_str())
                && amount.end < doc.len()
        {
            return None;
        }
        let noun = self.noun(i, amount, money);
        let of_before = |of: usize| if self.is(amount.end, &["of"]) && amount.end < of { amount.end + 1 } else { amount.end };
        match noun {
            Some(noun) => {
                let lemma = doc.lemma(noun).to_ascii_lowercase();
                // *the 2016 election*
                let year = amount.bare && bound == Bound::Exact && amount.max.is_some_and(|most| (1900..=2100).contains(&most));
                // *the 400 block of State Street*
                let address = amount.bare && lemma == "block" && doc.tag(noun) == "NN" && amount.max != Some(1);
                if year && matches!(doc.tag(noun).as_str(), "NN" | "NNP") || address {
                    return None;
                }
                if MEASURES.contains(&lemma.as_str()) || lemma.ends_with("year-old") {
                    return None;
                }
                let definite = self.before(start, 1, &["the", "these", "those", "both", "between"]) || self.is(start, &["the"]);
                if definite && bound == Bound::Exact && amount.max == Some(2) && PARTIES.contains(&lemma.as_str()) {
                    return None;
                }
                let of = TokenRange { start: of_before(noun).min(noun), end: noun + 1 };
                // *Fifty people or more*
                let after = if self.is(noun + 1, &["or"]) && bound == Bound::Exact {
                    match () {
                        () if self.is(noun + 2, &["more"]) => Some(Bound::AtLeast),
                        () if self.is(noun + 2, &["fewer", "less"]) => Some(Bound::AtMost),
                        () if self.is(noun + 2, &["so"]) => Some(Bound::About),
                        () => None,
                    }
                } else {
                    None
                };
                if let (Some(after), Some(low), Some(high)) = (after, amount.min, amount.max) {
                    let (min, max) = bounded(after, low, high, false)?;
                    let amount = Amount { min, max, approx: after == Bound::About, ..*amount };
                    return Some((
                        self.make(TokenRange { start, end: noun + 3 }, noun, Some(of), &amount, "number and noun"),
                        noun + 3,
                    ));
                }
                // Where the whole is counted too (*30 of 34 missiles*), its number is not read again.
                let whole = self.is(amount.end, &["of", "out"])
                    && (amount.end + 1..noun).any(|at| cardinal(doc, at).is_some_and(|number| number.end <= noun));
                let end = if whole { noun + 1 } else { amount.end };
                // A singular *one* counts only with its noun at hand: *one soldier*, not *one that*.
                Some((self.make(TokenRange { start, end: noun + 1 }, noun, Some(of), amount, "number and noun"), end))
            }
            None => self.alone(i, amount, start, bound, money),
        }
    }

    /// A number without its noun: *killed 12*, *three of them*, *the toll rose to 52*, *$5 million*.
    fn alone(&self, i: usize, amount: &Amount, start: usize, bound: Bound, money: bool) -> Option<(Count, usize)> {
        let doc = self.doc;
        let last = amount.end - 1;
        if !money && self.is(amount.end, &["of"]) && self.is(amount.end + 1, &["them", "whom", "us", "these", "those"]) {
            let person = !self.is(amount.end + 1, &["these", "those"]) || !self.is(amount.end + 2, &["who", "that", "which"]);
            let tokens = TokenRange { start, end: amount.end + 2 };
            return person.then(|| (self.make(tokens, last, None, amount, "number of those named before"), amount.end));
        }
        let dep = doc.dep(last);
        let one = amount.max == Some(1) && {
            // *killed one*, *one was killed*, and not *one must*, *the wrong one*.
            let suffers =
                matches!(dep.as_str(), "dobj" | "nsubjpass") && doc.tag(last) == "CD" && doc.pos(doc.head(last)) == "VERB";
            !suffers || doc.children(last).next().is_some()
        };
        let year = amount.bare && amount.min.is_some_and(|min| (1900..=2100).contains(&min)) && bound == Bound::Exact;
        // *Ali Hassan, 25, said*; *Highway 5*; *(12)*.
        let young = amount.min.is_some_and(|min| min < 110);
        let apposed = young
            && self.is(amount.end, &[",", ")"])
            && (i > 0 && self.is(i - 1, &[",", "("])
                || i > 2 && self.is(i - 1, &["and"]) && self.is(i - 3, &[","]) && doc.pos(i - 2) == "NUM");
        let named = doc.head(last) < i && matches!(dep.as_str(), "nummod" | "appos" | "npadvmod" | "compound");
        let argument = matches!(
            dep.as_str(),
            "nsubj" | "nsubjpass" | "dobj" | "pobj" | "conj" | "attr" | "oprd" | "appos" | "dative" | "ROOT"
        );
        let toll = dep == "pobj" && self.of_a_toll(last);
        let more = self.is(amount.end, &["more"])
            && !self.is(amount.end + 1, &["than"])
            && matches!(doc.dep(amount.end).as_str(), "dobj" | "nsubj" | "nsubjpass" | "conj");
        let clock = dep == "pobj"
            && !toll
            && self.before(start, 1, &["at", "by", "from", "in", "until", "since", "after", "before", "on", "of", "to"])
            && bound == Bound::Exact
            && (amount.bare || self.before(start, 1, &["at"]));
        if !money && !more && (one || year || apposed || named || !argument || clock) {
            return None;
        }
        let why = if money { "sum of money" } else { "number alone" };
        Some((self.make(TokenRange { start, end: amount.end }, last, None, amount, why), amount.end))
    }

    /// *the toll rose to 52*, *brought the number of dead to 52*.
    fn of_a_toll(&self, number: usize) -> bool {
        let doc = self.doc;
        let Some(verb) = doc.ancestors(number).take(4).find(|&at| matches!(doc.pos(at).as_str(), "VERB" | "AUX")) else {
            return false;
        };
        doc.children_with(verb, &["nsubj", "nsubjpass", "dobj"])
            .any(|child| TOLLS.contains(&doc.lemma(child).to_ascii_lowercase().as_str()))
    }

    fn make(&self, tokens: TokenRange, head: usize, of: Option<TokenRange>, amount: &Amount, why: &'static str) -> Count {
        let of = of.filter(|of| !of.is_empty());
        Count { tokens, head, of, min: amount.min, max: amount.max, approx: amount.approx, role: QuantityRole::Other, why }
    }

    /// The noun that the number counts.
    fn noun(&self, i: usize, amount: &Amount, money: bool) -> Option<usize> {
        let doc = self.doc;
        let sentence = doc.sentences().get(doc.sentence_of(i))?;
        let nominal = |at: usize| matches!(doc.pos(at).as_str(), "NOUN" | "PROPN");
        if money {
            return None;
        }
        // *12 of the guards*, *hundreds of people*: the noun after *of*.
        let out = usize::from(self.is(amount.end, &["out"]) && self.is(amount.end + 1, &["of"]));
        if self.is(amount.end + out, &["of"]) && amount.end + out < sentence.end {
            let of = amount.end + out;
            let noun = doc.children(of).find(|&child| child > of && (nominal(child) || doc.pos(child) == "ADJ"));
            return noun.filter(|&noun| noun < of + 9);
        }
        // The number modifies a noun further right, as the parse says.
        let range = i..amount.end;
        // *three AK-47 rifles*: the model's number is part of its name.
        let model = |at: usize| {
            doc.pos(at) == "NUM"
                && self.word(at).bytes().any(|b| b.is_ascii_alphabetic())
                && self.word(at).bytes().any(|b| b.is_ascii_digit())
        };
        let above = range
            .clone()
            .map(|at| doc.head(at))
            .map(|head| if head >= amount.end && model(head) { doc.head(head) } else { head })
            .find(|head| !range.contains(head) && *head >= amount.end && *head < amount.end + 8 && *head < sentence.end);
        if let Some(head) = above.filter(|&head| nominal(head) && self.plain(amount.end, head)) {
            return Some(head);
        }
        // *12 dead*, *30 wounded*, *7 missing*.
        if amount.end < sentence.end
            && self.is(amount.end, &["dead", "wounded", "injured", "missing", "killed", "hurt", "displaced", "homeless"])
        {
            let verb = doc.children_with(amount.end, &["aux", "auxpass"]).next().is_some();
            let clause = matches!(doc.dep(amount.end).as_str(), "ROOT" | "ccomp") && doc.head(i) != amount.end;
            return (!verb && !clause).then_some(amount.end);
        }
        // The parse went astray: the run of adjectives and nouns that follows.
        let mut at = amount.end;
        let mut noun = None;
        while at < sentence.end && at < amount.end + 6 {
            match doc.pos(at).as_str() {
                "NOUN" | "PROPN" => noun = Some(at),
                "ADJ" if noun.is_none() => {}
                _ => break,
            }
            at += 1;
        }
        noun.filter(|&noun| doc.tag(noun) != "NNP" || range.clone().any(|at| doc.head(at) == noun))
    }

    fn before_noun(&self, i: usize) -> bool {
        i < self.doc.len() && matches!(self.doc.pos(i).as_str(), "NOUN" | "ADJ")
    }

    /// No verb and no comma stands between the number and its noun.
    fn plain(&self, from: usize, noun: usize) -> bool {
        (from..noun).all(|at| {
            !matches!(self.doc.pos(at).as_str(), "VERB" | "AUX" | "PRON" | "SCONJ")
                || matches!(self.doc.tag(at).as_str(), "VBN" | "VBG")
        })
    }
}
