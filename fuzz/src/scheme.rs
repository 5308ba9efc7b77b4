//! Schemes of a user's own: ontologies, and dictionaries in PETRARCH's formats.

use std::sync::LazyLock;

use dateline_nlp::Doc;
use dateline_reader::petrarch::decode;
use dateline_reader::{Lexicons, Reader, SchemeFile, SchemeKind};
use dateline_record::Report;

const KINDS: [SchemeKind; 4] = [SchemeKind::Verbs, SchemeKind::Actors, SchemeKind::Agents, SchemeKind::Ontology];

/// Any bytes are a scheme or are refused with the file's name; a report is read with what they are, and the reading keeps its contract.
///
/// The first byte chooses the kind.
pub fn scheme(data: &[u8]) {
    static DOC: LazyLock<Doc> = LazyLock::new(|| {
        let rows = serde_json::json!([
            ["Soldiers", 0, true, "NNS", "NOUN", "soldier", "nsubj", 1, "O", "", true],
            ["detained", 9, true, "VBD", "VERB", "detain", "ROOT", 1, "O", "", false],
            ["nurses", 18, true, "NNS", "NOUN", "nurse", "dobj", 1, "O", "", false],
            ["with", 25, true, "IN", "ADP", "with", "prep", 1, "O", "", false],
            ["mortars", 30, false, "NNS", "NOUN", "mortar", "pobj", 3, "O", "", false]
        ]);
        Doc::from_json_tokens("Soldiers detained nurses with mortars", &rows).expect("the tokens stand in the text")
    });
    let Some((&kind, bytes)) = data.split_first() else { return };
    let kind = KINDS[usize::from(kind) % KINDS.len()];
    let file = SchemeFile { kind, file: "fuzzed".to_owned(), text: decode(bytes) };
    let lines = file.text.lines().count();
    match Reader::new(Lexicons::default().with_scheme(file)) {
        Ok(reader) => {
            for file in reader.dictionaries().map(|dictionaries| dictionaries.files()).unwrap_or_default() {
                assert!(file.skipped.iter().all(|skipped| (1..=lines).contains(&skipped.line)), "{file:?}");
            }
            let report = Report { text: DOC.text().to_owned(), ..Report::default() };
            if let Err(error) = reader.read(&report, &DOC).check() {
                panic!("the reading breaks its contract: {error}");
            }
        }
        Err(error) => assert!(error.to_string().starts_with("fuzzed: "), "{error}"),
    }
}

/// Sound files of each kind.
#[must_use]
pub fn scheme_samples() -> Vec<Vec<u8>> {
    [
        include_str!("../../examples/ontology/sample.verbs"),
        include_str!("../../examples/ontology/sample.actors"),
        include_str!("../../examples/ontology/sample.agents"),
        include_str!("../../examples/ontology/health.toml"),
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
