use crate::error::{Result, column_id, row_id};
use crate::report::{json_column, json_text};
use crate::{Reader, Stamp, Writer};

/// An export that was made, to be noted.
#[derive(Clone, Debug, PartialEq)]
pub struct NewExport {
    /// Its format, as it was asked for.
    pub format: String,
    /// Which rows were asked for.
    pub filter: serde_json::Value,
    /// How many there were.
    pub rows: u64,
    /// SHA-256 of what was written, in hexadecimal.
    pub sha256: String,
    /// What the export says of itself.
    pub manifest: serde_json::Value,
}

/// An export that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// Its id.
    pub id: u64,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What.
    pub export: NewExport,
}

impl Writer<'_> {
    /// Notes an export, and gives its id.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn log_export(&mut self, export: &NewExport, stamp: &Stamp) -> Result<u64> {
        self.step(|writer| {
            let id = writer.run(
                "INSERT INTO export (at, by, format, filter, rows, sha256, manifest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (
                    &stamp.at,
                    &stamp.by,
                    &export.format,
                    json_text(&export.filter)?,
                    column_id(export.rows)?,
                    &export.sha256,
                    json_text(&export.manifest)?,
                ),
            )?;
            writer.audit("export.add", "export", id, 1, stamp)?;
            Ok(row_id(id))
        })
    }
}

impl Reader<'_> {
    /// All exports, oldest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn exports(&self) -> Result<Vec<Export>> {
        self.list("SELECT id, at, by, format, filter, rows, sha256, manifest FROM export ORDER BY id", [], |row| {
            let export = NewExport {
                format: row.get(3)?,
                filter: json_column(row, 4)?,
                rows: row_id(row.get(5)?),
                sha256: row.get(6)?,
                manifest: json_column(row, 7)?,
            };
            Ok(Export { id: row_id(row.get(0)?), at: row.get(1)?, by: row.get(2)?, export })
        })
    }
}
