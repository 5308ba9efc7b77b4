//! Quantities: counts with bounds and approximation.
//!
//! A number in words or digits, a round word (*dozens*, *hundreds of thousands*) or a span (*between 20 and 30*), with the words that
//! bound it (*more than*, *at least*, *up to*, *about*) and the noun that it counts. Dates, ages, shares, sizes, clock times and the
//! numbers of roads, units and resolutions are no counts. Round words stand for twice their unit, upwards: *dozens* is 24 or more.

use dateline_nlp::{Doc, TokenRange};
use dateline_record::QuantityRole;

use crate::mentions::Count;
use crate::numbers::{cardinal, scale};

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

/// Lower and upper bound as words before or after the number set them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Exact,
    About,
    Over,
    AtLeast,
    Under,
    AtMost,
}

/// Words before a number, the longest first.
const BEFORE: &[(&[&str], Bound)] = &[
    (&["no", "fewer", "than"], Bound::AtLeast),
    (&["no", "less", "than"], Bound::AtLeast),
    (&["not", "less", "than"], Bound::AtLeast),
    (&["no", "more", "than"], Bound::AtMost),
    (&["not", "more", "than"], Bound::AtMost),
    (&["at", "the", "least"], Bound::AtLeast),
    (&["as", "many", "as"], Bound::AtMost),
    (&["in", "excess", "of"], Bound::Over),
    (&["a", "total", "of"], Bound::Exact),
    (&["more", "than"], Bound::Over),
    (&["greater", "than"], Bound::Over),
    (&["upwards", "of"], Bound::Over),
    (&["upward", "of"], Bound::Over),
    (&["at", "least"], Bound::AtLeast),
    (&["a", "minimum", "of"], Bound::AtLeast),
    (&["fewer", "than"], Bound::Under),
    (&["less", "than"], Bound::Under),
    (&["up", "to"], Bound::AtMost),
    (&["at", "most"], Bound::AtMost),
    (&["a", "maximum", "of"], Bound::AtMost),
    (&["close", "to"], Bound::About),
    (&["an", "estimated"], Bound::About),
    (&["over"], Bound::Over),
    (&["above"], Bound::Over),
    (&["exceeding"], Bound::Over),
    (&["under"], Bound::Under),
    (&["below"], Bound::Under),
    (&["about"], Bound::About),
    (&["around"], Bound::About),
    (&["some"], Bound::About),
    (&["nearly"], Bound::About),
    (&["almost"], Bound::About),
    (&["approximately"], Bound::About),
    (&["roughly"], Bound::About),
    (&["estimated"], Bound::About),
    (&["circa"], Bound::About),
    (&["perhaps"], Bound::About),
    (&["maybe"], Bound::About),
];

/// Units that make a number a size, a length, an age or a share, not a count.
const MEASURES: &[&str] = &[
    "kilometer",
    "kilometre",
    "km",
    "mile",
    "meter",
    "metre",
    "m",
    "cm",
    "mm",
    "foot",
    "feet",
    "ft",
    "inch",
    "yard",
    "acre",
    "hectare",
    "kilogram",
    "kilogramme",
    "kg",
    "gram",
    "gramme",
    "pound",
    "lb",
    "degree",
    "mph",
    "kph",
    "km/h",
    "knot",
    "percent",
    "per",
    "pc",
    "cent",
    "percentage",
    "%",
    "hour",
    "minute",
    "second",
    "day",
    "week",
    "month",
    "year",
    "decade",
    "century",
    "night",
    "a.m.",
    "p.m.",
    "am",
    "pm",
    "o'clock",
    "o’clock",
    "gmt",
    "time",
    "point",
    "thirds",
    "quarter",
    "millimeter",
    "millimetre",
    "mm",
    "liter",
    "litre",
    "kilowatt",
    "megawatt",
    "kiloton",
    "square",
    "fold",
    "times",
    "caliber",
    "calibre",
    "old",
    "noon",
    "midnight",
    "year-old",
    "weekend",
    "summer",
    "season",
    "morning",
    "evening",
    "afternoon",
    "hr",
    "hrs",
    "hours",
    "minutes",
    "sq",
];

/// Nouns of which two are the parties themselves, not a count: *the two sides*.
const PARTIES: &[&str] = &[
    "nation",
    "country",
    "side",
    "party",
    "leader",
    "state",
    "neighbour",
    "neighbor",
    "government",
    "president",
    "minister",
    "power",
    "capital",
    "ally",
];

struct Finder<'a> {
    doc: &'a Doc,
}

/// A number with its bounds.
struct Amount {
    min: Option<i64>,
    max: Option<i64>,
    approx: bool,
    end: usize,
    /// Written in bare digits.
    bare: bool,
}

impl Finder<'_> {
    fn word(&self, i: usize) -> &str {
        if i < self.doc.len() { self.doc.word(i) } else { "" }
    }

    fn is(&self, i: usize, words: &[&str]) -> bool {
        let word = self.word(i);
        words.iter().any(|known| word.eq_ignore_ascii_case(known))
    }

    fn before(&self, i: usize, back: usize, words: &[&str]) -> bool {
        i.checked_sub(back).is_some_and(|at| self.is(at, words))
    }

    /// The count whose number begins at `i`, and where to read on. A number that counts nothing is stepped over.
    fn count(&self, i: usize) -> Option<(Option<Count>, usize)> {
        let first = self.word(i).bytes().next()?;
        if !first.is_ascii_alphanumeric() {
            return None;
        }
        let amount = self.amount(i)?;
        Some((self.counted(i, &amount), amount.end))
    }

    fn amount(&self, i: usize) -> Option<Amount> {
        let (low, high, end, bare, open) = self.number(i)?;
        let (bound, _) = self.bound(i);
        // Words after it bound it too: *12 or more*, *50 or so*, *30-plus*.
        let (bound, end) = match () {
            () if self.is(end, &["or"]) && self.is(end + 1, &["more"]) => (Bound::AtLeast, end + 2),
            () if self.is(end, &["or"]) && self.is(end + 1, &["so"]) => (Bound::About, end + 2),
            () if self.is(end, &["or"]) && self.is(end + 1, &["fewer", "less"]) => (Bound::AtMost, end + 2),
            () if self.is(end, &["-"]) && self.is(end + 1, &["plus"]) => (Bound::AtLeast, end + 2),
            () if self.is(end, &["+", "plus"]) => (Bound::AtLeast, end + 1),
            () => (bound, end),
        };
        let high = if open { None } else { Some(high) };
        let (min, max) = match bound {
            Bound::Exact | Bound::About => (Some(low), high),
            Bound::AtLeast => (Some(low), None),
            Bound::Over if open => (Some(low), None),
            Bound::Over => (Some(low.checked_add(1)?), None),
            Bound::Under => (None, Some(low.checked_sub(1)?)),
            Bound::AtMost => (None, Some(high.unwrap_or(low))),
        };
        Some(Amount { min, max, approx: open || bound == Bound::About, end, bare })
    }

    /// Least, most, end, whether in bare digits, whether open upwards.
    fn number(&self, i: usize) -> Option<(i64, i64, usize, bool, bool)> {
        if let Some((least, end)) = self.round(i) {
            return Some((least, least, end, false, true));
        }
        let article = usize::from(self.is(i, &["a"]));
        // *half a dozen*, *a dozen*, *a hundred*, *a couple of*, *a single*.
        if self.is(i, &["half"]) && self.is(i + 1, &["a"]) && self.is(i + 2, &["dozen"]) {
            return Some((6, 6, i + 3, false, false));
        }
        if article == 1 {
            if self.is(i + 1, &["couple"]) && self.is(i + 2, &["of"]) {
                return Some((2, 2, i + 3, false, false));
            }
            if self.is(i + 1, &["single"]) {
                return Some((1, 1, i + 2, false, false));
            }
            let value = scale(self.word(i + 1)).filter(|_| self.word(i + 1).len() > 2)?;
            // *a score* is a result as a rule.
            return (value != 20).then_some((value, value, i + 2, false, false));
        }
        // *several hundred*, *a few thousand*: at least two of them.
        if self.is(i, &["several", "few"]) {
            let value = scale(self.word(i + 1)).filter(|&value| value >= 12 && self.word(i + 1).len() > 2)?;
            return Some((2 * value, 2 * value, i + 2, false, true));
        }
        let from = cardinal(self.doc, i)?;
        let between = self.before(i, 1, &["between"]) && self.is(from.end, &["and"]);
        if between || self.is(from.end, &["to", "-", "–", "or"]) {
            let to = (from.end + 1 < self.doc.len()).then(|| cardinal(self.doc, from.end + 1)).flatten();
            if let Some(to) = to.filter(|to| to.value > from.value) {
                // *10 to 12 thousand*, *two to three hundred*: the scale serves both.
                let shared = if to.value >= 100 && from.value < 100 && to.value % 100 == 0 && !to.bare_digits {
                    [1_000_000, 1000, 100].into_iter().find(|&unit| to.value % unit == 0 && to.value / unit > from.value)
                } else {
                    None
                };
                let low = from.value.checked_mul(shared.unwrap_or(1))?;
                return Some((low, to.value, to.end, from.bare_digits && to.bare_digits, false));
            }
        }
        Some((from.value, from.value, from.end, from.bare_digits, false))
    }

    /// *dozens*, *hundreds*, *tens of thousands*: the least that they stand for, and where the words end.
    fn round(&self, i: usize) -> Option<(i64, usize)> {
        let word = |i: usize| {
            Some(match self.word(i).to_ascii_lowercase().as_str() {
                "tens" => 10,
                "dozens" => 12,
                "scores" => 20,
                "hundreds" => 100,
                "thousands" => 1000,
                "millions" => 1_000_000,
                "billions" => 1_000_000_000,
                _ => return None,
            })
        };
        let unit: i64 = word(i)?;
        let scaled = if self.is(i + 1, &["of"]) { word(i + 2).filter(|_| unit <= 1000) } else { None };
        match scaled {
            Some(larger) => Some((2 * unit * larger, i + 3)),
            None if unit == 10 => None,
            None => Some((2 * unit, i + 1)),
        }
    }

    /// The words before `i` that bound the number there, and where they begin.
    fn bound(&self, i: usize) -> (Bound, usize) {
        let skip = usize::from(self.before(i, 1, &["a", "another", "the"]) && !self.before(i, 2, &["as"]));
        let i = i - skip.min(i);
        for (words, bound) in BEFORE {
            let Some(start) = i.checked_sub(words.len()) else { continue };
            if words.iter().enumerate().all(|(at, word)| self.is(start + at, &[word])) {
                // *at least* before *some 50* and the like: the outer words rule.
                let (outer, begins) = if *bound == Bound::About && start > 0 { self.bound(start) } else { (Bound::Exact, start) };
                return if outer == Bound::Exact { (*bound, start) } else { (outer, begins) };
            }
        }
        (Bound::Exact, i + skip)
    }

    /// The count, if the number counts anything.
    fn counted(&self, i: usize, amount: &Amount) -> Option<Count> {
        let doc = self.doc;
        let (bound, mut start) = self.bound(i);
        let last = amount.end - 1;
        let currency = |at: usize| matches!(doc.tag(at).as_str(), "$") || self.is(at, &["$", "€", "£", "US$", "¥", "₴", "₽"]);
        let money = start.checked_sub(1).is_some_and(currency) || i.checked_sub(1).is_some_and(currency);
        if money && start > 0 && currency(start - 1) {
            start -= 1;
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
            && (doc.pos(i - 3) == "NUM" || self.is(i - 3, &["most", "all", "some", "many", "none", "half"]))
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
                if MEASURES.contains(&lemma.as_str()) || lemma.ends_with("year-old") {
                    return None;
                }
                let definite = self.before(start, 1, &["the", "these", "those", "both", "between"]);
                if definite && bound == Bound::Exact && amount.max == Some(2) && PARTIES.contains(&lemma.as_str()) {
                    return None;
                }
                let of = TokenRange { start: of_before(noun).min(noun), end: noun + 1 };
                // A singular *one* counts only with its noun at hand: *one soldier*, not *one that*.
                Some(self.make(TokenRange { start, end: noun + 1 }, noun, Some(of), amount, "number and noun"))
            }
            None => {
                let one = amount.max == Some(1);
                let year = amount.bare && amount.min.is_some_and(|min| (1900..=2100).contains(&min)) && bound == Bound::Exact;
                // *Ali Hassan, 25, said*; *Highway 5*; *(12)*.
                let apposed = i > 0
                    && self.is(i - 1, &[",", "("])
                    && self.is(amount.end, &[",", ")"])
                    && amount.min.is_some_and(|min| min < 110);
                let named = doc.head(last) < i && matches!(doc.dep(last).as_str(), "nummod" | "appos" | "npadvmod" | "compound");
                let argument = matches!(
                    doc.dep(last).as_str(),
                    "nsubj" | "nsubjpass" | "dobj" | "pobj" | "conj" | "attr" | "oprd" | "appos" | "dative" | "ROOT"
                );
                let clock = matches!(doc.dep(last).as_str(), "pobj")
                    && self.before(start, 1, &["at", "by", "from", "in", "until", "since", "after", "before", "on", "of", "to"])
                    && bound == Bound::Exact
                    && amount.bare;
                if !money && (one || year || apposed || named || !argument || clock) {
                    return None;
                }
                Some(self.make(
                    TokenRange { start, end: amount.end },
                    last,
                    None,
                    amount,
                    if money { "sum of money" } else { "number alone" },
                ))
            }
        }
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
        // *12 of the guards*, *hundreds of people*: the noun after *of*.
        if self.is(amount.end, &["of"]) && amount.end < sentence.end {
            let of = amount.end;
            let noun = doc.children(of).find(|&child| child > of && (nominal(child) || doc.pos(child) == "ADJ"));
            return noun.filter(|&noun| noun < of + 9);
        }
        if money && !nominal(amount.end.min(doc.len() - 1)) {
            return None;
        }
        // The number modifies a noun further right, as the parse says.
        let range = i..amount.end;
        let above = range
            .clone()
            .map(|at| doc.head(at))
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
