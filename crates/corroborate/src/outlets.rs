//! Who publishes: outlets with their owners, other names, places and kinds, in a table that people edit.

use dateline_record::Country;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::facts::name_key;

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
}

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
    /// `country` (ISO 3166-1 alpha-3), `kind`. Other columns are passed over.
    ///
    /// # Errors
    /// The first row that cannot be read, with its line.
    pub fn from_csv(text: &str) -> Result<Self, OutletError> {
        let mut rows = rows(text.strip_prefix('\u{feff}').unwrap_or(text))?.into_iter();
        let header = rows.next().map(|(_, fields)| fields).unwrap_or_default();
        let column = |name: &str| header.iter().position(|field| field.trim().eq_ignore_ascii_case(name));
        let name = column("name").ok_or(OutletError::NoName)?;
        let (owner, aliases, country, kind) = (column("owner"), column("aliases"), column("country"), column("kind"));
        let mut outlets = Vec::new();
        for (line, fields) in rows {
            let field = |at: Option<usize>| at.and_then(|at| fields.get(at)).map(|field| field.trim()).unwrap_or_default();
            if field(Some(name)).is_empty() {
                return Err(OutletError::EmptyName { line });
            }
            let code = field(country);
            outlets.push(Outlet {
                name: field(Some(name)).to_owned(),
                owner: field(owner).to_owned(),
                aliases: field(aliases)
                    .split([';', '|'])
                    .map(str::trim)
                    .filter(|alias| !alias.is_empty())
                    .map(str::to_owned)
                    .collect(),
                country: if code.is_empty() {
                    None
                } else {
                    Some(code.parse().map_err(|_| OutletError::Country { line, code: code.to_owned() })?)
                },
                kind: field(kind).to_owned(),
            });
        }
        Ok(Self::new(outlets))
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

/// Rows of a CSV text with the line each begins in; empty lines are passed over.
fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, OutletError> {
    let mut rows = Vec::new();
    let (mut fields, mut field, mut line, mut began) = (Vec::new(), String::new(), 1, 1);
    let mut letters = text.chars().peekable();
    let (mut quoted, mut opened) = (false, 1);
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => (quoted, opened) = (true, line),
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' => {
                line += 1;
                if quoted {
                    field.push('\n');
                    continue;
                }
                fields.push(std::mem::take(&mut field));
                let row = std::mem::take(&mut fields);
                if row.iter().any(|field| !field.is_empty()) {
                    rows.push((began, row));
                }
                began = line;
            }
            _ => field.push(letter),
        }
    }
    if quoted {
        return Err(OutletError::Quote { line: opened });
    }
    fields.push(field);
    if fields.iter().any(|field| !field.is_empty()) {
        rows.push((began, fields));
    }
    Ok(rows)
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
    }

    #[test]
    fn a_ring_of_owners_ends() {
        let table = OutletTable::from_csv("name,owner\nA,B\nB,A").unwrap();
        assert_eq!(table.top("A").1.len(), 2);
    }

    proptest! {
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
