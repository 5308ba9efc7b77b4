//! What was exported, by whom, from what: so that a data set can be cited and rebuilt to the byte.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::case::{Case, Versions};
use crate::format::Format;
use crate::write::Written;

/// A manifest of one export. Its JSON form has a fixed order of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `dateline.export/1`.
    pub schema: String,
    /// The case, the head of its audit chain, the filter, who exported it and when.
    pub case: Case,
    /// What made the rows.
    pub versions: BTreeSet<Versions>,
    /// Names of protected persons were written.
    pub released: bool,
    /// The files, in the order in which they were written.
    pub files: Vec<ManifestFile>,
    /// Licences of data that stands in the files.
    pub licences: Vec<Licence>,
}

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Its name.
    pub name: String,
    /// Name of its [`Format`].
    pub format: String,
    /// Media type.
    pub media_type: String,
    /// Events taken.
    pub events: u64,
    /// Rows, lines or features.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// A licence of data that others made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// What.
    pub what: String,
    /// Under which licence.
    pub licence: String,
    /// Where it comes from.
    pub source: String,
}

impl Manifest {
    /// A manifest without files.
    #[must_use]
    pub fn new(case: &Case, released: bool) -> Self {
        let licence = |what: &str, licence: &str, source: &str| Licence {
            what: what.to_owned(),
            licence: licence.to_owned(),
            source: source.to_owned(),
        };
        Self {
            schema: "dateline.export/1".to_owned(),
            case: case.clone(),
            versions: BTreeSet::new(),
            released,
            files: Vec::new(),
            licences: vec![
                licence("names, ids and coordinates of places; country codes and areas", "CC BY 4.0", "https://www.geonames.org"),
                licence(
                    "event types, modes, contexts and sectors (PLOVER)",
                    "CC BY-SA 4.0",
                    "https://github.com/openeventdata/PLOVER",
                ),
                licence("quotations and headlines", "remain with their publishers", ""),
            ],
        }
    }

    /// Adds a file that was written.
    pub fn add(&mut self, name: &str, format: Format, written: &Written) {
        self.versions.extend(written.versions.iter().cloned());
        self.files.push(ManifestFile {
            name: name.to_owned(),
            format: format.name().to_owned(),
            media_type: format.media_type().to_owned(),
            events: written.events,
            rows: written.rows,
            bytes: written.bytes,
            sha256: written.sha256.clone(),
        });
    }

    /// The manifest as indented JSON, with a line end.
    ///
    /// # Errors
    /// Never for a manifest made here: every value has a JSON form.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// A citation in one line.
    #[must_use]
    pub fn citation(&self) -> String {
        let case = &self.case;
        let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        let programs: BTreeSet<&str> =
            self.versions.iter().map(|made| made.program.as_str()).filter(|program| !program.is_empty()).collect();
        let events = self.files.first().map_or(0, |file| file.events);
        let mut parts = vec![
            format!("{}.", or(&case.by, "Anonymous")),
            format!("“{}” (case {}), {events} events", or(&case.name, "Untitled"), or(&case.id, "without id")),
        ];
        if !case.filter.is_empty() {
            parts.push(format!("chosen by `{}`", case.filter));
        }
        if !case.exported_at.is_empty() {
            parts.push(format!("exported {}", case.exported_at));
        }
        if !programs.is_empty() {
            parts.push(format!("made with {}", programs.into_iter().collect::<Vec<_>>().join(" and ")));
        }
        if !case.head.is_empty() {
            parts.push(format!("audit head {}", case.head));
        }
        if let Some(file) = self.files.first() {
            parts.push(format!("{} sha256:{}", file.name, file.sha256));
        }
        let (first, rest) = parts.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        format!("{first} {}.", rest.join("; ")).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
