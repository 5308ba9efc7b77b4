//! Finds attributions over the parse.

use std::cell::OnceCell;

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Act, QuoteKind, SourceKind};

use super::learned::{self, Seen};
use super::lexicon::{Entry, Rules};
use super::quotes::{self, Quotation};
use super::{Attributions, Said};

/// Nothing looks further up or down the tree than this.
pub(super) const DEPTH: usize = 24;

pub(in crate::attribution) struct Finder<'a> {
    pub(super) rules: &'a Rules,
    pub(super) doc: &'a Doc,
    pub(super) quotations: Vec<Quotation>,
    pub(super) all: Vec<Said>,
    /// The last *we* that stands in no quotation, and the end of the last long quotation; found when first asked for.
    pub(super) voices: OnceCell<(Option<usize>, usize)>,
}

/// All attributions of the document: what the rules find, and what the models make of it.
#[must_use]
pub fn find(rules: &Rules, doc: &Doc) -> Attributions {
    let mut finder = by_rules(rules, doc);
    let found = finder.finish();
    let Some(models) = rules.models.as_ref() else { return found };
    let seen = Seen::new(&finder, rules, doc, &found);
    let scores = seen.scores(models);
    let judged = seen.judge(models, &scores);
    finder.all = learned::merge(&finder, found.all, judged, &scores);
    finder.finish()
}

/// The finder when it has been over the whole document.
fn by_rules<'a>(rules: &'a Rules, doc: &'a Doc) -> Finder<'a> {
    let mut finder = Finder { rules, doc, quotations: quotes::find(doc), all: Vec::new(), voices: OnceCell::new() };
    for at in 0..doc.len() {
        match doc.pos(at).as_str() {
            "VERB" | "AUX" => finder.verb(at),
            "NOUN" => finder.noun(at),
            "ADJ" => finder.adjective(at),
            "ADV" => finder.adverb(at),
            _ => {}
        }
        finder.phrase(at);
        finder.colon(at);
    }
    finder.orphans();
    finder
}

/// Hands the document to `use_of` as the models see it, with what the rules made of it.
pub fn see<T>(rules: &Rules, doc: &Doc, use_of: impl FnOnce(&Seen<'_>) -> T) -> T {
    let mut finder = by_rules(rules, doc);
    let found = finder.finish();
    use_of(&Seen::new(&finder, rules, doc, &found))
}

impl Finder<'_> {
    fn verb(&mut self, at: usize) {
        let doc = self.doc;
        // *…, quoting an official*: a phrase of its own.
        if doc.tag(at) == "VBG" && self.rules.phrases.iter().any(|(words, _)| words.len() == 1 && words[0] == doc.word(at)) {
            return;
        }
        let entry = self.verb_entry(at);
        let passive = is_passive(doc, at) && !entry.is_some_and(|entry| self.is_misread(at, entry));
        if let Some(said) = entry.and_then(|entry| self.passive_report(at, entry)) {
            self.all.push(said);
            return;
        }
        let plain = entry.and_then(|entry| Some((entry, self.content(at, entry, passive)?)));
        let attitudes = self.rules.attitudes.get(doc.lemma(at)).into_iter().flatten();
        let found = plain.or_else(|| attitudes.into_iter().find_map(|entry| Some((entry, self.content(at, entry, passive)?))));
        let Some((entry, (mut content, rule))) = found else { return };
        let (source_head, negated) = (self.source_of(at, passive), doc.child(at, "neg").is_some());
        let cue = self.cue(at);
        let mut source = source_head.map(|head| self.phrase_of(head));
        if self.is_misread(at, entry)
            && let Some(source) = &mut source
        {
            source.end = at;
        }
        // The source is never part of what it says.
        if let Some(source) = source {
            content.retain(|run| !source.covers(*run));
            if rule == "parenthesis" {
                content = content.into_iter().flat_map(|run| cut(run, source)).collect();
            }
        }
        content = content.into_iter().flat_map(|run| cut(run, cue)).collect();
        self.widen(&mut content, cue, source);
        if content.is_empty() {
            return;
        }
        let why = format!("attribution: {} + {rule}{}", doc.lemma(at), if negated { ", negated" } else { "" });
        let opinion = entry.opinion;
        let source_head = source_head.filter(|_| rule != "seeming");
        self.push(source_head, cue, at, entry.act, content, why);
        if let Some(said) = self.all.last_mut() {
            said.opinion = opinion;
        }
    }

    /// The lexicon's entry of a verb, with its particle if there is one.
    fn verb_entry(&self, at: usize) -> Option<&Entry> {
        let (doc, lemma) = (self.doc, self.doc.lemma(at));
        let particle = doc.children(at).find(|&child| doc.dep(child) == "prt" || (doc.dep(child) == "prep" && child == at + 1));
        let with_particle = particle.and_then(|particle| self.rules.verbs.get(&format!("{lemma} {}", doc.lemma(particle))));
        with_particle.or_else(|| self.rules.verbs.get(lemma))
    }

    /// *X is said to have left*, *it is reported that*: nobody is named, or only behind *by*.
    fn passive_report(&self, at: usize, entry: &Entry) -> Option<Said> {
        let doc = self.doc;
        if !is_passive(doc, at)
            || !(entry.frames.clause || entry.frames.infinitive)
            || matches!(entry.act, Act::Accuse | Act::Demand | Act::Ask | Act::Want)
        {
            return None;
        }
        let subject = doc.children(at).find(|&child| matches!(doc.dep(child).as_str(), "nsubjpass" | "expl" | "nsubj"));
        let clause =
            doc.children(at).find(|&child| matches!(doc.dep(child).as_str(), "xcomp" | "ccomp" | "oprd") && child > at)?;
        let content = match doc.dep(clause).as_str() {
            "ccomp" if subject.is_none_or(|subject| doc.lemma(subject) != "it" && doc.lemma(subject) != "there") => return None,
            "ccomp" => vec![doc.subtree(clause)],
            // *is believed to be held*: the subject belongs to what is believed.
            _ => subject
                .into_iter()
                .filter(|&subject| doc.dep(subject) == "nsubjpass")
                .map(|subject| doc.subtree(subject))
                .chain([doc.subtree(clause)])
                .collect(),
        };
        let agent = self.agent_of(at);
        Some(Said {
            source: agent.map(|head| self.phrase_of(head)),
            source_head: agent,
            kind: agent.map_or(SourceKind::Unnamed, |head| self.kind(head)),
            cue: Some(self.cue(at)),
            cue_head: Some(at),
            act: if entry.act == Act::Say { Act::Reportedly } else { entry.act },
            content,
            quote: Some(QuoteKind::Indirect),
            outer: None,
            hearsay: agent.is_none(),
            opinion: false,
            listed: true,
            marked: None,
            why: format!("attribution: passive {}", doc.lemma(at)),
        })
    }

    /// A noun that attributes: *the claim that*, *X's warning of*, *reports of*.
    fn noun(&mut self, at: usize) {
        let (rules, doc) = (self.rules, self.doc);
        let Some(entry) = rules.nouns.get(doc.lemma(at)) else { return };
        let clause = doc.children(at).find(|&child| {
            let that = doc.children(child).any(|mark| doc.dep(mark) == "mark" && matches!(doc.lemma(mark), "that" | "whether"));
            let infinitive = doc.children(child).any(|aux| doc.tag(aux) == "TO");
            matches!(doc.dep(child).as_str(), "acl" | "ccomp" | "relcl")
                && child > at
                && ((that && doc.dep(child) != "relcl") || (infinitive && entry.frames.infinitive))
        });
        let preposition = || {
            let of = doc
                .children(at)
                .find(|&child| doc.dep(child) == "prep" && entry.frames.prepositions.iter().any(|of| of == doc.lemma(child)))?;
            doc.children(of).find(|&inner| matches!(doc.dep(inner).as_str(), "pobj" | "pcomp"))
        };
        let Some(content) = clause.or_else(preposition) else { return };
        let possessor = doc.child(at, "poss");
        let by = doc
            .children(at)
            .filter(|&child| doc.dep(child) == "prep" && matches!(doc.lemma(child), "by" | "from"))
            .find_map(|prep| doc.child(prep, "pobj"));
        // *made the claim that*, *issued a warning that*: the verb's subject.
        let verb = doc.head(at);
        let light = doc.dep(at) == "dobj"
            && matches!(
                doc.lemma(verb),
                "make" | "issue" | "give" | "have" | "express" | "voice" | "raise" | "repeat" | "deliver" | "offer"
            );
        let subject = light.then(|| self.source_of(verb, false)).flatten();
        let source = possessor.or(by).or(subject);
        let content = vec![trim(doc, doc.subtree(content))];
        let why = format!("attribution: noun {}", doc.lemma(at));
        self.push(source, TokenRange::single(at), at, entry.act, content, why);
    }

    /// *is confident that*.
    fn adjective(&mut self, at: usize) {
        let (rules, doc) = (self.rules, self.doc);
        if doc.dep(at) == "amod"
            && let Some(entry) = rules.attributives.get(doc.lemma(at))
        {
            let noun = doc.head(at);
            self.hearsay(at, entry, doc.subtree(noun));
            return;
        }
        let Some(entry) = rules.adjectives.get(doc.lemma(at)) else { return };
        let Some(clause) = doc.children(at).find(|&child| matches!(doc.dep(child).as_str(), "ccomp" | "xcomp") && child > at)
        else {
            return;
        };
        let verb = doc.head(at);
        if doc.dep(at) != "acomp" {
            return;
        }
        let Some(subject) = doc.child(verb, "nsubj").filter(|&subject| !matches!(doc.lemma(subject), "it" | "that" | "this"))
        else {
            return;
        };
        let content = vec![trim(doc, doc.subtree(clause))];
        let cue = TokenRange::new(verb.min(at), verb.max(at) + 1);
        self.push(Some(subject), cue, at, entry.act, content, format!("attribution: adjective {}", doc.lemma(at)));
    }

    fn adverb(&mut self, at: usize) {
        let (rules, doc) = (self.rules, self.doc);
        let Some(entry) = rules.adverbs.get(&doc.word(at).to_lowercase()) else { return };
        let head = doc.head(at);
        if head == at {
            return;
        }
        self.hearsay(at, entry, doc.subtree(head));
    }

    fn hearsay(&mut self, at: usize, entry: &Entry, content: TokenRange) {
        let content = cut(trim(self.doc, content), TokenRange::single(at));
        self.all.push(Said {
            source: None,
            source_head: None,
            kind: SourceKind::Unnamed,
            cue: Some(TokenRange::single(at)),
            cue_head: Some(at),
            act: entry.act,
            content,
            quote: None,
            outer: None,
            hearsay: true,
            opinion: false,
            listed: true,
            marked: None,
            why: format!("hearsay: {}", self.doc.lemma(at)),
        });
    }

    /// *according to the police*.
    fn phrase(&mut self, at: usize) {
        let (rules, doc) = (self.rules, self.doc);
        let word = doc.word(at).to_lowercase();
        for (words, entry) in rules.phrases.iter().filter(|(words, _)| words[0] == word) {
            let end = at + words.len();
            if end >= doc.len() || !words.iter().enumerate().all(|(i, word)| doc.word(at + i).to_lowercase() == *word) {
                continue;
            }
            let last = end - 1;
            let object = doc.children(last).find(|&child| matches!(doc.dep(child).as_str(), "pobj" | "dobj") && child > last);
            let object = object
                .or_else(|| doc.children(at).find(|&child| matches!(doc.dep(child).as_str(), "pobj" | "dobj") && child > last));
            let Some(object) = object else { continue };
            let mut head = doc.head(at);
            // Up to the verb of the clause that the phrase stands in.
            for _ in 0..DEPTH {
                if doc.is_root(head) || matches!(doc.pos(head).as_str(), "VERB" | "AUX") {
                    break;
                }
                head = doc.head(head);
            }
            let source = self.phrase_of(object);
            let cue = TokenRange::new(at, end);
            let whole = TokenRange::new(cue.start.min(source.start), source.end);
            // *…, the agency reported, quoting an official*: the official's words, told by the agency.
            let told = self.all.iter_mut().rev().take(4).find(|said| {
                said.cue_head.is_some_and(|cue| cue < at && doc.sentence_of(cue) == doc.sentence_of(at))
                    && (said.cue_head == Some(head) || said.content.iter().any(|run| run.contains(head)))
            });
            let clause = match told.filter(|_| words.len() == 1) {
                Some(said) => {
                    let told = said.content.clone();
                    said.content.push(whole);
                    normalise(&mut said.content);
                    told
                }
                None => vec![self.clause(head)],
            };
            let content = clause.into_iter().flat_map(|run| cut(run, whole));
            let mut content: Vec<TokenRange> = content.map(|run| trim(doc, run)).filter(|run| !run.is_empty()).collect();
            self.widen(&mut content, cue, Some(source));
            if !content.is_empty() {
                self.push(Some(object), cue, at, entry.act, content, format!("attribution: {}", words.join(" ")));
            }
            return;
        }
    }

    /// *Minister: We hold the town* at the start of a line, as headlines and transcripts do.
    fn colon(&mut self, at: usize) {
        let doc = self.doc;
        if doc.word(at) != ":" || at == 0 {
            return;
        }
        let mut start = at;
        while start > 0 && at - start < 8 && !doc.word(start - 1).contains('\n') {
            start -= 1;
        }
        let line_start = start == 0 || doc.word(start - 1).contains('\n');
        let speaker = TokenRange::new(start, at);
        let bracket = speaker.indices().any(|i| doc.word(i) == "(") && !speaker.indices().any(|i| doc.word(i) == ")");
        let name = line_start
            && !bracket
            && !speaker.is_empty()
            && speaker.indices().all(|i| matches!(doc.pos(i).as_str(), "PROPN" | "PUNCT" | "ADP" | "DET") && doc.word(i) != ",");
        let quoted = quotes::within(&self.quotations, TokenRange::single(at + 1))
            .first()
            .map(|quotation| quotation.tokens)
            .filter(|tokens| tokens.start == at + 1);
        if !name || doc.entity_at(start).is_none_or(|entity| !matches!(entity.label.as_str(), "PERSON" | "ORG" | "GPE" | "NORP"))
        {
            return;
        }
        let mut end = at + 1;
        while end < doc.len() && !doc.word(end).contains('\n') {
            end += 1;
        }
        let content = vec![quoted.unwrap_or_else(|| trim(doc, TokenRange::new(at + 1, end)))];
        if !content[0].is_empty() {
            let head = speaker.indices().find(|&i| !speaker.contains(doc.head(i)) || doc.is_root(i)).unwrap_or(start);
            self.push(Some(head), TokenRange::single(at), at, Act::Say, content, "attribution: colon".to_owned());
        }
    }

    fn push(
        &mut self,
        source_head: Option<usize>,
        cue: TokenRange,
        cue_head: usize,
        act: Act,
        content: Vec<TokenRange>,
        why: String,
    ) {
        let kind = source_head.map_or(SourceKind::Unnamed, |head| self.kind(head));
        self.all.push(Said {
            source: source_head.map(|head| self.phrase_of(head)),
            source_head,
            kind,
            cue: Some(cue),
            cue_head: Some(cue_head),
            act,
            content,
            quote: None,
            outer: None,
            hearsay: false,
            opinion: false,
            listed: true,
            marked: None,
            why,
        });
    }

    /// Quotations of whole sentences that nobody has yet belong to who spoke last, in the same or the paragraph before.
    fn orphans(&mut self) {
        let mut attributed = vec![false; self.doc.len()];
        let mut ends = std::collections::BTreeMap::new();
        for (id, said) in self.all.iter().enumerate() {
            for run in &said.content {
                attributed[run.start..run.end].fill(true);
            }
            if !said.hearsay
                && said.source.is_some()
                && let Some(cue) = said.cue
            {
                ends.insert(said.content.last().map_or(0, |run| run.end).max(cue.end), id);
            }
        }
        for at in 0..self.quotations.len() {
            let tokens = self.quotations[at].tokens;
            if tokens.len() < 6 || attributed[tokens.start..tokens.end].contains(&true) {
                continue;
            }
            let first = self.doc.sentences()[self.doc.sentence_of(tokens.start)];
            if first.start + 1 < tokens.start || !self.is_whole(tokens) {
                continue;
            }
            if let Some((&end, &nearest)) = ends.range(..=tokens.start).next_back()
                && tokens.start - end <= 60
            {
                self.all[nearest].content.push(tokens);
                normalise(&mut self.all[nearest].content);
                ends.insert(tokens.end, nearest);
            }
        }
    }

    fn finish(&mut self) -> Attributions {
        let mut all = std::mem::take(&mut self.all);
        for said in &mut all {
            said.content = said.content.iter().map(|run| trim_spaces(self.doc, *run)).filter(|run| !run.is_empty()).collect();
            if said.hearsay {
                continue;
            }
            let words = |run: TokenRange| run.indices().filter(|&at| !matches!(self.doc.pos(at).as_str(), "PUNCT" | "SPACE"));
            let quoted = |at: usize| !quotes::within(&self.quotations, TokenRange::single(at)).is_empty();
            let (mut inside, mut all) = (0, 0);
            for run in &said.content {
                all += words(*run).count();
                inside += words(*run).filter(|&at| quoted(at)).count();
            }
            // A quotation around the whole sentence, cue and all, is somebody else's.
            let outer = said.cue_head.is_some_and(quoted);
            said.quote = Some(match inside {
                0 => QuoteKind::Indirect,
                _ if outer => QuoteKind::Indirect,
                inside if inside == all => QuoteKind::Direct,
                _ => QuoteKind::Mixed,
            });
        }
        all.retain(|said| !said.content.is_empty());
        all.sort_by_key(|said| {
            (said.content[0].start, std::cmp::Reverse(said.content.iter().map(|run| run.len()).sum::<usize>()))
        });
        // The nearest attribution around a cue is the one outside it. Contents nest or stand apart, so a stack of open ones will do.
        let mut stack: Vec<usize> = Vec::new();
        for at in 0..all.len() {
            let start = all[at].content[0].start;
            stack.retain(|&open| all[open].content.last().is_some_and(|run| run.end > start));
            let cue = all[at].cue_head;
            let outer = stack
                .iter()
                .rev()
                .copied()
                .find(|&open| cue.is_some_and(|cue| all[open].content.iter().any(|run| run.contains(cue))));
            all[at].outer = outer;
            stack.push(at);
        }
        Attributions::new(all)
    }
}

/// The verb is in the passive.
pub(crate) fn is_passive(doc: &Doc, verb: usize) -> bool {
    doc.children(verb).any(|child| matches!(doc.dep(child).as_str(), "auxpass" | "nsubjpass" | "csubjpass"))
        || (doc.tag(verb) == "VBN"
            && matches!(doc.dep(verb).as_str(), "acl")
            && doc.children(verb).all(|child| doc.dep(child) != "dobj"))
}

pub(super) fn overlap(a: TokenRange, b: TokenRange) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// What is left of `range` without `hole`.
pub(super) fn cut(range: TokenRange, hole: TokenRange) -> Vec<TokenRange> {
    if !range.overlaps(hole) {
        return vec![range];
    }
    let parts = [(range.start, hole.start.max(range.start)), (hole.end.min(range.end), range.end)];
    parts.into_iter().filter(|(start, end)| start < end).map(|(start, end)| TokenRange::new(start, end)).collect()
}

/// Sorted, and joined where they touch.
pub(super) fn normalise(runs: &mut Vec<TokenRange>) {
    runs.sort();
    let mut out: Vec<TokenRange> = Vec::new();
    for run in runs.drain(..) {
        match out.last_mut() {
            Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
            _ => out.push(run),
        }
    }
    *runs = out;
}

pub(super) fn trim_spaces(doc: &Doc, mut range: TokenRange) -> TokenRange {
    while !range.is_empty() && doc.pos(range.start) == "SPACE" {
        range.start += 1;
    }
    while !range.is_empty() && doc.pos(range.end - 1) == "SPACE" {
        range.end -= 1;
    }
    range
}

/// Without commas, full stops and white space at the edges; quotation marks and brackets stay.
pub(super) fn trim(doc: &Doc, mut range: TokenRange) -> TokenRange {
    let loose = |at: usize| doc.pos(at) == "SPACE" || matches!(doc.word(at), "," | "." | ";" | ":" | "—" | "–" | "-");
    while !range.is_empty() && loose(range.start) {
        range.start += 1;
    }
    range.end = trim_end(doc, range);
    range
}

pub(super) fn trim_end(doc: &Doc, range: TokenRange) -> usize {
    let loose = |at: usize| doc.pos(at) == "SPACE" || matches!(doc.word(at), "," | "." | ";" | ":" | "—" | "–" | "-");
    let mut end = range.end;
    while end > range.start && loose(end - 1) {
        end -= 1;
    }
    end
}
