//! spaCy's rule tokenizer, as its compiled version does it.
//!
//! A text is cut at white space; each piece between is looked up among the exceptions, then stripped of prefixes and suffixes, kept
//! whole when it is a URL, and split at infixes. Last, exceptions that affix rules tore apart are put together again over tokens.
//! Tokens and the white space between them give back the text, byte for byte. Pieces seen before come from a cache.

mod pattern;

use dateline_text::ByteRange;
use rustc_hash::FxHashMap;

use crate::lexeme::{Lexicon, Norms, is_space};
use crate::package::{LoadError, Package, get};
use crate::strings::string_id;
use pattern::{Matcher, Searcher};

const FILE: &str = "tokenizer";

/// Bounds of the caches of one worker; when one is passed, all are cleared between two documents.
const MAX_CHUNKS: usize = 150_000;
const MAX_TYPES: usize = 150_000;
/// Longer pieces are not worth remembering.
const MAX_CACHED_CHUNK: usize = 64;

/// A token as the tokenizer leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawToken {
    /// Its type in the worker's [`Lexicon`].
    pub(crate) lexeme: u32,
    pub(crate) range: ByteRange,
    pub(crate) space_after: bool,
}

/// The rules; shared by all workers.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    prefix: Option<Searcher>,
    suffix: Option<Searcher>,
    infix: Option<Searcher>,
    token_match: Option<Matcher>,
    url_match: Option<Matcher>,
    exceptions: FxHashMap<Box<str>, Vec<Part>>,
    /// Exceptions by the first of the tokens that the affix rules alone make of them.
    torn: FxHashMap<Box<str>, Vec<Torn>>,
    norms: Norms,
}

/// One token of an exception.
#[derive(Debug)]
struct Part {
    form: Box<str>,
    norm: Option<u64>,
}

#[derive(Debug)]
struct Torn {
    forms: Vec<Box<str>>,
}

/// What one worker remembers.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub(crate) lexicon: Lexicon,
    chunks: FxHashMap<Box<str>, (u32, u32)>,
    pieces: Vec<Piece>,
    scratch: Vec<Piece>,
}

/// A token of a piece of text: how many bytes, of which type.
#[derive(Clone, Copy, Debug)]
struct Piece {
    len: u32,
    lexeme: u32,
}

impl Cache {
    /// Call between documents; true when ids given before are void now.
    pub(crate) fn trim(&mut self) -> bool {
        let full = self.chunks.len() > MAX_CHUNKS || self.lexicon.len() > MAX_TYPES;
        if full {
            self.lexicon.clear();
            self.chunks.clear();
            self.pieces.clear();
        }
        full
    }
}

impl Tokenizer {
    pub(crate) fn load(package: &Package, norms: Norms) -> Result<Self, LoadError> {
        let rules = package.read_msgpack(FILE)?;
        let text = |key: &str| get(&rules, key).and_then(rmpv::Value::as_str).filter(|pattern| !pattern.is_empty());
        let searcher = |key: &str| text(key).map(|pattern| Searcher::new(FILE, key, pattern)).transpose();
        let matcher = |key: &str| text(key).map(|pattern| Matcher::new(FILE, key, pattern)).transpose();
        let mut tokenizer = Self {
            prefix: searcher("prefix_search")?,
            suffix: searcher("suffix_search")?,
            infix: searcher("infix_finditer")?,
            token_match: matcher("token_match")?,
            url_match: matcher("url_match")?,
            exceptions: FxHashMap::default(),
            torn: FxHashMap::default(),
            norms,
        };
        let faster = get(&rules, "faster_heuristics").and_then(rmpv::Value::as_bool).unwrap_or(true);
        let exceptions =
            get(&rules, "exceptions").and_then(rmpv::Value::as_map).ok_or_else(|| LoadError::content(FILE, "no `exceptions`"))?;
        for (form, parts) in exceptions {
            let (Some(form), Some(parts)) = (form.as_str(), parts.as_array()) else {
                return Err(LoadError::content(FILE, "an exception is no list of tokens"));
            };
            let parts = parts.iter().map(part).collect::<Option<Vec<Part>>>();
            let parts = parts.filter(|parts| parts.iter().flat_map(|part| part.form.chars()).eq(form.chars()));
            let parts =
                parts.ok_or_else(|| LoadError::content(FILE, format_args!("exception `{form}` is not made of its tokens")))?;
            tokenizer.exceptions.insert(form.into(), parts);
        }
        let mut cache = Cache::default();
        let mut torn: Vec<(&str, Vec<Box<str>>)> = Vec::new();
        for form in tokenizer.exceptions.keys().filter(|form| !form.is_empty()) {
            if !faster
                || form.contains(' ')
                || [&tokenizer.prefix, &tokenizer.suffix, &tokenizer.infix].iter().any(|rule| finds(rule, form))
            {
                let mut tokens = Vec::new();
                tokenizer.affixes(&mut cache, form, false, &mut tokens);
                torn.push((form, tokens.iter().map(|token| form[token.range.to_usize()].into()).collect()));
            }
        }
        let mut by_first: FxHashMap<Box<str>, Vec<Torn>> = FxHashMap::default();
        for (_, forms) in torn {
            if let Some(first) = forms.first() {
                by_first.entry(first.clone()).or_default().push(Torn { forms });
            }
        }
        tokenizer.torn = by_first;
        Ok(tokenizer)
    }

    /// The tokens of `text`, appended to `tokens`.
    pub(crate) fn tokenize(&self, cache: &mut Cache, text: &str, tokens: &mut Vec<RawToken>) {
        let first = tokens.len();
        self.affixes(cache, text, true, tokens);
        self.mend(cache, text, tokens, first);
    }

    fn affixes(&self, cache: &mut Cache, text: &str, with_exceptions: bool, tokens: &mut Vec<RawToken>) {
        let Some(first) = text.chars().next() else { return };
        let mut in_space = is_space(first);
        let mut start = 0;
        for (at, c) in text.char_indices() {
            let space = if c.is_ascii() { matches!(c, ' ' | '\t'..='\r' | '\x1c'..='\x1f') } else { is_space(c) };
            if space == in_space {
                continue;
            }
            if start < at {
                self.chunk(cache, text, start, at, with_exceptions, tokens);
            }
            if c == ' ' {
                if let Some(last) = tokens.last_mut() {
                    last.space_after = true;
                }
                start = at + 1;
            } else {
                start = at;
            }
            in_space = !in_space;
        }
        if start < text.len() {
            self.chunk(cache, text, start, text.len(), with_exceptions, tokens);
        }
    }

    /// Tokens of one piece between (or of) white space.
    fn chunk(&self, cache: &mut Cache, text: &str, start: usize, end: usize, with_exceptions: bool, tokens: &mut Vec<RawToken>) {
        let chunk = &text[start..end];
        let mut at = start;
        let mut push = |piece: &Piece| {
            let range = ByteRange::new(at, at + piece.len as usize);
            tokens.push(RawToken { lexeme: piece.lexeme, range, space_after: false });
            at += piece.len as usize;
        };
        if with_exceptions && let Some(&(from, count)) = cache.chunks.get(chunk) {
            cache.pieces[from as usize..(from + count) as usize].iter().for_each(&mut push);
            return;
        }
        let mut pieces = std::mem::take(&mut cache.scratch);
        pieces.clear();
        self.split(&mut cache.lexicon, chunk, with_exceptions, &mut pieces);
        pieces.iter().for_each(&mut push);
        if with_exceptions && chunk.len() <= MAX_CACHED_CHUNK {
            cache.chunks.insert(chunk.into(), (cache.pieces.len() as u32, pieces.len() as u32));
            cache.pieces.extend_from_slice(&pieces);
        }
        cache.scratch = pieces;
    }

    fn split(&self, lexicon: &mut Lexicon, chunk: &str, with_exceptions: bool, out: &mut Vec<Piece>) {
        let exception = |form: &str| with_exceptions.then(|| self.exceptions.get(form)).flatten();
        if let Some(parts) = exception(chunk) {
            return self.push_parts(lexicon, parts, out);
        }
        let push = |lexicon: &mut Lexicon, form: &str, out: &mut Vec<Piece>| {
            out.push(Piece { len: form.len() as u32, lexeme: lexicon.get(&self.norms, form) });
        };
        let (mut rest, mut suffixes, mut last_len) = (chunk, Vec::new(), 0);
        while !rest.is_empty() && rest.len() != last_len {
            if self.token_match.as_ref().is_some_and(|rule| rule.matches(rest)) || exception(rest).is_some() {
                break;
            }
            last_len = rest.len();
            let prefix = self.prefix.as_ref().and_then(|rule| rule.find(rest, 0)).map_or(0, |(start, end)| end - start);
            let without_prefix = &rest[floor(rest, prefix)..];
            let prefix = rest.len() - without_prefix.len();
            if prefix > 0 && !without_prefix.is_empty() && exception(without_prefix).is_some() {
                push(lexicon, &rest[..prefix], out);
                rest = without_prefix;
                break;
            }
            let suffix = self.suffix.as_ref().and_then(|rule| rule.find(without_prefix, 0)).map_or(0, |(start, end)| end - start);
            let cut = floor(rest, rest.len() - suffix);
            let suffix = rest.len() - cut;
            if suffix > 0 && cut > 0 && exception(&rest[..cut]).is_some() {
                suffixes.push(&rest[cut..]);
                rest = &rest[..cut];
                break;
            }
            if prefix > 0 && suffix > 0 && prefix + suffix <= rest.len() {
                push(lexicon, &rest[..prefix], out);
                suffixes.push(&rest[cut..]);
                rest = &rest[prefix..cut];
            } else if prefix > 0 {
                push(lexicon, &rest[..prefix], out);
                rest = without_prefix;
            } else if suffix > 0 {
                suffixes.push(&rest[cut..]);
                rest = &rest[..cut];
            }
        }
        if !rest.is_empty() {
            let whole = |rule: &Option<Matcher>| rule.as_ref().is_some_and(|rule| rule.matches(rest));
            if let Some(parts) = exception(rest) {
                self.push_parts(lexicon, parts, out);
            } else if whole(&self.token_match) || whole(&self.url_match) {
                push(lexicon, rest, out);
            } else {
                let (mut start, mut from) = (0, 0);
                while let Some((infix_start, infix_end)) = self.infix.as_ref().and_then(|rule| rule.find(rest, from)) {
                    from = if infix_end > infix_start { infix_end } else { ceil(rest, infix_end + 1) };
                    // An infix at the very start is a prefix that the prefix rules left alone.
                    if infix_start == 0 {
                        if from > rest.len() {
                            break;
                        }
                        continue;
                    }
                    if infix_start != start {
                        push(lexicon, &rest[start..infix_start], out);
                    }
                    if infix_end > infix_start {
                        push(lexicon, &rest[infix_start..infix_end], out);
                    }
                    start = infix_end;
                    if from > rest.len() {
                        break;
                    }
                }
                if start < rest.len() {
                    push(lexicon, &rest[start..], out);
                }
            }
        }
        for suffix in suffixes.into_iter().rev() {
            push(lexicon, suffix, out);
        }
    }

    fn push_parts(&self, lexicon: &mut Lexicon, parts: &[Part], out: &mut Vec<Piece>) {
        for part in parts {
            let lexeme = match part.norm {
                Some(norm) => lexicon.get_with_norm(&self.norms, &part.form, norm),
                None => lexicon.get(&self.norms, &part.form),
            };
            out.push(Piece { len: part.form.len() as u32, lexeme });
        }
    }

    /// Puts exceptions together again that affix rules tore apart: the longest first, then the first, never overlapping.
    fn mend(&self, cache: &mut Cache, text: &str, tokens: &mut Vec<RawToken>, first: usize) {
        let mut found: Vec<(usize, usize)> = Vec::new();
        for at in first..tokens.len() {
            let Some(candidates) = self.torn.get(&text[tokens[at].range.to_usize()]) else { continue };
            for torn in candidates {
                let end = at + torn.forms.len();
                if end <= tokens.len()
                    && torn.forms.iter().zip(&tokens[at..end]).all(|(form, token)| text[token.range.to_usize()] == **form)
                {
                    found.push((at, end));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        found.sort_by_key(|&(start, end)| (std::cmp::Reverse(end - start), start));
        let mut seen = rustc_hash::FxHashSet::default();
        found.retain(|&(start, end)| {
            let free = !seen.contains(&start) && !seen.contains(&(end - 1));
            seen.extend(start..end);
            free
        });
        found.sort_unstable();
        let mut spans = found.into_iter().peekable();
        let old: Vec<RawToken> = tokens.drain(first..).collect();
        let mut at = first;
        while at < first + old.len() {
            let Some((start, end)) = spans.next_if(|&(start, _)| start == at) else {
                tokens.push(old[at - first]);
                at += 1;
                continue;
            };
            let (head, last) = (&old[start - first], &old[end - 1 - first]);
            let range = head.range.cover(last.range);
            if let Some(parts) = self.exceptions.get(&text[range.to_usize()]) {
                let mut pieces = std::mem::take(&mut cache.scratch);
                pieces.clear();
                self.push_parts(&mut cache.lexicon, parts, &mut pieces);
                let mut byte = range.start as usize;
                for piece in &pieces {
                    let range = ByteRange::new(byte, byte + piece.len as usize);
                    tokens.push(RawToken { lexeme: piece.lexeme, range, space_after: false });
                    byte += piece.len as usize;
                }
                if let Some(token) = tokens.last_mut() {
                    token.space_after = last.space_after;
                }
                cache.scratch = pieces;
            } else {
                tokens.extend_from_slice(&old[start - first..end - first]);
            }
            at = end;
        }
    }
}

fn finds(rule: &Option<Searcher>, text: &str) -> bool {
    rule.as_ref().is_some_and(|rule| rule.find(text, 0).is_some_and(|(start, end)| end > start))
}

/// `{65: ORTH, 67: NORM}`: the numbers are spaCy's attribute ids.
fn part(value: &rmpv::Value) -> Option<Part> {
    let (mut form, mut norm) = (None, None);
    for (key, value) in value.as_map()? {
        match key.as_u64()? {
            65 => form = Some(value.as_str()?.into()),
            67 => norm = Some(string_id(value.as_str()?)),
            _ => return None,
        }
    }
    Some(Part { form: form?, norm })
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
