use dateline_record::{Edtf, EventType, Mode, Precision};

use super::trigger::trigger_key;

use crate::facts::{Count, EventFacts, Locality, Party, name_key};

/// From this score on two happenings are one event.
pub(crate) const SAME: f32 = 0.62;
/// Places nearer than this are one, in kilometres: outskirts and neighbouring villages.
pub(super) const NEAR_KM: f64 = 15.0;
/// A happening without a date is taken to lie at most this many days before its report.
const RECENT_DAYS: i64 = 4;

/// Happenings that at least one report does not date may lie so many days apart: news travels slowly.
pub(super) const REPORTED_LATE: i64 = 2;

/// Whether two happenings are one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// 0 (no) to 1; 0 after a veto.
    pub score: f32,
    /// Whether the score is high enough and nothing forbids it.
    pub same: bool,
    /// Something makes it impossible, such as two dates.
    pub veto: bool,
    /// What speaks for and against it, in words.
    pub reasons: Vec<String>,
}

/// Sum of weighted answers, each 0 to 1, with its reason.
#[derive(Default)]
struct Tally {
    sum: f32,
    weight: f32,
    reasons: Vec<String>,
}

impl Tally {
    fn add(&mut self, weight: f32, answer: f32, reason: impl Into<String>) {
        self.sum += weight * answer;
        self.weight += weight;
        self.reasons.push(reason.into());
    }
}

fn veto(reason: String) -> Verdict {
    Verdict { score: 0.0, same: false, veto: true, reasons: vec![reason] }
}

/// Compares two happenings: type, place, time, parties, counts; likeness of words decides close calls.
///
/// Never the same: dates that exclude each other, different parts of one day, towns of one name in two countries, types that exclude each
/// other, a piece that looks back on an old event against a recent one.
#[must_use]
pub fn similarity(a: &EventFacts, b: &EventFacts) -> Verdict {
    let mut tally = Tally::default();
    match (a.kind, b.kind) {
        (Some(x), Some(y)) if x == y => {
            let modes = a.mode.is_none() || b.mode.is_none() || a.mode == b.mode;
            tally.add(0.2, if modes { 1.0 } else { 0.7 }, format!("both are {x}"));
            match named_alike(a, b) {
                Some(true) => tally.add(0.1, 1.0, "words for the same deed name both"),
                Some(false) if is_apart(a) != is_apart(b) => {
                    return veto(format!("{} and {} are different deeds", a.trigger, b.trigger));
                }
                Some(false) => tally.add(0.1, 0.3, format!("{} and {} may be different deeds", a.trigger, b.trigger)),
                None => {}
            }
        }
        (Some(x), Some(y)) if family(x) == family(y) => tally.add(0.2, 0.5, format!("{x} and {y} are of one family")),
        (Some(x), Some(y)) => return veto(format!("{x} and {y} are different kinds of happening")),
        _ if !a.trigger.is_empty() && stem(&a.trigger) == stem(&b.trigger) => tally.add(0.2, 1.0, "the same word names both"),
        _ => {}
    }
    let mut one_day = false;
    match compare_times(a, b) {
        Time::Apart(reason) => return veto(reason),
        Time::Same(reason) => {
            one_day = true;
            tally.add(0.25, 1.0, reason);
        }
        Time::Loose(reason) => tally.add(0.15, 0.8, reason),
        Time::Unknown => {}
    }
    let located = !a.places.is_empty() && !b.places.is_empty();
    if located {
        let best = a.places.iter().flat_map(|x| b.places.iter().map(move |y| place_answer(x, y)));
        let Some((answer, reason)) = best.max_by(|x, y| x.0.total_cmp(&y.0)) else { return veto("no place".into()) };
        if answer == 0.0 {
            return veto(reason);
        }
        tally.add(0.25, answer, reason);
    }
    for (weight, role, x, y) in [(0.15, "actor", &a.actors, &b.actors), (0.15, "recipient", &a.recipients, &b.recipients)] {
        if !x.is_empty() && !y.is_empty() {
            let best = x.iter().flat_map(|x| y.iter().map(move |y| party_answer(x, y))).fold(0.0, f32::max);
            let reason = if best >= 0.5 { format!("{role}s agree") } else { format!("{role}s differ") };
            tally.add(weight, best, reason);
        }
    }
    let clash = counts_clash(&a.counts, &b.counts);
    if let Some(role) = clash {
        tally.add(0.1, 0.2, format!("counts of {role} differ"));
    } else if a.counts.iter().any(|x| b.counts.iter().any(|y| x.role == y.role)) {
        tally.add(0.1, 1.0, "counts agree");
    }
    let words = likeness(&a.words, &b.words);
    if !a.words.is_empty() && !b.words.is_empty() {
        tally.add(0.15, (words * 2.5).min(1.0), format!("{} % of the words are shared", (words * 100.0).round()));
        if clash.is_some() && words < 0.12 && a.words.len() >= 4 && b.words.len() >= 4 {
            return veto("different counts, told in different words".into());
        }
    }
    let score = if tally.weight > 0.0 { tally.sum / tally.weight } else { 0.0 };
    // Type and time alone join nothing: a place, a party or many words must be common.
    let grounded =
        located || words >= 0.25 || tally.reasons.iter().any(|reason| reason.ends_with("s agree") && reason != "counts agree");
    let enough = tally.weight >= 0.45;
    // *Killed* and *shelling* are one event when place and day are; without them, words for different deeds are different events.
    let alike = (located && one_day) || named_alike(a, b) != Some(false);
    if !alike {
        tally.reasons.push("words for different deeds, and no common place and day".into());
    }
    Verdict { score, same: score >= SAME && grounded && enough && alike, veto: false, reasons: tally.reasons }
}

/// Whether the words that name two happenings are for one deed; `None` where one is not named.
fn named_alike(a: &EventFacts, b: &EventFacts) -> Option<bool> {
    let (x, y) = (trigger_key(&a.trigger), trigger_key(&b.trigger));
    let is_name = |key: &str| !key.is_empty() && key != "_";
    (is_name(&x) && is_name(&y)).then(|| x == y)
}

/// Deeds that are no part of an attack and that no attack is told as: captures, torture, sexual violence.
fn is_apart(facts: &EventFacts) -> bool {
    matches!(facts.mode, Some(Mode::Abduct | Mode::Torture | Mode::Sexual))
}

/// Types that one happening may be coded as.
pub(crate) fn family(kind: EventType) -> u8 {
    use EventType as E;
    match kind {
        E::Assault | E::Coerce => 0,
        E::Mobilize => 1,
        E::Agree | E::Consult | E::Cooperate | E::Support => 2,
        E::Accuse | E::Reject | E::Request | E::Threaten => 3,
        E::Aid => 4,
        E::Retreat | E::Concede => 5,
        E::Protest => 6,
        E::Sanction => 7,
    }
}

enum Time {
    Same(String),
    Loose(String),
    Apart(String),
    Unknown,
}

/// First and last day, as day numbers.
pub(crate) fn days(date: &Edtf) -> Option<(i64, i64)> {
    let (first, last) = date.bounds()?;
    let (first, last) = (first.map(|day| day.to_days()), last.map(|day| day.to_days()));
    Some((first.or(last)?, last.or(first)?))
}

/// The stretch in which it happened, and whether the report says so itself.
pub(crate) fn stretch(facts: &EventFacts) -> Option<(i64, i64, bool)> {
    if let Some((first, last)) = facts.when.as_ref().and_then(days) {
        return Some((first, last, true));
    }
    let (_, published) = facts.published.as_ref().and_then(days)?;
    (!looks_back(facts)).then_some((published - RECENT_DAYS, published, false))
}

fn looks_back(facts: &EventFacts) -> bool {
    facts
        .words
        .iter()
        .any(|word| matches!(word.as_str(), "anniversary" | "commemorated" | "commemorate" | "commemorates" | "remembrance"))
}

fn compare_times(a: &EventFacts, b: &EventFacts) -> Time {
    if let (Some(x), Some(y)) = (part_of_day(&a.words), part_of_day(&b.words))
        && x != y
        && let (Some(x), Some(y)) = (a.when.as_ref().and_then(days), b.when.as_ref().and_then(days))
        && x == y
    {
        return Time::Apart("different parts of the day".into());
    }
    let (Some((x0, x1, x_said)), Some((y0, y1, y_said))) = (stretch(a), stretch(b)) else {
        if looks_back(a) != looks_back(b) {
            return Time::Apart("one looks back on an old event".into());
        }
        return Time::Unknown;
    };
    let gap = x0.max(y0) - x1.min(y1);
    if gap > 0 {
        // A report without a date of its own is only dated by its publication.
        if !(x_said && y_said) && gap <= REPORTED_LATE {
            return Time::Loose("reported within days of each other".into());
        }
        return Time::Apart(format!("{gap} days apart"));
    }
    if x_said && y_said {
        // A month holds many days: that one of them lies in it says little.
        let long = (x1 - x0).max(y1 - y0) > 31 || ((x1 - x0) - (y1 - y0)).abs() > 6;
        if long { Time::Loose("dates overlap widely".into()) } else { Time::Same("dates overlap".into()) }
    } else {
        Time::Loose("reported within days of each other".into())
    }
}

fn part_of_day(words: &[String]) -> Option<u8> {
    let mut found = words.iter().filter_map(|word| match word.as_str() {
        "dawn" | "morning" | "sunrise" | "daybreak" => Some(0),
        "noon" | "midday" | "afternoon" => Some(1),
        "evening" | "dusk" | "sunset" | "nightfall" => Some(2),
        _ => None,
    });
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// 0: cannot be the same place; up to 1.
fn place_answer(a: &Locality, b: &Locality) -> (f32, String) {
    if let (Some(x), Some(y)) = (a.country, b.country)
        && x != y
    {
        return (0.0, format!("{} ({}) and {} ({}) lie in different countries", a.name, x.as_str(), b.name, y.as_str()));
    }
    let same_name = name_key(&a.name) == name_key(&b.name);
    if same_name {
        if let (Some(x), Some(y)) = (&a.admin1, &b.admin1)
            && name_key(x) != name_key(y)
        {
            return (0.0, format!("two places called {}, in {x} and in {y}", a.name));
        }
        let answer = if a.precision == Some(Precision::Country) { 0.5 } else { 1.0 };
        return (answer, format!("both in {}", a.name));
    }
    if wide(a) || wide(b) {
        let inside = |inner: &Locality, outer: &Locality| match outer.precision {
            Some(Precision::Country) => inner.country.is_some() && inner.country == outer.country,
            Some(Precision::Admin1) => inner.admin1.as_ref().is_some_and(|name| name_key(name) == name_key(&outer.name)),
            _ => false,
        };
        if inside(a, b) || inside(b, a) {
            return (0.7, format!("{} and {}: one lies in the other", a.name, b.name));
        }
        if matches!((a.precision, b.precision), (Some(Precision::Admin1), Some(Precision::Admin1)))
            || [(a, b), (b, a)].iter().any(|(x, y)| !wide(x) && x.admin1.is_some() && y.precision == Some(Precision::Admin1))
        {
            return (0.0, format!("{} and {} are different places", a.name, b.name));
        }
        return (0.3, format!("{} and {} may overlap", a.name, b.name));
    }
    match (point(a), point(b)) {
        (Some(x), Some(y)) => {
            let km = distance_km(x, y);
            if km <= NEAR_KM {
                (0.8, format!("{} and {} are {km:.0} km apart", a.name, b.name))
            } else {
                (0.0, format!("{} and {} are {km:.0} km apart", a.name, b.name))
            }
        }
        _ => (0.2, format!("{} and {} are named differently", a.name, b.name)),
    }
}

/// Whether it is more than a settlement.
pub(super) fn wide(place: &Locality) -> bool {
    matches!(place.precision, Some(Precision::Country | Precision::Region | Precision::Admin1 | Precision::Admin2))
}

pub(crate) fn point(place: &Locality) -> Option<(f64, f64)> {
    let (lat, lon) = (f64::from(place.lat?), f64::from(place.lon?));
    (lat.is_finite() && lon.is_finite()).then_some((lat, lon))
}

/// Great-circle distance by the haversine formula, mean radius of the earth 6,371 km.
fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat, lon) = ((b.0 - a.0).to_radians(), (b.1 - a.1).to_radians());
    let h = (lat / 2.0).sin().powi(2) + a.0.to_radians().cos() * b.0.to_radians().cos() * (lon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

fn party_answer(a: &Party, b: &Party) -> f32 {
    let (x, y) = (name_key(&a.name), name_key(&b.name));
    if !x.is_empty() && x == y {
        return 1.0;
    }
    match (a.country, b.country) {
        (Some(x), Some(y)) if x != y => 0.0,
        (Some(_), Some(_)) => match (a.sector, b.sector) {
            (Some(x), Some(y)) if x != y => 0.6,
            _ => 0.9,
        },
        _ if !x.is_empty() && !y.is_empty() && (x.contains(&y) || y.contains(&x)) => 0.8,
        _ => 0.3,
    }
}

/// Whether two lists of parties exclude each other: every country known and none common.
pub(crate) fn parties_differ(a: &[Party], b: &[Party]) -> bool {
    !a.is_empty() && !b.is_empty() && a.iter().all(|x| b.iter().all(|y| party_answer(x, y) == 0.0))
}

/// Whether two lists of places exclude each other.
pub(crate) fn places_differ(a: &[Locality], b: &[Locality]) -> bool {
    !a.is_empty() && !b.is_empty() && a.iter().all(|x| b.iter().all(|y| place_answer(x, y).0 <= 0.2))
}

/// The first role in which two lists of counts exclude each other.
pub(crate) fn counts_clash(a: &[Count], b: &[Count]) -> Option<&'static str> {
    let clash = |x: &Count, y: &Count| {
        let ((x0, x1), (y0, y1)) = (range(x), range(y));
        x0 > y1 || y0 > x1
    };
    a.iter().find_map(|x| {
        let mut same = b.iter().filter(|y| y.role == x.role).peekable();
        (same.peek().is_some() && same.all(|y| clash(x, y))).then(|| crate::disputes::role_name(x.role))
    })
}

/// Bounds of a count; *about* allows a tenth.
pub(crate) fn range(count: &Count) -> (i64, i64) {
    let slack = |value: i64| if count.approx { value.saturating_abs() / 10 } else { 0 };
    let (min, max) = (count.min.unwrap_or(0), count.max.unwrap_or(i64::MAX));
    (min.saturating_sub(slack(min)), max.saturating_add(slack(max)))
}

/// Share of common words in the smaller list.
pub(crate) fn likeness(a: &[String], b: &[String]) -> f32 {
    let set: rustc_hash::FxHashSet<&str> = a.iter().map(|word| stem(word)).collect();
    let other: rustc_hash::FxHashSet<&str> = b.iter().map(|word| stem(word)).collect();
    let smaller = set.len().min(other.len());
    if smaller == 0 { 0.0 } else { set.intersection(&other).count() as f32 / smaller as f32 }
}

/// A word without its commonest endings: enough to bring *shelled*, *shells* and *shelling* together.
pub(crate) fn stem(word: &str) -> &str {
    for ending in ["ings", "ing", "ed", "es", "s", "e"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.chars().count() >= 3
        {
            return rest;
        }
    }
    word
}
