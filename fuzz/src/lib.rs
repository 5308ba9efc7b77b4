//! What is fuzzed: functions over arbitrary bytes that panic when a promise is broken. Two ways run them.
//!
//! - `cargo fuzz` (libFuzzer, follows coverage; on a stable toolchain with `RUSTC_BOOTSTRAP=1`):
//!   `RUSTC_BOOTSTRAP=1 cargo fuzz run --features libfuzzer tokenizer -- -max_total_time=600`
//! - `soak` (a bounded loop over made-up inputs, nothing else needed):
//!   `cargo run --release --manifest-path fuzz/Cargo.toml --bin soak -- tokenizer 600`
//!
//! With `DATELINE_FUZZ_MODEL` set to an unpacked model (the folder that holds `config.cfg`), texts are parsed by it and the package
//! target damages its files; without, a small language without trained components stands in, and the reader gets made-up parses.

mod case;
mod inputs;
mod media;
mod metadata;
mod package;
mod scheme;

use std::sync::LazyLock;

use dateline_nlp::{Doc, Pipeline};
use dateline_reader::{Lexicons, Reader};
use dateline_record::Report;

pub use case::case;
pub use inputs::{collect, samples};
pub use media::{media, media_index, media_samples};
pub use metadata::{metadata, metadata_samples};
pub use package::model_package;
pub use scheme::{scheme, scheme_samples};

/// The pipeline that texts go through.
static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let model = std::env::var_os("DATELINE_FUZZ_MODEL").map(std::path::PathBuf::from);
    let folder = tempfile::tempdir().expect("a folder for the small model");
    let path = model.unwrap_or_else(|| {
        package::write_small_model(folder.path()).expect("the small model can be written");
        folder.path().to_owned()
    });
    Pipeline::load(&path).expect("the model to fuzz with loads")
});

/// Any text is cut into tokens that give it back, and parsed into a tree; twice, the same.
pub fn tokenizer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut worker = PIPELINE.worker();
    let doc = worker.parse(&text);
    let mut again = String::with_capacity(text.len());
    for (i, token) in doc.tokens().iter().enumerate() {
        assert_eq!(token.range.start as usize, again.len(), "token {i} does not follow the one before");
        assert!(!token.range.is_empty(), "token {i} is empty");
        again.push_str(doc.word(i));
        if token.space_after {
            again.push(' ');
        }
        assert!((token.head as usize) < doc.len(), "token {i} has a head outside the text");
    }
    assert_eq!(again, text, "tokens and their spaces do not give the text back");
    assert_eq!(worker.parse(&text).to_json_tokens(), doc.to_json_tokens(), "what a worker remembers shows");
}

/// Any text with any parse is read, and the reading keeps its contract.
pub fn reader(data: &[u8]) {
    static READER: LazyLock<Reader> =
        LazyLock::new(|| Reader::new(Lexicons::default()).expect("the reader's own lexicons are sound"));
    let text = String::from_utf8_lossy(data);
    let parsed = PIPELINE.parse(&text);
    let doc = if parsed.tokens().iter().any(|token| !token.dep.is_none()) { parsed } else { made_up_parse(&parsed, data) };
    let report =
        Report { text: text.into_owned(), ..serde_json::from_str("{\"text\":\"\"}").expect("a report needs only a text") };
    let reading = READER.read(&report, &doc);
    if let Err(error) = reading.check() {
        panic!("the reading breaks its contract: {error}");
    }
}

/// A parse with labels and heads drawn from the bytes of the text.
fn made_up_parse(doc: &Doc, data: &[u8]) -> Doc {
    const TAGS: &[(&str, &str)] = &[
        ("NN", "NOUN"),
        ("NNP", "PROPN"),
        ("VBD", "VERB"),
        ("VBN", "VERB"),
        ("IN", "ADP"),
        ("CD", "NUM"),
        ("MD", "AUX"),
        (",", "PUNCT"),
    ];
    const DEPS: &[&str] = &[
        "nsubj",
        "dobj",
        "pobj",
        "prep",
        "ccomp",
        "conj",
        "amod",
        "nsubjpass",
        "agent",
        "relcl",
        "aux",
        "neg",
        "nummod",
        "punct",
    ];
    const ENTITIES: &[&str] = &["", "GPE", "ORG", "PERSON", "DATE", "CARDINAL", "NORP"];
    let mut state =
        data.iter().fold(0x9e37_79b9_7f4a_7c15_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut rows = doc.to_json_tokens();
    for (i, row) in rows.as_array_mut().into_iter().flatten().enumerate() {
        let (tag, pos) = TAGS[draw(TAGS.len())];
        let entity = ENTITIES[draw(ENTITIES.len())];
        row[3] = tag.into();
        row[4] = pos.into();
        row[5] = doc.word(i).to_lowercase().into();
        row[6] = DEPS[draw(DEPS.len())].into();
        row[7] = draw(doc.len()).into();
        row[8] = if entity.is_empty() { "O" } else { ["B", "I"][draw(2)] }.into();
        row[9] = entity.into();
        row[10] = (draw(12) == 0).into();
    }
    Doc::from_json_tokens(doc.text(), &rows).expect("made-up tokens stand where the real ones do")
}
