//! The generated table: first- and second-level divisions and settlements in one byte slice that is read in place.
//!
//! Layout (little endian): magic, seven section lengths (u32), then the sections: country codes (two bytes each), place records
//! ([`RECORD`] bytes each), name pool, postings (u32 each), finite state map from folded name to the first of its postings.
//! Divisions of the first level come first, then those of the second, then settlements.

use std::fmt;

/// First bytes of a table of this version.
pub const MAGIC: &[u8; 8] = b"DLGAZ\0\0\x01";
/// Bytes of one place record.
pub const RECORD: usize = 24;
/// Stands for "none" in the division columns.
pub const NO_DIVISION: u16 = u16::MAX;
const SECTIONS: usize = 7;
const DEGREE: f32 = 10_000.0;

/// Bits of a posting: the last of its list; the name is an alternate one; a type word (*Oblast*, *County*) was taken off.
const LAST: u32 = 1 << 31;
const ALTERNATE: u32 = 1 << 30;
const SHORT: u32 = 1 << 29;
const INDEX: u32 = (1 << 24) - 1;

/// Why a table can't be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The bytes are no table, or one of another version.
    #[error("not a gazetteer table of this version (generate it anew, see the crate's README)")]
    Magic,
    /// A section is shorter than its header says, or its parts don't fit together.
    #[error("gazetteer table is damaged: {0}")]
    Damaged(&'static str),
    /// The map of names is damaged.
    #[error("gazetteer table is damaged: names: {0}")]
    Names(#[from] fst::Error),
}

/// What a settlement is besides being one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Capital of its country.
    pub capital: bool,
    /// Seat of its first-level division.
    pub seat: bool,
    /// Quarter or section of a larger settlement.
    pub section: bool,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    /// GeoNames id, where the sources give one.
    pub geonames: Option<u32>,
    /// Inhabitants; for divisions the sum of their settlements.
    pub population: u32,
    /// The name that GeoNames prefers.
    pub name: &'a str,
    /// Latitude and longitude in degrees (four decimals kept).
    pub lat_lon: (f32, f32),
    /// Index of the first-level division.
    pub admin1: Option<u16>,
    /// Index of the second-level division, counted from the first of these.
    pub admin2: Option<u16>,
    /// Index into the table's country codes.
    pub country: u8,
    /// Capital, seat, section.
    pub role: Role,
}

/// How a posting's name came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Index of the place.
    pub place: u32,
    /// The name is an alternate one.
    pub alternate: bool,
    /// A type word was taken off the division's name.
    pub short: bool,
}

/// A table read in place.
pub struct Table {
    countries: &'static [u8],
    records: &'static [u8],
    names: &'static str,
    postings: &'static [u8],
    map: fst::Map<&'static [u8]>,
    admin1: u32,
    admin2: u32,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("places", &self.place_count()).field("names", &self.map.len()).finish()
    }
}

impl Table {
    /// Reads `bytes` in place; only the header and the text of the name pool are checked.
    pub fn read(bytes: &'static [u8]) -> Result<Table, TableError> {
        let mut rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(TableError::Magic)?;
        let mut sizes = [0usize; SECTIONS];
        for size in &mut sizes {
            let (head, tail) = rest.split_first_chunk::<4>().ok_or(TableError::Damaged("header"))?;
            *size = u32::from_le_bytes(*head) as usize;
            rest = tail;
        }
        let [admin1, admin2, countries, records, names, postings, map] = sizes;
        let mut take = |n: usize, what| {
            let (head, tail) = rest.split_at_checked(n).ok_or(TableError::Damaged(what))?;
            rest = tail;
            Ok::<_, TableError>(head)
        };
        let countries = take(countries, "countries")?;
        let records = take(records, "places")?;
        let names = std::str::from_utf8(take(names, "names")?).map_err(|_| TableError::Damaged("names are not UTF-8"))?;
        let postings = take(postings, "postings")?;
        let map = fst::Map::new(take(map, "map")?)?;
        if admin1 + admin2 > records.len() / RECORD {
            return Err(TableError::Damaged("divisions"));
        }
        Ok(Table { countries, records, names, postings, map, admin1: admin1 as u32, admin2: admin2 as u32 })
    }

    /// Number of places.
    pub fn place_count(&self) -> u32 {
        (self.records.len() / RECORD) as u32
    }

    /// Number of first-level divisions; they are the first places.
    pub fn admin1_count(&self) -> u32 {
        self.admin1
    }

    /// Number of second-level divisions; they follow the first-level ones.
    pub fn admin2_count(&self) -> u32 {
        self.admin2
    }

    /// The countries' alpha-2 codes, in the order that rows count them.
    pub fn countries(&self) -> impl Iterator<Item = &'static str> {
        self.countries.chunks_exact(2).map(|code| std::str::from_utf8(code).unwrap_or_default())
    }

    /// The row of a place.
    pub fn row(&self, index: u32) -> Option<Row<'static>> {
        let at = index as usize * RECORD;
        let r: &[u8; RECORD] = self.records.get(at..at + RECORD)?.try_into().ok()?;
        let u32_at = |i: usize| u32::from_le_bytes([r[i], r[i + 1], r[i + 2], r[i + 3]]);
        let u16_at = |i: usize| u16::from_le_bytes([r[i], r[i + 1]]);
        let degrees = |i: usize| (i32::from_le_bytes([0, r[i], r[i + 1], r[i + 2]]) >> 8) as f32 / DEGREE;
        let name_at = u32_at(8);
        let (start, length) = ((name_at & INDEX) as usize, (name_at >> 24) as usize);
        let division = |i| Some(u16_at(i)).filter(|&d| d != NO_DIVISION);
        Some(Row {
            geonames: Some(u32_at(0)).filter(|&id| id != 0),
            population: u32_at(4),
            name: self.names.get(start..start + length)?,
            lat_lon: (degrees(12), degrees(15)),
            admin1: division(18),
            admin2: division(20),
            country: r[22],
            role: Role { capital: r[23] & 1 != 0, seat: r[23] & 2 != 0, section: r[23] & 4 != 0 },
        })
    }

    /// The places of a folded name, most populous first.
    pub fn postings(&self, key: &[u8]) -> Postings {
        let at = self.map.get(key).map_or(usize::MAX, |at| at as usize * 4);
        Postings { rest: self.postings.get(at..).unwrap_or_default() }
    }

    /// All folded names, for checks of the table.
    pub fn keys(&self) -> fst::map::Stream<'_> {
        self.map.stream()
    }
}

/// Iterator over the places of one name.
#[derive(Clone, Debug)]
pub struct Postings {
    rest: &'static [u8],
}

impl Iterator for Postings {
    type Item = Posting;

    fn next(&mut self) -> Option<Posting> {
        let (head, tail) = self.rest.split_first_chunk::<4>()?;
        let bits = u32::from_le_bytes(*head);
        self.rest = if bits & LAST == 0 { tail } else { &[] };
        Some(Posting { place: bits & INDEX, alternate: bits & ALTERNATE != 0, short: bits & SHORT != 0 })
    }
}

/// Writes a table; used by the generator and by tests.
#[derive(Debug, Default)]
pub struct TableWriter {
    countries: Vec<u8>,
    records: Vec<u8>,
    names: String,
    pooled: std::collections::HashMap<String, u32>,
    admin1: u32,
    admin2: u32,
    keys: std::collections::BTreeMap<String, Vec<Posting>>,
}

impl TableWriter {
    /// A writer for places of these countries (alpha-2 codes) with so many divisions of each level at the start.
    pub fn new(countries: &[&str], admin1: u32, admin2: u32) -> Self {
        let mut writer = TableWriter { admin1, admin2, ..TableWriter::default() };
        for code in countries {
            writer.countries.extend_from_slice(code.as_bytes());
        }
        writer
    }

    /// Adds a place and gives its index.
    pub fn place(&mut self, row: &Row<'_>) -> u32 {
        let index = (self.records.len() / RECORD) as u32;
        let name_at = match self.pooled.get(row.name) {
            Some(&at) => at,
            None => {
                let at = self.names.len() as u32 | (row.name.len().min(255) as u32) << 24;
                self.names.push_str(row.name);
                self.pooled.insert(row.name.to_owned(), at);
                at
            }
        };
        let out = &mut self.records;
        out.extend(row.geonames.unwrap_or(0).to_le_bytes());
        out.extend(row.population.to_le_bytes());
        out.extend(name_at.to_le_bytes());
        for degrees in [row.lat_lon.0, row.lat_lon.1] {
            out.extend(&((degrees * DEGREE).round() as i32).to_le_bytes()[..3]);
        }
        out.extend(row.admin1.unwrap_or(NO_DIVISION).to_le_bytes());
        out.extend(row.admin2.unwrap_or(NO_DIVISION).to_le_bytes());
        out.push(row.country);
        out.push(u8::from(row.role.capital) | u8::from(row.role.seat) << 1 | u8::from(row.role.section) << 2);
        index
    }

    /// Says that a place bears a name (folded); a name given twice keeps its better sort (preferred before alternate before short).
    pub fn name(&mut self, key: &str, posting: Posting) {
        let list = self.keys.entry(key.to_owned()).or_default();
        match list.iter_mut().find(|p| p.place == posting.place) {
            Some(old) if (posting.short, posting.alternate) < (old.short, old.alternate) => *old = posting,
            Some(_) => {}
            None => list.push(posting),
        }
    }

    /// The bytes of the table.
    pub fn finish(mut self) -> Result<Vec<u8>, fst::Error> {
        let population = |place: u32| {
            let at = place as usize * RECORD + 4;
            self.records.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
        };
        let mut postings = Vec::new();
        let mut map = fst::MapBuilder::memory();
        for (key, list) in &mut self.keys {
            list.sort_by_key(|p| (std::cmp::Reverse(population(p.place)), p.place));
            map.insert(key, (postings.len() / 4) as u64)?;
            for (i, p) in list.iter().enumerate() {
                let mut bits = p.place;
                for (on, bit) in [(i + 1 == list.len(), LAST), (p.alternate, ALTERNATE), (p.short, SHORT)] {
                    if on {
                        bits |= bit;
                    }
                }
                postings.extend(bits.to_le_bytes());
            }
        }
        let map = map.into_inner()?;
        let mut out = MAGIC.to_vec();
        let lengths = [self.countries.len(), self.records.len(), self.names.len(), postings.len(), map.len()];
        for n in [self.admin1, self.admin2].into_iter().chain(lengths.map(|n| n as u32)) {
            out.extend(n.to_le_bytes());
        }
        for section in [&self.countries, &self.records, self.names.as_bytes(), &postings, &map] {
            out.extend_from_slice(section);
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::{Posting, Role, Row, Table, TableError, TableWriter};

    fn row(name: &str, population: u32) -> Row<'_> {
        Row {
            geonames: Some(7),
            population,
            name,
            lat_lon: (-33.8688, 151.2093),
            admin1: Some(3),
            admin2: None,
            country: 1,
            role: Role { seat: true, ..Role::default() },
        }
    }

    fn table() -> Vec<u8> {
        let mut writer = TableWriter::new(&["AU", "NZ"], 0, 0);
        let small = writer.place(&row("Sydney", 10));
        let large = writer.place(&row("Sydney", 900));
        for place in [small, large] {
            writer.name("sydney", Posting { place, alternate: false, short: false });
        }
        writer.name("sydney city", Posting { place: large, alternate: true, short: true });
        writer.finish().expect("written to memory")
    }

    #[test]
    fn what_is_written_is_read() {
        let table = Table::read(table().leak()).expect("own table");
        let places: Vec<u32> = table.postings(b"sydney").map(|p| p.place).collect();
        assert_eq!(places, [1, 0], "most populous first");
        assert_eq!(table.row(1), Some(row("Sydney", 900)));
        assert_eq!(table.row(2), None);
        assert_eq!(table.postings(b"sydney city").next(), Some(Posting { place: 1, alternate: true, short: true }));
        assert_eq!(table.postings(b"sydne").next(), None);
        assert_eq!(table.countries().collect::<Vec<_>>(), ["AU", "NZ"]);
    }

    #[test]
    fn a_cut_table_is_refused() {
        let whole = table();
        for n in 0..whole.len() {
            let cut: &'static [u8] = whole.get(..n).unwrap_or_default().to_vec().leak();
            let refused = matches!(Table::read(cut), Err(TableError::Magic | TableError::Damaged(_) | TableError::Names(_)));
            assert!(refused, "cut to {n} bytes");
        }
    }
}
