//! Numbers with the words that bound them.

use super::Finder;
use super::words::{BEFORE, Bound, DEGREE};
use crate::look::Look;
use crate::numbers::{cardinal, decimal, scale};

/// A number with its bounds.
pub(super) struct Amount {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) approx: bool,
    pub(super) end: usize,
    /// Written in bare digits.
    pub(super) bare: bool,
}

/// A number as its words give it.
struct Plain {
    low: i64,
    high: i64,
    end: usize,
    bare: bool,
    /// A round word, open upwards.
    open: bool,
}

impl Plain {
    fn exact(value: i64, end: usize) -> Self {
        Self { low: value, high: value, end, bare: false, open: false }
    }
}

/// Lowest and highest value with a bound; `open` where the number itself is open upwards.
pub(super) fn bounded(bound: Bound, low: i64, high: i64, open: bool) -> Option<(Option<i64>, Option<i64>)> {
    let top = if open { None } else { Some(high) };
    Some(match bound {
        Bound::Exact | Bound::About => (Some(low), top),
        Bound::AtLeast => (Some(low), None),
        Bound::Over if open => (Some(low), None),
        Bound::Over => (Some(low.checked_add(1)?), None),
        Bound::Under => (None, Some(low.checked_sub(1)?)),
        Bound::AtMost => (None, Some(top.unwrap_or(low))),
    })
}

impl Finder<'_> {
    pub(super) fn amount(&self, i: usize) -> Option<Amount> {
        let Plain { low, high, end, bare, open } = self.number(i)?;
        let (bound, _) = self.bound(i);
        let loose = matches!(bound, Bound::Exact | Bound::About);
        // Words after it bound it too: *12 or more*, *50 or so*, *30-plus*, *30-odd*.
        let (bound, end) = match () {
            () if self.is(end, &["or"]) && self.is(end + 1, &["so"]) => (Bound::About, end + 2),
            () if self.is(end, &["or"]) && self.is(end + 1, &["more", "fewer", "less"]) => {
                (if self.is(end + 1, &["more"]) { Bound::AtLeast } else { Bound::AtMost }, end + 2)
            }
            () if self.is(end, &["-"]) && self.is(end + 1, &["plus"]) => (if loose { Bound::AtLeast } else { bound }, end + 2),
            () if self.is(end, &["-"]) && self.is(end + 1, &["odd"]) => (if loose { Bound::About } else { bound }, end + 2),
            () if self.is(end, &["+", "plus"]) => (if loose { Bound::AtLeast } else { bound }, end + 1),
            () => (bound, end),
        };
        let (min, max) = bounded(bound, low, high, open)?;
        Some(Amount { min, max, approx: open || bound == Bound::About, end, bare })
    }

    fn number(&self, i: usize) -> Option<Plain> {
        if let Some((least, end)) = self.round(i) {
            return Some(Plain { open: true, ..Plain::exact(least, end) });
        }
        if let Some((value, end)) = self.part_of_scale(i) {
            return Some(Plain::exact(value, end));
        }
        if self.is(i, &["a"]) {
            // *a dozen*, *a hundred*, *a couple of*, *a pair of*, *a single*.
            if self.is(i + 2, &["of"]) {
                let few = match () {
                    () if self.is(i + 1, &["couple", "pair"]) => Some(2),
                    () if self.is(i + 1, &["trio"]) => Some(3),
                    () => None,
                };
                if let Some(value) = few {
                    return Some(Plain::exact(value, i + 3));
                }
            }
            if self.is(i + 1, &["single"]) {
                return Some(Plain::exact(1, i + 2));
            }
            let value = scale(self.word(i + 1)).filter(|_| self.word(i + 1).len() > 2)?;
            // *a score* is a result as a rule.
            return (value != 20).then(|| Plain::exact(value, i + 2));
        }
        // *several hundred*, *a few thousand*: at least two of them.
        if self.is(i, &["several", "few"]) {
            let value = scale(self.word(i + 1)).filter(|&value| value >= 12 && self.word(i + 1).len() > 2)?;
            return Some(Plain { open: true, ..Plain::exact(2 * value, i + 2) });
        }
        if let Some(span) = self.span(i) {
            return Some(span);
        }
        let number = cardinal(self.doc, i)?;
        Some(Plain { bare: number.bare_digits, ..Plain::exact(number.value, number.end) })
    }

    /// *20 to 30*, *20–30*, *between 1.2 and 1.5 million*, *two to three dozen*.
    fn span(&self, i: usize) -> Option<Plain> {
        // One token: *200–250*.
        if let Some((low, high)) = self.word(i).split_once(['–', '—']) {
            let digits = |text: &str| text.chars().filter(|&c| c != ',').collect::<String>().parse::<i64>().ok();
            let factor = scale(self.word(i + 1)).filter(|&factor| factor > 20);
            let (low, high) = (digits(low)?.checked_mul(factor.unwrap_or(1))?, digits(high)?.checked_mul(factor.unwrap_or(1))?);
            let end = i + 1 + usize::from(factor.is_some());
            return (low < high).then_some(Plain { low, high, end, bare: factor.is_none(), open: false });
        }
        // A decimal takes its scale from the other end.
        let (from, from_end, bare) = match cardinal(self.doc, i) {
            Some(number) => (number.value, number.end, number.bare_digits),
            None if self.word(i).contains('.') => (0, i + 1, false),
            None => return None,
        };
        let between = self.before(i, 1, &["between"]) && self.is(from_end, &["and"]);
        if !(between || self.is(from_end, &["to", "-", "–", "—", "or"])) || self.changes(i) {
            return None;
        }
        let to = cardinal(self.doc, from_end + 1).filter(|to| to.value > from)?;
        // *10 to 12 thousand*, *two to three hundred*: the scale serves both.
        let shared = to.end.checked_sub(1).filter(|&last| last > from_end + 1).and_then(|last| scale(self.word(last)));
        let low = match shared {
            Some(factor) if from == 0 => decimal(self.word(i), factor)?,
            _ if from == 0 => return None,
            Some(factor) if from_end == i + 1 && from < to.value / factor => from.checked_mul(factor)?,
            _ => from,
        };
        (low < to.value).then_some(Plain { low, high: to.value, end: to.end, bare: bare && to.bare_digits, open: false })
    }

    /// True at the first number of *rose from 48 to 52*, which is no span.
    fn changes(&self, i: usize) -> bool {
        const CHANGE: &[&str] = &["rise", "climb", "grow", "increase", "jump", "fall", "drop", "decline", "shrink", "go"];
        self.before(i, 1, &["from"]) && self.doc.ancestors(i).take(4).any(|at| CHANGE.contains(&self.doc.lemma(at)))
    }

    /// *half a dozen*, *half a million*, *a quarter of a million*, *one and a half million*, *a million and a half*.
    fn part_of_scale(&self, i: usize) -> Option<(i64, usize)> {
        let unit = |at: usize| scale(self.word(at)).filter(|&unit| unit >= 12 && unit != 20 && self.word(at).len() > 2);
        if self.is(i, &["half"]) && self.is(i + 1, &["a"]) {
            return unit(i + 2).map(|unit| (unit / 2, i + 3));
        }
        if self.is(i, &["a"]) && self.is(i + 1, &["quarter"]) && self.is(i + 2, &["of"]) && self.is(i + 3, &["a"]) {
            return unit(i + 4).map(|unit| (unit / 4, i + 5));
        }
        let a_half = |at: usize| self.is(at, &["and"]) && self.is(at + 1, &["a"]) && self.is(at + 2, &["half"]);
        if self.is(i, &["a"]) && unit(i + 1).is_some() && a_half(i + 2) {
            return unit(i + 1).map(|unit| (unit + unit / 2, i + 5));
        }
        if a_half(i + 1) {
            let whole = cardinal(self.doc, i).filter(|number| number.end == i + 1)?;
            let unit = unit(i + 4)?;
            return whole.value.checked_mul(unit)?.checked_add(unit / 2).map(|value| (value, i + 5));
        }
        None
    }

    /// *dozens*, *hundreds*, *tens of thousands*: the least that they stand for, and where the words end.
    fn round(&self, i: usize) -> Option<(i64, usize)> {
        let word = |i: usize| {
            let word = self.word(i);
            if !word.ends_with(['s', 'S']) || word.len() > 9 {
                return None;
            }
            Some(match word.to_ascii_lowercase().as_str() {
                "tens" => 10,
                "dozens" => 12,
                "scores" => 20,
                "hundreds" => 100,
                "thousands" => 1000,
                "millions" => 1_000_000,
                "billions" => 1_000_000_000,
                "lakhs" => 100_000,
                "crores" => 10_000_000,
                _ => return None,
            })
        };
        let unit: i64 = word(i)?;
        let scaled = if self.is(i + 1, &["of"]) { word(i + 2).filter(|_| unit <= 1000) } else { None };
        match scaled {
            Some(larger) => Some((2 * unit * larger, i + 3)),
            None if unit == 10 && !self.is(i + 1, &["of"]) => None,
            None => Some((2 * unit, i + 1)),
        }
    }

    /// The words before `i` that bound the number there, and where they begin.
    pub(super) fn bound(&self, i: usize) -> (Bound, usize) {
        let skip = usize::from(self.before(i, 1, &["a", "another", "the"]) && !self.before(i, 2, &["as"]));
        let i = i - skip.min(i);
        for (words, bound) in BEFORE {
            let Some(mut start) = i.checked_sub(words.len()) else { continue };
            if !words.iter().enumerate().all(|(at, word)| self.is(start + at, &[word])) {
                continue;
            }
            // *came under 22 attacks*, *took over 20 villages*: the word belongs to the verb.
            let bare = words.len() == 1 && matches!(bound, Bound::Over | Bound::Under);
            if bare
                && (self.doc.tag(start) == "RP"
                    || self.doc.dep(start) == "prep" && start > 0 && self.doc.lemma(start - 1) == "come")
            {
                continue;
            }
            if matches!(bound, Bound::Over | Bound::Under) && self.before(start, 1, DEGREE) {
                start -= 1;
            }
            // *at least* before *some 50* and the like: the outer words rule.
            let (outer, begins) = if *bound == Bound::About && start > 0 { self.bound(start) } else { (Bound::Exact, start) };
            return if outer == Bound::Exact { (*bound, start) } else { (outer, begins) };
        }
        (Bound::Exact, i + skip)
    }
}
