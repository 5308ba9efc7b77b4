use dateline_nlp::{Doc, Pipeline, Worker};
use dateline_reader::layout;

/// Makes parses: the trained pipeline, or a stand-in.
pub trait Parser: Send + Sync {
    /// A worker for one thread; it keeps buffers and caches, and is meant to be used for many texts.
    fn worker(&self) -> Box<dyn ParseWorker + '_>;

    /// Name and version, for the record of what made a reading.
    fn version(&self) -> String {
        "unnamed".to_owned()
    }
}

/// Parses texts, one after another.
pub trait ParseWorker {
    /// The parse of `text`; its text is exactly `text`.
    fn parse(&mut self, text: &str) -> Doc;

    /// The parse of `text` that it is read from as a report.
    fn parse_report(&mut self, text: &str) -> Doc {
        self.parse(text)
    }
}

impl Parser for Pipeline {
    fn worker(&self) -> Box<dyn ParseWorker + '_> {
        Box::new(Pipeline::worker(self))
    }

    fn version(&self) -> String {
        format!("{} {}", self.name(), Pipeline::version(self))
    }
}

impl ParseWorker for Worker<'_> {
    fn parse(&mut self, text: &str) -> Doc {
        Worker::parse(self, text)
    }

    fn parse_report(&mut self, text: &str) -> Doc {
        layout::parse(self, text)
    }
}
