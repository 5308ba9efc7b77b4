//! Where the place names of one document are, decided together.
//!
//! Every distinct name is given its candidates with a prior (population, sort of place, how the name speaks of it); then names support each
//! other: candidates near one another, in the same division, or one in the other gain. A few rounds of messages between
//! all names settle it. The ideas (one sense per document, minimal spread, containment, population) are old in the field:
//! Leidner 2007, *Toponym Resolution in Text*; Lieberman and Samet 2012; the weights are tuned on the development halves of LGL, TR-News and GeoWebNews.

use std::collections::HashMap;

use crate::fold::Key;
use crate::gazetteer::{Gazetteer, How, Place, PlaceId, PlaceKind, Precision, contains};
use crate::geo::vector_km;
use crate::types::{TypeClass, is_generic};

/// A mention of a place to resolve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// The name as the text has it, with type words (*the Kursk region*) or without.
    pub name: &'a str,
    /// What the text says that it lies in (*Paris*, *Texas*; *Bakhmut in Donetsk region*).
    pub container: Option<&'a str>,
}

/// Whether the text between two names says that the first lies in the second: *Paris, Texas*, *Bakhmut (Donetsk*, *Tarmel in the north*.
#[must_use]
pub fn says_within(between: &str) -> bool {
    matches!(between, ", " | " (" | ", in " | " in " | " in the " | ", in the ")
}

impl<'a> Query<'a> {
    /// A query with no container.
    pub fn new(name: &'a str) -> Self {
        Query { name, container: None }
    }
}

/// What is known besides the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Where the outlet is at home: local papers don't say in which state their town is.
    pub home: Option<PlaceId>,
}

/// What an answer rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The gazetteer knows the name.
    Named,
    /// It knows a place within the name (*University of London*, *Bank of Mexico*), or the building (*the White House*).
    Within,
    /// It knows nothing of the name: the place is that of the nearest name that it knows. A guess, for search and maps only.
    Nearby,
}

/// The answer to a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// The place.
    pub place: PlaceId,
    /// How fine the mention is: *the Pokrovsk sector* is not Pokrovsk.
    pub precision: Precision,
    /// What the answer rests on.
    pub basis: Basis,
    /// Share of belief among the name's candidates, 0 to 1.
    pub confidence: f32,
}

impl Resolution {
    /// The place in full. A resolution of another gazetteer's data gives some other place.
    ///
    /// # Panics
    /// Never with the gazetteer that made the resolution.
    pub fn place(&self, gazetteer: &Gazetteer) -> Place {
        gazetteer.place(self.place).expect("resolutions hold ids of their own gazetteer")
    }
}

/// Most candidates of one name that are weighed.
const CANDIDATES: usize = 40;
const ROUNDS: usize = 3;
/// Inhabitants from which a settlement within the name of something else is taken for meant.
const LARGE_CITY: u32 = 100_000;
/// Kilometres within which a smaller one is, when another name of the document is there.
const SAME_AREA_KM: f32 = 80.0;
/// Kilometres beyond which nearness counts for nothing.
const FAR_KM: f32 = 1500.0;

/// The weights of the resolver, in units of log odds unless said otherwise. The defaults were tuned with `examples/tune_resolution.rs`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names and groups say it")]
pub struct Weights {
    /// Per unit of the natural logarithm of population.
    pub population: f32,
    // By sort of place; settlements are the zero.
    pub country: f32,
    pub admin1: f32,
    pub admin2: f32,
    /// Regions count as if they had this at least.
    pub region: f32,
    /// Continents and oceans, which no town of their name takes the name from.
    pub wide: f32,
    pub capital: f32,
    pub section: f32,
    // By how the name speaks of it.
    pub alternate: f32,
    pub short: f32,
    /// For divisions named as a settlement within them, when no type word says that the division is meant.
    pub namesake: f32,
    /// The type word agrees with the sort of place.
    pub type_word: f32,
    /// The text says that it lies in a place, and it does.
    pub container: f32,
    // Pairs of places: one in the other's division or country, the same division or country, nearness and the kilometres over which it fades.
    pub in_division: f32,
    pub in_country: f32,
    pub same_admin1: f32,
    pub same_country: f32,
    pub near: f32,
    pub near_km: f32,
    // The outlet's home: nearness, the kilometres over which it fades, the same country.
    pub home: f32,
    pub home_km: f32,
    pub home_country: f32,
    /// Mentions over which support fades.
    pub mentions: f32,
    /// What the summed support counts for, and the most that it may be.
    pub support: f32,
    pub most_support: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Weights {
            population: 0.3,
            country: 3.0,
            admin1: 1.0,
            admin2: -1.0,
            region: 4.5,
            wide: 9.0,
            capital: 2.0,
            section: -0.5,
            alternate: -2.0,
            short: -0.5,
            namesake: -2.5,
            type_word: 4.0,
            container: 9.0,
            in_division: 3.0,
            in_country: 1.2,
            same_admin1: 1.4,
            same_country: 0.8,
            near: 2.5,
            near_km: 120.0,
            home: 4.0,
            home_km: 150.0,
            home_country: 1.5,
            mentions: 6.0,
            support: 1.0,
            most_support: 9.0,
        }
    }
}

struct Weighed {
    place: Place,
    vector: [f32; 3],
    prior: f32,
    score: f32,
    belief: f32,
}

struct Name<'a> {
    class: Option<TypeClass>,
    basis: Basis,
    container: Option<&'a str>,
    mentions: Vec<usize>,
    candidates: Vec<Weighed>,
}

/// The candidates of one name, and how it was read.
struct Reading {
    candidates: Vec<Weighed>,
    class: Option<TypeClass>,
    basis: Basis,
}

impl Gazetteer {
    /// Resolves the place names of one document, given in the order of the text. `None` for a name that the gazetteer doesn't know where it
    /// knows none beside it either. A pure function: the same queries give the same answers.
    pub fn resolve(&self, queries: &[Query<'_>], context: &Context) -> Vec<Option<Resolution>> {
        self.resolve_with(&Weights::default(), queries, context)
    }

    /// [`Gazetteer::resolve`] with other weights, for tuning.
    pub fn resolve_with(&self, weights: &Weights, queries: &[Query<'_>], context: &Context) -> Vec<Option<Resolution>> {
        let mut index: HashMap<(&str, Option<&str>), usize> = HashMap::new();
        let mut names: Vec<Name<'_>> = Vec::new();
        let mut of_query = Vec::with_capacity(queries.len());
        for (mention, query) in queries.iter().enumerate() {
            let at = *index.entry((query.name, query.container)).or_insert_with(|| {
                let Reading { candidates, class, basis } = self.candidates(weights, query.name);
                names.push(Name { class, basis, container: query.container, mentions: Vec::new(), candidates });
                names.len() - 1
            });
            if let Some(name) = names.get_mut(at) {
                name.mentions.push(mention);
            }
            of_query.push(at);
        }
        let home = context.home.and_then(|id| self.place(id));
        for name in &mut names {
            self.weigh(weights, name, home.as_ref());
        }
        settle(weights, &mut names);
        let answers: Vec<Option<Resolution>> = (0..names.len()).map(|at| answer(&names, at)).collect();
        let named: Vec<Option<Resolution>> = of_query.iter().map(|&at| answers.get(at).copied().flatten()).collect();
        (0..named.len()).map(|i| named.get(i).copied().flatten().or_else(|| nearby(&named, i))).collect()
    }

    /// Candidates of a name, by the first reading of it that knows any: as it stands, as a demonym, without type words, as a building, by a
    /// place within it.
    fn candidates(&self, weights: &Weights, name: &str) -> Reading {
        let name = ["'s", "’s", "'", "’"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        let how = |how: How| match how {
            How::Primary | How::Alias | How::Code | How::Adjective => 0.0,
            How::Alternate => weights.alternate,
            How::Short => weights.short,
        };
        let weighed = |place: PlaceId, prior: f32| {
            let place = self.place(place)?;
            Some(Weighed { vector: place.at.unit_vector(), place, prior, score: 0.0, belief: 0.0 })
        };
        let named = |name: &str| {
            let mut found: Vec<Weighed> = self.lookup(name).filter_map(|c| weighed(c.place, how(c.how))).collect();
            let country = self.demonym(name).and_then(|d| self.country_place(d.country.alpha3));
            found.extend(country.and_then(|id| weighed(id, 0.0)));
            found
        };
        let is_facility_word = |word: &&str| Key::of(word).is_some_and(|k| is_generic(k.as_str()));
        if let Some(seat) = self.metonym(name).and_then(|m| self.seat(m.country?)) {
            return Reading { candidates: weighed(seat, 0.0).into_iter().collect(), class: None, basis: Basis::Within };
        }
        let mut candidates = named(name);
        if is_facility_word(&name) {
            candidates.retain(|c| matches!(c.place.kind, PlaceKind::Country | PlaceKind::Region | PlaceKind::Natural));
        }
        if !candidates.is_empty() {
            return Reading { candidates, class: None, basis: Basis::Named };
        }
        let words: Vec<&str> = name.split_whitespace().collect();
        if let Some((key, class)) = Key::of(name).and_then(|k| self.without_types(k.as_str())) {
            let candidates = self.lookup_bare(&key).filter_map(|c| weighed(c.place, how(c.how))).collect();
            let basis = if class == TypeClass::Area && words.len() > 1 && words.last().is_some_and(is_facility_word) {
                Basis::Within
            } else {
                Basis::Named
            };
            return Reading { candidates, class: Some(class).filter(|c| *c != TypeClass::Any), basis };
        }
        // *French Quarter* and *British School* say nothing of where they are while any other word of the name does.
        let of_place = |name: &str| {
            self.lookup(name).filter(|c| c.how != How::Adjective).filter_map(|c| weighed(c.place, how(c.how))).collect::<Vec<_>>()
        };
        let mut within: Vec<Weighed> = Vec::new();
        let mut at = 0;
        while let Some(rest) = words.get(at..).filter(|r| !r.is_empty()) {
            let longest = (1..=rest.len().min(4)).rev().find_map(|n| {
                let part = rest.get(..n)?;
                if part.iter().all(is_facility_word) || !part.iter().any(|w| w.starts_with(char::is_uppercase)) {
                    return None;
                }
                Some((n, of_place(&part.join(" ")))).filter(|(_, found)| !found.is_empty())
            });
            match longest {
                Some((n, found)) => {
                    within.extend(found);
                    at += n;
                }
                None => at += 1,
            }
        }
        Reading { candidates: within, class: Some(TypeClass::Area), basis: Basis::Within }
    }

    /// The capital of a country (alpha-3).
    fn seat(&self, alpha3: &str) -> Option<PlaceId> {
        let capital = self.by_alpha3(alpha3)?.capitals.first()?;
        let settlements = self.lookup(capital).filter_map(|c| self.place(c.place));
        settlements
            .filter(|p| p.kind == PlaceKind::Settlement && p.country == Some(alpha3))
            .max_by_key(|p| (p.role.capital, p.population))
            .map(|p| p.id)
    }

    /// Adds to the priors all that doesn't depend on the other names, and keeps the likeliest candidates.
    fn weigh(&self, weights: &Weights, name: &mut Name<'_>, home: Option<&Place>) {
        let containers: Vec<Place> = match name.container {
            Some(container) => self.candidates(weights, container).candidates.into_iter().map(|w| w.place).collect(),
            None => Vec::new(),
        };
        let of_settlements: Vec<PlaceId> = name
            .candidates
            .iter()
            .filter(|c| c.place.kind == PlaceKind::Settlement && !c.place.role.section)
            .flat_map(|c| [c.place.admin1, c.place.admin2])
            .flatten()
            .collect();
        for c in &mut name.candidates {
            if name.class.is_none() && of_settlements.contains(&c.place.id) {
                c.prior += weights.namesake;
            }
            c.prior += place_weight(weights, &c.place) + type_weight(weights, name.class, c.place.kind);
            if containers.iter().any(|outer| contains(outer, &c.place)) {
                c.prior += weights.container;
            }
            if let Some(home) = home {
                let km = c.place.at.distance_km(home.at) as f32;
                c.prior += weights.home * (-km / weights.home_km).exp();
                if c.place.country.is_some() && c.place.country == home.country {
                    c.prior += weights.home_country;
                }
            }
        }
        // Ties go to the candidate that the gazetteer lists first: the sort is stable.
        name.candidates.sort_by(|a, b| b.prior.total_cmp(&a.prior));
        name.candidates.truncate(CANDIDATES);
        believe(&mut name.candidates, &[]);
    }
}

fn place_weight(weights: &Weights, place: &Place) -> f32 {
    let population = weights.population * (place.population.max(200) as f32).ln();
    match place.kind {
        PlaceKind::Country => population + weights.country,
        PlaceKind::Admin1 => population + weights.admin1,
        PlaceKind::Admin2 => population + weights.admin2,
        PlaceKind::Region | PlaceKind::Natural if place.country.is_none() => population.max(weights.wide),
        PlaceKind::Region | PlaceKind::Natural => population.max(weights.region),
        PlaceKind::Settlement if place.role.capital => population + weights.capital,
        PlaceKind::Settlement if place.role.section => population + weights.section,
        PlaceKind::Settlement => population,
    }
}

fn type_weight(weights: &Weights, class: Option<TypeClass>, kind: PlaceKind) -> f32 {
    match (class, kind) {
        (Some(TypeClass::Division), PlaceKind::Admin1)
        | (Some(TypeClass::District), PlaceKind::Admin2)
        | (Some(TypeClass::Settlement), PlaceKind::Settlement) => weights.type_word,
        (Some(TypeClass::Division), PlaceKind::Admin2) | (Some(TypeClass::District), PlaceKind::Admin1) => {
            weights.type_word / 2.0
        }
        _ => 0.0,
    }
}

/// Beliefs from priors and support (softmax).
fn believe(candidates: &mut [Weighed], support: &[f32]) {
    for (i, c) in candidates.iter_mut().enumerate() {
        c.score = c.prior + support.get(i).copied().unwrap_or(0.0);
    }
    let most = candidates.iter().map(|c| c.score).fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for c in candidates.iter_mut() {
        c.belief = (c.score - most).exp();
        sum += c.belief;
    }
    for c in candidates {
        c.belief /= sum;
    }
}

/// What one place speaks for another.
fn affinity(weights: &Weights, candidate: &Weighed, other: &Weighed) -> f32 {
    let (a, b) = (&candidate.place, &other.place);
    if a.id == b.id {
        return weights.near;
    }
    let nesting = |outer: &Place, inner: &Place| match outer.kind {
        PlaceKind::Admin1 | PlaceKind::Admin2 if contains(outer, inner) => weights.in_division,
        PlaceKind::Country if contains(outer, inner) => weights.in_country,
        _ => 0.0,
    };
    let nested = nesting(a, b).max(nesting(b, a));
    let shared = if a.admin1.is_some() && a.admin1 == b.admin1 {
        weights.same_admin1
    } else if a.country.is_some() && a.country == b.country {
        weights.same_country
    } else {
        0.0
    };
    let near = match (a.kind, b.kind) {
        (PlaceKind::Country, _) | (_, PlaceKind::Country) => 0.0,
        _ => match vector_km(candidate.vector, other.vector) {
            km if km > FAR_KM => 0.0,
            km => weights.near * (-km / weights.near_km).exp(),
        },
    };
    nested.max(shared + near)
}

/// What the places of two names speak for each other, as odds; computed once.
struct Pair {
    one: usize,
    other: usize,
    closeness: f32,
    /// Row by row: each of the first name's candidates with each of the second's.
    odds: Vec<f32>,
}

/// Rounds of messages: each name's beliefs from its priors and from what the others, as far as believed, speak for.
fn settle(weights: &Weights, names: &mut [Name<'_>]) {
    let mut pairs = Vec::new();
    for (one, first) in names.iter().enumerate() {
        for (other, second) in names.iter().enumerate().skip(one + 1) {
            let gap = gap(&first.mentions, &second.mentions) as f32;
            let closeness = (-(gap - 1.0) / weights.mentions).exp();
            let alone = first.candidates.len() < 2 && second.candidates.len() < 2;
            if closeness < 0.01 || alone || first.candidates.is_empty() || second.candidates.is_empty() {
                continue;
            }
            let odds = first
                .candidates
                .iter()
                .flat_map(|a| second.candidates.iter().map(move |b| (weights.support * affinity(weights, a, b)).exp()))
                .collect();
            pairs.push(Pair { one, other, closeness, odds });
        }
    }
    for _ in 0..ROUNDS {
        let mut support: Vec<Vec<f32>> = names.iter().map(|n| vec![0.0; n.candidates.len()]).collect();
        for pair in &pairs {
            let (Some(first), Some(second)) = (names.get(pair.one), names.get(pair.other)) else { continue };
            let width = second.candidates.len();
            if let Some(sums) = support.get_mut(pair.one) {
                for (sum, row) in sums.iter_mut().zip(pair.odds.chunks_exact(width)) {
                    *sum += pair.closeness * message(row.iter().zip(&second.candidates));
                }
            }
            if let Some(sums) = support.get_mut(pair.other) {
                for (j, sum) in sums.iter_mut().enumerate() {
                    *sum += pair.closeness * message(pair.odds.iter().skip(j).step_by(width).zip(&first.candidates));
                }
            }
        }
        for (name, sums) in names.iter_mut().zip(&mut support) {
            for sum in sums.iter_mut() {
                *sum = weights.most_support * (1.0 - (-*sum / weights.most_support).exp());
            }
            believe(&mut name.candidates, sums);
        }
    }
}

/// The logarithm of the expected odds: one believed place that fits well outweighs many that don't.
fn message<'a>(odds: impl Iterator<Item = (&'a f32, &'a Weighed)>) -> f32 {
    odds.map(|(odds, speaker)| odds * speaker.belief).sum::<f32>().max(1.0).ln()
}

/// Fewest mentions from one name to another.
fn gap(a: &[usize], b: &[usize]) -> usize {
    a.iter().flat_map(|x| b.iter().map(move |y| x.abs_diff(*y))).min().unwrap_or(usize::MAX).max(1)
}

fn answer(names: &[Name<'_>], at: usize) -> Option<Resolution> {
    let name = names.get(at)?;
    let best = name.candidates.iter().reduce(|best, c| if c.belief > best.belief { c } else { best })?;
    let place = &best.place;
    if name.basis == Basis::Within
        && matches!(place.kind, PlaceKind::Settlement | PlaceKind::Admin2)
        && place.population < LARGE_CITY
    {
        let others = names
            .iter()
            .filter(|n| n.basis == Basis::Named)
            .filter_map(|n| n.candidates.iter().max_by(|a, b| a.belief.total_cmp(&b.belief)));
        let believed = others.filter(|c| !matches!(c.place.kind, PlaceKind::Country | PlaceKind::Region | PlaceKind::Natural));
        if !believed.map(|c| vector_km(c.vector, best.vector)).any(|km| km < SAME_AREA_KM) {
            return None;
        }
    }
    let precision = match (place.precision(), name.class) {
        (Precision::City, Some(TypeClass::Area | TypeClass::Division | TypeClass::District)) => Precision::Admin2,
        (precision, _) => precision,
    };
    Some(Resolution { place: place.id, precision, basis: name.basis, confidence: best.belief })
}

/// For a name of which nothing is known: the place that the nearest other mention names, the one before it rather than the one after.
fn nearby(named: &[Option<Resolution>], i: usize) -> Option<Resolution> {
    let distance = |j: usize| if j < i { 2 * (i - j) - 1 } else { 2 * (j - i) };
    let (_, next) =
        named.iter().enumerate().filter_map(|(j, r)| Some((j, (*r)?))).filter(|(_, r)| r.basis == Basis::Named).min_by_key(
            |(j, r)| {
                // A settlement or district says more than a state or country.
                (if r.precision <= Precision::Admin2 { 0 } else { 6 }) + distance(*j)
            },
        )?;
    let precision = next.precision.max(Precision::Admin2);
    Some(Resolution { precision, basis: Basis::Nearby, ..next })
}

#[cfg(test)]
mod tests {
    use super::{Basis, Context, Query};
    use crate::gazetteer::{Gazetteer, PlaceKind, Precision};

    /// Names resolved together, as (name, kind, country, precision).
    fn resolved(names: &[Query<'_>]) -> Vec<Option<(&'static str, PlaceKind, &'static str, Precision)>> {
        let world = Gazetteer::embedded();
        let found = world.resolve(names, &Context::default());
        found
            .into_iter()
            .map(|r| r.map(|r| (r, r.place(world))).map(|(r, p)| (p.name, p.kind, p.country.unwrap_or("-"), r.precision)))
            .collect()
    }

    #[track_caller]
    fn resolves(names: &[&str], expected: &[(&'static str, PlaceKind, &'static str, Precision)]) {
        let queries: Vec<Query<'_>> = names.iter().map(|n| Query::new(n)).collect();
        let expected: Vec<_> = expected.iter().copied().map(Some).collect();
        assert_eq!(resolved(&queries), expected);
    }

    #[test]
    fn a_name_alone_is_the_best_known_place() {
        for (name, place, kind, country) in [
            ("Paris", "Paris", PlaceKind::Settlement, "FRA"),
            ("Lebanon", "Lebanon", PlaceKind::Country, "LBN"),
            ("Mosul", "Mosul", PlaceKind::Settlement, "IRQ"),
            ("Kharkov", "Kharkiv", PlaceKind::Settlement, "UKR"),
            ("Ukrainian", "Ukraine", PlaceKind::Country, "UKR"),
            ("North Korea's", "North Korea", PlaceKind::Country, "PRK"),
            ("Gaza", "Gaza Strip", PlaceKind::Region, "PSE"),
            ("the Golan Heights", "Golan Heights", PlaceKind::Region, "SYR"),
            ("Kherson", "Kherson", PlaceKind::Settlement, "UKR"),
            ("New York", "New York City", PlaceKind::Settlement, "USA"),
        ] {
            let found = resolved(&[Query::new(name)]);
            assert_eq!(found.first().copied().flatten().map(|f| (f.0, f.1, f.2)), Some((place, kind, country)), "{name}");
        }
    }

    #[test]
    fn type_words_choose_the_division_and_coarsen_the_city() {
        resolves(&["the Kursk region"], &[("Kursk Oblast", PlaceKind::Admin1, "RUS", Precision::Admin1)]);
        resolves(&["Anbar province"], &[("Anbar", PlaceKind::Admin1, "IRQ", Precision::Admin1)]);
        resolves(
            &["Pokrovsk sector", "Donetsk region"],
            &[
                ("Pokrovsk", PlaceKind::Settlement, "UKR", Precision::Admin2),
                ("Donetsk", PlaceKind::Admin1, "UKR", Precision::Admin1),
            ],
        );
    }

    #[test]
    fn the_container_decides_among_namesakes() {
        let found = resolved(&[Query { name: "Paris", container: Some("Texas") }, Query::new("Texas")]);
        assert_eq!(
            found,
            [
                Some(("Paris", PlaceKind::Settlement, "USA", Precision::City)),
                Some(("Texas", PlaceKind::Admin1, "USA", Precision::Admin1)),
            ]
        );
    }

    #[test]
    fn names_beside_each_other_decide_together() {
        let found = resolved(&["Tripoli", "Sidon", "Beirut"].map(Query::new));
        let countries: Vec<_> = found.into_iter().flatten().map(|f| f.2).collect();
        assert_eq!(countries, ["LBN", "LBN", "LBN"]);
        let found = resolved(&["Tripoli", "Benghazi", "Misrata"].map(Query::new));
        let countries: Vec<_> = found.into_iter().flatten().map(|f| f.2).collect();
        assert_eq!(countries, ["LBY", "LBY", "LBY"]);
    }

    #[test]
    fn the_outlets_home_decides_when_the_text_does_not() {
        let world = Gazetteer::embedded();
        let home =
            world.lookup("Nashville").filter_map(|c| world.place(c.place)).find(|p| p.country == Some("USA")).map(|p| p.id);
        let found = world.resolve(&[Query::new("Athens"), Query::new("Cleveland")], &Context { home });
        let countries: Vec<_> = found.into_iter().flatten().map(|r| r.place(world).country).collect();
        assert_eq!(countries, [Some("USA"), Some("USA")]);
    }

    #[test]
    fn what_an_answer_rests_on_is_said() {
        let world = Gazetteer::embedded();
        let found =
            world.resolve(&["Kherson", "Qwerty Bazaar", "the Kremlin", "Bank of Mexico"].map(Query::new), &Context::default());
        let bases: Vec<_> = found.iter().map(|r| r.map(|r| (r.basis, r.place(world).name))).collect();
        assert_eq!(
            bases,
            [
                Some((Basis::Named, "Kherson")),
                Some((Basis::Nearby, "Kherson")),
                Some((Basis::Within, "Moscow")),
                Some((Basis::Within, "Mexico")),
            ]
        );
        assert_eq!(world.resolve(&[Query::new("Qwerty Bazaar")], &Context::default()), [None]);
        assert_eq!(world.resolve(&[], &Context::default()), []);
    }
}
