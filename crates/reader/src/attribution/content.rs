//! What is said: the words under a cue, by the tree, by quotation marks, or by both.

use dateline_nlp::TokenRange;
use dateline_record::{Act, SourceKind};

use super::find::{DEPTH, Finder, cut, normalise, overlap, trim, trim_end};
use super::lexicon::Entry;
use super::quotes::{Quotation, within};

impl Finder<'_> {
    /// What a verb's frame holds, with the name of the frame.
    pub(super) fn content(&self, at: usize, entry: &Entry, passive: bool) -> Option<(Vec<TokenRange>, &'static str)> {
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
                    // *…, the agency quoted the mayor as saying*: what is said stands before.
                    let before = doc.children(at).find(|&child| child < at && doc.dep(child) == "ccomp");
                    return Some((before.into_iter().chain([inner]).map(|at| doc.subtree(at)).collect(), "as"));
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
        if frames.quote
            && let Some(statement) = self.statement(at)
        {
            return Some((vec![statement], "statement"));
        }
        if let Some(&clause) = clauses.first() {
            let mut runs: Vec<TokenRange> = vec![doc.subtree(clause)];
            runs.extend(clauses[1..].iter().map(|&clause| doc.subtree(clause)));
            return Some((runs, "clause"));
        }
        if doc.dep(at) == "pcomp"
            && doc.lemma(doc.head(at)) == "as"
            && let Some(before) = doc.children(doc.head(doc.head(at))).find(|&child| child < at && doc.dep(child) == "ccomp")
        {
            return Some((vec![doc.subtree(before)], "as"));
        }
        if self.is_misread(at, entry) {
            let noun = doc.head(at);
            let verb = doc.ancestors(noun).find(|&at| matches!(doc.pos(at).as_str(), "VERB" | "AUX"))?;
            return Some((cut(self.clause(verb), doc.subtree(noun)), "parenthesis"));
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

    /// *…, the agency reported on Monday*: the parser takes the verb for a participle and its subject for an apposition to the word before.
    pub(super) fn is_misread(&self, at: usize, entry: &Entry) -> bool {
        let doc = self.doc;
        let noun = doc.head(at);
        // Asked of every verb that the lexicon has: nearly all end here.
        if doc.dep(at) != "acl" || noun + 1 != at || doc.dep(noun) != "appos" {
            return false;
        }
        let phrase = doc.subtree(noun);
        let parted = phrase.start > 0 && doc.word(phrase.start - 1) == ",";
        let closed = doc.tokens().get(phrase.end).is_some() && matches!(doc.word(phrase.end), "," | ".");
        parted
            && closed
            && phrase.len() <= 12
            && entry.frames.clause
            && matches!(entry.act, Act::Say | Act::Announce | Act::Confirm | Act::Claim)
            && !doc.children(at).any(|child| matches!(doc.dep(child).as_str(), "agent" | "dobj" | "ccomp" | "xcomp" | "oprd"))
    }

    /// *The minister said:* with a whole statement in the paragraphs that follow, as press offices publish them.
    fn statement(&self, at: usize) -> Option<TokenRange> {
        let doc = self.doc;
        let sentence = doc.sentences()[doc.sentence_of(at)];
        let colon = (at + 1..doc.len().min(at + 12)).find(|&token| doc.word(token) == ":")?;
        // One a document: what follows is the statement, and who is quoted in it is quoted there.
        let another = self.all.iter().any(|said| said.why.ends_with("statement"));
        let follows = TokenRange::new(colon + 1, (colon + 4).min(doc.len()));
        if another || follows.len() < 2 || !within(&self.quotations, follows).is_empty() || self.source_of(at, false).is_none() {
            return None;
        }
        let paragraph = doc.word(colon + 1).contains('\n');
        // In the same line it must speak in the first person further on, as a quotation that has lost its marks does.
        let alone = paragraph && colon + 2 >= sentence.end;
        if !alone && (colon - at > 3 || !self.speaks_as_we(colon + 1)) {
            return None;
        }
        Some(trim(doc, TokenRange::new(colon + 1 + usize::from(paragraph), doc.len())))
    }

    /// Whether *we* or *our* stands at `from` or after it, and nobody is quoted there at any length.
    fn speaks_as_we(&self, from: usize) -> bool {
        const WORDS: usize = 6;
        // Asked for every colon after a verb of saying, looked for once.
        let &(last_we, last_quoted) = self.voices.get_or_init(|| {
            let we = |&token: &usize| {
                matches!(self.doc.tag(token).as_str(), "PRP" | "PRP$")
                    && ["we", "our", "us"].iter().any(|we| self.doc.word(token).eq_ignore_ascii_case(we))
                    && within(&self.quotations, TokenRange::new(token, token + 1)).is_empty()
            };
            let long = self.quotations.iter().rev().find(|quotation| quotation.tokens.len() > WORDS);
            ((0..self.doc.len()).rev().find(we), long.map_or(0, |quotation| quotation.tokens.end))
        });
        last_quoted <= from && last_we.is_some_and(|we| we >= from)
    }

    /// *called the strike a crime*, *described him as a hostage*.
    pub(super) fn predicate(&self, at: usize) -> Option<Vec<TokenRange>> {
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

    pub(super) fn between_commas(&self, at: usize) -> bool {
        let doc = self.doc;
        let subtree = doc.subtree(at);
        let before = subtree.start > 0 && matches!(doc.word(subtree.start - 1), "," | "”" | "\"" | "—");
        let after = doc.tokens().get(subtree.end).is_some() && matches!(doc.word(subtree.end), "," | "." | "—");
        before && after && subtree.len() <= 8
    }

    /// The clause of a predicate: its subtree, without the full stop.
    pub(super) fn clause(&self, head: usize) -> TokenRange {
        trim(self.doc, self.doc.subtree(head))
    }

    /// A quotation in the verb's sentence that holds neither verb nor subject, or right after a colon or full stop.
    pub(super) fn quotation_beside(&self, at: usize) -> Option<TokenRange> {
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
        let inside = within(&self.quotations, sentence).iter().filter(fits).find(near).map(|quotation| quotation.tokens);
        inside.or_else(|| {
            // «He said:» and the quotation opens the next sentence.
            let end = trim_end(doc, sentence);
            let colon = end < sentence.end && doc.word(end).starts_with(':') || (end > 0 && doc.word(end - 1) == ":");
            let from = self.quotations.partition_point(|quotation| quotation.tokens.start < sentence.end);
            let next = self.quotations.get(from).filter(|quotation| quotation.tokens.start <= sentence.end + 1)?;
            (colon && at + 10 > end).then_some(next.tokens)
        })
    }

    /// The head of the source of a verb: its subject, its agent in the passive, or the subject it shares with the verb above.
    pub(super) fn source_of(&self, at: usize, passive: bool) -> Option<usize> {
        if passive {
            return self.agent_of(at);
        }
        let doc = self.doc;
        if self.rules.entry(doc, at).is_some_and(|entry| self.is_misread(at, entry)) {
            return Some(doc.head(at));
        }
        let mut verb = at;
        for _ in 0..DEPTH {
            let subject = doc.children(verb).find(|&child| matches!(doc.dep(child).as_str(), "nsubj" | "nsubjpass" | "csubj"));
            let subject = subject.or_else(|| self.apposed_before(verb).filter(|_| verb == at));
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

    /// *… on the edge of the town, the governor, X, said*: the parser hangs the speaker on the word before the comma, as if in apposition to it.
    fn apposed_before(&self, verb: usize) -> Option<usize> {
        let doc = self.doc;
        if !matches!(doc.tag(verb).as_str(), "VBD" | "VBZ" | "VBP") || verb < 2 {
            return None;
        }
        let last = if doc.word(verb - 1) == "," { verb - 2 } else { verb - 1 };
        let names = std::iter::once(last).chain(doc.ancestors(last)).take(DEPTH);
        let apposed =
            names.take_while(|&at| matches!(doc.dep(at).as_str(), "appos" | "compound")).filter(|&at| doc.dep(at) == "appos");
        apposed.last().filter(|&at| !doc.is_below(at, verb))
    }

    pub(super) fn agent_of(&self, at: usize) -> Option<usize> {
        let by = self
            .doc
            .children(at)
            .find(|&child| self.doc.dep(child) == "agent" || (self.doc.dep(child) == "prep" && self.doc.lemma(child) == "by"))?;
        self.doc.child(by, "pobj")
    }

    /// Verb, auxiliaries, negation and particle, as one run when nothing but adverbs stands between.
    pub(super) fn cue(&self, at: usize) -> TokenRange {
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
    pub(super) fn phrase_of(&self, head: usize) -> TokenRange {
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

    /// What kind of source a noun phrase is.
    pub(super) fn kind(&self, head: usize) -> SourceKind {
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
    pub(super) fn widen(&self, content: &mut Vec<TokenRange>, cue: TokenRange, source: Option<TokenRange>) {
        let free = |tokens: TokenRange| !tokens.overlaps(cue) && source.is_none_or(|source| !tokens.overlaps(source));
        let sentence = self.doc.sentences()[self.doc.sentence_of(cue.start)];
        let touched: Vec<TokenRange> =
            content.iter().flat_map(|run| within(&self.quotations, *run)).map(|quotation| quotation.tokens).collect();
        for tokens in touched {
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
        if content.iter().any(|run| within(&self.quotations, *run).iter().any(|quotation| quotation.tokens.len() * 2 > run.len()))
        {
            let mut end = sentence.end;
            let from = self.quotations.partition_point(|quotation| quotation.tokens.start < end);
            for quotation in &self.quotations[from..] {
                if quotation.tokens.start != end || !self.is_whole(quotation.tokens) {
                    break;
                }
                content.push(quotation.tokens);
                end = quotation.tokens.end;
            }
            normalise(content);
        }
    }

    /// The quotation is all of its sentences: no words beside it in them.
    pub(super) fn is_whole(&self, tokens: TokenRange) -> bool {
        let doc = self.doc;
        let last = doc.sentences()[doc.sentence_of(tokens.end - 1)];
        let rest = TokenRange::new(tokens.end, last.end.max(tokens.end));
        rest.indices().all(|at| matches!(doc.pos(at).as_str(), "PUNCT" | "SPACE"))
    }
}
