//! A report as programs get it: where it came from, how it was read, what it tells of.

use dateline_record::Reading;
use serde::Serialize;
use serde_json::Value;

use super::ask::CaseEvent;
use super::page::ReportPage;

/// A report that a case keeps.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptReport {
    /// `r3`.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Outlet.
    pub source: Option<String>,
    /// Byline.
    pub author: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// When it was published, in EDTF.
    pub published: Option<String>,
    /// Its language, as it says or as was found out.
    pub language: Option<String>,
    /// Its text: `sha256:` and the hash.
    pub text: String,
    /// The bytes that it was taken from.
    pub original: Option<KeptOriginal>,
    /// How it came here: input, addresses, when it was captured, what was done to it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub provenance: Value,
    /// When it was added, and by whom.
    pub added: KeptBy,
    /// Why its outlet took it back, where it did.
    pub withdrawn: Option<String>,
    /// Files that came with it.
    pub media: Vec<KeptMedium>,
    /// Further captures of it.
    pub captures: Vec<KeptCapture>,
    /// What read it, and when.
    pub read: Option<KeptReading>,
    /// Reports that carry the same text, the first included.
    pub copies: Vec<String>,
    /// Events that it tells of.
    pub events: Vec<CaseEvent>,
    /// What it says, with names as they stand; only where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub reading: Option<Reading>,
}

/// An archived original.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptOriginal {
    /// Its hash, in hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Where it stands in the case's folder.
    pub path: String,
    /// What it is.
    pub media_type: Option<String>,
}

/// When something was done, and by whom.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptBy {
    /// An RFC 3339 instant.
    pub at: String,
    /// Who.
    pub by: String,
}

/// A file that came with a report.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptMedium {
    /// Its name there.
    pub name: String,
    /// Its hash, in hexadecimal.
    pub sha256: String,
}

/// A later capture of a report.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptCapture {
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Hash of what was captured, in hexadecimal.
    pub original: String,
}

/// What read a report.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptReading {
    /// When.
    pub at: String,
    /// Why it failed, where it did.
    pub error: Option<String>,
    /// Version of the program.
    pub program: Option<String>,
    /// Version of the language model.
    pub model: Option<String>,
    /// Version of the lexicons.
    pub lexicons: Option<String>,
    /// Version of the gazetteer.
    pub gazetteer: Option<String>,
}

impl ReportPage {
    /// As programs get it; with the reading, in which names stand as they are, or without.
    #[must_use]
    pub fn kept(&self, with_reading: bool) -> KeptReport {
        let row = &self.report;
        KeptReport {
            id: format!("r{}", row.id),
            title: row.title.clone(),
            source: row.source.clone(),
            author: row.author.clone(),
            url: row.url.clone(),
            published: row.published.as_ref().map(|date| date.as_str().to_owned()),
            language: row.language.clone(),
            text: format!("sha256:{}", row.text_sha256),
            original: self.original.as_ref().map(|original| KeptOriginal {
                sha256: original.sha256.clone(),
                bytes: original.bytes,
                path: original.path.to_string_lossy().into_owned(),
                media_type: original.media_type.clone(),
            }),
            // It is made of words and lists alone.
            provenance: serde_json::to_value(&row.provenance).unwrap_or_default(),
            added: KeptBy { at: row.added_at.clone(), by: row.added_by.clone() },
            withdrawn: row.status_why.clone(),
            media: self.media.iter().map(|(name, sha256)| KeptMedium { name: name.clone(), sha256: sha256.clone() }).collect(),
            captures: self
                .captures
                .iter()
                .map(|capture| KeptCapture { at: capture.at.clone(), by: capture.by.clone(), original: capture.original.clone() })
                .collect(),
            read: self.made.as_ref().map(|(made, version)| KeptReading {
                at: made.made_at.clone(),
                error: made.error.clone(),
                program: version.as_ref().map(|version| version.program.clone()),
                model: version.as_ref().map(|version| version.model.clone()),
                lexicons: version.as_ref().map(|version| version.lexicons.clone()),
                gazetteer: version.as_ref().map(|version| version.gazetteer.clone()),
            }),
            copies: self.copies.iter().map(|copy| format!("r{copy}")).collect(),
            events: self.events.clone(),
            reading: self.reading.as_ref().filter(|_| with_reading).cloned(),
        }
    }
}
