//! Schemes of a user's own: whether their entries do what their examples say.

use dateline_reader::ontology::{Example, Ontology, Wants};
use dateline_record::{Claim, Coding, Reading, Report};

pub use dateline_reader::ontology;
pub use dateline_reader::petrarch;
pub use dateline_reader::{SchemeFile, SchemeKind};

use crate::{Dateline, ReadError};

/// An example that does not give what its entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The ontology.
    pub ontology: String,
    /// The entry: `trigger hit`.
    pub entry: String,
    /// The sentence.
    pub text: String,
    /// What it should give.
    pub wanted: String,
    /// What it gives.
    pub got: String,
}

/// Reads the examples of all ontologies, and says which do not give what they should.
///
/// # Errors
/// When an example cannot be read at all.
pub fn misses(dateline: &Dateline) -> Result<Vec<Miss>, ReadError> {
    let mut misses = Vec::new();
    for ontology in dateline.ontologies() {
        for example in ontology.examples() {
            let report = Report { text: example.text.clone(), language: Some("en".to_owned()), ..Report::default() };
            let reading = dateline.read(&report)?;
            if let Some((wanted, got)) = missed(ontology, example, &reading) {
                let (entry, text) = (example.entry.clone(), example.text.clone());
                misses.push(Miss { ontology: ontology.name().to_owned(), entry, text, wanted, got });
            }
        }
    }
    Ok(misses)
}

/// What an example should give and what it gives, where they differ.
fn missed(ontology: &Ontology, example: &Example, reading: &Reading) -> Option<(String, String)> {
    let codings: Vec<(&Claim, &Coding)> = reading
        .claims
        .iter()
        .flat_map(|claim| claim.coding.iter().map(move |coding| (claim, coding)))
        .filter(|(_, coding)| coding.ontology == ontology.name())
        .collect();
    let types = || {
        let read: Vec<String> =
            codings.iter().map(|(claim, coding)| format!("`{}` → {}", claim.trigger.text(), coding.kind)).collect();
        if read.is_empty() { "nothing".to_owned() } else { read.join(", ") }
    };
    match &example.wants {
        Wants::Type(kind) if codings.iter().any(|(_, coding)| coding.kind == *kind) => None,
        Wants::Type(kind) => Some((kind.clone(), types())),
        Wants::Nothing if codings.is_empty() => None,
        Wants::Nothing => Some(("nothing".to_owned(), types())),
        Wants::Slot { name, words, value } => {
            let filled: Vec<_> = codings.iter().filter_map(|(_, coding)| coding.slots.get(name)).flatten().collect();
            let there = |wanted: &String| {
                filled.iter().any(|value_of| value_of.mention.text() == wanted && (value.is_none() || value_of.value == *value))
            };
            if words.iter().all(there) {
                return None;
            }
            let shown = |words: &[String]| format!("{name} “{}”", words.join("”, “"));
            let read: Vec<String> = filled.iter().map(|value| value.mention.text().to_owned()).collect();
            Some((shown(words), if read.is_empty() { types() } else { shown(&read) }))
        }
    }
}
