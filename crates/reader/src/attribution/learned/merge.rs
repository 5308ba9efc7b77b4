//! What the models found beside what the rules found.

use std::collections::HashMap;

use dateline_record::{Act, SourceKind};

use super::Judged;
use super::cues::rule_kind;
use crate::attribution::Said;
use crate::attribution::find::Finder;
use crate::learned::hash;

/// A cue with a lower score is none when only the rules have it: *found a way*, *established a base*. Hearsay, rumours (*reports of*) and what
/// stands inside another's words (*said that the rebels denied it*) are left to the rules, as the corpus of the models does not mark them.
const DOUBTED: f32 = -1.0;

/// The rules' attributions with the models' findings: where both have the same cue, the models say who it is and what is marked, but claims hang on
/// what the rules found; what only the models have is added as talk that no claim hangs on, unless the lexicon knows its cue; what only the rules
/// have stays for the chains of claims where the cue is not [`DOUBTED`], but of it only hearsay (*reportedly*, *is said to*) is listed. `scores` are
/// the cue scores of all tokens.
pub(in crate::attribution) fn merge(finder: &Finder<'_>, mut all: Vec<Said>, judged: Vec<Judged>, scores: &[f32]) -> Vec<Said> {
    let doc = finder.doc;
    let mut by_cue: HashMap<usize, usize> = HashMap::with_capacity(all.len());
    for (at, said) in all.iter_mut().enumerate() {
        said.listed = said.hearsay;
        if let Some(cue) = said.cue_head {
            by_cue.entry(cue).or_insert(at);
        }
    }
    for one in judged {
        let known = by_cue.get(&one.cue_head).and_then(|&at| all.get_mut(at));
        match known {
            Some(said) => {
                said.listed = true;
                said.cue = Some(one.cue);
                said.marked = Some(one.content);
                // *citing an official*: what a phrase governs is the source, whatever is the subject of its verb.
                let governed = said.source.filter(|_| doc.tag(one.cue_head) == "VBG" && !said.why.contains(" + "));
                if let Some((head, tokens)) = one.source.filter(|&(head, _)| governed.is_none_or(|source| source.contains(head)))
                {
                    said.source = Some(tokens);
                    said.source_head = Some(head);
                    said.kind = finder.kind(head);
                }
            }
            None => all.push(new(finder, one)),
        }
    }
    all.retain(|said| {
        let rumour = said.source.is_none() && said.act == Act::Claim;
        let told = matches!(said.act, Act::Say | Act::Confirm | Act::Deny | Act::Claim | Act::Announce | Act::Accuse);
        let nested = told && said.outer.is_some() && rule_kind(&said.why) != const { hash("object") };
        let score = said.cue_head.and_then(|cue| scores.get(cue));
        said.listed || rumour || nested || score.is_none_or(|&score| score > DOUBTED)
    });
    all
}

fn new(finder: &Finder<'_>, judged: Judged) -> Said {
    let cue = judged.cue_head;
    let entry = finder.rules.entry(finder.doc, cue);
    Said {
        source: judged.source.map(|(_, tokens)| tokens),
        source_head: judged.source.map(|(head, _)| head),
        kind: judged.source.map_or(SourceKind::Unnamed, |(head, _)| finder.kind(head)),
        cue: Some(judged.cue),
        cue_head: Some(cue),
        act: entry.map_or(Act::Deem, |entry| entry.act),
        content: judged.content,
        quote: None,
        outer: None,
        hearsay: false,
        opinion: true,
        listed: true,
        marked: None,
        why: format!("attribution: {}, learned", finder.doc.lemma(cue)),
    }
}
