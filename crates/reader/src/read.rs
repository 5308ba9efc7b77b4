use dateline_nlp::Doc;
use dateline_record::{Document, Reading, Report, SCHEMA};

use crate::lexicon::{LexiconError, Lexicons};

/// Reads reports. Built once (lexicons are parsed and indexed then), shared by threads, used for any number of reports.
#[derive(Debug)]
pub struct Reader {
    lexicons: Lexicons,
}

impl Reader {
    /// A reader with these lexicons.
    ///
    /// # Errors
    /// When a lexicon's content is wrong; the error names file and entry.
    pub fn new(lexicons: Lexicons) -> Result<Self, LexiconError> {
        Ok(Self { lexicons })
    }

    /// The claims of `report`, whose text has the parse `doc`.
    #[must_use]
    pub fn read(&self, report: &Report, doc: &Doc) -> Reading {
        let _ = (&self.lexicons, doc);
        Reading {
            schema: SCHEMA.to_owned(),
            document: Document::new(report, "en"),
            sentences: Vec::new(),
            entities: Vec::new(),
            claims: Vec::new(),
            attributions: Vec::new(),
            events: Vec::new(),
            not_read: None,
        }
    }
}
