//! A trained pipeline: its components, and the workers that run texts through them.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use crate::attribute_ruler::AttributeRuler;
use crate::config::Config;
use crate::doc::{Doc, Token};
use crate::label::Label;
use crate::lemmatizer::{LemmaCache, Lemmatizer};
use crate::lexeme::Norms;
use crate::neural::{Ner, NerCache, Parser, ParserCache, Tagger, Tok2Vec, Tok2VecCache, Weights};
use crate::package::{LoadError, Package};
use crate::strings::string_id;
use crate::tokenizer::{Cache, RawToken, Tokenizer};

const CONFIG: &str = "config.cfg";

/// The components there are. A test fixes this list.
pub const COMPONENTS: &[&str] = &["tok2vec", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner"];

/// The architectures there are. A test fixes this list.
pub const ARCHITECTURES: &[&str] = &[
    "spacy.Tok2Vec.v2",
    "spacy.Tok2VecListener.v1",
    "spacy.MultiHashEmbed.v2",
    "spacy.MaxoutWindowEncoder.v2",
    "spacy.Tagger.v2",
    "spacy.TransitionBasedParser.v2",
];

/// Tokens that go through the layers together: enough to keep the matrix products busy, few enough to stay in cache.
const BATCH_TOKENS: usize = 768;
/// Tokens of one document that are held in memory at once with all that is computed of them (8 KB each). Longer documents are parsed in
/// parts, as if each were a document.
const LONGEST: usize = 16_384;

/// A loaded pipeline. Immutable: share it among threads, give each a [`Worker`].
#[derive(Debug)]
pub struct Pipeline {
    name: String,
    version: String,
    lang: String,
    tokenizer: Tokenizer,
    shared: Option<Tok2Vec>,
    tagger: Option<Classifier>,
    morphologizer: Option<Classifier>,
    parser: Option<Parser>,
    ruler: Option<AttributeRuler>,
    lemmatizer: Option<Lemmatizer>,
    ner: Option<(Tok2Vec, Ner)>,
    /// Workers alive: they share the memory set aside for caches.
    workers: AtomicUsize,
}

/// A tagger, or a morphologizer: what each class sets.
#[derive(Debug)]
struct Classifier {
    layer: Tagger,
    classes: Vec<Class>,
}

#[derive(Debug, Clone, Copy)]
struct Class {
    tag: Label,
    pos: Label,
    morph: Label,
}

impl Pipeline {
    /// Loads a pipeline from a wheel, an unpacked package or the directory that holds `config.cfg`.
    ///
    /// # Errors
    /// When a file is missing or damaged, or a component or architecture is not supported; the error names it.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        Self::from_package(&Package::open(path)?)
    }

    /// Loads a pipeline from an opened package.
    ///
    /// # Errors
    /// As [`Pipeline::load`].
    pub fn from_package(package: &Package) -> Result<Self, LoadError> {
        let config = Config::parse(&package.read_text(CONFIG)?)?;
        let meta: serde_json::Value =
            serde_json::from_str(&package.read_text("meta.json")?).map_err(|error| LoadError::content("meta.json", error))?;
        let meta = |key: &str| meta[key].as_str().unwrap_or_default().to_owned();
        let lang = config.text("nlp", "lang").unwrap_or_default().to_owned();
        let disabled = config.list("nlp", "disabled");
        let mut names = config.list("nlp", "pipeline");
        names.retain(|name| !disabled.contains(name));
        let mut factories = Vec::new();
        for name in names {
            let factory = config.text(&format!("components.{name}"), "factory").unwrap_or(name);
            supported("component", factory, COMPONENTS)?;
            check_architectures(&config, name)?;
            factories.push((name, factory));
        }
        let named = |factory: &str| factories.iter().find(|(_, of)| *of == factory).map(|(name, _)| *name);

        // The big files are independent of each other; the tokenizer's patterns take as long to compile as all of them to read.
        std::thread::scope(|scope| {
            let tokenizer = scope.spawn(|| Tokenizer::load(package, read_norms(package)?));
            let ner = scope.spawn(|| named("ner").map(|name| load_ner(package, &config, name)).transpose());
            let lemmatizer =
                scope.spawn(|| named("lemmatizer").map(|name| load_lemmatizer(package, &config, &lang, name)).transpose());
            let shared = named("tok2vec").map(|name| Tok2Vec::load(package, &format!("{name}/model"))).transpose()?;
            let width = shared.as_ref().map_or(0, |shared| shared.width);
            for name in [named("tagger"), named("morphologizer"), named("parser")].into_iter().flatten() {
                let own = config.text(&format!("components.{name}.model.tok2vec"), "@architectures")
                    != Some("spacy.Tok2VecListener.v1");
                if own || shared.is_none() {
                    return Err(unsupported(
                        CONFIG,
                        "component with a tok2vec of its own",
                        name,
                        "one that listens to `tok2vec`",
                    ));
                }
            }
            let tagger = named("tagger").map(|name| load_tagger(package, name, width)).transpose()?;
            let morphologizer = named("morphologizer").map(|name| load_morphologizer(package, name, width)).transpose()?;
            let parser = named("parser").map(|name| Parser::load(package, name, width)).transpose()?;
            let ruler = named("attribute_ruler").map(|_| AttributeRuler::load(package)).transpose()?;
            let panicked = |_| LoadError::content(CONFIG, "loading failed without a reason");
            Ok(Self {
                name: format!("{}_{}", lang, meta("name")),
                version: meta("version"),
                lang: lang.clone(),
                tokenizer: tokenizer.join().map_err(panicked)??,
                shared,
                tagger,
                morphologizer,
                parser,
                ruler,
                lemmatizer: lemmatizer.join().map_err(panicked)??,
                ner: ner.join().map_err(panicked)??,
                workers: AtomicUsize::new(0),
            })
        })
    }

    /// The package's name, such as `en_core_web_sm`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The package's version, such as `3.8.0`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The language's code, such as `en`.
    #[must_use]
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// A worker: caches and buffers for one thread. Keep it: the first texts fill its caches.
    #[must_use]
    pub fn worker(&self) -> Worker<'_> {
        self.workers.fetch_add(1, Ordering::Relaxed);
        Worker { pipeline: self, cache: Cache::default(), neural: NeuralCaches::default(), lemmas: LemmaCache::default() }
    }

    /// Parses one text with a fresh worker.
    #[must_use]
    pub fn parse(&self, text: &str) -> Doc {
        self.worker().parse(text)
    }
}

/// Runs texts through a pipeline; one for each thread. What it has cached never changes what comes out.
#[derive(Debug)]
pub struct Worker<'p> {
    pipeline: &'p Pipeline,
    cache: Cache,
    neural: NeuralCaches,
    lemmas: LemmaCache,
}

#[derive(Debug, Default)]
struct NeuralCaches {
    shared: Tok2VecCache,
    of_ner: Tok2VecCache,
    parser: ParserCache,
    ner: NerCache,
    vectors: Vec<f32>,
    rows: Vec<u32>,
}

/// A document on its way.
#[derive(Debug, Default)]
struct Draft {
    raw: Vec<RawToken>,
    /// Where its parts end, in tokens: each is parsed as if it were a document.
    ends: Vec<usize>,
    /// Lexeme and space after, as the embedding wants them.
    types: Vec<(u32, bool)>,
    tokens: Vec<Token>,
}

/// A document, or a part of a long one.
struct Stretch<'d> {
    raw: &'d [RawToken],
    types: &'d [(u32, bool)],
    tokens: &'d mut [Token],
}

impl Draft {
    /// The parts from `start` on, as many as have at most [`LONGEST`] tokens together, and where they end.
    fn stretches(&mut self, start: usize) -> (Vec<Stretch<'_>>, usize) {
        let mut stretches = Vec::new();
        let (mut at, mut tokens) = (start, &mut self.tokens[start..]);
        for &end in self.ends.iter().filter(|&&end| end > start) {
            if end - start > LONGEST && at > start {
                break;
            }
            let (own, rest) = tokens.split_at_mut(end - at);
            stretches.push(Stretch { raw: &self.raw[at..end], types: &self.types[at..end], tokens: own });
            (at, tokens) = (end, rest);
        }
        (stretches, at)
    }

    /// Heads counted from the document's start instead of the part's.
    fn settle_heads(&mut self) {
        let mut start = 0;
        for &end in &self.ends {
            self.tokens[start..end].iter_mut().for_each(|token| token.head += start as u32);
            start = end;
        }
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        self.pipeline.workers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Worker<'_> {
    /// Parses one text.
    #[must_use]
    pub fn parse(&mut self, text: &str) -> Doc {
        self.parse_batch(&[text]).pop().unwrap_or_default()
    }

    /// Parses one text in parts, each as if it were a text of its own: a headline is no part of the first sentence. The parts start at the
    /// tokens that hold or follow the byte offsets `starts`, which are in ascending order.
    #[must_use]
    pub fn parse_parts(&mut self, text: &str, starts: &[usize]) -> Doc {
        self.parse_all(&[(text, starts)]).pop().unwrap_or_default()
    }

    /// Parses texts, in order. Texts that are short go through the layers together.
    #[must_use]
    pub fn parse_batch(&mut self, texts: &[&str]) -> Vec<Doc> {
        let texts: Vec<(&str, &[usize])> = texts.iter().map(|&text| (text, &[][..])).collect();
        self.parse_all(&texts)
    }

    fn parse_all(&mut self, texts: &[(&str, &[usize])]) -> Vec<Doc> {
        let mut docs = Vec::with_capacity(texts.len());
        let mut at = 0;
        while at < texts.len() {
            if self.cache.trim() {
                self.neural.shared.clear();
                self.neural.of_ner.clear();
            }
            let first = at;
            let (mut drafts, mut count) = (Vec::new(), 0);
            while at < texts.len() && (drafts.is_empty() || count < BATCH_TOKENS) {
                let (text, starts) = texts[at];
                let draft = self.tokenize(text, starts);
                count += draft.raw.len();
                drafts.push(draft);
                at += 1;
            }
            self.annotate_all(&mut drafts);
            for (draft, (text, _)) in drafts.into_iter().zip(&texts[first..at]) {
                docs.push(self.finish(draft, text));
            }
        }
        docs
    }

    fn tokenize(&mut self, text: &str, starts: &[usize]) -> Draft {
        let mut raw = Vec::with_capacity(text.len() / 5);
        self.pipeline.tokenizer.tokenize(&mut self.cache, text, &mut raw);
        let types = raw.iter().map(|token| (token.lexeme, token.space_after)).collect();
        let of = |(at, raw): (usize, &RawToken)| Token {
            range: raw.range,
            space_after: raw.space_after,
            head: at as u32,
            sentence_start: at == 0,
            ..Token::default()
        };
        let tokens = raw.iter().enumerate().map(of).collect();
        let ends = self.ends(&raw, starts);
        Draft { raw, ends, types, tokens }
    }

    /// Where the parts end: where the next one starts, and inside of one that is longer than [`LONGEST`] at white space.
    fn ends(&self, raw: &[RawToken], starts: &[usize]) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut start = 0;
        let wanted = starts.iter().map(|&offset| raw.partition_point(|token| (token.range.start as usize) < offset));
        for end in wanted.chain([raw.len()]) {
            while end.saturating_sub(start) > LONGEST {
                let most = start + LONGEST;
                let line = |at: &usize| self.cache.lexicon.features(raw[*at].lexeme).is_space;
                start = (start..most).rev().find(line).map_or(most, |at| at + 1);
                ends.push(start);
            }
            if end > start {
                ends.push(end);
                start = end;
            }
        }
        ends
    }

    /// Annotates documents, short ones together.
    fn annotate_all(&mut self, drafts: &mut [Draft]) {
        if drafts.iter().all(|draft| draft.raw.len() <= LONGEST) {
            let mut stretches: Vec<Stretch<'_>> = drafts.iter_mut().flat_map(|draft| draft.stretches(0).0).collect();
            self.annotate(&mut stretches);
        } else {
            for draft in drafts.iter_mut() {
                let mut start = 0;
                while start < draft.raw.len() {
                    let (mut stretches, end) = draft.stretches(start);
                    self.annotate(&mut stretches);
                    start = end;
                }
            }
        }
        drafts.iter_mut().for_each(Draft::settle_heads);
    }

    fn annotate(&mut self, stretches: &mut [Stretch<'_>]) {
        let Self { pipeline, cache, neural, .. } = self;
        let lexicon = &cache.lexicon;
        let features = |lexeme: u32| lexicon.features(lexeme);
        let NeuralCaches { shared: shared_cache, of_ner, parser: parser_cache, ner: ner_cache, vectors, rows } = neural;
        let share = pipeline.workers.load(Ordering::Relaxed).max(1);
        if let Some(shared) = &pipeline.shared {
            shared.encode(shared_cache, share, stretches.iter().map(|stretch| stretch.types), features, vectors, rows);
            for classifier in [&pipeline.tagger, &pipeline.morphologizer].into_iter().flatten() {
                let mut tokens = stretches.iter_mut().flat_map(|stretch| stretch.tokens.iter_mut());
                classifier.layer.predict(vectors, rows, shared.width, |_, best| {
                    if let (Some(token), Some(class)) = (tokens.next(), classifier.classes.get(best)) {
                        class.set(token);
                    }
                });
            }
            if let Some(parser) = &pipeline.parser {
                parser.prepare(parser_cache, vectors, rows);
                let mut first = 0;
                for stretch in stretches.iter_mut() {
                    let raw = stretch.raw;
                    parser.parse(parser_cache, first, stretch.tokens, |at| features(raw[at].lexeme).is_space);
                    first += raw.len();
                }
            }
        }
        if let Some((tok2vec, ner)) = &pipeline.ner {
            tok2vec.encode(of_ner, share, stretches.iter().map(|stretch| stretch.types), features, vectors, rows);
            ner.prepare(ner_cache, vectors, rows);
            let mut first = 0;
            for stretch in stretches.iter_mut() {
                let raw = stretch.raw;
                ner.find(ner_cache, first, stretch.tokens, |at| features(raw[at].lexeme).is_space);
                first += raw.len();
            }
        }
    }

    fn finish(&mut self, draft: Draft, text: &str) -> Doc {
        let Draft { raw, mut tokens, .. } = draft;
        let mut given: FxHashMap<usize, &str> = FxHashMap::default();
        if let Some(ruler) = &self.pipeline.ruler {
            ruler.apply(text, &self.cache.lexicon, &raw, &mut tokens, &mut given);
        }
        let mut lemmas = String::with_capacity(text.len());
        if let Some(lemmatizer) = &self.pipeline.lemmatizer {
            for (at, token) in tokens.iter_mut().enumerate() {
                let start = lemmas.len() as u32;
                match given.get(&at) {
                    Some(lemma) => lemmas.push_str(lemma),
                    None => {
                        let orth = self.cache.lexicon.features(raw[at].lexeme).orth;
                        lemmatizer.push(&mut self.lemmas, orth, &text[token.range.to_usize()], token, &mut lemmas);
                    }
                }
                token.lemma = (start, lemmas.len() as u32);
            }
        }
        Doc::finish(text.to_owned(), tokens, lemmas)
    }
}

impl Class {
    fn set(&self, token: &mut Token) {
        let choose = |new: Label, old: Label| if new.is_none() { old } else { new };
        token.tag = choose(self.tag, token.tag);
        token.pos = choose(self.pos, token.pos);
        token.morph = choose(self.morph, token.morph);
    }
}

fn unsupported(file: &str, what: &'static str, name: &str, there_is: &str) -> LoadError {
    LoadError::Unsupported { file: file.to_owned(), what, name: name.to_owned(), supported: there_is.to_owned() }
}

fn supported(what: &'static str, name: &str, list: &[&str]) -> Result<(), LoadError> {
    if list.contains(&name) {
        return Ok(());
    }
    Err(unsupported(CONFIG, what, name, &list.join(", ")))
}

fn check_architectures(config: &Config, component: &str) -> Result<(), LoadError> {
    let model = format!("components.{component}.model");
    for section in [
        model.clone(),
        format!("{model}.tok2vec"),
        format!("{model}.tok2vec.embed"),
        format!("{model}.tok2vec.encode"),
        format!("{model}.embed"),
        format!("{model}.encode"),
    ] {
        if config.has_section(&section)
            && let Some(architecture) = config.text(&section, "@architectures")
        {
            supported("architecture", architecture, ARCHITECTURES)?;
        }
    }
    Ok(())
}

fn read_norms(package: &Package) -> Result<Norms, LoadError> {
    const FILE: &str = "vocab/lookups.bin";
    let mut norms = Norms::base();
    let tables = package.read_msgpack(FILE)?;
    for (form, norm) in crate::package::get(&tables, "lexeme_norm").and_then(rmpv::Value::as_map).into_iter().flatten() {
        let (Some(form), Some(norm)) = (form.as_u64(), norm.as_str()) else {
            return Err(LoadError::content(FILE, "a norm is no text"));
        };
        norms.by_id.insert(form, string_id(norm));
    }
    Ok(norms)
}

fn load_tagger(package: &Package, name: &str, width: usize) -> Result<Classifier, LoadError> {
    let file = format!("{name}/cfg");
    let cfg: serde_json::Value =
        serde_json::from_str(&package.read_text(&file)?).map_err(|error| LoadError::content(&file, error))?;
    let labels = cfg["labels"].as_array().ok_or_else(|| LoadError::content(&file, "no labels"))?;
    let class = |label: &serde_json::Value| Class {
        tag: Label::new(label.as_str().unwrap_or_default()),
        pos: Label::NONE,
        morph: Label::NONE,
    };
    let classes: Vec<Class> = labels.iter().map(class).collect();
    Ok(Classifier { layer: Tagger::load(package, &format!("{name}/model"), width, classes.len())?, classes })
}

fn load_morphologizer(package: &Package, name: &str, width: usize) -> Result<Classifier, LoadError> {
    let file = format!("{name}/cfg");
    let cfg: serde_json::Value =
        serde_json::from_str(&package.read_text(&file)?).map_err(|error| LoadError::content(&file, error))?;
    let labels = cfg["labels_morph"].as_object().ok_or_else(|| LoadError::content(&file, "no labels"))?;
    // A label is the morphology with the part of speech among its features; the model's classes are in the file's order.
    let classes: Vec<Class> = labels
        .iter()
        .map(|(label, morph)| {
            let pos = label.split('|').find_map(|feature| feature.strip_prefix("POS=")).unwrap_or_default();
            Class { tag: Label::NONE, pos: Label::new(pos), morph: Label::new(morph.as_str().unwrap_or_default()) }
        })
        .collect();
    Ok(Classifier { layer: Tagger::load(package, &format!("{name}/model"), width, classes.len())?, classes })
}

fn load_ner(package: &Package, config: &Config, name: &str) -> Result<(Tok2Vec, Ner), LoadError> {
    if config.text(&format!("components.{name}.model.tok2vec"), "@architectures") == Some("spacy.Tok2VecListener.v1") {
        return Err(unsupported(CONFIG, "entity recogniser that listens to", "tok2vec", "one with a tok2vec of its own"));
    }
    let file = format!("{name}/model");
    let weights = Weights::load(package, &file)?;
    let tok2vec = Tok2Vec::from_weights(&file, &weights)?;
    let ner = Ner::load(package, name, &weights, tok2vec.width)?;
    Ok((tok2vec, ner))
}

fn load_lemmatizer(package: &Package, config: &Config, lang: &str, name: &str) -> Result<Lemmatizer, LoadError> {
    let mode = config.text(&format!("components.{name}"), "mode").unwrap_or("rule");
    if mode != "rule" {
        return Err(unsupported(CONFIG, "lemmatizer mode", mode, "rule"));
    }
    if lang != "en" {
        return Err(unsupported(CONFIG, "rule lemmatizer for language", lang, "en"));
    }
    Lemmatizer::load(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registry_is_what_the_documentation_says() {
        assert_eq!(COMPONENTS, ["tok2vec", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner"]);
        assert_eq!(ARCHITECTURES.len(), 6);
    }

    #[test]
    fn err_unknown_architecture_is_named() {
        let config = Config::parse("[components.ner.model]\n@architectures = \"spacy.Transformer.v9\"\n").unwrap();
        let error = check_architectures(&config, "ner").unwrap_err().to_string();
        assert!(error.contains("`config.cfg`: architecture `spacy.Transformer.v9` is not supported"), "{error}");
    }
}
