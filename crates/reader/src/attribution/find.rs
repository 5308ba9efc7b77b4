//! Finds attributions over the parse.

use dateline_nlp::{Doc, TokenRange};
use dateline_record::{Act, QuoteKind, SourceKind};

use super::lexicon::{Entry, Rules};
use super::quotes::{self, Quotation};
use super::{Attributions, Said};

/// Nothing looks further up or down the tree than this.
const DEPTH: usize = 24;

struct Finder<'a> {
    rules: &'a Rules,
    doc: &'a Doc,
    quotations: Vec<Quotation>,
    all: Vec<Said>,
}

/// All attributions of the document.
#[must_use]
pub fn find(rules: &Rules, doc: &Doc) -> Attributions {
    let mut finder = Finder { rules, doc, quotations: quotes::find(doc), all: Vec::new() };
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
    finder.finish()
}

impl Finder<'_> {
    fn verb(&mut self, at: usize) {
        let doc = self.doc;
        let passive = is_passive(doc, at);
        let entry = self.verb_entry(at);
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
        let source = source_head.map(|head| self.phrase_of(head));
        // The source is never part of what it says.
        if let Some(source) = source {
            content.retain(|run| !source.covers(*run));
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
            why: format!("attribution: passive {}", doc.lemma(at)),
        })
    }

    /// What a verb's frame holds, with the name of the frame.
    fn content(&self, at: usize, entry: &Entry, passive: bool) -> Option<(Vec<TokenRange>, &'static str)> {
        let doc = self.doc;
        let frames = &entry.frames;
        let mut clauses: Vec<usize> = Vec::new();
        for child in doc.children(at) {
            let dep = doc.dep(child);
            let infinitive = dep == "xcomp" && (doc.tag(child) == "VB" || doc.children(child).any(|aux| doc.tag(aux) == "TO"));
            if (dep == "ccomp" && frames.clause) || (infinitive && frames.infinitive) || (dep == "ccomp" && frames.infinitive) {
                clauses.push(child);
            } else if dep == "prep" && frames.prepositions.iter().any(|of| of == doc.lemma(child)) {
                let complement = doc.children(child).find(|&inner| matches!(doc.dep(inner).as_str(), "pobj" | "pcomp"));
                if let Some(complement) = complement {
                    // *accused the rebels of shelling*: the accused belong to what is said of them.
                    let object = doc.child(at, "dobj").filter(|&object| entry.act == Act::Accuse && object < child);
                    let start = object.map_or(doc.subtree(complement).start, |object| doc.subtree(object).start);
                    return Some((vec![TokenRange::new(start, doc.subtree(complement).end)], "preposition"));
                }
            } else if dep == "dobj" && entry.act == Act::Accuse && !frames.object {
                // The preposition may hang on the accused: *accused the rebels of shelling*.
                let of = doc
                    .children(child)
                    .find(|&inner| doc.dep(inner) == "prep" && frames.prepositions.iter().any(|of| of == doc.lemma(inner)));
                if of.is_some() {
                    return Some((vec![doc.subtree(child)], "preposition"));
                }
            } else if dep == "prep" && doc.lemma(child) == "as" {
                // *quoted the army as saying*: what the inner verb governs is found there; the outer one holds it all.
                if let Some(inner) = doc.child(child, "pcomp") {
                    return Some((vec![doc.subtree(inner)], "as"));
                }
            }
        }
        if frames.predicate
            && let Some(content) = self.predicate(at)
        {
            return Some((content, "predicate"));
        }
        if frames.seeming
            && let Some(clause) = doc.children(at).find(|&child| matches!(doc.dep(child).as_str(), "xcomp" | "oprd"))
        {
            let subject = doc.child(at, "nsubj").map(|subject| doc.subtree(subject));
            return Some((subject.into_iter().chain([doc.subtree(clause)]).collect(), "seeming"));
        }
        if let Some(&clause) = clauses.first() {
            let mut runs: Vec<TokenRange> = vec![doc.subtree(clause)];
            runs.extend(clauses[1..].iter().map(|&clause| doc.subtree(clause)));
            return Some((runs, "clause"));
        }
        // *…, he said, …*: the cue hangs inside the clause that it attributes.
        let parenthetical = doc.dep(at) == "parataxis"
            || (matches!(doc.dep(at).as_str(), "ccomp" | "advcl" | "conj" | "intj") && !frames.object && self.between_commas(at));
        if parenthetical && frames.clause && !doc.is_root(at) && self.source_of(at, passive).is_some() {
            let head = doc.head(at);
            let whole = self.clause(head);
            return Some((cut(whole, doc.subtree(at)), "parenthesis"));
        }
        if frames.quote
            && let Some(quotation) = self.quotation_beside(at)
        {
            return Some((vec![quotation], "quotation"));
        }
        if frames.object && !passive {
            let object =
                doc.child(at, "dobj").filter(|&object| !matches!(doc.pos(object).as_str(), "PRON") || doc.tag(object) == "WP")?;
            return Some((vec![doc.subtree(object)], "object"));
        }
        None
    }

    /// *called the strike a crime*, *described him as a hostage*.
    fn predicate(&self, at: usize) -> Option<Vec<TokenRange>> {
        let doc = self.doc;
        let told = doc.children(at).find(|&child| {
            child > at
                && (doc.dep(child) == "oprd"
                    || doc.dep(child) == "ccomp"
                    || (doc.dep(child) == "prep" && doc.lemma(child) == "as"))
        })?;
        if doc.dep(told) == "ccomp" && matches!(doc.pos(told).as_str(), "VERB") {
            return None;
        }
        let object = doc.children(at).find(|&child| matches!(doc.dep(child).as_str(), "dobj" | "nsubjpass"));
        let object = object.map(|object| doc.subtree(object));
        Some(object.into_iter().chain([doc.subtree(told)]).collect())
    }

    fn between_commas(&self, at: usize) -> bool {
        let doc = self.doc;
        let subtree = doc.subtree(at);
        let before = subtree.start > 0 && matches!(doc.word(subtree.start - 1), "," | "”" | "\"" | "—");
        let after = doc.tokens().get(subtree.end).is_some() && matches!(doc.word(subtree.end), "," | "." | "—");
        before && after && subtree.len() <= 8
    }

    /// The clause of a predicate: its subtree, without the full stop.
    fn clause(&self, head: usize) -> TokenRange {
        trim(self.doc, self.doc.subtree(head))
    }

    /// A quotation in the verb's sentence that holds neither verb nor subject, or right after a colon or full stop.
    fn quotation_beside(&self, at: usize) -> Option<TokenRange> {
        let doc = self.doc;
        let sentence = doc.sentences()[doc.sentence_of(at)];
        let subtree = doc.subtree(at);
        let fits = |quotation: &&Quotation| !quotation.tokens.contains(at) && quotation.tokens.overlaps(sentence);
        let near = |quotation: &&Quotation| {
            let tokens = quotation.tokens;
            let gap = if tokens.start > at { tokens.start - at } else { at.saturating_sub(tokens.end) };
            let comma = tokens.start > 0 && matches!(doc.word(tokens.start - 1), "," | ":")
                || tokens.len() > 1 && matches!(doc.word(tokens.end - 2), "," | "?" | "!");
            gap <= 2 || (gap <= 14 && comma && subtree.overlaps(tokens)) || (gap <= 6 && comma)
        };
        let inside = self.quotations.iter().filter(fits).find(near).map(|quotation| quotation.tokens);
        inside.or_else(|| {
            // «He said:» and the quotation opens the next sentence.
            let end = trim_end(doc, sentence);
            let colon = end < sentence.end && doc.word(end).starts_with(':') || (end > 0 && doc.word(end - 1) == ":");
            let next = self
                .quotations
                .iter()
                .find(|quotation| quotation.tokens.start >= sentence.end && quotation.tokens.start <= sentence.end + 1)?;
            (colon && at + 10 > end).then_some(next.tokens)
        })
    }

    /// The head of the source of a verb: its subject, its agent in the passive, or the subject it shares with the verb above.
    fn source_of(&self, at: usize, passive: bool) -> Option<usize> {
        if passive {
            return self.agent_of(at);
        }
        let doc = self.doc;
        let mut verb = at;
        for _ in 0..DEPTH {
            let subject = doc.children(verb).find(|&child| matches!(doc.dep(child).as_str(), "nsubj" | "nsubjpass" | "csubj"));
            if let Some(subject) = subject {
                if matches!(doc.tag(subject).as_str(), "WP" | "WDT") && doc.dep(verb) == "relcl" {
                    return Some(doc.head(verb));
                }
                return (!matches!(doc.lemma(subject), "it" | "there") || doc.dep(subject) != "expl").then_some(subject);
            }
            match doc.dep(verb).as_str() {
                // *he went on, adding that*; *agreed and said that*; *wants to say that*
                "conj" | "xcomp" | "advcl" | "ccomp" | "pcomp" | "dep" | "prep" => {
                    if doc.dep(verb) == "pcomp" {
                        // *quoted the army as saying*: the object of the outer verb speaks.
                        let preposition = doc.head(verb);
                        if doc.lemma(preposition) == "as" {
                            let outer = doc.head(preposition);
                            return doc.child(outer, "dobj").or_else(|| doc.child(outer, "nsubjpass"));
                        }
                        // *by saying that*: the subject of what the preposition hangs on.
                        verb = doc.head(preposition);
                        continue;
                    }
                    if doc.is_root(verb) {
                        return None;
                    }
                    let above = doc.head(verb);
                    // *told them to say*, *made him admit*: the object controls.
                    if doc.dep(verb) == "xcomp"
                        && let Some(object) = doc.child(above, "dobj").filter(|&object| object < verb)
                    {
                        return Some(object);
                    }
                    verb = above;
                }
                "acl" => return Some(doc.head(verb)),
                _ => return None,
            }
        }
        None
    }

    fn agent_of(&self, at: usize) -> Option<usize> {
        let by = self
            .doc
            .children(at)
            .find(|&child| self.doc.dep(child) == "agent" || (self.doc.dep(child) == "prep" && self.doc.lemma(child) == "by"))?;
        self.doc.child(by, "pobj")
    }

    /// Verb, auxiliaries, negation and particle, as one run when nothing but adverbs stands between.
    fn cue(&self, at: usize) -> TokenRange {
        let doc = self.doc;
        let part = |child: &usize| matches!(doc.dep(*child).as_str(), "aux" | "auxpass" | "neg" | "prt");
        let mut start = at;
        while start > 0
            && (doc.children(at).filter(part).any(|child| child == start - 1)
                || (doc.head(start - 1) == at && doc.dep(start - 1) == "advmod"))
        {
            start -= 1;
        }
        while doc.dep(start) == "advmod" && start < at {
            start += 1;
        }
        let end = if at + 1 < doc.len() && doc.head(at + 1) == at && doc.dep(at + 1) == "prt" { at + 2 } else { at + 1 };
        TokenRange::new(start, end)
    }

    /// The noun phrase of a head, with apposition but without what goes on too long.
    fn phrase_of(&self, head: usize) -> TokenRange {
        let doc = self.doc;
        let mut range = trim(doc, doc.subtree(head));
        if range.len() > 30
            && let Some(clause) =
                doc.children(head).find(|&child| matches!(doc.dep(child).as_str(), "relcl" | "acl" | "appos") && child > head)
        {
            range.end = range.end.min(doc.subtree(clause).start).max(head + 1);
            range = trim(doc, range);
        }
        range
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
            let whole = cue.start.min(source.start)..source.end;
            let content = cut(self.clause(head), TokenRange::new(whole.start, whole.end));
            let mut content: Vec<TokenRange> =
                content.into_iter().map(|run| trim(doc, run)).filter(|run| !run.is_empty()).collect();
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
        let name = line_start
            && !speaker.is_empty()
            && speaker.indices().all(|i| matches!(doc.pos(i).as_str(), "PROPN" | "PUNCT" | "ADP" | "DET") && doc.word(i) != ",");
        let quoted = self.quotations.iter().find(|quotation| quotation.tokens.start == at + 1).map(|quotation| quotation.tokens);
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
            why,
        });
    }

    /// What kind of source a noun phrase is.
    fn kind(&self, head: usize) -> SourceKind {
        let doc = self.doc;
        let lemma = doc.lemma(head).to_lowercase();
        let named = doc.subtree(head).indices().any(|at| doc.pos(at) == "PROPN");
        if self.rules.social.contains(&lemma) {
            SourceKind::SocialMedia
        } else if self.rules.document.contains(&lemma) {
            SourceKind::Document
        } else if self.rules.unnamed.contains(&lemma) && !named {
            SourceKind::Unnamed
        } else {
            SourceKind::Named
        }
    }

    /// Contents that overlap a quotation grow to all of it, over sentences and paragraphs, and to those right behind it.
    fn widen(&self, content: &mut Vec<TokenRange>, cue: TokenRange, source: Option<TokenRange>) {
        let free = |tokens: TokenRange| !tokens.overlaps(cue) && source.is_none_or(|source| !tokens.overlaps(source));
        let sentence = self.doc.sentences()[self.doc.sentence_of(cue.start)];
        for quotation in &self.quotations {
            let tokens = quotation.tokens;
            if !free(tokens) {
                continue;
            }
            let shared: usize = content.iter().map(|run| overlap(*run, tokens)).sum();
            // Most of the quotation's part in this sentence is said here, so all of it is.
            let here = overlap(tokens, sentence);
            if shared > 0 && 2 * shared >= here {
                content.push(tokens);
            }
        }
        normalise(content);
        // *"…," he said. "…"*: whole sentences of quotation right behind, in the same paragraph, with no cue of their own.
        if content.iter().any(|run| {
            self.quotations.iter().any(|quotation| quotation.tokens.overlaps(*run) && quotation.tokens.len() * 2 > run.len())
        }) {
            let mut end = sentence.end;
            for quotation in &self.quotations {
                if quotation.tokens.start == end && self.is_whole(quotation.tokens) {
                    content.push(quotation.tokens);
                    end = quotation.tokens.end;
                }
            }
            normalise(content);
        }
    }

    /// The quotation is all of its sentences: no words beside it in them.
    fn is_whole(&self, tokens: TokenRange) -> bool {
        let doc = self.doc;
        let last = doc.sentences()[doc.sentence_of(tokens.end - 1)];
        let rest = TokenRange::new(tokens.end, last.end.max(tokens.end));
        rest.indices().all(|at| matches!(doc.pos(at).as_str(), "PUNCT" | "SPACE"))
    }

    /// Quotations of whole sentences that nobody has yet belong to who spoke last, in the same or the paragraph before.
    fn orphans(&mut self) {
        for quotation in self.quotations.clone() {
            let tokens = quotation.tokens;
            if tokens.len() < 6 || self.all.iter().any(|said| said.content.iter().any(|run| run.overlaps(tokens))) {
                continue;
            }
            let first = self.doc.sentences()[self.doc.sentence_of(tokens.start)];
            if first.start + 1 < tokens.start || !self.is_whole(tokens) {
                continue;
            }
            let before = self.all.iter_mut().filter(|said| {
                !said.hearsay
                    && said.source.is_some()
                    && said.content.iter().all(|run| run.end <= tokens.start)
                    && said.cue.is_some_and(|cue| cue.end <= tokens.start)
            });
            let nearest =
                before.max_by_key(|said| said.content.last().map_or(0, |run| run.end).max(said.cue.map_or(0, |cue| cue.end)));
            if let Some(said) = nearest
                && tokens.start - said.content.last().map_or(0, |run| run.end).max(said.cue.map_or(0, |cue| cue.end)) <= 60
            {
                said.content.push(tokens);
                normalise(&mut said.content);
            }
        }
    }

    fn finish(mut self) -> Attributions {
        for said in &mut self.all {
            said.content = said.content.iter().map(|run| trim_spaces(self.doc, *run)).filter(|run| !run.is_empty()).collect();
            if said.hearsay {
                continue;
            }
            let words = |run: TokenRange| run.indices().filter(|&at| !matches!(self.doc.pos(at).as_str(), "PUNCT" | "SPACE"));
            let quoted = |at: usize| self.quotations.iter().any(|quotation| quotation.tokens.contains(at));
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
        self.all.retain(|said| !said.content.is_empty());
        self.all.sort_by_key(|said| {
            (said.content[0].start, std::cmp::Reverse(said.content.iter().map(|run| run.len()).sum::<usize>()))
        });
        // The nearest attribution around a cue is the one outside it. Contents nest or stand apart, so a stack of open ones will do.
        let mut stack: Vec<usize> = Vec::new();
        for at in 0..self.all.len() {
            let start = self.all[at].content[0].start;
            stack.retain(|&open| self.all[open].content.last().is_some_and(|run| run.end > start));
            let cue = self.all[at].cue_head;
            let outer = stack
                .iter()
                .rev()
                .copied()
                .find(|&open| cue.is_some_and(|cue| self.all[open].content.iter().any(|run| run.contains(cue))));
            self.all[at].outer = outer;
            stack.push(at);
        }
        Attributions { all: self.all }
    }
}

/// The verb is in the passive.
pub(crate) fn is_passive(doc: &Doc, verb: usize) -> bool {
    doc.children(verb).any(|child| matches!(doc.dep(child).as_str(), "auxpass" | "nsubjpass" | "csubjpass"))
        || (doc.tag(verb) == "VBN"
            && matches!(doc.dep(verb).as_str(), "acl")
            && doc.children(verb).all(|child| doc.dep(child) != "dobj"))
}

fn overlap(a: TokenRange, b: TokenRange) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// What is left of `range` without `hole`.
fn cut(range: TokenRange, hole: TokenRange) -> Vec<TokenRange> {
    if !range.overlaps(hole) {
        return vec![range];
    }
    let parts = [(range.start, hole.start.max(range.start)), (hole.end.min(range.end), range.end)];
    parts.into_iter().filter(|(start, end)| start < end).map(|(start, end)| TokenRange::new(start, end)).collect()
}

/// Sorted, and joined where they touch.
fn normalise(runs: &mut Vec<TokenRange>) {
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

fn trim_spaces(doc: &Doc, mut range: TokenRange) -> TokenRange {
    while !range.is_empty() && doc.pos(range.start) == "SPACE" {
        range.start += 1;
    }
    while !range.is_empty() && doc.pos(range.end - 1) == "SPACE" {
        range.end -= 1;
    }
    range
}

/// Without commas, full stops and white space at the edges; quotation marks and brackets stay.
fn trim(doc: &Doc, mut range: TokenRange) -> TokenRange {
    let loose = |at: usize| doc.pos(at) == "SPACE" || matches!(doc.word(at), "," | "." | ";" | ":" | "—" | "–" | "-");
    while !range.is_empty() && loose(range.start) {
        range.start += 1;
    }
    range.end = trim_end(doc, range);
    range
}

fn trim_end(doc: &Doc, range: TokenRange) -> usize {
    let loose = |at: usize| doc.pos(at) == "SPACE" || matches!(doc.word(at), "," | "." | ";" | ":" | "—" | "–" | "-");
    let mut end = range.end;
    while end > range.start && loose(end - 1) {
        end -= 1;
    }
    end
}
