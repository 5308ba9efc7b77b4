//! Schemes of a user's own: files that strangers wrote. Parsers take any bytes, and name what they do not understand.
#![allow(clippy::unwrap_used)]

use dateline_reader::petrarch::{Dictionaries, decode};
use dateline_reader::{Lexicons, Reader, SchemeFile, SchemeKind};
use proptest::prelude::*;

const KINDS: [SchemeKind; 4] = [SchemeKind::Ontology, SchemeKind::Verbs, SchemeKind::Actors, SchemeKind::Agents];

/// Pieces that dictionaries are made of, and some that they are not.
const PIECES: &[&str] = &[
    "--- GO [010] ---",
    "\n",
    "\n",
    "\n",
    "- * ",
    "- ",
    "*",
    "**",
    "&SET",
    "&SET_",
    "+",
    "+WORD",
    "_",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "[010]",
    "[042:043]",
    "[:173]",
    "[---]",
    "[~MIL]",
    "[NGO~]",
    "[UKR <20200101]",
    "[UKR 200101-210101]",
    "[",
    "GO",
    " ",
    "\t",
    "WENT",
    "$",
    "%",
    "^",
    "|",
    "#",
    ";",
    "###",
    "<!--",
    "-->",
    "<!",
    "!X!",
    " = A, B",
    "~ a (b) = c",
    "é",
    "İ",
    "\u{1F600}",
    "BY/WITH",
    "[ontology]",
    "name = \"x\"",
    "[[type]]",
    "[[trigger]]",
    "[[slot]]",
];

fn files() -> impl Strategy<Value = String> {
    proptest::collection::vec(0..PIECES.len(), 0..60).prop_map(|drawn| drawn.into_iter().map(|at| PIECES[at]).collect())
}

/// Every kind of file makes of the text what it is or says what is wrong; lines that are passed over are lines of the text.
fn holds(text: &str) {
    let lines = text.lines().count();
    for kind in KINDS {
        let file = SchemeFile { kind, file: "some.file".to_owned(), text: text.to_owned() };
        let lexicons = Lexicons::default().with_scheme(file.clone());
        if kind == SchemeKind::Ontology {
            if let Err(error) = dateline_reader::ontology::Ontology::new(&file, &lexicons) {
                assert!(error.to_string().starts_with("some.file: "), "{error}");
            }
            continue;
        }
        match Dictionaries::new(&lexicons) {
            Ok(dictionaries) => {
                for skipped in dictionaries.iter().flat_map(Dictionaries::files).flat_map(|file| &file.skipped) {
                    assert!(skipped.line >= 1 && skipped.line <= lines && !skipped.why.is_empty(), "{skipped:?} of {lines}");
                }
            }
            Err(error) => assert!(error.to_string().starts_with("some.file: "), "{error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        holds(&decode(&bytes));
    }

    #[test]
    fn any_pieces_of_dictionaries_are_taken(text in files()) {
        holds(&text);
    }
}

#[test]
fn old_encodings_are_read() {
    assert_eq!(decode("\u{feff}Győr".as_bytes()), "Győr");
    assert_eq!(decode(b"M\xfcnchen"), "München");
}

#[test]
fn a_file_without_anything_of_its_kind_is_refused_by_line() {
    let file = SchemeFile { kind: SchemeKind::Verbs, file: "my.verbs".to_owned(), text: "# a\n- GO [010]\n".to_owned() };
    let error = Reader::new(Lexicons::default().with_scheme(file)).unwrap_err().to_string();
    assert_eq!(error, "my.verbs: there is no verb in it: line 2: a pattern before any block of verbs");
}

#[test]
fn the_fingerprint_covers_the_texts_of_schemes_and_not_their_paths() {
    let with = |file: &str, text: &str| {
        let (file, text) = (file.to_owned(), text.to_owned());
        Lexicons::default().with_scheme(SchemeFile { kind: SchemeKind::Actors, file, text }).fingerprint()
    };
    assert_eq!(with("a", "X [UKR]"), with("b", "X [UKR]"));
    assert_ne!(with("a", "X [UKR]"), with("a", "X [USA]"));
    assert_ne!(with("a", "X [UKR]"), Lexicons::default().fingerprint());
}
