//! Who publishes: outlets with their owners, other names, places and kinds, in a table that people edit.

use dateline_record::Country;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::facts::name_key;

/// How far a source is to be relied on, by the Admiralty scale (NATO AJP-2.1). People set it; nothing here does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reliability {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Reliability cannot be judged.
    F,
}

impl Reliability {
    /// Its letter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        }
    }

    /// The grade of a letter, in either case.
    fn of(letter: &str) -> Option<Self> {
        let all = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];
        all.into_iter().find(|grade| grade.as_str().eq_ignore_ascii_case(letter))
    }
}

/// An outlet, a channel, or a body that speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outlet {
    /// Its name.
    pub name: String,
    /// Who owns or runs it; empty when nobody else does. Outlets of one owner are one origin.
    pub owner: String,
    /// Other names, host names and handles.
    pub aliases: Vec<String>,
    /// Where it is at home.
    pub country: Option<Country>,
    /// `agency`, `newspaper`, `broadcaster`, `channel`, `official` …; free text.
    pub kind: String,
    /// How far it is to be relied on, where a person has said so.
    pub reliability: Option<Reliability>,
}

/// A table of outlets that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutletError {
    /// The first line lacks the column `name`.
    #[error("the first line must name the columns; `name` is missing")]
    NoName,
    /// A quoted field does not end.
    #[error("line {line}: a quotation mark is not closed")]
    Quote {
        /// Counted from 1.
        line: usize,
    },
    /// A row without a name.
    #[error("line {line}: the name is empty")]
    EmptyName {
        /// Counted from 1.
        line: usize,
    },
    /// Not a country code.
    #[error("line {line}: `{code}` is no ISO 3166-1 alpha-3 code")]
    Country {
        /// Counted from 1.
        line: usize,
        /// What stands there.
        code: String,
    },
    /// Not a letter of the Admiralty scale.
    #[error("line {line}: `{letter}` is no grade of reliability: expected A to F")]
    Reliability {
        /// Counted from 1.
        line: usize,
        /// What stands there.
        letter: String,
    },
}

/// Columns of the table, as [`OutletTable::to_csv`] writes them.
const COLUMNS: [&str; 6] = ["name", "owner", "aliases", "country", "kind", "reliability"];

/// Outlets by name and alias. Names are compared without case, punctuation and leading article.
#[derive(Clone, Debug, Default)]
pub struct OutletTable {
    outlets: Vec<Outlet>,
    by_name: FxHashMap<String, usize>,
}

impl OutletTable {
    /// A table of these outlets; of two with one name, the first keeps it.
    #[must_use]
    pub fn new(outlets: Vec<Outlet>) -> Self {
        let mut by_name = FxHashMap::default();
        for (at, outlet) in outlets.iter().enumerate() {
            for name in std::iter::once(&outlet.name).chain(&outlet.aliases) {
                by_name.entry(name_key(name)).or_insert(at);
            }
        }
        Self { outlets, by_name }
    }

    /// Reads CSV (RFC 4180, UTF-8) whose first line names the columns: `name`, and any of `owner`, `aliases` (divided by `;` or `|`),
    /// `country` (ISO 3166-1 alpha-3), `kind`, `reliability` (A to F). Other columns and empty rows are passed over.
    ///
    /// # Errors
    /// The first row that cannot be read, with its line.
    pub fn from_csv(text: &str) -> Result<Self, OutletError> {
        let mut rows = rows(text.strip_prefix('\u{feff}').unwrap_or(text))?.into_iter();
        let header = rows.next().map(|(_, fields)| fields).unwrap_or_default();
        let columns = COLUMNS.map(|name| header.iter().position(|field| field.trim().eq_ignore_ascii_case(name)));
        let [Some(_), ..] = columns else { return Err(OutletError::NoName) };
        let mut outlets = Vec::new();
        for (line, fields) in rows {
            let [name, owner, aliases, country, kind, reliability] =
                columns.map(|at| at.and_then(|at| fields.get(at)).map(str::trim).unwrap_or_default());
            if name.is_empty() {
                return Err(OutletError::EmptyName { line });
            }
            outlets.push(Outlet {
                name: name.to_owned(),
                owner: owner.to_owned(),
                aliases: aliases.split([';', '|']).map(str::trim).filter(|alias| !alias.is_empty()).map(str::to_owned).collect(),
                country: match country {
                    "" => None,
                    code => Some(code.parse().map_err(|_| OutletError::Country { line, code: code.to_owned() })?),
                },
                kind: kind.to_owned(),
                reliability: match reliability {
                    "" => None,
                    letter => {
                        let unknown = || OutletError::Reliability { line, letter: letter.to_owned() };
                        Some(Reliability::of(letter).ok_or_else(unknown)?)
                    }
                },
            });
        }
        Ok(Self::new(outlets))
    }

    /// The table as CSV that [`Self::from_csv`] reads: all columns, a row an outlet, aliases divided by `;`. A `;` or `|` within an alias
    /// becomes a comma.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let rows = self.outlets.iter().map(|outlet| {
            let aliases: Vec<String> = outlet.aliases.iter().map(|alias| alias.replace([';', '|'], ",")).collect();
            [
                outlet.name.clone(),
                outlet.owner.clone(),
                aliases.join("; "),
                outlet.country.map(|country| country.as_str().to_owned()).unwrap_or_default(),
                outlet.kind.clone(),
                outlet.reliability.map(|grade| grade.as_str().to_owned()).unwrap_or_default(),
            ]
        });
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing rows of one length to memory does not fail, and text goes in and so comes out.
        let written = std::iter::once(COLUMNS.map(str::to_owned)).chain(rows).try_for_each(|row| writer.write_record(&row));
        debug_assert!(written.is_ok(), "{written:?}");
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    /// The outlet of this name or alias.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Outlet> {
        self.by_name.get(&name_key(name)).and_then(|&at| self.outlets.get(at))
    }

    /// All outlets, in the order of the table.
    #[must_use]
    pub fn outlets(&self) -> &[Outlet] {
        &self.outlets
    }

    /// Whoever stands at the top of a chain of owners, the outlet itself when nobody owns it; with each step in words.
    pub(crate) fn top<'a>(&'a self, name: &'a str) -> (&'a str, Vec<String>) {
        let mut at = self.find(name).map_or(name, |outlet| outlet.name.as_str());
        let mut steps = Vec::new();
        let mut seen = FxHashSet::default();
        while let Some(outlet) = self.find(at).filter(|outlet| !outlet.owner.is_empty()) {
            // A ring of owners ends where it would begin again.
            if !seen.insert(name_key(at)) {
                break;
            }
            steps.push(format!("{at} belongs to {}", outlet.owner));
            at = self.find(&outlet.owner).map_or(outlet.owner.as_str(), |owner| owner.name.as_str());
        }
        (at, steps)
    }
}

/// Rows of a CSV text with the line each begins in; rows without a value are passed over.
fn rows(text: &str) -> Result<Vec<(usize, csv::StringRecord)>, OutletError> {
    // The parser ends an open quotation at the end of the text without a word. A last row of our own shows whether one is open: it is
    // then not read as a row.
    const END: &str = "end of table";
    let ended = format!("{text}\n{END}");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(ended.as_bytes());
    let mut rows = Vec::new();
    let mut counted = (1, 0);
    let mut line = 1;
    let mut record = csv::StringRecord::new();
    let mut whole = false;
    // Text cannot fail to be UTF-8, and rows may have any length.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = record.position().map_or(0, |position| position.byte() as usize);
        line = line_at(&ended, start, &mut counted);
        whole = record.len() == 1 && record.get(0) == Some(END);
        if record.iter().any(|field| !field.is_empty()) {
            rows.push((line, record.clone()));
        }
    }
    if !whole {
        return Err(OutletError::Quote { line });
    }
    rows.pop();
    Ok(rows)
}

/// The line of the first letter from a position on that is no line break; `counted` holds the line and position of the last answer.
fn line_at(text: &str, from: usize, counted: &mut (usize, usize)) -> usize {
    let bytes = text.as_bytes();
    let breaks = bytes.get(from..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let to = from + breaks;
    counted.0 += bytes.get(counted.1..to).unwrap_or_default().iter().filter(|&&byte| byte == b'\n').count();
    counted.1 = to;
    counted.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_a_table_and_follows_owners() {
        let csv = "Name,owner,country,kind,aliases\r\n\"Sample, Agency\",Sample Holding,USA,agency,SA; sample.example\nSample Holding,,,,\n";
        let table = OutletTable::from_csv(csv).unwrap();
        assert_eq!(table.find("the sample agency").unwrap().kind, "agency");
        assert_eq!(table.find("SAMPLE.EXAMPLE").unwrap().name, "Sample, Agency");
        assert_eq!(table.top("SA").0, "Sample Holding");
    }

    #[test]
    fn says_which_line_is_wrong() {
        assert_eq!(OutletTable::from_csv("owner\nx").unwrap_err(), OutletError::NoName);
        assert_eq!(OutletTable::from_csv("name\n\n\"x").unwrap_err(), OutletError::Quote { line: 3 });
        let error = OutletTable::from_csv("name,country\nA,Utopia").unwrap_err();
        assert_eq!(error.to_string(), "line 2: `Utopia` is no ISO 3166-1 alpha-3 code");
        assert_eq!(OutletTable::from_csv("name,owner\n,B").unwrap_err(), OutletError::EmptyName { line: 2 });
        assert_eq!(
            OutletTable::from_csv("name,owner\r\n\"A\n\",\r\n,,\r\n\r\n ,B").unwrap_err(),
            OutletError::EmptyName { line: 6 }
        );
        let error = OutletTable::from_csv("name,reliability\nA,b\nB,G").unwrap_err();
        assert_eq!(error.to_string(), "line 3: `G` is no grade of reliability: expected A to F");
    }

    #[test]
    fn a_ring_of_owners_ends() {
        let table = OutletTable::from_csv("name,owner\nA,B\nB,A").unwrap();
        assert_eq!(table.top("A").1.len(), 2);
    }

    #[test]
    fn people_grade_reliability() {
        let table = OutletTable::from_csv("name,reliability\nSample Herald,b\nSample Post,\n").unwrap();
        assert_eq!(table.find("sample herald").unwrap().reliability, Some(Reliability::B));
        assert_eq!(table.to_csv(), "name,owner,aliases,country,kind,reliability\nSample Herald,,,,,B\nSample Post,,,,,\n");
        assert_eq!(OutletTable::default().to_csv(), "name,owner,aliases,country,kind,reliability\n");
    }

    prop_compose! {
        fn outlet()(
            name in "[a-z\u{e9}][a-z ,\"\n]{0,9}[a-z]", owner in "([a-z][a-z\"]{0,5})?",
            aliases in proptest::collection::vec("[a-z@.,\"]{1,6}", 0..3), country in proptest::option::of("[A-Z]{3}"),
            kind in "[a-z]{0,4}", reliability in proptest::option::of(prop::sample::select(vec!["A", "C", "F"])),
        ) -> Outlet {
            let (country, reliability) = (country.and_then(|code| code.parse().ok()), reliability.and_then(Reliability::of));
            Outlet { name, owner, aliases, country, kind, reliability }
        }
    }

    proptest! {
        #[test]
        fn a_table_comes_back(outlets in proptest::collection::vec(outlet(), 0..5)) {
            let csv = OutletTable::new(outlets.clone()).to_csv();
            let back = OutletTable::from_csv(&csv).unwrap();
            prop_assert_eq!(back.outlets(), &outlets[..]);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(name|owner|[a-z\",\n\r;]){0,60}") {
            let _ = OutletTable::from_csv(&text);
        }

        #[test]
        fn a_quoted_name_comes_back(name in "[a-z][a-z ,\"\n]{0,20}[a-z]") {
            let csv = format!("name\n\"{}\"\n", name.replace('"', "\"\""));
            let table = OutletTable::from_csv(&csv).unwrap();
            prop_assert_eq!(&table.outlets()[0].name, &name);
        }
    }
}
