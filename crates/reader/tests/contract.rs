//! The contract holds for any text with any parse: every span's text is its slice, every reference leads somewhere, and nothing panics.
#![allow(clippy::unwrap_used)]

use dateline_nlp::Doc;
use dateline_reader::{Lexicons, Reader, SchemeFile, SchemeKind};
use dateline_record::{Edtf, Report};
use proptest::prelude::*;
use serde_json::json;

const WORDS: &[&str] = &[
    "troops",
    "army",
    "the",
    "captured",
    "said",
    "says",
    "denied",
    "reportedly",
    "Kyiv",
    "Kursk",
    "oblast",
    "North",
    "Korean",
    "U.S.",
    "soldiers",
    "over",
    "10,000",
    "two",
    "dozen",
    "\"",
    "“",
    "”",
    ",",
    ".",
    "?",
    "(",
    ")",
    "SOF",
    "he",
    "they",
    "it",
    "video",
    "Telegram",
    "channel",
    "December",
    "14",
    "last",
    "week",
    "Monday",
    "2024",
    "of",
    "by",
    "in",
    "on",
    "to",
    "that",
    "was",
    "were",
    "not",
    "may",
    "if",
    "whether",
    "according",
    "attack",
    "strike",
    "operation",
    "agreement",
    "minister",
    "President",
    "\n",
    "\n\n",
    "\u{a0}",
    "e\u{301}",
    "🇺🇦",
    "—",
    "-",
    "'s",
    "его",
    "ambulance",
    "turned",
    "back",
    "nurses",
    "hospital",
    "held",
    "talks",
    "with",
    "Blue",
    "Lantern",
    "Brigade",
];
const TAGS: &[(&str, &str)] = &[
    ("NN", "NOUN"),
    ("NNS", "NOUN"),
    ("NNP", "PROPN"),
    ("VBD", "VERB"),
    ("VBN", "VERB"),
    ("VBG", "VERB"),
    ("IN", "ADP"),
    ("CD", "NUM"),
    ("MD", "AUX"),
    ("JJ", "ADJ"),
    ("RB", "ADV"),
    ("PRP", "PRON"),
    ("PRP$", "PRON"),
    ("DT", "DET"),
    ("TO", "PART"),
    ("POS", "PART"),
    (",", "PUNCT"),
    ("_SP", "SPACE"),
];
const DEPS: &[&str] = &[
    "nsubj",
    "nsubjpass",
    "dobj",
    "pobj",
    "prep",
    "agent",
    "ccomp",
    "xcomp",
    "advcl",
    "acl",
    "relcl",
    "conj",
    "cc",
    "amod",
    "compound",
    "poss",
    "nummod",
    "appos",
    "aux",
    "auxpass",
    "neg",
    "mark",
    "advmod",
    "acomp",
    "attr",
    "punct",
    "ROOT",
    "dep",
    "prt",
    "pcomp",
    "npadvmod",
    "quantmod",
    "case",
];
const ENTITIES: &[&str] = &["", "", "GPE", "ORG", "PERSON", "DATE", "CARDINAL", "NORP", "LOC", "FAC", "TIME"];

/// A text of known words and odd characters, with a parse that need not make sense.
fn documents() -> impl Strategy<Value = (String, Vec<serde_json::Value>)> {
    let token = (
        0..WORDS.len(),
        any::<bool>(),
        0..TAGS.len(),
        0..DEPS.len(),
        any::<prop::sample::Index>(),
        0..ENTITIES.len(),
        any::<bool>(),
        0..9_u8,
    );
    proptest::collection::vec(token, 1..60).prop_map(|drawn| {
        let (mut text, mut at, mut rows) = (String::new(), 0, Vec::new());
        for (i, (word, space, tag, dep, head, entity, inside, sentence)) in drawn.iter().enumerate() {
            let word = WORDS[*word];
            let (tag, pos) = TAGS[*tag];
            let entity = ENTITIES[*entity];
            let iob = if entity.is_empty() { "O" } else { ["B", "I"][usize::from(*inside)] };
            let lemma = word.to_lowercase();
            rows.push(json!([
                word,
                at,
                space,
                tag,
                pos,
                lemma,
                DEPS[*dep],
                head.index(drawn.len()),
                iob,
                entity,
                i == 0 || *sentence == 0
            ]));
            text.push_str(word);
            at += word.chars().count();
            if *space {
                text.push(' ');
                at += 1;
            }
        }
        (text, rows)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_span_is_its_slice_for_any_text_and_parse((text, rows) in documents(), published in proptest::option::of(Just("2024-12-27"))) {
        let doc = Doc::from_json_tokens(&text, &rows.into()).unwrap();
        let published = published.map(|date| date.parse::<Edtf>().unwrap());
        let report = Report { text, published, ..Report::default() };
        for reader in [READER.with(Clone::clone), WITH_SCHEMES.with(Clone::clone)] {
            let reading = reader.read(&report, &doc);
            prop_assert_eq!(reading.check().map_err(|error| error.to_string()), Ok(()));
            // What is written can be read back, unchanged.
            let json = serde_json::to_string(&reading).unwrap();
            prop_assert_eq!(serde_json::from_str::<dateline_record::Reading>(&json).unwrap(), reading);
        }
    }
}

thread_local! {
    static READER: std::rc::Rc<Reader> = std::rc::Rc::new(Reader::new(Lexicons::default()).unwrap());
    static WITH_SCHEMES: std::rc::Rc<Reader> = std::rc::Rc::new(Reader::new(schemes()).unwrap());
}

/// The lexicons with the sample schemes of the repository.
fn schemes() -> Lexicons {
    let samples = [
        (SchemeKind::Ontology, include_str!("../../../examples/ontology/health.toml")),
        (SchemeKind::Verbs, include_str!("../../../examples/ontology/sample.verbs")),
        (SchemeKind::Actors, include_str!("../../../examples/ontology/sample.actors")),
        (SchemeKind::Agents, include_str!("../../../examples/ontology/sample.agents")),
    ];
    samples.into_iter().fold(Lexicons::default(), |lexicons, (kind, text)| {
        lexicons.with_scheme(SchemeFile { kind, file: format!("{kind:?}"), text: text.to_owned() })
    })
}
