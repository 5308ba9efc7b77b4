//! Where the place names of one document are, decided together.
//!
//! Every distinct name is given its candidates with a prior (population, sort of place, how the name speaks of it); then names support each
//! other: candidates near one another, in the same division, or one in the other gain. A few rounds of mean-field
//! updates over all names settle it. The ideas (one sense per document, minimal spread, containment, population) are old in the field:
//! Leidner 2007, *Toponym Resolution in Text*; Lieberman and Samet 2012; the weights are tuned on the development halves of LGL, TR-News and GeoWebNews.

use std::collections::HashMap;

use crate::fold::Key;
use crate::gazetteer::{Gazetteer, How, Place, PlaceId, PlaceKind, Precision, contains};
use crate::geo::vector_km;
use crate::types::TypeClass;

/// A mention of a place to resolve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// The name as the text has it, with type words (*the Kursk region*) or without.
    pub name: &'a str,
    /// What the text says that it lies in (*Paris*, *Texas*; *Bakhmut in Donetsk region*).
    pub container: Option<&'a str>,
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

/// The answer to a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// The place.
    pub place: PlaceId,
    /// How fine the mention is: *the Pokrovsk sector* is not Pokrovsk.
    pub precision: Precision,
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
/// Candidates of a name that support other names.
const SUPPORTERS: usize = 4;
const ROUNDS: usize = 3;

/// The weights, in units of log odds.
mod weight {
    /// Per unit of the natural logarithm of population.
    pub(super) const POPULATION: f32 = 0.45;
    pub(super) const COUNTRY: f32 = 2.5;
    pub(super) const ADMIN1: f32 = 0.5;
    pub(super) const ADMIN2: f32 = -2.0;
    pub(super) const REGION: f32 = 6.5;
    pub(super) const CAPITAL: f32 = 1.5;
    pub(super) const SECTION: f32 = -1.0;
    pub(super) const ALTERNATE: f32 = -1.5;
    pub(super) const SHORT: f32 = -0.5;
    /// The type word agrees with the sort of place.
    pub(super) const TYPE: f32 = 4.0;
    /// The text says that it lies in a place, and it does.
    pub(super) const CONTAINER: f32 = 9.0;
    /// Support of another name: containment in a division, in a country; the same division, country; nearness.
    pub(super) const IN_DIVISION: f32 = 3.0;
    pub(super) const IN_COUNTRY: f32 = 1.2;
    pub(super) const SAME_ADMIN1: f32 = 1.2;
    pub(super) const SAME_COUNTRY: f32 = 0.8;
    pub(super) const NEAR: f32 = 2.5;
    /// Kilometres over which nearness fades (to 1/e).
    pub(super) const NEAR_KM: f32 = 120.0;
    /// The outlet's home: nearness, same country.
    pub(super) const HOME: f32 = 4.0;
    pub(super) const HOME_KM: f32 = 150.0;
    pub(super) const HOME_COUNTRY: f32 = 1.5;
    /// Mentions over which support fades.
    pub(super) const MENTIONS: f32 = 6.0;
    /// What the summed support counts for, and the most that it may be.
    pub(super) const SUPPORT: f32 = 1.0;
    pub(super) const MOST_SUPPORT: f32 = 9.0;
}

struct Weighed {
    place: Place,
    vector: [f32; 3],
    prior: f32,
    belief: f32,
}

struct Name<'a> {
    class: Option<TypeClass>,
    container: Option<&'a str>,
    mentions: Vec<usize>,
    candidates: Vec<Weighed>,
}

impl Gazetteer {
    /// Resolves the place names of one document, given in the order of the text. `None` for a name that the gazetteer doesn't know.
    /// A pure function: the same queries give the same answers.
    pub fn resolve(&self, queries: &[Query<'_>], context: &Context) -> Vec<Option<Resolution>> {
        let mut index: HashMap<(&str, Option<&str>), usize> = HashMap::new();
        let mut names: Vec<Name<'_>> = Vec::new();
        let mut of_query = Vec::with_capacity(queries.len());
        for (mention, query) in queries.iter().enumerate() {
            let at = *index.entry((query.name, query.container)).or_insert_with(|| {
                let (candidates, class) = self.candidates(query.name);
                names.push(Name { class, container: query.container, mentions: Vec::new(), candidates });
                names.len() - 1
            });
            if let Some(name) = names.get_mut(at) {
                name.mentions.push(mention);
            }
            of_query.push(at);
        }
        let home = context.home.and_then(|id| self.place(id));
        for name in &mut names {
            self.weigh(name, home.as_ref());
        }
        settle(&mut names);
        of_query.into_iter().map(|at| names.get(at).and_then(answer)).collect()
    }

    /// Candidates of a name, by the best reading of it that knows any: as it stands, as a demonym, without type words, the place within it.
    fn candidates(&self, name: &str) -> (Vec<Weighed>, Option<TypeClass>) {
        let weighed = |place: PlaceId, prior: f32| {
            let place = self.place(place)?;
            Some(Weighed { vector: place.at.unit_vector(), place, prior, belief: 0.0 })
        };
        let mut found: Vec<Weighed> = self.lookup(name).filter_map(|c| weighed(c.place, how_weight(c.how))).collect();
        if let Some(country) = self.demonym(name).and_then(|d| self.country_place(d.country.alpha3)) {
            found.extend(weighed(country, 0.0));
        }
        let mut class = None;
        if found.is_empty() {
            let stripped = Key::of(name).and_then(|k| self.without_types(k.as_str()));
            let inner = || {
                let words: Vec<&str> = name.split_whitespace().collect();
                let (start, matched) = (0..words.len()).find_map(|i| Some((i, self.longest_match(words.get(i..)?)?)))?;
                // A place in the name of something else: it is there or thereabouts.
                let class = if start > 0 || matched.words < words.len() { Some(TypeClass::Area) } else { matched.class };
                Some((matched, class))
            };
            if let Some((key, told)) = stripped {
                class = Some(told);
                found = self.lookup_bare(&key).filter_map(|c| weighed(c.place, how_weight(c.how))).collect();
            } else if let Some((matched, told)) = inner() {
                class = told;
                found = matched.candidates(self).filter_map(|c| weighed(c.place, how_weight(c.how))).collect();
            }
        }
        (found, class)
    }

    /// Adds to the priors all that doesn't depend on the other names, and keeps the likeliest candidates.
    fn weigh(&self, name: &mut Name<'_>, home: Option<&Place>) {
        let containers: Vec<Place> =
            name.container.map(|c| self.candidates(c).0).unwrap_or_default().into_iter().map(|w| w.place).collect();
        for c in &mut name.candidates {
            c.prior += place_weight(&c.place) + type_weight(name.class, c.place.kind);
            if containers.iter().any(|outer| contains(outer, &c.place)) {
                c.prior += weight::CONTAINER;
            }
            if let Some(home) = home {
                let km = c.place.at.distance_km(home.at) as f32;
                c.prior += weight::HOME * (-km / weight::HOME_KM).exp();
                if c.place.country.is_some() && c.place.country == home.country {
                    c.prior += weight::HOME_COUNTRY;
                }
            }
        }
        // Ties go to the candidate that the gazetteer lists first: the sort is stable.
        name.candidates.sort_by(|a, b| b.prior.total_cmp(&a.prior));
        name.candidates.truncate(CANDIDATES);
        believe(&mut name.candidates, &[]);
    }
}

fn how_weight(how: How) -> f32 {
    match how {
        How::Primary | How::Code | How::Adjective => 0.0,
        How::Alternate => weight::ALTERNATE,
        How::Short => weight::SHORT,
    }
}

fn place_weight(place: &Place) -> f32 {
    let population = weight::POPULATION * (place.population.max(200) as f32).ln();
    population
        + match place.kind {
            PlaceKind::Country => weight::COUNTRY,
            PlaceKind::Admin1 => weight::ADMIN1,
            PlaceKind::Admin2 => weight::ADMIN2,
            PlaceKind::Region | PlaceKind::Natural => (weight::REGION - population).max(0.0) + weight::ADMIN1,
            PlaceKind::Settlement if place.role.capital => weight::CAPITAL,
            PlaceKind::Settlement if place.role.section => weight::SECTION,
            PlaceKind::Settlement => 0.0,
        }
}

fn type_weight(class: Option<TypeClass>, kind: PlaceKind) -> f32 {
    match (class, kind) {
        (Some(TypeClass::Division), PlaceKind::Admin1)
        | (Some(TypeClass::District), PlaceKind::Admin2)
        | (Some(TypeClass::Settlement), PlaceKind::Settlement) => weight::TYPE,
        (Some(TypeClass::Division), PlaceKind::Admin2) | (Some(TypeClass::District), PlaceKind::Admin1) => weight::TYPE / 2.0,
        _ => 0.0,
    }
}

/// Beliefs from priors and support (softmax).
fn believe(candidates: &mut [Weighed], support: &[f32]) {
    let score = |i: usize, c: &Weighed| c.prior + support.get(i).copied().unwrap_or(0.0);
    let most = candidates.iter().enumerate().map(|(i, c)| score(i, c)).fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for i in 0..candidates.len() {
        if let Some(c) = candidates.get_mut(i) {
            c.belief = (score(i, c) - most).exp();
            sum += c.belief;
        }
    }
    for c in candidates {
        c.belief /= sum;
    }
}

/// What a place that another name means speaks for a candidate.
fn affinity(candidate: &Weighed, other: &Weighed) -> f32 {
    let (a, b) = (&candidate.place, &other.place);
    if a.id == b.id {
        return weight::NEAR;
    }
    let nesting = |outer: &Place, inner: &Place| match outer.kind {
        PlaceKind::Admin1 | PlaceKind::Admin2 if contains(outer, inner) => weight::IN_DIVISION,
        PlaceKind::Country if contains(outer, inner) => weight::IN_COUNTRY,
        _ => 0.0,
    };
    let nested = nesting(a, b).max(nesting(b, a));
    let shared = if a.admin1.is_some() && a.admin1 == b.admin1 {
        weight::SAME_ADMIN1
    } else if a.country.is_some() && a.country == b.country {
        weight::SAME_COUNTRY
    } else {
        0.0
    };
    let near = match (a.kind, b.kind) {
        (PlaceKind::Country, _) | (_, PlaceKind::Country) => 0.0,
        _ => weight::NEAR * (-vector_km(candidate.vector, other.vector) / weight::NEAR_KM).exp(),
    };
    nested.max(shared + near)
}

/// Rounds of updates: each name's beliefs from its priors and from what the others believe.
fn settle(names: &mut [Name<'_>]) {
    for _ in 0..ROUNDS {
        let supports: Vec<Vec<f32>> = names.iter().enumerate().map(|(i, name)| support(names, i, name)).collect();
        for (name, support) in names.iter_mut().zip(supports) {
            believe(&mut name.candidates, &support);
        }
    }
}

fn support(names: &[Name<'_>], i: usize, name: &Name<'_>) -> Vec<f32> {
    let mut total = vec![0.0f32; name.candidates.len()];
    if name.candidates.len() < 2 {
        return total;
    }
    for (j, other) in names.iter().enumerate() {
        if j == i || other.candidates.is_empty() {
            continue;
        }
        let gap = gap(&name.mentions, &other.mentions) as f32;
        let closeness = (-(gap - 1.0) / weight::MENTIONS).exp();
        let mut best: Vec<&Weighed> = other.candidates.iter().collect();
        best.sort_by(|a, b| b.belief.total_cmp(&a.belief));
        for speaker in best.into_iter().take(SUPPORTERS).filter(|s| s.belief > 0.02) {
            for (sum, c) in total.iter_mut().zip(&name.candidates) {
                *sum += weight::SUPPORT * closeness * speaker.belief * affinity(c, speaker);
            }
        }
    }
    for sum in &mut total {
        *sum = weight::MOST_SUPPORT * (1.0 - (-*sum / weight::MOST_SUPPORT).exp());
    }
    total
}

/// Fewest mentions from one name to another.
fn gap(a: &[usize], b: &[usize]) -> usize {
    a.iter().flat_map(|x| b.iter().map(move |y| x.abs_diff(*y))).min().unwrap_or(usize::MAX).max(1)
}

fn answer(name: &Name<'_>) -> Option<Resolution> {
    let best = name.candidates.iter().reduce(|best, c| if c.belief > best.belief { c } else { best })?;
    let precision = match (best.place.precision(), name.class) {
        (Precision::City, Some(TypeClass::Area | TypeClass::Division | TypeClass::District)) => Precision::Admin2,
        (precision, _) => precision,
    };
    Some(Resolution { place: best.place.id, precision, confidence: best.belief })
}
