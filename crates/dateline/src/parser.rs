use dateline_nlp::{Doc, Pipeline, Worker};

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

    /// The parse of `text` in parts that start at the byte offsets `starts`, each as if it were a text of its own.
    fn parse_parts(&mut self, text: &str, starts: &[usize]) -> Doc {
        let _ = starts;
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

    fn parse_parts(&mut self, text: &str, starts: &[usize]) -> Doc {
        Worker::parse_parts(self, text, starts)
    }
}
