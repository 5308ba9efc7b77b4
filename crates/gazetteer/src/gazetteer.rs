//! Names to places, and what is known of a place.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::country::{self, Country};
use crate::fold::Key;
use crate::geo::Coordinates;
use crate::lines::{items, rows};
use crate::region::{self, Metonym, Region};
use crate::table::{Postings, Role, Row, Table, TableError};
use crate::types::{self, TypeClass};

static PLACES: &[u8] = include_bytes!("../data/places.bin");
const ALIASES: &str = include_str!("../data/aliases.tsv");
const MIDDLES: &str = include_str!("../data/middles.tsv");

/// Most words that a name has in [`Gazetteer::longest_match`].
const MAX_WORDS: usize = 9;

/// Identifies a place within one version of the data; [`Place::geonames`] outlives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceId(u32);

const COUNTRY_BASE: u32 = 1 << 24;
const REGION_BASE: u32 = 2 << 24;

impl PlaceId {
    fn country(index: usize) -> PlaceId {
        PlaceId(COUNTRY_BASE + index as u32)
    }

    fn region(index: usize) -> PlaceId {
        PlaceId(REGION_BASE + index as u32)
    }

    /// The id as a number.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// What sort of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaceKind {
    /// Country or territory.
    Country,
    /// First-level division: oblast, governorate, state.
    Admin1,
    /// Second-level division: raion, district, county.
    Admin2,
    /// City, town, village, or a quarter of one.
    Settlement,
    /// Land with a name that is none of these: Donbas, Sahel, West Bank.
    Region,
    /// Water, mountains, deserts, islands.
    Natural,
}

/// How fine a position is: within what the true place lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// In or at the settlement.
    City,
    /// In the second-level division, or around the settlement.
    Admin2,
    /// In the first-level division.
    Admin1,
    /// In the country.
    Country,
    /// In a region that is no division.
    Region,
}

/// A place of the gazetteer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// GeoNames id, where known.
    pub geonames: Option<u32>,
    /// Preferred name.
    pub name: &'static str,
    /// What sort of place.
    pub kind: PlaceKind,
    /// Country, alpha-3; of regions in several countries the principal one; `None` for continents and oceans.
    pub country: Option<&'static str>,
    /// First-level division that it lies in (or is).
    pub admin1: Option<PlaceId>,
    /// Second-level division that it lies in (or is).
    pub admin2: Option<PlaceId>,
    /// Position of a settlement, rough middle of anything else.
    pub at: Coordinates,
    /// Inhabitants; of divisions, those of its settlements; 0 if unknown.
    pub population: u32,
    /// Capital, seat, section (settlements only).
    pub role: Role,
}

impl Place {
    /// How fine a mention of this place is.
    pub fn precision(&self) -> Precision {
        match self.kind {
            PlaceKind::Settlement => Precision::City,
            PlaceKind::Admin2 => Precision::Admin2,
            PlaceKind::Admin1 => Precision::Admin1,
            PlaceKind::Country => Precision::Country,
            PlaceKind::Region | PlaceKind::Natural => Precision::Region,
        }
    }
}

/// How a name speaks of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// By its preferred name.
    Primary,
    /// By a name that English news text gives it (*the UK*, *Gaza*, *Kiev*), from the tables made by hand.
    Alias,
    /// By another name that GeoNames knows.
    Alternate,
    /// By a division's name without its type word (*Kursk* for Kursk Oblast).
    Short,
    /// By an abbreviation that is one only in this very spelling (*Ky.*, *TX*).
    Code,
    /// By an adjective (*Scottish*, *Kurdish*) of a place, or of a country.
    Adjective,
}

/// A place that a name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The place.
    pub place: PlaceId,
    /// How the name speaks of it.
    pub how: How,
}

/// What a demonym says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demonym<'a> {
    /// The country; of several with one demonym (*Congolese*, *Dominican*) the most populous.
    pub country: &'a Country,
    /// The word names people (*Ukrainians*); words that are adjective and noun alike (*Iraqi*) say `true` as well.
    pub person: bool,
    /// The word is an adjective (*Ukrainian*).
    pub adjective: bool,
}

struct HandName {
    candidate: Candidate,
    /// The only spelling that counts, if there is one.
    only: Option<&'static str>,
}

/// A known name at the start of some words.
#[derive(Clone)]
pub struct NameMatch {
    /// How many of the words belong to it, with an article before and type words about it.
    pub words: usize,
    /// What its type word says, if it bore one that is no part of the name.
    pub class: Option<TypeClass>,
    key: Key,
}

impl NameMatch {
    /// The places of the name, as [`Gazetteer::lookup`] gives them.
    pub fn candidates<'a>(&'a self, gazetteer: &'a Gazetteer) -> impl Iterator<Item = Candidate> + use<'a> {
        gazetteer.lookup_key(self.key.as_str(), None)
    }
}

/// The gazetteer: see the crate's documentation.
pub struct Gazetteer {
    pub(crate) table: Table,
    countries: Vec<Country>,
    regions: Vec<Region>,
    metonyms: HashMap<String, Metonym>,
    /// From the table's country numbers to `countries`.
    table_countries: Vec<Option<u16>>,
    alpha2: HashMap<&'static str, u16>,
    alpha3: HashMap<&'static str, u16>,
    names: HashMap<String, Vec<HandName>>,
    demonyms: HashMap<String, Vec<(u16, bool, bool)>>,
    capitals: HashMap<String, u16>,
    /// Middles of divisions that are better than the table's.
    middles: HashMap<u32, Coordinates>,
    unresolved_aliases: Vec<&'static str>,
}

static EMBEDDED: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::read(PLACES).expect("the embedded table is checked by this crate's tests"));

impl Gazetteer {
    /// The gazetteer that is part of the program.
    pub fn embedded() -> &'static Gazetteer {
        &EMBEDDED
    }

    /// A gazetteer over a generated table (see `examples/generate.rs`) and the embedded tables of countries, regions and aliases.
    ///
    /// # Errors
    /// When the table is damaged or of another version.
    pub fn read(places: &'static [u8]) -> Result<Gazetteer, TableError> {
        let table = Table::read(places)?;
        let countries = country::embedded();
        let alpha2: HashMap<_, _> = countries.iter().zip(0..).map(|(c, i)| (c.alpha2, i)).collect();
        let mut gazetteer = Gazetteer {
            table_countries: table.countries().map(|code| alpha2.get(code).copied()).collect(),
            alpha3: countries.iter().zip(0..).map(|(c, i)| (c.alpha3, i)).collect(),
            metonyms: region::metonyms().into_iter().filter_map(|m| Some((Key::of(m.name)?.as_str().to_owned(), m))).collect(),
            regions: region::regions(),
            names: HashMap::new(),
            demonyms: HashMap::new(),
            capitals: HashMap::new(),
            middles: HashMap::new(),
            unresolved_aliases: Vec::new(),
            table,
            countries,
            alpha2,
        };
        gazetteer.index_countries();
        gazetteer.index_regions();
        gazetteer.index_aliases();
        gazetteer.index_middles();
        Ok(gazetteer)
    }

    fn add_name(&mut self, name: &'static str, candidate: Candidate, only: Option<&'static str>) {
        let Some(key) = Key::of(name) else { return };
        // The Netherlands are Netherlands in headlines and in compounds.
        let bare = key.as_str().strip_prefix("the ");
        for key in [Some(key.as_str()), bare].into_iter().flatten() {
            let list = self.names.entry(key.to_owned()).or_default();
            if !list.iter().any(|n| n.candidate.place == candidate.place && n.only == only) {
                list.push(HandName { candidate, only });
            }
        }
    }

    fn index_countries(&mut self) {
        for (i, c) in self.countries.clone().into_iter().enumerate() {
            let place = PlaceId::country(i);
            self.add_name(c.name, Candidate { place, how: How::Primary }, None);
            for alias in &c.aliases {
                // *US* and *UN*-like short names are words of English (*us*) unless written so.
                let is_code = alias.chars().filter(|c| c.is_alphabetic()).count() <= 3;
                self.add_name(
                    alias,
                    Candidate { place, how: if is_code { How::Code } else { How::Alias } },
                    is_code.then_some(*alias),
                );
            }
            for (words, person) in [(&c.adjectives, false), (&c.nouns, true)] {
                for word in words {
                    let Some(key) = Key::of(word) else { continue };
                    let list = self.demonyms.entry(key.as_str().to_owned()).or_default();
                    match list.iter_mut().find(|d| d.0 == i as u16) {
                        Some(known) if person => known.1 = true,
                        Some(known) => known.2 = true,
                        None => list.push((i as u16, person, !person)),
                    }
                }
            }
            for capital in &c.capitals {
                if let Some(key) = Key::of(capital) {
                    self.capitals.entry(key.as_str().to_owned()).or_insert(i as u16);
                }
            }
        }
        let population: Vec<u32> = self.countries.iter().map(|c| c.population).collect();
        for list in self.demonyms.values_mut() {
            list.sort_by_key(|d| std::cmp::Reverse(population.get(usize::from(d.0)).copied()));
        }
    }

    fn index_regions(&mut self) {
        for (i, r) in self.regions.clone().into_iter().enumerate() {
            let place = PlaceId::region(i);
            self.add_name(r.name, Candidate { place, how: How::Primary }, None);
            for alias in &r.aliases {
                let is_code =
                    alias.len() <= 4 && alias.chars().any(char::is_uppercase) && !alias.chars().skip(1).any(char::is_lowercase);
                self.add_name(alias, Candidate { place, how: How::Alias }, is_code.then_some(*alias));
            }
            for adjective in &r.adjectives {
                self.add_name(adjective, Candidate { place, how: How::Adjective }, None);
            }
        }
    }

    fn index_aliases(&mut self) {
        for [kind, country, target, aliases, codes] in rows::<5>(ALIASES) {
            let Some(place) = self.in_table(target, country, kind == "admin1") else {
                self.unresolved_aliases.push(target);
                continue;
            };
            for alias in items(aliases) {
                self.add_name(alias, Candidate { place, how: How::Alias }, None);
            }
            for code in items(codes) {
                self.add_name(code, Candidate { place, how: How::Code }, Some(code));
            }
        }
    }

    fn index_middles(&mut self) {
        for [country, target, lat, lon] in rows::<4>(MIDDLES) {
            match (self.in_table(target, country, true), lat.parse(), lon.parse()) {
                (Some(place), Ok(lat), Ok(lon)) => {
                    self.middles.insert(place.0, Coordinates { lat, lon });
                }
                _ => self.unresolved_aliases.push(target),
            }
        }
    }

    /// The most populous settlement, or the first-level division, of a name in a country (alpha-3).
    fn in_table(&self, name: &str, country: &str, division: bool) -> Option<PlaceId> {
        let divisions = self.table.admin1_count();
        let settlements = divisions + self.table.admin2_count();
        let key = Key::of(name)?;
        self.table.postings(key.as_bytes()).map(|p| PlaceId(p.place)).find(|id| {
            let of_kind = if division { id.0 < divisions } else { id.0 >= settlements };
            of_kind && self.place(*id).is_some_and(|p| p.country == Some(country))
        })
    }

    /// All countries, in the order of their alpha-2 codes.
    pub fn countries(&self) -> &[Country] {
        &self.countries
    }

    /// The country of an ISO 3166-1 alpha-2 code (upper case).
    pub fn by_alpha2(&self, code: &str) -> Option<&Country> {
        self.country_at(*self.alpha2.get(code)?)
    }

    /// The country of an ISO 3166-1 alpha-3 code (upper case).
    pub fn by_alpha3(&self, code: &str) -> Option<&Country> {
        self.country_at(*self.alpha3.get(code)?)
    }

    fn country_at(&self, index: u16) -> Option<&Country> {
        self.countries.get(usize::from(index))
    }

    /// The place of a country.
    pub fn country_place(&self, alpha3: &str) -> Option<PlaceId> {
        self.alpha3.get(alpha3).map(|&i| PlaceId::country(usize::from(i)))
    }

    /// The country that a name, alias or code (`UK`, `the Netherlands`) means; namesakes that are no country don't matter.
    pub fn country_named(&self, name: &str) -> Option<&Country> {
        self.lookup(name).find_map(|c| self.country_of_id(c.place)).or_else(|| {
            let rest = name.strip_prefix("the ").or_else(|| name.strip_prefix("The "))?;
            self.lookup(rest).find_map(|c| self.country_of_id(c.place))
        })
    }

    fn country_of_id(&self, id: PlaceId) -> Option<&Country> {
        let index = id.0.checked_sub(COUNTRY_BASE)?;
        self.countries.get(index as usize)
    }

    /// The country of a demonym (*Ukrainian*, *Poles*, *North Korean*), which must begin with a capital (*polish* is a verb).
    pub fn demonym(&self, word: &str) -> Option<Demonym<'_>> {
        if !word.trim_start().starts_with(char::is_uppercase) {
            return None;
        }
        let key = Key::of(word)?;
        // *US* is an adjective, *Us* is a pronoun.
        if key.as_str() == "us" && word.contains(char::is_lowercase) {
            return None;
        }
        let &(index, person, adjective) = self.demonyms.get(key.as_str())?.first()?;
        Some(Demonym { country: self.countries.get(usize::from(index))?, person, adjective })
    }

    /// The country whose capital, or seat that stands for its government, bears this name (*Kiev*, *The Hague*).
    pub fn capital_of(&self, name: &str) -> Option<&Country> {
        let key = Key::of(name)?;
        self.country_at(*self.capitals.get(key.as_str())?)
    }

    /// The building or seat that stands for a body of government (*the Kremlin*).
    pub fn metonym(&self, name: &str) -> Option<&Metonym> {
        let key = Key::of(name)?;
        let bare = key.as_str().strip_prefix("the ").unwrap_or(key.as_str());
        self.metonyms.get(bare)
    }

    /// Whether a word alone names no place in running text: *Street*, *Hospital*, *Western* are parts of names, though places bear them.
    pub fn is_generic_word(&self, word: &str) -> bool {
        Key::of(word).is_some_and(|key| types::is_generic(key.as_str()))
    }

    /// The region behind a place id, if it is one.
    pub fn region(&self, id: PlaceId) -> Option<&Region> {
        self.regions.get(id.0.checked_sub(REGION_BASE)? as usize)
    }

    /// The places that a name may mean: countries, regions and those of the hand-made tables first, then the rest, most populous first.
    /// Case, diacritics, apostrophes and hyphens don't matter, but for abbreviations. Allocates nothing.
    pub fn lookup(&self, name: &str) -> impl Iterator<Item = Candidate> + use<'_> {
        // Abbreviations are compared here, so that the iterator keeps no hold of the name.
        let spelled = Spelled::of(name);
        let key = Key::of(name);
        let key = key.as_ref().map_or("", Key::as_str);
        self.lookup_key(key, Some(spelled))
    }

    fn lookup_key(&self, key: &str, spelled: Option<Spelled>) -> Lookup<'_> {
        let hand = self.names.get(key).map(Vec::as_slice).unwrap_or_default();
        let postings = self.table.postings(key.as_bytes());
        Lookup { all: hand, hand: hand.iter(), postings, spelled }
    }

    /// All that is known of a place; `None` for an id of other data.
    pub fn place(&self, id: PlaceId) -> Option<Place> {
        if let Some(r) = self.region(id) {
            let country = r.countries.first().copied();
            let kind = if r.natural { PlaceKind::Natural } else { PlaceKind::Region };
            return Some(Place {
                id,
                geonames: None,
                name: r.name,
                kind,
                country,
                admin1: None,
                admin2: None,
                at: r.at,
                population: r.population,
                role: Role::default(),
            });
        }
        if let Some(c) = self.country_of_id(id) {
            return Some(Place {
                id,
                geonames: c.geonames,
                name: c.name,
                kind: PlaceKind::Country,
                country: Some(c.alpha3),
                admin1: None,
                admin2: None,
                at: c.at,
                population: c.population,
                role: Role::default(),
            });
        }
        let row: Row<'static> = self.table.row(id.0)?;
        let (first, second) = (self.table.admin1_count(), self.table.admin2_count());
        let kind = if id.0 < first {
            PlaceKind::Admin1
        } else if id.0 < first + second {
            PlaceKind::Admin2
        } else {
            PlaceKind::Settlement
        };
        let country = self.table_countries.get(usize::from(row.country)).copied().flatten().and_then(|i| self.country_at(i));
        Some(Place {
            id,
            geonames: row.geonames,
            name: row.name,
            kind,
            country: country.map(|c| c.alpha3),
            admin1: row.admin1.map(|i| PlaceId(u32::from(i))),
            admin2: row.admin2.map(|i| PlaceId(first + u32::from(i))),
            at: self.middles.get(&id.0).copied().unwrap_or(Coordinates { lat: row.lat_lon.0, lon: row.lat_lon.1 }),
            population: row.population,
            role: row.role,
        })
    }

    /// Great-circle kilometres between two places (their middles).
    pub fn distance_km(&self, a: PlaceId, b: PlaceId) -> Option<f64> {
        Some(self.place(a)?.at.distance_km(self.place(b)?.at))
    }

    /// Whether `inner` lies in `outer`: a settlement in its divisions and country, a division in its country. Nothing contains itself; what
    /// lies in a region that is no division is not known.
    pub fn contains(&self, outer: PlaceId, inner: PlaceId) -> bool {
        match (self.place(outer), self.place(inner)) {
            (Some(outer), Some(inner)) => contains(&outer, &inner),
            _ => false,
        }
    }

    /// The longest known name that starts with the first of `words`, which come as the text has them (`["Deir", "ez", "-", "Zor", "city"]`).
    /// An article before it and type words about it (*the Kursk oblast*, *state of Texas*, *Kharkiv front*) belong to the match. Some word of
    /// it must begin with a capital or a digit.
    pub fn longest_match(&self, words: &[&str]) -> Option<NameMatch> {
        let mut longest = None;
        let mut key = Key::default();
        let mut capital = false;
        for (i, word) in words.iter().take(MAX_WORDS).enumerate() {
            capital |= word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
            key.push_words(word);
            let Some(whole) = key.clone().finished() else { break };
            if !word.contains(char::is_alphanumeric) || !capital {
                continue;
            }
            // A code of one word must be written exactly so; the first word alone tells.
            let spelled = (i == 0).then(|| Spelled::of(word));
            let found = self
                .lookup_key(whole.as_str(), spelled)
                .find(|c| i > 0 || c.place.0 >= COUNTRY_BASE || !types::is_generic(whole.as_str()));
            if found.is_some() {
                longest = Some(NameMatch { words: i + 1, class: None, key: whole });
            } else if let Some((bare, class)) = self.without_types(whole.as_str()) {
                longest = Some(NameMatch { words: i + 1, class: Some(class).filter(|c| *c != TypeClass::Any), key: bare });
            }
        }
        longest
    }

    /// Takes type words off until a known name is left.
    pub(crate) fn without_types(&self, key: &str) -> Option<(Key, TypeClass)> {
        let mut rest = key.strip_prefix("the ").unwrap_or(key);
        let mut told = TypeClass::Any;
        if rest.len() < key.len() && self.lookup_key(rest, None).next().is_some() {
            return Key::of(rest).map(|k| (k, told));
        }
        while let Some((bare, class)) = types::strip(rest) {
            if told == TypeClass::Any {
                told = class;
            }
            if !types::is_generic(bare) && self.lookup_key(bare, None).next().is_some() {
                return Key::of(bare).map(|k| (k, told));
            }
            rest = bare;
        }
        None
    }

    pub(crate) fn lookup_bare(&self, key: &Key) -> impl Iterator<Item = Candidate> {
        self.lookup_key(key.as_str(), None)
    }
}

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gazetteer").field("table", &self.table).field("countries", &self.countries.len()).finish_non_exhaustive()
    }
}

/// Whether one place lies in another, by their divisions.
pub(crate) fn contains(outer: &Place, inner: &Place) -> bool {
    if outer.id == inner.id {
        return false;
    }
    match outer.kind {
        PlaceKind::Country => outer.country == inner.country,
        PlaceKind::Admin1 => inner.admin1 == Some(outer.id),
        PlaceKind::Admin2 => inner.admin2 == Some(outer.id),
        PlaceKind::Settlement | PlaceKind::Region | PlaceKind::Natural => false,
    }
}

/// The spelling of a short name, kept for comparing abbreviations.
#[derive(Clone, Copy, Debug)]
struct Spelled {
    bytes: [u8; 12],
    len: usize,
}

impl Spelled {
    fn of(name: &str) -> Spelled {
        let mut bytes = [0; 12];
        match bytes.get_mut(..name.len()) {
            Some(room) => {
                room.copy_from_slice(name.as_bytes());
                Spelled { bytes, len: name.len() }
            }
            None => Spelled { bytes, len: usize::MAX },
        }
    }

    fn is(&self, code: &str) -> bool {
        let same = |code: &str| self.bytes.get(..self.len) == Some(code.as_bytes());
        // Tokenizers and sentence ends take the last full stop of N.Y. away; what is left is still no word.
        same(code) || code.strip_suffix('.').is_some_and(|bare| bare.contains('.') && same(bare))
    }
}

struct Lookup<'a> {
    all: &'a [HandName],
    hand: std::slice::Iter<'a, HandName>,
    postings: Postings,
    spelled: Option<Spelled>,
}

impl Iterator for Lookup<'_> {
    type Item = Candidate;

    fn next(&mut self) -> Option<Candidate> {
        let spelled = self.spelled;
        let admits = |n: &&HandName| match (n.only, spelled) {
            (None, _) => true,
            (Some(code), Some(spelled)) => spelled.is(code),
            (Some(_), None) => false,
        };
        if let Some(n) = self.hand.find(admits) {
            return Some(n.candidate);
        }
        let all = self.all;
        let posting = self.postings.find(|p| !all.iter().any(|n| n.candidate.place.0 == p.place && admits(&n)))?;
        let how = match (posting.short, posting.alternate) {
            (true, _) => How::Short,
            (false, true) => How::Alternate,
            (false, false) => How::Primary,
        };
        Some(Candidate { place: PlaceId(posting.place), how })
    }
}

#[cfg(test)]
mod tests;
