//! CAMEO's codes in PLOVER's terms (`cameo.tsv`).

use std::collections::HashMap;

use dateline_gazetteer::Gazetteer;
use dateline_record::{Country, EventType, Mode, Sector};

use crate::lexicon::{LexiconError, Lexicons};

const FILE: &str = "cameo.tsv";

/// The table.
#[derive(Debug, Default)]
pub(super) struct Cameo {
    events: HashMap<String, Option<(EventType, Option<Mode>)>>,
    roles: HashMap<String, Sector>,
    /// The role code that stands for a sector.
    role_of: Vec<(Sector, String)>,
}

impl Cameo {
    pub(super) fn new(lexicons: &Lexicons) -> Result<Self, LexiconError> {
        let mut out = Self::default();
        for layer in lexicons.layers(FILE) {
            for (at, line) in layer.text.lines().enumerate() {
                if line.trim().is_empty() || line.starts_with('#') {
                    continue;
                }
                out.add(line).map_err(|message| LexiconError::Content {
                    file: layer.file.to_owned(),
                    message: format!("line {}: {message}", at + 1),
                })?;
            }
        }
        Ok(out)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        match fields[..] {
            ["event", code, "-"] => _ = self.events.insert(code.to_owned(), None),
            ["event", code, plover] => {
                let mut words = plover.split_whitespace();
                let kind: EventType = words.next().unwrap_or_default().parse().map_err(|error| format!("{error}"))?;
                let mode = words.next().map(str::parse::<Mode>).transpose().map_err(|error| format!("{error}"))?;
                if let Some(mode) = mode.filter(|mode| !kind.modes().contains(mode)) {
                    return Err(format!("{kind} has no mode {mode}"));
                }
                self.events.insert(code.to_owned(), Some((kind, mode)));
            }
            ["role", code, sector] => {
                let sector: Sector = sector.parse().map_err(|error| format!("{error}"))?;
                self.roles.insert(code.to_owned(), sector);
                if !self.role_of.iter().any(|(known, _)| *known == sector) {
                    self.role_of.push((sector, code.to_owned()));
                }
            }
            _ => return Err("neither `event CODE TYPE` nor `role CODE SECTOR`".to_owned()),
        }
        Ok(())
    }

    /// PLOVER's type and mode of a CAMEO code: what stands for the longest beginning of it.
    pub(super) fn event(&self, code: &str) -> Option<(EventType, Option<Mode>)> {
        (2..=code.len()).rev().filter_map(|length| code.get(..length)).find_map(|start| self.events.get(start).copied()).flatten()
    }

    /// Country and sector of an actor's code: *UKRMIL*, *IGOUNO*. What it has no place for is left out.
    pub(super) fn actor(&self, code: &str) -> (Option<Country>, Option<Sector>) {
        let code = code.to_ascii_uppercase();
        let chunks: Vec<&str> = (0..code.len() / 3).filter_map(|at| code.get(3 * at..3 * at + 3)).collect();
        let role = |chunk: &&str| self.roles.get(*chunk).copied();
        let first = chunks.first().copied().unwrap_or_default();
        let country = first.parse::<Country>().ok().filter(|country| {
            let body = [Country::IGO, Country::NGO, Country::MNC].contains(country);
            body || (role(&first).is_none() && Gazetteer::embedded().by_alpha3(first).is_some())
        });
        let rest = if country.is_some() { chunks.get(1..).unwrap_or_default() } else { &chunks[..] };
        (country, rest.iter().find_map(role))
    }

    /// Country and sector as an actor's code.
    pub(super) fn code(&self, country: Option<Country>, sector: Option<Sector>) -> Option<String> {
        let role =
            sector.and_then(|sector| self.role_of.iter().find(|(known, _)| *known == sector)).map(|(_, role)| role.as_str());
        let code = format!("{}{}", country.map(|country| country.to_string()).unwrap_or_default(), role.unwrap_or_default());
        (!code.is_empty()).then_some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_table_loads_and_the_longest_beginning_decides() {
        let cameo = Cameo::new(&Lexicons::default()).unwrap();
        assert_eq!(cameo.event("1831"), Some((EventType::Assault, Some(Mode::SuicideAttack))));
        assert_eq!(cameo.event("1832"), Some((EventType::Assault, Some(Mode::Explosives))));
        assert_eq!(cameo.event("0356"), Some((EventType::Agree, None)));
        assert_eq!(cameo.event("010"), None);
        assert_eq!((cameo.event("99"), cameo.event(""), cameo.event("é19")), (None, None, None));
        for root in 2..=20 {
            assert!(cameo.event(&format!("{root:02}0")).is_some(), "{root}");
        }
    }

    #[test]
    fn actors_come_apart_into_country_and_sector() {
        let cameo = Cameo::new(&Lexicons::default()).unwrap();
        let ukraine = "UKR".parse::<Country>().ok();
        assert_eq!(cameo.actor("UKRMIL"), (ukraine, Some(Sector::Mil)));
        assert_eq!(cameo.actor("UKR"), (ukraine, None));
        assert_eq!(cameo.actor("UKRXYZREB"), (ukraine, Some(Sector::Reb)));
        assert_eq!(cameo.actor("REB"), (None, Some(Sector::Reb)));
        assert_eq!(cameo.actor("IGOUNO"), (Some(Country::IGO), None));
        assert_eq!(cameo.actor("é~~"), (None, None));
        assert_eq!(cameo.code(ukraine, Some(Sector::Jrn)).as_deref(), Some("UKRMED"));
        assert_eq!(cameo.code(None, None), None);
    }
}
