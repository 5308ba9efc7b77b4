//! The table of outlets, which people edit.

use std::collections::{BTreeSet, HashMap};

use dateline_casebook::{OutletRow, Writer};
use dateline_corroborate::OutletTable;
use serde::Serialize;

use super::assess::{outlet_of, outlet_table, refresh};
use super::{Case, CaseError};

/// An outlet that the table has, or that reports come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Whether the table has it; else it is only known from reports.
    pub known: bool,
    /// Who owns or runs it.
    pub owner: Option<String>,
    /// Other names, host names, handles.
    pub aliases: Vec<String>,
    /// Where it is at home, ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// What it is.
    pub kind: Option<String>,
    /// A to F, set by people.
    pub reliability: Option<String>,
    /// Reports of it in the case.
    pub reports: u64,
}

impl Case {
    /// All outlets: those of the table, then those that only reports name, by name.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn sources(&self) -> Result<Vec<Source>, CaseError> {
        let reader = self.book.read();
        let table = outlet_table(&reader)?;
        let mut sources: Vec<Source> = reader.outlets()?.into_iter().map(known).collect();
        let at: HashMap<String, usize> = sources.iter().enumerate().map(|(at, source)| (source.name.clone(), at)).collect();
        for (name, reports) in reader.report_sources()? {
            let canonical = table.find(&name).map_or(name.as_str(), |outlet| outlet.name.as_str());
            match at.get(canonical).and_then(|&at| sources.get_mut(at)) {
                Some(source) => source.reports += reports,
                None => sources.push(Source { name, reports, ..Source::default() }),
            }
        }
        sources.sort_by(|a, b| b.known.cmp(&a.known).then_with(|| a.name.cmp(&b.name)));
        Ok(sources)
    }

    /// The table as CSV.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn outlets_csv(&self) -> Result<String, CaseError> {
        Ok(outlet_table(&self.book.read())?.to_csv())
    }

    /// Enters the outlets of a CSV table, and gives their number; those of the same name are replaced.
    ///
    /// # Errors
    /// When the table can't be read (nothing is entered then), or the record can't be written.
    pub fn import_outlets(&mut self, csv: &str) -> Result<usize, CaseError> {
        let rows: Vec<OutletRow> = OutletTable::from_csv(csv)?
            .outlets()
            .iter()
            .map(|outlet| OutletRow {
                name: outlet.name.clone(),
                owner: (!outlet.owner.is_empty()).then(|| outlet.owner.clone()),
                aliases: outlet.aliases.clone(),
                country: outlet.country.map(|country| country.to_string()),
                kind: (!outlet.kind.is_empty()).then(|| outlet.kind.clone()),
                reliability: outlet.reliability.map(|letter| letter.as_str().to_owned()),
            })
            .collect();
        self.change_outlets(|writer, stamp| {
            for row in &rows {
                writer.set_outlet(row, stamp)?;
            }
            Ok(rows.clone())
        })?;
        Ok(rows.len())
    }

    /// Changes one outlet; it is entered if the table does not have it.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn set_outlet(&mut self, name: &str, change: impl FnOnce(&mut OutletRow)) -> Result<(), CaseError> {
        self.change_outlets(|writer, stamp| {
            let old = writer.outlets()?.into_iter().find(|outlet| outlet.name == name);
            let mut row = old.unwrap_or_else(|| OutletRow { name: name.to_owned(), ..OutletRow::default() });
            change(&mut row);
            writer.set_outlet(&row, stamp)?;
            Ok(vec![row])
        })
    }

    /// Takes an outlet out of the table; false when it is not there.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn remove_outlet(&mut self, name: &str) -> Result<bool, CaseError> {
        let mut there = false;
        self.change_outlets(|writer, stamp| {
            let old = writer.outlets()?.into_iter().find(|outlet| outlet.name == name);
            there = writer.remove_outlet(name, stamp)?;
            Ok(old.into_iter().collect())
        })?;
        Ok(there)
    }

    /// Makes a change to the table, and assesses anew the events that reports of the changed outlets tell of, or in which they are cited.
    fn change_outlets(
        &mut self,
        change: impl FnOnce(&mut Writer<'_>, &dateline_casebook::Stamp) -> Result<Vec<OutletRow>, CaseError>,
    ) -> Result<(), CaseError> {
        let stamp = self.stamp();
        self.book.write(|writer| {
            let changed = change(writer, &stamp)?;
            let mut touched = BTreeSet::new();
            for row in changed {
                for name in std::iter::once(&row.name).chain(&row.aliases) {
                    for report in writer.reports_naming(name)? {
                        touched.extend(writer.events_of_report(report)?);
                    }
                }
            }
            let outlets = outlet_table(writer)?;
            refresh(writer, &touched, &outlets, &stamp.at)
        })
    }
}

pub(super) fn known(row: OutletRow) -> Source {
    let outlet = outlet_of(row.clone());
    Source {
        name: outlet.name,
        known: true,
        owner: row.owner,
        aliases: row.aliases,
        country: row.country,
        kind: row.kind,
        reliability: row.reliability,
        reports: 0,
    }
}
