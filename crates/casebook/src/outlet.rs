use crate::error::Result;
use crate::report::{json_column, json_text};
use crate::{Reader, Stamp, Writer};

/// An outlet as people describe it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutletRow {
    /// Its name.
    pub name: String,
    /// Whose it is: outlets of one owner are one origin.
    pub owner: Option<String>,
    /// Its other names.
    pub aliases: Vec<String>,
    /// Its country.
    pub country: Option<String>,
    /// What kind of outlet: agency, paper, channel, …
    pub kind: Option<String>,
    /// Reliability on the Admiralty scale, A to F, given by people.
    pub reliability: Option<String>,
}

impl Writer<'_> {
    /// Describes an outlet, in place of what its row says now.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn set_outlet(&mut self, outlet: &OutletRow, stamp: &Stamp) -> Result<()> {
        self.step(|writer| {
            let rows = |writer: &Self| writer.first("SELECT 1 FROM outlet WHERE name = ?1", [&outlet.name], |_| Ok(()));
            let is_new = rows(writer)?.is_none();
            let aliases = json_text(&outlet.aliases)?;
            let changed = writer.change(
                "INSERT INTO outlet (name, owner, aliases, country, kind, reliability) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (name) DO UPDATE SET owner = ?2, aliases = ?3, country = ?4, kind = ?5, reliability = ?6
                 WHERE (owner, aliases, country, kind, reliability) IS NOT (?2, ?3, ?4, ?5, ?6)",
                (&outlet.name, &outlet.owner, aliases, &outlet.country, &outlet.kind, &outlet.reliability),
            )?;
            if changed == 0 {
                return Ok(());
            }
            writer.audit("outlet.set", "outlet", outlet.name.as_str(), i64::from(is_new), stamp)
        })
    }

    /// Removes an outlet's row; false when there was none. That it was there stays in the audit chain.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn remove_outlet(&mut self, name: &str, stamp: &Stamp) -> Result<bool> {
        self.step(|writer| {
            if writer.change("DELETE FROM outlet WHERE name = ?1", [name])? == 0 {
                return Ok(false);
            }
            writer.audit("outlet.remove", "outlet", name, -1, stamp)?;
            Ok(true)
        })
    }
}

impl Reader<'_> {
    /// All outlets by name.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn outlets(&self) -> Result<Vec<OutletRow>> {
        let sql = "SELECT name, owner, aliases, country, kind, reliability FROM outlet ORDER BY name";
        self.list(sql, [], |row| {
            Ok(OutletRow {
                name: row.get(0)?,
                owner: row.get(1)?,
                aliases: json_column(row, 2)?,
                country: row.get(3)?,
                kind: row.get(4)?,
                reliability: row.get(5)?,
            })
        })
    }
}
