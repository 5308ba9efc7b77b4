//! Damaged model packages.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dateline_nlp::Pipeline;
use rmpv::Value;

/// What is run through a damaged model that still loads.
const SAMPLE: &str = "On Monday, Kyiv's forces said they can't confirm it:\n\n(two of 1,200 drones) hit U.S.-made tanks.";

/// Files to damage, with the components that need them. Components that don't are left out, to load faster.
const FILES: &[(&str, &[&str])] = &[
    ("config.cfg", &["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner"]),
    ("meta.json", &[]),
    ("tokenizer", &[]),
    ("vocab/lookups.bin", &[]),
    ("attribute_ruler/patterns", &["attribute_ruler"]),
    ("lemmatizer/lookups/lookups.bin", &["lemmatizer"]),
    ("tok2vec/model", &["tok2vec"]),
    ("tagger/cfg", &["tok2vec", "tagger"]),
    ("tagger/model", &["tok2vec", "tagger"]),
    ("parser/cfg", &["tok2vec", "parser"]),
    ("parser/moves", &["tok2vec", "parser"]),
    ("parser/model", &["tok2vec", "parser"]),
    ("ner/cfg", &["ner"]),
    ("ner/moves", &["ner"]),
    ("ner/model", &["ner"]),
    ("wheel", &[]),
];

/// The sound model that is damaged: its folder, and for each of [`FILES`] its bytes and where its structure lies.
struct Base {
    files: Vec<(Vec<u8>, Vec<usize>)>,
    /// Holds the model in use; kept so that it outlives the process's last run.
    folder: tempfile::TempDir,
}

static BASE: LazyLock<Base> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for the model");
    if let Some(model) = std::env::var_os("DATELINE_FUZZ_MODEL") {
        copy(&PathBuf::from(model), folder.path()).expect("the model can be copied");
    } else {
        write_small_model(folder.path()).expect("the small model can be written");
    }
    let files = FILES
        .iter()
        .map(|(name, _)| {
            let bytes = fs::read(folder.path().join(name)).unwrap_or_default();
            let structure = structure(&bytes);
            (bytes, structure)
        })
        .collect();
    Base { files, folder }
});

/// A model with damaged bytes loads or is refused with a reason, and one that loads parses.
///
/// The first byte chooses a file, the second how the rest is used: as the file's whole content, as where to cut it, or as changes of
/// three bytes each (place among the file's keys and numbers, distance, new value).
pub fn model_package(data: &[u8]) {
    let [file, mode, rest @ ..] = data else { return };
    let index = usize::from(*file) % FILES.len();
    let (name, components) = FILES[index];
    let (sound, structure) = &BASE.files[index];
    let number = |bytes: &[u8]| bytes.iter().fold(0usize, |number, &byte| number << 8 | usize::from(byte));
    let mut bytes = sound.clone();
    match mode % 4 {
        0 => bytes = rest.to_vec(),
        1 => bytes.truncate(number(&rest[..rest.len().min(4)]) % (sound.len() + 1)),
        _ => {
            for change in rest.chunks_exact(5) {
                let near = structure.get(number(&change[..3]) % structure.len().max(1)).copied().unwrap_or(0);
                if let Some(byte) = bytes.get_mut(near + usize::from(change[3] % 16)) {
                    *byte = change[4];
                }
            }
        }
    }
    let folder = BASE.folder.path();
    let damaged = folder.join(name);
    let config = folder.join("config.cfg");
    fs::write(&damaged, &bytes).expect("the damaged file can be written");
    if name != "config.cfg" {
        fs::write(&config, only(&BASE.files[0].0, components)).expect("the configuration can be written");
    }
    match Pipeline::load(if name == "wheel" { &damaged } else { folder }) {
        Ok(pipeline) => {
            let doc = pipeline.parse(SAMPLE);
            assert_eq!(doc.text(), SAMPLE);
            assert!(doc.tokens().iter().all(|token| (token.head as usize) < doc.len()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    fs::write(&damaged, sound).expect("the sound file can be written back");
    fs::write(&config, &BASE.files[0].0).expect("the sound configuration can be written back");
}

/// The configuration with a shorter pipeline.
fn only(config: &[u8], components: &[&str]) -> String {
    let text = String::from_utf8_lossy(config);
    let lines = text.lines().map(|line| {
        if line.starts_with("pipeline =") { format!("pipeline = {}", serde_json::json!(components)) } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Where the bytes lie that say what follows: the neighbourhood of short words, which are the keys of maps.
fn structure(bytes: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !byte.is_ascii_lowercase() {
            if at - start >= 4 {
                found.push(start.saturating_sub(6));
                found.push(at);
            }
            start = at + 1;
        }
    }
    if found.is_empty() {
        found.extend(0..bytes.len());
    }
    found
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&to)?;
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// A model without trained components: a tokenizer of a few rules.
pub(crate) fn write_small_model(folder: &Path) -> io::Result<()> {
    let map = |entries: Vec<(&str, Value)>| Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect());
    let token = |orth: &str, norm: &str| Value::Map(vec![(65.into(), orth.into()), (67.into(), norm.into())]);
    let rules = map(vec![
        ("prefix_search", "^\\(|^“|^\"|^\\$|^\\.\\.+|^\\+(?![0-9])".into()),
        ("suffix_search", "\\)$|”$|\"$|,$|:$|'s$|’s$|(?<=[0-9])(?:km|m|%)$|(?<=[a-z])\\.$|\\.\\.+$".into()),
        ("infix_finditer", "\\.\\.+|(?<=[0-9])[+\\-\\*^](?=[0-9-])|(?<=[A-Za-z])(?:-|–|--)(?=[A-Za-z])".into()),
        ("token_match", Value::Nil),
        ("url_match", "^(?:https?://)?(?:[a-z0-9-]+\\.)+[a-z]{2,10}(?:/\\S*)?$".into()),
        (
            "exceptions",
            map(vec![
                ("can't", Value::Array(vec![token("ca", "can"), token("n't", "not")])),
                ("U.S.", Value::Array(vec![token("U.S.", "U.S.")])),
                (":(", Value::Array(vec![token(":(", ":(")])),
                (" ", Value::Array(vec![token(" ", " ")])),
            ]),
        ),
        ("faster_heuristics", true.into()),
    ]);
    let write = |name: &str, value: &Value| -> io::Result<()> {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, value).map_err(io::Error::other)?;
        fs::write(folder.join(name), bytes)
    };
    fs::create_dir_all(folder.join("vocab"))?;
    write("tokenizer", &rules)?;
    write("vocab/lookups.bin", &map(vec![("lexeme_norm", map(Vec::new()))]))?;
    fs::write(folder.join("meta.json"), r#"{"name": "small", "version": "0"}"#)?;
    fs::write(folder.join("config.cfg"), "[nlp]\nlang = \"en\"\npipeline = []\ndisabled = []\n")
}
